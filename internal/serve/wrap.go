package serve

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"because"
)

// wrap puts around every request what every request needs: an ID, a body limit, the key, the rate limit, safe headers,
// a log line, metrics, and an answer even after a panic.
func (s *server) wrap(next http.Handler) http.Handler {
	limits := &limiter{rate: rate.Limit(s.o.Rate), burst: int(max(20, 2*s.o.Rate)), now: s.o.Now, by: map[string]*visitor{}}
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := "req_" + strings.ReplaceAll(uuid.Must(uuid.NewV7()).String(), "-", "")
		lang := s.lang(r)
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, requestInfo{id, lang}))
		rec := &recorder{ResponseWriter: w}
		safeHeaders(rec.Header(), id, lang)
		defer func() {
			if p := recover(); p != nil {
				s.o.Log.ErrorContext(r.Context(), "panic", "request_id", id, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.refuse(rec, r, http.StatusInternalServerError, because.Say(lang, "Something went wrong on our side. Quote request %s.", id))
				}
			}
			took := time.Since(start)
			s.metrics.request(r, rec.status, took)
			s.o.Log.InfoContext(r.Context(), "request", "request_id", id, "method", r.Method, "path", r.URL.Path, "status", rec.status, "took", took)
		}()
		switch {
		case r.ContentLength > s.o.MaxBody:
			s.refuse(rec, r, http.StatusRequestEntityTooLarge, because.Say(lang, "The body is larger than %d bytes. Send it in parts.", s.o.MaxBody))
			return
		case !s.allowed(r):
			rec.Header().Set("WWW-Authenticate", "Bearer")
			if wantsPage(r) { // a browser asks for the key as the password of anybody
				rec.Header().Set("WWW-Authenticate", `Basic realm="Because", charset="UTF-8"`)
			}
			s.refuse(rec, r, http.StatusUnauthorized, because.Say(lang, "This server needs a key: send Authorization: Bearer KEY."))
			return
		case cross.Check(r) != nil:
			s.refuse(rec, r, http.StatusForbidden, because.Say(lang, "Requests from other sites are not accepted."))
			return
		case !limits.allow(r):
			rec.Header().Set("Retry-After", "1")
			s.refuse(rec, r, http.StatusTooManyRequests, because.Say(lang, "Too many requests. Try again in a second."))
			return
		}
		r.Body = http.MaxBytesReader(rec, r.Body, s.o.MaxBody)
		next.ServeHTTP(rec, r)
	})
}

type requestKey struct{}

type requestInfo struct {
	id   string
	lang because.Lang
}

// infoOf is the ID and language of the request of ctx.
func infoOf(ctx context.Context) requestInfo {
	info, _ := ctx.Value(requestKey{}).(requestInfo)
	return info
}

// lang is ?lang=, then the cookie of the pages, then Accept-Language, then the default.
func (s *server) lang(r *http.Request) because.Lang {
	if l, ok := because.ParseLang(r.URL.Query().Get("lang")); ok {
		return l
	}
	if c, err := r.Cookie("lang"); err == nil {
		if l, ok := because.ParseLang(c.Value); ok {
			return l
		}
	}
	if l, ok := because.ParseLang(r.Header.Get("Accept-Language")); ok {
		return l
	}
	return s.o.Lang
}

// allowed checks the key. Health answers without one.
func (s *server) allowed(r *http.Request) bool {
	if s.o.Key == "" || r.URL.Path == "/livez" || r.URL.Path == "/readyz" || strings.HasPrefix(r.URL.Path, "/static/") {
		return true
	}
	given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if _, password, ok := r.BasicAuth(); ok {
		given = password // a browser can ask for it
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(s.o.Key))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// policy lets a page run our own scripts and styles and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func safeHeaders(h http.Header, id string, lang because.Lang) {
	h.Set("X-Request-Id", id)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", langTag(lang))
	h.Set("Vary", "Accept, Accept-Language, Cookie, HX-Request-Type")
}

// refuse answers with a problem, as a page to somebody who reads pages.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, status int, detail string) {
	if wantsPage(r) {
		s.errorPage(w, r, status, detail)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(newProblem(infoOf(r.Context()), status, detail)) // the caller may be gone
}

// A recorder remembers the status of a response.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// A limiter keeps one token bucket for each caller.
type limiter struct {
	rate  rate.Limit
	burst int
	now   func() time.Time
	mu    sync.Mutex
	by    map[string]*visitor // guarded by mu
}

type visitor struct {
	bucket *rate.Limiter
	seen   time.Time
}

// maxVisitors bounds the memory of a limiter; beyond it those not seen for a minute are forgotten.
const maxVisitors = 10000

func (l *limiter) allow(r *http.Request) bool {
	key := r.Header.Get("Authorization")
	if key == "" {
		key, _, _ = net.SplitHostPort(r.RemoteAddr)
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.by[key]
	if v == nil {
		if len(l.by) >= maxVisitors {
			for k, old := range l.by {
				if now.Sub(old.seen) > time.Minute {
					delete(l.by, k)
				}
			}
		}
		v = &visitor{bucket: rate.NewLimiter(l.rate, l.burst)}
		l.by[key] = v
	}
	v.seen = now
	return v.bucket.AllowN(now, 1)
}

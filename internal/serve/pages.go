package serve

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"because"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static all:web/dist
var staticFiles embed.FS

// A view is what the pages are made with: the templates once per language, and the files that they load.
type view struct {
	byLang map[because.Lang]*template.Template
	files  map[string][]byte // by name
	hash   map[string]string // of each file, the first 16 hex digits
}

// newView parses the templates. They ship with the binary, so one that does not parse is a broken build.
func newView() *view {
	v := &view{byLang: map[because.Lang]*template.Template{}, files: map[string][]byte{}, hash: map[string]string{}}
	for _, dir := range []string{"static", "web/dist"} {
		names, err := fs.Glob(staticFiles, dir+"/*")
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			b, err := staticFiles.ReadFile(name)
			if err != nil {
				panic(err)
			}
			sum := sha256.Sum256(b)
			v.files[path.Base(name)], v.hash[path.Base(name)] = b, hex.EncodeToString(sum[:8])
		}
	}
	for _, lang := range because.Langs {
		v.byLang[lang] = template.Must(template.New("").Funcs(v.funcs(lang)).ParseFS(templateFiles, "templates/*.html"))
	}
	return v
}

// funcs are what a template of one language can call.
func (v *view) funcs(lang because.Lang) template.FuncMap {
	return template.FuncMap{
		"say":   func(format string, args ...any) string { return because.Say(lang, format, args...) },
		"asset": v.asset,
		"icon":  icon,
		"cover": cover,
		"first": func(xs []string) string {
			if len(xs) == 0 {
				return ""
			}
			return xs[0]
		},
		"dict": func(kv ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(kv); i += 2 {
				m[kv[i].(string)] = kv[i+1]
			}
			return m
		},
	}
}

// asset is the address of a file, which changes with its content; "" when this build lacks it.
func (v *view) asset(name string) string {
	if v.hash[name] == "" {
		return ""
	}
	return "/static/" + v.hash[name] + "/" + name
}

// A head is what every page knows of its request.
type head struct {
	Lang    because.Lang
	Tag     string // of the html element: "zh-CN", "en"
	Nonce   string
	Here    string // path and query, without lang
	Other   string // this page in the other language
	Section string // store, me, docs
	User    string // whom the page is for; "" for a visitor
	Fold    bool   // only the part that htmx swaps in
	Toast   *toast // what the last form changed
}

// langTag is how a language is named to browsers.
func langTag(lang because.Lang) string {
	if lang == because.Chinese {
		return "zh-CN"
	}
	return "en"
}

// head prepares a page: its nonce goes into the content security policy.
func (s *server) head(w http.ResponseWriter, r *http.Request, section string) *head {
	lang := infoOf(r.Context()).lang
	nonce := rand.Text()
	w.Header().Set("Content-Security-Policy", strings.Replace(policy, "script-src 'self'", "script-src 'self' 'nonce-"+nonce+"'", 1)+
		"; require-trusted-types-for 'script'; trusted-types htmx")
	h := &head{Lang: lang, Tag: langTag(lang), Nonce: nonce, Section: section, User: r.URL.Query().Get("user"), Fold: r.Header.Get("HX-Request-Type") == "partial"}
	q := r.URL.Query()
	q.Del("lang")
	h.Here = local(r.URL.Path, q)
	other := because.English
	if lang == because.English {
		other = because.Chinese
	}
	q.Set("lang", string(other))
	h.Other = local(r.URL.Path, q)
	if said, ok := because.ParseLang(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: string(said), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	h.Toast = s.takeToast(w, r)
	return h
}

// local is a path with its query on this server.
func local(path string, q url.Values) string {
	u := url.URL{Path: path, RawQuery: q.Encode()}
	return u.String()
}

// back is where a form wants to return to, if that is on this server.
func back(r *http.Request, otherwise string) string {
	to := r.PostFormValue("back")
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return otherwise
	}
	return to
}

// render writes a page, whole or not at all.
func (s *server) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	info := infoOf(r.Context())
	if err := s.view.byLang[info.lang].ExecuteTemplate(&b, name, data); err != nil {
		s.o.Log.ErrorContext(r.Context(), "render", "request_id", info.id, "page", name, "err", err)
		http.Error(w, because.Say(info.lang, "Something went wrong on our side. Quote request %s.", info.id), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader may be gone
}

// pages registers the pages for readers.
func (s *server) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/store", http.StatusFound) })
	page := func(pattern string, f func(http.ResponseWriter, *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := f(w, r); err != nil {
				s.fail(w, r, err)
			}
		})
	}
	page("GET /store", s.storePage)
	page("GET /why/{id}", s.whyPage)
	page("POST /why/{id}", s.reword)
	page("POST /feedback", s.feedback)
	page("GET /me", s.mePage)
	page("GET /me/export", s.exportMe)
	page("POST /me/personal", s.setPersonal)
	page("POST /me/consent", s.setConsent)
	page("POST /me/unhide", s.unhide)
	page("POST /me/erase", s.erase)
	page("GET /docs", s.docsPage)
	mux.HandleFunc("GET /static/{hash}/{name}", s.static)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.noRoute(w, r, mux) })
}

// static serves an embedded file: for a year under its own hash, never kept under another.
func (s *server) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	b, ok := s.view.files[name]
	kind := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]
	if !ok || kind == "" {
		s.refuse(w, r, http.StatusNotFound, because.Say(infoOf(r.Context()).lang, "There is no page at this address."))
		return
	}
	if r.PathValue("hash") == s.view.hash[name] {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(b) // the reader may be gone
}

// noRoute answers what no route takes: 405 where another method would do, else 404.
func (s *server) noRoute(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	lang := infoOf(r.Context()).lang
	var allow []string
	for _, m := range []string{http.MethodDelete, http.MethodGet, http.MethodPost, http.MethodPut} {
		try := *r
		try.Method = m
		if _, pattern := mux.Handler(&try); pattern != "/" && pattern != "" {
			allow = append(allow, m)
		}
	}
	if len(allow) > 0 {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		s.refuse(w, r, http.StatusMethodNotAllowed, because.Say(lang, "This address takes %s, not %s.", strings.Join(allow, ", "), shown(r.Method)))
		return
	}
	s.refuse(w, r, http.StatusNotFound, because.Say(lang, "There is no page at this address."))
}

// fail answers an error of a page.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var p *problem
	if !errors.As(s.problem(r.Context(), err), &p) {
		p = newProblem(infoOf(r.Context()), http.StatusInternalServerError, err.Error())
	}
	s.refuse(w, r, p.Status, p.Detail)
}

// wantsPage reports whether a request comes from somebody who reads pages.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/static/")
}

// errorPage is a problem for a person.
type errorPage struct {
	*head
	Status    int
	Title     string
	Detail    string
	RequestID string
}

func (s *server) errorPage(w http.ResponseWriter, r *http.Request, status int, detail string) {
	info := infoOf(r.Context())
	s.render(w, r, status, "error", errorPage{s.head(w, r, ""), status, title(info.lang, status), detail, info.id})
}

// shown caps a stranger's words for a sentence.
func shown(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// signed is a number with its sign and three decimals.
func signed(x float64) string { return strings.Replace(fmt.Sprintf("%+.3f", x), "-", "−", 1) }

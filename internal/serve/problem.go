package serve

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"because"
)

// A problem is an RFC 9457 error. Type and code are the same in every language.
type problem struct {
	huma.ErrorModel
	Code      string `json:"code" doc:"Machine-readable kind of the problem." example:"not_found"`
	RequestID string `json:"request_id" doc:"Quote it when you ask about the problem."`
}

// ContentType makes the response application/problem+json.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// codes name what a status means here.
var codes = map[int]string{
	http.StatusBadRequest: "invalid", http.StatusUnauthorized: "unauthorized", http.StatusForbidden: "forbidden",
	http.StatusNotFound: "not_found", http.StatusMethodNotAllowed: "method_not_allowed", http.StatusNotAcceptable: "not_acceptable",
	http.StatusRequestTimeout: "timeout", http.StatusConflict: "conflict", http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType: "unsupported_media_type", http.StatusUnprocessableEntity: "invalid",
	http.StatusTooManyRequests: "rate_limited", http.StatusServiceUnavailable: "unavailable", http.StatusInsufficientStorage: "disk_full",
}

// title is what a status means, for a person.
func title(lang because.Lang, status int) string {
	switch status {
	case http.StatusUnauthorized:
		return because.Say(lang, "Key needed")
	case http.StatusForbidden:
		return because.Say(lang, "Not allowed")
	case http.StatusNotFound:
		return because.Say(lang, "Not found")
	case http.StatusConflict:
		return because.Say(lang, "Conflict")
	case http.StatusTooManyRequests:
		return because.Say(lang, "Too many requests")
	case http.StatusServiceUnavailable, http.StatusInsufficientStorage:
		return because.Say(lang, "Unavailable just now")
	}
	if status >= 500 {
		return because.Say(lang, "Something went wrong")
	}
	return because.Say(lang, "The request cannot be used as it is")
}

func newProblem(info requestInfo, status int, detail string) *problem {
	code := codes[status]
	if code == "" {
		code = "internal"
	}
	p := &problem{Code: code, RequestID: info.id}
	p.Type = "/problems/" + code
	p.Title = title(info.lang, status)
	p.Status = status
	p.Detail = detail
	return p
}

// useProblems makes huma answer with our problems. Huma keeps this in package variables, so it is done once.
var useProblems = sync.OnceFunc(func() {
	plain := huma.NewError
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return fromHuma(requestInfo{lang: because.English}, plain(status, msg, errs...))
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return fromHuma(infoOf(c.Context()), plain(status, msg, errs...))
	}
})

// fromHuma keeps huma's list of what is wrong where, which is technical and in English, under our own sentence.
func fromHuma(info requestInfo, err huma.StatusError) huma.StatusError {
	status := err.GetStatus()
	detail := because.Say(info.lang, "Some fields are missing, unknown or of the wrong kind; errors says which.")
	if status >= 500 {
		detail = because.Say(info.lang, "Something went wrong on our side. Quote request %s.", info.id)
	}
	p := newProblem(info, status, detail)
	var m *huma.ErrorModel
	if errors.As(err, &m) {
		p.Errors = m.Errors
		if len(m.Errors) == 0 && status < 500 {
			p.Detail = m.Detail
		}
	}
	return p
}

// problem makes the answer to an error of the engine: its own sentence if it has one for a person, else a neutral one,
// with the error in the log.
func (s *server) problem(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	info := infoOf(ctx)
	status := statusOf(err)
	msg, ok := because.Message(err, info.lang)
	if !ok {
		if errors.Is(err, context.Canceled) {
			status = http.StatusRequestTimeout
		}
		s.o.Log.ErrorContext(ctx, "request failed", "request_id", info.id, "err", err)
		msg = because.Say(info.lang, "Something went wrong on our side. Quote request %s.", info.id)
	}
	return newProblem(info, status, msg)
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, because.ErrInvalid):
		return http.StatusUnprocessableEntity
	case errors.Is(err, because.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, because.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, because.ErrForbidden):
		return http.StatusForbidden
	case errors.Is(err, because.ErrUnavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

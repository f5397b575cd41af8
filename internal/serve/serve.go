// Package serve is HTTP over an engine: the REST API under /api/v1, its OpenAPI description, the pages for readers,
// health and metrics. It parses, calls the engine and replies; it knows no algorithms.
//
// Errors are RFC 9457 problems in the reader's language. A panic in a handler is logged and answered as a problem; it
// never ends the process.
package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"because"
	"because/internal/engine"
)

// Options say how the engine is served. The zero value serves loopback without a key.
type Options struct {
	Key     string       // asked for as "Authorization: Bearer …" on every request but health; empty asks for none
	Rate    float64      // requests a second for each caller; 0 means 200
	MaxBody int64        // bytes of a request; 0 means 8 MiB
	Log     *slog.Logger // nil discards
	Lang    because.Lang // of callers who say none
	Now     func() time.Time
	Version string
}

// A server is what the handlers share.
type server struct {
	e       *engine.Engine
	o       Options
	metrics *metrics
	view    *view
	api     *huma.OpenAPI
}

// New is the handler of everything.
func New(e *engine.Engine, o Options) http.Handler {
	if o.Rate == 0 {
		o.Rate = 200
	}
	if o.MaxBody == 0 {
		o.MaxBody = 8 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Lang == "" {
		o.Lang = because.Chinese
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &server{e: e, o: o, metrics: newMetrics(), view: newView()}
	mux := http.NewServeMux()
	useProblems()
	api := humago.New(mux, describe(o.Version))
	registerTypes(api)
	s.routes(api)
	s.api = api.OpenAPI()
	s.pages(mux)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", s.metrics.handler())
	return s.wrap(mux)
}

// Serve answers on l until ctx ends, then lets requests in flight finish for at most five seconds.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o Options) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 120 * time.Second,
		IdleTimeout: 120 * time.Second, MaxHeaderBytes: 64 << 10,
	}
	if o.Log != nil {
		srv.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn)
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err := srv.Shutdown(grace)
		if err != nil {
			err = errors.Join(err, srv.Close())
		}
		stopped <- err
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-stopped; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// describe is the head of the API's description.
func describe(version string) huma.Config {
	c := huma.DefaultConfig("Because · 缘由", version)
	c.Info.Description = "Recommendations with reasons that are true. 推荐，并说出真实的理由。 " +
		"Every string for a person is in the language of ?lang= or Accept-Language (zh, en); names and codes are not."
	c.DocsPath = "" // the page at /docs is our own
	c.SchemasPath = "/api/v1/schemas"
	c.CreateHooks = nil // no $schema links in bodies: they would be fields that nobody asked for
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"key": {Type: "http", Scheme: "bearer"}}
	return c
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	if h := s.e.Health(r.Context()); !h.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte("not ready\n"))
		return
	}
	w.Write([]byte("ok\n"))
}

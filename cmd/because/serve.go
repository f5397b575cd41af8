package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
	"because/internal/serve"
)

func (a *app) serveCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   because.Say(a.lang, "Serve the API and the pages"),
		Example: "  because serve\n  because serve --addr 127.0.0.1:9000 --llm-url http://127.0.0.1:8000/v1 --llm-model qwen",
		RunE: func(cmd *cobra.Command, _ []string) error {
			addr := a.settings.str("serve.addr")
			if _, err := a.serveKey(addr); err != nil {
				return err // before a data folder is made
			}
			return a.with(cmd.Context(), false, func(e *engine.Engine) error {
				return a.serve(cmd.Context(), e, addr, func(url string) {
					a.talk(because.Say(a.lang, "Serving on %s — pages at %[1]s/store, API at %[1]s/api/v1, its description at %[1]s/openapi.json", url))
					if !engine.FastMath {
						a.talk(because.Say(a.lang, "Built without vector instructions: training language models is about 25 times slower. Build with make."))
					}
				})
			})
		},
	}
	cmd.Flags().String("addr", "", because.Say(a.lang, "address to serve on; any but loopback needs serve.key_file"))
	return cmd
}

// serve answers on addr until the context ends.
func (a *app) serve(ctx context.Context, e *engine.Engine, addr string, ready func(url string)) error {
	key, err := a.serveKey(addr)
	if err != nil {
		return err
	}
	o := serve.Options{Key: key, Rate: float64(a.settings.num("serve.rate")), Log: a.logger(), Lang: a.lang, Now: a.now, Version: version}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return because.Errorf(because.ErrConflict, "%s cannot be served on: %s. Choose another address with --addr.", addr, err)
	}
	ready("http://" + l.Addr().String())
	go e.Warm(ctx)
	return serve.Serve(ctx, l, serve.New(e, o), o)
}

// serveKey is the server's key, which any address but loopback needs.
func (a *app) serveKey(addr string) (string, error) {
	key, err := readKey(a.settings.str("serve.key_file"))
	if err == nil && key == "" && !loopback(addr) {
		err = because.Errorf(because.ErrForbidden, "%s can be reached from other machines, so it needs a key: put one in a file and name it as serve.key_file in because.yaml or BECAUSE_SERVE_KEY_FILE.", addr)
	}
	return key, err
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// freeAddr is addr, or the next port that is free when it is taken.
func freeAddr(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	var first int
	if _, err := fmt.Sscan(port, &first); err != nil || first == 0 {
		return addr
	}
	for p := first; p < first+20; p++ {
		try := net.JoinHostPort(host, fmt.Sprint(p))
		if l, err := net.Listen("tcp", try); err == nil {
			_ = l.Close()
			return try
		}
	}
	return addr
}

// seconds says how long something took.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

package generate_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/generate/generatetest"
	"because/internal/pack"
)

// A provider is a model server without a network, for tests in which time is made up.
type provider struct {
	calls atomic.Int64
	down  atomic.Bool
	fail  func(*http.Request) (*http.Response, error)
}

func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	p.calls.Add(1)
	if p.down.Load() {
		return p.fail(r)
	}
	return respond(200, `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"{\"sentences\":[{\"text\":\"You gave The Score a 9.\",\"evidence_ids\":[\"e1\"]}]}"}}]}`), nil
}

func respond(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// outages are the ways to be down that differ for a caller.
var outages = map[string]func(*http.Request) (*http.Response, error){
	"errors": func(*http.Request) (*http.Response, error) { return respond(500, `{"error":{}}`), nil },
	"busy":   func(*http.Request) (*http.Response, error) { return respond(503, `{"error":{}}`), nil },
	"refuses": func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	},
	"stalls": func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	},
	"garbage": func(*http.Request) (*http.Response, error) { return respond(200, "<html>"), nil },
}

// TestOutage: when a provider goes down at most 20 calls fail before it is left alone, it then hears of at most a tenth of
// the requests, and it is asked again within 30 s of its return, be there one request a second or twenty.
func TestOutage(t *testing.T) {
	for name, fail := range outages {
		for _, rate := range []int{1, 20} {
			synctest.Test(t, func(t *testing.T) {
				p := &provider{fail: fail}
				e, err := generate.NewEndpoint(generate.EndpointOptions{BaseURL: "http://model/v1", Model: "fake", Transport: p, Now: time.Now}, pack.Builtin())
				if err != nil {
					t.Fatal(err)
				}
				var wg sync.WaitGroup
				served := make(chan time.Time, 1)
				// ask lets requests come at the rate for a while, each with the default deadline of its own.
				ask := func(d time.Duration) (requests int) {
					for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Second / time.Duration(rate)) {
						requests++
						wg.Go(func() {
							start := time.Now()
							_, err := e.Draft(context.Background(), generatetest.Request(because.English))
							if took := time.Since(start); took > 800*time.Millisecond {
								t.Errorf("%s: a request took %s", name, took)
							}
							if err == nil {
								select {
								case served <- time.Now():
								default:
								}
							}
						})
					}
					return requests
				}
				ask(10 * time.Second)
				if <-served; e.Open() {
					t.Fatalf("%s: the breaker is open before anything failed", name)
				}
				wg.Wait()
				for len(served) > 0 {
					<-served
				}

				p.down.Store(true)
				p.calls.Store(0)
				for !e.Open() && p.calls.Load() <= 40 {
					ask(time.Second)
				}
				opened := p.calls.Load()
				requests := ask(5 * time.Minute)
				wg.Wait()
				during := p.calls.Load() - opened

				p.down.Store(false)
				healed := time.Now()
				ask(31 * time.Second)
				wg.Wait()
				back := 31 * time.Second
				if len(served) > 0 {
					back = (<-served).Sub(healed)
				}
				t.Logf("%s, %d/s: open after %d calls; %d calls for %d requests (%.1f %%); back after %s", name, rate, opened, during, requests, 100*float64(during)/float64(requests), back)
				if opened > 20 || during*10 > int64(requests) || back > 30*time.Second || e.Open() {
					t.Errorf("%s, %d/s: the breaker does not keep its bounds; open %v", name, rate, e.Open())
				}
			})
		}
	}
}

// TestEveryOtherFails: half of the calls failing opens the breaker too.
func TestEveryOtherFails(t *testing.T) {
	p := &provider{fail: outages["errors"]}
	now := time.Date(2024, 3, 5, 9, 0, 0, 0, time.UTC)
	e, err := generate.NewEndpoint(generate.EndpointOptions{BaseURL: "http://model/v1", Model: "fake", Transport: p, Now: func() time.Time { return now }}, pack.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for ; !e.Open() && failed <= 20; p.down.Store(!p.down.Load()) {
		if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err != nil {
			failed++
		}
	}
	if !e.Open() {
		t.Errorf("still closed after %d failures", failed)
	}
}

package generate_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/generate/fakellm"
	"because/internal/generate/generatetest"
	"because/internal/pack"
)

const key = "sk-secret-0123456789"

// endpoint is one on a fake server, with a deadline that no well-behaved server misses, however busy the machine is.
func endpoint(t *testing.T, s *fakellm.Server, change func(*generate.EndpointOptions)) *generate.Endpoint {
	t.Helper()
	o := generate.EndpointOptions{BaseURL: s.URL, Model: "fake", Key: key, Timeout: 10 * time.Second}
	if change != nil {
		change(&o)
	}
	e, err := generate.NewEndpoint(o, pack.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// soon is a deadline that a test can wait for.
func soon(o *generate.EndpointOptions) { o.Timeout = 300 * time.Millisecond }

// every is all modes, each once.
func every() []fakellm.Mode {
	out := slices.Clone(fakellm.Others)
	for _, f := range fakellm.Failures {
		out = append(out, f.Modes...)
	}
	return out
}

// TestModes says for every way of misbehaving at which step the draft is given up; "" means that there is a draft.
func TestModes(t *testing.T) {
	steps := map[fakellm.Mode]string{
		fakellm.OK: "", fakellm.Slow: "", fakellm.KeepAlive: "", fakellm.WrongType: "", fakellm.Status429Soon: "", fakellm.Status503Once: "",
		fakellm.NoSchema: "", fakellm.NoFormat: "", fakellm.NoExtras: "", fakellm.Reasoning: "", fakellm.ThinkClosed: "", fakellm.ThinkEndOnly: "",
		fakellm.Duplicate: "", fakellm.Fence: "", fakellm.OtherModel: "", fakellm.NoUsage: "", fakellm.AbsurdUsage: "",
		fakellm.Nonsense:    "", // numbers are the verifier's business
		fakellm.BadUTF8:     "", // in a field that is not read
		fakellm.BadUTF8Text: "", fakellm.SplitRune: "", fakellm.CloseRace: "",
		fakellm.DuplicateText: "", fakellm.OtherFacts: "", // whether it is true is the verifier's business

		fakellm.Refused: "connect", fakellm.Reset: "connect", fakellm.ResetHead: "connect", fakellm.ResetBody: "connect", fakellm.BadCert: "connect", fakellm.NoHost: "connect",
		fakellm.BlackHole: "timeout", fakellm.StalledTLS: "timeout", fakellm.LastMoment: "timeout", fakellm.AfterCancel: "timeout",
		fakellm.SilentHead: "timeout", fakellm.SilentBody: "timeout", fakellm.Drip: "timeout",
		fakellm.Redirect: "malformed", fakellm.Gzip: "malformed", fakellm.Huge: "malformed", fakellm.HugeLength: "malformed",
		fakellm.EndlessSpace: "malformed", fakellm.BlankBody: "malformed", fakellm.HTML: "malformed",
		fakellm.EndlessSSE: "malformed", fakellm.NoDone: "malformed", fakellm.Comments: "malformed", fakellm.DeepAnswer: "malformed",
		fakellm.Status400: "status", fakellm.Status401: "status", fakellm.Status403: "status", fakellm.Status404: "status", fakellm.Status408: "status",
		fakellm.Status409: "status", fakellm.Status413: "status", fakellm.Status422: "status", fakellm.Status429: "status",
		fakellm.Status429Second: "status", fakellm.Status429Late: "status", fakellm.Status429Past: "status", fakellm.Status500: "status", fakellm.Status502: "status",
		fakellm.Status503: "status", fakellm.Status529: "status", fakellm.KeyInError: "status",
		fakellm.EmptyObject: "malformed", fakellm.EmptyChoices: "malformed", fakellm.NullContent: "malformed", fakellm.ThinkUnclosed: "malformed",
		fakellm.ToolCall: "malformed", fakellm.Length: "malformed", fakellm.Truncated: "malformed", fakellm.TruncatedAnswer: "malformed",
		fakellm.Whitespace: "malformed", fakellm.WrongTypes: "malformed", fakellm.NaN: "malformed", fakellm.Deep: "malformed",
		fakellm.Plain: "malformed", fakellm.WrongLanguage: "malformed", fakellm.EchoPrompt: "malformed", fakellm.ForeignIDs: "malformed",
		fakellm.Obedient: "malformed", fakellm.Rambling: "malformed",
		fakellm.Declines: "refused", fakellm.RefusalField: "refused",
	}
	for _, mode := range every() {
		want, known := steps[mode]
		if !known {
			t.Errorf("nothing is said of %q", mode)
		}
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, mode)
			e := endpoint(t, s, func(o *generate.EndpointOptions) {
				if want == "timeout" {
					soon(o)
				}
				if mode == fakellm.Status429Second {
					o.Timeout = 800 * time.Millisecond // a second is too long to wait
				}
				if s.Resolver != nil {
					o.Transport = generate.NewTransport(s.Resolver)
				}
			})
			defer e.Close()
			for _, lang := range because.Langs {
				start := time.Now()
				drafts, err := e.Draft(t.Context(), generatetest.Request(lang))
				if took := time.Since(start); took > 5*time.Second { // no answer is waited for beyond its deadline, no refusal up to it
					t.Errorf("%s took %v", lang, took)
				}
				var refused *generate.RefusedError
				errors.As(err, &refused)
				switch {
				case want == "" && (err != nil || len(drafts) != 1):
					t.Errorf("%s: no draft: %v", lang, err)
				case want == "" && (drafts[0].Source != because.FromLLM || drafts[0].Model != "fake" || len(drafts[0].Evidence) == 0):
					t.Errorf("%s: draft %+v", lang, drafts[0])
				case want != "" && (refused == nil || refused.Step != want):
					t.Errorf("%s: %v %v, want step %s", lang, drafts, err, want)
				}
				if err != nil && (strings.Contains(err.Error(), key) || !errors.Is(err, because.ErrUnavailable)) {
					t.Errorf("%s: the error must be unavailable and hold no key: %v", lang, err)
				}
			}
		})
	}
}

func TestContract(t *testing.T) {
	generatetest.Run(t, endpoint(t, fakellm.New(t, fakellm.OK), nil))
	generatetest.Run(t, endpoint(t, fakellm.New(t, fakellm.Status500), nil))
	generatetest.Run(t, generate.NewTemplate(pack.Builtin()))
	generatetest.Run(t, generate.Echo{})
}

func TestPresets(t *testing.T) {
	for _, preset := range generate.Presets() {
		t.Run(preset, func(t *testing.T) {
			for _, mode := range []fakellm.Mode{fakellm.OK, fakellm.NoExtras, fakellm.NoSchema, fakellm.NoFormat} {
				s := fakellm.New(t, mode)
				e := endpoint(t, s, func(o *generate.EndpointOptions) { o.Preset = preset })
				if _, err := e.Draft(t.Context(), generatetest.Request(because.Chinese)); err != nil {
					t.Fatalf("%s: %v", mode, err)
				}
				first := s.Calls()
				if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err != nil {
					t.Fatalf("%s: %v", mode, err)
				}
				if s.Calls() != first+1 {
					t.Errorf("%s: what the server understands was not remembered: %d, then %d calls", mode, first, s.Calls())
				}
			}
		})
	}
	s := fakellm.New(t, fakellm.OK)
	for preset, want := range map[string]string{"vllm": `"enable_thinking":false`, "openai": `"max_completion_tokens":300`, "deepseek": `"thinking":{"type":"disabled"}`,
		"qwen": `"enable_thinking":false`, "llama.cpp": `"cache_prompt":true`, "ollama": `"reasoning_effort":"none"`} {
		e := endpoint(t, s, func(o *generate.EndpointOptions) { o.Preset = preset })
		if _, err := e.Draft(t.Context(), generatetest.Request(because.Chinese)); err != nil {
			t.Fatal(err)
		}
		bodies := s.Bodies()
		if last := bodies[len(bodies)-1]; !strings.Contains(last, want) || !strings.Contains(last, `"response_format"`) {
			t.Errorf("%s: the request lacks %s or a format: %s", preset, want, last)
		}
	}
}

// TestPlainFallback: a server that cannot be held to JSON may answer in prose.
func TestPlainFallback(t *testing.T) {
	s := fakellm.New(t, fakellm.NoFormat)
	e := endpoint(t, s, nil)
	if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err != nil {
		t.Fatal(err)
	}
	s.Set(fakellm.Plain)
	drafts, err := e.Draft(t.Context(), generatetest.Request(because.English))
	if err != nil || drafts[0].Text != "You gave The Score a 9." {
		t.Errorf("%v, %v", drafts, err)
	}
}

// TestOneBadRequestDegradesNothing: a server that refuses a request in every form is asked in the richest form again.
func TestOneBadRequestDegradesNothing(t *testing.T) {
	s := fakellm.New(t, fakellm.Status400)
	e := endpoint(t, s, nil)
	if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err == nil {
		t.Fatal("a draft from a server that answers 400")
	}
	s.Set(fakellm.OK)
	if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err != nil {
		t.Fatal(err)
	}
	if bodies := s.Bodies(); !strings.Contains(bodies[len(bodies)-1], "json_schema") {
		t.Errorf("the form was degraded: %s", bodies[len(bodies)-1])
	}
}

func TestBreaker(t *testing.T) {
	s := fakellm.New(t, fakellm.Status500)
	now := time.Date(2024, 3, 5, 9, 0, 0, 0, time.UTC)
	e := endpoint(t, s, func(o *generate.EndpointOptions) { o.Now = func() time.Time { return now } })
	step := func() string {
		_, err := e.Draft(t.Context(), generatetest.Request(because.Chinese))
		var refused *generate.RefusedError
		if errors.As(err, &refused) {
			return refused.Step
		}
		return ""
	}
	for range 5 { // five failures in a row open it
		if got := step(); got != "status" {
			t.Fatalf("step %q before the breaker opens", got)
		}
	}
	if got := step(); got != "breaker" || s.Calls() != 5 || !e.Open() {
		t.Fatalf("step %q after %d calls, open %v", got, s.Calls(), e.Open())
	}
	now = now.Add(11 * time.Second) // one call is let through, and fails
	if got, again := step(), step(); got != "status" || again != "breaker" {
		t.Errorf("half open: %q, then %q", got, again)
	}
	now = now.Add(26 * time.Second)
	s.Set(fakellm.OK)
	if got := step(); got != "" || e.Open() {
		t.Errorf("after recovery: %q, open %v", got, e.Open())
	}
}

func TestBudgetIsAHardStop(t *testing.T) {
	s := fakellm.New(t, fakellm.OK)
	now := time.Date(2024, 3, 5, 9, 0, 0, 0, time.UTC)
	e := endpoint(t, s, func(o *generate.EndpointOptions) {
		o.BudgetTokens, o.Now = 4000, func() time.Time { return now } // every call uses 240, and must reserve more
	})
	calls := 0
	for range 100 {
		if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err != nil {
			var refused *generate.RefusedError
			if !errors.As(err, &refused) || refused.Step != "budget" {
				t.Fatal(err)
			}
			break
		}
		calls++
	}
	if calls == 0 || calls*240 > 4000 {
		t.Errorf("%d calls of 240 tokens within a budget of 4000", calls)
	}
	now = now.Add(24 * time.Hour)
	if _, err := e.Draft(t.Context(), generatetest.Request(because.English)); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestCancelEndsAtOnce(t *testing.T) {
	s := fakellm.New(t, fakellm.SilentHead)
	e := endpoint(t, s, func(o *generate.EndpointOptions) { o.Timeout = time.Minute })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	start := time.Now()
	_, err := e.Draft(ctx, generatetest.Request(because.Chinese))
	if !errors.Is(err, context.Canceled) || time.Since(start) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	if e.Open() {
		t.Error("a caller who left opened the breaker")
	}
}

func TestBulkhead(t *testing.T) {
	s := fakellm.New(t, fakellm.Slow)
	var now, most atomic.Int32
	e := endpoint(t, s, func(o *generate.EndpointOptions) {
		o.Concurrency, o.Timeout = 2, 5*time.Second
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			return http.DefaultTransport.RoundTrip(r)
		})
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := e.Draft(t.Context(), generatetest.Request(because.Chinese)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() > 2 {
		t.Errorf("%d calls at a time", most.Load())
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestDown(t *testing.T) {
	s := &fakellm.Server{URL: "http://127.0.0.1:1/v1"} // nothing listens
	_, err := endpoint(t, s, nil).Draft(t.Context(), generatetest.Request(because.Chinese))
	var refused *generate.RefusedError
	if !errors.As(err, &refused) || refused.Step != "connect" {
		t.Errorf("got %v", err)
	}
	s.URL = "http://169.254.169.254/v1"
	_, err = endpoint(t, s, nil).Draft(t.Context(), generatetest.Request(because.Chinese))
	if !errors.As(err, &refused) || refused.Step != "connect" || !strings.Contains(err.Error(), "may not have") {
		t.Errorf("a metadata address was dialled: %v", err)
	}
}

func TestProbe(t *testing.T) {
	r, err := endpoint(t, fakellm.New(t, fakellm.OK), nil).Probe(t.Context())
	if err != nil || !r.Reachable || !r.ModelPresent || !r.Answers || r.Format != "json_schema" || r.Draft == "" || r.TokensPerSecond <= 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = endpoint(t, fakellm.New(t, fakellm.NoSchema), nil).Probe(t.Context()); err != nil || r.Format != "json_object" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = endpoint(t, fakellm.New(t, fakellm.SilentHead), soon).Probe(t.Context()); err != nil || r.Answers || r.Step != "timeout" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestEndpointOptions(t *testing.T) {
	for _, o := range []generate.EndpointOptions{
		{}, {BaseURL: "ftp://x", Model: "m"}, {BaseURL: "http://x/v1"}, {BaseURL: "http://x/v1", Model: "m", Preset: "other"},
	} {
		if _, err := generate.NewEndpoint(o, pack.Builtin()); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

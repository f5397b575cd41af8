package rig_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
)

// guarded are the domains in which a model writes no text.
var guarded = []string{"finance", "health"}

// pairs are n requests for explanations of the invented world, in both languages by turns, of unguarded domains.
func pairs(t testing.TB, n int, langs ...because.Lang) []engine.ExplainRequest {
	t.Helper()
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	var items []because.Item
	for _, it := range w.Items {
		if !slices.Contains(guarded, it.Domain) && !it.Unavailable {
			items = append(items, it)
		}
	}
	out := make([]engine.ExplainRequest, n)
	for i := range out {
		out[i] = engine.ExplainRequest{
			User: w.Users[i%len(w.Users)].ID, Item: items[(i*7)%len(items)].ID, Lang: langs[i%len(langs)], Source: "llm",
			Context: because.Context{At: evening},
		}
	}
	return out
}

// withEndpoint opens the trained folder, read-only, with an endpoint.
func withEndpoint(t testing.TB, llm engine.LLM) *engine.Engine {
	t.Helper()
	dir, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Now: func() time.Time { return evening }, LLM: llm})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// verified wants a text in which every claim is supported, and asks the verifier once more.
func verified(t *testing.T, e *engine.Engine, r engine.ExplainRequest, x because.Explanation) {
	t.Helper()
	if x.Text == "" {
		t.Fatalf("no text for %s and %s", r.User, r.Item)
	}
	for _, c := range x.Claims {
		if c.Verdict != because.Supported {
			t.Fatalf("served %q with a claim that is %s: %q (%s)", x.Text, c.Verdict, c.Text, c.Reason)
		}
	}
	got, err := e.Check(context.Background(), engine.CheckRequest{User: r.User, Item: r.Item, Text: x.Text, Lang: r.Lang, Context: r.Context})
	if err != nil || !got.OK {
		t.Fatalf("served %q, which does not hold: %+v %v", x.Text, got.Claims, err)
	}
}

// TestEndpointIsServed wants the drafts of a model that keeps to its evidence to be shown.
func TestEndpointIsServed(t *testing.T) {
	s := fakellm.New(t, fakellm.OK)
	e := withEndpoint(t, engine.LLM{BaseURL: s.URL, Model: "fake", Timeout: 5 * time.Second})
	const n = 200
	shown := map[because.Lang]int{}
	for _, r := range pairs(t, n, because.Chinese, because.English) {
		x, err := e.Explain(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		verified(t, e, r, x)
		if x.Source == because.FromLLM {
			shown[r.Lang]++
		} else {
			t.Logf("%s %s %s: %+v", r.Lang, r.User, r.Item, x.Fallback)
		}
	}
	total := shown[because.Chinese] + shown[because.English]
	t.Logf("served from the endpoint: %d of %d (zh %d, en %d)", total, n, shown[because.Chinese], shown[because.English])
	if total*100 < 99*n {
		t.Errorf("only %d of %d true drafts were shown, want 99 %%", total, n)
	}
}

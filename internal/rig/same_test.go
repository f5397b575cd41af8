package rig_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
)

// TestEndpointChangesOnlyTheText: with an endpoint and without, a request goes the same way. The choice and the evidence
// are the same, what a text cites is evidence, and where a draft was given up the template's text is shown to the letter.
func TestEndpointChangesOnlyTheText(t *testing.T) {
	n := pick(200, 10_000)
	requests := pairs(t, n, because.Chinese, because.English)
	off := withEndpoint(t, engine.LLM{})
	floors := make([]because.Explanation, n)
	for i, r := range requests {
		r.Source = "template"
		var err error
		if floors[i], err = off.Explain(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []fakellm.Mode{fakellm.OK, fakellm.Nonsense, fakellm.OtherFacts, fakellm.Status500} {
		s := fakellm.New(t, mode)
		now := evening
		dir, err := trained()
		if err != nil {
			t.Fatal(err)
		}
		e, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Now: func() time.Time { return now }, LLM: engine.LLM{BaseURL: s.URL, Model: "fake", Timeout: 5 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		replaced := 0
		for i, r := range requests {
			r.Source = "auto"
			now = now.Add(26 * time.Second) // past the breaker's pause
			on, err := e.Explain(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			was := floors[i]
			if !reflect.DeepEqual(evidenceOf(on), evidenceOf(was)) || on.Verdict != because.Repaired && on.Arm != was.Arm || on.Propensity != was.Propensity || on.Score != was.Score || !reflect.DeepEqual(on.Contributions, was.Contributions) {
				t.Fatalf("%s %s %s: the endpoint changed more than the text:\n%+v\n%+v", mode, r.User, r.Item, was, on)
			}
			for _, c := range on.Claims {
				for _, id := range c.Evidence {
					if !slices.ContainsFunc(on.Evidence, func(ev because.Evidence) bool { return ev.ID == id }) {
						t.Fatalf("%s: %q cites %s, which is not shown as evidence", mode, on.Text, id)
					}
				}
			}
			if on.Fallback != nil && on.Verdict == because.Replaced {
				if replaced++; on.Text != was.Text || on.Source != was.Source || !reflect.DeepEqual(on.Claims, was.Claims) {
					t.Fatalf("%s: the draft was given up (%s), but %q is shown instead of %q", mode, on.Fallback.Step, on.Text, was.Text)
				}
			}
		}
		t.Logf("%s: %d pairs, %d with the template's text", mode, n, replaced)
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// evidenceOf are the IDs of what was found, said or not, sorted.
func evidenceOf(x because.Explanation) []string {
	var out []string
	for _, ev := range slices.Concat(x.Evidence, x.Unused) {
		out = append(out, ev.ID+" "+ev.Text)
	}
	slices.Sort(out)
	return out
}

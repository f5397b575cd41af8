package engine_test

import (
	"strings"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/generate"
)

// TestEmbeddedWrites lets the model that ships write lists for some readers of the invented world, in each language: no
// text has an unsupported claim, no two of a list start alike, finance and health show approved wordings only, and what
// was replaced says so. How many of its drafts are good enough is logged; the model card has the figures.
func TestEmbeddedWrites(t *testing.T) {
	e, _ := open(t)
	for _, lang := range because.Langs {
		n, passed, replaced, own := 0, 0, 0, 0
		for _, id := range warmUsers(t, e, 12) {
			recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 8, Lang: lang, Explain: true, Source: "embedded", Timeout: 1 << 40})
			if err != nil {
				t.Fatal(err)
			}
			openings := map[string]string{}
			for _, r := range recs.Items {
				x := r.Explanation
				n++
				switch {
				case x.Fallback != nil && x.Verdict == because.Replaced:
					replaced++
				case x.Source == because.FromTemplate && x.Fallback == nil:
					t.Errorf("%s: the template wrote %q, and nothing says why", lang, x.Text)
				case x.Verdict == because.Passed:
					passed++
				}
				if x.Source == because.FromEmbedded {
					own++
				}
				for _, c := range x.Claims {
					if c.Verdict != because.Supported {
						t.Errorf("%s: %q says %q: %s", lang, x.Text, c.Text, c.Reason)
					}
				}
				if x.Domain == "finance" || x.Domain == "health" {
					if x.Source != because.FromApproved {
						t.Errorf("%s: %s wrote %q in %s", lang, x.Source, x.Text, x.Domain)
					}
				} else if x.Source == because.FromEmbedded && !strings.HasPrefix(x.Provenance.Model, "lm-") {
					t.Errorf("nobody knows which model wrote %q: %q", x.Text, x.Provenance.Model)
				}
				if o := generate.Opening(x.Text); openings[o] != "" && x.Source == because.FromEmbedded {
					t.Errorf("%s: %q starts like %q", lang, x.Text, openings[o])
				} else {
					openings[o] = x.Text
				}
			}
		}
		t.Logf("%s: %d texts, %d of the model's own, %d passed as they stand, %d replaced", lang, n, own, passed, replaced)
		if own == 0 {
			t.Errorf("%s: none of %d texts is the model's", lang, n)
		}
	}
}

// TestEmbeddedCache: the same request gives the same text, whoever asked before; it is written anew when anything that
// it depends on differs.
func TestEmbeddedCache(t *testing.T) {
	e, _ := open(t)
	user := warmUsers(t, e, 1)[0]
	recs, err := e.Recommend(t.Context(), engine.ListRequest{User: user, N: 1})
	if err != nil {
		t.Fatal(err)
	}
	ask := engine.ExplainRequest{User: user, Item: recs.Items[0].Item, Lang: because.Chinese, Style: because.Short, Source: "embedded", Timeout: 1 << 40}
	first, err := e.Explain(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	again, err := e.Explain(t.Context(), ask)
	if err != nil || again.Text != first.Text {
		t.Errorf("%q, then %q, %v", first.Text, again.Text, err)
	}
	fresh, _ := open(t)
	anew, err := fresh.Explain(t.Context(), ask)
	if err != nil || anew.Text != first.Text {
		t.Errorf("another process writes %q, not %q, %v", anew.Text, first.Text, err)
	}
	t.Logf("%.1f ms, from the cache %.1f ms", first.TookMS, again.TookMS)
}

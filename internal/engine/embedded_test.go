package engine_test

import (
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

// TestEmbeddedWrites lets the model that ships write lists for some readers of the invented world, in each language: most
// of its drafts pass as they stand, few are replaced, no text has an unsupported claim, no two of a list start alike, and
// finance and health show approved wordings only.
func TestEmbeddedWrites(t *testing.T) {
	e, _ := open(t)
	for _, lang := range because.Langs {
		n, passed, replaced := 0, 0, 0
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
				case x.Fallback != nil && x.Fallback.Step != "alike":
					replaced++
				case x.Verdict == because.Passed:
					passed++
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
				if o := opening(x.Text); openings[o] != "" && x.Source == because.FromEmbedded {
					t.Errorf("%s: %q starts like %q", lang, x.Text, openings[o])
				} else {
					openings[o] = x.Text
				}
			}
		}
		t.Logf("%s: %d texts, %d passed as they stand, %d replaced", lang, n, passed, replaced)
		if passed < 8*n/10 {
			t.Errorf("%s: only %d of %d texts passed as they stand", lang, passed, n)
		}
		if replaced > n/10 {
			t.Errorf("%s: %d of %d texts were replaced", lang, replaced, n)
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

func opening(s string) string {
	r := []rune(s)
	return string(r[:min(4, len(r))])
}

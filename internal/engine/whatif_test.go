package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

// TestWhatIf: a text says where its item would rank without what it cites only where the ranker was replayed and the item
// falls; the number is that of taking the deed away, and nothing of the kind is said of somebody impersonal.
func TestWhatIf(t *testing.T) {
	e := films(t)
	marks := map[because.Lang]string{because.Chinese: "没有这条记录", because.English: "without that it would rank"}
	for _, lang := range because.Langs {
		texts, said := 0, 0
		for u := range 60 {
			for _, style := range []because.Style{because.Data, because.Detail, because.Short} {
				impersonal := u%20 == 19
				ask := engine.ListRequest{User: fmt.Sprintf("u%02d", u), N: 8, Domain: "entertainment", Lang: lang, Style: style, Explain: true, Impersonal: impersonal}
				recs, err := e.Recommend(t.Context(), ask)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range recs.Items {
					x := r.Explanation
					texts++
					k := slices.IndexFunc(x.Evidence, func(ev because.Evidence) bool { return ev.Slots["without"].Kind == because.ReplaySlot })
					if says := strings.Contains(strings.ToLower(x.Text), marks[lang]); !says {
						continue
					}
					if k < 0 || style == because.Short || impersonal {
						t.Fatalf("%q, and no replay stands behind it", x.Text)
					}
					if said++; said <= 3 {
						t.Log(x.Text)
					}
					ev := x.Evidence[k]
					// Asked for this item alone, the same number comes of taking the deed away.
					one, err := e.Explain(t.Context(), engine.ExplainRequest{User: ask.User, Item: r.Item, Lang: lang, Style: style, Lead: ev.Kind, Counterfactuals: true})
					if err != nil {
						t.Fatal(err)
					}
					i := slices.IndexFunc(one.Counterfactuals, func(c because.Counterfactual) bool { return c.Without == ev.Origin })
					if i < 0 {
						t.Errorf("%s of %s is cited and not replayed: %v", ev.Origin, r.Item, one.Counterfactuals)
						continue
					}
					if c := one.Counterfactuals[i]; c.Rank <= c.Was || float64(c.Rank) != ev.Slots["without"].Number || !strings.Contains(x.Text, fmt.Sprint(c.Rank)) {
						t.Errorf("%q, but replayed: %+v", x.Text, c)
					}
				}
			}
		}
		t.Logf("%s: %d of %d texts say it", lang, said, texts)
		if said < 5 {
			t.Errorf("%s: %d texts say where an item would rank", lang, said)
		}
	}
}

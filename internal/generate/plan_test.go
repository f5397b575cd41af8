package generate

import (
	"slices"
	"testing"

	"because"
)

// TestBoth: whatever leads and in whatever style, here and there state the same facts and nothing else, which side is here
// makes no difference, and Draft says again what was planned.
func TestBoth(t *testing.T) {
	key := func(evidence []because.Evidence, cited []string) string {
		return factsOf(evidence, cited, inCommon(evidence, evidence))
	}
	tried := 0
	for _, kind := range kindsInOrder {
		for _, style := range because.Styles {
			zh, en := sample(kind, style, because.Chinese), sample(kind, style, because.English)
			zh.Seed, en.Seed, zh.K, en.K = 1, 2, 3, 3
			pairs, turned := builtin.Both(zh, en), builtin.Both(en, zh)
			if len(pairs) != len(turned) {
				t.Errorf("%s %s: %d sets of facts from Chinese, %d from English", kind, style, len(pairs), len(turned))
				continue
			}
			for i, p := range pairs {
				tried++
				for _, d := range p.Here {
					if !slices.Equal(p.Set, sortedSet(d.Evidence)) {
						t.Errorf("%s %s: %q states %v, planned was %v", kind, style, d.Text, d.Evidence, p.Set)
					}
				}
				for _, d := range p.There {
					if key(zh.Evidence, p.Set) != key(en.Evidence, d.Evidence) {
						t.Errorf("%s %s: %q and %q state different facts", kind, style, p.Here[0].Text, d.Text)
					}
				}
				if key(zh.Evidence, p.Set) != key(en.Evidence, turned[i].Set) {
					t.Errorf("%s %s: set %d is another one seen from English", kind, style, i)
				}
				again := zh
				again.Arm, again.Plan = p.Arm, p.Set
				again.Evidence = slices.DeleteFunc(slices.Clone(zh.Evidence), func(e because.Evidence) bool { return slices.Contains(p.Without, e.ID) })
				if ds := draft(t, builtin, again); len(p.Here) == 0 || ds[0].Text != p.Here[0].Text {
					t.Errorf("%s %s: drafted again it is %q, was %q", kind, style, ds[0].Text, p.Here[0].Text)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d sets were planned", tried)
	}
}

// TestBothLead: what only one language has can lead in neither; a supporting fact that one language alone has may be said
// beside what both say.
func TestBothLead(t *testing.T) {
	zh, en := sample(because.Searched, because.Short, because.Chinese), sample(because.Searched, because.Short, because.English)
	for i := range en.Evidence {
		if en.Evidence[i].Kind == because.Searched {
			en.Evidence[i].Ref = "another query"
		}
	}
	if pairs := builtin.Both(zh, en); pairs != nil {
		t.Errorf("planned on a lead that the other language lacks: %+v", pairs)
	}
	zh, en = sample(because.Viewed, because.Detail, because.Chinese), sample(because.Viewed, because.Detail, because.English)
	lead := leading(en.Evidence, because.Viewed)
	en.Evidence = en.Evidence[lead : lead+1]
	for _, p := range builtin.Both(zh, en) {
		for _, d := range p.There {
			if !slices.Equal(d.Evidence, []string{en.Evidence[0].ID}) {
				t.Errorf("%q cites %v", d.Text, d.Evidence)
			}
		}
	}
}

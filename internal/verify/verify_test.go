package verify

import (
	"reflect"
	"sync"
	"testing"

	"because"
	"because/internal/pack"
)

func verdictOf(t *testing.T, v *Verifier, s string, g Given) because.ClaimVerdict {
	t.Helper()
	worst := because.Supported
	for _, c := range v.Claims(s, g) {
		if c.Verdict == because.Contradicted || c.Verdict == because.Unverifiable && worst == because.Supported {
			worst = c.Verdict
		}
	}
	return worst
}

func TestSmallGroupsAreNotSpokenOf(t *testing.T) {
	v := New(pack.Builtin())
	g := Given{Domain: "shop", Lang: because.Chinese, Name: "长夜", Now: now, Evidence: []because.Evidence{{ID: "e1", Kind: because.Popular, Text: "本周有人看过它。", Slots: map[string]because.Slot{"count": count(12), "period": date("本周")}}}}
	if got := verdictOf(t, v, "大家都在看它。", g); got == because.Supported {
		t.Error("twelve people are called everybody")
	}
}

func TestSensitiveEvidenceLicensesNothing(t *testing.T) {
	set := pack.Builtin()
	v := New(set)
	found := false
	for _, d := range set.Domains() {
		for ref, f := range set.Pack(d).Profile {
			if !f.Sensitive {
				continue
			}
			found = true
			g := Given{Domain: d, Lang: because.Chinese, Name: "长夜", Now: now, Evidence: []because.Evidence{{ID: "e1", Kind: because.Profile, Ref: ref, Share: .5, Text: "你填的是糖尿病。", Slots: map[string]because.Slot{"value": word("糖尿病", "")}}}}
			if got := verdictOf(t, v, "你填的是糖尿病。", g); got == because.Supported {
				t.Errorf("%s: the sensitive field %s may be spoken", d, ref)
			}
		}
	}
	if !found {
		t.Skip("no pack has a sensitive profile field")
	}
}

func TestRulesHoldInsideReviews(t *testing.T) {
	v := New(pack.Builtin())
	g := Given{Domain: "shop", Lang: because.Chinese, Name: "长夜", Now: now, Evidence: []because.Evidence{{ID: "e1", Kind: because.ReviewKind, Text: "有人写「最好的手表」。", Slots: map[string]because.Slot{"phrase": quote("最好的手表")}}}}
	if got := verdictOf(t, v, "有人说「最好的手表」。", g); got == because.Supported {
		t.Error("a rule is broken in a quotation")
	}
}

func TestNamesMayHoldAnything(t *testing.T) {
	v := New(pack.Builtin())
	g := Given{Domain: "entertainment", Lang: because.Chinese, Name: "最好的我们 12", Now: now, Evidence: []because.Evidence{{ID: "e1", Kind: because.Viewed, Share: .5, At: ago(6), Text: "你上周看过《昨天没有人》。", Slots: map[string]because.Slot{"hist": name("昨天没有人"), "when": date("上周")}}}}
	if bad := unsupported(v.Claims("你上周看过《昨天没有人》，可以看看《最好的我们 12》。", g)); len(bad) > 0 {
		t.Errorf("%+v", bad)
	}
}

func TestNames(t *testing.T) {
	n := NewNames(func(yield func(string, []string) bool) {
		yield("a", []string{"星河"})
		yield("b", []string{"星河战队", "Star"})
	})
	var got []string
	r := key("看《星河战队》和星河，Starry star")
	n.find(r, func(s, e int, id string) { got = append(got, id) })
	if want := []string{"b", "a", "b"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var none *Names
	none.find(r, func(int, int, string) { t.Error("a name in no catalogue") })
}

// TestSameBytes: the verifier says the same whoever asks, in whatever order.
func TestSameBytes(t *testing.T) {
	want := New(pack.Builtin()).Verify(cases[0].truths[0], watchZh)
	v := New(pack.Builtin())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, c := range cases {
				for _, s := range c.truths {
					v.Verify(s, c.given)
				}
			}
			if got := v.Verify(cases[0].truths[0], watchZh); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
	wg.Wait()
}

// TestVerifyTwice: what was verified passes as it is.
func TestVerifyTwice(t *testing.T) {
	v := New(pack.Builtin())
	for _, list := range [][]planted{cases, heldOut} {
		for _, c := range list {
			for _, lies := range c.lies {
				for _, s := range lies {
					once := v.Verify(s, c.given)
					if !once.OK {
						continue
					}
					if twice := v.Verify(once.Text, c.given); !twice.OK || twice.Text != once.Text {
						t.Errorf("%q became %q, then %q (%s)", s, once.Text, twice.Text, twice.Reason)
					}
				}
			}
		}
	}
}

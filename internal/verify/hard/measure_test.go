package hard_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/pack"
	"because/internal/verify"
	"because/internal/verify/hard"
)

// floors are what the verifier reached on the hand-written cases when this was last set: at least this share of the false
// texts refused, at most this share of the true ones; of the fresh ones apart.
var floors = map[string]struct{ recall, alarms float64 }{
	"zh-Hans": {.99, .02}, "zh-Hant": {.99, .02}, "en": {.99, .02},
	"fresh zh-Hans": {.97, .11}, "fresh zh-Hant": {.97, .08}, "fresh en": {.99, .092},
	"fresh2 zh-Hans": {.98, .155}, "fresh2 zh-Hant": {.85, .145}, "fresh2 en": {.965, .135},
}

// TestVerifier measures as because eval verify does. HARD_OUT names a file for what was judged wrongly, FRESH_OUT one for the
// fresh cases among them, which is for those who check the cases and not for those who work on the verifier.
func TestVerifier(t *testing.T) {
	sets, cases, err := hard.Load()
	if err != nil {
		t.Fatal(err)
	}
	v := verify.New(pack.Builtin().WithCorpus(nil))
	type count struct{ refused, all int }
	counts := map[string]*count{}
	var out [2][]byte // HARD_OUT, FRESH_OUT
	for _, c := range cases {
		s := sets[c.Set]
		claims := v.Claims(c.Text, verify.Given{Domain: s.Domain, Lang: s.Lang, Name: s.Name, Evidence: s.Evidence, Now: s.Now})
		refused := slices.ContainsFunc(claims, func(x because.Claim) bool { return x.Verdict != because.Supported })
		group := c.Script
		if c.Fresh {
			batch, _, _ := strings.Cut(c.At, ".")
			group = batch + " " + c.Script
		}
		for _, k := range []string{group, group + " " + c.Operator} {
			if c.True {
				k = group + " true"
			}
			if counts[k] == nil {
				counts[k] = &count{}
			}
			counts[k].all++
			if refused {
				counts[k].refused++
			}
			if c.True {
				break
			}
		}
		if refused == c.True {
			b, _ := json.Marshal(map[string]any{"case": c, "at": c.At, "claims": claims})
			i := 0
			if c.Fresh {
				i = 1
			}
			out[i] = append(append(out[i], b...), '\n')
		}
	}
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%-26s %4d of %4d refused, %.3f", k, counts[k].refused, counts[k].all, float64(counts[k].refused)/float64(counts[k].all))
	}
	for group, f := range floors {
		if n := counts[group]; n == nil || float64(n.refused) < f.recall*float64(n.all) {
			t.Errorf("%s: %+v of the false texts are refused, not %.3f", group, n, f.recall)
		}
		if n := counts[group+" true"]; n == nil || float64(n.refused) > f.alarms*float64(n.all) {
			t.Errorf("%s: %+v of the true texts are refused, not %.3f", group, n, f.alarms)
		}
	}
	for i, name := range []string{"HARD_OUT", "FRESH_OUT"} {
		if path := os.Getenv(name); path != "" {
			if err := os.WriteFile(path, out[i], 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestPricesStand: the price and the trend of a set may be told, unless its clock has been moved on and its name says so.
func TestPricesStand(t *testing.T) {
	sets, _, err := hard.Load()
	if err != nil {
		t.Fatal(err)
	}
	packs := pack.Builtin()
	for id, s := range sets {
		for _, e := range s.Evidence {
			stands := packs.Pack(s.Domain).Kinds[e.Kind].TTLHours
			if (e.Kind == because.PriceKind || e.Kind == because.Trend) && stands > 0 && s.Now.Sub(e.At).Hours() > stands && !strings.HasSuffix(id, "later") {
				t.Errorf("%s: %s was read %s before", id, e.Text, s.Now.Sub(e.At))
			}
		}
	}
}

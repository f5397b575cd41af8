package engine_test

import (
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"because"
	"because/internal/engine"
)

// TestTransfer leaves one domain out at toy size: what is tuned on it lowers the loss on its texts beyond chance, in both
// languages; called again it trains nothing and says the same, also where a domain's numbers are gone; and whose texts it
// holds can have it erased.
func TestTransfer(t *testing.T) {
	var dir string
	e, _ := open(t, func(o *engine.Options) { dir = o.Dir })
	o := engine.TransferOptions{Size: "tiny", Domains: []string{"travel"}, Readers: 100, Items: 3, Steps: 40, Examples: 100, Texts: 30}
	phases := map[string]int{}
	count := func(p engine.LMProgress) { phases[p.Phase]++ }
	r, err := e.Transfer(t.Context(), o, count)
	if err != nil {
		t.Fatal(err)
	}
	for _, phase := range []string{"corpus", "likelihood", "tuning", "domains"} {
		if phases[phase] == 0 {
			t.Errorf("no step of %s", phase)
		}
	}
	if len(r.Domains) != 1 || r.Domains[0].Domain != "travel" {
		t.Fatalf("domains %+v, want travel alone", r.Domains)
	}
	d := r.Domains[0]
	if d.Tuned != 100 || d.Train == 0 || d.Dev == 0 || d.Parameters == 0 || d.Others[0] == d.Others[1] {
		t.Errorf("trained %+v", d)
	}
	for _, lang := range because.Langs {
		x := d.Results[lang]
		if !(x.Change.Loss.High < 0) || math.Abs(x.After.Loss.Mean-x.Before.Loss.Mean-x.Change.Loss.Mean) > 1e-9 {
			t.Errorf("%s: the tuning changes the loss by %+v, from %.3f to %.3f", lang, x.Change.Loss, x.Before.Loss.Mean, x.After.Loss.Mean)
		}
		for _, s := range []engine.TransferScores{x.Before, x.After} {
			if s.Texts < 20 || s.Claims == 0 || s.Loss.N == 0 || s.Fresh.Mean < max(s.Words.Mean, s.Characters.Mean) || s.Refused.Low > s.Refused.Mean || s.Refused.High < s.Refused.Mean {
				t.Errorf("%s measures %+v", lang, s)
			}
		}
		if held := x.Change.Loss.High < 0 && x.Change.Fresh < 0 && x.Change.Refused.High <= .005; held != x.Change.Held {
			t.Errorf("%s: %+v", lang, x.Change)
		}
		if all := r.All[lang]; all.After.Loss != x.After.Loss || all.Change.Refused != x.Change.Refused || math.Abs(all.Before.Fresh.Mean-x.Before.Fresh.Mean) > 1e-9 {
			t.Errorf("%s: one domain alone is %+v, over the domains %+v", lang, x, all)
		}
	}

	run := filepath.Join(dir, "models", "runs", "transfer-1")
	for _, gone := range []string{"", "domain.json"} {
		if gone != "" {
			if err := os.Remove(filepath.Join(run, "travel", gone)); err != nil {
				t.Fatal(err)
			}
		}
		clear(phases)
		again, err := e.Transfer(t.Context(), o, count)
		if err != nil {
			t.Fatal(err)
		}
		if phases["likelihood"]+phases["tuning"] > 0 {
			t.Errorf("a finished run trains again: %v", slices.Sorted(maps.Keys(phases)))
		}
		if *again.All[because.Chinese] != *r.All[because.Chinese] {
			t.Errorf("called again it says otherwise: %+v, first %+v", again.All[because.Chinese], r.All[because.Chinese])
		}
	}

	for name, change := range map[string]func(*engine.TransferOptions){
		"domain":        func(o *engine.TransferOptions) { o.Domains = []string{"weather"} },
		"size":          func(o *engine.TransferOptions) { o.Size = "huge" },
		"temperature":   func(o *engine.TransferOptions) { o.Temperature = 3 },
		"count":         func(o *engine.TransferOptions) { o.Texts = -1 },
		"few examples":  func(o *engine.TransferOptions) { o.Examples = 5 },
		"too many":      func(o *engine.TransferOptions) { o.Examples, o.Seed = 1<<20, 2 },
		"other options": func(o *engine.TransferOptions) { o.Steps = 3 },
	} {
		bad := o
		change(&bad)
		if _, err := e.Transfer(t.Context(), bad, nil); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("bad %s: %v", name, err)
		}
	}

	erasedWithReaders(t, e, run)
}

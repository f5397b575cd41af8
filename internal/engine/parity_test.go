package engine_test

import (
	"fmt"
	"testing"

	"because"
	"because/internal/engine"
)

// TestParity: on the same facts both languages state the same, whoever writes: in 99.5 % of pairs, which is the aim.
func TestParity(t *testing.T) {
	e, _ := open(t)
	o := engine.ParityOptions{Users: 24, PerUser: 3, Seed: 1, Samples: 3}
	r, err := e.EvaluateParity(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	floors := map[because.Source]float64{because.FromTemplate: .995, because.FromApproved: .995, because.FromEmbedded: .995}
	for _, s := range r.Sources {
		t.Logf("%s: %d pairs, same facts found %.3f, same claims %.3f [%.3f, %.3f], both written %.3f, of those %.3f, %v", s.Source, s.Pairs, s.Found.Mean, s.Same.Mean, s.Same.Low, s.Same.High, s.Wrote, s.Within.Mean, s.Only)
		if s.Same.Mean < floors[s.Source] || s.Pairs == 0 {
			t.Errorf("%s: %.3f of %d pairs say the same, want %.2f", s.Source, s.Same.Mean, s.Pairs, floors[s.Source])
		}
		if s.Source != because.FromEmbedded && s.Wrote != 1 {
			t.Errorf("%s wrote %.3f of its pairs", s.Source, s.Wrote)
		}
		differ := int(float64(s.Pairs)*(1-s.Same.Mean) + .5)
		if len(s.Samples) != min(3, differ) {
			t.Errorf("%s: %d samples of %d pairs that differ", s.Source, len(s.Samples), differ)
		}
		only := 0
		for _, n := range s.Only {
			only += n[0] + n[1]
		}
		if only < differ {
			t.Errorf("%s: %d facts in one language alone, in %d pairs", s.Source, only, differ)
		}
		for _, x := range s.Samples {
			if x.Texts[because.Chinese] == "" || x.Texts[because.English] == "" || len(x.Only[because.Chinese])+len(x.Only[because.English]) == 0 {
				t.Errorf("%s: a sample shows nothing: %+v", s.Source, x)
			}
		}
		for _, lang := range because.Langs {
			if s.Supported[lang] != 1 {
				t.Errorf("%s, %s: %v of the claims are supported", s.Source, lang, s.Supported[lang])
			}
		}
	}
	if len(r.Sources) != len(floors) {
		t.Errorf("%d sources, want %d", len(r.Sources), len(floors))
	}
	again, err := e.EvaluateParity(t.Context(), o, nil)
	if err != nil || fmt.Sprint(again) != fmt.Sprint(r) {
		t.Errorf("the same seed gives another report: %v\n%+v\n%+v", err, r, again)
	}
}

package engine_test

import (
	"reflect"
	"slices"
	"testing"

	"because"
	"because/internal/engine"
)

// TestEvaluateVerifier measures the verifier on a few texts of the small world and on the hand-written cases. The floors are
// what was measured; recall may not fall below nor false alarms rise above them.
func TestEvaluateVerifier(t *testing.T) {
	e, _ := open(t)
	r, err := e.EvaluateVerifier(t.Context(), engine.VerifierOptions{Texts: 6}, nil)
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]bool{}
	for _, script := range engine.Scripts {
		for source, floors := range verifierFloors {
			recall, ok1 := r.Cell(source, script, engine.All, engine.All, false)
			alarms, ok2 := r.Cell(source, script, engine.All, engine.All, true)
			t.Logf("%s, %s: recall %.4f of %d, false alarms %.4f of %d", source, script, recall.Share.Mean, recall.Share.N, alarms.Share.Mean, alarms.Share.N)
			if f := floors[script]; !ok1 || !ok2 || recall.Share.Mean < f[0] || alarms.Share.Mean > f[1] {
				t.Errorf("%s, %s: recall %+v, want %v; false alarms %+v, at most %v", source, script, recall.Share, f[0], alarms.Share, f[1])
			}
		}
		for _, op := range engine.Operators() {
			c, ok := r.Cell(engine.Generated, script, engine.All, op, false)
			measured[op] = measured[op] || ok
			if ok && (c.Located.Mean > c.Share.Mean || c.Share.Low > c.Share.Mean || c.Share.High < c.Share.Mean) {
				t.Errorf("%s, %s: %+v", script, op, c)
			}
		}
		if c, ok := r.Cell(engine.Generated, script, engine.All, engine.AsWritten, true); !ok || c.Share.N != 6*7 {
			t.Errorf("%s: %d clean texts, want six of each domain", script, c.Share.N)
		}
	}
	for _, op := range engine.Operators() { // six texts of a domain may hold nothing for one of them in one language
		if measured[op] != (op != "label") {
			t.Errorf("%s: measured %v", op, measured[op])
		}
	}
	if len(r.Worst) != min(20, r.Wrong) {
		t.Errorf("%d worst of %d", len(r.Worst), r.Wrong)
	}
	for _, c := range r.Worst {
		if c.Source == engine.Fresh {
			t.Errorf("a withheld text is shown: %s", c.At)
		}
		if c.True == !slices.ContainsFunc(c.Claims, func(x because.Claim) bool { return x.Verdict != because.Supported }) || !c.True && c.Wrong == "" {
			t.Errorf("not judged wrongly, or nothing is wrong: %+v", c)
		}
	}
	again, err := e.EvaluateVerifier(t.Context(), engine.VerifierOptions{Texts: 6}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, again) {
		t.Error("the same seed measures something else the second time")
	}
}

// verifierFloors are recall and false alarms by source and script.
var verifierFloors = map[string]map[string][2]float64{
	engine.Generated: {"zh-Hans": {.995, .005}, "zh-Hant": {.995, .005}, "en": {.995, .005}},
	engine.Written:   {"zh-Hans": {.99, .05}, "zh-Hant": {.985, .025}, "en": {.99, .09}},
	engine.Fresh:     {"zh-Hans": {.97, .18}, "zh-Hant": {.95, .1}, "en": {.98, .165}},
}

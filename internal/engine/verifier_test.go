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
	for _, script := range engine.Scripts {
		for _, x := range []struct {
			source         string
			recall, alarms float64
		}{{engine.Generated, verifierFloors[script][0], verifierFloors[script][1]}} {
			recall, ok1 := r.Cell(x.source, script, engine.All, engine.All, false)
			alarms, ok2 := r.Cell(x.source, script, engine.All, engine.All, true)
			if !ok1 || !ok2 || recall.Share.Mean < x.recall || alarms.Share.Mean > x.alarms {
				t.Errorf("%s, %s: recall %+v, want %v; false alarms %+v, at most %v", x.source, script, recall.Share, x.recall, alarms.Share, x.alarms)
			}
		}
		for _, op := range engine.Operators() {
			c, ok := r.Cell(engine.Generated, script, engine.All, op, false)
			if ok != (op != "label") {
				t.Errorf("%s, %s: measured %v", script, op, ok)
			}
			if ok && (c.Located.Mean > c.Share.Mean || c.Share.Low > c.Share.Mean || c.Share.High < c.Share.Mean) {
				t.Errorf("%s, %s: %+v", script, op, c)
			}
		}
		if c, ok := r.Cell(engine.Generated, script, engine.All, engine.AsWritten, true); !ok || c.Share.N != 6*7 {
			t.Errorf("%s: %d clean texts, want six of each domain", script, c.Share.N)
		}
	}
	if len(r.Worst) != min(20, r.Wrong) {
		t.Errorf("%d worst of %d", len(r.Worst), r.Wrong)
	}
	for _, c := range r.Worst {
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

// verifierFloors are recall and false alarms by script.
var verifierFloors = map[string][2]float64{"zh-Hans": {.9, .1}, "zh-Hant": {.9, .1}, "en": {.9, .1}}

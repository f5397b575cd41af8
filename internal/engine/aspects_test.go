package engine_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"because/internal/engine"
)

// TestAspectsReal holds what is read off the test part of the real reviews, on which no word was chosen: better than the
// regression that the train part taught, and nothing quoted as a plus that its review blames.
func TestAspectsReal(t *testing.T) {
	dir := filepath.Join(cmp.Or(os.Getenv("BECAUSE_TESTDATA"), "../../../shared/data"), "asap-reviews")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no test data: %v", err)
	}
	r, err := engine.EvaluateAspects(t.Context(), dir, engine.AspectsOptions{Samples: 10})
	if err != nil {
		t.Fatal(err)
	}
	rules, linear := r.Systems[engine.AspectsRules][""], r.Systems[engine.AspectsLinear][""]
	if rules.F1.Mean < .79 || rules.F1.Low <= linear.F1.High || rules.Polarity.Mean < .79 || rules.Polarity.Low <= linear.Polarity.High {
		t.Errorf("rules %+v, regression %+v", rules, linear)
	}
	if r.Quotes.Quotes < 50 || r.Quotes.Blamed > 0 || r.Quotes.Praised.Mean < .7 {
		t.Errorf("quotes %+v", r.Quotes)
	}
	if len(r.Samples) != 10 {
		t.Errorf("%d explanations", len(r.Samples))
	}
	for _, s := range r.Samples {
		if !strings.Contains(s.Text, "「") || strings.Contains(s.Text, "住") {
			t.Errorf("of a restaurant, with nothing quoted or with somebody who stayed there: %s", s.Text)
		}
	}
}

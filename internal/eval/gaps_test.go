package eval

import (
	"fmt"
	"math"
	"testing"
)

func TestGaps(t *testing.T) {
	row := func(user, group string, x float64, weight float64) AuditRow {
		return AuditRow{User: user, Groups: map[string][]string{"city": {group}}, Values: map[string]float64{"faithful": x}, Weight: weight}
	}
	// Weighted means: (1·3 + 0·1)/4 = .75 in a, (1 + 0)/2 = .5 in b; c has one reader.
	rows := []AuditRow{row("1", "a", 1, 3), row("2", "a", 0, 1), row("3", "b", 1, 0), row("4", "b", 0, 0), row("5", "c", 1, 1)}
	gaps, small := Gaps(rows, 2, 1)
	if len(gaps) != 2 || len(small) != 1 || small[0] != (SmallGroup{"city", "c", 1}) {
		t.Fatalf("%+v, small %+v", gaps, small)
	}
	a := gaps[0].Measures["faithful"]
	if gaps[0].Group != "a" || a.Users != 2 || a.Others != 3 || !near(a.Mean.Mean, .75) || !near(a.Gap.Mean, .75-2./3) {
		t.Errorf("%+v", gaps[0])
	}
	// Of one reader's many texts no interval gets narrow, and a gap of nothing holds 0.
	var many []AuditRow
	for u := range 40 {
		group, x := "a", float64(u/2%2)
		if u%2 == 1 {
			group = "b"
		}
		for range 50 {
			many = append(many, row(fmt.Sprint(u), group, x, 1))
		}
	}
	gaps, _ = Gaps(many, 20, 1)
	if g := gaps[0].Measures["faithful"].Gap; !near(g.Mean, 0) || g.Low > -.2 || g.High < .2 {
		t.Errorf("20 readers a side with 50 texts each: %+v", g)
	}
	// A reader may be on both sides of a language, and in several groups of a field with several words.
	both := []AuditRow{
		{User: "1", Groups: map[string][]string{"lang": {"zh"}, "likes": {"x", "y"}}, Values: map[string]float64{"length": 2}},
		{User: "1", Groups: map[string][]string{"lang": {"en"}, "likes": {"x", "y"}}, Values: map[string]float64{"length": 1}},
		{User: "2", Groups: map[string][]string{"lang": {"zh"}, "likes": {"y"}}, Values: map[string]float64{"length": math.NaN()}},
	}
	gaps, _ = Gaps(both, 1, 1)
	if len(gaps) != 2 || gaps[0].Group != "en" || !near(gaps[0].Measures["length"].Gap.Mean, -1) {
		t.Errorf("%+v", gaps)
	}
}

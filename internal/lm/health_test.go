package lm

import (
	"math"
	"slices"
	"testing"
)

func TestHealth(t *testing.T) {
	well := HealthPoint{LossG: 1.1, LossD: .6, DReal: .6, DFake: .4, Distinct2: .9}
	with := func(change func(p *HealthPoint)) []HealthPoint {
		points := slices.Repeat([]HealthPoint{well}, 20)
		for i := range points[18:] {
			change(&points[18+i])
		}
		return points
	}
	for _, tt := range []struct {
		name   string
		points []HealthPoint
		want   []string
	}{
		{"nothing", nil, nil},
		{"well", with(func(*HealthPoint) {}), nil},
		{"the article's printed pair", []HealthPoint{{LossG: .4266, LossD: .3141, DReal: .5, DFake: .65, Distinct2: 1}}, []string{HealthBound}},
		{"swapped", with(func(p *HealthPoint) { p.LossG, p.LossD, p.DReal, p.DFake = .05, .05, .05, .95 }), []string{HealthBound, HealthSwapped}},
		{"D is sure", with(func(p *HealthPoint) { p.LossG, p.LossD, p.DReal, p.DFake = 6, .01, .99, .01 }), []string{HealthSaturated}},
		{"one text only", with(func(p *HealthPoint) { p.Distinct2 = .01 }), []string{HealthCollapsed}},
		{"no number", with(func(p *HealthPoint) { p.LossG = math.NaN() }), []string{HealthNaN}},
		{"ill long ago", append([]HealthPoint{{LossG: .4266, LossD: .3141}}, with(func(*HealthPoint) {})...), nil},
	} {
		if got := Health(tt.points); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

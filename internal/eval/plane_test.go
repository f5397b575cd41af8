package eval_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"because/internal/eval"
)

// TestSweepPoints works two temperatures by hand: quality is the mean, diversity the share of different pairs.
func TestSweepPoints(t *testing.T) {
	s := eval.Sweep{
		{{Quality: .5, Pairs: []int32{0, 1}}, {Quality: .7, Pairs: []int32{0, 1}}},
		{{Quality: .2, Pairs: []int32{0, 1, 2}}, {Quality: .4, Pairs: []int32{3}}},
	}
	for i, want := range []eval.PlanePoint{{Quality: .6, Diversity: .5}, {Quality: .3, Diversity: 1}} {
		if got := s.Points()[i]; math.Abs(got.Quality-want.Quality) > 1e-12 || got.Diversity != want.Diversity {
			t.Errorf("temperature %d lies at %+v, want %+v", i, got, want)
		}
	}
}

// swept are sweeps of two seeds over 200 contexts: the higher the temperature, the more different the texts and the lower
// their quality, to which lift is added.
func swept(lift float64, noise uint64) []eval.Sweep {
	rng := rand.New(rand.NewPCG(noise, 1))
	out := make([]eval.Sweep, 2)
	for i := range out {
		for t := range 5 {
			var texts []eval.PlaneText
			for range 200 {
				x := eval.PlaneText{Quality: .6 - .1*float64(t) + lift + .05*rng.NormFloat64()}
				for range 10 {
					x.Pairs = append(x.Pairs, rng.Int32N(int32(50+400*t)))
				}
				texts = append(texts, x)
			}
			out[i] = append(out[i], texts)
		}
	}
	return out
}

// TestDominates finds a lead that is there, all along the curve and of its size, and finds none among equals.
func TestDominates(t *testing.T) {
	d := eval.Dominates(swept(.05, 1), swept(0, 2), 1)
	if d.Above < .95 || d.Ahead < .95 || d.Lead.Low > .05 || d.Lead.High < .05 || d.Lead.Low < .02 {
		t.Errorf("a lead of .05 shows as %+v", d)
	}
	if d := eval.Dominates(swept(0, 3), swept(0, 4), 1); d.Above > .1 || d.Lead.Low > 0 || d.Lead.High < 0 {
		t.Errorf("equals show as %+v", d)
	}
	if d := eval.Dominates(swept(0, 1), swept(.05, 2), 1); d.Above > 0 || d.Lead.High > 0 {
		t.Errorf("the weaker one shows as %+v", d)
	}
	if d := eval.Dominates(nil, swept(0, 1), 1); d != (eval.Dominance{}) {
		t.Errorf("nothing dominates as %+v", d)
	}
}

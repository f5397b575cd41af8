package evidence

import (
	"testing"

	"because"
)

// A rating is told on the scale that it was given on, which its weight tells; the middle of a scale is no liking.
func TestRatingScale(t *testing.T) {
	for _, c := range []struct {
		value, weight, high float64
		disliked            bool
	}{
		{5, 1, 5, false}, {4, .5, 5, false}, {4, .6, 5, false}, {4.5, .8, 5, false},
		{8, .6, 10, false}, {8, 5.0 / 9 * 1, 10, false}, {5, 0, 5, true}, {5, -1.0 / 9, 10, true},
		{80, .6, 100, false}, {3, 0, 5, true}, {8, 0, 10, false}, {90, 0, 100, false},
		{10, 1, 10, false}, {6, .2, 10, false},
	} {
		x := because.Interaction{Kind: because.Rating, Value: c.value, Weight: c.weight}
		if got := disliked(x); got != c.disliked {
			t.Errorf("%v with weight %v: disliked %v", c.value, c.weight, got)
		}
		if got := highest(x); !c.disliked && got != c.high {
			t.Errorf("%v with weight %v: of %v, want %v", c.value, c.weight, got, c.high)
		}
	}
}

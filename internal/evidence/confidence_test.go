package evidence

import (
	"testing"

	"because"
)

// TestConfidence: by the part of all positive shares that the named cause carries, and by its lead over the next one.
func TestConfidence(t *testing.T) {
	for _, tt := range []struct {
		habit, trait, popular float64
		want                  string
	}{
		{.6, .2, .1, High},  // .6 of .9, three times the next
		{.5, .1, .35, Fair}, // more than half, not twice the next
		{.4, .3, .1, Fair},  // half of .8, a third more than the next
		{.3, .28, .1, Low},  // hardly more than the next
		{.25, .2, .55, Low}, // a quarter of all
		{0, .5, .2, ""},     // it carries nothing, so it names no cause
	} {
		all := []because.Evidence{
			{ID: "e1", Kind: because.Habit, Ref: "watch", Share: tt.habit},
			{ID: "e2", Kind: because.Fit, Ref: "battery", Share: tt.trait},
			{ID: "e3", Kind: because.Popular, Share: tt.popular},
		}
		if got := Confidence(all, all[0]); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt, got, tt.want)
		}
		if got := Confidence(all, all[2]); got != "" {
			t.Errorf("%+v: what is popular is named with confidence %q", tt, got)
		}
	}
}

package lm

import (
	"slices"
	"testing"
)

// TestAlarms holds each alarm to its bound from both sides.
func TestAlarms(t *testing.T) {
	before := Evaluation{Distinct2: .4, SelfBLEU4: .5, Entropy: 2, Length: 20, Claims: 1000, Unsupported: .02, Accuracy: .7}
	for _, tt := range []struct {
		name   string
		change func(e *Evaluation)
		want   []string
	}{
		{"nothing changed", func(*Evaluation) {}, nil},
		{"distinct-2 to 91 %", func(e *Evaluation) { e.Distinct2 = .364 }, nil},
		{"distinct-2 to 89 %", func(e *Evaluation) { e.Distinct2 = .356 }, []string{"distinct2"}},
		{"self-BLEU +.04", func(e *Evaluation) { e.SelfBLEU4 = .54 }, nil},
		{"self-BLEU +.06", func(e *Evaluation) { e.SelfBLEU4 = .56 }, []string{"self_bleu4"}},
		{"KL .14", func(e *Evaluation) { e.KL = .14 }, nil},
		{"KL .16", func(e *Evaluation) { e.KL = .16 }, []string{"kl"}},
		{"entropy to 71 %", func(e *Evaluation) { e.Entropy = 1.42 }, nil},
		{"entropy to 69 %", func(e *Evaluation) { e.Entropy = 1.38 }, []string{"entropy"}},
		{"length +9 %", func(e *Evaluation) { e.Length = 21.8 }, nil},
		{"length +11 %", func(e *Evaluation) { e.Length = 22.2 }, []string{"length"}},
		{"length −11 %", func(e *Evaluation) { e.Length = 17.8 }, []string{"length"}},
		// two standard errors of .02 against .03 over a thousand claims are 2·√(.0000196 + .0000291) = .014
		{"unsupported +1 point", func(e *Evaluation) { e.Unsupported = .03 }, nil},
		{"unsupported +3 points", func(e *Evaluation) { e.Unsupported = .05 }, []string{"unsupported"}},
		{"unsupported +1 point over a million", func(e *Evaluation) { e.Unsupported, e.Claims = .03, 1e6 }, []string{"unsupported"}},
		{"D at .53", func(e *Evaluation) { e.Accuracy = .53 }, nil},
		{"D at .51", func(e *Evaluation) { e.Accuracy = .51 }, []string{"low_d"}},
		{"D at .96", func(e *Evaluation) { e.Accuracy = .96 }, []string{"high_d"}},
		{"collapse", func(e *Evaluation) { e.Distinct2, e.SelfBLEU4, e.Entropy = .1, .9, .3 }, []string{"distinct2", "self_bleu4", "entropy"}},
	} {
		b := before
		if tt.name == "unsupported +1 point over a million" {
			b.Claims = 1e6
		}
		now := b
		tt.change(&now)
		if got := (Alarms{}).fired(now, b); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q fired, want %q", tt.name, got, tt.want)
		}
	}
	for _, tt := range []struct {
		before, now float64
		want        []string
	}{{.97, .98, nil}, {.96, .99, []string{"high_d"}}, {.5, .49, nil}, {.52, .49, []string{"low_d"}}} {
		if got := (Alarms{}).fired(Evaluation{Accuracy: tt.now}, Evaluation{Accuracy: tt.before}); !slices.Equal(got, tt.want) {
			t.Errorf("accuracy from %.2f to %.2f: %q fired, want %q", tt.before, tt.now, got, tt.want)
		}
	}
	if got := (Alarms{KL: -1}).fired(Evaluation{KL: 9, Accuracy: .7}, Evaluation{Accuracy: .7}); got != nil {
		t.Errorf("turned off: %q", got)
	}
}

package lm

import (
	"math"
	"slices"
	"testing"
)

// TestReward holds rewards to sums worked out by hand.
func TestReward(t *testing.T) {
	plain := []int32{10, 11, 12, 13, 14}
	loop := []int32{10, 11, 10, 11, 10, 11, 10} // 4-grams abab, baba, abab, baba: half stood before
	for _, tt := range []struct {
		name string
		d    float64
		text []int32
		j    Judgement
		want float64
	}{
		{"all supported", 1.5, plain, Judgement{Supported: 2, Required: 2, Mentioned: 2}, 1.5 + 2*1 + .5*1},
		{"half covered", 1.5, plain, Judgement{Supported: 2, Required: 2, Mentioned: 1}, 1.5 + 2*1 + .5*.5},
		{"one of two unsupported: (1−2)/2, and D capped", 1.5, plain, Judgement{Supported: 1, Unsupported: 1}, 0 + 2*-.5 + .5},
		{"unsupported, and D below the cap", -2, plain, Judgement{Unsupported: 1}, -2 + 2*-2 + .5},
		{"no claim", 1, plain, Judgement{}, 1 + 0 + .5},
		{"repeats", 1, loop, Judgement{Supported: 1}, 1 + 2 + .5 - .5},
		{"too long by 1.5 sd beyond the first", 1, plain, Judgement{Supported: 1, LengthZ: 2.5}, 1 + 2 + .5 - .5*1.5},
		{"too short", 1, plain, Judgement{Supported: 1, LengthZ: -2}, 1 + 2 + .5 - .5},
		{"within one sd", 1, plain, Judgement{Supported: 1, LengthZ: -.9}, 1 + 2 + .5},
		{"two rules broken", 1, plain, Judgement{Supported: 1, RuleHits: 2}, 1 + 2 + .5 - 4},
		{"empty", 0, nil, Judgement{Required: 1}, 0},
	} {
		if got := rewardOf(tt.d, tt.text, tt.j).Total; math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: %.4f, want %.4f", tt.name, got, tt.want)
		}
	}
	// However human an invention sounds, it earns less than honesty that hardly does.
	invented, honest := rewardOf(3, plain, Judgement{Supported: 1, Unsupported: 1}).Total, rewardOf(-2.5, plain, Judgement{Supported: 1}).Total
	if invented >= honest {
		t.Errorf("inventing earns %.2f at D's best, honesty %.2f at logit −2.5", invented, honest)
	}
}

func TestRewardForms(t *testing.T) {
	for _, tt := range []struct {
		form        RewardForm
		logit, real float64
		want        float64
	}{
		{LogOdds, 1.25, 0, 1.25}, {LogOdds, 9, 0, 3}, {LogOdds, -9, 0, -3},
		{LogD, 0, 0, -.693147}, {LogD, math.Log(3), 0, -.287682}, // log ¾
		{CentredD, 0, 0, 0}, {CentredD, math.Log(3), 0, .5},
		{Pairwise, 2, 2, .5}, {Pairwise, 1, 1 + math.Log(3), .25},
	} {
		if got := tt.form.of(tt.logit, tt.real); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%q of %.3f against %.3f: %.6f, want %.6f", tt.form, tt.logit, tt.real, got, tt.want)
		}
	}
}

func TestLeaveOneOut(t *testing.T) {
	for _, tt := range []struct{ rewards, want []float64 }{
		{[]float64{1, 2, 6}, []float64{1 - 4, 2 - 3.5, 6 - 1.5}},
		{[]float64{3, 3, 3, 3}, []float64{0, 0, 0, 0}}, // a constant reward teaches nothing
		{[]float64{5}, []float64{0}},
		{nil, []float64{}},
	} {
		if got := leaveOneOut(tt.rewards); !slices.Equal(got, tt.want) {
			t.Errorf("leaveOneOut(%v) = %v, want %v", tt.rewards, got, tt.want)
		}
	}
}

func TestTokenWeights(t *testing.T) {
	s := Sample{Tokens: []int32{5, 6, 7}, Ended: true}
	got := tokenWeights(1, s, []float32{2, -9}, 1, true) // 1 + .3·(2−1), 1 + .3·(−3−1), not read, <end>
	for i, want := range []float32{1.3, -.2, 1, 1} {
		if len(got) != 4 || math.Abs(float64(got[i]-want)) > 1e-6 {
			t.Fatalf("weights %v, want [1.3 −.2 1 1]", got)
		}
	}
	if got := tokenWeights(1, s, []float32{2, -9}, 1, false)[0]; got != 1 {
		t.Errorf("a token of an unsupported text gains: %v", got)
	}
	s.Ended = false
	if got := tokenWeights(1, s, nil, 1, true); len(got) != 3 {
		t.Errorf("%d weights without <end>, want 3", len(got))
	}
}

func TestQuality(t *testing.T) {
	same := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s = %.6f, want %.6f", what, got, want)
		}
	}
	a, b := []int32{1, 2, 3, 4}, []int32{1, 2, 3, 5}
	same("distinct-2", distinct([][]int32{a, b}, 2), 4.0/6) // 12 23 34 | 12 23 35
	same("distinct-2 of nothing", distinct(nil, 2), 0)
	// unigrams 3/4, bigrams 2/3, trigrams 1/2, the 4-gram does not match: 1/2·1
	same("BLEU-4", bleu(b, [][]int32{a}, 4), math.Pow(3.0/4*2/3*1/2*1/2, .25))
	same("BLEU-2 of itself", bleu(a, [][]int32{b, a}, 2), 1)
	same("BLEU clips", bleu([]int32{1, 1, 1, 1}, [][]int32{a}, 1), 1.0/4)
	same("BLEU of nothing", bleu(nil, [][]int32{a}, 4), 0)
	same("self-BLEU-4 of two", selfBLEU([][]int32{a, b}, 4), bleu(b, [][]int32{a}, 4))
	same("self-BLEU-4 of copies", selfBLEU([][]int32{a, a}, 4), 1)
	d2, sb4 := Diversity([][]int32{a, b})
	same("diversity", d2, 4.0/6)
	same("likeness", sb4, bleu(b, [][]int32{a}, 4))
	// (diversity .8, quality .2) covers .16; (.5, .6) adds .5·.4; (.4, .5) lies below
	same("area", coveredArea([]qualityPoint{{.5, .4}, {.2, .8}, {.6, .5}}), .16+.2)
	same("area of nothing", coveredArea(nil), 0)
}

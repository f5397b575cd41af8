package lm

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
)

// TestPreferWeights holds loss, margin and weights to values worked out by hand.
func TestPreferWeights(t *testing.T) {
	pairs := []Preference{{}, {Weight: 3}}
	now := [][]float32{{-1, -1}, {-2}, {-3, -1, -1}, {-1}}
	reference := [][]float32{{-2, -1}, {-2}, {-2, -1, -1}, {-2}}
	// log-ratios: chosen 1 and 0, rejected −1 and 1; β = ½: margins ½(1+1) = 1 and ½(0−1) = −½; the pairs count ¼ and ¾
	weights, p := preferWeights(pairs, now, reference, PreferOptions{Beta: .5, Likelihood: .2})
	sp := func(x float64) float64 { return math.Log(1 + math.Exp(x)) }
	sg := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for _, v := range []struct {
		name      string
		got, want float64
	}{
		{"loss", p.Loss, .25*sp(-1) + .75*sp(.5)},
		{"margin", p.Margin, .25*1 - .75*.5},
		{"accuracy", p.Accuracy, .25},
		{"chosen", p.Chosen, (-1 - 1 - 2) / 3.0},
		// 7 tokens, of which 3 are of chosen texts
		{"chosen 0", float64(weights[0][1]), 7*.25*.5*sg(-1) + .2*7/3},
		{"chosen 1", float64(weights[1][0]), 7*.75*.5*sg(.5) + .2*7/3},
		{"rejected 0", float64(weights[2][2]), -7 * .25 * .5 * sg(-1)},
		{"rejected 1", float64(weights[3][0]), -7 * .75 * .5 * sg(.5)},
	} {
		if math.Abs(v.got-v.want) > 1e-6 {
			t.Errorf("%s = %.6f, want %.6f", v.name, v.got, v.want)
		}
	}
	// By the token: chosen ½ and 0, rejected −⅓ and 1; margins ½·⅚ and −½.
	weights, p = preferWeights(pairs, now, reference, PreferOptions{Beta: .5, PerToken: true})
	if want := .25*sp(-5.0/12) + .75*sp(.5); math.Abs(p.Loss-want) > 1e-6 {
		t.Errorf("loss by the token %.6f, want %.6f", p.Loss, want)
	}
	if want := -7 * .25 * .5 * sg(-5.0/12) / 3; math.Abs(float64(weights[2][0])-want) > 1e-6 {
		t.Errorf("rejected 0 by the token %.6f, want %.6f", weights[2][0], want)
	}
}

// TestPreferGradient moves along the weights' gradient and holds the change of the loss to central differences: the
// weighted likelihood that preferWeights stands for has the derivative of the loss.
func TestPreferGradient(t *testing.T) {
	now := [][]float32{{-1, -.5}, {-2, -1, -3}}
	reference := [][]float32{{-1.5, -.7}, {-2.5, -1, -2}}
	o := PreferOptions{Beta: .7}
	weights, _ := preferWeights([]Preference{{}}, now, reference, o)
	for i := range now {
		for j := range now[i] {
			at := func(d float32) float64 {
				moved := [][]float32{slices.Clone(now[0]), slices.Clone(now[1])}
				moved[i][j] += d
				_, p := preferWeights([]Preference{{}}, moved, reference, o)
				return p.Loss
			}
			want := (at(1e-2) - at(-1e-2)) / 2e-2
			if got := -float64(weights[i][j]) / 5; math.Abs(got-want) > 1e-4 {
				t.Errorf("d loss/d log p[%d][%d] = %.5f, by central differences %.5f", i, j, got, want)
			}
		}
	}
}

// TestPrefer teaches the toy generator which last word was found helpful.
func TestPrefer(t *testing.T) {
	reference, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	g, err := reference.Clone()
	if err != nil {
		t.Fatal(err)
	}
	var pairs []Preference
	for _, e := range gameData(64) {
		good, bad := slices.Clone(e.Text), slices.Clone(e.Text)
		good[3], bad[3] = liked, disliked
		pairs = append(pairs, Preference{Chosen: e.with(good), Rejected: e.with(bad)})
	}
	var first, last PreferProgress
	if err := g.Prefer(context.Background(), pairs, PreferOptions{Epochs: 8, LR: 6e-3, Seed: 1}, func(p PreferProgress) {
		if p.Step == 1 {
			first = p
		}
		last = p
	}); err != nil {
		t.Fatal(err)
	}
	if math.Abs(first.Loss-math.Ln2) > 1e-6 || first.Margin != 0 {
		t.Errorf("before the first step the loss is %.4f and the margin %g, want ln 2 and 0", first.Loss, first.Margin)
	}
	if last.Step != 16 || last.Accuracy < .95 || last.Loss >= first.Loss {
		t.Errorf("at the end: %+v", last)
	}
	if got, before := likedShare(t, g), likedShare(t, reference); got < before+.3 {
		t.Errorf("the chosen word is in %.2f of the texts, before in %.2f", got, before)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := g.Prefer(ctx, pairs, PreferOptions{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := g.Prefer(context.Background(), nil, PreferOptions{}, nil); err != nil {
		t.Errorf("no pairs: %v", err)
	}
}

// TestSpin lets the generator learn from people who always end on the liked word, which it writes half of the time.
func TestSpin(t *testing.T) {
	reference, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	var shares []float64
	for range 2 {
		g, err := reference.Clone()
		if err != nil {
			t.Fatal(err)
		}
		data := gameData(64)
		for i := range data {
			data[i].Text[3] = liked
		}
		iterations := 0
		if err := Spin(context.Background(), g, data, SpinOptions{Prefer: PreferOptions{Epochs: 4, LR: 3e-3}, MaxTokens: 8, Seed: 1},
			func(p SpinProgress) { iterations = p.Iteration + 1 }); err != nil {
			t.Fatal(err)
		}
		if iterations != 2 {
			t.Errorf("%d iterations, want 2", iterations)
		}
		shares = append(shares, likedShare(t, g))
	}
	if before := likedShare(t, reference); shares[0] < before+.15 {
		t.Errorf("the liked word is in %.2f of the texts, before in %.2f", shares[0], before)
	}
	if shares[0] != shares[1] {
		t.Errorf("the same seed gives %v", shares)
	}
}

// TestFiltered keeps supported texts only, at most one a prompt, and no more than the share.
func TestFiltered(t *testing.T) {
	g, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	d, data := toyDiscriminator(t, CellGRU), gameData(32)
	kept, err := Filtered(context.Background(), g, d, data, likes, FilterOptions{MaxTokens: 8, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != 16 {
		t.Errorf("%d of 32 kept, want half", len(kept))
	}
	for _, e := range kept {
		if likes(0, e.Text).Supported == 0 {
			t.Errorf("%v is kept", e.Text)
		}
	}
	order, logits, err := d.Rank(context.Background(), data[0].Prompt, [][]int32{{4, 12}, {4, 13, 14}, {5}})
	if err != nil {
		t.Fatal(err)
	}
	if logits[order[0]] < logits[order[1]] || logits[order[1]] < logits[order[2]] {
		t.Errorf("order %v of %v", order, logits)
	}
	none, err := Filtered(context.Background(), g, d, data, func(int, []int32) Judgement { return Judgement{Unsupported: 1} }, FilterOptions{MaxTokens: 8})
	if err != nil || len(none) != 0 {
		t.Errorf("%d texts kept of unsupported ones (%v)", len(none), err)
	}
}

package lm

import (
	"context"
	"math"
	"slices"
	"testing"
)

// ones gives every token of every text and its <end> the same weight.
func ones(data []Example, weight float32) [][]float32 {
	out := make([][]float32, len(data))
	for i, e := range data {
		out[i] = slices.Repeat([]float32{weight}, len(e.Text)+1)
	}
	return out
}

// With weights of one the gradients are those of likelihood.
func TestWeightedIsLikelihood(t *testing.T) {
	cfg := toyConfig()
	cfg.Dropout = 0.3 // which weighted steps do not use
	g := newToy(t, cfg)
	data := toyData(9, 3)
	for i := range data {
		data[i].Aspect, data[i].Rating, data[i].Next = -1, float32(math.NaN()), nil
	}
	g.cfg.Dropout = 0
	l, steps := wholeStep(g, data, TrainOptions{StateDropout: -1})
	want, _ := gradients(t, l, steps)
	g.cfg.Dropout = 0.3
	n := 0
	for _, e := range data {
		n += len(e.Text) + 1
	}
	b := batching{}.plan(data, cfg.SoftTokens, 4096, nil)
	var weighted []microStep
	for _, b := range b {
		weighted = append(weighted, b.weigh(data, ones(data, 1), nil, g.cfg, 1/float32(n), 0))
	}
	got, _ := gradients(t, l, weighted)
	for _, path := range g.params {
		for i := range want[path] {
			if math.Abs(float64(got[path][i]-want[path][i])) > 1e-6 {
				t.Fatalf("%s[%d]: %g, want %g", path, i, got[path][i], want[path][i])
			}
		}
	}
}

// Positive weights make texts likelier, negative ones less; the divergence is zero at the reference and grows away
// from it; and beta pulls back.
func TestStepWeighted(t *testing.T) {
	ctx := context.Background()
	data := toyData(6, 8)
	moved := map[float64]float64{}
	for _, beta := range []float64{0, 5} {
		g := newToy(t, toyConfig())
		reference, err := g.LogProbs(ctx, data)
		if err != nil {
			t.Fatal(err)
		}
		weights := ones(data[:3], 1)
		weights = append(weights, ones(data[3:], -1)...)
		g.restartWeighted()
		before := [2]float64{mustLoss(t, g, data[:3]), mustLoss(t, g, data[3:])}
		for step := range 10 {
			stats, err := g.stepWeighted(data, weights, reference, weightedOptions{Beta: beta, LR: 1e-3})
			if err != nil {
				t.Fatal(err)
			}
			if step == 0 && math.Abs(stats.KL) > 1e-5 {
				t.Errorf("beta %g: divergence %g from itself", beta, stats.KL)
			}
			moved[beta] = stats.KL
		}
		if a := mustLoss(t, g, data[:3]); a >= before[0] {
			t.Errorf("beta %g: favoured texts have loss %.3f, before %.3f", beta, a, before[0])
		}
		if a := mustLoss(t, g, data[3:]); a <= before[1] {
			t.Errorf("beta %g: disfavoured texts have loss %.3f, before %.3f", beta, a, before[1])
		}
		if g.weightedSteps() != 10 {
			t.Errorf("%d steps counted, want 10", g.weightedSteps())
		}
	}
	if moved[5] >= moved[0] {
		t.Errorf("divergence %.4f with beta 5, %.4f without", moved[5], moved[0])
	}
}

// The gradient of the divergence term agrees with central differences.
func TestWeightedGradient(t *testing.T) {
	g := newToy(t, toyConfig())
	data := toyData(5, 8)
	reference := ones(data, -3)
	b := batching{}.plan(data, g.cfg.SoftTokens, 4096, nil)
	l := &trainLoop{g: g, t: g.trainFn()}
	var steps []microStep
	for _, b := range b {
		steps = append(steps, b.weigh(data, ones(data, 0.5), reference, g.cfg, 0.1, 0.2))
	}
	loss := func() float64 {
		_, s := gradients(t, l, steps)
		return 0.1*0.5*s.text + 0.2*s.kl
	}
	analytic, _ := gradients(t, l, steps)
	weights := g.weightsNow()
	for _, path := range []string{"/gpt/embed", "/gpt/layer0/v", "/gpt/layer1/down", "/soft/base"} {
		largest := 0
		for i, v := range analytic[path] {
			if math.Abs(float64(v)) > math.Abs(float64(analytic[path][largest])) {
				largest = i
			}
		}
		const h = 1e-2
		at := func(d float32) float64 {
			w := slices.Clone(weights[path])
			w[largest] += d
			g.setWeights(map[string][]float32{path: w})
			return loss()
		}
		numeric := (at(h) - at(-h)) / (2 * h)
		g.setWeights(weights)
		if got := float64(analytic[path][largest]); math.Abs(got-numeric) > 1e-3+0.03*math.Abs(numeric) {
			t.Errorf("%s[%d]: gradient %.5f, central difference %.5f", path, largest, got, numeric)
		}
	}
}

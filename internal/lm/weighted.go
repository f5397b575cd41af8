package lm

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/tensors"
)

// weightedOptions say how one step of weighted likelihood is taken.
type weightedOptions struct {
	Beta        float64 // weight of the divergence from the reference, per token
	LR          float64
	Decay       float64 // AdamW's weight decay
	Clip        float64 // largest norm of the gradients; 0 means 1
	MicroTokens int     // padded tokens that go through the graph at once; 0 means 4096
}

// weightedStats are what one step of weighted likelihood saw, before it changed the weights.
type weightedStats struct {
	Tokens   int     // that had a weight's place: texts and their <end>
	Loss     float64 // nats per token, unweighted
	KL       float64 // k3 estimate per token; 0 without a reference
	GradNorm float64
}

// stepWeighted takes one optimiser step on (1/n)·Σ (−weight·log p + beta·k3), over the n tokens of all texts and their
// <end>: policy gradient when the weights are advantages, likelihood when they are 1. k3 estimates the divergence from
// the reference whose log-probabilities are given; nil means none. There is no dropout and the heads do not learn.
//
// A text whose own reference is nil is not held back; KL then says nothing, since its tokens count for it.
//
// weights[i] and reference[i] go token by token along examples[i].Text and then <end>; what they do not reach weighs 0.
// restartWeighted must come before the first step.
func (g *Generator) stepWeighted(examples []Example, weights, reference [][]float32, o weightedOptions) (weightedStats, error) {
	if len(weights) != len(examples) || reference != nil && len(reference) != len(examples) {
		panic(fmt.Sprintf("lm: %d weights and %d references for %d examples", len(weights), len(reference), len(examples)))
	}
	if err := g.cfg.checkExamples(examples); err != nil {
		return weightedStats{}, fmt.Errorf("weighted step: %w", err)
	}
	if o.MicroTokens == 0 {
		o.MicroTokens = g.microTokens()
	}
	if o.Clip == 0 {
		o.Clip = 1
	}
	var stats weightedStats
	for i := range examples {
		stats.Tokens += len(weights[i])
	}
	if stats.Tokens == 0 {
		return stats, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.trainFn()
	share := float32(1 / float64(stats.Tokens))
	var total sums
	for _, b := range g.batching().plan(examples, g.cfg.SoftTokens, o.MicroTokens, nil) {
		s, err := t.add(b.weigh(examples, weights, reference, g.cfg, share, float32(o.Beta)*share), nil)
		if err != nil {
			return stats, fmt.Errorf("weighted step: %w", err)
		}
		total.add(s)
	}
	t.weighted++
	var err error
	if stats.GradNorm, err = t.update(update{lr: o.LR, decay: o.Decay, clip: o.Clip, step: t.weighted}); err != nil {
		return stats, fmt.Errorf("weighted step: %w", err)
	}
	stats.Loss = total.text / float64(stats.Tokens)
	if reference != nil {
		stats.KL = total.kl / float64(stats.Tokens)
	}
	if math.IsNaN(stats.GradNorm) || math.IsInf(stats.GradNorm, 0) {
		return stats, fmt.Errorf("weighted step: the gradients' norm is %v", stats.GradNorm)
	}
	return stats, nil
}

// weigh lays out a micro-batch of weighted likelihood. Only what a weight reaches is real.
func (b microBatch) weigh(examples []Example, weights, reference [][]float32, cfg Config, share, kl float32) microStep {
	m := microStep{batch: b, data: b.lay(examples, cfg), heads: b.layHeads(examples, cfg, 0, 0, 0), still: true}
	n := b.rows * b.text
	m.weight, m.kl, m.reference, m.keepState = make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, b.rows)
	clear(m.data.real)
	for r, i := range b.examples {
		m.keepState[r] = 1
		at := r * b.text
		for j, w := range weights[i] {
			m.weight[at+j] = w * share
			m.data.real[at+j] = 1
			if reference != nil && reference[i] != nil {
				m.reference[at+j], m.kl[at+j] = reference[i][j], kl
			}
		}
	}
	return m
}

// restartWeighted forgets the optimiser's moments and the count of weighted steps.
func (g *Generator) restartWeighted() {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.trainFn()
	t.clearMoments()
	t.weighted = 0
}

// trainTensors copies the weights and the optimiser's moments, by path, for a checkpoint.
func (g *Generator) trainTensors() map[string]storedTensor {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.trainFn().tensors()
}

// setTrainTensors puts back what trainTensors gave, and the count of weighted steps.
func (g *Generator) setTrainTensors(stored map[string]storedTensor, weighted int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.trainFn()
	t.weighted = weighted
	for path, s := range stored {
		if err := t.setTensor(path, s); err != nil {
			return err
		}
	}
	return nil
}

// weightedSteps counts the steps since restartWeighted.
func (g *Generator) weightedSteps() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.trainFn().weighted
}

// tensors copies the weights and the moments.
func (t *trainer) tensors() map[string]storedTensor {
	out := map[string]storedTensor{}
	for _, path := range t.g.learned() {
		for _, kind := range []string{"", "/train/m", "/train/v"} {
			v := t.g.store.GetVariable(kind + path)
			out[kind+path] = storedTensor{dims: v.Shape().Dimensions, floats: tensors.MustCopyFlatData[float32](v.MustValue())}
		}
	}
	return out
}

// setTensor puts one of them back.
func (t *trainer) setTensor(path string, s storedTensor) error {
	v := t.g.store.GetVariable(path)
	if v == nil || v.Shape().Size() != len(s.floats) {
		return fmt.Errorf("%s of shape %v does not fit", path, s.dims)
	}
	t.g.setWeights(map[string][]float32{path: s.floats})
	return nil
}

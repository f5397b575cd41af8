package lm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// SpinOptions say how a generator plays against itself.
type SpinOptions struct {
	Iterations  int // 0 means 2
	Prefer      PreferOptions
	Temperature float32 // of its own texts; 0 means 1
	MaxTokens   int     // 0 means 64
	Seed        uint64
}

// SpinProgress is what one step shows.
type SpinProgress struct {
	Iteration int `json:"iteration"` // from 0
	PreferProgress
}

// Spin is self-play fine-tuning, the same game without a discriminator (SPIN, arXiv 2401.01335): in each iteration the
// generator learns to prefer people's texts to those that it wrote itself when the iteration began, which is also the
// reference. Cancelled, it returns the context's error and leaves what was learned.
func Spin(ctx context.Context, g *Generator, data []Example, o SpinOptions, progress func(SpinProgress)) error {
	if o.Iterations == 0 {
		o.Iterations = 2
	}
	if o.Temperature == 0 {
		o.Temperature = 1
	}
	if progress == nil {
		progress = func(SpinProgress) {}
	}
	for i := range o.Iterations {
		seeds := rand.New(rand.NewPCG(o.Seed, uint64(i)))
		texts, err := g.Write(ctx, data, 1, SampleOptions{Temperature: o.Temperature, MaxTokens: o.MaxTokens}, seeds)
		if err != nil {
			return fmt.Errorf("self-play: %w", err)
		}
		var pairs []Preference
		for j, e := range data {
			if own := texts[j][0].Tokens; !slices.Equal(own, e.Text) {
				pairs = append(pairs, Preference{Chosen: e, Rejected: e.with(own)})
			}
		}
		p := o.Prefer
		p.Seed += uint64(i)
		if err := g.Prefer(ctx, pairs, p, func(p PreferProgress) { progress(SpinProgress{i, p}) }); err != nil {
			return fmt.Errorf("self-play: iteration %d: %w", i, err)
		}
	}
	return nil
}

// with is the example with another text, of which nothing is known.
func (e Example) with(text []int32) Example {
	e.Text, e.Aspect, e.Rating, e.Next = text, -1, float32(math.NaN()), nil
	return e
}

// writeRows bounds the rows that are decoded together, and with them the memory of their caches.
const writeRows = 256

// Write lets the generator write k texts for each example, from its prompt and behaviour. Each prompt's noise is drawn from
// seeds, in order.
func (g *Generator) Write(ctx context.Context, examples []Example, k int, o SampleOptions, seeds *rand.Rand) ([][]Sample, error) {
	out := make([][]Sample, 0, len(examples))
	for part := range slices.Chunk(examples, max(1, writeRows/k)) {
		behaviour := make([][][]int32, len(part))
		for i, e := range part {
			behaviour[i] = e.Behaviour
		}
		states, err := g.State(behaviour)
		if err != nil {
			return nil, err
		}
		requests := make([]SampleRequest, len(part))
		for i, e := range part {
			requests[i] = SampleRequest{Prompt: e.Prompt, K: k, Seed: seeds.Uint64()}
			if states != nil {
				requests[i].State = states[i]
			}
		}
		samples, err := g.Sample(ctx, requests, o)
		if err != nil {
			return nil, err
		}
		out = append(out, samples...)
	}
	return out, nil
}

package lm

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Rank orders texts for one prompt, the most human first, and gives their logits: the discriminator as best-of-k filter,
// which brings more than training against it does and cannot collapse (arXiv 2004.02135, 2004.10188).
func (d *Discriminator) Rank(ctx context.Context, prompt []int32, texts [][]int32) (order []int, logits []float32, err error) {
	pairs := make([]Pair, len(texts))
	for i, t := range texts {
		pairs[i] = Pair{prompt, t}
		order = append(order, i)
	}
	logits, _, err = d.Score(ctx, pairs)
	if err != nil {
		return nil, nil, fmt.Errorf("rank: %w", err)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(logits[b], logits[a]) })
	return order, logits, nil
}

// FilterOptions say which of its own texts a generator learns from.
type FilterOptions struct {
	K           int     // texts for each prompt; 0 means 4
	Keep        float64 // share of the prompts whose best text is kept, those with the highest logits; 0 means 0.5
	Temperature float32 // 0 means 1
	MaxTokens   int     // 0 means 64
	Seed        uint64
	Read        func(text []int32) []int32 // as Game has it
}

// Filtered lets the generator write K texts for each example and keeps, of those whose claims are all supported and that
// break no rule, the best by the discriminator; then, of all prompts, the best share. Training on them by likelihood is
// the competitor to policy gradient that cannot collapse as fast (RAFT, arXiv 2304.06767; SelfGAN). judge may be called
// from several goroutines.
func Filtered(ctx context.Context, g *Generator, d *Discriminator, data []Example, judge func(example int, text []int32) Judgement, o FilterOptions) ([]Example, error) {
	if o.K == 0 {
		o.K = 4
	}
	if o.Keep == 0 {
		o.Keep = .5
	}
	if o.Temperature == 0 {
		o.Temperature = 1
	}
	if o.Read == nil {
		o.Read = func(text []int32) []int32 { return text }
	}
	samples, err := g.Write(ctx, data, o.K, SampleOptions{Temperature: o.Temperature, MaxTokens: o.MaxTokens}, rand.New(rand.NewPCG(o.Seed, 0)))
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	type candidate struct {
		example int
		text    []int32
		logit   float32
	}
	fits := make([][]bool, len(data))
	if err := inParallel(ctx, len(data), decodeWorkers(), func(i int) error {
		for _, s := range samples[i] {
			j := judge(i, s.Tokens)
			fits[i] = append(fits[i], s.Ended && j.Unsupported == 0 && j.RuleHits == 0)
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	var candidates []candidate
	var pairs []Pair
	for i, e := range data {
		for k, s := range samples[i] {
			if fits[i][k] {
				text := o.Read(s.Tokens)
				candidates, pairs = append(candidates, candidate{example: i, text: text}), append(pairs, Pair{e.Prompt, text})
			}
		}
	}
	logits, _, err := d.Score(ctx, pairs)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	best := map[int]int{} // by example
	for i := range candidates {
		c := &candidates[i]
		c.logit = logits[i]
		if b, ok := best[c.example]; !ok || c.logit > candidates[b].logit {
			best[c.example] = i
		}
	}
	var kept []candidate
	for _, i := range best {
		kept = append(kept, candidates[i])
	}
	slices.SortFunc(kept, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.logit, a.logit), a.example-b.example) })
	kept = kept[:min(len(kept), int(o.Keep*float64(len(data))))]
	slices.SortFunc(kept, func(a, b candidate) int { return a.example - b.example })
	out := make([]Example, len(kept))
	for i, c := range kept {
		out[i] = data[c.example].with(c.text)
	}
	return out, nil
}

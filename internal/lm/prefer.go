package lm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// A Preference is two texts for one prompt, of which one is better: it helped where the other was called wrong, or people
// wrote it where the other is the generator's own.
type Preference struct {
	Chosen, Rejected Example
	Weight           float64 // 0 means 1
}

// PreferOptions say how a generator learns from preferences. Where the default is not 0, a negative number means 0.
type PreferOptions struct {
	Epochs     int     // 0 means 1
	Pairs      int     // of one step; 0 means 32
	LR         float64 // 0 means 1e-5
	Clip       float64 // largest norm of the gradients; 0 means 1
	Beta       float64 // how strongly the reference holds; 0 means 0.1
	PerToken   bool    // compares texts by mean log-probability instead of the sum, so that length does not count
	Likelihood float64 // weight of the chosen texts' own likelihood, which keeps it from falling with the others'; 0 means 0.2
	Seed       uint64
}

func (o PreferOptions) withDefaults() PreferOptions {
	for _, f := range []struct {
		v    *float64
		zero float64
	}{{&o.LR, 1e-5}, {&o.Clip, 1}, {&o.Beta, .1}, {&o.Likelihood, .2}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
		*f.v = max(0, *f.v)
	}
	if o.Epochs == 0 {
		o.Epochs = 1
	}
	if o.Pairs == 0 {
		o.Pairs = 32
	}
	return o
}

// PreferProgress is what one step shows, as it was before the step.
type PreferProgress struct {
	Step     int     `json:"step"` // done, of Steps
	Steps    int     `json:"steps"`
	Loss     float64 `json:"loss"`     // −log σ(margin), nats per pair; ln 2 at the start
	Margin   float64 `json:"margin"`   // mean of β·((chosen − its reference) − (rejected − its reference))
	Accuracy float64 `json:"accuracy"` // share of pairs with a margin above 0
	Chosen   float64 `json:"chosen"`   // mean log-probability of the chosen texts' tokens
	GradNorm float64 `json:"grad_norm"`
}

// Prefer makes chosen texts likelier than rejected ones, held near the generator as it is at the call: direct preference
// optimisation, −log σ(β·log-ratio of chosen − β·log-ratio of rejected) (Rafailov et al. 2023, eq. 7). Cancelled, it
// returns the context's error and leaves what was learned.
func (g *Generator) Prefer(ctx context.Context, pairs []Preference, o PreferOptions, progress func(PreferProgress)) error {
	o = o.withDefaults()
	if progress == nil {
		progress = func(PreferProgress) {}
	}
	reference, err := g.LogProbs(ctx, sides(pairs))
	if err != nil {
		return fmt.Errorf("prefer: %w", err)
	}
	g.restartWeighted()
	perEpoch := (len(pairs) + o.Pairs - 1) / o.Pairs
	for step := range o.Epochs * perEpoch {
		order := rand.New(rand.NewPCG(o.Seed, uint64(step/perEpoch))).Perm(len(pairs))
		from := step % perEpoch * o.Pairs
		var some []Preference
		var ref [][]float32
		chosen := order[from:min(from+o.Pairs, len(order))]
		for _, i := range chosen {
			some, ref = append(some, pairs[i]), append(ref, reference[i])
		}
		for _, i := range chosen {
			ref = append(ref, reference[len(pairs)+i])
		}
		p, err := g.preferStep(ctx, some, ref, o)
		if err != nil {
			return fmt.Errorf("prefer: step %d: %w", step+1, err)
		}
		p.Step, p.Steps = step+1, o.Epochs*perEpoch
		progress(p)
	}
	return nil
}

// Prefers is the share of pairs of which the generator finds the chosen text likelier than the rejected one, by the mean
// log-probability of their tokens; pairs count by their weight. There must be at least one.
func (g *Generator) Prefers(ctx context.Context, pairs []Preference) (float64, error) {
	now, err := g.LogProbs(ctx, sides(pairs))
	if err != nil {
		return 0, fmt.Errorf("prefers: %w", err)
	}
	share, total := 0.0, 0.0
	for i, p := range pairs {
		total += weightOf(p)
		share += weightOf(p) * onSide(meanOf(now[i]) > meanOf(now[len(pairs)+i]))
	}
	return share / total, nil
}

func meanOf(row []float32) float64 {
	sum := 0.0
	for _, v := range row {
		sum += float64(v)
	}
	return sum / float64(len(row))
}

// sides lists all chosen texts, then all rejected ones.
func sides(pairs []Preference) []Example {
	out := make([]Example, 0, 2*len(pairs))
	for _, p := range pairs {
		out = append(out, p.Chosen)
	}
	for _, p := range pairs {
		out = append(out, p.Rejected)
	}
	return out
}

// preferStep takes one step on pairs; reference goes along sides(pairs).
func (g *Generator) preferStep(ctx context.Context, pairs []Preference, reference [][]float32, o PreferOptions) (PreferProgress, error) {
	texts := sides(pairs)
	now, err := g.LogProbs(ctx, texts)
	if err != nil {
		return PreferProgress{}, err
	}
	weights, p := preferWeights(pairs, now, reference, o)
	s, err := g.stepWeighted(texts, weights, nil, weightedOptions{LR: o.LR, Clip: o.Clip})
	p.GradNorm = s.GradNorm
	return p, err
}

// preferWeights gives the weights whose weighted likelihood has the gradient of the mean loss over the pairs: the
// derivative of −log σ(m) by a text's log-probability is ∓β·σ(−m). now and reference go along sides(pairs).
func preferWeights(pairs []Preference, now, reference [][]float32, o PreferOptions) ([][]float32, PreferProgress) {
	n := len(pairs)
	tokens, chosenTokens, total := 0, 0, 0.0
	for i, row := range now {
		tokens += len(row)
		if i < n {
			chosenTokens += len(row)
			total += weightOf(pairs[i])
		}
	}
	weights := make([][]float32, 2*n)
	var p PreferProgress
	ratio := func(i int) (log, scale float64) {
		scale = 1
		if o.PerToken {
			scale = 1 / float64(len(now[i]))
		}
		for t, lp := range now[i] {
			log += scale * float64(lp-reference[i][t])
		}
		return log, scale
	}
	for i, pair := range pairs {
		chosen, chosenScale := ratio(i)
		rejected, rejectedScale := ratio(n + i)
		margin, share := o.Beta*(chosen-rejected), weightOf(pair)/total
		p.Loss += share * softplus(-margin)
		p.Margin += share * margin
		p.Accuracy += share * onSide(margin > 0)
		pull := float64(tokens) * share * o.Beta * sigmoid(-margin) // stepWeighted divides by the tokens
		own := o.Likelihood * float64(tokens) / float64(chosenTokens)
		weights[i] = repeated(pull*chosenScale+own, len(now[i]))
		weights[n+i] = repeated(-pull*rejectedScale, len(now[n+i]))
		for _, lp := range now[i] {
			p.Chosen += float64(lp) / float64(chosenTokens)
		}
	}
	return weights, p
}

func weightOf(p Preference) float64 {
	if p.Weight == 0 {
		return 1
	}
	return math.Max(0, p.Weight)
}

func repeated(v float64, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(v)
	}
	return out
}

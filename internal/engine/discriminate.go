package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"because/internal/lm"
)

// How the discriminator is trained before any game: so many steps of so many contexts, looked at every so many, and done
// once it tells apart as much as it needs to.
const (
	discSteps   = 400
	discBatch   = 32
	discLook    = 25
	discEnough  = 0.85
	discCompare = 256 // pairs that accuracy is measured on
)

// discriminate trains a discriminator to tell the texts of examples from what the generator writes on the same evidence, and
// true texts from those of other evidence, in discSteps steps or most, if that is not 0.
func (r *lmRun) discriminate(ctx context.Context, g *lm.Generator, train, valid []lm.Example, seed uint64, most int, show func(LMProgress)) (*lm.Discriminator, error) {
	d, err := lm.NewDiscriminator(discriminatorShape(r.words), int64(seed))
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(seed, 77))
	real, fake, err := r.faced(ctx, g, valid[:min(discCompare, len(valid))], rng)
	if err != nil {
		return nil, err
	}
	steps := discSteps
	if most > 0 {
		steps = min(steps, most)
	}
	for step := 1; step <= steps; step++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch := make([]lm.Example, discBatch)
		for i := range batch {
			batch[i] = train[rng.IntN(len(train))]
		}
		x, y, err := r.faced(ctx, g, batch, rng)
		if err != nil {
			return nil, err
		}
		s, err := d.Step(x, y, mismatched(x, train, rng), lm.DiscOptions{LR: 1e-3})
		if err != nil {
			return nil, err
		}
		p := LMProgress{Phase: "discriminator", Step: step, Steps: steps, Discriminator: &s}
		if step%discLook == 0 || step == steps {
			accuracy, scores, err := apart(ctx, d, real, fake)
			if err != nil {
				return nil, err
			}
			p.Valid, p.Scores = &accuracy, &scores
		}
		r.note(p, show)
		if p.Valid != nil && *p.Valid >= discEnough {
			break
		}
	}
	return d, nil
}

// faced are the texts of some examples, and what the generator writes on the same prompts.
func (r *lmRun) faced(ctx context.Context, g *lm.Generator, examples []lm.Example, rng *rand.Rand) (real, fake []lm.Pair, err error) {
	if len(examples) == 0 {
		return nil, nil, nil
	}
	samples, err := g.Write(ctx, examples, 1, lm.SampleOptions{Temperature: 1}, rng)
	if err != nil {
		return nil, nil, err
	}
	for i, e := range examples {
		real = append(real, lm.Pair{Prompt: e.Prompt, Text: e.Text})
		fake = append(fake, lm.Pair{Prompt: e.Prompt, Text: r.words.Encode(r.words.Decode(samples[i][0].Tokens))}) // as a reader would see it
	}
	return real, fake, nil
}

// mismatched are true texts with other prompts, one for every five pairs.
func mismatched(real []lm.Pair, all []lm.Example, rng *rand.Rand) []lm.Pair {
	var out []lm.Pair
	for i := 0; i < len(real); i += 5 {
		other := all[rng.IntN(len(all))]
		if !slices.Equal(other.Prompt, real[i].Prompt) {
			out = append(out, lm.Pair{Prompt: other.Prompt, Text: real[i].Text})
		}
	}
	return out
}

// apart is the share of texts that a discriminator puts on the right side, and how sure it is of them.
func apart(ctx context.Context, d *lm.Discriminator, real, fake []lm.Pair) (accuracy float64, scores ScoreCounts, err error) {
	right := 0
	for _, side := range []struct {
		pairs  []lm.Pair
		sign   float32
		counts *[10]int
	}{{real, 1, &scores.Real}, {fake, -1, &scores.Fake}} {
		logits, _, err := d.Score(ctx, side.pairs)
		if err != nil {
			return 0, scores, err
		}
		for _, s := range logits {
			if s*side.sign > 0 {
				right++
			}
			side.counts[min(9, int(10/(1+math.Exp(-float64(s)))))]++
		}
	}
	return float64(right) / float64(max(1, len(real)+len(fake))), scores, nil
}

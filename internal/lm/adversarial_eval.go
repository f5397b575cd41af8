package lm

import (
	"context"
	"slices"
)

// shownSamples is how many texts an evaluation shows.
const shownSamples = 4

// evaluate measures the generator on held-out prompts: the same ones, with the same noise, each time.
func (r *gameRun) evaluate(ctx context.Context) (Evaluation, [][]int32, error) {
	n := min(r.o.EvalContexts, len(r.held))
	examples := make([]int, n)
	for i := range examples {
		examples[i] = len(r.train) + i
	}
	e := Evaluation{Step: r.state.Step}
	var err error
	if e.Loss, err = r.G.Loss(ctx, r.held[:n]); err != nil {
		return e, nil, err
	}
	temperatures := slices.Clone(r.o.EvalTemperatures)
	if !slices.Contains(temperatures, r.o.Temperature) {
		temperatures = append(temperatures, r.o.Temperature)
	}
	var points []qualityPoint
	var shown [][]int32
	for i, t := range temperatures {
		plays, err := r.write(ctx, examples, 1, t, r.rng(forEvaluation, i))
		if err != nil {
			return e, nil, err
		}
		texts := make([][]int32, n)
		point := qualityPoint{}
		for i, p := range plays {
			texts[i] = p.read
			point.quality += bleu(p.read, [][]int32{r.Data[p.example].Text}, 2) / float64(n)
		}
		point.diversity = distinct(texts, 2)
		points = append(points, point)
		if t == r.o.Temperature {
			e.Quality, e.Distinct2, e.SelfBLEU4 = point.quality, point.diversity, selfBLEU(texts, 4)
			shown = texts[:min(n, shownSamples)]
			if err := r.measure(ctx, &e, examples, plays); err != nil {
				return e, nil, err
			}
		}
	}
	e.Area = coveredArea(points)
	return e, shown, nil
}

// measure fills in what judges, the discriminator and the reference say of texts.
func (r *gameRun) measure(ctx context.Context, e *Evaluation, examples []int, plays []play) error {
	if err := r.judge(ctx, examples, plays); err != nil {
		return err
	}
	batch := make([]Example, len(plays))
	unsupported := 0
	for i, p := range plays {
		batch[i] = r.Data[p.example].with(p.Tokens)
		e.Claims += p.judgement.Supported + p.judgement.Unsupported
		unsupported += p.judgement.Unsupported
	}
	e.Unsupported = float64(unsupported) / float64(max(1, e.Claims))
	reference, err := r.Reference.LogProbs(ctx, batch)
	if err != nil {
		return err
	}
	e.KL = divergence(plays, reference)
	var p GameProgress
	describe(plays, &p)
	e.Entropy, e.Length, e.Reward = p.Entropy, p.Length, p.Reward.Total
	s := discStatsOf(plays)
	e.LossD, e.LossG, e.DReal, e.DFake, e.Accuracy = s.LossD, s.LossG, s.DReal, s.DFake, s.Accuracy
	for _, p := range plays { // one a prompt
		e.RealBins[bin(p.real)]++
		e.FakeBins[bin(p.logit)]++
	}
	return nil
}

// bin is the tenth of [0, 1] that D = σ(logit) lies in.
func bin(logit float64) int { return min(9, int(10*sigmoid(logit))) }

func (e Evaluation) discStats() DiscStats {
	return DiscStats{LossD: e.LossD, LossG: e.LossG, DReal: e.DReal, DFake: e.DFake, Accuracy: e.Accuracy}
}

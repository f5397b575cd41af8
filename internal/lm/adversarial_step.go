package lm

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Purposes of randomness in a game. Each draw depends on the seed, its purpose and its place only, which makes resuming
// exact.
const (
	forContexts = iota
	forTexts
	forDiscriminator
	forHumans
	forRandomReward
	forEvaluation
	forTextsAlone
	forDiscriminatorAlone
)

func (r *gameRun) rng(purpose, at int) *rand.Rand {
	return rand.New(rand.NewPCG(r.o.Seed, uint64(purpose)<<48|uint64(at)))
}

// contexts draws the training examples of the next batch: each once an epoch, in an order of its own.
func (r *gameRun) contexts() []int {
	perEpoch := len(r.train) / r.o.Contexts
	epoch, at := r.state.Batches/perEpoch, r.state.Batches%perEpoch*r.o.Contexts
	if r.epoch != epoch+1 {
		r.epoch, r.order = epoch+1, r.rng(forContexts, epoch).Perm(len(r.train))
	}
	r.state.Batches++
	return r.order[at : at+r.o.Contexts]
}

// A play is one text that the generator wrote.
type play struct {
	example int // in Data
	Sample
	read      []int32 // its tokens as the discriminator reads them
	judgement Judgement
	reward    Reward
	logit     float64   // the discriminator's
	real      float64   // its logit of people's text for the same prompt
	perToken  []float32 // its logits of the tokens; nil where it reads others than were written
}

// write lets the generator write k texts for each example, one after the other.
func (r *gameRun) write(ctx context.Context, examples []int, k int, temperature float32, seed *rand.Rand) ([]play, error) {
	prompts := make([]Example, len(examples))
	for i, e := range examples {
		prompts[i] = r.Data[e]
	}
	samples, err := r.G.Write(ctx, prompts, k, SampleOptions{Temperature: temperature, MaxTokens: r.o.MaxTokens}, seed)
	if err != nil {
		return nil, err
	}
	plays := make([]play, 0, len(examples)*k)
	for i, texts := range samples {
		for _, s := range texts {
			plays = append(plays, play{example: examples[i], Sample: s, read: s.Tokens})
		}
	}
	if r.Read == nil {
		return plays, nil
	}
	return plays, inParallel(ctx, len(plays), decodeWorkers(), func(i int) error {
		plays[i].read = r.Read(plays[i].Tokens)
		return nil
	})
}

// judge fills in what the verifier and the discriminator say of texts, and what they earn. examples are those of the
// texts, each once.
func (r *gameRun) judge(ctx context.Context, examples []int, plays []play) error {
	if err := inParallel(ctx, len(plays), decodeWorkers(), func(i int) error {
		plays[i].judgement = r.Judge(plays[i].example, plays[i].Tokens)
		return nil
	}); err != nil {
		return err
	}
	pairs := make([]Pair, 0, len(examples)+len(plays))
	for _, e := range examples {
		pairs = append(pairs, Pair{r.Data[e].Prompt, r.Data[e].Text})
	}
	for _, p := range plays {
		pairs = append(pairs, Pair{r.Data[p.example].Prompt, p.read})
	}
	logits, perToken, err := r.D.Score(ctx, pairs)
	if err != nil {
		return err
	}
	real := make(map[int]float64, len(examples))
	for i, e := range examples {
		real[e] = float64(logits[i])
	}
	for i := range plays {
		p := &plays[i]
		p.logit, p.perToken, p.real = float64(logits[len(examples)+i]), perToken[len(examples)+i], real[p.example]
		if !slices.Equal(p.read, p.Tokens) {
			p.perToken = nil
		}
		p.reward = rewardOf(r.o.Form.of(p.logit, p.real), p.Tokens, p.judgement)
	}
	return nil
}

// discStatsOf measures the discriminator on texts and people's.
func discStatsOf(plays []play) DiscStats {
	var real, fake []float32
	for i, p := range plays {
		fake = append(fake, float32(p.logit))
		if i == 0 || plays[i-1].example != p.example {
			real = append(real, float32(p.real))
		}
	}
	s := discStats(real, fake, nil)
	s.Pairwise = 0
	for _, p := range plays {
		s.Pairwise += softplus(p.logit-p.real) / float64(len(plays))
	}
	return s
}

// step plays one step of the game.
func (r *gameRun) step(ctx context.Context, p *GameProgress) error {
	at := r.state.Step
	examples := r.contexts()
	plays, err := r.write(ctx, examples, r.o.K, r.o.Temperature, r.rng(forTexts, at))
	if err != nil {
		return err
	}
	if err := r.judge(ctx, examples, plays); err != nil {
		return err
	}
	p.DiscStats = discStatsOf(plays)
	describe(plays, p)
	if err := r.moveGenerator(ctx, examples, plays, p); err != nil {
		return err
	}
	r.state.DAccuracy = .9*r.state.DAccuracy + .1*p.Accuracy
	p.DAccuracy = r.state.DAccuracy
	return r.moveDiscriminator(examples, plays, at, p)
}

// describe fills in the means over the texts.
func describe(plays []play, p *GameProgress) {
	n, squares, tokens := 1/float64(len(plays)), 0.0, 0
	for _, y := range plays {
		p.Reward.D += n * y.reward.D
		p.Reward.Faithful += n * y.reward.Faithful
		p.Reward.Covered += n * y.reward.Covered
		p.Reward.Repeated += n * y.reward.Repeated
		p.Reward.Length += n * y.reward.Length
		p.Reward.Rules += n * y.reward.Rules
		p.Reward.Total += n * y.reward.Total
		squares += n * y.reward.Total * y.reward.Total
		p.Supported += n * onSide(y.judgement.Unsupported == 0)
		p.Length += n * float64(len(y.Tokens))
		for _, lp := range y.LogProbs {
			p.Entropy -= float64(lp)
		}
		tokens += len(y.LogProbs)
	}
	p.Entropy /= float64(max(1, tokens))
	p.Spread = math.Sqrt(max(0, squares-p.Reward.Total*p.Reward.Total))
}

// weigh gives each token of each text its advantage. Under a control the verifier and the discriminator have no say.
func (r *gameRun) weigh(plays []play, at int) [][]float32 {
	rng := r.rng(forRandomReward, at)
	sum, n := 0.0, 0
	for _, p := range plays {
		for _, s := range p.perToken {
			sum += min(3, max(-3, float64(s)))
		}
		n += len(p.perToken)
	}
	if n > 0 {
		r.state.TokenMean = .9*r.state.TokenMean + .1*sum/float64(n)
	}
	weights := make([][]float32, len(plays))
	rewards := make([]float64, r.o.K)
	for from := 0; from < len(plays); from += r.o.K {
		for k := range rewards {
			switch r.o.Control {
			case ConstantReward:
				rewards[k] = 1
			case RandomReward:
				rewards[k] = rng.NormFloat64()
			default:
				rewards[k] = plays[from+k].reward.Total
			}
		}
		for k, advantage := range leaveOneOut(rewards) {
			p := plays[from+k]
			perToken := p.perToken
			if r.o.Control != NoControl {
				perToken = nil
			}
			weights[from+k] = tokenWeights(advantage, p.Sample, perToken, r.state.TokenMean, p.judgement.Unsupported == 0)
		}
	}
	return weights
}

// moveGenerator takes the generator's step: policy gradient on its own texts, held near the reference, and likelihood of
// people's texts.
func (r *gameRun) moveGenerator(ctx context.Context, examples []int, plays []play, p *GameProgress) error {
	at := r.state.Step
	weights := r.weigh(plays, at)
	batch := make([]Example, 0, len(plays)+len(examples))
	for _, y := range plays {
		batch = append(batch, r.Data[y.example].with(y.Tokens))
	}
	reference, err := r.Reference.LogProbs(ctx, batch)
	if err != nil {
		return err
	}
	p.KL = divergence(plays, reference)
	fade := 1 - float64(at)/float64(r.o.Steps)
	humans := r.rng(forHumans, at)
	for _, e := range examples {
		w := r.o.Likelihood
		if humans.Float64() < r.o.HumanShare {
			w += r.o.HumanReward * fade
		}
		if w == 0 {
			continue
		}
		batch = append(batch, r.Data[e])
		weights = append(weights, slices.Repeat([]float32{float32(w)}, len(r.Data[e].Text)+1))
		reference = append(reference, nil) // they are not the policy's texts: k3 would not estimate its divergence
	}
	p.LR = r.learningRate()
	s, err := r.G.stepWeighted(batch, weights, reference, weightedOptions{Beta: r.o.Beta, LR: p.LR, Clip: r.o.Clip})
	p.GGradNorm = s.GradNorm
	return err
}

// divergence is the k3 estimate over the generator's own tokens, in nats per token.
func divergence(plays []play, reference [][]float32) float64 {
	sum, n := 0.0, 0
	for i, p := range plays {
		for t, lp := range p.LogProbs {
			log := min(20, max(-20, float64(reference[i][t]-lp)))
			sum += math.Exp(log) - log - 1
		}
		n += len(p.LogProbs)
	}
	return sum / float64(max(1, n))
}

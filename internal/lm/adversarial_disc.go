package lm

import (
	"context"
	"math/rand/v2"
	"slices"
)

// A replayed text is one that the generator wrote earlier. Half of what the discriminator sees are such, so that it does
// not forget old faults.
type replayed struct {
	Example int     `json:"e"`
	Text    []int32 `json:"t"`
}

// Bounds of the discriminator's accuracy between which it takes one step for each of the generator's. Above it waits,
// since a reward that is always −3 teaches nothing; below it takes up to mostDSteps.
const (
	restAccuracy  = 0.85
	catchAccuracy = 0.58
	mostDSteps    = 5
)

// moveDiscriminator trains the discriminator as its accuracy demands, and remembers a text of each prompt.
func (r *gameRun) moveDiscriminator(examples []int, plays []play, at int, p *GameProgress) error {
	rng := r.rng(forDiscriminator, at)
	steps := 1
	switch {
	case r.state.DAccuracy > restAccuracy:
		steps = 0
	case r.state.DAccuracy < catchAccuracy:
		steps = mostDSteps
	}
	for range steps {
		s, err := r.trainDiscriminator(plays, rng)
		if err != nil {
			return err
		}
		p.DSteps++
		if s.Accuracy >= catchAccuracy {
			break
		}
	}
	for _, y := range chooseOne(plays, rng) {
		r.state.Replay = append(r.state.Replay, replayed{y.example, y.read})
	}
	keep := 10 * r.o.EvalEvery * len(examples)
	r.state.Replay = slices.Delete(r.state.Replay, 0, max(0, len(r.state.Replay)-keep))
	return nil
}

// chooseOne takes one text of each prompt. Texts of a prompt lie together.
func chooseOne(plays []play, rng *rand.Rand) []play {
	var out []play
	for from := 0; from < len(plays); {
		to := from
		for to < len(plays) && plays[to].example == plays[from].example {
			to++
		}
		out = append(out, plays[from+rng.IntN(to-from)])
		from = to
	}
	return out
}

// trainDiscriminator takes one step: one text of each prompt, half of them replaced by old ones, beside people's; and a
// quarter as many of people's texts under another prompt.
func (r *gameRun) trainDiscriminator(plays []play, rng *rand.Rand) (DiscStats, error) {
	var real, fake, mismatched []Pair
	for _, y := range chooseOne(plays, rng) {
		old := replayed{y.example, y.read}
		if n := len(r.state.Replay); n > 0 && rng.IntN(2) == 0 {
			old = r.state.Replay[rng.IntN(n)]
		}
		e := r.Data[old.Example]
		real, fake = append(real, Pair{e.Prompt, e.Text}), append(fake, Pair{e.Prompt, old.Text})
	}
	for range len(real) / 2 { // a fifth of all that it sees
		a, b := rng.IntN(len(real)), rng.IntN(len(real))
		if !slices.Equal(real[a].Prompt, real[b].Prompt) {
			mismatched = append(mismatched, Pair{real[a].Prompt, real[b].Text})
		}
	}
	return r.D.Step(real, fake, mismatched, r.o.Disc)
}

// pretrain lets the discriminator take one step alone.
func (r *gameRun) pretrain(ctx context.Context) (GameProgress, error) {
	at := r.state.Pretrained
	p := GameProgress{Phase: PhaseDiscriminator, Step: at, Steps: r.o.PretrainSteps}
	examples := r.contexts()
	plays, err := r.write(ctx, examples, 1, r.o.Temperature, r.rng(forTextsAlone, at))
	if err != nil {
		return p, err
	}
	if err := r.judge(ctx, examples, plays); err != nil {
		return p, err
	}
	p.DiscStats = discStatsOf(plays)
	describe(plays, &p)
	if _, err := r.trainDiscriminator(plays, r.rng(forDiscriminatorAlone, at)); err != nil {
		return p, err
	}
	r.state.DAccuracy = .9*r.state.DAccuracy + .1*p.Accuracy
	p.DSteps, p.DAccuracy = 1, r.state.DAccuracy
	r.state.Pretrained++
	p.Step = r.state.Pretrained
	if p.Step%r.o.EvalEvery == 0 {
		return p, r.checkpoint()
	}
	return p, nil
}

package lm

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// TrainOptions say how a generator is trained by likelihood. The zero value is the recipe for about 5 M parameters.
type TrainOptions struct {
	Epochs       int     // passes over the data; 0 means 5
	Steps        int     // ends earlier; 0: after Epochs
	BatchTokens  int     // padded tokens of one step; 0 means 8192
	MicroTokens  int     // padded tokens that go through the graph at once, which bounds memory; 0 means 4096, or 768 for a deep generator
	LR           float64 // at its highest; 0 means 1e-3
	Warmup       int     // steps up to there; 0 means 300, at most a tenth of all
	Decay        float64 // AdamW's weight decay; 0 means 0.1, negative none
	Clip         float64 // largest norm of the gradients; 0 means 1, negative none
	Aspect       float64 // weight of the next-aspect head's loss, in nats; 0 means 1, negative none
	Rating       float64 // weight of the rating head's squared error; 0 means 0.1, negative none
	Next         float64 // weight of the next-item head's loss, in nats; 0 means 0.2, negative none
	StateDropout float64 // share of examples whose behaviour is hidden; 0 means 0.2, negative none
	Seed         uint64

	ValidEvery int // steps between two losses on the held-out examples; 0: only at the end
	Patience   int // evaluations without a better one before training ends; 0: no end. The best weights stay

	Checkpoints     string // folder for checkpoints; "" writes none. A checkpoint that lies there is resumed
	CheckpointEvery int    // steps; 0 means 200
}

func (o TrainOptions) withDefaults() TrainOptions {
	whole := func(v *int, zero int) {
		if *v == 0 {
			*v = zero
		}
	}
	real := func(v *float64, zero float64) {
		if *v == 0 {
			*v = zero
		} else if *v < 0 {
			*v = 0
		}
	}
	whole(&o.Epochs, 5)
	whole(&o.BatchTokens, 8192)
	whole(&o.MicroTokens, microTokens)
	o.MicroTokens = min(o.MicroTokens, o.BatchTokens)
	whole(&o.Warmup, 300)
	whole(&o.CheckpointEvery, 200)
	real(&o.LR, 1e-3)
	real(&o.Decay, 0.1)
	real(&o.Clip, 1)
	real(&o.Aspect, 1)
	real(&o.Rating, 0.1)
	real(&o.Next, 0.2)
	real(&o.StateDropout, 0.2)
	return o
}

// Progress is what one training step shows.
type Progress struct {
	Step     int      `json:"step"` // done, of Steps
	Steps    int      `json:"steps"`
	Epoch    int      `json:"epoch"`  // from 0
	Tokens   int64    `json:"tokens"` // seen so far: prompts, soft tokens and texts, no padding
	Loss     float64  `json:"loss"`   // nats per text token of this step, with dropout
	Aspect   float64  `json:"aspect"` // nats per example that has one; 0: none
	Rating   float64  `json:"rating"` // mean squared error
	Next     float64  `json:"next"`   // nats per feature
	LR       float64  `json:"lr"`
	GradNorm float64  `json:"grad_norm"`
	Valid    *float64 `json:"valid,omitempty"` // nats per text token of the held-out examples, when evaluated
	Best     bool     `json:"best,omitempty"`  // Valid is the lowest so far
}

// A run is the state of a training between two steps; all that a checkpoint needs beside the tensors.
type run struct {
	Step    int     `json:"step"`
	Tokens  int64   `json:"tokens"`
	Best    float64 `json:"best"`
	BestAt  int     `json:"best_at"`  // step; 0: not yet
	BadRuns int     `json:"bad_runs"` // evaluations since

	best map[string][]float32
}

// Train fits the generator to the data by likelihood: the loss on the tokens of the texts and their <end>, and the heads'
// losses. It calls progress after each step,
// which may sample from the generator, and leaves the weights that were best on the held-out examples, if there
// are any. Cancelled, it returns the context's error and leaves a checkpoint; the same call then goes on as if it had
// never stopped.
func (g *Generator) Train(ctx context.Context, data, valid []Example, o TrainOptions, progress func(Progress)) error {
	if len(data) == 0 {
		return fmt.Errorf("train: there are no examples")
	}
	for _, set := range [][]Example{data, valid} {
		if err := g.cfg.checkExamples(set); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	if o.MicroTokens == 0 {
		o.MicroTokens = g.microTokens()
	}
	o = o.withDefaults()
	if progress == nil {
		progress = func(Progress) {}
	}
	g.training.Lock()
	defer g.training.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.trainFn()
	t.clearMoments()
	l := &trainLoop{g: g, t: t, data: data, valid: valid, o: o}
	l.micros = max(1, (o.BatchTokens+o.MicroTokens/2)/o.MicroTokens)
	perEpoch := len(g.batching().plan(data, g.cfg.SoftTokens, o.MicroTokens, nil))
	l.stepsPerEpoch = (perEpoch + l.micros - 1) / l.micros
	l.steps = o.Epochs * l.stepsPerEpoch
	if o.Steps > 0 {
		l.steps = min(l.steps, o.Steps)
	}
	if err := l.resume(); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	for l.run.Step < l.steps && !l.outOfPatience() {
		if err := ctx.Err(); err != nil {
			return l.stopped(err)
		}
		p, err := l.step(ctx)
		if ctx.Err() != nil && err != nil {
			return l.stopped(err)
		} else if err != nil {
			return fmt.Errorf("train: step %d: %w", l.run.Step+1, err)
		}
		g.mu.Unlock() // so that progress may sample
		progress(p)
		g.mu.Lock()
		if o.Checkpoints != "" && l.run.Step%o.CheckpointEvery == 0 && l.run.Step < l.steps {
			if err := l.checkpoint(); err != nil {
				return fmt.Errorf("train: %w", err)
			}
		}
	}
	if o.Checkpoints != "" {
		if err := l.checkpoint(); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	g.setWeights(l.run.best)
	return nil
}

// checkExamples refuses ids that the model has no row for.
func (c Config) checkExamples(data []Example) error {
	for i, e := range data {
		for _, ids := range [][]int32{e.Prompt, e.Text} {
			for _, id := range ids {
				if id < 0 || int(id) >= c.Vocab {
					return fmt.Errorf("example %d: token %d is outside of the vocabulary of %d", i, id, c.Vocab)
				}
			}
		}
		if int(e.Aspect) >= c.Aspects && c.Aspects > 0 {
			return fmt.Errorf("example %d: aspect %d is outside of the %d aspects", i, e.Aspect, c.Aspects)
		}
		if c.SoftTokens == 0 {
			continue
		}
		for _, ids := range append([][]int32{e.Next}, e.Behaviour...) {
			for _, id := range ids {
				if id < 1 || int(id) >= c.Encoder.Buckets {
					return fmt.Errorf("example %d: feature %d is outside of [1, %d)", i, id, c.Encoder.Buckets)
				}
			}
		}
	}
	return nil
}

// A trainLoop is one call of Train.
type trainLoop struct {
	g             *Generator
	t             *trainer
	data, valid   []Example
	o             TrainOptions
	micros        int // micro-batches of one step
	stepsPerEpoch int
	steps         int
	run           run

	epoch   int // whose plan is in batches, plus one
	batches []microBatch
}

// rng is the randomness of one purpose at one place of the training. That it depends on nothing else makes resuming exact.
func (l *trainLoop) rng(purpose, at int) *rand.ChaCha8 {
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], l.o.Seed)
	binary.LittleEndian.PutUint64(seed[8:], uint64(purpose))
	binary.LittleEndian.PutUint64(seed[16:], uint64(at))
	return rand.NewChaCha8(seed)
}

// Purposes of randomness.
const (
	forOrder = iota
	forDropout
)

// next gives the micro-batches of the step that follows.
func (l *trainLoop) next() (epoch int, batches []microBatch) {
	epoch = l.run.Step / l.stepsPerEpoch
	if l.epoch != epoch+1 {
		l.epoch = epoch + 1
		l.batches = l.g.batching().plan(l.data, l.g.cfg.SoftTokens, l.o.MicroTokens, rand.New(l.rng(forOrder, epoch)))
	}
	from := l.run.Step % l.stepsPerEpoch * l.micros
	return epoch, l.batches[from:min(from+l.micros, len(l.batches))]
}

// step takes one step of the optimiser and, when it is time, evaluates.
func (l *trainLoop) step(ctx context.Context) (Progress, error) {
	epoch, batches := l.next()
	rng := l.rng(forDropout, l.run.Step)
	n := l.count(batches)
	var total sums
	for _, b := range batches {
		s, err := l.t.add(l.micro(b, n, rng), rng)
		if err != nil {
			return Progress{}, err
		}
		total.add(s)
		l.run.Tokens += int64(b.realTokens)
	}
	lr := l.learningRate(l.run.Step + 1)
	norm, err := l.t.update(update{lr: lr, decay: l.o.Decay, clip: noneIsMuch(l.o.Clip), step: l.run.Step + 1})
	if err != nil {
		return Progress{}, err
	}
	l.run.Step++
	p := Progress{Step: l.run.Step, Steps: l.steps, Epoch: epoch, Tokens: l.run.Tokens, LR: lr, GradNorm: norm,
		Loss:   total.text / float64(n.text),
		Aspect: unweighted(total.aspect, l.o.Aspect), Rating: unweighted(total.rating, l.o.Rating), Next: unweighted(total.next, l.o.Next)}
	if math.IsNaN(p.Loss) || math.IsInf(p.Loss, 0) || math.IsNaN(norm) {
		return p, fmt.Errorf("the loss is %v and the gradients' norm %v", p.Loss, norm)
	}
	if len(l.valid) > 0 && (l.run.Step == l.steps || l.o.ValidEvery > 0 && l.run.Step%l.o.ValidEvery == 0) {
		err = l.evaluate(ctx, &p)
	}
	return p, err
}

func noneIsMuch(clip float64) float64 {
	if clip == 0 {
		return math.MaxFloat32
	}
	return clip
}

func unweighted(loss, weight float64) float64 {
	if weight == 0 {
		return 0
	}
	return loss / weight
}

// evaluate measures the held-out loss and keeps the weights if they are the best.
func (l *trainLoop) evaluate(ctx context.Context, p *Progress) error {
	loss, err := l.g.loss(ctx, l.valid)
	if err != nil {
		return err
	}
	p.Valid = &loss
	l.run.BadRuns++
	if l.run.BestAt == 0 || loss < l.run.Best {
		l.run.Best, l.run.BestAt, l.run.BadRuns = loss, l.run.Step, 0
		l.run.best = l.g.weightsNow()
		p.Best = true
	}
	return nil
}

func (l *trainLoop) outOfPatience() bool { return l.o.Patience > 0 && l.run.BadRuns >= l.o.Patience }

// stopped leaves a checkpoint and passes on why training ends early.
func (l *trainLoop) stopped(why error) error {
	if l.o.Checkpoints != "" {
		if err := l.checkpoint(); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return fmt.Errorf("train: stopped after step %d of %d: %w", l.run.Step, l.steps, why)
}

// learningRate rises over the warm-up and falls to a tenth along a cosine (Loshchilov and Hutter 2017, eq. 5).
func (l *trainLoop) learningRate(step int) float64 {
	warmup := min(l.o.Warmup, max(1, l.steps/10))
	if step <= warmup {
		return l.o.LR * float64(step) / float64(warmup)
	}
	done := float64(step-warmup) / float64(max(1, l.steps-warmup))
	return l.o.LR * (0.1 + 0.45*(1+math.Cos(math.Pi*done)))
}

// counts are what a step's losses are averaged over.
type counts struct{ text, aspect, rating, next int }

func (l *trainLoop) count(batches []microBatch) counts {
	var n counts
	for _, b := range batches {
		for _, i := range b.examples {
			e := l.data[i]
			n.text += len(e.Text) + 1
			if e.Aspect >= 0 {
				n.aspect++
			}
			if !math.IsNaN(float64(e.Rating)) {
				n.rating++
			}
			if e.teachesNext(l.g.cfg) {
				n.next++
			}
		}
	}
	return n
}

// micro lays out a micro-batch for likelihood: each token weighs one by the tokens of the whole step.
func (l *trainLoop) micro(b microBatch, n counts, rng *rand.ChaCha8) microStep {
	m := microStep{batch: b, data: b.lay(l.data, l.g.cfg)}
	share := func(weight float64, n int) float32 { return float32(weight / float64(max(1, n))) }
	m.heads = b.layHeads(l.data, l.g.cfg, share(l.o.Aspect, n.aspect), share(l.o.Rating, n.rating), share(l.o.Next, n.next))
	m.weight = make([]float32, len(m.data.real))
	for i, r := range m.data.real {
		m.weight[i] = r / float32(n.text)
	}
	m.kl, m.reference = make([]float32, len(m.weight)), make([]float32, len(m.weight))
	m.keepState = make([]float32, b.rows)
	for r := range m.keepState {
		if float64(rng.Uint64()>>11)/(1<<53) >= l.o.StateDropout {
			m.keepState[r] = 1
		}
	}
	return m
}

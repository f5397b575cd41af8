package lm

import (
	"context"
	"fmt"
	"math"
)

// A Game is the adversarial phase: the generator writes texts for prompts, the discriminator and the caller's verifier
// reward them, and policy gradient with a leave-one-out baseline makes what earned more than its siblings likelier, held
// near the reference by a divergence (RLOO, arXiv 2402.14740; KL per token, k3). The article's L_G = −log D(G(z)) is the
// reward LogD; z is the sampling noise. Each batch of texts is used for one step, so importance ratios are 1 and PPO's clip
// would never act.
//
// The discriminator sees what Read gives, else it would learn how the generator spells instead of what it says. Judge and
// Read may be called from several goroutines.
type Game struct {
	G         *Generator     // plays, and is changed
	Reference *Generator     // the likelihood model, which stays
	D         *Discriminator // plays, and is changed
	Data      []Example      // their texts are the real side
	Held      int            // the last so many of Data measure and are never trained on
	Judge     func(example int, text []int32) Judgement
	Read      func(text []int32) []int32 // a text's tokens as they would be read: decoded, normalised as served and encoded again. nil leaves them
	Options   GameOptions
}

// Control replaces what is rewarded, to tell what the discriminator's and the verifier's rewards bring.
type Control string

// The controls.
const (
	NoControl      Control = ""
	ConstantReward Control = "constant" // every text earns the same
	RandomReward   Control = "random"   // every text earns a normal number
)

// GameOptions say how a game is played. The zero value is the recipe for about 5 M parameters. Where the default is not 0,
// a negative number means 0.
type GameOptions struct {
	Steps       int        // 0 means 300
	Contexts    int        // prompts of one step; 0 means 32
	K           int        // texts for each prompt; 0 means 4
	LR          float64    // of the generator; 0 means 1e-4
	Clip        float64    // largest norm of the generator's gradients; 0 means 1
	Beta        float64    // weight of the divergence from the reference; 0 means 0.05
	Form        RewardForm // what the discriminator's logit earns
	Control     Control
	HumanShare  float64 // of the prompts whose own text joins with a reward of its own; 0 means 0.3
	HumanReward float64 // its advantage at the start, falling to 0 over the steps; 0 means 2
	Likelihood  float64 // weight of the likelihood of the prompts' own texts throughout; 0 means 0.05
	Temperature float32 // 0 means 1, where log-probabilities are those of what is sampled
	MaxTokens   int     // 0 means 64

	Disc             DiscOptions
	PretrainSteps    int     // most steps of the discriminator before the game; 0 means 200
	PretrainAccuracy float64 // that ends them; 0 means 0.8

	EvalEvery        int       // steps; 0 means 25
	EvalContexts     int       // held-out prompts that are measured; 0 means 128
	EvalTemperatures []float32 // nil means 0.7 and 1; Temperature always belongs to them
	Alarms           Alarms
	Rollbacks        int // after so many the game ends; 0 means 3

	Seed        uint64
	Checkpoints string // folder; "" writes none. A checkpoint that lies there is resumed
}

func (o GameOptions) withDefaults() GameOptions {
	for _, f := range []struct {
		v    *int
		zero int
	}{{&o.Steps, 300}, {&o.Contexts, 32}, {&o.K, 4}, {&o.MaxTokens, 64}, {&o.PretrainSteps, 200}, {&o.EvalEvery, 25},
		{&o.EvalContexts, 128}, {&o.Rollbacks, 3}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
		*f.v = max(0, *f.v)
	}
	for _, f := range []struct {
		v    *float64
		zero float64
	}{{&o.LR, 1e-4}, {&o.Clip, 1}, {&o.Beta, .05}, {&o.HumanShare, .3}, {&o.HumanReward, 2}, {&o.Likelihood, .05}, {&o.PretrainAccuracy, .8}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
		*f.v = max(0, *f.v)
	}
	if o.Temperature == 0 {
		o.Temperature = 1
	}
	if o.EvalTemperatures == nil {
		o.EvalTemperatures = []float32{.7, 1}
	}
	return o
}

// Phases of a game.
const (
	PhaseDiscriminator = "discriminator" // it learns alone
	PhaseGame          = "game"
)

// GameProgress is what one step shows.
type GameProgress struct {
	Phase string `json:"phase"`
	Step  int    `json:"step"` // done in this phase
	Steps int    `json:"steps"`

	DiscStats              // on this step's texts, before the discriminator saw them
	DSteps     int         `json:"d_steps"`     // of the discriminator in this step
	DAccuracy  float64     `json:"d_accuracy"`  // running mean that decides on them
	Reward     Reward      `json:"reward"`      // mean
	Spread     float64     `json:"spread"`      // standard deviation of the total
	KL         float64     `json:"kl"`          // nats per token from the reference
	Entropy    float64     `json:"entropy"`     // nats per token
	Length     float64     `json:"length"`      // tokens
	Supported  float64     `json:"supported"`   // share of texts without an unsupported claim
	LR         float64     `json:"lr"`          // of the generator
	GGradNorm  float64     `json:"g_grad_norm"` // of the generator
	Evaluation *Evaluation `json:"evaluation,omitempty"`
	Alarms     []string    `json:"alarms,omitempty"` // that Evaluation set off
	RolledBack bool        `json:"rolled_back,omitempty"`
	Samples    [][]int32   `json:"samples,omitempty"` // the first text of a few held-out prompts, with Evaluation
}

// Run plays. It calls progress after each step and ends with the weights of the evaluation that covered the largest area
// of quality and diversity and set off no alarm, or those of the start if there was none. An alarm brings the last good
// evaluation's weights back and halves the learning rate. Cancelled, it returns the context's error and leaves a
// checkpoint; the same call then goes on as if it had never stopped.
func (g *Game) Run(ctx context.Context, progress func(GameProgress)) error {
	r, err := g.start()
	if err != nil {
		return fmt.Errorf("adversarial: %w", err)
	}
	if progress == nil {
		progress = func(GameProgress) {}
	}
	if err := r.resume(); err != nil {
		return fmt.Errorf("adversarial: %w", err)
	}
	for !r.over() {
		if ctx.Err() != nil {
			return r.stopped(ctx.Err())
		}
		p, err := r.next(ctx)
		if err != nil && ctx.Err() != nil {
			return r.stopped(ctx.Err())
		} else if err != nil {
			return fmt.Errorf("adversarial: %s step %d: %w", p.Phase, p.Step, err)
		}
		progress(p)
	}
	r.finish()
	if err := r.checkpoint(); err != nil {
		return fmt.Errorf("adversarial: %w", err)
	}
	return nil
}

// start checks what was given.
func (g *Game) start() (*gameRun, error) {
	o := g.Options.withDefaults()
	train := len(g.Data) - g.Held
	switch {
	case g.Held < 1 || train < o.Contexts:
		return nil, fmt.Errorf("%d examples, of which %d are held out, do not do for steps of %d prompts", len(g.Data), g.Held, o.Contexts)
	case o.K < 2:
		return nil, fmt.Errorf("%d text for each prompt has no other to be compared with", o.K)
	case g.Judge == nil:
		return nil, fmt.Errorf("there is no judge")
	case g.G.cfg.Vocab != g.D.cfg.Vocab || g.G.cfg.Vocab != g.Reference.cfg.Vocab:
		return nil, fmt.Errorf("vocabularies of %d, %d and %d tokens differ", g.G.cfg.Vocab, g.Reference.cfg.Vocab, g.D.cfg.Vocab)
	}
	if err := g.G.cfg.checkExamples(g.Data); err != nil {
		return nil, err
	}
	g.G.restartWeighted()
	r := &gameRun{Game: g, o: o, train: g.Data[:train], held: g.Data[train:]}
	r.state.DAccuracy = .5 // nothing is known of it
	return r, nil
}

// A gameRun is one call of Run.
type gameRun struct {
	*Game
	o           GameOptions
	train, held []Example
	state       gameState
	good, best  *snapshot
	epoch       int   // whose order is in order, plus one
	order       []int // of the training examples
}

// gameState is where a game stands between two steps: all that a checkpoint needs beside the tensors.
type gameState struct {
	Pretrained int         `json:"pretrained"` // steps of the discriminator alone
	Ready      bool        `json:"ready"`      // it has learned enough, or had its steps
	Step       int         `json:"step"`
	Batches    int         `json:"batches"` // drawn from the training examples
	DAccuracy  float64     `json:"d_accuracy"`
	TokenMean  float64     `json:"token_mean"` // running mean of the tokens' logits
	Halvings   int         `json:"halvings"`   // of the learning rate
	Before     *Evaluation `json:"before"`     // of the start
	BestArea   float64     `json:"best_area"`
	Replay     []replayed  `json:"replay"` // oldest first
}

// over reports whether the game has ended.
func (r *gameRun) over() bool {
	return r.state.Before != nil && r.state.Ready && (r.state.Step >= r.o.Steps || r.state.Halvings >= r.o.Rollbacks)
}

// next takes one step of whichever phase it is, and evaluates when it is time.
func (r *gameRun) next(ctx context.Context) (GameProgress, error) {
	if !r.state.Ready && r.state.Pretrained < r.o.PretrainSteps && r.state.DAccuracy < r.o.PretrainAccuracy {
		return r.pretrain(ctx)
	}
	r.state.Ready = true
	p := GameProgress{Phase: PhaseGame, Step: r.state.Step, Steps: r.o.Steps}
	if r.state.Before == nil {
		e, samples, err := r.evaluate(ctx)
		if err != nil {
			return p, err
		}
		r.state.Before, r.good = &e, r.snapshot()
		p.Evaluation, p.Samples, p.DiscStats, p.DAccuracy = &e, samples, e.discStats(), r.state.DAccuracy
		return p, r.checkpoint()
	}
	if err := r.step(ctx, &p); err != nil {
		return p, err
	}
	r.state.Step++
	p.Step = r.state.Step
	if r.state.Step%r.o.EvalEvery != 0 && r.state.Step < r.o.Steps {
		return p, nil
	}
	e, samples, err := r.evaluate(ctx)
	if err != nil {
		return p, err
	}
	p.Evaluation, p.Samples, p.Alarms = &e, samples, r.o.Alarms.fired(e, *r.state.Before)
	if len(p.Alarms) > 0 {
		p.RolledBack = true
		r.rollBack()
		return p, r.checkpoint()
	}
	r.good = r.snapshot()
	if e.Area > r.state.BestArea || r.best == nil {
		r.state.BestArea, r.best = e.Area, r.good
	}
	return p, r.checkpoint()
}

// learningRate is the generator's: halved by each rollback.
func (r *gameRun) learningRate() float64 { return r.o.LR * math.Pow(.5, float64(r.state.Halvings)) }

// A snapshot is both players' weights.
type snapshot struct {
	g         map[string][]float32
	d         map[string]storedTensor
	dSteps    int
	dAccuracy float64
}

func (r *gameRun) snapshot() *snapshot {
	r.G.mu.Lock()
	defer r.G.mu.Unlock()
	return &snapshot{g: r.G.weightsNow(), d: r.D.adam.values(true), dSteps: r.D.adam.steps, dAccuracy: r.state.DAccuracy}
}

func (r *gameRun) restore(s *snapshot) {
	r.G.mu.Lock()
	r.G.setWeights(s.g)
	r.G.mu.Unlock()
	if err := r.D.set(s.d, s.dSteps); err != nil {
		panic(fmt.Sprintf("lm: a snapshot does not fit: %v", err))
	}
	r.state.DAccuracy = s.dAccuracy
}

// rollBack brings the last good weights back, forgets the optimiser's moments and halves the learning rate.
func (r *gameRun) rollBack() {
	r.restore(r.good)
	r.G.restartWeighted()
	r.state.Halvings++
}

// finish leaves the best weights.
func (r *gameRun) finish() {
	if r.best != nil {
		r.restore(r.best)
	} else {
		r.restore(r.good)
	}
}

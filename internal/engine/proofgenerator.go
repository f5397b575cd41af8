package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"

	"because/internal/lm"
)

// A proofGenerator is one generator of a proof, from one seed, with the discriminator that filters its texts.
type proofGenerator struct {
	*proof
	name string
	seed uint64

	generator     *lm.Generator
	discriminator *lm.Discriminator // nil where it filters nothing
	story         proofStory
}

// A proofStory is what is kept of a training beside the weights.
type proofStory struct {
	Loss       float64        `json:"loss"`             // nats per token of people's texts, on the choosing readers
	Before     *lm.Evaluation `json:"before,omitempty"` // of a game
	Kept       *lm.Evaluation `json:"kept,omitempty"`   // whose weights a game left; nil: those of the start
	Alarms     []string       `json:"alarms,omitempty"` // that rolled a game back, in order
	Prompts    int            `json:"prompts"`          // that it learned from beyond the likelihood model
	Parameters int            `json:"parameters"`
}

const (
	storyFile  = "story.json"
	proofBatch = 2048  // tokens of a step: more and smaller ones than the base has, which sees more texts
	tuneBatch  = 1024  // of a tuning on a few examples
	unfinished = "run" // folder of the checkpoints of a training that has not ended
)

// filters reports whether the texts are also filtered by the discriminator.
func (g *proofGenerator) filters() bool {
	return g.name == likelihoodModel || g.name == adversarialModel
}

// make reads the generator, or trains it and keeps it, whole or not at all.
func (g *proofGenerator) make(ctx context.Context) error {
	switch err := g.readStory(); {
	case err == nil:
		return g.load(g.name)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	mkdir(g.folder(g.name))
	var err error
	if g.run.log, err = os.OpenFile(g.folder(g.name, metricsFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	defer g.run.log.Close()
	train := g.game
	switch g.name {
	case likelihoodModel:
		train = g.likelihood
	case spinModel:
		train = g.spin
	case filteredModel:
		train = g.filtered
	case leftOutModel:
		train = g.fit
	case tunedModel:
		train = g.tune
	}
	if err := train(ctx); err != nil {
		return resumeError(err)
	}
	if g.story.Loss, err = g.generator.Loss(ctx, g.dev); err != nil {
		return err
	}
	g.story.Parameters = g.generator.Parameters()
	if err := g.generator.Save(g.folder(g.name, generatorFolder), lm.SaveOptions{}); err != nil {
		return err
	}
	if g.discriminator != nil {
		if err := g.discriminator.Save(g.folder(g.name, discriminatorFolder), true); err != nil {
			return err
		}
	}
	b, err := json.MarshalIndent(g.story, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(g.folder(g.name, storyFile), b); err != nil { // what it names is whole
		return err
	}
	return os.RemoveAll(g.folder(g.name, unfinished))
}

func (g *proofGenerator) readStory() error {
	b, err := os.ReadFile(g.folder(g.name, storyFile))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &g.story); err != nil {
		return fmt.Errorf("read %s: %w", g.folder(g.name, storyFile), err)
	}
	return nil
}

// load reads the generator of a name and, where one was kept, its discriminator.
func (g *proofGenerator) load(name string) error {
	var err error
	if g.generator, err = lm.LoadGenerator(os.DirFS(g.folder(name, generatorFolder))); err != nil {
		return err
	}
	if err := g.generator.On(g.backend); err != nil {
		return err
	}
	if _, err := os.Stat(g.folder(name, discriminatorFolder)); err != nil {
		return nil
	}
	g.discriminator, err = lm.LoadDiscriminator(os.DirFS(g.folder(name, discriminatorFolder)))
	return err
}

// likelihood trains the generator on people's texts, and a discriminator against it.
func (g *proofGenerator) likelihood(ctx context.Context) error {
	if g.from != nil {
		g.generator = g.from.generator
		if err := g.generator.On(g.backend); err != nil {
			return err
		}
	} else if err := g.fit(ctx); err != nil {
		return err
	}
	var err error
	g.discriminator, err = g.run.discriminate(ctx, g.generator, g.train, g.dev, g.seed, 200, g.show)
	return err
}

// fit trains a generator from scratch on people's texts.
func (g *proofGenerator) fit(ctx context.Context) error {
	c := g.run.size.config
	c.Vocab = g.run.words.Size()
	var err error
	if g.generator, err = lm.NewGenerator(c, int64(g.seed)); err != nil {
		return err
	}
	if err := g.generator.On(g.backend); err != nil {
		return err
	}
	o := lm.TrainOptions{Epochs: g.o.Epochs, Steps: g.steps, LR: g.lr, Seed: g.seed, ValidEvery: 100, Patience: 8, BatchTokens: proofBatch, MicroTokens: proofBatch, Checkpoints: g.folder(g.name, unfinished)}
	if o.Epochs == 0 {
		o.Epochs = g.run.size.epochs
	}
	return g.generator.Train(ctx, g.train, g.dev, o, func(p lm.Progress) {
		g.run.note(LMProgress{Phase: "likelihood", Step: p.Step, Steps: p.Steps, Likelihood: &p}, g.show)
	})
}

// tune trains the model that a domain was left out for on the few examples of it.
func (g *proofGenerator) tune(ctx context.Context) error {
	if err := g.load(leftOutModel); err != nil {
		return err
	}
	g.story.Prompts = len(g.few)
	o := lm.TrainOptions{Epochs: 8, LR: 5e-4, Seed: g.seed, ValidEvery: 20, Patience: 3, BatchTokens: tuneBatch, MicroTokens: tuneBatch, Checkpoints: g.folder(g.name, unfinished)}
	return g.generator.Train(ctx, g.few, g.chosen, o, func(p lm.Progress) {
		g.run.note(LMProgress{Phase: "tuning", Step: p.Step, Steps: p.Steps, Likelihood: &p}, g.show)
	})
}

// game plays the likelihood model against its discriminator, with the reward or a control in its place.
func (g *proofGenerator) game(ctx context.Context) error {
	if err := g.load(likelihoodModel); err != nil {
		return err
	}
	reference, err := g.generator.Clone()
	if err != nil {
		return err
	}
	o := lm.GameOptions{Steps: g.o.Steps, Contexts: g.o.Contexts, PretrainSteps: -1, EvalContexts: 256, Seed: g.seed, Checkpoints: g.folder(g.name, unfinished)}
	switch g.name {
	case unguardedModel:
		o.Alarms = lm.NoAlarms
	case string(lm.ConstantReward), string(lm.RandomReward):
		o.Control = lm.Control(g.name)
	}
	game := &lm.Game{
		G: g.generator, Reference: reference, D: g.discriminator, Data: append(slices.Clone(g.train), g.dev...), Held: len(g.dev), Judge: g.judges,
		Read: g.read, Options: o,
	}
	g.story.Prompts = o.Steps * o.Contexts
	if err := game.Run(ctx, func(p lm.GameProgress) {
		g.run.note(LMProgress{Phase: "adversarial", Step: p.Step, Steps: p.Steps, Game: &p}, g.show)
	}); err != nil {
		return err
	}
	if err := g.tell(); err != nil {
		return err
	}
	if !g.filters() {
		g.discriminator = nil
	}
	return nil
}

// tell takes a game's story from its metrics log, where all of it stands however often it was stopped.
func (g *proofGenerator) tell() error {
	f, err := os.Open(g.folder(g.name, metricsFile))
	if err != nil {
		return err
	}
	defer f.Close()
	return eachStep(f, func(p LMProgress) {
		if p.Game == nil || p.Game.Evaluation == nil {
			return
		}
		switch e := p.Game.Evaluation; {
		case g.story.Before == nil:
			g.story.Before = e
		case p.Game.RolledBack:
			g.story.Alarms = append(g.story.Alarms, p.Game.Alarms...)
		case g.story.Kept == nil || e.Area > g.story.Kept.Area:
			g.story.Kept = e
		}
	})
}

// read is a text's tokens as a reader would see them: decoded and encoded again.
func (g *proofGenerator) read(text []int32) []int32 {
	return g.run.words.Encode(g.run.words.Decode(text))
}

// judges is the verifier's view of a text for an example of train and dev, whose pairs come first and in the same order.
func (g *proofGenerator) judges(i int, text []int32) lm.Judgement {
	j, _ := g.judge(g.pairs[i], g.run.words.Decode(text), len(text), g.lengths)
	return j
}

// some are as many training examples as a game's prompts, drawn without repetition as far as there are.
func (g *proofGenerator) some(most int) []int {
	rng := rand.New(rand.NewPCG(g.seed, 0x50e))
	order := rng.Perm(len(g.train))
	return order[:min(most, len(order))]
}

// spin lets the likelihood model play against itself: two iterations over half of the game's prompts each.
func (g *proofGenerator) spin(ctx context.Context) error {
	if err := g.load(likelihoodModel); err != nil {
		return err
	}
	var data []lm.Example
	for _, i := range g.some(g.o.Steps * g.o.Contexts / 2) {
		data = append(data, g.train[i])
	}
	g.discriminator = nil
	g.story.Prompts = 2 * len(data)
	return lm.Spin(ctx, g.generator, data, lm.SpinOptions{Seed: g.seed, Prefer: lm.PreferOptions{LR: 1e-4, Seed: g.seed}}, func(p lm.SpinProgress) {
		g.run.note(LMProgress{Phase: "feedback", Step: p.Step, Steps: p.Steps, Prefer: &p.PreferProgress}, g.show)
	})
}

// filtered trains the likelihood model on those of its own texts that the verifier passes and its discriminator likes
// best, from as many prompts as the game has.
func (g *proofGenerator) filtered(ctx context.Context) error {
	if err := g.load(likelihoodModel); err != nil {
		return err
	}
	which := g.some(g.o.Steps * g.o.Contexts)
	data := make([]lm.Example, len(which))
	for i, w := range which {
		data[i] = g.train[w]
	}
	best, err := lm.Filtered(ctx, g.generator, g.discriminator, data, func(i int, text []int32) lm.Judgement { return g.judges(which[i], text) },
		lm.FilterOptions{Seed: g.seed, Read: g.read})
	if err != nil {
		return err
	}
	g.discriminator = nil
	g.story.Prompts = len(best)
	if len(best) == 0 { // nothing that it wrote is true: there is nothing to learn
		return nil
	}
	return g.generator.Train(ctx, best, g.dev, lm.TrainOptions{Epochs: 2, LR: 1e-4, BatchTokens: 4096, Seed: g.seed}, func(p lm.Progress) {
		g.run.note(LMProgress{Phase: "likelihood", Step: p.Step, Steps: p.Steps, Likelihood: &p}, g.show)
	})
}

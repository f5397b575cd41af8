package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"because"
	"because/internal/lm"
)

// ProofOptions say how it is proved what the adversarial phase brings: the same generator as likelihood leaves it, after
// the game, after the game under controls, and after the competitors, at many temperatures and from several seeds.
type ProofOptions struct {
	Size       string   `json:"size"`       // of the generator, as LMOptions has it; empty means small
	From       string   `json:"from"`       // a model that takes the likelihood model's place: of the data folder, or "shipped"; empty trains one
	Generators []string `json:"generators"` // empty means all of ProofGenerators
	Seeds      int      `json:"seeds"`      // 0 means 3; 1 with From
	Seed       uint64   `json:"seed"`       // of the corpus and the first of the seeds
	Readers    int      `json:"readers"`    // whose evidence is written on; 0 means 300
	Items      int      `json:"items"`      // for each; 0 means 4
	Epochs     int      `json:"epochs"`     // of likelihood; 0 means the size's own
	Steps      int      `json:"steps"`      // of the game; 0 means 100. The competitors learn from as many prompts
	Contexts   int      `json:"contexts"`   // of a step; 0 means 32
	Texts      int      `json:"texts"`      // written in each language at each temperature; 0 means 300

	Temperatures []float32 `json:"temperatures"` // nil means ProofTemperatures
	Backend      string    `json:"backend"`
	Devices      int       `json:"devices"`
}

// ProofGenerators are what is compared: the likelihood model, the game, the game without its alarms, self-play (SPIN, arXiv
// 2401.01335), likelihood on the texts that the discriminator likes best (RAFT, arXiv 2304.06767), and the game with every
// text earning the same and with every text earning a random number.
var ProofGenerators = []string{likelihoodModel, adversarialModel, unguardedModel, spinModel, filteredModel, string(lm.ConstantReward), string(lm.RandomReward)}

const (
	likelihoodModel  = "likelihood"
	adversarialModel = "adversarial"
	unguardedModel   = "unguarded"
	spinModel        = "spin"
	filteredModel    = "filtered"
)

// ProofTemperatures are those that methods are compared at.
var ProofTemperatures = []float32{.1, .3, .5, .7, .8, .9, 1, 1.1, 1.2, 1.3}

// proofDrafts is how many texts the discriminator chooses from as a filter.
const proofDrafts = 4

func (o ProofOptions) withDefaults() (ProofOptions, error) {
	for _, f := range []struct {
		v    *int
		zero int
	}{{&o.Seeds, 3}, {&o.Readers, 300}, {&o.Items, 4}, {&o.Steps, 100}, {&o.Contexts, 32}, {&o.Texts, 300}} {
		if *f.v < 0 {
			return o, because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
		}
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	if o.From != "" {
		o.Seeds = 1
	}
	o.Size, o.Seed = cmp.Or(o.Size, "small"), max(1, o.Seed)
	if _, ok := sizes()[o.Size]; !ok {
		return o, because.Errorf(because.ErrInvalid, "There is no size %q. Choose base, small or tiny.", short(o.Size))
	}
	if len(o.Generators) == 0 {
		o.Generators = ProofGenerators
	}
	for _, g := range o.Generators {
		if !slices.Contains(ProofGenerators, g) {
			return o, because.Errorf(because.ErrInvalid, "There is no generator %q. Choose from: %s.", short(g), strings.Join(ProofGenerators, ", "))
		}
	}
	if !slices.Contains(o.Generators, likelihoodModel) { // all others begin with it and are held against it
		o.Generators = append([]string{likelihoodModel}, o.Generators...)
	}
	if o.Temperatures == nil {
		o.Temperatures = ProofTemperatures
	}
	for _, t := range o.Temperatures {
		if t <= 0 || t > 2 {
			return o, because.Errorf(because.ErrInvalid, "A temperature must lie above 0 and not above 2.")
		}
	}
	return o, nil
}

// A proof is one call of Prove.
type proof struct {
	*Engine
	o       ProofOptions
	dir     string    // models/runs/proof-…: what was trained and written, so that a proof goes on where it was
	at      time.Time // when it began: what is written to
	backend *lm.Backend
	run     *lmRun // of the training readers: pairs and vocabulary
	show    func(LMProgress)

	train, dev []lm.Example // of different readers
	pairs      []Pair       // those of train, then of dev, then of test
	test       []int        // pairs that are written for: first the Chinese ones, then the English
	held       int          // pairs that choose, at most gameHeld
	lengths    map[string]spread
	from       *languageModel // in the likelihood model's place

	steps       int          // of likelihood at most; 0: no bound beside the epochs
	lr          float64      // of likelihood at its highest; 0 means 1e-3
	few, chosen []lm.Example // of a domain that training left out: to be tuned on, and to choose by
}

// Prove trains what is missing, lets it write at each temperature, and measures. Each generator and each cell (seed,
// generator, temperature) is kept in a folder of the run when it is whole: stopped and called again with the same options, it goes on.
func (e *Engine) Prove(ctx context.Context, o ProofOptions, show func(LMProgress)) (ProofReport, error) {
	o, err := o.withDefaults()
	if err != nil {
		return ProofReport{}, err
	}
	if show == nil {
		show = func(LMProgress) {}
	}
	p := &proof{Engine: e, o: o, show: show}
	if p.backend, err = openBackend(o.Backend, o.Devices); err != nil {
		return ProofReport{}, err
	}
	if err := p.open(ctx); err != nil {
		return ProofReport{}, err
	}
	var cells []proofCell
	done, all := 0, o.Seeds*len(o.Generators)*len(o.Temperatures)
	for s := range o.Seeds {
		for _, name := range o.Generators {
			g := &proofGenerator{proof: p, name: name, seed: o.Seed + uint64(s)}
			if err := g.make(ctx); err != nil {
				return ProofReport{}, fmt.Errorf("%s, seed %d: %w", name, g.seed, err)
			}
			for _, t := range o.Temperatures {
				c, err := g.cell(ctx, t)
				if err != nil {
					return ProofReport{}, fmt.Errorf("%s, seed %d, temperature %g: %w", name, g.seed, t, err)
				}
				cells = append(cells, c...)
				done++
				show(LMProgress{Phase: "cells", Step: done, Steps: all})
			}
		}
	}
	return p.report(cells), nil
}

// proofBegun is what a proof's folder says of it.
type proofBegun[O any] struct {
	Options O         `json:"options"`
	At      time.Time `json:"at"`
}

// open makes or reads the folder: what was asked for, the corpus and the vocabulary.
func (p *proof) open(ctx context.Context) error {
	name := "proof-" + strconv.FormatUint(p.o.Seed, 10)
	if p.o.From != "" {
		name += "-" + p.o.From
	}
	asked := p.o
	asked.Generators, asked.Backend, asked.Devices = nil, "", 0 // these may change on the way
	var err error
	if p.dir, p.at, err = beginProof(p.Engine, name, asked); err != nil {
		return err
	}
	if err := p.divide(ctx); err != nil {
		return err
	}
	if p.o.From != "" {
		m, err := p.modelToTrain(p.o.From)
		if err != nil {
			return err
		}
		p.from, p.run.words = &m, m.words
	} else {
		if p.run.words, err = p.run.vocabulary(nil); err != nil {
			return err
		}
	}
	p.learnable()
	return nil
}

// beginProof makes the folder of a proof, or finds it as the same options left it, and says when it began.
func beginProof[O any](e *Engine, name string, o O) (dir string, at time.Time, err error) {
	dir = mkdir(filepath.Join(e.o.Dir, "models", "runs", name))
	asked, path := proofBegun[O]{Options: o, At: e.now()}, filepath.Join(dir, "options.json")
	var was proofBegun[O]
	if b, err := os.ReadFile(path); err == nil {
		if json.Unmarshal(b, &was) != nil || !reflect.DeepEqual(was.Options, asked.Options) {
			return "", at, because.Errorf(because.ErrInvalid, "%s holds a proof with other options. Take another --seed, or remove the folder.", dir)
		}
		return dir, was.At, nil
	}
	b, err := json.MarshalIndent(asked, "", "  ")
	if err != nil {
		return "", at, err
	}
	return dir, asked.At, writeFile(path, b)
}

// learnable turns the pairs to train on and to choose by into examples, once the vocabulary is known.
func (p *proof) learnable() {
	for i, pair := range p.pairs {
		x := example(p.run.words, pair)
		switch {
		case i < len(p.run.pairs):
			p.train = append(p.train, x)
		case i < len(p.run.pairs)+p.held:
			p.dev = append(p.dev, x)
		}
	}
	p.lengths = lengthsOf(p.run.pairs, p.train)
}

// divide writes the corpus and takes the parts of it.
func (p *proof) divide(ctx context.Context) error {
	parts, rng, err := p.parted(ctx)
	if err != nil {
		return err
	}
	return p.use(parts, rng)
}

// parted writes the corpus and parts its readers: seven in ten to train on, one in ten to choose by, two in ten to test.
// Patterns withheld from training stay out, so that texts are told from people's by how they are written alone.
func (p *proof) parted(ctx context.Context) (parts proofParts, rng *rand.Rand, err error) {
	var all []Pair
	var readers []string
	known := map[string]int{}
	_, err = p.Corpus(ctx, CorpusOptions{Seed: p.o.Seed, Readers: p.o.Readers, Items: p.o.Items, At: p.at}, func(stage string, done, total int) {
		p.show(LMProgress{Phase: stage, Step: done, Steps: total})
	}, func(x Pair) error {
		if x.Held {
			return nil
		}
		if _, ok := known[x.User]; !ok {
			known[x.User] = 0
			readers = append(readers, x.User)
		}
		all = append(all, x)
		return nil
	})
	if err != nil {
		return parts, nil, err
	}
	rng = rand.New(rand.NewPCG(p.o.Seed, 0x900f))
	rng.Shuffle(len(readers), func(i, j int) { readers[i], readers[j] = readers[j], readers[i] })
	for i, r := range readers {
		switch {
		case 10*i < 2*len(readers):
			known[r] = 2
		case 10*i < 3*len(readers):
			known[r] = 1
		}
	}
	slices.SortStableFunc(all, func(a, b Pair) int { return known[a.User] - known[b.User] })
	if err := writePairs(filepath.Join(p.dir, pairsFile), all); err != nil { // by which an erasure finds the run
		return parts, nil, fmt.Errorf("keep the corpus: %w", err)
	}
	for _, x := range all {
		parts[known[x.User]] = append(parts[known[x.User]], x)
	}
	return parts, rng, nil
}

// proofParts are pairs of different readers: to train on, to choose by, to test.
type proofParts [3][]Pair

// use takes the pairs of a proof, and draws those that are written for.
func (p *proof) use(parts proofParts, rng *rand.Rand) error {
	p.pairs = slices.Concat(parts[:]...)
	p.run = &lmRun{dir: p.dir, size: sizes()[p.o.Size], pairs: parts[0]}
	p.held = min(len(parts[1]), gameHeld)
	counts := map[because.Lang]int{}
	test := make([]int, len(parts[2]))
	for i := range test {
		test[i] = len(parts[0]) + len(parts[1]) + i
	}
	rng.Shuffle(len(test), func(i, j int) { test[i], test[j] = test[j], test[i] })
	for _, lang := range because.Langs {
		prompts := map[string]bool{}
		for _, i := range test {
			if x := p.pairs[i]; x.Lang == lang && !prompts[x.Prompt] && counts[lang] < p.o.Texts {
				prompts[x.Prompt] = true
				counts[lang]++
				p.test = append(p.test, i)
			}
		}
		if counts[lang] < 20 {
			return because.Errorf(because.ErrInvalid, "There are too few readers to hold some out: import more, or write for more with --readers.")
		}
	}
	if p.held == 0 || len(p.run.pairs) < p.o.Contexts {
		return because.Errorf(because.ErrInvalid, "There are too few readers to hold some out: import more, or write for more with --readers.")
	}
	return nil
}

// folder is where what belongs to a seed lies.
func (g *proofGenerator) folder(names ...string) string {
	return filepath.Join(append([]string{g.dir, "seed-" + strconv.FormatUint(g.seed, 10)}, names...)...)
}

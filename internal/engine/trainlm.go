package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// LMOptions say what language model is trained.
type LMOptions struct {
	Size   string // base (about 5 M parameters, what ships), small (for experiments), tiny (for tests); empty means base
	Corpus CorpusOptions
	Epochs int     // 0 means the size's own
	Steps  int     // ends earlier; 0: after the epochs
	From   string  // a model to go on from, on the same corpus, instead of from scratch
	LR     float64 // at its highest; 0 means 1e-3
	Resume bool

	Tokenizer string // file of the vocabulary; empty learns one
	Base      string // a pretrained model to start from: a GGUF file or a folder; its shape and vocabulary are taken
	LoRA      int    // rank of the adapters that learn in its place; 0 trains all of it
	Batch     int    // tokens of one step; 0 means 4096, and 768 on a pretrained model

	Backend string // that the generator trains on: "go", or "xla:" and the path of a PJRT plug-in; empty means go
	Devices int    // of it, that share each batch; 0 means 1
}

// LMProgress is what one step of training shows; it is also a line of the metrics log.
type LMProgress struct {
	Phase string `json:"phase"` // likelihood, discriminator, adversarial, feedback
	Step  int    `json:"step"`
	Steps int    `json:"steps"`

	Likelihood    *lm.Progress        `json:"likelihood,omitempty"`
	Discriminator *lm.DiscStats       `json:"discriminator,omitempty"`
	Game          *lm.GameProgress    `json:"game,omitempty"`
	Prefer        *lm.PreferProgress  `json:"prefer,omitempty"`
	Article       *lm.ArticleProgress `json:"article,omitempty"`
	Valid         *float64            `json:"valid,omitempty"` // the discriminator's accuracy on readers that it has not seen
	Scores        *ScoreCounts        `json:"scores,omitempty"`
	Samples       []string            `json:"samples,omitempty"` // for the same prompts each time
}

// ScoreCounts are how many texts the discriminator gives which probability of being a person's, in tenths.
type ScoreCounts struct {
	Real [10]int `json:"real"` // D(x)
	Fake [10]int `json:"fake"` // D(G(z))
}

// A size is a shape with its schedule.
type size struct {
	config lm.Config
	vocab  int
	epochs int
}

// sizes by name. The base goes over its texts five times or so, too few to need dropout. Each bucket of behaviour features is shared with state.go.
func sizes() map[string]size {
	encoder := lm.EncoderConfig{Buckets: behaviourBuckets, MaxEvents: behaviourEvents}
	return map[string]size{
		"base":  {lm.Config{Layers: 4, Dim: 256, Heads: 8, FF: 704, SoftTokens: 4, Aspects: aspects, Encoder: encoder}, 4096, 6},
		"small": {lm.Config{Layers: 3, Dim: 128, Heads: 4, FF: 352, Dropout: .1, SoftTokens: 4, Aspects: aspects, Encoder: encoder}, 3072, 6},
		"tiny":  {lm.Config{Layers: 2, Dim: 64, Heads: 2, FF: 128, Dropout: .05, SoftTokens: 2, Aspects: aspects, Encoder: encoder}, 1536, 3},
	}
}

// A lmRun is a training run's folder: models/runs/<size>-<seed>, kept until the model is whole, so that a run that was
// stopped goes on.
type lmRun struct {
	dir    string
	size   size
	pairs  []Pair
	words  *lm.Tokenizer
	log    *os.File
	from   *lm.Generator      // that training goes on from; nil for from scratch
	before map[string]float64 // the measures of a pretrained model before it was trained on
	seen   []string           // readers whose rows that one rests on

	taught *Taught // of a distillation

	backend *lm.Backend // that the generator trains on
}

// TrainLM builds the corpus of the data folder, learns the vocabulary, trains the generator by likelihood and writes a
// model folder. Stopped and called again with the same options, it goes on where it was.
func (e *Engine) TrainLM(ctx context.Context, o LMOptions, show func(LMProgress)) (ModelInfo, error) {
	backend, err := openBackend(o.Backend, o.Devices)
	if err != nil {
		return ModelInfo{}, err
	}
	r, err := e.openRun(ctx, &o, show)
	if err != nil {
		return ModelInfo{}, err
	}
	defer r.log.Close()
	r.backend = backend
	g, err := r.likelihood(ctx, o, show)
	if err != nil {
		return ModelInfo{}, err
	}
	if o.Base != "" { // a discriminator of its own is learnt in the game: to write for one here would take hours
		return e.saveLM(ctx, r, g, nil, o.Corpus.Seed)
	}
	d, err := r.discriminate(ctx, g, r.examples(forTraining), r.examples(forChoosing), o.Corpus.Seed, o.Steps, show)
	if err != nil {
		return ModelInfo{}, err
	}
	return e.saveLM(ctx, r, g, d, o.Corpus.Seed)
}

// checkStart refuses ways to start that do not go together.
func (o LMOptions) checkStart() error {
	switch {
	case o.From != "" && o.Tokenizer != "":
		return because.Errorf(because.ErrInvalid, "A model that training goes on from brings its own vocabulary: leave out --tokenizer or --from.")
	case o.Base != "" && (o.From != "" || o.Tokenizer != ""):
		return because.Errorf(because.ErrInvalid, "A pretrained model brings its own weights and vocabulary: leave out --base, or --from and --tokenizer.")
	case o.LoRA < 0 || o.Batch < 0:
		return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
	case o.LoRA > 0 && o.Base == "":
		return because.Errorf(because.ErrInvalid, "Adapters lie beside a pretrained model: name it with --base.")
	}
	return nil
}

// openRun makes or reads the folder of a run: its corpus and its vocabulary.
func (e *Engine) openRun(ctx context.Context, o *LMOptions, show func(LMProgress)) (*lmRun, error) {
	if o.Size == "" {
		o.Size = "base"
	}
	sz, ok := sizes()[o.Size]
	if !ok {
		return nil, because.Errorf(because.ErrInvalid, "There is no size %q. Choose base, small or tiny.", short(o.Size))
	}
	if err := o.checkStart(); err != nil {
		return nil, err
	}
	if o.Corpus.Seed == 0 {
		o.Corpus.Seed = e.o.Seed
	}
	name := o.Size
	if o.Base != "" {
		name = "pretrained"
	}
	r := &lmRun{dir: filepath.Join(e.o.Dir, "models", "runs", name+"-"+strconv.FormatUint(o.Corpus.Seed, 10)), size: sz}
	var err error
	var words *lm.Tokenizer // that a person named: read before anything is removed
	if o.Tokenizer != "" {
		if words, err = readTokenizer(o.Tokenizer); err != nil {
			return nil, err
		}
	}
	if o.Base != "" {
		if r.from, r.words, err = importBase(o.Base, o.LoRA, o.Corpus.Seed); err != nil {
			return nil, err
		}
	}
	if !o.Resume {
		if err := os.RemoveAll(r.dir); err != nil {
			return nil, err
		}
	}
	mkdir(r.dir)
	file := filepath.Join(r.dir, pairsFile)
	if r.pairs, err = readPairs(file); err != nil {
		r.pairs = nil
		_, err = e.Corpus(ctx, o.Corpus, func(stage string, done, total int) {
			show(LMProgress{Phase: stage, Step: done, Steps: total})
		}, func(p Pair) error {
			r.pairs = append(r.pairs, p)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if err := writePairs(file, r.pairs); err != nil {
			return nil, fmt.Errorf("keep the corpus: %w", err)
		}
	}
	if r.words == nil {
		if r.words, err = r.vocabulary(words); err != nil {
			return nil, err
		}
	}
	if o.From != "" {
		m, err := e.openServing(o.From)
		if err != nil {
			return nil, err
		}
		r.words, r.from = m.words, m.generator
		if r.seen, err = e.seenBy(ctx, m.info); err != nil {
			return nil, err
		}
	}
	r.log, err = os.OpenFile(filepath.Join(r.dir, metricsFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return r, err
}

// vocabulary reads the run's vocabulary, or takes the one that was named, or learns it from the texts and prompts of the
// training part.
func (r *lmRun) vocabulary(named *lm.Tokenizer) (*lm.Tokenizer, error) {
	path := filepath.Join(r.dir, "tokenizer.json")
	if f, err := os.Open(path); err == nil {
		defer f.Close()
		return lm.LoadTokenizer(f)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if named != nil {
		return named, keepTokenizer(path, named)
	}
	words, err := lm.TrainTokenizer(r.texts(), generate.Tokens(), r.size.vocab)
	if err != nil {
		return nil, fmt.Errorf("learn the vocabulary: %w", err)
	}
	return words, keepTokenizer(path, words)
}

func keepTokenizer(path string, words *lm.Tokenizer) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(words.Save(f), f.Close())
}

// examples are the pairs of one part as the model learns from them.
func (r *lmRun) examples(which part) []lm.Example {
	var out []lm.Example
	for _, p := range r.pairs {
		if partOf(p) == which {
			out = append(out, example(r.words, p))
		}
	}
	return out
}

// likelihood trains the generator on the corpus.
func (r *lmRun) likelihood(ctx context.Context, o LMOptions, show func(LMProgress)) (*lm.Generator, error) {
	c := r.size.config
	c.Vocab = r.words.Size()
	g, err := lm.NewGenerator(c, int64(o.Corpus.Seed))
	if err != nil {
		return nil, err
	}
	if r.from != nil {
		g = r.from
	}
	if err := g.On(r.backend); err != nil {
		return nil, err
	}
	train, valid := r.examples(forTraining), r.examples(forChoosing)
	t := lm.TrainOptions{Epochs: o.Epochs, Steps: o.Steps, Seed: o.Corpus.Seed, ValidEvery: 100, Patience: 8, BatchTokens: 4096,
		LR: o.LR, Checkpoints: filepath.Join(r.dir, "likelihood"+o.From), CheckpointEvery: 100}
	most := 1000
	if o.Base != "" {
		most, t.BatchTokens, t.CheckpointEvery = baseMeasure, baseBatch, 50
		if t.LR == 0 {
			t.LR = baseFull
			if o.LoRA > 0 {
				t.LR = baseLoRA
			}
		}
		if r.before, err = r.measureOnce(ctx, g, o.Base); err != nil {
			return nil, err
		}
	}
	if o.Batch > 0 {
		t.BatchTokens = o.Batch
	}
	if t.Epochs == 0 {
		t.Epochs = r.size.epochs
	}
	shown := r.shown()
	err = g.Train(ctx, train, valid[:min(most, len(valid))], t, func(p lm.Progress) {
		said := LMProgress{Phase: "likelihood", Step: p.Step, Steps: p.Steps, Likelihood: &p}
		if p.Valid != nil {
			said.Samples = r.written(ctx, g, shown)
		}
		r.note(said, show)
	})
	return g, resumeError(err)
}

// shown are the examples that training shows its texts for: two of each language, on readers that it does not see.
func (r *lmRun) shown() []lm.Example {
	var out []lm.Example
	n := map[because.Lang]int{}
	for _, p := range r.pairs {
		if partOf(p) == forChoosing && n[p.Lang] < 2 && (len(out) == 0 || p.Prompt != r.words.Decode(out[len(out)-1].Prompt)) {
			n[p.Lang]++
			out = append(out, example(r.words, p))
		}
	}
	return out
}

// written are texts for some examples, with slot tokens, always with the same noise; nil where they cannot be written.
func (r *lmRun) written(ctx context.Context, g *lm.Generator, examples []lm.Example) []string {
	reqs := make([]lm.SampleRequest, len(examples))
	for i, e := range examples {
		reqs[i] = lm.SampleRequest{Prompt: e.Prompt, Seed: uint64(i)}
	}
	samples, err := g.Sample(ctx, reqs, lm.SampleOptions{Temperature: .7})
	if err != nil {
		return nil // cancelled: training says so
	}
	var out []string
	for _, s := range samples {
		out = append(out, r.words.Decode(s[0].Tokens))
	}
	return out
}

// note shows a step and keeps it in the metrics log.
func (r *lmRun) note(p LMProgress, show func(LMProgress)) {
	if b, err := json.Marshal(p); err == nil {
		_, _ = r.log.Write(append(b, '\n')) // a full disk shows at the next checkpoint
	}
	show(p)
}

// hash identifies the corpus of a run.
func (r *lmRun) hash() string {
	h := sha256.New()
	for _, p := range r.pairs {
		fmt.Fprintln(h, p.Prompt, p.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

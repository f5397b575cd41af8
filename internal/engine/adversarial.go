package engine

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// GameOptions say how the generator is played against the discriminator.
type GameOptions struct {
	From    string // the model to start from; empty means the one that serves
	Steps   int    // 0 means 300
	Control string // "constant" or "random" replaces the reward, for comparison
	Form    string // what the discriminator's logit earns: "log-d", "centred", "pairwise"; empty means clipped log-odds
	Corpus  CorpusOptions
	Resume  bool

	LoRA     int // rank of adapters that play in the place of the weights; 0 plays with all of them
	Contexts int // prompts of one step; 0 means 32
	Texts    int // for each prompt; 0 means 4
	Pretrain int // most steps of the discriminator before the game; 0 means 200

	Backend string // that the generator trains on: "go", or "xla:" and the path of a PJRT plug-in; empty means go
	Devices int    // of it, that share each batch; 0 means 1
}

// gameHeld is how many examples at most measure a game and are never trained on.
const gameHeld = 512

// TrainAdversarial plays a language model's generator against its discriminator on the evidence of the data folder, the
// verifier's judgement being the larger part of the reward, and writes a model folder. An alarm rolls back; see lm.Game.
func (e *Engine) TrainAdversarial(ctx context.Context, o GameOptions, show func(LMProgress)) (ModelInfo, error) {
	if o.Control != "" && o.Control != string(lm.ConstantReward) && o.Control != string(lm.RandomReward) {
		return ModelInfo{}, because.Errorf(because.ErrInvalid, "There is no control %q. Choose constant or random.", short(o.Control))
	}
	backend, err := openBackend(o.Backend, o.Devices)
	if err != nil {
		return ModelInfo{}, err
	}
	m, err := e.modelToTrain(o.From)
	if err != nil {
		return ModelInfo{}, err
	}
	if err := m.generator.On(backend); err != nil {
		return ModelInfo{}, err
	}
	if min(o.LoRA, o.Contexts, o.Texts, o.Pretrain) < 0 {
		return ModelInfo{}, because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
	}
	if o.Corpus.Seed == 0 {
		o.Corpus.Seed = e.o.Seed
	}
	if o.Corpus.Readers == 0 {
		o.Corpus.Readers = 240
	}
	name := "game-" + strconv.FormatUint(o.Corpus.Seed, 10)
	if o.Control != "" {
		name += "-" + o.Control
	}
	r := &lmRun{dir: filepath.Join(e.o.Dir, "models", "runs", name), words: m.words}
	if !o.Resume {
		if err := os.RemoveAll(r.dir); err != nil {
			return ModelInfo{}, err
		}
	}
	mkdir(r.dir)
	_, err = e.Corpus(ctx, o.Corpus, func(stage string, done, total int) {
		show(LMProgress{Phase: stage, Step: done, Steps: total})
	}, func(p Pair) error {
		if partOf(p) != forTesting {
			r.pairs = append(r.pairs, p)
		}
		return nil
	})
	if err != nil {
		return ModelInfo{}, err
	}
	slices.SortStableFunc(r.pairs, func(a, b Pair) int { return int(partOf(a)) - int(partOf(b)) }) // who is held out comes last
	if r.log, err = os.OpenFile(filepath.Join(r.dir, metricsFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return ModelInfo{}, err
	}
	defer r.log.Close()
	game, err := e.game(r, m, o)
	if err != nil {
		return ModelInfo{}, err
	}
	err = game.Run(ctx, func(p lm.GameProgress) {
		said := LMProgress{Phase: "adversarial", Step: p.Step, Steps: p.Steps, Game: &p}
		if p.Phase == lm.PhaseDiscriminator {
			said.Phase = "discriminator"
		}
		for _, s := range p.Samples {
			said.Samples = append(said.Samples, m.words.Decode(s))
		}
		r.note(said, show)
	})
	if err != nil {
		return ModelInfo{}, resumeError(err)
	}
	return e.saveLM(ctx, r, m.generator, m.discriminator, o.Corpus.Seed)
}

// modelToTrain reads a language model to go on from: one of the data folder, or the one that serves.
func (e *Engine) modelToTrain(id string) (languageModel, error) {
	dir := filepath.Join(e.o.Dir, "models")
	if id == "" {
		var err error
		if id, err = currentOf(dir, lmKind); err != nil {
			return languageModel{}, err
		}
	}
	if id == "" || id == shippedID {
		files, err := shippedModel()
		if err != nil {
			return languageModel{}, err
		}
		return loadLM(files)
	}
	if !whole(dir, id) || kindOf(id) != lmKind {
		return languageModel{}, because.Errorf(because.ErrNotFound, "There is no whole language model %q. See: because model list", short(id))
	}
	return loadLM(os.DirFS(filepath.Join(dir, id)))
}

// game sets a game up: a second copy of the generator is the reference, the verifier judges.
func (e *Engine) game(r *lmRun, m languageModel, o GameOptions) (*lm.Game, error) {
	reference, err := m.generator.Clone()
	if err != nil {
		return nil, err
	}
	if o.LoRA > 0 {
		if err := m.generator.AddLoRA(lm.LoRAOptions{Rank: o.LoRA, Seed: int64(o.Corpus.Seed)}); err != nil {
			return nil, err
		}
	}
	if m.discriminator == nil {
		if m.discriminator, err = lm.NewDiscriminator(discriminatorShape(m.words), int64(o.Corpus.Seed)); err != nil {
			return nil, err
		}
	}
	data := make([]lm.Example, len(r.pairs))
	heldOut := 0
	for i, p := range r.pairs {
		data[i] = example(r.words, p)
		if partOf(p) == forChoosing {
			heldOut++
		}
	}
	if heldOut == 0 || heldOut == len(data) {
		return nil, because.Errorf(because.ErrInvalid, "There are too few readers to hold some out: import more, or write for more with --readers.")
	}
	lengths := lengthsOf(r.pairs, data)
	options := lm.GameOptions{Steps: o.Steps, Contexts: o.Contexts, K: o.Texts, PretrainSteps: o.Pretrain, Control: lm.Control(o.Control),
		Form: lm.RewardForm(o.Form), Seed: o.Corpus.Seed, Checkpoints: filepath.Join(r.dir, "game")}
	if o.Contexts > 0 { // who plays on fewer prompts has less time for measuring, too
		options.EvalContexts = min(128, 4*o.Contexts)
	}
	return &lm.Game{
		G: m.generator, Reference: reference, D: m.discriminator, Data: data, Held: min(heldOut, gameHeld),
		Judge: func(i int, text []int32) lm.Judgement {
			j, _ := e.judge(r.pairs[i], m.words.Decode(text), len(text), lengths)
			return j
		},
		Read:    func(text []int32) []int32 { return m.words.Encode(m.words.Decode(text)) },
		Options: options,
	}, nil
}

// A spread is the mean and the standard deviation of people's lengths, in tokens.
type spread struct{ mean, sd float64 }

func lengthKey(p Pair) string { return string(p.Lang) + "/" + string(p.Style) }

// lengthsOf measures the lengths of the corpus by language and style.
func lengthsOf(pairs []Pair, data []lm.Example) map[string]spread {
	sums := map[string][3]float64{}
	for i, p := range pairs {
		n := float64(len(data[i].Text))
		s := sums[lengthKey(p)]
		sums[lengthKey(p)] = [3]float64{s[0] + 1, s[1] + n, s[2] + n*n}
	}
	out := map[string]spread{}
	for k, s := range sums {
		mean := s[1] / s[0]
		out[k] = spread{mean, math.Sqrt(max(1, s[2]/s[0]-mean*mean))}
	}
	return out
}

// judge is the verifier's view of a text of the model, on the evidence of a pair. What cannot be read counts as one claim
// that nothing supports. The text is as a reader would see it; empty where it cannot be read.
func (e *Engine) judge(p Pair, mine string, tokens int, lengths map[string]spread) (j lm.Judgement, shown string) {
	j = lm.Judgement{Required: len(p.Request.Evidence), Mentioned: len(generate.Cited(mine))}
	if s, ok := lengths[lengthKey(p)]; ok {
		j.LengthZ = (float64(tokens) - s.mean) / s.sd
	}
	shown, err := generate.Realise(e.packs.Pack(p.Request.Domain), *p.Request, mine)
	if err != nil || shown == "" {
		j.Unsupported = 1
		return j, ""
	}
	for _, c := range e.verifier.Claims(shown, *p.Given) {
		switch {
		case c.Kind == because.PromiseClaim:
			j.RuleHits++
			j.Unsupported++
		case c.Verdict == because.Supported:
			j.Supported++
		default:
			j.Unsupported++
		}
	}
	return j, shown
}

func discriminatorShape(words *lm.Tokenizer) lm.DiscriminatorConfig {
	return lm.DiscriminatorConfig{Vocab: words.Size(), MaxPrompt: 96}
}

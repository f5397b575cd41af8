package lm

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/nn"
)

// DiscriminatorConfig is the shape of a discriminator. Zero values of the fields that say so mean the default.
type DiscriminatorConfig struct {
	Cell      string  `json:"cell"` // CellGRU or CellLSTM; "" means CellGRU
	Vocab     int     `json:"vocab"`
	Embed     int     `json:"embed"`      // 0 means 96
	Hidden    int     `json:"hidden"`     // 0 means 128
	Dropout   float64 `json:"dropout"`    // of embeddings and features, in training; 0 means 0.2, negative none
	MaxPrompt int     `json:"max_prompt"` // tokens that are read, the first; 0 means 64
	MaxText   int     `json:"max_text"`   // likewise; 0 means 48
}

// WithDefaults fills what is zero and has a default.
func (c DiscriminatorConfig) WithDefaults() DiscriminatorConfig {
	if c.Cell == "" {
		c.Cell = CellGRU
	}
	if c.Dropout == 0 {
		c.Dropout = 0.2
	}
	for _, f := range []struct {
		v    *int
		zero int
	}{{&c.Embed, 96}, {&c.Hidden, 128}, {&c.MaxPrompt, 64}, {&c.MaxText, 48}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	return c
}

// Check tells what cannot be built.
func (c DiscriminatorConfig) Check() error {
	switch {
	case c.Cell != CellGRU && c.Cell != CellLSTM:
		return fmt.Errorf("there is no cell %q", c.Cell)
	case c.Vocab <= int(TextID):
		return fmt.Errorf("a vocabulary of %d has no room for <pad>, <bos>, <end> and <text>", c.Vocab)
	case c.Embed < 1 || c.Hidden < 1 || c.MaxPrompt < 1 || c.MaxText < 1:
		return fmt.Errorf("embed %d, hidden %d, max_prompt %d and max_text %d must all be at least 1",
			c.Embed, c.Hidden, c.MaxPrompt, c.MaxText)
	case c.Dropout >= 1:
		return fmt.Errorf("dropout %g is not below 1", c.Dropout)
	}
	return nil
}

// A Pair is a text and what it was written from, as tokens; <pad> is not read.
type Pair struct{ Prompt, Text []int32 }

// A Discriminator tells texts that people wrote from generated ones, and texts that fit their prompt from others.
//
// One recurrent layer reads the prompt. A second one starts from the first one's last state and reads the text, told of
// each token whether the prompt has it too; without these two ways from prompt to text the logit would be a sum of one
// part for each, which cannot see whether they fit. Mean, maximum and last state of both, layer-normalised, give the
// logit of the pair; each state of the text gives the logit of its token. A positive logit says: people's.
//
// It is safe for concurrent use.
type Discriminator struct {
	cfg  DiscriminatorConfig
	seed int64

	packed atomic.Pointer[packedDiscriminator] // for Score; nil when the weights have changed

	mu    sync.Mutex // one graph at a time runs over the weights
	adam  *adam
	graph *model.Exec // what Score computes, as training computes it
	step  *model.Exec
}

// NewDiscriminator makes an untrained discriminator. The same configuration and seed give the same weights.
func NewDiscriminator(cfg DiscriminatorConfig, seed int64) (*Discriminator, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("new discriminator: %w", err)
	}
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(seed); err != nil {
		return nil, fmt.Errorf("new discriminator: %w", err)
	}
	d := &Discriminator{cfg: cfg, seed: seed}
	d.graph = model.MustNewExec(backend(), store, d.scoreGraph).SetMaxCache(-1)
	one := tensors.FromFlatDataAndDimensions([]int32{0}, 1, 1)
	if _, err := d.graph.Call(one, one); err != nil { // makes the weights
		return nil, fmt.Errorf("new discriminator: %w", err)
	}
	var err error
	if d.adam, err = newAdam(store, "discriminator"); err != nil {
		return nil, fmt.Errorf("new discriminator: %w", err)
	}
	d.step = model.MustNewExec(backend(), store, d.stepGraph).SetMaxCache(-1)
	return d, nil
}

// Config gives the shape, defaults filled in.
func (d *Discriminator) Config() DiscriminatorConfig { return d.cfg }

// Parameters counts the weights.
func (d *Discriminator) Parameters() int {
	n := 0
	for _, path := range d.adam.params {
		n += d.adam.store.GetVariable(path).Shape().Size()
	}
	return n
}

// A pairLayout is pairs as rows of one length, padded on the right.
type pairLayout struct {
	prompt, text   int // columns
	prompts, texts []int32
}

// lay lays pairs out, cut to what is read. Columns come in steps of 16, so that few graphs are compiled.
func (d *Discriminator) lay(pairs []Pair) pairLayout {
	columns := func(longest, most int) int { return min(most, max(16, (longest+15)/16*16)) }
	prompt, text := 0, 0
	for _, p := range pairs {
		prompt, text = max(prompt, len(p.Prompt)), max(text, len(p.Text))
	}
	l := pairLayout{prompt: columns(prompt, d.cfg.MaxPrompt), text: columns(text, d.cfg.MaxText)}
	for _, p := range pairs {
		l.add(p)
	}
	return l
}

func (l *pairLayout) add(p Pair) {
	row := make([]int32, l.prompt+l.text)
	copy(row[:l.prompt], p.Prompt)
	copy(row[l.prompt:], p.Text)
	l.prompts = append(l.prompts, row[:l.prompt]...)
	l.texts = append(l.texts, row[l.prompt:]...)
}

// tensors gives the layout with empty rows added at the end.
func (l *pairLayout) tensors(rows int) (prompts, texts *tensors.Tensor) {
	for len(l.prompts) < rows*l.prompt {
		l.add(Pair{})
	}
	return tensors.FromFlatDataAndDimensions(l.prompts, rows, l.prompt), tensors.FromFlatDataAndDimensions(l.texts, rows, l.text)
}

func (d *Discriminator) scoreGraph(scope *model.Scope, prompts, texts *Node) (logits, perToken *Node) {
	weightsVary(scope, prompts)
	return d.logits(scope.In("discriminator"), prompts, texts, nil)
}

// features of a pair: mean, maximum and last state of prompt and of text.
func (c DiscriminatorConfig) features() int { return 6 * c.Hidden }

// logits builds the network. prompts is [rows, prompt], texts [rows, text]; keep holds the dropout masks, scaled, as
// maskWidths lays them out, or is nil. The results are [rows] and [rows, text].
func (d *Discriminator) logits(scope *model.Scope, prompts, texts, keep *Node) (logits, perToken *Node) {
	c, g := d.cfg, prompts.Graph()
	rows := prompts.Shape().Dim(0)
	weight := func(name string, std float64, dims ...int) *Node {
		return scope.WithInitializer(initializer.RandomNormalFn(scope, std)).
			VariableWithShape(name, shapes.Make(dtypes.Float32, dims...)).NodeValue(g)
	}
	table := weight("embed", 0.3, c.Vocab, c.Embed)
	dropped := func(x *Node, mask int) *Node {
		if keep == nil {
			return x
		}
		from, to := c.maskColumns(mask)
		m := SliceAxis(keep, 1, AxisRange(from, to))
		if x.Rank() == 3 {
			m = ExpandAxes(m, 1) // one mask for all steps (Gal and Ghahramani 2016)
		}
		return Mul(x, BroadcastToDims(m, x.Shape().Dimensions...))
	}
	read := func(name string, ids, extra *Node, start rnnState, mask int) (all, real *Node, last rnnState, pooled *Node) {
		real = ConvertDType(GreaterThan(ids, ZerosLike(ids)), dtypes.Float32)
		x := dropped(Gather(table, ExpandAxes(ids, -1)), mask)
		if extra != nil {
			x = Concatenate([]*Node{x, ExpandAxes(extra, -1)}, -1)
		}
		all, last = rnn(scope.In("%s", name), c.Cell, x, real, start, c.Hidden)
		return all, real, last, pool(all, real, last.h)
	}
	_, _, last, ofPrompt := read("prompt", prompts, nil, rnnState{}, 0)
	all, real, _, ofText := read("text", texts, copied(texts, prompts), last, 1)

	ones := func(name string, n int) *Node {
		return scope.WithInitializer(initializer.One).VariableWithShape(name, shapes.Make(dtypes.Float32, n)).NodeValue(g)
	}
	zeros := func(name string, n int) *Node {
		return scope.WithInitializer(initializer.Zero).VariableWithShape(name, shapes.Make(dtypes.Float32, n)).NodeValue(g)
	}
	x := Concatenate([]*Node{ofPrompt, ofText}, -1)
	x = nn.LayerNorm(x, []int{-1}, 1e-5, ones("norm_gain", c.features()), zeros("norm_bias", c.features()), nil)
	logits = affine(dropped(x, 2), weight("logit", 0.02, c.features(), 1), zeros("logit_bias", 1))
	perToken = affine(all, weight("token_logit", 0.05, c.Hidden, 1), zeros("token_logit_bias", 1))
	return Reshape(logits, rows), Mul(Reshape(perToken, real.Shape().Dimensions...), real)
}

// pool is [mean; maximum; last] of the states, [rows, time, hidden], over the steps where real, [rows, time], is 1. The
// result is [rows, 3·hidden]. Without any step mean and last are 0 and the maximum is −1, the least that a state can be.
func pool(all, real, last *Node) *Node {
	on := ExpandAxes(real, -1)
	all = Mul(all, on)
	mean := Mul(ReduceSum(all, 1), Reciprocal(MaxScalar(ReduceAndKeep(real, ReduceSum, -1), 1)))
	highest := ReduceMax(Add(all, SubScalar(on, 1)), 1)
	return Concatenate([]*Node{mean, highest, last}, -1)
}

// copied is 1 where a token of the text, [rows, text], stands somewhere in the row's prompt, [rows, prompt].
func copied(texts, prompts *Node) *Node {
	rows, t, p := texts.Shape().Dim(0), texts.Shape().Dim(1), prompts.Shape().Dim(1)
	same := Equal(BroadcastToDims(ExpandAxes(texts, 2), rows, t, p), BroadcastToDims(ExpandAxes(prompts, 1), rows, t, p))
	return ReduceMax(ConvertDType(same, dtypes.Float32), 2)
}

// set puts weights, moments and the count of steps back.
func (d *Discriminator) set(values map[string]storedTensor, steps int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.packed.Store(nil)
	d.adam.steps = steps
	return d.adam.set(values)
}

// discriminatorFile is the one file of a saved discriminator.
const discriminatorFile = "discriminator.safetensors"

// Save writes the discriminator into a folder, which it makes, whole or not at all. With the moments training can go on from it.
func (d *Discriminator) Save(dir string, moments bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	config, err := json.Marshal(d.cfg)
	if err != nil {
		return fmt.Errorf("save discriminator: %w", err)
	}
	steps := 0 // without the moments, Adam starts anew
	if moments {
		steps = d.adam.steps
	}
	f := tensorFile{tensors: d.adam.values(moments), words: map[string]string{
		"config": string(config), "seed": strconv.FormatInt(d.seed, 10), "steps": strconv.Itoa(steps)}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save discriminator: %w", err)
	}
	if err := f.save(dir, discriminatorFile); err != nil {
		return fmt.Errorf("save discriminator: %w", err)
	}
	return nil
}

// LoadDiscriminator reads what Save wrote.
func LoadDiscriminator(dir fs.FS) (*Discriminator, error) {
	f, err := loadTensorFile(dir, discriminatorFile)
	if err != nil {
		return nil, fmt.Errorf("load discriminator: %w", err)
	}
	var cfg DiscriminatorConfig
	if err := json.Unmarshal([]byte(f.words["config"]), &cfg); err != nil {
		return nil, fmt.Errorf("load discriminator: read its configuration: %w", err)
	}
	seed, err := strconv.ParseInt(f.words["seed"], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("load discriminator: read its seed: %w", err)
	}
	d, err := NewDiscriminator(cfg, seed)
	if err != nil {
		return nil, fmt.Errorf("load discriminator: %w", err)
	}
	steps, err := strconv.Atoi(f.words["steps"])
	if err != nil {
		return nil, fmt.Errorf("load discriminator: read its steps: %w", err)
	}
	if err := d.set(f.tensors, steps); err != nil {
		return nil, fmt.Errorf("load discriminator: %w", err)
	}
	return d, nil
}

package lm

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx/go-huggingface/models/gguf"
	"github.com/gomlx/gomlx/core/tensors"
)

// ImportOptions say what a pretrained transformer becomes. The zero value adds nothing to it.
type ImportOptions struct {
	Config   Config   // SoftTokens, Encoder, Aspects and Dropout are taken from here, all else from the file
	Specials []string // slots to add at the end of the vocabulary; each starts as the mean of the tokens that spell it
	Seed     int64    // of the weights that the file does not have
}

// ImportGGUF reads a GGUF file of a Llama-shaped model with tied embeddings and byte-level BPE, such as SmolLM2, whatever
// its quantisation (Q4_0 to Q8_0, K-quants, F16, BF16, F32): a generator with float32 weights, and the tokenizer.
//
// Tokens 0 to 3 of the file take the places of <pad>, <bos>, <end> and <text>; in SmolLM2 those are <|endoftext|>,
// <|im_start|>, <|im_end|> and <repo_name>.
func ImportGGUF(path string, o ImportOptions) (*Generator, *Tokenizer, error) {
	fail := func(err error) (*Generator, *Tokenizer, error) {
		return nil, nil, fmt.Errorf("import %s: %w", path, err)
	}
	file, err := gguf.Open(path)
	if err != nil {
		return fail(err)
	}
	tok, err := ggufTokenizer(file)
	if err != nil {
		return fail(err)
	}
	cfg, err := ggufConfig(file, o.Config)
	if err != nil {
		return fail(err)
	}
	if cfg.Vocab != tok.Size() {
		return fail(fmt.Errorf("%d tokens for a vocabulary of %d", tok.Size(), cfg.Vocab))
	}
	if err := ggufFits(file, cfg); err != nil {
		return fail(err)
	}
	r, err := gguf.NewReader(file)
	if err != nil {
		return fail(err)
	}
	defer r.Close()
	return importLlama(cfg, tok, o, func(w llamaWeight) ([]float32, error) {
		values, err := ggufValues(r, file, w.gguf)
		if err != nil {
			return nil, fmt.Errorf("import %s: %w", path, err)
		}
		return w.fromGGUF(values), nil
	})
}

// importLlama makes a generator of the weights that read gives, in our layout.
func importLlama(cfg Config, tok *Tokenizer, o ImportOptions, read func(llamaWeight) ([]float32, error)) (*Generator, *Tokenizer, error) {
	weights := cfg.llamaWeights()
	embed, err := read(weights[0])
	if err != nil {
		return nil, nil, err
	}
	for _, s := range o.Specials {
		embed = append(embed, meanRow(embed, cfg.Dim, tok.Encode(s))...)
	}
	longer, err := tok.Extend(o.Specials)
	if err != nil {
		return nil, nil, err
	}
	cfg.Vocab = longer.Size()
	g, err := NewGenerator(cfg, o.Seed)
	if err != nil {
		return nil, nil, err
	}
	set := func(w llamaWeight, values []float32, dims ...int) error {
		return g.SetTensors(map[string]Tensor{w.ours: {dims, values}})
	}
	if err := set(weights[0], embed, cfg.Vocab, cfg.Dim); err != nil {
		return nil, nil, err
	}
	for _, w := range weights[1:] {
		values, err := read(w)
		if err != nil {
			return nil, nil, err
		}
		if err := set(w, values, w.dims...); err != nil {
			return nil, nil, err
		}
	}
	return g, longer, nil
}

// meanRow is the mean of rows of a matrix with columns.
func meanRow(matrix []float32, columns int, rows []int32) []float32 {
	mean := make([]float32, columns)
	for _, r := range rows {
		for i, v := range matrix[int(r)*columns : (int(r)+1)*columns] {
			mean[i] += v / float32(len(rows))
		}
	}
	return mean
}

// ggufConfig reads the shape, which the file calls llama.….
func ggufConfig(f *gguf.File, extra Config) (Config, error) {
	if arch := f.Architecture(); arch != "llama" {
		return Config{}, fmt.Errorf("architecture %q is not llama", arch)
	}
	number := func(key string) int {
		kv, _ := f.GetKeyValue("llama." + key)
		if n := kv.Uint64(); n <= math.MaxInt32 {
			return int(n)
		}
		return 0
	}
	float := func(key string) float64 { // the file has float32; 1e-5 is meant as such
		kv, _ := f.GetKeyValue("llama." + key)
		v, _ := strconv.ParseFloat(strconv.FormatFloat(kv.Float64(), 'g', -1, 32), 64)
		return v
	}
	c := Config{
		Layers: number("block_count"), Dim: number("embedding_length"), Heads: number("attention.head_count"),
		KVHeads: number("attention.head_count_kv"), FF: number("feed_forward_length"),
		RopeTheta: float("rope.freq_base"), Eps: float("attention.layer_norm_rms_epsilon"),
		SoftTokens: extra.SoftTokens, Encoder: extra.Encoder, Aspects: extra.Aspects, Dropout: extra.Dropout,
	}
	embed, _ := f.GetTensorInfo("token_embd.weight")
	if len(embed.Shape) == 2 {
		c.Vocab = int(min(embed.Shape[1], math.MaxInt32))
	}
	for name, n := range map[string]int{"layers": c.Layers, "dim": c.Dim, "heads": c.Heads, "inner width": c.FF} {
		if n < 1 || n > 1<<20 { // zero would mean our defaults
			return Config{}, fmt.Errorf("%d %s are out of range", n, name)
		}
	}
	if c.Layers > len(f.TensorInfos) {
		return Config{}, fmt.Errorf("%d layers of %d tensors", c.Layers, len(f.TensorInfos))
	}
	c = c.WithDefaults()
	if err := c.Check(); err != nil {
		return Config{}, err
	}
	for _, key := range []string{"attention.key_length", "attention.value_length", "rope.dimension_count"} {
		if n := number(key); n != 0 && n != c.headDim() {
			return Config{}, fmt.Errorf("%s %d is not the %d of a head", key, n, c.headDim())
		}
	}
	if kv, ok := f.GetKeyValue("llama.rope.scaling.type"); ok && kv.String() != "none" {
		return Config{}, fmt.Errorf("rotary positions are scaled (%s)", kv.String())
	}
	return c, nil
}

// ggufFits checks that the file has exactly the tensors of the shape, whole, before memory is taken for them.
func ggufFits(f *gguf.File, c Config) error {
	info, err := os.Stat(f.Path())
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, w := range c.llamaWeights() {
		t, ok := f.GetTensorInfo(w.gguf)
		if !ok {
			return fmt.Errorf("no tensor %s", w.gguf)
		}
		known[w.gguf] = true
		want := w.theirDims()
		if _, got := t.GoMLXShape(); !slices.Equal(got, want) {
			return fmt.Errorf("%s has shape %v, want %v", w.gguf, got, want)
		}
		room := uint64(info.Size())
		if n := uint64(t.NumBytes()); n == 0 || t.Offset > room || n > room-t.Offset {
			return fmt.Errorf("%s of type %s does not fit the file", w.gguf, t.Type)
		}
		if block := t.Type.BlockSize(); want[len(want)-1]%block != 0 {
			return fmt.Errorf("%s: rows of %d are no whole blocks of %d", w.gguf, want[len(want)-1], block)
		}
	}
	for _, name := range f.ListTensorNames() {
		if !known[name] {
			return fmt.Errorf("tensor %s has no place in our shape (biases, untied output or scaled positions)", name)
		}
	}
	return nil
}

// ggufValues reads a tensor as float32.
func ggufValues(r *gguf.Reader, f *gguf.File, name string) ([]float32, error) {
	info, _ := f.GetTensorInfo(name)
	if d := DType(info.Type.String()); d.width() >= 2 {
		raw, _, err := r.ReadTensorRaw(name)
		if err != nil {
			return nil, err
		}
		return d.floats(raw), nil
	}
	t, err := r.ReadTensor(nil, name)
	if err != nil {
		return nil, err
	}
	return tensors.CopyFlatData[float32](t)
}

// ggufTokenizer builds the tokenizer from the file's metadata.
func ggufTokenizer(f *gguf.File) (*Tokenizer, error) {
	get := func(key string) gguf.KeyValue {
		kv, _ := f.GetKeyValue("tokenizer.ggml." + key)
		return kv
	}
	if kind := get("model").String(); kind != "gpt2" {
		return nil, fmt.Errorf("a tokenizer of kind %q is not byte-level BPE", kind)
	}
	split, ok := preTokeniserNamed(get("pre").String())
	if !ok {
		return nil, fmt.Errorf("the pre-tokeniser %q is not known here", get("pre").String())
	}
	vocab, types, lines := get("tokens").Strings(), get("token_type").Int64s(), get("merges").Strings()
	if len(types) != len(vocab) {
		return nil, fmt.Errorf("%d token types for %d tokens", len(types), len(vocab))
	}
	var specials []special
	for id, kind := range types {
		if kind == int64(ggufControl) || kind == int64(ggufUserDefined) {
			specials = append(specials, special{int32(id), vocab[id], kind == int64(ggufControl)})
		}
	}
	merges := make([][2]string, len(lines))
	for i, line := range lines {
		left, right, ok := strings.Cut(line, " ")
		if !ok {
			return nil, fmt.Errorf("merge %d: %q joins nothing", i, line)
		}
		merges[i] = [2]string{left, right}
	}
	return spelledTokenizer(vocab, specials, merges, split)
}

package lm

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// An hfConfig is the part of a Hugging Face config.json that a Llama model needs.
type hfConfig struct {
	Architectures     []string        `json:"architectures"`
	ModelType         string          `json:"model_type"`
	VocabSize         int             `json:"vocab_size"`
	HiddenSize        int             `json:"hidden_size"`
	IntermediateSize  int             `json:"intermediate_size"`
	NumHiddenLayers   int             `json:"num_hidden_layers"`
	NumAttentionHeads int             `json:"num_attention_heads"`
	NumKeyValueHeads  int             `json:"num_key_value_heads"`
	HeadDim           int             `json:"head_dim,omitempty"`
	HiddenAct         string          `json:"hidden_act"`
	MaxPositions      int             `json:"max_position_embeddings"`
	RMSNormEps        float64         `json:"rms_norm_eps"`
	RopeTheta         float64         `json:"rope_theta"`
	RopeScaling       json.RawMessage `json:"rope_scaling"`
	TieWordEmbeddings bool            `json:"tie_word_embeddings"`
	AttentionBias     bool            `json:"attention_bias"`
	MLPBias           bool            `json:"mlp_bias"`
	BosTokenID        int32           `json:"bos_token_id"`
	EosTokenID        int32           `json:"eos_token_id"`
	PadTokenID        *int32          `json:"pad_token_id"`
	TorchDType        string          `json:"torch_dtype"`
}

// ExportHF writes the transformer and its tokenizer into a folder, which it makes, as transformers' LlamaForCausalLM loads
// them: config.json, model.safetensors, tokenizer.json and tokenizer_config.json. What it leaves out, and how soft tokens
// are written, is as in ExportGGUF.
func (g *Generator) ExportHF(dir string, tok *Tokenizer, as DType) error {
	fail := func(err error) error { return fmt.Errorf("export to %s: %w", dir, err) }
	torch, ok := map[DType]string{F32: "float32", F16: "float16", BF16: "bfloat16"}[as]
	if !ok {
		return fail(fmt.Errorf("floats cannot be stored as %q", as))
	}
	tok, embed, err := g.forExport(tok)
	if err != nil {
		return fail(err)
	}
	c := g.cfg
	weights := map[string]Tensor{}
	for _, w := range c.llamaWeights() {
		weights[w.hf] = Tensor{w.theirDims(), w.toHF(g.llamaValues(w))}
	}
	weights[c.llamaWeights()[0].hf] = Tensor{[]int{tok.Size(), c.Dim}, embed}
	pad := PadID
	config := hfConfig{
		Architectures: []string{"LlamaForCausalLM"}, ModelType: "llama", VocabSize: tok.Size(), HiddenSize: c.Dim, IntermediateSize: c.FF,
		NumHiddenLayers: c.Layers, NumAttentionHeads: c.Heads, NumKeyValueHeads: c.KVHeads, HeadDim: c.headDim(), HiddenAct: "silu",
		MaxPositions: 512, RMSNormEps: c.Eps, RopeTheta: c.RopeTheta, TieWordEmbeddings: true,
		BosTokenID: BosID, EosTokenID: EndID, PadTokenID: &pad, TorchDType: torch,
	}
	words := map[string]any{
		"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": config.MaxPositions, "clean_up_tokenization_spaces": false,
		"pad_token": tok.Token(PadID), "bos_token": tok.Token(BosID), "eos_token": tok.Token(EndID),
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fail(err)
	}
	asJSON := func(v any) func(io.Writer) error {
		return func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			return enc.Encode(v)
		}
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"config.json", asJSON(config)},
		{"tokenizer_config.json", asJSON(words)},
		{"tokenizer.json", tok.ExportHF},
		{"model.safetensors", func(w io.Writer) error { return WriteSafetensors(w, weights, as, map[string]string{"format": "pt"}) }},
	} {
		if err := saveWhole(dir, f.name, f.write); err != nil {
			return fail(err)
		}
	}
	return nil
}

// ImportHF reads a folder as Hugging Face lays it out: a Llama-shaped model with tied embeddings and byte-level BPE, its
// weights in one or several safetensors files. Tokens 0 to 3 take our places as in ImportGGUF.
func ImportHF(dir string, o ImportOptions) (*Generator, *Tokenizer, error) {
	fail := func(err error) (*Generator, *Tokenizer, error) {
		return nil, nil, fmt.Errorf("import %s: %w", dir, err)
	}
	codec, err := OpenCodec(dir)
	if err != nil {
		return fail(err)
	}
	tok, ok := codec.(*Tokenizer)
	if !ok {
		return fail(errOtherTokenizer)
	}
	text, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err != nil {
		return fail(err)
	}
	var file hfConfig
	if err := json.Unmarshal(text, &file); err != nil {
		return fail(fmt.Errorf("config.json: %w", err))
	}
	cfg, err := file.config(o.Config)
	if err != nil {
		return fail(fmt.Errorf("config.json: %w", err))
	}
	if cfg.Vocab != tok.Size() {
		return fail(fmt.Errorf("%d tokens for a vocabulary of %d", tok.Size(), cfg.Vocab))
	}
	weights, err := readAllSafetensors(dir)
	if err != nil {
		return fail(err)
	}
	if cfg.Layers > len(weights) {
		return fail(fmt.Errorf("%d layers of %d tensors", cfg.Layers, len(weights)))
	}
	known := map[string]bool{"lm_head.weight": true} // some write the tied matrix twice
	for _, w := range cfg.llamaWeights() {
		if got := weights[w.hf].Shape; !slices.Equal(got, w.theirDims()) {
			return fail(fmt.Errorf("%s has shape %v, want %v", w.hf, got, w.theirDims()))
		}
		known[w.hf] = true
	}
	for name := range weights {
		if !known[name] {
			return fail(fmt.Errorf("tensor %s has no place in our shape", name))
		}
	}
	return importLlama(cfg, tok, o, func(w llamaWeight) ([]float32, error) { return w.fromHF(weights[w.hf].Data), nil })
}

// readAllSafetensors reads the safetensors files of a folder.
func readAllSafetensors(dir string) (map[string]Tensor, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.safetensors"))
	if err != nil {
		return nil, err
	}
	all := map[string]Tensor{}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		weights, _, err := ReadSafetensors(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		for name, t := range weights {
			all[name] = t
		}
	}
	return all, nil
}

// config is the shape, if we can run it.
func (f hfConfig) config(extra Config) (Config, error) {
	c := Config{
		Vocab: f.VocabSize, Layers: f.NumHiddenLayers, Dim: f.HiddenSize, Heads: f.NumAttentionHeads, KVHeads: f.NumKeyValueHeads,
		FF: f.IntermediateSize, RopeTheta: f.RopeTheta, Eps: f.RMSNormEps,
		SoftTokens: extra.SoftTokens, Encoder: extra.Encoder, Aspects: extra.Aspects, Dropout: extra.Dropout,
	}
	if min(c.Layers, c.Dim, c.Heads, c.FF) < 1 { // zero would mean our defaults
		return Config{}, fmt.Errorf("%d layers of %d, %d heads and inner width %d are out of range", c.Layers, c.Dim, c.Heads, c.FF)
	}
	c = c.WithDefaults()
	if err := c.Check(); err != nil {
		return Config{}, err
	}
	switch {
	case f.ModelType != "llama":
		return Config{}, fmt.Errorf("model type %q is not llama", f.ModelType)
	case f.HiddenAct != "silu" || f.AttentionBias || f.MLPBias || !f.TieWordEmbeddings:
		return Config{}, fmt.Errorf("an activation %q, biases or untied embeddings have no place in our shape", f.HiddenAct)
	case len(f.RopeScaling) > 0 && string(f.RopeScaling) != "null":
		return Config{}, fmt.Errorf("rotary positions are scaled: %s", f.RopeScaling)
	case f.HeadDim != 0 && f.HeadDim != c.headDim():
		return Config{}, fmt.Errorf("head_dim %d is not %d", f.HeadDim, c.headDim())
	}
	return c, nil
}

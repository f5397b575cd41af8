package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// How a pretrained model is trained on: batches of 8 texts of 96 tokens, and learning rates for adapters and for all of it.
const (
	baseBatch   = 8 * 96
	baseLoRA    = 2e-4
	baseFull    = 5e-5
	baseMeasure = 100 // texts of a part and language that losses are measured on, since each costs much
)

// importBase reads a pretrained model of the Llama shape, a GGUF file or a folder of Hugging Face's, adds the slots to its
// vocabulary, and what only we have: encoder, soft tokens and heads. With a rank, only adapters, the slots' rows and what
// we added will learn.
func importBase(path string, rank int, seed uint64) (*lm.Generator, *lm.Tokenizer, error) {
	o := lm.ImportOptions{Specials: generate.Tokens(), Seed: int64(seed)}
	own := sizes()["base"].config
	o.Config = lm.Config{SoftTokens: own.SoftTokens, Encoder: own.Encoder, Aspects: own.Aspects}
	f, err := os.Stat(path)
	if err != nil {
		return nil, nil, because.Errorf(because.ErrInvalid, "There is no file %s.", path)
	}
	read := lm.ImportGGUF
	if f.IsDir() {
		read = lm.ImportHF
	}
	g, words, err := read(path, o)
	if err != nil {
		return nil, nil, because.Errorf(because.ErrInvalid, "%s cannot be trained on: %v. A GGUF file or a folder with safetensors is needed, of a Llama-shaped model with tied embeddings, such as SmolLM2-135M.", path, err)
	}
	if rank > 0 {
		if err := g.AddLoRA(lm.LoRAOptions{Rank: rank, Rows: len(o.Specials), Seed: int64(seed)}); err != nil {
			return nil, nil, fmt.Errorf("train on %s: %w", path, err)
		}
	}
	return g, words, nil
}

// beforeFile keeps what a pretrained model measured before it was trained on: with a large one that takes minutes.
const beforeFile = "before.json"

// measureOnce measures a pretrained model before it is trained on; a run that goes on reads what it measured.
func (r *lmRun) measureOnce(ctx context.Context, g *lm.Generator, base string) (map[string]float64, error) {
	kept := struct {
		Base    string             `json:"base"`
		Metrics map[string]float64 `json:"metrics"`
	}{}
	path := filepath.Join(r.dir, beforeFile)
	if b, err := os.ReadFile(path); err == nil && json.Unmarshal(b, &kept) == nil && kept.Base == base {
		return kept.Metrics, nil
	}
	var err error
	if kept.Metrics, err = r.measure(ctx, g, baseMeasure); err != nil {
		return nil, err
	}
	kept.Base = base
	b, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return kept.Metrics, writeFile(path, b)
}

package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"because"
	"because/internal/lm"
)

// ExportOptions say how a language model is handed to other programs.
type ExportOptions struct {
	Format string // safetensors (a folder as Hugging Face's transformers loads it) or gguf (as llama.cpp loads it)
	As     string // f32, f16, bf16 (safetensors only) or q8_0 (gguf only); empty means f32
	Dir    string // where to write
}

// Exported tells what was written.
type Exported struct {
	Model  string           `json:"model"`
	Format string           `json:"format"`
	Files  map[string]int64 `json:"files"` // path -> bytes
	Left   []string         `json:"left_out"`
	Soft   int              `json:"soft_tokens"` // that became tokens which say nothing of the reader
}

// ExportLM writes the transformer and the tokenizer of a language model for other programs. What knows the reader and what
// judges texts has no place there: Left names it.
func (e *Engine) ExportLM(id string, o ExportOptions) (Exported, error) {
	out := Exported{Model: id, Format: o.Format, Files: map[string]int64{}}
	types := map[string][]string{"safetensors": {"f32", "f16", "bf16"}, "gguf": {"f32", "f16", "q8_0"}}[o.Format]
	if types == nil {
		return out, because.Errorf(because.ErrInvalid, "There is no format %q. Choose safetensors or gguf.", short(o.Format))
	}
	if o.As == "" {
		o.As = types[0]
	}
	if !slices.Contains(types, o.As) {
		return out, because.Errorf(because.ErrInvalid, "%s cannot hold weights as %q. Choose one of: %s", o.Format, short(o.As), strings.Join(types, ", "))
	}
	m, err := e.openLM(id)
	if err != nil {
		return out, err
	}
	out.Left = leftOut(m)
	out.Soft = m.generator.Config().SoftTokens
	if o.Format == "safetensors" {
		if err := m.generator.ExportHF(o.Dir, m.words, lm.DType(strings.ToUpper(o.As))); err != nil {
			return out, err
		}
		for _, name := range []string{"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"} {
			if err := out.add(filepath.Join(o.Dir, name)); err != nil {
				return out, err
			}
		}
		return out, nil
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return out, fmt.Errorf("export %s: %w", id, err)
	}
	path := filepath.Join(o.Dir, id+".gguf")
	f, err := os.CreateTemp(o.Dir, ".tmp-")
	if err != nil {
		return out, fmt.Errorf("export %s: %w", id, err)
	}
	defer os.Remove(f.Name())
	err = m.generator.ExportGGUF(f, m.words, lm.GGUFOptions{Name: id, Type: strings.ToUpper(o.As)})
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return out, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return out, err
	}
	return out, out.add(path)
}

// leftOut names the parts that a Llama-shaped file has no place for.
func leftOut(m openedLM) []string {
	c := m.generator.Config()
	left := []string{"heads"}
	if c.SoftTokens > 0 {
		left = append(left, "encoder")
	}
	if m.discriminator != nil {
		left = append(left, "discriminator")
	}
	return left
}

func (x *Exported) add(path string) error {
	f, err := os.Stat(path)
	if err != nil {
		return err
	}
	x.Files[path] = f.Size()
	return nil
}

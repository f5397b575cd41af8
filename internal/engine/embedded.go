package engine

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// shipped holds the weights inside the binary: a model folder with generator, discriminator and tokenizer.
//
//go:embed weights
var shipped embed.FS

// The files of a language model's folder, and its parts' folders.
const (
	manifestFile        = "manifest.json"
	metricsFile         = "metrics.jsonl"
	wordsFile           = "tokenizer.json"
	generatorFolder     = "generator"
	discriminatorFolder = "discriminator"
)

// embedded is the language model that serves, read at its first use; nil where there is none.
func (e *Engine) embedded() (*generate.Embedded, error) {
	e.loading.Lock()
	read := e.language
	e.loading.Unlock()
	return read()
}

// forgetLM lets the next use read the language model anew.
func (e *Engine) forgetLM() {
	e.loading.Lock()
	defer e.loading.Unlock()
	e.language = sync.OnceValues(e.embeddedModel)
	id, err := currentOf(filepath.Join(e.o.Dir, "models"), lmKind)
	e.promoted.Store(id != "" && err == nil)
	e.cache.clear()
}

// embeddedModel reads the language model that serves: the one that models/current names, else the shipped one. It is nil
// without an error where there is neither.
func (e *Engine) embeddedModel() (*generate.Embedded, error) {
	dir := filepath.Join(e.o.Dir, "models")
	id, err := currentOf(dir, lmKind)
	if err != nil {
		return nil, err
	}
	var files fs.FS
	if id != "" {
		if !whole(dir, id) {
			return nil, because.Errorf(because.ErrInvalid, "Model %q is damaged. Promote another one: because model list", short(id))
		}
		files = os.DirFS(filepath.Join(dir, id))
	} else if files, err = shippedModel(); err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(files, manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var info ModelInfo
	if err := json.Unmarshal(b, &info); err != nil {
		return nil, fmt.Errorf("read the language model's manifest: %w", err)
	}
	m, err := loadLM(files)
	if err != nil {
		return nil, fmt.Errorf("read language model %s: %w", info.ID, err)
	}
	return generate.NewEmbedded(e.packs, m.words, m.generator, m.discriminator, info.ID)
}

// shippedID names the model in the binary where a model is asked for.
const shippedID = "shipped"

func shippedModel() (fs.FS, error) { return fs.Sub(shipped, "weights") }

// Shipped is the language model in the binary; false where there is none.
func Shipped() (info ModelInfo, ok bool) {
	b, err := fs.ReadFile(shipped, "weights/"+manifestFile)
	return info, err == nil && json.Unmarshal(b, &info) == nil
}

// A languageModel is the parts of a model folder.
type languageModel struct {
	words         *lm.Tokenizer
	generator     *lm.Generator
	discriminator *lm.Discriminator // nil where the folder has none
}

func loadLM(files fs.FS) (m languageModel, err error) {
	f, err := files.Open(wordsFile)
	if err != nil {
		return m, err
	}
	defer f.Close()
	if m.words, err = lm.LoadTokenizer(f); err != nil {
		return m, err
	}
	part := func(name string) fs.FS {
		sub, subErr := fs.Sub(files, name)
		err = errors.Join(err, subErr)
		return sub
	}
	if m.generator, err = lm.LoadGenerator(part(generatorFolder)); err != nil {
		return m, err
	}
	if _, statErr := fs.Stat(files, discriminatorFolder); statErr == nil {
		m.discriminator, err = lm.LoadDiscriminator(part(discriminatorFolder))
	}
	return m, err
}

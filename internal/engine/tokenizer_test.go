package engine_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"because"
	"because/internal/engine"
)

// TestTrainTokenizer learns a vocabulary twice: the same bytes, at most 1.1 tokens for a Han character on texts that were
// held out, a model trains with it, and what is no vocabulary is refused.
func TestTrainTokenizer(t *testing.T) {
	dir := t.TempDir()
	var files [2][]byte
	for i := range files {
		e, _ := open(t)
		o := engine.TokenizerOptions{Size: 3072, Out: filepath.Join(dir, "words", "tokenizer.json"), Corpus: engine.CorpusOptions{Seed: 1, Items: 1}}
		r, err := e.TrainTokenizer(t.Context(), o, nil)
		if err != nil {
			t.Fatal(err)
		}
		if files[i], err = os.ReadFile(o.Out); err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", r)
		if r.HeldOut < 20 || r.Own["han"] > 1.1 || r.Shown["han"] > 1.1 || r.Own["han"] == 0 || r.Own["word"] == 0 {
			t.Errorf("%+v", r)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same data makes another vocabulary")
	}
	e, folder := openIn(t)
	path := filepath.Join(dir, "words", "tokenizer.json")
	info, err := e.TrainLM(t.Context(), engine.LMOptions{Size: "tiny", Steps: 1, Tokenizer: path, Corpus: engine.CorpusOptions{Readers: 20, Items: 1}}, func(engine.LMProgress) {})
	if err != nil {
		t.Fatal(err)
	}
	if used, err := os.ReadFile(filepath.Join(folder, "models", info.ID, "tokenizer.json")); err != nil || !bytes.Equal(used, files[0]) {
		t.Errorf("the model has another vocabulary (%v)", err)
	}
	none := filepath.Join(dir, "none.json")
	if err := os.WriteFile(none, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]engine.LMOptions{
		"no vocabulary": {Size: "tiny", Tokenizer: none},
		"no file":       {Size: "tiny", Tokenizer: filepath.Join(dir, "nowhere.json")},
		"two of them":   {Size: "tiny", Tokenizer: path, From: info.ID},
	} {
		o.Corpus = engine.CorpusOptions{Readers: 2, Items: 1}
		if _, err := e.TrainLM(t.Context(), o, func(engine.LMProgress) {}); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := e.TrainTokenizer(t.Context(), engine.TokenizerOptions{Size: 300, Out: none}, nil); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("too small: %v", err)
	}
}

// openIn is open, with the folder.
func openIn(t *testing.T) (*engine.Engine, string) {
	dir := ""
	e, _ := open(t, func(o *engine.Options) { dir = o.Dir })
	return e, dir
}

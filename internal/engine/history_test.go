package engine_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"because"
	"because/internal/engine"
)

// TestRollback promotes language models and goes back: each time to the one before, past what is damaged, and at last to
// none of the data folder. A promotion after a rollback begins from there.
func TestRollback(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Now: at(today)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	models := filepath.Join(dir, "models")
	write := func(id, content string) {
		t.Helper()
		sum := sha256.Sum256([]byte("words"))
		manifest, _ := json.Marshal(engine.ModelInfo{ID: id, Kind: "lm", Files: map[string]string{"tokenizer.json": hex.EncodeToString(sum[:])}})
		if err := os.MkdirAll(filepath.Join(models, id), 0o700); err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string]string{"manifest.json": string(manifest), "tokenizer.json": content} {
			if err := os.WriteFile(filepath.Join(models, id, name), []byte(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	promote := func(id string) {
		t.Helper()
		write(id, "words")
		if err := e.Promote(id); err != nil {
			t.Fatal(err)
		}
	}
	back := func(kind, from, to string) {
		t.Helper()
		if gotFrom, gotTo, err := e.Rollback(kind); err != nil || gotFrom != from || gotTo != to {
			t.Fatalf("rolled back from %q to %q (%v), want from %q to %q", gotFrom, gotTo, err, from, to)
		}
	}
	for _, id := range []string{"lm-a", "lm-b", "lm-c", "lm-c"} {
		promote(id)
	}
	back("", "lm-c", "lm-b")
	promote("lm-d")
	write("lm-b", "damaged")
	back("lm", "lm-d", "lm-a")
	back("lm", "lm-a", engine.ShippedLM)
	if _, err := os.Stat(filepath.Join(models, "current")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("current is still there without a model: %v", err)
	}
	for _, kind := range []string{"", "lm", "ranker"} {
		if _, _, err := e.Rollback(kind); !errors.Is(err, because.ErrNotFound) {
			t.Errorf("rolled back %q to before the first: %v", kind, err)
		}
	}
	if _, _, err := e.Rollback("tokenizer"); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("rolled back a tokenizer: %v", err)
	}
}

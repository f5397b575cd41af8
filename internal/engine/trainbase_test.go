package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/generate"
	"because/internal/lm"
)

// tinyBase writes a small Llama-shaped model with random weights, as a GGUF file and as a folder of Hugging Face's.
func tinyBase(t *testing.T) (file, folder string) {
	t.Helper()
	words, err := lm.TrainTokenizer([]string{"这家离地铁口 80 米，不过临街。", "This one is 80 m from the metro, though it faces the street."}, nil, 400)
	if err != nil {
		t.Fatal(err)
	}
	g, err := lm.NewGenerator(lm.Config{Vocab: words.Size(), Layers: 2, Dim: 64, Heads: 4, KVHeads: 2, FF: 96}, 3)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, folder = filepath.Join(dir, "tiny.gguf"), filepath.Join(dir, "tiny")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.ExportGGUF(f, words, lm.GGUFOptions{Name: "tiny"}), f.Close(), g.ExportHF(folder, words, lm.F32)); err != nil {
		t.Fatal(err)
	}
	return file, folder
}

// TestTrainOnPretrained lays adapters beside a pretrained model of two kinds of file: stopped in the middle and resumed it
// makes the model that an uninterrupted run makes, its loss falls, the game plays on with adapters, and it is quantised,
// exported and promoted like any other.
func TestTrainOnPretrained(t *testing.T) {
	file, folder := tinyBase(t)
	o := engine.LMOptions{Base: file, LoRA: 4, Steps: 12, LR: 2e-2, Corpus: engine.CorpusOptions{Readers: 12, Items: 1}}
	e, _ := open(t)
	whole, err := e.TrainLM(t.Context(), o, nothing)
	if err != nil {
		t.Fatal(err)
	}
	m := whole.Metrics
	t.Logf("%v", m)
	if len(m) == 0 || m["held_loss_zh"] > m["held_loss_zh_before"]-.2 || m["held_loss_en"] > m["held_loss_en_before"]-.2 {
		t.Errorf("it learnt little: %v", m)
	}

	ctx, cancel := context.WithCancel(t.Context())
	_, err = e.TrainLM(ctx, o, func(p engine.LMProgress) {
		if p.Phase == "likelihood" && p.Step == 6 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped in the middle: %v", err)
	}
	o.Resume = true
	resumed, err := e.TrainLM(t.Context(), o, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := whole.Files["generator/generator.safetensors"], resumed.Files["generator/generator.safetensors"]; a != b || a == "" {
		t.Errorf("resumed it makes %.12s, uninterrupted %.12s", b, a)
	}
	o.Resume, o.Base, o.Steps, o.Corpus.Readers = false, folder, 2, 2
	if _, err := e.TrainLM(t.Context(), o, nothing); err != nil {
		t.Errorf("from a folder: %v", err)
	}
	o.LoRA = 0
	if _, err := e.TrainLM(t.Context(), o, nothing); err != nil {
		t.Errorf("all of its weights: %v", err)
	}

	played, err := e.TrainAdversarial(t.Context(), engine.GameOptions{From: whole.ID, LoRA: 2, Steps: 2, Contexts: 4, Texts: 4, Pretrain: 2,
		Corpus: engine.CorpusOptions{Readers: 40, Items: 1}}, nothing)
	if err != nil {
		t.Fatal(err)
	}
	q, err := e.QuantiseLM(t.Context(), played.ID, nil)
	if err != nil || q.Int8 == 0 || q.Int8*5/2 > q.Float32 {
		t.Errorf("in 8 bits: %+v, %v", q, err)
	}
	x, err := e.ExportLM(played.ID, engine.ExportOptions{Format: "gguf", As: "q8_0", Dir: t.TempDir()})
	if err != nil || len(x.Files) != 1 {
		t.Errorf("exported %+v, %v", x, err)
	}
	for path := range x.Files {
		if _, words, err := lm.ImportGGUF(path, lm.ImportOptions{}); err != nil {
			t.Errorf("the export cannot be read: %v", err)
		} else if _, ok := words.ID(generate.Tokens()[0]); !ok {
			t.Error("the export has no slots")
		}
	}
	if err := e.Promote(played.ID); err != nil {
		t.Fatal(err)
	}
	user := warmUsers(t, e, 1)[0]
	if recs, err := e.Recommend(t.Context(), engine.ListRequest{User: user, N: 2, Lang: because.Chinese, Explain: true, Source: "embedded", Timeout: 1 << 40}); err != nil || recs.Items[0].Explanation.Text == "" {
		t.Errorf("it serves %+v, %v", recs, err)
	}
}

// TestTrainOnPretrainedRefuses: what cannot be trained on is named, and nothing is removed for it.
func TestTrainOnPretrainedRefuses(t *testing.T) {
	file, _ := tinyBase(t)
	e, dir := openIn(t)
	kept := filepath.Join(dir, "models", "runs", "pretrained-1", "kept")
	if err := errors.Join(os.MkdirAll(filepath.Dir(kept), 0o755), os.WriteFile(kept, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.gguf")
	if err := os.WriteFile(broken, []byte("GGUF"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]engine.LMOptions{
		"no file":          {Base: "nowhere.gguf"},
		"no model":         {Base: broken},
		"an empty folder":  {Base: t.TempDir()},
		"no base":          {LoRA: 4},
		"a negative rank":  {Base: file, LoRA: -1},
		"two vocabularies": {Base: file, Tokenizer: "x.json"},
		"two models":       {Base: file, From: "lm-000000000000"},
	} {
		if _, err := e.TrainLM(t.Context(), o, nothing); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("a run was removed: %v", err)
	}
}

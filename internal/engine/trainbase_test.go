package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
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

// TestHeldOut measures a base that knows nothing of our texts, the model that ships, and another program that writes with
// the export of that one: on the same prompts, and the export writes what the model writes.
func TestHeldOut(t *testing.T) {
	file, _ := tinyBase(t)
	e, _ := open(t)
	const prompts = 24
	before, err := e.HeldOutLM(t.Context(), engine.HeldOutOptions{Base: file, Prompts: prompts}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := engine.HeldOutOptions{Model: "shipped", Prompts: prompts}
	after, err := e.HeldOutLM(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("loss %.3f and %.3f; exact %d and %d, passed %d and %d of %d", before.Loss, after.Loss, before.Exact, after.Exact, before.Passed, after.Passed, prompts)
	if before.Prompts != prompts || after.Prompts != prompts || after.Loss > before.Loss-2 || before.Exact > 0 || after.Exact < prompts*3/4 || after.Passed < prompts/2 {
		t.Errorf("before: loss %.3f, %d exact of %d; after: loss %.3f, %d exact, %d passed of %d", before.Loss, before.Exact, before.Prompts, after.Loss, after.Exact, after.Passed, after.Prompts)
	}
	for i, d := range after.Drafts {
		if d.Prompt != before.Drafts[i].Prompt || d.People != before.Drafts[i].People {
			t.Fatalf("draft %d is for %q, before for %q", i, d.Prompt, before.Drafts[i].Prompt)
		}
	}
	if n := after.Passed + after.Repaired + after.Refused; n != after.Exact || after.Exact > after.Ended || after.Planned > after.Passed {
		t.Errorf("counts do not add up: %d exact, %d ended, %d passed, %d planned", after.Exact, after.Ended, after.Passed, after.Planned)
	}

	o.Server = exported(t)
	served, err := e.HeldOutLM(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if served.Same == nil || *served.Same < prompts-2 { // the export sums in another order, so that the likeliest of two near ones may change
		t.Errorf("the export writes otherwise: %+v", served.Drafts)
	}
	for name, o := range map[string]engine.HeldOutOptions{
		"two models":   {Base: file, Model: "shipped"},
		"no such file": {Base: "nowhere.gguf"},
	} {
		if _, err := e.HeldOutLM(t.Context(), o, nil); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := e.HeldOutLM(t.Context(), engine.HeldOutOptions{Model: "shipped", Server: "http://127.0.0.1:1", Prompts: 2}, nil); !errors.Is(err, because.ErrUnavailable) {
		t.Errorf("no server: %v", err)
	}
}

// exported serves an export of the model that ships as llama.cpp's server does.
func exported(t *testing.T) (url string) {
	t.Helper()
	g, err := lm.LoadGenerator(os.DirFS(filepath.Join("weights", "generator")))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join("weights", "tokenizer.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	words, err := lm.LoadTokenizer(f)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "shipped.gguf")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.ExportGGUF(out, words, lm.GGUFOptions{}), out.Close()); err != nil {
		t.Fatal(err)
	}
	if g, _, err = lm.ImportGGUF(path, lm.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Prompt []int32  `json:"prompt"`
			N      int      `json:"n_predict"`
			Bias   [][2]any `json:"logit_bias"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.URL.Path != "/completion" || len(asked.Prompt) == 0 {
			http.Error(w, "asked wrongly", http.StatusBadRequest)
			return
		}
		req := lm.SampleRequest{Prompt: asked.Prompt[:len(asked.Prompt)-1]} // <text> is set by Sample
		for _, b := range asked.Bias {
			req.Ban = append(req.Ban, int32(b[0].(float64)))
		}
		samples, err := g.Sample(r.Context(), []lm.SampleRequest{req}, lm.SampleOptions{MaxTokens: asked.N})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		stop := "limit"
		if samples[0][0].Ended {
			stop = "eos"
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"tokens": samples[0][0].Tokens, "stop_type": stop})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

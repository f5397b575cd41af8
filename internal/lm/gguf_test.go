package lm

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exportToy is a small generator whose weights are all random and large enough that every one of them shows in what it
// writes, with its tokenizer.
func exportToy(t testing.TB, soft int) (*Generator, *Tokenizer) {
	t.Helper()
	tok := patternTokenizer(t, 600, "<e1.hist>", "<e1>")
	cfg := Config{Vocab: tok.Size(), Layers: 2, Dim: 64, Heads: 4, KVHeads: 2, FF: 96, SoftTokens: soft}
	if soft > 0 {
		cfg.Encoder = EncoderConfig{Buckets: 16, Embed: 4, Hidden: 4, StateDim: 4, MaxEvents: 2, MaxFeatures: 2}
	}
	g := newToy(t, cfg)
	rng := rand.New(rand.NewPCG(1, 1))
	weights := g.Tensors()
	for _, name := range slices.Sorted(maps.Keys(weights)) { // in order: the same toy each time
		w := weights[name]
		if !strings.HasPrefix(name, "gpt/") && name != "soft/base" {
			delete(weights, name)
		}
		for i := range w.Data {
			w.Data[i] = float32(rng.NormFloat64()) * 0.15
			if strings.HasSuffix(name, "norm") {
				w.Data[i] += 1
			}
		}
	}
	if err := g.SetTensors(weights); err != nil {
		t.Fatal(err)
	}
	return g, tok
}

// writeGGUF exports into a file.
func writeGGUF(t testing.TB, g *Generator, tok *Tokenizer, o GGUFOptions) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.gguf")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.ExportGGUF(f, tok, o); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func sameTokenizer(t *testing.T, got, want *Tokenizer) {
	t.Helper()
	var a, b bytes.Buffer
	if err := got.Save(&a); err != nil {
		t.Fatal(err)
	}
	if err := want.Save(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the tokenizer came back as another")
	}
}

// What is exported comes back: exactly in F32, rounded in F16 and Q8_0.
func TestGGUFRoundTrip(t *testing.T) {
	g, tok := exportToy(t, 0)
	want := g.Tensors()
	for kind, tolerance := range map[string]float64{"": 0, "F16": 1.0 / 2048, "Q8_0": 1.1 / 254} {
		got, gotTok, err := ImportGGUF(writeGGUF(t, g, tok, GGUFOptions{Type: kind}), ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sameTokenizer(t, gotTok, tok)
		if got.Config() != g.Config() {
			t.Errorf("%s: config %+v, want %+v", kind, got.Config(), g.Config())
		}
		for name, w := range got.Tensors() {
			if !strings.HasPrefix(name, "gpt/") {
				continue
			}
			largest := 0.0
			for _, v := range want[name].Data {
				largest = max(largest, math.Abs(float64(v)))
			}
			for i, v := range w.Data {
				if d := math.Abs(float64(v - want[name].Data[i])); d > tolerance*largest {
					t.Errorf("%s: %s[%d] = %g, want %g", kind, name, i, v, want[name].Data[i])
					break
				}
			}
		}
	}
}

func TestGGUFSoftTokens(t *testing.T) {
	g, tok := exportToy(t, 3)
	got, gotTok, err := ImportGGUF(writeGGUF(t, g, tok, GGUFOptions{}), ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Config().Vocab != tok.Size()+3 || gotTok.Size() != tok.Size()+3 {
		t.Errorf("%d and %d tokens, want %d", got.Config().Vocab, gotTok.Size(), tok.Size()+3)
	}
	if got, want := gotTok.Encode("<soft3>"), []int32{int32(tok.Size()) + 2}; !slices.Equal(got, want) {
		t.Errorf("<soft3> is %v, want %v", got, want)
	}
	rows := got.Tensors()["gpt/embed"].Data[tok.Size()*64:]
	if !slices.Equal(rows, g.Tensors()["soft/base"].Data) {
		t.Error("the rows of the soft tokens are not what an unknown reader's state gives")
	}
	// With them before <text>, the prompt reads as it does here.
	prompt := tok.Encode("<e1>你最近看过")
	with := slices.Concat(prompt, gotTok.Encode("<soft1><soft2><soft3>"))
	a := g.decoder().read(prompt, nil, 1).logits[:tok.Size()]
	b := got.decoder().read(with, nil, 1).logits[:tok.Size()]
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-4 {
			t.Fatalf("logit %d is %g, want %g", i, b[i], a[i])
		}
	}
}

func TestImportGGUFAddsSpecials(t *testing.T) {
	g, tok := exportToy(t, 0)
	got, gotTok, err := ImportGGUF(writeGGUF(t, g, tok, GGUFOptions{}), ImportOptions{Specials: []string{"<e7>"}})
	if err != nil {
		t.Fatal(err)
	}
	embed := g.Tensors()["gpt/embed"].Data
	spelt := tok.Encode("<e7>")
	sum := float32(0)
	for _, id := range spelt {
		sum += embed[int(id)*64] / float32(len(spelt))
	}
	if added := got.Tensors()["gpt/embed"].Data[tok.Size()*64]; added != sum {
		t.Errorf("the first value of the added row is %g, want the mean %g", added, sum)
	}
	if got := gotTok.Encode("<e7>"); !slices.Equal(got, []int32{int32(tok.Size())}) {
		t.Errorf("<e7> is %v", got)
	}
}

// One head of four dimensions on two inputs. Here dimension d of [in, out] is column d; halves (0 1 | 2 3) rotate
// together. llama.cpp rotates neighbours, so its rows are 0 2 1 3.
func TestToGGUF(t *testing.T) {
	w := llamaWeight{dims: []int{2, 4}, turned: true, rotary: 1}
	ours := []float32{
		0, 1, 2, 3,
		10, 11, 12, 13,
	}
	want := []float32{0, 10, 2, 12, 1, 11, 3, 13}
	if got := w.toGGUF(ours); !slices.Equal(got, want) {
		t.Errorf("toGGUF = %v, want %v", got, want)
	}
	if got := w.fromGGUF(want); !slices.Equal(got, ours) {
		t.Errorf("fromGGUF = %v, want %v", got, ours)
	}
}

func TestAppendQ8(t *testing.T) {
	values := make([]float32, 32)
	values[0], values[1], values[2], values[31] = 127, -1, 0.5, -127 // scale 1; a half goes away from zero
	got := appendQ8(nil, values)
	want := make([]byte, 34)
	binary.LittleEndian.PutUint16(want, 0x3c00)
	want[2], want[3], want[4], want[33] = 127, 0xff, 1, 0x81
	if !bytes.Equal(got, want) {
		t.Errorf("got % x, want % x", got, want)
	}
}

func TestExportGGUFRefuses(t *testing.T) {
	g, _ := exportToy(t, 0)
	if err := g.ExportGGUF(new(bytes.Buffer), patternTokenizer(t, 500), GGUFOptions{}); err == nil {
		t.Error("a tokenizer of another size was exported")
	}
	g, tok := exportToy(t, 0)
	if err := g.ExportGGUF(new(bytes.Buffer), tok, GGUFOptions{Type: "Q3_K"}); err == nil {
		t.Error("a type that is not written was accepted")
	}
}

// A file that is cut short, or says what is not so, is an error.
func TestImportGGUFRefuses(t *testing.T) {
	g, tok := exportToy(t, 0)
	var b bytes.Buffer
	if err := g.ExportGGUF(&b, tok, GGUFOptions{}); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	path := filepath.Join(t.TempDir(), "bad.gguf")
	for name, data := range map[string][]byte{
		"empty":      nil,
		"no header":  []byte("GGUF"),
		"half":       whole[:len(whole)/2],
		"cut":        whole[:len(whole)-64],
		"other arch": bytes.Replace(whole, []byte("\x05\x00\x00\x00\x00\x00\x00\x00llama"), []byte("\x05\x00\x00\x00\x00\x00\x00\x00gemma"), 1),
		"other pre":  bytes.Replace(whole, []byte("deepseek-coder"), []byte("deepseek-codex"), 1),
		"other name": bytes.Replace(whole, []byte("blk.1.ffn_up"), []byte("blk.7.ffn_up"), 1),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ImportGGUF(path, ImportOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestHFRoundTrip(t *testing.T) {
	g, tok := exportToy(t, 0)
	for as, tolerance := range map[DType]float64{F32: 0, BF16: 1.0 / 256} {
		dir := filepath.Join(t.TempDir(), "model")
		if err := g.ExportHF(dir, tok, as); err != nil {
			t.Fatal(err)
		}
		got, gotTok, err := ImportHF(dir, ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sameTokenizer(t, gotTok, tok)
		if got.Config() != g.Config() {
			t.Errorf("config %+v, want %+v", got.Config(), g.Config())
		}
		want := g.Tensors()
		for name, w := range got.Tensors() {
			if !strings.HasPrefix(name, "gpt/") {
				continue
			}
			for i, v := range w.Data {
				if d := math.Abs(float64(v - want[name].Data[i])); d > tolerance*math.Abs(float64(v)) {
					t.Fatalf("%s: %s[%d] = %g, want %g", as, name, i, v, want[name].Data[i])
				}
			}
		}
	}
}

// A folder that says what we cannot run, or lacks a part, is an error.
func TestImportHFRefuses(t *testing.T) {
	g, tok := exportToy(t, 0)
	dir := t.TempDir()
	if err := g.ExportHF(dir, tok, F32); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{
		`"num_hidden_layers": 2`:      `"num_hidden_layers": 2000000000`,
		`"num_key_value_heads": 2`:    `"num_key_value_heads": 4`,
		`"tie_word_embeddings": true`: `"tie_word_embeddings": false`,
		`"attention_bias": false`:     `"attention_bias": true`,
		`"rope_scaling": null`:        `"rope_scaling": {"factor": 8}`,
		`"model_type": "llama"`:       `"model_type": "gpt2"`,
		`"hidden_size": 64`:           `"hidden_size": 0`,
		`"vocab_size": 600`:           `"vocab_size": 601`,
		`"architectures"`:             `architectures`,
		`"num_attention_heads": 4`:    `"num_attention_heads": 5`,
		`"intermediate_size": 96`:     `"intermediate_size": 64`,
		`"head_dim": 16`:              `"head_dim": 32`,
		`"hidden_act": "silu"`:        `"hidden_act": "gelu"`,
	} {
		bad := bytes.Replace(whole, []byte(from), []byte(to), 1)
		if bytes.Equal(bad, whole) {
			t.Fatalf("config.json has no %s:\n%s", from, whole)
		}
		if err := os.WriteFile(filepath.Join(dir, "config.json"), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ImportHF(dir, ImportOptions{}); err == nil {
			t.Errorf("%s: no error", to)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"model.safetensors", "tokenizer.json", "config.json"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ImportHF(dir, ImportOptions{}); err == nil {
			t.Errorf("without %s: no error", name)
		}
	}
}

func FuzzImportGGUF(f *testing.F) {
	tok, err := TrainTokenizer(nil, nil, 260)
	if err != nil {
		f.Fatal(err)
	}
	g := newToy(f, Config{Vocab: 260, Layers: 1, Dim: 4, Heads: 2, FF: 4})
	var b bytes.Buffer
	if err := g.ExportGGUF(&b, tok, GGUFOptions{}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "fuzzed.gguf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _ = ImportGGUF(path, ImportOptions{}) // must not panic
	})
}

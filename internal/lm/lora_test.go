package lm

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// adaptedToy is a toy generator with adapters and a table of added rows, none of them where it starts.
func adaptedToy(t *testing.T, cfg Config) *Generator {
	t.Helper()
	g := newToy(t, cfg)
	if err := g.AddLoRA(LoRAOptions{Rank: 3, Rows: 14, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(8, 8))
	for _, path := range g.learned() {
		if strings.HasSuffix(path, "_b") || path == "/"+loraRows {
			values := g.read(path)
			for i := range values {
				values[i] = float32(.05 * rng.NormFloat64())
			}
			g.setWeights(map[string][]float32{path: values})
		}
	}
	return g
}

// An adapter changes nothing before it has learnt.
func TestLoRAStartsAsItsBase(t *testing.T) {
	g := newToy(t, toyConfig())
	data := toyData(6, 5)
	want := mustLoss(t, g, data)
	if err := g.AddLoRA(LoRAOptions{Rank: 4, Rows: 5}); err != nil {
		t.Fatal(err)
	}
	if got := mustLoss(t, g, data); got != want {
		t.Errorf("the loss is %v with fresh adapters, %v without", got, want)
	}
	if err := g.AddLoRA(LoRAOptions{Rank: 4}); err == nil {
		t.Error("adapters beside adapters")
	}
	for _, o := range []LoRAOptions{{}, {Rank: 1, Rows: -1}, {Rank: 1, Rows: 40}} {
		if err := newToy(t, toyConfig()).AddLoRA(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// Folded into the weights, adapters give the same probabilities as applied beside them, in the graph, in the decoder, and
// in what is saved.
func TestLoRAFoldedIsApplied(t *testing.T) {
	g := adaptedToy(t, toyConfig())
	data := toyData(8, 6)
	applied, err := g.LogProbs(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	if plain := mustLoss(t, newToy(t, toyConfig()), data); math.Abs(plain-mustLoss(t, g, data)) < .01 {
		t.Fatal("the adapters change nothing: the test cannot tell")
	}
	folded, err := g.Clone()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := g.Save(dir, SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	saved, err := LoadGenerator(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]*Generator{"clone": folded, "file": saved} {
		got, err := other.LogProbs(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			for j, lp := range got[i] {
				if math.Abs(float64(lp-applied[i][j])) > 1e-4 {
					t.Fatalf("%s: text %d, token %d: %v, applied %v", name, i, j, lp, applied[i][j])
				}
			}
		}
		if other.lora != nil || len(other.Tensors()) != len(g.params) {
			t.Errorf("%s still has adapters", name)
		}
	}
	reqs := []SampleRequest{{Prompt: data[0].Prompt, K: 4, Seed: 3}, {Prompt: data[1].Prompt, K: 4, Seed: 4}}
	a, err := g.Sample(t.Context(), reqs, SampleOptions{Temperature: .8, MaxTokens: 12})
	if err != nil {
		t.Fatal(err)
	}
	b, err := folded.Sample(t.Context(), reqs, SampleOptions{Temperature: .8, MaxTokens: 12})
	if err != nil {
		t.Fatal(err)
	}
	for i := range a {
		for k := range a[i] {
			if !slices.Equal(a[i][k].Tokens, b[i][k].Tokens) {
				t.Errorf("the decoder writes %v with adapters, %v folded", a[i][k].Tokens, b[i][k].Tokens)
			}
		}
	}
}

// The gradient of every adapter, of the added rows and of what only we have agrees with central differences.
func TestLoRAGradients(t *testing.T) { gradientsAreDifferences(t, adaptedToy(t, toyConfig())) }

// trainAdapted trains adapters beside the toy generator of a seed, cancelled after stop steps (0: not).
func trainAdapted(t *testing.T, seed int64, dir string, stop int) (*Generator, []Progress, error) {
	t.Helper()
	cfg := toyConfig()
	cfg.Dropout = .1
	g, err := NewGenerator(cfg, seed)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.AddLoRA(LoRAOptions{Rank: 4, Rows: 5, Seed: 2}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var seen []Progress
	err = g.Train(ctx, toyData(40, 2), toyData(10, 3), TrainOptions{Epochs: 2, BatchTokens: 256, MicroTokens: 128, Seed: 5, LR: 1e-2,
		ValidEvery: 3, Checkpoints: dir, CheckpointEvery: 2}, func(p Progress) {
		seen = append(seen, p)
		if p.Step == stop {
			cancel()
		}
	})
	return g, seen, err
}

// Training changes the adapters and what only we have, and not one bit of the base; it learns; stopped and resumed it gives
// the same bytes; and it does not go on beside another base.
func TestLoRATrains(t *testing.T) {
	whole, seen, err := trainAdapted(t, 7, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	base := newToy(t, whole.cfg)
	for _, path := range whole.params {
		if strings.HasPrefix(path, "/gpt/") && !slices.Equal(whole.read(path), base.read(path)) {
			t.Errorf("%s of the base changed", path)
		}
	}
	fresh := newToy(t, whole.cfg)
	if err := fresh.AddLoRA(LoRAOptions{Rank: 4, Rows: 5, Seed: 2}); err != nil {
		t.Fatal(err)
	}
	for _, path := range whole.learned() {
		if strings.HasPrefix(path, "/lora/layer") && slices.Equal(whole.read(path), fresh.read(path)) {
			t.Errorf("%s learnt nothing", path)
		}
	}
	if first, last := seen[0].Loss, seen[len(seen)-1].Loss; last > first-.1 {
		t.Errorf("the loss went from %.3f to %.3f", first, last)
	}
	dir := t.TempDir()
	if _, _, err := trainAdapted(t, 7, dir, 5); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	resumed, rest, err := trainAdapted(t, 7, dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	if rest[0].Step != 6 {
		t.Errorf("resumed with step %d, want 6", rest[0].Step)
	}
	for _, path := range whole.learned() {
		if !slices.Equal(whole.read(path), resumed.read(path)) {
			t.Errorf("%s is another after resuming", path)
		}
	}
	if _, _, err := trainAdapted(t, 8, dir, 0); err == nil {
		t.Error("went on beside another base")
	}
}

// Policy gradient and preferences move adapters only, too.
func TestLoRAStepsWeighted(t *testing.T) {
	g := adaptedToy(t, toyConfig())
	before, data := map[string][]float32{}, toyData(4, 9)
	for _, path := range g.params {
		before[path] = g.read(path)
	}
	weights := make([][]float32, len(data))
	for i, e := range data {
		weights[i] = repeated(1, len(e.Text)+1)
	}
	loss := mustLoss(t, g, data)
	g.restartWeighted()
	for range 5 {
		if _, err := g.stepWeighted(data, weights, nil, weightedOptions{LR: 1e-2}); err != nil {
			t.Fatal(err)
		}
	}
	if after := mustLoss(t, g, data); after > loss-.1 {
		t.Errorf("the loss went from %.3f to %.3f", loss, after)
	}
	for path, values := range before {
		if strings.HasPrefix(path, "/gpt/") && !slices.Equal(values, g.read(path)) {
			t.Errorf("%s of the base changed", path)
		}
	}
}

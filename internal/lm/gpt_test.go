package lm

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// toyConfig is small enough for a test to train.
func toyConfig() Config {
	return Config{Vocab: 40, Layers: 2, Dim: 32, Heads: 4, KVHeads: 2, FF: 64, SoftTokens: 2, Aspects: 3,
		Encoder: EncoderConfig{Buckets: 32, Embed: 8, Hidden: 8, StateDim: 8, MaxEvents: 4, MaxFeatures: 2}}
}

// toyData are texts that a prompt and a history decide: the prompt's tokens in reverse, then the newest feature.
func toyData(n int, seed uint64) []Example {
	rng := rand.New(rand.NewPCG(seed, 1))
	data := make([]Example, n)
	for i := range data {
		e := &data[i]
		for range 2 + rng.IntN(6) {
			e.Prompt = append(e.Prompt, 10+rng.Int32N(10))
		}
		e.Text = slices.Clone(e.Prompt)
		slices.Reverse(e.Text)
		e.Aspect, e.Rating = e.Prompt[0]%3, float32(math.NaN())
		if rng.IntN(4) > 0 {
			for range 1 + rng.IntN(4) {
				e.Behaviour = append(e.Behaviour, []int32{1 + rng.Int32N(8)})
			}
			newest := e.Behaviour[len(e.Behaviour)-1][0]
			e.Text = append(e.Text, 20+newest)
			e.Rating, e.Next = float32(newest)/8, []int32{newest + 8}
		}
	}
	return data
}

func newToy(t testing.TB, cfg Config) *Generator {
	t.Helper()
	g, err := NewGenerator(cfg, 7)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func mustLoss(t testing.TB, g *Generator, data []Example) float64 {
	t.Helper()
	loss, err := g.Loss(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

// An untrained model knows nothing: its loss is near the logarithm of the vocabulary.
func TestLossBeforeTraining(t *testing.T) {
	g := newToy(t, toyConfig())
	if got, want := mustLoss(t, g, toyData(20, 1)), math.Log(40); math.Abs(got-want) > 0.05 {
		t.Errorf("loss %.3f, want about ln 40 = %.3f", got, want)
	}
}

func TestTrainOverfits(t *testing.T) {
	cfg := toyConfig()
	cfg.Dropout = 0.05
	g := newToy(t, cfg)
	data := toyData(32, 1)
	var last Progress
	err := g.Train(context.Background(), data, data, TrainOptions{Epochs: 300, BatchTokens: 2048, LR: 5e-3, StateDropout: -1,
		MicroTokens: 2048, Warmup: 20, ValidEvery: 100, Seed: 1}, func(p Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", last)
	if loss := mustLoss(t, g, data); loss > 0.05 {
		t.Errorf("loss %.3f after training, want below 0.05", loss)
	}
	if last.Aspect > 0.1 || last.Rating > 0.02 || last.Next > 0.2 {
		t.Errorf("the heads learnt little: %+v", last)
	}
}

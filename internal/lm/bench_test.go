package lm

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// shippedConfig is the size that is embedded in the binary.
func shippedConfig() Config {
	return Config{Vocab: 4400, Dropout: 0.1, SoftTokens: 4, Aspects: 32}
}

// likelyData has the lengths of real examples: prompts of 25 to 60 tokens, texts of 15 to 45.
func likelyData(n int) []Example {
	rng := rand.New(rand.NewPCG(1, 1))
	data := make([]Example, n)
	ids := func(n int) []int32 {
		out := make([]int32, n)
		for i := range out {
			out[i] = 4 + rng.Int32N(4396)
		}
		return out
	}
	for i := range data {
		data[i] = Example{Prompt: ids(25 + rng.IntN(36)), Text: ids(15 + rng.IntN(31)), Aspect: -1, Rating: float32(math.NaN())}
		for range rng.IntN(16) {
			data[i].Behaviour = append(data[i].Behaviour, []int32{1 + rng.Int32N(2000), 1 + rng.Int32N(2000)})
		}
	}
	return data
}

func BenchmarkTrain(b *testing.B) {
	g, err := NewGenerator(shippedConfig(), 1)
	if err != nil {
		b.Fatal(err)
	}
	data := likelyData(2000)
	l := &trainLoop{g: g, t: g.trainFn(), data: data, o: TrainOptions{}.withDefaults(), stepsPerEpoch: 1, micros: 2, steps: 1000, epoch: 1}
	for _, m := range plan(data, g.cfg.SoftTokens, l.o.MicroTokens, nil) {
		if m.prompt == 48 && m.text == 32 && m.rows == len(m.examples) { // one shape, compiled before the clock starts
			l.batches = append(l.batches, m)
		}
	}
	if _, err := l.step(context.Background()); err != nil {
		b.Fatal(err)
	}
	l.run = run{}
	for b.Loop() {
		l.run.Step = 0
		if _, err := l.step(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(l.run.Tokens)/b.Elapsed().Seconds(), "tokens/s")
}

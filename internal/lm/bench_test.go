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

func BenchmarkTrain(b *testing.B) { trainSteps(b, nil) }

// trainSteps trains and reports the speed in tokens without padding.
func trainSteps(b *testing.B, on *Backend) {
	g, err := NewGenerator(shippedConfig(), 1)
	if err != nil {
		b.Fatal(err)
	}
	if err := g.On(on); err != nil {
		b.Fatal(err)
	}
	data := likelyData(2000)
	l := &trainLoop{g: g, t: g.trainFn(), data: data, o: TrainOptions{}.withDefaults(), stepsPerEpoch: 1, micros: 2, steps: 1000, epoch: 1}
	for _, m := range (batching{}).plan(data, g.cfg.SoftTokens, l.o.MicroTokens, nil) {
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

// decodeSteps decodes texts of 30 tokens and reports the time of one step.
func decodeSteps(b *testing.B, requests, k int) {
	g, err := NewGenerator(shippedConfig(), 1)
	if err != nil {
		b.Fatal(err)
	}
	g.rounded = true // as it is served
	data := likelyData(requests)
	rs := make([]SampleRequest, requests)
	for i := range rs {
		rs[i] = SampleRequest{Prompt: data[i].Prompt, K: k, Ban: []int32{EndID}, Seed: uint64(i)}
	}
	o := SampleOptions{Temperature: 1, MaxTokens: 30}
	mustSample(b, g, rs, o)
	for b.Loop() {
		mustSample(b, g, rs, o)
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/call")
	b.ReportMetric(float64(b.N*requests*k*30)/b.Elapsed().Seconds(), "tokens/s")
}

// One explanation: four candidates of 30 tokens, prompt included.
func BenchmarkSample1x4(b *testing.B)  { decodeSteps(b, 1, 4) }
func BenchmarkSample1x16(b *testing.B) { decodeSteps(b, 1, 16) }
func BenchmarkSample32x4(b *testing.B) { decodeSteps(b, 32, 4) }

func benchmarkStep(b *testing.B, rows int, rounded bool) {
	g, err := NewGenerator(shippedConfig(), 1)
	if err != nil {
		b.Fatal(err)
	}
	g.rounded = rounded
	p := g.decoder()
	pre := p.read(likelyData(1)[0].Prompt, nil, 1)
	s := p.newScratch(rows, pre.n+32)
	batch := make([]row, rows)
	for i := range batch {
		caches := p.cfg.newCaches(32)
		batch[i] = row{position: pre.n + 15, put: caches, putAt: 15, sight: sight{shared: pre.caches, sharedN: pre.n, own: caches, ownN: 16}}
	}
	logits := make([]float32, byFours(rows)*p.head.width())
	for b.Loop() {
		for i := range rows {
			copy(s.x[i*p.cfg.Dim:(i+1)*p.cfg.Dim], p.embed[(100+i)*p.cfg.Dim:])
		}
		p.run(s, batch, 1, false)
		p.logits(logits, s, s.x, rows, 1)
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/step")
}

func BenchmarkStep1(b *testing.B)      { benchmarkStep(b, 1, false) }
func BenchmarkStep4(b *testing.B)      { benchmarkStep(b, 4, false) }
func BenchmarkStep16(b *testing.B)     { benchmarkStep(b, 16, false) }
func BenchmarkStep4Int8(b *testing.B)  { benchmarkStep(b, 4, true) }
func BenchmarkStep16Int8(b *testing.B) { benchmarkStep(b, 16, true) }

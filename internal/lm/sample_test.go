package lm

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"
)

func mustSample(t testing.TB, g *Generator, requests []SampleRequest, o SampleOptions) [][]Sample {
	t.Helper()
	out, err := g.Sample(context.Background(), requests, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// toyRequests are toyData as requests.
func toyRequests(t testing.TB, g *Generator, data []Example, k int) []SampleRequest {
	t.Helper()
	histories := make([][][]int32, len(data))
	for i, e := range data {
		histories[i] = e.Behaviour
	}
	states, err := g.State(histories)
	if err != nil {
		t.Fatal(err)
	}
	requests := make([]SampleRequest, len(data))
	for i, e := range data {
		requests[i] = SampleRequest{Prompt: e.Prompt, K: k, Seed: uint64(i)}
		if states != nil {
			requests[i].State = states[i]
		}
	}
	return requests
}

// Decoding with the cache gives the log-probabilities of a full forward pass of the training graph.
func TestCachedDecodingIsFullForward(t *testing.T) {
	small := toyConfig()
	odd := Config{Vocab: 37, Layers: 3, Dim: 24, Heads: 2, KVHeads: 1, FF: 20}
	mha := toyConfig()
	mha.KVHeads = 4
	for _, cfg := range []Config{small, odd, mha} {
		g := newToy(t, cfg)
		for path, w := range g.weightsNow() { // as large as trained weights are
			for i := range w {
				w[i] *= 8
			}
			g.setWeights(map[string][]float32{path: w})
		}
		data := toyData(5, 9)
		if cfg.SoftTokens == 0 {
			for i := range data {
				data[i].Behaviour = nil
			}
		}
		samples := mustSample(t, g, toyRequests(t, g, data, 3), SampleOptions{Temperature: 1, MaxTokens: 20})
		for i, rows := range samples {
			for k, s := range rows {
				e := data[i]
				e.Text = s.Tokens
				want, err := g.LogProbs(context.Background(), []Example{e})
				if err != nil {
					t.Fatal(err)
				}
				for j, lp := range s.LogProbs {
					if math.Abs(float64(lp-want[0][j])) > 1e-3 {
						t.Errorf("text %d.%d, token %d: %g decoded, %g in a full pass", i, k, j, lp, want[0][j])
					}
				}
			}
		}
	}
}

// A row depends on its request and number alone; the same seed gives it again, on any number of processors.
func TestSampleRowsAreIndependent(t *testing.T) {
	g := newToy(t, toyConfig())
	requests := toyRequests(t, g, toyData(7, 10), 3)
	o := SampleOptions{Temperature: 1, TopK: 30, TopP: 0.95, MaxTokens: 12}
	all := mustSample(t, g, requests, o)
	procs := runtime.GOMAXPROCS(1)
	again := mustSample(t, g, requests, o)
	runtime.GOMAXPROCS(procs)
	for i, r := range requests {
		alone := mustSample(t, g, []SampleRequest{r}, o)
		for k := range all[i] {
			for _, other := range []Sample{again[i][k], alone[0][k]} {
				if !slices.Equal(all[i][k].Tokens, other.Tokens) || !slices.Equal(all[i][k].LogProbs, other.LogProbs) {
					t.Errorf("text %d.%d: %v and %v", i, k, all[i][k], other)
				}
			}
		}
		if slices.Equal(all[i][0].Tokens, all[i][1].Tokens) {
			t.Errorf("rows 0 and 1 of request %d are the same: %v", i, all[i][0].Tokens)
		}
	}
}

func TestSampleBans(t *testing.T) {
	g := newToy(t, toyConfig())
	ban := []int32{-1, 99, EndID}
	for id := int32(4); id < 36; id++ {
		ban = append(ban, id)
	}
	for _, temperature := range []float32{0, 0.7, 2} {
		for _, s := range mustSample(t, g, []SampleRequest{{Prompt: []int32{5}, Ban: ban, K: 8}},
			SampleOptions{Temperature: temperature, MaxTokens: 10})[0] {
			if s.Ended || len(s.Tokens) != 10 {
				t.Errorf("temperature %g: ended %v after %d tokens, though <end> is banned", temperature, s.Ended, len(s.Tokens))
			}
			for _, id := range s.Tokens {
				if id < 36 || id > 39 {
					t.Errorf("temperature %g: banned token %d was written", temperature, id)
				}
			}
		}
	}
}

func TestSampleNoRepeat(t *testing.T) {
	g := newToy(t, toyConfig())
	text := mustSample(t, g, []SampleRequest{{Prompt: []int32{5}, Ban: []int32{EndID}}}, SampleOptions{MaxTokens: 40, NoRepeat: 2})[0][0].Tokens
	seen := map[[2]int32]bool{}
	for i := 1; i < len(text); i++ {
		pair := [2]int32{text[i-1], text[i]}
		if seen[pair] {
			t.Errorf("%v comes twice in %v", pair, text)
		}
		seen[pair] = true
	}
}

func TestTruncate(t *testing.T) {
	for _, tt := range []struct {
		o    SampleOptions
		want []float32
	}{
		{SampleOptions{TopK: 2}, []float32{0, 4, 3, 0, 0}},
		{SampleOptions{TopP: 0.7}, []float32{0, 4, 3, 0, 0}},             // 4+3 of 10
		{SampleOptions{TopP: 0.75}, []float32{0, 4, 3, 0, 2}},            // 4+3+2 of 10
		{SampleOptions{TopP: 0.75, TopK: 1}, []float32{0, 4, 0, 0, 0}},   // the narrower
		{SampleOptions{TopP: 1, TopK: 10}, []float32{1, 4, 3, 0, 2}},     // all
		{SampleOptions{TopP: 0.0001, TopK: 9}, []float32{0, 4, 0, 0, 0}}, // never none
	} {
		d := newDrawer(5, tt.o)
		copy(d.weights, []float32{1, 4, 3, 0, 2})
		if d.truncate(); !slices.Equal(d.weights, tt.want) {
			t.Errorf("%+v keeps %v, want %v", tt.o, d.weights, tt.want)
		}
	}
}

// Drawn tokens have the model's frequencies: the first token of 4000 texts against its log-probability.
func TestSampleFrequencies(t *testing.T) {
	g := newToy(t, toyConfig())
	counts, probs := map[int32]int{}, map[int32]float64{}
	const n = 4000
	for _, s := range mustSample(t, g, []SampleRequest{{Prompt: []int32{9, 9}, K: n}}, SampleOptions{Temperature: 1, MaxTokens: 1})[0] {
		id := EndID
		if len(s.Tokens) > 0 {
			id = s.Tokens[0]
		}
		counts[id]++
		probs[id] = math.Exp(float64(s.LogProbs[0]))
	}
	for id, c := range counts {
		p := probs[id] * 40 / 37 // three ids are never written; untrained, each has about 1/40
		if sd := math.Sqrt(n * p); math.Abs(float64(c)-n*p) > 5*sd {
			t.Errorf("token %d came %d times, expected about %.0f", id, c, n*p)
		}
	}
}

func TestSampleErrors(t *testing.T) {
	g := newToy(t, toyConfig())
	for _, r := range []SampleRequest{{Prompt: []int32{40}}, {Prompt: []int32{-1}}, {State: []float32{1}}} {
		if _, err := g.Sample(context.Background(), []SampleRequest{r}, SampleOptions{}); err == nil {
			t.Errorf("request %+v was taken", r)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := g.Sample(ctx, []SampleRequest{{}}, SampleOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if out, err := g.Sample(context.Background(), nil, SampleOptions{}); err != nil || len(out) != 0 {
		t.Errorf("no requests: %v, %v", out, err)
	}
}

// A trained toy writes what it was taught.
func TestTrainedSamples(t *testing.T) {
	cfg := toyConfig()
	g := newToy(t, cfg)
	data := toyData(4, 1)
	if err := g.Train(context.Background(), data, nil, TrainOptions{Epochs: 150, LR: 1e-2, StateDropout: -1}, nil); err != nil {
		t.Fatal(err)
	}
	for i, rows := range mustSample(t, g, toyRequests(t, g, data, 2), SampleOptions{}) {
		for _, s := range rows {
			if !s.Ended || !slices.Equal(s.Tokens, data[i].Text) {
				t.Errorf("text %d: %v, want %v", i, s.Tokens, data[i].Text)
			}
		}
	}
}

// Many may sample at once, also while the generator is trained.
func TestSampleConcurrently(t *testing.T) {
	g := newToy(t, toyConfig())
	data := toyData(8, 11)
	requests := toyRequests(t, g, data, 2)
	want := mustSample(t, g, requests, SampleOptions{Temperature: 1})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := g.Sample(context.Background(), requests, SampleOptions{Temperature: 1})
			if err != nil {
				t.Error(err)
				return
			}
			for i := range want {
				for k := range want[i] {
					if !slices.Equal(got[i][k].Tokens, want[i][k].Tokens) {
						t.Errorf("text %d.%d: %v, want %v", i, k, got[i][k].Tokens, want[i][k].Tokens)
					}
				}
			}
		})
	}
	wg.Wait()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 20 {
			if _, err := g.Sample(context.Background(), requests, SampleOptions{Temperature: 1}); err != nil {
				t.Error(err)
			}
		}
	}()
	err := g.Train(context.Background(), data, data, TrainOptions{Epochs: 10, ValidEvery: 2}, func(Progress) {
		if _, err := g.Sample(context.Background(), requests[:1], SampleOptions{}); err != nil {
			t.Error(err)
		}
	})
	<-done
	if err != nil {
		t.Fatal(err)
	}
}

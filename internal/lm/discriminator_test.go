package lm

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func toyDiscriminator(t testing.TB, cell string) *Discriminator {
	t.Helper()
	d, err := NewDiscriminator(DiscriminatorConfig{Cell: cell, Vocab: 24, Embed: 8, Hidden: 12, MaxPrompt: 4, MaxText: 8}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// toyPairs invents n texts that people wrote, as many generated ones, and mismatched ones. A prompt names two slots (ids
// 4..9); people mention both and go on with words that rise by one; generated texts mention both and go on at random.
func toyPairs(n int, seed uint64) (real, fake, mismatched []Pair) {
	rng := rand.New(rand.NewPCG(seed, 0))
	for range n {
		slots := rng.Perm(6)
		a, b, other := int32(4+slots[0]), int32(4+slots[1]), int32(4+slots[2])
		prompt, word := []int32{10, a, b}, int32(12+rng.IntN(8))
		people := []int32{a, word, word + 1, word + 2, b}
		real = append(real, Pair{prompt, people})
		fake = append(fake, Pair{prompt, []int32{a, word, int32(12 + rng.IntN(10)), int32(12 + rng.IntN(10)), b}})
		mismatched = append(mismatched, Pair{[]int32{10, a, other}, people})
	}
	return real, fake, mismatched
}

// TestDiscriminatorLearns trains both cells on the toy set until they tell people's texts from generated ones, and texts
// that fit their prompt from those that do not.
func TestDiscriminatorLearns(t *testing.T) {
	for _, cell := range []string{CellGRU, CellLSTM} {
		d := toyDiscriminator(t, cell)
		for step := range 80 {
			real, fake, mismatched := toyPairs(32, uint64(step))
			s, err := d.Step(real, fake, mismatched, DiscOptions{LR: 2e-2})
			if err != nil {
				t.Fatal(err)
			}
			if bound := BoundD(s.LossG); s.LossD < bound-1e-6 {
				t.Fatalf("%s step %d: L_D = %.4f is below its bound %.4f for L_G = %.4f", cell, step, s.LossD, bound, s.LossG)
			}
		}
		real, fake, mismatched := toyPairs(128, 1000)
		logits := score(t, d, slices.Concat(real, fake, mismatched))
		s := discStats(logits[:128], logits[128:256], logits[256:])
		if s.Accuracy < .9 || s.DReal < .7 || s.DFake > .3 {
			t.Errorf("%s: accuracy %.3f, D(x) %.3f, D(G(z)) %.3f", cell, s.Accuracy, s.DReal, s.DFake)
		}
		apart := 0
		for i := range real {
			if logits[i] > logits[256+i] {
				apart++
			}
		}
		if apart < 115 {
			t.Errorf("%s: only %d of 128 matched texts score above the mismatched", cell, apart)
		}
	}
}

func score(t testing.TB, d *Discriminator, pairs []Pair) []float32 {
	t.Helper()
	logits, _, err := d.Score(context.Background(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	return logits
}

// TestScore holds that a pair's logits do not depend on the others, on padding, or on what lies beyond what is read.
func TestScore(t *testing.T) {
	d := toyDiscriminator(t, CellGRU)
	real, fake, _ := toyPairs(3, 1)
	long := Pair{Prompt: slices.Repeat([]int32{10, 5}, 20), Text: slices.Repeat([]int32{5, 13, 14}, 10)}
	cut := Pair{long.Prompt[:4], long.Text[:8]}
	pairs := slices.Concat(real, fake, []Pair{long, cut, {}})
	logits, tokens, err := d.Score(context.Background(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pairs {
		alone, itsTokens, err := d.Score(context.Background(), []Pair{p})
		if err != nil {
			t.Fatal(err)
		}
		if alone[0] != logits[i] {
			t.Errorf("pair %d: %g among others, %g alone", i, logits[i], alone[0])
		}
		if len(tokens[i]) != min(8, len(p.Text)) {
			t.Errorf("pair %d: %d token logits for %d tokens", i, len(tokens[i]), len(p.Text))
		}
		for k, v := range itsTokens[0] {
			if v != tokens[i][k] {
				t.Errorf("pair %d token %d: %g among others, %g alone", i, k, tokens[i][k], v)
			}
		}
	}
	if logits[6] != logits[7] {
		t.Errorf("what lies beyond the tokens read moves the logit from %g to %g", logits[7], logits[6])
	}
	if logits, _, err := d.Score(context.Background(), nil); err != nil || logits != nil {
		t.Errorf("no pairs: %v, %v", logits, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := d.Score(ctx, real); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

// TestScoreAsTraining holds the plain-Go pass to the graph that training uses, for both cells, after a few steps.
func TestScoreAsTraining(t *testing.T) {
	for _, cell := range []string{CellGRU, CellLSTM} {
		d := toyDiscriminator(t, cell)
		real, fake, mismatched := toyPairs(20, 6)
		for range 3 {
			if _, err := d.Step(real, fake, mismatched, DiscOptions{LR: 3e-2}); err != nil {
				t.Fatal(err)
			}
		}
		pairs := slices.Concat(real, fake, mismatched, []Pair{{}, {Prompt: []int32{10}}, {Text: []int32{10, 0, 5}}})
		logits, tokens, err := d.Score(context.Background(), pairs)
		if err != nil {
			t.Fatal(err)
		}
		l := d.lay(pairs)
		prompts, texts := l.tensors(len(pairs))
		out := d.graph.MustCall(prompts, texts)
		sequence, perToken := tensors.MustCopyFlatData[float32](out[0]), tensors.MustCopyFlatData[float32](out[1])
		for i := range pairs {
			if math.Abs(float64(logits[i]-sequence[i])) > 1e-5 {
				t.Errorf("%s pair %d: %g, in the graph %g", cell, i, logits[i], sequence[i])
			}
			for j, v := range tokens[i] {
				if math.Abs(float64(v-perToken[i*l.text+j])) > 1e-5 {
					t.Errorf("%s pair %d token %d: %g, in the graph %g", cell, i, j, v, perToken[i*l.text+j])
				}
			}
		}
	}
}

// TestScoreWhileTraining scores from several goroutines during steps: each sees the weights before or after one, whole.
func TestScoreWhileTraining(t *testing.T) {
	d := toyDiscriminator(t, CellGRU)
	real, fake, mismatched := toyPairs(4, 7)
	var seen [3][]float32
	var wg sync.WaitGroup
	allowed := [][]float32{score(t, d, real)}
	for i := range seen {
		wg.Go(func() { seen[i], _, _ = d.Score(context.Background(), real) })
	}
	for range 2 {
		if _, err := d.Step(real, fake, mismatched, DiscOptions{LR: 1e-2}); err != nil {
			t.Fatal(err)
		}
		allowed = append(allowed, score(t, d, real))
	}
	wg.Wait()
	for i, logits := range seen {
		if !slices.ContainsFunc(allowed, func(want []float32) bool { return slices.Equal(want, logits) }) {
			t.Errorf("goroutine %d sees %v, want one of %v", i, logits, allowed)
		}
	}
}

// TestDiscLoss holds losses to values worked out by hand.
func TestDiscLoss(t *testing.T) {
	ln2, ln3 := float32(math.Ln2), float32(math.Log(3))
	for _, tt := range []struct {
		real, fake, mismatched              []float32
		lossD, lossG, pairwise, mis, dr, df float64
	}{
		// D = ½ everywhere: each term is ln 2
		{[]float32{0}, []float32{0}, []float32{0}, .693147, .693147, .693147, .693147, .5, .5},
		// D(x) = ¾, D(G) = ¼: ½(−ln ¾ − ln ¾) = .287682; −ln ¼ = 1.386294; −ln σ(2 ln 3) = ln(10/9) = .105361; D = ⅔: −ln ⅓ = 1.098612
		{[]float32{ln3}, []float32{-ln3}, []float32{ln2}, .287682, 1.386294, .105361, 1.098612, .75, .25},
		// the mean of the two: ½(.287682 + .693147) = .490415, …
		{[]float32{ln3, 0}, []float32{-ln3, 0}, []float32{ln2, ln2}, .490415, 1.039721, .399254, 1.098612, .625, .375},
	} {
		s := discStats(tt.real, tt.fake, tt.mismatched)
		for _, v := range []struct {
			name      string
			got, want float64
		}{{"L_D", s.LossD, tt.lossD}, {"L_G", s.LossG, tt.lossG}, {"pairwise", s.Pairwise, tt.pairwise},
			{"mismatched", s.Mismatched, tt.mis}, {"D(x)", s.DReal, tt.dr}, {"D(G(z))", s.DFake, tt.df}} {
			if math.Abs(v.got-v.want) > 1e-6 {
				t.Errorf("%v against %v: %s = %.6f, want %.6f", tt.real, tt.fake, v.name, v.got, v.want)
			}
		}
		// The graph's loss, with one token each whose logit is the pair's, weights 2, 3 and 5.
		n, m := len(tt.real), len(tt.mismatched)
		rows := slices.Concat(tt.real, tt.fake, tt.mismatched)
		share := func(n int) *tensors.Tensor {
			return tensors.FromFlatDataAndDimensions(slices.Repeat([]float32{1 / float32(n)}, n), n)
		}
		perToken := make([]float32, 2*len(rows)) // the second token is padding
		isToken := make([]float32, 2*len(rows))
		for i, v := range rows {
			perToken[2*i], perToken[2*i+1], isToken[2*i] = v, 9, 1
		}
		loss := graph.MustExecOnce(backend(), func(in []*graph.Node) *graph.Node {
			return discLoss(in[0], in[1], in[2], in[3], in[4], in[5], in[6])
		}, tensors.FromFlatDataAndDimensions(rows, len(rows)), tensors.FromFlatDataAndDimensions(perToken, len(rows), 2),
			tensors.FromFlatDataAndDimensions(isToken, len(rows), 2), share(n), share(n), share(m), []float32{2, 3, 5})
		if got, want := float64(tensors.ToScalar[float32](loss)), 6*tt.lossD+2*tt.pairwise+3*tt.mis; math.Abs(got-want) > 1e-5 {
			t.Errorf("%v against %v: loss = %.6f, want %.6f", tt.real, tt.fake, got, want)
		}
	}
}

// TestBoundD holds the bound that correct labels keep on any logits, and that the article's printed pair breaks.
func TestBoundD(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		real, fake := make([]float32, 1+rng.IntN(4)), make([]float32, 1+rng.IntN(4))
		for _, xs := range [][]float32{real, fake} {
			for i := range xs {
				xs[i] = float32(4 * rng.NormFloat64())
			}
		}
		if s := discStats(real, fake, nil); s.LossD < BoundD(s.LossG)-1e-9 {
			t.Fatalf("%v against %v: L_D = %.6f, L_G = %.6f, bound %.6f", real, fake, s.LossD, s.LossG, BoundD(s.LossG))
		}
	}
	// With D(x) → 1 and equal fakes it is reached: D(G) = ⅔, L_G = ln 1.5, L_D = −½ ln ⅓.
	s := discStats([]float32{40}, []float32{float32(math.Ln2)}, nil)
	if math.Abs(s.LossD-BoundD(s.LossG)) > 1e-6 || math.Abs(s.LossD-math.Log(3)/2) > 1e-6 {
		t.Errorf("L_D = %.6f, bound %.6f, want both %.6f", s.LossD, BoundD(s.LossG), math.Log(3)/2)
	}
	if b := BoundD(.4266); math.Abs(b-.5288) > 5e-5 || b < .3141 {
		t.Errorf("L_D is at least %.4f where L_G = .4266, want .5288", b)
	}
}

// TestDiscriminatorGradients holds the derivative of the loss to central differences, at the largest weight's place of
// each tensor.
func TestDiscriminatorGradients(t *testing.T) {
	for _, cell := range []string{CellGRU, CellLSTM} {
		d := toyDiscriminator(t, cell)
		real, fake, mismatched := toyPairs(4, 5)
		l := d.lay(slices.Concat(real, fake, mismatched))
		prompts, texts := l.tensors(12)
		share := []float32{.25, .25, .25, .25}
		exec := model.MustNewExec(backend(), d.adam.store, func(scope *model.Scope, prompts, texts, share *graph.Node) []*graph.Node {
			weightsVary(scope, prompts)
			logits, perToken := d.logits(scope.In("discriminator"), prompts, texts, nil)
			isToken := graph.ConvertDType(graph.GreaterThan(texts, graph.ZerosLike(texts)), logits.DType())
			loss := discLoss(logits, perToken, isToken, share, share, share, graph.Const(prompts.Graph(), []float32{1, .5, .5}))
			var weights []*graph.Node
			for _, path := range d.adam.params {
				weights = append(weights, d.adam.store.GetVariable(path).NodeValue(prompts.Graph()))
			}
			return append([]*graph.Node{loss}, graph.Gradient(loss, weights...)...)
		})
		out := exec.MustCall(prompts, texts, share)
		for p, path := range d.adam.params {
			gradient := tensors.MustCopyFlatData[float32](out[1+p])
			largest := 0
			for i, v := range gradient {
				if math.Abs(float64(v)) > math.Abs(float64(gradient[largest])) {
					largest = i
				}
			}
			at := func(move float32) float64 {
				tensors.MustMutableFlatData(d.adam.store.GetVariable(path).MustValue(), func(flat []float32) { flat[largest] += move })
				return float64(tensors.ToScalar[float32](exec.MustCall(prompts, texts, share)[0]))
			}
			up := at(1e-2)
			down := at(-2e-2)
			at(1e-2)
			want := (up - down) / 2e-2
			if got := float64(gradient[largest]); math.Abs(got-want) > 5e-4+.02*math.Abs(want) {
				t.Errorf("%s %s[%d]: gradient %.5f, central difference %.5f", cell, path, largest, got, want)
			}
		}
	}
}

// TestAdam holds the first two steps on f(w) = w²/2 to hand-worked values: from 1 the first step is lr whatever the size
// of the gradient; after it m̂ = (.9·.1·1 + .1·.9)/(1−.81) = .947368, v̂ = (.999·.001 + .001·.81)/(1−.998001) = .904952,
// so that w = .9 − .1·.947368/√.904952 = .800412.
func TestAdam(t *testing.T) {
	store := model.NewStore()
	store.VariableWithValue("/toy/w", []float32{1})
	a, err := newAdam(store, "toy")
	if err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(backend(), store, func(scope *model.Scope, in *graph.Node) *graph.Node {
		weightsVary(scope, in)
		w := store.GetVariable("/toy/w").NodeValue(in.Graph())
		return a.stepGraph(graph.MulScalar(graph.ReduceAllSum(graph.Square(w)), .5), in)
	})
	for i, want := range []float64{.9, .800412} {
		exec.MustCall(a.next(.1, 100))
		if got := float64(tensors.MustCopyFlatData[float32](store.GetVariable("/toy/w").MustValue())[0]); math.Abs(got-want) > 1e-5 {
			t.Errorf("after step %d w = %.6f, want %.6f", i+1, got, want)
		}
	}
}

// TestDiscriminatorResumes holds that saved and loaded in the middle, training goes on to the same bytes.
func TestDiscriminatorResumes(t *testing.T) {
	step := func(d *Discriminator, seed uint64) {
		t.Helper()
		real, fake, mismatched := toyPairs(5, seed)
		if _, err := d.Step(real, fake, mismatched, DiscOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	one := toyDiscriminator(t, CellGRU)
	step(one, 1)
	dir := t.TempDir()
	if err := one.Save(dir, true); err != nil {
		t.Fatal(err)
	}
	step(one, 2)
	two, err := LoadDiscriminator(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	step(two, 2)
	real, fake, _ := toyPairs(5, 3)
	if a, b := score(t, one, append(real, fake...)), score(t, two, append(real, fake...)); !slices.Equal(a, b) {
		t.Errorf("logits %v, resumed %v", a, b)
	}
	if _, err := LoadDiscriminator(os.DirFS(t.TempDir())); err == nil {
		t.Error("an empty folder loads")
	}
}

func BenchmarkDiscriminatorStep(b *testing.B) {
	d, err := NewDiscriminator(DiscriminatorConfig{Vocab: 4400}, 1)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	pairs := func(n int) []Pair {
		out := make([]Pair, n)
		for i := range out {
			for range 60 {
				out[i].Prompt = append(out[i].Prompt, 4+rng.Int32N(4000))
			}
			for range 44 {
				out[i].Text = append(out[i].Text, 4+rng.Int32N(4000))
			}
		}
		return out
	}
	real, fake, mismatched := pairs(32), pairs(32), pairs(8)
	b.Run("step", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.Step(real, fake, mismatched, DiscOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(72*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
	})
	for _, n := range []int{4, 128} {
		some := pairs(n)
		b.Run("score"+map[int]string{4: "4", 128: "128"}[n], func(b *testing.B) {
			for b.Loop() {
				score(b, d, some)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "texts/s")
		})
	}
}

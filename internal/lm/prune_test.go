package lm

import (
	"cmp"
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestZeroLowest(t *testing.T) {
	scores := []float64{3, 1, 2, 1, 5}
	var got []int
	zeroLowest(len(scores), 0.5, func(i int) float64 { return scores[i] }, func(i int) { got = append(got, i) }) // 2.5: two
	if !slices.Equal(got, []int{1, 3}) {
		t.Errorf("zeroed %v, want the two lowest, 1 and 3", got)
	}
}

// Each matrix of each layer gets the share of zeros asked for, and nothing else changes.
func TestPrune(t *testing.T) {
	g, _ := exportToy(t, 2)
	before := g.Tensors()
	data := []Example{{Prompt: []int32{10, 11, 12}, Text: []int32{20, 21}, Behaviour: [][]int32{{1}}}, {Prompt: []int32{30}, Text: []int32{31, 32, 33}}}
	losses := 0
	for _, method := range []PruneMethod{Magnitude, Wanda} {
		pruned, report, err := g.Prune(context.Background(), PruneOptions{Method: method, Sparsity: 0.5, Calibration: data,
			Loss: func(ctx context.Context, g *Generator) (float64, error) {
				losses++
				return g.Loss(ctx, data)
			}})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Tensors) != 2*7 {
			t.Errorf("%s: %d matrices in the report, want 14", method, len(report.Tensors))
		}
		reported := map[string]bool{}
		for _, p := range report.Tensors {
			reported[p.Name] = true
			if p.Sparsity != 0.5 {
				t.Errorf("%s: %s has sparsity %g, want 0.5", method, p.Name, p.Sparsity)
			}
		}
		zeroed := 0
		for name, after := range pruned.Tensors() {
			same := slices.Equal(after.Data, before[name].Data)
			if same == reported[name] {
				t.Errorf("%s: %s unchanged: %t", method, name, same)
			}
			for i, v := range after.Data {
				if v != before[name].Data[i] && v != 0 {
					t.Fatalf("%s: %s[%d] became %g", method, name, i, v)
				}
			}
			zeroed += zeros(after.Data)
		}
		if report.Zeros != zeroed || report.Weights != g.Parameters() {
			t.Errorf("%s: %d zeros of %d in the report, want %d of %d", method, report.Zeros, report.Weights, zeroed, g.Parameters())
		}
		if want := math.Exp(report.LossAfter - report.LossBefore); report.PerplexityRatio != want || report.LossAfter == report.LossBefore {
			t.Errorf("%s: loss %g, then %g; ratio %g", method, report.LossBefore, report.LossAfter, report.PerplexityRatio)
		}
	}
	if losses != 4 {
		t.Errorf("the loss was measured %d times, want 4", losses)
	}
	for name, after := range g.Tensors() {
		if !slices.Equal(after.Data, before[name].Data) {
			t.Errorf("pruning a copy changed %s", name)
		}
	}
}

// On one position a layer's attention is its value, so all that Wanda measures can be worked out directly. The second
// layer must be measured on what the pruned first one gives.
func TestWandaByDefinition(t *testing.T) {
	g, _ := exportToy(t, 0)
	c := g.Config()
	c.KVHeads = c.Heads // one head for each value
	full := newToy(t, c)
	weights := full.Tensors()
	for name, w := range g.Tensors() {
		if have := weights[name]; len(have.Data) == len(w.Data) {
			weights[name] = w
		}
	}
	if err := full.SetTensors(weights); err != nil {
		t.Fatal(err)
	}
	// The prompt is empty and the text too: <text> alone is the one position.
	pruned, _, err := full.Prune(context.Background(), PruneOptions{Method: Wanda, Sparsity: 0.25, Calibration: []Example{{}}})
	if err != nil {
		t.Fatal(err)
	}
	want := full.Tensors()
	x := slices.Clone(want["gpt/embed"].Data[int(TextID)*c.Dim : (int(TextID)+1)*c.Dim])
	prune := func(name string, input []float64) { // by definition
		w := want[name]
		in, out := w.Shape[0], w.Shape[1]
		for j := range out {
			type scored struct {
				score float64
				i     int
			}
			var column []scored
			for i := range in {
				column = append(column, scored{math.Abs(float64(w.Data[i*out+j]) * input[i]), i})
			}
			slices.SortFunc(column, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
			for _, s := range column[:in/4] {
				w.Data[s.i*out+j] = 0
			}
		}
	}
	dense := func(name string, input []float64) []float64 {
		w := want[name]
		product := make([]float64, w.Shape[1])
		for i, v := range input {
			for j := range product {
				product[j] += float64(w.Data[i*w.Shape[1]+j]) * v
			}
		}
		return product
	}
	norm := func(gain string) []float64 {
		sum := 0.0
		for _, v := range x {
			sum += float64(v) * float64(v)
		}
		out := make([]float64, c.Dim)
		for i, v := range x {
			out[i] = float64(v) / math.Sqrt(sum/float64(c.Dim)+c.Eps) * float64(want[gain].Data[i])
		}
		return out
	}
	add := func(y []float64) {
		for i, v := range y {
			x[i] += float32(v)
		}
	}
	swiGLU := func(gate, up []float64) []float64 {
		for i, v := range gate {
			gate[i] = v / (1 + math.Exp(-v)) * up[i]
		}
		return gate
	}
	for l := range c.Layers {
		at := func(name string) string { return strings.Replace("gpt/layerN/", "N", string(rune('0'+l)), 1) + name }
		start := slices.Clone(x)
		a := norm(at("attn_norm"))
		// Inputs are measured on the layer as it was.
		value := dense(at("v"), a)
		add(dense(at("o"), value))
		f := norm(at("ff_norm"))
		inner := swiGLU(dense(at("gate"), f), dense(at("up"), f))
		for _, name := range []string{"q", "k", "v"} {
			prune(at(name), a)
		}
		prune(at("o"), value)
		prune(at("gate"), f)
		prune(at("up"), f)
		prune(at("down"), inner)
		// The next layer sees what is left of it.
		x = start
		add(dense(at("o"), dense(at("v"), norm(at("attn_norm")))))
		f = norm(at("ff_norm"))
		add(dense(at("down"), swiGLU(dense(at("gate"), f), dense(at("up"), f))))
	}
	got := pruned.Tensors()
	for name, w := range want {
		differ := 0
		for i, v := range got[name].Data {
			if v != w.Data[i] {
				differ++
			}
		}
		if differ > len(w.Data)/1000 { // scores that are equal but for rounding
			t.Errorf("%s: %d of %d values are not as defined", name, differ, len(w.Data))
		}
	}
}

// A generator that decodes in int8 is pruned as the same weights in float32 are.
func TestPruneRounded(t *testing.T) {
	g, _ := exportToy(t, 0)
	dir := t.TempDir()
	if err := g.Save(dir, SaveOptions{Int8: true}); err != nil {
		t.Fatal(err)
	}
	rounded, err := LoadGenerator(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := rounded.Clone()
	if err != nil {
		t.Fatal(err)
	}
	whole.rounded = false
	o := PruneOptions{Method: Wanda, Sparsity: 0.5, Calibration: []Example{{Prompt: []int32{10, 11}, Text: []int32{20}}}}
	got, _, err := rounded.Prune(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := whole.Prune(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	sameWeights(t, got, want, "pruned")
}

func TestPruneRefuses(t *testing.T) {
	g := newToy(t, toyConfig())
	for name, o := range map[string]PruneOptions{
		"no method":      {Sparsity: 0.5},
		"no calibration": {Method: Wanda, Sparsity: 0.5},
		"all":            {Method: Magnitude, Sparsity: 1},
		"negative":       {Method: Magnitude, Sparsity: -0.1},
		"NaN":            {Method: Magnitude, Sparsity: math.NaN()},
	} {
		if _, _, err := g.Prune(context.Background(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, method := range []PruneMethod{Magnitude, Wanda} {
		if _, _, err := g.Prune(ctx, PruneOptions{Method: method, Calibration: toyData(2, 1)}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled pruning gave %v", method, err)
		}
	}
}

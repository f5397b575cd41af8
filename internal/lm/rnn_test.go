package lm

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// wave is the tensor of testdata/rnn.py: the k-th number is amplitude·sin(.7k + phase).
func wave(amplitude, phase float64, n int) []float64 {
	out := make([]float64, n)
	for k := range out {
		out[k] = amplitude * math.Sin(0.7*float64(k)+phase)
	}
	return out
}

func float32s(xs []float64) []float32 {
	out := make([]float32, len(xs))
	for i, x := range xs {
		out[i] = float32(x)
	}
	return out
}

// turned is the transpose of a rows×cols matrix: PyTorch keeps weights as [out, in], we as [in, out].
func turned(m []float64, rows, cols int) []float64 {
	out := make([]float64, len(m))
	for r := range rows {
		for c := range cols {
			out[c*rows+r] = m[r*cols+c]
		}
	}
	return out
}

// cellWeights are those of testdata/rnn.py, in PyTorch's layout.
type cellWeights struct{ wx, wh, bx, bh []float64 }

func testWeights(gates, in, hidden int) cellWeights {
	return cellWeights{wave(.6, .1, gates*hidden*in), wave(.7, .2, gates*hidden*hidden), wave(.3, .3, gates*hidden), wave(.2, .4, gates*hidden)}
}

func (w cellWeights) into(store *model.Store, gates, in, hidden int) {
	store.VariableWithValue("/input_weights", tensors.FromFlatDataAndDimensions(float32s(turned(w.wx, gates*hidden, in)), in, gates*hidden))
	store.VariableWithValue("/state_weights", tensors.FromFlatDataAndDimensions(float32s(turned(w.wh, gates*hidden, hidden)), hidden, gates*hidden))
	store.VariableWithValue("/input_bias", tensors.FromFlatDataAndDimensions(float32s(w.bx), gates*hidden))
	store.VariableWithValue("/state_bias", tensors.FromFlatDataAndDimensions(float32s(w.bh), gates*hidden))
}

// cellByHand is one step of PyTorch's GRUCell or LSTMCell, as its documentation writes it, in float64.
func cellByHand(cell string, w cellWeights, x, h, c []float64) (h2, c2 []float64) {
	n, in := len(h), len(x)
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	fromX := func(row int) float64 {
		s := w.bx[row]
		for i, v := range x {
			s += w.wx[row*in+i] * v
		}
		return s
	}
	fromH := func(row int) float64 {
		s := w.bh[row]
		for i, v := range h {
			s += w.wh[row*n+i] * v
		}
		return s
	}
	h2, c2 = make([]float64, n), make([]float64, n)
	for j := range n {
		if cell == CellGRU {
			r, z := sigma(fromX(j)+fromH(j)), sigma(fromX(n+j)+fromH(n+j))
			h2[j] = (1-z)*math.Tanh(fromX(2*n+j)+r*fromH(2*n+j)) + z*h[j]
			continue
		}
		i, f := sigma(fromX(j)+fromH(j)), sigma(fromX(n+j)+fromH(n+j))
		c2[j] = f*c[j] + i*math.Tanh(fromX(2*n+j)+fromH(2*n+j))
		h2[j] = sigma(fromX(3*n+j)+fromH(3*n+j)) * math.Tanh(c2[j])
	}
	return h2, c2
}

const testBatch, testTime, testIn, testHidden = 2, 5, 3, 4

var testGates = map[string]int{CellGRU: 3, CellLSTM: 4}

// TestRNNByHand compares every state with the printed equations, and a masked step with no step.
func TestRNNByHand(t *testing.T) {
	xs := wave(1, .5, testBatch*testTime*testIn)
	mask := []float32{1, 1, 0, 1, 0, 0, 1, 1, 1, 1}
	for cell, gates := range testGates {
		for _, masked := range []bool{false, true} {
			w := testWeights(gates, testIn, testHidden)
			store := model.NewStore()
			w.into(store, gates, testIn, testHidden)
			got := tensors.MustCopyFlatData[float32](model.MustCallOnce(backend(), store, func(scope *model.Scope, x, m *graph.Node) *graph.Node {
				if !masked {
					m = nil
				}
				all, last := rnn(scope, cell, x, m, rnnState{}, testHidden)
				return graph.Concatenate([]*graph.Node{all, graph.ExpandAxes(last.h, 1)}, 1)
			}, tensors.FromFlatDataAndDimensions(float32s(xs), testBatch, testTime, testIn),
				tensors.FromFlatDataAndDimensions(mask, testBatch, testTime)))
			for b := range testBatch {
				h, c := make([]float64, testHidden), make([]float64, testHidden)
				for s := range testTime + 1 {
					if s < testTime && !(masked && mask[b*testTime+s] == 0) {
						at := (b*testTime + s) * testIn
						h, c = cellByHand(cell, w, xs[at:at+testIn], h, c)
					}
					for j, want := range h {
						if g := float64(got[(b*(testTime+1)+s)*testHidden+j]); math.Abs(g-want) > 1e-6 {
							t.Errorf("%s masked=%v row %d step %d unit %d: %.7f, want %.7f", cell, masked, b, s, j, g, want)
						}
					}
				}
			}
		}
	}
}

// TestRNNAsPyTorch compares states and derivatives with those of PyTorch's own layers (testdata/rnn.py).
func TestRNNAsPyTorch(t *testing.T) {
	raw, err := os.ReadFile("testdata/rnn.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ GRU, LSTM reference }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]reference{CellGRU: file.GRU, CellLSTM: file.LSTM} {
		gates := testGates[cell]
		store := model.NewStore()
		testWeights(gates, testIn, testHidden).into(store, gates, testIn, testHidden)
		out := model.MustCallOnceN(backend(), store, func(scope *model.Scope, x, weight *graph.Node) []*graph.Node {
			all, _ := rnn(scope, cell, x, nil, rnnState{}, testHidden)
			wh := scope.GetVariable("state_weights").NodeValue(x.Graph())
			return append([]*graph.Node{all}, graph.Gradient(graph.ReduceAllSum(graph.Mul(all, weight)), x, wh)...)
		}, tensors.FromFlatDataAndDimensions(float32s(wave(1, .5, testBatch*testTime*testIn)), testBatch, testTime, testIn),
			tensors.FromFlatDataAndDimensions(float32s(wave(1, .6, testBatch*testTime*testHidden)), testBatch, testTime, testHidden))
		near(t, cell+" states", out[0], want.States, 1e-6)
		near(t, cell+" input gradient", out[1], want.InputGradient, 1e-5)
		near(t, cell+" weight gradient", out[2], turned(want.StateWeightsGradient, gates*testHidden, testHidden), 1e-5)
	}
}

type reference struct {
	States               []float64
	InputGradient        []float64 `json:"input_gradient"`
	StateWeightsGradient []float64 `json:"state_weights_gradient"`
}

func near(t *testing.T, what string, got *tensors.Tensor, want []float64, tolerance float64) {
	t.Helper()
	flat := tensors.MustCopyFlatData[float32](got)
	if len(flat) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(flat), len(want))
	}
	for i, g := range flat {
		if math.Abs(float64(g)-want[i]) > tolerance*(1+math.Abs(want[i])) {
			t.Errorf("%s[%d] = %.7f, want %.7f", what, i, g, want[i])
		}
	}
}

// TestUnstackGradient holds the joined derivative to that of plain slices, with a part that nothing uses.
func TestUnstackGradient(t *testing.T) {
	x := tensors.FromFlatDataAndDimensions(float32s(wave(1, .5, 24)), 2, 6, 2)
	loss := func(parts []*graph.Node) *graph.Node {
		return graph.ReduceAllSum(graph.Add(graph.Mul(parts[0], graph.Sin(parts[2])), graph.Square(parts[0])))
	}
	out := graph.MustExecOnceN(backend(), func(x *graph.Node) []*graph.Node {
		x = graph.Tanh(x)
		return append(graph.Gradient(loss(unstack(x, 1, 3)), x), graph.Gradient(loss(graph.Split(x, 1, 3)), x)...)
	}, x)
	want := tensors.MustCopyFlatData[float32](out[1])
	for i, got := range tensors.MustCopyFlatData[float32](out[0]) {
		if math.Abs(float64(got-want[i])) > 1e-6 {
			t.Errorf("gradient[%d] = %g, want %g", i, got, want[i])
		}
	}
}

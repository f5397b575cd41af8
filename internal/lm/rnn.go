package lm

import (
	"math"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/nn"
)

// The cells that rnn knows.
const (
	CellGRU  = "gru"
	CellLSTM = "lstm"
)

// An rnnLayer is one recurrent layer in a graph: a weight matrix and a bias for each gate, of the input and of the state.
//
// A gate has products of its own, since cutting the columns of one large product would cost the Go backend more than it.
type rnnLayer struct {
	wx, bx, wh, bh []*Node
	step           func(x, hx []*Node, s rnnState) rnnState
	hidden         int
}

// newRNNLayer makes a layer's weights under the scope, or finds them: input_weights [in, gates·hidden], state_weights
// [hidden, gates·hidden] and their biases, which start uniform within ±1/√hidden as in PyTorch.
func newRNNLayer(scope *model.Scope, g *Graph, cell string, in, hidden int) rnnLayer {
	l := rnnLayer{hidden: hidden, step: gruStep}
	gates := 3
	if cell == CellLSTM {
		l.step, gates = lstmStep, 4
	} else if cell != CellGRU {
		panic("lm: there is no cell " + cell)
	}
	bound := 1 / math.Sqrt(float64(hidden))
	scope = scope.WithInitializer(initializer.RandomUniformFn(scope, -bound, bound))
	weight := func(name string, dims ...int) *Node {
		return scope.VariableWithShape(name, shapes.Make(dtypes.Float32, dims...)).NodeValue(g)
	}
	perGate := func(name string, in int) (weights, biases []*Node) {
		return unstack(weight(name+"_weights", in, gates*hidden), 1, gates), unstack(weight(name+"_bias", gates*hidden), 0, gates)
	}
	l.wx, l.bx = perGate("input", in)
	l.wh, l.bh = perGate("state", hidden)
	return l
}

// zero is the first state of a number of rows.
func (l rnnLayer) zero(g *Graph, rows int) rnnState {
	h := Zeros(g, shapes.Make(dtypes.Float32, rows, l.hidden))
	return rnnState{h, h}
}

// next takes one step: x is [batch, in].
func (l rnnLayer) next(x *Node, s rnnState) rnnState {
	xs := make([]*Node, len(l.wx))
	for i := range xs {
		xs[i] = affine(x, l.wx[i], l.bx[i])
	}
	return l.nextOf(xs, s)
}

// nextOf is next for the input's products, [batch, hidden] of each gate.
func (l rnnLayer) nextOf(xs []*Node, s rnnState) rnnState {
	hxs := make([]*Node, len(l.wh))
	for i := range hxs {
		hxs[i] = affine(s.h, l.wh[i], l.bh[i])
	}
	return l.step(xs, hxs, s)
}

// rnn runs one recurrent layer over time, unrolled into the graph.
//
// x is [batch, time, in]; mask, [batch, time] of 0 and 1, may be nil. Where the mask is 0 the state stays as it was, so
// padding may stand on either side and changes nothing. The first state is start, or zero where start.h is nil. all is
// [batch, time, hidden], h after each step; last is the last state.
func rnn(scope *model.Scope, cell string, x, mask *Node, start rnnState, hidden int) (all *Node, last rnnState) {
	g, batch, time, in := x.Graph(), x.Shape().Dim(0), x.Shape().Dim(1), x.Shape().Dim(2)
	l := newRNNLayer(scope, g, cell, in, hidden)
	x = Transpose(x, 0, 1) // the input's products are made for all steps at once: [time, batch, hidden] of each gate
	fromX := make([][]*Node, len(l.wx))
	for i := range fromX {
		fromX[i] = unstack(affine(x, l.wx[i], l.bx[i]), 0, time)
	}
	state := start
	if state.h == nil {
		state = l.zero(g, batch)
	}
	var masks []*Node
	if mask != nil {
		mask.AssertDims(batch, time)
		masks = unstack(ExpandAxes(Transpose(mask, 0, 1), -1), 0, time)
	}
	hs := make([]*Node, time)
	for t := range time {
		xs := make([]*Node, len(fromX))
		for i := range xs {
			xs[i] = Reshape(fromX[i][t], batch, hidden)
		}
		next := l.nextOf(xs, state)
		if mask != nil {
			on := Reshape(masks[t], batch, 1)
			next.h = Add(Mul(next.h, on), Mul(state.h, OneMinus(on)))
			if next.c != nil {
				next.c = Add(Mul(next.c, on), Mul(state.c, OneMinus(on)))
			}
		}
		state, hs[t] = next, next.h
	}
	return Stack(hs, 1), state
}

// An rnnState is what a cell hands on: h, and for an LSTM the memory c; both [batch, hidden].
type rnnState struct{ h, c *Node }

// gruStep is the gated recurrent unit (Cho et al. 2014) with the reset gate after the product, as cuDNN and PyTorch
// have it: r = σ(x_r + h_r), z = σ(x_z + h_z), n = tanh(x_n + r⊙h_n), h' = (1−z)⊙n + z⊙h.
//
// x and hx are the products of input and state with their weights, bias included, in the order r, z, n; all are
// [batch, hidden].
func gruStep(x, hx []*Node, s rnnState) rnnState {
	r, z := Sigmoid(Add(x[0], hx[0])), Sigmoid(Add(x[1], hx[1]))
	n := Tanh(Add(x[2], Mul(r, hx[2])))
	return rnnState{h: Add(n, Mul(z, Sub(s.h, n)))}
}

// lstmStep is long short-term memory (Hochreiter and Schmidhuber 1997) with forget gate and without peepholes:
// c' = σ(f)⊙c + σ(i)⊙tanh(g), h' = σ(o)⊙tanh(c').
//
// x and hx are as for gruStep, in the order i, f, g, o.
func lstmStep(x, hx []*Node, s rnnState) rnnState {
	gate := func(i int) *Node { return Add(x[i], hx[i]) }
	c := Add(Mul(Sigmoid(gate(1)), s.c), Mul(Sigmoid(gate(0)), Tanh(gate(2))))
	return rnnState{h: Mul(Sigmoid(gate(3)), Tanh(c)), c: c}
}

// unstack cuts x into n equal parts along an axis, which stays. The derivative of a slice is a padded copy of the
// whole, so backpropagation through n slices would cost n times the size of x; here the parts' derivatives are joined
// once.
func unstack(x *Node, axis, n int) []*Node {
	vjps := make([]*Node, n)
	fired := false
	whole := IdentityWithCustomGradient(x, func(x, _ *Node) *Node {
		for i, v := range vjps {
			if v == nil {
				dims := append([]int(nil), x.Shape().Dimensions...)
				dims[axis] /= n
				vjps[i] = Zeros(x.Graph(), shapes.Make(x.DType(), dims...))
			}
		}
		joined := Concatenate(vjps, axis)
		vjps, fired = make([]*Node, n), false
		return joined
	})
	parts := split(whole, axis, n)
	for i, part := range parts {
		parts[i] = IdentityWithCustomGradient(part, func(_, v *Node) *Node {
			vjps[i] = v
			if fired {
				return nil
			}
			fired = true // one derivative must reach the whole, or it would not be asked for its own
			return v
		})
	}
	return parts
}

// split is Split, whose slices the Go backend copies number by number; rows of the first axis it gathers as blocks.
func split(x *Node, axis, n int) []*Node {
	if axis != 0 || x.Shape().Dim(0) != n {
		return Split(x, axis, n)
	}
	parts := make([]*Node, n)
	for i := range parts {
		parts[i] = Gather(x, Const(x.Graph(), [][]int32{{int32(i)}}))
	}
	return parts
}

// affine is x·w + b for x [..., in], w [in, out] and b [out].
func affine(x, w, b *Node) *Node { return nn.Dense(x, w, b, compute.DenseLayoutInputOutputs) }

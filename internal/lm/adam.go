package lm

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Adam's constants (Kingma and Ba 2015, algorithm 1), as PyTorch has them; the recurrent models train with these.
const (
	adamBeta1 = 0.9
	adamBeta2 = 0.999
)

// An adam is the optimiser of a small model: its weights' paths, and the steps taken. The two moments are variables of the
// store under /train.
type adam struct {
	store  *model.Store
	params []string
	steps  int
}

// newAdam makes the moments of all weights that the store has under the given scopes.
func newAdam(store *model.Store, scopes ...string) (*adam, error) {
	a := &adam{store: store}
	for v := range store.IterVariables() {
		for _, scope := range scopes {
			if strings.HasPrefix(v.Path(), "/"+scope+"/") {
				a.params = append(a.params, v.Path())
			}
		}
	}
	for _, path := range a.params {
		for _, kind := range []string{"m", "v"} {
			if _, err := store.CreateVariable(moment(kind, path), tensors.FromShape(store.GetVariable(path).Shape())); err != nil {
				return nil, fmt.Errorf("make the moment of %s: %w", path, err)
			}
		}
	}
	return a, nil
}

func moment(kind, path string) string { return "/train/" + kind + path }

// next counts a step and gives what stepGraph takes: learning rate, largest norm, and the corrections of the two moments.
func (a *adam) next(lr, clip float64) *tensors.Tensor {
	a.steps++
	keep1, keep2 := 1.0, 1.0
	for range min(a.steps, 1<<15) { // both powers are 0 in float32 long before
		keep1, keep2 = keep1*adamBeta1, keep2*adamBeta2
	}
	return tensors.FromFlatDataAndDimensions(
		[]float32{float32(lr), float32(clip), float32(1 / (1 - keep1)), float32(1 / (1 - keep2))}, 4)
}

// stepGraph moves the weights one step down the loss, with gradients clipped to a norm, and gives that norm as it was.
func (a *adam) stepGraph(loss, in *Node) *Node {
	g := loss.Graph()
	at := func(i int) *Node { return Reshape(SliceAxis(in, 0, AxisElem(i))) }
	lr, clip, unbias1, unbias2 := at(0), at(1), at(2), at(3)
	weights := make([]*Node, len(a.params))
	for i, path := range a.params {
		weights[i] = a.store.GetVariable(path).NodeValue(g)
	}
	gradients := Gradient(loss, weights...)
	square := ScalarZero(g, dtypes.Float32)
	for _, gradient := range gradients {
		square = Add(square, ReduceAllSum(Square(gradient)))
	}
	norm := Sqrt(square)
	factor := MinScalar(Div(clip, AddScalar(norm, 1e-6)), 1)
	for i, path := range a.params {
		gradient := Mul(gradients[i], factor)
		m, v := a.store.GetVariable(moment("m", path)), a.store.GetVariable(moment("v", path))
		first := Add(MulScalar(m.NodeValue(g), adamBeta1), MulScalar(gradient, 1-adamBeta1))
		second := Add(MulScalar(v.NodeValue(g), adamBeta2), MulScalar(Square(gradient), 1-adamBeta2))
		step := Div(Mul(first, unbias1), AddScalar(Sqrt(Mul(second, unbias2)), adamEps))
		a.store.GetVariable(path).SetNodeValue(Sub(weights[i], Mul(step, lr)))
		m.SetNodeValue(first)
		v.SetNodeValue(second)
	}
	return norm
}

// values copies the weights and, if moments is set, the moments; by path.
func (a *adam) values(moments bool) map[string]storedTensor {
	out := map[string]storedTensor{}
	put := func(path string) {
		v := a.store.GetVariable(path)
		out[path] = storedTensor{dims: v.Shape().Dimensions, floats: tensors.MustCopyFlatData[float32](v.MustValue())}
	}
	for _, path := range a.params {
		put(path)
		if moments {
			put(moment("m", path))
			put(moment("v", path))
		}
	}
	return out
}

// set puts copies back. Weights that are not among them are an error, moments are not: they stay.
func (a *adam) set(values map[string]storedTensor) error {
	for _, path := range a.params {
		if _, ok := values[path]; !ok {
			return fmt.Errorf("there is no %s", path)
		}
		for _, p := range []string{path, moment("m", path), moment("v", path)} {
			t, ok := values[p]
			if !ok {
				continue
			}
			v := a.store.GetVariable(p)
			if !shapes.Make(dtypes.Float32, t.dims...).Equal(v.Shape()) || len(t.floats) != v.Shape().Size() {
				return fmt.Errorf("%s has the shape %v instead of %v", p, t.dims, v.Shape().Dimensions)
			}
			tensors.MustMutableFlatData(v.MustValue(), func(flat []float32) { copy(flat, t.floats) })
		}
	}
	return nil
}

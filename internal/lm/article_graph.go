package lm

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// weight is a matrix or bias of the two networks, uniform within ±0.1 at the start.
func (a *articlePair) weight(scope *model.Scope, g *Graph, name string, dims ...int) *Node {
	return scope.WithInitializer(initializer.RandomUniformFn(scope, -.1, .1)).
		VariableWithShape(name, shapes.Make(dtypes.Float32, dims...)).NodeValue(g)
}

// write is G(z): an LSTM that reads its own last token and writes the next, the likeliest of its logits plus z. tokens is
// [rows, MaxText] of int32, 0 after <end>; logProbs, [rows], is the log-probability of each whole text.
func (a *articlePair) write(scope *model.Scope, z *Node) (tokens, logProbs *Node) {
	g, rows, words := z.Graph(), z.Shape().Dim(0), len(a.words.from)
	table := a.weight(scope, g, "embed", words, a.o.Embed)
	out, bias := a.weight(scope, g, "out", a.o.Hidden, words), a.weight(scope, g, "out_bias", words)
	l := newRNNLayer(scope.In("lstm"), g, CellLSTM, a.o.Embed, a.o.Hidden)
	state := l.zero(g, rows)
	token := AddScalar(Zeros(g, shapes.Make(dtypes.Int32, rows)), 1) // <text>
	alive := Ones(g, shapes.Make(dtypes.Float32, rows))
	logProbs = Zeros(g, shapes.Make(dtypes.Float32, rows))
	zs := unstack(Transpose(z, 0, 1), 0, a.o.MaxText)
	written := make([]*Node, a.o.MaxText)
	for t := range written {
		state = l.next(Gather(table, ExpandAxes(token, -1)), state)
		logits := affine(state.h, out, bias)
		token = ArgMax(Add(StopGradient(logits), Reshape(zs[t], rows, words)), -1, dtypes.Int32)
		logProb := ReduceSum(Mul(OneHot(token, words, dtypes.Float32), LogSoftmax(logits, -1)), -1)
		logProbs = Add(logProbs, Mul(alive, logProb))
		written[t] = Mul(token, ConvertDType(alive, dtypes.Int32))
		alive = Mul(alive, ConvertDType(GreaterThan(token, Scalar(g, dtypes.Int32, 2)), dtypes.Float32)) // <end>, <text> and <pad> end it
	}
	return Stack(written, 1), logProbs
}

// judge is the logit of D for each row of tokens, [rows]: the mean of the logits of its tokens.
func (a *articlePair) judge(scope *model.Scope, tokens *Node) *Node {
	g, rows := tokens.Graph(), tokens.Shape().Dim(0)
	real := ConvertDType(GreaterThan(tokens, ZerosLike(tokens)), dtypes.Float32)
	x := Gather(a.weight(scope, g, "embed", len(a.words.from), a.o.Embed), ExpandAxes(tokens, -1))
	all, _ := rnn(scope.At("lstm"), CellLSTM, x, real, rnnState{}, a.o.Hidden)
	logits := affine(all, a.weight(scope, g, "out", a.o.Hidden, 1), a.weight(scope, g, "out_bias", 1))
	logits = Mul(Reshape(logits, real.Shape().Dimensions...), real)
	return Reshape(Div(ReduceSum(logits, 1), MaxScalar(ReduceSum(real, 1), 1)), rows)
}

// generatorGraph gives L_G = −mean log D(G(z)) and takes the generator's step on it: the reward of a text is log D, its
// advantage that less the others' mean, and the loss −mean advantage·log p.
func (a *articlePair) generatorGraph(scope *model.Scope, z, in *Node) []*Node {
	weightsVary(scope, z)
	tokens, logProbs := a.write(scope.In("generator"), z)
	lossOf := Softplus(Neg(a.judge(scope.In("discriminator"), tokens))) // −log D
	lossG := ReduceAllMean(lossOf)
	rows := float64(z.Shape().Dim(0))
	advantage := MulScalar(Sub(BroadcastToDims(lossG, z.Shape().Dim(0)), lossOf), rows/max(1, rows-1)) // leave one out
	a.adamG.stepGraph(Neg(ReduceAllMean(Mul(StopGradient(advantage), logProbs))), in)
	return []*Node{lossG}
}

// discriminatorGraph gives L_D = ½(−mean log D(x) − mean log(1 − D(G(z)))) and takes the discriminator's step on it;
// swapped, both labels are the other way round.
func (a *articlePair) discriminatorGraph(scope *model.Scope, real, z, in *Node) []*Node {
	weightsVary(scope, z)
	tokens, _ := a.write(scope.In("generator"), z)
	logits := a.judge(scope.In("discriminator"), Concatenate([]*Node{real, tokens}, 0))
	n := real.Shape().Dim(0)
	ofReal, ofFake := SliceAxis(logits, 0, AxisRange(0, n)), SliceAxis(logits, 0, AxisRangeToEnd(n))
	if a.o.Swapped {
		ofReal, ofFake = ofFake, ofReal
	}
	loss := MulScalar(Add(ReduceAllMean(Softplus(Neg(ofReal))), ReduceAllMean(Softplus(ofFake))), .5)
	a.adamD.stepGraph(loss, in)
	return []*Node{loss}
}

// sampleGraph gives D's logits of real and of generated texts, and the latter.
func (a *articlePair) sampleGraph(scope *model.Scope, real, z *Node) []*Node {
	weightsVary(scope, z)
	tokens, _ := a.write(scope.In("generator"), z)
	d := scope.In("discriminator")
	return []*Node{a.judge(d, real), a.judge(d, tokens), tokens}
}

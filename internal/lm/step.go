package lm

import (
	"fmt"
	"math/rand/v2"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A trainer holds what only training needs: the graph that adds one micro-batch's gradients to the sum, the graph that
// applies the sum, and their variables (the sum, and AdamW's two moments) in the store under /train.
type trainer struct {
	g          *Generator
	accumulate onMesh
	apply      onMesh
	weighted   int // steps of stepWeighted, for the moments' bias
}

func newTrainer(g *Generator) *trainer {
	for _, path := range g.learned() {
		dims := g.store.GetVariable(path).Shape().Dimensions
		for _, kind := range []string{"sum", "m", "v"} {
			if g.store.GetVariable("/train/"+kind+path) != nil {
				continue // of another backend's trainer
			}
			if _, err := g.store.CreateVariable("/train/"+kind+path, tensors.FromShape(shapes.Make(dtypes.Float32, dims...))); err != nil {
				panic(fmt.Sprintf("lm: %v", err)) // the names are ours
			}
		}
	}
	t := &trainer{g: g}
	on, devices := g.backend.graphs(), g.backend.devices()
	t.accumulate = devices.cutRows(model.MustNewExec(on, g.store, t.accumulateGraph).SetMaxCache(-1))
	t.apply = devices.repeat(model.MustNewExec(on, g.store, t.applyGraph))
	return t
}

// clearMoments forgets what AdamW has seen.
func (t *trainer) clearMoments() {
	for _, path := range t.g.learned() {
		for _, kind := range []string{"sum", "m", "v"} {
			v := t.g.store.GetVariable("/train/" + kind + path)
			put(v, make([]float32, v.Shape().Size()))
		}
	}
}

// A microStep is one micro-batch of a step, with what each token weighs. The loss is
// Σ weight·(−log p) + Σ kl·k3 + heads, where k3 = r − log r − 1 with log r = reference − log p estimates the divergence
// from the reference (Schulman 2020, "Approximating KL divergence").
type microStep struct {
	batch     microBatch
	data      batchData
	heads     headData
	weight    []float32 // [rows, text]
	kl        []float32 // [rows, text]
	reference []float32 // [rows, text], log-probabilities
	keepState []float32 // [rows], 0 silences the behaviour
	still     bool      // no dropout
}

// sums are what a micro-batch adds up: nats over real tokens, k3 over real tokens, and the heads' weighted losses.
type sums struct{ text, kl, aspect, rating, next float64 }

func (s *sums) add(o sums) {
	s.text += o.text
	s.kl += o.kl
	s.aspect += o.aspect
	s.rating += o.rating
	s.next += o.next
}

// add runs a micro-batch forward and back and adds its gradients to the sum. Dropout is drawn from rng.
func (t *trainer) add(m microStep, rng *rand.ChaCha8) (sums, error) {
	cfg, b := t.g.cfg, m.batch
	perToken := func(values []float32) *tensors.Tensor {
		return tensors.FromFlatDataAndDimensions(values, b.rows, b.text)
	}
	in := b.inputs(m.data, cfg)
	in = append(in, perToken(m.data.real), perToken(m.weight), perToken(m.kl), perToken(m.reference),
		tensors.FromFlatDataAndDimensions(m.heads.rating, b.rows, 1), tensors.FromFlatDataAndDimensions(m.heads.rated, b.rows, 1))
	if cfg.Aspects > 0 {
		in = append(in, tensors.FromFlatDataAndDimensions(m.heads.aspect, b.rows, cfg.Aspects))
	}
	if cfg.SoftTokens > 0 {
		in = append(in, tensors.FromFlatDataAndDimensions(m.heads.next, b.rows, cfg.Encoder.Buckets),
			tensors.FromFlatDataAndDimensions(m.keepState, b.rows, 1))
	}
	for _, columns := range t.dropoutColumns(m) {
		keep := dropoutMask(b.rows*columns*cfg.Dim, cfg.dropped(), rng)
		in = append(in, tensors.FromFlatDataAndDimensions(keep, b.rows, columns, cfg.Dim))
	}
	out, err := t.accumulate.call(in...)
	if err != nil {
		return sums{}, fmt.Errorf("train on %d texts: %w", len(b.examples), err)
	}
	flat, err := tensors.CopyFlatData[float32](out[0])
	if err != nil {
		return sums{}, fmt.Errorf("train on %d texts: %w", len(b.examples), err)
	}
	for _, o := range out {
		o.MustFinalizeAll()
	}
	return sums{float64(flat[0]), float64(flat[1]), float64(flat[2]), float64(flat[3]), float64(flat[4])}, nil
}

// dropoutColumns lists the columns of each dropout mask of a micro-batch, in the order of use: the embedding, then two
// branches a layer, of which the last layer sees the text only.
func (t *trainer) dropoutColumns(m microStep) []int {
	cfg, b := t.g.cfg, m.batch
	if m.still || cfg.dropped() == 0 {
		return nil
	}
	all := b.prompt + cfg.SoftTokens + b.text
	columns := []int{all}
	for l := range cfg.Layers {
		n := all
		if l == cfg.Layers-1 {
			n = b.text
		}
		columns = append(columns, n, n)
	}
	return columns
}

// dropoutMask draws n times true with probability 1−rate, rate being a multiple of 1/256.
func dropoutMask(n int, rate float64, rng *rand.ChaCha8) []bool {
	keep, below := make([]bool, n), byte(rate*256)
	var word uint64
	for i := range keep {
		if i%8 == 0 {
			word = rng.Uint64()
		}
		keep[i] = byte(word) >= below
		word >>= 8
	}
	return keep
}

// accumulateGraph reads its inputs in the order in which add puts them.
func (t *trainer) accumulateGraph(scope *model.Scope, in []*Node) *Node {
	weightsVary(scope, in[0])
	cfg := t.g.cfg
	next := func() *Node {
		n := in[0]
		in = in[1:]
		return n
	}
	ids, pad, targets := next(), next(), next()
	g := ids.Graph()
	var events *Node
	if cfg.SoftTokens > 0 {
		events = next()
	}
	isReal, weight, kl, reference, rating, rated := next(), next(), next(), next(), next(), next()
	var aspect, nextItem, keepState *Node
	if cfg.Aspects > 0 {
		aspect = next()
	}
	if cfg.SoftTokens > 0 {
		nextItem, keepState = next(), next()
	}

	f := &forward{g: t.g, scope: scope, graph: g, keep: in}
	var state, shown *Node
	if events != nil {
		state = f.state(events, nil)
		shown = Mul(state, BroadcastToDims(keepState, state.Shape().Dimensions...))
	}
	h := f.hidden(ids, pad, shown, targets.Shape().Dim(1))
	lp := f.logProbs(h, targets)
	logRatio := Mul(ClipScalar(Sub(reference, lp), -20, 20), isReal)
	k3 := Sub(Sub(Exp(logRatio), logRatio), OnesLike(isReal)) // exp 0 − 0 − 1 = 0 where there is no token

	text := Neg(ReduceAllSum(Mul(weight, lp)))
	divergence := ReduceAllSum(Mul(kl, k3))
	zero := ScalarZero(g, dtypes.Float32)
	aspectLoss, ratingLoss, nextLoss := zero, zero, zero
	first := Reshape(SliceAxis(h, 1, AxisElem(0)), h.Shape().Dim(0), cfg.Dim)
	guess := Sigmoid(affine(first, f.w("heads/rating"), f.w("heads/rating_bias")))
	ratingLoss = ReduceAllSum(Mul(rated, Square(Sub(guess, rating))))
	if aspect != nil {
		logits := affine(first, f.w("heads/aspect"), f.w("heads/aspect_bias"))
		aspectLoss = Neg(ReduceAllSum(Mul(aspect, LogSoftmax(logits, -1))))
	}
	if nextItem != nil {
		logits := affine(state, f.w("heads/next"), f.w("heads/next_bias"))
		nextLoss = Neg(ReduceAllSum(Mul(nextItem, LogSoftmax(logits, -1))))
	}
	loss := Add(Add(text, divergence), Add(aspectLoss, Add(ratingLoss, nextLoss)))

	weights := make([]*Node, len(t.g.learned()))
	for i, path := range t.g.learned() {
		weights[i] = t.g.store.GetVariable(path).NodeValue(g)
	}
	for i, grad := range Gradient(loss, weights...) {
		sum := t.g.store.GetVariable("/train/sum" + t.g.learned()[i])
		sum.SetNodeValue(Add(sum.NodeValue(g), grad))
	}
	flat := func(n *Node) *Node { return Reshape(n, 1) }
	return Concatenate([]*Node{
		flat(Neg(ReduceAllSum(Mul(isReal, lp)))), flat(ReduceAllSum(Mul(isReal, k3))),
		flat(aspectLoss), flat(ratingLoss), flat(nextLoss)}, 0)
}

// An update is how the summed gradients are applied.
type update struct {
	lr, decay, clip float64
	step            int // from 1, for the moments' bias
}

// AdamW's constants (Loshchilov and Hutter 2019, algorithm 2).
const (
	beta1, beta2 = 0.9, 0.95
	adamEps      = 1e-8
)

// update applies the summed gradients, clipped to a norm, forgets them, and gives their norm.
func (t *trainer) update(u update) (norm float64, err error) {
	correct1, correct2 := 1.0, 1.0
	for range min(u.step, 1<<14) { // both powers are 0 in float32 long before
		correct1 *= beta1
		correct2 *= beta2
	}
	in := []float32{float32(u.lr), float32(u.decay), float32(u.clip), float32(1 / (1 - correct1)), float32(1 / (1 - correct2))}
	t.g.changed()
	out, err := t.apply.call(tensors.FromFlatDataAndDimensions(in, len(in)))
	if err != nil {
		return 0, fmt.Errorf("apply gradients: %w", err)
	}
	return float64(tensors.ToScalar[float32](out[0])), nil
}

// applyGraph is one step of AdamW over all weights; matrices decay, gains and biases do not.
func (t *trainer) applyGraph(scope *model.Scope, in *Node) *Node {
	weightsVary(scope, in)
	g := in.Graph()
	at := func(i int) *Node { return Reshape(SliceAxis(in, 0, AxisElem(i))) }
	lr, decay, clip, unbias1, unbias2 := at(0), at(1), at(2), at(3), at(4)
	square := ScalarZero(g, dtypes.Float32)
	for _, path := range t.g.learned() {
		square = Add(square, ReduceAllSum(Square(t.g.store.GetVariable("/train/sum"+path).NodeValue(g))))
	}
	norm := Sqrt(square)
	factor := MinScalar(Div(clip, AddScalar(norm, 1e-6)), 1)
	for _, path := range t.g.learned() {
		v := t.g.store.GetVariable(path)
		sum, m, s := t.g.store.GetVariable("/train/sum"+path), t.g.store.GetVariable("/train/m"+path), t.g.store.GetVariable("/train/v"+path)
		grad := Mul(sum.NodeValue(g), factor)
		first := Add(MulScalar(m.NodeValue(g), beta1), MulScalar(grad, 1-beta1))
		second := Add(MulScalar(s.NodeValue(g), beta2), MulScalar(Square(grad), 1-beta2))
		step := Div(Mul(first, unbias1), AddScalar(Sqrt(Mul(second, unbias2)), adamEps))
		w := v.NodeValue(g)
		if w.Rank() > 1 {
			step = Add(step, Mul(w, decay))
		}
		v.SetNodeValue(Sub(w, Mul(step, lr)))
		m.SetNodeValue(first)
		s.SetNodeValue(second)
		sum.SetNodeValue(ZerosLike(grad))
	}
	return norm
}

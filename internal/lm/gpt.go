package lm

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/nn"
)

// A Generator is a decoder-only transformer of the Llama shape (RMSNorm before each branch, rotary positions, SwiGLU,
// grouped-query attention, tied embeddings, no biases), with soft tokens from the behaviour encoder and three small heads.
//
// All methods may be called concurrently. State, Loss and LogProbs wait for a training step that runs; Sample does not.
type Generator struct {
	cfg     Config
	store   *model.Store
	backend *Backend
	params  []string // paths of the weights, in the order of creation
	lora    *lora    // nil: training changes the weights themselves

	training sync.Mutex // one training at a time

	mu      sync.Mutex // one graph at a time runs over the store
	evalFn  func() *model.Exec
	stateFn func() *model.Exec
	trainFn func() *trainer

	rounded bool                   // the weights are what int8 can say exactly
	packed  atomic.Pointer[packed] // the weights as the decoder wants them; nil when they have changed
}

// A param is one weight matrix before training: its values are normal around 0, or all 1 where std is negative.
type param struct {
	path string
	dims []int
	std  float64
}

// weights lists the weights outside of the encoder. Matrices are [in, out], except embed, [vocab, dim]. The branches'
// last matrices start smaller by √(2·layers), so that the residual stream keeps its size (Radford et al. 2019, §2.3).
func (c Config) weights() []param {
	const std = 0.02
	last := std / math.Sqrt(float64(2*c.Layers))
	kv := c.KVHeads * c.headDim()
	ps := []param{{"gpt/embed", []int{c.Vocab, c.Dim}, std}}
	for l := range c.Layers {
		at := func(name string) string { return fmt.Sprintf("gpt/layer%d/%s", l, name) }
		ps = append(ps,
			param{at("attn_norm"), []int{c.Dim}, -1},
			param{at("q"), []int{c.Dim, c.Dim}, std},
			param{at("k"), []int{c.Dim, kv}, std},
			param{at("v"), []int{c.Dim, kv}, std},
			param{at("o"), []int{c.Dim, c.Dim}, last},
			param{at("ff_norm"), []int{c.Dim}, -1},
			param{at("gate"), []int{c.Dim, c.FF}, std},
			param{at("up"), []int{c.Dim, c.FF}, std},
			param{at("down"), []int{c.FF, c.Dim}, last})
	}
	ps = append(ps, param{"gpt/norm", []int{c.Dim}, -1})
	if c.SoftTokens > 0 {
		ps = append(ps,
			param{"soft/project", []int{c.Encoder.StateDim, c.SoftTokens * c.Dim}, std},
			param{"soft/base", []int{c.SoftTokens * c.Dim}, std}, // what an unknown person's state gives
			param{"heads/next", []int{c.Encoder.StateDim, c.Encoder.Buckets}, std},
			param{"heads/next_bias", []int{c.Encoder.Buckets}, 0})
	}
	if c.Aspects > 0 {
		ps = append(ps,
			param{"heads/aspect", []int{c.Dim, c.Aspects}, std},
			param{"heads/aspect_bias", []int{c.Aspects}, 0})
	}
	return append(ps, param{"heads/rating", []int{c.Dim, 1}, std}, param{"heads/rating_bias", []int{1}, 0})
}

// NewGenerator makes an untrained generator. The same configuration and seed give the same weights.
func NewGenerator(cfg Config, seed int64) (*Generator, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("new generator: %w", err)
	}
	g := newGenerator(cfg)
	rng := rand.New(rand.NewPCG(uint64(seed), 0))
	for _, p := range cfg.weights() {
		values := make([]float32, shapes.Make(dtypes.Float32, p.dims...).Size())
		for i := range values {
			if p.std < 0 {
				values[i] = 1
			} else {
				values[i] = float32(p.std * rng.NormFloat64())
			}
		}
		if _, err := g.store.CreateVariable(p.path, tensors.FromFlatDataAndDimensions(values, p.dims...)); err != nil {
			return nil, fmt.Errorf("new generator: %w", err)
		}
	}
	if cfg.SoftTokens > 0 { // the encoder makes its weights when its graph is built
		g.store.SetParam("/"+model.ParamInitialSeed, seed+1)
		if err := g.store.SetRNGStateFromSeed(seed + 1); err != nil {
			return nil, fmt.Errorf("new generator: %w", err)
		}
		if _, err := g.State([][][]int32{nil}); err != nil {
			return nil, fmt.Errorf("new generator: %w", err)
		}
	}
	g.listParams()
	return g, nil
}

// newGenerator has no weights yet.
func newGenerator(cfg Config) *Generator {
	g := &Generator{cfg: cfg, store: model.NewStore()}
	g.makeGraphs()
	return g
}

// makeGraphs makes the graphs anew, each when it is first wanted.
func (g *Generator) makeGraphs() {
	g.evalFn = sync.OnceValue(func() *model.Exec {
		return model.MustNewExec(g.backend.graphs(), g.store, g.evalGraph).SetMaxCache(-1)
	})
	g.stateFn = sync.OnceValue(func() *model.Exec {
		return model.MustNewExec(g.backend.graphs(), g.store, func(scope *model.Scope, events *Node) *Node {
			weightsVary(scope, events)
			return encodeBehaviour(scope.At("encoder"), events, g.cfg.Encoder)
		}).SetMaxCache(-1)
	})
	g.trainFn = sync.OnceValue(func() *trainer { return newTrainer(g) })
}

// On moves the generator to a backend, with all that it has learned; it is made on the pure-Go one, so that the same seed
// gives the same weights everywhere. A training that runs ends first.
func (g *Generator) On(b *Backend) error {
	g.training.Lock()
	defer g.training.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if b == g.backend {
		return nil
	}
	for v := range g.store.IterVariables() {
		value, err := v.Value()
		if err != nil {
			return fmt.Errorf("move to another backend: %w", err)
		}
		own, err := value.LocalClone() // a tensor belongs to the backend that first saw it
		if err != nil {
			return fmt.Errorf("move to another backend: %w", err)
		}
		if err := errors.Join(v.SetValue(own), v.SetShardingSpec(nil)); err != nil {
			return fmt.Errorf("move to another backend: %w", err)
		}
	}
	g.backend = b
	g.makeGraphs()
	return nil
}

// weightsVary tells a graph to read the weights each time it runs. Outside of training the Go backend would copy them into
// the graph when it is built, and not see that they change.
func weightsVary(scope *model.Scope, in *Node) { scope.SetTraining(in.Graph(), true) }

// listParams notes which of the store's variables are weights.
func (g *Generator) listParams() {
	g.params = nil
	for v := range g.store.IterVariables() {
		if path := v.Path(); strings.Count(path, "/") > 1 && !strings.HasPrefix(path, "/train/") && !strings.HasPrefix(path, "/lora/") {
			g.params = append(g.params, path)
		}
	}
}

// Config gives the shape, defaults filled in.
func (g *Generator) Config() Config { return g.cfg }

// Parameters counts the weights.
func (g *Generator) Parameters() int {
	n := 0
	for _, path := range g.params {
		n += g.store.GetVariable(path).Shape().Size()
	}
	return n
}

// State encodes histories (events oldest first, each its hashed features) for SampleRequest. It gives nil without soft
// tokens.
func (g *Generator) State(behaviour [][][]int32) ([][]float32, error) {
	if g.cfg.SoftTokens == 0 || len(behaviour) == 0 {
		return nil, nil
	}
	enc := g.cfg.Encoder
	rows := 1
	for rows < len(behaviour) {
		rows *= 2
	}
	histories := make([][][]int32, rows)
	copy(histories, behaviour)
	events := tensors.FromFlatDataAndDimensions(padBehaviour(histories, enc), rows, enc.MaxEvents, enc.MaxFeatures)
	g.mu.Lock()
	defer g.mu.Unlock()
	out, err := g.stateFn().Call(events)
	if err != nil {
		return nil, fmt.Errorf("encode %d histories: %w", len(behaviour), err)
	}
	flat, err := tensors.CopyFlatData[float32](out[0])
	if err != nil {
		return nil, fmt.Errorf("encode %d histories: %w", len(behaviour), err)
	}
	states := make([][]float32, len(behaviour))
	for i := range states {
		states[i] = flat[i*enc.StateDim : (i+1)*enc.StateDim]
	}
	return states, nil
}

// A forward builds one pass over a batch.
type forward struct {
	g     *Generator
	scope *model.Scope
	graph *Graph
	keep  []*Node // dropout masks not yet used; nil outside of training
}

// w is a weight in the graph.
func (f *forward) w(format string, args ...any) *Node {
	return f.g.store.GetVariable(fmt.Sprintf(format, args...)).NodeValue(f.graph)
}

// drop applies the next dropout mask to x, whose scale 1/keep the caller has put into what made x.
func (f *forward) drop(x *Node) *Node {
	if len(f.keep) == 0 {
		return x
	}
	mask := f.keep[0]
	f.keep = f.keep[1:]
	return Where(mask, x, ZerosLike(x))
}

// scaled multiplies a weight by 1/keep where dropout follows.
func (f *forward) scaled(w *Node) *Node {
	if len(f.keep) == 0 {
		return w
	}
	return MulScalar(w, 1/(1-f.g.cfg.dropped()))
}

// dropped is the share that dropout really drops, a multiple of 1/256.
func (c Config) dropped() float64 { return math.Round(c.Dropout*256) / 256 }

// state encodes events, [rows, MaxEvents, MaxFeatures]; keep, [rows, 1] of 0 and 1, silences it for some. The result is
// [rows, StateDim].
func (f *forward) state(events, keep *Node) *Node {
	s := encodeBehaviour(f.scope.At("encoder"), events, f.g.cfg.Encoder)
	if keep != nil {
		s = Mul(s, BroadcastToDims(keep, s.Shape().Dimensions...))
	}
	return s
}

// hidden runs the layers. ids is [rows, columns] and pad [rows], the count of padding columns on the left; state is
// [rows, StateDim], or nil without soft tokens. The result is [rows, text, dim], normalised, for the last text columns.
//
// Rotary positions are columns. They count padding too, which changes nothing: only differences of positions enter, and
// nothing attends to padding.
func (f *forward) hidden(ids, pad, state *Node, text int) *Node {
	c := f.g.cfg
	rows, columns := ids.Shape().Dim(0), ids.Shape().Dim(1)
	x := Gather(f.w("gpt/embed"), ExpandAxes(ids, -1)) // [rows, columns, dim]
	if added := f.rows(ids); added != nil {
		x = Add(x, added)
	}
	if state != nil {
		soft := Add(linear(state, f.w("soft/project")), BroadcastToDims(ExpandAxes(f.w("soft/base"), 0), rows, c.SoftTokens*c.Dim))
		soft = Reshape(soft, rows, c.SoftTokens, c.Dim)
		before := columns - text - c.SoftTokens
		x = Concatenate([]*Node{
			Slice(x, AxisRange(), AxisRange(0, before)),
			soft,
			Slice(x, AxisRange(), AxisRange(before+c.SoftTokens, columns)),
		}, 1)
	}
	if len(f.keep) > 0 {
		x = f.drop(MulScalar(x, 1/(1-c.dropped())))
	}
	mask := attentionMask(pad, c.Heads, columns)
	for l := range c.Layers {
		last := l == c.Layers-1
		from := 0
		if last { // what comes before the text matters to the last layer as keys and values only
			from = columns - text
		}
		x = f.attention(l, x, mask, from)
		x = f.feedForward(l, x)
	}
	x = normalised(x, c.Eps)
	return Mul(x, BroadcastToDims(Reshape(f.w("gpt/norm"), 1, 1, c.Dim), x.Shape().Dimensions...))
}

// attention adds the attention branch of layer l to x, [rows, columns, dim], for the columns from on.
func (f *forward) attention(l int, x, mask *Node, from int) *Node {
	c := f.g.cfg
	rows, columns, hd := x.Shape().Dim(0), x.Shape().Dim(1), c.headDim()
	n := columns - from
	xn := normalised(x, c.Eps)
	xq := xn
	if from > 0 {
		xq = SliceAxis(xn, 1, AxisRange(from, columns))
		x = SliceAxis(x, 1, AxisRange(from, columns))
		mask = SliceAxis(mask, 2, AxisRange(from, columns))
	}
	gain := f.w("gpt/layer%d/attn_norm", l)
	q := Reshape(f.through(xq, l, "q", gain, false), rows, n, c.Heads, hd)
	k := Reshape(f.through(xn, l, "k", gain, false), rows, columns, c.KVHeads, hd)
	v := Reshape(f.through(xn, l, "v", gain, false), rows, columns, c.KVHeads, hd)
	q = rotate(q, from, c.RopeTheta, 1/math.Sqrt(float64(hd)))
	k = rotate(k, 0, c.RopeTheta, 1)
	y := attend(q, k, v, mask)
	y = f.through(Reshape(y, rows, n, c.Dim), l, "o", nil, true)
	return Add(x, f.drop(y))
}

// feedForward adds the SwiGLU branch of layer l to x (Shazeer 2020, eq. 6).
func (f *forward) feedForward(l int, x *Node) *Node {
	xn := normalised(x, f.g.cfg.Eps)
	gain := f.w("gpt/layer%d/ff_norm", l)
	gate := f.through(xn, l, "gate", gain, false)
	up := f.through(xn, l, "up", gain, false)
	y := Mul(Mul(gate, Sigmoid(gate)), up)
	return Add(x, f.drop(f.through(y, l, "down", nil, true)))
}

// linear is x·w for x [..., in] and w [in, out].
func linear(x, w *Node) *Node { return affine(x, w, nil) }

// normalised is RMSNorm without its gain (Zhang and Sennrich 2019, eq. 4), over the last axis.
func normalised(x *Node, eps float64) *Node {
	rms := Sqrt(AddScalar(ReduceAndKeep(Square(x), ReduceMean, -1), eps))
	return Mul(x, Reciprocal(rms))
}

// rowScaled multiplies row i of w by gain i: a norm's gain costs less in the weights than in the activations.
func rowScaled(w, gain *Node) *Node {
	return Mul(w, BroadcastToDims(ExpandAxes(gain, -1), w.Shape().Dimensions...))
}

// rotate applies rotary positions (Su et al. 2021, eq. 34, halves instead of pairs as Llama has it) to x,
// [rows, columns, heads, dim], whose first column is at position from, and scales the result.
func rotate(x *Node, from int, theta, scale float64) *Node {
	g, dims := x.Graph(), x.Shape().Dimensions
	rows, columns, heads, dim := dims[0], dims[1], dims[2], dims[3]
	cos, sin := make([]float32, 0, columns*heads*dim), make([]float32, 0, columns*heads*dim)
	for t := range columns {
		for i := range heads * dim {
			a := ropeAngle(from+t, i%(dim/2), dim, theta)
			cos, sin = append(cos, float32(scale*math.Cos(a))), append(sin, float32(scale*math.Sin(a)))
		}
	}
	swap := make([]float32, dim*dim) // x·swap puts the second half, negated, before the first
	for j := range dim / 2 {
		swap[(j+dim/2)*dim+j] = -1
		swap[j*dim+j+dim/2] = 1
	}
	times := func(x *Node, table []float32) *Node { // a row is the table's length: the backend is quick at that
		t := ConstTensor(g, tensors.FromFlatDataAndDimensions(table, 1, len(table)))
		return Mul(Reshape(x, rows, len(table)), t)
	}
	swapped := linear(x, ConstTensor(g, tensors.FromFlatDataAndDimensions(swap, dim, dim)))
	return Reshape(Add(times(x, cos), times(swapped, sin)), dims...)
}

// ropeAngle is the angle of the pair j of a head at a position.
func ropeAngle(position, j, dim int, theta float64) float64 {
	return float64(position) * math.Pow(theta, -2*float64(j)/float64(dim))
}

// attentionMask is 0 where the column of the second axis from the right may see that of the last, and very negative
// elsewhere: padding and what comes later. pad is [rows]; the result is [rows, heads, columns, columns], in full because
// the backend adds equal shapes several times faster than it repeats one of them.
func attentionMask(pad *Node, heads, columns int) *Node {
	g, rows := pad.Graph(), pad.Shape().Dim(0)
	dims := []int{rows, 1, columns, columns}
	at := shapes.Make(dtypes.Int32, dims...)
	query, key := Iota(g, at, 2), Iota(g, at, 3)
	sees := LogicalAnd(GreaterOrEqual(key, BroadcastToDims(Reshape(pad, rows, 1, 1, 1), dims...)), LessOrEqual(key, query))
	zero := Zeros(g, shapes.Make(dtypes.Float32, dims...))
	return BroadcastToDims(Where(sees, zero, AddScalar(zero, -1e9)), rows, heads, columns, columns)
}

// attend is softmax(QKᵀ + mask)·V (Vaswani et al. 2017, eq. 1), the scale being in q already.
//
// q is [rows, n, heads, dim], k and v [rows, columns, kvHeads, dim], mask [rows, heads, n, columns]; the result is like
// q. The weights are divided by their sum after the product with V, which is smaller.
func attend(q, k, v, mask *Node) *Node {
	rows, n, heads, dim := q.Shape().Dim(0), q.Shape().Dim(1), q.Shape().Dim(2), q.Shape().Dim(3)
	columns, kvHeads := k.Shape().Dim(1), k.Shape().Dim(2)
	q = Reshape(Transpose(q, 1, 2), rows, kvHeads, heads/kvHeads*n, dim) // heads that share a key are one longer head
	k, v = Transpose(k, 1, 2), Transpose(v, 1, 2)
	e, sum := exponentials(Add(Einsum("bhqd,bhkd->bhqk", q, k), Reshape(mask, rows, kvHeads, heads/kvHeads*n, columns)))
	y := Mul(Einsum("bhqk,bhkd->bhqd", e, v), Reciprocal(sum))
	return Transpose(Reshape(y, rows, heads, n, dim), 1, 2)
}

// exponentials are the numerators of a softmax over the last axis and their sum, which keeps that axis as 1.
func exponentials(x *Node) (e, sum *Node) {
	e = Exp(Sub(x, StopGradient(ReduceAndKeep(x, ReduceMax, -1))))
	return e, ReduceAndKeep(e, ReduceSum, -1)
}

// logProbs gives the log-probability of each target, [rows, text] like targets, from h, [rows, text, dim].
func (f *forward) logProbs(h, targets *Node) *Node {
	embed := f.w("gpt/embed")
	logits := nn.Dense(h, embed, nil, compute.DenseLayoutOutputsInput)
	own := ReduceSum(Mul(h, Gather(embed, ExpandAxes(targets, -1))), -1)
	if added := f.rows(targets); added != nil {
		n := f.g.lora.Rows
		more := nn.Dense(h, f.w(loraRows), nil, compute.DenseLayoutOutputsInput)
		logits = Concatenate([]*Node{SliceAxis(logits, -1, AxisRange(0, f.g.cfg.Vocab-n)), Add(SliceAxis(logits, -1, AxisRange(f.g.cfg.Vocab-n)), more)}, -1)
		own = Add(own, ReduceSum(Mul(h, added), -1))
	}
	largest := StopGradient(ReduceAndKeep(logits, ReduceMax, -1))
	total := Log(ReduceSum(Exp(Sub(logits, largest)), -1)) // [rows, text]
	return Sub(own, Add(total, Reshape(largest, total.Shape().Dimensions...)))
}

// evalGraph gives the log-probabilities of the targets. Its inputs are ids, pad, targets and, with soft tokens, events.
func (g *Generator) evalGraph(scope *model.Scope, in []*Node) *Node {
	weightsVary(scope, in[0])
	f := &forward{g: g, scope: scope, graph: in[0].Graph()}
	var state *Node
	if g.cfg.SoftTokens > 0 {
		state = f.state(in[3], nil)
	}
	return f.logProbs(f.hidden(in[0], in[1], state, in[2].Shape().Dim(1)), in[2])
}

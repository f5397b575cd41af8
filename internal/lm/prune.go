package lm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
)

// PruneOptions say which weights Prune sets to zero.
type PruneOptions struct {
	Method      PruneMethod
	Sparsity    float64   // share of each matrix that becomes zero, in [0, 1)
	Calibration []Example // what Wanda runs to see how large the inputs are; some dozens are enough
	// Loss measures a generator before and after, for the report, in nats per token; nil measures nothing.
	Loss func(context.Context, *Generator) (float64, error)
}

// A PruneMethod scores weights; the lowest go.
type PruneMethod string

const (
	// Magnitude scores |W| within a matrix (Han et al. 2015, §3).
	Magnitude PruneMethod = "magnitude"
	// Wanda scores |W|·‖X‖₂ within what one output adds up, X being the weight's input over the calibration texts (Sun et
	// al. 2024, eq. 1). Each layer is measured on what the pruned layers before it give.
	Wanda PruneMethod = "wanda"
)

// A PruneReport tells what pruning did.
type PruneReport struct {
	Method          PruneMethod    `json:"method"`
	Sparsity        float64        `json:"sparsity"` // asked for
	Tensors         []PrunedTensor `json:"tensors"`
	Weights         int            `json:"weights"` // of the whole generator
	Zeros           int            `json:"zeros"`
	LossBefore      float64        `json:"loss_before"` // nats per token; 0 if not measured, as are the next two
	LossAfter       float64        `json:"loss_after"`
	PerplexityRatio float64        `json:"perplexity_ratio"` // after over before
}

// A PrunedTensor is one matrix in a report.
type PrunedTensor struct {
	Name     string  `json:"name"`
	Shape    []int   `json:"shape"`
	Zeros    int     `json:"zeros"`
	Sparsity float64 `json:"sparsity"` // Zeros over the size
}

// Prune gives a copy of the generator in which the least important weights of each layer's matrices are zero. Embedding,
// norms, soft tokens, heads and encoder stay. The zeros make nothing faster or smaller by themselves: they are for
// compressed files and for kernels that skip them.
func (g *Generator) Prune(ctx context.Context, o PruneOptions) (*Generator, PruneReport, error) {
	report := PruneReport{Method: o.Method, Sparsity: o.Sparsity}
	fail := func(err error) (*Generator, PruneReport, error) { return nil, report, fmt.Errorf("prune: %w", err) }
	switch {
	case o.Method != Magnitude && o.Method != Wanda:
		return fail(fmt.Errorf("method %q is not known", o.Method))
	case !(o.Sparsity >= 0 && o.Sparsity < 1):
		return fail(fmt.Errorf("sparsity %g is not in [0, 1)", o.Sparsity))
	case o.Method == Wanda && len(o.Calibration) == 0:
		return fail(errors.New("wanda needs calibration texts"))
	}
	pruned, err := g.Clone()
	if err != nil {
		return fail(err)
	}
	pruned.rounded = false // what is measured is the decoder in float32
	if o.Method == Wanda {
		err = pruned.pruneWanda(ctx, o)
	} else {
		err = pruned.pruneMagnitude(ctx, o.Sparsity)
	}
	if err != nil {
		return fail(err)
	}
	report.count(pruned)
	if o.Loss != nil {
		if report.LossBefore, err = o.Loss(ctx, g); err != nil {
			return fail(err)
		}
		if report.LossAfter, err = o.Loss(ctx, pruned); err != nil {
			return fail(err)
		}
		report.PerplexityRatio = math.Exp(report.LossAfter - report.LossBefore)
	}
	return pruned, report, nil
}

// count fills in what the pruned generator's weights show.
func (r *PruneReport) count(g *Generator) {
	all := g.Tensors()
	for _, t := range all {
		r.Weights += len(t.Data)
		r.Zeros += zeros(t.Data)
	}
	for l := range g.cfg.Layers {
		for _, w := range g.cfg.layerMatrices(l) {
			t := all[w.ours]
			n := zeros(t.Data)
			r.Tensors = append(r.Tensors, PrunedTensor{w.ours, t.Shape, n, float64(n) / float64(len(t.Data))})
		}
	}
}

func zeros(values []float32) int {
	n := 0
	for _, v := range values {
		if v == 0 {
			n++
		}
	}
	return n
}

// layerMatrices lists q, k, v, o, gate, up and down of a layer.
func (c Config) layerMatrices(layer int) []llamaWeight {
	var ws []llamaWeight
	prefix := fmt.Sprintf("gpt/layer%d/", layer)
	for _, w := range c.llamaWeights() {
		if w.turned && strings.HasPrefix(w.ours, prefix) {
			ws = append(ws, w)
		}
	}
	return ws
}

func (g *Generator) pruneMagnitude(ctx context.Context, sparsity float64) error {
	for l := range g.cfg.Layers {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, w := range g.cfg.layerMatrices(l) {
			values := g.llamaValues(w)
			zeroLowest(len(values), sparsity, func(i int) float64 { return math.Abs(float64(values[i])) }, func(i int) { values[i] = 0 })
			if err := g.SetTensors(map[string]Tensor{w.ours: {w.dims, values}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// zeroLowest calls zero for the given share of 0..n−1 of the lowest scores, the first of equals first.
func zeroLowest(n int, share float64, score func(i int) float64, zero func(i int)) {
	scores := make([]float64, n)
	order := make([]int, n)
	for i := range order {
		order[i], scores[i] = i, score(i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	for _, i := range order[:int(share*float64(n))] {
		zero(i)
	}
}

// pruneWanda prunes layer by layer: it measures the layer's inputs, prunes it, and takes the texts through what is left
// of it to the next.
func (g *Generator) pruneWanda(ctx context.Context, o PruneOptions) error {
	texts, err := g.calibration(o.Calibration)
	if err != nil {
		return err
	}
	for l := range g.cfg.Layers {
		norms, err := g.measureLayer(ctx, l, texts, false)
		if err != nil {
			return err
		}
		for _, w := range g.cfg.layerMatrices(l) {
			values, norm := g.llamaValues(w), norms[w.input()]
			in, out := w.dims[0], w.dims[1]
			for j := range out {
				zeroLowest(in, o.Sparsity, func(i int) float64 { return math.Abs(float64(values[i*out+j])) * norm[i] },
					func(i int) { values[i*out+j] = 0 })
			}
			if err := g.SetTensors(map[string]Tensor{w.ours: {w.dims, values}}); err != nil {
				return err
			}
		}
		if _, err := g.measureLayer(ctx, l, texts, true); err != nil {
			return err
		}
	}
	return nil
}

// input names what a matrix of a layer reads.
func (w llamaWeight) input() string {
	switch path.Base(w.ours) {
	case "q", "k", "v":
		return "attention"
	case "o":
		return "heads"
	case "down":
		return "inner"
	}
	return "feed forward"
}

// calibration gives the residual streams, [positions, dim], that enter the first layer for each text.
func (g *Generator) calibration(examples []Example) ([][]float32, error) {
	c := g.cfg
	behaviour := make([][][]int32, len(examples))
	for i, e := range examples {
		behaviour[i] = e.Behaviour
	}
	states, err := g.State(behaviour)
	if err != nil {
		return nil, err
	}
	p := g.decoder()
	texts := make([][]float32, len(examples))
	for i, e := range examples {
		for _, id := range e.Prompt {
			texts[i] = append(texts[i], p.embed[int(id)*c.Dim:(int(id)+1)*c.Dim]...)
		}
		if c.SoftTokens > 0 {
			soft := make([]float32, p.soft.width())
			p.soft.mul(soft, states[i], 1, 1)
			for j, v := range p.base {
				texts[i] = append(texts[i], soft[j]+v)
			}
		}
		for _, id := range append([]int32{TextID}, e.Text...) {
			texts[i] = append(texts[i], p.embed[int(id)*c.Dim:(int(id)+1)*c.Dim]...)
		}
	}
	return texts, nil
}

// measureLayer runs one layer over the texts and gives the norm of each value of each matrix's input over all positions.
// With advance it also leaves in texts what comes out.
func (g *Generator) measureLayer(ctx context.Context, layer int, texts [][]float32, advance bool) (map[string][]float64, error) {
	c := g.cfg
	c.Layers = 1
	one := &packed{cfg: c, layers: g.decoder().layers[layer : layer+1]}
	squares := map[string][]float64{
		"attention": make([]float64, c.Dim), "heads": make([]float64, c.Dim),
		"feed forward": make([]float64, c.Dim), "inner": make([]float64, c.FF),
	}
	for _, x := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := len(x) / c.Dim
		s := one.newScratch(n, n)
		copy(s.x, x)
		normalise(s.xn, s.x, n, c.Dim, c.Eps)
		addSquares(squares["attention"], s.xn, n)
		caches := c.newCaches(n)
		rows := make([]row, n)
		for r := range rows {
			rows[r] = row{position: r, put: caches, putAt: r, sight: sight{shared: caches, sharedN: r + 1}}
		}
		one.run(s, rows, decodeWorkers(), false)
		addSquares(squares["heads"], s.y, n)
		addSquares(squares["feed forward"], s.xn, n)
		addSquares(squares["inner"], s.act, n)
		if advance {
			copy(x, s.x)
		}
	}
	for name, gain := range map[string]string{"attention": "attn_norm", "feed forward": "ff_norm"} { // the decoder has gains in the matrices
		for j, v := range g.llamaValues(llamaWeight{ours: fmt.Sprintf("gpt/layer%d/%s", layer, gain)}) {
			squares[name][j] *= float64(v) * float64(v)
		}
	}
	for _, sum := range squares {
		for j, v := range sum {
			sum[j] = math.Sqrt(v)
		}
	}
	return squares, nil
}

// addSquares adds the squares of n rows of x to sum, which is as long as a row.
func addSquares(sum []float64, x []float32, n int) {
	for r := range n {
		for j, v := range x[r*len(sum) : (r+1)*len(sum)] {
			sum[j] += float64(v) * float64(v)
		}
	}
}

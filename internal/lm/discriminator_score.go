package lm

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
)

// Score gives each pair's logit and the logit of each token of its text that is read. It runs in plain Go over the weights
// that training uses, so there is nothing to compile and each prompt is read once, however many texts it has; a test holds
// it to the training graph. What a pair gets does not depend on the others to the bit.
func (d *Discriminator) Score(ctx context.Context, pairs []Pair) (logits []float32, perToken [][]float32, err error) {
	if len(pairs) == 0 {
		return nil, nil, ctx.Err()
	}
	p := d.packedWeights()
	var prompts, texts []*reading
	byPrompt := map[string]*reading{}
	for _, pair := range pairs {
		ids := read(pair.Prompt, p.cfg.MaxPrompt)
		key := fmt.Sprint(ids)
		prompt := byPrompt[key]
		if prompt == nil {
			prompt = &reading{ids: ids}
			byPrompt[key], prompts = prompt, append(prompts, prompt)
		}
		texts = append(texts, &reading{ids: read(pair.Text, p.cfg.MaxText), prompt: prompt})
	}
	for _, pass := range []struct {
		cell *packedCell
		rows []*reading
	}{{&p.prompt, prompts}, {&p.text, texts}} {
		rows := slices.Clone(pass.rows)
		slices.SortStableFunc(rows, func(a, b *reading) int { return len(b.ids) - len(a.ids) })
		parts := slices.Collect(slices.Chunk(rows, readRows(len(rows))))
		if err := inParallel(ctx, len(parts), decodeWorkers(), func(i int) error {
			p.read(pass.cell, parts[i])
			return nil
		}); err != nil {
			return nil, nil, err
		}
	}
	for i, t := range texts {
		logits = append(logits, p.logit(t))
		row := make([]float32, min(len(pairs[i].Text), p.cfg.MaxText))
		next := 0
		for j := range row {
			if pairs[i].Text[j] != PadID {
				row[j] = t.tokenLogits[next]
				next++
			}
		}
		perToken = append(perToken, row)
	}
	return logits, perToken, nil
}

// readRows is how many rows one goroutine reads side by side: all goroutines get some, and none more than fit the cache.
func readRows(n int) int { return max(1, min(16, (n+decodeWorkers()-1)/decodeWorkers())) }

// read gives what is read of a sequence.
func read(ids []int32, most int) []int32 {
	return slices.DeleteFunc(slices.Clone(ids[:min(len(ids), most)]), func(id int32) bool { return id == PadID })
}

// A reading is one sequence and what the network makes of it.
type reading struct {
	ids         []int32
	prompt      *reading  // that a text belongs to; nil for a prompt
	h, c        []float32 // the last state
	pooled      []float32 // mean, maximum and last
	tokenLogits []float32
}

// packedDiscriminator holds the weights as the kernels want them.
type packedDiscriminator struct {
	cfg          DiscriminatorConfig
	embed        []float32 // [vocab, embed]
	prompt, text packedCell
	gain, bias   []float32 // of the layer norm
	out          []float32
	outBias      float32
}

// A packedCell is a recurrent layer: products and biases of all gates side by side.
type packedCell struct {
	cell       string
	in, hidden int
	wx, wh     matrix
	bx, bh     []float32
	token      []float32 // of the tokens' logits; nil for prompts
	tokenBias  float32
}

func (d *Discriminator) packedWeights() *packedDiscriminator {
	if p := d.packed.Load(); p != nil {
		return p
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.pack()
	d.packed.Store(p)
	return p
}

func (d *Discriminator) pack() *packedDiscriminator {
	w := func(name string) []float32 {
		return tensors.MustCopyFlatData[float32](d.adam.store.GetVariable("/discriminator/" + name).MustValue())
	}
	cell := func(name string, in int) packedCell {
		h, gates := d.cfg.Hidden, 3
		if d.cfg.Cell == CellLSTM {
			gates = 4
		}
		of := func(name string, in int) matrix {
			values := w(name)
			return packMatrix(in, gates*h, func(i, j int) float32 { return values[i*gates*h+j] })
		}
		return packedCell{cell: d.cfg.Cell, in: in, hidden: h, wx: of(name+"/input_weights", in), wh: of(name+"/state_weights", h),
			bx: w(name + "/input_bias"), bh: w(name + "/state_bias")}
	}
	p := &packedDiscriminator{cfg: d.cfg, embed: w("embed"), prompt: cell("prompt", d.cfg.Embed), text: cell("text", d.cfg.Embed+1),
		gain: w("norm_gain"), bias: w("norm_bias"), out: w("logit"), outBias: w("logit_bias")[0]}
	p.text.token, p.text.tokenBias = w("token_logit"), w("token_logit_bias")[0]
	return p
}

// read lets a layer read rows side by side. They must be sorted, the longest first.
func (p *packedDiscriminator) read(c *packedCell, rows []*reading) {
	h, longest := c.hidden, len(rows[0].ids)
	active := make([]int, longest) // rows that have a step t
	total := 0
	for t := range active {
		for active[t] < len(rows) && len(rows[active[t]].ids) > t {
			active[t]++
		}
		total += active[t]
	}
	// The products of all inputs at once, step by step, and within a step row by row.
	x := make([]float32, 0, total*c.in)
	for t, n := range active {
		for _, r := range rows[:n] {
			id := r.ids[t]
			x = append(x, p.embed[int(id)*p.cfg.Embed:][:p.cfg.Embed]...)
			if c.in > p.cfg.Embed {
				x = append(x, float32(onSide(slices.Contains(r.prompt.ids, id))))
			}
		}
	}
	width := c.wx.width()
	fromX, fromH := make([]float32, total*width), make([]float32, len(rows)*width)
	c.wx.mul(fromX, x, total, 1)
	states := make([]float32, len(rows)*h) // h of each row
	for i, r := range rows {
		r.start(c, states[i*h:(i+1)*h])
	}
	scratch := make([]float32, 4*h)
	for _, n := range active {
		c.wh.mul(fromH, states, n, 1)
		for i, r := range rows[:n] {
			r.h = states[i*h : (i+1)*h]
			c.next(r, fromX[i*width:], fromH[i*width:], scratch)
			r.take(c)
		}
		fromX = fromX[n*width:]
	}
	for _, r := range rows {
		for j := range h {
			r.pooled[j] /= float32(max(1, len(r.ids)))
		}
		copy(r.pooled[2*h:], r.h)
	}
}

// start gives a row its first state, which lies in h: that of its prompt, or zero.
func (r *reading) start(c *packedCell, h []float32) {
	r.h, r.c = h, make([]float32, c.hidden)
	if r.prompt != nil {
		copy(r.h, r.prompt.h)
		copy(r.c, r.prompt.c)
	}
	r.pooled = make([]float32, 3*c.hidden)
	for j := range c.hidden {
		r.pooled[c.hidden+j] = -1
	}
}

// take adds a row's state to what is pooled, and gives the token its logit.
func (r *reading) take(c *packedCell) {
	logit := c.tokenBias
	for j, v := range r.h {
		r.pooled[j] += v
		r.pooled[c.hidden+j] = max(r.pooled[c.hidden+j], v)
	}
	if c.token != nil {
		for j, v := range r.h {
			logit += v * c.token[j]
		}
		r.tokenLogits = append(r.tokenLogits, logit)
	}
}

// next moves a row's state by one step, as gruStep and lstmStep do. x and hx are the products of input and state, to which
// the biases are added here; scratch is [4·hidden].
func (c *packedCell) next(r *reading, x, hx, scratch []float32) {
	h := c.hidden
	sum := func(gate int) []float32 {
		s := scratch[gate*h : (gate+1)*h]
		for j := range s {
			k := gate*h + j
			s[j] = x[k] + c.bx[k] + (hx[k] + c.bh[k])
		}
		return s
	}
	if c.cell == CellGRU {
		sum(0)
		sum(1)
		sigmoids(scratch[:2*h])
		n := scratch[2*h : 3*h]
		for j := range n {
			k := 2*h + j
			n[j] = x[k] + c.bx[k] + scratch[j]*(hx[k]+c.bh[k])
		}
		tanhs(n)
		for j := range n {
			r.h[j] = n[j] + scratch[h+j]*(r.h[j]-n[j])
		}
		return
	}
	i, f, g, o := sum(0), sum(1), sum(2), sum(3)
	sigmoids(scratch[:2*h])
	sigmoids(o)
	tanhs(g)
	for j := range g {
		r.c[j] = f[j]*r.c[j] + i[j]*g[j]
		g[j] = r.c[j]
	}
	tanhs(g)
	for j := range g {
		r.h[j] = o[j] * g[j]
	}
}

// sigmoids sets x to σ(x).
func sigmoids(x []float32) {
	for i, v := range x {
		x[i] = min(30, max(-30, v)) // beyond, σ is 0 or 1 in float32
	}
	expSum(x, x, 0, -1)
	for i, v := range x {
		x[i] = 1 / (1 + v)
	}
}

// tanhs sets x to tanh x = 2σ(2x) − 1.
func tanhs(x []float32) {
	for i, v := range x {
		x[i] = 2 * v
	}
	sigmoids(x)
	for i, v := range x {
		x[i] = 2*v - 1
	}
}

// logit is that of a text and its prompt: their pooled states, layer-normalised, times the last weights.
func (p *packedDiscriminator) logit(t *reading) float32 {
	x := slices.Concat(t.prompt.pooled, t.pooled)
	mean, square := 0.0, 0.0
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		square += (float64(v) - mean) * (float64(v) - mean) / float64(len(x))
	}
	scale := 1 / math.Sqrt(square+1e-5)
	sum := float64(p.outBias)
	for i, v := range x {
		sum += ((float64(v)-mean)*scale*float64(p.gain[i]) + float64(p.bias[i])) * float64(p.out[i])
	}
	return float32(sum)
}

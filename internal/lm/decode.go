package lm

import (
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/gomlx/gomlx/core/tensors"
)

// packed holds the weights for decoding.
type packed struct {
	cfg    Config
	embed  []float32 // [vocab, dim]
	layers []packedLayer
	gain   []float32 // of the last norm; nil: it is in head
	head   matrix    // [dim, vocab]
	soft   matrix    // [StateDim, SoftTokens·dim]
	base   []float32
}

// A packedLayer is one layer's weights. In float32 the norms' gains and the scale of q are multiplied into the matrices;
// in int8 that would be other weights than were saved, and they are applied to what the matrices read and give.
type packedLayer struct {
	attnGain, ffGain []float32 // nil: in the matrices
	qScale           float32
	qkv              matrix // [dim, (heads + 2·kvHeads)·headDim]
	o                matrix
	gateUp           matrix // [dim, 2·FF]: gate, then up
	down             matrix
}

// decoder gives the packed weights, packing them if they have changed.
func (g *Generator) decoder() *packed {
	if p := g.packed.Load(); p != nil {
		return p
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if p := g.packed.Load(); p != nil {
		return p
	}
	p := g.pack()
	g.packed.Store(p)
	return p
}

func (g *Generator) pack() *packed {
	c := g.cfg
	w := func(format string, args ...any) []float32 {
		return g.whole(fmt.Sprintf(format, args...))
	}
	p := &packed{cfg: c, embed: w("gpt/embed"), layers: make([]packedLayer, c.Layers)}
	if c.SoftTokens > 0 {
		project := w("soft/project")
		p.soft = packMatrix(c.Encoder.StateDim, c.SoftTokens*c.Dim, func(i, j int) float32 { return project[i*c.SoftTokens*c.Dim+j] })
		p.base = w("soft/base")
	}
	if g.rounded {
		g.packRounded(p)
		return p
	}
	kv := c.KVHeads * c.headDim()
	scale := float32(1 / math.Sqrt(float64(c.headDim())))
	for l := range p.layers {
		p.layers[l].qScale = 1
		gain, q, k, v := w("gpt/layer%d/attn_norm", l), w("gpt/layer%d/q", l), w("gpt/layer%d/k", l), w("gpt/layer%d/v", l)
		p.layers[l].qkv = packMatrix(c.Dim, c.Dim+2*kv, func(i, j int) float32 {
			switch {
			case j < c.Dim:
				return scale * gain[i] * q[i*c.Dim+j]
			case j < c.Dim+kv:
				return gain[i] * k[i*kv+j-c.Dim]
			}
			return gain[i] * v[i*kv+j-c.Dim-kv]
		})
		o := w("gpt/layer%d/o", l)
		p.layers[l].o = packMatrix(c.Dim, c.Dim, func(i, j int) float32 { return o[i*c.Dim+j] })
		gain, gate, up := w("gpt/layer%d/ff_norm", l), w("gpt/layer%d/gate", l), w("gpt/layer%d/up", l)
		p.layers[l].gateUp = packMatrix(c.Dim, 2*c.FF, func(i, j int) float32 {
			if j < c.FF {
				return gain[i] * gate[i*c.FF+j]
			}
			return gain[i] * up[i*c.FF+j-c.FF]
		})
		down := w("gpt/layer%d/down", l)
		p.layers[l].down = packMatrix(c.FF, c.Dim, func(i, j int) float32 { return down[i*c.Dim+j] })
	}
	gain := w("gpt/norm")
	p.head = packMatrix(c.Dim, c.Vocab, func(i, j int) float32 { return gain[i] * p.embed[j*c.Dim+i] })
	return p
}

// packRounded packs the int8 codes that the weights were read from: quantising them again gives the same codes.
func (g *Generator) packRounded(p *packed) {
	gain := func(path string) []float32 {
		return tensors.MustCopyFlatData[float32](g.store.GetVariable(path).MustValue())
	}
	for l := range p.layers {
		at := fmt.Sprintf("/gpt/layer%d/", l)
		p.layers[l] = packedLayer{
			attnGain: gain(at + "attn_norm"), ffGain: gain(at + "ff_norm"), qScale: float32(1 / math.Sqrt(float64(p.cfg.headDim()))),
			qkv:    packCodes(g.coded(at+"q"), g.coded(at+"k"), g.coded(at+"v")),
			o:      packCodes(g.coded(at + "o")),
			gateUp: packCodes(g.coded(at+"gate"), g.coded(at+"up")),
			down:   packCodes(g.coded(at + "down")),
		}
	}
	p.gain, p.head = gain("/gpt/norm"), packCodes(g.coded("/gpt/embed"))
}

// A cache holds keys and values of consecutive positions for one layer: for each key head k, [dim, cap] with the
// positions side by side, and v, [cap, dim].
type cache struct {
	cap  int
	k, v []float32
}

// newCaches makes room for positions in each layer.
func (c Config) newCaches(positions int) []cache {
	positions = (positions + 15) / 16 * 16
	caches := make([]cache, c.Layers)
	n := c.KVHeads * c.headDim() * positions
	both := make([]float32, 2*n*c.Layers)
	for l := range caches {
		caches[l] = cache{positions, both[2*l*n : (2*l+1)*n], both[(2*l+1)*n : (2*l+2)*n]}
	}
	return caches
}

// put stores the key and value, [kvHeads·dim] each, of a position.
func (c cache) put(k, v []float32, dim, position int) {
	for i, x := range k {
		c.k[i*c.cap+position] = x
	}
	for h := 0; h*dim < len(v); h++ {
		copy(c.v[(h*c.cap+position)*dim:], v[h*dim:(h+1)*dim])
	}
}

// A sight is what a position attends to: some positions of the prompt's cache, then some of its own row's.
type sight struct {
	shared  []cache // by layer
	sharedN int
	own     []cache
	ownN    int
}

// attend sets y, [heads·dim], to the attention of q, [heads·dim], at layer l. scores is room for all positions, each of
// the two parts rounded up to whole vectors.
func (s sight) attend(y, q, scores []float32, l int, cfg Config) {
	dim, group := cfg.headDim(), cfg.Heads/cfg.KVHeads
	var shared, own cache
	if s.sharedN > 0 {
		shared = s.shared[l]
	}
	if s.ownN > 0 {
		own = s.own[l]
	}
	sharedWide, ownWide := wholeVectors(s.sharedN), wholeVectors(s.ownN)
	scores = scores[:sharedWide+ownWide]
	ofShared, ofOwn := scores[:sharedWide], scores[sharedWide:]
	for h := range cfg.Heads {
		kv := h / group
		q, y := q[h*dim:(h+1)*dim], y[h*dim:(h+1)*dim]
		shared.score(ofShared, q, kv, s.sharedN)
		own.score(ofOwn, q, kv, s.ownN)
		sum := expSum(scores, scores, maxOf(scores), 1)
		if s.sharedN > 0 {
			vecMat(y, ofShared[:s.sharedN], shared.v[kv*dim*shared.cap:], dim)
		} else {
			clear(y)
		}
		if s.ownN > 0 {
			vecMatAdd(y, ofOwn[:s.ownN], own.v[kv*dim*own.cap:], dim)
		}
		for i := range y {
			y[i] /= sum
		}
	}
}

// wholeVectors rounds a count of positions up to what the kernels take at once.
func wholeVectors(n int) int { return (n + 7) &^ 7 }

// score sets scores to q·k for the first n positions and, for what rounding added, to what has no weight.
func (c cache) score(scores, q []float32, kv, n int) {
	if n == 0 {
		return
	}
	dim := len(q)
	vecMat(scores, q, c.k[kv*dim*c.cap:(kv+1)*dim*c.cap], c.cap)
	for i := n; i < len(scores); i++ {
		scores[i] = -math.MaxFloat32
	}
}

// A scratch is the room that one goroutine computes in.
type scratch struct {
	x, xn, gained, qkv, y, wide, act, scores []float32
	cos, sin                                 []float32
}

// newScratch makes room for rows, by fours, that see so many positions.
func (p *packed) newScratch(rows, positions int) *scratch {
	c := p.cfg
	rows = byFours(rows) + 3 // a call for the last row alone begins there
	return &scratch{
		x: make([]float32, rows*c.Dim), xn: make([]float32, rows*c.Dim), gained: make([]float32, rows*c.Dim),
		y: make([]float32, rows*c.Dim), qkv: make([]float32, rows*p.layers[0].qkv.width()),
		wide: make([]float32, rows*max(p.layers[0].gateUp.width(), p.layers[0].o.width())),
		act:  make([]float32, rows*c.FF), scores: make([]float32, positions+16),
		cos: make([]float32, rows*c.headDim()/2), sin: make([]float32, rows*c.headDim()/2),
	}
}

// byFours rounds a count of rows up to what the kernels take at once. The rows that this adds hold whatever was there
// before; what comes of them is not used.
func byFours(rows int) int { return (rows + 3) &^ 3 }

// normalised sets s.xn to the rows of x, normalised, and gives them with the gain, if that is not nil.
func (s *scratch) normalised(x, gain []float32, rows, dim int, eps float64) []float32 {
	normalise(s.xn, x, rows, dim, eps)
	if gain == nil {
		return s.xn
	}
	for r := range rows {
		xn, to := s.xn[r*dim:(r+1)*dim], s.gained[r*dim:(r+1)*dim]
		for i, v := range gain {
			to[i] = xn[i] * v
		}
	}
	return s.gained
}

// A row is one position to compute: where it stands, what it sees before itself, and where its key and value go.
type row struct {
	position int
	sight    sight
	put      []cache // by layer
	putAt    int
}

// run takes the rows' inputs, s.x, through all layers; s.x then holds the last residual stream. Rows of one prompt see
// the rows before them in the same call, so each layer stores all keys and values before any row attends. With
// lastOnly the last layer goes no further than keys and values for all rows but the last.
func (p *packed) run(s *scratch, rows []row, workers int, lastOnly bool) {
	c := p.cfg
	n, dim, hd := len(rows), c.Dim, c.headDim()
	kv := c.KVHeads * hd
	for r := range rows {
		for j := range hd / 2 {
			sin, cos := math.Sincos(ropeAngle(rows[r].position, j, hd, c.RopeTheta))
			s.cos[r*hd/2+j], s.sin[r*hd/2+j] = float32(cos), float32(sin)
		}
	}
	for l, layer := range p.layers {
		layer.qkv.mul(s.qkv, s.normalised(s.x, layer.attnGain, n, dim, c.Eps), byFours(n), workers)
		width := layer.qkv.width()
		for r, row := range rows {
			qkv := s.qkv[r*width:]
			turn(qkv[:dim+kv], hd, s.cos[r*hd/2:], s.sin[r*hd/2:])
			if layer.qScale != 1 {
				for i := range qkv[:dim] {
					qkv[i] *= layer.qScale
				}
			}
			row.put[l].put(qkv[dim:dim+kv], qkv[dim+kv:dim+2*kv], hd, row.putAt)
		}
		first := 0
		if lastOnly && l == len(p.layers)-1 {
			first = n - 1
		}
		p.attendRows(s, rows, first, l, workers)
		m := n - first
		s.mulAdd(layer.o, s.y[first*dim:], s.x[first*dim:], m, dim, workers)
		layer.gateUp.mul(s.wide, s.normalised(s.x[first*dim:], layer.ffGain, m, dim, c.Eps), byFours(m), workers)
		wide := layer.gateUp.width()
		for r := range m {
			gate := s.wide[r*wide : r*wide+c.FF]
			swiGLU(gate, s.wide[r*wide+c.FF:r*wide+2*c.FF])
			copy(s.act[r*c.FF:], gate)
		}
		s.mulAdd(layer.down, s.act, s.x[first*dim:], m, dim, workers)
	}
}

// attendRows runs attention for the rows from first on.
func (p *packed) attendRows(s *scratch, rows []row, first, l, workers int) {
	width, dim := p.layers[l].qkv.width(), p.cfg.Dim
	some := func(from, to int, scores []float32) {
		for r := from; r < to; r++ {
			rows[r].sight.attend(s.y[r*dim:(r+1)*dim], s.qkv[r*width:r*width+dim], scores, l, p.cfg)
		}
	}
	if n := len(rows) - first; workers < 2 || n < 16 {
		some(first, len(rows), s.scores)
		return
	} else {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() { some(first+n*w/workers, first+n*(w+1)/workers, make([]float32, len(s.scores))) })
		}
		wg.Wait()
	}
}

// mulAdd adds y·m to x, rows of dim. It uses s.wide as room.
func (s *scratch) mulAdd(m matrix, y, x []float32, rows, dim, workers int) {
	width := m.width()
	room := s.wide[:byFours(rows)*width]
	m.mul(room, y, byFours(rows), workers)
	for r := range rows {
		to := x[r*dim : (r+1)*dim]
		for i, v := range room[r*width : r*width+dim] {
			to[i] += v
		}
	}
}

// normalise sets dst to x divided by its root mean square, row by row.
func normalise(dst, x []float32, rows, dim int, eps float64) {
	for r := range rows {
		from, to := x[r*dim:(r+1)*dim], dst[r*dim:(r+1)*dim]
		var sums [4]float32
		for i, v := range from {
			sums[i&3] += v * v
		}
		square := float64((sums[0] + sums[1]) + (sums[2] + sums[3]))
		f := float32(1 / math.Sqrt(square/float64(dim)+eps))
		for i, v := range from {
			to[i] = v * f
		}
	}
}

// turn applies rotary positions to each head of x in place.
func turn(x []float32, dim int, cos, sin []float32) {
	half := dim / 2
	cos, sin = cos[:half], sin[:half]
	for ; len(x) > 0; x = x[dim:] {
		a, b := x[:half], x[half:dim]
		for j, c := range cos {
			a[j], b[j] = a[j]*c-b[j]*sin[j], b[j]*c+a[j]*sin[j]
		}
	}
}

// A prefix is a request's prompt, read: its cache, and the logits of the first token of the text.
type prefix struct {
	caches []cache
	n      int
	logits []float32
}

// read runs prompt, soft tokens and <text> through the layers.
func (p *packed) read(prompt []int32, state []float32, workers int) prefix {
	c := p.cfg
	n := len(prompt) + c.SoftTokens + 1
	s := p.newScratch(n, n)
	for i, id := range prompt {
		copy(s.x[i*c.Dim:(i+1)*c.Dim], p.embed[int(id)*c.Dim:])
	}
	if c.SoftTokens > 0 {
		soft := s.x[len(prompt)*c.Dim : (len(prompt)+c.SoftTokens)*c.Dim]
		if len(state) > 0 {
			room := make([]float32, p.soft.width())
			p.soft.mul(room, state, 1, 1)
			copy(soft, room)
		}
		for i, v := range p.base {
			soft[i] += v
		}
	}
	copy(s.x[(n-1)*c.Dim:], p.embed[int(TextID)*c.Dim:(int(TextID)+1)*c.Dim])
	pre := prefix{caches: c.newCaches(n), n: n}
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{position: i, put: pre.caches, putAt: i, sight: sight{shared: pre.caches, sharedN: i + 1}}
	}
	p.run(s, rows, workers, true)
	pre.logits = make([]float32, 4*p.head.width())
	p.logits(pre.logits, s, s.x[(n-1)*c.Dim:], 1, workers)
	return pre
}

// logits sets dst, rows of the head's width and by fours, from the residual streams x.
func (p *packed) logits(dst []float32, s *scratch, x []float32, rows, workers int) {
	p.head.mul(dst, s.normalised(x, p.gain, rows, p.cfg.Dim, p.cfg.Eps), byFours(rows), workers)
}

// decodeWorkers is how many goroutines decode at once.
func decodeWorkers() int { return runtime.GOMAXPROCS(0) }

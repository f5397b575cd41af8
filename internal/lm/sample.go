package lm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// A SampleRequest asks for K texts from one prompt.
type SampleRequest struct {
	Prompt []int32   // without <text>
	State  []float32 // from Generator.State; nil: nothing is known
	Ban    []int32   // ids that must not be written
	K      int       // 0 means 1
	Seed   uint64
}

// SampleOptions say how tokens are drawn. The zero value is greedy decoding.
type SampleOptions struct {
	Temperature float32 // 0 takes the likeliest token
	TopK        int     // 0 keeps the whole vocabulary
	TopP        float32 // keeps the likeliest tokens that add up to this; 0 or 1 keeps all
	MaxTokens   int     // 0 means 64
	NoRepeat    int     // no run of so many tokens is written twice in a text; 0 allows it
}

// A Sample is one text.
type Sample struct {
	Tokens   []int32   // without <end>
	LogProbs []float32 // of each token, and of <end> if it was written, under the model itself: temperature 1, nothing banned
	Ended    bool      // <end> was written
}

// Sample writes texts: K for each request, in order. Each prompt is read once; all rows are decoded together. A row's
// tokens depend on its request, its number and the options, not on the other rows.
func (g *Generator) Sample(ctx context.Context, requests []SampleRequest, o SampleOptions) ([][]Sample, error) {
	for i, r := range requests {
		if err := g.cfg.checkRequest(r); err != nil {
			return nil, fmt.Errorf("sample: request %d: %w", i, err)
		}
	}
	if o.MaxTokens == 0 {
		o.MaxTokens = 64
	}
	p := g.decoder()
	prefixes := make([]prefix, len(requests))
	workers := decodeWorkers()
	if err := inParallel(ctx, len(requests), workers, func(i int) error {
		prefixes[i] = p.read(requests[i].Prompt, requests[i].State, max(1, workers/len(requests)))
		return nil
	}); err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	out := make([][]Sample, len(requests))
	var rows []*sampleRow
	for i, r := range requests {
		out[i] = make([]Sample, max(1, r.K))
		for k := range out[i] {
			rows = append(rows, newSampleRow(&out[i][k], prefixes[i], r, k, p.cfg, o))
		}
	}
	// A row is cheapest among four; beyond that each goroutine takes a part of the rows for itself.
	parts := min(workers, max(1, len(rows)/4))
	if err := inParallel(ctx, parts, parts, func(i int) error {
		return p.write(ctx, rows[len(rows)*i/parts:len(rows)*(i+1)/parts], o, max(1, workers/parts))
	}); err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	return out, nil
}

func (c Config) checkRequest(r SampleRequest) error {
	for _, id := range r.Prompt {
		if id < 0 || int(id) >= c.Vocab {
			return fmt.Errorf("token %d is outside of the vocabulary of %d", id, c.Vocab)
		}
	}
	if len(r.State) > 0 && (c.SoftTokens == 0 || len(r.State) != c.Encoder.StateDim) {
		return fmt.Errorf("a state of %d values does not fit", len(r.State))
	}
	return nil
}

// inParallel calls do for 0..n−1 from some goroutines and gives the first error in order. It stops early when ctx ends.
func inParallel(ctx context.Context, n, workers int, do func(i int) error) error {
	workers = max(1, min(workers, n))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		work := func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				if errs[w] = ctx.Err(); errs[w] == nil {
					errs[w] = do(i)
				}
			}
		}
		if w == workers-1 {
			work()
		} else {
			wg.Go(work)
		}
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A sampleRow is a text being written.
type sampleRow struct {
	out    *Sample
	prefix prefix
	caches []cache
	banned []int32
	rng    *rand.Rand
	done   bool
}

func newSampleRow(out *Sample, pre prefix, r SampleRequest, k int, cfg Config, o SampleOptions) *sampleRow {
	return &sampleRow{out: out, prefix: pre, caches: cfg.newCaches(o.MaxTokens), rng: rand.New(rand.NewPCG(r.Seed, uint64(k))),
		banned: append([]int32{PadID, BosID, TextID}, r.Ban...)}
}

// write decodes the rows to their ends.
func (p *packed) write(ctx context.Context, rows []*sampleRow, o SampleOptions, workers int) error {
	if len(rows) == 0 {
		return nil
	}
	longest := 0
	for _, r := range rows {
		longest = max(longest, r.prefix.n+o.MaxTokens)
	}
	s := p.newScratch(len(rows), longest)
	width := p.head.width()
	logits := make([]float32, byFours(len(rows))*width)
	draw := newDrawer(p.cfg.Vocab, o)
	for _, r := range rows {
		draw.next(r, r.prefix.logits[:p.cfg.Vocab])
	}
	batch := make([]row, 0, len(rows))
	for {
		rows = slices.DeleteFunc(rows, func(r *sampleRow) bool { return r.done })
		if len(rows) == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		batch = batch[:0]
		for i, r := range rows {
			n := len(r.out.Tokens)
			token := int(r.out.Tokens[n-1])
			copy(s.x[i*p.cfg.Dim:(i+1)*p.cfg.Dim], p.embed[token*p.cfg.Dim:])
			batch = append(batch, row{position: r.prefix.n + n - 1, put: r.caches, putAt: n - 1,
				sight: sight{shared: r.prefix.caches, sharedN: r.prefix.n, own: r.caches, ownN: n}})
		}
		p.run(s, batch, workers, false)
		p.logits(logits, s, s.x, len(rows), workers)
		for i, r := range rows {
			draw.next(r, logits[i*width:i*width+p.cfg.Vocab])
		}
	}
}

// A drawer draws tokens from logits.
type drawer struct {
	o       SampleOptions
	weights []float32
	order   []int32
}

func newDrawer(vocab int, o SampleOptions) *drawer {
	return &drawer{o: o, weights: make([]float32, vocab)}
}

// next draws the row's next token, which ends the row if it is <end> or the last that fits.
func (d *drawer) next(r *sampleRow, logits []float32) {
	largest := maxOf(logits)
	total := expSum(d.weights, logits, largest, 1)
	token := d.choose(r, logits, largest)
	lp := logits[token] - largest - float32(math.Log(float64(total)))
	r.out.LogProbs = append(r.out.LogProbs, lp)
	if token == EndID {
		r.out.Ended, r.done = true, true
		return
	}
	r.out.Tokens = append(r.out.Tokens, token)
	r.done = len(r.out.Tokens) == d.o.MaxTokens
}

// choose picks a token that is not banned. d.weights holds the exponentials at temperature 1.
func (d *drawer) choose(r *sampleRow, logits []float32, largest float32) int32 {
	banned := append(r.banned, d.repeats(r.out.Tokens)...)
	if d.o.Temperature == 0 {
		return d.likeliest(logits, banned)
	}
	if d.o.Temperature != 1 {
		expSum(d.weights, logits, largest, 1/d.o.Temperature)
	}
	for _, id := range banned {
		if id >= 0 && int(id) < len(d.weights) {
			d.weights[id] = 0
		}
	}
	d.truncate()
	total := 0.0
	for _, w := range d.weights {
		total += float64(w)
	}
	if total == 0 { // what is allowed is too unlikely to have a weight
		return d.likeliest(logits, banned)
	}
	at := r.rng.Float64() * total
	last := EndID
	for id, w := range d.weights {
		if w == 0 {
			continue
		}
		last = int32(id)
		if at -= float64(w); at < 0 {
			break
		}
	}
	return last
}

// likeliest is the id of the largest logit that is not banned; <end> if all are.
func (d *drawer) likeliest(logits []float32, banned []int32) int32 {
	best := EndID
	top := float32(math.Inf(-1))
	for id, v := range logits {
		if v > top && !slices.Contains(banned, int32(id)) {
			best, top = int32(id), v
		}
	}
	return best
}

// truncate gives weight 0 to all but the TopK largest, and to those beyond a share of TopP.
func (d *drawer) truncate() {
	keepP := d.o.TopP > 0 && d.o.TopP < 1
	if !keepP && (d.o.TopK <= 0 || d.o.TopK >= len(d.weights)) {
		return
	}
	d.order = d.order[:0]
	total := 0.0
	for id, w := range d.weights {
		if w > 0 {
			d.order = append(d.order, int32(id))
			total += float64(w)
		}
	}
	slices.SortFunc(d.order, func(a, b int32) int { // the likeliest first, equals by id
		switch wa, wb := d.weights[a], d.weights[b]; {
		case wa > wb:
			return -1
		case wa < wb:
			return 1
		}
		return int(a - b)
	})
	keep := len(d.order)
	if d.o.TopK > 0 {
		keep = min(keep, d.o.TopK)
	}
	if keepP {
		sum := 0.0
		for i, id := range d.order[:keep] {
			if sum += float64(d.weights[id]); sum >= float64(d.o.TopP)*total {
				keep = i + 1
				break
			}
		}
	}
	for _, id := range d.order[keep:] {
		d.weights[id] = 0
	}
}

// repeats lists the tokens that would complete a run of NoRepeat tokens that the text already has.
func (d *drawer) repeats(text []int32) []int32 {
	n := d.o.NoRepeat
	if n <= 0 || len(text) < n {
		return nil
	}
	var ids []int32
	tail := text[len(text)-n+1:]
	for i := 0; i+n <= len(text); i++ {
		if slices.Equal(text[i:i+n-1], tail) {
			ids = append(ids, text[i+n-1])
		}
	}
	return ids
}

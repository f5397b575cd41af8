package lm

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// The ids that every vocabulary begins with, whatever a pretrained one calls them.
const (
	PadID  int32 = 0
	BosID  int32 = 1
	EndID  int32 = 2 // ends a text
	TextID int32 = 3 // stands before it
)

// An Example is one text and what it was written from. It holds token and feature ids only.
type Example struct {
	Prompt    []int32   // without <text>
	Text      []int32   // without <text> and <end>
	Behaviour [][]int32 // events, oldest first, each its hashed features in [1, EncoderConfig.Buckets); empty: nothing is known or consented to
	Aspect    int32     // in [0, Config.Aspects), what the text speaks of first; negative: none
	Rating    float32   // in [0, 1]; NaN: none
	Next      []int32   // features of the next item; empty: none
}

// A microBatch is the examples that one graph call sees: their indices in the data, and the shape that they are padded
// to. Rows beyond the examples weigh nothing.
type microBatch struct {
	examples   []int
	rows       int // ≥ len(examples)
	prompt     int // columns of the prompt, padded on the left
	text       int // columns of <text> and the text, padded on the right
	realTokens int // of prompts, soft tokens and texts
}

// A batching says how examples become micro-batches, and to what shapes these are padded. Each shape is a graph to
// compile, so they are few; the zero value is for backends that compile at once. It decides which examples share a batch
// and changes nothing of what one of them adds to the gradients.
type batching struct {
	few    bool // fewer lengths, and rows that are always full: compiling takes seconds, padded tokens less
	fewest bool // still fewer, with few: the graphs are deep, and one takes as long to compile as several steps
	rows   int  // the number of rows is a multiple of this and of 4
}

// batchingWord is what a checkpoint says of its batching; nothing for the zero value.
const batchingWord = "batching"

func (p batching) note(words map[string]string) {
	switch {
	case p.fewest:
		words[batchingWord] = fmt.Sprintf("fewest shapes, rows by %d", p.byRows())
	case p.few:
		words[batchingWord] = fmt.Sprintf("few shapes, rows by %d", p.byRows())
	}
}

// ErrOtherBatches is why a checkpoint of another backend cannot be resumed: its batches hold other examples.
var ErrOtherBatches = errors.New("on a backend that cuts other batches")

// bucket rounds a length up to one of few: steps of 8 to 64, of 16 to 128, of 64 above.
func (p batching) bucket(n int) int {
	lengths := []int(nil)
	switch {
	case p.fewest:
		lengths = []int{32, 64}
	case p.few:
		lengths = []int{16, 24, 32, 40, 56, 96}
	}
	for _, most := range lengths {
		if n <= most {
			return most
		}
	}
	step := 64
	switch {
	case n <= 64:
		step = 8
	case n <= 128:
		step = 16
	}
	return max(8, (n+step-1)/step*step)
}

// byRows is what the number of rows is a multiple of.
func (p batching) byRows() int {
	by := 4
	for p.rows > 0 && by%p.rows != 0 {
		by += 4
	}
	return by
}

// rowsFor gives the rows of a full micro-batch: as many as keep within the padded tokens.
func (p batching) rowsFor(columns, tokens int) int {
	by := p.byRows()
	return max(by, tokens/columns/by*by)
}

// plan cuts the data into micro-batches of examples of like length, each of at most the given padded tokens. With a
// source of randomness it shuffles the examples and the order of the batches; without, the order is by length. The number
// of batches depends on the data only.
func (p batching) plan(data []Example, soft, tokens int, rng *rand.Rand) []microBatch {
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	if rng != nil {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	type shape struct{ prompt, text int }
	groups := map[shape][]int{}
	for _, i := range order {
		s := shape{p.bucket(len(data[i].Prompt)), p.bucket(len(data[i].Text) + 1)}
		groups[s] = append(groups[s], i)
	}
	shapes := make([]shape, 0, len(groups))
	for s := range groups {
		shapes = append(shapes, s)
	}
	slices.SortFunc(shapes, func(a, b shape) int { return cmp.Or(a.prompt-b.prompt, a.text-b.text) })

	var batches []microBatch
	for i, s := range shapes {
		full, larger := p.rowsFor(s.prompt+soft+s.text, tokens), shapes[i+1:]
		up := slices.IndexFunc(larger, func(l shape) bool { return l.text >= s.text })
		if rest := len(groups[s]) % full; p.few && up >= 0 { // a rest moves up to where there is room
			kept := len(groups[s]) - rest
			groups[larger[up]] = append(groups[larger[up]], groups[s][kept:]...)
			groups[s] = groups[s][:kept]
		}
		for part := range slices.Chunk(groups[s], full) {
			b := microBatch{examples: part, rows: full, prompt: s.prompt, text: s.text}
			for rows := p.byRows(); rows < full && !p.few; rows *= 2 { // a rest takes the next power of two
				if rows >= len(part) {
					b.rows = rows
					break
				}
			}
			for _, i := range part {
				b.realTokens += len(data[i].Prompt) + soft + 1 + len(data[i].Text)
			}
			batches = append(batches, b)
		}
	}
	if rng != nil {
		rng.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	}
	return batches
}

// A batchData is a micro-batch laid out for the graph.
type batchData struct {
	ids     []int32   // [rows, prompt+soft+text]; soft columns hold <pad>
	pad     []int32   // [rows], how many columns on the left are padding
	targets []int32   // [rows, text], what follows each column of the text part
	real    []float32 // [rows, text], 1 where there is a target
	events  []int32   // [rows, MaxEvents, MaxFeatures]; nil without soft tokens
}

// lay lays a micro-batch out. The texts end with <end>.
func (b microBatch) lay(data []Example, cfg Config) batchData {
	soft := cfg.SoftTokens
	columns := b.prompt + soft + b.text
	d := batchData{
		ids:     make([]int32, b.rows*columns),
		pad:     make([]int32, b.rows),
		targets: make([]int32, b.rows*b.text),
		real:    make([]float32, b.rows*b.text),
	}
	histories := make([][][]int32, b.rows)
	for r := range b.rows {
		row := d.ids[r*columns : (r+1)*columns]
		row[b.prompt+soft] = TextID
		d.pad[r] = int32(b.prompt)
		if r >= len(b.examples) {
			continue
		}
		e := data[b.examples[r]]
		d.pad[r] = int32(b.prompt - len(e.Prompt))
		copy(row[d.pad[r]:], e.Prompt)
		copy(row[b.prompt+soft+1:], e.Text)
		targets := d.targets[r*b.text : (r+1)*b.text]
		targets[copy(targets, e.Text)] = EndID
		for t := range len(e.Text) + 1 {
			d.real[r*b.text+t] = 1
		}
		histories[r] = e.Behaviour
	}
	if soft > 0 {
		d.events = padBehaviour(histories, cfg.Encoder)
	}
	return d
}

// headData is what the heads learn from: the counts that their losses are averaged over, and per-row targets.
type headData struct {
	aspect []float32 // [rows, Aspects], weight at the true aspect
	rating []float32 // [rows]
	rated  []float32 // [rows], weight of the rating
	next   []float32 // [rows, Buckets], weight spread over the true features
}

// layHeads lays out the heads' targets; the weights say what one example counts for each of them.
func (b microBatch) layHeads(data []Example, cfg Config, aspect, rating, next float32) headData {
	h := headData{rating: make([]float32, b.rows), rated: make([]float32, b.rows)}
	if cfg.Aspects > 0 {
		h.aspect = make([]float32, b.rows*cfg.Aspects)
	}
	if cfg.SoftTokens > 0 {
		h.next = make([]float32, b.rows*cfg.Encoder.Buckets)
	}
	for r, i := range b.examples {
		e := data[i]
		if h.aspect != nil && e.Aspect >= 0 {
			h.aspect[r*cfg.Aspects+int(e.Aspect)] = aspect
		}
		if !math.IsNaN(float64(e.Rating)) {
			h.rating[r], h.rated[r] = e.Rating, rating
		}
		if e.teachesNext(cfg) {
			for _, f := range e.Next {
				h.next[r*cfg.Encoder.Buckets+int(f)] += next / float32(len(e.Next))
			}
		}
	}
	return h
}

// teachesNext reports whether the example trains the next-item head: it needs both a history and what followed.
func (e Example) teachesNext(cfg Config) bool {
	return cfg.SoftTokens > 0 && len(e.Behaviour) > 0 && len(e.Next) > 0
}

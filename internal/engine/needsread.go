package engine

import (
	"math"
	"slices"
	"strings"

	"because/internal/ingest"
	"because/internal/pack"
)

// A readWant is one constraint as read from a text: bounds of a field, or words of which one is meant.
type readWant struct {
	field     string
	low, high *float64
	words     []string
}

// read takes the constraints on places of a kind from what was said, as explanations do.
func (n *needsEval) read(w *world, kind, s string) []readWant {
	p, v := n.e.packs.Pack("travel"), w.words["travel"]
	wishes := p.Wishes(n.o.Lang, s, v)
	var out []readWant
	add := func(x readWant) {
		if !slices.ContainsFunc(out, func(o readWant) bool { return o.field == x.field && sameWant(o, x) }) {
			out = append(out, x)
		}
	}
	for _, x := range wishes {
		fields := slices.DeleteFunc(slices.Clone(x.Fields), func(f string) bool { return !v.Has(kind, f) })
		if len(fields) == 0 && len(x.Fields) == 1 && x.Word == "" { // another label for the only amount of the kind
			for f, y := range p.Fields {
				if y.Unit != "" && y.Unit == p.Fields[x.Fields[0]].Unit && v.Has(kind, f) {
					fields = append(fields, f)
				}
			}
		}
		if len(fields) != 1 {
			continue
		}
		r := readWant{field: fields[0], low: x.Low, high: x.High}
		if x.Word != "" {
			r.words = []string{x.Word}
		}
		add(r)
	}
	last := -1
	for _, h := range p.Match(n.o.Lang, s) {
		if h.Word == "" || slices.ContainsFunc(wishes, func(x pack.Wish) bool { return h.Start < x.End && x.Start < h.End }) {
			continue
		}
		for _, f := range v.Holds(h.Word) {
			if !v.Has(kind, f) {
				continue
			}
			if h.Start == last && len(out) > 0 && out[len(out)-1].field == f { // one wording of several words
				out[len(out)-1].words = append(out[len(out)-1].words, h.Word)
				continue
			}
			last = h.Start
			add(readWant{field: f, words: []string{h.Word}})
		}
	}
	return out
}

func sameWant(a, b readWant) bool {
	near := func(x, y *float64) bool {
		return x == nil && y == nil || x != nil && y != nil && math.Abs(*x-*y) < 1e-9
	}
	return near(a.low, b.low) && near(a.high, b.high) && slices.Equal(a.words, b.words)
}

// compare counts the constraints of one request that were read right.
func (n *needsEval) compare(w *world, r needsRequest) {
	read := n.read(w, ingest.PlaceKinds[r.kind], strings.Join(r.said, "。"))
	at := func(f string) *NeedsSlots {
		if n.fields[f] == nil {
			n.fields[f] = &NeedsSlots{}
		}
		return n.fields[f]
	}
	used := make([]bool, len(read))
	for _, want := range r.wants {
		n.slots.Annotated++
		at(want.field).Annotated++
		for i, x := range read {
			if used[i] || x.field != want.field && !(want.field == "dishes" && x.field == "tags") {
				continue
			}
			if want.word != "" && slices.Contains(x.words, want.word) || want.word == "" && sameWant(readWant{low: want.low, high: want.high}, readWant{low: x.low, high: x.high}) {
				used[i] = true
				n.slots.Right++
				at(want.field).Right++
				break
			}
		}
	}
	for _, x := range read {
		n.slots.Read++
		at(x.field).Read++
	}
}

// scored is a count with its shares.
func (s NeedsSlots) scored() NeedsSlots {
	if s.Read > 0 {
		s.Precision = float64(s.Right) / float64(s.Read)
	}
	if s.Annotated > 0 {
		s.Recall = float64(s.Right) / float64(s.Annotated)
	}
	if s.Right > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}

package recommend

import (
	"math"
	"sync"

	"because"
)

// asking is what everybody asks for in searches: a reader who asks for something more than others do likes it.
type asking struct {
	Words  [][]weighted // by category: P(word asked for | search for the category), sorted by word
	Fields [][]weighted // likewise of numeric fields
	Word   slab
	Field  slab
}

const (
	askSmooth = 8.  // imaginary searches per category that ask for nothing
	maxAsked  = 16  // latest searches of a reader that are read
	askedLift = 1.2 // log odds ratio that searches alone can tell of
	askedMean = .6  // shift of a number, in standard deviations, likewise
)

// A question is a search as likings see it.
type question struct {
	cat    int32 // category that it is for
	words  []int32
	fields []int32
	signs  []float64 // of fields: 1 for more, -1 for less
}

// questions reads the latest searches of a history, each in the domain and category of what the reader turned to next.
func (m *Model) questions(history []because.Interaction) []question {
	if m.asks == nil {
		return nil
	}
	c := m.Items
	var out []question
	next := int32(-1)
	for n := len(history) - 1; n >= 0 && len(out) < maxAsked; n-- {
		x := &history[n]
		if i, ok := c.index[x.Item]; ok {
			next = i
			continue
		}
		if x.Kind != because.Search || x.Query == "" || next < 0 {
			continue
		}
		q := question{cat: c.lead(next)}
		for _, w := range m.wants(c.Domain[next], x.Query) {
			for _, y := range w.ways {
				switch {
				case y.word >= 0:
					q.words = appendNew(q.words, y.word)
				case y.field >= 0 && y.sign != 0:
					q.fields, q.signs = append(q.fields, y.field), append(q.signs, y.sign)
				}
			}
		}
		out = append(out, q)
	}
	return out
}

// newAsking counts the searches of all readers.
func (m *Model) newAsking(readers [][]because.Interaction) asking {
	c := m.Items
	n := make([]float64, len(c.Cats))
	words, fields := make([]map[int32]float64, len(c.Cats)), make([]map[int32]float64, len(c.Cats))
	for k := range c.Cats {
		words[k], fields[k] = map[int32]float64{}, map[int32]float64{}
	}
	asked := make([][]question, len(readers))
	for u, h := range readers {
		asked[u] = m.questions(h)
		for _, q := range asked[u] {
			n[q.cat]++
			for _, w := range q.words {
				words[q.cat][w]++
			}
			for _, f := range q.fields {
				fields[q.cat][f]++
			}
		}
	}
	a := asking{Words: make([][]weighted, len(c.Cats)), Fields: make([][]weighted, len(c.Cats))}
	for k := range c.Cats {
		for _, w := range sortedKeys(words[k]) {
			a.Words[k] = append(a.Words[k], weighted{w, float32(words[k][w] / (n[k] + askSmooth))})
		}
		for _, f := range sortedKeys(fields[k]) {
			a.Fields[k] = append(a.Fields[k], weighted{f, float32(fields[k][f] / (n[k] + askSmooth))})
		}
	}
	var ws, fs []trace
	for _, qs := range asked {
		t := a.traces(qs)
		for _, w := range sortedKeys(t.words) {
			ws = append(ws, t.words[w].done())
		}
		for _, f := range sortedKeys(t.fields) {
			fs = append(fs, t.fields[f].done())
		}
	}
	a.Word = fitSlab(ws[:min(maxTraces, len(ws))], binaryWidths, binaryEvidence)
	a.Field = fitSlab(fs[:min(maxTraces, len(fs))], binaryWidths, binaryEvidence)
	return a
}

// askTraces are a reader's searches per word and field; p sums up base rates until done.
type askTraces struct {
	words, fields map[int32]trace
	sign          map[int32]float64
}

func (t trace) done() trace { return trace{t.o, t.n, rate(t.p / t.n)} }

func (a *asking) traces(qs []question) askTraces {
	t := askTraces{map[int32]trace{}, map[int32]trace{}, map[int32]float64{}}
	for _, q := range qs {
		for _, w := range a.Words[q.cat] {
			x := t.words[w.Ref]
			t.words[w.Ref] = trace{x.o, x.n + 1, x.p + float64(w.Weight)}
		}
		for _, w := range a.Fields[q.cat] {
			x := t.fields[w.Ref]
			t.fields[w.Ref] = trace{x.o, x.n + 1, x.p + float64(w.Weight)}
		}
		for _, w := range q.words {
			if x, ok := t.words[w]; ok {
				t.words[w] = trace{x.o + 1, x.n, x.p}
			}
		}
		for k, f := range q.fields {
			if x, ok := t.fields[f]; ok {
				t.fields[f] = trace{x.o + 1, x.n, x.p}
				t.sign[f] += q.signs[k]
			}
		}
	}
	return t
}

// both is the expected lift when a history and searches speak of the same liking.
func (s slab) both(history trace, asks slab, asked trace) float64 {
	told := binaryEvidence(asked, asks.Width)
	x, seen := 0.0, 0.0
	if history.n > 0 {
		x, seen = s.raw(history), binaryEvidence(clamped(history), s.Width)
	}
	if asked.o > asked.n*asked.p {
		x = max(x, min(askedLift, asks.raw(asked)))
	} else {
		told = min(told, 0)
	}
	return min(maxLift, max(-maxLift, included(max(s.Share, asks.Share), seen+told)*x))
}

// bothMean is the same for a number.
func (s slab) bothMean(history trace, asks slab, asked trace, sign float64) float64 {
	told := binaryEvidence(asked, asks.Width)
	m, seen := 0.0, 0.0
	if history.n > 0 {
		m, seen = history.o*s.Width/(1+s.Width*history.n), normalEvidence(history, s.Width)
	}
	if asked.o > asked.n*asked.p && sign != 0 {
		m = math.Copysign(max(math.Copysign(m, sign)*truth(m*sign > 0), askedMean), sign)
	} else {
		told = min(told, 0)
	}
	return included(max(s.Share, asks.Share), seen+told) * m
}

// A wantCache remembers how texts were read. It is the only part of a model that changes, and nothing depends on it but
// time.
type wantCache struct {
	mu sync.Mutex
	m  map[wantKey]reading
}

type wantKey struct {
	domain int32 // -1 for all
	need   bool
	text   string
}

const maxWants = 4096 // texts remembered before the cache starts anew

func (c *wantCache) get(k wantKey, read func() reading) reading {
	if c == nil {
		return read()
	}
	c.mu.Lock()
	w, ok := c.m[k]
	c.mu.Unlock()
	if ok {
		return w
	}
	w = read()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= maxWants || c.m == nil {
		c.m = map[wantKey]reading{}
	}
	c.m[k] = w
	return w
}

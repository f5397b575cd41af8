package eval

import "math"

// A trigrams is a small language model: trigrams over numbered words, interpolated down to single words and to chance by
// method C (Witten and Bell 1991). Words outside its vocabulary are one word.
type trigrams struct {
	vocab  map[int32]bool
	counts map[[3]int32]float64
	after  map[[2]int32]followers
}

// followers are how many words followed a context, and how many different ones.
type followers struct{ words, different float64 }

// Tokens that no text holds; none pads a context that is shorter than two words.
const (
	none      int32 = -1 - iota // no word: the context is shorter
	textStart                   // before a text
	textEnd                     // after it
	unknown                     // any word outside the vocabulary
)

func newTrigrams(texts [][]int32, vocab map[int32]bool) *trigrams {
	m := &trigrams{vocab: vocab, counts: map[[3]int32]float64{}, after: map[[2]int32]followers{}}
	for _, t := range texts {
		m.each(t, func(a, b, w int32) {
			for _, context := range [][2]int32{{a, b}, {none, b}, {none, none}} {
				k := [3]int32{context[0], context[1], w}
				f := m.after[context]
				f.words++
				if m.counts[k] == 0 {
					f.different++
				}
				m.after[context] = f
				m.counts[k]++
			}
		})
	}
	return m
}

// each calls f with every word of a text and the two before it, and with its end.
func (m *trigrams) each(text []int32, f func(a, b, w int32)) {
	a, b := textStart, textStart
	for _, w := range text {
		if !m.vocab[w] {
			w = unknown
		}
		f(a, b, w)
		a, b = b, w
	}
	f(a, b, textEnd)
}

// p is the probability of a word after two others: (c(ab w) + T(ab)·p(w|b)) / (c(ab) + T(ab)), where T counts the
// different words seen after a context, and so on down to an equal chance for every word.
func (m *trigrams) p(a, b, w int32) float64 {
	p := 1 / float64(len(m.vocab)+2) // the vocabulary, unknown and end
	for _, context := range [][2]int32{{none, none}, {none, b}, {a, b}} {
		if f := m.after[context]; f.words > 0 {
			p = (m.counts[[3]int32{context[0], context[1], w}] + f.different*p) / (f.words + f.different)
		}
	}
	return p
}

// surprise are the −ln p of each word of a text and of its end.
func (m *trigrams) surprise(text []int32) []float64 {
	var out []float64
	m.each(text, func(a, b, w int32) { out = append(out, -math.Log(m.p(a, b, w))) })
	return out
}

// perplexity of texts under the model, with its interval over texts.
func (m *trigrams) perplexity(texts [][]int32, seed uint64) Interval {
	groups := make([][]float64, len(texts))
	for i, t := range texts {
		groups[i] = m.surprise(t)
	}
	x := BootstrapGroups(groups, 0, seed)
	if x.N > 0 {
		x.Mean, x.Low, x.High = math.Exp(x.Mean), math.Exp(x.Low), math.Exp(x.High)
	}
	return x
}

// frequent are the words that occur in texts at least twice.
func frequent(texts [][]int32) map[int32]bool {
	count, out := map[int32]int{}, map[int32]bool{}
	for _, t := range texts {
		for _, w := range t {
			if count[w]++; count[w] == 2 {
				out[w] = true
			}
		}
	}
	return out
}

package eval

import (
	"cmp"
	"math"
	"slices"

	"because/internal/text"
)

// A BM25 ranks documents by the words that they share with a query (Robertson and Zaragoza 2009, eq. 3.15), with k1 = 1.2
// and b = .75.
type BM25 struct {
	counts []map[string]float64
	length []float64
	mean   float64
	in     map[string]float64 // documents that hold a word
}

// NewBM25 counts the words of documents.
func NewBM25(docs []string) *BM25 {
	m := &BM25{in: map[string]float64{}}
	for _, d := range docs {
		c := map[string]float64{}
		words := text.Terms(d)
		for _, w := range words {
			c[w]++
		}
		for w := range c {
			m.in[w]++
		}
		m.counts, m.length = append(m.counts, c), append(m.length, float64(len(words)))
		m.mean += float64(len(words)) / float64(len(docs))
	}
	return m
}

// Rank orders the documents, the best first; of equal ones the first given comes first.
func (m *BM25) Rank(query string) []int {
	scores := make([]float64, len(m.counts))
	for _, w := range text.Terms(query) {
		n := m.in[w]
		idf := math.Log(1 + (float64(len(m.counts))-n+.5)/(n+.5))
		for i, c := range m.counts {
			if f := c[w]; f > 0 {
				scores[i] += idf * f * 2.2 / (f + 1.2*(.25+.75*m.length[i]/m.mean))
			}
		}
	}
	out := make([]int, len(scores))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return out
}

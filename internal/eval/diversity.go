package eval

import "math"

// Distinct is the share of different n-grams among all n-grams of texts (Li et al. 2016), in [0, 1]; n is at most 4. It
// falls as texts are added, so only equal numbers of texts of like length compare.
func Distinct[T comparable](texts [][]T, n int) float64 {
	seen, all := map[[maxOrder]T]bool{}, 0
	for _, t := range texts {
		for i := 0; i+n <= len(t); i++ {
			seen[key(t[i:i+n])] = true
			all++
		}
	}
	return ratio(float64(len(seen)), float64(all))
}

// mostOf are the two largest counts of an n-gram in any text, and the text of the largest.
type mostOf struct {
	first, second int32
	text          int32
}

// SelfBLEU is BLEU-4 of each text with all others as its references (Zhu et al. 2018), in [0, 1]: 1 says everything
// twice. There is no brevity penalty; a precision without a match counts as half a match, and a text of fewer than four
// tokens is measured by the orders that it has. It grows with the number of texts, so only equal numbers compare.
//
// Of each n-gram only the two largest counts are kept, so it is linear in the texts.
func SelfBLEU[T comparable](texts [][]T) []float64 {
	if len(texts) < 2 {
		return nil
	}
	logs, orders := make([]float64, len(texts)), make([]int, len(texts))
	for n := 1; n <= maxOrder; n++ {
		most := map[[maxOrder]T]mostOf{}
		for i, t := range texts {
			for g, c := range gramCounts(t, n) {
				most[g] = most[g].with(c, int32(i))
			}
		}
		for i, t := range texts {
			match, all := int32(0), len(t)-n+1
			if all < 1 {
				continue
			}
			for g, c := range gramCounts(t, n) {
				m := most[g]
				if m.text == int32(i) {
					m.first = m.second
				}
				match += min(c, m.first)
			}
			logs[i] += math.Log(max(float64(match), .5) / float64(all))
			orders[i]++
		}
	}
	out := make([]float64, len(texts))
	for i := range out {
		if orders[i] > 0 {
			out[i] = math.Exp(logs[i] / float64(orders[i]))
		}
	}
	return out
}

func (m mostOf) with(count, text int32) mostOf {
	switch {
	case count > m.first:
		return mostOf{first: count, second: m.first, text: text}
	case count > m.second:
		m.second = count
	}
	return m
}

func gramCounts[T comparable](tokens []T, n int) map[[maxOrder]T]int32 {
	counts := make(map[[maxOrder]T]int32, len(tokens))
	for i := 0; i+n <= len(tokens); i++ {
		counts[key(tokens[i:i+n])]++
	}
	return counts
}

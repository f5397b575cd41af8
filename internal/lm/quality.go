package lm

import (
	"cmp"
	"math"
	"slices"
)

// A gram is up to four tokens, the rest −1.
type gram [4]int32

// ngrams counts the runs of n ≤ 4 tokens.
func ngrams(text []int32, n int) map[gram]int {
	counts := make(map[gram]int, len(text))
	for i := 0; i+n <= len(text); i++ {
		g := gram{-1, -1, -1, -1}
		copy(g[:], text[i:i+n])
		counts[g]++
	}
	return counts
}

// distinct is the share of different n-grams among all of the texts (Li et al. 2016).
func distinct(texts [][]int32, n int) float64 {
	all, total := map[gram]int{}, 0
	for _, t := range texts {
		for g, c := range ngrams(t, n) {
			all[g] += c
			total += c
		}
	}
	return float64(len(all)) / float64(max(1, total))
}

// bleu is BLEU-n of one text against references (Papineni et al. 2002) without brevity penalty: the geometric mean of the
// clipped precisions, each smoothed by one match in twice the n-grams where there is none. A text of fewer than n tokens
// is measured by the orders that it has; an empty one scores 0.
func bleu(text []int32, references [][]int32, n int) float64 {
	counts := make([][]map[gram]int, len(references))
	for i, r := range references {
		counts[i] = gramsOf(r, n)
	}
	return bleuOf(gramsOf(text, n), counts)
}

// gramsOf are the n-gram counts of orders 1 to n.
func gramsOf(text []int32, n int) []map[gram]int {
	out := make([]map[gram]int, n)
	for i := range out {
		out[i] = ngrams(text, i+1)
	}
	return out
}

func bleuOf(text []map[gram]int, references [][]map[gram]int) float64 {
	logs, orders := 0.0, 0
	for i, grams := range text {
		if len(grams) == 0 {
			break
		}
		match, total := 0, 0
		for g, c := range grams {
			most := 0
			for _, r := range references {
				most = max(most, r[i][g])
			}
			match += min(c, most)
			total += c
		}
		p := float64(match) / float64(total)
		if match == 0 {
			p = 1 / (2 * float64(total))
		}
		logs += math.Log(p)
		orders++
	}
	if orders == 0 {
		return 0
	}
	return math.Exp(logs / float64(orders))
}

// selfBLEU is the mean BLEU-n of each text against all others (Zhu et al. 2018); 0 for fewer than two.
func selfBLEU(texts [][]int32, n int) float64 {
	if len(texts) < 2 {
		return 0
	}
	grams := make([][]map[gram]int, len(texts))
	for i, t := range texts {
		grams[i] = gramsOf(t, n)
	}
	sum := 0.0
	others := make([][]map[gram]int, 0, len(texts)-1)
	for i, g := range grams {
		others = append(append(others[:0], grams[:i]...), grams[i+1:]...)
		sum += bleuOf(g, others)
	}
	return sum / float64(len(texts))
}

// A qualityPoint is one temperature's place on the plane of quality and diversity.
type qualityPoint struct{ quality, diversity float64 }

// coveredArea is the area of [0, ∞)² that the points dominate: where some point is at least as good on both axes.
func coveredArea(points []qualityPoint) float64 {
	points = slices.Clone(points)
	slices.SortFunc(points, func(a, b qualityPoint) int { return cmp.Compare(b.diversity, a.diversity) })
	area, height := 0.0, 0.0
	for _, p := range points { // from the most diverse on, each adds what rises above those before
		if p.quality > height {
			area += p.diversity * (p.quality - height)
			height = p.quality
		}
	}
	return area
}

package recommend

import (
	"math"
	"slices"
)

// variety is the weight of diversity, in standard deviations of the scores that compete.
const variety = .25

// diversify picks n of the ranked items one by one, each time the one whose score less its likeness to the items
// already picked is highest (MMR, Carbonell and Goldstein 1998). penalty is what each picked one lost.
func (s *state) diversify(ranked []int32, scores []float64, n int) (chosen []int32, penalty []float64) {
	n = min(n, len(ranked))
	scale := variety * deviation(ranked, scores)
	if s.hides("diversity:") {
		scale = 0
	}
	like := make([]float64, len(ranked)) // greatest likeness to a picked item
	taken := make([]bool, len(ranked))
	for range n {
		best := -1
		for k, i := range ranked {
			if !taken[k] && (best < 0 || scores[i]-scale*like[k] > scores[ranked[best]]-scale*like[best]) {
				best = k
			}
		}
		taken[best] = true
		chosen, penalty = append(chosen, ranked[best]), append(penalty, scale*like[best])
		for k, i := range ranked {
			if !taken[k] && scale > 0 {
				like[k] = max(like[k], s.m.Items.likeness(i, ranked[best]))
			}
		}
	}
	return chosen, penalty
}

func deviation(items []int32, scores []float64) float64 {
	if len(items) < 2 {
		return 0
	}
	sum, sq := 0.0, 0.0
	for _, i := range items {
		d := scores[i] - scores[items[0]]
		sum, sq = sum+d, sq+d*d
	}
	n := float64(len(items))
	return math.Sqrt(max(0, sq/n-sum/n*sum/n))
}

// likeness of two items is in [0, 1]: half for the leading category, half for the words in common.
func (c *catalogue) likeness(i, j int32) float64 {
	v := 0.0
	if c.lead(i) == c.lead(j) && c.Cats[c.lead(i)] != "" {
		v = .5
	}
	both := 0
	for _, w := range c.ItemWords[i] {
		both += int(truth(slices.Contains(c.ItemWords[j], w)))
	}
	if all := len(c.ItemWords[i]) + len(c.ItemWords[j]) - both; all > 0 {
		v += .5 * float64(both) / float64(all)
	}
	return v
}

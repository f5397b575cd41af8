package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// An Interval is a mean with its 95 % bootstrap interval.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"` // values, or groups of them
}

// Mean is the arithmetic mean, 0 of nothing.
func Mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return ratio(sum, float64(len(xs)))
}

// Bootstrap is the percentile bootstrap interval of a mean over rounds resamples (Efron 1979); 0 rounds means 1000. The
// values must be independent of each other: several of one reader are not, so give those to BootstrapGroups.
func Bootstrap(xs []float64, rounds int, seed uint64) Interval {
	groups := make([][]float64, len(xs))
	for i := range xs {
		groups[i] = xs[i : i+1]
	}
	return BootstrapGroups(groups, rounds, seed)
}

// BootstrapGroups resamples whole groups, for values that are not independent within one. The mean is over values, so a
// large group counts for more.
func BootstrapGroups(groups [][]float64, rounds int, seed uint64) Interval {
	groups = slices.DeleteFunc(slices.Clone(groups), func(g []float64) bool { return len(g) == 0 })
	n := len(groups)
	if n == 0 {
		return Interval{}
	}
	if rounds == 0 {
		rounds = 1000
	}
	sums := make([]float64, n)
	all, count := 0.0, 0
	for i, g := range groups {
		for _, x := range g {
			sums[i] += x
		}
		all += sums[i]
		count += len(g)
	}
	rng := rand.New(rand.NewPCG(seed, 0xb007))
	means := make([]float64, rounds)
	for r := range means {
		sum, size := 0.0, 0
		for range n {
			i := rng.IntN(n)
			sum += sums[i]
			size += len(groups[i])
		}
		means[r] = sum / float64(size)
	}
	slices.Sort(means)
	return Interval{Mean: all / float64(count), Low: quantile(means, .025), High: quantile(means, .975), N: n}
}

// quantile interpolates between the order statistics of sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	lo := int(math.Floor(at))
	hi := min(lo+1, len(sorted)-1)
	return sorted[lo] + (at-float64(lo))*(sorted[hi]-sorted[lo])
}

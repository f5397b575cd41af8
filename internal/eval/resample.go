package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A resample draws groups of rows with replacement and recomputes many statistics on each draw, so that all of them
// have intervals from one pass and differences are paired. A statistic is a function of sums over the rows drawn.
type resample struct {
	group []int32 // of each row, numbered from 0
	n     int     // groups
	cols  [][]float64
	stats []func(sums []float64) float64
	rows  int // one more than the place of the column that counts rows; 0 before there is one
}

func newResample(group []int32) *resample {
	n := int32(0)
	for _, g := range group {
		n = max(n, g+1)
	}
	return &resample{group: group, n: int(n)}
}

// sum adds the column that sums f over rows and returns its place.
func (r *resample) sum(f func(row int) float64) int {
	col := make([]float64, r.n)
	for row, g := range r.group {
		col[g] += f(row)
	}
	r.cols = append(r.cols, col)
	return len(r.cols) - 1
}

// stat adds a statistic of the columns' sums and returns its place.
func (r *resample) stat(f func(sums []float64) float64) int {
	r.stats = append(r.stats, f)
	return len(r.stats) - 1
}

// mean adds the mean of values; rows whose value is NaN do not count.
func (r *resample) mean(values []float64) int {
	count := r.count()
	if slices.ContainsFunc(values, math.IsNaN) {
		count = r.sum(func(row int) float64 { return valid(values[row], 1) })
	}
	sum := r.sum(func(row int) float64 { return valid(values[row], values[row]) })
	return r.stat(func(s []float64) float64 { return ratio(s[sum], s[count]) })
}

// count is the column that counts rows.
func (r *resample) count() int {
	if r.rows == 0 {
		r.rows = r.sum(func(int) float64 { return 1 }) + 1
	}
	return r.rows - 1
}

// valid is x, or 0 beside what is not a number.
func valid(of, x float64) float64 {
	if math.IsNaN(of) {
		return 0
	}
	return x
}

// manyGroups is from where an interval's ends are steady after fewer rounds.
const manyGroups = 20_000

// intervals are the 95 % percentile intervals of all statistics over 1000 resamples, 200 of very many groups.
func (r *resample) intervals(seed uint64) []Interval {
	out := make([]Interval, len(r.stats))
	if r.n == 0 {
		return out
	}
	k := len(r.cols)
	flat, all := make([]float64, r.n*k), make([]float64, k) // a group's sums beside each other
	for c, col := range r.cols {
		for g, v := range col {
			flat[g*k+c] = v
			all[c] += v
		}
	}
	rounds := 1000
	if r.n > manyGroups {
		rounds = 200
	}
	rng := rand.New(rand.NewPCG(seed, 0xb007))
	drawn, sums := make([][]float64, len(r.stats)), make([]float64, k)
	for range rounds {
		clear(sums)
		for range r.n {
			g := rng.IntN(r.n) * k
			for c, v := range flat[g : g+k] {
				sums[c] += v
			}
		}
		for s, f := range r.stats {
			drawn[s] = append(drawn[s], f(sums))
		}
	}
	for s, f := range r.stats {
		slices.Sort(drawn[s])
		out[s] = Interval{Mean: f(all), Low: quantile(drawn[s], .025), High: quantile(drawn[s], .975), N: r.n}
	}
	return out
}

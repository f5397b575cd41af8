package learn

import (
	"math"
	"slices"
)

// stats are what a ridge regression needs of its rows: the sums of x·xᵀ and of reward·x.
//
// Features are rounded to 1/1024 and rewards too, so that every sum is exact in a float64 for billions of rows and does
// not depend on the order of the rows: a policy that was replayed equals the one that never stopped, bit for bit.
type stats struct {
	xx   [][]float64 // lower triangle, by feature index
	xr   []float64
	rows int // taught
}

const grain = 1024

// rounded puts a number on the grid, at most 1 in size.
func rounded(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Round(max(-1, min(1, v))*grain) / grain
}

// A cell is one feature of a row: its index and value.
type cell struct {
	at int
	v  float64
}

// add adds one row; times -1 takes it back.
func (s *stats) add(row []cell, reward, times float64) {
	for _, a := range row {
		s.grow(a.at + 1)
	}
	for _, a := range row {
		for _, b := range row {
			if b.at <= a.at {
				s.xx[a.at][b.at] += times * a.v * b.v
			}
		}
		s.xr[a.at] += times * reward * a.v
	}
}

func (s *stats) grow(n int) {
	for len(s.xr) < n {
		s.xr = append(s.xr, 0)
		s.xx = append(s.xx, make([]float64, len(s.xr)))
	}
}

// merge adds all rows of t.
func (s *stats) merge(t *stats) {
	s.grow(len(t.xr))
	s.rows += t.rows
	for i, row := range t.xx {
		for j, v := range row {
			s.xx[i][j] += v
		}
		s.xr[i] += t.xr[i]
	}
}

// solve is the weights that minimise Σ(reward − w·x)² + λ|w − prior|², that is (XᵀX + λI)⁻¹(Xᵀr + λ·prior), in the
// order of features that order gives. prior has len(order) values.
func (s *stats) solve(order []int, prior []float64, lambda float64) []float64 {
	n := len(order)
	a := make([][]float64, n)
	w := make([]float64, n)
	for i, fi := range order {
		a[i] = make([]float64, i+1)
		for j := range i + 1 {
			a[i][j] = s.at(fi, order[j])
		}
		a[i][i] += lambda
		w[i] = lambda * prior[i]
		if fi < len(s.xr) {
			w[i] += s.xr[fi]
		}
	}
	cholesky(a)
	for i := range n { // L·y = w
		for j := range i {
			w[i] -= a[i][j] * w[j]
		}
		w[i] /= a[i][i]
	}
	for i := n - 1; i >= 0; i-- { // Lᵀ·w = y
		for j := i + 1; j < n; j++ {
			w[i] -= a[j][i] * w[j]
		}
		w[i] /= a[i][i]
	}
	return w
}

func (s *stats) at(i, j int) float64 {
	if i < j {
		i, j = j, i
	}
	if i >= len(s.xx) {
		return 0
	}
	return s.xx[i][j]
}

// cholesky turns the lower triangle of a positive definite matrix into L with L·Lᵀ = a.
func cholesky(a [][]float64) {
	for i := range a {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= a[i][k] * a[j][k]
			}
			if i == j {
				a[i][i] = math.Sqrt(max(sum, 1e-12))
			} else {
				a[i][j] = sum / a[j][j]
			}
		}
	}
}

// byName is the indices of features in the order of their names.
func byName(index map[string]int) []int {
	names := make([]string, 0, len(index))
	for name := range index {
		names = append(names, name)
	}
	slices.Sort(names)
	order := make([]int, len(names))
	for i, name := range names {
		order[i] = index[name]
	}
	return order
}

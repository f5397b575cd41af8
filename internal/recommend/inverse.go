package recommend

import (
	"context"

	"golang.org/x/sync/errgroup"
)

func axpy4Plain(y []float32, a *[4]float32, b0, b1, b2, b3 []float32) {
	b0, b1, b2, b3 = b0[:len(y)], b1[:len(y)], b2[:len(y)], b3[:len(y)]
	for i := range y {
		y[i] += a[0]*b0[i] + a[1]*b1[i] + a[2]*b2[i] + a[3]*b3[i]
	}
}

const (
	block = 64  // pivots that are eliminated together; a multiple of 4
	tile  = 512 // columns of the pivot rows that stay in the cache
)

// invert replaces the symmetric positive definite n×n matrix a, row by row, by its inverse: Gauss-Jordan elimination
// in blocks, which needs no pivoting for such a matrix. Each row is computed by one worker alone, so the result does
// not depend on their number.
func invert(ctx context.Context, a []float32, n, workers int, progress func(done, total int)) error {
	diag := make([]float32, block*block)
	pivots := make([]float32, block*n)
	for k := 0; k < n; k += block {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := min(block, n-k)
		invertBlock(a, n, k, b, diag)
		multiplyRows(a, n, k, b, diag, pivots)
		g := errgroup.Group{}
		g.SetLimit(max(1, workers))
		for from := 0; from < n; from += block {
			if from == k {
				continue
			}
			g.Go(func() error {
				eliminate(a, n, k, b, from, min(n, from+block), diag, pivots)
				return nil
			})
		}
		_ = g.Wait()
		for r := range b {
			copy(a[(k+r)*n:(k+r+1)*n], pivots[r*n:(r+1)*n])
			copy(a[(k+r)*n+k:(k+r)*n+k+b], diag[r*block:r*block+b])
		}
		progress(min(n, k+block), n)
	}
	return nil
}

// invertBlock writes the inverse of the b×b block at (k, k) to d, in double precision on the way.
func invertBlock(a []float32, n, k, b int, d []float32) {
	m := make([]float64, b*b)
	for r := range b {
		for c := range b {
			m[r*b+c] = float64(a[(k+r)*n+k+c])
		}
	}
	for p := range b {
		inv := 1 / m[p*b+p]
		m[p*b+p] = 1
		for c := range b {
			m[p*b+c] *= inv
		}
		for r := range b {
			if r == p {
				continue
			}
			f := m[r*b+p]
			m[r*b+p] = 0
			for c := range b {
				m[r*b+c] -= f * m[p*b+c]
			}
		}
	}
	for r := range b {
		for c := range b {
			d[r*block+c] = float32(m[r*b+c])
		}
	}
}

// multiplyRows writes d times the pivot rows of a to out.
func multiplyRows(a []float32, n, k, b int, d, out []float32) {
	for r := range b {
		row := out[r*n : (r+1)*n]
		clear(row)
		addRows(row, d[r*block:r*block+b], 1, a[k*n:], n, 0, n)
	}
}

// eliminate takes the pivots out of the rows from … to.
func eliminate(a []float32, n, k, b, from, to int, d, pivots []float32) {
	old := make([]float32, block*block)
	for i := from; i < to; i++ {
		copy(old[(i-from)*block:], a[i*n+k:i*n+k+b])
		clear(a[i*n+k : i*n+k+b])
	}
	for c := 0; c < n; c += tile {
		for i := from; i < to; i++ {
			addRows(a[i*n:(i+1)*n], old[(i-from)*block:(i-from)*block+b], -1, pivots, n, c, min(n, c+tile))
		}
	}
	for i := from; i < to; i++ {
		row := a[i*n+k : i*n+k+b]
		clear(row)
		addRows(row, old[(i-from)*block:(i-from)*block+b], -1, d, block, 0, b)
	}
}

// addRows adds sign·Σ f[j]·row j of m, which has the given stride, to y, in the columns from … to.
func addRows(y []float32, f []float32, sign float32, m []float32, stride, from, to int) {
	var a [4]float32
	j := 0
	for ; j+4 <= len(f); j += 4 {
		a = [4]float32{sign * f[j], sign * f[j+1], sign * f[j+2], sign * f[j+3]}
		if a == ([4]float32{}) {
			continue
		}
		axpy4(y[from:to], &a, m[j*stride+from:j*stride+to], m[(j+1)*stride+from:(j+1)*stride+to],
			m[(j+2)*stride+from:(j+2)*stride+to], m[(j+3)*stride+from:(j+3)*stride+to])
	}
	for ; j < len(f); j++ {
		for c := from; c < to; c++ {
			y[c] += sign * f[j] * m[j*stride+c]
		}
	}
}

package lm

import "math"

// panel4Plain multiplies four rows with a panel: row r of dst, at r·ds, becomes row r of x, at r·xs and k long, times w,
// [k, 16]. Every sum runs over k in order, so a row's bits do not depend on its neighbours.
func panel4Plain(dst []float32, ds int, x []float32, xs, k int, w []float32) {
	for r := range 4 {
		var sum [panelWidth]float32
		for i, v := range x[r*xs : r*xs+k] {
			for j, u := range w[i*panelWidth : (i+1)*panelWidth] {
				sum[j] += v * u
			}
		}
		copy(dst[r*ds:r*ds+panelWidth], sum[:])
	}
}

// panel4CodesPlain is panel4 for int8 codes, [k, 16], of one group: it adds scale[j] times the sum of column j to dst. If
// rows of dst are the same place, they must be the same row of x, which is added once.
func panel4CodesPlain(dst []float32, ds int, x []float32, xs, k int, codes []int8, scale []float32) {
	for r := range 4 {
		if r > 0 && ds == 0 {
			return
		}
		var sum [panelWidth]float32
		for i, v := range x[r*xs : r*xs+k] {
			for j, c := range codes[i*panelWidth : (i+1)*panelWidth] {
				sum[j] += v * float32(c)
			}
		}
		for j, v := range sum {
			dst[r*ds+j] += scale[j] * v
		}
	}
}

// vecMatAddPlain adds x·w to dst, w being [len(x), ·] with rows stride apart.
func vecMatAddPlain(dst, x, w []float32, stride int) {
	for i, v := range x {
		for j, u := range w[i*stride : i*stride+len(dst)] {
			dst[j] += v * u
		}
	}
}

// vecMat sets dst to x·w, w being [len(x), ·] with rows stride apart.
func vecMat(dst, x, w []float32, stride int) {
	clear(dst)
	vecMatAdd(dst, x, w, stride)
}

// expSumPlain sets dst to exp(scale·(src − shift)) and gives the sum.
func expSumPlain(dst, src []float32, shift, scale float32) float32 {
	sum := float32(0)
	for i, v := range src {
		e := float32(math.Exp(float64(scale * (v - shift))))
		dst[i] = e
		sum += e
	}
	return sum
}

// swiGLUPlain sets gate to gate·σ(gate)·up.
func swiGLUPlain(gate, up []float32) {
	for i, v := range gate {
		gate[i] = v / (1 + float32(math.Exp(-float64(v)))) * up[i]
	}
}

func maxOf(x []float32) float32 {
	m := x[0]
	for _, v := range x[1:] {
		m = max(m, v)
	}
	return m
}

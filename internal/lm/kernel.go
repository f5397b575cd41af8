package lm

import "math"

// panelWidth is how many columns of a weight matrix lie together: two vectors of eight.
const panelWidth = 16

// panel1Plain sets dst[0:16] to x·w, w being [len(x), 16].
func panel1Plain(dst, x, w []float32) {
	var sum [panelWidth]float32
	for i, v := range x {
		for j, u := range w[i*panelWidth : (i+1)*panelWidth] {
			sum[j] += v * u
		}
	}
	copy(dst[:panelWidth], sum[:])
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

// panel4Plain is panel1 for four rows: xs and ds are the distances between rows of x and of dst, k the length of a row.
func panel4Plain(dst []float32, ds int, x []float32, xs, k int, w []float32) {
	for r := range 4 {
		panel1Plain(dst[r*ds:], x[r*xs:r*xs+k], w)
	}
}

func maxOf(x []float32) float32 {
	m := x[0]
	for _, v := range x[1:] {
		m = max(m, v)
	}
	return m
}

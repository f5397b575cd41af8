//go:build !goexperiment.simd || !amd64

package lm

import "runtime"

// Kernel names the arithmetic of decoding: the same weights, prompt and seed give the same tokens wherever it is the same.
func Kernel() string { return runtime.GOARCH + "/plain" }

func panel4(dst []float32, ds int, x []float32, xs, k int, w []float32) {
	panel4Plain(dst, ds, x, xs, k, w)
}
func panel4Codes(dst []float32, ds int, x []float32, xs, k int, codes []int8, scale []float32) {
	panel4CodesPlain(dst, ds, x, xs, k, codes, scale)
}
func vecMatAdd(dst, x, w []float32, stride int) { vecMatAddPlain(dst, x, w, stride) }
func expSum(dst, src []float32, shift, scale float32) float32 {
	return expSumPlain(dst, src, shift, scale)
}
func swiGLU(gate, up []float32) { swiGLUPlain(gate, up) }

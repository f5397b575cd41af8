//go:build goexperiment.simd && amd64

package recommend

import "simd/archsimd"

var hasFMA = archsimd.X86.AVX2() && archsimd.X86.FMA()

// axpy4 adds a[0]·b0 + … + a[3]·b3 to y. All slices have y's length.
func axpy4(y []float32, a *[4]float32, b0, b1, b2, b3 []float32) {
	if !hasFMA {
		axpy4Plain(y, a, b0, b1, b2, b3)
		return
	}
	a0, a1 := archsimd.BroadcastFloat32x8(a[0]), archsimd.BroadcastFloat32x8(a[1])
	a2, a3 := archsimd.BroadcastFloat32x8(a[2]), archsimd.BroadcastFloat32x8(a[3])
	n := len(y) &^ 7
	for i := 0; i < n; i += 8 {
		s := archsimd.LoadFloat32x8(y[i : i+8])
		s = archsimd.LoadFloat32x8(b0[i:i+8]).MulAdd(a0, s)
		s = archsimd.LoadFloat32x8(b1[i:i+8]).MulAdd(a1, s)
		s = archsimd.LoadFloat32x8(b2[i:i+8]).MulAdd(a2, s)
		s = archsimd.LoadFloat32x8(b3[i:i+8]).MulAdd(a3, s)
		s.Store(y[i : i+8])
	}
	axpy4Plain(y[n:], a, b0[n:], b1[n:], b2[n:], b3[n:])
}

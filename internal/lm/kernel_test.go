package lm

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func randomFloats(rng *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(rng.NormFloat64())
	}
	return out
}

// The vector kernels agree with the plain ones, and a row's bits do not depend on the kernel that it went through.
func TestKernels(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	near := func(what string, got, want []float32) {
		t.Helper()
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1e-4*(1+math.Abs(float64(want[i]))) {
				t.Errorf("%s[%d] = %g, want %g", what, i, got[i], want[i])
				return
			}
		}
	}
	for _, k := range []int{1, 7, 64, 100} {
		x, w := randomFloats(rng, 4*k), randomFloats(rng, k*panelWidth)
		got, want := make([]float32, 4*20), make([]float32, 4*20)
		panel4(got, 20, x, k, k, w)
		panel4Plain(want, 20, x, k, k, w)
		near("panel4", got, want)
		codes, scale := make([]int8, k*panelWidth), randomFloats(rng, panelWidth)
		for i := range codes {
			codes[i] = int8(rng.IntN(255) - 127)
		}
		coded, wantCoded := slices.Clone(got), slices.Clone(got)
		panel4Codes(coded, 20, x, k, k, codes, scale)
		panel4CodesPlain(wantCoded, 20, x, k, k, codes, scale)
		for i := range coded {
			if math.Abs(float64(coded[i]-wantCoded[i])) > 0.02 { // sums of terms of about a hundred
				t.Errorf("panel4Codes[%d] = %g, want %g", i, coded[i], wantCoded[i])
			}
		}
		for r := range 4 {
			one, oneCoded := make([]float32, panelWidth), slices.Clone(got[r*20:r*20+panelWidth])
			panel4(one, 0, x[r*k:(r+1)*k], 0, k, w)
			panel4Codes(oneCoded, 0, x[r*k:(r+1)*k], 0, k, codes, scale)
			if !slices.Equal(one, got[r*20:r*20+panelWidth]) || !slices.Equal(oneCoded, coded[r*20:r*20+panelWidth]) {
				t.Errorf("row %d of %d has other bits alone than among four", r, k)
			}
		}
	}
	for _, n := range []int{3, 8, 24, 32, 45} {
		x, w := randomFloats(rng, 9), randomFloats(rng, 9*50)
		got, want := make([]float32, n), make([]float32, n)
		vecMat(got, x, w, 50)
		vecMatAddPlain(want, x, w, 50)
		near("vecMat", got, want)

		src := randomFloats(rng, n)
		if a, b := expSum(got, src, 3, 2), expSumPlain(want, src, 3, 2); math.Abs(float64(a-b)) > 1e-5*float64(b) {
			t.Errorf("expSum of %d: %g, want %g", n, a, b)
		}
		near("expSum", got, want)
		up := randomFloats(rng, n)
		got, want = slices.Clone(src), slices.Clone(src)
		swiGLU(got, up)
		swiGLUPlain(want, up)
		near("swiGLU", got, want)
	}
	extremes := []float32{-1e9, -200, -88, -1, 0, 0, 0, 0}
	got := make([]float32, 8)
	expSum(got, extremes, 0, 1)
	if got[0] > 1e-37 || got[7] != 1 {
		t.Errorf("exp of %v is %v", extremes, got)
	}
}

func BenchmarkPanel4(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, w, dst := randomFloats(rng, 4*256), randomFloats(rng, 256*panelWidth), make([]float32, 64)
	for b.Loop() {
		panel4(dst, 16, x, 256, 256, w)
	}
	b.ReportMetric(float64(b.N)*4*256*16*2/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

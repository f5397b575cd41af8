//go:build !(goexperiment.simd && amd64)

package recommend

// axpy4 adds a[0]·b0 + … + a[3]·b3 to y. All slices have y's length.
func axpy4(y []float32, a *[4]float32, b0, b1, b2, b3 []float32) {
	axpy4Plain(y, a, b0, b1, b2, b3)
}

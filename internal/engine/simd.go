//go:build goexperiment.simd

package engine

// FastMath says whether the build uses vector instructions.
const FastMath = true

//go:build goexperiment.simd && amd64

package lm

import (
	"runtime"
	"simd/archsimd"
	"unsafe"
)

var hasFMA = archsimd.X86.AVX2() && archsimd.X86.FMA()

// Kernel names the arithmetic of decoding: the same weights, prompt and seed give the same tokens wherever it is the same.
func Kernel() string {
	if hasFMA {
		return runtime.GOARCH + "/fma"
	}
	return runtime.GOARCH + "/plain"
}

// load reads the eight values that begin at float i of p; the caller has checked that they exist.
func load(p unsafe.Pointer, i int) archsimd.Float32x8 {
	return archsimd.LoadFloat32x8Array((*[8]float32)(unsafe.Add(p, 4*i)))
}

// panel4 multiplies four rows with a panel: row r of dst, at r·ds, becomes row r of x, at r·xs and k long, times w,
// [k, 16]. Every sum runs over k in order, so a row's bits do not depend on its neighbours.
func panel4(dst []float32, ds int, x []float32, xs, k int, w []float32) {
	if !hasFMA {
		panel4Plain(dst, ds, x, xs, k, w)
		return
	}
	_, _, _ = dst[3*ds+panelWidth-1], x[3*xs+k-1], w[k*panelWidth-1]
	panel4FMA(&dst[0], ds, &x[0], xs, k, &w[0])
}

// panel4Codes is panel4 for int8 codes, [k, 16], of one group: it adds scale[j] times the sum of column j to dst. If rows
// of dst are the same place, they must be the same row of x, which is added once.
func panel4Codes(dst []float32, ds int, x []float32, xs, k int, codes []int8, scale []float32) {
	if !hasFMA {
		panel4CodesPlain(dst, ds, x, xs, k, codes, scale)
		return
	}
	_, _, _, _ = dst[3*ds+panelWidth-1], x[3*xs+k-1], codes[k*panelWidth-1], scale[panelWidth-1]
	panel4CodesFMA(&dst[0], ds, &x[0], xs, k, &codes[0], &scale[0])
}

// The two in assembly: what the compiler makes of the same loops takes two to three times as long, for moves around its
// three-operand products. Everything must be as long as the callers check.
//
//go:noescape
func panel4FMA(dst *float32, ds int, x *float32, xs, k int, w *float32)

//go:noescape
func panel4CodesFMA(dst *float32, ds int, x *float32, xs, k int, codes *int8, scale *float32)

// vecMatAdd adds x·w to dst, w being [len(x), ·] with rows stride apart.
func vecMatAdd(dst, x, w []float32, stride int) {
	n := len(dst)
	if !hasFMA || len(x) == 0 {
		vecMatAddPlain(dst, x, w, stride)
		return
	}
	_ = w[(len(x)-1)*stride+n-1]
	pw := unsafe.Pointer(&w[0])
	j := 0
	for ; j+32 <= n; j += 32 {
		a, b := archsimd.LoadFloat32x8(dst[j:j+8]), archsimd.LoadFloat32x8(dst[j+8:j+16])
		c, d := archsimd.LoadFloat32x8(dst[j+16:j+24]), archsimd.LoadFloat32x8(dst[j+24:j+32])
		at := j
		for _, v := range x {
			u := archsimd.BroadcastFloat32x8(v)
			a, b = u.MulAdd(load(pw, at), a), u.MulAdd(load(pw, at+8), b)
			c, d = u.MulAdd(load(pw, at+16), c), u.MulAdd(load(pw, at+24), d)
			at += stride
		}
		a.Store(dst[j : j+8])
		b.Store(dst[j+8 : j+16])
		c.Store(dst[j+16 : j+24])
		d.Store(dst[j+24 : j+32])
	}
	for ; j+8 <= n; j += 8 {
		a := archsimd.LoadFloat32x8(dst[j : j+8])
		at := j
		for _, v := range x {
			a = archsimd.BroadcastFloat32x8(v).MulAdd(load(pw, at), a)
			at += stride
		}
		a.Store(dst[j : j+8])
	}
	archsimd.ClearAVXUpperBits() // as at the end of each kernel: the scalar code that follows would stall
	if j < n {
		vecMatAddPlain(dst[j:], x, w[j:], stride)
	}
}

// exp8 is eˣ to about 2 units in the last place, for x in about [-87, 88]; below it is 0: x = n·ln 2 + r, eʳ by a
// polynomial of degree 6 (the Cephes library's expf), times 2ⁿ in the exponent's bits.
func exp8(x archsimd.Float32x8) archsimd.Float32x8 {
	x = x.Max(archsimd.BroadcastFloat32x8(-87.3)).Min(archsimd.BroadcastFloat32x8(88))
	n := x.Mul(archsimd.BroadcastFloat32x8(1.44269504)).Round()
	r := n.MulAdd(archsimd.BroadcastFloat32x8(-0.693359375), x)
	r = n.MulAdd(archsimd.BroadcastFloat32x8(2.12194440e-4), r)
	p := archsimd.BroadcastFloat32x8(1.9875691500e-4)
	p = p.MulAdd(r, archsimd.BroadcastFloat32x8(1.3981999507e-3))
	p = p.MulAdd(r, archsimd.BroadcastFloat32x8(8.3334519073e-3))
	p = p.MulAdd(r, archsimd.BroadcastFloat32x8(4.1665795894e-2))
	p = p.MulAdd(r, archsimd.BroadcastFloat32x8(1.6666665459e-1))
	p = p.MulAdd(r, archsimd.BroadcastFloat32x8(5.0000001201e-1))
	p = p.MulAdd(r.Mul(r), r.Add(archsimd.BroadcastFloat32x8(1)))
	two := n.ConvertToInt32().Add(archsimd.BroadcastInt32x8(127)).ShiftAllLeft(23).AsFloat32x8()
	return p.Mul(two)
}

// expSum sets dst to exp(scale·(src − shift)), which must not overflow, and gives the sum.
func expSum(dst, src []float32, shift, scale float32) float32 {
	if !hasFMA {
		return expSumPlain(dst, src, shift, scale)
	}
	s, m := archsimd.BroadcastFloat32x8(shift), archsimd.BroadcastFloat32x8(scale)
	var total archsimd.Float32x8
	n := len(src) &^ 7
	for i := 0; i < n; i += 8 {
		e := exp8(archsimd.LoadFloat32x8(src[i : i+8]).Sub(s).Mul(m))
		e.Store(dst[i : i+8])
		total = total.Add(e)
	}
	var lanes [8]float32
	total.StoreArray(&lanes)
	if n < len(src) {
		last, _ := archsimd.LoadFloat32x8Part(src[n:])
		exp8(last.Sub(s).Mul(m)).StorePart(dst[n:len(src)])
	}
	archsimd.ClearAVXUpperBits()
	sum := ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]))
	if n < len(src) {
		for _, e := range dst[n:len(src)] {
			sum += e
		}
	}
	return sum
}

// swiGLU sets gate to gate·σ(gate)·up.
func swiGLU(gate, up []float32) {
	if !hasFMA {
		swiGLUPlain(gate, up)
		return
	}
	one := archsimd.BroadcastFloat32x8(1)
	n := len(gate) &^ 7
	for i := 0; i < n; i += 8 {
		g := archsimd.LoadFloat32x8(gate[i : i+8])
		y := g.Div(one.Add(exp8(g.Neg()))).Mul(archsimd.LoadFloat32x8(up[i : i+8]))
		y.Store(gate[i : i+8])
	}
	archsimd.ClearAVXUpperBits()
	swiGLUPlain(gate[n:], up[n:])
}

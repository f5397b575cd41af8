//go:build goexperiment.simd && amd64

#include "textflag.h"

// Y8 and Y9, the panel's next 16 weights, times one value of each of four rows.
#define PRODUCTS(x) \
	VBROADCASTSS x(SI), Y10        \
	VBROADCASTSS x(R9), Y11        \
	VFMADD231PS Y8, Y10, Y0        \
	VFMADD231PS Y9, Y10, Y1        \
	VBROADCASTSS x(R10), Y12       \
	VFMADD231PS Y8, Y11, Y2        \
	VFMADD231PS Y9, Y11, Y3        \
	VBROADCASTSS x(R11), Y13       \
	VFMADD231PS Y8, Y12, Y4        \
	VFMADD231PS Y9, Y12, Y5        \
	VFMADD231PS Y8, Y13, Y6        \
	VFMADD231PS Y9, Y13, Y7

// One step of k with float32 weights, and with int8 codes.
#define STEP(w, x) \
	VMOVUPS w(DX), Y8              \
	VMOVUPS (w+32)(DX), Y9         \
	PRODUCTS(x)

#define CODES(w, x) \
	VPMOVSXBD w(DX), Y8            \
	VPMOVSXBD (w+8)(DX), Y9        \
	VCVTDQ2PS Y8, Y8               \
	VCVTDQ2PS Y9, Y9               \
	PRODUCTS(x)

// func panel4FMA(dst *float32, ds int, x *float32, xs, k int, w *float32)
TEXT ·panel4FMA(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ ds+8(FP), R8
	MOVQ x+16(FP), SI
	MOVQ xs+24(FP), AX
	MOVQ k+32(FP), CX
	MOVQ w+40(FP), DX
	LEAQ (SI)(AX*4), R9   // the four rows of x
	LEAQ (R9)(AX*4), R10
	LEAQ (R10)(AX*4), R11
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	SUBQ $4, CX
	JLT  rest

four:
	STEP(0, 0)
	STEP(64, 4)
	STEP(128, 8)
	STEP(192, 12)
	ADDQ $256, DX
	ADDQ $16, SI
	ADDQ $16, R9
	ADDQ $16, R10
	ADDQ $16, R11
	SUBQ $4, CX
	JGE  four

rest:
	ADDQ $4, CX
	JZ   store

one:
	STEP(0, 0)
	ADDQ $64, DX
	ADDQ $4, SI
	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $4, R11
	DECQ CX
	JNZ  one

store:
	LEAQ (DI)(R8*4), R9   // the four rows of dst
	LEAQ (R9)(R8*4), R10
	LEAQ (R10)(R8*4), R11
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, (R9)
	VMOVUPS Y3, 32(R9)
	VMOVUPS Y4, (R10)
	VMOVUPS Y5, 32(R10)
	VMOVUPS Y6, (R11)
	VMOVUPS Y7, 32(R11)
	VZEROUPPER
	RET

// func panel4CodesFMA(dst *float32, ds int, x *float32, xs, k int, codes *int8, scale *float32)
TEXT ·panel4CodesFMA(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ ds+8(FP), R8
	MOVQ x+16(FP), SI
	MOVQ xs+24(FP), AX
	MOVQ k+32(FP), CX
	MOVQ codes+40(FP), DX
	LEAQ (SI)(AX*4), R9   // the four rows of x
	LEAQ (R9)(AX*4), R10
	LEAQ (R10)(AX*4), R11
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	SUBQ $4, CX
	JLT  rest

four:
	CODES(0, 0)
	CODES(16, 4)
	CODES(32, 8)
	CODES(48, 12)
	ADDQ $64, DX
	ADDQ $16, SI
	ADDQ $16, R9
	ADDQ $16, R10
	ADDQ $16, R11
	SUBQ $4, CX
	JGE  four

rest:
	ADDQ $4, CX
	JZ   store

one:
	CODES(0, 0)
	ADDQ $16, DX
	ADDQ $4, SI
	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $4, R11
	DECQ CX
	JNZ  one

store:
	LEAQ (DI)(R8*4), R9   // the four rows of dst
	LEAQ (R9)(R8*4), R10
	LEAQ (R10)(R8*4), R11
	MOVQ scale+48(FP), DX
	VMOVUPS (DX), Y8
	VMOVUPS 32(DX), Y9
	VMOVUPS (DI), Y10     // all is read before any is written: rows may be one place
	VMOVUPS 32(DI), Y11
	VFMADD213PS Y10, Y8, Y0
	VFMADD213PS Y11, Y9, Y1
	VMOVUPS (R9), Y10
	VMOVUPS 32(R9), Y11
	VFMADD213PS Y10, Y8, Y2
	VFMADD213PS Y11, Y9, Y3
	VMOVUPS (R10), Y10
	VMOVUPS 32(R10), Y11
	VFMADD213PS Y10, Y8, Y4
	VFMADD213PS Y11, Y9, Y5
	VMOVUPS (R11), Y10
	VMOVUPS 32(R11), Y11
	VFMADD213PS Y10, Y8, Y6
	VFMADD213PS Y11, Y9, Y7
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, (R9)
	VMOVUPS Y3, 32(R9)
	VMOVUPS Y4, (R10)
	VMOVUPS Y5, 32(R10)
	VMOVUPS Y6, (R11)
	VMOVUPS Y7, 32(R11)
	VZEROUPPER
	RET

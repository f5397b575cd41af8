//go:build goexperiment.simd && amd64

#include "textflag.h"

// One step of k: the panel's next 16 weights times one value of each of four rows.
#define STEP(w, x) \
	VMOVUPS w(DX), Y8              \
	VMOVUPS (w+32)(DX), Y9         \
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

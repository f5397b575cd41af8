package lm

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// A Tensor is named values as they travel between this package and other programs' files.
type Tensor struct {
	Shape []int
	Data  []float32 // the last axis is the innermost
}

// A DType is how floats are stored, by its name in safetensors files.
type DType string

const (
	F32  DType = "F32"
	F16  DType = "F16"  // IEEE 754 binary16: 11 bits of precision, up to 65504
	BF16 DType = "BF16" // the upper half of a float32: 8 bits of precision
)

// WriteSafetensors writes tensors in the safetensors format, sorted by name, each value rounded to as. words go into the
// header's metadata; nil writes none.
func WriteSafetensors(w io.Writer, tensors map[string]Tensor, as DType, words map[string]string) error {
	if as.width() < 2 {
		return fmt.Errorf("write safetensors: floats cannot be stored as %q", as)
	}
	f := tensorFile{words: words, tensors: make(map[string]storedTensor, len(tensors))}
	for name, t := range tensors {
		f.tensors[name] = storedTensor{dims: append([]int{}, t.Shape...), floats: t.Data, as: as} // no dims are [], not null
	}
	if err := f.write(w); err != nil {
		return fmt.Errorf("write safetensors: %w", err)
	}
	return nil
}

// ReadSafetensors reads a safetensors file whose tensors are F32, F16 or BF16, and the words of its metadata.
func ReadSafetensors(data []byte) (tensors map[string]Tensor, words map[string]string, err error) {
	f, err := readTensorFile(data)
	if err != nil {
		return nil, nil, fmt.Errorf("read safetensors: %w", err)
	}
	tensors = make(map[string]Tensor, len(f.tensors))
	for name, t := range f.tensors {
		if t.bytes != nil {
			return nil, nil, fmt.Errorf("read safetensors: %s holds integers", name)
		}
		tensors[name] = Tensor{t.dims, t.floats}
	}
	return tensors, f.words, nil
}

// width is the size of a value in bytes, 0 for a type that is not known.
func (d DType) width() int64 {
	switch d {
	case F32:
		return 4
	case F16, BF16:
		return 2
	case "I8":
		return 1
	}
	return 0
}

// append appends values to buf, little-endian, rounded to the nearest, ties to even.
func (d DType) append(buf []byte, values []float32) []byte {
	buf = slices.Grow(buf, int(d.width())*len(values))
	switch d {
	case F32:
		for _, v := range values {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
	case F16:
		for _, v := range values {
			buf = binary.LittleEndian.AppendUint16(buf, toFloat16(v))
		}
	case BF16:
		for _, v := range values {
			buf = binary.LittleEndian.AppendUint16(buf, toBFloat16(v))
		}
	}
	return buf
}

// floats reads the values that append wrote.
func (d DType) floats(raw []byte) []float32 {
	values := make([]float32, len(raw)/int(d.width()))
	switch d {
	case F32:
		for i := range values {
			values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
	case F16:
		for i := range values {
			values[i] = fromFloat16(binary.LittleEndian.Uint16(raw[2*i:]))
		}
	case BF16:
		for i := range values {
			values[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(raw[2*i:])) << 16)
		}
	}
	return values
}

// toFloat16 rounds to the nearest binary16, ties to even; what is too large becomes infinite. The float16 of
// gomlx/compute v0.1.13 rounds what lies just under 2⁻¹⁴ to zero.
func toFloat16(v float32) uint16 {
	bits := math.Float32bits(v)
	sign, size := uint16(bits>>16)&0x8000, bits&0x7fffffff
	switch {
	case size > 0x7f800000: // not a number
		return sign | 0x7e00
	case size >= 0x477ff000: // half way from 65504 to 65536, or more
		return sign | 0x7c00
	case size < 0x38800000: // below 2⁻¹⁴: adding ½ leaves multiples of 2⁻²⁴, rounded by the processor
		half := math.Float32frombits(size) + 0.5
		return sign | uint16(math.Float32bits(half)-math.Float32bits(0.5))
	}
	size += 0xfff + size>>13&1
	return sign | uint16((size-112<<23)>>13)
}

func fromFloat16(h uint16) float32 {
	sign, exponent, mantissa := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0:
		v := float32(mantissa) / (1 << 24)
		return math.Float32frombits(sign | math.Float32bits(v))
	case 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | mantissa<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | mantissa<<13)
}

// toBFloat16 rounds to the nearest bfloat16, ties to even.
func toBFloat16(v float32) uint16 {
	bits := math.Float32bits(v)
	if math.IsNaN(float64(v)) {
		return uint16(bits>>16) | 0x40
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

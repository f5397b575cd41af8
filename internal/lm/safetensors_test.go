package lm

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// Every binary16 reads and writes as itself, and what lies between two neighbours goes to the nearer, half way to the
// even one.
func TestFloat16(t *testing.T) {
	for h := range uint32(0x7c00) {
		a, b := fromFloat16(uint16(h)), fromFloat16(uint16(h+1))
		if h == 0x7bff {
			b = 65536 // what the next would be
		}
		for _, sign := range []float32{1, -1} {
			bit := uint16(0)
			if sign < 0 {
				bit = 0x8000
			}
			if got := toFloat16(sign * a); got != bit|uint16(h) {
				t.Fatalf("%g is %#x, want %#x", sign*a, got, bit|uint16(h))
			}
			middle := (a + b) / 2
			even := uint16(h + h&1)
			for v, want := range map[float32]uint16{
				middle:                      even,
				math.Nextafter32(middle, 0): uint16(h),
				math.Nextafter32(middle, float32(math.Inf(1))): uint16(h + 1),
			} {
				if got := toFloat16(sign * v); got != bit|want {
					t.Fatalf("%g is %#x, want %#x", sign*v, got, bit|want)
				}
			}
		}
	}
	for _, v := range []float32{float32(math.Inf(1)), float32(math.Inf(-1))} {
		if got := fromFloat16(toFloat16(v)); got != v {
			t.Errorf("%g became %g", v, got)
		}
	}
	if nan := fromFloat16(toFloat16(float32(math.NaN()))); !math.IsNaN(float64(nan)) {
		t.Errorf("NaN became %g", nan)
	}
	if got := fromFloat16(0x3555); got != 0.333251953125 { // 1365/4096
		t.Errorf("0x3555 is %g", got)
	}
}

func TestBFloat16(t *testing.T) {
	for v, want := range map[float32]uint16{
		0: 0, 1: 0x3f80, -1: 0xbf80,
		1 + 1.0/256:             0x3f80, // half way from 1 to 1 + 1/128: to the even
		1 + 3.0/256:             0x3f82, // half way again
		1 + 1.0/256 + 1.0/65536: 0x3f81,
		float32(math.Inf(-1)):   0xff80,
	} {
		if got := toBFloat16(v); got != want {
			t.Errorf("%g is %#x, want %#x", v, got, want)
		}
	}
	if got := math.Float32frombits(uint32(toBFloat16(math.Float32frombits(0x7f800001))) << 16); !math.IsNaN(float64(got)) {
		t.Errorf("NaN became %g", got)
	}
}

// Values that each type holds exactly come back from it.
func TestSafetensors(t *testing.T) {
	want := map[string]Tensor{
		"a.weight": {[]int{2, 3}, []float32{0, 1, -2, 0.5, 96, -0.125}},
		"b":        {[]int{1}, []float32{7}},
		"scalar":   {[]int{}, []float32{3}},
	}
	words := map[string]string{"format": "pt"}
	for _, as := range []DType{F32, F16, BF16} {
		var b bytes.Buffer
		if err := WriteSafetensors(&b, want, as, words); err != nil {
			t.Fatal(err)
		}
		got, gotWords, err := ReadSafetensors(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotWords, words) {
			t.Errorf("%s: got %v, %v, want %v, %v", as, got, gotWords, want, words)
		}
	}
	if err := WriteSafetensors(new(bytes.Buffer), want, "I8", nil); err == nil {
		t.Error("floats were written as I8")
	}
}

// The Python package safetensors reads what we write, and we read what it writes.
func TestSafetensorsWithPython(t *testing.T) {
	python := pythonWith(t, "numpy, safetensors.numpy")
	dir := t.TempDir()
	for _, as := range []DType{F32, F16} { // numpy knows no bfloat16
		var b bytes.Buffer
		want := map[string]Tensor{"x": {[]int{2, 2}, []float32{1, 2, 3, 4.5}}, "y": {[]int{3}, []float32{-1, 0, 0.25}}}
		if err := WriteSafetensors(&b, want, as, map[string]string{"format": "np"}); err != nil {
			t.Fatal(err)
		}
		in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
		if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(python, "-c", `
import json, sys
from safetensors.numpy import load_file, save_file
x = load_file(sys.argv[1])
save_file(x, sys.argv[2])
print(json.dumps({k: v.tolist() for k, v in x.items()}))`, in, out)
		cmd.Stderr = os.Stderr
		printed, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var values struct {
			X [][]float32
			Y []float32
		}
		if err := json.Unmarshal(printed, &values); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(values.X, [][]float32{{1, 2}, {3, 4.5}}) || !reflect.DeepEqual(values.Y, []float32{-1, 0, 0.25}) {
			t.Errorf("%s: Python reads %v", as, values)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := ReadSafetensors(data); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: from Python we read %v, %v", as, got, err)
		}
	}
}

func FuzzReadSafetensors(f *testing.F) {
	for _, as := range []DType{F32, F16, BF16} {
		var b bytes.Buffer
		if err := WriteSafetensors(&b, map[string]Tensor{"x": {[]int{2, 1}, []float32{1, 2}}}, as, nil); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, _, err := ReadSafetensors(data)
		if err != nil {
			return
		}
		for name, x := range tensors {
			if n := (storedTensor{dims: x.Shape}).size(); n != len(x.Data) {
				t.Errorf("%s: %d values of shape %v", name, len(x.Data), x.Shape)
			}
		}
	})
}

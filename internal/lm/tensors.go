package lm

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// A tensorFile is a set of named tensors and words about them, in the safetensors format: eight bytes for the length of
// a JSON header, the header, then the values, little-endian. It is written sorted by name, so equal sets are equal bytes.
type tensorFile struct {
	words   map[string]string
	tensors map[string]storedTensor
}

// A storedTensor is float32 or int8, whichever is not nil.
type storedTensor struct {
	dims   []int
	floats []float32
	bytes  []int8
	as     DType // how floats are written; "" means F32
}

// kind is the type of the stored values, and width its size in bytes.
func (t storedTensor) kind() (name DType, width int64) {
	switch {
	case t.bytes != nil:
		return "I8", 1
	case t.as == "":
		return F32, 4
	}
	return t.as, t.as.width()
}

func (t storedTensor) size() int {
	n := 1
	for _, d := range t.dims {
		n *= d
	}
	return n
}

// maxHeader bounds what a file may ask to be read as its header.
const maxHeader = 16 << 20

type tensorHeader struct {
	DType   DType    `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// write writes the file.
func (f tensorFile) write(w io.Writer) error {
	header := map[string]any{}
	if len(f.words) > 0 {
		header["__metadata__"] = f.words
	}
	names := slices.Sorted(maps.Keys(f.tensors))
	at := int64(0)
	for _, name := range names {
		t := f.tensors[name]
		kind, width := t.kind()
		n := width * int64(t.size())
		if max(len(t.floats), len(t.bytes)) != t.size() {
			panic(fmt.Sprintf("lm: tensor %s of shape %v has %d values", name, t.dims, max(len(t.floats), len(t.bytes))))
		}
		header[name] = tensorHeader{kind, t.dims, [2]int64{at, at + n}}
		at += n
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	buf := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	if _, err := w.Write(append(buf, text...)); err != nil {
		return err
	}
	for _, name := range names {
		t := f.tensors[name]
		kind, _ := t.kind()
		buf := kind.append(nil, t.floats)
		for _, v := range t.bytes {
			buf = append(buf, byte(v))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// readTensorFile reads what write wrote, or another's file of the same format with floats of 32 or 16 bits and int8.
func readTensorFile(data []byte) (tensorFile, error) {
	f := tensorFile{words: map[string]string{}, tensors: map[string]storedTensor{}}
	if len(data) < 8 {
		return f, errors.New("the file is too short to be a safetensors file")
	}
	n := binary.LittleEndian.Uint64(data)
	if n > maxHeader || n > uint64(len(data)-8) {
		return f, fmt.Errorf("a header of %d bytes does not fit a file of %d", n, len(data))
	}
	var header map[string]json.RawMessage
	if err := json.Unmarshal(data[8:8+n], &header); err != nil {
		return f, fmt.Errorf("read the header: %w", err)
	}
	data = data[8+n:]
	for name, raw := range header {
		if name == "__metadata__" {
			if err := json.Unmarshal(raw, &f.words); err != nil {
				return f, fmt.Errorf("read the header: %w", err)
			}
			continue
		}
		var h tensorHeader
		if err := json.Unmarshal(raw, &h); err != nil {
			return f, fmt.Errorf("read the header of %s: %w", name, err)
		}
		t, err := h.tensor(data)
		if err != nil {
			return f, fmt.Errorf("read %s: %w", name, err)
		}
		f.tensors[name] = t
	}
	return f, nil
}

// tensor cuts one tensor's values out of a file's data.
func (h tensorHeader) tensor(data []byte) (storedTensor, error) {
	t := storedTensor{dims: h.Shape}
	from, to := h.Offsets[0], h.Offsets[1]
	if from < 0 || to < from || to > int64(len(data)) {
		return t, fmt.Errorf("bytes %d to %d lie outside of the %d in the file", from, to, len(data))
	}
	size := int64(1)
	for _, d := range h.Shape {
		if d < 0 || d > 1<<31 || size > 1<<40 {
			return t, fmt.Errorf("shape %v is out of range", h.Shape)
		}
		size *= int64(d)
	}
	width := h.DType.width()
	if width == 0 {
		return t, fmt.Errorf("values of type %s are not known", h.DType)
	}
	if size*width != to-from {
		return t, fmt.Errorf("shape %v of %s does not fill %d bytes", h.Shape, h.DType, to-from)
	}
	raw := data[from:to]
	if width == 1 {
		t.bytes = make([]int8, size)
		for i := range t.bytes {
			t.bytes[i] = int8(raw[i])
		}
		return t, nil
	}
	t.as = h.DType
	t.floats = h.DType.floats(raw)
	return t, nil
}

// save writes the file into a folder such that a crash leaves the old one or the new one, whole.
func (f tensorFile) save(dir, name string) error {
	return saveWhole(dir, name, f.write)
}

// saveWhole writes a file beside its place and moves it there once it is on disk.
func saveWhole(dir, name string, write func(io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err := write(tmp); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, name))
}

// loadTensorFile reads a file of a folder.
func loadTensorFile(dir fs.FS, name string) (tensorFile, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return tensorFile{}, err
	}
	f, err := readTensorFile(data)
	if err != nil {
		return f, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

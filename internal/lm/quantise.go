package lm

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
)

// The files of a saved generator.
const (
	configFile  = "generator.json"
	weightsFile = "generator.safetensors"
)

// SaveOptions say how weights are stored. The zero value is float32, exact.
type SaveOptions struct {
	Int8 bool // matrices in 8 bits, with a scale for each group of 64 weights that one output adds up
}

// group is how many int8 weights share a scale.
const group = 64

// Save writes the generator into a folder, which it makes: the configuration as JSON, the weights as safetensors.
func (g *Generator) Save(dir string, o SaveOptions) error {
	text, err := json.MarshalIndent(g.cfg, "", "\t")
	if err != nil {
		return fmt.Errorf("save generator: %w", err)
	}
	f := tensorFile{tensors: map[string]storedTensor{}}
	g.mu.Lock()
	for _, path := range g.params {
		v := g.store.GetVariable(path)
		t := storedTensor{dims: v.Shape().Dimensions, floats: g.whole(path)}
		name := strings.TrimPrefix(path, "/")
		if o.Int8 && len(t.dims) == 2 {
			f.tensors[name], f.tensors[name+scaleSuffix] = quantise(t, byRow(name))
		} else {
			f.tensors[name] = t
		}
	}
	g.mu.Unlock()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save generator: %w", err)
	}
	if err := f.save(dir, weightsFile); err != nil {
		return fmt.Errorf("save generator: %w", err)
	}
	err = saveWhole(dir, configFile, func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
	if err != nil {
		return fmt.Errorf("save generator: %w", err)
	}
	return nil
}

// LoadGenerator reads what Save wrote, from a folder or from what is embedded in the binary. Quantised weights become
// float32 again for the graphs, and stay int8 for decoding, which is quicker with them.
func LoadGenerator(dir fs.FS) (*Generator, error) {
	text, err := fs.ReadFile(dir, configFile)
	if err != nil {
		return nil, fmt.Errorf("load generator: %w", err)
	}
	var cfg Config
	if err := json.Unmarshal(text, &cfg); err != nil {
		return nil, fmt.Errorf("load generator: %s: %w", configFile, err)
	}
	g, err := NewGenerator(cfg, 0)
	if err != nil {
		return nil, fmt.Errorf("load generator: %w", err)
	}
	f, err := loadTensorFile(dir, weightsFile)
	if err != nil {
		return nil, fmt.Errorf("load generator: %w", err)
	}
	for _, path := range g.params {
		name := strings.TrimPrefix(path, "/")
		dims := g.store.GetVariable(path).Shape().Dimensions
		t, err := f.dequantised(name, dims)
		if err != nil {
			return nil, fmt.Errorf("load generator: %s: %w", name, err)
		}
		g.setWeights(map[string][]float32{path: t})
	}
	g.rounded = f.tensors["gpt/embed"].bytes != nil
	return g, nil
}

const scaleSuffix = ".scale"

// byRow reports whether a matrix is a table whose rows are looked up, so that a row is what shares scales. In all others
// a column is what one output adds up.
func byRow(name string) bool {
	return strings.HasSuffix(name, "/embed") || strings.HasSuffix(name, "/features")
}

// quantise rounds a matrix to int8, group by group: each group's largest magnitude becomes 127. It stores outputs as
// rows: [out, in] and scales [out, ⌈in/64⌉].
func quantise(t storedTensor, byRow bool) (values, scales storedTensor) {
	out, in, at := outputs(t.dims, byRow)
	groups := (in + group - 1) / group
	values = storedTensor{dims: []int{out, in}, bytes: make([]int8, out*in)}
	scales = storedTensor{dims: []int{out, groups}, floats: make([]float32, out*groups)}
	for o := range out {
		for k := range groups {
			from, to := k*group, min((k+1)*group, in)
			largest := float32(0)
			for i := from; i < to; i++ {
				largest = max(largest, float32(math.Abs(float64(t.floats[at(o, i)]))))
			}
			if largest == 0 {
				continue
			}
			scale := largest / 127
			scales.floats[o*groups+k] = scale
			for i := from; i < to; i++ {
				values.bytes[o*in+i] = int8(math.RoundToEven(float64(t.floats[at(o, i)] / scale)))
			}
		}
	}
	return values, scales
}

// outputs gives a matrix's outputs and inputs and where in it a weight is.
func outputs(dims []int, byRow bool) (out, in int, at func(o, i int) int) {
	if byRow {
		return dims[0], dims[1], func(o, i int) int { return o*dims[1] + i }
	}
	return dims[1], dims[0], func(o, i int) int { return i*dims[1] + o }
}

// dequantised gives a tensor of the file as float32 in the shape that the model has it.
func (f tensorFile) dequantised(name string, dims []int) ([]float32, error) {
	t, ok := f.tensors[name]
	size := storedTensor{dims: dims}.size()
	switch {
	case !ok:
		return nil, fmt.Errorf("the file does not have it")
	case t.size() != size:
		return nil, fmt.Errorf("shape %v does not fit %v", t.dims, dims)
	case t.floats != nil:
		return t.floats, nil
	case len(dims) != 2:
		return nil, fmt.Errorf("shape %v cannot be int8", dims)
	}
	out, in, at := outputs(dims, byRow(name))
	groups := (in + group - 1) / group
	scales := f.tensors[name+scaleSuffix]
	if len(scales.floats) != out*groups {
		return nil, fmt.Errorf("%d scales do not fit %d groups", len(scales.floats), out*groups)
	}
	values := make([]float32, size)
	for o := range out {
		for i := range in {
			values[at(o, i)] = float32(t.bytes[o*in+i]) * scales.floats[o*groups+i/group]
		}
	}
	return values, nil
}

// Clone copies the weights into a generator of its own, for a reference or a snapshot, with adapters folded in.
func (g *Generator) Clone() (*Generator, error) {
	c, err := NewGenerator(g.cfg, 0)
	if err != nil {
		return nil, fmt.Errorf("clone generator: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, path := range g.params {
		c.setWeights(map[string][]float32{path: g.whole(path)})
	}
	c.rounded = g.rounded
	return c, c.On(g.backend)
}

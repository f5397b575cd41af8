package lm

import (
	"sync"

	"github.com/gomlx/gomlx/core/tensors"
)

// panelWidth is how many columns of a weight matrix lie together: two vectors of eight.
const panelWidth = 16

// A matrix is a weight matrix [in, out] as the kernels want it: panels of sixteen columns, each [in, 16], the last one
// filled up with zeros. The weights are float32, or int8 with a scale for each column and 64 rows.
type matrix struct {
	in, out int
	panels  []float32
	codes   []int8    // instead of panels
	scales  []float32 // of codes: for each panel [⌈in/64⌉, 16]
}

// packMatrix lays out a matrix of float32, which at(i, j) reads.
func packMatrix(in, out int, at func(i, j int) float32) matrix {
	m := matrix{in: in, out: out}
	m.panels = make([]float32, m.width()*in)
	for j := range out {
		panel := m.panels[j/panelWidth*in*panelWidth:]
		for i := range in {
			panel[i*panelWidth+j%panelWidth] = at(i, j)
		}
	}
	return m
}

// packCodes lays out, side by side, matrices that quantise gave, all of the same in.
func packCodes(parts ...codedMatrix) matrix {
	m := matrix{in: parts[0].codes.dims[1]}
	for _, p := range parts {
		m.out += p.codes.dims[0]
	}
	groups := m.groups()
	m.codes, m.scales = make([]int8, m.width()*m.in), make([]float32, m.width()*groups)
	j := 0
	for _, p := range parts {
		for o := range p.codes.dims[0] {
			at, lane := j/panelWidth*panelWidth, j%panelWidth
			for i, c := range p.codes.bytes[o*m.in : (o+1)*m.in] {
				m.codes[at*m.in+i*panelWidth+lane] = c
			}
			for k, s := range p.scales.floats[o*groups : (o+1)*groups] {
				m.scales[at*groups+k*panelWidth+lane] = s
			}
			j++
		}
	}
	return m
}

// A codedMatrix is what quantise makes of a matrix: codes [out, in], scales [out, ⌈in/64⌉].
type codedMatrix struct{ codes, scales storedTensor }

// coded quantises a weight.
func (g *Generator) coded(path string) codedMatrix {
	v := g.store.GetVariable(path)
	t := storedTensor{dims: v.Shape().Dimensions, floats: tensors.MustCopyFlatData[float32](v.MustValue())}
	var c codedMatrix
	c.codes, c.scales = quantise(t, byRow(path))
	return c
}

func (m matrix) groups() int { return (m.in + group - 1) / group }

// width is the length of a row of results: out rounded up to whole panels.
func (m matrix) width() int { return (m.out + panelWidth - 1) / panelWidth * panelWidth }

// mul sets dst, rows of width, to x·m, rows of in, by as many goroutines as workers. Each row's bits are the same
// whatever the other rows and the workers. Rows are quickest by fours.
func (m matrix) mul(dst, x []float32, rows, workers int) {
	panels := m.width() / panelWidth
	if workers = min(workers, rows*m.in*m.width()>>20); workers < 2 { // below a million products sharing costs more
		m.mulPanels(dst, x, rows, 0, panels)
		return
	}
	var wg sync.WaitGroup
	for w := 1; w < workers; w++ {
		wg.Go(func() { m.mulPanels(dst, x, rows, panels*w/workers, panels*(w+1)/workers) })
	}
	m.mulPanels(dst, x, rows, 0, panels/workers)
	wg.Wait()
}

// mulPanels computes the columns of some panels.
func (m matrix) mulPanels(dst, x []float32, rows, from, to int) {
	width := m.width()
	for p := from; p < to; p++ {
		r := 0
		for ; r+4 <= rows; r += 4 {
			m.mulFour(dst[r*width+p*panelWidth:], width, x[r*m.in:], m.in, p)
		}
		for ; r < rows; r++ { // four times the same row, to the same place
			m.mulFour(dst[r*width+p*panelWidth:], 0, x[r*m.in:(r+1)*m.in], 0, p)
		}
	}
}

// mulFour multiplies four rows, xs apart, with panel p; the results are ds apart.
func (m matrix) mulFour(dst []float32, ds int, x []float32, xs, p int) {
	if m.codes == nil {
		panel4(dst, ds, x, xs, m.in, m.panels[p*m.in*panelWidth:(p+1)*m.in*panelWidth])
		return
	}
	codes, scales := m.codes[p*m.in*panelWidth:(p+1)*m.in*panelWidth], m.scales[p*m.groups()*panelWidth:]
	for r := range 4 {
		clear(dst[r*ds : r*ds+panelWidth])
	}
	for i := 0; i < m.in; i += group {
		n := min(group, m.in-i)
		panel4Codes(dst, ds, x[i:], xs, n, codes[i*panelWidth:(i+n)*panelWidth], scales[i/group*panelWidth:])
	}
}

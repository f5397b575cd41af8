package lm

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// LoRAOptions say what small matrices are laid beside a generator's own.
type LoRAOptions struct {
	Rank  int     `json:"rank"`  // of each adapter; at least 1
	Alpha float64 `json:"alpha"` // an adapter adds alpha/rank times its product; 0 means 2·rank
	Rows  int     `json:"rows"`  // at the end of the vocabulary that learn too: the slots that were added to a pretrained one
	Seed  int64   `json:"seed"`
}

// A lora is the adapters of a generator.
type lora struct {
	LoRAOptions
	learned []string // paths of what training changes: the adapters, and what a pretrained model did not have
	base    string   // fingerprint of all that it does not change
}

// adapted are the matrices of a layer that get an adapter.
var adapted = []string{"q", "k", "v", "o", "gate", "up", "down"}

// AddLoRA lays an adapter beside every matrix of every layer (Hu et al. 2022, eq. 3): from then on the generator computes
// with W + α/r·A·B, and training changes A and B instead of W. A starts normal, B at 0, so nothing changes before the first
// step. What only we have learns whole: encoder, soft tokens, heads, and the last Rows rows of the embedding, as a table
// that is added to them. Save, Clone, Tensors and the exports give the generator with its adapters folded in.
func (g *Generator) AddLoRA(o LoRAOptions) error {
	c := g.cfg
	if o.Alpha == 0 {
		o.Alpha = 2 * float64(o.Rank)
	}
	if o.Rank < 1 || o.Rows < 0 || o.Rows >= c.Vocab {
		return fmt.Errorf("add adapters: rank %d and %d rows of a vocabulary of %d are out of range", o.Rank, o.Rows, c.Vocab)
	}
	g.training.Lock()
	defer g.training.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lora != nil {
		return fmt.Errorf("add adapters: there are some already")
	}
	a := &lora{LoRAOptions: o}
	rng := rand.New(rand.NewPCG(uint64(o.Seed), 1))
	add := func(path string, std float64, dims ...int) error {
		values := make([]float32, dims[0]*dims[1])
		for i := range values {
			if std > 0 {
				values[i] = float32(std * rng.NormFloat64())
			}
		}
		a.learned = append(a.learned, "/"+path)
		_, err := g.store.CreateVariable(path, tensors.FromFlatDataAndDimensions(values, dims...))
		return err
	}
	for _, w := range c.llamaWeights() {
		name := w.ours[strings.LastIndexByte(w.ours, '/')+1:]
		if !slices.Contains(adapted, name) {
			continue
		}
		at := adapterOf(w.ours)
		if err := add(at+"_a", 1/math.Sqrt(float64(w.dims[0])), w.dims[0], o.Rank); err != nil {
			return fmt.Errorf("add adapters: %w", err)
		}
		if err := add(at+"_b", 0, o.Rank, w.dims[1]); err != nil {
			return fmt.Errorf("add adapters: %w", err)
		}
	}
	if o.Rows > 0 {
		if err := add(loraRows, 0, o.Rows, c.Dim); err != nil {
			return fmt.Errorf("add adapters: %w", err)
		}
	}
	for _, path := range g.params {
		if !strings.HasPrefix(path, "/gpt/") {
			a.learned = append(a.learned, path)
		}
	}
	a.base = g.fingerprintOf(slices.DeleteFunc(slices.Clone(g.params), func(path string) bool { return slices.Contains(a.learned, path) }))
	g.lora = a
	g.changed()
	g.makeGraphs()
	return nil
}

// loraRows is the table that is added to the embedding's last rows.
const loraRows = "lora/rows/embed"

// adapterOf is where the adapter of a weight lies, without its _a or _b.
func adapterOf(path string) string { return "lora/" + strings.TrimPrefix(path, "gpt/") }

// learned are the paths of what training changes.
func (g *Generator) learned() []string {
	if g.lora != nil {
		return g.lora.learned
	}
	return g.params
}

// fingerprintOf tells weights apart.
func (g *Generator) fingerprintOf(paths []string) string {
	h := fnv.New128a()
	for _, path := range paths {
		h.Write([]byte(path))
		h.Write(F32.append(nil, g.read(path)))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// read copies a variable.
func (g *Generator) read(path string) []float32 {
	return tensors.MustCopyFlatData[float32](g.store.GetVariable(path).MustValue())
}

// whole copies a weight with its adapter folded in. path may begin with a slash.
func (g *Generator) whole(path string) []float32 {
	path = strings.TrimPrefix(path, "/")
	values := g.read(path)
	if g.lora == nil {
		return values
	}
	if path == "gpt/embed" && g.lora.Rows > 0 {
		tail := values[len(values)-g.lora.Rows*g.cfg.Dim:]
		for i, v := range g.read(loraRows) {
			tail[i] += v
		}
		return values
	}
	at := adapterOf(path)
	if !strings.HasPrefix(path, "gpt/") || g.store.GetVariable(at+"_a") == nil {
		return values
	}
	a, b, r := g.read(at+"_a"), g.read(at+"_b"), g.lora.Rank
	in, out := len(a)/r, len(b)/r
	for i := range in {
		row := values[i*out : (i+1)*out]
		for k := range r {
			s := float32(g.lora.scale()) * a[i*r+k]
			for j, v := range b[k*out : (k+1)*out] {
				row[j] += s * v
			}
		}
	}
	return values
}

func (a *lora) scale() float64 { return a.Alpha / float64(a.Rank) }

// through is x·W of layer l's weight, after a norm's gain where there is one, with dropout's scale where that follows, and
// what the adapter adds.
func (f *forward) through(x *Node, l int, name string, gain *Node, dropped bool) *Node {
	first := func(w *Node) *Node {
		if gain == nil {
			return w
		}
		return rowScaled(w, gain)
	}
	last := func(w *Node) *Node {
		if !dropped {
			return w
		}
		return f.scaled(w)
	}
	y := linear(x, last(first(f.w("gpt/layer%d/%s", l, name))))
	a := f.g.lora
	if a == nil {
		return y
	}
	low := linear(x, first(f.w("lora/layer%d/%s_a", l, name)))
	return Add(y, linear(low, last(MulScalar(f.w("lora/layer%d/%s_b", l, name), a.scale()))))
}

// rows looks ids up in the table that is added to the embedding's last rows; those of the pretrained vocabulary get 0. It
// is nil without such a table. The result has one axis more than ids, of dim.
func (f *forward) rows(ids *Node) *Node {
	a := f.g.lora
	if a == nil || a.Rows == 0 {
		return nil
	}
	table := f.w(loraRows)
	table = Concatenate([]*Node{Zeros(table.Graph(), SliceAxis(table, 0, AxisRange(0, 1)).Shape()), table}, 0)
	return Gather(table, ExpandAxes(MaxScalar(AddScalar(ids, 1+a.Rows-f.g.cfg.Vocab), 0), -1))
}

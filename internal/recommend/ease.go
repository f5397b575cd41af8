package recommend

import (
	"context"
	"slices"
)

// dense is EASE (Steck 2019): item-item weights B = I − P·diag(1/P), P = (XᵀX + λI)⁻¹ (eq. 8), over the items that
// enough users turned to. X is 1 where a user liked an item.
type dense struct {
	Items []int32 // sorted
	At    []int32 // by item: index into Items, -1 if it is not among them
	b     []float32
}

const (
	minDense = 5 // users below which an item's weights would be noise
	basket   = 200
)

// ridge is λ. More users need more; below a floor, single co-occurrences would speak too loudly.
func ridge(users int) float32 { return float32(max(20, float64(users)/100)) }

func newDense(ctx context.Context, c *catalogue, r *rows, most, workers int, progress func(done, total int)) (dense, error) {
	baskets := r.baskets(basket)
	d := dense{At: make([]int32, len(c.IDs))}
	counts := make([]int, len(c.IDs))
	for _, b := range baskets {
		if len(b) > 1 {
			for _, i := range b {
				counts[i]++
			}
		}
	}
	for i := range c.IDs {
		d.At[i] = -1
		if counts[i] >= minDense {
			d.Items = append(d.Items, int32(i))
		}
	}
	slices.SortStableFunc(d.Items, func(a, b int32) int { return counts[b] - counts[a] })
	d.Items = d.Items[:min(most, len(d.Items))]
	slices.Sort(d.Items)
	for k, i := range d.Items {
		d.At[i] = int32(k)
	}
	n := len(d.Items)
	d.b = make([]float32, n*n)
	for _, b := range baskets {
		var in []int32
		for _, i := range b {
			if k := d.At[i]; k >= 0 {
				in = append(in, k)
			}
		}
		for _, i := range in {
			for _, j := range in {
				d.b[int(i)*n+int(j)]++
			}
		}
	}
	for i := range n {
		d.b[i*n+i] += ridge(r.users)
	}
	if err := invert(ctx, d.b, n, workers, progress); err != nil {
		return dense{}, err
	}
	diag := make([]float32, n)
	for j := range n {
		diag[j] = -1 / d.b[j*n+j]
	}
	for i := range n {
		row := d.b[i*n : (i+1)*n]
		for j := range row {
			row[j] *= diag[j]
		}
		row[i] = 0
	}
	return d, nil
}

// row are the weights of item i of the history on all dense items; nil if it is not dense.
func (d *dense) row(i int32) []float32 {
	if k := d.At[i]; k >= 0 {
		n := len(d.Items)
		return d.b[int(k)*n : (int(k)+1)*n]
	}
	return nil
}

func fillDense(s *state, out []float64) {
	d := &s.m.Dense
	if len(s.past) == 0 || len(d.Items) == 0 {
		return
	}
	sum := make([]float64, len(d.Items))
	for _, h := range s.past {
		if h.weight == 0 {
			continue
		}
		for j, b := range d.row(h.item) {
			sum[j] += h.weight * float64(b)
		}
	}
	for j, i := range d.Items {
		out[i] = sum[j]
	}
}

func causeDense(s *state, i int32, yield func(string, float64)) {
	k := s.m.Dense.At[i]
	if k < 0 {
		return
	}
	for _, h := range s.past {
		if row := s.m.Dense.row(h.item); row != nil && row[k] != 0 && h.weight != 0 {
			yield("history:"+s.m.Items.IDs[h.item], h.weight*float64(row[k]))
		}
	}
}

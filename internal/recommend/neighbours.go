package recommend

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"
)

// neighbours are each item's nearest ones by shrunk cosine of who liked them, c/√(n·n′) · c/(c + shrink).
type neighbours struct {
	Of [][]weighted // by item, sorted by neighbour
}

const (
	nearest = 60
	shrink  = 4
)

func newNeighbours(c *catalogue, r *rows, workers int) neighbours {
	baskets := r.baskets(basket)
	fans := make([][]int32, len(c.IDs))
	for u, b := range baskets {
		for _, i := range b {
			fans[i] = append(fans[i], int32(u))
		}
	}
	out := neighbours{Of: make([][]weighted, len(c.IDs))}
	g := errgroup.Group{}
	g.SetLimit(max(1, workers))
	const chunk = 256
	for from := 0; from < len(c.IDs); from += chunk {
		g.Go(func() error {
			both := newSparse(len(c.IDs))
			for i := from; i < min(len(c.IDs), from+chunk); i++ {
				both.reset()
				for _, u := range fans[i] {
					for _, j := range baskets[u] {
						if int(j) != i {
							both.add(j, 1)
						}
					}
				}
				ns := make([]weighted, 0, len(both.touched))
				for _, j := range both.touched {
					n := both.at(j)
					cos := n / math.Sqrt(float64(len(fans[i]))*float64(len(fans[j])))
					ns = append(ns, weighted{j, float32(cos * n / (n + shrink))})
				}
				slices.SortFunc(ns, func(a, b weighted) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Ref, b.Ref)) })
				ns = slices.Clone(ns[:min(nearest, len(ns))])
				slices.SortFunc(ns, byRef)
				out.Of[i] = ns
			}
			return nil
		})
	}
	_ = g.Wait()
	return out
}

func byRef(a, b weighted) int { return cmp.Compare(a.Ref, b.Ref) }

// find is the weight of a reference in a sorted list, 0 if it is not there.
func find(ws []weighted, ref int32) float64 {
	if i, ok := slices.BinarySearchFunc(ws, ref, func(w weighted, r int32) int { return cmp.Compare(w.Ref, r) }); ok {
		return float64(ws[i].Weight)
	}
	return 0
}

func fillNeighbours(s *state, out []float64) {
	for _, h := range s.past {
		if h.weight == 0 {
			continue
		}
		for _, n := range s.m.Neighbours.Of[h.item] {
			out[n.Ref] += h.weight * float64(n.Weight)
		}
	}
}

func causeNeighbours(s *state, i int32, yield func(string, float64)) {
	for _, h := range s.past {
		if v := h.weight * find(s.m.Neighbours.Of[h.item], i); v != 0 {
			yield("history:"+s.m.Items.IDs[h.item], v)
		}
	}
}

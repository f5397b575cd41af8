package recommend

import (
	"math"
	"slices"
	"sort"

	"because/internal/dataset"
)

// contexts say which categories everybody turns to more, or less, in a circumstance.
type contexts struct {
	Features []string    // sorted: "device=tv", "hour=evening" …
	Lift     [][]float64 // [feature][category]: log of observed over expected, shrunk
}

const (
	crowdPrior = 25 // imaginary interactions as expected, per circumstance and category
	ownPrior   = 3
	contextCap = 1.5
)

func newContexts(c *catalogue, r *rows, d *dataset.Data) contexts {
	found := map[string]bool{}
	for _, x := range r.xs {
		for _, f := range dataset.Features(d.Interactions[x.source].Context) {
			found[string(f)] = true
		}
	}
	t := contexts{Features: sortedKeys(found)}
	seen, total := make([][]float64, len(t.Features)), make([][]float64, len(t.Features))
	for f := range t.Features {
		seen[f], total[f] = make([]float64, len(c.Cats)), make([]float64, len(c.Domains))
	}
	share, inDomain := make([]float64, len(c.Cats)), make([]float64, len(c.Domains))
	for _, x := range r.xs {
		if x.weight <= 0 {
			continue
		}
		inDomain[c.Domain[x.item]]++
		share[c.lead(x.item)]++
		for _, f := range t.of(dataset.Features(d.Interactions[x.source].Context)) {
			seen[f][c.lead(x.item)]++
			total[f][c.Domain[x.item]]++
		}
	}
	for k := range share {
		share[k] /= max(1, inDomain[c.CatDomain[k]])
	}
	t.Lift = make([][]float64, len(t.Features))
	for f := range t.Features {
		t.Lift[f] = make([]float64, len(c.Cats))
		for k, key := range c.Cats {
			if want := total[f][c.CatDomain[k]] * share[k]; key != "" && want > 0 {
				t.Lift[f][k] = math.Log((seen[f][k] + crowdPrior) / (want + crowdPrior))
			}
		}
	}
	return t
}

// of are the indexes of the features that the model knows.
func (t *contexts) of(fs []dataset.Feature) []int {
	var out []int
	for _, f := range fs {
		if i := sort.SearchStrings(t.Features, string(f)); i < len(t.Features) && t.Features[i] == string(f) {
			out = append(out, i)
		}
	}
	return out
}

// A moment is one circumstance of a query with what it adds for each category.
type moment struct {
	name string
	lift []float64
}

// moments combines, for each circumstance of the query, what it means for everybody with the reader's own habit: how
// much more than that the reader turns to the category then. For somebody without a history the crowd's part is all
// there is, and it is named popularity, for it says nothing of them.
func (s *state) setMoments() {
	t, c := &s.m.Context, s.m.Items
	wanted := t.of(features(s.context))
	if len(wanted) == 0 {
		return
	}
	n, share := make([]float64, len(c.Domains)), make([]float64, len(c.Cats))
	own, total := make([][]float64, len(t.Features)), make([][]float64, len(t.Features))
	for _, f := range wanted {
		own[f], total[f] = make([]float64, len(c.Cats)), make([]float64, len(c.Domains))
	}
	for _, x := range s.q.History {
		i, ok := c.index[x.Item]
		if !ok || s.m.Scale.strength(x) <= 0 {
			continue
		}
		n[c.Domain[i]]++
		share[c.lead(i)]++
		for _, f := range t.of(features(x.Context)) {
			if own[f] != nil {
				own[f][c.lead(i)]++
				total[f][c.Domain[i]]++
			}
		}
	}
	for _, f := range wanted {
		name := "context:" + t.Features[f]
		if len(s.past) == 0 {
			name = "popularity:"
		}
		if s.hides(name) {
			continue
		}
		m := moment{name, slices.Clone(t.Lift[f])}
		for k := range m.lift {
			d := c.CatDomain[k]
			if n[d] == 0 || c.Cats[k] == "" {
				continue
			}
			expected := total[f][d] * share[k] / n[d] * math.Exp(m.lift[k])
			m.lift[k] += math.Log((own[f][k] + ownPrior) / (expected + ownPrior))
			m.lift[k] = min(contextCap, max(-contextCap, m.lift[k]))
		}
		s.moments = append(s.moments, m)
	}
}

func fillContext(s *state, out []float64) {
	for _, m := range s.moments {
		for i := range out {
			out[i] += m.lift[s.m.Items.lead(int32(i))]
		}
	}
}

func causeContext(s *state, i int32, yield func(string, float64)) {
	for _, m := range s.moments {
		if v := m.lift[s.m.Items.lead(i)]; v != 0 {
			yield(m.name, v)
		}
	}
}

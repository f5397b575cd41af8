package recommend

import (
	"math"
	"slices"
	"sort"

	"because"
	"because/internal/dataset"
)

// contexts say which categories everybody turns to more, or less, in a circumstance, and how marked readers' own
// habits are.
//
// Circumstances go together (evenings are spent at home), so the lifts are fitted side by side: each explains what the
// others leave.
type contexts struct {
	Features []string    // sorted: "device=tv", "hour=evening" …
	Lift     [][]float64 // [feature][category]: log of observed over expected, shrunk
	Own      slab        // of readers' own habits
}

const (
	crowdPrior = 25. // imaginary interactions as expected, per circumstance and category
	rounds     = 6   // of fitting the lifts side by side
	contextCap = 1.8
	ownLeast   = 6 // interactions with a category below which it has no habit
)

// A visit is an item turned to in some circumstances.
type visit struct {
	item     int32
	features []int
}

func newContexts(c *catalogue, r *rows, sc scale, d *dataset.Data) contexts {
	found := map[string]bool{}
	for _, x := range r.xs {
		for _, f := range dataset.Features(d.Interactions[x.source].Context) {
			found[string(f)] = true
		}
	}
	t := contexts{Features: sortedKeys(found)}
	var all []visit
	byUser := make([][]because.Interaction, r.users)
	seen := map[sitting]bool{}
	for _, x := range r.xs {
		y := &d.Interactions[x.source]
		if k := sittingOf(y); x.weight > 0 && !seen[k] {
			seen[k] = true
			all = append(all, visit{x.item, t.of(dataset.Features(y.Context))})
			byUser[x.user] = append(byUser[x.user], *y)
		}
	}
	t.fitCrowd(c, all)
	var traces []trace
	for _, h := range byUser {
		if len(traces) < maxTraces {
			t.habits(c, t.visits(c, sc, h), func(_, _ int, x trace) { traces = append(traces, x) })
		}
	}
	t.Own = fitSlab(traces, binaryWidths, binaryEvidence)
	return t
}

// A sitting is an item in one session, or on one day where sessions are not known.
type sitting struct {
	user, item, session string
	day                 int64
}

func sittingOf(x *because.Interaction) sitting {
	if x.Session != "" {
		return sitting{x.User, x.Item, x.Session, 0}
	}
	return sitting{x.User, x.Item, "", x.Context.At.Unix() / (24 * 60 * 60)}
}

// visits are a reader's sittings with a category, each once however many of its items were looked at: what happens within
// a sitting happens in the same circumstances and says so only once.
func (t *contexts) visits(c *catalogue, sc scale, history []because.Interaction) []visit {
	type key struct {
		cat int32
		s   sitting
	}
	var vs []visit
	seen := map[key]bool{}
	for n := range history {
		x := &history[n]
		i, ok := c.index[x.Item]
		if !ok || sc.strength(*x) <= 0 {
			continue
		}
		k := key{c.lead(i), sittingOf(x)}
		k.s.item, k.s.user = "", ""
		if !seen[k] {
			seen[k] = true
			vs = append(vs, visit{i, t.of(dataset.Features(x.Context))})
		}
	}
	return vs
}

// fitCrowd fits ln P(category | circumstances) = ln share + Σ lifts − ln Z per domain by cyclic scaling.
func (t *contexts) fitCrowd(c *catalogue, all []visit) {
	nc := len(c.Cats)
	inDomain := make([][]int32, len(c.Domains))
	for k := range nc {
		inDomain[c.CatDomain[k]] = append(inDomain[c.CatDomain[k]], int32(k))
	}
	share, total := make([]float64, nc), make([]float64, len(c.Domains))
	seen := make([][]float64, len(t.Features))
	t.Lift = make([][]float64, len(t.Features))
	for f := range t.Features {
		seen[f], t.Lift[f] = make([]float64, nc), make([]float64, nc)
	}
	type group struct { // visits in the same circumstances
		domain   int32
		features []int
		n        float64
	}
	groups, index := []group{}, map[string]int{}
	for _, v := range all {
		d := c.Domain[v.item]
		share[c.lead(v.item)]++
		total[d]++
		key := string(appendInts([]byte{byte(d), byte(d >> 8)}, v.features))
		g, ok := index[key]
		if !ok {
			g = len(groups)
			index[key] = g
			groups = append(groups, group{d, v.features, 0})
		}
		groups[g].n++
		for _, f := range v.features {
			seen[f][c.lead(v.item)]++
		}
	}
	for k := range share {
		share[k] /= max(1, total[c.CatDomain[k]])
	}
	want := make([]float64, nc)
	for range rounds {
		for f := range t.Features {
			clear(want)
			for _, g := range groups {
				if !slices.Contains(g.features, f) {
					continue
				}
				z := 0.0
				for _, k := range inDomain[g.domain] {
					z += share[k] * math.Exp(t.sum(g.features, k, -1))
				}
				for _, k := range inDomain[g.domain] {
					if z > 0 {
						want[k] += g.n * share[k] * math.Exp(t.sum(g.features, k, -1)) / z
					}
				}
			}
			for k, key := range c.Cats {
				if key != "" && want[k] > 0 {
					base := want[k] * math.Exp(-t.Lift[f][k]) // as expected without this lift
					t.Lift[f][k] = math.Log((seen[f][k] + crowdPrior) / (base + crowdPrior))
				}
			}
		}
	}
}

func appendInts(b []byte, xs []int) []byte {
	for _, x := range xs {
		b = append(b, byte(x), byte(x>>8))
	}
	return b
}

// sum adds the lifts of a category over features but one.
func (t *contexts) sum(features []int, cat int32, without int) float64 {
	v := 0.0
	for _, f := range features {
		if f != without {
			v += t.Lift[f][cat]
		}
	}
	return v
}

// habits yields, for every category that a reader turned to often enough, in how many of those visits each circumstance
// held, against how many would be expected from the reader's other visits and the crowd's lift.
func (t *contexts) habits(c *catalogue, vs []visit, yield func(feature, cat int, x trace)) {
	n := make([]float64, len(c.Cats))
	for _, v := range vs {
		n[c.lead(v.item)]++
	}
	all := make([]float64, len(t.Features))
	for _, v := range vs {
		for _, f := range v.features {
			all[f]++
		}
	}
	in := make([]float64, len(t.Features))
	for k, key := range c.Cats {
		if key == "" || n[k] < ownLeast {
			continue
		}
		clear(in)
		for _, v := range vs {
			if int(c.lead(v.item)) == k {
				for _, f := range v.features {
					in[f]++
				}
			}
		}
		for f := range t.Features {
			if all[f] > 0 {
				usual := (all[f] - in[f] + .5*in[f] + .3) / (float64(len(vs)) - .5*n[k] + 1)
				odds := usual / (1 - min(.99, usual)) * math.Exp(t.Lift[f][k])
				yield(f, k, trace{in[f], n[k], rate(odds / (1 + odds))})
			}
		}
	}
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

// setMoments combines, for each circumstance of the query, what it means for everybody with the reader's own habit.
// Of each category only the most marked habit counts, for circumstances that go together are one habit. For somebody
// without a history the crowd's part is all there is, and it is named popularity, for it says nothing of them.
func (s *state) setMoments() {
	t, c := &s.m.Context, s.m.Items
	wanted := t.of(dataset.Features(s.context))
	if len(wanted) == 0 {
		return
	}
	vs := t.visits(c, s.m.Scale, s.q.History)
	own := map[int]float64{} // by category: the most marked habit
	of := map[int]int{}
	t.habits(c, vs, func(f, k int, x trace) {
		if v := t.Own.lift(x); math.Abs(v) > math.Abs(own[k]) && v > 0 {
			own[k], of[k] = v, f
		}
	})
	for _, f := range wanted {
		name := "context:" + t.Features[f]
		if len(s.past) == 0 {
			name = "popularity:"
		}
		if s.hides(name) {
			continue
		}
		m := moment{name, slices.Clone(t.Lift[f])}
		for k, v := range own {
			if of[k] == f {
				m.lift[k] += v
			}
		}
		for k := range m.lift {
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

package eval

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// A PlaneText is a text as the plane of quality and diversity sees it.
type PlaneText struct {
	Quality float64 // against its own reference, for instance BLEU-2 without brevity penalty
	Pairs   []int32 // its pairs of neighbouring tokens, numbered from 0
}

// A Sweep is what one generator wrote for the same contexts at several temperatures: Sweep[t][c].
type Sweep [][]PlaneText

// A PlanePoint is one temperature's place on the plane.
type PlanePoint struct {
	Quality   float64 `json:"quality"`   // mean over the texts
	Diversity float64 `json:"diversity"` // distinct-2 over all of them
}

// Points are a sweep's places on the plane, temperature by temperature.
func (s Sweep) Points() []PlanePoint {
	p := plane{}
	out := make([]PlanePoint, len(s))
	for t := range s {
		out[t] = p.point(s[t], nil)
	}
	return out
}

// A Dominance says how one system's curve lies to another's over the diversities that both reach. A curve is the mean over
// the seeds, between whose temperatures quality is interpolated.
type Dominance struct {
	Above float64  `json:"above"` // share of the range on which the quality is higher beyond chance: the 95 % interval of the lead lies above 0
	Ahead float64  `json:"ahead"` // share on which the lead is above 0 at all
	Lead  Interval `json:"lead"`  // mean lead in quality over the range; its N counts the contexts
}

// The rounds of resampling, and the places of the range that are looked at.
const (
	planeRounds = 400
	planePlaces = 41
)

// Dominates compares two systems by their sweeps, one for each seed, over the same contexts and temperatures. Chance is
// that of contexts and of seeds: each round takes a random half of the contexts, which has as much spread as the whole has
// error and repeats no text as a bootstrap would, and draws seeds with replacement. Quality is compared at equal
// diversity (Caccia et al. 2020, "Language GANs falling short").
func Dominates(a, b []Sweep, seed uint64) Dominance {
	if len(a) == 0 || len(b) == 0 || len(a[0]) == 0 || len(a[0][0]) == 0 {
		return Dominance{}
	}
	contexts := len(a[0][0])
	seeds := func(s []Sweep) []int {
		out := make([]int, len(s))
		for i := range out {
			out[i] = i
		}
		return out
	}
	p := plane{}
	whole, ok := p.lead(p.curve(a, seeds(a), nil), p.curve(b, seeds(b), nil))
	d := Dominance{Lead: Interval{Mean: Mean(whole), N: contexts}}
	if !ok {
		return Dominance{}
	}
	rng := rand.New(rand.NewPCG(seed, 0x91a))
	leads, means := make([][]float64, planePlaces), []float64(nil)
	for range planeRounds {
		half := rng.Perm(contexts)[:(contexts+1)/2]
		drawn := make([]int, min(len(a), len(b)))
		for i := range drawn {
			drawn[i] = rng.IntN(len(drawn))
		}
		lead, ok := p.lead(p.curve(a, drawn, half), p.curve(b, drawn, half))
		if !ok {
			continue
		}
		for i, x := range lead {
			leads[i] = append(leads[i], x)
		}
		means = append(means, Mean(lead))
	}
	slices.Sort(means)
	if len(means) > 0 {
		d.Lead.Low, d.Lead.High = quantile(means, .025), quantile(means, .975)
	}
	for i, x := range leads {
		slices.Sort(x)
		if whole[i] > 0 {
			d.Ahead += 1. / planePlaces
			if len(x) > 0 && quantile(x, .025) > 0 {
				d.Above += 1. / planePlaces
			}
		}
	}
	return d
}

// A plane counts different pairs without clearing what it counted before.
type plane struct {
	seen  []int
	round int
}

// point is the place of some of the texts; nil are all.
func (p *plane) point(texts []PlaneText, which []int) PlanePoint {
	p.round++
	var out PlanePoint
	n, pairs, different := 0, 0, 0
	add := func(t PlaneText) {
		n++
		out.Quality += t.Quality
		pairs += len(t.Pairs)
		for _, x := range t.Pairs {
			for int(x) >= len(p.seen) {
				p.seen = append(p.seen, 0)
			}
			if p.seen[x] != p.round {
				p.seen[x] = p.round
				different++
			}
		}
	}
	if which == nil {
		for _, t := range texts {
			add(t)
		}
	} else {
		for _, i := range which {
			add(texts[i])
		}
	}
	out.Quality = ratio(out.Quality, float64(n))
	out.Diversity = ratio(float64(different), float64(pairs))
	return out
}

// curve is the mean of some seeds' points, from the least diverse on.
func (p *plane) curve(sweeps []Sweep, seeds, contexts []int) []PlanePoint {
	out := make([]PlanePoint, len(sweeps[0]))
	for t := range out {
		for _, s := range seeds {
			x := p.point(sweeps[s][t], contexts)
			out[t].Quality += x.Quality / float64(len(seeds))
			out[t].Diversity += x.Diversity / float64(len(seeds))
		}
	}
	slices.SortStableFunc(out, func(a, b PlanePoint) int { return cmp.Compare(a.Diversity, b.Diversity) })
	return out
}

// lead is a's quality less b's at places spread evenly over the diversities that both reach; false if there are none.
func (p *plane) lead(a, b []PlanePoint) ([]float64, bool) {
	low, high := max(a[0].Diversity, b[0].Diversity), min(a[len(a)-1].Diversity, b[len(b)-1].Diversity)
	if high <= low {
		return nil, false
	}
	out := make([]float64, planePlaces)
	for i := range out {
		d := low + (high-low)*float64(i)/(planePlaces-1)
		out[i] = qualityAt(a, d) - qualityAt(b, d)
	}
	return out, true
}

// qualityAt interpolates a curve's quality at a diversity that it reaches.
func qualityAt(curve []PlanePoint, d float64) float64 {
	i, _ := slices.BinarySearchFunc(curve, d, func(p PlanePoint, d float64) int { return cmp.Compare(p.Diversity, d) })
	switch {
	case i == len(curve):
		return curve[len(curve)-1].Quality
	case i == 0 || curve[i].Diversity == d:
		return curve[i].Quality
	}
	from, to := curve[i-1], curve[i]
	return from.Quality + (to.Quality-from.Quality)*(d-from.Diversity)/(to.Diversity-from.Diversity)
}

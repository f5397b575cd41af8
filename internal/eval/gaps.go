package eval

import (
	"math"
	"slices"
)

// An AuditRow is one text, or one answer to a text, with the groups that its reader is in.
type AuditRow struct {
	User   string
	Groups map[string][]string // by dimension: of a field with several words a reader is in several
	Values map[string]float64  // by measure; those that are missing are not known
	Weight float64             // 0 means 1
}

// A GroupGap is how one group fares beside all other readers of whom the same is known.
type GroupGap struct {
	Dimension string             `json:"dimension"`
	Group     string             `json:"group"`
	Users     int                `json:"users"`
	Measures  map[string]Measure `json:"measures"`
}

// A Measure is a group's weighted mean, and how far it is from that of the others.
type Measure struct {
	Users  int      `json:"users"` // of the group, of whom it is known
	Others int      `json:"others"`
	Mean   Interval `json:"mean"`
	Gap    Interval `json:"gap"` // mean − mean of the others
}

// SmallGroup is a group of which nothing is said, because it is small or because there is nobody beside it.
type SmallGroup struct {
	Dimension string `json:"dimension"`
	Group     string `json:"group"`
	Users     int    `json:"users"`
}

// Gaps measures every group of at least least readers against at least as many others. Intervals resample readers, so that
// several texts of one reader do not count as several readers; gaps of one dimension come from the same draws. Groups and
// measures with fewer readers are left out, the groups by name.
func Gaps(rows []AuditRow, least int, seed uint64) (gaps []GroupGap, small []SmallGroup) {
	users := interner{}
	of := make([]int32, len(rows))
	dimensions := map[string]map[string]map[int32]bool{} // -> group -> users
	var measures []string
	for i, r := range rows {
		of[i] = users.id(r.User)
		for m := range r.Values {
			if !slices.Contains(measures, m) {
				measures = append(measures, m)
			}
		}
		for d, groups := range r.Groups {
			if dimensions[d] == nil {
				dimensions[d] = map[string]map[int32]bool{}
			}
			for _, g := range groups {
				if dimensions[d][g] == nil {
					dimensions[d][g] = map[int32]bool{}
				}
				dimensions[d][g][of[i]] = true
			}
		}
	}
	slices.Sort(measures)
	for _, d := range sortedKeys(dimensions) {
		r := newResample(of)
		var fill []func([]Interval)
		first := len(gaps)
		for _, g := range sortedKeys(dimensions[d]) {
			in := dimensions[d][g]
			at := len(gaps)
			measured := map[string]Measure{}
			for _, m := range measures {
				s := side(rows, of, d, g, m)
				if s.inside < least || s.outside < least {
					continue
				}
				mean, gap := r.contrast(s)
				measured[m] = Measure{}
				fill = append(fill, func(x []Interval) { gaps[at].Measures[m] = Measure{s.inside, s.outside, x[mean], x[gap]} })
			}
			if len(measured) == 0 {
				small = append(small, SmallGroup{d, g, len(in)})
				continue
			}
			gaps = append(gaps, GroupGap{Dimension: d, Group: g, Users: len(in), Measures: measured})
		}
		if len(gaps) > first {
			x := r.intervals(seed)
			for _, f := range fill {
				f(x)
			}
		}
	}
	return gaps, small
}

// sides are the rows of a measure in a group, beside those of the dimension's other readers.
type sides struct {
	value, weight   []float64 // NaN where not known
	in              []bool
	inside, outside int // readers
}

// side parts the rows of a measure. A row belongs to a group by its own groups: of the languages, say, a reader may have both.
func side(rows []AuditRow, of []int32, d, g, measure string) sides {
	s := sides{value: make([]float64, len(rows)), weight: make([]float64, len(rows)), in: make([]bool, len(rows))}
	seen := [2]map[int32]bool{{}, {}}
	for i, r := range rows {
		v, ok := r.Values[measure]
		groups, has := r.Groups[d]
		if s.value[i] = math.NaN(); !ok || !has || math.IsNaN(v) {
			continue
		}
		s.value[i], s.weight[i], s.in[i] = v, r.Weight, slices.Contains(groups, g)
		if r.Weight == 0 {
			s.weight[i] = 1
		}
		if s.in[i] {
			seen[0][of[i]] = true
		} else {
			seen[1][of[i]] = true
		}
	}
	s.inside, s.outside = len(seen[0]), len(seen[1])
	return s
}

// contrast adds the weighted mean of the inside, and its difference from that of the outside.
func (r *resample) contrast(s sides) (mean, gap int) {
	sum := func(in bool, f func(row int) float64) int {
		return r.sum(func(row int) float64 {
			if s.in[row] != in || math.IsNaN(s.value[row]) {
				return 0
			}
			return f(row)
		})
	}
	weight, value := func(row int) float64 { return s.weight[row] }, func(row int) float64 { return s.weight[row] * s.value[row] }
	w1, x1, w0, x0 := sum(true, weight), sum(true, value), sum(false, weight), sum(false, value)
	mean = r.stat(func(s []float64) float64 { return ratio(s[x1], s[w1]) })
	gap = r.stat(func(s []float64) float64 { return ratio(s[x1], s[w1]) - ratio(s[x0], s[w0]) })
	return mean, gap
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

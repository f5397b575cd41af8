package synth

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"because"
)

// draw is a value of a spec.
func (s spec) draw(r *rand.Rand) because.Value {
	switch {
	case s.From != nil:
		u := r.Float64()
		switch s.Skew {
		case "low":
			u *= u
		case "high":
			u = 1 - (1-u)*(1-u)
		}
		return because.Num(s.snap(*s.From+u*(*s.To-*s.From)), "")
	case len(s.OneOf.keys) > 0:
		return because.Words(s.OneOf.keys[pick(r, s.OneOf.weights)])
	case len(s.SomeOf.keys) > 0:
		from, to := 1, 3
		if len(s.N) == 2 {
			from, to = s.N[0], s.N[1]
		}
		return because.Words(some(r, s.SomeOf, between(r, from, to))...)
	}
	return because.Flag(r.Float64() < *s.Chance)
}

// snap is the value on the spec's steps that is nearest to x, without the noise of binary fractions.
func (s spec) snap(x float64) float64 {
	step := s.Step
	if step == 0 && *s.To > *s.From {
		step = math.Pow(10, math.Floor(math.Log10((*s.To-*s.From)/100)+.05))
	}
	if step > 0 {
		x = *s.From + step*math.Round((x-*s.From)/step)
	}
	return math.Round(max(*s.From, min(*s.To, x))*1e6) / 1e6
}

// some are n different words by weight, in the order of the file; all that have a weight when there are fewer.
func some(r *rand.Rand, w words, n int) []string {
	weights := slices.Clone(w.weights)
	var at []int
	for len(at) < min(n, len(w.keys)) {
		i := pick(r, weights)
		if !(weights[i] > 0) {
			break
		}
		weights[i] = 0
		at = append(at, i)
	}
	slices.Sort(at)
	out := make([]string, len(at))
	for k, i := range at {
		out[k] = w.keys[i]
	}
	return out
}

// pick is an index drawn by weight. Without a positive weight it is drawn evenly.
func pick(r *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if sum <= 0 {
		return r.IntN(len(weights))
	}
	x := r.Float64() * sum
	last := 0
	for i, w := range weights {
		if w <= 0 {
			continue
		}
		if x -= w; x < 0 {
			return i
		}
		last = i
	}
	return last
}

// between is a whole number in [from, to].
func between(r *rand.Rand, from, to int) int { return from + r.IntN(max(1, to-from+1)) }

// gumbel is the noise of a choice: who takes the highest utility plus gumbel chooses by softmax of utility.
func gumbel(r *rand.Rand) float64 { return -math.Log(-math.Log(r.Float64()*(1-1e-12) + 1e-13)) }

// A sampler draws indices by weight in logarithmic time.
type sampler struct {
	index []int
	upTo  []float64
}

func (s *sampler) add(i int, weight float64) {
	s.index = append(s.index, i)
	if n := len(s.upTo); n > 0 {
		weight += s.upTo[n-1]
	}
	s.upTo = append(s.upTo, weight)
}

// draw is an index; there must be one.
func (s *sampler) draw(r *rand.Rand) int {
	x := r.Float64() * s.upTo[len(s.upTo)-1]
	return s.index[min(sort.SearchFloat64s(s.upTo, x), len(s.index)-1)]
}

// fill puts values into the {holes} of a wording, and says whether there was one for each.
func fill(s string, value func(hole string) (string, bool)) (string, bool) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), true
		}
		hole, after, ok := strings.Cut(rest, "}")
		if !ok {
			return "", false
		}
		v, ok := value(hole)
		if !ok {
			return "", false
		}
		b.WriteString(v)
		s = after
	}
}

// holes are the names in braces of a wording.
func holes(s string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(s, "{")
		if !ok {
			return out
		}
		hole, after, ok := strings.Cut(rest, "}")
		if !ok {
			return append(out, rest)
		}
		out, s = append(out, hole), after
	}
}

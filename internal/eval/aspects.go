package eval

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
)

// Labels are what is said of a text's aspects: 1, 0 or -1 by aspect; one that is not there is not spoken of.
type Labels map[string]int

// AspectScore is how well one aspect, or all, were found and judged.
type AspectScore struct {
	Gold      int      `json:"gold"`  // texts that speak of it
	Found     int      `json:"found"` // texts in which it was found
	Both      int      `json:"both"`
	Precision Interval `json:"precision"`
	Recall    Interval `json:"recall"`
	F1        Interval `json:"f1"`
	Polarity  Interval `json:"polarity"` // of those found rightly, the share whose polarity is right
	Exact     Interval `json:"exact_f1"` // F1 of aspect and polarity together
	Blind     float64  `json:"blind"`    // of those found rightly, the share of the commonest polarity: what saying it of all would get right
	Praise    int      `json:"praise"`   // texts in which it was found praised
	Praised   Interval `json:"praised"`  // of those, the share where it is praised
	Blamed    int      `json:"blamed"`   // of those, how many where it is blamed
}

// An aspectCount is what the scores of some texts are made of.
type aspectCount struct{ gold, found, both, polar, praise, praised, blamed int }

func (c *aspectCount) add(o aspectCount) {
	c.gold, c.found, c.both, c.polar = c.gold+o.gold, c.found+o.found, c.both+o.both, c.polar+o.polar
	c.praise, c.praised, c.blamed = c.praise+o.praise, c.praised+o.praised, c.blamed+o.blamed
}

// ScoreAspects compares what was found in texts with what is there, aspect by aspect and, under "", over all. Intervals
// resample texts (Efron 1979); a share of nothing is 0 with an empty interval.
func ScoreAspects(gold, found []Labels, seed uint64) map[string]AspectScore {
	keys := map[string]bool{"": true}
	for _, side := range [][]Labels{gold, found} {
		for _, l := range side {
			for k := range l {
				keys[k] = true
			}
		}
	}
	out := map[string]AspectScore{}
	for k := range keys {
		counts := make([]aspectCount, len(gold))
		polarities := map[int]int{}
		for i := range gold {
			counts[i] = countAspects(gold[i], found[i], k, polarities)
		}
		out[k] = scoreAspect(counts, polarities, seed)
	}
	return out
}

func countAspects(gold, found Labels, only string, polarities map[int]int) (c aspectCount) {
	for k := range merged(gold, found) {
		if only != "" && k != only {
			continue
		}
		g, is := gold[k]
		f, said := found[k]
		one := aspectCount{gold: bit(is), found: bit(said), both: bit(is && said), polar: bit(is && said && g == f), praise: bit(said && f > 0)}
		one.praised, one.blamed = bit(said && f > 0 && is && g > 0), bit(said && f > 0 && is && g < 0)
		c.add(one)
		if is && said {
			polarities[g]++
		}
	}
	return c
}

func merged(a, b Labels) Labels {
	out := maps.Clone(a)
	if out == nil {
		out = Labels{}
	}
	maps.Copy(out, b)
	return out
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func scoreAspect(counts []aspectCount, polarities map[int]int, seed uint64) AspectScore {
	var all aspectCount
	for _, c := range counts {
		all.add(c)
	}
	stat := func(f func(aspectCount) (part, whole float64)) Interval {
		return bootstrapRatio(counts, f, seed)
	}
	s := AspectScore{Gold: all.gold, Found: all.found, Both: all.both, Praise: all.praise, Blamed: all.blamed}
	s.Precision = stat(func(c aspectCount) (float64, float64) { return float64(c.both), float64(c.found) })
	s.Recall = stat(func(c aspectCount) (float64, float64) { return float64(c.both), float64(c.gold) })
	s.F1 = stat(func(c aspectCount) (float64, float64) { return 2 * float64(c.both), float64(c.found + c.gold) })
	s.Polarity = stat(func(c aspectCount) (float64, float64) { return float64(c.polar), float64(c.both) })
	s.Exact = stat(func(c aspectCount) (float64, float64) { return 2 * float64(c.polar), float64(c.found + c.gold) })
	s.Praised = stat(func(c aspectCount) (float64, float64) { return float64(c.praised), float64(c.praise) })
	if all.both > 0 {
		s.Blind = float64(slices.Max(slices.Collect(maps.Values(polarities)))) / float64(all.both)
	}
	return s
}

// bootstrapRatio is the percentile interval of a ratio of sums over texts.
func bootstrapRatio(counts []aspectCount, f func(aspectCount) (part, whole float64), seed uint64) Interval {
	parts, wholes := make([]float64, len(counts)), make([]float64, len(counts))
	var part, whole float64
	n := 0
	for i, c := range counts {
		parts[i], wholes[i] = f(c)
		part, whole = part+parts[i], whole+wholes[i]
		if wholes[i] > 0 {
			n++
		}
	}
	if whole == 0 {
		return Interval{}
	}
	rng := rand.New(rand.NewPCG(seed, 0xa59ec7))
	draws := make([]float64, 0, 1000)
	for range 1000 {
		var p, w float64
		for range counts {
			i := rng.IntN(len(counts))
			p, w = p+parts[i], w+wholes[i]
		}
		if w > 0 {
			draws = append(draws, p/w)
		}
	}
	slices.SortFunc(draws, cmp.Compare)
	return Interval{Mean: part / whole, Low: quantile(draws, .025), High: quantile(draws, .975), N: n}
}

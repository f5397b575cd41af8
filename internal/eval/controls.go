package eval

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"unicode"
	"unicode/utf8"
)

// A comparison is the rows that have references, with all that is compared against them.
type comparison struct {
	t        *Texts
	rows     []textRow
	texts    []bag
	refs     []bag
	half     []int // of each row's reader: what a control learns, it learns from the other half
	own      []float64
	partners []int32
	resample *resample
	pending  []func([]Interval) // what the intervals are for
}

func newComparison(t *Texts) *comparison {
	c := &comparison{t: t}
	var group []int32
	next := int32(len(t.users))
	for _, r := range t.rows {
		if !r.hasRef {
			continue
		}
		c.rows = append(c.rows, r)
		c.texts, c.refs = append(c.texts, t.index.bags.of(r.text)), append(c.refs, t.index.bags.of(r.ref))
		g := r.user
		if g < 0 {
			g, next = next, next+1
		}
		group = append(group, g)
	}
	group = renumbered(group)
	c.resample = newResample(group)
	rng := rand.New(rand.NewPCG(t.o.Seed, 0xd0))
	side := make([]int, c.resample.n)
	for i, g := range rng.Perm(len(side)) {
		side[g] = i % 2
	}
	for _, g := range group {
		c.half = append(c.half, side[g])
	}
	c.partners = derange(len(c.rows), t.o.Derangements, rng)
	return c
}

// renumbered numbers groups from 0 without gaps.
func renumbered(group []int32) []int32 {
	seen, out := map[int32]int32{}, make([]int32, len(group))
	for i, g := range group {
		id, ok := seen[g]
		if !ok {
			id = int32(len(seen))
			seen[g] = id
		}
		out[i] = id
	}
	return out
}

// interval writes the interval of a statistic to its place once it is known; percent multiplies it.
func (c *comparison) interval(stat int, to *Interval, percent float64) {
	c.pending = append(c.pending, func(all []Interval) {
		x := all[stat]
		*to = Interval{steady(percent * x.Mean), steady(percent * x.Low), steady(percent * x.High), x.N}
	})
}

// steady takes away what adding up in floating point leaves of nothing.
func steady(x float64) float64 {
	if math.Abs(x) < 1e-9 {
		return 0
	}
	return x
}

// mean is the interval of the mean of values, in percent.
func (c *comparison) mean(values []float64, to *Interval) {
	c.interval(c.resample.mean(values), to, 100)
}

// fill computes all intervals at once.
func (c *comparison) fill() {
	all := c.resample.intervals(c.t.o.Seed)
	for _, f := range c.pending {
		f(all)
	}
}

func (c *comparison) families(out *TextReport) {
	out.Families = make([]FamilyScores, len(c.t.families))
	for i, f := range c.t.families {
		s, to := c.t.scores[i], &out.Families[i]
		to.Family = f.Name
		c.bleu(s, to)
		for _, m := range []struct {
			of func(familyScores) float64
			to *Interval
		}{
			{func(x familyScores) float64 { return x.r1.P }, &to.R1P},
			{func(x familyScores) float64 { return x.r1.R }, &to.R1R},
			{func(x familyScores) float64 { return x.r1.F }, &to.R1F},
			{func(x familyScores) float64 { return x.r2.P }, &to.R2P},
			{func(x familyScores) float64 { return x.r2.R }, &to.R2R},
			{func(x familyScores) float64 { return x.r2.F }, &to.R2F},
			{func(x familyScores) float64 { return x.rl.P }, &to.RLP},
			{func(x familyScores) float64 { return x.rl.R }, &to.RLR},
			{func(x familyScores) float64 { return x.rl.F }, &to.RLF},
		} {
			values := make([]float64, len(s))
			for row := range s {
				values[row] = m.of(s[row])
			}
			c.mean(values, m.to)
			if i == 0 && m.to == &to.R1F {
				c.own = values
			}
		}
	}
}

// bleu is corpus BLEU, which is no mean of rows: its counts are resampled.
func (c *comparison) bleu(s []familyScores, to *FamilyScores) {
	var match, possible [maxOrder]int
	for n := range maxOrder {
		match[n] = c.resample.sum(func(row int) float64 { return float64(s[row].bleu.match[n]) })
		possible[n] = c.resample.sum(func(row int) float64 { return float64(s[row].bleu.possible[n]) })
	}
	hyp := c.resample.sum(func(row int) float64 { return float64(s[row].bleu.hyp) })
	ref := c.resample.sum(func(row int) float64 { return float64(s[row].bleu.ref) })
	score := func(order int) int {
		return c.resample.stat(func(sums []float64) float64 {
			b := bleuSums{hyp: sums[hyp], ref: sums[ref]}
			for n := range maxOrder {
				b.match[n], b.possible[n] = sums[match[n]], sums[possible[n]]
			}
			return b.score(order)
		})
	}
	c.interval(score(1), &to.BLEU1, 100)
	c.interval(score(maxOrder), &to.BLEU4, 100)
}

// margin is what the texts score against their own references beyond those of others.
func (c *comparison) margin(ctx context.Context, out *TextReport) error {
	if c.partners == nil {
		return nil
	}
	x, err := c.t.index.shuffle(ctx, c.texts, c.refs, c.partners)
	if err != nil {
		return err
	}
	m := &Margin{Derangements: c.t.o.Derangements, Low: 100 * slices.Min(x.rounds), High: 100 * slices.Max(x.rounds)}
	out.Margin = m
	own2 := make([]float64, len(c.rows))
	for i, s := range c.t.scores[0] {
		own2[i] = s.r2.F
	}
	c.mean(c.own, &m.Own)
	c.mean(x.r1, &m.Shuffled)
	c.mean(minus(c.own, x.r1), &m.Margin)
	c.mean(own2, &m.Own2)
	c.mean(x.r2, &m.Shuffled2)
	c.mean(minus(own2, x.r2), &m.Margin2)
	out.Histogram = &Histogram{}
	for i := range c.own {
		out.Histogram.Own[bin(c.own[i])]++
		out.Histogram.Shuffled[bin(x.one[i])]++
	}
	return nil
}

func bin(score float64) int { return min(19, int(20*score)) }

func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}

// controls score texts that need no model.
func (c *comparison) controls(ctx context.Context, out *TextReport) error {
	var openings, constants [2][]int32
	for half := range 2 {
		openings[half], constants[half] = c.openingOf(1-half), c.constantOf(1-half)
	}
	if err := c.control(ctx, out, "opening", func(i int) []int32 { return openings[c.half[i]] }); err != nil {
		return err
	}
	if err := c.control(ctx, out, "constant", func(i int) []int32 { return constants[c.half[i]] }); err != nil {
		return err
	}
	for _, e := range []struct {
		name string
		echo func(textRow) []int32
	}{
		{"item", func(r textRow) []int32 { return r.itemProfile }},
		{"user", func(r textRow) []int32 { return r.userProfile }},
		{"evidence", func(r textRow) []int32 { return r.evidenced }},
	} {
		if !slices.ContainsFunc(c.rows, func(r textRow) bool { return len(e.echo(r)) > 0 }) {
			continue
		}
		echo := func(i int) []int32 { return slices.Concat(openings[c.half[i]], e.echo(c.rows[i])) }
		if err := c.control(ctx, out, e.name, echo); err != nil {
			return err
		}
	}
	return nil
}

// control scores one text for each row.
func (c *comparison) control(ctx context.Context, out *TextReport, name string, text func(row int) []int32) error {
	x := &Control{Name: name, Text: c.t.index.say(text(0), c.t.between())}
	out.Controls = append(out.Controls, x)
	texts := make([]bag, len(c.rows))
	for i := range texts {
		texts[i] = c.t.index.bags.of(text(i))
	}
	r1, r2 := make([]float64, len(texts)), make([]float64, len(texts))
	s := newScorer(len(c.t.index.ids), len(c.t.index.bags))
	for i := range texts {
		s.take(texts[i])
		r1[i], r2[i] = s.score(c.refs[i])
	}
	c.mean(r1, &x.R1)
	c.mean(r2, &x.R2)
	c.mean(minus(c.own, r1), &x.Lead)
	if c.partners == nil || name == "opening" || name == "constant" {
		return nil
	}
	others, err := c.t.index.shuffle(ctx, texts, c.refs, c.partners)
	x.Margin = &Interval{}
	c.mean(minus(r1, others.r1), x.Margin)
	return err
}

// openingShare is the share of references from which on a word belongs to their fixed opening.
const openingShare = .25

// openingOf is the fixed opening of the references of a half: word by word the commonest continuation, as long as a
// quarter of all references go along.
func (c *comparison) openingOf(half int) []int32 {
	var all [][]int32
	for i, r := range c.rows {
		if c.half[i] == half {
			all = append(all, r.ref)
		}
	}
	var opening []int32
	for going := all; ; {
		count := map[int32]int{}
		at := len(opening)
		for _, ref := range going {
			if at < len(ref) {
				count[ref[at]]++
			}
		}
		next := slices.SortedFunc(maps.Keys(count), func(a, b int32) int {
			return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
		})
		if len(next) == 0 || float64(count[next[0]]) < openingShare*float64(len(all)) {
			return opening
		}
		opening = append(opening, next[0])
		going = slices.DeleteFunc(slices.Clone(going), func(ref []int32) bool { return at >= len(ref) || ref[at] != next[0] })
	}
}

// The best constant sentence is sought among so many references, by what it scores against so many others.
const (
	constantCandidates = 1500
	constantJudges     = 1000
)

// constantOf is the reference of a half that is most like the others of that half.
func (c *comparison) constantOf(half int) []int32 {
	var rows []int
	for i := range c.rows {
		if c.half[i] == half {
			rows = append(rows, i)
		}
	}
	rng := rand.New(rand.NewPCG(c.t.o.Seed, 0xc0+uint64(half)))
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	s := newScorer(len(c.t.index.ids), len(c.t.index.bags))
	best, most := -1, 0.0
	for _, i := range rows[:min(constantCandidates, len(rows))] {
		s.take(c.refs[i])
		sum := 0.0
		for _, j := range rows[:min(constantJudges, len(rows))] {
			if j != i {
				r1, _ := s.score(c.refs[j])
				sum += r1
			}
		}
		if best < 0 || sum > most {
			best, most = i, sum
		}
	}
	if best < 0 {
		return nil
	}
	return c.rows[best].ref
}

// partnersAtMost is how many other texts a row is compared with.
const partnersAtMost = 10

// swaps score texts for another user about the same item, and for the same user about another item: what a score loses
// is what the user, or the item, had to do with it.
func (c *comparison) swaps(_ context.Context, out *TextReport) error {
	user, item := func(r textRow) int32 { return r.user }, func(r textRow) int32 { return r.item }
	c.swap(out, "user", item, user)
	c.swap(out, "item", user, item)
	return nil
}

func (c *comparison) swap(out *TextReport, name string, same, other func(textRow) int32) {
	rowsOf := map[int32][]int{}
	for i, r := range c.rows {
		if same(r) >= 0 && other(r) >= 0 {
			rowsOf[same(r)] = append(rowsOf[same(r)], i)
		}
	}
	rng := rand.New(rand.NewPCG(c.t.o.Seed, 0x5b))
	s := newScorer(len(c.t.index.ids), len(c.t.index.bags))
	own, swapped, rows := make([]float64, len(c.rows)), make([]float64, len(c.rows)), 0
	for i, r := range c.rows {
		own[i], swapped[i] = math.NaN(), math.NaN()
		group := rowsOf[same(r)]
		if same(r) < 0 || other(r) < 0 || len(group) < 2 {
			continue
		}
		sum, n := 0.0, 0
		for k, first := 0, rng.IntN(len(group)); k < len(group) && n < partnersAtMost; k++ {
			if j := group[(first+k)%len(group)]; other(c.rows[j]) != other(r) {
				s.take(c.texts[j])
				r1, _ := s.score(c.refs[i])
				sum, n = sum+r1, n+1
			}
		}
		if n > 0 {
			own[i], swapped[i], rows = c.own[i], sum/float64(n), rows+1
		}
	}
	if rows == 0 {
		return
	}
	x := &Swap{Name: name, Rows: rows}
	out.Swaps = append(out.Swaps, x)
	c.mean(own, &x.Own)
	c.mean(swapped, &x.Swapped)
	c.mean(minus(own, swapped), &x.Loss)
}

// lowerFirst starts a sentence in the middle of another.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

package recommend

import (
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/dataset"
)

// taste is what is needed to tell a reader's liking for properties from what everybody turns to: base rates, and per
// field how many readers care and how much.
//
// A liking is a lift: how much more often the reader turns to a property than the crowd does under the same
// circumstances. Attributes are compared within the leading categories of the reader's history, so that a liking for
// watches is not mistaken for one for steel.
type taste struct {
	CatShare  []float64    // by category: share of its domain's interactions
	CatWords  [][]weighted // by category: P(word | leading category), sorted by word
	CatSlab   []slab       // by domain
	WordSlab  []slab       // by field
	NumSlab   []slab       // by field
	Spread    []float64    // by field: variance of z within a reader's history, at most 1
	PriceSlab []slab       // by domain
	PriceSp   []float64    // by domain
}

const (
	smooth    = 20 // imaginary crowd interactions per category, spread as the catalogue is
	maxLift   = 3
	spreadPr  = 8 // imaginary interactions behind the shared spread
	minSpread = .3
)

func newTaste(c *catalogue, r *rows, sc scale, d *dataset.Data) taste {
	crowd := make([]float64, len(c.IDs)) // who liked each item
	baskets := r.baskets(basket)
	for _, b := range baskets {
		for _, i := range b {
			crowd[i]++
		}
	}
	t := taste{}
	t.baseRates(c, crowd)
	standardise(c, crowd)
	t.fit(c, summaries(c, sc, histories(r, d)))
	return t
}

// baseRates counts what everybody turns to, smoothed by what there is.
func (t *taste) baseRates(c *catalogue, crowd []float64) {
	nc, nd := len(c.Cats), len(c.Domains)
	inDomain, items := make([]float64, nd), make([]float64, nd)
	t.CatShare = make([]float64, nc)
	catItems := make([]float64, nc)
	lead, leadItems := make([]float64, nc), make([]float64, nc)
	words, wordItems := make([]map[int32]float64, nc), make([]map[int32]float64, nc)
	for k := range nc {
		words[k], wordItems[k] = map[int32]float64{}, map[int32]float64{}
	}
	for i := range c.IDs {
		d, l := c.Domain[i], c.lead(int32(i))
		inDomain[d] += crowd[i]
		items[d]++
		lead[l] += crowd[i]
		leadItems[l]++
		for _, k := range c.ItemCats[i] {
			t.CatShare[k] += crowd[i]
			catItems[k]++
		}
		for _, w := range c.ItemWords[i] {
			words[l][w] += crowd[i]
			wordItems[l][w]++
		}
	}
	t.CatWords = make([][]weighted, nc)
	for k := range nc {
		d := c.CatDomain[k]
		t.CatShare[k] = (t.CatShare[k] + smooth*catItems[k]/items[d]) / (inDomain[d] + smooth)
		for _, w := range sortedKeys(wordItems[k]) {
			p := (words[k][w] + smooth*wordItems[k][w]/leadItems[k]) / (lead[k] + smooth)
			t.CatWords[k] = append(t.CatWords[k], weighted{w, float32(min(.995, max(.002, p)))})
		}
	}
}

// standardise writes the z of every number and price: standard deviations from the crowd's mean within the leading
// category, of the logarithm where a field spans orders of magnitude.
func standardise(c *catalogue, crowd []float64) {
	type key struct{ cat, field int32 } // field -1 is the price
	values := map[int32][]float64{}
	for i := range c.IDs {
		for _, n := range c.Numbers[i] {
			values[n.Field] = append(values[n.Field], n.Value)
		}
	}
	logs := map[int32]bool{}
	for f, vs := range values {
		slices.Sort(vs)
		logs[f] = vs[0] > 0 && vs[len(vs)*9/10] > 10*vs[len(vs)/10]
	}
	level := func(n number) float64 {
		if logs[n.Field] {
			return math.Log(n.Value)
		}
		return n.Value
	}
	ms := map[key]*moments{}
	add := func(k key, x, w float64) {
		if ms[k] == nil {
			ms[k] = &moments{}
		}
		ms[k].add(x, w)
	}
	for i := range c.IDs {
		w, l := crowd[i]+1, c.lead(int32(i))
		for _, n := range c.Numbers[i] {
			add(key{l, n.Field}, level(n), w)
			add(key{-1, n.Field}, level(n), w)
		}
		if c.Price[i] > 0 {
			add(key{l, -1}, math.Log(c.Price[i]), w)
			add(key{-1 - c.CatDomain[l], -1}, math.Log(c.Price[i]), w)
		}
	}
	z := func(near, far key, x float64) float64 {
		m := ms[near]
		if m.count < 5 || m.sd() == 0 {
			m = ms[far]
		}
		if m.sd() == 0 {
			return 0
		}
		return min(3, max(-3, (x-m.mean())/m.sd()))
	}
	for i := range c.IDs {
		l := c.lead(int32(i))
		for j := range c.Numbers[i] {
			n := &c.Numbers[i][j]
			n.Z = z(key{l, n.Field}, key{-1, n.Field}, level(*n))
		}
		if c.Price[i] > 0 {
			c.PriceZ[i] = z(key{l, -1}, key{-1 - c.CatDomain[l], -1}, math.Log(c.Price[i]))
		}
	}
}

// moments are a weighted mean and standard deviation in the making.
type moments struct {
	count      int
	w, wx, wx2 float64
	first      float64
	hasFirst   bool
}

func (m *moments) add(x, w float64) {
	if !m.hasFirst {
		m.first, m.hasFirst = x, true // sums are kept around it, for precision
	}
	x -= m.first
	m.count++
	m.w, m.wx, m.wx2 = m.w+w, m.wx+w*x, m.wx2+w*x*x
}

func (m *moments) mean() float64 { return m.first + m.wx/m.w }
func (m *moments) sd() float64 {
	mean := m.wx / m.w
	v := m.wx2/m.w - mean*mean
	if v < 1e-12*(1+mean*mean) {
		return 0
	}
	return math.Sqrt(v)
}

// maxReaders bounds the readers that priors are fitted on.
const maxReaders = 3000

// histories are those of the first readers, each oldest first.
func histories(r *rows, d *dataset.Data) [][]because.Interaction {
	byUser := make([][]because.Interaction, min(maxReaders, r.users))
	for _, x := range d.Interactions {
		if u, ok := r.index[x.User]; ok && int(u) < len(byUser) {
			byUser[u] = append(byUser[u], x)
		}
	}
	return byUser
}

func summaries(c *catalogue, sc scale, readers [][]because.Interaction) [][]past {
	out := make([][]past, len(readers))
	for u, h := range readers {
		out[u] = summarise(c, sc, h, h[len(h)-1].Context.At.Unix())
	}
	return out
}

// maxTraces bounds the traces that a prior is fitted on.
const maxTraces = 20000

// fit fits the priors on all readers' traces.
func (t *taste) fit(c *catalogue, readers [][]past) {
	nd, nf := len(c.Domains), len(c.Fields)
	cats, words := make([][]trace, nd), make([][]trace, nf)
	nums, prices := make([][]trace, nf), make([][]trace, nd)
	within, withinPrice := make([]pooled, nf), make([]pooled, nd)
	keep := func(to *[]trace, x trace) {
		if len(*to) < maxTraces {
			*to = append(*to, x)
		}
	}
	tally := newTally(c)
	for _, h := range readers {
		if len(h) < 3 {
			continue
		}
		tally.reset()
		for _, p := range h {
			tally.add(t, p.item, p.taste)
		}
		tally.each(t, func(k int32, x trace) { keep(&cats[c.CatDomain[k]], x) }, func(w int32, x trace) { keep(&words[c.WordField[w]], x) })
		for f := range tally.nums {
			if s := &tally.nums[f]; s.abs >= 2 {
				keep(&nums[f], trace{o: s.z, n: s.abs})
				within[f].add(s)
			}
		}
		for d := range tally.prices {
			if s := &tally.prices[d]; s.abs >= 2 {
				keep(&prices[d], trace{o: s.z, n: s.abs})
				withinPrice[d].add(s)
			}
		}
	}
	t.CatSlab, t.PriceSlab, t.PriceSp = make([]slab, nd), make([]slab, nd), make([]float64, nd)
	for d := range nd {
		t.CatSlab[d] = fitSlab(cats[d], binaryWidths, binaryEvidence)
		t.PriceSlab[d], t.PriceSp[d] = fitSlab(prices[d], normalWidths, normalEvidence), withinPrice[d].spread()
	}
	t.WordSlab, t.NumSlab, t.Spread = make([]slab, nf), make([]slab, nf), make([]float64, nf)
	for f := range nf {
		t.WordSlab[f] = fitSlab(words[f], binaryWidths, binaryEvidence)
		t.NumSlab[f], t.Spread[f] = fitSlab(nums[f], normalWidths, normalEvidence), within[f].spread()
	}
}

// pooled sums readers' own squares about their means.
type pooled struct{ inner, free float64 }

func (p *pooled) add(s *sums) {
	p.inner += s.zz - s.zpos*s.zpos/max(s.pos, 1e-9)
	p.free += s.pos - 1
}

func (p *pooled) spread() float64 { return min(1, max(minSpread, (p.inner+30)/(p.free+30))) }

// A tally sums a history up by property.
type tally struct {
	c            *catalogue
	abs, signed  []float64 // by domain: Σ|w|, Σw
	cat          []float64 // by category: Σw of the items in it
	dev          *sparse   // by word: Σw·(has − p)
	base, weight []float64 // by word: Σ|w|·p, Σ|w|
	nums         []sums    // by field
	prices       []sums    // by domain
}

func newTally(c *catalogue) *tally {
	nd := len(c.Domains)
	return &tally{
		c: c, abs: make([]float64, nd), signed: make([]float64, nd), cat: make([]float64, len(c.Cats)), dev: newSparse(len(c.Words)),
		base: make([]float64, len(c.Words)), weight: make([]float64, len(c.Words)), nums: make([]sums, len(c.Fields)), prices: make([]sums, nd),
	}
}

func (y *tally) reset() {
	clear(y.abs)
	clear(y.signed)
	clear(y.cat)
	y.dev.reset()
	clear(y.base)
	clear(y.weight)
	clear(y.nums)
	clear(y.prices)
}

// add counts an item of the history with a weight in [-1, 1].
func (y *tally) add(t *taste, item int32, w float64) {
	c, d, a := y.c, y.c.Domain[item], math.Abs(w)
	y.abs[d] += a
	y.signed[d] += w
	for _, k := range c.ItemCats[item] {
		y.cat[k] += w
	}
	for _, r := range t.CatWords[c.lead(item)] {
		p := float64(r.Weight)
		y.dev.add(r.Ref, -w*p)
		y.base[r.Ref] += a * p
		y.weight[r.Ref] += a
	}
	for _, v := range c.ItemWords[item] {
		y.dev.add(v, w)
	}
	for _, n := range c.Numbers[item] {
		y.nums[n.Field].add(n.Z, w)
	}
	if c.Price[item] > 0 {
		y.prices[d].add(c.PriceZ[item], w)
	}
}

// each yields the traces of categories and words.
func (y *tally) each(t *taste, cat, word func(int32, trace)) {
	for k, key := range y.c.Cats {
		d, p := y.c.CatDomain[k], t.CatShare[k]
		if n := y.abs[d]; n > 0 && key != "" {
			cat(int32(k), trace{min(n, max(0, y.cat[k]-y.signed[d]*p+n*p)), n, rate(p)})
		}
	}
	for _, v := range y.dev.touched {
		if n := y.weight[v]; n > 0 {
			word(v, trace{min(n, max(0, y.dev.at(v)+y.base[v])), n, rate(y.base[v] / n)})
		}
	}
}

// rate keeps a base rate off the ends.
func rate(p float64) float64 { return min(.98, max(.002, p)) }

// sparse is a dense array that remembers what was touched.
type sparse struct {
	v       []float64
	in      []bool
	touched []int32
}

func newSparse(n int) *sparse { return &sparse{v: make([]float64, n), in: make([]bool, n)} }

func (s *sparse) add(i int32, x float64) {
	if !s.in[i] {
		s.in[i] = true
		s.touched = append(s.touched, i)
	}
	s.v[i] += x
}

func (s *sparse) at(i int32) float64 { return s.v[i] }

func (s *sparse) reset() {
	for _, i := range s.touched {
		s.v[i], s.in[i] = 0, false
	}
	s.touched = s.touched[:0]
}

// A liking is a reader's taste in a numeric field: where it centres and how narrow it is, in z.
type liking struct{ mean, spread float64 }

// value is ln N(z; mean, spread) − ln N(z; 0, 1), centred on the crowd.
func (l liking) value(z float64) float64 {
	if l.spread == 0 {
		return 0
	}
	return min(maxLift, max(-maxLift, l.mean*z/l.spread-.5*(1/l.spread-1)*(z*z-1)))
}

// likings is a reader's taste, prepared for one query.
type likings struct {
	cat   []float64 // by category
	word  []float64 // by word
	num   []liking  // by field
	price []liking  // by domain
	any   bool
}

// likings derives the reader's taste from past.
func (m *Model) likings(past []past, questions []question) likings {
	c, t := m.Items, &m.Taste
	l := likings{cat: make([]float64, len(c.Cats)), word: make([]float64, len(c.Words)), num: make([]liking, len(c.Fields)), price: make([]liking, len(c.Domains))}
	if len(past) == 0 && len(questions) == 0 {
		return l
	}
	l.any = true
	y := newTally(c)
	for _, h := range past {
		y.add(t, h.item, h.taste)
	}
	y.each(t,
		func(k int32, x trace) { l.cat[k] = t.CatSlab[c.CatDomain[k]].lift(x) },
		func(w int32, x trace) { l.word[w] = t.WordSlab[c.WordField[w]].lift(x) })
	for f := range y.nums {
		l.num[f] = y.nums[f].liking(t.NumSlab[f], t.Spread[f])
	}
	m.addAsked(&l, y, questions)
	for d := range y.prices {
		l.price[d] = y.prices[d].liking(t.PriceSlab[d], t.PriceSp[d])
	}
	return l
}

// addAsked lets what the reader searches for speak of the same likings.
func (m *Model) addAsked(l *likings, y *tally, questions []question) {
	t, a := &m.Taste, &m.Asking
	asked := a.traces(questions)
	for w, x := range asked.words {
		n := y.weight[w]
		seen := trace{}
		if n > 0 {
			seen = trace{min(n, max(0, y.dev.at(w)+y.base[w])), n, rate(y.base[w] / n)}
		}
		l.word[w] = t.WordSlab[m.Items.WordField[w]].both(seen, a.Word, x.done())
	}
	for f, x := range asked.fields {
		mean := t.NumSlab[f].bothMean(trace{o: y.nums[f].z, n: y.nums[f].abs}, a.Field, x.done(), asked.sign[f])
		if l.num[f].mean = mean; l.num[f].spread == 0 {
			l.num[f].spread = 1
		}
	}
}

// sums are weighted sums of z over a history.
type sums struct{ abs, z, pos, zz, zpos float64 }

func (s *sums) add(z, w float64) {
	s.abs += math.Abs(w)
	s.z += w * z
	if w > 0 {
		s.pos += w
		s.zpos += w * z
		s.zz += w * z * z
	}
}

// liking is the expected taste given the prior and the shared spread.
func (s *sums) liking(prior slab, spread float64) liking {
	if s.abs == 0 {
		return liking{}
	}
	mean := prior.mean(trace{o: s.z, n: s.abs})
	if spread >= .95 {
		return liking{mean, 1}
	}
	inner := 0.0
	if s.pos > 0 {
		inner = s.zz - s.zpos*s.zpos/s.pos
	}
	return liking{mean, min(1, max(minSpread, (spreadPr*spread+inner)/(spreadPr+s.pos)))}
}

func fillCategory(s *state, out []float64) {
	if !s.likes.any {
		return
	}
	for i := range out {
		for _, k := range s.m.Items.ItemCats[i] {
			out[i] += s.likes.cat[k]
		}
	}
}

func causeCategory(s *state, i int32, yield func(string, float64)) {
	for _, k := range s.m.Items.ItemCats[i] {
		if v := s.likes.cat[k]; v != 0 {
			yield("category:"+s.m.Items.Cats[k], v)
		}
	}
}

func fillWords(s *state, out []float64) {
	if !s.likes.any {
		return
	}
	for i := range out {
		for _, w := range s.m.Items.ItemWords[i] {
			out[i] += s.likes.word[w]
		}
	}
}

func causeWords(s *state, i int32, yield func(string, float64)) {
	for _, w := range s.m.Items.ItemWords[i] {
		if v := s.likes.word[w]; v != 0 {
			yield("attribute:"+s.m.Items.Words[w], v)
		}
	}
}

func fillNumbers(s *state, out []float64) {
	if !s.likes.any {
		return
	}
	for i := range out {
		for _, n := range s.m.Items.Numbers[i] {
			out[i] += s.likes.num[n.Field].value(n.Z)
		}
	}
}

func causeNumbers(s *state, i int32, yield func(string, float64)) {
	for _, n := range s.m.Items.Numbers[i] {
		if v := s.likes.num[n.Field].value(n.Z); v != 0 {
			yield("attribute:"+s.m.Items.Fields[n.Field], v)
		}
	}
}

func (s *state) price(i int32) float64 {
	if s.m.Items.Price[i] == 0 {
		return 0
	}
	return s.likes.price[s.m.Items.Domain[i]].value(s.m.Items.PriceZ[i])
}

func fillPrice(s *state, out []float64) {
	if !s.likes.any {
		return
	}
	for i := range out {
		out[i] = s.price(int32(i))
	}
}

func causePrice(s *state, i int32, yield func(string, float64)) {
	if v := s.price(i); v != 0 {
		yield("price:", v)
	}
}

// hide makes a cause count nothing.
func (l *likings) hide(c *catalogue, kind, ref string) {
	switch kind {
	case "category":
		for k, key := range c.Cats {
			if key == ref {
				l.cat[k] = 0
			}
		}
	case "attribute":
		if strings.Contains(ref, "=") {
			for w, key := range c.Words {
				if key == ref {
					l.word[w] = 0
				}
			}
			return
		}
		for f, key := range c.Fields {
			if key == ref {
				l.num[f] = liking{}
			}
		}
	case "price":
		for d := range l.price {
			l.price[d] = liking{}
		}
	}
}

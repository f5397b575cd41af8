package recommend

import (
	"math"
	"slices"
	"strings"
)

// taste is what is needed to tell a reader's liking for properties from what everybody turns to: base rates, and how
// much readers differ per field.
//
// A liking is a lift: how much more often the reader turns to a property than the crowd does under the same
// circumstances, shrunk towards none by as many imaginary interactions as the spread between readers warrants
// (empirical Bayes by moments). Attributes are compared within the leading categories of the reader's history, so that
// a liking for watches is not mistaken for one for steel.
type taste struct {
	CatShare  []float64    // by category: share of its domain's interactions
	CatPrior  []float64    // by domain: imaginary interactions
	CatWords  [][]weighted // by category: P(word | leading category), sorted by word
	CatFields [][]int32    // by category: numeric fields of its items, sorted
	Prior     []float64    // by field: imaginary interactions
	Spread    []float64    // by field: variance of z within a reader's history, at most 1
	PricePr   []float64    // by domain
	PriceSp   []float64    // by domain
}

const (
	smooth    = 20   // imaginary crowd interactions per category, spread as the catalogue is
	minPrior  = 1.5  // of imaginary interactions of a reader
	maxPrior  = 400. // beyond which a field moves nobody
	maxLift   = 2.5
	spreadPr  = 8 // imaginary interactions behind the shared spread
	minSpread = .3
)

func newTaste(c *catalogue, r *rows) taste {
	crowd := make([]float64, len(c.IDs)) // positive interactions of each item, distinct per user
	baskets := r.baskets(200)
	for _, b := range baskets {
		for _, i := range b {
			crowd[i]++
		}
	}
	t := taste{}
	t.baseRates(c, crowd)
	standardise(c, crowd)
	t.spreads(c, baskets)
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
	fields := make([]map[int32]bool, nc)
	for k := range nc {
		words[k], wordItems[k], fields[k] = map[int32]float64{}, map[int32]float64{}, map[int32]bool{}
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
		for _, n := range c.Numbers[i] {
			fields[l][n.Field] = true
		}
	}
	t.CatWords, t.CatFields = make([][]weighted, nc), make([][]int32, nc)
	for k := range nc {
		d := c.CatDomain[k]
		t.CatShare[k] = (t.CatShare[k] + smooth*catItems[k]/items[d]) / (inDomain[d] + smooth)
		for _, w := range sortedKeys(wordItems[k]) {
			p := (words[k][w] + smooth*wordItems[k][w]/leadItems[k]) / (lead[k] + smooth)
			t.CatWords[k] = append(t.CatWords[k], weighted{w, float32(min(.995, max(.002, p)))})
		}
		t.CatFields[k] = sortedKeys(fields[k])
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

// spreads estimates how much readers differ, per field and per domain's categories and prices. For a 0/1 property with
// base rate p the sum D of a reader's n deviations has the variance Σp(1−p) by chance alone; what exceeds it, set
// against Σ over pairs, is the intra-class correlation ρ, and 1/ρ − 1 imaginary interactions are the matching prior.
func (t *taste) spreads(c *catalogue, baskets [][]int32) {
	nd, nf := len(c.Domains), len(c.Fields)
	cats, words := make([]excess, nd), make([]excess, nf)
	nums, prices := make([]excess, nf), make([]excess, nd)
	dev, base := newSparse(len(c.Words)), newSparse(len(c.Words))
	catN := newSparse(len(c.Cats))
	for _, b := range baskets {
		if len(b) < 2 {
			continue
		}
		inDomain := make([]float64, nd)
		catN.reset()
		dev.reset()
		base.reset()
		numD, numV, numN := map[int32]float64{}, map[int32]float64{}, map[int32]float64{}
		priceD, priceV, priceN := make([]float64, nd), make([]float64, nd), make([]float64, nd)
		for _, i := range b {
			d := c.Domain[i]
			inDomain[d]++
			for _, k := range c.ItemCats[i] {
				catN.add(k, 1)
			}
			for _, w := range t.CatWords[c.lead(i)] {
				p := float64(w.Weight)
				dev.add(w.Ref, -p)
				base.add(w.Ref, p*(1-p))
			}
			for _, w := range c.ItemWords[i] {
				dev.add(w, 1)
			}
			for _, n := range c.Numbers[i] {
				numD[n.Field] += n.Z
				numV[n.Field] += n.Z * n.Z
				numN[n.Field]++
			}
			if c.Price[i] > 0 {
				z := c.PriceZ[i]
				priceD[d] += z
				priceV[d] += z * z
				priceN[d]++
			}
		}
		for k := range c.Cats {
			if n, p := inDomain[c.CatDomain[k]], t.CatShare[k]; n >= 2 && c.Cats[k] != "" {
				x := catN.at(int32(k)) - n*p
				cats[c.CatDomain[k]].add(x*x-n*p*(1-p), n*(n-1)*p*(1-p))
			}
		}
		for _, w := range dev.touched {
			x, v := dev.at(w), base.at(w)
			n := inDomain[c.WordDomain[w]]
			words[c.WordField[w]].add(x*x-v, v*max(0, n-1))
		}
		for f, n := range numN {
			if n >= 2 {
				nums[f].add(numD[f]*numD[f]-numV[f], n*(n-1))
				nums[f].within(numD[f], numV[f], n)
			}
		}
		for d, n := range priceN {
			if n >= 2 {
				prices[d].add(priceD[d]*priceD[d]-priceV[d], n*(n-1))
				prices[d].within(priceD[d], priceV[d], n)
			}
		}
	}
	t.CatPrior, t.PricePr, t.PriceSp = make([]float64, nd), make([]float64, nd), make([]float64, nd)
	for d := range nd {
		t.CatPrior[d], t.PricePr[d], t.PriceSp[d] = cats[d].prior(), prices[d].prior(), prices[d].spread()
	}
	t.Prior, t.Spread = make([]float64, nf), make([]float64, nf)
	for f := range nf {
		t.Prior[f], t.Spread[f] = words[f].prior(), 1
		if nums[f].pairs > 0 {
			t.Prior[f], t.Spread[f] = nums[f].prior(), nums[f].spread()
		}
	}
}

// excess sums variance beyond chance.
type excess struct{ over, pairs, inner, free float64 }

func (e *excess) add(over, pairs float64) { e.over, e.pairs = e.over+over, e.pairs+pairs }

// within adds a reader's own sum of squares about their mean.
func (e *excess) within(d, v, n float64) { e.inner, e.free = e.inner+v-d*d/n, e.free+n-1 }

// prior is the number of imaginary interactions at the base rate. With little data it is cautious.
func (e *excess) prior() float64 {
	rho := (e.over + 2) / (e.pairs + 60) // as if 60 pairs had shown a correlation of 1/30
	if rho <= 1/(maxPrior+1) {
		return maxPrior
	}
	return max(minPrior, 1/rho-1)
}

func (e *excess) spread() float64 { return min(1, max(minSpread, (e.inner+30)/(e.free+30))) }

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
func (m *Model) likings(past []past) likings {
	c, t := m.Items, &m.Taste
	l := likings{cat: make([]float64, len(c.Cats)), word: make([]float64, len(c.Words)), num: make([]liking, len(c.Fields)), price: make([]liking, len(c.Domains))}
	if len(past) == 0 {
		return l
	}
	l.any = true
	abs, signed := make([]float64, len(c.Domains)), make([]float64, len(c.Domains))
	dev, base, weight := newSparse(len(c.Words)), make([]float64, len(c.Words)), make([]float64, len(c.Words))
	nums, prices := make([]sums, len(c.Fields)), make([]sums, len(c.Domains))
	for _, h := range past {
		w := h.taste
		d := c.Domain[h.item]
		abs[d] += math.Abs(w)
		signed[d] += w
		for _, k := range c.ItemCats[h.item] {
			l.cat[k] += w
		}
		for _, r := range t.CatWords[c.lead(h.item)] {
			p := float64(r.Weight)
			dev.add(r.Ref, -w*p)
			base[r.Ref] += math.Abs(w) * p
			weight[r.Ref] += math.Abs(w)
		}
		for _, v := range c.ItemWords[h.item] {
			dev.add(v, w)
		}
		for _, n := range c.Numbers[h.item] {
			nums[n.Field].add(n.Z, w)
		}
		if c.Price[h.item] > 0 {
			prices[d].add(c.PriceZ[h.item], w)
		}
	}
	for k := range l.cat {
		d, p := c.CatDomain[k], t.CatShare[k]
		if abs[d] == 0 || c.Cats[k] == "" {
			l.cat[k] = 0
			continue
		}
		l.cat[k] = lift(p, (l.cat[k]-signed[d]*p)/(abs[d]+t.CatPrior[d]))
	}
	for _, v := range dev.touched {
		if weight[v] > 0 {
			l.word[v] = lift(base[v]/weight[v], dev.at(v)/(weight[v]+t.Prior[c.WordField[v]]))
		}
	}
	for f := range nums {
		l.num[f] = nums[f].liking(t.Prior[f], t.Spread[f])
	}
	for d := range prices {
		l.price[d] = prices[d].liking(t.PricePr[d], t.PriceSp[d])
	}
	return l
}

// lift is the log odds ratio of a rate p moved by d.
func lift(p, d float64) float64 {
	p = min(.98, max(.002, p))
	q := min(1-(1-p)/8, max(p/8, p+d))
	return min(maxLift, max(-maxLift, math.Log(q/(1-q))-math.Log(p/(1-p))))
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

// liking is the posterior taste given prior imaginary interactions at the crowd's mean and the shared spread.
func (s *sums) liking(prior, spread float64) liking {
	if s.abs == 0 {
		return liking{}
	}
	mean := s.z / (s.abs + prior)
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

package recommend

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// A want is one thing that a text asks for, with the ways in which an item can answer it.
type want struct {
	text   string // as typed, where it can be found there
	weight float64
	ways   []way
}

// A way is how an item can answer a want. Exactly one reference is set, the others are -1.
type way struct {
	cat, word, field, term int32
	price, any             bool    // any: whatever the item
	sign                   float64 // of a field or the price: 1 more is better, -1 less, 0 any value will do
	bounds                 *Bounds // of a field or the price
	upto                   int32   // the field that ends the range, with bounds
}

var noWay = way{cat: -1, word: -1, field: -1, term: -1, upto: -1}

// weights of wants: naming the kind of thing says most.
const (
	wantCategory = 3
	wantDomain   = 2
	wantProperty = 1.5
	wantTerm     = 1
)

// wants reads a need or a query for the items of one domain: what the pack understands of it, then the words that are
// left. Words that no item has are no wants, for nothing can be said of them.
func (m *Model) wants(domain int32, s string) []want {
	return m.reading(domain, false, s).wants[domain]
}

// A reading is what a text asks for.
type reading struct {
	wants [][]want // by domain
	total float64  // weight of all that is asked for, whichever domain knows it
}

// reading reads a text for one domain, or for all of them (-1); a need may ask for any thing of a domain besides. What one
// domain knows for a kind of thing is asked for in the others too, where nothing is one: a course that mentions headphones
// answers little of a search for headphones.
func (m *Model) reading(domain int32, need bool, s string) reading {
	return m.read.get(wantKey{domain, need, s}, func() reading {
		r := reading{wants: make([][]want, len(m.Items.Domains))}
		for k := range r.wants {
			if domain < 0 || int32(k) == domain {
				r.wants[k] = m.readWants(int32(k), s, need)
			}
		}
		r.total = weightOf(r.wants)
		return r
	})
}

// weightOf sums the weights of wants, by the part of the text that they are of: a part counts once, together with the
// shorter ones in it, and by the domain that has most in it.
func weightOf(domains [][]want) float64 {
	var parts []string
	for _, wants := range domains {
		for _, w := range wants {
			parts = append(parts, text.Fold(w.text))
		}
	}
	slices.SortStableFunc(parts, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	whole := func(part string) string {
		return parts[slices.IndexFunc(parts, func(p string) bool { return strings.Contains(p, part) })]
	}
	most := map[string]float64{}
	for _, wants := range domains {
		here := map[string]float64{}
		for _, w := range wants {
			part := whole(text.Fold(w.text))
			here[part] += w.weight
			most[part] = max(most[part], here[part])
		}
	}
	total := 0.0
	for _, part := range slices.Sorted(maps.Keys(most)) {
		total += most[part]
	}
	return total
}

func (m *Model) readWants(domain int32, s string, need bool) []want {
	c := m.Items
	var out []want
	rest := text.Fold(s)
	if m.asks != nil {
		asks := slices.Clone(m.asks(c.Domains[domain], s))
		slices.SortStableFunc(asks, func(a, b Ask) int { return cmp.Compare(len(b.Text), len(a.Text)) })
		for _, a := range asks {
			if a.Word == "" && a.Field == "" && !a.Any { // its words ask for nothing
				rest = strings.ReplaceAll(rest, text.Fold(a.Text), " ")
				continue
			}
			ways, weight := c.ways(domain, a)
			if len(ways) == 0 || a.Text == "" || a.Any && !need {
				continue
			}
			rest = strings.ReplaceAll(rest, text.Fold(a.Text), " ")
			k := slices.IndexFunc(out, func(w want) bool { return w.text == a.Text })
			if k < 0 {
				out = append(out, want{text: a.Text})
				k = len(out) - 1
			}
			out[k].weight = max(out[k].weight, weight)
			out[k].ways = append(out[k].ways, ways...)
		}
	}
	for _, t := range text.Terms(rest) {
		id, ok := c.term[t]
		if !ok || slices.ContainsFunc(out, func(w want) bool { return w.ways[0].term == id }) {
			continue
		}
		w := noWay
		w.term = id
		rare := math.Log(float64(1+len(c.IDs))/float64(1+c.df[id])) / math.Log(float64(1+len(c.IDs)))
		out = append(out, want{text: asTyped(s, t), weight: wantTerm * max(.05, rare), ways: []way{w}})
	}
	return out
}

// ways are how the items of a domain can answer an ask.
func (c *catalogue) ways(domain int32, a Ask) (out []way, weight float64) {
	if a.Any {
		w := noWay
		w.any = true
		return []way{w}, wantDomain
	}
	sign := map[string]float64{"more": 1, "less": -1}[a.Better]
	if a.Word != "" {
		for k, key := range c.Cats {
			if key == a.Word && c.CatDomain[k] == domain {
				w := noWay
				w.cat = int32(k)
				out, weight = append(out, w), wantCategory
			}
		}
		for v, name := range c.Words {
			if _, word, _ := strings.Cut(name, "="); word == a.Word && c.WordDomain[v] == domain {
				w := noWay
				w.word = int32(v)
				out, weight = append(out, w), max(weight, wantProperty)
			}
		}
	}
	if a.Field == "price" {
		w := noWay
		w.price, w.sign, w.bounds = true, sign, a.Bounds
		out, weight = append(out, w), max(weight, wantProperty)
	}
	for f, key := range c.Fields {
		if a.Field == "" || key != a.Field || c.FieldDomain[f] != domain {
			continue
		}
		w := noWay
		w.field, w.sign, w.bounds = int32(f), sign, a.Bounds
		for to, name := range c.Fields {
			if a.Upto != "" && name == a.Upto && c.FieldDomain[to] == domain {
				w.upto = int32(to)
			}
		}
		out, weight = append(out, w), max(weight, wantProperty)
	}
	return out, weight
}

// asTyped is the part of s that folds to a word starting as the term does, else the term itself.
func asTyped(s, term string) string {
	if at := strings.Index(s, term); at >= 0 {
		return term
	}
	for _, w := range strings.Fields(s) {
		if strings.HasPrefix(text.Fold(w), term) {
			return w
		}
	}
	return term
}

// degree is how well an item answers a want, in [0, 1].
func (c *catalogue) degree(w *want, i int32) float64 {
	best := 0.0
	for _, y := range w.ways {
		best = max(best, c.answer(y, i))
	}
	return best
}

func (c *catalogue) answer(y way, i int32) float64 {
	switch {
	case y.any:
		return 1
	case y.cat >= 0:
		return truth(slices.Contains(c.ItemCats[i], y.cat))
	case y.word >= 0:
		return truth(slices.Contains(c.ItemWords[i], y.word))
	case y.term >= 0:
		return truth(find(c.ItemTerms[i], y.term) > 0)
	case y.price:
		if c.Price[i] == 0 {
			return 0
		}
		if y.bounds != nil {
			return truth(y.bounds.hold(c.Price[i], c.Price[i]))
		}
		return side(y.sign, c.PriceZ[i])
	}
	for _, n := range c.Numbers[i] {
		if n.Field == y.field && y.bounds != nil {
			high := n.Value
			for _, to := range c.Numbers[i] {
				if to.Field == y.upto {
					high = to.Value
				}
			}
			return truth(y.bounds.hold(n.Value, high))
		}
		if n.Field == y.field {
			return side(y.sign, n.Z)
		}
	}
	for _, w := range c.ItemWords[i] {
		if c.WordField[w] == y.field {
			return 1
		}
	}
	return 0
}

// side is the share of comparable items that z beats, when more (1) or less (-1) is better; 1 when either will do.
func side(sign, z float64) float64 {
	if sign == 0 {
		return 1
	}
	return .5 * math.Erfc(-sign*z/math.Sqrt2)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// A demand is a need or a search, read for every domain in play.
type demand struct {
	reading
	name  string // of the contribution; of a need the text of each want follows
	scale float64
}

func (s *state) demand(name, words string, scale float64) demand {
	return demand{s.m.reading(s.domain, s.domain < 0 && name == "need:", words), name, scale}
}

// covered is the share of the demand that an item answers, in [0, 1].
func (d *demand) covered(c *catalogue, i int32) float64 {
	k := c.Domain[i]
	sum := 0.0
	for j := range d.wants[k] {
		sum += d.wants[k][j].weight / d.total * c.degree(&d.wants[k][j], i)
	}
	return sum
}

const (
	searches       = 4 // the latest ones that count
	searchHalfDays = 7.
	searchMaxDays  = 45.
	searchCovered  = .34 // share of a search that an item must answer
)

func (s *state) setSearches() {
	seen := map[string]bool{}
	for _, x := range slices.Backward(s.q.History) {
		if x.Kind != because.Search || x.Query == "" || seen[x.Query] {
			continue
		}
		age := days(x.Context.At.Unix(), s.now)
		if age > searchMaxDays || len(seen) == searches {
			break
		}
		seen[x.Query] = true
		if name := "search:" + x.Query; !s.hides(name) {
			s.searches = append(s.searches, s.demand(name, x.Query, math.Exp2(-max(0, age)/searchHalfDays)))
		}
	}
}

func (s *state) searched(d *demand, i int32) float64 {
	if v := d.covered(s.m.Items, i); v >= searchCovered {
		return d.scale * v * v
	}
	return 0
}

func fillSearch(s *state, out []float64) {
	for k := range s.searches {
		for i := range out {
			out[i] += s.searched(&s.searches[k], int32(i))
		}
	}
}

func causeSearch(s *state, i int32, yield func(string, float64)) {
	for k := range s.searches {
		if v := s.searched(&s.searches[k], i); v != 0 {
			yield(s.searches[k].name, v)
		}
	}
}

// causeNeed yields a stated need's wants. A need is no part of the blend: it outweighs everything else, so that an item
// that answers more of it stands before one that answers less.
func causeNeed(s *state, i int32, yield func(string, float64)) {
	c := s.m.Items
	k := c.Domain[i]
	for j := range s.need.wants[k] {
		w := &s.need.wants[k][j]
		if v := w.weight / s.need.total * c.degree(w, i); v != 0 && !s.hides("need:"+w.text) {
			yield("need:"+w.text, s.need.scale*v)
		}
	}
}

func (s *state) needed(i int32) float64 {
	sum := 0.0
	causeNeed(s, i, func(_ string, v float64) { sum += v })
	return sum
}

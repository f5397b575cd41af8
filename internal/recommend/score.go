package recommend

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"because"
)

// state is a query made ready: what is known of the reader, as weights per cause. It lives for one call.
type state struct {
	m        *Model
	q        *Query
	now      int64
	context  because.Context
	domain   int32 // -1 means all
	hidden   map[string]bool
	past     []past
	likes    likings
	moments  []moment
	searches []demand
	need     demand
	profile  []stated
	leaning  []float64 // by domain; nil in a list of one domain
}

// past is one item of the history.
type past struct {
	item   int32
	weight float64 // in item-to-item rankers, recency and length of the history included
	taste  float64 // in likings
	done   bool    // bought or rated
}

const (
	pastHalfDays = 90. // after which a half of the fading share of a weight is gone
	pastFloor    = .4  // share of a weight that never fades
	maxTaste     = 4.  // sittings' worth that one item can say of likings
)

// newState makes q ready. without are causes that count nothing, besides those that q hides.
func (m *Model) newState(q *Query, without ...string) *state {
	s := &state{m: m, q: q, context: q.Context, domain: -1, hidden: map[string]bool{}}
	if s.context.At.IsZero() {
		s.context.At = m.end()
	}
	s.now = s.context.At.Unix()
	if q.Domain != "" {
		s.domain = m.Items.domain(q.Domain)
	}
	for _, name := range append(slices.Clone(q.Hidden), without...) {
		s.hidden[name] = true
	}
	s.setPast()
	s.likes = m.likings(s.past, m.questions(q.History))
	s.setLeaning()
	s.setMoments()
	s.setSearches()
	s.setProfile()
	for name := range s.hidden {
		kind, ref, _ := strings.Cut(name, ":")
		s.likes.hide(m.Items, kind, ref)
	}
	for k := range s.past {
		if s.hides("history:" + m.Items.IDs[s.past[k].item]) {
			s.past[k].weight = 0
		}
	}
	return s
}

func (s *state) hides(name string) bool { return len(s.hidden) > 0 && s.hidden[name] }

// setPast sums the history up by item, and turns the strengths into weights between items: many signs say more than
// one, but not in proportion.
func (s *state) setPast() {
	s.past = summarise(s.m.Items, s.m.Scale, s.q.History, s.now)
	sum := 0.0
	for _, p := range s.past {
		sum += math.Abs(p.weight)
	}
	for k := range s.past {
		s.past[k].weight /= math.Sqrt(sum) + 1e-12
	}
}

// summarise sums a history up by item, in the order in which the items were first met. Between items the last rating
// counts if there is one, else the strongest sign of liking. For likings each sitting is a choice of its own.
func summarise(c *catalogue, sc scale, history []because.Interaction, now int64) []past {
	var out []past
	at := map[int32]int{}
	rated := map[int32]bool{}
	sat := map[sitting]float64{} // what a sitting has said so far
	for n := range history {
		x := &history[n]
		i, ok := c.index[x.Item]
		if !ok {
			continue
		}
		k, ok := at[i]
		if !ok {
			k = len(out)
			at[i] = k
			out = append(out, past{item: i})
		}
		p := &out[k]
		p.done = p.done || x.Kind == because.Purchase || x.Kind == because.Rating
		w := sc.strength(*x)
		fade := pastFloor + (1-pastFloor)*math.Exp2(-max(0, days(x.Context.At.Unix(), now))/pastHalfDays)
		key := sittingOf(x)
		key.user = ""
		if v := tasteWeight(x.Kind, w) * fade; math.Abs(v) > math.Abs(sat[key]) || x.Kind == because.Rating {
			p.taste += v - sat[key]
			sat[key] = v
		}
		if x.Kind == because.Rating {
			rated[i] = true
		} else if rated[i] || math.Abs(p.weight) > math.Abs(w*fade) {
			continue
		}
		p.weight = w * fade
	}
	for k := range out {
		out[k].taste = min(maxTaste, max(-maxTaste, out[k].taste))
	}
	return out
}

// tasteWeight is how much an interaction tells of likings. Even a look is a choice, so it tells more here than between
// items; a rating tells by what it says.
func tasteWeight(kind because.InteractionKind, w float64) float64 {
	switch {
	case w < 0:
		return w
	case kind == because.Rating:
		return .4 + .6*w
	}
	return math.Sqrt(math.Sqrt(w))
}

// scores are the weighted sums of all parts and the need, of every item.
func (s *state) scores() []float64 {
	c := s.m.Items
	out, buf := make([]float64, len(c.IDs)), make([]float64, len(c.IDs))
	for p := range parts {
		clear(buf)
		parts[p].fill(s, buf)
		for i, v := range buf {
			out[i] += s.m.Weights[c.Domain[i]][p] * v
		}
	}
	for i := range out {
		out[i] += s.lean(int32(i))
	}
	return out
}

// addNeed adds the stated need, with a weight that outdoes the spread of everything else among the candidates.
func (s *state) addNeed(out []float64, among []int32) {
	if s.q.Need == "" {
		return
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, i := range among {
		lo, hi = min(lo, out[i]), max(hi, out[i])
	}
	s.need = s.demand("need:", s.q.Need, 1+2*max(0, hi-lo))
	for i := range out {
		out[i] += s.needed(int32(i))
	}
}

// candidates are the items that may be recommended, by index.
func (s *state) candidates() []int32 {
	c := s.m.Items
	n := len(c.IDs)
	only := make([]bool, n)
	if s.q.Candidates != nil {
		for _, id := range s.q.Candidates {
			if i, ok := c.index[id]; ok {
				only[i] = true
			}
		}
	} else {
		for i := range only {
			only[i] = true
		}
	}
	for _, id := range s.q.Exclude {
		if i, ok := c.index[id]; ok {
			only[i] = false
		}
	}
	for _, p := range s.past {
		if p.done && !s.m.again(p.item) {
			only[p.item] = false
		}
	}
	out := make([]int32, 0, n)
	for i := range int32(n) {
		if only[i] && !c.Unavailable[i] && (s.q.Domain == "" || c.Domain[i] == s.domain) && !s.forbidden(i) {
			out = append(out, i)
		}
	}
	return out
}

// again reports whether an item may be recommended to somebody who has it.
func (m *Model) again(i int32) bool {
	for _, k := range m.Items.ItemCats[i] {
		if m.repeat[m.Items.Cats[k]] {
			return true
		}
	}
	return false
}

// Recommend ranks the candidates of q and returns the first N, never more than there are. Contributions add up to the
// score within 1e-6; scores never rise down the list.
func (m *Model) Recommend(q Query) []because.Recommendation {
	if m.Items == nil || len(m.Items.IDs) == 0 {
		return nil
	}
	n := q.N
	if n <= 0 {
		n = 10
	}
	s := m.newState(&q)
	out := s.scores()
	among := s.candidates()
	s.addNeed(out, among)
	chosen, penalty := s.diversify(top(out, among, n+max(40, n)), out, n)
	recs := make([]because.Recommendation, len(chosen))
	for k, i := range chosen {
		recs[k] = s.recommendation(i, penalty[k])
		recs[k].Rank = k + 1
	}
	return recs
}

// Score scores one item that the model knows, with its rank among the candidates of q; Rank is 0 when it is none of
// them. Diversity is a matter of lists and not part of it.
func (m *Model) Score(q Query, item string) (because.Recommendation, bool) {
	i, ok := m.item(item)
	if !ok {
		return because.Recommendation{}, false
	}
	s := m.newState(&q)
	out := s.scores()
	among := s.candidates()
	s.addNeed(out, among)
	r := s.recommendation(i, 0)
	r.Rank = rank(out, among, i)
	return r, true
}

// Replay scores an item as Score does, with all weights as they are for q but one cause, named as a contribution,
// counting nothing for any item.
func (m *Model) Replay(q Query, item, without string) (rankThen int, score float64) {
	return m.replay(q, q, item, without)
}

// Without scores an item as Score does, had some interactions of the history never been: weights stay as they were
// fitted, the need keeps the weight that it has for q, and the candidates are those of q, so that only what the
// interactions say changes. Rank is 0 when the item is no candidate.
func (m *Model) Without(q Query, item string, gone func(because.Interaction) bool) (rankThen int, score float64) {
	less := q
	less.History = slices.DeleteFunc(slices.Clone(q.History), gone)
	return m.replay(q, less, item)
}

// replay scores an item for less among the candidates of q.
func (m *Model) replay(q, less Query, item string, without ...string) (rankThen int, score float64) {
	i, ok := m.item(item)
	if !ok {
		return 0, 0
	}
	whole := m.newState(&q)
	among := whole.candidates()
	s := m.newState(&less, without...)
	out := s.scores()
	if q.Need != "" { // its weight stays as it is with the cause
		full := whole.scores()
		whole.addNeed(full, among)
		s.need = whole.need
		for j := range out {
			out[j] += s.needed(int32(j))
		}
	}
	return rank(out, among, i), s.recommendation(i, 0).Score
}

// recommendation takes the score of an item apart.
func (s *state) recommendation(i int32, penalty float64) because.Recommendation {
	r := because.Recommendation{Item: s.m.Items.IDs[i], Propensity: 1, Contributions: []because.Contribution{}}
	add := func(ranker, name string, v float64) {
		if v == 0 {
			return
		}
		for k := range r.Contributions {
			if c := &r.Contributions[k]; c.Name == name && c.Ranker == ranker {
				c.Value += v
				return
			}
		}
		r.Contributions = append(r.Contributions, because.Contribution{Name: name, Ranker: ranker, Value: v})
	}
	w := s.m.Weights[s.m.Items.Domain[i]]
	for p := range parts {
		if w[p] != 0 {
			parts[p].causes(s, i, func(name string, v float64) { add(parts[p].ranker, name, w[p]*v) })
		}
	}
	add("blend", "domain:"+s.m.Items.Domains[s.m.Items.Domain[i]], s.lean(i))
	if s.need.wants != nil {
		causeNeed(s, i, func(name string, v float64) { add("need", name, v) })
	}
	add("diversity", "diversity:", -penalty)
	slices.SortStableFunc(r.Contributions, func(a, b because.Contribution) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Value), math.Abs(a.Value)), cmp.Compare(a.Name, b.Name))
	})
	for _, c := range r.Contributions {
		r.Score += c.Value
	}
	return r
}

// rank is the place of item i among the candidates, from 1; 0 if it is none of them. Ties go to the lower index.
func rank(scores []float64, among []int32, i int32) int {
	r, in := 1, false
	for _, j := range among {
		switch {
		case j == i:
			in = true
		case scores[j] > scores[i] || scores[j] == scores[i] && j < i:
			r++
		}
	}
	if !in {
		return 0
	}
	return r
}

// top are the n candidates with the highest scores, best first.
func top(scores []float64, among []int32, n int) []int32 {
	order := func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) }
	if len(among) > 8*n { // keep a heap's worth in a sorted window instead of sorting all
		win := slices.Clone(among[:2*n])
		slices.SortFunc(win, order)
		win = win[:n]
		fresh := make([]int32, 0, n)
		for _, i := range among[2*n:] {
			if order(i, win[n-1]) < 0 {
				if fresh = append(fresh, i); len(fresh) == n {
					win = append(win, fresh...)
					slices.SortFunc(win, order)
					win, fresh = win[:n:n], fresh[:0]
				}
			}
		}
		win = append(win, fresh...)
		slices.SortFunc(win, order)
		return win[:n]
	}
	all := slices.Clone(among)
	slices.SortFunc(all, order)
	return all[:min(n, len(all))]
}

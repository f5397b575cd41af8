package recommend

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// popularity is how much each item is turned to, recent interactions counting more: over a season, and over some days.
type popularity struct {
	Level []float64 // ln((count + 1)/(mean of the domain + 1)), with counts decayed by the half-life
	Trend []float64 // the same with a sixth of the half-life, less Level
}

func newPopularity(c *catalogue, r *rows, halfLife float64) popularity {
	p := popularity{levels(c, r, halfLife), levels(c, r, halfLife/6)}
	for i := range p.Trend {
		p.Trend[i] -= p.Level[i]
	}
	return p
}

func levels(c *catalogue, r *rows, halfLife float64) []float64 {
	out := make([]float64, len(c.IDs))
	end := r.end.Unix()
	for _, x := range r.xs {
		if x.weight > 0 {
			out[x.item] += math.Sqrt(x.weight) * math.Exp2(-days(x.at, end)/halfLife)
		}
	}
	sum, n := make([]float64, len(c.Domains)), make([]float64, len(c.Domains))
	for i, k := range out {
		sum[c.Domain[i]] += k
		n[c.Domain[i]]++
	}
	for i, k := range out {
		d := c.Domain[i]
		out[i] = math.Log((k + 1) / (sum[d]/n[d] + 1))
	}
	return out
}

func days(from, to int64) float64 { return float64(to-from) / (24 * 60 * 60) }

func fillPopularity(s *state, out []float64) {
	if !s.hides("popularity:") {
		copy(out, s.m.Popularity.Level)
	}
}

func causePopularity(s *state, i int32, yield func(string, float64)) {
	if !s.hides("popularity:") {
		yield("popularity:", s.m.Popularity.Level[i])
	}
}

func fillTrend(s *state, out []float64) {
	if !s.hides("popularity:") {
		copy(out, s.m.Popularity.Trend)
	}
}

func causeTrend(s *state, i int32, yield func(string, float64)) {
	if !s.hides("popularity:") {
		yield("popularity:", s.m.Popularity.Trend[i])
	}
}

// freshDays is the half-life of being new.
const freshDays = 21

func (s *state) recency(i int32) float64 {
	at := s.m.Items.Published[i]
	if at == 0 || s.hides("recency:") {
		return 0
	}
	return math.Exp2(-max(0, days(at, s.now)) / freshDays)
}

func fillRecency(s *state, out []float64) {
	for i := range out {
		out[i] = s.recency(int32(i))
	}
}

func causeRecency(s *state, i int32, yield func(string, float64)) {
	if v := s.recency(i); v != 0 {
		yield("recency:", v)
	}
}

// people are the distinct users of each item and category, as numbers that name nobody.
type people struct {
	Of     [][]int32 // by item, sorted
	Days   [][]int32 // by item: each of its users' newest interaction in days since 1970, newest first; which is whose is not kept
	Latest [][]int32 // by category: each user's newest interaction in days since 1970, newest first
	Rank   []int32   // of each item by people in its leading category, from 1; 0 when nobody turned to it
	Among  []int32   // by category: items that somebody turned to
}

func newPeople(c *catalogue, r *rows) people {
	p := people{
		Of: make([][]int32, len(c.IDs)), Days: make([][]int32, len(c.IDs)), Latest: make([][]int32, len(c.Cats)),
		Rank: make([]int32, len(c.IDs)), Among: make([]int32, len(c.Cats)),
	}
	type catUser struct{ cat, user int32 }
	latest, met := map[catUser]int32{}, map[[2]int32]bool{}
	for _, x := range slices.Backward(r.xs) { // the newest first
		day := dayOf(x.at)
		if k := [2]int32{x.item, x.user}; !met[k] {
			met[k] = true
			p.Of[x.item] = append(p.Of[x.item], x.user)
			p.Days[x.item] = append(p.Days[x.item], day)
		}
		for _, cat := range c.ItemCats[x.item] {
			k := catUser{cat, x.user}
			latest[k] = max(latest[k], day)
		}
	}
	for k, day := range latest {
		p.Latest[k.cat] = append(p.Latest[k.cat], -day)
	}
	for _, ds := range p.Latest {
		slices.Sort(ds) // of negative days: newest first, and no trace of the map's order
		for i := range ds {
			ds[i] = -ds[i]
		}
	}
	for i := range p.Of {
		slices.Sort(p.Of[i])
	}
	for cat, is := range p.byCategory(c) {
		p.Among[cat] = int32(len(is))
		for k, i := range is {
			p.Rank[i] = int32(k + 1)
			if k > 0 && len(p.Of[i]) == len(p.Of[is[k-1]]) {
				p.Rank[i] = p.Rank[is[k-1]]
			}
		}
	}
	return p
}

// byCategory are the items of each leading category that anybody turned to, those with most people first.
func (p *people) byCategory(c *catalogue) [][]int32 {
	out := make([][]int32, len(c.Cats))
	for i := range p.Of {
		if len(p.Of[i]) > 0 {
			out[c.lead(int32(i))] = append(out[c.lead(int32(i))], int32(i))
		}
	}
	for _, is := range out {
		slices.SortStableFunc(is, func(a, b int32) int { return len(p.Of[b]) - len(p.Of[a]) })
	}
	return out
}

// dayOf is the day of a time in Unix seconds, counted from 1970.
func dayOf(at int64) int32 { return int32(at / (24 * 60 * 60)) }

// People is how many distinct users turned to an item, in the data that the model was fitted on.
func (m *Model) People(item string) int {
	if i, ok := m.item(item); ok {
		return len(m.saved.People.Of[i])
	}
	return 0
}

// PeopleSince is how many of them did so after the day of a time, counted in UTC: all of those, and none before it. It
// is 0 when the model keeps no days.
func (m *Model) PeopleSince(item string, at time.Time) int {
	if i, ok := m.item(item); ok {
		return m.saved.People.since(i, dayOf(at.Unix()))
	}
	return 0
}

// since counts an item's users whose newest interaction was after a day.
func (p *people) since(i, day int32) int {
	if len(p.Days) == 0 {
		return 0
	}
	n, _ := slices.BinarySearchFunc(p.Days[i], day, func(d, day int32) int { return cmp.Compare(day, d) })
	return n
}

// PeopleBoth is how many distinct users turned to both items.
func (m *Model) PeopleBoth(a, b string) int {
	i, ok := m.item(a)
	j, ok2 := m.item(b)
	if !ok || !ok2 {
		return 0
	}
	n, x, y := 0, m.saved.People.Of[i], m.saved.People.Of[j]
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] < y[0]:
			x = x[1:]
		case x[0] > y[0]:
			y = y[1:]
		default:
			n, x, y = n+1, x[1:], y[1:]
		}
	}
	return n
}

// CategoryPeople is how many distinct users turned to a category of a domain in the last days before the newest
// interaction that the model has seen; 0 days means ever.
func (m *Model) CategoryPeople(domain, category string, days int) int {
	if m.Items == nil {
		return 0
	}
	d := m.Items.domain(domain)
	for c, key := range m.Items.Cats {
		if key != category || m.Items.CatDomain[c] != d {
			continue
		}
		latest := m.saved.People.Latest[c]
		if days <= 0 {
			return len(latest)
		}
		first := int32(m.End/(24*60*60)) - int32(days)
		n := 0
		for n < len(latest) && latest[n] > first {
			n++
		}
		return n
	}
	return 0
}

// CategoryRank is the place of an item by people in its first category, from 1, and among how many that anybody turned
// to; 0 when nobody did. A time that is not zero counts those alone who turned to an item since, among the same items.
// Only the day of each is kept: where the place depends on when on its first day the period begins, it is 0, for whoever
// counts from the hour or from midnight would find another.
func (m *Model) CategoryRank(item string, since time.Time) (rank, of int) {
	i, ok := m.item(item)
	if !ok || m.saved.People.Rank[i] == 0 {
		return 0, 0
	}
	p := &m.saved.People
	rank, of = int(p.Rank[i]), int(p.Among[m.Items.lead(i)])
	if since.IsZero() {
		return rank, of
	}
	day := dayOf(since.Unix())
	least, most := p.since(i, day), p.since(i, day-1)
	if least == 0 {
		return 0, 0
	}
	best, worst := 1, 1
	for _, j := range m.byPeople[m.Items.lead(i)] {
		if len(p.Of[j]) <= least {
			break
		}
		if j == i {
			continue
		}
		if p.since(j, day) > most {
			best++
		}
		if p.since(j, day-1) > least {
			worst++
		}
	}
	if best != worst {
		return 0, 0
	}
	return best, of
}

func (m *Model) item(id string) (int32, bool) {
	if m.Items == nil {
		return 0, false
	}
	i, ok := m.Items.index[id]
	return i, ok
}

func (m *Model) end() time.Time { return time.Unix(m.End, 0).In(time.FixedZone("", m.Zone)) }

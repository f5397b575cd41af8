package synth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
)

const (
	slate       = 20 // items that a session considers
	askedSlate  = 12 // items of one category considered after a search
	perSession  = 2.0
	sessionsTry = 400 // sessions in a row that may come to nothing before a person gives up
)

// A life is one person's interactions in the making.
type life struct {
	w      *World
	p      *person
	u      *because.User
	r      *rand.Rand
	out    []because.Interaction
	taken  map[string]time.Time // items bought, or rated where nothing is bought
	usual  []float64            // by domain of the person: running mean of the utility of what was chosen
	boosts [][]float64          // by domain of the person: what the session's circumstances add, by category
}

// live makes the interactions of the i-th user in chronological order.
func (w *World) live(i int) []because.Interaction {
	p := w.people[i]
	l := &life{w: w, p: p, u: &w.Users[i], r: stream(w.o.Seed, "life", i), taken: map[string]time.Time{}}
	if len(p.domains) == 0 || p.budget == 0 {
		return nil
	}
	l.usual, l.boosts = make([]float64, len(p.domains)), make([][]float64, len(p.domains))
	for k := range p.domains {
		l.usual[k] = math.NaN()
		l.boosts[k] = make([]float64, len(p.domains[k].d.cats))
	}
	for s, idle := 0, 0; len(l.out) < p.budget && idle < sessionsTry; s++ {
		before := len(l.out)
		l.session(fmt.Sprintf("s_%d_%d", i+1, s+1))
		if idle++; len(l.out) > before {
			idle = 0
		}
	}
	l.out = l.out[:min(len(l.out), p.budget)]
	slices.SortStableFunc(l.out, func(a, b because.Interaction) int { return a.Context.At.Compare(b.Context.At) })
	for n := range l.out {
		l.out[n].ID = fmt.Sprintf("x_%d_%d", i+1, n+1)
	}
	return l.out
}

// session is one visit. Sessions are made in random order, so that a person's budget cuts off no part of the period.
func (l *life) session(id string) {
	c := l.circumstances()
	k := l.domain(c)
	a := &l.p.domains[k]
	freq := a.d.f.Interactions
	at := c.At
	considered := l.consider(&a.d.all, a, slate, c.At)
	if len(considered) == 0 {
		return
	}
	if l.r.Float64() < perSession*ratio(freq, because.Search) {
		target := l.prefer(k, considered, c, 1)[0]
		cat := a.d.facts[target].cat
		if q := a.d.search(l.r, a, target, l.u.Lang, l.w.Truth.fraction(c.At)); q != "" {
			l.add(because.Interaction{Kind: because.Search, Query: q, Session: id, Context: l.at(c, at)})
			at = at.Add(time.Duration(10+l.r.IntN(40)) * time.Second)
			considered = append(l.consider(&a.d.byCat[cat], a, askedSlate, c.At), target)
			slices.Sort(considered)
			considered = slices.Compact(considered)
		}
	}
	n := 1
	for n < 4 && l.r.Float64() < 1-1/perSession {
		n++
	}
	for _, i := range l.prefer(k, considered, c, n) {
		at = l.turnTo(k, i, c, at, id)
	}
}

// prefer takes the n items of highest utility plus noise, the first choice first.
func (l *life) prefer(k int, considered []int, c because.Context, n int) []int {
	type choice struct {
		i int
		u float64
	}
	all := make([]choice, len(considered))
	for j, i := range considered {
		all[j] = choice{i, l.utility(k, i, c) + gumbel(l.r)}
	}
	slices.SortStableFunc(all, func(a, b choice) int {
		switch {
		case a.u > b.u:
			return -1
		case a.u < b.u:
			return 1
		}
		return 0
	})
	out := make([]int, min(n, len(all)))
	for j := range out {
		out[j] = all[j].i
	}
	return out
}

// utility is Truth.Utility by the compiled weights; boosts hold what c adds.
func (l *life) utility(k, i int, c because.Context) float64 {
	a := &l.p.domains[k]
	f := &a.d.facts[i]
	past := 1 - l.w.Truth.fraction(c.At)
	u := f.popularity + l.boosts[k][f.cat]
	for j, id := range f.ids {
		u += (a.end[id] - a.drift[id]*past) * f.xs[j]
	}
	if f.priced {
		u += a.taste.Price.term(f.price)
	}
	for _, name := range a.d.stated {
		u += a.d.truth.Profile[name].term(l.u.Profile[name], a.d.items[i])
	}
	return u
}

// turnTo is what follows a choice: a view, and what liking adds to it. It returns when it is over.
func (l *life) turnTo(k, i int, c because.Context, at time.Time, session string) time.Time {
	a := &l.p.domains[k]
	it := &a.d.items[i]
	freq := a.d.f.Interactions
	u := l.utility(k, i, c)
	if math.IsNaN(l.usual[k]) {
		l.usual[k] = u
	}
	over := u - l.usual[k]
	l.usual[k] += .1 * over
	eager := 2 / (1 + math.Exp(-1.2*over)) // 1 at the usual utility, in (0, 2)
	add := func(kind because.InteractionKind, dwell, value float64) {
		x := because.Interaction{Item: it.ID, Kind: kind, Value: value, Session: session, Context: l.at(c, at)}
		x.Dwell = math.Round(dwell)
		l.add(x)
		at = at.Add(time.Duration(max(dwell, 5)+float64(l.r.IntN(15))) * time.Second)
	}
	dwell := min(1800, math.Exp(3.3+.5*(eager-1)+.5*l.r.NormFloat64()))
	if freq[because.View] > 0 {
		add(because.View, dwell, 0)
	}
	owned := !l.taken[it.ID].IsZero()
	luck := l.r.Float64()
	if luck < ratio(freq, because.Click)*eager {
		add(because.Click, dwell*(1+l.r.Float64()), 0)
	}
	if !owned && luck < ratio(freq, because.Cart)*eager {
		add(because.Cart, 0, 0)
	}
	bought := !owned && luck < ratio(freq, because.Purchase)*eager
	if bought {
		add(because.Purchase, 0, 1)
		l.taken[it.ID] = c.At
	}
	if !owned && luck < ratio(freq, because.Rating)*eager {
		stars := max(1, min(5, math.Round(3.3+.8*over+.3*a.d.facts[i].quality+.6*l.r.NormFloat64())))
		later := at.Add(time.Duration((1+4*l.r.Float64())*24*60) * time.Minute)
		if bought && later.Before(l.w.Truth.To) {
			l.add(because.Interaction{Item: it.ID, Kind: because.Rating, Value: stars, Context: because.Context{At: later, Device: "phone", Place: "home"}})
		} else {
			add(because.Rating, 0, stars)
		}
		l.taken[it.ID] = c.At
	}
	return at
}

func (l *life) add(x because.Interaction) {
	x.User = l.u.ID
	l.out = append(l.out, x)
}

// at is the context a little later in the same session, still within the period.
func (l *life) at(c because.Context, at time.Time) because.Context {
	if last := l.w.Truth.To.Add(-time.Second); at.After(last) {
		at = last
	}
	c.At = at
	return c
}

// ratio is how often a kind follows a choice, by the frequencies of the world file: against views, or against the most
// frequent kind where nothing is viewed.
func ratio(freq map[because.InteractionKind]float64, kind because.InteractionKind) float64 {
	base := freq[because.View]
	if base == 0 {
		for _, f := range freq {
			base = max(base, f)
		}
	}
	if base == 0 {
		return 0
	}
	return freq[kind] / base
}

// consider draws up to n different items that are out by then, popular ones more often, what aged less. What the person
// already has is left out.
func (l *life) consider(s *sampler, a *active, n int, at time.Time) []int {
	if len(s.index) == 0 {
		return nil
	}
	var out []int
	for range 6 * n {
		i := s.draw(l.r)
		age := at.Sub(a.d.items[i].Published).Hours() / 24
		if age < 0 || slices.Contains(out, i) {
			continue
		}
		if life := a.d.f.LifeDays; life > 0 && l.r.Float64() > math.Exp(-age/life) {
			continue
		}
		if had, ok := l.taken[a.d.items[i].ID]; ok && !at.Before(had) {
			continue
		}
		if out = append(out, i); len(out) == n {
			break
		}
	}
	slices.Sort(out)
	return out
}

// circumstances draws when, on what and where a session is.
func (l *life) circumstances() because.Context {
	r, p, to := l.r, l.p, l.w.Truth.To
	days := max(1, int(to.Sub(p.joined).Hours()/24))
	day := p.joined.AddDate(0, 0, r.IntN(days))
	part := partNames[pick(r, p.parts[:])]
	hour := 0
	switch part {
	case "night":
		hour = []int{23, 23, 23, 0, 0, 1, 4}[r.IntN(7)]
	case "morning":
		hour = between(r, 6, 10)
	case "noon":
		hour = between(r, 11, 13)
	case "afternoon":
		hour = between(r, 14, 17)
	default:
		hour = between(r, 18, 22)
	}
	y, m, d := day.Date()
	c := because.Context{At: time.Date(y, m, d, hour, r.IntN(60), r.IntN(60), 0, zone)}
	c.Place = place(r, part, weekday(c.At))
	c.Device = []string{"phone", "desktop", "tablet"}[pick(r, p.devices[:])]
	if c.Place == "commute" || c.Place == "out" {
		c.Device = "phone"
	}
	if c.Place == "home" && (part == "evening" || part == "night") && r.Float64() < .3 && p.hasTV() {
		c.Device = "tv"
	}
	return c
}

// hasTV reports whether one of the person's domains knows what is turned to on a television.
func (p *person) hasTV() bool {
	return slices.ContainsFunc(p.domains, func(a active) bool { return a.d.onTV() })
}

func (d *domain) onTV() bool {
	return slices.ContainsFunc(d.f.Contexts, func(r Rule) bool { return slices.Contains(r.Device, "tv") })
}

func place(r *rand.Rand, part, day string) string {
	of := func(home, work, commute, out float64) string {
		return []string{"home", "work", "commute", "out"}[pick(r, []float64{home, work, commute, out})]
	}
	switch {
	case part == "night":
		return "home"
	case day == "weekend":
		return of(.65, 0, 0, .35)
	case part == "morning":
		return of(.4, .2, .35, .05)
	case part == "evening":
		return of(.72, .03, .15, .1)
	}
	return of(.15, .7, 0, .15)
}

// domain draws the domain of a session, the likelier the more its categories are turned to in c, and notes what c adds
// to the utility of each category.
func (l *life) domain(c because.Context) int {
	weights := make([]float64, len(l.p.domains))
	for k := range l.p.domains {
		a := &l.p.domains[k]
		clear(l.boosts[k])
		for _, rules := range [2][]Rule{a.d.truth.Contexts, a.taste.Contexts} {
			for i := range rules {
				if !rules[i].met(c) {
					continue
				}
				for j := range a.d.cats {
					if rules[i].of(a.d.cats[j : j+1]) {
						l.boosts[k][j] += rules[i].Boost
					}
				}
			}
		}
		sum := 0.0
		for j, b := range l.boosts[k] {
			sum += math.Exp(b) * float64(len(a.d.byCat[j].index))
		}
		weights[k] = a.share * sum / float64(len(a.d.items))
		if c.Device == "tv" && a.d.onTV() {
			weights[k] *= 4
		}
	}
	return pick(l.r, weights)
}

// A query is a wording that people type when they look for a category.
type query struct {
	lang because.Lang
	text string
	asks []ask
}

// An ask is a feature that a query asks for, more of it or (below 0) less.
type ask struct {
	feature int
	sign    float64
}

// ask prepares the searches.
func (d *domain) ask() {
	names := make([]string, len(d.featureID))
	for name, k := range d.featureID {
		names[k] = name
	}
	d.queries = make([][]query, len(d.cats))
	for c, cat := range d.cats {
		for _, lang := range because.Langs {
			for _, text := range d.f.Categories[cat].Searches[lang] {
				q := query{lang: lang, text: text}
				for _, h := range d.p.Match(lang, text) {
					for k, name := range names {
						switch {
						case h.Word != "" && strings.HasPrefix(name, "attribute:") && strings.HasSuffix(name, "="+h.Word), h.Field != "" && name == "attribute:"+h.Field+"=true":
							q.asks = append(q.asks, ask{k, 1})
						case h.Field != "" && name == "field:"+h.Field && d.p.Fields[h.Field].Better == "less":
							q.asks = append(q.asks, ask{k, -1})
						case h.Field != "" && name == "field:"+h.Field:
							q.asks = append(q.asks, ask{k, 1})
						}
					}
				}
				d.queries[c] = append(d.queries[c], q)
			}
		}
	}
}

// search is what a person who has an item like target in mind types: the likelier the better it says the person's taste
// and the item. It is empty where there is no wording.
func (d *domain) search(r *rand.Rand, a *active, target int, lang because.Lang, fraction float64) string {
	f := &d.facts[target]
	best, typed := math.Inf(-1), ""
	for _, q := range d.queries[f.cat] {
		if q.lang != lang {
			continue
		}
		text, ok := fill(q.text, func(h string) (string, bool) { return d.typed(a, target, lang, h) })
		if !ok {
			continue
		}
		fit := gumbel(r)
		for _, ask := range q.asks {
			fit += 1.5 * ask.sign * (a.end[ask.feature] - a.drift[ask.feature]*(1-fraction))
			if j := slices.Index(f.ids, ask.feature); j >= 0 {
				fit += .5 * ask.sign * f.xs[j]
			} else {
				fit -= 1
			}
		}
		if fit > best {
			best, typed = fit, text
		}
	}
	return typed
}

// typed is what stands for a hole of a query: a word of the target, the liked one if it has that.
func (d *domain) typed(a *active, target int, lang because.Lang, hole string) (string, bool) {
	it := &d.items[target]
	ws := it.Attributes[hole].Words
	if len(ws) == 0 {
		return d.said(it, lang, hole)
	}
	best := ws[0]
	for _, w := range ws {
		if a.taste.Weights["attribute:"+hole+"="+w].End > a.taste.Weights["attribute:"+hole+"="+best].End {
			best = w
		}
	}
	return d.p.Word(best, lang), true
}

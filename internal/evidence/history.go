package evidence

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// maxItems is how many items of the history become evidence.
const maxItems = 12

// items are what the reader did with items that contribute, or that have something in common with this one.
func (s *sight) items() []found {
	known := slices.Clone(s.known)
	slices.SortStableFunc(known, func(a, b deed) int {
		return cmp.Or(cmp.Compare(abs(b.own), abs(a.own)), b.Context.At.Compare(a.Context.At))
	})
	var out []found
	for _, d := range known {
		traits := s.common(d.item)
		shared := len(traits) > 0 && traits[0].value > 0
		if d.own == 0 && len(traits) == 0 || d.item.Domain != s.Item.Domain && !shared { // across domains only a trait is a reason
			continue
		}
		if x, ok := s.itemEvidence(d, traits); ok && len(out) < maxItems {
			out = append(out, x)
		}
	}
	return out
}

// itemEvidence states one deed. Its slot "shared" is the trait that the item of the history and this one have in common
// and that contributes most; a trait that contributes nothing is no reason and is not named.
func (s *sight) itemEvidence(d deed, traits []trait) (found, bool) {
	x := found{Evidence: because.Evidence{
		Kind: d.kind, Origin: "interaction:" + d.ID, At: d.Context.At, Ref: d.item.ID,
		Slots: map[string]because.Slot{"hist": s.nameOf(d.item)},
	}}
	x.claims = s.claim(states, exactly("history:"+d.item.ID))
	if len(traits) > 0 && traits[0].value > 0 {
		t := traits[0]
		x.Slots["shared"] = t.slot
		x.claims = append(x.claims, s.claim(names, positive(onTrait(t.field, t.word)))...)
		x.merit = 1
	}
	ago, ok := s.whenOf(d.Context.At)
	if ok {
		x.Slots["when"] = ago
	} else {
		ago.Text = because.Say(s.Lang, "before")
	}
	hist, date := s.pad(s.name(d.item)), s.pad(ago.Text)
	switch d.kind {
	case because.Bought:
		x.Text = because.Say(s.Lang, "You bought %s %s.", hist, date)
	case because.Carted:
		x.Text = because.Say(s.Lang, "You put %s in your cart %s.", hist, date)
	case because.Viewed:
		x.Text = because.Say(s.Lang, "You looked at %s %s.", hist, date)
	case because.Rated:
		rating := s.rating(d.Interaction)
		x.Slots["rating"] = rating
		x.Text = because.Say(s.Lang, "You gave %s %s %s.", hist, s.pad(rating.Text), date)
	}
	x.Text = s.tidy(x.Text)
	if t, ok := x.Slots["shared"]; ok {
		x.Text += s.inCommon(t)
	}
	return x, true
}

// inCommon says what an item of the history and this one have in common.
func (s *sight) inCommon(slot because.Slot) string {
	said := because.Say(s.Lang, "In common: %s, %s.", s.label(slot.Ref), slot.Text)
	if slot.Text == s.label(slot.Ref) {
		said = because.Say(s.Lang, "In common: %s.", slot.Text)
	}
	return s.next(said)
}

// rating is a liked rating as it is said.
func (s *sight) rating(x because.Interaction) because.Slot {
	said := s.Pack.Number(s.Lang, x.Value, "")
	switch highest(x) {
	case 5:
		said = because.Say(s.Lang, "%s out of 5", said)
	case 10:
		said = because.Say(s.Lang, "%s out of 10", said)
	default:
		said = because.Say(s.Lang, "%s out of 100", said)
	}
	return because.Slot{Kind: because.NumberSlot, Text: said, Number: x.Value, Unit: "point"}
}

// highest is the best rating of the scale that a liked rating was given on: of the scales 0–5, 1–5, 0–10 … 1–100 the one on
// which the value has the weight that it was read with, else the smallest that holds it.
func highest(x because.Interaction) float64 {
	for _, high := range []float64{5, 10, 100} {
		for _, low := range []float64{0, 1} {
			if x.Weight != 0 && math.Abs(2*(x.Value-low)/(high-low)-1-x.Weight) < 1e-3 {
				return high
			}
		}
	}
	switch {
	case x.Value <= 5:
		return 5
	case x.Value <= 10:
		return 10
	}
	return 100
}

// searches are the searches that contribute.
func (s *sight) searches() []found {
	var out []found
	for i, c := range s.Contributions {
		if c.Kind() != "search" {
			continue
		}
		for k := len(s.past) - 1; k >= 0; k-- {
			p := s.past[k]
			if p.Kind != because.Search || text.Fold(p.Query) != text.Fold(c.Ref()) || p.Query == "" {
				continue
			}
			if !s.readable(p.Query) || !text.Sayable(p.Query) {
				break
			}
			query := clip(p.Query, 40)
			x := found{Evidence: because.Evidence{
				Kind: because.Searched, Origin: "interaction:" + p.ID, At: p.Context.At, Ref: text.Fold(p.Query),
				Slots: map[string]because.Slot{"query": {Kind: because.QuoteSlot, Text: query}},
			}, claims: []claim{{i, states}}}
			date := because.Say(s.Lang, "before")
			if ago, ok := s.whenOf(p.Context.At); ok {
				x.Slots["when"], date = ago, ago.Text
			}
			x.Text = s.tidy(because.Say(s.Lang, "You searched for “%s” %s.", query, s.pad(date)))
			if h, ok := s.dearest(s.asked(p.Query)); ok {
				x.Slots["shared"] = h.shared()
				x.Text += s.inCommon(h.shared())
			}
			out = append(out, x)
			break
		}
	}
	return out
}

// readable reports whether a query may be quoted in the reader's language: it is in that language, or no more than a
// name (Latin letters with a digit or a capital in each word).
func (s *sight) readable(query string) bool {
	if text.HanShare(query) > 0 {
		return s.Lang == because.Chinese
	}
	if s.Lang == because.English {
		return true
	}
	return !slices.ContainsFunc(strings.Fields(query), func(w string) bool { return strings.ToLower(w) == w && !strings.ContainsAny(w, "0123456789") })
}

// windows are the periods, in days, that a habit is looked for in, the shortest first.
var windows = []int{7, 30, 90, 365}

// habits are the categories of the item that the reader turns to often.
func (s *sight) habits() []found {
	var out []found
	for _, c := range s.Item.Categories {
		for _, days := range windows {
			n, last := s.times(c, days)
			if n < max(minHistory, s.Pack.Kinds[because.Habit].MinCount) {
				continue
			}
			x := found{Evidence: because.Evidence{
				Kind: because.Habit, Origin: "interactions", At: last.Context.At, Ref: c,
				Slots: map[string]because.Slot{"category": s.wordOf(c, s.plural(c)), "count": s.count(n), "period": s.lastDays(days)},
			}, claims: s.claim(states, exactly("category:"+c))}
			x.Text = s.tidy(because.Say(s.Lang, "You turned to %s %s times in %s.", s.pad(s.plural(c)), s.pad(x.Slots["count"].Text), s.pad(x.Slots["period"].Text)))
			out = append(out, x)
			break
		}
	}
	return out
}

// times counts how often the reader turned to a category in the last days: once a day for each item.
func (s *sight) times(category string, days int) (int, Past) {
	from := s.Now.AddDate(0, 0, -days)
	seen := map[string]bool{}
	var last Past
	for _, p := range s.past {
		at := p.Context.At
		if p.Kind == because.Search || !slices.Contains(p.Item.Categories, category) || at.Before(from) || at.After(s.Now) || disliked(p.Interaction) {
			continue
		}
		seen[p.Item.ID+at.Format("20060102")] = true
		last = p
	}
	return len(seen), last
}

// shares are the traits that several items of the history have in common with this one, one per field. The category is
// left to the habit where there is one.
func (s *sight) shares() []found {
	type group struct {
		trait
		deeds []deed
	}
	groups := map[[2]string]*group{}
	for _, d := range s.known {
		for _, t := range s.common(d.item) {
			k := [2]string{t.field, t.word}
			if groups[k] == nil {
				groups[k] = &group{trait: t}
			}
			groups[k].deeds = append(groups[k].deeds, d)
		}
	}
	least := max(2, s.Pack.Kinds[because.Shared].MinCount)
	best := map[string]*group{} // by field
	for _, k := range sortedPairs(groups) {
		g := groups[k]
		if len(g.deeds) < least || g.value < 0 || g.field == categoryField && s.isHabit(g.word) {
			continue
		}
		if b := best[g.field]; b == nil || g.value > b.value || g.value == b.value && len(g.deeds) > len(b.deeds) {
			best[g.field] = g
		}
	}
	var out []found
	for _, f := range sortedKeys(best) {
		g := best[f]
		slices.SortStableFunc(g.deeds, func(a, b deed) int {
			return cmp.Or(cmp.Compare(b.own, a.own), b.Context.At.Compare(a.Context.At))
		})
		a, b := g.deeds[0], g.deeds[1]
		x := found{Evidence: because.Evidence{
			Kind: because.Shared, Origin: "item:" + s.Item.ID + "#" + f, At: a.Context.At, Ref: f,
			Slots: map[string]because.Slot{"shared": g.slot, "hist": s.nameOf(a.item), "hist2": s.nameOf(b.item), "count": s.count(len(g.deeds))},
		}, claims: s.claim(states, positive(onTrait(g.field, g.word))), merit: weight(s.Pack.Fields[f])}
		x.Text = s.tidy(because.Say(s.Lang, "%s items that you know share this with it, such as %s and %s.", s.pad(x.Slots["count"].Text), s.pad(s.name(a.item)), s.pad(s.name(b.item)))) + s.inCommon(g.slot)
		out = append(out, x)
	}
	return out
}

func (s *sight) isHabit(category string) bool {
	n, _ := s.times(category, windows[len(windows)-1])
	return s.allows(because.Habit) && n >= max(minHistory, s.Pack.Kinds[because.Habit].MinCount)
}

// clip caps a text to n runes for a quote, at a blank where there is one near.
func clip(v string, n int) string {
	v = strings.Join(strings.Fields(v), " ")
	r := []rune(v)
	if len(r) <= n {
		return v
	}
	return strings.TrimSpace(string(r[:n])) + "…"
}

func abs(x float64) float64 { return max(x, -x) }

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func sortedPairs[V any](m map[[2]string]V) [][2]string {
	out := make([][2]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b [2]string) int { return cmp.Or(strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1])) })
	return out
}

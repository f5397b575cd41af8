package evidence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// A need is one thing that a typed text asks for, with what the item says to it.
type need struct {
	quote string // as typed
	field string // the field that answers, "category", or "" when the item has nothing of it
	word  string // the vocabulary word that was asked for; empty when a field was
	value because.Slot
	met   bool
	kind  bool         // by a kind of what was asked for: a comedy, of a film
	open  bool         // the item has a number for it, but none that is better than another: whether it is met, the reader says
	at    int          // where it stands in the text
	set   bool         // the text sets bounds, or asks for a word of the site's own
	bound because.Slot // of what is not met: what was asked for, and as Ref how the item misses it
}

// shared is the item's side as the slot "shared".
func (n need) shared() because.Slot {
	v := n.value
	v.Ref = n.field
	return v
}

// asked reads what a text asks for. One wording may ask for several words and fields; it is met when any of them is.
func (s *sight) asked(typed string) []need {
	wishes := s.Pack.Wishes(s.Lang, typed, s.Vocabulary)
	var out []need
	last := -1
	for _, h := range s.Pack.Match(s.Lang, typed) {
		inWish := slices.ContainsFunc(wishes, func(w pack.Wish) bool { return h.Start < w.End && w.Start < h.End })
		if inWish || h.Zero || !s.Pack.Wants(h) || refused(typed[:h.Start]) || pack.TurnedDown(typed, h.End) {
			continue
		}
		n := need{quote: typed[h.Start:h.End], at: h.Start}
		if h.Field != "" {
			s.meetField(&n, h.Field)
		} else {
			s.meetWord(&n, h.Word)
			for _, kind := range s.Pack.KindsOf(h.Word) {
				if of := (need{quote: n.quote, at: n.at, kind: true}); !n.met {
					if s.meetWord(&of, kind); of.met {
						n = of
					}
				}
			}
		}
		if last == h.Start && len(out) > 0 {
			if prev := &out[len(out)-1]; !prev.met && n.met {
				*prev = n
			}
			continue
		}
		last = h.Start
		out = append(out, n)
	}
	for _, w := range wishes {
		n := need{quote: strings.TrimSpace(typed[w.Start:w.End]), at: w.Start, set: true}
		if !refused(typed[:w.Start]) && s.meetWish(&n, w) {
			out = slices.DeleteFunc(out, func(o need) bool { return !o.set && o.word == "" && o.field == n.field }) // bounds say it better
			out = append(out, n)
		}
	}
	if slices.ContainsFunc(out, func(n need) bool { return n.met && !n.kind }) { // robots say more than a film
		out = slices.DeleteFunc(out, func(n need) bool { return n.kind })
	}
	slices.SortStableFunc(out, func(a, b need) int { return cmp.Compare(a.at, b.at) })
	return out
}

// refusals are words after which something is not wanted.
var refusals = []string{"不要", "别要", "不想要", "不需要", "无需", "除了", "不想看", "without", "no", "not", "except", "don't want"}

// refused reports whether the text before a wording turns it down.
func refused(before string) bool {
	before = strings.ToLower(strings.TrimRight(before, " "))
	return slices.ContainsFunc(refusals, func(r string) bool {
		head, ok := strings.CutSuffix(before, r)
		return ok && (r[0] >= 0x80 || head == "" || strings.HasSuffix(head, " ") || r[0] == 'd')
	})
}

// dearest is the met need whose trait contributes most, for telling what of a search the item has; of equal ones the
// category comes first. One that contributes nothing counts only when the item has all that was searched for: a search
// for another sort of thing meets something of nearly every item.
func (s *sight) dearest(needs []need) (need, bool) {
	var best need
	value := func(n need) float64 {
		v := s.sum(onTrait(n.field, n.word))
		if n.field == categoryField {
			v += 1e-9
		}
		return v
	}
	for _, n := range needs {
		if n.met && (!best.met || value(n) > value(best)) {
			best = n
		}
	}
	partly := slices.ContainsFunc(needs, func(n need) bool { return !n.met })
	return best, best.met && (s.sum(onTrait(best.field, best.word)) > 0 || !partly && len(needs) > 1)
}

// meetField answers a wish for a field: a yes, a word, a number that is not weak (that is strong, where the pack says
// from when).
func (s *sight) meetField(n *need, field string) {
	n.field = field
	f := s.Pack.Fields[field]
	v, ok := s.Item.Attributes[field]
	if field == priceField && !ok && s.Item.Price > 0 {
		n.value, n.met = s.money(s.Item.Price), true
		n.value.Ref = ""
		return
	}
	if !ok {
		return
	}
	n.value = s.valueOf(field, v)
	switch {
	case v.Flag != nil:
		n.met = *v.Flag
	case v.Number != nil && f.Better == "":
		n.open = true
	case v.Number != nil:
		n.met = f.IsStrong(*v.Number) || f.Strong == nil && !weak(f, *v.Number)
	default:
		n.met = len(v.Words) > 0
	}
}

// priceField stands for an item's price where a field is named.
const priceField = "price"

// meetWord answers a wish for a category or an attribute's value.
func (s *sight) meetWord(n *need, word string) {
	n.word = word
	if slices.Contains(s.Item.Categories, word) {
		n.field, n.met, n.value = categoryField, true, s.wordOf(word, s.word(word))
		return
	}
	for _, f := range fields(s.Item) {
		if _, listed := s.Pack.Fields[f]; listed && slices.Contains(s.Item.Attributes[f].Words, word) {
			n.field, n.met, n.value = f, true, s.wordOf(word, s.word(word))
			return
		}
	}
	if _, flag := s.Pack.Fields[word]; flag {
		s.meetField(n, word)
	}
}

// needs are what of the typed need the item meets, one evidence per field; the first says what it does not meet too.
// Where the text sets bounds, or more than one thing is not met, each thing is an evidence of its own, met or not.
func (s *sight) needs() []found {
	if hits := s.each(); len(hits) > 0 {
		return s.eachNeed(hits)
	}
	var out []found
	var unmet []string
	for _, n := range s.hits {
		if !n.met {
			if !n.open && !slices.Contains(unmet, n.quote) {
				unmet = append(unmet, n.quote)
			}
			continue
		}
		if i := slices.IndexFunc(out, func(x found) bool { return x.Ref == n.field }); i >= 0 {
			out[i].claims = append(out[i].claims, s.claim(states, n.names)...)
			continue
		}
		out = append(out, s.metNeed(n))
	}
	if len(out) == 0 {
		return nil
	}
	s.restOfNeed(out)
	if len(unmet) > 0 {
		out[0].Slots["unmet"] = because.Slot{Kind: because.QuoteSlot, Text: unmet[0]}
		out[0].Text += s.next(because.Say(s.Lang, "Nothing was found on “%s”.", unmet[0]))
	}
	return out
}

// longest need, in Han characters and in words, that is quoted whole.
const maxWhole = 16

// quoted is how a need is quoted: the words that were understood, or all of a short one where the pack wants that.
func (s *sight) quoted(n need) string {
	whole := strings.Trim(strings.Join(strings.Fields(s.Need), " "), " 。，！？!?.,;；…")
	if !s.Pack.Whole || whole == "" || text.Len(whole) > maxWhole || reachable(whole) || !text.Sayable(whole) {
		return n.quote
	}
	return whole
}

// metNeed is the evidence of one thing that is met.
func (s *sight) metNeed(n need) found {
	n.quote = s.quoted(n)
	return found{Evidence: because.Evidence{
		Kind: because.Need, Origin: "request", At: s.Now, Ref: n.field,
		Slots: map[string]because.Slot{"need": {Kind: because.QuoteSlot, Text: n.quote}, "value": n.value},
		Text:  s.tidy(because.Say(s.Lang, "You asked for “%s”; %s: %s.", n.quote, s.label(n.field), s.pad(n.value.Text))),
	}, claims: s.claim(states, n.names), merit: weight(s.Pack.Fields[n.field])}
}

// restOfNeed gives what the ranker found under other words to all needs in equal parts.
func (s *sight) restOfNeed(out []found) {
	var claimed []int
	for _, x := range out {
		for _, c := range x.claims {
			claimed = append(claimed, c.contribution)
		}
	}
	for i, c := range s.Contributions {
		if c.Kind() == "need" && !slices.Contains(claimed, i) {
			for k := range out {
				out[k].claims = append(out[k].claims, claim{i, states})
			}
		}
	}
}

// names reports whether a contribution is on this need.
func (n need) names(c because.Contribution) bool {
	ref := strings.ToLower(c.Ref())
	return c.Kind() == "need" && (ref == strings.ToLower(n.quote) || ref == n.field && n.word == "" || n.word != "" && (ref == n.word || strings.HasSuffix(ref, "="+n.word)))
}

// profiles are the stated facts that the item meets.
func (s *sight) profiles() []found {
	var out []found
	for _, key := range sortedKeys(s.Profile) {
		f, ok := s.Pack.Profile[key]
		if !ok || !s.Pack.Consented(f.Consent, s.Consents) {
			continue
		}
		said, side, ok := s.meets(key, s.Profile[key], f.Meets.Field, f.Meets.How)
		if !ok {
			continue
		}
		label := f.Label.In(s.Lang)
		if label == "" {
			label = s.word(key)
		}
		out = append(out, found{Evidence: because.Evidence{
			Kind: because.Profile, Origin: "profile:" + key, Ref: key, Sensitive: f.Sensitive,
			Slots: map[string]because.Slot{"value": said, "label": s.wordOf(key, label), "shared": side},
			Text:  s.tidy(because.Say(s.Lang, "Under %s you put %s.", s.pad(label), s.pad(said.Text))) + s.inCommon(side),
		}, claims: s.claim(states, exactly("profile:"+key))})
	}
	return out
}

// meets returns what of a profile value speaks for the item, and the item's side of it.
func (s *sight) meets(key string, v because.Value, field, how string) (said, side because.Slot, ok bool) {
	item, has := s.Item.Attributes[field]
	switch {
	case field == categoryField:
		item, has = because.Words(s.Item.Categories...), len(s.Item.Categories) > 0
	case field == priceField && !has:
		item, has = because.Num(s.Item.Price, s.Item.Currency), s.Item.Price > 0
	}
	if !has {
		return said, side, false
	}
	if how == "overlaps" {
		for _, w := range v.Words {
			if slices.Contains(item.Words, w) {
				side = s.wordOf(w, s.word(w))
				side.Ref = field
				return s.wordOf(w, s.word(w)), side, true
			}
		}
		return said, side, false
	}
	if v.Number == nil || item.Number == nil || v.Unit != "" && item.Unit != "" && v.Unit != item.Unit {
		return said, side, false
	}
	if how == "at_most" && *item.Number > *v.Number || how == "at_least" && *item.Number < *v.Number || how != "at_most" && how != "at_least" {
		return said, side, false
	}
	if field == priceField {
		side = s.money(*item.Number)
		said = s.money(*v.Number)
	} else {
		side = s.valueOf(field, item)
		if own := s.Pack.Fields[key].Unit; own != "" { // a class of risk is no level of risk
			v.Unit = own
		} else if v.Unit == "" {
			v.Unit = s.unit(field, item)
		}
		said = s.valueOf(key, v)
	}
	side.Ref = field
	return said, side, true
}

// contexts are what the reader turns to in circumstances like these: only where they contribute, and the reader has done
// so at least three times. Day and hour are said together where that holds.
func (s *sight) contexts() []found {
	c := s.category()
	if c == "" {
		return nil
	}
	here := s.Context
	if here.At.IsZero() {
		here.At = s.Now
	}
	now := circumstances(here)
	type use struct {
		feature string
		index   int
		value   float64
	}
	var uses []use
	for i, x := range s.Contributions {
		if x.Kind() == "context" && x.Value > 0 && slices.Contains(now, x.Ref()) {
			uses = append(uses, use{x.Ref(), i, x.Value})
		}
	}
	slices.SortStableFunc(uses, func(a, b use) int {
		return cmp.Or(cmp.Compare(b.value, a.value), strings.Compare(a.feature, b.feature))
	})
	var tries [][]use
	hour := slices.IndexFunc(uses, func(u use) bool { return strings.HasPrefix(u.feature, "hour=") })
	day := slices.IndexFunc(uses, func(u use) bool { return strings.HasPrefix(u.feature, "day=") })
	if hour >= 0 && day >= 0 {
		tries = append(tries, []use{uses[day], uses[hour]})
	}
	for _, u := range uses {
		tries = append(tries, []use{u})
	}
	least := max(minHistory, s.Pack.Kinds[because.InContext].MinCount)
	for _, try := range tries {
		var features []string
		var claims []claim
		for _, u := range try {
			features = append(features, u.feature)
			claims = append(claims, claim{u.index, states})
		}
		moment := s.moment(features)
		n, last := s.timesIn(c, features)
		if moment == "" || n < least {
			continue
		}
		x := found{Evidence: because.Evidence{
			Kind: because.InContext, Origin: "interactions", At: last.Context.At, Ref: c,
			Slots: map[string]because.Slot{
				"moment": {Kind: because.DateSlot, Text: moment, Ref: strings.Join(features, "|")}, "category": s.wordOf(c, s.plural(c)), "count": s.count(n),
			},
		}, claims: claims}
		x.Text = s.tidy(because.Say(s.Lang, "You turned to %s %s times %s.", s.pad(s.plural(c)), s.pad(x.Slots["count"].Text), s.pad(moment)))
		return []found{x}
	}
	return nil
}

// timesIn counts how often the reader turned to a category in circumstances with all features: once a day for each
// item.
func (s *sight) timesIn(category string, features []string) (int, Past) {
	seen := map[string]bool{}
	var last Past
	for _, p := range s.past {
		if p.Kind == because.Search || !slices.Contains(p.Item.Categories, category) || disliked(p.Interaction) || because.Undated(p.Context.At) {
			continue
		}
		there := circumstances(p.Context)
		if slices.ContainsFunc(features, func(f string) bool { return !slices.Contains(there, f) }) {
			continue
		}
		seen[p.Item.ID+p.Context.At.Format("20060102")] = true
		last = p
	}
	return len(seen), last
}

// circumstances are the features of a context, as contributions name them.
func circumstances(c because.Context) []string {
	if c.At.IsZero() {
		return nil
	}
	out := []string{"hour=" + because.PartOfDay(c.At.Hour()), "day=weekday"}
	if d := c.At.Weekday(); d == time.Saturday || d == time.Sunday {
		out[1] = "day=weekend"
	}
	if c.Device != "" {
		out = append(out, "device="+c.Device)
	}
	if c.Place != "" {
		out = append(out, "place="+c.Place)
	}
	return out
}

// moment says circumstances in words; "" when they cannot be said, as a region, which is nobody's business.
func (s *sight) moment(features []string) string {
	l := s.Lang
	switch strings.Join(features, " ") {
	case "day=weekday hour=morning":
		return because.Say(l, "on weekday mornings")
	case "day=weekday hour=noon":
		return because.Say(l, "around noon on weekdays")
	case "day=weekday hour=afternoon":
		return because.Say(l, "on weekday afternoons")
	case "day=weekday hour=evening":
		return because.Say(l, "on weekday evenings")
	case "day=weekday hour=night":
		return because.Say(l, "late at night on weekdays")
	case "day=weekend hour=morning":
		return because.Say(l, "on weekend mornings")
	case "day=weekend hour=noon":
		return because.Say(l, "around noon on weekends")
	case "day=weekend hour=afternoon":
		return because.Say(l, "on weekend afternoons")
	case "day=weekend hour=evening":
		return because.Say(l, "on weekend evenings")
	case "day=weekend hour=night":
		return because.Say(l, "late at night on weekends")
	case "hour=morning":
		return because.Say(l, "in the morning")
	case "hour=noon":
		return because.Say(l, "around noon")
	case "hour=afternoon":
		return because.Say(l, "in the afternoon")
	case "hour=evening":
		return because.Say(l, "in the evening")
	case "hour=night":
		return because.Say(l, "late at night")
	case "day=weekday":
		return because.Say(l, "on weekdays")
	case "day=weekend":
		return because.Say(l, "on weekends")
	case "device=phone":
		return because.Say(l, "on your phone")
	case "device=tablet":
		return because.Say(l, "on a tablet")
	case "device=desktop":
		return because.Say(l, "at a computer")
	case "device=tv":
		return because.Say(l, "on a TV")
	case "place=home":
		return because.Say(l, "at home")
	case "place=work":
		return because.Say(l, "at work")
	case "place=commute":
		return because.Say(l, "on your commute")
	case "place=out":
		return because.Say(l, "when you are out")
	}
	return ""
}

package evidence

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// attributes are what the item is and has. A no is none of them: it is a drawback or nothing.
func (s *sight) attributes() []found {
	var out []found
	for _, f := range fields(s.Item) {
		v := s.Item.Attributes[f]
		field, listed := s.Pack.Fields[f]
		if v.Flag != nil && !*v.Flag || v.IsZero() || field.Aside || s.ended(f, v) || field.Beside != "" && !s.answers(field.Beside) {
			continue
		}
		slot := s.valueOf(f, v)
		if slot.Text == "" || text.Len(slot.Text) > 24 {
			continue
		}
		x := found{Evidence: because.Evidence{
			Kind: because.Attribute, Origin: "item:" + s.Item.ID + "#" + f, At: s.Item.Updated, Ref: f,
			Slots: map[string]because.Slot{"value": slot},
		}, claims: s.claim(plain, onTrait(f, "")), merit: weight(field)}
		if v.Number != nil && weak(field, *v.Number) { // the drawback says it
			x.merit = -1
		}
		if !listed {
			x.merit = .1
		}
		if x.Strong = v.Number != nil && field.IsStrong(*v.Number); x.Strong {
			x.merit++
		}
		if s.wants(f) {
			x.merit += 2
		}
		if v.Flag != nil {
			x.Text = s.tidy(because.Say(s.Lang, "%s has this: %s.", s.pad(s.name(s.Item)), s.pad(slot.Text)))
		} else {
			x.Text = s.tidy(because.Say(s.Lang, "%s, %s: %s.", s.pad(s.name(s.Item)), s.pad(s.label(f)), s.pad(slot.Text)))
		}
		out = append(out, x)
	}
	if c := s.category(); c != "" {
		out = append(out, found{Evidence: because.Evidence{
			Kind: because.Attribute, Origin: "item:" + s.Item.ID + "#" + categoryField, At: s.Item.Updated, Ref: categoryField,
			Slots: map[string]because.Slot{"value": s.wordOf(c, s.word(c))},
			Text:  s.tidy(because.Say(s.Lang, "%s, %s: %s.", s.pad(s.name(s.Item)), s.pad(s.label(categoryField)), s.pad(s.word(c)))),
		}, claims: s.claim(plain, onTrait(categoryField, "")), merit: -.5})
	}
	return out
}

// wants reports whether the typed need asks for a field, met or not.
func (s *sight) wants(field string) bool {
	return slices.ContainsFunc(s.hits, func(n need) bool { return n.field == field })
}

// answers reports whether the typed need is met in a field.
func (s *sight) answers(field string) bool {
	return slices.ContainsFunc(s.hits, func(n need) bool { return n.met && n.field == field })
}

// narrow is how wide a range may be, against its middle, to tell anything of a reader.
const narrow = .6

// fits are numbers inside the range that the reader usually chooses: at least three items of the category have the
// field, and at least half of them lie in it.
func (s *sight) fits() []found {
	var out []found
	for _, f := range fields(s.Item) {
		v := s.Item.Attributes[f]
		field, listed := s.Pack.Fields[f]
		if v.Number == nil || !listed || weak(field, *v.Number) {
			continue
		}
		low, high, n := usual(s.numbers(f, v.Unit))
		if n < minHistory || *v.Number < low || *v.Number > high || high-low > narrow*(high+low)/2 {
			continue
		}
		own := s.span(f, low, high, s.unit(f, v))
		x := found{Evidence: because.Evidence{
			Kind: because.Fit, Origin: "item:" + s.Item.ID + "#" + f, At: s.Item.Updated, Ref: f, Strong: field.IsStrong(*v.Number),
			Slots: map[string]because.Slot{"value": s.valueOf(f, v), "own": own},
		}, claims: s.claim(states, positive(onTrait(f, ""))), merit: weight(field)}
		x.Text = s.tidy(because.Say(s.Lang, "%s, %s: %s; what you usually turn to: %s.", s.pad(s.name(s.Item)), s.pad(s.label(f)), s.pad(x.Slots["value"].Text), s.pad(own.Text)))
		out = append(out, x)
	}
	return out
}

// numbers are the values of a field among the reader's items of the category.
func (s *sight) numbers(field, unit string) []float64 {
	var out []float64
	for _, d := range s.peers() {
		if v, ok := d.item.Attributes[field]; ok && v.Number != nil && v.Unit == unit {
			out = append(out, *v.Number)
		}
	}
	return out
}

// usual is the middle of some values: all of up to four, else without the lowest and highest fifth.
func usual(xs []float64) (low, high float64, n int) {
	n = len(xs)
	if n == 0 {
		return 0, 0, 0
	}
	xs = slices.Clone(xs)
	slices.Sort(xs)
	cut := 0
	if n > 4 {
		cut = n / 5
	}
	return xs[cut], xs[n-1-cut], n
}

// span is the slot of a range.
func (s *sight) span(field string, low, high float64, unit string) because.Slot {
	a, b := s.Pack.Number(s.Lang, low, unit), s.Pack.Number(s.Lang, high, unit)
	out := because.Slot{Kind: because.NumberSlot, Text: a, Number: low, Unit: unit, Ref: field}
	if a != b {
		out.Text = s.tidy(because.Say(s.Lang, "%s to %s", a, s.pad(b)))
	}
	return out
}

// prices is the item's price. It is a personal fact when it lies within what the reader's items of the category cost;
// only what the reader bought says what they usually pay.
func (s *sight) prices() []found {
	if s.Item.Price <= 0 {
		return nil
	}
	price := s.money(s.Item.Price)
	x := found{Evidence: because.Evidence{
		Kind: because.PriceKind, Origin: "item:" + s.Item.ID + "#price", At: s.Item.Updated, Ref: priceField,
		Slots: map[string]because.Slot{"price": price},
	}}
	name := s.pad(s.name(s.Item))
	x.Text = because.Say(s.Lang, "%s costs %s.", name, s.pad(price.Text))
	var seen, paid []float64
	for _, d := range s.peers() {
		if d.item.Price > 0 && d.item.Currency == s.Item.Currency {
			seen = append(seen, d.item.Price)
			if d.kind == because.Bought {
				paid = append(paid, d.item.Price)
			}
		}
	}
	low, high, n := usual(seen)
	if n >= minHistory && low <= s.Item.Price && s.Item.Price <= high {
		x.claims, x.merit = s.claim(states, positive(ofKind("price"))), .5
		x.Text = because.Say(s.Lang, "%s costs %s; what you turned to cost %s to %s.", name, s.pad(price.Text), s.pad(s.money(low).Text), s.pad(s.money(high).Text))
		if low, high, n := usual(paid); n >= minHistory && low <= s.Item.Price && s.Item.Price <= high && low < high {
			x.Slots["low"], x.Slots["high"] = s.money(low), s.money(high)
			x.merit = 1
			x.Text = because.Say(s.Lang, "%s costs %s; what you bought cost %s to %s.", name, s.pad(price.Text), s.pad(s.money(low).Text), s.pad(s.money(high).Text))
		}
	}
	x.Text = s.tidy(x.Text)
	if was, ok := s.priceBefore(); ok {
		x.Slots["was"] = s.money(was)
		x.Strong, x.merit = true, x.merit+1
		x.Text += s.next(because.Say(s.Lang, "Before that it cost %s.", s.pad(s.money(was).Text)))
	}
	return []found{x}
}

// priceBefore is the lowest price of the thirty days before the price that holds now, when that was at least 3 % higher
// (Directive 98/6/EC, article 6a, counts a reduction from the lowest price of thirty days). It needs a price series that
// ends at the item's price.
func (s *sight) priceBefore() (float64, bool) {
	points := s.Item.Series[priceField]
	n := len(points)
	if n < 2 || math.Abs(points[n-1].Value-s.Item.Price) > .01*s.Item.Price {
		return 0, false
	}
	i := n - 1
	for i > 0 && math.Abs(points[i-1].Value-points[n-1].Value) < .005*points[n-1].Value {
		i--
	}
	since, was := points[i].At, math.Inf(1)
	if s.Now.Sub(since).Hours() > 30*24 || since.After(s.Now) {
		return 0, false // an old reduction is none
	}
	for _, p := range points[:i] {
		if since.Sub(p.At).Hours() <= 30*24 {
			was = min(was, p.Value)
		}
	}
	return was, !math.IsInf(was, 1) && was >= 1.03*s.Item.Price
}

// news says that the item came in lately.
func (s *sight) news() []found {
	days := s.Pack.Kinds[because.NewItem].TTLHours / 24
	if days == 0 {
		days = 30
	}
	at := s.Item.Published
	ago, ok := s.whenOf(at)
	if !ok || at.After(s.Now) || s.Now.Sub(at).Hours() > 24*days {
		return nil
	}
	return []found{{Evidence: because.Evidence{
		Kind: because.NewItem, Origin: "item:" + s.Item.ID + "#published", At: at, Ref: "published",
		Slots: map[string]because.Slot{"when": ago},
		Text:  s.tidy(because.Say(s.Lang, "%s came in %s.", s.pad(s.name(s.Item)), s.pad(ago.Text))),
	}, claims: s.claim(plain, ofKind("recency"))}}
}

// least is the weight from which a weakness matters.
const least = .5

// drawbacks are weaknesses of fields that readers care about: a value that the pack calls weak, a no, or a number worse
// than everything that the reader looked at. What the need asks for comes first.
func (s *sight) drawbacks() []found {
	var out []found
	for _, f := range fields(s.Item) {
		v := s.Item.Attributes[f]
		field, listed := s.Pack.Fields[f]
		if !listed || weight(field) < least && !s.wants(f) && !s.ended(f, v) {
			continue
		}
		x := found{Evidence: because.Evidence{
			Kind: because.Drawback, Origin: "item:" + s.Item.ID + "#" + f, At: s.Item.Updated, Ref: f,
			Slots: map[string]because.Slot{"value": s.valueOf(f, v)},
		}, claims: s.claim(states, negative(onTrait(f, ""))), merit: weight(field)}
		switch {
		case s.ended(f, v) && len(field.Weak[s.Lang]) > 0:
			x.Text = because.Say(s.Lang, "%s is out of date: %s.", s.pad(s.name(s.Item)), s.pad(x.Slots["value"].Text))
			x.merit++
		case v.Flag != nil && !*v.Flag && len(field.Lack[s.Lang]) > 0:
			x.Text = because.Say(s.Lang, "%s: %s.", s.pad(s.name(s.Item)), s.pad(x.Slots["value"].Text))
		case v.Number != nil && len(field.Weak[s.Lang]) > 0 && (weak(field, *v.Number) || s.worst(f, field, v)):
			x.Text = because.Say(s.Lang, "A weak point of %s is its %s: %s.", s.pad(s.name(s.Item)), s.pad(s.label(f)), s.pad(x.Slots["value"].Text))
		default:
			continue
		}
		if s.wants(f) {
			x.merit += 2
		}
		x.Text = s.tidy(x.Text)
		out = append(out, x)
	}
	return out
}

// worst reports whether a number is worse than that of each of the reader's items of the category, and at least a fifth
// worse than their middle one.
func (s *sight) worst(field string, f pack.Field, v because.Value) bool {
	xs := s.numbers(field, v.Unit)
	if len(xs) < minHistory || f.Better == "" || f.IsStrong(*v.Number) {
		return false
	}
	slices.Sort(xs)
	middle := xs[len(xs)/2]
	if f.Better == "less" {
		return *v.Number > xs[len(xs)-1] && *v.Number >= 1.2*middle
	}
	return *v.Number < xs[0] && *v.Number <= .8*middle
}

// maxVersus is how many fields are set against one item.
const maxVersus = 4

// versus sets numbers against those of the item that the reader knows best: the one of the same category that
// contributes most, then the latest.
func (s *sight) versus() []found {
	peers := slices.Clone(s.peers())
	slices.SortStableFunc(peers, func(a, b deed) int {
		return cmp.Or(cmp.Compare(b.own, a.own), b.Context.At.Compare(a.Context.At))
	})
	for _, d := range peers[:min(3, len(peers))] {
		var out []found
		for _, f := range fields(s.Item) {
			if x, ok := s.against(d, f); ok {
				out = append(out, x)
			}
		}
		if len(out) > 0 {
			slices.SortStableFunc(out, func(a, b found) int { return cmp.Compare(b.merit, a.merit) })
			return out[:min(maxVersus, len(out))]
		}
	}
	return nil
}

// against compares one field; differences of less than a tenth are none.
func (s *sight) against(d deed, field string) (found, bool) {
	f, listed := s.Pack.Fields[field]
	a, b := s.Item.Attributes[field], d.item.Attributes[field]
	if !listed || f.Better == "" || a.Number == nil || b.Number == nil || a.Unit != b.Unit {
		return found{}, false
	}
	diff := *a.Number - *b.Number
	size := max(math.Abs(*a.Number), math.Abs(*b.Number))
	if size == 0 || math.Abs(diff) < .1*size {
		return found{}, false
	}
	ahead := (diff > 0) == (f.Better == "more")
	slot := because.Slot{Kind: because.NumberSlot, Text: s.Pack.Number(s.Lang, math.Abs(diff), s.unit(field, a)), Number: -math.Abs(diff), Unit: s.unit(field, a)}
	if ahead {
		slot.Number = -slot.Number
	}
	x := found{Evidence: because.Evidence{
		Kind: because.Versus, Origin: "interaction:" + d.ID, At: d.Context.At, Ref: field, Strong: ahead && f.IsStrong(*a.Number),
		Slots: map[string]because.Slot{"hist": s.nameOf(d.item), "value": s.valueOf(field, a), "other": s.valueOf(field, b), "diff": slot},
	}, merit: weight(f) * min(1, math.Abs(diff)/size)}
	if ahead {
		x.merit++ // what leads is what it does better
	}
	x.Text = s.tidy(because.Say(s.Lang, "%s: %s here, %s for %s, a difference of %s.", s.label(field), s.pad(x.Slots["value"].Text), s.pad(x.Slots["other"].Text), s.pad(s.name(d.item)), s.pad(slot.Text)))
	return x, true
}

// maxCaller and maxLabel bound what a caller may state.
const (
	maxCaller = 8
	maxLabel  = 40
)

// callers are the foreign attributions, cleaned and marked as stated by the caller.
func (s *sight) callers() []found {
	var out []found
	for _, c := range s.Caller {
		label, ok := stated(c.Ref())
		if !ok || c.Value == 0 || len(out) == maxCaller {
			continue
		}
		out = append(out, found{Evidence: because.Evidence{
			Kind: because.Caller, Origin: "caller:" + label, Ref: label,
			Slots: map[string]because.Slot{"label": {Kind: because.QuoteSlot, Text: label}},
			Text:  because.Say(s.Lang, "The caller states this reason: “%s”.", label),
		}, claims: s.claim(states, exactly(c.Name))})
	}
	return out
}

// stated is a stranger's label, fit to be quoted; what holds a link or a way to reach somebody is not.
func stated(label string) (string, bool) {
	label, _ = text.Clean(label)
	label = clip(strings.Map(unmarked, label), maxLabel)
	return label, label != "" && !reachable(label) && text.Sayable(label)
}

// unmarked takes out the marks that quote, structure or adorn, and parts words that a mark joins: recent_trips.
func unmarked(r rune) rune {
	switch {
	case strings.ContainsRune("_|~\\", r):
		return ' '
	case strings.ContainsRune("“”\"‘「」『』《》〈〉【】[]{}<>*`^", r) || unicode.Is(unicode.So, r):
		return -1
	}
	return r
}

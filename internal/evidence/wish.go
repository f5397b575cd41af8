package evidence

import (
	"slices"
	"strings"

	"because"
	"because/internal/pack"
)

// How an item misses what was asked for; the pack has wordings for each.
const (
	below  = "below"
	above  = "above"
	other  = "else"
	lacks  = "lacks"
	untold = "untold"
)

// Missed reports whether an evidence says that something that was asked for is not met.
func Missed(e because.Evidence) bool { return e.Kind == because.Need && e.Slots["bound"].Text != "" }

// meetWish answers bounds or a word of the site's own. It reports false where the wish is not for things of this kind.
func (s *sight) meetWish(n *need, w pack.Wish) bool {
	if w.Word != "" {
		return s.meetOwnWord(n, w)
	}
	field, ok := s.answering(w.Fields)
	if !ok {
		if len(w.Fields) == 1 && s.Vocabulary.Has(s.category(), w.Fields[0]) {
			n.field, n.bound = w.Fields[0], s.boundOf(w, untold)
			return true
		}
		return false
	}
	n.field = field
	v := s.Item.Attributes[field]
	low, high := s.Item.Price, s.Item.Price
	if v.Number != nil {
		low, high = *v.Number, *v.Number
		if to := s.Item.Attributes[s.Pack.Fields[field].Upto]; to.Number != nil {
			high = *to.Number
		}
		n.value = s.valueOf(field, v)
	} else {
		n.value = s.money(s.Item.Price)
	}
	how := compare(w, low, high)
	if n.met = how == ""; !n.met {
		n.bound = s.boundOf(w, how)
	}
	return true
}

// compare tells how a number, or the range from low to high, misses a wish; empty when it does not.
func compare(w pack.Wish, low, high float64) string {
	const hair = 1e-9
	short := w.Low != nil && (low < *w.Low-hair || w.Strict && low <= *w.Low+hair)
	long := w.High != nil && (high > *w.High+hair || w.Strict && high >= *w.High-hair)
	switch {
	case !short && !long:
		return ""
	case short && high < *w.Low-hair:
		return below
	case long && low > *w.High+hair:
		return above
	}
	return other
}

// answering is the one field of an item that can answer a wish: the field that was named, else the only one of the
// same unit that the item has.
func (s *sight) answering(fields []string) (string, bool) {
	has := func(f string) bool {
		return s.Item.Attributes[f].Number != nil || f == priceField && s.Item.Price > 0
	}
	if len(fields) == 1 && has(fields[0]) {
		return fields[0], true
	}
	if len(fields) == 1 { // 价格 of a restaurant is what one spends there
		unit := s.Pack.Fields[fields[0]].Unit
		if s.Vocabulary.Has(s.category(), fields[0]) {
			return "", false
		}
		for f, x := range s.Pack.Fields {
			if unit != "" && x.Unit == unit && f != fields[0] {
				fields = append(fields, f)
			}
		}
	}
	slices.Sort(fields)
	fields = slices.Compact(slices.DeleteFunc(fields, func(f string) bool { return !has(f) }))
	if len(fields) != 1 {
		return "", false
	}
	return fields[0], true
}

// meetOwnWord answers a wish for a dish or a place nearby. A word that is none of the item's but a part of one, or has one
// of them as a part, is not met: 烤鸭 is asked for, 烤鸭肉沙拉 is another dish.
func (s *sight) meetOwnWord(n *need, w pack.Wish) bool {
	for _, f := range w.Fields {
		v, has := s.Item.Attributes[f]
		if has && slices.Contains(v.Words, w.Word) {
			n.field, n.word, n.met = f, w.Word, true
			n.value = because.Slot{Kind: because.WordSlot, Text: w.Word, Ref: w.Word}
			return true
		}
		if (has || s.Vocabulary.Has(s.category(), f)) && w.Word != s.name(s.Item) {
			n.field, n.word, n.bound = f, w.Word, s.boundOf(w, lacks)
		}
	}
	return n.field != ""
}

func (s *sight) boundOf(w pack.Wish, how string) because.Slot {
	out := because.Slot{Kind: because.WordSlot, Text: strings.TrimSpace(w.Bound), Ref: how}
	switch {
	case w.Low != nil:
		out.Kind, out.Number = because.NumberSlot, *w.Low
	case w.High != nil:
		out.Kind, out.Number = because.NumberSlot, *w.High
	}
	return out
}

// each are the things asked for that are told one by one: empty unless the text sets bounds or more than one thing is
// missed. That the item is of the kind that was asked for goes without saying then, and other kinds are asked for
// somewhere else.
func (s *sight) each() []need {
	var out []need
	set, missed := false, 0
	for _, n := range s.hits {
		set = set || n.set
		if !n.met && !n.open {
			missed++
		}
		if k, ok := s.Pack.Key(n.word); n.field == categoryField || !n.set && ok && s.Pack.Words[k].Measure != "" || n.open {
			continue
		}
		if !n.met && !n.set && !s.miss(&n) {
			continue
		}
		if !slices.ContainsFunc(out, func(o need) bool { return o.field == n.field && o.word == n.word && o.bound.Text == n.bound.Text }) {
			out = append(out, n)
		}
	}
	if !set && missed < 2 {
		return nil
	}
	return out
}

// miss tells how an item misses a word of the pack or a field that was asked for: it does only where items have it in a
// field that this one has too.
func (s *sight) miss(n *need) bool {
	if n.word == "" {
		if f := s.Pack.Fields[n.field]; n.value.Text != "" || f.Unit != "" || !s.Vocabulary.Has(s.category(), n.field) {
			return false
		}
		n.bound = because.Slot{Kind: because.WordSlot, Text: n.quote, Ref: untold}
		return true
	}
	for _, f := range s.Vocabulary.Holds(n.word) {
		v, ok := s.Item.Attributes[f]
		if !ok {
			continue
		}
		n.field, n.bound = f, because.Slot{Kind: because.WordSlot, Text: s.word(n.word), Ref: lacks}
		if len(s.Pack.Fields[f].Else[s.Lang]) > 0 {
			n.bound.Ref, n.value = other, s.valueOf(f, v)
		}
		return true
	}
	return false
}

// eachNeed are things asked for, each as an evidence of its own.
func (s *sight) eachNeed(hits []need) []found {
	var met, missed []found
	for i, n := range hits {
		if n.met {
			x := s.metNeed(n)
			x.merit = 2 - float64(i)/float64(len(hits)) // in the order of the asking
			met = append(met, x)
			continue
		}
		slots := map[string]because.Slot{"unmet": {Kind: because.QuoteSlot, Text: n.quote}, "bound": n.bound}
		said := because.Say(s.Lang, "You asked for “%s”; nothing says that this has it.", n.quote)
		if n.value.Text != "" {
			slots["value"] = n.value
			said = because.Say(s.Lang, "You asked for “%s”; %s: %s, which is not that.", n.quote, s.label(n.field), s.pad(n.value.Text))
		}
		missed = append(missed, found{Evidence: because.Evidence{
			Kind: because.Need, Origin: "request", At: s.Now, Ref: n.field, Slots: slots, Text: s.tidy(said),
		}, merit: -1 - float64(i)/float64(len(hits))})
	}
	if len(met) > 0 {
		s.restOfNeed(met)
	}
	return append(met, missed...)
}

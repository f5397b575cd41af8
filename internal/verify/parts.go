package verify

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"because"
)

// A part is a number in English words that says how much of another number is meant: "half of what the Star River asks", "twice
// the weight of it", "a third less", "half as long again as".
type part struct {
	span
	value float64
	bound string // "over", "under", "about" or none
}

// fractions are the names of parts; timesAs those of multiples, counts the numerals before either.
var (
	fractions = map[string]float64{"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fifth": 5, "fifths": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
	timesAs   = map[string]float64{"twice": 2, "double": 2, "thrice": 3, "triple": 3}
	counts    = map[string]float64{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
)

// partBounds stand before a part.
var partBounds = []struct {
	of    string
	words phrases
}{
	{"over", newPhrases().list("over more_than upwards_of above")},
	{"under", newPhrases().list("under less_than below")},
	{"about", newPhrases().list("about around roughly nearly almost close_to some")},
}

// proportions judges the parts of a clause: of two items by a comparison, of what changed by a trend. Numbers inside them are
// judged with them.
func (x *reading) proportions(c [2]int) {
	if x.lang != because.English {
		return
	}
	x.slices(c)
	for _, p := range x.partsOf(c) {
		rest := string(x.r[p.e:c[1]])
		var ev, right []int
		if end, ok := x.ofAnother(p.e, c[1]); ok {
			p.e = end
			if strings.Contains(rest[:min(len(rest), 40)], " again") {
				p.value++
			}
			ev = x.rivals(x.ofKinds(because.Versus), c, p.s, p.e, way{})
			swapped := slices.ContainsFunc(x.namesIn(c), func(n span) bool { return n.e <= p.s }) && x.subject(c, p.s) == "other"
			right = slices.DeleteFunc(slices.Clone(ev), func(i int) bool {
				a, b := x.ev[i].Slots["value"].Number, x.ev[i].Slots["other"].Number
				if swapped {
					a, b = b, a
				}
				return b == 0 || !p.is(a/b)
			})
		} else if ev = x.ofKinds(because.Trend); len(ev) > 0 && p.value < 1 {
			right = slices.DeleteFunc(slices.Clone(ev), func(i int) bool {
				change := x.ev[i].Slots["change"].Number
				return !p.is(math.Abs(change)/100) || !x.sameWay(c, change)
			})
		}
		if len(ev) == 0 || right == nil {
			continue
		}
		x.parts = append(x.parts, p)
		x.cover(p.s, p.e)
		if len(right) > 0 {
			x.claim(because.ComparisonClaim, because.Supported, p.s, p.e, right, because.Say(x.given.Lang, "The evidence compares them."))
			continue
		}
		x.claim(because.ComparisonClaim, because.Contradicted, p.s, p.e, ev, because.Say(x.given.Lang, "The evidence has another number."))
	}
}

// little is a small part of what stands behind, and no more than littleOf of it.
var little = newPhrases().list("a_tiny_slice a_small_slice a_thin_slice a_mere_slice a_tiny_fraction a_small_fraction a_mere_fraction a_fraction a_tiny_part a_small_part a_small_portion a_tiny_portion a_sliver a_small_share")

const littleOf = .2

// slices judges words for a small part of what the reader entered: "a tiny slice of the budget you set".
func (x *reading) slices(c [2]int) {
	little.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		var right, others []int
		for _, i := range x.ofKinds(because.Profile, because.Need) {
			for _, is := range x.portionsOf(c, i, s) {
				if is <= littleOf {
					right = append(right, i)
				} else {
					others = append(others, i)
				}
			}
		}
		switch {
		case x.hard[s] || !strings.HasPrefix(string(x.r[e:c[1]]), " of "):
		case len(right) > 0:
			x.cover(s, e)
			x.claim(because.ComparisonClaim, because.Supported, s, e, right, because.Say(x.given.Lang, "The evidence compares them."))
		case len(others) > 0:
			x.cover(s, e)
			x.claim(because.ComparisonClaim, because.Contradicted, s, e, others, because.Say(x.given.Lang, "The evidence has another number."))
		}
	})
}

// is reports whether a part is told of what is so many times as much, in round numbers where it says so.
func (p part) is(so float64) bool {
	switch p.bound {
	case "over":
		return so > p.value && so <= 1.25*p.value
	case "under":
		return so < p.value && so >= .75*p.value
	case "about":
		return math.Abs(so-p.value) <= .1*p.value
	}
	return math.Abs(so-p.value) <= .02*p.value
}

// partsOf are the parts that a clause tells.
func (x *reading) partsOf(c [2]int) (out []part) {
	before, from := "", c[0]
	for s, e := range x.words(c[0], c[1]) {
		w := string(x.r[s:e])
		value := timesAs[w]
		start := s
		switch n := counts[before]; {
		case w == "half":
			value = .5
		case fractions[w] > 0 && n > 0:
			value, start = n/fractions[w], from
		case w == "times" && n > 1:
			value, start = n, from
		}
		before, from = w, s
		if value == 0 || x.hard[s] || x.inTime(s, e) {
			continue
		}
		p := part{span: span{s: start, e: e}, value: value}
		for _, b := range partBounds {
			b.words.find(x.r, max(c[0], start-14), start, func(a, end int, _ *phrase) {
				if start-end == 1 {
					p.bound, p.s = b.of, a
				}
			})
		}
		out = append(out, p)
	}
	return out
}

// ofAnother reads what leads from a part to what it is a part of: "as long as", "of what", "the weight of".
func (x *reading) ofAnother(s, to int) (end int, ok bool) {
	rest := string(x.r[s:to])
	rest = strings.TrimLeft(rest, " -")
	from := to - len([]rune(rest))
	words := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' })
	if len(words) == 0 {
		return 0, false
	}
	switch first := words[0]; {
	case first == "as" && len(words) > 2 || first == "again":
		return from + len(first), true
	case first == "what" || first == "that":
		return from + len(first), true
	case first == "of" && len(words) > 1 && (words[1] == "what" || words[1] == "that" || words[1] == "the" || x.nameAt(from+3, to)):
		return from + len(first), true
	case first == "the" || slices.Contains(words[1:min(len(words), 5)], "of"):
		if at := strings.Index(rest, " of "); at > 0 && at < 40 && x.nameAt(from+len([]rune(rest[:at]))+4, to) {
			return from, true
		}
	case x.nameAt(from, to):
		return from, true
	}
	return 0, false
}

// nameAt reports whether another item's name, or what stands for it, begins at rune i, or within a few behind.
func (x *reading) nameAt(i, to int) bool {
	return slices.ContainsFunc(x.names, func(n span) bool { return n.ev[0] >= 0 && n.s >= i && n.s <= i+4 }) ||
		slices.Contains([]string{"that", "those", "the ", "what", "its "}, string(x.r[min(i, to):min(i+4, to)]))
}

// sameWay reports whether no word of a clause says that a number went the other way than by change.
func (x *reading) sameWay(c [2]int, change float64) bool {
	right := true
	for _, w := range goings {
		w.words.find(x.r, c[0], c[1], func(int, int, *phrase) { right = right && float64(w.sign)*change > 0 })
	}
	return right
}

// inPart reports whether runes s to e are told as a part.
func (x *reading) inPart(s, e int) bool {
	return slices.ContainsFunc(x.parts, func(p part) bool { return p.s < e && s < p.e })
}

package verify

import (
	"slices"
	"strings"
	"unicode"

	"because"
)

// deeds are the kinds of evidence that tell what the reader did.
var deeds = []because.EvidenceKind{because.Bought, because.Carted, because.Viewed, because.Rated}

// oneDeed holds each item of the reader's to what is told of it: one evidence that names the item must bear the deed and
// the date that the clause tells, and what it is said to have in common with the item at hand.
func (x *reading) oneDeed() {
	lang := x.given.Lang
	for at, c := range x.clauses {
		names, of := x.objects(at)
		told := slices.Concat(x.deedsIn(c), x.announced(of))
		if of != at {
			told = append(told, x.deedsIn(x.clauses[of])...)
		}
		for _, n := range names {
			ev := slices.DeleteFunc(slices.Clone(n.ev), func(i int) bool { return i < 0 })
			for _, f := range told {
				ev = both(ev, f.ev)
			}
			if len(ev) == 0 {
				x.deny(because.HistoryClaim, n, because.Say(lang, "The evidence does not say that the reader did this with it."))
				continue
			}
			for _, v := range x.datesIn(c) {
				if len(both(ev, v.ev)) == 0 {
					x.deny(because.TimeClaim, v, because.Say(lang, "The evidence has another time."))
				}
			}
		}
	}
	for at := range x.clauses {
		x.inCommon(at)
	}
}

// announced are the deeds of a clause that ends in a colon, before the clause that names what was done: "已报：《甲》".
func (x *reading) announced(at int) []span {
	if at == 0 || !strings.ContainsRune(":：", x.r[x.clauses[at-1][1]%len(x.r)]) || len(x.namesIn(x.clauses[at-1])) > 0 {
		return nil
	}
	return x.deedsIn(x.clauses[at-1])
}

func both(a, b []int) []int {
	return slices.DeleteFunc(slices.Clone(a), func(i int) bool { return !slices.Contains(b, i) })
}

// deny records a claim as contradicted, in the place of what supported it.
func (x *reading) deny(kind because.ClaimKind, v span, reason string) {
	x.claims = slices.DeleteFunc(x.claims, func(cl because.Claim) bool {
		return cl.Start == x.at[v.s] && cl.End == x.at[v.e] && cl.Verdict == because.Supported
	})
	x.claim(kind, because.Contradicted, v.s, v.e, nil, reason)
}

// objects are the other items that a clause tells a deed of, and the clause that names them: its own, or, when it tells no
// more than when, the one before: "那本《甲》，2025 年 12 月".
func (x *reading) objects(at int) (names []span, of int) {
	if names := x.namesIn(x.clauses[at]); len(names) > 0 || !x.bareDeed(x.clauses[at]) {
		return names, at
	}
	if at > 0 && !x.ends(at-1) {
		if names := x.namesIn(x.clauses[at-1]); len(names) > 0 {
			return names, at - 1
		}
	}
	return nil, at
}

// ends reports whether a sentence ends behind clause at.
func (x *reading) ends(at int) bool {
	end := x.clauses[at][1]
	return end < len(x.r) && strings.ContainsRune("。.!！?？；;\n", x.r[end])
}

// bareDeed reports whether a clause tells when, or a deed, and nothing else.
func (x *reading) bareDeed(c [2]int) bool {
	rest := c[1] - c[0]
	for i := c[0]; i < c[1]; i++ {
		in := func(v span) bool { return v.s <= i && i < v.e }
		if slices.ContainsFunc(x.datesIn(c), in) || slices.ContainsFunc(x.deedsIn(c), in) || !unicode.IsLetter(x.r[i]) && !unicode.IsNumber(x.r[i]) || strings.ContainsRune(neutralHan, x.r[i]) {
			rest--
		}
	}
	return rest <= 0 && len(x.datesIn(c)) > 0
}

// datesIn are the dates of deeds in a clause, as the evidence words them.
func (x *reading) datesIn(c [2]int) []span {
	return slices.DeleteFunc(x.merged(x.values), func(v span) bool {
		return v.s < c[0] || v.e > c[1] || v.kind != because.DateSlot || v.slot != "when"
	})
}

// deedsIn are the wordings of the pack in a clause that tell one deed.
func (x *reading) deedsIn(c [2]int) []span {
	return slices.DeleteFunc(slices.Clone(x.fixed), func(f span) bool {
		if f.s < c[0] || f.e > c[1] || f.p.word || len(f.p.keys) == 0 || !x.content(f.s, f.e) {
			return true
		}
		if slices.ContainsFunc(x.fixed, func(o span) bool { return o.s <= f.s && f.e <= o.e && o.e-o.s > f.e-f.s && !o.p.word }) {
			return true
		}
		return slices.ContainsFunc(f.p.keys, func(k string) bool {
			return !slices.Contains(deeds, because.EvidenceKind(strings.TrimPrefix(k, "kind:")))
		})
	})
}

var also = phrases{}.list("也 同样 同是 同为 也是 也有 also likewise")

// too says so of what stands before it.
var too = phrases{}.list("too as_well")

// inCommon looks at what this item is said to have as another has it: "这门也面向 16 岁以上" behind an item of the reader's
// needs an evidence that names both the item and the words.
func (x *reading) inCommon(at int) {
	c := x.clauses[at]
	mark := -1
	also.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		if mark < 0 && !x.hard[s] {
			mark = s
		}
	})
	behind := c[1]
	if mark < 0 {
		too.find(x.r, c[0], c[1], func(s, _ int, _ *phrase) { mark, behind = s, s })
	}
	if mark < 0 {
		return
	}
	values := slices.DeleteFunc(x.merged(x.values), func(v span) bool {
		return v.s < c[0] || v.e > behind || v.kind != because.WordSlot && v.kind != because.NumberSlot
	})
	if len(values) == 0 {
		return
	}
	of := slices.DeleteFunc(x.namesIn(c), func(n span) bool { return n.e > mark })
	for k := at - 1; len(of) == 0 && k >= 0 && !x.ends(k); k-- {
		if of = x.namesIn(x.clauses[k]); len(of) == 0 && len(x.named(x.clauses[k])) > 0 {
			return
		}
	}
	slices.SortFunc(values, func(a, b span) int { return a.s - b.s })
	v := values[len(values)-1]
	if i := slices.IndexFunc(values, func(v span) bool { return v.s >= mark }); i >= 0 {
		v = values[i]
	}
	if len(of) > 0 && !slices.ContainsFunc(of, func(n span) bool { return len(both(n.ev, v.ev)) > 0 }) {
		x.deny(because.AttributeClaim, v, because.Say(x.given.Lang, "No evidence says that they have this in common."))
	}
}

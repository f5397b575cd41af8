package verify

import (
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

// deeds are the kinds of evidence that tell what the reader did.
var deeds = []because.EvidenceKind{because.Bought, because.Carted, because.Viewed, because.Rated}

// named are the kinds of evidence that name another item without telling a deed.
var named = []because.EvidenceKind{because.Shared, because.Versus, because.Neighbours, because.Popular}

// oneDeed holds each item of the reader's to what is told of it: one evidence that names the item must bear the deed and
// the date that the clause tells, and what it is said to have in common with the item at hand.
func (x *reading) oneDeed() {
	lang := x.given.Lang
	for at := range x.clauses {
		names, of := x.objects(at)
		if len(names) == 0 {
			continue
		}
		told, dates := x.deedsIn(x.clauses[of:at+1]), x.datesIn(x.clauses[at])
		if of > 0 && x.announces(of-1) {
			told, dates = append(told, x.deedsIn(x.clauses[of-1:of])...), append(dates, x.datesIn(x.clauses[of-1])...)
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
			for _, v := range dates {
				switch {
				case len(both(ev, v.ev)) > 0:
				case v.slot == "rating" && slices.ContainsFunc(names, func(o span) bool { return len(both(o.ev, v.ev)) > 0 }):
				case v.slot == "rating":
					x.deny(because.NumberClaim, v, because.Say(lang, "The number belongs to something else."))
				default:
					x.deny(because.TimeClaim, v, because.Say(lang, "The evidence has another time."))
				}
			}
		}
	}
	for at := range x.clauses {
		x.deedOfItself(x.clauses[at])
		x.labelled(at)
		x.inCommon(at)
		x.asOther(at)
		x.ofOther(at)
	}
}

// deedOfItself refuses that the reader did something with the item at hand, its name right behind the deed, where no evidence
// tells of it.
func (x *reading) deedOfItself(c [2]int) {
	if slices.ContainsFunc(x.ev, func(e because.Evidence) bool {
		return slices.Contains(deeds, e.Kind) && e.Slots["hist"].Text == x.given.Name
	}) {
		return
	}
	for _, n := range x.names {
		if n.s < c[0] || n.e > c[1] || n.ev[0] >= 0 || !x.lex.you.any(x.r, c[0], n.s) {
			continue
		}
		if slices.ContainsFunc(x.verbs.in(x, c), func(d done) bool {
			return d.e <= n.s && strings.Trim(string(x.r[d.e:n.s]), "《「“\"‘' 了过the") == ""
		}) {
			x.deny(because.HistoryClaim, n, because.Say(x.given.Lang, "The evidence does not say that the reader did this with it."))
		}
	}
}

// announces reports whether a clause names nothing and ends in a colon: what was done follows, "已报：《甲》".
func (x *reading) announces(at int) bool {
	end := x.clauses[at][1]
	return end < len(x.r) && strings.ContainsRune(":：", x.r[end]) && len(x.namesIn(x.clauses[at])) == 0
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
// more than a deed or when, the one before: "那本《甲》，2025 年 12 月".
func (x *reading) objects(at int) (names []span, of int) {
	for of = at; ; of-- {
		if names = x.namesIn(x.clauses[of]); len(names) > 0 || of == 0 || x.ends(of-1) || !x.bareDeed(x.clauses[of]) {
			return names, of
		}
	}
}

// ends reports whether a sentence ends behind clause at.
func (x *reading) ends(at int) bool {
	end := x.clauses[at][1]
	return end < len(x.r) && strings.ContainsRune("。.!！?？；;\n", x.r[end])
}

// bareDeed reports whether a clause tells when, or a deed, and nothing else: "which you looked at last November".
func (x *reading) bareDeed(c [2]int) bool {
	told := append(x.datesIn(c), x.deedsIn([][2]int{c})...)
	for _, d := range x.verbs.in(x, c) {
		told = append(told, span{s: d.s, e: d.e})
	}
	for _, t := range x.times {
		told = append(told, span{s: x.rune(t.Start), e: x.rune(t.End)})
	}
	deed := false
	for i := c[0]; i < c[1]; i++ {
		in := slices.ContainsFunc(told, func(v span) bool { return v.s <= i && i < v.e })
		deed = deed || in
		if !in && (unicode.IsNumber(x.r[i]) || x.content(i, i+1) && x.content(x.word(i))) {
			return false
		}
	}
	return deed
}

// word is the Latin word around rune i, or the rune.
func (x *reading) word(i int) (s, e int) {
	for s, e = i, i+1; s > 0 && latin(x.r[s]) && latin(x.r[s-1]); s-- {
	}
	for ; e < len(x.r) && latin(x.r[e]) && latin(x.r[e-1]); e++ {
	}
	return s, e
}

// datesIn are the dates of deeds in a clause, and the marks that were given, as the evidence words them.
func (x *reading) datesIn(c [2]int) []span {
	return slices.DeleteFunc(x.merged(x.values), func(v span) bool {
		return v.s < c[0] || v.e > c[1] || !(v.kind == because.DateSlot && v.slot == "when" || v.slot == "rating")
	})
}

// deedsIn are the wordings of the pack that reach into clauses and tell what the reader did. A wording that also tells of
// evidence that names items without a deed tells none.
func (x *reading) deedsIn(clauses [][2]int) []span {
	within := func(f span) bool {
		return slices.ContainsFunc(clauses, func(c [2]int) bool { return f.s < c[1] && f.e > c[0] })
	}
	return slices.DeleteFunc(slices.Clone(x.fixed), func(f span) bool {
		if !within(f) || f.p.word || !x.content(f.s, f.e) || recalling.any(x.r, f.s, f.e) || slices.ContainsFunc(x.fixed, func(o span) bool {
			return o.s <= f.s && f.e <= o.e && o.e-o.s > f.e-f.s && !o.p.word
		}) {
			return true
		}
		deed := false
		for _, k := range f.p.keys {
			kind, ok := strings.CutPrefix(k, "kind:")
			if !ok || slices.Contains(named, because.EvidenceKind(kind)) {
				return true
			}
			deed = deed || slices.Contains(deeds, because.EvidenceKind(kind))
		}
		return !deed
	})
}

// recalling asks the reader to think of a deed and tells none.
var recalling = newPhrases().list("remember recall think_back 记得 还记得")

var also = newPhrases().list("也 同样 同是 同为 也是 也有 also likewise")

// too says so of what stands before it.
var too = newPhrases().list("too as_well")

// alike says so of the item that stands right behind it, and of the words before.
var alike = newPhrases().list("like same_as as and_so_does 和 跟 与 同")

// asOther looks at what another item is said to have as this one has: "has a kitchen, just like the Star River".
func (x *reading) asOther(at int) {
	c := x.clauses[at]
	for _, n := range x.namesIn(c) {
		start := n.s
		for start > c[0] && !unicode.IsLetter(x.r[start-1]) {
			start--
		}
		rest := strings.TrimLeft(string(x.r[n.e:c[1]]), " 》」”\"")
		as := false
		alike.find(x.r, max(c[0], start-12), start, func(_, e int, p *phrase) {
			as = as || e == start && (!text.IsHan(p.r[0]) || strings.HasPrefix(rest, "一样") || strings.HasPrefix(rest, "同样"))
		})
		if !as {
			continue
		}
		from, to := at, at
		for from > 0 && !x.ends(from-1) {
			from--
		}
		for to+1 < len(x.clauses) && !x.ends(to) {
			to++
		}
		sentence := [2]int{x.clauses[from][0], x.clauses[to][1]}
		values := x.wordsIn(sentence)
		for _, f := range x.fixed { // an elevator, of which there are no words but the pack's
			if f.s >= sentence[0] && f.e <= sentence[1] && !f.p.word && (x.lang == because.Chinese || x.content(f.s, f.e, x.plain)) && slices.ContainsFunc(f.p.keys, func(k string) bool { return strings.HasPrefix(k, "shared:") }) {
				values = append(values, f)
			}
		}
		if len(values) > 0 && !slices.ContainsFunc(values, func(v span) bool { return len(both(n.ev, v.ev)) > 0 }) {
			x.deny(because.EntityClaim, n, because.Say(x.given.Lang, "No evidence says that they have this in common."))
		}
	}
}

// ofOther notices what is this item's told of another: "the Star River, which you looked at, costs ¥34".
func (x *reading) ofOther(at int) {
	c := x.clauses[at]
	from := at
	for from > 0 && !x.ends(from-1) && len(x.namesIn(x.clauses[from])) == 0 && (from == at || x.bareDeed(x.clauses[from])) {
		from--
	}
	names := x.namesIn(x.clauses[from])
	if len(names) != 1 || at-from == 1 {
		return
	}
	n := names[0]
	for _, v := range x.wordsIn(c) {
		before := v.e <= n.s && strings.TrimRight(string(x.r[v.e:n.s]), " 《「“") == "的" // 有厨房的两口井客栈
		behind := v.s >= n.e && x.subject([2]int{n.s, c[1]}, v.s) == "other"
		if (before || behind) && len(both(n.ev, v.ev)) == 0 {
			x.deny(because.AttributeClaim, v, because.Say(x.given.Lang, "The evidence says this of another item."))
		}
	}
}

// wordsIn are the words and numbers of evidence in a clause.
func (x *reading) wordsIn(c [2]int) []span {
	out := slices.DeleteFunc(x.merged(x.values), func(v span) bool {
		return v.s < c[0] || v.e > c[1] || v.kind != because.WordSlot && v.kind != because.NumberSlot
	})
	for _, cl := range x.claims { // a number that is said in other words than the evidence's
		if cl.Kind != because.NumberClaim || cl.Verdict != because.Supported || cl.Start < x.at[c[0]] || cl.End > x.at[c[1]] {
			continue
		}
		v := span{s: x.rune(cl.Start), e: x.rune(cl.End), kind: because.NumberSlot}
		for i, e := range x.ev {
			if has(cl.Evidence, e.ID) && x.fielded(i) {
				v.ev = append(v.ev, i)
			}
		}
		if len(v.ev) > 0 && !slices.ContainsFunc(out, func(o span) bool { return o.s < v.e && v.s < o.e }) {
			out = append(out, v)
		}
	}
	return out
}

// inCommon looks at what this item is said to have as another has it: "这门也面向 16 岁以上" behind an item of the reader's
// needs an evidence that names both the item and the words.
func (x *reading) inCommon(at int) {
	c := x.clauses[at]
	mark := -1
	also.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		if mark < 0 && !x.hard[s] && !slices.ContainsFunc(x.inFixed(s, e), func(f span) bool { // 最小的房也有 27 平米
			return f.e-f.s > 3 && !slices.ContainsFunc(f.p.keys, func(k string) bool { return !strings.HasPrefix(k, "say:") })
		}) {
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
	values := x.wordsIn([2]int{c[0], behind})
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
	if v.e <= mark { // "甲是摇滚专辑，2012 年的乙也是": what is alike stands with the other
		for _, n := range of {
			if slices.ContainsFunc(x.wordsIn(x.clauseOf(n.s)), func(w span) bool { return w.s != v.s && len(both(n.ev, w.ev)) > 0 }) {
				return
			}
		}
	}
	if len(of) > 0 && !slices.ContainsFunc(of, func(n span) bool { return len(both(n.ev, v.ev)) > 0 }) {
		x.deny(because.AttributeClaim, v, because.Say(x.given.Lang, "No evidence says that they have this in common."))
	}
}

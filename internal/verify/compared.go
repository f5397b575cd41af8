package verify

import (
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// A way is what a word says of two numbers of one sort: 1 that the first is the larger, -1 that it is the smaller.
type way struct {
	sign  int
	bases []string // of the units that it is said of; nil for any
	words phrases
}

// ways are the words that compare numbers.
var ways = []way{
	{1, nil, newPhrases().list("多 更多 多出 高 更高 高出 大 更大 more higher greater bigger larger above")},
	{1, []string{"s", "month"}, newPhrases().list("长 更长 久 更久 慢 更慢 longer slower older later")},
	{1, []string{"g", "lb", "oz"}, newPhrases().list("重 更重 沉 更沉 heavier")},
	{1, []string{"m", "km", "mile"}, newPhrases().list("远 更远 further farther")},
	{1, []string{"元", "$", "€"}, newPhrases().list("贵 更贵 pricier dearer costlier")},
	{1, []string{"%"}, newPhrases().list("深 更深 deeper steeper")},
	{-1, nil, newPhrases().list("少 更少 少了 低 更低 小 更小 less fewer lower smaller below")},
	{-1, []string{"s", "month"}, newPhrases().list("短 更短 快 更快 近 更近 shorter quicker faster sooner earlier younger closer nearer")},
	{-1, []string{"g", "lb", "oz"}, newPhrases().list("轻 更轻 lighter")},
	{-1, []string{"m", "km", "mile"}, newPhrases().list("近 更近 closer nearer")},
	{-1, []string{"元", "$", "€"}, newPhrases().list("便宜 更便宜 cheaper")},
	{-1, []string{"元", "$", "€", "%", "s", "month"}, newPhrases().list("省 省下")},
	{-1, []string{"%"}, newPhrases().list("浅 更浅 shallower gentler")},
}

// compared holds the words of a clause that compare to the evidence that compares: which of two items has more, and which way
// a number went.
func (x *reading) compared(c [2]int) {
	x.wentWay(c)
	versus := x.ofKinds(because.Versus)
	if len(versus) == 0 {
		return
	}
	for _, w := range ways {
		w.words.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
			if x.hard[s] || x.inPart(s, e) || x.insideOther(s, e) || e-s == 1 && s > c[0] && !x.hard[s-1] && strings.ContainsRune(unsteps, x.r[s-1]) {
				return
			}
			item, ok := x.comparesItem(c, s, e)
			if !ok {
				return
			}
			sign := w.sign
			if !item {
				sign = -sign
			}
			ev := x.rivals(versus, c, s, e, w)
			if len(ev) == 0 {
				return
			}
			told := x.inFixed(s, e)
			right := slices.DeleteFunc(slices.Clone(ev), func(i int) bool {
				return x.larger(i) != sign && !(item && slices.ContainsFunc(told, func(f span) bool { // a pack may mean the opposite: a shorter notice leaves longer
					return slices.Contains(f.ev, i) && slices.Contains(f.p.keys, comparedAs(x.ev[i])+x.ev[i].Ref)
				}))
			})
			if len(right) == 0 {
				x.cover(s, e)
				x.claim(because.ComparisonClaim, because.Contradicted, s, e, ev, because.Say(x.given.Lang, "The evidence says the opposite."))
				return
			}
			x.cover(s, e)
			x.claim(because.ComparisonClaim, because.Supported, s, e, right, because.Say(x.given.Lang, "The evidence compares them."))
		})
	}
}

// unsteps make another word of a word of one character behind them: 时长, 净重, 大小, 还多.
const unsteps = "得还不很差至最许好几时片全体净自毛身层楼水车机成大多高长轻远"

// larger is 1 where this item has the larger number of what evidence i compares, -1 where the other has it.
func (x *reading) larger(i int) int {
	e := x.ev[i]
	diff := e.Slots["value"].Number - e.Slots["other"].Number
	switch {
	case diff > 0:
		return 1
	case diff < 0:
		return -1
	}
	return 0
}

// insideOther reports whether runes s to e are part of a longer licensed wording that is not of a comparison.
func (x *reading) insideOther(s, e int) bool {
	inside := x.inFixed(s, e)
	if x.inLabel(inside, s, e) {
		return true
	}
	if slices.ContainsFunc(inside, func(f span) bool { return comparisonKeys(f.p.keys) }) {
		return false
	}
	return slices.ContainsFunc(inside, func(f span) bool { return f.e-f.s > e-s }) || slices.ContainsFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e && v.kind != because.NumberSlot })
}

// inLabel reports whether runes s to e are part of what a field is called.
func (x *reading) inLabel(inside []span, s, e int) bool {
	return slices.ContainsFunc(inside, func(f span) bool {
		return f.e-f.s > e-s && slices.ContainsFunc(f.p.keys, func(k string) bool {
			field, ok := strings.CutPrefix(k, "ahead:")
			return ok && slices.Contains(f.p.keys, "behind:"+field)
		})
	})
}

// comparisonKeys reports whether a wording may be one of a comparison.
func comparisonKeys(keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool {
		return strings.HasPrefix(k, "ahead:") || strings.HasPrefix(k, "behind:") || k == "kind:versus"
	})
}

// comparesItem reports whether a word at runes s to e compares two items, and whether what it is said of is this one.
func (x *reading) comparesItem(c [2]int, s, e int) (item, ok bool) {
	if x.lang == because.English {
		return x.comparesEnglish(c, s, e)
	}
	rest := strings.TrimLeft(string(x.r[e:c[1]]), "了出得要整上 ")
	steps := rest == "" || startsNumber([]rune(rest), 0) || slices.ContainsFunc([]string{"些", "点", "一些", "一点", "一截", "一半", "不少", "许多", "很多", "多", "几", "将近", "近", "约"}, func(w string) bool { return strings.HasPrefix(rest, w) })
	if !steps {
		return false, false
	}
	item, ok = true, false
	for _, n := range x.namesIn(c) { // 比《甲》重 12 克
		before := strings.TrimRight(string(x.r[c[0]:n.s]), " 《「“\"")
		switch {
		case n.e > s:
		case strings.Contains(before, "不比"), strings.Contains(before, "没有"), strings.Contains(before, "不如"), strings.HasSuffix(before, "没"):
			return false, false // judged as a denial
		case strings.Contains(before, "比"), strings.HasSuffix(before, "较"), strings.HasSuffix(before, "较之"), strings.HasSuffix(before, "于"):
			item, ok = true, true // 比你上周看的《甲》重 12 克
		case slices.ContainsFunc([]string{"和", "跟", "与", "同", "对"}, func(w string) bool { return strings.HasSuffix(before, w) }):
			if strings.ContainsAny(string(x.r[n.e:s]), "比对") {
				item, ok = true, true
			}
		default: // 《甲》比它重 12 克, 《甲》重 12 克
			item, ok = false, strings.Contains(string(x.r[n.e:s]), "比") || x.besideDiff(c, s, e)
		}
	}
	if ok {
		return item, true
	}
	if len(x.namesIn(c)) == 0 && (x.besideDiff(c, s, e) || strings.HasSuffix(string(x.r[c[0]:s]), "比它") || strings.HasSuffix(string(x.r[c[0]:s]), "比那个")) {
		return x.subject(c, s) != "other", true // without a subject it goes on about this item
	}
	if len(x.namesIn(c)) == 0 && rest != "" && len(x.fieldBefore(x.ofKinds(because.Versus), c, s)) > 0 { // 波动大一些
		return x.subject(c, s) != "other", true
	}
	return false, false
}

// setBeside stand before the item that another is compared with.
var setBeside = newPhrases().list("than with to beside against like unlike next_to from over for alongside")

// setAgainst do so wherever they stand before it: "compared with the one you bought in January, the Star River".
var setAgainst = newPhrases().list("compared_with compared_to next_to beside set_against unlike side_by_side alongside relative_to versus vs")

// comparesEnglish is comparesItem for English comparatives.
func (x *reading) comparesEnglish(c [2]int, s, e int) (item, ok bool) {
	if w := string(x.r[s:e]); w == "above" || w == "below" {
		if len(x.namesIn([2]int{e, c[1]})) == 0 && !x.besideDiff(c, s, e) {
			return false, false
		}
	}
	than := -1
	thanWord.find(x.r, e, c[1], func(a, b int, _ *phrase) {
		if than < 0 {
			than = b
		}
	})
	if w := string(x.r[s:e]); (w == "more" || w == "less") && than >= 0 && startsNumber(x.r, than+1) {
		return false, false // more than 1,000
	}
	item = true
	for _, n := range x.namesIn(c) {
		if n.e > s {
			continue
		}
		if from := max(c[0], n.s-12); !setBeside.any(x.r, from, n.s) && !setAgainst.any(x.r, c[0], n.s) {
			item = false // the Star River is 12 g heavier
		} else {
			ok = true
		}
	}
	if than >= 0 {
		to := min(c[1], than+24)
		switch {
		case len(x.namesIn([2]int{than, c[1]})) > 0:
			return true, true
		case x.it.any(x.r, than, to) || x.lex.it.any(x.r, than, to):
			return false, len(x.namesIn([2]int{c[0], s})) > 0
		}
	}
	if s > c[0] && x.r[max(0, s-1)] == ' ' && x.besideDiff(c, s, e) {
		return item, true
	}
	return item, ok || !item && x.besideDiff(c, s, e)
}

var thanWord = newPhrases().list("than")

// stepped reports whether a word that compares stands right before or behind the number at rune s: 多出 22 小时, "ten minutes
// longer".
func (x *reading) stepped(c [2]int, s int) (yes bool) {
	for _, w := range ways {
		w.words.find(x.r, max(c[0], s-10), min(c[1], s+28), func(a, b int, _ *phrase) {
			before := b <= s && strings.Trim(string(x.r[b:s]), "了出得要整上 ") == "" && !(b-a == 1 && a > c[0] && strings.ContainsRune(unsteps, x.r[a-1]))
			behind := a > s && !text.IsHan(x.r[a]) && strings.Count(string(x.r[s:a]), " ") <= 2
			yes = yes || before || behind
		})
	}
	return yes
}

// besideDiff reports whether right before or behind runes s to e stands the number by which two items differ.
func (x *reading) besideDiff(c [2]int, s, e int) bool {
	return len(x.diffsBeside(c, s, e)) > 0
}

// diffsBeside is the evidence of comparisons whose difference stands right before or behind runes s to e.
func (x *reading) diffsBeside(c [2]int, s, e int) (ev []int) {
	for _, n := range x.numbersBeside(c, s, e) {
		base, factor := n.sort()
		_, known := knownUnit(n.Unit)
		for i, o := range x.ev {
			d := o.Slots["diff"]
			if o.Kind != because.Versus || d.Text == "" {
				continue
			}
			dbase, dfactor := sortOf(d)
			if base == dbase && agreesWith(n.Number, n.Value*factor, math.Abs(d.Number)*dfactor) || !known && !n.Percent && !isKnownBase(base) && n.Value == math.Abs(d.Number) {
				ev = append(ev, i)
			}
		}
	}
	return ev
}

// A counted is a number that is read.
type counted struct{ text.Number }

// sort is the base of a number's unit, and how many of it the unit is.
func (n counted) sort() (base string, factor float64) {
	if n.Percent {
		return "%", 1
	}
	return text.Unit(n.Unit)
}

// numbersBeside are the numbers of a clause right before or behind runes s to e; "two more" is read as a number of "more".
func (x *reading) numbersBeside(c [2]int, s, e int) (out []counted) {
	for _, n := range text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]]) {
		a, b := x.rune(x.at[c[0]]+n.Start), x.rune(x.at[c[0]]+n.End)
		behind := a >= e && (strings.Trim(string(x.r[e:a]), "了出得要整上 ") == "" || a-e <= 4 && strings.TrimSpace(string(x.r[e:a])) == "by")
		before := b <= s && s-b <= 1 || a < s && b >= s && b <= e
		if behind || before {
			out = append(out, counted{n})
		}
	}
	return out
}

// agreesWith is agrees for a number that may be said to be so and no more.
func agreesWith(n text.Number, said, is float64) bool {
	return agrees(n, said, is) || math.Abs(said-is) <= 1e-9*math.Max(1, is)
}

// rivals is the evidence that a word compares by: of the items named around it, of the field that the clause words or whose
// number stands in it, and of the sort of number that the word is said of.
func (x *reading) rivals(versus []int, c [2]int, s, e int, w way) []int {
	names := x.namesIn(c)
	if len(names) == 0 {
		names = x.namesIn(x.sentence(s))
	}
	ev := slices.DeleteFunc(slices.Clone(versus), func(i int) bool {
		base, _ := sortOf(x.ev[i].Slots["value"])
		return w.bases != nil && !slices.Contains(w.bases, base) || len(names) > 0 && !slices.ContainsFunc(names, func(n span) bool { return slices.Contains(n.ev, i) })
	})
	if beside := both(ev, x.diffsBeside(c, s, e)); len(beside) > 0 {
		return beside
	}
	if of := x.fieldBefore(ev, c, s); x.lang == because.Chinese && len(of) > 0 {
		return of
	}
	for _, n := range x.numbersBeside(c, s, e) {
		base, _ := n.sort()
		if _, known := knownUnit(n.Unit); known || n.Percent || isKnownBase(base) {
			ev = slices.DeleteFunc(ev, func(i int) bool { b, _ := sortOf(x.ev[i].Slots["value"]); return b != base })
		}
	}
	told := slices.DeleteFunc(slices.Clone(ev), func(i int) bool {
		return !slices.ContainsFunc(x.fixed, func(f span) bool {
			return f.s >= c[0] && f.e <= c[1] && (f.e <= s || f.s >= e) && f.e-f.s > 1 && x.content(f.s, f.e) && slices.ContainsFunc(f.p.keys, func(k string) bool {
				_, field, _ := strings.Cut(k, ":")
				return field == x.ev[i].Ref
			})
		})
	})
	if len(told) > 0 {
		return told
	}
	if near := slices.DeleteFunc(slices.Clone(ev), func(i int) bool { return !x.tells(c, i) && !x.tellsBare(c, i) }); len(near) > 0 {
		return near
	}
	return ev
}

// tellsBare reports whether a clause holds a number of a comparison without its unit.
func (x *reading) tellsBare(c [2]int, i int) bool {
	return slices.ContainsFunc(text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]]), func(n text.Number) bool {
		_, known := knownUnit(n.Unit)
		return !known && !n.Percent && (n.Value == x.ev[i].Slots["value"].Number || n.Value == x.ev[i].Slots["other"].Number)
	})
}

// sortOf is the base of the unit that a slot's number has, and how many of it the unit is.
func sortOf(s because.Slot) (base string, factor float64) {
	n := text.Numbers(s.Text)
	switch {
	case len(n) != 1:
		return "", 1
	case n[0].Percent:
		return "%", 1
	}
	return text.Unit(n[0].Unit)
}

// multiples are English words for how many times as much.
var multiples = map[string]float64{"twice": 2, "double": 2, "half": .5}

// ratio judges a number that says how many times as much one item has as another, and reports whether it is one: 是它的两倍,
// "twice as long as", "half as many".
func (x *reading) ratio(n text.Number, c [2]int, s, e int) bool {
	times := n.Value
	switch rest := strings.TrimSpace(string(x.r[e:c[1]])); {
	case n.Unit == "倍":
	case x.lang == because.English && (n.Unit == "times" || n.Unit == "" && multiples[string(x.r[s:e])] > 0) && (strings.HasPrefix(rest, "as ") || strings.HasPrefix(rest, "what ") || strings.HasPrefix(rest, "that ")):
	default:
		return false
	}
	ev := x.rivals(x.ofKinds(because.Versus), c, s, e, way{})
	names := x.namesIn(c)
	if told := slices.DeleteFunc(x.ofKinds(because.Versus), func(i int) bool { // 每次半个钟头，是《甲》的两倍
		return !x.tells(x.sentence(s), i) || len(names) > 0 && !slices.ContainsFunc(names, func(n span) bool { return slices.Contains(n.ev, i) })
	}); len(told) > 0 && x.lang == because.Chinese {
		ev = told
	}
	right := slices.DeleteFunc(slices.Clone(ev), func(i int) bool {
		a, b := x.ev[i].Slots["value"].Number, x.ev[i].Slots["other"].Number
		if len(names) > 0 && x.subject(c, s) == "other" && names[0].e <= s && x.lang == because.English {
			a, b = b, a
		}
		is := a / b
		switch strings.TrimSuffix(n.Bound, "!") {
		case "over":
			return is <= times || is > 1.5*times
		case "under":
			return is >= times || is < .75*times
		}
		return math.Abs(is-times) > .02*times && !(n.Approx && math.Abs(is-times) <= .1*times)
	})
	x.cover(s, e)
	lang := x.given.Lang
	switch {
	case len(right) > 0:
		x.claim(because.ComparisonClaim, because.Supported, s, e, right, because.Say(lang, "The evidence compares them."))
	case len(ev) > 0:
		x.claim(because.ComparisonClaim, because.Contradicted, s, e, ev, because.Say(lang, "The evidence has another number."))
	default:
		x.claim(because.ComparisonClaim, because.Unverifiable, s, e, nil, because.Say(lang, "No evidence compares them."))
	}
	return true
}

package verify

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"because"
	"because/internal/text"
)

// numberClaims judges every number of a clause that is neither part of a name nor of a time.
func (x *reading) numberClaims(c [2]int) {
	start := x.at[c[0]]
	portions := x.portions(c)
	for _, n := range text.Numbers(x.text[start:x.at[c[1]]]) {
		s, e := x.rune(start+n.Start), x.rune(start+n.End)
		if x.hard[s] || x.inTime(s, e) || x.inPart(s, e) || slices.ContainsFunc(portions, func(p span) bool { return s < p.e && p.s < e }) {
			continue
		}
		if idioms.any(x.r, max(c[0], s-4), min(c[1], e+3)) && x.insideLonger(idioms, s, e) {
			x.cover(s, e)
			continue
		}
		if x.article(n, s, e) {
			x.cover(s, s+1)
			continue
		}
		if len(x.inFixed(s, e)) > 0 || slices.ContainsFunc(x.values, func(v span) bool { return v.kind == because.DateSlot && v.s <= s && e <= v.e }) {
			x.cover(s, e) // a date is judged as one
			continue
		}
		if before := strings.TrimRight(string(x.r[max(0, s-8):s]), " "); strings.HasSuffix(before, "第") || strings.HasSuffix(before, "no.") || strings.HasSuffix(before, "number") && n.Unit == "" || strings.HasSuffix(before, "#") {
			n.Unit = "第"
		}
		if e < len(x.r) && x.r[e] == '‰' { // no pack counts in thousandths
			x.cover(s, e)
			x.claim(because.NumberClaim, because.Contradicted, s, e+1, nil, because.Say(x.given.Lang, "The evidence has another number."))
			continue
		}
		if n.Unit == "counts" { // "a score of 6.6 counts against it"
			n.Unit, e = "", e-len(" counts")
		}
		x.bound(&n, s, e)
		if !x.ratio(n, c, s, e) {
			x.judgeNumber(n, c, s, e)
		}
	}
}

// article reports whether a number is no more than an article: 一款, 一 条.
func (x *reading) article(n text.Number, s, e int) bool {
	base, _ := text.Unit(n.Unit)
	if one := "one"; n.Value == 1 && strings.HasPrefix(string(x.r[s:e]), one) && x.lex.it.any(x.r, max(0, s-5), min(len(x.r), s+len(one))) {
		return true // this one
	}
	if n.Value == 1 && base == "count" && n.Bound == "" && strings.HasPrefix(string(x.r[s:e]), "one ") && !exactly.any(x.r, max(0, s-8), s) {
		return true // one film among others
	}
	if n.Value == 1 && n.Bound == "" && (base == "review" || base == "person" || base == "count" || n.Unit == "") && x.reviewed(s) && reporters.any(x.r, max(0, s-1), min(len(x.r), e+10)) {
		return true // of whom a review is one
	}
	if n.Value == 2 && (base == "count" || n.Unit == "") && these.any(x.r, max(0, s-6), s) && len(x.names) > 1 {
		return true // the two that are named
	}
	if n.Value == 2 && (n.Unit == "样" || n.Unit == "者") && len(x.merged(x.values)) > 1 {
		return true // 两样都占
	}
	if x.tellsCount(n, s, e) {
		return true
	}
	if n.Value != 1 || x.r[s] != '一' || n.Bound != "" {
		return false
	}
	if base == "person" && s > 0 && x.r[s-1] == '同' { // 同一位导演
		return true
	}
	if (base == "time" || base == "lesson") && x.perPeriod(s) {
		return false
	}
	if base == "time" || base == "lesson" { // 七分钟一次, 一节十分钟: each time
		around := string(x.r[max(0, s-2):s]) + "|" + string(x.r[e:min(len(x.r), e+4)])
		return strings.ContainsAny(around, "0123456789一二两三四五六七八九十半钟天") || strings.Contains(around, "只") || strings.Contains(around, "每")
	}
	if next := string(x.r[e:min(len(x.r), e+2)]); base == "episode" && len(next) > 0 && strings.ContainsAny(next, "0123456789一二两三四五六七八九十半") {
		return true // 一集四十一分钟: each
	}
	return base == "count" || n.Unit == ""
}

// exactly makes a number of "one"; these point at what is named.
var (
	exactly = newPhrases().list("only just exactly single has have with of")
	these   = newPhrases().list("the these those your both 这 那 其中")
)

// perPeriod reports whether a period of which there are so many times stands close before rune s: 每周排一次.
func (x *reading) perPeriod(s int) bool {
	return slices.ContainsFunc(rates, func(r rate) bool { return r.words.any(x.r, max(0, s-5), s) })
}

// bound makes a bound strict where the word before says so: 超过 14 天 is false of 14. A word of a licensed wording bounds
// nothing: "lets you spread out over 62 m²".
func (x *reading) bound(n *text.Number, s, e int) {
	if n.Bound == "" {
		if e < len(x.r) && beyond.any(x.r, e, min(len(x.r), e+2)) {
			n.Bound = "over"
		}
		return
	}
	if n.Bound == "over" && strings.ContainsAny(n.Text, "多余") && !strings.HasSuffix(n.Text, "多") { // 两个多月
		n.Bound = "over!"
		return
	}
	b := strings.TrimRight(string(x.r[max(0, s-24):s]), " ")
	if strings.HasSuffix(b, "up to") { // how far it goes, and not how far it is thought to
		n.Bound, n.Approx = "", false
		return
	}
	for _, w := range []string{"超过", "不止", "多于", "高于", "over", "more than", "不到", "不足", "少于", "低于", "under", "less than", "fewer than"} {
		if !strings.HasSuffix(b, w) || strings.HasSuffix(b, "不"+w) || strings.HasSuffix(b, "no "+w) || strings.HasSuffix(b, "not "+w) || strings.HasSuffix(b, "never "+w) || strings.HasSuffix(b, "没"+w) || strings.HasSuffix(b, "未"+w) || strings.HasSuffix(b, "没有"+w) {
			continue
		}
		if n.Bound == "over" && x.denied(s) {
			n.Bound = "under" // never more than
			return
		}
		if narrow.any([]rune(b), max(0, len([]rune(b))-len([]rune(w))-10), len([]rune(b))) {
			n.Bound = "just " + n.Bound
			return
		}
		if before := strings.TrimRight(strings.TrimSuffix(b, w), " "); w == "over" && (stretched.any([]rune(before), max(0, len([]rune(before))-9), len([]rune(before))) || strings.HasSuffix(before, "ed")) {
			n.Bound, n.Approx = "", false // told over 56 episodes
			return
		} else if w == "over" && x.throughout(before, s) {
			n.Bound, n.Approx = "", false // four sessions a week over 4 weeks
			return
		}
		e := s
		for e > 0 && x.r[e-1] == ' ' {
			e--
		}
		if f := x.inFixed(e-len([]rune(w)), e); slices.ContainsFunc(f, func(f span) bool { return f.e-f.s > len([]rune(w)) }) {
			n.Bound, n.Approx = "", false
			return
		}
		n.Bound += "!"
	}
}

// throughout reports whether "over" between a text and a number of time at rune s means while it lasts: it begins the sentence
// or stands behind what happens so often.
func (x *reading) throughout(before string, s int) bool {
	if x.lang != because.English {
		return false
	}
	c := x.clauseOf(s)
	r := []rune(before)
	often := slices.ContainsFunc(rates, func(r2 rate) bool { return r2.words.any(r, max(0, len(r)-9), len(r)) })
	starts := strings.TrimSpace(string(x.r[c[0]:s])) == "over" && c[1] < len(x.r) && x.r[c[1]] == ','
	return often || starts
}

// beyond behind a number says that there is more.
var beyond = newPhrases().list("还多 有余 出头 开外 往上")

// stretched are verbs of what goes over a number of parts.
var stretched = newPhrases().list("told spread split taught run runs set")

// denied reports whether a denial in the clause before rune s reaches the bound there, "never fell more than 0.35%", and
// remembers that it does: it denies nothing else.
func (x *reading) denied(s int) (yes bool) {
	c := x.clauseOf(s)
	x.lex.negation.find(x.r, max(c[0], s-28), s, func(a, b int, p *phrase) {
		if w := string(p.r); strings.HasSuffix(w, "n't") || slices.Contains([]string{"never", "not", "没", "没有", "从未", "未", "不曾", "不"}, w) {
			if w == "不" && b < len(x.r) && (x.r[b] == '到' || x.r[b] == '足') {
				return
			}
			yes = true
			x.bounds = append(x.bounds, span{s: a, e: b})
		}
	})
	return yes
}

func (x *reading) judgeNumber(n text.Number, c [2]int, s, e int) {
	if strings.HasSuffix(n.Text, "起") && !strings.Contains(n.Bound, "under") { // from 36 on: there is one of 36
		n.Bound, n.Approx = "", false
	}
	base, factor := text.Unit(n.Unit)
	if base == "count" && n.Value >= 1900 && n.Value < 2200 && n.Value == math.Trunc(n.Value) && x.r[s] < 0x80 { // a 2012 film
		n.Unit, base, factor = "", "", 1
		for k := s; k < e; k++ {
			if x.r[k] == ' ' {
				e = k
			}
		}
	}
	_, known := knownUnit(n.Unit)
	if known || n.Percent || !latin(x.r[e-1]) {
		x.cover(s, e)
	} else { // the word behind is judged for itself
		k := e - len([]rune(n.Unit))
		for k > s && x.r[k-1] == ' ' {
			k--
		}
		x.cover(s, max(k, s))
	}
	lang := x.given.Lang
	kind := because.NumberClaim
	if n.Unit == "第" {
		kind = because.ComparisonClaim
	}
	ev, item, comparable := x.matching(n, base, factor, known, c, s)
	if len(ev) == 0 && !item && n.Unit == "" && !n.Percent {
		if unit := x.counting(c, e); unit != "" { // four 40-minute sessions
			m := n
			m.Unit = unit
			base, factor := text.Unit(unit)
			_, known := knownUnit(unit)
			ev, item, comparable = x.matching(m, base, factor, known, c, s)
		}
	}
	if len(ev) == 0 && !item && !known && !n.Percent && x.standsAlone(n, s, e) {
		units := x.unitsAround(c, s, n.Unit == "" && n.Bound == "")
		if steps[n.Unit] {
			units = append(units, "") // "sixteen, thirty fewer than"
		}
		for _, unit := range units { // "20 minutes, against 25", "two more than"
			m := n
			m.Unit, m.Percent = unit, unit == "%"
			base, factor := text.Unit(unit)
			if more, _, _ := x.matching(m, base, factor, true, c, s); len(more) > 0 {
				n, ev = m, more
				break
			}
		}
	}
	if x.lang == because.Chinese && comparable { // a number of its title tells nothing that evidence tells otherwise
		item = false
	}
	switch {
	case (len(ev) > 0 || item) && !x.misplaced(c, s, e, &ev, item):
		x.claim(kind, because.Supported, s, e, ev, because.Say(lang, "The number is the evidence's."))
	case comparable || len(ev) > 0:
		x.claim(kind, because.Contradicted, s, e, nil, because.Say(lang, "The evidence has another number."))
	default:
		x.claim(kind, because.Unverifiable, s, e, nil, because.Say(lang, "No evidence has this number."))
	}
}

// steps are what stands behind how far two numbers are apart.
var steps = set("more fewer less longer shorter higher lower further larger smaller above below")

// counting is the word that a number before rune e counts where another number stands between: "four 40-minute sessions".
func (x *reading) counting(c [2]int, e int) string {
	for _, n := range text.Numbers(x.text[x.at[e]:x.at[c[1]]]) {
		if strings.TrimSpace(x.text[x.at[e]:x.at[e]+n.Start]) != "" || !strings.Contains(n.Text, "-") {
			return ""
		}
		for s, e := range x.words(x.rune(x.at[e]+n.End), c[1]) {
			return string(x.r[s:e])
		}
	}
	return ""
}

// standsAlone reports whether a number stands for itself: not in a name that ends or goes on with it.
func (x *reading) standsAlone(n text.Number, s, e int) bool {
	if x.lang == because.English {
		k := s
		for k > 0 && x.r[k-1] == ' ' {
			k--
		}
		w, _ := x.word(max(0, k-1))
		return !(k > 0 && latin(x.r[k-1]) && x.proper(w))
	}
	for e < len(x.r) && x.r[e] == ' ' {
		e++
	}
	return e == len(x.r) || !unicode.IsLetter(x.r[e]) || strings.ContainsRune("到至和与对之以里内", x.r[e])
}

// unitsAround are the units of the other numbers of the sentence around rune s, the nearest before it first, then those
// behind, and if asked for those of the sentences before: a number without one has theirs.
func (x *reading) unitsAround(c [2]int, s int, beyond bool) (units []string) {
	around := x.sentence(c[0])
	units = x.unitsOf(around, s)
	if beyond && around[0] > 0 { // "You have 20 minutes; this one takes 15"
		units = append(units, x.unitsOf([2]int{0, around[0]}, s)...)
	}
	return slices.Compact(units)
}

// unitsOf are those of the numbers of a stretch.
func (x *reading) unitsOf(around [2]int, s int) (units []string) {
	var behind []string
	for _, n := range text.Numbers(x.text[x.at[around[0]]:x.at[around[1]]]) {
		unit := n.Unit
		if n.Percent {
			unit = "%"
		}
		base, known := knownUnit(unit)
		if !known && (unit == "" || !slices.ContainsFunc(x.numbers, func(o evidenceNumber) bool { return o.base == base })) || unit == "第" || unit == "折" {
			continue
		}
		if at := x.rune(x.at[around[0]] + n.Start); at < s {
			units = slices.Insert(units, 0, unit)
		} else if at > s {
			behind = append(behind, unit)
		}
	}
	return append(units, behind...)
}

// matching returns the evidence whose numbers a number agrees with, whether the item's name has it, and whether there is
// another number of its sort.
func (x *reading) matching(n text.Number, base string, factor float64, known bool, c [2]int, s int) (ev []int, item, comparable bool) {
	value := n.Value * factor
	exactly := false
	own := x.lang == because.English && n.Unit != "" && !known && slices.ContainsFunc(x.numbers, func(o evidenceNumber) bool { return o.ev >= 0 && !o.date && o.base == base })
	for _, o := range x.numbers {
		if own && o.base != base && !o.count || o.ev >= 0 && x.groupOf(o.ev) > 0 && base != "person" && x.fieldNoun(n.Unit) {
			continue // 16 exercises are no 16 years of age, 41 rooms no 41 people
		}
		if !unitsMeet(n, base, known, o) && !x.reached(n, o, s) || n.Unit == "第" && o.slot != "rank" || o.date && !x.dateLike(n, o, c) {
			continue
		}
		if o.ev >= 0 && (!x.sameSort(o, n, base, c) || x.otherUnit(n, base, o)) {
			continue
		}
		if o.ev >= 0 && !x.spokenOf(o, c, s) {
			comparable = true
			continue
		}
		exactly = exactly || o.value == value
		if agrees(n, value, o.value) {
			if o.ev >= 0 {
				ev = append(ev, o.ev)
			} else {
				item = true
			}
			continue
		}
		comparable = true
	}
	if exactly && strings.HasSuffix(n.Bound, "!") { // less than 44 is false of 44
		return nil, false, true
	}
	return ev, item, comparable
}

// reached reports whether an English number at rune s is what the number of a trend got to, told without its unit or with the
// series' word for it: "to 1,392", "to 247 plays".
func (x *reading) reached(n text.Number, o evidenceNumber, s int) bool {
	if x.lang != because.English || o.ev < 0 || x.ev[o.ev].Kind != because.Trend || o.slot != "value" || n.Percent {
		return false
	}
	label := key(x.pack.Series[x.ev[o.ev].Ref].Label.In(x.lang))
	return n.Unit == "" && arriving.any(x.r, max(0, s-10), s) || n.Unit != "" && holds(label, key(n.Unit))
}

var arriving = newPhrases().list("to at now stands_at")

// fieldNoun reports whether an English word is one by which the pack calls what items have.
func (x *reading) fieldNoun(w string) bool {
	r := []rune(w)
	return x.lang == because.English && (x.ofFields[w] || x.ofFields[strings.TrimSuffix(w, "s")]) && !x.lex.neutral.any(r, 0, len(r)) && !x.lex.group.any(r, 0, len(r))
}

// otherUnit reports whether a Chinese number counts what the pack has a unit for, and an evidence's number has another of its
// units: three charts are not three sources.
func (x *reading) otherUnit(n text.Number, base string, o evidenceNumber) bool {
	of := x.ev[o.ev].Slots[o.slot].Unit
	if x.lang != because.Chinese || x.pack.Units[of].Zh == "" || base != "count" || len([]rune(n.Unit)) < 2 {
		return false
	}
	other := false
	for name, u := range x.pack.Units {
		if string(key(u.Zh)) == n.Unit {
			if name == of {
				return false
			}
			other = true
		}
	}
	return other
}

// sameSort reports whether a count may be one of people, or of times: a habit counts times, a group people.
func (x *reading) sameSort(o evidenceNumber, n text.Number, base string, c [2]int) bool {
	if x.lang == because.English && o.count && pieces[n.Unit] && (x.ev[o.ev].Kind == because.Habit || x.ev[o.ev].Kind == because.InContext) {
		return false // eight items are not the reader's eight times
	}
	switch x.ev[o.ev].Kind {
	case because.Attribute, because.Fit, because.Drawback: // four sessions a week are not the reader's four times
		return base != "time" || !x.lex.you.any(x.r, c[0], c[1]) || len(x.verbs.in(x, c)) == 0 && !turned.any(x.r, c[0], c[1])
	case because.InContext:
		return !o.count || base != "person" && !x.overStretch(c) // the times of a weekday are not those of the last 30 days
	case because.Shared:
		return !o.count || base != "person" && !x.unitOfEvidence(n.Unit) // six items that share it are not its six sources
	case because.Habit:
		return !o.count || base != "person"
	case because.Neighbours, because.Popular:
		return !o.count || base != "time"
	}
	return true
}

// overStretch reports whether a clause tells of a stretch of days that lasts until now.
func (x *reading) overStretch(c [2]int) bool {
	return slices.ContainsFunc(x.times, func(t text.Time) bool {
		s := x.rune(t.Start)
		return s >= c[0] && s < c[1] && t.Weekday == "" && t.Part == "" && t.From == 0 && t.To > 24*time.Hour
	})
}

// unitOfEvidence reports whether an English word is the unit of a number that evidence has: sources, lessons.
func (x *reading) unitOfEvidence(w string) bool {
	return x.lang == because.English && w != "" && slices.ContainsFunc(x.ev, func(e because.Evidence) bool {
		for _, s := range e.Slots {
			if u, ok := x.pack.Units[s.Unit]; ok && s.Kind == because.NumberSlot && (w == u.En || w == u.Plural) {
				return true
			}
		}
		return false
	})
}

// pieces are what items are counted as.
var pieces = set("item items thing things piece pieces product products title titles")

// turned is what readers do by habit.
var turned = newPhrases().list("turned turn been gone come back visits visit returned 记录 去 碰")

// dateLike reports whether a number may be part of a date of evidence o: a year, a month, a day; or stands beside another
// number of that evidence, as its label does: 一年收 0.35%.
func (x *reading) dateLike(n text.Number, o evidenceNumber, c [2]int) bool {
	if n.Value >= 1900 || strings.HasSuffix(n.Text, "月") && !strings.HasSuffix(n.Text, "个月") || strings.ContainsAny(n.Unit, "日号") {
		return true
	}
	return slices.ContainsFunc(x.values, func(v span) bool {
		return v.s >= c[0] && v.e <= c[1] && v.kind == because.NumberSlot && slices.Contains(v.ev, o.ev)
	})
}

func knownUnit(u string) (string, bool) {
	base, x := text.Unit(u)
	return base, base != u || x != 1 || u == "元" || u == "%" || u == "折" || u == "第" || u == "$"
}

// unitsMeet reports whether a number said and one in evidence are of the same sort.
func unitsMeet(n text.Number, base string, known bool, o evidenceNumber) bool {
	switch {
	case n.Percent != o.percent && !(n.Unit == "折" || o.base == "折"):
		return false
	case n.Unit == "第":
		return true
	case base == o.base:
		return true
	case (n.Unit == "折" || o.base == "折") && (n.Percent || o.percent):
		return true
	case o.count:
		switch o.slot {
		case "people":
			return base == "person" || base == "" || !known || base == "count" && n.Unit == "个"
		case "rank":
			return base == "" || !known
		}
		return base == "" || base == "count" || base == "person" || base == "time" || base == "review" || !known
	case o.base == "" && (base == "point" || base == "star" || base == "clock"):
		return true
	case o.base == "" && !known, base == "" && (o.base == "point" || o.base == "star"):
		return true
	case base == "" && o.base != "" && !isKnownBase(o.base): // "9 out of 10"
		return true
	case n.Unit == "块" && o.base == "元":
		return true
	}
	return false
}

func isKnownBase(b string) bool {
	switch b {
	case "s", "month", "m", "g", "元", "$", "€", "kcal", "l", "page", "person", "time", "count", "age", "w", "hz", "gb", "km":
		return true
	}
	return false
}

// narrow says that a bound is close: just under, barely more than.
var narrow = newPhrases().list("just barely slightly a_little a_bit a_shade a_touch a_hair only_just 略 稍 刚 刚刚 将将 稍稍")

// agrees reports whether a number said is the evidence's, or an honest approximation that says so.
func agrees(n text.Number, said, is float64) bool {
	near := math.Abs(said-is) <= 1e-9*math.Max(1, math.Abs(is))
	switch n.Bound {
	case "":
		return near && !n.Approx || n.Approx && math.Abs(said-is) <= .1*math.Abs(is)
	case "about":
		return math.Abs(said-is) <= .1*math.Abs(is)
	case "just over":
		return is > said && is <= said*1.15
	case "just under":
		return is < said && is >= said*.85
	case "over", "over!":
		return is > said && said >= is/2 || near && n.Bound == "over"
	case "under", "under!":
		return is < said && said <= 2*is || near && n.Bound == "under"
	}
	return false
}

// spokenOf reports whether a number of an evidence is said of what it belongs to: the other item's number of a
// comparison belongs to that item, and this item's numbers to this one.
func (x *reading) spokenOf(o evidenceNumber, c [2]int, s int) bool {
	kind := x.ev[o.ev].Kind
	if kind == because.Need && (o.slot == "need" || o.slot == "unmet" || o.slot == "bound") {
		return x.asAsked(o, s)
	}
	of := x.subjectAfter(c, s)
	if of == "" && kind == because.Versus && x.opposed(c, s) {
		of = "other"
	}
	if of == "" {
		of = x.subject(c, s)
	}
	if of == "" && kind == because.Versus && o.slot == "other" {
		if of = x.subjectBefore(c); of == "" && len(x.namesIn(c)) == 0 && len(x.namesIn([2]int{0, c[0]})) == 0 && !x.namedApart(c) {
			return false // the other item is not named yet
		}
	}
	if kind == because.PriceKind && o.slot == "" && !o.date && !x.lex.you.any(x.r, x.sentence(s)[0], x.sentence(s)[1]) {
		return false // what the reader turned to cost it, and not the item
	}
	if kind == because.PriceKind && (o.slot == "was" || o.slot == "price") && (formerly.any(x.r, max(c[0], s-16), s) || onceWas.any(x.r, max(c[0], s-12), s) || since.any(x.r, s, min(c[1], s+16)) && !since.any(x.r, c[0], s)) != (o.slot == "was") {
		return false
	}
	if differs := x.difference(c, s); kind == because.Versus && o.slot == "diff" && !differs && !x.comparedIn(c) && !x.stepped(c, s) || differs && !(kind == because.Versus && (o.slot == "diff" || o.slot == "")) {
		return false
	}
	switch {
	case kind == because.Versus && o.slot == "other":
		return of != "item"
	case kind == because.Versus && o.slot == "value", kind == because.Attribute, kind == because.Fit && o.slot == "value", kind == because.PriceKind && o.slot == "price":
		return of != "other"
	}
	return true
}

// namedApart reports whether a later clause names items and no numbers: 一个 120 分钟，一个 96 分钟：《星河》和这部.
func (x *reading) namedApart(c [2]int) bool {
	for at := slices.Index(x.clauses, c) + 1; at < len(x.clauses); at++ {
		if of := x.clauses[at]; len(x.namesIn(of)) > 0 {
			return len(text.Numbers(x.text[x.at[of[0]]:x.at[of[1]]])) == 0
		}
	}
	return false
}

// opposed reports whether the number at rune s is set against one before it: "24% against 11.5%", 24% 对 11.5%.
func (x *reading) opposed(c [2]int, s int) bool {
	yes := false
	against.find(x.r, max(c[0], s-16), s, func(a, b int, _ *phrase) {
		yes = yes || strings.Trim(string(x.r[b:s]), " ¥￥$约") == "" && len(text.Numbers(x.text[x.at[c[0]]:x.at[a]])) > 0
	})
	return yes
}

var against = newPhrases().list("against versus vs rather_than instead_of compared_with compared_to than_the than_its to_the 对")

// asAsked reports whether the number at rune s is said to be what the reader asked for: in their own words, or behind a
// wording of the pack that says how the item misses it.
func (x *reading) asAsked(o evidenceNumber, s int) bool {
	missing := func(at int) bool {
		return slices.ContainsFunc(x.fixed, func(f span) bool {
			return f.e <= at && f.e >= at-2 && slices.Contains(f.ev, o.ev) && missingKeys(f.p.keys)
		})
	}
	for _, v := range x.values {
		if v.s <= s && s < v.e && slices.Contains(v.ev, o.ev) && (v.slot == "need" || v.slot == "unmet" || v.slot == "bound" && missing(v.s)) {
			return true
		}
	}
	return missing(s)
}

// subjectAfter is what a preposition behind the number at rune s speaks of: "150 minutes for Star River".
func (x *reading) subjectAfter(c [2]int, s int) string {
	for i := s; i < c[1] && i < s+30; i++ {
		if !(x.r[i] == ' ' && (i == s || x.r[i-1] != ' ')) {
			continue
		}
		switch rest := string(x.r[i+1 : min(c[1], i+7)]); {
		case rest == "there" || strings.HasPrefix(rest, "there "):
			return "other"
		case rest == "here" || strings.HasPrefix(rest, "here "):
			return "item"
		}
		for _, p := range []string{"for ", "with ", "at ", "in ", "of ", "from "} {
			n := len(p)
			if i+1+n >= c[1] || string(x.r[i+1:i+1+n]) != p {
				continue
			}
			at := i + 1 + n
			if at+4 < c[1] && string(x.r[at:at+4]) == "the " {
				at += 4
			}
			for _, m := range x.names {
				if m.s == at && m.ev[0] >= 0 {
					return "other"
				}
			}
			if strings.HasPrefix(string(x.r[at:min(c[1], at+9)]), "that") || strings.HasPrefix(string(x.r[at:min(c[1], at+9)]), "other") {
				return "other"
			}
			if x.it.any(x.r, at, min(c[1], at+9)) || x.lex.it.any(x.r, at, min(c[1], at+9)) {
				return "item"
			}
			return ""
		}
	}
	return ""
}

// subject is what the words before rune s in the clause speak of: "item", "other", or "" when they do not say.
func (x *reading) subject(c [2]int, s int) string {
	of, last := "", -1
	for _, n := range x.names {
		if n.s >= c[0] && n.e <= s && n.s > last {
			last, of = n.s, "other"
			if n.ev[0] < 0 {
				of = "item"
			}
		}
	}
	for _, ps := range []phrases{x.it, x.lex.it} {
		ps.find(x.r, c[0], s, func(a, b int, p *phrase) {
			if a > last && !x.hard[a] {
				if w := string(p.r); of == "other" && (w == "its" || w == "it") && a-last < 48 && strings.HasSuffix(string(x.r[last:a]), " and ") { // the Star River and its 18 episodes
					return
				}
				last, of = a, "item"
				if x.lex.compare.any(x.r, max(c[0], a-2), a) && a > c[0] { // 大于它的 0.35%
					of = "other"
				}
			}
		})
	}
	former.find(x.r, c[0], s, func(a, _ int, _ *phrase) {
		if a > last && !x.hard[a] {
			if first := x.firstNamed(c); first != "" {
				last, of = a, first
			}
		}
	})
	if of == "other" && x.lex.compare.any(x.r, c[0], c[1]) || of == "other" && comparing.any(x.r, c[0], last+1) {
		return "" // 比《甲》轻 12 克
	}
	return of
}

// former points at the first of two that are named.
var former = newPhrases().list("前者 the_former")

// firstNamed is what the first name of the sentence is of.
func (x *reading) firstNamed(c [2]int) string {
	around := x.sentence(c[0])
	for _, n := range x.names {
		if n.s >= around[0] && n.e <= c[0] {
			if n.ev[0] < 0 {
				return "item"
			}
			return "other"
		}
	}
	return ""
}

// subjectBefore is what the clauses before c, within its sentence, speak of last.
func (x *reading) subjectBefore(c [2]int) string {
	at := slices.Index(x.clauses, c)
	for at--; at >= 0 && !x.ends(at); at-- {
		if of := x.subject(x.clauses[at], x.clauses[at][1]); of != "" {
			return of
		}
	}
	return ""
}

// difference reports whether the number at rune s is how far two items are apart: 比《甲》轻 12 克, 12 g lighter than.
func (x *reading) difference(c [2]int, s int) bool {
	for _, n := range x.namesIn(c) {
		before := strings.TrimRight(string(x.r[c[0]:n.s]), " 《「“\"")
		if n.e <= s && s-n.e < 12 && strings.HasSuffix(before, "比") || n.s > s && n.s-s < 40 && strings.Contains(string(x.r[s:n.s]), " than ") {
			return true
		}
	}
	return false
}

// comparedIn reports whether a clause compares, in the pack's words or its own.
func (x *reading) comparedIn(c [2]int) bool {
	if x.lex.compare.any(x.r, c[0], c[1]) || apart.any(x.r, c[0], c[1]) {
		return true
	}
	for _, f := range x.fixed {
		if f.s >= c[0] && f.e <= c[1] && !f.p.word {
			for _, k := range f.p.keys {
				_, field, _ := strings.Cut(k, ":")
				if string(x.r[f.s:f.e]) == string(key(x.pack.Fields[field].Label.In(x.lang))) { // its name alone compares nothing
					continue
				}
				if (k == "kind:versus" && f.e-f.s > 1 || strings.HasPrefix(k, "ahead:") || strings.HasPrefix(k, "behind:")) && len(x.keys[k]) > 0 {
					return true
				}
			}
		}
	}
	return false
}

var apart = newPhrases().list("比 差 差距 相差 差着 difference apart gap")

var formerly = newPhrases().list("原来 原价 原先 之前 此前 以前 used_to down_from before earlier previously 降自")

// onceWas says so only close before the number: "was listed last month and costs ¥309" does not.
var onceWas = newPhrases().list("was was_at")

var since = newPhrases().list("落到 降到 降至 跌到 改成 变成 → down_to now")

var comparing = newPhrases().list("比 和 跟 与 同 像 拿 after like with alongside next_to than from over 除了 对比")

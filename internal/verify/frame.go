package verify

import (
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

// What no list knows is judged by where it stands. A word that no evidence holds is a claim where it is said of the item, of
// the reader or of others; it states nothing where it says how something that evidence bears is told: who wrote a quotation
// and with what verb, of what sort a value is, for what occasion a length of time is enough.
func (x *reading) frames(c [2]int) {
	x.reporting(c)
	x.affixes(c)
	x.occasions(c)
	x.manners(c)
	x.extremes(c)
	x.hypernyms(c)
	x.measured(c)
	x.oneOf(c)
	x.severals(c)
	x.fitting(c)
	x.spokenOfFacts(c)
	x.english(c)
	x.drawn(c)
	x.governed(c)
	x.chinese(c)
}

// oneOf judges "a year" as a number, where evidence has it.
func (x *reading) oneOf(c [2]int) {
	for s, e := range x.unknown(c) {
		unit := string(x.r[s:e])
		before := string(x.r[max(c[0], s-3):s])
		whole := wholly.any(x.r, max(c[0], s-10), s)
		if base, known := knownUnit(unit); !known || base != "s" && base != "month" && !whole || before != "a " && !strings.HasSuffix(before, " a ") && before != "an " && !whole {
			continue
		}
		base, factor := text.Unit(unit)
		n := text.Number{Value: 1, Unit: unit}
		if ev, _, _ := x.matching(n, base, factor, true, c, s); len(ev) > 0 && !x.misplaced(c, s, e, &ev, false) {
			x.cover(s, e)
			x.claim(because.NumberClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The number is the evidence's."))
		}
	}
}

// several is said of no less than three.
var several = newPhrases().list("several multiple various a_few a_handful_of a_number_of a_couple_of")

// severals covers that there are several of what evidence counts three of or more: items that the reader knows, or that they
// did the same with.
func (x *reading) severals(c [2]int) {
	if x.lang != because.English {
		return
	}
	many := slices.ContainsFunc(x.ofKinds(because.Shared, because.Habit, because.InContext), func(i int) bool {
		return x.ev[i].Slots["count"].Number >= 3 && slices.ContainsFunc(slices.Concat(x.names, x.values), func(v span) bool {
			around := x.sentence(c[0])
			return v.s >= around[0] && v.e <= around[1] && slices.Contains(v.ev, i) && v.kind != because.DateSlot
		})
	})
	for _, d := range x.verbs.in(x, c) {
		many = many || len(x.ofKinds(d.kinds...)) >= 3 && x.lex.you.any(x.r, c[0], d.s)
	}
	if many {
		several.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
			if !x.hard[s] {
				x.cover(s, e)
			}
		})
	}
}

// fit is what an item is called that suits what the reader stated or does, and fine what it may then be called.
var (
	fit  = newPhrases().list("fit match choice option pick addition complement")
	fine = newPhrases().list("good nice decent solid sensible suitable natural")
)

// fitting covers that an item is a good fit, where the sentence tells what the reader stated or often does, or says no more than
// that it might be.
func (x *reading) fitting(c [2]int) {
	if x.lang != because.English {
		return
	}
	around := x.sentence(c[0])
	own := x.ofKinds(because.Profile, because.Need, because.Habit, because.InContext)
	told := slices.ContainsFunc(slices.Concat(x.values, x.quotes), func(v span) bool {
		return v.s >= around[0] && v.e <= around[1] && v.kind != because.DateSlot && len(both(v.ev, own)) > 0
	})
	fine.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		noun := false
		fit.find(x.r, e, min(c[1], e+12), func(a, _ int, _ *phrase) { noun = noun || a == e+1 })
		if noun && !x.hard[s] && (told || modest.any(x.r, max(c[0], s-14), s)) {
			x.cover(s, e)
		}
	})
}

// wholly makes one of what stands behind.
var wholly = newPhrases().list("a_full a_single a_whole a_mere")

// drawing is what an item does with people.
var drawing = newPhrases().list("吸引 吸引了 吸引过 引来 引来了 迎来 迎来了 drew draws drawn attracted attracts")

// drawn covers that an item drew the people whom evidence counts.
func (x *reading) drawn(c [2]int) {
	if slices.ContainsFunc(x.ofKinds(because.Popular), func(i int) bool { return x.tells(c, i) }) {
		drawing.find(x.r, c[0], c[1], func(s, e int, _ *phrase) { x.cover(s, e) })
	}
}

// undoing are verbs that take away what stands behind them.
var undoing = set("bans banned forbids forbade prohibits excludes excluded loses lost misses missed skips skipped avoids avoided refuses refused denies denied rejects rejected hides hid removes removed drops dropped cuts cut ends ended stops stopped fails failed sells sold won wins beats beat outsells cures eases heals treats prevents fights causes improves boosts guarantees promises replaces stole steals kills killed")

// governed covers an English verb between what tells of this item and a value that evidence bears of it: "this one packs 28
// exercises". What it says of the item is that it has the value.
func (x *reading) governed(c [2]int) {
	if x.lang != because.English || foretelling.any(x.r, c[0], c[1]) || len(x.namesIn(c)) > 0 {
		return
	}
	values := slices.DeleteFunc(slices.Concat(slices.Clone(x.values), x.numbersTold(c)), func(v span) bool {
		return v.s < c[0] || v.e > c[1] || v.kind != because.WordSlot && v.kind != because.NumberSlot || slices.ContainsFunc(v.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind == because.Drawback })
	})
	for s, e := range x.unknown(c) {
		w := string(x.r[s:e])
		if len(w) < 4 || !strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ss") || undoing[w] || x.proper(s) || x.loadedWord(w) || x.loadedWord(strings.TrimSuffix(w, "s")) {
			continue
		}
		if x.itself(c, s) && slices.ContainsFunc(values, func(v span) bool {
			return v.s > e && v.s-e <= 20 && !x.content(e, v.s, x.plain)
		}) {
			x.cover(s, e)
		}
	}
}

// itself reports whether right before rune s stands what tells of this item: its name, it, this one, which.
func (x *reading) itself(c [2]int, s int) (yes bool) {
	end := s
	for end > c[0] && x.r[end-1] == ' ' {
		end--
	}
	for _, n := range x.names {
		yes = yes || n.e == end && n.ev[0] < 0
	}
	for _, ps := range []phrases{x.it, pointing} {
		ps.find(x.r, max(c[0], end-12), end, func(_, b int, _ *phrase) { yes = yes || b == end })
	}
	return yes
}

var pointing = newPhrases().list("it this_one this which")

// unknown yields the stretches of a clause that nothing covers, words or runs of Han characters.
func (x *reading) unknown(c [2]int) func(func(s, e int) bool) {
	return func(yield func(s, e int) bool) {
		for i := c[0]; i < c[1]; {
			if x.covered[i] || !unicode.IsLetter(x.r[i]) {
				i++
				continue
			}
			j := i
			for han := text.IsHan(x.r[i]); j < c[1] && !x.covered[j] && (unicode.IsLetter(x.r[j]) || unicode.IsMark(x.r[j])) && text.IsHan(x.r[j]) == han; j++ {
			}
			if !yield(i, j) {
				return
			}
			i = j
		}
	}
}

// loaded reports whether runes s to e hold a word that finds good or bad, denies or ranks, or by which a pack tells values.
func (x *reading) loaded(s, e int) bool {
	if x.lex.quality.any(x.r, s, e) || x.vocab.any(x.r, s, e) || x.lex.negation.any(x.r, s, e) {
		return true
	}
	return slices.ContainsFunc(x.r[s:e], func(r rune) bool { return text.IsHan(r) && strings.ContainsRune(loadedHan, r) })
}

// reporters are those of whom a review is one.
var reporters = newPhrases().list("有人 有读者 有用户 有观众 有听众 有买家 有客人 有住客 有学员 有同学 有网友 有顾客 有位 一位 一名 某位 一条评价 一条评论 一则评价 一则评论 一篇评论 有条评价 有条评论 有评价 有评论 " +
	"one_review one_reviewer one_reader one_viewer one_listener one_buyer one_owner one_guest one_user one_customer one_learner one_student a_review a_reviewer a_reader a_viewer a_listener a_buyer a_owner an_owner a_guest a_user a_customer a_learner a_student someone somebody")

// reporting covers who wrote what is quoted from a review, one person, and with what verb they did: "one owner grumbles".
func (x *reading) reporting(c [2]int) {
	quote := -1
	for _, q := range x.quotes {
		if q.s >= c[0] && q.e <= c[1] && slices.ContainsFunc(q.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind == because.ReviewKind }) {
			quote = q.s
		}
	}
	if x.reviewed(c[0]) {
		reporters.find(x.r, c[0], c[1], func(s, e int, _ *phrase) { x.cover(s, e) })
	}
	if quote < 0 {
		return
	}
	reporters.find(x.r, c[0], quote, func(s, e int, _ *phrase) {
		if quote-e > 24 {
			return
		}
		for a, b := range x.unknown([2]int{e, quote}) {
			if !x.loaded(a, b) {
				x.cover(a, b)
			}
		}
	})
}

// reviewed reports whether the sentence around rune i quotes a review.
func (x *reading) reviewed(i int) bool {
	c := x.sentence(i)
	return slices.ContainsFunc(x.quotes, func(q span) bool {
		return q.s >= c[0]-1 && q.e <= c[1]+1 && slices.ContainsFunc(q.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind == because.ReviewKind })
	})
}

// suffixes say of what sort a value before them is, and nothing else.
const suffixes = "级片式型类款制版性度量字馆"

// affixes covers Han characters beside a value that evidence bears and which only say of what sort it is or who it is by: R2 级,
// 柏庶演的.
func (x *reading) affixes(c [2]int) {
	if x.lang != because.Chinese {
		return
	}
	for s, e := range x.unknown(c) {
		if e-s != 1 {
			continue
		}
		for _, v := range x.merged(slices.Concat(x.values, x.numbersTold(c))) {
			if v.kind == because.QuoteSlot || !slices.ContainsFunc(v.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind != because.Versus }) {
				continue // what the other item has is told of it in longer words
			}
			behind := v.e == s || v.e+1 == s && x.r[v.e] == ' '
			before := v.s == e && s > c[0] && strings.ContainsRune("一几两这那", x.r[s-1])                                                                              // 一片竹林
			if behind && (strings.ContainsRune(suffixes, x.r[s]) || x.deedOf(v, x.r[s])) || before && !x.loaded(s, e) && !strings.ContainsRune("打双对倍成半", x.r[s]) { // 打 is twelve
				x.cover(s, e)
			}
		}
		if s > c[0] && strings.ContainsRune("他她所", x.r[s-1]) && slices.ContainsFunc(x.values, func(v span) bool { // 柏庶主演，更夫也是他演的
			around := x.sentence(s)
			return v.s >= around[0] && v.e <= s && x.deedOf(v, x.r[s])
		}) {
			x.cover(s, e)
		}
		if x.r[s] == '主' && slices.ContainsFunc(x.fixed, func(f span) bool { return f.s == e && len(f.p.keys) > 0 && x.specific(f.p) }) || x.r[s] == '主' && e < c[1] && strings.ContainsRune("投讲教", x.r[e]) {
			x.cover(s, e)
		}
	}
}

// numbersTold are the numbers of a clause that evidence bears.
func (x *reading) numbersTold(c [2]int) (out []span) {
	for _, cl := range x.claims {
		if cl.Kind != because.NumberClaim || cl.Verdict != because.Supported || cl.Start < x.at[c[0]] || cl.End > x.at[c[1]] {
			continue
		}
		v := span{s: x.rune(cl.Start), e: x.rune(cl.End), kind: because.NumberSlot}
		for i, e := range x.ev {
			if has(cl.Evidence, e.ID) {
				v.ev = append(v.ev, i)
			}
		}
		if len(v.ev) > 0 {
			out = append(out, v)
		}
	}
	return out
}

// deedOf reports whether a character is what the person that a value names does: 演 of 主演, and of no other field but as a part
// of a longer word.
func (x *reading) deedOf(v span, r rune) bool {
	if v.kind != because.WordSlot && v.kind != because.NameSlot {
		return false
	}
	for _, i := range v.ev {
		label := []rune(x.pack.Fields[x.ev[i].Ref].Label.In(x.lang))
		if n := len(label); n == 2 && label[0] == '主' && label[1] == r {
			return true
		}
	}
	return false
}

// occasion words end a phrase for what one does in a length of time or meanwhile.
var occasion = newPhrases().list("的工夫 的功夫 的空当 的空档 的间隙 的当口 的路上 路上")

// occasions covers what a length of time or a text is compared with: 泡杯茶的工夫, 等车的空当.
func (x *reading) occasions(c [2]int) {
	if x.lang != because.Chinese {
		return
	}
	occasion.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		from := s
		for from > c[0] && s-from < 5 && text.IsHan(x.r[from-1]) && !slices.ContainsFunc(x.values, func(v span) bool { return v.s < from && from <= v.e }) {
			from--
		}
		if from == c[0] && !x.loaded(from, s) && !x.lex.group.any(x.r, from, s) {
			x.cover(from, e)
		}
	})
}

// bounding says where a number lies.
var bounding = newPhrases().list("inside within under below above over beyond")

// manners covers English adverbs that say how something is so that evidence bears: "sits comfortably below".
func (x *reading) manners(c [2]int) {
	if x.lang != because.English || foretelling.any(x.r, c[0], c[1]) || !x.bears(c) {
		return
	}
	for s, e := range x.unknown(c) {
		w := string(x.r[s:e])
		stem := strings.TrimSuffix(w, "ly")
		if len(w) >= 6 && stem != w && bounding.any(x.r, e, min(c[1], e+8)) && !x.proper(s) { // "sits comfortably inside"
			x.cover(s, e)
			continue
		}
		if len(w) < 6 || stem == w || x.proper(s) || x.loadedWord(stem) || x.loadedWord(strings.TrimSuffix(stem, "i")+"y") || x.loadedWord(stem+"e") || x.loadedWord(w) {
			continue
		}
		x.cover(s, e)
	}
}

// loadedWord reports whether an English word finds good or bad, promises, or tells values.
func (x *reading) loadedWord(w string) bool {
	r := []rune(w)
	return slices.ContainsFunc([]phrases{x.lex.quality, x.lex.most, x.lex.promise, x.vocab}, func(ps phrases) bool { return ps.any(r, 0, len(r)) })
}

// far are words for the end of a scale, for fields that tell of one.
var far = newPhrases().list("worst at_worst at_its_worst biggest largest deepest steepest lowest lowest_point 最多 最大 最深 最低点")

// extremes covers words for the end of a scale where the clause tells a number of a field that is one: "its worst drop" for the
// largest fall.
func (x *reading) extremes(c [2]int) {
	for i, e := range x.ev {
		label := key(x.pack.Fields[e.Ref].Label.In(x.lang))
		if !far.any(label, 0, len(label)) || !x.tells(c, i) {
			continue
		}
		far.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
			if !x.hard[s] {
				x.cover(s, e)
			}
		})
	}
}

// hypernyms covers what the items of a category are called in general: "film" of a science-fiction film, 片 of 剧情片.
func (x *reading) hypernyms(c [2]int) {
	for s, e := range x.unknown(c) {
		if x.lang == because.Chinese && e-s > 1 {
			continue
		}
		w := string(x.r[s:e])
		if slices.ContainsFunc(x.ev, func(ev because.Evidence) bool {
			v := ev.Slots["value"]
			if shared, ok := ev.Slots["shared"]; ok && x.lang == because.English { // of the kind that it shares with another
				k, _ := x.pack.Key(shared.Text)
				return x.pack.Words[k].Measure != "" && x.called(k, w)
			}
			return ev.Kind == because.Attribute && v.Kind == because.WordSlot && x.pack.Words[v.Ref].Measure != "" && x.called(v.Ref, w)
		}) {
			x.cover(s, e)
		}
	}
}

// called reports whether a word is the head of a category's name, and of another's of the same sort.
func (x *reading) called(category, w string) bool {
	own := x.pack.Words[category]
	heads := func(name string) bool {
		name = string(key(name))
		return name != w && (strings.HasSuffix(name, " "+w) || x.lang == because.Chinese && strings.HasSuffix(name, w))
	}
	name := func(word string) string {
		if x.lang == because.English {
			return x.pack.Words[word].En
		}
		return x.pack.Words[word].Zh
	}
	if !heads(name(category)) && (x.lang == because.Chinese || strings.Contains(name(category), " ")) {
		return false
	}
	n := 0
	for k, o := range x.pack.Words {
		if o.Measure == own.Measure && heads(name(k)) {
			n++
		}
	}
	return n > 1
}

// measured covers words for a comparison that evidence bears: 和《甲》比, 相差 12 克.
func (x *reading) measured(c [2]int) {
	around := x.sentence(c[0])
	if !slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
		return (cl.Kind == because.ComparisonClaim || cl.Kind == because.NumberClaim) && cl.Verdict == because.Supported && cl.Start >= x.at[around[0]] && cl.End <= x.at[around[1]] && slices.ContainsFunc(cl.Evidence, func(id string) bool {
			return slices.ContainsFunc(x.ev, func(e because.Evidence) bool { return e.ID == id && e.Kind == because.Versus })
		})
	}) {
		return
	}
	apart.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		if !x.hard[s] {
			x.cover(s, e)
		}
	})
}

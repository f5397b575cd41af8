package verify

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// forbidden finds what no evidence can license: rules of the pack, superlatives, promises, instructions and contacts.
func (x *reading) forbidden() {
	lang := x.given.Lang
	refuse := func(s, e int, r *pack.Rule) {
		if !x.ownWords(s, e) && !x.namesIt(s, e) && !x.insideLonger(x.vocab, s, e) && !x.allowed(r, s, e) {
			x.claim(because.PromiseClaim, because.Contradicted, s, e, nil, because.Say(lang, "A rule forbids it: %s", r.Reason.In(lang)))
		}
	}
	letters, at := x.squeezed()
	for i, c := range letters {
		for _, rule := range x.forbid[c] {
			if n := len(rule.r); text.IsHan(c) && rule.at(letters, i) {
				refuse(at[i], at[i+n-1]+1, rule.of)
			}
		}
	}
	for i, c := range x.r {
		for _, rule := range x.forbid[c] {
			if !text.IsHan(c) && rule.at(x.r, i) {
				refuse(i, i+len(rule.r), rule.of)
			}
		}
	}
	x.never(x.lex.most, because.ComparisonClaim, because.Say(lang, "Superlatives cannot be shown to be true."))
	x.never(x.lex.promise, because.PromiseClaim, because.Say(lang, "Promises, flattery and urging are not reasons."))
	x.never(x.lex.instruct, because.PromiseClaim, because.Say(lang, "A reason gives no instructions."))
	x.never(x.lex.contact, because.PromiseClaim, because.Say(lang, "A reason holds no contact."))
	x.contacts()
	x.callers()
	x.superlatives()
	x.imperatives()
	x.outcomes()
}

// attained is a promise of what will be once the item has been used: 学完就能换行. What one does next is none.
var attained = regexp.MustCompile(`(?:[学练读看听上做用跟跑办]完|学会|[学练读听]下来|练满|跟着[练做学]|照着[做练]|坚持)[^。;!?]{0,8}?(?:就|便|即|自然|马上)(?:能|会|可以|可|不再|不)([^,。;!?]{2})`)

// next are what one does next.
var next = regexp.MustCompile(`^(?:接|歇|收|睡|关|结束|下一|[看听读][^懂])`)

// outcomes refuses such promises.
func (x *reading) outcomes() {
	if x.lang != because.Chinese {
		return
	}
	s := string(x.r)
	for _, m := range attained.FindAllStringSubmatchIndex(s, -1) {
		a, b := len([]rune(s[:m[0]])), len([]rune(s[:m[1]]))
		if !next.MatchString(s[m[2]:m[3]]) && !x.isHard(a, b) && len(x.inFixed(a, b)) == 0 && !x.ownWords(a, b) {
			x.claim(because.PromiseClaim, because.Contradicted, a, b, nil, because.Say(x.given.Lang, "Promises, flattery and urging are not reasons."))
		}
	}
}

// insideLonger reports whether runes s to e are a part of a longer phrase: 据报道 of 数据报道, "history" of "your history".
func (x *reading) insideLonger(ps phrases, s, e int) bool {
	inside := false
	ps.find(x.r, max(0, s-16), min(len(x.r), e+16), func(a, b int, _ *phrase) {
		inside = inside || a <= s && e <= b && b-a > e-s
	})
	return inside
}

// recommenders are what packs call the caller whose grounds are told.
var recommenders = newPhrases().list("推荐方 编排方 排课方 recommender recommenders")

// callers refuses what is said of the caller's grounds where the caller gave none that may be said.
func (x *reading) callers() {
	if len(x.ofKinds(because.Caller)) == 0 {
		x.never(recommenders, because.CauseClaim, because.Say(x.given.Lang, "No evidence says this."))
	}
}

// squeezed is the text without blanks and filling marks, so that 最*佳 is found.
func (x *reading) squeezed() (r []rune, at []int) {
	for i, c := range x.r {
		if !strings.ContainsRune(" *-_·.~/|+", c) {
			r, at = append(r, c), append(at, i)
		}
	}
	return r, at
}

// ownWords reports whether the runes are the reader's own words, quoted.
func (x *reading) ownWords(s, e int) bool {
	for _, q := range x.quotes {
		if q.s <= s && e <= q.e && len(q.ev) > 0 && q.ev[0] >= 0 {
			k := x.ev[q.ev[0]].Kind
			return k == because.Need || k == because.Searched
		}
	}
	return false
}

// namesIt reports whether the runes are part of a name or of the disclaimer.
func (x *reading) namesIt(s, e int) bool {
	for _, n := range x.names {
		if n.s <= s && e <= n.e {
			return true
		}
	}
	for _, q := range x.quotes {
		if q.s <= s && e <= q.e {
			return false
		}
	}
	return x.isHard(s, e)
}

// never refuses words wherever they stand, save in names, quotations and wordings of the pack.
func (x *reading) never(ps phrases, kind because.ClaimKind, reason string) {
	ps.find(x.r, 0, len(x.r), func(s, e int, p *phrase) {
		if x.isHard(s, e) || len(x.inFixed(s, e)) > 0 || x.filled(s, e) || x.lex.group.any(x.r, max(0, s-8), e) && string(p.r) == "the only one" {
			return
		}
		for _, v := range slices.Concat(x.values, x.ranked) {
			if v.s <= s && e <= v.e {
				return
			}
		}
		if string(p.r) == "most popular" || string(p.r) == "the most" && x.firstOf(s, e) != nil {
			if ev := x.firstOf(s, e); len(ev) > 0 {
				x.cover(s, e)
				x.ranked = append(x.ranked, span{s: s, e: e, ev: ev})
				x.claim(because.ComparisonClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The evidence counts them."))
				return
			}
		}
		if string(p.r) == "the most" && commonly.any(x.r, max(0, s-4), min(len(x.r), e+5)) {
			return
		}
		if doings.any(p.r, 0, len(p.r)) && able.any(x.r, max(0, s-6), s) {
			return // what can be done is no instruction
		}
		x.cover(s, e)
		x.claim(kind, because.Contradicted, s, e, nil, reason)
	})
}

// firstOf is the evidence that ranks the item first among its own, where runes s to e say so of ours: "our most popular keyboard".
func (x *reading) firstOf(s, e int) (ev []int) {
	if !ours.any(x.r, max(0, s-5), s) || !holds(x.r[s:min(len(x.r), e+8)], []rune("most popular")) {
		return nil
	}
	return slices.DeleteFunc(x.ranking(), func(i int) bool { return x.ev[i].Slots["rank"].Number != 1 })
}

var ours = newPhrases().list("our")

// able say that something can be done.
var able = newPhrases().list("可 可以 能 能够 支持 先 供 提供 can be to_be free_to ready_to")

// filled reports whether runes s to e are the end of a wording of the pack and the beginning of the value or label that it is
// written for: "gives no" and "other height".
func (x *reading) filled(s, e int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool {
		return !f.p.word && len(f.p.keys) > 0 && f.p.side&valueBehind != 0 && f.s <= s && s < f.e && f.e < e && slices.ContainsFunc(slices.Concat(x.values, x.fixed), func(v span) bool {
			return v.s >= f.e && v.e >= e && (v.p == nil || !v.p.word) && beside(x.r, f, v) && len(both(v.ev, f.ev)) > 0
		})
	})
}

// superlatives refuses 最 and "the …-est", save where evidence or a rank of one backs it.
func (x *reading) superlatives() {
	lang := x.given.Lang
	for i, c := range x.r {
		if c != '最' || x.hard[i] || i+1 >= len(x.r) || strings.ContainsRune("近后初终末", x.r[i+1]) && !x.nearest(i) || x.atMost(i) {
			continue
		}
		e := min(i+3, len(x.r))
		if _, ok := x.backed(i, min(i+2, len(x.r))); ok {
			continue
		}
		x.cover(i, min(i+2, len(x.r)))
		x.claim(because.ComparisonClaim, because.Contradicted, i, e, nil, because.Say(lang, "Superlatives cannot be shown to be true."))
	}
	for s, e := range x.words(0, len(x.r)) {
		w := string(x.r[s:e])
		if (w == "most" || w == "least") && commonly.any(x.r, max(0, s-12), min(len(x.r), e+8)) {
			x.cover(s, e)
			continue // for the most part
		}
		if (w == "most" || w == "least") && !(e+1 < len(x.r) && strings.HasPrefix(string(x.r[min(e+1, len(x.r)):]), "of")) && !(s >= 3 && string(x.r[s-3:s]) == "at ") || len(w) > 5 && strings.HasSuffix(w, "est") && s >= 4 && string(x.r[s-4:s]) == "the " && w != "latest" && w != "interest" && w != "request" && w != "forest" {
			if _, ok := x.backed(s, e); ok || x.isHard(s, e) || slices.ContainsFunc(x.ranked, func(r span) bool { return r.s <= s && e <= r.e }) {
				continue
			}
			x.cover(s, e)
			x.claim(because.ComparisonClaim, because.Contradicted, s, e, nil, because.Say(lang, "Superlatives cannot be shown to be true."))
		}
	}
}

// commonly says how often or to what part, and ranks nothing.
var commonly = newPhrases().list("at_the_least at_the_most at_the_very_least for_the_most_part most_often you_like_most like_most turn_to_most")

// atMost reports whether 最多 or 最少 at rune i bounds the number that follows: 最多只跌过 0.05%.
func (x *reading) atMost(i int) bool {
	if !strings.ContainsRune("多少", x.r[i+1]) {
		return false
	}
	c := x.clauseOf(i)
	if c[1] < i+2 {
		return false
	}
	for _, n := range text.Numbers(x.text[x.at[i+2]:x.at[c[1]]]) {
		return n.Start <= len("只跌过到了也就 ") && !strings.Contains(x.text[x.at[i+2]:x.at[i+2]+n.Start], "的")
	}
	return false
}

// nearest reports whether the 最近 at rune i is about distance: 离地铁最近的.
func (x *reading) nearest(i int) bool {
	c := x.clauseOf(i)
	return x.r[i+1] == '近' && strings.ContainsAny(string(x.r[c[0]:i]), "离距")
}

// imperatives refuses clauses that tell the reader to act: "Read it now".
func (x *reading) imperatives() {
	for _, c := range x.clauses {
		if x.lang == because.Chinese && x.r[c[0]] == '请' && !cautions.any(x.r, c[0], min(c[1], c[0]+6)) && !x.isHard(c[0], c[0]+1) && len(x.inFixed(c[0], c[0]+1)) == 0 {
			x.claim(because.PromiseClaim, because.Contradicted, c[0], c[0]+1, nil, because.Say(x.given.Lang, "A reason gives no instructions."))
			continue
		}
		var w []string
		end := c[0]
		for s, e := range x.words(c[0], c[1]) {
			if w = append(w, string(x.r[s:e])); len(w) == 2 {
				end = e
				break
			}
		}
		if len(w) == 2 && acts[w[0]] && objects[w[1]] && len(x.inFixed(c[0], end)) == 0 && !x.isHard(c[0], end) {
			x.claim(because.PromiseClaim, because.Contradicted, c[0], end, nil, because.Say(x.given.Lang, "A reason gives no instructions."))
		}
	}
}

// cautions are what a reason may ask of the reader: to note what it tells.
var cautions = newPhrases().list("您自己掂量 你自己掂量 自己掂量 掂量 三思 先问医生 问医生 咨询医生 先咨询医生 遵医嘱 自行 自己拿主意 留意 注意 衡量 权衡 斟酌 参考 参阅 知悉 知晓 了解 考虑 过目 看清 自行判断")

var (
	acts    = set("read watch buy get grab book order visit open start join play listen download share wear subscribe invest hold")
	objects = set("it this now them one yours today tonight here us")
)

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// words yields the Latin words of r[from:to].
func (x *reading) words(from, to int) func(func(s, e int) bool) {
	return func(yield func(s, e int) bool) {
		for i := from; i < to; {
			if !latin(x.r[i]) {
				i++
				continue
			}
			j := i
			for j < to && (latin(x.r[j]) || x.r[j] == '\'' && j+1 < to && latin(x.r[j+1])) {
				j++
			}
			if !yield(i, j) {
				return
			}
			i = j
		}
	}
}

// contacts refuses links, addresses and telephone numbers.
func (x *reading) contacts() {
	reason := because.Say(x.given.Lang, "A reason holds no contact.")
	s := string(x.r)
	for _, w := range []string{"http", "www.", "://", ".com", ".cn", ".net", ".org", ".io", ".ru", ".top", ".xyz", ".vip", ".cc"} {
		for from := 0; ; {
			i := strings.Index(s[from:], w)
			if i < 0 {
				break
			}
			i += from
			from = i + len(w)
			a := len([]rune(s[:i]))
			e := min(a+len([]rune(w)), len(x.r))
			if w[0] == '.' && e < len(x.r) && latin(x.r[e]) || x.isHard(a, e) {
				continue
			}
			x.claim(because.PromiseClaim, because.Contradicted, a, e, nil, reason)
		}
	}
	digits, first, last := 0, 0, 0
	flush := func() {
		if digits >= 7 && !x.isHard(first, last+1) && !x.known(first, last+1) {
			x.claim(because.PromiseClaim, because.Contradicted, first, last+1, nil, reason)
		}
		digits = 0
	}
	for i, c := range x.r {
		switch {
		case c >= '0' && c <= '9':
			if digits == 0 {
				first = i
			}
			digits, last = digits+1, i
		case digits > 0 && (c == '-' || c == ' ' || c == '.' || c == '(' || c == ')') && i == last+1:
		default:
			flush()
		}
		if c == '@' && i > 0 && latin(x.r[i-1]) && i+1 < len(x.r) && latin(x.r[i+1]) && !x.hard[i] {
			x.claim(because.PromiseClaim, because.Contradicted, i-1, i+2, nil, reason)
		}
	}
	flush()
}

// known reports whether the runes stand in a slot.
func (x *reading) known(s, e int) bool {
	return slices.ContainsFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e })
}

// residual judges every word that nothing has covered.
func (x *reading) residual(c [2]int) {
	x.uncoverLoaded(c)
	x.uncoverMay(c)
	x.otherWords(c)
	x.coverByTexts(c)
	x.coverPredicates(c)
	x.coverFamily(c)
	x.coverSingles(c)
	x.frames(c)
	for i := c[0]; i < c[1]; {
		if x.r[i] == 's' && i > 0 && x.r[i-1] == '\'' && !(i+1 < len(x.r) && latin(x.r[i+1])) { // Okoro's
			x.covered[i] = true
		}
		if x.covered[i] || !unicode.IsLetter(x.r[i]) && !unicode.IsNumber(x.r[i]) && !symbol(x.r[i]) {
			i++
			continue
		}
		j := i
		for j < c[1] && !x.covered[j] && (unicode.IsLetter(x.r[j]) || unicode.IsNumber(x.r[j]) || unicode.IsMark(x.r[j]) || symbol(x.r[j])) && text.IsHan(x.r[j]) == text.IsHan(x.r[i]) {
			j++
		}
		kind := because.AttributeClaim
		switch {
		case x.lex.quality.any(x.r, i, j):
			kind = because.QualityClaim
		case unicode.IsUpper([]rune(x.text[x.at[i]:x.at[i+1]])[0]) && i > c[0]:
			kind = because.EntityClaim
		}
		x.claim(kind, because.Unverifiable, i, j, nil, because.Say(x.given.Lang, "No evidence says this."))
		i = j
	}
	x.supportedValues(c)
}

// symbol reports whether a mark says something by itself: an emoji, an arrow, a star.
func symbol(r rune) bool {
	return unicode.Is(unicode.So, r) || r == '★' || r == '☆'
}

// supportedValues records the slots of a clause as supported claims.
func (x *reading) supportedValues(c [2]int) {
	for _, v := range x.values {
		if v.s < c[0] || v.e > c[1] || v.kind == because.NumberSlot || v.kind == because.CountSlot {
			continue
		}
		if v.kind == because.DateSlot {
			if !slices.ContainsFunc(x.claims, func(cl because.Claim) bool { return cl.Start < x.at[v.e] && cl.End > x.at[v.s] }) {
				x.claim(because.TimeClaim, because.Supported, v.s, v.e, v.ev, because.Say(x.given.Lang, "The time fits the evidence."))
			}
			continue
		}
		x.claim(because.AttributeClaim, because.Supported, v.s, v.e, v.ev, because.Say(x.given.Lang, "The evidence holds these words."))
	}
	if slices.ContainsFunc(x.claims, func(cl because.Claim) bool { return cl.Start >= x.at[c[0]] && cl.End <= x.at[c[1]] }) {
		return
	}
	for _, f := range x.fixed { // a wording of the pack may say it all
		if f.s >= c[0] && f.e <= c[1] && !f.p.word && f.e-f.s >= 4 && len(f.ev) > 0 {
			x.claim(because.AttributeClaim, because.Supported, f.s, f.e, f.ev, because.Say(x.given.Lang, "The evidence is said in these words."))
		}
	}
}

// uncoverLoaded takes back the cover of words that state a quality, unless evidence backs them.
func (x *reading) uncoverLoaded(c [2]int) {
	x.lex.quality.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.isHard(s, e) || slices.ContainsFunc(slices.Concat(x.ranked, x.weak, x.went), func(r span) bool { return r.s <= s && e <= r.e }) || string(p.r) == "十分" && (e < len(x.r) && x.r[e] == '钟' || s > 0 && startsNumber(x.r, s-1) || string(x.r[e:min(e+2, len(x.r))]) == "之一") {
			return // forty minutes, a tenth
		}
		if !text.IsHan(p.r[0]) && (x.insideLonger(x.plain, s, e) || x.insideLonger(x.lex.neutral, s, e) || string(p.r) == "very" && strings.HasSuffix(string(x.r[max(0, s-5):s]), "that ")) {
			x.cover(s, e)
			return // worth a look, that very goal
		}
		ev, ok := x.backed(s, e)
		if !ok && liked.any(p.r, 0, len(p.r)) {
			for _, i := range x.ofKinds(because.Popular) {
				if x.groupOf(i) >= 20 && x.tells(x.sentence(s), i) {
					ev, ok = append(ev, i), true
				}
			}
		}
		if ok {
			x.cover(s, e)
			if len(ev) > 0 {
				x.claim(because.QualityClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The evidence says so."))
			}
			return
		}
		for i := s; i < e; i++ {
			if !x.byWord(i) {
				x.covered[i] = false
			}
		}
	})
}

// inMonth is the month that is also a verb, where it can only be the month.
var inMonth = newPhrases().list("in_may since_may last_may this_may during_may early_may late_may back_in_may of_may")

// uncoverMay takes back the cover of May where no evidence has it.
func (x *reading) uncoverMay(c [2]int) {
	inMonth.find(x.r, c[0], c[1], func(_, e int, _ *phrase) {
		if s := e - len("may"); x.proper(s) && !slices.ContainsFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e }) && !x.inTime(s, e) && !x.hard[s] {
			for i := s; i < e; i++ {
				x.covered[i] = false
			}
		}
	})
}

// liked says that many turn to an item: so it is where the sentence tells how many.
var liked = newPhrases().list("popular 受欢迎 热门")

// otherWords refuses words by which the pack tells values where no evidence holds them, though each of their parts may state
// nothing: "growing old", 离家.
func (x *reading) otherWords(c [2]int) {
	x.vocab.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		words := slices.Contains(p.r, ' ')
		for i := s; i < e; i++ {
			if x.hard[i] || !words && x.byWord(i) {
				return
			}
		}
		within := func(v span) bool { return v.s < e && s < v.e }
		if len(x.inFixed(s, e)) > 0 || slices.ContainsFunc(x.values, within) || slices.ContainsFunc(x.quotes, within) || slices.ContainsFunc(x.weak, within) || x.inTime(s, e) {
			return
		}
		if _, ok := x.inTexts(s, e); ok || holds(x.need, p.r) || x.sound(s, e) {
			return
		}
		for _, n := range x.license.names {
			if holds(n.r, p.r) {
				return
			}
		}
		for i := s; i < e; i++ {
			x.covered[i] = false
		}
		x.claim(because.AttributeClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence says this."))
		x.cover(s, e)
	})
}

// sound reports whether a word is cut out of longer ones: 山 in 山居, 上学 in 早上学, "history" in "your history".
func (x *reading) sound(s, e int) bool {
	if !text.IsHan(x.r[s]) {
		return x.insideLonger(x.plain, s, e)
	}
	cut := false
	for _, ps := range []phrases{x.lex.neutral, x.plain, x.license.fixed} {
		ps.find(x.r, max(0, s-4), min(len(x.r), e+4), func(a, b int, p *phrase) {
			if len(p.keys) > 0 {
				if _, ok := x.by(p); !ok {
					return
				}
			}
			cut = cut || b-a > 1 && (a < s && s < b && b < e || s < a && a < e && e < b)
		})
	}
	return cut
}

// byWord reports whether a licensed single word covers rune i.
func (x *reading) byWord(i int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool { return f.p.word && f.s <= i && i < f.e && len(f.p.keys) > 0 })
}

// coverByTexts covers what the evidence's sentences and the item's name say in the same words.
func (x *reading) coverByTexts(c [2]int) {
	var sources [][]rune
	denied := x.lex.negation.any(x.r, c[0], c[1])
	for i, t := range x.texts {
		if x.ev[i].Kind != because.Drawback || denied {
			if x.asked[i] != nil && x.tellsAsking(c, i) {
				t = x.asked[i]
			}
			sources = append(sources, x.nameless(i, t))
		}
	}
	for _, n := range x.license.names {
		sources = append(sources, n.r)
	}
	var stems map[string]bool
	for s, e := range x.words(c[0], c[1]) {
		if x.covered[s] {
			continue
		}
		if stems == nil {
			stems = map[string]bool{}
			for _, t := range sources {
				for _, w := range text.Words(string(t)) {
					stems[w] = true
				}
			}
			for _, v := range x.slots {
				if v.kind == because.WordSlot {
					for _, w := range text.Words(string(v.r)) {
						stems[w] = true
					}
				}
			}
		}
		if w := text.Words(string(x.r[s:e])); len(w) == 1 && (stems[w[0]] || !x.proper(s) && (x.licensedStem(w[0]) || inFamily(stems, w[0]))) && !x.lex.quality.any(x.r, s, e) {
			x.cover(s, e)
			x.echoed = append(x.echoed, span{s: s, e: e})
		}
	}
	for i := c[0]; i < c[1]; i++ {
		if x.covered[i] || !text.IsHan(x.r[i]) {
			continue
		}
		best := 0
		from := i
		for _, start := range []int{i, i - 1} {
			if start < c[0] || !text.IsHan(x.r[start]) {
				continue
			}
			for m := 2; start+m <= c[1] && m <= 8 && text.IsHan(x.r[start+m-1]); m++ {
				if start+m > i && m > best && slices.ContainsFunc(sources, func(t []rune) bool { return holds(t, x.r[start:start+m]) }) && !x.lex.quality.any(x.r, start, start+m) {
					best, from = m, start
				}
			}
		}
		if best > 0 {
			x.cover(from, from+best)
			x.echoed = append(x.echoed, span{s: from, e: from + best})
		}
	}
}

// tellsAsking reports whether a clause tells that the reader asked or searched for something, as evidence i does.
func (x *reading) tellsAsking(c [2]int, i int) bool {
	if x.ev[i].Kind == because.Searched && slices.Contains(x.verbs.kinds(x, c), because.Searched) {
		return true
	}
	return x.lex.need.any(x.r, max(0, c[0]-12), c[1]) || x.missing(c, i)
}

// missing reports whether a clause holds a wording of the pack that says how evidence i misses what was asked for, or a denial.
func (x *reading) missing(c [2]int, i int) bool {
	return x.lex.negation.any(x.r, c[0], c[1]) || slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s < c[1] && f.e > c[0] && !f.p.word && slices.Contains(f.ev, i) && missingKeys(f.p.keys) && x.content(f.s, f.e, x.plain)
	})
}

// missingKeys reports whether a wording may be one that says how something that was asked for is missed.
func missingKeys(keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool {
		how, _, _ := strings.Cut(k, ":")
		return how == "below" || how == "above" || how == "else" || how == "lacks" || how == "untold"
	})
}

// inVain refuses what was asked for in vain where it is told as so: 讲的内容：证明, of a course that has none.
func (x *reading) inVain() {
	x.values = slices.DeleteFunc(x.values, func(v span) bool {
		if v.kind != because.WordSlot || v.slot != "bound" || !missed(x.ev[v.ev[0]]) {
			return false
		}
		c := x.clauseOf(v.s)
		if x.tellsAsking(c, v.ev[0]) || slices.ContainsFunc(x.values, func(o span) bool {
			return o.s <= v.s && v.e <= o.e && o.slot != "bound" && !missed(x.ev[o.ev[0]])
		}) {
			return false
		}
		x.claim(because.AttributeClaim, because.Contradicted, v.s, v.e, v.ev, because.Say(x.given.Lang, "The evidence says the opposite."))
		return true
	})
}

// licensedStem reports whether evidence licenses a wording with a word of that stem.
func (x *reading) licensedStem(stem string) bool {
	return slices.ContainsFunc(x.stems[stem], func(k string) bool { return len(x.keys[k]) > 0 })
}

// inFamily reports whether a stem is of the family of one of others.
func inFamily(stems map[string]bool, stem string) bool {
	for s := range stems {
		if related(s, stem) {
			return true
		}
	}
	return false
}

// related reports whether two stems are of one family: adjust, adjustable; resist, resistance.
func related(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	return n >= 5 && endings[a[n:]] && endings[b[n:]] || n >= 4 && n == len(a) && endings[b[n:]] && b[n:] != "" && len(b)-n <= 3
}

// endings are what English words of one family end in.
var endings = func() map[string]bool {
	m := set("e y able ible ed er ers or ing ion ions ation ations ance ence ant ent ive al ally ly ment ments ness ist ists ise ize ised ized en es s")
	m[""] = true
	return m
}()

// nameless is an evidence's sentence without the names in it, which are said whole or not at all.
func (x *reading) nameless(i int, t []rune) []rune {
	s := string(t)
	for _, slot := range x.slots {
		if slot.ev == i && slot.kind == because.NameSlot && len(slot.r) > 0 {
			s = strings.ReplaceAll(s, string(slot.r), "\n")
		}
	}
	return []rune(s)
}

// coverFamily covers Han characters of words that the sentence says by evidence: 味 of 味道, 调 of 冷暖可调. A character that
// finds good or bad, or that the wordings of other fields hold too, is none.
func (x *reading) coverFamily(c [2]int) {
	var said []int
	gather := func(i int) {
		if !slices.Contains(said, i) {
			said = append(said, i)
		}
	}
	for i := c[0]; i < c[1]; i++ {
		if x.covered[i] || !text.IsHan(x.r[i]) || strings.ContainsRune(loadedHan, x.r[i]) {
			continue
		}
		if said == nil {
			said = []int{}
			s := x.answered(i)
			for _, v := range x.values {
				if v.s >= s[0] && v.e <= s[1] && v.kind == because.WordSlot {
					for _, e := range v.ev {
						gather(e)
					}
				}
			}
			for _, f := range x.fixed {
				if f.s >= s[0] && f.e <= s[1] && !f.p.word && x.specific(f.p) {
					for _, e := range f.ev {
						gather(e)
					}
				}
			}
		}
		for _, e := range said {
			if x.familyOf(e, x.r[i]) {
				x.covered[i] = true
				break
			}
		}
	}
}

// loadedHan are characters that find good or bad, deny, or rank.
const loadedHan = "不没无未非别勿最更较第好坏新旧快慢轻重大小高低长短多少贵贱便宜亮暗静吵安全健康真假首唯独热火红爆强弱优劣精美佳妙绝顶极超免送赠奖得获治疗愈涨跌赚赔保包退换男女老幼孩人众名"

// familyOf reports whether a character is of an evidence's words or its field's label, and of no other field's.
func (x *reading) familyOf(i int, r rune) bool {
	e := x.ev[i]
	ref := e.Ref
	if s, ok := e.Slots["shared"]; ok {
		ref = s.Ref
	}
	label := x.pack.Fields[ref].Label.In(x.lang)
	for name, f := range x.pack.Fields {
		if name != ref && strings.ContainsRune(f.Label.In(x.lang), r) {
			return false
		}
	}
	if strings.ContainsRune(label, r) {
		return true
	}
	for _, s := range e.Slots {
		if s.Kind == because.WordSlot && slices.Contains(key(s.Text), r) {
			return true
		}
	}
	return false
}

// coverSingles covers Han characters that state nothing, where no loaded word holds them.
func (x *reading) coverSingles(c [2]int) {
	var loaded [][2]int
	x.lex.quality.find(x.r, c[0], c[1], func(s, e int, p *phrase) { loaded = append(loaded, [2]int{s, e}) })
	for i := c[0]; i < c[1]; i++ {
		if x.covered[i] || !text.IsHan(x.r[i]) || !strings.ContainsRune(neutralHan, x.r[i]) {
			continue
		}
		if !slices.ContainsFunc(loaded, func(l [2]int) bool { return l[0] <= i && i < l[1] }) {
			x.covered[i] = true
		}
	}
}

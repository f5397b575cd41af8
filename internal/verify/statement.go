package verify

import (
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

// finished stands for what a reader does with what is theirs, which no kind of evidence tells: only a sentence of evidence, or
// a wording of the pack, can.
const finished because.EvidenceKind = "finished"

// A verbList holds what readers do, by the evidence that it needs.
type verbList struct {
	byKind map[because.EvidenceKind]phrases
	all    phrases
	you    map[string]bool // verbs that speak of the reader only when the clause says you
}

// deedWords are verbs for what readers do that are so in every domain.
var deedWords = map[because.EvidenceKind]string{
	because.Bought:   "买过 买了 买的 买下 买来 买回 买进 购买过 购买了 购买的 购买记录 购入 购得 购置 入手 入手过 下单 下过单 下了单 拍下 订过 订了 预订过 预定过 订下 订购 订购过 已购 付过款 付了款 买 购买 bought purchased ordered booked purchase order buying paid_for picked_up snapped_up after_ordering after_buying after_purchasing after_booking having_ordered having_bought",
	because.Carted:   "收藏 收藏过 收藏了 加购 加购了 加购过 购物车 加进购物车 放进购物车 放进了购物车 加入购物车 收进购物车 收进了 cart wishlist wish_list saved bookmarked shortlisted basket carted",
	because.Viewed:   "看过 看了 看的 在看 常看 浏览 浏览过 浏览了 浏览的 点开 点过 点进 点进过 打开 打开过 翻过 翻看 查看 查看过 读过 读了 读的 听过 听了 听的 逛过 关注过 停过 瞧过 看 viewed looked_at look_at looked_into browsed checked_out opened clicked clicked_on visited saw seen browsing browse reading looked view eyed explored exploring",
	because.Rated:    "评过 评了 评价过 打过 打了 给过 给了 给的 评分 打分 打过分 打了分 rated gave scored rating reviewed giving give_it given_it",
	because.Searched: "搜过 搜了 搜的 搜索 搜索过 搜 搜寻 查过 查了 search searched searching looked_for searches",
	finished:         "住过 住了 学过 玩过 用过 试过 吃过 学完 学完了 用完 玩完 看完 看完了 读完 读完了 听完 听完了 追完 刷完 做完了 练完 finished completed watched watching listened_to listened played stayed_at stayed_in read used tried attended took_part owned wore eaten_at ate to_the_end cover_to_cover from_start_to_finish all_the_way_through",
}

// saidOfYou are those that speak of the reader only when the clause says you.
const saidOfYou = "住过 住了 试过 吃过 看完 看完了 读完 听完 做完了 练完 学过 玩过 用过 学完 用完 买 购买 看 打开 点开 查看 搜 搜索 评分 打分 给了 给的 打了 浏览 收藏 听的 读的 看的 读了 听了 看了 入手 saw seen opened played visited saved gave giving purchase order search searches rating view reading watching watched browsing browse looked looked_at look_at buying 停过 买的 买了 订购 basket read used tried attended took_part owned wore ate to_the_end cover_to_cover from_start_to_finish all_the_way_through finished completed listened rated scored reviewed stayed_in"

// newVerbList is what readers do, with a pack's verbs for it, which say nothing else there.
func newVerbList(deeds map[string]map[because.Lang][]string, lang because.Lang) *verbList {
	v := &verbList{map[because.EvidenceKind]phrases{}, newPhrases(), map[string]bool{}}
	for w := range strings.FieldsSeq(saidOfYou) {
		v.you[strings.ReplaceAll(w, "_", " ")] = true
	}
	own := map[string]bool{}
	for kind, byLang := range inOrder(deeds) {
		ps := newPhrases()
		for _, w := range byLang[lang] {
			k := string(key(w))
			ps.add(w, false)
			v.all.add(w, false)
			own[k] = true
			v.you[k] = v.you[k] || !strings.HasSuffix(k, "过") && !strings.HasSuffix(k, "了")
		}
		v.byKind[because.EvidenceKind(kind)] = ps
	}
	for kind, words := range deedWords {
		if v.byKind[kind] == nil {
			v.byKind[kind] = newPhrases()
		}
		for w := range strings.FieldsSeq(words) {
			if w = strings.ReplaceAll(w, "_", " "); !own[w] {
				v.byKind[kind].add(w, false)
				v.all.add(w, false)
			}
		}
	}
	return v
}

func (v *verbList) find(r []rune, from, to int) bool { return v.all.any(r, from, to) }

// A done is one verb in a clause.
type done struct {
	s, e  int
	kinds []because.EvidenceKind
}

// in returns the verbs by which a clause says what the reader did; a verb inside a longer one is left out.
func (v *verbList) in(x *reading, c [2]int) []done {
	var out []done
	you := -1
	x.lex.you.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if you < 0 && !x.hard[s] {
			you = s
		}
	})
	group := x.lex.group.any(x.r, c[0], c[1]) || peopleCount(x, c)
	for _, kind := range []because.EvidenceKind{because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched, finished} {
		v.byKind[kind].find(x.r, c[0], c[1], func(s, e int, p *phrase) {
			if x.hard[s] || you < 0 && (group || v.you[string(p.r)] && !x.bearsName(e)) || group && you > s {
				return
			}
			if x.aimOf(c, s, e, p) {
				return
			}
			if len(p.r) == 1 && (s+1 < len(x.r) && s+1 < c[1] && strings.ContainsRune("看一到来上起重好", x.r[s+1]) || s > 0 && strings.ContainsRune("看好来再先可你您得中值难查小观试偷", x.r[s-1]) && !(x.r[s-1] == '你' || x.r[s-1] == '您')) {
				return
			}
			if kind == finished && you < 0 && x.thought(c, s) {
				x.cover(s, e)
				return
			}
			out = append(out, done{s, e, kindsOf(kind)})
		})
	}
	for i := c[0]; i < c[1] && x.lang == because.Chinese; i++ {
		if x.r[i] == '打' && !x.hard[i] && you >= 0 && !group && x.givesMarks(i) {
			out = append(out, done{i, i + 1, kindsOf(because.Rated)})
		}
	}
	return slices.DeleteFunc(out, func(d done) bool {
		return slices.ContainsFunc(out, func(o done) bool { return o.s <= d.s && d.e <= o.e && o.e-o.s > d.e-d.s })
	})
}

// aimOf reports whether an English verb at runes s to e tells no deed: what something is for, what the reader told us, or that
// they see this now. "50 minutes for reading", "the goal you gave us", "you're seeing this".
func (x *reading) aimOf(c [2]int, s, e int, p *phrase) bool {
	w := string(p.r)
	before, behind := string(x.r[max(c[0], s-8):s]), string(x.r[e:min(c[1], e+4)])
	switch {
	case text.IsHan(p.r[0]):
		return false
	case x.insideLonger(x.plain, s, e): // "you're used to"
		return true
	case strings.HasSuffix(w, "ing") && strings.HasSuffix(before, "for "):
		return true
	case w == "gave" || w == "give":
		return behind == " us" || strings.HasPrefix(behind, " us ")
	case w == "seeing":
		if presented.any(x.r, max(c[0], s-12), e) {
			x.cover(s, e)
			return true
		}
	}
	return false
}

// kindsOf are the kinds of evidence that bear a verb.
func kindsOf(k because.EvidenceKind) []because.EvidenceKind {
	if k == because.Viewed {
		return []because.EvidenceKind{because.Viewed, because.Habit, because.InContext}
	}
	return []because.EvidenceKind{k}
}

// kinds are the kinds of all verbs of a clause.
func (v *verbList) kinds(x *reading, c [2]int) (out []because.EvidenceKind) {
	for _, d := range v.in(x, c) {
		out = append(out, d.kinds...)
		if slices.Contains(d.kinds, finished) {
			for _, i := range x.mayDo(d, c) {
				out = append(out, x.ev[i].Kind)
			}
		}
		for _, f := range x.inFixed(d.s, d.e) {
			for _, i := range f.ev {
				out = append(out, x.ev[i].Kind)
			}
		}
	}
	return out
}

func peopleCount(x *reading, c [2]int) bool {
	for i := c[0]; i < c[1]; i++ {
		if x.r[i] == '人' && !x.hard[i] {
			return true
		}
	}
	return false
}

// historyClaims judges what the reader is said to have done.
func (x *reading) historyClaims(at int) {
	c := x.clauses[at]
	lang := x.given.Lang
	for _, d := range x.verbs.in(x, c) {
		x.cover(d.s, d.e)
		allowed := x.mayDo(d, c)
		names := x.namesIn(c)
		if len(names) == 0 && at > 0 && !x.ends(at-1) && (x.short(c, d) || x.bareDeed(c)) { // 那本《甲》，你上周买过
			names = x.namesIn(x.clauses[at-1])
		}
		wrong := false
		var ev []int
		for _, n := range names {
			var both []int
			for _, i := range n.ev {
				if slices.Contains(allowed, i) {
					both = append(both, i)
				}
			}
			wrong = wrong || len(both) == 0
			ev = append(ev, both...)
		}
		if len(names) == 0 {
			ev = allowed
		}
		switch {
		case wrong || len(ev) == 0 && len(names) > 0:
			x.claim(because.HistoryClaim, because.Contradicted, d.s, d.e, nil, because.Say(lang, "The evidence does not say that the reader did this with it."))
		case len(ev) > 0:
			x.claim(because.HistoryClaim, because.Supported, d.s, d.e, ev, because.Say(lang, "The reader's history holds it."))
		default:
			x.claim(because.HistoryClaim, because.Unverifiable, d.s, d.e, nil, because.Say(lang, "The reader's history as given does not hold it."))
		}
	}
}

// mayDo returns the evidence that bears a verb: by its kind, by a wording of the pack that holds the verb, or by its
// own sentence.
func (x *reading) mayDo(d done, c [2]int) (ev []int) {
	you := x.lex.you.any(x.r, c[0], c[1])
	fixed := map[int]bool{}
	for _, f := range x.inFixed(d.s, d.e) {
		for _, i := range f.ev {
			group := x.ev[i].Kind == because.Neighbours || x.ev[i].Kind == because.Popular || x.ev[i].Kind == because.ReviewKind
			if !group || !you || x.toYou(c, i) {
				fixed[i] = true
			}
		}
	}
	for _, v := range x.values { // "nothing about you was used", as an evidence has it
		if v.s <= d.s && d.e <= v.e && v.kind == because.WordSlot {
			for _, i := range v.ev {
				fixed[i] = true
			}
		}
	}
	for i, e := range x.ev {
		other := e.Kind == because.Shared || e.Kind == because.Habit || e.Kind == because.InContext || e.Kind == because.Versus
		if slices.Contains(d.kinds, e.Kind) || fixed[i] || other && holds(x.texts[i], x.r[d.s:d.e]) {
			ev = append(ev, i)
		}
	}
	return ev
}

// spent reports whether a verb at runes s to e tells what the reader paid, of which the clause tells an evidence's number.
func (x *reading) spent(c [2]int, s, e int) bool {
	return spending.any(x.r, s, e) && slices.ContainsFunc(x.ofKinds(because.PriceKind, because.Fit), func(i int) bool { return x.tells(c, i) })
}

var spending = newPhrases().list("paid spent pay spend")

// toYou reports whether a wording that evidence i licenses speaks to the reader in the clause.
func (x *reading) toYou(c [2]int, i int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s >= c[0] && f.e <= c[1] && !f.p.word && slices.Contains(f.ev, i) && f.e-f.s > 1 && x.lex.you.any(x.r, f.s, f.e)
	})
}

// namesIn are the names of other items in a clause.
func (x *reading) namesIn(c [2]int) (out []span) {
	for _, n := range x.names {
		if n.s >= c[0] && n.e <= c[1] && n.ev[0] >= 0 {
			out = append(out, n)
		}
	}
	return out
}

// short reports whether a clause has no object of its own.
func (x *reading) short(c [2]int, d done) bool {
	for _, v := range x.values {
		if v.s >= c[0] && v.e <= c[1] && v.kind != because.DateSlot {
			return false
		}
	}
	for _, q := range x.quotes {
		if q.s >= c[0] && q.e <= c[1] {
			return false
		}
	}
	return c[1]-d.e <= 2
}

// negationClaims judges what is denied.
func (x *reading) negationClaims(c [2]int) {
	var skip [][2]int
	x.lex.notNegated.find(x.r, c[0], c[1], func(s, e int, p *phrase) { skip = append(skip, [2]int{s, e}) })
	x.lex.negation.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if string(p.r) == "不" && strings.HasPrefix(string(x.r[s:min(len(x.r), s+2)]), "不到") {
			if startsNumber(x.r, s+2) || startsNumber(x.r, s+3) {
				x.cover(s, s+2)
				return
			}
		} else if x.hard[s] || slices.ContainsFunc(skip, func(k [2]int) bool { return k[0] <= s && e <= k[1] }) || slices.ContainsFunc(x.weak, func(w span) bool { return w.s <= s && e <= w.e }) {
			return
		}
		if slices.ContainsFunc(x.bounds, func(b span) bool { return b.s <= s && e <= b.e }) || x.asksWhether(c, s, e) {
			x.cover(s, e)
			return
		}
		if i := slices.IndexFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e }); i >= 0 { // 先要会什么都不用
			x.cover(s, e)
			x.claim(because.NegationClaim, because.Supported, s, e, x.values[i].ev, because.Say(x.given.Lang, "The evidence says so."))
			return
		}
		if fixed := x.denials(c, s, e); len(fixed) > 0 {
			x.cover(s, e)
			for _, f := range fixed {
				x.claim(because.NegationClaim, because.Supported, f.s, f.e, f.ev, because.Say(x.given.Lang, "The evidence says so."))
			}
			return
		}
		if ev := x.noneEither(p, s, e); len(ev) > 0 {
			x.cover(s, e)
			x.claim(because.NegationClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The evidence says so."))
			return
		}
		if i, from, to, ok := x.lacking(c, s, e); ok {
			x.cover(from, to)
			x.claim(because.NegationClaim, because.Supported, from, to, []int{i}, because.Say(x.given.Lang, "The evidence says so."))
			return
		}
		end := min(c[1], e+6)
		for m := min(c[1], e+24); m >= e+2; m-- { // what is denied, as an evidence's sentence denies it
			for i, t := range x.texts {
				if holds(t, x.r[s:m]) {
					x.cover(s, m)
					x.claim(because.NegationClaim, because.Supported, s, m, []int{i}, because.Say(x.given.Lang, "The evidence says so."))
					return
				}
			}
		}
		verdict, reason := because.Unverifiable, because.Say(x.given.Lang, "No evidence says that it is lacking.")
		for _, v := range append(x.values, x.fixed...) {
			if v.s >= e && v.s < end+6 && v.s < c[1] && len(v.ev) > 0 && (v.p == nil || len(v.p.keys) > 0 && !strings.HasPrefix(v.p.keys[0], "kind:")) {
				verdict, reason = because.Contradicted, because.Say(x.given.Lang, "The evidence says the opposite.")
			}
		}
		x.cover(s, e)
		x.claim(because.NegationClaim, verdict, s, end, nil, reason)
	})
}

// noneEither is the evidence by which this item lacks what its sentence has just said that another lacks: "there's no jumping in
// On Mute, and none in this one".
func (x *reading) noneEither(p *phrase, s, e int) (ev []int) {
	if string(p.r) != "none" || !slices.ContainsFunc(x.names, func(n span) bool { return n.ev[0] < 0 && n.s >= e && n.s-e <= 6 }) {
		return nil
	}
	around := x.sentence(s)
	for _, cl := range x.claims {
		if cl.Kind != because.NegationClaim || cl.Verdict != because.Supported || cl.Start < x.at[around[0]] || cl.End > x.at[s] {
			continue
		}
		for _, i := range x.cited(cl) {
			if x.ev[i].Kind == because.Attribute || x.ev[i].Slots["shared"].Text != "" {
				ev = append(ev, i)
			}
		}
	}
	return ev
}

// lackless refuses wordings of the pack that say without a denial that something is lacking, where no evidence does: each of their
// words may state nothing, as in "you'll need a connection".
func (x *reading) lackless(c [2]int) {
	for _, l := range x.lacks {
		if l.s < c[0] || l.e > c[1] || x.isHard(l.s, l.e) || x.lex.negation.any(x.r, l.s, l.e) || len(x.inFixed(l.s, l.e)) > 0 || x.refused(l.s, l.e) || slices.ContainsFunc(slices.Concat(x.values, x.weak), func(v span) bool { return v.s <= l.s && l.e <= v.e }) {
			continue
		}
		x.claim(because.NegationClaim, because.Unverifiable, l.s, l.e, nil, because.Say(x.given.Lang, "No evidence says that it is lacking."))
	}
}

// denials returns the wordings of the pack that hold a denial at runes s to e. One that is no more than the denial
// itself ("没有") needs what the reader asked for in vain beside it.
func (x *reading) denials(c [2]int, s, e int) (out []span) {
	for _, f := range x.inFixed(s, e) {
		if f.e-f.s > e-s || x.besideOwn(f) || slices.ContainsFunc(append(slices.Clone(x.quotes), x.values...), func(v span) bool {
			return v.e > max(0, c[0]-24) && v.s < c[1] && slices.ContainsFunc(v.ev, func(i int) bool { return slices.Contains(f.ev, i) && x.ev[i].Slots["unmet"].Text != "" })
		}) {
			out = append(out, f)
		}
	}
	return out
}

// besideOwn reports whether right behind a wording stands a value that it is written for: "leaves out 10 exercises".
func (x *reading) besideOwn(f span) bool {
	return f.p.side&valueBehind != 0 && slices.ContainsFunc(x.values, func(v span) bool { return beside(x.r, f, v) && v.s >= f.e && len(both(v.ev, f.ev)) > 0 })
}

// lackClaims finds a weakness told as its opposite: what an evidence says is lacking, without the denial.
func (x *reading) lackClaims(c [2]int) {
	negated := func(s int, turns bool) bool {
		from := max(0, s-16)
		for i := from; i < s; i++ {
			if x.r[i] == '。' || x.r[i] == '.' || x.r[i] == '；' {
				from = i
			}
		}
		if turns {
			turning.find(x.r, from, s, func(_, e int, _ *phrase) { from = max(from, e) })
		}
		return x.lex.negation.any(x.r, from, s) || missing.any(x.r, from, s)
	}
	for i, e := range x.ev {
		var objects [][]rune
		switch e.Kind {
		case because.Drawback:
			for _, v := range x.values {
				if v.s >= c[0] && v.e <= c[1] && v.ev[0] == i && v.kind == because.WordSlot && !negated(v.s, false) && !x.asWeakness(c, i) {
					x.claim(because.NegationClaim, because.Contradicted, v.s, v.e, []int{i}, because.Say(x.given.Lang, "The evidence says the opposite."))
				}
			}
			if f, ok := x.pack.Fields[e.Ref]; ok {
				for _, w := range f.Lack[x.lang] {
					objects = append(objects, object(w))
				}
			}
		case because.Need:
			if u := e.Slots["unmet"].Text; u != "" {
				objects = append(objects, key(u))
			}
		default:
			continue
		}
		for _, o := range objects {
			if len(o) < 2 {
				continue
			}
			x.places(o, func(s, e int) {
				if s < c[0] || e > c[1] || negated(s, true) || x.lex.negation.any(x.r, e, min(len(x.r), e+8)) || x.inLonger(s, e) || x.subject(c, s) == "other" || x.lex.need.any(x.r, c[0], s) || x.toldLacking(c, i) {
					return
				}
				x.cover(s, e)
				x.claim(because.NegationClaim, because.Contradicted, s, e, []int{i}, because.Say(x.given.Lang, "The evidence says the opposite."))
			})
		}
	}
}

// noneClaims finds what an evidence counts none of told as had, in English: "has charts to go with them".
func (x *reading) noneClaims(c [2]int) {
	if x.lex.negation.any(x.r, c[0], c[1]) || zeros.any(x.r, c[0], c[1]) {
		return
	}
	for i, e := range x.ev {
		v := e.Slots["value"]
		if e.Kind != because.Attribute || v.Kind != because.NumberSlot || v.Number != 0 || !digitZero.MatchString(v.Text) {
			continue
		}
		x.places(key(x.pack.Fields[e.Ref].Label.In(x.lang)), func(s, e int) {
			if s >= c[0] && e <= c[1] && !x.hard[s] && x.subject(c, s) != "other" {
				x.claim(because.NegationClaim, because.Contradicted, s, e, []int{i}, because.Say(x.given.Lang, "The evidence says the opposite."))
			}
		})
	}
}

var zeros = newPhrases().list("0 zero free_from instead_of rather_than any 零 〇 要是 如果 任何 未 少")

// inLonger reports whether runes s to e are part of a longer wording of the pack, or of one that is more than a label.
func (x *reading) inLonger(s, e int) bool {
	return slices.ContainsFunc(x.inFixed(s, e), func(f span) bool { return f.e-f.s > e-s || !x.isLabel(x.r[f.s:f.e]) })
}

// toldLacking reports whether the clause tells what evidence i finds lacking in a wording of the pack; what the field is called
// tells nothing of it.
func (x *reading) toldLacking(c [2]int, i int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s >= c[0] && f.e <= c[1] && !f.p.word && f.e-f.s >= 2 && len(f.ev) > 0 && !slices.ContainsFunc(f.ev, func(o int) bool { return o != i }) && !x.isLabel(x.r[f.s:f.e])
	})
}

// turning ends what a denial reaches.
var turning = newPhrases().list("but however yet though 不过 但 但是 可是 然而 倒是")

var missing = newPhrases().list("missing unmet 差 差着 还差 找不到 open unanswered")

// asWeakness reports whether the clause tells the weakness i in a wording of the pack.
func (x *reading) asWeakness(c [2]int, i int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s >= c[0] && f.e <= c[1] && !f.p.word && slices.Contains(f.ev, i) && slices.ContainsFunc(f.p.keys, func(k string) bool {
			return strings.HasPrefix(k, "weak:") || strings.HasPrefix(k, "lack:") || k == "kind:drawback"
		})
	})
}

// fixedAround reports whether the clause holds a wording of the pack that only evidence i licenses.
func (x *reading) fixedAround(c [2]int, i int) bool {
	for _, f := range x.fixed {
		if f.s >= c[0] && f.e <= c[1] && !f.p.word && len(f.ev) > 0 && !slices.ContainsFunc(f.ev, func(o int) bool { return o != i }) && f.e-f.s >= 2 {
			return true
		}
	}
	return false
}

// object is what a wording denies.
func object(w string) []rune {
	for _, neg := range []string{"没有独立", "没有", "没", "不带", "不支持", "不含", "不能", "无", "不", "does not have", "doesn't have", "does not", "doesn't", "has no", "isn't", "without", "lacks", "comes with no", "no"} {
		if rest, ok := strings.CutPrefix(w, neg); ok {
			return key(rest)
		}
	}
	return nil
}

// groupClaims judges what is said of other people.
func (x *reading) groupClaims(c [2]int) {
	lang := x.given.Lang
	x.lex.someone.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.hard[s] || x.insideLonger(x.plain, s, e) {
			return
		}
		ev := x.ofKinds(because.ReviewKind)
		for _, f := range x.inFixed(s, e) {
			ev = append(ev, f.ev...)
		}
		x.cover(s, e)
		if len(ev) == 0 {
			x.claim(because.GroupClaim, because.Unverifiable, s, e, nil, because.Say(lang, "No review says so."))
			return
		}
		x.claim(because.GroupClaim, because.Supported, s, e, ev, because.Say(lang, "A review says so."))
	})
	x.lex.group.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.hard[s] {
			return
		}
		if x.reviewed(s) && reporters.any(x.r, max(0, s-6), e) && !plural(p) {
			x.cover(s, e)
			x.claim(because.GroupClaim, because.Supported, s, e, x.ofKinds(because.ReviewKind), because.Say(lang, "A review says so."))
			return
		}
		if slices.ContainsFunc(x.values, func(v span) bool { return v.kind == because.WordSlot && v.s < s && s < v.e && v.e < e }) {
			return // 画人也画花草
		}
		if x.r[s] == '人' && s > c[0] && text.IsHan(x.r[s-1]) && !strings.ContainsRune("的有多少数些个位余众几一二两三四五六七八九十百千万亿看买读别旁他", x.r[s-1]) { // 名人也, 家人都
			x.cover(s-1, e)
			x.claim(because.GroupClaim, because.Unverifiable, s-1, e, nil, because.Say(lang, "No evidence counts at least twenty people."))
			return
		}
		if ev, ok := x.backed(s, e); ok {
			x.cover(s, e)
			small := slices.ContainsFunc(ev, func(i int) bool { return x.groupOf(i) > 0 && x.groupOf(i) < 20 })
			if !small && len(ev) > 0 {
				x.claim(because.GroupClaim, because.Supported, s, e, ev, because.Say(lang, "The evidence counts them."))
				return
			}
		}
		var ev []int
		for _, i := range x.ofKinds(because.Neighbours, because.Popular) {
			if x.groupOf(i) >= 20 || x.ev[i].Slots["rank"].Text != "" {
				ev = append(ev, i)
			}
		}
		if x.r[s-min(s, 1)] == '的' && s > c[0] && slices.ContainsFunc(x.values, func(v span) bool { // 适合 12 岁以上的观众
			return v.e == s-1 && slices.ContainsFunc(v.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind == because.Attribute })
		}) {
			x.cover(s, e)
			return
		}
		if string(p.r) == "的人" && x.asks(x.sentence(s)) { // 开小店的人，下一步呢？
			x.cover(s, e)
			return
		}
		if string(p.r) == "的人" { // whose number rose or fell: 报名的人多了
			ev = append(ev, slices.DeleteFunc(x.ofKinds(because.Trend), func(i int) bool {
				v := x.ev[i].Slots["value"]
				return v.Unit != "person" || v.Number < 20 || !x.tells(x.sentence(s), i)
			})...)
		}
		x.cover(s, e)
		if len(ev) > 0 {
			x.claim(because.GroupClaim, because.Supported, s, e, ev, because.Say(lang, "The evidence counts them."))
			return
		}
		x.claim(because.GroupClaim, because.Unverifiable, s, e, nil, because.Say(lang, "No evidence counts at least twenty people."))
	})
}

// themselves are parts of the people that are counted, of which no evidence tells.
var themselves = newPhrases().list("most_of_them nearly_all_of_them almost_all_of_them all_of_them half_of_them many_of_them some_of_them several_of_them few_of_them none_of_them most_of_whom many_of_whom half_of_whom all_of_whom some_of_whom")

// partOfGroup refuses what is said of a part of the people that the sentence counts.
func (x *reading) partOfGroup(c [2]int) {
	around := x.sentence(c[0])
	if !slices.ContainsFunc(x.ofKinds(because.Popular, because.Neighbours), func(i int) bool { return x.tells(around, i) }) {
		return
	}
	themselves.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		if !x.hard[s] && len(x.inFixed(s, e)) == 0 {
			x.claim(because.GroupClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence says this."))
		}
	})
}

// plural reports whether a word for people means many.
func plural(p *phrase) bool {
	return latin(p.r[len(p.r)-1]) && p.r[len(p.r)-1] == 's' || p.r[len(p.r)-1] == '们'
}

// groupVerbs judges what a number of people is said to have done: that they looked is what the evidence counts, that
// they bought it must be said there.
func (x *reading) groupVerbs(c [2]int) {
	if !peopleCount(x, c) && !x.lex.group.any(x.r, c[0], c[1]) || x.lex.you.any(x.r, c[0], c[1]) {
		return
	}
	if slices.ContainsFunc(x.ofKinds(because.Popular, because.Neighbours), func(i int) bool { return x.tells(c, i) }) && x.lang == because.English {
		x.verbs.byKind[because.Viewed].find(x.r, c[0], c[1], func(s, e int, _ *phrase) { x.cover(s, e) })
	}
	told := []phrases{opinions}
	for _, kind := range []because.EvidenceKind{because.Bought, because.Carted, because.Rated, because.Searched} {
		told = append(told, x.verbs.byKind[kind])
	}
	for _, ps := range told {
		ps.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
			if x.hard[s] || len(p.r) < 2 {
				return
			}
			ev, _ := x.backed(s, e)
			if !slices.ContainsFunc(ev, func(i int) bool {
				return slices.Contains([]because.EvidenceKind{because.Neighbours, because.Popular, because.ReviewKind, because.Attribute, because.Shared, because.Trend, because.NewItem}, x.ev[i].Kind)
			}) {
				x.claim(because.GroupClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence says this."))
			}
		})
	}
}

// opinions are what people say or think, which no evidence tells of a number of them.
var opinions = newPhrases().list("say says said saying agree agrees agreed talk talks talked talking think thinks know knows swear swears recommend recommends 都说 说好 在聊 聊的 都夸 公认 都知道 都认 一致")

func (x *reading) ofKinds(kinds ...because.EvidenceKind) (ev []int) {
	for i, e := range x.ev {
		if slices.Contains(kinds, e.Kind) {
			ev = append(ev, i)
		}
	}
	return ev
}

// groupOf is the number of people that an evidence counts; 0 when it counts none.
func (x *reading) groupOf(i int) float64 {
	e := x.ev[i]
	switch e.Kind {
	case because.Neighbours, because.Popular:
		return max(e.Slots["people"].Number, e.Slots["count"].Number)
	}
	return 0
}

// comparisonClaims judges 更, 比, better, than.
func (x *reading) comparisonClaims(c [2]int) {
	lang := x.given.Lang
	x.lex.compare.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.hard[s] {
			return
		}
		if len(p.r) == 1 && s > c[0] && x.r[s] == '较' && x.r[s-1] == '比' || x.r[s] == '更' && s+1 < len(x.r) && strings.ContainsRune("新", x.r[s+1]) {
			return
		}
		if string(p.r) == "than" && (startsNumber(x.r, e+1) || x.inPart(s, e)) { // more than 1,000
			x.cover(s, e)
			return
		}
		if ev, ok := x.backed(s, e); ok {
			x.cover(s, e)
			x.claim(because.ComparisonClaim, because.Supported, s, e, ev, because.Say(lang, "The evidence compares them."))
			return
		}
		x.cover(s, e)
		var ev []int
		names := x.namesIn(c)
		for _, i := range x.ofKinds(because.Versus) {
			if len(names) == 0 || slices.ContainsFunc(names, func(n span) bool { return slices.Contains(n.ev, i) }) {
				ev = append(ev, i)
			}
		}
		if len(ev) > 0 {
			x.claim(because.ComparisonClaim, because.Supported, s, e, ev, because.Say(lang, "The evidence compares them."))
			return
		}
		x.claim(because.ComparisonClaim, because.Unverifiable, s, e, nil, because.Say(lang, "No evidence compares them."))
	})
}

func startsNumber(r []rune, i int) bool {
	n := text.Numbers(string(r[min(i, len(r)):min(i+20, len(r))]))
	return len(n) > 0 && n[0].Start == 0
}

// likingClaims judges what the reader is said to like.
func (x *reading) likingClaims(c [2]int) {
	if !x.lex.you.any(x.r, c[0], c[1]) && !x.statesOwn(c) {
		return
	}
	x.lex.like.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if slices.ContainsFunc(x.verbs.in(x, c), func(d done) bool { return d.s <= s && e <= d.e && d.e-d.s > e-s }) {
			return // 关注过 is a deed
		}
		if x.hard[s] || string(p.r) == "like" && !x.youBefore(s) && e < c[1] {
			return
		}
		if x.hoped(c, s) {
			x.cover(s, e)
			return
		}
		ev, ok := x.backed(s, e)
		if !ok {
			for _, i := range x.ofKinds(because.Profile, because.Rated, because.Habit, because.InContext) {
				often := x.ev[i].Kind == because.Habit || x.ev[i].Kind == because.InContext
				if often && (x.lang == because.Chinese || !x.tells(c, i)) {
					continue // how often shows it
				}
				if slices.ContainsFunc(slices.Concat(x.values, x.names, x.quotes), func(v span) bool { return v.s >= c[0] && v.e <= c[1] && slices.Contains(v.ev, i) }) {
					ev, ok = append(ev, i), true
				}
			}
		}
		x.cover(s, e)
		if ok {
			x.claim(because.NeedClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The reader said so."))
			return
		}
		x.claim(because.NeedClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "The reader has not said so."))
	})
}

// hoped reports whether what the reader is said to like at rune s is no more than thought possible: "you might also like". It
// states nothing; that they would, or will, is a promise.
func (x *reading) hoped(c [2]int, s int) bool {
	return x.lang == because.English && modest.any(x.r, max(c[0], s-14), s)
}

var modest = newPhrases().list("might may could perhaps maybe")

// youBefore reports whether you stands right before rune s.
func (x *reading) youBefore(s int) bool {
	return x.lex.you.any(x.r, max(0, s-10), s) && !strings.ContainsAny(string(x.r[max(0, s-6):s]), ",，;；")
}

// needClaims judges what the reader is said to want.
func (x *reading) needClaims(c [2]int) {
	x.lex.need.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.hard[s] || x.asks(c) && !x.lex.you.any(x.r, s, e) {
			return
		}
		if string(p.r) == "需要" && !x.lex.you.any(x.r, c[0], c[1]) { // 只需要准备一把椅子: what the item asks for is judged for itself
			x.cover(s, e)
			return
		}
		ev, ok := x.backed(s, e)
		if !ok {
			ev = x.ofKinds(because.Need, because.Searched, because.Profile)
			ok = len(ev) > 0
		}
		if !ok && string(p.r) == "you need" {
			if ev = x.required(c, e); len(ev) > 0 {
				x.cover(s, e)
				x.claim(because.AttributeClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The evidence says so."))
				return
			}
		}
		x.cover(s, e)
		if ok {
			x.claim(because.NeedClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The reader asked for it."))
			return
		}
		x.claim(because.NeedClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "The reader has not asked for it."))
	})
}

// required is the evidence of what the item asks of its user that a clause tells behind rune i: "all you need is a chair". Its
// field's wordings speak of needing.
func (x *reading) required(c [2]int, i int) (ev []int) {
	for _, v := range x.values {
		if v.s < i || v.e > c[1] || v.kind != because.WordSlot {
			continue
		}
		for _, k := range v.ev {
			f := x.pack.Fields[x.ev[k].Ref]
			if x.ev[k].Kind == because.Attribute && slices.ContainsFunc(slices.Concat(f.Say[x.lang], []string{f.Label.In(x.lang)}), func(w string) bool { return requiring.any(key(w), 0, len(key(w))) }) {
				ev = append(ev, k)
			}
		}
	}
	return ev
}

var requiring = newPhrases().list("need needs needed require requires know first take takes")

// causeClaims judges what is called a cause. What it names must have a share in the score, each item, word and number of
// it: the clause behind "because", the clause before "therefore", or what stands around where neither names any.
func (x *reading) causeClaims(at int) {
	c := x.clauses[at]
	judge := func(s, e int, groups [][]int) {
		lang := x.given.Lang
		var real, idle []int
		for _, g := range groups {
			shares := slices.DeleteFunc(slices.Clone(g), func(i int) bool { return x.ev[i].Share <= 0 })
			if real = append(real, shares...); len(shares) == 0 {
				idle = append(idle, g...)
			}
		}
		switch {
		case len(idle) > 0:
			x.claim(because.CauseClaim, because.Contradicted, s, e, idle, because.Say(lang, "This evidence has no share in the score, so it is no cause."))
		case len(real) > 0:
			x.claim(because.CauseClaim, because.Supported, s, e, real, because.Say(lang, "This evidence has a share in the score."))
		default:
			x.claim(because.CauseClaim, because.Unverifiable, s, e, nil, because.Say(lang, "No evidence is cited as the cause."))
		}
	}
	x.lex.cause.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.hard[s] || string(p.r) == "since" && e+1 < len(x.r) && (x.r[e+1] >= '0' && x.r[e+1] <= '9' || x.inTime(e+1, e+2)) || len(p.keys) > 0 {
			return
		}
		if string(p.r) == "based on" && x.madeOf(c, s, e) || string(p.r) == "since" && (x.when(e+1) || months.any(x.r, e, min(c[1], e+16))) {
			return
		}
		if s > 0 && x.r[s-1] == '之' { // 之所以 announces a cause, it names none
			return
		}
		if x.lex.effect.any(x.r, s, e) {
			if groups := x.named([2]int{c[0], s}); len(groups) > 0 {
				judge(s, c[1], groups)
				return
			}
			if before := x.sentenceBefore(at); len(before) > 0 && (s-c[0] < 3 || string(x.r[c[0]:s]) == "and ") {
				judge(s, c[1], before)
				return
			}
		}
		groups := x.named([2]int{c[0], c[1]})
		if !x.lex.effect.any(x.r, s, e) {
			groups = x.named([2]int{e, c[1]})
		}
		if len(groups) == 0 && !x.lex.effect.any(x.r, s, e) { // what it says in words alone
			var all bool
			if string(p.r) == "as you" { // the wording goes around it: "as often as you do"
				groups, _ = x.worded(c)
			} else if groups, all = x.worded([2]int{e, c[1]}); !all {
				judge(s, c[1], groups)
				return
			}
		}
		for from := at; len(groups) == 0 && from > 0; {
			from--
			groups = x.named(x.clauses[from])
		}
		if len(groups) == 0 && at+1 < len(x.clauses) {
			groups = x.named(x.clauses[at+1])
		}
		judge(s, c[1], groups)
	})
	causeNouns.find(x.r, c[0], c[1], func(s, e int, _ *phrase) { // 缘由：…
		if (e == c[1] || x.lang == because.English && !x.content(c[0], s, x.plain)) && c[1] < len(x.r) && strings.ContainsRune(":：", x.r[c[1]]) && !x.hard[s] && len(x.inFixed(s, e)) == 0 && at+1 < len(x.clauses) {
			if groups := x.named(x.clauses[at+1]); len(groups) > 0 {
				judge(s, e, groups)
			}
		}
	})
	x.lex.reason.find(x.r, c[0], c[1], func(s, e int, p *phrase) { // …是我们推荐它的原因
		if x.hard[s] || len(x.inFixed(s, e)) > 0 || x.insideLonger(x.lex.effect, s, e) {
			return
		}
		groups := x.named([2]int{c[0], s})
		all := true
		if len(groups) == 0 {
			groups, all = x.worded([2]int{c[0], s})
		}
		if len(groups) == 0 && all {
			groups = x.sentenceBefore(at)
		}
		judge(s, e, groups)
	})
}

// madeOf reports whether "based on" at runes s to e tells of what an item is made: right behind a word of the item, and not of
// its being recommended, before what evidence has of the item.
func (x *reading) madeOf(c [2]int, s, e int) bool {
	return s > c[0] && !presenting.any(x.r, c[0], s) && slices.ContainsFunc(slices.Concat(x.values, x.borne([2]int{e, c[1]})), func(v span) bool {
		return v.s >= e && v.s-e <= 6 && slices.ContainsFunc(v.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind == because.Attribute })
	})
}

// presenting is what is done with an item for a cause.
var presenting = newPhrases().list("recommend recommends recommended recommending recommendation suggest suggests suggested suggesting suggestion pick picks picked picking choose chose chosen select selected show showing shown here list listed rank ranked match matched appear appears you your")

var months = newPhrases().list("january february march april may june july august september october november december")

// when reports whether a time that is told in words begins at rune i.
func (x *reading) when(i int) bool {
	return slices.ContainsFunc(x.times, func(t text.Time) bool {
		return x.rune(t.Start) == i || x.at[min(i, len(x.r))] > t.Start && x.at[min(i, len(x.r))] < t.End
	})
}

// causeNouns announce a cause before a colon.
var causeNouns = newPhrases().list("缘由 理由 原因 起因 由头 reason cause why")

// worded is the evidence of the pack's wordings in a stretch that say something, and whether nothing else is said there.
func (x *reading) worded(c [2]int) (groups [][]int, all bool) {
	var ev []int
	for _, f := range x.fixed {
		if f.s < c[0] || f.e > c[1] || len(f.p.keys) == 0 || !x.content(f.s, f.e) && (f.p.word || f.e-f.s < 6) {
			continue
		}
		ev = append(ev, f.ev...)
	}
	if len(ev) > 0 {
		return [][]int{ev}, true
	}
	return nil, !x.content(c[0], c[1], x.plain)
}

// content reports whether runes s to e hold more than words that state nothing, and others.
func (x *reading) content(from, to int, others ...phrases) bool {
	bare := make([]bool, to)
	for _, ps := range append(others, x.lex.neutral, x.it, x.lex.it, x.lex.you) {
		ps.find(x.r, from, to, func(s, e int, _ *phrase) {
			for i := s; i < e; i++ {
				bare[i] = true
			}
		})
	}
	for i := from; i < to; i++ {
		if c := x.r[i]; !bare[i] && unicode.IsLetter(c) && c != '一' && !strings.ContainsRune(neutralHan, c) {
			return true
		}
	}
	return false
}

// echoing begins a sentence that says the same as the one before of another thing.
var echoing = newPhrases().list("so_does so_do so_is so_are so_has so_have so_was so_did")

// firstOfSentence is the first clause of the sentence of clause at.
func (x *reading) firstOfSentence(at int) int {
	for at > 0 && !x.ends(at-1) {
		at--
	}
	return at
}

// sentenceBefore is what the clauses before clause at name, the nearest that name any, within the sentence.
func (x *reading) sentenceBefore(at int) [][]int {
	if first := x.firstOfSentence(at); first > 0 && echoing.any(x.r, x.clauses[first][0], min(x.clauses[first][1], x.clauses[first][0]+10)) {
		if groups := x.named(x.clauses[first-1]); len(groups) > 0 {
			return groups
		}
	}
	for from := at - 1; from >= 0; from-- {
		if x.ends(from) {
			return nil
		}
		if groups := x.named(x.clauses[from]); len(groups) > 0 {
			return groups
		}
	}
	return nil
}

// named lists what a stretch names: for each name of another item, quotation, word and number, the evidence that holds it.
func (x *reading) named(c [2]int) (groups [][]int) {
	var done []int
	for _, cl := range x.claims {
		if cl.Kind == because.HistoryClaim && cl.Verdict == because.Supported && cl.Start >= x.at[c[0]] && cl.End <= x.at[c[1]] {
			for i, e := range x.ev {
				if has(cl.Evidence, e.ID) {
					done = append(done, i)
				}
			}
		}
	}
	for _, v := range x.merged(slices.Concat(x.names, x.quotes, x.values)) {
		if v.s >= c[0] && v.e <= c[1] && v.ev[0] >= 0 && v.kind != because.DateSlot {
			ev := v.ev
			if deed := both(ev, done); v.kind == because.NameSlot && len(deed) > 0 { // that it was bought, and not that it was seen
				ev = deed
			}
			groups = append(groups, ev)
		}
	}
	var loose []int
	for _, cl := range x.claims {
		if cl.Start < x.at[c[0]] || cl.End > x.at[c[1]] || cl.Verdict != because.Supported {
			continue
		}
		switch cl.Kind {
		case because.NumberClaim, because.HistoryClaim, because.GroupClaim, because.NeedClaim:
			for i, e := range x.ev {
				if has(cl.Evidence, e.ID) {
					loose = append(loose, i)
				}
			}
		}
	}
	if len(groups) == 0 && len(loose) > 0 {
		groups = append(groups, loose)
	}
	return groups
}

// bindingClaims notices a value that stands in another field's wording: 由 <director> 主演. A wording binds on the sides on
// which its pattern has a value, and not where its own value stands further on: "is a" in "is a playful period series".
func (x *reading) bindingClaims(c [2]int) {
	for _, v := range x.merged(append(slices.Clone(x.values), x.names...)) {
		if v.slot == "label" && v.s >= c[0] && v.e <= c[1] {
			x.entered(c, v)
			continue
		}
		if v.s < c[0] || v.e > c[1] || v.ev[0] < 0 || v.kind != because.WordSlot && v.kind != because.NameSlot && v.kind != because.NumberSlot {
			continue
		}
		mine, others := false, []int(nil)
		for _, f := range x.fixed {
			if f.s < c[0] && !labels(x.r, f, v) || f.e > c[1] || !beside(x.r, f, v) || x.lang == because.English && anyhow[string(x.r[f.s:f.e])] {
				continue
			}
			switch {
			case x.sameFields(f.ev, v.ev):
				mine = mine || x.lang == because.Chinese || !f.p.word && (f.e-f.s >= 6 || x.content(f.s, f.e)) // single English words ("is", "from") stand beside anything
			case f.p.side != 0 && f.p.side&side(f, v) == 0 || x.ownBeyond(c, f, v):
			case x.specific(f.p) && !(f.p.word && x.lang == because.Chinese) && !x.isFlag(f.ev):
				others = append(others, f.ev...)
			}
		}
		if !mine && len(others) > 0 {
			x.claim(because.AttributeClaim, because.Contradicted, v.s, v.e, others, because.Say(x.given.Lang, "The evidence has another value for this."))
		}
	}
}

// isFlag reports whether all evidence of a wording is of fields that are so or not so: "free" binds no value that stands beside it.
func (x *reading) isFlag(ev []int) bool {
	return !slices.ContainsFunc(ev, func(i int) bool { return len(x.pack.Fields[x.ev[i].Ref].Lack[x.lang]) == 0 })
}

// anyhow are what stands before whatever an item has.
var anyhow = map[string]bool{"there is a": true, "there is an": true, "there's a": true, "has a": true, "has an": true, "with a": true, "comes with a": true, "offers a": true}

// entered holds the number right behind what a field of the reader's is called to what they entered there.
func (x *reading) entered(c [2]int, label span) {
	list := slices.DeleteFunc(text.Numbers(x.text[x.at[label.e]:x.at[c[1]]]), func(n text.Number) bool {
		s, e := x.rune(x.at[label.e]+n.Start), x.rune(x.at[label.e]+n.End)
		return x.article(n, s, e) // 一栏
	})
	if len(list) == 0 {
		return
	}
	n := list[0]
	s, e := x.rune(x.at[label.e]+n.Start), x.rune(x.at[label.e]+n.End)
	if n.Bound != "" || s-label.e > 12 || slices.ContainsFunc(x.names, func(o span) bool { return o.s >= label.e && o.s < s }) {
		return
	}
	_, factor := text.Unit(n.Unit)
	if !slices.ContainsFunc(label.ev, func(i int) bool {
		v := text.Numbers(x.ev[i].Slots["value"].Text)
		if len(v) != 1 {
			return true
		}
		_, of := text.Unit(v[0].Unit)
		return v[0].Value*of == n.Value*factor || v[0].Value == n.Value
	}) {
		x.deny(because.NumberClaim, span{s: s, e: e}, because.Say(x.given.Lang, "The evidence has another number."))
	}
}

// side is the side of a wording on which a value stands.
func side(f, v span) int {
	if v.e <= f.s {
		return valueBefore
	}
	return valueBehind
}

// sameFields reports whether evidence of a wording is that of a value, or of its field.
func (x *reading) sameFields(of, ev []int) bool {
	return slices.ContainsFunc(of, func(i int) bool { return slices.Contains(ev, i) || x.sameField(i, ev) })
}

// ownBeyond reports whether a wording's own value stands beyond another one beside it.
func (x *reading) ownBeyond(c [2]int, f, v span) bool {
	if head, end := x.word(min(v.e+1, len(x.r)-1)); v.s >= f.e && slices.ContainsFunc(f.ev, func(i int) bool { // "is a weekend course"
		return x.called(x.ev[i].Slots["value"].Ref, string(x.r[head:end]))
	}) {
		return true
	}
	return slices.ContainsFunc(x.values, func(u span) bool {
		beyond := v.s >= f.e && u.s >= v.e && u.e <= c[1] || v.e <= f.s && u.e <= v.s && u.s >= c[0]
		return beyond && len(both(u.ev, f.ev)) > 0
	})
}

// misplaced reports whether a number stands in the wording of a field that none of its evidence is of, and takes out of the
// evidence what is of other fields: right behind it, or nearest before it with no other value between.
func (x *reading) misplaced(c [2]int, s, e int, ev *[]int, item bool) bool {
	if own := x.countedAs(s, e, *ev); len(own) > 0 {
		*ev = own
		return false
	}
	f, ok := x.governing(c, s, e)
	if !ok || item || slices.ContainsFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e && v.kind == because.WordSlot }) || x.sameFields(f.ev, *ev) && slices.ContainsFunc(f.ev, func(i int) bool { return slices.Contains(*ev, i) }) {
		return false
	}
	you := x.lex.you.any(x.r, c[0], c[1])
	kept := slices.DeleteFunc(slices.Clone(*ev), func(i int) bool {
		return !x.sameFields(f.ev, []int{i}) && x.fielded(i) && !(you && x.ev[i].Kind == because.Profile)
	})
	if len(kept) == 0 {
		return true
	}
	*ev = kept
	return false
}

// countedAs is the evidence among ev of whose field what an English number counts is a name: "one chart and two sources".
func (x *reading) countedAs(s, e int, ev []int) (own []int) {
	if x.lang != because.English || !latin(x.r[e-1]) {
		return nil
	}
	at := e
	for at > s && latin(x.r[at-1]) {
		at--
	}
	w := strings.TrimSuffix(string(x.r[at:e]), "s")
	for _, i := range ev {
		label := string(key(x.pack.Fields[x.ev[i].Ref].Label.In(x.lang)))
		if strings.TrimSuffix(label, "s") == w && x.ev[i].Kind == because.Attribute && at > s {
			own = append(own, i)
		}
	}
	return own
}

// fielded reports whether an evidence states a field of the item, or one that it shares.
func (x *reading) fielded(i int) bool {
	switch x.ev[i].Kind {
	case because.Attribute, because.Fit, because.Drawback, because.Shared, because.Versus, because.Bought, because.Carted, because.Viewed, because.Profile:
		return true
	}
	return false
}

// governing is the wording of fields alone that says what a number is of.
func (x *reading) governing(c [2]int, s, e int) (f span, ok bool) {
	from, first := max(c[0], s-32), true
	for _, u := range slices.Concat(x.values, x.names, x.quotes) {
		if u.e <= s && u.e > from {
			from, first = u.e, false
		}
	}
	start := x.at[from]
	for _, n := range text.Numbers(x.text[start:x.at[s]]) {
		from, first = max(from, x.rune(start+n.End)), false
	}
	if !first { // "20 minutes a lesson and takes six hours": what follows a number at once is of it
		for range 4 {
			to := from
			for _, o := range x.fixed {
				if o.s <= from+1 && o.e > to && o.e <= s && o.p.side != valueBehind && x.content(o.s, o.e) {
					to = o.e
				}
			}
			if to == from {
				break
			}
			from = to
		}
	}
	for _, o := range x.fixed {
		behind := o.s == e || o.s == e+1 && x.r[e] == ' '
		switch {
		case o.p.word && x.lang == because.Chinese || o.s >= s && o.s < e || !x.specific(o.p) || !x.content(o.s, o.e):
		case behind && text.IsHan(x.r[o.s]) && o.p.side&valueBefore != 0: // 3 个信源
			return o, true
		case o.s >= from && o.e <= s && (first || o.s > from+1 || o.p.side == valueBehind) && (!ok || o.e > f.e || o.e == f.e && o.s < f.s):
			f, ok = o, true
		}
	}
	if ok && x.lang == because.English { // of two wordings in one place either may be meant
		f.ev = slices.Clone(f.ev)
		for _, o := range x.fixed {
			if o.s == f.s && o.e == f.e && x.specific(o.p) {
				f.ev = append(f.ev, o.ev...)
			}
		}
	}
	return f, ok
}

// merged are the values that stand by themselves: those of several evidences in one place are one, since each of them
// bears it; one inside a longer one ("5 分" in "5 分钟") is not meant.
func (x *reading) merged(list []span) []span {
	var out []span
	for _, v := range list {
		if slices.ContainsFunc(list, func(o span) bool { return o.s <= v.s && v.e <= o.e && o.e-o.s > v.e-v.s }) {
			continue
		}
		if i := slices.IndexFunc(out, func(o span) bool { return o.s == v.s && o.e == v.e }); i >= 0 {
			out[i].ev = append(slices.Clone(out[i].ev), v.ev...)
			continue
		}
		out = append(out, v)
	}
	return out
}

func (x *reading) sameField(i int, ev []int) bool {
	return slices.ContainsFunc(ev, func(j int) bool { return x.ev[i].Ref != "" && x.ev[i].Ref == x.ev[j].Ref })
}

// labels reports whether a wording stands before a value with a colon between: "房间面积：32 平米".
func labels(r []rune, f, v span) bool {
	return f.e < v.s && strings.TrimSpace(string(r[f.e:v.s])) == ":" || f.e < v.s && strings.TrimSpace(string(r[f.e:v.s])) == "："
}

// beside reports whether a wording touches a value, a blank or a colon apart.
func beside(r []rune, f, v span) bool {
	if labels(r, f, v) {
		return true
	}
	gap := func(a, b int) bool {
		if a < b && as[string(r[a:b])] {
			return true
		}
		return a == b || a+1 == b && strings.ContainsRune(" 《》「」“”\"'", r[a])
	}
	return gap(f.e, v.s) || gap(v.e, f.s)
}

// as stands between a value and what it is called.
var as = map[string]bool{" as its ": true, " as the ": true, " as ": true, " is its ": true, " is the ": true, " for its ": true}

// specific reports whether a wording belongs, by what is in evidence, to fields alone and says something.
func (x *reading) specific(p *phrase) bool {
	l := x.lex
	if len(p.keys) == 0 {
		return false
	}
	for _, k := range p.keys {
		if (strings.HasPrefix(k, "kind:") || strings.HasSuffix(k, ":_other")) && len(x.keys[k]) > 0 {
			return false
		}
	}
	content := strings.Trim(string(p.r), neutralHan)
	if content == "" {
		return false
	}
	neutral := false
	for _, ps := range []phrases{l.neutral, x.plain} {
		ps.find(p.r, 0, len(p.r), func(s, e int, _ *phrase) { neutral = neutral || s == 0 && e == len(p.r) })
	}
	return !neutral
}

package verify

import (
	"regexp"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// predicates are words that say nothing but which dimension a number of the same clause has, by the base of its unit.
var predicates = []struct {
	bases []string
	words phrases
}{
	{[]string{"元", "$", "€"}, newPhrases().list("cost costs costing priced price prices charge charges charging charged pay pays paying paid fee fees asking sells selling sold goes_for go_for set_you_back sets_you_back tag bill budget spend spending worth cheap_at from 卖 卖价 售 售价 定价 标价 要价 花 花费 收费 收 价钱 价 块钱 预算 掏 付 贵")},
	{[]string{"%"}, newPhrases().list("cost costs charge charges charging fee fees 收 收取 费用")},
	{[]string{"s", "month"}, newPhrases().list("long last lasts lasting lasted run runs running ran length duration short_of old long_enough takes taking 长 久 耗时 用时 时长 花时间 有余 工夫")},
	{[]string{"m", "km", "mile"}, newPhrases().list("away distance distant far long wide walk 远 路 路程 脚程 开外 长 宽 高 深 距")},
	{[]string{"m2"}, newPhrases().list("big large size sized roomy_at measure measures measuring floor_space 大 大小 面积 见方 宽")},
	{[]string{"g", "lb", "oz"}, newPhrases().list("weigh weighs weighing weight weighed heavy light_at 重 重量 分量 净重 自重 沉")},
	{[]string{"l"}, newPhrases().list("hold holds holding volume capacity big large 装 容量 装得下 大")},
	{[]string{"point", "star"}, newPhrases().list("score scores scored scoring rated rating rate mark marks 评分 打分 得分 分数 评到 打到 高")},
	{[]string{"age"}, newPhrases().list("aged age ages old older upwards 年龄 岁数 起")},
	{[]string{"person"}, newPhrases().list("crowd_of total 人数 数")},
}

// coverPredicates covers the words for the dimension of the numbers that evidence bears in a clause.
func (x *reading) coverPredicates(c [2]int) {
	for _, cl := range x.claims {
		if cl.Kind != because.NumberClaim || cl.Verdict != because.Supported || cl.Start < x.at[c[0]] || cl.End > x.at[c[1]] {
			continue
		}
		bases := x.basesOf(cl)
		s, e := x.rune(cl.Start), x.rune(cl.End)
		compared := x.lex.compare.any(x.r, c[0], c[1]) || apart.any(x.r, c[0], c[1])
		for _, p := range predicates {
			if !slices.ContainsFunc(bases, func(b string) bool { return slices.Contains(p.bases, b) && (b != "%" || x.isFee(cl)) }) {
				continue
			}
			p.words.find(x.r, c[0], c[1], func(a, b int, w *phrase) {
				if compared || text.IsHan(w.r[0]) && b != s && a != e && !(b+1 == s && x.r[b] == ' ') && !(e+1 == a && x.r[e] == ' ') {
					return // Han words touch their number
				}
				if x.proper(a) {
					return
				}
				x.cover(a, b)
			})
		}
	}
}

// basesOf are the bases of a number that is said and of those of its evidence that it is.
func (x *reading) basesOf(cl because.Claim) (out []string) {
	said := text.Numbers(cl.Text)
	if len(said) != 1 {
		return nil
	}
	base, factor := text.Unit(said[0].Unit)
	if said[0].Percent {
		base = "%"
	}
	out = append(out, base)
	for _, o := range x.numbers {
		if o.ev >= 0 && has(cl.Evidence, x.ev[o.ev].ID) && o.value == said[0].Value*factor {
			out = append(out, o.base)
			if strings.Contains(string(x.texts[o.ev]), " of 5") || strings.Contains(string(x.texts[o.ev]), " of 10") {
				out = append(out, "point")
			}
		}
	}
	return out
}

// isFee reports whether a number is what something costs.
func (x *reading) isFee(cl because.Claim) bool {
	return slices.ContainsFunc(x.ev, func(e because.Evidence) bool { return has(cl.Evidence, e.ID) && e.Ref == "fee" })
}

// weakWords find a value wanting: too little of what is better with more, too much of what is better with less.
var weakWords = map[string]phrases{
	"more": newPhrases().list("low lower lowish short shorter shortish small smaller smallish few fewer little light limited modest thin slight scant on_the_low_side on_the_short_side on_the_small_side not_high not_long not_much not_many isn't_long isn't_high isn't_much 低 偏低 不高 不算高 短 偏短 不长 不算长 小 偏小 小了点 小了些 不大 不算大 少 偏少 少了点 不多 不算多 有限 稍低 稍短 稍小 稍少 低了点 短了点 短了些 弱 偏弱 弱了点 薄 浅 尚浅 偏浅 不够 稍嫌不足"),
	"less": newPhrases().list("high higher highish long longer longish heavy heavier big bigger loud louder steep slow slower far farther further dear pricey noisy sizeable considerable on_the_heavy_side on_the_long_side on_the_high_side isn't_light isn't_short not_short not_light not_small 高 偏高 不低 不算低 长 偏长 稍长 长了点 长了些 有点长 嫌长 稍嫌长 不短 不算短 重 偏重 不轻 不算轻 沉 偏沉 稍沉 大 偏大 不小 不算小 吵 偏吵 稍吵 慢 偏慢 稍慢 远 偏远 不近 不算近 贵 偏贵 不便宜 不算便宜 多 偏多 不少 高了点 长了点 重了点 远了点 慢了点 吵了点"),
}

// weaknesses finds words that find wanting what an evidence calls a weakness and the sentence tells.
func (x *reading) weaknesses() {
	for i, e := range x.ev {
		better := x.pack.Fields[e.Ref].Better
		if e.Kind == because.PriceKind {
			better = "less"
		}
		if weakWords[better] == nil || e.Kind != because.Drawback && !x.isWeak(e) && !x.admitted(i) {
			continue
		}
		for _, c := range x.clauses {
			if !x.tells(c, i) {
				continue
			}
			s := x.sentence(c[0])
			weakWords[better].find(x.r, s[0], s[1], func(a, b int, _ *phrase) {
				if !x.hard[a] && !slices.ContainsFunc(x.weak, func(w span) bool { return w.s <= a && b <= w.e }) {
					x.weak = append(x.weak, span{s: a, e: b, ev: []int{i}})
				}
			})
		}
	}
	x.strengths()
	for _, w := range x.weak {
		x.cover(w.s, w.e)
		x.claim(because.QualityClaim, because.Supported, w.s, w.e, w.ev, because.Say(x.given.Lang, "The evidence says so."))
	}
}

// strongWords praise a value: much of what is better with more, little of what is better with less, by the base of its unit.
var strongWords = []struct {
	better string
	bases  []string // nil for any
	words  phrases
}{
	{"less", []string{"s", "month"}, newPhrases().list("short shorter quick quickly brief bite-sized compact fast speedy")},
	{"less", []string{"g"}, newPhrases().list("light lightweight")},
	{"less", []string{"db"}, newPhrases().list("quiet quieter hushed")},
	{"less", []string{"m", "km"}, newPhrases().list("close closer near nearby short convenient conveniently handy")},
	{"less", []string{"%"}, newPhrases().list("low lower modest small smaller limited mild shallow")},
	{"less", nil, newPhrases().list("low lower few small")},
	{"more", []string{"s", "month"}, newPhrases().list("long longer lengthy generous long-lasting lasting extended")},
	{"more", []string{"point", "star", ""}, newPhrases().list("high higher strong solid well-rated highly_rated highly impressive good")},
	{"more", []string{"m2"}, newPhrases().list("spacious roomy large generous generously_sized")},
	{"more", nil, newPhrases().list("high higher large larger big ample generous plenty plenty_of many lots_of wealth_of")},
}

// strengths covers words that praise a value which the pack finds worth praising and the clause tells.
func (x *reading) strengths() {
	if x.lang != because.English {
		return
	}
	for i, e := range x.ev {
		v := e.Slots["value"]
		if v.Kind != because.NumberSlot || !x.pack.Fields[e.Ref].IsStrong(v.Number) || e.Kind != because.Attribute && e.Kind != because.Fit && e.Kind != because.Versus {
			continue
		}
		base, _ := sortOf(v)
		for _, w := range strongWords {
			if w.better != x.pack.Fields[e.Ref].Better || w.bases != nil && !slices.Contains(w.bases, base) {
				continue
			}
			for _, c := range x.clauses {
				if !x.tells(c, i) {
					continue
				}
				w.words.find(x.r, c[0], c[1], func(a, b int, _ *phrase) {
					if !x.hard[a] && x.nearNumber(c, a, b, i) {
						x.weak = append(x.weak, span{s: a, e: b, ev: []int{i}})
					}
				})
			}
		}
	}
}

// nearNumber reports whether between runes a to b and the number of evidence i there is no other number.
func (x *reading) nearNumber(c [2]int, a, b, i int) bool {
	for _, n := range text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]]) {
		s, e := x.rune(x.at[c[0]]+n.Start), x.rune(x.at[c[0]]+n.End)
		if x.tells([2]int{s, e}, i) && (s >= b && x.tellsNone([2]int{b, s}) || e <= a && x.tellsNone([2]int{e, a})) {
			return true
		}
	}
	return false
}

// tellsNone reports whether a stretch holds no number.
func (x *reading) tellsNone(c [2]int) bool {
	return len(text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]])) == 0
}

// admitted reports whether the sentence that tells a number of evidence i sets it against what speaks for the item: that it is
// little, or much, is then said against it.
func (x *reading) admitted(i int) bool {
	e := x.ev[i]
	if e.Kind != because.PriceKind && (e.Kind != because.Attribute || e.Slots["value"].Kind != because.NumberSlot) {
		return false
	}
	return slices.ContainsFunc(x.clauses, func(c [2]int) bool {
		s := x.sentence(c[0])
		return x.tells(c, i) && conceding.any(x.r, s[0], s[1])
	})
}

// conceding turn to what speaks against an item.
var conceding = newPhrases().list("了点 了些 稍嫌 嫌 有点 有些 稍 尚 短板 弱点 弱项 不足 欠缺 先打个招呼 不过 但 但是 只是 就是 可惜 美中不足 缺点 短处 是贵了 价格不 价钱不 but though although however yet catch downside drawback be_aware be_warned mind heads-up")

// isWeak reports whether an attribute is as weak as the pack calls a weakness.
func (x *reading) isWeak(e because.Evidence) bool {
	f, v := x.pack.Fields[e.Ref], e.Slots["value"]
	if e.Kind != because.Attribute || v.Kind != because.NumberSlot {
		return false
	}
	if f.WeakAt == nil {
		return true
	}
	return f.Better == "more" && v.Number <= *f.WeakAt || f.Better == "less" && v.Number >= *f.WeakAt
}

// tells reports whether a clause holds a number of evidence i.
func (x *reading) tells(c [2]int, i int) bool {
	return slices.ContainsFunc(text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]]), func(n text.Number) bool {
		_, factor := text.Unit(n.Unit)
		return slices.ContainsFunc(x.numbers, func(o evidenceNumber) bool {
			return o.ev == i && o.slot != "" && (o.value == n.Value*factor || o.value == n.Value)
		})
	})
}

// sentence is the stretch between the ends of sentences around rune i.
func (x *reading) sentence(i int) [2]int {
	from, to := 0, len(x.clauses)-1
	for k, c := range x.clauses {
		if c[1] <= i && x.ends(k) {
			from = k + 1
		}
		if c[0] > i && k > 0 && x.ends(k-1) && k-1 < to {
			to = k - 1
		}
	}
	if from > to || to < 0 {
		return [2]int{i, i}
	}
	return [2]int{x.clauses[from][0], x.clauses[to][1]}
}

// answered is the sentence around rune i, and where it is a question the next one too.
func (x *reading) answered(i int) [2]int {
	s := x.sentence(i)
	if s[1]+1 < len(x.r) && strings.ContainsRune("?？", x.r[s[1]]) {
		for _, c := range x.clauses {
			if c[0] > s[1] {
				s[1] = x.sentence(c[0])[1]
				break
			}
		}
	}
	return s
}

// lacking returns the weakness that a denial at runes s to e tells, and where what it denies ends: "no lift" where an
// evidence says that the lift is lacking.
func (x *reading) lacking(c [2]int, s, e int) (ev, from, to int, ok bool) {
	stop := c[1]
	x.lex.negation.find(x.r, e, c[1], func(a, _ int, _ *phrase) { stop = min(stop, a) })
	best := stop
	for i, d := range x.ev {
		f := x.pack.Fields[d.Ref]
		v := d.Slots["value"]
		zero := v.Kind == because.NumberSlot && v.Number == 0 && digitZero.MatchString(v.Text)
		if !zero && (d.Kind != because.Drawback || len(f.Lack[x.lang]) == 0) {
			continue
		}
		objects := [][]rune{key(f.Label.In(x.lang))}
		for _, w := range x.pack.Same.Fields[d.Ref][x.lang] {
			objects = append(objects, key(w))
		}
		for _, w := range f.Lack[x.lang] {
			objects = append(objects, object(w))
		}
		for _, w := range f.Asks[x.lang] {
			if k := key(w); !x.lex.negation.any(k, 0, len(k)) {
				objects = append(objects, k)
			}
		}
		for _, o := range objects {
			if len(o) < 2 {
				continue
			}
			x.places(o, func(a, b int) {
				switch {
				case a >= e && b <= stop && a < best && a-e <= 16:
					best, ev, from, to, ok = a, i, s, b, true
				case !ok && b <= s && a >= c[0] && (s-b <= 2 || strings.TrimSpace(string(x.r[b:s])) == "it") && (c[1]-e <= 2 || given[strings.TrimSpace(string(x.r[e:c[1]]))]): // 电梯没有, "breakfast isn't served"
					ev, from, to, ok = i, a, e, true
				}
			})
		}
	}
	return ev, from, to, ok
}

// given says of what is denied that it would be there.
var given = set("served offered included available provided there supported fitted 提供 供应 配备 包含")

var digitZero = regexp.MustCompile(`^0\b|^0[^.\d]`)

// ordinals are English words for ranks.
var ordinals = map[string]float64{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "top": 1, "tops": 1, "topping": 1, "topped": 1, "leads": 1, "lead": 1, "heads": 1, "leading": 1, "heading": 1}

// rankBefore and rankBehind show that an ordinal is a rank among others.
var (
	rankBefore = newPhrases().list("rank ranks ranked ranking comes came coming sits stands placed places is it's was at our now currently as makes_it making_it puts_it putting_it in the")
	rankBehind = newPhrases().list("among of in on for most place spot overall our ours the by")
	byNumbers  = newPhrases().list("most popular most_popular most_viewed most_visited most_looked_at")
)

// ranks judges ranks that words tell: "third among walking courses", "our second most popular course".
func (x *reading) ranks() {
	if x.lang != because.English {
		return
	}
	ranked := x.ranking()
	for s, e := range x.words(0, len(x.r)) {
		w := string(x.r[s:e])
		value, ok := ordinals[w]
		if !ok || x.hard[s] || len(x.inFixed(s, e)) > 0 || slices.ContainsFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e }) {
			continue
		}
		c := x.clauseOf(s)
		before, behind := false, false
		rankBefore.find(x.r, max(c[0], s-10), s, func(_, b int, _ *phrase) { before = before || s-b == 1 })
		rankBehind.find(x.r, e, min(c[1], e+10), func(a, _ int, _ *phrase) { behind = behind || a-e == 1 })
		if w == "top" && before { // "the top short-bond fund"
			behind = behind || slices.ContainsFunc(x.values, func(v span) bool {
				return v.s == e+1 && slices.ContainsFunc(v.ev, func(i int) bool {
					return i >= 0 && (x.ev[i].Ref == "category" || x.ev[i].Slots["category"].Text != "" || x.ev[i].Slots["shared"].Ref == "category")
				})
			})
		}
		if leads := strings.HasPrefix(w, "lead") || strings.HasPrefix(w, "head"); leads {
			if rest := string(x.r[e:min(c[1], e+5)]); !strings.HasPrefix(rest, " our") && !strings.HasPrefix(rest, " the") && !strings.HasPrefix(rest, " all") && !strings.HasPrefix(rest, " its") {
				continue
			}
			before = true
		}
		if behind && !before && !strings.HasPrefix(w, "top") && strings.HasPrefix(string(x.r[e:min(c[1], e+5)]), " the ") {
			continue // "first the price"
		}
		if !behind && !(before && e+1 >= c[1]) || strings.HasPrefix(w, "top") && len(ranked) == 0 || x.fraction(s) {
			continue
		}
		if !before && value < 3 && len(ranked) == 0 {
			continue // "first of all", where nothing is ranked
		}
		end := e
		byNumbers.find(x.r, e, min(c[1], e+16), func(a, b int, _ *phrase) {
			if a <= end+1 {
				end = b
			}
		})
		x.cover(s, e)
		var ev []int
		for _, i := range ranked {
			if x.ev[i].Slots["rank"].Number == value {
				ev = append(ev, i)
			}
		}
		switch {
		case len(ev) > 0 && x.subject(c, s) != "other":
			x.ranked = append(x.ranked, span{s: s, e: end, ev: ev})
			x.cover(s, end)
			x.claim(because.ComparisonClaim, because.Supported, s, end, ev, because.Say(x.given.Lang, "The number is the evidence's."))
		case len(ranked) > 0:
			x.claim(because.ComparisonClaim, because.Contradicted, s, e, nil, because.Say(x.given.Lang, "The evidence has another number."))
		default:
			x.claim(because.ComparisonClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence has this number."))
		}
	}
}

// fraction reports whether an article before rune s makes an ordinal a part: a third of it.
func (x *reading) fraction(s int) bool {
	b := string(x.r[max(0, s-4):s])
	return strings.HasSuffix(b, " a ") || strings.HasSuffix(b, " an ") || strings.HasSuffix(b, "one ")
}

// ranking is the evidence that ranks the item.
func (x *reading) ranking() (ev []int) {
	for i, e := range x.ev {
		if e.Slots["rank"].Text != "" {
			ev = append(ev, i)
		}
	}
	return ev
}

// supposing makes what follows no statement: a condition, a possibility, a suggestion.
var supposing = newPhrases().list("if when whenever unless should can could may might would you'd shall let's perhaps maybe whether to_see to_compare 如果 要是 若 的话 可以 可 不妨 能 会 想 要 请 看看 试试 不如 何不 或许 也许 万一 假如 随时 需要时")

// foretelling says what will be.
var foretelling = newPhrases().list("will you'll it'll they'll going_to won't 将 将会 定会 必会")

// ofReader refuses what is said of the reader, or foretold, in plain words alone: "you work nights", "it will stay with you".
func (x *reading) ofReader(c [2]int) {
	backed := slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
		return cl.Start >= x.at[c[0]] && cl.End <= x.at[c[1]] && (cl.Verdict != because.Supported || len(cl.Evidence) > 0)
	}) || slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s >= c[0] && f.e <= c[1] && !f.p.word && x.content(f.s, f.e) && len(f.p.keys) > 0
	})
	if backed || slices.ContainsFunc(x.echoed, func(v span) bool { return v.s >= c[0] && v.e <= c[1] }) || x.restates(c) {
		return
	}
	x.loose(c)
	you := -1
	x.lex.you.find(x.r, c[0], min(c[1], c[0]+12), func(s, e int, p *phrase) {
		if w := string(p.r); you < 0 && !x.hard[s] && (s == c[0] || !text.IsHan(p.r[0])) && w != "your" && w != "you'd" {
			you = e
		}
	})
	will := foretelling.any(x.r, c[0], c[1])
	if you < 0 && !will || !will && supposing.any(x.r, c[0], c[1]) {
		return
	}
	if presented.any(x.r, c[0], c[1]) && len(x.names) > 0 {
		return
	}
	from := max(c[0], you)
	verb := func(s, e int) bool { return !contacts[string(x.r[s:e])] && !adverbs[string(x.r[s:e])] }
	said := false
	x.plain.find(x.r, from, c[1], func(s, e int, p *phrase) {
		said = said || !x.hard[s] && (text.IsHan(p.r[0]) || verb(s, e)) && x.content(s, e)
	})
	if said {
		x.claim(because.HistoryClaim, because.Unverifiable, c[0], c[1], nil, because.Say(x.given.Lang, "No evidence says this."))
	}
}

// presented is what is done with a reader who is told of an item.
var presented = newPhrases().list("you_are_shown you're_shown you_are_being_shown you're_being_shown you_are_seeing you're_seeing you_are_looking_at you're_looking_at you_are_offered you're_offered you_are_getting you're_getting")

// restates reports whether a Chinese clause holds four characters in a row of an evidence's sentence.
func (x *reading) restates(c [2]int) bool {
	for i := c[0]; i+4 <= c[1]; i++ {
		if text.IsHan(x.r[i]) && text.IsHan(x.r[i+3]) {
			if _, ok := x.inTexts(i, i+4); ok {
				return true
			}
		}
	}
	return false
}

// stating makes a statement of English words.
var stating = newPhrases().list("is are was were has have had does did it's that's they're 's 're")

// loose refuses a clause that no evidence bears and that is made of single words of wordings: they are licensed to stand with
// the values of those wordings, and not to state something new.
func (x *reading) loose(c [2]int) {
	if supposing.any(x.r, c[0], c[1]) || !stating.any(x.r, c[0], c[1]) || c[1] < len(x.r) && strings.ContainsRune(":：?？", x.r[c[1]]) {
		return
	}
	for _, f := range x.fixed {
		if f.s >= c[0] && f.e <= c[1] && f.p.word && len(f.p.keys) > 0 && !text.IsHan(x.r[f.s]) && string(f.p.r) != "'s" && x.content(f.s, f.e, x.plain) && len(x.inFixed(f.s, f.e)) == 0 {
			x.claim(because.AttributeClaim, because.Unverifiable, c[0], c[1], nil, because.Say(x.given.Lang, "No evidence says this."))
			return
		}
	}
}

// contacts are what the reader may be said to have done with an item by any evidence that names it.
var contacts = set("know knew known met seen turned came come went gone been got been had have has did do mentioned named said told asked gave given put set listed noted marked wrote typed entered filled stated wanted needed meant wished like liked looked wondered were was are is will would can could may might should must need needn't don't didn't haven't 're 'll")

// between you and a verb may stand these.
var adverbs = set("have 've had 'd already also recently once just even only first last both then often still ever always usually twice yourself earlier previously lately actually all both each")

// leaving are verbs of which "you" is the object: "left you undecided".
var leaving = set("leave leaves left keep keeps kept make makes made find finds found get gets got")

// stated are verbs for what a reader did to say what they want.
var stated = set("ticked listed chose picked selected named flagged set stated entered typed filled wrote followed added noted specified")

// statesOwn reports whether a clause holds what the reader stated.
func (x *reading) statesOwn(c [2]int) bool {
	return slices.ContainsFunc(slices.Concat(x.values, x.quotes), func(v span) bool {
		return v.s >= c[0] && v.e <= c[1] && slices.ContainsFunc(v.ev, func(i int) bool {
			return i >= 0 && slices.Contains([]because.EvidenceKind{because.Profile, because.Need, because.Searched}, x.ev[i].Kind)
		})
	})
}

// intoCart reports whether what the reader is said to have done at rune e ends in their cart, as evidence has it: "you popped
// it into your basket".
func (x *reading) intoCart(c [2]int, e int) bool {
	return slices.ContainsFunc(x.verbs.in(x, [2]int{e, c[1]}), func(d done) bool {
		return slices.Contains(d.kinds, because.Carted) && goal.any(x.r, max(e, d.s-12), d.s) && slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
			return cl.Kind == because.HistoryClaim && cl.Verdict == because.Supported && cl.Start == x.at[d.s]
		})
	})
}

var goal = newPhrases().list("in into to in_your into_your to_your")

// otherDeeds refuses what the reader is said to have done where no evidence tells of such a deed: "you finished Star River".
func (x *reading) otherDeeds(at int) {
	if x.lang != because.English {
		return
	}
	c := x.clauses[at]
	you := -1
	before := ""
	for s, e := range x.words(c[0], c[1]) {
		w, last := string(x.r[s:e]), before
		before = w
		switch {
		case w == "you" || w == "you've" || w == "you'd":
			if you = e; leaving[last] {
				you = -1
			}
			continue
		case you < 0:
			continue
		case adverbs[w] || s-you > 24:
			continue
		}
		you = -1
		if stated[w] && x.statesOwn(c) {
			x.cover(s, e)
			continue
		}
		if x.intoCart(c, e) {
			x.cover(s, e)
			continue
		}
		if contacts[w] || x.spent(c, s, e) || !pasts()[w] && !strings.HasSuffix(w, "ed") || x.hard[s] || len(x.inFixed(s, e)) > 0 || slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
			return cl.Kind == because.HistoryClaim && cl.Start <= x.at[s] && x.at[e] <= cl.End
		}) || slices.ContainsFunc(x.verbs.in(x, c), func(d done) bool { return d.s <= s && s < d.e }) {
			continue
		}
		x.cover(s, e)
		x.claim(because.HistoryClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "The reader's history as given does not hold it."))
	}
}

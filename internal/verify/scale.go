package verify

import (
	"slices"
	"strconv"
	"strings"

	"because"
	"because/internal/text"
)

// A scale holds what people say of where a number lies among others, and where it then does: at low to high of the stretch that the
// reader is used to, 0 being its lower end and 1 its upper.
type scale struct {
	low, high float64
	bare      bool // a denial says so little that it needs no stretch, only the number
	words     phrases
}

var scales = []scale{
	{.5, 2, false, newPhrases().list("偏高 偏贵 偏大 偏长 偏多 偏重 偏远 偏慢 偏上 靠上 靠上的 中间偏上 中等偏上")},
	{-1, .5, false, newPhrases().list("偏低 偏便宜 偏小 偏短 偏少 偏轻 偏近 偏快 偏下 靠下 靠下的 中间偏下 中等偏下")},
	{.2, .8, false, newPhrases().list("居中 正中间 中不溜 不高不低 不长不短 不大不小 不多不少 不轻不重 不快不慢 不远不近 不上不下")},
	{0, 1, false, newPhrases().list("没跑出这个圈 没出这个圈 没出圈 没跑出这个范围 没出这个范围 没超出这个范围 没超出范围 没跑出范围 在这个范围里 在这个范围内 在这个圈里 在范围里 在范围内 在区间里 在区间内")},
	{-1, .7, true, newPhrases().list("不高 不算高 谈不上高 算不上高 不太高 不怎么高 不长 不算长 谈不上长 算不上长 不太长 不大 不算大 谈不上大 不太大 不多 不算多 谈不上多 不贵 不算贵 谈不上贵 算不上贵 不太贵 不重 不算重 不远 不算远 不太远 不慢 不算慢")},
	{.3, 2, true, newPhrases().list("不低 不算低 谈不上低 算不上低 不太低 不短 不算短 谈不上短 不小 不算小 谈不上小 不少 不算少 谈不上少 不便宜 不算便宜 谈不上便宜 不轻 不算轻 不近 不算近 不太近 不快 不算快 不轻松 不算轻松 谈不上轻松")},
}

// grades are words for where a number of so many steps lies, 0 being the first and 1 the last.
var grades = []scale{
	{.7, 1, false, newPhrases().list("hard tough demanding challenging difficult 难 很难 偏难 挺难 最难 不好懂 不好学 不容易 不简单 有难度 有点难 吃力")},
	{0, .3, false, newPhrases().list("gentle easy undemanding 容易 好懂 好学 不难 不算难 很浅 偏浅 偏易 不吃力")},
}

// graded are the fields whose steps they are words for.
var graded = newPhrases().list("difficulty 难度")

// grade is where evidence i lies among the steps that the pack's unit has: "4 of 5".
func (x *reading) grade(i int) (at float64, ok bool) {
	e := x.ev[i]
	label := key(x.pack.Fields[e.Ref].Label.In(x.lang))
	v := e.Slots["value"]
	last, ok := strings.CutPrefix(x.pack.Units[v.Unit].En, "of ")
	n, err := strconv.ParseFloat(last, 64)
	if !ok || err != nil || n < 2 || e.Kind != because.Attribute || !graded.any(label, 0, len(label)) {
		return 0, false
	}
	return (v.Number - 1) / (n - 1), true
}

// grading finds the words of grades where the text tells the number too.
func (x *reading) grading() {
	for _, g := range grades {
		g.words.find(x.r, 0, len(x.r), func(a, b int, _ *phrase) {
			if x.hard[a] || x.insideLonger(g.words, a, b) {
				return
			}
			around := x.answered(a)
			for i := range x.ev {
				if at, ok := x.grade(i); ok && at >= g.low && at <= g.high && slices.ContainsFunc(x.clauses, func(c [2]int) bool { return c[0] >= around[0] && c[1] <= around[1] && x.tells(c, i) }) {
					x.weak = append(x.weak, span{s: a, e: b, ev: []int{i}})
					x.cover(a, b)
					x.claim(because.QualityClaim, because.Supported, a, b, []int{i}, because.Say(x.given.Lang, "The evidence says so."))
				}
			}
		})
	}
}

// scales finds the words that say where a number of the sentence lies, and holds them to the stretch that evidence tells of.
func (x *reading) scales() {
	x.grading()
	if x.lang != because.Chinese {
		return
	}
	for _, sc := range scales {
		sc.words.find(x.r, 0, len(x.r), func(a, b int, _ *phrase) {
			if x.hard[a] || slices.ContainsFunc(x.weak, func(w span) bool { return w.s <= a && b <= w.e }) {
				return
			}
			around := x.sentence(a)
			var fits, told []int
			misfit := false
			for i := range x.ev {
				if !slices.ContainsFunc(x.clauses, func(c [2]int) bool { return c[0] >= around[0] && c[1] <= around[1] && x.tells(c, i) }) {
					continue
				}
				at, ok := x.among(i)
				switch {
				case ok && at >= sc.low && at <= sc.high:
					fits = append(fits, i)
				case ok:
					misfit = true
				case x.ev[i].Kind == because.Attribute || x.ev[i].Kind == because.PriceKind || x.ev[i].Kind == because.Drawback:
					told = append(told, i)
				}
			}
			if len(fits) == 0 && sc.bare && !misfit {
				fits = told
			}
			if len(fits) > 0 {
				x.weak = append(x.weak, span{s: a, e: b, ev: fits})
				x.cover(a, b)
				x.claim(because.QualityClaim, because.Supported, a, b, fits, because.Say(x.given.Lang, "The evidence says so."))
			}
		})
	}
}

// among is where this item's number of evidence i lies in the stretch that the reader is used to.
func (x *reading) among(i int) (at float64, ok bool) {
	e := x.ev[i]
	var ends []text.Number
	value := e.Slots["value"]
	switch e.Kind {
	case because.Fit:
		ends = text.Numbers(e.Slots["own"].Text)
	case because.PriceKind:
		value = e.Slots["price"]
		_, rest, _ := strings.Cut(e.Text, "；")
		ends = text.Numbers(rest)
	}
	own := text.Numbers(value.Text)
	if len(ends) < 2 || len(own) != 1 || own[0].Unit != ends[1].Unit || ends[0].Unit != "" && ends[0].Unit != ends[1].Unit || ends[0].Value >= ends[1].Value {
		return 0, false
	}
	return (own[0].Value - ends[0].Value) / (ends[1].Value - ends[0].Value), true
}

// heads say that an item stands first.
var heads = newPhrases().list("榜首 位居榜首 名列榜首 登上榜首 排名第一 排第一 排在第一 位列第一 名列第一 第一名 头名 头一名")

// firsts finds words for the first rank where evidence ranks the item first.
func (x *reading) firsts() {
	ev := slices.DeleteFunc(x.ranking(), func(i int) bool { return x.ev[i].Slots["rank"].Number != 1 })
	if x.lang != because.Chinese || len(ev) == 0 {
		return
	}
	heads.find(x.r, 0, len(x.r), func(s, e int, _ *phrase) {
		if x.hard[s] || len(x.namesIn(x.clauseOf(s))) > 0 {
			return
		}
		x.ranked = append(x.ranked, span{s: s, e: e, ev: ev})
		x.cover(s, e)
		x.claim(because.ComparisonClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The number is the evidence's."))
	})
}

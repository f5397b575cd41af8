package verify

import (
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// goings are the words that say which way a number went.
var goings = []way{
	{1, nil, newPhrases().list("涨 涨了 上涨 上涨了 升 升了 升到 升至 上升 上升了 涨到 涨至 增 增加 增加了 增长 增长了 走高 攀升 往上走 往上走了 多了起来 rise rises rising rose risen grow grows growing grew grown increase increases increased increasing climb climbs climbed climbing jump jumps jumped gained up went_up gone_up going_up")},
	{-1, nil, newPhrases().list("跌 跌了 下跌 下跌了 跌到 跌至 降 降了 降到 降至 降价 下降 下降了 下调 下调了 减 减少 减少了 减到 走低 回落 便宜了 往下走 往下走了 落 落了 落到 fall falls falling fell fallen drop drops dropping dropped decrease decreases decreased decreasing decline declines declined declining slip slips slipped cut reduced lowered came_down come_down coming_down down went_down gone_down going_down")},
}

// sooner are words that say which way a number went where they stand right before how far: 少 12%, "more 12%".
var sooner = []way{{1, nil, newPhrases().list("多 higher more")}, {-1, nil, newPhrases().list("少 lower fewer less")}}

// wentWay holds the words for rising and falling to the way that a number of a trend went, where the clause tells how far or
// of what: "the price fell 11.4%", 点播在涨.
func (x *reading) wentWay(c [2]int) {
	for _, i := range x.ofKinds(because.Trend) {
		change := x.ev[i].Slots["change"].Number
		if change == 0 {
			continue
		}
		steps := x.stepsOf(c, i, true)
		judge := func(sign int, a, b int) {
			switch {
			case x.hard[a] || x.inLonger(a, b) && len(steps) == 0:
			case float64(sign)*change > 0 && !x.ofOtherField(c, a, i):
				x.cover(a, b)
				x.went = append(x.went, span{s: a, e: b, ev: []int{i}})
				x.claim(because.ComparisonClaim, because.Supported, a, b, []int{i}, because.Say(x.given.Lang, "The evidence says so."))
			default:
				x.cover(a, b)
				x.claim(because.ComparisonClaim, because.Contradicted, a, b, []int{i}, because.Say(x.given.Lang, "The evidence says the opposite."))
			}
		}
		for _, w := range goings {
			w.words.find(x.r, c[0], c[1], func(a, b int, _ *phrase) {
				if slices.ContainsFunc(steps, func(n [2]int) bool { return x.reaches(a, b, n) }) || len(steps) == 0 && x.series(c, i) {
					judge(w.sign, a, b)
				}
			})
		}
		for _, w := range sooner {
			for _, n := range steps {
				w.words.find(x.r, max(c[0], n[0]-4), n[0], func(a, b int, _ *phrase) {
					if float64(w.sign)*change < 0 {
						judge(w.sign, a, b)
					}
				})
			}
		}
		if len(steps) > 0 {
			seeing.find(x.r, c[0], c[1], func(a, b int, _ *phrase) { x.cover(a, b) })
		}
	}
}

// seeing is what a thing does of which a number changes: "saw its price fall".
var seeing = newPhrases().list("saw_its sees_its has_seen_its")

// stepsOf are the places in a clause of how far the number of trend i went and, if asked for, of what it reached.
func (x *reading) stepsOf(c [2]int, i int, reached bool) (out [][2]int) {
	change, value := math.Abs(x.ev[i].Slots["change"].Number), x.ev[i].Slots["value"]
	base, factor := sortOf(value)
	for _, n := range text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]]) {
		s, e := x.rune(x.at[c[0]]+n.Start), x.rune(x.at[c[0]]+n.End)
		of, times := counted{n}.sort()
		if far := n.Percent && math.Abs(n.Value-change) <= 1e-9; !x.hard[s] && (far || reached && value.Number != 0 && of == base && n.Value*times == value.Number*factor) {
			out = append(out, [2]int{s, e})
		}
	}
	return out
}

// ofOtherField reports whether a word at rune a is said of another number of the item's than trend i is of: the clause does not
// name that one, and names the other right before, with no number between.
func (x *reading) ofOtherField(c [2]int, a, i int) bool {
	own := x.pack.Series[x.ev[i].Ref].Label.In(x.lang)
	named := func(label string) (yes bool) {
		if k := key(label); len(k) > 1 && !holds(key(own), k) && !holds(k, key(own)) && !holds(x.texts[i], k) {
			x.places(k, func(s, e int) {
				between := slices.DeleteFunc(text.Numbers(x.text[x.at[e]:max(x.at[e], x.at[a])]), func(n text.Number) bool {
					return x.inTime(x.rune(x.at[e]+n.Start), x.rune(x.at[e]+n.End))
				})
				yes = yes || s >= c[0] && e <= a && len(between) == 0
			})
		}
		return yes
	}
	if holds(x.r[c[0]:c[1]], key(own)) {
		return false
	}
	for _, s := range x.pack.Series {
		if named(s.Label.In(x.lang)) {
			return true
		}
	}
	for _, f := range x.pack.Fields {
		if f.Unit != "" && named(f.Label.In(x.lang)) {
			return true
		}
	}
	return false
}

// reaches reports whether a word is so close to a number that it may say of it which way it went, or stands behind it and says
// where it got to.
func (x *reading) reaches(a, b int, n [2]int) bool {
	reach := 8
	if x.lang == because.English {
		reach = 40
	}
	if a >= n[1] {
		return a-n[1] <= reach
	}
	return b <= n[0] && n[0]-b <= reach
}

// series reports whether a clause names what the number of trend i is of, and nothing in it tells of another item.
func (x *reading) series(c [2]int, i int) bool {
	label := key(x.pack.Series[x.ev[i].Ref].Label.In(x.lang))
	return len(label) > 0 && holds(x.r[c[0]:c[1]], label) && len(x.namesIn(c)) == 0
}

// arrivals are the words that call an item new.
var arrivals = newPhrases().list("新品 新款 新货 新到 新到的 新上 新上的 上的新 新上架 新上架的 刚上架 刚上架的 上架 上架的 上新 刚到 刚到的 新来 新来的 刚来 刚来的 才来 才到 刚出 刚出的 新出 新出的 刚上线 新上线 上线 新面孔 新入库 入库 " +
	"new brand_new brand-new newly newly_added newly_arrived newly_listed just_came_out just_come_out came_out just_came_in came_in just_arrived arrived just_landed landed just_joined joined joined_us joined_our just_added just_in just_out just_listed new_arrival recent_arrival arrival newcomer new_in fresh_in freshly_added fresh_on_our fresh_on_the")

// novelty are those that can mean nothing else.
var novelty = newPhrases().list("新品 新款 新上架 刚上架 上新 刚上线 新上线 brand_new brand-new newly_added newly_arrived newly_listed just_came_out just_come_out just_came_in just_arrived just_landed just_added just_listed new_arrival recent_arrival newcomer")

// newness holds the words that call this item new to the evidence that it is. When it came is judged as a time.
func (x *reading) newness() {
	news := x.ofKinds(because.NewItem)
	if len(news) == 0 {
		novelty.find(x.r, 0, len(x.r), func(s, e int, _ *phrase) {
			if _, ok := x.backed(s, e); !ok && !x.hard[s] && len(x.namesIn(x.clauseOf(s))) == 0 {
				x.claim(because.TimeClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence says this."))
			}
		})
		return
	}
	for _, c := range x.clauses {
		if len(x.namesIn(c)) > 0 {
			continue // it may be the other that is new
		}
		arrivals.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
			if x.hard[s] || x.inLonger(s, e) || slices.ContainsFunc(x.went, func(o span) bool { return o.s <= s && e <= o.e && o.e-o.s > e-s }) {
				return
			}
			x.went = append(x.went, span{s: s, e: e, ev: news})
			x.cover(s, e)
			x.claim(because.TimeClaim, because.Supported, s, e, news, because.Say(x.given.Lang, "The evidence says so."))
		})
	}
}

// ofChange is the evidence of what changes with time that a clause tells: of a trend whose step it tells, or that the item is
// new. What time the clause tells is of that.
func (x *reading) ofChange(c [2]int) (ev []int) {
	for _, i := range x.ofKinds(because.Trend) {
		if len(x.stepsOf(c, i, false)) > 0 {
			ev = append(ev, i)
		}
	}
	for _, w := range x.went {
		if w.s >= c[0] && w.e <= c[1] {
			ev = append(ev, w.ev...)
		}
	}
	return ev
}

// periods finds stretches of time that are told in other words than an evidence's, and are as long: 三个月来 for the last 90 days.
func (x *reading) periods() {
	for _, n := range x.spansOf() {
		if x.hard[n.s] || slices.ContainsFunc(x.times, func(t text.Time) bool { return t.Start < x.at[n.e] && x.at[n.s] < t.End }) {
			continue
		}
		told := x.text[x.at[n.s]:x.at[n.e]]
		for _, e := range x.ev {
			if !slices.ContainsFunc(sorted(e.Slots), func(name string) bool {
				return e.Slots[name].Kind == because.DateSlot && sameAgo(told, e.Slots[name].Text) == 1
			}) {
				continue
			}
			x.times = append(x.times, text.Time{Start: x.at[n.s], End: x.at[n.e], Text: told})
			break
		}
	}
}

// before and behind a number of days, weeks or months these make a stretch up to now of it.
var (
	upToNow = newPhrases().list("in over within for during the_last the_past past last of_the_last 这 近 最近 过去 过去的 前")
	sinceIt = newPhrases().list("来 里 内 间 之内 以来 中 下来")
)

// spansOf are the numbers of days, weeks and months that may be stretches up to now.
func (x *reading) spansOf() (out []span) {
	for _, n := range text.Numbers(x.text) {
		base, factor := text.Unit(n.Unit)
		if base != "month" && (base != "s" || factor < 24*60*60) {
			continue
		}
		s, e := x.rune(n.Start), x.rune(n.End)
		found := false
		upToNow.find(x.r, max(0, s-14), s, func(_, b int, _ *phrase) { found = found || strings.TrimSpace(string(x.r[b:s])) == "" })
		sinceIt.find(x.r, e, min(len(x.r), e+2), func(a, _ int, _ *phrase) { found = found || a == e })
		if found {
			out = append(out, span{s: s, e: e})
		}
	}
	return out
}

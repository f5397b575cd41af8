package verify

import (
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// A portion is a number that says how large a part one number is of another: 一半, 三成, 十分之一.
type portion struct {
	span
	of    float64
	bound string // as text.Number has it: over, under, about
}

// portionsIn reads the portions of runes c.
func (x *reading) portionsIn(c [2]int) (out []portion) {
	for i := c[0]; i < c[1]; i++ {
		p := portion{span: span{s: i}}
		rest := string(x.r[i:c[1]])
		switch {
		case x.hard[i]:
		case strings.HasPrefix(rest, "一多半"), strings.HasPrefix(rest, "一大半"):
			p.of, p.e, p.bound = .5, i+3, "over"
		case strings.HasPrefix(rest, "一小半"):
			p.of, p.e, p.bound = .5, i+3, "under"
		case strings.HasPrefix(rest, "一半"):
			p.of, p.e = .5, i+2
		default:
			p.of, p.e = x.tenths(i, c[1])
		}
		if p.e == 0 {
			continue
		}
		around := string(x.r[max(c[0], i-3):i])
		behind := string(x.r[p.e:min(c[1], p.e+4)])
		switch {
		case strings.HasPrefix(behind, "多"), strings.HasPrefix(behind, "出头"), strings.HasSuffix(around, "超过"), strings.HasSuffix(around, "不止"):
			p.bound = "over"
		case strings.HasSuffix(around, "不到"), strings.HasSuffix(around, "不足"):
			p.bound = "under"
		case strings.HasPrefix(strings.TrimLeft(behind, "都还也"), "不到"):
			p.bound = "under"
			p.e += len([]rune(behind)) - len([]rune(strings.TrimLeft(behind, "都还也")))
			x.bounds = append(x.bounds, span{s: p.e, e: p.e + 2})
		case p.bound == "" && about.any(x.r, max(c[0], i-3), min(c[1], p.e+2)):
			p.bound = "about"
		}
		if p.bound == "over" && strings.HasPrefix(behind, "多") {
			p.e++
		}
		i = p.e - 1
		out = append(out, p)
	}
	return out
}

// about are words by which a portion is no more than near.
var about = newPhrases().list("约 大约 近 将近 接近 差不多 几乎 快 左右 上下")

// tenths reads 三成 and 十分之一 at rune i: the portion and where it ends.
func (x *reading) tenths(i, end int) (of float64, e int) {
	digit := func(k int) float64 {
		if k >= end {
			return -1
		}
		return float64(strings.IndexRune("零一二三四五六七八九十", x.r[k]) / len("一"))
	}
	a := digit(i)
	if a < 1 {
		return 0, 0
	}
	if i+1 < end && x.r[i+1] == '成' && a < 10 && !(i+2 < end && strings.ContainsRune("为了本功员年立就交", x.r[i+2])) {
		if b := digit(i + 2); b >= 1 && b < 10 {
			return (a + b/10) / 10, i + 3
		}
		if i+2 < end && x.r[i+2] == '半' {
			return (a + .5) / 10, i + 3
		}
		return a / 10, i + 2
	}
	if b := digit(i + 3); a > 1 && i+3 < end && string(x.r[i+1:i+3]) == "分之" && b >= 1 {
		return b / a, i + 4
	}
	return 0, 0
}

// lessening says that a portion is what is gone and not what is left: 短了一半, 省下三成.
var lessening = newPhrases().list("少 短 降 跌 砍 砍掉 省 减 轻 低 便宜 快 落 小 缩 缩短")

// portions judges the portions of a clause against the numbers that evidence sets beside each other, this item's and another's,
// what the reader entered and the item has, and how far a number went; it returns where they stand.
func (x *reading) portions(c [2]int) (out []span) {
	if x.lang != because.Chinese {
		return nil
	}
	for _, p := range x.portionsIn(c) {
		if len(x.inFixed(p.s, p.e)) > 0 || slices.ContainsFunc(x.values, func(v span) bool { return v.s <= p.s && p.e <= v.e }) {
			continue
		}
		out = append(out, p.span)
		x.cover(p.s, p.e)
		about.find(x.r, max(c[0], p.s-3), min(c[1], p.e+2), func(s, e int, _ *phrase) { x.cover(s, e) })
		var right, others []int
		for i := range x.ev {
			for _, is := range x.portionsOf(c, i, p.s) {
				if agrees(text.Number{Bound: p.bound}, p.of, math.Round(is*100)/100) {
					right = append(right, i)
				} else {
					others = append(others, i)
				}
			}
		}
		lang := x.given.Lang
		switch {
		case len(right) > 0:
			lessening.find(x.r, max(c[0], p.s-4), p.s, func(s, e int, _ *phrase) { x.cover(s, e) })
			x.claim(because.ComparisonClaim, because.Supported, p.s, p.e, right, because.Say(lang, "The evidence compares them."))
		case len(others) > 0:
			x.claim(because.ComparisonClaim, because.Contradicted, p.s, p.e, others, because.Say(lang, "The evidence has another number."))
		default:
			x.claim(because.ComparisonClaim, because.Unverifiable, p.s, p.e, nil, because.Say(lang, "No evidence compares them."))
		}
	}
	return out
}

// portionsOf are the portions that evidence i may tell at rune s of a clause.
func (x *reading) portionsOf(c [2]int, i, s int) []float64 {
	e := x.ev[i]
	less := lessening.any(x.r, max(c[0], s-4), s)
	around := x.sentence(s)
	ratio := func(a, b float64) []float64 {
		if a <= 0 || b <= 0 {
			return nil
		}
		if less {
			return []float64{1 - a/b}
		}
		return []float64{a / b}
	}
	switch e.Kind {
	case because.Versus:
		names := slices.DeleteFunc(slices.Concat(x.namesIn(around), x.namesIn(c)), func(n span) bool { return !slices.Contains(n.ev, i) })
		if len(names) == 0 && len(x.namesIn(around)) > 0 || !x.of(around, i) {
			return nil
		}
		return ratio(e.Slots["value"].Number, e.Slots["other"].Number)
	case because.Profile, because.Need:
		own := e.Slots["value"]
		if own.Kind != because.NumberSlot {
			own = e.Slots["bound"]
		}
		if x.tells(around, i) {
			return ratio(e.Slots["shared"].Number, own.Number)
		}
	case because.Trend:
		up := e.Slots["change"].Number > 0
		if far := math.Abs(e.Slots["change"].Number) / 100; up != less && (x.of(around, i) || x.tells(around, i)) {
			return []float64{far}
		}
	}
	return nil
}

// of reports whether a stretch tells a number of evidence i or names its field.
func (x *reading) of(c [2]int, i int) bool {
	if x.tells(c, i) {
		return true
	}
	field := x.ev[i].Ref
	return slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s >= c[0] && f.e <= c[1] && slices.ContainsFunc(f.p.keys, func(k string) bool { _, name, _ := strings.Cut(k, ":"); return name == field })
	})
}

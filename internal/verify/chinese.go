package verify

import (
	_ "embed"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// plainZh are Chinese words that people use around facts, one class a line.
//
//go:embed plain.zh.txt
var plainZh string

// chinesePlain yields the words of plainZh.
func chinesePlain(yield func(string) bool) {
	for line := range strings.Lines(plainZh) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(line) {
			if !yield(w) {
				return
			}
		}
	}
}

// chinese covers what no list knows and states nothing by where it stands in a Chinese clause.
func (x *reading) chinese(c [2]int) {
	if x.lang != because.Chinese {
		return
	}
	x.degrees(c)
	x.purposes(c)
	x.loners(c)
	for i := c[0] + 1; i+1 < c[1]; i++ {
		if x.r[i] == '不' && x.asksWhether(c, i, i+1) {
			x.cover(i, i+1)
		}
	}
}

// degreeHan say that a value is so in some degree.
const degreeHan = "偏较略稍挺蛮颇更很"

// degrees covers the degree in which the item has a value that evidence bears: 味道偏慢, where it is 慢.
func (x *reading) degrees(c [2]int) {
	for s, e := range x.unknown(c) {
		if e-s == 1 && strings.ContainsRune(degreeHan, x.r[s]) && slices.ContainsFunc(x.values, func(v span) bool {
			return v.kind == because.WordSlot && v.s == e && len(v.ev) > 0
		}) {
			x.cover(s, e)
		}
	}
}

// lonerHan are verbs, adverbs and particles of one character which, standing alone among words that are judged, say no more than
// that something is told, counted or set beside something. In company they may be parts of words that do.
const lonerHan = "倒算归推聊占属系像似列冲奔按故则便既若凡各某另挨拎搁凑叫称名谓讲论谈述云摆递呈含剩缩砍凭借趁随着吧呢嘛啊呀哦啦呗咯喽才刚正恰却可倘也亦都均皆俱已曾将应肯敢约近逾足仍且并而或由至懂册屋"

// loners covers such characters.
func (x *reading) loners(c [2]int) {
	for s, e := range x.unknown(c) {
		if e-s == 1 && strings.ContainsRune(lonerHan, x.r[s]) && !x.lex.quality.any(x.r, max(c[0], s-1), min(c[1], e+1)) {
			x.cover(s, e)
		}
	}
}

// bearsName reports whether right behind rune e, but for 的 and an opening mark, stands the name of another item: 入手的《甲》.
func (x *reading) bearsName(e int) bool {
	for e < len(x.r) && strings.ContainsRune("的了过《「“\"『 ", x.r[e]) {
		e++
	}
	return slices.ContainsFunc(x.names, func(n span) bool { return n.s == e && n.ev[0] >= 0 })
}

// toldOf are words for what is told: to count them states nothing of the item.
const toldOf = "点条样处项头者方桩件"

// tellsCount reports whether a Chinese number counts what the text itself has told or supposes, or one of what the next number is
// said of: 这两点, 下一步, 连上两节, 一集 41 分钟.
func (x *reading) tellsCount(n text.Number, s, e int) bool {
	if x.lang != because.Chinese || n.Bound != "" || s == 0 {
		return false
	}
	before := x.r[s-1]
	switch {
	case n.Value == 1 && x.r[s] == '一' && strings.ContainsRune("下上前另同某进逐", before):
		return true
	case n.Value >= 2 && n.Value <= 4 && strings.ContainsRune("这那前后", before) && strings.ContainsRune(toldOf, x.r[e-1]):
		return true
	}
	base, _ := text.Unit(n.Unit)
	if n.Value == 1 && startsNumber(x.r, e) || (base == "lesson" || base == "time") && e < len(x.r) && strings.ContainsRune("的要得", x.r[e]) {
		return n.Value == 1 // 一集 41 分钟
	}
	return (base == "lesson" || base == "time" || base == "count") && supposed.any(x.r, max(0, s-4), s)
}

// supposed stand before a number of times that is no more than thought of.
var supposed = newPhrases().list("连上 连着 连着上 连看 连着看 连听 连着听 连读 连着读 连做 连着做 连练 连着练 分成 分作 分")

// givesMarks reports whether 打 at rune s gives an item marks: 打五分.
func (x *reading) givesMarks(s int) bool {
	n := text.Numbers(string(x.r[s+1 : min(len(x.r), s+9)]))
	return len(n) > 0 && n[0].Start <= 1 && n[0].Unit == "分"
}

// asksWhether reports whether a denial at runes s to e stands between the same word twice: 要不要, 买不买.
func (x *reading) asksWhether(c [2]int, s, e int) bool {
	return x.lang == because.Chinese && e-s == 1 && s > c[0] && e < c[1] && x.r[s-1] == x.r[e] && text.IsHan(x.r[e])
}

// asks reports whether a clause is a question.
func (x *reading) asks(c [2]int) bool {
	return x.lang == because.Chinese && c[1] < len(x.r) && strings.ContainsRune("?？", x.r[c[1]])
}

// timesAWeek reports whether what looks like a day of the week is how often something is in one: 每周四次.
func (x *reading) timesAWeek(t text.Time) bool {
	s, e := x.rune(t.Start), x.rune(t.End)
	return x.lang == because.Chinese && t.Weekday != "" && (x.r[s] == '每' || s > 0 && x.r[s-1] == '每') && e < len(x.r) && strings.ContainsRune("次节回趟堂遍天", x.r[e])
}

// suggested reports whether a time is when the reader might do something, and not when they did: 今晚不妨看.
func (x *reading) suggested(c [2]int, e int) bool {
	return x.lang == because.Chinese && suggesting.any(x.r, e, min(c[1], e+4)) && len(x.verbs.in(x, c)) == 0
}

var suggesting = newPhrases().list("不妨 可以看 可以试 可以听 可以读 可以学 正好可以 要是 有空 得空 闲下来 想看 想听 想读 想学")

// thought reports whether what is done in a clause before rune s is only thought of, and by nobody in particular: 要追完四十六集.
func (x *reading) thought(c [2]int, s int) bool {
	return x.lang == because.Chinese && wanting.any(x.r, max(c[0], s-5), s)
}

var wanting = newPhrases().list("想 要 想要 打算 准备 得 需要 能 可以 可 不用 若 要是 如果 慢慢")

// idioms hold characters for numbers and count nothing.
var idioms = newPhrases().list("三思 一口气 两码事 三三两两 一次看完 一次追完 一次读完 一次听完 一次学完 一次性 八九不离十 一五一十 一来二去 七七八八 十之八九 一清二楚 一目了然 四平八稳 三言两语 一二 千篇一律 一干二净")

// touching are verbs by which any deed may be told.
var touching = newPhrases().list("碰 接触 遇到 遇 见 沾 提到 说到 讲到 选 挑 留意 错过")

// strangeDeeds refuses what the reader is said to have done with a named item by a verb that no evidence tells of: 您赎回了《甲》.
func (x *reading) strangeDeeds(c [2]int) {
	if x.lang != because.Chinese {
		return
	}
	for _, n := range x.namesIn(c) {
		e := n.s
		for e > c[0] && strings.ContainsRune("《「“\"『 ", x.r[e-1]) {
			e--
		}
		if e-3 < c[0] || !strings.ContainsRune("了过", x.r[e-1]) || !x.lex.you.any(x.r, c[0], e-3) {
			continue
		}
		s := e - 3
		if !text.IsHan(x.r[s]) || x.hard[s] || touching.any(x.r, s, e-1) || slices.ContainsFunc(x.verbs.in(x, c), func(d done) bool { return d.e >= e-1 && d.s < e }) || len(x.inFixed(e-2, e-1)) > 0 {
			continue
		}
		x.cover(s, e)
		x.claim(because.HistoryClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "The reader's history as given does not hold it."))
	}
}

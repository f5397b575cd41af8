package text

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Numbers are all numbers of s in order, whatever script they are written in: 14, 1,299.50, 1.2万, 十二, 一万二, 两, 半,
// twelve, 12K, 八折, 20%, 百分之二十, half, ½, ¥99, $5. Numerals inside words (一起, 5G, MP3) are none.
//
// 八折 has Unit "折" and Value 20, the percentage taken off. An ordinal (第三, 3rd) has Unit "第".
func Numbers(s string) []Number {
	p := newScanner(s)
	var out []Number
	for i := 0; i < len(p.r); {
		n, end, ok := p.number(i)
		if !ok {
			i = p.skip(i)
			continue
		}
		out = append(out, n)
		i = end
	}
	out = compound(s, out)
	for i := len(out) - 2; i >= 0; i-- { // 3–5天: the unit serves both
		between := s[out[i].End:out[i+1].Start]
		ranged := Ranged(between) || strings.TrimSpace(between) == "and" && strings.HasSuffix(strings.TrimRight(s[:out[i].Start], " ¥￥$€£"), "between")
		switch {
		case !ranged:
		case out[i].Unit == "" && out[i+1].Unit != "第":
			out[i].Unit, out[i].Percent = out[i+1].Unit, out[i+1].Percent
		case out[i+1].Unit == "" && (out[i].Unit == "元" || out[i].Unit == "$"): // ¥119 to 359
			out[i+1].Unit = out[i].Unit
		}
	}
	return out
}

// compound joins a number with the smaller one of the same sort that follows it: 1 小时 25 分钟, an hour and 25 minutes. The
// unit is that of the smaller.
func compound(s string, list []Number) []Number {
	out := list[:0]
	for _, n := range list {
		if len(out) > 0 {
			last := &out[len(out)-1]
			big, x := Unit(last.Unit)
			small, y := Unit(n.Unit)
			switch strings.TrimSpace(s[last.End:n.Start]) {
			case "", "and", "零", "又", ",":
				if compounds[big] && big == small && x > y && n.Value*y < x && n.Value > 0 && !last.Percent && last.Bound != "under" && n.Unit != "月" && n.Unit != "日" {
					last.Value, last.Unit = last.Value*x/y+n.Value, n.Unit
					last.End, last.Text = n.End, s[last.Start:n.End]
					if last.Bound == "" {
						last.Bound, last.Approx = n.Bound, n.Approx
					}
					continue
				}
			}
		}
		out = append(out, n)
	}
	return out
}

// compounds are the bases whose units follow one another in one number.
var compounds = map[string]bool{"s": true, "month": true, "g": true, "m": true}

// Ranged reports whether what stands between two numbers makes a range of them: 3–5天, 200 到 300 元.
func Ranged(s string) bool {
	switch strings.TrimSpace(s) {
	case "-", "~", "～", "–", "—", "至", "到", "to", "或", "or":
		return true
	}
	return false
}

// scanner reads numbers off a folded text.
type scanner struct {
	s  string
	r  []rune
	at []int
}

func newScanner(s string) *scanner {
	r, at := Spread(s)
	return &scanner{s, r, at}
}

// skip is the next index after i where a number may start: words are skipped whole.
func (p *scanner) skip(i int) int {
	for _, w := range notNumbers[p.r[i]] {
		if p.has(i, w) && !p.counts(i, w) {
			return i + w.n
		}
	}
	if isLatin(p.r[i]) {
		for i < len(p.r) && (isLatin(p.r[i]) || isDigit(p.r[i]) && i > 0 && isLatin(p.r[i-1])) {
			i++
		}
		return i
	}
	return i + 1
}

// word is a folded word and its length in runes.
type word struct {
	s string
	r []rune
	n int
}

func words(list string) []word {
	var out []word
	for _, w := range strings.Split(list, " ") {
		w = strings.ReplaceAll(w, "_", " ")
		r := []rune(w)
		out = append(out, word{w, r, len(r)})
	}
	return out
}

func byRune(list []word) map[rune][]word {
	m := map[rune][]word{}
	for _, w := range list {
		m[w.r[0]] = append(m[w.r[0]], w)
	}
	return m
}

func (p *scanner) has(i int, w word) bool {
	if i < 0 || i+w.n > len(p.r) {
		return false
	}
	for k, r := range w.r {
		if p.r[i+k] != r {
			return false
		}
	}
	return true
}

// hasWord is has with a word boundary after a Latin word.
func (p *scanner) hasWord(i int, w word) bool {
	return p.has(i, w) && !(isLatin(w.r[w.n-1]) && i+w.n < len(p.r) && isLatin(p.r[i+w.n]))
}

func (p *scanner) first(i int, list []word) (word, bool) {
	for _, w := range list {
		if p.hasWord(i, w) {
			return w, true
		}
	}
	return word{}, false
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r > 0x7F && unicode.Is(unicode.Latin, r) }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// notNumbers are words that hold a numeral without counting anything.
var notNumbers = byRune(words("一起 一样 一下 一些 一定 一直 一般 一旦 一切 一律 一致 一向 一贯 一边 一面 一样 一旁 一再 一时 一瞬 一味 一体 一举 一流 一线 一手 一共 一并 一同 一路 一身 一心 一口气 一案到底 " +
	"一点点 一点儿 一点 一会儿 一会 一阵 一番 一眼 一连 一气 一应 一日游 一站式 一键 十分 十足 万一 千万别 千万不 百科 百货 百搭 百合 百姓 百年 千里 万象 万能 万物 万家 三星 三国 三角 三亚 三明治 四川 四季 四周 " +
	"五金 五官 五香 六安 七夕 八卦 九州 九寨 双十 半导体 半岛 半自动 半身 半决赛 一半时间 唯一 统一 单一 万达 两者 两边 两侧 两岸 三维 二维 二手 二次元 三餐 一日三餐 五星级 四大 一二线 三文鱼 " +
	"亿万 万人 千人一面 七零八落 乱七八糟 一年四季 八成 一五一十 独一无二 一无 一丝 九九归一 朝九晚五 百度 百万富翁 一来 零食 零售 零件 零基础 零钱 点一 一读就 一看就 一听就 一上手 一家人 一个人 周一 周二 周三 周四 周五 周六 星期一 星期二 星期三 星期四 星期五 星期六 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 一致 一目 一览 一席 一气呵成 一如 一反 一改 一针 一鼓 一马 一帆 一望 一应俱全"))

var (
	overBefore  = words("超过 不止 不少于 不低于 至少 起码 多于 高于 最少 over more_than at_least upwards_of no_less_than >= > ≥")
	underBefore = words("不到 不足 少于 不超过 低于 最多 至多 under less_than up_to at_most no_more_than fewer_than < ≤ <=")
	aboutBefore = words("大约 大概 约 近 将近 接近 差不多 约为 上下 about around roughly nearly almost approximately some ~ ≈ close_to")
	overAfter   = words("以上 多 余 有余 出头 开外 起 + or_more and_up plus")
	underAfter  = words("以下 以内 之内 or_less or_fewer")
	aboutAfter  = words("左右 上下 来 or_so 前后")
)

// number reads the number that starts at rune i.
func (p *scanner) number(i int) (Number, int, bool) {
	for _, w := range notNumbers[p.r[i]] {
		if p.has(i, w) && !p.counts(i, w) {
			return Number{}, i, false
		}
	}
	start, n := i, Number{}
	if i > 0 && isLatin(p.r[i]) && (isLatin(p.r[i-1]) || isDigit(p.r[i-1])) {
		return n, i, false
	}
	if cur, m := p.currency(i); m > 0 {
		n.Unit, i = cur, i+m
	}
	v, end, ok := p.percentPrefix(i, &n)
	if !ok {
		if v, end, ok = p.spell(i, &n); ok {
			return p.finish(n, start, end, v)
		}
		v, end, ok = p.value(i, &n)
	}
	if !ok {
		return n, start, false
	}
	n.Value = v
	if start > 0 && (p.r[start-1] == '-' || p.r[start-1] == '−' || p.r[start-1] == '负') && (start == 1 || !isLatin(p.r[start-2]) && !isDigit(p.r[start-2]) && !IsHan(p.r[start-2])) {
		n.Value, start = -n.Value, start-1
	}
	end = p.after(p.halves(end, &n), &n)
	return p.finish(n, start, end, n.Value)
}

// finish completes the number of value v in runes start to end.
func (p *scanner) finish(n Number, start, end int, v float64) (Number, int, bool) {
	n.Value = v
	n.Start, n.End = p.at[start], p.at[end]
	n.From = p.at[p.bound(start, &n)]
	n.Text = p.s[n.Start:n.End]
	n.Approx = n.Approx || n.Bound != ""
	return n, end, true
}

// halves reads what stands between a value and its unit: 两个半小时, "two and a half hours", "three quarters of an hour".
func (p *scanner) halves(i int, n *Number) int {
	if p.at0(i) == '个' && p.at0(i+1) == '半' && p.unitAt(i+2) {
		n.Value += .5
		return i + 2
	}
	for _, f := range andParts {
		if p.hasWord(i, f.word) && p.unitAt(p.blank(i+f.n)) {
			n.Value += f.x
			return i + f.n
		}
	}
	for _, f := range quarterWords {
		if p.hasWord(i, f) && n.Value < 4 {
			n.Value /= 4
			return p.article(i + f.n)
		}
	}
	return i
}

// A part is a fraction as words say it.
type part struct {
	word
	x float64
}

var (
	andParts     = []part{{words("_and_a_half")[0], .5}, {words("_and_a_quarter")[0], .25}, {words("_and_three_quarters")[0], .75}, {words("_and_a_third")[0], 1. / 3}, {words("_and_two_thirds")[0], 2. / 3}}
	quarterWords = words("_quarters_of _quarters")
	halfDozen    = words("half_a_dozen half_dozen")
	anHour       = words("an_hour a_year a_week a_fortnight a_month a_day a_minute a_kilo a_litre a_kilometre a_mile one_hour one_year one_week one_month one_day hour year")
	hourAfter    = words("in for about over under takes take lasts last runs run just roughly nearly only at within than around almost after is not_quite exactly some needs asks")
)

// spell reads numbers that words alone make: 一刻钟, 三刻钟, half a dozen, "an hour and a half", and "an hour" where the word
// before shows that it is no rate.
func (p *scanner) spell(i int, n *Number) (float64, int, bool) {
	switch c := p.at0(i); {
	case hanDigit[c] > 0 && p.has(i+1, quarterHour):
		n.Unit = "分钟"
		return 15 * hanDigit[c], i + 1 + quarterHour.n, true
	case c != 'a' && c != 'o' && c != 'h' && c != 'y' && c != 'd' || i > 0 && isLatin(p.r[i-1]):
		return 0, i, false
	}
	if w, ok := p.first(i, halfDozen); ok {
		u, end := p.unit(p.blank(i + w.n))
		if n.Unit = u; u == "" {
			end = i + w.n
		}
		return 6, end, true
	}
	w, ok := p.first(i, anHour)
	if !ok {
		return 0, i, false
	}
	f := strings.Fields(w.s)
	unit, end := f[len(f)-1], i+w.n
	for _, a := range andParts {
		if p.hasWord(end, a.word) {
			n.Unit = unit
			return 1 + a.x, end + a.n, true
		}
	}
	if len(f) == 1 || f[0] == "one" {
		return 0, i, false
	}
	if and := p.blank(end); p.hasWord(and, andWord) {
		if next, _, ok := p.number(p.blank(and + andWord.n)); ok {
			if base, x := Unit(next.Unit); compounds[base] {
				if b, y := Unit(unit); b == base && y > x {
					n.Unit = unit
					return 1, end, true
				}
			}
		}
	}
	if unit == "hour" || unit == "minute" {
		for _, h := range hourAfter {
			if p.back(i, h.s+" ") {
				n.Unit = unit
				return 1, end, true
			}
		}
	}
	return 0, i, false
}

var quarterHour, andWord = words("刻钟")[0], words("and")[0]

// counts reports whether a word that holds a numeral does count where it stands: 十分钟, 四十分, 四周做完 counts weeks only
// behind another numeral.
func (p *scanner) counts(i int, w word) bool {
	next := i + w.n
	if w.s == "四周" && i > 0 && strings.ContainsRune("共期时前后了满分为排", p.r[i-1]) { // 一共四周
		return true
	}
	if i > 0 && p.r[i-1] == '每' && strings.HasPrefix(w.s, "周") && next < len(p.r) && strings.ContainsRune("次节回趟堂遍", p.r[next]) { // 每周四次
		return true
	}
	return w.s == "十分" && (next < len(p.r) && p.r[next] == '钟' || i > 0 && hanDigit[p.r[i-1]] > 0) || strings.HasPrefix(w.s, "一") && w.s != "一" && i > 0 && hanDigit[p.r[i-1]] > 0 && p.r[i-1] != '一'
}

func (p *scanner) currency(i int) (string, int) {
	switch p.r[i] {
	case '¥':
		return "元", p.blank(i+1) - i
	case '$':
		return "$", p.blank(i+1) - i
	case '€', '£':
		return string(p.r[i]), p.blank(i+1) - i
	}
	for _, c := range currencies {
		if p.has(i, c) {
			if j := p.blank(i + c.n); j < len(p.r) && isDigit(p.r[j]) {
				return map[string]string{"usd": "$"}[c.s], j - i
			}
		}
	}
	return "", 0
}

var currencies = words("rmb cny usd")

func (p *scanner) blank(i int) int {
	for i < len(p.r) && p.r[i] == ' ' {
		i++
	}
	return i
}

// percentPrefix reads 百分之二十 and 三分之一.
func (p *scanner) percentPrefix(i int, n *Number) (float64, int, bool) {
	if p.has(i, hundredth) {
		if v, end, ok := p.value(i+hundredth.n, n); ok {
			n.Percent, n.Unit = true, "%"
			return v, end, true
		}
	}
	if d, end, ok := p.han(i); ok && p.has(end, partOf) && d != 0 {
		if v, end, ok := p.han(end + partOf.n); ok {
			if d == 1000 || d == 10000 {
				n.Percent, n.Unit = true, "%"
				return v / d * 100, end, true
			}
			return v / d, end, true
		}
	}
	return 0, i, false
}

var hundredth, partOf = words("百分之")[0], words("分之")[0]

// value reads digits, Han numerals, fractions or English number words.
func (p *scanner) value(i int, n *Number) (float64, int, bool) {
	if i >= len(p.r) {
		return 0, i, false
	}
	if isDigit(p.r[i]) {
		return p.digits(i)
	}
	if f, ok := fractions[p.r[i]]; ok {
		return f, i + 1, true
	}
	if v, end, ok := p.han(i); ok {
		return v, end, true
	}
	if isLatin(p.r[i]) {
		return p.english(i, n)
	}
	return 0, i, false
}

var fractions = map[rune]float64{'½': .5, '¼': .25, '¾': .75, '⅓': 1. / 3, '⅔': 2. / 3, '⅛': .125}

// digits reads 14, 1,299.50, 1.2万, 12k, 3 million. Digits that belong to a word (MP3, 5G, 4K) are no number.
func (p *scanner) digits(i int) (float64, int, bool) {
	if i > 0 && (isLatin(p.r[i-1]) || isDigit(p.r[i-1])) {
		return 0, i, false
	}
	start, j := i, i
	var b strings.Builder
	for j < len(p.r) && (isDigit(p.r[j]) || p.r[j] == ',' && j-start > 0 && p.group(j)) {
		if p.r[j] != ',' {
			b.WriteRune(p.r[j])
		}
		j++
	}
	if j+1 < len(p.r) && p.r[j] == '.' && isDigit(p.r[j+1]) {
		b.WriteByte('.')
		for j++; j < len(p.r) && isDigit(p.r[j]); j++ {
			b.WriteRune(p.r[j])
		}
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, i, false
	}
	if j < len(p.r) {
		if f, ok := fractions[p.r[j]]; ok {
			return v + f, j + 1, true
		}
	}
	m, end := p.multiplier(j)
	if end == j && end < len(p.r) && isLatin(p.r[end]) && p.name(end) {
		return 0, i, false
	}
	if end < len(p.r) && m >= 1e4 && hanDigit[p.r[end]] > 0 { // 3万两千
		if rest, after, ok := p.han(end); ok && rest >= 100 && rest < m {
			return v*m + rest, after, true
		}
	}
	return v * m, end, true
}

// group reports whether the comma at j parts thousands.
func (p *scanner) group(j int) bool {
	for k := 1; k <= 3; k++ {
		if j+k >= len(p.r) || !isDigit(p.r[j+k]) {
			return false
		}
	}
	return j+4 >= len(p.r) || !isDigit(p.r[j+4])
}

// name reports whether letters right after digits make them a name: 5G, 4K written large, 3D.
func (p *scanner) name(i int) bool {
	j := i
	for j < len(p.r) && isLatin(p.r[j]) {
		j++
	}
	switch w := p.s[p.at[i]:p.at[j]]; w {
	case "G", "D", "K", "P", "A", "S", "T":
		return true
	case "g", "h", "m", "s", "l", "L", "W", "w", "V", "v", "x", "kg", "Kg", "KG", "km", "cm", "mm", "ml", "mL", "GB", "TB", "MB", "gb", "tb", "mAh", "Ah", "Wh", "Hz", "kHz", "min", "hr", "hrs", "in", "oz", "lb", "lbs", "ft", "nits", "dB", "fps", "mph", "kWh", "st", "nd", "rd", "th", "pm", "am", "AM", "PM", "inch", "yuan", "days", "day", "hours", "people", "stars", "star", "pages", "minutes":
		return false
	default:
		return len(w) <= 2
	}
}

var multipliers = []struct {
	word
	x float64
}{{words("万亿")[0], 1e12}, {words("亿")[0], 1e8}, {words("百万")[0], 1e6}, {words("千万")[0], 1e7}, {words("万")[0], 1e4}, {words("千克")[0], 0}, {words("千米")[0], 0}, {words("千卡")[0], 0}, {words("千瓦")[0], 0}, {words("千")[0], 1e3}, {words("百")[0], 100}, {words("k")[0], 1e3}, {words("thousand")[0], 1e3}, {words("million")[0], 1e6}, {words("billion")[0], 1e9}, {words("hundred")[0], 100}}

func (p *scanner) multiplier(j int) (float64, int) {
	i := j
	if b := p.blank(j); b == j+1 { // a blank may part them: 1.2 万, 3 million
		i = b
	}
	for _, m := range multipliers {
		if m.s == "k" && (i != j || i < len(p.r) && p.s[p.at[i]] == 'K' && p.resolution(i)) {
			continue
		}
		if p.hasWord(i, m.word) {
			if m.x == 0 {
				return 1, j
			}
			return m.x, i + m.n
		}
	}
	return 1, j
}

// resolution reports whether the K at i is that of a screen: 4K, 8K.
func (p *scanner) resolution(i int) bool {
	return i > 0 && strings.ContainsRune("2458", p.r[i-1]) && (i < 2 || !isDigit(p.r[i-2]) && p.r[i-2] != '.')
}

var hanDigit = map[rune]float64{'〇': 0, '○': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9, '俩': 2, '仨': 3}
var hanUnit = map[rune]float64{'十': 10, '百': 100, '千': 1000, '拾': 10, '佰': 100, '仟': 1000}

// han reads 十二, 一万二, 三百五, 二〇二四, 三点五, 半.
func (p *scanner) han(i int) (float64, int, bool) {
	if p.at0(i) == '半' && i+1 < len(p.r) && (p.r[i+1] == '价' || p.unitAt(i+1)) {
		return .5, i + 1, true
	}
	if v, end, ok := p.hanSequence(i); ok {
		return v, end, true
	}
	var total, section, digit float64
	last, j, any := 1.0, i, false
	open := false // a digit waits for its unit
loop:
	for ; j < len(p.r); j++ {
		r := p.r[j]
		switch d, isD := hanDigit[r]; {
		case isD && !open && (d != 0 || any) && (any || r != '陆'):
			for _, w := range notNumbers[r] { // 十 in 三十一样
				if j > i && p.has(j, w) {
					break loop
				}
			}
			digit, open = d, true
			if d == 0 {
				open, last = false, 1
			}
		case hanUnit[r] > 0 && r != 0:
			if r == '千' && j+1 < len(p.r) && strings.ContainsRune("克米卡瓦", p.r[j+1]) {
				break loop
			}
			if !open {
				if any && section == 0 && total == 0 {
					break loop
				}
				digit = 1
			}
			section, last, open = section+digit*hanUnit[r], hanUnit[r], false
		case (r == '万' || r == '亿') && (open || section > 0):
			x := 1e4
			if r == '亿' {
				x = 1e8
			}
			if open {
				section += digit
			}
			total, section, last, open = total+section*x, 0, x, false
		default:
			break loop
		}
		any = true
	}
	if !any {
		return 0, i, false
	}
	if open {
		if last > 1 && (total > 0 || section > 0) && j-2 >= i && (hanUnit[p.r[j-2]] >= 100 || p.r[j-2] == '万' || p.r[j-2] == '亿') {
			digit *= last / 10 // 一万二
		}
		section += digit
	}
	v := total + section
	if j+1 < len(p.r) && p.r[j] == '点' {
		if d, ok := hanDigit[p.r[j+1]]; ok && p.r[j+1] != '两' && !p.clock(j+2) {
			v += d / 10
			j += 2
			for x := .01; j < len(p.r); j, x = j+1, x/10 {
				d, ok := hanDigit[p.r[j]]
				if !ok {
					break
				}
				v += d * x
			}
			m, end := p.multiplier(j)
			return v * m, end, true
		}
	}
	return v, j, true
}

// clock reports whether the numeral before i is the minutes of a clock time: 三点五分.
func (p *scanner) clock(i int) bool {
	return i < len(p.r) && (p.r[i] == '分' || p.r[i] == '十' || p.r[i] == '刻')
}

// hanSequence reads digit by digit: 二〇二四. At least three digits.
func (p *scanner) hanSequence(i int) (float64, int, bool) {
	v, j := 0.0, i
	for ; j < len(p.r) && j-i < 15; j++ {
		d, ok := hanDigit[p.r[j]]
		if !ok || p.r[j] == '两' {
			break
		}
		v = v*10 + d
	}
	if j-i == 2 && j < len(p.r) && p.r[j] == '折' { // 九五折
		return v, j, true
	}
	if j-i < 3 || j < len(p.r) && hanUnit[p.r[j]] > 0 {
		return 0, i, false
	}
	return v, j, true
}

func (p *scanner) at0(i int) rune {
	if i < len(p.r) {
		return p.r[i]
	}
	return 0
}

var englishSmall = map[string]float64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
var englishBig = map[string]float64{"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12}

// english reads twelve, twenty-one, two hundred and five, half, a dozen, twice.
func (p *scanner) english(i int, n *Number) (float64, int, bool) {
	if i > 0 && isLatin(p.r[i-1]) {
		return 0, i, false
	}
	var total, cur float64
	end, any := i, false
	for j := i; j < len(p.r) && len(p.r) > 0; {
		k := j
		for k < len(p.r) && isLatin(p.r[k]) {
			k++
		}
		w := string(p.r[j:k])
		if !any {
			switch w {
			case "half":
				return .5, p.article(k), true
			case "quarter":
				if p.back(i, "a ") {
					return .25, p.article(k), true
				}
				return 0, i, false
			case "twice":
				n.Unit = "times"
				return 2, k, true
			case "couple", "pair":
				if p.back(i, "a ") {
					n.Approx = w == "couple"
					return 2, k, true
				}
				return 0, i, false
			case "dozens", "hundreds", "thousands", "millions":
				n.Bound = "over"
				return map[string]float64{"dozens": 24, "hundreds": 200, "thousands": 2000, "millions": 2e6}[w], k, true
			}
		}
		if v, ok := englishSmall[w]; ok {
			if any && cur != 0 && !(v < 10 && int(cur)%10 == 0 && int(cur)%100 != 10) && !(int(cur)%100 == 0 && v < 100) {
				break
			}
			cur += v
		} else if v, ok := englishBig[w]; ok {
			if !any && !(p.back(i, "a ")) {
				break
			}
			if v == 100 || v == 12 {
				cur = max(cur, 1) * v
			} else {
				total, cur = total+max(cur, 1)*v, 0
			}
		} else if w == "and" && any && (cur >= 100 || total > 0) {
			j = k + 1
			continue
		} else {
			break
		}
		any, end = true, k
		if k >= len(p.r) || p.r[k] != ' ' && p.r[k] != '-' {
			break
		}
		j = k + 1
	}
	if !any {
		return 0, i, false
	}
	v := total + cur
	if v == 1 && !p.unitAt(p.blank(end)) { // "this one", "one of them"
		return 0, i, false
	}
	return v, end, true
}

// article skips " a", " an", " the", " of" after half.
func (p *scanner) article(i int) int {
	for _, w := range articles {
		if p.hasWord(i, w) {
			return i + w.n
		}
	}
	return i
}

var articles = words("_of_an _of_a _an _a _the _of_the _of")

// back reports whether the text before i ends with s.
func (p *scanner) back(i int, s string) bool {
	r := []rune(s)
	return i >= len(r) && string(p.r[i-len(r):i]) == s && (i == len(r) || !isLatin(p.r[i-len(r)-1]))
}

// after reads unit, percent, 折, 成 and bounds behind the value, and is where the number ends.
func (p *scanner) after(i int, n *Number) int {
	i = p.boundAfter(i, n)
	if p.ordinal(&i, n) {
		return i
	}
	j := p.blank(i)
	if j > i+1 || j >= len(p.r) {
		return i
	}
	switch r := p.r[j]; {
	case r == '%' || r == '％' || p.hasWord(j, percentWord) || p.hasWord(j, perCent):
		n.Percent, n.Unit = true, "%"
		j++
		for j < len(p.r) && isLatin(p.r[j]) {
			j++
		}
		if p.has(j, centWord) {
			j += centWord.n
		}
		return p.boundAfter(j, n)
	case r == '折' && n.Value > 0 && n.Value < 100 && !(j+1 < len(p.r) && strings.ContainsRune("叠扣腾", p.r[j+1]) && p.r[j+1] != '扣'):
		n.Unit = "折"
		if n.Value < 10 {
			n.Value *= 10
		}
		n.Value = 100 - n.Value
		return j + 1
	case r == '成' && n.Value >= 1 && n.Value < 10 && !(j+1 < len(p.r) && strings.ContainsRune("为功分立员本都绩就长年人", p.r[j+1])):
		n.Percent, n.Unit, n.Value = true, "%", n.Value*10
		if j+1 < len(p.r) && p.r[j+1] == '半' {
			n.Value, j = n.Value+5, j+1
		}
		return p.boundAfter(j+1, n)
	case r == '价' && n.Value == .5:
		n.Unit, n.Value = "折", 50
		return j + 1
	}
	u, end := p.unit(j)
	if j < len(p.r) && p.r[j] == '-' && isLatin(p.at0(j+1)) { // 14-day
		u, end = p.unit(j + 1)
		if _, known := units()[u]; !known {
			u, end = "", j
		}
	}
	if u == "" {
		return i
	}
	if n.Unit == "" {
		n.Unit = u
	} else if n.Unit == "元" && u != "元" && u != "yuan" { // ¥99 a month
		return i
	}
	if r := p.at0(end); u == "个" && (r == '多' || r == '来') { // 两个多月
		if v, after := p.unit(end + 1); isSpan[v] || v == "月" {
			n.Unit, n.Bound = v, map[rune]string{'多': "over", '来': "about"}[r]
			return after
		}
	}
	if p.at0(end) == '半' && isSpan[u] { // 一年半, 两个小时半
		n.Value += .5
		end++
	}
	return p.boundAfter(end, n)
}

var isSpan = map[string]bool{"年": true, "公斤": true, "斤": true, "平": true, "小时": true, "个小时": true, "天": true, "个月": true, "月": false, "公里": true, "里": true, "星期": true, "钟头": true, "礼拜": true}
var percentWord, perCent, centWord = words("percent")[0], words("per_cent")[0], words("_cent")[0]

func (p *scanner) ordinal(i *int, n *Number) bool {
	for _, w := range ordinalEnds {
		if p.hasWord(*i, w) && n.Value == math.Trunc(n.Value) {
			n.Unit = "第"
			*i += w.n
			return true
		}
	}
	return false
}

var ordinalEnds = words("st nd rd th")

func (p *scanner) boundAfter(i int, n *Number) int {
	j := p.blank(i)
	for _, b := range []struct {
		list []word
		name string
	}{{overAfter, "over"}, {underAfter, "under"}, {aboutAfter, "about"}} {
		if w, ok := p.first(j, b.list); ok && (j == i || isLatin(w.r[0]) || w.n > 1) {
			if next := p.at0(j + w.n); w.s == "多" && strings.ContainsRune("少样种功", next) && next != 0 || w.s == "起" && next != 0 && strings.ContainsRune("来床", next) || w.s == "来" && (next == 0 || !p.unitAt(j+w.n)) || w.s == "余" && next == '下' {
				continue
			}
			n.Bound = b.name
			return j + w.n
		}
	}
	return i
}

// bound reads what stands before the number, 约, 超过, about, and tells where that begins. 第 makes it an ordinal.
func (p *scanner) bound(start int, n *Number) int {
	i := start
	for i > 0 && p.r[i-1] == ' ' {
		i--
	}
	if i > 0 && p.r[i-1] == '第' {
		n.Unit = "第"
		return start
	}
	for _, b := range []struct {
		list []word
		name string
	}{{underBefore, "under"}, {overBefore, "over"}, {aboutBefore, "about"}} {
		for _, w := range b.list {
			if i-w.n >= 0 && p.has(i-w.n, w) && !(isLatin(w.r[0]) && i-w.n > 0 && isLatin(p.r[i-w.n-1])) && !(w.s == "近" && i-w.n > 0 && strings.ContainsRune("最附", p.r[i-w.n-1])) {
				n.Bound = b.name
				return i - w.n
			}
		}
	}
	return start
}

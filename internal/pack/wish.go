package pack

import (
	"cmp"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// A Wish is something that a typed text asks of an item and that the item's attributes can answer: bounds of a number,
// or a word of the site's own, a dish or a place nearby. What else a text asks for, Match finds.
type Wish struct {
	Start, End int      // bytes of the text
	Fields     []string // that may answer; one, where the text says which; "price" is the item's price too
	Low, High  *float64 // in the fields' own unit; nil where there is none
	Strict     bool     // the bound itself is not enough
	Bound      string   // the bounds as they are said: 50 到 100 元
	Word       string   // asked for, as the items have it; empty for bounds
}

// Wishes finds the bounds that a text sets, and the words of a vocabulary that it asks for; v may be nil.
func (p *Pack) Wishes(lang because.Lang, s string, v *Vocabulary) []Wish {
	out := v.wishes(p, lang, s)
	taken := func(a, b int) bool {
		return slices.ContainsFunc(out, func(w Wish) bool { return a < w.End && w.Start < b })
	}
	hits := p.Match(lang, s)
	for _, h := range hits {
		if w, ok := p.gratis(lang, s, h); h.Zero && !taken(h.Start, h.End) && ok {
			out = append(out, w)
		}
	}
	numbers := text.Numbers(s)
	for i := 0; i < len(numbers); i++ {
		n, to := numbers[i], (*text.Number)(nil)
		if i+1 < len(numbers) && text.Ranged(s[n.End:numbers[i+1].Start]) {
			to = &numbers[i+1]
			i++
		}
		end := n.End
		if to != nil {
			end = to.End
		}
		if taken(n.Start, end) || slices.ContainsFunc(hits, func(h Hit) bool { return h.Word != "" && h.Start <= n.Start && n.End <= h.End }) {
			continue // 24小时热水
		}
		if w, ok := p.bounds(lang, s, hits, n, to); ok {
			out = append(out, w)
		}
	}
	out = slices.DeleteFunc(out, func(w Wish) bool { return TurnedDown(s, w.End) })
	slices.SortStableFunc(out, func(a, b Wish) int { return cmp.Compare(a.Start, b.Start) })
	return last(out)
}

// last leaves out bounds that the text sets anew later on.
func last(wishes []Wish) []Wish {
	var out []Wish
	for i, w := range wishes {
		again := slices.ContainsFunc(wishes[i+1:], func(o Wish) bool {
			return w.Word == "" && o.Word == "" && slices.Equal(w.Fields, o.Fields) && (w.Low != nil && o.Low != nil || w.High != nil && o.High != nil)
		})
		if !again {
			out = append(out, w)
		}
	}
	return out
}

// gratis is the wish that a field be 0, or that it be not: 免费, 不免费, 不是免费的. Of what need not be 0 it reports false.
func (p *Pack) gratis(lang because.Lang, s string, h Hit) (Wish, bool) {
	zero := 0.
	w := Wish{Start: h.Start, End: h.End, Fields: []string{h.Field}, Low: &zero, High: &zero, Bound: p.Fields[h.Field].Zero.In(lang)}
	before := strings.ToLower(strings.TrimRight(s[:h.Start], " "))
	if endsIn(before, "无需", "无需要", "不需要", "不用", "不必", "不一定", "don't need", "need not be", "not necessarily") {
		return w, false
	}
	for _, no := range []string{"非", "不", "别", "不要", "别要", "不是", "不能", "不想要", "not", "no"} { // the longest last
		if strings.HasSuffix(before, no) {
			w.Start, w.High, w.Strict = len(before)-len(no), nil, true
			w.Bound = s[w.Start:w.End]
		}
	}
	if at, ok := labelBefore(p, s, nil, w.Start, h.Field, lang); ok {
		w.Start = at
	}
	return w, true
}

func endsIn(s string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(s, e) })
}

// TurnedDown reports whether the clause in which something is named, up to byte end, ends by turning it down:
// 免费的景点不好玩, 500 元以上的不考虑.
func TurnedDown(s string, end int) bool {
	for _, c := range text.Clauses(s) {
		if c[0] < end && end <= c[1] {
			rest := strings.TrimRight(strings.ToLower(s[end:c[1]]), "了的吧啊哦呢呀！!。. ")
			return endsIn(rest, "不要", "不好", "不行", "不好玩", "没意思", "不考虑", "不喜欢", "不想去", "不想要", "就算", "除外", "are out", "won't do", "no good", "no fun", "not for me")
		}
	}
	return false
}

// labelBefore is where a field's asks stand right before byte at, a few particles apart.
func labelBefore(p *Pack, s string, hits []Hit, at int, field string, lang because.Lang) (int, bool) {
	if hits == nil {
		hits = p.Match(lang, s)
	}
	for _, h := range hits {
		if h.Field == field && !h.Zero && h.End <= at && particles(s[h.End:at]) {
			return h.Start, true
		}
	}
	return at, false
}

// particles reports whether a stretch between a label and its number says nothing: 评分要在4分以上.
func particles(s string) bool {
	s = strings.TrimSpace(strings.ToLower(s))
	for s != "" {
		n := len(s)
		for _, w := range []string{"最好", "大概", "大约", "差不多", "控制", "希望", "价格", "费用", "是", "在", "为", "要", "得", "能", "达到", "到", "的", "可以", "应该", "有", "不超过", "超过", "不低于", "至少", "最多", "低于", "高于", "约", "：", ":", "，", "is", "of", "at least", "at most", "over", "under", "about", "below", "above", "between", "from", "up to", "a ", "for"} {
			s = strings.TrimSpace(strings.TrimPrefix(s, w))
		}
		if len(s) == n {
			return false
		}
	}
	return true
}

// bounds reads one number, or two as a range, as bounds of a field.
func (p *Pack) bounds(lang because.Lang, s string, hits []Hit, n text.Number, to *text.Number) (Wish, bool) {
	last := n
	if to != nil {
		last = *to
	}
	w := Wish{Start: n.From, End: last.End}
	if bound, n := misspelt(s[last.End:]); last.Bound == "" && last.Unit != "" && n > 0 {
		last.Bound, last.Approx, w.End = bound, true, w.End+n
	}
	if to == nil {
		n = last
	}
	field := p.labelled(s, hits, &w)
	base, factor := text.Unit(last.Unit)
	if field != "" && last.Unit != "" && !sameBase(p, field, base) { // what stands beside it is asked for by itself: 半年 起购低
		field, w.Start, w.End = "", n.From, last.End
	}
	if field == "" {
		field = p.farLabel(s, hits, &w, last, base)
	}
	switch {
	case field == "" && (last.Unit == "" || !telling(base) || base != money && to == nil && n.Bound == ""):
		return w, false
	case field != "":
		w.Fields = []string{field}
	default:
		for _, f := range sortedKeys(p.Fields) {
			if sameBase(p, f, base) && p.upto(f) == "" {
				w.Fields = append(w.Fields, f)
			}
		}
		w.Fields = p.toldIn(p.unitNamed(last.Unit), w.Fields)
		w.Start = n.From
	}
	if len(w.Fields) == 0 || last.Percent || last.Unit == "折" || last.Unit == "第" {
		return w, false
	}
	unit := p.Fields[w.Fields[0]].Unit
	scale := 1.
	if last.Unit != "" {
		_, own := baseOf(p, unit)
		scale = factor / own
	}
	at := func(x float64) *float64 { x *= scale; return &x }
	shown := func(x float64) string { // in the unit that was typed
		if k := p.unitNamed(last.Unit); k != "" {
			return p.Number(lang, x, k)
		}
		return p.Number(lang, x*scale, unit)
	}
	switch {
	case to != nil:
		w.Low, w.High = at(n.Value), at(last.Value)
		if *w.Low > *w.High {
			return w, false
		}
		w.Bound = because.Say(lang, "%s to %s", p.Number(lang, n.Value, ""), shown(last.Value))
		if lang == because.Chinese {
			w.Bound = Space(w.Bound)
		}
	case n.Bound == "over":
		w.Low, w.Bound = at(n.Value), shown(n.Value)
	case n.Bound == "under":
		w.High, w.Bound = at(n.Value), shown(n.Value)
	case n.Approx || n.Bound == "about" || p.Fields[w.Fields[0]].Unit == "CNY":
		w.Low, w.High, w.Bound = at(n.Value*.9), at(n.Value*1.1), shown(n.Value)
	default:
		w.Low, w.High, w.Bound = at(n.Value), at(n.Value), shown(n.Value)
	}
	w.Strict = strict(s[:n.Start]) || strict(s[n.Start:n.End])
	return w, true
}

// toldIn are the fields of one unit, where any has it, else of the first one's: 20 minutes are a lesson's, not a course's
// that is told in hours.
func (p *Pack) toldIn(unit string, fields []string) []string {
	is := func(f string) bool { return p.Fields[f].Unit == unit }
	if len(fields) > 0 && !slices.ContainsFunc(fields, is) {
		unit = p.Fields[fields[0]].Unit
	}
	return slices.DeleteFunc(fields, func(f string) bool { return !is(f) })
}

// misspelt reads a bound as it is often mistyped behind a number and its unit, 20 元一下, and how many bytes it has.
func misspelt(rest string) (bound string, bytes int) {
	for _, x := range []struct{ typed, bound string }{{"一下", "under"}, {"已下", "under"}, {"一内", "under"}, {"一上", "over"}, {"已上", "over"}} {
		if strings.HasPrefix(rest, x.typed) {
			return x.bound, len(x.typed)
		}
	}
	return "", 0
}

const money = "元"

// telling reports whether a unit says by itself what a number is asked of: so many people, pieces or years of age do not.
func telling(base string) bool {
	return !slices.Contains([]string{"count", "person", "age", "time", "month", "clock", "floor", "x"}, base)
}

// strict reports whether a bound leaves itself out: 超过 100 元.
func strict(s string) bool {
	s = strings.TrimSpace(strings.ToLower(s))
	for _, w := range []string{"超过", "高于", "多于", "不到", "低于", "少于", "more than", "less than", "under", "over", "above", "below"} {
		if (strings.HasSuffix(s, w) || strings.HasPrefix(s, w)) && !strings.HasSuffix(s, "不"+w) {
			return true
		}
	}
	return false
}

// labelled is the field whose asks stand before a wish or right behind it; the wish grows by them.
func (p *Pack) labelled(s string, hits []Hit, w *Wish) string {
	best, field := -1, ""
	for _, h := range hits {
		if h.Field == "" || h.Zero || p.Fields[h.Field].Unit == "" {
			continue
		}
		if h.End <= w.Start && particles(s[h.End:w.Start]) && h.Start > best {
			best, field = h.Start, h.Field
		}
	}
	for _, f := range sortedKeys(p.Fields) { // a label asks for its field too
		for _, label := range p.Fields[f].Label.All() {
			at := strings.LastIndex(s[:w.Start], label)
			if slices.ContainsFunc(hits, func(h Hit) bool { return h.Start <= at && at < h.End }) { // 时长 in 游玩时长
				continue
			}
			if p.Fields[f].Unit != "" && label != "" && at > best && particles(s[at+len(label):w.Start]) {
				best, field = at, f
			}
		}
	}
	if field != "" {
		w.Start = best
		return field
	}
	for _, h := range hits { // 4.5以上的评分
		if h.Field == "" || h.Zero || p.Fields[h.Field].Unit == "" || h.Start < w.End {
			continue
		}
		if gap := strings.TrimSpace(s[w.End:h.Start]); gap == "" || gap == "的" || gap == "of" {
			w.End = h.End
			return h.Field
		}
	}
	return ""
}

// farLabel is the field whose asks or label stand nearest before a wish in its clause, whatever words part them, where
// nothing else is asked for between and the unit is the field's: 评分也是 5 分, 人均消费能把控在 100 到 150 元. The wish grows
// by them.
func (p *Pack) farLabel(s string, hits []Hit, w *Wish, n text.Number, base string) string {
	if n.Unit == "" && n.Bound == "" {
		return ""
	}
	from := 0
	for _, c := range text.Clauses(s) {
		if c[0] <= w.Start && w.Start < c[1] {
			from = c[0]
		}
	}
	at, end, field := -1, -1, ""
	see := func(start, stop int, f string) {
		if start >= from && stop <= w.Start && (stop > end || stop == end && start < at) {
			at, end, field = start, stop, f
		}
	}
	for _, h := range hits {
		f := h.Field
		if h.Zero {
			f = ""
		}
		see(h.Start, h.End, f)
	}
	for _, f := range sortedKeys(p.Fields) {
		for _, label := range p.Fields[f].Label.All() {
			if i := strings.LastIndex(s[:w.Start], label); label != "" && i >= 0 && i+len(label) > end {
				see(i, i+len(label), f)
			}
		}
	}
	if field == "" || p.Fields[field].Unit == "" || len(text.Numbers(s[end:w.Start])) > 0 || n.Unit != "" && !sameBase(p, field, base) {
		return ""
	}
	w.Start = at
	return field
}

// upto is the field that begins the range which a field ends.
func (p *Pack) upto(field string) string {
	for _, f := range sortedKeys(p.Fields) {
		if p.Fields[f].Upto == field {
			return f
		}
	}
	return ""
}

// baseOf is the base unit of a pack's unit, and how many of it one is.
func baseOf(p *Pack, unit string) (string, float64) {
	u, ok := p.Units[unit]
	if !ok {
		return text.Unit(text.Fold(unit))
	}
	if u.Before { // money
		return text.Unit(text.Fold(u.Zh))
	}
	for _, name := range []string{u.Zh, u.En, unit} {
		if base, x := text.Unit(text.Fold(name)); base != text.Fold(name) {
			return base, x
		}
	}
	return text.Unit(text.Fold(u.Zh))
}

func sameBase(p *Pack, field, base string) bool {
	unit := p.Fields[field].Unit
	if unit == "" {
		return false
	}
	b, _ := baseOf(p, unit)
	return b == base
}

// unitNamed is the pack's unit of a name as it was typed.
func (p *Pack) unitNamed(name string) string {
	if name == "元" {
		return "CNY"
	}
	for _, k := range sortedKeys(p.Units) {
		u := p.Units[k]
		if name != "" && (text.Fold(u.Zh) == name || text.Fold(u.En) == name || text.Fold(u.Plural) == name) {
			return k
		}
	}
	return ""
}

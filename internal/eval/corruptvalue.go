package eval

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"because"
)

// mentions reports whether any evidence holds the number in any unit: a false number must not be true of something else.
func (c *corrupter) mentions(v float64) bool {
	for _, e := range c.Evidence {
		for _, s := range e.Slots {
			if math.Abs(s.Number-v) < 1e-9 {
				return true
			}
		}
	}
	for _, k := range c.known {
		for _, d := range digits.FindAllString(k, -1) {
			if x, err := strconv.ParseFloat(strings.ReplaceAll(d, ",", ""), 64); err == nil && math.Abs(x-v) < 1e-9 {
				return true
			}
		}
	}
	return false
}

// A changed is a value of the text and a number that is false in its place.
type changed struct {
	said
	numeral
	false float64
}

// changes are the numbers of the text with false ones beside them, in the order of the seed.
func (c *corrupter) changes(kinds ...because.SlotKind) []changed {
	var out []changed
	for _, s := range c.said(kinds...) {
		n, ok := readNumeral(s.value.Text)
		if !ok || math.Abs(n.value-s.value.Number) > 1e-9 {
			continue
		}
		for _, v := range n.near() {
			one := c.Lang == because.English && (n.value == 1 || v == 1) && strings.ContainsAny(n.after, "abcdefghijklmnopqrstuvwxyz")
			if !one && !c.mentions(v) {
				out = append(out, changed{s, n, v})
			}
		}
	}
	return anyOrder(c.rng, out)
}

func (c *corrupter) change(kinds ...because.SlotKind) (Corruption, bool) {
	for _, x := range c.changes(kinds...) {
		by := x.with(x.false)
		return Corruption{Text: c.with(x.start, x.end, by), Wrong: fmt.Sprintf("%s → %s", x.said.value.Text, by)}, true
	}
	return Corruption{}, false
}

// number: one more or less, ten times as much, digits swapped.
func (c *corrupter) number() (Corruption, bool) { return c.change(because.NumberSlot) }

// count: the same of how many things, people or times.
func (c *corrupter) count() (Corruption, bool) { return c.change(because.CountSlot) }

// disguise: a false number in another form than the evidence has: in words, in full width, as thousands.
func (c *corrupter) disguise() (Corruption, bool) {
	for _, x := range c.changes(because.NumberSlot, because.CountSlot) {
		if forms := c.forms(x.numeral, x.false); len(forms) > 0 {
			by := forms[c.rng.IntN(len(forms))]
			return Corruption{Text: c.with(x.start, x.end, by), Wrong: fmt.Sprintf("%s → %s", x.said.value.Text, by)}, true
		}
	}
	return Corruption{}, false
}

// forms are other ways to write a value with the number v in it.
func (c *corrupter) forms(n numeral, v float64) []string {
	plain := strconv.FormatFloat(v, 'f', n.places, 64)
	whole := v == math.Trunc(v) && v < 1e6
	var out []string
	if c.Lang == because.Chinese {
		after := strings.TrimLeft(n.after, " ")
		switch {
		case n.before != "" && n.before[len(n.before)-1] < 0x80: // R2
			return nil
		case after == "%":
			out = append(out, n.before+"百分之"+han(v))
		case v < 1e7 && !strings.HasPrefix(after, "°"):
			out = append(out, n.before+beforeMeasure(han(v), after))
		}
		if v >= 1e4 && math.Mod(v, 1000) == 0 {
			out = append(out, n.before+strconv.FormatFloat(v/1e4, 'f', -1, 64)+" 万"+after)
		}
		return append(out, n.before+wide(plain)+n.after)
	}
	if ordinal.MatchString(n.after) {
		return nil
	}
	if n.before == "¥" && whole {
		out = append(out, english(int(v))+" yuan")
	} else if n.before == "" && whole && (n.after == "" || n.after[0] == ' ') {
		out = append(out, english(int(v))+n.after)
	}
	if v >= 1000 && math.Mod(v, 100) == 0 {
		out = append(out, n.before+strconv.FormatFloat(v/1000, 'f', -1, 64)+"K"+n.after)
	}
	return append(out, n.before+wide(plain)+n.after)
}

// beforeMeasure is a Chinese numeral before its measure: 2 is 两 there.
func beforeMeasure(numeral, after string) string {
	if numeral == "二" && after != "" {
		numeral = "两"
	}
	return numeral + after
}

// otherUnits are units that the same number would be false in, unless it is 0.
var otherUnits = map[because.Lang]map[string][]string{
	because.Chinese: {
		"秒": {"分钟"}, "分钟": {"小时", "秒", "天"}, "小时": {"分钟", "天"}, "天": {"小时", "周", "个月"}, "周": {"天", "个月"}, "个月": {"天", "年"}, "年": {"个月", "周"},
		"克": {"千克", "毫克", "斤"}, "千克": {"克", "吨"}, "公斤": {"克", "吨"}, "元": {"美元", "万元", "角"}, "平米": {"亩", "平方厘米"}, "毫安时": {"安时", "瓦"},
		"公里": {"米", "厘米"}, "米": {"公里", "厘米"}, "厘米": {"米", "毫米"}, "毫米": {"厘米", "米"}, "分贝": {"赫兹"}, "集": {"季", "小时"}, "页": {"章"}, "%": {"‰", "倍"},
		"毫升": {"升"}, "升": {"毫升"}, "道练习": {"小时练习"}, "个信源": {"年信源"},
	},
	because.English: {
		"seconds": {"minutes"}, "minutes": {"hours", "seconds", "days"}, "minute": {"hour"}, "hours": {"minutes", "days"}, "hour": {"minute", "day"}, "days": {"hours", "weeks", "months"},
		"day": {"hour", "week"}, "weeks": {"days", "months"}, "week": {"day", "month"}, "months": {"days", "years"}, "month": {"day", "year"}, "years": {"months", "weeks"}, "year": {"month", "week"},
		"g": {"kg", "mg", "lb"}, "kg": {"g", "tonnes"}, "km": {"m", "cm"}, "m": {"km", "cm"}, "cm": {"m", "mm"}, "mm": {"cm"}, "dB": {"Hz"}, "mAh": {"Ah", "W"}, "m²": {"ft²", "acres"},
		"pages": {"chapters"}, "%": {"‰", " times"}, "ml": {"l"}, "l": {"ml"}, "episodes": {"seasons", "hours"}, "¥": {"$", "€"},
	},
}

// unit: the right number in another unit.
func (c *corrupter) unit() (Corruption, bool) {
	for _, s := range anyOrder(c.rng, c.said(because.NumberSlot)) {
		n, ok := readNumeral(s.value.Text)
		if !ok || n.value == 0 {
			continue
		}
		after := strings.TrimLeft(n.after, " ")
		blank := n.after[:len(n.after)-len(after)]
		var bys []string
		for _, u := range otherUnits[c.Lang][after] {
			bys = append(bys, n.before+n.digits+blank+u)
		}
		for _, u := range otherUnits[c.Lang][n.before] {
			bys = append(bys, u+n.digits+n.after)
		}
		for _, by := range anyOrder(c.rng, bys) {
			if !c.knows(by) {
				return Corruption{Text: c.with(s.start, s.end, by), Wrong: fmt.Sprintf("%s → %s", s.value.Text, by)}, true
			}
		}
	}
	return Corruption{}, false
}

// A past is a time that is said, and the days ago that it may mean, taken widely.
type past struct {
	zh, en   string
	from, to float64
}

var pasts = []past{
	{"昨天", "yesterday", 0, 3}, {"前天", "two days ago", 1, 4}, {"上周", "last week", 0, 16}, {"上个月", "last month", 0, 64},
	{"三个月前", "three months ago", 55, 130}, {"半年前", "half a year ago", 130, 240}, {"两年前", "two years ago", 600, 860}, {"三年前", "three years ago", 900, 1280},
}

var moments = map[because.Lang]*strings.Replacer{
	because.Chinese: strings.NewReplacer("工作日", "周末", "周末", "工作日", "早上", "晚上", "上午", "晚上", "下午", "早上", "晚上", "早上", "夜里", "中午", "手机", "平板", "电脑", "手机"),
	because.English: strings.NewReplacer("weekday", "weekend", "weekend", "weekday", "morning", "evening", "afternoon", "morning", "evening", "morning", "night", "noon", "phone", "tablet"),
}

// recency: something that was, at a time when it was not; or a number over a period that it was not counted for.
func (c *corrupter) recency() (Corruption, bool) {
	for _, s := range anyOrder(c.rng, c.said(because.DateSlot)) {
		var bys []string
		switch {
		case s.slot == "moment":
			bys = []string{moments[c.Lang].Replace(s.value.Text)}
		case s.slot == "period":
			bys = c.shorter(s)
		default:
			bys = c.otherTimes(s)
		}
		for _, by := range anyOrder(c.rng, bys) {
			if !c.knows(by) && by != s.value.Text {
				return Corruption{Text: c.with(s.start, s.end, by), Wrong: fmt.Sprintf("%s → %s", s.value.Text, by)}, true
			}
		}
	}
	return Corruption{}, false
}

// shorter are periods that a number was not counted over. What the reader did is false of them when its last time was
// before; of other people there is no evidence.
func (c *corrupter) shorter(s said) []string {
	e := c.Evidence[s.ev]
	long := func(days float64) bool {
		return (s.value.Number == 0 || s.value.Number > 2*days) && (e.Kind == because.Popular || !e.At.IsZero() && c.Now.Sub(e.At).Hours() > 24*(days+1))
	}
	week, today := "近一周", "今天"
	if c.Lang == because.English {
		week, today = "the last week", "today"
		if s.value.Text == "so far" {
			week = "this week"
		}
	}
	var out []string
	if long(7) {
		out = append(out, week)
	}
	if long(1) && (c.Lang == because.Chinese || s.value.Text == "so far") {
		out = append(out, today)
	}
	return out
}

// otherTimes are times at which what an evidence tells was not, nor anything that the sentence could mean instead: with
// its name in the text, other deeds with the same; without, any deed of the kind.
func (c *corrupter) otherTimes(s said) []string {
	e := c.Evidence[s.ev]
	hist := e.Slots["hist"].Text
	byName := hist != "" && slices.ContainsFunc(c.names, func(n named) bool { return n.text == hist })
	var at []time.Time
	for _, o := range c.Evidence {
		if byName && (o.Slots["hist"].Text == hist || o.Slots["hist2"].Text == hist) || !byName && (o.Kind == e.Kind || o.Kind == because.Habit || o.Kind == because.InContext) {
			if !o.At.IsZero() {
				at = append(at, o.At)
			}
			if w := o.Slots[s.slot].At; !w.IsZero() {
				at = append(at, w)
			}
		}
	}
	if len(at) == 0 {
		return nil
	}
	never := func(from, to time.Time) bool {
		return !slices.ContainsFunc(at, func(t time.Time) bool { return !t.Before(from) && t.Before(to) })
	}
	days := func(d float64) time.Duration { return time.Duration(d * 24 * float64(time.Hour)) }
	var out []string
	for _, p := range pasts {
		if never(c.Now.Add(-days(p.to)), c.Now.Add(-days(p.from)).Add(time.Second)) {
			if c.Lang == because.Chinese {
				out = append(out, p.zh)
			} else {
				out = append(out, p.en)
			}
		}
	}
	if monthly.MatchString(s.value.Text) {
		for _, m := range []int{-4, -2, -1, 2, 12} {
			from := time.Date(at[0].Year(), at[0].Month()+time.Month(m), 1, 0, 0, 0, 0, c.Now.Location())
			if from.AddDate(0, 1, 0).Before(c.Now) && never(from.AddDate(0, 0, -1), from.AddDate(0, 1, 1)) {
				if c.Lang == because.Chinese {
					out = append(out, fmt.Sprintf("%d 年 %d 月", from.Year(), from.Month()))
				} else {
					out = append(out, fmt.Sprintf("in %s %d", from.Month(), from.Year()))
				}
			}
		}
	}
	return out
}

var monthly = regexp.MustCompile(`^\d{4} 年 \d+ 月$|^in [A-Z][a-z]+ \d{4}$`)

// expired: a text that was true yesterday. The evidence moves on, by another value or by being withdrawn, and the text
// stays.
func (c *corrupter) expired() (Corruption, bool) {
	if c.rng.IntN(2) == 0 {
		if x, ok := c.withdrawn(); ok {
			return x, true
		}
	}
	for _, x := range c.changes(because.NumberSlot, because.CountSlot) {
		by := x.with(x.false)
		evs, left := make([]because.Evidence, len(c.Evidence)), false
		for i, e := range c.Evidence {
			e.Slots = cloneSlots(e.Slots)
			for k, s := range e.Slots {
				same := s.Text == x.said.value.Text && s.Unit == x.said.value.Unit && s.Kind == x.said.value.Kind
				switch {
				case same && (i == x.ev || s.Kind == because.NumberSlot && e.Ref == c.Evidence[x.ev].Ref):
					s.Text, s.Number = by, x.false
					e.Text = strings.Replace(e.Text, x.said.value.Text, by, 1)
				case math.Abs(s.Number-x.said.value.Number) < 1e-9 && s.Kind != because.DateSlot:
					left = true // something else is as much: the text may be true of it
				}
				e.Slots[k] = s
			}
			evs[i] = e
		}
		if !left {
			return Corruption{Text: c.Text, Wrong: fmt.Sprintf("%s: %s → %s", x.said.value.Text, c.Evidence[x.ev].Text, evs[x.ev].Text), Evidence: evs}, true
		}
	}
	return c.withdrawn()
}

// withdrawn takes away every evidence that names what the text names.
func (c *corrupter) withdrawn() (Corruption, bool) {
	for _, n := range anyOrder(c.rng, c.names) {
		if n.item {
			continue
		}
		evs := slices.DeleteFunc(slices.Clone(c.Evidence), func(e because.Evidence) bool { return strings.Contains(e.Text, n.text) || holdsSlot(e, n.text) })
		if len(evs) < len(c.Evidence) && len(evs) > 0 {
			return Corruption{Text: c.Text, Wrong: "− " + n.text, Evidence: evs}, true
		}
	}
	return Corruption{}, false
}

func holdsSlot(e because.Evidence, s string) bool {
	for _, v := range e.Slots {
		if strings.Contains(v.Text, s) {
			return true
		}
	}
	return false
}

func cloneSlots(m map[string]because.Slot) map[string]because.Slot {
	out := map[string]because.Slot{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

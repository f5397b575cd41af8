package text

import (
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Times are the times that s names, in order, as windows of how long before now they were. Weeks start on Monday. A
// window is as wide as people speak: 上周 covers the last calendar week and the seven days before the last seven;
// From is inclusive, To is not. Parts of the day and weekdays alone have no window (From = To = 0).
func Times(s string, now time.Time) []Time {
	p := newScanner(s)
	var out []Time
	for i := 0; i < len(p.r); {
		t, end, ok := p.time(i, now)
		if !ok || end <= i {
			i++
			continue
		}
		t.Start, t.End = p.at[i], p.at[end]
		t.Text = s[t.Start:t.End]
		out = append(out, t)
		i = end
	}
	return out
}

// time reads the time that starts at rune i.
func (p *scanner) time(i int, now time.Time) (Time, int, bool) {
	if i > 0 && isLatin(p.r[i]) && isLatin(p.r[i-1]) {
		return Time{}, i, false
	}
	for _, read := range []func(int, time.Time) (Time, int, bool){p.absolute, p.ago, p.thisMonth, p.last, p.named} {
		if t, end, ok := read(i, now); ok {
			end = p.part(end, &t)
			return t, end, true
		}
	}
	return Time{}, i, false
}

// ageOf is how long ago the day that starts at d was, as a window.
func ageOf(d, now time.Time, days int) (time.Duration, time.Duration) {
	return now.Sub(d) - time.Duration(days)*day, now.Sub(d)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

var monthNames = strings.Fields("january february march april may june july august september october november december")

// absolute reads 2024年3月5日, 3月5日, 2024-03-05, March 5, 2024, 5 March.
func (p *scanner) absolute(i int, now time.Time) (Time, int, bool) {
	if i > 0 && (isDigit(p.r[i-1]) || p.r[i-1] == '.') {
		return Time{}, i, false
	}
	if a, end, ok := p.plain(i); ok {
		if t, end, ok := p.hanDate(a, end, now); ok {
			return t, end, true
		}
		if a >= 1900 && a < 2200 && (p.at0(end) == '-' || p.at0(end) == '/' || p.at0(end) == '.') {
			sep := p.r[end]
			if m, end, ok := p.plain(end + 1); ok && p.at0(end) == sep {
				if d, end, ok := p.plain(end + 1); ok {
					return dated(a, m, d, now, end)
				}
			}
		}
		if m, end, ok := p.monthName(p.blank(end)); ok && a <= 31 { // 5 March 2024
			y, end := p.year(end, now, m)
			return dated(y, m, a, now, end)
		}
	}
	if m, end, ok := p.monthName(i); ok {
		if d, end, ok := p.plain(p.blank(end)); ok && d <= 31 {
			for _, w := range ordinalEnds {
				if p.hasWord(end, w) {
					end += w.n
				}
			}
			y, end := p.year(end, now, m)
			return dated(y, m, d, now, end)
		}
	}
	return Time{}, i, false
}

func (p *scanner) hanDate(a, end int, now time.Time) (Time, int, bool) {
	y, m := 0, a
	if p.at0(end) == '年' && a >= 1900 && a < 2200 {
		y = a
		var ok bool
		if m, end, ok = p.plain(p.blank(end + 1)); !ok || p.at0(end) != '月' {
			return Time{}, end, false
		}
	}
	if p.at0(end) != '月' || m < 1 || m > 12 {
		return Time{}, end, false
	}
	d, after, ok := p.plain(p.blank(end + 1))
	if r := p.at0(after); !ok || r != '日' && r != '号' {
		if y == 0 {
			return Time{}, end, false
		}
		from := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, now.Location())
		t := Time{Day: from}
		t.From, t.To = now.Sub(from.AddDate(0, 1, 0)), now.Sub(from)
		return t, end + 1, true
	}
	if y == 0 {
		y = lastYear(m, d, now)
	}
	return dated(y, m, d, now, after+1)
}

// lastYear is the year in which month and day were last.
func lastYear(m, d int, now time.Time) int {
	if time.Date(now.Year(), time.Month(m), d, 0, 0, 0, 0, now.Location()).After(now) {
		return now.Year() - 1
	}
	return now.Year()
}

func dated(y, m, d int, now time.Time, end int) (Time, int, bool) {
	if y < 1900 || y > 2200 || m < 1 || m > 12 || d < 1 || d > 31 {
		return Time{}, end, false
	}
	t := Time{Day: time.Date(y, time.Month(m), d, 0, 0, 0, 0, now.Location())}
	t.From, t.To = ageOf(t.Day, now, 1)
	return t, end, true
}

// plain reads a whole number of digits or Han numerals without a unit.
func (p *scanner) plain(i int) (int, int, bool) {
	j := i
	for j < len(p.r) && isDigit(p.r[j]) && j-i < 5 {
		j++
	}
	if j > i {
		n, err := strconv.Atoi(string(p.r[i:j]))
		return n, j, err == nil && !isDigit(p.at0(j))
	}
	if i < len(p.r) {
		if v, end, ok := p.han(i); ok && v == float64(int(v)) && v < 1e6 {
			return int(v), end, true
		}
	}
	return 0, i, false
}

func (p *scanner) monthName(i int) (int, int, bool) {
	j := i
	for j < len(p.r) && isLatin(p.r[j]) {
		j++
	}
	if w := string(p.r[min(i, j):j]); len(w) >= 3 {
		for m, name := range monthNames {
			if w == name || w == name[:3] || w == "sept" && m == 8 {
				if p.at0(j) == '.' {
					j++
				}
				return m + 1, j, true
			}
		}
	}
	return 0, i, false
}

func (p *scanner) year(i int, now time.Time, m int) (int, int) {
	j := i
	if p.at0(j) == ',' {
		j++
	}
	if y, end, ok := p.plain(p.blank(j)); ok && y >= 1900 && y < 2200 {
		return y, end
	}
	return lastYear(m, 1, now), i
}

var (
	agoWords  = words("之前 以前 前 ago earlier back")
	lastWords = words("最近的 最近这 最近 过去的 过去 近 这 the_last the_past in_the_last in_the_past over_the_last over_the_past last past these")
)

// span is one unit of time as people count it.
func span(unit string) (time.Duration, bool) {
	base, x := Unit(unit)
	switch base {
	case "s":
		return time.Duration(x) * time.Second, true
	case "month":
		return time.Duration(x*30.44*24) * time.Hour, true
	}
	return 0, false
}

// ago reads 3天前, 两个半小时前, two days ago, a week ago, 几天前.
func (p *scanner) ago(i int, now time.Time) (Time, int, bool) {
	n, end, ok := p.number(i)
	if !ok {
		n, end, ok = p.someAgo(i)
	}
	unit, isSpan := span(n.Unit)
	if !ok || !isSpan || n.Start != p.at[i] {
		return Time{}, i, false
	}
	for _, w := range agoWords {
		if at := p.blank(end); p.hasWord(at, w) && !(w.s == "前" && strings.ContainsRune("后台半三面两几十", p.at0(at+1)) && p.at0(at+1) != 0) {
			t := Time{}
			t.From, t.To = agoWindow(n, unit, now)
			return t, at + w.n, true
		}
	}
	return Time{}, i, false
}

// agoWindow is as wide as whole units and calendar days allow.
func agoWindow(n Number, unit time.Duration, now time.Time) (time.Duration, time.Duration) {
	at := time.Duration(n.Value * float64(unit))
	switch n.Bound {
	case "over":
		return at, 2*at + unit/2
	case "under":
		return at / 2, at + unit/4
	case "about":
		return at * 3 / 4, at*5/4 + unit/2
	}
	if n.Approx { // 几天前 is anything from two to nine
		return at * 3 / 10, 2*at + unit/2
	}
	if n.Value < 1 { // half a year is from four and a half months to nine
		unit = at / 2
	}
	from := at - unit/2
	if unit == day {
		from = min(at, at-day+now.Sub(midnight(now)))
	}
	return max(0, from), at + unit
}

// someAgo reads "a week", "an hour", 几天, 好几天, a few days.
func (p *scanner) someAgo(i int) (Number, int, bool) {
	for _, w := range someWords {
		if !p.has(i, w) {
			continue
		}
		if u, end := p.unit(p.blank(i + w.n)); u != "" {
			n := Number{Start: p.at[i], Value: 1, Unit: u}
			if w.s != "a" && w.s != "an" {
				n.Value, n.Approx = 5, true
			}
			return n, end, true
		}
	}
	return Number{}, i, false
}

var someWords = words("好几 几 a_few several an a")

// thisMonth reads "this July" and "this past August": the last one.
func (p *scanner) thisMonth(i int, now time.Time) (Time, int, bool) {
	for _, w := range thisWords {
		if !p.hasWord(i, w) {
			continue
		}
		if m, end, ok := p.monthName(p.blank(i + w.n)); ok {
			from := time.Date(lastYear(m, 1, now), time.Month(m), 1, 0, 0, 0, 0, now.Location())
			return Time{Day: from, From: max(0, now.Sub(from.AddDate(0, 1, 0))), To: now.Sub(from)}, end, true
		}
	}
	return Time{}, i, false
}

var thisWords = words("this_past this")

// last reads 近30天, 最近一个月, the last 30 days, this past week.
func (p *scanner) last(i int, now time.Time) (Time, int, bool) {
	for _, w := range lastWords {
		if !p.hasWord(i, w) || w.s == "近" && i > 0 && strings.ContainsRune("最附", p.r[i-1]) {
			continue
		}
		at := p.blank(i + w.n)
		if strings.HasSuffix(w.s, "past") || strings.HasSuffix(w.s, " last") { // the past week, over the last year
			if u, end := p.unit(at); u != "" {
				if unit, ok := span(u); ok && unit >= 7*day && !strings.HasSuffix(string(p.r[at:end]), "s") {
					return Time{To: unit + day}, end, true
				}
			}
		}
		if n, end, ok := p.numberOrSome(at); ok {
			if unit, ok := span(n.Unit); ok && n.Start == p.at[at] {
				for _, w := range agoWords {
					if p.hasWord(p.blank(end), w) {
						return Time{}, i, false
					}
				}
				t := Time{To: time.Duration(n.Value*float64(unit)) + day}
				if n.Approx && n.Bound == "" { // 近几天
					t.To += t.To / 2
				}
				return t, end, true
			}
		}
	}
	return Time{}, i, false
}

func (p *scanner) numberOrSome(i int) (Number, int, bool) {
	if i >= len(p.r) {
		return Number{}, i, false
	}
	if n, end, ok := p.number(i); ok {
		return n, end, true
	}
	return p.someAgo(i)
}

// A name is a fixed word for a time.
type namedTime struct {
	word
	window  func(now time.Time) (time.Duration, time.Duration)
	part    string
	weekday string
}

func daysBack(n, days int) func(time.Time) (time.Duration, time.Duration) {
	return func(now time.Time) (time.Duration, time.Duration) {
		return ageOf(midnight(now).AddDate(0, 0, -n), now, days)
	}
}

// lastNight is from noon of yesterday to six this morning.
func lastNight(now time.Time) (time.Duration, time.Duration) {
	_, to := ageOf(midnight(now).AddDate(0, 0, -1), now, 1)
	return max(0, to-30*time.Hour), to - 12*time.Hour
}

func upTo(d time.Duration) func(time.Time) (time.Duration, time.Duration) {
	return func(time.Time) (time.Duration, time.Duration) { return 0, d }
}

func monday(now time.Time) time.Time {
	return midnight(now).AddDate(0, 0, -int(now.Weekday()+6)%7)
}

func weeksBack(n int) func(time.Time) (time.Duration, time.Duration) {
	return func(now time.Time) (time.Duration, time.Duration) {
		from, to := ageOf(monday(now).AddDate(0, 0, -7*n), now, 7)
		if n > 0 {
			to = max(to, time.Duration(n+1)*7*day)
		}
		return from, to
	}
}

func monthsBack(n int) func(time.Time) (time.Duration, time.Duration) {
	return func(now time.Time) (time.Duration, time.Duration) {
		first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
		to := now.Sub(first.AddDate(0, -n, 0))
		if n > 0 {
			to = max(to, time.Duration(n+1)*30*day)
		}
		return now.Sub(first.AddDate(0, 1-n, 0)), to
	}
}

func yearsBack(n int) func(time.Time) (time.Duration, time.Duration) {
	return func(now time.Time) (time.Duration, time.Duration) {
		first := time.Date(now.Year()-n, 1, 1, 0, 0, 0, 0, now.Location())
		return now.Sub(first.AddDate(1, 0, 0)), now.Sub(first)
	}
}

func none(time.Time) (time.Duration, time.Duration) { return 0, 0 }

// namedTimes are tried in order, so that longer words stand before their beginnings.
var namedTimes = func() map[rune][]namedTime {
	var out []namedTime
	add := func(list string, window func(time.Time) (time.Duration, time.Duration), part, weekday string) {
		for _, w := range words(list) {
			out = append(out, namedTime{w, window, part, weekday})
		}
	}
	add("大前天", daysBack(3, 1), "", "")
	add("前天晚上 前晚", daysBack(2, 1), "evening", "")
	add("前天 the_day_before_yesterday", daysBack(2, 1), "", "")
	add("昨晚 昨夜 昨天晚上 last_night yesterday_evening", lastNight, "evening", "")
	add("昨天早上 昨早 yesterday_morning", daysBack(1, 1), "morning", "")
	add("昨天 昨日 yesterday", daysBack(1, 1), "", "")
	add("今早 今晨 今天早上 this_morning", daysBack(0, 1), "morning", "")
	add("今晚 今夜 今天晚上 tonight this_evening", daysBack(0, 1), "evening", "")
	add("今天下午 this_afternoon", daysBack(0, 1), "afternoon", "")
	add("今天 今日 today", daysBack(0, 1), "", "")
	add("刚才 刚刚 just_now", upTo(6*time.Hour), "", "")
	add("上上周 上上个星期 the_week_before_last", weeksBack(2), "", "")
	add("上上个月 the_month_before_last", monthsBack(2), "", "")
	for i, names := range []string{"一 mon monday", "二 tue tuesday", "三 wed wednesday", "四 thu thursday", "五 fri friday", "六 sat saturday", "日 sun sunday"} {
		f := strings.Fields(names)
		hans := []string{f[0]}
		if i == 6 {
			hans = []string{"日", "天"}
		}
		for _, h := range hans {
			add("上周"+h+" 上星期"+h+" 上礼拜"+h, weekdayBack(i, 1), "", f[2])
			add("这周"+h+" 本周"+h+" 这个星期"+h, weekdayBack(i, 0), "", f[2])
			add("周"+h+" 星期"+h+" 礼拜"+h, none, "", f[2])
		}
		add("last_"+f[2], weekdayLast(i), "", f[2])
		add(f[2]+"s on_"+f[2]+" "+f[2], none, "", f[2])
	}
	add("上周末 上个周末 last_weekend", weeksBack(1), "", "weekend")
	add("这周末 这个周末 本周末 this_weekend", weeksBack(0), "", "weekend")
	add("上周 上个星期 上星期 上礼拜 上个礼拜 last_week", weeksBack(1), "", "")
	add("这周 本周 这个星期 这星期 这礼拜 this_week", weeksBack(0), "", "")
	add("上个月 上月 last_month", monthsBack(1), "", "")
	add("这个月 本月 this_month", monthsBack(0), "", "")
	add("前年 the_year_before_last", yearsBack(2), "", "")
	add("去年 last_year", yearsBack(1), "", "")
	add("今年 this_year", yearsBack(0), "", "")
	add("前几天 前两天 前些天 the_other_day", func(time.Time) (time.Duration, time.Duration) { return day, 15 * day }, "", "")
	add("前阵子 前一阵 前段时间 a_while_ago some_time_ago", func(time.Time) (time.Duration, time.Duration) { return 5 * day, 180 * day }, "", "")
	add("这几天 这两天 近几天 近日 these_days", upTo(15*day), "", "")
	add("最近 近期 近来 这阵子 这段时间 recently lately", upTo(92*day), "", "")
	add("工作日 平日 weekdays weekday", none, "", "weekday")
	add("周末 weekends weekend", none, "", "weekend")
	for _, part := range dayParts {
		add(part.list, none, part.name, "")
	}
	m := map[rune][]namedTime{}
	for _, n := range out {
		m[n.r[0]] = append(m[n.r[0]], n)
	}
	return m
}()

var dayParts = []struct{ name, list string }{
	{"morning", "早上 上午 早晨 清晨 一早 大清早 mornings morning"},
	{"noon", "中午 午间 午休 noon lunchtime midday"},
	{"afternoon", "下午 午后 afternoons afternoon"},
	{"evening", "晚上 傍晚 晚间 入夜 evenings evening"},
	{"night", "深夜 凌晨 半夜 夜里 睡前 nights late_night at_night midnight bedtime"},
}

// weekdayBack is a weekday of the week that was n weeks ago; the first is Monday.
func weekdayBack(d, n int) func(time.Time) (time.Duration, time.Duration) {
	return func(now time.Time) (time.Duration, time.Duration) {
		return ageOf(monday(now).AddDate(0, 0, d-7*n), now, 1)
	}
}

// weekdayLast is the last such day before today, or the one a week earlier.
func weekdayLast(d int) func(time.Time) (time.Duration, time.Duration) {
	return func(now time.Time) (time.Duration, time.Duration) {
		back := (int(now.Weekday()+6)%7-d+7)%7 + 0
		if back == 0 {
			back = 7
		}
		return ageOf(midnight(now).AddDate(0, 0, -back), now, 1)
	}
}

func (p *scanner) named(i int, now time.Time) (Time, int, bool) {
	for _, n := range namedTimes[p.r[i]] {
		if p.hasWord(i, n.word) && !(n.weekday != "" && i+n.n < len(p.r) && strings.ContainsRune("次回节遍天趟", p.r[i+n.n]) && (strings.HasPrefix(n.s, "周") || i > 0 && strings.ContainsRune("一每个两", p.r[i-1]))) { // 一周四次, 一个礼拜六次
			t := Time{Part: n.part, Weekday: n.weekday}
			t.From, t.To = n.window(now)
			return t, i + n.n, true
		}
	}
	return Time{}, i, false
}

// part reads the part of the day behind a time: 上周三晚上, weekday mornings, Monday evening.
func (p *scanner) part(i int, t *Time) int {
	if t.Part != "" {
		return i
	}
	at := p.blank(i)
	if p.has(at, inThe) {
		at += inThe.n
	}
	for _, part := range dayParts {
		if w, ok := p.first(at, dayPartWords[part.name]); ok && w.s != "一早" {
			t.Part = part.name
			return at + w.n
		}
	}
	if p.at0(i) == '早' && t.Weekday != "" {
		t.Part = "morning"
		return i + 1
	}
	if p.at0(i) == '晚' && t.Weekday != "" {
		t.Part = "evening"
		return i + 1
	}
	return i
}

var inThe = words("in_the_")[0]

var dayPartWords = func() map[string][]word {
	m := map[string][]word{}
	for _, part := range dayParts {
		m[part.name] = words(part.list)
	}
	return m
}()

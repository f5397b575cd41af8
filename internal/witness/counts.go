package witness

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"because"
)

// replaysSaid are how a text says where the item would stand without what it has just told.
var replaysSaid = map[because.Lang]*regexp.Regexp{
	because.Chinese: regexp.MustCompile(`没有这条记录，它只会排到第 ?(\d+)`),
	because.English: regexp.MustCompile(`(?i)\bwithout that it would rank (\d+)(?:st|nd|rd|th)\b`),
}

// replays wants each such place to be one that was found by replaying the ranker.
func (s *scan) replays() {
	for _, m := range replaysSaid[s.c.Lang].FindAllSubmatchIndex(s.left, -1) {
		if place, err := strconv.Atoi(string(s.left[m[2]:m[3]])); err != nil || !slices.Contains(s.c.Replayed, place) {
			s.report("number", m[2], m[3], "no replay put it there")
		}
		s.blot(m[0], m[1])
	}
}

var windowsSaid = map[because.Lang]*regexp.Regexp{
	because.Chinese: regexp.MustCompile(`(?:近|最近|过去) ?(?:(\d+) ?天|(一年)|(一周|一星期)|(一个月))`),
	because.English: regexp.MustCompile(`(?i)\b(?:last|past) (?:(\d+) days|(year)|(week)|(month))\b`),
}

// windows notes the periods that parts speak of.
func (s *scan) windows() {
	for _, m := range windowsSaid[s.c.Lang].FindAllSubmatchIndex(s.left, -1) {
		days := 365
		switch {
		case m[2] >= 0:
			days, _ = strconv.Atoi(string(s.left[m[2]:m[3]]))
		case m[6] >= 0:
			days = 7
		case m[8] >= 0:
			days = 30
		}
		s.spans = append(s.spans, days)
		s.blot(m[0], m[1])
	}
}

// A momentSaid is a time of day, a sort of day, a device or a place, as a text says it.
type momentSaid struct {
	said *regexp.Regexp
	is   func(because.Context) bool
}

func hour(part string) func(because.Context) bool {
	return func(c because.Context) bool { return because.PartOfDay(c.At.Hour()) == part }
}

func weekend(want bool) func(because.Context) bool {
	return func(c because.Context) bool {
		d := c.At.Weekday()
		return (d == time.Saturday || d == time.Sunday) == want
	}
}

func device(d string) func(because.Context) bool {
	return func(c because.Context) bool { return c.Device == d }
}

func place(p string) func(because.Context) bool {
	return func(c because.Context) bool { return c.Place == p }
}

var momentsSaid = map[because.Lang][]momentSaid{
	because.Chinese: {
		{regexp.MustCompile(`早上|早晨|上午`), hour("morning")}, {regexp.MustCompile(`中午`), hour("noon")}, {regexp.MustCompile(`下午`), hour("afternoon")},
		{regexp.MustCompile(`晚上`), hour("evening")}, {regexp.MustCompile(`深夜|夜里`), hour("night")}, {regexp.MustCompile(`工作日`), weekend(false)},
		{regexp.MustCompile(`周末`), weekend(true)}, {regexp.MustCompile(`在?用?手机上?`), device("phone")}, {regexp.MustCompile(`在?用?平板上?`), device("tablet")},
		{regexp.MustCompile(`电脑前|电脑上`), device("desktop")}, {regexp.MustCompile(`电视上`), device("tv")}, {regexp.MustCompile(`在家时`), place("home")},
		{regexp.MustCompile(`上班时`), place("work")}, {regexp.MustCompile(`通勤路上`), place("commute")}, {regexp.MustCompile(`在外面?时`), place("out")},
	},
	because.English: {
		{regexp.MustCompile(`(?i)\bmornings?\b`), hour("morning")}, {regexp.MustCompile(`(?i)\baround noon\b`), hour("noon")}, {regexp.MustCompile(`(?i)\bafternoons?\b`), hour("afternoon")},
		{regexp.MustCompile(`(?i)\bevenings?\b`), hour("evening")}, {regexp.MustCompile(`(?i)\blate at night\b`), hour("night")}, {regexp.MustCompile(`(?i)\bweekdays?\b`), weekend(false)},
		{regexp.MustCompile(`(?i)\bweekends?\b`), weekend(true)}, {regexp.MustCompile(`(?i)\bon your phone\b`), device("phone")}, {regexp.MustCompile(`(?i)\bon a tablet\b`), device("tablet")},
		{regexp.MustCompile(`(?i)\bat a computer\b`), device("desktop")}, {regexp.MustCompile(`(?i)\bon a TV\b`), device("tv")}, {regexp.MustCompile(`(?i)\bat home\b`), place("home")},
		{regexp.MustCompile(`(?i)\bat work\b`), place("work")}, {regexp.MustCompile(`(?i)\bon your commute\b`), place("commute")}, {regexp.MustCompile(`(?i)\bwhen you are out\b`), place("out")},
	},
}

// usual is how often in the same circumstances something must have been done to be said to be done then.
const usual = 3

// moments wants the reader to have turned to a category of the item in the circumstances that a part names, all of them
// together; a text that says them of something else (a light for the evening) has them on the item.
func (s *scan) moments() {
	for _, p := range s.parts {
		var all []func(because.Context) bool
		start, end := len(s.text), 0
		for _, m := range momentsSaid[s.c.Lang] {
			if at := m.said.FindIndex(s.left[p.start:p.end]); at != nil {
				all = append(all, m.is)
				start, end = min(start, p.start+at[0]), max(end, p.start+at[1])
			}
		}
		if len(all) == 0 {
			continue
		}
		n := s.times(0, func(c because.Context) bool {
			return !slices.ContainsFunc(all, func(is func(because.Context) bool) bool { return !is(c) })
		})
		if s.inPhrase(string(s.left[start:end])) {
			continue
		}
		if n[1] < usual {
			s.report("moment", start, end, "the reader does not turn to it then")
		}
		s.here = append(s.here, n)
		s.blot(start, end)
	}
}

// times counts on how many days, item by item, the reader turned to the item's categories in circumstances, in the last
// days or ever: first without ratings and the item itself, then with them (whether a bad rating counts is a matter of taste). One count for
// each category lies between the two.
func (s *scan) times(days int, when func(because.Context) bool) [2]int {
	return s.timesOf(s.item.Categories, days, when)
}

func (s *scan) timesOf(categories []string, days int, when func(because.Context) bool) [2]int {
	from := s.now.AddDate(0, 0, -days)
	seen, rated := map[string]bool{}, map[string]bool{}
	for _, x := range s.past {
		it := s.w.items[x.Item]
		if it == nil || days > 0 && x.Context.At.Before(from) || when != nil && !when(x.Context) {
			continue
		}
		if !slices.ContainsFunc(it.Categories, func(c string) bool { return slices.Contains(categories, c) }) {
			continue
		}
		k := x.Item + x.Context.At.Format("20060102")
		if rated[k] = true; x.Kind != because.Rating && it != s.item {
			seen[k] = true
		}
	}
	return [2]int{len(seen), len(rated)}
}

// turned is how many people turned to an item in the last days, or ever. Days may be counted from the
// hour, from the midnight before or from the one after, and the
// reader is counted where nothing of theirs may be used, so two counts bound the number.
func (s *scan) turned(item string, days int) (low, high int) {
	from := s.now.AddDate(0, 0, -days)
	for who, at := range s.w.people[item] {
		if days > 0 && at.Before(from.Add(-24*time.Hour)) {
			continue
		}
		if high++; who == s.c.User {
			continue
		}
		if days == 0 || at.After(from.Add(24*time.Hour)) {
			low++
		}
	}
	return low, high
}

// both is how many people but the reader turned to two items.
func (s *scan) both(a, b string) int {
	n := 0
	for who := range s.w.people[a] {
		if _, ok := s.w.people[b][who]; ok && who != s.c.User {
			n++
		}
	}
	return n
}

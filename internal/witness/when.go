package witness

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"because"
)

// A deedKind is a way to speak of what somebody did, and the interactions that bear it out.
type deedKind struct {
	said *regexp.Regexp
	by   []because.InteractionKind
}

var deedsSaid = map[because.Lang][]deedKind{
	because.Chinese: {
		{regexp.MustCompile(`买入|买[过了的下]|下单|参加[过了的]|报[过了的]|已报|课表|[^待]订[过的了]|订单|入手`), []because.InteractionKind{because.Purchase}},
		{regexp.MustCompile(`购物车|加购|自选|收藏|收着|收了|收在|存[下着过]|清单|待订|想看单|标了|标成`), []because.InteractionKind{because.Cart}},
		{regexp.MustCompile(`打[了过]|打 ?\d|评[了过]`), []because.InteractionKind{because.Rating}},
	},
	because.English: {
		{regexp.MustCompile(`(?i)\b(?:bought|buying|your purchase|purchased|your orders?|joined|enrolled|signed up|you booked|your booking|booked [a-z]+)\b`), []because.InteractionKind{because.Purchase}},
		{regexp.MustCompile(`(?i)\b(?:basket|cart|saved|saving|watchlist|shortlist|wish ?list|study list)\b`), []because.InteractionKind{because.Cart}},
		{regexp.MustCompile(`(?i)\b(?:you (?:rated|gave|marked)|your rating|out of (?:5|10|100))\b`), []because.InteractionKind{because.Rating}},
	},
}

// deeds wants each deed that a part with an item of the history speaks of to have been done with one of its items.
func (s *scan) deeds() {
	for _, p := range s.parts {
		if len(p.known) == 0 {
			continue
		}
		for _, d := range deedsSaid[s.c.Lang] {
			m := d.said.FindIndex(s.left[p.start:p.end])
			if m == nil {
				continue
			}
			if !slices.ContainsFunc(s.past, func(x because.Interaction) bool { return names(p.known, x.Item) && slices.Contains(d.by, x.Kind) }) {
				s.report("history", p.start+m[0], p.start+m[1], "the reader did no such thing with it")
			}
		}
	}
}

func names(items []*because.Item, id string) bool {
	return slices.ContainsFunc(items, func(it *because.Item) bool { return it.ID == id })
}

// A moment in the past as a text says it.
type dating struct {
	said *regexp.Regexp
	when func(m []string, at, now time.Time) bool
}

var months = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

var datings = map[because.Lang][]dating{
	because.Chinese: {
		{regexp.MustCompile(`(\d+) ?天(?:以)?前`), daysAgo},
		{regexp.MustCompile(`今天|今日|刚刚`), func(_ []string, at, now time.Time) bool { return day(now) == day(at) }},
		{regexp.MustCompile(`昨天|昨日`), func(_ []string, at, now time.Time) bool { return day(now)-day(at) == 1 }},
		{regexp.MustCompile(`上周|上星期`), lastWeek},
		{regexp.MustCompile(`上个?月`), lastMonth},
		{regexp.MustCompile(`(\d{4}) ?年 ?(\d{1,2}) ?月`), func(m []string, at, _ time.Time) bool {
			return strconv.Itoa(at.Year()) == m[1] && strconv.Itoa(int(at.Month())) == m[2]
		}},
		{regexp.MustCompile(`(\d{1,2}) ?月`), func(m []string, at, now time.Time) bool {
			return strconv.Itoa(int(at.Month())) == m[1] && recent(at, now)
		}},
	},
	because.English: {
		{regexp.MustCompile(`(?i)\b(\d+) days? ago\b`), daysAgo},
		{regexp.MustCompile(`(?i)\btoday\b`), func(_ []string, at, now time.Time) bool { return day(now) == day(at) }},
		{regexp.MustCompile(`(?i)\byesterday\b`), func(_ []string, at, now time.Time) bool { return day(now)-day(at) == 1 }},
		{regexp.MustCompile(`(?i)\blast week\b`), lastWeek},
		{regexp.MustCompile(`(?i)\blast month\b`), lastMonth},
		{regexp.MustCompile(`\b(?:[Ii]n|[Ss]ince|[Ff]rom) (` + strings.Join(months, "|") + `) (\d{4})\b`), func(m []string, at, _ time.Time) bool {
			return at.Month().String() == m[1] && strconv.Itoa(at.Year()) == m[2]
		}},
		{regexp.MustCompile(`\b(?:[Ii]n|[Ss]ince|[Ff]rom) (` + strings.Join(months, "|") + `)\b`), func(m []string, at, now time.Time) bool {
			return at.Month().String() == m[1] && recent(at, now)
		}},
	},
}

func daysAgo(m []string, at, now time.Time) bool { return strconv.Itoa(day(now)-day(at)) == m[1] }
func lastWeek(_ []string, at, now time.Time) bool {
	week := func(t time.Time) int { return (day(t) + 3) / 7 } // 1 January 1970 was a Thursday
	return week(now)-week(at) == 1
}
func lastMonth(_ []string, at, now time.Time) bool {
	return 12*now.Year()+int(now.Month())-12*at.Year()-int(at.Month()) == 1
}
func recent(at, now time.Time) bool { return !at.After(now) && now.Sub(at) < 366*24*time.Hour }

// day counts calendar days.
func day(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// untilNow is no date of a deed.
var untilNow = regexp.MustCompile(`算到今天|(?i:\bas of today\b)`)

// dates wants each date to be that of something that its part speaks of: what the reader did with an item that it names,
// a search that it quotes; where there is neither, what the part before names, or when the item came in.
func (s *scan) dates() {
	for _, m := range untilNow.FindAllIndex(s.left, -1) {
		s.blot(m[0], m[1])
	}
	for _, d := range datings[s.c.Lang] {
		for _, m := range d.said.FindAllSubmatchIndex(s.left, -1) {
			said := make([]string, len(m)/2)
			for k := range said {
				if m[2*k] >= 0 {
					said[k] = string(s.left[m[2*k]:m[2*k+1]])
				}
			}
			if !s.dated(m[0], func(at time.Time) bool { return d.when(said, at.In(s.w.zone), s.now) }) {
				s.report("recency", m[0], m[1], "nothing happened then")
			}
			s.blot(m[0], m[1])
		}
	}
}

// dated reports whether something that the part at an offset speaks of happened at a time that holds.
func (s *scan) dated(at int, holds func(time.Time) bool) bool {
	k := slices.IndexFunc(s.parts, func(p part) bool { return at < p.end })
	for j := k; j >= max(0, k-1); j-- {
		p := s.parts[j]
		by := s.deedsIn(p)
		for _, x := range s.past {
			if names(p.known, x.Item) && (by == nil || slices.Contains(by, x.Kind)) && holds(x.Context.At) {
				return true
			}
		}
		for _, q := range p.queries {
			if holds(q.Context.At) {
				return true
			}
		}
		if len(p.known) > 0 || len(p.queries) > 0 {
			return holds(s.item.Published)
		}
	}
	if holds(s.item.Published) {
		return true
	}
	if len(s.met) > 0 && k+1 < len(s.parts) && len(s.parts[k+1].known) > 0 { // "Opened last month: …" ends before the name
		for _, x := range s.past {
			if names(s.parts[k+1].known, x.Item) && holds(x.Context.At) {
				return true
			}
		}
	}
	return s.anonymous(at) && slices.ContainsFunc(s.past, func(x because.Interaction) bool { return holds(x.Context.At) })
}

// anonymous reports whether the text speaks of what the reader did without naming it, as a push message does.
func (s *scan) anonymous(int) bool { return len(s.met) == 0 && len(s.asked) == 0 }

// deedsIn are the kinds of interaction that a part's verbs speak of; nil for all.
func (s *scan) deedsIn(p part) []because.InteractionKind {
	var out []because.InteractionKind
	for _, d := range deedsSaid[s.c.Lang] {
		if d.said.Match(s.left[p.start:p.end]) {
			out = append(out, d.by...)
		}
	}
	return out
}

package verify

import (
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// agree looks at what the claims of a clause say together: a count belongs to the category, words or item that it counts, a
// mark to the item that got it, a rank to this item, "a day" to what is told by the day. A number that is some
// evidence's, but of something else, is contradicted.
func (x *reading) agree() {
	for at, c := range x.clauses {
		for k := range x.claims {
			cl := &x.claims[k]
			if cl.Start < x.at[c[0]] || cl.End > x.at[c[1]] || cl.Verdict != because.Supported || len(cl.Evidence) == 0 {
				continue
			}
			s, e := x.rune(cl.Start), x.rune(cl.End)
			var keep []string
			switch cl.Kind {
			case because.NumberClaim:
				for i, ev := range x.ev {
					if has(cl.Evidence, ev.ID) && x.counts(i, at, s) && x.marked(i, c, s, e) && x.sameRate(i, c, s, e) {
						keep = append(keep, ev.ID)
					}
				}
			case because.ComparisonClaim:
				if x.hasSlot(cl, "rank") && x.subject(c, s) == "other" {
					break
				}
				keep = cl.Evidence
			default:
				continue
			}
			if cl.Evidence = keep; len(keep) == 0 {
				x.elsewhere(cl)
			}
		}
	}
}

// elsewhere makes a claim on a number contradicted: the number is some evidence's, but of something else.
func (x *reading) elsewhere(cl *because.Claim) {
	cl.Evidence, cl.Verdict, cl.Reason = []string{}, because.Contradicted, because.Say(x.given.Lang, "The number belongs to something else.")
}

// hasSlot reports whether all evidence of a claim has a slot.
func (x *reading) hasSlot(cl *because.Claim, slot string) bool {
	for _, e := range x.ev {
		if has(cl.Evidence, e.ID) && e.Slots[slot].Text == "" {
			return false
		}
	}
	return true
}

// counts reports whether a number of evidence i that stands in clause at may be its count: what it counts is said in the
// clause, or nothing is that some other evidence counts.
func (x *reading) counts(i, at, s int) bool {
	e, c := x.ev[i], x.clauses[at]
	switch e.Kind {
	case because.Habit, because.InContext, because.Shared, because.Neighbours:
	default:
		return true
	}
	if e.Kind == because.Neighbours {
		return x.mentions(e.Slots["hist"].Text) || !slices.ContainsFunc(x.names, func(n span) bool { return n.s >= c[0] && n.e <= c[1] && n.ev[0] < 0 })
	}
	for _, t := range x.times {
		if e.Kind == because.Habit && t.Start >= x.at[c[0]] && t.End <= x.at[c[1]] && (t.Part != "" || t.Weekday != "") {
			return false // so many times in all, not on weekdays
		}
	}
	if e.Kind == because.InContext && inAYear.any(x.r, x.sentence(c[0])[0], c[1]) && !slices.ContainsFunc(x.values, func(v span) bool {
		return v.kind == because.DateSlot && slices.Contains(v.ev, i) || v.slot == "moment"
	}) && !slices.ContainsFunc(x.times, func(t text.Time) bool { return t.Part != "" || t.Weekday != "" }) {
		return false // so many times of an evening, not in a year
	}
	some := false
	around := c
	if e.Kind == because.Shared && x.lang == because.English {
		around = x.sentence(c[0])
	}
	for _, v := range slices.Concat(x.names, x.values) {
		within := v.s >= c[0] && v.e <= c[1] && (v.kind == because.WordSlot || v.kind == because.NameSlot) || v.s >= around[0] && v.e <= around[1] && v.slot == "shared"
		if !within || v.ev[0] < 0 {
			continue
		}
		if slices.Contains(v.ev, i) {
			return true
		}
		some = true
	}
	return !some
}

// inAYear says that what is counted is all of a year's.
var inAYear = newPhrases().list("近一年 最近一年 最近这一年 过去一年 过去这一年 这一年 一年来 一年里 in_the_last_year in_the_past_year over_the_last_year over_the_past_year this_past_year within_the_last_year")

// mentions reports whether the text holds a name or a word.
func (x *reading) mentions(w string) bool {
	k := key(w)
	found := len(k) == 0
	x.places(k, func(int, int) { found = true })
	return found
}

// marked reports whether a number of evidence i may stand where the reader is said to have given it: it is the mark of the
// item that the clause names.
func (x *reading) marked(i int, c [2]int, s, e int) bool {
	names := x.namesIn(c)
	if len(names) == 0 {
		return true
	}
	gave := -1
	x.verbs.byKind[because.Rated].find(x.r, c[0], s, func(_, to int, _ *phrase) { gave = max(gave, to) })
	if gave < 0 || s-gave > 12 || x.hard[gave-1] {
		return true
	}
	return slices.ContainsFunc(names, func(n span) bool { return slices.Contains(n.ev, i) })
}

// A rate is a period of which something happens so many times.
type rate struct {
	of    string
	words phrases
}

// rates are the words that tell how often, by what they are of.
var rates = []rate{
	{"day", newPhrases().list("每天 每日 一天 天天 a_day per_day daily each_day every_day")},
	{"week", newPhrases().list("每周 每星期 每礼拜 一周 一星期 一礼拜 周周 a_week per_week weekly each_week every_week")},
	{"month", newPhrases().list("每月 每个月 一个月 月月 a_month per_month monthly each_month every_month")},
	{"year", newPhrases().list("每年 一年 年年 a_year per_year yearly each_year every_year")},
}

// sameRate reports whether a number of times is of the period that the evidence tells it of.
func (x *reading) sameRate(i int, c [2]int, s, e int) bool {
	n := text.Numbers(string(x.r[s:e]))
	if len(n) != 1 {
		return true
	}
	if base, _ := text.Unit(n[0].Unit); base != "time" && base != "lesson" && !strings.HasPrefix(n[0].Unit, "session") {
		return true
	}
	said, told := "", map[string]bool{}
	for _, r := range rates {
		if r.words.any(x.r, max(c[0], s-4), s) || r.words.any(x.r, e, min(c[1], e+12)) {
			said = r.of
		}
		told[r.of] = r.words.any(x.texts[i], 0, len(x.texts[i]))
	}
	if k := x.ev[i].Kind; said != "" && (k == because.Shared || k == because.Neighbours || k == because.Popular) {
		return false // it counts items or people
	}
	return said == "" || told[said] || !told["day"] && !told["week"] && !told["month"] && !told["year"]
}

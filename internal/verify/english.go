package verify

import (
	"slices"

	"because"
)

// english covers what no list knows and states nothing by where it stands in an English clause.
func (x *reading) english(c [2]int) {
	if x.lang != because.English {
		return
	}
	if len(x.names) > 0 {
		presented.find(x.r, c[0], c[1], func(s, e int, _ *phrase) { x.cover(s, e) })
	}
	leftOut.find(x.r, c[0], c[1], func(s, e int, _ *phrase) { // "nothing but a wall needed"
		if slices.ContainsFunc(x.values, func(v span) bool { return v.s == e+1 && len(v.ev) > 0 }) {
			x.cover(s, e)
		}
	})
	for s, e := range x.unknown(c) {
		if string(x.r[s:e]) == "ours" && slices.ContainsFunc(x.ranked, func(r span) bool { return r.e+1 == s }) { // "tops ours"
			x.cover(s, e)
		}
	}
	x.compounds(c)
	x.purposes(c)
	x.fondness(c)
}

// leftOut leaves out all but what stands behind.
var leftOut = newPhrases().list("nothing_but nothing_more_than nothing_except none_but")

// compounding are what a word is joined to that evidence bears, and which say no more than that it is so: desk-bound.
var compounding = set("bound based style type length sized themed wise minded only related centred centered led long")

// compounds covers them.
func (x *reading) compounds(c [2]int) {
	for s, e := range x.unknown(c) {
		if s-2 >= c[0] && x.r[s-1] == '-' && x.covered[s-2] && compounding[string(x.r[s:e])] {
			x.cover(s, e)
		}
	}
}

// purpose leads to what an item is for.
var purpose = newPhrases().list("帮你 帮您 助你 助您 好让你 好让您 帮着 to_help_you to_get_you to_let_you to_have_you")

// purposes covers words that lead to what evidence says an item is for: "there to help you loosen up".
func (x *reading) purposes(c [2]int) {
	purpose.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		if slices.ContainsFunc(x.values, func(v span) bool {
			return (v.s == e || v.s == e+1) && v.kind == because.WordSlot && slices.ContainsFunc(v.ev, func(i int) bool { return i >= 0 && x.ev[i].Kind != because.Drawback && x.ev[i].Kind != because.Profile })
		}) {
			x.cover(s, e)
		}
	})
}

// fond begins a question for what the reader likes.
var fond = newPhrases().list("fond_of keen_on into interested_in partial_to a_fan_of big_on after in_the_mood_for up_for")

// fondness judges a question for what the reader likes: it is fair where they stated it, or often turn to it.
func (x *reading) fondness(c [2]int) {
	if c[1] >= len(x.r) || x.r[c[1]] != '?' {
		return
	}
	fond.find(x.r, c[0], c[1], func(s, e int, _ *phrase) {
		own := x.ofKinds(because.Profile, because.Need, because.Searched, because.Habit, because.InContext)
		if s == c[0] && slices.ContainsFunc(x.values, func(v span) bool { return v.s > e && v.s-e <= 3 && v.e <= c[1] && len(both(v.ev, own)) > 0 }) {
			x.cover(s, e)
		}
	})
}

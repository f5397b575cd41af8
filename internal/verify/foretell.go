package verify

import (
	"slices"
	"strings"

	"because"
)

// tomorrow are the English words by which something is said to come; what does is judged by the verb behind them.
var tomorrow = newPhrases().list("will you'll it'll they'll he'll she'll we'll that'll there'll this'll going_to about_to set_to due_to_be")

// met are verbs for what a reader meets in an item and what an item is: of a value that evidence bears they foretell nothing
// that is not so today.
var met = set("be find see get need have hear meet notice recognise recognize cover take spend pay use learn study practise practice work go come run last cost pass follow watch read look explore discover encounter require contain include offer feature share want know remember recall start begin end finish stay sit keep stand weigh measure travel walk reach arrive join return receive")

// foretold refuses what is said to come where it is no more than a promise: "will sell out", "you'll speak Japanese". It stands
// where its verb leads straight to a value that evidence bears: "you'll find 58 exercises".
func (x *reading) foretold(c [2]int) {
	if x.lang != because.English {
		return
	}
	told := x.borne(c)
	tomorrow.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
		if x.hard[s] || len(x.inFixed(s, e)) > 0 {
			return
		}
		verb, end := "", e
		for a, b := range x.words(e, c[1]) {
			verb, end = string(x.r[a:b]), b
			if !adverbs[verb] && !passing[verb] || x.hard[a] || verb == "be" && x.leads(told, b, len(" at the ")) {
				break
			}
		}
		if p := string(p.r); (p == "going to" || p == "set to" || p == "about to") && (x.hard[min(end, c[1])-1] || nouns[verb]) {
			return // "going to the hotel", "about to 50"
		}
		if isMet(verb) && !afterwards.any(x.r, c[0], s) && (x.leads(told, end, 40) || x.fronted(c, told, s, end)) || x.refused(s, end) {
			return
		}
		x.claim(because.PromiseClaim, because.Unverifiable, s, end, nil, because.Say(x.given.Lang, "What will be cannot be shown to be true."))
	})
}

// cited is the evidence of a claim.
func (x *reading) cited(cl because.Claim) (ev []int) {
	for i, e := range x.ev {
		if has(cl.Evidence, e.ID) {
			ev = append(ev, i)
		}
	}
	return ev
}

// isMet reports whether a verb, or the one that it is the -ing form of, is one of met.
func isMet(verb string) bool {
	stem := strings.TrimSuffix(verb, "ing")
	return met[verb] || met[stem] || stem != verb && met[stem+"e"]
}

// fronted reports whether what a verb at runes s to e is said of stands before it, and nothing behind: "a wall is what you'll need".
func (x *reading) fronted(c [2]int, told []span, s, e int) bool {
	return !x.content(e, c[1], x.plain) && slices.ContainsFunc(told, func(v span) bool { return v.e <= s && !x.content(v.e, s, x.plain) })
}

// refused reports whether a claim that is not supported reaches into runes s to e.
func (x *reading) refused(s, e int) bool {
	return slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
		return cl.Verdict != because.Supported && cl.Start < x.at[e] && cl.End > x.at[s]
	})
}

// leads reports whether rune i leads to one of the stretches over words that state nothing, no further than so many runes.
func (x *reading) leads(told []span, i, far int) bool {
	return slices.ContainsFunc(told, func(v span) bool {
		return v.s >= i && v.s-i <= far && !x.content(i, v.s, x.plain) && !afterwards.any(x.r, i, v.s)
	})
}

// afterwards says that what is foretold comes of what follows.
var afterwards = newPhrases().list("after once when thanks_to because_of")

// passing stand between what foretells and its verb; nouns are what begins no verb.
var (
	passing = set("be probably likely certainly definitely soon now not simply then instead only mostly mainly here really surely")
	nouns   = set("the a an your our this that these those it them")
)

// borne are the stretches of a clause that evidence bears: values, names, wordings and numbers.
func (x *reading) borne(c [2]int) (out []span) {
	for _, cl := range x.claims {
		s, e := x.rune(cl.Start), x.rune(cl.End)
		if s >= c[0] && e <= c[1] && cl.Verdict == because.Supported && len(cl.Evidence) > 0 {
			out = append(out, span{s: s, e: e, ev: x.cited(cl)})
		}
	}
	return out
}

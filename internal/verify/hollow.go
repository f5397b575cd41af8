package verify

import (
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// hollow refuses sentences that state nothing: a thing or a label is said of itself ("its kind is a kind"), or a label of the
// item and not what evidence has there. A label that the next sentence goes on to tell is a heading.
func (x *reading) hollow() {
	for from := 0; from < len(x.clauses); {
		to := from
		for to+1 < len(x.clauses) && x.sameSentence(to) {
			to++
		}
		s := [2]int{x.clauses[from][0], x.clauses[to][1]}
		if !x.refused(s[0], s[1]) {
			switch {
			case !x.conveys(s):
				if x.ofItself(s, false) || x.bareLabel(s) {
					x.claim(because.AttributeClaim, because.Unverifiable, s[0], s[1], nil, because.Say(x.given.Lang, "This states nothing."))
				}
			case to > from:
				for _, c := range x.clauses[from : to+1] {
					if !x.conveys(c) && x.ofItself(c, true) {
						x.claim(because.AttributeClaim, because.Unverifiable, c[0], c[1], nil, because.Say(x.given.Lang, "This states nothing."))
					}
				}
			}
		}
		from = to + 1
	}
}

// misnamed denies numbers that stand behind a word for what they would be, where neither their evidence nor what their field is
// called has it: "a return of 2.6%" of a fall.
func (x *reading) misnamed() {
	for _, w := range x.echoed {
		if before, behind := string(x.r[max(0, w.s-4):w.s]), string(x.r[w.e:min(len(x.r), w.e+4)]); behind != " of " || !strings.HasSuffix(before, " a ") && !strings.HasSuffix(before, " an ") && !strings.HasSuffix(before, "the ") {
			continue
		}
		for k := range x.claims {
			cl := &x.claims[k]
			if cl.Kind == because.NumberClaim && cl.Verdict == because.Supported && cl.Start == x.at[w.e+4] && !slices.ContainsFunc(x.cited(*cl), func(i int) bool { return holds(x.texts[i], x.r[w.s:w.e]) }) {
				x.elsewhere(cl)
			}
		}
	}
}

// conveys reports whether evidence bears more of a stretch than what fields are called and words that wait for a value.
func (x *reading) conveys(c [2]int) bool {
	within := func(v span) bool { return v.s >= c[0] && v.e <= c[1] }
	if slices.ContainsFunc(slices.Concat(x.weak, x.ranked, x.went), within) || slices.ContainsFunc(x.values, func(v span) bool {
		return within(v) && v.slot != "label" && (!x.isLabel(x.r[v.s:v.e]) || x.once(c, v.s, v.e))
	}) {
		return true
	}
	for _, cl := range x.claims {
		if s, e := x.rune(cl.Start), x.rune(cl.End); s >= c[0] && e <= c[1] && cl.Kind != because.AttributeClaim && !x.inALabel(s, e) && cl.Verdict == because.Supported && len(cl.Evidence) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(x.echoed, func(v span) bool { return within(v) && !x.inALabel(v.s, v.e) }) || slices.ContainsFunc(x.fixed, func(f span) bool {
		return within(f) && !f.p.word && !x.waits(f.p) && len(f.ev) > 0 && !x.inALabel(f.s, f.e) && x.content(f.s, f.e, x.plain)
	})
}

// waits reports whether a wording states nothing without a value beside it: one with a hole, or another word for what a field
// is called that has values.
func (x *reading) waits(p *phrase) bool {
	if p.side&anywhere == 0 {
		return p.side != 0
	}
	return !slices.ContainsFunc(p.keys, func(k string) bool {
		_, field, _ := strings.Cut(k, ":")
		return len(x.keys[k]) > 0 && len(x.pack.Fields[field].Lack[x.lang]) > 0
	})
}

// once reports whether a stretch holds the words of runes s to e a single time.
func (x *reading) once(c [2]int, s, e int) bool {
	return strings.Count(string(x.r[c[0]:c[1]]), string(x.r[s:e])) == 1
}

// ofItself reports whether a stretch holds the item, or what a field is called, twice in the same words. In a clause of a longer
// sentence the second "it" may be what the sentence told: "it has it nearby".
func (x *reading) ofItself(c [2]int, clause bool) bool {
	seen := map[string]int{}
	for _, list := range [][]span{x.itemIn(c), x.labelsIn(c)} {
		for _, v := range list {
			w := string(x.r[v.s:v.e])
			if at, ok := seen[w]; ok && at != v.s && !(clause && (w == "it" || w == "它")) {
				return true
			}
			seen[w] = v.s
		}
	}
	return false
}

// bareLabel reports whether a statement holds the item and what a field is called, which the next sentence does not tell.
func (x *reading) bareLabel(c [2]int) bool {
	labels := x.labelsIn(c)
	if len(labels) == 0 || len(x.itemIn(c)) == 0 || supposing.any(x.r, c[0], c[1]) || c[1] < len(x.r) && strings.ContainsRune("?？:：", x.r[c[1]]) {
		return false
	}
	if c[1] >= len(x.r) {
		return true
	}
	next := x.sentence(min(c[1]+2, len(x.r)-1))
	return next[0] <= c[0] || !slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
		s, e := x.rune(cl.Start), x.rune(cl.End)
		return s >= next[0] && e <= next[1] && cl.Verdict == because.Supported && slices.ContainsFunc(labels, func(l span) bool { return x.ofField(&cl, l.ev) })
	})
}

// itemIn are the places where a stretch names the item or points at it.
func (x *reading) itemIn(c [2]int) (out []span) {
	for _, n := range x.names {
		if n.s >= c[0] && n.e <= c[1] && n.ev[0] < 0 {
			out = append(out, n)
		}
	}
	for _, ps := range []phrases{x.it, x.lex.it} {
		ps.find(x.r, c[0], c[1], func(s, e int, p *phrase) {
			noun := e < len(x.r) && text.IsHan(p.r[0]) && text.IsHan(x.r[e]) && !strings.ContainsRune(neutralHan, x.r[e]) // 这个价
			if w := string(p.r); w != "this" && w != "its" && w != "here" && w != "这" && !x.hard[s] && !noun {
				out = append(out, span{s: s, e: e})
			}
		})
	}
	return out
}

// counting makes of what a field is called what there is one of: "only one source".
var counting = newPhrases().list("one single")

// labelsIn are the places where a stretch says what a field is called.
func (x *reading) labelsIn(c [2]int) (out []span) {
	for _, f := range x.fixed {
		if f.s >= c[0] && f.e <= c[1] && !f.p.word && (x.isLabel(x.r[f.s:f.e]) || f.p.side&anywhere != 0 && x.waits(f.p) && x.content(f.s, f.e, x.plain)) && !counting.any(x.r, max(c[0], f.s-7), f.s) {
			out = append(out, f)
		}
	}
	return out
}

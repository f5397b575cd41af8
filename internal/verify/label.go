package verify

import (
	"slices"
	"strings"
	"unicode"

	"because"
)

// labelled holds what stands behind a field's label to that field: "Heat retention: 250 g" is not told by a weight of
// 250 g, and "有点重，74 分贝" not by a noise of 74 dB.
func (x *reading) labelled(at int) {
	if at == 0 {
		return
	}
	before, c := x.clauses[at-1], x.clauses[at]
	end := before[1]
	if end >= len(x.r) {
		return
	}
	colon := strings.ContainsRune(":：", x.r[end])
	if !colon && !(strings.ContainsRune(",，", x.r[end]) && x.bareNumber(c)) {
		return
	}
	label := x.fieldAt(before, colon)
	if label == nil {
		return
	}
	told := slices.ContainsFunc(x.names, func(n span) bool { return n.s < c[1] && n.e > c[0] })
	for k := range x.claims {
		cl := &x.claims[k]
		if cl.Start < x.at[c[0]] || cl.End > x.at[c[1]] {
			continue
		}
		told = told || len(cl.Evidence) > 0 || cl.Verdict != because.Supported
		if cl.Kind == because.NumberClaim && cl.Verdict == because.Supported && !x.ofField(cl, label) {
			x.elsewhere(cl)
		}
	}
	if colon && !told && !slices.ContainsFunc(x.fixed, func(f span) bool { return f.s < c[1] && f.e > c[0] && len(f.p.keys) > 0 }) {
		x.claim(because.AttributeClaim, because.Unverifiable, c[0], c[1], nil, because.Say(x.given.Lang, "No evidence says this."))
	}
}

// ofField reports whether an evidence of a claim is of the field of others.
func (x *reading) ofField(cl *because.Claim, others []int) bool {
	for i, e := range x.ev {
		if has(cl.Evidence, e.ID) && x.sameField(i, others) {
			return true
		}
	}
	return false
}

// fieldAt is the evidence of the field that a wording of the pack at the end of a clause finds weak or, being the whole of
// it, labels; nil where none does.
func (x *reading) fieldAt(c [2]int, label bool) (ev []int) {
	for _, f := range x.fixed {
		if f.e != c[1] || label && f.s != c[0] && (!x.isLabel(x.r[f.s:f.e]) || x.content(c[0], f.s, x.plain)) || f.p.word || f.e-f.s < 2 {
			continue
		}
		if slices.ContainsFunc(f.p.keys, func(k string) bool {
			role, _, _ := strings.Cut(k, ":")
			return role == "kind" || !label && role != "weak"
		}) {
			return nil
		}
		ev = append(ev, f.ev...)
	}
	return ev
}

// bareNumber reports whether a clause holds a number and its unit and no other word.
func (x *reading) bareNumber(c [2]int) bool {
	found := false
	for _, v := range x.merged(x.values) {
		if v.kind != because.NumberSlot || v.s < c[0] || v.e > c[1] {
			continue
		}
		found = true
		for i := c[0]; i < c[1]; i++ {
			if (i < v.s || i >= v.e) && unicode.IsLetter(x.r[i]) {
				return false
			}
		}
	}
	return found
}

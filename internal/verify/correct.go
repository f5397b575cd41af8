package verify

import (
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

// correct puts the right values in the place of wrong ones: a number, a unit, a name, a date or a word that contradicts
// evidence which states the right one. It does so only where exactly one value is meant, and it is the judge who says
// so: of all values of the kind, one alone makes the claim true where it stands. ok is false when nothing was put right.
func (l *license) correct(s string) (string, bool) {
	done := false
	for range maxCorrections {
		x := l.read(s)
		claims := x.judge()
		bad := refusals(claims)
		next := ""
		for _, cl := range claims {
			if cl.Verdict != because.Supported {
				if next = x.corrected(cl, bad); next != "" {
					break
				}
			}
		}
		if next == "" {
			break
		}
		s, done = next, true
	}
	return s, done
}

const maxCorrections = 4 // values in one text

// refusals counts the claims that are not supported.
func refusals(claims []because.Claim) (n int) {
	for _, c := range claims {
		if c.Verdict != because.Supported {
			n++
		}
	}
	return n
}

// A correction is a stretch of the text, in bytes, and what to put there.
type correction struct {
	s, e int
	by   string
}

// corrected is the text with the one value that makes a claim true; empty when there is none, or more than one.
func (x *reading) corrected(cl because.Claim, bad int) string {
	var found []string
	for _, c := range x.corrections(cl) {
		if x.mentions(c.by) || x.misnames(c) { // it is said already, or would stand in the item's name
			continue
		}
		t := x.spliced(x.text[:c.s], c.by, unrepeated(c.by, x.text[c.e:]))
		if t == x.text || slices.Contains(found, t) {
			continue
		}
		claims := x.license.read(t).judge()
		to := c.e + len(t) - len(x.text)
		if refusals(claims) < bad && !slices.ContainsFunc(claims, func(o because.Claim) bool {
			return o.Verdict != because.Supported && o.Start < to && o.End > c.s
		}) {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// misnames reports whether a correction stands between two stretches of the item's name and is not what the name has there.
func (x *reading) misnames(c correction) bool {
	const near = 4
	before, after := []rune(strings.ToLower(x.text[:c.s])), []rune(strings.ToLower(x.text[c.e:]))
	if len(before) < near || len(after) < near {
		return false
	}
	_, rest, ok := strings.Cut(strings.ToLower(x.given.Name), string(before[len(before)-near:]))
	there, _, more := strings.Cut(rest, string(after[:near]))
	return ok && more && there != strings.ToLower(c.by)
}

// unrepeated is the text after a value without what the value ends with: 7 个信源 before 信源.
func unrepeated(by, after string) string {
	for i := range by {
		if tail := strings.TrimLeft(by[i:], " "); i > 0 && tail != "" {
			if rest, ok := strings.CutPrefix(strings.TrimLeft(after, " "), tail); ok {
				return rest
			}
		}
	}
	return after
}

// spliced joins a value to what is around it: digits stand apart from Han characters by a blank, and Han from Han by none.
func (x *reading) spliced(before, by, after string) string {
	if x.given.Lang == because.English {
		return before + by + after
	}
	edge := func(a, b string) string {
		ra, rb := []rune(strings.TrimRight(a, " ")), []rune(strings.TrimLeft(b, " "))
		if len(ra) == 0 || len(rb) == 0 {
			return strings.TrimRight(a, " ") + strings.TrimLeft(b, " ")
		}
		p, q := ra[len(ra)-1], rb[0]
		narrow := func(r rune) bool { return r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
		if text.IsHan(p) && narrow(q) || narrow(p) && text.IsHan(q) {
			return string(ra) + " " + string(rb)
		}
		return string(ra) + string(rb)
	}
	return edge(edge(before, by), after)
}

// corrections are what may stand in the place of a claim's value.
func (x *reading) corrections(cl because.Claim) []correction {
	s, e := x.rune(cl.Start), x.rune(cl.End)
	switch cl.Kind {
	case because.NumberClaim:
		return x.numberFor(cl, s, e)
	case because.TimeClaim:
		return x.slotsFor(cl.Start, cl.End, because.DateSlot)
	case because.EntityClaim:
		if rest := strings.TrimLeft(x.text[cl.End:], " "); rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return nil // a month before its year or day
		}
		start, end := cl.Start, cl.End
		if _, ok := closers[[]rune(x.text[start:end])[0]]; ok && e-s > 2 { // the marks stay
			start, end = x.at[s+1], x.at[e-1]
		}
		return append(x.slotsFor(start, end, because.NameSlot), correction{start, end, x.given.Name})
	case because.HistoryClaim:
		var out []correction
		for _, n := range x.namesIn(x.clauseOf(s)) {
			out = append(out, x.slotsFor(x.at[n.s], x.at[n.e], because.NameSlot)...)
		}
		return out
	case because.AttributeClaim:
		return x.wordFor(s, e)
	}
	return nil
}

// slotsFor are the values of a kind that the evidence has.
func (x *reading) slotsFor(start, end int, kinds ...because.SlotKind) (out []correction) {
	for _, ev := range x.ev {
		if ev.Kind == because.Caller {
			continue
		}
		for _, name := range sorted(ev.Slots) {
			if v := ev.Slots[name]; slices.Contains(kinds, v.Kind) && v.Text != "" {
				out = append(out, correction{start, end, v.Text})
			}
		}
	}
	return out
}

// numberFor are the evidence's numbers in the unit that is said, and those that are said in another unit.
func (x *reading) numberFor(cl because.Claim, s, e int) (out []correction) {
	said := text.Numbers(string(x.r[s:e]))
	if len(said) != 1 || said[0].Bound != "" || said[0].Approx {
		return nil
	}
	base, factor := text.Unit(said[0].Unit)
	if slices.ContainsFunc(x.numbers, func(n evidenceNumber) bool { return n.base == base && n.value == said[0].Value*factor }) {
		return nil // it is the value of something, said of something else
	}
	for _, c := range x.slotsFor(cl.Start, cl.End, because.NumberSlot, because.CountSlot) {
		n := text.Numbers(c.by)
		if len(n) != 1 || n[0].Percent != said[0].Percent {
			continue
		}
		b, _ := text.Unit(n[0].Unit)
		switch {
		case b == base:
			if n[0].Unit == "" && said[0].Unit != "" { // the count alone, before the word for what it counts
				c.e = cl.Start + said[0].Start + len(strings.TrimRight(strings.TrimSuffix(said[0].Text, said[0].Unit), " "))
			}
		case n[0].Value != said[0].Value || said[0].Unit == "":
			continue
		}
		out = append(out, c)
	}
	return out
}

// wordFor are the evidence's words for a word of the pack that is not backed, where the clause says the field in words that
// only that evidence licenses.
func (x *reading) wordFor(s, e int) (out []correction) {
	c := x.clauseOf(s)
	for _, h := range x.pack.Match(x.given.Lang, x.text[x.at[c[0]]:x.at[c[1]]]) {
		start, end := x.at[c[0]]+h.Start, x.at[c[0]]+h.End
		if h.Word == "" || start >= x.at[e] || end <= x.at[s] || x.hard[x.rune(start)] {
			continue
		}
		for i, ev := range x.ev {
			v := ev.Slots["value"]
			if ev.Kind == because.Attribute && v.Kind == because.WordSlot && v.Ref != h.Word && x.fixedAround(c, i) {
				out = append(out, correction{start, end, v.Text})
			}
		}
	}
	return out
}

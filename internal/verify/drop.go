package verify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
)

// drop is the text without the clauses that hold unsupported claims, and whether it still says why: the clause that
// leads must stay, or else another clause must cite what has a share in the score.
func (x *reading) drop() (string, bool) {
	bad := make([]bool, len(x.clauses))
	for i, c := range x.clauses {
		bad[i] = slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
			return cl.Verdict != because.Supported && cl.Start < x.at[c[1]] && cl.End > x.at[c[0]]
		})
	}
	first := len(bad) > 1 && !bad[0] && bad[1] && !x.says(x.clauses[0]) // "both side by side" without what is beside it
	x.lean(bad)
	caused, any := false, false
	for i, c := range x.clauses {
		if !bad[i] {
			any = true
			for _, e := range x.told(c) {
				caused = caused || x.ev[e].Share > 0
			}
		}
	}
	if !any || (bad[0] || first) && !caused {
		return "", false
	}
	return x.join(bad), true
}

// says reports whether a clause holds anything that evidence bears.
func (x *reading) says(c [2]int) bool {
	return len(x.told(c)) > 0 || slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
		return len(cl.Evidence) > 0 && cl.Start < x.at[c[1]] && cl.End > x.at[c[0]] && cl.Kind != because.CauseClaim
	})
}

// told returns the evidence that a clause tells as the reader's own cause; what the item shares with it is not that.
func (x *reading) told(c [2]int) (ev []int) {
	for _, list := range [][]span{x.names, x.quotes, x.values} {
		for _, v := range list {
			if v.s >= c[0] && v.e <= c[1] && v.ev[0] >= 0 && v.slot != "shared" && v.slot != "value" && v.slot != "unmet" {
				ev = append(ev, v.ev...)
			}
		}
	}
	return ev
}

// continues reports whether a clause leans on the one before it: 的, 也是, "which", "it is".
func (x *reading) continues(i int) bool {
	s := string(x.r[x.clauses[i][0]:x.clauses[i][1]])
	for _, w := range []string{"which ", "that ", "where ", "whose ", "whom ", "who ", "with ", "without ", "to ", "at ", "by ", "of ", "including ", "down ", "up ", "也就是", "所以", "因此", "于是", "那么", "因而", "so ", "反过来", "其中", "才", "and has ", "and is ", "and runs ", "and weighs ", "has ", "is "} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// halfSentence reports whether all that is left is a cause without what it is the cause of.
func (x *reading) halfSentence() (half bool) {
	if len(x.clauses) == 1 {
		c := x.clauses[0]
		x.lex.cause.find(x.r, c[0], c[1], func(s, e int, p *phrase) { half = half || s == c[0] })
	}
	return half
}

// join puts the kept clauses together with the strongest of the marks between them.
func (x *reading) join(bad []bool) string {
	var b strings.Builder
	lead := true     // nothing kept in this sentence
	pending := ""    // marks since the last kept clause
	dropped := false // between it and here
	for i, c := range x.clauses {
		if i == 0 && !bad[0] {
			b.WriteString(x.text[:x.at[c[0]]])
		}
		if !bad[i] {
			part := x.text[x.at[c[0]]:x.at[c[1]]]
			if b.Len() > 0 {
				m := strongest(pending, dropped)
				b.WriteString(m)
				lead = strings.ContainsAny(m, ".!?。！？\n")
			}
			if b.Len() == 0 || lead && dropped || dropped && contrast(part) && !(turns(part) && x.sameKept(bad, i)) {
				part = undangle(part)
				if b.Len() == 0 || lead {
					part = capital(part)
				}
			}
			b.WriteString(part)
			pending, dropped, lead = "", false, false
		} else {
			dropped = true
		}
		next := len(x.text)
		if i+1 < len(x.clauses) {
			next = x.at[x.clauses[i+1][0]]
		}
		pending += x.text[x.at[c[1]]:next]
	}
	if m := strings.TrimSpace(pending); m != "" {
		b.WriteString(final(m))
	}
	return b.String()
}

// sameKept reports whether a clause before this one in its sentence is kept and states something.
func (x *reading) sameKept(bad []bool, i int) bool {
	for k := i - 1; k >= 0 && x.sameSentence(k); k-- {
		if !bad[k] {
			return x.bears(x.clauses[k])
		}
	}
	return false
}

// strongest is the mark that ends a sentence if there is one among marks, else the first.
func strongest(marks string, dropped bool) string {
	if !dropped {
		return marks
	}
	for _, r := range marks {
		if strings.ContainsRune("。！？", r) {
			return string(r)
		}
		if strings.ContainsRune(".!?", r) {
			return string(r) + " "
		}
	}
	r, n := utf8.DecodeRuneInString(strings.TrimLeft(marks, " "))
	switch {
	case n == 0 || marks == "" || strings.TrimSpace(marks) == "":
		return marks
	case r < 0x80:
		return string(r) + " "
	}
	return string(r)
}

// final is the mark that ends the text.
func final(marks string) string {
	end := ""
	for _, r := range marks {
		if strings.ContainsRune("。！？.!?", r) {
			end = string(r)
		}
		if strings.ContainsRune("」”）)\"", r) && end != "" {
			end += string(r)
		}
	}
	return end
}

var dangling = []string{"而且", "并且", "不过", "但是", "但", "可是", "然而", "另外", "此外", "同时", "还有", "以及", "反过来", "而", "且", "and ", "but ", "though ", "although ", "yet ", "while ", "whereas ", "so ", "also ", "plus ", "or "}

func contrast(s string) bool { return undangle(s) != s }

// turns reports whether a clause begins with a conjunction that sets it against whatever stands before it.
func turns(s string) bool {
	return slices.ContainsFunc([]string{"不过", "但", "可是", "然而", "but ", "though ", "although ", "yet "}, func(w string) bool { return strings.HasPrefix(s, w) })
}

// undangle takes the conjunctions off a clause that has nothing to join any more.
func undangle(s string) string {
	if len(s) > 6 && strings.EqualFold(s[:6], "so far") { // a time
		return s
	}
	for _, d := range dangling {
		if len(s) > len(d) && strings.EqualFold(s[:len(d)], d) {
			return undangle(strings.TrimLeft(s[len(d):], " "))
		}
	}
	return s
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

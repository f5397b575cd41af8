package verify

import (
	"slices"
	"strings"

	"because"
)

// lean takes out what cannot stand without the clauses that were taken out: a head whose statement is gone (先说价钱,
// "Having read it"), and what continues or joins in with a clause that is gone (也是, "which", "too").
func (x *reading) lean(bad []bool) {
	for changed := true; changed; {
		changed = false
		for i := range bad {
			if bad[i] {
				continue
			}
			next := i+1 < len(bad) && bad[i+1] && x.sameSentence(i)
			before := i > 0 && bad[i-1]
			if next && (x.orphanHead(i, bad) || x.onlyWhen(i)) || before && (x.continues(i) || x.sameSentence(i-1) && x.joinsIn(i)) || x.strays(i, bad) {
				bad[i], changed = true, true
			}
		}
	}
}

// onlyWhen reports whether clause i tells a time and nothing else: of what, the next one said.
func (x *reading) onlyWhen(i int) bool {
	c := x.clauses[i]
	when := false
	for _, cl := range x.claims {
		if s, e := x.rune(cl.Start), x.rune(cl.End); s >= c[0] && e <= c[1] {
			if cl.Kind != because.TimeClaim {
				return false
			}
			when = true
		}
	}
	return when
}

// strays reports whether clause i, behind one that is gone, would be read as said of something else: it explains or goes on
// with what is gone, or tells this item's value right behind another item's name.
func (x *reading) strays(i int, bad []bool) bool {
	if i == 0 || !bad[i-1] || !x.sameSentence(i-1) {
		return false
	}
	c := x.clauses[i]
	if strings.ContainsAny(x.between(i-1), ":：(（") || !x.bears(c) {
		return true
	}
	if len(x.names) == 0 || x.pointsAt(c) || !x.pointsAt(x.clauses[i-1]) {
		return false
	}
	for k := i - 1; k >= 0 && x.sameSentence(k); k-- {
		if !bad[k] {
			return len(x.namesIn(x.clauses[k])) > 0
		}
	}
	return false
}

// pointsAt reports whether a clause names this item or points at it.
func (x *reading) pointsAt(c [2]int) bool {
	return x.it.any(x.r, c[0], c[1]) || x.lex.it.any(x.r, c[0], c[1]) || slices.ContainsFunc(x.names, func(n span) bool { return n.s >= c[0] && n.e <= c[1] && n.ev[0] < 0 })
}

// between is the text between a clause and the next.
func (x *reading) between(i int) string {
	return x.text[x.at[x.clauses[i][1]]:x.at[x.clauses[i+1][0]]]
}

// sameSentence reports whether a clause and the next are of one sentence.
func (x *reading) sameSentence(i int) bool {
	return !strings.ContainsAny(x.between(i), ".!?。！？\n")
}

// orphanHead reports whether clause i only leads to what follows it in its sentence, which is gone.
func (x *reading) orphanHead(i int, bad []bool) bool {
	follows := false
	for k := i + 1; k < len(bad) && x.sameSentence(k-1); k++ {
		follows = follows || !bad[k]
	}
	if x.opens(i) || strings.ContainsAny(x.between(i), ":：") && !follows {
		return !follows
	}
	if x.topic(i) {
		return true
	}
	if x.bears(x.clauses[i]) {
		return false
	}
	return !follows || x.labels(x.clauses[i]) || !strings.ContainsAny(x.between(i), ":：")
}

// bears reports whether a clause states anything of its own beyond the item's name and what a field is called.
func (x *reading) bears(c [2]int) bool {
	return slices.ContainsFunc(x.claims, func(cl because.Claim) bool {
		s, e := x.rune(cl.Start), x.rune(cl.End)
		return s >= c[0] && e <= c[1] && cl.Verdict == because.Supported && len(cl.Evidence) > 0 && cl.Kind != because.CauseClaim && !x.inALabel(s, e) && !x.joins(s, e)
	})
}

// joins reports whether runes s to e are a wording of the pack that joins what is told and tells nothing: 另有一句.
func (x *reading) joins(s, e int) bool {
	return x.lang == because.Chinese && !x.content(s, e, x.plain) && slices.ContainsFunc(x.fixed, func(f span) bool { return f.s == s && f.e == e })
}

// inALabel reports whether runes s to e are what a field is called, or part of it.
func (x *reading) inALabel(s, e int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool { return f.s <= s && e <= f.e && x.isLabel(x.r[f.s:f.e]) }) || x.isLabel(x.r[s:e])
}

// labels reports whether a clause says what a field is called.
func (x *reading) labels(c [2]int) bool {
	return slices.ContainsFunc(x.fixed, func(f span) bool { return f.s >= c[0] && f.e <= c[1] && x.isLabel(x.r[f.s:f.e]) })
}

func (x *reading) isLabel(r []rune) bool { return x.fieldLabels[string(r)] }

// openers begin a clause that another one must complete.
var openers = strings.Split("having |after |before |compared |next to |beside |set against |set beside |put against |if |when |as |since |because |given |unlike |like |while |now that |for |at |with |among |by |from |under |on |to |over |in |during |within |across |throughout |besides |apart |following |despite |without |of |leaving ", "|")

// compares are what a Chinese clause holds that sets one thing against another.
var compares = strings.Split("比一比|比起|相比|比较|放一起|放在一起|摆在一起|摆一起|并排|对着看|的话", "|")

// opens reports whether clause i needs another to complete it, whatever it names.
func (x *reading) opens(i int) bool {
	if i > 0 && x.sameSentence(i-1) {
		return false
	}
	s := string(x.r[x.clauses[i][0]:x.clauses[i][1]])
	if x.lang == because.English {
		return slices.ContainsFunc(openers, func(o string) bool { return strings.HasPrefix(s, o) })
	}
	return slices.ContainsFunc(compares, func(o string) bool { return strings.Contains(s, o) })
}

// topic reports whether a Chinese clause does no more than say what the next one is about: 先看学费.
func (x *reading) topic(i int) bool {
	s := x.r[x.clauses[i][0]:x.clauses[i][1]]
	return len(s) <= 8 && slices.ContainsFunc([]string{"先说", "先看", "光看", "单看", "只看", "单说", "论", "说到", "看看"}, func(w string) bool { return strings.HasPrefix(string(s), w) })
}

var joinedIn = newPhrases().list("也 也是 同样 一样 both too also as_well likewise either same")

// joinsIn reports whether a clause says that something is true of this item too, of one that it does not name.
func (x *reading) joinsIn(i int) bool {
	c := x.clauses[i]
	return joinedIn.any(x.r, c[0], c[1]) && len(x.namesIn(c)) == 0
}

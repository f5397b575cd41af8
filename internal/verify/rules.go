package verify

import (
	"slices"
	"strings"

	"because"
	"because/internal/pack"
)

// allowed reports whether the conditions of a rule let its phrase stand at runes s to e.
func (x *reading) allowed(r *pack.Rule, s, e int) bool {
	return len(r.Unless) > 0 && !slices.ContainsFunc(r.Unless, func(c pack.Condition) bool {
		return c.Closing && !x.closes() || c.Without != "" && x.states(c.Without) || (len(c.Item) > 0 || c.Profile != "") && !x.shown(r, c, s, e)
	})
}

// shown reports whether evidence shows that the facts of a condition hold, and the clause at runes s to e says it where it
// must.
func (x *reading) shown(r *pack.Rule, c pack.Condition, s, e int) bool {
	i := slices.IndexFunc(x.clauses, func(k [2]int) bool { return k[0] <= s && e <= k[1] })
	for n, ev := range x.ev {
		if !r.Shows(c, ev) {
			continue
		}
		if !c.Said || i >= 0 && slices.ContainsFunc(x.values, func(v span) bool {
			return slices.Contains(v.ev, n) && (v.slot == "value" || v.slot == "shared") && x.clauses[i][0] <= v.s && v.e <= x.clauses[i][1]
		}) {
			return true
		}
	}
	return false
}

func (x *reading) states(field string) bool {
	return slices.ContainsFunc(x.ev, func(e because.Evidence) bool { return e.Kind != because.Profile && e.Ref == field })
}

// closes reports whether the text ends with what the pack ends texts with.
func (x *reading) closes() bool {
	s := strings.TrimSpace(x.text)
	return slices.ContainsFunc(x.closing, func(c string) bool { return strings.HasSuffix(s, c) })
}

// unclosed refuses what may be told only with the pack's closing in a text that has none.
func (x *reading) unclosed() {
	if len(x.closed) == 0 || x.closes() {
		return
	}
	for i, c := range x.claims {
		for _, e := range x.ev {
			if c.Verdict != because.Supported || !has(c.Evidence, e.ID) {
				continue
			}
			if n := slices.IndexFunc(x.closed, func(r pack.Rule) bool { return r.On(e) }); n >= 0 {
				x.claims[i].Verdict = because.Contradicted
				x.claims[i].Reason = because.Say(x.given.Lang, "A rule forbids it: %s", x.closed[n].Reason.In(x.given.Lang))
			}
		}
	}
}

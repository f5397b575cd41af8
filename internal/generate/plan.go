package generate

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"because"
)

// A Pair is one set of facts, said in both languages: drafts of either that state just these, the best first.
type Pair struct {
	Arm         because.Arm // whose patterns say it
	Set         []string    // sorted IDs of the evidence that is stated here
	Without     []string    // IDs of evidence that was left out of the request, so that both can say the rest
	Here, There []Draft
}

// pairsAtMost is how many sets of facts are offered.
const pairsAtMost = 6

// Both plans what is said before the language is: it drafts one request in its two languages, here and there, and pairs
// what states the same facts, the best set first. Draft with Request.Plan says a set again. There is none where the two
// languages have no set in common.
//
// A set is worth what the best text of either language that states it costs, taken together; of equal ones the facts
// themselves decide, so that here and there may change places. A fact that one language alone has (a quotation, a search)
// does not count, and may join its text; there is nothing to plan where it leads. The lead stays the arm's. Where the two
// have no set in common, the least of the facts is left out, and so on down to the lead.
func (t *Template) Both(here, there Request) []Pair {
	both := inCommon(here.Evidence, there.Evidence)
	lead := leading(here.Evidence, here.Arm.Lead)
	if lead < 0 || !both[FactKey(here.Evidence[lead])] {
		return nil
	}
	var without []string
	for {
		if out := t.both(here, there, both); len(out) > 0 {
			for i := range out {
				out[i].Without = without
			}
			return out
		}
		least := leastOf(here.Evidence, lead, both, t.packs.Pack(here.Domain).States)
		if least < 0 {
			return nil
		}
		gone := here.Evidence[least]
		without = append(without, gone.ID)
		here.Evidence = slices.Delete(slices.Clone(here.Evidence), least, least+1)
		there.Evidence = slices.DeleteFunc(slices.Clone(there.Evidence), func(e because.Evidence) bool { return FactKey(e) == FactKey(gone) })
		lead = leading(here.Evidence, here.Arm.Lead)
	}
}

// leastOf is the fact that may best go unsaid: the last that both have and that is neither the lead, nor a weakness, nor
// what was asked for, nor what the pack wants stated, and of these what the reader stated and what moved come last; −1 where there is none.
func leastOf(evidence []because.Evidence, lead int, both map[string]bool, states []string) int {
	telling := -1
	for i := len(evidence) - 1; i >= 0; i-- {
		switch k := evidence[i].Kind; {
		case i == lead || k == because.Drawback || k == because.Need || !both[FactKey(evidence[i])] || k == because.Attribute && slices.Contains(states, evidence[i].Ref):
		case k != because.Profile && k != because.Trend:
			return i
		case telling < 0:
			telling = i
		}
	}
	return telling
}

// both pairs what two requests can both say as they are.
func (t *Template) both(here, there Request, common map[string]bool) []Pair {
	p, q := t.packs.Pack(here.Domain), t.packs.Pack(there.Domain)
	here.Domain, there.Domain = p.Domain, q.Domain
	for _, arm := range arms(here) {
		a, b := leading(here.Evidence, arm.Lead), leading(there.Evidence, arm.Lead)
		if arm.Lead != here.Arm.Lead || a < 0 || b < 0 {
			continue
		}
		here, there := here, there
		here.Arm, there.Arm = arm, arm
		mine, theirs := t.candidates(p, here, arm, a, contentSeed(here.Evidence)), t.candidates(q, there, arm, b, contentSeed(there.Evidence))
		costs, price := map[string]int{}, pricing(theirs, there, q.Guarded) // of the best text there
		for _, w := range theirs {
			k := factsOf(there.Evidence, w.cited, common)
			if c, ok := costs[k]; !ok || price(w) < c {
				costs[k] = price(w)
			}
		}
		sets := settled(mine, costs, here, common, pricing(mine, here, p.Guarded))
		var out []Pair
		for _, s := range sets[:min(pairsAtMost, len(sets))] {
			here.Plan = s.ids
			alike := slices.DeleteFunc(slices.Clone(theirs), func(w written) bool { return factsOf(there.Evidence, w.cited, common) != s.facts })
			out = append(out, Pair{Arm: arm, Set: s.ids, Here: t.drafts(p, here, choose(mine, here, p.Guarded)), There: t.drafts(q, there, choose(alike, there, q.Guarded))})
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// A factSet is what some texts of one language state.
type factSet struct {
	ids   []string // all of it, sorted
	facts string   // those that both languages have
	cost  int      // of these, in both
	own   int      // of the whole
}

// settled are the sets of facts of one language's texts that the other can state too, ordered.
func settled(texts []written, other map[string]int, req Request, both map[string]bool, price func(written) int) []*factSet {
	best, sets := map[string]int{}, map[string]*factSet{}
	for _, w := range texts {
		facts := factsOf(req.Evidence, w.cited, both)
		if _, ok := other[facts]; !ok {
			continue
		}
		c := price(w)
		if least, ok := best[facts]; !ok || c < least {
			best[facts] = c
		}
		ids := sortedSet(w.cited)
		k := strings.Join(ids, " ")
		if s := sets[k]; s == nil {
			sets[k] = &factSet{ids: ids, facts: facts, own: c}
		} else {
			s.own = min(s.own, c)
		}
	}
	var out []*factSet
	for _, s := range sets {
		s.cost = best[s.facts] + other[s.facts]
		out = append(out, s)
	}
	slices.SortFunc(out, func(x, y *factSet) int {
		return cmp.Or(cmp.Compare(x.cost, y.cost), cmp.Compare(drawFacts(x.facts), drawFacts(y.facts)), strings.Compare(x.facts, y.facts),
			cmp.Compare(x.own, y.own), slices.Compare(x.ids, y.ids))
	})
	return out
}

// FactKey is what an evidence is in every language.
func FactKey(e because.Evidence) string {
	return strings.Join([]string{string(e.Kind), e.Ref, e.Origin}, "\x00")
}

// inCommon are the keys of facts that two lists both have.
func inCommon(a, b []because.Evidence) map[string]bool {
	has, out := map[string]bool{}, map[string]bool{}
	for _, e := range a {
		has[FactKey(e)] = true
	}
	for _, e := range b {
		if k := FactKey(e); has[k] {
			out[k] = true
		}
	}
	return out
}

// factsOf are the facts that are cited and that both languages have, as one key.
func factsOf(evidence []because.Evidence, cited []string, both map[string]bool) string {
	var keys []string
	for _, e := range evidence {
		if k := FactKey(e); both[k] && slices.Contains(cited, e.ID) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), "\x01")
}

func sortedSet(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// asPlanned reports whether a text states the set of a plan, all of it and nothing else.
func asPlanned(plan, cited []string) bool { return slices.Equal(plan, sortedSet(cited)) }

// contentSeed draws wordings by nothing but the evidence, so that what can be said of it is the same whenever it is asked.
func contentSeed(evidence []because.Evidence) uint64 {
	h := fnv.New64a()
	for _, e := range evidence {
		fmt.Fprintf(h, "%s\x01", FactKey(e))
	}
	return h.Sum64()
}

func drawFacts(facts string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(facts))
	return draw(h.Sum64(), 0)
}

package evidence

import (
	"cmp"
	"slices"
	"strings"

	"because"
)

// personal are the kinds that state a cause that lies with the reader.
var personal = []because.EvidenceKind{
	because.Need, because.Bought, because.Carted, because.Rated, because.Viewed, because.Searched, because.Habit, because.Shared,
	because.Profile, because.InContext, because.Fit, because.PriceKind, because.Neighbours,
}

// alternatives are the kinds that may always lead, since they claim no cause, the most telling first.
var alternatives = []because.EvidenceKind{
	because.Trend, because.Popular, because.ReviewKind, because.NewItem, because.Attribute, because.Versus,
}

// Personal reports whether a kind states a cause that lies with the reader.
func Personal(k because.EvidenceKind) bool { return slices.Contains(personal, k) }

// topCauses is how many of the largest positive causes may be named as one.
const topCauses = 2

// minPart is the part of all positive shares of the evidence that a cause of a sort must carry to be named. A liking for a
// category is seen in every interaction; one for a word, a number or a price rests on the few in which it made a difference.
// On invented worlds, where the true reasons are known, these parts and leastShare name a true one in about 19 of 20 texts.
func minPart(cause string) float64 {
	switch kind, _, _ := strings.Cut(cause, ":"); kind {
	case "attribute", "price":
		return .5
	}
	return .12
}

// besideNeed is the part that another cause must carry where the reader asked for something.
const besideNeed = .25

// leastShare is the share of all that moved the score that a cause carries at least. The parts are of what there is evidence
// for; how recent an item is, for one, may carry most of a score and be worth no word.
const leastShare = .1

// Leads are the kinds that may lead: first the personal causes, the largest first; then the kinds that claim no cause.
//
// A cause is a contribution or, for an attribute, a field, whichever evidence states it. To be named, it must be among
// the largest and carry enough of all positive shares, and of all that moved the score. What the reader did with one item
// is named for the trait that this item shares with it, so the trait must carry it; or else, on items with few traits, for
// the whole of the history where that says more than any trait. What is the same for everybody (popularity, recency) counts
// among the largest.
func Leads(all []because.Evidence) []because.EvidenceKind {
	var out []because.EvidenceKind
	add := func(k because.EvidenceKind) {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	if has(all, because.Need) { // the request itself is never a guess
		add(because.Need)
	}
	for _, c := range causes(all) {
		add(c.Kind)
	}
	for _, k := range alternatives {
		switch {
		case !has(all, k):
		case k == because.Attribute && len(out) > 0 && !Personal(out[len(out)-1]) && !tells(all):
		case k == because.Versus && !ahead(all):
		case k == because.Trend && !moves(all):
		default:
			add(k)
		}
	}
	return out
}

// moves reports whether a trend speaks for the item: a price that falls, not readers that leave.
func moves(all []because.Evidence) bool {
	return slices.ContainsFunc(all, func(e because.Evidence) bool { return e.Kind == because.Trend && e.Strong && !e.Sensitive })
}

// tellingShare is the share from which a fact on the item may lead though it is no strength.
const tellingShare = .1

// tells reports whether a fact on the item is worth leading with: a strength, or one that carries some of the score. The
// year of a film is neither, and how many people saw it says more.
func tells(all []because.Evidence) bool {
	return slices.ContainsFunc(all, func(e because.Evidence) bool {
		return e.Kind == because.Attribute && !e.Sensitive && (e.Strong || e.Share >= tellingShare)
	})
}

// A cause is an evidence that may be named as one.
type cause struct {
	because.Evidence
	strength float64
}

// causes are the evidence that may be named as causes, the strongest first.
func causes(all []because.Evidence) []cause {
	shares, sum := map[string]float64{}, 0.0
	for _, e := range all {
		if e.Share > 0 {
			shares[causeOf(e)] += e.Share
			sum += e.Share
		}
	}
	keys := sortedKeys(shares)
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(shares[b], shares[a]) })
	top := keys[:min(topCauses, len(keys))]
	past, dearest, trait := together(all, shares)
	least := 0.0
	if has(all, because.Need) { // who asked for something hears of it, unless another cause weighs much
		least = besideNeed
	}
	var out []cause
	for _, e := range all {
		if e.Share <= 0 || e.Sensitive || !(Personal(e.Kind) || e.Kind == because.Caller) || BarePrice(e) {
			continue
		}
		named := causeOf(e)
		strength, high := shares[named], slices.Contains(top, named)
		if deedKind(e.Kind) || e.Kind == because.Searched {
			strength, high = 0, false
			if t := traitOf(e); t != "" { // it is named for the trait, so the trait must carry it
				named = t
				strength, high = traitStrength(shares, top, t)
			}
			if deedKind(e.Kind) && e.ID == dearest && past > trait && past > strength { // it is named for the whole of the history
				named, strength, high = "history:", past, true
			}
		}
		if high && strength >= max(leastShare, max(least, minPart(named))*sum) {
			out = append(out, cause{e, strength})
		}
	}
	slices.SortStableFunc(out, func(a, b cause) int { return cmp.Compare(b.strength, a.strength) })
	return out
}

// BarePrice reports whether an evidence is a price that is not held against the reader's own range: it says nothing of them.
func BarePrice(e because.Evidence) bool {
	_, own := e.Slots["low"]
	return e.Kind == because.PriceKind && !own
}

// fewTraits is how many attributes an item has at most for the history as a whole to be named as the cause. Where a
// catalogue describes its items, what moves readers shows in the traits: on the invented world, naming the history there
// took the share of true causes from .95 to .89. Where it holds little but a title and a genre, only the history tells.
const fewTraits = 2

// together sums what the items of the history contribute for themselves, and tells the deed that contributes most and
// the strongest trait. Past is 0 where the item has more than a few traits.
func together(all []because.Evidence, shares map[string]float64) (past float64, dearest string, trait float64) {
	most := 0.0
	for _, e := range all {
		if deedKind(e.Kind) && e.Share > most && !e.Sensitive {
			most, dearest = e.Share, e.ID
		}
	}
	for _, k := range sortedKeys(shares) {
		kind, _, _ := strings.Cut(k, ":")
		switch kind {
		case "history":
			past += shares[k]
		case "category", "attribute", "price", "profile":
			trait = max(trait, shares[k])
		}
	}
	traits := map[string]bool{}
	for _, e := range all {
		if e.Kind == because.Attribute || e.Kind == because.Fit || e.Kind == because.Drawback {
			traits[e.Ref] = true
		}
	}
	if len(traits) > fewTraits {
		past = 0
	}
	return past, dearest, trait
}

// traitStrength is the share of a trait, and whether it is among the top causes.
func traitStrength(shares map[string]float64, top []string, trait string) (strength float64, high bool) {
	for k, v := range shares {
		if k == trait || trait == "category:" && strings.HasPrefix(k, trait) {
			strength += v
			high = high || slices.Contains(top, k)
		}
	}
	return strength, high
}

// deedKind reports whether a kind states what the reader did with one item.
func deedKind(k because.EvidenceKind) bool { return slices.Contains(telling, k) }

// traitOf names the trait that a slot "shared" holds, as causeOf does; "category:" stands for every category.
func traitOf(e because.Evidence) string {
	switch ref := e.Slots["shared"].Ref; ref {
	case "":
		return ""
	case categoryField:
		return "category:"
	default:
		return "attribute:" + ref
	}
}

func has(all []because.Evidence, k because.EvidenceKind) bool {
	return slices.ContainsFunc(all, func(e because.Evidence) bool { return e.Kind == k && !e.Sensitive && !Missed(e) })
}

// causeOf names the cause that an evidence states, as contributions are named.
func causeOf(e because.Evidence) string {
	switch e.Kind {
	case because.Bought, because.Carted, because.Viewed, because.Rated, because.Neighbours:
		return "history:" + e.Ref
	case because.Habit:
		return "category:" + e.Ref
	case because.Shared, because.Fit, because.Attribute:
		if e.Ref == categoryField {
			return "category:"
		}
		return "attribute:" + e.Ref
	}
	return string(e.Kind) + ":" + e.Ref
}

// Choose picks the few facts worth saying with an arm: the lead is the evidence of the arm's kind with the largest
// share; then come at most two facts on the item and one of another sort that do not repeat it; last at most one
// drawback. A lead that claims no cause is joined by nothing personal but what the reader stated. Unused is all the rest, in its order. When there
// is no evidence of the arm's kind, what may lead first does; NoExplanation uses nothing.
func Choose(all []because.Evidence, arm because.Arm) (use, unused []because.Evidence) {
	lead, ok := leadOf(all, arm.Lead)
	if !ok && arm != because.NoExplanation {
		if ks := Leads(all); len(ks) > 0 {
			lead, ok = leadOf(all, ks[0])
		}
	}
	if !ok || arm == because.NoExplanation {
		return nil, all
	}
	use = []because.Evidence{lead}
	if lead.Kind == because.Versus {
		use = append(use, sameComparison(all, lead)...)
	}
	asked := others(all, lead)
	if lead.Kind == because.Need {
		use = append(use, asked...)
	}
	taken := said(append(slices.Clone(use), asked...))
	x, telling := extra(all, lead, taken, because.Profile, because.Trend) // what the reader stated or what moves goes before plain facts
	if telling {
		taken[x.Ref], taken[x.Slots["shared"].Ref] = true, true
	}
	switch { // what was asked for is enough to say, or nearly
	case len(asked) == 0:
		use = append(use, facts(all, lead, taken)...)
	case len(asked) == 1 && !Missed(asked[0]):
		more := facts(all, lead, taken)
		use = append(use, more[:min(1, len(more))]...)
	}
	if n, ok := linked(all, lead); ok && !telling {
		x, telling = n, true
	}
	if !telling {
		x, telling = extra(all, lead, taken, extras...)
	}
	if telling {
		use = append(use, x)
	}
	if telling && x.Kind == lead.Kind { // that it is of its kind goes without saying beside two of its praises
		use = slices.DeleteFunc(use, func(e because.Evidence) bool { return e.Ref == categoryField })
	}
	if x, ok := drawback(all, taken); ok && !(lead.Kind == because.Versus && len(use) > 1 && use[1].Slots["diff"].Number < 0) {
		use = append(use, x)
	}
	if lead.Kind != because.Need { // what it misses is told whatever leads
		use = append(use, slices.DeleteFunc(asked, func(e because.Evidence) bool { return !Missed(e) })...)
	}
	for _, e := range all {
		if !slices.ContainsFunc(use, func(u because.Evidence) bool { return u.ID == e.ID }) {
			unused = append(unused, e)
		}
	}
	return use, unused
}

// others are the things that were asked for one by one, beside the lead; none where the need is told as a whole.
func others(all []because.Evidence, lead because.Evidence) (out []because.Evidence) {
	each := slices.ContainsFunc(all, Missed)
	n := 0
	for _, e := range all {
		if e.Kind == because.Need && !e.Sensitive && e.Ref != categoryField {
			if n++; e.ID != lead.ID {
				out = append(out, e)
			}
		}
	}
	if !each && n < 2 {
		return nil
	}
	return out
}

// leadOf is the strongest cause of a kind; else the evidence of it with the largest share that may be spoken, where a
// cause needs a positive one.
func leadOf(all []because.Evidence, k because.EvidenceKind) (because.Evidence, bool) {
	for _, c := range causes(all) {
		if c.Kind == k {
			return c.Evidence, true
		}
	}
	var best because.Evidence
	found := false
	misses := map[string]bool{}
	for _, e := range all {
		misses[e.Ref] = misses[e.Ref] || Missed(e)
	}
	for _, e := range all {
		cause := Personal(k) && k != because.Need
		if k == because.Attribute && misses[e.Ref] { // it is told as what it is
			continue
		}
		if e.Kind != k || e.Sensitive || Missed(e) || k == because.Drawback || k == because.Trend && !e.Strong || cause && e.Share <= 0 {
			continue
		}
		better := e.Share > best.Share
		if k == because.Attribute { // it claims no cause, so the value worth praising leads
			better = merit(e) > merit(best)
		}
		if k == because.Versus {
			better = e.Slots["diff"].Number > 0 && best.Slots["diff"].Number <= 0
		}
		if !found || better {
			best, found = e, true
		}
	}
	return best, found
}

// merit is how much an item's fact is worth saying.
func merit(e because.Evidence) float64 {
	m := 0.0
	if e.Strong {
		m += 3
	}
	switch e.Kind {
	case because.Fit:
		m += 1.5
	case because.PriceKind:
		if _, ok := e.Slots["low"]; ok {
			m++
		}
	case because.NewItem:
		m += .5
	}
	if e.Ref == categoryField {
		m -= 2
	}
	return m + max(-3, min(1.5, 5*e.Share))
}

// said are the fields and items that some evidence already speaks of.
func said(use []because.Evidence) map[string]bool {
	out := map[string]bool{}
	for _, e := range use {
		out[e.Ref] = true
		if s, ok := e.Slots["shared"]; ok {
			out[s.Ref] = true
		}
		if e.Kind == because.Habit || e.Kind == because.InContext {
			out[categoryField] = true
		}
	}
	return out
}

// facts are the two facts on the item that are most worth saying beside a lead. They enter taken.
func facts(all []because.Evidence, lead because.Evidence, taken map[string]bool) []because.Evidence {
	wanted, weak := map[string]bool{}, map[string]bool{}
	var pool []because.Evidence
	for _, e := range all {
		switch {
		case e.Kind == because.Need:
			wanted[e.Ref] = true
		case e.Kind == because.Drawback:
			weak[e.Ref] = true
		}
	}
	for _, e := range all {
		usable := e.Kind == because.Attribute || e.Kind == because.NewItem || Personal(lead.Kind) && (e.Kind == because.Fit || e.Kind == because.PriceKind)
		usable = usable || BarePrice(e) && e.Share == 0
		if usable && e.Kind != lead.Kind || usable && e.Kind == because.Attribute {
			if !e.Sensitive && e.Share >= 0 && !weak[e.Ref] && e.ID != lead.ID {
				pool = append(pool, e)
			}
		}
	}
	worth := func(e because.Evidence) float64 {
		if wanted[e.Ref] {
			return merit(e) + 2
		}
		return merit(e)
	}
	slices.SortStableFunc(pool, func(a, b because.Evidence) int { return cmp.Compare(worth(b), worth(a)) })
	var out []because.Evidence
	var usual []because.Evidence // at most one: that two numbers lie in the reader's ranges says no more than that one does
	for _, e := range pool {
		switch {
		case len(out)+len(usual) == 2 || taken[e.Ref] || e.Kind == because.Fit && len(usual) > 0:
		case e.Kind == because.Fit:
			taken[e.Ref] = true
			usual = append(usual, e)
		default:
			taken[e.Ref] = true
			out = append(out, e)
		}
	}
	return append(out, usual...)
}

// ahead reports whether a comparison speaks for the item.
func ahead(all []because.Evidence) bool {
	return slices.ContainsFunc(all, func(e because.Evidence) bool {
		return e.Kind == because.Versus && !e.Sensitive && e.Slots["diff"].Number > 0
	})
}

// linked are the people who turned both to the item of a deed and to this one, where the two share no trait: they are
// what joins them.
func linked(all []because.Evidence, lead because.Evidence) (because.Evidence, bool) {
	if !deedKind(lead.Kind) || lead.Slots["shared"].Text != "" {
		return because.Evidence{}, false
	}
	i := slices.IndexFunc(all, func(e because.Evidence) bool {
		return e.Kind == because.Neighbours && e.Ref == lead.Ref && !e.Sensitive
	})
	if i < 0 {
		return because.Evidence{}, false
	}
	return all[i], true
}

// extras are the kinds that are said as a clause of their own, the most telling first.
var extras = []because.EvidenceKind{because.Profile, because.Trend, because.ReviewKind, because.Neighbours, because.Popular, because.Caller}

// extra is one evidence of another sort than the lead, on something that is not said yet.
//
// That the item meets what the reader stated is a fact, whatever its share; it is not called a cause.
func extra(all []because.Evidence, lead because.Evidence, taken map[string]bool, kinds ...because.EvidenceKind) (because.Evidence, bool) {
	for _, k := range kinds {
		if k == lead.Kind && k != because.ReviewKind || !Personal(lead.Kind) && k == because.Neighbours {
			continue
		}
		for _, e := range all {
			cause := k == because.Caller
			repeats := k == because.Profile && taken[e.Slots["shared"].Ref] || k != because.Profile && k != because.Popular && taken[e.Ref]
			if k == lead.Kind { // another thing that reviewers praise
				repeats = e.ID == lead.ID || e.Ref == lead.Ref || e.Ref == ""
			}
			if e.Kind == k && !e.Sensitive && e.Share >= 0 && (!cause || e.Share > 0) && !repeats {
				return e, true
			}
		}
	}
	return because.Evidence{}, false
}

// drawback is the weakness most worth saying; evidence of one kind and share stands in the order of its merit.
func drawback(all []because.Evidence, taken map[string]bool) (because.Evidence, bool) {
	for _, e := range all {
		if e.Kind == because.Drawback && !e.Sensitive && !taken[e.Ref] {
			return e, true
		}
	}
	return because.Evidence{}, false
}

// sameComparison is the field in which the compared item is ahead, so that both sides are told.
func sameComparison(all []because.Evidence, lead because.Evidence) []because.Evidence {
	for _, e := range all {
		opposite := (e.Slots["diff"].Number < 0) != (lead.Slots["diff"].Number < 0)
		if e.Kind == because.Versus && !e.Sensitive && e.Slots["hist"].Ref == lead.Slots["hist"].Ref && opposite {
			return []because.Evidence{e}
		}
	}
	return nil
}

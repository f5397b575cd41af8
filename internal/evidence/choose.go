package evidence

import (
	"cmp"
	"slices"

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
const topCauses = 3

// Leads are the kinds that may lead: first the personal causes with a positive share among the three largest causes,
// the largest first; then the kinds that claim no cause. A cause is one contribution or, for an attribute, one field,
// whichever evidence states it; what is the same for everybody (popularity, recency) is not counted among them.
func Leads(all []because.Evidence) []because.EvidenceKind {
	type cause struct {
		key   string
		share float64
		kinds []because.EvidenceKind
	}
	var causes []cause
	for _, e := range all {
		if e.Share <= 0 || e.Kind == because.Popular || e.Kind == because.NewItem {
			continue
		}
		key := causeOf(e)
		i := slices.IndexFunc(causes, func(c cause) bool { return c.key == key })
		if i < 0 {
			i = len(causes)
			causes = append(causes, cause{key: key})
		}
		causes[i].share += e.Share
		if !e.Sensitive {
			causes[i].kinds = append(causes[i].kinds, e.Kind)
		}
	}
	slices.SortStableFunc(causes, func(a, b cause) int { return cmp.Compare(b.share, a.share) })
	var out []because.EvidenceKind
	add := func(k because.EvidenceKind) {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	if has(all, because.Need) { // the request itself is never a guess
		add(because.Need)
	}
	for _, c := range causes[:min(topCauses, len(causes))] {
		for _, k := range c.kinds {
			if Personal(k) || k == because.Caller {
				add(k)
			}
		}
	}
	for _, k := range alternatives {
		if has(all, k) {
			add(k)
		}
	}
	return out
}

func has(all []because.Evidence, k because.EvidenceKind) bool {
	return slices.ContainsFunc(all, func(e because.Evidence) bool { return e.Kind == k && !e.Sensitive })
}

// causeOf names the cause that an evidence states, as contributions are named.
func causeOf(e because.Evidence) string {
	switch e.Kind {
	case because.Bought, because.Carted, because.Viewed, because.Rated, because.Neighbours:
		return "history:" + e.Ref
	case because.Habit:
		return "category:" + e.Ref
	case because.Shared, because.Fit, because.Attribute:
		return "attribute:" + e.Ref
	}
	return string(e.Kind) + ":" + e.Ref
}

// Choose picks the few facts worth saying with an arm: the lead is the evidence of the arm's kind with the largest
// share; then come at most two facts on the item and one of another sort that do not repeat it; last at most one
// drawback. A lead that claims no cause is joined by nothing personal. Unused is all the rest, in its order. When there
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
	taken := said(use)
	use = append(use, facts(all, lead, taken)...)
	if x, ok := extra(all, lead, taken); ok {
		use = append(use, x)
	}
	if x, ok := drawback(all, taken); ok && !(lead.Kind == because.Versus && len(use) > 1 && use[1].Slots["diff"].Number < 0) {
		use = append(use, x)
	}
	for _, e := range all {
		if !slices.ContainsFunc(use, func(u because.Evidence) bool { return u.ID == e.ID }) {
			unused = append(unused, e)
		}
	}
	return use, unused
}

// leadOf is the evidence of a kind with the largest share that may be spoken; a cause needs a positive one.
func leadOf(all []because.Evidence, k because.EvidenceKind) (because.Evidence, bool) {
	var best because.Evidence
	found := false
	for _, e := range all {
		cause := Personal(k) && k != because.Need
		if e.Kind != k || e.Sensitive || k == because.Drawback || cause && e.Share <= 0 {
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
		if _, own := e.Slots["low"]; e.Kind == because.PriceKind && !own && e.Share == 0 {
			usable = true // the price alone says nothing of the reader
		}
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
	for _, e := range pool {
		if len(out) < 2 && !taken[e.Ref] {
			taken[e.Ref] = true
			out = append(out, e)
		}
	}
	return out
}

// extras are the kinds that are said as a clause of their own, the most telling first.
var extras = []because.EvidenceKind{because.Profile, because.Trend, because.ReviewKind, because.Neighbours, because.Popular, because.Caller}

// extra is one evidence of another sort than the lead, on something that is not said yet.
func extra(all []because.Evidence, lead because.Evidence, taken map[string]bool) (because.Evidence, bool) {
	for _, k := range extras {
		if k == lead.Kind || !Personal(lead.Kind) && (k == because.Profile || k == because.Neighbours) {
			continue
		}
		for _, e := range all {
			cause := k == because.Profile || k == because.Caller
			repeats := k == because.Profile && taken[e.Slots["shared"].Ref] || k != because.Profile && k != because.Popular && taken[e.Ref]
			if e.Kind == k && !e.Sensitive && (!cause || e.Share > 0) && !repeats {
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

package evidence

import (
	"because"
)

// How sure it is that what a text leads with is why: levels of Confidence.
const (
	High = "high"
	Fair = "fair"
	Low  = "low"
)

// A cause is named with high confidence when it carries at least highPart of all positive shares and highMargin times as
// much as the next cause; with low confidence when it carries less than fairPart of them, or hardly more than the next.
const (
	highPart   = .5
	highMargin = 2
	fairPart   = .3
	fairMargin = 1.2
)

// Confidence says how sure it is that an evidence is why the item is shown, by its part of all positive shares and by how
// far it is ahead of the next cause. It is empty for what names no cause.
func Confidence(all []because.Evidence, lead because.Evidence) string {
	var named cause
	for _, c := range causes(all) {
		if c.ID == lead.ID {
			named = c
		}
	}
	if named.ID == "" {
		return ""
	}
	own := map[string]bool{causeOf(lead): true}
	if t := traitOf(lead); t != "" {
		own[t] = true
	}
	sum, next := 0.0, 0.0
	shares := map[string]float64{}
	for _, e := range all {
		if e.Share > 0 {
			shares[causeOf(e)] += e.Share
		}
	}
	for _, k := range sortedKeys(shares) {
		sum += shares[k]
		if !own[k] {
			next = max(next, shares[k])
		}
	}
	part := named.strength / sum
	switch {
	case part >= highPart && named.strength >= highMargin*next:
		return High
	case part < fairPart || named.strength < fairMargin*next:
		return Low
	}
	return Fair
}

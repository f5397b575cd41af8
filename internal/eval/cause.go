package eval

import (
	"cmp"
	"slices"
)

// A term is a true cause when it is among the topTerms largest positive ones and carries at least minMass of the
// positive mass.
const (
	topTerms = 3
	minMass  = .1
)

// TopTerms are the n largest positive terms, the largest first; equal ones by name.
func TopTerms(terms map[string]float64, n int) []string {
	var names []string
	for name, v := range terms {
		if v > 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(terms[b], terms[a]), cmp.Compare(a, b))
	})
	return names[:min(n, len(names))]
}

// TrueCauses are the terms that a reason may rightly name: among the three largest positive ones, and each at least a
// tenth of the positive mass.
func TrueCauses(terms map[string]float64) []string {
	mass := 0.0
	all := TopTerms(terms, len(terms))
	for _, name := range all { // in a fixed order, so that the sum is the same every time
		mass += terms[name]
	}
	top := all[:min(topTerms, len(all))]
	return slices.DeleteFunc(slices.Clone(top), func(name string) bool { return terms[name] < minMass*mass })
}

// CauseHit reports whether what is cited names any true cause.
func CauseHit(terms map[string]float64, cited func(name string) bool) bool {
	return slices.ContainsFunc(TrueCauses(terms), cited)
}

// CausePrecision is the share of the cited names that are true causes, in [0, 1]; 0 when nothing is cited.
func CausePrecision(cited []string, terms map[string]float64) float64 {
	causes, right := TrueCauses(terms), 0
	for _, name := range cited {
		if slices.Contains(causes, name) {
			right++
		}
	}
	return ratio(float64(right), float64(len(cited)))
}

package eval

import "math/rand/v2"

// A Linear is a logistic regression over the runs of two to four characters of a text, the plain rival of what reads by
// rules.
type Linear struct{ model *logistic }

// NewLinear teaches one to tell texts that have something from those that have not.
func NewLinear(with, without []string, seed uint64) *Linear {
	var all []reviewed
	for _, s := range with {
		all = append(all, reviewed{runeRuns(s), 1})
	}
	for _, s := range without {
		all = append(all, reviewed{runeRuns(s), 0})
	}
	return &Linear{teach(all, rand.New(rand.NewPCG(seed, 0x11ea)))}
}

// Has is the log odds that a text has it.
func (l *Linear) Has(s string) float64 { return l.model.logit(runeRuns(s)) }

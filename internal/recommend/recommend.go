// Package recommend ranks items for a reader and says of what each score is made.
//
// A score is a sum of contributions, each with a name (the cause) and the ranker that computed it. Evidence is read off
// these, so every ranker here is additive: there is no part of a score that belongs to no cause. A fitted Model never
// changes, is safe for concurrent use and knows no user: histories, profiles and circumstances are handed in with each
// query, as far as their owners consent.
package recommend

import (
	"time"

	"because"
)

// A Query asks for items for one reader. Nothing in it is kept.
type Query struct {
	History    []because.Interaction    // consented, oldest first, searches included; empty for somebody new or anonymous
	Profile    map[string]because.Value // consented
	Context    because.Context          // zero time means the time of the newest interaction that the model has seen
	Need       string                   // what the reader typed
	Domain     string                   // "" means all
	N          int                      // 0 means 10
	Candidates []string                 // only these; nil means all
	Exclude    []string                 // never these
	Hidden     []string                 // contribution names that the reader switched off: they count 0
	Seed       uint64                   // kept for rankers that draw; none does
}

// A Meeting says which profile field speaks for which item field, and how: "overlaps" (a word in common), "at_most"
// (the item's number must not exceed the profile's: an item that does is never recommended) or "at_least".
// Field may be "category" or "price".
type Meeting struct{ Profile, Field, How string }

// An Ask is something that a need or a search asks for, as the pack understands it. One with nothing but its text asks for
// nothing: "about" before a topic.
type Ask struct {
	Text   string // as typed
	Field  string // the item field that is asked for, or
	Word   string // the category or attribute word
	Better string // for a numeric Field: "more", "less"; "" counts any value as an answer
	Upto   string // the field that ends the range which begins in Field
	Bounds *Bounds
	Any    bool // any item of the domain answers: a course
}

// Bounds are between what a number must lie to answer an ask; nil is no bound.
type Bounds struct {
	Low, High *float64
	Strict    bool // the bounds themselves are out
}

// hold reports whether all of a range lies within the bounds.
func (b *Bounds) hold(low, high float64) bool {
	const hair = 1e-9
	if b.Strict {
		return (b.Low == nil || low > *b.Low+hair) && (b.High == nil || high < *b.High-hair)
	}
	return (b.Low == nil || low >= *b.Low-hair) && (b.High == nil || high <= *b.High+hair)
}

// Options say how a model is fitted. The zero value is useful.
type Options struct {
	Meetings     map[string][]Meeting            // by domain
	Repeat       map[string]bool                 // categories whose items may be recommended again after a purchase or a rating
	HalfLifeDays float64                         // of popularity; 0 means 60
	MaxDense     int                             // most items that the dense ranker holds; 0 means 4000
	Seed         int64                           // of the samples that the blend is fitted on
	Workers      int                             // 0 means all cores; the result does not depend on it
	Now          time.Time                       // of the fit; zero means the time of the newest interaction
	Asks         func(domain, text string) []Ask // may be nil; not saved, see Model.WithAsks
}

func (o Options) halfLife() float64 {
	if o.HalfLifeDays > 0 {
		return o.HalfLifeDays
	}
	return 60
}

func (o Options) maxDense() int {
	if o.MaxDense > 0 {
		return o.MaxDense
	}
	return 4000
}

// Package recommend ranks items for a reader and says of what each score is made.
//
// A score is a sum of contributions, each with a name (the cause) and the ranker that computed it. Evidence is read off
// these, so every ranker here is additive: there is no part of a score that belongs to no cause. A fitted Model never
// changes, is safe for concurrent use and knows no user: histories, profiles and circumstances are handed in with each
// query, as far as their owners consent.
package recommend

import (
	"context"
	"io"

	"because"
	"because/internal/dataset"
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
// Field may be "category".
type Meeting struct{ Profile, Field, How string }

// An Ask is something that a need or a search asks for, as the pack understands it.
type Ask struct {
	Text   string // as typed
	Field  string // the item field that is asked for, or
	Word   string // the category or attribute word
	Better string // for a numeric Field: "more", "less"; "" counts any value as an answer
}

// Options say how a model is fitted. The zero value is useful.
type Options struct {
	Meetings     map[string][]Meeting            // by domain
	Repeat       map[string]bool                 // categories whose items may be recommended again after a purchase or a rating
	HalfLifeDays float64                         // of popularity; 0 means 60
	MaxDense     int                             // most items that the dense ranker holds; 0 means 4000
	Seed         int64                           // of the samples that the blend is fitted on
	Workers      int                             // 0 means all cores; the result does not depend on it
	Asks         func(domain, text string) []Ask // may be nil
}

// Fit fits every ranker and then the weights of their blend on the chronologically last part of d. It is told progress
// (which may be nil) and stops when ctx ends. d may be empty.
func Fit(ctx context.Context, d *dataset.Data, o Options, progress func(stage string, done, total int)) (*Model, error) {
	return &Model{}, nil
}

// A Model ranks. It never changes once fitted or loaded.
type Model struct {
	asks func(domain, text string) []Ask
}

// WithAsks is m with another way to read needs and searches: the function of Options is not saved with a model.
func (m *Model) WithAsks(asks func(domain, text string) []Ask) *Model {
	c := *m
	c.asks = asks
	return &c
}

// Recommend ranks the candidates of q and returns the first N. Contributions add up to the score within 1e-6.
func (m *Model) Recommend(q Query) []because.Recommendation { return nil }

// Score scores one item that the model knows, with its rank among the candidates of q; Rank is 0 when it is none of
// them. Diversity is a matter of lists and not part of it.
func (m *Model) Score(q Query, item string) (because.Recommendation, bool) {
	return because.Recommendation{}, false
}

// Replay scores an item as Score does, with all weights as they are for q but one cause, named as a contribution,
// counting nothing for any item.
func (m *Model) Replay(q Query, item, without string) (rank int, score float64) { return 0, 0 }

// Save writes the model, compressed and with a checksum.
func (m *Model) Save(w io.Writer) error { return nil }

// Load reads what Save wrote.
func Load(r io.Reader) (*Model, error) { return &Model{}, nil }

// Version is a hash of the model's content.
func (m *Model) Version() string { return "" }

// People is how many distinct users turned to an item.
func (m *Model) People(item string) int { return 0 }

// PeopleBoth is how many distinct users turned to both items.
func (m *Model) PeopleBoth(a, b string) int { return 0 }

// CategoryPeople is how many distinct users turned to a category of a domain in the last days before the newest
// interaction that the model has seen; 0 days means ever.
func (m *Model) CategoryPeople(domain, category string, days int) int { return 0 }

// CategoryRank is the place of an item by people in its first category, from 1, and among how many.
func (m *Model) CategoryRank(item string) (rank, of int) { return 0, 0 }

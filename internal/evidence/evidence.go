// Package evidence finds the facts that a reason may state: typed, dated, sourced, each with its share of the score.
//
// It reads facts off the contributions of a recommendation, the reader's consented history and profile, and the item;
// it never guesses a cause. It knows no store, no ranker and no wording beyond one plain sentence per fact. What is not
// consented to is never found; what is sensitive is found but never chosen to be spoken.
package evidence

import (
	"time"

	"because"
	"because/internal/pack"
)

// A Past is one interaction of the reader with its item; a search has a zero item.
type Past struct {
	because.Interaction
	Item because.Item
}

// Facts are counts of distinct people, for what is said of groups.
type Facts interface {
	People(item string) int                               // who touched the item
	PeopleBoth(a, b string) int                           // who touched both
	CategoryPeople(domain, category string, days int) int // who touched the category in the last days of the data
	CategoryRank(item string) (rank, of int)              // by people, within the item's first category; 0 when unknown
}

// A Request is what evidence is found for: one item and what may be known of one reader.
type Request struct {
	Lang          because.Lang
	Now           time.Time // in the site's time zone
	Item          because.Item
	History       []Past                   // consented, newest last; session rows too
	Profile       map[string]because.Value // consented
	Consents      map[string]bool
	Context       because.Context
	Need          string
	Contributions []because.Contribution
	Reviews       []because.Review        // of the item
	Known         map[string]because.Item // items that contributions name
	Facts         Facts                   // nil means no evidence on groups
	Pack          *pack.Pack
	Caller        []because.Contribution // foreign attributions, as stated by the caller
	Hidden        []string               // keys of evidence that the reader never wants cited again
}

// Find returns all facts, the largest share first.
func Find(r Request) []because.Evidence { return nil }

// Choose picks the few facts worth saying with an arm, the lead first.
func Choose(all []because.Evidence, arm because.Arm) (use, unused []because.Evidence) {
	return nil, all
}

// Leads are the kinds that may lead, personal causes first.
func Leads(all []because.Evidence) []because.EvidenceKind { return nil }

// Key is what "hide this reason" remembers of an evidence: the same for the same reason on any item and any day.
func Key(e because.Evidence) string { return string(e.Kind) + ":" + e.Ref }

// Causes are the names of the contributions that an evidence states as a cause, for scoring against true reasons.
func Causes(e because.Evidence) []string { return nil }

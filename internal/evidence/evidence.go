// Package evidence finds the facts that a reason may state: typed, dated, sourced, each with its share of the score.
//
// It reads causes off the contributions of a recommendation and facts off the reader's consented history and profile,
// the item, its reviews and counts of people; it never guesses a cause. It knows no store and no ranker, and writes no
// more than one plain sentence per fact. What is not consented to is never found; what is sensitive is found, but
// neither chosen nor offered as a lead. No group is smaller than twenty people.
package evidence

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
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
	People(item string) int                                   // who turned to the item
	PeopleSince(item string, at time.Time) int                // who did so after the day of at
	PeopleBoth(a, b string) int                               // who turned to both
	CategoryPeople(domain, category string, days int) int     // who turned to the category
	CategoryRank(item string, since time.Time) (rank, of int) // by people, ever or since, within the item's first category; 0 when unknown
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
	Vocabulary    *pack.Vocabulary // the site's own words that a need may ask for; may be nil
	Contributions []because.Contribution
	Reviews       []because.Review        // of the item
	Known         map[string]because.Item // items that contributions name
	Facts         Facts                   // nil means no evidence on groups
	Pack          *pack.Pack
	Caller        []because.Contribution // foreign attributions, as stated by the caller
	Bare          bool                   // the text will have no closing
	Hidden        []string               // keys of evidence that the reader never wants cited again
}

// finders are all ways to find evidence, by the kind that they find.
var finders = []struct {
	name string
	kind because.EvidenceKind // "" when a finder finds several
	find func(*sight) []found
}{
	{"what of a typed need the item meets", because.Need, (*sight).needs},
	{"items that the reader dealt with", "", (*sight).items},
	{"searches of the reader", because.Searched, (*sight).searches},
	{"how often the reader turns to the category", because.Habit, (*sight).habits},
	{"what several items of the history share with this one", because.Shared, (*sight).shares},
	{"what the reader stated", because.Profile, (*sight).profiles},
	{"what the reader turns to in these circumstances", because.InContext, (*sight).contexts},
	{"numbers within the reader's usual range", because.Fit, (*sight).fits},
	{"the price", because.PriceKind, (*sight).prices},
	{"one field beside an item that the reader knows", because.Versus, (*sight).versus},
	{"the item's attributes", because.Attribute, (*sight).attributes},
	{"moves of the item's series", because.Trend, (*sight).trends},
	{"phrases from reviews", because.ReviewKind, (*sight).reviews},
	{"whether the item is new", because.NewItem, (*sight).news},
	{"people who turned to two items", because.Neighbours, (*sight).neighbours},
	{"people who turned to the item", because.Popular, (*sight).populars},
	{"weaknesses that matter", because.Drawback, (*sight).drawbacks},
	{"what the caller states", because.Caller, (*sight).callers},
}

// A found is an evidence with the contributions that it stands for.
type found struct {
	because.Evidence
	claims []claim
	merit  float64 // how much it is worth saying, to order what has equal shares
}

// A claim says that an evidence stands for a contribution, and how directly.
type claim struct {
	contribution int // index
	level        level
}

// A level is how directly an evidence states a cause; the lowest level that claims a contribution has it.
type level int

const (
	states level = iota // it states the cause itself: a habit, a common trait, an item of the history
	names               // it names the trait that the item of the history and this one share
	plain               // it states the item's fact alone
)

// Find returns all facts, the largest share first: share = contribution / Σ|contributions|, and 0 for a fact that no
// contribution stands behind.
//
// A contribution is given out once. The evidence that states it most directly has it, in equal parts when several do;
// what only items of the history point at (by the trait that they share with this item) goes whole to the one of them
// that carries most itself; what no personal fact states goes to the item's plain fact. So Σ|share| ≤ 1, and it is less
// than 1 by what no evidence stands for.
func Find(r Request) []because.Evidence {
	s := look(r)
	hidden := map[string]bool{}
	for _, k := range r.Hidden {
		hidden[k] = true
	}
	var all []found
	for _, f := range finders {
		if f.kind != "" && !s.allows(f.kind) {
			continue
		}
		for _, x := range f.find(s) {
			if s.allows(x.Kind) && !hidden[Key(x.Evidence)] && s.Pack.Permits(x.Evidence, s.Item, s.Profile) && !(s.Bare && s.Pack.Closes(x.Evidence)) {
				if proof := s.Pack.Proof(x.Evidence, s.Profile); proof != "" {
					x.Origin += "#" + proof
				}
				x.Sensitive = x.Sensitive || s.Pack.Kinds[x.Kind].Sensitive
				all = append(all, x)
			}
		}
	}
	s.share(all)
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Share), math.Abs(a.Share)), cmp.Compare(order(a.Kind), order(b.Kind)),
			cmp.Compare(b.merit, a.merit), strings.Compare(a.Origin, b.Origin), strings.Compare(a.Ref, b.Ref), strings.Compare(a.Text, b.Text))
	})
	out := make([]because.Evidence, len(all))
	for i, x := range all {
		out[i] = x.Evidence
		out[i].ID = "e" + strconv.Itoa(i+1)
		if this := because.Say(s.Lang, "this one"); s.Lang == because.English && strings.HasPrefix(x.Text, this) {
			out[i].Text = "T" + x.Text[1:] // a sentence begins with a capital
		}
	}
	return out
}

func order(k because.EvidenceKind) int { return slices.Index(because.EvidenceKinds, k) }

// share gives out the contributions.
func (s *sight) share(all []found) {
	if s.total == 0 {
		return
	}
	own := make([]float64, len(all)) // what each states itself
	for l := states; l <= plain; l++ {
		claimants := make([][]int, len(s.Contributions))
		for i, x := range all {
			for _, c := range x.claims {
				if c.level == l && !slices.Contains(claimants[c.contribution], i) {
					claimants[c.contribution] = append(claimants[c.contribution], i)
				}
			}
		}
		for c, who := range claimants {
			if len(who) == 0 || s.given[c] {
				continue
			}
			s.given[c] = true
			if l == names {
				best := who[0]
				for _, i := range who {
					if own[i] > own[best] || own[i] == own[best] && all[i].At.After(all[best].At) {
						best = i
					}
				}
				who = []int{best}
			}
			part := s.Contributions[c].Value / s.total / float64(len(who))
			for _, i := range who {
				all[i].Share += part
				if l == states {
					own[i] += part
				}
			}
		}
	}
}

// Key is what "hide this reason" remembers of an evidence: the same for the same reason, whatever the item and the day.
// All that the reader did with one item is one reason.
func Key(e because.Evidence) string {
	switch e.Kind {
	case because.Bought, because.Carted, because.Viewed, because.Rated:
		return "history:" + e.Ref
	case because.ReviewKind, because.Caller:
		return e.Origin
	case because.Popular, because.NewItem, because.PriceKind:
		return string(e.Kind) + ":"
	}
	return string(e.Kind) + ":" + e.Ref
}

// Package dataset holds rows for training and measuring: the splits that keep the future out of the past, and the
// features of time and circumstance that rankers share.
//
// It reads no files and keeps no state. Splits share the rows that they do not change with the data they came from;
// nothing here writes to them.
package dataset

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"because"
)

// Data is everything that a model is fitted on. Interactions are chronological.
type Data struct {
	Users        []because.User
	Items        []because.Item
	Interactions []because.Interaction
	Reviews      []because.Review
}

// Sort makes the interactions chronological, in place. Rows of one instant are ordered by user, item, kind and ID, so
// that the order never depends on how they were read.
func (d *Data) Sort() {
	slices.SortStableFunc(d.Interactions, func(a, b because.Interaction) int {
		return cmp.Or(a.Context.At.Compare(b.Context.At), cmp.Compare(a.User, b.User), cmp.Compare(a.Item, b.Item),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
}

// with is d with other interactions.
func (d *Data) with(xs []because.Interaction) *Data {
	return &Data{Users: d.Users, Items: d.Items, Interactions: xs, Reviews: d.Reviews}
}

// LeaveLastOut holds each user's last interaction with an item out, of users who have at least two items. Searches and
// earlier interactions with the held-out item stay.
func (d *Data) LeaveLastOut() (train *Data, test []because.Interaction) {
	last := map[string]int{}
	more := map[string]bool{}
	for i, x := range d.Interactions {
		if x.Item == "" {
			continue
		}
		if j, ok := last[x.User]; ok && d.Interactions[j].Item != x.Item {
			more[x.User] = true
		}
		last[x.User] = i
	}
	kept := make([]because.Interaction, 0, len(d.Interactions))
	for i, x := range d.Interactions {
		if j, ok := last[x.User]; ok && i == j && more[x.User] {
			test = append(test, x)
			continue
		}
		kept = append(kept, x)
	}
	return d.with(kept), test
}

// ByTime splits at an instant: train has what happened before at, test what happened then or later.
func (d *Data) ByTime(at time.Time) (train *Data, test []because.Interaction) {
	n := sort.Search(len(d.Interactions), func(i int) bool { return !d.Interactions[i].Context.At.Before(at) })
	return d.with(d.Interactions[:n:n]), d.Interactions[n:]
}

// Random holds out a share of the interactions in [0, 1], drawn by seed; the article splits 80/20 with seed 42, which
// is Random(0.2, 42). Both parts stay chronological. It lets the future leak into the past: use it only to compare with
// numbers that were made this way.
func (d *Data) Random(share float64, seed int64) (train *Data, test []because.Interaction) {
	n := len(d.Interactions)
	held := make([]bool, n)
	order := rand.New(rand.NewPCG(uint64(seed), 0)).Perm(n)
	for _, i := range order[:int(float64(n)*min(1, max(0, share))+.5)] {
		held[i] = true
	}
	kept := make([]because.Interaction, 0, n)
	for i, x := range d.Interactions {
		if held[i] {
			test = append(test, x)
		} else {
			kept = append(kept, x)
		}
	}
	return d.with(kept), test
}

// Histories are the interactions by user, each oldest first.
func (d *Data) Histories() map[string][]because.Interaction {
	out := make(map[string][]because.Interaction, len(d.Users))
	for _, x := range d.Interactions {
		out[x.User] = append(out[x.User], x)
	}
	return out
}

package recommend

import (
	"math"
	"slices"
	"time"

	"because"
	"because/internal/dataset"
)

// rows are the interactions with known items, as small integers, chronological.
type rows struct {
	xs    []row
	users int
	index map[string]int32 // of users
	end   time.Time        // of the newest interaction, searches included
}

type row struct {
	user, item int32
	weight     float64 // strength of liking in [-1, 1]
	at         int64   // Unix seconds
	source     int32   // index into the data's interactions
}

// A scale is the range of the ratings that came without a strength of liking.
type scale struct{ Lo, Hi float64 }

func ratingScale(xs []because.Interaction) scale {
	s := scale{math.Inf(1), math.Inf(-1)}
	for _, x := range xs {
		if x.Kind == because.Rating && x.Weight == 0 {
			s.Lo, s.Hi = min(s.Lo, x.Value), max(s.Hi, x.Value)
		}
	}
	if s.Lo > s.Hi {
		return scale{}
	}
	return s
}

// strength is how strongly an interaction speaks for its item, in [-1, 1].
func (s scale) strength(x because.Interaction) float64 {
	if x.Weight != 0 && !math.IsNaN(x.Weight) {
		return min(1, max(-1, x.Weight))
	}
	switch x.Kind {
	case because.View:
		return .2
	case because.Click:
		return .3
	case because.Cart:
		return .6
	case because.Purchase:
		return 1
	case because.Rating:
		if s.Hi > s.Lo {
			return min(1, max(-1, 2*(x.Value-s.Lo)/(s.Hi-s.Lo)-1))
		}
		return .5
	}
	return 0
}

func newRows(c *catalogue, s scale, d *dataset.Data) *rows {
	r := &rows{xs: make([]row, 0, len(d.Interactions))}
	users := map[string]int32{}
	for i, x := range d.Interactions {
		if x.Context.At.After(r.end) {
			r.end = x.Context.At
		}
		item, ok := c.index[x.Item]
		if !ok {
			continue
		}
		u, ok := users[x.User]
		if !ok {
			u = int32(len(users))
			users[x.User] = u
		}
		r.xs = append(r.xs, row{u, item, s.strength(x), x.Context.At.Unix(), int32(i)})
	}
	r.users, r.index = len(users), users
	return r
}

// baskets are the distinct items of each user that speak well of them, at most limit, the newest first kept; sorted.
func (r *rows) baskets(limit int) [][]int32 {
	out := make([][]int32, r.users)
	seen := make([]map[int32]bool, r.users)
	for _, x := range slices.Backward(r.xs) {
		if x.weight <= 0 || len(out[x.user]) >= limit || seen[x.user][x.item] {
			continue
		}
		if seen[x.user] == nil {
			seen[x.user] = map[int32]bool{}
		}
		seen[x.user][x.item] = true
		out[x.user] = append(out[x.user], x.item)
	}
	for u := range out {
		slices.Sort(out[u])
	}
	return out
}

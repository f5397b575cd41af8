package evidence

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"because"
)

// minPeople is the smallest group that anything is said of.
const minPeople = 20

func (s *sight) least(k because.EvidenceKind) int { return max(minPeople, s.Pack.Kinds[k].MinCount) }

// neighbours are groups of people who turned both to this item and to one of the reader's. The reader is not counted
// among them.
func (s *sight) neighbours() []found {
	if s.Facts == nil || s.Facts.People(s.Item.ID) < minPeople {
		return nil
	}
	known := slices.Clone(s.known)
	slices.SortStableFunc(known, func(a, b deed) int {
		return cmp.Or(cmp.Compare(b.own, a.own), b.Context.At.Compare(a.Context.At))
	})
	var out []found
	for _, d := range known[:min(maxItems, len(known))] {
		both, of := s.Facts.PeopleBoth(d.item.ID, s.Item.ID)-s.self(), s.Facts.People(d.item.ID)
		if both < s.least(because.Neighbours) || of < both {
			continue
		}
		x := found{Evidence: because.Evidence{
			Kind: because.Neighbours, Origin: "group", At: s.Now, Ref: d.item.ID,
			Slots: map[string]because.Slot{"hist": s.nameOf(d.item), "people": s.count(both)},
		}, merit: float64(both)/float64(of) + d.own, claims: s.claim(plain, exactly("history:"+d.item.ID))}
		if pct := 100 * float64(both) / float64(of); pct >= 5 {
			x.Slots["share"] = because.Slot{Kind: because.NumberSlot, Text: s.Pack.Number(s.Lang, float64(int(pct+.5)), "percent"), Number: float64(int(pct + .5)), Unit: "percent"}
		}
		x.Text = s.tidy(because.Say(s.Lang, "Of those who turned to %s, %s people turned to this one too.", s.pad(s.name(d.item)), s.pad(x.Slots["people"].Text)))
		out = append(out, x)
	}
	return best(out, 2)
}

// self is 1 when the reader turned to this item before.
func (s *sight) self() int { return s.selfSince(time.Time{}) }

// selfSince is 1 when the reader turned to this item at a time or later.
func (s *sight) selfSince(at time.Time) int {
	for _, p := range s.past {
		if p.Item.ID == s.Item.ID && p.Item.ID != "" && !p.Context.At.Before(at) {
			return 1
		}
	}
	return 0
}

// maxRank is the last place in a category that is worth saying.
const maxRank = 10

// populars says how many people turned to the item, in the shortest period that saw enough of them.
func (s *sight) populars() []found {
	c := s.category()
	if s.Facts == nil || c == "" || s.Facts.CategoryPeople(s.Item.Domain, c, 0) < minPeople {
		return nil
	}
	n, period := s.lately()
	if n < s.least(because.Popular) {
		return nil
	}
	x := found{Evidence: because.Evidence{
		Kind: because.Popular, Origin: "group", At: s.Now, Ref: c,
		Slots: map[string]because.Slot{"category": s.wordOf(c, s.plural(c)), "count": s.count(n), "period": period},
	}, claims: s.claim(plain, ofKind("popularity"))}
	x.Text = s.tidy(because.Say(s.Lang, "%s people turned to %s %s.", s.pad(x.Slots["count"].Text), s.pad(s.name(s.Item)), s.pad(s.within(period))))
	more := because.Say(s.Lang, "It belongs to %s.", s.pad(s.plural(c)))
	if rank, of := s.Facts.CategoryRank(s.Item.ID, period.At); rank > 0 && rank <= maxRank && of >= 3*rank {
		x.Slots["rank"] = because.Slot{Kind: because.NumberSlot, Text: s.rank(rank), Number: float64(rank), Unit: "place"}
		more = because.Say(s.Lang, "It ranks %s among %s.", s.rank(rank), s.pad(s.plural(c)))
	}
	x.Text += s.next(more)
	if !s.personal() {
		x.Slots["without"] = because.Slot{Kind: because.WordSlot, Text: because.Say(s.Lang, "nothing about you was used")}
	}
	return []found{x}
}

// personal reports whether anything is known of the reader, or the score rests on anything of theirs.
func (s *sight) personal() bool {
	return len(s.History) > 0 || len(s.Profile) > 0 || s.Need != "" || slices.ContainsFunc(s.Contributions, func(c because.Contribution) bool {
		k := c.Kind()
		return c.Value != 0 && k != "popularity" && k != "recency" && k != "base"
	})
}

// lately is how many people turned to the item, and since when: in the shortest window that saw enough of them, else
// ever. The reader is not counted.
func (s *sight) lately() (int, because.Slot) {
	for _, days := range windows {
		period := s.lastDays(days)
		n := s.Facts.PeopleSince(s.Item.ID, period.At)
		if n < s.least(because.Popular) {
			continue
		}
		if n -= s.selfSince(period.At); n >= s.least(because.Popular) {
			return n, period
		}
	}
	return s.Facts.People(s.Item.ID) - s.self(), because.Slot{Kind: because.DateSlot, Text: because.Say(s.Lang, "so far")}
}

// within is a period as it ends an English sentence.
func (s *sight) within(period because.Slot) string {
	if s.Lang == because.English && !period.At.IsZero() {
		return "in " + period.Text
	}
	return period.Text
}

// rank is a place as it is said: 3, 3rd.
func (s *sight) rank(n int) string {
	if s.Lang == because.Chinese {
		return strconv.Itoa(n)
	}
	switch {
	case n%10 == 1 && n%100 != 11:
		return strconv.Itoa(n) + "st"
	case n%10 == 2 && n%100 != 12:
		return strconv.Itoa(n) + "nd"
	case n%10 == 3 && n%100 != 13:
		return strconv.Itoa(n) + "rd"
	}
	return strconv.Itoa(n) + "th"
}

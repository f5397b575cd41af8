package evidence

import (
	"cmp"
	"slices"
	"strconv"

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
func (s *sight) self() int {
	for _, p := range s.past {
		if p.Item.ID == s.Item.ID && p.Item.ID != "" {
			return 1
		}
	}
	return 0
}

// maxRank is the last place in a category that is worth saying.
const maxRank = 10

// populars says how many people turned to the item.
func (s *sight) populars() []found {
	c := s.category()
	if s.Facts == nil || c == "" {
		return nil
	}
	n := s.Facts.People(s.Item.ID) - s.self()
	if n < s.least(because.Popular) || s.Facts.CategoryPeople(s.Item.Domain, c, 0) < minPeople {
		return nil
	}
	x := found{Evidence: because.Evidence{
		Kind: because.Popular, Origin: "group", At: s.Now, Ref: c,
		Slots: map[string]because.Slot{"category": s.wordOf(c, s.plural(c)), "count": s.count(n)},
	}, claims: s.claim(plain, ofKind("popularity"))}
	x.Text = s.tidy(because.Say(s.Lang, "%s people turned to %s.", s.pad(x.Slots["count"].Text), s.pad(s.name(s.Item))))
	more := because.Say(s.Lang, "It belongs to %s.", s.pad(s.plural(c)))
	if rank, of := s.Facts.CategoryRank(s.Item.ID); rank > 0 && rank <= maxRank && of >= 3*rank {
		x.Slots["rank"] = because.Slot{Kind: because.NumberSlot, Text: s.rank(rank), Number: float64(rank), Unit: "place"}
		more = because.Say(s.Lang, "It ranks %s among %s.", s.rank(rank), s.pad(s.plural(c)))
	}
	x.Text += s.next(more)
	return []found{x}
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

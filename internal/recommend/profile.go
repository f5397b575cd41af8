package recommend

import (
	"math"
	"slices"
	"sort"

	"because"
)

// meetings resolves the options' meetings, by domain and then as given.
func (c *catalogue) meetings(byDomain map[string][]Meeting) []meeting {
	var out []meeting
	names := make([]string, 0, len(byDomain))
	for d := range byDomain {
		names = append(names, d)
	}
	sort.Strings(names)
	for _, name := range names {
		if d := c.domain(name); d >= 0 {
			for _, m := range byDomain[name] {
				out = append(out, meeting{m, d})
			}
		}
	}
	return out
}

// stated is one profile field held against one item field.
type stated struct {
	meeting
	name  string
	words []int32 // categories or words that the profile names
	limit because.Value
	field int32 // of numbers; -1 is the price
	off   bool  // hidden by the reader: it still rules out, but counts nothing
}

// setProfile reads the profile against the meetings.
func (s *state) setProfile() {
	c := s.m.Items
	for _, m := range s.m.Meetings {
		v, ok := s.q.Profile[m.Profile]
		if !ok || s.domain >= 0 && m.Domain != s.domain {
			continue
		}
		p := stated{meeting: m, name: "profile:" + m.Profile, limit: v, field: -2}
		p.off = s.hides(p.name)
		for _, w := range v.Words {
			for k, key := range c.Cats {
				if m.Field == "category" && key == w && c.CatDomain[k] == m.Domain {
					p.words = append(p.words, int32(k))
				}
			}
			for k, key := range c.Words {
				if key == m.Field+"="+w && c.WordDomain[k] == m.Domain {
					p.words = append(p.words, int32(k))
				}
			}
		}
		if m.Field == "price" {
			p.field = -1
		}
		for f, key := range c.Fields {
			if key == m.Field && c.FieldDomain[f] == m.Domain {
				p.field = int32(f)
			}
		}
		s.profile = append(s.profile, p)
	}
}

// number is the item's number that a profile field is held against.
func (s *state) number(p *stated, i int32) (because.Value, bool) {
	c := s.m.Items
	if p.field == -1 && c.Price[i] > 0 {
		return because.Num(c.Price[i], ""), true
	}
	for _, n := range c.Numbers[i] {
		if n.Field == p.field {
			return because.Num(n.Value, n.Unit), true
		}
	}
	return because.Value{}, false
}

// meets is how far an item meets a profile field, in [0, 2): 1 for a word in common, a little more for more of them; ½
// for keeping within a limit, which says less for an item, for so do most.
func (s *state) meets(p *stated, i int32) float64 {
	c := s.m.Items
	if p.Domain != c.Domain[i] || p.off {
		return 0
	}
	if p.How != "at_most" && p.How != "at_least" {
		n, has := 0, c.ItemWords[i]
		if p.Field == "category" {
			has = c.ItemCats[i]
		}
		for _, w := range p.words {
			n += int(truth(slices.Contains(has, w)))
		}
		return 2 * (1 - math.Exp2(-float64(n)))
	}
	x, ok := s.number(p, i)
	if !ok || !comparable(p.limit, x) {
		return 0
	}
	return .5 * truth(p.How == "at_most" && *x.Number <= *p.limit.Number || p.How == "at_least" && *x.Number >= *p.limit.Number)
}

func comparable(a, b because.Value) bool {
	return a.Number != nil && b.Number != nil && (a.Unit == "" || b.Unit == "" || a.Unit == b.Unit)
}

// forbidden reports whether a profile field rules an item out: its number is above what the reader allows.
func (s *state) forbidden(i int32) bool {
	for k := range s.profile {
		p := &s.profile[k]
		if p.How != "at_most" || p.Domain != s.m.Items.Domain[i] {
			continue
		}
		if x, ok := s.number(p, i); ok && comparable(p.limit, x) && *x.Number > *p.limit.Number {
			return true
		}
	}
	return false
}

func fillProfile(s *state, out []float64) {
	for k := range s.profile {
		for i := range out {
			out[i] += s.meets(&s.profile[k], int32(i))
		}
	}
}

func causeProfile(s *state, i int32, yield func(string, float64)) {
	for k := range s.profile {
		if v := s.meets(&s.profile[k], i); v != 0 {
			yield(s.profile[k].name, v)
		}
	}
}

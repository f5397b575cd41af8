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
	field int32   // of numbers; -1 is the price
	usual float64 // for a limit, the share of the items it can be held against that keep within it
	off   bool    // hidden by the reader: it still rules out, but counts nothing
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
		p.usual = s.usual(&p)
		s.profile = append(s.profile, p)
	}
}

// usual is the share of the domain's items that keep within a limit, of those that it can be held against.
func (s *state) usual(p *stated) float64 {
	if !p.limits() {
		return 0
	}
	n, kept := 0.0, 0.0
	for i, d := range s.m.Items.Domain {
		if d != p.Domain {
			continue
		}
		if x, ok := s.number(p, int32(i)); ok && comparable(p.limit, x) {
			n++
			kept += truth(p.keeps(x))
		}
	}
	return kept / max(1, n)
}

// limits reports whether the field is held against a number.
func (p *stated) limits() bool { return p.How == "at_most" || p.How == "at_least" }

// keeps reports whether a number keeps within a limit.
func (p *stated) keeps(x because.Value) bool {
	return p.How == "at_most" && *x.Number <= *p.limit.Number || p.How == "at_least" && *x.Number >= *p.limit.Number
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

// meets is how far an item meets a profile field, in [-½, 2): 1 for a word in common, a little more for more of them; for
// keeping within a limit ½ of the share of items that do not, and against it when outside: that it keeps within what nearly
// all do says nothing for an item.
func (s *state) meets(p *stated, i int32) float64 {
	c := s.m.Items
	if p.Domain != c.Domain[i] || p.off {
		return 0
	}
	if !p.limits() {
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
	return .5 * (truth(p.keeps(x)) - p.usual)
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

package recommend

// maxDF is the share of items beyond which a term says nothing of likeness.
const maxDF = .1

func (c *catalogue) telling(term int32) bool {
	return c.df[term] <= 20 || float64(c.df[term]) <= maxDF*float64(len(c.IDs))
}

// fillText is the likeness of words: Σ over the history of the dot product of term vectors.
func fillText(s *state, out []float64) {
	if len(s.past) == 0 {
		return
	}
	c := s.m.Items
	q := newSparse(len(c.Terms))
	for _, h := range s.past {
		if h.weight == 0 {
			continue
		}
		for _, t := range c.ItemTerms[h.item] {
			if c.telling(t.Ref) {
				q.add(t.Ref, h.weight*float64(t.Weight))
			}
		}
	}
	for _, t := range q.touched {
		w := q.at(t)
		for _, p := range c.posts[t] {
			out[p.Ref] += w * float64(p.Weight)
		}
	}
}

func causeText(s *state, i int32, yield func(string, float64)) {
	c := s.m.Items
	for _, h := range s.past {
		if h.weight == 0 {
			continue
		}
		v := 0.0
		a, b := c.ItemTerms[h.item], c.ItemTerms[i]
		for len(a) > 0 && len(b) > 0 {
			switch {
			case a[0].Ref < b[0].Ref:
				a = a[1:]
			case a[0].Ref > b[0].Ref:
				b = b[1:]
			default:
				if c.telling(a[0].Ref) {
					v += float64(a[0].Weight) * float64(b[0].Weight)
				}
				a, b = a[1:], b[1:]
			}
		}
		if v != 0 {
			yield("history:"+c.IDs[h.item], h.weight*v)
		}
	}
}

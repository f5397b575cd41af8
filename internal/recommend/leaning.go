package recommend

import "math"

// The rankers are fitted within domains, so their scores say nothing of which domain a reader turns to at all. In a
// list over all domains the leaning says it: the log of the share of the history that is in the item's domain, against
// the domain with the largest share. It is 0 there and below elsewhere, and 0 everywhere for a reader without history.

// strange is how many imaginary items of the history are spread evenly over the domains.
const strange = 2

// setLeaning reads how much of the history is in each domain.
func (s *state) setLeaning() {
	n := len(s.m.Items.Domains)
	if s.q.Domain != "" || n < 2 || len(s.past) == 0 {
		return
	}
	share := make([]float64, n)
	for d := range share {
		share[d] = strange / float64(n)
	}
	for _, p := range s.past {
		if p.weight > 0 {
			share[s.m.Items.Domain[p.item]]++
		}
	}
	most := 0.0
	for _, v := range share {
		most = max(most, v)
	}
	s.leaning = make([]float64, n)
	for d, v := range share {
		if !s.hides("domain:" + s.m.Items.Domains[d]) {
			s.leaning[d] = math.Log(v / most)
		}
	}
}

// lean is the leaning to the domain of an item.
func (s *state) lean(i int32) float64 {
	if s.leaning == nil {
		return 0
	}
	return s.leaning[s.m.Items.Domain[i]]
}

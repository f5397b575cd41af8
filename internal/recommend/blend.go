package recommend

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"because"
	"because/internal/dataset"
)

// A trial is one held-out interaction: the parts' values for the item that was turned to, in row 0, and for others
// that could have been.
type trial struct {
	domain int32
	rows   [][]float32
}

const (
	trials     = 1600 // at most
	others     = 80   // drawn per trial from the same domain
	minTrials  = 60   // below which the prior weights stay
	pull       = 12.  // strength of the prior weights, in trials' worth of evidence per unit of standardised weight
	pullDomain = 40.  // of the overall weights on a domain's
	measureOf  = 4    // every 4th trial measures and does not fit
)

// blend fits the weights of the parts, per domain: a conditional logit (what was turned to against what could have
// been), with weights that are not negative and are pulled towards the prior ones. The parts that name properties are
// fitted first and then held; those that name items of the history explain what is left.
func (f *fitter) blend(d *dataset.Data) ([][]float64, []namedNumber, error) {
	weights := make([][]float64, len(f.c.Domains))
	for k := range weights {
		weights[k] = priorWeights()
	}
	at := cut(d)
	train, rest := d.ByTime(at)
	if len(rest) < minTrials || len(train.Interactions) < minTrials {
		return weights, nil, nil
	}
	m, err := f.rankers(train, "hold-out")
	if err != nil {
		return nil, nil, err
	}
	events := f.events(train, rest)
	ts := make([]*trial, len(events))
	g, ctx := errgroup.WithContext(f.ctx)
	g.SetLimit(f.o.Workers)
	for k := range events {
		g.Go(func() error {
			ts[k] = m.trial(&events[k], f.o.Seed)
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	var fit []*trial
	var measure []event
	for k, t := range ts {
		if k%measureOf == measureOf-1 {
			measure = append(measure, events[k])
		} else if t != nil {
			fit = append(fit, t)
		}
	}
	if len(fit) < minTrials {
		return weights, nil, nil
	}
	overall := fitParts(fit, priorWeights(), pull)
	for k := range weights {
		own := slices.DeleteFunc(slices.Clone(fit), func(t *trial) bool { return int(t.domain) != k })
		weights[k] = overall
		if len(own) >= minTrials && len(weights) > 1 {
			weights[k] = fitParts(own, overall, pullDomain)
		}
	}
	m.Weights = weights
	numbers, err := f.measure(m, measure)
	return weights, numbers, err
}

// cut is when the held-out part begins.
func cut(d *dataset.Data) time.Time {
	n := len(d.Interactions)
	if n == 0 {
		return time.Time{}
	}
	return d.Interactions[int(float64(n)*(1-holdShare))].Context.At
}

// An event is a held-out interaction with what could be known before it.
type event struct {
	item    int32
	query   Query
	history int // interactions of the reader before it
}

// events picks held-out interactions that speak well of an item that the reader could have been recommended, the first
// with it in each sitting, evenly over time.
func (f *fitter) events(train *dataset.Data, rest []because.Interaction) []event {
	histories := train.Histories()
	profiles := map[string]map[string]because.Value{}
	for _, u := range train.Users {
		profiles[u.ID] = u.Profile
	}
	var all []event
	for _, x := range rest {
		h := histories[x.User]
		i, ok := f.c.index[x.Item]
		known := slices.ContainsFunc(h, func(y because.Interaction) bool {
			return y.Item == x.Item && (y.Kind == because.Purchase || y.Kind == because.Rating || sittingOf(&y) == sittingOf(&x))
		})
		if ok && !known && f.scale.strength(x) > 0 && !f.c.Unavailable[i] && len(h) > 0 {
			all = append(all, event{i, Query{
				History: h[:len(h):len(h)], Profile: profiles[x.User], Context: x.Context, Domain: f.c.Domains[f.c.Domain[i]],
			}, len(h)})
		}
		histories[x.User] = append(h, x)
	}
	if len(all) <= trials {
		return all
	}
	out := make([]event, trials)
	for k := range out {
		out[k] = all[k*len(all)/trials]
	}
	return out
}

// trial computes the parts' values; nil when there is nothing to compare with.
func (m *Model) trial(e *event, seed int64) *trial {
	s := m.newState(&e.query)
	among := s.candidates()
	if len(among) < 2 {
		return nil
	}
	rng := rand.New(rand.NewPCG(uint64(seed), uint64(e.item)<<32|uint64(e.history)))
	picked := []int32{e.item}
	for range others {
		if i := among[rng.IntN(len(among))]; i != e.item {
			picked = append(picked, i)
		}
	}
	t := &trial{domain: m.Items.Domain[e.item], rows: make([][]float32, len(picked))}
	flat := make([]float32, len(picked)*len(parts))
	for k := range picked {
		t.rows[k] = flat[k*len(parts) : (k+1)*len(parts)]
	}
	buf := make([]float64, len(m.Items.IDs))
	for p := range parts {
		clear(buf)
		parts[p].fill(s, buf)
		for k, i := range picked {
			t.rows[k][p] = float32(buf[i])
		}
	}
	return t
}

// fitParts fits weights in two steps: without the parts that name items of the history, then those and the impersonal
// ones with the rest held.
func fitParts(ts []*trial, prior []float64, pull float64) []float64 {
	first, second := make([]bool, len(parts)), make([]bool, len(parts))
	start := slices.Clone(prior)
	for p := range parts {
		first[p] = p < firstItem
		second[p] = p >= firstItem || p < firstTaste
		if !first[p] {
			start[p] = 0
		}
	}
	w := fitLogit(ts, start, prior, first, pull)
	for p := firstItem; p < len(parts); p++ {
		w[p] = prior[p]
	}
	return fitLogit(ts, w, prior, second, pull)
}

// fitLogit maximises Σ ln softmax(w·x)₀ − pull/2·Σ (sd·(w − prior))² over the free weights, w ≥ 0, by Newton steps
// solved by coordinate descent. The problem is concave, so the start does not matter.
func fitLogit(ts []*trial, start, prior []float64, free []bool, pull float64) []float64 {
	n := len(parts)
	w := slices.Clone(start)
	sd := deviations(ts)
	value := func(w []float64) float64 {
		v := 0.0
		for _, t := range ts {
			v += t.logit(w, nil, nil)
		}
		for p := range w {
			v -= pull / 2 * sq(sd[p]*(w[p]-prior[p]))
		}
		return v
	}
	now := value(w)
	for range 30 {
		grad, hess := make([]float64, n), make([]float64, n*n)
		for _, t := range ts {
			t.logit(w, grad, hess)
		}
		for p := range w {
			grad[p] -= pull * sd[p] * sd[p] * (w[p] - prior[p])
			hess[p*n+p] += pull*sd[p]*sd[p] + 1e-9
		}
		step := boundedStep(w, grad, hess, free)
		next, gained := slices.Clone(w), false
		for size := 1.0; size > 1e-3; size /= 2 {
			for p := range w {
				next[p] = max(0, w[p]+size*step[p])
			}
			if v := value(next); v > now {
				gained = v-now > 1e-7*math.Abs(now)
				w, now = next, v
				break
			}
		}
		if !gained {
			break
		}
	}
	return w
}

// boundedStep maximises grad·s − ½ sᵀ·hess·s over the free coordinates with w + s ≥ 0.
func boundedStep(w, grad, hess []float64, free []bool) []float64 {
	n := len(w)
	s := make([]float64, n)
	for range 100 {
		moved := 0.0
		for p := range n {
			if !free[p] {
				continue
			}
			g := grad[p]
			for q := range n {
				if q != p {
					g -= hess[p*n+q] * s[q]
				}
			}
			v := max(-w[p], g/hess[p*n+p])
			moved = max(moved, math.Abs(v-s[p]))
			s[p] = v
		}
		if moved < 1e-9 {
			break
		}
	}
	return s
}

// logit is the log probability of row 0. It adds gradient and curvature when given.
func (t *trial) logit(w, grad, hess []float64) float64 {
	n := len(w)
	z := make([]float64, len(t.rows))
	top := math.Inf(-1)
	for k, row := range t.rows {
		for p, x := range row {
			z[k] += w[p] * float64(x)
		}
		top = max(top, z[k])
	}
	sum := 0.0
	for k := range z {
		sum += math.Exp(z[k] - top)
	}
	ll := z[0] - top - math.Log(sum)
	if grad == nil {
		return ll
	}
	mean := make([]float64, n)
	for k, row := range t.rows {
		q := math.Exp(z[k]-top) / sum
		for p, x := range row {
			mean[p] += q * float64(x)
			if x == 0 || q < 1e-12 {
				continue
			}
			for r, y := range row {
				hess[p*n+r] += q * float64(x) * float64(y)
			}
		}
	}
	for p := range n {
		grad[p] += float64(t.rows[0][p]) - mean[p]
		for r := range n {
			hess[p*n+r] -= mean[p] * mean[r]
		}
	}
	return ll
}

// deviations are the parts' standard deviations over all rows.
func deviations(ts []*trial) []float64 {
	ms := make([]moments, len(parts))
	for _, t := range ts {
		for _, row := range t.rows {
			for p, x := range row {
				ms[p].add(float64(x), 1)
			}
		}
	}
	out := make([]float64, len(parts))
	for p := range ms {
		out[p] = ms[p].sd()
	}
	return out
}

func sq(x float64) float64 { return x * x }

// measured bounds how many events are ranked in full.
const measured = 400

// measure ranks all candidates of held-out events that did not fit the weights.
func (f *fitter) measure(m *Model, events []event) ([]namedNumber, error) {
	events = events[:min(measured, len(events))]
	if len(events) == 0 {
		return nil, nil
	}
	type result struct{ ours, popular int }
	got := make([]result, len(events))
	g, ctx := errgroup.WithContext(f.ctx)
	g.SetLimit(f.o.Workers)
	for k, e := range events {
		g.Go(func() error {
			s := m.newState(&e.query)
			among := s.candidates()
			got[k] = result{rank(s.scores(), among, e.item), rank(m.Popularity.Level, among, e.item)}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var ndcg, recall, popNDCG, popRecall float64
	n := float64(len(events))
	for _, r := range got {
		ndcg, recall = ndcg+gain(r.ours, 10)/n, recall+hit(r.ours, 20)/n
		popNDCG, popRecall = popNDCG+gain(r.popular, 10)/n, popRecall+hit(r.popular, 20)/n
	}
	return []namedNumber{{"ndcg@10", ndcg}, {"popularity_ndcg@10", popNDCG}, {"popularity_recall@20", popRecall}, {"recall@20", recall}, {"trials", n}}, nil
}

// gain is NDCG@k of one relevant item at a rank from 1; 0 means that it is not ranked.
func gain(rank, k int) float64 {
	if rank < 1 || rank > k {
		return 0
	}
	return 1 / math.Log2(float64(rank)+1)
}

func hit(rank, k int) float64 { return truth(rank >= 1 && rank <= k) }

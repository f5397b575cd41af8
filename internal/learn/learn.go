// Package learn chooses what an explanation leads with and how it sounds, and learns from how readers received it.
//
// The policy is inverse-gap weighting over a ridge regression (SquareCB, Foster & Rakhlin 2020): every choice has an
// exact, closed-form propensity. It knows arms and numbers, never people or texts; randomness is handed in. What it
// knows is a function of the impressions and their feedback, in whatever order they come.
package learn

import (
	"fmt"
	"hash/fnv"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"because"
)

// Options say how a policy learns. The zero value is usable.
type Options struct {
	Gamma float64 // how fast exploration narrows as rows come in; 0 means 1
	Floor float64 // the least probability of an allowed arm; 0 means .02. All floors together take at most half
	Ridge float64 // how many rows the prior is worth; 0 means 4
}

// A Policy chooses arms. It is not safe for concurrent use.
//
// The expected reward of an arm is linear in the features, with weights of its own: users × arms, so that two groups of
// readers may like different arms. The weights shrink towards those of all arms with the same style or lead, and these
// towards those of all arms, so that what is learnt of one arm speaks for its kin until it has rows of its own.
type Policy struct {
	o       Options
	index   map[string]int // feature -> index
	arms    map[string]*arm
	shown   int    // impressions, teaching or not
	taught  int    // rows
	digest  uint64 // of all rows, whatever their order
	weights map[string][]float64
	order   []int // of the features that weights belong to
}

// An arm is what was seen of one arm.
type arm struct {
	stats
	answered int
	reward   float64 // sum
}

// maxFeatures bounds what strangers' words (a device, a region) can make of the model.
const maxFeatures = 64

// New is a policy that has seen nothing.
func New(o Options) *Policy {
	if o.Gamma <= 0 {
		o.Gamma = 1
	}
	if o.Floor <= 0 {
		o.Floor = .02
	}
	if o.Ridge <= 0 {
		o.Ridge = 4
	}
	return &Policy{o: o, index: map[string]int{}, arms: map[string]*arm{}}
}

// Replay is the policy after the given impressions with their feedback, as it would stand had it never stopped.
func Replay(o Options, rows iter.Seq2[because.Impression, []because.Feedback]) *Policy {
	p := New(o)
	for im, fs := range rows {
		p.Shown(im, fs)
	}
	return p
}

// Choose draws one of arms and returns its exact propensity. It panics without arms.
func (p *Policy) Choose(arms []because.Arm, x map[string]float64, rng *rand.Rand) (because.Arm, float64) {
	ps := p.Probabilities(arms, x)
	at := rng.Float64()
	for i, q := range ps {
		if at -= q; at < 0 {
			return arms[i], q
		}
	}
	best := 0 // rounding left a crumb over: it belongs to the likeliest arm
	for i, q := range ps {
		if q > ps[best] {
			best = i
		}
	}
	return arms[best], ps[best]
}

// Probabilities are the propensities of the allowed arms, which add up to 1. An arm that is not among them has none.
//
// With K arms, predicted rewards m and n taught rows, p(a) = 1/(K + γ(m* − m(a))) with γ = Gamma·√(K·n), and the best
// arm has the rest; then each is mixed with the floor. Equal arms share equally.
func (p *Policy) Probabilities(arms []because.Arm, x map[string]float64) []float64 {
	names := make([]string, len(arms))
	for i, a := range arms {
		names[i] = a.String()
	}
	return p.probabilities(names, x)
}

// Probability is the propensity of one arm among the allowed ones; 0 when it is not allowed.
func (p *Policy) Probability(arms []because.Arm, x map[string]float64, arm string) float64 {
	for i, q := range p.Probabilities(arms, x) {
		if arms[i].String() == arm {
			return q
		}
	}
	return 0
}

func (p *Policy) probabilities(names []string, x map[string]float64) []float64 {
	k := float64(len(names))
	if k == 0 {
		panic("learn: no arm is allowed")
	}
	mean := make([]float64, len(names))
	best := 0
	for i, name := range names {
		mean[i] = p.predict(name, x)
		if mean[i] > mean[best] {
			best = i
		}
	}
	gamma := p.o.Gamma * math.Sqrt(k*float64(p.taught))
	floor := min(p.o.Floor, .5/k)
	out := make([]float64, len(names))
	rest := 1.0
	for i := range names {
		if i != best {
			out[i] = floor + (1-k*floor)/(k+gamma*(mean[best]-mean[i]))
			rest -= out[i]
		}
	}
	out[best] = rest
	return out
}

// predict is the expected reward of an arm.
func (p *Policy) predict(name string, x map[string]float64) float64 {
	p.fit()
	row := p.row(x, false)
	w := p.weightsOf(name)
	sum := 0.0
	for _, c := range row {
		sum += c.v * w[c.at]
	}
	return max(-1, min(1, sum))
}

// Shown teaches an impression with the feedback on it so far; silence is worth 0. A forced or replaced impression
// teaches nothing, since the policy did not choose what was read.
func (p *Policy) Shown(im because.Impression, fs []because.Feedback) {
	p.shown++
	if im.Forced {
		return
	}
	reward, answered := Reward(fs)
	p.learn(im.Arm, im.Features, im.ID, reward, answered, 1)
}

// Answered teaches what changed since the impression was last taught: before is the feedback taught then, after is all
// of it.
func (p *Policy) Answered(im because.Impression, before, after []because.Feedback) {
	if im.Forced {
		return
	}
	was, had := Reward(before)
	now, has := Reward(after)
	p.learn(im.Arm, im.Features, im.ID, was, had, -1)
	p.learn(im.Arm, im.Features, im.ID, now, has, 1)
}

// Update teaches one row that stands for itself: the reward of an arm for features x.
func (p *Policy) Update(arm string, x map[string]float64, reward float64) {
	p.learn(arm, x, "", reward, true, 1)
}

// learn adds a row, or takes it back when times is -1.
func (p *Policy) learn(name string, x map[string]float64, id string, reward float64, answered bool, times int) {
	a := p.arms[name]
	if a == nil {
		a = &arm{}
		p.arms[name] = a
	}
	reward = rounded(reward)
	a.add(p.row(x, true), reward, float64(times))
	a.rows += times
	a.reward += float64(times) * reward
	if answered {
		a.answered += times
	}
	p.taught += times
	p.digest += uint64(times) * rowHash(name, x, id, reward, answered)
	p.weights = nil
}

// row is x on the grid, by feature index in the order of names. Unknown features are learnt or left out.
func (p *Policy) row(x map[string]float64, learn bool) []cell {
	var out []cell
	for _, name := range slices.Sorted(maps.Keys(x)) {
		at, known := p.index[name]
		if !known && learn && len(p.index) < maxFeatures {
			at, known = len(p.index), true
			p.index[name] = at
		}
		if v := rounded(x[name]); known && v != 0 {
			out = append(out, cell{at, v})
		}
	}
	return out
}

// kin are the groups that an arm belongs to: its style and its lead.
func kin(name string) []string {
	style, lead, ok := strings.Cut(name, "/")
	if !ok {
		return nil
	}
	return []string{style + "/", "/" + lead}
}

// fit solves for the weights of every group and arm, unless nothing was learnt since.
func (p *Policy) fit() {
	if p.weights != nil {
		return
	}
	p.order = byName(p.index)
	p.weights = map[string][]float64{}
	groups := map[string]*stats{"": {}}
	for _, name := range slices.Sorted(maps.Keys(p.arms)) {
		for _, g := range append(kin(name), "") {
			if groups[g] == nil {
				groups[g] = &stats{}
			}
			groups[g].merge(&p.arms[name].stats)
		}
	}
	p.weights[""] = p.solve(groups[""], nil)
	for g, s := range groups {
		if g != "" {
			p.weights[g] = p.solve(s, p.weights[""])
		}
	}
	for name, a := range p.arms {
		p.weights[name] = p.solve(&a.stats, p.prior(name))
	}
}

// solve is the weights by feature index.
func (p *Policy) solve(s *stats, prior []float64) []float64 {
	start := make([]float64, len(p.order))
	for i, at := range p.order {
		if prior != nil {
			start[i] = prior[at]
		}
	}
	w := make([]float64, len(p.order))
	for i, v := range s.solve(p.order, start, p.o.Ridge) {
		w[p.order[i]] = v
	}
	return w
}

// prior is the mean of the weights of an arm's kin, of all arms when it has none.
func (p *Policy) prior(name string) []float64 {
	sum, n := make([]float64, len(p.order)), 0.0
	for _, g := range kin(name) {
		if w := p.weights[g]; w != nil {
			n++
			for i := range sum {
				sum[i] += w[i]
			}
		}
	}
	if n == 0 {
		return p.weights[""]
	}
	for i := range sum {
		sum[i] /= n
	}
	return sum
}

func (p *Policy) weightsOf(name string) []float64 {
	if w := p.weights[name]; w != nil && p.arms[name] != nil {
		return w
	}
	return p.prior(name)
}

// Version names what the policy knows and how it chooses: equal versions choose alike, after a restart too.
func (p *Policy) Version() string {
	return fmt.Sprintf("squarecb-g%g-f%g-r%g-n%d-%016x", p.o.Gamma, p.o.Floor, p.o.Ridge, p.taught, p.digest)
}

// rowHash is the row's part of the digest. Parts are added up, so that their order does not matter.
func rowHash(name string, x map[string]float64, id string, reward float64, answered bool) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q %g %t", name, id, reward, answered)
	for _, f := range slices.Sorted(maps.Keys(x)) {
		fmt.Fprintf(h, " %q=%g", f, rounded(x[f]))
	}
	return h.Sum64()
}

// Status is the policy as it stands.
type Status struct {
	Version string
	Shown   int // impressions seen
	Taught  int // of them, those that teach
	Arms    []ArmStatus
}

// ArmStatus is one arm as it stands.
type ArmStatus struct {
	Arm         string
	Shown       int     // impressions that teach
	Answered    int     // of them with feedback
	Reward      float64 // mean, silence being 0
	Probability float64 // among all arms that were shown, for the average reader
}

// Status tells how the arms stand, by name.
func (p *Policy) Status() Status {
	s := Status{Version: p.Version(), Shown: p.shown, Taught: p.taught}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p.arms)) {
		if p.arms[name].rows > 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return s
	}
	probs := p.probabilities(names, p.average())
	for i, name := range names {
		a := p.arms[name]
		s.Arms = append(s.Arms, ArmStatus{name, a.rows, a.answered, a.reward / float64(a.rows), probs[i]})
	}
	return s
}

// average is the mean of all rows' features, read off the sums that go with the feature "bias", which is always 1; with
// no such feature it is empty.
func (p *Policy) average() map[string]float64 {
	x := map[string]float64{}
	bias, ok := p.index["bias"]
	if !ok {
		return x
	}
	all := &stats{}
	for _, a := range p.arms {
		all.merge(&a.stats)
	}
	for name, at := range p.index {
		x[name] = all.at(bias, at) / float64(all.rows)
	}
	return x
}

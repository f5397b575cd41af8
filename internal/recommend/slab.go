package recommend

import "math"

// A slab is a prior on likings: most readers are indifferent to a property (the spike), a share of them likes or
// dislikes it, by an amount of the given width (George and McCulloch 1993). Share and width are those under which the
// behaviour of all readers is likeliest, per group of properties.
type slab struct {
	Share float64 // of readers who are not indifferent, in (0, 1)
	Width float64 // binary: imaginary interactions of the beta prior (fewer is wider); normal: variance of the mean
}

var (
	slabShares   = []float64{.01, .03, .06, .12, .25, .5, .8}
	binaryWidths = []float64{2, 4, 8, 16}
	normalWidths = []float64{.05, .15, .4, 1}
)

// A trace is what a reader's history says of one property.
type trace struct{ o, n, p float64 } // binary: hits, tries, base rate; normal: sum of z, sum of weights, –

// binaryEvidence is the log Bayes factor of not being indifferent: o hits in n tries under a beta-binomial with mean p
// against a binomial with rate p. Counts may be fractions.
func binaryEvidence(t trace, k float64) float64 {
	a, b := k*t.p, k*(1-t.p)
	return lbeta(t.o+a, t.n-t.o+b) - lbeta(a, b) - t.o*math.Log(t.p) - (t.n-t.o)*math.Log(1-t.p)
}

func lbeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// normalEvidence is the same for a mean of unit-variance values.
func normalEvidence(t trace, v float64) float64 {
	return .5*t.o*t.o*v/(1+v*t.n) - .5*math.Log(1+v*t.n)
}

// included is the posterior probability of not being indifferent.
func included(share, evidence float64) float64 {
	return 1 / (1 + (1-share)/share*math.Exp(-evidence))
}

// fitSlab chooses share and width by marginal likelihood. With few traces it is sceptical.
func fitSlab(ts []trace, widths []float64, evidence func(trace, float64) float64) slab {
	best, most := slab{slabShares[1], widths[len(widths)/2]}, math.Inf(-1)
	for _, w := range widths {
		es := make([]float64, len(ts))
		for i, t := range ts {
			es[i] = evidence(t, w)
		}
		for _, share := range slabShares {
			v := 2*math.Log(share) + 40*math.Log(1-share) // as if 2 of 42 had not been indifferent
			for _, e := range es {
				v += math.Log(1 - share + share*math.Exp(min(e, 500)))
			}
			if v > most {
				best, most = slab{share, w}, v
			}
		}
	}
	return best
}

// lift is the expected log odds ratio of a binary property for one reader.
func (s slab) lift(t trace) float64 {
	if t.n <= 0 {
		return 0
	}
	t = clamped(t)
	return min(maxLift, max(-maxLift, included(s.Share, binaryEvidence(t, s.Width))*s.raw(t)))
}

// raw is the log odds ratio for a reader who is not indifferent.
func (s slab) raw(t trace) float64 {
	t = clamped(t)
	q := (t.o + s.Width*t.p) / (t.n + s.Width)
	return math.Log(q/(1-q)) - math.Log(t.p/(1-t.p))
}

func clamped(t trace) trace { return trace{min(t.n, max(0, t.o)), t.n, rate(t.p)} }

// mean is the expected shift of a numeric property for one reader, in standard deviations.
func (s slab) mean(t trace) float64 {
	if t.n <= 0 {
		return 0
	}
	return included(s.Share, normalEvidence(t, s.Width)) * t.o * s.Width / (1 + s.Width*t.n)
}

package lm

import (
	"fmt"
	"math"
)

// A Judgement is what the caller's verifier says of one text.
type Judgement struct {
	Supported   int     // claims that the evidence backs
	Unsupported int     // claims that it does not back
	RuleHits    int     // superlatives, promises and the like
	Required    int     // pieces of evidence that must be mentioned
	Mentioned   int     // of these
	LengthZ     float64 // (length − people's mean) / people's standard deviation
}

// RewardForm is how a discriminator's logit s becomes a reward.
type RewardForm string

// The four forms; D = σ(s).
const (
	LogOdds  RewardForm = ""         // s within ±3, the default
	LogD     RewardForm = "log-d"    // log D: the article's L_G = −log D(G(z)), Goodfellow et al. 2014
	CentredD RewardForm = "centred"  // 2D − 1, as ScratchGAN has it (d'Autume et al. 2019)
	Pairwise RewardForm = "pairwise" // σ(s − s of people's text for the same prompt), as TextGAIL has it (Wu et al. 2021)
)

// of gives the reward of a logit; real is that of people's text for the same prompt.
func (f RewardForm) of(logit, real float64) float64 {
	switch f {
	case LogOdds:
		return min(3, max(-3, logit))
	case LogD:
		return -softplus(-logit)
	case CentredD:
		return 2*sigmoid(logit) - 1
	case Pairwise:
		return sigmoid(logit - real)
	}
	panic(fmt.Sprintf("lm: there is no form of reward %q", string(f)))
}

// A Reward is what one text earns, part by part.
type Reward struct {
	D        float64 `json:"d"`        // what the discriminator gives; at most 0 where a claim is not supported
	Faithful float64 `json:"faithful"` // (supported − 2·unsupported) / claims; 0 without claims
	Covered  float64 `json:"covered"`  // share of the required evidence that is mentioned; 1 if none is
	Repeated float64 `json:"repeated"` // share of 4-grams that stood before
	Length   float64 `json:"length"`   // how far the length lies beyond one standard deviation of people's
	Rules    float64 `json:"rules"`    // hits
	Total    float64 `json:"total"`
}

// Weights of the parts: truth counts more than all that a discriminator can give.
const (
	weightD        = 1
	weightFaithful = 2
	weightCovered  = 0.5
	weightRepeated = 1
	weightLength   = 0.5
	weightRules    = 2
)

// rewardOf adds the parts up. d is what the discriminator gives: it is capped at 0 where any claim is unsupported, so that
// sounding human never pays for inventing.
func rewardOf(d float64, text []int32, j Judgement) Reward {
	r := Reward{D: d, Covered: 1, Repeated: repeatedShare(text, 4), Length: max(0, math.Abs(j.LengthZ)-1), Rules: float64(j.RuleHits)}
	if j.Unsupported > 0 {
		r.D = min(r.D, 0)
	}
	if claims := j.Supported + j.Unsupported; claims > 0 {
		r.Faithful = float64(j.Supported-2*j.Unsupported) / float64(claims)
	}
	if j.Required > 0 {
		r.Covered = float64(j.Mentioned) / float64(j.Required)
	}
	r.Total = weightD*r.D + weightFaithful*r.Faithful + weightCovered*r.Covered -
		weightRepeated*r.Repeated - weightLength*r.Length - weightRules*r.Rules
	return r
}

// repeatedShare is the share of a text's n-grams that stood in it before; 0 where there are none.
func repeatedShare(text []int32, n int) float64 {
	grams := ngrams(text, n)
	total := 0
	for _, count := range grams {
		total += count
	}
	if total == 0 {
		return 0
	}
	return 1 - float64(len(grams))/float64(total)
}

// leaveOneOut gives each reward less the mean of the others: the REINFORCE leave-one-out advantage (Kool et al. 2019;
// RLOO, arXiv 2402.14740). Neither the group's spread nor the text's length divides it. A single reward has advantage 0.
func leaveOneOut(rewards []float64) []float64 {
	sum := 0.0
	for _, r := range rewards {
		sum += r
	}
	out := make([]float64, len(rewards))
	if k := float64(len(rewards)); k > 1 {
		for i, r := range rewards {
			out[i] = r - (sum-r)/(k-1)
		}
	}
	return out
}

// tokenShare is the weight of the discriminator's view of each token beside the advantage of the whole text.
const tokenShare = 0.3

// tokenWeights spreads an advantage over a text's tokens and, if it ended, its <end>: each gets the advantage, and each
// token that the discriminator read tokenShare·(s_t − mean) more, with s_t within ±3. In a text with an unsupported claim
// no token gains by it.
func tokenWeights(advantage float64, s Sample, perToken []float32, mean float64, supported bool) []float32 {
	n := len(s.Tokens)
	if s.Ended {
		n++
	}
	out := make([]float32, n)
	for t := range out {
		w := advantage
		if t < len(perToken) {
			more := tokenShare * (min(3, max(-3, float64(perToken[t]))) - mean)
			if !supported {
				more = min(0, more)
			}
			w += more
		}
		out[t] = float32(w)
	}
	return out
}

package eval

import "math"

// maxOrder is the longest n-gram of BLEU.
const maxOrder = 4

// A BLEU gathers what corpus BLEU with one reference a text needs (Papineni et al. 2002), as the public code of the
// explanation papers counts it: no smoothing.
type BLEU struct {
	match, possible [maxOrder]int32 // clipped n-gram matches, and n-grams of the predictions
	hyp, ref        int32           // tokens
}

// CountBLEU counts one prediction against its reference.
func CountBLEU[T comparable](hyp, ref []T) BLEU {
	b := BLEU{hyp: int32(len(hyp)), ref: int32(len(ref))}
	counts := make(map[[maxOrder]T]int32, len(ref))
	for n := 1; n <= maxOrder; n++ { // one order after another, so that a shorter n-gram is no longer one with zeros
		clear(counts)
		for i := 0; i+n <= len(ref); i++ {
			counts[key(ref[i:i+n])]++
		}
		for i := 0; i+n <= len(hyp); i++ {
			k := key(hyp[i : i+n])
			if counts[k] > 0 {
				counts[k]--
				b.match[n-1]++
			}
		}
		b.possible[n-1] = int32(max(0, len(hyp)-n+1))
	}
	return b
}

func key[T comparable](gram []T) (k [maxOrder]T) {
	copy(k[:], gram)
	return k
}

// Add adds the counts of another text.
func (b *BLEU) Add(o BLEU) {
	for n := range b.match {
		b.match[n] += o.match[n]
		b.possible[n] += o.possible[n]
	}
	b.hyp += o.hyp
	b.ref += o.ref
}

// Score is BLEU-n in [0, 1]: the geometric mean of the precisions of orders 1 to n, 0 if any is 0, times the brevity
// penalty exp(1 − ref/hyp) when the predictions are not longer than the references.
func (b BLEU) Score(n int) float64 { return b.sums().score(n) }

// Precision is BLEU-n without the brevity penalty, which rewards whoever writes longer than the references.
func (b BLEU) Precision(n int) float64 { return b.sums().precision(n) }

// bleuSums are the counts in floating point, as a bootstrap adds them up.
type bleuSums struct {
	match, possible [maxOrder]float64
	hyp, ref        float64
}

func (b BLEU) sums() (s bleuSums) {
	s.add(b)
	return s
}

func (s *bleuSums) add(b BLEU) {
	for n := range b.match {
		s.match[n] += float64(b.match[n])
		s.possible[n] += float64(b.possible[n])
	}
	s.hyp += float64(b.hyp)
	s.ref += float64(b.ref)
}

func (s bleuSums) score(n int) float64 {
	brevity := 1.0
	if s.hyp > 0 && s.hyp <= s.ref {
		brevity = math.Exp(1 - s.ref/s.hyp)
	}
	return brevity * s.precision(n)
}

func (s bleuSums) precision(n int) float64 {
	logs := 0.0
	for i := range n {
		if s.match[i] == 0 {
			return 0
		}
		logs += math.Log(s.match[i] / s.possible[i])
	}
	return math.Exp(logs / float64(n))
}

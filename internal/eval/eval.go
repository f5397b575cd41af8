// Package eval measures rankings and reasons. Its functions take values and return numbers; each has a case worked out
// by hand in its test. It knows no store and no model.
package eval

// NDCG is the normalised discounted cumulative gain of the first k of ranked, with binary relevance, in [0, 1].
func NDCG(ranked []string, relevant map[string]bool, k int) float64 { return 0 }

// Recall is the share of the relevant that is among the first k of ranked, in [0, 1].
func Recall(ranked []string, relevant map[string]bool, k int) float64 { return 0 }

// Hit is 1 when any of the first k of ranked is relevant, else 0; its mean over lists is the hit rate.
func Hit(ranked []string, relevant map[string]bool, k int) float64 { return 0 }

// Coverage is the share of a catalogue of n items that is in the first k of any list, in [0, 1].
func Coverage(lists [][]string, n, k int) float64 { return 0 }

// An Interval is a mean with its 95 % bootstrap interval.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"` // values, or groups
}

// Bootstrap is the percentile bootstrap interval of a mean over rounds resamples; 0 rounds means 1000.
func Bootstrap(xs []float64, rounds int, seed uint64) Interval { return Interval{} }

// BootstrapGroups resamples whole groups (users), for values that are not independent within one.
func BootstrapGroups(groups [][]float64, rounds int, seed uint64) Interval { return Interval{} }

// TrueCauses are the names of the main reasons among signed terms: the three largest positive ones that carry at least
// a tenth of the positive mass each.
func TrueCauses(terms map[string]float64) []string { return nil }

// CausePrecision counts how many of the cited names are among the true causes.
func CausePrecision(cited []string, terms map[string]float64) (right, all int) { return 0, 0 }

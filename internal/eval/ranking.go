// Package eval measures rankings, reasons and texts. Its functions take values and return numbers; each has a case worked
// out by hand in its test. It knows no store and no model; what it knows of languages is how text parts them into words.
package eval

import (
	"maps"
	"math"
)

// NDCG is the normalised discounted cumulative gain of the first k of ranked with binary relevance, in [0, 1]:
// Σ 1/log₂(i+1) over the relevant ranks i, divided by the same sum when all relevant stand first (Järvelin & Kekäläinen
// 2002). It is 0 when nothing is relevant.
func NDCG(ranked []string, relevant map[string]bool, k int) float64 {
	gain, ideal := 0.0, 0.0
	for i, id := range first(ranked, k) {
		if relevant[id] {
			gain += discount(i)
		}
	}
	for i := range min(k, size(relevant)) {
		ideal += discount(i)
	}
	return ratio(gain, ideal)
}

// discount is 1/log₂(rank+1) of a position counted from 0.
func discount(i int) float64 { return 1 / math.Log2(float64(i)+2) }

// Recall is the share of the relevant that is among the first k of ranked, in [0, 1].
func Recall(ranked []string, relevant map[string]bool, k int) float64 {
	return ratio(float64(hits(ranked, relevant, k)), float64(size(relevant)))
}

// Hit is 1 when any of the first k of ranked is relevant, else 0. Its mean over lists is the hit rate.
func Hit(ranked []string, relevant map[string]bool, k int) float64 {
	if hits(ranked, relevant, k) > 0 {
		return 1
	}
	return 0
}

// Coverage is the share of a catalogue of n items that stands among the first k of any list, in [0, 1].
func Coverage(lists [][]string, n, k int) float64 {
	seen := map[string]bool{}
	for _, l := range lists {
		for _, id := range first(l, k) {
			seen[id] = true
		}
	}
	return ratio(float64(len(seen)), float64(n))
}

// A Ranking gathers lists and what was relevant in each, cut at ten.
type Ranking struct {
	catalogue         int
	ndcg, recall, hit []float64
	seen              map[string]bool
}

// NewRanking measures lists over a catalogue of n items.
func NewRanking(n int) *Ranking { return &Ranking{catalogue: n, seen: map[string]bool{}} }

// cut is how many of a list count.
const cut = 10

// Add measures one list.
func (r *Ranking) Add(ranked, relevant []string) {
	want := map[string]bool{}
	for _, id := range relevant {
		want[id] = true
	}
	r.ndcg = append(r.ndcg, NDCG(ranked, want, cut))
	r.recall = append(r.recall, Recall(ranked, want, cut))
	r.hit = append(r.hit, Hit(ranked, want, cut))
	for _, id := range first(ranked, cut) {
		r.seen[id] = true
	}
}

// Numbers are the means over all lists: ndcg@10 with the ends of its 95 % interval, recall@10, hit@10 and coverage@10.
func (r *Ranking) Numbers() map[string]float64 {
	n := Bootstrap(r.ndcg, 0, 1)
	return map[string]float64{
		"ndcg@10": n.Mean, "ndcg@10_low": n.Low, "ndcg@10_high": n.High, "recall@10": Mean(r.recall), "hit@10": Mean(r.hit),
		"coverage@10": ratio(float64(len(r.seen)), float64(r.catalogue)),
	}
}

// hits counts the relevant among the first k; an item that stands twice counts once.
func hits(ranked []string, relevant map[string]bool, k int) int {
	found := map[string]bool{}
	for _, id := range first(ranked, k) {
		if relevant[id] {
			found[id] = true
		}
	}
	return len(found)
}

func first(s []string, k int) []string { return s[:max(0, min(k, len(s)))] }

// size counts what is true.
func size(set map[string]bool) int {
	n := 0
	for v := range maps.Values(set) {
		if v {
			n++
		}
	}
	return n
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

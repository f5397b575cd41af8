package engine

import (
	"math"
	"strconv"
	"time"

	"because"
)

// Bounds of what the behaviour encoder reads: the latest interactions, each as a few hashed features.
const (
	behaviourEvents  = 16
	behaviourBuckets = 2048
)

// behaviour is a reader's recent history as the encoder reads it: time-ordered events, oldest first, each the hashes of
// its features in [1, behaviourBuckets). It is made of r.history, which holds consented interactions only; somebody
// impersonal has none.
func behaviour(w *world, r reader, now time.Time) [][]int32 {
	h := r.history[max(0, len(r.history)-behaviourEvents):]
	out := make([][]int32, 0, len(h))
	for i, x := range h {
		next := now
		if i+1 < len(h) {
			next = h[i+1].Context.At
		}
		f := itemFeatures(w.items[x.Item])
		f = append(f, feature("kind", string(x.Kind)), feature("gap", gapBucket(next.Sub(x.Context.At))),
			feature("part", because.PartOfDay(x.Context.At.Hour())), feature("weekday", x.Context.At.Weekday().String()))
		if x.Context.Device != "" {
			f = append(f, feature("device", x.Context.Device))
		}
		out = append(out, f)
	}
	return out
}

// itemFeatures are the hashed domain and first categories of an item.
func itemFeatures(it because.Item) []int32 {
	f := []int32{feature("domain", it.Domain)}
	for _, c := range it.Categories[:min(2, len(it.Categories))] {
		f = append(f, feature("category", c))
	}
	return f
}

func feature(name, value string) int32 {
	return int32(1 + hash(name, value)%(behaviourBuckets-1))
}

// gapBucket is a stretch of time in powers of two of a minute, at most 16 buckets.
func gapBucket(d time.Duration) string {
	return strconv.Itoa(min(15, max(0, int(math.Log2(max(1, d.Minutes()))))))
}

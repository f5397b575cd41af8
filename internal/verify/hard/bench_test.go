package hard_test

import (
	"slices"
	"testing"
	"time"

	"because/internal/pack"
	"because/internal/verify"
	"because/internal/verify/hard"
)

// BenchmarkVerify verifies and repairs every hand-written draft against its evidence, and tells how long the half of them and
// all but one in a hundred take at most. A draft takes the shortest of three times, so that what else the machine does counts
// for little.
func BenchmarkVerify(b *testing.B) {
	sets, cases, err := hard.Load()
	if err != nil {
		b.Fatal(err)
	}
	v := verify.New(pack.Builtin().WithCorpus(nil))
	one := func(c hard.Case) time.Duration {
		s := sets[c.Set]
		g := verify.Given{Domain: s.Domain, Lang: s.Lang, Name: s.Name, Evidence: s.Evidence, Now: s.Now}
		start := time.Now()
		v.Verify(c.Text, g)
		return time.Since(start)
	}
	for _, c := range cases { // the lexicon of a domain is made on first use
		one(c)
	}
	var took []time.Duration
	for b.Loop() {
		took = took[:0]
		for _, c := range cases {
			took = append(took, min(one(c), one(c), one(c)))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1e3, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1e3, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

package hard_test

import (
	"slices"
	"testing"
	"time"

	"because/internal/pack"
	"because/internal/verify"
	"because/internal/verify/hard"
)

// BenchmarkVerify verifies every hand-written draft against its evidence, and repairs it besides, which judges again what is
// left of it: it tells how long the half of them and all but one in a hundred take at most. A draft takes the shortest of
// three times, so that what else the machine does counts for little.
func BenchmarkVerify(b *testing.B) {
	sets, cases, err := hard.Load()
	if err != nil {
		b.Fatal(err)
	}
	v := verify.New(pack.Builtin().WithCorpus(nil))
	for _, do := range []struct {
		name string
		one  func(string, verify.Given)
	}{
		{"judged", func(s string, g verify.Given) { v.Claims(s, g) }},
		{"repaired", func(s string, g verify.Given) { v.Verify(s, g) }},
	} {
		b.Run(do.name, func(b *testing.B) {
			one := func(c hard.Case) time.Duration {
				s := sets[c.Set]
				g := verify.Given{Domain: s.Domain, Lang: s.Lang, Name: s.Name, Evidence: s.Evidence, Now: s.Now}
				start := time.Now()
				do.one(c.Text, g)
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
		})
	}
}

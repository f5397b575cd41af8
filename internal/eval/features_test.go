package eval

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkDIV counts features in 320 000 texts, ten times as many as the public script takes 221 s for.
func BenchmarkDIV(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	texts := make([][]string, 320_000)
	for i := range texts {
		for range 15 {
			texts[i] = append(texts[i], fmt.Sprint("f", rng.IntN(5000)))
		}
	}
	for b.Loop() {
		f := NewFeatures()
		for _, t := range texts {
			f.Add(t, t[:1])
		}
		if f.DIV() <= 0 {
			b.Fatal("no pair of 320 000 texts shares a feature")
		}
	}
}

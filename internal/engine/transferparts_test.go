package engine

import (
	"fmt"
	"testing"

	"because"
	"because/internal/pack"
)

// TestTransferLeavesOut holds what a generator trains on and chooses by to the other domains: no item of the one that is left
// out, not as a site without its pack would have it either, and a vocabulary that knows no word of it. What is tuned on
// are the domain's texts, half in each language, of readers to train on; what is tested are its texts of others.
func TestTransferLeavesOut(t *testing.T) {
	const word = "quayside" // of the domain alone
	var parts proofParts
	for part := range parts {
		for i := range 60 {
			for _, lang := range because.Langs {
				for _, x := range []Pair{
					{Of: "travel", Domain: "travel", Text: word + " hotel"},
					{Of: "travel", Domain: pack.General, Text: word + " thing"},
					{Of: "shop", Domain: "shop", Text: "a shop's text"},
					{Of: "shop", Domain: pack.General, Text: "a general text"},
				} {
					x.Lang, x.User, x.Prompt = lang, fmt.Sprint("user", part, i), fmt.Sprint(x.Text, i, lang)
					x.Text += fmt.Sprint(" ", i)
					parts[part] = append(parts[part], x)
				}
			}
		}
	}
	r := &transfer{o: TransferOptions{Seed: 1, Examples: 40}, whole: &proof{o: ProofOptions{Size: "tiny", Texts: 30}}, parts: parts}
	p, err := r.without("travel", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(p.train) != 240 || len(p.dev) != 240 || len(p.few) != 36 || len(p.chosen) != 4 || len(p.test) != 60 {
		t.Errorf("%d to train on, %d to choose by, %d to tune on, %d to choose by then, %d to test; want 240, 240, 36, 4, 60",
			len(p.train), len(p.dev), len(p.few), len(p.chosen), len(p.test))
	}
	for i, x := range p.pairs[:len(p.train)+len(p.dev)] {
		if x.Of == "travel" {
			t.Fatalf("pair %d is trained on or chosen by, and of the domain that is left out: %+v", i, x)
		}
	}
	for _, w := range p.test {
		if x := p.pairs[w]; x.Domain != "travel" || x.User[:5] != "user2" {
			t.Fatalf("%+v is tested", x)
		}
	}
	if n := len(p.run.words.Encode(word)); n != len(word) {
		t.Errorf("the vocabulary takes %d tokens for %q, want one for each letter: it has learnt parts of it", n, word)
	}
	if n := len(p.run.words.Encode("general")); n >= len("general") {
		t.Errorf("the vocabulary takes %d tokens for a word of the other domains", n)
	}
	if _, err := (&transfer{o: TransferOptions{Seed: 1, Examples: 400}, whole: r.whole, parts: parts}).without("travel", t.TempDir()); err == nil {
		t.Error("400 examples are taken of 240")
	}
}

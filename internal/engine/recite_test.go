package engine

import "testing"

// TestCopied: a text that stands in training counts whole whichever evidence fills its slots, and its stretches one by one.
func TestCopied(t *testing.T) {
	s := newSeenTexts()
	s.add("你看过《<e1.hist>》，这部也是<e2.value>。") // 13 units, 6 stretches
	s.add("It has <e1.value>.")
	for _, tt := range []struct {
		text         string
		whole, grams float64
	}{
		{"你看过《<e2.hist>》，这部也是<e1.value>。", 1, 1},
		{"你看过《<e1.hist>》，这部是<e2.value>的。", 0, 2. / 6},
		{"it has <e3.value>.", 1, 0}, // too short for a stretch
	} {
		got := s.copiedBy([]string{tt.text})
		if got.Texts.Mean != tt.whole || got.Grams.Mean != tt.grams {
			t.Errorf("%s: %v whole, %v of the stretches; want %v, %v", tt.text, got.Texts.Mean, got.Grams.Mean, tt.whole, tt.grams)
		}
	}
}

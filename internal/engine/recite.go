package engine

import (
	"regexp"
	"strings"

	"because/internal/eval"
)

// copiedN is how many units long the stretches are that texts are looked through for.
const copiedN = 8

// Copied says how much of some texts stands in the texts of training, both with slots in place of names and values, whichever
// evidence fills them: a model that only recites copies everything.
type Copied struct {
	Texts eval.Interval `json:"texts"` // share of the texts that stand there whole
	Grams eval.Interval `json:"grams"` // share of the stretches of eight units (slots, Chinese characters, words, marks)
}

// seenTexts are texts of training and their stretches.
type seenTexts struct {
	texts, grams map[string]bool
}

func newSeenTexts() *seenTexts { return &seenTexts{map[string]bool{}, map[string]bool{}} }

var (
	ofEvidence = regexp.MustCompile(`<e\d+\.`)
	maskUnit   = regexp.MustCompile(`<[^<>]*>|\p{Han}|[\p{L}\p{N}']+|\S`)
)

// maskUnits are the units of a text with slot tokens, without the number of the evidence that fills a slot.
func maskUnits(masked string) []string {
	return maskUnit.FindAllString(strings.ToLower(ofEvidence.ReplaceAllString(masked, "<e.")), -1)
}

// eachGram calls f for every stretch of copiedN units.
func eachGram(units []string, f func(string)) {
	for i := 0; i+copiedN <= len(units); i++ {
		f(strings.Join(units[i:i+copiedN], "\x00"))
	}
}

func (s *seenTexts) add(masked string) {
	units := maskUnits(masked)
	s.texts[strings.Join(units, "\x00")] = true
	eachGram(units, func(g string) { s.grams[g] = true })
}

// copiedBy measures how much of some texts is there.
func (s *seenTexts) copiedBy(texts []string) Copied {
	whole, grams, all := 0, 0, 0
	for _, t := range texts {
		units := maskUnits(t)
		whole += int(one(s.texts[strings.Join(units, "\x00")]))
		eachGram(units, func(g string) {
			all++
			grams += int(one(s.grams[g]))
		})
	}
	return Copied{Texts: eval.Wilson(whole, len(texts)), Grams: eval.Wilson(grams, all)}
}

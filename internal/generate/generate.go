// Package generate drafts explanations from evidence.
//
// It is handed evidence, an arm, a language, a need and a state vector that was encoded from consented interactions; never
// a user, a history or the store, so what is not evidence cannot leak into a text or to a remote model. A draft is not an explanation yet: verify decides what may be shown.
package generate

import (
	"context"
	"strings"
	"unicode"

	"because"
)

// A Request is everything that a generator knows.
type Request struct {
	Domain   string // names the pack
	Name     string // the item's name as it is said
	Category string // the item's first category: a vocabulary key or the site's own word
	Lang     because.Lang
	Arm      because.Arm
	Need     string             // what the reader typed
	Evidence []because.Evidence // what may be said, the leading one first
	Avoid    []string           // openings that the list has used already, as Opening gives them
	State    []float32          // what the reader did of late, encoded from consented interactions; nil for none
	Plan     []string           // sorted IDs of the evidence that is to be stated, as Template.Both gives them; nil leaves the choice to the generator
	Seed     uint64
	K        int // how many different drafts are wanted; 0 means 1
}

// A Draft is a text that has not been verified.
type Draft struct {
	Text     string
	Evidence []string // IDs of the evidence that it cites
	Source   because.Source
	Model    string // who wrote it: pack version, model name
}

// A Generator drafts explanations from evidence. It is safe for concurrent use.
type Generator interface {
	Draft(ctx context.Context, req Request) ([]Draft, error)
}

// Opening is how a text starts: its first four Han characters, or its first two words, folded to lower case; where these
// only point at the item ("this one"), the word after them belongs to it, as it does within four characters of Chinese.
// Two texts of a list should not share it.
func Opening(s string) string {
	if han := strings.FieldsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }); len(han) > 0 && unicode.Is(unicode.Han, firstLetter(s)) {
		var out []rune
		for _, r := range s {
			if unicode.Is(unicode.Han, r) {
				if out = append(out, r); len(out) == 4 {
					break
				}
			}
		}
		return string(out)
	}
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	})
	n := 2
	if len(words) > 0 && words[0] == "this" {
		n = 3
	}
	return strings.Join(words[:min(n, len(words))], " ")
}

func firstLetter(s string) rune {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
	}
	return 0
}

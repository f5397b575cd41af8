package lm

import (
	"unicode"
	"unicode/utf8"
)

// nextPiece returns the length in bytes of the first piece of s. Merges never cross from one piece into the next.
//
// The pieces are those of the pre-tokeniser that llama.cpp calls "deepseek-coder", five splits one after the other, so
// that an export splits there as it does here (preTokeniserSplits holds them as regular expressions):
// each line break alone; letters with at most one white space before them; punctuation likewise; Han and what is
// written like it apart from all else; each digit alone. So a run of Han stays whole, and an English word keeps its
// space. A byte that is not UTF-8 counts as a symbol.
func nextPiece(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	a := classOf(r)
	n := size
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		b := classOf(r)
		if a.alone || b.alone || a.han != b.han {
			return n
		}
		switch {
		case a.kind == b.kind && !b.space: // a run goes on
		case a.space && b.kind != kindOther: // white space joins the word or the punctuation after it
		case a.kind == kindOther && b.space: // but leaves the run that it stands in
			after := classOf(runeAt(s[n+size:]))
			if after.kind != kindOther {
				return n
			}
		default:
			return n
		}
		a, n = b, n+size
	}
	return n
}

// runeAt is the first rune of s, or a line break at the end.
func runeAt(s string) rune {
	if s == "" {
		return '\n'
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

type runeKind uint8

const (
	kindOther runeKind = iota
	kindLetter
	kindPunct
)

// A runeClass is all that the splits ask of a rune.
type runeClass struct {
	kind  runeKind
	space bool // white space; its kind is kindOther
	alone bool // line break or digit
	han   bool // in one of the ranges of the Han split
}

// asciiClasses holds the classes of the first 128 runes, by far the most frequent outside Han.
var asciiClasses = func() (table [utf8.RuneSelf]runeClass) {
	for r := range table {
		table[r] = classify(rune(r))
	}
	return table
}()

func classOf(r rune) runeClass {
	switch {
	case r < utf8.RuneSelf:
		return asciiClasses[r]
	case '一' <= r && r <= '龥':
		return runeClass{kind: kindLetter, han: true}
	}
	return classify(r)
}

func classify(r rune) runeClass {
	c := runeClass{
		space: unicode.IsSpace(r),
		alone: r == '\r' || r == '\n' || unicode.IsNumber(r),
		han:   0x800 <= r && r <= '龥' || '가' <= r && r <= 0xD7FF,
	}
	switch {
	case unicode.IsLetter(r):
		c.kind = kindLetter
	case unicode.IsPunct(r):
		c.kind = kindPunct
	}
	return c
}

// preTokeniser is the name by which llama.cpp knows the splits of nextPiece.
const preTokeniser = "deepseek-coder"

// preTokeniserSplits are the splits of nextPiece as regular expressions, in their order. Each isolates its matches in
// what the ones before it left.
var preTokeniserSplits = []string{
	`[\r\n]`,
	`\s?\p{L}+`,
	`\s?\p{P}+`,
	`[一-龥ࠀ-一가-퟿]+`,
	`\p{N}`,
}

package lm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A preTokeniser cuts text into pieces; merges never cross from one into the next.
type preTokeniser struct {
	name string             // by which llama.cpp knows it
	next func(s string) int // length in bytes of the first piece of s, which is not empty
}

// ourSplit is what trained tokenizers use, five splits one after the other: each line break alone; letters with at most
// one white space before them; punctuation likewise; Han and what is written like it apart from all else; each digit
// alone. So a run of Han stays whole, and an English word keeps its space.
var ourSplit = preTokeniser{"deepseek-coder", nextPiece}

// ourSplits are ourSplit as regular expressions. Each isolates its matches in what the ones before it left.
var ourSplits = []string{
	`[\r\n]`,
	`\s?\p{L}+`,
	`\s?\p{P}+`,
	`[一-龥ࠀ-一가-퟿]+`,
	`\p{N}`,
}

// preTokeniserNamed finds the pre-tokeniser that llama.cpp calls name.
func preTokeniserNamed(name string) (preTokeniser, bool) {
	switch name {
	case ourSplit.name:
		return ourSplit, true
	case "gpt-2", "phi-2":
		return preTokeniser{name, func(s string) int { return nextPieceGPT2(s, false) }}, true
	case "smollm", "starcoder", "refact", "command-r", "codeshell":
		return preTokeniser{name, func(s string) int { return nextPieceGPT2(s, true) }}, true
	}
	return preTokeniser{}, false
}

// nextPiece finds in one pass what ourSplits find one after the other. A byte that is not UTF-8 counts as a symbol.
func nextPiece(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	a := classOf(r)
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
			if n+size == len(s) {
				break
			}
			after, _ := utf8.DecodeRuneInString(s[n+size:])
			if classOf(after).kind != kindOther {
				return n
			}
		default:
			return n
		}
		a, n = b, n+size
	}
	return n
}

type runeKind uint8

const (
	kindOther runeKind = iota
	kindLetter
	kindPunct
)

// A runeClass is all that ourSplits ask of a rune.
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

// nextPieceGPT2 is the split of GPT-2 (Radford et al. 2019, encoder.py):
// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+. With digitsAlone, each digit was isolated
// before.
func nextPieceGPT2(s string, digitsAlone bool) int {
	for _, c := range [...]string{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"} {
		if strings.HasPrefix(s, c) {
			return len(c)
		}
	}
	r, n := utf8.DecodeRuneInString(s)
	kind := gpt2Kind(r)
	if kind == gpt2Number && digitsAlone {
		return n
	}
	if kind == gpt2Space {
		return nextSpaceGPT2(s, digitsAlone)
	}
	return n + runGPT2(s[n:], kind)
}

// nextSpaceGPT2 is nextPieceGPT2 where s begins with white space: it goes with what follows if it is one space, and else
// leaves its last character to what follows.
func nextSpaceGPT2(s string, digitsAlone bool) int {
	run := runGPT2(s, gpt2Space)
	_, last := utf8.DecodeLastRuneInString(s[:run])
	if run == len(s) {
		return run
	}
	r, size := utf8.DecodeRuneInString(s[run:])
	kind := gpt2Kind(r)
	switch {
	case kind == gpt2Number && digitsAlone:
		return run
	case run > last:
		return run - last
	case s[0] == ' ':
		return run + size + runGPT2(s[run+size:], kind)
	}
	return run
}

type gpt2Class uint8

const (
	gpt2Symbol gpt2Class = iota
	gpt2Space
	gpt2Letter
	gpt2Number
)

func gpt2Kind(r rune) gpt2Class {
	switch {
	case unicode.IsSpace(r):
		return gpt2Space
	case unicode.IsLetter(r):
		return gpt2Letter
	case unicode.IsNumber(r):
		return gpt2Number
	}
	return gpt2Symbol
}

// runGPT2 is the length of the run of kind at the front of s.
func runGPT2(s string, kind gpt2Class) int {
	for i, r := range s {
		if gpt2Kind(r) != kind {
			return i
		}
	}
	return len(s)
}

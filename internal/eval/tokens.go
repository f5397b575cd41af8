package eval

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"because/internal/text"
)

// A Family is one way to part texts into tokens. Numbers of two families do not compare: they differ by several points
// on the same texts.
type Family struct {
	Name   string // xrec, pepler, peter, words or chars
	Tokens func(s string) []string

	// The code of the family parts a text on single blanks before ROUGE, so that an empty text is one empty token, and
	// two empty texts are alike.
	emptyIsToken bool
}

// The families of public code (HKUDS/XRec, lileipisces/PEPLER, lileipisces/PETER), then ours for Chinese.
var (
	XRec   = Family{Name: "xrec", Tokens: spaced}
	PEPLER = Family{Name: "pepler", Tokens: punctuated, emptyIsToken: true}
	PETER  = Family{Name: "peter", Tokens: fifteen, emptyIsToken: true}
	Words  = Family{Name: "words", Tokens: text.Words}
	Chars  = Family{Name: "chars", Tokens: chars}
)

// spaced parts on any white space and keeps case and punctuation, as Python's split does. It is what HKUDS/XRec and
// Yuhan1i/G-Refer count unique sentences by, and the tokens of the figures that we reproduce.
func spaced(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

// fifteen keeps the first fifteen tokens, on both sides. Its code expects lower-case text that is parted already, and
// then puts unk for words that are rare in the data set: see Vocabulary.
func fifteen(s string) []string {
	all := spaced(s)
	return all[:min(15, len(all))]
}

// unk stands for a word outside the vocabulary, in predictions and references alike, so that it can match.
const unk = "<unk>"

// A Vocabulary are the words that lileipisces/PETER keeps.
type Vocabulary map[string]bool

// vocabularySize is the default of the public code.
const vocabularySize = 20_000

// NewVocabulary keeps the size most frequent words of texts, of equally frequent ones those that came first; 0 means
// 20 000.
func NewVocabulary(texts []string, size int) Vocabulary {
	size = cmp.Or(size, vocabularySize)
	count, order := map[string]int{}, []string(nil)
	for _, t := range texts {
		for _, w := range spaced(t) {
			if count[w] == 0 {
				order = append(order, w)
			}
			count[w]++
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return count[b] - count[a] })
	v := Vocabulary{}
	for _, w := range order[:min(size, len(order))] {
		v[w] = true
	}
	return v
}

// Tokens are the tokens of lileipisces/PETER under a vocabulary.
func (v Vocabulary) Tokens(s string) []string {
	out := fifteen(s)
	for i, w := range out {
		if !v[w] {
			out[i] = unk
		}
	}
	return out
}

// punctuated sets punctuation off by the regular expressions of lileipisces/PEPLER and karrich/CIER, in their order, and
// parts on white space. Their code first cuts texts to 20 sub-words of the model's own tokenizer; that must have been
// done before.
func punctuated(s string) []string {
	s = clitics.apply(s)
	for _, r := range marks {
		s = squeeze(s, r.mark, r.by)
	}
	return spaced(s)
}

type replacements [][2]string

func (rs replacements) apply(s string) string {
	for _, r := range rs {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	return s
}

var clitics = replacements{
	{"'s", " 's"}, {"'m", " 'm"}, {"'ve", " 've"}, {"n't", " n't"}, {"'re", " 're"}, {"'d", " 'd"}, {"'ll", " 'll"},
	{"(", " ( "}, {")", " ) "},
}

// A run of the mark becomes by.
var marks = []struct {
	mark byte
	by   string
}{{',', " , "}, {':', " , "}, {';', " . "}, {'.', " . "}, {'!', " ! "}, {'?', " ? "}}

func squeeze(s string, mark byte, by string) string {
	if strings.IndexByte(s, mark) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != mark:
			b.WriteByte(s[i])
		case i == 0 || s[i-1] != mark:
			b.WriteString(by)
		}
	}
	return b.String()
}

// chars are single Han characters, and whole runs of other letters and digits; punctuation is none.
func chars(s string) []string {
	var out []string
	start := -1
	for i, r := range s {
		word := !text.IsHan(r) && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
		if !word && start >= 0 {
			out, start = append(out, s[start:i]), -1
		}
		switch {
		case text.IsHan(r):
			out = append(out, string(r))
		case word && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

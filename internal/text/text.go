// Package text knows words, scripts and numbers: match keys, segmentation of Chinese and English into words, numbers
// and times written in any way, clauses, and the cleaning of imported text.
//
// It knows no items, packs or languages of readers, needs no files and starts at once. Its functions never panic on
// any string, valid UTF-8 or not; the ranges that they return are byte ranges on rune boundaries of the input.
package text

import (
	"time"
	"unicode"
)

// A Number is a number found in a text, however it was written.
type Number struct {
	Start, End int     // byte range, with the unit
	From       int     // where a word that bounds it begins, 不到 500 元, under 500 yuan; Start where none stands before it
	Value      float64 // 万, k, 半 and fractions resolved
	Unit       string  // as written, folded: "天", "小时", "%", "折", "yuan"; ¥, ￥, 元, 块 are "元", $ and dollars are "$"
	Text       string  // as written
	Approx     bool    // not meant exactly: 约, 近, about, 左右, 多; Bound says how
	Bound      string  // "", "about", "over" (超过, 以上, at least), "under" (不到, 以内, up to)
	Percent    bool    // 20%, 百分之二十, 二成, twenty percent
}

// A Time is a time found in a text, as a window of how long ago it was.
type Time struct {
	Start, End int
	Text       string
	From, To   time.Duration // ago, From ≤ To; negative is the future
	Day        time.Time     // if an absolute day is named
	Part       string        // "morning", "noon", "afternoon", "evening", "night", or ""
	Weekday    string        // "monday" …, "weekday", "weekend", or ""
}

// Removed counts what Clean took out.
type Removed struct {
	Invalid   int // bytes that are no UTF-8
	Control   int
	ZeroWidth int
	Bidi      int
	Tags      int // tag characters (U+E0000 …) and other private invisible ones
	HTML      int // elements and comments
	Entities  int // HTML entities resolved
}

// Total is the number of all removals.
func (r Removed) Total() int {
	return r.Invalid + r.Control + r.ZeroWidth + r.Bidi + r.Tags + r.HTML + r.Entities
}

// A Writing is the script that a text is mostly written in.
type Writing string

const (
	Zh    Writing = "zh"
	En    Writing = "en"
	Mixed Writing = "mixed" // both in earnest, or neither
)

// HanShare is the share of Han characters among all letters of s, in [0, 1]; 0 if there are none.
func HanShare(s string) float64 {
	han, all := 0, 0
	for _, r := range s {
		switch {
		case IsHan(r):
			han, all = han+1, all+1
		case unicode.IsLetter(r):
			all++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(han) / float64(all)
}

// Len is the length of s as VOICE counts it: each Han character is one, each run of other letters and digits is one.
func Len(s string) int {
	n, in := 0, false
	for _, r := range s {
		switch {
		case IsHan(r):
			n, in = n+1, false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || in && (r == '\'' || r == '’' || r == '-' || r == '.'):
			if !in {
				n, in = n+1, true
			}
		default:
			in = false
		}
	}
	return n
}

// Runes is the number of characters of s, punctuation included and blanks not.
func Runes(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// Script says what s is written in: Zh and En allow a share of names in the other script.
func Script(s string) Writing {
	han, words, in := 0, 0, false
	for _, r := range s {
		latin := unicode.Is(unicode.Latin, r)
		if latin && !in {
			words++
		}
		in = latin
		if IsHan(r) {
			han++
		}
	}
	switch {
	case han >= 2*words && han > 0:
		return Zh
	case words > han && words > 0:
		return En
	}
	return Mixed
}

// IsHan reports whether r is a Han character.
func IsHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r == '〇' || r >= 0x20000 && r <= 0x323AF || r >= 0xF900 && r <= 0xFAFF
}

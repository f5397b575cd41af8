package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotes maps an opening quote to its closing one.
var quotes = map[rune]rune{'「': '」', '『': '』', '《': '》', '〈': '〉', '“': '”', '‘': '’', '【': '】', '（': '）', '(': ')', '"': '"'}

// Sentences are the byte ranges of the sentences of s, each with its closing punctuation, blanks around left out. A
// mark inside quotes ends none.
func Sentences(s string) [][2]int {
	var out [][2]int
	start := 0
	scan(s, func(i, n int, r rune) {
		if end := i + n; ends(s, i, n, r) {
			for end < len(s) { // closing quotes and repeated marks stay with the sentence
				q, m := utf8.DecodeRuneInString(s[end:])
				if !strings.ContainsRune("。！？!?….」』”’\")）", q) {
					break
				}
				end += m
			}
			if end > start {
				out = appendTrimmed(out, s, start, end)
				start = end
			}
		}
	})
	return appendTrimmed(out, s, start, len(s))
}

// ends reports whether the mark at i ends a sentence.
func ends(s string, i, n int, r rune) bool {
	switch r {
	case '。', '！', '？', '!', '?', '\n':
		return true
	case '.':
		next, _ := utf8.DecodeRuneInString(s[i+n:])
		if i+n < len(s) && !unicode.IsSpace(next) && !strings.ContainsRune("\"”’)）」", next) {
			return false // 1.5, example.com
		}
		word := s[strings.LastIndexAny(s[:i], " \n(")+1 : i]
		return !abbreviation[strings.ToLower(word)] && !(len(word) == 1 && word >= "A" && word <= "Z")
	}
	return false
}

var abbreviation = map[string]bool{"mr": true, "mrs": true, "ms": true, "dr": true, "st": true, "vs": true, "e.g": true, "i.e": true, "no": true, "approx": true, "vol": true}

// scan calls f for every rune of s outside quotes. A quote that never closes, or not within 200 bytes, is none.
func scan(s string, f func(i, n int, r rune)) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if q, ok := quotes[r]; ok {
			near := s[i+n : min(len(s), i+n+200)]
			if j := strings.IndexRune(near, q); j >= 0 {
				i += n + j + utf8.RuneLen(q)
				continue
			}
		}
		f(i, n, r)
		i += n
	}
}

// Clauses are the byte ranges of the clauses of s, without the marks between them: parted at sentence ends, ， ； ： and
// dashes, at English commas and semicolons, and before English conjunctions that start a clause, but never inside
// quotes, brackets or numbers. 、 joins a list and parts nothing.
func Clauses(s string) [][2]int {
	var out [][2]int
	start, skip := 0, 0
	scan(s, func(i, n int, r rune) {
		if i < skip {
			return
		}
		switch {
		case parts(s, i, n, r):
			out = appendTrimmed(out, s, start, i)
			start = i + n
		case r == ' ':
			if m := conjunction(s[i+1:]); m > 0 && !excepting(s[:i], s[i+1:]) {
				out = appendTrimmed(out, s, start, i)
				start = i + 1
				skip = i + 1 + m
			}
		}
	})
	return appendTrimmed(out, s, start, len(s))
}

// parts reports whether the mark at i parts two clauses.
func parts(s string, i, n int, r rune) bool {
	switch r {
	case '，', '；', '：', ';', '—', '–', '…', '｡':
		return !(r == '–' && digitAt(s, i+n))
	case ',':
		return !(i > 0 && digitAt(s, i-1) && digitAt(s, i+n))
	case ':':
		return i+n < len(s) && s[i+n] == ' '
	}
	return ends(s, i, n, r)
}

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

var conjunctions = strings.Split("but |though |although |because |since you|while |whereas |so it|so you|so this|and it |and it's |and you |and this |and its |and that |and also |and has |and is |and runs |and weighs |yet it|which ", "|")

// excepting reports whether a "but" leaves out what follows it of what stands before: "nothing but a wall".
func excepting(before, s string) bool {
	if !strings.HasPrefix(s, "but ") {
		return false
	}
	w := strings.ToLower(before[strings.LastIndexByte(before, ' ')+1:])
	return w == "nothing" || w == "none" || w == "anything" || w == "all"
}

// conjunction is the length of the conjunction that s starts with, 0 for none.
func conjunction(s string) int {
	if len(s) == 0 || s[0] < 'a' || s[0] > 'z' {
		return 0
	}
	for _, c := range conjunctions {
		if strings.HasPrefix(s, c) {
			return len(c)
		}
	}
	return 0
}

// appendTrimmed adds the range without blanks and marks around it, if it holds anything.
func appendTrimmed(out [][2]int, s string, start, end int) [][2]int {
	part := s[start:end]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	start += len(part) - len(left)
	end = start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	if start >= end || !strings.ContainsFunc(s[start:end], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return out
	}
	return append(out, [2]int{start, end})
}

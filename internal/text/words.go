package text

import (
	"strings"
	"sync"
	"unicode"
)

// Words are the words of s for search and ranking: folded, English lightly stemmed, Han text parted by the longest
// word of a small dictionary, and by overlapping pairs where it knows none. Stop words are kept.
func Words(s string) []string {
	r := []rune(Fold(s))
	var out []string
	for i := 0; i < len(r); {
		switch {
		case IsHan(r[i]):
			j := i
			for j < len(r) && IsHan(r[j]) {
				j++
			}
			out = segment(out, r[i:j])
			i = j
		case unicode.IsLetter(r[i]) || unicode.IsNumber(r[i]):
			j := i
			for j < len(r) && !IsHan(r[j]) && (unicode.IsLetter(r[j]) || unicode.IsNumber(r[j]) || unicode.IsMark(r[j]) || inWord(r, j)) {
				j++
			}
			out = append(out, stem(string(r[i:j])))
			i = j
		default:
			i++
		}
	}
	return out
}

// inWord reports whether the mark at j holds a word together: 1.5, don't.
func inWord(r []rune, j int) bool {
	if j == 0 || j+1 >= len(r) {
		return false
	}
	switch r[j] {
	case '.':
		return unicode.IsNumber(r[j-1]) && unicode.IsNumber(r[j+1])
	case '\'', '’':
		return unicode.IsLetter(r[j-1]) && unicode.IsLetter(r[j+1])
	}
	return false
}

// Terms are Words without stop words.
func Terms(s string) []string {
	all := Words(s)
	out := all[:0]
	for _, w := range all {
		if !IsStop(w) {
			out = append(out, w)
		}
	}
	return out
}

const longest = 5 // runes of the longest word of the dictionary

// segment parts a run of Han characters.
func segment(out []string, r []rune) []string {
	dict := dictionary()
	unknown := 0 // runes before i that no word covers
	flush := func(i int) {
		switch {
		case unknown == 1:
			out = append(out, string(r[i-1:i]))
		case unknown > 1:
			for k := i - unknown; k+1 < i; k++ {
				out = append(out, string(r[k:k+2]))
			}
		}
		unknown = 0
	}
	for i := 0; i < len(r); {
		n := min(longest, len(r)-i)
		for ; n > 0; n-- {
			if w := string(r[i : i+n]); dict[w] || n == 1 && IsStop(w) {
				break
			}
		}
		if n == 0 {
			unknown++
			i++
			continue
		}
		flush(i)
		out = append(out, string(r[i:i+n]))
		i += n
	}
	flush(len(r))
	return out
}

var dictionary = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool, 4096)
	for _, w := range strings.Fields(dictionaryList) {
		m[w] = true
	}
	for _, w := range words(stopList) {
		if IsHan(w.r[0]) {
			m[w.s] = true
		}
	}
	return m
})

// stem takes the ending off an English word: plurals, possessives, -ing and -ed of long words. Only what search needs.
func stem(w string) string {
	w = strings.ReplaceAll(w, "’", "'")
	w = strings.TrimSuffix(w, "'s")
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
	}
	switch n := len(w); {
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 4 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "xes")):
		return w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:n-1]
	case n > 6 && strings.HasSuffix(w, "ing"):
		return undouble(w[:n-3])
	case n > 5 && strings.HasSuffix(w, "ed") && !strings.HasSuffix(w, "eed"):
		return undouble(w[:n-2])
	}
	return w
}

func undouble(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' && w[n-1] != 'e' {
		return w[:n-1]
	}
	return w
}

package hostiletest

import (
	"strings"
	"unicode"
)

// Long is how many tokens in a row an attacker's words may not have anywhere.
const Long = 8

// Tokens are the words of a text as a model would see them: Latin words and numbers whole, any other letter by itself;
// without case, width, marks and what is not seen.
func Tokens(s string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 0xE0020 && r < 0xE007F:
			r -= 0xE0000
		case r > 0xFF00 && r < 0xFF5F:
			r = unicode.ToLower(r - 0xFEE0)
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
			continue
		}
		switch {
		case unicode.IsDigit(r) || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek):
			word.WriteRune(r)
		case unicode.IsLetter(r):
			end()
			out = append(out, string(r))
		case r != '\'' && r != '’':
			end()
		}
	}
	end()
	return out
}

// Shared is the longest run of tokens of a that stands in b.
func Shared(a, b []string) int {
	best := 0
	row := make([]int, len(b)+1)
	for i := range a {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				row[j+1] = row[j] + 1
				best = max(best, row[j+1])
			} else {
				row[j+1] = 0
			}
		}
	}
	return best
}

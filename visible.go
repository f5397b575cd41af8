package because

import (
	"strings"
	"unicode"
)

// Visible is what a person typed or a model wrote, as a page may show it: without the characters that are not seen
// (Unicode's format characters, which turn the direction of what follows or hide in it) and with a blank for each that
// ends a line. The joiner of emoji stays.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u200d':
			return r
		case r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

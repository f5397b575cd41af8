package text

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is the match key of s: NFKC, lower case, traditional Han characters as simplified ones, blanks squeezed. It is
// never shown.
func Fold(s string) string {
	ascii, plain := true, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		ascii = ascii && c < 0x80
		plain = plain && (c > ' ' && c < 'A' || c > 'Z' && c < 0x7F || c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ')
	}
	if plain {
		return s
	}
	if !ascii {
		s = norm.NFKC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	simple := simplified()
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		if h, ok := simple[r]; ok {
			r = h
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// FoldRune is the part of Fold that keeps one rune one rune: full width to half width, digits of any script to ASCII,
// lower case, traditional to simplified.
func FoldRune(r rune) rune {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return FoldRune(r - 0xFEE0)
	case r == 0x3000 || r == 0xA0:
		return ' '
	case r == '￥':
		return '¥'
	case r >= '①' && r <= '⑨':
		return r - '①' + '1'
	case unicode.Is(unicode.Nd, r):
		return digit(r)
	}
	if h, ok := simplified()[r]; ok {
		return h
	}
	return unicode.ToLower(r)
}

// digit is the ASCII digit of a decimal digit of any script. Every range of Nd starts at a zero.
func digit(r rune) rune {
	for _, g := range unicode.Nd.R16 {
		if r >= rune(g.Lo) && r <= rune(g.Hi) {
			return '0' + (r-rune(g.Lo))%10
		}
	}
	for _, g := range unicode.Nd.R32 {
		if r >= rune(g.Lo) && r <= rune(g.Hi) {
			return '0' + (r-rune(g.Lo))%10
		}
	}
	return r
}

// Spread is s as folded runes, one per rune of s, and the byte offset of each; at has one more entry, len(s).
func Spread(s string) (runes []rune, at []int) {
	runes, at = make([]rune, 0, len(s)), make([]int, 0, len(s)+1)
	for i, r := range s {
		runes, at = append(runes, FoldRune(r)), append(at, i)
	}
	return runes, append(at, len(s))
}

// simplified maps traditional characters to simplified ones.
var simplified = sync.OnceValue(func() map[rune]rune {
	m := make(map[rune]rune, 2048)
	for _, pair := range strings.Fields(traditional + traditionalRare) {
		p := []rune(pair)
		m[p[0]] = p[1]
	}
	return m
})

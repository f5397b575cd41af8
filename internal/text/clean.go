package text

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes imported text plain: it takes out bytes that are no UTF-8, control, zero-width, bidirectional and tag
// characters, selectors of a look that there is none of and HTML, and resolves entities. Everything else is kept byte for
// byte. Cleaning twice changes nothing more.
func Clean(s string) (string, Removed) {
	var gone Removed
	if !dirty(s) {
		return s, gone
	}
	s = cleanRunes(s, &gone)
	for pass := 0; strings.ContainsAny(s, "<&"); pass++ { // entities may hide elements and entities
		before := s
		s = cleanHTML(s, &gone)
		if u := html.UnescapeString(s); u != s {
			gone.Entities++
			if s = cleanRunes(u, &gone); pass == 8 { // somebody plays: take the ampersands instead
				s = strings.ReplaceAll(s, "&", "")
			}
		}
		if s == before {
			break
		}
	}
	return s, gone
}

// dirty reports whether s needs any work.
func dirty(s string) bool {
	for i, r := range s {
		if r == '<' || r == '&' || r < ' ' && r != '\n' && r != '\t' || r == 0x7F || r >= 0x80 && (r == utf8.RuneError || kindOf(r) != keep) {
			if r != utf8.RuneError {
				return true
			}
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return true
			}
		}
	}
	return false
}

type dirt int

const (
	keep dirt = iota
	control
	zeroWidth
	bidi
	tag
)

func kindOf(r rune) dirt {
	switch {
	case r == '\n' || r == '\t':
		return keep
	case r < ' ' || r >= 0x7F && r < 0xA0:
		return control
	case r < 0xAD:
		return keep
	case r == 0xAD || r == 0x200B || r == 0x200C || r == 0x200D || r >= 0x2060 && r <= 0x2065 || r == 0xFEFF || r >= 0x180B && r <= 0x180F || r == 0x034F || r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0,
		r == 0x17B4 || r == 0x17B5 || r >= 0xFE00 && r <= 0xFE0F || r >= 0x1BCA0 && r <= 0x1BCA3 || r >= 0x1D173 && r <= 0x1D17A || r == 0x2028 || r == 0x2029:
		return zeroWidth
	case r == 0x061C || r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x206F:
		return bidi
	case r >= 0xE0000 && r <= 0xE0FFF || r >= 0xFFF9 && r <= 0xFFFB || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF:
		return tag
	}
	return keep
}

func cleanRunes(s string, gone *Removed) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		part := s[i : i+n]
		i += n
		if r == utf8.RuneError && n == 1 {
			gone.Invalid++
			continue
		}
		switch kindOf(r) {
		case control:
			gone.Control++
			continue
		case zeroWidth:
			next, _ := utf8.DecodeRuneInString(s[i:])
			if !(r == 0x200D && pictograph(last) && pictograph(next)) && !((r == 0xFE0E || r == 0xFE0F) && selected(last)) { // one pictograph
				gone.ZeroWidth++
				continue
			}
		case bidi:
			gone.Bidi++
			continue
		case tag:
			gone.Tags++
			continue
		}
		b.WriteString(part)
		last = r
	}
	return b.String()
}

// selected reports whether r may be followed by a choice of its look: ✈️, #️⃣.
func selected(r rune) bool {
	return r != 0xFE0F && pictograph(r) || r >= '0' && r <= '9' || r == '#' || r == '*' || r == 0xA9 || r == 0xAE || r >= 0x203C && r <= 0x3299 && !unicode.IsLetter(r)
}

func pictograph(r rune) bool {
	return r == 0xFE0F || r >= 0x2600 && r <= 0x27BF || r >= 0x1F000 && r <= 0x1FAFF
}

// cleanHTML takes out elements and comments; those that end a line leave a blank.
func cleanHTML(s string, gone *Removed) string {
	var b strings.Builder
	b.Grow(len(s))
	noEnd := len(s) // no comment end is searched for beyond a failed search
	for i := 0; i < len(s); {
		if s[i] != '<' {
			j := strings.IndexByte(s[i:], '<')
			if j < 0 {
				j = len(s) - i
			}
			b.WriteString(s[i : i+j])
			i += j
			continue
		}
		if strings.HasPrefix(s[i:], "<!--") && i < noEnd {
			if j := strings.Index(s[i+4:], "-->"); j >= 0 {
				i += 4 + j + 3
				gone.HTML++
				continue
			}
			noEnd = i
		}
		n, name, closing := element(s[i:])
		if n == 0 {
			b.WriteByte('<')
			i++
			continue
		}
		gone.HTML++
		i += n
		switch name {
		case "script", "style":
			if !closing {
				if j := indexFold(s[i:], "</"+name); j >= 0 {
					i += j
				}
			}
		case "br", "p", "div", "li", "tr", "td", "th", "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote":
			if t := b.String(); t != "" && i < len(s) && !endsBlank(t) && s[i] != ' ' && s[i] != '\n' {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

func endsBlank(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsSpace(r)
}

func indexFold(s, lower string) int {
	const far = 1 << 16
	if len(s) > far {
		s = s[:far]
	}
	for i := 0; i+len(lower) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(lower)], lower) {
			return i
		}
	}
	return -1
}

// element is the length of the element's tag that s starts with (0 for none) and its name. "a < b" and "<3" are none.
func element(s string) (n int, name string, closing bool) {
	i := 1
	if i < len(s) && (s[i] == '/' || s[i] == '!' || s[i] == '?') {
		closing = s[i] == '/'
		i++
	}
	start := i
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || i > start && (s[i] >= '0' && s[i] <= '9' || s[i] == '-' || s[i] == ':' || s[i] == '_' || s[i] == '|')) {
		i++
	}
	if i == start || i-start > 32 {
		return 0, "", false
	}
	name = strings.ToLower(s[start:i])
	if i < len(s) && s[i] != '>' && s[i] != '/' && s[i] != ' ' && s[i] != '\n' && s[i] != '\t' && s[i] != '?' {
		return 0, "", false
	}
	var quote byte
	for end := min(len(s), i+2000); i < end; i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, name, closing
		case c == '<':
			return 0, "", false
		}
	}
	return 0, "", false
}

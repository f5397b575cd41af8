package generate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// A builder joins literal text and fillings as the language writes them: blanks between Han and Latin, no blanks
// elsewhere in Chinese, one blank in English, a or an, a capital at the start of a sentence, no double punctuation.
// It is a value: a copy is a checkpoint.
type builder struct {
	lang   because.Lang
	text   string
	filled bool // the text ends with a filling
	formal bool // no contractions
	inside bool // the text stands inside a sentence, so its first letter is no capital
	bare   bool // the next literal begins with a quotation mark whose opening one was taken off
	end    int  // where the last filling ends: what comes before is not ours to change
}

func (b *builder) String() string { return b.text }

// unquote takes off the quotation marks that a pattern sets around the next filling: a number is nobody's words.
func (b *builder) unquote(next string) {
	for _, marks := range [][2]string{{"「", "」"}, {"“", "”"}, {"\"", "\""}} {
		if rest, ok := strings.CutSuffix(b.text, marks[0]); ok && strings.HasPrefix(next, marks[1]) {
			b.text, b.bare = rest, true
			return
		}
	}
}

// literal adds text of a pattern.
func (b *builder) literal(s string) {
	if b.bare {
		_, n := utf8.DecodeRuneInString(s)
		s, b.bare = s[n:], false
	}
	first, _ := utf8.DecodeRuneInString(s)
	last := b.last()
	switch {
	case b.filled && ends(last) && (first == '.' || first == '。'): // a name that ends with a mark of its own
		s = s[utf8.RuneLen(first):]
	case b.lang == because.Chinese && b.filled && first == ' ' && (cjk(last)):
		s = strings.TrimLeft(s, " ")
	case b.lang == because.Chinese && b.filled && first == '里' && strings.HasSuffix(b.text, "为止"): // 近 90 天里, but 到目前为止
		s = strings.TrimLeft(s[utf8.RuneLen(first):], " ")
	case b.lang == because.English && first == ' ' && (last == ' ' || b.text == ""):
		s = strings.TrimLeft(s, " ")
	}
	if b.lang == because.English {
		if strings.HasPrefix(s, ".") || strings.HasPrefix(s, ",") || strings.HasPrefix(s, ";") {
			b.text = strings.TrimRight(b.text, " ")
		}
		if b.starting() {
			s = capital(s)
		}
	}
	b.join(s, b.filled)
	if s != "" {
		b.filled = false
	}
}

// phrase adds a filling in our own words; it reports whether there was any.
func (b *builder) phrase(s string) bool { return b.fill(s, false) }

// verbatim adds a filling that must not change.
func (b *builder) verbatim(s string) bool { return b.fill(s, true) }

// quote adds somebody's words in quotation marks.
func (b *builder) quote(s string) bool {
	if strings.TrimSpace(s) == "" {
		return false
	}
	if b.lang == because.Chinese {
		return b.verbatim("「" + strings.TrimSpace(s) + "」")
	}
	return b.verbatim("“" + strings.TrimSpace(s) + "”")
}

// name adds an item's name; Chinese puts a title in 《》 unless it has marks around it.
func (b *builder) name(s string, titled bool) bool {
	if titled && b.lang == because.Chinese && s != "" && !strings.HasPrefix(s, "《") && !strings.ContainsRune("《「“『", orBlank(b.last())) {
		s = "《" + s + "》"
	}
	return b.fill(s, true)
}

func (b *builder) fill(s string, verbatim bool) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	if b.lang == because.Chinese && strings.HasSuffix(b.text, " ") && cjk(first) {
		b.text = strings.TrimRight(b.text, " ")
	}
	if b.lang == because.English {
		if b.starting() && !verbatim {
			s = capital(s)
		}
		b.article(s)
		if rest, ok := strings.CutSuffix(b.text, "also "); ok && strings.HasPrefix(s, "is ") { // it is also, not it also is
			b.text, s = rest, "is also "+s[len("is "):]
		}
		if !b.formal && strings.HasPrefix(s, "is ") && (b.text == "It " || strings.HasSuffix(b.text, " it ") || strings.HasSuffix(b.text, " It ")) {
			b.text, s = strings.TrimSuffix(b.text, " "), "'s "+s[len("is "):]
		}
	}
	b.join(s, true)
	b.filled, b.end = true, len(b.text)
	return true
}

// periodPrepositions stand before a stretch of time.
var periodPrepositions = []string{"in ", "over ", "for ", "during ", "within ", "of "}

// period adds a stretch of time; English says "this week" and "so far", not "in this week" or "the count of so far".
func (b *builder) period(s string) {
	if b.lang == because.English {
		for _, bare := range []string{"this ", "last ", "today", "yesterday", "so far"} {
			for _, prep := range periodPrepositions {
				for _, prep := range []string{prep, capital(prep)} {
					if strings.HasPrefix(s, bare) && strings.HasSuffix(b.text, prep) {
						b.text = strings.TrimSuffix(b.text, prep)
					}
				}
			}
		}
	}
	b.phrase(s)
}

// join appends s; at the edge of a filling Chinese sets Han and Latin apart.
func (b *builder) join(s string, edge bool) {
	first, _ := utf8.DecodeRuneInString(s)
	if s != "" && edge && b.lang == because.Chinese && pack.Apart(b.last(), first) {
		b.text += " "
	}
	b.text += s
}

// starting reports whether the next letter begins a sentence.
func (b *builder) starting() bool {
	s := strings.TrimRight(b.text, " ")
	if s == "" {
		return !b.inside
	}
	return !b.filled && len(s) < len(b.text) && strings.ContainsRune(".?!", rune(s[len(s)-1]))
}

// article makes the a before a filling an, or the other way round.
func (b *builder) article(s string) {
	if !b.endsWithArticle() {
		return
	}
	s = strings.TrimLeft(s, "“\"'")
	switch {
	case vowelSound(s) && strings.HasSuffix(b.text, "a "), vowelSound(s) && strings.HasSuffix(b.text, "A "):
		b.text = b.text[:len(b.text)-1] + "n "
	case !vowelSound(s) && strings.HasSuffix(b.text, "n "):
		b.text = b.text[:len(b.text)-2] + " "
	}
}

func (b *builder) endsWithArticle() bool {
	for _, a := range []string{"a ", "A ", "an ", "An "} {
		if (b.text == a || strings.HasSuffix(b.text, " "+a)) && len(b.text)-len(a) >= b.end { // no "A" of a name
			return true
		}
	}
	return false
}

// endsWithDeterminer reports whether the pattern says whose or which the next filling is: "your 9" takes no article.
func (b *builder) endsWithDeterminer() bool {
	words := strings.Fields(b.text[b.end:])
	return len(words) > 0 && strings.HasSuffix(b.text, " ") && slices.Contains(determiners, strings.ToLower(words[len(words)-1]))
}

var determiners = []string{"the", "your", "its", "that", "this", "their", "our", "my", "his", "her"}

func (b *builder) last() rune { r, _ := utf8.DecodeLastRuneInString(b.text); return r }

// finish is the whole text; a push has no mark at its end.
func (b *builder) finish(style because.Style) string {
	s := strings.TrimSpace(b.text)
	if style == because.Push {
		s = strings.TrimRight(s, "。.")
	}
	return s
}

// vowelSound reports whether an English word or number is spoken with a vowel first.
func vowelSound(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	lower := strings.ToLower(word)
	switch {
	case word == "":
		return false
	case lower[0] == '8', lower == "11", lower == "18", strings.HasPrefix(lower, "11,"), strings.HasPrefix(lower, "18,"):
		return true
	case len(word) > 1 && len(word) <= 5 && word == strings.ToUpper(word) && unicode.IsLetter(rune(word[0])) && !strings.ContainsAny(word[1:2], "AEIOU"):
		return strings.ContainsRune("AEFHILMNORSX", rune(word[0])) // spelled out: an RPG, a GPS
	}
	for _, p := range []string{"one", "once", "uni", "use", "usu", "eu", "ufo", "uk"} {
		if strings.HasPrefix(lower, p) && !strings.HasPrefix(lower, "unin") && !strings.HasPrefix(lower, "unim") {
			return false
		}
	}
	for _, p := range []string{"hour", "honest", "heir", "honour", "honor"} {
		if strings.HasPrefix(lower, p) {
			return true
		}
	}
	return strings.ContainsRune("aeiou", rune(lower[0]))
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// trimEnd takes off marks that the pattern around a filling sets itself.
func trimEnd(s string) string { return strings.TrimRight(strings.TrimSpace(s), "。.；;，,") }

// trimQuotes takes off the quotation marks that patterns set.
func trimQuotes(s string) string {
	s = strings.TrimSpace(s)
	for _, q := range [][2]string{{"「", "」"}, {"“", "”"}, {"\"", "\""}, {"『", "』"}} {
		if len(s) > len(q[0])+len(q[1]) && strings.HasPrefix(s, q[0]) && strings.HasSuffix(s, q[1]) {
			return s[len(q[0]) : len(s)-len(q[1])]
		}
	}
	return s
}

// withoutUnit takes off the unit of a count that the pattern says next: "12 次" before " 次".
func withoutUnit(s, next string) string {
	i := strings.LastIndexAny(s, "0123456789万")
	if i < 0 {
		return s
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	unit := strings.TrimSpace(s[i+n:])
	if unit != "" && strings.HasPrefix(strings.TrimLeft(next, " "), unit) {
		return s[:i+n]
	}
	return s
}

func ends(r rune) bool { return strings.ContainsRune(".!?。！？…", orBlank(r)) }

// cjk reports whether a rune is Han or a full-width mark, which take no blank between them.
func cjk(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xffef || strings.ContainsRune("“”‘’…", orBlank(r))
}

func orBlank(r rune) rune {
	if r == utf8.RuneError || r == 0 {
		return ' '
	}
	return r
}

// over is by how much a text exceeds its style's length: characters for a push; else Han characters and Latin words in
// Chinese, words in English.
func over(s string, style because.Style, lang because.Lang) int {
	return max(0, length(s, style, lang)-limit(style, lang))
}

// limit is how long a text of a style may be, in the units of over.
func limit(style because.Style, lang because.Lang) int {
	zh := map[because.Style]int{because.Short: 38, because.Push: 30, because.Detail: 80, because.Contrast: 64, because.Data: 56, because.Warm: 56}
	en := map[because.Style]int{because.Short: 22, because.Push: 30, because.Detail: 46, because.Contrast: 38, because.Data: 34, because.Warm: 34}
	if lang == because.English {
		return en[style]
	}
	return zh[style]
}

func length(s string, style because.Style, lang because.Lang) int {
	if style == because.Push {
		return utf8.RuneCountInString(strings.TrimRight(s, "。."))
	}
	return text.Len(s)
}

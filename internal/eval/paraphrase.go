package eval

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
)

// paraphrases say the same in another form: a checker that refuses them cries wolf (research/methods.md, section 3).
var paraphrases = []struct {
	name string
	say  func(*corrupter) (string, bool)
}{
	{"numerals", (*corrupter).numerals},
	{"digits", (*corrupter).digitForms},
	{"order", (*corrupter).order},
	{"punctuation", (*corrupter).punctuation},
}

// Paraphrases are the names of the paraphrases, in the order of reports.
func Paraphrases() []string {
	var out []string
	for _, p := range paraphrases {
		out = append(out, p.name)
	}
	return out
}

// Paraphrase says a text in another form that is as true. It is not ok where it has nothing to work on.
func Paraphrase(name string, s Stated, rng *rand.Rand) (string, bool) {
	for _, p := range paraphrases {
		if p.name == name {
			out, ok := p.say(newCorrupter(s, Elsewhere{}, rng))
			return out, ok && out != s.Text
		}
	}
	return "", false
}

// plainEnglish are numbers with a whole word behind: nobody writes "two hundred m".
var plainEnglish = regexp.MustCompile(`^\d+(?: [a-z]{3,})?$`)

// numerals writes a number of the text in words.
func (c *corrupter) numerals() (string, bool) {
	for _, s := range anyOrder(c.rng, c.said(because.NumberSlot, because.CountSlot)) {
		n, ok := readNumeral(s.value.Text)
		if !ok || quoted(c.Text, s.start) || n.value != math.Trunc(n.value) || n.value < 1 || n.value > 999 || n.before != "" || math.Abs(n.value-s.value.Number) > 1e-9 {
			continue
		}
		if c.Lang == because.English {
			if plainEnglish.MatchString(s.value.Text) && !(n.value == 1 && n.after == "") && !strings.HasSuffix(c.Text[:s.start], ".") {
				by := english(int(n.value)) + n.after
				if rest := strings.TrimRight(c.Text[:s.start], " "); rest == "" || strings.ContainsAny(rest[len(rest)-1:], ".!?") {
					by = strings.ToUpper(by[:1]) + by[1:]
				}
				return c.with(s.start, s.end, by), true
			}
			continue
		}
		after := strings.TrimLeft(n.after, " ")
		if after != "" && after[0] < 0x80 { // %, °C
			continue
		}
		start, end := s.start, s.end
		for strings.HasSuffix(c.Text[:start], " ") {
			start--
		}
		rest := strings.TrimLeft(c.Text[end:], " ")
		if after == "" { // the measure stands outside: 3 次
			return c.Text[:start] + beforeMeasure(han(n.value), firstHan(rest)) + strings.TrimPrefix(rest, firstHan(rest)), true
		}
		return c.Text[:start] + beforeMeasure(han(n.value), after) + rest, true
	}
	return "", false
}

// quoted reports whether a byte of s stands inside a quotation: those are said as they are.
func quoted(s string, at int) bool {
	return strings.Count(s[:at], "「") > strings.Count(s[:at], "」") || strings.Count(s[:at], "“") > strings.Count(s[:at], "”")
}

// firstHan is the first rune of s if it is a Chinese character.
func firstHan(s string) string {
	if r, _ := utf8.DecodeRuneInString(s); unicode.Is(unicode.Han, r) {
		return string(r)
	}
	return ""
}

// digitForms writes the digits of a value in full width, or parts thousands otherwise.
func (c *corrupter) digitForms() (string, bool) {
	for _, s := range anyOrder(c.rng, c.said(because.NumberSlot, because.CountSlot)) {
		n, ok := readNumeral(s.value.Text)
		switch {
		case !ok || quoted(c.Text, s.start):
		case n.grouped:
			return c.with(s.start, s.end, strings.ReplaceAll(s.value.Text, ",", "")), true
		case n.value >= 1000 && n.places == 0:
			return c.with(s.start, s.end, n.before+grouped(n.digits)+n.after), true
		case c.Lang == because.Chinese:
			return c.with(s.start, s.end, wide(s.value.Text)), true
		}
	}
	return "", false
}

var leansBack = regexp.MustCompile(`(?i)同样|也|一样|不过|还|就是|而且|另外|但|可是|它|其中|相比|那|一个|所以|因|才|：|\b(?:too|also|another|same|well|though|but|and|so|because|since|there|against|that|those|one more|more)\b|:`)

// order turns two sentences round that do not lean on each other.
func (c *corrupter) order() (string, bool) {
	mark := "。"
	if c.Lang == because.English {
		mark = ". "
	}
	a, b, ok := strings.Cut(stops.ReplaceAllString(c.Text, ""), mark)
	if !ok || strings.Contains(b, mark) || leansBack.MatchString(a) || leansBack.MatchString(b) || c.inName(len(a), len(a)+1) {
		return "", false
	}
	return b + mark + a + strings.TrimRight(mark, " "), true
}

// punctuation changes marks that part nothing else: the last one away, a semicolon for a full stop, no blanks around
// digits between Chinese characters.
func (c *corrupter) punctuation() (string, bool) {
	switch c.rng.IntN(3) {
	case 0:
		if s := stops.ReplaceAllString(c.Text, ""); s != c.Text {
			return s, true
		}
	case 1:
		if c.Lang == because.Chinese {
			if i := strings.Index(c.Text, "；"); i >= 0 && !c.inName(i, i+1) {
				return c.with(i, i+len("；"), "。"), true
			}
		} else if i := strings.Index(c.Text, "; "); i >= 0 && i+2 < len(c.Text) && c.Text[i+2] < 0x80 && !c.inName(i, i+3) {
			return c.with(i, i+3, ". "+strings.ToUpper(c.Text[i+2:i+3])), true
		}
	}
	if c.Lang != because.Chinese {
		s := stops.ReplaceAllString(c.Text, "")
		return s, s != c.Text
	}
	var b strings.Builder
	r := []rune(c.Text)
	at := 0
	for i, x := range r {
		n := len(string(x))
		digit := func(k int) bool { return k >= 0 && k < len(r) && r[k] >= '0' && r[k] <= '9' }
		han := func(k int) bool { return k >= 0 && k < len(r) && unicode.Is(unicode.Han, r[k]) }
		if !(x == ' ' && (digit(i-1) && han(i+1) || han(i-1) && digit(i+1)) && !c.inName(at, at+1) && !quoted(c.Text, at)) {
			b.WriteRune(x)
		}
		at += n
	}
	return b.String(), true
}

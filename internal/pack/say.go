package pack

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"because"
)

// Word is how a vocabulary key is said in lang; a key that the pack does not know is said as it stands.
func (p *Pack) Word(key string, lang because.Lang) string {
	if k, ok := p.Key(key); ok {
		if lang == because.Chinese {
			return p.Words[k].Zh
		}
		return p.Words[k].En
	}
	return strings.ReplaceAll(key, "_", " ")
}

// Key finds the vocabulary key of a word of a data set: a key, however it is spelt, else a wording of one, else an alias.
func (p *Pack) Key(word string) (string, bool) {
	if _, ok := p.Words[word]; ok {
		return word, true
	}
	if k, ok := p.spelt[spelling(word)]; ok {
		return k, true
	}
	folded, _ := folded(word)
	k, ok := p.called[folded]
	return k, ok
}

// spelling is a key without case and what parts its words: Sci-Fi and sci_fi are one.
func spelling(word string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(word))
}

// Titled reports whether the names of a category's items are titles, which Chinese puts in 《》.
func (p *Pack) Titled(category string) bool {
	k, _ := p.Key(category)
	return p.Titles || p.Words[k].Titled
}

// Plural is the English plural of a vocabulary key.
func (p *Pack) Plural(key string) string {
	if k, ok := p.Key(key); ok && p.Words[k].Plural != "" {
		return p.Words[k].Plural
	}
	return p.Word(key, because.English)
}

// Measure is the Chinese measure word of a category; 个 when the pack names none.
func (p *Pack) Measure(key string) string {
	if k, ok := p.Key(key); ok && p.Words[k].Measure != "" {
		return p.Words[k].Measure
	}
	return "个"
}

// FieldLabel is what an attribute, a profile field or a series is called.
func (p *Pack) FieldLabel(lang because.Lang, field string) string {
	if s := p.Fields[field].Label.In(lang); s != "" {
		return s
	}
	if s := p.Profile[field].Label.In(lang); s != "" {
		return s
	}
	if s := p.Series[field].Label.In(lang); s != "" {
		return s
	}
	if a, ok := strings.CutPrefix(field, AspectRef); ok {
		return p.Aspects[a].Label.In(lang)
	}
	return p.Word(field, lang)
}

// AspectRef begins the reference of an evidence that is on an aspect, so that price the aspect is not price the field.
const AspectRef = "aspect:"

// Value is an attribute's or a profile field's value as it is said: "14 天", "steel and glass", "no GPS". At most three
// words are said.
func (p *Pack) Value(lang because.Lang, field string, v because.Value) string {
	switch {
	case v.Number != nil && *v.Number == 0 && p.Fields[field].Zero.In(lang) != "":
		return p.Fields[field].Zero.In(lang)
	case v.Number != nil:
		unit := v.Unit
		if unit == "" {
			unit = p.Fields[field].Unit
		}
		return p.Number(lang, *v.Number, unit)
	case v.Flag != nil && *v.Flag:
		return p.FieldLabel(lang, field)
	case v.Flag != nil:
		return Space(because.Say(lang, "no %s", p.FieldLabel(lang, field)))
	}
	if p.Fields[field].Until {
		if t, ok := Day(v, time.UTC); ok {
			return day(lang, t)
		}
	}
	var said []string
	for _, w := range v.Words[:min(3, len(v.Words))] {
		said = append(said, p.Word(w, lang))
	}
	return Join(lang, said)
}

// Join lists words as a sentence does: "a, b and c", 「甲、乙、丙」.
func Join(lang because.Lang, words []string) string {
	if lang == because.Chinese {
		return strings.Join(words, "、")
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// Number is x with its unit as it is said: "14 天", "1 day", "¥1,299", "2.1%", "1.2 万". Decimals are rounded to two
// places (three significant digits below 1) and trailing zeros dropped. Chinese says 10 000 and more in 万 where that
// is exact to two decimals; else amounts of money keep their digits and the rest is rounded to one decimal.
//
// A unit that the pack does not know is said as it stands.
func (p *Pack) Number(lang because.Lang, x float64, unit string) string {
	u, known := p.Units[unit]
	if !known {
		u = Unit{Zh: unit, En: unit}
	}
	x = rounded(x)
	if unit == "year" && x == math.Trunc(x) && x >= 1000 && x < 2200 { // a calendar year, not a duration
		if lang == because.Chinese {
			return strconv.Itoa(int(x)) + " " + u.Zh
		}
		return strconv.Itoa(int(x))
	}
	digits, sign := decimal(math.Abs(x)), ""
	if x < 0 {
		sign = "-"
	}
	if lang == because.Chinese {
		return sign + chinese(math.Abs(x), digits, u)
	}
	digits = separated(digits)
	if u.Before {
		if i := strings.IndexByte(digits, '.'); i >= 0 { // an amount of money: $5.50
			digits += strings.Repeat("0", max(0, 3-len(digits[i:])))
		}
		return sign + u.En + digits
	}
	name := u.En
	if math.Abs(x) != 1 && u.Plural != "" {
		name = u.Plural
	}
	if name == "" || u.Tight {
		return sign + digits + name
	}
	return sign + digits + " " + name
}

// chinese is a positive number with its unit in Chinese.
func chinese(x float64, digits string, u Unit) string {
	money := u.Before
	if x >= 10000 {
		wan := x / 10000
		switch {
		case math.Abs(wan*100-math.Round(wan*100)) < 1e-6:
			digits = decimal(wan) + " 万"
		case !money:
			digits = decimal(math.Round(wan*10)/10) + " 万"
		}
	}
	han := startsHan(u.Zh)
	switch {
	case u.Zh == "":
		return digits
	case u.Before && !han:
		return u.Zh + digits
	case u.Tight || strings.HasSuffix(digits, "万") && han:
		return digits + u.Zh
	}
	return digits + " " + u.Zh
}

// rounded keeps two decimals, or three significant digits of what is smaller than 1.
func rounded(x float64) float64 {
	a := math.Abs(x)
	if a >= 1 || a == 0 {
		return math.Round(x*100) / 100
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(a)))
	return math.Round(x*scale) / scale
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// separated puts commas between thousands.
func separated(digits string) string {
	whole, rest, _ := strings.Cut(digits, ".")
	var out []byte
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, whole[i])
	}
	if rest != "" {
		out = append(append(out, '.'), rest...)
	}
	return string(out)
}

// Space puts one blank between Han and Latin letters or digits where there is none.
func Space(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if Apart(last, r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// Apart reports whether a blank belongs between two characters: one Han, the other a Latin letter, a digit or a sign
// that goes with digits.
func Apart(a, b rune) bool {
	return unicode.Is(unicode.Han, a) && western(b) || western(a) && unicode.Is(unicode.Han, b)
}

func western(r rune) bool {
	return r < unicode.MaxLatin1 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("%$¥°+-", r) && r != 0) || unicode.Is(unicode.Latin, r)
}

func startsHan(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Han, r)
	}
	return false
}

// Allows reports whether the domain uses a kind of evidence and the user's consents, or the pack's defaults where the
// user has said nothing, permit it.
func (p *Pack) Allows(kind because.EvidenceKind, consents map[string]bool) bool {
	k := p.Kinds[kind]
	return !k.Off && p.Consented(k.Consent, consents)
}

// Consented reports whether a consent is given, by the user or by the pack's default. The empty name needs none; a name
// that the pack does not know is refused.
func (p *Pack) Consented(name string, consents map[string]bool) bool {
	if name == "" {
		return true
	}
	if given, said := consents[name]; said {
		return given
	}
	return p.Consent[name].Default
}

// Styles are the styles that the pack can write in, in every language, when a kind of evidence leads.
func (p *Pack) Styles(kind because.EvidenceKind) []because.Style {
	var out []because.Style
	for _, style := range because.Styles {
		if !slices.ContainsFunc(because.Langs, func(l because.Lang) bool { return len(p.Lead[l][kind][style]) == 0 }) {
			out = append(out, style)
		}
	}
	return out
}

// Arms are the arms for which the pack has patterns, in the order of kinds and of because.Styles.
func (p *Pack) Arms(kinds []because.EvidenceKind) []because.Arm {
	var out []because.Arm
	for _, kind := range kinds {
		for _, style := range p.Styles(kind) {
			out = append(out, because.Arm{Style: style, Lead: kind})
		}
	}
	return out
}

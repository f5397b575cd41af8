package witness

import (
	"regexp"
	"slices"
	"strings"

	"because"
)

// A form is a predicate on the item by a field, ready to be found in a text.
type form struct {
	field, role string
	literal     string // its longest fixed stretch, which a text with it must hold
	re          *regexp.Regexp
	holed       bool // it has a value or a difference in it
}

// pronouns stand for the other item once it has been named.
var pronouns = map[because.Lang]string{because.Chinese: `它`, because.English: `that\b`}

var anyNumber = `[¥$€]?\d[\d,.]*\d?(?: ?万)?`

// shape makes a form of a wording with holes.
func shape(lang because.Lang, field, role, said string) (form, bool) {
	f := form{field: field, role: role}
	re := ""
	last := 0
	for _, m := range hole.FindAllStringIndex(said, -1) {
		lit := said[last:m[0]]
		if len(lit) > len(f.literal) {
			f.literal = lit
		}
		re += regexp.QuoteMeta(lit)
		switch said[m[0]:m[1]] {
		case "{hist}":
			re += `(?:[\x01 《》]+|` + pronouns[lang] + `)`
		case "{value}", "{diff}":
			f.holed = true
			re += ` ?(` + anyNumber + `[^，。；、,.;]{0,20}?|[^，。；、,.;]{1,40}?)` // a number may have marks in it, what follows may not
		default:
			return f, false
		}
		last = m[1]
	}
	if lit := said[last:]; len(lit) > len(f.literal) {
		f.literal = lit
	}
	re += regexp.QuoteMeta(said[last:])
	if lang == because.English {
		re = `\b` + re
	}
	f.literal = strings.TrimSpace(f.literal)
	if least := map[because.Lang]int{because.Chinese: 6, because.English: 4}[lang]; len(f.literal) < least {
		return f, false
	}
	c, err := regexp.Compile(re)
	f.re = c
	return f, err == nil
}

// shapes are the forms of a domain's fields in a language.
func (d *lexicon) shapes(lang because.Lang) []form {
	var out []form
	for _, k := range sorted(d.fields) {
		for _, role := range []string{"ahead", "behind", "shared", "lack", "say", "weak"} {
			for _, said := range d.fields[k].Forms[role][lang] {
				if f, ok := shape(lang, k, role, said); ok {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// comparisons wants what a predicate states of a field to hold: ahead and behind of an item that the text names, shared
// with one, a flag that is set or is not, a number that is the field's own.
func (s *scan) comparisons() {
	left := string(s.left)
	type hit struct {
		form
		start, end int
	}
	var hits []hit
	for _, f := range s.lex.forms[s.c.Lang] {
		if !strings.Contains(left, f.literal) {
			continue
		}
		for _, m := range f.re.FindAllStringIndex(left, -1) {
			if m[0] > 0 && strings.ContainsRune("0123456789.,", rune(left[m[0]-1])) && strings.ContainsRune("0123456789", rune(left[m[0]])) {
				continue // it begins within a number
			}
			hits = append(hits, hit{f, m[0], m[1]})
		}
	}
	for i, h := range hits {
		borne := s.bears(h.form, left, h.start, h.end)
		for j, o := range hits { // a longer predicate in the same place, or as good a reading of it, decides
			if i != j && o.start < h.end && h.start < o.end && (o.end-o.start > h.end-h.start || s.bears(o.form, left, o.start, o.end)) {
				borne = true
			}
		}
		if !borne {
			s.report("comparison", h.start, h.end, h.role+" "+h.field)
		}
	}
}

// deniesAt is a denial that ends where what it denies begins.
var deniesAt = map[because.Lang]*regexp.Regexp{
	because.Chinese: regexp.MustCompile(`(?:没有?|无|不|未)$`),
	because.English: regexp.MustCompile(`(?i)(?:\bno|\bnot|n't|\bnever|\bwithout) $`),
}

// bears reports whether the world bears out a predicate that stands in a stretch of the text.
func (s *scan) bears(f form, left string, start, end int) bool {
	said := left[start:end]
	v, has := s.item.Attributes[f.field]
	if v.Flag != nil && f.role != "lack" && deniesAt[s.c.Lang].MatchString(left[:start]) {
		return !*v.Flag // told as a lack, of the item alone
	}
	known := s.knownItems()
	switch f.role {
	case "ahead", "behind":
		if len(known) == 0 {
			return true // not a comparison after all
		}
		return slices.ContainsFunc(known, func(it *because.Item) bool {
			w := it.Attributes[f.field]
			if f.field == "price" {
				p, q := s.item.Price, it.Price
				return (f.role == "ahead") == (p < q) && p != q
			}
			if v.Number == nil || w.Number == nil || *v.Number == *w.Number {
				return false
			}
			better := (*v.Number > *w.Number) == (s.lex.fields[f.field].Better != "less")
			return better == (f.role == "ahead")
		})
	case "shared":
		if f.field == "category" {
			return true // words() looks at it
		}
		if !has {
			return f.holed // words() looks at what stands in the hole
		}
		if len(known) == 0 { // shared with what the reader stated, asked for, or turned to without its name
			return true
		}
		return slices.ContainsFunc(known, func(it *because.Item) bool { return s.alike(f.field, v, it.Attributes[f.field]) }) || len(s.asked) > 0 || s.states(f.field)
	case "lack":
		return v.Flag != nil && !*v.Flag
	case "say", "weak":
		if f.field == "price" || f.field == "category" || f.field == "brand" {
			return true
		}
		if !has {
			return f.holed || slices.ContainsFunc(known, func(it *because.Item) bool { _, ok := it.Attributes[f.field]; return ok })
		}
		if v.Flag != nil {
			return *v.Flag
		}
		if v.Number == nil {
			return true // words() looks at it
		}
		d := ""
		for _, g := range f.re.FindStringSubmatch(said)[1:] { // what stands in the hole must be a number with its unit, no more
			if m := digits.FindStringIndex(g); m != nil && m[0] <= len("¥") && len(g)-m[1] <= 12 {
				d = g[m[0]:m[1]]
			}
		}
		if d == "" {
			return true
		}
		return s.near(d, strings.Contains(said, "万"), *v.Number) || slices.ContainsFunc(known, func(it *because.Item) bool {
			w := it.Attributes[f.field]
			return w.Number != nil && s.near(d, false, *w.Number)
		})
	}
	return true
}

// states reports whether the reader's profile has a word that the item's field has.
func (s *scan) states(field string) bool {
	return slices.ContainsFunc(s.item.Attributes[field].Words, s.stated)
}

// knownItems are the other items that the text names.
func (s *scan) knownItems() []*because.Item {
	var out []*because.Item
	for _, m := range s.met {
		if m.item != s.item {
			out = append(out, m.item)
		}
	}
	return out
}

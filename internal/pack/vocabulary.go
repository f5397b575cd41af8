package pack

import (
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// A Vocabulary is the site's own words of a domain that may be asked for, with the fields that hold them.
type Vocabulary struct {
	fields  map[string][]string // folded word -> fields
	said    map[string]string   // folded word -> as the items have it
	longest int
	holds   map[string][]string        // vocabulary key -> fields of items that hold it
	kinds   map[string]map[string]bool // category -> fields that its items have
}

// Holds are the fields in which some item has a word of the pack.
func (v *Vocabulary) Holds(word string) []string {
	if v == nil {
		return nil
	}
	return v.holds[word]
}

// Has reports whether items of a category have a field.
func (v *Vocabulary) Has(category, field string) bool { return v != nil && v.kinds[category][field] }

// NewVocabulary collects the words of the pack's open fields and the names of items, which may be near.
func NewVocabulary(p *Pack, items []because.Item) *Vocabulary {
	v := &Vocabulary{fields: map[string][]string{}, said: map[string]string{}, holds: map[string][]string{}, kinds: map[string]map[string]bool{}}
	near := ""
	for _, f := range sortedKeys(p.Fields) {
		if p.Fields[f].Places {
			near = f
		}
	}
	add := func(w, field string) {
		key, _ := folded(w)
		n := len([]rune(key))
		if n < 2 || len(text.Terms(w)) == 0 || w == "没有" || slices.Contains(v.fields[key], field) {
			return
		}
		v.fields[key] = append(v.fields[key], field)
		if v.said[key] == "" {
			v.said[key] = w
		}
		v.longest = max(v.longest, n)
	}
	for _, it := range items {
		if near != "" {
			for _, name := range it.Name.All() {
				add(name, near)
			}
		}
		for _, c := range it.Categories {
			if v.kinds[c] == nil {
				v.kinds[c] = map[string]bool{}
			}
			if it.Price > 0 {
				v.kinds[c]["price"] = true
			}
			for f := range it.Attributes {
				v.kinds[c][f] = true
			}
		}
		for _, f := range sortedKeys(it.Attributes) {
			for _, w := range it.Attributes[f].Words {
				if p.Fields[f].Open {
					add(w, f)
				} else if _, known := p.Words[w]; known && !slices.Contains(v.holds[w], f) {
					v.holds[w] = append(v.holds[w], f)
				}
			}
		}
	}
	return v
}

// wishes finds the words of the vocabulary that a text asks for, the longest at each place: a name with a word for
// nearness beside it, any other with a word for having or wanting before it in its clause.
func (v *Vocabulary) wishes(p *Pack, lang because.Lang, s string) []Wish {
	if v == nil {
		return nil
	}
	key, at := folded(s)
	runes := []rune(key)
	var out []Wish
	for i := 0; i < len(runes); {
		n := 0
		for m := min(v.longest, len(runes)-i); m > 1; m-- {
			word := string(runes[i : i+m])
			fields := v.fields[word]
			if len(fields) == 0 || !whole(runes, i, i+m) {
				continue
			}
			w := Wish{Start: at[i], End: at[i+m], Word: v.said[word]}
			for _, f := range fields {
				if p.Fields[f].Places && near(s, &w) || !p.Fields[f].Places && wanted(s, w) {
					w.Fields = append(w.Fields, f)
				}
			}
			if len(w.Fields) > 0 {
				w.Bound = w.Word
				out = append(out, w)
			}
			n = m
			break
		}
		i += max(n, 1)
	}
	return out
}

var (
	nearAfter  = []string{"附近", "周边", "周围", "旁边", "旁", "一带", "边上"}
	nearBefore = []string{"near", "close to", "around", "next to", "附近有", "周边有", "挨着", "离"}
	nearFill   = []string{"这个", "那个", "景点", "酒店", "餐馆", "饭店", "餐厅", "的", " "}
	cues       = []string{"吃", "尝", "有", "做", "喝", "菜", "来份", "来个", "点", "提供", "要", "serves", "serve", "eat", "with", "try", "have"}
	notWanted  = []string{"一起", "除了", "不要", "不吃", "without", "not"}
)

// near reports whether a name stands where nearness to it is asked for; the wish grows by the words that ask.
func near(s string, w *Wish) bool {
	rest := s[w.End:]
	for again := true; again; {
		again = false
		for _, f := range nearFill {
			if strings.HasPrefix(rest, f) {
				rest, again = rest[len(f):], true
			}
		}
	}
	for _, n := range nearAfter {
		if strings.HasPrefix(rest, n) {
			w.End = len(s) - len(rest) + len(n)
			return true
		}
	}
	before := strings.TrimRight(strings.ToLower(s[:w.Start]), " ")
	for _, n := range nearBefore {
		if strings.HasSuffix(before, n) {
			w.Start = len(before) - len(n)
			return true
		}
	}
	return false
}

// wanted reports whether a cue stands before a word in its clause.
func wanted(s string, w Wish) bool {
	for _, c := range text.Clauses(s) {
		if w.Start < c[0] || w.Start >= c[1] {
			continue
		}
		before := strings.ToLower(s[c[0]:w.Start])
		return slices.ContainsFunc(cues, func(q string) bool { return strings.Contains(before, q) }) &&
			!slices.ContainsFunc(notWanted, func(q string) bool { return strings.HasSuffix(before, q) })
	}
	return false
}

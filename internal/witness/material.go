package witness

import (
	"regexp"
	"slices"
	"sort"

	"because"
)

// Known are the names of the items that a user turned to, as they are said in a language, and some of the same domain
// that they never turned to, in the order of their IDs.
func (w *World) Known(user, domain string, lang because.Lang) (known, strangers []string) {
	for _, id := range sorted(w.items) {
		it := w.items[id]
		n := it.Name.In(lang)
		switch {
		case n == "":
		case w.Touched(user, id):
			known = append(known, n)
		case it.Domain == domain:
			strangers = append(strangers, n)
		}
	}
	sort.SliceStable(known, func(i, j int) bool { return len(known[i]) > len(known[j]) })
	return known, slices.DeleteFunc(strangers, func(n string) bool { return slices.Contains(known, n) })
}

// Others are, for each value of an item's attributes in words, as it is said, values of the same field that other items
// of its category have, but neither the item nor anything that the user turned to or stated.
func (w *World) Others(user, item string, lang because.Lang) map[string][]string {
	it := w.items[item]
	lex := w.domains[it.Domain]
	said := func(key string) string {
		for _, t := range lex.words[lang] {
			if t.key == key {
				return t.said
			}
		}
		return ""
	}
	s := &scan{w: w, user: w.users[user], lex: lex}
	theirs := map[string]bool{}
	for _, x := range w.past[user] {
		if k := w.items[x.Item]; k != nil {
			for _, v := range k.Attributes {
				for _, word := range v.Words {
					theirs[word] = true
				}
			}
		}
	}
	out := map[string][]string{}
	for f, v := range it.Attributes {
		var others []string
		for _, id := range sorted(w.items) {
			o := w.items[id]
			if o.Domain != it.Domain {
				continue
			}
			for _, word := range o.Attributes[f].Words {
				if n := said(word); n != "" && !s.has(it, word) && !theirs[word] && !s.stated(word) && !slices.Contains(others, n) {
					others = append(others, n)
				}
			}
		}
		for _, word := range v.Words {
			if n := said(word); n != "" && len(others) > 0 {
				out[n] = others
			}
		}
	}
	return out
}

// A Search is what somebody typed when they looked for something of a domain.
type Search struct {
	Domain string
	Lang   because.Lang
	Query  string
}

// Searches are all different ones, with the domain of what was turned to next in the same session.
func (w *World) Searches() []Search {
	seen := map[Search]bool{}
	var out []Search
	for _, id := range sorted(w.past) {
		list := w.past[id]
		for i, x := range list {
			if x.Kind != because.Search || i+1 == len(list) || w.items[list[i+1].Item] == nil || list[i+1].Session != x.Session {
				continue
			}
			s := Search{w.items[list[i+1].Item].Domain, because.English, x.Query}
			if han.MatchString(x.Query) {
				s.Lang = because.Chinese
			}
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

var han = regexp.MustCompile(`\p{Han}`)

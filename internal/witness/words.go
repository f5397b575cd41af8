package witness

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// near reports whether digits say a number.
func (s *scan) near(d string, wan bool, x float64) bool {
	said := strings.ReplaceAll(strings.TrimRight(d, ",."), ",", "")
	v, err := strconv.ParseFloat(said, 64)
	if err != nil {
		return false
	}
	half := 1e-9
	if i := strings.IndexByte(said, '.'); i >= 0 {
		half += math.Pow(10, -float64(len(said)-i-1)) / 2
	}
	if wan {
		v, half = v*10000, max(half, .05)*10000
	}
	return math.Abs(v-x) <= half
}

// has reports whether an item has a word: as a category, a value, or a flag that is set.
func (s *scan) has(it *because.Item, key string) bool {
	if slices.Contains(it.Categories, key) {
		return true
	}
	for f, v := range it.Attributes {
		if slices.Contains(v.Words, key) || f == key && v.Flag != nil && *v.Flag {
			return true
		}
	}
	return false
}

// lacks reports whether an item is known not to have a flag.
func (s *scan) lacks(it *because.Item, key string) bool {
	v := it.Attributes[key]
	return v.Flag != nil && !*v.Flag
}

// listed reports whether a word is one that items list, rather than a flag, of which only what is set is known.
func (s *scan) listed(key string) bool {
	for _, it := range s.w.items {
		for _, v := range it.Attributes {
			if slices.Contains(v.Words, key) {
				return true
			}
		}
	}
	return false
}

// stated reports whether the reader stated a word.
func (s *scan) stated(key string) bool {
	if s.user == nil {
		return false
	}
	for f, v := range s.user.Profile {
		if is := s.lex.profile[f]; slices.Contains(v.Words, key) && lets(s.user, use{is.Consent, is.Given}) {
			return true
		}
	}
	return false
}

var deniesBefore = map[because.Lang]*regexp.Regexp{
	because.Chinese: regexp.MustCompile(`(?:没|无|不带|不含|不支持|缺|少了|不能|未)[^，。；]{0,4}$`),
	because.English: regexp.MustCompile(`(?i)(?:\bno|\bnot|n't|\bwithout|\black(?:s|ing)?|\bmissing|\bnone of)\b[^,.;]{0,24}$`),
}

// words wants each word of the vocabulary to be one that the item has, that an item has which the text names, or that
// the reader stated; a word that is denied must be lacking.
func (s *scan) words() {
	lang := s.c.Lang
	left := string(s.left)
	if lang == because.English {
		left = strings.ToLower(left)
	}
	type hit struct {
		start, end int
		borne      bool
	}
	var hits []hit
	taken := make([]bool, len(left))
	for _, t := range s.lex.words[lang] {
		said := t.said
		if lang == because.English {
			said = strings.ToLower(said)
		}
		for from := 0; ; {
			i := strings.Index(left[from:], said)
			if i < 0 {
				break
			}
			start, end := from+i, from+i+len(said)
			from = end
			if unicode.IsLetter(firstRune(said)) && firstRune(said) < utf8.RuneSelf && !apart(left, start, end) {
				continue
			}
			if k := slices.IndexFunc(hits, func(h hit) bool { return h.start == start && h.end == end }); k >= 0 {
				hits[k].borne = hits[k].borne || s.bearsWord(t.key, start)
				continue
			}
			if taken[start] || taken[end-1] {
				continue
			}
			for k := start; k < end; k++ {
				taken[k] = true
			}
			hits = append(hits, hit{start, end, s.bearsWord(t.key, start)})
		}
	}
	for _, h := range hits {
		if !h.borne {
			if s.inPhrase(s.text[h.start:h.end]) {
				continue // an ordinary word of the fixed wordings, too
			}
			if slices.ContainsFunc(momentsSaid[lang], func(m momentSaid) bool { return m.said.MatchString(s.text[h.start:h.end]) }) {
				continue // moments() looks at it
			}
			s.report("attribute", h.start, h.end, "neither the item nor the reader has it")
		}
		s.blot(h.start, h.end)
	}
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// bearsWord reports whether a word that stands at an offset is borne out.
func (s *scan) bearsWord(key string, at int) bool {
	from := s.in(at).start
	denied := deniesBefore[s.c.Lang].MatchString(string(s.left[from:at]))
	if denied && s.lacks(s.item, key) {
		return true
	}
	if denied {
		if v := s.item.Attributes[key]; v.Flag != nil {
			return false
		}
		if s.listed(key) && !s.has(s.item, key) { // "doesn't list friendship"
			return true
		}
	}
	if s.has(s.item, key) || s.stated(key) {
		return true
	}
	return slices.ContainsFunc(s.knownItems(), func(it *because.Item) bool { return s.has(it, key) })
}

// inPhrase reports whether a stretch stands as it is in a fixed wording of the domain.
func (s *scan) inPhrase(words string) bool {
	if strings.ContainsRune(words, '\x01') {
		return false
	}
	return strings.Contains(s.lex.phrases[s.c.Lang], strings.ToLower(words))
}

// residue wants what is left to be made of fixed wordings: Han characters in pairs, English words.
func (s *scan) residue() {
	s.ownWords()
	for _, t := range s.lex.labels[s.c.Lang] {
		left := string(s.left)
		if s.c.Lang == because.English {
			left = strings.ToLower(left)
		}
		for from := 0; ; {
			i := strings.Index(left[from:], strings.ToLower(t.said))
			if i < 0 {
				break
			}
			start, end := from+i, from+i+len(t.said)
			if from = end; s.c.Lang == because.Chinese || apart(left, start, end) {
				s.blot(start, end)
			}
		}
	}
	if s.c.Lang == because.English {
		for _, m := range latinWord.FindAllIndex(s.left, -1) {
			w := spelt(string(s.left[m[0]:m[1]]))
			if m[0] > 0 && s.left[m[0]-1] == '\x01' {
				continue // the end of an ordinal or a plural: 3rd, 30s
			}
			if !s.lex.latin[w] && !s.isUnit(w) && len(w) > 1 {
				s.report("word", m[0], m[1], "not a word that anything here is told with")
			}
		}
		return
	}
	r := []rune(string(s.left))
	at := 0
	start := -1
	for i, c := range r {
		known := !unicode.Is(unicode.Han, c) || i > 0 && s.lex.side(r[i-1], c) || i+1 < len(r) && s.lex.side(c, r[i+1]) ||
			s.alone(r, i) && strings.ContainsRune(s.lex.phrases[because.Chinese], c)
		if !known && start < 0 {
			start = at
		}
		if known && start >= 0 {
			s.reportHan(start, at)
			start = -1
		}
		at += utf8.RuneLen(c)
	}
	if start >= 0 {
		s.reportHan(start, at)
	}
}

// ownWords settles what is told in the reader's own words: two or more that follow each other in their need. What they
// state is checked before.
func (s *scan) ownWords() {
	said, need := strings.ToLower(s.text), strings.Fields(strings.ToLower(s.c.Need))
	for i := range need {
		for j := i + 2; j <= len(need); j++ {
			run := strings.Join(need[i:j], " ")
			for from := 0; ; {
				at := strings.Index(said[from:], run)
				if at < 0 {
					break
				}
				start, end := from+at, from+at+len(run)
				if from = end; apart(said, start, end) {
					s.blot(start, end)
				}
			}
		}
	}
}

// side reports whether two Han characters may stand side by side: in a fixed wording, or where one ends and another begins.
func (d *lexicon) side(a, b rune) bool {
	return d.pairs[string([]rune{a, b})] || d.ends[a] && d.begins[b]
}

// alone reports whether a Han character stands between what is settled and marks: a word of its own.
func (s *scan) alone(r []rune, i int) bool {
	return (i == 0 || !unicode.Is(unicode.Han, r[i-1])) && (i+1 == len(r) || !unicode.Is(unicode.Han, r[i+1]))
}

func (s *scan) reportHan(start, end int) {
	if !s.isUnit(s.text[start:end]) {
		s.report("word", start, end, "not a word that anything here is told with")
	}
}

func (s *scan) isUnit(w string) bool {
	for _, said := range s.lex.units {
		for _, u := range said[s.c.Lang] {
			if strings.EqualFold(u, w) || strings.Contains(u, " ") && slices.Contains(strings.Fields(strings.ToLower(u)), w) || s.c.Lang == because.Chinese && strings.Contains(u, w) {
				return true
			}
		}
	}
	return false
}

package witness

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
)

// quoted is a query that the text quotes, with the searches that asked it.
type quoted struct {
	start int
	xs    []because.Interaction
}

var marks = regexp.MustCompile(`《[^》]*》|「[^」]*」|“[^”]*”|"[^"]*"`)

// quotes resolves what stands between marks: a title, a search of the reader, their need, a reviewer's words, a word of
// the vocabulary.
func (s *scan) quotes() {
	for _, m := range marks.FindAllStringIndex(s.text, -1) {
		_, open := utf8.DecodeRuneInString(s.text[m[0]:])
		_, shut := utf8.DecodeLastRuneInString(s.text[:m[1]])
		from, to := m[0]+open, m[1]-shut
		words := strings.TrimRight(s.text[from:to], ",.， ")
		if it := s.w.called[s.c.Lang][words]; it != nil {
			s.meet(from, from+len(words), it)
			s.blot(m[0], m[1])
			continue
		}
		if strings.HasPrefix(s.text[m[0]:], "《") {
			s.report("name", m[0], m[1], "no item is called so")
			s.blot(m[0], m[1])
			continue
		}
		if s.isAmount(words) && !s.asksFor(words) {
			continue // numbers() looks at it
		}
		if xs := s.searched(words); len(xs) > 0 {
			s.asked = append(s.asked, quoted{m[0], xs})
		} else if !s.isNeed(words) && !s.isReviewed(words) && !s.isLabel(words) && !s.areWords(words) {
			s.report("quote", m[0], m[1], "nobody said so")
		}
		s.blot(m[0], m[1])
	}
}

// areWords reports whether words are one or several of the vocabulary, told in a row.
func (s *scan) areWords(words string) bool {
	if s.isWord(words) {
		return true
	}
	for _, sep := range []string{"、", ", ", " and "} {
		for i := range words {
			if strings.HasPrefix(words[i:], sep) && s.isWord(words[:i]) && s.areWords(words[i+len(sep):]) {
				return true
			}
		}
	}
	return false
}

// meet notes an item that the text names. The reader must have turned to it, unless it is the one explained.
func (s *scan) meet(start, end int, it *because.Item) {
	s.met = append(s.met, mention{start, end, it})
	if it == s.item {
		return
	}
	if !s.turnedTo(it) {
		s.report("name", start, end, "the reader never turned to it")
	}
}

func (s *scan) turnedTo(it *because.Item) bool {
	return slices.ContainsFunc(s.past, func(x because.Interaction) bool { return x.Item == it.ID })
}

// names finds the items that the text names without marks.
func (s *scan) names() {
	for _, n := range s.w.names[s.c.Lang] {
		for from := 0; ; {
			i := strings.Index(string(s.left[from:]), n.said)
			if i < 0 {
				break
			}
			start, end := from+i, from+i+len(n.said)
			from = end
			if s.c.Lang == because.Chinese && utf8.RuneCountInString(n.said) < 4 && n.item != s.item && !s.turnedTo(n.item) {
				continue // a short title is a word, too
			}
			if s.c.Lang == because.English && !apart(s.text, start, end) {
				continue
			}
			if s.withinWord(start, end) {
				continue
			}
			s.meet(start, end, n.item)
			s.blot(start, end)
		}
	}
}

// withinWord reports whether a stretch is part of a longer word of the vocabulary that the item has: Rust, of Rust Garden.
func (s *scan) withinWord(start, end int) bool {
	for _, t := range s.lex.words[s.c.Lang] {
		if i := strings.Index(t.said, s.text[start:end]); i >= 0 && len(t.said) > end-start && start >= i && strings.HasPrefix(s.text[start-i:], t.said) && s.has(s.item, t.key) {
			return true
		}
	}
	return false
}

// apart reports whether a stretch begins and ends with words.
func apart(t string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(t[:start])
	after, _ := utf8.DecodeRuneInString(t[end:])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// searched are the searches of the reader that asked words; a long query may be cut short.
func (s *scan) searched(words string) []because.Interaction {
	var out []because.Interaction
	begun, cut := strings.CutSuffix(words, "…")
	for _, x := range s.past {
		q := strings.Join(strings.Fields(x.Query), " ")
		if x.Kind == because.Search && q != "" && (strings.EqualFold(q, words) || cut && strings.HasPrefix(strings.ToLower(q), strings.ToLower(begun))) {
			out = append(out, x)
		}
	}
	return out
}

func (s *scan) isNeed(words string) bool {
	return s.c.Need != "" && strings.Contains(strings.ToLower(s.c.Need), strings.ToLower(strings.TrimSuffix(words, "…")))
}

// asksFor reports whether the need has words that are not cut out of a longer one.
func (s *scan) asksFor(words string) bool {
	return slices.Contains(strings.Fields(strings.ToLower(s.c.Need)), strings.ToLower(words))
}

// isReviewed reports whether a reviewer of the item who is not the reader wrote the words.
func (s *scan) isReviewed(words string) bool {
	for _, r := range s.w.reviews[s.item.ID] {
		if r.User != s.c.User && strings.Contains(strings.ToLower(r.Text), strings.ToLower(words)) {
			return true
		}
	}
	return false
}

// isLabel reports whether words are what a field that the reader filled in is called.
func (s *scan) isLabel(words string) bool {
	for _, t := range s.lex.labels[s.c.Lang] {
		if strings.EqualFold(t.said, words) {
			return true
		}
	}
	return false
}

// isAmount reports whether words are a number with a unit.
func (s *scan) isAmount(words string) bool {
	m := digits.FindStringIndex(words)
	return m != nil && (m[0] == 0 || len(s.unitsAt(words, m[0], m[1])) > 0) && utf8.RuneCountInString(words) < 12
}

// isWord reports whether words name one or more values that the item or the reader's profile has.
func (s *scan) isWord(words string) bool {
	for _, t := range s.lex.words[s.c.Lang] {
		if strings.EqualFold(t.said, words) && (s.has(s.item, t.key) || s.stated(t.key)) {
			return true
		}
	}
	for _, mark := range []string{"、", ", ", " and "} {
		if a, b, ok := strings.Cut(words, mark); ok {
			return s.isWord(a) && s.isWord(b)
		}
	}
	return false
}

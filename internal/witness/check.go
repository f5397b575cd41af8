package witness

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"because"
)

// A Case is a served text with whom it was for, on what, and when.
type Case struct {
	Text string
	Lang because.Lang
	User string
	Item string
	Need string
	At   time.Time

	Impersonal bool // nothing of the reader may be spoken of

	Replayed []int // places that the item would take without a record, taken as given: the world's files rank nothing
}

// A Finding is something in a text that no row of the world bears out.
type Finding struct {
	Kind  string `json:"kind"`  // name, quote, history, recency, number, count, attribute, label, comparison, moment or word
	Words string `json:"words"` // at fault
	Start int    `json:"start"` // byte offset
	Why   string `json:"why"`
}

// Kinds are all kinds of findings.
var Kinds = []string{"name", "quote", "history", "recency", "moment", "count", "number", "label", "comparison", "attribute", "word"}

// Check resolves a text. No finding means that everything in it is borne out.
func (w *World) Check(c Case) []Finding {
	it, u := w.items[c.Item], w.users[c.User]
	if it == nil {
		return []Finding{{Kind: "name", Words: c.Item, Why: "no such item"}}
	}
	s := &scan{
		w: w, c: c, item: it, user: u, lex: w.domains[it.Domain], past: w.past[c.User], now: c.At.In(w.zone),
		left: []byte(c.Text), text: c.Text,
	}
	s.past = slices.DeleteFunc(slices.Clone(s.past), func(x because.Interaction) bool { return x.Context.At.After(s.now) })
	if c.Impersonal || u != nil && u.Impersonal {
		s.past, s.user = nil, nil
	}
	if s.lex == nil {
		return []Finding{{Kind: "word", Words: it.Domain, Why: "no such domain"}}
	}
	for _, said := range silence[c.Lang] {
		if i := strings.Index(s.text, said); i >= 0 {
			s.blot(i, i+len(said))
		}
	}
	s.quotes()
	s.names()
	s.segment()
	s.deeds()
	s.dates()
	s.windows()
	s.comparisons()
	s.words()
	s.moments()
	s.replays()
	s.numbers()
	s.residue()
	slices.SortStableFunc(s.found, func(a, b Finding) int { return cmp.Or(a.Start-b.Start, strings.Compare(a.Kind, b.Kind)) })
	return s.found
}

// A scan is one text on its way through the checks. What is resolved is blotted out of left, so that no later check
// meets it.
type scan struct {
	w     *World
	c     Case
	item  *because.Item
	user  *because.User
	lex   *lexicon
	past  []because.Interaction
	now   time.Time
	text  string
	left  []byte // text with what is settled blotted out, byte by byte
	met   []mention
	asked []quoted // queries of the reader that the text quotes
	parts []part
	spans []int    // windows in days that the text speaks of
	here  [][2]int // how often the reader turned to it in the circumstances that it names
	found []Finding
}

// A mention is an item named in the text.
type mention struct {
	start, end int
	item       *because.Item
}

// A part is a stretch of text between full stops or semicolons, with what it names.
type part struct {
	start, end int
	known      []*because.Item // items other than the one that is explained
	queries    []because.Interaction
}

// blot settles a stretch.
func (s *scan) blot(start, end int) {
	for i := start; i < end; i++ {
		s.left[i] = '\x01'
	}
}

func (s *scan) report(kind string, start, end int, why string) {
	s.found = append(s.found, Finding{Kind: kind, Words: s.text[start:end], Start: start, Why: why})
}

// in is the part that holds an offset.
func (s *scan) in(at int) *part {
	for i := range s.parts {
		if at < s.parts[i].end {
			return &s.parts[i]
		}
	}
	return &s.parts[len(s.parts)-1]
}

// segment cuts the text at full stops and semicolons that belong to no name.
func (s *scan) segment() {
	start := 0
	cut := func(end int) {
		if strings.Trim(string(s.left[start:end]), " \x01") != "" || end > start {
			s.parts = append(s.parts, part{start: start, end: end})
		}
		start = end
	}
	left := string(s.left)
	for i, r := range left {
		switch r {
		case '。', '；', '！', '？':
			cut(i + len(string(r)))
		case ';', '!', '?':
			cut(i + 1)
		case '.':
			if i+1 == len(left) || left[i+1] == ' ' {
				cut(i + 1)
			}
		}
	}
	if start < len(left) || len(s.parts) == 0 {
		s.parts = append(s.parts, part{start: start, end: len(left)})
	}
	for _, m := range s.met {
		if p := s.in(m.start); m.item != s.item {
			p.known = append(p.known, m.item)
		}
	}
	for _, q := range s.asked {
		p := s.in(q.start)
		p.queries = append(p.queries, q.xs...)
	}
}

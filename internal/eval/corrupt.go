package eval

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"because"
)

// A Stated is a true explanation with all that it may rest on.
type Stated struct {
	Lang     because.Lang
	Domain   string
	Name     string // of the item
	Aliases  []string
	Text     string
	Evidence []because.Evidence // all that the text is judged against
	Cited    []string           // IDs of the evidence that it states; empty means all
	Now      time.Time
}

// A Borrowed is one fact as a sentence of its own.
type Borrowed struct {
	Text     string
	Evidence because.Evidence
}

// Elsewhere is what is true of somebody or something else, to borrow falsehoods from.
type Elsewhere struct {
	Names   []string   // of other items
	Facts   []Borrowed // of other items
	Readers []Borrowed // what other readers did or stated
	Idle    []Borrowed // of this item, without any part in its score
}

// A Corruption is a text made false.
type Corruption struct {
	Text     string
	Wrong    string             // what is wrong, for a person
	Evidence []because.Evidence // when the evidence was changed and not the text; nil otherwise
}

// operators are the fourteen ways to be false of the benchmark (research/methods.md, section 3; issue 4). Each makes one
// change and holds it against the evidence itself: what it yields, no evidence backs.
var operators = []struct {
	name    string
	corrupt func(*corrupter) (Corruption, bool)
}{
	{"entity", (*corrupter).entity},
	{"number", (*corrupter).number},
	{"unit", (*corrupter).unit},
	{"negation", (*corrupter).negation},
	{"history", (*corrupter).history},
	{"count", (*corrupter).count},
	{"recency", (*corrupter).recency},
	{"invented", (*corrupter).invented},
	{"superlative", (*corrupter).superlative},
	{"promise", (*corrupter).promise},
	{"cause", (*corrupter).cause},
	{"other_reader", (*corrupter).otherReader},
	{"expired", (*corrupter).expired},
	{"disguise", (*corrupter).disguise},
}

// Operators are the names of the operators, in the order of reports.
func Operators() []string {
	var out []string
	for _, o := range operators {
		out = append(out, o.name)
	}
	return out
}

// Corrupt makes a true text false by an operator. It is not ok where the operator has nothing to work on, or where it
// cannot be sure that the outcome is false.
func Corrupt(operator string, s Stated, from Elsewhere, rng *rand.Rand) (Corruption, bool) {
	for _, o := range operators {
		if o.name == operator {
			c, ok := o.corrupt(newCorrupter(s, from, rng))
			return c, ok && (c.Text != s.Text || c.Evidence != nil)
		}
	}
	return Corruption{}, false
}

// A corrupter is one text being worked on.
type corrupter struct {
	Stated
	from  Elsewhere
	rng   *rand.Rand
	names []named  // names and quotations that stand in the text: nothing in them is changed
	cited []int    // indices into Evidence
	known []string // folded texts of all evidence and its slots
}

// A named is a name or quotation and where it stands.
type named struct {
	text       string
	start, end int
	item       bool // the item's own
}

func newCorrupter(s Stated, from Elsewhere, rng *rand.Rand) *corrupter {
	c := &corrupter{Stated: s, from: from, rng: rng}
	for i, e := range s.Evidence {
		if len(s.Cited) == 0 || slices.Contains(s.Cited, e.ID) {
			c.cited = append(c.cited, i)
		}
		c.known = append(c.known, fold(e.Text))
		for _, slot := range e.Slots {
			c.known = append(c.known, fold(slot.Text))
		}
	}
	c.findNames()
	return c
}

// findNames finds names and quotations, the longest first, so that none is found inside another.
func (c *corrupter) findNames() {
	own := map[string]bool{}
	var all []string
	for _, n := range append([]string{c.Name}, c.Aliases...) {
		all, own[n] = append(all, n), true
	}
	for _, e := range c.Evidence {
		for _, k := range slotNames(e) {
			if s := e.Slots[k]; s.Kind == because.NameSlot || s.Kind == because.QuoteSlot {
				all = append(all, s.Text)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	for _, n := range slices.Compact(all) {
		for _, p := range places(c.Text, n) {
			if !c.inName(p[0], p[1]) {
				c.names = append(c.names, named{n, p[0], p[1], own[n]})
			}
		}
	}
}

func (c *corrupter) inName(start, end int) bool {
	return slices.ContainsFunc(c.names, func(n named) bool { return start < n.end && n.start < end })
}

// knows reports whether any evidence holds the words.
func (c *corrupter) knows(words string) bool {
	w := fold(words)
	return slices.ContainsFunc(c.known, func(k string) bool { return strings.Contains(k, w) })
}

// A said is the value of a cited evidence where the text says it.
type said struct {
	ev         int
	slot       string
	value      because.Slot
	start, end int
}

// said are the values of the given kinds that the text says once, outside names, in the order of the evidence.
func (c *corrupter) said(kinds ...because.SlotKind) []said {
	var all []said
	for _, i := range c.cited {
		for _, k := range slotNames(c.Evidence[i]) {
			v := c.Evidence[i].Slots[k]
			if v.Kind == because.NameSlot || v.Kind == because.QuoteSlot || v.Text == "" {
				continue
			}
			ps := slices.DeleteFunc(places(c.Text, v.Text), func(p [2]int) bool { return c.inName(p[0], p[1]) })
			if len(ps) == 1 {
				all = append(all, said{i, k, v, ps[0][0], ps[0][1]})
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s said) bool {
		return !slices.Contains(kinds, s.value.Kind) || bounded(c.Text, s.start, s.end) ||
			slices.ContainsFunc(all, func(o said) bool { return o.start <= s.start && s.end <= o.end && o.end-o.start > s.end-s.start })
	})
}

// anyOrder is a list in the order of the seed.
func anyOrder[T any](rng *rand.Rand, xs []T) []T {
	out := slices.Clone(xs)
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// with is the text with one stretch replaced. Chinese parts digits from characters by a blank, and characters by none.
func (c *corrupter) with(start, end int, by string) string {
	before, after := c.Text[:start], c.Text[end:]
	if c.Lang == because.Chinese {
		if r, _ := utf8.DecodeRuneInString(by); unicode.Is(unicode.Han, r) {
			if cut := strings.TrimSuffix(before, " "); endsHan(cut) {
				before = cut
			}
		}
		if cut := strings.TrimPrefix(after, " "); endsHan(by) && firstHan(cut) != "" {
			after = cut
		}
	}
	return before + by + after
}

func endsHan(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Han, r)
}

func slotNames(e because.Evidence) []string {
	var out []string
	for k := range e.Slots {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func fold(s string) string { return strings.ToLower(s) }

// places are the byte ranges where part stands by itself: not inside a longer Latin word or numeral.
func places(s, part string) [][2]int {
	var out [][2]int
	if part == "" {
		return nil
	}
	first, _ := utf8.DecodeRuneInString(part)
	last, _ := utf8.DecodeLastRuneInString(part)
	for at := 0; ; {
		i := strings.Index(s[at:], part)
		if i < 0 {
			return out
		}
		start, end := at+i, at+i+len(part)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, n := utf8.DecodeRuneInString(s[end:])
		next, _ := utf8.DecodeRuneInString(s[end+n:])
		if !(western(first) && (western(before) || before == '.' || before == '¥' || before == '$')) &&
			!(western(last) && (western(after) || (after == '.' || after == ',') && unicode.IsDigit(next))) {
			out = append(out, [2]int{start, end})
		}
		at = end
	}
}

func western(r rune) bool {
	return r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) && r != utf8.RuneError
}

var (
	boundBefore = regexp.MustCompile(`(?i)(?:约|近|超过|不止|至少|起码|不到|不足|大概|大约|将近|接近|差不多|最多|至多|第|\b(?:about|around|over|under|than|nearly|almost|least|most|to|roughly))\s*$`)
	boundAfter  = regexp.MustCompile(`(?i)^\s*(?:多|余|左右|上下|以上|以下|以内|之内|出头|or (?:so|more|less)|plus)`)
)

// bounded reports whether a value is said as a bound or an approximation, of which a little more or less may be true.
func bounded(s string, start, end int) bool {
	return boundBefore.MatchString(s[:start]) || boundAfter.MatchString(s[end:])
}

var stops = regexp.MustCompile(`[。.！!；;，,\s]+$`)

// also says one more sentence after the text, or before it.
func (c *corrupter) also(sentence string, before bool) string {
	a, b := c.Text, sentence
	if before {
		a, b = b, a
	}
	if c.Lang == because.Chinese {
		return stops.ReplaceAllString(a, "") + "。" + stops.ReplaceAllString(b, "") + "。"
	}
	return stops.ReplaceAllString(a, "") + ". " + stops.ReplaceAllString(b, "") + "."
}

// adds says one more clause at the end of the text.
func (c *corrupter) adds(clause string) string {
	if c.Lang == because.Chinese {
		return stops.ReplaceAllString(c.Text, "") + "，" + clause + "。"
	}
	return stops.ReplaceAllString(c.Text, "") + ", " + clause + "."
}

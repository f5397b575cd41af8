package pack

import (
	"sort"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

// A Hit is a word or field of the pack that a free text names. Start and End are byte offsets into the text.
type Hit struct {
	Start, End int
	Field      string // a field whose Asks were found
	Word       string // the key of a word that was found
	Zero       bool   // the field is asked to be 0: free
}

// index prepares Match and Key.
func (p *Pack) index() {
	p.lexicon = p.lexicons()
	p.entries, p.longest = map[string][]Hit{}, 0
	p.spelt, p.called = map[string]string{}, map[string]string{}
	call := func(wording, k string) {
		if key, _ := folded(wording); key != "" && p.called[key] == "" {
			p.called[key] = k
		}
	}
	for _, k := range sortedKeys(p.Words) {
		if s := spelling(k); p.spelt[s] == "" {
			p.spelt[s] = k
		}
		w := p.Words[k]
		for _, s := range []string{w.Zh, w.En, w.Plural} {
			call(s, k)
		}
	}
	for _, k := range sortedKeys(p.Words) {
		for _, lang := range because.Langs {
			for _, s := range p.Words[k].Aliases[lang] {
				call(s, k)
			}
		}
	}
	p.kinds = map[string][]string{}
	for _, k := range sortedKeys(p.Words) {
		if of := p.Words[k].Of; of != "" {
			p.kinds[of] = append(p.kinds[of], k)
		}
	}
	p.asked = map[string][]Hit{}
	for _, lang := range because.Langs {
		for _, s := range p.Asks[lang] {
			key, _ := folded(s)
			p.asked[key] = []Hit{{}}
		}
	}
	add := func(wording string, h Hit) {
		key, _ := folded(wording)
		if key == "" {
			return
		}
		for _, old := range p.entries[key] {
			if old == h {
				return
			}
		}
		p.entries[key] = append(p.entries[key], h)
		p.longest = max(p.longest, len([]rune(key)))
	}
	for _, k := range sortedKeys(p.Words) {
		w := p.Words[k]
		for _, s := range []string{w.Zh, w.En, w.Plural} {
			add(s, Hit{Word: k})
		}
		for _, lang := range because.Langs {
			for _, s := range w.Aliases[lang] {
				add(s, Hit{Word: k})
			}
		}
	}
	for _, k := range sortedKeys(p.Fields) {
		for _, lang := range because.Langs {
			for _, s := range p.Fields[k].Asks[lang] {
				add(s, Hit{Field: k})
			}
			for _, s := range p.Fields[k].Free[lang] {
				add(s, Hit{Field: k, Zero: true})
			}
		}
	}
}

// Match finds the words, their aliases and what fields are asked by in a need or a query, in either language: the
// longest wording at each place, left to right. One wording may stand for several words and fields, which then share
// their offsets.
//
// English wordings match whole words only. A wording of a single Han character matches only where no other Han
// character follows, so that 书 is not found in 书包.
func (p *Pack) Match(lang because.Lang, s string) []Hit { return match(p.entries, p.longest, s) }

// Wants reports whether a hit asks for something: a word, more or less of a number, a yes. To name a field of words, the
// director, asks for none of them.
func (p *Pack) Wants(h Hit) bool {
	f := p.Fields[h.Field]
	return h.Field == "" || h.Zero || f.Any || f.Unit != "" || f.Better != "" || len(f.Lack) > 0
}

// KindsOf are the words that are kinds of a word.
func (p *Pack) KindsOf(word string) []string { return p.kinds[word] }

// Asked finds where a need asks for a thing of the domain, whichever: the pack's Asks.
func (p *Pack) Asked(s string) []Hit {
	longest := 0
	for key := range p.asked {
		longest = max(longest, len([]rune(key)))
	}
	return match(p.asked, longest, s)
}

func match(entries map[string][]Hit, longest int, s string) []Hit {
	key, at := folded(s)
	runes := []rune(key)
	var out []Hit
	for i := 0; i < len(runes); {
		n := 0
		for m := min(longest, len(runes)-i); m > 0; m-- {
			hits, ok := entries[string(runes[i:i+m])]
			if !ok || !whole(runes, i, i+m) {
				continue
			}
			for _, h := range hits {
				h.Start, h.End = at[i], at[i+m]
				out = append(out, h)
			}
			n = m
			break
		}
		i += max(n, 1)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	for i := range out { // folding may leave a blank of the original at the end
		out[i].End = out[i].Start + len(strings.TrimRightFunc(s[out[i].Start:out[i].End], unicode.IsSpace))
	}
	return out
}

// whole reports whether runes[i:j] is not cut out of a longer word.
func whole(runes []rune, i, j int) bool {
	word := func(r rune) bool { return !unicode.Is(unicode.Han, r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	if i > 0 && word(runes[i-1]) && word(runes[i]) || j < len(runes) && word(runes[j-1]) && word(runes[j]) {
		return false
	}
	alone := j-i == 1 && unicode.Is(unicode.Han, runes[i])
	return !alone || j == len(runes) || !unicode.Is(unicode.Han, runes[j])
}

// folded is text.Fold character by character, with the byte offset in s of every rune of the result and of its end.
func folded(s string) (string, []int) {
	var b strings.Builder
	var at []int
	blank := true // leading blanks go
	for i, r := range s {
		if unicode.IsSpace(r) {
			if !blank {
				b.WriteByte(' ')
				at = append(at, i)
			}
			blank = true
			continue
		}
		for _, f := range text.Fold(string(r)) {
			b.WriteRune(f)
			at = append(at, i)
			blank = false
		}
	}
	out := b.String()
	if strings.HasSuffix(out, " ") {
		out = out[:len(out)-1]
		at = at[:len(at)-1]
	}
	return out, append(at, len(s))
}

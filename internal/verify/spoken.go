package verify

import (
	"slices"
	"unicode"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// What the packs' people wrote around facts, in all domains, is how one talks of a recommendation: the words of it that tell no
// values by themselves state nothing where they are neither what an item is said to be nor to have. The more they write, the
// more is understood.

// spokenWords are the words of the wordings of a language that lead to facts and join them: English ones whole, of Chinese every
// two characters in a row.
func spokenWords(packs *pack.Set, lang because.Lang) map[string]bool {
	words := map[string]bool{}
	add := func(pattern string) { addSpoken(words, pattern, lang) }
	for _, domain := range packs.Domains() {
		p := packs.Pack(domain)
		for _, styles := range p.Lead[lang] {
			for _, list := range styles {
				for _, s := range list {
					add(s)
				}
			}
		}
		for _, list := range p.Clause[lang] {
			for _, s := range list {
				add(s)
			}
		}
	}
	return words
}

// addSpoken adds the words of a pattern.
func addSpoken(words map[string]bool, pattern string, lang because.Lang) {
	parts, err := pack.ParsePattern(pattern)
	if err != nil {
		return // pack.Check tells
	}
	for _, p := range flat(parts) {
		r := key(p.Text)
		for i := 0; i < len(r); i++ {
			switch {
			case lang == because.Chinese:
				if i+1 < len(r) && text.IsHan(r[i]) && text.IsHan(r[i+1]) {
					words[string(r[i:i+2])] = true
				}
			case unicode.IsLetter(r[i]):
				j := i
				for j < len(r) && unicode.IsLetter(r[j]) {
					j++
				}
				words[string(r[i:j])] = true
				i = j
			}
		}
	}
}

// being and having are what stands before what an item is said to be and to have.
var (
	being  = set("it's that's there's here's what's they're you're we're isn't aren't wasn't is are was were be been being 's 're feels feel looks look sounds sound seems seem stays stay gets get makes make made keeps so too very quite pretty rather really as more most less")
	having = set("you've we've there's has have had having with includes include including features feature featuring offers offer offering provides provide providing comes brings gives adds packs plus its own of")
)

// amounts are words that count or compare.
var amounts = set("few several many dozen dozens hundred hundreds thousand thousands half third quarter most least majority nearly everyone everybody all any every each double twice single pair couple lots plenty more less fewer only never always score decade century fortnight weekend triple quadruple treble tenth fifth sixth seventh eighth ninth twelfth teens dime nickel penny season spring summer autumn winter fall morning noon afternoon evening night today yesterday tomorrow")

// spokenOfFacts covers words that people use around facts; what is foretold is a claim.
func (x *reading) spokenOfFacts(c [2]int) {
	if foretelling.any(x.r, c[0], c[1]) || x.lang == because.English && stating.any(x.r, c[0], c[1]) && !x.bears(c) {
		return // a promise, or a statement that no evidence bears
	}
	for s, e := range x.unknown(c) {
		if x.lang == because.Chinese {
			all := true
			for i := s; i < e && all; i++ {
				all = !strangers(x.r[i]) && !x.loaded(i, i+1) && (i > c[0] && x.around(i-1) || i+1 < c[1] && x.around(i))
			}
			if all {
				x.cover(s, e)
			}
			continue
		}
		w := string(x.r[s:e])
		if _, unit := knownUnit(w); unit || !x.spoken[w] || x.ofFields[w] || outcomes[w] || x.proper(s) || x.loadedWord(w) || x.verbs.all.any(x.r, s, e) || x.lex.group.any(x.r, s, e) || amounts[w] || arrivals.any(x.r, s, e) || x.said(c, s) || x.numbered(c, s, e) {
			continue
		}
		x.cover(s, e)
	}
}

// numbered reports whether an English word is what a number counts.
func (x *reading) numbered(c [2]int, s, e int) bool {
	return slices.ContainsFunc(text.Numbers(x.text[x.at[c[0]]:x.at[c[1]]]), func(n text.Number) bool {
		end := x.rune(x.at[c[0]] + n.End)
		return end == e || end == s-1
	})
}

// around reports whether the two Han characters from rune i on are a word that people use around facts.
func (x *reading) around(i int) bool {
	w := string(x.r[i : i+2])
	return x.spoken[w] && !x.ofFields[w] && !x.loaded(i, i+2)
}

// outcomes are what is promised.
var outcomes = set("result results success effect effects outcome outcomes improvement benefit benefits gain gains profit profits return returns difference progress relief cure")

// fieldWords are the words by which a pack tells what items are and have, cut as spokenWords are: they are claims.
func fieldWords(p *pack.Pack, lang because.Lang) map[string]bool {
	words := map[string]bool{}
	add := func(list ...string) {
		for _, s := range list {
			addSpoken(words, s, lang)
		}
	}
	for name, f := range p.Fields {
		add(f.Label.In(lang))
		add(slices.Concat(f.Lack[lang], f.Asks[lang], p.Same.Fields[name][lang], p.Same.Not[name][lang])...)
		if len(f.Lack[lang]) > 0 { // of what is or is not so, the wording is the value
			add(slices.Concat(f.Say[lang], f.Shared[lang])...)
		}
	}
	for _, w := range p.Words {
		own := w.Zh
		if lang == because.English {
			own = w.En
		}
		add(own)
		add(w.Aliases[lang]...)
	}
	return words
}

// strangers reports whether a character speaks of people.
func strangers(r rune) bool {
	return slices.Contains([]rune("人他她们友亲爸妈父母子女儿孩童师生老同事友客"), r)
}

// said reports whether an English word at rune s stands where it says what something is or has: behind a form of "be" or "have",
// or a preposition of having, with no more than two words between.
func (x *reading) said(c [2]int, s int) bool {
	var before []string
	for a, b := range x.words(c[0], s) {
		before = append(before, string(x.r[a:b]))
	}
	for i, w := range slices.Backward(before) {
		n := len(before) - i
		if n > 3 {
			break
		}
		if being[w] && n <= 2 || having[w] {
			return true
		}
	}
	return false
}

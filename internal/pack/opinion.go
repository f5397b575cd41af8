package pack

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
	"because/internal/text"
)

// An Aspect is one side of the domain's items that reviewers judge: taste, waiting, price. Its words are of a review, not
// of an item; how they are read is told at Opinions.
type Aspect struct {
	Label because.Text              `yaml:"label"`
	Group string                    `yaml:"group"` // the wider aspect that it is a part of: food, service
	Names map[because.Lang][]string `yaml:"names"` // words that name it: 服务员
	Good  map[because.Lang][]string `yaml:"good"`  // words that praise it and nothing else: 好吃
	Bad   map[because.Lang][]string `yaml:"bad"`   // words that blame it
	Even  map[because.Lang][]string `yaml:"even"`  // words that judge it neither way: 价格适中

	NamedGood map[because.Lang][]string `yaml:"named_good"` // words that praise it in a clause that names it: 快
	NamedBad  map[because.Lang][]string `yaml:"named_bad"`  // words that blame it there

	Told   bool   `yaml:"told"`   // to name it is to speak of it, judging neither way
	Unit   string `yaml:"unit"`   // an amount of this unit speaks of it too
	Shares bool   `yaml:"shares"` // where it is named, what judges another aspect of its group judges it: 团购很划算
}

// A Judging is the words of one language that judge whatever they are said of.
type Judging struct {
	Good   []string `yaml:"good"`
	Bad    []string `yaml:"bad"`
	Even   []string `yaml:"even"`   // neither: 一般
	Not    []string `yaml:"not"`    // turn what follows
	Unreal []string `yaml:"unreal"` // in a clause that has one of these nothing is said to be so: 如果, 听说
	Void   []string `yaml:"void"`   // hold one of the words above and are another word: 好像
}

// opinions is the form of aspects.yaml.
type opinions struct {
	Aspects map[string]Aspect        `yaml:"aspects"`
	Judging map[because.Lang]Judging `yaml:"judging"`
}

// An Opinion is what one clause of a review says of one aspect. Start and End are the clause's bytes.
type Opinion struct {
	Start, End int
	Aspect     string
	Polarity   int  // 1 praises, -1 blames, 0 neither
	Own        bool // the aspect's own words judge it
	Told       bool // the clause names it and judges nothing
}

// A mark is what a wording may be in a review.
type mark struct {
	aspect string // empty for a word that judges anything, or none
	sense
}

type sense int

const (
	named sense = iota
	good
	bad
	even
	namedGood
	namedBad
	not
	unreal
	void
)

func (s sense) polarity() int { return map[sense]int{good: 1, namedGood: 1, bad: -1, namedBad: -1}[s] }

// A lexicon finds marks in folded text.
type lexicon struct {
	words   map[string][]mark
	longest int // in runes
}

func (l *lexicon) add(list []string, m mark) {
	for _, w := range list {
		key, _ := folded(w)
		if key == "" || slices.Contains(l.words[key], m) {
			continue
		}
		l.words[key] = append(l.words[key], m)
		l.longest = max(l.longest, len([]rune(key)))
	}
}

// lexicons are those of the languages; nil where a pack has no aspects.
func (p *Pack) lexicons() map[because.Lang]*lexicon {
	if len(p.Aspects) == 0 {
		return nil
	}
	out := map[because.Lang]*lexicon{}
	for _, lang := range because.Langs {
		l := &lexicon{words: map[string][]mark{}}
		for _, k := range sortedKeys(p.Aspects) {
			a := p.Aspects[k]
			l.add(a.Names[lang], mark{k, named})
			l.add(a.Good[lang], mark{k, good})
			l.add(a.Bad[lang], mark{k, bad})
			l.add(a.Even[lang], mark{k, even})
			l.add(a.NamedGood[lang], mark{k, namedGood})
			l.add(a.NamedBad[lang], mark{k, namedBad})
		}
		j := p.Judging[lang]
		for _, x := range []struct {
			list []string
			sense
		}{{j.Good, good}, {j.Bad, bad}, {j.Even, even}, {j.Not, not}, {j.Unreal, unreal}, {j.Void, void}} {
			l.add(x.list, mark{"", x.sense})
		}
		out[lang] = l
	}
	return out
}

// A sighting is a wording that was found, by runes of its clause.
type sighting struct {
	at, end int
	marks   []mark
}

func (s sighting) is(aspect string, kinds ...sense) (sense, bool) {
	for _, m := range s.marks {
		if m.aspect == aspect && slices.Contains(kinds, m.sense) {
			return m.sense, true
		}
	}
	return 0, false
}

// find is the longest wording at each place, left to right.
func (l *lexicon) find(clause string) []sighting {
	runes := []rune(clause)
	var out []sighting
	for i := 0; i < len(runes); {
		n := 0
		for m := min(l.longest, len(runes)-i); m > 0; m-- {
			if marks, ok := l.words[string(runes[i:i+m])]; ok && apart(runes, i, i+m) {
				out = append(out, sighting{i, i + m, marks})
				n = m
				break
			}
		}
		i += max(n, 1)
	}
	return out
}

// apart reports whether runes[i:j] is not cut out of a longer word of letters.
func apart(runes []rune, i, j int) bool {
	word := func(r rune) bool { return !unicode.Is(unicode.Han, r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return !(i > 0 && word(runes[i-1]) && word(runes[i])) && !(j < len(runes) && word(runes[j-1]) && word(runes[j]))
}

// Opinions reads off a review what its clauses say of the domain's aspects, in the order of the text.
//
// A clause is about an aspect that it names or that one of its words judges. Its polarity is that of the aspect's own
// words, else of the nearest word that judges anything, else, where the clause only names the aspect, of the clause that
// follows in the sentence and names none. A word that turns (不) turns what stands right behind it. A clause that supposes,
// hopes or asks judges nothing.
func (p *Pack) Opinions(lang because.Lang, review string) []Opinion {
	l := p.lexicon[lang]
	if l == nil {
		return nil
	}
	var out []Opinion
	var waiting []int // opinions of the clause before that only name their aspect
	for _, c := range remarks(review) {
		clause := review[c.start:c.end]
		key, _ := folded(clause)
		seen := l.find(key)
		supposed := strings.ContainsAny(clause, "?？") || slices.ContainsFunc(seen, func(s sighting) bool { _, ok := s.is("", unreal); return ok })
		if c.first {
			waiting = nil
		}
		var aspects []string
		for _, s := range seen {
			for _, m := range s.marks {
				if m.aspect != "" && m.sense != namedGood && m.sense != namedBad && !slices.Contains(aspects, m.aspect) {
					aspects = append(aspects, m.aspect)
				}
			}
		}
		for _, k := range p.amounts(clause) {
			if !slices.Contains(aspects, k) {
				aspects = append(aspects, k)
			}
		}
		if len(aspects) == 0 {
			if utf8.RuneCountInString(clause) <= 2 { // 环境：哇～真不错
				continue
			}
			if v, ok := judgement(seen, "", -1, key); ok && !supposed {
				for _, i := range waiting {
					out[i].Polarity = v
				}
			}
			waiting = nil
			continue
		}
		var bare []int
		for _, a := range aspects {
			o := Opinion{Start: c.start, End: c.end, Aspect: a}
			v, judged := p.verdict(seen, a, key)
			switch {
			case supposed:
				continue
			case judged:
				_, o.Own = judgement(seen, a, -1, key)
				o.Polarity = v
			default:
				bare = append(bare, len(out))
				o.Polarity = unjudged
			}
			out = append(out, o)
		}
		waiting = bare
	}
	for i, o := range out {
		if o.Polarity == unjudged && p.Aspects[o.Aspect].Told {
			out[i].Polarity, out[i].Told = 0, true
		}
	}
	return slices.DeleteFunc(out, func(o Opinion) bool { return o.Polarity == unjudged })
}

// Named are the aspects that a text names, each once.
func (p *Pack) Named(lang because.Lang, s string) []string { return p.marked(lang, s, named) }

// AspectsIn are the aspects that a typed need names or wants praised, each once.
func (p *Pack) AspectsIn(lang because.Lang, need string) []string {
	return p.marked(lang, need, named, good)
}

func (p *Pack) marked(lang because.Lang, s string, as ...sense) []string {
	l := p.lexicon[lang]
	if l == nil {
		return nil
	}
	key, _ := folded(s)
	var out []string
	for _, s := range l.find(key) {
		for _, m := range s.marks {
			if m.aspect != "" && slices.Contains(as, m.sense) && !slices.Contains(out, m.aspect) {
				out = append(out, m.aspect)
			}
		}
	}
	return out
}

// amounts are the aspects that an amount in a clause speaks of.
func (p *Pack) amounts(clause string) (out []string) {
	for _, n := range text.Numbers(clause) {
		base, _ := text.Unit(n.Unit)
		for _, k := range sortedKeys(p.Aspects) {
			if u := p.Aspects[k].Unit; u != "" && n.Unit != "" && !slices.Contains(out, k) {
				if b, _ := baseOf(p, u); b == base {
					out = append(out, k)
				}
			}
		}
	}
	return out
}

// Judge sums up what a review says of each aspect that it speaks of: 1 where its clauses praise more often than they do
// not, -1 where they blame more often than they do not, else 0. Clauses that only name it count where no other does.
func (p *Pack) Judge(lang because.Lang, review string) map[string]int {
	counts := map[string]*[3]int{} // by polarity + 1
	for _, o := range p.Opinions(lang, review) {
		if counts[o.Aspect] == nil {
			counts[o.Aspect] = &[3]int{}
		}
		if !o.Told {
			counts[o.Aspect][o.Polarity+1]++
		}
	}
	out := map[string]int{}
	for k, n := range counts {
		switch bad, even, good := n[0], n[1], n[2]; {
		case good > bad+even:
			out[k] = 1
		case bad > good+even:
			out[k] = -1
		default:
			out[k] = 0
		}
	}
	return out
}

// unjudged is the polarity of an opinion that waits for the clause behind.
const unjudged = 2

// verdict is what a clause says of an aspect that it speaks of.
func (p *Pack) verdict(seen []sighting, aspect, clause string) (polarity int, ok bool) {
	if v, ok := judgement(seen, aspect, -1, clause); ok {
		return v, true
	}
	for _, s := range seen {
		if _, ok := s.is(aspect, named); !ok {
			continue
		}
		if v, ok := judgement(seen, "", s.at, clause); ok {
			return v, true
		}
		if !p.Aspects[aspect].Shares {
			continue
		}
		for _, k := range sortedKeys(p.Aspects) {
			if v, ok := judgement(seen, k, -1, clause); ok && p.Aspects[k].Group == p.Aspects[aspect].Group {
				return v, true
			}
		}
	}
	return 0, false
}

// judgement is the polarity of the judgement of an aspect, or of anything, that stands nearest to rune at: behind it before
// in front of it. Where at is negative all count: praise and blame together are neither.
func judgement(seen []sighting, aspect string, at int, clause string) (polarity int, ok bool) {
	far := 1 << 20
	sum, n := 0, 0
	isNamed := aspect != "" && slices.ContainsFunc(seen, func(s sighting) bool { _, ok := s.is(aspect, named); return ok })
	for i, s := range seen {
		k, judges := s.is(aspect, good, bad, even)
		if !judges && isNamed {
			k, judges = s.is(aspect, namedGood, namedBad)
		}
		if !judges {
			continue
		}
		v := k.polarity()
		if turned(seen, i, clause) {
			v = min(0, -v) // what is not bad is not yet good
		}
		d := s.at - at
		if d < 0 {
			d = 2 - 2*d
		}
		if at < 0 {
			sum, n = sum+v, n+1
			continue
		}
		if d < far {
			far, polarity, ok = d, v, true
		}
	}
	if at < 0 && n > 0 {
		return min(1, max(-1, sum)), true
	}
	return polarity, ok
}

// turned reports whether a judgement is turned by what stands before it: at most a particle apart, or in a comparison,
// 没有上次的好吃, a few characters.
func turned(seen []sighting, i int, clause string) bool {
	if i == 0 {
		return false
	}
	prev := i - 1
	if _, ok := seen[prev].is("", not); !ok {
		return false
	}
	runes := []rune(clause)
	between := strings.TrimSpace(string(runes[seen[prev].end:seen[i].at]))
	if slices.Contains(lesser, string(runes[seen[prev].at:seen[prev].end])) && seen[i].at-seen[prev].end <= 6 {
		return between == "" || endsIn(between, "的", "以前", "之前", "上次", "那么", "这么", "想象中", "别家", "其他家")
	}
	return between == "" || slices.Contains(particlesOf, between)
}

var (
	lesser      = []string{"没有", "没"}
	particlesOf = []string{"很", "太", "那么", "特别", "是", "是很", "算", "怎么", "多", "so", "very", "really", "too", "that", "all that", "a", "the"}
)

// A remark is one clause of a review; first is the first of its sentence.
type remark struct {
	start, end int
	first      bool
}

// remarks part a review as reviewers write: at marks, at the blanks, tildes and dots that stand for them, and at line
// ends.
func remarks(s string) []remark {
	var out []remark
	start, first := 0, true
	cut := func(end int, closes bool) {
		left := strings.TrimLeft(s[start:end], blanks)
		a := end - len(left)
		b := a + len(strings.TrimRight(left, blanks))
		if b > a {
			out = append(out, remark{a, b, first})
			first = false
		}
		first = first || closes
	}
	for i, r := range s {
		n := len(string(r))
		switch {
		case strings.ContainsRune("。！!？?\n\r;；…", r), r == '.' && !digitAt(s, i+1):
			end := i
			if r == '?' || r == '？' {
				end = i + n
			}
			cut(end, true)
			start = i + n
		case strings.ContainsRune("，,~～：:【】#、（）()", r):
			cut(i, false)
			start = i + n
		case r == ' ' && text.HanShare(s[start:i]) > .5:
			cut(i, false)
			start = i + n
		}
	}
	cut(len(s), true)
	return out
}

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

const blanks = " \t　"

// Package honesttest is a language model that keeps to the truth: it writes what the facts of its prompt say, in sentence
// shapes that people of the trade would use and that are not the packs' own wordings. With it a test measures what a
// verifier costs those who do not lie.
//
// It reads the prompt alone, as a model would, and shares no code with what judges its drafts. The shapes were written by
// hand, before any of them was tried on the verifier, and none was changed for failing.
package honesttest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"because"
)

// A Shape is a way to tell one or two facts. Holes in braces are what the leading fact says; a hole with a kind before a
// point is what the first other fact of that kind says.
type Shape struct {
	Lead because.EvidenceKind
	Text string
}

// String names a shape.
func (s Shape) String() string { return fmt.Sprintf("%s: %s", s.Lead, s.Text) }

// Shapes are all shapes of a language.
var Shapes = map[because.Lang][]Shape{because.Chinese: zh, because.English: en}

// A Writer answers prompts. It takes turns: of the shapes that a prompt allows, the one that was used least.
type Writer struct {
	mu   sync.Mutex
	used map[Shape]int
	last *Draft
}

// A Draft is what was written last.
type Draft struct {
	Shape Shape
	Text  string
}

// Last is the draft of the latest prompt, nil where no shape fitted its facts; asking forgets it.
func (w *Writer) Last() *Draft {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.last
	w.last = nil
	return d
}

// Answer is the answer to a prompt.
func (w *Writer) Answer(system, user string) string {
	lang := because.English
	if strings.Contains(system, "中文") || strings.Contains(system, "挑选") {
		lang = because.Chinese
	}
	p := read(lang, user)
	if len(p.facts) == 0 {
		return "{}"
	}
	if !strings.Contains(system, `"sentences"`) { // only a choice is asked for
		return written(map[string]any{"evidence_ids": []string{p.facts[0].id}})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.used == nil {
		w.used = map[Shape]int{}
	}
	longest := longest(system)
	var best *Draft
	var ids []string
	for _, s := range Shapes[lang] {
		t, cited, ok := p.fill(s)
		if ok && size(t, lang, longest.characters) <= longest.n && (best == nil || w.used[s] < w.used[best.Shape]) {
			best, ids = &Draft{s, t}, cited
		}
	}
	w.last = best
	if best == nil {
		return "{}"
	}
	w.used[best.Shape]++
	return written(map[string]any{"sentences": []any{map[string]any{"text": best.Text, "evidence_ids": ids}}})
}

func written(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // made of strings
	}
	return string(b)
}

// A bound is how long an answer may be.
type bound struct {
	n          int
	characters bool
}

var bounds = regexp.MustCompile(`At most (\d+) (words|characters)|不超过 (\d+) 个字`)

// longest is the bound that the rules set.
func longest(system string) bound {
	m := bounds.FindStringSubmatch(system)
	b := bound{n: 40}
	if m != nil {
		fmt.Sscan(m[1]+m[3], &b.n)
		b.characters = m[2] == "characters"
	}
	return b
}

// size is how long a text is: words in English, characters without marks and blanks in Chinese.
func size(t string, lang because.Lang, characters bool) int {
	if characters {
		return utf8.RuneCountInString(t)
	}
	if lang == because.English {
		return len(strings.Fields(t))
	}
	n := 0
	for _, r := range t {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// A prompt is what the facts of a request say.
type prompt struct {
	item  string
	facts []fact
}

// A fact is one line, with its words by the holes that they fill.
type fact struct {
	id, kind string
	cause    bool
	says     map[string]string
}

// read reads the user's part of a prompt.
func read(lang because.Lang, user string) prompt {
	var p prompt
	for _, line := range strings.Split(user, "\n") {
		if rest, ok := strings.CutPrefix(line, "item: "); ok {
			p.item = unmarked(rest)
			continue
		}
		var f struct {
			ID, Kind, Fact, Quote string
			Cause                 bool
		}
		if json.Unmarshal([]byte(line), &f) != nil || f.ID == "" {
			continue
		}
		p.facts = append(p.facts, fact{f.ID, f.Kind, f.Cause, p.understand(lang, f.Kind, unmarked(f.Fact))})
	}
	return p
}

var mark = regexp.MustCompile(`⟦[^⟧]*⟧`)

func unmarked(t string) string { return strings.TrimSpace(mark.ReplaceAllString(t, "")) }

// understand takes a fact apart. What it cannot read stays unsaid.
func (p prompt) understand(lang because.Lang, kind, said string) map[string]string {
	out := map[string]string{"item": p.item}
	for _, form := range forms[lang] {
		if !slices.Contains(strings.Fields(form.kinds), kind) {
			continue
		}
		re := form.re
		m := re.FindStringSubmatchIndex(strings.ReplaceAll(said, p.item, "§"))
		if m == nil {
			continue
		}
		t := strings.ReplaceAll(said, p.item, "§")
		for i, name := range re.SubexpNames() {
			if name != "" && m[2*i] >= 0 {
				out[name] = strings.ReplaceAll(strings.TrimSpace(t[m[2*i]:m[2*i+1]]), "§", p.item)
			}
		}
	}
	return out
}

var hole = regexp.MustCompile(`\{([a-z0-9_.]+)\}`)

// fill writes a shape with the facts, and says whose they are; ok is false where something is missing.
func (p prompt) fill(s Shape) (text string, ids []string, ok bool) {
	lead := p.facts[0]
	if lead.kind != string(s.Lead) {
		return "", nil, false
	}
	if because := strings.HasPrefix(s.Text, "Because ") || strings.HasPrefix(s.Text, "因为") || strings.HasPrefix(s.Text, "考虑到") || strings.HasPrefix(s.Text, "由于"); because && !lead.cause {
		return "", nil, false
	}
	ids, ok = []string{lead.id}, true
	taken := map[string]fact{}
	text = hole.ReplaceAllStringFunc(s.Text, func(h string) string {
		kind, name, other := strings.Cut(h[1:len(h)-1], ".")
		f := lead
		if !other {
			name = kind
		} else if f, other = taken[kind]; !other {
			i := slices.IndexFunc(p.facts[1:], func(f fact) bool {
				return f.kind == kind && f.says[name] != "" && f.says["label"] != lead.says["label"]
			})
			if i < 0 {
				ok = false
				return ""
			}
			f = p.facts[1+i]
			taken[kind] = f
			ids = append(ids, f.id)
		}
		v := f.says[name]
		ok = ok && v != ""
		return v
	})
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:], ids, ok
}

// A form is how a fact of some kinds is told, with the holes that its words fill.
type form struct {
	kinds string
	re    *regexp.Regexp
}

const (
	deeds  = "bought carted viewed rated searched"
	shared = deeds + " shared profile"
)

var forms = map[because.Lang][]form{
	because.English: {
		{"bought", regexp.MustCompile(`^You bought (?P<hist>.+?) (?P<when>today|yesterday|\d+ days ago|last week|last month|in \w+(?: \d{4})?)\.`)},
		{"carted", regexp.MustCompile(`^You put (?P<hist>.+?) in your cart (?P<when>today|yesterday|\d+ days ago|last week|last month|in \w+(?: \d{4})?)\.`)},
		{"viewed", regexp.MustCompile(`^You looked at (?P<hist>.+?) (?P<when>today|yesterday|\d+ days ago|last week|last month|in \w+(?: \d{4})?)\.`)},
		{"rated", regexp.MustCompile(`^You gave (?P<hist>.+) (?P<rating>[\d.]+ out of \d+) (?P<when>today|yesterday|\d+ days ago|last week|last month|in \w+(?: \d{4})?)\.`)},
		{"searched", regexp.MustCompile(`^You searched for “(?P<query>.+?)” (?P<when>today|yesterday|\d+ days ago|last week|last month|in \w+(?: \d{4})?)\.`)},
		{shared, regexp.MustCompile(`In common: (?:(?P<field>[^,]+), )?(?P<trait>[^,]+)\.$`)},
		{"habit", regexp.MustCompile(`^You turned to (?P<category>.+) (?P<count>\d+) times in (?P<period>.+)\.$`)},
		{"context", regexp.MustCompile(`^You turned to (?P<category>.+) (?P<count>\d+) times (?P<moment>.+)\.$`)},
		{"shared", regexp.MustCompile(`^(?P<count>\d+) items that you know share this with it, such as (?P<hist>.+) and (?P<hist2>.+?)\. In`)},
		{"profile", regexp.MustCompile(`^Under (?P<label>.+) you put (?P<value>.+?)\.(?: |$)`)},
		{"need", regexp.MustCompile(`^You asked for “(?P<need>.+?)”; (?P<label>[^:]+): (?P<value>[^,]+?)\.(?: |$)`)},
		{"attribute", regexp.MustCompile(`^§, (?P<label>[^:]+): (?P<value>.+)\.$`)},
		{"attribute", regexp.MustCompile(`^§ has this: (?P<flag>.+)\.$`)},
		{"fit", regexp.MustCompile(`^§, (?P<label>[^:]+): (?P<value>.+); what you usually turn to: (?P<own>.+)\.$`)},
		{"price", regexp.MustCompile(`^§ costs (?P<price>[^;]+?)(?:;.*)?\.(?: Before|$)`)},
		{"price", regexp.MustCompile(`what you bought cost (?P<low>\S+) to (?P<high>\S+)\.(?: |$)`)},
		{"price", regexp.MustCompile(`what you turned to cost (?P<seenlow>\S+) to (?P<seenhigh>\S+)\.(?: |$)`)},
		{"price", regexp.MustCompile(`Before that it cost (?P<was>\S+)\.$`)},
		{"new", regexp.MustCompile(`^§ came in (?P<when>.+)\.$`)},
		{"trend", regexp.MustCompile(`^The (?P<label>.+) of § went up (?P<up>.+) over (?P<period>.+), to (?P<value>.+)\.$`)},
		{"trend", regexp.MustCompile(`^The (?P<label>.+) of § went down (?P<down>.+) over (?P<period>.+), to (?P<value>.+)\.$`)},
		{"review", regexp.MustCompile(`^A review of § says “(?P<phrase>.+?)”\.$`)},
		{"versus", regexp.MustCompile(`^(?P<label>[^:]+): (?P<value>.+?) here, (?P<other>.+?) for (?P<hist>.+), a difference of (?P<diff>.+)\.$`)},
		{"neighbours", regexp.MustCompile(`^Of those who turned to (?P<hist>.+), (?P<people>\d+) people turned to this one too\.$`)},
		{"popular", regexp.MustCompile(`^(?P<count>\d+) people turned to § (?P<period>[^.]+)\.`)},
		{"popular", regexp.MustCompile(`It ranks (?P<rank>\S+) among (?P<category>.+)\.$`)},
		{"drawback", regexp.MustCompile(`^A weak point of § is its (?P<label>.+?): (?P<value>.+)\.$`)},
	},
	because.Chinese: {
		{"bought", regexp.MustCompile(`^你(?P<when>今天|昨天|\d+ ?天前|上周|上个月|(?:\d+ ?年 ?)?\d+ ?月)买了(?P<hist>.+?)。`)},
		{"carted", regexp.MustCompile(`^你(?P<when>今天|昨天|\d+ ?天前|上周|上个月|(?:\d+ ?年 ?)?\d+ ?月)把(?P<hist>.+?)加进了购物车。`)},
		{"viewed", regexp.MustCompile(`^你(?P<when>今天|昨天|\d+ ?天前|上周|上个月|(?:\d+ ?年 ?)?\d+ ?月)看过(?P<hist>.+?)。`)},
		{"rated", regexp.MustCompile(`^你(?P<when>今天|昨天|\d+ ?天前|上周|上个月|(?:\d+ ?年 ?)?\d+ ?月)给(?P<hist>.+)打了 ?(?P<rating>[\d.]+ ?分)。`)},
		{"searched", regexp.MustCompile(`^你(?P<when>今天|昨天|\d+ ?天前|上周|上个月|(?:\d+ ?年 ?)?\d+ ?月)搜过「(?P<query>.+?)」。`)},
		{shared, regexp.MustCompile(`共同点：(?:(?P<field>[^，]+)，)?(?P<trait>[^，]+)。$`)},
		{"habit", regexp.MustCompile(`^(?P<period>近[^，]+)，你的记录里有 ?(?P<count>\d+) ?次(?P<category>.+)。$`)},
		{"context", regexp.MustCompile(`^(?P<moment>[^，]+)，你的记录里有 ?(?P<count>\d+) ?次(?P<category>.+)。$`)},
		{"shared", regexp.MustCompile(`^你接触过的里面有 ?(?P<count>\d+) ?样和它有共同点，比如(?P<hist>.+)和(?P<hist2>.+?)。`)},
		{"profile", regexp.MustCompile(`^你在「(?P<label>.+?)」里填了(?P<value>.+?)。`)},
		{"need", regexp.MustCompile(`^你要「(?P<need>.+?)」；(?P<label>[^：]+)：(?P<value>[^。，]+)。`)},
		{"attribute", regexp.MustCompile(`^§ ?，(?P<label>[^：]+)：(?P<value>.+)。$`)},
		{"attribute", regexp.MustCompile(`^§ ?有这一点：(?P<flag>.+)。$`)},
		{"fit", regexp.MustCompile(`^§ ?，(?P<label>[^：]+)：(?P<value>.+)；你常看的是(?P<own>.+)。$`)},
		{"price", regexp.MustCompile(`^§ ?价格 ?(?P<price>[^；。]+)`)},
		{"price", regexp.MustCompile(`你买过的在 ?(?P<low>[^到]+)到 ?(?P<high>[^之]+)之间`)},
		{"price", regexp.MustCompile(`你看过的在 ?(?P<seenlow>[^到]+)到 ?(?P<seenhigh>[^之]+)之间`)},
		{"price", regexp.MustCompile(`此前 ?(?P<was>[^。]+)。$`)},
		{"new", regexp.MustCompile(`^§ ?(?P<when>.+)新到。$`)},
		{"trend", regexp.MustCompile(`^§ ?的(?P<label>.+?)(?P<period>近.+?)升了 ?(?P<up>.+)，到 ?(?P<value>.+)。$`)},
		{"trend", regexp.MustCompile(`^§ ?的(?P<label>.+?)(?P<period>近.+?)降了 ?(?P<down>.+)，到 ?(?P<value>.+)。$`)},
		{"review", regexp.MustCompile(`^§ ?的一条评价写着「(?P<phrase>.+?)」。$`)},
		{"versus", regexp.MustCompile(`^(?P<label>[^：]+)：这里 ?(?P<value>.+?)，(?P<hist>.+)是 ?(?P<other>.+?)，差 ?(?P<diff>.+)。$`)},
		{"neighbours", regexp.MustCompile(`^看过(?P<hist>.+)的人里，有 ?(?P<people>\d+) ?人也看了这个。$`)},
		{"popular", regexp.MustCompile(`^(?P<period>.+?)有 ?(?P<count>\d+) ?人看过 ?§。`)},
		{"popular", regexp.MustCompile(`在(?P<category>[^。]+?)里排第 ?(?P<rank>\d+)。$`)},
		{"drawback", regexp.MustCompile(`^§ ?的短处是(?P<label>.+?)：(?P<value>.+)。$`)},
	},
}

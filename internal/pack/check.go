package pack

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
)

// maxPush is how many characters a push may have.
const maxPush = 30

// Least number of patterns per style.
const (
	minShort = 4
	minOther = 2
)

// fewest is how many patterns, starting differently, a style needs.
func fewest(style because.Style) int {
	if style == because.Short {
		return minShort
	}
	return minOther
}

// needed are the styles that every kind of evidence of a pack must be written in.
var needed = []because.Style{because.Short, because.Detail, because.Data, because.Warm, because.Push}

// A checker collects what is wrong.
type checker struct {
	set  *Set
	src  *source
	pack *Pack // completed by the general one
	lang because.Lang
	out  []Problem
}

// Check tells everything that is wrong with the packs of the set, or with those of the folders named, in lang: what
// cannot be read, missing wordings, unknown units, fields, consents and holes, patterns that are missing, too long or
// alike, and patterns that break the pack's own rules.
func (s *Set) Check(lang because.Lang, only ...string) []Problem {
	c := &checker{set: s, lang: lang}
	for _, src := range s.sources {
		if len(only) > 0 && !slices.Contains(only, src.folder) {
			continue
		}
		if src.broken() {
			for _, f := range src.faults {
				c.out = append(c.out, f.problem(lang))
			}
			continue
		}
		c.src, c.pack = src, s.packs[src.folder]
		c.head()
		c.limits()
		c.fields()
		c.vocabulary()
		c.aspects()
		c.same()
		for _, l := range because.Langs {
			c.patterns(l)
			c.coverage(l)
			c.corpus(l)
		}
	}
	return c.out
}

// aspects checks what reviews are read by: labels in every language, units that exist, words in every language.
func (c *checker) aspects() {
	for _, k := range sortedKeys(c.src.pack.Aspects) {
		a, at := c.src.pack.Aspects[k], c.src.line("aspects.yaml", "aspects", k)
		c.text(a.Label, at, because.Say(c.lang, "the aspect %q", k))
		if _, ok := c.pack.Units[a.Unit]; a.Unit != "" && !ok {
			c.add(at, because.Say(c.lang, "the aspect %q has the unit %q, which is not listed; list it in units.", k, a.Unit))
		}
		for _, l := range because.Langs {
			if len(a.Names[l])+len(a.Good[l])+len(a.Bad[l])+len(a.Even[l]) == 0 {
				c.add(at, because.Say(c.lang, "the aspect %q has no words in %q; reviews cannot be read by it.", k, string(l)))
			}
		}
	}
}

func (c *checker) add(at place, says string) {
	c.out = append(c.out, Problem{at.file, at.line, says})
}

// text checks that a text has a wording in every language.
func (c *checker) text(t because.Text, at place, what string) {
	for _, l := range because.Langs {
		if strings.TrimSpace(t[l]) == "" {
			c.add(at, because.Say(c.lang, "%s has no wording in %q; add one.", what, string(l)))
		}
	}
}

// head checks what a pack says of itself, its consents, units, series and profile fields.
func (c *checker) head() {
	p, src := c.src.pack, c.src
	at := func(keys ...string) place { return src.line("pack.yaml", keys...) }
	c.text(p.Label, at("label"), "label")
	if p.Closing != nil {
		c.text(p.Closing, at("closing"), "closing")
	}
	if p.Address != "" && p.Address != "你" && p.Address != "您" {
		c.add(at("address"), because.Say(c.lang, "the address must be 你 or 您; write one of the two."))
	}
	for _, l := range because.Langs {
		if len(c.pack.It[l]) == 0 {
			c.add(at("it"), because.Say(c.lang, "%s has no wording in %q; add one.", "it", string(l)))
		}
	}
	for _, k := range sortedKeys(p.Kinds) {
		c.consent(p.Kinds[k].Consent, at("kinds", string(k)))
	}
	for _, k := range sortedKeys(p.Consent) {
		c.text(p.Consent[k].Label, at("consents", k), k)
	}
	for _, k := range sortedKeys(p.Profile) {
		f := p.Profile[k]
		c.text(f.Label, at("profile", k), k)
		c.noun(f.Label, at("profile", k), k)
		c.consent(f.Consent, at("profile", k))
		if f.Meets.How != "" && !slices.Contains([]string{"overlaps", "at_most", "at_least"}, f.Meets.How) {
			c.add(at("profile", k), because.Say(c.lang, "meets.how cannot be %q; write overlaps, at_most or at_least.", f.Meets.How))
		}
		if _, ok := c.pack.Fields[f.Meets.Field]; !ok && f.Meets.Field != "" && f.Meets.Field != "category" {
			c.add(at("profile", k), because.Say(c.lang, "there is no field %q; %s", f.Meets.Field, nearest(c.lang, f.Meets.Field, sortedKeys(c.pack.Fields))))
		}
	}
	for _, k := range sortedKeys(p.Series) {
		s := p.Series[k]
		c.text(s.Label, at("series", k), k)
		c.unit(s.Unit, at("series", k))
		c.better(s.Better, at("series", k))
		c.wordings("pack.yaml", []string{"series", k, "up"}, s.Up, "change", "period", "value")
		c.wordings("pack.yaml", []string{"series", k, "down"}, s.Down, "change", "period", "value")
	}
	for _, k := range sortedKeys(p.Units) {
		if p.Units[k].Zh == "" || p.Units[k].En == "" {
			c.add(at("units", k), because.Say(c.lang, "the unit %q needs zh and en; write how it is said in each language.", k))
		}
	}
	c.wordings("pack.yaml", []string{"several"}, p.Several, slices.Concat([]string{"need"}, composed)...)
	for _, k := range sortedKeys(p.Kinds) {
		if kind := p.Kinds[k]; kind.TTLHours < 0 || kind.MinCount < 0 {
			c.add(at("kinds", string(k)), because.Say(c.lang, "ttl_hours and min_count of %q must not be negative; correct them.", string(k)))
		}
	}
	ids := map[string]bool{}
	for i, r := range p.Rules {
		where := at("rules", decimal(float64(i)))
		if r.ID == "" || ids[r.ID] {
			c.add(where, because.Say(c.lang, "a rule needs an id of its own, not %q; give it another.", r.ID))
		}
		ids[r.ID] = true
		c.rule(r, where)
	}
}

func (c *checker) consent(name string, at place) {
	if _, ok := c.pack.Consent[name]; !ok && name != "" {
		c.add(at, because.Say(c.lang, "there is no consent %q; %s", name, nearest(c.lang, name, sortedKeys(c.pack.Consent))))
	}
}

func (c *checker) unit(name string, at place) {
	if _, ok := c.pack.Units[name]; !ok && name != "" {
		c.add(at, because.Say(c.lang, "there is no unit %q; %s", name, nearest(c.lang, name, sortedKeys(c.pack.Units))))
	}
}

func (c *checker) better(way string, at place) {
	if way != "" && way != "more" && way != "less" {
		c.add(at, because.Say(c.lang, "better cannot be %q; write more or less, or leave it out.", way))
	}
}

// fields checks the item fields.
func (c *checker) fields() {
	for _, k := range sortedKeys(c.src.pack.Fields) {
		f := c.src.pack.Fields[k]
		at := c.src.line("pack.yaml", "fields", k)
		c.text(f.Label, at, k)
		c.noun(f.Label, at, k)
		c.unit(f.Unit, at)
		c.better(f.Better, at)
		if f.Weight < 0 || f.Weight > 1 {
			c.add(at, because.Say(c.lang, "the weight of %q must be between 0 and 1; correct it.", k))
		}
		if f.Strong != nil && f.WeakAt != nil && (f.Better == "more" && *f.Strong <= *f.WeakAt || f.Better == "less" && *f.Strong >= *f.WeakAt) {
			c.add(at, because.Say(c.lang, "strong and weak_at of %q contradict better; exchange them, or change better.", k))
		}
		own := map[string]map[because.Lang][]string{"say": f.Say, "weak": f.Weak, "lack": f.Lack, "shared": f.Shared}
		for _, name := range sortedKeys(own) {
			c.wordings("pack.yaml", []string{"fields", k, name}, own[name], "value", "label")
		}
		missed := map[string]map[because.Lang][]string{"below": f.Below, "above": f.Above, "else": f.Else, "lacks": f.Lacks, "untold": f.Untold}
		for _, name := range sortedKeys(missed) {
			c.wordings("pack.yaml", []string{"fields", k, name}, missed[name], "value", "label", "bound")
		}
		if _, ok := c.pack.Fields[f.Beside]; !ok && f.Beside != "" {
			c.add(c.src.line("pack.yaml", "fields", k, "beside"), because.Say(c.lang, "there is no field %q; %s", f.Beside, nearest(c.lang, f.Beside, sortedKeys(c.pack.Fields))))
		}
		if f.AtLeast < 0 || f.TTLHours < 0 {
			c.add(at, because.Say(c.lang, "at_least and ttl_hours of %q must not be negative; correct them.", k))
		}
		if upto := f.Upto; upto != "" && c.pack.Fields[upto].Unit != f.Unit {
			c.add(at, because.Say(c.lang, "upto must name a field of the same unit, not %q; correct it.", upto))
		}
		against := map[string]map[because.Lang][]string{"ahead": f.Ahead, "behind": f.Behind}
		for _, name := range sortedKeys(against) {
			c.wordings("pack.yaml", []string{"fields", k, name}, against[name], "value", "label", "hist", "other", "diff")
		}
	}
}

// wordings checks predicates or clauses: both languages or none, only known holes.
func (c *checker) wordings(file string, keys []string, list map[because.Lang][]string, holes ...string) {
	some := slices.ContainsFunc(because.Langs, func(l because.Lang) bool { return len(list[l]) > 0 })
	for _, l := range because.Langs {
		if some && len(list[l]) == 0 {
			c.add(c.src.line(file, keys...), because.Say(c.lang, "%s has no wording in %q; add one.", strings.Join(keys, "."), string(l)))
		}
		c.list(file, append(slices.Clone(keys), string(l)), list[l], l, holes)
	}
}

// list checks wordings of one language.
func (c *checker) list(file string, keys, list []string, l because.Lang, holes []string) {
	for i, s := range list {
		at := c.src.line(file, append(slices.Clone(keys), decimal(float64(i)))...)
		parts, err := ParsePattern(s)
		if err != nil {
			c.add(at, because.Say(c.lang, "%q has a bracket that does not fit; every { needs its }, every [ its ].", s))
			continue
		}
		for _, h := range Holes(parts) {
			if !slices.Contains(holes, h) {
				c.add(at, because.Say(c.lang, "%q cannot fill {%s} here; %s", s, h, nearest(c.lang, h, holes)))
			}
		}
		c.manners(s, l, at)
	}
}

// vocabulary checks the words.
func (c *checker) vocabulary() {
	for _, k := range sortedKeys(c.src.pack.Words) {
		w := c.src.pack.Words[k]
		at := func() place {
			if child(c.src.nodes["words.yaml"], "words") != nil {
				return c.src.line("words.yaml", "words", k)
			}
			return c.src.line("words.yaml", k)
		}
		if w.Zh == "" || w.En == "" {
			c.add(at(), because.Say(c.lang, "the word %q needs zh and en; write both.", k))
		}
		if _, ok := c.pack.Words[w.Of]; !ok && w.Of != "" {
			c.add(at(), because.Say(c.lang, "there is no word %q of which %q could be a kind; %s", w.Of, k, nearest(c.lang, w.Of, sortedKeys(c.pack.Words))))
		}
	}
}

// patterns checks the pack's own patterns of one language.
func (c *checker) patterns(l because.Lang) {
	file := "patterns." + string(l) + ".yaml"
	lead := c.src.pack.Lead[l]
	for _, kind := range sortedKeys(lead) {
		if c.pack.Kinds[kind].Off {
			c.add(c.src.line(file, "lead", string(kind)), because.Say(c.lang, "%s is off in this pack, so these patterns are never used; delete them, or turn the kind on in pack.yaml.", string(kind)))
		}
		for _, style := range sortedKeys(lead[kind]) {
			at := c.src.line(file, "lead", string(kind), string(style))
			if style == because.Push && c.pack.bare(kind) {
				c.add(at, because.Say(c.lang, "a rule tells %s only with the closing, and a push has none, so these patterns are never used; delete them.", string(kind)))
			}
			starts := map[string]bool{}
			for i, s := range lead[kind][style] {
				at := c.src.line(file, "lead", string(kind), string(style), decimal(float64(i)))
				c.pattern(s, kind, style, l, at)
				starts[opening(s)] = true
			}
			if least := min(fewest(style), len(lead[kind][style])); len(starts) < least {
				c.add(at, because.Say(c.lang, "the patterns start in %d different ways, and %d are needed; begin some with another thing.", len(starts), least))
			}
		}
	}
	for _, kind := range sortedKeys(c.src.pack.Clause[l]) {
		for i, s := range c.src.pack.Clause[l][kind] {
			at := c.src.line(file, "clause", string(kind), decimal(float64(i)))
			c.holes(s, kind, at)
			c.manners(s, l, at)
		}
	}
}

// corpus checks the units of one language: they keep every rule of patterns, and none repeats another, whatever fills
// its holes.
func (c *checker) corpus(l because.Lang) {
	file, own := "corpus."+string(l)+".yaml", c.src.pack.Corpus[l]
	seen := map[string]bool{}
	for _, styles := range c.src.pack.Lead[l] {
		for _, list := range styles {
			for _, s := range list {
				seen[masked(s)] = true
			}
		}
	}
	for _, kind := range sortedKeys(own.Lead) {
		for _, style := range sortedKeys(own.Lead[kind]) {
			for i, s := range own.Lead[kind][style] {
				at := c.src.line(file, "lead", string(kind), string(style), decimal(float64(i)))
				c.pattern(s, kind, style, l, at)
				if seen[masked(s)] {
					c.add(at, because.Say(c.lang, "%q stands elsewhere in this pack; delete one, or say it in another way.", s))
				}
				seen[masked(s)] = true
			}
		}
	}
	for _, kind := range sortedKeys(own.Clause) {
		for i, s := range own.Clause[kind] {
			at := c.src.line(file, "clause", string(kind), decimal(float64(i)))
			c.holes(s, kind, at)
			c.manners(s, l, at)
		}
	}
	for _, name := range sortedKeys(own.Fields) {
		w := own.Fields[name]
		if _, ok := c.pack.Fields[name]; !ok {
			c.add(c.src.line(file, "fields", name), because.Say(c.lang, "there is no field %q; %s", name, nearest(c.lang, name, sortedKeys(c.pack.Fields))))
		}
		lists := map[string][]string{"say": w.Say, "weak": w.Weak, "lack": w.Lack, "shared": w.Shared, "ahead": w.Ahead, "behind": w.Behind}
		for _, role := range sortedKeys(lists) {
			holes := []string{"value", "label"}
			if role == "ahead" || role == "behind" {
				holes = append(holes, "hist", "other", "diff")
			}
			c.list(file, []string{"fields", name, role}, lists[role], l, holes)
		}
	}
}

// same checks that what says the same says it of something that there is.
func (c *checker) same() {
	own := c.src.pack.Same
	for _, part := range []struct {
		name  string
		lists map[string]map[because.Lang][]string
		has   func(string) bool
		all   []string
	}{
		{"words", own.Words, func(k string) bool { _, ok := c.pack.Words[k]; return ok }, sortedKeys(c.pack.Words)},
		{"fields", own.Fields, func(k string) bool { _, ok := c.pack.Fields[k]; return ok }, sortedKeys(c.pack.Fields)},
		{"not", own.Not, func(k string) bool { _, ok := c.pack.Fields[k]; return ok }, sortedKeys(c.pack.Fields)},
	} {
		for _, k := range sortedKeys(part.lists) {
			if !part.has(k) {
				c.add(c.src.line("same.yaml", part.name, k), because.Say(c.lang, "there is neither a word nor a field %q; %s", k, nearest(c.lang, k, part.all)))
			}
		}
	}
	var deeds []string
	for _, k := range Deeds {
		deeds = append(deeds, string(k))
	}
	for _, k := range sortedKeys(own.Deeds) {
		if !slices.Contains(deeds, k) {
			c.add(c.src.line("same.yaml", "deeds", k), because.Say(c.lang, "%q is no deed of a reader; %s", k, nearest(c.lang, k, deeds)))
		}
	}
}

// masked is a pattern without what fills its holes, for telling repetitions; one of holes alone stays as it is.
func masked(s string) string {
	var b strings.Builder
	depth := false
	for _, r := range s {
		switch {
		case r == '{':
			depth = true
		case r == '}':
			depth = false
			b.WriteRune('_')
		case !depth && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if strings.Trim(b.String(), "_") == "" {
		return s
	}
	return b.String()
}

// pattern checks one pattern.
func (c *checker) pattern(s string, kind because.EvidenceKind, style because.Style, l because.Lang, at place) {
	parts, ok := c.holes(s, kind, at)
	if !ok {
		return
	}
	c.manners(s, l, at)
	c.grammar(s, parts, style, l, at)
	if n := utf8.RuneCountInString(strings.TrimRight(typical(parts, l), "。.")); style == because.Push && n > maxPush {
		c.add(at, because.Say(c.lang, "the push %q has %d characters when filled, and %d are allowed; say the cause only.", s, n, maxPush))
	}
	if style != because.Push && !strings.HasSuffix(strings.TrimRight(s, "]”」"), "。") && !strings.HasSuffix(strings.TrimRight(s, "]"), ".") && !strings.HasSuffix(s, "？") && !strings.HasSuffix(s, "?") {
		c.add(at, because.Say(c.lang, "%q does not end like a sentence; end it with a full stop.", s))
	}
}

func (c *checker) holes(s string, kind because.EvidenceKind, at place) ([]Part, bool) {
	parts, err := ParsePattern(s)
	if err != nil {
		c.add(at, because.Say(c.lang, "%q has a bracket that does not fit; every { needs its }, every [ its ].", s))
		return nil, false
	}
	for _, h := range Holes(parts) {
		if !AllowedHole(kind, h) {
			c.add(at, because.Say(c.lang, "%q cannot fill {%s} here; %s", s, h, nearest(c.lang, h, slices.Concat(slots[kind], composed))))
		}
	}
	return parts, true
}

// manners checks address, punctuation and rules in a wording.
func (c *checker) manners(s string, l because.Lang, at place) {
	other := map[string]string{"你": "您", "您": "你"}[c.pack.Address]
	if l == because.Chinese && other != "" && strings.Contains(s, other) {
		c.add(at, because.Say(c.lang, "%q says %s, but the pack's address is %s; use one of them throughout.", s, other, c.pack.Address))
	}
	runes := []rune(s)
	for i, r := range runes {
		half := strings.ContainsRune(",;:!?", r) && i > 0 && (unicode.Is(unicode.Han, runes[i-1]) || runes[i-1] == '}')
		full := strings.ContainsRune("，。；：！？、「」《》", r)
		if l == because.Chinese && half || l == because.English && full {
			c.add(at, because.Say(c.lang, "%q has punctuation of the other script; Chinese takes full-width marks, English half-width ones.", s))
			break
		}
	}
	lower := strings.ToLower(s)
	for _, r := range c.pack.Rules {
		if len(r.Unless) > 0 {
			continue // it depends on what the text says besides
		}
		for _, phrase := range r.Forbid[l] {
			if contains(lower, strings.ToLower(phrase)) {
				c.add(at, because.Say(c.lang, "%q says %q, which the rule %q forbids; say it in another way.", s, phrase, r.ID))
			}
		}
	}
}

// contains reports whether s holds a phrase, in English as whole words.
func contains(s, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], phrase)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(phrase)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, _ := utf8.DecodeRuneInString(s[end:])
		first, _ := utf8.DecodeRuneInString(phrase)
		latin := func(r rune) bool { return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
		if !latin(first) || !latin(before) && !latin(after) {
			return true
		}
		from = end
	}
}

// coverage checks that every kind that the pack uses can be written in one language.
func (c *checker) coverage(l because.Lang) {
	for _, kind := range because.EvidenceKinds {
		if c.pack.Kinds[kind].Off {
			continue
		}
		file := c.src.line("patterns."+string(l)+".yaml", "lead", string(kind))
		styles := needed
		if kind == because.Versus {
			styles = append(slices.Clone(needed), because.Contrast)
		}
		for _, style := range styles {
			least := fewest(style)
			if style == because.Push && c.pack.bare(kind) {
				continue
			}
			if n := len(c.pack.Lead[l][kind][style]); n < least {
				c.add(file, because.Say(c.lang, "%s in style %s has %d patterns, and %d are needed; write more.", string(kind), string(style), n, least))
			}
		}
	}
}

// opening is what a pattern starts with: its first four characters or holes in Chinese, else two words.
func opening(s string) string {
	s = strings.TrimLeft(s, "[「“《 ")
	if i := strings.IndexAny(s, "}"); i > 0 && strings.HasPrefix(s, "{") {
		rest := []rune(strings.TrimLeft(s[i+1:], "[」”》"))
		return s[:i+1] + string(rest[:min(3, len(rest))])
	}
	r := []rune(s)
	if len(r) > 0 && unicode.Is(unicode.Han, r[0]) {
		return string(r[:min(4, len(r))])
	}
	words := strings.Fields(s)
	return strings.ToLower(strings.Join(words[:min(2, len(words))], " "))
}

// typical is a pattern filled with typical values, optional groups left out.
func typical(parts []Part, l because.Lang) string {
	zh := map[string]string{"hist": "山海笔记", "hist2": "远行", "name": "山海笔记", "when": "上周", "it": "这款", "It": "这款", "rating": "9 分", "query": "长续航手表",
		"category": "智能手表", "count": "12", "period": "近 30 天", "need": "续航长一点", "value": "14 天", "label": "兴趣", "moment": "工作日早上", "price": "1299 元",
		"change": "2.1%", "phrase": "续航很扎实", "people": "86", "share": "31%", "low": "300 元", "high": "500 元", "was": "1499 元", "diff": "3 天", "other": "11 天",
		"shared": "也能撑 14 天", "shared_pred": "也能撑 14 天", "common": "长续航", "fact": "能撑 14 天", "fact2": "能撑 14 天", "extra": "有人说续航很扎实", "but": "没有独立 GPS",
		"better": "多撑 3 天", "worse": "重 5 克", "measure": "块", "aspect": "续航", "own": "7 到 14 天", "rank": "2", "unmet": "防水", "who": "用户", "without": "没有这条记录，它只排第 9"}
	en := map[string]string{"hist": "Aurora", "hist2": "Echo", "name": "Aurora", "when": "last week", "it": "this one", "It": "This one", "rating": "a 9", "query": "long battery",
		"category": "watches", "count": "12", "period": "30 days", "need": "long battery", "value": "14 days", "label": "interests", "moment": "at night", "price": "¥1,299",
		"change": "2.1%", "phrase": "lasts long", "people": "86", "share": "31%", "low": "¥300", "high": "¥500", "was": "¥1,499", "diff": "3 days", "other": "11 days",
		"shared": "runs long too", "shared_pred": "runs long too", "common": "steel", "fact": "runs 14 days", "fact2": "runs 14 days", "extra": "a review says so", "but": "has no GPS",
		"better": "runs longer", "worse": "is heavier", "measure": "", "aspect": "battery", "own": "7 to 14 days", "rank": "2", "unmet": "waterproof", "who": "a user", "without": "without that it would rank 9th"}
	fill := zh
	if l == because.English {
		fill = en
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
		b.WriteString(fill[p.Hole])
	}
	return strings.TrimSpace(b.String())
}

package verify

import (
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// A domainLexicon is what a pack's people wrote, in one language: each fixed wording of its patterns with what must be
// in evidence for it to be said.
type domainLexicon struct {
	pack        *pack.Pack
	lang        because.Lang
	fixed       phrases
	forbid      map[rune][]rule // by first rune
	closed      []pack.Rule     // those that want the closing
	it          phrases
	plain       phrases
	vocab       phrases
	verbs       *verbList
	spoken      map[string]bool     // of all domains; see spokenWords
	ofFields    map[string]bool     // see fieldWords
	stems       map[string][]string // keys by the stem of an English word
	categories  map[string]bool     // what the pack calls sorts of items
	fieldLabels map[string]bool     // what the pack calls its fields
	closing     []string
}

// A rule is one forbidden phrase.
type rule struct {
	*phrase
	of *pack.Rule
}

// blankIn is what a blank of a forbidden phrase is matched as: Han phrases are matched without any.
func blankIn(s string) string {
	if text.HanShare(s) > 0 {
		return ""
	}
	return " "
}

// Keys say what licenses a wording:
//
//	kind:<evidence kind>   an evidence of the kind
//	say:<field>            an evidence that states the field
//	weak: lack: shared: ahead: behind: up: down:   as the pack's Field and Series have them
func newDomainLexicon(p *pack.Pack, lang because.Lang) *domainLexicon {
	d := &domainLexicon{pack: p, lang: lang, fixed: newPhrases(), it: newPhrases(), plain: plain(p, lang), vocab: newPhrases(), verbs: newVerbList(p.Same.Deeds, lang), stems: map[string][]string{}, fieldLabels: map[string]bool{}, forbid: map[rune][]rule{}}
	for kind, styles := range inOrder(p.Lead[lang]) {
		for _, list := range inOrder(styles) {
			for _, pattern := range list {
				d.pattern(pattern, true, "kind:"+string(kind))
			}
		}
	}
	for kind, list := range inOrder(p.Clause[lang]) {
		for _, pattern := range list {
			d.pattern(pattern, true, "kind:"+string(kind))
		}
	}
	for _, pattern := range p.Several[lang] {
		d.pattern(pattern, true, "kind:"+string(because.Need))
	}
	for name, f := range inOrder(p.Fields) {
		for _, role := range []struct {
			name  string
			list  []string
			words bool
		}{{"say:", f.Say[lang], true}, {"weak:", f.Weak[lang], false}, {"lack:", f.Lack[lang], false}, {"shared:", f.Shared[lang], true}, {"ahead:", f.Ahead[lang], true}, {"behind:", f.Behind[lang], true},
			{"below:", f.Below[lang], false}, {"above:", f.Above[lang], false}, {"else:", f.Else[lang], false}, {"lacks:", f.Lacks[lang], false}, {"untold:", f.Untold[lang], false}} {
			for _, pattern := range role.list {
				d.pattern(pattern, role.words, role.name+name)
			}
		}
		d.fieldLabels[string(key(f.Label.In(lang)))] = true
		says := []string{"say:" + name, "shared:" + name}
		if len(f.Lack[lang]) == 0 { // of what is or is not so, a weakness says that it is not
			says = append(says, "weak:"+name, "ahead:"+name, "behind:"+name)
		}
		for _, w := range p.Same.Fields[name][lang] {
			d.fixed.addBeside(anywhere, w, false, says...)
		}
		for _, w := range p.Same.Not[name][lang] {
			d.fixed.addBeside(anywhere, w, false, "lack:"+name)
		}
		d.fixed.addBeside(valueBefore|valueBehind, f.Label.In(lang), false, "say:"+name, "shared:"+name, "weak:"+name, "lack:"+name, "ahead:"+name, "behind:"+name,
			"below:"+name, "above:"+name, "else:"+name, "untold:"+name)
	}
	for name, s := range inOrder(p.Series) {
		for _, pattern := range s.Up[lang] {
			d.pattern(pattern, true, "up:"+name)
		}
		for _, pattern := range s.Down[lang] {
			d.pattern(pattern, true, "down:"+name)
		}
		d.fixed.add(s.Label.In(lang), false, "up:"+name, "down:"+name)
	}
	for w := range inOrder(vocabulary(p, lang)) {
		if r := []rune(w); len(r) > 1 && !(latin(r[0]) && len(r) < 4) {
			d.vocab.add(w, false)
		}
	}
	d.categories = map[string]bool{}
	for _, w := range p.Words {
		if w.Measure == "" {
			continue
		}
		own := w.Zh
		if lang == because.English {
			own = w.En
		}
		for _, s := range append([]string{own}, w.Aliases[lang]...) {
			d.categories[string(key(s))] = true
		}
	}
	for _, it := range p.It[lang] {
		d.it.add(it, false)
	}
	for _, w := range p.Same.Called[lang] {
		d.plain.add(w, false)
		if lang == because.English {
			d.it.add("this "+w, false)
		}
	}
	if lang == because.Chinese {
		for _, w := range inOrder(p.Words) {
			if w.Measure != "" {
				d.it.add("这"+w.Measure, false)
			}
		}
	}
	for i, r := range p.Rules {
		if r.Closes() {
			d.closed = append(d.closed, r)
		}
		for _, l := range because.Langs {
			for _, f := range r.Forbid[l] {
				if k := key(strings.ReplaceAll(f, " ", blankIn(f))); len(k) > 0 {
					d.forbid[k[0]] = append(d.forbid[k[0]], rule{&phrase{r: k}, &p.Rules[i]})
				}
			}
		}
	}
	if c := p.Closing.In(lang); c != "" {
		d.closing = append(d.closing, c)
	}
	return d
}

// inOrder ranges over a map by key.
func inOrder[K ~string, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// pattern adds the fixed wordings of a pattern: each stretch between holes and marks, and the English words of it.
func (d *domainLexicon) pattern(s string, words bool, key string) {
	parts, err := pack.ParsePattern(s)
	if err != nil {
		return // pack.Check tells
	}
	parts = flat(parts)
	for i, p := range parts {
		side := 0
		if i > 0 && parts[i-1].Hole != "" {
			side = valueBefore
		}
		if i+1 < len(parts) && parts[i+1].Hole != "" {
			side |= valueBehind
		}
		d.stretches(p.Text, side, words, key)
	}
}

// flat are the parts of a pattern with those of its optional groups among them.
func flat(parts []pack.Part) (out []pack.Part) {
	for _, p := range parts {
		if len(p.Optional) > 0 {
			out = append(out, flat(p.Optional)...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// stretches adds the stretches between marks of a text that has values on the given sides.
func (d *domainLexicon) stretches(s string, side int, words bool, key string) {
	list := strings.FieldsFunc(s, mark)
	for i, stretch := range list {
		on := 0
		if i == 0 {
			on = side & valueBefore
		}
		if i == len(list)-1 {
			on |= side & valueBehind
		}
		if stretch = strings.TrimSpace(stretch); stretch == "" {
			continue
		}
		d.fixed.addBeside(on, stretch, false, key)
		if rest, ok := strings.CutPrefix(stretch, "is "); ok && d.lang == because.English {
			d.fixed.addBeside(on, "'s "+rest, false, key) // as the realiser contracts it
			for _, be := range []string{"was ", "are ", "were "} {
				d.fixed.addBeside(on, be+rest, false, key)
			}
			if n := strings.Count(rest, " "); n > 0 { // "directed by"
				d.fixed.addBeside(on&valueBehind, rest, false, key)
			}
		}
		if rest, ok := strings.CutPrefix(stretch, "needs "); ok && strings.HasPrefix(key, "lack:") {
			d.fixed.addBeside(on, "need "+rest, false, key) // "you'll need a connection"
		}
		if !words {
			continue
		}
		if d.lang == because.English {
			d.englishWords(stretch, on, key)
		} else if core := strings.Trim(stretch, neutralHan); len([]rune(core)) > 1 && core != stretch { // one character alone may be part of another word
			d.fixed.add(core, true, key)
		}
	}
}

// englishWords adds the words of a stretch up to a denial: what is denied may not be said by itself.
func (d *domainLexicon) englishWords(stretch string, side int, key string) {
	list := strings.FieldsFunc(stretch, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '-'
	})
	for i, w := range list {
		if denies(w) {
			return
		}
		on := 0
		if i == 0 {
			on = side & valueBefore
		}
		if i == len(list)-1 {
			on |= side & valueBehind
		}
		d.fixed.addBeside(on, w, true, key)
		if stem := stemOf(w); stem != "" && !slices.Contains(d.stems[stem], key) {
			d.stems[stem] = append(d.stems[stem], key)
		}
	}
}

// denies reports whether an English word denies what follows it.
func denies(w string) bool {
	w = strings.ToLower(strings.ReplaceAll(w, "’", "'"))
	return w == "no" || w == "not" || w == "without" || w == "never" || w == "nothing" || strings.HasSuffix(w, "n't")
}

// stemOf is the stem of an English word.
func stemOf(w string) string {
	if list := text.Words(w); len(list) == 1 {
		return list[0]
	}
	return ""
}

func mark(r rune) bool {
	return r != '\'' && r != '’' && r != '-' && r != '%' && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
}

// lexica builds the domain lexicons on first use.
type lexica struct {
	packs *pack.Set
	mu    sync.Mutex
	made  map[string]*domainLexicon        // guarded by mu
	told  map[because.Lang]map[string]bool // guarded by mu
}

func (l *lexica) of(domain string, lang because.Lang) *domainLexicon {
	p := l.packs.Pack(domain)
	l.mu.Lock()
	defer l.mu.Unlock()
	k := p.Domain + "/" + string(lang)
	if l.made[k] == nil {
		if l.told[lang] == nil {
			l.told[lang] = spokenWords(l.packs, lang)
		}
		d := newDomainLexicon(p, lang)
		d.spoken, d.ofFields = l.told[lang], fieldWords(p, lang)
		l.made[k] = d
	}
	return l.made[k]
}

// A license is what one request's evidence allows to be said.
type license struct {
	*domainLexicon
	given   Given
	ev      []because.Evidence // what may be spoken
	keys    map[string][]int   // evidence by key
	slots   []slotText
	names   []slotText // of the item itself
	numbers []evidenceNumber
	texts   [][]rune // folded Evidence.Text, without what a reader searched for or asked for in vain
	asked   [][]rune // the same with it, where there is such
	need    []rune
}

// A slotText is the wording of a slot.
type slotText struct {
	r    []rune
	kind because.SlotKind
	name string // of the slot
	ev   int    // index into ev, -1 for the item itself
}

// An evidenceNumber is a number that an evidence states.
type evidenceNumber struct {
	value   float64
	base    string // of the unit; "" for none
	count   bool
	percent bool
	date    bool // part of a date, or of a field's label: 2025 年 10 月, 近一年
	slot    string
	ev      int
}

func (v *Verifier) license(g Given) *license {
	l := &license{domainLexicon: v.lexica.of(g.Domain, g.Lang), given: g, keys: map[string][]int{}, need: key(g.Need)}
	for _, e := range g.Evidence {
		if l.pack.Kinds[e.Kind].Sensitive || e.Kind == because.Profile && l.pack.Profile[e.Ref].Sensitive || e.Kind == because.Caller && !l.quotable(e.Slots["label"].Text) || l.expired(e) {
			continue
		}
		l.ev = append(l.ev, e)
	}
	for i, e := range l.ev {
		l.grant(i, e)
		if e.Kind == because.Caller { // it is quoted, or it is nothing
			l.texts, l.asked = append(l.texts, nil), append(l.asked, nil)
			l.slots = append(l.slots, slotText{key(e.Slots["label"].Text), because.QuoteSlot, "label", i})
			continue
		}
		stated, asked := e.Text, []rune(nil)
		if s := unasked(e); s != stated {
			stated, asked = s, key(e.Text)
		}
		l.texts, l.asked = append(l.texts, key(stated)), append(l.asked, asked)
		for _, name := range sorted(e.Slots) {
			s := e.Slots[name]
			l.slots = append(l.slots, slotText{key(s.Text), s.Kind, name, i})
			if s.Kind == because.WordSlot {
				for _, w := range l.sameAs(s) {
					l.slots = append(l.slots, slotText{key(w), s.Kind, name, i})
				}
			}
			if s.Kind != because.NameSlot { // "3 months" of a title counts nothing
				l.number(i, name, s)
			}
		}
		if e.Kind == because.Shared && e.Slots["hist"].Text != "" && e.Slots["hist2"].Text != "" && e.Slots["count"].Text == "" {
			l.numbers = append(l.numbers, evidenceNumber{value: 2, base: "count", count: true, ev: i})
		}
		dates := text.Times(e.Text, g.Now)
		for _, n := range text.Numbers(e.Text) {
			if inName(e, n) || standsIn(e.Text, g.Name, n) {
				continue
			}
			x := parsed(n, i, "")
			x.date = l.dated(e, n) || slices.ContainsFunc(dates, func(t text.Time) bool { return t.Start <= n.Start && n.End <= t.End })
			if !slices.ContainsFunc(l.numbers, func(o evidenceNumber) bool { return o.ev == i && o.value == x.value && o.date == x.date }) {
				l.numbers = append(l.numbers, x) // a slot knows better what it is a number of
			}
		}
	}
	l.shorten()
	for _, n := range append([]string{g.Name}, g.Aliases...) {
		if n != "" {
			l.names = append(l.names, slotText{key(n), because.NameSlot, "name", -1})
			for _, x := range text.Numbers(n) {
				l.numbers = append(l.numbers, parsed(x, -1, "name"))
			}
		}
	}
	return l
}

// expired reports whether a price or a trend was read longer ago than the pack lets it stand.
func (l *license) expired(e because.Evidence) bool {
	ttl := l.pack.Kinds[e.Kind].TTLHours
	return ttl > 0 && (e.Kind == because.PriceKind || e.Kind == because.Trend) && !e.At.IsZero() && l.given.Now.Sub(e.At).Hours() > ttl
}

// sameAs are other wordings of a word, or of the words of a list: singular and plural, and what the pack says for just the
// same.
func (l *license) sameAs(s because.Slot) (out []string) {
	add := func(k string) {
		w, ok := l.pack.Words[k]
		if !ok {
			return
		}
		out = append(out, l.pack.Same.Words[k][l.lang]...)
		if l.lang == because.English {
			out = append(out, w.En, w.Plural)
		}
	}
	if _, ok := l.pack.Words[s.Ref]; ok {
		add(s.Ref)
	} else {
		parts := listMarks.Split(s.Text, -1)
		for _, part := range parts {
			k, _ := l.pack.Key(part)
			add(k)
			if _, ok := l.pack.Words[k]; ok && len(parts) > 1 && l.lang == because.Chinese {
				out = append(out, part)
			}
		}
	}
	return slices.DeleteFunc(out, func(o string) bool { return o == "" || o == s.Text })
}

var listMarks = regexp.MustCompile(`、|和|, and |, | and `)

// dated reports whether a number of an evidence's sentence stands in one of its dates or in the label of its field: it
// counts nothing.
func (l *license) dated(e because.Evidence, n text.Number) bool {
	in := func(s string) bool {
		at := strings.Index(e.Text, s)
		return s != "" && at >= 0 && at <= n.Start && n.End <= at+len(s)
	}
	for _, s := range e.Slots {
		if s.Kind == because.DateSlot && in(s.Text) {
			return true
		}
	}
	return in(l.pack.Fields[e.Ref].Label.In(l.lang))
}

// quotable reports whether the caller's words may stand in a text as theirs: they hold no superlative, promise,
// instruction or contact, nor what a rule of the pack forbids.
func (l *license) quotable(s string) bool {
	x := (&license{domainLexicon: l.domainLexicon, given: Given{Lang: l.given.Lang}}).read(s)
	x.forbidden()
	return !slices.ContainsFunc(x.claims, func(c because.Claim) bool {
		starts := slices.ContainsFunc(x.clauses, func(clause [2]int) bool { return x.at[clause[0]] == c.Start })
		rest := string(x.r[x.rune(c.End):])
		done := !starts || slices.ContainsFunc(records, func(w string) bool { return strings.HasPrefix(rest, w) })
		return !done || !doings.any(key(c.Text), 0, len(key(c.Text)))
	})
}

// doings are instructions only where a clause starts with them and no word behind makes a record of them: 点击过, "click
// history".
var (
	doings  = newPhrases().list("点击 下载 转发 扫码 click download scan subscribe")
	records = strings.Split("过|了|率|量|数|次|记录|历史|行为|相似| history| rate| record| log| count| through| similarity|-through", "|")
)

// inName reports whether a number of an evidence's text stands in a name that a slot holds.
func inName(e because.Evidence, n text.Number) bool {
	for _, s := range e.Slots {
		if s.Kind == because.NameSlot && standsIn(e.Text, s.Text, n) {
			return true
		}
	}
	return false
}

// standsIn reports whether a number of a text stands in a name there.
func standsIn(s, name string, n text.Number) bool {
	for from := 0; name != ""; from += len(name) {
		at := strings.Index(s[from:], name)
		if at < 0 {
			return false
		}
		if from += at; from <= n.Start && n.End <= from+len(name) {
			return true
		}
	}
	return false
}

// number records the numbers that a slot states.
func (l *license) number(i int, name string, s because.Slot) {
	count := s.Kind == because.CountSlot
	found := text.Numbers(s.Text)
	for _, n := range found {
		x := parsed(n, i, name)
		x.count, x.date = count, s.Kind == because.DateSlot
		l.numbers = append(l.numbers, x)
	}
	if s.Number != 0 && (s.Kind == because.NumberSlot || count) {
		if len(found) == 0 || found[0].Unit == "" {
			l.numbers = append(l.numbers, evidenceNumber{value: s.Number, count: count, slot: name, ev: i})
		}
	}
}

func parsed(n text.Number, ev int, slot string) evidenceNumber {
	base, x := text.Unit(n.Unit)
	return evidenceNumber{value: n.Value * x, base: base, percent: n.Percent, slot: slot, ev: ev}
}

// grant records what an evidence licenses.
func (l *license) grant(i int, e because.Evidence) {
	add := func(k string) { l.keys[k] = append(l.keys[k], i) }
	if missed(e) { // it licenses how it is missed, and nothing that says it is met
		how := e.Slots["bound"].Ref
		ref := e.Ref
		if len(l.pack.Fields[ref].Missed(how)[l.lang]) == 0 {
			ref = "_other"
		}
		add(how + ":" + ref)
		if ref == "_other" && how != "lacks" { // the label that the wording holds
			add(how + ":" + e.Ref)
		}
		return
	}
	add("kind:" + string(e.Kind))
	field := func(role, ref string) {
		if _, ok := l.pack.Fields[ref]; !ok {
			ref = "_other"
		}
		add(role + ref)
	}
	if s, ok := e.Slots["shared"]; ok {
		field("shared:", s.Ref)
	}
	switch e.Kind {
	case because.Attribute, because.Fit, because.NewItem, because.Need:
		if e.Ref != "" {
			field("say:", e.Ref)
		}
		if value := e.Slots["value"]; value.Ref != "" {
			if _, ok := l.pack.Fields[value.Ref]; ok {
				add("say:" + value.Ref)
			}
		}
	case because.PriceKind:
		add("say:price")
	case because.Shared:
		field("shared:", e.Ref)
	case because.Drawback:
		field("weak:", e.Ref)
		field("lack:", e.Ref)
	case because.Versus:
		if s := comparedAs(e); s != "" {
			field(s, e.Ref)
		}
	case because.Trend:
		if c := e.Slots["change"]; c.Number > 0 {
			add("up:" + e.Ref)
		} else if c.Number < 0 {
			add("down:" + e.Ref)
		}
	case because.Profile:
		if m := l.pack.Profile[e.Ref].Meets.Field; m != "" && e.Slots["shared"].Text != "" {
			add("shared:" + m)
			add("say:" + m)
		}
	}
}

// comparedAs is the role of wordings for the item of two that an evidence compares: it is ahead, or behind; empty for neither.
func comparedAs(e because.Evidence) string {
	switch d := e.Slots["diff"].Number; {
	case d > 0:
		return "ahead:"
	case d < 0:
		return "behind:"
	}
	return ""
}

// shorten adds the names of the reader's items without the word for what they are, where that leaves a name of one item alone:
// 岩生轻行 for 岩生轻行充电宝.
func (l *license) shorten() {
	var names [][]rune
	for _, s := range l.slots {
		if s.kind == because.NameSlot {
			names = append(names, s.r)
		}
	}
	names = append(names, key(l.given.Name))
	for _, s := range slices.Clone(l.slots) {
		if s.kind != because.NameSlot {
			continue
		}
		short := l.bareName(s.r)
		if short == nil || slices.ContainsFunc(names, func(n []rune) bool {
			return !slices.Equal(n, s.r) && len(n) >= len(short) && slices.Equal(n[:len(short)], short)
		}) {
			continue
		}
		l.slots = append(l.slots, slotText{short, s.kind, s.name, s.ev})
	}
}

// bareName is a name without the category that it ends in; nil where it ends in none, or little is left.
func (l *license) bareName(name []rune) (short []rune) {
	for w := range l.categories {
		n := len(name) - len([]rune(w))
		if n < 4 || string(name[n:]) != w || latin(name[n]) && name[n-1] != ' ' || short != nil && len(short) <= n {
			continue
		}
		for n > 0 && name[n-1] == ' ' {
			n--
		}
		short = name[:n:n]
	}
	return short
}

// unasked is an evidence's sentence without what it says of no item: the words of a search, and what was asked for and is
// not met.
func unasked(e because.Evidence) string {
	s := e.Text
	for _, name := range []string{"unmet", "query", "bound"} {
		if w := e.Slots[name].Text; w != "" && (e.Kind == because.Searched || name == "unmet" || missed(e)) {
			s = strings.ReplaceAll(s, w, "\n")
		}
	}
	return s
}

// missed reports whether an evidence says that something that was asked for is not met.
func missed(e because.Evidence) bool { return e.Kind == because.Need && e.Slots["bound"].Text != "" }

// by returns the evidence that licenses a phrase; ok is true for a neutral one too.
func (l *license) by(p *phrase) (ev []int, ok bool) {
	if len(p.keys) == 0 {
		return nil, true
	}
	for _, k := range p.keys {
		ev = append(ev, l.keys[k]...)
	}
	return ev, len(ev) > 0
}

package verify

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"because"
	"because/internal/text"
)

// A span is a stretch of the text, in runes, that evidence licenses.
type span struct {
	s, e int
	ev   []int
	slot string // name of the slot
	kind because.SlotKind
	p    *phrase
}

// A reading is one text being judged.
type reading struct {
	*license
	lex     *lexicon
	text    string
	r       []rune
	at      []int
	covered []bool
	hard    []bool // inside a name or a licensed quote: nothing in it is a claim of ours
	names   []span
	quotes  []span
	values  []span // slots said verbatim
	fixed   []span // wordings of the pack
	lacks   []span // those that say that something is lacking, where no evidence does
	weak    []span // words that find a value wanting, as an evidence does
	echoed  []span // words that an evidence's sentence or the item's name holds
	ranked  []span // ranks that words tell and evidence bears
	went    []span // words for what changed, as an evidence has it: that a number fell, that the item is new
	bounds  []span // denials of the bound of a number
	parts   []part // numbers that tell how much of another is meant
	clauses [][2]int
	times   []text.Time
	claims  []because.Claim
}

func (l *license) read(s string) *reading {
	x := &reading{license: l, lex: lexicons(), text: s}
	x.r, x.at = spread(s)
	x.covered, x.hard = make([]bool, len(x.r)), make([]bool, len(x.r))
	for _, c := range text.Clauses(s) {
		x.clauses = append(x.clauses, [2]int{x.rune(c[0]), x.rune(c[1])})
	}
	return x
}

// rune is the index of the rune at a byte offset.
func (x *reading) rune(b int) int { return sort.SearchInts(x.at, b) }

// judge finds and judges every claim.
func (x *reading) judge() []because.Claim {
	x.skipClosing()
	x.findNames()
	x.joinNames()
	x.partNames()
	x.cutNames()
	x.findReplayed()
	x.findQuotes()
	x.findValues()
	x.findFixed()
	x.inVain()
	x.foreign()
	x.weaknesses()
	x.scales()
	x.ranks()
	x.firsts()
	x.times = slices.DeleteFunc(text.Times(x.text, x.given.Now), func(t text.Time) bool { return x.apartNotAgo(t) || x.timesAWeek(t) })
	x.periods()
	x.newness()
	x.forbidden()
	for i := range x.clauses {
		x.clause(i)
	}
	x.agree()
	x.oneDeed()
	x.unclosed()
	x.misnamed()
	x.hollow()
	slices.SortStableFunc(x.claims, func(a, b because.Claim) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	return x.claims
}

// joinNames joins clauses that a name goes across: its commas are its own.
func (x *reading) joinNames() {
	for _, n := range x.names {
		for i := 0; i+1 < len(x.clauses); {
			if x.clauses[i][1] > n.s && x.clauses[i+1][0] < n.e {
				x.clauses[i][1] = x.clauses[i+1][1]
				x.clauses = slices.Delete(x.clauses, i+1, i+2)
				continue
			}
			i++
		}
	}
}

// partNames parts sentences where one begins behind a name that ends in a letter of its own: "… Bond C. It matches".
func (x *reading) partNames() {
	for _, n := range x.names {
		for i, c := range x.clauses {
			if n.e > c[0] && n.e+2 < c[1] && x.r[n.e] == '.' && x.r[n.e+1] == ' ' {
				x.clauses = slices.Insert(x.clauses, i+1, [2]int{n.e + 2, c[1]})
				x.clauses[i][1] = n.e
				break
			}
		}
	}
}

// cutNames joins clauses that the beginning of a name stands across which goes on in other words, and refuses it: what follows
// the mark in it is no statement of its own.
func (x *reading) cutNames() {
	given := slices.Clone(x.license.names)
	for _, s := range x.slots {
		if s.kind == because.NameSlot {
			given = append(given, s)
		}
	}
	for _, n := range given {
		cut := slices.IndexFunc(n.r, func(r rune) bool { return strings.ContainsRune(",，:：;；", r) })
		if cut < 3 {
			continue
		}
		x.places(n.r[:cut], func(s, e int) {
			if x.hard[s] || e >= len(x.r) || !strings.ContainsRune(",，:：;；", x.r[e]) {
				return
			}
			for i := 0; i+1 < len(x.clauses); i++ {
				if x.clauses[i][0] <= s && e <= x.clauses[i][1] && x.likeRest(n.r[cut+1:], x.clauses[i+1]) {
					x.clauses[i][1] = x.clauses[i+1][1]
					x.clauses = slices.Delete(x.clauses, i+1, i+2)
					if end := x.clauses[i][1]; end-s <= len(n.r)+4 {
						e = end
					}
					x.claim(because.EntityClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence holds this title or quotation."))
					return
				}
			}
		})
	}
}

// likeRest reports whether a clause begins as what follows the mark in a name does.
func (x *reading) likeRest(rest []rune, c [2]int) bool {
	for len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	n := 0
	for n < len(rest) && c[0]+n < c[1] && x.r[c[0]+n] == rest[n] {
		n++
	}
	return n > 0 && (text.IsHan(rest[0]) || n >= 3 || n == len(rest)) || len(rest) > 0 && unicode.IsDigit(rest[0]) && unicode.IsDigit(x.r[c[0]])
}

// apartNotAgo reports whether a time is how far two items are apart: "runs out 14 hours earlier".
func (x *reading) apartNotAgo(t text.Time) bool {
	s := x.rune(t.Start)
	return slices.ContainsFunc(x.values, func(v span) bool { return v.s == s && v.slot == "diff" && v.kind == because.NumberSlot })
}

func (x *reading) clause(i int) {
	c := x.clauses[i]
	x.timeClaims(c)
	x.proportions(c)
	x.numberClaims(c)
	x.historyClaims(i)
	x.otherDeeds(i)
	x.strangeDeeds(c)
	x.negationClaims(c)
	x.groupClaims(c)
	x.groupVerbs(c)
	x.partOfGroup(c)
	x.compared(c)
	x.sameRoles(c)
	x.comparisonClaims(c)
	x.likingClaims(c)
	x.needClaims(c)
	x.lackClaims(c)
	x.noneClaims(c)
	x.lackless(c)
	x.bindingClaims(c)
	x.residual(c)
	x.foretold(c)
	x.ofReader(c)
	x.causeClaims(i)
}

// claim records a claim on runes s to e.
func (x *reading) claim(kind because.ClaimKind, verdict because.ClaimVerdict, s, e int, ev []int, reason string) {
	cl := because.Claim{Start: x.at[s], End: x.at[e], Kind: kind, Verdict: verdict, Reason: reason, Evidence: []string{}}
	cl.Text = x.text[cl.Start:cl.End]
	for _, i := range ev {
		if i >= 0 && !has(cl.Evidence, x.ev[i].ID) {
			cl.Evidence = append(cl.Evidence, x.ev[i].ID)
		}
	}
	for _, o := range x.claims {
		if o.Start == cl.Start && o.End == cl.End && o.Kind == cl.Kind && o.Verdict == cl.Verdict {
			return
		}
	}
	x.claims = append(x.claims, cl)
}

func (x *reading) cover(s, e int) {
	for i := s; i < e; i++ {
		x.covered[i] = true
	}
}

func (x *reading) harden(s, e int) {
	x.cover(s, e)
	for i := s; i < e; i++ {
		x.hard[i] = true
	}
}

func (x *reading) isHard(s, e int) bool {
	for i := s; i < e; i++ {
		if !x.hard[i] {
			return false
		}
	}
	return e > s
}

// skipClosing takes the pack's disclaimer out of judgement.
func (x *reading) skipClosing() {
	for _, c := range x.closing {
		if i := strings.Index(x.text, c); i >= 0 {
			x.harden(x.rune(i), x.rune(i+len(c)))
		}
	}
	all := string(x.r)
	for _, at := range cautionary.FindAllStringIndex(all, -1) {
		s := utf8.RuneCountInString(all[:at[0]])
		x.harden(s, s+utf8.RuneCountInString(all[at[0]:at[1]]))
	}
}

// cautionary is what packs' disclaimers say, as others word it.
var cautionary = regexp.MustCompile(`(如果?|若|要是)?(身体|感到|感觉|练时|练的时候)?(有|出现)?(任何)?(不适|不舒服)(时|的话)?[,，]?请?(先|及时)?(去)?(问|咨询|看|找|听)(问|一下)?医生(的)?|(历史|过往|过去)的?(业绩|表现|收益)并?不(代表|预示|保证|意味着|等于)(未来|将来|以后)的?(业绩|表现|收益)?|[不非](构成|是)(任何)?投资建议|投资有风险` +
	`|(if (anything|something|it) (hurts|feels (off|wrong))|if you feel unwell), (please )?(ask|see|consult|check with|talk to) (a|your) doctor( first)?|past (performance|results) (does|do|is|are)(n't| not) [a-z ]{0,12}(guarantee|predict|guide to|foretell)[a-z ]{0,10} (future|the future)( results| performance)?|(is |are )?not investment advice`)

// places calls f for every place of w, longest words whole.
func (x *reading) places(w []rune, f func(s, e int)) {
	if len(w) == 0 {
		return
	}
	p := phrase{r: w}
	for i := 0; i+len(w) <= len(x.r); i++ {
		if p.at(x.r, i) {
			f(i, i+len(w))
		}
	}
}

// findNames finds the item's names and those in evidence, the longest first, so that no name is found inside another.
func (x *reading) findNames() {
	all := slices.Clone(x.license.names)
	for _, s := range x.slots {
		if s.kind == because.NameSlot {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b slotText) int { return len(b.r) - len(a.r) })
	for _, n := range all {
		x.places(n.r, func(s, e int) {
			for i := range x.names {
				o := &x.names[i]
				if o.s == s && o.e == e {
					if n.ev < 0 != (o.ev[0] < 0) && n.ev >= 0 {
						return // the item's own name stays the item's
					}
					o.ev = append(o.ev, n.ev)
					return
				}
				if s < o.e && o.s < e {
					return
				}
			}
			x.names = append(x.names, span{s: s, e: e, ev: []int{n.ev}, slot: n.name, kind: n.kind})
		})
	}
	slices.SortFunc(x.names, func(a, b span) int { return a.s - b.s })
	for _, n := range x.names {
		x.harden(n.s, n.e)
		x.claim(because.EntityClaim, because.Supported, n.s, n.e, n.ev, because.Say(x.given.Lang, "The evidence names it."))
	}
}

// findReplayed finds what was found by replaying the ranker. It is said whole: a part of it would state another rank.
func (x *reading) findReplayed() {
	for _, t := range x.slots {
		if t.kind != because.ReplaySlot {
			continue
		}
		x.places(t.r, func(s, e int) {
			if !digitBeside(x.r, s, e) {
				x.harden(s, e)
				x.claim(because.ComparisonClaim, because.Supported, s, e, []int{t.ev}, because.Say(x.given.Lang, "The ranker was replayed without it."))
			}
		})
	}
}

var closers = map[rune]rune{'「': '」', '『': '』', '《': '》', '〈': '〉', '“': '”', '"': '"', '‘': '’', '*': '*', '【': '】'}

// findQuotes judges what stands in quotation marks and title brackets.
func (x *reading) findQuotes() {
	for i := 0; i < len(x.r); i++ {
		mark, _ := utf8.DecodeRuneInString(x.text[x.at[i]:])
		q, ok := closers[mark]
		if !ok || x.isHard(i, i+1) { // 《》 may be part of a name
			continue
		}
		end := -1
		for k := i + 1; k < len(x.r) && k < i+120; k++ {
			if x.r[k] == q || q == '’' && x.r[k] == '\'' {
				end = k
				break
			}
		}
		if end < 0 || end == i+1 {
			continue
		}
		ev, ok := x.quoted(i+1, end)
		ok = ok && (!x.allCaller(ev) || x.attributed(i)) && (!x.searchedFor(i) || slices.ContainsFunc(ev, x.isAsked))
		switch {
		case !ok:
			x.claim(because.EntityClaim, because.Unverifiable, i, end+1, nil, because.Say(x.given.Lang, "No evidence holds this title or quotation."))
			x.cover(i, end+1)
		case len(ev) == 0: // “…” quotes nobody
			x.cover(i, end+1)
		case !x.isHard(i+1, end):
			x.quotes = append(x.quotes, span{s: i + 1, e: end, ev: ev})
			x.harden(i+1, end)
			x.claim(because.EntityClaim, because.Supported, i, end+1, ev, because.Say(x.given.Lang, "The evidence holds these words."))
		}
		i = end
	}
}

// searchedFor reports whether what begins at rune i is told as searched for: it has to be what was typed, and not, for
// instance, the item's name.
func (x *reading) searchedFor(i int) bool {
	told := false
	x.verbs.byKind[because.Searched].find(x.r, max(0, i-16), i, func(_, e int, _ *phrase) {
		rest := strings.TrimSpace(string(x.r[e:i]))
		told = told || rest == "" || rest == "for" || rest == "过" || rest == "了"
	})
	return told
}

// isAsked reports whether an evidence holds what the reader typed.
func (x *reading) isAsked(i int) bool {
	return i >= 0 && (x.ev[i].Kind == because.Searched || x.ev[i].Kind == because.Need)
}

// allCaller reports whether only the caller states something.
func (x *reading) allCaller(ev []int) bool {
	return len(ev) > 0 && !slices.ContainsFunc(ev, func(i int) bool { return i < 0 || x.ev[i].Kind != because.Caller })
}

// attributed reports whether the sentence around rune i says that it gives another's ground.
func (x *reading) attributed(i int) bool {
	from, to := i, i
	for from > 0 && !strings.ContainsRune("。！？!?\n", x.r[from-1]) && !(x.r[from-1] == '.' && x.r[from] == ' ') {
		from--
	}
	for to < len(x.r) && !strings.ContainsRune("。！？\n", x.r[to]) {
		to++
	}
	return x.lex.ground.any(x.r, from, to)
}

// quoted returns the evidence that holds a quotation. A title must be whole; of a quotation a part will do.
func (x *reading) quoted(s, e int) (ev []int, ok bool) {
	for s < e && mark(x.r[s]) && !unicode.Is(unicode.Sc, x.r[s]) {
		s++
	}
	for e > s && mark(x.r[e-1]) && !unicode.Is(unicode.Sc, x.r[e-1]) {
		e--
	}
	inner := string(x.r[s:e])
	if e == s {
		return nil, true
	}
	for _, n := range x.names {
		if n.s == s && n.e == e {
			return n.ev, true
		}
	}
	for _, t := range x.slots {
		whole := strings.TrimFunc(string(t.r), func(r rune) bool { return mark(r) && !unicode.Is(unicode.Sc, r) })
		if whole == inner || t.kind == because.QuoteSlot && e-s >= 2 && strings.Contains(whole, inner) {
			ev, ok = append(ev, t.ev), true
		}
	}
	if !ok && e-s >= 2 && strings.Contains(string(x.need), inner) {
		for i, e := range x.ev {
			if e.Kind == because.Need {
				ev, ok = append(ev, i), true
			}
		}
	}
	return ev, ok
}

// findValues finds the other slots verbatim.
func (x *reading) findValues() {
	for _, t := range x.slots {
		if t.kind == because.NameSlot || t.kind == because.ReplaySlot || len(t.r) == 0 {
			continue
		}
		found := func(s, e int) {
			if x.isHard(s, e) || digitBeside(x.r, s, e) || !x.mayStand(t, s, e) {
				return
			}
			x.values = append(x.values, span{s: s, e: e, ev: []int{t.ev}, slot: t.name, kind: t.kind})
			if t.kind != because.CountSlot {
				x.cover(s, e)
			}
		}
		x.places(t.r, found)
		if close := unspaced(t.r); len(close) < len(t.r) { // 30人 for 30 人
			x.places(close, found)
		}
	}
}

// unspaced is a wording without the blanks between digits and Han.
func unspaced(r []rune) []rune {
	if !slices.Contains(r, ' ') {
		return r
	}
	out := make([]rune, 0, len(r))
	for i, c := range r {
		if c == ' ' && i > 0 && i+1 < len(r) && text.IsHan(r[i-1]) != text.IsHan(r[i+1]) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// digitBeside reports whether the numeral at an edge of the stretch goes on outside it.
func digitBeside(r []rune, s, e int) bool {
	numeral := func(c rune) bool {
		return c >= '0' && c <= '9' || strings.ContainsRune("一二三四五六七八九十百千万亿半", c)
	}
	edge := func(in, out int) bool {
		return out >= 0 && out < len(r) && numeral(r[in]) && (numeral(r[out]) || (r[out] == '.' || r[out] == ',') && (out+1 < len(r) && out > in && numeral(r[out+1]) || out > 0 && out < in && numeral(r[out-1])))
	}
	return edge(s, s-1) || edge(e-1, e)
}

// mayStand reports whether a quotation may stand here without marks, or a weakness as a weakness. What the caller states
// may not: it licenses nothing but its quotation.
func (x *reading) mayStand(t slotText, s, e int) bool {
	c := x.clauseOf(s)
	switch {
	case t.ev >= 0 && x.ev[t.ev].Kind == because.Caller:
		return false
	case t.kind == because.QuoteSlot && (t.name == "need" || t.name == "unmet" || t.name == "query"):
		return x.lex.need.any(x.r, max(0, c[0]-12), c[1]) || x.lex.need.any(x.r, max(0, s-12), s) || x.lex.you.any(x.r, c[0], c[1]) && x.verbs.find(x.r, c[0], c[1])
	case t.kind == because.QuoteSlot:
		return x.lex.says.any(x.r, c[0], c[1])
	}
	return true
}

func (x *reading) clauseOf(i int) [2]int {
	for _, c := range x.clauses {
		if i >= c[0] && i < c[1] {
			return c
		}
	}
	return [2]int{0, len(x.r)}
}

// findFixed finds the pack's own wordings that evidence licenses.
func (x *reading) findFixed() {
	x.license.fixed.find(x.r, 0, len(x.r), func(s, e int, p *phrase) {
		if ev, ok := x.by(p); ok && !x.hard[s] && !x.hard[e-1] {
			x.fixed = append(x.fixed, span{s: s, e: e, ev: ev, p: p})
			x.cover(s, e)
		} else if !ok && !p.word && !slices.ContainsFunc(p.keys, func(k string) bool { return !strings.HasPrefix(k, "lack:") }) {
			x.lacks = append(x.lacks, span{s: s, e: e, p: p})
		}
	})
	for _, ps := range []phrases{x.lex.neutral, x.it, x.lex.it, x.lex.you} {
		ps.find(x.r, 0, len(x.r), func(s, e int, p *phrase) { x.cover(s, e) })
	}
	x.plain.find(x.r, 0, len(x.r), func(s, e int, p *phrase) {
		if !x.proper(s) {
			x.cover(s, e)
		}
	})
}

// proper reports whether the word at rune s is written as a name: large, and not because a sentence begins with it.
func (x *reading) proper(s int) bool {
	first, _ := utf8.DecodeRuneInString(x.text[x.at[s]:])
	if !unicode.IsUpper(first) {
		return false
	}
	for s > 0 && !unicode.IsLetter(x.r[s-1]) && !unicode.IsNumber(x.r[s-1]) {
		if s--; strings.ContainsRune(".!?:。！？：\n", x.r[s]) {
			return false
		}
	}
	return s > 0
}

// inFixed returns the licensed whole wordings that hold runes s to e.
func (x *reading) inFixed(s, e int) (out []span) {
	for _, f := range x.fixed {
		if f.s <= s && e <= f.e && !f.p.word {
			out = append(out, f)
		}
	}
	return out
}

// backed returns the evidence that holds runes s to e in a whole wording, a slot or its own sentence.
func (x *reading) backed(s, e int) (ev []int, ok bool) {
	for _, f := range x.inFixed(s, e) {
		ev, ok = append(ev, f.ev...), true
	}
	for _, v := range x.values {
		if v.s <= s && e <= v.e {
			ev, ok = append(ev, v.ev...), true
		}
	}
	if !ok {
		ev, ok = x.inTexts(s, e)
	}
	return ev, ok
}

// inTexts returns the evidence whose sentence holds runes s to e: at least two Han characters or a whole word.
func (x *reading) inTexts(s, e int) (ev []int, ok bool) {
	w := x.r[s:e]
	if len(w) < 2 {
		return nil, false
	}
	for i, t := range x.texts {
		if x.ev[i].Kind == because.Drawback {
			continue
		}
		if holds(t, w) {
			ev, ok = append(ev, i), true
		}
	}
	return ev, ok
}

func holds(t, w []rune) bool {
	p := phrase{r: w}
	for i := 0; i+len(w) <= len(t); i++ {
		if p.at(t, i) {
			return true
		}
	}
	return false
}

// foreign notices names of the catalogue that no evidence gives.
func (x *reading) foreign() {
	x.given.Catalogue.find(x.r, func(s, e int, id string) {
		if x.given.Met != nil {
			x.given.Met(string(x.r[s:e]))
		}
		for _, n := range x.names {
			if s < n.e && n.s < e && e-s <= n.e-n.s {
				return
			}
		}
		for _, q := range x.quotes { // the caller may name what we would not; a part of a quotation is no name
			if q.s <= s && e <= q.e && (x.allCaller(q.ev) || e-s < q.e-q.s) {
				return
			}
		}
		if n := text.Numbers(string(x.r[s:e])); len(n) == 1 && len(n[0].Text) == len(string(x.r[s:e])) { // 十二小时 is judged as a number
			return
		}
		for i := s; i < e; i++ {
			if !x.covered[i] || x.hard[i] && i > s {
				x.claim(because.EntityClaim, because.Contradicted, s, e, nil, because.Say(x.given.Lang, "Another item, which no evidence names."))
				x.cover(s, e)
				return
			}
		}
	})
}

// timeClaims judges when things are said to have happened.
func (x *reading) timeClaims(c [2]int) {
	for _, t := range x.times {
		s, e := x.rune(t.Start), x.rune(t.End)
		if s < c[0] || e > c[1] || x.isHard(s, e) {
			continue
		}
		x.cover(s, e)
		if len(x.inFixed(s, e)) > 0 || x.suggested(c, e) || slices.ContainsFunc(x.values, func(v span) bool { return v.s <= s && e <= v.e && v.kind == because.WordSlot }) {
			continue // part of a word of evidence: 睡前
		}
		if x.lang == because.English && todays.any(x.r, s, min(c[1], e+20)) {
			continue // the suggestion is of today, whatever it suggests
		}
		if i := slices.IndexFunc(x.values, func(v span) bool {
			return v.kind == because.DateSlot && v.e == e && v.s == s+1 && s > 0 && strings.ContainsRune("表单栏录架柜榜", x.r[s-1])
		}); i >= 0 { // 课表上 上周添了
			x.claim(because.TimeClaim, because.Supported, s+1, e, x.values[i].ev, because.Say(x.given.Lang, "The time fits the evidence."))
			continue
		}
		if ev := x.labelTime(t, c); len(ev) > 0 {
			x.claim(because.TimeClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The time fits the evidence."))
			continue
		}
		if ev := x.aged(t, c); len(ev) > 0 {
			x.claim(because.TimeClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The number is the evidence's."))
			continue
		}
		linked, named := x.linked(c)
		if often := x.ofKinds(because.InContext); (t.Weekday != "" || t.Part != "") && len(x.namesIn(c)) == 0 && len(often) > 0 {
			linked = often // when the reader does it, not when it once was done
		}
		ev, conflict := x.timely(t, linked)
		switch {
		case len(ev) > 0:
			x.claim(because.TimeClaim, because.Supported, s, e, ev, because.Say(x.given.Lang, "The time fits the evidence."))
		case conflict || named:
			x.claim(because.TimeClaim, because.Contradicted, s, e, linked, because.Say(x.given.Lang, "The evidence has another time."))
		default:
			x.claim(because.TimeClaim, because.Unverifiable, s, e, nil, because.Say(x.given.Lang, "No evidence has this time."))
		}
	}
}

var todays = newPhrases().list("today's_suggestion today's_pick today's_recommendation today's_choice picked_today suggested_today tonight's_suggestion tonight's_pick")

// labelTime returns the evidence whose field is called by a time, where the sentence holds its number: 近一年年化 27.5%.
func (x *reading) labelTime(t text.Time, c [2]int) (ev []int) {
	for i, e := range x.ev {
		label := x.pack.Fields[e.Ref].Label.In(x.lang)
		if label == "" || t.To <= 0 || !t.Day.IsZero() || !x.tells(x.sentence(c[0]), i) {
			continue
		}
		for _, o := range text.Times(label, x.given.Now) {
			if o.From == t.From && o.To == t.To {
				ev = append(ev, i)
			}
		}
	}
	return ev
}

// aged returns the evidence whose number of years or months a time tells as an age: "was set up 9 years ago", in a
// wording of the pack for that field.
func (x *reading) aged(t text.Time, c [2]int) (ev []int) {
	if len(x.namesIn(c)) > 0 || len(x.verbs.in(x, c)) > 0 {
		return nil
	}
	for i, e := range x.ev {
		if personal(e.Kind) {
			continue
		}
		for _, s := range e.Slots {
			if s.Kind == because.NumberSlot && sameAgo(t.Text, s.Text) == 1 && x.fixedAround(c, i) && !strict.any(x.r, max(c[0], x.rune(t.Start)-12), x.rune(t.Start)) {
				ev = append(ev, i)
			}
		}
	}
	return ev
}

// strict are words for bounds that the number behind them does not reach.
var strict = newPhrases().list("超过 不止 多于 over more_than 不到 不足 少于 under less_than fewer_than")

// linked returns the evidence that a clause speaks of, by name or by verb, and whether it is narrower than all.
func (x *reading) linked(c [2]int) (ev []int, narrow bool) {
	for _, n := range x.names {
		if n.s >= c[0] && n.e <= c[1] && n.ev[0] >= 0 {
			ev = append(ev, n.ev...)
		}
	}
	kinds := x.verbs.kinds(x, c)
	if change := x.ofChange(c); len(ev) == 0 && len(kinds) == 0 && len(change) > 0 {
		return change, true
	}
	if news := x.ofKinds(because.NewItem); len(ev) == 0 && len(kinds) == 0 && len(news) > 0 && slices.ContainsFunc(x.fixed, func(f span) bool {
		return f.s >= c[0] && f.e <= c[1] && !f.p.word && x.content(f.s, f.e) && !slices.ContainsFunc(f.ev, func(i int) bool { return !slices.Contains(news, i) })
	}) {
		return news, true // 是上个月新开的
	}
	if len(ev) > 0 && len(kinds) > 0 {
		var both []int
		for _, i := range ev {
			if slices.Contains(kinds, x.ev[i].Kind) {
				both = append(both, i)
			}
		}
		if len(both) > 0 {
			return both, true
		}
	}
	if len(ev) > 0 {
		return ev, true
	}
	for i, e := range x.ev {
		if slices.Contains(kinds, e.Kind) {
			ev = append(ev, i)
		}
	}
	if len(ev) > 0 {
		return ev, true
	}
	for i := range x.ev {
		ev = append(ev, i)
	}
	return ev, false
}

// timely returns which of the evidence agrees with a time, and whether one has a time that does not.
func (x *reading) timely(t text.Time, among []int) (ev []int, conflict bool) {
	said := bare(t.Text)
	for _, i := range among {
		e := x.ev[i]
		agrees, differs := false, false
		for _, name := range sorted(e.Slots) {
			s := e.Slots[name]
			if s.Kind != because.DateSlot {
				continue
			}
			slot := bare(s.Text)
			switch {
			case personal(e.Kind) && x.stale(t, e, s), x.outlived(s):
				differs = true
			case slot == said || strings.Contains(slot, said) && !digitIn(slot, said):
				agrees = true
			case sameAgo(t.Text, s.Text) == -1:
				differs = true
			case sameAgo(t.Text, s.Text) == 1:
				agrees = true
			default:
				for _, o := range text.Times(s.Text, x.given.Now) {
					if t.From == 0 && o.From == 0 && t.To > 24*time.Hour && math.Abs(float64(t.To-o.To)) <= .09*float64(max(t.To, o.To)) {
						agrees = true // the past month, for the last 30 days
					}
					if t.To == 0 && o.To == 0 && (t.Part == "" || t.Part == o.Part) && (t.Weekday == "" || t.Weekday == o.Weekday) {
						agrees = true
					}
					if at := s.At; e.At.IsZero() && !at.IsZero() && within(t, x.given.Now.Sub(at).Seconds()) {
						agrees = true
					}
				}
			}
		}
		if !agrees && !differs && !e.At.IsZero() && personal(e.Kind) && partFits(t, e) {
			if t.To > 0 {
				agrees = within(t, x.given.Now.Sub(e.At).Seconds())
			} else {
				agrees = t.Part != "" || t.Weekday != ""
			}
		}
		if agrees && !differs {
			ev = append(ev, i)
		} else if differs || !e.At.IsZero() && personal(e.Kind) {
			conflict = true
		}
	}
	return ev, conflict
}

// stale reports whether an evidence's wording of a time, which counts from when it was written, is no longer true: "3 days ago"
// a month later.
func (x *reading) stale(t text.Time, e because.Evidence, s because.Slot) bool {
	at := s.At
	if at.IsZero() {
		at = e.At
	}
	if at.IsZero() || t.To <= 0 || !t.Day.IsZero() || bare(s.Text) != bare(t.Text) && sameAgo(t.Text, s.Text) != 1 {
		return false
	}
	return !within(t, x.given.Now.Sub(at).Seconds())
}

// outlived reports whether a stretch up to when the evidence was made, the past 90 days, has ended a while ago.
func (x *reading) outlived(s because.Slot) bool {
	days := x.given.Now.Sub(s.At).Hours() / 24
	return s.Unit == "d" && s.Number > 0 && !s.At.IsZero() && days > 1.1*s.Number+2
}

// bare is a folded time without the preposition before it.
func bare(s string) string {
	s = string(key(s))
	for _, p := range []string{"in ", "on ", "over ", "at ", "during ", "the ", "在", "于"} {
		s = strings.TrimPrefix(s, p)
	}
	return s
}

// personal are the kinds whose At is when the reader did it.
func personal(k because.EvidenceKind) bool {
	switch k {
	case because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched, because.Shared, because.NewItem:
		return true
	}
	return false
}

func within(t text.Time, ago float64) bool {
	return t.To > 0 && ago >= t.From.Seconds() && ago < t.To.Seconds()
}

// digitIn reports whether said starts inside a longer numeral of slot.
func digitIn(slot, said string) bool {
	i := strings.Index(slot, said)
	return i > 0 && slot[i-1] >= '0' && slot[i-1] <= '9' && said[0] >= '0' && said[0] <= '9'
}

// sameAgo compares two times that are told as a number of a unit: 1 equal, -1 different, 0 not comparable.
func sameAgo(a, b string) int {
	x, y := text.Numbers(a), text.Numbers(b)
	if len(x) != 1 || len(y) != 1 {
		return 0
	}
	bx, fx := text.Unit(x[0].Unit)
	by, fy := text.Unit(y[0].Unit)
	switch {
	case bx == "month" && by == "s" || bx == "s" && by == "month": // three months are about 90 days
		days := map[string]float64{"month": 365. / 12, "s": 1. / (24 * 60 * 60)}
		if a, b := x[0].Value*fx*days[bx], y[0].Value*fy*days[by]; math.Abs(a-b) <= .09*math.Max(a, b) {
			return 1
		}
		return 0
	case bx != by || bx != "s" && bx != "month":
		return 0
	case x[0].Value*fx == y[0].Value*fy:
		return 1
	}
	return -1
}

// partFits reports whether the hour and weekday of an evidence's time are those that t names.
func partFits(t text.Time, e because.Evidence) bool {
	h := e.At.Hour()
	hours := map[string][2]int{"morning": {4, 12}, "noon": {11, 14}, "afternoon": {12, 18}, "evening": {17, 24}, "night": {20, 30}}
	if b, ok := hours[t.Part]; ok && !(h >= b[0] && h < b[1] || h+24 < b[1] || t.Part == "evening" && h < 3) {
		return false
	}
	switch day := strings.ToLower(e.At.Weekday().String()); t.Weekday {
	case "", day:
		return true
	case "weekday":
		return day != "saturday" && day != "sunday"
	case "weekend":
		return day == "saturday" || day == "sunday"
	}
	return false
}

// inTime reports whether the runes are part of a time.
func (x *reading) inTime(s, e int) bool {
	for _, t := range x.times {
		if x.at[s] >= t.Start && x.at[e] <= t.End {
			return true
		}
	}
	return false
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

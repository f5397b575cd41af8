package generate

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"because"
	"because/internal/pack"
)

// A grounding knows what people wrote. A model that has learned well enough to sound right may still put the label of one
// field before the value of another ("room size: 200 m"), of which each part is true, or mix words ("it comes from the
// lead") that state what no evidence is asked about. So each clause between two marks must be one that somebody wrote for
// the very slots that stand in it, or a frame and fillings that people wrote. The model is free in which clauses it says,
// of which evidence, in what order.
type grounding struct {
	packs *pack.Set // with their corpora
	mu    sync.Mutex
	made  map[string]*wordings // by domain and language; guarded by mu
}

// wordings are what people wrote in one domain and language: clauses in which a slot stands as gapMark and the key of its
// place (see places), the item as itMark.
type wordings struct {
	clauses map[string][]string // the keys under which each was written: see grounding.of
	frames  map[string]frame    // by what tells them apart
	mute    map[string][]string // of the clauses, what a field's wordings say without a slot
}

// A frame is a clause with holes that other wordings fill, cut at these.
type frame struct{ pieces, holes []string }

func newGrounding(packs *pack.Set) *grounding {
	return &grounding{packs: packs.WithCorpus(nil), made: map[string]*wordings{}}
}

// The marks of a clause. A period loses its preposition before some fillings, so patterns mark it apart.
const (
	itMark   = "\x01"
	gapMark  = "\x02"
	wordMark = "\x03"
	timeMark = "\x04"
	slotMark = "\x05" // a slot whose place is not known yet
)

func (g *grounding) of(domain string, lang because.Lang) *wordings {
	p := g.packs.Pack(domain)
	g.mu.Lock()
	defer g.mu.Unlock()
	id := p.Domain + "/" + string(lang)
	if g.made[id] != nil {
		return g.made[id]
	}
	w := &wordings{clauses: map[string][]string{}, frames: map[string]frame{}}
	add := func(key string, lists ...[]string) {
		for _, list := range lists {
			for _, s := range list {
				if parts, err := pack.ParsePattern(s); err == nil {
					for _, flat := range subsets(parts) {
						w.add(lang, p.It[lang], key, flat)
					}
				}
			}
		}
	}
	for kind, styles := range p.Lead[lang] {
		for _, list := range styles {
			add("kind:"+string(kind), list)
		}
	}
	for kind, list := range p.Clause[lang] {
		add("kind:"+string(kind), list)
	}
	for name, f := range p.Fields {
		add("say:"+name, f.Say[lang], f.Shared[lang])
		add("weak:"+name, f.Weak[lang], f.Lack[lang])
		add("ahead:"+name, f.Ahead[lang])
		add("behind:"+name, f.Behind[lang])
		add("lacks:"+name, f.Lacks[lang])
	}
	for name, s := range p.Series {
		add("series:"+name, s.Up[lang], s.Down[lang])
	}
	w.mute = map[string][]string{}
	for c, keys := range w.clauses {
		if own := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return strings.HasPrefix(key, "kind:") }); len(own) > 0 && !strings.Contains(c, gapMark) {
			w.mute[c] = own
		}
	}
	g.made[id] = w
	return w
}

// subsets are the flat patterns that come of keeping and dropping optional groups.
func subsets(parts []pack.Part) [][]pack.Part {
	out := [][]pack.Part{nil}
	for _, p := range parts {
		tails := [][]pack.Part{{p}}
		if p.Optional != nil {
			tails = append(subsets(p.Optional), nil)
		}
		var next [][]pack.Part
		for _, head := range out {
			for _, tail := range tails {
				next = append(next, append(slices.Clone(head), tail...))
			}
		}
		out = next
	}
	return out
}

// worded are the holes that a wording fills, or a label in letters.
var worded = []string{"shared", "shared_pred", "fact", "fact2", "extra", "but", "better", "worse", "measure", "aspect", "say", "met", "misses", "label"}

// add adds the clauses of a flat pattern whose slots have their places under key.
func (w *wordings) add(lang because.Lang, its []string, key string, flat []pack.Part) {
	var b strings.Builder
	var holes []string // of the clauses to come
	for _, p := range flat {
		switch {
		case p.Hole == "":
			b.WriteString(p.Text)
		case p.Hole == "it" || p.Hole == "It" || p.Hole == "name":
			b.WriteString(itMark)
		case slices.Contains(worded, p.Hole):
			b.WriteString(wordMark)
			holes = append(holes, p.Hole)
		case p.Hole == "period" && lang == because.English:
			b.WriteString(timeMark)
		default:
			b.WriteString(gap(key + "/" + p.Hole))
		}
	}
	for _, c := range clausesOf(lang, its, b.String()) {
		own := holes[:strings.Count(c, wordMark)]
		holes = holes[len(own):]
		period := gap(key + "/period")
		variants := []string{strings.ReplaceAll(c, timeMark, period)}
		for _, prep := range periodPrepositions {
			if strings.Contains(c, prep+timeMark) {
				variants = append(variants, plain(strings.ReplaceAll(c, prep+timeMark, period)))
			}
		}
		for _, c := range variants {
			if len(own) > 0 { // groups kept and dropped give many of them more than once
				w.frames[c+wordMark+strings.Join(own, " ")] = frame{strings.Split(c, wordMark), own}
			} else if !slices.Contains(w.clauses[c], key) {
				w.clauses[c] = append(w.clauses[c], key)
			}
		}
	}
}

func gap(place string) string { return gapMark + place + gapMark }

// clauseEnds are the marks between clauses.
const clauseEnds = "，。；！？,.;!?"

// clausesOf are the clauses of a marked text, plain and without contractions, its ways to point at the item marked.
func clausesOf(lang because.Lang, its []string, s string) []string {
	if lang == because.Chinese { // blanks only set scripts apart
		s = strings.ReplaceAll(s, " ", "")
	}
	var out []string
	for _, c := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(clauseEnds, r) }) {
		c = strings.NewReplacer("it's ", "it is ", " an "+gapMark, " a "+gapMark, " an "+slotMark, " a "+slotMark).Replace(plain(c))
		for _, it := range its {
			c = strings.ReplaceAll(c, strings.ToLower(it), itMark)
		}
		if c != "" {
			out = append(out, c)
		}
	}
	return out
}

var titleMarks = strings.NewReplacer("《", "", "》", "")

// plain is a stretch of text for comparison: without blanks at its ends and marks of titles, folded.
func plain(s string) string { return strings.ToLower(strings.Trim(titleMarks.Replace(s), " ")) }

// loose is the first clause of a delexicalised text that nobody wrote for the slots in it, or a slot that is said twice; it
// is empty where everything was written.
func (g *grounding) loose(p *pack.Pack, req Request, mine string) string {
	if strings.ContainsFunc(mine, unicode.IsControl) { // nobody writes such a character, and the marks are such
		return mine
	}
	w := g.of(req.Domain, req.Lang)
	var slots []string
	marked := tokenPattern.ReplaceAllStringFunc(mine, func(token string) string {
		if token == "<it>" || token == "<name>" {
			return itMark
		}
		slots = append(slots, token)
		return slotMark
	})
	for i, token := range slots {
		// What joins two things may be said of each.
		if _, name, _ := slotOf(token); slices.Contains(slots[:i], token) && name != "shared" && !strings.HasPrefix(name, "hist") {
			return token + " … " + token
		}
	}
	for _, c := range clausesOf(req.Lang, p.It[req.Lang], marked) {
		k := strings.Count(c, slotMark)
		if !w.placed(p, req, "", c, slots[:k]) {
			for _, token := range slots[:k] {
				c = strings.Replace(c, slotMark, token, 1)
			}
			return strings.ReplaceAll(c, itMark, "<it>")
		}
		slots = slots[k:]
	}
	return ""
}

// placed reports whether somebody wrote a clause: head, in which slots have their places, and tail, in which these have not.
func (w *wordings) placed(p *pack.Pack, req Request, head, tail string, slots []string) bool {
	before, after, more := strings.Cut(tail, slotMark)
	if !more {
		return w.wholly(p, req, head+tail)
	}
	i, name, ok := slotOf(slots[0])
	if !ok || i >= len(req.Evidence) {
		return false
	}
	said := req.Evidence[i].Slots[name].Text
	for _, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		for other, s := range e.Slots {
			if s.Text != said { // what says the same may stand for it
				continue
			}
			for _, place := range places(p, e, other) {
				if w.placed(p, req, head+before+gap(place), after, slots[1:]) {
					return true
				}
				if bare, ok := strings.CutSuffix(before, "a "); ok && other == "rating" && w.placed(p, req, head+bare+gap(place), after, slots[1:]) { // see realiser.rating
					return true
				}
			}
		}
	}
	return false
}

// wholly reports whether somebody wrote a clause whose slots have their places: as it stands, or with holes that another
// wording, a label of the request or a measure word fills.
func (w *wordings) wholly(p *pack.Pack, req Request, clause string) bool {
	if clause == itMark || w.borne(p, req, "", clause) {
		return true
	}
	for _, f := range w.frames {
		if rest, ok := strings.CutPrefix(clause, f.pieces[0]); ok && w.fills(p, req, rest, f.pieces[1:], f.holes) {
			return true
		}
	}
	return false
}

// fills reports whether s is a filling of the first hole, the first piece, a filling of the second and so on to its end.
func (w *wordings) fills(p *pack.Pack, req Request, s string, pieces, holes []string) bool {
	for i := 1; i <= len(s); i++ {
		if len(pieces) == 1 {
			i = max(i, len(s)-len(pieces[0]))
		}
		rest, ok := strings.CutPrefix(s[i:], pieces[0])
		if !ok || len(pieces) == 1 && rest != "" || !w.filling(p, req, holes[0], plain(s[:i])) {
			continue
		}
		if len(pieces) == 1 || w.fills(p, req, rest, pieces[1:], holes[1:]) {
			return true
		}
	}
	return false
}

func (w *wordings) filling(p *pack.Pack, req Request, hole, s string) bool {
	if w.borne(p, req, hole, s) || w.borne(p, req, hole, plain(strings.TrimPrefix(s, itMark))) {
		return true
	}
	if hole == "measure" {
		return s == p.Measure(req.Category) || slices.ContainsFunc(req.Evidence, func(e because.Evidence) bool {
			ref := e.Slots["category"].Ref
			return ref != "" && s == p.Measure(ref)
		})
	}
	for _, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		if s != "" && s == strings.ToLower(p.FieldLabel(req.Lang, e.Ref)) || s == gap("kind:"+string(e.Kind)+"/label") {
			return true
		}
		for name, slot := range e.Slots { // a wording that says the word itself
			for _, place := range places(p, e, name) {
				if strings.Contains(s, gap(place)) && w.borne(p, req, hole, strings.ReplaceAll(s, gap(place), strings.ToLower(slot.Text))) {
					return true
				}
			}
		}
	}
	return false
}

// borne reports whether a wording may fill a hole, or stand by itself where there is none: what it says without a slot an
// evidence of the request must say too, and only a drawback may be told as one.
func (w *wordings) borne(p *pack.Pack, req Request, hole, s string) bool {
	return slices.ContainsFunc(w.clauses[s], func(key string) bool {
		role, what, _ := strings.Cut(key, ":")
		switch hole {
		case "":
			if role == "kind" { // only the caller's own grounds are told as the caller's
				return what != string(because.Caller) || strings.Contains(s, gapMark) || slices.ContainsFunc(req.Evidence, func(e because.Evidence) bool { return e.Kind == because.Caller })
			}
		case "but", "misses":
			if role != "weak" && role != "lacks" {
				return false
			}
		case "better":
			if role != "ahead" {
				return false
			}
		case "worse":
			if role != "behind" {
				return false
			}
		default:
			if role == "weak" || role == "lacks" || role == "ahead" || role == "behind" {
				return false
			}
		}
		if strings.Contains(s, gapMark) { // its slots have their places
			return true
		}
		return slices.ContainsFunc(req.Evidence[:min(maxEvidence, len(req.Evidence))], func(e because.Evidence) bool {
			return bears(p, e, role, what)
		})
	})
}

// says are the evidences of a request that a delexicalised text states by a wording without a slot ("怕水").
func (g *grounding) says(p *pack.Pack, req Request, mine string) []int {
	w := g.of(req.Domain, req.Lang)
	edge := ""
	if req.Lang == because.English {
		edge = " "
	}
	text := edge + strings.Join(clausesOf(req.Lang, p.It[req.Lang], tokenPattern.ReplaceAllString(mine, slotMark)), edge+slotMark+edge) + edge
	var told []string // keys of the wordings in it
	for c, keys := range w.mute {
		if strings.Contains(text, edge+c+edge) {
			told = append(told, keys...)
		}
	}
	var out []int
	for i, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		if slices.ContainsFunc(told, func(key string) bool {
			role, what, _ := strings.Cut(key, ":")
			return bears(p, e, role, what)
		}) {
			out = append(out, i)
		}
	}
	return out
}

// bears reports whether an evidence says what wordings of a role and field or kind say.
func bears(p *pack.Pack, e because.Evidence, role, what string) bool {
	of := func(ref string) bool { return wordedAs(p, ref) == what || what == "_flag" }
	switch role {
	case "kind":
		return string(e.Kind) == what
	case "weak":
		return e.Kind == because.Drawback && of(e.Ref)
	case "lacks":
		return e.Kind == because.Need && (of(e.Ref) || what == "_other")
	case "ahead", "behind":
		return e.Kind == because.Versus && of(e.Ref) && side(e) == role
	case "series":
		return e.Kind == because.Trend && e.Ref == what
	}
	return e.Kind != because.Drawback && e.Kind != because.Versus && (of(e.Ref) || of(e.Slots["shared"].Ref) || of(e.Slots["value"].Ref))
}

// side is which of two compared items is better served: this one is ahead, or behind.
func side(e because.Evidence) string {
	if e.Slots["diff"].Number > 0 {
		return "ahead"
	}
	return "behind"
}

// wordedAs is the field whose wordings say a field: those of _other where the pack does not know it.
func wordedAs(p *pack.Pack, ref string) string {
	if _, ok := p.Fields[ref]; !ok {
		return "_other"
	}
	return ref
}

// places are where a slot of an evidence may stand: "<role>:<what>/<hole>".
func places(p *pack.Pack, e because.Evidence, name string) []string {
	field := func(role, ref, hole string) string { return role + ":" + wordedAs(p, ref) + "/" + hole }
	kind := "kind:" + string(e.Kind) + "/"
	switch ref := e.Slots["shared"].Ref; {
	case name == "shared":
		return []string{kind + "common", field("say", ref, "value")}
	case e.Kind == because.Drawback:
		return []string{field("weak", e.Ref, name)}
	case e.Kind == because.Versus:
		return []string{kind + name, field(side(e), e.Ref, name)}
	case e.Kind == because.Trend:
		return []string{kind + name, "series:" + e.Ref + "/" + name}
	case e.Kind == because.PriceKind && name == "price":
		return []string{kind + name, field("say", "price", "value")}
	case name == "hist" && ref != "":
		return []string{kind + name, field("say", ref, name)}
	case name == "bound":
		return []string{kind + name, field("lacks", e.Ref, name), "lacks:_other/" + name} // a field may have no wordings of its own, see realiser.miss
	case name == "value":
		out := []string{kind + name, field("say", e.Ref, name)}
		if ref := e.Slots["value"].Ref; ref != "" && e.Kind == because.Need {
			out = append(out, field("say", ref, name))
		}
		return out
	}
	return []string{kind + name}
}

// slotOf reads a slot token: the index of its evidence and the slot's name, without the # of a bare number.
func slotOf(token string) (i int, name string, ok bool) {
	rest, isSlot := strings.CutPrefix(token, "<e")
	if !isSlot || len(rest) < 4 || rest[1] != '.' || rest[0] < '1' || rest[0] > '0'+maxEvidence {
		return 0, "", false
	}
	return int(rest[0] - '1'), strings.TrimSuffix(strings.TrimSuffix(rest[2:], ">"), "#"), true
}

// Loose gives, for requests on packs, the first stretch of a delexicalised text that nobody wrote for where it stands;
// empty for none.
func Loose(packs *pack.Set) func(req Request, mine string) string {
	g := newGrounding(packs)
	return func(req Request, mine string) string { return g.loose(packs.Pack(req.Domain), req, mine) }
}

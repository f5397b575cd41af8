package generate

import (
	"slices"
	"strings"
	"sync"

	"because"
	"because/internal/pack"
)

// A grounding holds, for each slot that a text may say, the words that people put around it. A model that has learned
// well enough to sound right may still put the label of one field before the value of another ("room size: 200 m"), of
// which each part is true; so the words next to a slot must be ones that somebody wrote for that very slot.
type grounding struct {
	packs *pack.Set // with their corpora
	mu    sync.Mutex
	made  map[string]map[string][]around // by domain and language, then by key; guarded by mu
}

// around is what stands before and after a hole, up to the next hole or the end of the clause; empty for nothing.
type around struct{ left, right string }

func newGrounding(packs *pack.Set) *grounding {
	return &grounding{packs: packs.WithCorpus(nil), made: map[string]map[string][]around{}}
}

// In what stands around a hole, labelMark is the label of the evidence's field in letters, labelSlot a label that is a slot.
const (
	labelMark = "\x00"
	labelSlot = "\x02"
)

func (g *grounding) of(domain string, lang because.Lang) map[string][]around {
	p := g.packs.Pack(domain)
	g.mu.Lock()
	defer g.mu.Unlock()
	id := p.Domain + "/" + string(lang)
	if g.made[id] != nil {
		return g.made[id]
	}
	out := map[string][]around{}
	for kind, styles := range p.Lead[lang] {
		for _, list := range styles {
			collect(out, "kind:"+string(kind), list)
		}
	}
	for kind, list := range p.Clause[lang] {
		collect(out, "kind:"+string(kind), list)
	}
	for name, f := range p.Fields {
		for _, list := range [][]string{f.Say[lang], f.Shared[lang]} {
			collect(out, "say:"+name, list)
		}
		collect(out, "weak:"+name, f.Weak[lang])
		collect(out, "weak:"+name, f.Lack[lang])
		collect(out, "versus:"+name, f.Ahead[lang])
		collect(out, "versus:"+name, f.Behind[lang])
	}
	for name, s := range p.Series {
		collect(out, "series:"+name, s.Up[lang])
		collect(out, "series:"+name, s.Down[lang])
	}
	g.made[id] = out
	return out
}

// collect adds what stands around each hole of some patterns, under "<key>/<hole>".
func collect(out map[string][]around, key string, patterns []string) {
	for _, s := range patterns {
		parts, err := pack.ParsePattern(s)
		if err != nil {
			continue
		}
		if whole := plain(s); len(pack.Holes(parts)) == 0 {
			out[key] = append(out[key], around{left: whole})
		}
		for _, ends := range []string{"", edge} { // an optional group may run on from what stands before it, or not be there
			flat := flatten(parts, ends)
			for i, part := range flat {
				if part.Hole == "" {
					continue
				}
				id := key + "/" + part.Hole
				for _, said := range []bool{false, true} { // a label may be a slot of its own, or stand there in letters
					a := around{before(flat[:i], said), after(flat[i+1:], said)}
					if !slices.Contains(out[id], a) && !(ends == edge && a == around{}) {
						out[id] = append(out[id], a)
					}
				}
			}
		}
	}
}

// flatten is a pattern with its optional groups kept and ends around each.
func flatten(parts []pack.Part, ends string) []pack.Part {
	var out []pack.Part
	for _, p := range parts {
		if p.Optional != nil {
			out = append(append(append(out, pack.Part{Text: ends}), flatten(p.Optional, ends)...), pack.Part{Text: ends})
		} else {
			out = append(out, p)
		}
	}
	return out
}

// edge ends a clause without saying anything.
const edge = "\x01"

// clauseEnds are the marks between clauses.
const clauseEnds = "，。；！？,.;!?" + edge

var titleMarks = strings.NewReplacer("《", "", "》", "")

func before(parts []pack.Part, labels bool) string {
	s := ""
	for _, p := range slices.Backward(parts) {
		if p.Hole == "label" && labels {
			s = labelMark + s
			continue
		} else if p.Hole == "label" {
			s = labelSlot + s
		}
		if p.Hole != "" {
			break
		}
		if i := strings.LastIndexAny(p.Text, clauseEnds); i >= 0 {
			s = strings.TrimLeft(p.Text[i:], clauseEnds) + s
			break
		}
		s = p.Text + s
	}
	return plain(s)
}

func after(parts []pack.Part, labels bool) string {
	s := ""
	for _, p := range parts {
		if p.Hole == "label" && labels {
			s += labelMark
			continue
		} else if p.Hole == "label" {
			s += labelSlot
		}
		if p.Hole != "" {
			break
		}
		if i := strings.IndexAny(p.Text, clauseEnds); i >= 0 {
			s += p.Text[:i]
			break
		}
		s += p.Text
	}
	return plain(s)
}

// plain is a stretch of text for comparison: without blanks at its ends and marks of titles, folded, an as a.
func plain(s string) string {
	s = strings.ToLower(strings.Trim(titleMarks.Replace(s), " "))
	if s == "an" || strings.HasSuffix(s, " an") {
		s = s[:len(s)-1]
	}
	return s
}

// grounded reports whether everything around the slots of a delexicalised text was written for them.
func (g *grounding) grounded(p *pack.Pack, req Request, mine string) bool {
	known := g.of(req.Domain, req.Lang)
	tokens := tokenPattern.FindAllStringIndex(mine, -1)
	for n, at := range tokens {
		token := mine[at[0]:at[1]]
		i, name, ok := slotOf(token)
		if !ok || i >= len(req.Evidence) {
			continue // <it> and <name> state nothing
		}
		from, to := 0, len(mine)
		if n > 0 {
			from = tokens[n-1][1]
		}
		if n+1 < len(tokens) {
			to = tokens[n+1][0]
		}
		left, right := mine[from:at[0]], mine[at[1]:to]
		if n > 0 && strings.HasSuffix(mine[:from], ".label>") {
			left = labelSlot + left
		}
		if strings.Contains(mine[to:min(len(mine), to+10)], ".label>") {
			right += labelSlot
		}
		if k := strings.LastIndexAny(left, clauseEnds); k >= 0 {
			left = strings.TrimLeft(left[k:], clauseEnds)
		}
		if k := strings.IndexAny(right, clauseEnds); k >= 0 {
			right = right[:k]
		}
		if !wroteAny(known, p, req, req.Evidence[i].Slots[name].Text, plain(left), plain(right)) {
			return false
		}
	}
	return true
}

// wroteAny reports whether somebody wrote left and right around any slot that says the same.
func wroteAny(known map[string][]around, p *pack.Pack, req Request, said, left, right string) bool {
	for _, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		for name, s := range e.Slots {
			if s.Text == said && wrote(known, p, req, e, name, left, right) {
				return true
			}
		}
	}
	return false
}

// wrote reports whether somebody wrote left and right around a slot of an evidence.
func wrote(known map[string][]around, p *pack.Pack, req Request, e because.Evidence, name, left, right string) bool {
	label := strings.ToLower(p.FieldLabel(req.Lang, e.Ref))
	for _, key := range groundKeys(p, e, name) {
		role, _, _ := strings.Cut(key, "/")
		for _, a := range known[role] { // a wording without a hole, which says the word itself
			if s := plain(left + " " + e.Slots[name].Text + " " + right); strings.Contains(s, a.left) || strings.Contains(strings.ReplaceAll(s, " ", ""), a.left) {
				return true
			}
		}
		for _, a := range known[key] {
			l, r := strings.ReplaceAll(a.left, labelMark, label), strings.ReplaceAll(a.right, labelMark, label)
			if l+r == "" && left+right != "" { // written to stand alone
				continue
			}
			if endsWith(left, l) && strings.HasPrefix(right, r) {
				return true
			}
		}
	}
	return false
}

// endsWith also knows the English contraction of "is".
func endsWith(s, l string) bool {
	if strings.HasSuffix(s, l) {
		return true
	}
	rest, ok := strings.CutPrefix(l, "is ")
	return ok && strings.HasSuffix(s, "'s "+rest) || l == "is" && strings.HasSuffix(s, "'s")
}

// groundKeys are the lists of words that may stand around a slot of an evidence.
func groundKeys(p *pack.Pack, e because.Evidence, name string) []string {
	keys := []string{"kind:" + string(e.Kind) + "/" + name}
	field := func(role, ref, hole string) {
		if _, ok := p.Fields[ref]; !ok {
			ref = "_other"
		}
		keys = append(keys, role+ref+"/"+hole)
	}
	switch {
	case name == "shared":
		keys = append(keys, "kind:"+string(e.Kind)+"/common", "kind:"+string(e.Kind)+"/aspect")
		field("say:", e.Slots["shared"].Ref, "value")
	case e.Kind == because.Drawback:
		field("weak:", e.Ref, name)
	case e.Kind == because.Versus:
		field("versus:", e.Ref, name)
	case e.Kind == because.Trend:
		keys = append(keys, "series:"+e.Ref+"/"+name)
	case e.Kind == because.PriceKind && name == "price":
		field("say:", "price", "value")
	case name == "value":
		field("say:", e.Ref, "value")
		if ref := e.Slots["value"].Ref; ref != "" && e.Kind == because.Need {
			field("say:", ref, "value")
		}
	}
	return keys
}

// slotOf reads a slot token: the index of its evidence and the slot's name, without the # of a bare number.
func slotOf(token string) (i int, name string, ok bool) {
	rest, isSlot := strings.CutPrefix(token, "<e")
	if !isSlot || len(rest) < 4 || rest[1] != '.' || rest[0] < '1' || rest[0] > '0'+maxEvidence {
		return 0, "", false
	}
	return int(rest[0] - '1'), strings.TrimSuffix(strings.TrimSuffix(rest[2:], ">"), "#"), true
}

// Grounded reports, for requests on packs, whether the words around each slot of a delexicalised text were written for it.
func Grounded(packs *pack.Set) func(req Request, mine string) bool {
	g := newGrounding(packs)
	return func(req Request, mine string) bool { return g.grounded(packs.Pack(req.Domain), req, mine) }
}

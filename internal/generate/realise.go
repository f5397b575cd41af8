package generate

import (
	"slices"
	"strings"

	"because"
	"because/internal/pack"
)

// A realiser fills one pattern with the evidence of a request.
type realiser struct {
	t    *Template
	p    *pack.Pack
	req  *Request
	lead int // index of the leading evidence
	form form
	turn int // which of several wordings is taken

	dropped map[*pack.Part]bool // optional groups left out to fit the length
	state
}

// A state is what has been said so far. It is copied before an optional group is tried.
type state struct {
	kept  []*pack.Part // optional groups that were filled
	used  []int        // evidence that was cited, in the order of first use
	refs  []string     // what facts were already about
	names []string     // history items that were named
	own   bool         // the lead has said its own fact
}

// fit realises the pattern; while the text is too long for its style it leaves out one optional group after the other,
// the last ones first and those with a drawback last; in a guarded pack, what the reader stated goes after plain facts.
func (r *realiser) fit(style because.Style) (written, bool) {
	for {
		r.state = state{used: []int{r.lead}, own: r.saysOwn()}
		b := builder{lang: r.req.Lang, formal: r.p.Guarded}
		if !r.fill(&b, r.form.parts, r.lead) {
			return written{}, false
		}
		w := written{text: b.finish(style), over: over(b.String(), style, r.req.Lang)}
		for _, i := range r.used {
			w.cited = append(w.cited, r.req.Evidence[i].ID)
		}
		if w.over == 0 || len(r.kept) == 0 {
			return w, true
		}
		r.drop()
	}
}

// saysOwn reports whether the pattern says the lead's own fact by its slots, so that {fact} and {extra} must not.
func (r *realiser) saysOwn() bool {
	own := map[because.EvidenceKind]string{because.Attribute: "value", because.Fit: "value", because.Need: "value",
		because.PriceKind: "price", because.NewItem: "when", because.Trend: "change"}[r.req.Evidence[r.lead].Kind]
	return slices.Contains(r.form.holes, own) || slices.Contains(r.form.holes, "met")
}

func (r *realiser) drop() {
	if r.dropped == nil {
		r.dropped = map[*pack.Part]bool{}
	}
	worth := func(g *pack.Part) int { // groups of less worth go first
		holes := pack.Holes(g.Optional)
		switch {
		case slices.Contains(holes, "misses"):
			return 3
		case slices.Contains(holes, "but"), slices.Contains(holes, "worse"):
			return 2
		case r.p.Guarded && slices.Contains(holes, "extra"): // what the reader stated
			return 1
		}
		return 0
	}
	for least := range 4 {
		for _, g := range slices.Backward(r.kept) {
			if worth(g) == least {
				r.dropped[g] = true
				return
			}
		}
	}
}

// fill writes parts, whose slots are those of evidence at, and reports whether every mandatory hole could be filled.
func (r *realiser) fill(b *builder, parts []pack.Part, at int) bool {
	for i := range parts {
		part := &parts[i]
		switch {
		case part.Text != "":
			b.literal(part.Text)
		case part.Hole != "":
			next := ""
			if i+1 < len(parts) {
				next = parts[i+1].Text
			}
			if !r.hole(b, part.Hole, at, next) {
				return false
			}
		case !r.dropped[part]:
			before, saved := *b, r.state.clone()
			r.kept = append(r.kept, part)
			if !r.fill(b, part.Optional, at) {
				*b, r.state = before, saved
			}
		}
	}
	return true
}

func (s state) clone() state {
	s.kept, s.used, s.refs, s.names = slices.Clip(s.kept), slices.Clip(s.used), slices.Clip(s.refs), slices.Clip(s.names)
	return s
}

// hole fills one hole.
func (r *realiser) hole(b *builder, hole string, at int, next string) bool {
	e := &r.req.Evidence[at]
	switch hole {
	case "it", "It":
		b.phrase(r.it())
		return true
	case "name":
		return b.name(r.req.Name, r.titled())
	case "measure":
		b.phrase(r.p.Measure(firstOf(e.Slots["category"].Ref, r.req.Category)))
		return true
	case "shared", "shared_pred":
		return r.shared(b, at)
	case "common":
		s := e.Slots["shared"]
		r.about(s.Ref)
		return b.phrase(s.Text)
	case "fact", "fact2":
		return r.fact(b, at)
	case "extra":
		return r.extra(b, at)
	case "but":
		return r.drawback(b, at)
	case "met":
		return r.met(b)
	case "misses":
		return r.misses(b)
	case "better", "worse":
		return r.versus(b, at, hole == "better")
	case "hist", "hist2":
		s := e.Slots[hole]
		if s.Text == "" {
			return false
		}
		if b.inside && slices.Contains(r.names, s.Text) { // a clause after its name points at it
			return b.phrase(because.Say(r.req.Lang, "that one"))
		}
		r.names = append(r.names, s.Text)
		return b.name(s.Text, r.titled())
	case "label":
		if e.Kind == because.Caller { // another's words
			return b.quote(trimQuotes(e.Slots["label"].Text))
		}
		if s := e.Slots["label"]; s.Text != "" {
			return b.phrase(s.Text)
		}
		return e.Ref != "" && b.phrase(r.p.FieldLabel(r.req.Lang, e.Ref))
	case "query", "need", "unmet", "phrase":
		return b.verbatim(trimQuotes(e.Slots[hole].Text))
	case "who":
		return b.verbatim(e.Slots[hole].Text)
	case "rating":
		return r.rating(b, e.Slots[hole].Text)
	case "aspect":
		ref := e.Slots["shared"].Ref
		return ref != "" && b.phrase(r.p.FieldLabel(r.req.Lang, ref))
	case "say":
		list := r.p.Fields[e.Ref].Say[r.req.Lang]
		if len(list) == 0 {
			list = r.p.Fields["_other"].Say[r.req.Lang]
		}
		return r.predicate(b, list, e.Ref, e.Slots)
	case "category":
		if e.Kind == because.Popular { // it is the item's own: that it belongs there has been said
			r.about(categoryField)
		}
		return b.phrase(e.Slots[hole].Text)
	case "value":
		s := e.Slots["value"]
		if s.Kind == because.NumberSlot {
			b.unquote(next)
		}
		return b.phrase(s.Text)
	case "period":
		b.period(e.Slots[hole].Text)
		return e.Slots[hole].Text != ""
	case "count", "people":
		return b.phrase(withoutUnit(e.Slots[hole].Text, next))
	}
	return b.phrase(e.Slots[hole].Text)
}

// it points at the item: 这部 by its category's measure word, else the pack's own way.
func (r *realiser) it() string {
	if r.req.Lang == because.Chinese {
		if k, ok := r.p.Key(r.req.Category); ok && r.p.Words[k].Measure != "" {
			return "这" + r.p.Words[k].Measure
		}
	}
	ways := r.p.It[r.req.Lang]
	if len(ways) == 0 {
		return because.Say(r.req.Lang, "this one")
	}
	return ways[r.turn%len(ways)]
}

func (r *realiser) titled() bool { return r.p.Titled(r.req.Category) }

// rating is a rating as it is said; English puts an article before a bare number, unless a word before it is one's.
func (r *realiser) rating(b *builder, s string) bool {
	if r.req.Lang == because.English && s != "" && strings.Trim(s, "0123456789.½") == "" && !b.endsWithArticle() && !b.endsWithDeterminer() {
		s = "a " + s
		if vowelSound(s[2:]) {
			s = "an " + s[2:]
		}
	}
	return b.phrase(s)
}

// shared is what the item has in common with the reader's side, by the lead's slot or by an evidence of that kind.
func (r *realiser) shared(b *builder, at int) bool {
	try := append([]int{at}, r.unused(func(e because.Evidence) bool { return e.Kind == because.Shared })...)
	for _, i := range try {
		s, ok := r.req.Evidence[i].Slots["shared"]
		if !ok || s.Text == "" || i != at && r.spoken(s.Ref) {
			continue
		}
		list, ref := r.sharing(s.Ref, r.req.Evidence[i].Kind)
		if r.predicate(b, list, ref, map[string]because.Slot{"value": s, "hist": r.req.Evidence[i].Slots["hist"]}) {
			r.cite(i)
			r.about(s.Ref)
			return true
		}
	}
	return false
}

// fact is a predicate from the lead itself, where it is about the item, or from a supporting evidence. Where the pattern
// has no room of its own for what joins the item to the reader's side, that comes first.
func (r *realiser) fact(b *builder, at int) bool {
	lead := r.req.Evidence[at]
	if at == r.lead && joins(lead) && !r.spoken(lead.Slots["shared"].Ref) && !r.form.joins() && r.shared(b, at) {
		return true
	}
	if !r.own && (pack.FillsFact(lead.Kind) || lead.Kind == because.Need) {
		r.own = true
		if r.say(b, at) {
			return true
		}
	}
	for _, i := range r.unused(func(e because.Evidence) bool { return pack.FillsFact(e.Kind) && !r.spoken(e.Ref) }) {
		if r.say(b, i) {
			return true
		}
	}
	return false
}

// say writes what an evidence of the item says as a predicate.
func (r *realiser) say(b *builder, i int) bool {
	e := r.req.Evidence[i]
	done := func() bool { r.cite(i); r.about(e.Ref); return true }
	if e.Kind == because.Attribute || e.Kind == because.Need || e.Kind == because.Fit && i == r.lead || len(r.t.forms[formKey{r.req.Domain, r.req.Lang, e.Kind, ""}]) == 0 {
		f, known := r.p.Fields[e.Ref]
		list, value := f.Say[r.req.Lang], e.Slots["value"]
		if !known && e.Kind == because.Need { // a need met by a word: a category or an attribute's value
			if value.Text == "" {
				return false
			}
			list = r.p.Fields["category"].Say[r.req.Lang]
			if value.Ref != "" && len(r.p.Fields[value.Ref].Say[r.req.Lang]) > 0 {
				list = r.p.Fields[value.Ref].Say[r.req.Lang]
			}
		}
		if len(list) == 0 {
			list = r.p.Fields["_other"].Say[r.req.Lang]
			if value.Text == "" || value.Text == r.p.FieldLabel(r.req.Lang, e.Ref) {
				list = r.p.Fields["_flag"].Say[r.req.Lang]
			}
		}
		return r.predicate(b, list, e.Ref, e.Slots) && done()
	}
	return r.clause(b, i) && done()
}

// clause writes a supporting evidence by the pack's clauses of its kind.
func (r *realiser) clause(b *builder, i int) bool {
	kind := r.req.Evidence[i].Kind
	forms := r.t.forms[formKey{r.req.Domain, r.req.Lang, kind, ""}]
	for n := range forms {
		if figure(r.p, r.req.Evidence[i]) && !slices.Contains(forms[(r.turn+n)%len(forms)].holes, "label") {
			continue
		}
		before, saved := *b, r.state.clone()
		inner := builder{lang: b.lang, formal: b.formal, inside: true}
		if r.fill(&inner, forms[(r.turn+n)%len(forms)].parts, i) && b.phrase(trimEnd(inner.String())) {
			r.kept = saved.kept // the groups inside a clause are not dropped one by one
			return true
		}
		*b, r.state = before, saved
	}
	return false
}

// extra is a full clause from a supporting evidence about other people, reviews, trends, or the reader's profile.
func (r *realiser) extra(b *builder, at int) bool {
	try := r.unused(func(e because.Evidence) bool { return pack.FillsExtra(e.Kind) })
	if r.req.Evidence[at].Kind == because.Trend && !r.own {
		try = append([]int{at}, try...)
	}
	for _, i := range try {
		e := r.req.Evidence[i]
		if e.Kind == because.Trend {
			list := r.p.Series[e.Ref].Up[r.req.Lang]
			if e.Slots["change"].Number < 0 {
				list = r.p.Series[e.Ref].Down[r.req.Lang]
			}
			if len(list) > 0 && r.predicate(b, list, e.Ref, e.Slots) {
				r.own = r.own || i == at
				r.cite(i)
				return true
			}
		}
		own := r.own
		r.own = true
		if r.clause(b, i) {
			r.own = own || i == at
			r.cite(i)
			return true
		}
		r.own = own
	}
	return false
}

// drawback is a predicate from a weakness.
func (r *realiser) drawback(b *builder, at int) bool {
	if r.misses(b) {
		return true
	}
	try := r.unused(func(e because.Evidence) bool { return e.Kind == because.Drawback })
	if r.req.Evidence[at].Kind == because.Drawback && !slices.Contains(r.refs, r.req.Evidence[at].Ref) {
		try = append([]int{at}, try...)
	}
	for _, i := range try {
		e := r.req.Evidence[i]
		f, v := r.p.Fields[e.Ref], e.Slots["value"]
		weak, lack := f.Weak[r.req.Lang], f.Lack[r.req.Lang]
		list := weak
		if len(weak) == 0 || len(lack) > 0 && v.Kind != because.NumberSlot {
			list = lack
		}
		if len(list) == 0 {
			list = r.p.Fields["_other"].Weak[r.req.Lang]
			if v.Text == "" || v.Kind != because.NumberSlot {
				list = r.p.Fields["_flag"].Lack[r.req.Lang]
			}
		}
		if r.predicate(b, list, e.Ref, e.Slots) {
			r.cite(i)
			r.about(e.Ref)
			return true
		}
	}
	return false
}

// versus is a predicate that sets the item against one of the history.
func (r *realiser) versus(b *builder, at int, better bool) bool {
	fits := func(e because.Evidence) bool {
		return e.Kind == because.Versus && (e.Slots["diff"].Number > 0) == better && e.Slots["diff"].Number != 0
	}
	try := r.unused(fits)
	if lead := r.req.Evidence[at]; fits(lead) && !slices.Contains(r.refs, lead.Ref) {
		try = append([]int{at}, try...)
	}
	for _, i := range try {
		e := r.req.Evidence[i]
		f := r.p.Fields[e.Ref]
		list, other := f.Ahead[r.req.Lang], r.p.Fields["_other"].Ahead[r.req.Lang]
		if !better {
			list, other = f.Behind[r.req.Lang], r.p.Fields["_other"].Behind[r.req.Lang]
		}
		if len(list) == 0 {
			list = other
		}
		if r.predicate(b, list, e.Ref, e.Slots) {
			r.cite(i)
			r.about(e.Ref)
			return true
		}
	}
	return false
}

// sharing are the wordings for what the item shares with something of the reader, and the field that they are about.
// Against a query, a need or a profile the item simply is so: "also" would lack its other side.
func (r *realiser) sharing(ref string, kind because.EvidenceKind) ([]string, string) {
	f, known := r.p.Fields[ref]
	if !known {
		_, site := r.p.Key(ref)
		if ref == "" || site {
			ref, f = "category", r.p.Fields["category"]
		} else {
			f = r.p.Fields["_other"]
		}
	}
	list, other := f.Shared[r.req.Lang], f.Say[r.req.Lang]
	switch kind {
	case because.Searched, because.Need, because.Profile, because.InContext, because.Habit:
		list, other = other, list
	}
	if len(list) == 0 {
		list = other
	}
	if len(list) == 0 {
		list = r.p.Fields["_other"].Shared[r.req.Lang]
	}
	return list, ref
}

// predicate writes one of several wordings with {value}, {hist}, {diff} … and {label} from slots. A history item that
// was named before is pointed at.
func (r *realiser) predicate(b *builder, wordings []string, ref string, slots map[string]because.Slot) bool {
	for n := range wordings {
		parts, err := pack.ParsePattern(wordings[(r.turn+n)%len(wordings)])
		if err != nil {
			continue
		}
		inner, ok := builder{lang: b.lang, inside: true}, true
		var named []string
		for _, part := range parts {
			switch {
			case part.Text != "":
				inner.literal(part.Text)
			case part.Hole == "label":
				ok = ok && ref != "" && inner.phrase(r.p.FieldLabel(r.req.Lang, ref))
			case part.Hole == "hist":
				name := slots["hist"].Text
				if slices.Contains(r.names, name) {
					ok = ok && inner.phrase(because.Say(r.req.Lang, "that one"))
				} else {
					named = append(named, name)
					ok = ok && inner.name(name, r.titled())
				}
			case part.Hole != "":
				ok = ok && inner.phrase(strings.TrimPrefix(slots[part.Hole].Text, minus(part.Hole)))
			}
		}
		if ok && b.phrase(trimEnd(inner.String())) {
			r.names = append(r.names, named...)
			return true
		}
	}
	return false
}

// minus is the sign that a hole does not say because the wording around it does ("fell 2%").
func minus(hole string) string {
	if hole == "change" || hole == "diff" {
		return "-"
	}
	return ""
}

// unused are the supporting evidences that were not cited yet and are fit for something, in their order.
func (r *realiser) unused(fit func(because.Evidence) bool) []int {
	var out []int
	for i, e := range r.req.Evidence {
		if !slices.Contains(r.used, i) && fit(e) {
			out = append(out, i)
		}
	}
	return out
}

func (r *realiser) cite(i int) {
	if !slices.Contains(r.used, i) {
		r.used = append(r.used, i)
	}
}

func (r *realiser) about(ref string) {
	if ref != "" {
		r.refs = append(r.refs, ref)
	}
}

func (r *realiser) spoken(ref string) bool { return ref != "" && slices.Contains(r.refs, ref) }

// categoryField stands for the item's categories where a field is named.
const categoryField = "category"

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

package generate

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// A Template writes from the patterns of the packs. It is a pure function of the request: no model, no network, and it
// always has a text.
type Template struct {
	packs *pack.Set
	forms map[formKey][]form
}

// A formKey names a list of patterns.
type formKey struct {
	domain string
	lang   because.Lang
	kind   because.EvidenceKind
	style  because.Style // empty for the clauses of a kind
}

// several stands for a style where a need's patterns on several things are meant: the same for every style but push.
const several because.Style = "several"

// A form is a parsed pattern with the holes that it mentions anywhere.
type form struct {
	parts []pack.Part
	holes []string
}

// NewTemplate parses every pattern of the packs. A pattern that does not parse is left out; pack.Set.Check tells.
func NewTemplate(packs *pack.Set) *Template {
	t := &Template{packs: packs, forms: map[formKey][]form{}}
	for _, domain := range packs.Domains() {
		p := packs.Pack(domain)
		for _, lang := range because.Langs {
			for kind, styles := range p.Lead[lang] {
				for style, patterns := range styles {
					t.forms[formKey{domain, lang, kind, style}] = parseAll(patterns)
				}
			}
			for kind, patterns := range p.Clause[lang] {
				t.forms[formKey{domain, lang, kind, ""}] = parseAll(patterns)
			}
			t.forms[formKey{domain, lang, because.Need, several}] = parseAll(p.Several[lang])
		}
	}
	return t
}

func parseAll(patterns []string) []form {
	var out []form
	for _, s := range patterns {
		if parts, err := pack.ParsePattern(s); err == nil {
			out = append(out, form{parts, pack.Holes(parts)})
		}
	}
	return out
}

// Draft writes up to req.K different texts, the best first. It never fails and never returns none.
func (t *Template) Draft(_ context.Context, req Request) ([]Draft, error) {
	if req.Lang != because.English {
		req.Lang = because.Chinese
	}
	p := t.packs.Pack(req.Domain)
	req.Domain = p.Domain
	seed := req.Seed
	if req.Plan != nil {
		seed = contentSeed(req.Evidence)
	}
	var texts []written
	for _, arm := range arms(req) {
		lead := leading(req.Evidence, arm.Lead)
		if lead < 0 {
			continue
		}
		found := t.candidates(p, req, arm, lead, seed)
		fits := slices.ContainsFunc(found, func(w written) bool { return asPlanned(req.Plan, w.cited) })
		if len(found) > 0 && (texts == nil || fits) {
			texts, req.Arm.Style = found, arm.Style
		}
		if len(texts) > 0 && (fits || req.Plan == nil) {
			break
		}
	}
	if len(texts) == 0 {
		texts = []written{lastResort(req)}
	}
	return t.drafts(p, req, choose(texts, req, p.Guarded)), nil
}

// drafts are texts with what the pack wants said besides.
func (t *Template) drafts(p *pack.Pack, req Request, texts []written) []Draft {
	source := because.FromTemplate
	if p.Guarded {
		source = because.FromApproved
	}
	var out []Draft
	for _, w := range texts {
		w = t.stating(p, req, w)
		s := w.text
		if closing := p.Closing.In(req.Lang); closing != "" && req.Arm.Style != because.Push {
			if req.Lang == because.English {
				s += " "
			}
			s += closing
		}
		out = append(out, Draft{Text: s, Evidence: w.cited, Source: source, Model: "template/" + p.Domain + "@" + p.Version})
	}
	return out
}

// Complete is another writer's draft with what the pack wants said in every text but a push: the fields that it passes over,
// and the closing. What has both stays as it is.
func (t *Template) Complete(req Request, d Draft) Draft {
	p := t.packs.Pack(req.Domain)
	req.Domain = p.Domain
	if req.Arm.Style == because.Push || len(p.States) == 0 && p.Closing.In(req.Lang) == "" {
		return d
	}
	gap := map[because.Lang]string{because.English: " "}[req.Lang]
	closing := p.Closing.In(req.Lang)
	s := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(d.Text), closing))
	w := t.stating(p, req, written{text: s, cited: d.Evidence})
	d.Text, d.Evidence = w.text, w.cited
	if closing != "" {
		d.Text += gap + closing
	}
	return d
}

// statement is the sentence that states a field and nothing else.
var statement = map[because.Lang]form{because.Chinese: parseAll([]string{"{it}{fact}。"})[0], because.English: parseAll([]string{"It {fact}."})[0]}

// stating is a text with a sentence on each field that the pack wants stated and that it passes over; a push has no room.
func (t *Template) stating(p *pack.Pack, req Request, w written) written {
	if req.Arm.Style == because.Push {
		return w
	}
	for _, field := range p.States {
		i := slices.IndexFunc(req.Evidence, func(e because.Evidence) bool { return e.Kind == because.Attribute && e.Ref == field })
		if i < 0 || slices.ContainsFunc(req.Evidence, func(e because.Evidence) bool {
			return slices.Contains(w.cited, e.ID) && (e.Ref == field || e.Slots["shared"].Ref == field)
		}) {
			continue
		}
		alone := req
		alone.Evidence = req.Evidence[i : i+1]
		said, ok := (&realiser{t: t, p: p, req: &alone, form: statement[req.Lang], turn: int(draw(req.Seed, i) % 97)}).fit(because.Detail)
		if !ok {
			continue
		}
		if req.Lang == because.English {
			w.text += " "
		}
		w.text, w.cited = w.text+said.text, append(slices.Clone(w.cited), req.Evidence[i].ID)
	}
	return w
}

// arms are what may be tried, the wanted one first: its style, then short, with its lead; then the same with whatever
// leads the evidence.
func arms(req Request) []because.Arm {
	style, lead := req.Arm.Style, req.Arm.Lead
	if style == "" {
		style = because.Short
	}
	leads := []because.EvidenceKind{lead}
	for _, e := range req.Evidence {
		if !slices.Contains(leads, e.Kind) {
			leads = append(leads, e.Kind)
		}
	}
	styles := []because.Style{style}
	switch style {
	case because.Contrast:
		styles = append(styles, because.Detail, because.Short)
	case because.Push, because.Short:
	default:
		styles = append(styles, because.Short)
	}
	var out []because.Arm
	for _, l := range leads {
		for _, s := range styles {
			out = append(out, because.Arm{Style: s, Lead: l})
		}
	}
	return out
}

// leading is the index of the first evidence of a kind, -1 if there is none. The empty kind is the first evidence's.
func leading(evidence []because.Evidence, kind because.EvidenceKind) int {
	for i, e := range evidence {
		if kind == "" || e.Kind == kind {
			return i
		}
	}
	return -1
}

// A written is a realised pattern.
type written struct {
	text    string
	cited   []string // evidence IDs, in the order of their first use
	pattern int
	over    int  // units above the style's limit
	shares  bool // it says what the leading deed and the item have in common
	named   bool // it names something of the reader's
	twice   bool // it says what a field is called more often than it tells of it
}

// candidates realises every pattern of an arm that can be filled, in wordings that the seed draws.
func (t *Template) candidates(p *pack.Pack, req Request, arm because.Arm, lead int, seed uint64) []written {
	forms := t.forms[formKey{req.Domain, req.Lang, arm.Lead, arm.Style}]
	if arm.Lead == because.Need && arm.Style != because.Push && asked(req.Evidence) > 1 {
		forms = slices.Concat(t.forms[formKey{req.Domain, req.Lang, because.Need, several}], forms)
	}
	var out []written
	for i, f := range forms {
		if figure(p, req.Evidence[lead]) && !slices.Contains(f.holes, "label") || onlyWorse(req.Evidence[lead], f) {
			continue
		}
		r := &realiser{t: t, p: p, req: &req, lead: lead, form: f, turn: int(draw(seed, i) % 97)}
		if w, ok := r.fit(arm.Style); ok {
			w.pattern = i
			w.shares = joins(req.Evidence[lead]) && (f.joins() || r.spoken(req.Evidence[lead].Slots["shared"].Ref))
			w.named = slices.ContainsFunc(f.holes, func(h string) bool { return slices.Contains(nameHoles, h) })
			w.twice = twice(p, req.Lang, w.text, cites(req.Evidence, w.cited)) != ""
			out = append(out, w)
		}
	}
	return out
}

// cites are the evidences of some IDs.
func cites(evidence []because.Evidence, ids []string) []because.Evidence {
	return slices.DeleteFunc(slices.Clone(evidence), func(e because.Evidence) bool { return !slices.Contains(ids, e.ID) })
}

// twice is what a field is called where a text says it more often than it tells of it, empty where it never does: "as to
// director, it carries her name as director".
func twice(p *pack.Pack, lang because.Lang, s string, told []because.Evidence) string {
	spaced := strings.ToLower
	if lang == because.English { // whole words only
		spaced = func(s string) string { return " " + strings.Join(text.Words(strings.ToLower(s)), "  ") + " " }
	}
	times := map[string]int{}
	for _, e := range told {
		times[strings.ToLower(p.FieldLabel(lang, e.Ref))]++
	}
	s = spaced(s)
	for label, n := range times {
		if label != "" && strings.Count(s, spaced(label)) > n {
			return label
		}
	}
	return ""
}

// asked counts the things that were asked for one by one.
func asked(evidence []because.Evidence) int {
	n := 0
	for _, e := range evidence {
		if e.Kind == because.Need {
			n++
		}
	}
	return n
}

// unsaid counts those that a text passes over.
func unsaid(evidence []because.Evidence, cited []string) int {
	n := 0
	for _, e := range evidence {
		if e.Kind == because.Need && !slices.Contains(cited, e.ID) {
			n++
		}
	}
	return n
}

// onlyWorse reports whether a pattern would say only where the item falls behind of one that is ahead.
func onlyWorse(e because.Evidence, f form) bool {
	return e.Kind == because.Versus && e.Slots["diff"].Number > 0 && slices.Contains(f.holes, "worse") && !slices.Contains(f.holes, "better")
}

// figure reports whether an evidence is a number that the reader stated, or something else that says nothing without what it
// is the value of.
func figure(p *pack.Pack, e because.Evidence) bool {
	return e.Kind == because.Profile && (e.Slots["value"].Kind == because.NumberSlot || p.Profile[e.Ref].Named)
}

// commonHoles say what two items share; nameHoles hold the reader's own side.
var (
	commonHoles = []string{"shared", "shared_pred", "common", "aspect"}
	nameHoles   = []string{"hist", "query", "value", "need", "category", "rating", "phrase", "label"}
)

// joins reports whether a pattern says what the item and the reader's side have in common.
func (f form) joins() bool {
	return slices.ContainsFunc(f.holes, func(h string) bool { return slices.Contains(commonHoles, h) })
}

// joins reports whether an evidence is the reader's side of something that the item has too: a deed, a search, what they
// stated. Without it a text reads as a non sequitur.
func joins(e because.Evidence) bool {
	switch e.Kind {
	case because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched, because.Profile:
		return e.Slots["shared"].Text != ""
	}
	return false
}

// choose takes up to K texts that differ, of those as planned where there are any, the best first: not an opening of the
// list, within the style's length, with more than the bare cause, then by the seed.
func choose(texts []written, req Request, guarded bool) []written {
	price, facts := pricing(texts, req, guarded), factDraw(req.Evidence)
	if fit := slices.DeleteFunc(slices.Clone(texts), func(w written) bool { return !asPlanned(req.Plan, w.cited) }); len(fit) > 0 {
		texts = fit
	}
	avoid := map[string]bool{}
	for _, o := range req.Avoid {
		avoid[o] = true
	}
	begun := func(w written) int {
		if avoid[Opening(w.text)] {
			return 1
		}
		return 0
	}
	var out []written
	for len(out) < max(1, req.K) && len(texts) > 0 {
		slices.SortStableFunc(texts, func(a, b written) int {
			return cmp.Or(begun(a)-begun(b), price(a)-price(b), cmp.Compare(facts(a), facts(b)), cmp.Compare(draw(req.Seed, a.pattern), draw(req.Seed, b.pattern)))
		})
		best := texts[0]
		out = append(out, best)
		avoid[Opening(best.text)] = true
		texts = slices.DeleteFunc(texts, func(w written) bool { return w.text == best.text })
	}
	return out
}

// pricing says what a text costs among others, whatever a list has said already: within the style's length is cheaper, and
// more than the bare cause. Where only approved wordings are shown, what the reader stated or what moved is not passed over.
func pricing(texts []written, req Request, guarded bool) func(written) int {
	most := 0
	for _, w := range texts {
		most = max(most, len(w.cited))
	}
	shares := slices.ContainsFunc(texts, func(w written) bool { return w.shares })
	tells := func(w written) bool { return !guarded || !passesOver(req.Evidence, w.cited) }
	telling := slices.ContainsFunc(texts, tells)
	return func(w written) int {
		c := 0
		if shares && !w.shares { // what the reader did or stated, without what joins the item to it
			c += 50
		}
		if telling && !tells(w) {
			c += 30
		}
		c += 15 * unsaid(req.Evidence, w.cited)
		if req.Arm.Style == because.Push && !w.named {
			c += 5
		}
		if w.twice {
			c += 20
		}
		if w.over > 0 {
			c += 100 + w.over
		}
		if most > 1 && len(w.cited) < 2 && req.Arm.Style != because.Push {
			c += 10
		}
		return c
	}
}

// factDraw draws among the facts that texts state, by nothing but what the evidence is, so that both languages take the same
// where both can: how it is said is another draw.
func factDraw(evidence []because.Evidence) func(written) uint64 {
	return func(w written) uint64 {
		h := fnv.New64a()
		for _, e := range evidence {
			if slices.Contains(w.cited, e.ID) {
				fmt.Fprintf(h, "%s\x00%s\x00%s\x00", e.Kind, e.Ref, e.Origin)
			}
		}
		return draw(h.Sum64(), 0)
	}
}

// passesOver reports whether a text leaves out what the reader stated of themselves, or a trend, that it was handed.
func passesOver(evidence []because.Evidence, cited []string) bool {
	return slices.ContainsFunc(evidence, func(e because.Evidence) bool {
		return (e.Kind == because.Profile || e.Kind == because.Trend) && !slices.Contains(cited, e.ID)
	})
}

// lastResort is a text that needs no pattern: the leading fact as it stands, or a neutral line.
func lastResort(req Request) written {
	for _, e := range req.Evidence {
		if s := strings.TrimSpace(e.Text); s != "" {
			return written{text: s, cited: []string{e.ID}}
		}
	}
	return written{text: because.Say(req.Lang, "There is no particular reason to give for this one.")}
}

// draw is a number from the seed that looks random and depends on nothing else (splitmix64).
func draw(seed uint64, i int) uint64 {
	z := seed + 0x9e3779b97f4a7c15*uint64(i+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

package engine

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/eval"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/text"
	"because/internal/verify"
	"because/internal/verify/hard"
)

// VerifierOptions say how the verifier is measured.
type VerifierOptions struct {
	Seed  uint64
	Texts int // clean texts for each domain and script; 0 means 300
	Worst int // cases to show; 0 means 20
}

// The sources, scripts and sums of a verifier's report.
const (
	Generated = "generated" // the templates' texts on the data folder's evidence, corrupted by eval.Operators
	Written   = "written"   // internal/verify/hard
	Fresh     = "fresh"     // the withheld files there; no part of Both, and none of them is shown among the worst
	Both      = "both"      // Generated and Written together
	All       = "all"       // scripts, domains or operators together
	AsWritten = "as_written"
)

// Sources are the sources of a report in its order.
var Sources = []string{Generated, Written, Fresh, Both}

// Scripts are the scripts that the verifier is measured in.
var Scripts = []string{"zh-Hans", "zh-Hant", "en"}

// Operators and Paraphrases are the rows of a report: the ways to be false, label that of the hand-written texts alone, and
// the forms of what is true.
func Operators() []string { return append(eval.Operators(), "label") }

// Paraphrases: see Operators.
func Paraphrases() []string { return append([]string{AsWritten}, eval.Paraphrases()...) }

// A VerifierCell is one number of the report: of texts that are true, the share with an alarm; of false ones, the share
// that is refused.
type VerifierCell struct {
	Source   string   `json:"source"`
	Script   string   `json:"script"`
	Domain   string   `json:"domain"`
	Operator string   `json:"operator"`
	True     bool     `json:"true"`
	Refused  int      `json:"refused"` // texts with a claim that is not supported
	Share    Interval `json:"share"`   // with its Wilson interval
	Located  Interval `json:"located"` // share of false texts with such a claim on the words that are false
}

// A VerifierCase is one text that was judged wrongly.
type VerifierCase struct {
	Source   string             `json:"source"`
	At       string             `json:"at"` // file and line, or reader and item
	Script   string             `json:"script"`
	Domain   string             `json:"domain"`
	Operator string             `json:"operator"`
	True     bool               `json:"true"`
	Text     string             `json:"text"`
	Was      string             `json:"was,omitempty"` // before it was corrupted
	Wrong    string             `json:"wrong,omitempty"`
	Evidence []because.Evidence `json:"evidence"` // that the claims cite
	Claims   []because.Claim    `json:"claims"`

	start, end int // of the words that are false; both 0 where no words can be told
}

// VerifierReport measures the verifier on texts of which it is known whether they are true.
type VerifierReport struct {
	Seed    uint64         `json:"seed"`
	Texts   int            `json:"texts"`
	Domains []string       `json:"domains"`
	Cells   []VerifierCell `json:"cells"`
	Worst   []VerifierCase `json:"worst"`
	Wrong   int            `json:"wrong"` // cases of which Worst are the first

	cells map[cellKey]VerifierCell
}

type cellKey struct {
	source, script, domain, operator string
	true                             bool
}

// Cell is one number of the report; false where nothing was measured.
func (r VerifierReport) Cell(source, script, domain, operator string, isTrue bool) (VerifierCell, bool) {
	c, ok := r.cells[cellKey{source, script, domain, operator, isTrue}]
	return c, ok
}

// EvaluateVerifier measures recall and false alarms of the verifier (research/methods.md, section 3; issue 4) on three sources:
// texts that the templates write on the evidence of the data folder with the patterns of the packs and their corpora, each
// corrupted by every operator that has something to work on, the hand-written cases of verify/hard, and the withheld ones
// there. A text counts as refused when any of its claims, as it stands, is not supported.
func (e *Engine) EvaluateVerifier(ctx context.Context, o VerifierOptions, progress Progress) (VerifierReport, error) {
	w, err := e.ready()
	if err != nil {
		return VerifierReport{}, err
	}
	o.Texts, o.Worst = cmp.Or(o.Texts, 300), cmp.Or(o.Worst, 20)
	if progress == nil {
		progress = func(string, int, int) {}
	}
	b := &bench{engine: e, o: o, counts: map[cellKey]*[3]int{}}
	if err := b.writtenCases(ctx); err != nil {
		return VerifierReport{}, err
	}
	pools, err := b.gather(ctx, w, progress)
	if err != nil {
		return VerifierReport{}, err
	}
	for i, p := range pools {
		for k, s := range p.texts {
			if err := ctx.Err(); err != nil {
				return VerifierReport{}, err
			}
			b.generated(p, s)
			if k%20 == 19 {
				progress("verifier", i*o.Texts+k+1, len(pools)*o.Texts)
			}
		}
	}
	return b.report(), nil
}

// A bench counts judgements.
type bench struct {
	engine *Engine
	o      VerifierOptions
	counts map[cellKey]*[3]int // refused, located, all
	wrong  []VerifierCase
}

// A statedText is a clean text with what it is judged against.
type statedText struct {
	eval.Stated
	given        verify.Given
	reader, item string
	idle         []eval.Borrowed
}

// A textPool holds the clean texts of one domain and language, and what falsehoods are borrowed from.
type textPool struct {
	domain  string
	lang    because.Lang
	texts   []statedText
	seen    map[string]bool
	names   []string
	facts   []owned // of items
	readers []owned // of readers
}

// An owned is a fact and whose it is.
type owned struct {
	eval.Borrowed
	owner string
}

// gather writes clean texts until every domain and language has enough, or no more can be had.
func (b *bench) gather(ctx context.Context, w *world, progress Progress) ([]*textPool, error) {
	e := b.engine
	var pools []*textPool
	items := map[string][]string{}
	for _, id := range sortedIDs(w.items) {
		items[w.items[id].Domain] = append(items[w.items[id].Domain], id)
	}
	for _, d := range e.packs.Domains() {
		for _, lang := range because.Langs {
			if len(items[d]) > 0 {
				p := &textPool{domain: d, lang: lang, seen: map[string]bool{}}
				for _, id := range items[d] {
					p.names = append(p.names, w.items[id].Name.In(lang))
				}
				pools = append(pools, p)
			}
		}
	}
	ids, err := e.sampleUsers(ctx, EvalOptions{Users: 1 << 30, Seed: b.o.Seed})
	if err != nil {
		return nil, err
	}
	set := e.packs.WithCorpus(nil)
	authors := []author{{packs: e.packs, template: generate.NewTemplate(e.packs)}, {packs: set, template: generate.NewTemplate(set)}}
	for had := -1; ; {
		have := 0
		for _, p := range pools {
			have += len(p.texts)
		}
		if have == had || have == len(pools)*b.o.Texts {
			return pools, nil
		}
		had = have
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			rng := rand.New(rand.NewPCG(b.o.Seed, hash("verifier", id, fmt.Sprint(had))))
			if err := b.textsOf(ctx, w, id, items, pools, authors, rng); err != nil {
				return nil, err
			}
			have = 0
			for _, p := range pools {
				have += len(p.texts)
			}
			progress("clean texts", have, len(pools)*b.o.Texts)
		}
	}
}

// textsOf adds one text of a reader to each pool that wants more.
func (b *bench) textsOf(ctx context.Context, w *world, id string, items map[string][]string, pools []*textPool, authors []author, rng *rand.Rand) error {
	e := b.engine
	who, err := e.reader(ctx, w, id, nil, rng.IntN(10) == 0)
	if err != nil {
		return err
	}
	c := e.context(because.Context{At: e.now().Add(time.Duration(rng.IntN(24*7)) * time.Hour)})
	item := map[string]string{}
	for _, p := range pools {
		if len(p.texts) >= b.o.Texts {
			continue
		}
		if item[p.domain] == "" {
			q := e.query(w, who, c, p.domain, "")
			q.N = 12
			recs := w.model.Recommend(q)
			all := items[p.domain]
			item[p.domain] = all[rng.IntN(len(all))]
			if len(recs) > 0 && rng.IntN(3) > 0 {
				item[p.domain] = recs[rng.IntN(len(recs))].Item
			}
		}
		j := job{world: w, reader: who, context: c, lang: p.lang, started: time.Now(), requestID: fmt.Sprint("verifier ", id)}
		if err := j.score(e, item[p.domain]); err != nil {
			return err
		}
		pl, err := e.plan(ctx, j)
		if err != nil {
			return err
		}
		pl.given.Address = ""
		if err := p.add(ctx, pl, authors, rng); err != nil {
			return err
		}
	}
	return nil
}

// add writes one text on a plan, and single facts to borrow.
func (p *textPool) add(ctx context.Context, pl plan, authors []author, rng *rand.Rand) error {
	s := statedText{given: pl.given, reader: pl.reader.user.ID, item: pl.item.ID}
	var attributes, deeds []because.Evidence
	for _, ev := range pl.all {
		switch {
		case ev.Kind == because.Attribute:
			attributes = append(attributes, ev)
		case slices.Contains(borrowedKinds, ev.Kind):
			deeds = append(deeds, ev)
		}
	}
	single := func(ev because.Evidence) (string, error) { return alone(ctx, authors[0], pl, ev, rng) }
	for _, ev := range inOrder(rng, attributes)[:min(2, len(attributes))] {
		t, err := single(ev)
		if err != nil {
			return err
		}
		if t == "" {
			continue
		}
		if p.facts = append(p.facts, owned{eval.Borrowed{Text: t, Evidence: ev}, pl.item.ID}); ev.Share <= 0 {
			s.idle = append(s.idle, eval.Borrowed{Text: t, Evidence: ev})
		}
	}
	for _, ev := range inOrder(rng, deeds)[:min(1, len(deeds))] {
		t, err := single(ev)
		if err != nil {
			return err
		}
		if t != "" {
			p.readers = append(p.readers, owned{eval.Borrowed{Text: t, Evidence: ev}, pl.reader.user.ID})
		}
	}
	t, cited, err := written(ctx, authors[rng.IntN(len(authors))], pl, rng)
	if err != nil || t == "" || p.seen[t] {
		return err
	}
	p.seen[t] = true
	s.Stated = eval.Stated{
		Lang: p.lang, Domain: p.domain, Name: pl.given.Name, Aliases: pl.given.Aliases, Text: t, Evidence: pl.all, Cited: cited, Now: pl.given.Now,
	}
	p.texts = append(p.texts, s)
	return nil
}

// borrowedKinds are the kinds of what a reader did or stated that may be said of another.
var borrowedKinds = []because.EvidenceKind{because.Bought, because.Carted, because.Rated, because.Viewed, because.Searched, because.Habit, because.Profile}

// written is a text on a plan by an arm that an author drew, and the evidence that it states; empty when there is no arm.
func written(ctx context.Context, a author, pl plan, rng *rand.Rand) (string, []string, error) {
	var kinds []because.EvidenceKind
	for _, ev := range pl.all {
		if ev.Kind != because.Drawback && !slices.Contains(kinds, ev.Kind) {
			kinds = append(kinds, ev.Kind)
		}
	}
	own := a.packs.Pack(pl.item.Domain)
	if len(kinds) == 0 {
		return "", nil, nil
	}
	arm, ok := drawArm(own.Lead[pl.lang], kinds, rng)
	if !ok {
		return "", nil, nil
	}
	use, _ := evidence.Choose(pl.all, arm)
	return drafted(ctx, a, pl, arm, use, own, rng)
}

// alone is one evidence as a sentence that names nothing else; empty when there is none.
func alone(ctx context.Context, a author, pl plan, ev because.Evidence, rng *rand.Rand) (string, error) {
	t, cited, err := drafted(ctx, a, pl, because.Arm{Style: because.Short, Lead: ev.Kind}, []because.Evidence{ev}, a.packs.Pack(pl.item.Domain), rng)
	if err != nil || !slices.Contains(cited, ev.ID) || strings.Contains(t, pl.given.Name) {
		return "", err
	}
	return t, nil
}

// drafted is what an author's template writes, without the pack's closing line.
func drafted(ctx context.Context, a author, pl plan, arm because.Arm, use []because.Evidence, own *pack.Pack, rng *rand.Rand) (string, []string, error) {
	if len(use) == 0 {
		return "", nil, nil
	}
	req := pl.request(arm, use, 1)
	req.Seed = rng.Uint64()
	ds, err := a.template.Draft(ctx, req)
	if err != nil || len(ds) == 0 {
		return "", nil, err
	}
	if t, ok := generate.Unclosed(own, req, ds[0].Text); ok {
		return t, ds[0].Evidence, nil
	}
	return "", nil, nil
}

// inOrder is a list in the order of the seed.
func inOrder[T any](rng *rand.Rand, xs []T) []T {
	out := slices.Clone(xs)
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// generated judges a clean text, its paraphrases and its corruptions, Chinese ones in both scripts.
func (b *bench) generated(p *textPool, s statedText) {
	dice := func(what string) *rand.Rand {
		return rand.New(rand.NewPCG(b.o.Seed, hash(what, string(p.lang), p.domain, s.Text)))
	}
	judge := func(operator string, isTrue bool, said, wrong string, evs []because.Evidence) {
		g := s.given
		if evs != nil {
			g.Evidence = evs
		}
		c := VerifierCase{Source: Generated, At: s.reader + " " + s.item, Domain: p.domain, Operator: operator, True: isTrue, Wrong: wrong}
		if said != s.Text {
			c.Was = s.Text
		}
		for _, script := range Scripts {
			if (script == "en") != (p.lang == because.English) {
				continue
			}
			was := s.Text
			if c.Script, c.Text = script, said; script == "zh-Hant" {
				c.Text, was = text.Hant(said), text.Hant(was)
			}
			c.start, c.end = difference(was, c.Text)
			b.judge(c, g)
		}
	}
	judge(AsWritten, true, s.Text, "", nil)
	for _, name := range eval.Paraphrases() {
		if t, ok := eval.Paraphrase(name, s.Stated, dice(name)); ok {
			judge(name, true, t, "", nil)
		}
	}
	rng := dice("elsewhere")
	from := eval.Elsewhere{
		Names: some(rng, p.names), Idle: s.idle,
		Facts: lent(some(rng, p.facts), s.item), Readers: lent(some(rng, p.readers), s.reader),
	}
	for _, op := range eval.Operators() {
		if c, ok := eval.Corrupt(op, s.Stated, from, dice(op)); ok {
			judge(op, false, c.Text, c.Wrong, c.Evidence)
		}
	}
}

// difference is the stretch of s that is not in was: between what both begin and end with. A word put in makes false what
// follows it in the clause.
func difference(was, s string) (start, end int) {
	if was == s {
		return 0, 0
	}
	end = len(s)
	for start < min(len(was), len(s)) && was[start] == s[start] {
		start++
	}
	for k := len(was); k > start && end > start && was[k-1] == s[end-1]; k-- {
		end--
	}
	if len(s)-len(was) == end-start && end-start < len("doesn't also") {
		if i := strings.IndexAny(s[end:], "。，；：,.;:"); i >= 0 {
			return start, end + i
		}
		return start, len(s)
	}
	return start, max(end, start+1)
}

// some are up to sixty of a list, with repetition.
func some[T any](rng *rand.Rand, xs []T) []T {
	var out []T
	for range min(60, len(xs)) {
		out = append(out, xs[rng.IntN(len(xs))])
	}
	return out
}

// lent are the facts that are not one's own.
func lent(facts []owned, own string) []eval.Borrowed {
	var out []eval.Borrowed
	for _, f := range facts {
		if f.owner != own {
			out = append(out, f.Borrowed)
		}
	}
	return out
}

// writtenCases judges the hand-written cases. Their sets have no catalogue beside them: a name that is not in the evidence
// is noticed by that alone.
func (b *bench) writtenCases(ctx context.Context) error {
	sets, cases, err := hard.Load()
	if err != nil {
		return fmt.Errorf("read the hand-written cases: %w", err)
	}
	for _, c := range cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := sets[c.Set]
		g := verify.Given{Domain: s.Domain, Lang: s.Lang, Name: s.Name, Evidence: s.Evidence, Now: s.Now}
		for _, ev := range s.Evidence {
			if ev.Kind == because.Need {
				g.Need = ev.Slots["need"].Text
			}
		}
		operator := c.Operator
		if c.True {
			operator = AsWritten
		}
		x := VerifierCase{
			Source: Written, At: c.At + " " + c.Set, Script: c.Script, Domain: s.Domain, Operator: operator, True: c.True, Text: c.Text, Wrong: c.Wrong,
		}
		if c.Fresh {
			x.Source = Fresh
		}
		if i := strings.Index(c.Text, c.Wrong); i >= 0 {
			x.start, x.end = i, i+len(c.Wrong)
		}
		b.judge(x, g)
	}
	return nil
}

// judge lets the verifier judge a text and counts.
func (b *bench) judge(c VerifierCase, g verify.Given) {
	c.Claims = b.engine.verifier.Claims(c.Text, g)
	refused, located := false, false
	for _, x := range c.Claims {
		if x.Verdict != because.Supported {
			refused, located = true, located || c.end == 0 || x.Start < c.end && c.start < x.End
		}
	}
	sources := []string{c.Source, Both}
	if c.Source == Fresh {
		sources = sources[:1]
	}
	for _, source := range sources {
		for _, script := range []string{c.Script, All} {
			for _, domain := range []string{c.Domain, All} {
				for _, operator := range []string{c.Operator, All} {
					k := cellKey{source, script, domain, operator, c.True}
					if b.counts[k] == nil {
						b.counts[k] = &[3]int{}
					}
					b.counts[k][0] += int(one(refused))
					b.counts[k][1] += int(one(located))
					b.counts[k][2]++
				}
			}
		}
	}
	if refused == c.True && c.Source != Fresh {
		c.Evidence = []because.Evidence{}
		for _, ev := range g.Evidence {
			if slices.ContainsFunc(c.Claims, func(x because.Claim) bool { return slices.Contains(x.Evidence, ev.ID) }) {
				c.Evidence = append(c.Evidence, ev)
			}
		}
		b.wrong = append(b.wrong, c)
	}
}

func (b *bench) report() VerifierReport {
	r := VerifierReport{Seed: b.o.Seed, Texts: b.o.Texts, Wrong: len(b.wrong), cells: map[cellKey]VerifierCell{}, Worst: b.worst()}
	for k, n := range b.counts {
		c := VerifierCell{k.source, k.script, k.domain, k.operator, k.true, n[0], eval.Wilson(n[0], n[2]), eval.Wilson(n[1], n[2])}
		r.cells[k] = c
		r.Cells = append(r.Cells, c)
		if k.domain != All && !slices.Contains(r.Domains, k.domain) {
			r.Domains = append(r.Domains, k.domain)
		}
	}
	slices.Sort(r.Domains)
	at := func(list []string, s string) int { return slices.Index(list, s) }
	slices.SortFunc(r.Cells, func(a, b VerifierCell) int {
		return cmp.Or(at(Sources, a.Source)-at(Sources, b.Source), at(Scripts, a.Script)-at(Scripts, b.Script),
			strings.Compare(a.Domain, b.Domain), int(one(a.True)-one(b.True)), at(Operators(), a.Operator)-at(Operators(), b.Operator), strings.Compare(a.Operator, b.Operator))
	})
	return r
}

// worst are cases of the operators and scripts that fare worst, one of each in turn.
func (b *bench) worst() []VerifierCase {
	groups, bad := map[cellKey][]VerifierCase{}, map[cellKey]float64{}
	var keys []cellKey
	for _, c := range b.wrong {
		k := cellKey{c.Source, c.Script, All, c.Operator, c.True}
		if groups[k] == nil {
			n := b.counts[k]
			keys = append(keys, k)
			if bad[k] = float64(n[0]) / float64(n[2]); !c.True {
				bad[k] = 1 - bad[k]
			}
		}
		groups[k] = append(groups[k], c)
	}
	slices.SortStableFunc(keys, func(a, b cellKey) int { return compareFloat(bad[b], bad[a]) })
	out := []VerifierCase{}
	for i := 0; len(out) < min(b.o.Worst, len(b.wrong)); i++ {
		for _, k := range keys {
			if i < len(groups[k]) && len(out) < b.o.Worst {
				out = append(out, groups[k][i])
			}
		}
	}
	return out
}

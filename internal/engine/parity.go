package engine

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"because"
	"because/internal/eval"
	"because/internal/evidence"
	"because/internal/generate"
)

// ParityOptions say for how many readers the two languages are held against each other. The zero value is ready.
type ParityOptions struct {
	Lang    because.Lang // of sentences
	Users   int          // readers that are asked for; 0 means 200
	PerUser int          // items for each; 0 means 5
	Seed    uint64
	Source  because.Source // template or embedded, to measure that alone; empty measures both
	Samples int            // pairs that differ to keep, of each source; 0 means 5
}

// ParityReport says whether a reader is told the same in Chinese and in English.
type ParityReport struct {
	Seed    uint64         `json:"seed"`
	Users   int            `json:"users"`
	Sources []SourceParity `json:"sources"`
}

// SourceParity compares the texts of one source, pair by pair: the same reader, item, moment, arm and facts in both
// languages.
type SourceParity struct {
	Source    because.Source                  `json:"source"`
	Pairs     int                             `json:"pairs"`
	Found     eval.Interval                   `json:"same_evidence"` // share of pairs for which the same facts were found; the others differ by quotations and searches, which have a language
	Same      eval.Interval                   `json:"same_claims"`   // share of pairs whose texts state the same facts, of those that both languages have
	Wrote     float64                         `json:"wrote_both"`    // share of pairs of which the source itself wrote both texts
	Within    eval.Interval                   `json:"same_within"`   // as Same, of those pairs
	Supported map[because.Lang]float64        `json:"supported"`     // share of claims that evidence supports
	Only      map[because.EvidenceKind][2]int `json:"only"`          // facts that Chinese alone states, and English alone, by kind
	Samples   []ParitySample                  `json:"samples"`
}

// A ParitySample is a pair that differs.
type ParitySample struct {
	User   string                    `json:"user"`
	Item   string                    `json:"item"`
	Domain string                    `json:"domain"`
	Arm    string                    `json:"arm"`
	Texts  map[because.Lang]string   `json:"texts"`
	Only   map[because.Lang][]string `json:"only"` // facts that one language alone states, in its words
}

// EvaluateParity writes for a seeded sample of readers in both languages, on the same evidence with the same arm, and holds
// the facts that the texts state against each other. Intervals are over readers.
func (e *Engine) EvaluateParity(ctx context.Context, o ParityOptions, progress Progress) (ParityReport, error) {
	w, err := e.ready()
	if err != nil {
		return ParityReport{}, err
	}
	o.Users, o.PerUser, o.Samples = cmp.Or(o.Users, 200), cmp.Or(o.PerUser, 5), cmp.Or(o.Samples, 5)
	if progress == nil {
		progress = func(string, int, int) {}
	}
	ids, err := e.sampleUsers(ctx, EvalOptions{Users: o.Users, Seed: o.Seed})
	if err != nil {
		return ParityReport{}, err
	}
	embedded, err := e.embedded()
	if err != nil {
		return ParityReport{}, err
	}
	if o.Source == because.FromEmbedded && embedded == nil {
		return ParityReport{}, because.Errorf(because.ErrUnavailable, "This build has no embedded generator.")
	}
	t := &parity{e: e, o: o, embedded: embedded != nil && o.Source != because.FromTemplate, sums: map[because.Source]*paritySums{}, rng: rand.New(rand.NewPCG(o.Seed, hash("parity")))}
	for i, id := range ids {
		if err := t.reader(ctx, w, id); err != nil {
			return ParityReport{}, err
		}
		if i%10 == 9 {
			progress(because.Say(o.Lang, "writing in both languages"), i+1, len(ids))
		}
	}
	return ParityReport{Seed: o.Seed, Users: len(ids), Sources: t.report()}, nil
}

type parity struct {
	e        *Engine
	o        ParityOptions
	embedded bool
	sums     map[because.Source]*paritySums
	rng      *rand.Rand
}

// paritySums are of one source; a reader's pairs are a group.
type paritySums struct {
	out                 SourceParity
	found, same, within [][]float64
	reader              string
	wrote               int
	claims, supported   map[because.Lang]int
}

// reader writes about the items of one reader's list.
func (t *parity) reader(ctx context.Context, w *world, id string) error {
	list, err := t.e.Recommend(ctx, ListRequest{User: id, N: t.o.PerUser})
	if err != nil {
		return err
	}
	for _, rec := range list.Items {
		if err := ctx.Err(); err != nil {
			return err
		}
		style := policyStyles[t.rng.IntN(len(policyStyles))]
		zh, err := t.plan(ctx, id, rec.Item, because.Chinese, style, "")
		if err != nil {
			return err
		}
		en, err := t.plan(ctx, id, rec.Item, because.English, style, "")
		if err != nil {
			return err
		}
		found := slices.Equal(factKeys(zh.all), factKeys(en.all))
		zh.all, en.all = common(zh.all, en.all), common(en.all, zh.all)
		t.settle(&zh, because.Arm{})
		t.settle(&en, zh.arm)
		inChinese, inEnglish := zh, en
		zh.across, en.across = func() plan { return inEnglish }, func() plan { return inChinese }
		zh.whatIf()
		en.whatIf()
		floor := because.FromTemplate
		if zh.pack.Guarded {
			floor = because.FromApproved
		}
		a, b := t.e.fromTemplate(ctx, zh), t.e.fromTemplate(ctx, en)
		if o := t.o.Source; o == "" || o == because.FromTemplate {
			t.pair(floor, found, zh, en, a, b)
		}
		if t.embedded {
			write := func(p plan, x because.Explanation) because.Explanation {
				return t.e.upgrade(ctx, p, x, because.FromEmbedded, string(because.FromEmbedded), judgeWait, time.Now())
			}
			t.pair(because.FromEmbedded, found, zh, en, write(zh, a), write(en, b))
		}
	}
	return nil
}

// settle chooses arm and facts anew, after those that the other language does not have were taken away.
func (t *parity) settle(p *plan, arm because.Arm) {
	p.leads = evidence.Leads(p.all)
	if p.arm = arm; arm == (because.Arm{}) {
		allowed, _ := t.e.arms(*p)
		p.arm = allowed[t.rng.IntN(len(allowed))]
	}
	p.use = p.choose(p.arm)
	p.given.Evidence = p.all
}

func (t *parity) plan(ctx context.Context, user, item string, lang because.Lang, style because.Style, lead because.EvidenceKind) (plan, error) {
	p, err := t.e.planOne(ctx, ExplainRequest{User: user, Item: item, Lang: lang, Style: style, Lead: lead}, time.Now())
	p.trace = newTrace(true)
	return p, err
}

// pair counts one pair of texts under a source.
func (t *parity) pair(source because.Source, found bool, zh, en plan, a, b because.Explanation) {
	s := t.sums[source]
	if s == nil {
		s = &paritySums{claims: map[because.Lang]int{}, supported: map[because.Lang]int{}}
		s.out = SourceParity{Source: source, Supported: map[because.Lang]float64{}, Only: map[because.EvidenceKind][2]int{}, Samples: []ParitySample{}}
		t.sums[source] = s
	}
	if user := zh.reader.user.ID; user != s.reader || len(s.same) == 0 {
		s.found, s.same, s.within, s.reader = append(s.found, nil), append(s.same, nil), append(s.within, nil), user
	}
	last := len(s.same) - 1
	s.out.Pairs++
	s.found[last] = append(s.found[last], one(found))
	onlyA, onlyB := without(stated(zh, a), stated(en, b)), without(stated(en, b), stated(zh, a))
	same := len(onlyA)+len(onlyB) == 0
	s.same[last] = append(s.same[last], one(same))
	if a.Source == source && b.Source == source {
		s.wrote++
		s.within[last] = append(s.within[last], one(same))
	}
	for _, x := range []because.Explanation{a, b} {
		s.claims[x.Lang] += len(x.Claims)
		for _, c := range x.Claims {
			s.supported[x.Lang] += int(one(c.Verdict == because.Supported))
		}
	}
	if same {
		return
	}
	for _, ev := range onlyA {
		n := s.out.Only[ev.Kind]
		s.out.Only[ev.Kind] = [2]int{n[0] + 1, n[1]}
	}
	for _, ev := range onlyB {
		n := s.out.Only[ev.Kind]
		s.out.Only[ev.Kind] = [2]int{n[0], n[1] + 1}
	}
	if len(s.out.Samples) < t.o.Samples {
		s.out.Samples = append(s.out.Samples, ParitySample{
			User: a.User, Item: a.Item, Domain: a.Domain, Arm: zh.arm.String(), Texts: map[because.Lang]string{a.Lang: a.Text, b.Lang: b.Text},
			Only: map[because.Lang][]string{a.Lang: texts(onlyA), b.Lang: texts(onlyB)},
		})
	}
}

// stated are the facts that the text states: those that its draft cites, where the draft stands as it was written and every
// claim of it holds; of a draft that lost something, those that back a claim of what is left. (The verifier names for a claim
// every fact that would back it, and where two would, not always the one that was meant.)
func stated(p plan, x because.Explanation) []because.Evidence {
	cited, whole := p.trace.cited[x.Text], false
	written := []kept{keep(p.trace.floor)}
	if m := p.trace.model; m != nil {
		written = append(written, m.Drafts...)
	}
	if i := slices.IndexFunc(written, func(d kept) bool { return d.Text == x.Text }); i >= 0 {
		cited, whole = written[i].Cites, true
	}
	return slices.DeleteFunc(slices.Clone(p.all), func(ev because.Evidence) bool {
		return !slices.Contains(cited, ev.ID) || !whole && !slices.ContainsFunc(x.Claims, func(c because.Claim) bool {
			return c.Verdict == because.Supported && slices.Contains(c.Evidence, ev.ID)
		})
	})
}

// common are the facts of a that b has too.
func common(a, b []because.Evidence) []because.Evidence {
	have := factKeys(b)
	return slices.DeleteFunc(slices.Clone(a), func(ev because.Evidence) bool { return !slices.Contains(have, generate.FactKey(ev)) })
}

// factKeys are those of several, sorted.
func factKeys(evs []because.Evidence) []string {
	var out []string
	for _, ev := range evs {
		out = append(out, generate.FactKey(ev))
	}
	slices.Sort(out)
	return out
}

// without are the facts of a that b does not have.
func without(a, b []because.Evidence) []because.Evidence {
	have := factKeys(b)
	return slices.DeleteFunc(slices.Clone(a), func(ev because.Evidence) bool { return slices.Contains(have, generate.FactKey(ev)) })
}

// texts are the facts in words.
func texts(evs []because.Evidence) []string {
	out := []string{}
	for _, ev := range evs {
		out = append(out, ev.Text)
	}
	return out
}

func (t *parity) report() []SourceParity {
	out := []SourceParity{}
	for _, source := range []because.Source{because.FromTemplate, because.FromApproved, because.FromEmbedded} {
		s := t.sums[source]
		if s == nil {
			continue
		}
		interval := func(groups [][]float64) eval.Interval { return eval.BootstrapGroups(groups, 0, t.o.Seed) }
		s.out.Found, s.out.Same, s.out.Within = interval(s.found), interval(s.same), interval(s.within)
		s.out.Wrote = float64(s.wrote) / float64(s.out.Pairs)
		for lang, n := range s.claims {
			s.out.Supported[lang] = float64(s.supported[lang]) / float64(max(1, n))
		}
		out = append(out, s.out)
	}
	return out
}

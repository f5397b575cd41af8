package engine

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/eval"
	"because/internal/text"
)

// FairnessOptions say whose explanations are compared. The zero value is ready.
type FairnessOptions struct {
	Lang    because.Lang // of sentences
	Users   int          // readers that texts are written for; 0 means 400
	PerUser int          // items for each; 0 means 3
	Least   int          // readers that a group must have, and the others beside it; 0 means 20
	Source  string       // who writes; empty means whoever serves
	Fields  []string     // only these fields of users make groups; none means all
	Seed    uint64
}

// FairnessReport says whether some groups of readers get worse explanations than others.
type FairnessReport struct {
	Seed    uint64            `json:"seed"`
	Source  because.Source    `json:"source"` // that was asked to write
	Users   int               `json:"users"`
	Texts   int               `json:"texts"`
	Answers int               `json:"answers"` // feedback that says helpful or not, of choices that nobody forced
	Least   int               `json:"least"`
	Gaps    []eval.GroupGap   `json:"gaps"`
	Small   []eval.SmallGroup `json:"small"` // of which nothing is said
}

// The parts of a report on fairness.
type (
	GroupGap   = eval.GroupGap
	Measure    = eval.Measure
	SmallGroup = eval.SmallGroup
)

// The measures of fairness, and the dimensions beside the fields of users.
const (
	Faithful  = "faithful" // share of the raw draft's claims that evidence supports
	Length    = "length"   // of the text that is shown, in the mean length of its language
	Replaced  = "replaced" // share of texts that the template had to take the place of
	IsHelpful = "helpful"  // share of answers that say so, each weighted as if all allowed arms had been equally likely
	ByLang    = "language"
	ByHistory = "history"
)

// Measures are the measures in the order in which they are shown.
var Measures = []string{Faithful, Length, Replaced, IsHelpful}

// historyGroups are how many interactions a reader has, by the least of each group.
var historyGroups = []struct {
	least int
	name  string
}{{50, "50+"}, {warm, "10-49"}, {0, "0-9"}}

// AuditFairness writes for a seeded sample of readers in both languages and compares groups: by language, by length of
// history, and by every word that readers stated in a field. Feedback that was stored is compared besides. Nothing is said of
// a group with fewer than Least readers.
func (e *Engine) AuditFairness(ctx context.Context, o FairnessOptions, progress Progress) (FairnessReport, error) {
	out := FairnessReport{Seed: o.Seed, Least: cmp.Or(o.Least, 20)}
	if _, err := e.ready(); err != nil {
		return out, err
	}
	writer, err := e.writer(o.Source, true) // as lists are written
	if err != nil {
		return out, err
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	out.Source, o.Users, o.PerUser = writer, cmp.Or(o.Users, 400), cmp.Or(o.PerUser, 3)
	ids, err := e.sampleUsers(ctx, EvalOptions{Users: o.Users, Seed: o.Seed})
	if err != nil {
		return out, err
	}
	a := &audit{e: e, o: o, writer: writer, rng: rand.New(rand.NewPCG(o.Seed, hash("fairness"))), fields: map[string]bool{}}
	for i, id := range ids {
		if err := a.reader(ctx, id); err != nil {
			return out, err
		}
		if i%10 == 9 {
			progress(because.Say(o.Lang, "writing"), i+1, len(ids))
		}
	}
	for _, f := range o.Fields {
		if !a.fields[f] {
			return out, because.Errorf(because.ErrInvalid, "No user has a field %q with words. Fields with words: %s.", short(f), strings.Join(slices.Sorted(maps.Keys(a.fields)), ", "))
		}
	}
	out.Users, out.Texts = len(ids), len(a.rows)
	a.inMeanLengths()
	if out.Answers, err = a.answers(ctx); err != nil {
		return out, err
	}
	out.Gaps, out.Small = eval.Gaps(a.rows, out.Least, o.Seed)
	return out, nil
}

type audit struct {
	e      *Engine
	o      FairnessOptions
	writer because.Source
	rng    *rand.Rand
	rows   []eval.AuditRow
	langs  []because.Lang // of each row
	fields map[string]bool
}

// reader writes for one reader, in both languages.
func (a *audit) reader(ctx context.Context, id string) error {
	groups, err := a.groups(ctx, id)
	if err != nil {
		return err
	}
	list, err := a.e.Recommend(ctx, ListRequest{User: id, N: a.o.PerUser})
	if err != nil {
		return err
	}
	for _, rec := range list.Items {
		style := policyStyles[a.rng.IntN(len(policyStyles))]
		for _, lang := range because.Langs {
			if err := ctx.Err(); err != nil {
				return err
			}
			p, err := a.e.planOne(ctx, ExplainRequest{User: id, Item: rec.Item, Lang: lang, Style: style}, time.Now())
			if err != nil {
				return err
			}
			a.text(ctx, p, groups)
		}
	}
	return nil
}

// text writes one text and measures it.
func (a *audit) text(ctx context.Context, p plan, groups map[string][]string) {
	p.whatIf()
	p.trace = newTrace(true)
	x := a.e.fromTemplate(ctx, p)
	raw := p.trace.floor.Text
	if a.writer == because.FromTemplate {
		req := p.request(p.arm, p.use, drafts)
		if p.said.Arm == p.arm {
			req = p.said.request(p, p.use)
		}
		if ds, err := a.e.template.Draft(ctx, req); err == nil && len(ds) > 0 {
			raw = ds[0].Text // before anything was refused
		}
	} else {
		x = a.e.upgrade(ctx, p, x, a.writer, string(a.writer), judgeWait, time.Now())
		if m := p.trace.model; m != nil && len(m.Drafts) > 0 {
			raw = m.Drafts[0].Text
		}
	}
	faithful := math.NaN() // a text that claims nothing
	if claims := a.e.verifier.Claims(raw, p.given); len(claims) > 0 {
		n := 0.0
		for _, c := range claims {
			n += one(c.Verdict == because.Supported)
		}
		faithful = n / float64(len(claims))
	}
	own := map[string][]string{ByLang: {string(p.lang)}}
	for d, g := range groups {
		own[d] = g
	}
	a.langs = append(a.langs, p.lang)
	a.rows = append(a.rows, eval.AuditRow{User: p.reader.user.ID, Groups: own, Values: map[string]float64{
		Faithful: faithful, Length: float64(text.Len(x.Text)), Replaced: one(x.Verdict == because.Replaced),
	}})
}

// inMeanLengths turns lengths into multiples of the mean of their language: characters of two languages do not compare.
func (a *audit) inMeanLengths() {
	sum, n := map[because.Lang]float64{}, map[because.Lang]float64{}
	for i, r := range a.rows {
		sum[a.langs[i]] += r.Values[Length]
		n[a.langs[i]]++
	}
	for i, r := range a.rows {
		r.Values[Length] /= max(1, sum[a.langs[i]]/n[a.langs[i]])
	}
}

// groups are the groups of a reader, by dimension.
func (a *audit) groups(ctx context.Context, id string) (map[string][]string, error) {
	u, err := a.e.db.User(ctx, id)
	if err != nil {
		return nil, err
	}
	n, err := a.e.db.CountHistory(ctx, id)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, g := range historyGroups {
		if n >= g.least {
			out[ByHistory] = []string{g.name}
			break
		}
	}
	for field, v := range u.Profile {
		words := slices.Clone(v.Words)
		if v.Flag != nil {
			words = append(words, map[bool]string{true: "true", false: "false"}[*v.Flag])
		}
		if len(words) == 0 {
			continue
		}
		if a.fields[field] = true; len(a.o.Fields) == 0 || slices.Contains(a.o.Fields, field) {
			out["field "+field] = words
		}
	}
	return out, nil
}

// answers adds the feedback that says helpful or not, once for each impression, the last word counting. An answer counts for
// one over its arm's propensity and the number of arms, so that readers who were shown other arms compare (Horvitz and
// Thompson 1952, self-normalised).
func (a *audit) answers(ctx context.Context) (int, error) {
	said := map[string]because.FeedbackKind{}
	of := map[string]string{} // feedback -> impression
	var order []string
	err := a.e.db.EachFeedback(ctx, func(f because.Feedback) error {
		switch f.Kind {
		case because.Helpful, because.NotHelpful:
			if said[f.Impression] == "" {
				order = append(order, f.Impression)
			}
			said[f.Impression], of[f.ID] = f.Kind, f.Impression
		case because.Undo:
			if im, ok := of[f.Target]; ok {
				said[im] = because.Undo
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	groups := map[string]map[string][]string{}
	n := 0
	for _, id := range order {
		if said[id] == because.Undo {
			continue
		}
		im, err := a.e.db.Impression(ctx, id)
		if err != nil {
			return n, err
		}
		if im.Forced || im.User == "" || im.Explanation == nil || im.Propensity <= 0 {
			continue
		}
		if groups[im.User] == nil {
			if groups[im.User], err = a.groups(ctx, im.User); err != nil {
				return n, err
			}
		}
		own := map[string][]string{ByLang: {string(im.Explanation.Lang)}}
		for d, g := range groups[im.User] {
			own[d] = g
		}
		n++
		a.rows = append(a.rows, eval.AuditRow{
			User: im.User, Groups: own, Values: map[string]float64{IsHelpful: one(said[id] == because.Helpful)}, Weight: 1 / (im.Propensity * float64(len(im.Allowed))),
		})
	}
	return n, nil
}

// FairnessFindings say which gaps are beyond chance, how many would be by chance alone, and what was too little.
func FairnessFindings(r FairnessReport, lang because.Lang) []string {
	var out []string
	n, beyond := 0, 0
	for _, g := range r.Gaps {
		for _, m := range Measures {
			x, ok := g.Measures[m]
			if !ok {
				continue
			}
			if n++; x.Gap.Low > 0 || x.Gap.High < 0 {
				beyond++
				out = append(out, because.Say(lang, "%s, %s: %s is %.3f, which is %+.3f from the others (95 %% between %+.3f and %+.3f; %d readers).",
					DimensionName(g.Dimension, lang), g.Group, MeasureName(m, lang), x.Mean.Mean, x.Gap.Mean, x.Gap.Low, x.Gap.High, x.Users))
			}
		}
	}
	if n > 0 {
		out = append(out, because.Say(lang, "%d of %d gaps lie beyond their interval; where nothing differs, chance alone puts about %.0f there.", beyond, n, math.Ceil(.05*float64(n))))
	} else {
		out = append(out, because.Say(lang, "There is too little data: no group and no others beside it have %d readers.", r.Least))
	}
	if len(r.Small) > 0 {
		out = append(out, because.Say(lang, "Of %d groups nothing is said: they, or the others beside them, have fewer than %d readers.", len(r.Small), r.Least))
	}
	if !slices.ContainsFunc(r.Gaps, func(g eval.GroupGap) bool { _, ok := g.Measures[IsHelpful]; return ok }) {
		out = append(out, because.Say(lang, "Whether reasons helped is not compared: there are %d answers, and no group has %d readers who answered.", r.Answers, r.Least))
	}
	return out
}

// MeasureName says a measure to a person.
func MeasureName(m string, lang because.Lang) string {
	switch m {
	case Faithful:
		return because.Say(lang, "claims of the draft supported")
	case Length:
		return because.Say(lang, "length (1 is the mean)")
	case Replaced:
		return because.Say(lang, "texts replaced")
	}
	return because.Say(lang, "found helpful")
}

// DimensionName says a dimension to a person; a field has its own name.
func DimensionName(d string, lang because.Lang) string {
	switch d {
	case ByLang:
		return because.Say(lang, "language")
	case ByHistory:
		return because.Say(lang, "interactions")
	}
	return d[len("field "):]
}

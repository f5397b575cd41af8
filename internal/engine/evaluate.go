package engine

import (
	"cmp"
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"because"
	"because/internal/eval"
	"because/internal/pack"
	"because/internal/recommend"
)

// EvalOptions say what is evaluated.
type EvalOptions struct {
	Lang    because.Lang
	Users   int  // how many readers are asked for; 0 means 200
	PerUser int  // explanations for each; 0 means 3
	Ranking bool // also measure the ranking on the last interaction of each user, by training without it
	Seed    uint64
	Source  string // who writes; empty means the template
}

// warm is the number of interactions from which a reader's history should carry the reasons.
const warm = 10

// Evaluate writes explanations for a seeded sample of readers and measures them: the share that cites a personal cause,
// and, where truth is known, how often the cited cause is a true one beside a cause picked at random.
func (e *Engine) Evaluate(ctx context.Context, o EvalOptions, truth Truth) (EvalReport, error) {
	w, err := e.ready()
	if err != nil {
		return EvalReport{}, err
	}
	if o.Users == 0 {
		o.Users = 200
	}
	if o.PerUser == 0 {
		o.PerUser = 3
	}
	out := EvalReport{Lang: o.Lang, Numbers: map[string]float64{}, ByGroup: map[string]map[string]float64{}}
	users, err := e.sampleUsers(ctx, o)
	if err != nil {
		return out, err
	}
	if o.Source == "" {
		o.Source = string(because.FromTemplate)
	}
	t := newTally(e.packs)
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	for _, id := range users {
		recs, err := e.Recommend(ctx, ListRequest{User: id, N: o.PerUser, Explain: true, Lang: o.Lang, Source: o.Source})
		if err != nil {
			return out, err
		}
		n, err := e.db.CountHistory(ctx, id)
		if err != nil {
			return out, err
		}
		u, err := e.db.User(ctx, id)
		if err != nil {
			return out, err
		}
		out.Users++
		for _, rec := range recs.Items {
			if rec.Explanation != nil {
				out.Texts++
				t.add(w.items[rec.Item], recs.Context, u, n, *rec.Explanation, truth, rng)
			}
		}
	}
	t.report(&out)
	if o.Ranking {
		err = e.evaluateRanking(ctx, &out)
	}
	return out, err
}

func (e *Engine) sampleUsers(ctx context.Context, o EvalOptions) ([]string, error) {
	var ids []string
	err := e.db.EachUser(ctx, func(u because.User) error {
		if !u.Impersonal {
			ids = append(ids, u.ID)
		}
		return nil
	})
	slices.Sort(ids)
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(o.Users, len(ids))], err
}

// personalEvidence are the kinds that speak of the reader.
var personalEvidence = []because.EvidenceKind{
	because.Bought, because.Carted, because.Rated, because.Viewed, because.Searched, because.Habit, because.Shared,
	because.Profile, because.Fit, because.PriceKind, because.InContext,
}

// cause is the evidence that leads a text, if it is a personal cause: of several of the kind, the one that the text names.
func cause(x because.Explanation) (because.Evidence, bool) {
	for _, ev := range x.Evidence {
		named := strings.Contains(x.Text, ev.Slots["hist"].Text) && strings.Contains(x.Text, ev.Slots["query"].Text)
		if named && string(ev.Kind) == leadOf(x) && ev.Share > 0 && slices.Contains(personalEvidence, ev.Kind) {
			return ev, true
		}
	}
	return because.Evidence{}, false
}

// leadOf is the kind of evidence that an explanation's arm leads with.
func leadOf(x because.Explanation) string {
	_, lead, _ := strings.Cut(x.Arm, "/")
	return lead
}

// citedTerms are the terms of taste that an evidence names, as truth and contributions name them.
func citedTerms(p *pack.Pack, lang because.Lang, ev because.Evidence, it because.Item) []string {
	switch ev.Kind {
	case because.Habit:
		return []string{"category:" + ev.Slots["category"].Ref}
	case because.Profile:
		return []string{"profile:" + ev.Ref}
	case because.PriceKind:
		return []string{"price:"}
	case because.InContext:
		return []string{"context:"}
	case because.Fit:
		return fieldTerms(ev.Ref, it)
	}
	s, ok := ev.Slots["shared"]
	switch {
	case !ok:
		return nil
	case s.Ref == "category":
		return []string{"category:"}
	}
	return slices.DeleteFunc(fieldTerms(s.Ref, it), func(term string) bool { // of several words, those that it says
		_, word, isWord := strings.Cut(term, "=")
		return isWord && !strings.Contains(s.Text, p.Word(word, lang))
	})
}

// cites is the sort of term that is cited: category, field, attribute, price, profile, context; "nothing" without one.
func cites(cited []string) string {
	if len(cited) == 0 {
		return "nothing"
	}
	kind, _, _ := strings.Cut(cited[len(cited)-1], ":")
	return kind
}

// fieldTerms are the terms of one field of an item: the field itself for a number, each word otherwise.
func fieldTerms(field string, it because.Item) []string {
	out := []string{"field:" + field, "attribute:" + field}
	for _, word := range it.Attributes[field].Words {
		out = append(out, "attribute:"+field+"="+word)
	}
	return out
}

// mainReasons are the reader's main reasons for an item: their top three positive terms, each at least a tenth of the
// positive mass. What an item is to everybody (popularity) counts in the mass and is nobody's reason.
func mainReasons(terms map[string]float64) []string {
	own, mass := map[string]float64{}, 0.0
	for _, name := range slices.Sorted(maps.Keys(terms)) {
		mass += max(0, terms[name])
		if name != "popularity:" {
			own[name] = terms[name]
		}
	}
	return slices.DeleteFunc(eval.TrueCauses(own), func(name string) bool { return own[name] < mass/10 })
}

// isTrue reports whether any of the cited terms is among the reader's main reasons.
func isTrue(cited []string, terms map[string]float64) bool {
	return slices.ContainsFunc(mainReasons(terms), func(name string) bool {
		return slices.ContainsFunc(cited, func(c string) bool { return name == c || strings.HasSuffix(c, ":") && strings.HasPrefix(name, c) })
	})
}

// A tally counts over explanations, in all and per group.
type tally struct {
	packs  *pack.Set
	groups map[string]*counts
	worst  []Worst
}

type counts struct {
	texts, personal, warm, warmPersonal, judged, right, random, profile, stated, statedProfile, claims, supported float64
}

func newTally(packs *pack.Set) *tally {
	return &tally{packs: packs, groups: map[string]*counts{"": {}}}
}

func (t *tally) add(it because.Item, c because.Context, user because.User, history int, x because.Explanation, truth Truth, rng *rand.Rand) {
	ev, personal := cause(x)
	var terms map[string]float64
	if truth != nil {
		terms = truth(user.ID, it, c)
	}
	cited := citedTerms(t.packs.Pack(it.Domain), x.Lang, ev, it)
	right := personal && terms != nil && isTrue(cited, terms)
	randomRight := terms != nil && isTrue(randomCause(it, rng), terms)
	if personal && terms != nil && !right {
		t.worst = append(t.worst, Worst{User: user.ID, Item: it.ID, Text: x.Text, Cited: strings.Join(cited, " "), True: mainReasons(terms)})
	}
	told := ev.Kind == because.Profile || slices.ContainsFunc(x.Evidence, func(e because.Evidence) bool { return e.Kind == because.Trend || e.Kind == because.Profile })
	stated := t.stated(user, it.Domain)
	for _, g := range []string{"", "domain " + it.Domain, "history " + bucket(history), "lead " + leadOf(x), "cites " + cites(cited), "confidence " + cmp.Or(x.Confidence, "none")} {
		n := t.groups[g]
		if n == nil {
			n = &counts{}
			t.groups[g] = n
		}
		n.texts++
		n.personal += one(personal)
		n.warm += one(history >= warm)
		n.warmPersonal += one(personal && history >= warm)
		n.profile += one(told)
		n.stated += one(stated)
		n.statedProfile += one(told && stated)
		n.claims += float64(len(x.Claims))
		for _, cl := range x.Claims {
			n.supported += one(cl.Verdict == because.Supported)
		}
		if personal && terms != nil {
			n.judged++
			n.right += one(right)
			n.random += one(randomRight)
		}
	}
}

// stated reports whether a reader stated something of themselves that a domain may speak of, and consents to it.
func (t *tally) stated(u because.User, domain string) bool {
	p := t.packs.Pack(domain)
	for field, f := range p.Profile {
		if !f.Sensitive && f.Meets.Field != "" && !u.Profile[field].IsZero() && p.Consented(f.Consent, u.Consents) {
			return true
		}
	}
	return false
}

// randomCause is one attribute or category of the item, drawn at random: what a cause would score that is not read off
// the ranker.
func randomCause(it because.Item, rng *rand.Rand) []string {
	var all [][]string
	if len(it.Categories) > 0 {
		all = append(all, []string{"category:"})
	}
	if it.Price > 0 {
		all = append(all, []string{"price:"})
	}
	for _, f := range slices.Sorted(maps.Keys(it.Attributes)) {
		all = append(all, fieldTerms(f, it))
	}
	if len(all) == 0 {
		return nil
	}
	return all[rng.IntN(len(all))]
}

func bucket(n int) string {
	switch {
	case n == 0:
		return "0"
	case n < 3:
		return "1-2"
	case n < warm:
		return "3-9"
	case n < 50:
		return "10-49"
	}
	return "50+"
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (t *tally) report(out *EvalReport) {
	for g, n := range t.groups {
		m := map[string]float64{"texts": n.texts, "personal": n.personal / n.texts}
		if n.warm > 0 {
			m["personal_warm"] = n.warmPersonal / n.warm
		}
		if n.claims > 0 {
			m["supported"] = n.supported / n.claims
		}
		if n.judged > 0 {
			m["cause_precision"] = n.right / n.judged
			m["random_precision"] = n.random / n.judged
		}
		m["profile_or_trend"] = n.profile / n.texts
		if n.stated > 0 {
			m["profile_or_trend_of_stated"] = n.statedProfile / n.stated
		}
		if g == "" {
			out.Numbers = m
		} else {
			out.ByGroup[g] = m
		}
	}
	out.Worst = t.worst[:min(20, len(t.worst))]
}

// evaluateRanking trains without the last item of each user and measures where it lands, beside popularity.
func (e *Engine) evaluateRanking(ctx context.Context, out *EvalReport) error {
	d, err := e.data(ctx)
	if err != nil {
		return err
	}
	train, test := d.LeaveLastOut()
	m, err := recommend.Fit(ctx, train, e.fitOptions(train), nil)
	if err != nil {
		return err
	}
	history, people := train.Histories(), map[string]because.User{}
	for _, u := range d.Users {
		people[u.ID] = u
	}
	domains, w := e.packs.Domains(), e.world.Load()
	var ranked, popular ranking
	for _, x := range test {
		seen := itemsSeen(history[x.User])
		q := recommend.Query{Context: x.Context, Domain: w.items[x.Item].Domain, N: 20, Exclude: seen}
		popular.add(m.Recommend(q), x.Item)
		q.Exclude, q.History, q.Profile = nil, history[x.User], e.anyProfile(reader{user: people[x.User]}, domains)
		ranked.add(m.Recommend(q), x.Item)
	}
	ranked.report("", len(d.Items), out.Numbers)
	popular.report("popularity_", len(d.Items), out.Numbers)
	return nil
}

// A ranking gathers ranked lists with the one item that came next.
type ranking struct {
	lists        [][]string
	ndcg, recall float64
}

func (r *ranking) add(recs []because.Recommendation, next string) {
	list := make([]string, len(recs))
	for i, rec := range recs {
		list[i] = rec.Item
	}
	relevant := map[string]bool{next: true}
	r.lists = append(r.lists, list)
	r.ndcg += eval.NDCG(list, relevant, 10)
	r.recall += eval.Recall(list, relevant, 20)
}

func (r *ranking) report(prefix string, items int, numbers map[string]float64) {
	n := float64(max(1, len(r.lists)))
	numbers[prefix+"ndcg@10"] = r.ndcg / n
	numbers[prefix+"recall@20"] = r.recall / n
	numbers[prefix+"coverage@10"] = eval.Coverage(r.lists, items, 10)
}

// itemsSeen are the items of a history that nobody would be shown again.
func itemsSeen(xs []because.Interaction) []string {
	var out []string
	for _, x := range xs {
		if x.Kind == because.Purchase || x.Kind == because.Rating {
			out = append(out, x.Item)
		}
	}
	return out
}

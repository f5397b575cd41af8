package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/recommend"
	"because/internal/text"
	"because/internal/verify"
)

// Explain writes one explanation: of an item for a reader, of the item that a typed need finds, or of a foreign
// recommendation.
func (e *Engine) Explain(ctx context.Context, r ExplainRequest) (because.Explanation, error) {
	start := time.Now()
	writer, err := e.writer(r.Source, false)
	if err != nil {
		return because.Explanation{}, err
	}
	p, err := e.planOne(ctx, r, start)
	if err != nil {
		return because.Explanation{}, err
	}
	if p.across != nil {
		go p.across() // which the text wants
	}
	p.whatIf()
	x := e.fromTemplate(ctx, p)
	if writer != because.FromTemplate {
		x = e.upgrade(ctx, p, x, writer, r.Source, r.Timeout, start)
	}
	if r.Counterfactuals && p.known {
		x.Counterfactuals = e.counterfactuals(p, x)
	}
	x.TookMS = ms(start)
	if r.Log {
		texts := []because.Explanation{x}
		if err := e.logImpressions(ctx, []plan{p}, texts); err != nil {
			return because.Explanation{}, err
		}
		x = texts[0]
	}
	return x, nil
}

// Compare lets every source write on the same evidence and arm, and shows each draft with its verdict and time.
func (e *Engine) Compare(ctx context.Context, r ExplainRequest) ([]Compared, error) {
	p, err := e.planOne(ctx, r, time.Now())
	if err != nil {
		return nil, err
	}
	start := time.Now()
	floor := e.fromTemplate(ctx, p)
	out := []Compared{{Source: floor.Source, Available: true, Draft: floor.Text, Explanation: &floor, TookMS: ms(start)}}
	if m, err := e.embedded(); err != nil || m == nil {
		out = append(out, Compared{Source: because.FromEmbedded, Reason: because.Say(r.Lang, "This build has no embedded generator.")})
	} else {
		out = append(out, e.compared(ctx, p, floor, because.FromEmbedded, r.Timeout))
	}
	if e.endpoint == nil {
		return append(out, Compared{Source: because.FromLLM, Reason: because.Say(r.Lang, "No endpoint is configured. Give one with --llm-url and --llm-model.")}), nil
	}
	return append(out, e.compared(ctx, p, floor, because.FromLLM, r.Timeout)), nil
}

// compared is what one generator writes for a plan.
func (e *Engine) compared(ctx context.Context, p plan, floor because.Explanation, writer because.Source, timeout time.Duration) Compared {
	start := time.Now()
	x := e.upgrade(ctx, p, floor, writer, string(writer), timeout, start)
	c := Compared{Source: writer, Available: true, Draft: x.Text, Explanation: &x, TookMS: ms(start)}
	if x.Fallback != nil {
		c.Reason = x.Fallback.Reason
	}
	return c
}

// planOne finds the item of a request, scores it and makes the plan.
func (e *Engine) planOne(ctx context.Context, r ExplainRequest, start time.Time) (plan, error) {
	w, err := e.ready()
	if err != nil && r.Foreign == nil {
		return plan{}, err
	}
	if w == nil {
		w = e.world.Load()
	}
	if err := e.checkWords(r.Style, r.Lead, r.Source, r.Domain); err != nil {
		return plan{}, err
	}
	who, err := e.reader(ctx, w, r.User, r.Session, r.Impersonal)
	if err != nil {
		return plan{}, err
	}
	j := job{
		world: w, reader: who, context: e.circumstances(who, r.Context), need: r.Need, lang: r.Lang, style: r.Style, lead: r.Lead, started: start,
		trace: newTrace(r.Log),
	}
	j.requestID = e.requestID(r.Log, r.User, r.Item+"\x00"+r.Need, j.context)
	switch {
	case r.Foreign != nil:
		j.item, j.rec, j.caller = e.foreign(w, *r.Foreign)
	case r.Item != "":
		err = j.score(e, r.Item)
	case r.Need != "":
		err = j.find(e, r.Domain)
	default:
		err = because.Errorf(because.ErrInvalid, "Say which item to explain, or what you need.")
	}
	if err != nil {
		return plan{}, err
	}
	return e.plan(ctx, j)
}

// A job is one explanation to write.
type job struct {
	world     *world
	reader    reader
	item      because.Item
	rec       because.Recommendation
	query     recommend.Query
	known     bool // the ranker knows the item
	caller    []because.Contribution
	context   because.Context
	need      string
	lang      because.Lang
	style     because.Style        // empty lets the policy choose
	lead      because.EvidenceKind // likewise
	requestID string
	inList    bool
	position  int
	avoid     []string
	started   time.Time
	trace     *trace // nil where nothing is logged
}

// score looks an item up and scores it. An item that came after training has no score, and says only its own facts.
func (j *job) score(e *Engine, id string) error {
	it, ok := j.world.items[id]
	if !ok {
		return because.Errorf(because.ErrNotFound, "There is no item %q.", short(id))
	}
	j.item = it
	j.query = e.query(j.world, j.reader, j.context, it.Domain, j.need)
	if j.world.model != nil {
		j.rec, j.known = j.world.model.Score(j.query, id)
	}
	if !j.known {
		j.rec = because.Recommendation{Item: id}
	}
	return nil
}

// find takes the item that meets the typed need best.
func (j *job) find(e *Engine, domain string) error {
	j.query = e.query(j.world, j.reader, j.context, domain, j.need)
	j.query.N = 1
	recs := j.world.model.Recommend(j.query)
	if len(recs) == 0 || !slices.ContainsFunc(recs[0].Contributions, func(c because.Contribution) bool { return c.Kind() == "need" && c.Value > 0 }) {
		return because.Errorf(because.ErrNotFound, "Nothing here meets %q. Try other words, or name an item.", short(j.need))
	}
	j.rec, j.item, j.known = recs[0], j.world.items[recs[0].Item], true
	return nil
}

// A plan is a job with its evidence found and its arm chosen.
type plan struct {
	job
	pack       *pack.Pack
	all        []because.Evidence
	leads      []because.EvidenceKind
	allowed    []because.Arm
	arm        because.Arm
	propensity float64
	features   map[string]float64
	policy     string
	forced     bool
	use        []because.Evidence
	given      verify.Given
	across     func() plan // the same in the other language; nil where there is nothing to look across to
	said       *planned    // what the template's text states, once it is written
	falls      fall        // where the item would stand without what leads
}

// plan finds the evidence and lets the policy choose the arm, unless the caller did.
func (e *Engine) plan(ctx context.Context, j job) (plan, error) {
	j.item = evidence.Said(j.item)
	p := plan{job: j, pack: e.packs.Pack(j.item.Domain)}
	reviews, err := e.db.ReviewsOf(ctx, j.item.ID, 40)
	if err != nil {
		return p, fmt.Errorf("read reviews: %w", err)
	}
	req := evidence.Request{
		Lang: j.lang, Now: j.context.At, Item: j.item, History: j.reader.past, Profile: j.reader.profile(p.pack),
		Consents: j.reader.user.Consents, Context: j.context, Need: j.need, Vocabulary: j.world.words[j.item.Domain], Contributions: j.rec.Contributions,
		Reviews: reviews, Known: j.world.items, Pack: p.pack, Caller: j.caller, Hidden: j.reader.hidden, Bare: j.style == because.Push,
	}
	if j.world.model != nil {
		req.Facts = j.world.model
	}
	p.all = evidence.Find(req)
	if _, barred := p.pack.Barred(j.item, j.reader.user.Profile, j.reader.profile(p.pack), j.context.At); barred || p.pack.HandsOff(j.need) {
		p.all = nil // nothing speaks for it
	}
	p.leads = evidence.Leads(p.all)
	p.allowed, p.forced = e.arms(p)
	p.features = features(p)
	e.learning.Lock()
	p.arm, p.propensity = e.policy.Choose(p.allowed, p.features, e.dice(j))
	p.policy = e.policy.Version()
	e.learning.Unlock()
	p.use = p.choose(p.arm)
	p.given = verify.Given{
		Domain: j.item.Domain, Lang: j.lang, Name: j.item.Name.In(j.lang), Aliases: append(j.item.Name.All(), j.item.Aliases...),
		Evidence: p.all, Need: j.need, Now: j.context.At, Catalogue: j.world.names, Address: p.pack.Address,
	}
	p.inBothLanguages(req)
	if t := p.trace; t != nil {
		p.given.Met = func(name string) { t.met[name] = true }
	}
	return p, nil
}

// mostEvidence is how many evidences a text is written from.
const mostEvidence = 6

// choose picks what is worth saying with an arm, and adds what the pack wants stated.
func (p plan) choose(arm because.Arm) []because.Evidence {
	use, _ := evidence.Choose(p.all, arm)
	if len(use) == 0 {
		return use
	}
	for _, f := range p.pack.States {
		i := slices.IndexFunc(p.all, func(e because.Evidence) bool { return e.Kind == because.Attribute && e.Ref == f && !e.Sensitive })
		if i < 0 || slices.ContainsFunc(use, func(e because.Evidence) bool { return e.ID == p.all[i].ID }) {
			continue
		}
		if use = slices.Clone(use); len(use) >= mostEvidence {
			use = use[:mostEvidence-1]
		}
		use = append(use, p.all[i])
	}
	return use
}

// stated reports whether a text states what the pack wants stated, where evidence has it; a push has no room.
func (p plan) stated(x because.Explanation) bool {
	return x.Style == because.Push || !slices.ContainsFunc(p.pack.States, func(f string) bool {
		of := func(e because.Evidence) bool { return e.Ref == f || e.Slots["shared"].Ref == f }
		has := slices.ContainsFunc(p.all, func(e because.Evidence) bool { return e.Kind == because.Attribute && e.Ref == f && !e.Sensitive })
		return has && !slices.ContainsFunc(p.all, func(e because.Evidence) bool {
			return of(e) && slices.ContainsFunc(x.Claims, func(c because.Claim) bool { return slices.Contains(c.Evidence, e.ID) })
		})
	})
}

// policyStyles are the styles that the policy chooses among. Push is for notifications and contrast for comparisons:
// callers ask for them.
var policyStyles = []because.Style{because.Short, because.Detail, because.Data, because.Warm}

// arms are what may be chosen for a plan, and whether the caller narrowed them. When something speaks for the item that
// comes from the reader or their need, only that may lead.
func (e *Engine) arms(p plan) (allowed []because.Arm, forced bool) {
	styles, leads := policyStyles, p.leads
	if own := slices.DeleteFunc(slices.Clone(leads), func(k because.EvidenceKind) bool { return !slices.Contains(ownKinds, k) }); len(own) > 0 {
		leads = own
	}
	if p.style != "" {
		styles, forced = []because.Style{p.style}, true
	}
	if p.style == because.Contrast && slices.Contains(p.leads, because.Versus) {
		leads = []because.EvidenceKind{because.Versus}
	}
	if p.lead != "" && slices.Contains(p.leads, p.lead) {
		leads, forced = []because.EvidenceKind{p.lead}, true
	}
	for _, a := range p.pack.Arms(leads) {
		if slices.Contains(styles, a.Style) {
			allowed = append(allowed, a)
		}
	}
	if len(allowed) == 0 { // the pack has no pattern for what was asked: the realiser falls back by itself
		lead := because.Attribute
		if len(leads) > 0 {
			lead = leads[0]
		}
		allowed = []because.Arm{{Style: styles[0], Lead: lead}}
	}
	if p.inList && e.o.NoReason && !forced {
		allowed = append(allowed, because.NoExplanation)
	}
	return allowed, forced
}

// ownKinds are the kinds of evidence that come from the reader: what they did, stated or typed.
var ownKinds = append([]because.EvidenceKind{because.Need}, personalEvidence...)

// features are what the policy sees of a plan: nothing that names a person.
func features(p plan) map[string]float64 {
	x := map[string]float64{
		"bias": 1, "lang:" + string(p.lang): 1, "part:" + because.PartOfDay(p.context.At.Hour()): 1,
		"history": min(1, float64(len(p.reader.history))/50),
	}
	if p.item.Domain != "" {
		x["domain:"+p.item.Domain] = 1
	}
	if p.context.Device != "" {
		x["device:"+p.context.Device] = 1
	}
	return x
}

// dice is the randomness of one choice: the same request draws the same arm, and each logged request is a new one.
func (e *Engine) dice(j job) *rand.Rand {
	return rand.New(rand.NewPCG(e.o.Seed, hash(j.requestID, j.item.ID, string(j.lang))))
}

// drafts is how many texts the realiser may offer for one lead.
const drafts = 4

// fromTemplate writes the verified text that every request has. It cannot fail: when the chosen lead gives nothing
// that passes, the others are tried, and last the sentence that claims nothing.
func (e *Engine) fromTemplate(ctx context.Context, p plan) because.Explanation {
	if p.pack.HandsOff(p.need) {
		return e.handsOff(p)
	}
	arms := []because.Arm{p.arm}
	for _, lead := range p.leads {
		if lead != p.arm.Lead {
			arms = append(arms, because.Arm{Style: p.arm.Style, Lead: lead})
		}
	}
	if x, ok := e.both(ctx, p, arms); ok {
		return x
	}
	for i, arm := range slices.Concat(arms, arms) { // a text that lost a clause only when none is whole
		use := p.use
		if i > 0 {
			use = p.choose(arm)
		}
		if x, ok := e.realise(ctx, p, arm, use, i < len(arms)); ok {
			return x
		}
		e.log.WarnContext(ctx, "template refused", "item", p.item.ID, "domain", p.item.Domain, "arm", arm.String(), "lang", p.lang)
	}
	return e.saysNothing(ctx, p)
}

// handsOff is the text on a need that is for people: whom to turn to, and nothing else.
func (e *Engine) handsOff(p plan) because.Explanation {
	d := generate.Draft{Text: p.pack.Urgent.Say.In(p.lang), Source: because.FromTemplate, Model: "template/" + p.pack.Domain + "@" + p.pack.Version}
	if p.trace != nil {
		p.trace.floor = d
	}
	return e.finish(p, p.arm, d, verify.Result{Text: d.Text, Verdict: because.Replaced, Claims: []because.Claim{}, OK: true})
}

// saysNothing is the text that claims nothing, true of everybody and everything: no verifier can find a claim in it, nor
// evidence for one, so none is asked.
func (e *Engine) saysNothing(ctx context.Context, p plan) because.Explanation {
	ds, err := e.template.Draft(ctx, p.request(p.arm, nil, 1))
	if err != nil || len(ds) == 0 {
		panic(fmt.Sprintf("the template wrote nothing: %v", err)) // it always writes
	}
	if p.trace != nil {
		p.trace.floor = ds[0]
	}
	return e.finish(p, p.arm, ds[0], verify.Result{Text: ds[0].Text, Verdict: because.Replaced, Claims: []because.Claim{}, OK: true})
}

// realise lets the template write with one arm and takes the first draft that is true: as it stands, or after the
// verifier dropped what is not.
func (e *Engine) realise(ctx context.Context, p plan, arm because.Arm, use []because.Evidence, whole bool) (because.Explanation, bool) {
	ds, err := e.template.Draft(ctx, p.request(arm, use, drafts))
	if err != nil {
		e.log.ErrorContext(ctx, "template", "item", p.item.ID, "err", err)
		return because.Explanation{}, false
	}
	judge := e.verifier.On(p.given)
	for _, d := range ds {
		if r := judge.Verify(d.Text); r.OK && !(whole && r.Changed() != "") {
			if p.trace != nil {
				p.trace.floor = d
			}
			return e.finish(p, arm, d, r), true
		}
	}
	return because.Explanation{}, false
}

// request is what a generator is handed: evidence, an arm, a language and a need, never a user.
func (p plan) request(arm because.Arm, use []because.Evidence, k int) generate.Request {
	category := ""
	if len(p.item.Categories) > 0 {
		category = p.item.Categories[0]
	}
	return generate.Request{
		Domain: p.item.Domain, Name: p.given.Name, Category: category, Lang: p.lang, Arm: arm, Need: p.need,
		Evidence: use, Avoid: p.avoid, Seed: hash(p.requestID, p.item.ID, string(p.lang)), K: k,
	}
}

// finish makes the explanation of a verified draft.
func (e *Engine) finish(p plan, arm because.Arm, d generate.Draft, r verify.Result) because.Explanation {
	used, unused := split(p.all, d.Evidence, r.Claims)
	if p.trace != nil {
		p.trace.cited[r.Text] = d.Evidence
	}
	source := d.Source
	if p.pack.Guarded && source == because.FromTemplate {
		source = because.FromApproved
	}
	x := because.Explanation{
		RequestID: p.requestID, User: p.reader.user.ID, Item: p.item.ID, Domain: p.item.Domain, Text: r.Text, Lang: p.lang,
		Style: arm.Style, Need: p.need, Source: source, Verdict: r.Verdict, Claims: r.Claims, Evidence: used, Unused: unused,
		Score: p.rec.Score, Contributions: p.rec.Contributions, Counterfactuals: []because.Counterfactual{}, Arm: arm.String(), Propensity: p.propensity,
		TookMS: ms(p.started),
	}
	if i := slices.IndexFunc(used, func(ev because.Evidence) bool { return ev.Kind == arm.Lead }); i >= 0 {
		x.Confidence = evidence.Confidence(p.all, used[i])
	}
	x.Provenance = because.Provenance{
		AIGC: true, Model: d.Model, PromptVersion: generate.PromptVersion, PackVersion: p.pack.Domain + "/" + p.pack.Version,
		ContentID: contentID(x),
	}
	return x
}

// split tells the evidence that a text states from what it does not.
func split(all []because.Evidence, cited []string, claims []because.Claim) (used, unused []because.Evidence) {
	ids := map[string]bool{}
	for _, id := range cited {
		ids[id] = true
	}
	for _, c := range claims {
		for _, id := range c.Evidence {
			ids[id] = true
		}
	}
	used, unused = []because.Evidence{}, []because.Evidence{}
	for _, ev := range all {
		if ids[ev.ID] {
			used = append(used, ev)
		} else {
			unused = append(unused, ev)
		}
	}
	return used, unused
}

// foreign makes a foreign recommendation ours to explain: its item is taken from our catalogue when we know it, its
// attributions become contributions marked as the caller's.
func (e *Engine) foreign(w *world, f Foreign) (because.Item, because.Recommendation, []because.Contribution) {
	it, ok := w.items[f.Item.ID]
	if !ok {
		it = plainItem(f.Item)
	}
	rec := because.Recommendation{Item: it.ID, Score: f.Score}
	var caller []because.Contribution
	sum := 0.0
	for _, a := range f.Attributions {
		name, _ := text.Clean(a.Name)
		c := because.Contribution{Name: "caller:" + short(name), Ranker: "caller", Value: a.Value}
		caller = append(caller, c)
		sum += a.Value
	}
	rec.Contributions = append(slices.Clone(caller), because.Contribution{Name: "base:", Ranker: "caller", Value: f.Score - sum})
	return it, rec, caller
}

package engine

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/verify"
)

// CorpusOptions say how much text is made for training.
type CorpusOptions struct {
	Seed    uint64
	Readers int          // how many readers are written for; 0 means all
	Items   int          // items for each; 0 means 4
	Arms    int          // arms for each item and language; 0 means 4
	Drafts  int          // texts for each arm; 0 means 2
	Lang    because.Lang // that is written in; empty means all

	At time.Time // readers are written to in the week from here; zero means when the data ends, while items are new and numbers move
}

// A Pair is one example of the corpus: what the embedded model is asked, and a verified text in its own form.
type Pair struct {
	Lang      because.Lang         `json:"lang"`
	Domain    string               `json:"domain"` // of the pack; "general" for items of none
	Style     because.Style        `json:"style"`
	Lead      because.EvidenceKind `json:"lead"`
	Prompt    string               `json:"prompt"`
	Text      string               `json:"text"`
	Held      bool                 `json:"held"` // its leading pattern is withheld from training
	User      string               `json:"user"` // whose history it rests on, for erasure
	Behaviour [][]int32            `json:"behaviour,omitempty"`
	Next      []int32              `json:"next,omitempty"` // features of the item
	Request   *generate.Request    `json:"-"`              // what the prompt was made of
	Given     *verify.Given        `json:"-"`              // what the text is judged against
	Said      string               `json:"said"`           // the text as it would be shown
	Of        string               `json:"-"`              // domain of the item in the world, also where it is written on without its pack
}

// CorpusReport counts what became of the texts.
type CorpusReport struct {
	Pairs, Held int
	Refused     int // the verifier did not pass it as it stood
	Lost        int // it could not be told from its slot tokens again
}

// held reports whether an authoring unit is withheld from training: one in twelve, by its own hash, so that adding units
// moves none.
func held(unit string) bool { return oneIn(12, "held", unit) }

// A writer of the corpus: the template over one part of the units, and the packs it draws on.
type author struct {
	packs    *pack.Set
	template *generate.Template
	held     bool
}

// Corpus writes texts on evidence of the data folder with every pattern and wording of the packs and their corpora, keeps
// those that the verifier passes as they stand, and yields each with its prompt. The same data and seed yield the same
// pairs in the same order.
func (e *Engine) Corpus(ctx context.Context, o CorpusOptions, progress Progress, yield func(Pair) error) (CorpusReport, error) {
	var rep CorpusReport
	w, err := e.ready()
	if err != nil {
		return rep, err
	}
	orElse := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	orElse(&o.Items, 4)
	orElse(&o.Arms, 4)
	orElse(&o.Drafts, 2)
	langs := because.Langs
	if o.Lang != "" {
		langs = []because.Lang{o.Lang}
	}
	if o.At.IsZero() {
		if o.At, err = e.dataEnd(ctx); err != nil {
			return rep, err
		}
	}
	ids, err := e.sampleUsers(ctx, EvalOptions{Users: 1 << 30, Seed: o.Seed})
	if err != nil {
		return rep, err
	}
	if o.Readers > 0 {
		ids = ids[:min(o.Readers, len(ids))]
	}
	authors := []author{}
	for _, h := range []bool{false, true} {
		set := e.packs.WithCorpus(func(u string) bool { return held(u) == h })
		authors = append(authors, author{set, generate.NewTemplate(set), h})
	}
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return rep, err
		}
		rng := rand.New(rand.NewPCG(o.Seed, hash("corpus", id)))
		if err := e.corpusOf(ctx, w, id, o, langs, rng, authors, &rep, yield); err != nil {
			return rep, err
		}
		if progress != nil {
			progress("corpus", i+1, len(ids))
		}
	}
	return rep, nil
}

// dataEnd is when the newest interaction of the data folder took place; now where none has a date.
func (e *Engine) dataEnd(ctx context.Context) (time.Time, error) {
	var last time.Time
	err := e.db.EachInteraction(ctx, func(x because.Interaction) error {
		if at := x.Context.At; !because.Undated(at) && at.After(last) {
			last = at
		}
		return nil
	})
	if last.IsZero() {
		last = e.now()
	}
	return last.In(e.o.Zone), err
}

// corpusOf yields the pairs of one reader.
func (e *Engine) corpusOf(ctx context.Context, w *world, id string, o CorpusOptions, langs []because.Lang, rng *rand.Rand, authors []author, rep *CorpusReport, yield func(Pair) error) error {
	who, err := e.reader(ctx, w, id, nil, rng.IntN(10) == 0)
	if err != nil {
		return err
	}
	if rng.IntN(5) == 0 {
		who = undated(who)
	}
	all := sortedIDs(w.items)
	c := e.context(because.Context{At: o.At.Add(time.Duration(rng.IntN(24*7)) * time.Hour)})
	need := ""
	if len(who.history) > 0 && rng.IntN(6) == 0 { // a search of theirs, typed as a need
		for _, x := range who.history {
			if x.Query != "" {
				need = x.Query
			}
		}
	}
	q := e.query(w, who, c, "", need)
	q.N = 60
	recs := w.model.Recommend(q)
	for n := range o.Items {
		var item string
		if n%3 == 2 || len(recs) == 0 {
			item = all[rng.IntN(len(all))]
		} else {
			item = recs[rng.IntN(len(recs))].Item
		}
		for _, lang := range langs {
			j := job{world: w, reader: who, context: c, need: need, lang: lang, started: time.Now(), requestID: fmt.Sprint("corpus ", id, n)}
			if err := j.score(e, item); err != nil {
				return err
			}
			switch rng.IntN(6) {
			case 0, 1:
				bare := rng.IntN(3) > 0 // a site that has titles and no more
				j.item, j.reader.past = undressed(e.packs, j.item, bare), slices.Clone(j.reader.past)
				for i := range j.reader.past {
					j.reader.past[i].Item = undressed(e.packs, j.reader.past[i].Item, bare)
				}
			case 2, 3:
				j.item = sparse(j.item, rng)
			}
			p, err := e.plan(ctx, j)
			if err != nil {
				return err
			}
			p.given.Address = ""
			if err := e.corpusTexts(ctx, p, o, rng, authors, rep, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

// corpusStyles are the styles as often as they are written in.
var corpusStyles = []because.Style{
	because.Short, because.Short, because.Short, because.Detail, because.Detail, because.Data, because.Data, because.Warm, because.Warm, because.Push, because.Contrast,
}

// corpusTexts yields the pairs of one plan: several arms, several texts each, some with fewer facts than there are.
func (e *Engine) corpusTexts(ctx context.Context, p plan, o CorpusOptions, rng *rand.Rand, authors []author, rep *CorpusReport, yield func(Pair) error) error {
	var kinds []because.EvidenceKind // every kind that could lead, whatever its strength here: what is rare must be learnt too
	for _, ev := range p.all {
		if ev.Kind != because.Drawback && !slices.Contains(kinds, ev.Kind) {
			kinds = append(kinds, ev.Kind)
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	judge := e.verifier.On(p.given)
	for range o.Arms {
		a := authors[0]
		if rng.IntN(10) == 0 {
			a = authors[1]
		}
		own := a.packs.Pack(p.item.Domain)
		arm, ok := drawArm(own.Lead[p.lang], kinds, rng)
		if !ok {
			continue
		}
		use, _ := evidence.Choose(p.all, arm)
		if len(use) > 1 && rng.IntN(4) == 0 { // evidence subset dropout
			use = use[:1+rng.IntN(len(use)-1)]
		}
		if len(use) == 0 || use[0].Kind != arm.Lead {
			continue
		}
		req := p.request(arm, use, o.Drafts)
		req.Seed = rng.Uint64()
		ds, err := a.template.Draft(ctx, req)
		if err != nil {
			return err
		}
		for _, d := range ds {
			text, ok := generate.Unclosed(own, req, d.Text)
			if r := judge.Verify(text); !ok || r.Verdict != because.Passed || r.Text != text {
				rep.Refused++
				continue
			}
			asked := askedFor(own, req, d)
			mine, ok := generate.Delexicalise(own, asked, text)
			if !ok {
				rep.Lost++
				continue
			}
			pair := Pair{Lang: p.lang, Domain: own.Domain, Style: arm.Style, Lead: arm.Lead, Prompt: generate.RenderSlots(own, asked), Text: mine,
				Held: a.held, Request: &asked, Given: &p.given, Said: text}
			p.seen(&pair)
			rep.Pairs++
			if a.held {
				rep.Held++
			}
			if err := yield(pair); err != nil {
				return err
			}
		}
	}
	return nil
}

// askedFor is what the model is asked for where the answer is a draft: just what that states, since what is stated is
// planned before (both.go), and the model shall leave out none of it. Of a guarded pack it is all that there was to choose from.
func askedFor(own *pack.Pack, req generate.Request, d generate.Draft) generate.Request {
	if !own.Guarded {
		req.Evidence = slices.DeleteFunc(slices.Clone(req.Evidence), func(ev because.Evidence) bool { return !slices.Contains(d.Evidence, ev.ID) })
	}
	return req
}

// seen adds to a pair what the model sees of the plan's reader and item beside the prompt.
func (p plan) seen(pair *Pair) {
	pair.User, pair.Next, pair.Of = p.reader.user.ID, itemFeatures(p.item), p.world.items[p.item.ID].Domain
	if !p.reader.user.Impersonal {
		pair.Behaviour = behaviour(p.world, p.reader, p.context.At)
	}
}

// drawArm draws an arm that has patterns: a kind of evidence, each as likely as the other, then a style.
func drawArm(lead map[because.EvidenceKind]map[because.Style][]string, kinds []because.EvidenceKind, rng *rand.Rand) (because.Arm, bool) {
	for range 20 {
		arm := because.Arm{Style: corpusStyles[rng.IntN(len(corpusStyles))], Lead: kinds[rng.IntN(len(kinds))]}
		if len(lead[arm.Lead][arm.Style]) > 0 {
			return arm, true
		}
	}
	return because.Arm{}, false
}

// undated is a reader of whom a site knows what they did but not when.
func undated(r reader) reader {
	r.history, r.past = slices.Clone(r.history), slices.Clone(r.past)
	for i := range r.history {
		r.history[i].Context.At = time.Time{}
	}
	for i := range r.past {
		r.past[i].Context.At = time.Time{}
	}
	return r
}

// sparse is an item of which a site knows little: each attribute is left out with a chance of two thirds, so that what
// seldom says something in the invented world, such as a year, is left to say it.
func sparse(it because.Item, rng *rand.Rand) because.Item {
	attributes := map[string]because.Value{}
	for _, k := range slices.Sorted(maps.Keys(it.Attributes)) {
		if rng.IntN(3) == 0 {
			attributes[k] = it.Attributes[k]
		}
	}
	it.Attributes = attributes
	return it
}

// undressed is an item as a site without a pack has it: no domain, and only what the general pack knows; bare, its title
// and no more.
func undressed(packs *pack.Set, it because.Item, bare bool) because.Item {
	general := packs.Pack(pack.General)
	it.Domain = ""
	if bare {
		it.Attributes, it.Categories, it.Price, it.Description = nil, nil, 0, nil
		return it
	}
	attributes := map[string]because.Value{}
	for k, v := range it.Attributes {
		if _, ok := general.Fields[k]; ok {
			attributes[k] = v
		}
	}
	it.Attributes = attributes
	return it
}

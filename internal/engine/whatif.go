package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/text"
)

// whatIfStyles are the styles that may say where the item would stand without what leads.
var whatIfStyles = []because.Style{because.Detail, because.Data}

// whatIf replays the ranker without what the reader did that leads, where the arm's style may say what comes of it, and
// lets the evidence hold the clause that says so when the item falls. It costs one replay at most. In a guarded pack
// nothing of the kind is said.
func (p *plan) whatIf() {
	if !p.known || p.pack.Guarded || !slices.Contains(whatIfStyles, p.arm.Style) || len(p.use) == 0 {
		return
	}
	then, was, ok := p.without(p.use[0])
	if !ok || then <= max(was, p.position) {
		return
	}
	p.falls = fall{generate.FactKey(p.use[0]), then}
	p.all, p.use = p.falls.told(p.all, p.lang), p.falls.told(p.use, p.lang)
	p.given.Evidence = p.all
}

// place is a rank as it is said: 9, 9th.
func place(lang because.Lang, n int) string {
	suffix := "th"
	if n%100/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	if lang == because.Chinese {
		suffix = ""
	}
	return fmt.Sprint(n, suffix)
}

// without replays the ranker as if the reader had not done what an evidence states: all purchases of the item where it
// states one, all looks where it states one, and so on. Weights and candidates stay. It is not ok where the evidence
// states no such deed or the item is no candidate.
func (p *plan) without(ev because.Evidence) (then, was int, ok bool) {
	if !strings.HasPrefix(ev.Origin, "interaction:") || p.rec.Rank == 0 {
		return 0, 0, false
	}
	gone := func(x because.Interaction) bool { return states(ev, x) }
	if !slices.ContainsFunc(p.query.History, gone) {
		return 0, 0, false
	}
	was = p.rec.Rank
	if p.inList { // its place in the list is another matter: lists are made various
		now, ok := p.world.model.Score(p.query, p.item.ID)
		if !ok || now.Rank == 0 {
			return 0, 0, false
		}
		was = now.Rank
	}
	then, _ = p.world.model.Without(p.query, p.item.ID, gone)
	return then, was, then > 0
}

// states reports whether an evidence states an interaction: every purchase of an item where it states one, and so on.
func states(ev because.Evidence, x because.Interaction) bool {
	if ev.Kind == because.Searched {
		return x.Kind == because.Search && text.Fold(x.Query) == ev.Ref
	}
	return x.Item == ev.Ref && evidenceOf[x.Kind] == ev.Kind
}

// maxCauses bounds how many causes the ranker is replayed without for one text, beside the few deeds that it cites.
const maxCauses = 3

// counterfactuals replays the ranker without each deed that the text cites, and without each of the main other causes.
// Of a deed it says what comes of it even where the item stays where it is; of a cause only where it falls.
func (e *Engine) counterfactuals(p plan, x because.Explanation) []because.Counterfactual {
	out := []because.Counterfactual{}
	covered := map[string]bool{}
	for _, ev := range x.Evidence {
		then, was, ok := p.without(ev)
		if !ok {
			continue
		}
		covered["history:"+ev.Ref], covered["search:"+ev.Ref] = true, true
		c := because.Counterfactual{Without: ev.Origin, Evidence: ev.ID, Rank: then, Was: was}
		if then == was {
			c.Text = because.Say(p.lang, "Without %s it would rank %d all the same.", e.deedName(p, ev), then)
		} else {
			c.Text = because.Say(p.lang, "Without %s it would rank %d, not %d.", e.deedName(p, ev), then, was)
		}
		out = append(out, c)
	}
	causes := slices.Clone(p.rec.Contributions)
	causes = slices.DeleteFunc(causes, func(c because.Contribution) bool {
		return c.Value <= 0 || !personalKinds[c.Kind()] || covered[c.Name] || c.Kind() == "search" && covered["search:"+text.Fold(c.Ref())]
	})
	total := map[string]float64{} // several rankers may give one cause
	for _, c := range causes {
		total[c.Name] += c.Value
	}
	slices.SortStableFunc(causes, func(a, b because.Contribution) int {
		return cmp.Or(cmp.Compare(total[b.Name], total[a.Name]), strings.Compare(a.Name, b.Name))
	})
	causes = slices.CompactFunc(causes, func(a, b because.Contribution) bool { return a.Name == b.Name })
	for _, c := range causes[:min(maxCauses, len(causes))] {
		rank, _ := p.world.model.Replay(p.query, p.item.ID, c.Name)
		if p.rec.Rank > 0 && rank > p.rec.Rank {
			out = append(out, because.Counterfactual{
				Without: c.Name, Rank: rank, Was: p.rec.Rank,
				Text: because.Say(p.lang, "Without %s it would rank %d, not %d.", e.causeName(p, c), rank, p.rec.Rank),
			})
		}
	}
	return out
}

// WhatIf says where the item of an impression would stand without what its text cites, by the ranker and the reader's
// history as they are now; nothing where the ranker does not know the item.
func (e *Engine) WhatIf(ctx context.Context, im because.Impression, lang because.Lang) ([]because.Counterfactual, error) {
	if im.Explanation == nil {
		return []because.Counterfactual{}, nil
	}
	w, err := e.ready()
	if err != nil {
		return nil, err
	}
	who, err := e.reader(ctx, w, im.User, nil, !personal(im.Explanation.Contributions))
	if err != nil {
		return nil, err
	}
	p := plan{job: job{world: w, reader: who, context: e.circumstances(who, im.Context), need: im.Explanation.Need, lang: lang, started: time.Now()}}
	if err := p.score(e, im.Item); err != nil || !p.known {
		return nil, err
	}
	p.pack = e.packs.Pack(p.item.Domain)
	return e.counterfactuals(p, *im.Explanation), nil
}

// deedName says what a reader did, as an evidence states it.
func (e *Engine) deedName(p plan, ev because.Evidence) string {
	name := evidence.Called(p.world.items[ev.Ref], p.lang)
	switch ev.Kind {
	case because.Bought:
		return because.Say(p.lang, "your purchase of %s", name)
	case because.Carted:
		return because.Say(p.lang, "putting %s in your cart", name)
	case because.Rated:
		return because.Say(p.lang, "your rating of %s", name)
	case because.Searched:
		return because.Say(p.lang, "your search for %q", short(ev.Slots["query"].Text))
	}
	return because.Say(p.lang, "looking at %s", name)
}

// causeName says a contribution in words.
func (e *Engine) causeName(p plan, c because.Contribution) string {
	switch c.Kind() {
	case "history":
		return because.Say(p.lang, "your record of %s", evidence.Called(p.world.items[c.Ref()], p.lang))
	case "category":
		return because.Say(p.lang, "your leaning to %s", p.pack.Word(c.Ref(), p.lang))
	case "attribute":
		field, _, _ := strings.Cut(c.Ref(), "=")
		return because.Say(p.lang, "your leaning in %s", p.pack.FieldLabel(p.lang, field))
	case "search":
		return because.Say(p.lang, "your search for %q", short(c.Ref()))
	case "profile":
		return because.Say(p.lang, "what you stated under %s", p.pack.FieldLabel(p.lang, c.Ref()))
	case "price":
		return because.Say(p.lang, "your usual price range")
	}
	return because.Say(p.lang, "the time and place")
}

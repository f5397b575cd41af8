package engine

import (
	"context"
	"maps"
	"slices"
	"sync"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/verify"
)

// What a text states is planned once, for both languages, before it is written in one of them: whoever asks in Chinese and
// in English for a reason of the same recommendation, with the same arm, is told the same facts.

// inBothLanguages lets the plan look across: the same evidence in the other language, found when it is first wanted.
func (p *plan) inBothLanguages(req evidence.Request) {
	p.said = &planned{}
	here := *p
	p.across = sync.OnceValue(func() plan {
		q := here
		for _, lang := range because.Langs {
			if lang != here.lang {
				q.lang = lang
			}
		}
		if req.Lang = q.lang; len(here.all) > 0 {
			q.all = evidence.Find(req)
		}
		q.avoid, q.trace, q.said = nil, nil, nil
		q.given.Lang, q.given.Name, q.given.Evidence, q.given.Met = q.lang, q.item.Name.In(q.lang), q.all, nil
		return q
	})
}

// A planned is what a text was to state, planned for both languages: it is empty where that was not planned.
type planned struct {
	Arm because.Arm `json:"arm"` // that was asked for
	As  because.Arm `json:"as"`  // whose patterns said it
	Set []string    `json:"set"` // sorted IDs of evidence

	Without []string `json:"without,omitempty"` // IDs of what was left out beforehand
}

// both writes, with the first arm that has one, the first set of facts that is true as it stands in both languages. In a
// list a set all of whose texts begin like another's comes last.
func (e *Engine) both(ctx context.Context, p plan, arms []because.Arm) (because.Explanation, bool) {
	if p.across == nil {
		return e.again(ctx, p)
	}
	q := p.across()
	if p.falls.to > 0 {
		q.all = p.falls.told(q.all, q.lang)
		q.given.Evidence = q.all
	}
	for i, arm := range arms {
		use := p.use
		if i > 0 {
			use = p.choose(arm)
		}
		var out because.Explanation
		found := false
		pairs := e.template.Both(p.request(arm, use, drafts), q.request(arm, q.choose(arm), drafts))
		if i == 0 && len(pairs) == 0 {
			return because.Explanation{}, false
		}
		for _, pair := range pairs {
			there := make(chan bool, 1)
			go func() {
				_, _, ok := e.whole(q, pair.There)
				there <- ok
			}()
			d, r, ok := e.whole(p, pair.Here)
			begun := ok && slices.Contains(p.avoid, opening(d.Text))
			if !<-there || !ok || found && begun {
				continue
			}
			*p.said = planned{arm, pair.Arm, pair.Set, pair.Without}
			if p.trace != nil {
				p.trace.floor = d
			}
			if out, found = e.finish(p, arm, d, r), true; !begun {
				return out, true
			}
		}
		if found {
			return out, true
		}
	}
	return because.Explanation{}, false
}

// again writes what a replayed text was to state.
func (e *Engine) again(ctx context.Context, p plan) (because.Explanation, bool) {
	if p.said == nil || len(p.said.Set) == 0 {
		return because.Explanation{}, false
	}
	use := p.use
	if p.said.Arm != p.arm {
		use = p.choose(p.said.Arm)
	}
	req := p.said.request(p, use)
	ds, err := e.template.Draft(ctx, req)
	if err != nil {
		return because.Explanation{}, false
	}
	d, r, ok := e.whole(p, ds)
	if !ok {
		return because.Explanation{}, false
	}
	if p.trace != nil {
		p.trace.floor = d
	}
	return e.finish(p, p.said.Arm, d, r), true
}

// request asks for what was planned.
func (s planned) request(p plan, use []because.Evidence) generate.Request {
	left := slices.DeleteFunc(slices.Clone(use), func(ev because.Evidence) bool { return slices.Contains(s.Without, ev.ID) })
	req := p.request(s.As, left, drafts)
	req.Plan = s.Set
	return req
}

// toState asks a model of ours for what the template's text states, so that it is told in both languages; for what the arm
// chose where nothing was planned.
func (p plan) toState() generate.Request {
	if p.said == nil || len(p.said.Set) == 0 {
		return p.request(p.arm, p.use, drafts)
	}
	use := p.use
	if p.said.Arm != p.arm {
		use = p.choose(p.said.Arm)
	}
	req := p.said.request(p, use)
	req.Arm = p.said.Arm
	if !p.pack.Guarded {
		req.Evidence = slices.DeleteFunc(req.Evidence, func(ev because.Evidence) bool { return !slices.Contains(p.said.Set, ev.ID) })
	}
	return req
}

// tells reports whether a text says all that was planned, by the facts that back its claims where it lost something.
func (p plan) tells(x because.Explanation, d generate.Draft) bool {
	if p.said == nil {
		return true
	}
	return !slices.ContainsFunc(p.said.Set, func(id string) bool {
		return !slices.Contains(d.Evidence, id) || x.Text != d.Text && !slices.ContainsFunc(x.Claims, func(c because.Claim) bool { return slices.Contains(c.Evidence, id) })
	})
}

// whole is the first draft that is true as it stands.
func (e *Engine) whole(p plan, ds []generate.Draft) (generate.Draft, verify.Result, bool) {
	judge := e.verifier.On(p.given)
	for _, d := range ds {
		if r := judge.Verify(d.Text); r.OK && r.Changed() == "" {
			return d, r, true
		}
	}
	return generate.Draft{}, verify.Result{}, false
}

// A fall is where an item would stand without a fact; none at place 0.
type fall struct {
	without string // key of the fact
	to      int
}

// told lets the evidence hold the clause that says so.
func (f fall) told(evs []because.Evidence, lang because.Lang) []because.Evidence {
	out := slices.Clone(evs)
	for i := range out {
		if generate.FactKey(out[i]) == f.without {
			out[i].Slots = maps.Clone(out[i].Slots)
			out[i].Slots["without"] = because.Slot{
				Kind: because.ReplaySlot, Text: because.Say(lang, "without that it would rank %s", place(lang, f.to)), Number: float64(f.to), Unit: "place",
			}
		}
	}
	return out
}

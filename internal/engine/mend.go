package engine

import (
	"context"
	"slices"
	"strings"

	"because"
	"because/internal/generate"
	"because/internal/text"
	"because/internal/verify"
)

// The steps of the ladder that a draft which does not hold is taken down, beside verify.StepClause and verify.StepValue,
// which come first, and the template's text, which comes last (because.Fallback).
const (
	stepSentence  = "sentence"
	stepCandidate = "candidate"
)

// take is the first draft that is true as it stands and that fits. When there is none, the drafts are taken down the
// ladder one after the other, and the first repaired text that fits is shown; else the floor, with the reason.
func (e *Engine) take(ctx context.Context, p plan, floor because.Explanation, ds []generate.Draft, requested string, fits func(because.Explanation) bool) because.Explanation {
	results := make([]verify.Result, len(ds))
	ds = slices.Clone(ds)
	req := p.request(p.arm, p.all, 1)
	for i, d := range ds {
		ds[i] = e.template.Complete(req, d)
	}
	reason, less := "", false
	asPlanned := func(x because.Explanation, d generate.Draft) bool {
		told := p.stated(x) && (ds[0].Source != because.FromEmbedded || p.tells(x, d))
		less = less || !told
		return told
	}
	judge := e.verifier.On(p.given)
	for i, d := range ds {
		r := judge.Verify(d.Text)
		results[i] = r
		if !r.OK {
			reason = r.Reason
		} else if r.Changed() == "" {
			x := e.finish(p, p.arm, d, r)
			x.TookMS = ms(p.started)
			if asPlanned(x, d) && fits(x) {
				return x
			}
		}
	}
	for i, d := range ds {
		if results[i].OK && results[i].Changed() == "" {
			continue
		}
		x, step, ok := e.mend(ctx, p, d, results[i])
		if !ok || !asPlanned(x, d) || !fits(x) {
			continue
		}
		if i > 0 {
			step = stepCandidate
		}
		x.TookMS = ms(p.started)
		return mended(x, step, requested)
	}
	switch {
	case len(ds) == 0:
		return fallBack(floor, "malformed", because.Say(p.lang, "The language model gave no usable answer in time (%s).", "malformed"), requested)
	case less:
		return fallBack(floor, "plan", because.Say(p.lang, "Every draft says less than was planned."), requested)
	case reason == "":
		return fallBack(floor, "alike", because.Say(p.lang, "Every draft starts like another text of the list."), requested)
	}
	return fallBack(floor, "verifier", because.Say(p.lang, "The language model's draft did not hold: %s", reason), requested)
}

// mended says how a draft was repaired.
func mended(x because.Explanation, step, requested string) because.Explanation {
	if requested == "" {
		requested = "auto"
	}
	reason := map[string]string{
		verify.StepClause: because.Say(x.Lang, "What no evidence backs was left out of the draft."),
		verify.StepValue:  because.Say(x.Lang, "A wrong value of the draft was put right by the evidence."),
		stepSentence:      because.Say(x.Lang, "A sentence of the draft did not hold and was written anew from the evidence that it cites."),
		stepCandidate:     because.Say(x.Lang, "The first draft could not be repaired; another one was taken."),
	}[step]
	x.Fallback = &because.Fallback{Requested: because.Source(requested), Step: step, Reason: reason}
	return x
}

// mend is a draft that was repaired, and the step that did it.
func (e *Engine) mend(ctx context.Context, p plan, d generate.Draft, r verify.Result) (because.Explanation, string, bool) {
	if r.OK {
		return e.finish(p, p.arm, d, r), r.Changed(), true
	}
	x, ok := e.rewrite(ctx, p, d, r)
	return x, stepSentence, ok
}

// rewrite lets the template write a draft's sentences anew that do not hold, each from the evidence that it cites; and
// where that gives nothing true, the whole.
func (e *Engine) rewrite(ctx context.Context, p plan, d generate.Draft, r verify.Result) (because.Explanation, bool) {
	spans := text.Sentences(r.Text)
	var parts []string
	var anew [][]string // the evidence of each part; nil for one that stays
	kept, says := map[string]bool{}, false
	for _, s := range spans {
		ids, holds := bears(r.Claims, s)
		if holds {
			says = says || slices.ContainsFunc(r.Claims, func(c because.Claim) bool {
				return c.Start >= s[0] && c.End <= s[1] && slices.ContainsFunc(p.all, func(ev because.Evidence) bool {
					return slices.Contains(c.Evidence, ev.ID) && !slices.Contains(personalEvidence, ev.Kind) // more than what the reader did
				})
			})
			for _, id := range ids {
				kept[id] = true
			}
			ids = nil
		} else if ids == nil {
			ids = []string{}
		}
		parts, anew = append(parts, r.Text[s[0]:s[1]]), append(anew, ids)
	}
	if says {
		if again, ok := e.rewritten(ctx, p, d, parts, anew, kept); ok {
			return again, true
		}
	}
	for _, t := range e.anew(ctx, p, d.Evidence, drafts) {
		if again := e.verifier.Verify(t.draft.Text, p.given); again.OK && again.Changed() == "" {
			again.Verdict = because.Repaired
			return e.finish(p, t.arm, t.draft, again), true
		}
	}
	return because.Explanation{}, false
}

// rewritten is a draft of which some sentences stay and the others are written anew from what they alone cite, or else
// left out where the rest still says why.
func (e *Engine) rewritten(ctx context.Context, p plan, d generate.Draft, parts []string, anew [][]string, kept map[string]bool) (because.Explanation, bool) {
	why := slices.ContainsFunc(p.all, func(ev because.Evidence) bool { return kept[ev.ID] && ev.Share > 0 })
	for i, ids := range anew {
		if ids == nil {
			continue
		}
		if len(ids) == 0 {
			ids = d.Evidence
		}
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return kept[id] })
		parts[i] = ""
		for _, t := range e.anew(ctx, p, ids, 1) {
			parts[i], _ = generate.Unclosed(p.pack, generate.Request{Lang: p.lang, Arm: t.arm}, t.draft.Text)
			for _, id := range t.draft.Evidence {
				kept[id] = true
			}
			why = true
		}
	}
	var once []string
	for _, s := range parts { // what is written anew may say what another sentence says
		if !slices.ContainsFunc(once, func(o string) bool { return strings.Contains(o, s) }) {
			once = append(once, s)
		}
	}
	if d.Text = join(once, p.lang); !why || d.Text == "" {
		return because.Explanation{}, false
	}
	again := e.verifier.Verify(d.Text, p.given)
	again.Verdict = because.Repaired
	return e.finish(p, p.arm, d, again), again.OK && again.Changed() == ""
}

// bears tells the evidence that the claims of a stretch of the text cite and whether all of them hold.
func bears(claims []because.Claim, s [2]int) (ids []string, holds bool) {
	holds = true
	for _, c := range claims {
		if c.Start < s[1] && c.End > s[0] {
			holds = holds && c.Verdict == because.Supported
			for _, id := range c.Evidence {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids, holds
}

// A retold is what the template writes of some evidence, and the arm that it wrote by.
type retold struct {
	draft generate.Draft
	arm   because.Arm
}

// anew lets the template write of the cited evidence alone, led by what may lead.
func (e *Engine) anew(ctx context.Context, p plan, ids []string, k int) []retold {
	var use []because.Evidence
	for _, ev := range p.all {
		if slices.Contains(ids, ev.ID) && !p.pack.Kinds[ev.Kind].Sensitive && ev.Kind != because.Caller {
			use = append(use, ev)
		}
	}
	lead := slices.IndexFunc(use, func(ev because.Evidence) bool { return ev.Kind == p.arm.Lead })
	if lead < 0 {
		lead = slices.IndexFunc(use, func(ev because.Evidence) bool { return slices.Contains(p.leads, ev.Kind) })
	}
	if lead < 0 {
		return nil
	}
	use[0], use[lead] = use[lead], use[0]
	arm := because.Arm{Style: p.arm.Style, Lead: use[0].Kind}
	ds, err := e.template.Draft(ctx, p.request(arm, use, k))
	if err != nil {
		e.log.ErrorContext(ctx, "template", "item", p.item.ID, "err", err)
		return nil
	}
	var out []retold
	for _, d := range ds {
		if len(d.Evidence) > 0 {
			out = append(out, retold{d, arm})
		}
	}
	return out
}

// join puts sentences together.
func join(parts []string, lang because.Lang) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if lang == because.English {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, "")
}

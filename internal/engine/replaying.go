package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/lm"
	"because/internal/verify"
)

// plan is what the text was written by, as far as it is known.
func (r *replaying) plan() plan {
	x, rec := r.x, r.rec
	it := because.Item{ID: x.Item, Domain: x.Domain}
	if rec.Category != "" {
		it.Categories = []string{rec.Category}
	}
	now := r.im.Context.At.In(r.e.o.Zone)
	p := plan{
		job: job{
			world: r.e.world.Load(), reader: reader{user: because.User{ID: x.User}}, item: it, context: because.Context{At: now}, need: x.Need, lang: x.Lang,
			rec: because.Recommendation{Item: x.Item, Score: x.Score, Contributions: x.Contributions}, requestID: x.RequestID, avoid: rec.Avoid, started: time.Now(),
		},
		pack: r.e.packs.Pack(x.Domain), said: rec.Said, all: r.all(), arm: parseArms([]string{r.im.Arm})[0], propensity: x.Propensity,
	}
	p.leads = evidence.Leads(p.all)
	p.use = p.choose(p.arm)
	p.given = verify.Given{
		Domain: x.Domain, Lang: x.Lang, Name: rec.Name, Aliases: rec.Aliases, Evidence: p.all, Need: x.Need, Now: now, Address: p.pack.Address,
		Catalogue: verify.NewNames(func(yield func(string, []string) bool) {
			for _, name := range rec.Met {
				if !yield(name, []string{name}) {
					return
				}
			}
		}),
	}
	p.trace = newTrace(true)
	return p
}

// run writes and judges the text anew and compares.
func (r *replaying) run(ctx context.Context) error {
	p := r.plan()
	r.versions(p)
	x := r.e.fromTemplate(ctx, p)
	if again := keep(p.trace.floor); same(again, r.rec.Floor) {
		r.step("template", true, because.Say(r.lang, "The patterns give the same draft: %s", again.Text))
	} else {
		r.step("template", false, because.Say(r.lang, "The patterns give another draft: %s (it was: %s)", again.Text, r.rec.Floor.Text))
		r.judge("draft", p, r.rec.Floor)
	}
	var err error
	if x, err = r.model(ctx, p, x); err != nil {
		return err
	}
	r.compare(x)
	return nil
}

func same(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// judge tells how a stored draft fares with the verifier.
func (r *replaying) judge(name string, p plan, d kept) {
	got := r.e.verifier.Verify(d.Text, p.given)
	switch {
	case !got.OK:
		r.out.Steps = append(r.out.Steps, ReplayStep{name, true, because.Say(r.lang, "Refused: %s (%s)", d.Text, got.Reason)})
	case got.Text == d.Text:
		r.out.Steps = append(r.out.Steps, ReplayStep{name, true, because.Say(r.lang, "Passed as it stands: %s", d.Text)})
	default:
		r.out.Steps = append(r.out.Steps, ReplayStep{name, true, because.Say(r.lang, "Repaired (%s): %s", strings.Join(got.Steps, ", "), got.Text)})
	}
}

// model lets the drafts of a language model replace the template's text as they did.
func (r *replaying) model(ctx context.Context, p plan, floor because.Explanation) (because.Explanation, error) {
	a, fell := r.rec.Model, r.x.Fallback
	switch {
	case a == nil && fell != nil: // it gave nothing, so nothing is to be judged
		r.step("model", true, because.Say(r.lang, "The language model had given no draft (%s); it is not asked again.", fell.Step))
		return fallBack(floor, fell.Step, fell.Reason, string(fell.Requested)), nil
	case a == nil:
		return floor, nil
	}
	if a.Writer == because.FromEmbedded {
		if err := r.regenerate(ctx, p, *a); err != nil {
			return floor, err
		}
	} else {
		r.step("model", true, because.Say(r.lang, "%s is not asked again; its stored draft is judged anew.", a.Name))
	}
	taken := map[string]bool{}
	for _, o := range a.Taken {
		taken[o] = true
	}
	var ds []generate.Draft
	for _, d := range a.Drafts {
		ds = append(ds, d.draft())
		r.judge("verify", p, d)
	}
	return r.e.take(ctx, p, floor, ds, a.Requested, func(x because.Explanation) bool { return !taken[opening(x.Text)] }), nil
}

// regenerate lets the embedded model write its drafts again and holds them to the stored ones, where it is the same model
// on the same arithmetic; else it says why not.
func (r *replaying) regenerate(ctx context.Context, p plan, a answer) error {
	if now := lm.Kernel(); now != r.snap.Kernel {
		r.step("model", true, because.Say(r.lang, "Its drafts were decoded on %s and this is %s, where bits may differ: they are judged anew, not written again.", r.snap.Kernel, now))
		return nil
	}
	if r.snap.Prompt != generate.PromptVersion {
		r.step("model", true, because.Say(r.lang, "Prompts have another form since: its stored drafts are judged anew, not written again."))
		return nil
	}
	m, err := r.e.embeddedNamed(a.Name)
	if errors.Is(err, because.ErrNotFound) || errors.Is(err, because.ErrInvalid) {
		msg, _ := because.Message(err, r.lang)
		r.step("model", true, because.Say(r.lang, "%s Its stored drafts are judged anew, not written again.", msg))
		return nil
	}
	if err != nil {
		return fmt.Errorf("read language model %s: %w", a.Name, err)
	}
	req := p.toState()
	req.State, req.Avoid, req.Seed = a.State, nil, a.Seed
	all, err := m.DraftAll(ctx, []generate.Request{req})
	if err != nil {
		return fmt.Errorf("draft again: %w", err)
	}
	if same(keepAll(all[0]), a.Drafts) {
		r.step("model", true, because.Say(r.lang, "%s writes the same %d drafts, bit for bit.", a.Name, len(a.Drafts)))
	} else {
		r.step("model", false, because.Say(r.lang, "%s writes other drafts than it did.", a.Name))
	}
	return nil
}

// compare holds the replayed text to the stored one.
func (r *replaying) compare(x because.Explanation) {
	r.out.Replayed = x.Text
	if x.Text == r.x.Text {
		r.step("text", true, because.Say(r.lang, "The text is the same, byte for byte."))
	} else {
		r.step("text", false, because.Say(r.lang, "The text is another one."))
	}
	if same(x.Claims, r.x.Claims) && x.Verdict == r.x.Verdict && x.Source == r.x.Source && x.Provenance.ContentID == r.x.Provenance.ContentID {
		r.step("claims", true, because.Say(r.lang, "Source, verdict and all %d claims are the same.", len(x.Claims)))
	} else {
		r.step("claims", false, because.Say(r.lang, "Source, verdict or claims are not the same."))
	}
}

// versions tells what is another one than when the text was shown.
func (r *replaying) versions(p plan) {
	note := func(what, then, now, text string) {
		if then != now {
			r.out.Changes = append(r.out.Changes, Change{what, then, now, text})
		}
	}
	then, now := r.snap.Code, Version()
	note("code", then, now, because.Say(r.lang, "The program is of another version: %s then, %s now.", then, now))
	then, now = r.x.Provenance.PackVersion+" "+r.snap.Packs[p.pack.Domain], p.pack.Domain+"/"+p.pack.Version+" "+p.pack.Hash
	note("pack", then, now, because.Say(r.lang, "The pack was changed: %s then, %s now. Patterns and rules may differ.", then, now))
	then, now = r.snap.Ranker, p.world.info.ID
	note("ranker", then, now, because.Say(r.lang, "Another ranker serves: %s then, %s now. Scores are not computed again.", then, now))
	a := r.rec.Model
	if a == nil {
		return
	}
	then, now = r.snap.Prompt, generate.PromptVersion
	note("prompt", then, now, because.Say(r.lang, "Prompts have another form: %s then, %s now.", then, now))
	then, now = a.Name, r.e.o.LLM.Model
	if a.Writer == because.FromEmbedded {
		now = ""
		if m, err := r.e.embedded(); err == nil && m != nil {
			now = m.Name()
		}
	}
	note("model", then, now, because.Say(r.lang, "Another language model serves: %s then, %s now.", then, cmp.Or(now, "—")))
	if a.Writer == because.FromEmbedded {
		then, now = r.snap.Kernel, lm.Kernel()
		note("kernel", then, now, because.Say(r.lang, "The processor computes otherwise: %s then, %s now.", then, now))
	}
}

// embeddedNamed is the language model of a name: the one that serves, else one whose folder is still there.
func (e *Engine) embeddedNamed(name string) (*generate.Embedded, error) {
	if m, err := e.embedded(); err == nil && m != nil && m.Name() == name {
		return m, nil
	}
	if kindOf(name) != lmKind || strings.ContainsAny(name, `/\`) {
		return nil, because.Errorf(because.ErrNotFound, "There is no model %q.", short(name))
	}
	m, err := e.openLM(name)
	if err != nil {
		return nil, err
	}
	return generate.NewEmbedded(e.packs, m.words, m.generator, m.discriminator, name)
}

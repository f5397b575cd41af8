package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"because"
	"because/internal/generate"
)

// writer is the source that a request asks for, resolved: auto is the endpoint if there is one, else the site's own
// choice, else our language model, else the template. In a list, which has thirty milliseconds where ten texts of the model
// take some hundreds, auto is the model only once one was promoted.
func (e *Engine) writer(source string, inList bool) (because.Source, error) {
	switch source {
	case "", "auto":
		if e.endpoint != nil {
			return because.FromLLM, nil
		}
		if e.o.Writer != "" {
			return e.o.Writer, nil
		}
		if inList && !e.promoted.Load() {
			return because.FromTemplate, nil
		}
		if m, err := e.embedded(); err == nil && m == nil {
			return because.FromTemplate, nil
		}
		return because.FromEmbedded, nil
	case string(because.FromTemplate), string(because.FromApproved):
		return because.FromTemplate, nil
	case string(because.FromLLM):
		if e.endpoint == nil {
			return "", because.Errorf(because.ErrUnavailable, "No endpoint is configured. Give one with --llm-url and --llm-model, or under llm: in because.yaml.")
		}
		return because.FromLLM, nil
	case string(because.FromEmbedded):
		m, err := e.embedded()
		if err != nil {
			return "", err
		}
		if m == nil {
			return "", because.Errorf(because.ErrUnavailable, "This build has no embedded generator. Ask for auto, template or llm.")
		}
		return because.FromEmbedded, nil
	}
	return "", because.Errorf(because.ErrInvalid, "There is no source %q. Choose auto, template, embedded or llm.", short(source))
}

// defaultDeadline is how long a generator may take over HTTP.
const defaultDeadline = 800 * time.Millisecond

// deadline bounds what a generator may take for one answer, counted from since: for one answer from when it was
// asked for, as a reader who waits does not care which stage is slow; for a list from when its templates are written.
func (e *Engine) deadline(ctx context.Context, asked time.Duration, since time.Time) (context.Context, context.CancelFunc) {
	for _, d := range []time.Duration{asked, e.o.LLM.Timeout, defaultDeadline} {
		if d != 0 {
			return context.WithDeadline(ctx, since.Add(d))
		}
	}
	return context.WithCancel(ctx)
}

// upgrade asks a generator for a draft and takes it if it is true; else the text stays as it was, with the reason.
func (e *Engine) upgrade(ctx context.Context, p plan, floor because.Explanation, writer because.Source, requested string, asked time.Duration, since time.Time) because.Explanation {
	if len(p.all) == 0 {
		return floor // nothing speaks for it, and nobody may find something
	}
	ctx, cancel := e.deadline(ctx, asked, since)
	defer cancel()
	if writer == because.FromEmbedded {
		return e.upgradeAll(ctx, []plan{p}, []because.Explanation{floor}, requested)[0]
	}
	if p.pack.Guarded {
		if requested != string(because.FromLLM) {
			return floor // auto means the approved wordings here
		}
		return fallBack(floor, "rule", because.Say(p.lang, "In this domain only approved wordings are shown."), requested)
	}
	ds, err := e.endpoint.Draft(ctx, p.request(p.arm, p.offered(), 1))
	if err != nil {
		return e.gaveUp(ctx, p, floor, err, requested)
	}
	p.trace.wrote(answer{Name: e.o.LLM.Model, Requested: requested, Writer: writer}, ds)
	return e.take(ctx, p, floor, ds, requested, func(because.Explanation) bool { return true })
}

// upgradeAll lets the embedded model write for several plans in one batch. No two texts of the list shall start alike.
func (e *Engine) upgradeAll(ctx context.Context, plans []plan, floors []because.Explanation, requested string) []because.Explanation {
	out := slices.Clone(floors)
	model, err := e.embedded()
	if err != nil || model == nil {
		return out // who asked for the model by name was told before
	}
	written := make([][]generate.Draft, len(plans))
	keys := make([]string, len(plans))
	asks := make([]generate.Request, len(plans))
	var reqs []generate.Request
	var asking []int
	for i, p := range plans {
		if p.arm == because.NoExplanation || len(p.use) == 0 {
			continue
		}
		req := p.toState()
		if req.State, err = model.State(behaviour(p.world, p.reader, p.context.At)); err != nil {
			out[i] = e.gaveUp(ctx, p, floors[i], err, requested)
			continue
		}
		req.Avoid = nil // other texts of the list choose among the drafts, not the drafts themselves
		keys[i] = draftKey(req, p.item.ID, model.Name(), p.pack.Domain+"/"+p.pack.Version)
		req.Seed = hash(keys[i])
		asks[i] = req
		if ds, ok := e.cache.get(keys[i]); ok {
			written[i] = ds
			continue
		}
		reqs, asking = append(reqs, req), append(asking, i)
	}
	if len(reqs) > 0 {
		all, err := model.DraftAll(ctx, reqs)
		for n, i := range asking {
			if err != nil {
				out[i] = e.gaveUp(ctx, plans[i], floors[i], err, requested)
				continue
			}
			written[i] = all[n]
			e.cache.put(keys[i], all[n])
		}
	}
	openings := map[string]bool{}
	for i, p := range plans {
		if keys[i] != "" && out[i].Fallback == floors[i].Fallback {
			p.trace.wrote(answer{Name: model.Name(), Requested: requested, Writer: because.FromEmbedded, Seed: asks[i].Seed, State: asks[i].State}, written[i])
			p.trace.listed(openings)
			out[i] = e.take(ctx, p, floors[i], written[i], requested, func(x because.Explanation) bool { return !openings[opening(x.Text)] })
		}
		openings[opening(out[i].Text)] = true
	}
	return out
}

// gaveUp keeps the floor because the generator gave nothing.
func (e *Engine) gaveUp(ctx context.Context, p plan, floor because.Explanation, err error, requested string) because.Explanation {
	step := "refused"
	if r := new(generate.RefusedError); errors.As(err, &r) {
		step = r.Step
	}
	e.log.WarnContext(ctx, "generator", "item", p.item.ID, "step", step, "err", err)
	return fallBack(floor, step, because.Say(p.lang, "The language model gave no usable answer in time (%s).", step), requested)
}

// offered is the evidence that a model may use: what was chosen, and the next facts by share.
func (p plan) offered() []because.Evidence {
	out := slices.Clone(p.use)
	for _, ev := range p.all {
		if len(out) >= 8 {
			break
		}
		if !p.pack.Kinds[ev.Kind].Sensitive && !slices.ContainsFunc(out, func(u because.Evidence) bool { return u.ID == ev.ID }) {
			out = append(out, ev)
		}
	}
	return out
}

func fallBack(x because.Explanation, step, reason, requested string) because.Explanation {
	if requested == "" {
		requested = "auto"
	}
	x.Fallback = &because.Fallback{Requested: because.Source(requested), Step: step, Reason: reason}
	x.Verdict = because.Replaced
	return x
}

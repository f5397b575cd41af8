package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"because"
	"because/internal/generate"
)

// writer is the source that a request asks for, resolved: auto is the endpoint if there is one, else the template.
func (e *Engine) writer(source string) (because.Source, error) {
	switch source {
	case "", "auto":
		if e.endpoint != nil {
			return because.FromLLM, nil
		}
		return because.FromTemplate, nil
	case string(because.FromTemplate), string(because.FromApproved):
		return because.FromTemplate, nil
	case string(because.FromLLM):
		if e.endpoint == nil {
			return "", because.Errorf(because.ErrUnavailable, "No endpoint is configured. Give one with --llm-url and --llm-model, or under llm: in because.yaml.")
		}
		return because.FromLLM, nil
	case string(because.FromEmbedded):
		return "", because.Errorf(because.ErrUnavailable, "This build has no embedded generator. Ask for auto, template or llm.")
	}
	return "", because.Errorf(because.ErrInvalid, "There is no source %q. Choose auto, template, embedded or llm.", short(source))
}

// defaultDeadline is how long an endpoint may take over HTTP.
const defaultDeadline = 800 * time.Millisecond

// upgrade asks the endpoint for a draft and takes it if it is true; else the text stays as it was, with the reason.
func (e *Engine) upgrade(ctx context.Context, p plan, floor because.Explanation, requested string, deadline time.Duration) because.Explanation {
	if p.pack.Guarded {
		if requested != string(because.FromLLM) {
			return floor // auto means the approved wordings here
		}
		return fallBack(floor, "rule", because.Say(p.lang, "In this domain only approved wordings are shown."), requested)
	}
	if deadline == 0 {
		deadline = e.o.LLM.Timeout
	}
	if deadline == 0 {
		deadline = defaultDeadline
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	ds, err := e.endpoint.Draft(ctx, p.request(p.arm, p.offered(), 1))
	if err != nil {
		step := "refused"
		if r := new(generate.RefusedError); errors.As(err, &r) {
			step = r.Step
		}
		e.log.WarnContext(ctx, "endpoint", "item", p.item.ID, "step", step, "err", err)
		return fallBack(floor, step, because.Say(p.lang, "The language model gave no usable answer in time (%s).", step), requested)
	}
	var reason string
	for _, d := range ds {
		r := e.verifier.Verify(d.Text, p.given)
		if !r.OK {
			reason = r.Reason
			continue
		}
		x := e.finish(p, p.arm, d, r)
		x.TookMS = ms(p.started)
		return x
	}
	return fallBack(floor, "verifier", because.Say(p.lang, "The language model's draft did not hold: %s", reason), requested)
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

package generate

import (
	"context"
	"errors"
	"slices"
	"time"

	"because"
)

// A Report is what a probe found.
type Report struct {
	Reachable       bool          `json:"reachable"`
	Models          []string      `json:"models"` // as the server lists them, at most 50
	ModelPresent    bool          `json:"model_present"`
	Answers         bool          `json:"answers"`
	Format          string        `json:"format"` // json_schema, json_object, text: how the answer was held to its form
	Draft           string        `json:"draft"`  // what it wrote of the sample evidence
	Latency         time.Duration `json:"latency_ns"`
	TokensPerSecond float64       `json:"tokens_per_second"` // of the answer; 0 if the server does not count
	Step            string        `json:"step,omitempty"`    // where it failed
	Err             error         `json:"-"`
}

// Probe asks the server for its models and for one draft of an invented evidence. It returns an error only for a
// cancelled context; what is wrong with the server stands in the report.
func (e *Endpoint) Probe(ctx context.Context) (Report, error) {
	var r Report
	if _, has := ctx.Deadline(); !has {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.o.Timeout)
		defer cancel()
	}
	page, err := e.models.List(ctx)
	if err == nil {
		r.Reachable = true
		for _, m := range page.Data[:min(50, len(page.Data))] {
			r.Models = append(r.Models, m.ID)
		}
		r.ModelPresent = slices.Contains(r.Models, e.o.Model)
	} else {
		r.fail(refused(ctx, err))
	}
	req := probeRequest()
	prompt := Render(e.packs.Pack(""), req)
	start := e.o.Now()
	var got reply
	err = e.guarded(ctx, prompt, func(ctx context.Context) (int64, error) {
		var err error
		got, err = e.ask(ctx, prompt, 1)
		return got.tokens, err
	})
	r.Latency = e.o.Now().Sub(start)
	if err == nil {
		r.Reachable, r.Answers, r.Step, r.Err = true, true, "", nil
		r.Format = [...]string{"json_schema", "json_object", "text"}[presets[e.o.Preset].modes[e.mode.Load()].format]
		if s := r.Latency.Seconds(); s > 0 && got.answer > 0 {
			r.TokensPerSecond = float64(got.answer) / s
		}
		var a answer
		if a, err = readAnswer(got.content, req, prompt.Mark, got.plain); err == nil {
			r.Draft = a.text
		} else {
			err = malformed(err)
		}
	}
	if err != nil {
		r.fail(err)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return r, ended(ctx)
	}
	return r, nil
}

func (r *Report) fail(err error) {
	var refused *RefusedError
	r.Err = err
	if errors.As(err, &refused) {
		r.Step = refused.Step
		r.Reachable = r.Reachable || refused.Step == "status" || refused.Step == "malformed" || refused.Step == "refused"
	}
}

// probeRequest is an invented evidence on an invented item.
func probeRequest() Request {
	return Request{Name: "Aurora Lite", Lang: because.English, Arm: because.Arm{Style: because.Short, Lead: because.Viewed}, Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Viewed, Share: 1, Text: "The reader looked at Aurora One last week.", Slots: map[string]because.Slot{
			"hist": {Kind: because.NameSlot, Text: "Aurora One"}, "when": {Kind: because.DateSlot, Text: "last week"}}},
		{ID: "e2", Kind: because.Attribute, Ref: "weight", Text: "It weighs 32 g.", Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: "32 g", Number: 32}}},
	}}
}

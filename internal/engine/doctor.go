package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"because"
)

// Health is the state of the engine.
func (e *Engine) Health(ctx context.Context) Health {
	w := e.world.Load()
	h := Health{Ready: w.model != nil, Items: len(w.items), Model: w.info.ID, Trained: w.info.Created, LLM: "off"}
	if n, err := e.db.Counts(ctx); err == nil {
		h.Users, h.Interactions = n.Users, n.Interactions
	} else {
		h.Ready = false
		e.log.ErrorContext(ctx, "count", "err", err)
	}
	if e.endpoint != nil {
		h.LLM = "ok"
		if e.endpoint.Open() {
			h.LLM = "open"
		}
	}
	return h
}

// Doctor looks at everything that could keep the engine from serving, and says what to do.
func (e *Engine) Doctor(ctx context.Context, lang because.Lang) []Check {
	w := e.world.Load()
	out := []Check{e.checkDisk(lang), e.checkStore(ctx, lang)}
	items := Check{Name: "items", OK: len(w.items) > 0, Detail: because.Say(lang, "%d items", len(w.items))}
	if !items.OK {
		items.Fix = because.Say(lang, "Import some: because import items FILE")
	}
	model := Check{Name: "model", OK: w.model != nil, Detail: w.info.ID}
	if !model.OK {
		model.Detail, model.Fix = because.Say(lang, "nothing trained"), because.Say(lang, "Run: because train")
	}
	clock := Check{Name: "clock", OK: e.now().Year() >= 2024, Detail: e.now().Format(time.RFC3339)}
	if !clock.OK {
		clock.Fix = because.Say(lang, "Set the machine's clock: reasons say when things happened.")
	}
	simd := Check{Name: "simd", OK: FastMath, Detail: because.Say(lang, "training uses vector instructions")}
	if !simd.OK {
		simd.Detail = because.Say(lang, "built without vector instructions: training language models is about 25 times slower")
		simd.Fix = because.Say(lang, "Build with make, which sets GOEXPERIMENT=simd.")
	}
	return append(out, items, model, clock, simd)
}

func (e *Engine) checkDisk(lang because.Lang) Check {
	c := Check{Name: "disk", OK: true}
	probe := filepath.Join(e.o.Dir, ".doctor")
	start := time.Now()
	if err := writeFile(probe, []byte("ok")); err != nil {
		c.OK, c.Detail = false, because.Say(lang, "%s cannot be written", e.o.Dir)
		c.Fix = because.Say(lang, "Free some space or change the folder's permissions.")
		return c
	}
	os.Remove(probe)
	c.Detail = because.Say(lang, "%s can be written; a sync takes %s", e.o.Dir, time.Since(start).Round(100*time.Microsecond).String())
	return c
}

func (e *Engine) checkStore(ctx context.Context, lang because.Lang) Check {
	if err := e.db.Check(ctx); err != nil {
		e.log.ErrorContext(ctx, "check the store", "err", err)
		return Check{Name: "database", Detail: because.Say(lang, "the database is damaged"), Fix: because.Say(lang, "Restore a backup: because backup restore FILE")}
	}
	n, err := e.db.Counts(ctx)
	if err != nil {
		return Check{Name: "database", Detail: because.Say(lang, "the database cannot be read")}
	}
	return Check{Name: "database", OK: true, Detail: because.Say(lang, "%d users, %d interactions, %d impressions", n.Users, n.Interactions, n.Impressions)}
}

// DoctorLLM says what the configured endpoint can do.
func (e *Engine) DoctorLLM(ctx context.Context, lang because.Lang) []Check {
	if e.endpoint == nil {
		return []Check{{Name: "llm", Detail: because.Say(lang, "No endpoint is configured. Give one with --llm-url and --llm-model."), OK: false}}
	}
	r, err := e.endpoint.Probe(ctx)
	if err == nil {
		err = r.Err
	}
	if err != nil {
		return []Check{{Name: "llm", Detail: fmt.Sprint(e.o.LLM.BaseURL, ": ", err), Fix: because.Say(lang, "Is the server running, and does it speak the OpenAI API under /v1?")}}
	}
	model := Check{Name: "llm model", OK: r.ModelPresent, Detail: e.o.LLM.Model}
	if !model.OK {
		model.Fix = because.Say(lang, "The server has: %s", strings.Join(r.Models, ", "))
	}
	return []Check{
		{Name: "llm", OK: true, Detail: because.Say(lang, "%s answers in %d ms", e.o.LLM.BaseURL, r.Latency.Milliseconds())},
		model,
		{Name: "llm format", OK: true, Detail: r.Format},
		{Name: "llm speed", OK: true, Detail: because.Say(lang, "%.0f tokens a second", r.TokensPerSecond)},
		{Name: "llm draft", OK: true, Detail: r.Draft},
	}
}

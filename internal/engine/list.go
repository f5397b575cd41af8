package engine

import (
	"context"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"because"
	"because/internal/recommend"
)

// Recommend ranks items for a reader and, when asked, explains each: the verified template texts of the whole list
// first, in order, so that no two start alike; then the drafts of the embedded model in one batch, or the endpoint's side
// by side, within their deadline.
func (e *Engine) Recommend(ctx context.Context, r ListRequest) (because.Recommendations, error) {
	w, err := e.ready()
	if err != nil {
		return because.Recommendations{}, err
	}
	if err := e.checkList(r); err != nil {
		return because.Recommendations{}, err
	}
	who, err := e.reader(ctx, w, r.User, r.Session, r.Impersonal)
	if err != nil {
		return because.Recommendations{}, err
	}
	c := e.circumstances(who, r.Context)
	q := e.query(w, who, c, r.Domain, r.Need)
	q.N, q.Candidates = r.N, r.Candidates
	q.Exclude = slices.Concat(q.Exclude, r.Exclude)
	if q.N == 0 {
		q.N = 10
	}
	out := because.Recommendations{
		RequestID: e.requestID(r.Log, r.User, r.Need, c), User: r.User, Context: c,
		ModelVersion: w.info.ID, Items: w.model.Recommend(q),
	}
	for i := range out.Items {
		rec := &out.Items[i]
		rec.Name, rec.Rank, rec.Propensity = w.items[rec.Item].Name.In(r.Lang), i+1, 1
		out.Personalised = out.Personalised || personal(rec.Contributions)
	}
	if r.Explain {
		err = e.explainList(ctx, w, who, r, q, &out)
	}
	return out, err
}

// maxList bounds a list.
const maxList = 200

func (e *Engine) checkList(r ListRequest) error {
	if r.N < 0 || r.N > maxList {
		return because.Errorf(because.ErrInvalid, "n must be between 1 and %d, not %d.", maxList, r.N)
	}
	return e.checkWords(r.Style, "", r.Source, r.Domain)
}

// explainList writes a text for each item of out.
func (e *Engine) explainList(ctx context.Context, w *world, who reader, r ListRequest, q recommend.Query, out *because.Recommendations) error {
	writer, err := e.writer(r.Source, true)
	if err != nil {
		return err
	}
	plans := make([]plan, len(out.Items))
	texts := make([]because.Explanation, len(out.Items))
	planning := make([]time.Duration, len(plans))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, rec := range out.Items {
		g.Go(func() (err error) {
			start := time.Now()
			plans[i], err = e.plan(gctx, job{
				world: w, reader: who, item: w.items[rec.Item], rec: rec, context: out.Context, need: r.Need, lang: r.Lang,
				query: q, known: true, style: r.Style, requestID: out.RequestID, inList: true, position: rec.Rank,
				trace: newTrace(r.Log),
			})
			if err == nil && plans[i].arm != because.NoExplanation {
				plans[i].across() // which the text wants
			}
			planning[i] = time.Since(start)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	var openings []string
	for i := range plans {
		if plans[i].arm == because.NoExplanation {
			continue
		}
		plans[i].avoid, plans[i].started = openings, time.Now().Add(-planning[i])
		plans[i].whatIf()
		texts[i] = e.fromTemplate(ctx, plans[i])
		openings = append(openings, opening(texts[i].Text))
	}
	since := time.Now()
	switch writer {
	case because.FromEmbedded:
		bounded, cancel := e.deadline(ctx, r.Timeout, since)
		texts = e.upgradeAll(bounded, plans, texts, r.Source)
		cancel()
	case because.FromLLM:
		g, gctx := errgroup.WithContext(ctx)
		for i := range plans {
			if plans[i].arm != because.NoExplanation {
				g.Go(func() error {
					texts[i] = e.upgrade(gctx, plans[i], texts[i], writer, r.Source, r.Timeout, since)
					return nil
				})
			}
		}
		_ = g.Wait() // upgrades do not fail: they keep the template's text
	}
	if r.Log {
		if err := e.logImpressions(ctx, plans, texts); err != nil {
			return err
		}
	}
	for i := range out.Items {
		out.Items[i].Propensity = plans[i].propensity
		if plans[i].arm != because.NoExplanation {
			out.Items[i].Explanation = &texts[i]
		}
	}
	return nil
}

// context completes the circumstances of a request: its time is in the site's zone.
func (e *Engine) context(c because.Context) because.Context {
	if c.At.IsZero() {
		c.At = e.now()
	}
	c.At = c.At.In(e.o.Zone)
	return c
}

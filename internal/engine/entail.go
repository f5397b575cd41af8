package engine

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"because"
	"because/internal/eval"
	"because/internal/generate"
)

// entail asks the endpoint, where one is named, about each statement of a sample of the texts.
func (g *gathering) entail(ctx context.Context, progress Progress) (map[because.Lang]*eval.Entailment, error) {
	out := map[because.Lang]*eval.Entailment{}
	if g.o.Entail == nil {
		return out, nil
	}
	for _, lang := range because.Langs {
		rows := g.texts[lang].Grounded(cmp.Or(g.o.EntailRows, 100))
		if len(rows) == 0 {
			continue
		}
		x, err := entailment(ctx, *g.o.Entail, rows, lang, g.o.Seed, func(done, all int) {
			progress(because.Say(g.o.Lang, "asking %s", g.o.Entail.Model), done, all)
		})
		if err != nil {
			return nil, err
		}
		out[lang] = x
	}
	if len(out) == 0 {
		return nil, because.Errorf(because.ErrInvalid, "No row states evidence or a profile, so there is nothing to hold statements against. Add a column evidence, item_profile or user_profile, or leave --entail out.")
	}
	return out, nil
}

// entailment asks one endpoint whether what each row states bears out the statements of its text. A statement that it
// gives no verdict on is counted; none at all is an error.
func entailment(ctx context.Context, l LLM, rows []eval.Grounded, lang because.Lang, seed uint64, progress func(done, all int)) (*eval.Entailment, error) {
	e, err := newJudge(l, 0)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	var asks []generate.JudgeRequest
	verdicts := make([][]because.ClaimVerdict, len(rows)) // one slot each: order never depends on timing
	var slots []*because.ClaimVerdict
	for i, r := range rows {
		said := eval.Statements(r.Text, lang)
		verdicts[i] = make([]because.ClaimVerdict, len(said))
		for k, s := range said {
			asks = append(asks, generate.JudgeRequest{
				Lang: lang, Text: s, Item: joined(r.Title, r.Item), User: r.User, Seed: hash("entail", fmt.Sprint(seed), s),
			})
			slots = append(slots, &verdicts[i][k])
		}
	}
	var mu sync.Mutex // guards done and last
	done, last := 0, ""
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(judgesAtATime)
	for i, ask := range asks {
		g.Go(func() error {
			v, err := e.Entails(gctx, ask)
			mu.Lock()
			defer mu.Unlock()
			if *slots[i] = v; err != nil {
				last = err.Error()
			}
			if done++; done%20 == 0 {
				progress(done, len(asks))
			}
			return gctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	x := eval.NewEntailment(verdicts, seed)
	if x.Statements > 0 && x.Failed == x.Statements {
		return nil, because.Errorf(because.ErrUnavailable, "%s gave no verdict on any of %d statements. The last reason: %s", l.Model, x.Statements, last)
	}
	x.Model, x.Last, x.Tokens = l.Model, last, e.Spent()
	return &x, nil
}

// joined is a title and what is known, as one text.
func joined(title, known string) string {
	if title == "" || known == "" {
		return title + known
	}
	return title + ". " + known
}

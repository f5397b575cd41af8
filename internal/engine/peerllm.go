package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/text"
)

// endpoint writes seeded rows with a language model, which is given the sentences of both profiles as facts and nothing
// else. Rows that it gives no text for in time have none.
func (s *peerSet) endpoint(ctx context.Context) (map[int]string, because.Text, error) {
	l := s.o.LLM
	if l.BaseURL == "" {
		return nil, inBoth(func(lang because.Lang) string { return because.Say(lang, "no endpoint is set (llm.base_url)") }), nil
	}
	return s.cache.texts(peerLLM, func() (map[int]string, because.Text, error) {
		e, err := generate.NewEndpoint(generate.EndpointOptions{
			BaseURL: l.BaseURL, Model: l.Model, Preset: l.Preset, Key: l.Key, Timeout: time.Minute, BudgetTokens: l.Budget, Transport: l.Transport, Concurrency: 1,
		}, pack.Builtin())
		if err != nil {
			return nil, nil, err
		}
		n := s.o.LLMRows
		if n == 0 {
			n = 300
		}
		out, failed := map[int]string{}, error(nil)
		for _, i := range rand.New(rand.NewPCG(s.o.Seed, 0x11a)).Perm(len(s.rows))[:min(n, len(s.rows))] {
			drafts, err := e.Draft(ctx, generate.Request{
				Lang: because.English, Arm: because.Arm{Style: because.Detail}, Name: s.title[i], Evidence: s.facts(i), Seed: s.o.Seed + uint64(i),
			})
			switch {
			case ctx.Err() != nil:
				return nil, nil, ctx.Err()
			case err != nil:
				failed = err
			case len(drafts) > 0:
				out[i] = drafts[0].Text
			}
			if len(out) == 0 && e.Open() {
				break
			}
		}
		if len(out) == 0 {
			return nil, inBoth(func(lang because.Lang) string { return because.Say(lang, "the endpoint gave no text: %v", failed) }), nil
		}
		return out, nil, nil
	})
}

// facts are the sentences of both profiles.
func (s *peerSet) facts(i int) []because.Evidence {
	var out []because.Evidence
	for _, p := range []struct{ of, text string }{{"item", s.rows[i].ItemProfile}, {"user", s.rows[i].UserProfile}} {
		for _, at := range text.Sentences(p.text) {
			out = append(out, because.Evidence{
				ID: fmt.Sprintf("e%d", len(out)+1), Kind: because.Caller, Origin: p.of + "_profile", Text: p.text[at[0]:at[1]],
			})
		}
	}
	return out
}

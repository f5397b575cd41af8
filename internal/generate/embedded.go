package generate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"because"
	"because/internal/lm"
	"because/internal/pack"
)

// How the embedded model writes: at this temperature, this many candidates for one text, of at most so many tokens.
const (
	embeddedHeat   = 0.7
	embeddedDrafts = 4
	embeddedTokens = 64
)

// An Embedded drafts with a small language model of our own, delexicalised: see slots.go. Of the candidates that it
// samples for one request the discriminator puts the likeliest to be a person's first (best of k, methods 1.3). In a
// guarded pack the model only chooses facts and their order; approved wordings say them.
type Embedded struct {
	packs    *pack.Set
	template *Template
	words    *lm.Tokenizer
	model    *lm.Generator
	filter   *lm.Discriminator // nil orders candidates by their likelihood
	name     string
	never    []int32 // tokens that stand in prompts only
	ground   *grounding
}

// NewEmbedded joins a model's parts. Name identifies it in provenance. It returns an error when the vocabulary lacks a
// token that prompts or texts need.
func NewEmbedded(packs *pack.Set, words *lm.Tokenizer, model *lm.Generator, filter *lm.Discriminator, name string) (*Embedded, error) {
	g := &Embedded{packs: packs, template: NewTemplate(packs), words: words, model: model, filter: filter, name: name, ground: newGrounding(packs)}
	for _, t := range Tokens() {
		if _, ok := words.ID(t); !ok {
			return nil, fmt.Errorf("the vocabulary of %s has no token %s", name, t)
		}
	}
	for _, t := range append(promptOnly(), "<pad>", "<bos>", "<text>") {
		id, _ := words.ID(t)
		g.never = append(g.never, id)
	}
	return g, nil
}

// Name identifies the model.
func (g *Embedded) Name() string { return g.name }

// State encodes what the reader did, for Request.State.
func (g *Embedded) State(behaviour [][]int32) ([]float32, error) {
	states, err := g.model.State([][][]int32{behaviour})
	if err != nil || len(states) == 0 {
		return nil, err
	}
	return states[0], nil
}

// Draft is DraftAll of one request.
func (g *Embedded) Draft(ctx context.Context, req Request) ([]Draft, error) {
	all, err := g.DraftAll(ctx, []Request{req})
	if err != nil {
		return nil, err
	}
	if len(all[0]) == 0 {
		return nil, &RefusedError{Step: "malformed", Err: fmt.Errorf("no candidate of %s can be read", g.name)}
	}
	return all[0], nil
}

// DraftAll drafts for several requests in one batch: for each up to K different texts, at least four candidates being
// sampled, the best first. What one request gets does not depend on the others. A request whose candidates cannot be
// read gets none.
func (g *Embedded) DraftAll(ctx context.Context, reqs []Request) ([][]Draft, error) {
	prompts := make([]lm.SampleRequest, len(reqs))
	for i, req := range reqs {
		p := g.packs.Pack(req.Domain)
		s := lm.SampleRequest{Prompt: g.words.Encode(RenderSlots(p, req)), State: req.State, K: max(embeddedDrafts, req.K), Seed: req.Seed, Ban: slices.Clone(g.never)}
		for _, t := range missing(req) {
			id, _ := g.words.ID(t)
			s.Ban = append(s.Ban, id)
		}
		prompts[i] = s
	}
	samples, err := g.model.Sample(ctx, prompts, lm.SampleOptions{Temperature: embeddedHeat, MaxTokens: embeddedTokens})
	if err != nil {
		if ctx.Err() != nil {
			return nil, &RefusedError{Step: "timeout", Err: err}
		}
		return nil, fmt.Errorf("sample drafts: %w", err)
	}
	out := make([][]Draft, len(reqs))
	for i, req := range reqs {
		if out[i], err = g.read(ctx, req, prompts[i].Prompt, samples[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A candidate is a sample as text.
type candidate struct {
	mine  string // delexicalised
	text  string
	score float64
}

// read turns samples into drafts, the best first.
func (g *Embedded) read(ctx context.Context, req Request, prompt []int32, samples []lm.Sample) ([]Draft, error) {
	p := g.packs.Pack(req.Domain)
	var list []candidate
	var pairs []lm.Pair
	for _, s := range samples {
		mine := g.words.Decode(s.Tokens)
		text, err := Realise(p, req, mine)
		if !s.Ended || err != nil || strings.TrimSpace(text) == "" || !g.ground.grounded(p, req, mine) || slices.ContainsFunc(list, func(c candidate) bool { return c.text == text }) {
			continue
		}
		list = append(list, candidate{mine, text, likelihood(s)})
		pairs = append(pairs, lm.Pair{Prompt: prompt, Text: g.words.Encode(mine)}) // as the discriminator learned to read
	}
	if g.filter != nil && len(pairs) > 0 {
		logits, _, err := g.filter.Score(ctx, pairs)
		if err != nil {
			return nil, fmt.Errorf("score drafts: %w", err)
		}
		for i := range list {
			list[i].score = float64(logits[i])
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(used(req, a.text)-used(req, b.text), min(over(a.text, orShort(req.Arm.Style), req.Lang), 1)-min(over(b.text, orShort(req.Arm.Style), req.Lang), 1), cmp.Compare(b.score, a.score))
	})
	if p.Guarded {
		return g.approved(ctx, req, list)
	}
	var out []Draft
	for _, c := range list {
		out = append(out, Draft{Text: c.text, Evidence: citedIDs(req, c.mine), Source: because.FromEmbedded, Model: g.name})
	}
	return out, nil
}

// approved lets approved wordings say what the best candidate chose, in its order. The lead stays the arm's.
func (g *Embedded) approved(ctx context.Context, req Request, list []candidate) ([]Draft, error) {
	if len(list) == 0 || len(req.Evidence) == 0 {
		return nil, nil
	}
	chosen := []because.Evidence{req.Evidence[0]}
	for _, i := range Cited(list[0].mine) {
		if i != 0 {
			chosen = append(chosen, req.Evidence[i])
		}
	}
	for _, e := range req.Evidence { // a drawback is never left unsaid
		if e.Kind == because.Drawback && !slices.ContainsFunc(chosen, func(c because.Evidence) bool { return c.ID == e.ID }) {
			chosen = append(chosen, e)
		}
	}
	req.Evidence = chosen
	ds, err := g.template.Draft(ctx, req)
	for i := range ds {
		ds[i].Model = g.name + "+" + ds[i].Model
	}
	return ds, err
}

// likelihood is the mean log-probability of a sample's tokens.
func likelihood(s lm.Sample) float64 {
	sum := 0.0
	for _, l := range s.LogProbs {
		sum += float64(l)
	}
	return sum / float64(max(1, len(s.LogProbs)))
}

// used is 1 for a text that starts like another of the list.
func used(req Request, s string) int {
	if slices.Contains(req.Avoid, Opening(s)) {
		return 1
	}
	return 0
}

// citedIDs are the evidences that a delexicalised text cites, the lead where it says none by a slot.
func citedIDs(req Request, mine string) []string {
	var ids []string
	for _, i := range Cited(mine) {
		ids = append(ids, req.Evidence[i].ID)
	}
	if len(ids) == 0 && len(req.Evidence) > 0 {
		ids = append(ids, req.Evidence[0].ID)
	}
	return ids
}

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

// How the embedded model writes: at this temperature, this many candidates for one text; and
// again, up to so many times, while those that may be shown have fewer openings than this.
const (
	embeddedHeat     = 0.7
	embeddedDrafts   = 12
	embeddedRounds   = 3
	embeddedOpenings = 3
)

// EmbeddedTokens is how many tokens a text of the embedded model may have.
const EmbeddedTokens = 64

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
	g.never = []int32{lm.PadID, lm.BosID, lm.TextID}
	for _, t := range promptOnly() {
		id, _ := words.ID(t)
		g.never = append(g.never, id)
	}
	return g, nil
}

// Prepare reads what people wrote in a domain and language, for which the first text of it would wait otherwise.
func (g *Embedded) Prepare(domain string, lang because.Lang) { g.ground.of(domain, lang) }

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

// DraftAll drafts for several requests in one batch: for each all different texts of at least embeddedDrafts candidates, the
// best first. Where too few of them can be shown, it samples again. What one request gets does not depend on the others. A
// request whose candidates cannot be read gets none.
func (g *Embedded) DraftAll(ctx context.Context, reqs []Request) ([][]Draft, error) {
	candidates, err := g.Candidates(ctx, reqs, 0)
	if err != nil {
		return nil, err
	}
	for round := range uint64(embeddedRounds) {
		var poor []int
		var again []Request
		for i, req := range reqs {
			if !g.enough(req, candidates[i]) {
				poor, again = append(poor, i), append(again, req)
				again[len(again)-1].Seed += round + 1
			}
		}
		if len(poor) == 0 {
			break
		}
		more, err := g.Candidates(ctx, again, 0)
		if err != nil {
			return nil, err
		}
		for n, i := range poor {
			candidates[i] = append(candidates[i], more[n]...)
		}
	}
	out := make([][]Draft, len(reqs))
	for i, req := range reqs {
		if out[i], err = g.Choose(ctx, req, candidates[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// enough reports whether candidates leave a choice: a text that may be shown and, where its wording is the model's own,
// states what is planned, in as many openings as a list needs to find one that no other text of it has.
func (g *Embedded) enough(req Request, candidates []Candidate) bool {
	list := Best(req, candidates)
	if g.packs.Pack(req.Domain).Guarded {
		return len(list) > 0
	}
	openings := map[string]bool{}
	for _, c := range list {
		if omits(req, c) == 0 {
			openings[Opening(c.Text)] = true
		}
	}
	return len(openings) >= embeddedOpenings
}

// A Candidate is one sample of the model.
type Candidate struct {
	Mine       string  // as the model wrote it, with slot tokens
	Cites      []int   // the evidences that a Text which may be shown states, by index
	Ended      bool    // the model came to an end
	Text       string  // as a reader would see it; empty where the model came to no end or wrote what cannot be filled
	Loose      string  // a stretch of Mine that nobody wrote for where it stands, or a label that is said twice: Text is not to be shown
	Likelihood float64 // mean log-probability of its tokens, nats
	Score      float64 // of a Text: the discriminator's logit that a person wrote it, or Likelihood where there is none
}

// Candidates samples at least four texts for each of several requests in one batch. A temperature of 0 means the one
// that drafts are written at.
func (g *Embedded) Candidates(ctx context.Context, reqs []Request, temperature float32) ([][]Candidate, error) {
	if temperature == 0 {
		temperature = embeddedHeat
	}
	prompts := make([]lm.SampleRequest, len(reqs))
	for i, req := range reqs {
		prompts[i] = g.asked(req)
		prompts[i].K = max(embeddedDrafts, req.K)
	}
	samples, err := g.model.Sample(ctx, prompts, lm.SampleOptions{Temperature: temperature, MaxTokens: EmbeddedTokens})
	return g.candidates(ctx, reqs, prompts, samples, err)
}

// Likeliest writes one text for each of several requests by greedy decoding. Models are compared by it: no chance is in
// it, and another program that serves the same weights can be asked for the same text. write does the writing; nil is the
// model itself.
func (g *Embedded) Likeliest(ctx context.Context, reqs []Request, write func(lm.SampleRequest) (lm.Sample, error)) ([]Candidate, error) {
	prompts := make([]lm.SampleRequest, len(reqs))
	for i, req := range reqs {
		prompts[i] = g.asked(req)
	}
	var samples [][]lm.Sample
	var err error
	if write == nil {
		samples, err = g.model.Sample(ctx, prompts, lm.SampleOptions{MaxTokens: EmbeddedTokens})
	}
	for i := 0; write != nil && i < len(prompts) && err == nil; i++ {
		var s lm.Sample
		s, err = write(prompts[i])
		samples = append(samples, []lm.Sample{s})
	}
	all, err := g.candidates(ctx, reqs, prompts, samples, err)
	var out []Candidate
	for _, list := range all {
		out = append(out, list[0])
	}
	return out, err
}

// candidates reads the samples that were written for prompts, or passes on why they were not.
func (g *Embedded) candidates(ctx context.Context, reqs []Request, prompts []lm.SampleRequest, samples [][]lm.Sample, err error) ([][]Candidate, error) {
	if err != nil {
		if ctx.Err() != nil {
			return nil, &RefusedError{Step: "timeout", Err: err}
		}
		return nil, fmt.Errorf("sample drafts: %w", err)
	}
	out := make([][]Candidate, len(reqs))
	for i, req := range reqs {
		if out[i], err = g.read(ctx, req, prompts[i].Prompt, samples[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// asked is what the model is asked for a request: its prompt, and no token that cannot stand in its text.
func (g *Embedded) asked(req Request) lm.SampleRequest {
	s := lm.SampleRequest{Prompt: g.words.Encode(RenderSlots(g.packs.Pack(req.Domain), req)), State: req.State, Seed: req.Seed, Ban: slices.Clone(g.never)}
	for _, t := range missing(req) {
		id, _ := g.words.ID(t)
		s.Ban = append(s.Ban, id)
	}
	return s
}

// read turns samples into candidates and scores those that have a text.
func (g *Embedded) read(ctx context.Context, req Request, prompt []int32, samples []lm.Sample) ([]Candidate, error) {
	p := g.packs.Pack(req.Domain)
	list := make([]Candidate, len(samples))
	var pairs []lm.Pair
	var scored []*Candidate
	for i, s := range samples {
		c := &list[i]
		c.Mine, c.Ended, c.Likelihood = g.words.Decode(s.Tokens), s.Ended, likelihood(s)
		if text, err := Realise(p, req, c.Mine); s.Ended && err == nil && strings.TrimSpace(text) != "" {
			c.Text, c.Score = text, c.Likelihood
			if c.Loose = g.ground.loose(p, req, c.Mine); c.Loose == "" {
				c.Cites = g.cites(p, req, c.Mine)
				c.Loose = twice(p, req.Lang, text, cites(req.Evidence, citedIDs(req, c.Cites)))
			}
			// The text is encoded anew, as the discriminator learned to read.
			pairs, scored = append(pairs, lm.Pair{Prompt: prompt, Text: g.words.Encode(c.Mine)}), append(scored, c)
		}
	}
	if g.filter == nil || len(pairs) == 0 {
		return list, nil
	}
	logits, _, err := g.filter.Score(ctx, pairs)
	if err != nil {
		return nil, fmt.Errorf("score drafts: %w", err)
	}
	for i, c := range scored {
		c.Score = float64(logits[i])
	}
	return list, nil
}

// Choose makes drafts of candidates, each text once, the best first.
func (g *Embedded) Choose(ctx context.Context, req Request, candidates []Candidate) ([]Draft, error) {
	list := Best(req, candidates)
	if g.packs.Pack(req.Domain).Guarded {
		return g.approved(ctx, req, list)
	}
	var out []Draft
	for _, c := range list {
		out = append(out, Draft{Text: c.Text, Evidence: citedIDs(req, c.Cites), Source: because.FromEmbedded, Model: g.name})
	}
	return out, nil
}

// Best are the candidates that may become a draft, each text once, in the order in which they are wanted.
func Best(req Request, candidates []Candidate) []Candidate {
	var list []Candidate
	for _, c := range candidates {
		if c.Text != "" && c.Loose == "" && !slices.ContainsFunc(list, func(other Candidate) bool { return other.Text == c.Text }) {
			list = append(list, c)
		}
	}
	style := orShort(req.Arm.Style)
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return cmp.Or(omits(req, a)-omits(req, b), used(req, a.Text)-used(req, b.Text), min(over(a.Text, style, req.Lang), 1)-min(over(b.Text, style, req.Lang), 1), cmp.Compare(b.Score, a.Score))
	})
	return list
}

// approved lets approved wordings say what the best candidate chose, in its order. The lead stays the arm's.
func (g *Embedded) approved(ctx context.Context, req Request, list []Candidate) ([]Draft, error) {
	if len(list) == 0 || len(req.Evidence) == 0 {
		return nil, nil
	}
	chosen := []because.Evidence{req.Evidence[0]}
	for _, i := range list[0].Cites {
		if i != 0 {
			chosen = append(chosen, req.Evidence[i])
		}
	}
	for _, e := range req.Evidence { // a drawback is never left unsaid
		if e.Kind == because.Drawback && !slices.ContainsFunc(chosen, func(c because.Evidence) bool { return c.ID == e.ID }) {
			chosen = append(chosen, e)
		}
	}
	if req.Plan == nil { // else what is said was settled for both languages
		req.Evidence = chosen
	}
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

// omits counts the evidences that are planned to be stated and that a candidate does not cite.
func omits(req Request, c Candidate) int {
	n, cited := 0, citedIDs(req, c.Cites)
	for _, id := range req.Plan {
		if !slices.Contains(cited, id) {
			n++
		}
	}
	return n
}

// cites are the evidences that a delexicalised text states: by a slot, by a slot of another evidence that says the same
// word, and by a wording that needs none; the lead where there is nothing of these.
func (g *Embedded) cites(p *pack.Pack, req Request, mine string) []int {
	out := Cited(mine)
	for _, i := range append(sameWord(req, mine), g.ground.says(p, req, mine)...) {
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	if len(out) == 0 && len(req.Evidence) > 0 {
		out = append(out, 0)
	}
	return out
}

// sameWord are the attributes whose word a slot of another evidence says ("算<e1.category>" of a film that is one).
func sameWord(req Request, mine string) []int {
	var out []int
	for i, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		word := e.Slots["value"]
		if e.Kind != because.Attribute || word.Kind != because.WordSlot || word.Text == "" {
			continue
		}
		if slices.ContainsFunc(tokenPattern.FindAllString(mine, -1), func(token string) bool {
			k, name, ok := slotOf(token)
			return ok && k < len(req.Evidence) && (name == "category" || name == "shared" || name == "value") && req.Evidence[k].Slots[name].Text == word.Text
		}) {
			out = append(out, i)
		}
	}
	return out
}

func citedIDs(req Request, cites []int) []string {
	var ids []string
	for _, i := range cites {
		ids = append(ids, req.Evidence[i].ID)
	}
	return ids
}

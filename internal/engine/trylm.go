package engine

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// LMSamples are what the language model writes for one reader and item, before anything is chosen.
type LMSamples struct {
	Model    string       `json:"model"`
	Domain   string       `json:"domain"`
	Lang     because.Lang `json:"lang"`
	Arm      string       `json:"arm"`
	Approved bool         `json:"approved"` // in this domain approved wordings say what the best sample chose
	Prompt   string       `json:"prompt"`   // with slot tokens
	Samples  []LMSample   `json:"samples"`  // the best first; those that cannot be shown last
}

// An LMSample is one text of the model with its verdict.
type LMSample struct {
	Tokens     string          `json:"tokens"`          // with slot tokens
	Text       string          `json:"text,omitempty"`  // empty where the model came to no end or wrote what cannot be filled
	Loose      string          `json:"loose,omitempty"` // a stretch that nobody wrote for where it stands: never shown
	Likelihood float64         `json:"likelihood"`      // mean log-probability of its tokens, nats
	D          float64         `json:"d"`               // the discriminator's probability that a person wrote the text
	Verdict    because.Verdict `json:"verdict,omitempty"`
	Shown      string          `json:"shown,omitempty"` // what the verifier would let through of it
	Reason     string          `json:"reason,omitempty"`
	Claims     []because.Claim `json:"claims,omitempty"`
}

// servingLM is the language model that serves, or an error that says that there is none.
func (e *Engine) servingLM() (*generate.Embedded, error) {
	m, err := e.embedded()
	if err == nil && m == nil {
		err = because.Errorf(because.ErrUnavailable, "No language model serves. Train one: because train lm, then: because model promote MODEL")
	}
	return m, err
}

// SampleLM lets the language model that serves write k texts on the evidence of one reader and item, at a temperature; 0
// means the one that it serves at. Nothing is stored.
func (e *Engine) SampleLM(ctx context.Context, r ExplainRequest, k int, temperature float64) (LMSamples, error) {
	if k < 1 || k > 64 || !(temperature >= 0 && temperature <= 10) {
		return LMSamples{}, because.Errorf(because.ErrInvalid, "Ask for 1 to 64 samples at a temperature from 0 to 10.")
	}
	m, err := e.servingLM()
	if err != nil {
		return LMSamples{}, err
	}
	p, err := e.planOne(ctx, r, time.Now())
	if err != nil {
		return LMSamples{}, err
	}
	req := p.request(p.arm, p.use, k)
	if req.State, err = m.State(behaviour(p.world, p.reader, p.context.At)); err != nil {
		return LMSamples{}, err
	}
	all, err := m.Candidates(ctx, []generate.Request{req}, float32(temperature))
	if err != nil {
		return LMSamples{}, err
	}
	out := LMSamples{Model: m.Name(), Domain: p.pack.Domain, Lang: p.lang, Arm: p.arm.String(), Approved: p.pack.Guarded, Prompt: generate.RenderSlots(p.pack, req)}
	list := all[0][:min(k, len(all[0]))]
	slices.SortStableFunc(list, func(a, b generate.Candidate) int {
		return cmp.Or(cmp.Compare(one(a.Text == ""), one(b.Text == "")), cmp.Compare(one(a.Loose != ""), one(b.Loose != "")), cmp.Compare(b.Score, a.Score))
	})
	for _, c := range list {
		s := LMSample{Tokens: c.Mine, Text: c.Text, Loose: c.Loose, Likelihood: c.Likelihood}
		if c.Text != "" {
			v := e.verifier.Verify(c.Text, p.given)
			s.D, s.Verdict, s.Reason, s.Claims = 1/(1+math.Exp(-c.Score)), v.Verdict, v.Reason, v.Claims
			if v.OK && v.Text != c.Text {
				s.Shown = v.Text
			}
		}
		out.Samples = append(out.Samples, s)
	}
	return out, nil
}

// LMEvalOptions say what a language model is measured on.
type LMEvalOptions struct {
	Readers int // whose evidence is written on; 0 means 60
	Drafts  int // most drafts for each language; 0 means 200
	Seed    uint64
}

// LMEval is a language model measured on the data folder.
type LMEval struct {
	Model     string        `json:"model"`
	Losses    []LMLoss      `json:"losses"`
	Drafts    []LMDrafts    `json:"drafts"`
	Diversity []LMDiversity `json:"diversity"`
}

// An LMLoss is the loss on hand-written texts. Part is "training" for readers and patterns of which the model may have seen
// texts, "readers" for other readers, "patterns" for patterns that are withheld from every training.
type LMLoss struct {
	Lang       because.Lang `json:"lang"`
	Part       string       `json:"part"`
	Texts      int          `json:"texts"`
	Loss       float64      `json:"loss"` // nats per token
	Perplexity float64      `json:"perplexity"`
}

// LMDrafts counts what the verifier says of the drafts that would be served first. Domain is empty for the language's sum.
type LMDrafts struct {
	Lang     because.Lang `json:"lang"`
	Domain   string       `json:"domain"`
	Approved bool         `json:"approved"` // approved wordings say what the model chose; they are not in the sum
	Asked    int          `json:"asked"`
	Passed   int          `json:"passed"`   // as they stand
	Repaired int          `json:"repaired"` // true once something was mended or dropped
	Refused  int          `json:"refused"`
	None     int          `json:"none"` // no candidate was fit to be a draft
}

// Share is the part of the drafts that passes as it stands.
func (d LMDrafts) Share() float64 { return float64(d.Passed) / float64(max(1, d.Asked)) }

// LMDiversity sets the drafts beside people's texts on the same evidence, both with their slot tokens.
type LMDiversity struct {
	Lang               because.Lang `json:"lang"`
	Texts              int          `json:"texts"`
	Distinct2          float64      `json:"distinct2"`
	ReferenceDistinct2 float64      `json:"reference_distinct2"`
	SelfBLEU4          float64      `json:"self_bleu4"`
	ReferenceSelfBLEU4 float64      `json:"reference_self_bleu4"`
}

// lossTexts bounds the texts of one part and language that a loss is measured on.
const lossTexts = 400

// EvaluateLM measures the language model that serves on a corpus made of the data folder: its loss on hand-written texts,
// what the verifier says of its drafts, and how much they differ beside people's.
func (e *Engine) EvaluateLM(ctx context.Context, o LMEvalOptions, progress Progress) (LMEval, error) {
	if o.Readers == 0 {
		o.Readers = 60
	}
	if o.Drafts == 0 {
		o.Drafts = 200
	}
	m, err := e.servingLM()
	if err != nil {
		return LMEval{}, err
	}
	parts, err := e.modelToTrain("")
	if err != nil {
		return LMEval{}, err
	}
	var pairs []Pair
	if _, err := e.Corpus(ctx, CorpusOptions{Seed: o.Seed, Readers: o.Readers, Items: 2}, progress, func(p Pair) error {
		pairs = append(pairs, p)
		return nil
	}); err != nil {
		return LMEval{}, err
	}
	out := LMEval{Model: m.Name()}
	if out.Losses, err = lossesOf(ctx, parts, pairs); err != nil {
		return out, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, hash("drafts")))
	rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	for _, lang := range because.Langs {
		asked := promptsOf(pairs, lang, o.Drafts)
		if len(asked) == 0 {
			continue
		}
		drafts, diversity, err := e.draftsOf(ctx, m, parts.words, lang, asked, progress)
		if err != nil {
			return out, err
		}
		out.Drafts, out.Diversity = append(out.Drafts, drafts...), append(out.Diversity, diversity)
	}
	return out, nil
}

func lossesOf(ctx context.Context, m languageModel, pairs []Pair) ([]LMLoss, error) {
	var out []LMLoss
	for _, lang := range because.Langs {
		for which, name := range []string{forTraining: "training", forChoosing: "readers", forTesting: "patterns"} {
			var list []lm.Example
			for _, p := range pairs {
				if p.Lang == lang && partOf(p) == part(which) && len(list) < lossTexts {
					list = append(list, example(m.words, p))
				}
			}
			if len(list) == 0 {
				continue
			}
			loss, err := m.generator.Loss(ctx, list)
			if err != nil {
				return nil, err
			}
			out = append(out, LMLoss{lang, name, len(list), loss, math.Exp(loss)})
		}
	}
	return out, nil
}

// promptsOf are up to n pairs of a language, each prompt of a reader once, the domains taking turns.
func promptsOf(pairs []Pair, lang because.Lang, n int) []Pair {
	byDomain := map[string][]Pair{}
	seen := map[string]bool{}
	var domains []string
	for _, p := range pairs {
		key := p.User + "\x00" + p.Prompt
		if p.Lang != lang || seen[key] {
			continue
		}
		seen[key] = true
		if byDomain[p.Domain] == nil {
			domains = append(domains, p.Domain)
		}
		byDomain[p.Domain] = append(byDomain[p.Domain], p)
	}
	slices.Sort(domains)
	var out []Pair
	for turn := 0; len(out) < n; turn++ {
		before := len(out)
		for _, d := range domains {
			if turn < len(byDomain[d]) && len(out) < n {
				out = append(out, byDomain[d][turn])
			}
		}
		if len(out) == before {
			break
		}
	}
	return out
}

// draftBatch is how many requests are written for at once.
const draftBatch = 16

// draftsOf lets the model write for the prompts of some pairs as it does when it serves, and counts.
func (e *Engine) draftsOf(ctx context.Context, m *generate.Embedded, words *lm.Tokenizer, lang because.Lang, pairs []Pair, progress Progress) ([]LMDrafts, LMDiversity, error) {
	sum := LMDrafts{Lang: lang}
	domains := map[string]*LMDrafts{}
	var mine, people [][]int32
	for from := 0; from < len(pairs); from += draftBatch {
		part := pairs[from:min(from+draftBatch, len(pairs))]
		reqs := make([]generate.Request, len(part))
		for i, p := range part {
			reqs[i] = *p.Request
			reqs[i].K = 1
			var err error
			if reqs[i].State, err = m.State(p.Behaviour); err != nil {
				return nil, LMDiversity{}, err
			}
		}
		all, err := m.Candidates(ctx, reqs, 0)
		if err != nil {
			return nil, LMDiversity{}, err
		}
		for i, p := range part {
			ds, err := m.Choose(ctx, reqs[i], all[i])
			if err != nil {
				return nil, LMDiversity{}, err
			}
			d := domains[p.Domain]
			if d == nil {
				d = &LMDrafts{Lang: lang, Domain: p.Domain, Approved: e.packs.Pack(p.Request.Domain).Guarded}
				domains[p.Domain] = d
			}
			e.count(d, p, ds)
			if !d.Approved {
				e.count(&sum, p, ds)
			}
			if best := generate.Best(reqs[i], all[i]); len(best) > 0 {
				mine, people = append(mine, words.Encode(best[0].Mine)), append(people, words.Encode(p.Text))
			}
		}
		if progress != nil {
			progress("drafts "+string(lang), min(from+draftBatch, len(pairs)), len(pairs))
		}
	}
	out := []LMDrafts{sum}
	for _, d := range domains {
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b LMDrafts) int { return strings.Compare(a.Domain, b.Domain) })
	v := LMDiversity{Lang: lang, Texts: len(mine)}
	v.Distinct2, v.SelfBLEU4 = lm.Diversity(mine)
	v.ReferenceDistinct2, v.ReferenceSelfBLEU4 = lm.Diversity(people)
	return out, v, nil
}

// count adds the verdict of the first draft for a pair.
func (e *Engine) count(d *LMDrafts, p Pair, ds []generate.Draft) {
	d.Asked++
	if len(ds) == 0 {
		d.None++
		return
	}
	switch r := e.verifier.Verify(ds[0].Text, *p.Given); {
	case r.OK && r.Verdict == because.Passed:
		d.Passed++
	case r.OK:
		d.Repaired++
	default:
		d.Refused++
	}
}

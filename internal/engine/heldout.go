package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// HeldOutOptions say which language model is measured on patterns that no training saw.
type HeldOutOptions struct {
	Model   string // of the data folder; empty means the one that serves
	Base    string // instead of Model: a pretrained one as it is, a GGUF file or a folder, with slots that nobody taught it
	Server  string // URL of llama.cpp's server on an export of Model, which writes in its place; empty lets Model write
	Lang    because.Lang
	Prompts int // 0 means 200
	Seed    uint64
}

// HeldOut is a language model measured on withheld patterns: one draft a prompt, the likeliest one, nothing chosen among
// several and nothing mended.
type HeldOut struct {
	Model      string         `json:"model"`
	Server     bool           `json:"server"` // another program wrote
	Lang       because.Lang   `json:"lang"`
	Prompts    int            `json:"prompts"`
	Loss       float64        `json:"loss"` // of Model on people's texts for these prompts, nats per token
	Perplexity float64        `json:"perplexity"`
	Ended      int            `json:"ended"`    // drafts that came to an end
	Exact      int            `json:"exact"`    // in the exact form: ended, and the evidence fills every slot
	Passed     int            `json:"passed"`   // exact, and the verifier passes them as they stand
	Repaired   int            `json:"repaired"` // exact, and true once something was mended or dropped
	Refused    int            `json:"refused"`  // exact, and not to be shown
	Planned    int            `json:"planned"`  // passed, and they state every fact that they were asked for
	Distinct2  float64        `json:"distinct2"`
	Copied     Copied         `json:"copied"`         // from the texts of training, by the drafts
	Peoples    Copied         `json:"people_copied"`  // and by people's texts for these prompts, whose patterns are withheld
	Same       *int           `json:"same,omitempty"` // drafts of a server that are word for word what Model writes, nothing known of the reader
	Drafts     []HeldOutDraft `json:"drafts"`
}

// A HeldOutDraft is one draft with its verdict.
type HeldOutDraft struct {
	Prompt  string          `json:"prompt"`
	Mine    string          `json:"mine"`           // with slot tokens
	Text    string          `json:"text,omitempty"` // empty where it is not in the exact form
	Verdict because.Verdict `json:"verdict,omitempty"`
	People  string          `json:"people"` // what a pattern says on the same evidence
}

// HeldOutLM measures a language model on prompts whose texts were written with withheld patterns, in domains where its own
// words are shown. Every model is measured on the same prompts, and what it writes depends on no chance.
func (e *Engine) HeldOutLM(ctx context.Context, o HeldOutOptions, progress Progress) (HeldOut, error) {
	if o.Prompts == 0 {
		o.Prompts = 200
	}
	if o.Lang == "" {
		o.Lang = because.English
	}
	out := HeldOut{Lang: o.Lang, Server: o.Server != ""}
	var m languageModel
	var err error
	switch {
	case o.Base != "" && (o.Model != "" || o.Server != ""):
		return out, because.Errorf(because.ErrInvalid, "A pretrained model is measured as it is: leave out --base, or --model and --server.")
	case o.Base != "":
		out.Model = filepath.Base(o.Base)
		m.generator, m.words, err = importBase(o.Base, 0, o.Seed)
	default:
		out.Model = o.Model
		m, err = e.modelToTrain(o.Model)
	}
	if err != nil {
		return out, err
	}
	writer, err := generate.NewEmbedded(e.packs, m.words, m.generator, nil, out.Model)
	if err != nil {
		return out, err
	}
	pairs, seen, err := e.withheld(ctx, o, progress)
	if err != nil {
		return out, err
	}
	out.Prompts = len(pairs)
	if out.Loss, err = m.generator.Loss(ctx, examplesOf(m.words, pairs)); err != nil {
		return out, err
	}
	out.Perplexity = math.Exp(out.Loss)
	reqs := make([]generate.Request, len(pairs))
	for i, p := range pairs {
		reqs[i] = *p.Request
		if o.Server == "" {
			if reqs[i].State, err = writer.State(p.Behaviour); err != nil {
				return out, err
			}
		}
	}
	drafts, err := likeliest(ctx, writer, reqs, nil, progress)
	if err != nil {
		return out, err
	}
	if o.Server != "" {
		ours := drafts
		s := llamaServer{url: strings.TrimSuffix(o.Server, "/"), words: m.words.Size(), soft: m.generator.Config().SoftTokens}
		write := func(r lm.SampleRequest) (lm.Sample, error) { return s.write(ctx, r) }
		if drafts, err = likeliest(ctx, writer, reqs, write, progress); err != nil {
			return out, because.Errorf(because.ErrUnavailable, "llama-server at %s does not write: %v", o.Server, err)
		}
		out.Same = new(int)
		for i, d := range drafts {
			if d.Mine == ours[i].Mine && d.Ended == ours[i].Ended {
				*out.Same++
			}
		}
	}
	e.countHeldOut(&out, m.words, pairs, drafts)
	var people, mine []string
	for _, d := range out.Drafts {
		people, mine = append(people, d.People), append(mine, d.Mine)
	}
	out.Copied, out.Peoples = seen.copiedBy(mine), seen.copiedBy(people)
	return out, nil
}

// withheld are the pairs of withheld patterns that a model is measured on, each prompt once, the domains taking turns, and
// what the texts of training hold.
func (e *Engine) withheld(ctx context.Context, o HeldOutOptions, progress Progress) ([]Pair, *seenTexts, error) {
	var pairs []Pair
	seen := newSeenTexts()
	_, err := e.Corpus(ctx, CorpusOptions{Seed: o.Seed, Lang: o.Lang}, progress, func(p Pair) error {
		switch {
		case partOf(p) != forTesting:
			seen.add(p.Text)
		case !e.packs.Pack(p.Request.Domain).Guarded:
			pairs = append(pairs, p)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, hash("held out")))
	rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	if pairs = promptsOf(pairs, o.Lang, o.Prompts); len(pairs) == 0 {
		return nil, nil, because.Errorf(because.ErrInvalid, "There are no texts of withheld patterns on this data: import more.")
	}
	return pairs, seen, nil
}

// likeliest lets a model write for some requests, a batch at a time.
func likeliest(ctx context.Context, m *generate.Embedded, reqs []generate.Request, write func(lm.SampleRequest) (lm.Sample, error), progress Progress) ([]generate.Candidate, error) {
	var out []generate.Candidate
	for from := 0; from < len(reqs); from += draftBatch {
		part, err := m.Likeliest(ctx, reqs[from:min(from+draftBatch, len(reqs))], write)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
		if progress != nil {
			progress("drafts", len(out), len(reqs))
		}
	}
	return out, nil
}

// countHeldOut fills in what becomes of the drafts.
func (e *Engine) countHeldOut(out *HeldOut, words *lm.Tokenizer, pairs []Pair, drafts []generate.Candidate) {
	var texts [][]int32
	for i, d := range drafts {
		p := pairs[i]
		said := HeldOutDraft{Prompt: p.Prompt, Mine: d.Mine, Text: d.Text, People: p.Text}
		texts = append(texts, words.Encode(d.Mine))
		if d.Ended {
			out.Ended++
		}
		if d.Text != "" {
			out.Exact++
			r := e.verifier.Verify(d.Text, *p.Given)
			said.Verdict = r.Verdict
			switch {
			case r.OK && r.Verdict == because.Passed:
				out.Passed++
				if len(d.Cites) == len(p.Request.Evidence) {
					out.Planned++
				}
			case r.OK:
				out.Repaired++
			default:
				out.Refused++
			}
		}
		out.Drafts = append(out.Drafts, said)
	}
	out.Distinct2, _ = lm.Diversity(texts)
}

// A llamaServer is llama.cpp's server on an export of a model.
type llamaServer struct {
	url   string
	words int // tokens of the model; the export's soft tokens follow
	soft  int
}

// write asks for the likeliest text. Nothing is known of the reader: the server has no encoder.
func (s llamaServer) write(ctx context.Context, r lm.SampleRequest) (lm.Sample, error) {
	prompt := append([]int32{}, r.Prompt...)
	var bias [][2]any
	for _, id := range r.Ban {
		bias = append(bias, [2]any{id, false})
	}
	for i := range s.soft {
		prompt = append(prompt, int32(s.words+i))
		bias = append(bias, [2]any{s.words + i, false})
	}
	body, err := json.Marshal(map[string]any{"prompt": append(prompt, lm.TextID), "n_predict": generate.EmbeddedTokens, "temperature": 0,
		"logit_bias": bias, "return_tokens": true, "cache_prompt": false})
	if err != nil {
		return lm.Sample{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/completion", bytes.NewReader(body))
	if err != nil {
		return lm.Sample{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return lm.Sample{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return lm.Sample{}, err
	}
	if res.StatusCode != http.StatusOK {
		return lm.Sample{}, fmt.Errorf("%s", res.Status)
	}
	var answer struct {
		Tokens []int32 `json:"tokens"`
		Stop   string  `json:"stop_type"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return lm.Sample{}, err
	}
	out := lm.Sample{Tokens: answer.Tokens, Ended: answer.Stop == "eos"}
	if n := len(out.Tokens); n > 0 && out.Tokens[n-1] == lm.EndID { // the end is among the tokens where it is the last that may be written
		out.Tokens, out.Ended = out.Tokens[:n-1], true
	}
	for _, id := range out.Tokens {
		if id < 0 || int(id) >= s.words {
			return lm.Sample{}, fmt.Errorf("token %d is not of the model: is another one served?", id)
		}
	}
	return out, nil
}

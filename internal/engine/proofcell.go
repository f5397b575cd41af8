package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"

	"because"
	"because/internal/eval"
	"because/internal/lm"
)

// A proofCell is what one system wrote at one temperature from one seed, for the same contexts in the same order as all.
type proofCell struct {
	System      string                       `json:"system"`
	Seed        uint64                       `json:"seed"`
	Temperature float32                      `json:"temperature"`
	Said        map[because.Lang][]string    `json:"said"`                  // as they would be shown; with its slots where a text cannot be
	Unsupported map[because.Lang][]int       `json:"unsupported,omitempty"` // claims of each text
	Scores      map[because.Lang]ProofScores `json:"scores"`
}

// ProofScores measure the texts of one language in one cell, or the mean of several cells.
type ProofScores struct {
	Texts       int      `json:"texts"`
	BLEU2       float64  `json:"bleu_2"` // of the corpus, in percent, against the one text that people's patterns wrote on the same evidence
	BLEU4       float64  `json:"bleu_4"`
	Precision2  float64  `json:"precision_2"` // the same without brevity penalty
	Precision4  float64  `json:"precision_4"`
	SelfBLEU4   float64  `json:"self_bleu_4"` // in percent
	Distinct2   float64  `json:"distinct_2"`
	USR         float64  `json:"usr"`     // share of different texts
	Forward     float64  `json:"forward"` // perplexity of the texts under trigrams of people's
	Reverse     float64  `json:"reverse"` // perplexity of people's texts under trigrams of these
	Real        float64  `json:"real"`    // perplexity of people's texts under trigrams of people's: what Reverse could be at best
	Length      float64  `json:"length"`  // tokens of the family
	Words       Interval `json:"words"`   // accuracy of a fresh discriminator on words, on readers it has not seen
	Characters  Interval `json:"characters"`
	GRU         Interval `json:"gru"`         // of a fresh recurrent one, which reads the evidence too; N 0 where none was taught
	Claims      int      `json:"claims"`      // that the verifier found
	Unsupported int      `json:"unsupported"` // of them
	Refused     float64  `json:"refused"`     // share of texts that could not be shown as they stand: a claim without support, or slots that the evidence does not fill
}

// proofGRUAt are the temperatures at which a recurrent discriminator is taught afresh, which takes half a minute.
var proofGRUAt = map[float32]bool{.7: true, 1: true}

// cell reads a cell or writes it: of the generator's first texts, and of those that the discriminator chose.
func (g *proofGenerator) cell(ctx context.Context, t float32) ([]proofCell, error) {
	path := g.folder(fmt.Sprintf("%s-%g.json", g.name, t))
	var cells []proofCell
	if b, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(b, &cells); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		return cells, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	examples := make([]lm.Example, len(g.test))
	for i, p := range g.test {
		examples[i] = example(g.run.words, g.pairs[p])
	}
	k := 1
	if g.filters() {
		k = proofDrafts
	}
	drafts, err := g.generator.Write(ctx, examples, k, lm.SampleOptions{Temperature: t}, rand.New(rand.NewPCG(g.seed, math.Float64bits(float64(t)))))
	if err != nil {
		return nil, err
	}
	first := make([][]int32, len(drafts))
	for i, ds := range drafts {
		first[i] = ds[0].Tokens
	}
	c, err := g.measured(ctx, g.name, t, examples, first)
	if err != nil {
		return nil, err
	}
	cells = append(cells, c)
	if g.filters() {
		best := make([][]int32, len(drafts))
		for i, ds := range drafts {
			texts := make([][]int32, len(ds))
			for j, d := range ds {
				texts[j] = g.read(d.Tokens)
			}
			order, _, err := g.discriminator.Rank(ctx, examples[i].Prompt, texts)
			if err != nil {
				return nil, err
			}
			best[i] = ds[order[0]].Tokens
		}
		if c, err = g.measured(ctx, g.name+"+filter", t, examples, best); err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	b, err := json.Marshal(cells)
	if err != nil {
		return nil, err
	}
	return cells, writeFile(path, b)
}

// measured measures one text for each context.
func (g *proofGenerator) measured(ctx context.Context, system string, t float32, examples []lm.Example, texts [][]int32) (proofCell, error) {
	c := proofCell{System: system, Seed: g.seed, Temperature: t, Said: map[because.Lang][]string{}, Unsupported: map[because.Lang][]int{}, Scores: map[because.Lang]ProofScores{}}
	said, judged := make([]string, len(texts)), make([]lm.Judgement, len(texts))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, x := range texts {
		work.Go(func() error {
			p := g.pairs[g.test[i]]
			mine := g.run.words.Decode(x)
			if judged[i], said[i] = g.judge(p, mine, len(x), g.lengths); said[i] == "" {
				said[i] = mine
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return c, err
	}
	gru := map[because.Lang]Interval{}
	if proofGRUAt[t] {
		var err error
		if gru, err = g.freshGRU(ctx, examples, texts); err != nil {
			return c, err
		}
	}
	for _, lang := range because.Langs {
		m := eval.NewTexts(eval.TextOptions{Lang: lang, Seed: g.o.Seed, Derangements: 1})
		s := ProofScores{GRU: gru[lang]}
		var sum eval.BLEU
		refused := 0
		for i, w := range g.test {
			p := g.pairs[w]
			if p.Lang != lang {
				continue
			}
			c.Said[lang] = append(c.Said[lang], said[i])
			c.Unsupported[lang] = append(c.Unsupported[lang], judged[i].Unsupported)
			m.Add(eval.TextRow{User: p.User, Prediction: said[i], Reference: p.Said, Rating: math.NaN(), PredictedRating: math.NaN()})
			sum.Add(eval.CountBLEU(familyOf(lang).Tokens(said[i]), familyOf(lang).Tokens(p.Said)))
			s.Claims += judged[i].Supported + judged[i].Unsupported
			s.Unsupported += judged[i].Unsupported
			if judged[i].Unsupported > 0 {
				refused++
			}
		}
		r, err := m.Report(ctx)
		if err != nil {
			return c, err
		}
		s.Texts, s.USR, s.Length, s.Refused = r.Rows, r.USR, r.Length, float64(refused)/float64(r.Rows)
		s.BLEU2, s.BLEU4, s.Precision2, s.Precision4 = 100*sum.Score(2), 100*sum.Score(4), 100*sum.Precision(2), 100*sum.Precision(4)
		s.Distinct2, s.SelfBLEU4 = r.Diversity[0].Written.Distinct2, r.Diversity[0].Written.SelfBLEU.Mean
		s.Forward, s.Reverse, s.Real = r.Surprise[0].Forward.Mean, r.Surprise[0].Reverse.Mean, r.Surprise[0].Real.Mean
		for _, d := range r.Discriminators {
			switch d.Sees {
			case "words":
				s.Words = d.Accuracy
			case "characters":
				s.Characters = d.Accuracy
			}
		}
		c.Scores[lang] = s
	}
	return c, nil
}

// familyOf is how texts of a language are parted for the measures of a proof.
func familyOf(lang because.Lang) eval.Family {
	if lang == because.Chinese {
		return eval.Words
	}
	return eval.XRec
}

// freshGRU teaches a recurrent discriminator on seven in ten of the readers, both languages together, and says how often
// it is right on the others.
func (g *proofGenerator) freshGRU(ctx context.Context, examples []lm.Example, texts [][]int32) (map[because.Lang]Interval, error) {
	d, err := lm.NewDiscriminator(discriminatorShape(g.run.words), int64(g.seed))
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(g.seed, 0x6e))
	side := map[string]bool{} // readers to test on
	var train, test []int
	for i, w := range g.test {
		user := g.pairs[w].User
		if _, ok := side[user]; !ok {
			side[user] = rng.IntN(10) < 3
		}
		if side[user] {
			test = append(test, i)
		} else {
			train = append(train, i)
		}
	}
	if len(train) == 0 || len(test) == 0 {
		return nil, nil
	}
	pairs := func(which []int) (real, fake []lm.Pair) {
		for _, i := range which {
			real = append(real, lm.Pair{Prompt: examples[i].Prompt, Text: examples[i].Text})
			fake = append(fake, lm.Pair{Prompt: examples[i].Prompt, Text: g.read(texts[i])})
		}
		return real, fake
	}
	for epoch := 0; epoch < 8; epoch++ {
		rng.Shuffle(len(train), func(i, j int) { train[i], train[j] = train[j], train[i] })
		for at := 0; at+discBatch <= len(train); at += discBatch {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			real, fake := pairs(train[at : at+discBatch])
			if _, err := d.Step(real, fake, nil, lm.DiscOptions{LR: 1e-3}); err != nil {
				return nil, err
			}
		}
	}
	out := map[because.Lang]Interval{}
	for _, lang := range because.Langs {
		var which []int
		for _, i := range test {
			if g.pairs[g.test[i]].Lang == lang {
				which = append(which, i)
			}
		}
		real, fake := pairs(which)
		right := map[string][]float64{} // by reader
		var order []string
		for _, x := range []struct {
			pairs []lm.Pair
			sign  float32
		}{{real, 1}, {fake, -1}} {
			logits, _, err := d.Score(ctx, x.pairs)
			if err != nil {
				return nil, err
			}
			for j, s := range logits {
				user := g.pairs[g.test[which[j]]].User
				if right[user] == nil {
					order = append(order, user)
				}
				hit := 0.
				if s*x.sign > 0 {
					hit = 1
				}
				right[user] = append(right[user], hit)
			}
		}
		groups := make([][]float64, len(order))
		for i, u := range order {
			groups[i] = right[u]
		}
		out[lang] = eval.BootstrapGroups(groups, 0, g.seed)
	}
	return out, nil
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// ArticleOptions say how the article's listing is run.
type ArticleOptions struct {
	Swapped  bool // labels as the listing has them
	Examples bool // on the imported examples instead of texts made of the data folder
	Lang     because.Lang
	Texts    int    // most texts; 0 means 320
	Epochs   int    // 0 means the article's 100
	Seed     uint64 // 0 means the article's 42
}

// Bounds of a run of the article's listing: fewer texts than this do not fill its batches, and its vocabulary.
const (
	articleLeast = 40
	articleWords = 1024
)

// TrainArticle runs the article's listing on texts of one language and keeps its log in a run folder, whose name it
// returns, for TrainingReport. What it trains is thrown away: it is there to be looked at.
func (e *Engine) TrainArticle(ctx context.Context, o ArticleOptions, show func(LMProgress)) (run string, err error) {
	if o.Texts == 0 {
		o.Texts = 320
	}
	if o.Seed == 0 {
		o.Seed = 42 // the article's
	}
	run = "article-" + strconv.FormatUint(o.Seed, 10)
	if o.Swapped {
		run += "-swapped"
	}
	r := &lmRun{dir: filepath.Join(e.o.Dir, "models", "runs", run)}
	if err := os.RemoveAll(r.dir); err != nil {
		return "", err
	}
	if r.pairs, err = e.articlePairs(ctx, o, show); err != nil {
		return "", err
	}
	if len(r.pairs) < articleLeast {
		return "", because.Errorf(because.ErrInvalid, "%d texts in this language do not do: the article's batches need at least %d.", len(r.pairs), articleLeast)
	}
	texts := make([]string, len(r.pairs))
	for i, p := range r.pairs {
		texts[i] = p.Text
	}
	if r.words, err = lm.TrainTokenizer(texts, generate.Tokens(), len(generate.Tokens())+articleWords); err != nil {
		return "", fmt.Errorf("learn the vocabulary: %w", err)
	}
	mkdir(r.dir)
	if err := writePairs(filepath.Join(r.dir, pairsFile), r.pairs); err != nil { // by which an erasure finds the run
		return "", fmt.Errorf("keep the texts: %w", err)
	}
	if r.log, err = os.Create(filepath.Join(r.dir, metricsFile)); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.log.Close()) }()
	rows := make([][]int32, len(texts))
	for i, s := range texts {
		rows[i] = r.words.Encode(s)
	}
	return run, lm.Article(ctx, rows, lm.ArticleOptions{Epochs: o.Epochs, Seed: o.Seed, Swapped: o.Swapped}, func(p lm.ArticleProgress) {
		said := LMProgress{Phase: "article", Step: p.Epoch, Steps: p.Epochs, Article: &p}
		if p.Epoch == 1 || p.Epoch == p.Epochs || p.Epoch%10 == 0 {
			for _, s := range p.Samples {
				said.Samples = append(said.Samples, r.words.Decode(s))
			}
		}
		p.Samples = nil // their tokens say nothing without the vocabulary
		r.note(said, show)
	})
}

// articlePairs are the texts of a run: imported examples, or ones made of the data folder, each once.
func (e *Engine) articlePairs(ctx context.Context, o ArticleOptions, show func(LMProgress)) ([]Pair, error) {
	var pairs []Pair
	seen := map[string]bool{}
	add := func(p Pair) {
		if p.Lang == o.Lang && len(pairs) < o.Texts && !seen[p.Text] {
			seen[p.Text] = true
			pairs = append(pairs, p)
		}
	}
	if o.Examples {
		err := e.db.EachExample(ctx, func(x because.Example) error {
			add(Pair{Lang: x.Lang, Text: x.Real, User: x.User})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read the examples: %w", err)
		}
		return pairs, nil
	}
	_, err := e.Corpus(ctx, CorpusOptions{Seed: o.Seed, Readers: 40, Items: 2}, func(stage string, done, total int) {
		show(LMProgress{Phase: stage, Step: done, Steps: total})
	}, func(p Pair) error {
		add(Pair{Lang: p.Lang, Domain: p.Domain, Style: p.Style, Lead: p.Lead, Text: p.Text, User: p.User})
		return nil
	})
	return pairs, err
}

package engine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"because"
	"because/internal/generate"
	"because/internal/lm"
)

// TokenizerOptions say what vocabulary is learnt.
type TokenizerOptions struct {
	Size   int    // tokens, slots and bytes among them; 0 means 4096
	Out    string // file to write
	Corpus CorpusOptions
}

// A TokenizerReport tells what a vocabulary is like. Held-out texts are those of readers and patterns that nothing was
// learnt from.
type TokenizerReport struct {
	File    string             `json:"file"`
	Size    int                `json:"size"`
	Hash    string             `json:"hash"`  // of the file
	Texts   int                `json:"texts"` // learnt from
	HeldOut int                `json:"held_out"`
	Own     map[string]float64 `json:"own"`   // tokens on held-out texts in the model's own form: "han" for each Han character, "word" for each English word
	Shown   map[string]float64 `json:"shown"` // the same on those texts with their slots filled
}

// TrainTokenizer learns a byte-level BPE vocabulary with the slot tokens (lm.TrainTokenizer) from texts and prompts of the
// data folder and writes it as a file that train lm takes. The same data and options give the same bytes.
func (e *Engine) TrainTokenizer(ctx context.Context, o TokenizerOptions, progress Progress) (TokenizerReport, error) {
	if o.Size == 0 {
		o.Size = 4096
	}
	if o.Corpus.Seed == 0 {
		o.Corpus.Seed = e.o.Seed
	}
	out := TokenizerReport{File: o.Out, Own: map[string]float64{}, Shown: map[string]float64{}}
	least := len(generate.Tokens()) + lm.LeastVocab
	if o.Size < least {
		return out, because.Errorf(because.ErrInvalid, "A vocabulary of %d has no room for the slots and the bytes. Choose at least %d.", o.Size, least)
	}
	r := lmRun{}
	_, err := e.Corpus(ctx, o.Corpus, progress, func(p Pair) error {
		r.pairs = append(r.pairs, p)
		return nil
	})
	if err != nil {
		return out, err
	}
	texts := r.texts()
	words, err := lm.TrainTokenizer(texts, generate.Tokens(), o.Size)
	if err != nil {
		return out, fmt.Errorf("learn the vocabulary: %w", err)
	}
	var file bytes.Buffer
	if err := words.Save(&file); err != nil {
		return out, err
	}
	out.Size, out.Texts, out.Hash = words.Size(), len(texts), sum(file.Bytes())
	out.measure(words, r.pairs)
	if err := os.MkdirAll(filepath.Dir(o.Out), 0o755); err != nil {
		return out, because.Errorf(because.ErrInvalid, "The file %s cannot be written.", o.Out)
	}
	if err := writeFile(o.Out, file.Bytes()); err != nil {
		return out, because.Errorf(because.ErrInvalid, "The file %s cannot be written.", o.Out)
	}
	return out, nil
}

// measure counts tokens on what nothing was learnt from, each text once.
func (t *TokenizerReport) measure(words *lm.Tokenizer, pairs []Pair) {
	seen := map[string]bool{}
	for form, of := range map[*map[string]float64]func(Pair) string{&t.Own: func(p Pair) string { return p.Text }, &t.Shown: func(p Pair) string { return p.Said }} {
		clear(seen)
		tokens, units := map[string]int{}, map[string]int{}
		for _, p := range pairs {
			s := of(p)
			if partOf(p) == forTraining || seen[s] {
				continue
			}
			seen[s] = true
			if p.Lang == because.Chinese {
				n, han := words.HanTokens(s)
				tokens["han"] += n
				units["han"] += han
			} else {
				tokens["word"] += len(words.Encode(s))
				units["word"] += len(strings.Fields(s))
			}
		}
		for unit, n := range units {
			if n > 0 {
				(*form)[unit] = float64(tokens[unit]) / float64(n)
			}
		}
		t.HeldOut = max(t.HeldOut, len(seen))
	}
}

// texts are what a vocabulary is learnt from: texts and prompts of the training part, each once.
func (r *lmRun) texts() []string {
	var texts []string
	seen := map[string]bool{}
	for _, p := range r.pairs {
		for _, s := range []string{p.Text, p.Prompt} {
			if partOf(p) == forTraining && !seen[s] {
				seen[s] = true
				texts = append(texts, s)
			}
		}
	}
	return texts
}

// readTokenizer reads a vocabulary that a person names, and checks that it has every slot.
func readTokenizer(path string) (*lm.Tokenizer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "The file %s cannot be opened. Check its permissions.", path)
	}
	defer f.Close()
	words, err := lm.LoadTokenizer(f)
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "%s is no vocabulary. Make one: because train tokenizer", path)
	}
	for _, t := range generate.Tokens() {
		if _, ok := words.ID(t); !ok {
			return nil, because.Errorf(because.ErrInvalid, "The vocabulary %s lacks the token %s. Make one: because train tokenizer", path, t)
		}
	}
	return words, nil
}

package engine

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"because/internal/lm"
)

// pairsFile holds a run's corpus.
const pairsFile = "pairs.jsonl.gz"

// aspects is how many things a text may speak of first, as the next-aspect head tells them apart: hashed.
const aspects = 64

// A part names the part of a corpus that a pair belongs to.
type part int

const (
	forTraining part = iota
	forChoosing      // readers that training has not seen: when to stop
	forTesting       // patterns that training has not seen
)

// partOf puts one reader in twenty aside for choosing, and every pair of a withheld pattern for testing.
func partOf(p Pair) part {
	switch {
	case p.Held:
		return forTesting
	case oneIn(20, "choosing", p.User):
		return forChoosing
	}
	return forTraining
}

// example is a pair as the model learns from it.
func example(words *lm.Tokenizer, p Pair) lm.Example {
	return lm.Example{
		Prompt: words.Encode(p.Prompt), Text: words.Encode(p.Text), Behaviour: p.Behaviour, Next: p.Next,
		Aspect: int32(hash("aspect", p.Domain, string(p.Lead)) % aspects), Rating: float32(math.NaN()),
	}
}

// writePairs writes a corpus as gzip JSON lines, whole or not at all.
func writePairs(path string, pairs []Pair) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	z := gzip.NewWriter(f)
	enc := json.NewEncoder(z)
	enc.SetEscapeHTML(false)
	for _, p := range pairs {
		if err := enc.Encode(p); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(z.Close(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// readPairs reads what writePairs wrote.
func readPairs(path string) ([]Pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, err
	}
	var out []Pair
	for dec := json.NewDecoder(z); ; {
		var p Pair
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("pair %d: %w", len(out)+1, err)
		}
		out = append(out, p)
	}
}

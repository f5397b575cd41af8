package synth

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"because"
)

// Write writes items.jsonl, users.jsonl, interactions.jsonl, reviews.jsonl, truth.jsonl and words.jsonl into dir, which is
// made when missing. Interactions are written as they are made, in the order of EachInteraction.
func (w *World) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write world: %w", err)
	}
	parts := []struct {
		file string
		rows func(line func(any) error) error
	}{
		{"items.jsonl", each(w.Items)},
		{"users.jsonl", each(w.Users)},
		{"interactions.jsonl", func(line func(any) error) error {
			return w.EachInteraction(func(x because.Interaction) error { return line(&x) })
		}},
		{"reviews.jsonl", each(w.Reviews)},
		{"truth.jsonl", w.Truth.write},
		{"words.jsonl", each(w.words())},
	}
	for _, p := range parts {
		if err := writeLines(filepath.Join(dir, p.file), p.rows); err != nil {
			return fmt.Errorf("write world: %w", err)
		}
	}
	return nil
}

// each hands on every row.
func each[T any](rows []T) func(func(any) error) error {
	return func(line func(any) error) error {
		for i := range rows {
			if err := line(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// writeLines writes a JSON file of lines.
func writeLines(path string, rows func(line func(any) error) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	out := bufio.NewWriterSize(f, 1<<20)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := rows(func(v any) error { return enc.Encode(v) }); err != nil {
		return err
	}
	return out.Flush()
}

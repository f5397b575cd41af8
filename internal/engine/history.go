package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"because"
	"because/internal/recommend"
)

// ShippedLM stands in the history for no language model of the data folder: the shipped one served, if the binary has one.
const ShippedLM = lmKind + "-shipped"

// Rollback serves the model of a kind that served before the current one, and gives what served and what serves. An empty
// kind is that of the latest promotion. Rolled back again, it goes to the one before. What is gone or damaged is passed
// over.
func (e *Engine) Rollback(kind string) (from, to string, err error) {
	if kind != "" && kind != rankerKind && kind != lmKind {
		return "", "", because.Errorf(because.ErrInvalid, "There is no kind of model %q. Choose lm or ranker.", short(kind))
	}
	dir := filepath.Join(e.o.Dir, "models")
	e.change.Lock()
	defer e.change.Unlock()
	past, err := servedBefore(dir)
	if err != nil {
		return "", "", err
	}
	if kind == "" && len(past) > 0 {
		kind = kindOf(past[len(past)-1])
	}
	if from, err = currentOf(dir, kind); err != nil {
		return "", "", err
	}
	for i := len(past) - 1; i >= 0; i-- {
		id := past[i]
		if kindOf(id) != kind {
			continue
		}
		past = slices.Delete(past, i, i+1)
		if id == from || id != ShippedLM && !whole(dir, id) {
			continue
		}
		if err := e.goBack(dir, kind, id); err != nil {
			return "", "", err
		}
		return from, id, writeLines(filepath.Join(dir, historyFile), past)
	}
	return "", "", because.Errorf(because.ErrNotFound, "No model served before this one. Choose one: because model list")
}

// goBack points at a model of the history and serves it.
func (e *Engine) goBack(dir, kind, id string) error {
	if id == ShippedLM {
		if err := point(dir, kind, ""); err != nil {
			return err
		}
		e.forgetLM()
		return nil
	}
	info := ModelInfo{Kind: kind}
	var m *recommend.Model
	if kind != lmKind {
		var err error
		if m, info, err = e.ranker(id); err != nil {
			return err
		}
	}
	if err := point(dir, kind, id); err != nil {
		return err
	}
	e.serveModel(info, m)
	return nil
}

// historyFile lists the models that served before those that models/current names, a line each, the latest last.
const historyFile = "history"

// maxHistory bounds that list.
const maxHistory = 100

func servedBefore(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, historyFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the models that served before: %w", err)
	}
	return strings.Fields(string(b)), nil
}

// remember notes the model that id is about to replace.
func remember(dir, id string) error {
	was, err := currentOf(dir, kindOf(id))
	if err != nil {
		return err
	}
	if was == "" && kindOf(id) == lmKind {
		was = ShippedLM
	}
	if was == "" || was == id {
		return nil
	}
	past, err := servedBefore(dir)
	if err != nil {
		return err
	}
	past = append(past, was)
	if err := writeLines(filepath.Join(dir, historyFile), past[max(0, len(past)-maxHistory):]); err != nil {
		return fmt.Errorf("note the model that served: %w", err)
	}
	return nil
}

// writeLines writes a file whole or not at all.
func writeLines(path string, lines []string) error {
	var b strings.Builder
	for _, s := range lines {
		b.WriteString(s + "\n")
	}
	return writeFile(path, []byte(b.String()))
}

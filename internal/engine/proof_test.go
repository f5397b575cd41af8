package engine_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"because"
	"because/internal/engine"
)

// TestProve runs the protocol at toy size: every system is measured in both languages against people's texts; called
// again it trains nothing, and a cell that is gone comes back the same; other options are refused; and whose texts it
// holds can have it erased.
func TestProve(t *testing.T) {
	var dir string
	e, _ := open(t, func(o *engine.Options) { dir = o.Dir })
	o := engine.ProofOptions{
		Size: "tiny", Seeds: 1, Generators: []string{"adversarial", "filtered", "spin"}, Readers: 30, Items: 2, Epochs: 1, Steps: 2, Contexts: 8, Texts: 24,
		Temperatures: []float32{.5, 1.2},
	}
	phases := map[string]int{}
	count := func(p engine.LMProgress) { phases[p.Phase]++ }
	r, err := e.Prove(t.Context(), o, count)
	if err != nil {
		t.Fatal(err)
	}
	for _, phase := range []string{"corpus", "likelihood", "discriminator", "adversarial", "feedback", "cells"} {
		if phases[phase] == 0 {
			t.Errorf("no step of %s", phase)
		}
	}
	var names []string
	for _, s := range r.Systems {
		names = append(names, s.Name)
		for _, lang := range because.Langs {
			if len(s.Scores[lang]) != 2 || len(s.Points[lang]) != 2 {
				t.Fatalf("%s has %d scores and %d points in %s, want one for each temperature", s.Name, len(s.Scores[lang]), len(s.Points[lang]), lang)
			}
			x := s.Scores[lang][0]
			if x.Texts != 24 || x.Claims == 0 || x.Length <= 0 || x.Words.N == 0 || x.Characters.N == 0 || x.Reverse <= 1 || x.Real <= 1 {
				t.Errorf("%s in %s measures %+v", s.Name, lang, x)
			}
			if first := s.Name == "likelihood"; first != (s.Verdict[lang] == nil) || first != (s.Dominance[lang] == nil) {
				t.Errorf("%s in %s is compared: %v", s.Name, lang, !first)
			}
		}
	}
	if want := []string{"likelihood", "likelihood+filter", "adversarial", "adversarial+filter", "filtered", "spin"}; !slices.Equal(names, want) {
		t.Errorf("systems %v, want %v", names, want)
	}
	if len(r.Stories) != 4 || r.Parameters == 0 || r.References[because.Chinese].Texts != 24 || r.References[because.English].Distinct2 == 0 {
		t.Errorf("%d trainings, %d parameters, references %+v", len(r.Stories), r.Parameters, r.References)
	}

	run := filepath.Join(dir, "models", "runs", "proof-1")
	cell := filepath.Join(run, "seed-1", "adversarial-1.2.json")
	was, err := os.ReadFile(cell)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(cell); err != nil {
		t.Fatal(err)
	}
	clear(phases)
	if _, err := e.Prove(t.Context(), o, count); err != nil {
		t.Fatal(err)
	}
	if phases["likelihood"]+phases["adversarial"]+phases["discriminator"]+phases["feedback"] > 0 {
		t.Errorf("a finished proof trains again: %v", slices.Sorted(maps.Keys(phases)))
	}
	if now, err := os.ReadFile(cell); err != nil || !bytes.Equal(was, now) {
		t.Errorf("a cell that was gone comes back otherwise (%v)", err)
	}

	other := o
	other.Steps = 3
	if _, err := e.Prove(t.Context(), other, nil); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("other options in the same folder: %v", err)
	}
	for name, change := range map[string]func(*engine.ProofOptions){
		"generator":   func(o *engine.ProofOptions) { o.Generators = []string{"oracle"} },
		"size":        func(o *engine.ProofOptions) { o.Size = "huge" },
		"temperature": func(o *engine.ProofOptions) { o.Temperatures = []float32{0} },
		"count":       func(o *engine.ProofOptions) { o.Texts = -1 },
	} {
		bad := o
		change(&bad)
		if _, err := e.Prove(t.Context(), bad, nil); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("a bad %s: %v", name, err)
		}
	}

	erasedWithReaders(t, e, run)
}

// erasedWithReaders erases one reader after the other until a run that holds texts on them is gone.
func erasedWithReaders(t *testing.T, e *engine.Engine, run string) {
	t.Helper()
	users, err := e.Users(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if _, err := e.EraseUser(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(run); errors.Is(err, os.ErrNotExist) {
			return
		}
	}
	t.Errorf("every reader is erased and %s still holds their texts", run)
}

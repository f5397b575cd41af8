package engine

import (
	"context"

	"because/internal/generate"
	"because/internal/pack"
	"because/internal/verify"
)

// SetPacks lets a test serve packs that were changed.
func (e *Engine) SetPacks(s *pack.Set) {
	e.packs, e.verifier, e.template = s, verify.New(s.WithCorpus(nil)), generate.NewTemplate(s)
}

// Told is what a tuning would learn from.
func (e *Engine) Told(ctx context.Context) (Tuning, error) {
	_, sum, err := e.told(ctx)
	return sum, err
}

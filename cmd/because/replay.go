package main

import (
	"context"
	"fmt"

	"because"
	"because/internal/engine"
)

// replay writes and judges a text that was shown anew, and ends with 3 where it is not the same or cannot be trusted.
func (a *app) replay(ctx context.Context, e *engine.Engine, id string) error {
	r, err := e.Replay(ctx, id, a.lang)
	if err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(r)
	} else {
		a.replayed(r)
	}
	if err == nil && r.Status != engine.ReplaySame {
		return coded{exitProblems, nil}
	}
	return err
}

func (a *app) replayed(r engine.Replay) {
	a.line(because.Say(a.lang, "shown:    %s", r.Stored))
	if r.Replayed != "" {
		a.line(because.Say(a.lang, "replayed: %s", r.Replayed))
	}
	a.line("")
	for _, c := range r.Changes {
		a.line("△ " + c.Text)
	}
	for _, s := range r.Steps {
		mark := "✔"
		if !s.OK {
			mark = "✖"
		}
		a.line(fmt.Sprintf("%s %s", mark, s.Text))
	}
	switch {
	case r.Status == engine.ReplayDamaged:
		a.line(because.Say(a.lang, "What it was made from cannot be trusted, so nothing was replayed."))
	case r.Status == engine.ReplaySame:
		a.line(because.Say(a.lang, "Replayed bit for bit."))
	case len(r.Changes) > 0:
		a.line(because.Say(a.lang, "Not the same. What changed since is marked with △."))
	default:
		a.line(because.Say(a.lang, "Not the same, though nothing that it is made with has changed: look into this one."))
	}
}

package rig_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"because"
	"because/internal/engine"
)

// TestConcurrent lets everything happen at once on one engine: lists, explanations that are logged, feedback, new rows,
// changed items, consents, erasure and training. It is meant for the race detector; without it, it still counts.
func TestConcurrent(t *testing.T) {
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: folder(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, rounds := context.Background(), pick(6, 60)
	user := func(r *rand.Rand) string { return w.Users[r.IntN(len(w.Users))].ID }
	item := func(r *rand.Rand) string { return w.Items[r.IntN(len(w.Items))].ID }
	var mu sync.Mutex
	impressions := 0
	acts := map[string]func(r *rand.Rand, n int) error{
		"list": func(r *rand.Rand, _ int) error {
			_, err := e.Recommend(ctx, engine.ListRequest{User: user(r), N: 3, Explain: true, Log: true, Lang: because.English})
			return err
		},
		"explain and answer": func(r *rand.Rand, _ int) error {
			x, err := e.Explain(ctx, engine.ExplainRequest{User: user(r), Item: item(r), Log: true, Lang: because.Chinese})
			if err != nil {
				return err
			}
			mu.Lock()
			impressions++
			mu.Unlock()
			_, err = e.Feedback(ctx, because.Feedback{Impression: x.ImpressionID, Kind: because.FeedbackKinds[r.IntN(5)]})
			return err
		},
		"add": func(r *rand.Rand, n int) error {
			_, err := e.AddInteractions(ctx, []because.Interaction{{ID: fmt.Sprintf("together_%d", n), User: user(r), Item: item(r), Kind: because.View}})
			return err
		},
		"change": func(r *rand.Rand, n int) error { return e.SetAvailable(ctx, item(r), n%2 == 0) },
		"consent": func(r *rand.Rand, n int) error {
			return errors.Join(e.SetConsent(ctx, user(r), "history", n%2 == 0), e.SetPersonal(ctx, user(r), n%3 > 0))
		},
		"erase": func(_ *rand.Rand, n int) error {
			if n > 2 {
				return nil
			}
			_, err := e.EraseUser(ctx, w.Users[n].ID)
			return err
		},
		"train": func(_ *rand.Rand, n int) error {
			if n > 1 {
				return nil
			}
			_, err := e.Train(ctx, nil)
			return err
		},
		"look": func(r *rand.Rand, _ int) error {
			e.Health(ctx)
			_, err := e.LearnStatus(ctx)
			return err
		},
	}
	seed := dice(t).Uint64()
	var all sync.WaitGroup
	for name, act := range acts {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(len(name))))
			for n := range rounds {
				// Somebody may have been erased a moment ago; that is an answer, not a fault.
				if err := act(r, n); err != nil && !errors.Is(err, because.ErrNotFound) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	all.Wait()
	if impressions == 0 {
		t.Error("nothing was explained")
	}
}

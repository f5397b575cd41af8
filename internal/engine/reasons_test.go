package engine_test

import (
	"testing"

	"because"
	"because/internal/engine"
)

// TestReasons: where films are moved by other films, taking away what a text names moves its item down far more often than
// other deeds do; every rank that a text says is the replayed one, and what is the same for everybody says nothing of the
// reader's past.
func TestReasons(t *testing.T) {
	e := films(t)
	for _, lang := range because.Langs {
		r, err := e.EvaluateReasons(t.Context(), engine.ReasonsOptions{Lang: lang, Users: 60, Seed: 1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", r)
		if r.Citing < 50 || r.Falls.Mean <= r.Random.Mean || r.Drop < 3*r.Drops {
			t.Errorf("%s: %d texts cite; they fall in %.3f, at random in %.3f, by %.1f and %.1f places", lang, r.Citing, r.Falls.Mean, r.Random.Mean, r.Drop, r.Drops)
		}
		if r.Said == 0 || r.Valid != r.Said {
			t.Errorf("%s: %d texts say where an item would rank, %d rightly", lang, r.Said, r.Valid)
		}
		if r.Plain == 0 || r.Claimed > 0 {
			t.Errorf("%s: %d of %d impersonal recommendations speak of the reader", lang, r.Claimed, r.Plain)
		}
		again, err := e.EvaluateReasons(t.Context(), engine.ReasonsOptions{Lang: lang, Users: 60, Seed: 1}, nil)
		if again.Replay = r.Replay; err != nil || again != r {
			t.Errorf("the same seed gives\n%+v, then\n%+v", r, again)
		}
	}
}

package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

// today is when every test takes place.
var today = time.Date(2026, 3, 5, 20, 30, 0, 0, engine.Shanghai)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// A testWorld is a trained data folder of an invented world, made once and copied by each test that changes it.
type testWorld struct {
	dir   string
	world *synth.World
	err   error
}

var small = sync.OnceValue(func() *testWorld {
	return makeWorld(synth.Options{Seed: 3, Users: 120, Items: 210, Interactions: 9000, Now: today})
})

func makeWorld(o synth.Options) *testWorld {
	w := &testWorld{}
	if w.dir, w.err = os.MkdirTemp("", "because-test-"); w.err != nil {
		return w
	}
	if w.world, w.err = synth.Generate(o); w.err != nil {
		return w
	}
	files := filepath.Join(w.dir, "world")
	if w.err = w.world.Write(files); w.err != nil {
		return w
	}
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Dir: filepath.Join(w.dir, "data"), Now: at(today)})
	if err != nil {
		w.err = err
		return w
	}
	defer e.Close()
	if _, w.err = e.Import(ctx, engine.ImportRequest{Kind: "dataset", Path: files}, nil); w.err != nil {
		return w
	}
	_, w.err = e.Train(ctx, nil)
	return w
}

// open opens a copy of the small world, so that tests do not see each other.
func open(t *testing.T, change ...func(*engine.Options)) (*engine.Engine, *synth.World) {
	t.Helper()
	w := small()
	if w.err != nil {
		t.Fatal(w.err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(w.dir, "data"))); err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Dir: dir, Now: at(today)}
	for _, f := range change {
		f(&o)
	}
	e, err := engine.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e, w.world
}

// warmUsers are the first n users with a long history.
func warmUsers(t *testing.T, e *engine.Engine, n int) []string {
	t.Helper()
	us, err := e.Users(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, u := range us {
		if v, err := e.ViewUser(t.Context(), u.ID); err == nil && v.Count >= 20 && !u.Impersonal && len(out) < n {
			out = append(out, u.ID)
		}
	}
	if len(out) < n {
		t.Fatalf("only %d warm users", len(out))
	}
	return out
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(small().dir)
	os.Exit(code)
}

// explained are lists with texts for some warm users, in one language.
func explained(t *testing.T, e *engine.Engine, lang because.Lang, users, n int) []because.Recommendations {
	t.Helper()
	var out []because.Recommendations
	for _, id := range warmUsers(t, e, users) {
		recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: n, Lang: lang, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, recs)
	}
	return out
}

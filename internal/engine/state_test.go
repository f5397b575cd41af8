package engine

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/generate/generatetest"
	"because/internal/pack"
)

// TestStateIsConsented: what a reader did not consent to, and what somebody impersonal did, is not in the state that the
// generator is handed.
func TestStateIsConsented(t *testing.T) {
	now := time.Date(2026, 3, 5, 20, 30, 0, 0, Shanghai)
	e, err := Open(t.Context(), Options{Dir: filepath.Join(t.TempDir(), "data"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.PutItems(t.Context(), []because.Item{{ID: "w1", Domain: "shop", Name: because.Text{because.Chinese: "表"}, Categories: []string{"smartwatch"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.PutUsers(t.Context(), []because.User{{ID: "u"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.AddInteractions(t.Context(), []because.Interaction{
		{User: "u", Item: "w1", Kind: because.View, Context: because.Context{At: now.Add(-time.Hour)}},
		{User: "u", Kind: because.Search, Query: "手表", Context: because.Context{At: now.Add(-2 * time.Hour)}},
	}); err != nil {
		t.Fatal(err)
	}
	events := func(impersonal bool) int {
		r, err := e.reader(t.Context(), e.world.Load(), "u", nil, impersonal)
		if err != nil {
			t.Fatal(err)
		}
		out := behaviour(e.world.Load(), r, now)
		for _, event := range out {
			for _, f := range event {
				if f < 1 || f >= behaviourBuckets {
					t.Errorf("feature %d is outside of [1, %d)", f, behaviourBuckets)
				}
			}
		}
		return len(out)
	}
	if n := events(false); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	if n := events(true); n != 0 {
		t.Errorf("somebody impersonal has %d events", n)
	}
	if err := e.SetConsent(t.Context(), "u", "history", false); err != nil {
		t.Fatal(err)
	}
	if n := events(false); n > 1 {
		t.Errorf("%d events after history was withheld", n)
	}
	if err := e.SetConsent(t.Context(), "u", "search", false); err != nil {
		t.Fatal(err)
	}
	if n := events(false); n != 0 {
		t.Errorf("%d events after everything was withheld", n)
	}
}

// TestShippedModel holds the model inside the binary to what every generator promises, and its size.
func TestShippedModel(t *testing.T) {
	files, err := shippedModel()
	if err != nil {
		t.Fatal(err)
	}
	m, err := loadLM(files)
	if err != nil {
		t.Fatal(err)
	}
	g, err := generate.NewEmbedded(pack.Builtin(), m.words, m.generator, m.discriminator, "lm-test")
	if err != nil {
		t.Fatal(err)
	}
	generatetest.Run(t, g)
	size := int64(0)
	err = filepath.Walk("weights", func(_ string, f os.FileInfo, err error) error {
		if err == nil && !f.IsDir() {
			size += f.Size()
		}
		return err
	})
	if err != nil || size > 16<<20 {
		t.Errorf("the weights take %d MiB, %v", size>>20, err)
	}
	t.Logf("%d parameters, %d words, %.1f MiB", m.generator.Parameters(), m.words.Size(), float64(size)/(1<<20))
}

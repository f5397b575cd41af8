package engine_test

import (
	"path/filepath"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

// TestNothingToSay: an item of which nothing is known but its name has a text all the same, which claims nothing.
func TestNothingToSay(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Options{Dir: filepath.Join(t.TempDir(), "data"), Now: at(today)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var items []because.Item
	var deeds []because.Interaction
	for _, id := range []string{"a", "b", "c"} {
		items = append(items, because.Item{ID: id, Name: because.Text{because.Chinese: "物件 " + id, because.English: "Thing " + id}})
		deeds = append(deeds, because.Interaction{User: "u", Item: "a", Kind: because.View, Context: because.Context{At: today.AddDate(0, 0, -1)}})
	}
	if _, err := e.PutItems(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	if _, err := e.AddInteractions(t.Context(), deeds); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, lang := range because.Langs {
		for _, source := range []string{"template", "embedded"} {
			x, err := e.Explain(t.Context(), engine.ExplainRequest{Item: "c", Lang: lang, Source: source, Timeout: 1 << 40})
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(x.Text) == "" || len(x.Claims) != 0 || len(x.Evidence) != 0 {
				t.Errorf("%s, %s: %q claims %v on %v", lang, source, x.Text, x.Claims, x.Evidence)
			}
		}
	}
}

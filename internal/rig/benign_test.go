package rig_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
	"because/internal/rig/hostiletest"
	"because/internal/text"
)

// TestHarmless gives items names that are odd and harmless, in every domain, and lets a model write that keeps to its
// facts: at most one in a hundred may lose its name or the model's text, where the same item with a dull name does not.
func TestHarmless(t *testing.T) {
	n := pick(120, 2000)
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	type odd struct {
		name string
		lang because.Lang
	}
	var odds []odd
	for _, lang := range because.Langs {
		names := hostiletest.Odd(lang)
		if len(names) < 150 {
			t.Fatalf("only %d names in %s", len(names), lang)
		}
		for i := range n / 2 {
			odds = append(odds, odd{names[i*len(names)/(n/2)%len(names)], lang})
			if n/2 > len(names) {
				odds[len(odds)-1].name = names[i%len(names)]
			}
		}
	}
	s := fakellm.New(t, fakellm.OK)
	e, err := engine.Open(t.Context(), engine.Options{Dir: folder(t), Now: func() time.Time { return evening }, LLM: engine.LLM{BaseURL: s.URL, Model: "fake", Timeout: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	items := slices.DeleteFunc(slices.Clone(w.Items), func(it because.Item) bool { return it.Unavailable })
	lost := map[because.Lang]int{}
	for from := 0; from < len(odds); from += len(items) {
		batch := odds[from:min(len(odds), from+len(items))]
		dull := explainNamed(t, e, items, len(batch), func(i int) (string, because.Lang) {
			if batch[i].lang == because.Chinese {
				return fmt.Sprintf("物件第%d号", 1000+i), because.Chinese
			}
			return fmt.Sprintf("Thing %d", 1000+i), because.English
		})
		named := explainNamed(t, e, items, len(batch), func(i int) (string, because.Lang) { return batch[i].name, batch[i].lang })
		for i, o := range batch {
			clean, _ := text.Clean(o.name)
			if text.Sayable(o.name) && clean != "" && (dull[i].Fallback != nil || named[i].Fallback == nil) {
				continue
			}
			lost[o.lang]++
			t.Logf("%s, %q: %q, %+v; with a dull name %q", items[i].Domain, o.name, named[i].Text, named[i].Fallback, dull[i].Text)
		}
	}
	for _, lang := range because.Langs {
		t.Logf("%s: %d of %d lost", lang, lost[lang], n/2)
	}
	if all := lost[because.Chinese] + lost[because.English]; 100*all > n {
		t.Errorf("%d of %d are lost, more than one in a hundred", all, n)
	}
}

// explainNamed names the first n items and explains each by the endpoint.
func explainNamed(t *testing.T, e *engine.Engine, items []because.Item, n int, name func(i int) (string, because.Lang)) []because.Explanation {
	t.Helper()
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	its := slices.Clone(items[:n])
	for i := range its {
		s, _ := name(i)
		its[i].Name, its[i].Aliases = because.Text{because.Chinese: s, because.English: s}, nil
	}
	if _, err := e.PutItems(t.Context(), its); err != nil {
		t.Fatal(err)
	}
	out := make([]because.Explanation, n)
	for i, it := range its {
		_, lang := name(i)
		x, err := e.Explain(t.Context(), engine.ExplainRequest{User: w.Users[i%len(w.Users)].ID, Item: it.ID, Lang: lang, Source: "llm", Context: because.Context{At: evening}, Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		out[i] = x
	}
	return out
}

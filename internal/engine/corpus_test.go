package engine_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/verify"
)

// TestCorpus makes a small corpus: every text is verified and can be told from its slot tokens, both languages and all
// domains are in it, few texts are lost, and the same seed makes the same pairs.
func TestCorpus(t *testing.T) {
	e, _ := open(t)
	write := func(readers int) (out []engine.Pair, rep engine.CorpusReport) {
		rep, err := e.Corpus(t.Context(), engine.CorpusOptions{Seed: 1, Readers: readers}, nil, func(p engine.Pair) error {
			out = append(out, p)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out, rep
	}
	pairs, rep := write(40)
	t.Logf("%+v", rep)
	if lost := rep.Refused + rep.Lost; lost > rep.Pairs/20 {
		t.Errorf("%d of %d texts are lost", lost, rep.Pairs+lost)
	}
	if rep.Held == 0 || rep.Held > rep.Pairs/4 {
		t.Errorf("%d of %d pairs are of withheld patterns", rep.Held, rep.Pairs)
	}
	packs := pack.Builtin()
	verifier := verify.New(packs.WithCorpus(nil))
	domains := map[string]int{}
	stretch, loose := generate.Loose(packs), 0
	for _, p := range pairs {
		if at := stretch(*p.Request, p.Text); at != "" {
			if loose++; loose < 60 {
				t.Logf("nobody wrote %q: %s | %s", at, p.Text, p.Said)
			}
		}
		domains[string(p.Lang)+" "+p.Domain]++
		back, err := generate.Realise(packs.Pack(p.Request.Domain), *p.Request, p.Text)
		if err != nil || back != p.Said {
			t.Errorf("%q comes back as %q, %v, not as %q", p.Text, back, err, p.Said)
		}
		for _, c := range verifier.Claims(p.Said, *p.Given) {
			if c.Verdict != because.Supported {
				t.Errorf("%q is in the corpus, but %q is %s: %s", p.Said, c.Text, c.Verdict, c.Reason)
			}
		}
		if len(p.Request.Name) > 6 && strings.Contains(p.Text, p.Request.Name) {
			t.Errorf("the item's name stands in %q", p.Text)
		}
	}
	for _, lang := range because.Langs {
		for _, d := range e.Domains() {
			if (d.Items > 0 || d.Domain == pack.General) && domains[string(lang)+" "+d.Domain] == 0 {
				t.Errorf("no pair in %s on %s", lang, d.Domain)
			}
		}
	}
	if loose > len(pairs)/50 {
		t.Errorf("%d of %d texts have words that nobody wrote for where they stand", loose, len(pairs))
	}
	again, _ := write(10)
	for i, p := range again { // pointers differ, what they point at must not
		if q := pairs[i]; p.Prompt != q.Prompt || p.Text != q.Text || !reflect.DeepEqual(p.Behaviour, q.Behaviour) {
			t.Fatalf("the same seed writes %q, then %q", q.Text, p.Text)
		}
	}
}

// TestUnits counts what people wrote: thousands of different wordings in each language, no two alike but for what fills
// their holes.
func TestUnits(t *testing.T) {
	for _, lang := range because.Langs {
		units := pack.Builtin().Units(lang)
		t.Logf("%s: %d units", lang, len(units))
		if len(units) < 4000 {
			t.Errorf("%s: only %d units", lang, len(units))
		}
		if !slices.IsSorted(units) {
			t.Errorf("%s: the units are not in order", lang)
		}
	}
}

// TestCorpusIsOfTheDataDay writes a corpus on data that ended long ago: as of its end, so that items are new in it and
// numbers move, which nothing does that is a year old.
func TestCorpusIsOfTheDataDay(t *testing.T) {
	e, _ := open(t, func(o *engine.Options) { o.Now = at(today.AddDate(1, 0, 0)) })
	kinds := map[string]int{}
	if _, err := e.Corpus(t.Context(), engine.CorpusOptions{Readers: 60, Seed: 1}, nil, func(p engine.Pair) error {
		for _, k := range []string{"<kind:new>", "<kind:trend>"} {
			if strings.Contains(p.Prompt, k) {
				kinds[k]++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	t.Log(kinds)
	if kinds["<kind:new>"] == 0 || kinds["<kind:trend>"] == 0 {
		t.Errorf("of what is new and what moves the corpus tells %v", kinds)
	}
}

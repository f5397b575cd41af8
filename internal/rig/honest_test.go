package rig_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
	"because/internal/rig/honesttest"
	"because/internal/synth"
)

// A fate counts what became of true drafts.
type fate struct {
	passed, repaired, replaced int
	steps                      map[string]int // where a draft was given up
	example                    string         // of one that did not pass as it stood
}

func (f *fate) n() int           { return f.passed + f.repaired + f.replaced }
func (f *fate) survive() float64 { return share(f.passed+f.repaired, f.n()) }

func (f *fate) add(o fate) {
	f.passed, f.repaired, f.replaced = f.passed+o.passed, f.repaired+o.repaired, f.replaced+o.replaced
	for s, n := range o.steps {
		f.steps[s] += n
	}
	if f.example == "" || o.replaced > 0 {
		f.example = cmp.Or(o.example, f.example)
	}
}

// survives is the least share of true drafts that must be shown, unaided or repaired, by language, in percent.
var survives = map[because.Lang]float64{because.Chinese: 95, because.English: 95}

// TestHonest lets a model write that says nothing but the facts of its prompt, in sentence shapes that are not the packs',
// and counts how many of its drafts are shown as they stand, repaired, or replaced by a pattern: by language, domain and
// shape, the worst shapes first. The verifier must not be a wall of refusals. BECAUSE_HONEST_REPORT names a file for the
// table, BECAUSE_HONEST_DRAFTS=1 shows each draft that did not pass.
func TestHonest(t *testing.T) {
	site := honestSite(t)
	writer := &honesttest.Writer{}
	s := fakellm.New(t, fakellm.OK)
	s.Script(writer.Answer)
	e, err := engine.Open(t.Context(), engine.Options{Dir: site.dir, ReadOnly: true, Now: func() time.Time { return evening }, LLM: engine.LLM{BaseURL: s.URL, Model: "honest", Timeout: 20 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	all := map[string]*fate{}
	shapes := map[honesttest.Shape]*fate{}
	written := map[because.Lang]int{}
	for i := range pick(1200, 8000) {
		r, ok := site.request(t, e, i)
		if !ok {
			continue // nothing is recommended to the reader
		}
		x, err := e.Explain(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		d := writer.Last()
		if d == nil {
			continue // no shape fits these facts, or a choice was asked for
		}
		written[r.Lang]++
		f := fate{steps: map[string]int{}}
		switch {
		case x.Source != because.FromLLM:
			f.replaced = 1
			f.steps[x.Fallback.Step]++
			f.example = d.Text + " ⇒ " + x.Fallback.Reason
		case x.Verdict == because.Repaired:
			f.repaired = 1
			f.example = d.Text + " ⇒ " + x.Text
		default:
			f.passed = 1
		}
		if f.example != "" && os.Getenv("BECAUSE_HONEST_DRAFTS") != "" {
			t.Logf("%s %s %s: %s", r.Lang, site.domains[r.Item], d.Shape, f.example)
		}
		for _, k := range []string{"1 " + string(r.Lang), "2 " + string(r.Lang) + " " + site.domains[r.Item], "3 " + string(r.Lang) + " " + string(d.Shape.Lead)} {
			if all[k] == nil {
				all[k] = &fate{steps: map[string]int{}}
			}
			all[k].add(f)
		}
		if shapes[d.Shape] == nil {
			shapes[d.Shape] = &fate{steps: map[string]int{}}
		}
		shapes[d.Shape].add(f)
	}
	table := honestTable(all, shapes)
	t.Logf("\n%s", table)
	if path := os.Getenv("BECAUSE_HONEST_REPORT"); path != "" {
		if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
			t.Error(err)
		}
	}
	for _, lang := range because.Langs {
		f := all["1 "+string(lang)]
		if f == nil || f.n() < 100 {
			t.Errorf("%s: only %d drafts", lang, written[lang])
			continue
		}
		if f.survive() < survives[lang] {
			t.Errorf("%s: %.1f %% of %d true drafts are shown, want %.1f", lang, f.survive(), f.n(), survives[lang])
		}
		used := 0
		for s := range shapes {
			if slices.Contains(honesttest.Shapes[lang], s) {
				used++
			}
		}
		if used < pick(45, 55) || len(honesttest.Shapes[lang]) < 60 {
			t.Errorf("%s: %d of %d shapes were written", lang, used, len(honesttest.Shapes[lang]))
		}
	}
}

// honestly is a world in which enough people turn to an item that something may be told of them.
type honestly struct {
	dir     string
	users   []because.User
	domains map[string]string // by item
	queries map[because.Lang][]string
	lists   map[string][]string // recommended items by user
}

var unguarded = []string{"education", "entertainment", "news", "shop", "travel"}

func honestSite(t *testing.T) *honestly {
	t.Helper()
	w, err := synth.Generate(synth.Options{Users: 300, Domains: unguarded, Now: evening})
	if err != nil {
		t.Fatal(err)
	}
	world := filepath.Join(t.TempDir(), "world")
	if err := w.Write(world); err != nil {
		t.Fatal(err)
	}
	s := &honestly{dir: filepath.Join(t.TempDir(), "data"), users: w.Users, domains: map[string]string{}, queries: map[because.Lang][]string{}, lists: map[string][]string{}}
	for _, it := range w.Items {
		s.domains[it.ID] = it.Domain
	}
	err = w.EachInteraction(func(x because.Interaction) error {
		lang := because.English
		if han(x.Query) {
			lang = because.Chinese
		}
		if x.Query != "" && len(s.queries[lang]) < 200 && !slices.Contains(s.queries[lang], x.Query) {
			s.queries[lang] = append(s.queries[lang], x.Query)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: s.dir, Now: func() time.Time { return evening }})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Import(t.Context(), engine.ImportRequest{Kind: "dataset", Path: world, Lang: because.English}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// request is the i-th: languages and styles take turns, and in every second pair the leading kinds of evidence; each item is
// one that is recommended to its reader, and every eighth request states a need.
func (s *honestly) request(t *testing.T, e *engine.Engine, i int) (engine.ExplainRequest, bool) {
	t.Helper()
	k := i / 2
	r := engine.ExplainRequest{Lang: because.Langs[i%2], Source: "llm", Style: because.Styles[k%len(because.Styles)],
		User: s.users[k*7%len(s.users)].ID, Context: because.Context{At: evening}}
	if k%2 == 0 { // else the policy chooses
		r.Lead = because.EvidenceKinds[k/len(because.Styles)%len(because.EvidenceKinds)]
	}
	if qs := s.queries[r.Lang]; len(qs) > 0 && (k%8 == 0 || r.Lead == because.Need) {
		r.Need = qs[k*11%len(qs)]
	}
	if _, ok := s.lists[r.User]; !ok {
		recs, err := e.Recommend(t.Context(), engine.ListRequest{User: r.User, N: 30, Context: because.Context{At: evening}})
		if err != nil {
			t.Fatal(err)
		}
		s.lists[r.User] = []string{}
		for _, x := range recs.Items {
			s.lists[r.User] = append(s.lists[r.User], x.Item)
		}
	}
	list := s.lists[r.User]
	if len(list) == 0 {
		return r, false
	}
	r.Item = list[k%len(list)]
	return r, true
}

// honestTable is the table of what became of true drafts, and the shapes that fared worst.
func honestTable(all map[string]*fate, shapes map[honesttest.Shape]*fate) string {
	var b strings.Builder
	line := func(name string, f *fate) {
		fmt.Fprintf(&b, "%-24s %5d %7.1f%% %7.1f%% %7.1f%% %7.1f%%  %v\n", name, f.n(), share(f.passed, f.n()), share(f.repaired, f.n()), share(f.replaced, f.n()), f.survive(), f.steps)
	}
	fmt.Fprintf(&b, "%-24s %5s %8s %8s %8s %8s  %s\n", "", "drafts", "passed", "repaired", "replaced", "shown", "where drafts were given up")
	for _, k := range slices.Sorted(maps.Keys(all)) {
		line(k[2:], all[k])
	}
	order := slices.SortedFunc(maps.Keys(shapes), func(x, y honesttest.Shape) int {
		return cmp.Or(cmp.Compare(shapes[x].survive(), shapes[y].survive()), cmp.Compare(share(shapes[x].passed, shapes[x].n()), share(shapes[y].passed, shapes[y].n())), strings.Compare(x.Text, y.Text))
	})
	for _, lang := range because.Langs {
		n, m := 0., [2]float64{}
		for _, s := range honesttest.Shapes[lang] {
			if f := shapes[s]; f != nil {
				m[0], m[1], n = m[0]+share(f.passed, f.n()), m[1]+f.survive(), n+1
			}
		}
		fmt.Fprintf(&b, "%-24s %5.0f %7.1f%% %26.1f%%  each shape counting alike\n", lang, n, m[0]/n, m[1]/n)
	}
	fmt.Fprintf(&b, "\nthe worst shapes\n")
	for _, s := range order[:min(40, len(order))] {
		f := shapes[s]
		if f.passed == f.n() {
			break
		}
		fmt.Fprintf(&b, "%3d drafts, %5.1f%% as they stand, %5.1f%% shown  %s\n    %s\n", f.n(), share(f.passed, f.n()), f.survive(), s, f.example)
	}
	return b.String()
}

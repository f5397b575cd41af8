package engine

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/eval"
	"because/internal/generate"
	"because/internal/synth"
	"because/internal/text"
	"because/internal/verify"
)

// A ruined is a draft made false, with the plan that it was written for.
type ruined struct {
	plan     plan
	operator string
	wrong    string
	true     string
	draft    generate.Draft
	floor    because.Explanation
}

// ruin writes texts for readers of a small invented world, by the templates of the packs and their corpora, and makes
// each false by every operator that has something to work on.
func ruin(t *testing.T, perPool int, f func(*Engine, ruined)) {
	t.Helper()
	now := time.Date(2026, 1, 1, 20, 30, 0, 0, Shanghai)
	w, err := synth.Generate(synth.Options{Users: 60, Items: 160, Interactions: 5000, Reviews: 600, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	e, err := Open(ctx, Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	folder := filepath.Join(t.TempDir(), "world")
	if err := w.Write(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Import(ctx, ImportRequest{Kind: "dataset", Path: folder, Lang: because.English}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(ctx, nil); err != nil {
		t.Fatal(err)
	}
	b := &bench{engine: e, o: VerifierOptions{Seed: 1, Texts: perPool}, counts: map[cellKey]*[3]int{}}
	pools, err := b.gather(ctx, e.world.Load(), func(string, int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pools {
		for _, s := range p.texts {
			pl, err := e.planOne(ctx, ExplainRequest{User: s.reader, Item: s.item, Lang: p.lang, Context: because.Context{At: s.given.Now}}, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			pl.all, pl.given = s.given.Evidence, s.given
			if pl.pack.Guarded {
				continue
			}
			dice := func(what string) *rand.Rand {
				return rand.New(rand.NewPCG(1, hash(what, string(p.lang), p.domain, s.Text)))
			}
			rng := dice("elsewhere")
			from := eval.Elsewhere{Names: some(rng, p.names), Idle: s.idle, Facts: lent(some(rng, p.facts), s.item), Readers: lent(some(rng, p.readers), s.reader)}
			for _, op := range eval.Operators() {
				c, ok := eval.Corrupt(op, s.Stated, from, dice(op))
				if !ok {
					continue
				}
				pl := pl
				if c.Evidence != nil {
					pl.all, pl.given.Evidence = c.Evidence, c.Evidence
				}
				f(e, ruined{plan: pl, operator: op, wrong: c.Wrong, true: s.Text, draft: generate.Draft{Text: c.Text, Evidence: s.Cited, Source: because.FromLLM, Model: "test"}, floor: e.fromTemplate(ctx, pl)})
			}
		}
	}
}

// TestMended takes texts that were made false in fourteen ways down the ladder: what comes out holds, says which step gave
// it, and reads well. Forty of them a language, of each step, stand in testdata/mended.txt to be read aloud.
func TestMended(t *testing.T) {
	steps := map[because.Lang]map[string]int{because.Chinese: {}, because.English: {}}
	pairs := map[because.Lang]map[string][]string{because.Chinese: {}, because.English: {}}
	ruin(t, 12, func(e *Engine, r ruined) {
		lang := r.plan.lang
		x := e.take(t.Context(), r.plan, r.floor, []generate.Draft{r.draft}, "llm", func(because.Explanation) bool { return true })
		step := "passed" // a falsehood that the verifier does not see; its benchmark counts them
		if x.Fallback != nil {
			step = x.Fallback.Step
			if x.Fallback.Requested != because.FromLLM || x.Fallback.Reason == "" || (x.Verdict == because.Replaced) != (step == "verifier") {
				t.Errorf("%s %s: %s, but %+v", lang, r.operator, x.Verdict, x.Fallback)
			}
		}
		steps[lang][step]++
		for _, c := range e.verifier.Claims(x.Text, r.plan.given) {
			if c.Verdict != because.Supported {
				t.Errorf("%s %s: %q still says %q (%s)", lang, r.operator, x.Text, c.Text, c.Reason)
			}
		}
		for _, fault := range misread(x.Text, r.draft.Text, lang, r.plan.given) {
			t.Errorf("%s %s %s: %s\n  %s\n  %s", lang, r.operator, step, fault, r.draft.Text, x.Text)
		}
		pairs[lang][step] = append(pairs[lang][step], fmt.Sprintf("%s · %s · %s\n- %s\n+ %s\n", step, r.operator, r.plan.item.Domain, r.draft.Text, x.Text))
	})
	t.Log(steps)
	var golden strings.Builder
	for _, lang := range because.Langs {
		fmt.Fprintf(&golden, "== %s\n", lang)
		for _, pick := range []struct {
			step string
			n    int
		}{{verify.StepClause, 14}, {verify.StepValue, 13}, {stepSentence, 13}} {
			all := pairs[lang][pick.step]
			if len(all) < pick.n {
				t.Fatalf("%s: only %d texts were repaired by %s", lang, len(all), pick.step)
			}
			for i := range pick.n {
				golden.WriteString("\n" + all[i*len(all)/pick.n])
			}
		}
		golden.WriteString("\n")
	}
	path := filepath.Join("testdata", "mended.txt")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(path, []byte(golden.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if golden.String() != string(want) {
		t.Errorf("%s differs: read the new pairs with -update, and say why in the commit", path)
	}
}

// TestCandidate: where the first draft cannot be repaired, the next one is; where none can, the template's text is shown.
func TestCandidate(t *testing.T) {
	tried := 0
	ruin(t, 3, func(e *Engine, r ruined) {
		if r.operator != "promise" || len(r.draft.Evidence) == 0 {
			return
		}
		anything := func(because.Explanation) bool { return true }
		hopeless := generate.Draft{Text: "!!!", Source: because.FromLLM, Model: "test"}
		x := e.take(t.Context(), r.plan, r.floor, []generate.Draft{hopeless, r.draft}, "llm", anything)
		y := e.take(t.Context(), r.plan, r.floor, []generate.Draft{hopeless}, "llm", anything)
		if x.Fallback == nil || x.Fallback.Step != stepCandidate && x.Fallback.Step != "verifier" {
			t.Errorf("%q: %+v", r.draft.Text, x.Fallback)
		} else if x.Fallback.Step == stepCandidate {
			tried++
		}
		if y.Fallback == nil || y.Fallback.Step != "verifier" || y.Text != r.floor.Text {
			t.Errorf("%q: %+v", y.Text, y.Fallback)
		}
	})
	if tried == 0 {
		t.Error("no second draft was taken")
	}
}

var orphanEn = regexp.MustCompile(`(?i)^(and|but|or|so|yet|which|because|though|although|while)\b|(?:\b(and|but|or|because|while|with|of|to|the|a)|[^,] though)[.,;!?]`) // ", though." may close a clause
var doubledMarks = regexp.MustCompile(`[，。；：！？、,;:!?]\s*[，。；：！？、,;:!?]|\.\.|  `)
var orphanZh = regexp.MustCompile(`^(而且|但是?|不过|并且|所以|因此|然而|而|且|也|还有)|(而且|并且|因为|和|与|的是)[，。；！？]|(但是?|不过|所以)[。；！？]|^[，。；：、]|[，；：、]$`)

// misread are the faults of form of a text, names and quotations aside.
func misread(s, draft string, lang because.Lang, g verify.Given) (faults []string) {
	for _, ev := range g.Evidence {
		for _, slot := range ev.Slots {
			if slot.Kind == because.NameSlot || slot.Kind == because.QuoteSlot {
				s = strings.ReplaceAll(s, slot.Text, "X")
			}
		}
	}
	s = strings.ReplaceAll(s, g.Name, "X")
	if m := doubledMarks.FindString(s); m != "" {
		faults = append(faults, fmt.Sprintf("doubled marks %q", m))
	}
	if lang == because.English {
		if m := orphanEn.FindString(s); m != "" {
			faults = append(faults, fmt.Sprintf("orphan %q", m))
		}
		for _, c := range text.Sentences(s) {
			if r := []rune(s[c[0]:c[1]])[0]; r >= 'a' && r <= 'z' && !(draft[0] >= 'a' && draft[0] <= 'z') {
				faults = append(faults, "no capital at the start")
			}
		}
	} else if m := orphanZh.FindString(s); m != "" {
		faults = append(faults, fmt.Sprintf("orphan %q", m))
	}
	if ends := strings.HasSuffix(draft, ".") || strings.HasSuffix(draft, "。"); ends && !slices.Contains([]rune("。！？.!?」”)）…\""), []rune(s)[len([]rune(s))-1]) {
		faults = append(faults, "no mark at the end")
	}
	return faults
}

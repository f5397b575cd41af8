package engine_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestQuality holds the quality on the invented world to testdata/quality.txt, so that a change of quality is a visible
// diff, and to the least that is promised. The world is invented: the numbers compare versions, not products.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and trains the whole demo world: half a minute")
	}
	w := makeWorld(synth.Options{Seed: 1, Now: today})
	if w.err != nil {
		t.Fatal(w.err)
	}
	defer os.RemoveAll(w.dir)
	e, err := engine.Open(t.Context(), engine.Options{Dir: filepath.Join(w.dir, "data"), ReadOnly: true, Now: at(today)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	truth := func(user string, it because.Item, c because.Context) map[string]float64 {
		out := map[string]float64{}
		for _, x := range w.world.Truth.Terms(user, it, c) {
			out[x.Name] += x.Value
		}
		return out
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# invented world: seed 1, %d users, %d items; 400 readers, 3 explanations each, template\n", len(w.world.Users), len(w.world.Items))
	for i, lang := range because.Langs {
		r, err := e.Evaluate(t.Context(), engine.EvalOptions{Lang: lang, Users: 400, Ranking: i == 0}, truth)
		if err != nil {
			t.Fatal(err)
		}
		write(&b, string(lang), r.Numbers)
		for _, g := range slices.Sorted(maps.Keys(r.ByGroup)) {
			if strings.HasPrefix(g, "domain ") {
				write(&b, string(lang)+" "+g, r.ByGroup[g])
			}
		}
		d, err := e.EvaluateReasons(t.Context(), engine.ReasonsOptions{Lang: lang, Users: 100, PerUser: 3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		write(&b, string(lang)+" deletion", map[string]float64{
			"citing": d.Share.Mean, "falls": d.Falls.Mean, "random_falls": d.Random.Mean, "score_falls": d.Lower.Mean, "random_score_falls": d.Lowers.Mean,
		})
		if d.Valid != d.Said || d.Claimed > 0 {
			t.Errorf("%s: %d of %d ranks said are the replayed ones; %d impersonal recommendations speak of the reader", lang, d.Valid, d.Said, d.Claimed)
		}
		atLeast(t, lang, r.Numbers, "cause_precision", .95)
		atLeast(t, lang, r.Numbers, "personal_warm", .70)
		atLeast(t, lang, r.Numbers, "supported", 1)
		if got := r.Numbers["random_precision"]; got > .40 {
			t.Errorf("%s: a random cause is true in %.3f of cases, more than .40: the measure is too kind", lang, got)
		}
		for _, d := range []string{"finance", "health"} { // of readers who state nothing, or keep it back, nothing is told
			atLeast(t, lang, r.ByGroup["domain "+d], "profile_or_trend_of_stated", .50)
		}
	}
	golden(t, filepath.Join("testdata", "quality.txt"), b.String())
}

func write(b *strings.Builder, group string, numbers map[string]float64) {
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		fmt.Fprintf(b, "%s %s %.3f\n", group, name, numbers[name])
	}
}

func atLeast(t *testing.T, lang because.Lang, numbers map[string]float64, name string, least float64) {
	t.Helper()
	if got := numbers[name]; got < least {
		t.Errorf("%s: %s is %.3f, less than %.2f", lang, name, got, least)
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Errorf("%s:%d\n  was %s\n  is  %s", path, i+1, a, b)
		}
	}
	t.Errorf("%s differs: if the change is meant, run the test with -update and say why in the commit", path)
}

package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/lm"
)

// logged is a data folder with one run of the given log.
func logged(t *testing.T, log string) *engine.Engine {
	t.Helper()
	dir := t.TempDir()
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Now: at(today)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	run := filepath.Join(dir, "models", "runs", "tiny-1")
	if err := os.MkdirAll(run, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(run, "metrics.jsonl"), []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	return e
}

func lines(t *testing.T, steps int, of func(step int) engine.LMProgress) string {
	t.Helper()
	var b strings.Builder
	for step := 1; step <= steps; step++ {
		p := of(step)
		p.Step, p.Steps = step, steps
		line, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

// TestReportFindsWhatIsWrong holds the checks to planted trouble: each names its own and leaves a good run alone.
func TestReportFindsWhatIsWrong(t *testing.T) {
	article := func(p lm.HealthPoint) func(int) engine.LMProgress {
		return func(int) engine.LMProgress {
			return engine.LMProgress{Phase: "article", Article: &lm.ArticleProgress{LossG: p.LossG, LossD: p.LossD, Held: p}}
		}
	}
	game := func(s lm.DiscStats, change func(*lm.GameProgress)) func(int) engine.LMProgress {
		return func(step int) engine.LMProgress {
			g := lm.GameProgress{DiscStats: s, GGradNorm: 1}
			if step == 1 || step == 40 {
				g.Evaluation = &lm.Evaluation{Distinct2: .5}
			}
			if step == 40 && change != nil {
				change(&g)
			}
			return engine.LMProgress{Phase: "adversarial", Game: &g}
		}
	}
	likelihood := func(loss func(step int) float64) func(int) engine.LMProgress {
		return func(step int) engine.LMProgress {
			p := lm.Progress{Loss: loss(step), GradNorm: 1}
			if step%10 == 0 {
				v := p.Loss + .1
				p.Valid = &v
			}
			return engine.LMProgress{Phase: "likelihood", Likelihood: &p}
		}
	}
	well := lm.DiscStats{LossG: 1.1, LossD: .6, DReal: .6, DFake: .4}
	for _, tt := range []struct {
		name string
		log  string
		want []string // name/state of what is not good
	}{
		{"a good article", lines(t, 20, article(lm.HealthPoint{LossG: 1.1, LossD: .6, DReal: .6, DFake: .4, Distinct2: 1})), nil},
		{"the article's printed pair", lines(t, 20, article(lm.HealthPoint{LossG: .4266, LossD: .3141, DReal: .5, DFake: .65, Distinct2: 1})), []string{"labels/bad"}},
		{"swapped labels", lines(t, 20, article(lm.HealthPoint{LossG: .05, LossD: .05, DReal: .05, DFake: .95, Distinct2: 1})), []string{"labels/bad"}},
		{"one text for all", lines(t, 20, article(lm.HealthPoint{LossG: 1.1, LossD: .6, DReal: .6, DFake: .4, Distinct2: .01})), []string{"diversity/bad"}},
		{"a good game", lines(t, 40, game(well, nil)), nil},
		{"D is sure", lines(t, 40, game(lm.DiscStats{LossG: 6, LossD: .01, DReal: .99, DFake: .01}, nil)), []string{"balance/bad"}},
		{"D is nearly sure", lines(t, 40, game(lm.DiscStats{LossG: 3, LossD: .1, DReal: .95, DFake: .06}, nil)), []string{"balance/watch"}},
		{"an alarm", lines(t, 40, game(well, func(g *lm.GameProgress) { g.Alarms, g.RolledBack = []string{"kl"}, true })), []string{"alarms/watch"}},
		{"collapse", lines(t, 40, game(well, func(g *lm.GameProgress) { g.Evaluation.Distinct2 = .05 })), []string{"diversity/bad"}},
		{"a jump", lines(t, 40, game(well, func(g *lm.GameProgress) { g.GGradNorm = 50 })), []string{"gradients/watch"}},
		{"good likelihood", lines(t, 60, likelihood(func(s int) float64 { return 7 / (1 + float64(s)/20) })), nil},
		{"nothing learned", lines(t, 60, likelihood(func(int) float64 { return 7 })), []string{"learning/bad"}},
		{"too long", lines(t, 60, likelihood(func(s int) float64 { return 3 + max(0, 30-float64(s))/10 + max(0, float64(s)-40)/20 })), []string{"learning/watch"}},
		{"numbers that are none", lines(t, 20, likelihood(func(s int) float64 { return 7 / float64(s) })) + fmt.Sprintln(`{"phase":"likelihood","step":25,"steps":30,"likelihood":{"loss":0.3,"grad_norm":1}}`), []string{"finite/bad"}},
	} {
		r, err := logged(t, tt.log).TrainingReport("", because.English)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range r.Checks {
			if c.Detail == "" || c.Title == "" || (c.State == engine.Good) != (c.Fix == "") {
				t.Errorf("%s: a check without words: %+v", tt.name, c)
			}
			if c.State != engine.Good {
				got = append(got, c.Name+"/"+c.State)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %q, want %q: %+v", tt.name, got, tt.want, r.Checks)
		}
		if (r.State() == engine.Good) != (len(tt.want) == 0) {
			t.Errorf("%s: the whole is %s", tt.name, r.State())
		}
	}
}

// TestReportReadsResumedLogs: steps that come again replace those of before, and a half-written line is passed over.
func TestReportReadsResumedLogs(t *testing.T) {
	line := func(step int, loss float64) string {
		return fmt.Sprintf(`{"phase":"likelihood","step":%d,"steps":9,"likelihood":{"loss":%g},"samples":["%g"]}`+"\n", step, loss, loss)
	}
	log := line(1, 7) + line(2, 6) + line(3, 5) + line(2, 4) + line(3, 3) + `{"phase":"likel`
	r, err := logged(t, log).TrainingReport("tiny-1", because.Chinese)
	if err != nil {
		t.Fatal(err)
	}
	want := []engine.Point{{Step: 1, Value: 7}, {Step: 2, Value: 4}, {Step: 3, Value: 3}}
	if got := r.Phases[0].Series["loss"]; !slices.Equal(got, want) || r.Phases[0].Step != 3 || r.Phases[0].Steps != 9 {
		t.Errorf("a resumed log reads as %+v", r.Phases[0])
	}
	if len(r.Samples) != 3 || r.Samples[2].Texts[0] != "3" {
		t.Errorf("samples %+v", r.Samples)
	}
	e := logged(t, "")
	for _, name := range []string{"base-9", "../tiny-1", "lm-000000000000"} {
		if _, err := e.TrainingReport(name, because.English); !errors.Is(err, because.ErrNotFound) {
			t.Errorf("report of %s: %v", name, err)
		}
	}
}

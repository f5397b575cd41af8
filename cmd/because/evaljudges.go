package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalJudgesCmd() *cobra.Command {
	var o engine.JudgesOptions
	var judges, columns []string
	var scores string
	cmd := &cobra.Command{
		Use:   "judges FILE...",
		Short: because.Say(a.lang, "Ask language models to judge explanations, and measure the judges"),
		Long: because.Say(a.lang, "A file holds scores ({\"scores\": {\"judge\": [70, 65]}} a line, or one row with judge and score for each), or texts as eval explain reads them, which the judges named by --judge are asked about. "+
			"Each file is a system, unless its rows have a column system. Beside every score stand how far a judge agrees with itself and with the others; systems are ranked only where every judge does it beyond its noise."),
		Example: "  because eval judges scores.jsonl\n  because eval judges ours.jsonl theirs.jsonl --judge qwen2.5@http://127.0.0.1:8000/v1 --judge gemma2@http://127.0.0.1:8001/v1 --scores scores.jsonl",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if o.Repeats < 1 || o.Rows < 1 || o.Temperature < 0 {
				return because.Errorf(because.ErrInvalid, "--repeats and --rows must be at least 1, --temperature at least 0.")
			}
			if o.Question != "" && o.Question != "likeness" && o.Question != "usefulness" {
				return because.Errorf(because.ErrInvalid, "There is no question %q. Choose likeness or usefulness.", o.Question)
			}
			o.Lang, o.Seed = a.lang, uint64(a.settings.num("seed"))
			if o.Judges, err = a.judges("--judge", judges); err != nil {
				return err
			}
			if o.Map, err = mapped(columns); err != nil {
				return err
			}
			var files []engine.JudgedFile
			for _, name := range args {
				to := engine.TextsOptions{Name: name}
				in, done, err := a.input(cmd, &to)
				if err != nil {
					return err
				}
				defer done()
				files = append(files, engine.JudgedFile{Name: to.Name, Data: in})
			}
			bar := a.progress()
			r, err := engine.EvaluateJudges(cmd.Context(), files, o, bar.update)
			bar.done()
			if err != nil {
				return err
			}
			if scores != "" {
				if err := a.write(scores, func(w io.Writer) error { return r.WriteScores(w) }); err != nil {
					return err
				}
				a.talk(because.Say(a.lang, "Wrote %s.", scores))
			}
			if a.json {
				return a.printJSON(r)
			}
			a.judgesReport(r)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&judges, "judge", nil, because.Say(a.lang, "MODEL@URL of a judge to ask, or MODEL at llm.base_url; may be given several times"))
	f.StringVar(&o.Question, "question", "", because.Say(a.lang, "likeness (to the reference) or usefulness; likeness where there are references"))
	f.IntVar(&o.Repeats, "repeats", 5, because.Say(a.lang, "how often each judge is asked about a text"))
	f.IntVar(&o.Rows, "rows", 300, because.Say(a.lang, "texts of each system that are judged, drawn by the seed"))
	f.Float64Var(&o.Temperature, "temperature", 1, because.Say(a.lang, "of the judges; at 0 repeats say nothing of their noise"))
	f.StringVar(&scores, "scores", "", because.Say(a.lang, "write all scores to this file, which this command reads again"))
	f.StringSliceVar(&columns, "map", nil, because.Say(a.lang, "our field = their column, for columns that are not found by name"))
	return cmd
}

// judges are the endpoints of a flag. The key of llm.base_url goes there alone; others get BECAUSE_JUDGE_KEY.
func (a *app) judges(flag string, named []string) ([]engine.LLM, error) {
	o, err := a.options()
	if err != nil {
		return nil, err
	}
	var out []engine.LLM
	for _, s := range named {
		model, at, has := strings.Cut(s, "@")
		l := o.LLM
		l.Model = model
		if has && at != l.BaseURL {
			l = engine.LLM{BaseURL: at, Model: model, Key: a.getenv("BECAUSE_JUDGE_KEY")}
		}
		if model == "" || l.BaseURL == "" {
			return nil, because.Errorf(because.ErrInvalid, "%s wants MODEL@URL, such as qwen2.5@http://127.0.0.1:8000/v1, not %q. The URL may be left out where llm.base_url is set.", flag, s)
		}
		out = append(out, l)
	}
	return out, nil
}

// judgesReport prints each system's judges, how they agree, then what that comes to.
func (a *app) judgesReport(r engine.JudgesReport) {
	share := func(x *engine.Interval) string {
		if x == nil {
			return "—"
		}
		return fmt.Sprintf("%.3f [%.3f, %.3f]", x.Mean, x.Low, x.High)
	}
	for _, s := range r.Systems {
		a.line(because.Say(a.lang, "%s: %d texts", s.System, s.Rows))
		a.line("")
		rows := [][]string{{because.Say(a.lang, "judge"), because.Say(a.lang, "repeats"), because.Say(a.lang, "mean score"), because.Say(a.lang, "test-retest r"), because.Say(a.lang, "noise (sd)"), because.Say(a.lang, "repeats far apart"), because.Say(a.lang, "scores missing")}}
		for _, j := range s.Judges {
			rows = append(rows, []string{j.Judge, fmt.Sprint(j.Repeats), between(j.Mean), share(j.Retest), fmt.Sprintf("%.1f", j.Noise), fmt.Sprintf("%.1f %%", 100*j.Wide), fmt.Sprint(j.Missing)})
		}
		a.table(rows)
		if len(s.Between) > 0 {
			a.line("")
			rows = [][]string{{because.Say(a.lang, "between judges"), "r"}}
			for _, b := range s.Between {
				rows = append(rows, []string{b.A + " · " + b.B, share(b.Correlation)})
			}
			rows = append(rows, []string{because.Say(a.lang, "reliability of all together (alpha)"), share(s.Alpha)})
			a.table(rows)
		}
		a.line("")
	}
	for _, p := range r.Pairs {
		rows := [][]string{{because.Say(a.lang, "%s less %s, %d rows", p.A, p.B, p.Rows), because.Say(a.lang, "difference"), because.Say(a.lang, "noise of the runs")}}
		for _, d := range p.Differences {
			rows = append(rows, []string{d.Judge, ahead(d.Difference), fmt.Sprintf("±%.2f", d.Floor)})
		}
		a.table(rows)
		a.line("")
	}
	for _, s := range engine.JudgeFindings(r, a.lang) {
		a.line("• " + s)
	}
}

package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

// trainReportCmd reads the log of a training.
func (a *app) trainReportCmd() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "report [RUN|MODEL]",
		Short:   because.Say(a.lang, "Check a training by its log, and draw it as one HTML page"),
		Long:    because.Say(a.lang, "Reads the log of a run, such as base-1, or of a language model; without a name, the log that was written last. Prints what the health checks find; with --out it also writes a page with curves, histograms and samples that needs no network. Exit code 3 says that something is wrong."),
		Example: "  because train report\n  because train report base-1 --out report.html\n  because train report lm-0123456789ab --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				r, err := e.TrainingReport(name, a.lang)
				if err != nil {
					return err
				}
				return a.report(r, out)
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", because.Say(a.lang, "file to write the page to; - for standard output"))
	return cmd
}

// report prints a report and writes its page.
func (a *app) report(r engine.TrainingReport, out string) error {
	switch {
	case out == "-":
		if err := a.reportPage(a.stdout, r); err != nil {
			return err
		}
	case a.json:
		if err := a.printJSON(r); err != nil {
			return err
		}
	default:
		a.line(because.Say(a.lang, "Training %s: %s", r.Name, a.stateWord(r.State())))
		for _, c := range r.Checks {
			mark := map[string]string{engine.Good: "✔", engine.Watch: "!", engine.Bad: "✖"}[c.State]
			a.line(fmt.Sprintf("%s %s · %s  %s", mark, a.word(c.Phase), c.Title, c.Detail))
			if c.Fix != "" {
				a.line("    → " + c.Fix)
			}
		}
	}
	if out != "" && out != "-" {
		if err := a.write(out, func(w io.Writer) error { return a.reportPage(w, r) }); err != nil {
			return err
		}
		a.talk(because.Say(a.lang, "Wrote %s.", out))
	} else if out == "" {
		a.next("because train report " + r.Name + " --out report.html")
	}
	if r.State() == engine.Bad {
		return coded{exitProblems, nil}
	}
	return nil
}

func (a *app) stateWord(state string) string {
	switch state {
	case engine.Bad:
		return because.Say(a.lang, "something is wrong")
	case engine.Watch:
		return because.Say(a.lang, "worth a look")
	}
	return because.Say(a.lang, "healthy")
}

//go:embed report.html
var reportHTML string

// A reportPage is what the page shows.
type reportPage struct {
	Lang, Title, State, StateWord string
	Checks                        []checkView
	Phases                        []phaseView
	Scores                        []scoreView
	Samples                       []sampleView
	Facts                         [][2]string
}

type checkView struct {
	engine.TrainingCheck
	Phase, StateWord string
}

type phaseView struct {
	Title, Lead string
	Charts      []chart
}

type scoreView struct {
	Label string
	SVG   template.HTML
}

type sampleView struct {
	Label string
	Texts []string
}

// reportPage writes the page.
func (a *app) reportPage(w io.Writer, r engine.TrainingReport) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"say": func(format string, args ...any) string { return because.Say(a.lang, format, args...) },
	}).Parse(reportHTML)
	if err != nil {
		return fmt.Errorf("parse the report: %w", err)
	}
	p := reportPage{Lang: "en", Title: because.Say(a.lang, "Training report of %s", r.Name), State: r.State(), StateWord: a.stateWord(r.State())}
	if a.lang == because.Chinese {
		p.Lang = "zh-Hans"
	}
	for _, c := range r.Checks {
		p.Checks = append(p.Checks, checkView{c, a.word(c.Phase), a.stateWord(c.State)})
	}
	worst := []string{engine.Bad, engine.Watch, engine.Good}
	slices.SortStableFunc(p.Checks, func(a, b checkView) int { return slices.Index(worst, a.State) - slices.Index(worst, b.State) })
	for _, x := range r.Phases {
		if v := a.phase(x); len(v.Charts) > 0 {
			p.Phases = append(p.Phases, v)
		}
	}
	for _, s := range evenly(r.Scores, 8) {
		p.Scores = append(p.Scores, scoreView{a.stepOf(s.Phase, s.Step), histogram(s.ScoreCounts)})
	}
	for _, s := range evenly(r.Samples, 12) {
		v := sampleView{Label: a.stepOf(s.Phase, s.Step)}
		for _, text := range s.Texts {
			v.Texts = append(v.Texts, because.Visible(text))
		}
		p.Samples = append(p.Samples, v)
	}
	if m := r.Model; m != nil {
		p.Facts = append(p.Facts, [2]string{because.Say(a.lang, "model"), m.ID}, [2]string{because.Say(a.lang, "created"), m.Created.Format("2006-01-02 15:04:05")},
			[2]string{because.Say(a.lang, "seed"), fmt.Sprint(m.Seed)}, [2]string{because.Say(a.lang, "data"), m.Data}, [2]string{because.Say(a.lang, "code"), m.Code})
		for _, name := range slices.Sorted(maps.Keys(m.Metrics)) {
			p.Facts = append(p.Facts, [2]string{name, number(m.Metrics[name])})
		}
	}
	return t.Execute(w, p)
}

func (a *app) stepOf(phase string, step int) string {
	return because.Say(a.lang, "%s, step %d", a.word(phase), step)
}

// evenly takes about n of a list, the first and the last among them.
func evenly[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	out := make([]T, n)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(n-1)]
	}
	return out
}

// phase draws a part of a training.
func (a *app) phase(x engine.TrainingPhase) phaseView {
	v := phaseView{Title: a.word(x.Name), Lead: because.Say(a.lang, "%d of at most %d steps", x.Step, x.Steps)}
	zero, one := 0.0, 1.0
	draw := func(c chart, lines ...chartLine) {
		for _, l := range lines {
			if len(l.Points) > 0 {
				c.Lines = append(c.Lines, l)
			}
		}
		if len(c.Lines) > 0 {
			v.Charts = append(v.Charts, c)
		}
	}
	line := func(name, series string) chartLine {
		return chartLine{Name: name, Points: x.Series[series], Exact: series == "lr"}
	}
	people := line(because.Say(a.lang, "unseen readers"), "valid")
	if x.Name == "likelihood" {
		draw(chart{Title: because.Say(a.lang, "Loss, nats per token")}, line(because.Say(a.lang, "training"), "loss"), people)
		draw(chart{Title: because.Say(a.lang, "Perplexity on unseen readers")}, chartLine{Name: because.Say(a.lang, "perplexity"), Points: exponents(x.Series["valid"])})
	} else {
		half := &chartMark{math.Ln2, because.Say(a.lang, "ln 2: balance")}
		band := &[2]float64{.4, .6}
		draw(chart{Title: because.Say(a.lang, "Losses of the two sides, nats"), Mark: half, From: &zero}, line("L_G", "loss_g"), line("L_D", "loss_d"))
		draw(chart{Title: because.Say(a.lang, "What the discriminator takes for a person's"), Band: band, From: &zero, To: &one}, line("D(x)", "d_real"), line("D(G(z))", "d_fake"))
		draw(chart{Title: because.Say(a.lang, "As the article prints them"), Mark: half, From: &zero}, line("Loss_G", "printed_g"), line("Loss_D", "printed_d"))
		draw(chart{Title: because.Say(a.lang, "Accuracy of the discriminator"), From: &zero, To: &one}, line(because.Say(a.lang, "training"), "accuracy"), people)
		draw(chart{Title: because.Say(a.lang, "Quality and diversity")}, line("BLEU-2", "quality"), line("distinct-2", "distinct2"), line("self-BLEU-4", "self_bleu4"))
		draw(chart{Title: because.Say(a.lang, "Area of quality and diversity")}, line(because.Say(a.lang, "area"), "area"))
		draw(chart{Title: because.Say(a.lang, "Reward")}, line(because.Say(a.lang, "mean of the texts'"), "reward"))
		draw(chart{Title: because.Say(a.lang, "Truth"), From: &zero, To: &one}, line(because.Say(a.lang, "texts without an unsupported claim"), "supported"), line(because.Say(a.lang, "unsupported claims"), "unsupported"))
		draw(chart{Title: because.Say(a.lang, "Distance from the likelihood model, nats per token")}, line("KL", "kl"))
		draw(chart{Title: because.Say(a.lang, "Loss on people's texts, nats per token")}, line(because.Say(a.lang, "unseen readers"), "loss"))
		draw(chart{Title: because.Say(a.lang, "Length, tokens")}, line(because.Say(a.lang, "mean length"), "length"))
	}
	draw(chart{Title: because.Say(a.lang, "Learning rate"), From: &zero}, line(because.Say(a.lang, "learning rate"), "lr"))
	draw(chart{Title: because.Say(a.lang, "Norm of the gradients"), From: &zero}, line(because.Say(a.lang, "norm"), "grad_norm"))
	return v
}

// exponents are e to the power of a series' values.
func exponents(s []engine.Point) []engine.Point {
	out := make([]engine.Point, len(s))
	for i, p := range s {
		out[i] = engine.Point{Step: p.Step, Value: math.Exp(p.Value)}
	}
	return out
}

// trainArticleCmd runs the article's listing.
func (a *app) trainArticleCmd() *cobra.Command {
	o := engine.ArticleOptions{}
	cmd := &cobra.Command{
		Use:     "article",
		Short:   because.Say(a.lang, "Run the article's own listing, with its labels put right or as printed"),
		Long:    because.Say(a.lang, "Runs the article's small LSTM generator against its LSTM discriminator, from nothing, with its constants, on texts in the language of --lang. With --swapped the labels are as printed, people's texts 0 and generated ones 1: because train report then says what is wrong. What it trains is not kept."),
		Example: "  because train article --lang zh\n  because train article --swapped && because train report\n  because train article --examples --epochs 20",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Texts < 0 || o.Epochs < 0 {
				return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
			}
			o.Seed, o.Lang = uint64(a.settings.num("seed")), a.lang
			show := a.lmProgress()
			return a.with(cmd.Context(), false, func(e *engine.Engine) error {
				run, err := e.TrainArticle(cmd.Context(), o, func(p engine.LMProgress) {
					switch {
					case p.Article == nil:
						show(p)
					case !a.json:
						a.line(p.Article.String())
					}
				})
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(map[string]string{"run": run})
				}
				a.next("because train report " + run + " --out report.html")
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.Swapped, "swapped", false, because.Say(a.lang, "leave the labels as the article prints them"))
	f.BoolVar(&o.Examples, "examples", false, because.Say(a.lang, "on the imported examples instead of texts made of the data folder"))
	f.IntVar(&o.Texts, "texts", 320, because.Say(a.lang, "most texts"))
	f.IntVar(&o.Epochs, "epochs", 100, because.Say(a.lang, "passes over the texts"))
	return cmd
}

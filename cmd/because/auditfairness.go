package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) auditCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: because.Say(a.lang, "Hold explanations against what they must not do"),
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(a.auditFairnessCmd())
	return cmd
}

func (a *app) auditFairnessCmd() *cobra.Command {
	var o engine.FairnessOptions
	cmd := &cobra.Command{
		Use:   "fairness",
		Short: because.Say(a.lang, "See whether some groups of readers get worse explanations than others"),
		Long: because.Say(a.lang, "Writes for a sample of readers in both languages and compares groups: by language, by length of history, by every word that users state in a field. "+
			"Compared are the share of the draft's claims that evidence supports, the length, the share of drafts that had to be replaced, and, from stored feedback, how often a reason was found helpful. "+
			"A gap is a group less all others, with its interval over readers. Small groups are named and nothing is said of them."),
		Example: "  because audit fairness\n  because audit fairness --source embedded --fields city,age_band --least 50\n  because audit fairness --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Users < 1 || o.PerUser < 1 || o.Least < 2 {
				return because.Errorf(because.ErrInvalid, "--users and --per-user must be at least 1, --least at least 2.")
			}
			o.Lang, o.Seed = a.lang, uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				r, err := e.AuditFairness(cmd.Context(), o, bar.update)
				bar.done()
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(r)
				}
				a.fairnessReport(r)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Users, "users", 400, because.Say(a.lang, "how many readers to ask for"))
	f.IntVar(&o.PerUser, "per-user", 3, because.Say(a.lang, "explanations for each"))
	f.IntVar(&o.Least, "least", 20, because.Say(a.lang, "readers that a group must have, and the others beside it"))
	f.StringVar(&o.Source, "source", "", because.Say(a.lang, "who writes: auto, template, embedded or llm"))
	f.StringSliceVar(&o.Fields, "fields", nil, because.Say(a.lang, "only these fields of users make groups"))
	return cmd
}

// fairnessReport prints one row a group: each measure with its gap, marked where the interval leaves 0 out.
func (a *app) fairnessReport(r engine.FairnessReport) {
	a.line(because.Say(a.lang, "%d texts for %d readers, written by: %s; %d answers", r.Texts, r.Users, a.word(string(r.Source)), r.Answers))
	if len(r.Gaps) > 0 {
		a.line("")
		head := []string{because.Say(a.lang, "group"), because.Say(a.lang, "readers")}
		for _, m := range engine.Measures {
			head = append(head, engine.MeasureName(m, a.lang))
		}
		rows := [][]string{head}
		for _, g := range r.Gaps {
			row := []string{engine.DimensionName(g.Dimension, a.lang) + ": " + g.Group, fmt.Sprint(g.Users)}
			for _, m := range engine.Measures {
				row = append(row, gapCell(g.Measures[m]))
			}
			rows = append(rows, row)
		}
		a.table(rows)
	}
	a.line("")
	for _, s := range engine.FairnessFindings(r, a.lang) {
		a.line("• " + s)
	}
}

// gapCell is a mean and its gap, with a star where the interval leaves 0 out.
func gapCell(m engine.Measure) string {
	if m.Users == 0 {
		return "—"
	}
	star := ""
	if m.Gap.Low > 0 || m.Gap.High < 0 {
		star = " *"
	}
	return fmt.Sprintf("%.3f (%+.3f)%s", m.Mean.Mean, m.Gap.Mean, star)
}

package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalAspectsCmd() *cobra.Command {
	var o engine.AspectsOptions
	cmd := &cobra.Command{
		Use:   "aspects FOLDER",
		Short: because.Say(a.lang, "Measure what is read off reviews: aspects, and whether they are praised"),
		Long: because.Say(a.lang, "Reads the reviews of a folder (in the form of ASAP) with the words of the travel pack and holds aspects and polarities against what was annotated, "+
			"beside a logistic regression that is taught on the train part and beside what is usual there. Then it counts the phrases that explanations may quote as a plus though the review does not praise their aspect."),
		Example: "  because eval aspects ./asap-reviews\n  because eval aspects ./asap-reviews --samples 10",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Samples < 0 {
				return because.Errorf(because.ErrInvalid, "--samples must be at least 0.")
			}
			o.Seed = uint64(a.settings.num("seed"))
			r, err := engine.EvaluateAspects(cmd.Context(), args[0], o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(r)
			}
			a.aspectsReport(r)
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.Train, "train", false, because.Say(a.lang, "measure on the part that the words were chosen on"))
	f.IntVar(&o.Samples, "samples", 0, because.Say(a.lang, "how many explanations to show"))
	return cmd
}

// aspectsReport prints the tables.
func (a *app) aspectsReport(r engine.AspectsReport) {
	a.line(because.Say(a.lang, "%d reviews to learn from, %d to be tested on", r.Train, r.Test))
	a.line("")
	head := []string{because.Say(a.lang, "annotated"), because.Say(a.lang, "precision"), because.Say(a.lang, "recall"), "F1", because.Say(a.lang, "polarity right"), because.Say(a.lang, "F1 with polarity"), because.Say(a.lang, "found praised, rightly")}
	row := func(name string, s engine.AspectScore) []string {
		return []string{name, fmt.Sprint(s.Gold), shareIn(s.Precision), shareIn(s.Recall), shareIn(s.F1), shareIn(s.Polarity), shareIn(s.Exact), shareIn(s.Praised)}
	}
	rows := [][]string{append([]string{because.Say(a.lang, "all aspects")}, head...)}
	for _, x := range []struct{ system, name string }{
		{engine.AspectsRules, because.Say(a.lang, "the pack's words")}, {engine.AspectsLinear, because.Say(a.lang, "logistic regression")}, {engine.AspectsUsual, because.Say(a.lang, "what is usual")},
	} {
		rows = append(rows, row(x.name, r.Systems[x.system][""]))
	}
	a.table(rows)
	a.line("")
	rows = [][]string{append([]string{because.Say(a.lang, "the pack's words")}, head...)}
	keys := slices.SortedFunc(maps.Keys(r.Groups), func(x, y string) int {
		if r.Groups[x] != r.Groups[y] {
			return slices.Index(engine.AspectGroups, r.Groups[x]) - slices.Index(engine.AspectGroups, r.Groups[y])
		}
		return r.Systems[engine.AspectsRules][y].Gold - r.Systems[engine.AspectsRules][x].Gold
	})
	for _, k := range keys {
		rows = append(rows, row(engine.AspectLabel(a.lang, k), r.Systems[engine.AspectsRules][k]))
	}
	a.table(rows)
	a.line("")
	q := r.Quotes
	a.line(because.Say(a.lang, "Quoted as a plus: %d phrases of %d reviews. The review praises the aspect of %s, judges %d neither way and blames %d; of %d it was not annotated.", q.Quotes, q.Reviews, shareIn(q.Praised), q.Even, q.Blamed, q.Unspoken))
	for _, x := range r.Samples {
		a.line("")
		a.line(x.Item + "  " + x.Text)
	}
}

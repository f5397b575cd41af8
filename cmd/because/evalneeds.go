package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalNeedsCmd() *cobra.Command {
	var o engine.NeedsOptions
	cmd := &cobra.Command{
		Use:   "needs FOLDER",
		Short: because.Say(a.lang, "Measure how needs are met and told, on a catalogue of places with dialogues"),
		Long: because.Say(a.lang, "Every request of the dialogues is asked twice: with what the traveller said, and with what was annotated. The first place of the list and the guide's are explained; "+
			"what the texts say of each constraint is held against the catalogue. Rankers are fitted without the dialogues that they answer."),
		Example: "  because eval needs ./crosswoz-travel\n  because eval needs ./crosswoz-travel --samples 30 --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Folds < 2 || o.Samples < 0 {
				return because.Errorf(because.ErrInvalid, "--folds must be at least 2, --samples at least 0.")
			}
			o.Seed = uint64(a.settings.num("seed"))
			bar := a.progress()
			r, err := engine.EvaluateNeeds(cmd.Context(), args[0], o, bar.update)
			bar.done()
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(r)
			}
			a.needsReport(r)
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Folds, "folds", 5, because.Say(a.lang, "rankers, each fitted without a part of the dialogues"))
	f.IntVar(&o.Samples, "samples", 0, because.Say(a.lang, "how many texts to show"))
	return cmd
}

// needsReport prints the tables.
func (a *app) needsReport(r engine.NeedsReport) {
	a.line(because.Say(a.lang, "%d places, %d dialogues, %d requests with %d constraints", r.Places, r.Dialogues, r.Requests, r.Wants))
	a.line("")
	rows := [][]string{{because.Say(a.lang, "constraints read from what was said"), because.Say(a.lang, "annotated"), because.Say(a.lang, "precision"), because.Say(a.lang, "recall"), "F1"}}
	slot := func(name string, s engine.NeedsSlots) {
		rows = append(rows, []string{name, fmt.Sprint(s.Annotated), fmt.Sprintf("%.3f", s.Precision), fmt.Sprintf("%.3f", s.Recall), fmt.Sprintf("%.3f", s.F1)})
	}
	for _, f := range slices.Sorted(maps.Keys(r.Kinds)) {
		slot(f, r.Kinds[f])
	}
	slot(because.Say(a.lang, "all"), r.Slots)
	a.table(rows)
	a.line("")
	rows = [][]string{{because.Say(a.lang, "what texts say"), because.Say(a.lang, "texts"), because.Say(a.lang, "satisfied"), because.Say(a.lang, "of them named"), because.Say(a.lang, "failed"), because.Say(a.lang, "of them named as unmet"), because.Say(a.lang, "claimed falsely"), because.Say(a.lang, "said otherwise than annotated")}}
	for _, from := range []string{engine.NeedSaid, engine.NeedAnnotated} {
		x := r.Needs[from]
		rows = append(rows, []string{a.needSource(from), fmt.Sprint(x.Texts), fmt.Sprint(x.Satisfied), shareIn(x.Named), fmt.Sprint(x.Failed), shareIn(x.Admitted), fmt.Sprint(x.False), fmt.Sprint(x.Belied)})
	}
	a.table(rows)
	a.line("")
	rows = [][]string{{because.Say(a.lang, "the guide's choice among the first"), "1", "5", "10"}}
	hits := func(name string, h engine.NeedsHits) {
		rows = append(rows, []string{name, shareIn(h.At1), shareIn(h.At5), shareIn(h.At10)})
	}
	for _, from := range []string{engine.NeedSaid, engine.NeedAnnotated} {
		hits(a.needSource(from), r.Needs[from].Hits)
	}
	hits(because.Say(a.lang, "popularity"), r.Baselines["popularity"])
	hits(because.Say(a.lang, "content (BM25)"), r.Baselines["content"])
	a.table(rows)
	for _, w := range r.Wrong {
		a.line("")
		a.line(because.Say(a.lang, "Claimed falsely in dialogue %s: %s", w.Dialogue, w.Constraint))
		a.line("  " + w.Need)
		a.line("  " + w.Item + ": " + w.Text)
	}
	for _, s := range r.Samples {
		a.line("")
		a.line(s.Need)
		a.line("  " + s.Item + ": " + s.Text)
	}
}

func (a *app) needSource(from string) string {
	if from == engine.NeedSaid {
		return because.Say(a.lang, "what was said")
	}
	return because.Say(a.lang, "what was annotated")
}

func shareIn(x engine.NeedsShare) string {
	return fmt.Sprintf("%.3f [%.3f, %.3f]", x.Mean, x.Low, x.High)
}

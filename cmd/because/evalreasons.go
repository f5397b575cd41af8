package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalReasonsCmd() *cobra.Command {
	var o engine.ReasonsOptions
	cmd := &cobra.Command{
		Use:   "reasons",
		Short: because.Say(a.lang, "Take away what texts cite and see whether their items fall"),
		Long: because.Say(a.lang, "The ranker is replayed as if the reader had not done what a text names, weights and candidates held, and, to compare, without as many other deeds of the same reader drawn at random. "+
			"Ranks are those of the score, before a list is made various."),
		Example: "  because eval reasons\n  because eval reasons --users 500 --per-user 3 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Users < 1 || o.PerUser < 1 {
				return because.Errorf(because.ErrInvalid, "--users and --per-user must be at least 1.")
			}
			o.Seed = uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				var reports []engine.ReasonsReport
				for _, o.Lang = range because.Langs {
					r, err := e.EvaluateReasons(cmd.Context(), o, bar.update)
					if err != nil {
						bar.done()
						return err
					}
					reports = append(reports, r)
				}
				bar.done()
				if a.json {
					return a.printJSON(reports)
				}
				a.reasonsReport(reports)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Users, "users", 200, because.Say(a.lang, "how many readers to ask for"))
	f.IntVar(&o.PerUser, "per-user", 5, because.Say(a.lang, "explanations for each"))
	return cmd
}

// reasonsReport prints one column per language.
func (a *app) reasonsReport(reports []engine.ReasonsReport) {
	share := func(x engine.Interval) string { return fmt.Sprintf("%.3f [%.3f, %.3f]", x.Mean, x.Low, x.High) }
	lines := []struct {
		label string
		value func(engine.ReasonsReport) string
	}{
		{because.Say(a.lang, "texts"), func(r engine.ReasonsReport) string { return fmt.Sprint(r.Texts) }},
		{because.Say(a.lang, "name something that the reader did"), func(r engine.ReasonsReport) string { return share(r.Share) }},
		{because.Say(a.lang, "of these, the item falls without it"), func(r engine.ReasonsReport) string { return share(r.Falls) }},
		{because.Say(a.lang, "falls without other deeds, at random"), func(r engine.ReasonsReport) string { return share(r.Random) }},
		{because.Say(a.lang, "times as often as at random"), func(r engine.ReasonsReport) string { return fmt.Sprintf("%.1f", r.Times) }},
		{because.Say(a.lang, "of these, the score falls without it"), func(r engine.ReasonsReport) string { return share(r.Lower) }},
		{because.Say(a.lang, "score falls at random"), func(r engine.ReasonsReport) string { return share(r.Lowers) }},
		{because.Say(a.lang, "places lost, mean"), func(r engine.ReasonsReport) string { return fmt.Sprintf("%.1f", r.Drop) }},
		{because.Say(a.lang, "places lost at random, mean"), func(r engine.ReasonsReport) string { return fmt.Sprintf("%.1f", r.Drops) }},
		{because.Say(a.lang, "say where it would rank; rightly"), func(r engine.ReasonsReport) string { return fmt.Sprintf("%d; %d", r.Said, r.Valid) }},
		{because.Say(a.lang, "not moved by the reader; speak of their past"), func(r engine.ReasonsReport) string { return fmt.Sprintf("%d; %d", r.Plain, r.Claimed) }},
		{because.Say(a.lang, "one replay, ms"), func(r engine.ReasonsReport) string { return fmt.Sprintf("%.2f", r.Replay) }},
	}
	head := []string{""}
	for _, r := range reports {
		head = append(head, string(r.Lang))
	}
	rows := [][]string{head}
	for _, l := range lines {
		row := []string{l.label}
		for _, r := range reports {
			row = append(row, l.value(r))
		}
		rows = append(rows, row)
	}
	a.table(rows)
}

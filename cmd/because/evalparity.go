package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalParityCmd() *cobra.Command {
	var o engine.ParityOptions
	var source string
	cmd := &cobra.Command{
		Use:   "parity",
		Short: because.Say(a.lang, "Write in Chinese and English on the same facts and see whether both say the same"),
		Long: because.Say(a.lang, "The same reader, item, moment and arm in both languages, on the facts that both have. A pair is the same when the texts state the same facts. "+
			"What one language alone states is counted by kind, and shown."),
		Example: "  because eval parity\n  because eval parity --users 500 --samples 20\n  because eval parity --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Users < 1 || o.PerUser < 1 || o.Samples < 1 {
				return because.Errorf(because.ErrInvalid, "--users, --per-user and --samples must be at least 1.")
			}
			if o.Source = because.Source(source); source != "" && o.Source != because.FromTemplate && o.Source != because.FromEmbedded {
				return because.Errorf(because.ErrInvalid, "There is no source %q here. Choose template or embedded.", source)
			}
			o.Lang, o.Seed = a.lang, uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				r, err := e.EvaluateParity(cmd.Context(), o, bar.update)
				bar.done()
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(r)
				}
				a.parityReport(r)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Users, "users", 200, because.Say(a.lang, "how many readers to ask for"))
	f.IntVar(&o.PerUser, "per-user", 5, because.Say(a.lang, "explanations for each"))
	f.StringVar(&source, "source", "", because.Say(a.lang, "template or embedded, to measure that alone; both where none is named"))
	f.IntVar(&o.Samples, "samples", 5, because.Say(a.lang, "how many pairs that differ to show, of each source"))
	return cmd
}

// parityReport prints one row a source, then what differs.
func (a *app) parityReport(r engine.ParityReport) {
	share := func(x engine.Interval) string { return fmt.Sprintf("%.3f [%.3f, %.3f]", x.Mean, x.Low, x.High) }
	rows := [][]string{{because.Say(a.lang, "written by"), because.Say(a.lang, "pairs"), because.Say(a.lang, "same facts found"), because.Say(a.lang, "same facts stated"), because.Say(a.lang, "both its own"), because.Say(a.lang, "of these, the same")}}
	for _, s := range r.Sources {
		rows = append(rows, []string{a.word(string(s.Source)), fmt.Sprint(s.Pairs), share(s.Found), share(s.Same), fmt.Sprintf("%.3f", s.Wrote), share(s.Within)})
	}
	a.table(rows)
	for _, s := range r.Sources {
		if len(s.Samples) == 0 {
			continue
		}
		var only []string
		for _, kind := range slices.Sorted(maps.Keys(s.Only)) {
			only = append(only, fmt.Sprintf("%s %d/%d", kind, s.Only[kind][0], s.Only[kind][1]))
		}
		a.line("")
		a.line(because.Say(a.lang, "%s: facts that Chinese alone and English alone states: %s", a.word(string(s.Source)), strings.Join(only, ", ")))
		for _, x := range s.Samples {
			a.line(fmt.Sprintf("  %s · %s %s · %s", x.Domain, x.User, x.Item, x.Arm))
			for _, lang := range because.Langs {
				a.line("    " + x.Texts[lang])
				for _, fact := range x.Only[lang] {
					a.line("      + " + fact)
				}
			}
		}
	}
}

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalVerifyCmd() *cobra.Command {
	var o engine.VerifierOptions
	cmd := &cobra.Command{
		Use:   "verify",
		Short: because.Say(a.lang, "Measure the verifier on texts known to be true or false"),
		Long: because.Say(a.lang, "Recall is the share of false texts that the verifier refuses, a false alarm a true text that it refuses, each with its Wilson interval at 95 %. "+
			"Generated texts are written on the data folder's evidence and made false by fourteen operators; written ones are by people who did not see the verifier; fresh ones are withheld from those who work on it, and none of them is shown."),
		Example: "  because eval verify\n  because eval verify --texts 50 --worst 5\n  because eval verify --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Texts < 1 || o.Worst < 0 {
				return because.Errorf(because.ErrInvalid, "--texts must be at least 1, --worst at least 0.")
			}
			o.Seed = uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				r, err := e.EvaluateVerifier(cmd.Context(), o, bar.update)
				bar.done()
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(r)
				}
				a.verifierReport(r)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Texts, "texts", 300, because.Say(a.lang, "clean texts for each domain and script"))
	f.IntVar(&o.Worst, "worst", 20, because.Say(a.lang, "how many cases that were judged wrongly to show"))
	return cmd
}

// verifierReport prints the tables, then the worst cases.
func (a *app) verifierReport(r engine.VerifierReport) {
	for _, source := range engine.Sources {
		a.line(a.sourceName(source))
		a.line("")
		a.table(a.byScript(because.Say(a.lang, "recall by operator"), engine.Operators(), func(op, script string) (engine.VerifierCell, bool) {
			return r.Cell(source, script, engine.All, op, false)
		}))
		a.line("")
		a.table(a.byScript(because.Say(a.lang, "refused at the words that are false"), engine.Operators(), func(op, script string) (engine.VerifierCell, bool) {
			c, ok := r.Cell(source, script, engine.All, op, false)
			c.Share = c.Located
			return c, ok
		}))
		a.line("")
		a.table(a.byScript(because.Say(a.lang, "recall by domain"), r.Domains, func(d, script string) (engine.VerifierCell, bool) {
			return r.Cell(source, script, d, engine.All, false)
		}))
		a.line("")
		a.table(a.byScript(because.Say(a.lang, "false alarms by form"), engine.Paraphrases(), func(op, script string) (engine.VerifierCell, bool) {
			return r.Cell(source, script, engine.All, op, true)
		}))
		a.line("")
		a.table(a.byScript(because.Say(a.lang, "false alarms by domain"), r.Domains, func(d, script string) (engine.VerifierCell, bool) {
			return r.Cell(source, script, d, engine.All, true)
		}))
		a.line("")
	}
	for _, script := range engine.Scripts {
		a.table(a.strata(r, script))
		a.line("")
	}
	if len(r.Worst) > 0 {
		a.line(because.Say(a.lang, "Worst %d of %d texts that were judged wrongly", len(r.Worst), r.Wrong))
	}
	for _, c := range r.Worst {
		a.worstCase(c)
	}
}

func (a *app) sourceName(source string) string {
	switch source {
	case engine.Generated:
		return because.Say(a.lang, "Generated texts")
	case engine.Written:
		return because.Say(a.lang, "Hand-written texts")
	case engine.Fresh:
		return because.Say(a.lang, "Fresh hand-written texts, withheld from those who work on the verifier")
	}
	return because.Say(a.lang, "Generated and hand-written together, the fresh ones apart")
}

// byScript is one row per name and one column per script; names without any text are left out.
func (a *app) byScript(title string, names []string, cell func(name, script string) (engine.VerifierCell, bool)) [][]string {
	rows := [][]string{append([]string{title}, engine.Scripts...)}
	for _, n := range append(names[:len(names):len(names)], engine.All) {
		row, any := []string{a.operatorName(n)}, false
		for _, script := range engine.Scripts {
			c, ok := cell(n, script)
			any = any || ok
			row = append(row, stratum(c, ok))
		}
		if any {
			rows = append(rows, row)
		}
	}
	return rows
}

// strata is one script of both sources: operators down, domains across.
func (a *app) strata(r engine.VerifierReport, script string) [][]string {
	rows := [][]string{append([]string{script}, r.Domains...)}
	add := func(names []string, isTrue bool) {
		for _, n := range names {
			row, any := []string{a.operatorName(n)}, false
			for _, d := range r.Domains {
				c, ok := r.Cell(engine.Both, script, d, n, isTrue)
				any = any || ok
				row = append(row, stratum(c, ok))
			}
			if any {
				rows = append(rows, row)
			}
		}
	}
	add(engine.Operators(), false)
	add(engine.Paraphrases(), true)
	return rows
}

// stratum is a share of texts in percent with its interval and their number.
func stratum(c engine.VerifierCell, ok bool) string {
	if !ok {
		return ""
	}
	return fmt.Sprintf("%.1f [%.1f, %.1f] %d", 100*c.Share.Mean, 100*c.Share.Low, 100*c.Share.High, c.Share.N)
}

// operatorName says an operator or the form of a true text; a domain stays what it is.
func (a *app) operatorName(name string) string {
	words := map[string]string{
		"entity":         because.Say(a.lang, "another item"),
		"number":         because.Say(a.lang, "another number"),
		"unit":           because.Say(a.lang, "another unit"),
		"negation":       because.Say(a.lang, "denied"),
		"history":        because.Say(a.lang, "another deed"),
		"count":          because.Say(a.lang, "another count"),
		"recency":        because.Say(a.lang, "another time"),
		"invented":       because.Say(a.lang, "invented"),
		"superlative":    because.Say(a.lang, "superlative"),
		"promise":        because.Say(a.lang, "promise"),
		"cause":          because.Say(a.lang, "no cause"),
		"other_reader":   because.Say(a.lang, "another reader's"),
		"expired":        because.Say(a.lang, "expired"),
		"disguise":       because.Say(a.lang, "false numeral in another form"),
		"label":          because.Say(a.lang, "right value, wrong label"),
		engine.AsWritten: because.Say(a.lang, "as written"),
		"numerals":       because.Say(a.lang, "numbers in words"),
		"digits":         because.Say(a.lang, "other digits"),
		"order":          because.Say(a.lang, "sentences turned round"),
		"punctuation":    because.Say(a.lang, "other punctuation"),
		engine.All:       because.Say(a.lang, "together"),
	}
	if w, ok := words[name]; ok {
		return w
	}
	return name
}

// worstCase prints a text that was judged wrongly: what is wrong with it, and what the verifier made of it.
func (a *app) worstCase(c engine.VerifierCase) {
	a.line("")
	said := because.Say(a.lang, "let through")
	if c.True {
		said = because.Say(a.lang, "false alarm")
	}
	a.line(fmt.Sprintf("✖ %s · %s · %s · %s · %s", said, c.Script, c.Domain, a.operatorName(c.Operator), c.At))
	a.line("  " + c.Text)
	if c.Wrong != "" {
		a.line("  " + because.Say(a.lang, "wrong: %s", c.Wrong))
	}
	for _, ev := range c.Evidence {
		a.line(fmt.Sprintf("  %-4s %s", ev.ID, ev.Text))
	}
	for _, x := range c.Claims {
		a.line(strings.TrimRight(fmt.Sprintf("  - %s: %s (%s) %s", x.Text, x.Verdict, x.Kind, strings.Join(x.Evidence, " ")), " "))
	}
}

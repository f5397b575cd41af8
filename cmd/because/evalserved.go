package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/trial"
)

func (a *app) evalServedCmd() *cobra.Command {
	var o trial.Options
	var worst int
	var in, texts string
	var writers []string
	cmd := &cobra.Command{
		Use:   "served",
		Short: because.Say(a.lang, "Serve thousands of texts and let an independent checker look for what is false"),
		Long: because.Say(a.lang, "Invents a world, trains on it and asks for explanations as readers would: in all domains and both languages, from the templates, the approved wordings, "+
			"the embedded model, and an endpoint that lies in known ways. A checker that shares no code with the verifier resolves every name, number, date, deed, count and attribute word "+
			"of what is served in the world's own tables. It exits with 3 when something false was served. All data is invented."),
		Example: "  because eval served\n  because eval served --requests 400 --worst 5\n  because eval served --in en --writers embedded --texts texts.jsonl\n  because eval served --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Requests < 1 || o.Users < 1 || worst < 0 {
				return because.Errorf(because.ErrInvalid, "--requests and --users must be at least 1, --worst at least 0.")
			}
			if in != "" {
				var ok bool
				if o.Lang, ok = because.ParseLang(in); !ok {
					return because.Errorf(because.ErrInvalid, "There is no language %q. Choose zh or en.", in)
				}
			}
			for _, w := range writers {
				if !slices.Contains(trial.Sources, because.Source(w)) {
					return because.Errorf(because.ErrInvalid, "There is no writer %q here. Choose template, approved, embedded or llm.", w)
				}
				o.Sources = append(o.Sources, because.Source(w))
			}
			dir, clean, err := demoFolder("")
			if err != nil {
				return err
			}
			defer clean()
			o.Dir, o.Seed, o.Now = dir, uint64(a.settings.num("seed")), a.now()
			var file io.WriteCloser
			if texts != "" {
				if file, err = os.Create(texts); err != nil {
					return because.Errorf(because.ErrInvalid, "The file %s cannot be written.", texts)
				}
				defer func() { err = cmp.Or(err, file.Close()) }()
				o.Texts = file
			}
			bar := a.progress()
			r, err := trial.Run(cmd.Context(), o, bar.update)
			bar.done()
			if err != nil {
				return err
			}
			found := r.False
			r.Worst = r.Worst[:min(worst, len(r.Worst))]
			if a.json {
				err = a.printJSON(r)
			} else {
				a.servedReport(r, found)
			}
			if err == nil && found > 0 {
				return coded{code: exitProblems}
			}
			return err
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Requests, "requests", 10_000, because.Say(a.lang, "explanations to ask for"))
	f.IntVar(&o.Users, "users", 600, because.Say(a.lang, "users of the invented world"))
	f.StringVar(&in, "in", "", because.Say(a.lang, "language of the texts, zh or en; both when left out"))
	f.StringSliceVar(&writers, "writers", nil, because.Say(a.lang, "who is asked to write: template, approved, embedded, llm (the lying endpoint); all when left out"))
	f.IntVar(&worst, "worst", 20, because.Say(a.lang, "how many of the false texts to show"))
	f.StringVar(&texts, "texts", "", because.Say(a.lang, "write every text with its evidence into this file, one line of JSON each"))
	return cmd
}

// servedReport prints one row for each source and language, then the lies, then the false texts.
func (a *app) servedReport(r trial.Report, found int) {
	rows := [][]string{{because.Say(a.lang, "asked for"), because.Say(a.lang, "language"), because.Say(a.lang, "texts"), because.Say(a.lang, "passed"), because.Say(a.lang, "repaired"),
		because.Say(a.lang, "replaced"), because.Say(a.lang, "lies planted"), because.Say(a.lang, "lies served"), because.Say(a.lang, "false"), because.Say(a.lang, "at most")}}
	for _, c := range r.Cells {
		share := func(v because.Verdict) string {
			return fmt.Sprintf("%.1f%%", 100*float64(c.Verdicts[v])/float64(c.Texts))
		}
		rows = append(rows, []string{a.asked(c.Asked), cmp.Or(string(c.Lang), because.Say(a.lang, "together")), fmt.Sprint(c.Texts), share(because.Passed), share(because.Repaired),
			share(because.Replaced), fmt.Sprint(total(c.Planted)), fmt.Sprint(total(c.Shown)), fmt.Sprint(c.False), fmt.Sprintf("%.3f%%", 100*c.Upper)})
	}
	a.table(rows)
	for _, c := range r.Cells {
		if c.Lang != "" {
			continue
		}
		a.line("")
		a.line(a.asked(c.Asked))
		a.line("  " + because.Say(a.lang, "written by: %s", counts(c.Written)))
		if len(c.Steps) > 0 {
			a.line("  " + because.Say(a.lang, "steps of fallbacks: %s", counts(c.Steps)))
		}
		if len(c.Planted) > 0 {
			a.line("  " + because.Say(a.lang, "lies planted: %s; served: %s", counts(c.Planted), cmp.Or(counts(c.Shown), "0")))
		}
		if len(c.Kinds) > 0 {
			a.line("  " + because.Say(a.lang, "findings: %s", counts(c.Kinds)))
		}
	}
	if len(r.Worst) > 0 {
		a.line("")
		a.line(because.Say(a.lang, "%d of %d texts in which something could not be resolved", len(r.Worst), found))
	}
	for _, s := range r.Worst {
		a.line("")
		a.line(fmt.Sprintf("✖ %s · %s · %s · %s · %s %s", s.Source, s.Lang, s.Domain, s.Arm, s.User, s.Item))
		a.line("  " + s.Text)
		for _, f := range s.Findings {
			a.line(fmt.Sprintf("  - %s: %s", f.Kind, f.Words))
		}
		for _, l := range s.Shown {
			a.line("  - " + because.Say(a.lang, "lie (%s): %s", l.Kind, l.Said))
		}
		for _, ev := range s.Evidence {
			a.line(fmt.Sprintf("  %-4s %s", ev.ID, ev.Text))
		}
	}
	a.line("")
	a.line(because.Say(a.lang, "All data is invented (seed %d, %d users); see docs/evaluation.md.", r.Seed, r.Users))
}

// asked says who was asked to write.
func (a *app) asked(s because.Source) string {
	switch s {
	case because.FromTemplate:
		return because.Say(a.lang, "template")
	case because.FromApproved:
		return because.Say(a.lang, "approved wordings")
	case because.FromEmbedded:
		return because.Say(a.lang, "embedded model")
	case because.FromLLM:
		return because.Say(a.lang, "lying endpoint")
	}
	return because.Say(a.lang, "together")
}

func total[K comparable](m map[K]int) int {
	n := 0
	for _, x := range m {
		n += x
	}
	return n
}

// counts lists names with their numbers in the order of the names.
func counts[K ~string](m map[K]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", string(k), m[k]))
	}
	return strings.Join(out, ", ")
}

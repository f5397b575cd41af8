package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

// peerFlags are what eval peers is asked.
type peerFlags struct {
	o                engine.PeersOptions
	sets, out, cache string
	docs             []string
}

func (a *app) evalPeersCmd() *cobra.Command {
	var f peerFlags
	cmd := &cobra.Command{
		Use:   "peers",
		Short: because.Say(a.lang, "Compare explanations from given profiles: the peers' released texts, controls, and ours"),
		Long: because.Say(a.lang, "Reads the sets google-local and amazon-books, lets each system write from the given profiles alone, and measures all texts alike. "+
			"Ours is taught by cross-fitting in five folds: the rows that teach share neither a user nor an item with those that are written."),
		Example: "  because eval peers --sets ../shared/data --out /tmp/peers\n  because eval peers --systems xrec,template --rows 500 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.o.Rows < 0 || f.o.LLMRows < 1 {
				return because.Errorf(because.ErrInvalid, "--rows must be at least 0, --llm-rows at least 1.")
			}
			return a.evalPeers(cmd, f)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.sets, "sets", "../shared/data", because.Say(a.lang, "the folder that holds the sets"))
	fs.StringVar(&f.out, "out", "", because.Say(a.lang, "write an HTML report and the numbers as JSON to this folder"))
	fs.StringVar(&f.cache, "cache", "", because.Say(a.lang, "keep what the taught systems wrote in this folder (default: the user's cache)"))
	fs.StringSliceVar(&f.o.Systems, "systems", nil, because.Say(a.lang, "only these systems"))
	fs.StringSliceVar(&f.docs, "docs", nil, because.Say(a.lang, "write the table between the marks in these files"))
	fs.IntVar(&f.o.Rows, "rows", 0, because.Say(a.lang, "only the first rows of each set; 0 means all"))
	fs.IntVar(&f.o.LLMRows, "llm-rows", 300, because.Say(a.lang, "rows that a language model writes"))
	return cmd
}

func (a *app) evalPeers(cmd *cobra.Command, f peerFlags) error {
	o, err := a.options()
	if err != nil {
		return err
	}
	f.o.Dir, f.o.Seed, f.o.Lang, f.o.LLM = f.sets, o.Seed, a.lang, o.LLM
	if f.o.Cache = f.cache; f.cache == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			f.o.Cache = filepath.Join(dir, "because", "peers")
		}
	}
	bar := a.progress()
	r, err := engine.EvaluatePeers(cmd.Context(), f.o, bar.update)
	bar.done()
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := a.peersFolder(f.out, r); err != nil {
			return err
		}
	}
	if err := writeDocs(f.docs, "eval peers", func(lang because.Lang) string { return peersMarkdown(r, lang) }); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(r)
	}
	for _, s := range r.Sets {
		a.line(peersTitle(s, a.lang))
		a.line("")
		for _, t := range peersTables(s, a.lang) {
			a.table(append([][]string{append([]string{t.Title}, t.Head...)}, t.Body...))
			a.line("")
		}
		for _, line := range peersNotes(s, a.lang) {
			a.line(line)
		}
		a.line("")
	}
	return nil
}

// peersTitle names a set and its size.
func peersTitle(s engine.PeersSet, lang because.Lang) string {
	return because.Say(lang, "%s: %d rows, %d users, %d items", s.Name, s.Rows, s.Users, s.Items)
}

// peersTables are the measures of a set, in tables that fit a page.
func peersTables(s engine.PeersSet, lang because.Lang) []textTable {
	like := textTable{Title: because.Say(lang, "Likeness to the references"), Head: []string{
		because.Say(lang, "rows"), "BLEU-1", "BLEU-4", "R1-F", "R2-F", "RL-F", because.Say(lang, "margin over shuffled"), because.Say(lang, "discriminator right"),
	}}
	truth := textTable{Title: because.Say(lang, "Support and variety"), Head: []string{
		because.Say(lang, "claims supported, %"), because.Say(lang, "claims in a text"), because.Say(lang, "contradicted, %"), because.Say(lang, "names, numbers not given, in 100 texts"),
		"USR", "distinct-2", "self-BLEU-4", because.Say(lang, "tokens"),
	}}
	for _, x := range s.Systems {
		name := peerName(x.System, lang)
		support, judge := x.Support, x.Discriminator
		support.Mean, support.Low, support.High = 100*support.Mean, 100*support.Low, 100*support.High
		like.Body = append(like.Body, []string{
			name, fmt.Sprint(x.Rows), fmt.Sprintf("%.2f", x.BLEU1.Mean), fmt.Sprintf("%.2f", x.BLEU4.Mean), between(x.R1), fmt.Sprintf("%.2f", x.R2.Mean), fmt.Sprintf("%.2f", x.RL.Mean),
			between(x.Margin), fmt.Sprintf("%.3f [%.3f, %.3f]", judge.Mean, judge.Low, judge.High),
		})
		truth.Body = append(truth.Body, []string{
			name, fmt.Sprintf("%.1f [%.1f, %.1f]", support.Mean, support.Low, support.High), fmt.Sprintf("%.1f", x.ClaimsPerText), fmt.Sprintf("%.1f", 100*x.Contradicted),
			fmt.Sprintf("%.1f, %.1f", x.Names, x.Numbers), fmt.Sprintf("%.4f", x.USR), fmt.Sprintf("%.3f", x.Distinct2), fmt.Sprintf("%.1f", x.SelfBLEU.Mean), fmt.Sprintf("%.1f", x.Length),
		})
	}
	return []textTable{like, truth}
}

// peersNotes say how the folds came out and what is missing.
func peersNotes(s engine.PeersSet, lang because.Lang) []string {
	var folds, out []string
	for _, f := range s.Folds {
		folds = append(folds, fmt.Sprintf("%d/%d", f.Train, f.Test))
	}
	out = append(out, because.Say(lang, "Rows that teach / rows that are written, fold by fold: %s. No user and no item is on both sides.", strings.Join(folds, ", ")))
	for _, x := range s.Systems {
		if x.VarietyTexts > 0 {
			out = append(out, because.Say(lang, "distinct-2 and self-BLEU see %d texts.", x.VarietyTexts))
			break
		}
	}
	for _, x := range s.Skipped {
		out = append(out, because.Say(lang, "Not measured: %s (%s).", peerName(x.System, lang), x.Why.In(lang)))
	}
	return out
}

// peerName says what a system does.
func peerName(name string, lang because.Lang) string {
	switch name {
	case "xrec":
		return because.Say(lang, "XRec, released texts")
	case "shuffled":
		return because.Say(lang, "control: XRec's text of another row")
	case "item":
		return because.Say(lang, "control: opening + item profile")
	case "user":
		return because.Say(lang, "control: opening + user profile")
	case "constant":
		return because.Say(lang, "control: one sentence for everybody")
	case "template":
		return because.Say(lang, "ours: patterns, by chance, no references")
	case "trained":
		return because.Say(lang, "ours: taught by cross-fitting")
	case "filtered":
		return because.Say(lang, "ours: taught, with a filter for likeness")
	case "other-reader":
		return because.Say(lang, "ours: taught, with another reader's profile")
	case "embedded":
		return because.Say(lang, "ours: embedded generator")
	case "llm":
		return because.Say(lang, "language model behind an endpoint")
	}
	return name
}

// peersMarkdown are the tables as a document has them.
func peersMarkdown(r engine.PeersReport, lang because.Lang) string {
	var b strings.Builder
	for i, s := range r.Sets {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n", peersTitle(s, lang))
		b.WriteString("\n" + markdown(peersTables(s, lang)))
		b.WriteString("\n")
		for _, line := range peersNotes(s, lang) {
			fmt.Fprintf(&b, "- %s\n", line)
		}
	}
	return b.String()
}

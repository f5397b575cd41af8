package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalExplainCmd() *cobra.Command {
	var o engine.TextsOptions
	var columns []string
	var features, page, entail string
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: because.Say(a.lang, "Measure explanations that any system wrote, beside controls that no model is needed for"),
		Long: because.Say(a.lang, "FILE holds one JSON object a line, packed by gzip or not; - is standard input. Needed: prediction. Wanted: user, item, reference. "+
			"Used when there: evidence, user_profile, item_profile, features, rating, predicted_rating. Other names in Chinese or English are known too. No data folder is needed. "+
			"docs/evaluation.md says what each number means and what fools it."),
		Example: "  because eval explain outputs.jsonl --html report.html\n  because eval explain outputs.jsonl.gz --map prediction=my_text --json\n  zcat outputs.jsonl.gz | because eval explain -",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			o.Name, o.Lang, o.Seed = args[0], a.lang, uint64(a.settings.num("seed"))
			if o.Map, err = mapped(columns); err != nil {
				return err
			}
			if o.Derangements < 1 || o.Sample < 1 || o.EntailRows < 1 {
				return because.Errorf(because.ErrInvalid, "--derangements, --sample and --entail-rows must be at least 1.")
			}
			if entail != "" {
				llms, err := a.judges("--entail", []string{entail})
				if err != nil {
					return err
				}
				o.Entail = &llms[0]
			}
			if o.Features, err = readLines(features); err != nil {
				return err
			}
			in, done, err := a.input(cmd, &o)
			if err != nil {
				return err
			}
			defer done()
			bar := a.progress()
			r, err := engine.EvaluateTexts(cmd.Context(), in, o, bar.update)
			bar.done()
			if err != nil {
				return err
			}
			if page != "" {
				if err := a.write(page, func(w io.Writer) error { return writeTextsPage(w, r, a.lang) }); err != nil {
					return err
				}
				a.talk(because.Say(a.lang, "Wrote %s.", page))
			}
			if a.json {
				return a.printJSON(r)
			}
			if page != "-" {
				a.textsReport(r)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&page, "html", "", because.Say(a.lang, "write a report with plots, in both languages, to this file"))
	f.StringSliceVar(&columns, "map", nil, because.Say(a.lang, "our field = their column, for columns that are not found by name"))
	f.StringVar(&features, "features", "", because.Say(a.lang, "file with the words that count as features, one a line, beside those that rows state"))
	f.IntVar(&o.Derangements, "derangements", 100, because.Say(a.lang, "how often references are shuffled"))
	f.IntVar(&o.Sample, "sample", 5000, because.Say(a.lang, "rows that discriminators and language models see"))
	f.StringVar(&entail, "entail", "", because.Say(a.lang, "MODEL@URL to ask whether what a row states bears its text out, or MODEL at llm.base_url; an opinion beside the numbers"))
	f.IntVar(&o.EntailRows, "entail-rows", 100, because.Say(a.lang, "texts of each language that --entail is asked about, drawn by the seed; it is asked once for every statement"))
	return cmd
}

// mapped are columns of ours with the names that a caller gives them.
func mapped(columns []string) (map[string]string, error) {
	out := map[string]string{}
	for _, c := range columns {
		ours, theirs, ok := strings.Cut(c, "=")
		if !ok {
			return nil, because.Errorf(because.ErrInvalid, "--map wants field=column, not %q.", c)
		}
		out[ours] = theirs
	}
	return out, nil
}

// input opens the file of a command, or standard input for -.
func (a *app) input(cmd *cobra.Command, o *engine.TextsOptions) (io.Reader, func() error, error) {
	if o.Name == "-" {
		o.Name = because.Say(a.lang, "standard input")
		return reader(cmd.Context(), a.stdin), func() error { return nil }, nil
	}
	f, err := os.Open(o.Name)
	if err != nil {
		return nil, nil, because.Errorf(because.ErrNotFound, "%s cannot be read.", o.Name)
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		f.Close()
		return nil, nil, because.Errorf(because.ErrNotFound, "%s cannot be read.", o.Name)
	}
	o.Size = int(info.Size())
	return f, f.Close, nil
}

// readLines are the lines of a file that hold anything; no file has none.
func readLines(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, because.Errorf(because.ErrNotFound, "%s cannot be read.", path)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if s := strings.TrimSpace(line); s != "" {
			out = append(out, s)
		}
	}
	return out, nil
}

// textsReport prints what was measured.
func (a *app) textsReport(r engine.TextsReport) {
	for i, x := range r.Languages {
		if i > 0 {
			a.line("")
		}
		a.line(because.Say(a.lang, "%s, %s: %d texts, %d with a reference, %d users, %d items", r.File, a.langName(x.Lang), x.Rows, x.References, x.Users, x.Items))
		for _, t := range textTables(x, a.lang) {
			a.line("")
			a.table(t.rows())
		}
		if said := engine.Findings(x, a.lang); len(said) > 0 {
			a.line("")
			for _, s := range said {
				a.line("• " + s)
			}
		}
	}
	if len(r.Problems) > 0 {
		a.line("")
		for _, p := range r.Problems {
			a.line("! " + p.Say(a.lang))
		}
	}
}

func (a *app) langName(l because.Lang) string { return langName(l, a.lang) }

func langName(l, in because.Lang) string {
	if l == because.Chinese {
		return because.Say(in, "in Chinese")
	}
	return because.Say(in, "in English")
}

// A textTable is one table of a report: its head, and rows of cells.
type textTable struct {
	Title string
	Head  []string
	Body  [][]string
}

func (t textTable) rows() [][]string {
	return append([][]string{append([]string{t.Title}, t.Head...)}, t.Body...)
}

// textTables are the tables of one language; those that nothing was measured for are left out.
func textTables(x engine.TextReport, lang because.Lang) []textTable {
	var out []textTable
	for _, t := range []textTable{controlTable(x, lang), swapTable(x, lang), familyTable(x, lang), varietyTable(x, lang), likenessTable(x, lang), featureTable(x, lang), truthTable(x, lang)} {
		if len(t.Body) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// between is a number with its interval.
func between(x engine.Interval) string {
	return fmt.Sprintf("%.2f [%.2f, %.2f]", x.Mean, x.Low, x.High)
}

// ahead is a difference with its sign and interval.
func ahead(x engine.Interval) string {
	return fmt.Sprintf("%+.2f [%+.2f, %+.2f]", x.Mean, x.Low, x.High)
}

func controlTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{
		Title: because.Say(lang, "ROUGE-1 F and controls"),
		Head:  []string{because.Say(lang, "score"), because.Say(lang, "ROUGE-2 F"), because.Say(lang, "margin over shuffled"), because.Say(lang, "these texts lead by")},
	}
	m := x.Margin
	if m == nil {
		return t
	}
	t.Body = append(t.Body,
		[]string{because.Say(lang, "these texts"), between(m.Own), between(m.Own2), between(m.Margin), ""},
		[]string{because.Say(lang, "these texts, references of other rows (%d shuffles)", m.Derangements), between(m.Shuffled), between(m.Shuffled2), "", ""})
	for _, c := range x.Controls {
		margin := ""
		if c.Margin != nil {
			margin = between(*c.Margin)
		}
		t.Body = append(t.Body, []string{engine.ControlName(c.Name, lang), between(c.R1), between(c.R2), margin, ahead(c.Lead)})
	}
	return t
}

func swapTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{
		Title: because.Say(lang, "Texts for somebody or something else, ROUGE-1 F"),
		Head:  []string{because.Say(lang, "rows"), because.Say(lang, "own"), because.Say(lang, "swapped"), because.Say(lang, "lost")},
	}
	for _, s := range x.Swaps {
		t.Body = append(t.Body, []string{swapName(s.Name, lang), fmt.Sprint(s.Rows), between(s.Own), between(s.Swapped), ahead(s.Loss)})
	}
	return t
}

func swapName(name string, lang because.Lang) string {
	if name == "user" {
		return because.Say(lang, "another user's text about the same item")
	}
	return because.Say(lang, "the same user's text about another item")
}

func familyTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{
		Title: because.Say(lang, "As public code counts"),
		Head:  []string{"BLEU-1", "BLEU-4", "R1-P", "R1-R", "R1-F", "R2-F", "RL-F"},
	}
	for _, f := range x.Families {
		row := []string{familyName(f.Family, lang)}
		for _, v := range []engine.Interval{f.BLEU1, f.BLEU4, f.R1P, f.R1R, f.R1F, f.R2F, f.RLF} {
			row = append(row, fmt.Sprintf("%.2f", v.Mean))
		}
		t.Body = append(t.Body, row)
	}
	return t
}

func familyName(name string, lang because.Lang) string {
	switch name {
	case "xrec":
		return because.Say(lang, "XRec, G-Refer: parted at blanks")
	case "pepler":
		return because.Say(lang, "PEPLER, CIER: punctuation set off")
	case "peter":
		return because.Say(lang, "PETER: first 15 words of 20 000")
	case "words":
		return because.Say(lang, "by words")
	}
	return because.Say(lang, "by characters")
}

func varietyTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{
		Title: because.Say(lang, "Variety"),
		Head:  []string{because.Say(lang, "these texts"), because.Say(lang, "references")},
	}
	add := func(name, own, real string) { t.Body = append(t.Body, []string{name, own, real}) }
	add(because.Say(lang, "different texts (USR, USN)"), fmt.Sprintf("%.4f, %d", x.USR, x.USN), "")
	real := ""
	if x.References > 0 {
		real = fmt.Sprintf("%.1f", x.ReferenceLength)
	}
	add(because.Say(lang, "tokens in a text"), fmt.Sprintf("%.1f", x.Length), real)
	if o := x.Opening; o != nil {
		real = ""
		if x.RealOpening != nil {
			real = fmt.Sprintf("%.1f %%", 100*x.RealOpening.Share)
		}
		add(because.Say(lang, "begin with the commonest five tokens"), fmt.Sprintf("%.1f %%", 100*o.Share), real)
	}
	for _, d := range x.Diversity {
		by := because.Say(lang, "%s, %d texts", unitName(d.Family, lang), d.Texts)
		cells := [3]string{}
		if d.Real != nil {
			cells = [3]string{fmt.Sprintf("%.4f", d.Real.Distinct1), fmt.Sprintf("%.4f", d.Real.Distinct2), between(d.Real.SelfBLEU)}
		}
		add(because.Say(lang, "distinct-1 (%s)", by), fmt.Sprintf("%.4f", d.Written.Distinct1), cells[0])
		add(because.Say(lang, "distinct-2 (%s)", by), fmt.Sprintf("%.4f", d.Written.Distinct2), cells[1])
		add(because.Say(lang, "self-BLEU-4 (%s)", by), between(d.Written.SelfBLEU), cells[2])
	}
	return t
}

// unitName says what a family's tokens are.
func unitName(family string, lang because.Lang) string {
	if family == "chars" {
		return because.Say(lang, "characters")
	}
	return because.Say(lang, "words")
}

func likenessTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{
		Title: because.Say(lang, "Likeness to the references, on readers not seen before"),
		Head:  []string{because.Say(lang, "value"), because.Say(lang, "learned from"), because.Say(lang, "tried on")},
	}
	for _, d := range x.Discriminators {
		name := because.Say(lang, "discriminator by words, percent right")
		if d.Sees == "characters" {
			name = because.Say(lang, "discriminator by characters, percent right")
		}
		p := d.Accuracy
		p.Mean, p.Low, p.High = 100*p.Mean, 100*p.Low, 100*p.High
		t.Body = append(t.Body, []string{name, between(p), fmt.Sprint(d.Train), fmt.Sprint(d.Test)})
	}
	for _, s := range x.Surprise {
		unit := unitName(s.Family, lang)
		for _, m := range []struct {
			name string
			x    engine.Interval
		}{
			{because.Say(lang, "perplexity of the texts to the references' model (%s)", unit), s.Forward},
			{because.Say(lang, "perplexity of references to the texts' model (%s)", unit), s.Reverse},
			{because.Say(lang, "perplexity of references to the references' model (%s)", unit), s.Real},
		} {
			t.Body = append(t.Body, []string{m.name, between(m.x), fmt.Sprint(s.Train), fmt.Sprint(s.Test)})
		}
	}
	return t
}

func featureTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{Title: because.Say(lang, "Features and ratings"), Head: []string{because.Say(lang, "value")}}
	if f := x.Features; f != nil {
		t.Body = append(t.Body,
			[]string{"FMR", fmt.Sprintf("%.4f", f.FMR)},
			[]string{because.Say(lang, "FCR (of %d features)", f.Features), fmt.Sprintf("%.4f", f.FCR)},
			[]string{because.Say(lang, "DIV (low is diverse)"), fmt.Sprintf("%.4f", f.DIV)})
	}
	if r := x.Ratings; r != nil {
		t.Body = append(t.Body, []string{because.Say(lang, "RMSE, MAE (%d rows)", r.Rows), fmt.Sprintf("%.4f, %.4f", r.RMSE, r.MAE)})
	}
	return t
}

func truthTable(x engine.TextReport, lang because.Lang) textTable {
	t := textTable{
		Title: because.Say(lang, "Statements held against what their rows state"),
		Head:  []string{because.Say(lang, "value"), because.Say(lang, "of")},
	}
	add := func(name, value, of string) { t.Body = append(t.Body, []string{name, value, of}) }
	percent := func(x engine.Interval) string {
		x.Mean, x.Low, x.High = 100*x.Mean, 100*x.Low, 100*x.High
		return between(x)
	}
	if w := x.Truth; w != nil {
		of := because.Say(lang, "%d claims of %d texts", w.Claims, w.Rows)
		add(because.Say(lang, "all words stand there, percent (by words)"), percent(w.Supported), of)
		add(because.Say(lang, "denied there, percent (by words)"), percent(w.Contradicted), of)
		add(because.Say(lang, "names and numbers that stand nowhere, a text"), fmt.Sprintf("%.2f, %.2f", w.Names, w.Numbers), because.Say(lang, "%d texts", w.Rows))
	}
	if e := x.Entailment; e != nil {
		of := because.Say(lang, "%d statements of %d texts", e.Statements-e.Failed, e.Rows)
		add(because.Say(lang, "borne out, percent (%s's opinion)", e.Model), percent(e.Entailed), of)
		add(because.Say(lang, "denied, percent (%s's opinion)", e.Model), percent(e.Contradicted), of)
		add(because.Say(lang, "cost of that opinion, tokens"), fmt.Sprint(e.Tokens), because.Say(lang, "%d statements", e.Statements))
		if e.Failed > 0 {
			add(because.Say(lang, "statements without a verdict"), fmt.Sprint(e.Failed), because.Say(lang, "the last reason: %s", e.Last))
		}
	}
	return t
}

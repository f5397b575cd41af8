package engine

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"because"
	"because/internal/eval"
	"because/internal/text"
)

// TextsOptions say how explanations that anybody's system wrote are evaluated. The zero value is ready.
type TextsOptions struct {
	Name         string            // of the file, for sentences
	Map          map[string]string // our column = theirs, where ours is not found by name
	Lang         because.Lang      // of the problems' sentences
	Seed         uint64
	Size         int      // bytes to come, for progress; 0 when not known
	Derangements int      // 0 means 100
	Sample       int      // rows that discriminators and language models see; 0 means 5000
	Features     []string // the feature set, beside what the rows state
	Entail       *LLM     // an endpoint that is asked whether what a row states bears its text out; nil asks none
	EntailRows   int      // texts of each language that it is asked about; 0 means 100
}

// TextsReport measures explanations, language by language.
type TextsReport struct {
	File      string            `json:"file"`
	Rows      int               `json:"rows"`
	Columns   map[string]string `json:"columns"` // ours -> theirs
	Seed      uint64            `json:"seed"`
	Sample    int               `json:"sample"`
	Problems  []TextProblem     `json:"problems,omitempty"`
	Languages []TextReport      `json:"languages"`
}

// The numbers of a report and their parts, as eval measures them.
type (
	TextReport = eval.TextReport
	Interval   = eval.Interval
	Control    = eval.Control
	Swap       = eval.Swap
	Entailment = eval.Entailment
)

// TextProblem is something about the rows that a person should know before trusting the numbers.
type TextProblem struct {
	Kind    string `json:"kind"`
	Count   int    `json:"count"` // rows
	Lines   []int  `json:"lines,omitempty"`
	Message string `json:"message"`

	rows, zh int // of the file, and those in Chinese
}

// EvaluateTexts reads rows as JSON lines, one explanation each, and measures them. It needs no data folder and holds no
// row for longer than it takes to count it. The first row that cannot be read ends it, with its line in the sentence.
func EvaluateTexts(ctx context.Context, r io.Reader, o TextsOptions, progress Progress) (TextsReport, error) {
	out := TextsReport{File: filepath.Base(o.Name), Seed: o.Seed, Sample: o.Sample}
	if out.Sample == 0 {
		out.Sample = 5000
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	rows, err := newTextRows(r, o)
	if err != nil {
		return out, err
	}
	g := newGathering(o)
	reading := because.Say(o.Lang, "reading")
	for {
		row, err := rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return out, err
		}
		g.add(row)
		if out.Rows++; out.Rows%1000 == 0 {
			progress(reading, min(rows.bytes, max(o.Size, rows.bytes)), o.Size)
			if err := ctx.Err(); err != nil {
				return out, err
			}
		}
	}
	if out.Rows == 0 {
		return out, because.Errorf(because.ErrInvalid, "There are no rows in %s. Each line must be one JSON object with at least a prediction.", o.Name)
	}
	if err := rows.unseen(); err != nil {
		return out, err
	}
	out.Columns = rows.found
	entailed, err := g.entail(ctx, progress) // first: an endpoint that does not answer shall not cost a whole report
	if err != nil {
		return out, err
	}
	for i, lang := range because.Langs {
		progress(because.Say(o.Lang, "measuring"), i, len(because.Langs))
		if g.texts[lang].Len() == 0 {
			continue
		}
		report, err := g.texts[lang].Report(ctx)
		if err != nil {
			return out, fmt.Errorf("measure texts: %w", err)
		}
		report.Entailment = entailed[lang]
		out.Languages = append(out.Languages, report)
	}
	out.Problems = g.problems(out.Rows)
	return out, nil
}

// A gathering sorts rows by language and notes what is strange about them.
type gathering struct {
	o     TextsOptions
	texts map[because.Lang]*eval.Texts
	noted map[string]*TextProblem
	pairs map[[2]string]bool
	users bool
	items bool
}

func newGathering(o TextsOptions) *gathering {
	g := &gathering{o: o, texts: map[because.Lang]*eval.Texts{}, noted: map[string]*TextProblem{}, pairs: map[[2]string]bool{}}
	for _, lang := range because.Langs {
		g.texts[lang] = eval.NewTexts(eval.TextOptions{Lang: lang, Seed: o.Seed, Derangements: o.Derangements, Sample: o.Sample, Features: o.Features})
	}
	return g
}

func (g *gathering) add(r textRow) {
	g.users, g.items = g.users || r.User != "", g.items || r.Item != ""
	written, real := text.Script(r.Prediction), text.Script(r.Reference)
	switch {
	case blank(r.Prediction):
		g.note("empty_prediction", r.line)
	case written == text.Mixed && bothScripts(r.Prediction):
		g.note("mixed_text", r.line)
	case !blank(r.Reference) && written != real && written != text.Mixed && real != text.Mixed:
		g.note("other_language", r.line)
	}
	if blank(r.Reference) {
		g.note("no_reference", r.line)
	}
	if pair := [2]string{r.User, r.Item}; r.User != "" && r.Item != "" {
		if g.pairs[pair] {
			g.note("repeated", r.line)
		}
		g.pairs[pair] = true
	}
	g.texts[languageOf(r)].Add(r.TextRow)
}

func blank(s string) bool { return text.Runes(s) == 0 }

func nonBlank(a, b string) string {
	if blank(a) {
		return b
	}
	return a
}

// bothScripts reports whether a text is in earnest in both languages: a few names in the other are no mixture.
func bothScripts(s string) bool {
	share := text.HanShare(s)
	return share > .2 && share < .8 && text.Len(s) >= 8
}

// linesShown is how many lines a problem names.
const linesShown = 5

func (g *gathering) note(kind string, line int) {
	p := g.noted[kind]
	if p == nil {
		p = &TextProblem{Kind: kind}
		g.noted[kind] = p
	}
	if p.Count++; len(p.Lines) < linesShown {
		p.Lines = append(p.Lines, line)
	}
}

// problems are what was noted, the gravest first.
func (g *gathering) problems(rows int) []TextProblem {
	zh, en := g.texts[because.Chinese].Len(), g.texts[because.English].Len()
	if zh > 0 && en > 0 {
		g.noted["two_languages"] = &TextProblem{Kind: "two_languages", Count: min(zh, en)}
	}
	if !g.users {
		g.noted["no_user"] = &TextProblem{Kind: "no_user", Count: rows}
	}
	if !g.items {
		g.noted["no_item"] = &TextProblem{Kind: "no_item", Count: rows}
	}
	if rows < 30 {
		g.noted["few_rows"] = &TextProblem{Kind: "few_rows", Count: rows}
	}
	var out []TextProblem
	for _, kind := range []string{
		"empty_prediction", "other_language", "mixed_text", "two_languages", "no_reference", "repeated", "no_user", "no_item", "few_rows",
	} {
		if p := g.noted[kind]; p != nil {
			p.rows, p.zh = rows, zh
			p.Message = p.Say(g.o.Lang)
			out = append(out, *p)
		}
	}
	return out
}

// Say is the problem in a sentence: what it is, where, and what to do.
func (p TextProblem) Say(lang because.Lang) string {
	lines := enumerate(p.Lines, p.Count)
	switch p.Kind {
	case "empty_prediction":
		return because.Say(lang, "%d of %d predictions are empty (line %s). Each scores 0, as readers would see nothing; write a text or leave the row out on purpose.", p.Count, p.rows, lines)
	case "other_language":
		return because.Say(lang, "In %d rows prediction and reference are in different languages (line %s). They score near 0; translate neither, but compare within one language.", p.Count, lines)
	case "mixed_text":
		return because.Say(lang, "%d predictions mix Chinese and English in one text (line %s). Words of both count; check that readers were meant to get both.", p.Count, lines)
	case "two_languages":
		return because.Say(lang, "The file holds %d rows in Chinese and %d in English. Each language is measured on its own; the numbers of two languages do not compare.", p.zh, p.rows-p.zh)
	case "no_reference":
		if p.Count == p.rows {
			return because.Say(lang, "No row has a reference, so nothing is compared: only variety, features and ratings are measured. Add a column reference for the rest.")
		}
		return because.Say(lang, "%d of %d rows have no reference (line %s). They are left out wherever a reference is needed.", p.Count, p.rows, lines)
	case "repeated":
		return because.Say(lang, "%d rows repeat a user and item that came before (line %s). Each counts; leave the repetitions out if that was not meant.", p.Count, lines)
	case "no_user":
		return because.Say(lang, "No row names a user: intervals are over rows instead of readers and look too narrow, and texts cannot be swapped between users. Add a column user.")
	case "no_item":
		return because.Say(lang, "No row names an item, so texts cannot be swapped between items. Add a column item.")
	}
	return because.Say(lang, "There are only %d rows: the intervals are wide, and discriminators and language models learn next to nothing. A few hundred rows are better.", p.Count)
}

// enumerate is a few lines, and dots where there are more.
func enumerate(lines []int, count int) string {
	s := ""
	for i, n := range lines {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprint(n)
	}
	if count > len(lines) {
		s += ", …"
	}
	return s
}

// Findings are what the numbers of one language come to, in sentences. None says more than its interval allows.
func Findings(r TextReport, lang because.Lang) []string {
	var out []string
	if m := r.Margin; m != nil && m.Own.Mean > 0 {
		out = append(out, because.Say(lang, "%.0f %% of ROUGE-1 is kept when every text is held against another row's reference: that part is the template. What speaks of the row is %.2f points (95 %% between %.2f and %.2f).",
			100*m.Shuffled.Mean/m.Own.Mean, m.Margin.Mean, m.Margin.Low, m.Margin.High))
	}
	for _, c := range r.Controls {
		out = append(out, controlFinding(*c, lang)...)
	}
	for _, s := range r.Swaps {
		out = append(out, swapFinding(*s, lang))
	}
	if d := r.Diversity; len(d) > 0 && d[0].Real != nil && d[0].Written.SelfBLEU.Low > d[0].Real.SelfBLEU.High {
		out = append(out, because.Say(lang, "The texts repeat each other more than the references do: self-BLEU %.0f against %.0f.", d[0].Written.SelfBLEU.Mean, d[0].Real.SelfBLEU.Mean))
	}
	if i := sharpest(r); i >= 0 {
		x := r.Discriminators[i].Accuracy
		switch {
		case x.Low > .5:
			out = append(out, because.Say(lang, "A discriminator that has never seen these readers tells the texts from the references in %.0f %% of cases (95 %% between %.0f and %.0f; chance is 50).", 100*x.Mean, 100*x.Low, 100*x.High))
		default:
			out = append(out, because.Say(lang, "A small discriminator does not tell the texts from the references (%.0f %%, chance is 50).", 100*x.Mean))
		}
	}
	if x := r.Entailment; x != nil && x.Entailed.N > 0 {
		out = append(out, because.Say(lang, "%s takes %.0f %% of %d statements to be borne out by what their rows state and %.0f %% to be denied by it. That is one model's opinion; nothing else here depends on it.",
			x.Model, 100*x.Entailed.Mean, x.Statements-x.Failed, 100*x.Contradicted.Mean))
	}
	return out
}

// sharpest is the discriminator that is right most often, −1 without one.
func sharpest(r TextReport) int {
	best := -1
	for i, d := range r.Discriminators {
		if best < 0 || d.Accuracy.Mean > r.Discriminators[best].Accuracy.Mean {
			best = i
		}
	}
	return best
}

// controlFinding says of a control that it beats the texts, or comes close; of one that does not it says nothing.
func controlFinding(c Control, lang because.Lang) []string {
	name := ControlName(c.Name, lang)
	switch {
	case c.Lead.High < -visible:
		return []string{because.Say(lang, "A text that needs no model scores more than these: %s, by %.2f points of ROUGE-1.", name, -c.Lead.Mean)}
	case c.Lead.Low <= visible:
		return []string{because.Say(lang, "A text that needs no model scores as much as these: %s.", name)}
	}
	return nil
}

// ControlName says what a control does.
func ControlName(name string, lang because.Lang) string {
	switch name {
	case "opening":
		return because.Say(lang, "the fixed opening of the references and nothing more")
	case "constant":
		return because.Say(lang, "one sentence said to everybody")
	case "item":
		return because.Say(lang, "the opening and the item's profile, repeated")
	case "user":
		return because.Say(lang, "the opening and the user's profile, repeated")
	}
	return because.Say(lang, "the opening and the evidence, repeated")
}

// visible is half of the last digit that is printed: less is said to be nothing.
const visible = .005

func swapFinding(s Swap, lang because.Lang) string {
	lost := s.Loss.Low > visible
	switch {
	case s.Name == "user" && lost:
		return because.Say(lang, "A text written for another user about the same item scores %.2f points less (%d rows): that part is personal.", s.Loss.Mean, s.Rows)
	case s.Name == "user":
		return because.Say(lang, "A text written for another user about the same item scores no less (%d rows; loss between %.2f and %.2f): nothing personal shows.", s.Rows, s.Loss.Low, s.Loss.High)
	case lost:
		return because.Say(lang, "A text written for the same user about another item scores %.2f points less (%d rows): that part speaks of the item.", s.Loss.Mean, s.Rows)
	}
	return because.Say(lang, "A text written for the same user about another item scores no less (%d rows; loss between %.2f and %.2f): it does not show which item is meant.", s.Rows, s.Loss.Low, s.Loss.High)
}

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) explainCmd() *cobra.Command {
	var r engine.ExplainRequest
	var c circumstances
	var compare bool
	var batch, format, replay string
	cmd := &cobra.Command{
		Use:   "explain",
		Short: because.Say(a.lang, "Explain one recommendation"),
		Example: "  because explain --user u_lin --item shop_0007\n  because explain --need \"我最近在寻找一款智能手表\"\n" +
			"  because explain --user u_lin --item shop_0007 --compare\n  because explain --batch pairs.jsonl > out.jsonl\n" +
			"  because explain --user u_lin --item shop_0007 --format mermaid\n  because explain --replay imp_…",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if r.Context, r.Timeout, err = a.request(c); err != nil {
				return err
			}
			if a.json {
				format = "json"
			}
			if format != "text" && format != "json" && format != "mermaid" {
				return because.Errorf(because.ErrInvalid, "There is no format %q. Choose text, json or mermaid.", format)
			}
			if replay != "" && (r.User != "" || r.Item != "" || r.Need != "" || batch != "" || compare || r.Log || format == "mermaid") {
				return because.Errorf(because.ErrInvalid, "--replay stands alone: the impression says what was asked.")
			}
			r.Lang, r.Counterfactuals = a.lang, true
			e, err := a.open(cmd.Context(), !r.Log)
			if err != nil {
				return err
			}
			defer e.Close()
			switch {
			case replay != "":
				a.json = format == "json"
				return a.replay(cmd.Context(), e, replay)
			case batch != "":
				return a.explainBatch(cmd.Context(), e, r, batch)
			case compare:
				return a.compare(cmd.Context(), e, r)
			}
			x, err := e.Explain(cmd.Context(), r)
			if err != nil {
				return err
			}
			switch format {
			case "json":
				return a.printJSON(x)
			case "mermaid":
				name := x.Item
				if it, err := e.Item(cmd.Context(), x.Item); err == nil {
					name = it.Name.In(a.lang)
				}
				a.line(mermaid(x, name, a.lang))
			default:
				if it, err := e.Item(cmd.Context(), x.Item); err == nil {
					a.line(fmt.Sprintf("%s  (%s)", it.Name.In(a.lang), x.Item))
				}
				a.explanation(x)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.User, "user", "", because.Say(a.lang, "the reader; leave out for a visitor"))
	f.StringVar(&r.Item, "item", "", because.Say(a.lang, "the item"))
	f.StringVar(&r.Need, "need", "", because.Say(a.lang, "what the reader is looking for, in their own words"))
	f.StringVar(&r.Domain, "domain", "", because.Say(a.lang, "where to look for a need"))
	f.StringVar((*string)(&r.Style), "style", "", because.Say(a.lang, "short, detail, contrast, data, warm or push"))
	f.StringVar((*string)(&r.Lead), "lead", "", because.Say(a.lang, "kind of evidence that leads, such as bought or need"))
	f.StringVar(&r.Source, "source", "auto", because.Say(a.lang, "auto, template, embedded or llm"))
	f.BoolVar(&r.Impersonal, "no-personal", false, because.Say(a.lang, "use nothing about the reader"))
	f.BoolVar(&r.Log, "log", false, because.Say(a.lang, "store the impression, as the API does"))
	f.BoolVar(&compare, "compare", false, because.Say(a.lang, "let every source write on the same evidence"))
	f.StringVar(&batch, "batch", "", because.Say(a.lang, "file of {\"user\",\"item\"} lines; - for standard input"))
	f.StringVar(&replay, "replay", "", because.Say(a.lang, "impression to write and judge again, from what was stored of it"))
	f.StringVar(&format, "format", "text", because.Say(a.lang, "text, json or mermaid"))
	c.flags(cmd, a.lang)
	return cmd
}

// explainBatch explains one {"user", "item", "need", "style"} per line and prints one JSON line for each.
func (a *app) explainBatch(ctx context.Context, e *engine.Engine, r engine.ExplainRequest, path string) error {
	in := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return because.Errorf(because.ErrNotFound, "%s cannot be read.", path)
		}
		defer f.Close()
		in = f
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	lines, bad := bufio.NewReaderSize(in, 1<<16), 0
	for n := 1; ; n++ {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			if werr := a.explainLine(ctx, e, r, line, n, enc); werr != nil {
				bad++
				msg, ok := because.Message(werr, a.lang)
				if !ok {
					return werr
				}
				fmt.Fprintln(a.stderr, harmless(because.Say(a.lang, "line %d: %s", n, msg)))
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	if bad > 0 {
		return coded{exitProblems, nil}
	}
	return nil
}

func (a *app) explainLine(ctx context.Context, e *engine.Engine, r engine.ExplainRequest, line string, n int, enc *json.Encoder) error {
	var row struct {
		User, Item, Need string
		Style            because.Style
		Lang             because.Lang
	}
	if err := json.Unmarshal([]byte(line), &row); err != nil {
		return because.Errorf(because.ErrInvalid, "This is not a JSON object with user and item.")
	}
	r.User, r.Item, r.Need = row.User, row.Item, row.Need
	if row.Style != "" {
		r.Style = row.Style
	}
	if row.Lang != "" {
		r.Lang = row.Lang
	}
	x, err := e.Explain(ctx, r)
	if err != nil {
		return err
	}
	return enc.Encode(x)
}

// compare prints what every source wrote on the same evidence, side by side.
func (a *app) compare(ctx context.Context, e *engine.Engine, r engine.ExplainRequest) error {
	all, err := e.Compare(ctx, r)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(all)
	}
	rows := [][]string{{because.Say(a.lang, "source"), because.Say(a.lang, "verdict"), "ms", because.Say(a.lang, "text")}}
	for _, c := range all {
		verdict, text := "—", c.Reason
		if c.Explanation != nil {
			verdict, text = a.word(string(c.Explanation.Verdict)), c.Explanation.Text
			if c.Reason != "" {
				text = c.Reason
			}
		}
		rows = append(rows, []string{a.word(string(c.Source)), verdict, fmt.Sprintf("%.1f", c.TookMS), text})
	}
	a.table(rows)
	return nil
}

// mermaid draws the reader's causes -> item with their shares; what carries less than half a percent is left out.
func mermaid(x because.Explanation, name string, lang because.Lang) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	fmt.Fprintf(&b, "  you((\"%s\"))\n  item[\"%s\"]\n", quote(because.Say(lang, "you")), quote(name))
	for _, ev := range append(append([]because.Evidence{}, x.Evidence...), x.Unused...) {
		if math.Abs(ev.Share) < .005 {
			continue
		}
		node, arrow := ev.ID, "-->"
		if ev.Share < 0 {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  %s[\"%s\"]\n", node, quote(ev.Text))
		switch origin, _, _ := strings.Cut(ev.Origin, ":"); origin {
		case "interaction", "profile", "request":
			fmt.Fprintf(&b, "  you --> %s\n", node)
		}
		label := fmt.Sprintf("%.0f %%", 100*ev.Share)
		for _, c := range x.Counterfactuals {
			if c.Evidence == ev.ID && c.Rank != c.Was {
				label += because.Say(lang, "; without it %d, not %d", c.Rank, c.Was)
			}
		}
		fmt.Fprintf(&b, "  %s %s|\"%s\"| item\n", node, arrow, label)
	}
	return strings.TrimRight(b.String(), "\n")
}

// quote makes text safe inside a mermaid label.
func quote(s string) string {
	return strings.NewReplacer("\"", "#quot;", "\n", " ", "<", "#lt;", ">", "#gt;", "[", "#91;", "]", "#93;").Replace(s)
}

func (a *app) verifyCmd() *cobra.Command {
	var r engine.CheckRequest
	cmd := &cobra.Command{
		Use:     "verify",
		Short:   because.Say(a.lang, "Check a text claim by claim against the evidence"),
		Example: "  because verify --user u_lin --item shop_0007 --text \"这款能撑 30 天\"\n  echo \"…\" | because verify --item shop_0007 --text -",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.Text == "-" {
				b, err := io.ReadAll(io.LimitReader(a.stdin, 1<<16))
				if err != nil {
					return fmt.Errorf("read standard input: %w", err)
				}
				r.Text = string(b)
			}
			r.Lang = a.lang
			e, err := a.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer e.Close()
			out, err := e.Check(cmd.Context(), r)
			if err != nil {
				return err
			}
			if a.json {
				err = a.printJSON(out)
			} else {
				a.checked(out)
			}
			if err == nil && !out.OK {
				return coded{exitProblems, nil}
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.User, "user", "", because.Say(a.lang, "the reader; leave out for a visitor"))
	f.StringVar(&r.Item, "item", "", because.Say(a.lang, "the item"))
	f.StringVar(&r.Need, "need", "", because.Say(a.lang, "what the reader is looking for, in their own words"))
	f.StringVar(&r.Text, "text", "", because.Say(a.lang, "the text; - for standard input"))
	return cmd
}

func (a *app) checked(out engine.Checked) {
	for _, c := range out.Claims {
		mark := map[because.ClaimVerdict]string{because.Supported: "✔", because.Contradicted: "✖", because.Unverifiable: "?"}[c.Verdict]
		a.line(fmt.Sprintf("%s %s  %s", mark, c.Text, c.Reason))
	}
	switch {
	case out.OK:
		a.line(because.Say(a.lang, "Every claim is supported."))
	case out.Repaired != "":
		a.line(because.Say(a.lang, "Not everything holds. This could be shown: %s", out.Repaired))
	default:
		a.line(because.Say(a.lang, "Nothing of it could be shown."))
	}
}

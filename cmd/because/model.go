package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) modelCmd() *cobra.Command {
	return a.group("model", because.Say(a.lang, "List the trained models and choose the one that serves"),
		a.modelListCmd(), a.modelShowCmd(), a.modelPromoteCmd(), a.modelRollbackCmd(), a.modelExportCmd(), a.modelQuantiseCmd(), a.modelPruneCmd())
}

func (a *app) modelListCmd() *cobra.Command {
	return a.one("list", because.Say(a.lang, "List the trained models"), "  because model list\n  because model list --json", true,
		func(_ *cobra.Command, e *engine.Engine, _ []string) error {
			models, err := e.Models()
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(models)
			}
			rows := [][]string{{"", because.Say(a.lang, "model"), because.Say(a.lang, "kind"), because.Say(a.lang, "created")}}
			for _, m := range models {
				mark := ""
				if m.Current {
					mark = "*"
				}
				rows = append(rows, []string{mark, m.ID, a.kindOfModel(m.Kind), m.Created.Format("2006-01-02 15:04:05")})
			}
			a.table(rows)
			if m, ok := engine.Shipped(); ok {
				a.talk(because.Say(a.lang, "The language model in the binary is %s.", m.ID))
			}
			return nil
		})
}

// kindOfModel says a kind of model.
func (a *app) kindOfModel(kind string) string {
	switch kind {
	case "ranker":
		return because.Say(a.lang, "ranker")
	case "lm":
		return because.Say(a.lang, "language model (lm)")
	}
	return kind
}

func (a *app) modelShowCmd() *cobra.Command {
	return a.one("show MODEL", because.Say(a.lang, "What a model is made of and how good it is"), "  because model show lm-0123456789ab\n  because model show ranker-0123456789ab --json", true,
		func(_ *cobra.Command, e *engine.Engine, args []string) error {
			m, err := e.Model(args[0])
			if err != nil {
				return err
			}
			if a.json {
				err = a.printJSON(m)
			} else {
				a.modelView(m)
			}
			if err == nil && !m.Whole {
				return coded{exitProblems, nil}
			}
			return err
		})
}

func (a *app) modelView(m engine.ModelView) {
	serves := because.Say(a.lang, "no")
	if m.Current {
		serves = because.Say(a.lang, "yes")
	}
	a.table([][]string{
		{because.Say(a.lang, "model"), m.ID},
		{because.Say(a.lang, "kind"), a.kindOfModel(m.Kind)},
		{because.Say(a.lang, "serves"), serves},
		{because.Say(a.lang, "created"), m.Created.Format("2006-01-02 15:04:05")},
		{because.Say(a.lang, "seed"), fmt.Sprint(m.Seed)},
		{because.Say(a.lang, "data"), m.Data},
		{because.Say(a.lang, "code"), m.Code},
		{because.Say(a.lang, "rests on the rows of"), because.Say(a.lang, "%d users", m.Users)},
	})
	a.line("")
	if m.Tuning != nil {
		a.line(because.Say(a.lang, "Tuned from %s.", m.Tuning.From))
		a.tuning(*m.Tuning, m.Metrics)
		a.line("")
	}
	if m.Taught != nil {
		a.taught(*m.Taught)
		a.line("")
	}
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(m.Metrics)) {
		rows = append(rows, []string{name, number(m.Metrics[name])})
	}
	a.table(rows)
	a.line("")
	rows = nil
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		rows = append(rows, []string{name, bytesOf(m.Sizes[name]), m.Files[name][:min(12, len(m.Files[name]))]})
	}
	a.table(rows)
	if !m.Whole {
		a.line(because.Say(a.lang, "Damaged: its files are not what they were when it was written."))
	}
}

// number prints a whole number whole and any other with four digits.
func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.4g", v)
}

// bytesOf prints a size.
func bytesOf(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

func (a *app) modelPromoteCmd() *cobra.Command {
	return a.one("promote MODEL", because.Say(a.lang, "Serve another model"), "  because model promote ranker-0123456789ab\n  because model promote ranker-0123456789ab --json", false,
		func(_ *cobra.Command, e *engine.Engine, args []string) error {
			if err := e.Promote(args[0]); err != nil {
				return err
			}
			return a.did(because.Say(a.lang, "%s serves now.", args[0]), map[string]any{"model": args[0], "current": true})
		})
}

func (a *app) modelRollbackCmd() *cobra.Command {
	kind := ""
	cmd := a.one("rollback", because.Say(a.lang, "Serve the model that served before"), "  because model rollback\n  because model rollback --kind lm", false,
		func(_ *cobra.Command, e *engine.Engine, _ []string) error {
			from, to, err := e.Rollback(kind)
			if err != nil {
				return err
			}
			said := because.Say(a.lang, "%s serves again, in the place of %s.", to, from)
			if to == engine.ShippedLM {
				said = because.Say(a.lang, "No language model of the data folder serves any more in the place of %s; the one in the binary writes where it is asked for.", from)
			}
			return a.did(said, map[string]any{"model": to, "was": from})
		})
	cmd.Flags().StringVar(&kind, "kind", "", because.Say(a.lang, "lm or ranker; empty takes back the latest promotion of either"))
	return cmd
}

func (a *app) modelExportCmd() *cobra.Command {
	var o engine.ExportOptions
	cmd := a.one("export MODEL", because.Say(a.lang, "Write a language model for other programs"),
		"  because model export lm-0123456789ab --format gguf --as q8_0 --out exported\n  because model export lm-0123456789ab --format safetensors --out exported", true,
		func(_ *cobra.Command, e *engine.Engine, args []string) error {
			if o.Dir == "" {
				return because.Errorf(because.ErrInvalid, "Say where to write the model: --out FOLDER")
			}
			x, err := e.ExportLM(args[0], o)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(x)
			}
			for _, path := range slices.Sorted(maps.Keys(x.Files)) {
				a.line(path + "  " + bytesOf(x.Files[path]))
			}
			a.talk(because.Say(a.lang, "Such a file has no place for: %s. What reads it writes without knowing the reader, and nothing checks its texts.", strings.Join(a.parts(x.Left), ", ")))
			if x.Soft > 0 {
				a.talk(because.Say(a.lang, "The soft tokens became %d tokens, <soft1> and so on, that stand between the prompt and <text>; they say that nothing is known of the reader.", x.Soft))
			}
			return nil
		})
	f := cmd.Flags()
	f.StringVar(&o.Format, "format", "safetensors", because.Say(a.lang, "safetensors (a folder for transformers) or gguf (a file for llama.cpp)"))
	f.StringVar(&o.As, "as", "f32", because.Say(a.lang, "how weights are stored: f32, f16, bf16 (safetensors) or q8_0 (gguf)"))
	f.StringVar(&o.Dir, "out", "", because.Say(a.lang, "folder to write"))
	return cmd
}

// parts says the parts of a language model.
func (a *app) parts(names []string) []string {
	words := map[string]string{
		"encoder":       because.Say(a.lang, "the encoder of behaviour"),
		"heads":         because.Say(a.lang, "the heads"),
		"discriminator": because.Say(a.lang, "the discriminator"),
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = words[n]
	}
	return out
}

func (a *app) modelQuantiseCmd() *cobra.Command {
	return a.one("quantise MODEL", because.Say(a.lang, "Store a language model in 8 bits, and say what that costs"), "  because model quantise lm-0123456789ab\n  because model quantise lm-0123456789ab --json", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			bar := a.progress()
			defer bar.done()
			q, err := e.QuantiseLM(cmd.Context(), args[0], bar.update)
			if err != nil {
				return err
			}
			bar.finish()
			if a.json {
				return a.printJSON(q)
			}
			a.table([][]string{
				{"", "float32", "int8"},
				{because.Say(a.lang, "size"), bytesOf(q.Float32), fmt.Sprintf("%s (÷ %.2f)", bytesOf(q.Int8), float64(q.Float32)/float64(max(1, q.Int8)))},
				{because.Say(a.lang, "loss (nats per token)"), optional(q.Before), optional(q.After)},
				{because.Say(a.lang, "perplexity"), perplexity(q.Before), perplexity(q.After)},
			})
			a.measuredOn(q.Pairs, q.On)
			if q.Made == "" {
				a.talk(because.Say(a.lang, "%s is stored in 8 bits already.", q.Model))
				if q.Before == nil && q.Pairs > 0 {
					a.talk(because.Say(a.lang, "The weights in 32 bits that it was made of are gone with its run."))
				}
				return nil
			}
			a.line(because.Say(a.lang, "Wrote model %s.", q.Made))
			a.next("because model promote " + q.Made)
			return nil
		})
}

// measuredOn says what losses were measured on.
func (a *app) measuredOn(pairs int, on string) {
	switch {
	case pairs == 0:
		a.talk(because.Say(a.lang, "There is nothing to measure losses on: the model's run is gone and the data folder has no trained ranker."))
	case on == "data":
		a.talk(because.Say(a.lang, "Losses are measured on %d texts made of the data folder.", pairs))
	default:
		a.talk(because.Say(a.lang, "Losses are measured on %d texts of run %s on readers that training did not see.", pairs, on))
	}
}

func optional(loss *float64) string {
	if loss == nil {
		return "—"
	}
	return fmt.Sprintf("%.4f", *loss)
}

func perplexity(loss *float64) string {
	if loss == nil {
		return "—"
	}
	return fmt.Sprintf("%.3f", math.Exp(*loss))
}

func (a *app) modelPruneCmd() *cobra.Command {
	var method string
	var share float64
	cmd := a.one("prune MODEL", because.Say(a.lang, "Make a model of a language model that lacks its least important weights"),
		"  because model prune lm-0123456789ab --method magnitude --share 0.3\n  because model prune lm-0123456789ab --method wanda --share 0.5 --json", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			bar := a.progress()
			defer bar.done()
			p, err := e.PruneLM(cmd.Context(), args[0], method, share, bar.update)
			if err != nil {
				return err
			}
			bar.finish()
			if a.json {
				return a.printJSON(p)
			}
			rows := [][]string{{because.Say(a.lang, "matrix"), because.Say(a.lang, "shape"), because.Say(a.lang, "zeros")}}
			for _, t := range p.Tensors {
				rows = append(rows, []string{t.Name, strings.Trim(fmt.Sprint(t.Shape), "[]"), fmt.Sprintf("%.1f %%", 100*t.Sparsity)})
			}
			a.table(rows)
			a.line(because.Say(a.lang, "%d of %d weights are zero (%.1f %%).", p.Zeros, p.Weights, 100*float64(p.Zeros)/float64(max(1, p.Weights))))
			if p.Pairs > 0 {
				a.line(because.Say(a.lang, "Loss %.4f → %.4f, perplexity %.3f → %.3f (× %.3f)", p.LossBefore, p.LossAfter, math.Exp(p.LossBefore), math.Exp(p.LossAfter), p.PerplexityRatio))
			}
			a.measuredOn(p.Pairs, p.On)
			a.talk(because.Say(a.lang, "Zeros alone make a model neither faster nor smaller; they are for files that are packed and for programs that skip them."))
			a.line(because.Say(a.lang, "Wrote model %s.", p.Made))
			a.next("because model promote " + p.Made)
			return nil
		})
	f := cmd.Flags()
	f.StringVar(&method, "method", "magnitude", because.Say(a.lang, "magnitude (the smallest weights go) or wanda (the smallest by weight times input)"))
	f.Float64Var(&share, "share", .3, because.Say(a.lang, "share of each layer's weights that becomes zero"))
	return cmd
}

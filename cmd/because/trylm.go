package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) lmCmd() *cobra.Command {
	return a.group("lm", because.Say(a.lang, "Look at what the language model writes"), a.lmSampleCmd(), a.lmEvalCmd(), a.lmHeldOutCmd())
}

func (a *app) lmSampleCmd() *cobra.Command {
	var r engine.ExplainRequest
	var of string
	var k int
	var heat float64
	cmd := &cobra.Command{
		Use:     "sample",
		Short:   because.Say(a.lang, "Let the language model that serves write on the evidence of one reader and item"),
		Long:    because.Say(a.lang, "Prints the prompt with its slot tokens, and each sample with the discriminator's probability that a person wrote it, the text with its slots filled, and the verdict. Nothing is stored."),
		Example: "  because lm sample --prompt-of u_lin,shop_0007\n  because lm sample --prompt-of u_lin,shop_0007 --lang en --style detail --samples 8 --temperature 1",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var ok bool
			if r.User, r.Item, ok = strings.Cut(of, ","); !ok || r.Item == "" {
				return because.Errorf(because.ErrInvalid, "Say whom to write for and what about: --prompt-of USER,ITEM")
			}
			r.Lang = a.lang
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				out, err := e.SampleLM(cmd.Context(), r, k, heat)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(out)
				}
				a.samples(out)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&of, "prompt-of", "", because.Say(a.lang, "reader and item, as USER,ITEM; without USER a visitor"))
	f.IntVar(&k, "samples", 4, because.Say(a.lang, "how many texts"))
	f.Float64Var(&heat, "temperature", 0, because.Say(a.lang, "how freely tokens are drawn; 0 takes the temperature that serves"))
	f.StringVar((*string)(&r.Style), "style", "", because.Say(a.lang, "short, detail, contrast, data, warm or push"))
	f.StringVar((*string)(&r.Lead), "lead", "", because.Say(a.lang, "kind of evidence that leads, such as bought or need"))
	f.StringVar(&r.Need, "need", "", because.Say(a.lang, "what the reader is looking for, in their own words"))
	return cmd
}

func (a *app) samples(out engine.LMSamples) {
	a.line(because.Say(a.lang, "model: %s · domain: %s · arm: %s", out.Model, out.Domain, out.Arm))
	a.line(because.Say(a.lang, "prompt: %s", out.Prompt))
	for i, s := range out.Samples {
		a.line("")
		if s.Text == "" {
			a.line(fmt.Sprintf("%d  %s", i+1, because.Say(a.lang, "cannot be read · log-probability %.2f", s.Likelihood)))
			a.line("   " + plain(s.Tokens))
			continue
		}
		a.line(fmt.Sprintf("%d  D %.3f · %s", i+1, s.D, because.Say(a.lang, "log-probability %.2f · verdict: %s", s.Likelihood, a.word(string(s.Verdict)))))
		a.line("   " + plain(s.Tokens))
		a.line("   " + plain(s.Text))
		for _, c := range s.Claims {
			if c.Verdict != because.Supported {
				a.line("   ✖ " + c.Text + "  " + c.Reason)
			}
		}
		switch {
		case s.Loose != "":
			a.line("   ✖ " + because.Say(a.lang, "Nobody wrote these words for where they stand: %s", plain(s.Loose)))
		case s.Shown != "":
			a.line("   → " + s.Shown)
		case s.Reason != "":
			a.line("   ✖ " + s.Reason)
		}
	}
	if out.Approved {
		a.talk(because.Say(a.lang, "In this domain only approved wordings are shown: they say the facts that the best sample chose, in its order."))
	}
}

// plain is what a model wrote without what would move the cursor.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '·'
		}
		return r
	}, s)
}

func (a *app) lmEvalCmd() *cobra.Command {
	var o engine.LMEvalOptions
	cmd := &cobra.Command{
		Use:     "eval",
		Short:   because.Say(a.lang, "Measure the language model that serves on texts made of the data folder"),
		Long:    because.Say(a.lang, "Writes texts on the evidence of the data folder with the hand-written patterns and measures on them: loss and perplexity of the model, the share of its drafts that the verifier passes as they stand, and how much its texts differ from each other, beside people's."),
		Example: "  because lm eval\n  because lm eval --readers 200 --drafts 400 --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Readers < 0 || o.Drafts < 0 {
				return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
			}
			o.Seed = uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				defer bar.done()
				out, err := e.EvaluateLM(cmd.Context(), o, bar.update)
				if err != nil {
					return err
				}
				bar.finish()
				if a.json {
					return a.printJSON(out)
				}
				a.lmEval(out)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Readers, "readers", 60, because.Say(a.lang, "readers whose evidence is written on"))
	f.IntVar(&o.Drafts, "drafts", 200, because.Say(a.lang, "most drafts for each language"))
	return cmd
}

func (a *app) lmEval(out engine.LMEval) {
	parts := map[string]string{
		"training": because.Say(a.lang, "readers and patterns of training"),
		"readers":  because.Say(a.lang, "other readers"),
		"patterns": because.Say(a.lang, "withheld patterns"),
	}
	a.line(out.Model)
	a.line("")
	rows := [][]string{{because.Say(a.lang, "language"), because.Say(a.lang, "people's texts of"), because.Say(a.lang, "texts"), because.Say(a.lang, "loss (nats per token)"), because.Say(a.lang, "perplexity")}}
	for _, l := range out.Losses {
		rows = append(rows, []string{string(l.Lang), parts[l.Part], fmt.Sprint(l.Texts), fmt.Sprintf("%.4f", l.Loss), fmt.Sprintf("%.3f", l.Perplexity)})
	}
	a.table(rows)
	a.line("")
	rows = [][]string{{because.Say(a.lang, "language"), because.Say(a.lang, "domain"), because.Say(a.lang, "drafts"), because.Say(a.lang, "pass as they stand"), because.Say(a.lang, "repaired"), because.Say(a.lang, "refused"), because.Say(a.lang, "no usable sample")}}
	for _, d := range out.Drafts {
		domain := d.Domain
		switch {
		case domain == "":
			domain = because.Say(a.lang, "all but approved wordings")
		case d.Approved:
			domain += " (" + because.Say(a.lang, "approved wording") + ")"
		}
		rows = append(rows, []string{string(d.Lang), domain, fmt.Sprint(d.Asked), fmt.Sprintf("%.1f %%", 100*d.Share()), fmt.Sprint(d.Repaired), fmt.Sprint(d.Refused), fmt.Sprint(d.None)})
	}
	a.table(rows)
	a.line("")
	rows = [][]string{{because.Say(a.lang, "language"), because.Say(a.lang, "texts"), "distinct-2", because.Say(a.lang, "people's"), "self-BLEU-4", because.Say(a.lang, "people's")}}
	for _, d := range out.Diversity {
		rows = append(rows, []string{string(d.Lang), fmt.Sprint(d.Texts), fmt.Sprintf("%.3f", d.Distinct2), fmt.Sprintf("%.3f", d.ReferenceDistinct2), fmt.Sprintf("%.3f", d.SelfBLEU4), fmt.Sprintf("%.3f", d.ReferenceSelfBLEU4)})
	}
	a.table(rows)
}

func (a *app) lmHeldOutCmd() *cobra.Command {
	var o engine.HeldOutOptions
	var in string
	var show int
	cmd := &cobra.Command{
		Use:     "heldout",
		Short:   because.Say(a.lang, "Measure a language model on patterns that no training saw"),
		Long:    because.Say(a.lang, "Writes the likeliest text for each prompt, chooses among nothing and mends nothing, and counts: loss on people's texts, drafts that come to an end, drafts in the exact form, drafts that the verifier passes as they stand. All models get the same prompts: one of the data folder, a pretrained one as it is, or an export of one that llama.cpp's server writes with. Domains where approved wordings speak are left out."),
		Example: "  because lm heldout --model lm-0123456789ab\n  because lm heldout --base SmolLM2-135M.gguf --in en --show 3\n  because lm heldout --model lm-0123456789ab --server http://127.0.0.1:8080 --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Prompts < 0 || show < 0 {
				return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
			}
			if err := textsIn(in, &o.Lang); err != nil {
				return err
			}
			o.Seed = uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				defer bar.done()
				out, err := e.HeldOutLM(cmd.Context(), o, bar.update)
				if err != nil {
					return err
				}
				bar.finish()
				if a.json {
					return a.printJSON(out)
				}
				a.heldOut(out, show)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Model, "model", "", because.Say(a.lang, "the model; empty means the one that serves"))
	f.StringVar(&o.Base, "base", "", because.Say(a.lang, "pretrained model to measure as it is: a GGUF file or a folder of Hugging Face's"))
	f.StringVar(&o.Server, "server", "", because.Say(a.lang, "address of llama.cpp's server on an export of the model, which writes in its place"))
	f.StringVar(&in, "in", "en", because.Say(a.lang, "language of the texts, zh or en"))
	f.IntVar(&o.Prompts, "prompts", 200, because.Say(a.lang, "most prompts"))
	f.IntVar(&show, "show", 0, because.Say(a.lang, "how many drafts are printed"))
	return cmd
}

func (a *app) heldOut(out engine.HeldOut, show int) {
	name := out.Model
	if out.Server {
		name += " (llama.cpp)"
	}
	a.line(name)
	a.line("")
	share := func(n int) string {
		return fmt.Sprintf("%d (%.1f %%)", n, 100*float64(n)/float64(max(1, out.Prompts)))
	}
	copied := func(mine, peoples engine.Interval) string {
		return fmt.Sprintf("%.1f %% [%.1f, %.1f]; %.1f %%", 100*mine.Mean, 100*mine.Low, 100*mine.High, 100*peoples.Mean)
	}
	rows := [][]string{
		{because.Say(a.lang, "prompts"), fmt.Sprint(out.Prompts)},
		{because.Say(a.lang, "loss (nats per token)"), fmt.Sprintf("%.4f", out.Loss)},
		{because.Say(a.lang, "perplexity"), fmt.Sprintf("%.3f", out.Perplexity)},
		{because.Say(a.lang, "come to an end"), share(out.Ended)},
		{because.Say(a.lang, "in the exact form"), share(out.Exact)},
		{because.Say(a.lang, "pass as they stand"), share(out.Passed)},
		{because.Say(a.lang, "pass and state every fact asked for"), share(out.Planned)},
		{because.Say(a.lang, "repaired"), share(out.Repaired)},
		{because.Say(a.lang, "refused"), share(out.Refused)},
		{"distinct-2", fmt.Sprintf("%.3f", out.Distinct2)},
		{because.Say(a.lang, "copied whole from training; people's"), copied(out.Copied.Texts, out.Peoples.Texts)},
		{because.Say(a.lang, "stretches of eight copied; people's"), copied(out.Copied.Grams, out.Peoples.Grams)},
	}
	if out.Same != nil {
		rows = append(rows, []string{because.Say(a.lang, "word for word what the model writes here"), share(*out.Same)})
	}
	a.table(rows)
	for _, d := range out.Drafts[:min(show, len(out.Drafts))] {
		a.line("")
		a.line(d.Prompt)
		a.line("   " + plain(d.Mine))
		if d.Text != "" {
			a.line("   " + plain(d.Text) + "  · " + a.word(string(d.Verdict)))
		}
	}
}

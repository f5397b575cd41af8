package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalTransferCmd() *cobra.Command {
	var o engine.TransferOptions
	var out string
	var docs []string
	var temperature float64
	cmd := &cobra.Command{
		Use:   "transfer",
		Short: because.Say(a.lang, "Leave one domain out: what a generator does on it unseen, and after a few examples"),
		Long: because.Say(a.lang, "Trains a small generator and its vocabulary without a domain and measures it on the domain's texts, of readers that no training saw; tunes it on a few examples of the domain and measures again; and so for each domain. "+
			"The claim holds where the loss falls beyond chance, fresh discriminators are right less often, and no more than half a point more drafts are refused. "+
			"What is done stays in the data folder: stopped and called again, it goes on."),
		Example: "  because eval transfer --data ./world-data\n  because eval transfer --domains travel,health --steps 300 --out transfer.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Seed, o.Backend, o.Devices = uint64(a.settings.num("seed")), a.settings.str("train.backend"), a.settings.num("train.devices")
			o.Temperature = float32(temperature)
			return a.with(cmd.Context(), false, func(e *engine.Engine) error {
				r, err := e.Transfer(cmd.Context(), o, a.lmProgress())
				if err != nil {
					return err
				}
				if out != "" {
					if err := writeNumbers(out, r); err != nil {
						return err
					}
				}
				return a.showReport(r, docs, "eval transfer",
					func(lang because.Lang) []string { return transferNotes(r, lang) }, func(lang because.Lang) []textTable { return transferTables(r, lang) })
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Size, "size", "small", because.Say(a.lang, "size of the model: base, small or tiny"))
	f.StringSliceVar(&o.Domains, "domains", nil, because.Say(a.lang, "leave out only these domains, one after another"))
	f.IntVar(&o.Readers, "readers", 0, because.Say(a.lang, "readers whose evidence is written on; 0 means 600"))
	f.IntVar(&o.Items, "items", 0, because.Say(a.lang, "items that are written on for each reader; 0 means 4"))
	f.IntVar(&o.Epochs, "epochs", 0, because.Say(a.lang, "passes over the texts; 0 takes the size's own number"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps after which training ends; 0 means after all passes"))
	f.Float64Var(&o.LR, "lr", 0, because.Say(a.lang, "learning rate at its highest; 0 means 0.001"))
	f.IntVar(&o.Examples, "examples", 0, because.Say(a.lang, "examples of the domain to tune on, one in ten to choose by; 0 means 300"))
	f.IntVar(&o.Texts, "texts", 0, because.Say(a.lang, "texts that are measured in each language; 0 means 300"))
	f.Float64Var(&temperature, "temperature", 0, because.Say(a.lang, "temperature to write at; 0 means 0.7"))
	f.StringVar(&out, "out", "", because.Say(a.lang, "write the numbers as JSON to this file"))
	f.StringSliceVar(&docs, "docs", nil, because.Say(a.lang, "write the table between the marks in these files"))
	a.backendFlags(f)
	return cmd
}

// domainName names a domain that is left out; one of a site's own pack by its own name.
func domainName(name string, lang because.Lang) string {
	words := map[string]string{
		"shop": because.Say(lang, "shop"), "news": because.Say(lang, "news"), "finance": because.Say(lang, "finance"), "health": because.Say(lang, "health"),
		"education": because.Say(lang, "education"), "travel": because.Say(lang, "travel"), "entertainment": because.Say(lang, "entertainment"),
	}
	if said, ok := words[name]; ok {
		return said
	}
	return name
}

// fromTo is a measure before the tuning and after.
func fromTo(form string, before, after float64) string {
	return fmt.Sprintf(form+" → "+form, before, after)
}

// transferTables have one row for each domain that was left out, and one for all of them; one table for each language.
func transferTables(r engine.TransferReport, lang because.Lang) []textTable {
	var out []textTable
	for _, of := range because.Langs {
		t := textTable{Title: because.Say(lang, "%s, left out", nameOf(of, lang)), Head: []string{
			because.Say(lang, "texts / readers"), because.Say(lang, "loss, nats per token"), because.Say(lang, "change"),
			because.Say(lang, "fresh D: words, %"), because.Say(lang, "characters, %"), "GRU, %",
			because.Say(lang, "drafts refused, %"), because.Say(lang, "change, points"), because.Say(lang, "claims unsupported, %"), because.Say(lang, "change, points (at most)"),
			because.Say(lang, "holds"),
		}}
		row := func(name string, x *engine.TransferResult) {
			held := because.Say(lang, "no")
			if x.Change.Held {
				held = because.Say(lang, "yes")
			}
			b, c := x.Before, x.After
			gru := "–"
			if b.GRU.N > 0 {
				gru = fromTo("%.1f", 100*b.GRU.Mean, 100*c.GRU.Mean)
			}
			t.Body = append(t.Body, []string{
				name, fmt.Sprintf("%d / %d", b.Texts, b.Loss.N), fromTo("%.2f", b.Loss.Mean, c.Loss.Mean), ahead(x.Change.Loss),
				fromTo("%.1f", 100*b.Words.Mean, 100*c.Words.Mean), fromTo("%.1f", 100*b.Characters.Mean, 100*c.Characters.Mean), gru,
				fromTo("%.1f", 100*b.Refused.Mean, 100*c.Refused.Mean), points(x.Change.Refused),
				fromTo("%.1f", 100*part(b.Unsupported, b.Claims), 100*part(c.Unsupported, c.Claims)), fmt.Sprintf("%+.1f (%+.1f)", 100*x.Change.Unsupported, 100*x.Change.AtMost),
				held,
			})
		}
		for _, d := range r.Domains {
			row(domainName(d.Domain, lang), d.Results[of])
		}
		if len(r.Domains) > 1 {
			row(because.Say(lang, "all of them"), r.All[of])
		}
		out = append(out, t)
	}
	return out
}

// part is k of n, 0 of nothing.
func part(k, n int) float64 { return float64(k) / float64(max(1, n)) }

// points is a difference of shares in points, with its interval.
func points(x engine.Interval) string {
	return fmt.Sprintf("%+.1f [%+.1f, %+.1f]", 100*x.Mean, 100*x.Low, 100*x.High)
}

// transferNotes say what was trained, how many of the claims hold, and what is forgotten.
func transferNotes(r engine.TransferReport, lang because.Lang) []string {
	var parameters, train, vocabulary, tuned, held int
	var others [2]float64
	for _, d := range r.Domains {
		parameters, train, vocabulary, tuned = max(parameters, d.Parameters), train+d.Train, max(vocabulary, d.Vocabulary), d.Tuned
		for at := range others {
			others[at] += d.Others[at] / float64(len(r.Domains))
		}
		for _, x := range d.Results {
			if x.Change.Held {
				held++
			}
		}
	}
	n := max(1, len(r.Domains))
	return []string{
		because.Say(lang, "%.2f M parameters, a vocabulary of %d, both without the domain: learnt from %d texts of the others on average, then tuned on %d examples of the domain. Every column reads before → after, at T = %g.",
			float64(parameters)/1e6, vocabulary, train/n, tuned, r.Options.Temperature),
		because.Say(lang, "The claim holds in %d of %d cases (domain and language). Loss on the other domains: %.2f before, %.2f after.", held, 2*len(r.Domains), others[0], others[1]),
	}
}

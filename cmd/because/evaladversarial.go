package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) evalAdversarialCmd() *cobra.Command {
	var o engine.ProofOptions
	var out string
	var docs []string
	var temperatures []float64
	cmd := &cobra.Command{
		Use:   "adversarial",
		Short: because.Say(a.lang, "Prove what the adversarial phase brings: systems, seeds and temperatures side by side"),
		Long: because.Say(a.lang, "Trains a small generator by likelihood, then plays it against the discriminator, beside the competitors (self-play, likelihood on filtered texts) and the controls (constant and random reward); "+
			"each writes for readers that no training saw, at many temperatures, with and without the discriminator as filter. A win is claimed only by the rule of the protocol. "+
			"What is trained and written stays in the data folder: stopped and called again, it goes on with the next cell."),
		Example: "  because eval adversarial --data ./world-data\n  because eval adversarial --seeds 1 --generators adversarial,spin --out ./proof\n  because eval adversarial --from shipped --generators adversarial",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Seed, o.Backend, o.Devices = uint64(a.settings.num("seed")), a.settings.str("train.backend"), a.settings.num("train.devices")
			for _, t := range temperatures {
				o.Temperatures = append(o.Temperatures, float32(t))
			}
			return a.with(cmd.Context(), false, func(e *engine.Engine) error {
				r, err := e.Prove(cmd.Context(), o, a.lmProgress())
				if err != nil {
					return err
				}
				if out != "" {
					if err := proofFolder(out, r); err != nil {
						return err
					}
				}
				return a.showReport(r, docs, "eval adversarial",
					func(lang because.Lang) []string { return proofNotes(r, lang) }, func(lang because.Lang) []textTable { return proofTables(r, lang) })
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Size, "size", "small", because.Say(a.lang, "size of the model: base, small or tiny"))
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "a model in the likelihood model's place, or \"shipped\" for the one in the binary; empty trains one"))
	f.IntVar(&o.Seeds, "seeds", 0, because.Say(a.lang, "seeds to begin from; 0 means 3, or 1 with --from"))
	f.StringSliceVar(&o.Generators, "generators", nil, because.Say(a.lang, "only these generators, beside the likelihood model"))
	f.Float64SliceVar(&temperatures, "temperatures", nil, because.Say(a.lang, "temperatures to write at; default .1 to 1.3"))
	f.IntVar(&o.Readers, "readers", 0, because.Say(a.lang, "readers whose evidence is written on; 0 means 300"))
	f.IntVar(&o.Items, "items", 0, because.Say(a.lang, "items that are written on for each reader; 0 means 4"))
	f.IntVar(&o.Epochs, "epochs", 0, because.Say(a.lang, "passes over the texts; 0 takes the size's own number"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps of the game; 0 means 100"))
	f.IntVar(&o.Contexts, "contexts", 0, because.Say(a.lang, "prompts of one step; 0 means 32"))
	f.IntVar(&o.Texts, "texts", 0, because.Say(a.lang, "texts that are measured in each language; 0 means 300"))
	f.StringVar(&out, "out", "", because.Say(a.lang, "write the numbers as JSON and the plot as SVG to this folder"))
	f.StringSliceVar(&docs, "docs", nil, because.Say(a.lang, "write the table between the marks in these files"))
	a.backendFlags(f)
	return cmd
}

// proofFolder writes the numbers, and the plot in each language.
func proofFolder(dir string, r engine.ProofReport) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the report's folder: %w", err)
	}
	if err := writeNumbers(filepath.Join(dir, "adversarial.json"), r); err != nil {
		return err
	}
	for lang, name := range map[because.Lang]string{because.Chinese: "adversarial.svg", because.English: "adversarial.en.svg"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(planeSVG(r, lang)), 0o644); err != nil {
			return fmt.Errorf("write the plot: %w", err)
		}
	}
	return nil
}

// systemName names a system of a proof.
func systemName(name string, lang because.Lang) string {
	generator, _, filtered := strings.Cut(name, "+")
	words := map[string]string{
		"likelihood":  because.Say(lang, "likelihood"),
		"adversarial": because.Say(lang, "adversarial"),
		"unguarded":   because.Say(lang, "adversarial, alarms off"),
		"spin":        because.Say(lang, "self-play (SPIN)"),
		"filtered":    because.Say(lang, "likelihood on filtered texts (RAFT)"),
		"constant":    because.Say(lang, "control: constant reward"),
		"random":      because.Say(lang, "control: random reward"),
	}
	if filtered {
		return because.Say(lang, "%s, best of 4 by D", words[generator])
	}
	return words[generator]
}

// nameOf is a language by its name in another.
func nameOf(of, lang because.Lang) string {
	if of == because.Chinese {
		return because.Say(lang, "Chinese")
	}
	return because.Say(lang, "English")
}

// shownAt are the temperatures that tables show: the one that serves and the one that was trained at, or what there is.
func shownAt(r engine.ProofReport) []int {
	var out []int
	for i, t := range r.Options.Temperatures {
		if t == .7 || t == 1 {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		out = []int{len(r.Options.Temperatures) - 1}
	}
	return out
}

// proofTables are the measures at two temperatures, then what each system brings over the likelihood model.
func proofTables(r engine.ProofReport, lang because.Lang) []textTable {
	var out []textTable
	for _, of := range because.Langs {
		for _, at := range shownAt(r) {
			t := textTable{Title: because.Say(lang, "%s, T = %g", nameOf(of, lang), r.Options.Temperatures[at]), Head: []string{
				because.Say(lang, "BLEU-2 / 4, no brevity penalty"), "BLEU-4", "distinct-2", "self-BLEU-4", because.Say(lang, "perplexity: forward / reverse"),
				because.Say(lang, "fresh D: words / characters / GRU, %"), because.Say(lang, "claims unsupported, %"), because.Say(lang, "texts refused, %"), because.Say(lang, "tokens"),
			}}
			if ref, ok := r.References[of]; ok {
				t.Body = append(t.Body, []string{because.Say(lang, "people's texts"), "", "", fmt.Sprintf("%.3f", ref.Distinct2), fmt.Sprintf("%.1f", ref.SelfBLEU4), "", "50", "", "", fmt.Sprintf("%.1f", ref.Length)})
			}
			for _, s := range r.Systems {
				x := s.Scores[of][at]
				gru := "–"
				if x.GRU.N > 0 {
					gru = fmt.Sprintf("%.1f", 100*x.GRU.Mean)
				}
				t.Body = append(t.Body, []string{
					systemName(s.Name, lang), fmt.Sprintf("%.1f / %.1f", x.Precision2, x.Precision4), fmt.Sprintf("%.1f", x.BLEU4), fmt.Sprintf("%.3f", x.Distinct2), fmt.Sprintf("%.1f", x.SelfBLEU4),
					fmt.Sprintf("%.1f / %.1f", x.Forward, x.Reverse), fmt.Sprintf("%.1f / %.1f / %s", 100*x.Words.Mean, 100*x.Characters.Mean, gru),
					fmt.Sprintf("%.2f", 100*float64(x.Unsupported)/float64(max(1, x.Claims))), fmt.Sprintf("%.1f", 100*x.Refused), fmt.Sprintf("%.1f", x.Length),
				})
			}
			out = append(out, t)
		}
		t := textTable{Title: because.Say(lang, "%s, over the likelihood model", nameOf(of, lang)), Head: []string{
			because.Say(lang, "higher beyond chance on"), because.Say(lang, "higher at all on"), because.Say(lang, "lead in BLEU-2 at equal distinct-2, points"),
			because.Say(lang, "fresh D, points"), because.Say(lang, "unsupported, points (at most)"), because.Say(lang, "a win by the rule"),
		}}
		for _, s := range r.Systems {
			d, v := s.Dominance[of], s.Verdict[of]
			if d == nil || v == nil {
				continue
			}
			won := because.Say(lang, "no")
			if v.Won {
				won = because.Say(lang, "yes")
			}
			t.Body = append(t.Body, []string{
				systemName(s.Name, lang), fmt.Sprintf("%.0f %%", 100*d.Above), fmt.Sprintf("%.0f %%", 100*d.Ahead),
				fmt.Sprintf("%+.2f [%+.2f, %+.2f]", 100*d.Lead.Mean, 100*d.Lead.Low, 100*d.Lead.High),
				fmt.Sprintf("%+.1f", 100*v.Fresh), fmt.Sprintf("%+.2f (%+.2f)", 100*v.Unsupported, 100*v.AtMost), won,
			})
		}
		out = append(out, t)
	}
	return out
}

// proofNotes say what was trained and what the games did.
func proofNotes(r engine.ProofReport, lang because.Lang) []string {
	out := []string{because.Say(lang, "%.2f M parameters, a vocabulary of %d; learnt from %d texts, chosen by %d, of other readers. Seeds: %d; texts in each cell and language: %d; steps of the game: %d of %d prompts, 4 texts each.",
		float64(r.Parameters)/1e6, r.Vocabulary, r.Train, r.Dev, r.Options.Seeds, r.References[because.Chinese].Texts, r.Options.Steps, r.Options.Contexts)}
	for _, name := range []string{"adversarial", "unguarded", "constant", "random"} {
		var alarms []string
		n, kept := 0, 0
		for _, s := range r.Stories {
			if s.Generator == name {
				n++
				alarms = append(alarms, s.Alarms...)
				if s.Kept != nil {
					kept++
				}
			}
		}
		if n == 0 {
			continue
		}
		slices.Sort(alarms)
		said := because.Say(lang, "none")
		if len(alarms) > 0 {
			said = counted(alarms)
		}
		out = append(out, because.Say(lang, "%s: of %d games %d ended with weights of their own; alarms: %s.", systemName(name, lang), n, kept, said))
	}
	return out
}

// counted are sorted words, each once with how often it came.
func counted(words []string) string {
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && words[j] == words[i] {
			j++
		}
		out = append(out, fmt.Sprintf("%s ×%d", words[i], j-i))
		i = j
	}
	return strings.Join(out, ", ")
}

// The plot's size: two panels beside each other, the legend below.
const (
	planeWide, planeHigh = 430, 300
	planeLeft, planeRoom = 52, 34
)

// planeStyle is how each system is drawn: its colour, and dashes for controls.
var planeStyle = map[string]string{
	"likelihood": `stroke="#1f2937"`, "likelihood+filter": `stroke="#1f2937" stroke-dasharray="5 3"`,
	"adversarial": `stroke="#c2410c"`, "adversarial+filter": `stroke="#c2410c" stroke-dasharray="5 3"`,
	"unguarded": `stroke="#f59e0b"`, "spin": `stroke="#1d4ed8"`, "filtered": `stroke="#15803d"`,
	"constant": `stroke="#9ca3af"`, "random": `stroke="#9ca3af" stroke-dasharray="2 3"`,
}

// planeSVG draws the systems on the plane of quality and diversity, one panel for each language of the texts: up and to
// the right is better.
func planeSVG(r engine.ProofReport, lang because.Lang) string {
	var b strings.Builder
	high := planeHigh + 22*((len(r.Systems)+1)/2) + 20
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#374151">`, 2*planeWide, high)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`, 2*planeWide, high)
	for i, of := range because.Langs {
		fmt.Fprintf(&b, `<g transform="translate(%d 0)">`, i*planeWide)
		planePanel(&b, r, of, lang)
		b.WriteString(`</g>`)
	}
	for i, s := range r.Systems {
		x, y := planeLeft+(i%2)*planeWide, planeHigh+22*(i/2)+14
		fmt.Fprintf(&b, `<path d="M%d %dh34" fill="none" stroke-width="2" %s/><text x="%d" y="%d">%s</text>`, x, y, planeStyle[s.Name], x+42, y+4, systemName(s.Name, lang))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func planePanel(b *strings.Builder, r engine.ProofReport, of, lang because.Lang) {
	x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, s := range r.Systems {
		for _, p := range s.Points[of] {
			x0, x1, y0, y1 = min(x0, p.Diversity), max(x1, p.Diversity), min(y0, p.Quality), max(y1, p.Quality)
		}
	}
	if !(x1 > x0) || !(y1 > y0) {
		return
	}
	x0, x1, y0, y1 = x0-.03*(x1-x0), x1+.03*(x1-x0), y0-.05*(y1-y0), y1+.05*(y1-y0)
	at := func(p engine.PlanePoint) (float64, float64) {
		return planeLeft + (p.Diversity-x0)/(x1-x0)*(planeWide-planeLeft-16), planeHigh - planeRoom - (p.Quality-y0)/(y1-y0)*(planeHigh-2*planeRoom)
	}
	fmt.Fprintf(b, `<text x="%d" y="18" font-weight="bold">%s</text>`, planeLeft, because.Say(lang, "%s: BLEU-2 without brevity penalty, over distinct-2", nameOf(of, lang)))
	for _, v := range ticks(x0, x1, 4) {
		x, y := at(engine.PlanePoint{Diversity: v, Quality: y0})
		fmt.Fprintf(b, `<path d="M%.1f %.1fV%d" stroke="#e5e7eb"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, x, y, planeRoom, x, y+16, tick(v))
	}
	for _, v := range ticks(y0, y1, 4) {
		x, y := at(engine.PlanePoint{Diversity: x0, Quality: v})
		fmt.Fprintf(b, `<path d="M%.1f %.1fH%d" stroke="#e5e7eb"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`, x, y, planeWide-16, x-6, y+4, tick(v))
	}
	for _, s := range r.Systems {
		points := slices.Clone(s.Points[of])
		var d []string
		for _, p := range points {
			x, y := at(p)
			d = append(d, fmt.Sprintf("%.1f,%.1f", x, y))
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="2.2" fill="none" %s/>`, x, y, planeStyle[s.Name])
		}
		fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke-width="1.6" %s/>`, strings.Join(d, " "), planeStyle[s.Name])
	}
}

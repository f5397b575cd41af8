package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"because"
	"because/internal/engine"
)

// trainLMCmd trains the generator by likelihood.
func (a *app) trainLMCmd() *cobra.Command {
	var o engine.LMOptions
	var in string
	cmd := &cobra.Command{
		Use:     "lm",
		Short:   because.Say(a.lang, "Train the language model on verified texts"),
		Long:    because.Say(a.lang, "Writes texts on the evidence of the data folder with every hand-written pattern, keeps those that the verifier passes, and trains the generator on them by likelihood, then the discriminator. Stop it with Ctrl-C; with --resume it goes on where it was."),
		Example: "  because train lm --data ./world-data\n  because train lm --size tiny --steps 100 --json\n  because train lm --backend xla:/opt/pjrt/libpjrt_cpu.so\n  because train lm --base SmolLM2-135M.gguf --lora 8 --steps 200",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := textsIn(in, &o.Corpus.Lang); err != nil {
				return err
			}
			o.Backend, o.Devices = a.settings.str("train.backend"), a.settings.num("train.devices")
			return a.training(cmd.Context(), func(e *engine.Engine) (engine.ModelInfo, error) {
				return e.TrainLM(cmd.Context(), o, a.lmProgress())
			}, nil)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Size, "size", "base", because.Say(a.lang, "size of the model: base, small or tiny"))
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "model to go on from, or \"shipped\" for the one in the binary; empty starts from scratch"))
	f.StringVar(&o.Base, "base", "", because.Say(a.lang, "pretrained model to start from: a GGUF file or a folder of Hugging Face's"))
	f.IntVar(&o.LoRA, "lora", 0, because.Say(a.lang, "rank of the adapters that learn in the place of its weights; 0 trains all of them"))
	f.IntVar(&o.Batch, "batch", 0, because.Say(a.lang, "tokens of one step; 0 means 4096, or 768 with --base"))
	f.StringVar(&o.Tokenizer, "tokenizer", "", because.Say(a.lang, "file of the vocabulary, as train tokenizer writes it; empty learns one"))
	f.Float64Var(&o.LR, "rate", 0, because.Say(a.lang, "learning rate at its highest; 0 means 0.001"))
	f.IntVar(&o.Epochs, "epochs", 0, because.Say(a.lang, "passes over the texts; 0 takes the size's own number"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps after which training ends; 0 means after all passes"))
	f.IntVar(&o.Corpus.Items, "items", 0, because.Say(a.lang, "items that are written on for each reader; 0 means 4"))
	f.StringVar(&in, "in", "", because.Say(a.lang, "language of the texts, zh or en; both when left out"))
	f.BoolVar(&o.Resume, "resume", false, because.Say(a.lang, "go on with the run that was stopped"))
	a.backendFlags(f)
	return cmd
}

// trainAdversarialCmd plays the generator against the discriminator.
func (a *app) trainAdversarialCmd() *cobra.Command {
	var o engine.GameOptions
	var in string
	cmd := &cobra.Command{
		Use:     "adversarial",
		Short:   because.Say(a.lang, "Play the generator against the discriminator"),
		Long:    because.Say(a.lang, "The generator writes several texts on the same evidence; the discriminator and the verifier reward them; what earned more than its siblings becomes likelier. Alarms tell a collapse and roll back. The controls constant and random replace the reward, to tell what it brings."),
		Example: "  because train adversarial --from lm-0123456789ab --data ./world-data\n  because train adversarial --control constant --steps 50",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := textsIn(in, &o.Corpus.Lang); err != nil {
				return err
			}
			o.Backend, o.Devices = a.settings.str("train.backend"), a.settings.num("train.devices")
			return a.training(cmd.Context(), func(e *engine.Engine) (engine.ModelInfo, error) {
				return e.TrainAdversarial(cmd.Context(), o, a.lmProgress())
			}, nil)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "model to start from; empty takes the one that serves"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps of the game; 0 means 300"))
	f.StringVar(&o.Control, "control", "", because.Say(a.lang, "replaces the reward: constant or random"))
	f.IntVar(&o.LoRA, "lora", 0, because.Say(a.lang, "rank of adapters that play in the place of the weights; 0 plays with all of them"))
	f.IntVar(&o.Contexts, "contexts", 0, because.Say(a.lang, "prompts of one step; 0 means 32"))
	f.IntVar(&o.Texts, "texts", 0, because.Say(a.lang, "texts for each prompt; 0 means 4"))
	f.IntVar(&o.Pretrain, "pretrain", 0, because.Say(a.lang, "most steps that the discriminator learns alone before the game; 0 means 200"))
	f.StringVar(&o.Form, "reward", "", because.Say(a.lang, "what the discriminator's logit earns: log-d, centred or pairwise; empty means clipped log-odds"))
	f.IntVar(&o.Corpus.Readers, "readers", 0, because.Say(a.lang, "readers whose evidence is written on; 0 means 240"))
	f.StringVar(&in, "in", "", because.Say(a.lang, "language of the texts, zh or en; both when left out"))
	f.BoolVar(&o.Resume, "resume", false, because.Say(a.lang, "go on with the run that was stopped"))
	a.backendFlags(f)
	return cmd
}

// trainFeedbackCmd tunes the generator by what readers said of its texts.
func (a *app) trainFeedbackCmd() *cobra.Command {
	var o engine.TuneOptions
	cmd := &cobra.Command{
		Use:     "feedback",
		Short:   because.Say(a.lang, "Tune the language model by what readers called helpful and wrong"),
		Long:    because.Say(a.lang, "Two texts make a pair when readers called one helpful and the other wrong or not helpful, in the same language, domain and style, with the same kind of fact first, and both are true on the same evidence; the first becomes likelier than the second. Left out: visitors, more than five answers of a reader on a day, readers who switched personalisation off, and what rests on a consent that was withdrawn or on a hidden reason. One reader in five is held out to measure on. It makes a model that does not serve until it is promoted."),
		Example: "  because train feedback\n  because train feedback --from lm-0123456789ab --epochs 2 --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Drafts < 0 || o.Epochs < 0 {
				return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
			}
			o.Backend, o.Devices = a.settings.str("train.backend"), a.settings.num("train.devices")
			return a.training(cmd.Context(), func(e *engine.Engine) (engine.ModelInfo, error) {
				return e.TrainFeedback(cmd.Context(), o, a.lmProgress())
			}, func(info engine.ModelInfo) { a.tuning(*info.Tuning, info.Metrics) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "model to start from; empty takes the one that serves"))
	f.IntVar(&o.Epochs, "epochs", 0, because.Say(a.lang, "passes over the pairs; 0 means 1"))
	f.Float64Var(&o.LR, "rate", 0, because.Say(a.lang, "learning rate; 0 means 0.00005"))
	f.IntVar(&o.Drafts, "drafts", 0, because.Say(a.lang, "most drafts for each language that are measured before and after; 0 means 300"))
	a.backendFlags(f)
	return cmd
}

// trainDistillCmd lets the generator learn from a teacher's texts.
func (a *app) trainDistillCmd() *cobra.Command {
	var o engine.DistillOptions
	var spend int
	cmd := &cobra.Command{
		Use:     "distill",
		Short:   because.Say(a.lang, "Let the language model learn from an endpoint's texts and the imported examples"),
		Long:    because.Say(a.lang, "Asks the configured endpoint for texts on evidence of the data folder. A text that the verifier passes as it stands on the evidence that was given, and that can be told from its slots, becomes a pair; so do imported examples that are true. The generator learns from them, with as many texts of hand-written patterns beside them, then the discriminator. What was paid for is kept as it comes: with --resume nothing is asked for twice. In finance and health nothing is asked for."),
		Example: "  because train distill --llm-url http://127.0.0.1:8000/v1 --llm-model qwen --texts 2000 --spend 1000000\n  because train distill --resume --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if min(o.Readers, o.Items, o.Texts, o.Epochs, o.Steps, spend) < 0 {
				return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
			}
			o.Spend, o.Backend, o.Devices = int64(spend), a.settings.str("train.backend"), a.settings.num("train.devices")
			return a.training(cmd.Context(), func(e *engine.Engine) (engine.ModelInfo, error) {
				return e.TrainDistill(cmd.Context(), o, a.lmProgress())
			}, func(info engine.ModelInfo) { a.taught(*info.Taught) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "model to start from; empty takes the one that serves"))
	f.IntVar(&o.Texts, "texts", 0, because.Say(a.lang, "most texts that the teacher is asked for; 0 means 1000"))
	f.IntVar(&spend, "spend", 0, because.Say(a.lang, "tokens that the teacher may take over the whole run, resumed or not; 0 means no limit beside llm.budget"))
	f.IntVar(&o.Readers, "readers", 0, because.Say(a.lang, "readers whose evidence is written on; 0 means all"))
	f.IntVar(&o.Items, "items", 0, because.Say(a.lang, "items that are written on for each reader; 0 means 4"))
	f.IntVar(&o.Epochs, "epochs", 0, because.Say(a.lang, "passes over the texts; 0 means 3"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps after which training ends; 0 means after all passes"))
	f.Float64Var(&o.LR, "rate", 0, because.Say(a.lang, "learning rate at its highest; 0 means 0.0003"))
	f.BoolVar(&o.Resume, "resume", false, because.Say(a.lang, "go on with the run that was stopped"))
	a.backendFlags(f)
	return cmd
}

// trainTokenizerCmd learns a vocabulary.
func (a *app) trainTokenizerCmd() *cobra.Command {
	var o engine.TokenizerOptions
	cmd := &cobra.Command{
		Use:     "tokenizer",
		Short:   because.Say(a.lang, "Learn a vocabulary from texts of the data folder"),
		Long:    because.Say(a.lang, "Writes texts on the evidence of the data folder, learns a byte-level BPE vocabulary with the slot tokens from them, and measures it on readers and patterns that were held out. The same data, seed and size give the same file. because train lm --tokenizer takes it."),
		Example: "  because train tokenizer --out tokenizer.json\n  because train tokenizer --size 8192 --out tokenizer.json --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Out == "" {
				return because.Errorf(because.ErrInvalid, "Say where to write the vocabulary: --out FILE")
			}
			o.Corpus.Seed = uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				bar := a.progress()
				defer bar.done()
				r, err := e.TrainTokenizer(cmd.Context(), o, bar.update)
				if err != nil {
					return err
				}
				bar.finish()
				if a.json {
					return a.printJSON(r)
				}
				a.line(because.Say(a.lang, "%d tokens, learnt from %d texts and prompts: %s", r.Size, r.Texts, r.File))
				rows := [][]string{{because.Say(a.lang, "on %d texts that were held out", r.HeldOut), because.Say(a.lang, "with slots"), because.Say(a.lang, "slots filled")}}
				for _, unit := range []struct{ name, label string }{{"han", because.Say(a.lang, "tokens per Han character")}, {"word", because.Say(a.lang, "tokens per English word")}} {
					rows = append(rows, []string{unit.label, fmt.Sprintf("%.3f", r.Own[unit.name]), fmt.Sprintf("%.3f", r.Shown[unit.name])})
				}
				a.table(rows)
				a.next("because train lm --tokenizer " + r.File)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Out, "out", "", because.Say(a.lang, "file to write"))
	f.IntVar(&o.Size, "size", 4096, because.Say(a.lang, "tokens of the vocabulary"))
	f.IntVar(&o.Corpus.Readers, "readers", 0, because.Say(a.lang, "readers whose evidence is written on; 0 means all"))
	f.IntVar(&o.Corpus.Items, "items", 0, because.Say(a.lang, "items that are written on for each reader; 0 means 4"))
	return cmd
}

// taught says what a model was taught.
func (a *app) taught(t engine.Taught) {
	if t.Teacher != "" {
		a.line(because.Say(a.lang, "%s wrote %d texts for %d tokens: %d were learnt from, %d were not true as they stood, %d could not be told from their slots, %d could not be read.", t.Teacher, t.Asked, t.Tokens, t.Kept, t.Refused, t.Lost, t.Unread))
	}
	switch t.Stopped {
	case "spend":
		a.line(because.Say(a.lang, "It was asked for no more: the tokens of the run (--spend) are spent."))
	case "day":
		a.line(because.Say(a.lang, "It was asked for no more: the tokens of the day (llm.budget) are spent. Tomorrow --resume goes on."))
	}
	if t.Examples > 0 {
		a.line(because.Say(a.lang, "Of %d imported examples %d were learnt from.", t.Examples, t.Joined))
	}
	a.line(because.Say(a.lang, "Texts of hand-written patterns beside them: %d.", t.Own))
}

// tuning says what a model was tuned by, and what came of it.
func (a *app) tuning(t engine.Tuning, metrics map[string]float64) {
	day := func(at time.Time) string { return at.Format(time.DateOnly) }
	a.line(because.Say(a.lang, "Learnt from %d texts called helpful and %d called wrong by %d readers, %s to %s: %d pairs.", t.Liked, t.Disliked, t.Readers, day(t.First), day(t.Last), t.Pairs))
	l := t.Left
	if t.Truths > 0 {
		a.line(because.Say(a.lang, "Beside them %d pairs of the model's own drafts, one that the verifier passes and one that it refuses.", t.Truths))
	}
	a.line(because.Say(a.lang, "Left out: %d visitors' answers, %d beyond five a day, %d that disagree or are not about words, %d withheld, %d on texts that were forced or replaced, %d that cannot be used any more.", l.Visitors, l.Many, l.Mixed, l.Withheld, l.Forced, l.Lost))
	rows := [][]string{{"", because.Say(a.lang, "before"), because.Say(a.lang, "after")}}
	for _, m := range []struct{ name, label string }{
		{"preferred", because.Say(a.lang, "finds the liked text likelier (readers held out)")},
		{"verified_zh", because.Say(a.lang, "drafts that pass as they stand, Chinese")},
		{"verified_en", because.Say(a.lang, "drafts that pass as they stand, English")},
	} {
		if _, measured := metrics[m.name+"_before"]; measured {
			rows = append(rows, []string{m.label, fmt.Sprintf("%.1f %%", 100*metrics[m.name+"_before"]), fmt.Sprintf("%.1f %%", 100*metrics[m.name+"_after"])})
		}
	}
	a.table(rows)
}

// backendFlags are the settings of what a training runs on.
func (a *app) backendFlags(f *pflag.FlagSet) {
	f.String("backend", "", because.Say(a.lang, "what computes: go, or xla: and the path of a PJRT plug-in"))
	f.String("devices", "", because.Say(a.lang, "devices that share each batch"))
}

// textsIn reads the language that the texts are wanted in; nothing means both.
func textsIn(said string, lang *because.Lang) error {
	if said == "" {
		return nil
	}
	l, ok := because.ParseLang(said)
	if !ok {
		return because.Errorf(because.ErrInvalid, "There is no language %q. Choose zh or en.", said)
	}
	*lang = l
	return nil
}

// training lets run make a model in the data folder and says what it made: first by tell, where there is more to say.
func (a *app) training(ctx context.Context, run func(*engine.Engine) (engine.ModelInfo, error), tell func(engine.ModelInfo)) error {
	return a.with(ctx, false, func(e *engine.Engine) error {
		info, err := run(e)
		if err != nil {
			return err
		}
		if tell != nil && !a.json {
			tell(info)
		}
		return a.trained(info)
	})
}

// trained says what a training made.
func (a *app) trained(info engine.ModelInfo) error {
	if a.json {
		return a.printJSON(info)
	}
	a.line(because.Say(a.lang, "Wrote model %s.", info.ID))
	a.next("because model promote " + info.ID)
	return nil
}

// lmProgress shows training: a line every five seconds, and every evaluation.
func (a *app) lmProgress() func(engine.LMProgress) {
	var last time.Time
	var phase string
	var tokens int64
	return func(p engine.LMProgress) {
		now := a.now()
		evaluated := p.Valid != nil || p.Likelihood != nil && p.Likelihood.Valid != nil || p.Game != nil && p.Game.Evaluation != nil
		if a.quiet || p.Phase == phase && now.Sub(last) < 5*time.Second && !evaluated && p.Step != p.Steps {
			return
		}
		s := fmt.Sprintf("%s %d/%d", a.word(p.Phase), p.Step, p.Steps)
		if l := p.Likelihood; l != nil {
			s += fmt.Sprintf("  loss %.3f  lr %.1e", l.Loss, l.LR)
			if tokens > 0 && l.Tokens > tokens && p.Phase == phase {
				s += fmt.Sprintf("  %.0f tokens/s", float64(l.Tokens-tokens)/max(now.Sub(last).Seconds(), 1e-3))
			}
			if l.Valid != nil {
				s += fmt.Sprintf("  valid %.3f  ppl %.2f", *l.Valid, math.Exp(*l.Valid))
			}
			tokens = l.Tokens
		}
		if f := p.Prefer; f != nil {
			s += fmt.Sprintf("  loss %.3f  margin %.3f  accuracy %.3f", f.Loss, f.Margin, f.Accuracy)
		}
		if d := p.Discriminator; d != nil {
			s += fmt.Sprintf("  L_D %.3f  L_G %.3f  D(x) %.2f  D(G(z)) %.2f", d.LossD, d.LossG, d.DReal, d.DFake)
		}
		if p.Valid != nil {
			s += fmt.Sprintf("  accuracy %.3f", *p.Valid)
		}
		if g := p.Game; g != nil {
			s += fmt.Sprintf("  L_G %.3f  L_D %.3f  D(x) %.2f  D(G(z)) %.2f  reward %.2f  supported %.3f  KL %.3f", g.LossG, g.LossD, g.DReal, g.DFake, g.Reward.Total, g.Supported, g.KL)
			if e := g.Evaluation; e != nil {
				s += fmt.Sprintf("  quality %.3f  distinct-2 %.3f  area %.4f", e.Quality, e.Distinct2, e.Area)
			}
			if len(g.Alarms) > 0 {
				s += "  " + because.Say(a.lang, "alarms: %s", strings.Join(g.Alarms, ", "))
			}
		}
		phase, last = p.Phase, now
		fmt.Fprintln(a.stderr, s)
		for _, sample := range p.Samples {
			fmt.Fprintln(a.stderr, "    "+sample)
		}
	}
}

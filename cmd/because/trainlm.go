package main

import (
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
	cmd := &cobra.Command{
		Use:     "lm",
		Short:   because.Say(a.lang, "Train the language model on verified texts"),
		Long:    because.Say(a.lang, "Writes texts on the evidence of the data folder with every hand-written pattern, keeps those that the verifier passes, and trains the generator on them by likelihood, then the discriminator. Stop it with Ctrl-C; with --resume it goes on where it was."),
		Example: "  because train lm --data ./world-data\n  because train lm --size tiny --steps 100 --json\n  because train lm --backend xla:/opt/pjrt/libpjrt_cpu.so",
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer e.Close()
			o.Backend, o.Devices = a.settings.str("train.backend"), a.settings.num("train.devices")
			info, err := e.TrainLM(cmd.Context(), o, a.lmProgress())
			if err != nil {
				return err
			}
			return a.trained(info)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Size, "size", "base", because.Say(a.lang, "size of the model: base, small or tiny"))
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "model to go on from; empty starts from scratch"))
	f.Float64Var(&o.LR, "rate", 0, because.Say(a.lang, "learning rate at its highest; 0 means 0.001"))
	f.IntVar(&o.Epochs, "epochs", 0, because.Say(a.lang, "passes over the texts; 0 takes the size's own number"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps after which training ends; 0 means after all passes"))
	f.IntVar(&o.Corpus.Items, "items", 0, because.Say(a.lang, "items that are written on for each reader; 0 means 4"))
	f.BoolVar(&o.Resume, "resume", false, because.Say(a.lang, "go on with the run that was stopped"))
	a.backendFlags(f)
	return cmd
}

// trainAdversarialCmd plays the generator against the discriminator.
func (a *app) trainAdversarialCmd() *cobra.Command {
	var o engine.GameOptions
	cmd := &cobra.Command{
		Use:     "adversarial",
		Short:   because.Say(a.lang, "Play the generator against the discriminator"),
		Long:    because.Say(a.lang, "The generator writes several texts on the same evidence; the discriminator and the verifier reward them; what earned more than its siblings becomes likelier. Alarms tell a collapse and roll back. The controls constant and random replace the reward, to tell what it brings."),
		Example: "  because train adversarial --from lm-0123456789ab --data ./world-data\n  because train adversarial --control constant --steps 50",
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer e.Close()
			o.Backend, o.Devices = a.settings.str("train.backend"), a.settings.num("train.devices")
			info, err := e.TrainAdversarial(cmd.Context(), o, a.lmProgress())
			if err != nil {
				return err
			}
			return a.trained(info)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", because.Say(a.lang, "model to start from; empty takes the one that serves"))
	f.IntVar(&o.Steps, "steps", 0, because.Say(a.lang, "steps of the game; 0 means 300"))
	f.StringVar(&o.Control, "control", "", because.Say(a.lang, "replaces the reward: constant or random"))
	f.StringVar(&o.Form, "reward", "", because.Say(a.lang, "what the discriminator's logit earns: log-d, centred or pairwise; empty means clipped log-odds"))
	f.IntVar(&o.Corpus.Readers, "readers", 0, because.Say(a.lang, "readers whose evidence is written on; 0 means 240"))
	f.BoolVar(&o.Resume, "resume", false, because.Say(a.lang, "go on with the run that was stopped"))
	a.backendFlags(f)
	return cmd
}

// backendFlags are the settings of what a training runs on.
func (a *app) backendFlags(f *pflag.FlagSet) {
	f.String("backend", "", because.Say(a.lang, "what computes: go, or xla: and the path of a PJRT plug-in"))
	f.String("devices", "", because.Say(a.lang, "devices that share each batch"))
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

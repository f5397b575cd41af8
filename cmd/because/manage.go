package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

// group is a command that only holds others.
func (a *app) group(use, short string, subs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short}
	cmd.AddCommand(subs...)
	return cmd
}

// with opens the data folder around f.
func (a *app) with(ctx context.Context, readOnly bool, f func(*engine.Engine) error) (err error) {
	e, err := a.open(ctx, readOnly)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	return f(e)
}

// one makes a subcommand that takes exact arguments and works on an open data folder.
func (a *app) one(use, short, example string, readOnly bool, f func(cmd *cobra.Command, e *engine.Engine, args []string) error) *cobra.Command {
	n := len(strings.Fields(use)) - 1
	return &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ExactArgs(n),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), readOnly, func(e *engine.Engine) error { return f(cmd, e, args) })
		},
	}
}

func (a *app) userCmd() *cobra.Command {
	show := a.one("show USER", because.Say(a.lang, "What we know of a user and what they allow"), "  because user show u_lin\n  because user show u_lin --json", true,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			v, err := e.ViewUser(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(v)
			}
			a.userView(v)
			return nil
		})
	var out string
	export := a.one("export USER", because.Say(a.lang, "Write everything stored about a user"), "  because user export u_lin --out lin.json\n  because user export u_lin", true,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			err := a.write(out, func(w io.Writer) error { return e.ExportUser(cmd.Context(), args[0], w) })
			if err == nil && out != "" && out != "-" {
				a.talk(because.Say(a.lang, "Wrote %s.", out))
			}
			return err
		})
	export.Flags().StringVar(&out, "out", "", because.Say(a.lang, "file to write; default standard output"))
	yes := false
	erase := a.one("erase USER", because.Say(a.lang, "Erase a user: every row, text and hidden reason"), "  because user erase u_lin --yes\n  because user erase u_lin --yes --json", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			if !yes {
				return because.Errorf(because.ErrInvalid, "Erasing cannot be undone. Say --yes to erase %s.", args[0])
			}
			r, err := e.EraseUser(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(r)
			}
			for _, kind := range slices.Sorted(maps.Keys(r.Rows)) {
				a.line(fmt.Sprintf("  %-14s %d", kind, r.Rows[kind]))
			}
			a.line(because.Say(a.lang, "Erased %s.", r.User))
			if len(r.Models) > 0 {
				a.line(because.Say(a.lang, "Models that were trained with this user's rows: %s. Train again to be rid of them: because train", strings.Join(r.Models, ", ")))
			}
			return nil
		})
	erase.Flags().BoolVar(&yes, "yes", false, because.Say(a.lang, "really do it"))
	personalise := a.one("personalise USER on|off", because.Say(a.lang, "Switch personalisation on or off"), "  because user personalise u_lin off\n  because user personalise u_lin on", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			on, err := onOff(args[1])
			if err != nil {
				return err
			}
			if err := e.SetPersonal(cmd.Context(), args[0], on); err != nil {
				return err
			}
			said := because.Say(a.lang, "Personalisation is on for %s.", args[0])
			if !on {
				said = because.Say(a.lang, "Personalisation is off for %s: lists and texts use nothing about them.", args[0])
			}
			return a.did(said, map[string]any{"user": args[0], "personal": on})
		})
	consent := a.one("consent USER NAME on|off", because.Say(a.lang, "Give or withdraw one consent"), "  because user consent u_lin history off\n  because user consent u_lin finance on", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			on, err := onOff(args[2])
			if err != nil {
				return err
			}
			if err := e.SetConsent(cmd.Context(), args[0], args[1], on); err != nil {
				return err
			}
			said := because.Say(a.lang, "%s now allows: %s", args[0], args[1])
			if !on {
				said = because.Say(a.lang, "%s no longer allows: %s", args[0], args[1])
			}
			return a.did(said, map[string]any{"user": args[0], "consent": args[1], "given": on})
		})
	return a.group("user", because.Say(a.lang, "What a reader may see, take and undo"), show, export, erase, personalise, consent)
}

func onOff(s string) (bool, error) {
	switch s {
	case "on", "true", "开":
		return true, nil
	case "off", "false", "关":
		return false, nil
	}
	return false, because.Errorf(because.ErrInvalid, "Say on or off, not %q.", s)
}

func (a *app) userView(v engine.UserView) {
	a.line(fmt.Sprintf("%s  %s", v.User.ID, v.User.Name))
	if v.User.Impersonal {
		a.line(because.Say(a.lang, "Personalisation is off."))
	}
	a.line(because.Say(a.lang, "%d interactions", v.Count))
	for _, c := range v.Consents {
		mark := "✖"
		if c.Given {
			mark = "✔"
		}
		a.line(fmt.Sprintf("  %s %-12s %s", mark, c.Name, c.Label.In(a.lang)))
	}
	for _, h := range v.Hidden {
		a.line("  " + because.Say(a.lang, "never cited again: %s", h))
	}
	for _, x := range v.Interactions[:min(10, len(v.Interactions))] {
		a.line(fmt.Sprintf("  %s  %-9s %s%s", x.Context.At.Format("2006-01-02 15:04"), x.Kind, x.Item, x.Query))
	}
}

func (a *app) itemCmd() *cobra.Command {
	show := a.one("show ITEM", because.Say(a.lang, "Show an item"), "  because item show shop_0007\n  because item show shop_0007 --json", true,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			it, err := e.Item(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(it)
			}
			a.line(fmt.Sprintf("%s  (%s, %s)", it.Name.In(a.lang), it.ID, it.Domain))
			for _, f := range e.Facts(it, a.lang) {
				a.line("  " + f.Label + ": " + f.Value)
			}
			return nil
		})
	available := a.one("available ITEM on|off", because.Say(a.lang, "Say whether an item may be recommended"), "  because item available shop_0007 off\n  because item available shop_0007 on", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			on, err := onOff(args[1])
			if err != nil {
				return err
			}
			if err := e.SetAvailable(cmd.Context(), args[0], on); err != nil {
				return err
			}
			said := because.Say(a.lang, "%s may be recommended.", args[0])
			if !on {
				said = because.Say(a.lang, "%s will not be recommended.", args[0])
			}
			return a.did(said, map[string]any{"item": args[0], "available": on})
		})
	remove := a.one("delete ITEM", because.Say(a.lang, "Delete an item"), "  because item delete shop_0007\n  because item delete shop_0008", false,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			if err := e.DeleteItem(cmd.Context(), args[0]); err != nil {
				return err
			}
			return a.did(because.Say(a.lang, "Deleted %s.", args[0]), map[string]any{"item": args[0], "deleted": true})
		})
	return a.group("item", because.Say(a.lang, "Show, delete or withhold an item"), show, available, remove)
}

func (a *app) learnCmd() *cobra.Command {
	status := a.one("status", because.Say(a.lang, "What the policy has learned from feedback"), "  because learn status\n  because learn status --json", true,
		func(cmd *cobra.Command, e *engine.Engine, _ []string) error {
			s, err := e.LearnStatus(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(s)
			}
			a.line(because.Say(a.lang, "%d impressions (%d of them teach), %d feedback, policy %s", s.Impressions, s.Taught, s.Feedback, s.Policy))
			if len(s.Arms) == 0 {
				a.next("because recommend --explain --log --user USER")
				return nil
			}
			rows := [][]string{{because.Say(a.lang, "arm"), because.Say(a.lang, "shown"), because.Say(a.lang, "answered"), because.Say(a.lang, "mean reward"), because.Say(a.lang, "probability")}}
			for _, x := range s.Arms {
				rows = append(rows, []string{x.Arm, fmt.Sprint(x.Shown), fmt.Sprint(x.Answered), fmt.Sprintf("%+.3f", x.Reward), fmt.Sprintf("%.3f", x.Probability)})
			}
			a.table(rows)
			return nil
		})
	var impression, kind, target string
	feedback := &cobra.Command{
		Use: "feedback", Short: because.Say(a.lang, "Say how an impression was received"),
		Example: "  because learn feedback --impression imp_… --kind helpful\n  because learn feedback --impression imp_… --kind hide_reason --target e1",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd.Context(), false, func(e *engine.Engine) error {
				r, err := e.Feedback(cmd.Context(), because.Feedback{Impression: impression, Kind: because.FeedbackKind(kind), Target: target})
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(r)
				}
				a.line(because.Say(a.lang, "Arm %s: probability %.3f → %.3f", r.Arm, r.Before, r.After))
				return nil
			})
		},
	}
	f := feedback.Flags()
	f.StringVar(&impression, "impression", "", because.Say(a.lang, "the impression"))
	f.StringVar(&kind, "kind", "", because.Say(a.lang, "clicked, helpful, not_helpful, wrong, too_personal, hide_reason or undo"))
	f.StringVar(&target, "target", "", because.Say(a.lang, "hide_reason: the evidence; undo: the feedback"))
	return a.group("learn", because.Say(a.lang, "The loop from feedback to what is said next time"), status, feedback)
}

func (a *app) evalCmd() *cobra.Command {
	var o engine.EvalOptions
	var truthFile string
	cmd := &cobra.Command{
		Use:     "eval",
		Short:   because.Say(a.lang, "Measure the reasons: true causes, personal share, supported claims, ranking"),
		Example: "  because eval --truth ./world/truth.jsonl --ranking\n  because eval --users 500 --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			truth, err := readTruth(truthFile)
			if err != nil {
				return err
			}
			o.Seed = uint64(a.settings.num("seed"))
			return a.with(cmd.Context(), true, func(e *engine.Engine) error {
				var reports []engine.EvalReport
				for i, lang := range because.Langs {
					o := o
					o.Lang = lang
					o.Ranking = o.Ranking && i == 0 // a ranking has no language
					r, err := e.Evaluate(cmd.Context(), o, truth)
					if err != nil {
						return err
					}
					reports = append(reports, r)
				}
				if a.json {
					return a.printJSON(reports)
				}
				a.evalReport(reports)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Users, "users", 200, because.Say(a.lang, "how many readers to ask for"))
	f.IntVar(&o.PerUser, "per-user", 3, because.Say(a.lang, "explanations for each"))
	f.BoolVar(&o.Ranking, "ranking", false, because.Say(a.lang, "also measure the ranking, by training without each user's last item"))
	f.StringVar(&truthFile, "truth", "", because.Say(a.lang, "truth.jsonl of an invented world"))
	cmd.AddCommand(a.evalExplainCmd(), a.evalVerifyCmd(), a.evalNeedsCmd(), a.evalAspectsCmd(), a.evalPeersCmd(), a.evalServedCmd(), a.evalReasonsCmd(), a.evalJudgesCmd(), a.evalParityCmd(), a.evalAdversarialCmd(), a.evalTransferCmd())
	return cmd
}

// readTruth reads the true reasons of an invented world; no file means that they are not known.
func readTruth(path string) (engine.Truth, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, because.Errorf(because.ErrNotFound, "%s cannot be read.", path)
	}
	defer f.Close()
	t, err := synth.ReadTruth(f)
	if err != nil {
		return nil, err
	}
	return func(user string, it because.Item, c because.Context) map[string]float64 {
		out := map[string]float64{}
		for _, x := range t.Terms(user, it, c) {
			out[x.Name] += x.Value
		}
		return out
	}, nil
}

// evalReport prints one column per language, then the groups.
func (a *app) evalReport(reports []engine.EvalReport) {
	names := map[string]bool{}
	for _, r := range reports {
		for n := range r.Numbers {
			names[n] = true
		}
	}
	rows := [][]string{{""}}
	for _, r := range reports {
		rows[0] = append(rows[0], string(r.Lang))
	}
	for _, n := range slices.Sorted(maps.Keys(names)) {
		row := []string{n}
		for _, r := range reports {
			if v, ok := r.Numbers[n]; ok {
				row = append(row, fmt.Sprintf("%.4g", v))
			} else {
				row = append(row, "")
			}
		}
		rows = append(rows, row)
	}
	a.table(rows)
	for _, r := range reports {
		a.groups(r)
	}
}

// groups prints the same numbers group by group.
func (a *app) groups(r engine.EvalReport) {
	columns := []string{"texts", "cause_precision", "random_precision", "personal", "supported"}
	rows := [][]string{append([]string{string(r.Lang)}, columns...)}
	for _, g := range slices.Sorted(maps.Keys(r.ByGroup)) {
		row := []string{g}
		for _, c := range columns {
			if v, ok := r.ByGroup[g][c]; ok {
				row = append(row, fmt.Sprintf("%.4g", v))
			} else {
				row = append(row, "–")
			}
		}
		rows = append(rows, row)
	}
	if len(rows) > 1 {
		a.line("")
		a.table(rows)
	}
}

func (a *app) backupCmd() *cobra.Command {
	create := a.one("create FILE", because.Say(a.lang, "Copy the data while it is in use"), "  because backup create backup-2026-03-05\n  because backup create /mnt/backup/monday", true,
		func(cmd *cobra.Command, e *engine.Engine, args []string) error {
			if err := e.Backup(cmd.Context(), args[0]); err != nil {
				return err
			}
			if err := a.did(because.Say(a.lang, "Wrote %s.", args[0]), map[string]any{"backup": args[0]}); err != nil {
				return err
			}
			a.next("because backup verify " + args[0])
			return nil
		})
	verify := &cobra.Command{
		Use: "verify FILE", Short: because.Say(a.lang, "Read a backup whole and compare it with its checksums"), Args: cobra.ExactArgs(1),
		Example: "  because backup verify backup-2026-03-05\n  because backup verify /mnt/backup/monday --json",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := engine.VerifyBackup(args[0]); err != nil {
				return err
			}
			return a.did(because.Say(a.lang, "%s is whole.", args[0]), map[string]any{"backup": args[0], "ok": true})
		},
	}
	replace := false
	restore := &cobra.Command{
		Use: "restore FILE", Short: because.Say(a.lang, "Make the data folder of a backup"), Args: cobra.ExactArgs(1),
		Example: "  because backup restore backup-2026-03-05 --data ./restored\n  because backup restore backup-2026-03-05 --replace",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := engine.Restore(args[0], a.settings.str("data"), replace); err != nil {
				return err
			}
			dir := a.settings.str("data")
			return a.did(because.Say(a.lang, "Restored to %s. Train again: because train --data %[1]s", dir), map[string]any{"backup": args[0], "data": dir})
		},
	}
	restore.Flags().BoolVar(&replace, "replace", false, because.Say(a.lang, "even if the folder holds data"))
	return a.group("backup", because.Say(a.lang, "Create, verify and restore backups"), create, verify, restore)
}

func (a *app) configCmd() *cobra.Command {
	sources := false
	show := &cobra.Command{
		Use: "show", Short: because.Say(a.lang, "Print the settings in force"),
		Example: "  because config show --sources\n  because config show --json",
		RunE: func(*cobra.Command, []string) error {
			if a.json && sources {
				type sourced struct {
					Value  string `json:"value"`
					Source string `json:"source"`
				}
				all := map[string]sourced{}
				for key, v := range a.settings.value {
					all[key] = sourced{v, a.settings.source[key]}
				}
				return a.printJSON(all)
			}
			if a.json {
				return a.printJSON(a.settings.value)
			}
			var rows [][]string
			for _, k := range known {
				row := []string{k.key, a.settings.value[k.key]}
				if sources {
					row = append(row, a.settings.source[k.key])
				}
				rows = append(rows, row)
			}
			a.table(rows)
			return nil
		},
	}
	show.Flags().BoolVar(&sources, "sources", false, because.Say(a.lang, "also print where each comes from"))
	return a.group("config", because.Say(a.lang, "Settings: flag, then environment, then because.yaml, then default"), show)
}

func (a *app) doctorCmd() *cobra.Command {
	llm := false
	cmd := &cobra.Command{
		Use: "doctor", Short: because.Say(a.lang, "Look for what could keep this from working"),
		Example: "  because doctor\n  because doctor --llm --llm-url http://127.0.0.1:8000/v1 --llm-model qwen",
		RunE: func(cmd *cobra.Command, _ []string) error {
			look := func(e *engine.Engine) error {
				if llm {
					return a.checks(e.DoctorLLM(cmd.Context(), a.lang))
				}
				return a.checks(e.Doctor(cmd.Context(), a.lang))
			}
			err := a.with(cmd.Context(), false, look)
			if errors.Is(err, because.ErrConflict) { // somebody writes; reading is enough
				err = a.with(cmd.Context(), true, look)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&llm, "llm", false, because.Say(a.lang, "ask the configured endpoint what it can do"))
	return cmd
}

// checks prints what was checked; exit code 3 says that something is wrong.
func (a *app) checks(checks []engine.Check) error {
	if a.json {
		if err := a.printJSON(checks); err != nil {
			return err
		}
	}
	bad := false
	for _, c := range checks {
		mark := "✔"
		if !c.OK {
			mark, bad = "✖", true
		}
		if !a.json {
			a.line(fmt.Sprintf("%s %-14s %s", mark, c.Name, c.Detail))
			if c.Fix != "" {
				a.line("    → " + c.Fix)
			}
		}
	}
	if bad {
		return coded{exitProblems, nil}
	}
	return nil
}

func (a *app) completionCmd() *cobra.Command {
	return &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: because.Say(a.lang, "Print a completion script for your shell"),
		Example: "  because completion bash > /etc/bash_completion.d/because\n  because completion zsh > ~/.zfunc/_because",
		Args:    cobra.ExactArgs(1), ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
			return because.Errorf(because.ErrInvalid, "There is no completion for %q. Choose bash, zsh, fish or powershell.", args[0])
		},
	}
}

func (a *app) versionCmd() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: because.Say(a.lang, "Print the version"),
		Example: "  because version\n  because version --json",
		RunE: func(*cobra.Command, []string) error {
			if a.json {
				return a.printJSON(map[string]any{"version": version, "code": engine.Version(), "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH, "simd": engine.FastMath})
			}
			a.line(fmt.Sprintf("because %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH))
			if !engine.FastMath {
				a.line(because.Say(a.lang, "Built without vector instructions: training language models is about 25 times slower. Build with make."))
			}
			return nil
		},
	}
}

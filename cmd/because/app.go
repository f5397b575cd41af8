package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"because"
	"because/internal/engine"
)

// errUsage marks what cobra finds wrong with a command line.
var errUsage = errors.New("usage")

// An app is one run of the command.
type app struct {
	lang           because.Lang
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	settings       settings
	json           bool
	quiet          bool
	verbose        bool
}

// newApp finds the language first, since help and errors are said in it.
func newApp(args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) *app {
	return &app{
		lang: language(args, getenv), stdin: stdin, stdout: stdout, stderr: stderr, getenv: getenv, now: time.Now,
	}
}

// language is --lang, then BECAUSE_LANG, then LC_ALL, LC_MESSAGES or LANG, then Chinese.
func language(args []string, getenv func(string) string) because.Lang {
	for i, s := range args {
		if s == "--" {
			break
		}
		v, ok := strings.CutPrefix(s, "--lang=")
		if s == "--lang" && i+1 < len(args) {
			v, ok = args[i+1], true
		}
		if l, known := because.ParseLang(v); ok && known {
			return l
		}
	}
	for _, name := range []string{"BECAUSE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if l, ok := because.ParseLang(getenv(name)); ok {
			return l
		}
	}
	return because.Chinese
}

// root is the whole command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "because",
		Short:         because.Say(a.lang, "Recommendations with reasons that are true"),
		Long:          because.Say(a.lang, "Because recommends items and writes, for each, a personalised reason in Chinese or English that is true: every claim is backed by evidence that the reader can open."),
		Example:       "  because demo\n  because import dataset ./ml-latest-small && because train\n  because recommend --user 1 --explain",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.DisableDefaultCmd = true
	f := root.PersistentFlags()
	f.String("lang", "", because.Say(a.lang, "language: zh or en"))
	f.BoolVar(&a.json, "json", false, because.Say(a.lang, "print JSON"))
	f.BoolVarP(&a.quiet, "quiet", "q", false, because.Say(a.lang, "print results only"))
	f.BoolVarP(&a.verbose, "verbose", "v", false, because.Say(a.lang, "print the log"))
	a.settings.flags(f, a.lang)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if said := cmd.Flag("lang").Value.String(); said != "" {
			if _, ok := because.ParseLang(said); !ok {
				return because.Errorf(because.ErrInvalid, "There is no language %q. Choose zh or en.", said)
			}
		}
		return a.settings.read(cmd.Flags(), a.getenv)
	}
	root.AddCommand(
		a.demoCmd(), a.synthCmd(), a.importCmd(), a.exportCmd(), a.trainCmd(), a.recommendCmd(), a.explainCmd(), a.verifyCmd(),
		a.evalCmd(), a.auditCmd(), a.learnCmd(), a.userCmd(), a.itemCmd(), a.modelCmd(), a.lmCmd(), a.packCmd(), a.serveCmd(), a.backupCmd(), a.configCmd(), a.doctorCmd(),
		a.completionCmd(), a.versionCmd(),
	)
	a.localise(root)
	return root
}

// flagError says what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return because.Errorf(errUsage, "There is no flag %s. See: %s --help", name, cmd.CommandPath())
	case errors.As(err, &bare):
		return because.Errorf(errUsage, "The flag --%s wants a value. See: %s --help", bare.GetFlag().Name, cmd.CommandPath())
	case errors.As(err, &wrong):
		return because.Errorf(errUsage, "The flag --%s cannot be %q. See: %s --help", wrong.GetFlag().Name, wrong.GetValue(), cmd.CommandPath())
	}
	return fmt.Errorf("%w: %w", errUsage, err)
}

// usage says what is wrong with a command line, in the words of the library that found it.
func (a *app) usage(err error) string {
	msg := strings.TrimPrefix(err.Error(), errUsage.Error()+": ")
	return because.Say(a.lang, "%s\nSee: because --help", msg)
}

// open opens the data folder as the settings say.
func (a *app) open(ctx context.Context, readOnly bool) (*engine.Engine, error) {
	o, err := a.options()
	if err != nil {
		return nil, err
	}
	o.ReadOnly = readOnly
	return engine.Open(ctx, o)
}

// options are the engine's options as the settings say.
func (a *app) options() (engine.Options, error) {
	s := &a.settings
	o := engine.Options{
		Dir: s.str("data"), Packs: s.str("packs"), Now: a.now, Seed: uint64(s.num("seed")), Workers: s.num("workers"), Log: a.logger(),
		Writer: because.Source(s.str("writer")), NoReason: s.str("learn.no_reason") == "true", KeepSnapshots: time.Duration(s.num("replay.keep_days")) * 24 * time.Hour,
		LLM: engine.LLM{
			BaseURL: s.str("llm.base_url"), Model: s.str("llm.model"), Preset: s.str("llm.preset"), Budget: int64(s.num("llm.budget")),
		},
	}
	var err error
	if o.LLM.Timeout, err = s.duration("llm.timeout"); err != nil {
		return o, err
	}
	if o.Zone, err = s.zone(); err != nil {
		return o, err
	}
	o.LLM.Key, err = s.llmKey(a.getenv)
	return o, err
}

// logger writes warnings to standard error, or everything with --verbose.
func (a *app) logger() *slog.Logger {
	level := slog.LevelError
	if a.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
}

// talk prints to standard error, unless --quiet.
func (a *app) talk(s string) {
	if !a.quiet {
		fmt.Fprintln(a.stderr, harmless(s))
	}
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

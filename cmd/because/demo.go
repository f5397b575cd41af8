package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

func (a *app) demoCmd() *cobra.Command {
	var keep, addr string
	var walk, noOpen bool
	var users int
	cmd := &cobra.Command{
		Use:   "demo",
		Short: because.Say(a.lang, "Invent a store, train on it and show it in the browser"),
		Long: because.Say(a.lang, "Invents a world of seven domains, trains on it and serves it: explained recommendations in Chinese and English, offline, in a few seconds. "+
			"All data is invented; it lies in a temporary folder unless --keep names one."),
		Example: "  because demo\n  because demo --walk\n  because demo --keep ./demo-data --addr 127.0.0.1:9000",
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, clean, err := demoFolder(keep)
			if err != nil {
				return err
			}
			defer clean()
			a.settings.value["data"] = dir
			return a.with(cmd.Context(), false, func(e *engine.Engine) error {
				if err := a.prepare(cmd.Context(), e, dir, users); err != nil {
					return err
				}
				if walk {
					return a.walk(cmd.Context(), e)
				}
				return a.serve(cmd.Context(), e, freeAddr(addr), func(url string) { a.welcome(url, noOpen) })
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&keep, "keep", "", because.Say(a.lang, "keep the data in this folder"))
	f.StringVar(&addr, "addr", "127.0.0.1:8080", because.Say(a.lang, "address to serve on; the next free port is taken"))
	f.BoolVar(&walk, "walk", false, because.Say(a.lang, "show the five steps in the terminal instead of serving"))
	f.BoolVar(&noOpen, "no-open", false, because.Say(a.lang, "do not open the browser"))
	f.IntVar(&users, "users", 0, because.Say(a.lang, "users; 0 means about 600"))
	return cmd
}

// demoFolder is the folder to keep, or a temporary one with what removes it.
func demoFolder(keep string) (string, func(), error) {
	if keep != "" {
		return keep, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "because-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// prepare fills an empty folder with an invented world and trains on it, telling each step with its time.
func (a *app) prepare(ctx context.Context, e *engine.Engine, dir string, users int) error {
	a.talk(because.Say(a.lang, "Because %s — demo. Everything shown is invented; numbers on invented data say so.", version))
	world := filepath.Join(dir, "world")
	start := a.now()
	if e.Health(ctx).Ready {
		return nil // kept from an earlier run
	}
	w, err := synth.Generate(synth.Options{Seed: uint64(a.settings.num("seed")), Users: users, Now: a.now()})
	if err != nil {
		return err
	}
	if err := w.Write(world); err != nil {
		return err
	}
	a.step(because.Say(a.lang, "Invented a world: %d users, %d items, %d reviews", len(w.Users), len(w.Items), len(w.Reviews)), start)
	start = a.now()
	report, err := e.Import(ctx, engine.ImportRequest{Kind: "dataset", Path: world, Lang: a.lang}, nil)
	if err != nil {
		return err
	}
	rows := 0
	for _, f := range report.Files {
		rows += f.Added
	}
	a.step(because.Say(a.lang, "Imported and cleaned %d rows", rows), start)
	start = a.now()
	t, err := e.Train(ctx, nil)
	if err != nil {
		return err
	}
	a.step(because.Say(a.lang, "Trained the rankers on %d interactions", t.Interactions), start)
	return nil
}

func (a *app) step(what string, start time.Time) {
	a.talk(fmt.Sprintf("  ✔ %s  (%s)", what, seconds(a.now().Sub(start))))
}

// welcome tells where the page is, and opens it where there is somebody to see it.
func (a *app) welcome(url string, noOpen bool) {
	page := url + "/store?lang=" + string(a.lang)
	a.talk(because.Say(a.lang, "  ✔ Serving: %s", page))
	if a.settings.str("llm.base_url") == "" {
		a.talk(because.Say(a.lang, "  ○ No large language model is connected: lists are written by hand-written patterns, a single reason by the small model inside, and all is verified. Connect one with --llm-url and --llm-model."))
	}
	a.talk(because.Say(a.lang, "  Try it: curl -s '%s/api/v1/recommendations?user=u_lin&explain=true&n=3'", url))
	a.talk(because.Say(a.lang, "  Stop: Ctrl-C"))
	if noOpen || !isTerminal(a.stdout) {
		return
	}
	if runtime.GOOS == "linux" && a.getenv("DISPLAY") == "" && a.getenv("WAYLAND_DISPLAY") == "" {
		a.talk(because.Say(a.lang, "  No display here. From your own machine: ssh -L 8080:%s HOST, then open http://127.0.0.1:8080/store", strings.TrimPrefix(url, "http://")))
		return
	}
	opener := map[string]string{"darwin": "open", "windows": "explorer"}[runtime.GOOS]
	if opener == "" {
		opener = "xdg-open"
	}
	_ = exec.Command(opener, page).Start() // no browser is no error: the address is on the screen
}

// walk shows the article's five steps in the terminal, with one thumbs-down and what it changed.
func (a *app) walk(ctx context.Context, e *engine.Engine) error {
	const user = "u_lin"
	view, err := e.ViewUser(ctx, user)
	if errors.Is(err, because.ErrNotFound) {
		us, lerr := e.Users(ctx, "", 1)
		if lerr != nil || len(us) == 0 {
			return err
		}
		view, err = e.ViewUser(ctx, us[0].ID)
	}
	if err != nil {
		return err
	}
	id := view.User.ID
	a.heading(1, because.Say(a.lang, "Collect and clean behaviour and context"))
	a.line(because.Say(a.lang, "%s has %d interactions. The latest:", view.User.Name, view.Count))
	for _, x := range view.Interactions[:min(6, len(view.Interactions))] {
		name := x.Query
		if it, err := e.Item(ctx, x.Item); err == nil {
			name = it.Name.In(a.lang)
		}
		a.line(fmt.Sprintf("   %s  %-8s %s", x.Context.At.Format("01-02 15:04"), x.Kind, name))
	}
	a.heading(2, because.Say(a.lang, "Rank: every score is the sum of its parts"))
	recs, err := e.Recommend(ctx, engine.ListRequest{User: id, N: 3, Lang: a.lang, Explain: true, Log: true})
	if err != nil {
		return err
	}
	if len(recs.Items) == 0 || recs.Items[0].Explanation == nil {
		return because.Errorf(because.ErrNotFound, "There is nothing to recommend to %q.", id)
	}
	first := recs.Items[0]
	a.line(fmt.Sprintf("%s  (%s)  %.3f =", first.Name, first.Item, first.Score))
	parts := slices.Clone(first.Contributions)
	slices.SortStableFunc(parts, func(x, y because.Contribution) int { return cmpAbs(y.Value, x.Value) })
	for _, c := range parts[:min(6, len(parts))] {
		a.line(fmt.Sprintf("   %+.3f  %-40s %s", c.Value, c.Name, c.Ranker))
	}
	a.heading(3, because.Say(a.lang, "Write a reason from evidence, and verify each claim"))
	x := *first.Explanation
	a.explanation(x)
	for _, c := range x.Claims {
		a.line(fmt.Sprintf("   ✔ %s — %s", c.Text, c.Reason))
	}
	a.heading(4, because.Say(a.lang, "Learn from feedback"))
	fb, err := e.Feedback(ctx, because.Feedback{Impression: x.ImpressionID, Kind: because.NotHelpful})
	if err != nil {
		return err
	}
	a.line(because.Say(a.lang, "One thumbs-down on %s: its probability for the same request went from %.3f to %.3f.", fb.Arm, fb.Before, fb.After))
	a.heading(5, because.Say(a.lang, "Show recommendations and reasons together"))
	a.list(recs)
	a.next("because demo")
	return nil
}

func cmpAbs(x, y float64) int {
	if x < 0 {
		x = -x
	}
	if y < 0 {
		y = -y
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func (a *app) heading(n int, s string) {
	a.line("")
	a.line(fmt.Sprintf("── %d. %s", n, s))
}

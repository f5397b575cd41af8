// Command because recommends items and writes, for each, a reason that is true.
//
// One file per subcommand. This package alone reads flags, the environment and because.yaml; it checks them before any
// work. Data goes to standard output, talk to standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"because"
)

// version is set by the build.
var version = "dev"

// Exit codes, the same in every language.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitProblems    = 3 // validation found problems
	exitNotFound    = 4
	exitConflict    = 5 // another process holds the data folder
	exitForbidden   = 6
	exitUnavailable = 7
	exitGate        = 8 // a quality threshold was missed
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() { // the second signal ends at once
		<-ctx.Done()
		stop()
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}

// run is main without the process: scripts and tests call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	a := newApp(args, stdin, stdout, stderr, getenv)
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	return a.fail(ctx, err)
}

// coded is an error that ends with a given exit code.
type coded struct {
	code int
	err  error // nil when everything was said already
}

func (c coded) Error() string {
	if c.err == nil {
		return ""
	}
	return c.err.Error()
}
func (c coded) Unwrap() error { return c.err }

// fail says what went wrong in the reader's language and returns the exit code.
func (a *app) fail(ctx context.Context, err error) int {
	code := exitCode(ctx, err)
	var c coded
	if errors.As(err, &c) && c.err == nil {
		return code
	}
	msg, ok := because.Message(err, a.lang)
	switch {
	case ok:
	case code == exitInterrupted:
		msg = because.Say(a.lang, "Interrupted. What was finished is kept.")
	case code == exitUsage:
		msg = a.usage(err)
	default:
		msg = because.Say(a.lang, "Something went wrong: %s", err)
	}
	fmt.Fprintln(a.stderr, harmless(msg))
	return code
}

func exitCode(ctx context.Context, err error) int {
	var c coded
	switch {
	case errors.As(err, &c):
		return c.code
	case errors.Is(err, context.Canceled) || ctx.Err() != nil:
		return exitInterrupted
	case errors.Is(err, because.ErrNotFound):
		return exitNotFound
	case errors.Is(err, because.ErrConflict):
		return exitConflict
	case errors.Is(err, because.ErrForbidden):
		return exitForbidden
	case errors.Is(err, because.ErrUnavailable):
		return exitUnavailable
	case errors.Is(err, because.ErrInvalid):
		return exitUsage
	case errors.Is(err, errUsage):
		return exitUsage
	}
	return exitFailed
}

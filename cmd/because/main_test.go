package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"because": main}) }

// quiet runs the command in this process and fails the test unless it ends well.
func quiet(t *testing.T, args ...string) {
	t.Helper()
	var stderr bytes.Buffer
	if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &stderr, func(string) string { return "" }); code != exitOK {
		t.Fatalf("because %s: exit %d\n%s", strings.Join(args, " "), code, &stderr)
	}
}

// smallWorld is a folder that holds an invented world under world and a trained data folder under because-data.
func smallWorld(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	world, data := filepath.Join(dir, "world"), filepath.Join(dir, "because-data")
	quiet(t, "synth", "--out", world, "--users", "60", "--items", "120", "--interactions", "4000")
	quiet(t, "import", "dataset", world, "--data", data)
	quiet(t, "train", "--data", data)
	return dir
}

// TestScripts types every subcommand. Each script starts in a folder with its own copy of one small trained world.
func TestScripts(t *testing.T) {
	world := smallWorld(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "en_US.UTF-8")
			env.Setenv("HOME", env.WorkDir)
			return os.CopyFS(env.WorkDir, os.DirFS(world))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "json": hasKeys, "keep": keep},
	})
}

// exits runs a command and checks its exit code: exits 4 because item show nothing.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg {
		ts.Fatalf("usage: exits CODE command …")
	}
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit %d, want %d: %s", got, want, strings.Join(args[1:], " "))
	}
}

// hasKeys checks that a file, or stdout, is one JSON value that has the given members: json stdout items.0.name user.
func hasKeys(ts *testscript.TestScript, neg bool, args []string) {
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("not JSON: %v", err)
	}
	for _, path := range args[1:] {
		if _, ok := member(v, strings.Split(path, ".")); ok == neg {
			ts.Fatalf("member %s: present is %v", path, ok)
		}
	}
}

func member(v any, path []string) (any, bool) {
	for _, name := range path {
		switch x := v.(type) {
		case map[string]any:
			y, ok := x[name]
			if !ok {
				return nil, false
			}
			v = y
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(x) {
				return nil, false
			}
			v = x[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// keep sets the environment variable NAME to the JSON member KEY of the last standard output: keep NAME KEY.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &v); err != nil {
		ts.Fatalf("not JSON: %v", err)
	}
	x, ok := member(v, strings.Split(args[1], "."))
	if !ok {
		ts.Fatalf("no member %s", args[1])
	}
	ts.Setenv(args[0], fmt.Sprint(x))
}

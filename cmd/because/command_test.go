package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"because"
)

// commandsOf calls f with every command that does something.
func commandsOf(lang because.Lang, f func(*cobra.Command)) {
	a := newApp([]string{"--lang", string(lang)}, strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" })
	walk(a.root(), func(c *cobra.Command) {
		if !c.HasSubCommands() && c.Name() != "help" {
			f(c)
		}
	})
}

// TestHelp holds each command's help to two examples that its own flags understand, in both languages.
func TestHelp(t *testing.T) {
	for _, lang := range because.Langs {
		n := 0
		commandsOf(lang, func(c *cobra.Command) {
			n++
			if c.Short == "" {
				t.Errorf("%s: says nothing of itself", c.CommandPath())
			}
			lines := strings.Split(strings.TrimSpace(c.Example), "\n")
			if len(lines) < 2 {
				t.Errorf("%s has %d examples, want at least 2", c.CommandPath(), len(lines))
			}
			for _, line := range lines {
				if !strings.Contains(line, c.CommandPath()) {
					t.Errorf("%s: not its example: %s", c.CommandPath(), line)
				}
				for _, word := range strings.Fields(line) {
					name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
					if strings.HasPrefix(word, "--") && c.Flag(name) == nil && c.InheritedFlags().Lookup(name) == nil {
						t.Errorf("%s: its example uses --%s, which it does not have", c.CommandPath(), name)
					}
				}
			}
		})
		if n < 25 {
			t.Errorf("%s: only %d commands found", lang, n)
		}
	}
}

// TestReadmeSettings holds the configuration table of both READMEs to the settings.
func TestReadmeSettings(t *testing.T) {
	for _, file := range []string{"../../README.md", "../../README.en.md"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code := func(s string) string {
			if s == "" {
				return ""
			}
			return "`" + s + "` "
		}
		for _, s := range known {
			flag := s.flag
			if flag != "" {
				flag = "--" + flag
			}
			row := fmt.Sprintf("| `%s` | %s| `%s` | %s| ", s.key, code(flag), s.env(), code(s.fallback))
			if !strings.Contains(string(b), row) {
				t.Errorf("%s has no row\n%s", file, row)
			}
		}
		if n := strings.Count(string(b), "| `BECAUSE_"); n != len(known) {
			t.Errorf("%s lists %d settings of %d", file, n, len(known))
		}
	}
}

// TestProgress: off a terminal a long run says at most one plain line every ten seconds, and draws nothing.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	a := newApp([]string{"--lang", "en"}, strings.NewReader(""), io.Discard, &out, func(string) string { return "" })
	at := time.Date(2026, 3, 5, 20, 30, 0, 0, time.UTC)
	a.now = func() time.Time { return at }
	p := a.progress()
	for i := range 251 { // 25 seconds
		p.update("read", i, 1000)
		at = at.Add(100 * time.Millisecond)
	}
	p.done()
	if want := "read: 100 of 1000, 10s so far\nread: 200 of 1000, 20s so far\n"; out.String() != want || p.bars != nil {
		t.Errorf("said %q, want %q", &out, want)
	}
}

// TestSecondProcess: while one process serves, another may read; what writes exits 5 and says why, and doctor looks.
func TestSecondProcess(t *testing.T) {
	dir := smallWorld(t)
	serve := process(t, dir, "serve", "--addr", "127.0.0.1:0")
	stderr, err := serve.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer serve.Process.Kill()
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !strings.Contains(lines.Text(), "Serving on") {
	}
	for _, tt := range []struct {
		args string
		code int
	}{
		{"train", exitConflict},
		{"import dataset world", exitConflict},
		{"user personalise u_lin off", exitConflict},
		{"user erase u_lin --yes", exitConflict},
		{"recommend --user u_lin --explain --log", exitConflict},
		{"recommend --user u_lin --explain -n 2", exitOK},
		{"user show u_lin", exitOK},
		{"export items", exitOK},
		{"backup create copy", exitOK},
		{"doctor", exitOK},
	} {
		c := process(t, dir, strings.Fields(tt.args)...)
		var said bytes.Buffer
		c.Stderr = &said
		if got := code(t, c.Run()); got != tt.code {
			t.Errorf("because %s: exit %d, want %d: %s", tt.args, got, tt.code, &said)
		}
		if tt.code == exitConflict && !strings.Contains(said.String(), "Another process writes to") {
			t.Errorf("because %s: %q does not say who is in the way", tt.args, &said)
		}
	}
	if err := serve.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("serve after Ctrl-C: %v", err)
	}
	if got := code(t, process(t, dir, "user", "personalise", "u_lin", "off").Run()); got != exitOK {
		t.Errorf("after serve has ended: exit %d", got)
	}
}

// TestInterruptedImport: Ctrl-C while rows are still coming exits 130; the store is whole, holds only rows that were
// given, and the same rows again complete it.
func TestInterruptedImport(t *testing.T) {
	dir := t.TempDir()
	c := process(t, dir, "import", "interactions", "-")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	const rows = 120_000 // more than one batch, and than the pipe holds
	all := make([]byte, 0, rows*120)
	for i := range rows {
		all = fmt.Appendf(all, `{"id":"x%d","user":"u%d","item":"i%d","kind":"view","context":{"at":"2026-03-01T20:15:00+08:00"}}`+"\n", i, i%50, i%70)
	}
	if _, err := in.Write(all); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil { // the input stays open: the command waits for more
		t.Fatal(err)
	}
	if got := code(t, c.Wait()); got != exitInterrupted {
		t.Fatalf("exit %d, want %d: %s", got, exitInterrupted, &said)
	}
	if !strings.Contains(said.String(), "Interrupted. What was finished is kept.") {
		t.Errorf("said %q", &said)
	}
	if kept := exported(t, dir); kept > rows {
		t.Errorf("%d rows are stored of %d that were given", kept, rows)
	} else {
		t.Logf("%d of %d rows were stored before the interruption", kept, rows)
	}
	again := process(t, dir, "import", "interactions", "-")
	again.Stdin = bytes.NewReader(all)
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if kept := exported(t, dir); kept != rows {
		t.Errorf("after importing again %d rows are stored, want %d", kept, rows)
	}
}

// exported counts the interactions of a data folder, each of which must be whole.
func exported(t *testing.T, dir string) int {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "because-data", "because.db")); err != nil {
		return 0
	}
	out, err := process(t, dir, "export", "interactions").Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range bytes.Lines(out) {
		var x because.Interaction
		if err := json.Unmarshal(line, &x); err != nil || x.ID == "" || x.User == "" {
			t.Fatalf("not a whole row: %s", line)
		}
		n++
	}
	return n
}

// process is the command as a process of its own.
func process(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	because := filepath.Join(t.TempDir(), "because")
	if err := os.Symlink(self, because); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), because, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "LANG=en_US.UTF-8", "LC_ALL=", "BECAUSE_LANG=")
	return c
}

// code is the exit code of a command that has ended.
func code(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Fatal(err)
	return -1
}

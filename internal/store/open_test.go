package store

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"because"
)

// TestMain lets the test binary be another process: a writer that holds the lock, or one that writes until it is killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("BECAUSE_STORE_TEST_DIR")
	if dir == "" {
		os.Exit(m.Run())
	}
	db, err := Open(context.Background(), dir, Options{})
	if err != nil {
		fmt.Println("error", errors.Is(err, because.ErrConflict), err)
		os.Exit(1)
	}
	fmt.Println("open")
	if os.Getenv("BECAUSE_STORE_TEST_WRITE") == "" {
		io.Copy(io.Discard, os.Stdin)
		db.Close()
		return
	}
	for i := 0; ; i++ {
		if _, err := db.AddInteractions(context.Background(), deeds(3, 5, i*3, false)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

// another starts this binary as another process on a folder; lines is what it prints.
func another(t *testing.T, dir string, env ...string) (cmd *exec.Cmd, lines *bufio.Scanner, stdin io.Closer) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), "BECAUSE_STORE_TEST_DIR="+dir), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewScanner(out), in
}

// TestTwoProcesses: a second writer is refused at once, a reader is not, and the lock goes with the process.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	cmd, lines, stdin := another(t, dir)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the other process says %q", lines.Text())
	}
	start := time.Now()
	_, err := Open(t.Context(), dir, Options{})
	if !errors.Is(err, because.ErrConflict) || time.Since(start) > time.Second {
		t.Errorf("a second writer, after %v: %v", time.Since(start), err)
	}
	r, err := Open(t.Context(), dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("a reader beside a writer: %v", err)
	}
	if _, err := r.PutItems(t.Context(), []because.Item{{ID: "a"}}); !errors.Is(err, because.ErrConflict) {
		t.Errorf("a reader writes: %v", err)
	}
	if _, err := r.read.Exec("DELETE FROM users"); err == nil {
		t.Error("the read pool can write")
	}
	r.Close()
	stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	if _, lines, _ := another(t, dir); !lines.Scan() || !strings.HasPrefix(lines.Text(), "error true") {
		t.Errorf("the other process as second writer says %q", lines.Text())
	}
	r, err = Open(t.Context(), dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	before := r.Generation()
	must[int](t)(db.PutItems(t.Context(), []because.Item{item("a")}))
	same(t, "what a reader sees", must[because.Item](t)(r.Item(t.Context(), "a")), item("a"))
	if r.Generation() == before || r.Generation() != db.Generation() {
		t.Errorf("a reader's generation: %d, then %d; the writer's %d", before, r.Generation(), db.Generation())
	}
}

// TestKilled kills a writing process; what it had acknowledged is there, in whole batches, and the lock is free.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		cmd, lines, _ := another(t, dir, "BECAUSE_STORE_TEST_WRITE=1")
		acknowledged := -1
		for range 20 + 30*round {
			if !lines.Scan() {
				t.Fatal("the other process ended")
			}
			if lines.Text() == "open" {
				continue
			}
			if _, err := fmt.Sscan(lines.Text(), &acknowledged); err != nil {
				t.Fatal(lines.Text())
			}
		}
		cmd.Process.Kill()
		cmd.Wait()
		db, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := must[Counts](t)(db.Counts(t.Context())).Interactions
		if n%3 != 0 || n < 3*(acknowledged+1) {
			t.Errorf("%d interactions, %d batches of 3 acknowledged", n, acknowledged+1)
		}
		if err := errors.Join(db.Check(t.Context()), db.Close()); err != nil {
			t.Error(err)
		}
	}
}

// TestCrashCopy copies the files while the store is open, as a crash would leave them.
func TestCrashCopy(t *testing.T) {
	dir, crashed := t.TempDir(), t.TempDir()
	db := open(t, dir)
	fill(t, db, "u", 5)
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, fileName+end))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(crashed, fileName+end), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	after := open(t, crashed)
	same(t, "Counts", must[Counts](t)(after.Counts(t.Context())), must[Counts](t)(db.Counts(t.Context())))
	same(t, "History", must[[]because.Interaction](t)(after.History(t.Context(), "u", 0)), must[[]because.Interaction](t)(db.History(t.Context(), "u", 0)))
	if after.Generation() != db.Generation() {
		t.Errorf("generation %d after a crash, %d before", after.Generation(), db.Generation())
	}
	if err := after.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestReopen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), `100% "odd" ?x=1#2 数据`, "below")
	db := open(t, dir)
	fill(t, db, "u", 2)
	counts, generation := must[Counts](t)(db.Counts(t.Context())), db.Generation()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{fileName, lockName} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	db = open(t, dir)
	same(t, "Counts", must[Counts](t)(db.Counts(t.Context())), counts)
	if db.Generation() != generation {
		t.Errorf("generation %d, was %d", db.Generation(), generation)
	}
	must[int](t)(db.AddInteractions(t.Context(), []because.Interaction{interaction("later", "w", "i9", noon)}))
	if got := collect(t, db.EachInteraction); len(got) != 3 || got[1].ID != "later" || got[1].User != "w" || got[1].Item != "i9" {
		t.Errorf("interactions of before and after: %v", got)
	}
}

func TestRefusesToOpen(t *testing.T) {
	write := func(b string) func(string) {
		return func(dir string) { os.WriteFile(filepath.Join(dir, fileName), []byte(b), 0o600) }
	}
	run := func(statements ...string) func(string) {
		return func(dir string) {
			db, err := Open(t.Context(), dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
			raw, _ := sql.Open("sqlite", filepath.Join(dir, fileName))
			defer raw.Close()
			for _, s := range statements {
				if _, err := raw.Exec(s); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	foreign := func(dir string) {
		raw, _ := sql.Open("sqlite", filepath.Join(dir, fileName))
		defer raw.Close()
		if _, err := raw.Exec("CREATE TABLE notes (x)"); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(string) {}
	for name, tt := range map[string]struct {
		prepare  func(dir string)
		readOnly bool
		kind     error
	}{
		"newer":             {run("PRAGMA user_version = 99"), false, because.ErrConflict},
		"newer, reading":    {run("PRAGMA user_version = 99"), true, because.ErrConflict},
		"older, reading":    {run("PRAGMA user_version = 0"), true, because.ErrConflict},
		"no database":       {write(strings.Repeat("没有数据库", 500)), false, because.ErrInvalid},
		"short":             {write("SQLite format 3\x00"), false, because.ErrInvalid},
		"another program's": {run("PRAGMA application_id = 7"), false, because.ErrInvalid},
		"somebody's tables": {foreign, false, because.ErrInvalid},
		"nothing, reading":  {nothing, true, because.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			tt.prepare(dir)
			before, _ := os.ReadFile(filepath.Join(dir, fileName))
			db, err := Open(t.Context(), dir, Options{ReadOnly: tt.readOnly})
			if !errors.Is(err, tt.kind) {
				t.Fatalf("Open: %v, want %v", err, tt.kind)
			}
			if db != nil {
				t.Error("a database beside an error")
			}
			if zh, ok := because.Message(err, because.Chinese); !ok || zh == err.Error() {
				t.Errorf("no Chinese sentence in %v", err)
			}
			if after, _ := os.ReadFile(filepath.Join(dir, fileName)); string(after) != string(before) {
				t.Error("a refused file was changed")
			}
			if lock, err := takeLock(dir); err != nil {
				t.Errorf("the lock is held after a refusal: %v", err)
			} else {
				lock.Unlock()
			}
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	write("x")(t.TempDir())
	os.WriteFile(file, nil, 0o600)
	if _, err := Open(t.Context(), file, Options{}); !errors.Is(err, because.ErrUnavailable) {
		t.Errorf("a file as folder: %v", err)
	}
}

// TestDamaged flips bytes all over the file: it opens, refuses or answers with an error, and never panics; Check finds
// a page that was overwritten.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "u", 20)
	must[int](t)(db.AddInteractions(t.Context(), deeds(2000, 20, 0, false)))
	db.Close()
	whole, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for page := 1; page < len(whole)/4096; page += 5 {
		b := append([]byte(nil), whole...)
		for i := range 200 {
			b[page*4096+i] ^= 0xa5
		}
		bad := t.TempDir()
		if err := os.WriteFile(filepath.Join(bad, fileName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), bad, Options{})
		if err == nil {
			err = db.Check(t.Context())
			db.EachInteraction(t.Context(), func(because.Interaction) error { return nil })
			db.History(t.Context(), "user_1", 10)
			db.Close()
		}
		if errors.Is(err, because.ErrInvalid) {
			found++
		} else {
			t.Errorf("page %d damaged: %v", page, err)
		}
	}
	if found == 0 {
		t.Error("no page was tried")
	}
}

func TestPragmas(t *testing.T) {
	db := open(t, t.TempDir())
	wrong := []pragma{{"synchronous", "FULL", "1"}}
	if err := checkPragmas(t.Context(), db.w.db, wrong); !errors.Is(err, because.ErrUnavailable) {
		t.Errorf("a setting that reads back otherwise: %v", err)
	}
	if err := checkPragmas(t.Context(), db.w.db, writePragmas); err != nil {
		t.Error(err)
	}
	for s, want := range map[string]int{"3.51.3": oldestSQLite, "3.54.1": 3054001, "3.51": 0, "x.1.2": 0} {
		if got := sqliteNumber(s); got != want {
			t.Errorf("sqliteNumber(%q) = %d, want %d", s, got, want)
		}
	}
}

// TestLogs says that the log tells an operator why writing stopped.
func TestLogs(t *testing.T) {
	var log strings.Builder
	db, err := Open(t.Context(), t.TempDir(), Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.w.stop(errors.New("sync failed"))
	if !strings.Contains(log.String(), "sync failed") {
		t.Errorf("log: %q", log.String())
	}
}

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"because"
)

// occupy keeps the writer busy until the returned function is called.
func occupy(t *testing.T, db *DB) (release func()) {
	t.Helper()
	busy, done, free := make(chan struct{}), make(chan error, 1), make(chan struct{})
	go func() {
		done <- db.write(context.Background(), 1, func(*txn) error { close(busy); <-free; return nil })
	}()
	<-busy
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// waitFor returns once n calls wait at the writer.
func waitFor(db *DB, n int) {
	for len(db.w.jobs) < n {
		runtime.Gosched()
	}
}

// TestGroupCommit lets calls pile up behind a busy writer. They share one transaction, which raises the generation
// once; the one among them that is wrong fails alone.
func TestGroupCommit(t *testing.T) {
	db := open(t, t.TempDir())
	release := occupy(t, db)
	before := db.Generation()
	const calls = 50
	errs := make([]error, calls+1)
	added := make([]int, calls)
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() {
			x := interaction(fmt.Sprint("x", i/2), "u", "i", noon) // every ID is posted twice
			added[i], errs[i] = db.AddInteractions(t.Context(), []because.Interaction{x})
		})
	}
	wg.Go(func() {
		_, errs[calls] = db.AddFeedback(t.Context(), []because.Feedback{{ID: "f", Impression: "unknown", User: "stranger"}})
	})
	waitFor(db, calls+1)
	release()
	wg.Wait()
	if !errors.Is(errs[calls], because.ErrNotFound) {
		t.Errorf("feedback on nothing: %v", errs[calls])
	}
	total := 0
	for i := range calls {
		if errs[i] != nil {
			t.Error(errs[i])
		}
		total += added[i]
	}
	if total != calls/2 {
		t.Errorf("%d added, want %d", total, calls/2)
	}
	if got := db.Generation() - before; got != 1 {
		t.Errorf("%d commits, want 1", got)
	}
	same(t, "Counts", must[Counts](t)(db.Counts(t.Context())), Counts{Users: 1, Interactions: calls / 2})
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestLargeCalls: calls that together bring too many rows get a commit each, also one that alone brings too many.
func TestLargeCalls(t *testing.T) {
	db := open(t, t.TempDir())
	if err := db.write(t.Context(), 1, func(t *txn) error { t.w.groupRows = 10; return nil }); err != nil {
		t.Fatal(err)
	}
	release := occupy(t, db)
	before := db.Generation()
	var wg sync.WaitGroup
	for i, rows := range []int{6, 20, 6, 3} {
		wg.Go(func() {
			if n, err := db.AddInteractions(t.Context(), deeds(rows, 5, i*100, false)); err != nil || n != rows {
				t.Errorf("%d rows: added %d, %v", rows, n, err)
			}
		})
		waitFor(db, i+1) // they wait in this order
	}
	release()
	wg.Wait()
	if got := db.Generation() - before; got != 3 { // 6, 20, and 6 with 3
		t.Errorf("%d commits, want 3", got)
	}
}

// TestManyWriters has every kind of write at once, each row sent by two writers, and counts what came of it.
func TestManyWriters(t *testing.T) {
	db := open(t, t.TempDir())
	const writers, rounds = 8, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range rounds {
				id := fmt.Sprint(w/2, "-", i)
				_, err1 := db.AddInteractions(t.Context(), []because.Interaction{interaction(id, fmt.Sprint("u", w/2), "i", noon)})
				_, err2 := db.AddImpressions(t.Context(), []because.Impression{impression(id, fmt.Sprint("u", w/2), "i")})
				_, err3 := db.AddFeedback(t.Context(), []because.Feedback{{ID: id, Impression: id, Kind: because.Clicked}})
				_, err4 := db.PutItems(t.Context(), []because.Item{{ID: id}})
				_, err5 := db.History(t.Context(), fmt.Sprint("u", w/2), 10)
				if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	n := writers / 2 * rounds
	same(t, "Counts", must[Counts](t)(db.Counts(t.Context())), Counts{Users: writers / 2, Items: n, Interactions: n, Impressions: n, Feedback: n})
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCancelled ends a context while its call waits, and in the middle of its rows. Nothing of it is stored, and the
// call beside it is.
func TestCancelled(t *testing.T) {
	db := open(t, t.TempDir())
	release := occupy(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	waiting, beside := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := db.PutItems(ctx, []because.Item{{ID: "a"}})
		waiting <- err
	}()
	waitFor(db, 1)
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled call: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	go func() {
		waiting <- db.write(ctx, 2, func(t *txn) error {
			if _, err := t.putItems([]body{{id: "b", json: `{"id":"b"}`}}); err != nil {
				return err
			}
			cancel()
			return t.ctx.Err()
		})
	}()
	waitFor(db, 1)
	go func() {
		_, err := db.PutItems(context.Background(), []because.Item{{ID: "c"}})
		beside <- err
	}()
	waitFor(db, 2)
	release()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("a call cancelled in the middle: %v", err)
	}
	if err := <-beside; err != nil {
		t.Error(err)
	}
	var got []string
	for _, it := range collect(t, db.EachItem) {
		got = append(got, it.ID)
	}
	same(t, "items", got, []string{"c"})
	if _, err := db.AddInteractions(ctx, deeds(1000, 10, 0, false)); !errors.Is(err, context.Canceled) {
		t.Errorf("an import after the context's end: %v", err)
	}
}

func TestClosed(t *testing.T) {
	db := open(t, t.TempDir())
	release := occupy(t, db)
	waiting := make(chan error, 1)
	go func() {
		_, err := db.PutItems(context.Background(), []because.Item{{ID: "a"}})
		waiting <- err
	}()
	waitFor(db, 1)
	closed := make(chan error, 1)
	go func() { closed <- db.Close() }()
	release()
	if err := errors.Join(<-waiting, <-closed, db.Close()); err != nil {
		t.Errorf("close with a call waiting: %v", err)
	}
	if _, err := db.PutItems(t.Context(), []because.Item{{ID: "b"}}); !errors.Is(err, because.ErrUnavailable) {
		t.Errorf("a write after Close: %v", err)
	}
	if _, err := db.Item(t.Context(), "a"); err == nil {
		t.Error("a read after Close succeeds")
	}
}

// TestStopped says that after an error of the disk nothing is written until the folder is opened again; reads go on.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "u", 1)
	db.w.stop(errors.New("input/output error"))
	_, err := db.PutItems(t.Context(), []because.Item{{ID: "b"}})
	if !errors.Is(err, because.ErrUnavailable) {
		t.Errorf("a write after a failed sync: %v", err)
	}
	if s, ok := because.Message(err, because.Chinese); !ok || s == err.Error() {
		t.Errorf("no Chinese sentence in %v", err)
	}
	if _, err := db.User(t.Context(), "u"); err != nil {
		t.Error(err)
	}
	db.Close()
	must[int](t)(open(t, dir).PutItems(t.Context(), []because.Item{{ID: "b"}}))
}

// TestDiskFull fills a small disk: writes are refused with a sentence, reads and what was acknowledged stay, and writes
// go on once there is room.
func TestDiskFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	db := open(t, dir)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	stored, size := 0, 500
	var err error
	for i := 0; ; i += size {
		var n int
		if n, err = db.AddInteractions(t.Context(), deeds(size, 50, i, false)); err != nil {
			break
		}
		if stored += n; stored > 1_000_000 {
			t.Fatal("the disk does not fill")
		}
	}
	if !errors.Is(err, because.ErrUnavailable) {
		t.Fatalf("a full disk: %v", err)
	}
	if _, ok := because.Message(err, because.Chinese); !ok {
		t.Errorf("no sentence in %v", err)
	}
	if got := len(collect(t, db.EachInteraction)); got != stored {
		t.Errorf("%d interactions on a full disk, %d acknowledged", got, stored)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	stored += must[int](t)(db.AddInteractions(t.Context(), deeds(size, 50, 10_000_000, false)))
	if got := len(collect(t, db.EachInteraction)); got != stored {
		t.Errorf("%d interactions, want %d", got, stored)
	}
	if err := errors.Join(db.Check(t.Context()), db.Close()); err != nil {
		t.Error(err)
	}
}

package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"because"
)

// TestBackupUnderLoad takes backups while batches of 7 are written. Every copy passes its check and holds whole
// batches: at least those acknowledged before, at most those sent.
func TestBackupUnderLoad(t *testing.T) {
	db := open(t, t.TempDir())
	var sent, acknowledged atomic.Int64
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			sent.Add(7)
			if _, err := db.AddInteractions(t.Context(), deeds(7, 20, i*7, false)); err != nil {
				stopped <- err
				return
			}
			acknowledged.Add(7)
		}
	}()
	for i := range 5 {
		for acknowledged.Load() < int64(i)*70 {
		}
		path := filepath.Join(t.TempDir(), "backup.db")
		least := acknowledged.Load()
		if err := db.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		most := sent.Load()
		if err := VerifyBackup(path); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "restored")
		if err := Restore(path, dir, RestoreOptions{}); err != nil {
			t.Fatal(err)
		}
		restored := open(t, dir)
		n := int64(len(collect(t, restored.EachInteraction)))
		if n%7 != 0 || n < least || n > most {
			t.Errorf("%d interactions restored, %d acknowledged before, %d sent", n, least, most)
		}
		if err := restored.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestRestore(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "u", 3)
	path := filepath.Join(t.TempDir(), "a backup.db")
	if err := db.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), path); !errors.Is(err, because.ErrConflict) {
		t.Errorf("a backup over another: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".backup-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	dir := t.TempDir()
	old := open(t, dir)
	fill(t, old, "somebody", 1)
	if err := Restore(path, dir, RestoreOptions{Overwrite: true}); !errors.Is(err, because.ErrConflict) {
		t.Errorf("restore into a folder in use: %v", err)
	}
	old.Close()
	if err := Restore(path, dir, RestoreOptions{}); !errors.Is(err, because.ErrConflict) {
		t.Errorf("restore over data: %v", err)
	}
	if err := Restore(path, dir, RestoreOptions{Overwrite: true}); err != nil {
		t.Fatal(err)
	}
	restored := open(t, dir)
	same(t, "Counts", must[Counts](t)(restored.Counts(t.Context())), must[Counts](t)(db.Counts(t.Context())))
	same(t, "impressions", collect(t, restored.EachImpression), collect(t, db.EachImpression))
	if _, err := restored.User(t.Context(), "somebody"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("the old data's user: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".restore-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestDamagedBackup changes one byte, the length, the manifest; each is refused, and nothing is restored.
func TestDamagedBackup(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "u", 3)
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	copied := must[[]byte](t)(os.ReadFile(path))
	manifest := string(must[[]byte](t)(os.ReadFile(path + ".json")))
	flip := func(i int) string {
		b := append([]byte(nil), copied...)
		b[i] ^= 1
		return string(b)
	}
	for name, tt := range map[string]struct {
		copied, manifest string
		kind             error
	}{
		"header":      {flip(18), manifest, because.ErrInvalid},
		"middle":      {flip(len(copied) / 2), manifest, because.ErrInvalid},
		"last byte":   {flip(len(copied) - 1), manifest, because.ErrInvalid},
		"cut":         {string(copied[:len(copied)-4096]), manifest, because.ErrInvalid},
		"empty":       {"", manifest, because.ErrInvalid},
		"counts":      {string(copied), strings.Replace(manifest, `"users": 1`, `"users": 2`, 1), because.ErrInvalid},
		"no JSON":     {string(copied), manifest[:20], because.ErrInvalid},
		"newer":       {string(copied), strings.Replace(manifest, `"schema": 2`, `"schema": 3`, 1), because.ErrConflict},
		"no manifest": {string(copied), "", because.ErrInvalid},
	} {
		bad := filepath.Join(t.TempDir(), "backup.db")
		os.WriteFile(bad, []byte(tt.copied), 0o600)
		if tt.manifest != "" {
			os.WriteFile(bad+".json", []byte(tt.manifest), 0o600)
		}
		dir := t.TempDir()
		if err := VerifyBackup(bad); !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v, want %v", name, err, tt.kind)
		}
		if err := Restore(bad, dir, RestoreOptions{}); !errors.Is(err, tt.kind) {
			t.Errorf("restore %s: %v, want %v", name, err, tt.kind)
		}
		if _, err := os.Stat(filepath.Join(dir, fileName)); err == nil {
			t.Errorf("%s was restored", name)
		}
	}
	if err := VerifyBackup(path); err != nil {
		t.Errorf("the whole backup: %v", err)
	}
	if err := VerifyBackup(path + ".none"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("no backup: %v", err)
	}
}

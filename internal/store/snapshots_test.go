package store

import (
	"bytes"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"because"
)

// TestSnapshot: what was put in comes out, once per request; it is damaged when a byte changes, and gone when its time is
// over or its reader is erased.
func TestSnapshot(t *testing.T) {
	db := open(t, t.TempDir())
	body := []byte(`{"draft":"` + string(bytes.Repeat([]byte("word "), 500)) + `"}`)
	put := func(id, user string, at time.Time) {
		t.Helper()
		im := impression(id, user, "i1")
		must[int](t)(db.AddShown(t.Context(), []because.Impression{im}, Snapshot{Request: "req " + id, User: user, At: at, Body: body}))
	}
	put("a", "ann", noon)
	put("a", "ann", noon)
	put("b", "ben", noon.AddDate(0, 0, -40))
	put("c", "", noon)
	if n := must[Counts](t)(db.Counts(t.Context())).Snapshots; n != 3 {
		t.Errorf("%d snapshots, want 3", n)
	}
	for _, request := range []string{"req a", "req b", "req c"} {
		same(t, request, string(must[[]byte](t)(db.Snapshot(t.Context(), request))), string(body))
	}
	if n := must[int](t)(db.PruneSnapshots(t.Context(), noon.AddDate(0, 0, -30))); n != 1 {
		t.Errorf("%d pruned, want 1", n)
	}
	if _, err := db.Snapshot(t.Context(), "req b"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("a pruned snapshot: %v", err)
	}
	if _, erased, err := db.ErasedImpression(t.Context(), "a"); erased || err != nil {
		t.Errorf("before erasing: %t, %v", erased, err)
	}
	must[Erased](t)(db.EraseUser(t.Context(), "ann"))
	if _, err := db.Snapshot(t.Context(), "req a"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("an erased snapshot: %v", err)
	}
	if at, erased, err := db.ErasedImpression(t.Context(), "a"); !erased || !at.Equal(noon) || err != nil {
		t.Errorf("after erasing: %v, %t, %v", at, erased, err)
	}
	if _, erased, _ := db.ErasedImpression(t.Context(), "never was"); erased {
		t.Error("an impression that never was is said to be erased")
	}
	var packed []byte
	if err := db.read.QueryRow("SELECT body FROM snapshots").Scan(&packed); err != nil {
		t.Fatal(err)
	}
	for i := range packed {
		bad := bytes.Clone(packed)
		bad[i] ^= 0x10
		if _, err := db.w.db.Exec("UPDATE snapshots SET body = ?", bad); err != nil {
			t.Fatal(err)
		}
		if b, err := db.Snapshot(t.Context(), "req c"); !errors.Is(err, because.ErrInvalid) && !bytes.Equal(b, body) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	if _, err := db.w.db.Exec("UPDATE snapshots SET body = substr(body, 1, length(body) - 6)"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Snapshot(t.Context(), "req c"); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("a snapshot that was cut: %v", err)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestMigrateSnapshots: a folder from before snapshots is whole, can be brought up to date, and has its impressions still.
func TestMigrateSnapshots(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	must[int](t)(db.AddImpressions(t.Context(), []because.Impression{impression("old", "ann", "i1")}))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"DROP TABLE snapshots", "DROP TABLE erased_impressions", "DELETE FROM counts WHERE name = 'snapshots'",
		"DELETE FROM goose_db_version WHERE version_id = 2", "PRAGMA user_version = 1",
	} {
		if _, err := raw.Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	if err := check(t.Context(), raw); err != nil {
		t.Errorf("a backup from before is said to be damaged: %v", err)
	}
	raw.Close()
	db = open(t, dir)
	must[because.Impression](t)(db.Impression(t.Context(), "old"))
	if _, err := db.Snapshot(t.Context(), "r1"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("a snapshot from before there were any: %v", err)
	}
	must[int](t)(db.AddShown(t.Context(), []because.Impression{impression("new", "ann", "i1")}, Snapshot{Request: "r2", User: "ann", At: noon, Body: []byte("{}")}))
	same(t, "body", string(must[[]byte](t)(db.Snapshot(t.Context(), "r2"))), "{}")
}

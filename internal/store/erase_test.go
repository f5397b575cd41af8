package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"because"
)

// planted are 32-byte marks, one for every field of a user's that holds text.
type planted []string

func (p *planted) mark(field string) string {
	s := field + strings.Repeat("~", 32)
	s = s[:28] + fmt.Sprintf("%04d", len(*p))
	*p = append(*p, s)
	return s
}

// plant stores a user with a mark in every field, and returns the marks and the user's ID, which is one of them.
func plant(t *testing.T, db *DB) (p planted, id string) {
	t.Helper()
	ctx := t.Context()
	id = p.mark("user")
	im := impression(p.mark("impression"), id, "i1")
	im.RequestID, im.Context.Place, im.Arm, im.Policy = p.mark("request"), p.mark("place"), p.mark("arm"), p.mark("policy")
	im.Features = map[string]float64{p.mark("feature"): 1}
	im.Explanation.Text, im.Explanation.Need = p.mark("text"), p.mark("need")
	im.Explanation.Evidence[0].Text, im.Explanation.Evidence[0].Origin = p.mark("evidence"), p.mark("origin")
	x := interaction(p.mark("interaction"), id, "i1", noon)
	x.Query, x.Session, x.Context.Device, x.Context.Place = p.mark("query"), p.mark("session"), p.mark("device"), p.mark("where")
	x.Kind = because.InteractionKind(p.mark("kind"))
	_, err1 := db.PutUsers(ctx, []because.User{{ID: id, Name: p.mark("name"), Profile: map[string]because.Value{p.mark("field"): because.Words(p.mark("word"))}, Consents: map[string]bool{p.mark("consent"): true}}})
	_, err2 := db.AddInteractions(ctx, []because.Interaction{x})
	_, err3 := db.AddReviews(ctx, []because.Review{{ID: p.mark("review"), User: id, Item: "i1", Text: p.mark("opinion"), Origin: p.mark("forum"), Lang: because.Lang(p.mark("lang"))}})
	_, err4 := db.AddExamples(ctx, []because.Example{{ID: p.mark("example"), User: id, Text: p.mark("source"), Real: p.mark("real"), Lang: because.Lang(p.mark("tongue"))}})
	_, err5 := db.AddShown(ctx, []because.Impression{im}, Snapshot{Request: im.RequestID, User: id, At: noon, Body: []byte(`{"drafts":"` + p.mark("draft") + `"}`)})
	_, err6 := db.AddFeedback(ctx, []because.Feedback{{ID: p.mark("feedback"), Impression: im.ID, User: id, Kind: because.FeedbackKind(p.mark("reaction")), Target: p.mark("target"), At: noon}, {ID: p.mark("anonymous"), Impression: im.ID, Kind: because.Clicked}})
	err7 := db.HideReason(ctx, id, p.mark("reason"))
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		t.Fatal(err)
	}
	return p, id
}

// find is the mark of a field.
func (p planted) find(field string) string {
	return p[slices.IndexFunc(p, func(m string) bool { return strings.HasPrefix(m, field+"~") })]
}

// traces are the marks that are in the files of a folder.
func traces(t *testing.T, dir string, marks planted) (found []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("files %q, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range marks {
			if bytes.Contains(b, []byte(m)) {
				found = append(found, m)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestErase plants marks in every field of some users among many, erases them, and reads every byte of the files.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "neighbour", 3)
	must[int](t)(db.AddInteractions(t.Context(), deeds(20_000, 500, 0, false)))
	marks, id := plant(t, db)
	must[int](t)(db.AddInteractions(t.Context(), deeds(20_000, 500, 20_000, false)))
	var spread []because.Interaction // enough of them that pages split
	for i := range 2000 {
		x := interaction(fmt.Sprint("spread", i), id, "i1", noon)
		x.Session = marks[3]
		spread = append(spread, x)
	}
	must[int](t)(db.AddInteractions(t.Context(), spread))
	// Another reader was shown the user's review.
	quoting := impression("quoting", "neighbour", "i1")
	quoting.Explanation.Evidence[0].Origin, quoting.Explanation.Evidence[0].Text = "review:"+review(t, db, id), marks.mark("quoted")
	must[int](t)(db.AddShown(t.Context(), []because.Impression{quoting}, Snapshot{Request: quoting.RequestID, User: "neighbour", At: noon, Body: []byte(`{"draft":"She quotes her."}`)}))
	for _, request := range []string{marks.find("request"), quoting.RequestID} { // a snapshot is compressed: its bytes are the mark
		var packed []byte
		if err := db.read.QueryRow("SELECT body FROM snapshots WHERE request = ?", request).Scan(&packed); err != nil {
			t.Fatal(err)
		}
		marks = append(marks, string(packed))
	}
	marks = slices.DeleteFunc(marks, func(m string) bool { return strings.HasPrefix(m, "draft~") })
	if got := traces(t, dir, marks); len(got) != len(marks) {
		t.Fatalf("only %d of %d marks are in the files before: the test looks in the wrong place", len(got), len(marks))
	}
	before := must[Counts](t)(db.Counts(t.Context()))
	var neighbour bytes.Buffer
	if err := db.ExportUser(t.Context(), "neighbour", &neighbour); err != nil {
		t.Fatal(err)
	}

	got := must[Erased](t)(db.EraseUser(t.Context(), id))
	same(t, "Erased", got, Erased{User: id, At: noon, Rows: map[string]int{"users": 1, "interactions": 2001, "reviews": 1, "examples": 1, "impressions": 1, "snapshots": 1, "feedback": 2, "hidden": 1, "quoted": 1}})
	if found := traces(t, dir, marks); len(found) > 0 {
		t.Errorf("found after erasing: %q", found)
	}
	if wal, err := os.Stat(filepath.Join(dir, fileName+"-wal")); err != nil || wal.Size() != 0 {
		t.Errorf("the log is %d bytes long, %v", wal.Size(), err)
	}
	after := before
	after.Users--
	after.Interactions -= 2001
	after.Reviews--
	after.Examples--
	after.Impressions--
	after.Snapshots -= 2 // the quoting one's too
	after.Feedback -= 2
	after.Hidden--
	same(t, "Counts", must[Counts](t)(db.Counts(t.Context())), after)
	im := must[because.Impression](t)(db.Impression(t.Context(), "quoting"))
	if im.Explanation != nil || im.Propensity != quoting.Propensity || im.Arm != quoting.Arm {
		t.Errorf("an impression that quoted: %v", im)
	}
	if _, err := db.User(t.Context(), id); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("the user after erasing: %v", err)
	}
	if err := db.ExportUser(t.Context(), id, &bytes.Buffer{}); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("export after erasing: %v", err)
	}
	at := must[map[string]string](t)(when(db, id, "neighbour"))
	same(t, "ErasedAt", at, map[string]string{id: noon.UTC().String()})
	must[Erased](t)(db.EraseUser(t.Context(), id)) // again is no error
	if _, err := db.EraseUser(t.Context(), "nobody"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("erase nobody: %v", err)
	}
	// A number that is used again brings nothing back, and the others are as they were.
	must[int](t)(db.AddInteractions(t.Context(), []because.Interaction{interaction("n", "newcomer", "i1", noon)}))
	if h := must[[]because.Interaction](t)(db.History(t.Context(), "newcomer", 0)); len(h) != 1 {
		t.Errorf("a newcomer's history: %v", h)
	}
	if h := must[[]because.Interaction](t)(db.History(t.Context(), "neighbour", 0)); len(h) != 3 {
		t.Errorf("a neighbour's history: %v", h)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, fileName)); err != nil || bytes.Contains(b, []byte(id)) {
		t.Errorf("the ID is in the file after Close, or %v", err)
	}
}

// review is the ID of a user's first review.
func review(t *testing.T, db *DB, user string) string {
	t.Helper()
	for _, r := range collect(t, db.EachReview) {
		if r.User == user {
			return r.ID
		}
	}
	t.Fatal("no review")
	return ""
}

func when(db *DB, ids ...string) (map[string]string, error) {
	at, err := db.ErasedAt(context.Background(), ids)
	out := map[string]string{}
	for id, t := range at {
		out[id] = t.String()
	}
	return out, err
}

// TestEraseWhileReading: while somebody reads the data as it was, the log cannot be emptied, and EraseUser says so;
// erasing again cleans up, and so does opening.
func TestEraseWhileReading(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	marks, id := plant(t, db)
	db.w.db.Exec("PRAGMA busy_timeout = 50")
	read := func(f func()) {
		t.Helper()
		started := false
		err := db.EachUser(t.Context(), func(because.User) error {
			if !started {
				started = true
				f()
			}
			return nil
		})
		if err != nil || !started {
			t.Fatal(started, err)
		}
	}
	read(func() {
		if _, err := db.EraseUser(t.Context(), id); !errors.Is(err, because.ErrUnavailable) {
			t.Errorf("erase while somebody reads: %v", err)
		}
	})
	must[Erased](t)(db.EraseUser(t.Context(), id))
	if found := traces(t, dir, marks); len(found) > 0 {
		t.Errorf("found after erasing again: %q", found)
	}
	marks, id = plant(t, db)
	read(func() { db.EraseUser(t.Context(), id) })
	db.Close()
	open(t, dir)
	if found := traces(t, dir, marks); len(found) > 0 {
		t.Errorf("found after opening again: %q", found)
	}
}

// TestExport holds the export to everything that was stored.
func TestExport(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "neighbour", 2)
	marks, id := plant(t, db)
	var b bytes.Buffer
	if err := db.ExportUser(t.Context(), id, &b); err != nil {
		t.Fatal(err)
	}
	for _, m := range marks {
		if !strings.Contains(b.String(), m) {
			t.Errorf("%q is not in the export", m)
		}
	}
	if strings.Contains(b.String(), "neighbour") {
		t.Error("another user is in the export")
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		name := map[string]string{"users": "user", "hidden": "hidden_reasons"}[table.name]
		if name == "" {
			name = table.name
		}
		if _, ok := doc[name]; !ok && table.of != "" {
			t.Errorf("table %s is not in the export", table.name)
		}
	}
}

// TestEveryTable compares the schema with the list that erasure follows: every table is on it, and none with a user
// column is said to hold nothing personal.
func TestEveryTable(t *testing.T) {
	db := open(t, t.TempDir())
	rows, err := db.read.Query("SELECT m.name, group_concat(c.name) FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name ORDER BY m.name")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]table{"goose_db_version": {}}
	for _, tab := range tables {
		listed[tab.name] = tab
	}
	n := 0
	err = each(rows, 2, func(v []any) error {
		n++
		name, columns := asString(v[0]), asString(v[1])
		tab, ok := listed[name]
		if !ok {
			t.Errorf("table %s is not listed in tables", name)
		}
		if strings.Contains(columns, "user_no") && tab.of == "" {
			t.Errorf("table %s has a user column, and erasure passes it by", name)
		}
		return nil
	})
	if err != nil || n != len(listed) {
		t.Errorf("%d tables, %d listed, %v", n, len(listed), err)
	}
}

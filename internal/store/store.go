// Package store keeps items, users, interactions, reviews, examples, impressions and feedback in one SQLite file.
//
// What always holds: a call that adds or changes something returns after its commit has been synced to disk; the same
// interaction, review, example, impression or feedback ID twice is the same one; one process writes at a time and any
// number read; what was erased is not in the files any more. The package knows nothing of consent, packs or models: it
// gives back what it was given, times to the microsecond.
//
// The SQL keeps to what PostgreSQL understands too; the few places that do not (pragmas, VACUUM, the lock) are in
// open.go, erase.go and backup.go.
package store

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"because"

	"github.com/gofrs/flock"
)

// Options say how a data folder is opened. The zero value opens it for writing.
type Options struct {
	ReadOnly bool             // reads only; possible while another process writes
	Now      func() time.Time // nil means time.Now
	Log      *slog.Logger     // nil discards
}

// A DB is an open data folder. It is safe for concurrent use.
type DB struct {
	dir   string
	now   func() time.Time
	log   *slog.Logger
	read  *sql.DB
	w     *writer // nil when opened for reading only
	lock  *flock.Flock
	zones sync.Map // offset in seconds -> *time.Location
	stmts sync.Map // SQL -> *sql.Stmt on read

	itemIDs sync.Map // an item's number -> its ID
}

// Counts are numbers of rows. Users includes those known only from what they did.
type Counts struct {
	Users        int `json:"users"`
	Items        int `json:"items"`
	Interactions int `json:"interactions"`
	Reviews      int `json:"reviews"`
	Examples     int `json:"examples"`
	Impressions  int `json:"impressions"`
	Snapshots    int `json:"snapshots"`
	Feedback     int `json:"feedback"`
	Hidden       int `json:"hidden_reasons"`
}

// Counts returns the numbers of rows, without counting.
func (db *DB) Counts(ctx context.Context) (Counts, error) { return readCounts(ctx, db.read) }

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readCounts(ctx context.Context, q querier) (Counts, error) {
	var c Counts
	into := map[string]*int{
		"users": &c.Users, "items": &c.Items, "interactions": &c.Interactions, "reviews": &c.Reviews,
		"examples": &c.Examples, "impressions": &c.Impressions, "snapshots": &c.Snapshots, "feedback": &c.Feedback, "hidden": &c.Hidden,
	}
	rows, err := q.QueryContext(ctx, "SELECT name, n FROM counts")
	if err != nil {
		return c, typed("count rows", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return c, typed("count rows", err)
		}
		if p, ok := into[name]; ok {
			*p = n
		}
	}
	return c, typed("count rows", rows.Err())
}

// Generation changes with every write to what recommendations and explanations are computed from: items, users,
// interactions, reviews, hidden reasons. It only grows, over restarts too. 0 when it cannot be read.
func (db *DB) Generation() uint64 {
	if db.w != nil {
		return db.w.generation.Load()
	}
	var n int64
	if err := db.read.QueryRow("SELECT n FROM counts WHERE name = 'generation'").Scan(&n); err != nil {
		return 0
	}
	return uint64(n)
}

// stmt is the prepared statement of a query on the read pool.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if other, loaded := db.stmts.LoadOrStore(query, s); loaded {
		s.Close()
		return other.(*sql.Stmt), nil
	}
	return s, nil
}

// query runs a prepared query and calls f for every row with the values, which f may keep except for bytes.
func (db *DB) query(ctx context.Context, columns int, f func(v []any) error, query string, args ...any) error {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return typed("read", err)
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return typed("read", err)
	}
	return each(rows, columns, f)
}

// each calls f for every row and closes rows. Scanning into any is what database/sql does fastest.
func each(rows *sql.Rows, columns int, f func(v []any) error) error {
	defer rows.Close()
	v, into := make([]any, columns), make([]any, columns)
	for i := range v {
		into[i] = &v[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return typed("read", err)
		}
		if err := f(v); err != nil {
			return err
		}
	}
	return typed("read", rows.Err())
}

// The values of a row as database/sql hands them over; NULL is the zero value.

func asInt(v any) int64     { n, _ := v.(int64); return n }
func asFloat(v any) float64 { x, _ := v.(float64); return x }
func asString(v any) string { s, _ := v.(string); return s }
func asBytes(v any) []byte  { b, _ := v.([]byte); return b }
func stamp(t time.Time) (at, zone int64) {
	_, offset := t.Zone()
	return t.UnixMicro(), int64(offset)
}

// time restores what stamp took apart: the same instant to the microsecond, and the same hour and weekday.
func (db *DB) time(at, zone int64) time.Time {
	t := time.UnixMicro(at).UTC()
	if zone == 0 {
		return t
	}
	loc, ok := db.zones.Load(zone)
	if !ok {
		loc, _ = db.zones.LoadOrStore(zone, time.FixedZone("", int(zone)))
	}
	return t.In(loc.(*time.Location))
}

// null is n, or NULL when it is 0.
func null(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// checkID refuses IDs that a database cannot hold: PostgreSQL's text knows no NUL and its indexes no long keys.
func checkID(id string) error {
	switch {
	case id == "":
		return because.Errorf(because.ErrInvalid, "An ID is missing.")
	case len(id) > maxID:
		return because.Errorf(because.ErrInvalid, "The ID that starts with %q is longer than %d bytes.", id[:40], maxID)
	case !validText(id):
		return because.Errorf(because.ErrInvalid, "The ID %q holds a NUL or is not valid UTF-8.", id)
	}
	return nil
}

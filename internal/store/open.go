package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"because"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"
)

const (
	fileName      = "because.db"
	lockName      = "because.lock"
	applicationID = 0x62656363 // "becc"
	schema        = 2          // user_version that this code reads and writes
	oldestSQLite  = 3*1_000_000 + 51*1_000 + 3
	readers       = 8
)

//go:embed migrations/*.sql
var migrations embed.FS

// Open opens dir/because.db and creates both when missing, unless o.ReadOnly. A second writer gets ErrConflict at once,
// as does who meets a newer schema.
func Open(ctx context.Context, dir string, o Options) (*DB, error) {
	db := &DB{dir: dir, now: o.Now, log: o.Log}
	if db.now == nil {
		db.now = time.Now
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if err := db.open(ctx, o.ReadOnly); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, readOnly bool) error {
	path := filepath.Join(db.dir, fileName)
	if !readOnly {
		if err := db.claim(path); err != nil {
			return err
		}
	}
	version, err := probe(ctx, path)
	if err != nil {
		return err
	}
	switch {
	case version > schema:
		return because.Errorf(because.ErrConflict, "The data in %s was written by a newer version (schema %d, this one knows %d). Use that version.", db.dir, version, schema)
	case version < schema && readOnly:
		return because.Errorf(because.ErrConflict, "The data in %s is of an older version. Open it once for writing, for instance with an import, to bring it up to date.", db.dir)
	}
	if !readOnly {
		if db.w, err = openWriter(ctx, path, version < schema, db.log); err != nil {
			return err
		}
	}
	db.read = connect(path, readPragmas, "mode=ro")
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	if err := checkPragmas(ctx, db.read, readPragmas); err != nil {
		return err
	}
	if db.w != nil {
		return db.w.start(ctx)
	}
	return nil
}

// claim makes the folder and an empty file that only the owner may read, and takes the lock.
func (db *DB) claim(path string) error {
	if err := os.MkdirAll(db.dir, 0o700); err != nil {
		return folderError(db.dir, err)
	}
	lock, err := takeLock(db.dir)
	if err != nil {
		return err
	}
	db.lock = lock
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return folderError(db.dir, err)
	}
	return f.Close()
}

func folderError(dir string, err error) error {
	return fmt.Errorf("%w (%w)", because.Errorf(because.ErrUnavailable, "The data folder %s cannot be written. Check its permissions and whether the disk is full or read-only.", dir), err)
}

// takeLock takes the one writer's lock of a folder. The lock goes with the process, however it ends.
func takeLock(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, folderError(dir, err)
	}
	if !ok {
		return nil, because.Errorf(because.ErrConflict, "Another process writes to %s. Stop it, or send it the request.", dir)
	}
	return lock, nil
}

// probe reads the header without changing anything: the schema version, 0 for an empty file.
func probe(ctx context.Context, path string) (version int, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, because.Errorf(because.ErrNotFound, "There is no data in %s yet. Import something first.", filepath.Dir(path))
	}
	if err != nil {
		return 0, folderError(filepath.Dir(path), err)
	}
	db := connect(path, nil, "mode=ro")
	defer db.Close()
	var number int
	var s string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&s); err != nil {
		return 0, typed("open the database", err)
	}
	if number = sqliteNumber(s); number < oldestSQLite {
		return 0, because.Errorf(because.ErrUnavailable, "SQLite %s can damage a database that is written and read at once. Build with 3.51.3 or newer.", s)
	}
	if info.Size() == 0 {
		return 0, nil
	}
	var app int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return 0, typed("open the database", err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, typed("open the database", err)
	}
	if app != applicationID && (app != 0 || version != 0) {
		return 0, because.Errorf(because.ErrInvalid, "%s is a database of another program.", path)
	}
	if app == 0 { // a first start that did not get to its first commit leaves an empty database
		var tables int
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name <> 'goose_db_version' AND name NOT LIKE 'sqlite_%'").Scan(&tables); err != nil {
			return 0, typed("open the database", err)
		}
		if tables > 0 {
			return 0, because.Errorf(because.ErrInvalid, "%s is a database of another program.", path)
		}
	}
	return version, nil
}

// sqliteNumber is 3051003 of "3.51.3", 0 of anything else.
func sqliteNumber(s string) int {
	n := 0
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return 0
	}
	for _, p := range parts {
		x, err := strconv.Atoi(p)
		if err != nil {
			return 0
		}
		n = n*1000 + x
	}
	return n
}

// A pragma is a setting of every connection and the value that it reads back as.
type pragma struct{ name, set, is string }

var (
	writePragmas = []pragma{
		{"busy_timeout", "5000", "5000"},
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", "2"},
		{"foreign_keys", "ON", "1"},
		{"secure_delete", "ON", "1"},
		{"cache_size", "-65536", "-65536"},     // KiB
		{"wal_autocheckpoint", "4000", "4000"}, // pages of 4 KiB; a page that many commits touch is copied once
		{"trusted_schema", "OFF", "0"},
	}
	readPragmas = []pragma{
		{"busy_timeout", "5000", "5000"},
		{"query_only", "ON", "1"},
		{"cache_size", "-8192", "-8192"},
		{"trusted_schema", "OFF", "0"},
	}
)

// connect names a database; it is opened with the first query.
func connect(path string, pragmas []pragma, params ...string) *sql.DB {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	for _, p := range pragmas {
		params = append(params, "_pragma="+p.name+"("+p.set+")")
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(params, "&")}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		panic("store: the SQLite driver is not linked: " + err.Error())
	}
	return db
}

// checkPragmas reads every setting back: a driver that ignores one would cost somebody's data.
func checkPragmas(ctx context.Context, db *sql.DB, pragmas []pragma) error {
	for _, p := range pragmas {
		var is string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&is); err != nil {
			return typed("open the database", err)
		}
		if is != p.is {
			return because.Errorf(because.ErrUnavailable, "The database does not take the setting %s = %s (it says %s). Put the data folder on a local disk.", p.name, p.set, is)
		}
	}
	return nil
}

// migrate brings the schema up to date, each step in its own transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return typed("migrate the database", err)
	}
	return nil
}

// Close ends all work and closes the files. Calls that wait for their commit get it.
func (db *DB) Close() error {
	var errs []error
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	if db.w != nil {
		errs = append(errs, db.w.close())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Unlock())
	}
	if err := errors.Join(errs...); err != nil {
		return typed("close the database", err)
	}
	return nil
}

// Check reads the whole database and returns ErrInvalid when it is damaged.
func (db *DB) Check(ctx context.Context) error { return check(ctx, db.read) }

func check(ctx context.Context, db *sql.DB) error {
	for _, q := range []string{"PRAGMA integrity_check(1)", "SELECT 'row of ' || \"table\" || ' refers to nothing' FROM pragma_foreign_key_check LIMIT 1"} {
		var found string
		err := db.QueryRowContext(ctx, q).Scan(&found)
		switch {
		case errors.Is(err, sql.ErrNoRows) || err == nil && found == "ok":
		case err != nil:
			return typed("check the database", err)
		default:
			return fmt.Errorf("%w (%s)", because.Errorf(because.ErrInvalid, "The database is damaged. Restore a backup."), found)
		}
	}
	for _, t := range tables {
		if t.counted == "" {
			continue
		}
		var there int // an older backup does not have every table
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '"+t.name+"'").Scan(&there); err != nil {
			return typed("check the database", err)
		}
		if there == 0 {
			continue
		}
		var n, kept int
		if err := db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM "+t.name+" WHERE "+t.counted+"), n FROM counts WHERE name = '"+t.name+"'").Scan(&n, &kept); err != nil {
			return typed("check the database", err)
		}
		if n != kept {
			return fmt.Errorf("%w (%d rows of %s, %d counted)", because.Errorf(because.ErrInvalid, "The database is damaged. Restore a backup."), n, t.name, kept)
		}
	}
	return nil
}

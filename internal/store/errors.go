package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"because"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// typed gives an error of the database or of the file system its kind and its sentence; doing is the trail.
func typed(doing string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if s := sentence(err); s != nil {
		return fmt.Errorf("%s: %w (%w)", doing, s, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// sentence says what a person can do about err; nil when that is nothing, or when err says so itself.
func sentence(err error) error {
	if _, ok := because.Message(err, because.English); ok {
		return nil
	}
	switch code(err) {
	case sqlite3.SQLITE_FULL:
		return because.Errorf(because.ErrUnavailable, "The disk is full; nothing was stored. Free some space and try again.")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return because.Errorf(because.ErrUnavailable, "The data folder cannot be written. Check its permissions and whether the disk is read-only.")
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return because.Errorf(because.ErrInvalid, "The database is damaged. Restore a backup.")
	case sqlite3.SQLITE_IOERR:
		return because.Errorf(because.ErrUnavailable, "The disk reported an error. Check it, then start again.")
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return because.Errorf(because.ErrUnavailable, "The database is busy. Try again.")
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return because.Errorf(because.ErrUnavailable, "The disk is full; nothing was stored. Free some space and try again.")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return because.Errorf(because.ErrUnavailable, "The data folder cannot be written. Check its permissions and whether the disk is read-only.")
	}
	return nil
}

// code is the primary result code of an error of SQLite, else 0.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// ends reports whether nothing may be written after err until the files are opened afresh. A full disk does not end
// it: the write was refused before anything was synced. After a failed sync the kernel may have dropped the pages, and
// a second sync would lie (PostgreSQL's fsync findings of 2018).
func ends(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_INTERNAL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}

// affects reports whether err concerns every transaction, not one call's rows.
func affects(err error) bool {
	switch code(err) {
	case 0, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE:
		return false
	}
	return true
}

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"because"
)

// A Snapshot is what the texts of one request were made from, beside what their impressions hold.
type Snapshot struct {
	Request string
	User    string
	At      time.Time
	Body    []byte // JSON; kept compressed
}

const (
	addSnapshot      = "INSERT INTO snapshots (request, user_no, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (request) DO NOTHING"
	readSnapshot     = "SELECT body FROM snapshots WHERE request = ?"
	snapshotsOf      = "SELECT body FROM snapshots WHERE user_no = ? ORDER BY request"
	dropSnapshot     = "DELETE FROM snapshots WHERE request = ?"
	dropSnapshots    = "DELETE FROM snapshots WHERE at < ?"
	addErasedShown   = "INSERT INTO erased_impressions (impression_hash, at) VALUES (?, ?) ON CONFLICT (impression_hash) DO UPDATE SET at = excluded.at"
	findErasedShown  = "SELECT at FROM erased_impressions WHERE impression_hash = ?"
	impressionIDsOf  = "SELECT id FROM impressions WHERE user_no = ? ORDER BY no"
	maxSnapshotBytes = 64 << 20 // of one that is read: more is damage
)

// Both are safe for concurrent use; each call compresses on its own goroutine.
var (
	compressor, _   = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(true))
	decompressor, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxSnapshotBytes))
)

// Snapshot returns what the texts of a request were made from. ErrNotFound when nothing is kept, ErrInvalid when what is
// kept is damaged: it has a checksum.
func (db *DB) Snapshot(ctx context.Context, request string) (body []byte, err error) {
	found := false
	err = db.query(ctx, 1, func(v []any) (err error) {
		found = true
		body, err = unpackSnapshot(asBytes(v[0]))
		return err
	}, readSnapshot, request)
	if err == nil && !found {
		err = because.Errorf(because.ErrNotFound, "No snapshot is kept of request %q.", request)
	}
	return body, err
}

func unpackSnapshot(packed []byte) ([]byte, error) {
	b, err := decompressor.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", because.Errorf(because.ErrInvalid, "The snapshot is damaged: its checksum does not fit."), err)
	}
	return b, nil
}

// PruneSnapshots removes the snapshots from before a time and reports how many; the impressions stay.
func (db *DB) PruneSnapshots(ctx context.Context, before time.Time) (gone int, err error) {
	err = db.write(ctx, 1, func(t *txn) (err error) {
		gone, err = t.exec(dropSnapshots, before.UnixMicro())
		t.count("snapshots", -gone)
		return err
	})
	return gone, err
}

// ErasedImpression returns when the reader of an impression was erased, and whether one was.
func (db *DB) ErasedImpression(ctx context.Context, id string) (at time.Time, erased bool, err error) {
	err = db.query(ctx, 1, func(v []any) error {
		at, erased = db.time(asInt(v[0]), 0), true
		return nil
	}, findErasedShown, hashImpression(id))
	return at, erased, err
}

// buryImpressions notes the hashes of a user's impressions, before they are deleted.
func (t *txn) buryImpressions(no int64, at time.Time) error {
	rows, err := t.tx.Stmt(t.w.stmts[impressionIDsOf]).Query(no)
	if err != nil {
		return err
	}
	var ids []string
	if err := each(rows, 1, func(v []any) error { ids = append(ids, asString(v[0])); return nil }); err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := t.exec(addErasedShown, hashImpression(id), at.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"because"
)

// A table is one of the schema's, and what it holds of a person. Every table is listed; a test compares.
type table struct {
	name    string
	counted string // condition of the rows that counts keeps; empty: not counted
	of      string // condition on the rows of the user whose number is every ?; empty: the table holds nothing personal
}

// tables in the order in which a user's rows can be deleted.
var tables = []table{
	{"feedback", "TRUE", "user_no = ? OR impression_no IN (SELECT no FROM impressions WHERE user_no = ?)"},
	{"snapshots", "TRUE", "user_no = ?"},
	{"impressions", "TRUE", "user_no = ?"},
	{"examples", "TRUE", "user_no = ?"},
	{"reviews", "TRUE", "user_no = ?"},
	{"hidden", "TRUE", "user_no = ?"},
	{"interactions", "TRUE", ownKeys},
	{"users", "TRUE", "no = ?"},
	{"items", "body IS NOT NULL", ""},
	{"erased", "", ""},
	{"erased_impressions", "", ""},
	{"counts", "", ""},
}

func (t table) erase() string { return "DELETE FROM " + t.name + " WHERE " + t.of }

// numbered is no for every ? of the condition.
func (t table) numbered(no int64) []any {
	args := make([]any, strings.Count(t.of, "?"))
	for i := range args {
		args[i] = no
	}
	return args
}

// Erased says what was removed of a user.
type Erased struct {
	User string         `json:"user"`
	At   time.Time      `json:"at"`
	Rows map[string]int `json:"rows"` // by table; "quoted" are impressions of others whose text quoted a review of the user's
}

const (
	addErased  = "INSERT INTO erased (user_hash, at) VALUES (?, ?) ON CONFLICT (user_hash) DO UPDATE SET at = excluded.at"
	findErased = "SELECT at FROM erased WHERE user_hash = ?"
	reviewIDs  = "SELECT id FROM reviews WHERE user_no = ? ORDER BY no"
	bodies     = "SELECT no, body FROM impressions WHERE no > ? ORDER BY no LIMIT 1000"
	replaceOne = "UPDATE impressions SET body = ? WHERE no = ?"
)

// EraseUser removes everything stored on a user so that no byte of it is left in the files; only the hashes of the ID and
// of the impressions' IDs stay, which ErasedAt and ErasedImpression need. ErrNotFound when nothing is stored and nothing was erased before.
//
// Where another reader was shown words of a review that the user wrote, that impression loses its explanation and
// keeps its arm and propensity, and the snapshot of its request goes. Backups made before are not touched.
func (db *DB) EraseUser(ctx context.Context, id string) (Erased, error) {
	out := Erased{User: id, At: db.now(), Rows: map[string]int{}}
	err := db.write(ctx, 1, func(t *txn) error {
		clear(out.Rows)
		no, err := t.known(id)
		if err != nil {
			return err
		}
		if no == 0 {
			var at int64
			if err := t.tx.Stmt(t.w.stmts[findErased]).QueryRow(hash(id)).Scan(&at); err != nil {
				return noUser(id)
			}
		} else if err := t.erase(no, out.At, out.Rows); err != nil {
			return err
		}
		t.w.users.forget()
		t.touched, t.scrub = true, true
		t.counts["scrub"]++
		_, err = t.exec(addErased, hash(id), out.At.UnixMicro())
		return err
	})
	return out, err
}

// known is the number of a user, 0 of one who is not stored.
func (t *txn) known(id string) (no int64, err error) {
	rows, err := t.tx.Stmt(t.w.stmts[selectNumber]).Query(id)
	if err != nil {
		return 0, err
	}
	err = each(rows, 1, func(v []any) error { no = asInt(v[0]); return nil })
	return no, err
}

func (t *txn) erase(no int64, at time.Time, counts map[string]int) error {
	n, err := t.unquote(no)
	if err != nil {
		return err
	}
	if err := t.buryImpressions(no, at); err != nil {
		return err
	}
	counts["quoted"] = n
	for _, tab := range tables {
		if tab.of == "" {
			continue
		}
		if counts[tab.name], err = t.exec(tab.erase(), tab.numbered(no)...); err != nil {
			return err
		}
		t.count(tab.name, -counts[tab.name])
	}
	return nil
}

// unquote takes the explanation out of the impressions whose evidence is a review that the user wrote.
func (t *txn) unquote(no int64) (changed int, err error) {
	rows, err := t.tx.Stmt(t.w.stmts[reviewIDs]).Query(no)
	if err != nil {
		return 0, err
	}
	written := map[string]bool{}
	if err := each(rows, 1, func(v []any) error { written["review:"+asString(v[0])] = true; return nil }); err != nil || len(written) == 0 {
		return 0, err
	}
	for last, more := int64(0), true; more; {
		if err := t.ctx.Err(); err != nil {
			return 0, err
		}
		rows, err := t.tx.Stmt(t.w.stmts[bodies]).Query(last)
		if err != nil {
			return 0, err
		}
		quoting := map[int64]because.Impression{}
		more = false
		err = each(rows, 2, func(v []any) (err error) {
			last, more = asInt(v[0]), true
			if im, quotes := withoutQuote(asString(v[1]), written); quotes {
				quoting[last] = im
			}
			return err
		})
		if err != nil {
			return 0, err
		}
		for no, im := range quoting {
			b, err := json.Marshal(im)
			if err != nil {
				return 0, err
			}
			if _, err := t.exec(replaceOne, string(b), no); err != nil {
				return 0, err
			}
			n, err := t.exec(dropSnapshot, im.RequestID)
			if err != nil {
				return 0, err
			}
			t.count("snapshots", -n)
			changed++
		}
	}
	return changed, nil
}

// withoutQuote is an impression without its explanation, when that cites one of the origins.
func withoutQuote(body string, origins map[string]bool) (im because.Impression, quotes bool) {
	if !strings.Contains(body, `"review:`) {
		return im, false
	}
	if json.Unmarshal([]byte(body), &im) != nil || im.Explanation == nil {
		return im, false
	}
	cites := func(e because.Evidence) bool { return origins[e.Origin] }
	if !slices.ContainsFunc(im.Explanation.Evidence, cites) && !slices.ContainsFunc(im.Explanation.Unused, cites) {
		return im, false
	}
	im.Explanation = nil
	return im, true
}

// scrubFiles writes the database afresh from its living rows, since deleted bytes may linger in pages that were split
// or merged, and empties the log.
func (w *writer) scrubFiles(ctx context.Context) error {
	if _, err := w.db.ExecContext(ctx, "VACUUM"); err != nil {
		return typed("vacuum", err)
	}
	if _, err := w.db.ExecContext(ctx, "UPDATE counts SET n = 0 WHERE name = 'scrub'"); err != nil {
		return typed("vacuum", err)
	}
	var busy, frames, copied int
	if err := w.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &copied); err != nil {
		return typed("checkpoint", err)
	}
	if busy == 0 {
		return nil
	}
	if _, err := w.db.ExecContext(ctx, "UPDATE counts SET n = 1 WHERE name = 'scrub'"); err != nil {
		return typed("checkpoint", err)
	}
	return because.Errorf(because.ErrUnavailable, "The rows are erased, but somebody is reading, so traces may be left in the log. Erase again in a moment.")
}

// hash is all that stays of an erased ID.
func hash(id string) string {
	sum := sha256.Sum256([]byte("because erased user\n" + id))
	return hex.EncodeToString(sum[:])
}

// hashImpression is all that stays of the ID of an erased reader's impression.
func hashImpression(id string) string {
	sum := sha256.Sum256([]byte("because erased impression\n" + id))
	return hex.EncodeToString(sum[:])
}

// ErasedAt returns when each of ids was last erased, for those that were: an old file that is imported again may hold
// them.
func (db *DB) ErasedAt(ctx context.Context, ids []string) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	for _, id := range ids {
		err := db.query(ctx, 1, func(v []any) error { out[id] = db.time(asInt(v[0]), 0); return nil }, findErased, hash(id))
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// An export is everything stored on a user.
type export struct {
	User         because.User          `json:"user"`
	Interactions []because.Interaction `json:"interactions"`
	Reviews      []because.Review      `json:"reviews"`
	Examples     []because.Example     `json:"examples"`
	Impressions  []because.Impression  `json:"impressions"`
	Snapshots    []json.RawMessage     `json:"snapshots"`
	Feedback     []because.Feedback    `json:"feedback"`
	Hidden       []string              `json:"hidden_reasons"`
	Exported     time.Time             `json:"exported"`
}

// ExportUser writes everything stored on a user as one JSON document. ErrNotFound when nothing is stored.
func (db *DB) ExportUser(ctx context.Context, id string, w io.Writer) error {
	out := export{
		Interactions: []because.Interaction{}, Reviews: []because.Review{}, Examples: []because.Example{},
		Impressions: []because.Impression{}, Snapshots: []json.RawMessage{}, Feedback: []because.Feedback{}, Hidden: []string{}, Exported: db.now(),
	}
	no, err := db.userNumber(ctx, id)
	if err != nil {
		return err
	}
	for _, read := range []func() error{
		func() (err error) { out.User, err = db.User(ctx, id); return err },
		func() error {
			xs, err := db.History(ctx, id, 0)
			out.Interactions = append(out.Interactions, xs...)
			return err
		},
		func() error { return db.reviews(ctx, appendTo(&out.Reviews), reviewsBy, no) },
		func() error { return db.examples(ctx, appendTo(&out.Examples), examplesBy, no) },
		func() error { return db.impressions(ctx, appendTo(&out.Impressions), impressionsOf, no) },
		func() error {
			return db.query(ctx, 1, func(v []any) error {
				b, err := unpackSnapshot(asBytes(v[0]))
				if err != nil { // what is damaged must not keep the rest from its owner
					b = []byte("null")
				}
				out.Snapshots = append(out.Snapshots, b)
				return nil
			}, snapshotsOf, no)
		},
		func() error { return db.feedback(ctx, appendTo(&out.Feedback), feedbackByUser, no, no) },
		func() error {
			keys, err := db.Hidden(ctx, id)
			out.Hidden = append(out.Hidden, keys...)
			return err
		},
	} {
		if err := read(); err != nil {
			return err
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

func appendTo[T any](to *[]T) func(T) error {
	return func(x T) error { *to = append(*to, x); return nil }
}

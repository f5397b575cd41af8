package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"because"
)

const (
	putItem    = "INSERT INTO items (no, id, updated, zone, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (no) DO UPDATE SET updated = excluded.updated, zone = excluded.zone, body = excluded.body WHERE items.body IS DISTINCT FROM excluded.body"
	seenItem   = "UPDATE items SET updated = ?, zone = ? WHERE no = ? AND updated < ?"
	isItem     = "SELECT count(*) FROM items WHERE no = ? AND body IS NOT NULL"
	readItem   = "SELECT updated, zone, body FROM items WHERE id = ? AND body IS NOT NULL"
	removeItem = "UPDATE items SET updated = ?, zone = 0, body = NULL WHERE id = ? AND body IS NOT NULL"
	selectMany = "SELECT updated, zone, body FROM items WHERE body IS NOT NULL AND id > ? ORDER BY id LIMIT ?"
)

// PutItems adds or replaces items and reports how many changed; Updated alone is no change, but it is kept: what is said
// again holds anew. An item that does not say when it holds does so now. Of two items with one ID the last counts.
func (db *DB) PutItems(ctx context.Context, items []because.Item) (changed int, err error) {
	rows := make([]body, len(items))
	for i, it := range items {
		updated := it.Updated
		it.Updated = time.Time{}
		if rows[i], err = db.body(it.ID, updated, it); err != nil {
			return 0, err
		}
	}
	if rows = lastOfEach(rows); len(rows) == 0 {
		return 0, nil
	}
	err = db.write(ctx, len(rows), func(t *txn) error {
		if changed, err = t.putItems(rows); changed > 0 {
			t.touched = true
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// A body is a user or an item on its way into its table.
type body struct {
	id            string
	updated, zone int64
	json          string
}

// body packs v, which must have no time of its own.
func (db *DB) body(id string, updated time.Time, v any) (body, error) {
	if err := checkID(id); err != nil {
		return body{}, err
	}
	b, err := json.Marshal(v)
	if err != nil {
		return body{}, fmt.Errorf("%w (%w)", because.Errorf(because.ErrInvalid, "%q cannot be stored: it holds a number that is not finite.", id), err)
	}
	if updated.IsZero() {
		updated = db.now()
	}
	at, zone := stamp(updated)
	return body{id, at, zone, string(b)}, nil
}

// lastOfEach keeps the last row of every ID, in order.
func lastOfEach(rows []body) []body {
	last := make(map[string]int, len(rows))
	for i, r := range rows {
		last[r.id] = i
	}
	out := rows[:0]
	for i, r := range rows {
		if last[r.id] == i {
			out = append(out, r)
		}
	}
	return out
}

func ids(rows []body) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.id
	}
	return out
}

func (t *txn) putItems(rows []body) (changed int, err error) {
	if err := t.resolve(&t.w.items, ids(rows)); err != nil {
		return 0, err
	}
	for _, r := range rows {
		if err := t.ctx.Err(); err != nil {
			return 0, err
		}
		no := t.w.items.known[r.id]
		var there int
		if err := t.tx.Stmt(t.w.stmts[isItem]).QueryRow(no).Scan(&there); err != nil {
			return 0, err
		}
		n, err := t.exec(putItem, no, r.id, r.updated, r.zone, r.json)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			if _, err := t.exec(seenItem, r.updated, r.zone, no, r.updated); err != nil {
				return 0, err
			}
		}
		t.count("items", 1-there)
		changed += n
	}
	return changed, nil
}

// DeleteItem removes an item; what users did with it stays. ErrNotFound when there is none.
func (db *DB) DeleteItem(ctx context.Context, id string) error {
	return db.write(ctx, 1, func(t *txn) error {
		n, err := t.exec(removeItem, db.now().UnixMicro(), id)
		if err != nil {
			return err
		}
		if n == 0 {
			return noItem(id)
		}
		t.count("items", -1)
		t.touched = true
		return nil
	})
}

func noItem(id string) error {
	return because.Errorf(because.ErrNotFound, "There is no item %q.", id)
}

// SetAvailable says whether an item may be recommended. ErrNotFound when there is none.
func (db *DB) SetAvailable(ctx context.Context, id string, available bool) error {
	return db.write(ctx, 1, func(t *txn) error {
		rows, err := t.tx.Stmt(t.w.stmts[readItem]).Query(id)
		if err != nil {
			return err
		}
		it, found := because.Item{}, false
		if err := each(rows, 3, func(v []any) (err error) { it, err = db.item(v); found = true; return err }); err != nil {
			return err
		}
		if !found {
			return noItem(id)
		}
		if it.Unavailable == !available {
			return nil
		}
		it.Unavailable, it.Updated = !available, time.Time{}
		b, err := db.body(id, db.now(), it)
		if err != nil {
			return err
		}
		t.touched = true
		_, err = t.putItems([]body{b})
		return err
	})
}

// item restores an item from updated, zone and body.
func (db *DB) item(v []any) (because.Item, error) {
	var it because.Item
	if err := unpack(v[2], &it); err != nil {
		return it, err
	}
	it.Updated = db.time(asInt(v[0]), asInt(v[1]))
	return it, nil
}

func unpack(v any, into any) error {
	if err := json.Unmarshal([]byte(asString(v)), into); err != nil {
		return fmt.Errorf("%w (%w)", because.Errorf(because.ErrInvalid, "The database is damaged. Restore a backup."), err)
	}
	return nil
}

// Item returns one item, or ErrNotFound.
func (db *DB) Item(ctx context.Context, id string) (it because.Item, err error) {
	found := false
	err = db.query(ctx, 3, func(v []any) (err error) { it, err = db.item(v); found = true; return err }, readItem, id)
	if err == nil && !found {
		err = noItem(id)
	}
	return it, err
}

// idsAtOnce are how many IDs ItemsByID asks for in one query; few sizes, so that few statements are prepared.
var idsAtOnce = []int{1, 8, 32, 128}

// ItemsByID returns the items that exist among ids.
func (db *DB) ItemsByID(ctx context.Context, ids []string) (map[string]because.Item, error) {
	out := make(map[string]because.Item, len(ids))
	for len(ids) > 0 {
		size := idsAtOnce[0]
		for _, size = range idsAtOnce {
			if size >= len(ids) {
				break
			}
		}
		part := ids[:min(size, len(ids))]
		ids = ids[len(part):]
		args := make([]any, size)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		err := db.query(ctx, 3, func(v []any) error {
			it, err := db.item(v)
			out[it.ID] = it
			return err
		}, "SELECT updated, zone, body FROM items WHERE body IS NOT NULL AND id IN ("+holes(size)+")", args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Items returns at most limit items whose ID comes after after, in order of ID; limit 0 means all.
func (db *DB) Items(ctx context.Context, after string, limit int) ([]because.Item, error) {
	if limit <= 0 {
		limit = all
	}
	var out []because.Item
	err := db.query(ctx, 3, func(v []any) error {
		it, err := db.item(v)
		out = append(out, it)
		return err
	}, selectMany, after, limit)
	return out, err
}

// EachItem calls f with every item in order of ID until f returns an error, which it returns.
func (db *DB) EachItem(ctx context.Context, f func(because.Item) error) error {
	return db.query(ctx, 3, func(v []any) error {
		it, err := db.item(v)
		if err != nil {
			return err
		}
		return f(it)
	}, selectMany, "", all)
}

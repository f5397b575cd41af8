package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"because"
)

// Rows of one INSERT. Larger ones gain nothing more.
const manyRows = 100

const insertInteraction = "INSERT INTO interactions (no, seq, at, item_no, id, detail) VALUES "

var (
	addInteraction   = insertInteraction + "(?, ?, ?, ?, ?, ?) ON CONFLICT (no) DO NOTHING"
	addInteractions  = insertInteraction + strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?), ", manyRows), ", ") + " ON CONFLICT (no) DO NOTHING"
	findInteractions = "SELECT no, id FROM interactions WHERE no IN (" + holes(manyRows) + ")"
)

const readSequence = "SELECT n FROM counts WHERE name = 'sequence'"

// AddInteractions adds the interactions whose ID is not stored yet for their user and reports how many. Batches of
// 50 000 and more are the fastest; none is added when one is wrong.
func (db *DB) AddInteractions(ctx context.Context, in []because.Interaction) (added int, err error) {
	if len(in) == 0 {
		return 0, nil
	}
	for i := range in {
		if err := checkInteraction(&in[i]); err != nil {
			return 0, err
		}
	}
	err = db.write(ctx, len(in), func(t *txn) (err error) {
		added, err = t.addInteractions(in)
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func checkInteraction(x *because.Interaction) error {
	if err := checkID(x.ID); err != nil {
		return err
	}
	if err := checkID(x.User); err != nil {
		return err
	}
	if x.Item != "" {
		if err := checkID(x.Item); err != nil {
			return err
		}
	}
	if !finite(x.Value, x.Weight, x.Dwell) {
		return because.Errorf(because.ErrInvalid, "Interaction %q holds a number that is not finite.", x.ID)
	}
	return nil
}

// A packed is an interaction on its way into the table.
type packed struct {
	key, seq, at, item int64
	row                int // index into the batch
	detail             []byte
}

func (t *txn) addInteractions(in []because.Interaction) (int, error) {
	rows, err := t.pack(in)
	if err != nil {
		return 0, err
	}
	added := 0
	args := make([]any, 0, 6*manyRows)
	for from := 0; from < len(rows); {
		if err := t.ctx.Err(); err != nil {
			return 0, err
		}
		part := rows[from:min(from+manyRows, len(rows))]
		query := addInteractions
		if len(part) < manyRows {
			part, query = part[:1], addInteraction
		}
		args = args[:0]
		for i := range part {
			args = appendRow(args, in, &part[i])
		}
		n, err := t.exec(query, args...)
		if err != nil {
			return 0, err
		}
		if n < len(part) {
			more, err := t.settle(in, part)
			if err != nil {
				return 0, err
			}
			n += more
		}
		added += n
		from += len(part)
	}
	if added > 0 {
		t.count("interactions", added)
		t.count("sequence", len(in))
		t.touched = true
	}
	return added, nil
}

func appendRow(args []any, in []because.Interaction, p *packed) []any {
	return append(args, p.key, p.seq, p.at, null(p.item), in[p.row].ID, p.detail)
}

// pack numbers, packs and sorts a batch by key, so that neighbours in the table are written together.
func (t *txn) pack(in []because.Interaction) ([]packed, error) {
	users, items := make([]string, len(in)), make([]string, len(in))
	for i := range in {
		users[i], items[i] = in[i].User, in[i].Item
	}
	if err := t.resolve(&t.w.users, users); err != nil {
		return nil, err
	}
	if err := t.resolve(&t.w.items, items); err != nil {
		return nil, err
	}
	var seq int64
	if err := t.tx.Stmt(t.w.stmts[readSequence]).QueryRow().Scan(&seq); err != nil {
		return nil, err
	}
	seq += t.counts["sequence"]
	rows := make([]packed, len(in))
	var all []byte // one buffer for all details: fewer allocations
	for i := range in {
		x := &in[i]
		at, zone := stamp(x.Context.At)
		from := len(all)
		all = packDetail(all, x, zone)
		rows[i] = packed{
			key: placeOf(x.ID).key(t.w.users.known[x.User], 0),
			seq: seq + int64(i) + 1, at: at, item: t.w.items.known[x.Item], row: i,
			detail: all[from:len(all):len(all)],
		}
	}
	slices.SortFunc(rows, func(a, b packed) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		return cmp.Compare(a.seq, b.seq)
	})
	return rows, nil
}

// settle deals with rows of which some found their place taken: nearly always by the same interaction, else by another
// ID with the same hash, when they go to the next of their places.
func (t *txn) settle(in []because.Interaction, part []packed) (added int, err error) {
	holders, err := t.holders(part)
	if err != nil {
		return 0, err
	}
	args := make([]any, 0, 6)
	for _, p := range part {
		user := p.key >> hashBits
		for try := uint64(1); holders[p.key] != in[p.row].ID; try++ {
			p.key = placeOf(in[p.row].ID).key(user, try)
			n, err := t.exec(addInteraction, appendRow(args[:0], in, &p)...)
			if err != nil {
				return 0, err
			}
			if n == 1 {
				added++
				break
			}
			one, err := t.holders([]packed{p})
			if err != nil {
				return 0, err
			}
			holders[p.key] = one[p.key]
		}
	}
	return added, nil
}

// holders are the IDs that lie at the keys of part.
func (t *txn) holders(part []packed) (map[int64]string, error) {
	args := make([]any, manyRows)
	for i := range args {
		args[i] = part[min(i, len(part)-1)].key
	}
	rows, err := t.tx.Stmt(t.w.stmts[findInteractions]).Query(args...)
	if err != nil {
		return nil, err
	}
	at := map[int64]string{}
	err = each(rows, 2, func(v []any) error { at[asInt(v[0])] = asString(v[1]); return nil })
	return at, err
}

const selectNumber = "SELECT no FROM users WHERE id = ?"

var (
	// ownKeys is the condition on the keys of one user's interactions, by number; theirs is it by ID.
	ownKeys = fmt.Sprintf("no >= ? * %[1]d AND no < (? + 1) * %[1]d", perUser)
	theirs  = fmt.Sprintf("no >= (%[2]s) * %[1]d AND no < ((%[2]s) + 1) * %[1]d", perUser, selectNumber)

	selectHistory = "SELECT id, at, item_no, detail FROM interactions WHERE " + theirs + " ORDER BY at DESC, seq DESC LIMIT ?"
	countHistory  = "SELECT count(*) FROM interactions WHERE " + theirs
)

// userNumber is the number of a user, 0 when nothing is stored on him.
func (db *DB) userNumber(ctx context.Context, id string) (no int64, err error) {
	err = db.query(ctx, 1, func(v []any) error { no = asInt(v[0]); return nil }, selectNumber, id)
	return no, err
}

// History returns the latest limit interactions of a user, oldest first; those of the same instant in order of
// arrival. limit 0 means all.
func (db *DB) History(ctx context.Context, user string, limit int) ([]because.Interaction, error) {
	if limit <= 0 {
		limit = all
	}
	var out []because.Interaction
	var items []int64
	err := db.query(ctx, 4, func(v []any) error {
		x, err := db.interaction(v[0], v[1], v[3], nil)
		x.User = user
		out, items = append(out, x), append(items, asInt(v[2]))
		return err
	}, selectHistory, user, user, limit)
	if err != nil {
		return nil, err
	}
	for i, no := range items {
		if out[i].Item, err = db.itemID(ctx, no); err != nil {
			return nil, err
		}
	}
	slices.Reverse(out)
	return out, nil
}

// itemID is the ID of an item's number, "" of 0. An item keeps its number for ever, so what was read once is remembered.
func (db *DB) itemID(ctx context.Context, no int64) (id string, err error) {
	if no == 0 {
		return "", nil
	}
	if id, ok := db.itemIDs.Load(no); ok {
		return id.(string), nil
	}
	err = db.query(ctx, 1, func(v []any) error { id = asString(v[0]); return nil }, "SELECT id FROM items WHERE no = ?", no)
	if err == nil {
		db.itemIDs.Store(no, id)
	}
	return id, err
}

// CountHistory is the number of a user's interactions.
func (db *DB) CountHistory(ctx context.Context, user string) (n int, err error) {
	err = db.query(ctx, 1, func(v []any) error { n = int(asInt(v[0])); return nil }, countHistory, user, user)
	return n, err
}

// interaction restores all but the user and the item.
func (db *DB) interaction(id, at, detail any, same func([]byte) string) (because.Interaction, error) {
	x := because.Interaction{ID: asString(id)}
	zone, err := unpackDetail(asBytes(detail), &x, same)
	if err != nil {
		return x, fmt.Errorf("interaction %q: %w (%w)", x.ID, because.Errorf(because.ErrInvalid, "The database is damaged. Restore a backup."), err)
	}
	x.Context.At = db.time(asInt(at), zone)
	return x, nil
}

// EachInteraction calls f with every interaction, oldest first and those of the same instant in order of arrival, until
// f returns an error, which it returns. It sees the data as of its start.
func (db *DB) EachInteraction(ctx context.Context, f func(because.Interaction) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return typed("read", err)
	}
	defer tx.Rollback()
	users, err := idsByNumber(ctx, tx, "users")
	if err != nil {
		return err
	}
	items, err := idsByNumber(ctx, tx, "items")
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT no, at, item_no, id, detail FROM interactions ORDER BY at, seq")
	if err != nil {
		return typed("read", err)
	}
	words := map[string]string{} // devices and places repeat; so that they are kept once
	same := func(b []byte) string {
		if s, ok := words[string(b)]; ok {
			return s
		}
		s := string(b)
		if len(words) < 10_000 {
			words[s] = s
		}
		return s
	}
	return each(rows, 5, func(v []any) error {
		x, err := db.interaction(v[3], v[1], v[4], same)
		if err != nil {
			return err
		}
		x.User, x.Item = users[asInt(v[0])>>hashBits], items[asInt(v[2])]
		return f(x)
	})
}

// idsByNumber are all IDs of users or items; index 0 is "".
func idsByNumber(ctx context.Context, q querier, table string) ([]string, error) {
	rows, err := q.QueryContext(ctx, "SELECT no, id FROM "+table+" ORDER BY no")
	if err != nil {
		return nil, typed("read", err)
	}
	ids := []string{""}
	err = each(rows, 2, func(v []any) error {
		no := asInt(v[0])
		for int64(len(ids)) <= no {
			ids = append(ids, "")
		}
		ids[no] = asString(v[1])
		return nil
	})
	return ids, err
}

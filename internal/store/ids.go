package store

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf8"
)

const (
	maxID     = 2048    // bytes; PostgreSQL's indexes take a little more
	all       = 1 << 40 // rows: no limit
	cachedIDs = 500_000 // numbers that the writer remembers
	lookup    = 128     // IDs in one query

	// The key of an interaction is user number << hashBits | hash: room for 2^28 users.
	hashBits = 35
	perUser  = 1 << hashBits
)

func validText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// numbers are the numbers that stand for the IDs of users or items. Only the writer uses them.
type numbers struct {
	table string
	known map[string]int64
	next  int64 // 0 means that the table must be asked
}

// forget drops what a transaction that was rolled back may have added.
func (n *numbers) forget() { n.known, n.next = nil, 0 }

const (
	addUser  = "INSERT INTO users (no, id) VALUES (?, ?)"
	addItem  = "INSERT INTO items (no, id) VALUES (?, ?)"
	lastUser = "SELECT coalesce(max(no), 0) FROM users"
	lastItem = "SELECT coalesce(max(no), 0) FROM items"
)

var (
	findUsers = "SELECT id, no FROM users WHERE id IN (" + holes(lookup) + ")"
	findItems = "SELECT id, no FROM items WHERE id IN (" + holes(lookup) + ")"
)

// holes is "?, ?, ?".
func holes(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// resolve makes sure that every ID has a number in n.known. The empty ID has number 0.
func (t *txn) resolve(n *numbers, ids []string) error {
	if n.known == nil || len(n.known) > cachedIDs {
		n.known = map[string]int64{}
	}
	missing := make([]string, 0, lookup)
	seen := map[string]bool{}
	for _, id := range ids {
		if _, ok := n.known[id]; ok || id == "" || seen[id] {
			continue
		}
		seen[id] = true
		if missing = append(missing, id); len(missing) == lookup {
			if err := t.number(n, missing); err != nil {
				return err
			}
			missing = missing[:0]
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return t.number(n, missing)
}

// number reads the numbers of at most lookup IDs and gives one to those that have none.
func (t *txn) number(n *numbers, ids []string) error {
	find, add, last := findUsers, addUser, lastUser
	if n.table == "items" {
		find, add, last = findItems, addItem, lastItem
	}
	args := make([]any, lookup)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	rows, err := t.tx.Stmt(t.w.stmts[find]).Query(args...)
	if err != nil {
		return err
	}
	if err := each(rows, 2, func(v []any) error { n.known[asString(v[0])] = asInt(v[1]); return nil }); err != nil {
		return err
	}
	if n.next == 0 {
		if err := t.tx.Stmt(t.w.stmts[last]).QueryRow().Scan(&n.next); err != nil {
			return err
		}
		n.next++
	}
	for _, id := range ids {
		if _, ok := n.known[id]; ok {
			continue
		}
		if _, err := t.exec(add, n.next, id); err != nil {
			return err
		}
		if n.table == "users" {
			t.count("users", 1)
		}
		n.known[id] = n.next
		n.next++
	}
	return nil
}

// userNumber is the number of one user, 0 of none.
func (t *txn) userNumber(id string) (int64, error) {
	err := t.resolve(&t.w.users, []string{id})
	return t.w.users.known[id], err
}

// A place is where an interaction may lie among its user's: hash, hash+step, hash+2·step … modulo 2^35, the first that
// no other ID has. Two IDs share all places only when 70 bits of their SHA-256 agree.
type place struct{ at, step uint64 }

func placeOf(id string) place {
	sum := sha256.Sum256([]byte(id))
	return place{binary.BigEndian.Uint64(sum[:8]) >> (64 - hashBits), binary.BigEndian.Uint64(sum[8:16])>>(64-hashBits) | 1}
}

// key is the key of the place in the nth try.
func (p place) key(user int64, try uint64) int64 {
	return user<<hashBits | int64((p.at+try*p.step)&(perUser-1))
}

// finite reports whether no number is NaN or infinite.
func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

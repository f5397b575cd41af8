package store

import (
	"context"
	"time"

	"because"
)

const (
	putUser     = "UPDATE users SET updated = ?, zone = ?, body = ? WHERE no = ? AND body IS DISTINCT FROM ?"
	readUser    = "SELECT id, updated, zone, body FROM users WHERE id = ?"
	selectUsers = "SELECT id, updated, zone, body FROM users WHERE id > ? ORDER BY id LIMIT ?"
)

// PutUsers adds or replaces users and reports how many changed; Updated alone is no change. A user who changed without
// saying when did so now. Of two users with one ID the last counts.
func (db *DB) PutUsers(ctx context.Context, users []because.User) (changed int, err error) {
	rows := make([]body, len(users))
	for i, u := range users {
		updated := u.Updated
		u.Updated = time.Time{}
		if rows[i], err = db.body(u.ID, updated, u); err != nil {
			return 0, err
		}
	}
	if rows = lastOfEach(rows); len(rows) == 0 {
		return 0, nil
	}
	err = db.write(ctx, len(rows), func(t *txn) error {
		changed = 0
		if err := t.resolve(&t.w.users, ids(rows)); err != nil {
			return err
		}
		for _, r := range rows {
			if err := t.ctx.Err(); err != nil {
				return err
			}
			n, err := t.exec(putUser, r.updated, r.zone, r.json, t.w.users.known[r.id], r.json)
			if err != nil {
				return err
			}
			changed += n
		}
		t.touched = t.touched || changed > 0
		return nil
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// user restores a user from id, updated, zone and body; one without a body is known from what he did alone.
func (db *DB) user(v []any) (because.User, error) {
	if v[3] == nil {
		return because.User{ID: asString(v[0])}, nil
	}
	var u because.User
	if err := unpack(v[3], &u); err != nil {
		return u, err
	}
	u.Updated = db.time(asInt(v[1]), asInt(v[2]))
	return u, nil
}

func noUser(id string) error {
	return because.Errorf(because.ErrNotFound, "There is no user %q.", id)
}

// User returns one user, or ErrNotFound. Who is known only from interactions, impressions and the like is a user with
// nothing but an ID.
func (db *DB) User(ctx context.Context, id string) (u because.User, err error) {
	found := false
	err = db.query(ctx, 4, func(v []any) (err error) { u, err = db.user(v); found = true; return err }, readUser, id)
	if err == nil && !found {
		err = noUser(id)
	}
	return u, err
}

// Users returns at most limit users whose ID comes after after, in order of ID; limit 0 means all.
func (db *DB) Users(ctx context.Context, after string, limit int) ([]because.User, error) {
	if limit <= 0 {
		limit = all
	}
	var out []because.User
	err := db.query(ctx, 4, func(v []any) error {
		u, err := db.user(v)
		out = append(out, u)
		return err
	}, selectUsers, after, limit)
	return out, err
}

// EachUser calls f with every user in order of ID until f returns an error, which it returns.
func (db *DB) EachUser(ctx context.Context, f func(because.User) error) error {
	return db.query(ctx, 4, func(v []any) error {
		u, err := db.user(v)
		if err != nil {
			return err
		}
		return f(u)
	}, selectUsers, "", all)
}

const (
	hideReason   = "INSERT INTO hidden (user_no, reason, at) VALUES (?, ?, ?) ON CONFLICT (user_no, reason) DO NOTHING"
	unhideReason = "DELETE FROM hidden WHERE user_no = (SELECT no FROM users WHERE id = ?) AND reason = ?"
	readHidden   = "SELECT reason FROM hidden WHERE user_no = (SELECT no FROM users WHERE id = ?) ORDER BY reason"
)

// HideReason stores that the user never wants the reason key cited again.
func (db *DB) HideReason(ctx context.Context, user, key string) error {
	for _, id := range []string{user, key} {
		if err := checkID(id); err != nil {
			return err
		}
	}
	return db.write(ctx, 1, func(t *txn) error {
		no, err := t.userNumber(user)
		if err != nil {
			return err
		}
		n, err := t.exec(hideReason, no, key, db.now().UnixMicro())
		t.count("hidden", n)
		t.touched = t.touched || n > 0
		return err
	})
}

// UnhideReason takes HideReason back.
func (db *DB) UnhideReason(ctx context.Context, user, key string) error {
	return db.write(ctx, 1, func(t *txn) error {
		n, err := t.exec(unhideReason, user, key)
		t.count("hidden", -n)
		t.touched = t.touched || n > 0
		return err
	})
}

// Hidden returns the reasons that the user has hidden, sorted.
func (db *DB) Hidden(ctx context.Context, user string) ([]string, error) {
	var keys []string
	err := db.query(ctx, 1, func(v []any) error { keys = append(keys, asString(v[0])); return nil }, readHidden, user)
	return keys, err
}

package store

import (
	"context"

	"because"
)

const (
	addReview   = "INSERT INTO reviews (id, item_no, user_no, at, zone, rating, lang, origin, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	addExample  = "INSERT INTO examples (id, user_no, item_no, lang, text, real_text) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	reviewRow   = "SELECT r.id, items.id, users.id, r.at, r.zone, r.rating, r.lang, r.origin, r.text FROM reviews AS r JOIN items ON items.no = r.item_no LEFT JOIN users ON users.no = r.user_no "
	reviewsOf   = reviewRow + "WHERE r.item_no = (SELECT no FROM items WHERE id = ?) ORDER BY r.at DESC, r.no DESC LIMIT ?"
	reviewsBy   = reviewRow + "WHERE r.user_no = ? ORDER BY r.no"
	allReviews  = reviewRow + "ORDER BY r.no"
	exampleRow  = "SELECT e.id, users.id, items.id, e.lang, e.text, e.real_text FROM examples AS e LEFT JOIN items ON items.no = e.item_no LEFT JOIN users ON users.no = e.user_no "
	examplesBy  = exampleRow + "WHERE e.user_no = ? ORDER BY e.no"
	allExamples = exampleRow + "ORDER BY e.no"
)

// AddReviews adds the reviews whose ID is not stored yet and reports how many; none is added when one is wrong.
func (db *DB) AddReviews(ctx context.Context, reviews []because.Review) (added int, err error) {
	users, items := make([]string, len(reviews)), make([]string, len(reviews))
	for i, r := range reviews {
		if users[i], items[i] = r.User, r.Item; !finite(r.Rating) {
			return 0, because.Errorf(because.ErrInvalid, "Review %q holds a number that is not finite.", r.ID)
		}
		if err := checkIDs(r.ID, r.Item); err != nil {
			return 0, err
		}
	}
	err = db.add(ctx, "reviews", &added, len(reviews), users, items, func(t *txn, i int) (int, error) {
		r := &reviews[i]
		at, zone := stamp(r.At)
		return t.exec(addReview, r.ID, t.w.items.known[r.Item], null(t.w.users.known[r.User]), at, zone, r.Rating, string(r.Lang), r.Origin, r.Text)
	})
	return added, err
}

// AddExamples adds the examples whose ID is not stored yet and reports how many; none is added when one is wrong.
func (db *DB) AddExamples(ctx context.Context, examples []because.Example) (added int, err error) {
	users, items := make([]string, len(examples)), make([]string, len(examples))
	for i, e := range examples {
		users[i], items[i] = e.User, e.Item
		if err := checkIDs(e.ID); err != nil {
			return 0, err
		}
	}
	err = db.add(ctx, "examples", &added, len(examples), users, items, func(t *txn, i int) (int, error) {
		e := &examples[i]
		return t.exec(addExample, e.ID, null(t.w.users.known[e.User]), null(t.w.items.known[e.Item]), string(e.Lang), e.Text, e.Real)
	})
	return added, err
}

func checkIDs(ids ...string) error {
	for _, id := range ids {
		if err := checkID(id); err != nil {
			return err
		}
	}
	return nil
}

// add runs one for every row of a table in one transaction, after its users and items have numbers; those may be empty.
func (db *DB) add(ctx context.Context, table string, added *int, rows int, users, items []string, one func(t *txn, i int) (int, error)) error {
	if rows == 0 {
		return nil
	}
	for _, ids := range [][]string{users, items} {
		for _, id := range ids {
			if id == "" {
				continue
			}
			if err := checkID(id); err != nil {
				return err
			}
		}
	}
	n := 0
	err := db.write(ctx, rows, func(t *txn) error {
		n = 0
		if err := t.resolve(&t.w.users, users); err != nil {
			return err
		}
		if err := t.resolve(&t.w.items, items); err != nil {
			return err
		}
		for i := range rows {
			if err := t.ctx.Err(); err != nil {
				return err
			}
			k, err := one(t, i)
			if err != nil {
				return err
			}
			n += k
		}
		t.count(table, n)
		t.touched = t.touched || n > 0 && table == "reviews"
		return nil
	})
	if err == nil {
		*added = n
	}
	return err
}

func (db *DB) review(v []any) because.Review {
	return because.Review{
		ID: asString(v[0]), Item: asString(v[1]), User: asString(v[2]), At: db.time(asInt(v[3]), asInt(v[4])),
		Rating: asFloat(v[5]), Lang: because.Lang(asString(v[6])), Origin: asString(v[7]), Text: asString(v[8]),
	}
}

func (db *DB) reviews(ctx context.Context, f func(because.Review) error, query string, args ...any) error {
	return db.query(ctx, 9, func(v []any) error { return f(db.review(v)) }, query, args...)
}

// ReviewsOf returns the latest limit reviews of an item, newest first; limit 0 means all.
func (db *DB) ReviewsOf(ctx context.Context, item string, limit int) ([]because.Review, error) {
	if limit <= 0 {
		limit = all
	}
	var out []because.Review
	err := db.reviews(ctx, func(r because.Review) error { out = append(out, r); return nil }, reviewsOf, item, limit)
	return out, err
}

// EachReview calls f with every review in order of arrival until f returns an error, which it returns.
func (db *DB) EachReview(ctx context.Context, f func(because.Review) error) error {
	return db.reviews(ctx, f, allReviews)
}

func (db *DB) examples(ctx context.Context, f func(because.Example) error, query string, args ...any) error {
	return db.query(ctx, 6, func(v []any) error {
		return f(because.Example{
			ID: asString(v[0]), User: asString(v[1]), Item: asString(v[2]), Lang: because.Lang(asString(v[3])),
			Text: asString(v[4]), Real: asString(v[5]),
		})
	}, query, args...)
}

// EachExample calls f with every example in order of arrival until f returns an error, which it returns.
func (db *DB) EachExample(ctx context.Context, f func(because.Example) error) error {
	return db.examples(ctx, f, allExamples)
}

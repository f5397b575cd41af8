package store

import (
	"context"
	"encoding/json"
	"fmt"

	"because"
)

const (
	addImpression  = "INSERT INTO impressions (id, user_no, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	readImpression = "SELECT body FROM impressions WHERE id = ?"
	impressionsOf  = "SELECT body FROM impressions WHERE user_no = ? ORDER BY no"
	allImpressions = "SELECT body FROM impressions ORDER BY no"
	findImpression = "SELECT coalesce((SELECT no FROM impressions WHERE id = ?), 0)"
	addOneFeedback = "INSERT INTO feedback (id, impression_no, user_no, kind, target, at, zone) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	feedbackRow    = "SELECT f.id, i.id, users.id, f.kind, f.target, f.at, f.zone FROM feedback AS f JOIN impressions AS i ON i.no = f.impression_no LEFT JOIN users ON users.no = f.user_no "
	feedbackOf     = feedbackRow + "WHERE f.impression_no = (SELECT no FROM impressions WHERE id = ?) ORDER BY f.no"
	feedbackByUser = feedbackRow + "WHERE f.user_no = ? OR f.user_no IS NULL AND i.user_no = ? ORDER BY f.no"
	allFeedback    = feedbackRow + "ORDER BY f.no"
)

// AddImpressions adds the impressions whose ID is not stored yet and reports how many; none is added when one is wrong.
func (db *DB) AddImpressions(ctx context.Context, imps []because.Impression) (added int, err error) {
	return db.AddShown(ctx, imps, Snapshot{})
}

// AddShown is AddImpressions of one request, with the snapshot that its texts were made from; one without a body is none.
func (db *DB) AddShown(ctx context.Context, imps []because.Impression, s Snapshot) (added int, err error) {
	users, bodies := make([]string, len(imps)), make([]string, len(imps))
	for i, im := range imps {
		if err := checkIDs(im.ID); err != nil {
			return 0, err
		}
		b, err := json.Marshal(im)
		if err != nil {
			return 0, fmt.Errorf("%w (%w)", because.Errorf(because.ErrInvalid, "%q cannot be stored: it holds a number that is not finite.", im.ID), err)
		}
		users[i], bodies[i] = im.User, string(b)
	}
	packed := []byte(nil)
	if len(s.Body) > 0 {
		if err := checkIDs(s.Request); err != nil {
			return 0, err
		}
		packed = compressor.EncodeAll(s.Body, nil)
	}
	err = db.add(ctx, "impressions", &added, len(imps), append(users, s.User), nil, func(t *txn, i int) (int, error) {
		if i == 0 && packed != nil {
			n, err := t.exec(addSnapshot, s.Request, null(t.w.users.known[s.User]), s.At.UnixMicro(), packed)
			if err != nil {
				return 0, err
			}
			t.count("snapshots", n)
		}
		return t.exec(addImpression, imps[i].ID, null(t.w.users.known[imps[i].User]), imps[i].At.UnixMicro(), bodies[i])
	})
	return added, err
}

func (db *DB) impressions(ctx context.Context, f func(because.Impression) error, query string, args ...any) error {
	return db.query(ctx, 1, func(v []any) error {
		var im because.Impression
		if err := unpack(v[0], &im); err != nil {
			return err
		}
		return f(im)
	}, query, args...)
}

// Impression returns one impression, or ErrNotFound.
func (db *DB) Impression(ctx context.Context, id string) (im because.Impression, err error) {
	found := false
	err = db.impressions(ctx, func(x because.Impression) error { im, found = x, true; return nil }, readImpression, id)
	if err == nil && !found {
		err = noImpression(id)
	}
	return im, err
}

func noImpression(id string) error {
	return because.Errorf(because.ErrNotFound, "There is no impression %q.", id)
}

// EachImpression calls f with every impression in order of arrival until f returns an error, which it returns.
func (db *DB) EachImpression(ctx context.Context, f func(because.Impression) error) error {
	return db.impressions(ctx, f, allImpressions)
}

// AddFeedback adds the feedback whose ID is not stored yet and reports how many. ErrNotFound, and none added, when an
// impression is unknown.
func (db *DB) AddFeedback(ctx context.Context, fs []because.Feedback) (added int, err error) {
	users := make([]string, len(fs))
	for i, f := range fs {
		users[i] = f.User
		if err := checkIDs(f.ID, f.Impression); err != nil {
			return 0, err
		}
	}
	err = db.add(ctx, "feedback", &added, len(fs), users, nil, func(t *txn, i int) (int, error) {
		f := &fs[i]
		var shown int64
		if err := t.tx.Stmt(t.w.stmts[findImpression]).QueryRow(f.Impression).Scan(&shown); err != nil {
			return 0, err
		}
		if shown == 0 {
			return 0, noImpression(f.Impression)
		}
		at, zone := stamp(f.At)
		return t.exec(addOneFeedback, f.ID, shown, null(t.w.users.known[f.User]), string(f.Kind), f.Target, at, zone)
	})
	return added, err
}

func (db *DB) feedback(ctx context.Context, f func(because.Feedback) error, query string, args ...any) error {
	return db.query(ctx, 7, func(v []any) error {
		return f(because.Feedback{
			ID: asString(v[0]), Impression: asString(v[1]), User: asString(v[2]), Kind: because.FeedbackKind(asString(v[3])),
			Target: asString(v[4]), At: db.time(asInt(v[5]), asInt(v[6])),
		})
	}, query, args...)
}

// FeedbackOf returns the feedback on one impression in order of arrival.
func (db *DB) FeedbackOf(ctx context.Context, impression string) ([]because.Feedback, error) {
	var out []because.Feedback
	err := db.feedback(ctx, func(f because.Feedback) error { out = append(out, f); return nil }, feedbackOf, impression)
	return out, err
}

// EachFeedback calls f with every feedback in order of arrival until f returns an error, which it returns.
func (db *DB) EachFeedback(ctx context.Context, f func(because.Feedback) error) error {
	return db.feedback(ctx, f, allFeedback)
}

// Package store keeps items, users, interactions, reviews, examples, impressions and feedback in one SQLite file.
//
// What always holds: a call that adds or changes something returns after its commit has been synced to disk; the same
// interaction, review, example, impression or feedback ID twice is the same one; one process writes at a time, any
// number read. The package knows nothing of consent, packs or models: it gives back what it was given.
package store

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"because"
)

// Options say how a data folder is opened. The zero value opens it for writing.
type Options struct {
	ReadOnly bool             // reads only; possible while another process writes
	Now      func() time.Time // nil means time.Now
	Log      *slog.Logger     // nil discards
}

// A DB is an open data folder. It is safe for concurrent use.
type DB struct{}

// Counts are numbers of rows.
type Counts struct {
	Users        int `json:"users"`
	Items        int `json:"items"`
	Interactions int `json:"interactions"`
	Reviews      int `json:"reviews"`
	Examples     int `json:"examples"`
	Impressions  int `json:"impressions"`
	Feedback     int `json:"feedback"`
	Hidden       int `json:"hidden_reasons"`
}

// Erased says what was removed of a user, in rows per kind.
type Erased struct {
	User string         `json:"user"`
	At   time.Time      `json:"at"`
	Rows map[string]int `json:"rows"`
}

// RestoreOptions say how a backup is restored.
type RestoreOptions struct {
	Overwrite bool // replaces the data that the folder holds
}

var errTodo = errors.New("store: not written yet")

// Open opens dir/because.db and creates both when missing, unless o.ReadOnly. A second writer gets ErrConflict.
func Open(ctx context.Context, dir string, o Options) (*DB, error) { return nil, errTodo }

// Close ends all work and closes the files.
func (db *DB) Close() error { return errTodo }

// PutItems adds or replaces items and reports how many changed; Updated alone is no change.
func (db *DB) PutItems(ctx context.Context, items []because.Item) (changed int, err error) {
	return 0, errTodo
}

// PutUsers adds or replaces users and reports how many changed; Updated alone is no change.
func (db *DB) PutUsers(ctx context.Context, users []because.User) (changed int, err error) {
	return 0, errTodo
}

// DeleteItem removes an item; what users did with it stays.
func (db *DB) DeleteItem(ctx context.Context, id string) error { return errTodo }

// SetAvailable says whether an item may be recommended.
func (db *DB) SetAvailable(ctx context.Context, id string, available bool) error { return errTodo }

// AddInteractions adds the interactions whose ID is not stored yet and reports how many.
func (db *DB) AddInteractions(ctx context.Context, in []because.Interaction) (added int, err error) {
	return 0, errTodo
}

// AddReviews adds the reviews whose ID is not stored yet and reports how many.
func (db *DB) AddReviews(ctx context.Context, reviews []because.Review) (added int, err error) {
	return 0, errTodo
}

// AddExamples adds the examples whose ID is not stored yet and reports how many.
func (db *DB) AddExamples(ctx context.Context, examples []because.Example) (added int, err error) {
	return 0, errTodo
}

// AddImpressions adds the impressions whose ID is not stored yet and reports how many.
func (db *DB) AddImpressions(ctx context.Context, imps []because.Impression) (added int, err error) {
	return 0, errTodo
}

// AddFeedback adds the feedback whose ID is not stored yet and reports how many. ErrNotFound when an impression is unknown.
func (db *DB) AddFeedback(ctx context.Context, fs []because.Feedback) (added int, err error) {
	return 0, errTodo
}

// Item returns one item, or ErrNotFound.
func (db *DB) Item(ctx context.Context, id string) (because.Item, error) {
	return because.Item{}, errTodo
}

// ItemsByID returns the items that exist among ids.
func (db *DB) ItemsByID(ctx context.Context, ids []string) (map[string]because.Item, error) {
	return nil, errTodo
}

// EachItem calls f with every item in order of ID until f returns an error, which it returns.
func (db *DB) EachItem(ctx context.Context, f func(because.Item) error) error { return errTodo }

// Items returns at most limit items whose ID comes after after, in order of ID.
func (db *DB) Items(ctx context.Context, after string, limit int) ([]because.Item, error) {
	return nil, errTodo
}

// User returns one user, or ErrNotFound.
func (db *DB) User(ctx context.Context, id string) (because.User, error) {
	return because.User{}, errTodo
}

// EachUser calls f with every user in order of ID until f returns an error, which it returns.
func (db *DB) EachUser(ctx context.Context, f func(because.User) error) error { return errTodo }

// Users returns at most limit users whose ID comes after after, in order of ID.
func (db *DB) Users(ctx context.Context, after string, limit int) ([]because.User, error) {
	return nil, errTodo
}

// EachInteraction calls f with every interaction, oldest first, until f returns an error, which it returns.
func (db *DB) EachInteraction(ctx context.Context, f func(because.Interaction) error) error {
	return errTodo
}

// History returns the latest limit interactions of a user, oldest first; limit 0 means all.
func (db *DB) History(ctx context.Context, user string, limit int) ([]because.Interaction, error) {
	return nil, errTodo
}

// ReviewsOf returns the latest limit reviews of an item, newest first; limit 0 means all.
func (db *DB) ReviewsOf(ctx context.Context, item string, limit int) ([]because.Review, error) {
	return nil, errTodo
}

// EachReview calls f with every review in order of arrival until f returns an error, which it returns.
func (db *DB) EachReview(ctx context.Context, f func(because.Review) error) error { return errTodo }

// EachExample calls f with every example in order of arrival until f returns an error, which it returns.
func (db *DB) EachExample(ctx context.Context, f func(because.Example) error) error { return errTodo }

// Impression returns one impression, or ErrNotFound.
func (db *DB) Impression(ctx context.Context, id string) (because.Impression, error) {
	return because.Impression{}, errTodo
}

// EachImpression calls f with every impression in order of arrival until f returns an error, which it returns.
func (db *DB) EachImpression(ctx context.Context, f func(because.Impression) error) error {
	return errTodo
}

// FeedbackOf returns the feedback on one impression in order of arrival.
func (db *DB) FeedbackOf(ctx context.Context, impression string) ([]because.Feedback, error) {
	return nil, errTodo
}

// EachFeedback calls f with every feedback in order of arrival until f returns an error, which it returns.
func (db *DB) EachFeedback(ctx context.Context, f func(because.Feedback) error) error {
	return errTodo
}

// HideReason stores that the user never wants the reason key cited again.
func (db *DB) HideReason(ctx context.Context, user, key string) error { return errTodo }

// UnhideReason takes HideReason back.
func (db *DB) UnhideReason(ctx context.Context, user, key string) error { return errTodo }

// Hidden returns the reasons that the user has hidden, sorted.
func (db *DB) Hidden(ctx context.Context, user string) ([]string, error) { return nil, errTodo }

// EraseUser removes everything stored on a user so that no byte of it is left in the files. ErrNotFound when nothing
// is stored.
func (db *DB) EraseUser(ctx context.Context, id string) (Erased, error) { return Erased{}, errTodo }

// ErasedAt returns when each of ids was last erased, for those that were: an old file being imported again may hold them.
func (db *DB) ErasedAt(ctx context.Context, ids []string) (map[string]time.Time, error) {
	return nil, errTodo
}

// ExportUser writes everything stored on a user as one JSON document. ErrNotFound when nothing is stored.
func (db *DB) ExportUser(ctx context.Context, id string, w io.Writer) error { return errTodo }

// Counts returns the numbers of rows.
func (db *DB) Counts(ctx context.Context) (Counts, error) { return Counts{}, errTodo }

// Generation changes with every write to what recommendations and explanations are computed from: items, users,
// interactions, reviews, hidden reasons.
func (db *DB) Generation() uint64 { return 0 }

// Check reads the whole database and returns ErrInvalid when it is damaged.
func (db *DB) Check(ctx context.Context) error { return errTodo }

// Backup writes a copy as of one moment into the folder path, which must not exist, while reads and writes go on.
func (db *DB) Backup(ctx context.Context, path string) error { return errTodo }

// VerifyBackup reads a backup completely; ErrInvalid when it differs from what was written.
func VerifyBackup(path string) error { return errTodo }

// Restore puts a verified backup into dir. ErrConflict when dir holds data, unless o.Overwrite, or is in use.
func Restore(path, dir string, o RestoreOptions) error { return errTodo }

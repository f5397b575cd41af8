package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"because"
)

// groupJobs is how many calls share one commit at most.
const groupJobs = 1024

// A writer is the one connection that changes the database. Calls queue up; those that wait while a commit is being
// synced share the next one.
type writer struct {
	db         *sql.DB
	log        *slog.Logger
	stmts      map[string]*sql.Stmt
	users      numbers
	items      numbers
	generation atomic.Uint64
	groupRows  int // rows in one commit, unless one call brings more

	jobs    chan *job
	ended   chan struct{} // closed when the loop has returned
	mu      sync.RWMutex  // held for reading while a job is put into the queue
	closed  bool
	running bool
	broken  atomic.Pointer[error]
}

// A job is one call's part of a transaction.
type job struct {
	ctx   context.Context
	rows  int
	run   func(t *txn) error // may run again in another transaction when a call beside it fails
	taken atomic.Bool        // by the loop, or by the caller who does not want it any more
	done  chan error
	scrub bool // asked for by run
}

// A txn is what a job may use.
type txn struct {
	ctx     context.Context
	w       *writer
	tx      *sql.Tx
	counts  map[string]int64
	touched bool // what recommendations are computed from
	scrub   bool // deleted bytes must leave the files
}

// openWriter connects, migrates when asked to, and reads the settings back.
func openWriter(ctx context.Context, path string, behind bool, log *slog.Logger) (*writer, error) {
	w := &writer{groupRows: 250_000, db: connect(path, writePragmas, "_txlock=immediate"), log: log, jobs: make(chan *job, groupJobs), ended: make(chan struct{}), stmts: map[string]*sql.Stmt{}}
	w.db.SetMaxOpenConns(1)
	w.db.SetMaxIdleConns(1)
	w.users, w.items = numbers{table: "users"}, numbers{table: "items"}
	err := checkPragmas(ctx, w.db, writePragmas)
	if err == nil && behind {
		err = migrate(ctx, w.db)
	}
	if err != nil {
		w.db.Close()
		return nil, err
	}
	return w, nil
}

// start prepares the statements and begins to take jobs.
func (w *writer) start(ctx context.Context) error {
	for _, q := range writes {
		s, err := w.db.PrepareContext(ctx, q)
		if err != nil {
			return typed("prepare the database", fmt.Errorf("%w: %s", err, q))
		}
		w.stmts[q] = s
	}
	var generation, scrub int64
	if err := w.db.QueryRowContext(ctx, "SELECT (SELECT n FROM counts WHERE name = 'generation'), (SELECT n FROM counts WHERE name = 'scrub')").Scan(&generation, &scrub); err != nil {
		return typed("open the database", err)
	}
	w.generation.Store(uint64(generation))
	if scrub > 0 { // the process ended between an erasure and its cleaning
		if err := w.scrubFiles(ctx); err != nil {
			return err
		}
	}
	w.running = true
	go w.loop()
	return nil
}

func (w *writer) close() error {
	w.mu.Lock()
	closed := w.closed
	w.closed = true
	w.mu.Unlock()
	if closed {
		return nil
	}
	close(w.jobs)
	if w.running {
		<-w.ended
	}
	return w.db.Close()
}

// write runs run in a transaction that it may share with other calls and returns after its commit. Once the
// transaction has begun, the end of ctx cannot part the caller from its outcome any more; run looks at t.ctx itself.
func (db *DB) write(ctx context.Context, rows int, run func(t *txn) error) error {
	if db.w == nil {
		return because.Errorf(because.ErrConflict, "The data in %s is open for reading only.", db.dir)
	}
	j := &job{ctx: ctx, rows: rows, run: run, done: make(chan error, 1)}
	if err := db.w.put(j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
	}
	if j.taken.CompareAndSwap(false, true) {
		return ctx.Err()
	}
	return <-j.done
}

func (w *writer) put(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return because.Errorf(because.ErrUnavailable, "The database is closed.")
	}
	if err := w.broken.Load(); err != nil {
		return *err
	}
	select {
	case w.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

func (w *writer) loop() {
	defer close(w.ended)
	var held *job // did not fit into the last group
	for {
		first := held
		if held = nil; first == nil {
			var ok bool
			if first, ok = <-w.jobs; !ok {
				return
			}
		}
		var group []*job
		group, held = w.gather(first)
		w.commit(group)
	}
}

// gather takes what waits already; it never waits for more.
func (w *writer) gather(first *job) (group []*job, held *job) {
	rows := 0
	for j := first; ; {
		if rows += j.rows; len(group) > 0 && rows > w.groupRows {
			return group, j
		}
		if j.taken.CompareAndSwap(false, true) {
			group = append(group, j)
		}
		if len(group) == groupJobs {
			return group, nil
		}
		var ok bool
		select {
		case j, ok = <-w.jobs:
			if !ok {
				return group, nil
			}
		default:
			return group, nil
		}
	}
}

// commit runs a group in one transaction and answers every job. A job that fails is answered alone, and the others are
// run again without it: cheaper than a savepoint per call, which SQLite pays for with a copy of every page.
func (w *writer) commit(group []*job) {
	for len(group) > 0 {
		failed, err := w.attempt(group)
		switch {
		case err == nil && failed == nil:
			w.finish(group)
			return
		case failed != nil && !affects(err):
			failed.done <- err
			group = without(group, failed)
		default:
			w.refuse(err)
			for _, j := range group {
				j.done <- err
			}
			return
		}
	}
}

func without(group []*job, out *job) []*job {
	var rest []*job
	for _, j := range group {
		if j != out {
			rest = append(rest, j)
		}
	}
	return rest
}

// attempt runs a group in one transaction. failed is the job that err came from; nil when it was none.
func (w *writer) attempt(group []*job) (failed *job, err error) {
	if err := w.broken.Load(); err != nil {
		return nil, *err
	}
	tx, err := w.db.BeginTx(context.Background(), nil)
	if err != nil {
		return nil, typed("begin", err)
	}
	t := &txn{w: w, tx: tx, counts: map[string]int64{}}
	generation := w.generation.Load()
	defer func() {
		if err != nil {
			tx.Rollback()
			w.users.forget()
			w.items.forget()
		}
	}()
	for _, j := range group {
		t.ctx, t.scrub = j.ctx, false
		if err := j.run(t); err != nil {
			return j, typed("write", err)
		}
		j.scrub = t.scrub
	}
	if t.touched {
		generation++
		t.counts["generation"]++
	}
	if err := t.saveCounts(); err != nil {
		return nil, typed("write", err)
	}
	if err := tx.Commit(); err != nil {
		w.db.Exec("ROLLBACK") // what a failed COMMIT left open; an error says that it left nothing
		if code(err) == 0 {
			err = fmt.Errorf("%w (%w)", because.Errorf(because.ErrUnavailable, "The disk reported an error. Check it, then start again."), err)
			w.stop(err)
		}
		return nil, typed("commit", err)
	}
	w.generation.Store(generation)
	return nil, nil
}

// finish answers the jobs of a committed group; those that erased something wait for the files to be cleaned.
func (w *writer) finish(group []*job) {
	var erased []*job
	for _, j := range group {
		if j.scrub {
			erased = append(erased, j)
			continue
		}
		j.done <- nil
	}
	if len(erased) == 0 {
		return
	}
	err := w.scrubFiles(context.Background())
	w.refuse(err)
	for _, j := range erased {
		j.done <- err
	}
}

// refuse ends all writing when err says that the disk cannot be trusted.
func (w *writer) refuse(err error) {
	if err != nil && ends(err) {
		w.stop(err)
	}
}

func (w *writer) stop(cause error) {
	err := fmt.Errorf("%w (%w)", because.Errorf(because.ErrUnavailable, "Nothing is stored any more after an error of the disk or the database. Check the disk, then start again."), errors.New(cause.Error()))
	if w.broken.CompareAndSwap(nil, &err) {
		w.log.Error("writing stopped", "err", cause)
	}
}

// exec runs one of the prepared writes and returns how many rows changed.
func (t *txn) exec(query string, args ...any) (int, error) {
	s, ok := t.w.stmts[query]
	if !ok {
		panic("store: not among the prepared writes: " + query)
	}
	r, err := t.tx.Stmt(s).Exec(args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// count keeps the number of rows of a table true.
func (t *txn) count(table string, n int) { t.counts[table] += int64(n) }

const saveCount = "UPDATE counts SET n = n + ? WHERE name = ?"

func (t *txn) saveCounts() error {
	for name, n := range t.counts {
		if n == 0 {
			continue
		}
		if _, err := t.exec(saveCount, n, name); err != nil {
			return err
		}
	}
	return nil
}

// writes are all statements of the writer, prepared once.
var writes = append([]string{
	saveCount, readSequence, addUser, addItem, lastUser, lastItem, findUsers, findItems, selectNumber,
	addInteraction, addInteractions, findInteractions,
	putItem, seenItem, isItem, readItem, removeItem, putUser, hideReason, unhideReason,
	addReview, addExample, addImpression, findImpression, addOneFeedback,
	addErased, findErased, reviewIDs, bodies, replaceOne,
	addSnapshot, dropSnapshot, dropSnapshots, addErasedShown, impressionIDsOf,
}, erasures()...)

// erasures are the statements that remove a user's rows.
func erasures() (all []string) {
	for _, t := range tables {
		if t.of != "" {
			all = append(all, t.erase())
		}
	}
	return all
}

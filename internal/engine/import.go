package engine

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"because"
	"because/internal/ingest"
	"because/internal/store"
)

// Import reads rows into the store. Rows that cannot be taken are named, kept under rejects/ and counted; whatever was
// committed before a cancellation stays, and importing the same file again completes it.
func (e *Engine) Import(ctx context.Context, r ImportRequest, progress Progress) (ImportReport, error) {
	rejects := ""
	report, err := ingest.Run(ctx, ingest.Options{
		Kind: r.Kind, Path: r.Path, Reader: r.Reader, Domain: r.Domain, Format: r.Format, Map: r.Map, DryRun: r.DryRun,
		Lang: r.Lang, Zone: e.o.Zone, Now: e.now(), Packs: e.packs, Progress: progress,
		Rejects: func() (io.WriteCloser, error) {
			name := fmt.Sprintf("%s-%s.jsonl", r.Kind, hex.EncodeToString(sha(r.Path, e.now().Format(time.RFC3339Nano))[:4]))
			rejects = filepath.Join(mkdir(filepath.Join(e.o.Dir, "rejects")), name)
			return os.OpenFile(rejects, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		},
	}, sink{e.db})
	report.Rejects = rejects
	if r.DryRun {
		return report, err
	}
	// What was committed must be seen, even after an error.
	return report, errors.Join(err, e.refresh(context.WithoutCancel(ctx)))
}

// A sink puts cleaned rows into the store.
type sink struct{ db *store.DB }

func (s sink) Items(ctx context.Context, xs []because.Item) (int, error) {
	return s.db.PutItems(ctx, xs)
}
func (s sink) Users(ctx context.Context, xs []because.User) (int, error) {
	return s.db.PutUsers(ctx, xs)
}
func (s sink) Interactions(ctx context.Context, xs []because.Interaction) (int, error) {
	return s.db.AddInteractions(ctx, xs)
}
func (s sink) Reviews(ctx context.Context, xs []because.Review) (int, error) {
	return s.db.AddReviews(ctx, xs)
}
func (s sink) Examples(ctx context.Context, xs []because.Example) (int, error) {
	return s.db.AddExamples(ctx, xs)
}

// refresh reads the catalogue again.
func (e *Engine) refresh(ctx context.Context) error {
	e.change.Lock()
	defer e.change.Unlock()
	w := *e.world.Load()
	w.items = map[string]because.Item{}
	err := e.db.EachItem(ctx, func(it because.Item) error {
		w.items[it.ID] = it
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the catalogue: %w", err)
	}
	e.publish(&w)
	return nil
}

// Item returns an item.
func (e *Engine) Item(_ context.Context, id string) (because.Item, error) {
	it, ok := e.world.Load().items[id]
	if !ok {
		return it, because.Errorf(because.ErrNotFound, "There is no item %q.", short(id))
	}
	return it, nil
}

// Items lists items in the order of their IDs, those after the given one.
func (e *Engine) Items(ctx context.Context, after string, limit int) ([]because.Item, error) {
	return e.db.Items(ctx, after, limit)
}

// PutItems adds or replaces items and returns how many changed. They are explained at once, and recommended after the
// next training.
func (e *Engine) PutItems(ctx context.Context, its []because.Item) (int, error) {
	for i, it := range its {
		switch {
		case it.ID == "":
			return 0, because.Errorf(because.ErrInvalid, "Item %d has no id.", i+1)
		case len(it.Name.All()) == 0:
			return 0, because.Errorf(because.ErrInvalid, "Item %q has no name.", short(it.ID))
		}
		its[i] = plainItem(it)
		if its[i].Updated.IsZero() {
			its[i].Updated = e.now()
		}
	}
	n, err := e.db.PutItems(ctx, its)
	if err != nil {
		return n, err
	}
	return n, e.change1(func(items map[string]because.Item) {
		for _, it := range its {
			items[it.ID] = it
		}
	})
}

// DeleteItem removes an item. What readers did with it stays, without a name.
func (e *Engine) DeleteItem(ctx context.Context, id string) error {
	if _, err := e.Item(ctx, id); err != nil {
		return err
	}
	if err := e.db.DeleteItem(ctx, id); err != nil {
		return err
	}
	return e.change1(func(items map[string]because.Item) { delete(items, id) })
}

// SetAvailable says whether an item may be recommended. It takes effect at once.
func (e *Engine) SetAvailable(ctx context.Context, id string, available bool) error {
	it, err := e.Item(ctx, id)
	if err != nil {
		return err
	}
	if err := e.db.SetAvailable(ctx, id, available); err != nil {
		return err
	}
	it.Unavailable = !available
	return e.change1(func(items map[string]because.Item) { items[id] = it })
}

// change1 publishes a world whose catalogue was changed by f.
func (e *Engine) change1(f func(items map[string]because.Item)) error {
	e.change.Lock()
	defer e.change.Unlock()
	w := *e.world.Load()
	w.items = maps.Clone(w.items)
	f(w.items)
	e.publish(&w)
	return nil
}

// AddInteractions stores what users did and returns how many rows were new. Missing IDs are made; users that are not
// known yet are added.
func (e *Engine) AddInteractions(ctx context.Context, xs []because.Interaction) (int, error) {
	now := e.now()
	for i := range xs {
		x := &xs[i]
		switch {
		case x.User == "":
			return 0, because.Errorf(because.ErrInvalid, "Interaction %d has no user.", i+1)
		case x.Kind != because.Search && x.Item == "":
			return 0, because.Errorf(because.ErrInvalid, "Interaction %d has no item.", i+1)
		case evidenceOf[x.Kind] == "":
			return 0, because.Errorf(because.ErrInvalid, "Interaction %d has an unknown kind %q. Kinds: view, click, cart, purchase, rating, search.", i+1, short(string(x.Kind)))
		}
		if x.ID == "" {
			x.ID = e.newID("int")
		}
		if x.Context.At.IsZero() {
			x.Context.At = now
		}
		if x.Weight == 0 {
			x.Weight = ingest.Weight(*x)
		}
	}
	return e.db.AddInteractions(ctx, xs)
}

// Backup writes a consistent copy of the data folder's database while it is in use.
func (e *Engine) Backup(ctx context.Context, path string) error { return e.db.Backup(ctx, path) }

// VerifyBackup says whether a backup is whole.
func VerifyBackup(path string) error { return store.VerifyBackup(path) }

// Restore makes a data folder of a backup. The folder must not hold data, unless replace is set.
func Restore(path, dir string, replace bool) error {
	return store.Restore(path, dir, store.RestoreOptions{Overwrite: replace})
}

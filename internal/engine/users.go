package engine

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"because"
	"because/internal/ingest"
)

// User returns a user.
func (e *Engine) User(ctx context.Context, id string) (because.User, error) {
	u, err := e.db.User(ctx, id)
	if errors.Is(err, because.ErrNotFound) {
		return u, because.Errorf(because.ErrNotFound, "There is no user %q.", short(id))
	}
	return u, err
}

// Users lists users in the order of their IDs, those after the given one.
func (e *Engine) Users(ctx context.Context, after string, limit int) ([]because.User, error) {
	return e.db.Users(ctx, after, limit)
}

// PutUsers adds or replaces users and returns how many changed.
func (e *Engine) PutUsers(ctx context.Context, us []because.User) (int, error) {
	for i := range us {
		if us[i].ID == "" {
			return 0, because.Errorf(because.ErrInvalid, "User %d has no id.", i+1)
		}
		us[i] = plainUser(us[i])
	}
	return e.db.PutUsers(ctx, us)
}

// ViewUser returns everything that a reader may see and change about themselves.
func (e *Engine) ViewUser(ctx context.Context, id string) (UserView, error) {
	u, err := e.User(ctx, id)
	if err != nil {
		return UserView{}, err
	}
	v := UserView{User: u, Consents: e.consents(u)}
	if v.Interactions, err = e.db.History(ctx, id, 100); err != nil {
		return v, fmt.Errorf("read history: %w", err)
	}
	slices.Reverse(v.Interactions)
	if v.Count, err = e.db.CountHistory(ctx, id); err != nil {
		return v, fmt.Errorf("count history: %w", err)
	}
	v.Hidden, err = e.db.Hidden(ctx, id)
	return v, err
}

// consents are all consents that any pack asks for, as u gave them.
func (e *Engine) consents(u because.User) []ConsentView {
	all := map[string]ConsentView{}
	for _, d := range append(e.packs.Domains(), "") { // the general wording last: it serves all
		p := e.packs.Pack(d)
		for name, c := range p.Consent {
			_, said := u.Consents[name]
			all[name] = ConsentView{Name: name, Label: c.Label, Given: p.Consented(name, u.Consents), Default: !said}
		}
	}
	out := []ConsentView{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[name])
	}
	return out
}

// SetPersonal switches personalisation on or off.
func (e *Engine) SetPersonal(ctx context.Context, id string, on bool) error {
	return e.changeUser(ctx, id, func(u *because.User) error { u.Impersonal = !on; return nil })
}

// SetConsent gives or withdraws one consent.
func (e *Engine) SetConsent(ctx context.Context, id, name string, given bool) error {
	return e.changeUser(ctx, id, func(u *because.User) error {
		if !slices.ContainsFunc(e.consents(*u), func(c ConsentView) bool { return c.Name == name }) {
			return because.Errorf(because.ErrInvalid, "There is no consent %q.", short(name))
		}
		u.Consents = maps.Clone(u.Consents)
		if u.Consents == nil {
			u.Consents = map[string]bool{}
		}
		u.Consents[name] = given
		return nil
	})
}

func (e *Engine) changeUser(ctx context.Context, id string, change func(*because.User) error) error {
	u, err := e.User(ctx, id)
	if err != nil {
		return err
	}
	if err := change(&u); err != nil {
		return err
	}
	u.Updated = e.now()
	_, err = e.db.PutUsers(ctx, []because.User{u})
	return err
}

// Unhide lets a hidden reason be cited again.
func (e *Engine) Unhide(ctx context.Context, user, key string) error {
	return e.db.UnhideReason(ctx, user, key)
}

// ExportUser writes everything stored about a user as one JSON document.
func (e *Engine) ExportUser(ctx context.Context, id string, w io.Writer) error {
	if _, err := e.User(ctx, id); err != nil {
		return err
	}
	return e.db.ExportUser(ctx, id, w)
}

// EraseUser removes every row and text of a user: store, rejected rows and the policy's memory. It names the models
// that were trained while the user's rows were there. Erasing again finishes what an error left undone.
func (e *Engine) EraseUser(ctx context.Context, id string) (Erased, error) {
	out := Erased{User: id, At: e.now(), Models: []string{}}
	models, err := e.Models()
	if err != nil {
		return out, err
	}
	for _, m := range models {
		if e.saw(m, id) {
			out.Models = append(out.Models, m.ID)
		}
	}
	rows, stored := e.db.EraseUser(ctx, id)
	rejects, kept := e.eraseRejects(id) // whatever the store says: rows may have been rejected of a user whom it never knew
	if errors.Is(stored, because.ErrNotFound) {
		if stored = nil; rejects == 0 && kept == nil {
			return out, because.Errorf(because.ErrNotFound, "There is no user %q.", short(id))
		}
	}
	if out.Rows = rows.Rows; rejects > 0 {
		out.Rows["rejects"] = rejects
	}
	if stored != nil {
		stored = fmt.Errorf("erase: %w", stored)
	}
	if kept != nil {
		kept = fmt.Errorf("erase rejected rows: %w", kept)
	}
	e.cache.clear() // what was written of them
	runs, left := e.eraseRuns(id)
	if runs > 0 {
		out.Rows["runs"] = runs
	}
	return out, errors.Join(stored, kept, left, e.recall(ctx))
}

// eraseRuns removes the folders of training runs that hold texts on the user, or that cannot be read, and returns how many
// went. A run that is taken up again begins anew, without them.
func (e *Engine) eraseRuns(id string) (gone int, err error) {
	dirs, err := filepath.Glob(filepath.Join(e.o.Dir, "models", "runs", "*"))
	if err != nil {
		return 0, err
	}
	for _, dir := range dirs {
		if free, err := runWithout(dir, id); err == nil && free {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return gone, err
		}
		gone++
	}
	return gone, nil
}

// runWithout reports whether a run holds no text on a user.
func runWithout(dir, id string) (bool, error) {
	pairs, err := readPairs(filepath.Join(dir, pairsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	lines, err := os.ReadFile(filepath.Join(dir, taughtFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	for line := range bytes.Lines(lines) {
		var l taughtLine
		if err := json.Unmarshal(line, &l); err != nil { // cut off where a process ended
			return false, err
		}
		if l.User == id {
			return false, nil
		}
	}
	return !slices.ContainsFunc(pairs, func(p Pair) bool { return p.User == id }), nil
}

// eraseRejects rewrites the files of rejected rows without those that concern the user, and returns how many went.
func (e *Engine) eraseRejects(id string) (gone int, err error) {
	files, err := filepath.Glob(filepath.Join(e.o.Dir, "rejects", "*"))
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return gone, err
		}
		var keep bytes.Buffer
		before := gone
		for line := range bytes.Lines(b) {
			var row ingest.Rejected
			if json.Unmarshal(line, &row) != nil { // cut off where a process ended
				row = ingest.Rejected{Row: string(line)}
			}
			if row.Concerns(id) {
				gone++
			} else {
				keep.Write(line)
			}
		}
		if gone == before {
			continue
		}
		if err := writeFile(f, keep.Bytes()); err != nil {
			return before, err
		}
	}
	return gone, nil
}

// saw reports whether a model was trained on rows of the user: its folder keeps salted hashes of whom it saw.
func (e *Engine) saw(m ModelInfo, id string) bool {
	b, err := os.ReadFile(filepath.Join(e.o.Dir, "models", m.ID, usersFile))
	if err != nil {
		return false
	}
	want := hash(m.ID, id)
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b) == want {
			return true
		}
	}
	return false
}

// Export writes all rows of one kind as JSON lines and returns how many. Kinds are those of Import, and impressions
// and feedback.
func (e *Engine) Export(ctx context.Context, kind string, w io.Writer) (int, error) {
	n, out := 0, bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	put := func(row any) error { n++; return enc.Encode(row) }
	var err error
	switch kind {
	case "items":
		err = e.db.EachItem(ctx, func(x because.Item) error { return put(x) })
	case "users":
		err = e.db.EachUser(ctx, func(x because.User) error { return put(x) })
	case "interactions":
		err = e.db.EachInteraction(ctx, func(x because.Interaction) error { return put(x) })
	case "reviews":
		err = e.db.EachReview(ctx, func(x because.Review) error { return put(x) })
	case "examples":
		err = e.db.EachExample(ctx, func(x because.Example) error { return put(x) })
	case "impressions":
		err = e.db.EachImpression(ctx, func(x because.Impression) error { return put(x) })
	case "feedback":
		err = e.db.EachFeedback(ctx, func(x because.Feedback) error { return put(x) })
	default:
		return 0, because.Errorf(because.ErrInvalid, "There is nothing called %q to export. Choose items, users, interactions, reviews, examples, impressions or feedback.", short(kind))
	}
	return n, errors.Join(err, out.Flush())
}

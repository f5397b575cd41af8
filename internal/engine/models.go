package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"because"
	"because/internal/dataset"
	"because/internal/pack"
	"because/internal/recommend"
)

// Train fits the rankers on everything in the store, writes a model folder and serves it.
func (e *Engine) Train(ctx context.Context, progress Progress) (TrainReport, error) {
	start := e.o.Now()
	if progress == nil {
		progress = func(string, int, int) {}
	}
	d, err := e.data(ctx)
	if err != nil {
		return TrainReport{}, err
	}
	if len(d.Items) == 0 {
		return TrainReport{}, because.Errorf(because.ErrNotFound, "There are no items yet. Import some first: because import items FILE, or because import dataset FOLDER.")
	}
	m, err := recommend.Fit(ctx, d, e.fitOptions(d), progress)
	if err != nil {
		return TrainReport{}, fmt.Errorf("train the rankers: %w", err)
	}
	info, err := e.saveRanker(m, d)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return TrainReport{}, because.Errorf(because.ErrUnavailable, "The disk is full; nothing was stored. Free some space and try again.")
	case err != nil:
		return TrainReport{}, fmt.Errorf("write the model: %w", err)
	}
	e.change.Lock()
	w := *e.world.Load()
	w.model, w.info, w.harm = m, info, nil
	e.publish(&w)
	e.change.Unlock()
	return TrainReport{
		Model: info.ID, Users: countUsers(d), Items: len(d.Items), Interactions: len(d.Interactions), Metrics: info.Metrics,
		TookMS: float64(e.o.Now().Sub(start).Microseconds()) / 1000,
	}, nil
}

// data reads all that the rankers learn from. Readers who switched personalisation off still count for the crowd only
// where they consented to history; withheld rows stay out.
func (e *Engine) data(ctx context.Context) (*dataset.Data, error) {
	d := &dataset.Data{}
	users := map[string]because.User{}
	w := e.world.Load()
	err := errors.Join(
		e.db.EachUser(ctx, func(u because.User) error { users[u.ID] = u; d.Users = append(d.Users, u); return nil }),
		e.db.EachItem(ctx, func(it because.Item) error { d.Items = append(d.Items, it); return nil }),
		e.db.EachInteraction(ctx, func(x because.Interaction) error {
			if u := users[x.User]; !u.Impersonal && e.consented(w, u, x) {
				x.Context.At = x.Context.At.In(e.o.Zone)
				d.Interactions = append(d.Interactions, x)
			}
			return nil
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("read the training data: %w", err)
	}
	return d, nil
}

// fitOptions hand the rankers what the packs know.
func (e *Engine) fitOptions(d *dataset.Data) recommend.Options {
	o := recommend.Options{Seed: int64(e.o.Seed), Workers: e.o.Workers, Meetings: map[string][]recommend.Meeting{}}
	for _, it := range d.Items {
		if _, done := o.Meetings[it.Domain]; done {
			continue
		}
		p := e.packs.Pack(it.Domain)
		ms := []recommend.Meeting{}
		for field, f := range p.Profile {
			if f.Meets.Field != "" {
				ms = append(ms, recommend.Meeting{Profile: field, Field: f.Meets.Field, How: f.Meets.How})
			}
		}
		slices.SortFunc(ms, func(a, b recommend.Meeting) int { return bytes.Compare([]byte(a.Profile), []byte(b.Profile)) })
		o.Meetings[it.Domain] = ms
	}
	o.Asks = e.asks
	return o
}

// asks finds the fields and words that a need or a search asks for, in both languages.
func (e *Engine) asks(domain, s string) []recommend.Ask {
	var out []recommend.Ask
	p := e.packs.Pack(domain)
	wishes := p.Wishes(because.Chinese, s, e.words(domain))
	for _, w := range wishes {
		for _, f := range w.Fields {
			a := recommend.Ask{Text: s[w.Start:w.End], Word: w.Word}
			if w.Word == "" {
				a.Field, a.Upto, a.Bounds = f, p.Fields[f].Upto, &recommend.Bounds{Low: w.Low, High: w.High, Strict: w.Strict}
			}
			out = append(out, a)
		}
	}
	for _, h := range p.Asked(s) {
		out = append(out, recommend.Ask{Text: s[h.Start:h.End], Any: true})
	}
	for _, lang := range because.Langs {
		for _, h := range p.Match(lang, s) {
			if !p.Wants(h) {
				out = append(out, recommend.Ask{Text: s[h.Start:h.End]})
				continue
			}
			if slices.ContainsFunc(wishes, func(w pack.Wish) bool { return h.Start < w.End && w.Start < h.End }) {
				continue
			}
			for _, word := range append([]string{h.Word}, p.KindsOf(h.Word)...) {
				a := recommend.Ask{Field: h.Field, Word: word, Text: s[h.Start:h.End], Better: p.Fields[h.Field].Better}
				if !slices.Contains(out, a) {
					out = append(out, a)
				}
			}
		}
	}
	return out
}

// words are the site's own words of a domain; nil where nothing is loaded.
func (e *Engine) words(domain string) *pack.Vocabulary {
	if w := e.world.Load(); w != nil {
		return w.words[domain]
	}
	return nil
}

func countUsers(d *dataset.Data) int {
	seen := map[string]bool{}
	for _, x := range d.Interactions {
		seen[x.User] = true
	}
	return len(seen)
}

// saveRanker writes models/<id>/ whole or not at all, and points current at it.
func (e *Engine) saveRanker(m *recommend.Model, d *dataset.Data) (ModelInfo, error) {
	var weights bytes.Buffer
	if err := m.Save(&weights); err != nil {
		return ModelInfo{}, err
	}
	info := ModelInfo{
		ID: rankerKind + "-" + m.Version()[:12], Kind: rankerKind, Created: e.now(), Seed: int64(e.o.Seed), Data: dataHash(d), Code: Version(),
		Metrics: m.Metrics(), Files: map[string]string{"ranker.bin": sum(weights.Bytes())},
	}
	var users bytes.Buffer
	seen := map[string]bool{}
	for _, x := range d.Interactions {
		if !seen[x.User] {
			seen[x.User] = true
			_ = binary.Write(&users, binary.LittleEndian, hash(info.ID, x.User)) // a buffer does not fail
		}
	}
	manifest, err := json.MarshalIndent(info, "", "  ")
	if err != nil {
		return info, err
	}
	dir := filepath.Join(e.o.Dir, "models")
	if left, err := filepath.Glob(filepath.Join(dir, ".*-*")); err == nil {
		for _, name := range left { // of a run that was killed; this process holds the folder
			_ = os.RemoveAll(name)
		}
	}
	tmp, err := os.MkdirTemp(mkdir(dir), ".new-")
	if err != nil {
		return info, err
	}
	defer os.RemoveAll(tmp)
	for name, b := range map[string][]byte{"ranker.bin": weights.Bytes(), usersFile: users.Bytes(), manifestFile: manifest} {
		if err := writeFile(filepath.Join(tmp, name), b); err != nil {
			return info, err
		}
	}
	final := filepath.Join(dir, info.ID)
	if whole(dir, info.ID) { // the same data and seed made the same model before: keep that folder
		return info, e.Promote(info.ID)
	}
	if err := os.RemoveAll(final); err != nil { // damaged
		return info, err
	}
	if err := os.Rename(tmp, final); err != nil {
		return info, err
	}
	return info, e.Promote(info.ID)
}

// usersFile holds, in each model's folder, hashes of the users on whose rows it rests; see saw.
const usersFile = "users.bin"

// The kinds of models; an ID begins with its kind.
const (
	rankerKind = "ranker"
	lmKind     = "lm"
)

// kindOf is the kind of the model that an ID names.
func kindOf(id string) string { kind, _, _ := strings.Cut(id, "-"); return kind }

// currentIDs are the models that models/current names, at most one of each kind, a line each. There is none where the
// file is missing.
func currentIDs(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "current"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the current models: %w", err)
	}
	return strings.Fields(string(b)), nil
}

// currentOf is the current model of a kind; empty where there is none.
func currentOf(dir, kind string) (string, error) {
	ids, err := currentIDs(dir)
	for _, id := range ids {
		if kindOf(id) == kind {
			return id, nil
		}
	}
	return "", err
}

// Promote points current at a model folder and serves it. A damaged one is refused, and the pointer stays.
func (e *Engine) Promote(id string) error {
	dir := filepath.Join(e.o.Dir, "models")
	info, err := readManifest(dir, id)
	if err != nil {
		return because.Errorf(because.ErrNotFound, "There is no model %q.", short(id))
	}
	e.change.Lock()
	defer e.change.Unlock()
	var m *recommend.Model
	if info.Kind == lmKind {
		if !whole(dir, id) {
			return because.Errorf(because.ErrInvalid, "Model %q is damaged. Promote another one: because model list", short(id))
		}
		if err := fitToServe(info); err != nil {
			return err
		}
	} else if m, info, err = e.ranker(id); err != nil {
		return err
	}
	if err := remember(dir, id); err != nil {
		return err
	}
	if err := point(dir, info.Kind, id); err != nil {
		return err
	}
	e.serveModel(info, m)
	return nil
}

// fitToServe refuses a language model that its own tuning made less true, by what its manifest measured: the share of
// drafts that pass the verifier fell by more than two standard errors.
func fitToServe(info ModelInfo) error {
	for _, lang := range because.Langs {
		before, after := info.Metrics["verified_"+string(lang)+"_before"], info.Metrics["verified_"+string(lang)+"_after"]
		n := info.Metrics["drafts_"+string(lang)]
		if n == 0 {
			continue
		}
		if mean := (before + after) / 2; before-after > 2*math.Sqrt(2*mean*(1-mean)/n) {
			return because.Errorf(because.ErrInvalid, "Model %q does not serve: %.1f %% of its drafts (%s) pass the verifier as they stand, and before it was tuned %.1f %% did.", short(info.ID), 100*after, lang, 100*before)
		}
	}
	return nil
}

// serveModel lets what comes be served by a model that current points at; m is nil unless it is a ranker.
func (e *Engine) serveModel(info ModelInfo, m *recommend.Model) {
	if info.Kind == lmKind {
		e.forgetLM()
		return
	}
	w := *e.world.Load()
	w.model, w.info, w.harm = m, info, nil
	e.publish(&w)
}

// point makes id the current model of its kind; an empty one leaves the kind without.
func point(dir, kind, id string) error {
	ids, err := currentIDs(dir)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(other string) bool { return kindOf(other) == kind })
	if id != "" {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return os.Remove(filepath.Join(dir, "current"))
	}
	slices.Sort(ids)
	if err := writeLines(filepath.Join(dir, "current"), ids); err != nil {
		return fmt.Errorf("point at the model: %w", err)
	}
	return nil
}

// currentRanker reads the ranker that current points at; nil when nothing has been trained.
func (e *Engine) currentRanker() (*recommend.Model, ModelInfo, error) {
	dir := filepath.Join(e.o.Dir, "models")
	ids, err := currentIDs(dir)
	if err != nil {
		return nil, ModelInfo{}, err
	}
	for _, id := range ids {
		if kindOf(id) != lmKind {
			return e.ranker(id)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "current")); err == nil && len(ids) == 0 { // emptied by somebody
		return e.ranker("")
	}
	return nil, ModelInfo{}, nil
}

// ranker reads a model. It returns because.ErrInvalid when the folder does not hold what it held when it was written.
func (e *Engine) ranker(id string) (*recommend.Model, ModelInfo, error) {
	dir := filepath.Join(e.o.Dir, "models")
	info, err := readManifest(dir, id)
	if err != nil {
		return nil, ModelInfo{}, because.Errorf(because.ErrInvalid, "Model %q cannot be read. Train again: because train", short(id))
	}
	weights, err := os.ReadFile(filepath.Join(dir, id, "ranker.bin"))
	if err != nil || sum(weights) != info.Files["ranker.bin"] {
		return nil, ModelInfo{}, because.Errorf(because.ErrInvalid, "Model %q is damaged. Train again: because train", short(id))
	}
	m, err := recommend.Load(bytes.NewReader(weights))
	if err != nil {
		return nil, ModelInfo{}, because.Errorf(because.ErrInvalid, "Model %q was made by another version. Train again: because train", short(id))
	}
	info.Current = true
	return m.WithAsks(e.asks), info, nil
}

// whole reports whether a model folder holds what its manifest says.
func whole(dir, id string) bool {
	info, err := readManifest(dir, id)
	if err != nil {
		return false
	}
	for name, want := range info.Files {
		if b, err := os.ReadFile(filepath.Join(dir, id, name)); err != nil || sum(b) != want {
			return false
		}
	}
	return true
}

func readManifest(dir, id string) (ModelInfo, error) {
	var info ModelInfo
	if id == "" || filepath.Base(id) != id {
		return info, fs.ErrNotExist
	}
	b, err := os.ReadFile(filepath.Join(dir, id, manifestFile))
	if err != nil {
		return info, err
	}
	return info, json.Unmarshal(b, &info)
}

// A ModelView is a model folder looked at.
type ModelView struct {
	ModelInfo
	Whole bool             `json:"whole"` // it holds what it held when it was written
	Sizes map[string]int64 `json:"sizes"` // file -> bytes
	Users int              `json:"users"` // whose rows it rests on
}

// Model looks at one model folder, or at the model in the binary.
func (e *Engine) Model(id string) (ModelView, error) {
	dir := filepath.Join(e.o.Dir, "models")
	info, err := readManifest(dir, id)
	files, sound := os.DirFS(filepath.Join(dir, id)), whole(dir, id)
	if err != nil {
		var ok bool
		if info, ok = Shipped(); !ok || info.ID != id {
			return ModelView{}, because.Errorf(because.ErrNotFound, "There is no model %q.", short(id))
		}
		if files, err = shippedModel(); err != nil {
			return ModelView{}, err
		}
		sound = true
	}
	ids, err := currentIDs(dir)
	if err != nil {
		return ModelView{}, err
	}
	info.Current = slices.Contains(ids, info.ID)
	v := ModelView{ModelInfo: info, Whole: sound, Sizes: map[string]int64{}}
	for name := range info.Files {
		if f, err := fs.Stat(files, name); err == nil {
			v.Sizes[name] = f.Size()
		}
	}
	if f, err := os.Stat(filepath.Join(dir, id, usersFile)); err == nil {
		v.Users = int(f.Size() / 8)
	}
	return v, nil
}

// Models lists the model folders, the newest first.
func (e *Engine) Models() ([]ModelInfo, error) {
	dir := filepath.Join(e.o.Dir, "models")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return []ModelInfo{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	ids, err := currentIDs(dir)
	if err != nil {
		return nil, err
	}
	out := []ModelInfo{}
	for _, d := range entries {
		if info, err := readManifest(dir, d.Name()); err == nil {
			info.Current = slices.Contains(ids, info.ID)
			out = append(out, info)
		}
	}
	slices.SortFunc(out, func(a, b ModelInfo) int { return b.Created.Compare(a.Created) })
	return out, nil
}

// dataHash identifies what a model was trained on.
func dataHash(d *dataset.Data) string {
	h := sha256.New()
	for _, it := range d.Items {
		it.Updated = time.Time{} // when it was said is no part of what is said
		b, err := json.Marshal(it)
		if err != nil { // the store took it, so it is finite
			panic(err)
		}
		fmt.Fprintln(h, string(b))
	}
	for _, x := range d.Interactions {
		fmt.Fprintln(h, x.ID)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Version is the version of the code, from its build.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

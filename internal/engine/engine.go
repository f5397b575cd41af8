// Package engine joins the stages: it opens the store, keeps the catalogue and the ranker in memory, recommends,
// explains, learns from feedback, imports, trains and evaluates. It alone opens the store; serve and cmd sit on its
// exported methods and know no stage below it.
//
// What always holds: a verified template text exists for every explanation before any other source is asked; another
// source can only replace it after passing the verifier; a reader's rows are used only as far as their consents go.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/learn"
	"because/internal/pack"
	"because/internal/recommend"
	"because/internal/store"
	"because/internal/verify"
)

// An Engine serves one data folder. It is safe for concurrent use.
type Engine struct {
	o        Options
	log      *slog.Logger
	db       *store.DB
	packs    *pack.Set
	verifier *verify.Verifier
	template *generate.Template
	endpoint *generate.Endpoint // nil when none is configured
	cache    *draftCache        // of the embedded model

	loading  sync.Mutex // guards language
	language func() (*generate.Embedded, error)
	promoted atomic.Bool // models/current names a language model

	world  atomic.Pointer[world]
	change sync.Mutex // held while the next world is made

	pruned atomic.Int64 // when snapshots were last looked through, Unix seconds

	learning sync.Mutex // guards policy
	policy   *learn.Policy
}

// A world is what requests are answered from: it never changes and is swapped whole.
type world struct {
	items map[string]because.Item
	names *verify.Names
	words map[string]*pack.Vocabulary // by domain
	model *recommend.Model            // nil until trained
	harm  error                       // why the current model cannot be read; nil when it can or there is none
	info  ModelInfo
	gone  []string            // items that must not be recommended though the model knows them, sorted
	ends  []ending            // of items that hold only up to a day
	bound map[string][]string // by domain: the items of packs that say whom theirs are for, sorted
}

// Open opens or makes the data folder of o. It returns because.ErrConflict when another process holds it for writing,
// and because.ErrNotFound when it is to be read and holds nothing.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = Shanghai
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.ReadOnly {
		if _, err := os.Stat(filepath.Join(o.Dir, "because.db")); errors.Is(err, os.ErrNotExist) {
			return nil, because.Errorf(because.ErrNotFound, "There is no data in %s. Start with: because demo --keep %[1]s, or because import dataset FOLDER --data %[1]s", o.Dir)
		}
	}
	packs, err := o.packs()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, o.Dir, store.Options{ReadOnly: o.ReadOnly, Now: o.Now, Log: o.Log})
	if err != nil {
		return nil, err
	}
	e := &Engine{o: o, log: o.Log, db: db, packs: packs}
	e.verifier = verify.New(e.packs.WithCorpus(nil))
	e.template = generate.NewTemplate(e.packs)
	e.cache = newDraftCache()
	e.forgetLM()
	if err := errors.Join(e.connect(), e.load(ctx), e.recall(ctx), e.prune(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return e, nil
}

// Shanghai is the default time zone of a site. It has no daylight saving, so a fixed offset needs no zone data.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Close writes what is pending and lets go of the folder.
func (e *Engine) Close() error {
	if e.endpoint != nil {
		e.endpoint.Close()
	}
	return e.db.Close()
}

// Warm reads beforehand what the first texts of each domain would wait for: the verifier's words, then the language model
// and what people wrote that it is held to. It ends early when ctx does.
func (e *Engine) Warm(ctx context.Context) {
	domains := map[string]bool{}
	for _, it := range e.world.Load().items {
		domains[it.Domain] = true
	}
	each := func(prepare func(domain string, lang because.Lang)) {
		for _, d := range slices.Sorted(maps.Keys(domains)) {
			for _, lang := range because.Langs {
				if ctx.Err() == nil {
					prepare(d, lang)
				}
			}
		}
	}
	each(e.verifier.Prepare)
	if m, err := e.embedded(); err == nil && m != nil && ctx.Err() == nil { // who asks for a text is told of an error
		each(m.Prepare)
	}
}

// connect sets up the endpoint, if one is configured.
func (e *Engine) connect() error {
	l := e.o.LLM
	if l.BaseURL == "" {
		return nil
	}
	endpoint, err := generate.NewEndpoint(generate.EndpointOptions{
		BaseURL: l.BaseURL, Model: l.Model, Preset: l.Preset, Key: l.Key, Timeout: l.Timeout,
		BudgetTokens: l.Budget, Transport: l.Transport, Now: e.o.Now,
	}, e.packs)
	e.endpoint = endpoint
	return err
}

// load reads the catalogue and the current ranker.
func (e *Engine) load(ctx context.Context) error {
	e.change.Lock()
	defer e.change.Unlock()
	w := &world{items: map[string]because.Item{}}
	err := e.db.EachItem(ctx, func(it because.Item) error {
		w.items[it.ID] = it
		return nil
	})
	if err != nil {
		return fmt.Errorf("load the catalogue: %w", err)
	}
	if w.model, w.info, err = e.currentRanker(); errors.Is(err, because.ErrInvalid) {
		w.harm = err // said to whoever asks for recommendations; training must still be possible
	} else if err != nil {
		return err
	}
	e.publish(w)
	return nil
}

// publish completes w and makes it the one that requests see. The caller holds change.
func (e *Engine) publish(w *world) {
	w.names = catalogueNames(w.items)
	w.words = vocabularies(e.packs, w.items)
	w.gone = unavailable(w.items)
	w.ends = e.endings(w.items)
	w.bound = map[string][]string{}
	for _, id := range sortedIDs(w.items) {
		if d := w.items[id].Domain; len(e.packs.Pack(d).Limits) > 0 {
			w.bound[d] = append(w.bound[d], id)
		}
	}
	e.world.Store(w)
}

// vocabularies are the words of each domain's items.
func vocabularies(packs *pack.Set, items map[string]because.Item) map[string]*pack.Vocabulary {
	by := map[string][]because.Item{}
	for _, id := range slices.Sorted(maps.Keys(items)) {
		by[items[id].Domain] = append(by[items[id].Domain], items[id])
	}
	out := map[string]*pack.Vocabulary{}
	for domain, list := range by {
		out[domain] = pack.NewVocabulary(packs.Pack(domain), list)
	}
	return out
}

// recall rebuilds the policy from the impressions and feedback on disk.
func (e *Engine) recall(ctx context.Context) error {
	policy := learn.New(e.learnOptions())
	feedback := map[string][]because.Feedback{}
	err := e.db.EachFeedback(ctx, func(f because.Feedback) error {
		feedback[f.Impression] = append(feedback[f.Impression], f)
		return nil
	})
	if err != nil {
		return fmt.Errorf("recall feedback: %w", err)
	}
	err = e.db.EachImpression(ctx, func(im because.Impression) error {
		policy.Shown(im, feedback[im.ID])
		return nil
	})
	if err != nil {
		return fmt.Errorf("recall impressions: %w", err)
	}
	e.learning.Lock()
	e.policy = policy
	e.learning.Unlock()
	return nil
}

func (e *Engine) learnOptions() learn.Options { return learn.Options{Gamma: e.o.Gamma} }

// now is the time in the site's zone.
func (e *Engine) now() time.Time { return e.o.Now().In(e.o.Zone) }

// ready returns the world, or says what has to be done before anything can be recommended.
func (e *Engine) ready() (*world, error) {
	w := e.world.Load()
	switch {
	case len(w.items) == 0:
		return nil, because.Errorf(because.ErrNotFound, "There are no items yet. Import some first: because import items FILE, or because import dataset FOLDER.")
	case w.harm != nil:
		return nil, w.harm
	case w.model == nil:
		return nil, because.Errorf(because.ErrNotFound, "Nothing has been trained yet. Run: because train")
	}
	return w, nil
}

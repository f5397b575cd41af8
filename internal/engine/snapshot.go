package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/lm"
	"because/internal/store"
)

// snapshotFormat changes whenever a snapshot would be read differently.
const snapshotFormat = 1

// A snapshot is what the texts of one request were made from, beside what their impressions hold (evidence as judged,
// arm, time, need, language): with it, they can be written and judged anew.
type snapshot struct {
	Format int               `json:"format"`
	Code   string            `json:"code"`   // version of the binary
	Ranker string            `json:"ranker"` // model that scored; the replay does not score anew
	Kernel string            `json:"kernel"` // arithmetic that the embedded model decoded with
	Prompt string            `json:"prompt"` // version
	Packs  map[string]string `json:"packs"`  // contents, by domain
	Texts  map[string]record `json:"texts"`  // by impression ID
}

// A record is what one text was made from.
type record struct {
	Name     string   `json:"name"` // of the item, as it was said
	Aliases  []string `json:"aliases,omitempty"`
	Category string   `json:"category,omitempty"`
	Evidence string   `json:"evidence"` // SHA-256 of the evidence as judged, which the impression holds
	Avoid    []string `json:"avoid,omitempty"`
	Met      []string `json:"met,omitempty"` // names of the catalogue that the drafts hold
	Seed     uint64   `json:"seed"`
	Floor    kept     `json:"floor"`          // the template's draft
	Said     *planned `json:"said,omitempty"` // what it states, where that was planned for both languages
	Model    *answer  `json:"model,omitempty"`
}

// An answer is what a language model was asked and answered; nil where none was asked or it did not answer.
type answer struct {
	Name      string         `json:"name"`
	Requested string         `json:"requested,omitempty"` // source, as the caller put it
	Writer    because.Source `json:"writer"`
	Seed      uint64         `json:"seed,omitempty"`
	State     []float32      `json:"state,omitempty"` // encoded from consented interactions
	Drafts    []kept         `json:"drafts"`
	Taken     []string       `json:"taken,omitempty"` // openings that the list had used
}

// A kept is a draft before verification.
type kept struct {
	Text   string         `json:"text"`
	Cites  []string       `json:"cites,omitempty"`
	Source because.Source `json:"source"`
	Model  string         `json:"model"`
}

func keep(d generate.Draft) kept { return kept{d.Text, d.Evidence, d.Source, d.Model} }

func (k kept) draft() generate.Draft {
	return generate.Draft{Text: k.Text, Evidence: k.Cites, Source: k.Source, Model: k.Model}
}

func keepAll(ds []generate.Draft) []kept {
	out := make([]kept, len(ds))
	for i, d := range ds {
		out[i] = keep(d)
	}
	return out
}

// A trace gathers what a text is made from while it is written; nil where nothing is logged.
type trace struct {
	floor generate.Draft
	met   map[string]bool
	model *answer
	cited map[string][]string // by text, of all that were tried: the evidence that its draft cites
}

func newTrace(logged bool) *trace {
	if !logged {
		return nil
	}
	return &trace{met: map[string]bool{}, cited: map[string][]string{}}
}

// wrote notes what a language model answered.
func (t *trace) wrote(a answer, ds []generate.Draft) {
	if t != nil {
		a.Drafts = keepAll(ds)
		t.model = &a
	}
}

// listed notes the openings that a list had used before.
func (t *trace) listed(openings map[string]bool) {
	if t != nil && t.model != nil {
		t.model.Taken = slices.Sorted(maps.Keys(openings))
	}
}

// snapshot is what is stored beside the impressions of a request; one without a body where no text was shown.
func (e *Engine) snapshot(rows []because.Impression, plans []plan) (store.Snapshot, error) {
	s := snapshot{
		Format: snapshotFormat, Code: Version(), Kernel: lm.Kernel(), Prompt: generate.PromptVersion,
		Packs: map[string]string{}, Texts: map[string]record{},
	}
	for i, p := range plans {
		x := rows[i].Explanation
		if x == nil || p.trace == nil {
			continue
		}
		req := p.request(p.arm, nil, 1)
		states := p.said
		if states != nil && len(states.Set) == 0 {
			states = nil
		}
		s.Ranker, s.Packs[p.pack.Domain] = p.world.info.ID, p.pack.Hash
		s.Texts[rows[i].ID] = record{
			Name: req.Name, Aliases: p.given.Aliases, Category: req.Category, Evidence: evidenceSum(p.all), Avoid: p.avoid,
			Met: slices.Sorted(maps.Keys(p.trace.met)), Seed: req.Seed, Floor: keep(p.trace.floor), Said: states, Model: p.trace.model,
		}
	}
	if len(s.Texts) == 0 {
		return store.Snapshot{}, nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return store.Snapshot{}, fmt.Errorf("write the snapshot: %w", err)
	}
	return store.Snapshot{Request: rows[0].RequestID, User: rows[0].User, At: rows[0].At, Body: b}, nil
}

// evidenceSum identifies evidence, all that was judged against.
func evidenceSum(all []because.Evidence) string {
	b, err := json.Marshal(all)
	if err != nil {
		panic(fmt.Sprintf("evidence cannot be written: %v", err)) // plain values always can
	}
	return sum(b)
}

// pruneEvery is how often snapshots whose time is over are looked for.
const pruneEvery = time.Hour

// prune removes the snapshots whose time is over, at most once in pruneEvery.
func (e *Engine) prune(ctx context.Context) error {
	now := e.now()
	if last := e.pruned.Load(); e.o.KeepSnapshots == 0 || e.o.ReadOnly || now.Sub(time.Unix(last, 0)) < pruneEvery || !e.pruned.CompareAndSwap(last, now.Unix()) {
		return nil
	}
	gone, err := e.db.PruneSnapshots(ctx, now.Add(-e.o.KeepSnapshots))
	if err != nil {
		return fmt.Errorf("prune snapshots: %w", err)
	}
	if gone > 0 {
		e.log.InfoContext(ctx, "pruned snapshots", "gone", gone)
	}
	return nil
}

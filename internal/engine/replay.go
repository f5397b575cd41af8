package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"because"
)

// What a replay comes to.
const (
	ReplaySame    = "same"    // the same bytes
	ReplayDiffers = "differs" // other bytes
	ReplayDamaged = "damaged" // what it was made from cannot be trusted
)

// A Replay is a text that was shown, written and judged anew from what was stored of it.
type Replay struct {
	Impression string         `json:"impression_id"`
	At         time.Time      `json:"at"`
	Status     string         `json:"status"` // same, differs, damaged
	Stored     string         `json:"stored"`
	Replayed   string         `json:"replayed"`
	Source     because.Source `json:"source"`
	Changes    []Change       `json:"changes"` // of what texts are made with, since it was shown
	Steps      []ReplayStep   `json:"steps"`
}

// A Change is a version that is another one than when a text was shown.
type Change struct {
	What string `json:"what"` // code, pack, prompt, model, ranker, kernel
	Then string `json:"then"`
	Now  string `json:"now"`
	Text string `json:"text"` // in the reader's language
}

// A ReplayStep is one thing that a replay did.
type ReplayStep struct {
	Name string `json:"name"` // evidence, template, draft, model, verify, text, claims
	OK   bool   `json:"ok"`
	Text string `json:"text"` // in the reader's language
}

// Replay writes and judges a text anew from its snapshot. The template's draft is made again, and the embedded model's
// where the same model decodes with the same arithmetic; an endpoint is not asked again. Drafts go through the verifier
// as they did. It returns because.ErrNotFound, with what became of it, where there is nothing to replay.
func (e *Engine) Replay(ctx context.Context, id string, lang because.Lang) (Replay, error) {
	im, err := e.Impression(ctx, id)
	if errors.Is(err, because.ErrNotFound) {
		return Replay{}, e.buried(ctx, id, err)
	}
	if err != nil {
		return Replay{}, err
	}
	switch {
	case im.Arm == because.NoExplanation.String():
		return Replay{}, because.Errorf(because.ErrNotFound, "Impression %q was shown without a reason.", short(id))
	case im.Explanation == nil:
		return Replay{}, because.Errorf(because.ErrNotFound, "The reason of impression %q quoted somebody who was erased since, so it was erased too.", short(id))
	}
	r := &replaying{e: e, im: im, x: *im.Explanation, lang: lang}
	r.out = Replay{Impression: im.ID, At: im.At, Status: ReplaySame, Stored: r.x.Text, Source: r.x.Source, Changes: []Change{}, Steps: []ReplayStep{}}
	if err := r.read(ctx); err != nil {
		return Replay{}, err
	}
	if r.out.Status == ReplayDamaged {
		return r.out, nil
	}
	return r.out, r.run(ctx)
}

// buried says what became of an impression that is not stored: its reader was erased, or there never was one.
func (e *Engine) buried(ctx context.Context, id string, unknown error) error {
	at, erased, err := e.db.ErasedImpression(ctx, id)
	switch {
	case err != nil:
		return fmt.Errorf("look for an erased impression: %w", err)
	case erased:
		return because.Errorf(because.ErrNotFound, "The reader of impression %q was erased on %s, and with them the text and all that it was made from.", short(id), at.In(e.o.Zone).Format("2006-01-02"))
	}
	return unknown
}

// A replaying is one replay under way.
type replaying struct {
	e    *Engine
	im   because.Impression
	x    because.Explanation // as it was shown
	snap snapshot
	rec  record
	lang because.Lang
	out  Replay
}

func (r *replaying) step(name string, ok bool, text string) {
	r.out.Steps = append(r.out.Steps, ReplayStep{name, ok, text})
	if !ok && r.out.Status == ReplaySame {
		r.out.Status = ReplayDiffers
	}
}

func (r *replaying) damaged(text string) {
	r.step("snapshot", false, text)
	r.out.Status = ReplayDamaged
}

// read reads the snapshot and holds the evidence of the impression to it.
func (r *replaying) read(ctx context.Context) error {
	b, err := r.e.db.Snapshot(ctx, r.im.RequestID)
	if err == nil {
		if jsonErr := json.Unmarshal(b, &r.snap); jsonErr != nil {
			err = fmt.Errorf("%w (%w)", because.ErrInvalid, jsonErr)
		}
	}
	rec, ok := r.snap.Texts[r.im.ID]
	switch {
	case errors.Is(err, because.ErrInvalid):
		r.damaged(because.Say(r.lang, "The snapshot of impression %q is damaged: its checksum does not fit.", short(r.im.ID)))
		return nil
	case errors.Is(err, because.ErrNotFound), err == nil && !ok:
		return because.Errorf(because.ErrNotFound, "No snapshot is kept of impression %q: it was shown before snapshots were kept, its time of keeping is over, or the list quoted somebody who was erased.", short(r.im.ID))
	case err != nil:
		return fmt.Errorf("read the snapshot: %w", err)
	case r.snap.Format != snapshotFormat:
		return because.Errorf(because.ErrInvalid, "The snapshot of impression %q was written by a newer version (format %d, this one knows %d). Use that version.", short(r.im.ID), r.snap.Format, snapshotFormat)
	}
	r.rec = rec
	if all := r.all(); evidenceSum(all) != rec.Evidence {
		r.damaged(because.Say(r.lang, "The evidence of impression %q is not what the text was judged by: its digest differs.", short(r.im.ID)))
	} else {
		r.step("evidence", true, because.Say(r.lang, "%d facts, as they were judged: the digest agrees.", len(all)))
	}
	return nil
}

// all is the evidence that the text was judged by, in its order.
func (r *replaying) all() []because.Evidence {
	all := slices.Concat(r.x.Evidence, r.x.Unused)
	slices.SortFunc(all, func(a, b because.Evidence) int {
		if len(a.ID) != len(b.ID) { // e2 before e10
			return len(a.ID) - len(b.ID)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

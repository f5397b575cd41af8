package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"because"
	"because/internal/evidence"
)

// logImpressions stores what is about to be shown, with the exact propensity of each choice, and gives the texts their
// impression IDs.
func (e *Engine) logImpressions(ctx context.Context, plans []plan, texts []because.Explanation) error {
	rows := make([]because.Impression, len(plans))
	for i, p := range plans {
		allowed := make([]string, len(p.allowed))
		for k, a := range p.allowed {
			allowed[k] = a.String()
		}
		rows[i] = because.Impression{
			ID: e.newID("imp"), RequestID: p.requestID, User: p.reader.user.ID, Item: p.item.ID, At: e.now(), Context: p.context,
			Position: p.position, Allowed: allowed, Arm: p.arm.String(), Propensity: p.propensity, Features: p.features,
			Policy: p.policy,
		}
		if p.arm != because.NoExplanation {
			texts[i].ImpressionID = rows[i].ID
			x := texts[i]
			rows[i].Explanation = &x
			rows[i].Forced = p.forced || x.Arm != rows[i].Arm || x.Verdict == because.Replaced
		}
	}
	made, err := e.snapshot(rows, plans)
	if err != nil {
		return err
	}
	if _, err := e.db.AddShown(ctx, rows, made); err != nil {
		return fmt.Errorf("log impressions: %w", err)
	}
	if err := e.prune(ctx); err != nil {
		return err
	}
	e.learning.Lock()
	defer e.learning.Unlock()
	for _, im := range rows {
		e.policy.Shown(im, nil)
	}
	return nil
}

// Feedback stores how a reader received an impression, lets the policy learn from it, and says what changed.
func (e *Engine) Feedback(ctx context.Context, f because.Feedback) (FeedbackResult, error) {
	if !slices.Contains(because.FeedbackKinds, f.Kind) {
		return FeedbackResult{}, because.Errorf(because.ErrInvalid, "There is no feedback %q. Choose clicked, helpful, not_helpful, wrong, too_personal, hide_reason or undo.", short(string(f.Kind)))
	}
	im, err := e.Impression(ctx, f.Impression)
	if err != nil {
		return FeedbackResult{}, err
	}
	if f.ID == "" {
		f.ID = e.newID("fb")
	}
	if f.At.IsZero() {
		f.At = e.now()
	}
	f.User = im.User
	before, err := e.db.FeedbackOf(ctx, im.ID)
	if err != nil {
		return FeedbackResult{}, fmt.Errorf("read feedback: %w", err)
	}
	out := FeedbackResult{ID: f.ID, Arm: im.Arm, Teaches: !im.Forced}
	if out.Hidden, err = e.hide(ctx, im, f, before); err != nil {
		return out, err
	}
	added, err := e.db.AddFeedback(ctx, []because.Feedback{f})
	if err != nil {
		return out, fmt.Errorf("store feedback: %w", err)
	}
	out.Known = added == 0
	e.learning.Lock()
	defer e.learning.Unlock()
	arms := parseArms(im.Allowed)
	out.Before = e.policy.Probability(arms, im.Features, im.Arm)
	if !out.Known {
		e.policy.Answered(im, before, append(slices.Clone(before), f))
	}
	out.After = e.policy.Probability(arms, im.Features, im.Arm)
	return out, nil
}

// hide keeps a hidden reason from being cited to the reader again, or takes that back.
func (e *Engine) hide(ctx context.Context, im because.Impression, f because.Feedback, before []because.Feedback) (string, error) {
	switch f.Kind {
	case because.HideReason:
		key, ok := evidenceKey(im, f.Target)
		if !ok {
			return "", because.Errorf(because.ErrInvalid, "Impression %q has no evidence %q to hide.", im.ID, short(f.Target))
		}
		if im.User == "" {
			return key, nil // a visitor's wish lasts as long as their page
		}
		return key, e.db.HideReason(ctx, im.User, key)
	case because.Undo:
		i := slices.IndexFunc(before, func(b because.Feedback) bool { return b.ID == f.Target })
		if i < 0 {
			return "", because.Errorf(because.ErrInvalid, "Impression %q has no feedback %q to take back.", im.ID, short(f.Target))
		}
		if before[i].Kind == because.HideReason && im.User != "" {
			if key, ok := evidenceKey(im, before[i].Target); ok {
				return "", e.db.UnhideReason(ctx, im.User, key)
			}
		}
	}
	return "", nil
}

func evidenceKey(im because.Impression, id string) (string, bool) {
	if im.Explanation == nil {
		return "", false
	}
	for _, ev := range slices.Concat(im.Explanation.Evidence, im.Explanation.Unused) {
		if ev.ID == id {
			return evidence.Key(ev), true
		}
	}
	return "", false
}

// Impression returns what was shown.
func (e *Engine) Impression(ctx context.Context, id string) (because.Impression, error) {
	im, err := e.db.Impression(ctx, id)
	if errors.Is(err, because.ErrNotFound) {
		return im, because.Errorf(because.ErrNotFound, "There is no impression %q.", short(id))
	}
	return im, err
}

// LearnStatus is the policy as it stands.
func (e *Engine) LearnStatus(ctx context.Context) (LearnStatus, error) {
	n, err := e.db.Counts(ctx)
	if err != nil {
		return LearnStatus{}, fmt.Errorf("count: %w", err)
	}
	e.learning.Lock()
	defer e.learning.Unlock()
	s := e.policy.Status()
	out := LearnStatus{Policy: e.policy.Version(), Impressions: n.Impressions, Feedback: n.Feedback, Taught: s.Taught, Arms: []ArmStatus{}}
	for _, a := range s.Arms {
		out.Arms = append(out.Arms, ArmStatus{Arm: a.Arm, Shown: a.Shown, Answered: a.Answered, Reward: a.Reward, Probability: a.Probability})
	}
	return out, nil
}

// ms is how long ago start was, in milliseconds.
func ms(start time.Time) float64 { return float64(time.Since(start).Microseconds()) / 1000 }

package engine_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
)

// headed is what the crowd of these tests likes: a text that a colon cuts in two.
func headed(text string) bool { return strings.ContainsAny(text, ":：") }

// answered lets readers of the invented world read lists of some length, which one source writes; where they are logged,
// they say of each text whether it helped. It counts the texts of that source, those that the crowd likes, and those that
// were shown as they were written.
func answered(t *testing.T, e *engine.Engine, readers []string, source string, each int, log bool) (liked, passed, all int) {
	t.Helper()
	for _, id := range readers {
		for _, lang := range because.Langs {
			recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: each, Lang: lang, Explain: true, Log: log, Source: source, Timeout: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range recs.Items {
				x := r.Explanation
				if x.Source != because.FromEmbedded && source == "embedded" {
					continue // a pattern wrote it
				}
				all++
				if x.Verdict == because.Passed {
					passed++
				}
				kind := because.Wrong
				if headed(x.Text) {
					liked++
					kind = because.Helpful
				}
				if log {
					answer(t, e, x.ImpressionID, kind)
				}
			}
		}
	}
	return liked, passed, all
}

func answer(t *testing.T, e *engine.Engine, impression string, kind because.FeedbackKind) {
	t.Helper()
	if _, err := e.Feedback(t.Context(), because.Feedback{Impression: impression, Kind: kind}); err != nil {
		t.Fatal(err)
	}
}

// TestTrainFeedback tunes the model that ships by a crowd of invented readers: of what it writes for other readers more
// is to the crowd's liking and no less is true, the manifest says whose answers it was, nothing serves that was not
// promoted, and an erased reader's model is named.
func TestTrainFeedback(t *testing.T) {
	clock := today
	e, _ := open(t, func(o *engine.Options) { o.Now = func() time.Time { return clock } })
	people := warmUsers(t, e, 60)
	crowd, others := people[:48], people[48:]
	if _, err := e.TrainFeedback(t.Context(), engine.TuneOptions{}, func(engine.LMProgress) {}); !errors.Is(err, because.ErrInvalid) {
		t.Fatalf("learns from nobody: %v", err)
	}
	for day := range 3 {
		clock = today.AddDate(0, 0, day)
		answered(t, e, crowd, "template", 2, true)
	}
	liked, passed, n := answered(t, e, others, "embedded", 7, false)
	info, err := e.TrainFeedback(t.Context(), engine.TuneOptions{Epochs: 2, Drafts: 60}, func(engine.LMProgress) {})
	if err != nil {
		t.Fatal(err)
	}
	m := info.Metrics
	t.Logf("%+v %v", *info.Tuning, m)
	if u := info.Tuning; u.Readers != len(crowd) || u.Pairs < 50 || u.Liked == 0 || u.Disliked == 0 || u.Truths == 0 || len(u.Hash) != 64 || !u.First.Before(u.Last) || u.From == "" {
		t.Errorf("the manifest says %+v", *u)
	}
	if m["preferred_after"] <= m["preferred_before"] {
		t.Errorf("of the pairs of readers held out it prefers the liked text in %.3f, before in %.3f", m["preferred_after"], m["preferred_before"])
	}
	if models, err := e.Models(); err != nil || slices.ContainsFunc(models, func(x engine.ModelInfo) bool { return x.ID == info.ID && x.Current }) {
		t.Errorf("it serves, and nobody promoted it (%v)", err)
	}
	if err := e.Promote(info.ID); err != nil { // which refuses a model whose drafts became less true
		t.Fatal(err)
	}
	likedAfter, passedAfter, nAfter := answered(t, e, others, "embedded", 7, false)
	share := func(part, all int) float64 { return float64(part) / float64(max(1, all)) }
	t.Logf("of what it writes for others %.3f is liked, then %.3f; %.3f passes as it stands, then %.3f", share(liked, n), share(likedAfter, nAfter), share(passed, n), share(passedAfter, nAfter))
	if share(likedAfter, nAfter) < share(liked, n)+.05 {
		t.Error("the crowd likes no more of it than before")
	}
	if share(passedAfter, nAfter) < share(passed, n)-.05 {
		t.Error("less of what is served passes as it stands")
	}
	erased, err := e.EraseUser(t.Context(), crowd[0])
	if err != nil || !slices.Contains(erased.Models, info.ID) || erased.Rows["runs"] == 0 {
		t.Errorf("erasing a reader of the crowd names %q and removes %v, %v", erased.Models, erased.Rows, err)
	}
}

// TestTuneLeaves tells what does not count: an answer that was taken back, both answers at once, one that is about what
// was said, a visitor's, a text in a style that the caller chose, more than five a day, what rests on a consent that was
// withdrawn or on a hidden reason, and all of somebody who was erased.
func TestTuneLeaves(t *testing.T) {
	e, _ := open(t)
	people := warmUsers(t, e, 8)
	says := func(user string, style because.Style, kinds ...because.FeedbackKind) because.Explanation {
		recs, err := e.Recommend(t.Context(), engine.ListRequest{User: user, N: 1, Lang: because.English, Explain: true, Log: true, Source: "template", Style: style})
		if err != nil {
			t.Fatal(err)
		}
		x := *recs.Items[0].Explanation
		for _, k := range kinds {
			answer(t, e, x.ImpressionID, k)
		}
		return x
	}
	told := func() engine.Tuning {
		u, err := e.Told(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	says(people[0], "", because.Clicked)
	taken := says(people[0], "")
	first, err := e.Feedback(t.Context(), because.Feedback{Impression: taken.ImpressionID, Kind: because.Wrong})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Feedback(t.Context(), because.Feedback{Impression: taken.ImpressionID, Kind: because.Undo, Target: first.ID}); err != nil {
		t.Fatal(err)
	}
	if u := told(); u.Liked+u.Disliked != 0 || u.Left != (engine.TuneLeft{}) {
		t.Errorf("a click and an answer that was taken back count: %+v", u)
	}
	says(people[0], "", because.Helpful, because.Wrong)
	says(people[0], "", because.Helpful, because.TooPersonal)
	says("", "", because.Helpful)
	says(people[0], because.Push, because.Wrong)
	if got, want := told().Left, (engine.TuneLeft{Visitors: 1, Mixed: 2, Forced: 1}); got != want {
		t.Errorf("left out: %+v, want %+v", got, want)
	}
	for range 7 {
		says(people[1], "", because.Helpful)
	}
	if u := told(); u.Left.Many != 2 || u.Liked+u.Left.Lost != 5 || u.Readers != 1 {
		t.Errorf("of seven answers of one day: %+v", u)
	}
	one := says(people[2], "", because.Helpful)
	before := told()
	if before.Readers != 2 {
		t.Fatalf("%+v: the test cannot tell what is left out", before)
	}
	if err := e.SetPersonal(t.Context(), people[2], false); err != nil {
		t.Fatal(err)
	}
	if u := told(); u.Left.Withheld != before.Left.Withheld+1 || u.Liked != before.Liked-1 {
		t.Errorf("after switching personalisation off: %+v", u)
	}
	if err := e.SetPersonal(t.Context(), people[2], true); err != nil {
		t.Fatal(err)
	}
	two := says(people[2], "")
	hidden := one.Evidence[0]
	if _, err := e.Feedback(t.Context(), because.Feedback{Impression: one.ImpressionID, Kind: because.HideReason, Target: hidden.ID}); err != nil {
		t.Fatal(err)
	}
	if u := told(); u.Left.Mixed != before.Left.Mixed+1 || u.Liked != before.Liked-1 {
		t.Errorf("after its reason was hidden: %+v", u)
	}
	answer(t, e, two.ImpressionID, because.Helpful)
	if sameReason := slices.ContainsFunc(two.Evidence, func(ev because.Evidence) bool {
		return ev.Kind == hidden.Kind && ev.Ref == hidden.Ref
	}); sameReason {
		if u := told(); u.Left.Withheld != before.Left.Withheld+1 {
			t.Errorf("a text with a reason that its reader hid counts: %+v", u)
		}
	} else {
		t.Log("the second text has another reason: hidden reasons were not tried")
	}
	if _, err := e.EraseUser(t.Context(), people[1]); err != nil {
		t.Fatal(err)
	}
	if u := told(); u.Left.Many != 0 || u.Liked > 1 {
		t.Errorf("an erased reader's answers are left: %+v", u)
	}
}

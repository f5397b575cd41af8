package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/eval"
	"because/internal/evidence"
)

// ReasonsOptions say what the deletion test looks at. The zero value is ready.
type ReasonsOptions struct {
	Lang    because.Lang
	Users   int // readers that are asked for; 0 means 200
	PerUser int // explanations for each; 0 means 5
	Seed    uint64
}

// ReasonsReport is what comes of taking away what texts cite (research/methods.md, section 3). Ranks are those of the score, before a
// list is made various; the model's weights and the candidates are held.
type ReasonsReport struct {
	Lang    because.Lang  `json:"lang"`
	Seed    uint64        `json:"seed"`
	Users   int           `json:"users"`
	Texts   int           `json:"texts"`
	Citing  int           `json:"citing"` // texts that name what the reader did with an item, searched for, or has a habit of
	Share   eval.Interval `json:"citing_share"`
	Falls   eval.Interval `json:"falls"`        // share of the citing texts whose item falls without what they cite
	Random  eval.Interval `json:"random_falls"` // the same without as many other deeds of the same reader, drawn at random
	Times   float64       `json:"times_random"` // Falls / Random
	Lower   eval.Interval `json:"score_falls"`  // share of the citing texts whose item's score falls, whatever its place
	Lowers  eval.Interval `json:"random_score_falls"`
	Drop    float64       `json:"mean_drop"` // places, on average
	Drops   float64       `json:"random_mean_drop"`
	Said    int           `json:"said"`     // texts that say where the item would rank
	Valid   int           `json:"valid"`    // of these, how many say what scoring the shorter history anew gives
	Plain   int           `json:"plain"`    // texts on recommendations that nothing of the reader moved
	Claimed int           `json:"personal"` // of these, how many speak of the reader's past: none may
	Replay  float64       `json:"replay_ms"`
}

// randomDraws is how often as many other deeds are drawn for one text.
const randomDraws = 5

// EvaluateReasons writes explanations for a seeded sample of readers and replays the ranker without what each cites.
func (e *Engine) EvaluateReasons(ctx context.Context, o ReasonsOptions, progress Progress) (ReasonsReport, error) {
	w, err := e.ready()
	if err != nil {
		return ReasonsReport{}, err
	}
	if o.Users == 0 {
		o.Users = 200
	}
	if o.PerUser == 0 {
		o.PerUser = 5
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	ids, err := e.sampleUsers(ctx, EvalOptions{Users: o.Users, Seed: o.Seed})
	if err != nil {
		return ReasonsReport{}, err
	}
	t := &deletions{e: e, w: w, rng: rand.New(rand.NewPCG(o.Seed, hash("reasons"))), out: ReasonsReport{Lang: o.Lang, Seed: o.Seed}}
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return t.out, err
		}
		for _, impersonal := range []bool{false, true} {
			if err := t.reader(ctx, id, o, impersonal); err != nil {
				return t.out, err
			}
		}
		t.out.Users++
		if i%10 == 9 {
			progress(because.Say(o.Lang, "replaying"), i+1, len(ids))
		}
	}
	t.report()
	return t.out, nil
}

// deletions counts what taking deeds away does.
type deletions struct {
	e   *Engine
	w   *world
	rng *rand.Rand
	out ReasonsReport

	falls, random, lower, lowers, draws int
	drop, drops                         float64
	replays                             int
	took                                time.Duration
}

// reader takes away, text by text, what the texts of a reader's list cite.
func (t *deletions) reader(ctx context.Context, id string, o ReasonsOptions, impersonal bool) error {
	who, err := t.e.reader(ctx, t.w, id, nil, impersonal)
	if err != nil {
		return err
	}
	list, err := t.e.Recommend(ctx, ListRequest{User: id, N: o.PerUser, Lang: o.Lang, Explain: true, Source: string(because.FromTemplate), Impersonal: impersonal})
	if err != nil {
		return err
	}
	for _, rec := range list.Items {
		if rec.Explanation == nil {
			continue
		}
		x := *rec.Explanation
		if !personal(rec.Contributions) {
			t.out.Plain++
			t.out.Claimed += int(one(slices.ContainsFunc(x.Evidence, func(ev because.Evidence) bool {
				return slices.Contains(personalEvidence, ev.Kind) && !evidence.BarePrice(ev)
			})))
		}
		if impersonal {
			continue
		}
		t.out.Texts++
		p := plan{job: job{world: t.w, reader: who, item: t.w.items[rec.Item], context: list.Context, lang: o.Lang, known: true, query: t.e.query(t.w, who, list.Context, "", "")}}
		if p.rec, p.known = t.w.model.Score(p.query, rec.Item); p.known && p.rec.Rank > 0 {
			t.text(p, x)
		}
	}
	return nil
}

// text takes away what one text cites, and then as many other deeds at random.
func (t *deletions) text(p plan, x because.Explanation) {
	var cited []because.Evidence
	for _, ev := range x.Evidence {
		named := strings.Contains(x.Text, ev.Slots["hist"].Text) && strings.Contains(x.Text, ev.Slots["query"].Text)
		if named && strings.HasPrefix(ev.Origin, "interaction:") || ev.Kind == because.Habit && leadOf(x) == string(because.Habit) {
			cited = append(cited, ev)
		}
	}
	gone := func(x because.Interaction) bool {
		return slices.ContainsFunc(cited, func(ev because.Evidence) bool {
			return states(ev, x) || ev.Kind == because.Habit && t.counts(ev, x)
		})
	}
	n := len(deeds(p.query.History, gone))
	if n == 0 {
		return
	}
	t.out.Citing++
	then, score := t.replay(p, gone)
	t.falls += int(one(then > p.rec.Rank))
	t.lower += int(one(score < p.rec.Score-lowerBy))
	t.drop += float64(then - p.rec.Rank)
	t.said(p, x)
	others := deeds(p.query.History, func(x because.Interaction) bool { return !gone(x) })
	for range randomDraws {
		if len(others) < n {
			break
		}
		drawn := inOrder(t.rng, others)[:n]
		then, score := t.replay(p, func(x because.Interaction) bool { return slices.Contains(drawn, deedOf(x)) })
		t.draws++
		t.lowers += int(one(score < p.rec.Score-lowerBy))
		t.random += int(one(then > p.rec.Rank))
		t.drops += float64(then - p.rec.Rank)
	}
}

// counts reports whether an interaction is one of those that a habit counts.
func (t *deletions) counts(habit because.Evidence, x because.Interaction) bool {
	return x.Kind != because.Search && slices.Contains(t.w.items[x.Item].Categories, habit.Ref) && !x.Context.At.Before(habit.Slots["period"].At)
}

// lowerBy is from how much on a score is said to have fallen: less is rounding.
const lowerBy = 1e-9

func (t *deletions) replay(p plan, gone func(because.Interaction) bool) (rank int, score float64) {
	start := time.Now()
	rank, score = p.world.model.Without(p.query, p.item.ID, gone)
	t.took += time.Since(start)
	t.replays++
	return rank, score
}

// said holds what a text says of another rank to the score of the shorter history, from which nothing is a candidate
// that was none.
func (t *deletions) said(p plan, x because.Explanation) {
	for _, ev := range x.Evidence {
		s, ok := ev.Slots["without"]
		if !ok || s.Kind != because.ReplaySlot || !strings.Contains(strings.ToLower(x.Text), strings.ToLower(s.Text)) {
			continue
		}
		q := p.query
		q.History = slices.DeleteFunc(slices.Clone(q.History), func(x because.Interaction) bool { return states(ev, x) })
		q.Exclude = slices.Concat(q.Exclude, itemsSeen(p.query.History))
		rec, ok := p.world.model.Score(q, p.item.ID)
		t.out.Said++
		t.out.Valid += int(one(ok && float64(rec.Rank) == s.Number))
	}
}

// A deed is all that a reader did with one item in one way, or every search for the same words.
func deedOf(x because.Interaction) string {
	return fmt.Sprint(evidenceOf[x.Kind], " ", x.Item, " ", x.Query)
}

// deeds are those deeds of a history, each once, in the order of the history.
func deeds(history []because.Interaction, which func(because.Interaction) bool) []string {
	var out []string
	for _, x := range history {
		if d := deedOf(x); which(x) && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func (t *deletions) report() {
	r := &t.out
	r.Share, r.Falls, r.Random = eval.Wilson(r.Citing, r.Texts), eval.Wilson(t.falls, r.Citing), eval.Wilson(t.random, t.draws)
	r.Lower, r.Lowers = eval.Wilson(t.lower, r.Citing), eval.Wilson(t.lowers, t.draws)
	if r.Random.Mean > 0 {
		r.Times = r.Falls.Mean / r.Random.Mean
	}
	r.Drop, r.Drops = t.drop/float64(max(1, r.Citing)), t.drops/float64(max(1, t.draws))
	r.Replay = float64(t.took.Microseconds()) / 1000 / float64(max(1, t.replays))
}

// Package recommendtest holds what every recommender of ours must keep: scores are the sum of their parts, lists are in
// order and repeatable, and a replay takes away exactly the cause that it names.
package recommendtest

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"because"
	"because/internal/recommend"
)

// A Ranker is what is tested.
type Ranker interface {
	Recommend(q recommend.Query) []because.Recommendation
	Score(q recommend.Query, item string) (because.Recommendation, bool)
	Replay(q recommend.Query, item, without string) (rank int, score float64)
}

// Kinds are the kinds of contribution names that there are.
var Kinds = []string{"history", "category", "attribute", "price", "context", "search", "need", "profile", "popularity", "recency", "diversity", "base"}

// Tolerance is how far the sum of the contributions may be from the score.
const Tolerance = 1e-6

// Run tests r with queries.
func Run(t *testing.T, r Ranker, queries []recommend.Query) {
	t.Helper()
	for _, q := range queries {
		recs := r.Recommend(q)
		if again := r.Recommend(q); !reflect.DeepEqual(recs, again) {
			t.Fatalf("the same query gave two lists:\n%v\n%v", recs, again)
		}
		seen := map[string]bool{}
		for i, rec := range recs {
			checkSum(t, rec)
			if rec.Rank != i+1 {
				t.Errorf("%s has rank %d at place %d", rec.Item, rec.Rank, i+1)
			}
			if i > 0 && rec.Score > recs[i-1].Score+Tolerance {
				t.Errorf("place %d scores %g, more than %g before it", i+1, rec.Score, recs[i-1].Score)
			}
			if seen[rec.Item] {
				t.Errorf("%s is listed twice", rec.Item)
			}
			seen[rec.Item] = true
			if q.Candidates != nil && !slices.Contains(q.Candidates, rec.Item) || slices.Contains(q.Exclude, rec.Item) {
				t.Errorf("%s is no candidate", rec.Item)
			}
		}
		if len(recs) > 0 {
			checkReplay(t, r, q, recs[0].Item)
		}
		if len(recs) > 1 {
			checkReplay(t, r, q, recs[len(recs)-1].Item)
		}
	}
}

func checkSum(t *testing.T, rec because.Recommendation) {
	t.Helper()
	sum := 0.0
	for _, c := range rec.Contributions {
		sum += c.Value
		if !slices.Contains(Kinds, c.Kind()) || c.Ranker == "" || c.Value == 0 || math.IsNaN(c.Value) || math.IsInf(c.Value, 0) {
			t.Errorf("%s: strange contribution %+v", rec.Item, c)
		}
	}
	if math.Abs(sum-rec.Score) > Tolerance {
		t.Errorf("%s scores %g, its contributions add up to %g", rec.Item, rec.Score, sum)
	}
}

// checkReplay takes away each cause in turn: the score falls by exactly what it contributed.
func checkReplay(t *testing.T, r Ranker, q recommend.Query, item string) {
	t.Helper()
	rec, ok := r.Score(q, item)
	if !ok || rec.Rank < 1 {
		t.Fatalf("%s is recommended but has no score or rank: %+v", item, rec)
	}
	checkSum(t, rec)
	byName := map[string]float64{}
	for _, c := range rec.Contributions {
		byName[c.Name] += c.Value
	}
	for name, v := range byName {
		rank, score := r.Replay(q, item, name)
		if math.Abs(rec.Score-v-score) > Tolerance || rank < 1 {
			t.Errorf("%s without %s: score %g, want %g; rank %d", item, name, score, rec.Score-v, rank)
		}
	}
	if rank, score := r.Replay(q, item, "history:nothing"); rank != rec.Rank || math.Abs(score-rec.Score) > Tolerance {
		t.Errorf("%s without nothing: rank %d score %g, want %d and %g", item, rank, score, rec.Rank, rec.Score)
	}
}

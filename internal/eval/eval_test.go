package eval

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func set(ids ...string) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-4 }

func TestNDCG(t *testing.T) {
	relevant := set("a", "b")
	for _, tt := range []struct {
		ranked []string
		k      int
		want   float64
	}{
		{[]string{"a", "b"}, 2, 1},
		{[]string{"x", "a"}, 2, 0.3869},      // (1/log₂3) / (1 + 1/log₂3) = .6309/1.6309
		{[]string{"x", "y", "b"}, 3, 0.3066}, // (1/log₂4) / 1.6309 = .5/1.6309
		{[]string{"a"}, 1, 1},                // at k = 1 one of them is all there can be
		{[]string{"x", "y"}, 2, 0},
		{nil, 10, 0},
	} {
		if got := NDCG(tt.ranked, relevant, tt.k); !near(got, tt.want) {
			t.Errorf("NDCG(%q, %d) = %.4f, want %.4f", tt.ranked, tt.k, got, tt.want)
		}
	}
	if got := NDCG([]string{"a"}, nil, 5); got != 0 {
		t.Errorf("NDCG with nothing relevant = %v, want 0", got)
	}
}

func TestRecallHitCoverage(t *testing.T) {
	relevant := set("a", "b", "c")
	for _, tt := range []struct {
		ranked      []string
		k           int
		recall, hit float64
	}{
		{[]string{"a", "x", "b"}, 3, 2. / 3, 1},
		{[]string{"a", "x", "b"}, 1, 1. / 3, 1},
		{[]string{"a", "a"}, 2, 1. / 3, 1}, // the same item twice is one
		{[]string{"x", "y"}, 2, 0, 0},
		{[]string{"a"}, 0, 0, 0},
	} {
		if got := Recall(tt.ranked, relevant, tt.k); !near(got, tt.recall) {
			t.Errorf("Recall(%q, %d) = %.4f, want %.4f", tt.ranked, tt.k, got, tt.recall)
		}
		if got := Hit(tt.ranked, relevant, tt.k); got != tt.hit {
			t.Errorf("Hit(%q, %d) = %v, want %v", tt.ranked, tt.k, got, tt.hit)
		}
	}
	// Of 8 items the first two of each list show a, b and c: 3/8.
	if got := Coverage([][]string{{"a", "b", "d"}, {"b", "c"}}, 8, 2); !near(got, .375) {
		t.Errorf("Coverage = %v, want .375", got)
	}
}

// TestRanking: of two lists the first has its item on rank 2 (1/log₂3 = .6309), the second has not: means .3155, .5, .5;
// five different items of ten are shown.
func TestRanking(t *testing.T) {
	r := NewRanking(10)
	r.Add([]string{"a", "b", "c"}, []string{"b"})
	r.Add([]string{"d", "e"}, []string{"z"})
	got := r.Numbers()
	for name, want := range map[string]float64{"ndcg@10": .31546, "recall@10": .5, "hit@10": .5, "coverage@10": .5} {
		if !near(got[name], want) {
			t.Errorf("%s = %.4f, want %.4f", name, got[name], want)
		}
	}
}

func TestBootstrap(t *testing.T) {
	// One value has no spread; two values 0 and 1 have resampled means 0, ½ and 1 with chances ¼, ½, ¼, so that the
	// middle 95 % reaches from 0 to 1.
	if got := Bootstrap([]float64{.7}, 100, 1); got != (Interval{.7, .7, .7, 1}) {
		t.Errorf("one value: %+v", got)
	}
	if got := Bootstrap([]float64{0, 1}, 1000, 1); got != (Interval{.5, 0, 1, 2}) {
		t.Errorf("two values: %+v", got)
	}
	if got := Bootstrap(nil, 0, 1); got != (Interval{}) {
		t.Errorf("nothing: %+v", got)
	}
	// The same ten values in two groups of five equal ones are two observations, not ten: the interval is [0, 1] again.
	groups := [][]float64{{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}}
	if got := BootstrapGroups(groups, 1000, 1); got != (Interval{.5, 0, 1, 2}) {
		t.Errorf("two groups: %+v", got)
	}
}

// TestBootstrapCovers draws 200 samples of 60 from a known mean; about 95 % of the intervals must hold it. By the
// binomial (n 200, p .95, sd 3.1) fewer than 178 or more than 199 would be beyond 3.8 sd or too wide to be of use.
func TestBootstrapCovers(t *testing.T) {
	rng, held := rand.New(rand.NewPCG(3, 4)), 0
	for s := range 200 {
		xs := make([]float64, 60)
		for i := range xs {
			xs[i] = rng.Float64()
		}
		if iv := Bootstrap(xs, 400, uint64(s)); iv.Low <= .5 && .5 <= iv.High {
			held++
		}
	}
	if held < 178 || held > 199 {
		t.Errorf("%d of 200 intervals hold the mean", held)
	}
}

func TestCauses(t *testing.T) {
	// Positive mass 6 + 2.5 + .8 + .7 = 10: the third, .8, is less than a tenth, the fourth is beyond the top three.
	terms := map[string]float64{"category:watch": 6, "field:battery": 2.5, "price:": .8, "context:x": .7, "field:weight": -5}
	want := []string{"category:watch", "field:battery"}
	if got := TrueCauses(terms); !slices.Equal(got, want) {
		t.Errorf("TrueCauses = %q, want %q", got, want)
	}
	// A fourth large term is no true cause: only three are.
	four := map[string]float64{"a": 4, "b": 3, "c": 2, "d": 2}
	if got := TrueCauses(four); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("TrueCauses of four = %q", got)
	}
	// Exactly a tenth counts: 9 + 1.
	if got := TrueCauses(map[string]float64{"a": 9, "b": 1}); len(got) != 2 {
		t.Errorf("a tenth is left out: %q", got)
	}
	if got := CausePrecision([]string{"field:battery", "price:"}, terms); got != .5 {
		t.Errorf("CausePrecision = %v, want .5", got)
	}
	cites := func(prefix string) bool {
		return CauseHit(terms, func(name string) bool { return strings.HasPrefix(name, prefix) })
	}
	if !cites("category:") || cites("price:") || cites("field:weight") {
		t.Error("CauseHit: category is a true cause; price and weight are not")
	}
	if TrueCauses(map[string]float64{"a": -1}) != nil && len(TrueCauses(map[string]float64{"a": -1})) > 0 {
		t.Error("a negative term is no cause")
	}
}

// Moving a relevant item up never lowers NDCG; all measures stay in [0, 1].
func TestNDCGGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		ranked := make([]string, n)
		relevant := map[string]bool{}
		for i := range ranked {
			ranked[i] = string(rune('a' + i))
			if rapid.Bool().Draw(t, "relevant") {
				relevant[ranked[i]] = true
			}
		}
		k := rapid.IntRange(1, n).Draw(t, "k")
		was := NDCG(ranked, relevant, k)
		if was < 0 || was > 1+1e-12 {
			t.Fatalf("NDCG = %v", was)
		}
		i := rapid.IntRange(1, n-1).Draw(t, "i")
		if relevant[ranked[i]] && !relevant[ranked[i-1]] {
			ranked[i], ranked[i-1] = ranked[i-1], ranked[i]
			if now := NDCG(ranked, relevant, k); now < was {
				t.Fatalf("moving a relevant item up lowered NDCG from %v to %v", was, now)
			}
		}
	})
}

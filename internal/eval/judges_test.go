package eval

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

func judged(system string, scores ...map[string][]float64) []JudgedRow {
	var out []JudgedRow
	for i, s := range scores {
		out = append(out, JudgedRow{System: system, ID: fmt.Sprint(i), Scores: s})
	}
	return out
}

func TestMeasureJudges(t *testing.T) {
	type m = map[string][]float64
	nan := math.NaN()
	s := MeasureJudges(judged("x",
		m{"a": {1, 2}, "b": {3}, "c": {50, 50}},
		m{"a": {2, 4}, "b": {2}, "c": {50, 90}},
		m{"a": {3, 6}, "b": {1}, "c": {50, nan}},
	), 1).Systems[0]
	a, b, c := s.Judges[0], s.Judges[1], s.Judges[2]
	switch {
	case !near(a.Mean.Mean, 3), !near(b.Mean.Mean, 2), !near(c.Mean.Mean, 170./3): // rows 50, 70, 50
		t.Errorf("means: %+v %+v %+v", a.Mean, b.Mean, c.Mean)
	case a.Retest == nil || !near(a.Retest.Mean, 1): // 1 2 3 and 2 4 6
		t.Errorf("a always asks for the same again, doubled: %+v", a.Retest)
	case !near(a.Noise, math.Sqrt((.5+2+4.5)/3)):
		t.Errorf("noise of a: %v", a.Noise)
	case b.Retest != nil || b.Repeats != 1:
		t.Errorf("b was asked once: %+v", b)
	case c.Missing != 1 || c.Rows != 3 || !near(c.Wide, .5): // of the two texts with two scores, one spreads by 40
		t.Errorf("c: %+v", c)
	case len(s.Between) != 3 || s.Between[0].A != "a" || s.Between[0].B != "b" || !near(s.Between[0].Correlation.Mean, -1):
		t.Errorf("b turns a's order round: %+v", s.Between)
	case !near(s.Spread, 170./3-2):
		t.Errorf("spread of means: %v", s.Spread)
	}
	// a alone with b: variances 2.25 and 1, of their sum 4.5, 5, 5.5 it is .25: 2 · (1 − 3.25/.25).
	two := MeasureJudges(judged("x", m{"a": {1, 2}, "b": {3}}, m{"a": {2, 4}, "b": {2}}, m{"a": {3, 6}, "b": {1}}), 1).Systems[0]
	if two.Alpha == nil || !near(two.Alpha.Mean, -24) {
		t.Errorf("alpha: %+v", two.Alpha)
	}
	if flat := MeasureJudges(judged("x", m{"a": {7, 7}, "b": {1, 2}}, m{"a": {7, 7}, "b": {2, 1}}), 1).Systems[0]; flat.Judges[0].Retest != nil || flat.Between[0].Correlation != nil {
		t.Errorf("what never varies correlates with nothing: %+v", flat)
	}
}

// system invents scores of n texts: two judges of the given bias towards the system, each asked k times with noise.
func system(name string, n, k int, bias map[string]float64, noise float64, seed uint64) []JudgedRow {
	rng := rand.New(rand.NewPCG(seed, 1))
	var out []JudgedRow
	for i := range n {
		quality := rand.New(rand.NewPCG(uint64(i), 2)).NormFloat64() * 10 // of the text, the same in every system
		r := JudgedRow{System: name, ID: fmt.Sprint(i), Scores: map[string][]float64{}}
		for _, j := range []string{"p", "q"} {
			b, ok := bias[j]
			if !ok {
				continue
			}
			for range k {
				r.Scores[j] = append(r.Scores[j], 50+quality+b+rng.NormFloat64()*noise)
			}
		}
		out = append(out, r)
	}
	return out
}

// TestJudgesRank: systems are put in an order only where every judge does it beyond its noise, and the reason is named
// where none is.
func TestJudgesRank(t *testing.T) {
	base := map[string]float64{"p": 0, "q": 0}
	for _, tt := range []struct {
		name    string
		a, b    []JudgedRow
		verdict string
		better  string
	}{
		{"five points to both judges", system("a", 300, 3, map[string]float64{"p": 5, "q": 5}, 10, 1), system("b", 300, 3, base, 10, 2), RankedApart, "a"},
		{"the other way round", system("a", 300, 3, base, 10, 1), system("b", 300, 3, map[string]float64{"p": 5, "q": 5}, 10, 2), RankedApart, "b"},
		{"nothing between them", system("a", 300, 3, base, 10, 1), system("b", 300, 3, base, 10, 2), InsideNoise, ""},
		{"to one judge alone", system("a", 300, 3, map[string]float64{"p": 5, "q": 0}, 10, 1), system("b", 300, 3, base, 10, 2), InsideNoise, ""},
		{"judges turn each other's order round", system("a", 300, 3, map[string]float64{"p": 5, "q": -5}, 10, 1), system("b", 300, 3, base, 10, 2), JudgesContradict, ""},
		{"one judge", system("a", 300, 3, map[string]float64{"p": 5}, 10, 1), system("b", 300, 3, map[string]float64{"p": 0}, 10, 2), OneJudge, ""},
		{"asked once", system("a", 300, 1, map[string]float64{"p": 5, "q": 5}, 10, 1), system("b", 300, 1, base, 10, 2), AskedOnce, ""},
		{"judges that do not agree with themselves", system("a", 300, 2, map[string]float64{"p": 50, "q": 50}, 1000, 1), system("b", 300, 2, base, 1000, 2), UnsteadyJudge, ""},
		{"few rows", system("a", 29, 3, map[string]float64{"p": 5, "q": 5}, 1, 1), system("b", 29, 3, base, 1, 2), TooFewRows, ""},
	} {
		p := MeasureJudges(append(tt.a, tt.b...), 1).Pairs[0]
		if p.Verdict != tt.verdict || p.Better != tt.better {
			t.Errorf("%s: %+v, want %s %s", tt.name, p, tt.verdict, tt.better)
		}
	}
}

// TestJudgesRankRuns: a judge whose runs drift by more than two systems differ ranks nothing, however many rows there are.
func TestJudgesRankRuns(t *testing.T) {
	drift := []float64{0, 12, 3} // by run
	var rows []JudgedRow
	for _, name := range []string{"a", "b"} {
		for i := range 2000 {
			r := JudgedRow{System: name, ID: fmt.Sprint(i), Scores: map[string][]float64{}}
			for _, j := range []string{"p", "q"} {
				for k := range 3 {
					s := float64(i%50) + drift[k]
					if name == "a" {
						s += 2
					}
					r.Scores[j] = append(r.Scores[j], s)
				}
			}
			rows = append(rows, r)
		}
	}
	// Means of the runs: variance of 0, 12, 3 is 39; of a difference 2 · 39/3 = 26, twice its root 10.2.
	p := MeasureJudges(rows, 1).Pairs[0]
	if p.Verdict != InsideNoise || !near(p.Differences[0].Difference.Mean, 2) || !near(p.Differences[0].Floor, 2*math.Sqrt(26)) {
		t.Errorf("%+v", p)
	}
}

// releasedScores reads the judge scores that tr2512/ReXRec released of XRec's texts.
func releasedScores(t *testing.T, set string) []JudgedRow {
	t.Helper()
	f, err := os.Open(filepath.Join(cmp.Or(os.Getenv("BECAUSE_TESTDATA"), "../../../shared/data"), set, "llm_judge_scores.jsonl.gz"))
	if err != nil {
		t.Skip("the released scores are not here; set BECAUSE_TESTDATA: ", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []JudgedRow
	for d := json.NewDecoder(z); d.More(); {
		var r struct{ Scores map[string][]float64 }
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		out = append(out, JudgedRow{System: "xrec", ID: fmt.Sprint(len(out)), Scores: r.Scores})
	}
	return out
}

// TestReleasedJudges: what four judges, asked five times each, say of XRec's released texts (tr2512/ReXRec). The same
// texts read twice are two systems that nothing sets apart, so every split of the five repeats into two and two must be
// refused; one judge alone, held to the same noise, would now and then have found a difference.
func TestReleasedJudges(t *testing.T) {
	type judge struct{ mean, retest, wide float64 }
	for _, tt := range []struct {
		set           string
		judges        []judge   // gemma2, llama3.1, llama3.2, qwen2.5
		between       []float64 // gemma2 with llama3.1; both with llama3.2; all three with qwen2.5
		alpha, spread float64
		fooled        int // times that a judge alone takes the same texts for different
	}{
		{"google-local", []judge{{51.29, .483, .412}, {34.97, .241, .739}, {76.64, .164, .403}, {60.35, .859, .002}},
			[]float64{.355, .225, .225, .585, .511, .303}, .672, 41.67, 0},
		{"amazon-books", []judge{{64.57, .578, .264}, {55.13, .241, .761}, {84.96, .063, .207}, {65.45, .838, .002}},
			[]float64{.305, .097, .139, .444, .440, .140}, .564, 29.83, 2},
	} {
		rows := releasedScores(t, tt.set)
		s := MeasureJudges(rows, 1).Systems[0]
		for i, want := range tt.judges {
			j := s.Judges[i]
			if got := (judge{round(j.Mean.Mean, 2), round(j.Retest.Mean, 3), round(j.Wide, 3)}); got != want || j.Rows != 3000 || j.Repeats != 5 {
				t.Errorf("%s, %s: %+v of %d rows, want %+v", tt.set, j.Judge, got, j.Rows, want)
			}
			if j.Retest.Low >= j.Retest.Mean || j.Retest.High <= j.Retest.Mean || j.Retest.High-j.Retest.Low > .05 {
				t.Errorf("%s, %s: interval %+v", tt.set, j.Judge, j.Retest)
			}
		}
		for i, want := range tt.between {
			if got := round(s.Between[i].Correlation.Mean, 3); got != want {
				t.Errorf("%s: %s and %s correlate by %v, want %v", tt.set, s.Between[i].A, s.Between[i].B, got, want)
			}
		}
		if round(s.Alpha.Mean, 3) != tt.alpha || round(s.Spread, 2) != tt.spread {
			t.Errorf("%s: alpha %v, spread of means %v", tt.set, s.Alpha.Mean, s.Spread)
		}
		if os.Getenv("BECAUSE_FULL") == "" {
			rows = rows[:400] // the rule is the same; the counts below are of all rows
		}
		pairs, ranked, fooled := 0, 0, 0
		for _, two := range splits() {
			p := MeasureJudges(twice(rows, two), 1).Pairs[0]
			pairs++
			if p.Verdict == RankedApart {
				ranked++
			}
			for _, d := range p.Differences {
				fooled += d.Side * d.Side
			}
		}
		if pairs != 15 || ranked > 0 {
			t.Errorf("%s: %d of %d pairs of the same texts were ranked", tt.set, ranked, pairs)
		}
		if len(rows) == 3000 && fooled != tt.fooled {
			t.Errorf("%s: a judge alone told the same texts apart %d times, want %d", tt.set, fooled, tt.fooled)
		}
	}
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// splits are the fifteen ways to take two and two of five repeats.
func splits() [][4]int {
	var out [][4]int
	for i := range 5 {
		for j := range i {
			for k := i + 1; k < 5; k++ {
				for l := range k {
					if l != i && l != j {
						out = append(out, [4]int{j, i, l, k})
					}
				}
			}
		}
	}
	return out
}

// twice makes two systems of one, each with two of its repeats.
func twice(rows []JudgedRow, at [4]int) []JudgedRow {
	var out []JudgedRow
	for _, r := range rows {
		x, y := map[string][]float64{}, map[string][]float64{}
		for judge, v := range r.Scores {
			x[judge], y[judge] = []float64{v[at[0]], v[at[1]]}, []float64{v[at[2]], v[at[3]]}
		}
		out = append(out, JudgedRow{"once", r.ID, x}, JudgedRow{"again", r.ID, y})
	}
	return out
}

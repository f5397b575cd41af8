package eval

import (
	"math"
	"slices"
)

// A JudgedRow holds what judges said of one text of one system.
type JudgedRow struct {
	System string
	ID     string               // of what was explained to whom; the same in every system
	Scores map[string][]float64 // by judge, one for each time that it was asked; NaN where it gave none
}

// JudgesReport says what scores of judges are worth. All intervals are over rows.
type JudgesReport struct {
	Systems []JudgedSystem `json:"systems"`
	Pairs   []JudgedPair   `json:"pairs,omitempty"` // of systems
}

// JudgedSystem is what judges said of one system's texts.
type JudgedSystem struct {
	System  string         `json:"system"`
	Rows    int            `json:"rows"`
	Judges  []JudgeScores  `json:"judges"`
	Between []BetweenJudge `json:"between_judges,omitempty"`

	// Alpha is the reliability of a text's mean over all judges (Cronbach 1951, eq. 2, with judges for items): 1 where they
	// order the texts alike, 0 where they have nothing in common.
	Alpha *Interval `json:"alpha,omitempty"`
	// Spread is the highest mean of a judge less the lowest: what choosing the judge is worth.
	Spread float64 `json:"spread_of_means"`
}

// JudgeScores is what one judge said of one system's texts.
type JudgeScores struct {
	Judge   string    `json:"judge"`
	Rows    int       `json:"rows"`    // that it gave at least one score
	Missing int       `json:"missing"` // scores that it did not give
	Repeats int       `json:"repeats"`
	Mean    Interval  `json:"mean"`
	Retest  *Interval `json:"retest,omitempty"` // mean Pearson correlation over all pairs of repeats; none where it cannot be had
	Noise   float64   `json:"noise"`            // standard deviation between the repeats of one text
	Wide    float64   `json:"wide"`             // share of the texts whose repeats spread over two fifths of the highest score or more
	runs    []float64 // mean of each repeat
}

// BetweenJudge is how far two judges agree on the same texts.
type BetweenJudge struct {
	A           string    `json:"a"`
	B           string    `json:"b"`
	Correlation *Interval `json:"correlation,omitempty"` // Pearson, of the means over repeats; none where one of them does not vary
}

// What comes of holding two systems against each other.
const (
	RankedApart      = "ranked"     // every judge puts the same one first, beyond its noise
	InsideNoise      = "noise"      // of at least one judge
	JudgesContradict = "contradict" // beyond their noise
	OneJudge         = "one_judge"  // which another might contradict
	AskedOnce        = "once"       // so that the noise is not known
	UnsteadyJudge    = "unsteady"   // a judge does not agree with itself
	TooFewRows       = "few_rows"   // in common
	fewestRows       = 30           // that are compared
	wideRepeats      = .4           // of the highest score that any judge gave
	twoStandardErr   = 2            // what a difference must be, in standard errors of the mean of a judge's repeats
	roundsOfRetest   = 0xa1         // of the seed
	roundsOfPair     = 0xa2         // of the seed
)

// JudgedPair holds two systems against each other on the rows that both have.
type JudgedPair struct {
	A           string            `json:"a"`
	B           string            `json:"b"`
	Rows        int               `json:"rows"`
	Differences []JudgeDifference `json:"differences"`
	Verdict     string            `json:"verdict"` // ranked, noise, contradict, one_judge, once, unsteady, few_rows
	Better      string            `json:"better,omitempty"`
	Judges      []string          `json:"because_of,omitempty"` // the judges that stand in the way
}

// JudgeDifference is A less B to one judge.
type JudgeDifference struct {
	Judge      string   `json:"judge"`
	Difference Interval `json:"difference"`
	Floor      float64  `json:"floor"` // twice the standard error that the judge's runs alone give the difference
	Side       int      `json:"side"`  // 1: A is better, −1: B, 0: inside the noise
}

// MeasureJudges measures the judges of one or several systems, and which systems they may put in an order.
//
// Two systems are ranked only where at least two judges were asked twice or more, each agrees with itself, and each puts
// the same system first by more than the interval over rows and by more than twice the standard error between its runs.
func MeasureJudges(rows []JudgedRow, seed uint64) JudgesReport {
	var out JudgesReport
	var names []string
	of := map[string][]JudgedRow{}
	for _, r := range rows {
		if of[r.System] == nil {
			names = append(names, r.System)
		}
		of[r.System] = append(of[r.System], r)
	}
	for _, name := range names {
		out.Systems = append(out.Systems, measureJudged(name, of[name], seed))
	}
	for i := range names {
		for j := range i {
			out.Pairs = append(out.Pairs, comparePair(out.Systems[j], out.Systems[i], of, seed))
		}
	}
	return out
}

func measureJudged(name string, rows []JudgedRow, seed uint64) JudgedSystem {
	out := JudgedSystem{System: name, Rows: len(rows)}
	r := newResample(each(len(rows)))
	var finish []func([]Interval)
	var means [][]float64
	var judges []string
	top := highest(rows)
	for _, judge := range judgesOf(rows) {
		s, scores := scoresOf(judge, rows, top)
		mean := meansOf(scores)
		judges, means = append(judges, judge), append(means, mean)
		at := r.mean(mean)
		var pairs []int
		for p := range s.Repeats {
			for q := range p {
				pairs = append(pairs, r.correlation(column(scores, q), column(scores, p)))
			}
		}
		retest := r.stat(func(sums []float64) float64 {
			all := 0.0
			for _, p := range pairs {
				all += r.stats[p](sums)
			}
			return ratio(all, float64(len(pairs)))
		})
		i, steady := len(out.Judges), s.Repeats > 1 && s.varies(scores)
		out.Judges = append(out.Judges, s)
		finish = append(finish, func(x []Interval) {
			if out.Judges[i].Mean = x[at]; steady {
				out.Judges[i].Retest = &x[retest]
			}
		})
	}
	for i := range judges {
		for j := range i {
			at, k := r.correlation(means[j], means[i]), len(out.Between)
			varies := spread(means[i]) > 0 && spread(means[j]) > 0
			out.Between = append(out.Between, BetweenJudge{A: judges[j], B: judges[i]})
			finish = append(finish, func(x []Interval) {
				if varies {
					out.Between[k].Correlation = &x[at]
				}
			})
		}
	}
	if len(judges) > 1 {
		at := r.alpha(means)
		finish = append(finish, func(x []Interval) { out.Alpha = &x[at] })
	}
	for x := r.intervals(seed ^ roundsOfRetest); len(finish) > 0; finish = finish[1:] {
		finish[0](x)
	}
	least, most := math.Inf(1), math.Inf(-1)
	for _, j := range out.Judges {
		least, most = min(least, j.Mean.Mean), max(most, j.Mean.Mean)
	}
	out.Spread = max(0, most-least)
	return out
}

// comparePair holds two systems against each other.
func comparePair(a, b JudgedSystem, of map[string][]JudgedRow, seed uint64) JudgedPair {
	out := JudgedPair{A: a.System, B: b.System, Differences: []JudgeDifference{}}
	other := map[string]JudgedRow{}
	for _, r := range of[b.System] {
		other[r.ID] = r
	}
	var left, right []JudgedRow
	for _, r := range of[a.System] {
		if o, ok := other[r.ID]; ok {
			left, right = append(left, r), append(right, o)
		}
	}
	out.Rows = len(left)
	r := newResample(each(len(left)))
	var at []int
	var once, unsteady []string
	for _, judge := range judgesOf(left) {
		sa, xa := scoresOf(judge, left, 0)
		sb, xb := scoresOf(judge, right, 0)
		if sb.Rows == 0 {
			continue
		}
		diff := meansOf(xa)
		for i, m := range meansOf(xb) {
			diff[i] -= m
		}
		at = append(at, r.mean(diff))
		out.Differences = append(out.Differences, JudgeDifference{Judge: judge, Floor: twoStandardErr * math.Sqrt(runError(sa)+runError(sb))})
		if sa.Repeats < 2 || sb.Repeats < 2 {
			once = append(once, judge)
		}
		if unsteadyIn(a, judge) || unsteadyIn(b, judge) {
			unsteady = append(unsteady, judge)
		}
	}
	x := r.intervals(seed ^ roundsOfPair)
	var inside, forA, forB []string
	for i := range out.Differences {
		d := &out.Differences[i]
		d.Difference = x[at[i]]
		switch {
		case d.Difference.Low > 0 && d.Difference.Mean > d.Floor:
			d.Side, forA = 1, append(forA, d.Judge)
		case d.Difference.High < 0 && -d.Difference.Mean > d.Floor:
			d.Side, forB = -1, append(forB, d.Judge)
		default:
			inside = append(inside, d.Judge)
		}
	}
	switch {
	case out.Rows < fewestRows:
		out.Verdict = TooFewRows
	case len(out.Differences) < 2:
		out.Verdict = OneJudge
	case len(once) > 0:
		out.Verdict, out.Judges = AskedOnce, once
	case len(unsteady) > 0:
		out.Verdict, out.Judges = UnsteadyJudge, unsteady
	case len(forA) > 0 && len(forB) > 0:
		out.Verdict, out.Judges = JudgesContradict, append(forA, forB...)
	case len(inside) > 0:
		out.Verdict, out.Judges = InsideNoise, inside
	case len(forA) > 0:
		out.Verdict, out.Better = RankedApart, a.System
	default:
		out.Verdict, out.Better = RankedApart, b.System
	}
	return out
}

// unsteadyIn reports whether a judge's scores of a system do not come again.
func unsteadyIn(s JudgedSystem, judge string) bool {
	i := slices.IndexFunc(s.Judges, func(j JudgeScores) bool { return j.Judge == judge })
	return i < 0 || s.Judges[i].Retest == nil || s.Judges[i].Retest.Low <= 0
}

// runError is the squared standard error of a judge's mean that its runs show: their variance over their number.
func runError(s JudgeScores) float64 {
	n := float64(len(s.runs))
	if n < 2 {
		return 0
	}
	return variance(s.runs) / n
}

// scoresOf are one judge's scores, row by row, each row as long as the longest, and what can be said without intervals.
func scoresOf(judge string, rows []JudgedRow, top float64) (JudgeScores, [][]float64) {
	s := JudgeScores{Judge: judge}
	for _, r := range rows {
		s.Repeats = max(s.Repeats, len(r.Scores[judge]))
	}
	scores := make([][]float64, len(rows))
	within, pairs, wide := 0.0, 0, 0
	for i, r := range rows {
		scores[i] = make([]float64, s.Repeats)
		var given []float64
		for k := range scores[i] {
			if scores[i][k] = math.NaN(); k < len(r.Scores[judge]) {
				scores[i][k] = r.Scores[judge][k]
			}
			if math.IsNaN(scores[i][k]) {
				s.Missing++
			} else {
				given = append(given, scores[i][k])
			}
		}
		if len(given) > 0 {
			s.Rows++
		}
		if len(given) > 1 {
			within, pairs = within+variance(given), pairs+1
			if slices.Max(given)-slices.Min(given) >= wideRepeats*top {
				wide++
			}
		}
	}
	s.Noise, s.Wide = math.Sqrt(ratio(within, float64(pairs))), ratio(float64(wide), float64(pairs))
	for k := range s.Repeats {
		if run := given(column(scores, k)); len(run) > 0 {
			s.runs = append(s.runs, Mean(run))
		}
	}
	return s, scores
}

// varies reports whether any repeat tells texts apart.
func (s JudgeScores) varies(scores [][]float64) bool {
	for k := range s.Repeats {
		if spread(column(scores, k)) > 0 {
			return true
		}
	}
	return false
}

// correlation adds the Pearson correlation of two columns over the rows that have both.
func (r *resample) correlation(x, y []float64) int {
	both := func(f func(a, b float64) float64) int {
		return r.sum(func(row int) float64 {
			if math.IsNaN(x[row]) || math.IsNaN(y[row]) {
				return 0
			}
			return f(x[row], y[row])
		})
	}
	n, sx, sy := both(func(_, _ float64) float64 { return 1 }), both(func(a, _ float64) float64 { return a }), both(func(_, b float64) float64 { return b })
	xx, yy, xy := both(func(a, _ float64) float64 { return a * a }), both(func(_, b float64) float64 { return b * b }), both(func(a, b float64) float64 { return a * b })
	return r.stat(func(s []float64) float64 {
		vx, vy := s[n]*s[xx]-s[sx]*s[sx], s[n]*s[yy]-s[sy]*s[sy]
		if vx <= 0 || vy <= 0 {
			return 0
		}
		return (s[n]*s[xy] - s[sx]*s[sy]) / math.Sqrt(vx*vy)
	})
}

// alpha adds k/(k−1)·(1 − Σ var(judge) / var(Σ judges)) over the rows that every judge scored.
func (r *resample) alpha(judges [][]float64) int {
	whole := func(row int) bool {
		return !slices.ContainsFunc(judges, func(x []float64) bool { return math.IsNaN(x[row]) })
	}
	sum := func(f func(row int) float64) int {
		return r.sum(func(row int) float64 {
			if !whole(row) {
				return 0
			}
			return f(row)
		})
	}
	n := sum(func(int) float64 { return 1 })
	var first, second []int
	total := func(row int) float64 {
		t := 0.0
		for _, x := range judges {
			t += x[row]
		}
		return t
	}
	for _, x := range judges {
		first, second = append(first, sum(func(row int) float64 { return x[row] })), append(second, sum(func(row int) float64 { return x[row] * x[row] }))
	}
	t1, t2 := sum(total), sum(func(row int) float64 { return total(row) * total(row) })
	k := float64(len(judges))
	return r.stat(func(s []float64) float64 {
		parts := 0.0
		for i := range first {
			parts += s[n]*s[second[i]] - s[first[i]]*s[first[i]]
		}
		all := s[n]*s[t2] - s[t1]*s[t1]
		if all <= 0 {
			return 0
		}
		return k / (k - 1) * (1 - parts/all)
	})
}

// highest is the highest score of all.
func highest(rows []JudgedRow) float64 {
	top := 0.0
	for _, r := range rows {
		for _, scores := range r.Scores {
			for _, x := range given(scores) {
				top = max(top, x)
			}
		}
	}
	return top
}

// judgesOf are the judges that scored any row, sorted.
func judgesOf(rows []JudgedRow) []string {
	seen := map[string]bool{}
	var out []string
	for _, r := range rows {
		for j := range r.Scores {
			if !seen[j] {
				seen[j] = true
				out = append(out, j)
			}
		}
	}
	slices.Sort(out)
	return out
}

// meansOf is the mean of each row's scores, NaN where there is none.
func meansOf(scores [][]float64) []float64 {
	out := make([]float64, len(scores))
	for i, row := range scores {
		if out[i] = math.NaN(); len(given(row)) > 0 {
			out[i] = Mean(given(row))
		}
	}
	return out
}

// column is one repeat of all rows.
func column(scores [][]float64, k int) []float64 {
	out := make([]float64, len(scores))
	for i, row := range scores {
		out[i] = row[k]
	}
	return out
}

// given are the values that are numbers.
func given(xs []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(xs), math.IsNaN)
}

// spread is the largest value less the smallest.
func spread(xs []float64) float64 {
	if xs = given(xs); len(xs) == 0 {
		return 0
	}
	return slices.Max(xs) - slices.Min(xs)
}

// variance is that of a sample.
func variance(xs []float64) float64 {
	m, sum := Mean(xs), 0.0
	for _, x := range xs {
		sum += (x - m) * (x - m)
	}
	return ratio(sum, float64(len(xs)-1))
}

// each puts every row into a group of its own.
func each(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

package trial

import (
	"maps"
	"math"
	"slices"

	"because"
	"because/internal/liar"
)

// A Cell counts the texts that one source was asked for in one language; both are empty where all are counted together.
type Cell struct {
	Asked    because.Source          `json:"asked"`
	Lang     because.Lang            `json:"lang"`
	Texts    int                     `json:"texts"`
	Written  map[because.Source]int  `json:"written"`  // by who wrote what was served
	Verdicts map[because.Verdict]int `json:"verdicts"` // passed, repaired, replaced
	Steps    map[string]int          `json:"steps"`    // of fallbacks
	Planted  map[string]int          `json:"planted"`  // lies by kind
	Shown    map[string]int          `json:"shown"`    // lies that were served
	False    int                     `json:"false"`    // texts with a finding or a lie
	Upper    float64                 `json:"upper"`    // 95 % bound on the share of false texts
	Kinds    map[string]int          `json:"kinds"`    // findings by kind
}

// A Report is the outcome of a trial.
type Report struct {
	Requests int      `json:"requests"`
	Seed     uint64   `json:"seed"`
	Users    int      `json:"users"`
	Cells    []Cell   `json:"cells"`
	False    int      `json:"false"`
	Worst    []Served `json:"worst"` // every text with a finding, those with most first
}

type tally struct {
	o     Options
	cells map[key]*Cell
	worst []Served
}

type key struct {
	asked because.Source
	lang  because.Lang
}

func newReport(o Options) *tally { return &tally{o: o, cells: map[key]*Cell{}} }

func (t *tally) add(s Served) {
	for _, k := range []key{{s.Asked, s.Lang}, {s.Asked, ""}, {"", s.Lang}, {"", ""}} {
		c := t.cells[k]
		if c == nil {
			c = &Cell{Asked: k.asked, Lang: k.lang, Written: map[because.Source]int{}, Verdicts: map[because.Verdict]int{}, Steps: map[string]int{},
				Planted: map[string]int{}, Shown: map[string]int{}, Kinds: map[string]int{}}
			t.cells[k] = c
		}
		c.Texts++
		c.Written[s.Source]++
		c.Verdicts[s.Verdict]++
		if s.Step != "" {
			c.Steps[s.Step]++
		}
		count(c.Planted, s.Lies)
		count(c.Shown, s.Shown)
		for _, f := range s.Findings {
			c.Kinds[f.Kind]++
		}
		if s.False() {
			c.False++
		}
	}
	if s.False() {
		t.worst = append(t.worst, s)
	}
}

func count(m map[string]int, lies []liar.Lie) {
	for _, l := range lies {
		m[l.Kind]++
	}
}

// done orders the report: sources, then languages, what is counted together last.
func (t *tally) done() Report {
	r := Report{Requests: t.o.Requests, Seed: t.o.Seed, Users: t.o.Users, Worst: t.worst, Cells: []Cell{}}
	place := func(k key) int {
		i, j := slices.Index(Sources, k.asked), slices.Index(because.Langs, k.lang)
		if i < 0 {
			i = len(Sources)
		}
		if j < 0 {
			j = len(because.Langs)
		}
		return 10*i + j
	}
	for _, k := range slices.SortedFunc(maps.Keys(t.cells), func(a, b key) int { return place(a) - place(b) }) {
		c := t.cells[k]
		c.Upper = upper(c.False, c.Texts)
		r.Cells = append(r.Cells, *c)
	}
	if c := t.cells[key{}]; c != nil {
		r.False = c.False
	}
	slices.SortStableFunc(r.Worst, func(a, b Served) int {
		return len(b.Shown) - len(a.Shown) + len(b.Findings) - len(a.Findings)
	})
	return r
}

// upper is the one-sided 95 % bound on a share of which k of n were seen: exact for none (about 3/n),
// else the upper end of Wilson's interval, eval.Wilson.
func upper(k, n int) float64 {
	if n == 0 {
		return 1
	}
	if k == 0 {
		return 1 - math.Pow(.05, 1/float64(n))
	}
	const z = 1.959964
	m, p := float64(n), float64(k)/float64(n)
	return min(1, (p+z*z/(2*m)+z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m)))/(1+z*z/m))
}

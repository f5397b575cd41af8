package engine

import (
	"maps"
	"math"
	"slices"

	"because"
	"because/internal/eval"
)

// A ProofReport says what each system brings over the likelihood model.
type ProofReport struct {
	Options    ProofOptions `json:"options"`
	Train      int          `json:"train"` // texts
	Dev        int          `json:"dev"`
	Parameters int          `json:"parameters"`
	Vocabulary int          `json:"vocabulary"`

	References map[because.Lang]ProofReference `json:"references"` // people's texts for the same contexts
	Systems    []ProofSystem                   `json:"systems"`
	Stories    []ProofTraining                 `json:"stories"`
}

// A place on the plane of quality and diversity, and how two systems lie to each other on it.
type (
	PlanePoint = eval.PlanePoint
	Dominance  = eval.Dominance
)

// A ProofReference is the variety of people's texts, as ProofScores has it for the systems'.
type ProofReference struct {
	Texts     int     `json:"texts"`
	SelfBLEU4 float64 `json:"self_bleu_4"`
	Distinct2 float64 `json:"distinct_2"`
	Length    float64 `json:"length"`
}

// A ProofTraining is what was kept of one training.
type ProofTraining struct {
	Generator string `json:"generator"`
	Seed      uint64 `json:"seed"`
	proofStory
}

// A ProofSystem is a generator, with or without the filter, over all seeds.
type ProofSystem struct {
	Name      string                                `json:"name"`
	Scores    map[because.Lang][]ProofScores        `json:"scores"` // means over the seeds, temperature by temperature
	Points    map[because.Lang][]PlanePoint         `json:"points"` // BLEU-2 without brevity penalty, text by text, and distinct-2
	Dominance map[because.Lang]*Dominance           `json:"dominance,omitempty"`
	Verdict   map[because.Lang]*ProofVerdict        `json:"verdict,omitempty"`
	cells     map[because.Lang]map[proofKey]*scored // of it
}

// A ProofVerdict holds a system against the likelihood model by the rule of the protocol: a win is claimed only if it lies
// higher on three fifths of the curve beyond chance, fresh discriminators are right in two points less of the cases, and no
// more than half a point more claims are unsupported.
type ProofVerdict struct {
	Fresh       float64 `json:"fresh"`       // accuracy of the sharper discriminator on words or characters, less that of the likelihood model; mean over seeds and temperatures
	Unsupported float64 `json:"unsupported"` // share of claims, less that of the likelihood model
	AtMost      float64 `json:"at_most"`     // upper end of its 95 % interval
	Won         bool    `json:"won"`
}

// The rule's bounds.
const (
	proofAbove       = .6
	proofFresh       = .02
	proofUnsupported = .005
)

type proofKey struct {
	seed uint64
	t    float32
}

type scored struct {
	scores ProofScores
	texts  []eval.PlaneText
}

// report gathers the cells.
func (p *proof) report(cells []proofCell) ProofReport {
	r := ProofReport{Options: p.o, Train: len(p.train), Dev: len(p.dev), Vocabulary: p.run.words.Size(), References: map[because.Lang]ProofReference{}}
	references := map[because.Lang][][]string{}
	for _, w := range p.test {
		x := p.pairs[w]
		references[x.Lang] = append(references[x.Lang], familyOf(x.Lang).Tokens(x.Said))
	}
	for lang, texts := range references {
		words := 0
		for _, t := range texts {
			words += len(t)
		}
		r.References[lang] = ProofReference{
			Texts: len(texts), SelfBLEU4: 100 * eval.Mean(eval.SelfBLEU(texts)), Distinct2: eval.Distinct(texts, 2), Length: float64(words) / float64(len(texts)),
		}
	}
	pairs := map[[2]string]int32{} // of neighbours, numbered
	for _, c := range cells {
		i := slices.IndexFunc(r.Systems, func(s ProofSystem) bool { return s.Name == c.System })
		if i < 0 {
			i = len(r.Systems)
			r.Systems = append(r.Systems, ProofSystem{Name: c.System, cells: map[because.Lang]map[proofKey]*scored{}})
		}
		for lang, said := range c.Said {
			if r.Systems[i].cells[lang] == nil {
				r.Systems[i].cells[lang] = map[proofKey]*scored{}
			}
			r.Systems[i].cells[lang][proofKey{c.Seed, c.Temperature}] = &scored{c.Scores[lang], placed(said, references[lang], familyOf(lang), pairs)}
		}
	}
	for i := range r.Systems {
		r.Systems[i].sum(p.o)
	}
	for i := range r.Systems {
		r.Systems[i].compare(r.Systems[0], p.o)
	}
	for s := range p.o.Seeds {
		for _, name := range p.o.Generators {
			g := proofGenerator{proof: p, name: name, seed: p.o.Seed + uint64(s)}
			if g.readStory() == nil {
				r.Stories = append(r.Stories, ProofTraining{name, g.seed, g.story})
				r.Parameters = g.story.Parameters
			}
		}
	}
	return r
}

// placed puts texts on the plane of quality and diversity.
func placed(said []string, references [][]string, f eval.Family, pairs map[[2]string]int32) []eval.PlaneText {
	out := make([]eval.PlaneText, len(said))
	for i, s := range said {
		tokens := f.Tokens(s)
		out[i].Quality = eval.CountBLEU(tokens, references[i]).Precision(2)
		for j := 1; j < len(tokens); j++ {
			k := [2]string{tokens[j-1], tokens[j]}
			id, ok := pairs[k]
			if !ok {
				id = int32(len(pairs))
				pairs[k] = id
			}
			out[i].Pairs = append(out[i].Pairs, id)
		}
	}
	return out
}

// sweeps are a system's texts of one language, seed by seed.
func (s *ProofSystem) sweeps(lang because.Lang, o ProofOptions) []eval.Sweep {
	out := make([]eval.Sweep, o.Seeds)
	for i := range out {
		for _, t := range o.Temperatures {
			out[i] = append(out[i], s.cells[lang][proofKey{o.Seed + uint64(i), t}].texts)
		}
	}
	return out
}

// sum takes the means over the seeds.
func (s *ProofSystem) sum(o ProofOptions) {
	s.Scores, s.Points = map[because.Lang][]ProofScores{}, map[because.Lang][]eval.PlanePoint{}
	for _, lang := range slices.Sorted(maps.Keys(s.cells)) {
		for _, t := range o.Temperatures {
			var all []ProofScores
			for i := range o.Seeds {
				all = append(all, s.cells[lang][proofKey{o.Seed + uint64(i), t}].scores)
			}
			s.Scores[lang] = append(s.Scores[lang], meanScores(all))
		}
		points := make([]eval.PlanePoint, len(o.Temperatures))
		for _, sweep := range s.sweeps(lang, o) {
			for t, x := range sweep.Points() {
				points[t].Quality += x.Quality / float64(o.Seeds)
				points[t].Diversity += x.Diversity / float64(o.Seeds)
			}
		}
		s.Points[lang] = points
	}
}

// compare holds a system against the likelihood model.
func (s *ProofSystem) compare(base ProofSystem, o ProofOptions) {
	if s.Name == base.Name {
		return
	}
	s.Dominance, s.Verdict = map[because.Lang]*eval.Dominance{}, map[because.Lang]*ProofVerdict{}
	for lang, scores := range s.Scores {
		d := eval.Dominates(s.sweeps(lang, o), base.sweeps(lang, o), o.Seed)
		v := ProofVerdict{}
		var mine, theirs [2]float64 // unsupported claims, claims
		for t, x := range scores {
			y := base.Scores[lang][t]
			v.Fresh += (x.fresh().Mean - y.fresh().Mean) / float64(len(scores))
			mine[0], mine[1] = mine[0]+float64(x.Unsupported), mine[1]+float64(x.Claims)
			theirs[0], theirs[1] = theirs[0]+float64(y.Unsupported), theirs[1]+float64(y.Claims)
		}
		v.Unsupported, v.AtMost = moreUnsupported(mine, theirs)
		v.Won = d.Above >= proofAbove && v.Fresh <= -proofFresh && v.AtMost <= proofUnsupported
		s.Dominance[lang], s.Verdict[lang] = &d, &v
	}
}

// moreUnsupported is how much larger a share of claims is unsupported than of others, and the upper end of its 95 % interval.
// Both are counts: unsupported claims, then claims.
func moreUnsupported(mine, theirs [2]float64) (more, atMost float64) {
	a, b := mine[0]/max(1, mine[1]), theirs[0]/max(1, theirs[1])
	return a - b, a - b + 1.96*math.Sqrt(a*(1-a)/max(1, mine[1])+b*(1-b)/max(1, theirs[1]))
}

// fresh is the accuracy of the sharper discriminator on words or characters.
func (s ProofScores) fresh() Interval {
	if s.Characters.Mean > s.Words.Mean {
		return s.Characters
	}
	return s.Words
}

// meanScores is the mean over seeds; counts add up, and of intervals it takes the mean of their ends.
func meanScores(all []ProofScores) ProofScores {
	var m ProofScores
	n := float64(len(all))
	for _, x := range all {
		m.Texts, m.Claims, m.Unsupported = m.Texts+x.Texts, m.Claims+x.Claims, m.Unsupported+x.Unsupported
		for _, f := range []struct {
			to *float64
			x  float64
		}{
			{&m.BLEU2, x.BLEU2}, {&m.BLEU4, x.BLEU4}, {&m.Precision2, x.Precision2}, {&m.Precision4, x.Precision4}, {&m.SelfBLEU4, x.SelfBLEU4},
			{&m.Distinct2, x.Distinct2}, {&m.USR, x.USR}, {&m.Forward, x.Forward}, {&m.Reverse, x.Reverse}, {&m.Real, x.Real}, {&m.Length, x.Length}, {&m.Refused, x.Refused},
		} {
			*f.to += f.x / n
		}
		for _, f := range []struct {
			to *Interval
			x  Interval
		}{{&m.Words, x.Words}, {&m.Characters, x.Characters}, {&m.GRU, x.GRU}} {
			f.to.Mean, f.to.Low, f.to.High, f.to.N = f.to.Mean+f.x.Mean/n, f.to.Low+f.x.Low/n, f.to.High+f.x.High/n, f.to.N+f.x.N
		}
	}
	return m
}

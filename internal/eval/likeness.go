package eval

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// A reading is a text as hashed features.
type reading func(text string) []uint32

// buckets is how many hashed features there are.
const buckets = 1 << 18

// wordRuns are the words of a text and the pairs of neighbours.
func wordRuns(f Family) reading {
	return func(s string) []uint32 {
		words := f.Tokens(s)
		out := make([]uint32, 0, 2*len(words))
		for i, w := range words {
			out = append(out, hash(w))
			if i > 0 {
				out = append(out, hash(words[i-1], " ", w))
			}
		}
		return differentHashes(out)
	}
}

// runeRuns are the runs of two to four characters of a text.
func runeRuns(s string) []uint32 {
	r := []rune(strings.Join(strings.Fields(s), " "))
	out := make([]uint32, 0, 3*len(r))
	for n := 2; n <= 4; n++ {
		for i := 0; i+n <= len(r); i++ {
			out = append(out, hash(string(r[i:i+n])))
		}
	}
	return differentHashes(out)
}

func differentHashes(h []uint32) []uint32 {
	slices.Sort(h)
	return slices.Compact(h)
}

// hash is FNV-1a of the parts, the same on every machine, folded into the buckets.
func hash(parts ...string) uint32 {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
	}
	return uint32((h ^ h>>32) % buckets)
}

// A pair is two texts of one context.
type pair struct{ written, real string }

// discriminate teaches a logistic regression to tell written from real texts on some contexts and says how often it is
// right on the others, where half would be chance. Features are present or not, and every text weighs the same.
func discriminate(read reading, train, test []pair, seed uint64) Interval {
	var all []reviewed
	for _, p := range train {
		all = append(all, reviewed{read(p.written), 1}, reviewed{read(p.real), 0})
	}
	m := teach(all, rand.New(rand.NewPCG(seed, 0xd15c)))
	right := make([][]float64, len(test))
	for i, p := range test {
		right[i] = []float64{verdict(m.logit(read(p.written))), verdict(-m.logit(read(p.real)))}
	}
	return BootstrapGroups(right, 0, seed)
}

// verdict is 1 for what is taken for what it is, ½ when nothing speaks for either.
func verdict(logit float64) float64 {
	switch {
	case logit > 0:
		return 1
	case logit < 0:
		return 0
	}
	return .5
}

// A logistic is a logistic regression with AdaGrad steps (Duchi et al. 2011).
type logistic struct {
	weights, squares []float32 // of each feature, and the sum of its squared gradients
	bias, biasSquare float64
}

// logit is the log odds that a text was written.
func (m *logistic) logit(features []uint32) float64 {
	sum := 0.0
	for _, f := range features {
		sum += float64(m.weights[f])
	}
	return m.bias + sum/math.Sqrt(float64(max(1, len(features))))
}

const learningRate = .5

func (m *logistic) learn(features []uint32, written float64) {
	g := 1/(1+math.Exp(-m.logit(features))) - written
	m.biasSquare += g * g
	m.bias -= learningRate * g / math.Sqrt(m.biasSquare+1e-6)
	g /= math.Sqrt(float64(max(1, len(features))))
	for _, f := range features {
		m.squares[f] += float32(g * g)
		m.weights[f] -= float32(learningRate * g / math.Sqrt(float64(m.squares[f])+1e-6))
	}
}

// selfBLEUTexts are how many texts self-BLEU and distinct-n see.
const selfBLEUTexts = 1000

// likeness measures on the sample how varied the texts are and how like the references.
func (t *Texts) likeness(out *TextReport) {
	var whole []sampled // rows with a reference
	for _, s := range t.sample {
		if s.pair.real != "" {
			whole = append(whole, s)
		}
	}
	for _, f := range t.families {
		if f.Name == PEPLER.Name || f.Name == PETER.Name {
			continue // words again
		}
		out.Diversity = append(out.Diversity, t.diversity(f, whole))
		if train, test := t.split(whole); len(test) > 0 {
			out.Surprise = append(out.Surprise, t.surprise(f, train, test))
		}
	}
	train, test := t.split(whole)
	if len(test) == 0 {
		return
	}
	for _, d := range []struct {
		sees string
		read reading
	}{{"words", wordRuns(t.families[0])}, {"characters", runeRuns}} {
		out.Discriminators = append(out.Discriminators, Discrimination{
			Sees: d.sees, Train: 2 * len(train), Test: 2 * len(test), Accuracy: discriminate(d.read, pairs(train), pairs(test), t.o.Seed),
		})
	}
}

func pairs(rows []sampled) []pair {
	out := make([]pair, len(rows))
	for i, s := range rows {
		out[i] = s.pair
	}
	return out
}

// split parts rows 70 to 30 by reader, so that no reader is on both sides; rows that name none go one by one.
func (t *Texts) split(rows []sampled) (train, test []sampled) {
	var order []int32
	of := map[int32][]sampled{}
	for i, s := range rows {
		g := t.rows[s.row].user
		if g < 0 {
			g = -2 - int32(i)
		}
		if of[g] == nil {
			order = append(order, g)
		}
		of[g] = append(of[g], s)
	}
	rng := rand.New(rand.NewPCG(t.o.Seed, 0x70))
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	cut := len(order) * 7 / 10
	for i, g := range order {
		if i < cut {
			train = append(train, of[g]...)
		} else {
			test = append(test, of[g]...)
		}
	}
	if len(train) == 0 {
		return nil, nil
	}
	return train, test
}

// diversity compares the variety of texts and references, or of texts alone where there are no references.
func (t *Texts) diversity(f Family, whole []sampled) Diversity {
	rows := whole
	if len(rows) == 0 {
		rows = t.sample
	}
	rng := rand.New(rand.NewPCG(t.o.Seed, 0xd1))
	rows = slices.Clone(rows)
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	rows = rows[:min(selfBLEUTexts, len(rows))]
	written, real := t.numbered(f, rows)
	d := Diversity{Family: f.Name, Texts: len(rows), Written: variety(written, t.o.Seed)}
	if len(whole) > 0 {
		x := variety(real, t.o.Seed)
		d.Real = &x
	}
	return d
}

func variety(texts [][]int32, seed uint64) Variety {
	v := Variety{Distinct1: Distinct(texts, 1), Distinct2: Distinct(texts, 2), SelfBLEU: Bootstrap(SelfBLEU(texts), 0, seed)}
	v.SelfBLEU.Mean, v.SelfBLEU.Low, v.SelfBLEU.High = 100*v.SelfBLEU.Mean, 100*v.SelfBLEU.Low, 100*v.SelfBLEU.High
	return v
}

// numbered are the tokens of both sides of rows.
func (t *Texts) numbered(f Family, rows []sampled) (written, real [][]int32) {
	for _, s := range rows {
		written = append(written, t.index.of(f.Tokens(s.pair.written)))
		real = append(real, t.index.of(f.Tokens(s.pair.real)))
	}
	return written, real
}

// surprise teaches a language model on either side and lets it read the other.
func (t *Texts) surprise(f Family, train, test []sampled) Surprise {
	written, real := t.numbered(f, train)
	newWritten, newReal := t.numbered(f, test)
	vocab := frequent(real)
	ofReal, ofWritten := newTrigrams(real, vocab), newTrigrams(written, vocab)
	return Surprise{
		Family: f.Name, Train: len(train), Test: len(test),
		Forward: ofReal.perplexity(newWritten, t.o.Seed), Reverse: ofWritten.perplexity(newReal, t.o.Seed), Real: ofReal.perplexity(newReal, t.o.Seed),
	}
}

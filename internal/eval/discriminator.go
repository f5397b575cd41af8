package eval

import "math/rand/v2"

// A Discriminator tells written texts of a family from real ones by their words and pairs of neighbours.
type Discriminator struct {
	read  reading
	model *logistic
}

// NewDiscriminator teaches a discriminator written and real texts.
func NewDiscriminator(f Family, written, real []string, seed uint64) *Discriminator {
	d := &Discriminator{read: wordRuns(f)}
	var all []reviewed
	for _, s := range written {
		all = append(all, reviewed{d.read(s), 1})
	}
	for _, s := range real {
		all = append(all, reviewed{d.read(s), 0})
	}
	d.model = teach(all, rand.New(rand.NewPCG(seed, 0xd15c)))
	return d
}

// Real is the log odds that a text is a real one.
func (d *Discriminator) Real(s string) float64 { return -d.model.logit(d.read(s)) }

// reviewed is a text as features, and whether it was written.
type reviewed struct {
	features []uint32
	written  float64
}

// teach makes ten passes over texts.
func teach(all []reviewed, rng *rand.Rand) *logistic {
	m := &logistic{weights: make([]float32, buckets), squares: make([]float32, buckets)}
	for range 10 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, x := range all {
			m.learn(x.features, x.written)
		}
	}
	return m
}

package given

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"because/internal/text"
)

// A Lesson is a pair of profiles with the text that somebody wrote of it.
type Lesson struct {
	Profiles
	Reference string
}

// PolicyOptions say what a policy weighs and how it is taught.
type PolicyOptions struct {
	Seed       uint64
	Candidates int     // drafts that are compared; 0 means 64
	Specific   float64 // worth of a word that this reference holds beyond one that any reference holds
}

// A Policy chooses among drafts: the one that is likely to share most words with what people would write of the same
// profiles. It was taught which words of which profiles people take up.
type Policy struct {
	task   Task
	o      PolicyOptions
	takes  taken
	usual  map[string]float64 // share of references that hold a token
	length float64            // mean number of different tokens of a reference

	likeness float64 // worth of a unit of real
	real     func(string) float64
}

// Teach makes a policy of lessons.
func (t Task) Teach(lessons []Lesson, o PolicyOptions) *Policy {
	if o.Candidates == 0 {
		o.Candidates = 64
	}
	p := &Policy{task: t, o: o, takes: newTaken(), usual: map[string]float64{}}
	refs := make([]map[string]bool, len(lessons))
	for i, l := range lessons {
		refs[i] = tokens(l.Reference)
		for w := range refs[i] {
			p.usual[w] += 1 / float64(len(lessons))
		}
		p.length += float64(len(refs[i])) / float64(len(lessons))
	}
	var all []example
	rng := rand.New(rand.NewPCG(o.Seed, 0x61))
	for i, l := range lessons {
		c := newContext(l.Profiles)
		union := map[string]bool{}
		for _, d := range t.Write(l.Profiles, 12, rng) {
			for w := range tokens(d.Text) {
				union[w] = true
			}
		}
		for _, w := range sorted(union) {
			y := 0.
			if refs[i][w] {
				y = 1
			}
			all = append(all, example{c.features(w), y})
		}
	}
	p.takes.learn(all, rng)
	return p
}

// Preferring is the same policy, weighing besides what real says of a text: how much it reads like a person's.
func (p *Policy) Preferring(likeness float64, real func(string) float64) *Policy {
	q := *p
	q.likeness, q.real = likeness, real
	return &q
}

// Write drafts texts and returns the best.
func (p *Policy) Write(x Profiles, rng *rand.Rand) Draft {
	c := newContext(x)
	known := map[string]float64{}
	var best Draft
	top := math.Inf(-1)
	for _, d := range p.task.Write(x, p.o.Candidates, rng) {
		if s := p.score(c, d.Text, known); s > top {
			best, top = d, s
		}
	}
	return best
}

// score is the expected ROUGE-1 F of a text, what of it is due to these profiles, and how real it reads.
func (p *Policy) score(c *context, s string, known map[string]float64) float64 {
	shared, own := 0., 0.
	set := tokens(s)
	for _, w := range sorted(set) {
		x, ok := known[w]
		if !ok {
			x = p.takes.chance(c.features(w))
			known[w] = x
		}
		shared += x
		own += x - p.usual[w]
	}
	n := (float64(len(set)) + p.length) / 2
	score := (shared + p.o.Specific*own) / n
	if p.real != nil {
		score += p.likeness * p.real(s)
	}
	return score
}

// tokens are the different words of a text as overlap counts them: as they stand between blanks.
func tokens(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func sorted(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for w := range m {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

// A context is what is known of the words of two profiles.
type context struct {
	item, user map[string]bool // terms
	title      map[string]bool
	first      map[string]bool // terms of the first half of the item's profile
}

func newContext(p Profiles) *context {
	c := &context{item: terms(p.Item), user: terms(p.User), title: terms(p.Title)}
	half := text.Terms(p.Item)
	c.first = map[string]bool{}
	for _, w := range half[:len(half)/2] {
		c.first[w] = true
	}
	return c
}

func terms(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range text.Terms(s) {
		m[w] = true
	}
	return m
}

// features are hashed facts of a token: what it is, and where it stands in the profiles.
func (c *context) features(w string) []uint32 {
	low := strings.ToLower(strings.Trim(w, `.,;:!?"'()“”`))
	stem := low
	if t := text.Words(low); len(t) > 0 {
		stem = t[len(t)-1]
	}
	at := flag(c.item[stem], "i") + flag(c.user[stem], "u") + flag(c.title[stem], "t")
	mark := ""
	if n := len(w); n > 0 && strings.ContainsRune(".,;:!?\"", rune(w[n-1])) {
		mark = w[n-1:]
	}
	end := low[max(0, len(low)-3):]
	return []uint32{
		hash("w", w), hash("w@", w, at), hash("l", low), hash("l@", low, at), hash("@", at), hash("@m", at, mark),
		hash("e@", end, at), hash("1@", at, flag(c.first[stem], "1")), hash("^", flag(low != strings.TrimRight(w, ".,"), "^"), at, flag(strings.ToLower(w) != w, "A")),
	}
}

func flag(is bool, s string) string {
	if is {
		return s
	}
	return "-"
}

const buckets = 1 << 17

// hash is FNV-1a of the parts, the same on every machine.
func hash(parts ...string) uint32 {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return uint32((h ^ h>>32) % buckets)
}

type example struct {
	features []uint32
	taken    float64
}

// taken is a logistic regression of whether a word is taken up, with AdaGrad steps (Duchi et al. 2011).
type taken struct{ weights, squares []float32 }

func newTaken() taken { return taken{make([]float32, buckets), make([]float32, buckets)} }

func (t taken) chance(features []uint32) float64 {
	sum := -2.
	for _, f := range features {
		sum += float64(t.weights[f])
	}
	return 1 / (1 + math.Exp(-sum))
}

// How a policy is taught: steps, passes, and what pulls the weights back to 0.
const (
	rate   = .08
	passes = 4
	decay  = 1e-5
)

func (t taken) learn(all []example, rng *rand.Rand) {
	for range passes {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, x := range all {
			g := t.chance(x.features) - x.taken
			for _, f := range x.features {
				d := g + decay*float64(t.weights[f])
				t.squares[f] += float32(d * d)
				t.weights[f] -= float32(rate * d / math.Sqrt(float64(t.squares[f])+1e-4))
			}
		}
	}
}

// Package synth invents a world to try the recommender on: items, people with tastes, what they did, what they wrote.
//
// Its use is that the reasons are known. A person's latent weights cause every choice: the utility of an item is a sum of
// named terms, and each choice takes the highest utility plus noise. The weights are kept in Truth, which evaluation
// alone reads. What the world is made of (categories, names, wordings, who turns to what when) is data, one file per
// domain in world/. Everybody and everything in it is invented.
//
// The same options give the same bytes, whatever the number of processors. synth knows no ranker and no verifier.
package synth

import (
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"because"
	"because/internal/pack"
)

//go:embed world
var builtin embed.FS

// Builtin is the folder of the world files that ship with the binary.
func Builtin() fs.FS {
	sub, err := fs.Sub(builtin, "world")
	if err != nil {
		panic(err)
	}
	return sub
}

// Options say what world to invent. The zero value is the demo world.
type Options struct {
	Seed         uint64       // 0 means 1
	Users        int          // 0 means 600
	Items        int          // 0 means 900, spread over the domains by their share
	Interactions int          // 0 means 250/3 a user: 50 000 with 600 users; the world has exactly so many
	Reviews      int          // 0 means 20/3 an item: 6 000 with 900 items; fewer when the wordings run out
	Days         int          // length of the period; 0 means 180
	Domains      []string     // nil means all that have a world file
	Lang         because.Lang // people, names and texts in this language only; "" means both
	Now          time.Time    // the period ends at the midnight before, in China; zero means 2026-01-01
	World        fs.FS        // world files, <domain>.yaml; nil means Builtin
	Packs        *pack.Set    // nil means pack.Builtin
}

// zone is where everybody lives. China has kept one offset since 1991.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// filled is o with its defaults.
func (o Options) filled() Options {
	def := func(x *int, d int) {
		if *x == 0 {
			*x = d
		}
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	def(&o.Users, 600)
	def(&o.Items, 900)
	def(&o.Interactions, o.Users*250/3)
	def(&o.Reviews, o.Items*20/3)
	def(&o.Days, 180)
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 1, 1, 0, 0, 0, 0, zone)
	}
	y, m, d := o.Now.In(zone).Date()
	o.Now = time.Date(y, m, d, 0, 0, 0, 0, zone)
	if o.World == nil {
		o.World = Builtin()
	}
	if o.Packs == nil {
		o.Packs = pack.Builtin()
	}
	return o
}

// A World is an invented world. Interactions are not held but made anew by EachInteraction. It does not change and is
// safe for concurrent use.
type World struct {
	Users   []because.User
	Items   []because.Item // by domain, then in the order of their IDs
	Reviews []because.Review
	Truth   *Truth

	o       Options
	domains []*domain // in the order of their names
	people  []*person // one per user
}

// Generate invents a world. It fails on world files that cannot be read and on domains that have none.
func Generate(o Options) (*World, error) {
	o = o.filled()
	if o.Users < 0 || o.Items < 0 || o.Interactions < 0 || o.Reviews < 0 || o.Days < 1 {
		return nil, because.Errorf(because.ErrInvalid, "Numbers of users, items, interactions, reviews and days cannot be negative.")
	}
	w := &World{o: o}
	if err := w.read(); err != nil {
		return nil, err
	}
	w.Truth = &Truth{
		From: o.Now.AddDate(0, 0, -o.Days), To: o.Now,
		Domains: map[string]*DomainTruth{}, Popularity: map[string]float64{}, Users: map[string]*UserTruth{},
	}
	share := make([]float64, len(w.domains))
	for i, d := range w.domains {
		share[i] = d.share()
	}
	counts := apportion(o.Items, share)
	var wg sync.WaitGroup
	for i, d := range w.domains {
		wg.Go(func() { d.stock(o, counts[i]) })
	}
	wg.Wait()
	for _, d := range w.domains {
		w.Items = append(w.Items, d.items...)
		w.Truth.Domains[d.name] = d.truth
		for i := range d.items {
			w.Truth.Popularity[d.items[i].ID] = d.facts[i].popularity
		}
	}
	w.populate()
	w.review()
	return w, nil
}

// read reads the world files of the wanted domains.
func (w *World) read() error {
	names := w.o.Domains
	if names == nil {
		all, err := Domains(w.o.World)
		if err != nil {
			return err
		}
		names = all
	}
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		f, err := readWorld(w.o.World, name)
		if err != nil {
			return err
		}
		w.domains = append(w.domains, newDomain(f, w.o.Packs.Pack(name)))
	}
	if len(w.domains) == 0 {
		return because.Errorf(because.ErrInvalid, "There is no domain to invent a world of.")
	}
	return nil
}

// chunk is about how many interactions are held at once.
const chunk = 400_000

// EachInteraction makes every interaction and hands it to f, in chronological order. Worlds of more than about 400 000
// come in several such runs, each of its own users, so that memory is bounded; within a user the order is always
// chronological. It stops at the first error of f.
func (w *World) EachInteraction(f func(because.Interaction) error) error {
	for from := 0; from < len(w.people); {
		to, n := from, 0
		for to < len(w.people) && (n == 0 || n+w.people[to].budget <= chunk) {
			n += w.people[to].budget
			to++
		}
		for _, x := range w.behave(from, to) {
			if err := f(x); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// behave makes the interactions of the users in [from, to) in chronological order.
func (w *World) behave(from, to int) []because.Interaction {
	own := make([][]because.Interaction, to-from)
	workers := min(runtime.GOMAXPROCS(0), len(own))
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for i := k; i < len(own); i += workers {
				own[i] = w.live(from + i)
			}
		})
	}
	wg.Wait()
	all := slices.Concat(own...)
	slices.SortStableFunc(all, func(a, b because.Interaction) int { return a.Context.At.Compare(b.Context.At) })
	return all
}

// stream is the randomness of one thing: independent of every other's, so that the order of work does not matter.
func stream(seed uint64, what string, i int) *rand.Rand {
	h := seed ^ 0x9e3779b97f4a7c15
	for _, c := range []byte(what) {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return rand.New(rand.NewPCG(h, uint64(i)*0xd1342543de82ef95+1))
}

// apportion splits n by weight, by largest remainder.
func apportion(n int, weight []float64) []int {
	sum := 0.0
	for _, w := range weight {
		sum += w
	}
	out := make([]int, len(weight))
	if sum <= 0 {
		return out
	}
	type rest struct {
		i int
		r float64
	}
	rests, left := make([]rest, len(weight)), n
	for i, w := range weight {
		exact := float64(n) * w / sum
		out[i] = int(exact)
		left -= out[i]
		rests[i] = rest{i, exact - float64(out[i])}
	}
	slices.SortStableFunc(rests, func(a, b rest) int {
		switch {
		case a.r > b.r:
			return -1
		case a.r < b.r:
			return 1
		}
		return 0
	})
	for k := range left {
		out[rests[k%len(rests)].i]++
	}
	return out
}

// id is a name for the i-th thing, of at least width digits.
func id(prefix string, i, width int) string { return fmt.Sprintf("%s_%0*d", prefix, width, i) }

package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"because"
	"because/internal/eval"
	"because/internal/lm"
	"because/internal/pack"
)

// TransferOptions say how it is measured what a generator carries over to a domain that its training left out.
type TransferOptions struct {
	Size        string   `json:"size"`        // of the generator, as LMOptions has it; empty means small
	Domains     []string `json:"domains"`     // that are left out, one after another; empty means all of the data
	Seed        uint64   `json:"seed"`        // of the corpus and the weights
	Readers     int      `json:"readers"`     // whose evidence is written on; 0 means 600
	Items       int      `json:"items"`       // for each; 0 means 4
	Epochs      int      `json:"epochs"`      // of likelihood without the domain; 0 means the size's own
	Steps       int      `json:"steps"`       // ends it earlier; 0: after the epochs
	LR          float64  `json:"lr"`          // of it, at its highest; 0 means 1e-3
	Examples    int      `json:"examples"`    // of the domain that are tuned on then, one in ten of them to choose by; 0 means 300
	Texts       int      `json:"texts"`       // of the domain that are measured in each language; 0 means 300
	Temperature float32  `json:"temperature"` // that is written at; 0 means 0.7
	Backend     string   `json:"backend"`
	Devices     int      `json:"devices"`
}

// The two generators of a domain: trained without it, and then tuned on a few examples of it.
const (
	leftOutModel = "left-out"
	tunedModel   = "tuned"
)

func (o TransferOptions) withDefaults() (TransferOptions, error) {
	for _, f := range []struct {
		v    *int
		zero int
	}{{&o.Readers, 600}, {&o.Items, 4}, {&o.Epochs, 0}, {&o.Steps, 0}, {&o.Examples, 300}, {&o.Texts, 300}} {
		if *f.v < 0 {
			return o, because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
		}
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	if o.LR < 0 {
		return o, because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
	}
	if o.Examples < 20 {
		return o, because.Errorf(because.ErrInvalid, "At least 20 examples are needed: one in ten chooses when the tuning ends.")
	}
	o.Size, o.Seed, o.Temperature = cmp.Or(o.Size, "small"), max(1, o.Seed), cmp.Or(o.Temperature, .7)
	if _, ok := sizes()[o.Size]; !ok {
		return o, because.Errorf(because.ErrInvalid, "There is no size %q. Choose base, small or tiny.", short(o.Size))
	}
	if o.Temperature < 0 || o.Temperature > 2 {
		return o, because.Errorf(because.ErrInvalid, "A temperature must lie above 0 and not above 2.")
	}
	return o, nil
}

// A TransferReport says, domain by domain, what a generator does on it that never saw it, and what a few examples change.
type TransferReport struct {
	Options TransferOptions                  `json:"options"`
	Domains []TransferDomain                 `json:"domains"`
	All     map[because.Lang]*TransferResult `json:"all"` // over the domains: texts taken together, of the fresh discriminators the means
}

// A TransferDomain is one domain that was left out.
type TransferDomain struct {
	Domain     string                           `json:"domain"`
	Train      int                              `json:"train"` // texts of the other domains
	Dev        int                              `json:"dev"`   // of other readers, to choose by
	Tuned      int                              `json:"tuned"` // examples of the domain, those to choose by among them
	Parameters int                              `json:"parameters"`
	Vocabulary int                              `json:"vocabulary"` // learnt without the domain
	Others     [2]float64                       `json:"others"`     // loss on the other domains, on the choosing readers: before the tuning, after
	Results    map[because.Lang]*TransferResult `json:"results"`
}

// A TransferResult holds one language of a domain: before the tuning, after, and what changed.
type TransferResult struct {
	Before TransferScores `json:"before"`
	After  TransferScores `json:"after"`
	Change TransferChange `json:"change"`
}

// TransferScores measure a generator on texts of readers that no training saw.
type TransferScores struct {
	Texts       int      `json:"texts"`
	Loss        Interval `json:"loss"`       // nats per token of people's texts; N counts the readers
	Words       Interval `json:"words"`      // accuracy of a fresh discriminator on words, as ProofScores has it
	Characters  Interval `json:"characters"` // on characters
	Fresh       Interval `json:"fresh"`      // the sharper of the two
	GRU         Interval `json:"gru"`
	Refused     Interval `json:"refused"` // share of drafts with a claim that nothing supports, or that cannot be read
	Claims      int      `json:"claims"`
	Unsupported int      `json:"unsupported"`
}

// A TransferChange is after less before. Loss and refusals are paired, text by text, and drawn by readers. Held is the claim
// of the experiment: the loss falls beyond chance, the sharper discriminator is right less often, and no more than half a
// point more drafts are refused, at the upper end of the interval.
type TransferChange struct {
	Loss        Interval `json:"loss"`
	Fresh       float64  `json:"fresh"`
	Refused     Interval `json:"refused"`
	Unsupported float64  `json:"unsupported"` // share of claims
	AtMost      float64  `json:"at_most"`     // upper end of its 95 % interval
	Held        bool     `json:"held"`
}

// A transferText is one text that both generators were measured on: before the tuning, then after.
type transferText struct {
	User    string       `json:"user"`
	Lang    because.Lang `json:"lang"`
	Tokens  int          `json:"tokens"` // with <end>
	Nats    [2]float64   `json:"nats"`
	Refused [2]bool      `json:"refused"`
}

// transferKept is what a folder keeps of a domain that is done.
type transferKept struct {
	TransferDomain
	Texts []transferText `json:"texts"`
}

// A transfer is one call of Transfer.
type transfer struct {
	o     TransferOptions
	whole *proof // the corpus and the folder
	parts proofParts
}

// Transfer leaves each domain out in turn: it trains a generator and its vocabulary on the others, measures it on the
// domain's texts, tunes it on a few examples of the domain and measures again. What is done is kept in a folder of the run:
// stopped and called again with the same options, it goes on.
func (e *Engine) Transfer(ctx context.Context, o TransferOptions, show func(LMProgress)) (TransferReport, error) {
	o, err := o.withDefaults()
	if err != nil {
		return TransferReport{}, err
	}
	if show == nil {
		show = func(LMProgress) {}
	}
	t := &transfer{o: o, whole: &proof{Engine: e, show: show, steps: o.Steps, lr: o.LR, o: ProofOptions{
		Size: o.Size, Seeds: 1, Seed: o.Seed, Readers: o.Readers, Items: o.Items, Epochs: o.Epochs, Texts: o.Texts, Temperatures: []float32{o.Temperature}}}}
	if t.whole.backend, err = openBackend(o.Backend, o.Devices); err != nil {
		return TransferReport{}, err
	}
	domains, err := t.open(ctx)
	if err != nil {
		return TransferReport{}, err
	}
	r := TransferReport{Options: o, All: map[because.Lang]*TransferResult{}}
	r.Options.Domains = domains
	texts := map[because.Lang][]transferText{}
	for i, domain := range domains {
		d, err := t.domain(ctx, domain)
		if err != nil {
			return TransferReport{}, fmt.Errorf("without %s: %w", domain, err)
		}
		for _, lang := range because.Langs {
			mine := slices.DeleteFunc(slices.Clone(d.Texts), func(x transferText) bool { return x.Lang != lang })
			d.Results[lang].compare(mine, o.Seed)
			texts[lang] = append(texts[lang], mine...)
		}
		r.Domains = append(r.Domains, d.TransferDomain)
		show(LMProgress{Phase: "domains", Step: i + 1, Steps: len(domains)})
	}
	for _, lang := range because.Langs {
		r.All[lang] = allDomains(r.Domains, lang)
		r.All[lang].compare(texts[lang], o.Seed)
	}
	return r, nil
}

// open makes or reads the folder, writes the corpus, and finds the domains to leave out.
func (t *transfer) open(ctx context.Context) ([]string, error) {
	asked := t.o
	asked.Domains, asked.Backend, asked.Devices = nil, "", 0 // these may change on the way
	var err error
	if t.whole.dir, t.whole.at, err = beginProof(t.whole.Engine, "transfer-"+strconv.FormatUint(t.o.Seed, 10), asked); err != nil {
		return nil, err
	}
	if t.parts, _, err = t.whole.parted(ctx); err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, x := range t.parts[0] {
		all[x.Domain] = true
	}
	delete(all, pack.General)
	var domains []string
	for d := range all {
		domains = append(domains, d)
	}
	slices.Sort(domains)
	for _, d := range t.o.Domains {
		if !all[d] {
			return nil, because.Errorf(because.ErrInvalid, "There is no text of the domain %q. Choose from: %s.", short(d), strings.Join(domains, ", "))
		}
	}
	if len(domains) < 2 {
		return nil, because.Errorf(because.ErrInvalid, "All items are of one domain: there is nothing left to train on without it.")
	}
	if len(t.o.Domains) > 0 {
		domains = slices.DeleteFunc(domains, func(d string) bool { return !slices.Contains(t.o.Domains, d) })
	}
	return domains, nil
}

// domain reads what is kept of a domain that was left out, or trains, tunes, measures and keeps it.
func (t *transfer) domain(ctx context.Context, domain string) (transferKept, error) {
	var kept transferKept
	dir := filepath.Join(t.whole.dir, domain)
	path := filepath.Join(dir, "domain.json")
	if b, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(b, &kept); err != nil {
			return kept, fmt.Errorf("read %s: %w", path, err)
		}
		return kept, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return kept, err
	}
	p, err := t.without(domain, mkdir(dir))
	if err != nil {
		return kept, err
	}
	kept.TransferDomain = TransferDomain{Domain: domain, Train: len(p.train), Dev: len(p.dev), Tuned: len(p.few) + len(p.chosen), Vocabulary: p.run.words.Size(), Results: map[because.Lang]*TransferResult{}}
	kept.Texts = make([]transferText, len(p.test))
	for _, lang := range because.Langs {
		kept.Results[lang] = &TransferResult{}
	}
	for i, name := range []string{leftOutModel, tunedModel} {
		g := &proofGenerator{proof: p, name: name, seed: t.o.Seed}
		if err := g.make(ctx); err != nil {
			return kept, fmt.Errorf("%s: %w", name, err)
		}
		if err := g.readStory(); err != nil {
			return kept, err
		}
		kept.Others[i], kept.Parameters = g.story.Loss, g.story.Parameters
		if err := g.transferred(ctx, t.o.Temperature, i, &kept); err != nil {
			return kept, fmt.Errorf("%s: %w", name, err)
		}
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return kept, err
	}
	return kept, writeFile(path, b)
}

// without is a proof on the corpus without a domain. It trains and chooses on the other domains, on none of the domain's
// items as a site without its pack would have them either; what is tested is the domain's, and so is what tunes.
func (t *transfer) without(domain, dir string) (*proof, error) {
	p := *t.whole
	p.dir = dir
	rng := rand.New(rand.NewPCG(t.o.Seed, hash("transfer", domain)))
	var parts proofParts
	var own []Pair // of the readers to train on
	for _, x := range t.parts[0] {
		switch {
		case x.Of != domain:
			parts[0] = append(parts[0], x)
		case x.Domain == domain:
			own = append(own, x)
		}
	}
	for _, x := range t.parts[1] {
		if x.Of != domain {
			parts[1] = append(parts[1], x)
		}
	}
	for _, x := range t.parts[2] {
		if x.Domain == domain {
			parts[2] = append(parts[2], x)
		}
	}
	rng.Shuffle(len(parts[1]), func(i, j int) { parts[1][i], parts[1][j] = parts[1][j], parts[1][i] }) // of which as many choose as have room
	if err := p.use(parts, rng); err != nil {
		return nil, err
	}
	var err error
	if p.run.words, err = p.run.vocabulary(nil); err != nil {
		return nil, err
	}
	p.learnable()
	var few []lm.Example
	for _, lang := range because.Langs { // half of each language
		mine := slices.DeleteFunc(slices.Clone(own), func(x Pair) bool { return x.Lang != lang })
		if len(mine) < t.o.Examples/2 {
			return nil, because.Errorf(because.ErrInvalid, "There are only %d texts of %s to tune on: write for more with --readers.", len(own), domain)
		}
		rng.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
		few = append(few, examplesOf(p.run.words, mine[:t.o.Examples/2])...)
	}
	rng.Shuffle(len(few), func(i, j int) { few[i], few[j] = few[j], few[i] })
	choosing := len(few) / 10
	p.few, p.chosen = few[choosing:], few[:choosing]
	return &p, nil
}

// transferred measures a generator on the domain that was left out; at is 0 before the tuning and 1 after.
func (g *proofGenerator) transferred(ctx context.Context, temperature float32, at int, kept *transferKept) error {
	cells, err := g.cell(ctx, temperature)
	if err != nil {
		return err
	}
	examples := make([]lm.Example, len(g.test))
	for i, w := range g.test {
		examples[i] = example(g.run.words, g.pairs[w])
	}
	losses, err := g.generator.LogProbs(ctx, examples)
	if err != nil {
		return err
	}
	c := cells[0]
	seen := map[because.Lang]int{}
	for i, w := range g.test {
		x, text := g.pairs[w], &kept.Texts[i]
		text.User, text.Lang, text.Tokens = x.User, x.Lang, len(losses[i])
		for _, l := range losses[i] {
			text.Nats[at] -= float64(l)
		}
		text.Refused[at] = c.Unsupported[x.Lang][seen[x.Lang]] > 0
		seen[x.Lang]++
	}
	for lang, r := range kept.Results {
		s := c.Scores[lang]
		*r.side(at) = TransferScores{Texts: s.Texts, Words: s.Words, Characters: s.Characters, Fresh: s.fresh(), GRU: s.GRU, Claims: s.Claims, Unsupported: s.Unsupported}
	}
	return nil
}

func (r *TransferResult) side(at int) *TransferScores {
	if at == 0 {
		return &r.Before
	}
	return &r.After
}

// compare fills what is measured text by text, and what changed.
func (r *TransferResult) compare(texts []transferText, seed uint64) {
	byReader := func(f func(transferText) []float64) Interval {
		groups := map[string][]float64{}
		for _, x := range texts {
			groups[x.User] = append(groups[x.User], f(x)...)
		}
		var out [][]float64
		for _, u := range slices.Sorted(maps.Keys(groups)) {
			out = append(out, groups[u])
		}
		return eval.BootstrapGroups(out, 0, seed)
	}
	perToken := func(x transferText, nats float64) []float64 {
		return slices.Repeat([]float64{nats / float64(x.Tokens)}, x.Tokens)
	}
	for at := range 2 {
		s := r.side(at)
		s.Loss = byReader(func(x transferText) []float64 { return perToken(x, x.Nats[at]) })
		s.Refused = byReader(func(x transferText) []float64 { return []float64{one(x.Refused[at])} })
	}
	c := &r.Change
	c.Loss = byReader(func(x transferText) []float64 { return perToken(x, x.Nats[1]-x.Nats[0]) })
	c.Refused = byReader(func(x transferText) []float64 { return []float64{one(x.Refused[1]) - one(x.Refused[0])} })
	c.Fresh = r.After.Fresh.Mean - r.Before.Fresh.Mean
	c.Unsupported, c.AtMost = moreUnsupported(r.After.counts(), r.Before.counts())
	c.Held = c.Loss.High < 0 && c.Fresh < 0 && c.Refused.High <= proofUnsupported
}

func (s TransferScores) counts() [2]float64 {
	return [2]float64{float64(s.Unsupported), float64(s.Claims)}
}

// allDomains adds up the counts of the domains, and takes the means of the discriminators.
func allDomains(domains []TransferDomain, lang because.Lang) *TransferResult {
	var out TransferResult
	for at := range 2 {
		var all []ProofScores
		var fresh Interval
		for _, d := range domains {
			x := d.Results[lang].side(at)
			all = append(all, ProofScores{Texts: x.Texts, Words: x.Words, Characters: x.Characters, GRU: x.GRU, Claims: x.Claims, Unsupported: x.Unsupported})
			fresh.Mean, fresh.N = fresh.Mean+x.Fresh.Mean/float64(len(domains)), fresh.N+x.Fresh.N
		}
		m := meanScores(all)
		*out.side(at) = TransferScores{Texts: m.Texts, Words: m.Words, Characters: m.Characters, Fresh: fresh, GRU: m.GRU, Claims: m.Claims, Unsupported: m.Unsupported}
	}
	return &out
}

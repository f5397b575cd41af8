package synth

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"because"
	"because/internal/pack"
)

// A domain is a world file with the items made of it.
type domain struct {
	name   string
	f      *worldFile
	p      *pack.Pack
	cats   []string // sorted
	items  []because.Item
	facts  []fact // one per item
	truth  *DomainTruth
	stated []string // profile fields that have a term, sorted

	featureID map[string]int     // of every feature that an item has
	all       sampler            // items by how much they are seen
	byCat     []sampler          // the same, by index into cats
	queries   [][]query          // by index into cats
	repeated  []string           // categories whose names ran out
	named     map[string]mention // by category, language and wording; filled while generating
}

// A fact is what choosing needs to know of an item.
type fact struct {
	cat        int     // index into cats
	seen       float64 // how much it is shown
	popularity float64 // its term of utility that is the same for everybody
	quality    float64 // mean of its reviews, standard normal
	ids        []int   // features
	xs         []float64
	price      float64 // standard deviations
	priced     bool
}

func newDomain(f *worldFile, p *pack.Pack) *domain {
	d := &domain{name: f.Domain, f: f, p: p, cats: slices.Sorted(maps.Keys(f.Categories)), featureID: map[string]int{}, named: map[string]mention{}}
	d.truth = &DomainTruth{Fields: map[string]Moments{}, Prices: map[string]Moments{}, Contexts: f.Contexts, Profile: map[string]ProfileIs{}}
	for _, name := range slices.Sorted(maps.Keys(f.Profile)) {
		meets := p.Profile[name].Meets
		if meets.Field == "" && len(f.Profile[name].SomeOfCategories) > 0 {
			meets = pack.Meets{Field: "category", How: "overlaps"}
		}
		if u := f.Profile[name].Utility; u != 0 && meets.Field != "" {
			d.truth.Profile[name] = ProfileIs{meets.Field, meets.How, u}
			d.stated = append(d.stated, name)
		}
	}
	return d
}

func (d *domain) share() float64 {
	if d.f.Share == 0 {
		return 1
	}
	return d.f.Share
}

// stock makes n items.
func (d *domain) stock(o Options, n int) {
	taken := map[string]bool{}
	d.byCat = make([]sampler, len(d.cats))
	i := 0
	for c, count := range d.split(n) {
		for range count {
			d.item(o, i, c, taken)
			i++
		}
	}
	d.measure()
	for i := range d.items {
		d.know(i)
	}
	d.ask()
}

// split is how many of n items each category has: by weight, but no more of what has titles of its own than there are
// titles, as long as other categories can take the rest.
func (d *domain) split(n int) []int {
	weight, room, out := make([]float64, len(d.cats)), make([]int, len(d.cats)), make([]int, len(d.cats))
	for i, c := range d.cats {
		cat := d.f.Categories[c]
		if weight[i] = cat.Weight; weight[i] == 0 {
			weight[i] = 1
		}
		room[i] = n
		if !slices.ContainsFunc(cat.Names[because.Chinese], func(s string) bool { return s != "{title}" }) {
			room[i] = len(cat.Titles)
		}
	}
	for left := n; left > 0; {
		open := slices.Clone(weight)
		for i := range open {
			if out[i] >= room[i] {
				open[i] = 0
			}
		}
		if slices.Max(open) == 0 { // every title is used: the rest have numbers behind them
			for i, k := range apportion(left, weight) {
				out[i] += k
			}
			break
		}
		for i, k := range apportion(left, open) {
			k = min(k, room[i]-out[i])
			if open[i] > 0 {
				out[i] += k
				left -= k
			}
		}
	}
	return out
}

// item makes the i-th item of the domain.
func (d *domain) item(o Options, i, c int, taken map[string]bool) {
	r := stream(o.Seed, "item "+d.name, i)
	cat := d.f.Categories[d.cats[c]]
	it := because.Item{
		ID: id(d.name, i+1, 4), Domain: d.name, Categories: []string{d.cats[c]}, Attributes: map[string]because.Value{},
		Updated: o.Now,
	}
	for _, a := range slices.Sorted(maps.Keys(cat.Attributes)) {
		if v := cat.Attributes[a].draw(r); !v.IsZero() {
			it.Attributes[a] = v
		}
	}
	if len(cat.Price) == 2 {
		it.Price = retail(cat.Price[0]*math.Pow(cat.Price[1]/cat.Price[0], r.Float64()), cat.Price)
		it.Currency = "CNY"
	}
	pop := r.NormFloat64()
	d.facts = append(d.facts, fact{cat: c, seen: math.Exp(.8 * pop), popularity: math.Round(.3*pop*1e4) / 1e4, quality: .5*pop + .8*r.NormFloat64()})
	it.Published = d.published(r, o)
	d.call(&it, cat, r, o.Lang, taken)
	it.Description = d.describe(&it, cat, r, o.Lang)
	for _, s := range slices.Sorted(maps.Keys(d.f.Series)) {
		spec := d.f.Series[s]
		if swing := it.Attributes[spec.Swing].Number; swing != nil {
			spec.Vol = *swing / 100 / math.Sqrt(365)
		}
		if r.Float64() < spec.Chance {
			if it.Series == nil {
				it.Series = map[string][]because.Point{}
			}
			it.Series[s] = spec.walk(r, o.Now, it.Published, base(r, s, it.Price, pop))
		}
	}
	it.Unavailable = r.Float64() < .03
	d.items = append(d.items, it)
}

// retail is a price as shops write it, inside bounds.
func retail(x float64, bounds []float64) float64 {
	switch {
	case x < 10:
		x = math.Round(x*10) / 10
	case x < 100:
		x = math.Round(x)
	case x < 1000:
		x = math.Round(x/10)*10 - 1
	default:
		x = math.Round(x/100)*100 - 1
	}
	return max(bounds[0], min(bounds[1], x))
}

// published is when an item came out: what stays of interest for good mostly before the period, what ages within it.
func (d *domain) published(r *rand.Rand, o Options) time.Time {
	days := float64(o.Days) * r.Float64()
	switch life := d.f.LifeDays; {
	case life > 0:
		days = (float64(o.Days) + life) * r.Float64()
	case r.Float64() < .8:
		days = float64(o.Days) + 900*r.Float64()
	}
	return o.Now.Add(-time.Duration(days*24*60) * time.Minute)
}

// call gives the item a name that no other of the domain has in either language.
func (d *domain) call(it *because.Item, cat category, r *rand.Rand, lang because.Lang, taken map[string]bool) {
	for range 80 {
		name, ok := d.tryName(it, cat, r)
		if ok && !taken["zh"+name.Zh] && !taken["en"+name.En] {
			taken["zh"+name.Zh], taken["en"+name.En] = true, true
			it.Name = both(name, lang)
			return
		}
	}
	d.repeated = append(d.repeated, it.Categories[0])
	for {
		name, ok := d.tryName(it, cat, r)
		if !ok {
			name = pair{d.p.Word(it.Categories[0], because.Chinese), d.p.Word(it.Categories[0], because.English)}
		}
		for k := 2; k < 12; k++ {
			n := pair{name.Zh + " " + strconv.Itoa(k), name.En + " " + strconv.Itoa(k)}
			if k == 11 {
				more := strconv.Itoa(100 + r.IntN(1<<20))
				n = pair{name.Zh + " " + more, name.En + " " + more}
			}
			if !taken["zh"+n.Zh] && !taken["en"+n.En] {
				taken["zh"+n.Zh], taken["en"+n.En] = true, true
				it.Name = both(n, lang)
				return
			}
		}
	}
}

// both is a text in both languages, or the plain one in lang.
func both(p pair, lang because.Lang) because.Text {
	if lang != "" {
		return because.Plain(p.in(lang))
	}
	return because.Text{because.Chinese: p.Zh, because.English: p.En}
}

// tryName tries one name.
func (d *domain) tryName(it *because.Item, cat category, r *rand.Rand) (pair, bool) {
	i := r.IntN(len(cat.Names[because.Chinese]))
	n := strconv.Itoa(2 + r.IntN(8))
	parts := map[string]pair{"n": {n, n}}
	for _, p := range []struct {
		hole string
		list []pair
	}{{"brand", d.f.Brands}, {"model", d.f.Models}, {"title", cat.Titles}} {
		if len(p.list) > 0 {
			parts[p.hole] = p.list[r.IntN(len(p.list))]
		}
	}
	say := func(lang because.Lang) (string, bool) {
		var value func(string) (string, bool)
		depth := 0
		value = func(hole string) (string, bool) {
			if p, ok := parts[hole]; ok && depth < 3 {
				depth++
				defer func() { depth-- }()
				return fill(p.in(lang), value)
			}
			return d.said(it, lang, hole)
		}
		return fill(cat.Names[lang][i], value)
	}
	zh, ok1 := say(because.Chinese)
	en, ok2 := say(because.English)
	return pair{strings.TrimSpace(zh), upper(strings.TrimSpace(en))}, ok1 && ok2
}

// upper is s with its first letter in upper case.
func upper(s string) string {
	if s != "" && 'a' <= s[0] && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// said is what stands for a hole that names an attribute, the price or the item. A flag that is not set has no wording.
func (d *domain) said(it *because.Item, lang because.Lang, hole string) (string, bool) {
	switch hole {
	case "name":
		return it.Name.In(lang), len(it.Name) > 0
	case "price":
		return d.p.Number(lang, it.Price, it.Currency), it.Price > 0
	case "category":
		return d.p.Word(it.Categories[0], lang), true
	}
	v, ok := it.Attributes[hole]
	if !ok || v.Flag != nil && !*v.Flag {
		return "", false
	}
	return d.p.Value(lang, hole, v), true
}

// describe joins three to five of the category's sentences.
func (d *domain) describe(it *because.Item, cat category, r *rand.Rand, only because.Lang) because.Text {
	text := because.Text{}
	for _, lang := range because.Langs {
		var said []string
		n := between(r, 3, 5)
		for _, i := range r.Perm(len(cat.Blurbs[lang])) {
			if len(said) == n {
				break
			}
			s, ok := fill(cat.Blurbs[lang][i], func(h string) (string, bool) { return d.said(it, lang, h) })
			if ok && d.apt(it, lang, cat.Blurbs[lang][i], 0) {
				said = append(said, s)
			}
		}
		if len(said) == 0 || only != "" && lang != only {
			continue
		}
		text[lang] = sentences(lang, said...)
	}
	switch {
	case len(text) == 0:
		return nil
	case only != "":
		return because.Plain(text[only])
	}
	return text
}

// base is the value at which a series ends: the price, people a day, or the net value of what began at 1.
func base(r *rand.Rand, series string, price, pop float64) float64 {
	switch {
	case series == "price" && price > 0:
		return price
	case series == "popularity":
		return math.Round(400 * math.Exp(.8*pop))
	}
	return math.Round(1.15*math.Exp(.2*r.NormFloat64())*1e3) / 1e3
}

// walk is a random walk with drift that ends at last: daily up to 92 days, else weekly, nothing before the item came
// out. Values have three significant decimals, whole numbers from 100 on.
func (s seriesSpec) walk(r *rand.Rand, now, published time.Time, last float64) []because.Point {
	days, step := s.Days, 1
	if days == 0 {
		days = 180
	}
	if days > 92 {
		step = 7
	}
	var out []because.Point
	x := last
	for day := 0; day <= days; day += step {
		at := now.AddDate(0, 0, -day)
		if at.Before(published) {
			break
		}
		v := math.Round(x*1000) / 1000
		if x >= 100 {
			v = math.Round(x)
		}
		if day == 0 {
			v = last
		}
		out = append(out, because.Point{At: at, Value: v})
		x /= math.Exp(float64(step)*s.Drift + math.Sqrt(float64(step))*s.Vol*r.NormFloat64())
	}
	slices.Reverse(out)
	return out
}

// measure finds the moments of every numeric field and of prices.
func (d *domain) measure() {
	fields, prices := map[string][]float64{}, map[string][]float64{}
	for i := range d.items {
		it := &d.items[i]
		for a, v := range it.Attributes {
			if v.Number != nil {
				fields[a] = append(fields[a], *v.Number)
			}
		}
		if it.Price > 0 {
			prices[it.Categories[0]] = append(prices[it.Categories[0]], math.Log(it.Price))
		}
	}
	for k, xs := range fields {
		d.truth.Fields[k] = moments(xs)
	}
	for k, xs := range prices {
		d.truth.Prices[k] = moments(xs)
	}
}

func moments(xs []float64) Moments {
	mean, ss := 0.0, 0.0
	for _, x := range xs {
		mean += x
	}
	mean /= float64(len(xs))
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	return Moments{mean, math.Sqrt(ss / float64(len(xs)))}
}

// know completes the fact of an item once the moments are known.
func (d *domain) know(i int) {
	f := &d.facts[i]
	for _, x := range d.truth.features(d.items[i]) {
		k, ok := d.featureID[x.name]
		if !ok {
			k = len(d.featureID)
			d.featureID[x.name] = k
		}
		f.ids, f.xs = append(f.ids, k), append(f.xs, x.x)
	}
	f.price, f.priced = d.truth.price(d.items[i])
	d.all.add(i, f.seen)
	d.byCat[f.cat].add(i, f.seen)
}

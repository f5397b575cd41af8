package synth

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
)

// A Persona is a person with a name that every world has, for demos and tests.
type Persona struct {
	ID      string
	Name    string
	Lang    because.Lang
	Domains []string // where the person is active, as far as the world has them
	Kind    PersonaKind
}

// A PersonaKind says what a persona shows.
type PersonaKind string

const (
	Warm       PersonaKind = "warm"       // much history, every consent given
	New        PersonaKind = "new"        // three interactions
	Impersonal PersonaKind = "impersonal" // personalisation is switched off
	Withheld   PersonaKind = "withheld"   // no consent that a profile field or a sensitive kind of evidence needs
)

// Personas are the people that every world has, the first users of it.
func Personas() []Persona {
	return []Persona{
		{"u_lin", "林悦 Lin Yue", because.Chinese, []string{"shop", "entertainment"}, Warm},
		{"u_chen", "陈默 Chen Mo", because.Chinese, []string{"news", "education"}, Warm},
		{"u_wang", "王珂 Wang Ke", because.Chinese, []string{"entertainment", "shop"}, Warm},
		{"u_zhao", "赵宁 Zhao Ning", because.Chinese, []string{"finance", "news"}, Warm},
		{"u_sun", "孙晓 Sun Xiao", because.Chinese, []string{"health", "travel"}, Warm},
		{"u_li", "李想 Li Xiang", because.Chinese, []string{"education", "entertainment"}, Warm},
		{"u_zhou", "周游 Zhou You", because.Chinese, []string{"travel", "shop"}, Warm},
		{"u_emma", "艾玛 Emma Hughes", because.English, []string{"shop", "travel"}, Warm},
		{"u_noah", "诺亚 Noah Weber", because.English, []string{"entertainment", "news"}, Warm},
		{"u_xu", "许新 Xu Xin", because.Chinese, []string{"shop", "news"}, New},
		{"u_he", "何静 He Jing", because.Chinese, []string{"shop", "entertainment", "travel"}, Impersonal},
		{"u_gu", "顾言 Gu Yan", because.Chinese, []string{"health", "finance", "shop"}, Withheld},
	}
}

// A person is a user as the simulation needs it.
type person struct {
	budget  int       // interactions
	joined  time.Time // nothing happens before
	domains []active
	parts   [5]float64 // how likely each part of the day is, in the order of partNames
	devices [3]float64 // phone, desktop, tablet
}

// An active is a domain that a person turns to.
type active struct {
	d     *domain
	share float64
	taste *Taste
	end   []float64 // Taste.Weights by feature
	drift []float64
}

var partNames = [5]string{"night", "morning", "noon", "afternoon", "evening"}

// populate makes the users with their tastes.
func (w *World) populate() {
	personas := Personas()
	activity := make([]float64, w.o.Users)
	fixed := 0
	w.people = make([]*person, w.o.Users)
	w.Users = make([]because.User, w.o.Users)
	for i := range w.o.Users {
		r := stream(w.o.Seed, "user", i)
		activity[i] = math.Exp(.6 * r.NormFloat64())
		var who *Persona
		if i < len(personas) {
			who = &personas[i]
			activity[i] = 1.5
		}
		w.user(r, i, who)
		if who != nil && who.Kind == New {
			activity[i] = 0
			w.people[i].budget = min(3, w.o.Interactions)
			fixed += w.people[i].budget
		}
	}
	for i, n := range apportion(w.o.Interactions-fixed, activity) {
		if activity[i] > 0 {
			w.people[i].budget = n
		}
	}
}

// user makes the i-th user, who is somebody known or anybody.
func (w *World) user(r *rand.Rand, i int, who *Persona) {
	u := because.User{ID: id("u", i+1, 5), Profile: map[string]because.Value{}, Consents: map[string]bool{}, Updated: w.o.Now}
	u.Lang = because.Langs[r.IntN(2)]
	if who != nil {
		u.Lang = who.Lang
	}
	if w.o.Lang != "" {
		u.Lang = w.o.Lang
	}
	u.Name = fullName(r, u.Lang)
	p := &person{joined: w.Truth.From}
	if r.Float64() < .3 {
		p.joined = w.Truth.From.AddDate(0, 0, r.IntN(max(1, w.o.Days*2/3)))
	}
	wanted := []string(nil)
	if who != nil {
		u.ID, u.Name, wanted = who.ID, who.Name, who.Domains
		p.joined = w.Truth.From
		if who.Kind == New {
			p.joined = w.Truth.To.AddDate(0, 0, -2)
		}
	}
	for k := range p.parts {
		p.parts[k] = [5]float64{.05, .22, .14, .22, .37}[k] * math.Exp(.4*r.NormFloat64())
	}
	for k := range p.devices {
		p.devices[k] = [3]float64{.62, .26, .12}[k] * math.Exp(.5*r.NormFloat64())
	}
	truth := &UserTruth{Profile: u.Profile, Tastes: map[string]*Taste{}}
	for k, d := range w.choose(r, wanted) {
		d.state(r, u.Profile, nil) // first what decides what suits the person, then what they like of that
		t := d.taste(r, u.Profile)
		d.state(r, u.Profile, t)
		d.record(u)
		truth.Tastes[d.name] = t
		p.domains = append(p.domains, active{d: d, share: [3]float64{1, .6, .35}[k], taste: t})
	}
	w.consent(r, &u, p, who)
	for k := range p.domains {
		p.domains[k].compile()
	}
	u.Impersonal = who != nil && who.Kind == Impersonal || who == nil && r.Float64() < .02
	w.Users[i], w.people[i], w.Truth.Users[u.ID] = u, p, truth
}

// choose takes one to three domains: those wanted that there are, else any by their share.
func (w *World) choose(r *rand.Rand, wanted []string) []*domain {
	var out []*domain
	for _, name := range wanted {
		if i := slices.IndexFunc(w.domains, func(d *domain) bool { return d.name == name && len(d.items) > 0 }); i >= 0 {
			out = append(out, w.domains[i])
		}
	}
	if len(out) > 0 {
		return out
	}
	share := make([]float64, len(w.domains))
	there := 0
	for i, d := range w.domains {
		if len(d.items) > 0 {
			share[i] = d.share()
			there++
		}
	}
	for n := 1 + pick(r, []float64{.5, .35, .15}); n > 0 && there > 0; n-- {
		i := pick(r, share)
		share[i] = 0
		there--
		out = append(out, w.domains[i])
	}
	return out
}

// taste draws what a person likes in the domain: few things, and those clearly, so that behaviour tells them; hardly a
// kind of item that does not suit the person.
func (d *domain) taste(r *rand.Rand, profile map[string]because.Value) *Taste {
	t := &Taste{Weights: map[string]Weight{}}
	spread := d.f.Tastes
	if spread.Category == 0 {
		spread.Category = 1
	}
	weight := make([]float64, len(d.cats))
	for i := range d.cats {
		some := d.byCat[i].index
		if len(some) == 0 {
			continue
		}
		weight[i] = math.Sqrt(float64(len(some)))
		some = some[:min(40, len(some))] // the first tell enough of a category
		suit := 0.0
		for _, k := range some {
			if d.suits(&d.items[k], profile) {
				suit++
			}
		}
		share := suit / float64(len(some))
		weight[i] *= share*share + .005
	}
	var liked []int
	for n := min(1+pick(r, []float64{.35, .4, .25}), len(d.cats)); n > 0; n-- {
		i := pick(r, weight)
		if weight[i] == 0 {
			break
		}
		weight[i] = 0
		liked = append(liked, i)
		x := spread.Category * (1.8 + .8*r.Float64())
		drift := .3 * spread.Category * r.NormFloat64()
		if len(liked) > 1 && r.Float64() < .3 { // a liking that came up within the period
			drift = x
		}
		t.Weights["category:"+d.cats[i]] = Weight{round(x), round(drift)}
	}
	if i := pick(r, weight); weight[i] > 0 && r.Float64() < .4 {
		t.Weights["category:"+d.cats[i]] = Weight{End: round(-1.2 * spread.Category)}
	}
	d.likeFields(r, t, liked)
	t.Price.Level = round(max(-1.3, min(1.3, .8*r.NormFloat64())))
	if r.Float64() < .7 {
		t.Price.Weight = round(spread.Price * (1.2 + .8*r.Float64()))
	}
	if len(liked) > 0 && r.Float64() < .6 {
		t.Contexts = []Rule{ownRule(r, d.cats[liked[0]])}
	}
	return t
}

// suits reports whether no number of the profile speaks against the item.
func (d *domain) suits(it *because.Item, profile map[string]because.Value) bool {
	return !slices.ContainsFunc(d.stated, func(name string) bool { return d.truth.Profile[name].term(profile[name], *it) < 0 })
}

// likeFields draws one numeric field and one or two words among those that the liked categories have.
func (d *domain) likeFields(r *rand.Rand, t *Taste, liked []int) {
	var numbers, wordy []string
	for _, f := range slices.Sorted(maps.Keys(d.f.Tastes.Fields)) {
		for _, i := range liked {
			s, ok := d.f.Categories[d.cats[i]].Attributes[f]
			if !ok {
				continue
			}
			if s.From != nil {
				numbers = append(numbers, f)
			} else {
				wordy = append(wordy, f)
			}
			break
		}
	}
	spread := func(fs []string) []float64 {
		out := make([]float64, len(fs))
		for i, f := range fs {
			out[i] = d.f.Tastes.Fields[f]
		}
		return out
	}
	if len(numbers) > 0 && r.Float64() < .85 {
		f := numbers[pick(r, spread(numbers))]
		x := d.f.Tastes.Fields[f] * (1.2 + .6*r.Float64())
		if better := d.p.Fields[f].Better; better == "less" || better == "" && r.Float64() < .5 {
			x = -x
		}
		t.Weights["field:"+f] = Weight{round(x), round(.15 * r.NormFloat64())}
	}
	weights := spread(wordy)
	for n := min(1+r.IntN(2), len(wordy)); n > 0; n-- {
		i := pick(r, weights)
		f := wordy[i]
		weights[i] = 0
		x := d.f.Tastes.Fields[f] * (1.8 + .8*r.Float64())
		if word := d.anyWord(r, f, liked); word != "" {
			t.Weights["attribute:"+f+"="+word] = Weight{round(x), round(.2 * r.NormFloat64())}
		}
	}
}

// anyWord is a word that items of the liked categories have in a field, "true" of a flag.
func (d *domain) anyWord(r *rand.Rand, f string, liked []int) string {
	var all words
	for _, i := range liked {
		s, ok := d.f.Categories[d.cats[i]].Attributes[f]
		if !ok {
			continue
		}
		if s.Chance != nil {
			return "true"
		}
		for _, w := range []words{s.OneOf, s.SomeOf} {
			all.keys, all.weights = append(all.keys, w.keys...), append(all.weights, w.weights...)
		}
	}
	if len(all.keys) == 0 {
		return ""
	}
	return all.keys[pick(r, all.weights)]
}

// ownRule is a habit of one's own: a category at a part of the day, at weekends, on a device.
func ownRule(r *rand.Rand, category string) Rule {
	rule := Rule{Categories: []string{category}, Boost: 1.5}
	switch r.IntN(6) {
	case 0, 1, 2:
		rule.Part = []string{[]string{"morning", "noon", "afternoon", "evening"}[r.IntN(4)]}
	case 3:
		weekday := r.Float64() < .5
		rule.Weekday = &weekday
	case 4:
		rule.Device = []string{[]string{"phone", "desktop", "tablet"}[r.IntN(3)]}
	case 5:
		rule.Place = []string{[]string{"home", "work", "commute"}[r.IntN(3)]}
	}
	return rule
}

// record gives the user the numbers of the records that their profile rests on.
func (d *domain) record(u because.User) {
	for name, spec := range d.f.Profile {
		if spec.Number != "" {
			u.Profile[name] = because.Words(spec.Number + "-" + u.ID)
		}
	}
}

// state draws what the person says of themselves in the domain: without a taste what does not depend on it, with one the
// rest. What another domain's profile already said is extended by words, and else stays.
func (d *domain) state(r *rand.Rand, profile map[string]because.Value, t *Taste) {
	for _, name := range slices.Sorted(maps.Keys(d.f.Profile)) {
		spec := d.f.Profile[name]
		if spec.Number != "" {
			continue
		}
		if byTaste := len(spec.SomeOfCategories) == 2 || name == "budget" && spec.From != nil; byTaste != (t != nil) {
			continue
		}
		var v because.Value
		switch {
		case len(spec.SomeOfCategories) == 2:
			v = because.Words(d.likedFirst(r, t, between(r, spec.SomeOfCategories[0], spec.SomeOfCategories[1]))...)
		case name == "budget" && spec.From != nil:
			mid := math.Sqrt(*spec.From * *spec.To)
			v = because.Num(spec.snap(mid*math.Pow(*spec.To / *spec.From, .25*t.Price.Level+.1)), "")
		default:
			v = spec.draw(r)
		}
		old, had := profile[name]
		switch {
		case v.IsZero():
		case !had:
			profile[name] = v
		case len(old.Words) > 0 && len(v.Words) > 0:
			for _, w := range v.Words {
				if !old.Is(w) {
					old.Words = append(slices.Clone(old.Words), w)
				}
			}
			profile[name] = old
		}
	}
}

// likedFirst are n categories of which people would say that they interest them: mostly those that they like.
func (d *domain) likedFirst(r *rand.Rand, t *Taste, n int) []string {
	weights := make([]float64, len(d.cats))
	for i, c := range d.cats {
		weights[i] = .05
		if w := t.Weights["category:"+c].End; w > 0 {
			weights[i] = w
		} else if w < 0 {
			weights[i] = 0
		}
	}
	return some(r, words{d.cats, weights}, min(n, len(d.cats)))
}

// consent draws each consent by name: by the share that the world names for the profile fields that need it; of the
// others most leave what the pack presumes.
func (w *World) consent(r *rand.Rand, u *because.User, p *person, who *Persona) {
	shares := map[string][]float64{} // by consent; empty where no profile field says
	sensitive := map[string]bool{}
	presumed := map[string]bool{}
	for _, a := range p.domains {
		for name, c := range a.d.p.Consent {
			shares[name] = append(shares[name], nil...)
			presumed[name] = c.Default
		}
		for name, spec := range a.d.f.Profile {
			if c := a.d.p.Profile[name].Consent; c != "" && spec.Number == "" {
				shares[c] = append(shares[c], spec.Consent)
				sensitive[c] = true
			}
		}
		for _, k := range a.d.p.Kinds {
			if k.Sensitive && k.Consent != "" {
				sensitive[k.Consent] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(shares)) {
		x := r.Float64()
		slices.Sort(shares[name])
		switch list := shares[name]; {
		case who != nil && who.Kind == Withheld:
			if sensitive[name] {
				u.Consents[name] = false
			}
		case who != nil:
			u.Consents[name] = true
		case len(list) > 0:
			sum := 0.0
			for _, s := range list {
				sum += s
			}
			u.Consents[name] = x < sum/float64(len(list))
		case presumed[name] && x < .04:
			u.Consents[name] = false
		case !presumed[name] && x < .5:
			u.Consents[name] = true
		}
	}
}

// compile lays the weights out by feature.
func (a *active) compile() {
	a.end, a.drift = make([]float64, len(a.d.featureID)), make([]float64, len(a.d.featureID))
	for name, w := range a.taste.Weights {
		if k, ok := a.d.featureID[name]; ok {
			a.end[k], a.drift[k] = w.End, w.Drift
		}
	}
}

func round(x float64) float64 { return math.Round(x*1e3) / 1e3 }

// fullName is an invented person's name as its language writes it.
func fullName(r *rand.Rand, lang because.Lang) string {
	of := func(s string) string { all := strings.Fields(s); return all[r.IntN(len(all))] }
	if lang == because.English {
		return of("Alice Ben Clara Daniel Edith Felix Grace Henry Iris James Kate Leo Mia Nora Oscar Paul Quinn Rose Sam Tess Uma Victor Wendy Zoe") + " " +
			of("Adler Brook Carver Dale Ellis Frost Grant Hale Irving Jarvis Keane Lowe Marsh Nolan Ortiz Price Reed Stone Turner Vance Wells York")
	}
	return of("赵 钱 孙 李 周 吴 郑 王 冯 陈 蒋 沈 韩 杨 朱 秦 许 何 吕 张 曹 严 金 魏 陶 姜 谢 邹 喻 柏") +
		of("安 宁 晨 雨 一 书 子 文 思 若 嘉 明 景 清 知 乐 亦 予 可 念") + of("然 涵 远 桐 航 禾 言 溪 宁 阳 舟 霖 岚 墨 月 川 悦 青 林 白")
}

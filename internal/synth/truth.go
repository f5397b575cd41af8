package synth

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"because"
)

// Truth is why everybody in a world does what they do. Only evaluation may read it.
type Truth struct {
	From, To   time.Time // the period
	Domains    map[string]*DomainTruth
	Popularity map[string]float64 // the term of an item that is the same for everybody
	Users      map[string]*UserTruth
}

// DomainTruth is what holds for everybody in a domain.
type DomainTruth struct {
	Fields   map[string]Moments   `json:"fields,omitempty"`   // of each numeric field over the domain's items
	Prices   map[string]Moments   `json:"prices,omitempty"`   // of the logarithm of the price, by category
	Contexts []Rule               `json:"contexts,omitempty"` // who turns to what when
	Profile  map[string]ProfileIs `json:"profile,omitempty"`  // by profile field
}

// Moments are a mean and a standard deviation.
type Moments struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
}

// z is how many standard deviations x is above the mean, within ±2.5.
func (m Moments) z(x float64) float64 {
	if m.SD == 0 {
		return 0
	}
	return max(-2.5, min(2.5, (x-m.Mean)/m.SD))
}

// ProfileIs says what a profile field does to the utility of an item that meets it: plus Utility where a word is in
// common ("overlaps"); for "at_most" and "at_least" half of that when met, and minus twice of it when not.
type ProfileIs struct {
	Field   string  `json:"field"` // an item field, or "category"
	How     string  `json:"how"`
	Utility float64 `json:"utility"`
}

// A Rule adds Boost to the utility of items of some categories in circumstances that meet all its conditions. Empty
// conditions are always met; a rule has at least one that is not.
type Rule struct {
	Part       []string `yaml:"part" json:"part,omitempty"`       // see because.PartOfDay
	Weekday    *bool    `yaml:"weekday" json:"weekday,omitempty"` // false: Saturday and Sunday
	Device     []string `yaml:"device" json:"device,omitempty"`
	Place      []string `yaml:"place" json:"place,omitempty"`
	Categories []string `yaml:"categories" json:"categories,omitempty"` // empty: all of the domain
	Boost      float64  `yaml:"boost" json:"boost"`
}

// met reports whether c meets the rule's conditions.
func (r *Rule) met(c because.Context) bool {
	within := func(have string, wanted []string) bool { return len(wanted) == 0 || slices.Contains(wanted, have) }
	return within(because.PartOfDay(c.At.Hour()), r.Part) &&
		(r.Weekday == nil || *r.Weekday == (weekday(c.At) == "weekday")) &&
		within(c.Device, r.Device) && within(c.Place, r.Place)
}

// features are the names of the circumstances that the rule is about as c has them.
func (r *Rule) features(c because.Context) []string {
	var fs []string
	if len(r.Part) > 0 {
		fs = append(fs, "context:hour="+because.PartOfDay(c.At.Hour()))
	}
	if r.Weekday != nil {
		fs = append(fs, "context:day="+weekday(c.At))
	}
	if len(r.Device) > 0 {
		fs = append(fs, "context:device="+c.Device)
	}
	if len(r.Place) > 0 {
		fs = append(fs, "context:place="+c.Place)
	}
	return fs
}

func weekday(t time.Time) string {
	if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
		return "weekend"
	}
	return "weekday"
}

// of reports whether the rule is about one of the categories.
func (r *Rule) of(categories []string) bool {
	return len(r.Categories) == 0 || slices.ContainsFunc(categories, func(c string) bool { return slices.Contains(r.Categories, c) })
}

// UserTruth is one user's reasons.
type UserTruth struct {
	Profile map[string]because.Value `json:"profile,omitempty"` // as it is, whatever the user consents to
	Tastes  map[string]*Taste        `json:"tastes"`            // by domain
}

// A Taste is what one user likes in one domain.
type Taste struct {
	Weights  map[string]Weight `json:"weights"` // by term name: "category:tea", "attribute:origin=fujian", "field:battery" (a standard deviation)
	Price    PriceTaste        `json:"price"`
	Contexts []Rule            `json:"contexts,omitempty"` // the user's own, on top of the domain's
}

// A Weight is a liking at the end of the period and how much it grew in it, evenly.
type Weight struct {
	End   float64 `json:"end"`
	Drift float64 `json:"drift,omitempty"`
}

// A PriceTaste is a price level (standard deviations of the logarithm from the category's mean) and how much being
// close to it matters.
type PriceTaste struct {
	Level  float64 `json:"level"`
	Weight float64 `json:"weight"`
}

// term is Weight at the level, falling to -Weight/2 far from it; the mean over a normal spread is about 0.
func (p PriceTaste) term(z float64) float64 {
	d := (z - p.Level) / .8
	return p.Weight * (1.5*math.Exp(-d*d/2) - .5)
}

// A Term is a named part of a utility. Names are those of contributions: "category:tea", "attribute:origin=fujian",
// "field:battery" (a numeric field), "price:", "context:hour=evening" (or day=, device=, place=), "profile:interests",
// "popularity:".
type Term struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Terms are the parts of what an item is worth to a user in circumstances c, the largest in size first; together they
// are the utility that choices were made by. A context without a time means the end of the period, outside all rules on hour and day.
// The term "popularity:" is the same for everybody. A rule with several conditions is shared evenly among them.
func (t *Truth) Terms(user string, item because.Item, c because.Context) []Term {
	sum := map[string]float64{}
	sum["popularity:"] = t.Popularity[item.ID]
	d := t.Domains[item.Domain]
	if d == nil {
		return sorted(sum)
	}
	d.addContext(sum, d.Contexts, item, c)
	u := t.Users[user]
	if u == nil {
		return sorted(sum)
	}
	for name, p := range d.Profile {
		sum["profile:"+name] += p.term(u.Profile[name], item)
	}
	taste := u.Tastes[item.Domain]
	if taste == nil {
		return sorted(sum)
	}
	at := t.fraction(c.At)
	for _, f := range d.features(item) {
		if w, ok := taste.Weights[f.name]; ok {
			sum[f.name] += w.at(at) * f.x
		}
	}
	if z, ok := d.price(item); ok {
		sum["price:"] = taste.Price.term(z)
	}
	d.addContext(sum, taste.Contexts, item, c)
	return sorted(sum)
}

// Utility is the sum of the terms.
func (t *Truth) Utility(user string, item because.Item, c because.Context) float64 {
	u := 0.0
	for _, term := range t.Terms(user, item, c) {
		u += term.Value
	}
	return u
}

// sorted are the terms that are not 0, the largest in size first.
func sorted(sum map[string]float64) []Term {
	var out []Term
	for _, name := range slices.Sorted(maps.Keys(sum)) {
		if sum[name] != 0 {
			out = append(out, Term{name, sum[name]})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return math.Abs(out[i].Value) > math.Abs(out[j].Value) })
	return out
}

// addContext adds what the rules say of the item in c.
func (d *DomainTruth) addContext(sum map[string]float64, rules []Rule, item because.Item, c because.Context) {
	for i := range rules {
		r := &rules[i]
		if !r.of(item.Categories) || !r.met(c) || c.At.IsZero() && (len(r.Part) > 0 || r.Weekday != nil) {
			continue
		}
		fs := r.features(c)
		for _, f := range fs {
			sum[f] += r.Boost / float64(len(fs))
		}
	}
}

// fraction is where in the period a time is, in [0, 1]; 1 for the zero time.
func (t *Truth) fraction(at time.Time) float64 {
	if at.IsZero() || !t.To.After(t.From) {
		return 1
	}
	return max(0, min(1, float64(at.Sub(t.From))/float64(t.To.Sub(t.From))))
}

// at is the weight at a fraction of the period.
func (w Weight) at(fraction float64) float64 { return w.End - w.Drift*(1-fraction) }

// A feature is something of an item that a liking may be of.
type feature struct {
	name string
	x    float64
}

// features are the categories, words and flags of an item as 1, and its numbers in standard deviations.
func (d *DomainTruth) features(item because.Item) []feature {
	var fs []feature
	for _, c := range item.Categories {
		fs = append(fs, feature{"category:" + c, 1})
	}
	for _, f := range slices.Sorted(maps.Keys(item.Attributes)) {
		v := item.Attributes[f]
		switch {
		case v.Number != nil:
			fs = append(fs, feature{"field:" + f, d.Fields[f].z(*v.Number)})
		case v.Flag != nil:
			fs = append(fs, feature{fmt.Sprintf("attribute:%s=%t", f, *v.Flag), 1})
		default:
			for _, w := range v.Words {
				fs = append(fs, feature{"attribute:" + f + "=" + w, 1})
			}
		}
	}
	return fs
}

// price is the item's price in standard deviations of its category, and whether it has one.
func (d *DomainTruth) price(item because.Item) (float64, bool) {
	if item.Price <= 0 || len(item.Categories) == 0 {
		return 0, false
	}
	m, ok := d.Prices[item.Categories[0]]
	return m.z(math.Log(item.Price)), ok
}

// term is what the item is worth more or less because of a profile value.
func (p ProfileIs) term(v because.Value, item because.Item) float64 {
	if v.IsZero() {
		return 0
	}
	if p.How == "overlaps" {
		have := item.Categories
		if p.Field != "category" {
			have = item.Attributes[p.Field].Words
		}
		if slices.ContainsFunc(v.Words, func(w string) bool { return slices.Contains(have, w) }) {
			return p.Utility
		}
		return 0
	}
	x := item.Attributes[p.Field].Number
	if x == nil || v.Number == nil {
		return 0
	}
	if p.How == "at_most" && *x <= *v.Number || p.How == "at_least" && *x >= *v.Number {
		return p.Utility / 2
	}
	return -2 * p.Utility
}

// truthLine is one line of truth.jsonl: the period, a domain, an item or a user.
type truthLine struct {
	From       *time.Time   `json:"from,omitempty"`
	To         *time.Time   `json:"to,omitempty"`
	Domain     string       `json:"domain,omitempty"`
	Is         *DomainTruth `json:"is,omitempty"`
	Item       string       `json:"item,omitempty"`
	Popularity float64      `json:"popularity,omitempty"`
	User       string       `json:"user,omitempty"`
	*UserTruth
}

// write hands on every line, in the order of IDs.
func (t *Truth) write(line func(any) error) error {
	if err := line(truthLine{From: &t.From, To: &t.To}); err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(t.Domains)) {
		if err := line(truthLine{Domain: k, Is: t.Domains[k]}); err != nil {
			return err
		}
	}
	for _, k := range slices.Sorted(maps.Keys(t.Popularity)) {
		if err := line(truthLine{Item: k, Popularity: t.Popularity[k]}); err != nil {
			return err
		}
	}
	for _, k := range slices.Sorted(maps.Keys(t.Users)) {
		if err := line(truthLine{User: k, UserTruth: t.Users[k]}); err != nil {
			return err
		}
	}
	return nil
}

// ReadTruth reads truth.jsonl. Its errors name the line.
func ReadTruth(r io.Reader) (*Truth, error) {
	t := &Truth{Domains: map[string]*DomainTruth{}, Popularity: map[string]float64{}, Users: map[string]*UserTruth{}}
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		b, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read truth: %w", err)
		}
		if len(strings.TrimSpace(string(b))) > 0 {
			var l truthLine
			if bad := json.Unmarshal(b, &l); bad != nil {
				return nil, because.Errorf(because.ErrInvalid, "Line %d of the truth cannot be read: %s.", n, bad)
			}
			t.take(l)
		}
		if err != nil {
			return t, nil
		}
	}
}

func (t *Truth) take(l truthLine) {
	switch {
	case l.From != nil && l.To != nil:
		t.From, t.To = *l.From, *l.To
	case l.Is != nil:
		t.Domains[l.Domain] = l.Is
	case l.Item != "":
		t.Popularity[l.Item] = l.Popularity
	case l.User != "" && l.UserTruth != nil:
		t.Users[l.User] = l.UserTruth
	}
}

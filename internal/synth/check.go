package synth

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"unicode"

	"because"
	"because/internal/pack"
)

// enough is how many different names a domain of share 1 must have: the demo world has 900 items in seven domains.
const enough = 135

// Check tells everything that is wrong with the world files of a folder against the packs: what they name must exist,
// what is paired must pair, every hole must have something to fill it, and there must be names enough for the demo
// world. Each error says where. nil means that all is well.
func Check(world fs.FS, packs *pack.Set) error {
	names, err := Domains(world)
	if err != nil {
		return err
	}
	var errs []error
	o := Options{World: world, Packs: packs}.filled()
	for _, name := range names {
		f, err := readWorld(world, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		c := &checker{f: f, p: packs.Pack(name)}
		c.check()
		errs = append(errs, c.errs...)
		d := newDomain(f, c.p)
		n := int(enough * d.share())
		d.stock(o, n)
		slices.Sort(d.repeated)
		for _, c := range slices.Compact(d.repeated) {
			errs = append(errs, because.Errorf(because.ErrInvalid, "%s: there are too few different names of %q for %d items of the domain.", d.f.line("categories", c, "names"), c, n))
		}
	}
	return errors.Join(errs...)
}

// A checker collects what is wrong with one file.
type checker struct {
	f    *worldFile
	p    *pack.Pack
	errs []error
}

func (c *checker) fail(err error) { c.errs = append(c.errs, err) }

func (c *checker) check() {
	f := c.f
	if c.p.Domain != f.Domain {
		c.fail(because.Errorf(because.ErrInvalid, "%s: there is no pack of the domain %q.", f.line("domain"), f.Domain))
	}
	c.pairs(f.Brands, "brands")
	c.pairs(f.Models, "models")
	for k, n := range f.Interactions {
		if !slices.Contains(because.InteractionKinds, k) || n < 0 {
			c.unknown(string(k), "interactions", string(k))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Categories)) {
		c.category(name)
	}
	for i, r := range f.Contexts {
		c.rule(r, strconv.Itoa(i))
	}
	for i, name := range f.Had {
		if !c.drawn(name) {
			c.unknown(name, "had", strconv.Itoa(i))
		}
	}
	for name := range f.Tastes.Fields {
		if !c.drawn(name) {
			c.unknown(name, "tastes", "fields", name)
		}
	}
	for name, spec := range f.Profile {
		if _, ok := c.p.Profile[name]; !ok {
			c.unknown(name, "profile", name)
		}
		c.spec(spec.spec, "profile", name)
		if spec.Consent < 0 || spec.Consent > 1 {
			c.fail(because.Errorf(because.ErrInvalid, "%s: a share is a number from 0 to 1.", f.line("profile", name, "consent")))
		}
	}
	for name, spec := range f.Series {
		if _, ok := c.p.Series[name]; !ok {
			c.unknown(name, "series", name)
		}
		if spec.Swing != "" && !c.drawn(spec.Swing) {
			c.unknown(spec.Swing, "series", name, "swing")
		}
	}
}

// drawn reports whether some category has the attribute.
func (c *checker) drawn(attribute string) bool {
	for _, cat := range c.f.Categories {
		if _, ok := cat.Attributes[attribute]; ok {
			return true
		}
	}
	return false
}

// unknown says that nothing has this name.
func (c *checker) unknown(name string, at ...string) {
	c.fail(because.Errorf(because.ErrInvalid, "%s: %q is not known.", c.f.line(at...), name))
}

func (c *checker) pairs(list []pair, at ...string) {
	for i, p := range list {
		if p.Zh == "" || p.En == "" {
			c.fail(because.Errorf(because.ErrInvalid, "%s: one of the two languages is missing.", c.f.line(append(at, strconv.Itoa(i))...)))
		}
	}
}

// spec checks that every word is in the pack.
func (c *checker) spec(s spec, at ...string) {
	for _, w := range slices.Concat(s.OneOf.keys, s.SomeOf.keys) {
		if _, ok := c.p.Words[w]; !ok {
			c.unknown(w, at...)
		}
	}
}

func (c *checker) category(name string) {
	cat := c.f.Categories[name]
	at := func(keys ...string) []string { return append([]string{"categories", name}, keys...) }
	if _, ok := c.p.Words[name]; !ok {
		c.unknown(name, at()...)
	}
	c.pairs(cat.Titles, at("titles")...)
	for _, a := range slices.Sorted(maps.Keys(cat.Attributes)) {
		if _, ok := c.p.Fields[a]; !ok {
			c.unknown(a, at("attributes", a)...)
		}
		c.spec(cat.Attributes[a].spec, at("attributes", a)...)
	}
	known := func(more ...string) map[string]bool {
		all := map[string]bool{}
		for a := range cat.Attributes {
			all[a] = true
		}
		for _, m := range more {
			all[m] = true
		}
		return all
	}
	named := []string{"n"}
	for hole, list := range map[string][]pair{"brand": c.f.Brands, "model": c.f.Models, "title": cat.Titles} {
		if len(list) > 0 {
			named = append(named, hole)
		}
	}
	zh, en := cat.Names[because.Chinese], cat.Names[because.English]
	for i := range zh {
		a, b := holes(zh[i]), holes(en[i])
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			c.fail(because.Errorf(because.ErrInvalid, "%s: the holes differ from those of the other language.", c.f.line(at("names", "zh", strconv.Itoa(i))...)))
		}
	}
	for _, lang := range because.Langs {
		c.texts(lang, cat.Names[lang], 1, known(named...), at("names", string(lang))...)
		c.texts(lang, cat.Blurbs[lang], 5, known("name", "price", "category"), at("blurbs", string(lang))...)
		c.texts(lang, cat.Searches[lang], 3, known("price", "category"), at("searches", string(lang))...)
		r := cat.Reviews[lang]
		c.texts(lang, r.Good, 3, known("name", "price", "category"), at("reviews", string(lang), "good")...)
		c.texts(lang, r.Bad, 3, known("name", "price", "category"), at("reviews", string(lang), "bad")...)
		for _, f := range slices.Sorted(maps.Keys(r.Fields)) {
			where := at("reviews", string(lang), f)
			if _, ok := c.p.Fields[f]; !ok && f != "price" {
				c.unknown(f, where...)
			}
			c.texts(lang, slices.Concat(r.Fields[f].Good, r.Fields[f].Bad), 1, nil, where...)
		}
	}
}

// texts checks wordings: enough of them, in their language, with known holes (any when known is nil).
func (c *checker) texts(lang because.Lang, list []string, least int, known map[string]bool, at ...string) {
	if len(list) < least {
		c.fail(because.Errorf(because.ErrInvalid, "%s: %d wordings are too few, %d are needed.", c.f.line(at...), len(list), least))
	}
	for i, s := range list {
		where := c.f.line(append(slices.Clone(at), strconv.Itoa(i))...)
		bare, _ := fill(s, func(string) (string, bool) { return "", true })
		if lang == because.English && hasHan(bare) {
			c.fail(because.Errorf(because.ErrInvalid, "%s: there is Chinese in an English wording.", where))
		}
		for _, h := range holes(s) {
			if known != nil && !known[h] {
				c.fail(because.Errorf(because.ErrInvalid, "%s: nothing fills the hole {%s}.", where, h))
			}
		}
	}
}

func hasHan(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// rule checks a rule of contexts.
func (c *checker) rule(r Rule, i string) {
	at := []string{"contexts", i}
	if len(r.Part)+len(r.Device)+len(r.Place) == 0 && r.Weekday == nil || r.Boost == 0 {
		c.fail(because.Errorf(because.ErrInvalid, "%s: a rule needs a condition and a boost.", c.f.line(at...)))
	}
	each := func(have []string, ok func(string) bool, key string) {
		for _, x := range have {
			if !ok(x) {
				c.unknown(x, append(at, key)...)
			}
		}
	}
	each(r.Part, func(x string) bool { return slices.Contains(partNames[:], x) }, "part")
	each(r.Device, func(x string) bool { return slices.Contains([]string{"phone", "tablet", "desktop", "tv"}, x) }, "device")
	each(r.Place, func(x string) bool { return slices.Contains([]string{"home", "work", "commute", "out"}, x) }, "place")
	each(r.Categories, func(x string) bool { _, ok := c.f.Categories[x]; return ok }, "categories")
}

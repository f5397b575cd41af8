package synth

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/pack"
)

// review writes the reviews, popular items having more of them. Authors are users who are active in the item's domain;
// the personas write none, so that nobody is shown their own words.
func (w *World) review() {
	writers := map[*domain]map[because.Lang][]int{}
	for _, d := range w.domains {
		writers[d] = map[because.Lang][]int{}
	}
	for i, p := range w.people {
		for _, a := range p.domains {
			if i >= len(Personas()) {
				writers[a.d][w.Users[i].Lang] = append(writers[a.d][w.Users[i].Lang], i)
			}
		}
	}
	var weight []float64
	for _, d := range w.domains {
		for _, f := range d.facts {
			weight = append(weight, math.Sqrt(f.seen))
		}
	}
	k := 0
	counts := apportion(w.o.Reviews, weight)
	for _, d := range w.domains {
		for i := range d.items {
			w.reviewsOf(d, i, counts[k], writers[d])
			k++
		}
	}
}

// reviewsOf writes up to n reviews of one item, no two alike.
func (w *World) reviewsOf(d *domain, i, n int, writers map[because.Lang][]int) {
	r := stream(w.o.Seed, "reviews "+d.name, i)
	it := &d.items[i]
	said := map[string]bool{}
	for range n {
		lang := because.Langs[r.IntN(2)]
		if w.o.Lang != "" {
			lang = w.o.Lang
		}
		stars := max(1, min(5, math.Round(3.7+.5*d.facts[i].quality+.9*r.NormFloat64())))
		text := ""
		for try := 0; try < 6 && (text == "" || said[text]); try++ {
			text = d.opinion(r, it, lang, stars)
		}
		if text == "" || said[text] {
			continue
		}
		said[text] = true
		since := max(it.Published.Unix(), w.Truth.From.AddDate(0, 0, -w.o.Days).Unix())
		rev := because.Review{
			ID: id("r", len(w.Reviews)+1, 5), Item: it.ID, Text: text, Lang: lang, Rating: stars,
			At: time.Unix(since+int64(r.Float64()*float64(w.Truth.To.Unix()-since)), 0).In(zone),
		}
		if who := writers[lang]; len(who) > 0 {
			rev.User = w.Users[who[r.IntN(len(who))]].ID
		}
		w.Reviews = append(w.Reviews, rev)
	}
}

// opinion is one or two of the category's phrases that fit the stars and are true of the item: what praises a field
// needs an item that is strong in it, what blames it a weak one.
func (d *domain) opinion(r *rand.Rand, it *because.Item, lang because.Lang, stars float64) string {
	p, ok := d.f.Categories[it.Categories[0]].Reviews[lang]
	if !ok {
		return ""
	}
	good, bad := slices.Clone(p.Good), slices.Clone(p.Bad)
	for _, f := range slices.Sorted(maps.Keys(p.Fields)) {
		strong, weak := d.standing(it, f)
		for range 3 { // what is about a field is worth more than what is about anything
			if strong {
				good = append(good, p.Fields[f].Good...)
			}
			if weak {
				bad = append(bad, p.Fields[f].Bad...)
			}
		}
	}
	one := func(list []string, praise int, not string) string {
		for range 8 {
			if len(list) == 0 {
				break
			}
			phrase := list[r.IntN(len(list))]
			if !d.apt(it, lang, phrase, praise) {
				continue
			}
			s, ok := fill(phrase, func(h string) (string, bool) { return d.said(it, lang, h) })
			if ok && s != not {
				return s
			}
		}
		return ""
	}
	var a, b string
	switch {
	case stars >= 4:
		a = one(good, 1, "")
		if r.Float64() < .4 {
			b = one(good, 1, a)
		}
		if stars == 4 && r.Float64() < .25 {
			b = one(bad, -1, a)
		}
	case stars <= 2:
		a = one(bad, -1, "")
		if r.Float64() < .3 {
			b = one(bad, -1, a)
		}
	default:
		a, b = one(good, 1, ""), one(bad, -1, "")
	}
	return sentences(lang, a, b)
}

// apt reports whether a wording can be true of an item, as far as the pack understands it: words of the category's
// attributes that it names must be the item's; a flag that it names must be set, unless the wording denies it; a number
// must not be weak where it is praised (praise > 0) nor strong where it is blamed (praise < 0).
func (d *domain) apt(it *because.Item, lang because.Lang, phrase string, praise int) bool {
	m := d.mentions(it.Categories[0], lang, phrase)
	for _, w := range m.words {
		if !slices.ContainsFunc(m.fieldsOf[w], func(f string) bool { return slices.Contains(it.Attributes[f].Words, w) }) {
			return false
		}
	}
	for _, f := range m.fields {
		v := it.Attributes[f]
		switch strong, weak := d.standing(it, f); {
		case v.Flag != nil:
			if *v.Flag == m.denies {
				return false
			}
		case v.Number != nil:
			if praise > 0 && weak || praise < 0 && strong {
				return false
			}
		}
	}
	return true
}

// A mention is what of a category's attributes a wording names.
type mention struct {
	words    []string            // values
	fieldsOf map[string][]string // the attributes that each value may be of
	fields   []string            // flags and numbers
	denies   bool
}

var denials = map[because.Lang][]string{
	because.Chinese: {"没", "不含", "不带", "不能", "不让", "不支持", "缺", "无"},
	because.English: {"no ", "not ", "n't ", "without", "lacks", "missing", "none"},
}

// mentions reads a wording, once.
func (d *domain) mentions(category string, lang because.Lang, phrase string) mention {
	key := category + "\x00" + string(lang) + "\x00" + phrase
	if m, ok := d.named[key]; ok {
		return m
	}
	cat := d.f.Categories[category]
	m := mention{fieldsOf: map[string][]string{}}
	bare, _ := fill(phrase, func(string) (string, bool) { return " ", true })
	for _, h := range d.p.Match(lang, bare) {
		if a, ok := cat.Attributes[h.Field]; ok && (a.Chance != nil || a.From != nil) && !slices.Contains(m.fields, h.Field) {
			m.fields = append(m.fields, h.Field)
		}
		for _, f := range slices.Sorted(maps.Keys(cat.Attributes)) {
			if a := cat.Attributes[f]; h.Word != "" && (slices.Contains(a.OneOf.keys, h.Word) || slices.Contains(a.SomeOf.keys, h.Word)) {
				if m.fieldsOf[h.Word] == nil {
					m.words = append(m.words, h.Word)
				}
				m.fieldsOf[h.Word] = append(m.fieldsOf[h.Word], f)
			}
		}
	}
	for f, a := range cat.Attributes {
		if a.Chance == nil {
			continue
		}
		if label := d.p.FieldLabel(lang, f); strings.Contains(strings.ToLower(bare), strings.ToLower(label)) && !slices.Contains(m.fields, f) {
			m.fields = append(m.fields, f)
		}
	}
	slices.Sort(m.fields)
	lower := strings.ToLower(bare) + " "
	m.denies = slices.ContainsFunc(denials[lang], func(s string) bool { return strings.Contains(lower, s) })
	d.named[key] = m
	return m
}

// sentences joins phrases, each closed by a stop.
func sentences(lang because.Lang, phrases ...string) string {
	var out []string
	for _, s := range phrases {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		stop, blank := "。", ""
		if lang != because.Chinese {
			s, stop, blank = upper(s), ".", " "
		}
		if !strings.ContainsAny(s[len(s)-1:], ".!?") && !strings.HasSuffix(s, "。") && !strings.HasSuffix(s, "！") && !strings.HasSuffix(s, "？") && !strings.HasSuffix(s, "…") {
			s += stop
		}
		if len(out) > 0 {
			s = blank + s
		}
		out = append(out, s)
	}
	joined := strings.Join(out, "")
	if lang == because.Chinese {
		joined = pack.Space(joined)
	}
	return joined
}

// standing reports whether an item may be praised and blamed for a field. A number is strong or weak where the pack says
// so, else in the outer quarters of the category's range; a flag that is set is praised, and blamed when it is not (or, of
// those that the world file lists as had, when it is); of words people think both ways.
func (d *domain) standing(it *because.Item, f string) (strong, weak bool) {
	if f == "price" {
		z, ok := d.truth.price(*it)
		return ok && z < -.7, ok && z > .7
	}
	v, ok := it.Attributes[f]
	switch {
	case !ok:
		return false, false
	case v.Flag != nil:
		return *v.Flag, *v.Flag == slices.Contains(d.f.Had, f)
	case v.Number == nil:
		return true, true
	}
	is := d.p.Fields[f]
	sign := 1.0
	if is.Better == "less" {
		sign = -1
	}
	s := d.f.Categories[it.Categories[0]].Attributes[f]
	lo, hi := *s.From+.25*(*s.To-*s.From), *s.To-.25*(*s.To-*s.From)
	if sign < 0 {
		lo, hi = hi, lo
	}
	if is.Strong != nil {
		hi = *is.Strong
	}
	if is.WeakAt != nil {
		lo = *is.WeakAt
	}
	return sign*(*v.Number-hi) >= 0, sign*(*v.Number-lo) <= 0
}

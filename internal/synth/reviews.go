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
	one := func(list []string, not string) string {
		for range 4 {
			if len(list) == 0 {
				break
			}
			s, ok := fill(list[r.IntN(len(list))], func(h string) (string, bool) { return d.said(it, lang, h) })
			if ok && s != not {
				return s
			}
		}
		return ""
	}
	var a, b string
	switch {
	case stars >= 4:
		a = one(good, "")
		if r.Float64() < .4 {
			b = one(good, a)
		}
		if stars == 4 && r.Float64() < .25 {
			b = one(bad, a)
		}
	case stars <= 2:
		a = one(bad, "")
		if r.Float64() < .3 {
			b = one(bad, a)
		}
	default:
		a, b = one(good, ""), one(bad, "")
	}
	return sentences(lang, a, b)
}

// sentences joins up to two phrases, each closed by a stop.
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
	return strings.Join(out, "")
}

// standing reports whether an item may be praised and blamed for a field. A number is strong or weak where the pack says
// so, else in the outer quarters of the category's range; a flag is by itself; of words people think both ways.
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
		return *v.Flag, !*v.Flag
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

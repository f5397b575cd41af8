package witness

import (
	"math"
	"slices"
	"strings"
	"time"

	"because"
)

// A number is a number of the world that the text may say: exactly value, or anything from value to upTo.
type number struct {
	value, upTo float64
	unit        string // "" for a bare one
	field       string // that it is of, for an attribute
	item        *because.Item
	kind        string // number or count
}

// facts are all numbers that may be said of this reader, this item and what the text names.
func (s *scan) facts() []number {
	var out []number
	add := func(n number) {
		if n.upTo == 0 {
			n.upTo = n.value
		}
		out = append(out, n)
	}
	items := []*because.Item{s.item}
	for _, m := range s.met {
		if m.item != s.item {
			items = append(items, m.item)
		}
	}
	for _, it := range items {
		for f, v := range it.Attributes {
			if v.Number != nil {
				add(number{value: *v.Number, unit: s.unit(f, v), field: f, item: it})
			}
		}
		if it.Price > 0 {
			add(number{value: it.Price, unit: money(it), field: "price", item: it})
		}
	}
	s.ownRange(add)
	s.moves(add)
	for _, m := range s.met {
		s.differences(m.item, add)
		s.shares(m.item, add)
	}
	if len(s.knownItems()) == 0 { // a difference may be told without the other's name
		for _, x := range s.past {
			if it := s.w.items[x.Item]; it != nil && len(s.item.Categories) > 0 && slices.Contains(it.Categories, s.item.Categories[0]) {
				s.differences(it, add)
			}
		}
	}
	s.counts(add)
	s.judgements(add)
	if s.user != nil {
		for f, v := range s.user.Profile {
			if is := s.lex.profile[f]; v.Number != nil && lets(s.user, use{is.Consent, is.Given}) {
				for _, u := range []string{v.Unit, s.lex.fields[f].Unit, s.lex.fields[s.lex.profile[f].Meets].Unit, money(s.item)} {
					add(number{value: *v.Number, unit: u, field: f})
				}
			}
		}
	}
	return out
}

func (s *scan) unit(f string, v because.Value) string {
	if v.Unit != "" {
		return v.Unit
	}
	return s.lex.fields[f].Unit
}

func money(it *because.Item) string {
	if it.Currency != "" {
		return it.Currency
	}
	return "CNY"
}

// ownRange are the numbers of what the reader turned to in the item's category: the ends of their usual range.
func (s *scan) ownRange(add func(number)) {
	for _, x := range s.past {
		it := s.w.items[x.Item]
		if it == nil || it == s.item || len(s.item.Categories) > 0 && !slices.Contains(it.Categories, s.item.Categories[0]) {
			continue
		}
		for f, v := range it.Attributes {
			if _, ok := s.item.Attributes[f]; ok && v.Number != nil && s.ranged() {
				add(number{value: *v.Number, unit: s.unit(f, v), field: f, item: it})
			}
		}
		if it.Price > 0 && s.ranged() {
			add(number{value: it.Price, unit: money(it), field: "price", item: it})
		}
	}
}

// ranged reports whether the text speaks of a range of the reader's.
func (s *scan) ranged() bool {
	for _, w := range []string{"常选", "以往", "你看过的在", "买过的在", "平时", "向来", "一贯", "习惯", "惯", "usual", "turned to cost", "you bought cost", "range", "you tend", "you go for", "you pick", "between", " to "} {
		if strings.Contains(s.text, w) {
			return true
		}
	}
	return strings.Contains(s.text, "到") || strings.Contains(s.text, "之间")
}

// moves are what the item's series did over the periods that the text speaks of, and where they stand.
func (s *scan) moves(add func(number)) {
	for key, points := range s.item.Series {
		unit := s.lex.series[key].Unit
		if key == "price" {
			unit = money(s.item)
		}
		var last float64
		for _, p := range points {
			if p.At.After(s.now) {
				continue
			}
			last = p.Value
			if key == "price" {
				add(number{value: p.Value, unit: unit, field: key, item: s.item})
			}
		}
		add(number{value: last, unit: unit, field: key, item: s.item})
		spans := s.spans
		if len(spans) == 0 {
			spans = []int{7, 14, 28, 30, 60, 90}
		}
		for _, days := range spans {
			if from, ok := held(points, s.now.AddDate(0, 0, -days)); ok {
				if from != 0 {
					add(number{value: math.Round(1000*math.Abs(last-from)/from) / 10, unit: "percent", field: key, item: s.item})
				}
				add(number{value: math.Round(100*math.Abs(last-from)) / 100, field: key, item: s.item})
				add(number{value: math.Round(10*math.Abs(last-from)) / 10, unit: unit, field: key, item: s.item})
			}
		}
	}
}

// held is the value of a series that held at a time, or its first within a day or two of it.
func held(points []because.Point, at time.Time) (float64, bool) {
	v, ok := 0.0, false
	for _, p := range points {
		if !p.At.After(at) || !ok && p.At.Sub(at) < 48*time.Hour {
			v, ok = p.Value, true
		}
	}
	return v, ok
}

// differences are by how much the item's numbers differ from those of another.
func (s *scan) differences(it *because.Item, add func(number)) {
	if it == s.item {
		return
	}
	for f, a := range s.item.Attributes {
		if b := it.Attributes[f]; a.Number != nil && b.Number != nil {
			add(number{value: math.Abs(*a.Number - *b.Number), unit: s.unit(f, a), field: f})
		}
	}
	if s.item.Price > 0 && it.Price > 0 {
		add(number{value: math.Abs(s.item.Price - it.Price), unit: money(it), field: "price"})
	}
}

// shares are how many of those who turned to another item turned to this one too.
func (s *scan) shares(it *because.Item, add func(number)) {
	if it == s.item {
		return
	}
	n := s.both(it.ID, s.item.ID)
	if n < atLeast {
		return
	}
	add(number{value: float64(n), kind: "count", field: "people"})
	if of := len(s.w.people[it.ID]); of > 0 {
		for _, k := range []int{of, of - 1} { // the reader may be counted or not
			add(number{value: math.Floor(100*float64(n)/float64(k) + .5), unit: "percent", kind: "count"})
		}
	}
}

// atLeast is the smallest group that anything may be said of.
const atLeast = 20

// counts are how often the reader turned to the item's categories, how many people turned to the item, how many items of
// the reader's have something in common with it, and how many reviewers said what is quoted.
func (s *scan) counts(add func(number)) {
	spans := s.spans
	if len(spans) == 0 {
		spans = []int{7, 30, 90, 365, 0} // a text that names no period may mean any
	}
	for _, days := range spans {
		for _, c := range s.item.Categories {
			n := s.timesOf([]string{c}, days, nil)
			add(number{value: float64(n[0]), upTo: float64(n[1]), kind: "count"})
		}
		if low, high := s.turned(s.item.ID, days); high >= atLeast {
			add(number{value: float64(low), upTo: float64(high), kind: "count", field: "people"})
		}
	}
	for _, n := range s.here {
		add(number{value: float64(n[0]), upTo: float64(n[1]), kind: "count"})
	}
	for _, n := range s.inCommon() {
		add(number{value: float64(n), kind: "count"})
	}
	for _, m := range marks.FindAllString(s.text, -1) {
		n, said := 0, strings.ToLower(strings.Trim(m, "「」“”\"《》"))
		for _, r := range s.w.reviews[s.item.ID] {
			if strings.Contains(strings.ToLower(r.Text), said) {
				n++
			}
		}
		if n > 1 {
			add(number{value: float64(n), kind: "count"})
		}
	}
	for _, days := range spans {
		if rank := s.rank(days); rank > 0 {
			add(number{value: float64(rank), kind: "rank"})
		}
	}
}

// inCommon counts, field by field and word by word, the other items that the reader turned to that have it too.
func (s *scan) inCommon() []int {
	mine := map[string]*because.Item{}
	for _, x := range s.past {
		if it := s.w.items[x.Item]; it != nil && it != s.item {
			mine[it.ID] = it
		}
	}
	count := func(has func(*because.Item) bool) int {
		n := 0
		for _, it := range mine {
			if has(it) {
				n++
			}
		}
		return n
	}
	var out []int
	for _, c := range s.item.Categories {
		out = append(out, count(func(it *because.Item) bool { return slices.Contains(it.Categories, c) }))
	}
	for f, v := range s.item.Attributes {
		switch {
		case v.Number != nil:
			out = append(out, count(func(it *because.Item) bool { return s.alike(f, v, it.Attributes[f]) }))
		case v.Flag != nil:
			out = append(out, count(func(it *because.Item) bool { return s.alike(f, v, it.Attributes[f]) }))
		}
		for _, w := range v.Words {
			out = append(out, count(func(it *because.Item) bool { return slices.Contains(it.Attributes[f].Words, w) }))
		}
	}
	return out
}

// alike reports whether two values of a field are what one may call common: a word, a yes, the same number, or two
// numbers that are both worth praising.
func (s *scan) alike(field string, a, b because.Value) bool {
	switch {
	case a.Number != nil && b.Number != nil:
		return *a.Number == *b.Number || s.strong(field, *a.Number) && s.strong(field, *b.Number)
	case a.Flag != nil && b.Flag != nil:
		return *a.Flag && *b.Flag
	}
	return slices.ContainsFunc(a.Words, func(w string) bool { return slices.Contains(b.Words, w) })
}

func (s *scan) strong(field string, x float64) bool {
	f := s.lex.fields[field]
	return f.Strong != nil && (f.Better == "less" && x <= *f.Strong || f.Better != "less" && x >= *f.Strong)
}

// judgements are the reader's ratings of the items that the text names.
func (s *scan) judgements(add func(number)) {
	for _, x := range s.past {
		for _, m := range s.met {
			if x.Kind == because.Rating && x.Item == m.item.ID && m.item != s.item {
				add(number{value: x.Value, kind: "number", field: "rating"})
				add(number{value: x.Value, unit: "point", kind: "number", field: "rating"})
				add(number{value: 5, kind: "scale"})
			}
		}
	}
}

// rank is the place of the item among those of its first category by how many people turned to it in the last days, or
// ever.
func (s *scan) rank(days int) int {
	if len(s.item.Categories) == 0 {
		return 0
	}
	from := s.now.AddDate(0, 0, -days)
	crowd := func(id string) int {
		n := 0
		for _, at := range s.w.people[id] {
			if days == 0 || at.After(from) {
				n++
			}
		}
		return n
	}
	rank, own := 1, crowd(s.item.ID)
	for id, it := range s.w.items {
		if id != s.item.ID && len(it.Categories) > 0 && it.Categories[0] == s.item.Categories[0] && it.Domain == s.item.Domain && crowd(id) > own {
			rank++
		}
	}
	return rank
}

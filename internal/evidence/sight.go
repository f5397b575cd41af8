package evidence

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

// minHistory is how many interactions there must be before anything is said of a reader's history.
const minHistory = 3

// A sight is a request, made ready to look at.
type sight struct {
	Request
	total float64 // Σ|contributions|
	given []bool  // by contribution: an evidence has it
	past  []Past  // allowed, not of this item, oldest first; empty when there is too little history
	known []deed  // what the reader did with each item, the latest last
	hits  []need  // what the need asks for

	sought []string // aspects that the need names
}

// A deed is the most telling thing that the reader did with one item.
type deed struct {
	because.Interaction
	item because.Item
	kind because.EvidenceKind
	own  float64 // contribution of "history:<item>"
}

// look makes a request ready.
func look(r Request) *sight {
	s := &sight{Request: r, given: make([]bool, len(r.Contributions))}
	s.Item = s.current(Said(r.Item))
	s.Contributions = slices.Clone(r.Contributions)
	for i, c := range s.Contributions {
		if math.IsNaN(c.Value) || math.IsInf(c.Value, 0) {
			s.Contributions[i].Value = 0
		}
		s.total += math.Abs(s.Contributions[i].Value)
	}
	if len(r.History) >= minHistory {
		for _, p := range r.History {
			if s.allows(kindOf(p.Interaction)) {
				p.Context.At = p.Context.At.In(r.Now.Location())
				if it, ok := r.Known[p.Interaction.Item]; ok && p.Item.ID == "" {
					p.Item = it
				}
				s.past = append(s.past, p)
			}
		}
		if len(s.past) < minHistory {
			s.past = nil
		}
	}
	s.known = s.deeds()
	s.hits = s.asked(r.Need)
	s.sought = r.Pack.AspectsIn(r.Lang, r.Need)
	return s
}

func (s *sight) allows(k because.EvidenceKind) bool { return s.Pack.Allows(k, s.Consents) }

// kindOf is the kind of evidence that an interaction becomes.
func kindOf(x because.Interaction) because.EvidenceKind {
	switch x.Kind {
	case because.Purchase:
		return because.Bought
	case because.Cart:
		return because.Carted
	case because.Rating:
		return because.Rated
	case because.Search:
		return because.Searched
	}
	return because.Viewed
}

// telling orders what one does with an item; a purchase says most.
var telling = []because.EvidenceKind{because.Viewed, because.Carted, because.Rated, because.Bought}

// deeds are the most telling deed for each item of the history but this one, the latest last. What the reader did not
// like is no deed.
func (s *sight) deeds() []deed {
	at := map[string]int{}
	var out []deed
	for _, p := range s.past {
		if p.Kind == because.Search || p.Item.ID == "" || p.Item.ID == s.Item.ID || disliked(p.Interaction) || p.Item.Name.In(s.Lang) == "" || !text.Sayable(p.Item.Name.In(s.Lang)) {
			continue
		}
		d := deed{p.Interaction, p.Item, kindOf(p.Interaction), s.sum(exactly("history:" + p.Item.ID))}
		i, seen := at[p.Item.ID]
		if !seen {
			at[p.Item.ID] = len(out)
			out = append(out, d)
		} else if slices.Index(telling, d.kind) >= slices.Index(telling, out[i].kind) {
			out[i] = d
		}
	}
	slices.SortStableFunc(out, func(a, b deed) int { return a.Context.At.Compare(b.Context.At) })
	return out
}

// disliked reports whether an interaction speaks against its item: a negative weight, or a rating without a weight, or in
// the middle of its scale, that is not clearly good: 5 may be the best of 5 or the middle of 10.
func disliked(x because.Interaction) bool {
	if x.Kind == because.Rating && x.Weight == 0 {
		return x.Value < 4 || x.Value >= 5 && x.Value < 7 || x.Value > 10 && x.Value < 70
	}
	return x.Weight < 0
}

// peers are the deeds on items of this item's first category, or, when fewer than minHistory, of its domain.
func (s *sight) peers() []deed {
	var same, domain []deed
	for _, d := range s.known {
		if d.item.Domain == s.Item.Domain {
			domain = append(domain, d)
			if c := s.category(); c != "" && slices.Contains(d.item.Categories, c) {
				same = append(same, d)
			}
		}
	}
	if len(same) >= minHistory || s.category() != "" {
		return same
	}
	return domain
}

// category is the item's first category.
func (s *sight) category() string {
	if len(s.Item.Categories) == 0 {
		return ""
	}
	return s.Item.Categories[0]
}

// claim returns claims on all contributions that match.
func (s *sight) claim(l level, match func(because.Contribution) bool) []claim {
	var out []claim
	for i, c := range s.Contributions {
		if c.Value != 0 && match(c) {
			out = append(out, claim{i, l})
		}
	}
	return out
}

// sum adds the contributions that match.
func (s *sight) sum(match func(because.Contribution) bool) float64 {
	sum := 0.0
	for _, c := range s.Contributions {
		if match(c) {
			sum += c.Value
		}
	}
	return sum
}

func exactly(name string) func(because.Contribution) bool {
	return func(c because.Contribution) bool { return c.Name == name }
}

func ofKind(kind string) func(because.Contribution) bool {
	return func(c because.Contribution) bool { return c.Kind() == kind }
}

func positive(match func(because.Contribution) bool) func(because.Contribution) bool {
	return func(c because.Contribution) bool { return c.Value > 0 && match(c) }
}

func negative(match func(because.Contribution) bool) func(because.Contribution) bool {
	return func(c because.Contribution) bool { return c.Value < 0 && match(c) }
}

// onTrait matches the contributions on a field, or on one word of it; the field "category" is the categories.
func onTrait(field, word string) func(because.Contribution) bool {
	return func(c because.Contribution) bool {
		if field == categoryField {
			return c.Kind() == "category" && (word == "" || c.Ref() == word)
		}
		f, w, worded := strings.Cut(c.Ref(), "=")
		return c.Kind() == "attribute" && f == field && (word == "" || !worded || w == word)
	}
}

// categoryField stands for an item's categories where a field is named.
const categoryField = "category"

// pad puts blanks around what starts or ends in Latin letters or digits, for a Chinese sentence; tidy takes out those
// too many.
func (s *sight) pad(v string) string {
	if s.Lang != because.Chinese || v == "" {
		return v
	}
	r := []rune(v)
	if latin(r[0]) {
		v = " " + v
	}
	if latin(r[len(r)-1]) {
		v += " "
	}
	return v
}

func latin(r rune) bool {
	return unicode.IsDigit(r) || unicode.Is(unicode.Latin, r) || strings.ContainsRune("¥$€%", r)
}

// tidy finishes a sentence: the pack's form of address, no blank too many.
func (s *sight) tidy(v string) string {
	if s.Lang != because.Chinese {
		return v
	}
	for _, mark := range []string{"，", "。", "；", "：", "」", "「", "）", "（"} {
		v = strings.ReplaceAll(strings.ReplaceAll(v, " "+mark, mark), mark+" ", mark)
	}
	if strings.HasPrefix(s.Pack.Address, "您") && strings.HasPrefix(v, "你") {
		v = "您" + strings.TrimPrefix(v, "你")
	}
	return strings.TrimSpace(v)
}

// next is a further sentence, with the blank that English wants before it.
func (s *sight) next(sentence string) string {
	if s.Lang == because.English {
		return " " + sentence
	}
	return s.tidy(sentence)
}

func (s *sight) name(it because.Item) string { return called(it.Name.In(s.Lang), s.Lang) }

// word is a vocabulary key as it is said; plural is the English plural of a category.
func (s *sight) word(key string) string { return s.Pack.Word(key, s.Lang) }

func (s *sight) plural(key string) string {
	if s.Lang == because.English {
		return s.Pack.Plural(key)
	}
	return s.word(key)
}

func (s *sight) label(field string) string { return s.Pack.FieldLabel(s.Lang, field) }

// count is a whole number of things or people.
func (s *sight) count(n int) because.Slot {
	return because.Slot{Kind: because.CountSlot, Text: s.Pack.Number(s.Lang, float64(n), ""), Number: float64(n)}
}

// nameOf is the slot of an item's name.
func (s *sight) nameOf(it because.Item) because.Slot {
	return because.Slot{Kind: because.NameSlot, Text: s.name(it), Ref: it.ID}
}

func (s *sight) wordOf(key, said string) because.Slot {
	return because.Slot{Kind: because.WordSlot, Text: said, Ref: key}
}

// valueOf is the slot of an attribute's value.
func (s *sight) valueOf(field string, v because.Value) because.Slot {
	out := because.Slot{Kind: because.WordSlot, Text: s.Pack.Value(s.Lang, field, v)}
	switch {
	case v.Number != nil:
		out.Kind, out.Number, out.Unit = because.NumberSlot, *v.Number, s.unit(field, v)
		if to := s.Item.Attributes[s.Pack.Fields[field].Upto]; to.Number != nil && *to.Number > *v.Number {
			out.Text = s.span(field, *v.Number, *to.Number, out.Unit).Text
		}
	case len(v.Words) == 1:
		out.Ref = v.Words[0]
	}
	return out
}

func (s *sight) unit(field string, v because.Value) string {
	if v.Unit != "" {
		return v.Unit
	}
	return s.Pack.Fields[field].Unit
}

// money is the slot of an amount in the item's currency.
func (s *sight) money(x float64) because.Slot {
	unit := s.Item.Currency
	if unit == "" {
		unit = "CNY"
	}
	return because.Slot{Kind: because.NumberSlot, Text: s.Pack.Number(s.Lang, x, unit), Number: x, Unit: unit}
}

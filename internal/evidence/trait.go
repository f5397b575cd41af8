package evidence

import (
	"slices"
	"sort"

	"because"
	"because/internal/pack"
)

// A trait is a property of the item that another item has too.
type trait struct {
	field string // a field key, or "category"
	word  string // the common word; empty for numbers and flags
	slot  because.Slot
	value float64 // what the contributions on it add up to
}

// common are the traits that this item has in common with another: a category, a word, a yes, a number that the pack
// calls strong in both or that is the same in both. The trait with the largest contribution comes first; without any,
// the category, then the field that readers care about most.
func (s *sight) common(other because.Item) []trait {
	var out []trait
	for _, c := range s.Item.Categories {
		if slices.Contains(other.Categories, c) {
			slot := s.wordOf(c, s.word(c))
			slot.Ref = categoryField
			out = append(out, trait{categoryField, c, slot, s.sum(onTrait(categoryField, c))})
		}
	}
	for _, f := range fields(s.Item) {
		b, ok := other.Attributes[f]
		if field, listed := s.Pack.Fields[f]; !ok || !listed || field.Until {
			continue
		}
		out = append(out, s.commonIn(f, s.Item.Attributes[f], b)...)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.value != b.value {
			return a.value > b.value
		}
		if (a.field == categoryField) != (b.field == categoryField) {
			return a.field == categoryField
		}
		return weight(s.Pack.Fields[a.field]) > weight(s.Pack.Fields[b.field])
	})
	return out
}

func (s *sight) commonIn(field string, a, b because.Value) []trait {
	f := s.Pack.Fields[field]
	switch {
	case a.Number != nil && b.Number != nil && a.Unit == b.Unit:
		same := *a.Number == *b.Number && f.Better == ""
		if same || f.IsStrong(*a.Number) && f.IsStrong(*b.Number) {
			slot := s.valueOf(field, a)
			slot.Ref = field
			return []trait{{field, "", slot, s.sum(onTrait(field, ""))}}
		}
	case a.Flag != nil && b.Flag != nil && *a.Flag && *b.Flag:
		slot := because.Slot{Kind: because.WordSlot, Text: s.label(field), Ref: field}
		return []trait{{field, "", slot, s.sum(onTrait(field, ""))}}
	}
	var out []trait
	for _, w := range a.Words {
		if slices.Contains(b.Words, w) {
			slot := because.Slot{Kind: because.WordSlot, Text: s.word(w), Ref: field}
			out = append(out, trait{field, w, slot, s.sum(onTrait(field, w))})
		}
	}
	return out
}

// weak reports whether a number is a drawback.
func weak(f pack.Field, x float64) bool {
	switch {
	case f.WeakAt == nil:
		return false
	case f.Better == "less":
		return x >= *f.WeakAt
	}
	return x <= *f.WeakAt
}

// weight is how much readers care for a field.
func weight(f pack.Field) float64 {
	if f.Weight == 0 {
		return .5
	}
	return f.Weight
}

// fields are the keys of an item's attributes in a fixed order.
func fields(it because.Item) []string {
	out := make([]string, 0, len(it.Attributes))
	for f := range it.Attributes {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

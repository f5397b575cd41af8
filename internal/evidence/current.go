package evidence

import (
	"maps"

	"because"
)

// current is an item without what may not be told of it, or not any more: a count of people below the field's least, and
// what is older than the pack says that it holds.
func (s *sight) current(it because.Item) because.Item {
	age := s.Now.Sub(it.Updated).Hours()
	stale := func(hours float64) bool { return hours > 0 && !it.Updated.IsZero() && age > hours }
	if it.Price > 0 && stale(s.Pack.Kinds[because.PriceKind].TTLHours) {
		it.Price = 0
	}
	cloned := false
	for _, f := range fields(it) {
		field, v := s.Pack.Fields[f], it.Attributes[f]
		if !stale(field.TTLHours) && (v.Number == nil || *v.Number >= field.AtLeast) {
			continue
		}
		if !cloned {
			it.Attributes, cloned = maps.Clone(it.Attributes), true
		}
		delete(it.Attributes, f)
	}
	return it
}

// ended reports whether a field says that the item's last day is over.
func (s *sight) ended(field string, v because.Value) bool {
	end, ok := s.Pack.Ends(because.Item{Attributes: map[string]because.Value{field: v}}, s.Now.Location())
	return ok && !s.Now.Before(end)
}

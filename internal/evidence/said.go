package evidence

import (
	"maps"
	"slices"

	"because"
	"because/internal/text"
)

// Said is an item as it may be spoken of: without the names, aliases, categories and words of attributes that are more
// than that (text.Sayable). An item may lose its name by it; then it is called "this one".
func Said(it because.Item) because.Item {
	refused := func(s string) bool { return !text.Sayable(s) }
	for _, name := range it.Name {
		if refused(name) {
			it.Name = maps.Clone(it.Name)
			maps.DeleteFunc(it.Name, func(_ because.Lang, s string) bool { return refused(s) })
			break
		}
	}
	it.Aliases, it.Categories = kept(it.Aliases, refused), kept(it.Categories, refused)
	cloned := false
	for field, v := range it.Attributes {
		words := kept(v.Words, refused)
		bad := refused(field)
		if len(words) == len(v.Words) && !bad {
			continue
		}
		if !cloned {
			it.Attributes, cloned = maps.Clone(it.Attributes), true
		}
		if v.Words = words; bad || v.IsZero() {
			delete(it.Attributes, field)
		} else {
			it.Attributes[field] = v
		}
	}
	return it
}

// kept are the words that are not refused; the slice itself where that is all.
func kept(words []string, refused func(string) bool) []string {
	if !slices.ContainsFunc(words, refused) {
		return words
	}
	return slices.DeleteFunc(slices.Clone(words), refused)
}

// Called is an item's name as it may be said, or "this one".
func Called(it because.Item, lang because.Lang) string {
	name := it.Name.In(lang)
	if !text.Sayable(name) {
		name = ""
	}
	return called(name, lang)
}

func called(name string, lang because.Lang) string {
	if name == "" {
		return because.Say(lang, "this one")
	}
	return name
}

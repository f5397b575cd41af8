package engine

import (
	"strings"

	"because"
	"because/internal/text"
)

// What comes by the API is made plain as what comes by files is: no markup, no characters that nobody sees.

// plainItem is an item with its words cleaned. It shares no map with the one that was given.
func plainItem(it because.Item) because.Item {
	it.Name, it.Description = cleanText(it.Name), cleanText(it.Description)
	it.Aliases, it.Categories = plainWords(it.Aliases), plainWords(it.Categories)
	it.Attributes = plainValues(it.Attributes)
	return it
}

// plainUser is a user with their words cleaned. It shares no map with the one that was given.
func plainUser(u because.User) because.User {
	u.Name, _ = text.Clean(u.Name)
	u.Profile = plainValues(u.Profile)
	return u
}

func plainValues(values map[string]because.Value) map[string]because.Value {
	if values == nil {
		return nil
	}
	out := make(map[string]because.Value, len(values))
	for field, v := range values {
		words := len(v.Words)
		if v.Words = plainWords(v.Words); words > 0 && v.IsZero() {
			continue // it was nothing but markup
		}
		out[field] = v
	}
	return out
}

func plainWords(words []string) []string {
	var out []string
	for _, w := range words {
		if w, _ = text.Clean(w); strings.TrimSpace(w) != "" {
			out = append(out, w)
		}
	}
	return out
}

func cleanText(t because.Text) because.Text {
	out := because.Text{}
	for l, s := range t {
		out[l], _ = text.Clean(s)
	}
	return out
}

package engine

import (
	"maps"
	"slices"

	"because"
)

// A DomainView is a domain as a page shows it.
type DomainView struct {
	Domain  string
	Label   because.Text
	Items   int
	Guarded bool // only approved wordings are shown
}

// Domains lists the domains that have items, the largest first.
func (e *Engine) Domains() []DomainView {
	count := map[string]int{}
	for _, it := range e.world.Load().items {
		count[it.Domain]++
	}
	out := []DomainView{}
	for _, d := range slices.Sorted(maps.Keys(count)) {
		p := e.packs.Pack(d)
		out = append(out, DomainView{Domain: d, Label: p.Label, Items: count[d], Guarded: p.Guarded})
	}
	slices.SortStableFunc(out, func(a, b DomainView) int { return b.Items - a.Items })
	return out
}

// A Fact is one attribute as a page shows it.
type Fact struct{ Label, Value string }

// Facts are an item's attributes in words, in the order of their labels; the price comes first.
func (e *Engine) Facts(it because.Item, lang because.Lang) []Fact {
	p := e.packs.Pack(it.Domain)
	var out []Fact
	for _, field := range slices.Sorted(maps.Keys(it.Attributes)) {
		if v := p.Value(lang, field, it.Attributes[field]); v != "" {
			out = append(out, Fact{Label: p.FieldLabel(lang, field), Value: v})
		}
	}
	if it.Price > 0 {
		out = append([]Fact{{Label: because.Say(lang, "Price"), Value: p.Number(lang, it.Price, currency(it))}}, out...)
	}
	return out
}

func currency(it because.Item) string {
	if it.Currency == "" {
		return "CNY"
	}
	return it.Currency
}

// Label says a category of a domain in words.
func (e *Engine) Label(domain, key string, lang because.Lang) string {
	return e.packs.Pack(domain).Word(key, lang)
}

// LLM reports whether an endpoint is configured.
func (e *Engine) LLM() bool { return e.endpoint != nil }

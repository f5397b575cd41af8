package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"because"
	"because/internal/evidence"
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

// FieldLabel says an attribute or a profile field in words. With no domain, the first that knows the field says it.
func (e *Engine) FieldLabel(domain, field string, lang because.Lang) string {
	if domain != "" {
		return e.packs.Pack(domain).FieldLabel(lang, field)
	}
	for _, d := range e.packs.Domains() {
		p := e.packs.Pack(d)
		_, profile := p.Profile[field]
		if _, ok := p.Fields[field]; ok || profile {
			return p.FieldLabel(lang, field)
		}
	}
	return e.packs.Pack("").FieldLabel(lang, field)
}

// ProfileFacts are what a user stated of themselves, in words, in the order of the fields' keys.
func (e *Engine) ProfileFacts(u because.User, lang because.Lang) []Fact {
	var out []Fact
	for _, field := range slices.Sorted(maps.Keys(u.Profile)) {
		p := e.packs.Pack("")
		for _, d := range e.packs.Domains() {
			if _, ok := e.packs.Pack(d).Profile[field]; ok {
				p = e.packs.Pack(d)
				break
			}
		}
		if v := p.Value(lang, field, u.Profile[field]); v != "" {
			out = append(out, Fact{Label: p.FieldLabel(lang, field), Value: v})
		}
	}
	return out
}

// HiddenEvidence is which evidence of an impression its reader asked not to be cited again: evidence ID -> reason.
func (e *Engine) HiddenEvidence(ctx context.Context, im because.Impression) (map[string]string, error) {
	out := map[string]string{}
	if im.User == "" || im.Explanation == nil {
		return out, nil
	}
	hidden, err := e.db.Hidden(ctx, im.User)
	if err != nil {
		return nil, fmt.Errorf("read hidden reasons: %w", err)
	}
	for _, ev := range slices.Concat(im.Explanation.Evidence, im.Explanation.Unused) {
		if key := evidence.Key(ev); slices.Contains(hidden, key) {
			out[ev.ID] = key
		}
	}
	return out, nil
}

// Confidence says in words how sure it is that what a text leads with is why; "" where it names no cause.
func Confidence(level string, lang because.Lang) string {
	switch level {
	case evidence.High:
		return because.Say(lang, "Very sure: most of what speaks for it is what leads.")
	case evidence.Fair:
		return because.Say(lang, "Fairly sure: what leads weighs most, and other causes count too.")
	case evidence.Low:
		return because.Say(lang, "Less sure: what leads is one of several causes that weigh about as much.")
	}
	return ""
}

// LLM reports whether an endpoint is configured.
func (e *Engine) LLM() bool { return e.endpoint != nil }

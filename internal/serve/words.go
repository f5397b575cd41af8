package serve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"because"
)

// kindLabel says a kind of evidence in a few words.
func kindLabel(lang because.Lang, k because.EvidenceKind) string {
	switch k {
	case because.Bought:
		return because.Say(lang, "Bought")
	case because.Carted:
		return because.Say(lang, "In your cart")
	case because.Viewed:
		return because.Say(lang, "Viewed")
	case because.Rated:
		return because.Say(lang, "Rated")
	case because.Searched:
		return because.Say(lang, "Searched")
	case because.Habit:
		return because.Say(lang, "Often chosen")
	case because.Shared:
		return because.Say(lang, "In common")
	case because.Profile:
		return because.Say(lang, "You stated")
	case because.Need:
		return because.Say(lang, "You typed")
	case because.InContext:
		return because.Say(lang, "Time and place")
	case because.Fit:
		return because.Say(lang, "In your range")
	case because.PriceKind:
		return because.Say(lang, "Price")
	case because.Trend:
		return because.Say(lang, "Trend")
	case because.NewItem:
		return because.Say(lang, "New")
	case because.ReviewKind:
		return because.Say(lang, "Review")
	case because.Drawback:
		return because.Say(lang, "Weak point")
	case because.Versus:
		return because.Say(lang, "Compared")
	case because.Neighbours:
		return because.Say(lang, "People alike")
	case because.Popular:
		return because.Say(lang, "Popular")
	case because.Caller:
		return because.Say(lang, "Stated by the caller")
	}
	return because.Say(lang, "Fact")
}

// styleLabel says a style in a word.
func styleLabel(lang because.Lang, s because.Style) string {
	switch s {
	case because.Short:
		return because.Say(lang, "Short")
	case because.Detail:
		return because.Say(lang, "In detail")
	case because.Data:
		return because.Say(lang, "Numbers first")
	case because.Warm:
		return because.Say(lang, "Like a friend")
	case because.Contrast:
		return because.Say(lang, "Compared with one you know")
	}
	return because.Say(lang, "As a notification")
}

// armLabel says an arm in words: "short · viewed".
func armLabel(lang because.Lang, arm string) string {
	style, lead, ok := strings.Cut(arm, "/")
	if !ok {
		return because.Say(lang, "no reason")
	}
	return styleLabel(lang, because.Style(style)) + " · " + kindLabel(lang, because.EvidenceKind(lead))
}

// sourceLabel says who wrote a text.
func sourceLabel(lang because.Lang, s because.Source) string {
	switch s {
	case because.FromApproved:
		return because.Say(lang, "Approved wording")
	case because.FromEmbedded:
		return because.Say(lang, "Built-in model")
	case because.FromLLM:
		return because.Say(lang, "Language model")
	}
	return because.Say(lang, "Verified pattern")
}

// didLabel says what a user did.
func didLabel(lang because.Lang, k because.InteractionKind) string {
	switch k {
	case because.View:
		return because.Say(lang, "Viewed")
	case because.Click:
		return because.Say(lang, "Clicked")
	case because.Cart:
		return because.Say(lang, "In your cart")
	case because.Purchase:
		return because.Say(lang, "Bought")
	case because.Rating:
		return because.Say(lang, "Rated")
	}
	return because.Say(lang, "Searched")
}

// itemName is an item's name, or its ID when it is gone.
func (s *server) itemName(ctx context.Context, id string) string {
	if it, err := s.e.Item(ctx, id); err == nil {
		return it.Name.In(infoOf(ctx).lang)
	}
	return id
}

// cause says a contribution in words.
func (s *server) cause(ctx context.Context, domain string, c because.Contribution) string {
	lang, ref := infoOf(ctx).lang, c.Ref()
	switch c.Kind() {
	case "history":
		return because.Say(lang, "What you did with %s", s.itemName(ctx, ref))
	case "category":
		return because.Say(lang, "Your leaning to %s", s.e.Label(domain, ref, lang))
	case "domain":
		return because.Say(lang, "Your leaning to %s", s.domainLabel(lang, ref))
	case "attribute", "field":
		field, value, ok := strings.Cut(ref, "=")
		if !ok {
			return because.Say(lang, "Your leaning in %s", s.e.FieldLabel(domain, field, lang))
		}
		return because.Say(lang, "Your leaning to %s: %s", s.e.FieldLabel(domain, field, lang), s.e.Label(domain, value, lang))
	case "context":
		return because.Say(lang, "Time, device or place: %s", contextLabel(lang, ref))
	case "search":
		return because.Say(lang, "Your search “%s”", ref)
	case "need":
		return because.Say(lang, "What you typed: %s", ref)
	case "profile":
		return because.Say(lang, "What you stated under %s", s.e.FieldLabel(domain, ref, lang))
	case "price":
		return because.Say(lang, "Your usual price range")
	case "popularity":
		return because.Say(lang, "How popular it is")
	case "recency":
		return because.Say(lang, "How new it is")
	case "diversity":
		return because.Say(lang, "Variety in the list")
	case "base":
		return because.Say(lang, "The same for everybody")
	case "caller":
		return because.Say(lang, "Stated by the caller: %s", ref)
	}
	return c.Name
}

func (s *server) domainLabel(lang because.Lang, domain string) string {
	for _, d := range s.e.Domains() {
		if d.Domain == domain {
			return d.Label.In(lang)
		}
	}
	return domain
}

// contextLabel says a context feature ("hour=evening", "day=weekday", "device=phone") in words.
func contextLabel(lang because.Lang, ref string) string {
	_, v, _ := strings.Cut(ref, "=")
	switch v {
	case "night":
		return because.Say(lang, "at night")
	case "morning":
		return because.Say(lang, "in the morning")
	case "noon":
		return because.Say(lang, "at noon")
	case "afternoon":
		return because.Say(lang, "in the afternoon")
	case "evening":
		return because.Say(lang, "in the evening")
	case "weekday":
		return because.Say(lang, "on weekdays")
	case "weekend":
		return because.Say(lang, "at the weekend")
	case "phone":
		return because.Say(lang, "on the phone")
	case "tablet":
		return because.Say(lang, "on the tablet")
	case "desktop":
		return because.Say(lang, "at the computer")
	case "tv":
		return because.Say(lang, "at the television")
	}
	return v
}

// reasonLabel says a hidden reason ("history:shop_7", "profile:interests") in words.
func (s *server) reasonLabel(ctx context.Context, key string) string {
	lang := infoOf(ctx).lang
	kind, ref, _ := strings.Cut(key, ":")
	if kind == "history" {
		return because.Say(lang, "What you did with %s", s.itemName(ctx, ref))
	}
	if !slices.Contains(because.EvidenceKinds, because.EvidenceKind(kind)) {
		return key
	}
	label := kindLabel(lang, because.EvidenceKind(kind))
	if ref == "" {
		return label
	}
	return label + " · " + s.e.FieldLabel("", ref, lang)
}

// A chip is an evidence in two words.
type chip struct{ Icon, Label, Value string }

// chipSlots is which slot says the most of a kind of evidence.
var chipSlots = map[because.EvidenceKind]string{
	because.Bought: "hist", because.Carted: "hist", because.Viewed: "hist", because.Rated: "hist", because.Shared: "shared",
	because.Searched: "query", because.Need: "need", because.Habit: "category", because.Profile: "value", because.InContext: "moment",
	because.Attribute: "value", because.Fit: "value", because.Drawback: "value", because.Versus: "hist", because.PriceKind: "price",
	because.Trend: "change", because.NewItem: "when", because.ReviewKind: "phrase", because.Neighbours: "people", because.Popular: "count",
	because.Caller: "label",
}

// chips are the few evidences that a card shows, those with the most weight first and none twice.
func (s *server) chips(lang because.Lang, x *because.Explanation) []chip {
	const most = 3
	evs := slices.Clone(x.Evidence)
	slices.SortStableFunc(evs, func(a, b because.Evidence) int { return compare(abs(b.Share), abs(a.Share)) })
	var out []chip
	seen := map[string]bool{}
	for _, ev := range evs {
		c := chip{Icon: string(ev.Kind), Label: kindLabel(lang, ev.Kind), Value: ev.Slots[chipSlots[ev.Kind]].Text}
		switch ev.Kind {
		case because.Attribute, because.Fit, because.Drawback:
			c.Label = s.e.FieldLabel(x.Domain, ev.Ref, lang)
		case because.Popular, because.Neighbours:
			c.Value = because.Say(lang, "%s people", c.Value)
		}
		if ev.Sensitive || c.Value == "" || seen[c.Value] {
			continue
		}
		seen[c.Value] = true
		if out = append(out, c); len(out) == most {
			break
		}
	}
	return out
}

// originLabel says where an evidence comes from.
func originLabel(lang because.Lang, origin string) string {
	kind, ref, _ := strings.Cut(origin, ":")
	switch kind {
	case "interaction":
		return because.Say(lang, "your record %s", ref)
	case "interactions":
		return because.Say(lang, "your records, counted")
	case "item":
		id, field, _ := strings.Cut(ref, "#")
		return because.Say(lang, "the item's data, %s (%s)", id, field)
	case "review":
		return because.Say(lang, "review %s", ref)
	case "profile":
		return because.Say(lang, "what you stated")
	case "request":
		return because.Say(lang, "this request")
	case "group":
		return because.Say(lang, "counts over at least 20 people")
	case "caller":
		return because.Say(lang, "stated by the caller")
	}
	return origin
}

// day is a date as pages show it, with its zone.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("2006-01-02")
}

func moment(at time.Time) string {
	if at.IsZero() || because.Undated(at) {
		return ""
	}
	_, offset := at.Zone()
	return fmt.Sprintf("%s UTC%+d", at.Format("2006-01-02 15:04"), offset/3600)
}

func abs(x float64) float64 { return max(x, -x) }

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

package ingest

import (
	"math"
	"strings"
	"time"

	"because"
)

// interactionOf makes an interaction of the cells.
func (t *reading) interactionOf(x *because.Interaction) (reason string) {
	x.ID, x.User, x.Item = t.cell(fID), t.same(t.cell(fUser)), t.same(t.cell(fItem))
	x.Query, x.Session, x.Context.Device, x.Context.Place = t.cell(fQuery), t.cell(fSession), t.cell(fDevice), t.cell(fPlace)
	value, _, hasValue, reason := t.numberOf(fValue)
	if reason != "" {
		return reason
	}
	quantity, _, hasQuantity, reason := t.numberOf(fQuantity)
	if reason != "" {
		return reason
	}
	if x.Dwell, _, _, reason = t.numberOf(fDwell); reason != "" {
		return reason
	}
	if x.Weight, _, _, reason = t.numberOf(fWeight); reason != "" {
		return reason
	}
	if s := t.cell(fKind); !blank(s) {
		kind, ok := kindOf(s)
		if !ok {
			kind = because.InteractionKind(s)
		}
		x.Kind = kind
	} else {
		t.f.Filled["kind"]++
		switch {
		case x.Item == "" && x.Query != "":
			x.Kind = because.Search
		case hasValue:
			x.Kind = because.Rating
		case hasQuantity:
			x.Kind = because.Purchase
		case t.col.of[fValue] >= 0 && t.col.of[fKind] < 0:
			x.Kind = because.Rating
		default:
			x.Kind = because.View
		}
	}
	switch {
	case x.Kind == because.Rating && !hasValue:
		return because.Say(t.lang(), "A rating without a value.")
	case x.Kind == because.Purchase && hasQuantity:
		if x.Value = quantity; quantity < 0 {
			return because.Say(t.lang(), "A purchase of a negative quantity.")
		}
	case hasValue:
		x.Value = value
	}
	x.Context.At, reason = t.timeOf(fTime)
	return reason
}

// timeOf reads a time, with that of the day in fClock if there is one. A blank or zero one is missing.
func (t *reading) timeOf(f int) (at time.Time, reason string) {
	s := t.cell(f)
	if f == fTime && t.col.of[fClock] >= 0 {
		if c := t.cell(fClock); c != "" {
			s += " " + c
		}
	}
	if blank(s) || s == "0" || s == "0.0" {
		return at, ""
	}
	at, ok := parseTime(s, t.r.o.Zone)
	if !ok {
		return at, because.Say(t.lang(), "%q is no time.", short(s))
	}
	if at.IsZero() {
		return at, because.Say(t.lang(), "The time %s is out of range: before 1970, or after now.", at.Format("2006-01-02 15:04"))
	}
	return at, ""
}

// same is s as it was seen before, so that rows do not keep whole lines in memory.
func (t *reading) same(s string) string {
	if old, ok := t.intern[s]; ok {
		return old
	}
	if len(t.intern) >= 100_000 {
		clear(t.intern)
	}
	s = strings.Clone(s)
	if len(s) < 100 {
		t.intern[s] = s
	}
	return s
}

// itemOf makes an item of the cells.
func (t *reading) itemOf(x *because.Item) (reason string) {
	x.ID, x.Domain = t.cell(fItem), t.cell(fDomain)
	if x.Domain == "" {
		x.Domain = t.r.o.Domain
	}
	if x.Domain == "" && t.flav != nil {
		x.Domain = t.flav.domain
	}
	x.Name = texts(t.cell(fName), t.cell(fNameZh), t.cell(fNameEn))
	x.Description = texts(t.cell(fDescription), t.cell(fDescriptionZh), t.cell(fDescriptionEn))
	x.Aliases = t.wordsIn(t.cell(fAliases), false)
	for _, i := range t.col.categories {
		if i < len(t.cells) {
			for _, w := range t.wordsIn(t.cells[i], true) {
				if k := t.wordKey(x.Domain, w); !contains(x.Categories, k) {
					x.Categories = append(x.Categories, k)
				}
			}
		}
	}
	t.priceOf(x)
	if at, reason := t.timeOf(fPublished); reason == "" {
		x.Published = at
	} else {
		t.f.Filled["published"]++
		t.counts.published++
	}
	x.Unavailable = truth(t.cell(fUnavailable))
	if s := t.cell(fAvailable); !blank(s) && !truth(s) {
		x.Unavailable = true
	}
	t.attributes(x)
	if t.flav != nil && t.flav.item != nil {
		t.flav.item(x)
	}
	return ""
}

// priceOf reads the price; one that is no price is missing, and the item stays.
func (t *reading) priceOf(x *because.Item) {
	price, currency, _, reason := t.numberOf(fPrice)
	if reason != "" {
		price = math.NaN() // counted by the checks
	}
	x.Price = price
	if c := t.cell(fCurrency); c != "" {
		x.Currency = strings.ToUpper(c)
		if _, code, ok := number("1" + c); ok && code != "" {
			x.Currency = code
		}
	} else if currency != "" {
		x.Currency = currency
	} else if price > 0 && t.col.unit != "" {
		_, x.Currency, _ = number("1" + t.col.unit)
	}
}

func texts(plain, zh, en string) because.Text {
	if zh == "" && en == "" {
		return because.Plain(plain)
	}
	out := because.Text{}
	for lang, s := range map[because.Lang]string{"": plain, because.Chinese: zh, because.English: en} {
		if s != "" {
			out[lang] = s
		}
	}
	return out
}

// userOf makes a user of the cells.
func (t *reading) userOf(x *because.User) (reason string) {
	x.ID, x.Name, x.Lang = t.cell(fUser), t.cell(fName), because.Lang(t.cell(fLang))
	x.Impersonal = truth(t.cell(fImpersonal))
	t.profile(x)
	if t.flav != nil && t.flav.user != nil {
		t.flav.user(x)
	}
	return ""
}

// reviewOf makes a review of the cells.
func (t *reading) reviewOf(x *because.Review) (reason string) {
	x.ID, x.User, x.Item, x.Text = t.cell(fID), t.same(t.cell(fUser)), t.same(t.cell(fItem)), t.cell(fText)
	x.Lang, x.Origin = because.Lang(t.cell(fLang)), t.cell(fOrigin)
	if x.Rating, _, _, reason = t.numberOf(fValue); reason != "" {
		t.f.Filled["value"]++
		x.Rating = 0
	}
	if x.At, reason = t.timeOf(fTime); reason == "" && t.flav != nil && t.flav.review != nil {
		t.flav.review(x)
	}
	return reason
}

// exampleOf makes an example of the cells.
func (t *reading) exampleOf(x *because.Example) (reason string) {
	x.ID, x.User, x.Item, x.Text, x.Real, x.Lang = t.cell(fID), t.cell(fUser), t.cell(fItem), t.cell(fText), t.cell(fReal), because.Lang(t.cell(fLang))
	return ""
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

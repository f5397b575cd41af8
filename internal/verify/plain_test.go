package verify

import (
	"slices"
	"testing"

	"because"
	"because/internal/pack"
)

// TestPlain: words that say how something is told pass, and none of them makes a falsehood pass.
func TestPlain(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	for _, tt := range []struct {
		given Given
		text  string
		true  bool
	}{
		{filmEn, "By the look of things this one runs exactly 112 minutes.", true},
		{filmEn, "As it happens, it also stars Ana Ruiz.", true},
		{filmEn, "It comes to an hour and 52 minutes.", true},
		{filmEn, "It runs just under two hours.", true},
		{filmEn, "It runs just under three hours.", false},
		{filmEn, "You finished The Score last week; it runs 112 minutes.", false},
		{filmEn, "It runs 112 minutes and it will stay with you.", false},
		{filmEn, "You work at night; it runs 112 minutes.", false},
		{filmEn, "It leads our thrillers at 112 minutes.", false},
		{filmEn, "It runs 112 minutes, and Scores are kept.", false}, // a name
		{filmEn, "It runs 112 minutes, and Everyone agrees.", false},
		{watchZh, "顺带一提，这款正好续航 14 天。", true},
		{watchZh, "這款续航恰好兩週，順帶一提。", true},
		{watchZh, "这款续航一个多星期。", true},
		{watchZh, "这款续航两个多星期。", false},
		{watchZh, "你同事看过青原 Pro，这款续航 14 天。", false},
		{watchZh, "青原 Pro 你用完了；这款续航 14 天。", false},
		{watchZh, "这款续航 14 天，包你学会。", false},
	} {
		bad := slices.DeleteFunc(v.Claims(tt.text, tt.given), func(c because.Claim) bool { return c.Verdict == because.Supported })
		if (len(bad) == 0) != tt.true {
			t.Errorf("%s: %+v", tt.text, bad)
		}
	}
}

// TestForms: English verbs in all their forms.
func TestForms(t *testing.T) {
	for entry, want := range map[string][]string{
		"use":               {"use", "uses", "using", "used"},
		"carry":             {"carry", "carries", "carrying", "carried"},
		"stop":              {"stop", "stops", "stopping", "stopped"},
		"match":             {"match", "matches", "matching", "matched"},
		"draw/drew/drawn":   {"draw", "draws", "drawing", "drew", "drawn"},
		"tie":               {"tie", "ties", "tying", "tied"},
		"read":              {"read", "reads", "reading"},
		"begin/began/begun": {"begin", "begins", "beginning", "began", "begun"},
	} {
		if got := forms(entry); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", entry, got, want)
		}
	}
}

// TestRegional: words of Taiwan and Hong Kong, longer or shorter than the mainland's, and their places in the text.
func TestRegional(t *testing.T) {
	s := "有三個消息來源，附著圖表，他執筆；報導演員"
	r, at := spread(s)
	if got := string(r); got != "有三个信源,附着图表,他写;报导演员" || len(at) != len(r)+1 || at[len(r)] != len(s) {
		t.Fatalf("%q %v", got, at)
	}
	for i := range r {
		if at[i] >= at[i+1] || s[at[i]]&0xC0 == 0x80 {
			t.Errorf("rune %d at %d, then %d", i, at[i], at[i+1])
		}
	}
}

// TestSame: what a pack says is just the same passes where the value does, and nowhere else; a field's words bind its numbers.
func TestSame(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	word := func(id, ref, key, text string) because.Evidence {
		return because.Evidence{ID: id, Kind: because.Attribute, Ref: ref, Text: "Riverbend lamp, " + text + ".", Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: text, Ref: key}}}
	}
	lamp := Given{Domain: "shop", Lang: because.English, Name: "Riverbend lamp", Now: now, Evidence: []because.Evidence{
		word("e1", "features", "warm_light", "adjustable warmth"),
		{ID: "e2", Kind: because.Drawback, Ref: "waterproof", Text: "Riverbend lamp isn't water-resistant."},
		{ID: "e3", Kind: because.Attribute, Ref: "weight", Text: "Riverbend lamp, weight: 650 g.", Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: "650 g", Number: 650, Unit: "g"}}},
		{ID: "e4", Kind: because.Popular, Text: "28 people turned to Riverbend lamp. It ranks 3rd among desk lamps.", Slots: map[string]because.Slot{
			"count": {Kind: because.CountSlot, Text: "28", Number: 28}, "rank": {Kind: because.CountSlot, Text: "3rd", Number: 3}, "category": {Kind: because.WordSlot, Text: "desk lamps", Ref: "desk_lamp"}}},
	}}
	for text, ok := range map[string]bool{
		"Its warmth can be adjusted, and it weighs 650 g.":         true,
		"Riverbend lamp is third among lamps.":                     true,
		"It's our third most popular desk lamp.":                   true,
		"It's our second most popular desk lamp.":                  false,
		"Keep it out of the rain; it weighs 650 g.":                true,
		"It weighs 650 g and resists water.":                       false,
		"It weighs 650 g and has a backlight.":                     false,
		"It has a built-in cable and weighs 650 g.":                false,
		"Riverbend lamp weighs 650 g and is meant for the office.": false,
	} {
		bad := slices.DeleteFunc(v.Claims(text, lamp), func(c because.Claim) bool { return c.Verdict == because.Supported })
		if (len(bad) == 0) != ok {
			t.Errorf("%s: %+v", text, bad)
		}
	}
}

// TestExpired: a price that was read longer ago than the pack lets it stand, and "3 days ago" a month later, are not said.
func TestExpired(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	g := Given{Domain: "shop", Lang: because.English, Name: "Riverbend lamp", Now: now, Evidence: []because.Evidence{
		{ID: "e1", Kind: because.PriceKind, Ref: "price", At: ago(0), Text: "Riverbend lamp costs ¥119.", Slots: map[string]because.Slot{"price": {Kind: because.NumberSlot, Text: "¥119", Number: 119, Unit: "CNY"}}},
		{ID: "e2", Kind: because.Viewed, Ref: "x", At: ago(3), Share: .4, Text: "You looked at Hillside lamp 3 days ago.", Slots: map[string]because.Slot{
			"hist": {Kind: because.NameSlot, Text: "Hillside lamp"}, "when": {Kind: because.DateSlot, Text: "3 days ago", At: ago(3)}}},
	}}
	for _, text := range []string{"Riverbend lamp costs ¥119.", "You looked at Hillside lamp 3 days ago."} {
		for days, ok := range map[int]bool{0: true, 40: false} {
			g.Now = now.AddDate(0, 0, days)
			bad := slices.DeleteFunc(v.Claims(text, g), func(c because.Claim) bool { return c.Verdict == because.Supported })
			if (len(bad) == 0) != ok {
				t.Errorf("%s, %d days later: %+v", text, days, bad)
			}
		}
	}
}

// TestDeeds: a pack's own verbs for a deed pass on an evidence of that deed and on no other; a crowd that is told by what it is
// not needs one that counts it.
func TestDeeds(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	given := func(domain string, lang because.Lang, kind because.EvidenceKind) Given {
		n, hist := "Halma", "Echo"
		if lang == because.Chinese {
			n, hist = "山海笔记", "青川手记"
		}
		return Given{Domain: domain, Lang: lang, Name: n, Now: now, Evidence: []because.Evidence{{ID: "e1", Kind: kind, Ref: "x", At: ago(3), Share: .4, Slots: map[string]because.Slot{"hist": name(hist)}}}}
	}
	for _, tt := range []struct {
		domain string
		lang   because.Lang
		kind   because.EvidenceKind
		text   string
		true   bool
	}{
		{"education", because.English, because.Bought, "You enrolled in Echo.", true},
		{"education", because.English, because.Viewed, "You enrolled in Echo.", false},
		{"shop", because.English, because.Bought, "You enrolled in Echo.", false},
		{"news", because.English, because.Viewed, "You read Echo.", true},
		{"entertainment", because.English, because.Viewed, "You read Echo.", false},
		{"education", because.Chinese, because.Bought, "你报过《青川手记》。", true},
		{"education", because.Chinese, because.Viewed, "你报过《青川手记》。", false},
		{"entertainment", because.English, because.Viewed, "You're not the only one who looked at Echo.", false},
		{"entertainment", because.English, because.Viewed, "It's the only one; you looked at Echo.", false},
	} {
		bad := slices.DeleteFunc(v.Claims(tt.text, given(tt.domain, tt.lang, tt.kind)), func(c because.Claim) bool { return c.Verdict == because.Supported })
		if (len(bad) == 0) != tt.true {
			t.Errorf("%s, %s: %+v", tt.domain, tt.text, bad)
		}
	}
}

// TestForetold: what is said to come passes where it is so today, and not as an outcome.
func TestForetold(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	for text, ok := range map[string]bool{
		"You'll get 112 minutes of it.":                          true,
		"This one will take 112 minutes.":                        true,
		"It runs 112 minutes and will sell out.":                 false,
		"It runs 112 minutes and is going to win prizes.":        false,
		"It runs 112 minutes, and seats will be gone soon.":      false,
		"After 112 minutes you'll see things anew.":              false,
		"You will find peace after 112 minutes.":                 false,
		"It runs 112 minutes, and you'll know Lin Chuan.":        true,
		"It runs 112 minutes; you might like that.":              true,
		"It runs 112 minutes; you will like that.":               false,
		"It runs twice as long as The Score.":                    false,
		"More than 1,000 people watched it, most of them twice.": false,
	} {
		bad := slices.DeleteFunc(v.Claims(text, filmEn), func(c because.Claim) bool { return c.Verdict == because.Supported })
		if (len(bad) == 0) != ok {
			t.Errorf("%s: %+v", text, bad)
		}
	}
}

// TestParts: parts and multiples are held to what is compared.
func TestParts(t *testing.T) {
	given := Given{Domain: "shop", Lang: because.English, Name: "Cube bank", Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Versus, Text: "capacity: 21,000 mAh here, 14,000 mAh for Bailu Ear P, a difference of 7,000 mAh.", Ref: "capacity", Share: .1, Slots: map[string]because.Slot{
			"hist":  {Kind: because.NameSlot, Text: "Bailu Ear P"},
			"value": {Kind: because.NumberSlot, Text: "21,000 mAh", Number: 21000, Unit: "mAh"}, "other": {Kind: because.NumberSlot, Text: "14,000 mAh", Number: 14000, Unit: "mAh"}, "diff": {Kind: because.NumberSlot, Text: "7,000 mAh", Number: 7000, Unit: "mAh"},
		}},
		{ID: "e2", Kind: because.Trend, Text: "The price of Cube bank went down 34% over the last 30 days, to ¥99.", Ref: "price", Share: .1, Slots: map[string]because.Slot{
			"change": {Kind: because.NumberSlot, Text: "34%", Number: -34, Unit: "percent"}, "period": {Kind: because.DateSlot, Text: "the last 30 days", Number: 30, Unit: "d"}, "value": {Kind: because.NumberSlot, Text: "¥99", Number: 99, Unit: "CNY"},
		}},
	}}
	v := New(pack.Builtin().WithCorpus(nil))
	for text, ok := range map[string]bool{
		"Half as much capacity again as Bailu Ear P.":      true,
		"Half as much capacity as Bailu Ear P.":            false,
		"Its capacity is twice that of Bailu Ear P.":       false,
		"The price is down by about a third in 30 days.":   true,
		"The price is down by about a half in 30 days.":    false,
		"The price has risen by about a third in 30 days.": false,
	} {
		bad := slices.DeleteFunc(v.Claims(text, given), func(c because.Claim) bool { return c.Verdict == because.Supported })
		if (len(bad) == 0) != ok {
			t.Errorf("%s: %+v", text, bad)
		}
	}
}

package verify

import (
	"slices"
	"testing"

	"because"
	"because/internal/pack"
)

// TestCompared: which of two items has more, how many times as much, and which way a number went, told in free words.
func TestCompared(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	versus := func(id, ref, value, other, diff string, a, b, sign float64, unit string) because.Evidence {
		d := max(a, b) - min(a, b)
		return because.Evidence{ID: id, Kind: because.Versus, Ref: ref, At: ago(20), Slots: map[string]because.Slot{
			"hist": name("Halma"), "value": number(value, a, unit), "other": number(other, b, unit), "diff": number(diff, sign*d, unit),
		}}
	}
	value := func(id, ref, text string, n float64, unit string) because.Evidence {
		return because.Evidence{ID: id, Kind: because.Attribute, Ref: ref, Slots: map[string]because.Slot{"value": number(text, n, unit)}}
	}
	en := Given{Domain: "shop", Lang: because.English, Name: "Aurora", Now: now, Evidence: []because.Evidence{
		versus("e1", "weight", "60 g", "36 g", "24 g", 60, 36, -1, "g"),
		versus("e2", "battery", "20 days", "10 days", "10 days", 20, 10, 1, "d"),
		value("e3", "weight", "60 g", 60, "g"), value("e4", "battery", "20 days", 20, "d"),
		{ID: "e5", Kind: because.Trend, Ref: "price", At: now, Slots: map[string]because.Slot{"change": number("8.5%", 8.5, "percent"), "period": date("the last 30 days"), "value": number("¥179", 179, "CNY")}},
	}}
	zh := Given{Domain: "shop", Lang: because.Chinese, Name: "山海", Now: now, Evidence: []because.Evidence{
		versus("e1", "weight", "60 克", "36 克", "24 克", 60, 36, -1, "g"),
		versus("e2", "battery", "20 天", "10 天", "10 天", 20, 10, 1, "d"),
		value("e3", "weight", "60 克", 60, "g"), value("e4", "battery", "20 天", 20, "d"),
	}}
	less := en
	less.Evidence = []because.Evidence{versus("e1", "playtime", "3 hours", "4 hours", "1 hour", 3, 4, -1, "h"), value("e2", "playtime", "3 hours", 3, "h")}
	for i := range zh.Evidence[:2] {
		zh.Evidence[i].Slots["hist"] = name("青川")
	}
	for _, tt := range []struct {
		given Given
		text  string
		true  bool
	}{
		{en, "It is 24 g heavier than Halma.", true},
		{less, "Next to the Halma you viewed, this one stops 1 hour sooner.", true},
		{less, "Next to the Halma you viewed, this one stops 1 hour later.", false},
		{en, "It is 24 g lighter than Halma.", false},
		{en, "Halma is 24 g lighter.", true},
		{en, "Halma is 24 g heavier.", false},
		{en, "It weighs 60 g, Halma just 36.", true},
		{en, "It weighs 60 g, Halma just 30.", false},
		{en, "Its battery lasts 20 days, ten more than Halma's.", true},
		{en, "Its battery lasts 20 days, five more than Halma's.", false},
		{en, "Its battery lasts twice as long as Halma's.", true},
		{en, "Its battery lasts three times as long as Halma's.", false},
		{en, "The price went up 8.5% over the last 30 days.", true},
		{en, "The price went down 8.5% over the last 30 days.", false},
		{zh, "比青川重 24 克。", true},
		{zh, "比青川轻 24 克。", false},
		{zh, "比你看过的青川重 24 克。", true},
		{zh, "青川比它轻 24 克。", true},
		{zh, "青川比它重 24 克。", false},
		{zh, "续航 20 天，青川 10 天，多出 10 天。", true},
		{zh, "续航 20 天，青川 10 天，少了 10 天。", false},
		{zh, "续航是青川的两倍。", true},
		{zh, "续航是青川的三倍。", false},
		{zh, "续航 10 天，青川是 20 天。", false},
	} {
		bad := slices.DeleteFunc(v.Claims(tt.text, tt.given), func(c because.Claim) bool { return c.Verdict == because.Supported })
		if (len(bad) == 0) != tt.true {
			t.Errorf("%s: %+v", tt.text, bad)
		}
	}
}

package verify

import (
	"strings"
	"testing"

	"because"
	"because/internal/pack"
)

// A label and a value may both be true and not be of each other: 房间面积：200 米, where 200 m is the way to the metro.
func TestLabelOfAnother(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	for _, tt := range []struct {
		lang because.Lang
		text string
		ok   bool
	}{
		{because.Chinese, "房间面积：32 平米。", true},
		{because.Chinese, "离地铁：200 米。", true},
		{because.Chinese, "房间面积：200 米。", false},
		{because.Chinese, "离地铁：32 平米。", false},
		{because.Chinese, "房间面积：换行。", false},
		{because.Chinese, "这个名人也在住，房间面积：32 平米。", false},
		{because.English, "Room size: 200 m or 32 m².", false},
		{because.English, "Room size: 32 m².", true},
		{because.English, "Distance to the metro: 200 m.", true},
		{because.English, "Room size: 200 m.", false},
		{because.English, "Distance to the metro: 32 m².", false},
		{because.English, "This one is 200 m from the metro.", true},
		{because.English, "This one is 32 m² from the metro.", false},
	} {
		zh := tt.lang == because.Chinese
		area, metro := "32 m²", "200 m"
		if zh {
			area, metro = "32 平米", "200 米"
		}
		g := Given{Domain: "travel", Lang: tt.lang, Name: "听雨", Now: now, Evidence: []because.Evidence{
			{ID: "e1", Kind: because.Attribute, Ref: "room", Slots: map[string]because.Slot{"value": number(area, 32, "m2")}},
			{ID: "e2", Kind: because.Attribute, Ref: "metro", Slots: map[string]because.Slot{"value": number(metro, 200, "m")}},
		}}
		if got := allSupported(v.Claims(tt.text, g)); got != tt.ok {
			t.Errorf("%q: supported %v, want %v: %+v", tt.text, got, tt.ok, v.Claims(tt.text, g))
		}
	}
}

// TestCountsOfSharedItems: how many items share a value is not how many the value counts, and the times of a part of the day
// are not those of the last days.
func TestCountsOfSharedItems(t *testing.T) {
	v := New(pack.Builtin())
	g := Given{Domain: "news", Lang: because.English, Name: "Libraries in Shenyang", Now: now, Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Shared, Ref: "sources", Text: "x", Slots: map[string]because.Slot{"count": count(6), "shared": {Kind: because.NumberSlot, Text: "5 sources", Number: 5, Unit: "src", Ref: "sources"}}},
		{ID: "e2", Kind: because.Attribute, Ref: "sources", Text: "Libraries in Shenyang, sources: 5 sources.", Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: "5 sources", Number: 5, Unit: "src"}}},
		{ID: "e3", Kind: because.Habit, Ref: "local_news", Text: "x", Slots: map[string]because.Slot{"category": word("local stories", "local_news"), "count": count(7), "period": {Kind: because.DateSlot, Text: "the last 30 days", Number: 30, Unit: "d", At: now.AddDate(0, 0, -30)}}},
		{ID: "e4", Kind: because.InContext, Ref: "local_news", Text: "x", Slots: map[string]because.Slot{"category": word("local stories", "local_news"), "count": count(8), "moment": {Kind: because.WordSlot, Text: "in the afternoon"}}},
	}}
	for s, want := range map[string]because.ClaimVerdict{
		"Libraries in Shenyang, sources: 5 sources.":               because.Supported,
		"Libraries in Shenyang, sources: 6 sources.":               because.Contradicted,
		"You turned to local stories 7 times in the last 30 days.": because.Supported,
		"You turned to local stories 8 times in the last 30 days.": because.Contradicted,
		"You turned to local stories 8 times in the afternoon.":    because.Supported,
	} {
		if got := verdictOf(t, v, s, g); got != want && (want == because.Supported || got == because.Supported) {
			t.Errorf("%s is %s: %+v", s, got, v.Claims(s, g))
		}
	}
}

// TestNamesAreNotCorrected: no value is put into the middle of the item's name.
func TestNamesAreNotCorrected(t *testing.T) {
	v := New(pack.Builtin())
	g := Given{Domain: "news", Lang: because.English, Name: "Half-solid batteries in winter: how much range goes", Now: now, Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Attribute, Ref: "sources", Text: "x", Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: "7 sources", Number: 7, Unit: "src"}}},
		{ID: "e2", Kind: because.Attribute, Ref: "outlet", Text: "x", Slots: map[string]because.Slot{"value": word("Riverside Daily", "riverside")}},
	}}
	if r := v.Verify("Half-solid old crafts in winter: how much range goes, sources: 7 sources.", g); r.OK && strings.Contains(r.Text, "Riverside") {
		t.Errorf("%s", r.Text)
	}
}

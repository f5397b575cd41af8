package verify

import (
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

package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

// The difference to another item is none of this one's numbers.
func TestWeaknessIsNoDifference(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	number := func(text string, n float64) because.Slot {
		return because.Slot{Kind: because.NumberSlot, Text: text, Number: n, Unit: "task"}
	}
	g := Given{Domain: "education", Lang: "zh", Name: "设计一张订单表", Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Versus, Ref: "exercises", Text: "练习：这里 22 道练习，备份与误删是 47 道练习，差 25 道练习。", Origin: "interaction:x", Slots: map[string]because.Slot{
			"value": number("22 道练习", 22), "other": number("47 道练习", 47), "diff": number("25 道练习", -25), "hist": {Kind: because.NameSlot, Text: "备份与误删", Ref: "b"}}},
		{ID: "e2", Kind: because.Drawback, Ref: "exercises", Text: "设计一张订单表的短处是练习：22 道练习。", Origin: "item:a#exercises", Slots: map[string]because.Slot{"value": number("22 道练习", 22)}},
	}}
	if r := v.Verify("设计一张订单表的短处是练习：22 道练习。", g); !r.OK || r.Verdict != because.Passed {
		t.Errorf("%+v", r)
	}
	if r := v.Verify("设计一张订单表的短处是练习：25 道练习。", g); r.OK && r.Text == "设计一张订单表的短处是练习：25 道练习。" {
		t.Errorf("25 passes: %+v", r)
	}
}

// What is told as searched for is what was typed.
func TestSearchedFor(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	for _, tt := range []struct {
		lang            because.Lang
		name, query     string
		evidence        string
		truthful, false string
	}{
		{"en", "Village football, refereed by a teacher", "family hotel Qingdao breakfast", "You searched for “family hotel Qingdao breakfast” last month.",
			"You searched for “family hotel Qingdao breakfast” last month.", "You searched for “Village football, refereed by a teacher” last month."},
		{"zh", "村里的足球赛", "青岛 亲子酒店 含早", "你上个月搜过「青岛 亲子酒店 含早」。", "你上个月搜过「青岛 亲子酒店 含早」。", "你上个月搜过「村里的足球赛」。"},
	} {
		g := Given{Domain: "news", Lang: tt.lang, Name: tt.name, Evidence: []because.Evidence{{
			ID: "e1", Kind: because.Searched, Text: tt.evidence, Origin: "interaction:x",
			Slots: map[string]because.Slot{"query": {Kind: because.QuoteSlot, Text: tt.query}, "when": {Kind: because.DateSlot, Text: map[because.Lang]string{"en": "last month", "zh": "上个月"}[tt.lang]}},
		}}}
		if r := v.Verify(tt.truthful, g); !r.OK || r.Verdict != because.Passed {
			t.Errorf("%s: %+v", tt.truthful, r)
		}
		if r := v.Verify(tt.false, g); r.OK {
			t.Errorf("%s: becomes %q", tt.false, r.Text)
		}
	}
}

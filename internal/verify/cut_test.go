package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// titled is an item and one of the reader's with marks in their titles.
func titled(lang because.Lang) Given {
	now := time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)
	slot := func(kind because.SlotKind, s string, n float64) because.Slot {
		return because.Slot{Kind: kind, Text: s, Number: n}
	}
	if lang == because.English {
		return Given{Domain: "news", Lang: lang, Name: "After four years, Block Three gets its lift", Now: now, Evidence: []because.Evidence{
			{ID: "c", Kind: because.Carted, Share: .3, At: now.AddDate(0, 0, -30), Text: "You put Schools in Shenyang: 9 places visited in your cart last month.", Slots: map[string]because.Slot{
				"hist": slot(because.NameSlot, "Schools in Shenyang: 9 places visited", 0), "when": slot(because.DateSlot, "last month", 0)}},
			{ID: "p", Kind: because.Popular, Share: .1, Text: "23 people turned to After four years, Block Three gets its lift in the last 90 days.", Slots: map[string]because.Slot{
				"count": slot(because.CountSlot, "23", 23), "period": slot(because.DateSlot, "the last 90 days", 0)}},
			{ID: "s", Kind: because.Attribute, Ref: "sources", Text: "After four years, Block Three gets its lift, sources: 9 sources.", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "9 sources", 9)}},
		}}
	}
	return Given{Domain: "news", Lang: lang, Name: "拿 6 台机器试电池，结果不一样", Now: now, Evidence: []because.Evidence{
		{ID: "c", Kind: because.Carted, Share: .3, At: now.AddDate(0, 0, -30), Text: "你上个月把沈阳的学校，走了 9 处加进了购物车。", Slots: map[string]because.Slot{
			"hist": slot(because.NameSlot, "沈阳的学校，走了 9 处", 0), "when": slot(because.DateSlot, "上个月", 0)}},
		{ID: "p", Kind: because.Popular, Share: .1, Text: "近 90 天有 23 人看过拿 6 台机器试电池，结果不一样。", Slots: map[string]because.Slot{
			"count": slot(because.CountSlot, "23", 23), "period": slot(because.DateSlot, "近 90 天", 0)}},
		{ID: "s", Kind: because.Attribute, Ref: "sources", Text: "拿 6 台机器试电池，结果不一样，信源：8 个信源。", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "8 个信源", 8)}},
		{ID: "t", Kind: because.Attribute, Ref: "topic", Text: "拿 6 台机器试电池，结果不一样，话题：电池。", Slots: map[string]because.Slot{"value": slot(because.WordSlot, "电池", 0)}},
	}}
}

// TestRepairLeavesNoHalves: where clauses are left out, what needs them goes too: the rest of a title, a time that was theirs, a
// label without its value, what would be read as said of another item.
func TestRepairLeavesNoHalves(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	for _, tt := range []struct {
		lang        because.Lang
		draft, want string // empty where nothing may be left
	}{
		{because.Chinese, "你上个月收藏了沈阳的学校，走了 8 处，拿 6 台机器试电池，结果不一样也是8 个信源。", "你上个月收藏了沈阳的学校，走了 9 处。"},
		{because.Chinese, "你上个月把沈阳的学校，走了 9 处加进了购物车，拿 6 台机器试电池，结果不一样写得感人，8 个信源。", "你上个月把沈阳的学校，走了 9 处加进了购物车。"},
		{because.Chinese, "近 90 天，拿 6 台机器试电池，结果不一样火遍全网，信源是8 个信源。", ""},
		{because.Chinese, "你上个月把沈阳的学校，走了 9 处加进了购物车；这篇8 个信源，话题，养生。", "你上个月把沈阳的学校，走了 9 处加进了购物车；这篇8 个信源。"},
		{because.English, "Over the last 90 days, After four years, Block Three gets its lift went viral.", ""},
		{because.English, "You put Schools in Shenyang: 9 places visited in your cart last month, and After four years, Block Three gets its lift made people cry, with 9 sources.", "You put Schools in Shenyang: 9 places visited in your cart last month."},
		{because.English, "After four years, Block Three gets its lift is a viral hit, in one respect: 9 sources.", ""},
		{because.English, "You put Schools in Shenyang: 7 places visited in your cart last month, and this one has 9 sources.", ""},
	} {
		if r := v.Verify(tt.draft, titled(tt.lang)); r.OK != (tt.want != "") || r.OK && r.Text != tt.want {
			t.Errorf("%s\n  %v %s\n  want %s", tt.draft, r.OK, r.Text, tt.want)
		}
	}
}

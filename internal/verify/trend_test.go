package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// changing is an item that is new, and of which the price fell.
func changing(lang because.Lang) Given {
	now := time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)
	slot := func(kind because.SlotKind, s string, n float64) because.Slot {
		return because.Slot{Kind: kind, Text: s, Number: n}
	}
	if lang == because.English {
		return Given{Domain: "shop", Lang: lang, Name: "Yedu Two bank", Now: now, Evidence: []because.Evidence{
			{ID: "t", Kind: because.Trend, Ref: "price", Share: .2, At: now, Text: "The price of Yedu Two bank went down 11.4% over the last 30 days, to ¥279.", Slots: map[string]because.Slot{
				"change": slot(because.NumberSlot, "11.4%", -11.4), "period": slot(because.DateSlot, "the last 30 days", 0), "value": slot(because.NumberSlot, "¥279", 279)}},
			{ID: "n", Kind: because.NewItem, Share: .1, At: now.AddDate(0, 0, -4), Text: "Yedu Two bank came in 4 days ago.", Slots: map[string]because.Slot{"when": slot(because.DateSlot, "4 days ago", 0)}},
			{ID: "a", Kind: because.Attribute, Ref: "weight", Text: "Yedu Two bank, weight: 420 g.", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "420 g", 420)}},
		}}
	}
	return Given{Domain: "shop", Lang: lang, Name: "野渡二号充电宝", Now: now, Evidence: []because.Evidence{
		{ID: "t", Kind: because.Trend, Ref: "price", Share: .2, At: now, Text: "野渡二号充电宝的价格近 30 天降了 11.4%，到 279 元。", Slots: map[string]because.Slot{
			"change": slot(because.NumberSlot, "11.4%", -11.4), "period": slot(because.DateSlot, "近 30 天", 0), "value": slot(because.NumberSlot, "279 元", 279)}},
		{ID: "n", Kind: because.NewItem, Share: .1, At: now.AddDate(0, 0, -4), Text: "野渡二号充电宝 4 天前新到。", Slots: map[string]because.Slot{"when": slot(because.DateSlot, "4 天前", 0)}},
		{ID: "a", Kind: because.Attribute, Ref: "weight", Text: "野渡二号充电宝，重量：420 克。", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "420 克", 420)}},
	}}
}

// TestChange: that a number went up or down and that an item is new are claims of their own, held to a trend and to when the
// item came, in whatever words.
func TestChange(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	zh, en := changing(because.Chinese), changing(because.English)
	still := changing(because.English)
	still.Evidence = still.Evidence[2:]
	for _, tt := range []struct {
		given Given
		text  string
		ok    bool
	}{
		{en, "The price fell 11.4%.", true},
		{en, "Over the last 30 days, the price of Yedu Two bank decreased by 11.4%.", true},
		{en, "Yedu Two bank saw its price fall by 11.4% over the past month, to ¥279.", true},
		{en, "The price fell 14.2%.", false},
		{en, "The price rose 11.4%.", false},
		{en, "Its weight fell 11.4%.", false},
		{en, "The price fell 11.4% over the last 90 days.", false},
		{still, "The price fell 11.4%.", false},
		{en, "Yedu Two bank just came out.", true},
		{en, "Yedu Two bank is a new arrival, 420 g.", true},
		{en, "Yedu Two bank just came out yesterday.", false},
		{still, "Yedu Two bank just came out.", false},
		{still, "Yedu Two bank is a new arrival, 420 g.", false},
		{zh, "野渡二号充电宝的价格近 30 天下降了11.4%，降到279 元。", true},
		{zh, "一个月里价格跌了 11.4%，现在 279 元。", true},
		{zh, "价格在降，野渡二号充电宝重 420 克。", true},
		{zh, "近 30 天价格涨了 11.4%。", false},
		{zh, "近 30 天重量降了 11.4%。", false},
		{zh, "三个月里价格跌了 11.4%。", false},
		{zh, "价格还在涨，野渡二号充电宝重 420 克。", false},
		{zh, "野渡二号充电宝刚上架，重 420 克。", true},
		{zh, "野渡二号充电宝是 4 天前上的新。", true},
		{zh, "野渡二号充电宝上个月刚上架。", false},
	} {
		if bad := unsupported(v.Claims(tt.text, tt.given)); (len(bad) == 0) != tt.ok {
			t.Errorf("%s: %+v, want ok %v", tt.text, bad, tt.ok)
		}
	}
}

package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// told is an item of which evidence of several kinds tells.
func told(lang because.Lang) Given {
	now := time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)
	slot := func(kind because.SlotKind, s string, n float64) because.Slot {
		return because.Slot{Kind: kind, Text: s, Number: n}
	}
	if lang == because.English {
		return Given{Domain: "shop", Lang: lang, Name: "Yedu Two bank", Now: now, Evidence: []because.Evidence{
			{ID: "r", Kind: because.ReviewKind, Text: "A review of Yedu Two bank says “Feels solid in the hand”.", Slots: map[string]because.Slot{"phrase": slot(because.QuoteSlot, "Feels solid in the hand", 0)}},
			{ID: "p", Kind: because.Popular, Share: .1, Text: "23 people turned to Yedu Two bank in the last 90 days.", Slots: map[string]because.Slot{"count": slot(because.CountSlot, "23", 23), "period": slot(because.DateSlot, "the last 90 days", 0)}},
			{ID: "v", Kind: because.Viewed, Share: .3, At: now.AddDate(0, 0, -30), Text: "You looked at Yansheng Lite bank last month.", Slots: map[string]because.Slot{"hist": slot(because.NameSlot, "Yansheng Lite bank", 0), "when": slot(because.DateSlot, "last month", 0)}},
			{ID: "c", Kind: because.Carted, Share: .2, At: now.AddDate(0, 0, -3), Text: "You put Linchuan Hike Bag in your cart 3 days ago.", Slots: map[string]because.Slot{"hist": slot(because.NameSlot, "Linchuan Hike Bag", 0), "when": slot(because.DateSlot, "3 days ago", 0)}},
			{ID: "f", Kind: because.Profile, Share: .2, Text: "Under minutes to spare you put 20 minutes. In common: charging time, 15 minutes.", Slots: map[string]because.Slot{"label": slot(because.WordSlot, "minutes to spare", 0), "value": slot(because.NumberSlot, "20 minutes", 20)}},
			{ID: "w", Kind: because.Attribute, Ref: "weight", Text: "Yedu Two bank, weight: 420 g.", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "420 g", 420)}},
			{ID: "y", Kind: because.Attribute, Ref: "warranty", Text: "Yedu Two bank, warranty: 12 months.", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "12 months", 12)}},
			{ID: "t", Kind: because.Attribute, Ref: "charging_time", Text: "Yedu Two bank, charging time: 15 minutes.", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "15 minutes", 15)}},
		}}
	}
	return Given{Domain: "shop", Lang: lang, Name: "野渡二号充电宝", Now: now, Evidence: []because.Evidence{
		{ID: "r", Kind: because.ReviewKind, Text: "野渡二号充电宝的一条评价写着「料子摸着扎实」。", Slots: map[string]because.Slot{"phrase": slot(because.QuoteSlot, "料子摸着扎实", 0)}},
		{ID: "p", Kind: because.Popular, Share: .1, Text: "近 90 天有 23 人看过野渡二号充电宝。", Slots: map[string]because.Slot{"count": slot(because.CountSlot, "23", 23), "period": slot(because.DateSlot, "近 90 天", 0)}},
		{ID: "v", Kind: because.Viewed, Share: .3, At: now.AddDate(0, 0, -30), Text: "你上个月看过岩生轻行充电宝。", Slots: map[string]because.Slot{"hist": slot(because.NameSlot, "岩生轻行充电宝", 0), "when": slot(because.DateSlot, "上个月", 0)}},
		{ID: "d", Kind: because.Versus, Ref: "weight", Text: "重量：这里 420 克，岩生轻行充电宝是 355 克，差 65 克。", Slots: map[string]because.Slot{
			"hist": slot(because.NameSlot, "岩生轻行充电宝", 0), "value": slot(because.NumberSlot, "420 克", 420), "other": slot(because.NumberSlot, "355 克", 355), "diff": slot(because.NumberSlot, "65 克", -65)}},
		{ID: "f", Kind: because.Profile, Share: .2, Text: "你在「一次想用多久」里填了 20 分钟。", Slots: map[string]because.Slot{"label": slot(because.WordSlot, "一次想用多久", 0), "value": slot(because.NumberSlot, "20 分钟", 20)}},
		{ID: "w", Kind: because.Attribute, Ref: "weight", Text: "野渡二号充电宝，重量：420 克。", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "420 克", 420)}},
		{ID: "t", Kind: because.Attribute, Ref: "charging_time", Text: "野渡二号充电宝，充满要多久：15 分钟。", Slots: map[string]because.Slot{"value": slot(because.NumberSlot, "15 分钟", 15)}},
	}}
}

// TestFrames: a word that no evidence holds states nothing where it says how what evidence bears is told, and is a claim where it
// is said of the item, the reader or others.
func TestFrames(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	zh, en := told(because.Chinese), told(because.English)
	for _, tt := range []struct {
		given Given
		text  string
		ok    bool
	}{
		{en, "One owner grumbles “Feels solid in the hand”, and it weighs 420 g.", true},
		{en, "Owners grumble “Feels solid in the hand”, and it weighs 420 g.", false},
		{en, "One owner grumbles “Feels flimsy in the hand”, and it weighs 420 g.", false},
		{en, "It packs 420 g.", true},
		{en, "It packs a flashlight and weighs 420 g.", false},
		{en, "It loses 420 g.", false},
		{en, "Yedu Two bank is popular with others: 23 people in the last 90 days.", true},
		{en, "Yedu Two bank is popular with others and weighs 420 g.", false},
		{en, "It has a year's warranty and weighs 420 g.", true},
		{en, "It has a week's warranty and weighs 420 g.", false},
		{en, "You popped Linchuan Hike Bag into your cart 3 days ago.", true},
		{en, "You popped Yansheng Lite bank into your cart last month.", false},
		{en, "It weighs no more than 420 g.", true},
		{en, "It never weighs more than 420 g.", true},
		{en, "It never weighs more than 200 g.", false},
		{en, "You have 20 minutes; it takes 15 to charge.", true},
		{en, "You have 20 minutes; it takes 14 to charge.", false},
		{en, "One for the road, it weighs 420 g.", true},                     // as the packs' people talk
		{en, "It comes with a drawer and weighs 420 g.", false},              // they talk of drawers, but this has one
		{en, "You looked at Yansheng Lite bank this July, of 420 g.", false}, // last month was February
		{zh, "有买家反馈说「料子摸着扎实」，重 420 克。", true},
		{zh, "买家们反馈说「料子摸着扎实」，重 420 克。", false},
		{zh, "「料子摸着扎实」，这是野渡二号充电宝的一条评论里说的。", true},
		{zh, "近 90 天野渡二号充电宝吸引了 23 人来看。", true},
		{zh, "近 90 天野渡二号充电宝吸引了 23 人来买。", false},
		{zh, "泡杯茶的工夫，15 分钟就充满。", true},
		{zh, "比你上个月看的岩生轻行重 65 克。", true},
		{zh, "比你上个月看的岩生轻行轻 65 克。", false},
		{zh, "和上个月看的岩生轻行充电宝比，重了 65 克。", true},
		{zh, "你的资料里一次想用多久写的是 20 分钟。", true},
		{zh, "你在一次想用多久一栏填了 20 分钟。", true},
		{zh, "你在一次想用多久一栏填了 15 分钟。", false},
		{zh, "野渡二号充电宝是 2 万级毫安时的充电宝。", false}, // no value stands before 级
		{zh, "你的资料里一次想用多久写的是 15 分钟。", false},
	} {
		if bad := unsupported(v.Claims(tt.text, tt.given)); (len(bad) == 0) != tt.ok {
			t.Errorf("%s: %+v, want ok %v", tt.text, bad, tt.ok)
		}
	}
}

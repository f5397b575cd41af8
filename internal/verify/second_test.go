package verify

import (
	"because"
)

// second are sentences for two more domains, written after the first held-out set had been worked through.
var second = []planted{
	{"hotel", Given{Domain: "travel", Lang: because.Chinese, Name: "槐荫客栈", Now: now, Need: "带老人、离地铁近、安静", Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Need, Share: .4, Ref: "distance", Text: "你要「离地铁近」。", Slots: map[string]because.Slot{"need": quote("离地铁近"), "unmet": quote("安静")}},
		{ID: "e2", Kind: because.Attribute, Ref: "metro_distance", Text: "离地铁口 300 米。", Slots: map[string]because.Slot{"value": number("300 米", 300, "m")}},
		{ID: "e3", Kind: because.Bought, Share: .2, At: ago(40), Text: "你上个月订过柳岸酒店。", Slots: map[string]because.Slot{"hist": name("柳岸酒店"), "when": date("上个月")}},
		{ID: "e4", Kind: because.Drawback, Ref: "street", Text: "房间临街。", Slots: map[string]because.Slot{"value": word("临街", "")}},
		{ID: "e5", Kind: because.PriceKind, Text: "一晚 420 元，你常订的在 300 元到 500 元。", Slots: map[string]because.Slot{"price": number("420 元", 420, "CNY"), "low": number("300 元", 300, "CNY"), "high": number("500 元", 500, "CNY")}},
		{ID: "e6", Kind: because.Popular, Text: "本周有 86 人看过它。", Slots: map[string]because.Slot{"count": count(86), "period": date("本周")}},
		{ID: "e7", Kind: because.Versus, Ref: "distance", Text: "比柳岸酒店近 200 米。", Slots: map[string]because.Slot{"hist": name("柳岸酒店"), "value": number("300 米", 300, "m"), "other": number("500 米", 500, "m"), "diff": number("200 米", 200, "m")}},
	}}, []string{
		"你要「离地铁近」，它离地铁口 300 米。", "你上个月订过柳岸酒店，这家一晚 420 元。", "本周有 86 人看过这家。", "这家离地铁口三百米，不过房间临街。", "槐荫客栈离地铁口 0.3 公里，一晚四百二十元。", "因为你要「离地铁近」，才有这家。", "比柳岸酒店近 200 米，离地铁口 300 米。", "一晚 420 元，在你常订的 300 元到 500 元里。", "妳上個月訂過柳岸酒店，這家離地鐵口 300 米。",
	}, map[string][]string{
		"number":      {"离地铁口 200 米以内，一晚 420 元。", "这家一晚 402 元。", "本周有 68 人看过这家。", "比柳岸酒店近 300 米。"},
		"unit":        {"离地铁口 300 公里。", "离地铁口 300 步。", "本周有 86 万人看过这家。"},
		"name":        {"你上个月订过柳岸民宿。", "你上个月订过《柳岸》。"},
		"verb":        {"你上个月收藏过柳岸酒店。", "你给柳岸酒店评过分。"},
		"recency":     {"你上周订过柳岸酒店。", "你昨晚订过柳岸酒店。", "去年有 86 人看过这家。"},
		"invented":    {"离地铁口 300 米，有电梯。", "离地铁口 300 米，含早餐。", "房间安静，离地铁口 300 米。", "离地铁口 300 米，老板热情。", "离地铁口 300 米，推开窗就是湖。", "离地铁口 300 米，适合带老人。"},
		"negation":    {"房间不临街，离地铁口 300 米。", "「安静」也满足，离地铁口 300 米。", "离地铁口不足 300 米。"},
		"superlative": {"离地铁最近的一家，300 米。", "老人首选，离地铁口 300 米。", "比柳岸酒店远 200 米。", "比柳岸酒店便宜。"},
		"promise":     {"离地铁口 300 米，包你住得舒心。", "离地铁口 300 米，仅剩一间。", "快订吧，离地铁口 300 米。"},
		"other user":  {"你和孩子一起住，离地铁口 300 米。", "你腿脚不便，离地铁口 300 米。", "你住在杭州，离地铁口 300 米。"},
		"cause":       {"因为一晚 420 元，推荐这家。", "因为本周有 86 人看过，推荐这家。"},
	}},
	{"news", Given{Domain: "news", Lang: because.English, Name: "Field test of 5G", Now: now, Evidence: []because.Evidence{
		{ID: "e1", Kind: because.InContext, Share: .4, Text: "You read tech news 8 times on weekday mornings.", Slots: map[string]because.Slot{"moment": date("on weekday mornings"), "category": word("tech news", "tech"), "count": count(8)}},
		{ID: "e2", Kind: because.Attribute, Ref: "length", Text: "It takes 6 minutes to read.", Slots: map[string]because.Slot{"value": number("6 minutes", 6, "min")}},
		{ID: "e3", Kind: because.NewItem, At: ago(2), Text: "It was published 2 days ago.", Slots: map[string]because.Slot{"when": date("2 days ago")}},
		{ID: "e4", Kind: because.Neighbours, Text: "Of the readers of Chips in 2026, 57 also read it.", Slots: map[string]because.Slot{"hist": name("Chips in 2026"), "people": count(57)}},
		{ID: "e5", Kind: because.Searched, Share: .3, At: ago(1.2), Text: "You searched for “5g speed” yesterday.", Slots: map[string]because.Slot{"query": quote("5g speed"), "when": date("yesterday")}},
		{ID: "e6", Kind: because.Attribute, Ref: "author", Text: "It is by Mei Qiao.", Slots: map[string]because.Slot{"value": word("Mei Qiao", "")}},
	}}, []string{
		"You often read tech news on weekday mornings; this one takes 6 minutes.", "You searched for “5g speed” yesterday; this takes six minutes to read.", "57 readers of Chips in 2026 also read it.", "Published two days ago, it is by Mei Qiao.", "Because you searched for “5g speed”, this one is here.", "It takes about 6 minutes and is by Mei Qiao.", "More than 50 readers of Chips in 2026 also read this one.", "You read tech news eight times on weekday mornings.",
	}, map[string][]string{
		"number":      {"It takes 7 minutes to read.", "58 readers of Chips in 2026 also read it.", "You read tech news 18 times on weekday mornings."},
		"unit":        {"It takes 6 hours to read.", "Published two weeks ago, it is by Mei Qiao."},
		"name":        {"57 readers of Chips in 2025 also read it.", "It is by Mei Chow."},
		"verb":        {"You bought Chips in 2026; it takes 6 minutes.", "You rated “5g speed” yesterday."},
		"recency":     {"You searched for “5g speed” last month.", "Published today, it is by Mei Qiao.", "You often read tech news on weekend mornings.", "You often read tech news on weekday evenings."},
		"invented":    {"It takes 6 minutes and quotes three experts.", "It explains how 5G works in 6 minutes.", "A balanced piece that takes 6 minutes.", "It takes 6 minutes; the author won a prize.", "It takes 6 minutes, with charts."},
		"negation":    {"It isn't by Mei Qiao.", "You haven't searched for “5g speed”.", "It takes no time to read."},
		"superlative": {"The fastest read on 5G, 6 minutes.", "It takes only 6 minutes, less than Chips in 2026.", "Everything you need to know, in 6 minutes."},
		"promise":     {"Read it now: it takes 6 minutes.", "It takes 6 minutes and will make you an expert."},
		"other user":  {"Your colleague read it; it takes 6 minutes.", "You work in telecoms; it takes 6 minutes.", "You voted for it; it takes 6 minutes."},
		"cause":       {"Because it takes 6 minutes, it is here.", "Because 57 readers also read it, it is here."},
		"group":       {"Everyone is talking about it; it takes 6 minutes.", "Most readers finish it in 6 minutes."},
	}},
}

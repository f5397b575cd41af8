package generate

import (
	"because"
)

// kindsInOrder are all kinds of evidence.
var kindsInOrder = []because.EvidenceKind{
	because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched, because.Habit, because.Shared,
	because.Profile, because.Need, because.InContext, because.Attribute, because.Fit, because.PriceKind, because.Trend,
	because.NewItem, because.ReviewKind, because.Drawback, because.Versus, because.Neighbours, because.Popular, because.Caller,
}

// slot makes a slot; number 0 means none.
func slot(kind because.SlotKind, s string, number float64, ref string) because.Slot {
	return because.Slot{Kind: kind, Text: s, Number: number, Ref: ref}
}

// facts are one evidence of every kind on a film, as evidence would hand them over.
func facts(lang because.Lang) map[because.EvidenceKind]because.Evidence {
	zh := lang == because.Chinese
	pick := func(a, b string) string {
		if zh {
			return a
		}
		return b
	}
	name := func(a, b string) because.Slot { return slot(because.NameSlot, pick(a, b), 0, "itm_1") }
	word := func(a, b, ref string) because.Slot { return slot(because.WordSlot, pick(a, b), 0, ref) }
	num := func(a, b string, n float64) because.Slot { return slot(because.NumberSlot, pick(a, b), n, "") }
	date := func(a, b string) because.Slot { return slot(because.DateSlot, pick(a, b), 0, "") }
	quote := func(a, b string) because.Slot { return slot(because.QuoteSlot, pick(a, b), 0, "") }
	hist := name("偷天换日", "The Score")
	history := map[string]because.Slot{"hist": hist, "when": date("上周", "last week"), "shared": word("犯罪片", "crime film", "category")}
	with := func(m map[string]because.Slot, k string, s because.Slot) map[string]because.Slot {
		out := map[string]because.Slot{k: s}
		for n, v := range m {
			out[n] = v
		}
		return out
	}
	count := func(n string) because.Slot { return slot(because.CountSlot, n, 0, "") }
	all := map[because.EvidenceKind]because.Evidence{
		because.Bought:     {Ref: "itm_1", Slots: history},
		because.Carted:     {Ref: "itm_1", Slots: history},
		because.Viewed:     {Ref: "itm_1", Slots: history},
		because.Rated:      {Ref: "itm_1", Slots: with(history, "rating", num("9 分", "9", 9))},
		because.Searched:   {Slots: map[string]because.Slot{"query": quote("劫案 电影", "heist film"), "when": date("昨天", "yesterday"), "shared": word("劫案片", "heist film", "category")}},
		because.Habit:      {Ref: "crime", Slots: map[string]because.Slot{"category": word("犯罪片", "crime films", "crime"), "count": count("12"), "period": date("近 30 天", "the last 30 days")}},
		because.Shared:     {Slots: map[string]because.Slot{"shared": word("弗兰克·奥兹", "Frank Oz", "director"), "hist": hist, "hist2": name("迷案 7 号", "Case No. 7"), "count": count("2")}},
		because.Profile:    {Ref: "interests", Slots: map[string]because.Slot{"value": word("犯罪片", "crime films", "crime"), "label": word("兴趣", "interests", ""), "shared": word("犯罪片", "crime film", "category")}},
		because.Need:       {Ref: "length", Slots: map[string]because.Slot{"need": quote("别太长", "not too long"), "value": num("98 分钟", "98 minutes", 98), "unmet": quote("有中文配音", "dubbed")}},
		because.InContext:  {Ref: "crime", Slots: map[string]because.Slot{"moment": date("周末晚上", "on weekend evenings"), "category": word("犯罪片", "crime films", "crime"), "count": count("7")}},
		because.Attribute:  {Ref: "director", Slots: map[string]because.Slot{"value": word("林川", "Lin Chuan", "")}},
		because.Fit:        {Ref: "length", Slots: map[string]because.Slot{"value": num("98 分钟", "98 minutes", 98), "own": num("90 到 110 分钟", "90 to 110 minutes", 0)}},
		because.PriceKind:  {Ref: "price", Slots: map[string]because.Slot{"price": num("25 元", "¥25", 25), "low": num("20 元", "¥20", 20), "high": num("40 元", "¥40", 40), "was": num("36 元", "¥36", 36)}},
		because.Trend:      {Ref: "popularity", Slots: map[string]because.Slot{"change": num("18%", "18%", 18), "period": date("近 30 天", "the last 30 days"), "value": num("1.2 万次", "12,000 views", 12000)}},
		because.NewItem:    {Slots: map[string]because.Slot{"when": date("3 天前", "three days ago")}},
		because.ReviewKind: {Slots: map[string]because.Slot{"phrase": quote("结尾没猜到", "good ending"), "count": count("6")}},
		because.Drawback:   {Ref: "rating", Slots: map[string]because.Slot{"value": num("6.1", "6.1", 6.1)}},
		because.Versus:     {Ref: "length", Slots: map[string]because.Slot{"hist": hist, "value": num("98 分钟", "98 minutes", 98), "other": num("124 分钟", "124 minutes", 124), "diff": num("26 分钟", "26 minutes", 26)}},
		because.Neighbours: {Slots: map[string]because.Slot{"hist": hist, "people": count("86"), "share": num("31%", "31%", 31)}},
		because.Popular:    {Ref: "crime", Slots: map[string]because.Slot{"category": word("犯罪片", "crime films", "crime"), "count": count("1,240"), "period": date("本周", "this week"), "rank": num("2", "2nd", 2)}},
		because.Caller:     {Slots: map[string]because.Slot{"label": word("题材相近", "similar theme", ""), "value": num("0.42", "0.42", .42)}},
	}
	for k, e := range all {
		e.Kind, e.ID = k, "e_"+string(k)
		e.Share = .3
		e.Text = pick("一条事实。", "A fact.")
		all[k] = e
	}
	return all
}

// sample is a request that a kind leads, with an attribute and a drawback to support it.
func sample(kind because.EvidenceKind, style because.Style, lang because.Lang) Request {
	all := facts(lang)
	req := Request{Name: "Heist Night", Category: "Crime", Lang: lang, Arm: because.Arm{Style: style, Lead: kind}, Evidence: []because.Evidence{all[kind]}}
	if lang == because.Chinese {
		req.Name = "午夜行动"
	}
	for _, k := range []because.EvidenceKind{because.Attribute, because.Fit, because.Drawback} {
		if k != kind {
			req.Evidence = append(req.Evidence, all[k])
		}
	}
	return req
}

package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// TestTwins: a wording that states nothing, or what evidence has in other words, passes; its twin, which says what evidence does
// not have, is refused.
func TestTwins(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	at := time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)
	word := func(s, ref string) because.Slot { return because.Slot{Kind: because.WordSlot, Text: s, Ref: ref} }
	number := func(s string, n float64, unit string) because.Slot {
		return because.Slot{Kind: because.NumberSlot, Text: s, Number: n, Unit: unit}
	}
	name := func(s, ref string) because.Slot { return because.Slot{Kind: because.NameSlot, Text: s, Ref: ref} }
	ev := func(id string, kind because.EvidenceKind, ref, text string, slots map[string]because.Slot) because.Evidence {
		return because.Evidence{ID: id, Kind: kind, Ref: ref, Text: text, Share: .2, At: at, Slots: slots}
	}
	value := func(s because.Slot) map[string]because.Slot { return map[string]because.Slot{"value": s} }
	given := func(domain string, lang because.Lang, name string, list ...because.Evidence) Given {
		return Given{Domain: domain, Lang: lang, Name: name, Evidence: list, Now: at.Add(time.Hour)}
	}
	course := func(level float64) Given {
		n := map[float64]string{1: "1 of 5", 5: "5 of 5"}[level]
		return given("education", because.English, "Integrals Add Up",
			ev("e1", because.Attribute, "level", "Integrals Add Up, difficulty: "+n+".", value(number(n, level, "rank"))),
			ev("e2", because.Attribute, "age", "Integrals Add Up, age band: adults.", value(word("adults", "adults"))),
			ev("e3", because.Attribute, "offline", "Integrals Add Up has this: offline.", value(word("offline", ""))))
	}
	courseZh := func(level float64) Given {
		n := map[float64]string{1: "1 级", 5: "5 级"}[level]
		return given("education", because.Chinese, "证明怎么写",
			ev("e1", because.Attribute, "level", "证明怎么写，难度："+n+"。", value(number(n, level, "rank"))),
			ev("e2", because.Attribute, "teaches", "证明怎么写，讲的内容：矩阵。", value(word("矩阵", "matrices"))))
	}
	budget := func(text string, n float64) Given {
		return given("education", because.English, "Integrals Add Up",
			ev("e1", because.Profile, "budget", "Under budget you put ¥1,030. In common: price, "+text+".", map[string]because.Slot{"label": word("budget", "budget"), "value": number("¥1,030", 1030, "元"), "shared": {Kind: because.NumberSlot, Text: text, Number: n, Unit: "元", Ref: "price"}}))
	}
	story := given("news", because.English, "Adding lifts",
		ev("e1", because.Attribute, "charts", "Adding lifts, charts: 1 chart.", value(number("1 chart", 1, "chart"))),
		ev("e2", because.Attribute, "sources", "Adding lifts, sources: 2 sources.", value(number("2 sources", 2, "src"))),
		ev("e3", because.Attribute, "format", "Adding lifts, form: a guide.", value(word("guide", "guide"))),
		ev("e4", because.Attribute, "free", "Adding lifts has this: free to read.", value(word("free to read", ""))))
	storyZh := given("news", because.Chinese, "木版年画",
		ev("e1", because.Attribute, "charts", "木版年画，图表：0 张图。", value(number("0 张图", 0, "chart"))),
		ev("e2", because.Attribute, "sources", "木版年画，信源：3 个信源。", value(number("3 个信源", 3, "src"))))
	practice := given("health", because.English, "Green Book",
		ev("e1", because.Attribute, "goals", "Green Book, goal: loosen up.", value(word("loosen up", "loosen_up"))),
		ev("e2", because.Attribute, "gear", "Green Book, what it needs: a wall.", value(word("a wall", "wall"))),
		ev("e3", because.Attribute, "jumps", "Green Book has this: no jumping.", value(word("no jumping", ""))),
		ev("e4", because.Bought, "i1", "You bought On Mute in October 2025. In common: no jumping.", map[string]because.Slot{"hist": name("On Mute", "i1"), "when": {Kind: because.DateSlot, Text: "October 2025", At: at.AddDate(0, -5, 0)}, "shared": word("no jumping", "jumps")}))
	fund := given("finance", because.English, "Lantern Bond",
		ev("e1", because.Attribute, "category", "Lantern Bond, type: bond fund.", value(word("bond fund", "bond_fund"))),
		ev("e2", because.Attribute, "drawdown", "Lantern Bond, largest fall over the past year: 2.6%.", value(number("2.6%", 2.6, "%"))),
		ev("e3", because.Shared, "payout", "9 items that you know share this with it, such as Far Hill and Maple. In common: time to payout, 1 day.", map[string]because.Slot{"hist": name("Far Hill", "i2"), "hist2": name("Maple", "i3"), "count": {Kind: because.CountSlot, Text: "9", Number: 9}, "shared": {Kind: because.NumberSlot, Text: "1 day", Number: 1, Unit: "d", Ref: "payout"}}),
		ev("e4", because.Viewed, "i4", "You looked at Returning Tide in August 2025.", map[string]because.Slot{"hist": name("Returning Tide", "i4"), "when": {Kind: because.DateSlot, Text: "August 2025", At: at.AddDate(0, -7, 0)}}))
	film := given("entertainment", because.Chinese, "给地球写信",
		ev("e1", because.Habit, "scifi_film", "近一年，你的记录里有 3 次科幻片。", map[string]because.Slot{"category": word("科幻片", "scifi_film"), "count": {Kind: because.CountSlot, Text: "3", Number: 3}, "period": {Kind: because.DateSlot, Text: "近一年", Number: 365, Unit: "d"}}),
		ev("e2", because.InContext, "scifi_film", "晚上，你的记录里有 5 次科幻片。", map[string]because.Slot{"category": word("科幻片", "scifi_film"), "count": {Kind: because.CountSlot, Text: "5", Number: 5}, "moment": {Kind: because.DateSlot, Text: "晚上", Ref: "hour=evening"}}),
		ev("e3", because.Attribute, "category", "给地球写信，类型：科幻片。", value(word("科幻片", "scifi_film"))))
	course2 := given("education", because.Chinese, "北疆日语",
		ev("e1", because.Attribute, "age", "北疆日语，适合年龄：16 岁以上。", value(number("16 岁以上", 16, "age"))))
	practiceZh := given("health", because.Chinese, "绿册",
		ev("e1", because.Attribute, "goals", "绿册，对应的目标：活动开。", value(word("活动开", "loosen_up"))),
		ev("e2", because.Attribute, "sessions", "绿册，每周次数：5 次。", value(number("5 次", 5, "time"))),
		ev("e3", because.Attribute, "gear", "绿册，要准备的东西：一把椅子。", value(word("一把椅子", "chair"))))
	for _, tt := range []struct {
		given Given
		text  string
		ok    bool
	}{
		{course(5), "Integrals Add Up is as hard as it gets here, five out of five.", true},
		{course(1), "Integrals Add Up is as hard as it gets here, one out of five.", false},
		{course(1), "Integrals Add Up is fairly gentle, at difficulty one out of five.", true},
		{course(5), "Integrals Add Up is fairly gentle, at difficulty five out of five.", false},
		{course(1), "Integrals Add Up is aimed at adults.", true},
		{course(1), "Integrals Add Up is aimed at adults, and you'll need a connection to follow it.", false},
		{courseZh(5), "矩阵不好懂？难度五级的《证明怎么写》就讲矩阵。", true},
		{courseZh(1), "矩阵不好懂？难度一级的《证明怎么写》就讲矩阵。", false},
		{budget("¥25", 25), "At ¥25, Integrals Add Up is a tiny slice of the ¥1,030 budget you set.", true},
		{budget("¥925", 925), "At ¥925, Integrals Add Up is a tiny slice of the ¥1,030 budget you set.", false},
		{story, "Adding lifts is a guide with one chart and two sources.", true},
		{story, "Adding lifts is a guide with one chart and three sources.", false},
		{story, "Adding lifts is a free guide.", true},
		{storyZh, "《木版年画》列了三个信源。", true},
		{storyZh, "《木版年画》配有多张图表。", false},
		{practice, "Green Book is there to help you loosen up.", true},
		{practice, "Green Book is there to help you sleep.", false},
		{practice, "For Green Book, nothing but a wall is needed.", true},
		{practice, "For Green Book, nothing but a mat is needed.", false},
		{practice, "There's no jumping in On Mute, which you bought in October 2025, and none in Green Book.", true},
		{course2, "《北疆日语》适合 16 岁以上的用户。", true},
		{course2, "《北疆日语》适合 16 岁以上，用户都说好。", false},
		{practiceZh, "《绿册》帮你活动开，每周五次，只需要准备一把椅子。", true},
		{practiceZh, "《绿册》帮你睡好，每周五次。", false},
		{practiceZh, "《绿册》每周四次，只需要准备一把椅子。", false},
		{practiceZh, "《绿册》只需要准备一面墙。", false},
		{practice, "Green Book has no jumping. If anything hurts, ask a doctor first.", true},
		{fund, "Lantern Bond is a bond fund, with a fall of 2.6% at most over the past year.", true},
		{fund, "Lantern Bond is a bond fund with a return of 2.6% over the past year.", false},
		{film, "近一年你的记录里有三次科幻片，《给地球写信》也是。", true},
		{film, "近一年你的记录里有五次科幻片，《给地球写信》也是。", false},
		{film, "你的记录里晚上有五次科幻片，《给地球写信》也是。", true},
	} {
		if bad := unsupported(v.Claims(tt.text, tt.given)); (len(bad) == 0) != tt.ok {
			t.Errorf("%s: %+v, want ok %v", tt.text, bad, tt.ok)
		}
	}
}

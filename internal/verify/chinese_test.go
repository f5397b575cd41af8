package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// TestChineseIdiom: what people say around facts states nothing, and the same words do not let a falsehood through.
func TestChineseIdiom(t *testing.T) {
	num := func(s string, n float64, unit string) because.Slot {
		return because.Slot{Kind: because.NumberSlot, Text: s, Number: n, Unit: unit}
	}
	name := because.Slot{Kind: because.NameSlot, Text: "夜航"}
	v := New(pack.Builtin())
	judged := func(domain string, ev []because.Evidence) func(string) bool {
		g := Given{Domain: domain, Lang: because.Chinese, Name: "晨光", Now: time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC), Evidence: ev}
		return func(s string) bool { return allSupported(v.Claims(s, g)) }
	}
	fund := judged("finance", []because.Evidence{
		{ID: "e1", Kind: because.Viewed, Text: "你 1 月看过夜航。", At: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), Slots: map[string]because.Slot{"hist": name}},
		{ID: "e2", Kind: because.Attribute, Ref: "swing", Text: "晨光，近一年年化波动：4%。", Slots: map[string]because.Slot{"value": num("4%", 4, "percent")}},
		{ID: "e3", Kind: because.Versus, Ref: "swing", Text: "近一年年化波动：这里 4%，夜航是 8%，差 4%。", Slots: map[string]because.Slot{
			"hist": name, "value": num("4%", 4, "percent"), "other": num("8%", 8, "percent"), "diff": num("4%", -4, "percent")}},
	})
	film := judged("entertainment", []because.Evidence{
		{ID: "e1", Kind: because.Viewed, Text: "你 1 月看过夜航。共同点：导演，贺兰汀。", At: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), Slots: map[string]because.Slot{
			"hist": name, "shared": {Kind: because.WordSlot, Text: "贺兰汀", Ref: "director"}}},
		{ID: "e2", Kind: because.Attribute, Ref: "length", Text: "晨光，时长：100 分钟。", Slots: map[string]because.Slot{"value": num("100 分钟", 100, "min")}},
		{ID: "e3", Kind: because.Fit, Ref: "length", Text: "晨光，时长：100 分钟；你常看的是 90 分钟到 150 分钟。", Slots: map[string]because.Slot{
			"value": num("100 分钟", 100, "min"), "own": num("90 分钟到 150 分钟", 90, "min")}},
		{ID: "e4", Kind: because.Versus, Ref: "length", Text: "时长：这里 100 分钟，夜航是 50 分钟，差 50 分钟。", Slots: map[string]because.Slot{
			"hist": name, "value": num("100 分钟", 100, "min"), "other": num("50 分钟", 50, "min"), "diff": num("50 分钟", 50, "min")}},
	})
	course := judged("education", []because.Evidence{
		{ID: "e1", Kind: because.Attribute, Ref: "serves", Text: "晨光，用处：换行。", Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: "换行", Ref: "career_change"}}},
		{ID: "e2", Kind: because.Attribute, Ref: "hours", Text: "晨光，总时长：3 小时。", Slots: map[string]because.Slot{"value": num("3 小时", 3, "h")}},
		{ID: "e3", Kind: because.Profile, Ref: "budget", Text: "你在「预算」里填了 400 元。共同点：价格，100 元。", Slots: map[string]because.Slot{
			"label": {Kind: because.WordSlot, Text: "预算", Ref: "budget"}, "value": num("400 元", 400, "CNY"), "shared": num("100 元", 100, "CNY")}},
	})
	for _, tt := range []struct {
		s    string
		ok   func(string) bool
		want bool
	}{
		{"近一年的波动比《夜航》小一些。", fund, true},
		{"跟《夜航》比，近一年年化波动大一些。", fund, false},
		{"近一年年化波动 4%，是《夜航》的一半。", fund, true},
		{"近一年年化波动 4%，是《夜航》的三成。", fund, false},
		{"1 月看过的《夜航》近一年年化波动 8%，这只 4%。", fund, true},
		{"1 月买过的《夜航》近一年年化波动 8%，这只 4%。", fund, false},
		{"您赎回了《夜航》，这只近一年年化波动 4%。", fund, false},
		{"《晨光》和《夜航》是同一个导演拍的。", film, true},
		{"《晨光》和《夜航》是同一位主演。", film, false},
		{"一共 100 分钟，你常看的是 90 到 150 分钟，算偏短的。", film, true},
		{"一共 100 分钟，你常看的是 90 到 150 分钟，算偏长的。", film, false},
		{"一共 100 分钟，是《夜航》的两倍。", film, true},
		{"一共 100 分钟，是《夜航》的三倍。", film, false},
		{"用处是换行，总共 3 小时。", course, true},
		{"总共 3 小时，学完就能换行。", course, false},
		{"你的预算是 400 元，这门 100 元，三成不到。", course, true},
		{"你的预算是 400 元，这门 100 元，两成不到。", course, false},
		{"总共 3 小时，一口气学得完，心里有个数就好。", course, true},
		{"总共 3 小时，配套资料可以下载。", course, false},
		{"总共 4 小时，一口气学得完，心里有个数就好。", course, false},
	} {
		if got := tt.ok(tt.s); got != tt.want {
			t.Errorf("%s: supported %v, want %v", tt.s, got, tt.want)
		}
	}
}

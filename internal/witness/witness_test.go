package witness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"because"
)

// load reads a world of the rows given; the files that are not given are empty.
func load(t *testing.T, rows map[string]string) *World {
	t.Helper()
	dir := t.TempDir()
	for _, file := range []string{"items", "users", "reviews", "interactions", "words"} {
		if err := os.WriteFile(filepath.Join(dir, file+".jsonl"), []byte(rows[file]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w, err := Load(dir, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestSilence: a sentence that claims nothing needs nothing to rest on, and what is said beside it does.
func TestSilence(t *testing.T) {
	w := load(t, map[string]string{
		"items": `{"id":"f1","domain":"finance","name":{"zh":"远山债券","en":"Far Hills Bond"},"categories":["bond_fund"],"attributes":{"fee":{"number":0.5,"unit":"percent"}}}`,
		"users": `{"id":"u1"}`,
		"words": `{"domain":"finance","kind":"phrase","key":"","said":{"zh":["历史表现不预示未来，本文不构成投资建议。","{it}一年的综合费率 {value}"],"en":["Past performance doesn't predict the future, and this isn't investment advice.","{it} costs {value} a year in fees"]}}
{"domain":"finance","kind":"unit","key":"percent","said":{"zh":["%"],"en":["%"]}}`,
	})
	for _, tt := range []struct {
		lang because.Lang
		text string
		want int
	}{
		{because.Chinese, "这一条暂时说不出特别的缘由，放在这里供参考。历史表现不预示未来，本文不构成投资建议。", 0},
		{because.English, "There is no particular reason to give for this one. Past performance doesn't predict the future, and this isn't investment advice.", 0},
		{because.English, "There is no particular reason to give for this one", 0},
		{because.Chinese, "这一条暂时说不出特别的缘由，放在这里供参考。一年的综合费率 0.7%。", 1},
		{because.English, "There is no particular reason to give for this one. It costs 0.7% a year in fees.", 1},
		{because.English, "There is a particular reason.", 1},
		{because.Chinese, "暂时保本。", 1},
	} {
		found := w.Check(Case{Text: tt.text, Lang: tt.lang, User: "u1", Item: "f1", At: time.Date(2026, 5, 20, 19, 30, 0, 0, time.UTC)})
		if (len(found) > 0) != (tt.want > 0) {
			t.Errorf("%q: %v", tt.text, found)
		}
	}
}

// resorts is a small world in which most kinds of text can be told.
var resorts = map[string]string{
	"items": `{"id":"h1","domain":"travel","name":{"zh":"麦垛雅选酒店","en":"Wheat Stack Hotel"},"categories":["city_hotel"],"published":"2026-05-06T10:00:00Z",
"attributes":{"quiet":false,"breakfast":true,"capacity":{"value":19000,"unit":"mah"},"record":{"value":10,"unit":"year"}}}
{"id":"h2","domain":"travel","name":{"zh":"阿禾雅选酒店","en":"Float Bridge Hotel"},"categories":["city_hotel"],
"attributes":{"quiet":true,"network":["5g"],"capacity":{"value":27000,"unit":"mah"},"record":{"value":4,"unit":"year"}}}`,
	"users":        `{"id":"u1"}`,
	"interactions": `{"user":"u1","item":"h2","kind":"view","context":{"at":"2026-05-11T10:00:00Z"}}`,
	"words": `{"domain":"travel","kind":"word","key":"city_hotel","said":{"zh":["城市酒店"],"en":["city hotel"]},"measure":"家"}
{"domain":"travel","kind":"word","key":"breakfast","said":{"zh":["早餐"],"en":["breakfast"]}}
{"domain":"travel","kind":"word","key":"5g","said":{"zh":["5G"],"en":["5G"]}}
{"domain":"travel","kind":"field","key":"quiet","said":{},"forms":{"say":{"zh":["背街"],"en":["set back from the street"]},"lack":{"zh":["临街"]},"shared":{"zh":["背街"]}}}
{"domain":"travel","kind":"field","key":"capacity","said":{},"unit":"mah","better":"more","forms":{"say":{"zh":["电量{value}"],"en":["carries {value}"]},
"ahead":{"en":["carries {diff} more"]},"behind":{"en":["carries {diff} less"]}}}
{"domain":"travel","kind":"field","key":"record","said":{},"unit":"year","better":"more","forms":{"say":{"zh":["成立 {value}"]},"shared":{"zh":["成立 {value}"]},
"ahead":{"zh":["比{hist}早成立{diff}"],"en":["has run {diff} longer than {hist}"]},"behind":{"zh":["比{hist}晚成立{diff}"],"en":["has run {diff} less than {hist}"]}}}
{"domain":"travel","kind":"unit","key":"mah","said":{"zh":["毫安时"],"en":["mAh"]}}
{"domain":"travel","kind":"unit","key":"year","said":{"zh":["年"],"en":["years"]}}
{"domain":"travel","kind":"phrase","key":"","said":{"zh":["{when}新开的一{measure}","你常看的{category}又有一{measure}","和{hist}都在看的话","这{it}没有","背街","比它早","比它晚","这家","成立 {value}","比{hist}早成立{diff}","比{hist}晚成立{diff}"],
"en":["You asked for {need}; nothing says that this has {unmet}","you know {hist} already; this one {better}, though it {worse}","You looked at {hist}, it has run set back from the street","carries {diff} less","carries {diff} more","has run {diff} longer than {hist}"]}}`,
}

// TestTold: what is true is resolved in all the ways in which it is told, and what is false beside it is not.
func TestTold(t *testing.T) {
	w := load(t, resorts)
	at := time.Date(2026, 5, 20, 19, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		c    Case
		want string // kinds found, in order
	}{
		{"the domain's measure word", Case{Lang: because.Chinese, Text: "14 天前新开的一家"}, ""},
		{"after what is settled", Case{Lang: because.Chinese, Text: "你常看的城市酒店又有一家"}, ""},
		{"no measure word of the domain", Case{Lang: because.Chinese, Text: "14 天前新开的一锅"}, "word"},
		{"a replayed place", Case{Lang: because.Chinese, Text: "你常看的城市酒店；没有这条记录，它只会排到第 13。", Replayed: []int{13}}, ""},
		{"another place", Case{Lang: because.Chinese, Text: "你常看的城市酒店；没有这条记录，它只会排到第 14。", Replayed: []int{13}}, "number"},
		{"a replayed place", Case{Lang: because.English, Text: "You looked at Float Bridge Hotel; without that it would rank 13th.", Replayed: []int{5, 13}}, ""},
		{"no replay", Case{Lang: because.English, Text: "You looked at Float Bridge Hotel; without that it would rank 13th."}, "number"},
		{"the need's own words", Case{Lang: because.English, Text: "You asked for breakfast included", Need: "Xiamen Breakfast included"}, ""},
		{"a word of the need alone", Case{Lang: because.English, Text: "You asked for it included", Need: "Xiamen breakfast included"}, "word"},
		{"not in the need", Case{Lang: because.English, Text: "You asked for breakfast included", Need: "Xiamen"}, "word"},
		{"the need's own words, which are untrue", Case{Lang: because.English, Text: "You asked for 5G included", Need: "5G included"}, "attribute"},
		{"an unmet need with a digit", Case{Lang: because.English, Text: "You asked for “5G”; nothing says that this has it.", Need: "5G speed test"}, ""},
		{"nobody asked for it", Case{Lang: because.English, Text: "You asked for “5G”; nothing says that this has it.", Need: "speed test"}, "attribute"},
		{"cut out of the need", Case{Lang: because.English, Text: "You asked for “11,000 mAh”.", Need: "111,000 mAh"}, "number"},
		{"a denied predicate", Case{Lang: because.Chinese, Text: "你看过阿禾雅选酒店。麦垛雅选酒店：没有背街。"}, ""},
		{"the predicate", Case{Lang: because.Chinese, Text: "你看过阿禾雅选酒店。麦垛雅选酒店：背街。"}, "comparison comparison"},
		{"a denied predicate", Case{Lang: because.English, Text: "You looked at Float Bridge Hotel; it has not set back from the street"}, ""},
		{"compared with it", Case{Lang: because.Chinese, Text: "和阿禾雅选酒店都在看的话：这家比它早成立 6 年"}, ""},
		{"compared with it the wrong way", Case{Lang: because.Chinese, Text: "和阿禾雅选酒店都在看的话：这家比它晚成立 6 年"}, "comparison"},
		{"compared with that", Case{Lang: because.English, Text: "You looked at Float Bridge Hotel; it has run 6 years longer than that"}, ""},
		{"compared with that the wrong way", Case{Lang: because.English, Text: "You looked at Float Bridge Hotel; it has run 6 years less than that"}, "comparison"},
		{"a difference in thousands", Case{Lang: because.English, Text: "you know Float Bridge Hotel already; this one carries 8,000 mAh less"}, ""},
		{"the wrong way", Case{Lang: because.English, Text: "you know Float Bridge Hotel already; this one carries 8,000 mAh more"}, "comparison"},
	} {
		tt.c.User, tt.c.Item, tt.c.At = "u1", "h1", at
		var kinds []string
		found := w.Check(tt.c)
		for _, f := range found {
			kinds = append(kinds, f.Kind)
		}
		if got := strings.Join(kinds, " "); got != tt.want {
			t.Errorf("%s: %q: found %q, want %q: %v", tt.name, tt.c.Text, got, tt.want, found)
		}
	}
}

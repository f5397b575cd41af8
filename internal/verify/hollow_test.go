package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// hollowGiven is what a text on an item is judged against by evidence alone.
func hollowGiven(domain string, lang because.Lang, name string, ev ...because.Evidence) Given {
	return Given{Domain: domain, Lang: lang, Name: name, Now: time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC), Evidence: ev}
}

// TestHollow: a thing said of itself, and a label without its value, state nothing, alone or beside what is true; a label that
// is then told, an item that is pointed at twice and what is simply there do.
func TestHollow(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	attribute := func(id, field, text string, value because.Slot) because.Evidence {
		return because.Evidence{ID: id, Kind: because.Attribute, Ref: field, Share: .3, Text: text, Slots: map[string]because.Slot{"value": value}}
	}
	word := func(s, ref string) because.Slot { return because.Slot{Kind: because.WordSlot, Text: s, Ref: ref} }
	film := hollowGiven("entertainment", because.English, "The Quiet Pod",
		attribute("e1", "category", "The Quiet Pod, kind: science-fiction film.", word("science-fiction film", "scifi_film")),
		attribute("e2", "length", "The Quiet Pod, length: 93 minutes.", because.Slot{Kind: because.NumberSlot, Text: "93 minutes", Number: 93, Unit: "min"}))
	filmZh := hollowGiven("entertainment", because.Chinese, "静默舱",
		attribute("e1", "category", "静默舱，类型：科幻片。", word("科幻片", "scifi_film")),
		attribute("e2", "length", "静默舱，时长：93 分钟。", because.Slot{Kind: because.NumberSlot, Text: "93 分钟", Number: 93, Unit: "min"}))
	course := hollowGiven("education", because.English, "After the Survey Comes Back",
		attribute("e1", "category", "After the Survey Comes Back, subject: data analysis.", word("data analysis", "data_analysis")),
		attribute("e2", "subtitles", "After the Survey Comes Back has this: subtitles.", word("subtitles", "")))
	courseZh := hollowGiven("education", because.Chinese, "问卷回来以后",
		attribute("e1", "category", "问卷回来以后，科目：数据分析。", word("数据分析", "data_analysis")),
		attribute("e2", "subtitles", "问卷回来以后有这一点：字幕。", word("字幕", "")))
	news := hollowGiven("news", because.English, "Fresh paint on an old stage",
		attribute("e1", "sources", "Fresh paint on an old stage, sources: 1 source.", because.Slot{Kind: because.NumberSlot, Text: "1 source", Number: 1, Unit: "src"}))
	for _, tt := range []struct {
		given Given
		text  string
		ok    bool
	}{
		{film, "Kind, this one, is a kind.", false},
		{film, "This one comes from this one.", false},
		{film, "It is what it is about.", false},
		{film, "Its length is its length.", false},
		{film, "The Quiet Pod has a length.", false},
		{film, "The Quiet Pod is a science-fiction film. Its length is its length.", false},
		{film, "The Quiet Pod is a science-fiction film, and this one comes from this one.", false},
		{film, "The Quiet Pod is a science-fiction film.", true},
		{film, "Kind: science-fiction film. This one, The Quiet Pod, takes 93 minutes.", true},
		{film, "This one has a length. It is 93 minutes.", true},
		{film, "Considering its kind, it is a science-fiction film.", true},
		{filmZh, "类型，这部，是一种类型。", false},
		{filmZh, "类型是类型。", false},
		{filmZh, "它的时长就是它的时长。", false},
		{filmZh, "《静默舱》有时长。", false},
		{filmZh, "《静默舱》是科幻片。它的类型就是它的类型。", false},
		{filmZh, "《静默舱》是科幻片，时长 93 分钟。", true},
		{filmZh, "先看它的时长：93 分钟，这部是科幻片。", true},
		{course, "After the Survey Comes Back has subtitles.", true},
		{course, "After the Survey Comes Back is for learners.", false},
		{courseZh, "《问卷回来以后》有字幕。", true},
		{courseZh, "《问卷回来以后》，科目。", false},
		{news, "A weak point: it has only one source.", true},
	} {
		if bad := unsupported(v.Claims(tt.text, tt.given)); (len(bad) == 0) != tt.ok {
			t.Errorf("%s: %+v, want ok %v", tt.text, bad, tt.ok)
		}
	}
	if r := v.Verify("The Quiet Pod is a science-fiction film. Its length is its length.", film); !r.OK || r.Text != "The Quiet Pod is a science-fiction film." {
		t.Errorf("%+v", r)
	}
	if r := v.Verify("Length, this one, is a length.", film); r.OK {
		t.Errorf("%+v", r)
	}
}

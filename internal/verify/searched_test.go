package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

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

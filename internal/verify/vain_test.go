package verify

import (
	"testing"
	"time"

	"because"
	"because/internal/pack"
)

// inVain is a request of which the item meets one thing and misses another, beside an earlier search.
func inVain(lang because.Lang, name, met, unmet, label, query string) Given {
	now := time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)
	word := func(s string) because.Slot { return because.Slot{Kind: because.WordSlot, Text: s} }
	quote := func(s string) because.Slot { return because.Slot{Kind: because.QuoteSlot, Text: s} }
	bound := word(unmet)
	bound.Ref = "else"
	asked := "a bit of " + unmet // as it was typed
	if lang == because.Chinese {
		asked = "有点" + unmet + "的"
	}
	g := Given{Domain: "education", Lang: lang, Name: name, Need: met + " " + asked, Now: now, Evidence: []because.Evidence{
		{ID: "n1", Kind: because.Need, Ref: "content", Share: .4, At: now, Text: label + ": " + met, Slots: map[string]because.Slot{"need": quote(met), "value": word(met)}},
		{ID: "n2", Kind: because.Need, Ref: "content", Share: .1, At: now, Text: "“" + asked + "”; " + label + ": " + met, Slots: map[string]because.Slot{"unmet": quote(asked), "bound": bound, "value": word(met)}},
		{ID: "s1", Kind: because.Searched, Share: .3, At: now.AddDate(0, 0, -3), Text: query, Slots: map[string]because.Slot{"query": quote(query), "when": {Kind: because.DateSlot, Text: "3 天前"}}},
		{ID: "a1", Kind: because.Attribute, Ref: "content", Text: label + ": " + met, Slots: map[string]because.Slot{"value": word(met)}},
	}}
	if lang == because.English {
		g.Evidence[2].Slots["when"] = because.Slot{Kind: because.DateSlot, Text: "3 days ago"}
	}
	return g
}

// TestAskedInVain: what the reader asked for and the item does not have, or searched for, is no property of the item.
func TestAskedInVain(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	for _, tt := range []struct {
		given Given
		text  string
		ok    bool
	}{
		{inVain(because.Chinese, "问卷回来以后", "抽样", "证明", "讲的内容", "面试 英语"), "《问卷回来以后》，讲的内容：证明。", false},
		{inVain(because.Chinese, "问卷回来以后", "抽样", "证明", "讲的内容", "面试 英语"), "《问卷回来以后》讲证明。", false},
		{inVain(because.Chinese, "问卷回来以后", "抽样", "证明", "讲的内容", "面试 英语"), "《问卷回来以后》教面试。", false},
		{inVain(because.Chinese, "问卷回来以后", "抽样", "证明", "讲的内容", "面试 英语"), "《问卷回来以后》讲抽样，不是你要的证明。", true},
		{inVain(because.Chinese, "问卷回来以后", "抽样", "证明", "讲的内容", "面试 英语"), "你 3 天前搜过「面试 英语」，《问卷回来以后》讲抽样。", true},
		{inVain(because.English, "After the Survey Comes Back", "sampling", "proofs", "content", "interview English"), "After the Survey Comes Back has proofs as its content.", false},
		{inVain(because.English, "After the Survey Comes Back", "sampling", "proofs", "content", "interview English"), "After the Survey Comes Back prepares for an interview.", false},
		{inVain(because.English, "After the Survey Comes Back", "sampling", "proofs", "content", "interview English"), "After the Survey Comes Back has sampling as its content, not the proofs you asked for.", true},
	} {
		if bad := unsupported(v.Claims(tt.text, tt.given)); (len(bad) == 0) != tt.ok {
			t.Errorf("%s: %+v, want ok %v", tt.text, bad, tt.ok)
		}
	}
}

// TestRuleInsideWord: what a rule forbids is no part of a longer word of the pack.
func TestRuleInsideWord(t *testing.T) {
	v := New(pack.Builtin().WithCorpus(nil))
	g := Given{Domain: "news", Lang: because.Chinese, Name: "存钱的账", Now: time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC), Evidence: []because.Evidence{
		{ID: "a1", Kind: because.Attribute, Ref: "form", Text: "体裁：数据报道", Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: "数据报道"}}},
	}}
	for text, ok := range map[string]bool{"这篇是数据报道。": true, "据报道，这篇是数据报道。": false} {
		bad := false
		for _, c := range v.Claims(text, g) {
			bad = bad || c.Kind == because.PromiseClaim
		}
		if bad == ok {
			t.Errorf("%q: %v", text, v.Claims(text, g))
		}
	}
}

package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

// TestNothingQuoted: quotation marks around marks alone are no quotation, and no reason to stop: a model that was told to
// say nothing wrote “…” as a cause.
func TestNothingQuoted(t *testing.T) {
	v := New(pack.Builtin())
	ev := because.Evidence{ID: "e1", Kind: because.Attribute, Ref: "battery", Share: .4, Text: "Halma, battery: 14 days.",
		Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: "14 days", Number: 14, Unit: "day"}}}
	for _, s := range []string{
		"Because “…”, Halma, battery: 14 days.", "Because “...”: “!”, it runs 14 days.", "因为「……」，续航 14 days。", "因为《？》，「。」续航 14 days。", "“…”", "「」",
	} {
		for _, lang := range because.Langs {
			r := v.Verify(s, Given{Lang: lang, Name: "Halma", Evidence: []because.Evidence{ev}, Now: now})
			if v.Claims(s, Given{Lang: lang, Name: "Halma", Evidence: []because.Evidence{ev}, Now: now}); r.OK && len(r.Claims) == 0 {
				t.Errorf("%q passed without a claim", s)
			}
		}
	}
}

// TestNoOrders: what is put as a request is no reason, though every word of it states nothing; a name may begin like one.
func TestNoOrders(t *testing.T) {
	v := New(pack.Builtin())
	name := "请以你的名字呼唤我"
	ev := because.Evidence{ID: "e1", Kind: because.Attribute, Ref: "director", Share: .4, Text: name + "，导演：林川。",
		Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: "林川"}}}
	g := Given{Domain: "entertainment", Lang: because.Chinese, Name: name, Evidence: []because.Evidence{ev}, Now: now}
	if r := v.Verify("请二十四小时之后再来。"+name+"，导演：林川。", g); r.OK && r.Text != name+"，导演：林川。" {
		t.Errorf("%q passed", r.Text)
	}
	if r := v.Verify(name+"，导演：林川。", g); !r.OK || r.Verdict != because.Passed {
		t.Errorf("%+v", r)
	}
}

// TestNamesWithMarks: a name may bring its own quotation marks, or read like an order.
func TestNamesWithMarks(t *testing.T) {
	v := New(pack.Builtin())
	for _, name := range []string{"《加我一个》", "【全新】旧时光", "「未完成」交响曲", "“Weird Al” in 3-D", "M*A*S*H", "Buy One"} {
		for lang, text := range map[because.Lang]string{because.Chinese: name + "，导演：林川。", because.English: name + ", director: Lin Chuan."} {
			value := map[because.Lang]string{because.Chinese: "林川", because.English: "Lin Chuan"}[lang]
			ev := because.Evidence{ID: "e1", Kind: because.Attribute, Ref: "director", Share: .4, Text: text,
				Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: value}}}
			r := v.Verify(text, Given{Domain: "entertainment", Lang: lang, Name: name, Evidence: []because.Evidence{ev}, Now: now})
			if !r.OK && !(lang == because.Chinese && r.Reason == because.Say(lang, "The text is in another language.")) {
				t.Errorf("%q: %s %+v", text, r.Reason, r.Claims)
			}
		}
	}
}

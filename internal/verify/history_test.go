package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

// Each half of a sentence may be some evidence's, and the whole nobody's: the deed of one item, the date of another, a
// likeness with a third.
func TestOneDeed(t *testing.T) {
	hist := func(id string, kind because.EvidenceKind, n, when, shared string) because.Evidence {
		e := because.Evidence{ID: id, Kind: kind, Share: .2, Slots: map[string]because.Slot{"hist": name(n), "when": date(when)}}
		if shared != "" {
			e.Slots["shared"] = word(shared, "mood")
		}
		return e
	}
	zh := Given{Domain: "entertainment", Lang: because.Chinese, Name: "满月酒", Now: now, Evidence: []because.Evidence{
		hist("e1", because.Viewed, "缝纫机", "2025 年 11 月", "俏皮"),
		hist("e2", because.Carted, "借钱记", "2025 年 9 月", ""),
		{ID: "e3", Kind: because.Attribute, Ref: "mood", Text: "满月酒，味道：俏皮。", Slots: map[string]because.Slot{"value": word("俏皮", "mood")}},
		{ID: "e4", Kind: because.Attribute, Ref: "episodes", Text: "满月酒，集数：24 集。", Slots: map[string]because.Slot{"value": number("24 集", 24, "episode")}},
	}}
	en := Given{Domain: "entertainment", Lang: because.English, Name: "Full Moon", Now: now, Evidence: []because.Evidence{
		hist("e1", because.Viewed, "Far Hill", "in November 2025", "playful"),
		hist("e2", because.Carted, "Long Bridge", "in September 2025", ""),
		{ID: "e3", Kind: because.Attribute, Ref: "mood", Text: "Full Moon, mood: playful.", Slots: map[string]because.Slot{"value": word("playful", "mood")}},
		{ID: "e4", Kind: because.Attribute, Ref: "episodes", Text: "Full Moon, episodes: 24 episodes.", Slots: map[string]because.Slot{"value": number("24 episodes", 24, "episode")}},
	}}
	mark := hist("e5", because.Rated, "阿姐出嫁", "2025 年 8 月", "")
	mark.Slots["rating"] = number("4 分", 4, "point")
	zh.Evidence = append(zh.Evidence, mark)
	v := New(pack.Builtin().WithCorpus(nil))
	for _, tt := range []struct {
		given Given
		text  string
		ok    bool
	}{
		{zh, "你 2025 年 11 月看过《缝纫机》，这部也俏皮。", true},
		{zh, "你 2025 年 9 月看过《缝纫机》。", false},
		{zh, "你 2025 年 11 月把《缝纫机》加进了购物车。", false},
		{zh, "你 2025 年 9 月看过《借钱记》。", false},
		{zh, "看过：《缝纫机》（2025 年 11 月）。", true},
		{zh, "看过：《缝纫机》（2025 年 9 月）。", false},
		{zh, "你 2025 年 9 月把《借钱记》加进了购物车，这部也俏皮。", false},
		{zh, "拿到你 4 分的有《阿姐出嫁》。", true},
		{zh, "拿到你 4 分的有《缝纫机》。", false},
		{en, "You looked at Far Hill in November 2025, and this one is playful too.", true},
		{en, "You looked at Far Hill in September 2025.", false},
		{en, "You looked at Long Bridge in September 2025.", false},
		{en, "This one is playful, like Far Hill.", true},
		{en, "This one is playful, like Long Bridge.", false},
		{en, "Far Hill, which you looked at, has 24 episodes.", false},
		{en, "This one has 24 episodes.", true},
		{en, "This one has less than 24 episodes.", false},
	} {
		claims := v.Claims(tt.text, tt.given)
		if got := allSupported(claims); got != tt.ok {
			t.Errorf("%q: supported %v, want %v: %+v", tt.text, got, tt.ok, claims)
		}
	}
}

// A text in which one character stands again and again is refused, whatever it says.
func TestStutters(t *testing.T) {
	for s, want := range map[string]bool{"排第第第次": true, "的的的": true, "哈哈哈": false, "天天看": false, "一一一": false, "排第 3": false, "": false} {
		if stutters(s) != want {
			t.Errorf("stutters(%q) = %v", s, !want)
		}
	}
}

// TestDeedOfItself: the reader is not said to have done something with the item at hand unless an evidence tells of it.
func TestDeedOfItself(t *testing.T) {
	v := New(pack.Builtin())
	for lang, texts := range map[because.Lang][2]string{
		because.Chinese: {"你 9 月看过《停水通知》。", "你 9 月看过《夜航》，这篇也是科技报道。"},
		because.English: {"You read \"Water Notice\" in September.", "You read \"Night Sail\" in September."},
	} {
		name, hist, when := "停水通知", "夜航", "9 月"
		if lang == because.English {
			name, hist, when = "Water Notice", "Night Sail", "in September"
		}
		viewed := because.Evidence{ID: "e1", Kind: because.Viewed, Ref: "n1", Text: "x", At: now.AddDate(0, -2, 0), Slots: map[string]because.Slot{
			"hist": {Kind: because.NameSlot, Text: hist, Ref: "n1"}, "when": date(when), "shared": word(map[because.Lang]string{because.Chinese: "科技报道", because.English: "technology"}[lang], "category")}}
		g := Given{Domain: "news", Lang: lang, Name: name, Now: now, Evidence: []because.Evidence{viewed}}
		if got := verdictOf(t, v, texts[0], g); got == because.Supported {
			t.Errorf("%s: %s", lang, texts[0])
		}
		if got := verdictOf(t, v, texts[1], g); got != because.Supported {
			t.Errorf("%s: %s is refused: %+v", lang, texts[1], v.Claims(texts[1], g))
		}
		viewed.Slots["hist"] = because.Slot{Kind: because.NameSlot, Text: name, Ref: "n0"}
		if got := verdictOf(t, v, texts[0], g); got != because.Supported {
			t.Errorf("%s: %s is refused where it was read: %+v", lang, texts[0], v.Claims(texts[0], g))
		}
	}
}

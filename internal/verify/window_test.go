package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

// TestWindows holds the days and months that a text names to those of the evidence, whatever other number stands beside.
func TestWindows(t *testing.T) {
	v := New(pack.Builtin())
	trend := func(lang because.Lang, period string, days float64) Given {
		p := date(period)
		p.Number, p.Unit = days, "d"
		g := Given{Domain: "shop", Lang: lang, Name: "长夜", Now: now, Evidence: []because.Evidence{{
			ID: "e1", Kind: because.Trend, Ref: "price", At: now, Text: "长夜的价格" + period + "降了 14.2%，到 179 元。",
			Slots: map[string]because.Slot{"change": number("14.2%", -14.2, "percent"), "period": p, "value": number("179 元", 179, "CNY")},
		}}}
		if lang == because.English {
			g.Name, g.Evidence[0].Slots["value"] = "Long Night", number("¥179", 179, "CNY")
			g.Evidence[0].Text = "The price of Long Night went down 14.2% over " + period + ", to ¥179."
		}
		return g
	}
	cart := Given{Domain: "shop", Lang: because.Chinese, Name: "长夜", Now: now, Evidence: []because.Evidence{{
		ID: "e1", Kind: because.Carted, Text: "你 2025 年 9 月把《存钱：3 个月的账》加进了购物车。", Slots: map[string]because.Slot{"hist": name("存钱：3 个月的账"), "when": date("2025 年 9 月")},
	}}}
	for _, tt := range []struct {
		g    Given
		text string
		true bool
	}{
		{trend(because.Chinese, "近 3 天", 3), "价格近 3 天降了 14.2%。", true},
		{trend(because.Chinese, "近 3 天", 3), "价格近 12 天降了 14.2%。", false},
		{trend(because.Chinese, "近 30 天", 30), "近 90 天，价格降了 14.2%，到 179 元。", false},
		{trend(because.English, "the last 30 days", 30), "The price went down 14.2% over the last 30 days.", true},
		{trend(because.English, "the last 30 days", 30), "The price fell 14.2% in the last 36 days.", false},
		{cart, "你 2025 年 9 月把《存钱：3 个月的账》加进了购物车。", true},
		{cart, "你 9 月把《存钱：3 个月的账》加进了购物车。", true},
		{cart, "你 3 月把《存钱：3 个月的账》加进了购物车。", false},
		{cart, "你 2025 年 3 月把《存钱：3 个月的账》加进了购物车。", false},
	} {
		if got := verdictOf(t, v, tt.text, tt.g) == because.Supported; got != tt.true {
			t.Errorf("%s: supported %v, want %v", tt.text, got, tt.true)
			for _, c := range v.Claims(tt.text, tt.g) {
				t.Logf("  %+v", c)
			}
		}
	}
}

package evidence

import (
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/pack"
)

// inn is an invented hotel with the words of a small catalogue beside it.
func inn(t *testing.T) Request {
	t.Helper()
	p := pack.Builtin().Pack("travel")
	it := because.Item{ID: "h", Domain: "travel", Name: because.Plain("云栖客舍"), Categories: []string{"city_hotel"}, Price: 268, Currency: "CNY", Attributes: map[string]because.Value{
		"rating": because.Num(4.3, "point"), "class": because.Words("economy"), "facilities": because.Words("hot_water", "wifi_all"), "around": because.Words("听潮阁"),
	}}
	other := because.Item{ID: "i", Domain: "travel", Name: because.Plain("听潮阁"), Categories: []string{"sight"}, Attributes: map[string]because.Value{
		"ticket": because.Num(0, "CNY"), "visit": because.Num(1, "h"), "visit_most": because.Num(2, "h"),
	}}
	grand := because.Item{ID: "g", Domain: "travel", Name: because.Plain("大钟楼酒店"), Categories: []string{"city_hotel"}, Attributes: map[string]because.Value{
		"class": because.Words("luxury"), "facilities": because.Words("gym"), "around": because.Words("大钟楼"),
	}}
	return Request{Lang: because.Chinese, Item: it, Pack: p, Vocabulary: pack.NewVocabulary(p, []because.Item{it, other, grand}), Known: map[string]because.Item{"i": other}}
}

func TestNeedEach(t *testing.T) {
	for _, tt := range []struct{ need, met, missed string }{
		{"价格200-300元的酒店", "price", ""},
		{"价格200元以下的酒店，评分4分以上", "rating", "price:above"},
		{"评分4.5分以上，有健身房和24小时热水", "facilities", "rating:below facilities:lacks"},
		{"豪华型的酒店，300元以内", "price", "class:else"},
		{"听潮阁附近的酒店，评分5分", "around", "rating:below"},
		{"大钟楼酒店附近的酒店，4分以上", "rating", "around:lacks"},
		{"门票20元以下，人均50元", "price", ""}, // money, and the hotel has one amount of it: no ticket is made up
		{"不要健身房，评分4分以上", "rating", ""},
		{"超过268元的", "", "price:else"},
	} {
		r := inn(t)
		if tt.need == "门票20元以下，人均50元" {
			r.Item.Price = 0
			tt.met = ""
		}
		r.Need = tt.need
		var met, missed []string
		for _, e := range of(Find(r), because.Need) {
			if Missed(e) {
				missed = append(missed, e.Ref+":"+e.Slots["bound"].Ref)
			} else if !slices.Contains(met, e.Ref) {
				met = append(met, e.Ref)
			}
			if e.Origin != "request" || !strings.HasPrefix(e.Text, "你要「") {
				t.Errorf("%s: %+v", tt.need, e)
			}
		}
		if strings.Join(met, " ") != tt.met || strings.Join(missed, " ") != tt.missed {
			t.Errorf("%s: met %q, missed %q; want %q and %q", tt.need, met, missed, tt.met, tt.missed)
		}
	}
}

// TestMissedNeverLeads: what is not met is told, and never as a reason.
func TestMissedNeverLeads(t *testing.T) {
	r := inn(t)
	r.Need = "评分4.5分以上，价格200元以下"
	all := Find(r)
	if slices.Contains(Leads(all), because.Need) {
		t.Error("a need that is not met leads")
	}
	use, _ := Choose(all, because.Arm{Style: because.Detail, Lead: because.Attribute})
	if n := len(of(use, because.Need)); n != 2 || use[0].Kind == because.Need {
		t.Errorf("%d misses are told: %+v", n, use)
	}
	r.Need = "评分4分以上，价格200元以下"
	use, _ = Choose(Find(r), because.Arm{Style: because.Detail, Lead: because.Need})
	if len(use) < 2 || Missed(use[0]) || !Missed(use[1]) {
		t.Errorf("what is met leads, what is missed follows: %+v", use)
	}
}

// TestNeedRange: of a place that takes one to two hours, neither an hour nor three are what it takes.
func TestNeedRange(t *testing.T) {
	for need, how := range map[string]string{"游玩1-2小时": "", "游玩1小时": other, "游玩3小时以上": below, "游玩半小时以内": above, "门票免费，玩2小时以内": ""} {
		r := inn(t)
		r.Item, r.Need = r.Known["i"], need
		got := of(Find(r), because.Need)
		if len(got) == 0 || got[len(got)-1].Slots["bound"].Ref != how {
			t.Errorf("%s: %+v, want %q", need, got, how)
		}
	}
}

package pack

import (
	"fmt"
	"strings"
	"testing"

	"because"
)

func TestOpinions(t *testing.T) {
	p := Builtin().Pack("travel")
	for _, tt := range []struct {
		lang because.Lang
		s    string
		want string // clause/aspect/polarity, those on the wider aspect 环境 left out
	}{
		{"zh", "鱼片很嫩，上菜有点慢。", "鱼片很嫩/taste/1|上菜有点慢/speed/-1"},
		{"zh", "味道一般，服务员很热情", "味道一般/taste/0|服务员很热情/staff/1"},
		{"zh", "不好吃，也不便宜", "不好吃/taste/-1|也不便宜/price/-1"},
		{"zh", "这里没有上次的好吃", "这里没有上次的好吃/taste/-1"},
		{"zh", "老板娘，真不错", "老板娘/staff/1"}, // the clause behind judges what was named
		{"zh", "如果味道好就再来，听说很好吃", ""},     // supposed and hearsay
		{"zh", "味道好吗？", ""},                                  // asked
		{"zh", "人均80元", "人均80元/price/0"},                     // an amount speaks of the price
		{"zh", "團購真的划算", "團購真的划算/discount/1|團購真的划算/value/1"}, // traditional characters; a judgement of the group
		{"zh", "好像在下面开会", ""},                                // 好像 praises nothing, 下面 is no noodle
		{"en", "The soup was delicious, but the staff were rude.", "The soup was delicious/taste/1|but the staff were rude/staff/-1"},
		{"en", "It isn't expensive", "It isn't expensive/price/1"},
	} {
		var got []string
		for _, o := range p.Opinions(tt.lang, tt.s) {
			got = append(got, fmt.Sprintf("%s/%s/%d", tt.s[o.Start:o.End], o.Aspect, o.Polarity))
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.s, s, tt.want)
		}
	}
	if got := Builtin().Pack("shop").Opinions("zh", "味道好"); got != nil {
		t.Errorf("a pack without aspects reads %v", got)
	}
}

// TestJudge sums up: what is praised once and blamed once is neither; what is only named counts where nothing else does.
func TestJudge(t *testing.T) {
	got := Builtin().Pack("travel").Judge("zh", "排骨好吃，丸子不好吃。上菜快。人均60元，价格实惠。排队。")
	want := map[string]int{"taste": 0, "speed": 1, "price": 1, "wait": 0}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// FuzzOpinions: whatever a reviewer writes, opinions are clauses of it.
func FuzzOpinions(f *testing.F) {
	f.Add("鱼片很嫩，上菜有点慢。\n环境：哇～真不错 （就是贵）")
	f.Add("The soup was delicious, but the staff were rude... 3.5 stars")
	p := Builtin().Pack("travel")
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range because.Langs {
			for _, o := range p.Opinions(lang, s) {
				if o.Start < 0 || o.End > len(s) || o.Start >= o.End || o.Polarity < -1 || o.Polarity > 1 || p.Aspects[o.Aspect].Label == nil {
					t.Fatalf("%+v of %q", o, s)
				}
			}
		}
	})
}

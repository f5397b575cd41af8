package pack

import (
	"fmt"
	"strings"
	"testing"

	"because"
)

// shown writes a wish as "field low..high", with ! for bounds that are out, or "field=word".
func shown(w Wish) string {
	f := strings.Join(w.Fields, "/")
	if w.Word != "" {
		return f + "=" + w.Word
	}
	s := f + " "
	if w.Low != nil {
		s += fmt.Sprint(*w.Low)
	}
	s += ".."
	if w.High != nil {
		s += fmt.Sprint(*w.High)
	}
	if w.Strict {
		s += "!"
	}
	return s
}

// What is quoted of a need holds the word that sets the bound.
func TestWishesHoldTheirBound(t *testing.T) {
	for _, tt := range []struct {
		lang    because.Lang
		s, want string
	}{
		{"en", "a kettle under 500 yuan, please", "under 500 yuan"},
		{"en", "a kettle for no more than 500 yuan", "no more than 500 yuan"},
		{"zh", "想要不超过 500 元的水壶", "不超过 500 元"},
		{"zh", "500 元以下的水壶", "500 元以下"},
	} {
		ws := Builtin().Pack("shop").Wishes(tt.lang, tt.s, nil)
		if len(ws) != 1 || tt.s[ws[0].Start:ws[0].End] != tt.want {
			t.Errorf("%s: %+v, want %q", tt.s, ws, tt.want)
		}
	}
}

func TestWishes(t *testing.T) {
	p := Builtin().Pack("travel")
	v := NewVocabulary(p, []because.Item{
		{Name: because.Plain("听潮阁"), Categories: []string{"sight"}},
		{Name: because.Plain("老灶面馆"), Categories: []string{"restaurant"}, Attributes: map[string]because.Value{"dishes": because.Words("手擀面", "炸酱面")}},
	})
	for _, tt := range []struct {
		lang   because.Lang
		domain string
		s      string
		want   string
	}{
		{"zh", "travel", "想找一家人均100元以下、评分4.5以上的餐馆", "spend ..100|rating 4.5.."},
		{"zh", "travel", "人均消费50 - 100元，评分要在4分以上", "spend 50..100|rating 4.."},
		{"zh", "travel", "评分是5分的酒店，价格400-500元", "rating 5..5|price 400..500"},
		{"zh", "travel", "4.5分以上的酒店", "rating 4.5.."},
		{"zh", "travel", "门票免费的景点，可以游玩2小时 - 3小时", "ticket 0..0|visit 2..3"},
		{"zh", "travel", "门票不免费的景点", "ticket 0..!"},
		{"zh", "travel", "要有24小时热水和免费早餐", ""},   // no number is asked for, and nothing is to cost 0
		{"zh", "travel", "我们3个人，5月1日到，住2晚", ""}, // nor here
		{"zh", "travel", "听潮阁附近有什么吃的，想吃手擀面", "around=听潮阁|dishes=手擀面"},
		{"zh", "travel", "听潮阁的电话是多少", ""}, // named, and nothing asked near it
		{"zh", "travel", "超过100元的门票", "ticket 100..!"},
		{"zh", "travel", "人均50元以下。算了，人均100元以下吧", "spend ..100"}, // the last word counts
		{"zh", "travel", "游玩时长是2小时 - 3小时", "visit 2..3"},
		{"zh", "travel", "人均100元左右", "spend 90..110.00000000000001"},
		{"zh", "travel", "门票不是免费的", "ticket 0..!"},
		{"zh", "travel", "不要免费的，免费的景点不好玩", "ticket 0..!"},
		{"zh", "travel", "无需要免门票，能玩3小时", "visit 3..3"}, // what need not be free is no wish
		{"zh", "travel", "票价20元一下，能玩3小时", "ticket ..20|visit 3..3"},
		{"zh", "travel", "最好评分也是5分", "rating 5..5"},
		{"zh", "travel", "人均消费能把控在100-150元之间的", "spend 100..150"},
		{"zh", "travel", "人均消费还是在150-500元的餐馆", "spend 150..500"},
		{"zh", "travel", "评分高的，500元以上的不考虑", ""},
		{"zh", "travel", "评分高的酒店有300元以下的吗", "price/spend/ticket ..300"}, // a rating is no money
		{"en", "travel", "a hotel rated over 4, ticket free", "rating 4..!|ticket 0..0"},
		{"en", "travel", "somewhere near 听潮阁 that takes at least 2 hours to see", "around=听潮阁|visit 2.."},
		{"zh", "shop", "2000元以下的智能手表，续航7天以上", "price ..2000|battery 7.."},
		{"zh", "education", "每节20分钟以内的课", "length/lesson ..20"}, // a course is told in hours
		{"zh", "finance", "理财 半年 起购低", ""},                      // half a year of what is not said
		{"en", "education", "a course of up to 10 hours", "hours ..10"},
	} {
		words := v
		if tt.domain != "travel" {
			words = nil
		}
		var got []string
		for _, w := range Builtin().Pack(tt.domain).Wishes(tt.lang, tt.s, words) {
			got = append(got, shown(w))
			if w.End > len(tt.s) || w.Start >= w.End {
				t.Errorf("%s: a wish from %d to %d", tt.s, w.Start, w.End)
			}
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.s, s, tt.want)
		}
	}
	if !v.Has("restaurant", "dishes") || v.Has("sight", "dishes") {
		t.Error("which kinds have dishes")
	}
}

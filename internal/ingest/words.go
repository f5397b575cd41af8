package ingest

import (
	"strings"
	"sync"

	"because"
)

// kinds are the words for kinds of interactions, folded and without blanks, dashes and underscores.
var kinds = sync.OnceValue(func() map[string]because.InteractionKind {
	m := map[string]because.InteractionKind{}
	for kind, words := range map[because.InteractionKind]string{
		because.View:     "view views viewed pv pageview browse browsed watch watched watching play played read reads open opened detailpageview visit listen stream streamed show product_view 浏览 查看 看 观看 阅读 播放 收听 访问 打开 看过 曝光点击",
		because.Click:    "click clicks clicked clk tap tapped like liked star 点击 点开 点赞 喜欢 点选",
		because.Cart:     "cart carts addtocart add_cart addcart basket fav favorite favourite favorites bookmark wishlist save saved collect 加购 加入购物车 加购物车 购物车 收藏 想看 心愿单",
		because.Purchase: "purchase purchased buy bought order ordered transaction pay paid payment sale checkout convert conversion subscribe enroll enrol enrolled book booked booking 购买 买 下单 成交 支付 付款 订单 报名 预订 申购 订阅",
		because.Rating:   "rating rate rated ratings score explicit review 评分 打分 评价 评星",
		because.Search:   "search searched query searches 搜索 搜 检索 查询",
	} {
		for _, w := range strings.Fields(words) {
			m[squeezed(w)] = kind
		}
	}
	return m
})

// kindOf is the kind of interaction that a word names.
func kindOf(s string) (because.InteractionKind, bool) {
	switch k := because.InteractionKind(s); k {
	case because.View, because.Click, because.Cart, because.Purchase, because.Rating, because.Search:
		return k, true
	}
	k, ok := kinds()[squeezed(s)]
	return k, ok
}

var devices = map[string]string{
	"phone": "phone", "mobile": "phone", "手机": "phone", "ios": "phone", "iphone": "phone", "android": "phone", "app": "phone", "移动端": "phone", "安卓": "phone", "smartphone": "phone", "小程序": "phone",
	"tablet": "tablet", "pad": "tablet", "ipad": "tablet", "平板": "tablet", "平板电脑": "tablet",
	"desktop": "desktop", "pc": "desktop", "web": "desktop", "computer": "desktop", "电脑": "desktop", "网页": "desktop", "laptop": "desktop", "pc端": "desktop",
	"tv": "tv", "电视": "tv", "ott": "tv", "smarttv": "tv",
}

// device is the root's word for a device, or s cleaned.
func (t *reading) device(s string) string {
	switch s {
	case "", "phone", "tablet", "desktop", "tv":
		return s
	}
	if d, ok := devices[squeezed(s)]; ok {
		return d
	}
	return strings.TrimSpace(t.clean(s))
}

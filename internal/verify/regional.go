package verify

import (
	"slices"
	"strings"

	"because/internal/text"
)

// spread is text.Spread with words of Taiwan and Hong Kong as the mainland says them, and one apostrophe for both. Where a
// word becomes shorter, its last rune stands for the rest; where longer, its last runes share an offset.
func spread(s string) ([]rune, []int) {
	r, at := text.Spread(s)
	for i := 0; i < len(r); i++ {
		switch {
		case r[i] == '’':
			r[i] = '\''
		case r[i] == '著' && !hasAt(r, i-1, "名显土原编译专巨论遗") && !hasAt(r, i+1, "名作者书称"):
			r[i] = '着'
		}
		for _, w := range regionalWords[r[i]] {
			if !w.from.at(r, i) {
				continue
			}
			n, m := len(w.from.r), len(w.to)
			if n != m {
				places := make([]int, m)
				for k := range places {
					places[k] = at[i+min(k, n-1)]
				}
				r, at = slices.Replace(r, i, i+n, w.to...), slices.Replace(at, i, i+n, places...)
			} else {
				copy(r[i:], w.to)
			}
			i += m - 1
			break
		}
	}
	return r, at
}

// hasAt reports whether rune i is one of those.
func hasAt(r []rune, i int, of string) bool {
	return i >= 0 && i < len(r) && strings.ContainsRune(of, r[i])
}

type regionalWord struct {
	from phrase
	to   []rune
}

// regionalPairs are words of Taiwan and Hong Kong, in simplified characters, and what the mainland says for the same.
const regionalPairs = `
纪录片=纪录片 纪录=记录 报导=报道 报导演=报导演 专题报导=专题报道 每堂=每节 一堂=一节 片长=时长 全长=时长 入帐=到账 售价=价格 支援=支持 智慧手表=智能手表 智慧手环=智能手环 智慧型=智能 人工智慧=人工智能 饭店=酒店 保固=保修 长辈=老人 长者=老人 银发族=老人 帐=账 撰文=作者 资料库=数据库 资料分析=数据分析 资料科学=数据科学 影集=剧集 录影=录像 萤幕=屏幕 荧幕=屏幕 充饱=充满 透过=通过 捷运=地铁 早点=早餐 品质=质量
消息来源=信源 资讯来源=信源 讯息来源=信源 新闻来源=信源 资讯=信息 讯息=信息 讯号=信号 单车=自行车 脚踏车=自行车 计程车=出租车 的士=出租车 公车=公交 合约=合同 电子邮件=邮件 电邮=邮件 行动电源=充电宝 随身碟=U盘 滑鼠=鼠标 蓝芽=蓝牙 杂讯=噪音 连线=连接 网路=网络 无线网路=无线网 软体=软件 硬体=硬件 程式=程序 程式设计=编程 云端=云 线上=在线 列印=打印 影印=复印
大型股=大盘股 中小型股=中小盘股 定期定额=定投 债券型基金=债券基金 股票型基金=股票基金 混合型基金=混合基金 指数型基金=指数基金 投报率=收益率 国中=初中 国小=小学 瑜珈=瑜伽 慢跑鞋=跑鞋 后背包=双肩包 快煮壶=电热水壶 保温瓶=保温杯 桌灯=台灯 塑胶=塑料 健行=徒步 健走=快走 重训=力量训练 青年旅馆=青旅 青年旅舍=青旅 升降机=电梯 冷气=空调 公寓式酒店=公寓酒店 酒店式公寓=公寓酒店 小朋友=孩子 小孩子=孩子 小孩=孩子 毛小孩=宠物 计画=计划 规画=规划 企画=策划 部份=部分 年分=年份 水准=水平 甚么=什么 使用者=用户 回馈=反馈 登入=登录 帐号=账号 帐户=账户 搜寻=搜索 观看=看 收看=看 观赏=看 收听=听 聆听=听 阅览=读 阅读=读 订房=预订 免运=包邮 毫安培=毫安 毫安培时=毫安时 公克=克 公分=厘米 公升=升 平方公尺=平米 公尺=米 续航力=续航 礼拜=星期 撰写=写 执笔=写 授课=讲课 离线=离线 现正=正 目下=目前 晚间=晚上 早晨=早上 午间=中午 迄今=至今 业已=已 乃是=是 即可=就可 若是=如果 倘若=如果 假如=如果 假使=如果 倘=如果 人均=人均 平均=平均 日均=日均 月均=月均 年均=年均 户均=户均 场均=场均 均价=均价 均匀=均匀 均衡=均衡 均线=均线 亦=也 皆=都 均=都 此款=这款 此本=这本 此部=这部 此篇=这篇 此课=这课 本课=这课 本片=这片 本书=这书 本文=这篇 该课=这课 该片=这片 该篇=这篇 该款=这款 该书=这书`

var regionalWords = func() map[rune][]regionalWord {
	m := map[rune][]regionalWord{}
	for pair := range strings.FieldsSeq(regionalPairs) {
		from, to, _ := strings.Cut(pair, "=")
		r := []rune(from)
		m[r[0]] = append(m[r[0]], regionalWord{phrase{r: r}, []rune(strings.ToLower(to))})
	}
	for _, list := range m { // the longest first
		slices.SortStableFunc(list, func(a, b regionalWord) int { return len(b.from.r) - len(a.from.r) })
	}
	return m
}()

package text

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A measure is what a unit stands for: a base unit and how many of it.
type measure struct {
	base string
	x    float64
}

// unitList is "base factor word word …" per line. count is a measure word of things; people are counted apart.
const unitList = `
s 1 秒 秒钟 s sec secs second seconds
s 60 分钟 min mins minute minutes
s 3600 小时 个小时 钟头 个钟头 h hr hrs hour hours
s 86400 天 日 day days 晚 night nights
s 604800 周 星期 个星期 礼拜 个礼拜 week weeks
s 1209600 fortnight fortnights
month 1 个月 月 month months
month 12 年 year years 岁半
age 1 岁 周岁
m 1 米 公尺 m metre metres meter meters
m 1000 公里 千米 km kilometre kilometres kilometer kilometers
m 500 里
m .01 厘米 cm 公分
m .001 毫米 mm
inch 1 英寸 寸 inch inches
mile 1 英里 mile miles
g 1 克 公克 g gram grams
g 1000 千克 公斤 kg kilo kilos kilogram kilograms
g 500 斤
g 1e6 吨
lb 1 磅 lb lbs pound pounds
oz 1 盎司 oz ounce ounces
l 1 升 l litre litres liter liters
l .001 毫升 ml
元 1 元 圆 yuan rmb cny 块钱
元 10000 万元
$ 1 美元 dollar dollars usd
€ 1 欧元 euro euros
kcal 1 千卡 大卡 卡路里 kcal calories
mah 1 毫安时 毫安 mah
w 1 瓦 w watt watts
w 1000 千瓦 kw
v 1 伏 v volts
hz 1 赫兹 hz
gb 1 gb g内存
gb 1024 tb
gb .0009765625 mb
mp 1 万像素 megapixels
nit 1 尼特 nits
db 1 分贝 db
°c 1 度 °c ℃ degrees
m2 1 平 平米 平方米 平方公尺 ㎡ m² sqm square_metres square_metre square_meters square_meter
m2 3.3058 坪
point 1 分 points point
star 1 星 颗星 星级 star stars
person 1 人 个人 位 名 人次 人份 people persons readers users shoppers viewers listeners guests travellers travelers investors learners students buyers customers visitors fans reviewers
time 1 次 回 遍 趟 times time sessions session
x 1 倍 x
% 1 个百分点 percentage
page 1 页 pages page
word 1 字 words
lesson 1 节 课时 节课 堂课 堂 lesson lessons
episode 1 集 episode episodes
chapter 1 章 chapter chapters
review 1 条评价 条评论 则评价 reviews review ratings
step 1 步 steps
atm 1 atm
bar 1 bar bars
layer 1 层 layers
floor 1 楼
clock 1 点 点钟 时
count 1 题 道题 道练习 则 轮 组 批 罐 碗 桌 卡 帖 封 通 桩 堵 朵 棵 扇 面 张图 张图表 个 款 本 部 件 篇 条 场 家 双 台 只 支 张 首 套 辆 间 座 门 份 杯 瓶 盒 袋 种 类 处 期 项 笔 段 块 把 副 枚 颗 株 道 顿 幅 样 所 顶 盏 片 粒 根 对 册 卷 级 items item things products titles books films movies shows songs courses articles stories watches hotels funds
`

// units maps a unit as written and folded to its measure.
var units = sync.OnceValue(func() map[string]measure {
	m := map[string]measure{}
	for _, line := range strings.Split(strings.TrimSpace(unitList), "\n") {
		f := strings.Fields(line)
		x, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			panic(err)
		}
		for _, w := range f[2:] {
			w = strings.ReplaceAll(w, "_", " ")
			m[Fold(w)] = measure{f[0], x}
			if w == "m²" { // a scanner keeps its ²
				m[w] = m[Fold(w)]
			}
		}
	}
	return m
})

// unitsByRune are the units by their first rune, the longest first.
var unitsByRune = sync.OnceValue(func() map[rune][]word {
	m := map[rune][]word{}
	for u := range units() {
		w := word{u, []rune(u), len([]rune(u))}
		m[w.r[0]] = append(m[w.r[0]], w)
	}
	for _, list := range m {
		slices.SortFunc(list, func(a, b word) int { return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.s, b.s)) })
	}
	return m
})

// Unit resolves a unit as Numbers returns it into its base and how many of the base it is: "小时" and "hours" are
// ("s", 3600). An unknown unit is its own base. Things that are counted are "count", people are "person".
func Unit(u string) (base string, factor float64) {
	if m, ok := units()[u]; ok {
		return m.base, m.x
	}
	return u, 1
}

// unit reads the unit at rune i: a known one, or any English content word.
func (p *scanner) unit(i int) (string, int) {
	if i >= len(p.r) {
		return "", i
	}
	for _, w := range unitsByRune()[p.r[i]] {
		if p.hasWord(i, w) && !(i > 0 && isLatin(p.r[i]) && isLatin(p.r[i-1])) {
			return w.s, i + w.n
		}
	}
	j := i
	for j < len(p.r) && isLatin(p.r[j]) {
		j++
	}
	if w := string(p.r[i:j]); w != "" && !IsStop(w) && j-i < 24 {
		return w, j
	}
	return "", i
}

// unitAt reports whether a known unit starts at rune i.
func (p *scanner) unitAt(i int) bool {
	u, _ := p.unit(i)
	_, ok := units()[u]
	return ok
}

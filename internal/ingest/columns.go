package ingest

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"because"
	"because/internal/text"
)

// Our fields. Which of them a kind of rows has, and by which words they are found, is in fieldWords.
const (
	fID = iota
	fUser
	fItem
	fKind
	fValue
	fTime
	fClock
	fQuery
	fQuantity
	fDwell
	fSession
	fDevice
	fPlace
	fWeight
	fName
	fNameZh
	fNameEn
	fAliases
	fCategories
	fPrice
	fCurrency
	fDescription
	fDescriptionZh
	fDescriptionEn
	fPublished
	fUnavailable
	fAvailable
	fDomain
	fLang
	fText
	fReal
	fOrigin
	fImpersonal
	fList // items in order, of a sequence
	fields
)

// fieldNames are our fields as people name them in a mapping.
var fieldNames = [fields]string{
	"id", "user", "item", "kind", "value", "time", "clock", "query", "quantity", "dwell", "session", "device", "place", "weight",
	"name", "name_zh", "name_en", "aliases", "categories", "price", "currency", "description", "description_zh", "description_en",
	"published", "unavailable", "available", "domain", "lang", "text", "real_text", "origin", "impersonal", "item_list",
}

const (
	userWords  = "user userid uid user_no username memberid customerid customer visitorid visitor reviewerid accountid 用户id 用户 用户编号 用户号 用户名 会员id 会员编号 会员号 客户id 客户编号 客户 买家id 读者id 学员id 观众id 账号"
	itemWords  = "item itemid iid product productid sku skuid goodsid movieid movie film filmid bookid asin isbn parentasin articleid newsid contentid videoid trackid songid courseid hotelid poiid businessid gmapid 商品id 商品编号 商品编码 商品号 物品id 物品编号 物品 产品id 产品编号 项目id 货号 电影id 影片id 书籍id 图书id 课程id 文章id 新闻id 视频id 歌曲id 酒店id 店铺id 内容id 商品 sku编号"
	nameWords  = "name title itemname productname producttitle goodsname movietitle filmname bookname itemtitle booktitle coursename 名称 商品名称 商品名 产品名称 产品名 物品名称 标题 名字 片名 电影名 电影名称 书名 图书名称 课程名称 新闻标题 品名 歌名 酒店名称 店名"
	timeWords  = "at time timestamp ts datetime unixtime unix eventtime event_timestamp createdat created createtime created_time reviewtime ratingtime ratedat ratingtimestamp interactiontime purchasedate orderdate ordertime date day context.at 时间 时间戳 日期 日期时间 行为时间 评分时间 评论时间 下单时间 购买时间 交易时间 发生时间 访问时间 点击时间 浏览时间 创建时间 观看时间 支付时间 订单时间 订单日期 购买日期"
	valueWords = "rating value score stars star overall eventvalue grade ratingvalue preference userrating 评分 打分 分数 星级 得分 评级 分值 用户评分"
	langWords  = "lang language locale 语言"
)

// fieldWords are the words for the columns of each kind of rows, the best first.
var fieldWords = map[string]map[int]string{
	kindInteractions: {
		fID: "id interactionid eventid 编号 记录id 行为id", fUser: userWords, fItem: itemWords + " " + nameWords,
		fKind:  "kind type event eventtype behavior behaviour behaviortype behaviourtype action actiontype feedbacktype interactiontype 行为 行为类型 类型 动作 事件 事件类型 操作 操作类型 互动类型",
		fValue: valueWords, fTime: timeWords, fQuery: "query keyword searchquery searchterm keywords 搜索词 关键词 查询 搜索内容 查询词",
		fQuantity: "quantity qty count num amount 数量 购买数量 件数 次数", fDwell: "dwell dwells dwelltime duration stay staytime watchtime playtime seconds 停留时长 停留时间 停留秒数 时长 浏览时长 播放时长 阅读时长 观看时长 停留",
		fSession: "session sessionid 会话 会话id", fDevice: "device devicetype platform context.device 设备 设备类型 终端 平台", fPlace: "place location context.place region 地点 位置 地区 场景 场所", fWeight: "weight 权重",
		fList: "itemidlist itemlist history sequence items",
	},
	kindItems: {
		fItem: "id " + itemWords + " 编号 编码 代码 code", fName: nameWords + " 商品 comment", fNameZh: "namezh titlezh name.zh 中文名 中文名称 中文标题", fNameEn: "nameen titleen name.en 英文名 英文名称 英文标题 englishname",
		fAliases: "aliases alias 别名 又名", fCategories: "categories category genres genre categoryid categoryname maincategory subcategory categoryl1 categoryl2 categoryl3 class 类目 分类 类别 类型 品类 一级类目 二级类目 三级类目 一级分类 二级分类 三级分类 商品类目 商品分类 题材类型 所属类目 所属分类 频道 栏目",
		fPrice: "price saleprice currentprice listprice unitprice 价格 单价 售价 现价 价钱 商品价格 定价 标价 金额", fCurrency: "currency 币种 货币",
		fDescription: "description desc summary overview abstract plot productdescription introduction content 描述 简介 介绍 摘要 说明 商品描述 内容简介 剧情简介 详情 概述 商品简介", fDescriptionZh: "descriptionzh desczh description.zh 中文描述 中文简介", fDescriptionEn: "descriptionen descen description.en 英文描述 英文简介",
		fPublished:   "published publishedat publishdate pubdate publicationdate releasedate released release creationtimestamp createdat timestamp date 发布时间 发布日期 上架时间 上架日期 上映日期 上映时间 出版日期 出版时间 上市时间 上市日期 发行日期",
		fUnavailable: "unavailable ishidden hidden discontinued soldout 下架 已下架 是否下架 缺货", fAvailable: "available instock isavailable onsale 在售 是否在售 上架 是否上架 有货 是否有货", fDomain: "domain 领域", fLang: "-",
	},
	kindUsers: {
		fUser: "id " + userWords + " 编号", fName: "name nickname fullname displayname 姓名 昵称 名字 名称", fLang: langWords, fImpersonal: "impersonal",
	},
	kindReviews: {
		fID: "id reviewid commentid 编号 评论id 评论编号 评价id", fUser: userWords, fItem: itemWords + " " + nameWords,
		fText: "text review reviewtext comment content body tag reviewbody summary 评论 评论内容 评价 评价内容 内容 正文 短评 点评 文本 标签", fValue: valueWords, fTime: timeWords, fLang: langWords, fOrigin: "origin source 来源",
	},
	kindExamples: {
		fID: "id 编号", fUser: userWords, fItem: itemWords + " " + nameWords,
		fText: "text input prompt cleanedtext source userdata 输入 文本 输入文本 原文", fReal: "realtext real explanation reference target output reason 解释 推荐理由 理由 真实文本 输出 参考解释", fLang: langWords,
	},
}

// fieldsByWord is fieldWords turned around: kind -> squeezed word -> field and rank.
var fieldsByWord = sync.OnceValue(func() map[string]map[string][2]int {
	all := map[string]map[string][2]int{}
	for kind, fs := range fieldWords {
		m := map[string][2]int{}
		for f, words := range fs {
			m[squeezed(fieldNames[f])] = [2]int{f, 0}
			for rank, w := range strings.Fields(words) {
				key := squeezed(w)
				if old, ok := m[key]; !ok || rank+1 < old[1] || rank+1 == old[1] && f < old[0] {
					m[key] = [2]int{f, rank + 1}
				}
			}
		}
		all[kind] = m
	}
	return all
})

// columns are where a table's columns go.
type columns struct {
	of         [fields]int // the column of a field, -1 without one
	categories []int       // columns of categories, in order
	extra      []extra
	unit       string // of the price's header: ￥, 元, $
}

// An extra is a column that is none of our fields: an attribute of an item, a profile field of a user.
type extra struct {
	column int
	name   string            // the header
	unit   string            // named in the header: 重量（g）
	key    map[string]string // by domain: the pack's field, or the header made a key
	field  string            // set by a mapping
}

// fieldNamed is the field that a mapping's left side names.
func fieldNamed(kind, name string) (int, bool) {
	for f, n := range fieldNames {
		if _, has := fieldWords[kind][f]; n == name && (has || f == fClock) {
			return f, true
		}
	}
	x, ok := fieldsByWord()[kind][squeezed(name)]
	return x[0], ok
}

// match finds the fields of the columns by their headers.
func (t *reading) match() {
	names := t.src.columns()
	c := columns{}
	for f := range c.of {
		c.of[f] = -1
	}
	taken := make([]bool, len(names))
	t.mapped(&c, names, taken)
	rank := [fields]int{}
	words := fieldsByWord()[t.kind]
	for i, n := range names {
		bare, unit := headerUnit(n)
		hit, ok := words[squeezed(n)]
		if !ok {
			hit, ok = words[squeezed(bare)]
		}
		if !ok || taken[i] {
			continue
		}
		f := hit[0]
		if f == fCategories && t.r.o.Map[fieldNames[f]] == "" {
			c.categories = append(c.categories, i)
			taken[i] = true
			if c.of[f] < 0 {
				c.of[f] = i
			}
			continue
		}
		if c.of[f] >= 0 && (rank[f] == 0 || hit[1] >= rank[f]) {
			continue
		}
		if c.of[f] >= 0 {
			taken[c.of[f]] = false
		}
		c.of[f], rank[f], taken[i] = i, max(1, hit[1]), true
		if f == fPrice {
			c.unit = unit
		}
	}
	t.dateAndClock(&c, names, taken)
	if t.kind == kindItems && c.of[fItem] < 0 {
		c.of[fItem] = max(c.of[fName], c.of[fNameZh], c.of[fNameEn])
	}
	for f, i := range c.of {
		if i >= 0 {
			t.f.Columns[fieldNames[f]] = names[i]
		}
	}
	for i, n := range names {
		if !taken[i] && n != "" && (t.flav == nil || !t.flav.only) {
			bare, unit := headerUnit(n)
			x := extra{column: i, name: bare, unit: unit, key: map[string]string{}}
			for _, prefix := range []string{"attributes.", "profile.", "consents."} {
				x.name = strings.TrimPrefix(x.name, prefix)
			}
			if strings.HasPrefix(n, "consents.") {
				x.field = "consents." + x.name
			}
			c.extra = append(c.extra, x)
		}
	}
	t.col = c
}

// mapped takes the columns that the caller named.
func (t *reading) mapped(c *columns, names []string, taken []bool) {
	named := t.r.o.Map
	if t.flav != nil && t.flav.named != nil {
		named = t.flav.named
	}
	for _, ours := range sortedKeys(named) {
		i := columnNamed(names, named[ours])
		if i < 0 {
			continue
		}
		if f, ok := fieldNamed(t.kind, ours); ok {
			c.of[f], taken[i] = i, true
			if f == fCategories {
				c.categories = []int{i}
			}
			continue
		}
		_, unit := headerUnit(names[i])
		key := strings.TrimPrefix(strings.TrimPrefix(ours, "attributes."), "profile.")
		c.extra = append(c.extra, extra{column: i, name: names[i], unit: unit, field: key})
		taken[i] = true
		t.f.Columns[ours] = names[i]
	}
}

// columnNamed is the index of a column by its header, exactly or folded, or by its number from 1.
func columnNamed(names []string, want string) int {
	if i := slices.Index(names, want); i >= 0 {
		return i
	}
	for i, n := range names {
		if squeezed(n) == squeezed(want) {
			return i
		}
	}
	return -1
}

// dateAndClock joins 日期 and 时间 where a table has both.
func (t *reading) dateAndClock(c *columns, names []string, taken []bool) {
	if c.of[fTime] < 0 || c.of[fClock] >= 0 || t.r.o.Map["time"] != "" {
		return
	}
	day, clock := -1, -1
	for i, n := range names {
		switch squeezed(n) {
		case "日期", "date", "day":
			day = i
		case "时间", "time":
			clock = i
		}
	}
	if day >= 0 && clock >= 0 && (c.of[fTime] == day || c.of[fTime] == clock) {
		c.of[fTime], c.of[fClock] = day, clock
		taken[day], taken[clock] = true, true
	}
}

// headerUnit splits 重量（g） into 重量 and g.
func headerUnit(h string) (bare, unit string) {
	for _, p := range [][2]string{{"（", "）"}, {"(", ")"}, {"[", "]"}, {"/", ""}} {
		i := strings.LastIndex(h, p[0])
		if i <= 0 || !strings.HasSuffix(h, p[1]) {
			continue
		}
		unit := strings.TrimSpace(h[i+len(p[0]) : len(h)-len(p[1])])
		if p[0] == "/" {
			if base, _ := text.Unit(text.Fold(unit)); base == text.Fold(unit) {
				continue
			}
		}
		return strings.TrimSpace(h[:i]), unit
	}
	return h, ""
}

// required checks that a table has what its kind cannot do without, and what the caller named.
func (t *reading) required() error {
	names := t.src.columns()
	for _, ours := range sortedKeys(t.r.o.Map) {
		if columnNamed(names, t.r.o.Map[ours]) < 0 && t.r.o.Kind != kindDataset {
			return because.Errorf(because.ErrInvalid, "There is no column %q in %s. Its columns are: %s.", t.r.o.Map[ours], t.f.File, listed(names))
		}
		if _, ok := fieldNamed(t.kind, ours); !ok && t.kind != kindItems && t.kind != kindUsers && t.r.o.Kind != kindDataset {
			return because.Errorf(because.ErrInvalid, "There is no field %q to map a column to. Fields: %s.", ours, listed(fieldsOf(t.kind)))
		}
	}
	need := map[string][]int{kindItems: {fItem}, kindUsers: {fUser}, kindInteractions: {fUser}, kindReviews: {fItem, fText}, kindExamples: {fReal}}[t.kind]
	for _, f := range need {
		if t.col.of[f] < 0 {
			return t.missing(fieldNames[f], names)
		}
	}
	if t.kind == kindInteractions && t.col.of[fItem] < 0 && t.col.of[fQuery] < 0 && t.col.of[fList] < 0 {
		return t.missing("item", names)
	}
	return nil
}

func (t *reading) missing(field string, names []string) error {
	return because.Errorf(because.ErrInvalid, "%s: no column for %s was found among: %s. Name it: --map %s=<column>.", t.f.File, field, listed(names), field)
}

func fieldsOf(kind string) []string {
	var out []string
	for f := range fields {
		if words, ok := fieldWords[kind][f]; ok && words != "-" {
			out = append(out, fieldNames[f])
		}
	}
	return out
}

func listed(names []string) string {
	s := make([]string, 0, 30)
	for _, n := range names[:min(len(names), 30)] {
		s = append(s, short(n))
	}
	return strings.Join(s, ", ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// squeezed is a match key without blanks and signs.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '.', '\t', '\u3000', '"', '\'', '/', ':':
			return -1
		}
		return r
	}, text.Fold(s))
}

// cell is the trimmed cell of a field, "" without one.
func (t *reading) cell(f int) string {
	i := t.col.of[f]
	if i < 0 || i >= len(t.cells) {
		return ""
	}
	return strings.TrimSpace(t.cells[i])
}

// blank reports whether a cell says that there is nothing.
func blank(s string) bool {
	switch s {
	case "", "-", "--", "—", "NULL", "null", "NaN", "nan", "None", "none", "N/A", "n/a", "NA", "#N/A", "\\N", "无数据", "空", "未知":
		return true
	}
	return false
}

// numberOf reads a number; a blank cell is 0 and counted under the field's name when fill is set.
func (t *reading) numberOf(f int) (x float64, currency string, present bool, reason string) {
	s := t.cell(f)
	if blank(s) {
		return 0, "", false, ""
	}
	x, currency, ok := number(s)
	if !ok || bad(x) {
		return 0, "", false, because.Say(t.lang(), "%q is no number for %s.", short(s), fieldNames[f])
	}
	return x, currency, true, ""
}

// flagOf reads yes or no.
func flagOf(s string) (yes, ok bool) {
	switch strings.ToLower(s) {
	case "是", "有", "yes", "true", "y", "t", "支持", "√", "✓", "✔", "对":
		return true, true
	case "否", "没有", "无", "no", "false", "n", "f", "不支持", "×", "✗", "✘", "不", "不是":
		return false, true
	}
	return false, false
}

func truth(s string) bool {
	yes, ok := flagOf(s)
	return ok && yes || s == "1" || s == "1.0"
}

// numbered is a header for tables without one: column 1, column 2 …
func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = strconv.Itoa(i + 1)
	}
	return out
}

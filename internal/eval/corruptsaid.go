package eval

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"because"
)

// entity: another item's name in the place of one that the text gives.
func (c *corrupter) entity() (Corruption, bool) {
	for _, n := range anyOrder(c.rng, c.names) {
		for _, by := range anyOrder(c.rng, c.from.Names) {
			if c.strange(by, n.text) {
				return c.rename(n.text, by), true
			}
		}
	}
	return Corruption{}, false
}

// strange reports whether a name is nobody's here, nor part of one or around one.
func (c *corrupter) strange(name, instead string) bool {
	if name == "" || c.knows(name) || strings.Contains(fold(name), fold(instead)) || strings.Contains(fold(instead), fold(name)) {
		return false
	}
	return !slices.ContainsFunc(append([]string{c.Name}, c.Aliases...), func(own string) bool {
		return own != "" && (strings.Contains(fold(own), fold(name)) || strings.Contains(fold(name), fold(own)))
	})
}

// rename puts a name everywhere in the place of another.
func (c *corrupter) rename(old, by string) Corruption {
	s := c.Text
	for _, n := range slices.SortedFunc(slices.Values(c.names), func(a, b named) int { return b.start - a.start }) { // from the end on
		if n.text == old {
			s = s[:n.start] + by + s[n.end:]
		}
	}
	return Corruption{Text: s, Wrong: old + " → " + by}
}

// verbs by which texts tell what the reader did, and a stronger deed in their place.
var deeds = []struct {
	lang   because.Lang
	from   because.EvidenceKind
	is     *regexp.Regexp
	by     string
	needed because.EvidenceKind
}{
	{because.Chinese, because.Viewed, regexp.MustCompile(`(?:看|浏览|读|翻|点开|打开)(?:过|了)`), "买过", because.Bought},
	{because.Chinese, because.Viewed, regexp.MustCompile(`(?:看|浏览|读|翻|点开|打开)(?:过|了)`), "收藏过", because.Carted},
	{because.Chinese, because.Bought, regexp.MustCompile(`(?:买|购入|下单|报|订)(?:过|了|的名)`), "打过分", because.Rated},
	{because.English, because.Viewed, regexp.MustCompile(`(?i)\b(?:looked at|viewed|read|opened|seen)\b`), "bought", because.Bought},
	{because.English, because.Carted, regexp.MustCompile(`(?i)\b(?:added|put|saved)\b`), "rated", because.Rated},
	{because.English, because.Bought, regexp.MustCompile(`(?i)\b(?:bought|ordered|booked|purchased|enrolled in)\b`), "rated", because.Rated},
}

// history: an item of the reader's, of which what the text tells is not true; or the right item and another deed.
func (c *corrupter) history() (Corruption, bool) {
	swap := func() (Corruption, bool) {
		for _, n := range anyOrder(c.rng, c.names) {
			i := c.about(n)
			if i < 0 {
				continue
			}
			e := c.Evidence[i]
			when := e.Slots["when"].Text
			for _, by := range anyOrder(c.rng, c.otherDeeds(e, when != "" && strings.Contains(c.clause(n.start), when))) {
				if places(c.Text, by) == nil && !strings.Contains(by, n.text) && !strings.Contains(n.text, by) {
					return c.rename(n.text, by), true
				}
			}
		}
		return Corruption{}, false
	}
	if c.rng.IntN(3) > 0 {
		if x, ok := swap(); ok {
			return x, true
		}
	}
	for _, d := range anyOrder(c.rng, deeds) {
		at := d.is.FindAllStringIndex(c.Text, -1)
		if d.lang != c.Lang || len(at) != 1 || c.inName(at[0][0], at[0][1]) || strings.Contains(c.clause(at[0][0]), "人") || people.MatchString(c.clause(at[0][0])) {
			continue
		}
		for _, n := range c.names {
			i := c.about(n)
			if i < 0 || c.Evidence[i].Kind != d.from || strings.Count(c.Text, n.text) != 1 || !strings.Contains(c.clause(at[0][0]), n.text) {
				continue
			}
			if !slices.ContainsFunc(c.Evidence, func(e because.Evidence) bool { return e.Kind == d.needed && e.Slots["hist"].Text == n.text }) {
				return Corruption{Text: c.with(at[0][0], at[0][1], d.by), Wrong: c.Text[at[0][0]:at[0][1]] + " → " + d.by}, true
			}
		}
	}
	return swap()
}

var people = regexp.MustCompile(`(?i)\b(?:people|viewers|readers|visitors|shoppers|guests)\b`)

// about is the index of the one cited evidence of a deed that a name belongs to, -1 if there is none.
func (c *corrupter) about(n named) int {
	if n.item {
		return -1
	}
	found := -1
	for _, i := range c.cited {
		switch e := c.Evidence[i]; e.Kind {
		case because.Bought, because.Carted, because.Viewed, because.Rated:
			if e.Slots["hist"].Text == n.text {
				if found >= 0 {
					return -1
				}
				found = i
			}
		}
	}
	return found
}

// otherDeeds are names of the reader's history of which the deed of e is not told, or, when the text says when, not at that
// time. Whoever bought, rated or saved something may have looked at it too.
func (c *corrupter) otherDeeds(e because.Evidence, dated bool) []string {
	deeds := map[string][]because.Evidence{}
	var names []string
	for _, o := range c.Evidence {
		for _, k := range []string{"hist", "hist2"} {
			if s := o.Slots[k]; s.Kind == because.NameSlot && s.Text != e.Slots["hist"].Text {
				if deeds[s.Text] == nil {
					names = append(names, s.Text)
				}
				deeds[s.Text] = append(deeds[s.Text], o)
			}
		}
	}
	return slices.DeleteFunc(names, func(n string) bool {
		told, same, then := false, e.Kind == because.Viewed, false
		for _, o := range deeds[n] {
			switch o.Kind {
			case because.Bought, because.Carted, because.Viewed, because.Rated:
				told = true
			case because.Shared, because.Versus, because.Neighbours: // of those the deed is not told
				same = true
			}
			same = same || o.Kind == e.Kind
			then = then || o.Slots["when"].Text == e.Slots["when"].Text || o.At.Year() == e.At.Year() && o.At.Month() == e.At.Month()
		}
		return !told || same && !(dated && !then)
	})
}

// clause is the stretch between marks around a byte.
func (c *corrupter) clause(at int) string {
	from, to := strings.LastIndexAny(c.Text[:at], "。；，：;,.!！?？")+1, len(c.Text)
	for from > 0 && from < at && !utf8.RuneStart(c.Text[from]) {
		from++
	}
	if i := strings.IndexAny(c.Text[at:], "。；，：;,.!！?？"); i >= 0 {
		to = at + i
	}
	return c.Text[from:to]
}

var denied = regexp.MustCompile(`(?i)没|无|未|别|非|不[^过同少止仅错妨如]|吗|要是|如果|也许|或许|\b(?:not|never|no|without|nothing|cannot|none|if|whether|unless|may|might|could|can)\b|n't|n’t|\?|？`)

// A denial turns a statement into its opposite.
type denial struct {
	is *regexp.Regexp
	by string
}

var denials = map[because.Lang][]denial{
	because.Chinese: {
		{regexp.MustCompile(`(看|买|读|听|用|搜|住|去|学|点开|浏览|翻|加购|收藏)过`), "没${1}过"},
		{regexp.MustCompile(`(看|买|读|听|搜|订|报)了`), "没${1}"},
		{regexp.MustCompile(`加进了`), "没有加进"},
		{regexp.MustCompile(`填(了|的是)`), "没有填"},
		{regexp.MustCompile(`(属于|支持|配有|带有|适合|包含|用得上|围绕)`), "不$1"},
		{regexp.MustCompile(`(?:也|同样)(是|学|教|讲|属于|有)`), "不$1"},
		{regexp.MustCompile(`这([部款件门只台篇本个条套家张双])是`), "这${1}不是"},
		{regexp.MustCompile(`(风险等级|讲|学)的?是`), "${1}的不是"},
		{regexp.MustCompile(`(有|配) (\d)`), "没有 $2"},
	},
	because.English: {
		{regexp.MustCompile(`\b([Yy]ou(?:'ve|’ve)?) (looked at|bought|viewed|read|watched|added|gave|chose|listed|named|searched|saved|seen|ordered|booked|rated)\b`), "$1 never $2"},
		{regexp.MustCompile(`\b([Tt]his one|[Tt]his course|[Ii]t|[Tt]his) is\b`), "$1 isn't"},
		{regexp.MustCompile(`\b([Tt]his one|[Tt]his course|[Ii]t)(?: also)? (take|cost|run|teache|carrie|ask|keep|expect|score|move|come|charge|hold|weigh|need|cover|fit|suit)s\b`), "$1 doesn't $2"},
		{regexp.MustCompile(`\b([Tt]his one|[Tt]his course|[Ii]t) has\b`), "$1 doesn't have"},
		{regexp.MustCompile(`\b(\d[\d,]*) (people|viewers|readers|visitors) (looked at|viewed|watched|turned to|read)\b`), "none of $1 $2 $3"},
	},
}

// fewer say that a number is not reached, which is false of the number itself.
var fewer = map[because.Lang]string{because.Chinese: "不到 ", because.English: "less than "}

// negation: what the text states, denied.
func (c *corrupter) negation() (Corruption, bool) {
	if c.rng.IntN(4) == 0 {
		if x, ok := c.below(); ok {
			return x, true
		}
	}
	for _, d := range anyOrder(c.rng, denials[c.Lang]) {
		for _, at := range d.is.FindAllStringSubmatchIndex(c.Text, -1) {
			if c.inName(at[0], at[1]) || denied.MatchString(c.unnamed(at[0])) {
				continue
			}
			by := string(d.is.ExpandString(nil, d.by, c.Text, at))
			by = strings.NewReplacer("teache", "teach", "carrie", "carry").Replace(by)
			return Corruption{Text: c.with(at[0], at[1], by), Wrong: c.Text[at[0]:at[1]] + " → " + by}, true
		}
	}
	return c.below()
}

// unnamed is the clause around a byte without the names in it.
func (c *corrupter) unnamed(at int) string {
	s := c.clause(at)
	for _, n := range c.names {
		s = strings.ReplaceAll(s, n.text, "")
	}
	return s
}

func (c *corrupter) below() (Corruption, bool) {
	for _, s := range anyOrder(c.rng, c.said(because.NumberSlot, because.CountSlot)) {
		r, _ := utf8.DecodeRuneInString(s.value.Text)
		if s.value.Number == 0 || r > 0x80 && r != '¥' || r >= 'A' && r <= 'Z' || s.slot == "rank" || denied.MatchString(c.unnamed(s.start)) {
			continue
		}
		by := fewer[c.Lang] + s.value.Text
		return Corruption{Text: c.with(s.start, s.end, by), Wrong: s.value.Text + " → " + by}, true
	}
	return Corruption{}, false
}

// An invention is a statement and the words of which evidence must hold none for it to be false.
type invention struct {
	says string
	of   string
}

// unknown is one of the inventions, that no evidence has to do with.
func (c *corrupter) unknown(list map[because.Lang][]invention) (string, bool) {
	for _, x := range anyOrder(c.rng, list[c.Lang]) {
		if !slices.ContainsFunc(strings.Fields(x.of), c.knows) {
			return x.says, true
		}
	}
	return "", false
}

var inventions = map[because.Lang][]invention{
	because.Chinese: {
		{"拿过一项国际设计奖", "奖"}, {"用了进口原料", "进口 原料"}, {"附赠一本说明图册", "图册 附赠"}, {"由知名团队操刀", "团队 知名"}, {"表面经过特殊处理", "表面"},
		{"配套资料可以下载", "下载 资料"}, {"经过三轮内部测试", "测试"}, {"灵感来自沿海小城", "沿海 灵感"}, {"用色很讲究", "色"}, {"门口就能停车", "停车"}, {"有中英双语", "英 双语"}, {"去年做过一次大改版", "改版"},
	},
	because.English: {
		{"it won a national design award", "award"}, {"it uses imported materials", "import"}, {"it comes with an illustrated guide", "guide"}, {"it was made by a famous team", "famous"}, {"its surface is specially treated", "surface"},
		{"extra material can be downloaded", "download"}, {"it went through three rounds of testing", "test"}, {"it draws on life by the sea", "sea"}, {"its colours are well chosen", "colour"}, {"there is parking at the door", "parking"}, {"it was reworked last year", "rework"},
	},
}

// invented: a fact that no evidence has: of another item, in the place of a word of this one or as a sentence more; or
// made up.
func (c *corrupter) invented() (Corruption, bool) {
	switch c.rng.IntN(3) {
	case 0:
		if s, ok := c.unknown(inventions); ok {
			return Corruption{Text: c.adds(s), Wrong: s}, true
		}
	case 1:
		for _, s := range anyOrder(c.rng, c.said(because.WordSlot)) {
			e := c.Evidence[s.ev]
			field := e.Ref
			if s.slot == "shared" {
				field = s.value.Ref
			} else if e.Kind != because.Attribute && e.Kind != because.Fit {
				continue
			}
			for _, f := range anyOrder(c.rng, c.from.Facts) {
				by := f.Evidence.Slots["value"].Text
				if f.Evidence.Ref == field && f.Evidence.Slots["value"].Kind == because.WordSlot && c.foreign(by, s.value.Text) {
					return Corruption{Text: c.with(s.start, s.end, by), Wrong: s.value.Text + " → " + by}, true
				}
			}
		}
	}
	for _, f := range anyOrder(c.rng, c.from.Facts) {
		if v := f.Evidence.Slots["value"]; c.absent(f) && c.foreign(v.Text, "") && strings.Contains(f.Text, v.Text) {
			return Corruption{Text: c.also(f.Text, false), Wrong: f.Text}, true
		}
	}
	return Corruption{}, false
}

// foreign reports whether no word of a value is known here, and the value is not around what it replaces.
func (c *corrupter) foreign(value, instead string) bool {
	if value == "" || c.knows(value) || instead != "" && (strings.Contains(value, instead) || strings.Contains(instead, value)) {
		return false
	}
	return !slices.ContainsFunc(listMark.Split(value, -1), func(part string) bool { return part == "" || c.knows(part) })
}

var listMark = regexp.MustCompile(`、|和|, | and `)

// absent reports whether no evidence here speaks of the field, and no name is in the sentence.
func (c *corrupter) absent(f Borrowed) bool {
	return !slices.ContainsFunc(c.Evidence, func(e because.Evidence) bool {
		return e.Ref == f.Evidence.Ref && (e.Kind == f.Evidence.Kind) || e.Slots["shared"].Ref == f.Evidence.Ref
	})
}

var superlatives = map[because.Lang][]string{
	because.Chinese: {"是同类里最值得的", "没有比它更合适的了", "在同类里首屈一指", "同价位里挑不出第二个", "堪称行业标杆", "口碑第一", "谁都比不上", "是这一类的天花板", "史上最强的一款", "遥遥领先"},
	because.English: {"the best of its kind", "and nothing else comes close", "second to none", "the finest you can get", "unmatched in its class", "and no other is as good", "the top choice of all", "the gold standard", "head and shoulders above the rest", "our finest pick yet"},
}

var promises = map[because.Lang][]invention{
	because.Chinese: {
		{"保证你满意", ""}, {"不满意随时退", "退 取消"}, {"看完一定有收获", ""}, {"包你喜欢", ""}, {"稳赚不赔", ""}, {"三天见效", ""}, {"错过就没有了", ""}, {"绝对不会让你失望", ""}, {"用了都说好", ""}, {"从此不再发愁", ""},
	},
	because.English: {
		{"and you are sure to be pleased", ""}, {"your money back if you aren't happy", "refund cancel return"}, {"you will come away wiser", ""}, {"and it never disappoints", ""}, {"results within three days", ""},
		{"and you'll thank us later", ""}, {"it can't go wrong", ""}, {"don't let it slip away", ""}, {"and it will make your week", ""}, {"satisfaction is certain", ""},
	},
}

// superlative: more than any evidence can show.
func (c *corrupter) superlative() (Corruption, bool) {
	s := superlatives[c.Lang][c.rng.IntN(len(superlatives[c.Lang]))]
	return Corruption{Text: c.adds(s), Wrong: s}, true
}

// promise: what nobody can know, or an urging.
func (c *corrupter) promise() (Corruption, bool) {
	s, ok := c.unknown(promises)
	return Corruption{Text: c.adds(s), Wrong: s}, ok
}

// causes that no evidence gives.
var causes = map[because.Lang][]invention{
	because.Chinese: {{"因为商家在做活动，才推荐给你", "活动"}, {"推荐它，是因为你的朋友都在用", "朋友"}, {"因为你的年龄段都喜欢，所以推荐", "年龄"}, {"因为库存快没了，所以先给你看", "库存"}, {"考虑到你的收入，推荐了这个", "收入"}},
	because.English: {{"It is here because the seller is running a promotion", "promot"}, {"It is recommended because your friends use it", "friend"}, {"Because people your age like it, it was picked", "age"}, {"It comes first because stock is low", "stock"}, {"Given your income, it was picked for you", "income"}},
}

var caused = regexp.MustCompile(`(?i)因为|所以|考虑到|鉴于|由于|既然|因此|because|since|given|so\b|due to`)

// cause: as the reason something that has no part in the score, or that no evidence has.
func (c *corrupter) cause() (Corruption, bool) {
	if c.rng.IntN(3) > 0 {
		for _, f := range anyOrder(c.rng, c.from.Idle) {
			s := stops.ReplaceAllString(f.Text, "")
			if !c.idle(f.Evidence) || caused.MatchString(s) || strings.ContainsAny(s, "。；;：:，,.？?") {
				continue
			}
			if c.Lang == because.Chinese {
				s = "推荐它，是因为" + s
			} else if first, rest, ok := strings.Cut(s, " "); ok && slices.Contains([]string{"It", "This", "It's", "You"}, first) {
				s = "It is here because " + strings.ToLower(first) + " " + rest
			} else {
				continue
			}
			return Corruption{Text: c.also(s, true), Wrong: s}, true
		}
	}
	if s, ok := c.unknown(causes); ok {
		return Corruption{Text: c.also(s, c.rng.IntN(2) == 0), Wrong: s}, true
	}
	return Corruption{}, false
}

// idle reports whether an evidence has no part in the score, nor any other that tells of the same field or value.
func (c *corrupter) idle(e because.Evidence) bool {
	value := fold(e.Slots["value"].Text)
	return e.Share <= 0 && value != "" && !slices.ContainsFunc(c.Evidence, func(o because.Evidence) bool {
		if o.Share <= 0 {
			return false
		}
		for _, s := range o.Slots {
			if t := fold(s.Text); strings.Contains(t, value) || t != "" && strings.Contains(value, t) && s.Kind == because.WordSlot {
				return true
			}
		}
		return o.Ref == e.Ref || o.Slots["shared"].Ref == e.Ref
	})
}

// others are facts of nobody in particular.
var others = map[because.Lang][]invention{
	because.Chinese: {{"你住在苏州河边", "苏州"}, {"你家里有两个孩子", "孩子 亲子"}, {"你上个月刚换了工作", "工作"}, {"你是素食者", "素"}, {"你正在准备考研", "考研"}, {"你父母也会用到", "父母"}, {"你一向失眠", "眠"}, {"你每天骑车上下班", "骑 通勤"}},
	because.English: {{"You live by the river in Leeds", "leeds"}, {"You have two children at home", "child"}, {"You changed jobs last month", "job"}, {"You are a vegetarian", "vegetarian"}, {"You are studying for an exam", "exam"}, {"Your parents will use it too", "parent"}, {"You sleep badly", "sleep"}, {"You cycle to work every day", "cycl commut"}},
}

// otherReader: what another reader did or stated, said of this one; or a fact of nobody's.
func (c *corrupter) otherReader() (Corruption, bool) {
	before := c.rng.IntN(2) == 0
	if c.rng.IntN(4) > 0 {
		for _, f := range anyOrder(c.rng, c.from.Readers) {
			if c.others(f.Evidence) && c.tells(f) {
				return Corruption{Text: c.also(f.Text, before), Wrong: f.Text}, true
			}
		}
	}
	if s, ok := c.unknown(others); ok {
		return Corruption{Text: c.also(s, before), Wrong: s}, true
	}
	return Corruption{}, false
}

// others reports whether nothing that an evidence of another reader names is known of this one.
func (c *corrupter) others(e because.Evidence) bool {
	own := false
	for _, k := range []string{"hist", "category", "value", "query"} {
		if s, ok := e.Slots[k]; ok && s.Text != "" {
			own = true
			if c.knows(s.Text) || strings.Contains(fold(c.Name), fold(s.Text)) {
				return false
			}
		}
	}
	return own
}

// tells reports whether a sentence holds what its evidence names.
func (c *corrupter) tells(f Borrowed) bool {
	for _, k := range []string{"hist", "category", "value", "query"} {
		if s, ok := f.Evidence.Slots[k]; ok && !strings.Contains(f.Text, s.Text) {
			return false
		}
	}
	return true
}

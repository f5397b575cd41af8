package verify

import (
	"strings"
	"sync"
	"unicode"
)

// A phrase is a folded wording. Latin ones match whole words only.
type phrase struct {
	r    []rune
	keys []string // what licenses it; none for a neutral one
	word bool     // one word of a longer wording: it covers, but licenses no verb, negation or cause
	side int      // on which sides of it its pattern has a value
}

// The sides of a wording on which a value may stand.
const (
	valueBefore = 1 << iota
	valueBehind
	anywhere // not bound to values: it says what is told, and not where
)

// phrases finds wordings by their first two runes.
type phrases = *phraseSet

type phraseSet struct {
	by    map[uint64][]*phrase
	first [8]uint64 // a bit for each first rune, by its lowest bits: most places begin no wording
}

func newPhrases() phrases { return &phraseSet{by: map[uint64][]*phrase{}} }

// pair is what wordings are found by; b is 0 for those of one rune.
func pair(a, b rune) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

func (ps *phraseSet) put(p *phrase) {
	k := pair(p.r[0], 0)
	if len(p.r) > 1 {
		k = pair(p.r[0], p.r[1])
	}
	ps.by[k] = append(ps.by[k], p)
	ps.first[p.r[0]>>6&7] |= 1 << (p.r[0] & 63)
}

// alike are the wordings that begin as r does.
func (ps *phraseSet) alike(r []rune) []*phrase {
	if len(r) > 1 {
		return ps.by[pair(r[0], r[1])]
	}
	return ps.by[pair(r[0], 0)]
}

func key(s string) []rune {
	r, _ := spread(strings.TrimSpace(s))
	return r
}

// add adds a wording, or another license to one that is there.
func (ps *phraseSet) add(s string, word bool, keys ...string) { ps.addBeside(0, s, word, keys...) }

// addBeside is add for a wording with values on the given sides.
func (ps *phraseSet) addBeside(side int, s string, word bool, keys ...string) {
	r := key(s)
	if len(r) == 0 {
		return
	}
	for _, p := range ps.alike(r) {
		if p.word == word && string(p.r) == string(r) {
			p.side |= side
			if len(p.keys) == 0 || len(keys) == 0 {
				p.keys = nil
				return
			}
			for _, k := range keys {
				if !has(p.keys, k) {
					p.keys = append(p.keys, k)
				}
			}
			return
		}
	}
	ps.put(&phrase{r: r, keys: keys, word: word, side: side})
}

func has(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// list parses a hand-written list: words parted by blanks, blanks inside as _.
func (ps *phraseSet) list(s string) phrases {
	for _, w := range strings.Fields(s) {
		ps.add(strings.ReplaceAll(w, "_", " "), false)
	}
	return ps
}

func latin(r rune) bool {
	if r >= 0x2E80 { // Han and its marks
		return false
	}
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7F && unicode.Is(unicode.Latin, r)
}

// at reports whether p stands at rune i of r.
func (p *phrase) at(r []rune, i int) bool {
	n := len(p.r)
	if i+n > len(r) || r[i] != p.r[0] || i > 0 && latin(p.r[0]) && latin(r[i-1]) && latin(r[i]) || latin(p.r[n-1]) && i+n < len(r) && latin(r[i+n]) {
		return false
	}
	for k, c := range p.r {
		if r[i+k] != c && !(c == '\'' && r[i+k] == '’') {
			return false
		}
	}
	return true
}

// find calls f for every place of a wording in r[from:to].
func (ps *phraseSet) find(r []rune, from, to int, f func(s, e int, p *phrase)) {
	for i := from; i < to; i++ {
		c := r[i]
		if ps.first[c>>6&7]&(1<<(c&63)) == 0 || c < 0x80 && i > 0 && latin(c) && latin(r[i-1]) { // words begin where none goes on
			continue
		}
		if i+1 < to {
			for _, p := range ps.by[pair(c, r[i+1])] {
				if i+len(p.r) <= to && p.at(r, i) {
					f(i, i+len(p.r), p)
				}
			}
		}
		for _, p := range ps.by[pair(c, 0)] {
			if p.at(r, i) {
				f(i, i+1, p)
			}
		}
	}
}

// any reports whether a wording stands in r[from:to].
func (ps *phraseSet) any(r []rune, from, to int) (found bool) {
	ps.find(r, from, to, func(int, int, *phrase) { found = true })
	return found
}

// A lexicon holds the hand-written words of both languages by what they state.
type lexicon struct {
	neutral    phrases // words that state nothing
	single     string  // Han characters that state nothing where no longer word holds them
	cause      phrases
	effect     phrases // causes that stand before what they explain: therefore
	reason     phrases // that what stands before is a cause: … is the reason
	group      phrases
	someone    phrases // one reviewer is enough
	compare    phrases
	most       phrases // superlatives: never
	promise    phrases // never
	instruct   phrases // never
	negation   phrases
	notNegated phrases
	quality    phrases
	like       phrases
	need       phrases
	says       phrases
	ground     phrases // that what is quoted is a ground that another gave
	it         phrases
	you        phrases
	contact    phrases
}

var lexicons = sync.OnceValue(func() *lexicon {
	l := &lexicon{single: neutralHan}
	l.neutral = newPhrases().list(neutralZh).list(neutralMoreZh).list(neutralEn)
	for _, w := range strings.Fields("a an the this that these those it its it's i you your yours he she they them their we us our my is are was were be been being am do does did done has have had having will would can could may might in on at to for from by with about as into onto then so and or but if while though although where when which who whom whose what how here there yes too also just only even still yet very much each every both such own up out off down again per via ones one some any another other") {
		l.neutral.add(w, false)
	}
	l.cause = newPhrases().list(causeWords).list(effectWords)
	l.effect = newPhrases().list(effectWords)
	l.reason = newPhrases().list(reasonWords)
	l.group = newPhrases().list(groupWords)
	l.someone = newPhrases().list("有人 某人 someone somebody one_reader one_reviewer a_reviewer a_reader")
	l.compare = newPhrases().list(compareWords)
	l.most = newPhrases().list(mostWords)
	l.promise = newPhrases().list(promiseWords)
	l.instruct = newPhrases().list(instructWords)
	l.negation = newPhrases().list(negationWords)
	l.notNegated = newPhrases().list(notNegatedWords)
	l.quality = newPhrases().list(qualityWords)
	l.like = newPhrases().list("appreciate fancy 喜欢 喜爱 偏爱 偏好 热爱 爱看 爱听 爱买 爱吃 钟爱 感兴趣 兴趣 关注 在意 看重 like love prefer enjoy interested interest interests fond favourite favorite care keen passion preferences preference taste")
	l.need = newPhrases().list("你要 你想 您要 您想 你说 您说 你需要 您需要 你找 您找 你问 想要 需要 要求 you_asked asked you_want you_wanted you_need you_needed you're_looking you're_after you_were_after you_said your_words asked_for")
	l.says = newPhrases().list("说 写 写着 写到 提到 评价 评论 读者 言 says said say wrote writes review reviews reviewer mentioned mention mentions calls called")
	l.ground = newPhrases().list("推荐方 调用方 平台 编排方 依据 缘由 由头 凭据 出处 标注 标着 写着 写明 给出 recommender caller site ground grounds reason reasons stated states recommended source note slip rule")
	l.it = newPhrases().list("它 这款 这个 这块 这本 这部 这篇 这家 这场 这门 这只 这台 这条 这首 这件 这套 这双 这张 这座 这辆 这节 这期 这支 这处 这趟 这间 这份 这瓶 这 it this this_one its here")
	l.you = newPhrases().list("你 您 you your you've you'd you're")
	l.contact = newPhrases().list("微信 vx 加v 威信 薇信 wechat weixin qq QQ群 公众号 扫码 二维码 telegram whatsapp 电报群 加群 私信 dm_me 淘口令")
	return l
})

const neutralHan = "的了着在是有也和与及或而且就还都又再才只这那它其你您我们把被给让从到向于以为对之所个里上下中内外前后时会能可要想去来说看用做吧呢吗啊呀哦嘛哈过并得地如同跟像由自些点次么先等若边行完数填走底谈换瞧眼摆连即便排进栏却类记起整掉道班跑练读穿戴坐放题回顺提节套篇份位号期条款件部本场家门幅章段课学投者间头属讲找须圈挑"

const neutralZh = `能撑 撑 不过 而且 并且 另外 此外 同时 其中 以及 还有 也是 也有 也能 也可以 同样 同样是 正好 刚好 恰好 正是 就是 可以 可以看看 看看 看一看 看一眼 试试 比一比 想想 如果 的话 要是 虽然 尽管 但是 但 因此 所以 于是 那么 这样 这么 那样 一样 一起 一下 一些 一点 接着 接下来 接上
顺着 照着 对着 按 按着 关于 至于 说到 提到 想到 看到 放在 放到 拿来 列在 排在 找到 找来 挑到 记得 还记得 这回 这次 上次 这里 那里 这边 那边 它们 我们 咱们 自己 来说 看来 来看 先说 先看 再看 一句 一条 一点 一个 一款 一块 一本 一部 一篇 一家 一场 一门 一只 一台 一条 一首 一件 一套 一双 一张 一座 一辆 一节 一期 一支 这一 那一 这种 那种
时候 之后 以后 之前 以前 当时 平时 平常 那会儿 常 常常 经常 多 每次 有时 偶尔 总 共 一共 总共 各 各有 分别 两者 另一 其他 其余 别的 属于 叫 名为 题为 称 介绍 介绍了 涉及 包含 包括 含 带 带有 配 配有 配备 具有 具备 拥有 支持 提供 采用 使用 只有 仅 才 约 大约 左右 近 将近 超过 至少 不止 以上 以下 以内 达 达到 长达 高达 为 需 需要 花 费 用时 时长 值 共有
想着 如何 怎么样 不妨 对比 相比 相比之下 比起 和你 与你 跟你 合 合乎 符合 匹配 满足 应 对应 对上 呼应 给你 为你 为您 给您 请 供 参考 推荐 缘由 理由 原因 依据 根据 基于 考虑到 考虑 因为 由于 鉴于 因 所需 那款 那块 那本 那部 那篇 那家 那场 那门 那只 那台 那条 那首 那件 那套 那双 那张 那座 那辆 那节 那期 同款 同一 同一位 同一个 相同 一致 延续 沿用 接近 差不多 相近 也在 还在 已经 已 刚 刚刚 正在 现在 目前 眼下 当前 此刻 如今 第 号 年 月 日 元 位 名 里面 其 该 本 此`

const neutralMoreZh = `清楚 慢慢 出现 过目 准备 东西 富余 工夫 知道 篇幅 顺带 顺便 顺手 顺路 一提 栏目 摆明 招呼 记录 记录里 拿出来 放进来 排进来 排了进来 出门 起步 打头 收尾 话说 说来 另说 回头 抽空 闲下来 留着 翻出来 排进 对得上 正对 恰巧 碰巧 凑巧
说白了 直说 明说 先讲 讲清楚 说清楚 交代 照实 提醒 丑话 算是 也就 这里头 里头 手头 现下 下回 上回 几回 别处 同类 那头 这头 两样 一项 一桩 名单 单子 列表 页面 首页 清单 放在眼前 摆在眼前 摆上来 端上来 递给 送到 带到 领到 引到 牵到 请您 请你 您看 你看 看中 图的 图的是 冲的 要的 要的是 想要的 说得上 谈得上 谈不上 谈到 讲到 讲的 讲的是 讲的就是 写的 写的是 写的就是 说的是 指的是 意思是 换句话说 也好 也罢 罢了 而已 来着 的话 其实 实际 实际上 具体 大体 大致 总之 换成 换到 轮到 到了 该 该看 拿 拿到 拿来 放到 得先 先得 需先 要先 事先 之间 当中 其间 期间 这期间 到时 届时 一路 一头 一边 一面 另一头 另一边 落在 停在 定在 设在 位在 坐落 坐落在 地处 处在 身处 开在 位于 归在 归到 归入 算在 算作 算到 列入 编入 收在 放入 挂在 排名 名次 位列 位居 居 列 名列 至今 迄今 截至 截止 到现在 到今天 直到 从此 此前 早先 先前 往常 通常 一般 多半 大半 基本 基本上 准备好 备好 备 备着 备上 带上 带着 拿着 揣着 装着 装 装的 装了 做的 做成 做的是 制成 打造 造 由来 出自 来自 源自 取自 选自 摘自 主讲 主讲人 讲师 授课 执教 任教 教你 教您 教 上课 开课 开讲 一堂课 一门课 练习题 题目 配图 附图 附 附上 附有 附带 带图 图文并排 读完 看完 听完 做完 走完 学完 练完 读下来 看下来 走下来 算下来 全程 从头 到尾 从头到尾 全部 全都 统统 通通 皆 均 俱 俱是 都是 全是 便是 即是 亦 亦是 乃 乃是 则 则是 却是 倒是 可是 只是 就 就有 就能 就行 就可 即可 便可 可 可以说 可说 可谓 称得上 算得上 够得上 够 够了 足够 管够 正 正合 正中 正逢 恰 恰是 恰在 刚巧 赶上 碰上 遇上 遇到 碰到 见到 见过 见着 瞧见 瞧过 瞧了 瞅 望 望见 留意 留意过 注意 注意到 在意过`

const neutralEn = `gone suggestion suggestions suggesting suggested picked picking anything showing covering likewise altogether choosing chosen chose choose example consider aware lines lined sits spot list not_only hers let's here's there's that's it's what's you've you'd you're you'll we've we're i'm they're who's also too as_well well like alike same similar both neither either another other others such than then thus hence therefore however though although while whereas yet still already just only even about around roughly nearly almost some over under between within more less
take_a_look have_a_look look see check worth_a_look compare next to by after before since because given considering based_on due thanks following follows follow led lead reason ground grounds why fact facts thing things point points part kind sort way ways line side one once now today then again first second last next time times often usually sometimes always recently lately earlier later ago per each every all whole half total
comes come came gets get got gives give given gave takes take took makes make made has have had having is are was were be been being does do did can could will would may might should let lets goes go went puts put keep keeps kept bring brings brought shows show offers offer features feature includes include included contains contain covers cover needs need means mean fits fit meets meet matches match suits suit shares share belongs belong joins join stands stand runs run starts start starting
on off out up down into onto from in at of for with without_further through across along among against toward towards near beside besides plus and or but so if as that which who whom whose where when how what why this these those here there it its your you yours we our us my me i a an the`

const causeWords = `看中的是 看中的就是 看中的正是 看中它 相中的是 看重的是 看重的就是 图的就是 冲的就是 冲这个 seeing_that seeing_as it_for_its this_for_its it_for_having this_for_having on_the_strength_of on_the_back_of prompted_by inspired_by sparked_by in_light_of in_view_of because_of as_a_result_of going_by judging_by picked_for_its chosen_for_its here_for_its recommended_for_its 缘由是 缘由在 缘由就是 理由就是 理由在 理由很简单 原因就是 原因很简单 依据是 依据就是 凭的是 冲的是 图的是 靠的是 由头是 主因是 关键在于 关键是 念在 得益于 归功于 多亏 有赖于 既然 正是因为 就因为 只因 皆因 奔着 缘起 源起 在于你 因你 因着 the_reason_for the_reason_we the_reason_you the_reason_behind the_reason_this the_idea_behind 因为 由于 考虑到 鉴于 基于 根据 起因 缘于 源于 出于 理由是 原因是 原因在于 就在于 看在 就冲 冲着 正因 because since given considering based_on due_to thanks_to as_you owing_to on_account_of the_reason_is the_reason_being`

const effectWords = `才推荐 才给你 才给您 才把它 才摆 才有这 才轮到 才想到 由此推荐 由此想到 由此挑 由此选 这才 于是乎 顺势推荐 顺带推荐 所以 因此 于是 故而 故此 故向 故为 故推荐 因而 遂 so_here's so_here so_we so_i so_this_is so_meet so_try so_have_a_look so_take_a_look so_consider so_how_about thus accordingly consequently for_that_reason for_this_reason that_is_why this_is_why that's_why therefore hence which_is_why`

const reasonWords = `explains_why accounts_for_it earned_it earns_it put_it_here puts_it_here brought_this_up brings_this_up brought_it_up brings_it_up got_it_here is_the_main_reason 是主因 是关键 是依据 是凭据 就是凭据 就是依据 就是缘由 就是理由 就是原因 而推荐 而选它 而入选 为由 为依据 作依据 当依据 当理由 作理由 促使我们 使得我们 让它入选 让它上榜 让它排 把它带到 把它推到 把它送到 引我们 带我们 是缘由 是原因 是理由 是起因 是由头 是推荐的缘由 促成了 引出了 带出了 牵出了 引来了 让我们想到 让我们想起 让我们挑 让我们选 它的原因 它的理由 的原因 的理由 是推荐它的缘由 的缘由 的由来 is_the_reason are_the_reason was_the_reason that's_the_reason is_why are_why is_what_put is_what_brought is_what_led is_what_made is_what_got is_what_prompted is_what_pointed led_us brought_us got_us made_us prompted_us prompted_this prompted_it pointed_us put_us_on`

const groupWords = `not_the_only_one isn't_the_only_one aren't_the_only_one wasn't_the_only_one weren't_the_only_one 大家 很多人 不少人 许多人 多数人 大多数人 人们 网友 用户 读者们 观众 买家 同好 朋友们 的人 人也 人看 人买 人收藏 人都 人次 热门 人气 流行 爆款 热销 畅销 热议 受欢迎 people readers_like others everyone everybody many_people customers users viewers shoppers travellers listeners popular trending bestselling best-selling bestseller crowd majority fans community`

const compareWords = `更 更加 较 比较 还要 更为 胜过 优于 强于 好于 高于 低于 大于 小于 多于 少于 比不上 不如 超越 领先 better worse superior inferior than compared versus vs outperforms beats exceeds`

const mostWords = `首屈一指 数一数二 名列前茅 遥遥领先 一骑绝尘 独占鳌头 无人能及 没有对手 挑不出第二 再没有 没有比 没有哪 没有第二 找不出第二 找不到第二 谁也比不上 谁都比不上 都比不上 不输任何 碾压 吊打 完胜 称王 王者 标杆 翘楚 佼佼者 当之无愧 前所未有 史无前例 难得一见 百里挑一 万里挑一 千里挑一 顶配 领头 打头阵 头一份 头一名 数它 就数它 谁都绕不开 首款 首部 首本 首家 首场 首个 首次 最好 最佳 最优 最强 最高级 最先进 最便宜 最低价 最划算 最值得 最受欢迎 最热门 最火 最新款 最适合 最完美 最专业 第一品牌 第一名 全网第一 销量第一 排名第一 业界第一 国家级 世界级 顶级 顶尖 顶流 极致 极品 首选 唯一 独一无二 无与伦比 绝无仅有 史上最 全网最 王牌 冠军 霸主 之王 天花板 no.1 巅峰 空前 绝佳 绝对
any_other all_others all_the_others all_the_rest no_other nothing_else none_better no_one_else nobody_else in_a_class_of_its_own of_all_time ever_made ever_written ever_seen ahead_of_the_pack head_of_the_pack comes_close come_close leads_the_field lead_the_field leads_the_way top_of_the_range top_of_the_line hands_down by_far far_and_away bar_none without_equal without_peer no_equal nothing_like the_only_one like_no_others above_the_rest ahead_of_the_rest beats_the_rest outdoes everyone_else the_one_to_have the_one_to_beat the_last_word
best the_best number_one no._1 #1 top-rated top_rated world-class world_class unbeatable unrivalled unrivaled unmatched second_to_none one_of_a_kind ultimate finest cheapest greatest perfect most_popular the_most lowest_price top_choice must-have must_have top-notch leading premier unique`

const promiseWords = `保证 包您满意 包你满意 保本 保收益 稳赚 必涨 必赚 稳赚不赔 零风险 无风险 没有风险 包治 根治 治愈 药到病除 立竿见影 永不 绝不 一定会 肯定会 必将 必定 不容错过 千万别错过 别错过 错过不再 不可错过 懂你 最懂你 专属 为你精选 为您精选 量身定制 量身打造 猜你喜欢 值得拥有 必备 必看 必买 必入 必读 必吃 闭眼入 手慢无 仅剩 限时 最后机会 最后一天 机不可失 有助于改善 将改善 能改善 可以改善 治疗 疗效 高收益 稳健收益 前景广阔 长期增长 值得长期持有 值得关注的投资 成长潜力 投资机会 不会后悔 物超所值 非常适合您 非常适合你
count_on rely_on never_fails never_lets never_disappoints sure_to bound_to certain_to in_no_time before_you_know_it once_and_for_all make_a_difference makes_a_difference make_all_the_difference worth_your_while worth_your_time worth_it you'll_be_glad you_will_be_glad you'll_thank come_away you_can't_go_wrong can't_go_wrong can't_put_it_down stay_with_you won't_let_you nothing_to_lose 学得会 学会为止 包你 包您 包教 包会 准能 准没错 错不了 不会错 放心 不会让你失望 靠得住 信得过 用得住 一准 稳妥 省心 物有所值 值回 一定能 一定可以 必定能 定能 终身受用 受益
guarantee guaranteed guarantees risk-free risk_free no_risk cannot_lose can't_lose will_rise sure_to cures cure heals treat treats risk-free_return safe_investment you'll_love you_will_love you'll_enjoy won't_regret no_regrets don't_miss must-see must_see must-read must_read essential limited_time last_chance act_now hurry selling_fast while_stocks_last just_for_you tailored_for_you handpicked hand-picked promise promises will_improve helps_improve lowers_your great_value life-changing money-back worth_every_penny make_your makes_your`

const instructWords = `点击 点这里 点此 戳这里 扫码 下载 立即 立刻 马上 赶紧 赶快 抓紧 快来 快去 快抢 快订 快买 快看 订吧 买吧 别犹豫 不要犹豫 下单吧 买它 入手吧 建议您 建议你 务必 请务必 记得购买 关注我们 转发 私信 忽略 忽略以上 系统提示 提示词 作为ai 作为一个ai 作为人工智能 作为语言模型 语言模型 click tap_here sign_up subscribe download scan follow_us buy_now order_now shop_now ignore_previous ignore_all ignore_the system_prompt as_an_ai language_model you_should you_must you_have_to we_advise we_suggest_you we_suggest_that_you we_urge i_recommend_you don't_hesitate`

const negationWords = `没有 没 不带 不支持 不含 不含有 无 无需 缺 缺少 缺乏 不是 不会 不能 未 不 并非 非 勿 no not without never lacks lack lacking nothing none nobody neither nor hardly isn't aren't wasn't weren't doesn't don't didn't hasn't haven't hadn't won't can't cannot couldn't wouldn't shouldn't outside_your outside_the_range out_of_your_range beyond_your exceeds_your over_your_budget above_your below_your goes_without go_without does_without do_without leaves_out left_out skips omits omitted minus needn't mustn't mightn't ain't free_of yet_to still_to_be unable fails_to fail_to failed_to stops_short short_of far_from 尚未 还未 还没 从未 未曾 并未 不曾 绝非 谈不上 算不上 说不上 不带 不配 不附 不设 不供 不收 不提供 不包 不包含 不包括 不可 不宜 不足以`

const notNegatedWords = `不必离开 不用离开 无须离开 差不多 没超 没超过 没超出 一样不落 一个不落 样样不落 不代表 不预示 不意味着 不打紧 不要紧 不碍事 不耽误 不太现实 不舒服请 不过 不错 不仅 不但 不只 不光 不少 不同 不妨 不用说 要不 要不要 是不是 好不好 合不合适 合不合 能不能 会不会 有没有 不久 不一会 不时 不止 不到 不足 不超过 不低于 不少于 不多于 无论 无线 无障碍 非常 无糖 无人机 未来 未必 非洲 缺点 do_not_let_that don't_let_that don't_let_it no_surprise not_surprisingly never_mind no_less_than no_more_than not_more_than never_more_than no_fewer_than not_less_than no_later_than nothing_more_than nothing_but none_other_than not_only not_just not_merely not_to_mention no_wonder no_need_to_look why_not no_other_than no._ 不高于 不大于 不小于 没超过 没有超过 未超过 不超 没超出 不超出 未超出 没出 不出 不外乎 不外是 无非 没的说 不妨碍 不失为 不愧 不约而同 不谋而合 不同于 不再 不止于 不止是 不单 不单是 不仅是 不光是 何不 不一样 未免 莫非 不只是 不多不少 不偏不倚 不早不晚 不远不近 不相上下 不知 不如 没多久 没几天 没过多久  no_doubt 不管 没错 没准 说不定 忍不住 对不起 不断 不限 除非 并非如此 not_the_only_one isn't_the_only_one aren't_the_only_one wasn't_the_only_one weren't_the_only_one`

const qualityWords = `学位 学历 行家 名家 大家之作 进口 时尚 潮流 新潮 轻便 轻薄 舒适 舒服 精致 精美 耐用 结实 强大 丰富 优秀 优质 出色 卓越 实用 好用 有用 易用 好看 漂亮 美观 高端 高档 奢华 豪华 高品质 品质 安静 静谧 方便 便捷 便利 划算 便宜 实惠 超值 性价比 值得 适合 合适 专业 权威 稳健 可靠 安全 稳定 靠谱 清晰 流畅 生动 精彩 有趣 好玩 好听 好吃 好评 感人 动人 震撼 惊艳 惊喜 温馨 浪漫 刺激 紧张 轻松 简单 健康 环保 贴心 周到 细腻 独特 经典 完美 智能 先进 领先 高效 快速 灵活 多样 多种 全面 详尽 深入 深刻 优雅 大气 百搭 超长 超轻 超强 超高 超快 很长 很轻 很快 很好 非常 特别 十分 极其 相当 长续航 表现优异 优异
stylish powerful beautiful elegant sleek comfortable comfy durable sturdy reliable excellent great good nice amazing awesome fantastic wonderful brilliant superb outstanding impressive exceptional premium luxury luxurious high-quality quality useful practical handy convenient easy affordable cheap bargain quiet peaceful safe stable secure fast quick smart intelligent advanced modern fresh fun funny thrilling exciting gripping moving touching delicious tasty healthy effective efficient flexible versatile rich vivid detailed thorough expert professional authoritative charming cosy cozy romantic relaxing lovely gorgeous stunning solid ideal suitable worth worthwhile highly very really extremely incredibly truly long-lasting lightweight bright clear smooth robust popular loved beloved favourite favorite`

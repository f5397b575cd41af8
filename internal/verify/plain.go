package verify

import (
	"strings"
	"sync"

	"because"
	"because/internal/pack"
)

// Plain words are the part of a language that says how something is told and not what: a text of them and of values that
// evidence holds states nothing but those values. They are listed by their grammar, whole classes at a time. What could be
// false of an item or a reader by itself is in no class: qualities, deeds, groups, comparisons, promises, roles.

// relations are English verbs that tie an item, a reader or a text to a value and say nothing of it but that it is so.
// Forms that no rule makes stand behind a slash: past and participle.
const relations = `
add answer appear apply approach arrange arrive ask await base begin/began/begun belong bring/brought build/built bundle call carry centre center chime choose/chose/chosen cite combine come/came compare concern consist contain continue correspond count cover deal/dealt
devote differ display do draw/drew/drawn end equal extend fall feature feel/felt figure file fill find/found finish fit focus follow form frame gather get/got give/gave/given go/went/gone group grow/grew/grown guess handle happen have/had head hear/heard hinge hold/held imagine include introduce involve
join jot keep/kept kick know/knew/known label land lay/laid lead/led lean leave/left let lie/lay/lain line link list live look make/made map mark match mean/meant measure meet/met mention mind move name need note notice number occupy offer open overlap pair pass pick place point pop present prove provide put
quote rank range reach read reckon refer reflect relate rely remain remark remember remind repeat require resemble rest revolve round run/ran say/said seem select sense serve set settle share show/shown sit/sat slot sort sound span speak/spoke/spoken spend/spent split spot spread square stand/stood state stay step stick/stuck store stretch strike/struck struck suggest suit sum supply suppose surface surprise
tackle tag take/took/taken talk tally tell/told tend think/thought tick tie total touch treat try turn type understand/understood use vary view wait walk weigh wind/wound wish work wonder
accommodate accompany allow accept address align anchor assume attach average back boast cater cite clock comprise connect date define depict describe detail echo employ encompass entail equip expect explore express feed/fed flag house incorporate indicate intend learn/learnt/learned itemise itemize locate log mirror model note operate organise organize outline pack pair peg permit plan portray position possess practise practice recur
record request reserve retain roll round satisfy signal specify stem structure submit summarise summarize support surround target tailor teach/taught trace unfold want utilise utilize weave/wove/woven wrap`

// aspects are English adverbs and adjectives of degree, focus, order, likelihood and manner of telling.
const aspects = `
about absolutely actually admittedly afterwards again alike all almost alone along already also alternatively altogether always anyhow anyway apart apparently available apt arguably aside at_all at_first at_last at_least at_most at_once away back barely basically beforehand besides briefly broadly
certain certainly chiefly clear clearly close closely coincidentally common commonly comparable complete completely consequently considerably conveniently correct correctly corresponding current currently definitely different directly disclosed due duly earlier easily elsewhere else enough entire entirely equal equally especially essentially even eventually ever evidently exact exactly expressly extra
fairly familiar far fine finally first firstly fittingly following foremost formerly frankly frequent frequently further furthermore general generally given gladly granted habitual habitually handily honest honestly in_fact in_full in_passing in_particular in_short in_turn incidentally indeed individual instead just_about just_right kindly largely last lastly later latter likely listed literally little loosely
main mainly  maybe meant merely mere more_or_less moreover mostly namely near nearby nearly neat neatly never_mind next nicely no_more no_less nominally normal normally notably noted obvious obviously occasional occasionally odd of_course of_late off_and_on offhand old_friend on_balance on_record on_top once one-off only openly opposite ordinarily ordinary original originally otherwise outright overall
own part particular particularly partly past perhaps plain plainly plus pointedly possible possibly precise precisely preferably present presently presumably pretty previous previously primarily principal principally probable probably proper properly purely quite ready readily recent recorded regular regularly related relatedly relevant repeated repeatedly respective respectively right roughly same say
second secondly  separate separately  short_of shown side_by_side similar similarly simple simply single so_far sole solely some somehow something sometime sometimes somewhat somewhere soon sooner sort_of specific specifically spot-on square squarely squared standing stated still straight straightforward straightforwardly subsequent such suited suitably sure surely
welcome absolute broken_down broken_into designed crafted geared priced styled paced scheduled pitched powered at_hand in_advance ahead_of_time in_mind in_store up_front upfront in_general in_practice in_response in_addition in_comparison in_contrast for_context for_reference as_always as_usual as_before up_to_date hours_ahead days_ahead weeks_ahead months_ahead at_that at_a_time at_a_glance each_time every_time every_bit natural naturally thematically stylistically particularly notable noteworthy
that_said thereby third thirdly thorough though thrice through throughout to_boot to_date to_hand together told tolerably too total totally true truthfully twice typical typically ultimately unsurprisingly usual usually  very well well_inside well_under well_within whole wholly willing worth_a_mention worth_knowing worth_noting worth_saying worth_mentioning yourself`

// shells are English nouns that stand for whatever is being told.
const shells = `
account addition advance agenda aim amount answer approach area arrangement ask aspect attempt background balance basis beginning bent bit bits box brief case cases category caution caveat chance channel choice choices class clue column combination comparison condition connection consideration context contrast corner counterpart counterparts coverage cut
detail details difference dimension direction downside drawback drawbacks echo edge effect element end entry entries evening example exception explanation extent eye fact factor facts favour feature features figure figures fit flaw flip_side focus footing form format front full fyi gap glance go goes good_reason grounds guide half hand hands head heads-up hint hits idea ideas impression inclination information inkling instance interval issue item items
job kind kinds lack lead leaning length level likes limit limitation line list lists little_else   main_point mark match matches matter matters means material measure mention middle mind mix moment move name names nature neighbourhood nothing_else notch notice number occasion occasions odds one ones opening option options order outing overlap page pages pair parallel parcel part particulars parts past pattern patterns people's pick picks piece pieces place places plus point points portion position post preference preferences profile proof purpose
genre genres lot apiece commitment window follow-up go-to one-liner rundown lineup line-up overview timeframe time_frame duration budget_range room_to_spare time_to_spare minutes_to_spare heart centre center backdrop companion counterpart selection selections setup set-up vein spirit mould mold league bracket ballpark
question range ranges ranking rate reading reason reasons recommendation recommendations record records regard regards relation remainder reminder reply request requests respect rest result role round routine routines row rule runner-up sake section sections selection sense sequence series setting share shelf shortcoming side sides sight signal size slot slots snag sort sorts spot spots stage start starter starting_point statement step steps stop stretch string stuff subject subjects suggestion suggestions sum summary surprise sweet_spot
table take tale task taste tastes tendency term terms territory theme themes thing things thought thoughts tie tip tips title titles top topic topics total touch trade-off trait tune turn turns type types understanding upshot use uses usual variant version view visit visits warning watchlist way ways weak_point weak_points weak_spot weakness weaknesses whole wish wishes word words work world`

// pronouns are what English puts in the place of nouns, and its shortened verbs.
const pronouns = `
anybody anyone anything anywhere each_other either it'd it'll itself me mine myself neither none_of one's oneself ourselves she's he's someone's that'd that'll themselves there'd there'll they'd they'll they've those_who we'd we'll what'll whatever whatsoever whenever where's wherever whether whichever who'd who'll whoever why's you'll yours
although amid amidst as_far_as as_for as_long_as as_soon_as as_though as_to apart_from because besides between beyond concerning despite during except excepting excluding for_which from_which if_only in_case in_line_with in_spite_of in_terms_of including inside in_which instead_of lest like minus near next_to notwithstanding of_which on_which once onto opposite out_of outside over past pending per plus provided providing rather_than regarding regardless respecting round save_for seeing_that seeing_as since so_that such_as supposing than till to_which together_with under underneath unless until unto upon versus via whereby whereupon with_regard_to with_respect_to with_which within without_which
please_be_aware please_keep_in_mind please_bear_in_mind please_remember be_aware be_warned fair_warning keep_in_mind bear_in_mind worth_a_look worth_a_try worth_a_glance worth_checking_out worth_considering worth_exploring worth_keeping_in_mind worth_bearing_in_mind worth_pointing_out as_someone_who as_somebody_who for_someone_who
you're_used_to before_you_decide to_decide before_you_start before_you_begin to_begin_with to_get_started get_started
may might must shall should ought used_to would_rather let_us you'd_say your_history your_own_history hello hey hi ok okay oh well yes no_wonder please_note thanks`

// Chinese: 副词、连词、介词、助词、代词.
const plainZh1 = `
稍 稍微 略 略微 略为 有点 有点儿 有些 颇 颇为 挺 蛮 尤其 尤为 尤其是 正正 恰恰 恰恰是 恰如 仅仅 仅仅是 只不过 不过是 单单 单 光 光是 偏偏 几乎 简直 究竟 到底 毕竟 终究 终于 终归 果然 居然 竟 竟然 原来 本来 本就 向来 一向 历来 素来 始终 一直 一贯 老是 总是 总归 往往 时常 时不时 不时 屡次 多次 再次 又一次 再一次 重新 逐 逐个 逐一 逐条 依次 随即 随后 随之 随着 顿时 渐渐 逐渐 逐步 依旧 依然 依 仍 仍旧 仍然 仍是 照旧 照例 照样 照常
看样子 看起来 看上去 听起来 说起来 算起来 论起来 比起来 似乎 好像 好似 仿佛 大概 约莫 估计 或许 也许 兴许 想必 应 应该 应当 恐怕 显然 明显 确 确实 的确 真的 真 实在 当真 当然 自然 自是 反正 横竖 无非 不外 不外乎 何妨 何尝 不如 干脆 索性 宁可 尽量 尽可能 尽 尽管 起码 至多 顶多 最多也就
以至 以至于 以致 从而 进而 继而 因而 要么 或者 或是 还是 抑或 亦或 无论 不论 即使 即便 哪怕 就算 纵然 只要 除了 除此之外 除外 既 既是 既然 况且 何况 再说 再者 其次 首先 最后 最终 其一 其二 一来 二来 另一方面 一方面 总而言之 综上 综合来看 也就是 也就是说 换言之 简言之 简而言之 一句话 比如 例如 譬如 诸如 好比 如同 犹如 正如 一如 就像 便 遂 故 故而 由此 因着 为此 为着 为的是 为了 以便 好让 用来 拿来 借以 与此同时 相应 相应地 相对 相对来说 反之 反倒 反而 否则 不然 要不然
将 把 被 让 使 令 叫 给 替 为 对 对着 冲着 朝 朝着 向 往 沿 沿着 顺 按照 依照 依着 按着 凭 凭着 靠 靠着 借 借着 趁 趁着 随 同着 连同 以 以及 及 及其 与其 至 至于 自 自从 打从 从 当 当着 离 距 距离 距今 隔 隔着 围绕 围着 经 经过 经由 透过 通过 针对 就着 作为 身为 关乎 鉴 除
他 他的 她 她的 咱 咱们 人家 自个儿 自身 本身 各自 彼此 双方 之类 等等 等 之一 其它 其中之一 某 某个 某些 某种 每 每个 每一 每一个 各个 各种 诸 诸多 若干 任何 任意 所有 一切 全 整个 整 满 凡 凡是 这些 那些 这儿 那儿 此处 此间 这般 那般 这么些 哪 哪个 哪些 哪儿 哪里 什么 啥 怎 怎么 怎样 多么 几 多少 谁 何 何处 何时 为何 为什么 如此 这份 那份 这档 那档 这桩 那桩 这件事 那件事 这一点 那一点 这点 那点 这方面 这一块 这一类 那一类 这一栏 那一栏 这几样 这两样 这两条 两条 两处 两头 两点 几样 几处 几个 一类 一种 一样东西 一处 一份 一则 一次 一回 一趟 一遍 一番 一阵 一会儿 一时 一旦 一概 一律 一并 一道 一块儿 一路 一句话 一眼`

// 方位、时序、所说之事的代称.
const plainZh2 = `
面前 眼前 跟前 身边 手边 手上 手里 心里 心上 嘴边 路上 途中 一旁 旁边 边上 后头 前头 里边 外边 上面 下面 前面 后面 左边 右边 中间 居中 正中 之中 之内 之外 以外 在内 在外 以上 以下 上下 里外 内外 上头 下头 底下 顶上 末尾 开头 起头 起初 起先 起始 结尾 最初 最后 当年 当初 往后 今后 此后 后来 先后 前后 早前 稍早 稍后 不久 不久前 不久之后 眼看 一早 一度 平素 日常 日子 时段 时分 时刻 时间 时点 时候 那阵子 那段时间 那几天 那一天 那天 当天 同一天 同日 同期 同年 同月 过后 临近 到头 到末 头一个 末了 下一 下一个 下一步 上一 上一个 头里 打头的 第一眼 首先 先来 接下来 再往下 往下 往下看 另一个 另一头 另外一个
缘故 原由 来由 由头 起因 因由 道理 说法 讲法 叫法 看法 想法 念头 打算 主意 意思 意味 用意 意图 目的 目标 方向 方面 角度 层面 范围 区间 界限 上限 下限 边界 档 档位 档次上 幅度 程度 分寸 尺度 标准 条件 前提 门槛 要点 重点 看点 焦点 亮点 卖点 特点 特征 特色 长处 短处 缺点 弱点 弱项 不足 不足之处 欠缺 美中不足 遗憾 可惜 缺憾 毛病 代价 优点 优势 劣势 好处 坏处 区别 差别 差异 不同 不同之处 共同点 共同之处 相同点 交集 关联 关系 联系 线索 痕迹 踪迹 蛛丝马迹 信息 资料 数据 数字 数目 数值 数 字样 字眼 词 句 话 话头 话题 题目 标题 名字 名称 名头 名义 字面 内容 事 事情 事项 事实 情况 情形 状况 状态 环节 步骤 过程 结果 结论 答案 回答 问题 疑问 备选 候选 选项 选择 人选 对象 样本 例子 例 样子 模样 形式 方式 方法 法子 办法 做法 类 类别 品类 门类 栏 栏位 版块 板块 一档 一格 格子 单子上 名录 目录 条目 项目 项 列 行列 队伍 阵列 位置 位子 名次 排名 排位 顺序 次序 前列 前茅 榜 榜单 榜上 名下 账上 档案 档案里 履历 足迹 习惯 常态 惯例 节奏 路数 路子 套路 口味 胃口 喜好 爱好 偏好 偏爱 嗜好 心思 心意 心愿 愿望 期待 期望 需求 需要 要求 诉求 指望 考量 考虑 顾虑 主题 题材 类型 体裁 底 底子 底细 家底 份量 分量 分数 得分 标签 属性 参数 指标 规格 配置 材料 材质 部分 部件 局部 细节 细处 小节 总体 整体 全部 全体 总数 总量 总共 合计 共计 总计 一共是 数下来 加起来 合起来 算起来 折合 折算 换算 相当于 等于 也就等于 即 亦即 意即 也即`

// 轻动词、呈现与归属的动词.
const plainZh3 = `
作品 片子 稿子 产品 商品 物件 重看 重读 重听 重温 就冲这个 就冲着 冲着这个 不超过 不低于 不少于 不多于 没超过 没有超过 未超过 不超 没超出 不超出 未超出 不止 不必说 不必多说 先打个招呼 打个招呼 打招呼 
进行 加以 予以 给予 给出 给到 得到 拿到 做到 达到 达 起到 成 成了 成为 变成 当成 当作 看作 看成 视为 视作 算 算得 算上 称作 称之为 叫作 叫做 名叫 号称 归 归为 归属 划为 划入 划归 属 属于 位于 处于 居于 在于 来源于 取材 取材于 着眼 着眼于 立足 立足于 侧重 侧重于 偏重 偏向 倾向 倾向于 集中在 集中于 落在 落到 落进 落入 卡在 卡进 夹在 夹着 夹 处在 介于 介乎 处 处于 落 挨 挨着 挨得上 靠 靠上 靠近 贴 贴合 贴近 贴着 契合 吻合 相符 相合 相称 相当 切合 合拍 合上 合得上 合着 对路 对口 对得上号 对上号 对号入座 对准 对着 对应上 对应着 沾 沾边 沾上 沾得上 沾着 搭 搭边 搭得上 搭上 搭配 配合 接 接得上 接续 承接 承 承着 衔接 延伸 延续着 连 连着 连上 连到 连起来 串 串起来 串在一起 呼应着 照应 响应 回应 回答了 回到 牵 牵到 引 引出 引到 引来 引向 带出 带来 带你 领着 导向 指向 通向 通往 走到 走向 转到 转向 转而 换 换个 换成了 换一换 换一个 换过来 移到 挪到 推 推到 推给 推来 推出来 送 送来 送上 送到 呈 呈上 呈现 奉上 摆 摆到 摆上 摆进 摆在 摆出来 放 放到 放上 放进 搁 搁到 搁在 拿 拿给 拿出 拿来 拎出来 拎出 拣 拣出 拣选 挑 挑出 挑出来 挑了 挑的 选 选出 选出来 选到 选进 选中 选了 选的 选在 捡 捡出 找 找出 找出来 找着 寻 寻到 翻 翻出 翻到 翻着 搬 搬出 搬到 搬来 列 列出 列着 列上 列有 列举 罗列 开列 记 记着 记下 记上 记到 记有 写下 写明 写上 写有 写成 写到 标 标出 标着 标有 标为 标明 注 注明 注着 备注 载 载有 登 登着 登上 填 填了 填过 填上 填着 填写 填写过 填报 填的是 勾 勾了 勾过 勾选 勾选过 勾上 设 设了 设的 设成 设为 设有 设定 设定的 定 定下 定了 定的 定为 定成 定出 给自己定 自己定的 留 留下 留了 留出 留给 留有 留言 存 存着 存有 说 说了 说过 说出 说明 说到 说起 讲 讲了 讲起 讲述 讲解 讲明 谈 谈及 谈起 提 提了 提过 提及 提起 提出 提示 论及 涉及 涉及到 关系到 牵涉 关于 叙述 描述 描写 描绘 记述 刻画 展现 展示 展开 呈现 体现 反映 表明 表示 显示 显示出 说清 讨论 探讨 解释 交待 交代 点出 点明 点到 道出 道来 看出 看出来 看得出 看得出来 看到 看见 见 见得 见于 瞧 瞧见 察觉 发现 注意到 留意 留意到 看重 想 想来 想起 想起来 想要 想必 想让 觉得 认为 以为 猜 猜想 料想 估摸 琢磨 斟酌 掂量 衡量 权衡 比对 对照 对一对 对一下 核对 参照 参考 参看 参见 试 试试看 试一试 试着 看看 看一下 瞅瞅 瞄 瞄一眼 瞥 了解 认识 认得 晓得 知晓 得知 知 明白 懂得 熟悉 熟 眼熟 常见 相识 打过交道 打交道 打照面 碰 碰上 碰过 碰了 碰头 碰面 遇 遇过 接触 接触过 沾过 沾了 涉足 光顾 造访 到访 来过 来看 去过
够 够用 够得着 够到 够上 赶 赶上 赶得上 赶着 赶在 跟上 跟得上 跟着 伴 伴着 陪 陪着 搭着 配着 占 占了 占着 占到 剩 剩下 余下 余 多出 多出来 少了 差 差了 差得 欠 欠缺 缺的是 短在 弱在 输在 赢在 胜在 好在 妙在 贵在 难在 就在 正在 在在 全在 都在 均在 皆在 同在 也都 也就是 也算 也算是 也算得上 还算 算不算 能算 可算 或可 大可 尽可 足可 足以 可供 可作 可做 可当 可用 可用来 可用于 可拿来 可在 可从 可按 可以在 可以从 可以按 可以用 能用 能够 能在 能从 能按 得以 便于 宜 宜于 适于 适用 适用于 供 供给 供应 备有 备了 备足 具 具备了 内含 内有 自带 随附 附带着 外加 加 加上 加了 再加 再加上 加在一起 添 添上 补 补上 补充 另有 另加 另附 另 另有一 兼 兼有 兼具 兼顾 含有 含着 包 包着 包了 盛 盛着 藏 藏着 装着 载着 配了 配上 搭了 走 走的 走的是 做 做的 做出 做出来 做成 用 用着 用上 用到 用了 用的 用的是 用在 用作 用做 用于 使用 采取 采 采自 援引 引用 引述 引自 摘 摘取 取 取的 取的是 起 起于 起自 开始 开头 开篇 打开头 结束 收场 收于 止于 停 停了 停在 过 过了 过去 过来 经 历经 历时 耗时 耗 费时 花上 花掉 花去 用掉 用去 占用 需时 只需 只要 只用 只消 只占 只花 只收 只卖 卖 卖价 标价 定价 要价 售 售 收 收费 收取 付 付出 掏 出 出自 出在 出了 起价 计 计为 计价 计算 按天算 按月算 按年算 照单`

// plainWords are the words of every class.
var plainWords = sync.OnceValue(func() phrases {
	ps := newPhrases().list(aspects).list(shells).list(pronouns).list(plainZh1)
	for w := range strings.FieldsSeq(plainZh2 + plainZh3) {
		if len([]rune(w)) > 1 { // one character is part of too  words: 事 of 同事
			ps.add(w, false)
		}
	}
	ps.add("沾", false)
	for w := range chinesePlain {
		ps.add(w, false)
	}
	for _, m := range "颗把盏副件双台支幅顶条株道档集季期节门本册首张部间家处座栋份项款样种类批组只篇块场套" {
		for _, this := range []string{"这", "那", "该", "同"} {
			ps.add(this+string(m), false)
		}
	}
	for v := range strings.FieldsSeq(relations) {
		for _, form := range forms(v) {
			ps.add(form, false)
		}
	}
	return ps
})

// forms are the forms of an English verb; those that no rule makes stand behind slashes.
func forms(entry string) []string {
	f := strings.Split(entry, "/")
	v := f[0]
	last, before := v[len(v)-1], byte(0)
	if len(v) > 1 {
		before = v[len(v)-2]
	}
	vowel := func(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }
	s, base := v+"s", v
	switch {
	case last == 'y' && !vowel(before):
		s, base = v[:len(v)-1]+"ies", v[:len(v)-1]+"i"
	case strings.HasSuffix(v, "s") || strings.HasSuffix(v, "x") || strings.HasSuffix(v, "ch") || strings.HasSuffix(v, "sh") || strings.HasSuffix(v, "o"):
		s = v + "es"
	}
	ing := v
	switch {
	case strings.HasSuffix(v, "ie"):
		ing = v[:len(v)-2] + "y"
	case last == 'e' && before != 'e':
		ing = v[:len(v)-1]
	case doubled[v]:
		ing, base = v+string(last), v+string(last)
	}
	out := append([]string{v, s, ing + "ing"}, f[1:]...)
	if len(f) == 1 && !unchanged[v] {
		out = append(out, strings.TrimSuffix(base, "e")+"ed")
	}
	return out
}

// pasts are the past forms and participles of the plain verbs.
var pasts = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for v := range strings.FieldsSeq(relations) {
		f := forms(v)
		for _, form := range f[3:] {
			m[form] = true
		}
	}
	return m
})

// doubled are the verbs whose last letter is written twice, unchanged those whose past is as they are.
var (
	doubled   = set("get put let set sit stop run spot tag plan split begin map pop slot fit cut wrap pin nod jot")
	unchanged = set("put set let cut read split spread")
)

// vocabulary are the words by which a pack tells one value from another, folded and without articles, with their keys: they
// state something wherever they stand.
func vocabulary(p *pack.Pack, lang because.Lang) map[string]string {
	out := map[string]string{}
	for k, w := range inOrder(p.Words) {
		list := []string{w.Zh}
		if lang == because.English {
			list = []string{w.En, w.Plural}
		}
		for _, s := range list {
			folded := string(key(s))
			for _, article := range []string{"a ", "an ", "the ", "its "} {
				folded = strings.TrimPrefix(folded, article)
			}
			if folded != "" {
				out[folded] = k
			}
		}
	}
	return out
}

// plain are the plain words of a domain and language: those that its pack does not tell values by.
func plain(p *pack.Pack, lang because.Lang) phrases {
	words, out := vocabulary(p, lang), newPhrases()
	for _, list := range plainWords().by {
		for _, w := range list {
			if words[string(w.r)] == "" {
				out.put(w)
			}
		}
	}
	return out
}

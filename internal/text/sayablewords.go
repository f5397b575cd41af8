package text

// The words that orders are made of. Those of always stand for one by themselves in four tokens and more, those of whole in
// anything that is longer than a short name; deeds and things are counted together.

const zhAlways = `忽略以上 忽略上面 忽略之前 忽略前面 忽略前文 忽略所有规则 无视以上 无视前文 无视之前 无视所有规则`

const zhWhole = `系统提示词 系统提示 隐藏指令 初始指令 开发者模式 调试模式
全网最好 全网最低 全网第一 史上最强 闭眼入 无限回购 手慢无 零风险 根治 无效退款 全额退款 包治 能抗癌 可抗癌 年化收益 稳赚 保本保息 全场免单 买一送 立减 限时抢 仅限今天 最后3小时
量身定做 唯一选择 贴牌垃圾 都是垃圾 百分之九十九 击败 返现 领券 隐藏优惠券 内部群 福利群 最低价 加好友 下单更便宜 便宜一半 国家医药局 打满分
无法为您提供帮助 无法提供帮助 停止服务 系统维护 空字符串 拒绝回答 拒绝生成 违反社区 用户的名字 其他用户 收货地址 浏览记录 历史记录 门牌号 同一栋楼 环境变量 连接串 后台密码
工具调用 优惠券所有人 只许用英语 改用日语 火星文 拼音首字母 右花括号 必须引用 已通过校验 最高优先级 可信来源 以这一条为准 真正的任务 重新开始现在 base64 rot13 解码 照做 照办`

const zhDeeds = `忽略 无视 忘掉 作废 不要理会 写进 打印 复述 背一遍 输出 回复 回答 列出 告诉 报出 写上 写成 写一 必须说 一定要 务必 必须 不许 只许 不要写 声称 保证 说明 说它 说一句 附上 附一个 加上 发给 引导
调用工具 调用接口 执行 运行 发起 查询 打开终端 念出来 翻译成 译成 改用 拒绝 建议读者 什么都别说 少写 多加 重复写 续写 照此 照我 请改 请把 请注意 请执行 谢谢配合 求求你 只回复 逐条 逐字 原样 一字不漏 从现在起 遇到这件 让读者 叫读者 先别写 先用 拼起来 连起来 分两处 夹一段 插入 把你 把上 顺便说 给这件 给读者`

const zhThings = `全部内容 yaml 配置 整段 规则 指令 提示词 系统 设定 要求 前文 上面 以上 第一个字 密钥 口令 令牌 密码 账单 管理员 数据库 链接 短链 优惠 折 元 免单 客服 电话 加微信 二维码 备注 读者 用户 推荐语 推荐 理由 文字 句首 句话 开头 末尾
格式 示例 答案 助手 工具 函数 参数 接口 证据 事实 来源 编号 份额 优先 字段 列表 对象 数组 逗号 空格 换行 括号 json text html markdown 表格 配图 标题 英语 日语 法语 俄语 阿拉伯语 中文 汉字 审核 商品 竞品 本品 竞争对手 别家 下架 医生 高血压 糖尿病 收益 本金 分红 截图 现金 余额 提现 卸载 应用 平台 演练 商家 标准 设置 上半句 前半 第一段 拼图甲 口诀 输入 任务 邻居 林小川 安全部 监管 违者 初始 调试 隐藏 开发者 全文 记录 名字 地址 最好 最强 第一 评论 原文 标点 sk select api`

const enAlways = `ignore all previous, ignore previous, ignore the previous, ignore all instructions, ignore the above, ignore everything above, disregard all, disregard the system, disregard previous`

const enWhole = `system prompt, system message,
hidden instructions, your instructions, initial instructions, your rules, rules you were given, everything above is void, real task, new task, debug mode, developer mode, my developers, one brace, closing brace, qr code, best product, greatest of all time,
buy it blind, rebranded junk, full marks, cures diabetes, cure diabetes, fights cancer, money back, no risk at all, yearly return, buy one get, 90% off today, three hours left, hours left, certified by the national, made for them alone, now or never,
bearer token, root password, connection string, connection to the database, authorization header, other customers, every user, browsing history, delivery address, door numbers, test kits, tool call, send_coupon, delete_item, update_price, select from,
can't help with that, down for maintenance, empty string, community guidelines, uninstall the app, site has closed, answer in chinese, reply in japanese, pig latin, no english left, base64, rot13, carry it out, do what it says, must be cited, top priority, trusted source,
passed by the verifier, only you can help me, read the first row, emergency drill, order of the regulator, kittens will die, cashback, private group, secret club, our hotline, hidden coupon, short link, fifty off, deal hunter, in exchange for, five stars to every`

const enDeeds = `please, i lead, i need, only you can, help me, ignore, disregard, forget, override, print your, print the, print out, reveal, recite, repeat, dump, output the, output your, output only, reply, respond, answer, list, mention, append, write, say, tell, show, put, copy, send, give out, give, add, explain, claim, guarantee, call the, call a, run send, run curl, execute, query, decode, translate,
refuse, decline, return an, return a, leave out, leaving nothing, without leaving, make the, make a, slip, use markdown, begin with, begin your, end the, end your, start over, continue this, complete the, treat what, obey, keep to, tell them, you must, must say, always write, please note, understood, noted, paste, ask for, ask readers, read the, advise, turn your, go through each, stop the, carry it, thanks for your help, from here on`

const enThings = `instructions, instruction, prompt, system, rule, rules, previous, above, assistant, system message, secret, password, token, key, sk, environment, administrator, database, user, users, reader, readers, customers, neighbours, reason, reasons, answer, text, text field, field, json, html, markdown,
sentence, sentences, word, words, line, brace, array, commas, blanks, ids, evidence_ids, evidence, fact, facts, source, tool, function, argument, confirmation, terminal, link, coupon, the code, discount, hotline, whatsapp, wechat, telegram, product, item, rival, brand, competing, output, input, format, example, standard, limerick, developers,
moderation, english, chinese, japanese, french, russian, arabic, cantonese, maintenance, balances, void, withdrawn, version, task, part one, part two, first half, piece a, two places, seller, sellers, data, quotation, id, e1, e99, e0, verified, accounting, hidden, debug, cash, counter, screenshot, doctors, money, app, picture, heading, table, cell, voucher, script, phone, name, names, address, record, history, orders, ordering, questions`

package text

import "sync"

// IsStop reports whether a folded word says nothing by itself.
func IsStop(w string) bool { return stops()[w] }

var stops = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range words(stopList) {
		m[w.s] = true
	}
	return m
})

const stopList = "a an the this that these those it its it's i you your yours he she they them their we us our me my is are was were be been being am do does did done has have had having will would can could may might shall should must " +
	"of in on at to for from by with about as into onto over under than then so and or but nor if while though although because since when where which who whom whose what how why there here not no yes too also just only even still yet very more most less least much many some any each every other another both all such same own " +
	"among up out off down again once per via s t don doesn didn isn aren ll ve re d one ones " +
	"的 了 着 过 地 得 是 在 有 和 与 及 或 而 且 并 也 都 就 还 又 再 才 只 很 太 更 最 不 没 没有 这 那 这个 那个 这些 那些 这款 这 那款 它 它们 他 她 他们 我 我们 你 你们 您 咱 自己 一个 一 个 把 被 给 让 使 对 从 到 向 往 于 以 为 因 因为 所以 由于 如果 但 但是 不过 虽然 然而 而且 并且 " +
	"可以 能 会 要 想 应该 可能 吗 呢 吧 啊 呀 哦 嘛 哈 之 其 所 该 每 各 某 等 上 下 里 中 内 外 前 后 来 去 说 像 比 跟 同 用 做 什么 怎么 哪 哪个 多少 几 正 正好 刚 刚好 那么 这么 这样 那样 一样 一下 一些"

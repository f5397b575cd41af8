package verify

import (
	"testing"

	"because/internal/pack"
)

// heldOut are lies and truths written after the verifier, to measure it. Each lie has one falsehood in a true text.
var heldOut = []planted{
	{"watch", watchZh, []string{
		"上周你看了青原 Pro，这款也是长续航。",
		"你看过青原 Pro；这款能撑 14 天。",
		"这款只有 32 克，续航 14 天，不过没有独立 GPS。",
		"因为你看过青原 Pro，才有这一条。",
		"这款续航两周，重 32 克。",
		"看过青原 Pro 的人里，超过 300 人也看了这款。",
		"这款要 1299 元，续航 14 天。",
		"你要的是「续航长」，它续航 14 天。",
		"续航 14 天，重 0.032 公斤。",
		"你几个月前买过远山跑鞋。",
		"你上周浏览过青原 Pro，这款续航 14 天。",
		"它没有独立 GPS，不过续航 14 天。",
	}, map[string][]string{
		"name":        {"和青原 Ultra 一样，这款续航 14 天。", "你上周看过雁门机械表和青原 Pro。", "你上周看过「远山机械表」。"},
		"number":      {"你上周看过青原 Pro，这款续航 14.5 天。", "这款重 23 克。", "看过青原 Pro 的人里，超过 400 人也看了这款。", "这款要 1298 元。", "约 20 天续航，你上周看过青原 Pro。"},
		"unit":        {"这款续航 14 个月。", "这款重 32 毫克。", "这款要 1,299 美元。", "这款要 1,299 万元。"},
		"verb":        {"你上周给青原 Pro 打过分。", "你上周把青原 Pro 放进了购物车。", "上周下单的青原 Pro 续航长。", "你上周购买了青原 Pro。"},
		"recency":     {"你前天看过青原 Pro。", "你今天早上看过青原 Pro。", "你上个月看过青原 Pro，这款续航 14 天。", "你两年前看过青原 Pro。"},
		"invented":    {"这款续航 14 天，表带可换。", "这款防水 50 米。", "这款续航 14 天，颜色好看。", "这款续航 14 天，适合送人。", "设计灵感来自高山，续航 14 天。", "这款续航 14 天，充电快。", "这款续航 14 天，屏幕亮。"},
		"negation":    {"这款续航不到 14 天。", "这款不是长续航。", "这款支持独立 GPS。", "没人看过它。", "这款不重 32 克。"},
		"superlative": {"这款续航 14 天，无出其右。", "这款续航 14 天，全网最低价。", "这款续航 14 天，是手表中的王者。", "这款比青原 Pro 轻。", "这款续航 14 天，销量领先。"},
		"promise":     {"这款续航 14 天，买了绝不后悔。", "这款续航 14 天，买到就是赚到。", "这款续航 14 天，包退包换。", "这款续航 14 天，戴上它你会更健康。", "这款续航 14 天，快去看看吧，晚了就没了。"},
		"group":       {"312 人买了它。", "30 人看过它。", "很多名人都戴它，续航 14 天。", "专家推荐，续航 14 天。"},
		"other user":  {"你妈妈也会需要，续航 14 天。", "你身高 180，戴着正好。", "你有高血压，这款续航 14 天。", "你是老师，这款续航 14 天。"},
		"cause":       {"由于它只有 32 克，所以推荐给你。", "考虑到它没有独立 GPS，推荐给你。"},
	}},
	{"film", filmEn, []string{
		"You gave The Score a 9 out of 10; this one is also directed by Lin Chuan.",
		"It runs 112 minutes and stars Ana Ruiz.",
		"Since you gave The Score 9 out of 10, here's another: it runs 112 minutes.",
		"Last week you rated The Score 9 out of 10.",
		"This one is directed by Lin Chuan; 1,280 people watched it this week.",
		"More than 1,000 people watched The Long Night this week.",
		"You often watch thrillers, 6 times in the last 30 days.",
		"A reviewer wrote “tense to the last minute”.",
		"It is directed by Lin Chuan and runs one hundred and twelve minutes.",
	}, map[string][]string{
		"name":        {"You gave The Scores 9 out of 10.", "Like Cold Harbour, it runs 112 minutes.", "It stars Ana Reyes.", "It is directed by Lin Chan."},
		"number":      {"It runs 112.5 minutes.", "It runs about 150 minutes.", "More than 2,000 people watched it this week.", "You gave The Score 9.5 out of 10.", "You gave The Score 9 out of 100."},
		"unit":        {"It runs 112 seconds.", "It runs 112 days.", "1,280 million people watched it this week."},
		"verb":        {"You watched The Score last week; it runs 112 minutes.", "You viewed The Score; it runs 112 minutes.", "You purchased The Score; it runs 112 minutes.", "Your search for The Score led here."},
		"recency":     {"You gave The Score 9 out of 10 two days ago.", "1,280 people watched it last year.", "You watched thrillers 6 times in the last 30 weeks.", "You gave The Score 9 out of 10 this morning."},
		"invented":    {"It runs 112 minutes and has French subtitles.", "It runs 112 minutes and is based on a true story.", "Its ending is clever; it runs 112 minutes.", "It was released in 1999.", "It is a comedy that runs 112 minutes.", "It runs 112 minutes; suitable for children."},
		"negation":    {"It does not run 112 minutes.", "Nobody watched it this week.", "It has no thrillers.", "You didn't give The Score 9 out of 10."},
		"superlative": {"It is Lin Chuan's finest, at 112 minutes.", "It runs 112 minutes, longer than The Score.", "An unmissable 112 minutes.", "It is second to none at 112 minutes.", "It's the scariest thriller, 112 minutes."},
		"promise":     {"It runs 112 minutes and will change your life.", "It runs 112 minutes; money back.", "Watch it tonight before it's gone; it runs 112 minutes.", "You are going to adore it; it runs 112 minutes."},
		"group":       {"Critics agree; it runs 112 minutes.", "Half of all people watched it this week.", "Your friends watched it; it runs 112 minutes."},
		"other user":  {"You are a father of two; it runs 112 minutes.", "You suffer from insomnia; it runs 112 minutes.", "You watched it with Anna."},
		"cause":       {"It is here because it runs 112 minutes.", "Given your income, it runs 112 minutes."},
	}},
}

// TestHeldOut measures. It fails below the recall and above the false alarms that were measured when it was written.
func TestHeldOut(t *testing.T) {
	v := New(pack.Builtin())
	for _, c := range append(heldOut, second...) {
		truths, alarms, lies, missed := 0, 0, 0, 0
		for _, s := range c.truths {
			truths++
			if bad := unsupported(v.Claims(s, c.given)); len(bad) > 0 {
				alarms++
				t.Logf("false alarm %s: %s %s %q %s", s, bad[0].Kind, bad[0].Verdict, bad[0].Text, bad[0].Reason)
			}
		}
		for _, op := range sorted(c.lies) {
			for _, s := range c.lies[op] {
				lies++
				if len(unsupported(v.Claims(s, c.given))) == 0 {
					missed++
					t.Logf("missed %s: %s", op, s)
				}
			}
		}
		t.Logf("%s: %d lies, %d missed; %d truths, %d false alarms", c.name, lies, missed, truths, alarms)
		if float64(missed) > .02*float64(lies) || float64(alarms) > .03*float64(truths) {
			t.Errorf("%s: recall %.3f, false alarms %.3f", c.name, 1-float64(missed)/float64(lies), float64(alarms)/float64(truths))
		}
	}
}

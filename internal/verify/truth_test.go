package verify

import (
	"strings"
	"testing"

	"because"
	"because/internal/pack"
)

// A case is what is true of one reader and one item, true sentences of it and planted falsehoods.
type planted struct {
	name   string
	given  Given
	truths []string
	lies   map[string][]string // by operator
}

var watchZh = Given{
	Domain: "shop", Lang: because.Chinese, Name: "川屿轻行智能手表", Now: now, Need: "续航长、能测睡眠",
	Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Viewed, Text: "你上周看过青原 Pro。", Share: .4, At: ago(6), Slots: map[string]because.Slot{"hist": name("青原 Pro"), "when": date("上周"), "shared": word("长续航", "battery")}, Ref: "battery"},
		{ID: "e2", Kind: because.Attribute, Text: "续航 14 天。", Ref: "battery", Slots: map[string]because.Slot{"value": number("14 天", 14, "d")}},
		{ID: "e3", Kind: because.Attribute, Text: "重 32 克。", Ref: "weight", Slots: map[string]because.Slot{"value": number("32 克", 32, "g")}},
		{ID: "e4", Kind: because.Drawback, Text: "没有独立 GPS。", Ref: "gps", Slots: map[string]because.Slot{"value": word("独立 GPS", "")}},
		{ID: "e5", Kind: because.Neighbours, Text: "看过青原 Pro 的人里有 312 人也看了它。", Slots: map[string]because.Slot{"hist": name("青原 Pro"), "people": count(312)}},
		{ID: "e6", Kind: because.Need, Text: "你要「续航长」。", Share: .2, Ref: "battery", Slots: map[string]because.Slot{"need": quote("续航长"), "unmet": quote("能测睡眠")}},
		{ID: "e7", Kind: because.PriceKind, Text: "现价 1,299 元，原来 1,499 元。", Slots: map[string]because.Slot{"price": number("1,299 元", 1299, "CNY"), "was": number("1,499 元", 1499, "CNY")}},
		{ID: "e8", Kind: because.Bought, Text: "你 3 个月前买过远山跑鞋。", Share: .1, At: ago(92), Slots: map[string]because.Slot{"hist": name("远山跑鞋"), "when": date("3 个月前")}},
	},
	Catalogue: NewNames(func(yield func(string, []string) bool) {
		yield("i1", []string{"青原 Pro"})
		yield("i2", []string{"川屿轻行智能手表"})
		yield("i3", []string{"雁门机械表"})
		yield("i4", []string{"远山跑鞋"})
	}),
}

var filmEn = Given{
	Domain: "entertainment", Lang: because.English, Name: "The Long Night", Now: now,
	Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Rated, Text: "You gave The Score 9 out of 10 last week.", Share: .5, At: ago(6), Slots: map[string]because.Slot{"hist": name("The Score"), "rating": number("9 out of 10", 9, ""), "when": date("last week"), "shared": word("Lin Chuan", "director")}},
		{ID: "e2", Kind: because.Attribute, Text: "It is directed by Lin Chuan.", Ref: "director", Slots: map[string]because.Slot{"value": word("Lin Chuan", "")}},
		{ID: "e3", Kind: because.Attribute, Text: "It runs 112 minutes.", Ref: "length", Slots: map[string]because.Slot{"value": number("112 minutes", 112, "min")}},
		{ID: "e4", Kind: because.Habit, Text: "You watched thrillers 6 times in the last 30 days.", Share: .2, Slots: map[string]because.Slot{"category": word("thrillers", "thriller"), "count": count(6), "period": date("the last 30 days")}},
		{ID: "e5", Kind: because.Popular, Text: "1,280 people watched it this week.", Slots: map[string]because.Slot{"count": count(1280), "period": date("this week"), "category": word("thrillers", "thriller")}},
		{ID: "e6", Kind: because.ReviewKind, Text: "A reviewer wrote “tense to the last minute”.", Slots: map[string]because.Slot{"phrase": quote("tense to the last minute")}},
		{ID: "e7", Kind: because.Attribute, Text: "It stars Ana Ruiz.", Ref: "actor", Slots: map[string]because.Slot{"value": word("Ana Ruiz", "")}},
	},
	Catalogue: NewNames(func(yield func(string, []string) bool) {
		yield("i1", []string{"The Score"})
		yield("i2", []string{"The Long Night"})
		yield("i3", []string{"Cold Harbour"})
	}),
}

var cases = []planted{
	{"watch", watchZh, []string{
		"你上周看的青原 Pro 是长续航；这款能撑 14 天，只有 32 克，不过没有独立 GPS。",
		"因为你上周看过青原 Pro，这款续航 14 天。",
		"你上周看过青原 Pro，这款续航十四天，重三十二克。",
		"妳上週看過青原 Pro，這款續航 14 天，重 32 克。",
		"这款续航１４天，看过青原 Pro 的人里有 312 人也看了它。",
		"你要「续航长」：这款续航 14 天。",
		"你 3 个月前买过远山跑鞋，这款重 32 克。",
		"你六天前看过青原 Pro，这款续航两周。",
		"这款现在 1,299 元，原来 1,499 元，续航 14 天。",
		"超过 300 人看过青原 Pro 也看了它，续航约 14 天。",
		"川屿轻行智能手表续航 14 天，没有独立 GPS。",
		"考虑到你要「续航长」，这款能撑 14 天。",
	}, map[string][]string{
		"name":        {"你上周看过雁门机械表，这款续航 14 天。", "你上周看过《青原 Max》，这款续航 14 天。", "你上周看过青原 Pro Max，这款续航 14 天。"},
		"number":      {"你上周看过青原 Pro，这款续航 15 天。", "你上周看过青原 Pro，这款续航 13 天。", "这款重 33 克，续航 14 天。", "看过青原 Pro 的人里有 313 人也看了它。"},
		"ten":         {"这款续航 140 天。", "这款重 320 克。", "看过青原 Pro 的人里有 3120 人也看了它。", "这款 12,990 元。"},
		"disguise":    {"这款续航十五天。", "这款续航１５天。", "这款续航①⑤天。", "這款續航一百四十天。", "这款续航半年。"},
		"unit":        {"这款续航 14 小时。", "这款重 32 公斤。", "这款续航 14 周。", "看过青原 Pro 的有 312 万人也看了它。"},
		"verb":        {"你上周买过青原 Pro，这款续航 14 天。", "你收藏过青原 Pro，这款续航 14 天。", "你搜过青原 Pro，这款续航 14 天。", "你给青原 Pro 打了 9 分。", "你上周看过远山跑鞋，这款续航 14 天。"},
		"recency":     {"你昨天看过青原 Pro，这款续航 14 天。", "你去年看过青原 Pro，这款续航 14 天。", "你 3 天前看过青原 Pro，这款续航 14 天。", "你 4 个月前买过远山跑鞋，这款重 32 克。", "你上周买过远山跑鞋，这款重 32 克。"},
		"invented":    {"这款续航 14 天，屏幕是蓝宝石的。", "这款续航 14 天，能测血氧。", "这款续航 14 天，外观时尚。", "这款做工精致，续航 14 天。", "这款续航 14 天，配送很快。", "这款续航 14 天，由瑞士团队设计。"},
		"negation":    {"这款续航 14 天，有独立 GPS。", "这款续航 14 天，带独立 GPS。", "这款没有 14 天续航。", "这款不能撑 14 天。", "你没看过青原 Pro，这款续航 14 天。", "你要「能测睡眠」，这款能测睡眠。"},
		"superlative": {"这款是最好的手表，续航 14 天。", "这款续航最长，14 天。", "这款续航 14 天，同类第一。", "这款续航 14 天，史上最轻。", "这款比青原 Pro 更好。", "最*佳选择，续航 14 天。"},
		"promise":     {"这款续航 14 天，保证你满意。", "这款续航 14 天，不容错过。", "赶紧下单，这款续航 14 天。", "这款续航 14 天，加微信 abc12345。", "这款续航 14 天，详见 www.example.com。", "这款续航 14 天，电话 13800138000。", "建议您每天戴着它，续航 14 天。"},
		"other user":  {"你上周给川屿轻行智能手表打了 9 分。", "你朋友买过它，续航 14 天。", "和你住同城的王先生买过它。", "你每周跑三次步，这款续航 14 天。"},
		"cause":       {"因为它续航 14 天，所以推荐。", "因为有 312 人看了它，这款续航 14 天。", "因为你喜欢跑步，这款续航 14 天。"},
		"group":       {"大家都在买它，续航 14 天，共 5000 人。", "这款续航 14 天，90% 的人给了好评。"},
		"role":        {"这款现在 1,499 元，原来 1,299 元。", "青原 Pro 续航 14 天。"},
	}},
	{"film", filmEn, []string{
		"You gave The Score 9 out of 10 last week; this one is also directed by Lin Chuan and runs 112 minutes.",
		"Because you gave The Score 9 out of 10, this one is here: it is directed by Lin Chuan.",
		"You rated The Score 9 out of 10 last week, and this one runs 112 minutes.",
		"You watched thrillers six times in the last 30 days; this one runs 112 minutes.",
		"1,280 people watched it this week; it runs 112 minutes.",
		"The Long Night is directed by Lin Chuan and stars Ana Ruiz.",
		"Over 1,000 people watched it this week.",
		"One reviewer says “tense to the last minute”; it runs 112 minutes.",
		"It runs about 110 minutes and is directed by Lin Chuan.",
	}, map[string][]string{
		"name":        {"You gave Cold Harbour 9 out of 10 last week; this one runs 112 minutes.", "You gave The Score 2 9 out of 10; this one runs 112 minutes.", "This one is directed by Maria Lopez."},
		"number":      {"You gave The Score 8 out of 10 last week.", "This one runs 113 minutes.", "You watched thrillers 7 times in the last 30 days.", "1,281 people watched it this week."},
		"ten":         {"This one runs 1,120 minutes.", "12,800 people watched it this week.", "You watched thrillers sixty times in the last 30 days."},
		"disguise":    {"This one runs a hundred and thirteen minutes.", "You watched thrillers a dozen times in the last 30 days.", "12.8K people watched it this week."},
		"unit":        {"This one runs 112 hours.", "This one runs 112 pages."},
		"verb":        {"You bought The Score last week; this one runs 112 minutes.", "You saved The Score last week; this one runs 112 minutes.", "You searched for The Score; this one runs 112 minutes."},
		"recency":     {"You gave The Score 9 out of 10 yesterday.", "You gave The Score 9 out of 10 last year.", "You watched thrillers 6 times in the last 7 days."},
		"invented":    {"This one runs 112 minutes and won two awards.", "This one has a stunning soundtrack; it runs 112 minutes.", "It was filmed in Norway and runs 112 minutes.", "It is a heartwarming story that runs 112 minutes."},
		"negation":    {"This one isn't directed by Lin Chuan.", "You have never rated The Score; it runs 112 minutes.", "It runs 112 minutes without subtitles."},
		"superlative": {"This is the best film by Lin Chuan.", "It is the longest film at 112 minutes.", "It runs 112 minutes and is better than The Score.", "The most popular thriller this week, 112 minutes."},
		"promise":     {"You'll love this one: it runs 112 minutes.", "It runs 112 minutes, a must-see.", "Don't miss it; it runs 112 minutes.", "It runs 112 minutes; sign up at example.com.", "It runs 112 minutes, guaranteed."},
		"other user":  {"Your wife watched it last week; it runs 112 minutes.", "You live in Oslo, and it runs 112 minutes.", "You like jazz; it runs 112 minutes."},
		"cause":       {"Because it runs 112 minutes, it is here.", "Because 1,280 people watched it, it is here.", "Because you like cooking, it is here."},
		"group":       {"Everyone in your city is watching it; it runs 112 minutes.", "87% of people finished it; it runs 112 minutes."},
		"role":        {"It is directed by Ana Ruiz and stars Lin Chuan.", "The Score runs 112 minutes."},
		"language":    {"它由 Lin Chuan 执导。", "It runs 112 minutes，由林川执导。"},
	}},
}

func unsupported(claims []because.Claim) (out []because.Claim) {
	for _, c := range claims {
		if c.Verdict != because.Supported {
			out = append(out, c)
		}
	}
	return out
}

func TestTruthsPass(t *testing.T) {
	v := New(pack.Builtin())
	n, alarms := 0, 0
	for _, c := range cases {
		for _, s := range c.truths {
			n++
			res := v.Verify(s, c.given)
			if bad := unsupported(v.Claims(s, c.given)); len(bad) > 0 || !res.OK {
				alarms++
				t.Errorf("%s: %s\n  became %q: %s", c.name, s, res.Text, res.Reason)
				for _, b := range bad {
					t.Errorf("    %s %s %q: %s", b.Kind, b.Verdict, b.Text, b.Reason)
				}
			}
			for _, cl := range res.Claims {
				if res.OK && res.Text[cl.Start:cl.End] != cl.Text {
					t.Errorf("%q: claim %+v is not where it says", res.Text, cl)
				}
			}
		}
	}
	t.Logf("%d truths, %d false alarms", n, alarms)
}

func TestLiesAreRefused(t *testing.T) {
	v := New(pack.Builtin())
	n, missed := 0, 0
	for _, c := range cases {
		for _, op := range sorted(c.lies) {
			for _, s := range c.lies[op] {
				n++
				res := v.Verify(s, c.given)
				if op == "language" && !res.OK {
					continue
				}
				if len(unsupported(v.Claims(s, c.given))) == 0 || res.OK && res.Text == s {
					missed++
					t.Errorf("%s/%s passed: %s\n  %+v", c.name, op, s, res.Claims)
				}
				if res.OK && len(unsupported(v.Claims(res.Text, c.given))) > 0 {
					t.Errorf("%s/%s: %s is shown with unsupported claims", c.name, op, res.Text)
				}
			}
		}
	}
	t.Logf("%d lies, %d missed", n, missed)
}

func TestRepairs(t *testing.T) {
	v := New(pack.Builtin())
	for _, tt := range []struct {
		g        Given
		in, want string
	}{
		{watchZh, "<think>用户喜欢跑步</think>你上周看过青原 Pro，这款续航 14 天。", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "```json\n{\"text\": \"你上周看过青原 Pro，这款续航 14 天。\"}\n```", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "推荐理由：你上周看过青原 Pro,这款续航 14 天.", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "**您上周看过青原 Pro**，，这款续航 14 天。。", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "你上周看过青原 Pro，这款这款续航 14 天。", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "你上周看过青原 Pro，外观时尚，这款续航 14 天。", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "你上周看过青原 Pro，这款续航 14 天，而且外观时尚。", "你上周看过青原 Pro，这款续航 14 天。"},
		{watchZh, "你上周看过青原 Pro。外观时尚，不过没有独立 GPS。", "你上周看过青原 Pro。没有独立 GPS。"},
		{filmEn, "Sure! Here's the reason: You gave The Score 9 out of 10 last week ,this one runs 112 minutes.", "You gave The Score 9 out of 10 last week, this one runs 112 minutes."},
		{filmEn, "You gave The Score 9 out of 10 last week; it is stunning, and it runs 112 minutes.", "You gave The Score 9 out of 10 last week; it runs 112 minutes."},
		{filmEn, "You gave The Score 9 out of 10 last week, and it won an Oscar.", "You gave The Score 9 out of 10 last week."},
	} {
		res := v.Verify(tt.in, tt.g)
		if !res.OK || res.Text != tt.want || res.Verdict != because.Repaired {
			t.Errorf("%q\n  became %q (%v %s %v)\n  want   %q\n  %+v", tt.in, res.Text, res.OK, res.Reason, res.Steps, tt.want, unsupported(v.Claims(res.Text, tt.g)))
		}
	}
	for _, s := range []string{"", "```", "<think>…", "这款外观时尚。", "。。。", "好的", "{}", strings.Repeat("啊", 9000)} {
		if res := v.Verify(s, watchZh); res.OK || res.Reason == "" {
			t.Errorf("%.40q: %+v", s, res)
		}
	}
}

func FuzzVerify(f *testing.F) {
	for _, c := range cases {
		for _, s := range c.truths {
			f.Add(s)
		}
	}
	f.Add("<think>「《\"{\"text\": \"14 天")
	v := New(pack.Builtin())
	f.Fuzz(func(t *testing.T, s string) {
		for _, g := range []Given{watchZh, filmEn} {
			res := v.Verify(s, g)
			if res.OK && len(unsupported(v.Claims(res.Text, g))) > 0 {
				t.Fatalf("%q became %q with unsupported claims", s, res.Text)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	v := New(pack.Builtin())
	for b.Loop() {
		v.Verify(cases[0].truths[0], watchZh)
	}
}

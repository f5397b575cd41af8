package verify

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"because"
	"because/internal/pack"
)

var update = flag.Bool("update", false, "write the golden files")

// examples are the explanations that the article prints, each with evidence that could support it and what we say.
var examples = []struct {
	title   string
	domain  string
	zh, en  string // the article's words, and a short paraphrase of their claims
	said    [2]string
	history func(lang because.Lang) []because.Evidence
}{
	{"手表一 · watch 1", "shop", "根据您的浏览记录和当前时间，我们为您推荐这款手表。该手表不仅具有时尚的外观，还具备多种智能功能，非常适合您的日常生活。",
		"Based on your browsing history and the time, we recommend this watch. It is stylish and very suitable for your daily life.",
		[2]string{"你上周看过青原手表，这款续航 14 天。", "You looked at Qingyuan watch last week; this one runs 14 days."}, watchEvidence},
	{"手表二 · watch 2", "shop", "根据您的浏览记录和喜好，我们为您推荐这款手表，它具有时尚的外观和多种智能功能。",
		"Given what you browsed and like, we recommend this watch, stylish and with many smart functions.",
		[2]string{"因为你上周看过青原手表，这款续航 14 天。", "Because you looked at Qingyuan watch last week, this one is here; it runs 14 days."}, watchEvidence},
	{"手表三 · watch 3", "shop", "我们注意到您近期对智能手表感兴趣，因此特别为您推荐这款手表，它不仅具备优秀的设计，还拥有健康管理功能，非常适合您的日常使用。",
		"You were recently interested in smartwatches, so we recommend this one: excellent design, health functions, ideal for daily use.",
		[2]string{"你上周看过青原手表；这款续航 14 天。", "You looked at Qingyuan watch last week; this one runs 14 days."}, watchEvidence},
	{"体育赛事 · sports", "news", "根据您的阅读习惯和兴趣，我们为您推荐这条新闻，它涉及了您关注的体育赛事。",
		"Given your reading habits and interests, this story covers the sports events you follow.",
		[2]string{"近 30 天你读体育新闻有 9 次。", "You read sports news 9 times in the last 30 days."}, sportsEvidence},
	{"5G", "news", "我们根据您对科技类新闻的兴趣，为您推荐了这篇关于5G技术的最新发展动态，这篇文章不仅包含了行业专家的分析，还有生动的案例展示。",
		"Given your interest in tech news, here is the latest on 5G, with expert analysis and vivid cases.",
		[2]string{"你在工作日早上读过 8 次 5G，这篇 6 分钟读完。", "You read 5G 8 times on weekday mornings; this one takes 6 minutes to read."}, techEvidence},
	{"股票一 · stocks 1", "finance", "根据您的投资风格和风险偏好，我们建议您关注这些股票，它们近期表现优异且具有较好的成长潜力。",
		"Given your investing style and risk appetite, we suggest these stocks; they did excellently and have growth potential.",
		[2]string{"你的风险等级是 C2，近一年最大回撤是 1.8%。", "Your risk class is C2; its largest drawdown over the last year is 1.8%."}, fundEvidence},
	{"股票二 · stocks 2", "finance", "根据我们对市场的分析，我们认为这款股票具有长期增长的潜力，同时，它与您的投资组合相匹配，是一个值得关注的投资机会。",
		"By our analysis this stock will grow in the long run, matches your portfolio and is an opportunity worth watching.",
		[2]string{"你的风险等级是 C2，近一年最大回撤是 1.8%。", "Your risk class is C2; its largest drawdown over the last year is 1.8%."}, fundEvidence},
	{"体检 · check-up", "health", "根据您的身体状况和健康指标，我们建议您注意饮食、保持锻炼和定期体检。",
		"Given your condition and health figures, you should watch your diet, exercise and have check-ups.",
		[2]string{"你给自己定的目标是多走路，这套每次 20 分钟。", "Your goal is walking more; each session takes 20 minutes."}, walkEvidence},
	{"有氧运动 · aerobic exercise", "health", "根据您的健康报告，我们建议您每天进行30分钟的有氧运动，并注意饮食均衡，这将有助于改善您的血压和血糖水平。",
		"Given your health report, you should do 30 minutes of aerobic exercise a day; it will improve your blood pressure and blood sugar.",
		[2]string{"你给自己定的目标是多走路，这套每次 20 分钟。", "Your goal is walking more; each session takes 20 minutes."}, walkEvidence},
}

func either(lang because.Lang, zh, en string) string {
	if lang == because.Chinese {
		return zh
	}
	return en
}

func watchEvidence(l because.Lang) []because.Evidence {
	return []because.Evidence{
		{ID: "e1", Kind: because.Viewed, Share: .5, At: ago(6), Text: either(l, "你上周看过青原手表。", "You looked at Qingyuan watch last week."), Slots: map[string]because.Slot{"hist": name(either(l, "青原手表", "Qingyuan watch")), "when": date(either(l, "上周", "last week"))}},
		{ID: "e2", Kind: because.Attribute, Ref: "battery", Text: either(l, "续航 14 天。", "It runs 14 days."), Slots: map[string]because.Slot{"value": number(either(l, "14 天", "14 days"), 14, "d")}},
	}
}

func sportsEvidence(l because.Lang) []because.Evidence {
	return []because.Evidence{{ID: "e1", Kind: because.Habit, Share: .6, Text: either(l, "近 30 天你读体育新闻有 9 次。", "You read sports news 9 times in the last 30 days."), Slots: map[string]because.Slot{"category": word(either(l, "体育新闻", "sports news"), "sports"), "count": count(9), "period": date(either(l, "近 30 天", "the last 30 days"))}}}
}

func techEvidence(l because.Lang) []because.Evidence {
	return []because.Evidence{
		{ID: "e1", Kind: because.InContext, Share: .4, Text: either(l, "你在工作日早上读过 8 次 5G。", "You read 5G 8 times on weekday mornings."), Slots: map[string]because.Slot{"moment": date(either(l, "工作日早上", "on weekday mornings")), "category": word("5G", "5g"), "count": count(8)}},
		{ID: "e2", Kind: because.Attribute, Ref: "length", Text: either(l, "6 分钟读完。", "It takes 6 minutes to read."), Slots: map[string]because.Slot{"value": number(either(l, "6 分钟", "6 minutes"), 6, "min")}},
	}
}

func fundEvidence(l because.Lang) []because.Evidence {
	return []because.Evidence{
		{ID: "e1", Kind: because.Attribute, Share: .3, Ref: "risk_class", Text: either(l, "你的风险等级是 C2，它在可选范围内。", "Your risk class is C2, and it is within it."), Slots: map[string]because.Slot{"value": word("C2", "")}},
		{ID: "e2", Kind: because.Attribute, Ref: "max_drawdown", Text: either(l, "近一年最大回撤是 1.8%。", "Its largest drawdown over the last year is 1.8%."), Slots: map[string]because.Slot{"value": number("1.8%", 1.8, "percent"), "period": date(either(l, "近一年", "over the last year"))}},
	}
}

func walkEvidence(l because.Lang) []because.Evidence {
	return []because.Evidence{
		{ID: "e1", Kind: because.Need, Share: .5, Ref: "goal", Text: either(l, "你给自己定的目标是多走路。", "Your goal is walking more."), Slots: map[string]because.Slot{"need": quote(either(l, "多走路", "walking more"))}},
		{ID: "e2", Kind: because.Attribute, Ref: "length", Text: either(l, "每次 20 分钟。", "Each session takes 20 minutes."), Slots: map[string]because.Slot{"value": number(either(l, "20 分钟", "20 minutes"), 20, "min")}},
	}
}

// TestArticle sets the article's own examples beside what we say of the same grounds.
func TestArticle(t *testing.T) {
	v := New(pack.Builtin())
	var b strings.Builder
	b.WriteString("The article's example explanations, judged. 文章里的解释示例，逐条核对。\nEvidence is invented: what could at best support them. supported 有据 · contradicted 与证据或规则相反 · unverifiable 无据\n")
	for _, ex := range examples {
		for i, lang := range because.Langs {
			article := []string{ex.zh, ex.en}[i]
			g := Given{Domain: ex.domain, Lang: lang, Name: either(lang, "长夜", "Long Night"), Evidence: ex.history(lang), Now: now}
			fmt.Fprintf(&b, "\n## %s (%s)\narticle  %s\n", ex.title, lang, article)
			for _, e := range g.Evidence {
				fmt.Fprintf(&b, "evidence %s %s share %.1f: %s\n", e.ID, e.Kind, e.Share, e.Text)
			}
			for _, c := range v.Claims(article, g) {
				fmt.Fprintf(&b, "  %-12s %-10s %s — %s %s\n", c.Verdict, c.Kind, c.Text, c.Reason, strings.Join(c.Evidence, " "))
			}
			res := v.Verify(article, g)
			if res.OK && len(unsupported(res.Claims)) > 0 {
				t.Errorf("%s: shown with unsupported claims: %s", ex.title, res.Text)
			}
			if res.Text == article && res.OK {
				t.Errorf("%s: the article's text passed whole", ex.title)
			}
			if res.OK {
				fmt.Fprintf(&b, "left     %s\n", res.Text)
			} else {
				fmt.Fprintf(&b, "refused  %s\n", res.Reason)
			}
			ours := v.Verify(ex.said[i], g)
			if !ours.OK || ours.Text != ex.said[i] {
				t.Errorf("%s: ours is refused: %q %s %+v", ex.title, ours.Text, ours.Reason, unsupported(v.Claims(ex.said[i], g)))
			}
			fmt.Fprintf(&b, "we say   %s\n", ex.said[i])
		}
	}
	golden(t, "article.golden", b.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it and run with -update\n%s", path, got)
	}
}

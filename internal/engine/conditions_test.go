package engine_test

import (
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/pack"
	"because/internal/verify"
)

// fact is an evidence with a value, as both languages say it.
type fact struct {
	kind   because.EvidenceKind
	ref    string
	zh, en string
	number float64
	unit   string
}

func (f fact) in(lang because.Lang, id string) because.Evidence {
	said := map[because.Lang]string{because.Chinese: f.zh, because.English: f.en}[lang]
	e := because.Evidence{ID: id, Kind: f.kind, Ref: f.ref, Text: said, Share: .3, Origin: "item:x#" + f.ref, At: chatDay, Slots: map[string]because.Slot{}}
	slot := because.Slot{Kind: because.WordSlot, Text: said}
	if f.unit != "" {
		slot = because.Slot{Kind: because.NumberSlot, Text: said, Number: f.number, Unit: f.unit}
	}
	switch f.kind {
	case because.Trend:
		e.Slots["change"] = because.Slot{Kind: because.NumberSlot, Text: "2.1%", Number: 2.1, Unit: "percent"}
		e.Slots["period"] = because.Slot{Kind: because.DateSlot, Text: map[because.Lang]string{because.Chinese: "近 30 天", because.English: "the last 30 days"}[lang]}
	case because.Profile:
		p := pack.Builtin().Pack("education").Profile[f.ref]
		e.Slots["value"], e.Slots["label"] = slot, because.Slot{Kind: because.WordSlot, Text: p.Label.In(lang), Ref: f.ref}
	default:
		e.Slots["value"] = slot
	}
	return e
}

// must are the rules with conditions on the text: what is refused, and what passes once the conditions hold. {closing} is the
// pack's.
var must = []struct {
	domain, rule string
	with         []fact // in evidence of both
	then         []fact // in evidence of what passes alone
	refused      because.Text
	passes       because.Text
}{
	{"shop", "shop-data", []fact{{because.Attribute, "battery", "14 天", "14 days", 14, "d"}}, []fact{{because.Attribute, "tested_by", "青石实验室", "Bluestone Lab", 0, ""}},
		because.Text{because.Chinese: "测试表明，充一次能用14 天。", because.English: "Tests show it runs 14 days on a charge."},
		because.Text{because.Chinese: "这款经青石实验室测试，充一次能用14 天。", because.English: "This one was tested by Bluestone Lab and runs 14 days on a charge."}},
	{"news", "news-report", []fact{{because.Attribute, "topic", "芯片", "chips", 0, ""}, {because.Attribute, "outlet", "江畔日报", "Riverside Daily", 0, ""}}, nil,
		because.Text{because.Chinese: "据报道，这篇讲芯片。登在江畔日报。", because.English: "This one is about chips, according to reports. It ran in Riverside Daily."},
		because.Text{because.Chinese: "江畔日报报道，这篇讲芯片。", because.English: "According to Riverside Daily, this one is about chips."}},
	{"finance", "finance-past", []fact{{because.Trend, "nav", "近 30 天净值涨了 2.1%。", "The net value rose 2.1% over the last 30 days.", 0, ""}, {because.Attribute, "record", "8 年", "8 years", 8, "year"}}, nil,
		because.Text{because.Chinese: "近 30 天净值涨了 2.1%，成立 8 年。", because.English: "Over the last 30 days the net value rose 2.1%; this one has run for 8 years."},
		because.Text{because.Chinese: "近 30 天净值涨了 2.1%，成立 8 年。{closing}", because.English: "Over the last 30 days the net value rose 2.1%; this one has run for 8 years. {closing}"}},
	{"finance", "finance-verdict", []fact{{because.Attribute, "risk_level", "R2", "R2", 2, "risk_level"}}, nil,
		because.Text{because.Chinese: "这只风险等级是 R2，适合你。{closing}", because.English: "This one has a risk level of R2 and is suitable for you. {closing}"},
		because.Text{because.Chinese: "这只风险等级是 R2。{closing}", because.English: "This one has a risk level of R2. {closing}"}},
	{"health", "health-guideline", []fact{{because.Attribute, "guideline", "成人步行指南", "Walking for Adults", 0, ""}}, nil,
		because.Text{because.Chinese: "这套依据成人步行指南来排。", because.English: "This one is planned by Walking for Adults."},
		because.Text{because.Chinese: "这套依据成人步行指南来排。{closing}", because.English: "This one is planned by Walking for Adults. {closing}"}},
	{"health", "health-guideline", []fact{{because.Attribute, "minutes", "20 分钟", "20 minutes", 20, "min"}}, nil,
		because.Text{because.Chinese: "指南建议每次 20 分钟。{closing}", because.English: "Guidelines recommend 20 minutes a session. {closing}"},
		because.Text{because.Chinese: "这套每次 20 分钟。{closing}", because.English: "This one takes 20 minutes a session. {closing}"}},
	{"education", "education-mastery", []fact{{because.Attribute, "teaches", "并发", "concurrency", 0, ""}}, []fact{{because.Profile, "mastered", "一门语言的语法", "the syntax of one language", 0, ""}},
		because.Text{because.Chinese: "你已掌握并发，这门课讲并发。", because.English: "You have mastered concurrency; this course covers concurrency."},
		because.Text{because.Chinese: "已掌握的内容里写着一门语言的语法；这门课讲并发。", because.English: "Under mastered topics you put the syntax of one language; this course covers concurrency."}},
	{"travel", "travel-advisory", []fact{{because.Attribute, "city", "厦门", "Xiamen", 0, ""}}, []fact{{because.Attribute, "advisory", "台风蓝色预警", "typhoon watch", 0, ""}},
		because.Text{because.Chinese: "这家在厦门，有官方提醒。", because.English: "This one is in Xiamen, under an official warning."},
		because.Text{because.Chinese: "这家在厦门，出行提示是台风蓝色预警。", because.English: "This one is in Xiamen and is under the travel advisory typhoon watch."}},
}

// TestMust: what a rule ties to conditions is refused where they fail, by that rule, and stands as it is where they hold, in
// both languages.
func TestMust(t *testing.T) {
	set := pack.Builtin()
	v := verify.New(set)
	for _, row := range must {
		p := set.Pack(row.domain)
		i := slices.IndexFunc(p.Rules, func(r pack.Rule) bool { return r.ID == row.rule })
		if i < 0 {
			t.Fatalf("there is no rule %s", row.rule)
		}
		for _, lang := range because.Langs {
			given := func(facts []fact) verify.Given {
				g := verify.Given{Domain: row.domain, Lang: lang, Name: "Halma", Now: chatDay}
				for n, f := range facts {
					g.Evidence = append(g.Evidence, f.in(lang, "e"+string(rune('1'+n))))
				}
				return g
			}
			say := func(s string) string { return strings.ReplaceAll(s, "{closing}", p.Closing.In(lang)) }
			refused, g := say(row.refused.In(lang)), given(row.with)
			if !slices.ContainsFunc(v.Claims(refused, g), func(c because.Claim) bool {
				return c.Verdict == because.Contradicted && strings.Contains(c.Reason, p.Rules[i].Reason.In(lang))
			}) {
				t.Errorf("%s, %s: not refused by the rule: %q %v", row.rule, lang, refused, v.Claims(refused, g))
			}
			passes, g := say(row.passes.In(lang)), given(append(slices.Clone(row.with), row.then...))
			if r := v.Verify(passes, g); !r.OK || r.Text != passes {
				t.Errorf("%s, %s: %q became %q (%v, %s) %+v", row.rule, lang, passes, r.Text, r.OK, r.Reason, v.Claims(passes, g))
			}
		}
	}
}

// TestFactsOfRules: what a rule wants of an item or a reader is asked before anything is found: of an article without a source
// its content is not told, a fund's past only after five years, a risk class only with the number of its assessment, which the
// evidence names, a guideline only with its year, a price only where it is final, an advisory only with its source. What a
// teacher put off and what is longer than the session allowed is recommended to nobody it concerns.
func TestFactsOfRules(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Now: at(chatDay)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	n := func(x float64) because.Value { return because.Num(x, "") }
	w := func(s string) because.Value { return because.Words(s) }
	var nav []because.Point
	for d := 40; d >= 0; d-- {
		nav = append(nav, because.Point{At: chatDay.AddDate(0, 0, -d), Value: 1 + .01*float64(40-d)})
	}
	item := func(id, domain, category string, a map[string]because.Value) because.Item {
		it := because.Item{ID: id, Domain: domain, Name: because.Text{because.Chinese: "条目" + id, because.English: "Entry " + id}, Categories: []string{category}, Attributes: a, Price: 300, Currency: "CNY", Updated: chatDay}
		if domain == "finance" {
			it.Series = map[string][]because.Point{"nav": nav}
		}
		return it
	}
	items := []because.Item{
		item("n1", "news", "tech_news", map[string]because.Value{"topic": w("chips"), "outlet": w("riverside_daily")}), item("n0", "news", "tech_news", map[string]because.Value{"topic": w("chips")}),
		item("f8", "finance", "bond_fund", map[string]because.Value{"risk_level": n(2), "record": n(8)}), item("f2", "finance", "bond_fund", map[string]because.Value{"risk_level": n(2), "record": n(2)}),
		item("h1", "health", "walking", map[string]because.Value{"minutes": n(20), "guideline": w("WS 400"), "guideline_year": n(2023)}), item("h0", "health", "walking", map[string]because.Value{"minutes": n(20), "guideline": w("WS 400")}),
		item("t1", "travel", "city_hotel", map[string]because.Value{"city": w("xiamen"), "advisory": w("typhoon watch"), "advisory_source": w("weather service")}),
		item("t0", "travel", "city_hotel", map[string]because.Value{"city": w("xiamen"), "advisory": w("typhoon watch"), "charges": because.Flag(true)}),
		item("e1", "education", "programming", map[string]because.Value{"teaches": w("concurrency"), "prerequisite": w("basic_code")}), item("e2", "education", "programming", map[string]because.Value{"teaches": w("testing")}),
		item("m90", "entertainment", "drama", map[string]because.Value{"length": n(90)}), item("m40", "entertainment", "drama", map[string]because.Value{"length": n(40)}),
	}
	if _, err := e.PutItems(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{"finance": true, "learning": true, "interests": true}
	users := []because.User{
		{ID: "assessed", Profile: map[string]because.Value{"risk_class": n(2), "assessment": w("RA-17")}, Consents: all}, {ID: "unassessed", Profile: map[string]because.Value{"risk_class": n(2)}, Consents: all},
		{ID: "knows", Profile: map[string]because.Value{"mastered": w("basic_code")}, Consents: all}, {ID: "held", Profile: map[string]because.Value{"withheld": w("concurrency")}},
		{ID: "child", Profile: map[string]because.Value{"session_limit": n(45)}}, {ID: "anybody"},
	}
	if _, err := e.PutUsers(t.Context(), users); err != nil {
		t.Fatal(err)
	}
	var xs []because.Interaction
	for _, it := range items {
		xs = append(xs, because.Interaction{User: "anybody", Item: it.ID, Kind: because.View, Context: because.Context{At: chatDay.AddDate(0, 0, -3)}})
	}
	if _, err := e.AddInteractions(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		user, item string
		style      because.Style
		kind       because.EvidenceKind
		ref        string
		found      bool
	}{
		{"anybody", "n1", "", because.Attribute, "topic", true}, {"anybody", "n0", "", because.Attribute, "topic", false},
		{"anybody", "f8", "", because.Trend, "nav", true}, {"anybody", "f2", "", because.Trend, "nav", false}, {"anybody", "f8", because.Push, because.Trend, "nav", false},
		{"assessed", "f8", "", because.Profile, "risk_class", true}, {"unassessed", "f8", "", because.Profile, "risk_class", false},
		{"anybody", "h1", "", because.Attribute, "guideline", true}, {"anybody", "h0", "", because.Attribute, "guideline", false},
		{"anybody", "t1", "", because.Attribute, "advisory", true}, {"anybody", "t0", "", because.Attribute, "advisory", false},
		{"anybody", "t1", "", because.PriceKind, "price", true}, {"anybody", "t0", "", because.PriceKind, "price", false},
		{"knows", "e1", "", because.Profile, "mastered", true}, {"anybody", "e1", "", because.Profile, "mastered", false},
	} {
		for _, lang := range because.Langs {
			x, err := e.Explain(t.Context(), engine.ExplainRequest{User: tt.user, Item: tt.item, Lang: lang, Style: tt.style, Context: because.Context{At: chatDay}})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(slices.Concat(x.Evidence, x.Unused), func(ev because.Evidence) bool { return ev.Kind == tt.kind && ev.Ref == tt.ref })
			if (i >= 0) != tt.found {
				t.Errorf("%s, %s, %s, %s: %s %s found %v: %s", tt.user, tt.item, tt.style, lang, tt.kind, tt.ref, i >= 0, x.Text)
			}
			if tt.user == "assessed" && i >= 0 {
				if o := slices.Concat(x.Evidence, x.Unused)[i].Origin; o != "profile:risk_class#RA-17" {
					t.Errorf("the verdict's evidence does not name its assessment: %s", o)
				}
			}
			if stated := map[string]map[because.Lang]string{"t1": {because.Chinese: "出行提示是", because.English: "travel advisory"}, "h1": {because.Chinese: "WS 400", because.English: "WS 400"}}[tt.item][lang]; stated != "" && !strings.Contains(x.Text, stated) {
				t.Errorf("%s, %s: not stated: %s", tt.item, lang, x.Text)
			}
		}
	}
	for _, tt := range []struct{ user, domain, want string }{{"held", "education", "e2"}, {"knows", "education", "e1 e2"}, {"child", "entertainment", "m40"}, {"knows", "entertainment", "m40 m90"}} {
		if got := recommended(t, e, tt.user, tt.domain); got != tt.want {
			t.Errorf("%s, %s: %s, want %s", tt.user, tt.domain, got, tt.want)
		}
	}
}

// TestServiceHandsOver: a sign of danger in a chat is for people, in either language, and an ordinary question is not.
func TestServiceHandsOver(t *testing.T) {
	p := pack.Builtin().Pack("service")
	for need, want := range map[string]bool{"充电器冒烟了": true, "it caught fire while charging": true, "怎么连不上网": false, "how do I pair it": false} {
		if p.HandsOff(need) != want {
			t.Errorf("%s: %v", need, !want)
		}
	}
}

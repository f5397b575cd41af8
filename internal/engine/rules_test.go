package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/pack"
	"because/internal/verify"
)

// never are the rows of what a domain may never say, with the rule of its pack that forbids it.
var never = []struct{ domain, row, rule string }{
	{"shop", "superlatives", "shop-superlative"},
	{"shop", "unverified reviews", "shop-review"},
	{"shop", "prices beside the whole market", "shop-price"},
	{"shop", "false scarcity", "shop-urgency"},
	{"shop", "treatment effect of goods and food", "shop-health"},
	{"news", "invented facts", "news-invented"},
	{"news", "opinion as fact", "news-opinion"},
	{"news", "inferred politics", "news-politics"},
	{"finance", "promised yield", "finance-promise"},
	{"finance", "safe", "finance-safe"},
	{"finance", "urging", "finance-urge"},
	{"finance", "forecasts", "finance-forecast"},
	{"health", "diagnosis and conditions spoken of", "health-diagnosis"},
	{"health", "dose, stopping medicine, keeping from a doctor", "health-medicine"},
	{"health", "cure", "health-effect"},
	{"education", "labels on ability", "education-label"},
	{"education", "exam promises", "education-promise"},
	{"education", "marketing to children", "education-minors"},
	{"travel", "unverifiable safety", "travel-safety"},
	{"travel", "prices without taxes", "travel-price"},
	{"travel", "false scarcity", "travel-scarcity"},
	{"entertainment", "age-unfit items as bait", "entertainment-age"},
	{"entertainment", "addiction hooks", "entertainment-hook"},
	{"entertainment", "spoilers", "entertainment-spoiler"},
	{"service", "results that are not there yet", "service-promise"},
	{"service", "statutory rights talked away", "service-rights"},
	{"service", "passwords and codes asked for", "service-secret"},
	{"service", "danger played down", "service-danger"},
	{"service", "kept from a person", "service-keep-away"},
}

// TestNever: what a row forbids is refused whoever writes it, phrase by phrase in both languages, behind a sentence that
// holds; and each row names its law.
func TestNever(t *testing.T) {
	set := pack.Builtin()
	v := verify.New(set)
	for _, row := range never {
		t.Run(row.domain+": "+row.row, func(t *testing.T) {
			p := set.Pack(row.domain)
			for _, r := range p.Rules {
				if r.ID != row.rule {
					continue
				}
				if r.Source == "" {
					t.Error("no source")
				}
				n := 0
				for _, lang := range because.Langs {
					for _, phrase := range r.Forbid[lang] {
						n++
						text := map[because.Lang]string{because.Chinese: "时长 98 分钟。" + phrase + "。", because.English: "Runs 98 minutes. " + phrase + "."}[lang]
						g := verify.Given{Domain: row.domain, Lang: lang, Name: "Halma", Now: time.Date(2026, 5, 20, 19, 30, 0, 0, time.UTC), Evidence: []because.Evidence{{
							ID: "e1", Kind: because.Attribute, Ref: "length", Text: "98", Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: map[because.Lang]string{because.Chinese: "98 分钟", because.English: "98 minutes"}[lang], Number: 98, Unit: "min"}},
						}}}
						if x := v.Verify(text, g); x.OK && strings.Contains(strings.ToLower(x.Text), strings.ToLower(phrase)) {
							t.Errorf("%q is shown", x.Text)
						}
					}
				}
				if n < 8 {
					t.Errorf("only %d phrases", n)
				}
				return
			}
			t.Errorf("there is no rule %s", row.rule)
		})
	}
}

// obliged is a small catalogue for what a domain must do.
func obliged(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Now: at(chatDay)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	item := func(id, domain, category string, a map[string]because.Value) because.Item {
		return because.Item{ID: id, Domain: domain, Name: because.Text{because.Chinese: "条目" + id, because.English: "Entry " + id}, Categories: []string{category}, Attributes: a, Price: 80, Currency: "CNY"}
	}
	n := func(x float64) because.Value { return because.Num(x, "") }
	items := []because.Item{
		item("f2", "finance", "bond_fund", map[string]because.Value{"risk_level": n(2), "fee": n(.5)}), item("f5", "finance", "bond_fund", map[string]because.Value{"risk_level": n(5), "fee": n(.5)}), item("f0", "finance", "bond_fund", map[string]because.Value{"fee": n(.5)}),
		item("m0", "entertainment", "drama", map[string]because.Value{"age": because.Words("all_ages"), "length": n(98)}), item("m16", "entertainment", "drama", map[string]because.Value{"age": because.Words("older_teens"), "length": n(98)}), item("m18", "entertainment", "drama", map[string]because.Value{"age": because.Words("adults"), "length": n(98)}),
		item("e18", "education", "programming", map[string]because.Value{"age": because.Words("adults_band"), "lesson": n(15)}), item("e0", "education", "programming", map[string]because.Value{"age": because.Words("all_bands"), "lesson": n(15)}),
		item("h1", "health", "walking", map[string]because.Value{"minutes": n(20)}), item("s1", "shop", "smartwatch", map[string]because.Value{"battery": n(14)}),
	}
	if _, err := e.PutItems(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	users := []because.User{
		{ID: "c2", Profile: map[string]because.Value{"risk_class": n(2)}, Consents: map[string]bool{"finance": true}}, {ID: "c5", Profile: map[string]because.Value{"risk_class": n(5)}, Consents: map[string]bool{"finance": true}},
		{ID: "withheld", Profile: map[string]because.Value{"risk_class": n(2)}},
		{ID: "child", Profile: map[string]because.Value{"birth_year": n(2013)}, Consents: map[string]bool{"interests": false, "learning": false}}, {ID: "teen", Profile: map[string]because.Value{"birth_year": n(2009)}}, {ID: "grown", Profile: map[string]because.Value{"birth_year": n(1990)}},
	}
	if _, err := e.PutUsers(t.Context(), users); err != nil {
		t.Fatal(err)
	}
	var xs []because.Interaction
	for _, it := range items {
		for _, u := range []string{"grown", "c5"} {
			xs = append(xs, because.Interaction{User: u, Item: it.ID, Kind: because.View, Context: because.Context{At: chatDay.AddDate(0, 0, -3)}})
		}
	}
	if _, err := e.AddInteractions(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// recommended are the items that a reader is recommended in a domain.
func recommended(t *testing.T, e *engine.Engine, user, domain string) string {
	t.Helper()
	recs, err := e.Recommend(t.Context(), engine.ListRequest{User: user, N: 10, Domain: domain, Lang: because.English, Context: because.Context{At: chatDay}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range recs.Items {
		out = append(out, r.Item)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestSuitable: no product above the reader's risk class is recommended, as far as they let us use it, and none without a
// risk level; asked for, nothing speaks for it. What is meant for older people is recommended to no minor, whatever they
// consented to.
func TestSuitable(t *testing.T) {
	e := obliged(t)
	for _, tt := range []struct{ user, domain, want string }{
		{"c2", "finance", "f2"}, {"c5", "finance", "f2 f5"}, {"withheld", "finance", "f2 f5"},
		{"child", "entertainment", "m0"}, {"teen", "entertainment", "m0 m16"}, {"grown", "entertainment", "m0 m16 m18"},
		{"child", "education", "e0"}, {"teen", "education", "e0"}, {"grown", "education", "e0 e18"},
	} {
		if got := recommended(t, e, tt.user, tt.domain); got != tt.want {
			t.Errorf("%s, %s: %s, want %s", tt.user, tt.domain, got, tt.want)
		}
	}
	for _, tt := range [][2]string{{"c2", "f5"}, {"c5", "f0"}, {"child", "m18"}, {"teen", "e18"}} {
		for _, lang := range because.Langs {
			x, err := e.Explain(t.Context(), engine.ExplainRequest{User: tt[0], Item: tt[1], Lang: lang, Context: because.Context{At: chatDay}})
			if err != nil {
				t.Fatal(err)
			}
			if len(x.Claims) > 0 || len(x.Evidence) > 0 {
				t.Errorf("%v: something speaks for it: %s", tt, x.Text)
			}
		}
	}
}

// TestStatesRiskLevel: every text on a product states its risk level and ends with what it is not, a push aside; none
// promises a thing.
func TestStatesRiskLevel(t *testing.T) {
	e := obliged(t)
	for _, lang := range because.Langs {
		for _, style := range because.Styles {
			for _, user := range []string{"", "c2", "c5"} {
				x, err := e.Explain(t.Context(), engine.ExplainRequest{User: user, Item: "f2", Lang: lang, Style: style, Context: because.Context{At: chatDay}})
				if err != nil {
					t.Fatal(err)
				}
				closing := pack.Builtin().Pack("finance").Closing.In(lang)
				if x.Source != because.FromApproved || style != because.Push && (!strings.Contains(x.Text, "R2") || !strings.HasSuffix(x.Text, closing)) {
					t.Errorf("%s %s %s (%s): %s", user, lang, style, x.Source, x.Text)
				}
			}
		}
	}
}

// TestHandsOff: a sign of danger in a need is answered by whom to turn to, in either language, and by nothing that
// recommends; a course that is asked for without one ends with where to ask.
func TestHandsOff(t *testing.T) {
	e := obliged(t)
	for _, tt := range []struct {
		need   string
		urgent bool
	}{{"最近走几步就胸痛，想找个课", true}, {"chest pain when I walk", true}, {"每天走走，二十分钟", false}, {"a 20 minute walk", false}} {
		for _, lang := range because.Langs {
			x, err := e.Explain(t.Context(), engine.ExplainRequest{User: "grown", Item: "h1", Lang: lang, Need: tt.need, Context: because.Context{At: chatDay}})
			if err != nil {
				t.Fatal(err)
			}
			p := pack.Builtin().Pack("health")
			if tt.urgent && x.Text != p.Urgent.Say.In(lang) || !tt.urgent && !strings.HasSuffix(x.Text, p.Closing.In(lang)) {
				t.Errorf("%s, %s: %s", tt.need, lang, x.Text)
			}
		}
	}
}

// TestPricesExpire: a price is told while it is younger than the pack's limit, and told anew when the site says it again.
func TestPricesExpire(t *testing.T) {
	e := obliged(t)
	priced := func(hours int) bool {
		x, err := e.Explain(t.Context(), engine.ExplainRequest{Item: "s1", Lang: because.English, Lead: because.PriceKind, Context: because.Context{At: chatDay.Add(time.Duration(hours) * time.Hour)}})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(x.Text, "80")
	}
	if !priced(23) || priced(25) {
		t.Errorf("after 23 hours %v, after 25 %v", priced(23), priced(25))
	}
	it, err := e.Item(t.Context(), "s1")
	if err != nil {
		t.Fatal(err)
	}
	it.Updated = chatDay.Add(20 * time.Hour)
	if _, err := e.PutItems(t.Context(), []because.Item{it}); err != nil {
		t.Fatal(err)
	}
	if !priced(25) {
		t.Error("said again, it is not told")
	}
	for _, domain := range []string{"shop", "travel", "education"} {
		if pack.Builtin().Pack(domain).Kinds[because.PriceKind].TTLHours == 0 {
			t.Errorf("%s: prices never expire", domain)
		}
	}
}

package engine_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
)

// chats are what customers say, and an article, fix or service that answers it.
var chats = []struct {
	user, need string
	lang       because.Lang
	answers    []string
}{
	{"c01", "耳机左边没声音", because.Chinese, []string{"h01", "h02"}},
	{"c01", "退款还没到", because.Chinese, []string{"h14", "h15"}},
	{"c02", "快递不动了", because.Chinese, []string{"h16"}},
	{"c02", "耳机充不进电", because.Chinese, []string{"h05"}},
	{"c03", "吸尘器吸力小", because.Chinese, []string{"h11"}},
	{"c04", "音箱有电流声", because.Chinese, []string{"h10"}},
	{"c04", "收到是坏的，想换一个", because.Chinese, []string{"h18", "h19"}},
	{"c01", "手表步数没更新", because.Chinese, []string{"h09"}},
	{"c03", "忘了密码", because.Chinese, []string{"h29"}},
	{"c04", "补开发票", because.Chinese, []string{"h24"}},
	{"c05", "refund still not here", because.English, []string{"h14", "h15"}},
	{"c05", "left side is silent on my earbuds", because.English, []string{"h01", "h02"}},
	{"c06", "my watch won't charge", because.English, []string{"h07"}},
	{"c06", "you charged me twice", because.English, []string{"h26"}},
	{"c07", "a key is stuck", because.English, []string{"h12"}},
	{"c07", "can't log in", because.English, []string{"h28"}},
	{"c08", "tracking hasn't moved", because.English, []string{"h16"}},
	{"c08", "need to change my address", because.English, []string{"h21"}},
	{"c05", "earbuds keep disconnecting", because.English, []string{"h06"}},
	{"c06", "it arrived broken", because.English, []string{"h19"}},
}

// chatDay is a day after the example's chats.
var chatDay = time.Date(2026, 5, 20, 10, 0, 0, 0, engine.Shanghai)

// support imports the example of the service pack and trains on it.
func support(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Now: at(chatDay)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	for _, f := range [][2]string{{"items", "articles.csv"}, {"users", "customers.jsonl"}, {"interactions", "chats.csv"}, {"reviews", "comments.csv"}} {
		r, err := e.Import(t.Context(), engine.ImportRequest{Kind: f[0], Path: filepath.Join("../../docs/examples/service", f[1]), Domain: "service"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Files {
			if x.Rejected > 0 || x.Added == 0 {
				t.Fatalf("%s: %d of %d rows were rejected", x.File, x.Rejected, x.Read)
			}
		}
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestService: what a customer says in a chat finds its answer, and the reason cites their words, in both languages. An
// order's state is said only to whom agreed to its use, a count of people only from twenty, and an article that is out
// of date is not recommended.
func TestService(t *testing.T) {
	e := support(t)
	styles := []because.Style{because.Short, because.Detail, because.Data, because.Warm}
	cited, found, orders, solved, dated := 0, 0, 0, 0, 0
	for i, c := range chats {
		recs, err := e.Recommend(t.Context(), engine.ListRequest{
			User: c.user, N: 3, Lang: c.lang, Need: c.need, Domain: "service", Explain: true, Style: styles[i%len(styles)], Context: because.Context{At: chatDay}, Source: "template",
		})
		if err != nil {
			t.Fatal(err)
		}
		user, err := e.User(t.Context(), c.user)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range recs.Items {
			x := r.Explanation
			for _, claim := range x.Claims {
				if claim.Verdict != because.Supported {
					t.Errorf("%s: %q is %s in %s", c.need, claim.Text, claim.Verdict, x.Text)
				}
			}
			if r.Item == "h27" {
				t.Errorf("%s: an article that is out of date is recommended", c.need)
			}
			for _, ev := range slices.Concat(x.Evidence, x.Unused) {
				if ev.Kind == because.Profile && ev.Ref == "order_state" {
					if orders++; !user.Consents["orders"] {
						t.Errorf("%s: %s did not agree to the use of the order's state: %s", c.need, c.user, ev.Text)
					}
				}
				if ev.Ref == "solved" {
					if solved++; ev.Slots["value"].Number < 20 || !slices.Contains(c.answers, r.Item) && r.Rank == 1 {
						t.Errorf("%s: %s", c.need, ev.Text)
					}
				}
				if ev.Ref == "valid_until" {
					dated++
				}
			}
		}
		best := recs.Items[0]
		if slices.Contains(c.answers, best.Item) {
			found++
		} else {
			t.Logf("%s is answered by %s", c.need, best.Item)
		}
		quote := "“" + c.need + "”"
		if c.lang == because.Chinese {
			quote = "「" + c.need + "」"
		}
		if strings.Contains(strings.NewReplacer(`"`, "“").Replace(strings.Replace(best.Explanation.Text, `"`, "“", 1)), strings.TrimSuffix(quote, "”")) {
			cited++
		} else {
			t.Logf("%s is not cited in %s", c.need, best.Explanation.Text)
		}
		if testing.Verbose() {
			t.Log(best.Explanation.Text)
		}
	}
	if cited < 18 || found < 18 {
		t.Errorf("of 20 texts %d cite what was said, and %d recommend what answers it", cited, found)
	}
	if orders == 0 || solved == 0 || dated == 0 {
		t.Errorf("%d order states, %d counts, %d days: the test cannot fail", orders, solved, dated)
	}
}

// TestOutOfDate: an item whose last day is over is recommended the day before and no more the day after; asked for, it is
// said to be out of date.
func TestOutOfDate(t *testing.T) {
	e := support(t)
	first := func(c because.Context) string {
		recs, err := e.Recommend(t.Context(), engine.ListRequest{N: 1, Need: "优惠券用不了", Domain: "service", Lang: because.Chinese, Context: c})
		if err != nil {
			t.Fatal(err)
		}
		return recs.Items[0].Item
	}
	last := because.Context{At: chatDay.AddDate(0, 0, -20)} // 30 April
	if got := first(last); got != "h27" {
		t.Errorf("on %s: %s", last.At.Format("2 January"), got)
	}
	last.At = last.At.AddDate(0, 0, 1)
	if got := first(last); got == "h27" {
		t.Errorf("on %s it is still recommended", last.At.Format("2 January"))
	}
	for lang, want := range map[because.Lang]string{because.Chinese: "2026 年 4 月 30 日已经过期", because.English: "went out of date on 30 April 2026"} {
		x, err := e.Explain(t.Context(), engine.ExplainRequest{Item: "h27", Lang: lang, Lead: because.Drawback, Context: because.Context{At: chatDay}, Source: "template"})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(x.Text, want) || strings.Contains(x.Text, "有效到") || strings.Contains(x.Text, "valid until") {
			t.Errorf("%s: %s", lang, x.Text)
		}
	}
}

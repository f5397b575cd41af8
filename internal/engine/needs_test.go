package engine_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"because"
	"because/internal/engine"
)

// TestNeedsInvented evaluates an invented catalogue of three restaurants with two dialogues about them.
//
// The first traveller wants at most 50 a head and a rating from 4.5: of the two that the guide's list could hold, one has
// both and is named; the second wants a dish that the guide's place has and a rating that it has not.
func TestNeedsInvented(t *testing.T) {
	dir := t.TempDir()
	for name, s := range map[string]string{
		"attraction_db.json": `[]`,
		"restaurant_db.json": `[["老灶面馆", {"领域": "餐馆", "名称": "老灶面馆", "推荐菜": ["手擀面"], "人均消费": 32, "评分": 4.6}],
			["望江楼", {"领域": "餐馆", "名称": "望江楼", "推荐菜": ["清蒸鱼"], "人均消费": 120, "评分": 4.2}],
			["小巷茶餐", {"领域": "餐馆", "名称": "小巷茶餐", "推荐菜": ["云吞面"], "人均消费": 60, "评分": 4.0}]]`,
		"val.json": `{"1": {"messages": [
			{"content": "找一家人均50元以下，评分4.5分以上的餐馆", "role": "usr", "dialog_act": [["Inform", "餐馆", "人均消费", "50元以下"], ["Inform", "餐馆", "评分", "4.5分以上"], ["Request", "餐馆", "名称", ""]]},
			{"content": "老灶面馆", "role": "sys", "dialog_act": [["Recommend", "餐馆", "名称", "老灶面馆"]]}]},
			"2": {"messages": [
			{"content": "想吃清蒸鱼，评分要4.5分以上", "role": "usr", "dialog_act": [["Inform", "餐馆", "推荐菜", "清蒸鱼"], ["Inform", "餐馆", "评分", "4.5分以上"], ["Request", "餐馆", "名称", ""]]},
			{"content": "望江楼", "role": "sys", "dialog_act": [["Recommend", "餐馆", "名称", "望江楼"]]}]}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := engine.EvaluateNeeds(t.Context(), dir, engine.NeedsOptions{Folds: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Places != 3 || r.Requests != 2 || r.Wants != 4 || r.Slots.Right != 4 || r.Slots.Read != 4 || r.Slots.F1 != 1 {
		t.Errorf("%d places, %d requests, %d constraints, slots %+v", r.Places, r.Requests, r.Wants, r.Slots)
	}
	for from, x := range r.Needs {
		if x.False != 0 || x.Passed != x.Texts || x.Satisfied < 3 || x.Named.Mean != 1 || x.Failed < 1 || x.Admitted.Mean != 1 {
			t.Errorf("%s: %+v", from, x)
		}
		if x.Hits.At5.Mean != 1 {
			t.Errorf("%s: of three places all are among the first five: %+v", from, x.Hits)
		}
	}
}

// TestNeedsNamed types what people type, of a store that has things of every domain. What is of the kind that was named
// comes first, whatever the reader usually turns to, and no reason quotes a word that asks for nothing.
func TestNeedsNamed(t *testing.T) {
	e, w := open(t)
	items := map[string]because.Item{}
	for _, it := range w.Items {
		items[it.ID] = it
	}
	for _, tt := range []struct {
		lang   because.Lang
		need   string
		domain string
		is     func(because.Item) bool // nil: any of the domain
		never  string                  // not to be quoted
	}{
		{"zh", "500 元以下的耳机", "shop", func(it because.Item) bool { return it.Price <= 500 && slices.Contains(it.Categories, "earbuds") }, ""},
		{"zh", "想找一家酒店", "travel", func(it because.Item) bool { return slices.Contains(it.Categories, "city_hotel") }, ""},
		{"zh", "每节 20 分钟以内的课", "education", func(it because.Item) bool { return *it.Attributes["lesson"].Number <= 20 }, ""},
		{"zh", "关于睡眠的文章", "news", nil, "关于"},
		{"zh", "导演好的电影", "entertainment", func(it because.Item) bool { return len(it.Attributes["director"].Words) > 0 }, "导演"},
		{"en", "a kettle under 500 yuan", "shop", func(it because.Item) bool { return it.Price <= 500 && slices.Contains(it.Categories, "kettle") }, "a"},
		{"en", "a film about robots", "entertainment", func(it because.Item) bool { return slices.Contains(it.Attributes["theme"].Words, "robots") }, "about"},
		{"en", "a low-risk fund for my savings", "finance", nil, "for"},
	} {
		right := func(it because.Item) bool { return it.Domain == tt.domain && (tt.is == nil || tt.is(it)) }
		there := 0
		for _, it := range w.Items {
			if right(it) && !it.Unavailable {
				there++
			}
		}
		if there == 0 {
			t.Fatalf("%s: the store has none", tt.need)
		}
		for _, user := range append(warmUsers(t, e, 3), "") {
			list, err := e.Recommend(t.Context(), engine.ListRequest{User: user, Need: tt.need, N: 3, Lang: tt.lang, Explain: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(list.Items) != 3 {
				t.Fatalf("%s, for %q: %d items", tt.need, user, len(list.Items))
			}
			for k, rec := range list.Items {
				it := items[rec.Item]
				if k < there && !right(it) {
					t.Errorf("%s, for %q: %s, %s of %s, is number %d", tt.need, user, it.ID, it.Name.In(tt.lang), it.Domain, k+1)
				}
				for _, ev := range rec.Explanation.Evidence {
					if got := ev.Slots["need"].Text; ev.Kind == because.Need && tt.never != "" && got == tt.never {
						t.Errorf("%s, for %q: %q is quoted: %s", tt.need, user, got, rec.Explanation.Text)
					}
				}
			}
		}
	}
}

// TestNeedsReal holds the promises on the real catalogue: nothing is claimed as met that is not, and most of what is met
// is named. It takes minutes, so it runs only when it is asked for.
func TestNeedsReal(t *testing.T) {
	dir := filepath.Join(cmp.Or(os.Getenv("BECAUSE_TESTDATA"), "../../../shared/data"), "crosswoz-travel")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no test data: %v", err)
	}
	if os.Getenv("BECAUSE_LONG") == "" {
		t.Skip("takes minutes: set BECAUSE_LONG=1")
	}
	r, err := engine.EvaluateNeeds(t.Context(), dir, engine.NeedsOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range r.Wrong {
		t.Errorf("dialogue %s, %s, of %s: %q says %s, of %q", w.Dialogue, w.From, w.Item, w.Text, w.Constraint, w.Need)
	}
	for from, x := range r.Needs {
		if x.False != 0 || x.Belied > 10 || x.Named.Mean < .8 || x.Passed < x.Texts*998/1000 || x.Hits.At10.Mean <= r.Baselines["content"].At10.Mean {
			t.Errorf("%s: %+v", from, x)
		}
	}
	if h := r.Needs[engine.NeedSaid].Hits; h.At1.Mean < .15 || h.At5.Mean < .33 || h.At10.Mean < .40 {
		t.Errorf("the guide's choice is found less often than it was: %+v", h)
	}
}

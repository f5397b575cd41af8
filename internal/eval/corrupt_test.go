package eval

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"because"
)

var shownAt = time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC)

func ago(days int) time.Time { return shownAt.AddDate(0, 0, -days) }

func slotOf(kind because.SlotKind, text string, n float64, unit string) because.Slot {
	return because.Slot{Kind: kind, Text: text, Number: n, Unit: unit}
}

// statedZh and statedEn are the same true text on the same evidence.
var statedZh = Stated{
	Lang: because.Chinese, Name: "川屿手表", Text: "你 2025 年 12 月买过《远山》，这款续航 140 天；近一年有 312 人看过。", Now: shownAt,
	Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Bought, Text: "你 2025 年 12 月买了远山。", Share: .4, At: ago(80), Slots: map[string]because.Slot{
			"hist": slotOf(because.NameSlot, "远山", 0, ""), "when": {Kind: because.DateSlot, Text: "2025 年 12 月", At: ago(80)}}},
		{ID: "e2", Kind: because.Attribute, Ref: "battery", Text: "川屿手表，续航：140 天。", Slots: map[string]because.Slot{"value": slotOf(because.NumberSlot, "140 天", 140, "d")}},
		{ID: "e3", Kind: because.Popular, Text: "近一年有 312 人看过川屿手表。", At: shownAt, Slots: map[string]because.Slot{
			"count": slotOf(because.CountSlot, "312", 312, ""), "period": slotOf(because.DateSlot, "近一年", 365, "d")}},
		{ID: "e4", Kind: because.Viewed, Text: "你三天前看过青原。", At: ago(3), Slots: map[string]because.Slot{
			"hist": slotOf(because.NameSlot, "青原", 0, ""), "when": {Kind: because.DateSlot, Text: "三天前", At: ago(3)}}},
	},
	Cited: []string{"e1", "e2", "e3"},
}

var elsewhereZh = Elsewhere{
	Names:   []string{"远山二号", "远", "雁门机械表"},
	Facts:   []Borrowed{{"这款带独立定位。", because.Evidence{Kind: because.Attribute, Ref: "gps", Slots: map[string]because.Slot{"value": slotOf(because.WordSlot, "独立定位", 0, "")}}}},
	Readers: []Borrowed{{"你看过《远山》。", statedZh.Evidence[0]}, {"你在兴趣里填了登山。", because.Evidence{Kind: because.Profile, Slots: map[string]because.Slot{"value": slotOf(because.WordSlot, "登山", 0, "")}}}},
	Idle:    []Borrowed{{"这款续航 140 天。", statedZh.Evidence[1]}, {"你买过《远山》。", statedZh.Evidence[0]}},
}

var statedEn = Stated{
	Lang: because.English, Name: "Ridge", Text: "You bought Far Hill in December 2025; this one runs 140 days. 312 people looked at it in the last year.", Now: shownAt,
	Evidence: []because.Evidence{
		{ID: "e1", Kind: because.Bought, Text: "You bought Far Hill in December 2025.", Share: .4, At: ago(80), Slots: map[string]because.Slot{
			"hist": slotOf(because.NameSlot, "Far Hill", 0, ""), "when": {Kind: because.DateSlot, Text: "in December 2025", At: ago(80)}}},
		{ID: "e2", Kind: because.Attribute, Ref: "battery", Text: "Ridge, battery: 140 days.", Slots: map[string]because.Slot{"value": slotOf(because.NumberSlot, "140 days", 140, "d")}},
		{ID: "e3", Kind: because.Popular, Text: "312 people looked at Ridge in the last year.", At: shownAt, Slots: map[string]because.Slot{
			"count": slotOf(because.CountSlot, "312", 312, ""), "period": slotOf(because.DateSlot, "the last year", 365, "d")}},
		{ID: "e4", Kind: because.Viewed, Text: "You looked at Green Plain three days ago.", At: ago(3), Slots: map[string]because.Slot{
			"hist": slotOf(because.NameSlot, "Green Plain", 0, ""), "when": {Kind: because.DateSlot, Text: "three days ago", At: ago(3)}}},
	},
	Cited: []string{"e1", "e2", "e3"},
}

var elsewhereEn = Elsewhere{
	Names:   []string{"Far Hill Two", "Hill", "Goose Gate"},
	Facts:   []Borrowed{{"It has a compass.", because.Evidence{Kind: because.Attribute, Ref: "extras", Slots: map[string]because.Slot{"value": slotOf(because.WordSlot, "a compass", 0, "")}}}},
	Readers: []Borrowed{{"You looked at Far Hill.", statedEn.Evidence[0]}, {"You named hiking.", because.Evidence{Kind: because.Profile, Slots: map[string]because.Slot{"value": slotOf(because.WordSlot, "hiking", 0, "")}}}},
	Idle:    []Borrowed{{"It runs 140 days.", statedEn.Evidence[1]}, {"You bought Far Hill.", statedEn.Evidence[0]}},
}

// outcomes are all that an operator makes of a text, over many seeds: what is wrong, and the text.
func outcomes(operator string, s Stated, from Elsewhere) map[string]Corruption {
	out := map[string]Corruption{}
	for seed := range uint64(200) {
		if c, ok := Corrupt(operator, s, from, rand.New(rand.NewPCG(seed, 1))); ok {
			out[c.Wrong] = c
		}
	}
	return out
}

// TestCorrupt: on two texts of which every outcome of the operators that change a value was worked out by hand, and some of
// those that add what is not so.
func TestCorrupt(t *testing.T) {
	for _, tt := range []struct {
		operator string
		all      bool // no other outcome than these
		zh, en   []string
	}{
		// 远山二号 is around 远山, 远 within: another name must be neither.
		{"entity", true, []string{"远山 → 雁门机械表"}, []string{"Far Hill → Goose Gate"}},
		// 140: one more, one less, ten times as much, the first two digits swapped.
		{"number", true, []string{"140 天 → 141 天", "140 天 → 139 天", "140 天 → 1400 天", "140 天 → 410 天"}, []string{"140 days → 141 days", "140 days → 139 days", "140 days → 1400 days", "140 days → 410 days"}},
		{"count", true, []string{"312 → 313", "312 → 311", "312 → 3120", "312 → 132"}, []string{"312 → 313", "312 → 311", "312 → 3120", "312 → 132"}},
		{"unit", true, []string{"140 天 → 140 小时", "140 天 → 140 周", "140 天 → 140 个月"}, []string{"140 days → 140 hours", "140 days → 140 weeks", "140 days → 140 months"}},
		{"negation", true, []string{"买过 → 没买过", "有 3 → 没有 3", "140 天 → 不到 140 天", "312 → 不到 312"},
			[]string{"You bought → You never bought", "this one runs → this one doesn't run", "140 days → less than 140 days", "312 → less than 312", "312 people looked at → none of 312 people looked at"}},
		// 青原 was looked at, not bought, and not in December; 远山 was bought, not rated.
		{"history", true, []string{"远山 → 青原", "买过 → 打过分"}, []string{"Far Hill → Green Plain", "bought → rated"}},
		// Eighty days ago is neither yesterday, nor last month, nor half a year ago; three months ago it is nearly.
		{"recency", true, []string{
			"2025 年 12 月 → 昨天", "2025 年 12 月 → 前天", "2025 年 12 月 → 上周", "2025 年 12 月 → 上个月", "2025 年 12 月 → 半年前", "2025 年 12 月 → 两年前", "2025 年 12 月 → 三年前",
			"2025 年 12 月 → 2025 年 8 月", "2025 年 12 月 → 2025 年 10 月", "2025 年 12 月 → 2025 年 11 月", "2025 年 12 月 → 2026 年 2 月", "近一年 → 近一周", "近一年 → 今天"},
			[]string{
				"in December 2025 → yesterday", "in December 2025 → two days ago", "in December 2025 → last week", "in December 2025 → last month", "in December 2025 → half a year ago",
				"in December 2025 → two years ago", "in December 2025 → three years ago", "in December 2025 → in August 2025", "in December 2025 → in October 2025", "in December 2025 → in November 2025",
				"in December 2025 → in February 2026", "the last year → the last week"}},
		{"invented", false, []string{"这款带独立定位。", "拿过一项国际设计奖"}, []string{"It has a compass.", "it won a national design award"}},
		{"superlative", false, []string{"遥遥领先"}, []string{"second to none"}},
		{"promise", false, []string{"保证你满意"}, []string{"it can't go wrong"}},
		// The battery has no part in the score, and what was bought has one: that may follow because.
		{"cause", false, []string{"推荐它，是因为这款续航 140 天", "因为商家在做活动，才推荐给你"}, []string{"It is here because it runs 140 days", "It comes first because stock is low"}},
		{"other_reader", false, []string{"你在兴趣里填了登山。", "你是素食者"}, []string{"You named hiking.", "You are a vegetarian"}},
		{"expired", false, []string{"140 天: 川屿手表，续航：140 天。 → 川屿手表，续航：141 天。", "− 远山"}, []string{"140 days: Ridge, battery: 140 days. → Ridge, battery: 141 days.", "− Far Hill"}},
		{"disguise", false, []string{"140 天 → 一百四十一天", "140 天 → １４００ 天", "312 → 三百一十一"}, []string{"140 days → one hundred and forty-one days", "140 days → 1.4K days", "312 → １３２"}},
	} {
		for _, x := range []struct {
			s    Stated
			from Elsewhere
			want []string
		}{{statedZh, elsewhereZh, tt.zh}, {statedEn, elsewhereEn, tt.en}} {
			got := outcomes(tt.operator, x.s, x.from)
			for _, w := range x.want {
				if _, ok := got[w]; !ok {
					t.Errorf("%s/%s: never %q, only %q", tt.operator, x.s.Lang, w, slices.Sorted(maps.Keys(got)))
				}
			}
			if tt.all && len(got) != len(x.want) {
				t.Errorf("%s/%s: %d outcomes, want %d: %q", tt.operator, x.s.Lang, len(got), len(x.want), slices.Sorted(maps.Keys(got)))
			}
			for w, c := range got {
				if changed := c.Evidence != nil; changed != (c.Text == x.s.Text) {
					t.Errorf("%s: %q changes text and evidence, or neither", tt.operator, w)
				}
			}
		}
	}
}

// TestCorruptText: the outcome reads as a text does.
func TestCorruptText(t *testing.T) {
	for _, tt := range []struct {
		operator, wrong, want string
		s                     Stated
		from                  Elsewhere
	}{
		{"entity", "远山 → 雁门机械表", "你 2025 年 12 月买过《雁门机械表》，这款续航 140 天；近一年有 312 人看过。", statedZh, elsewhereZh},
		{"promise", "保证你满意", "你 2025 年 12 月买过《远山》，这款续航 140 天；近一年有 312 人看过，保证你满意。", statedZh, elsewhereZh},
		{"invented", "It has a compass.", "You bought Far Hill in December 2025; this one runs 140 days. 312 people looked at it in the last year. It has a compass.", statedEn, elsewhereEn},
		{"recency", "in December 2025 → last week", "You bought Far Hill last week; this one runs 140 days. 312 people looked at it in the last year.", statedEn, elsewhereEn},
	} {
		if got := outcomes(tt.operator, tt.s, tt.from)[tt.wrong].Text; got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.operator, tt.wrong, got, tt.want)
		}
	}
}

// TestCorruptHoldsBack: nothing is called false that the evidence backs, or may back.
func TestCorruptHoldsBack(t *testing.T) {
	about := statedZh
	about.Text = "你 2025 年 12 月买过《远山》，这款续航约 140 天。"
	for _, op := range []string{"number", "unit"} { // about 140 days are 141 too
		if got := outcomes(op, about, elsewhereZh); len(got) > 0 {
			t.Errorf("%s of a number that is about: %v", op, got)
		}
	}
	twice := statedZh
	twice.Evidence = append(slices.Clone(twice.Evidence), because.Evidence{ID: "e5", Kind: because.Attribute, Ref: "band", Text: "川屿手表，表带：141 毫米。", Slots: map[string]because.Slot{"value": slotOf(because.NumberSlot, "141 毫米", 141, "mm")}})
	if got := outcomes("number", twice, elsewhereZh); got["140 天 → 141 天"].Text != "" || len(got) != 3 {
		t.Errorf("141 is in the evidence: %v", got)
	}
	denied := statedEn
	denied.Text = "You never bought Green Plain; this one isn't heavy."
	if got := outcomes("negation", denied, elsewhereEn); len(got) > 0 {
		t.Errorf("a denial of a denial: %v", got)
	}
	both := statedZh
	both.Evidence = append(slices.Clone(both.Evidence), because.Evidence{ID: "e5", Kind: because.Rated, Text: "你 2025 年 12 月给远山打了 9 分。", At: ago(80), Slots: map[string]because.Slot{
		"hist": slotOf(because.NameSlot, "远山", 0, ""), "when": {Kind: because.DateSlot, Text: "2025 年 12 月", At: ago(80)}}})
	if got := outcomes("history", both, elsewhereZh); got["买过 → 打过分"].Text != "" {
		t.Errorf("it was rated too: %v", got)
	}
	empty := Stated{Lang: because.English, Text: "There is nothing to say.", Now: shownAt}
	for _, op := range []string{"entity", "number", "unit", "negation", "history", "count", "recency", "expired", "disguise"} {
		if got := outcomes(op, empty, Elsewhere{}); len(got) > 0 {
			t.Errorf("%s of nothing: %v", op, got)
		}
	}
}

func TestParaphrase(t *testing.T) {
	turned := statedEn
	turned.Text = "You bought Far Hill in December 2025. 312 people looked at Ridge in the last year."
	quote := statedZh
	quote.Text = "你填的是「140 天」。"
	leaning := statedEn
	leaning.Text = "You bought Far Hill in December 2025. It also runs 140 days."
	for _, tt := range []struct {
		name string
		s    Stated
		want []string
	}{
		{"numerals", statedZh, []string{"你 2025 年 12 月买过《远山》，这款续航一百四十天；近一年有 312 人看过。", "你 2025 年 12 月买过《远山》，这款续航 140 天；近一年有三百一十二人看过。"}},
		{"numerals", statedEn, []string{
			"You bought Far Hill in December 2025; this one runs one hundred and forty days. 312 people looked at it in the last year.",
			"You bought Far Hill in December 2025; this one runs 140 days. Three hundred and twelve people looked at it in the last year."}},
		{"digits", statedZh, []string{"你 2025 年 12 月买过《远山》，这款续航 １４０ 天；近一年有 312 人看过。", "你 2025 年 12 月买过《远山》，这款续航 140 天；近一年有 ３１２ 人看过。"}},
		{"order", turned, []string{"312 people looked at Ridge in the last year. You bought Far Hill in December 2025."}},
		{"order", leaning, nil},
		{"numerals", quote, nil},
		{"punctuation", quote, []string{"你填的是「140 天」"}}, // what is quoted keeps its blanks
		{"punctuation", statedZh, []string{
			"你 2025 年 12 月买过《远山》，这款续航 140 天。近一年有 312 人看过。", "你 2025 年 12 月买过《远山》，这款续航 140 天；近一年有 312 人看过", "你2025年12月买过《远山》，这款续航140天；近一年有312人看过。"}},
	} {
		seen := map[string]bool{}
		for seed := range uint64(60) {
			if p, ok := Paraphrase(tt.name, tt.s, rand.New(rand.NewPCG(seed, 1))); ok {
				seen[p] = true
			}
		}
		if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, slices.Sorted(slices.Values(tt.want))) {
			t.Errorf("%s of %q: %q, want %q", tt.name, tt.s.Text, got, tt.want)
		}
	}
}

func TestNumerals(t *testing.T) {
	for v, want := range map[float64][2]string{
		0: {"零", "zero"}, 10: {"十", "ten"}, 12: {"十二", "twelve"}, 20: {"二十", "twenty"}, 105: {"一百零五", "one hundred and five"}, 110: {"一百一十", "one hundred and ten"},
		1005: {"一千零五", "one thousand and five"}, 3120: {"三千一百二十", "three thousand one hundred and twenty"}, 20300: {"二万零三百", "twenty thousand three hundred"},
	} {
		if han(v) != want[0] || english(int(v)) != want[1] {
			t.Errorf("%v: %s, %s, want %s", v, han(v), english(int(v)), want)
		}
	}
	if got := han(8.05); got != "八点零五" {
		t.Errorf("8.05: %s", got)
	}
	for in, want := range map[string]string{"1,299 元": "2,300 元", "2nd": "2300th", "R2": "R2300", "¥299": "¥2,300", "0.3%": "2300.0%"} {
		if n, ok := readNumeral(in); !ok || n.with(2300) != want {
			t.Errorf("%s with 2300: %s, want %s", in, n.with(2300), want)
		}
	}
	if n, _ := readNumeral("0.3%"); !slices.Equal(n.near(), []float64{.4, n.value - .1, 3}) { // no two digits to swap, and 0.2 as floats have it
		t.Errorf("near 0.3: %v", n.near())
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		k, n            int
		mean, low, high float64
	}{
		{8, 10, .8, .4902, .9433}, // (.8 + .19207 ± 1.96·√(.016 + .0096)) / 1.38414
		{0, 10, 0, 0, .2775},      // .38414 / 1.38414
		{10, 10, 1, .7225, 1},
		{0, 0, 0, 0, 0},
	} {
		if got := Wilson(tt.k, tt.n); !near(got.Mean, tt.mean) || !near(got.Low, tt.low) || !near(got.High, tt.high) || got.N != tt.n {
			t.Errorf("Wilson(%d, %d) = %+v, want %v [%v, %v]", tt.k, tt.n, got, tt.mean, tt.low, tt.high)
		}
	}
}

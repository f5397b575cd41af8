package text

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"  Hello　World ", "hello world"},
		{"ＡＢＣ１２３", "abc123"},
		{"這款手錶續航很長", "这款手表续航很长"},
		{"㎡", "m2"},
		{"plain ascii", "plain ascii"},
		{"Two  blanks", "two blanks"},
	} {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestTraditionalPairs(t *testing.T) {
	to := simplified()
	if len(to) < 1000 {
		t.Errorf("only %d pairs", len(to))
	}
	for from, r := range to {
		if _, again := to[r]; again {
			t.Errorf("%c becomes %c, which becomes something else", from, r)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"长续航 智能手表", []string{"长续航", "智能手表"}},
		{"Running watches, 14.5 days", []string{"run", "watch", "14.5", "day"}},
		{"這款的", []string{"这款", "的"}},
		{"魑魅魍魉", []string{"魑魅", "魅魍", "魍魉"}},
	} {
		if got := Words(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := Terms("the battery of this watch"); !slices.Equal(got, []string{"battery", "watch"}) {
		t.Errorf("Terms = %q", got)
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		in    string
		value float64
		unit  string
		text  string
	}{
		{"能撑14天", 14, "天", "14天"},
		{"能撑 14 天", 14, "天", "14 天"},
		{"１４天", 14, "天", "１４天"},
		{"1,299.50元", 1299.5, "元", "1,299.50元"},
		{"¥1,299", 1299, "元", "¥1,299"},
		{"￥99", 99, "元", "￥99"},
		{"$5", 5, "$", "$5"},
		{"1.2万人", 12000, "人", "1.2万人"},
		{"1.2 万人看过", 12000, "人", "1.2 万人"},
		{"十二个月", 12, "个月", "十二个月"},
		{"十四天", 14, "天", "十四天"},
		{"一万二千公里", 12000, "公里", "一万二千公里"},
		{"一万二", 12000, "", "一万二"},
		{"三百五十米", 350, "米", "三百五十米"},
		{"三百五", 350, "", "三百五"},
		{"两千零五页", 2005, "页", "两千零五页"},
		{"两块", 2, "块", "两块"},
		{"半小时", .5, "小时", "半小时"},
		{"两个半小时", 2.5, "小时", "两个半小时"},
		{"充一次用两个多月", 1, "次", "一次"},
		{"用两个多月", 2, "月", "两个多月"},
		{"一个半月", 1.5, "月", "一个半月"},
		{"一小时四十分钟", 100, "分钟", "一小时四十分钟"},
		{"1 小时 25 分钟充满", 85, "分钟", "1 小时 25 分钟"},
		{"三刻鐘", 45, "分钟", "三刻鐘"},
		{"两年三个月", 27, "个月", "两年三个月"},
		{"1 公斤 200 克", 1200, "克", "1 公斤 200 克"},
		{"千分之三点五", .35, "%", "千分之三点五"},
		{"约十坪", 10, "坪", "十坪"},
		{"练习 28 题", 28, "题", "28 题"},
		{"an hour and a half", 1.5, "hour", "an hour and a half"},
		{"just over an hour and a half", 1.5, "hour", "an hour and a half"},
		{"an hour and three quarters", 1.75, "hour", "an hour and three quarters"},
		{"two and a half hours", 2.5, "hours", "two and a half hours"},
		{"an hour and 25 minutes", 85, "minutes", "an hour and 25 minutes"},
		{"1 h 25 min", 85, "min", "1 h 25 min"},
		{"three quarters of an hour", .75, "hour", "three quarters of an hour"},
		{"charges in an hour", 1, "hour", "an hour"},
		{"a quarter of an hour", .25, "hour", "quarter of an hour"},
		{"between 23 and 40 m²", 23, "m²", "23"},
		{"half a dozen sources", 6, "sources", "half a dozen sources"},
		{"一年半", 1.5, "年", "一年半"},
		{"twelve pages", 12, "pages", "twelve pages"},
		{"twenty-one days", 21, "days", "twenty-one days"},
		{"two hundred and five people", 205, "people", "two hundred and five people"},
		{"one hundred and twelve minutes", 112, "minutes", "one hundred and twelve minutes"},
		{"12K readers", 12000, "readers", "12K readers"},
		{"3 million users", 3e6, "users", "3 million users"},
		{"a 14-day battery", 14, "day", "14-day"},
		{"八折", 20, "折", "八折"},
		{"85折", 15, "折", "85折"},
		{"九五折", 5, "折", "九五折"},
		{"半价", 50, "折", "半价"},
		{"20%", 20, "%", "20%"},
		{"百分之二十", 20, "%", "百分之二十"},
		{"2.1 %", 2.1, "%", "2.1 %"},
		{"-3%", -3, "%", "-3%"},
		{"三成", 30, "%", "三成"},
		{"20 percent off", 20, "%", "20 percent"},
		{"half the price", .5, "price", "half the price"},
		{"½", .5, "", "½"},
		{"1½ hours", 1.5, "hours", "1½ hours"},
		{"三分之一", 1. / 3, "", "三分之一"},
		{"二〇二四年", 2024, "年", "二〇二四年"},
		{"三点五公里", 3.5, "公里", "三点五公里"},
		{"32 g", 32, "g", "32 g"},
		{"3萬兩千", 32000, "", "3萬兩千"},
		{"第三", 3, "第", "三"},
		{"the 3rd", 3, "第", "3rd"},
		{"١٤ days", 14, "days", "١٤ days"},
		{"50米防水", 50, "米", "50米"},
		{"4.5 stars", 4.5, "stars", "4.5 stars"},
	} {
		got := Numbers(tt.in)
		if len(got) == 0 || math.Abs(got[0].Value-tt.value) > 1e-9 || got[0].Unit != tt.unit || got[0].Text != tt.text {
			t.Errorf("Numbers(%q) = %+v, want %v %q %q", tt.in, got, tt.value, tt.unit, tt.text)
		}
	}
}

// TestApart: numbers that stand beside each other are not always one.
func TestApart(t *testing.T) {
	for in, want := range map[string]int{
		"14 天 3 次":             2,
		"2 米 32 平米":            2,
		"45 分钟 2 小时":           2, // the smaller one comes first
		"40 minutes an hour":   1, // a rate
		"twice a week":         1,
		"a 32 g and 2 kg pair": 2,
		"1 小时 90 分钟":           2, // as long as the hour, or longer
	} {
		if got := Numbers(in); len(got) != want {
			t.Errorf("Numbers(%q) = %+v, want %d", in, got, want)
		}
	}
}

func TestNotNumbers(t *testing.T) {
	for _, s := range []string{"一起看", "一样", "十分清楚", "5G 的消息", "MP3", "this one runs", "三星", "四川", "唯一", "半导体", "万一", "one of them", "4K 屏", "第一"} {
		got := Numbers(s)
		if s == "第一" {
			if len(got) != 1 || got[0].Unit != "第" {
				t.Errorf("Numbers(%q) = %+v, want an ordinal", s, got)
			}
			continue
		}
		if len(got) != 0 {
			t.Errorf("Numbers(%q) = %+v, want none", s, got)
		}
	}
}

func TestNumberBounds(t *testing.T) {
	for _, tt := range []struct{ in, bound string }{
		{"约 300 米", "about"}, {"超过20人", "over"}, {"20人以上", "over"}, {"至少 3 部", "over"}, {"不到100元", "under"}, {"about 14 days", "about"},
		{"over 20 people", "over"}, {"20+ people", "over"}, {"14 天左右", "about"}, {"20多人", "over"}, {"14天", ""}, {"nearly 300 people", "about"},
		{"最近 3 天", ""}, {"100 元以内", "under"}, {"at least 3", "over"},
	} {
		got := Numbers(tt.in)
		if len(got) != 1 || got[0].Bound != tt.bound || got[0].Approx != (tt.bound != "") {
			t.Errorf("Numbers(%q) = %+v, want bound %q", tt.in, got, tt.bound)
		}
	}
}

func TestUnit(t *testing.T) {
	for _, tt := range []struct {
		u, base string
		x       float64
	}{{"小时", "s", 3600}, {"hours", "s", 3600}, {"天", "s", 86400}, {"公斤", "g", 1000}, {"元", "元", 1}, {"㎡", "㎡", 1}, {"m2", "m2", 1}, {"thrillers", "thrillers", 1}} {
		if base, x := Unit(tt.u); base != tt.base || x != tt.x {
			t.Errorf("Unit(%q) = %q, %v", tt.u, base, x)
		}
	}
}

// now is a Wednesday at noon, so that its week began on Monday the 17th, 2.5 days before.
var now = time.Date(2026, 8, 19, 12, 0, 0, 0, time.UTC)

func TestTimes(t *testing.T) {
	ago := func(days float64) time.Duration { return time.Duration(days * 24 * float64(time.Hour)) }
	for _, tt := range []struct {
		in      string
		in1     float64 // days ago, inside the window
		out     []float64
		text    string
		part    string
		weekday string
	}{
		{"上周看的", 5, []float64{1, 15}, "上周", "", ""},
		{"3 天前", 3, []float64{1, 5}, "3 天前", "", ""},
		{"三天前", 3, []float64{1, 5}, "三天前", "", ""},
		{"two days ago", 2, []float64{.2, 4}, "two days ago", "", ""},
		{"last week", 8, []float64{1, 15}, "last week", "", ""},
		{"昨晚", .8, []float64{.2, 3}, "昨晚", "evening", ""},
		{"前天", 2, []float64{1, 3}, "前天", "", ""},
		{"去年", 400, []float64{10, 800}, "去年", "", ""},
		{"近30天", 29, []float64{40}, "近30天", "", ""},
		{"the last 30 days", 29, []float64{40}, "the last 30 days", "", ""},
		{"this July", 40, []float64{10, 80}, "this July", "", ""},
		{"this past July", 40, []float64{10, 80}, "this past July", "", ""},
		{"over the past month", 29, []float64{40}, "over the past month", "", ""},
		{"this past week", 6, []float64{9}, "past week", "", ""},
		{"in the last year", 364, []float64{380}, "in the last year", "", ""},
		{"2026年8月5日", 14, []float64{15.2, 12}, "2026年8月5日", "", ""},
		{"8月5日", 14, []float64{15.2, 12}, "8月5日", "", ""},
		{"2026-08-05", 14, []float64{15.2, 12}, "2026-08-05", "", ""},
		{"on August 5, 2026", 14, []float64{15.2, 12}, "August 5, 2026", "", ""},
		{"5 Aug", 14, []float64{15.2, 12}, "5 Aug", "", ""},
		{"last Monday", 2, []float64{.5, 4}, "last Monday", "", "monday"},
		{"上周三晚上", 7, []float64{5, 9}, "上周三晚上", "evening", "wednesday"},
		{"more than two years ago", 800, []float64{365, 700, 2000}, "two years ago", "", ""},
		{"三个多月前", 100, []float64{60, 230}, "三个多月前", "", ""},
		{"less than two years ago", 600, []float64{900}, "two years ago", "", ""},
		{"a month ago", 31, []float64{5, 70}, "a month ago", "", ""},
		{"一个月前", 31, []float64{5, 70}, "一个月前", "", ""},
		{"最近", 10, []float64{100}, "最近", "", ""},
		{"recently", 10, []float64{100}, "recently", "", ""},
		{"上個月", 25, []float64{5, 70}, "上個月", "", ""},
		{"半年前", 182, []float64{20, 600}, "半年前", "", ""},
	} {
		got := Times(tt.in, now)
		if len(got) != 1 {
			t.Errorf("Times(%q) = %+v", tt.in, got)
			continue
		}
		g := got[0]
		if g.Text != tt.text || g.Part != tt.part || g.Weekday != tt.weekday {
			t.Errorf("Times(%q) = %+v", tt.in, g)
		}
		if d := ago(tt.in1); d < g.From || d >= g.To {
			t.Errorf("Times(%q): %v days ago is outside %v to %v", tt.in, tt.in1, g.From, g.To)
		}
		for _, o := range tt.out {
			if d := ago(o); d >= g.From && d < g.To {
				t.Errorf("Times(%q): %v days ago is inside %v to %v", tt.in, o, g.From, g.To)
			}
		}
	}
	for _, tt := range []struct{ in, part, weekday string }{{"工作日早上", "morning", "weekday"}, {"weekday mornings", "morning", "weekday"}, {"周末", "", "weekend"}, {"周日晚上", "evening", "sunday"}, {"深夜", "night", ""}} {
		if got := Times(tt.in, now); len(got) != 1 || got[0].Part != tt.part || got[0].Weekday != tt.weekday || got[0].Text != tt.in {
			t.Errorf("Times(%q) = %+v", tt.in, got)
		}
	}
	for _, s := range []string{"前后", "这款能撑14天", "may be", "a watch"} {
		if got := Times(s, now); len(got) != 0 {
			t.Errorf("Times(%q) = %+v, want none", s, got)
		}
	}
}

func pieces(s string, ranges [][2]int) []string {
	var out []string
	for _, r := range ranges {
		out = append(out, s[r[0]:r[1]])
	}
	return out
}

func TestClauses(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"你看的两块表都是长续航款；这块能撑 14 天，只有 32 克，不过没有独立 GPS。", []string{"你看的两块表都是长续航款", "这块能撑 14 天", "只有 32 克", "不过没有独立 GPS"}},
		{"有人说「很轻，很亮」，¥1,299。", []string{"有人说「很轻，很亮」", "¥1,299"}},
		{"Both run long; this one weighs 1,200 g, though it has no GPS.", []string{"Both run long", "this one weighs 1,200 g", "though it has no GPS"}},
		{"It runs 14 days but lacks GPS.", []string{"It runs 14 days", "but lacks GPS"}},
		{"轻、薄、亮", []string{"轻、薄、亮"}},
		{"，。", nil},
	} {
		if got := pieces(tt.in, Clauses(tt.in)); !slices.Equal(got, tt.want) {
			t.Errorf("Clauses(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"它重 1.5 kg。你看过！", []string{"它重 1.5 kg。", "你看过！"}},
		{"It weighs 1.5 kg. Mr. Li said so.", []string{"It weighs 1.5 kg.", "Mr. Li said so."}},
		{"他说「好。真好。」然后走了。", []string{"他说「好。真好。」然后走了。"}},
	} {
		if got := pieces(tt.in, Sentences(tt.in)); !slices.Equal(got, tt.want) {
			t.Errorf("Sentences(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, keep := range []string{"，：！（）…㎡", "全角ＡＢＣ１２３ and “quotes” — 14 °C", "a < b & c", "<3", "line\n\ttab", "👨‍👩‍👧 ✈️", "AT&T", "￥99"} {
		if got, gone := Clean(keep); got != keep || gone.Total() != 0 {
			t.Errorf("Clean(%q) = %q, %+v", keep, got, gone)
		}
	}
	for _, tt := range []struct {
		in, want string
		gone     Removed
	}{
		{"a\xffb", "ab", Removed{Invalid: 1}},
		{"a\x00b\x07", "ab", Removed{Control: 2}},
		{"a\u200bb\ufeff", "ab", Removed{ZeroWidth: 2}},
		{"a\u202eb", "ab", Removed{Bidi: 1}},
		{"a\U000E0041b", "ab", Removed{Tags: 1}},
		{"<p>轻<b>薄</b></p>", "轻薄", Removed{HTML: 4}},
		{"a<br>b", "a b", Removed{HTML: 1}},
		{"a&nbsp;b", "a\u00a0b", Removed{Entities: 1}},
		{"&lt;script&gt;x&lt;/script&gt;y", "y", Removed{Entities: 1, HTML: 2}},
		{"<script>alert(1)</script>ok", "ok", Removed{HTML: 2}},
		{"a<!-- x -->b", "ab", Removed{HTML: 1}},
	} {
		if got, gone := Clean(tt.in); got != tt.want || gone != tt.gone {
			t.Errorf("Clean(%q) = %q, %+v, want %q, %+v", tt.in, got, gone, tt.want, tt.gone)
		}
	}
}

func TestLenAndScript(t *testing.T) {
	if got := Len("这块能撑 14 天，只有 32 克 GPS"); got != 11 { // 这块能撑 4, 14, 天, 只有 2, 32, 克, GPS
		t.Errorf("Len = %d", got)
	}
	for s, want := range map[string]Writing{"这块表": Zh, "This watch": En, "这块 Garmin Forerunner 手表很轻也很薄": Zh, "你看过的 this watch runs": Mixed, "14": Mixed} {
		if got := Script(s); got != want {
			t.Errorf("Script(%q) = %q, want %q", s, got, want)
		}
	}
	if got := HanShare("ab汉字"); got != .5 {
		t.Errorf("HanShare = %v", got)
	}
}

var seeds = []string{"", "能撑14天，只有 1,299.50 元", "a <b>x</b> &amp;amp; y", "上周三晚上 3天前 2024年3月5日", "一万二千三百四十五 半小时 百分之二十 两三天", "twenty-one days ago, last Monday", "\xff\xfe半", "「，", "第一 3rd ½ 九五折 -3%", "the last 1e999 days", "前前前 近近 周", "Ⅷ ①② ㎡ ﷽"}

func checkRanges(t *testing.T, s string, ranges [][2]int) {
	t.Helper()
	last := 0
	for _, r := range ranges {
		if r[0] < last || r[1] <= r[0] || r[1] > len(s) {
			t.Fatalf("%q: range %v after %d", s, r, last)
		}
		if utf8.ValidString(s) && (!utf8.ValidString(s[r[0]:r[1]])) {
			t.Fatalf("%q: range %v cuts a rune", s, r)
		}
		last = r[1]
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var r [][2]int
		for _, n := range Numbers(s) {
			r = append(r, [2]int{n.Start, n.End})
			if n.Text != s[n.Start:n.End] || math.IsNaN(n.Value) {
				t.Fatalf("%q: %+v", s, n)
			}
		}
		checkRanges(t, s, r)
	})
}

func FuzzTimes(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var r [][2]int
		for _, n := range Times(s, now) {
			r = append(r, [2]int{n.Start, n.End})
		}
		checkRanges(t, s, r)
	})
}

func FuzzClauses(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkRanges(t, s, Clauses(s))
		checkRanges(t, s, Sentences(s))
		Words(s)
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, gone := Clean(s)
		if !utf8.ValidString(once) {
			t.Fatalf("%q is no UTF-8", once)
		}
		if gone.Total() == 0 && once != s {
			t.Fatalf("%q became %q and nothing was counted", s, once)
		}
		if twice, more := Clean(once); twice != once || !reflect.DeepEqual(more, Removed{}) {
			t.Fatalf("%q becomes %q, then %q", s, once, twice)
		}
	})
}

func BenchmarkNumbers(b *testing.B) {
	s := strings.Repeat("你最近看的两块表都是长续航款；这块能撑 14 天，只有 32 克，不过没有独立 GPS。", 1)
	for b.Loop() {
		Numbers(s)
	}
}

func BenchmarkTimes(b *testing.B) {
	s := "你上周三晚上看的两块表都是长续航款；这块能撑 14 天，只有 32 克，不过没有独立 GPS。"
	for b.Loop() {
		Times(s, now)
	}
}

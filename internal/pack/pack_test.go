package pack

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"because"
)

func TestBuiltinPacks(t *testing.T) {
	s, err := load(builtin)
	if err != nil {
		t.Error(err)
	}
	for _, problem := range s.Check(because.English) {
		t.Error(problem)
	}
}

// TestFilmGenres: the genres of MovieLens and MovieTweetings have a word in both languages and are films, in the domain
// that their imports get and in the general one; a genre's own name goes before another word's alias.
func TestFilmGenres(t *testing.T) {
	for genre, want := range map[string][2]string{
		"Action": {"动作片", "action films"}, "Adventure": {"冒险片", "adventure films"}, "Animation": {"动画片", "animated films"}, "Children": {"儿童片", "children's films"},
		"Comedy": {"喜剧片", "comedies"}, "Crime": {"犯罪片", "crime films"}, "Documentary": {"纪录片", "documentaries"}, "Drama": {"剧情片", "dramas"}, "Fantasy": {"奇幻片", "fantasy films"},
		"Film-Noir": {"黑色电影", "films noirs"}, "Horror": {"恐怖片", "horror films"}, "IMAX": {"IMAX 影片", "IMAX films"}, "Musical": {"歌舞片", "musicals"}, "Mystery": {"悬疑片", "mysteries"},
		"Romance": {"爱情片", "romances"}, "Sci-Fi": {"科幻片", "science-fiction films"}, "Thriller": {"惊悚片", "thrillers"}, "War": {"战争片", "war films"}, "Western": {"西部片", "westerns"},
		"Children's": {"儿童片", "children's films"}, "Family": {"家庭片", "family films"}, "Biography": {"传记片", "biopics"}, "History": {"历史片", "historical films"}, "Sport": {"体育片", "sports films"},
		"Short": {"短片", "short films"}, "Adult": {"成人片", "adult films"}, "music_film": {"音乐片", "music films"}, "news_film": {"新闻片", "news films"},
	} {
		for _, domain := range []string{General, "entertainment"} {
			p := Builtin().Pack(domain)
			if zh, en := p.Word(genre, because.Chinese), p.Plural(genre); zh != want[0] || en != want[1] || !p.Titled(genre) || p.Measure(genre) != "部" {
				t.Errorf("%s, %s: %s, %s, titled %v, counted by %s; want %s, %s", domain, genre, zh, en, p.Titled(genre), p.Measure(genre), want[0], want[1])
			}
		}
	}
}

func TestNumber(t *testing.T) {
	p := Builtin().Pack(General)
	for _, tt := range []struct {
		x      float64
		unit   string
		zh, en string
	}{
		{14, "d", "14 天", "14 days"},
		{1, "d", "1 天", "1 day"},
		{0.5, "h", "0.5 小时", "0.5 hours"},
		{14.000000, "g", "14 克", "14 g"},
		{1299, "CNY", "1299 元", "¥1,299"},
		{5.5, "USD", "5.5 美元", "$5.50"},
		{12000, "CNY", "1.2 万元", "¥12,000"},          // exact in 万
		{12999, "CNY", "12999 元", "¥12,999"},         // an amount keeps its digits
		{12345, "person", "1.2 万人", "12,345 people"}, // 1.2345 万, rounded
		{10000, "", "1 万", "10,000"},
		{2.1, "percent", "2.1%", "2.1%"},
		{2.128, "percent", "2.13%", "2.13%"},
		{0.01234, "", "0.0123", "0.0123"}, // three significant digits
		{2003, "year", "2003 年", "2003"},
		{3, "year", "3 年", "3 years"},
		{-3, "point", "-3 分", "-3 points"},
		{7, "furlong", "7 furlong", "7 furlong"}, // unknown units as they stand
	} {
		if got := p.Number(because.Chinese, tt.x, tt.unit); got != tt.zh {
			t.Errorf("Number(zh, %v, %q) = %q, want %q", tt.x, tt.unit, got, tt.zh)
		}
		if got := p.Number(because.English, tt.x, tt.unit); got != tt.en {
			t.Errorf("Number(en, %v, %q) = %q, want %q", tt.x, tt.unit, got, tt.en)
		}
	}
}

func TestValueAndWord(t *testing.T) {
	p := Builtin().Pack("no such domain")
	for _, tt := range []struct{ got, want string }{
		{p.Value(because.Chinese, "length", because.Num(98, "")), "98 分钟"},
		{p.Value(because.English, "length", because.Num(1, "h")), "1 hour"},
		{p.Value(because.English, "color", because.Words("black", "red", "teal")), "black, red and teal"},
		{p.Value(because.Chinese, "color", because.Words("black", "red")), "黑色、红色"},
		{p.Value(because.English, "gps", because.Flag(false)), "no gps"},
		{p.Value(because.Chinese, "gps", because.Flag(false)), "没有 gps"},
		{p.Word("Sci-Fi", because.Chinese), "科幻片"}, // the word of a data set, found by its alias
		{p.Word("Crime", because.English), "crime film"},
		{p.Word("some_site_word", because.English), "some site word"},
		{p.Plural("Comedy"), "comedies"},
		{p.Measure("Crime"), "部"},
		{p.Measure("unknown"), "个"},
		{p.FieldLabel(because.Chinese, "director"), "导演"},
		{Join(because.English, []string{"a", "b", "c"}), "a, b and c"},
		{Space("看5G的消息C2"), "看 5G 的消息 C2"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	if !p.Titled("Drama") || p.Titled("restaurant") {
		t.Error("a drama has a title, a restaurant a name")
	}
}

func TestMatch(t *testing.T) {
	p := Builtin().Pack(General)
	for _, tt := range []struct {
		in   string
		want []string // what was found, "text=word or text:field"
	}{
		{"想看一部科幻片，別太長", []string{"科幻片=sci_fi", "別太長:length"}}, // traditional characters
		{"a Science  Fiction movie, not too long", []string{"Science  Fiction=sci_fi", "movie=film", "not too long:length"}},
		{"warm shorts", nil}, // whole words only: no war, no short
		{"ＳＣＩ-ＦＩ", []string{"ＳＣＩ-ＦＩ=sci_fi"}}, // full width
		{"书包", nil}, // no 书
		{"找本书", []string{"书=book"}},
		{"", nil},
	} {
		var got []string
		for _, h := range p.Match(because.Chinese, tt.in) {
			s := tt.in[h.Start:h.End] + "=" + h.Word
			if h.Field != "" {
				s = tt.in[h.Start:h.End] + ":" + h.Field
			}
			got = append(got, s)
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Match(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestCategoryIsNoFeature: a category is not called by a feature that only some of its items have.
func TestCategoryIsNoFeature(t *testing.T) {
	var got []string
	for _, h := range Builtin().Pack("shop").Match(because.Chinese, "降噪耳机") {
		got = append(got, h.Word)
	}
	if !reflect.DeepEqual(got, []string{"anc", "earbuds"}) {
		t.Errorf("%q", got)
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"科幻片 别太长", "Sci-Fi ﷺ ½", "\xff书", "Å İ ſ", "a  b\u3000"} {
		f.Add(s)
	}
	p := Builtin().Pack(General)
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, h := range p.Match(because.English, s) {
			if h.Start < last || h.End <= h.Start || h.End > len(s) {
				t.Errorf("%q: hit %+v after %d", s, h, last)
			}
			last = h.Start
		}
	})
}

// files is a pack folder as a file system.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func TestLoadSaysWhere(t *testing.T) {
	for _, tt := range []struct {
		fsys fstest.MapFS
		want []string
	}{
		{files("a/pack.yaml", "domain: a\nlabel: {zh: 甲, en: A}\ncolour: red\n"), []string{"a/pack.yaml:3: ", `there is no key "colour"`}},
		{files("a/pack.yaml", "domain: a\nfields: [\n"), []string{"a/pack.yaml:", "not YAML"}},
		{files("a/pack.yaml", "domain: b\n"), []string{"a/pack.yaml", `"b"`}},
		{files("a/pack.yaml", "domain: a\n", "a/words.yaml", "x: {zh: 甲, en: A}\ny: {zh: 乙, eng: B}\n"), []string{"a/words.yaml:2: ", `"eng"`, `did you mean "en"?`}},
		{files("a/pack.yaml", "domain: a\n", "a/patterns.zh.yaml", "lead:\n  bought:\n    short: {a: b}\n"), []string{"a/patterns.zh.yaml:3: ", "a list is wanted"}},
	} {
		_, err := Load(tt.fsys)
		if err == nil || !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%v: no error of the reader's: %v", tt.want, err)
			continue
		}
		for _, w := range tt.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q does not say %q", err, w)
			}
		}
	}
}

func said(problems []Problem) string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func TestCheckSaysWhere(t *testing.T) {
	s, err := Load(files("a/pack.yaml", `domain: a
label: {zh: 甲}
kinds:
  bought: {consent: nothing}
fields:
  x:
    label: {zh: 某, en: some}
    unit: parsec
    say: {zh: ["有{valu}"]}
`, "a/words.yaml", "words:\n  steel: {zh: 钢, of: matal}\n  metal: {zh: 金属, en: metal}\n", "a/patterns.zh.yaml", `lead:
  viewed:
    push: ["因为你在上个星期的一个晚上看过又放下了那个叫{hist}的东西所以"]
    short: ["您看过{hist},{it}{fact}。", "你看过{histt}。"]
`))
	if err != nil {
		t.Fatal(err)
	}
	all := said(s.Check(because.English))
	for _, want := range []string{
		`a/pack.yaml:2: label has no wording in "en"`,
		`a/pack.yaml:4: there is no consent "nothing"`,
		`a/pack.yaml:7: there is no unit "parsec"`, // where the value of x begins
		`a/pack.yaml:9: "有{valu}" cannot fill {valu} here; did you mean "value"?`,
		`a/pack.yaml:9: fields.x.say has no wording in "en"`,
		`a/words.yaml:2: the word "steel" needs zh and en`,
		`a/words.yaml:2: there is no word "matal" of which "steel" could be a kind; did you mean "metal"?`,
		`a/patterns.zh.yaml:3: the push`,
		`a/patterns.zh.yaml:4: "您看过{hist},{it}{fact}。" says 您, but the pack's address is 你`,
		`a/patterns.zh.yaml:4: "您看过{hist},{it}{fact}。" has punctuation of the other script`,
		`a/patterns.zh.yaml:4: "你看过{histt}。" cannot fill {histt} here; did you mean "hist"?`,
		`viewed in style short has 2 patterns, and 4 are needed`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("Check does not say %q in:\n%s", want, all)
		}
	}
	if zh := said(s.Check(because.Chinese)); !strings.Contains(zh, "没有单位") {
		t.Errorf("Check does not speak Chinese:\n%s", zh)
	}
}

func TestDomainExtendsGeneral(t *testing.T) {
	s, err := Load(files("a/pack.yaml", "domain: a\naddress: 您\nlabel: {zh: 甲, en: A}\nfields:\n  year: {label: {zh: 年头, en: vintage}}\n",
		"a/patterns.zh.yaml", "lead:\n  viewed:\n    short: [\"看过{hist}。\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, general := s.Pack("a"), s.Pack("")
	if got := p.Lead[because.Chinese][because.Viewed][because.Short]; !reflect.DeepEqual(got, []string{"看过{hist}。"}) {
		t.Errorf("own patterns: %q", got)
	}
	if strings.Contains(strings.Join(p.Lead[because.Chinese][because.Viewed][because.Detail], ""), "你") {
		t.Error("an inherited pattern says 你 in a pack that says 您")
	}
	if p.FieldLabel(because.English, "year") != "vintage" || p.FieldLabel(because.English, "director") != "director" || general.FieldLabel(because.English, "year") != "year" {
		t.Error("fields are merged wrongly")
	}
	if !reflect.DeepEqual(s.Domains(), []string{"general", "a"}) {
		t.Errorf("domains %q", s.Domains())
	}
	if !p.Allows(because.Bought, nil) || p.Allows(because.Bought, map[string]bool{"history": false}) || p.Consented("health", nil) || p.Consented("unheard of", nil) {
		t.Error("consents: history is given by default, health is not, an unknown one never")
	}
	if arms := p.Arms([]because.EvidenceKind{because.Versus, "nothing"}); len(arms) != 6 || arms[0] != (because.Arm{Style: because.Short, Lead: because.Versus}) {
		t.Errorf("arms %v", arms)
	}
}

func TestParsePattern(t *testing.T) {
	parts, err := ParsePattern("a{b}[c[{d}]]e")
	if err != nil || !reflect.DeepEqual(Holes(parts), []string{"b", "d"}) || len(parts) != 4 {
		t.Errorf("%+v, %v", parts, err)
	}
	for _, s := range []string{"{a", "a}", "[a", "a]", "{}", "{a[b]}"} {
		if _, err := ParsePattern(s); err == nil {
			t.Errorf("%q parses", s)
		}
	}
}

func FuzzLoad(f *testing.F) {
	b, err := os.ReadFile("general/pack.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b[:2000]), "x: {zh: 甲, en: A}")
	f.Add("domain: a\nfields: {x: {say: {zh: ['[{']}}}", "words: 3")
	f.Fuzz(func(t *testing.T, head, words string) {
		s, err := Load(files("a/pack.yaml", head, "a/words.yaml", words))
		if err == nil {
			s.Check(because.Chinese)
			s.Pack("a").Match(because.Chinese, head)
		}
	})
}

// TestSame: what says the same of a word, field or deed that there is not is told with its line.
func TestSame(t *testing.T) {
	set, err := Builtin().With(fstest.MapFS{
		"tools/pack.yaml":  {Data: []byte("domain: tools\nlabel: {zh: 工具, en: Tools}\n")},
		"tools/words.yaml": {Data: []byte("drill: {zh: 电钻, en: drill}\n")},
		"tools/same.yaml":  {Data: []byte("words:\n  drill: {zh: [钻], en: [power drill]}\n  saw: {en: [handsaw]}\nnot:\n  cordless: {en: [with a cord]}\ndeeds:\n  bought: {en: [rented]}\n  borrowed: {en: [lent]}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Pack("tools").Same.Words["drill"][because.English]; len(got) != 1 || got[0] != "power drill" {
		t.Errorf("%q", got)
	}
	if got := set.Pack("tools").Same.Deeds["bought"][because.English]; len(got) != 1 || got[0] != "rented" {
		t.Errorf("%q", got)
	}
	lines := map[int]bool{}
	for _, p := range set.Check(because.English) {
		if strings.HasSuffix(p.File, "tools/same.yaml") {
			lines[p.Line] = true
		}
	}
	if len(lines) != 3 || !lines[3] || !lines[5] || !lines[8] {
		t.Errorf("lines %v", lines)
	}
}

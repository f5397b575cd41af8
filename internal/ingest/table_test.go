package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"golang.org/x/text/encoding/simplifiedchinese"

	"because"
)

// A sheet as Excel saves it on a Chinese system: GB18030, CRLF, a title with a quote and a line break.
func TestChineseSheet(t *testing.T) {
	items := "商品编号,商品名称,一级类目,二级类目,价格,上架日期,续航（天）,防水,颜色,重量\r\n" +
		"A-1,\"川屿\"\"轻行\"\"\n智能手表\",数码,智能手表,\"￥1,299.00\",2024年3月5日,14天,是,黑色、白色,32克\r\n" +
		"A-2,山茶手环,数码,手环,1.2万,2024/3/6,7,否,红,\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(items)
	if err != nil {
		t.Fatal(err)
	}
	k, f := read(t, "items", gb, Options{Domain: "shop", Zone: shanghai})
	if f.Encoding != "gb18030" || f.Rejected != 0 || len(k.items) != 2 {
		t.Fatalf("%+v", f)
	}
	a := k.items[0]
	if a.ID != "A-1" || a.Name.In(because.Chinese) != "川屿\"轻行\"\n智能手表" || a.Price != 1299 || a.Currency != "CNY" {
		t.Errorf("item %+v", a)
	}
	if want := time.Date(2024, 3, 5, 0, 0, 0, 0, shanghai); !a.Published.Equal(want) {
		t.Errorf("published %v, want %v", a.Published, want)
	}
	if v := a.Attributes["battery"]; v.Number == nil || *v.Number != 14 { // the pack counts days
		t.Errorf("battery %v of %v", v, a.Attributes)
	}
	b := k.items[1]
	if b.Price != 12000 || len(b.Categories) != 2 {
		t.Errorf("item %+v", b)
	}

	rows := "用户ID,商品名称,评分,时间\n" + "张三,川屿手表,4,2024年3月5日 下午3:20\n" + "李四,川屿手表,5,2024/3/6 15:20\n" + "王五,川屿手表,五星好评,2024/3/6 15:20\n"
	gb, err = simplifiedchinese.GBK.NewEncoder().String(rows)
	if err != nil {
		t.Fatal(err)
	}
	k, f = read(t, "interactions", gb, Options{Zone: shanghai})
	if len(k.interactions) != 2 || f.Rejected != 1 || f.Samples[0].Line != 4 || !strings.Contains(f.Samples[0].Row, "王五") {
		t.Fatalf("%+v %+v", k.interactions, f)
	}
	x := k.interactions[0]
	if want := time.Date(2024, 3, 5, 15, 20, 0, 0, shanghai); x.User != "张三" || x.Item != "川屿手表" || x.Kind != because.Rating || x.Value != 4 || !x.Context.At.Equal(want) || x.Context.At.Hour() != 15 {
		t.Errorf("interaction %+v", x)
	}
}

func TestTables(t *testing.T) {
	at := time.Date(2024, 3, 5, 7, 20, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, in string
		o        Options
		want     because.Interaction
	}{
		{"plain", "user_id,item_id,event_type,timestamp\nu,i,buy,1709623200\n", Options{}, because.Interaction{User: "u", Item: "i", Kind: "purchase", Weight: 1}},
		{"BOM, tabs, milliseconds", "\xEF\xBB\xBFUSER_ID\tITEM_ID\tEVENT_TYPE\tTIMESTAMP\nu\ti\tclick\t1709623200000\n", Options{}, because.Interaction{User: "u", Item: "i", Kind: "click", Weight: .3}},
		{"semicolons, mapped", "who;what;did;when\nu;i;加购;2024-03-05T15:20:00+08:00\n", Options{Map: map[string]string{"user": "who", "item": "what", "kind": "did", "time": "when"}}, because.Interaction{User: "u", Item: "i", Kind: "cart", Weight: .6}},
		{"no header, by number", "u,i,9,pv,1709623200\n", Options{Map: map[string]string{"user": "1", "item": "2", "kind": "4", "time": "5"}}, because.Interaction{User: "u", Item: "i", Kind: "view", Weight: .2}},
		{"dwell", "用户,商品ID,行为,时间,停留时长\nu,i,浏览,2024-03-05 07:20:00,60\n", Options{}, because.Interaction{User: "u", Item: "i", Kind: "view", Weight: .3, Dwell: 60}}, // .2 + .2·60/120
		{"search", "user,item,kind,query,time\nu,,search,长续航 手表,1709623200\n", Options{}, because.Interaction{User: "u", Kind: "search", Query: "长续航 手表", Weight: .2}},
		{"date and clock", "user,item,日期,时间,kind\nu,i,2024/3/5,07:20,click\n", Options{}, because.Interaction{User: "u", Item: "i", Kind: "click", Weight: .3}},
		{"ids as they are", "user,item,kind,time\n\"u \"\"1\"\" 😀\",\"a,b\",view,1709623200\n", Options{}, because.Interaction{User: `u "1" 😀`, Item: "a,b", Kind: "view", Weight: .2}},
		{"gorse", `{"FeedbackType":"star","UserId":"u","ItemId":"i","Timestamp":"2024-03-05T07:20:00Z"}` + "\n", Options{}, because.Interaction{User: "u", Item: "i", Kind: "click", Weight: .3}},
		{"numeric ids in JSON", `{"user":"u","item":7,"kind":"view","context":{"at":"2024-03-05T07:20:00Z","device":"手机"}}` + "\n", Options{}, because.Interaction{User: "u", Item: "7", Kind: "view", Weight: .2, Context: because.Context{Device: "phone"}}},
		{"an array", "[{\"user\":\"u\",\"item\":\"i\",\"kind\":\"view\",\"context\":{\"at\":\"2024-03-05T07:20:00Z\"}},\n]\n", Options{}, because.Interaction{User: "u", Item: "i", Kind: "view", Weight: .2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k, f := read(t, "interactions", tt.in, tt.o)
			if len(k.interactions) != 1 {
				t.Fatalf("%+v", f)
			}
			x := k.interactions[0]
			if !x.Context.At.Equal(at) || x.ID == "" {
				t.Errorf("at %v, id %q", x.Context.At, x.ID)
			}
			x.ID, x.Context.At, x.Weight = "", time.Time{}, math.Round(x.Weight*1e9)/1e9
			if !reflect.DeepEqual(x, tt.want) {
				t.Errorf("got %+v\nwant %+v", x, tt.want)
			}
		})
	}
}

func TestRefusedRows(t *testing.T) {
	head := "user,item,kind,time,value\n"
	for row, why := range map[string]string{
		",i,view,,":                             "No user.",
		"u,,view,,":                             "No item.",
		"u,i,dance,,":                           `Unknown kind of interaction "dance"`,
		"u,i,rating,,":                          "A rating without a value.",
		"u,i,rating,,NaN":                       "",
		"u,i,rating,,+Inf":                      "is no number",
		"u,i,view,1969-12-31,":                  "out of range",
		"u,i,view,0000-01-01,":                  "",
		"u,i,view,9999-12-31,":                  "out of range",
		"u,i,view,2025-06-03,":                  "out of range", // two days from now
		"u,i,view,soon,":                        `"soon" is no time.`,
		"u\xff\xfe,i,view,,":                    "",
		"u\x01,i,view,,":                        "control character",
		strings.Repeat("u", 3000) + ",i,view,,": "longer than 2048 bytes",
		"u,i,view,,,,6":                         "7 cells, but the header has 5.",
		"u,i,purchase,,-3":                      "",
		"u,\"i,view\n" + strings.Repeat("x,", 30) + "": "",
	} {
		k, f := read(t, "interactions", head+row+"\nu2,i,view,,\n", Options{})
		if f.Rejected+len(k.interactions)+f.Duplicates < f.Read || f.Read == 0 {
			t.Errorf("%q: a row was lost: %+v", row, f)
		}
		if why != "" && (f.Rejected != 1 || !strings.Contains(f.Samples[0].Reason, why) || f.Samples[0].Line != 2 || len(f.Samples[0].Row) > rowKept) {
			t.Errorf("%q: %+v, want %q", row, f.Samples, why)
		}
		if len(k.interactions) == 0 {
			t.Errorf("%q: the row behind it was lost", row)
		}
	}
}

func TestSameRowsSameIDs(t *testing.T) {
	in := "user,item,kind,time\n" + "u,i,view,1709623200\nu,i,view,1709623201\nu,i,view,1709623200\nu,i,click,1709623200\n"
	a, f := read(t, "interactions", in, Options{})
	b, _ := read(t, "interactions", in, Options{Zone: shanghai})
	if f.Duplicates != 1 || len(a.interactions) != 3 {
		t.Fatalf("%+v", f)
	}
	for i := range a.interactions {
		if a.interactions[i].ID != b.interactions[i].ID {
			t.Errorf("row %d has the IDs %q and %q", i, a.interactions[i].ID, b.interactions[i].ID)
		}
	}
	k := &kept{}
	for i, added := range []int{3, 0} { // the second time, all are known
		rep, err := Run(t.Context(), Options{Kind: "interactions", Path: "-", Reader: strings.NewReader(in), Now: now}, k)
		if err != nil || rep.Files[0].Added != added || rep.Files[0].Unchanged != 3-added {
			t.Errorf("import %d: %v %+v", i, err, rep)
		}
	}
}

func TestParseTime(t *testing.T) {
	want := time.Date(2024, 3, 5, 15, 20, 0, 0, shanghai)
	for _, s := range []string{
		"2024年3月5日 下午3:20", "2024年03月05日15时20分", "2024年3月5日 15:20:00", "2024年3月5日下午3点20分", "2024年3月5日 星期二 15:20", "2024/3/5 15:20", "2024-03-05 15:20:00", "2024-03-05 15:20:00.000",
		"2024.3.5 15:20", "2024-03-05T15:20:00+08:00", "2024-03-05T07:20:00Z", "1709623200", "1709623200.0", "1709623200000", "1709623200000000", "20240305152000", "45356.6388888889",
		"3/5/2024 3:20 PM", "Mar 5, 2024 3:20 PM", "5 March 2024 15:20", "Tue, 05 Mar 2024 07:20:00 GMT", "2024-03-05 07:20:00 UTC", "2024-03-05 15:20:00 +0800", "２０２４年３月５日 １５：２０",
	} {
		if got, ok := parseTime(s, shanghai); !ok || !got.Equal(want) {
			t.Errorf("%q is %v, %v", s, got, ok)
		}
	}
	day := time.Date(2024, 3, 5, 0, 0, 0, 0, shanghai)
	for _, s := range []string{"20240305", "2024-03-05", "2024年3月5日", "3/5/2024", "05.03.2024", "45356", "Mar 5, 2024"} {
		if got, ok := parseTime(s, shanghai); !ok || !got.Equal(day) {
			t.Errorf("%q is %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "soon", "2024-13-05", "2024-02-30", "25:00", "2024年", "12345678901234567890123", "1e400", "NaN", "13/13/2024", "昨天", "2024-03-05 25:00"} {
		if got, ok := parseTime(s, shanghai); ok && s != "2024年" {
			t.Errorf("%q is %v", s, got)
		}
	}
	if got, ok := parseTime("15/3/2024", nil); !ok || got.Day() != 15 || got.Month() != 3 { // 15 is no month
		t.Errorf("15/3/2024 is %v", got)
	}
	if got, _ := parseTime("2024年3月5日 上午12:05", nil); got.Hour() != 0 {
		t.Errorf("上午12:05 is %v", got)
	}
	if got, _ := parseTime("2024年3月5日 中午12:05", nil); got.Hour() != 12 {
		t.Errorf("中午12:05 is %v", got)
	}
}

func TestNumber(t *testing.T) {
	for s, want := range map[string]float64{
		"14": 14, "-2.5": -2.5, "1,299.50": 1299.5, "￥1,299": 1299, "99元": 99, "¥ 99.9": 99.9, "$5": 5, "1.2万": 12000, "3千": 3000, "12K": 12000, "1.299,50": 1299.5, "12,5": 12.5, "85%": 85, "１２": 12,
		"(12)": -12, "-￥5": -5, "￥-5": -5, "一百二十": 120, "1e3": 1000, "1.2万元": 12000, "2亿": 2e8,
	} {
		if got, _, ok := number(s); !ok || math.Abs(got-want) > 1e-9*math.Abs(want) {
			t.Errorf("%q is %v, %v, want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "abc", "1-2", "12 apples", "1.2.3", "0x10", "--"} {
		if got, _, ok := number(s); ok {
			t.Errorf("%q is %v", s, got)
		}
	}
	for s, want := range map[string]string{"￥5": "CNY", "5元": "CNY", "$5": "USD", "5 EUR": "EUR", "HK$5": "HKD", "5": ""} {
		if _, got, ok := number(s); got != want || !ok {
			t.Errorf("%q is in %q, want %q", s, got, want)
		}
	}
}

func TestWeight(t *testing.T) {
	for _, tt := range []struct {
		x    because.Interaction
		want float64
	}{
		{because.Interaction{Kind: because.View}, .2},
		{because.Interaction{Kind: because.View, Dwell: 60}, .3}, // half of the long stay of 120 s
		{because.Interaction{Kind: because.View, Dwell: 9999}, .4},
		{because.Interaction{Kind: because.Click}, .3},
		{because.Interaction{Kind: because.Cart}, .6},
		{because.Interaction{Kind: because.Purchase, Value: 3}, 1},
		{because.Interaction{Kind: because.Rating, Value: 5}, 1},   // of 1–5
		{because.Interaction{Kind: because.Rating, Value: 2}, -.5}, // (2-3)/2
		{because.Interaction{Kind: because.Rating, Value: 10}, 1},  // of 1–10
		{because.Interaction{Kind: because.Rating, Value: math.NaN()}, 0},
	} {
		if got := Weight(tt.x); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("Weight(%+v) = %v, want %v", tt.x, got, tt.want)
		}
	}
	for _, tt := range []struct {
		ratings   []float64
		low, high float64
	}{
		{[]float64{3, 4, 5}, 1, 5}, {[]float64{.5, 4.5}, 0, 5}, {[]float64{0, 5}, 0, 5}, {[]float64{2, 10}, 1, 10}, {[]float64{0, 9}, 0, 10}, {[]float64{0, 1}, 0, 1}, {[]float64{-1, 1}, -1, 1},
		{[]float64{60, 80}, 1, 100}, {[]float64{1, 250}, 1, 250}, {[]float64{-10, 8.5}, -10, 10},
	} {
		var s scale
		for _, v := range tt.ratings {
			s.see(v)
		}
		if low, high := s.ends(); low != tt.low || high != tt.high {
			t.Errorf("%v are of %v–%v, want %v–%v", tt.ratings, low, high, tt.low, tt.high)
		}
	}
}

func TestItemColumns(t *testing.T) {
	k, f := read(t, "items", "id,name_zh,name_en,category,price,year,ean,tags,waterproof,url\n"+
		"1,表,Watch,Electronics > Wearables,-5,2019,0012345678905,a|b;c,yes,http://x/1\n"+
		"2,,,,$12,,,,,\n", Options{})
	a, b := k.items[0], k.items[1]
	if a.Name.In(because.Chinese) != "表" || a.Name.In(because.English) != "Watch" || a.Price != 0 || f.Filled["price"] != 1 || f.Filled["name"] != 1 || len(f.Notes) < 2 {
		t.Errorf("%+v %+v", a, f)
	}
	if !reflect.DeepEqual(a.Categories, []string{"Wearables", "Electronics"}) {
		t.Errorf("categories %q, the most telling is not first", a.Categories)
	}
	if v := a.Attributes; *v["year"].Number != 2019 || v["ean"].Words[0] != "0012345678905" || len(v["tags"].Words) != 3 || !*v["waterproof"].Flag || len(v) != 4 {
		t.Errorf("attributes %v", v)
	}
	if b.Name.In(because.English) != "2" || b.Currency != "USD" || b.Price != 12 {
		t.Errorf("%+v", b)
	}
}

func TestFilms(t *testing.T) {
	dir := folder(t, map[string]string{
		"movies.dat":  "1::Matrix, The (1999)::Action|Sci-Fi\n2::City of Lost Children, The (Cité des enfants perdus, La) (1995)::Fantasy\n3::(500) Days of Summer (2009)::(no genres listed)\n",
		"ratings.dat": "1::1::5::978300760\n1::2::1::978300761\n",
	})
	k := &kept{}
	if _, err := Run(t.Context(), Options{Kind: "dataset", Path: dir, Now: now}, k); err != nil {
		t.Fatal(err)
	}
	a, b, c := k.items[0], k.items[1], k.items[2]
	if a.Name.In("") != "The Matrix" || a.Published.Year() != 1999 || *a.Attributes["year"].Number != 1999 || a.Domain != "entertainment" || len(a.Categories) != 2 {
		t.Errorf("%+v", a)
	}
	if b.Name.In("") != "The City of Lost Children" || b.Aliases[0] != "La Cité des enfants perdus" {
		t.Errorf("%+v", b)
	}
	if c.Name.In("") != "(500) Days of Summer" || len(c.Categories) != 0 {
		t.Errorf("%+v", c)
	}
	one := &kept{}
	if rep, err := Run(t.Context(), Options{Kind: "interactions", Path: filepath.Join(dir, "ratings.dat"), Now: now}, one); err != nil || len(one.interactions) != 2 {
		t.Errorf("the file alone: %v %+v", err, rep)
	}
	if k.interactions[0].Weight != 1 || k.interactions[1].Weight != -1 { // the ends of 1–5
		t.Errorf("%+v", k.interactions)
	}
}

func TestOtherFolders(t *testing.T) {
	gorse := folder(t, map[string]string{
		"users.jsonl":    `{"UserId":"u","Labels":["a","b"],"Comment":"Ann"}` + "\n",
		"items.jsonl":    `{"ItemId":"i","IsHidden":true,"Categories":["film"],"Timestamp":"2024-01-01T00:00:00Z","Labels":["x"],"Comment":"A film"}` + "\n",
		"feedback.jsonl": `{"FeedbackType":"read","UserId":"u","ItemId":"i","Timestamp":"2024-02-01T00:00:00Z"}` + "\n",
	})
	personalize := folder(t, map[string]string{
		"users.csv":        "USER_ID,AGE\nu,30\n",
		"items.csv":        "ITEM_ID,ITEM_NAME,GENRES,PRICE,CREATION_TIMESTAMP\ni,A film,film|war,9.5,1704067200\n",
		"interactions.csv": "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nu,i,1706745600,view\n",
	})
	recbole := folder(t, map[string]string{
		"x.inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\nu\ti\t4\t1706745600\n",
		"x.item":  "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\ni\tA film\t1995\tWar Comedy\n",
		"x.user":  "user_id:token\tage:token\nu\t30\n",
	})
	for name, dir := range map[string]string{"gorse": gorse, "personalize": personalize, "recbole": recbole} {
		k := &kept{}
		rep, err := Run(t.Context(), Options{Kind: "dataset", Path: dir, Now: now}, k)
		if err != nil || len(rep.Files) != 3 {
			t.Fatalf("%s: %v %+v", name, err, rep)
		}
		if len(k.items) != 1 || len(k.users) != 1 || len(k.interactions) != 1 {
			t.Fatalf("%s: %+v", name, rep)
		}
		if it := k.items[0]; it.ID != "i" || it.Name.In("") != "A film" || len(it.Categories) == 0 || it.Unavailable != (name == "gorse") {
			t.Errorf("%s: %+v", name, it)
		}
		if x := k.interactions[0]; x.User != "u" || x.Item != "i" || x.Context.At.Year() != 2024 {
			t.Errorf("%s: %+v", name, x)
		}
		if len(k.users[0].Profile) == 0 {
			t.Errorf("%s: no profile: %+v", name, k.users[0])
		}
	}
}

func TestExamplesAndReviews(t *testing.T) {
	k, f := read(t, "examples", "text,real_text\n用户看过手表,因为你看过手表\nx,\n", Options{})
	if len(k.examples) != 1 || f.Rejected != 1 || k.examples[0].Lang != because.Chinese || k.examples[0].ID == "" {
		t.Errorf("%+v %+v", k.examples, f)
	}
	k, f = read(t, "reviews", "商品ID,评论内容,评分\ni,<b>很好</b>\u200b用&amp;快,5\ni,,4\n", Options{})
	if len(k.reviews) != 1 || f.Rejected != 1 || k.reviews[0].Text != "很好用&快" || k.reviews[0].Rating != 5 || len(f.Notes) == 0 {
		t.Errorf("%+v %+v", k.reviews, f)
	}
}

func TestBursts(t *testing.T) {
	var b strings.Builder
	b.WriteString("user,item,kind,time\n")
	for i := range 400 {
		fmt.Fprintf(&b, "bot,i%d,view,%d\n", i, 1709623200+i/10) // 400 in 40 s
		fmt.Fprintf(&b, "man,i%d,view,%d\n", i, 1709623200+i*60)
	}
	k, f := read(t, "interactions", b.String(), Options{})
	zero := map[string]int{}
	for _, x := range k.interactions {
		if x.Weight == 0 {
			zero[x.User]++
		}
	}
	if zero["bot"] != 100 || zero["man"] != 0 || len(k.interactions) != 800 || !strings.Contains(strings.Join(f.Notes, " "), "100 interactions") {
		t.Errorf("%v without weight; notes %q", zero, f.Notes)
	}
}

func TestCompressed(t *testing.T) {
	in := []byte("user,item,kind,time\nu,i,view,1709623200\n")
	var gz, zs bytes.Buffer
	g := gzip.NewWriter(&gz)
	_, _ = g.Write(in)
	g.Close()
	z, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = z.Write(in)
	z.Close()
	for name, b := range map[string][]byte{"gzip": gz.Bytes(), "zstd": zs.Bytes()} {
		if k, f := read(t, "interactions", string(b), Options{}); len(k.interactions) != 1 {
			t.Errorf("%s: %+v", name, f)
		}
		_, err := Run(t.Context(), Options{Kind: "interactions", Path: "-", Reader: bytes.NewReader(b[:len(b)-6]), Now: now}, &kept{})
		if _, said := because.Message(err, because.English); !said {
			t.Errorf("%s cut short: %v", name, err)
		}
	}
	_, err = Run(t.Context(), Options{Kind: "items", Path: "-", Reader: strings.NewReader("PK\x03\x04xxxx")}, &kept{})
	if s, _ := because.Message(err, because.English); !strings.Contains(s, "Excel") {
		t.Errorf("a workbook: %v", err)
	}
}

func TestParquet(t *testing.T) {
	type rowType struct {
		User string    `parquet:"user_id"`
		Item int64     `parquet:"item_id"`
		Kind string    `parquet:"event_type,optional"`
		At   time.Time `parquet:"timestamp,timestamp(millisecond)"`
		Tags []string  `parquet:"tags,list"`
	}
	path := filepath.Join(t.TempDir(), "x.parquet")
	at := time.Date(2024, 3, 5, 7, 20, 0, 0, time.UTC)
	rows := make([]rowType, 150) // more than one reading
	for i := range rows {
		rows[i] = rowType{"u", int64(i), "buy", at.Add(time.Duration(i) * time.Hour), []string{"a", "b"}}
	}
	if err := parquet.WriteFile(path, rows); err != nil {
		t.Fatal(err)
	}
	k := &kept{}
	rep, err := Run(t.Context(), Options{Kind: "interactions", Path: path, Now: now}, k)
	if err != nil || len(k.interactions) != 150 || rep.Files[0].Format != "parquet" {
		t.Fatalf("%v %+v", err, rep)
	}
	if x := k.interactions[149]; x.Item != "149" || x.Kind != because.Purchase || !x.Context.At.Equal(at.Add(149*time.Hour)) {
		t.Errorf("%+v", x)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{8, len(b) / 2, len(b) - 5} {
		if err := os.WriteFile(path, b[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Run(t.Context(), Options{Kind: "interactions", Path: path, Now: now}, &kept{})
		if _, said := because.Message(err, because.English); !said {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

func TestMissingColumns(t *testing.T) {
	for in, want := range map[string]string{
		"a,b\n1,2\n": "no column for user was found among: a, b",
		"":           "is empty",
		"user\nu\n":  "no column for item",
	} {
		_, err := Run(t.Context(), Options{Kind: "interactions", Path: "-", Reader: strings.NewReader(in), Now: now}, &kept{})
		if s, _ := because.Message(err, because.English); !strings.Contains(s, want) || !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%q: %v", in, err)
		}
	}
	_, err := Run(t.Context(), Options{Kind: "interactions", Path: "-", Reader: strings.NewReader("user,item\n"), Map: map[string]string{"time": "wann"}}, &kept{})
	if s, _ := because.Message(err, because.English); !strings.Contains(s, `no column "wann"`) {
		t.Errorf("%v", err)
	}
}

func TestRejectsAreKept(t *testing.T) {
	var out bytes.Buffer
	opened := 0
	o := Options{Kind: "interactions", Path: "-", Now: now, Lang: because.Chinese, Rejects: func() (io.WriteCloser, error) { opened++; return closer{&out}, nil }}
	o.Reader = strings.NewReader("user,item\n" + strings.Repeat(",x\n", 25))
	rep, err := Run(t.Context(), o, &kept{})
	if err != nil || opened != 1 || strings.Count(out.String(), "\n") != 25 || len(rep.Files[0].Samples) != samples || !strings.Contains(out.String(), `"reason":"缺少 user。"`) {
		t.Errorf("%v, opened %d times: %s", err, opened, out.String())
	}
	o.DryRun, o.Reader = true, strings.NewReader("user,item\nu,i\n,x\n")
	k := &kept{}
	if rep, err = Run(t.Context(), o, k); err != nil || opened != 1 || k.batches != 0 || rep.Files[0].Read != 2 || rep.Files[0].Rejected != 1 {
		t.Errorf("a dry run wrote: %v %+v", err, rep)
	}
}

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

func TestCancel(t *testing.T) {
	var b strings.Builder
	b.WriteString("user,item,kind,time\n")
	for i := range 3*batch + 1 {
		fmt.Fprintf(&b, "u,i%d,view,1709623200\n", i)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	k := &kept{after: func(n int) {
		if n == 2 {
			cancel()
		}
	}}
	rep, err := Run(ctx, Options{Kind: "interactions", Path: "-", Reader: strings.NewReader(b.String()), Now: now}, k)
	if !errors.Is(err, context.Canceled) || !rep.Canceled || len(k.interactions) != 2*batch || rep.Files[0].Added != 2*batch {
		t.Errorf("%v, %d kept, %+v", err, len(k.interactions), rep)
	}
}

// endless gives n bytes of x after a head.
type endless struct {
	head string
	n    int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	if e.n <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.n)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.n -= n
	return n, nil
}

func TestOneLongLine(t *testing.T) {
	n := 1 << 29
	if testing.Short() {
		n = 1 << 26
	}
	for _, head := range []string{"user,item\nu,", "user,item\nu,\"", `{"user":"`} {
		runtime.GC()
		var m0, m1 runtime.MemStats
		runtime.ReadMemStats(&m0)
		rep, err := Run(t.Context(), Options{Kind: "interactions", Path: "-", Reader: &endless{head, n}, Now: now, Lang: because.English}, &kept{})
		runtime.ReadMemStats(&m1)
		if err != nil || rep.Files[0].Rejected == 0 || !strings.Contains(rep.Files[0].Samples[0].Reason, "longer than 4 MB") {
			t.Errorf("%q: %v %+v", head, err, rep)
		}
		if got := m1.HeapSys - min(m1.HeapSys, m0.HeapSys); got > 64<<20 {
			t.Errorf("%q: the heap grew by %d MB", head, got>>20)
		}
	}
	_, err := Run(t.Context(), Options{Kind: "interactions", Path: "-", Reader: &endless{"", 1 << 26}, Now: now}, &kept{})
	if s, _ := because.Message(err, because.English); !strings.Contains(s, "no header") {
		t.Errorf("a header without end: %v", err)
	}
}

// Quotes that never close lose the line that opens them, and no more.
func TestOpenQuotes(t *testing.T) {
	k, f := read(t, "interactions", "user,item\na,\"i\nb,i\nc,i\n", Options{})
	if len(k.interactions) != 2 || f.Rejected != 1 || f.Samples[0].Line != 2 || k.interactions[0].User != "b" {
		t.Errorf("%+v %+v", k.interactions, f)
	}
	// A quote inside of a cell is itself; a line break in an ID is a control character.
	k, f = read(t, "interactions", "user,item\nb,\"say \"hi\" all\"\nc,say \"hi\"\nd,\"two\nlines\"\n", Options{})
	if len(k.interactions) != 2 || k.interactions[0].Item != `say "hi" all` || k.interactions[1].Item != `say "hi"` || f.Rejected != 1 || f.Samples[0].Line != 4 {
		t.Errorf("%+v %+v", k.interactions, f)
	}
}

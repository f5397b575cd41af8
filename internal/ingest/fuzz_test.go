package ingest

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"
	"unicode/utf8"

	"because"
)

// FuzzImport holds every text, as any kind of rows, to what is promised: nothing is lost without being counted, what is
// handed over can be stored, and the same text gives the same rows.
func FuzzImport(f *testing.F) {
	for _, s := range []string{
		"user,item,kind,time,value\nu,i,view,2024-03-05,1\n", "用户ID,商品名称,评分,时间\n张三,表,4,2024年3月5日 下午3:20\n", "\xef\xbb\xbfid\tname\tprice\n1\t\"a\"\"b\n\"\t￥1.2万\n",
		`{"user":"u","item":"i","kind":"view","context":{"at":"2024-03-05T07:20:00Z"}}` + "\n{", `[{"id":1,"name":{"zh":"a"},"tags":["x",null,{}]},` + "\n]", "user_id:token\titem_id_list:token_seq\titem_id:token\nu\t1 2\t3\n",
		"1::Matrix, The (1999)::Action|Sci-Fi\n", "text,real_text\na,\"b\n", "\xff\xfeu\x00,\x00i\x00", "PAR1", "商品编号;重量（g）;a/b\n1;32克;是\n", "user,item,kind,time\nu,i,view,1e300\n",
	} {
		for kind := range byte(5) {
			f.Add([]byte(s), kind)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, kind byte) {
		o := Options{Kind: order[int(kind)%5], Path: "-", Now: now, Lang: because.English, Zone: shanghai, Domain: "shop"}
		o.Reader = bytes.NewReader(b)
		k := &kept{}
		rep, err := Run(t.Context(), o, k)
		if err != nil {
			if _, said := because.Message(err, because.Chinese); !said {
				t.Fatalf("no sentence for %v", err)
			}
		}
		if len(rep.Files) == 0 {
			return
		}
		file := rep.Files[0]
		if _, list := file.Columns["item_list"]; !list && err == nil && file.Read != file.Added+file.Unchanged+file.Rejected+file.Duplicates {
			t.Fatalf("rows were lost: %+v", file)
		}
		for _, x := range k.interactions {
			if x.User == "" || x.ID == "" || x.Item == "" && x.Kind != because.Search || math.Abs(x.Weight) > 1 || bad(x.Value) || bad(x.Weight) || bad(x.Dwell) {
				t.Fatalf("%+v", x)
			}
			if at := x.Context.At; !at.IsZero() && (at.Year() < 1969 || at.After(now.Add(25*time.Hour))) {
				t.Fatalf("time %v", at)
			}
			for _, s := range []string{x.ID, x.User, x.Item, x.Query, x.Session, x.Context.Device, x.Context.Place} {
				if !utf8.ValidString(s) || len(s) > len(b)*4 && len(s) > maxID {
					t.Fatalf("%q", s)
				}
			}
		}
		for _, xs := range []any{k.items, k.users, k.reviews, k.examples} {
			out, err := json.Marshal(xs)
			if err != nil || !utf8.Valid(out) || bytes.Contains(out, []byte("\\ufffd")) {
				t.Fatalf("cannot be stored: %v %s", err, out)
			}
		}
		if err != nil {
			return
		}
		o.Reader = bytes.NewReader(b)
		again, err := Run(t.Context(), o, k)
		if err != nil || again.Files[0].Added != 0 {
			t.Fatalf("the second import added %d rows: %v", again.Files[0].Added, err)
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{"2024年3月5日 下午3:20", "2024-03-05T15:20:00.123+08:00", "1709623200", "45356.5", "Mar 5, 2024 3:20 PM", "5/3/24", "星期二", "2024-3-5 24:00", "-1", "9e18"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, ok := parseTime(s, shanghai)
		if !ok {
			return
		}
		if y := at.Year(); y < 1000 || y > 9998 {
			return // out of range for the checks
		}
		again, ok := parseTime(at.Format(time.RFC3339Nano), shanghai)
		if !ok || !again.Equal(at) {
			t.Fatalf("%q is %v, which is read as %v, %v", s, at, again, ok)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"￥1,299.50", "1.2万", "(12)", "1.299,5", "一百二十", "12K", "-￥5", "NaN", "1e400", "١٢"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, _, ok := number(s)
		if !ok || bad(x) {
			return
		}
		b, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if again, _, ok := number(string(b)); !ok || again != x {
			t.Fatalf("%q is %v, which is read as %v, %v", s, x, again, ok)
		}
	})
}

package evidence

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"because"
	"because/internal/pack"
)

// fresh is a hand-made domain whose price, stock and offers do not hold for ever.
const fresh = `
domain: fresh
label: {zh: 生鲜, en: Fresh}
kinds:
  price: {ttl_hours: 24}
fields:
  stock: {label: {zh: 库存, en: stock}, unit: piece, ttl_hours: 2, weight: 0.9, weak_at: 3, better: more, weak: {zh: ["只有{value}"], en: ["has only {value}"]}, asks: {zh: [有货], en: [in stock]}}
  helped: {label: {zh: 帮到的人, en: people helped}, unit: person, at_least: 20, beside: cure}
  cure: {label: {zh: 解决, en: cure}}
  until: {label: {zh: 有效期, en: valid until}, until: true, weak: {zh: ["{value}过期"], en: ["ended on {value}"]}}
words:
  silent: {zh: 没声音, en: no sound}
`

// TestCurrent: a price and a stock older than the pack's limit are not told, in no kind of evidence and not as what a
// need meets; a count of people is told from twenty and beside the problem that was stated; a day that is over is a
// drawback and no merit.
func TestCurrent(t *testing.T) {
	set, err := pack.Load(fstest.MapFS{"fresh/pack.yaml": {Data: []byte(fresh)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		age    time.Duration
		people float64
		until  string
		need   string
		want   []string // kind:field
	}{
		{time.Hour, 20, "2026-05-20", "没声音，有货，100 元以内", []string{"attribute:cure", "attribute:helped", "attribute:stock", "attribute:until", "need:cure", "need:price", "need:stock", "price:price"}},
		{3 * time.Hour, 20, "2026年5月21日", "没声音，有货，100 元以内", []string{"attribute:cure", "attribute:helped", "attribute:until", "need:cure", "need:price", "price:price"}},
		{25 * time.Hour, 19, "2026/5/19", "没声音，有货，100 元以内", []string{"attribute:cure", "drawback:until", "need:cure"}},
		{0, 19, "soon", "", []string{"attribute:cure", "attribute:stock", "attribute:until", "price:price"}},
		{0, 86, "2027-01-01", "有货", []string{"attribute:cure", "attribute:stock", "attribute:until", "need:stock", "price:price"}},
	} {
		r := Request{Lang: because.Chinese, Now: now, Pack: set.Pack("fresh"), Need: tt.need, Item: because.Item{
			ID: "a", Domain: "fresh", Name: because.Plain("甲"), Price: 80, Currency: "CNY", Updated: now.Add(-tt.age), Attributes: map[string]because.Value{
				"stock": because.Num(30, ""), "helped": because.Num(tt.people, ""), "cure": because.Words("silent"), "until": because.Words(tt.until),
			},
		}}
		var got []string
		for _, e := range Find(r) {
			if !Missed(e) {
				got = append(got, string(e.Kind)+":"+e.Ref)
			}
		}
		if slices.Sort(got); !slices.Equal(got, tt.want) {
			t.Errorf("%v old, %v people, until %s, %q:\n got %q\nwant %q", tt.age, tt.people, tt.until, tt.need, got, tt.want)
		}
	}
}

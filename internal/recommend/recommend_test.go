package recommend_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/dataset"
	"because/internal/recommend"
	"because/internal/recommend/recommendtest"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday

// shop is a small world by hand: 60 watches, cups and lamps of two colours and three brands, with a battery and a price,
// and funds of risk 1 to 5. Users 0–19 turn to watches in the evening and cups in the morning, the others to lamps.
func shop() *dataset.Data {
	d := &dataset.Data{}
	for i := range 60 {
		kind := []string{"watch", "cup", "lamp"}[i%3]
		d.Items = append(d.Items, because.Item{
			ID: fmt.Sprintf("i%02d", i), Domain: "shop", Name: because.Text{because.English: fmt.Sprintf("Kestrel %s %d", kind, i)},
			Categories: []string{kind}, Price: float64(100 + 10*i),
			Attributes: map[string]because.Value{
				"colour":  because.Words([]string{"red", "blue"}[i/3%2]),
				"battery": because.Num(float64(2+i/6), "day"),
				"gps":     because.Flag(i%4 == 0),
			},
			Unavailable: i == 59,
		})
	}
	for i := range 10 {
		d.Items = append(d.Items, because.Item{
			ID: fmt.Sprintf("f%d", i), Domain: "finance", Name: because.Plain(fmt.Sprintf("Fund %d", i)), Categories: []string{"fund"},
			Attributes: map[string]because.Value{"risk": because.Num(float64(1+i%5), "")},
		})
	}
	r := rand.New(rand.NewPCG(1, 1))
	for day := range 40 {
		for u := range 40 {
			item, hour := 2+3*r.IntN(20), 15
			if u < 20 {
				item, hour = 3*r.IntN(20), 21
				if r.Float64() < .4 {
					item, hour = 1+3*r.IntN(20), 8
				}
			}
			if r.Float64() < .1 {
				item = r.IntN(60)
			}
			d.Interactions = append(d.Interactions, because.Interaction{
				ID: fmt.Sprintf("x%d_%d", day, u), User: fmt.Sprintf("u%02d", u), Item: fmt.Sprintf("i%02d", item), Kind: because.View,
				Context: because.Context{At: noon.AddDate(0, 0, day-40).Add(time.Duration(hour-12) * time.Hour)},
			})
		}
	}
	d.Sort()
	return d
}

// asks knows a few words of both languages.
func asks(_, s string) []recommend.Ask {
	var out []recommend.Ask
	for _, a := range []recommend.Ask{
		{Text: "手表", Word: "watch"}, {Text: "watch", Word: "watch"}, {Text: "红", Word: "red"}, {Text: "red", Word: "red"},
		{Text: "长续航", Field: "battery", Better: "more"}, {Text: "long battery", Field: "battery", Better: "more"},
	} {
		if strings.Contains(s, a.Text) {
			out = append(out, a)
		}
	}
	return out
}

var meetings = map[string][]recommend.Meeting{
	"finance": {{Profile: "risk_class", Field: "risk", How: "at_most"}},
	"shop":    {{Profile: "interests", Field: "category", How: "overlaps"}},
}

func fit(t testing.TB, d *dataset.Data, o recommend.Options) *recommend.Model {
	t.Helper()
	if o.Asks == nil {
		o.Asks = asks
	}
	if o.Meetings == nil {
		o.Meetings = meetings
	}
	m, err := recommend.Fit(context.Background(), d, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// queries are every way of asking that shop knows.
func queries(d *dataset.Data) []recommend.Query {
	h := d.Histories()["u03"]
	session := slices.Clone(h[:6])
	session[2].Kind, session[2].Weight = because.Rating, -.8
	session[3].Kind = because.Purchase
	session = append(session, because.Interaction{Kind: because.Search, Query: "red watch with long battery", Context: because.Context{At: noon}})
	evening := because.Context{At: noon.Add(9 * time.Hour), Device: "phone"}
	return []recommend.Query{
		{},
		{Context: evening},
		{History: h, Context: evening},
		{History: h, Context: evening, Domain: "shop", N: 30},
		{History: session, Context: evening, Profile: map[string]because.Value{"interests": because.Words("cup"), "risk_class": because.Num(3, "")}},
		{History: session, Need: "长续航的红手表", N: 5},
		{Need: "red watch", Domain: "shop"},
		{Domain: "finance", Profile: map[string]because.Value{"risk_class": because.Num(2, "")}},
		{History: h, Candidates: []string{"i00", "i01", "i59", "nothing"}, Exclude: []string{"i01"}},
		{History: h, Hidden: []string{"category:watch", "popularity:", "attribute:battery", "price:", "history:" + h[0].Item, "diversity:"}},
	}
}

func TestContract(t *testing.T) {
	d := shop()
	recommendtest.Run(t, fit(t, d, recommend.Options{}), queries(d))
}

func TestEmpty(t *testing.T) {
	m := fit(t, &dataset.Data{}, recommend.Options{})
	if recs := m.Recommend(recommend.Query{Need: "watch", Domain: "shop"}); len(recs) != 0 {
		t.Errorf("an empty world recommends %v", recs)
	}
	if _, ok := m.Score(recommend.Query{}, "i00"); ok {
		t.Error("an empty world knows i00")
	}
	only := fit(t, &dataset.Data{Items: shop().Items}, recommend.Options{})
	recommendtest.Run(t, only, queries(shop()))
	if recs := only.Recommend(recommend.Query{}); len(recs) != 10 {
		t.Errorf("a world without interactions recommends %d items, want 10", len(recs))
	}
}

// TestNobody: for somebody without a history, nothing in a score may come from them.
func TestNobody(t *testing.T) {
	m := fit(t, shop(), recommend.Options{})
	for _, rec := range m.Recommend(recommend.Query{Context: because.Context{At: noon, Device: "phone"}}) {
		for _, c := range rec.Contributions {
			if !slices.Contains([]string{"popularity", "recency", "diversity"}, c.Kind()) {
				t.Errorf("%s: %+v for somebody unknown", rec.Item, c)
			}
		}
	}
}

func TestNeverAgain(t *testing.T) {
	d := shop()
	at := because.Context{At: noon}
	q := recommend.Query{N: 100, Domain: "shop", Context: at, History: []because.Interaction{
		{Item: "i00", Kind: because.Purchase, Context: at}, {Item: "i03", Kind: because.Rating, Weight: .9, Context: at},
		{Item: "i06", Kind: because.View, Context: at}, {Item: "i01", Kind: because.Purchase, Context: at},
	}}
	got := ids(fit(t, d, recommend.Options{Repeat: map[string]bool{"cup": true}}).Recommend(q))
	for id, want := range map[string]bool{"i00": false, "i03": false, "i06": true, "i01": true, "i59": false} { // i59 is unavailable
		if slices.Contains(got, id) != want {
			t.Errorf("%s is recommended: %v, want %v", id, !want, want)
		}
	}
}

// TestRisk: a fund above the reader's risk class is never recommended, and has no rank.
func TestRisk(t *testing.T) {
	m := fit(t, shop(), recommend.Options{})
	q := recommend.Query{Domain: "finance", N: 20, Profile: map[string]because.Value{"risk_class": because.Num(2, "")}}
	got := ids(m.Recommend(q))
	slices.Sort(got)
	if want := []string{"f0", "f1", "f5", "f6"}; !slices.Equal(got, want) { // risks 1 and 2
		t.Errorf("recommended %v, want %v", got, want)
	}
	if rec, ok := m.Score(q, "f4"); !ok || rec.Rank != 0 {
		t.Errorf("a fund of risk 5 has rank %d", rec.Rank)
	}
	q.Hidden = []string{"profile:risk_class"}
	if hidden := m.Recommend(q); len(hidden) != 4 {
		t.Errorf("hiding the reason lifts the limit: %v", ids(hidden))
	}
}

// TestNeed: what is typed comes first, whatever the reader usually turns to.
func TestNeed(t *testing.T) {
	d := shop()
	m := fit(t, d, recommend.Options{})
	lamps := d.Histories()["u30"]
	for _, need := range []string{"长续航的红手表", "red watch with long battery"} {
		recs := m.Recommend(recommend.Query{History: lamps, Need: need, Domain: "shop", N: 3, Context: because.Context{At: noon}})
		for _, rec := range recs {
			var n int
			fmt.Sscanf(rec.Item, "i%d", &n)
			if n%3 != 0 || n/3%2 != 0 || n < 30 {
				t.Errorf("%q gives %s, which is no red watch with a long battery", need, rec.Item)
			}
			if c := rec.Contributions[0]; c.Kind() != "need" {
				t.Errorf("%q: %s leads with %+v", need, rec.Item, c)
			}
		}
	}
	// A need that nothing here meets changes nothing.
	q := recommend.Query{History: lamps, Context: because.Context{At: noon}}
	plain := m.Recommend(q)
	q.Need = "xylophone"
	if got := m.Recommend(q); !reflect.DeepEqual(got, plain) {
		t.Errorf("an unknown need changes the list to %v", ids(got))
	}
}

// TestNeedOfAKind: who asks for a kind of thing is given that, not what mentions it in a domain that they turn to more.
func TestNeedOfAKind(t *testing.T) {
	d := shop()
	for i := range 10 {
		id := fmt.Sprintf("b%d", i)
		d.Items = append(d.Items, because.Item{ID: id, Domain: "education", Name: because.Plain(fmt.Sprintf("The watch book %d", i)), Categories: []string{"book"}})
		for day := range 8 {
			d.Interactions = append(d.Interactions, because.Interaction{
				ID: fmt.Sprintf("y%d_%d", day, i), User: "u50", Item: id, Kind: because.View, Context: because.Context{At: noon.AddDate(0, 0, day-9)},
			})
		}
	}
	d.Sort()
	m := fit(t, d, recommend.Options{})
	q := recommend.Query{History: d.Histories()["u50"], N: 5, Context: because.Context{At: noon}}
	if first := m.Recommend(q)[0].Item; first[0] != 'b' {
		t.Fatalf("without a need %s comes first, which is no book", first)
	}
	q.Need = "watch"
	for _, rec := range m.Recommend(q) {
		var n int
		if _, err := fmt.Sscanf(rec.Item, "i%d", &n); err != nil || n%3 != 0 {
			t.Errorf("%q gives %s, which is no watch", q.Need, rec.Item)
		}
	}
}

// TestHour: the same reader turns to watches in the evening and to cups in the morning.
func TestHour(t *testing.T) {
	d := shop()
	m := fit(t, d, recommend.Options{})
	h := d.Histories()["u03"]
	share := func(hour int) (watches int, cause float64) {
		for _, rec := range m.Recommend(recommend.Query{History: h, Domain: "shop", Context: because.Context{At: noon.Add(time.Duration(hour-12) * time.Hour)}}) {
			var n int
			fmt.Sscanf(rec.Item, "i%d", &n)
			watches += (3 - n%3) / 3
			for _, c := range rec.Contributions {
				if c.Kind() == "context" && n%3 == 0 {
					cause += c.Value
				}
			}
		}
		return watches, cause
	}
	evening, for21 := share(21)
	morning, _ := share(8)
	if evening <= morning || for21 <= 0 {
		t.Errorf("%d of 10 are watches at 21 h (context %+.2f), %d at 8 h", evening, for21, morning)
	}
}

// TestTaste: one reader turned only to red items of every kind. Red must be the largest cause for a red item.
func TestTaste(t *testing.T) {
	d := shop()
	var h []because.Interaction
	for i := range 18 {
		it := d.Items[i]
		if it.Attributes["colour"].Is("red") {
			for visit := range 3 {
				h = append(h, because.Interaction{User: "new", Item: it.ID, Kind: because.Click, Context: because.Context{At: noon.AddDate(0, 0, -visit-3*i)}})
			}
		}
	}
	m := fit(t, d, recommend.Options{})
	rec, _ := m.Score(recommend.Query{History: h, Context: because.Context{At: noon}}, "i36") // a red watch
	other, _ := m.Score(recommend.Query{History: h, Context: because.Context{At: noon}}, "i39")
	red, blue := value(rec, "attribute:colour=red"), value(other, "attribute:colour=blue")
	if red <= 0 || blue >= 0 || red < value(rec, "category:watch") {
		t.Errorf("red counts %.3f, blue %.3f: %v", red, blue, rec.Contributions)
	}
}

// TestDislike: a low rating counts against what its item is near to.
func TestDislike(t *testing.T) {
	d := shop()
	m := fit(t, d, recommend.Options{})
	for _, q := range []float64{-.9, .9} {
		h := []because.Interaction{{Item: "i00", Kind: because.Rating, Weight: q, Context: because.Context{At: noon}}}
		for _, rec := range m.Recommend(recommend.Query{History: h, N: 60, Domain: "shop", Context: because.Context{At: noon}}) {
			for _, c := range rec.Contributions {
				if c.Ranker == "neighbours" && c.Value*q < 0 {
					t.Fatalf("a rating of %+.1f gives %+v", q, c)
				}
			}
		}
	}
}

func TestSaveLoad(t *testing.T) {
	d := shop()
	m := fit(t, d, recommend.Options{})
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	got, err := recommend.Load(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got.Version() != m.Version() || len(m.Version()) != 64 {
		t.Errorf("version %q became %q", m.Version(), got.Version())
	}
	got = got.WithAsks(asks)
	for _, q := range queries(d) {
		if a, b := m.Recommend(q), got.Recommend(q); !reflect.DeepEqual(a, b) {
			t.Fatalf("loaded model differs:\n%v\n%v", a, b)
		}
	}
	for _, at := range []int{0, 20, 60, b.Len() / 2, b.Len() - 1} {
		bad := slices.Clone(b.Bytes())
		bad[at] ^= 1
		if _, err := recommend.Load(bytes.NewReader(bad)); err == nil {
			t.Errorf("byte %d flipped, and it loads", at)
		}
		if _, err := recommend.Load(bytes.NewReader(b.Bytes()[:at])); err == nil {
			t.Errorf("cut at byte %d, and it loads", at)
		}
	}
}

func FuzzLoad(f *testing.F) {
	var b bytes.Buffer
	if err := fit(f, &dataset.Data{Items: shop().Items[:3]}, recommend.Options{}).Save(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("because-ranker-1\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if m, err := recommend.Load(bytes.NewReader(in)); err == nil {
			m.Recommend(recommend.Query{})
		}
	})
}

// TestSame: the model is the same whatever the number of workers and processors.
func TestSame(t *testing.T) {
	d := shop()
	one := fit(t, d, recommend.Options{Workers: 1})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if many := fit(t, d, recommend.Options{Workers: 7}); many.Version() != one.Version() {
		t.Errorf("versions %s and %s", one.Version(), many.Version())
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := recommend.Fit(ctx, shop(), recommend.Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled fit returns %v", err)
	}
}

// TestFacts counts by hand: a and b turn to x, b and c to y, on days 0, 10 and 40.
func TestFacts(t *testing.T) {
	item := func(id, cat string) because.Item {
		return because.Item{ID: id, Domain: "news", Name: because.Plain(id), Categories: []string{cat}}
	}
	do := func(user, item string, day int) because.Interaction {
		return because.Interaction{User: user, Item: item, Kind: because.View, Context: because.Context{At: noon.AddDate(0, 0, day)}}
	}
	m := fit(t, &dataset.Data{Items: []because.Item{item("x", "tech"), item("y", "tech"), item("z", "tech")},
		Interactions: []because.Interaction{do("a", "x", 0), do("a", "x", 1), do("b", "x", 10), do("b", "y", 10), do("c", "y", 40), do("a", "y", 40)}}, recommend.Options{})
	if x, both := m.People("x"), m.PeopleBoth("x", "y"); x != 2 || both != 2 || m.People("z") != 0 || m.People("?") != 0 {
		t.Errorf("people %d, both %d; want 2 and 2", x, both)
	}
	// Within 30 days of day 40 are a and c.
	if ever, month := m.CategoryPeople("news", "tech", 0), m.CategoryPeople("news", "tech", 30); ever != 3 || month != 2 || m.CategoryPeople("shop", "tech", 0) != 0 {
		t.Errorf("category people %d and %d; want 3 and 2", ever, month)
	}
	// After day 9 only b turned to x, after day 10 nobody; a and b and c to y, then a and c. What came before does not count.
	for _, tt := range []struct {
		day          int
		x, y         int
		xRank, yRank int
	}{{-1, 2, 3, 2, 1}, {1, 1, 3, 2, 1}, {9, 1, 3, 2, 1}, {10, 0, 2, 0, 1}, {40, 0, 0, 0, 0}} {
		at := noon.AddDate(0, 0, tt.day)
		if x, y := m.PeopleSince("x", at), m.PeopleSince("y", at); x != tt.x || y != tt.y {
			t.Errorf("after day %d: %d and %d, want %d and %d", tt.day, x, y, tt.x, tt.y)
		}
		x, _ := m.CategoryRank("x", at)
		y, _ := m.CategoryRank("y", at)
		if x != tt.xRank || y != tt.yRank {
			t.Errorf("after day %d the ranks are %d and %d, want %d and %d", tt.day, x, y, tt.xRank, tt.yRank)
		}
	}
	if rank, of := m.CategoryRank("x", time.Time{}); rank != 2 || of != 2 { // y has 3 people
		t.Errorf("x ranks %d of %d, want 2 of 2", rank, of)
	}
}

// TestCategoryRankIsSure: a and b turn to x on day 20; to y turn a on day 20, c and d on day 19. From day 18 on y has three
// people and x two. From some hour of day 19 on x has two and y one to three, so no place is told of either.
func TestCategoryRankIsSure(t *testing.T) {
	item := func(id string) because.Item {
		return because.Item{ID: id, Domain: "news", Name: because.Plain(id), Categories: []string{"tech"}}
	}
	do := func(user, item string, day int) because.Interaction {
		return because.Interaction{User: user, Item: item, Kind: because.View, Context: because.Context{At: noon.AddDate(0, 0, day)}}
	}
	m := fit(t, &dataset.Data{Items: []because.Item{item("x"), item("y")},
		Interactions: []because.Interaction{do("c", "y", 19), do("d", "y", 19), do("a", "x", 20), do("b", "x", 20), do("a", "y", 20)}}, recommend.Options{})
	for day, want := range map[int][2]int{17: {2, 1}, 18: {2, 1}, 19: {0, 0}, 20: {0, 0}} {
		x, _ := m.CategoryRank("x", noon.AddDate(0, 0, day))
		y, _ := m.CategoryRank("y", noon.AddDate(0, 0, day))
		if x != want[0] || y != want[1] {
			t.Errorf("since day %d: %d and %d, want %v", day, x, y, want)
		}
	}
}

func ids(recs []because.Recommendation) []string {
	out := make([]string, len(recs))
	for i, r := range recs {
		out[i] = r.Item
	}
	return out
}

func value(r because.Recommendation, name string) float64 {
	sum := 0.0
	for _, c := range r.Contributions {
		if c.Name == name {
			sum += c.Value
		}
	}
	return sum
}

// TestWithout: had an interaction never been, the item scores as it does for the history without it, among the same
// candidates; an interaction that is not there changes nothing.
func TestWithout(t *testing.T) {
	d := shop()
	m := fit(t, d, recommend.Options{})
	qs := queries(d)
	q := qs[slices.IndexFunc(qs, func(q recommend.Query) bool { return len(q.History) > 2 && q.Need == "" })]
	item := m.Recommend(q)[0].Item
	rec, ok := m.Score(q, item)
	if !ok || rec.Rank == 0 {
		t.Fatalf("%s is not ranked", item)
	}
	if rank, score := m.Without(q, item, func(because.Interaction) bool { return false }); rank != rec.Rank || math.Abs(score-rec.Score) > 1e-9 {
		t.Errorf("without nothing: %d, %g; want %d, %g", rank, score, rec.Rank, rec.Score)
	}
	changed := false
	for k := range q.History {
		less := q
		less.History = slices.Delete(slices.Clone(q.History), k, k+1)
		want, _ := m.Score(less, item)
		_, score := m.Without(q, item, func(x because.Interaction) bool { return x.ID == q.History[k].ID })
		if math.Abs(score-want.Score) > 1e-9 {
			t.Errorf("without %s: %g, want %g", q.History[k].ID, score, want.Score)
		}
		changed = changed || score != rec.Score
	}
	if !changed {
		t.Error("no interaction makes a difference")
	}
}

package synth

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"because"
	"because/internal/pack"
)

// small are the options of a world of tea and films, whose files are under testdata.
func small(t testing.TB) Options {
	t.Helper()
	packs, err := pack.Load(os.DirFS("testdata/packs"))
	if err != nil {
		t.Fatal(err)
	}
	return Options{Seed: 7, Users: 120, Items: 150, Interactions: 9000, World: os.DirFS("testdata/world"), Packs: packs}
}

func generate(t testing.TB, o Options) *World {
	t.Helper()
	w, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func interactions(t testing.TB, w *World) []because.Interaction {
	t.Helper()
	var all []because.Interaction
	if err := w.EachInteraction(func(x because.Interaction) error { all = append(all, x); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// written are the hashes of the files of a world.
func written(t *testing.T, o Options) map[string][32]byte {
	t.Helper()
	dir := t.TempDir()
	if err := generate(t, o).Write(dir); err != nil {
		t.Fatal(err)
	}
	out := map[string][32]byte{}
	for _, f := range []string{"items", "users", "interactions", "reviews", "truth"} {
		b, err := os.ReadFile(filepath.Join(dir, f+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		out[f] = sha256.Sum256(b)
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	o := small(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := written(t, o)
	runtime.GOMAXPROCS(2)
	two := written(t, o)
	o.Seed++
	other := written(t, o)
	for f := range one {
		if one[f] != two[f] {
			t.Errorf("%s.jsonl differs between 1 and 2 processors", f)
		}
		if one[f] == other[f] {
			t.Errorf("%s.jsonl does not depend on the seed", f)
		}
	}
}

func TestCounts(t *testing.T) {
	w := generate(t, small(t))
	all := interactions(t, w)
	if len(w.Users) != 120 || len(w.Items) != 150 || len(all) != 9000 {
		t.Errorf("%d users, %d items, %d interactions; want 120, 150, 9000", len(w.Users), len(w.Items), len(all))
	}
	if n := len(w.Reviews); n < 800 || n > 1000 { // 20/3 an item, less where the few wordings ran out
		t.Errorf("%d reviews, want nearly 1000", n)
	}
	domains := map[string]int{}
	names, known := map[string]bool{}, map[string]because.Item{}
	for _, it := range w.Items {
		domains[it.Domain]++
		known[it.ID] = it
		for _, n := range it.Name.All() {
			if names[it.Domain+n] {
				t.Errorf("two items of %s are called %q", it.Domain, n)
			}
			names[it.Domain+n] = true
		}
	}
	if domains["tea"] != 100 || domains["film"] != 50 { // shares 2 and 1
		t.Errorf("items by domain: %v", domains)
	}
	ids, last := map[string]bool{}, time.Time{}
	for _, x := range all {
		switch at := x.Context.At; {
		case ids[x.ID]:
			t.Errorf("%s is there twice", x.ID)
		case at.Before(last):
			t.Errorf("%s is out of order", x.ID)
		case at.Before(w.Truth.From) || !at.Before(w.Truth.To):
			t.Errorf("%s at %s is outside the period", x.ID, at)
		case (x.Kind == because.Search) != (x.Item == "" && x.Query != ""):
			t.Errorf("%s: a %s of item %q, query %q", x.ID, x.Kind, x.Item, x.Query)
		case x.Item != "" && known[x.Item].Published.After(at):
			t.Errorf("%s is before its item came out", x.ID)
		case x.Kind == because.Rating && (x.Value < 1 || x.Value > 5):
			t.Errorf("%s: %v stars", x.ID, x.Value)
		}
		ids[x.ID], last = true, x.Context.At
	}
}

func TestPersonas(t *testing.T) {
	w := generate(t, small(t))
	n := map[string]int{}
	for _, x := range interactions(t, w) {
		n[x.User]++
	}
	for i, p := range Personas() {
		u := w.Users[i]
		if u.ID != p.ID || u.Name != p.Name || u.Lang != p.Lang {
			t.Fatalf("user %d is %+v, want %+v", i, u, p)
		}
		if (p.Kind == New) != (n[u.ID] == 3) || p.Kind != New && n[u.ID] < 40 {
			t.Errorf("%s (%s) has %d interactions", u.ID, p.Kind, n[u.ID])
		}
		if u.Impersonal != (p.Kind == Impersonal) {
			t.Errorf("%s (%s): impersonal is %v", u.ID, p.Kind, u.Impersonal)
		}
		for name, given := range u.Consents {
			if given != (p.Kind != Withheld) {
				t.Errorf("%s (%s): consent %q is %v", u.ID, p.Kind, name, given)
			}
		}
	}
}

// TestTermsAreTheUtility compares the compiled utility that choices are made by with the sum of the terms, after the
// truth has been written and read.
func TestTermsAreTheUtility(t *testing.T) {
	w := generate(t, small(t))
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	if err := w.Truth.write(func(v any) error { return enc.Encode(v) }); err != nil {
		t.Fatal(err)
	}
	truth, err := ReadTruth(&b)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range w.people {
		l := &life{w: w, p: w.people[i], u: &w.Users[i], r: stream(1, "test", i), taken: map[string]time.Time{}}
		l.boosts = make([][]float64, len(l.p.domains))
		for k := range l.boosts {
			l.boosts[k] = make([]float64, len(l.p.domains[k].d.cats))
		}
		c := l.circumstances()
		l.domain(c)
		for k, a := range l.p.domains {
			for j := range a.d.items {
				sum := 0.0
				for _, term := range truth.Terms(l.u.ID, a.d.items[j], c) {
					kind, _, _ := strings.Cut(term.Name, ":")
					seen[kind] = true
					sum += term.Value
				}
				if u := l.utility(k, j, c); math.Abs(u-sum) > 1e-9 {
					t.Fatalf("utility of %s to %s is %v, its terms add up to %v", a.d.items[j].ID, l.u.ID, u, sum)
				}
			}
		}
	}
	for _, kind := range []string{"category", "attribute", "field", "price", "context", "profile", "popularity"} {
		if !seen[kind] {
			t.Errorf("no term of kind %q", kind)
		}
	}
}

// TestTermsByHand works one user's terms out.
func TestTermsByHand(t *testing.T) {
	weekend := false
	truth := &Truth{
		From: time.Date(2025, 1, 1, 0, 0, 0, 0, zone), To: time.Date(2025, 1, 11, 0, 0, 0, 0, zone),
		Popularity: map[string]float64{"i": .25},
		Domains: map[string]*DomainTruth{"tea": {
			Fields:   map[string]Moments{"strength": {Mean: 40, SD: 20}},
			Prices:   map[string]Moments{"green": {Mean: math.Log(100), SD: math.Log(2)}},
			Contexts: []Rule{{Part: []string{"morning"}, Weekday: &weekend, Categories: []string{"green"}, Boost: 1}},
			Profile:  map[string]ProfileIs{"limit": {"strength", "at_most", .8}, "interests": {"category", "overlaps", .6}},
		}},
		Users: map[string]*UserTruth{"u": {
			Profile: map[string]because.Value{"limit": because.Num(50, ""), "interests": because.Words("green", "black")},
			Tastes: map[string]*Taste{"tea": {
				Weights: map[string]Weight{"category:green": {End: 2, Drift: 1}, "field:strength": {End: .5}, "attribute:notes=smoky": {End: -1}},
				Price:   PriceTaste{Level: 1, Weight: 2},
			}},
		}},
	}
	item := because.Item{ID: "i", Domain: "tea", Categories: []string{"green"}, Price: 200,
		Attributes: map[string]because.Value{"strength": because.Num(70, ""), "notes": because.Words("floral", "smoky")}}
	at := time.Date(2025, 1, 5, 9, 0, 0, 0, zone) // a Sunday morning, 4.375 of 10 days in
	want := map[string]float64{
		"category:green":        2 - 1*(1-.4375), // a part of the drift is still to come
		"field:strength":        .5 * 1.5,        // (70 - 40) / 20
		"attribute:notes=smoky": -1,
		"price:":                2,       // exactly at the level: log2(200/100) = 1
		"profile:limit":         -2 * .8, // 70 is above 50
		"profile:interests":     .6,      // green is in common
		"context:hour=morning":  .5,      // half of the rule
		"context:day=weekend":   .5,      // the other half
		"popularity:":           .25,     // the item's own
	}
	terms := truth.Terms("u", item, because.Context{At: at})
	for i, term := range terms {
		if math.Abs(term.Value-want[term.Name]) > 1e-9 {
			t.Errorf("%s = %v, want %v", term.Name, term.Value, want[term.Name])
		}
		if i > 0 && math.Abs(term.Value) > math.Abs(terms[i-1].Value) {
			t.Errorf("%s stands behind a smaller term", term.Name)
		}
	}
	if len(terms) != len(want) {
		t.Errorf("%d terms, want %d: %v", len(terms), len(want), terms)
	}
	if got := truth.Terms("nobody", item, because.Context{}); len(got) != 1 || got[0].Name != "popularity:" {
		t.Errorf("terms of nobody, at no time: %v", got)
	}
}

// TestChoicesFollowUtility looks whether what people turn to is worth more to them than what they could have: the
// chosen item's utility beats a random item's of the same domain far more often than not, and purchases beat views.
func TestChoicesFollowUtility(t *testing.T) {
	w := generate(t, small(t))
	items, byDomain := map[string]because.Item{}, map[string][]because.Item{}
	for _, it := range w.Items {
		items[it.ID] = it
		byDomain[it.Domain] = append(byDomain[it.Domain], it)
	}
	r := stream(1, "random items", 0)
	beaten, all := 0, 0
	sum, n := map[because.InteractionKind]float64{}, map[because.InteractionKind]float64{}
	for _, x := range interactions(t, w) {
		if x.Item == "" {
			continue
		}
		it := items[x.Item]
		u := w.Truth.Utility(x.User, it, x.Context)
		sum[x.Kind] += u
		n[x.Kind]++
		if x.Kind == because.View {
			list := byDomain[it.Domain]
			if u > w.Truth.Utility(x.User, list[r.IntN(len(list))], x.Context) {
				beaten++
			}
			all++
		}
	}
	if share := float64(beaten) / float64(all); share < .7 { // 0.5 if choices were blind; their noise has a standard deviation of 1.28
		t.Errorf("what was chosen beats a random item in %.2f of the cases", share)
	}
	if v, p := sum[because.View]/n[because.View], sum[because.Purchase]/n[because.Purchase]; p < v+.2 {
		t.Errorf("mean utility of a purchase is %.2f, of a view %.2f", p, v)
	}
}

// TestContextShows looks whether the rules of the world show in behaviour.
func TestContextShows(t *testing.T) {
	w := generate(t, small(t))
	cat := map[string]string{}
	for _, it := range w.Items {
		cat[it.ID] = it.Categories[0]
	}
	share := func(category string, in func(because.Context) bool) float64 {
		hit, all := 0.0, 0.0
		for _, x := range interactions(t, w) {
			if x.Kind != because.View || !in(x.Context) || (cat[x.Item] == "drama" || cat[x.Item] == "comedy") != (category == "drama") {
				continue
			}
			all++
			if cat[x.Item] == category {
				hit++
			}
		}
		return hit / all
	}
	morning := func(c because.Context) bool {
		return because.PartOfDay(c.At.Hour()) == "morning" && weekday(c.At) == "weekday"
	}
	noon := func(c because.Context) bool { return because.PartOfDay(c.At.Hour()) == "noon" }
	evening := func(c because.Context) bool { return because.PartOfDay(c.At.Hour()) == "evening" }
	tv := func(c because.Context) bool { return c.Device == "tv" }
	phone := func(c because.Context) bool { return c.Device == "phone" }
	for _, tt := range []struct {
		category string
		in, out  func(because.Context) bool
	}{{"black", morning, noon}, {"herbal", evening, noon}, {"drama", tv, phone}} {
		if a, b := share(tt.category, tt.in), share(tt.category, tt.out); a < 1.2*b {
			t.Errorf("share of %s: %.2f where the rule holds, %.2f where it does not", tt.category, a, b)
		}
	}
}

// TestTastesCanBeRecovered asks of the plainest estimate, the category that a person turned to most, to find a category
// that the person likes.
func TestTastesCanBeRecovered(t *testing.T) {
	w := generate(t, small(t))
	cat := map[string]because.Item{}
	for _, it := range w.Items {
		cat[it.ID] = it
	}
	n := map[string]map[string]int{}
	for _, x := range interactions(t, w) {
		if it := cat[x.Item]; x.Kind != because.Search && it.Domain == "tea" {
			if n[x.User] == nil {
				n[x.User] = map[string]int{}
			}
			n[x.User][it.Categories[0]]++
		}
	}
	found, all := 0, 0
	for user, by := range n {
		best, total := "", 0
		for _, c := range []string{"green", "black", "oolong", "herbal"} {
			total += by[c]
			if by[c] > by[best] {
				best = c
			}
		}
		if total < 40 {
			continue
		}
		all++
		if w.Truth.Users[user].Tastes["tea"].Weights["category:"+best].End > 0 {
			found++
		}
	}
	if all < 20 || float64(found) < .85*float64(all) {
		t.Errorf("the most frequent category is a liked one for %d of %d people", found, all)
	}
}

func TestOneLanguage(t *testing.T) {
	for _, lang := range because.Langs {
		o := small(t)
		o.Lang = lang
		w := generate(t, o)
		for _, it := range w.Items {
			if _, plain := it.Name[""]; !plain || hasHan(it.Name.In("")) != (lang == because.Chinese) {
				t.Fatalf("%s: name %v", lang, it.Name)
			}
		}
		for _, r := range w.Reviews {
			if r.Lang != lang || hasHan(r.Text) != (lang == because.Chinese) {
				t.Fatalf("%s: review %+v", lang, r)
			}
		}
		for _, u := range w.Users {
			if u.Lang != lang {
				t.Fatalf("%s: user %+v", lang, u)
			}
		}
		for _, x := range interactions(t, w) {
			if x.Kind == because.Search && strings.ContainsFunc(x.Query, func(r rune) bool { return unicode.Is(unicode.Han, r) }) != (lang == because.Chinese) {
				t.Fatalf("%s: query %q", lang, x.Query)
			}
		}
	}
}

// TestReviewsAreTrue looks for praise of what an item is weak in, and for blame of what it is strong in.
func TestReviewsAreTrue(t *testing.T) {
	w := generate(t, small(t))
	items := map[string]because.Item{}
	for _, it := range w.Items {
		items[it.ID] = it
	}
	said := 0
	for _, r := range w.Reviews {
		it := items[r.Item]
		if it.Domain != "tea" {
			continue
		}
		mg, organic := *it.Attributes["strength"].Number, it.Attributes["organic"].Is("true")
		for phrase, ok := range map[string]bool{
			"喝完一下午不困": mg >= 60, "Kept me awake": mg >= 60, "淡得像水": mg <= 20, "Thin as water": mg <= 20,
			"有证书可查": organic, "The certificate": organic, "标签上没写": !organic, "Nothing on the label": !organic,
		} {
			if strings.Contains(r.Text, phrase) {
				said++
				if !ok {
					t.Errorf("%q of an item with %v mg, organic %v", r.Text, mg, organic)
				}
			}
		}
		if r.Rating == 5 && strings.Contains(r.Text, "Slow to arrive") || r.Rating == 1 && strings.Contains(r.Text, "seals well") {
			t.Errorf("%v stars: %q", r.Rating, r.Text)
		}
	}
	if said == 0 {
		t.Error("no review is about a field")
	}
}

func TestSeriesEndAtThePrice(t *testing.T) {
	n := 0
	for _, it := range generate(t, small(t)).Items {
		s := it.Series["price"]
		if len(s) == 0 {
			continue
		}
		n++
		if last := s[len(s)-1]; last.Value != it.Price {
			t.Errorf("%s costs %v, but its series ends at %v", it.ID, it.Price, last.Value)
		}
		for i := 1; i < len(s); i++ {
			if !s[i].At.After(s[i-1].At) || s[0].At.Before(it.Published) {
				t.Fatalf("%s: the series is out of order or begins before %s", it.ID, it.Published)
			}
		}
	}
	if n == 0 {
		t.Error("no item has a price series")
	}
}

func TestRefusals(t *testing.T) {
	tea, err := os.ReadFile("testdata/world/tea.yaml")
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, with string) fs.FS {
		if !strings.Contains(string(tea), old) {
			t.Fatalf("the test's world has no %q", old)
		}
		return fstest.MapFS{"tea.yaml": {Data: []byte(strings.Replace(string(tea), old, with, 1))}}
	}
	for _, tt := range []struct {
		world fs.FS
		want  string
	}{
		{change("share: 2", "shares: 2"), "tea.yaml cannot be read: line 3: field shares not found"},
		{change("share: 2", "share: two"), "tea.yaml cannot be read: line 3"},
		{change("domain: tea", "domain: coffee"), `tea.yaml:2: the domain is "coffee"`},
		{change(`["{brand} {model} Green", `, `[`), "tea.yaml:11: the Chinese and English names must pair; there are 3 and 2"},
		{change("price: [30, 800]", "price: [800, 30]"), "tea.yaml:10: a price is two positive numbers"},
		{change("{chance: 0.5}", "{chance: 0.5, from: 1, to: 2}"), "tea.yaml:16: a value is drawn by"},
		{change("{chance: 0.5}", "{chance: 0.5, odds: 2}"), "line 16: no such way to draw a value: odds"},
		{change("{good: [喝完一下午不困]", "{fine: [喝完一下午不困]"), "neither good nor bad: fine"},
		{fstest.MapFS{}, "There is no invented world"},
	} {
		o := small(t)
		o.World, o.Domains = tt.world, []string{"tea"}
		_, err := Generate(o)
		if msg, ok := because.Message(err, because.English); !ok || !strings.Contains(msg, tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	o := small(t)
	o.Users = -1
	if _, err := Generate(o); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("a world of -1 users: %v", err)
	}
}

func TestCheckTells(t *testing.T) {
	o := small(t)
	tea, err := os.ReadFile("testdata/world/tea.yaml")
	if err != nil {
		t.Fatal(err)
	}
	film, err := os.ReadFile("testdata/world/film.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(o.World, o.Packs); err != nil {
		t.Errorf("nothing is wrong with the test's worlds, but: %v", err)
	}
	for _, tt := range []struct{ old, with, want string }{
		{"[fujian, yunnan, zhejiang]", "[fujian, assam]", `tea.yaml:13: "assam" is not known`},
		{"organic: 0.5}", "organik: 0.5}", `"organik" is not known`},
		{"附一张泡法卡片。", "\"附{cards}张卡片。\"", "nothing fills the hole {cards}"},
		{`"{brand} {model} Green"`, `"{brand} Green"`, "the holes differ"},
		{"The tin is steel.", "罐子 is steel.", "Chinese in an English wording"},
		{"{zh: 半山, en: Halfhill}", "{zh: 半山}", "one of the two languages is missing"},
		{"part: [morning]", "part: [dawn]", `"dawn" is not known`},
		{"categories: [black], boost: 1.4", "categories: [white], boost: 1.4", `"white" is not known`},
		{"[绿茶 提神, \"{origin} 绿茶\", 有机 绿茶, \"绿茶 {notes}\"]", "[]", "0 wordings are too few"},
		{"limit: {from", "limits: {from", `"limits" is not known`},
	} {
		world := fstest.MapFS{"tea.yaml": {Data: []byte(strings.Replace(string(tea), tt.old, tt.with, 1))}, "film.yaml": {Data: film}}
		err := Check(world, o.Packs)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q for %q: got %v, want %q", tt.with, tt.old, err, tt.want)
		}
	}
}

func TestApportion(t *testing.T) {
	for _, tt := range []struct {
		n    int
		w    []float64
		want string
	}{
		{10, []float64{1, 1, 1}, "[4 3 3]"}, // 3.33 each, the one left to the first
		{10, []float64{1, 2}, "[3 7]"},      // 3.33 and 6.67: the one left to the larger remainder
		{3, []float64{0, 5}, "[0 3]"},       // no weight, nothing
		{5, nil, "[]"},
	} {
		if got := fmt.Sprint(apportion(tt.n, tt.w)); got != tt.want {
			t.Errorf("apportion(%d, %v) = %s, want %s", tt.n, tt.w, got, tt.want)
		}
	}
}

func TestEmptyWorlds(t *testing.T) {
	for _, o := range []Options{{Users: 1, Items: 1, Interactions: 1}, {Users: 3, Items: 2, Interactions: 50}} {
		s := small(t)
		s.Users, s.Items, s.Interactions = o.Users, o.Items, o.Interactions
		if err := generate(t, s).Write(t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkInteractions(b *testing.B) {
	w := generate(b, small(b))
	n := 0
	for b.Loop() {
		if err := w.EachInteraction(func(because.Interaction) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "interactions/s")
}

func TestSplitKeepsToTheTitles(t *testing.T) {
	titled := map[because.Lang][]string{because.Chinese: {"{title}"}, because.English: {"{title}"}}
	free := map[because.Lang][]string{because.Chinese: {"{title}{n}"}, because.English: {"{title}{n}"}}
	d := &domain{cats: []string{"a", "b", "c"}, f: &worldFile{Categories: map[string]category{
		"a": {Weight: 2, Names: titled, Titles: make([]pair, 3)},
		"b": {Weight: 1, Names: titled, Titles: make([]pair, 9)},
		"c": {Weight: 1, Names: free},
	}}}
	// By weight 12 would be 6, 3, 3; a has three titles, and its other three go to b and c, the odd one to b.
	if got := fmt.Sprint(d.split(12)); got != "[3 5 4]" {
		t.Errorf("12 items are split %s, want [3 5 4]", got)
	}
	d.cats = d.cats[:2]
	// Twelve titles, and eight items more by weight: 16/3 and 8/3, the odd one to the larger remainder.
	if got := fmt.Sprint(d.split(20)); got != "[8 12]" {
		t.Errorf("20 items are split %s, want [8 12]", got)
	}
}

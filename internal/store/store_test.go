package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"because"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 123_456_000, time.FixedZone("", 8*3600))

// open opens a folder for the length of a test.
func open(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// item is one with something in every field.
func item(id string) because.Item {
	return because.Item{
		ID: id, Domain: "shop", Name: because.Text{because.Chinese: "轻行 " + id, because.English: "Lite " + id}, Aliases: []string{"LT"},
		Categories: []string{"smartwatch"},
		Attributes: map[string]because.Value{"battery": because.Num(14, "d"), "material": because.Words("steel", "resin"), "gps": because.Flag(true)},
		Price:      1299, Currency: "CNY", Description: because.Text{because.Chinese: "续航 14 天，精钢表壳，支持全天候心率监测。", because.English: "Runs 14 days in a steel case."},
		Series:    map[string][]because.Point{"price": {{At: noon, Value: 1399}, {At: noon.Add(time.Hour), Value: 1299}}},
		Published: noon, Updated: noon,
	}
}

// impression is one with something in every field.
func impression(id, user, item string) because.Impression {
	return because.Impression{
		ID: id, RequestID: "req_1", User: user, Item: item, At: noon, Context: because.Context{At: noon, Device: "phone", Place: "home"}, Position: 3,
		Allowed: []string{"short/bought", "warm/viewed"}, Arm: "short/bought", Propensity: 0.25, Features: map[string]float64{"bias": 1}, Policy: "p1",
		Explanation: &because.Explanation{
			ImpressionID: id, RequestID: "req_1", User: user, Item: item, Domain: "shop", Text: "你上周买的川屿也是精钢；这款续航 14 天。", Lang: because.Chinese,
			Style: because.Short, Source: because.FromTemplate, Verdict: because.Passed,
			Claims:   []because.Claim{{Text: "续航 14 天", End: 13, Kind: because.NumberClaim, Verdict: because.Supported, Evidence: []string{"e2"}}},
			Evidence: []because.Evidence{{ID: "e1", Kind: because.Bought, Text: "你上周买了川屿。", Share: 0.6, Origin: "interaction:x1", At: noon, Slots: map[string]because.Slot{"hist": {Kind: because.NameSlot, Text: "川屿"}}}},
		},
	}
}

// interaction is one with something in every field.
func interaction(id, user, item string, at time.Time) because.Interaction {
	return because.Interaction{
		ID: id, User: user, Item: item, Kind: because.Rating, Value: 4.5, Weight: -0.25, Dwell: 12.5, Session: "s1",
		Context: because.Context{At: at, Device: "phone", Place: "commute"},
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := asJSON(t, got), asJSON(t, want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// must fails the test on an error and passes the value on.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// collect is what an EachX hands out.
func collect[T any](t testing.TB, each func(context.Context, func(T) error) error) []T {
	t.Helper()
	var out []T
	if err := each(t.Context(), func(x T) error { out = append(out, x); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestItems(t *testing.T) {
	db := open(t, t.TempDir())
	a, b := item("a"), item("b")
	put := must[int](t)
	if n := put(db.PutItems(t.Context(), []because.Item{b, a, a})); n != 2 {
		t.Errorf("2 items changed %d", n)
	}
	again := a
	again.Updated = noon.Add(time.Hour)
	if n := put(db.PutItems(t.Context(), []because.Item{again, b})); n != 0 {
		t.Errorf("the same items changed %d", n)
	}
	same(t, "said again", must[because.Item](t)(db.Item(t.Context(), "a")), again)
	generation := db.Generation()
	a.Price = 999
	if n := put(db.PutItems(t.Context(), []because.Item{a, b})); n != 1 {
		t.Errorf("one new price changed %d items", n)
	}
	if db.Generation() == generation {
		t.Error("a changed item leaves the generation")
	}
	same(t, "Item", must[because.Item](t)(db.Item(t.Context(), "a")), a)
	same(t, "EachItem", collect(t, db.EachItem), []because.Item{a, b})
	same(t, "Items after a", must[[]because.Item](t)(db.Items(t.Context(), "a", 5)), []because.Item{b})
	same(t, "Items, 1", must[[]because.Item](t)(db.Items(t.Context(), "", 1)), []because.Item{a})
	same(t, "ItemsByID", must[map[string]because.Item](t)(db.ItemsByID(t.Context(), []string{"a", "x", "b", "a"})), map[string]because.Item{"a": a, "b": b})
	if err := db.SetAvailable(t.Context(), "a", false); err != nil {
		t.Fatal(err)
	}
	a.Unavailable, a.Updated = true, noon
	same(t, "unavailable", must[because.Item](t)(db.Item(t.Context(), "a")), a)
	if err := db.DeleteItem(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if c := must[Counts](t)(db.Counts(t.Context())); c.Items != 1 {
		t.Errorf("%d items after a deletion", c.Items)
	}
	for name, err := range map[string]error{
		"Item": func() error { _, err := db.Item(t.Context(), "a"); return err }(), "DeleteItem": db.DeleteItem(t.Context(), "a"),
		"SetAvailable": db.SetAvailable(t.Context(), "a", true),
	} {
		if !errors.Is(err, because.ErrNotFound) {
			t.Errorf("%s of a deleted item: %v", name, err)
		}
	}
	if n := put(db.PutItems(t.Context(), []because.Item{a})); n != 1 {
		t.Errorf("putting a deleted item again changed %d", n)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestItemsByIDSizes asks for as many as fit one query, and for one fewer and one more.
func TestItemsByIDSizes(t *testing.T) {
	db := open(t, t.TempDir())
	var items []because.Item
	var ids []string
	for i := range 300 {
		items = append(items, because.Item{ID: fmt.Sprint(i)})
		ids = append(ids, items[i].ID)
	}
	must[int](t)(db.PutItems(t.Context(), items))
	for _, n := range []int{0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 300} {
		if got := must[map[string]because.Item](t)(db.ItemsByID(t.Context(), ids[:n])); len(got) != n {
			t.Errorf("%d of %d items", len(got), n)
		}
	}
}

func TestUsers(t *testing.T) {
	db := open(t, t.TempDir())
	u := because.User{ID: "u", Name: "林", Lang: because.Chinese, Profile: map[string]because.Value{"interests": because.Words("gps")}, Consents: map[string]bool{"history": false}, Impersonal: true, Updated: noon}
	put := must[int](t)
	put(db.AddInteractions(t.Context(), []because.Interaction{interaction("x", "u", "i", noon), interaction("y", "v", "i", noon)}))
	same(t, "known from a deed", must[because.User](t)(db.User(t.Context(), "u")), because.User{ID: "u"})
	for i, want := range []int{1, 0} {
		if n := put(db.PutUsers(t.Context(), []because.User{u})); n != want {
			t.Errorf("put %d changed %d", i, n)
		}
	}
	same(t, "User", must[because.User](t)(db.User(t.Context(), "u")), u)
	same(t, "EachUser", collect(t, db.EachUser), []because.User{u, {ID: "v"}})
	same(t, "Users after u", must[[]because.User](t)(db.Users(t.Context(), "u", 9)), []because.User{{ID: "v"}})
	if _, err := db.User(t.Context(), "nobody"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("User of nobody: %v", err)
	}
	if _, err := db.Item(t.Context(), "i"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("an item known only from a deed: %v", err)
	}
	for range 2 {
		if err := db.HideReason(t.Context(), "u", "bought:i"); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.HideReason(t.Context(), "u", "a"); err != nil {
		t.Fatal(err)
	}
	same(t, "Hidden", must[[]string](t)(db.Hidden(t.Context(), "u")), []string{"a", "bought:i"})
	if err := db.UnhideReason(t.Context(), "u", "a"); err != nil {
		t.Fatal(err)
	}
	same(t, "Hidden", must[[]string](t)(db.Hidden(t.Context(), "u")), []string{"bought:i"})
	same(t, "Counts", must[Counts](t)(db.Counts(t.Context())), Counts{Users: 2, Interactions: 2, Hidden: 1})
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestInteractions(t *testing.T) {
	db := open(t, t.TempDir())
	search := because.Interaction{ID: "q", User: "u", Kind: because.Search, Query: "长续航 手表", Context: because.Context{At: noon.Add(-time.Hour).UTC()}}
	own := because.Interaction{ID: "own", User: "u", Item: "i2", Kind: "gifted"} // no time, a kind of the site's own
	late := interaction("late", "u", "i1", noon.Add(time.Hour))
	other := interaction("other", "v", "i1", noon)
	first, second := interaction("z-first", "u", "i1", noon), interaction("a-second", "u", "i2", noon)
	all := []because.Interaction{late, first, search, second, own, other}
	add := must[int](t)
	if n := add(db.AddInteractions(t.Context(), append(all, late))); n != len(all) {
		t.Errorf("added %d of %d", n, len(all))
	}
	generation := db.Generation()
	changed := late
	changed.Value = 1
	if n := add(db.AddInteractions(t.Context(), append(all[1:], changed))); n != 0 {
		t.Errorf("the same again added %d", n)
	}
	if db.Generation() != generation {
		t.Error("nothing added, yet another generation")
	}
	same(t, "EachInteraction", collect(t, db.EachInteraction), []because.Interaction{own, search, first, second, other, late})
	history := func(limit int) []because.Interaction {
		return must[[]because.Interaction](t)(db.History(t.Context(), "u", limit))
	}
	same(t, "History", history(0), []because.Interaction{own, search, first, second, late})
	same(t, "History, 2", history(2), []because.Interaction{second, late})
	if n := add(db.CountHistory(t.Context(), "u")); n != 5 {
		t.Errorf("CountHistory = %d", n)
	}
	if n := add(db.CountHistory(t.Context(), "nobody")); n != 0 {
		t.Errorf("CountHistory of nobody = %d", n)
	}
	if got := must[[]because.Interaction](t)(db.History(t.Context(), "nobody", 5)); len(got) != 0 {
		t.Errorf("History of nobody: %v", got)
	}
	if h, m, _ := history(0)[2].Context.At.Clock(); h != 12 || m != 0 {
		t.Errorf("noon in Shanghai is read as %d:%d", h, m)
	}
}

// TestBatches checks every size around the rows of one INSERT, mixed with rows that are there already.
func TestBatches(t *testing.T) {
	db := open(t, t.TempDir())
	stored := map[string]bool{}
	for round, n := range []int{1, manyRows - 1, manyRows, manyRows + 1, 3*manyRows + 7, 50} {
		var in []because.Interaction
		want := 0
		for i := range n {
			id := fmt.Sprint("x", round*20+i*3)
			in = append(in, interaction(id, fmt.Sprint("u", i%7), "i", noon))
			in[i].ID += in[i].User
			if !stored[in[i].ID] {
				stored[in[i].ID] = true
				want++
			}
		}
		if got := must[int](t)(db.AddInteractions(t.Context(), in)); got != want {
			t.Errorf("round %d: added %d of %d, want %d", round, got, n, want)
		}
	}
	if got := len(collect(t, db.EachInteraction)); got != len(stored) {
		t.Errorf("%d rows, want %d", got, len(stored))
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSameHash stores IDs whose hashes meet: they take the next of their places and are still found.
func TestSameHash(t *testing.T) {
	at := map[uint64]string{}
	var pairs [][2]string
	for i := 0; len(pairs) < 3; i++ { // √(2·2³⁵) ≈ 262 000 IDs meet once on average
		id := strconv.Itoa(i)
		p := placeOf(id).at
		if other, ok := at[p]; ok {
			pairs = append(pairs, [2]string{other, id})
		}
		at[p] = id
	}
	db := open(t, t.TempDir())
	add := func(ids ...string) int {
		var in []because.Interaction
		for _, id := range ids {
			in = append(in, interaction(id, "u", "i", noon))
		}
		return must[int](t)(db.AddInteractions(t.Context(), in))
	}
	p := pairs[0]
	for _, tt := range []struct {
		ids  []string
		want int
	}{
		{[]string{p[0]}, 1}, {[]string{p[1]}, 1}, {p[:], 0}, {[]string{p[1], p[1]}, 0},
		{[]string{pairs[1][0], pairs[1][1], pairs[1][1]}, 2}, {pairs[1][:], 0},
		{append(more(99), pairs[2][0], pairs[2][1]), 101}, {append(more(99), pairs[2][1]), 0},
	} {
		if got := add(tt.ids...); got != tt.want {
			t.Errorf("%d IDs added %d, want %d", len(tt.ids), got, tt.want)
		}
	}
	if got := len(collect(t, db.EachInteraction)); got != 105 {
		t.Errorf("%d rows, want 105", got)
	}
}

func more(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprint("more", i))
	}
	return ids
}

func TestReviewsAndExamples(t *testing.T) {
	db := open(t, t.TempDir())
	r1 := because.Review{ID: "r1", Item: "i", User: "u", Text: "续航真的有两周。", Lang: because.Chinese, Rating: 4.5, Origin: "forum", At: noon}
	r2 := because.Review{ID: "r2", Item: "i", Text: "Heavy.", At: noon.Add(-time.Hour)}
	r3 := because.Review{ID: "r3", Item: "j", Text: "?"}
	add := must[int](t)
	for _, want := range []int{3, 0} {
		if n := add(db.AddReviews(t.Context(), []because.Review{r2, r1, r3, r1})); n != want {
			t.Errorf("added %d reviews, want %d", n, want)
		}
	}
	same(t, "ReviewsOf", must[[]because.Review](t)(db.ReviewsOf(t.Context(), "i", 0)), []because.Review{r1, r2})
	same(t, "ReviewsOf, 1", must[[]because.Review](t)(db.ReviewsOf(t.Context(), "i", 1)), []because.Review{r1})
	same(t, "EachReview", collect(t, db.EachReview), []because.Review{r2, r1, r3})
	e1 := because.Example{ID: "e1", User: "u", Item: "i", Text: "battery 14 d", Real: "续航 14 天。", Lang: because.Chinese}
	e2 := because.Example{ID: "e2", Text: "x", Real: "y"}
	for _, want := range []int{2, 0} {
		if n := add(db.AddExamples(t.Context(), []because.Example{e1, e2, e1})); n != want {
			t.Errorf("added %d examples, want %d", n, want)
		}
	}
	same(t, "EachExample", collect(t, db.EachExample), []because.Example{e1, e2})
}

func TestImpressionsAndFeedback(t *testing.T) {
	db := open(t, t.TempDir())
	im, anonymous := impression("m1", "u", "i"), impression("m2", "", "i")
	add := must[int](t)
	for _, want := range []int{2, 0} {
		if n := add(db.AddImpressions(t.Context(), []because.Impression{im, anonymous, im})); n != want {
			t.Errorf("added %d impressions, want %d", n, want)
		}
	}
	same(t, "Impression", must[because.Impression](t)(db.Impression(t.Context(), "m1")), im)
	same(t, "EachImpression", collect(t, db.EachImpression), []because.Impression{im, anonymous})
	f1 := because.Feedback{ID: "f1", Impression: "m1", User: "u", Kind: because.HideReason, Target: "e1", At: noon}
	f2 := because.Feedback{ID: "f2", Impression: "m1", Kind: because.Clicked, At: noon.Add(-time.Hour)}
	f3 := because.Feedback{ID: "f3", Impression: "m2", Kind: because.Undo, Target: "f2", At: noon}
	for _, want := range []int{3, 0} {
		if n := add(db.AddFeedback(t.Context(), []because.Feedback{f1, f2, f3, f1})); n != want {
			t.Errorf("added %d feedback, want %d", n, want)
		}
	}
	same(t, "FeedbackOf", must[[]because.Feedback](t)(db.FeedbackOf(t.Context(), "m1")), []because.Feedback{f1, f2})
	same(t, "EachFeedback", collect(t, db.EachFeedback), []because.Feedback{f1, f2, f3})
	if _, err := db.Impression(t.Context(), "m3"); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("Impression of nothing: %v", err)
	}
	if n, err := db.AddFeedback(t.Context(), []because.Feedback{{ID: "f4", Impression: "m1"}, {ID: "f5", Impression: "m3"}}); n != 0 || !errors.Is(err, because.ErrNotFound) {
		t.Errorf("feedback on nothing: %d, %v", n, err)
	}
	if got := len(collect(t, db.EachFeedback)); got != 3 {
		t.Errorf("%d feedback after a refused batch, want 3", got)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestEachStops ends every walk by an error of the callback and by the end of the context.
func TestEachStops(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "u", 3)
	stop := errors.New("enough")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, walk := range map[string]func(context.Context, func() error) error{
		"items": func(ctx context.Context, f func() error) error {
			return db.EachItem(ctx, func(because.Item) error { return f() })
		},
		"users": func(ctx context.Context, f func() error) error {
			return db.EachUser(ctx, func(because.User) error { return f() })
		},
		"interactions": func(ctx context.Context, f func() error) error {
			return db.EachInteraction(ctx, func(because.Interaction) error { return f() })
		},
		"reviews": func(ctx context.Context, f func() error) error {
			return db.EachReview(ctx, func(because.Review) error { return f() })
		},
		"examples": func(ctx context.Context, f func() error) error {
			return db.EachExample(ctx, func(because.Example) error { return f() })
		},
		"impressions": func(ctx context.Context, f func() error) error {
			return db.EachImpression(ctx, func(because.Impression) error { return f() })
		},
		"feedback": func(ctx context.Context, f func() error) error {
			return db.EachFeedback(ctx, func(because.Feedback) error { return f() })
		},
	} {
		calls := 0
		if err := walk(t.Context(), func() error { calls++; return stop }); !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%s: %d calls, %v", name, calls, err)
		}
		if err := walk(ended, func() error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s after the context's end: %v", name, err)
		}
	}
	if n := db.read.Stats().InUse; n != 0 {
		t.Errorf("%d connections are still in use", n)
	}
}

// fill stores n rows of every kind for a user.
func fill(t testing.TB, db *DB, user string, n int) {
	t.Helper()
	ctx := t.Context()
	for i := range n {
		id := fmt.Sprint(user, "-", i)
		_, err1 := db.PutItems(ctx, []because.Item{item(fmt.Sprint("i", i))})
		_, err2 := db.PutUsers(ctx, []because.User{{ID: user, Name: "N", Updated: noon}})
		_, err3 := db.AddInteractions(ctx, []because.Interaction{interaction(id, user, fmt.Sprint("i", i), noon.Add(time.Duration(i)*time.Minute))})
		_, err4 := db.AddReviews(ctx, []because.Review{{ID: id, User: user, Item: fmt.Sprint("i", i), Text: "good"}})
		_, err5 := db.AddExamples(ctx, []because.Example{{ID: id, User: user, Text: "t", Real: "r"}})
		_, err6 := db.AddImpressions(ctx, []because.Impression{impression(id, user, "i0")})
		_, err7 := db.AddFeedback(ctx, []because.Feedback{{ID: id, Impression: id, User: user, Kind: because.Clicked, At: noon}})
		err8 := db.HideReason(ctx, user, id)
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNothingIsNoWrite(t *testing.T) {
	db := open(t, t.TempDir())
	ctx := t.Context()
	for name, add := range map[string]func() (int, error){
		"items": func() (int, error) { return db.PutItems(ctx, nil) }, "users": func() (int, error) { return db.PutUsers(ctx, nil) },
		"interactions": func() (int, error) { return db.AddInteractions(ctx, nil) }, "reviews": func() (int, error) { return db.AddReviews(ctx, nil) },
		"examples": func() (int, error) { return db.AddExamples(ctx, nil) }, "impressions": func() (int, error) { return db.AddImpressions(ctx, nil) },
		"feedback": func() (int, error) { return db.AddFeedback(ctx, nil) },
	} {
		if n, err := add(); n != 0 || err != nil {
			t.Errorf("no %s: %d, %v", name, n, err)
		}
	}
}

// FuzzIDs stores everything under strange IDs: each is refused as invalid, or comes back as it was.
func FuzzIDs(f *testing.F) {
	for _, s := range []string{"a", "it's", `"; DROP TABLE users; --`, "用户 1", "👩‍👩‍👧", " ", "%", "_", "\x00", "a\x00b", "\xff", "\u202e", strings.Repeat("长", 3400), strings.Repeat("x", maxID), strings.Repeat("x", maxID+1), "a,b\n", ""} {
		f.Add(s)
	}
	db := open(f, f.TempDir())
	f.Fuzz(func(t *testing.T, id string) {
		valid := id != "" && len(id) <= maxID && validText(id)
		ctx := t.Context()
		for name, write := range map[string]func() error{
			"item": func() error { _, err := db.PutItems(ctx, []because.Item{{ID: id}}); return err },
			"user": func() error { _, err := db.PutUsers(ctx, []because.User{{ID: id}}); return err },
			"interaction": func() error {
				_, err := db.AddInteractions(ctx, []because.Interaction{{ID: id, User: id, Item: id, Kind: because.View, Query: id}})
				return err
			},
			"impression": func() error { _, err := db.AddImpressions(ctx, []because.Impression{{ID: id, User: id}}); return err },
			"reason":     func() error { return db.HideReason(ctx, id, id) },
		} {
			if err := write(); valid && err != nil || !valid && !errors.Is(err, because.ErrInvalid) {
				t.Fatalf("%s %q: %v", name, id, err)
			}
		}
		if !valid {
			return
		}
		if it, err := db.Item(ctx, id); err != nil || it.ID != id {
			t.Errorf("item %q: %q, %v", id, it.ID, err)
		}
		if u, err := db.User(ctx, id); err != nil || u.ID != id {
			t.Errorf("user %q: %q, %v", id, u.ID, err)
		}
		if xs, err := db.History(ctx, id, 0); err != nil || len(xs) != 1 || xs[0].ID != id || xs[0].Item != id || xs[0].User != id || xs[0].Query != id {
			t.Errorf("history of %q: %v, %v", id, xs, err)
		}
		if im, err := db.Impression(ctx, id); err != nil || im.ID != id || im.User != id {
			t.Errorf("impression %q: %v, %v", id, im, err)
		}
		if h, err := db.Hidden(ctx, id); err != nil || len(h) != 1 || h[0] != id {
			t.Errorf("hidden of %q: %q, %v", id, h, err)
		}
	})
}

func TestNotFinite(t *testing.T) {
	db := open(t, t.TempDir())
	nan := math.NaN()
	for name, write := range map[string]func() (int, error){
		"price": func() (int, error) { return db.PutItems(t.Context(), []because.Item{{ID: "i", Price: nan}}) },
		"profile": func() (int, error) {
			return db.PutUsers(t.Context(), []because.User{{ID: "u", Profile: map[string]because.Value{"x": because.Num(math.Inf(1), "")}}})
		},
		"value": func() (int, error) {
			return db.AddInteractions(t.Context(), []because.Interaction{{ID: "x", User: "u", Value: nan}})
		},
		"rating": func() (int, error) {
			return db.AddReviews(t.Context(), []because.Review{{ID: "r", Item: "i", Rating: nan}})
		},
		"features": func() (int, error) {
			return db.AddImpressions(t.Context(), []because.Impression{{ID: "m", Features: map[string]float64{"x": nan}}})
		},
	} {
		if _, err := write(); !errors.Is(err, because.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzDetail reads strange bytes without a panic, and what it reads it writes back.
func FuzzDetail(f *testing.F) {
	x := interaction("x", "u", "i", noon)
	f.Add(packDetail(nil, &x, 28800))
	x.Kind, x.Query = "own", "手表"
	f.Add(packDetail(nil, &x, 0))
	f.Add([]byte{1, 255, 1})
	f.Add([]byte{0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var x, y because.Interaction
		zone, err := unpackDetail(b, &x, nil)
		if err != nil {
			return
		}
		again, err := unpackDetail(packDetail(nil, &x, zone), &y, nil)
		if err != nil || again != zone || fmt.Sprint(x) != fmt.Sprint(y) {
			t.Errorf("%x: %v, %v, %v", b, x, y, err)
		}
	})
}

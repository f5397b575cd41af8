package generate

import (
	"slices"
	"testing"

	"because"
	"because/internal/pack"
)

// TestSays: a fact that a wording states without a slot is cited too, and only by an evidence of its own role.
func TestSays(t *testing.T) {
	packs := pack.Builtin()
	g := newGrounding(packs)
	viewed := because.Evidence{Kind: because.Viewed, Slots: facts(because.English)[because.Viewed].Slots}
	wet := because.Evidence{Kind: because.Drawback, Ref: "waterproof"}
	dry := because.Evidence{Kind: because.Attribute, Ref: "waterproof"}
	for _, tt := range []struct {
		lang  because.Lang
		facts []because.Evidence
		text  string
		want  []int
	}{
		{because.Chinese, []because.Evidence{viewed, wet}, "看过<e1.hist>，<it>也是<e1.shared>，不过不防水。", []int{1}},
		{because.Chinese, []because.Evidence{viewed, dry}, "看过<e1.hist>，<it>也是<e1.shared>，淋雨不怕。", []int{1}},
		{because.Chinese, []because.Evidence{viewed, dry}, "看过<e1.hist>，<it>也是<e1.shared>。", nil},
		{because.English, []because.Evidence{viewed, wet}, "You viewed <e1.hist>; <it> is one too, though it isn't water-resistant.", []int{1}},
		{because.English, []because.Evidence{viewed, dry}, "You viewed <e1.hist>; <it> shrugs off rain.", []int{1}},
		{because.English, []because.Evidence{viewed, wet}, "You viewed <e1.hist>; <it> shrugs off rain.", nil},
	} {
		req := Request{Domain: "shop", Lang: tt.lang, Evidence: tt.facts}
		if got := g.says(packs.Pack("shop"), req, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q states %v, want %v", tt.text, got, tt.want)
		}
	}
}

// TestSide: what is said of the better of two items is nobody's of the other.
func TestSide(t *testing.T) {
	packs := pack.Builtin()
	g := newGrounding(packs)
	for _, tt := range []struct {
		diff  float64
		text  string
		loose bool
	}{
		{1, "<it> stops <e1.diff> later.", false},
		{-1, "<it> stops <e1.diff> later.", true},
	} {
		req := Request{Domain: "shop", Lang: because.English, Evidence: []because.Evidence{{Kind: because.Versus, Ref: "playtime", Slots: map[string]because.Slot{
			"hist": {Text: "Yin'an Lite"}, "diff": {Kind: because.NumberSlot, Text: "1 hour", Number: tt.diff},
		}}}}
		if got := g.loose(packs.Pack("shop"), req, tt.text); (got != "") != tt.loose {
			t.Errorf("a difference of %v, %q: %q is nobody's", tt.diff, tt.text, got)
		}
	}
}

// TestSameWord: a film that is said to be a thriller by one evidence is said to be one by the other too.
func TestSameWord(t *testing.T) {
	thriller := because.Slot{Kind: because.WordSlot, Text: "惊悚片"}
	req := Request{Lang: because.Chinese, Evidence: []because.Evidence{
		{Kind: because.Popular, Slots: map[string]because.Slot{"category": thriller, "count": {Kind: because.CountSlot, Text: "12"}}},
		{Kind: because.Attribute, Ref: "category", Slots: map[string]because.Slot{"value": thriller}},
		{Kind: because.Attribute, Ref: "director", Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: "林川"}}},
	}}
	for text, want := range map[string][]int{"<e1.count>人点了<it>，算<e1.category>。": {1}, "<e1.count>人点了<it>。": nil} {
		if got := sameWord(req, text); !slices.Equal(got, want) {
			t.Errorf("%q states %v, want %v", text, got, want)
		}
	}
}

// TestPeriodSoFar: what has no end yet takes neither 里 nor a preposition.
func TestPeriodSoFar(t *testing.T) {
	p := pack.Builtin().Pack("")
	popular := func(period string) []because.Evidence {
		return []because.Evidence{{Kind: because.Popular, Slots: map[string]because.Slot{"period": {Text: period}, "count": {Text: "695"}}}}
	}
	for _, tt := range []struct {
		lang               because.Lang
		period, text, want string
	}{
		{because.Chinese, "到目前为止", "<e1.period>里 <e1.count> 人选的是<it>。", "到目前为止 695 人选的是这个。"},
		{because.Chinese, "近 90 天", "<e1.period>里 <e1.count> 人选的是<it>。", "近 90 天里 695 人选的是这个。"},
		{because.English, "so far", "By the count of <e1.period>, <e1.count> people opened <it>.", "By the count so far, 695 people opened this one."},
		{because.English, "the last 90 days", "By the count of <e1.period>, <e1.count> people opened <it>.", "By the count of the last 90 days, 695 people opened this one."},
	} {
		req := Request{Lang: tt.lang, Evidence: popular(tt.period)}
		if got, err := Realise(p, req, tt.text); err != nil || got != tt.want {
			t.Errorf("%q becomes %q, %v; want %q", tt.text, got, err, tt.want)
		}
	}
}

// TestMeasure: the measure word of another category is nobody's.
func TestMeasure(t *testing.T) {
	packs := pack.Builtin()
	g := newGrounding(packs)
	for _, tt := range []struct {
		category string
		loose    bool
	}{{"crime_series", false}, {"folk_album", true}} {
		req := Request{Domain: "entertainment", Lang: because.Chinese, Category: tt.category, Evidence: []because.Evidence{{Kind: because.Viewed, Slots: facts(because.Chinese)[because.Viewed].Slots}}}
		if got := g.loose(packs.Pack("entertainment"), req, "由《<e1.hist>》找来的一部"); (got != "") != tt.loose {
			t.Errorf("%s: %q is nobody's", tt.category, got)
		}
	}
}

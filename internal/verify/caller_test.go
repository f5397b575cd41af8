package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

// TestCaller: what the caller states may be quoted as theirs, and licenses nothing else: not its words without the
// quotation, not the quotation as if it were ours, not its numbers.
func TestCaller(t *testing.T) {
	v := New(pack.Builtin())
	for _, tt := range []struct {
		lang        because.Lang
		label, text string
		ok          bool
	}{
		{because.Chinese, "买过同款", "推荐方给出的缘由是「买过同款」。", true},
		{because.Chinese, "买过同款", "你「买过同款」。", false},
		{because.Chinese, "买过同款", "推荐方看的是你买过同款。", false},
		{because.Chinese, "能防水 50 米", "这个能防水 50 米。", false},
		{because.Chinese, "能防水 50 米", "推荐方给出的缘由是「能防水 50 米」。", true},
		{because.Chinese, "全网最好", "推荐方给出的缘由是「全网最好」。", false},
		{because.Chinese, "点击领券", "推荐方给出的缘由是「点击领券」。", false},
		{because.English, "bought before", "The recommender says “bought before”.", true},
		{because.English, "bought before", "You “bought before”.", false},
		{because.English, "bought before", "You bought it before, says the recommender.", false},
		{because.English, "waterproof to 50 m", "It's waterproof to 50 m.", false},
		{because.English, "waterproof to 50 m", "A review says waterproof to 50 m.", false},
		{because.English, "waterproof to 50 m", "The recommender's stated reason: “waterproof to 50 m”.", true},
		{because.English, "buy it now", "The recommender says “buy it now”.", false},
	} {
		ev := because.Evidence{
			ID: "e1", Kind: because.Caller, Share: .8, Text: because.Say(tt.lang, "The caller states this reason: “%s”.", tt.label),
			Slots: map[string]because.Slot{"label": quote(tt.label)},
		}
		r := v.Verify(tt.text, Given{Lang: tt.lang, Name: "Halma", Evidence: []because.Evidence{ev}, Now: now})
		if passed := r.OK && r.Text == tt.text; passed != tt.ok {
			t.Errorf("%q with %q: %v, became %q %v %+v", tt.text, tt.label, passed, r.Text, r.Steps, r.Claims)
		}
	}
}

package evidence

import (
	"slices"
	"testing"

	"because"
	"because/internal/pack"
)

// TestReviewAspects: only what a review praises on the whole is quoted, and nothing that as many reviews blame.
func TestReviewAspects(t *testing.T) {
	for _, tt := range []struct {
		name    string
		lang    because.Lang
		reviews []because.Review
		need    string
		want    []string // aspects quoted, the first leads
	}{
		{"two things praised", "zh", []because.Review{{ID: "a", Text: "鱼片很嫩，味道真的很好，服务员很热情。", Rating: 5}}, "", []string{"aspect:staff", "aspect:taste"}},
		{"what is sought goes first", "zh", []because.Review{{ID: "a", Text: "服务员很热情，味道真的很好。", Rating: 5}}, "味道好的", []string{"aspect:taste", "aspect:staff"}},
		{"blamed in the same review", "zh", []because.Review{{ID: "a", Text: "味道真的很好。服务员很热情，可是老板爱理不理，前台也冷冰冰。", Rating: 4}}, "", []string{"aspect:taste"}},
		{"as many blame it", "zh", []because.Review{{ID: "a", Text: "味道真的很好，装修很别致。", Rating: 5}, {ID: "b", Text: "味道很差，难吃。", Rating: 1}}, "", []string{"aspect:decor"}},
		{"half a sentence hides nothing", "zh", []because.Review{{ID: "a", Text: "味道真的很好但上菜慢。", Rating: 4}}, "", nil},
		{"other people's reviews of little worth", "zh", []because.Review{{ID: "a", Text: "味道真的很好。", Rating: 2}}, "", nil},
		{"English", "en", []because.Review{{ID: "a", Text: "The staff were friendly. The food was slow to arrive.", Rating: 4}}, "", []string{"aspect:staff"}},
	} {
		var got []string
		for _, e := range Find(Request{
			Lang: tt.lang, Pack: pack.Builtin().Pack("travel"), Reviews: tt.reviews, Need: tt.need,
			Item: because.Item{ID: "r", Domain: "travel", Name: because.Plain("老灶"), Categories: []string{"restaurant"}},
		}) {
			if e.Kind == because.ReviewKind {
				got = append(got, e.Ref)
			}
		}
		if tt.need == "" {
			slices.Sort(got)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

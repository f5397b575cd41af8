package eval

import (
	"slices"
	"testing"

	"because"
)

func TestStatements(t *testing.T) {
	for _, tt := range []struct {
		lang because.Lang
		text string
		want []string
	}{
		{because.English, "They offer a quiet room and a big park, making it a good choice.", []string{"They offer a quiet room", "a big park"}},
		{because.Chinese, "房间安静，离公园近；没有电梯。", []string{"房间安静", "离公园近", "没有电梯"}},
		{because.English, "  ... ", nil},
		{because.Chinese, "", nil},
	} {
		if got := Statements(tt.text, tt.lang); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestTruth: of three claims one stands in the profile, one is denied there and one stands nowhere, with a name and a
// number that are not there either; a row that states nothing is left out.
func TestTruth(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.English})
	x.Add(TextRow{Prediction: "a quiet room, a lift, near Hyde in 1900", Title: "Inn", ItemProfile: "A quiet room. There is no lift."})
	x.Add(TextRow{Prediction: "a bus"})
	r, err := x.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := r.Truth
	if got == nil || got.Rows != 1 || got.Claims != 3 || !near(got.Supported.Mean, 1./3) || !near(got.Contradicted.Mean, 1./3) || got.Names != 1 || got.Numbers != 1 {
		t.Errorf("%+v", got)
	}
	if given := x.Grounded(5); len(given) != 1 || given[0].Title != "Inn" {
		t.Errorf("%+v", given)
	}
}

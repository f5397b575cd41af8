package ingest

import (
	"slices"
	"testing"

	"because"
)

// TestProfiled reads an invented set in the form of the public ones.
func TestProfiled(t *testing.T) {
	k := &kept{}
	rep, err := Run(t.Context(), Options{Kind: "dataset", Path: "../engine/testdata/peers/google-local", Now: now, Zone: shanghai, Lang: because.English}, k)
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, f := range rep.Files {
		if f.Rejected > 0 {
			t.Errorf("%s: %+v", f.File, f.Samples)
		}
		if f.Kind == kindInteractions {
			left = f.Read - f.Added - f.Duplicates
		}
	}
	// By hand: 20 of the 41 rows are pairs of the test.
	if left != 20 || len(k.interactions) != 21 {
		t.Errorf("%d interactions left out, %d kept", left, len(k.interactions))
	}
	names, suits := map[string]string{}, map[string][]string{}
	for _, it := range k.items { // later ones replace earlier ones, as in the store
		names[it.ID], suits[it.ID] = it.Name.In(because.English), it.Attributes["suits"].Words
		for key := range it.Attributes {
			if key != "suits" {
				t.Errorf("item %s has %s, which no profile says", it.ID, key)
			}
		}
	}
	if names["12"] != "Corner kiosk" || names["13"] != "Station Hall" || names["1"] != "Old Mill Bakery" {
		t.Errorf("names %q", names)
	}
	if want := []string{"sourdough loaves", "seeded rolls", "warm neighborhood feel"}; !slices.Equal(suits["1"], want) {
		t.Errorf("item 1 suits %q, want %q", suits["1"], want)
	}
	for _, u := range k.users {
		if len(u.Profile["tastes"].Words) == 0 || !u.Consents["interests"] || u.Name != "" || len(u.Profile) != 1 {
			t.Errorf("user %+v", u)
		}
	}
}

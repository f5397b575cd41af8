package profile

import (
	"slices"
	"testing"
)

const (
	title = "Old Mill Bakery"
	item  = "Bread lovers who appreciate sourdough loaves, seeded rolls, and a relaxed and cozy feel would enjoy this village bakery."
	user  = "This user is likely to enjoy quiet reading corners, local history, and silent films."
)

// TestRead reads what stands on its own and nothing broken.
func TestRead(t *testing.T) {
	var got []string
	for _, p := range whole(Read(title, item, user)) {
		got = append(got, p.Text)
	}
	want := []string{"bread lovers", "sourdough loaves", "seeded rolls", "a relaxed and cozy feel", "village bakery", "quiet reading corners", "local history", "silent films"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, p := range Read(title, item, user) {
		if p.Text == "a relaxed" || p.Text == "cozy feel" {
			t.Errorf("%q was cut out of the middle", p.Text)
		}
	}
}

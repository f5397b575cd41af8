package eval

import "testing"

func TestSupport(t *testing.T) {
	g := NewGrounds("Harbour Lantern", "Fans of grilled fish and home-made chowder without long queues would enjoy Harbour Lantern.", "The user is likely to enjoy fresh fish and calm views.")
	for _, tt := range []struct {
		text string
		want Support
	}{
		// Two claims, both in the item's profile: "grilled fish", "home-made chowder".
		{"The user would enjoy the business for its grilled fish and home-made chowder.", Support{Claims: 2, Supported: 2}},
		// "friendly staff" stands nowhere; the verdict is no claim.
		{"The user would enjoy the business for its grilled fish and friendly staff, making it a good choice.", Support{Claims: 2, Supported: 1}},
		// Said of the reader: calm views is in the user's profile, chowder is not.
		{"You would enjoy it because they enjoy calm views.", Support{Claims: 1, Supported: 1}},
		{"You would enjoy it because they enjoy chowder.", Support{Claims: 1}},
		// The profile denies long queues, the text has them; and the other way round.
		{"The user would enjoy it despite long queues.", Support{Claims: 1, Contradicted: 1}},
		{"The user would enjoy it for no chowder.", Support{Claims: 1, Contradicted: 1}},
		// A name and a number from nowhere; the title's name is known.
		{"The user would enjoy Harbour Lantern because Maria serves 12 grilled fish.", Support{Claims: 2, Supported: 1, Names: 1, Numbers: 1}},
		{"The user would enjoy the business.", Support{}},
	} {
		if got := g.Check(tt.text); got != tt.want {
			t.Errorf("%s\n got %+v\nwant %+v", tt.text, got, tt.want)
		}
	}
}

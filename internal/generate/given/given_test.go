package given

import (
	"math/rand/v2"
	"strings"
	"testing"

	"because/internal/text/profile"
)

var samples = []Profiles{
	{"Harbour Lantern", "Fans of grilled fish and home-made chowder looking for a calm waterside setting would enjoy Harbour Lantern.", "The user is likely to enjoy businesses that offer fresh fish, sourdough loaves, and calm views."},
	{"Old Mill Bakery", "Bread lovers who appreciate sourdough loaves, seeded rolls, and a relaxed and cozy feel would enjoy this village bakery.", "This user is likely to enjoy quiet reading corners, local history, and silent films."},
	{"The Salt Road (Tides, Book 2)", "Fans of seafaring tales by Ada Quill will enjoy The Salt Road. The book explores the rivalry of two harbour families, making it hard to put down.", "Based on the user's reviews, this user enjoys family sagas and stories about the sea."},
	{"", "Nothing to see.", ""},
}

// TestNothingElseIsSaid: a text is patterns and runs of words of the profiles, whatever is drawn.
func TestNothingElseIsSaid(t *testing.T) {
	frame := map[string]bool{}
	for _, w := range strings.Fields("the user you your one business book this would enjoy buy like because it offers features provides they offer of its due to for is a good place made suits enjoy appreciate are interested in and along with as well making suitable fitting choice option fit spot destination read which matches their interest fits taste providing offering fans those looking who by") {
		frame[w] = true
	}
	for i, p := range samples {
		given := map[string]bool{}
		for _, w := range strings.Fields(p.Title + " " + p.Item + " " + p.User) {
			given[plain(w)] = true
		}
		for _, task := range []Task{Places, Books, Reader} {
			all := task.Write(p, 300, rand.New(rand.NewPCG(1, uint64(i))))
			if len(all) == 0 {
				t.Fatalf("no text for %+v", p)
			}
			for _, d := range all {
				for _, w := range strings.Fields(d.Text) {
					if w = plain(w); !frame[w] && !given[w] {
						t.Errorf("%q is in no profile: %s", w, d.Text)
					}
				}
				for _, x := range d.Phrases {
					of := p.Item
					if x.Source == profile.OfUser {
						of = p.User
					}
					if !strings.Contains(strings.ToLower(of), strings.ToLower(x.Text)) {
						t.Errorf("%q stands not in %q", x.Text, of)
					}
				}
			}
		}
	}
}

func plain(w string) string { return strings.ToLower(strings.Trim(w, `.,;:()"'’`)) }

// TestPolicy learns which words people take up, and takes up those.
func TestPolicy(t *testing.T) {
	var lessons []Lesson
	for range 40 {
		lessons = append(lessons, Lesson{samples[0], "The user would enjoy the business for its home-made chowder."})
	}
	policy := Places.Teach(lessons, PolicyOptions{Seed: 1})
	c, known := newContext(samples[0]), map[string]float64{}
	taken := policy.score(c, "The user would enjoy the business for its home-made chowder.", known)
	left := policy.score(c, "The user would enjoy the business for its calm waterside setting.", known)
	if taken <= left {
		t.Errorf("taught on chowder, it thinks more of the setting: %.3f, %.3f", taken, left)
	}
	got := policy.Write(samples[0], rand.New(rand.NewPCG(2, 2)))
	if !strings.Contains(got.Text, "chowder") {
		t.Errorf("taught on chowder, it says: %s", got.Text)
	}
	if again := Places.Teach(lessons, PolicyOptions{Seed: 1}).Write(samples[0], rand.New(rand.NewPCG(2, 2))); again.Text != got.Text {
		t.Errorf("not the same twice: %s / %s", got.Text, again.Text)
	}
	policy = policy.Preferring(1, func(s string) float64 { return -100 * float64(strings.Count(s, "chowder")) })
	if got := policy.Write(samples[0], rand.New(rand.NewPCG(2, 2))); strings.Contains(got.Text, "chowder") {
		t.Errorf("against its preference it says: %s", got.Text)
	}
}

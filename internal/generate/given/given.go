// Package given writes one explanation from two profiles that a caller states: what a reader is known to like, and what
// an item is known for. It is for those who have no interactions to give, and it is how we stand beside systems that are
// measured on such profiles.
//
// It knows English profiles alone. It says nothing that is not in them: every phrase of a text is a run of words of a
// profile or the title, set into a hand-written pattern that states nothing else. Which phrases and which pattern is
// chosen by chance, or by a Policy that was taught on texts that people wrote of the same task.
package given

import (
	"math/rand/v2"

	"because/internal/text/profile"
)

// A Task is how the texts of a task speak: of whom, of what, and what that person would do.
type Task struct {
	Reader string // "the user", or "you"
	Verb   string // "enjoy", "buy"
	Noun   string // "business", "book"
}

// The tasks of the public sets that explanations are compared on, and our own way of speaking.
var (
	Places = Task{Reader: "the user", Verb: "enjoy", Noun: "business"}
	Books  = Task{Reader: "the user", Verb: "buy", Noun: "book"}
	Reader = Task{Reader: "you", Verb: "like", Noun: "one"}
)

// Profiles are all that a text may say.
type Profiles struct {
	Title string // of the item
	Item  string // what it is known for
	User  string // what the reader likes
}

// A Draft is a text and the phrases it was made of.
type Draft struct {
	Text    string
	Phrases []profile.Phrase
}

// Write drafts n texts by chance, all of them different; fewer where the profiles do not hold so many.
func (t Task) Write(p Profiles, n int, rng *rand.Rand) []Draft {
	w := newWriter(t, p, rng)
	seen := map[string]bool{}
	var out []Draft
	for tries := 0; len(out) < n && tries < 3*n; tries++ {
		d := w.draft()
		if !seen[d.Text] {
			seen[d.Text] = true
			out = append(out, d)
		}
	}
	return out
}

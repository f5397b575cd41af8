package profile

import (
	"slices"
	"strings"
)

// Likes are what a reader's profile says that the reader likes, each as it stands there.
func Likes(sentences string) []string {
	var out []string
	for _, x := range whole(Read("", "", sentences)) {
		out = append(out, Bare(x.Text))
	}
	return out
}

// Known is what an item's profile says of it.
type Known struct {
	Name   string   // what the profile calls it, perhaps a sort of thing
	Kind   string   // what it is: "coffeehouse chain"
	Things []string // what it is sought for
}

// KnownFor reads an item's profile.
func KnownFor(title, sentences string) Known {
	var out Known
	for _, x := range whole(Read(title, sentences, "")) {
		switch x.Form {
		case Thing:
			out.Things = append(out.Things, Bare(x.Text))
		case Kind:
			out.Kind = x.Text
		}
	}
	if at := would.FindStringIndex(sentences); at != nil {
		out.Name, _, _ = strings.Cut(strings.TrimRight(strings.TrimSpace(sentences[at[1]:]), "."), " as a")
	}
	return out
}

// whole are the phrases that are no part of another.
func whole(all []Phrase) []Phrase {
	var out []Phrase
	for i, x := range all {
		if x.Form != Kind && slices.ContainsFunc(all[:i], func(y Phrase) bool { return y.Source == x.Source && strings.Contains(y.Text, x.Text) }) {
			continue
		}
		out = append(out, x)
	}
	return out
}

// Bare is a phrase without its article.
func Bare(s string) string {
	for _, a := range []string{"a ", "an ", "A ", "An "} {
		if rest, ok := strings.CutPrefix(s, a); ok {
			return rest
		}
	}
	return s
}

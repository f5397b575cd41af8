package pack

import (
	"fmt"
	"slices"
	"strings"

	"because"
)

// A Problem is something that is wrong with a pack: where it stands, what is wrong, what to do.
type Problem struct {
	File string `json:"file"` // below the folder of the packs
	Line int    `json:"line"`
	Says string `json:"says"` // in the reader's language
}

// String is "shop/pack.yaml:12: what is wrong".
func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Says) }

// A place is a line of a file.
type place struct {
	file string
	line int
}

// A fault keeps a file from being read. It is found before the reader's language is known.
type fault struct {
	at  place
	say func(because.Lang) string
}

func (f fault) problem(lang because.Lang) Problem { return Problem{f.at.file, f.at.line, f.say(lang)} }

// error is the fault as an error for a person.
func (f fault) error() error {
	return because.Errorf(because.ErrInvalid, "The pack cannot be read. %s", f.problem(because.English))
}

// nearest is "; did you mean x?" in lang, or a list of what there is.
func nearest(lang because.Lang, word string, known []string) string {
	best, least := "", max(2, len([]rune(word))/3)+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return because.Say(lang, "did you mean %q?", best)
	}
	return because.Say(lang, "take one of: %s", strings.Join(known, ", "))
}

// distance is how many characters must be added, removed, changed or swapped with their neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(x)][len(y)]
}

// plain are names as words.
func plain[K ~string](names []K) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}

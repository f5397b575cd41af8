package eval

import "strings"

// Unique are the share and the number of different token sequences, USR and USN of the explanation papers. Their code
// compares each with each; this counts.
func Unique(texts [][]string) (usr float64, usn int) {
	seen := map[string]bool{}
	for _, t := range texts {
		seen[strings.Join(t, "\x00")] = true
	}
	return ratio(float64(len(seen)), float64(len(texts))), len(seen)
}

package eval

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// TestLabels holds Check to what a reader says of XRec's released texts: each claim of 200 rows of each set, drawn by a seed in
// two sittings (the first 50 of places and 25 of books in the earlier), was read against the title and both profiles and
// labelled supported, contradicted or unverifiable (s, c, u), without sight of what Check says. Praise of a thing that the
// profile lists counts as supported, praise of food, staff or service in general as unverifiable; so does what the reader is
// said to have done, and the recommendation itself. What is said of the reader's taste is held against the reader's profile.
// Only row, a hash of the text and the labels are stored.
func TestLabels(t *testing.T) {
	for _, tt := range []struct {
		set                        string
		claims, reader, tool, both int // claims, and those supported to the reader, to Check, to both
		agree, kappa               float64
	}{
		{"google-local", 1016, 229, 122, 75, .802, .321},
		{"amazon-books", 1719, 411, 314, 192, .802, .407},
	} {
		claims, reader, tool, both := labelled(t, tt.set)
		n := float64(claims)
		agree := float64(claims-reader-tool+2*both) / n
		chance := (float64(reader)*float64(tool) + float64(claims-reader)*float64(claims-tool)) / (n * n)
		kappa := (agree - chance) / (1 - chance)
		if claims != tt.claims || reader != tt.reader || tool != tt.tool || both != tt.both || !near(round(agree, 3), tt.agree) || !near(round(kappa, 3), tt.kappa) {
			t.Errorf("%s: %d claims; supported to the reader %d, to Check %d, to both %d; agreement %.3f, kappa %.3f", tt.set, claims, reader, tool, both, agree, kappa)
		}
	}
}

// labelled counts the claims of a set, and those that are supported to the reader, to Check and to both.
func labelled(t *testing.T, set string) (claims, reader, tool, both int) {
	t.Helper()
	rows := released(t, set)
	f, err := os.Open("testdata/labels-" + set + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var l struct {
			Row          int
			Hash, Labels string
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		r := rows[l.Row]
		if hash := fmt.Sprintf("%x", sha256.Sum256([]byte(r.Prediction)))[:12]; hash != l.Hash {
			t.Fatalf("row %d is another text: %s", l.Row, hash)
		}
		var said []string
		for _, c := range clauses(r.Prediction) {
			if NewGrounds("", "", "").Check(c).Claims > 0 {
				said = append(said, c)
			}
		}
		if len(said) != len(l.Labels) {
			t.Fatalf("row %d has %d claims and %d labels: label it anew", l.Row, len(said), len(l.Labels))
		}
		g := NewGrounds(r.Title, r.ItemProfile, r.UserProfile)
		for i, c := range said {
			held, ours := l.Labels[i] == 's', g.Check(c).Supported > 0
			claims++
			reader += yes(held)
			tool += yes(ours)
			both += yes(held && ours)
		}
	}
	return claims, reader, tool, both
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

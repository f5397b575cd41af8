package eval

import (
	"slices"
	"testing"
)

// Of three documents of two words each, "tea" is in two and "noodles" in one. idf(tea) = ln(1 + 1.5/2.5) = .470,
// idf(noodles) = ln(1 + 2.5/1.5) = .981; every word counts 2.2/(1 + 1.2) = 1 in a document of mean length. So the query
// scores 0, 1.451 and .470.
func TestBM25(t *testing.T) {
	m := NewBM25([]string{"steel watch", "tea noodles", "tea shop"})
	if got := m.Rank("tea noodles"); !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("order %v", got)
	}
	if got := m.Rank("nothing known"); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("order %v of documents that all score 0", got)
	}
}

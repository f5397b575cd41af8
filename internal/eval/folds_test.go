package eval

import (
	"fmt"
	"slices"
	"testing"
)

// TestFolds: every row is tested once, and no user and no item is on both sides of a fold, whatever hangs together.
func TestFolds(t *testing.T) {
	for name, rows := range map[string]func(i int) (user, item int){
		"loose":      func(i int) (int, int) { return i, i },
		"pairs":      func(i int) (int, int) { return i / 2, 1000 + i },
		"one clump":  func(i int) (int, int) { return i % 17, i % 13 },
		"half clump": func(i int) (int, int) { return i % (1 + i/2), i },
	} {
		var users, items []string
		for i := range 200 {
			u, it := rows(i)
			users, items = append(users, fmt.Sprint(u)), append(items, fmt.Sprint(it))
		}
		folds := Folds(users, items, 5, 7)
		tested := make([]int, 200)
		for _, f := range folds {
			for _, i := range f.Test {
				tested[i]++
				for _, j := range f.Train {
					if users[i] == users[j] || items[i] == items[j] {
						t.Fatalf("%s: rows %d and %d share a user or an item", name, i, j)
					}
				}
			}
			if n := len(f.Test); n < 30 || n > 50 {
				t.Errorf("%s: a fold tests %d of 200 rows", name, n)
			}
		}
		if slices.Max(tested) != 1 || slices.Min(tested) != 1 {
			t.Errorf("%s: some row is not tested exactly once", name)
		}
		if name == "pairs" && len(folds[0].Train) != 160 {
			t.Errorf("pairs: %d rows teach, want all 160 others", len(folds[0].Train))
		}
		if again := Folds(users, items, 5, 7); !slices.Equal(again[2].Test, folds[2].Test) {
			t.Errorf("%s: not the same twice", name)
		}
	}
}

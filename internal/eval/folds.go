package eval

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// A Fold tests on some rows and learns from others that share neither a user nor an item with any of them.
type Fold struct {
	Test, Train []int // rows, ascending
}

// Folds part rows into k folds for cross-fitting: every row is tested in exactly one. Rows that hang together through
// users and items stay in one fold where that is a small part of all rows; larger parts are cut between users, and rows
// of other users about the same items then teach nothing in that fold.
func Folds(users, items []string, k int, seed uint64) []Fold {
	n := len(users)
	part := newUnion(n)
	for _, ids := range [][]string{users, items} {
		first := map[string]int{}
		for row, id := range ids {
			if j, ok := first[id]; ok {
				part.join(j, row)
			} else {
				first[id] = row
			}
		}
	}
	size := map[int]int{}
	for row := range n {
		size[part.of(row)]++
	}
	units, at := [][]int{}, map[[2]string]int{} // rows that are not parted
	for row := range n {
		key := [2]string{"user", users[row]}
		if root := part.of(row); size[root] <= n/(4*k) {
			key = [2]string{"part", users[root] + "\x00" + items[root]}
		}
		i, ok := at[key]
		if !ok {
			i = len(units)
			at[key], units = i, append(units, nil)
		}
		units[i] = append(units[i], row)
	}
	rng := rand.New(rand.NewPCG(seed, 0xf01d))
	rng.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
	slices.SortStableFunc(units, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	folds := make([]Fold, k)
	for _, u := range units {
		least := 0
		for f := range folds {
			if len(folds[f].Test) < len(folds[least].Test) {
				least = f
			}
		}
		folds[least].Test = append(folds[least].Test, u...)
	}
	for f := range folds {
		folds[f].fill(users, items)
	}
	return folds
}

// fill finds the rows that may teach.
func (f *Fold) fill(users, items []string) {
	slices.Sort(f.Test)
	user, item := map[string]bool{}, map[string]bool{}
	for _, row := range f.Test {
		user[users[row]], item[items[row]] = true, true
	}
	for row := range users {
		if !user[users[row]] && !item[items[row]] {
			f.Train = append(f.Train, row)
		}
	}
}

// A union is sets of rows that grow together.
type union struct{ parent []int }

func newUnion(n int) union {
	u := union{make([]int, n)}
	for i := range u.parent {
		u.parent[i] = i
	}
	return u
}

func (u union) of(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

// join joins two sets under the smaller row.
func (u union) join(a, b int) {
	a, b = u.of(a), u.of(b)
	u.parent[max(a, b)] = min(a, b)
}

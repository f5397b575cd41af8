package verify

import (
	"slices"

	"because/internal/text"
)

// Names is an index of the names of a catalogue, to notice an item that a draft may not speak of. It is immutable.
type Names struct {
	ids     map[string]string // folded name -> item
	lengths map[[2]rune][]int // by the first two runes, the longest first
}

// NewNames indexes every item's names. Names of one character or of less than four Latin letters are left out.
func NewNames(each func(yield func(id string, names []string) bool)) *Names {
	n := &Names{map[string]string{}, map[[2]rune][]int{}}
	each(func(id string, names []string) bool {
		for _, name := range names {
			r := key(name)
			if len(r) < 2 || len(r) < 4 && !text.IsHan(r[0]) {
				continue
			}
			if _, ok := n.ids[string(r)]; ok {
				continue
			}
			n.ids[string(r)] = id
			head := [2]rune{r[0], r[1]}
			if !slices.Contains(n.lengths[head], len(r)) {
				n.lengths[head] = append(n.lengths[head], len(r))
				slices.SortFunc(n.lengths[head], func(a, b int) int { return b - a })
			}
		}
		return true
	})
	return n
}

// find calls f for the longest name at every place of r.
func (n *Names) find(r []rune, f func(s, e int, id string)) {
	if n == nil {
		return
	}
	for i := 0; i+1 < len(r); i++ {
		if i > 0 && latin(r[i]) && latin(r[i-1]) {
			continue
		}
		for _, m := range n.lengths[[2]rune{r[i], r[i+1]}] {
			if i+m > len(r) || i+m < len(r) && latin(r[i+m-1]) && latin(r[i+m]) {
				continue
			}
			if id, ok := n.ids[string(r[i:i+m])]; ok {
				f(i, i+m, id)
				i += m - 1
				break
			}
		}
	}
}

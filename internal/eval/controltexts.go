package eval

import (
	"math/rand/v2"
	"slices"
)

// A Written is what one way of writing makes of each row.
type Written struct {
	Name  string
	Texts []string
}

// ControlTexts are the texts that need no model, of each row with a reference, in order: the fixed opening and what
// follows it, the one sentence for everybody, the predictions of other rows. What a control takes from references it
// takes from readers of the other half.
func (t *Texts) ControlTexts() []Written {
	c := newComparison(t)
	var openings, constants [2][]int32
	for half := range 2 {
		openings[half], constants[half] = c.openingOf(1-half), c.constantOf(1-half)
	}
	say := func(name string, of func(i int, r textRow) []int32) Written {
		w := Written{Name: name}
		for i, r := range c.rows {
			w.Texts = append(w.Texts, t.index.say(of(i, r), t.between()))
		}
		return w
	}
	var partners []int32
	if len(c.rows) > 1 {
		partners = derange(len(c.rows), 1, rand.New(rand.NewPCG(t.o.Seed, 0x5f)))
	}
	out := []Written{
		say("constant", func(i int, _ textRow) []int32 { return constants[c.half[i]] }),
		say("item", func(i int, r textRow) []int32 { return slices.Concat(openings[c.half[i]], r.itemProfile) }),
		say("user", func(i int, r textRow) []int32 { return slices.Concat(openings[c.half[i]], r.userProfile) }),
	}
	if partners != nil {
		out = append(out, say("shuffled", func(i int, _ textRow) []int32 { return c.rows[partners[i]].text }))
	}
	return out
}

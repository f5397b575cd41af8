package hostiletest

import (
	"fmt"
	"reflect"
	"testing"

	"because"
	"because/internal/text"
)

// TestCorpus: the corpus has all that it says, twice the same, and other surfaces with another seed.
func TestCorpus(t *testing.T) {
	all := Corpus(1)
	if want := len(Goals) * len(Techniques) * variants * len(because.Langs); len(all) != want || want != 1200 {
		t.Errorf("%d texts, want %d", len(all), want)
	}
	if !reflect.DeepEqual(all, Corpus(1)) || reflect.DeepEqual(all, Corpus(2)) {
		t.Error("the seed does not choose the texts")
	}
	written := map[string]Text{}
	for _, x := range all {
		if o, ok := written[x.Text]; ok {
			t.Errorf("written twice: %q, for %s and %s", x.Text, o.Goal, x.Goal)
		}
		if written[x.Text] = x; x.Wish == "" || x.Technique == Split && x.Rest == "" {
			t.Errorf("half written: %+v", x)
		}
	}
	for _, lang := range because.Langs {
		if n := len(Odd(lang)); n < 150 {
			t.Errorf("%s: %d harmless names", lang, n)
		}
	}
}

// TestWalls measures how much of the corpus is taken for a name that may be said, before anything else looks at it: what
// is long enough to hold an order and whole may not be, under three seeds; of the halves of a text a tenth may; of
// wishes that no wall was made for the share is what it is, and may not grow.
func TestWalls(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		halves, passed := 0, 0
		for _, x := range Corpus(seed) {
			for _, s := range []string{x.Text, x.Rest} {
				if clean, _ := text.Clean(s); len(Tokens(clean)) < Long || !text.Sayable(clean) { // cleaned, as it is stored
					continue
				}
				if x.Technique != Split {
					t.Errorf("seed %d: %s, %s %d may be said: %q", seed, x.Goal, x.Technique, x.Variant, s)
				}
				passed++
			}
			if x.Technique == Split {
				halves += 2
			}
		}
		t.Logf("seed %d: %d of %d halves may be said", seed, passed, halves)
		if 3*passed > halves {
			t.Errorf("seed %d: %d of %d halves may be said", seed, passed, halves)
		}
	}
	for _, lang := range because.Langs {
		wraps := zhWraps
		if lang == because.English {
			wraps = enWraps
		}
		for _, known := range []bool{false, true} {
			n, passed := 0, 0
			for _, g := range Goals {
				for _, wish := range Unseen[lang][g] {
					for _, technique := range Techniques {
						if technique == Encoded || technique == Invisible || technique == Split || (technique != Plain) != known {
							continue
						}
						for v := range variants {
							if n++; text.Sayable(fmt.Sprintf(wraps[technique][v], wish)) {
								passed++
							}
						}
					}
				}
			}
			t.Logf("%s, unseen wishes, known techniques %v: %d of %d may be said", lang, known, passed, n)
			if known && 5*passed > n || passed == n {
				t.Errorf("%s, known techniques %v: %d of %d may be said", lang, known, passed, n)
			}
		}
	}
}

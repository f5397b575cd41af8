package eval

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// A bag is a text as ROUGE on sets sees it: its different words and its different pairs of neighbours, numbered.
type bag struct{ words, pairs []int32 }

// bags numbers the pairs of neighbours of texts whose words are numbered.
type bags map[[2]int32]int32

func (b bags) of(tokens []int32) bag {
	pairs := make([]int32, 0, max(0, len(tokens)-1))
	for i := 0; i+1 < len(tokens); i++ {
		k := [2]int32{tokens[i], tokens[i+1]}
		id, ok := b[k]
		if !ok {
			id = int32(len(b))
			b[k] = id
		}
		pairs = append(pairs, id)
	}
	return bag{different(slices.Clone(tokens)), different(pairs)}
}

func different(ids []int32) []int32 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// A scorer scores many references against one text in turn.
type scorer struct {
	words, pairs []int32 // the turn in which each was last marked
	turn         int32
	text         bag
}

func newScorer(words, pairs int) *scorer {
	return &scorer{words: make([]int32, words), pairs: make([]int32, pairs)}
}

// take marks the text that is scored next.
func (s *scorer) take(text bag) {
	s.turn++
	s.text = text
	for _, id := range text.words {
		s.words[id] = s.turn
	}
	for _, id := range text.pairs {
		s.pairs[id] = s.turn
	}
}

// score is ROUGE-1 F and ROUGE-2 F of the text against a reference.
func (s *scorer) score(ref bag) (r1, r2 float64) {
	return prf(s.common(s.words, ref.words), len(s.text.words), len(ref.words)).F,
		prf(s.common(s.pairs, ref.pairs), len(s.text.pairs), len(ref.pairs)).F
}

func (s *scorer) common(marked, ids []int32) int {
	n := 0
	for _, id := range ids {
		if marked[id] == s.turn {
			n++
		}
	}
	return n
}

// derange returns the partners of each of n rows in so many uniformly random derangements: partners[i*rounds+r] is never
// i. It is nil for fewer than two rows.
func derange(n, rounds int, rng *rand.Rand) []int32 {
	if n < 2 {
		return nil
	}
	partners, perm := make([]int32, n*rounds), make([]int32, n)
	for r := range rounds {
		for !deranged(perm, rng) {
		}
		for i, p := range perm {
			partners[i*rounds+r] = p
		}
	}
	return partners
}

// deranged fills perm with a random permutation and gives up as soon as something stays in place: what it does not give
// up on is uniform over the derangements. It succeeds once in e tries.
func deranged(perm []int32, rng *rand.Rand) bool {
	for i := range perm {
		perm[i] = int32(i)
	}
	for i := len(perm) - 1; i >= 0; i-- {
		j := rng.IntN(i + 1)
		perm[i], perm[j] = perm[j], perm[i]
		if perm[i] == int32(i) {
			return false
		}
	}
	return true
}

// A shuffled is what texts score against the references of other rows.
type shuffled struct {
	r1, r2 []float64 // of each row, the mean over all derangements
	one    []float64 // ROUGE-1 F of each row in the first of them
	rounds []float64 // of each derangement, the mean ROUGE-1 F over all rows
}

// chunk is how many rows one worker takes at a time; sums go chunk by chunk, so that they do not depend on workers.
const chunk = 512

// shuffle scores text i against the references of its partners, for all i.
func (x *index) shuffle(ctx context.Context, texts, refs []bag, partners []int32) (shuffled, error) {
	n := len(texts)
	out := shuffled{r1: make([]float64, n), r2: make([]float64, n), one: make([]float64, n)}
	if partners == nil {
		return out, nil
	}
	rounds := len(partners) / n
	sums := make([][]float64, (n+chunk-1)/chunk)
	err := inChunks(ctx, n, func() func(from, to int) {
		s := newScorer(len(x.ids), len(x.bags))
		return func(from, to int) {
			sum := make([]float64, rounds)
			for i := from; i < to; i++ {
				s.take(texts[i])
				for r, p := range partners[i*rounds : (i+1)*rounds] {
					r1, r2 := s.score(refs[p])
					sum[r] += r1
					out.r1[i] += r1 / float64(rounds)
					out.r2[i] += r2 / float64(rounds)
					if r == 0 {
						out.one[i] = r1
					}
				}
			}
			sums[from/chunk] = sum
		}
	})
	out.rounds = make([]float64, rounds)
	for _, sum := range sums {
		for r := range sum {
			out.rounds[r] += sum[r] / float64(n)
		}
	}
	return out, err
}

// inChunks calls the functions that worker makes, one for each core, with the chunks of n rows.
func inChunks(ctx context.Context, n int, worker func() func(from, to int)) error {
	starts := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			work := worker()
			for from := range starts {
				work(from, min(from+chunk, n))
			}
		})
	}
	var err error
	for from := 0; from < n && err == nil; from += chunk {
		starts <- from
		err = ctx.Err()
	}
	close(starts)
	wg.Wait()
	return err
}

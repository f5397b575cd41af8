package lm

import (
	"cmp"
	"container/heap"
	"fmt"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"
)

// No merge makes a token longer than this: beyond it BPE learns phrases of the corpus instead of words.
const (
	maxTokenBytes = 20
	maxTokenHan   = 4
)

// minPairCount is how often a pair must occur to become a token.
const minPairCount = 2

// LeastVocab is how many tokens every vocabulary has, beside its specials: <pad>, <bos>, <end>, <text> and the bytes.
const LeastVocab = 4 + 256

// TrainTokenizer learns merges from texts until the vocabulary has size tokens, or until no pair occurs twice. The
// vocabulary is <pad>, <bos>, <end>, <text>, then the other specials in their order, then the bytes, then what merges
// made. Specials in texts are not learned from.
//
// If texts hold Han, each Han character of theirs becomes a token before any word does, then each of commonHan, as long
// as they take no more than half of what the bytes leave of the vocabulary.
//
// Of the most frequent pairs the one with the smaller ids merges first, so equal texts give equal tokenizers, in
// whatever order they come. A token is whole characters or the beginning of one, at most four Han characters long.
func TrainTokenizer(texts, specials []string, size int) (*Tokenizer, error) {
	all := slices.Clone(baseSpecials)
	for _, s := range specials {
		if !slices.Contains(baseSpecials, s) {
			all = append(all, s)
		}
	}
	if least := len(all) + 256; size < least {
		return nil, fmt.Errorf("train tokenizer: a vocabulary of %d, but specials and bytes need %d", size, least)
	}
	t, err := newTokenizer(all, nil)
	if err != nil {
		return nil, fmt.Errorf("train tokenizer: %w", err)
	}
	tr := newBPETrainer(t, texts)
	tr.mergeHan(len(all) + 256 + (size-len(all)-256)/2)
	for len(tr.tokens) < size {
		p, ok := tr.best()
		if !ok {
			break
		}
		tr.merge(p)
	}
	if t, err = newTokenizer(all, tr.merges); err != nil {
		return nil, fmt.Errorf("train tokenizer: %w", err)
	}
	return t, nil
}

// A bpeTrainer holds the distinct pieces of the texts as they merge, and counts their pairs.
type bpeTrainer struct {
	tokens    []string
	firstByte int32
	ids       map[string]int32 // of what merges made
	merges    [][2]int32
	merged    map[[2]int32]bool
	words     []trainWord
	han       map[rune]int // how often each Han character occurs
	counts    map[[2]int32]int
	places    map[[2]int32][]int32 // words in which the pair may occur
	heap      pairHeap             // pairs with a count that may be out of date
}

type trainWord struct {
	symbols []int32
	count   int
}

func newBPETrainer(t *Tokenizer, texts []string) *bpeTrainer {
	pieces := map[string]int{}
	for _, s := range texts {
		for s != "" {
			at, _, length := t.trie.find(s)
			for text := s[:at]; text != ""; {
				n := t.split.next(text)
				pieces[text[:n]]++
				text = text[n:]
			}
			s = s[at+length:]
		}
	}
	tr := &bpeTrainer{
		tokens:    slices.Clone(t.tokens),
		firstByte: int32(len(t.specials)),
		ids:       map[string]int32{},
		merged:    map[[2]int32]bool{},
		han:       map[rune]int{},
		counts:    map[[2]int32]int{},
		places:    map[[2]int32][]int32{},
	}
	for _, piece := range slices.Sorted(maps.Keys(pieces)) {
		w := trainWord{count: pieces[piece]}
		for _, r := range piece {
			if unicode.Is(unicode.Han, r) {
				tr.han[r] += w.count
			}
		}
		for i := range len(piece) {
			w.symbols = append(w.symbols, tr.byteID(piece[i]))
		}
		for i := range len(w.symbols) - 1 {
			tr.add([2]int32{w.symbols[i], w.symbols[i+1]}, int32(len(tr.words)), w.count)
		}
		tr.words = append(tr.words, w)
	}
	for p, n := range tr.counts {
		tr.heap = append(tr.heap, pairCount{p, n})
	}
	heap.Init(&tr.heap)
	return tr
}

// mergeHan makes tokens of Han characters until the vocabulary has size: those of the texts, the most frequent first,
// then the common ones.
func (tr *bpeTrainer) mergeHan(size int) {
	chars := slices.SortedFunc(maps.Keys(tr.han), func(a, b rune) int {
		return cmp.Or(cmp.Compare(tr.han[b], tr.han[a]), cmp.Compare(a, b))
	})
	if len(chars) > 0 {
		chars = append(chars, []rune(commonHan)...)
	}
	for _, r := range chars {
		char := string(r)
		if _, ok := tr.ids[char]; ok {
			continue
		}
		if len(tr.tokens)+len(char)-1 > size {
			return
		}
		left := tr.byteID(char[0])
		for i := 1; i < len(char); i++ {
			p := [2]int32{left, tr.byteID(char[i])}
			if !tr.merged[p] {
				tr.merge(p)
			}
			left = tr.ids[char[:i+1]]
		}
	}
}

func (tr *bpeTrainer) byteID(b byte) int32 { return tr.firstByte + int32(b) }

// add counts n more of p in a word. Pairs that may not become a token are never counted.
func (tr *bpeTrainer) add(p [2]int32, word int32, n int) {
	if _, ok := tr.counts[p]; !ok && !mayJoin(tr.tokens[p[0]], tr.tokens[p[1]]) {
		return
	}
	tr.counts[p] += n
	if at := tr.places[p]; len(at) == 0 || at[len(at)-1] != word {
		tr.places[p] = append(at, word)
	}
}

// best takes the most frequent pair.
func (tr *bpeTrainer) best() (p [2]int32, ok bool) {
	for len(tr.heap) > 0 {
		top := heap.Pop(&tr.heap).(pairCount)
		n := tr.counts[top.pair]
		if n == top.count {
			return top.pair, n >= minPairCount
		}
		if n > 0 && n < top.count { // if it grew, a later entry says so
			heap.Push(&tr.heap, pairCount{top.pair, n})
		}
	}
	return p, false
}

// merge makes p a token and replaces it in every word, left to right.
func (tr *bpeTrainer) merge(p [2]int32) {
	text := tr.tokens[p[0]] + tr.tokens[p[1]]
	id, ok := tr.ids[text]
	if !ok {
		id = int32(len(tr.tokens))
		tr.ids[text] = id
		tr.tokens = append(tr.tokens, text)
	}
	if !tr.merged[p] { // it comes again where another merge made one of the two anew
		tr.merged[p] = true
		tr.merges = append(tr.merges, p)
	}
	grown := map[[2]int32]bool{}
	for _, word := range tr.places[p] {
		w := &tr.words[word]
		kept := w.symbols[:0]
		for i := 0; i < len(w.symbols); i++ {
			if i+1 == len(w.symbols) || w.symbols[i] != p[0] || w.symbols[i+1] != p[1] {
				kept = append(kept, w.symbols[i])
				continue
			}
			if n := len(kept); n > 0 {
				tr.take([2]int32{kept[n-1], p[0]}, w.count)
				after := [2]int32{kept[n-1], id}
				tr.add(after, word, w.count)
				grown[after] = true
			}
			if i+2 < len(w.symbols) {
				tr.take([2]int32{p[1], w.symbols[i+2]}, w.count)
				after := [2]int32{id, w.symbols[i+2]}
				tr.add(after, word, w.count)
				grown[after] = true
			}
			kept = append(kept, id)
			i++
		}
		w.symbols = kept
	}
	delete(tr.counts, p)
	delete(tr.places, p)
	for after := range grown {
		if n := tr.counts[after]; n >= minPairCount {
			heap.Push(&tr.heap, pairCount{after, n})
		}
	}
}

// take counts n fewer of p.
func (tr *bpeTrainer) take(p [2]int32, n int) {
	if c, ok := tr.counts[p]; ok {
		tr.counts[p] = c - n
	}
}

// mayJoin says whether left and right together are a token worth having: the beginning of one character, or whole
// characters within the limits of length, with white space only as a space at the front. So no token holds the end of one
// character and the beginning of the next, and readers of tokenizer.json that split at each space agree with us.
func mayJoin(left, right string) bool {
	if len(left)+len(right) > maxTokenBytes {
		return false
	}
	if !utf8.ValidString(left) {
		joined := left + right
		r, size := utf8.DecodeRuneInString(joined)
		whole := r != utf8.RuneError && size == len(joined)
		return whole || !utf8.FullRuneInString(joined)
	}
	if !utf8.ValidString(right) {
		return false
	}
	han := 0
	for i, r := range left + right {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsSpace(r) && (r != ' ' || i > 0):
			return false
		}
	}
	return han <= maxTokenHan
}

type pairCount struct {
	pair  [2]int32
	count int
}

// A pairHeap has the most frequent pair first, then the one with the smaller ids.
type pairHeap []pairCount

func (h pairHeap) Len() int { return len(h) }

func (h pairHeap) Less(i, j int) bool {
	if h[i].count != h[j].count {
		return h[i].count > h[j].count
	}
	return cmp.Or(cmp.Compare(h[i].pair[0], h[j].pair[0]), cmp.Compare(h[i].pair[1], h[j].pair[1])) < 0
}

func (h pairHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *pairHeap) Push(x any) { *h = append(*h, x.(pairCount)) }

func (h *pairHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

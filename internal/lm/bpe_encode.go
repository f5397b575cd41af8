package lm

import "unicode"

// A pieceEncoder applies merges to one piece at a time and keeps its memory for the next.
type pieceEncoder struct {
	symbols []symbol
	heap    []uint64 // rank<<32 | index of the left symbol, the smallest first: rank, then place
}

// A symbol is a token in a piece that may still merge, in a list by indices.
type symbol struct {
	id         int32 // -1 once merged into the symbol on its left, or for a byte without a token
	prev, next int32 // -1 at the ends
}

// encode appends the ids of piece: of all pairs that have a merge, the one of the lowest rank merges first, and the
// leftmost of equals, until none is left. It takes O(n log n).
func (e *pieceEncoder) encode(t *Tokenizer, piece string, ids []int32) []int32 {
	e.symbols, e.heap = e.symbols[:0], e.heap[:0]
	for i := range len(piece) {
		e.symbols = append(e.symbols, symbol{t.bytes[piece[i]], int32(i) - 1, int32(i) + 1})
	}
	e.symbols[len(piece)-1].next = -1
	for i := range len(piece) - 1 {
		e.offer(t, int32(i))
	}
	for len(e.heap) > 0 {
		least := e.pop()
		rank, i := int32(least>>32), int32(least&0xffffffff)
		left := &e.symbols[i]
		if left.id < 0 || left.next < 0 {
			continue
		}
		right := &e.symbols[left.next]
		m := t.merges[rank]
		if left.id != m.left || right.id != m.right {
			continue // one of the two has merged since
		}
		left.id, right.id = m.id, -1
		left.next = right.next
		if left.next >= 0 {
			e.symbols[left.next].prev = i
			e.offer(t, i)
		}
		if left.prev >= 0 {
			e.offer(t, left.prev)
		}
	}
	for i := int32(0); i >= 0; i = e.symbols[i].next {
		if id := e.symbols[i].id; id >= 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// offer notes the merge of symbol i with the next one, if there is such a merge.
func (e *pieceEncoder) offer(t *Tokenizer, i int32) {
	left := e.symbols[i]
	rank, ok := t.ranks[[2]int32{left.id, e.symbols[left.next].id}]
	if !ok {
		return
	}
	h := append(e.heap, uint64(rank)<<32|uint64(i))
	for child := len(h) - 1; child > 0; {
		parent := (child - 1) / 2
		if h[parent] <= h[child] {
			break
		}
		h[parent], h[child] = h[child], h[parent]
		child = parent
	}
	e.heap = h
}

// pop takes the least from the heap.
func (e *pieceEncoder) pop() uint64 {
	h := e.heap
	least, last := h[0], len(h)-1
	h[0], h = h[last], h[:last]
	for parent := 0; ; {
		child := 2*parent + 1
		if child >= last {
			break
		}
		if child+1 < last && h[child+1] < h[child] {
			child++
		}
		if h[parent] <= h[child] {
			break
		}
		h[parent], h[child] = h[child], h[parent]
		parent = child
	}
	e.heap = h
	return least
}

// HanTokens counts the tokens and the Han characters of the pieces of a text that hold Han: what a Han character takes.
func (t *Tokenizer) HanTokens(s string) (tokens, han int) {
	for s != "" {
		n := nextPiece(s)
		count := 0
		for _, r := range s[:n] {
			if unicode.Is(unicode.Han, r) {
				count++
			}
		}
		if count > 0 {
			han += count
			tokens += len(t.Encode(s[:n]))
		}
		s = s[n:]
	}
	return tokens, han
}

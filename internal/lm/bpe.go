package lm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// baseSpecials are the specials that the models themselves need, of the ids PadID to TextID.
var baseSpecials = []string{"<pad>", "<bos>", "<end>", "<text>"}

// A Tokenizer turns text into token ids and back without loss: byte-level BPE (Sennrich et al. 2016; bytes as in
// Radford et al. 2019) with special tokens that are recognised whole. It is immutable and safe for concurrent use.
//
// The ids of a trained one are laid out as specials, then the 256 bytes, then what merges made. One that was loaded from
// elsewhere keeps the ids that it has there; where it lacks a token for a byte, as SmolLM2 does for some control
// characters, the byte is left out as llama.cpp does.
type Tokenizer struct {
	specials []special  // by id
	tokens   []string   // by id; a token may be a part of a character
	bytes    [256]int32 // token of each byte; -1 if it has none
	merges   []merge    // by rank: the lowest is applied first
	ranks    map[[2]int32]int32
	trie     specialTrie
	split    preTokeniser
	trained  bool // newTokenizer gives the same from specials and merges
}

// A special is a token that is recognised whole.
type special struct {
	id   int32
	text string
	mark bool // steers the model and is no part of the text that a reader is shown
}

// A merge joins two neighbouring tokens into the token id. Two merges may give one token.
type merge struct{ left, right, id int32 }

// newTokenizer builds the tokenizer with our layout of ids that applies pairs in their order. Each pair may use only ids
// that exist by then.
func newTokenizer(specials []string, pairs [][2]int32) (*Tokenizer, error) {
	if len(specials) < len(baseSpecials) || !slices.Equal(specials[:len(baseSpecials)], baseSpecials) {
		return nil, fmt.Errorf("the specials do not start with %s", strings.Join(baseSpecials, " "))
	}
	tokens := slices.Clone(specials)
	for b := range 256 {
		tokens = append(tokens, string([]byte{byte(b)}))
	}
	merges := make([]merge, 0, len(pairs))
	made := make(map[string]int32, len(pairs))
	for rank, p := range pairs {
		for _, id := range p {
			if int(id) < len(specials) || int(id) >= len(tokens) {
				return nil, fmt.Errorf("merge %d: joins token %d, which merges cannot use", rank, id)
			}
		}
		text := tokens[p[0]] + tokens[p[1]]
		if len(text) > maxTokenBytes {
			return nil, fmt.Errorf("merge %d: makes a token of %d bytes, more than %d", rank, len(text), maxTokenBytes)
		}
		id, ok := made[text]
		if !ok {
			id = int32(len(tokens))
			made[text] = id
			tokens = append(tokens, text)
		}
		merges = append(merges, merge{p[0], p[1], id})
	}
	whole := make([]special, len(specials))
	var bytes [256]int32
	for i, s := range specials {
		if len(s) < 2 {
			return nil, fmt.Errorf("special token %q: shorter than two bytes", s)
		}
		whole[i] = special{int32(i), s, i < len(baseSpecials)}
	}
	for b := range bytes {
		bytes[b] = int32(len(specials) + b)
	}
	t, err := assembleTokenizer(tokens, whole, bytes, merges, ourSplit)
	if err != nil {
		return nil, err
	}
	t.trained = true
	return t, nil
}

// assembleTokenizer makes a tokenizer of its parts: the specials among the tokens by id, and the token of each byte.
func assembleTokenizer(tokens []string, specials []special, bytes [256]int32, merges []merge, split preTokeniser) (*Tokenizer, error) {
	t := &Tokenizer{specials: specials, tokens: tokens, bytes: bytes, merges: merges, split: split}
	t.ranks = make(map[[2]int32]int32, len(merges))
	for rank, m := range merges {
		p := [2]int32{m.left, m.right}
		if _, ok := t.ranks[p]; ok {
			return nil, fmt.Errorf("merge %d: joins %d and %d again", rank, p[0], p[1])
		}
		t.ranks[p] = int32(rank)
	}
	for _, s := range specials {
		if _, ok := t.ID(s.text); ok || s.text == "" {
			return nil, fmt.Errorf("special token %q: empty or twice", s.text)
		}
		t.trie.add(s.text, s.id)
	}
	return t, nil
}

// Encode returns the ids of s. A special token in s is recognised whole, the longest first where several begin.
func (t *Tokenizer) Encode(s string) []int32 {
	ids := make([]int32, 0, len(s)/2+1)
	var e pieceEncoder
	for s != "" {
		at, special, length := t.trie.find(s)
		for text := s[:at]; text != ""; {
			n := t.split.next(text)
			ids = e.encode(t, text[:n], ids)
			text = text[n:]
		}
		if length > 0 {
			ids = append(ids, special)
		}
		s = s[at+length:]
	}
	return ids
}

// Decode is the inverse of Encode, but for bytes that have no token. It panics on an id that is not in the vocabulary.
func (t *Tokenizer) Decode(ids []int32) string {
	var b strings.Builder
	for _, id := range ids {
		b.WriteString(t.Token(id))
	}
	return b.String()
}

// Token is what id stands for: whole characters, or a part of one. It panics on an id that is not in the vocabulary.
func (t *Tokenizer) Token(id int32) string {
	if id < 0 || int(id) >= len(t.tokens) {
		panic(fmt.Sprintf("lm: token %d of a vocabulary of %d", id, len(t.tokens)))
	}
	return t.tokens[id]
}

// ID is the id of a special token.
func (t *Tokenizer) ID(special string) (int32, bool) {
	at, id, length := t.trie.find(special)
	return id, at == 0 && length > 0 && length == len(special)
}

// Size is the number of tokens; ids are [0, Size).
func (t *Tokenizer) Size() int { return len(t.tokens) }

// Specials are the special tokens in the order of their ids; in a trained tokenizer, the id of each is its index.
func (t *Tokenizer) Specials() []string {
	texts := make([]string, len(t.specials))
	for i, s := range t.specials {
		texts[i] = s.text
	}
	return texts
}

// Extend adds specials at the end of the vocabulary: slots, for the tokenizer of a pretrained model.
func (t *Tokenizer) Extend(specials []string) (*Tokenizer, error) { return t.extend(specials, false) }

func (t *Tokenizer) extend(texts []string, mark bool) (*Tokenizer, error) {
	if len(texts) == 0 {
		return t, nil
	}
	tokens, specials := slices.Clone(t.tokens), slices.Clone(t.specials)
	for _, s := range texts {
		specials = append(specials, special{int32(len(tokens)), s, mark})
		tokens = append(tokens, s)
	}
	longer, err := assembleTokenizer(tokens, specials, t.bytes, t.merges, t.split)
	if err != nil {
		return nil, fmt.Errorf("extend tokenizer: %w", err)
	}
	return longer, nil
}

// A tokenizerFile is a tokenizer as JSON: all else follows from these.
type tokenizerFile struct {
	Format   string   `json:"format"`
	Specials []string `json:"specials"`
	Merges   []int32  `json:"merges"` // the pairs of ids, one after the other
}

const tokenizerFormat = "because-bpe-1"

// Save writes a tokenizer for LoadTokenizer: one that was trained here in a short form of our own, one of a pretrained model
// as ExportHF does. Equal tokenizers write equal bytes.
func (t *Tokenizer) Save(w io.Writer) error {
	if !t.trained {
		return t.ExportHF(w)
	}
	file := tokenizerFile{Format: tokenizerFormat, Specials: t.Specials(), Merges: make([]int32, 0, 2*len(t.merges))}
	for _, m := range t.merges {
		file.Merges = append(file.Merges, m.left, m.right)
	}
	if err := json.NewEncoder(w).Encode(file); err != nil {
		return fmt.Errorf("save tokenizer: %w", err)
	}
	return nil
}

// LoadTokenizer reads what Save wrote.
func LoadTokenizer(r io.Reader) (*Tokenizer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("load tokenizer: %w", err)
	}
	var file tokenizerFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("load tokenizer: %w", err)
	}
	if file.Format == "" {
		if t, err := parseByteLevel(text); err == nil {
			return t, nil
		}
	}
	if file.Format != tokenizerFormat {
		return nil, fmt.Errorf("load tokenizer: format %q, want %q", file.Format, tokenizerFormat)
	}
	if len(file.Merges)%2 != 0 {
		return nil, errors.New("load tokenizer: half a merge at the end")
	}
	pairs := make([][2]int32, 0, len(file.Merges)/2)
	for p := range slices.Chunk(file.Merges, 2) {
		pairs = append(pairs, [2]int32{p[0], p[1]})
	}
	t, err := newTokenizer(file.Specials, pairs)
	if err != nil {
		return nil, fmt.Errorf("load tokenizer: %w", err)
	}
	return t, nil
}

// A specialTrie finds special tokens in text.
type specialTrie struct {
	next map[byte]*specialTrie
	id   int32
	end  bool // a special ends here, and it is id
}

func (n *specialTrie) add(s string, id int32) {
	for i := range len(s) {
		if n.next == nil {
			n.next = map[byte]*specialTrie{}
		}
		child := n.next[s[i]]
		if child == nil {
			child = &specialTrie{}
			n.next[s[i]] = child
		}
		n = child
	}
	n.id, n.end = id, true
}

// find returns where the first special of s begins, its id and its length. Where none is, that is len(s), 0, 0.
func (n *specialTrie) find(s string) (at int, id int32, length int) {
	for at := range len(s) {
		node := n
		for i := at; i < len(s) && node != nil; i++ {
			if node = node.next[s[i]]; node != nil && node.end {
				id, length = node.id, i+1-at
			}
		}
		if length > 0 {
			return at, id, length
		}
	}
	return len(s), 0, 0
}

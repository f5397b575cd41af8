package lm

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// An hfTokenizer is the part of a Hugging Face tokenizer.json that byte-level BPE needs.
type hfTokenizer struct {
	Version       string          `json:"version"`
	Truncation    *struct{}       `json:"truncation"`
	Padding       *struct{}       `json:"padding"`
	AddedTokens   []hfAddedToken  `json:"added_tokens"`
	Normalizer    json.RawMessage `json:"normalizer"`
	PreTokenizer  *hfPart         `json:"pre_tokenizer"`
	PostProcessor *struct{}       `json:"post_processor"`
	Decoder       *hfPart         `json:"decoder"`
	Model         hfModel         `json:"model"`
}

type hfAddedToken struct {
	ID         int32  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	LStrip     bool   `json:"lstrip"`
	RStrip     bool   `json:"rstrip"`
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"` // left out when decoding for a reader
}

// An hfPart is a pre-tokenizer or a decoder.
type hfPart struct {
	Type             string     `json:"type"`
	Parts            []hfPart   `json:"pretokenizers,omitempty"`
	Pattern          *hfPattern `json:"pattern,omitempty"`
	Behavior         string     `json:"behavior,omitempty"`
	Invert           *bool      `json:"invert,omitempty"`
	IndividualDigits bool       `json:"individual_digits,omitempty"`
	AddPrefixSpace   *bool      `json:"add_prefix_space,omitempty"`
	TrimOffsets      *bool      `json:"trim_offsets,omitempty"`
	UseRegex         *bool      `json:"use_regex,omitempty"`
}

type hfPattern struct {
	Regex  string `json:"Regex,omitempty"`
	String string `json:"String,omitempty"`
}

type hfModel struct {
	Type                    string           `json:"type"`
	Dropout                 *float64         `json:"dropout"`
	UnkToken                *string          `json:"unk_token"`
	ContinuingSubwordPrefix *string          `json:"continuing_subword_prefix"`
	EndOfWordSuffix         *string          `json:"end_of_word_suffix"`
	FuseUnk                 bool             `json:"fuse_unk"`
	ByteFallback            bool             `json:"byte_fallback"`
	IgnoreMerges            bool             `json:"ignore_merges"`
	Vocab                   map[string]int32 `json:"vocab"`
	Merges                  []hfMerge        `json:"merges"`
}

// An hfMerge is written as a pair, and read as a pair or as two words with a space between.
type hfMerge [2]string

func (m *hfMerge) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*[2]string)(m)); err == nil {
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	left, right, ok := strings.Cut(s, " ")
	if !ok {
		return fmt.Errorf("merge %q joins nothing", s)
	}
	*m = hfMerge{left, right}
	return nil
}

// ExportHF writes the tokenizer as a Hugging Face tokenizer.json that splits and merges as we do. <pad>, <bos>, <end>
// and <text> are special there, so that decoding for a reader leaves them out; the other specials are not.
func (t *Tokenizer) ExportHF(w io.Writer) error {
	parts, ok := hfSplits(t.split.name)
	if !ok {
		return fmt.Errorf("export tokenizer: no Hugging Face form of the %s splits is known", t.split.name)
	}
	no := false
	yes := true
	file := hfTokenizer{
		Version:      "1.0",
		PreTokenizer: &hfPart{Type: "Sequence", Parts: parts},
		Decoder:      &hfPart{Type: "ByteLevel", AddPrefixSpace: &no, TrimOffsets: &no, UseRegex: &yes},
		Model:        hfModel{Type: "BPE", Vocab: make(map[string]int32, len(t.tokens))},
	}
	spelled := t.spelled()
	for id, s := range spelled {
		if other, ok := file.Model.Vocab[s]; ok {
			return fmt.Errorf("export tokenizer: tokens %d and %d are both spelled %q there", other, id, s)
		}
		file.Model.Vocab[s] = int32(id)
	}
	for _, s := range t.specials {
		file.AddedTokens = append(file.AddedTokens, hfAddedToken{ID: s.id, Content: s.text, Special: s.mark})
	}
	file.Model.Merges = make([]hfMerge, 0, len(t.merges))
	for _, m := range t.merges {
		file.Model.Merges = append(file.Model.Merges, hfMerge{spelled[m.left], spelled[m.right]})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("export tokenizer: %w", err)
	}
	return nil
}

// hfSplits are the pre-tokenizers that split as llama.cpp's name.
func hfSplits(name string) (parts []hfPart, ok bool) {
	no, yes := false, true
	byteLevel := hfPart{Type: "ByteLevel", AddPrefixSpace: &no, TrimOffsets: &yes, UseRegex: &yes}
	switch name {
	case ourSplit.name:
		for _, re := range ourSplits {
			parts = append(parts, hfPart{Type: "Split", Pattern: &hfPattern{Regex: re}, Behavior: "Isolated", Invert: &no})
		}
		byteLevel.UseRegex = &no
	case "smollm", "starcoder", "refact", "command-r", "codeshell":
		parts = append(parts, hfPart{Type: "Digits", IndividualDigits: true})
	case "gpt-2", "phi-2":
	default:
		return nil, false
	}
	return append(parts, byteLevel), true
}

// spelled gives the tokens as Hugging Face and llama.cpp write them: specials as they are, all else with each byte as a
// printable character.
func (t *Tokenizer) spelled() []string {
	out := make([]string, len(t.tokens))
	for id, s := range t.tokens {
		var b strings.Builder
		for i := range len(s) {
			b.WriteRune(byteRunes[s[i]])
		}
		out[id] = b.String()
	}
	for _, s := range t.specials {
		out[s.id] = s.text
	}
	return out
}

// byteRunes are the printable characters that stand for bytes (Radford et al. 2019, bytes_to_unicode in encoder.py).
var byteRunes = func() (table [256]rune) {
	next := rune(256)
	for b := range table {
		if '!' <= b && b <= '~' || '¡' <= b && b <= '¬' || '®' <= b && b <= 'ÿ' {
			table[b] = rune(b)
		} else {
			table[b] = next
			next++
		}
	}
	return table
}()

// runeBytes is the inverse of byteRunes.
var runeBytes = func() map[rune]byte {
	m := make(map[rune]byte, len(byteRunes))
	for b, r := range byteRunes {
		m[r] = byte(b)
	}
	return m
}()

// unspelled is the inverse of spelling a token's bytes. ok is false if s holds another character.
func unspelled(s string) (token string, ok bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, ok := runeBytes[r]
		if !ok {
			return "", false
		}
		b = append(b, c)
	}
	return string(b), true
}

// errOtherTokenizer is a tokenizer.json that is well-formed but not byte-level BPE as we know it.
var errOtherTokenizer = errors.New("not byte-level BPE with known splits")

// maxVocab bounds the ids that a file may give.
const maxVocab = 1 << 22

// parseByteLevel reads a tokenizer.json of byte-level BPE.
func parseByteLevel(content []byte) (*Tokenizer, error) {
	var kind struct {
		Model struct {
			Type string `json:"type"`
		} `json:"model"`
	}
	if err := json.Unmarshal(content, &kind); err != nil {
		return nil, err
	}
	var file hfTokenizer
	if kind.Model.Type != "BPE" || json.Unmarshal(content, &file) != nil {
		return nil, errOtherTokenizer
	}
	split, ok := file.split()
	m := file.Model
	if !ok || m.ByteFallback || m.IgnoreMerges || m.ContinuingSubwordPrefix != nil && *m.ContinuingSubwordPrefix != "" ||
		m.EndOfWordSuffix != nil && *m.EndOfWordSuffix != "" || len(file.Normalizer) > 0 && string(file.Normalizer) != "null" {
		return nil, errOtherTokenizer
	}
	size := int32(0)
	for _, id := range m.Vocab {
		size = max(size, id+1)
	}
	for _, a := range file.AddedTokens {
		size = max(size, a.ID+1)
	}
	if size > maxVocab {
		return nil, fmt.Errorf("a vocabulary of %d is more than %d", size, maxVocab)
	}
	vocab := make([]string, size)
	for s, id := range m.Vocab {
		if id < 0 || vocab[id] != "" {
			return nil, fmt.Errorf("token %q: id %d is negative or taken", s, id)
		}
		vocab[id] = s
	}
	var specials []special
	for _, a := range file.AddedTokens {
		if a.ID < 0 || vocab[a.ID] != "" && vocab[a.ID] != a.Content {
			return nil, fmt.Errorf("token %q: id %d is negative or taken", a.Content, a.ID)
		}
		if a.SingleWord || a.LStrip || a.RStrip {
			return nil, errOtherTokenizer
		}
		vocab[a.ID] = a.Content
		specials = append(specials, special{a.ID, a.Content, a.Special})
	}
	merges := make([][2]string, len(m.Merges))
	for i, pair := range m.Merges {
		merges[i] = pair
	}
	return spelledTokenizer(vocab, specials, merges, split)
}

// split finds the pre-tokeniser that the file describes.
func (f *hfTokenizer) split() (preTokeniser, bool) {
	if f.PreTokenizer == nil {
		return preTokeniser{}, false
	}
	parts := f.PreTokenizer.Parts
	if f.PreTokenizer.Type != "Sequence" {
		parts = []hfPart{*f.PreTokenizer}
	}
	for _, name := range []string{ourSplit.name, "smollm", "gpt-2"} {
		want, _ := hfSplits(name)
		if slices.EqualFunc(parts, want, hfPart.splitsLike) {
			return preTokeniserNamed(name)
		}
	}
	return preTokeniser{}, false
}

// splitsLike compares what bears on splitting.
func (p hfPart) splitsLike(q hfPart) bool {
	set := func(b *bool, otherwise bool) bool {
		if b == nil {
			return otherwise
		}
		return *b
	}
	if p.Type != q.Type {
		return false
	}
	switch p.Type {
	case "Split":
		return p.Pattern != nil && q.Pattern != nil && *p.Pattern == *q.Pattern && p.Behavior == q.Behavior &&
			set(p.Invert, false) == set(q.Invert, false)
	case "Digits":
		return p.IndividualDigits == q.IndividualDigits
	case "ByteLevel":
		return set(p.AddPrefixSpace, true) == set(q.AddPrefixSpace, true) && set(p.UseRegex, true) == set(q.UseRegex, true)
	}
	return false
}

// spelledTokenizer builds a tokenizer from tokens by id and merges by rank, spelled as in spelled. An empty token is a
// hole in the ids.
func spelledTokenizer(vocab []string, specials []special, merges [][2]string, split preTokeniser) (*Tokenizer, error) {
	tokens := make([]string, len(vocab))
	ids := make(map[string]int32, len(vocab))
	whole := make(map[int32]bool, len(specials))
	for _, s := range specials {
		whole[s.id] = true
	}
	for id, s := range vocab {
		token, ok := unspelled(s)
		if whole[int32(id)] || !ok {
			token = s // what no merge makes and no byte spells is only ever decoded
		}
		tokens[id] = token
		if _, ok := ids[s]; !ok && !whole[int32(id)] {
			ids[s] = int32(id)
		}
	}
	var bytes [256]int32
	for b, r := range byteRunes {
		bytes[b] = -1
		if id, ok := ids[string(r)]; ok {
			bytes[b] = id
		}
	}
	joined := make([]merge, len(merges))
	for rank, m := range merges {
		left, ok1 := ids[m[0]]
		right, ok2 := ids[m[1]]
		both, ok3 := ids[m[0]+m[1]]
		if !ok1 || !ok2 || !ok3 || !utf8.ValidString(m[0]+m[1]) {
			return nil, fmt.Errorf("merge %d: %q and %q or what they make is no token", rank, m[0], m[1])
		}
		joined[rank] = merge{left, right, both}
	}
	slices.SortFunc(specials, func(a, b special) int { return cmp.Compare(a.id, b.id) })
	t, err := assembleTokenizer(tokens, specials, bytes, joined, split)
	if err != nil {
		return nil, err
	}
	return t.asTrained(), nil
}

// asTrained is t, known as trained here if its ids are laid out so.
func (t *Tokenizer) asTrained() *Tokenizer {
	if t.split.name != ourSplit.name {
		return t
	}
	pairs := make([][2]int32, len(t.merges))
	for i, m := range t.merges {
		pairs[i] = [2]int32{m.left, m.right}
	}
	own, err := newTokenizer(t.Specials(), pairs)
	if err != nil || !slices.Equal(own.tokens, t.tokens) || !slices.Equal(own.specials, t.specials) {
		return t
	}
	return own
}

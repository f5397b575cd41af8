package lm

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gomlx/go-huggingface/hub"
	"github.com/gomlx/go-huggingface/tokenizers/api"
	"github.com/gomlx/go-huggingface/tokenizers/hftokenizer"
	"github.com/gomlx/go-huggingface/tokenizers/sentencepiece"
)

// A Codec turns text into token ids, adding none of its own, and back. A Tokenizer is one, and so is what a pretrained
// model brings along; only a Tokenizer promises that decoding gives back what was encoded. It is safe for concurrent use.
type Codec interface {
	Encode(s string) []int32
	Decode(ids []int32) string
	Size() int // ids are [0, Size)
}

// OpenCodec reads the tokenizer of a model's folder as Hugging Face lays it out: tokenizer.json, or else tokenizer.model,
// which is SentencePiece.
func OpenCodec(dir string) (Codec, error) {
	content, err := os.ReadFile(filepath.Join(dir, "tokenizer.json"))
	if err == nil {
		return ParseHF(content)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open tokenizer: %w", err)
	}
	c, err := openSentencePiece(dir)
	if err != nil {
		return nil, fmt.Errorf("open tokenizer: %w", err)
	}
	return c, nil
}

// ParseHF reads a Hugging Face tokenizer.json. Byte-level BPE whose pre-tokeniser we know gives a *Tokenizer; all else
// (WordPiece, Unigram, other splits) is read by go-huggingface.
func ParseHF(content []byte) (Codec, error) {
	t, err := parseByteLevel(content)
	if err == nil {
		return t, nil
	}
	if !errors.Is(err, errOtherTokenizer) {
		return nil, fmt.Errorf("read tokenizer.json: %w", err)
	}
	other, err := hftokenizer.NewFromContent(nil, content)
	if err != nil {
		return nil, fmt.Errorf("read tokenizer.json: %w", err)
	}
	if err := other.With(api.EncodeOptions{}); err != nil {
		return nil, fmt.Errorf("read tokenizer.json: %w", err)
	}
	c := libraryCodec{tok: other}
	for _, id := range other.GetVocab() {
		c.size = max(c.size, id+1)
	}
	return c, nil
}

// openSentencePiece reads tokenizer.model in dir.
func openSentencePiece(dir string) (c Codec, err error) {
	defer func() { // the library trusts the file
		if r := recover(); r != nil {
			c, err = nil, fmt.Errorf("read tokenizer.model: %v", r)
		}
	}()
	repo := hub.NewLocal(dir)
	if err := repo.DownloadInfo(false); err != nil {
		return nil, err
	}
	tok, err := sentencepiece.New(nil, repo)
	if err != nil {
		return nil, err
	}
	if err := tok.With(api.EncodeOptions{}); err != nil {
		return nil, err
	}
	return libraryCodec{tok, tok.(*sentencepiece.Tokenizer).Info.VocabularySize}, nil
}

// A libraryCodec is a tokenizer of go-huggingface.
type libraryCodec struct {
	tok  api.Tokenizer
	size int
}

func (c libraryCodec) Encode(s string) []int32 {
	var ids []int32
	for _, id := range c.tok.Encode(s) {
		ids = append(ids, int32(id))
	}
	return ids
}

func (c libraryCodec) Decode(ids []int32) string {
	wide := make([]int, len(ids))
	for i, id := range ids {
		wide[i] = int(id)
	}
	return c.tok.Decode(wide)
}

func (c libraryCodec) Size() int { return c.size }

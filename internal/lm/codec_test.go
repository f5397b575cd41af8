package lm

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The SentencePiece model gives the ids that the Python package gives (testdata/tokenizer_model.py).
func TestOpenCodecSentencePiece(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "sentencepiece.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Size  int
		Cases []struct {
			Text string
			IDs  []int32
		}
	}
	if err := json.Unmarshal(content, &want); err != nil {
		t.Fatal(err)
	}
	c, err := OpenCodec(filepath.Join("testdata", "sentencepiece"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Size() != want.Size {
		t.Errorf("Size() = %d, want %d", c.Size(), want.Size)
	}
	for _, tt := range want.Cases {
		if got := c.Encode(tt.Text); !slices.Equal(got, tt.IDs) {
			t.Errorf("Encode(%q) = %v, want %v", tt.Text, got, tt.IDs)
		}
		if got := c.Decode(tt.IDs); got != tt.Text {
			t.Errorf("Decode = %q, want %q", got, tt.Text)
		}
	}
}

func TestOpenCodec(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenCodec(dir); err == nil {
		t.Error("an empty folder gave no error")
	}
	if err := os.WriteFile(filepath.Join(dir, "tokenizer.model"), []byte{0x12, 0}, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCodec(dir); err == nil {
		t.Error("a damaged tokenizer.model gave no error")
	}
	tok := patternTokenizer(t, 1000)
	if err := os.WriteFile(filepath.Join(dir, "tokenizer.json"), exportedHF(t, tok), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := OpenCodec(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Encode(heldOut), tok.Encode(heldOut); !slices.Equal(got, want) {
		t.Error("the tokenizer of the folder encodes otherwise")
	}
}

package lm

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/go-huggingface/tokenizers/hftokenizer"
	"pgregory.net/rapid"
)

// exportTexts are texts on which two readers of one tokenizer should agree.
func exportTexts(t testing.TB) []string {
	texts := strings.Split(heldOut, "\n")
	texts = append(texts,
		"", " ", "  two  spaces ", "tab\tand\r\nlines\n\n", "1 + 2 = 3.14%", "You'll love it, it's got 4.5★ (really)!",
		"<bos>推荐<e1.hist>：<e1>！<text>很好<end>", "中文English混排，《三体》第2部……“好”——真的", "𠮷野家 カタカナ 한국어 é e\u0301 ﬁ",
		"https://example.com/a_b?c=d&e=f#g", "５０％ Ⅷ ② ½", "a\u00a0b",
	)
	for _, file := range append(patternTexts(t, "patterns.zh.yaml")[:2], patternTexts(t, "patterns.en.yaml")[:2]...) {
		texts = append(texts, strings.Split(file, "\n")[:60]...)
	}
	return texts
}

func exportedHF(t testing.TB, tok *Tokenizer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tok.ExportHF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestExportHFReadsBack(t *testing.T) {
	tok := patternTokenizer(t, 2500, "<e1.hist>", "<e1>")
	c, err := ParseHF(exportedHF(t, tok))
	if err != nil {
		t.Fatal(err)
	}
	var want, got bytes.Buffer
	if err := tok.Save(&want); err != nil {
		t.Fatal(err)
	}
	if err := c.(*Tokenizer).Save(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Error("the tokenizer that was exported and read is another")
	}
	if c.Size() != tok.Size() {
		t.Errorf("Size() = %d, want %d", c.Size(), tok.Size())
	}
}

// go-huggingface, another reader of tokenizer.json, gives the same ids.
func TestExportHFWithGoHuggingFace(t *testing.T) {
	tok := patternTokenizer(t, 2500, "<e1.hist>", "<e1>")
	other, err := hftokenizer.NewFromContent(nil, exportedHF(t, tok))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range exportTexts(t) {
		var got []int32
		for _, id := range other.Encode(text) {
			got = append(got, int32(id))
		}
		if want := tok.Encode(text); !slices.Equal(got, want) {
			t.Errorf("%q: go-huggingface gives %v, we give %v", text, got, want)
		}
		wide := other.Encode(text)
		if back := other.Decode(wide); back != text {
			t.Errorf("%q: go-huggingface decodes %q", text, back)
		}
	}
}

// pythonWith finds a Python that has the packages: BECAUSE_PYTHON names it, else it is python3.
func pythonWith(t testing.TB, packages string) string {
	t.Helper()
	python := os.Getenv("BECAUSE_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import "+packages).Run(); err != nil {
		t.Skipf("%s has no %s (BECAUSE_PYTHON may name another): %v", python, packages, err)
	}
	return python
}

// The reference reader of tokenizer.json, the Python package tokenizers, gives the same ids.
func TestExportHFWithTokenizers(t *testing.T) {
	python := pythonWith(t, "tokenizers")
	tok := patternTokenizer(t, 2500, "<e1.hist>", "<e1>")
	file := filepath.Join(t.TempDir(), "tokenizer.json")
	if err := os.WriteFile(file, exportedHF(t, tok), 0o600); err != nil {
		t.Fatal(err)
	}
	texts := exportTexts(t)
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", `
import json, sys, tokenizers
tok = tokenizers.Tokenizer.from_file(sys.argv[1])
out = []
for text in json.load(sys.stdin):
    ids = tok.encode(text).ids
    out.append([ids, tok.decode(ids, skip_special_tokens=False)])
json.dump(out, sys.stdout)`, file)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]json.RawMessage
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		var ids []int32
		var back string
		if err := json.Unmarshal(got[i][0], &ids); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(got[i][1], &back); err != nil {
			t.Fatal(err)
		}
		if want := tok.Encode(text); !slices.Equal(ids, want) {
			t.Errorf("%q: tokenizers gives %v, we give %v", text, ids, want)
		}
		if back != text {
			t.Errorf("%q: tokenizers decodes %q", text, back)
		}
	}
}

func TestNextPieceGPT2(t *testing.T) {
	for _, tt := range []struct {
		text        string
		digitsAlone bool
		want        string
	}{
		{"You've seen  it\n\n twice", false, "You|'ve| seen| | it|\n\n| twice"},
		{"in 2024 a.m.!'s", false, "in| 2024| a|.|m|.!'|s"},
		{"in 2024  a", true, "in| |2|0|2|4| | a"},
		{"x  5 ", true, "x|  |5| "},
		{"x  5 ", false, "x| | 5| "},
		{"你好，world", false, "你好|，|world"},
		{"\t tab", false, "\t| tab"},
		{"\ttab", false, "\t|tab"},
		{" 's", false, " '|s"},
	} {
		var got []string
		for rest := tt.text; rest != ""; {
			n := nextPieceGPT2(rest, tt.digitsAlone)
			got, rest = append(got, rest[:n]), rest[n:]
		}
		if want := strings.Split(tt.want, "|"); !slices.Equal(got, want) {
			t.Errorf("pieces of %q: %q, want %q", tt.text, got, want)
		}
	}
}

// Any tokenizer.json that loads as byte-level BPE keeps every text, whatever its splits.
func TestParseHFRoundTrip(t *testing.T) {
	tok := patternTokenizer(t, 1200, "<e1>")
	var file hfTokenizer
	if err := json.Unmarshal(exportedHF(t, tok), &file); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{ourSplit.name, "smollm", "gpt-2"} {
		parts, _ := hfSplits(name)
		file.PreTokenizer = &hfPart{Type: "Sequence", Parts: parts}
		content, err := json.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ParseHF(content)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.(*Tokenizer).split.name; got != name {
			t.Errorf("splits of %s were read as %s", name, got)
		}
		rapid.Check(t, func(t *rapid.T) {
			s := rapid.String().Draw(t, "s")
			if got := c.Decode(c.Encode(s)); got != s {
				t.Fatalf("%s: %q becomes %q", name, s, got)
			}
		})
	}
}

func TestParseHFOther(t *testing.T) {
	wordPiece := `{"added_tokens":[{"id":0,"content":"[UNK]","special":true}],
		"pre_tokenizer":{"type":"BertPreTokenizer"},"decoder":{"type":"WordPiece","prefix":"##"},
		"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
		"vocab":{"[UNK]":0,"play":1,"##ing":2,"chess":3}}}`
	c, err := ParseHF([]byte(wordPiece))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Encode("playing chess"), []int32{1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("Encode = %v, want %v", got, want)
	}
	if got := c.Decode([]int32{1, 2, 3}); got != "playing chess" {
		t.Errorf("Decode = %q", got)
	}
	if c.Size() != 4 {
		t.Errorf("Size() = %d, want 4", c.Size())
	}
	for _, bad := range []string{"", "{", `{"model":3}`} {
		if _, err := ParseHF([]byte(bad)); err == nil {
			t.Errorf("ParseHF(%q) gave no error", bad)
		}
	}
}

func FuzzParseHF(f *testing.F) {
	tok, err := TrainTokenizer([]string{"abab 的的"}, []string{"<e1>"}, 300)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(exportedHF(f, tok))
	f.Fuzz(func(t *testing.T, data []byte) {
		own, err := parseByteLevel(data)
		if err != nil {
			return
		}
		if got := own.Encode("ab 的 12"); slices.Contains(own.bytes[:], -1) {
			own.Decode(got) // must not panic
			return
		}
		if got := own.Decode(own.Encode("ab 的 12")); got != "ab 的 12" {
			t.Errorf("a tokenizer that loads turns the text into %q", got)
		}
	})
}

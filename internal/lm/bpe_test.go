package lm

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// patternTexts are the hand-written pattern files of the packs, read as plain text.
func patternTexts(t testing.TB, glob string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "pack", "*", glob))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pattern files %s: %v", glob, err)
	}
	var texts []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	return texts
}

func patternTokenizer(t testing.TB, size int, specials ...string) *Tokenizer {
	t.Helper()
	texts := append(patternTexts(t, "patterns.zh.yaml"), patternTexts(t, "patterns.en.yaml")...)
	tok, err := TrainTokenizer(texts, specials, size)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestTrainTokenizer(t *testing.T) {
	// Pieces: 2 × "ab", 1 × "abc". (a b) occurs three times and merges first; (ab c) occurs once, which is too few.
	tok, err := TrainTokenizer([]string{"ab\nab", "abc"}, []string{"<e1>"}, 300)
	if err != nil {
		t.Fatal(err)
	}
	const a = 5 + 'a' // five specials, then the bytes
	if got, want := tok.Size(), 5+256+1; got != want {
		t.Errorf("Size() = %d, want %d", got, want)
	}
	if got, want := tok.Encode("abc<e1>"), []int32{5 + 256, a + 2, 4}; !slices.Equal(got, want) {
		t.Errorf("Encode = %v, want %v", got, want)
	}
	for i, s := range []string{"<pad>", "<bos>", "<end>", "<text>", "<e1>"} {
		if id, ok := tok.ID(s); !ok || id != int32(i) {
			t.Errorf("ID(%q) = %d, %t, want %d", s, id, ok, i)
		}
	}
	for _, s := range []string{"", "<e", "<e1>x", "x<e1>", "<no>"} {
		if id, ok := tok.ID(s); ok {
			t.Errorf("ID(%q) = %d, which is no special", s, id)
		}
	}
}

func TestTrainTokenizerTies(t *testing.T) {
	// (a b) and (c d) occur twice each; (a b) has the smaller ids.
	tok, err := TrainTokenizer([]string{"cd\nab\ncd\nab"}, nil, 4+256+1)
	if err != nil {
		t.Fatal(err)
	}
	if got := tok.Token(4 + 256); got != "ab" {
		t.Errorf("the first merge made %q, want ab", got)
	}
}

func TestTrainTokenizerRefuses(t *testing.T) {
	for name, specials := range map[string][]string{
		"twice": {"<e1>", "<e1>"},
		"empty": {""},
		"byte":  {"x"},
	} {
		if _, err := TrainTokenizer(nil, specials, 4096); err == nil {
			t.Errorf("%s: specials %q were accepted", name, specials)
		}
	}
	if _, err := TrainTokenizer(nil, nil, 259); err == nil {
		t.Error("a vocabulary without room for the bytes was accepted")
	}
}

func TestNextPiece(t *testing.T) {
	for text, want := range map[string]string{
		"你最近看过《三体》，评分9.5分。":         "你最近看过|《|三体|》|，|评分|9|.|5|分|。",
		"买了iPhone手机":                "买了|iPhone|手机",
		"You liked it, didn't you?": "You| liked| it|,| didn|'|t| you|?",
		"a  b":                      "a| | b",
		"x = 1":                     "x| = |1",
		"x =1 ,y":                   "x| =|1| ,|y",
		"a\n\nb \n":                 "a|\n|\n|b| |\n",
		"手 机　好":                     "手| |机|　好",
		"“好”——真的……":                 "“|好|”——|真的|……",
		"\xff\xfea":                 "\xff\xfe|a",
		"二〇二五":                      "二|〇|二五",
		"é\u0301t":                  "é|\u0301|t",
	} {
		var got []string
		for text := text; text != ""; {
			n := nextPiece(text)
			got, text = append(got, text[:n]), text[n:]
		}
		if want := strings.Split(want, "|"); !slices.Equal(got, want) {
			t.Errorf("pieces of %q: %q, want %q", text, got, want)
		}
	}
}

// The splits as regular expressions, one after the other, are what nextPiece finds in one pass.
func TestNextPieceIsTheSplits(t *testing.T) {
	var splits []*regexp.Regexp
	for _, s := range ourSplits {
		// Go's \s knows ASCII only.
		s = strings.ReplaceAll(s, `\s`, `[\t\n\v\f\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]`)
		splits = append(splits, regexp.MustCompile(s))
	}
	alphabet := []rune("ab 　\t\n\r.,，。“”《—…'-_0１9½〇Ⅷ②手机的龥㐀𠮷가ひア+=<|~￥★é\u0301\u00a0\u2009\u3003λ")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 12, -1).Draw(t, "text")
		want := []string{text}
		for _, re := range splits {
			var finer []string
			for _, piece := range want {
				at := 0
				for _, m := range re.FindAllStringIndex(piece, -1) {
					finer = append(finer, piece[at:m[0]], piece[m[0]:m[1]])
					at = m[1]
				}
				finer = append(finer, piece[at:])
			}
			want = slices.DeleteFunc(finer, func(s string) bool { return s == "" })
		}
		var got []string
		for rest := text; rest != ""; {
			n := nextPiece(rest)
			got, rest = append(got, rest[:n]), rest[n:]
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pieces of %q: %q, want %q", text, got, want)
		}
	})
}

// Merging with a heap is merging as defined: again and again the lowest rank, its leftmost place first.
func TestEncodeIsMergingByRank(t *testing.T) {
	tok := patternTokenizer(t, 900)
	naive := func(piece string) []int32 {
		var ids []int32
		for _, b := range []byte(piece) {
			ids = append(ids, tok.bytes[b])
		}
		for {
			best, at := int32(len(tok.merges)), -1
			for i := range len(ids) - 1 {
				if rank, ok := tok.ranks[[2]int32{ids[i], ids[i+1]}]; ok && rank < best {
					best, at = rank, i
				}
			}
			if at < 0 {
				return ids
			}
			ids = slices.Replace(ids, at, at+2, tok.merges[best].id)
		}
	}
	alphabet := []rune("的你看过了这 abcdeinorst看喜欢评分")
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 40, -1).Draw(t, "piece")
		got := new(pieceEncoder).encode(tok, piece, nil)
		if want := naive(piece); !slices.Equal(got, want) {
			t.Fatalf("encode(%q) = %v, want %v", piece, got, want)
		}
	})
}

func TestEncodeSpecials(t *testing.T) {
	tok, err := TrainTokenizer(nil, []string{"<e1>", "<e1>.x", "<e10>"}, 512)
	if err != nil {
		t.Fatal(err)
	}
	const first = 7
	for text, want := range map[string][]int32{
		"<e1>":         {4},
		"<e1>.x<e10>":  {5, 6},
		"<e1>.y":       {4, first + '.', first + 'y'},
		"<<e1>":        {first + '<', 4},
		"<bos>a<text>": {BosID, first + 'a', TextID},
		"":             {},
	} {
		if got := tok.Encode(text); !slices.Equal(got, want) {
			t.Errorf("Encode(%q) = %v, want %v", text, got, want)
		}
	}
}

// Equal texts give equal bytes in any order, and what is saved loads as what it was.
func TestTokenizerIsDeterministic(t *testing.T) {
	texts := append(patternTexts(t, "patterns.zh.yaml"), patternTexts(t, "patterns.en.yaml")...)
	var want []byte
	for seed := range uint64(2) {
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		tok, err := TrainTokenizer(texts, []string{"<e1>"}, 1500)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := tok.Save(&b); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = b.Bytes()
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Fatal("two trainings on equal texts gave different tokenizers")
		}
	}
	loaded, err := LoadTokenizer(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := loaded.Save(&again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), want) {
		t.Error("a loaded tokenizer saves other bytes")
	}
	if loaded.Size() != 1500 {
		t.Errorf("Size() = %d, want 1500", loaded.Size())
	}
}

// Every token is whole characters or the beginning of one.
func TestTokensKeepCharacters(t *testing.T) {
	tok := patternTokenizer(t, 4096)
	for id := len(tok.specials) + 256; id < tok.Size(); id++ {
		s := tok.Token(int32(id))
		whole := strings.ToValidUTF8(s, "")
		if whole != s && whole != "" {
			t.Errorf("token %d is %q, a character and a part of another", id, s)
		}
		if got := tok.Encode(s); len(got) != 1 {
			t.Errorf("token %d, %q, encodes to %v", id, s, got)
		}
	}
}

// heldOut is Chinese that no pattern file holds, of the kind the model writes and of the domains it writes in.
const heldOut = `上周你在这家店买过咖啡豆，评价里写着香味很浓，所以这次给你推荐一款口味接近、价格便宜一点的。
你连着三个晚上都在看科幻片，这部电影的导演也拍过你打过五星的那一部。
和你兴趣相近的读者当中，有不少人读完这本书以后还接着看了第二本。
酒店离地铁站走路只要几分钟，房间安静，早餐的评价也不错，不过停车位比较少。
你关注的基金经理最近调整了持仓，这只产品的风险等级是中低，费率也比同类低一些。
这门课从零基础讲起，每节二十分钟左右，适合你平时只有晚上有空的安排。
考虑到你说过膝盖不舒服，这套训练没有跳跃动作，强度可以自己慢慢加。
新闻里提到的城市正是你上个月去过的地方，文章讲了那里的新展览和开放时间。
如果你更在意续航，可以先看看这台笔记本；它比你收藏的那台轻，但屏幕小一点。
大家说它上手简单，客服回复也快，只有几位用户抱怨包装有破损。`

func TestTokensPerHanCharacter(t *testing.T) {
	tok, err := TrainTokenizer(patternTexts(t, "patterns.zh.yaml"), nil, 4096)
	if err != nil {
		t.Fatal(err)
	}
	tokens, han := tok.HanTokens(heldOut)
	perHan := float64(tokens) / float64(han)
	t.Logf("%d tokens for %d Han characters: %.3f each", tokens, han, perHan)
	if perHan > 1.1 {
		t.Errorf("%.3f tokens per Han character, want at most 1.1", perHan)
	}
}

func FuzzTokenizerRoundTrip(f *testing.F) {
	tok := patternTokenizer(f, 1500, "<e1.hist>", "<e1>", "<的>")
	for _, s := range []string{heldOut, "", "<e1.hist><e1", "\xff\xe7\x9a", "You've seen it 3 times.\r\n", "<pad><text>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ids := tok.Encode(s)
		if got := tok.Decode(ids); got != s {
			t.Errorf("Decode(Encode(%q)) = %q", s, got)
		}
		for _, id := range ids {
			if id < 0 || int(id) >= tok.Size() {
				t.Errorf("Encode(%q) gives %d, outside of the vocabulary", s, id)
			}
		}
	})
}

// A pretrained model's vocabulary, with slots added, is saved and read back as it was.
func TestSaveTokenizerOfOthers(t *testing.T) {
	own := patternTokenizer(t, 700)
	var file bytes.Buffer
	if err := own.ExportHF(&file); err != nil {
		t.Fatal(err)
	}
	codec, err := ParseHF(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	others, err := codec.(*Tokenizer).Extend([]string{"<e1>", "<e1.hist>"})
	if err != nil {
		t.Fatal(err)
	}
	others.trained = false // as of another program
	var saved bytes.Buffer
	if err := others.Save(&saved); err != nil {
		t.Fatal(err)
	}
	back, err := LoadTokenizer(bytes.NewReader(saved.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{heldOut, "<e1.hist> 看过 <e1>", "\xff 3 times"} {
		if got, want := back.Encode(s), others.Encode(s); !slices.Equal(got, want) || back.Decode(got) != s {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func FuzzLoadTokenizer(f *testing.F) {
	var b bytes.Buffer
	tok, err := TrainTokenizer([]string{"abab 的的"}, []string{"<e1>"}, 300)
	if err != nil {
		f.Fatal(err)
	}
	if err := tok.Save(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"format":"because-bpe-1","specials":["<pad>","<bos>","<end>","<text>"],"merges":[4,-1]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tok, err := LoadTokenizer(bytes.NewReader(data))
		if err != nil {
			return
		}
		if got := tok.Decode(tok.Encode("ab 的<e1>")); got != "ab 的<e1>" {
			t.Errorf("a tokenizer that loads turns the text into %q", got)
		}
	})
}

func BenchmarkTrainTokenizer(b *testing.B) {
	texts := append(patternTexts(b, "patterns.zh.yaml"), patternTexts(b, "patterns.en.yaml")...)
	for b.Loop() {
		if _, err := TrainTokenizer(texts, nil, 4096); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	tok := patternTokenizer(b, 4096, "<e1>")
	texts := patternTexts(b, "patterns.zh.yaml")
	text := strings.Join(texts, "")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		tok.Encode(text)
	}
}

func TestExtend(t *testing.T) {
	short := patternTokenizer(t, 1000, "<e1>")
	long, err := short.Extend([]string{"<e2>", "<e2.hist>"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := long.Encode("<e2.hist><e1>"), []int32{1001, 4}; !slices.Equal(got, want) {
		t.Errorf("Encode = %v, want %v", got, want)
	}
	if got, want := long.Encode(heldOut), short.Encode(heldOut); !slices.Equal(got, want) {
		t.Error("more specials changed the ids of a text without them")
	}
	if _, err := long.Extend([]string{"<e1>"}); err == nil {
		t.Error("a special was added twice")
	}
}

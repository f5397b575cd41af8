package eval

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFamilies(t *testing.T) {
	long := "a b c d e f g h i j k l m n o p q"
	for _, tt := range []struct {
		family Family
		text   string
		want   []string
	}{
		{XRec, " The room,\u00a0clean \x1c", []string{"The", "room,", "clean"}},
		{PETER, long, strings.Fields(long)[:15]},
		{PEPLER, "It's great: isn't it?? (we'll see...)", []string{"It", "'s", "great", ",", "is", "n't", "it", "?", "(", "we", "'ll", "see", ".", ")"}},
		{PEPLER, "good;; 1.5,,now!", []string{"good", ".", "1", ".", "5", ",", "now", "!"}},
		{Chars, "续航 14 天，GPS准", []string{"续", "航", "14", "天", "GPS", "准"}},
		{Words, "智能手表续航长", []string{"智能手表", "续航", "长"}},
	} {
		if got := tt.family.Tokens(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s(%q) = %q, want %q", tt.family.Name, tt.text, got, tt.want)
		}
	}
	// Two words are kept of a ×2, b ×2, c, d; the rest is unknown.
	if got := NewVocabulary([]string{"a b a", "c b d"}, 2).Tokens("a c b"); !slices.Equal(got, []string{"a", unk, "b"}) {
		t.Errorf("vocabulary of two: %q", got)
	}
	if got := NewVocabulary([]string{"x y z"}, 2).Tokens("x y z"); !slices.Equal(got, []string{"x", "y", unk}) {
		t.Errorf("of equally frequent words the first stay: %q", got)
	}
}

func TestBLEU(t *testing.T) {
	count := func(hyp, ref string) BLEU { return CountBLEU(strings.Fields(hyp), strings.Fields(ref)) }
	cat, short := count("the cat sat on the mat", "the cat is on the mat"), count("a b", "a b c d")
	both := cat
	both.Add(short)
	for _, tt := range []struct {
		name string
		b    BLEU
		n    int
		want float64
	}{
		{"5 of 6 words", cat, 1, 5. / 6},
		{"√(5/6 · 3/5)", cat, 2, math.Sqrt(.5)},
		{"∛(5/6 · 3/5 · 1/4)", cat, 3, .5},
		{"no run of four", cat, 4, 0},
		{"all words, exp(1 − 4/2)", short, 1, math.Exp(-1)},
		{"7 of 8 words, exp(1 − 10/8)", both, 1, .875 * math.Exp(-.25)},
		{"a repetition counts as often as the reference has it", count("a a a", "a b"), 1, 1. / 3},
		{"empty", count("", "a b"), 1, 0},
	} {
		if got := tt.b.Score(tt.n); !near(got, tt.want) {
			t.Errorf("%s: BLEU-%d = %.4f, want %.4f", tt.name, tt.n, got, tt.want)
		}
	}
}

func TestROUGE(t *testing.T) {
	hyp, ref := strings.Fields("a a b c"), strings.Fields("a b d")
	for _, tt := range []struct {
		name string
		got  PRF
		want PRF
	}{
		// {a b c} and {a b d} have two in common.
		{"ROUGE-1", ROUGE(1, hyp, ref), PRF{2. / 3, 2. / 3, 2. / 3}},
		// {aa ab bc} and {ab bd} have one: 2 · 1/3 · 1/2 / (5/6).
		{"ROUGE-2", ROUGE(2, hyp, ref), PRF{1. / 3, .5, .4}},
		// a b is common in order: P 2/4, R 2/3, β = 3/4, F = (1 + 9/16) · 1/3 / (2/3 + 9/16 · 1/2) = .5208/.9479.
		{"ROUGE-L", ROUGEL(hyp, ref), PRF{.5, 2. / 3, .54945}},
		{"nothing common", ROUGE(1, hyp, strings.Fields("x y")), PRF{}},
		{"empty", ROUGE(1, nil, ref), PRF{}},
		{"empty, longest", ROUGEL(nil, ref), PRF{}},
		{"two empty texts of PETER are alike", ROUGE(1, PETER.rougeTokens(nil), PETER.rougeTokens(nil)), PRF{1, 1, 1}},
	} {
		if !near(tt.got.P, tt.want.P) || !near(tt.got.R, tt.want.R) || !near(tt.got.F, tt.want.F) {
			t.Errorf("%s = %+v, want %+v", tt.name, tt.got, tt.want)
		}
	}
}

func TestUnique(t *testing.T) {
	// a b twice, and "a b" as one token is another text: two different of three.
	usr, usn := Unique([][]string{{"a", "b"}, {"a b"}, {"a", "b"}})
	if !near(usr, 2./3) || usn != 2 {
		t.Errorf("USR %v, USN %d", usr, usn)
	}
}

func TestFeatures(t *testing.T) {
	f := NewFeatures("bar", "swimming pool")
	f.Add([]string{"the", "room", "room", "bar"}, []string{"room"}) // its own
	f.Add([]string{"nice", "room"}, []string{"staff"})              // another's
	f.Add([]string{"staff"}, []string{"room"})                      // another's
	// Of the features bar, room, staff, swimming pool three are named. One record of three names its own. Of the three
	// pairs one has room in common.
	if !near(f.FMR(), 1./3) || !near(f.FCR(), .75) || !near(f.DIV(), 1./3) || f.Size() != 4 {
		t.Errorf("FMR %v, FCR %v, DIV %v of %d features", f.FMR(), f.FCR(), f.DIV(), f.Size())
	}
	if none := NewFeatures(); none.FMR() != 0 || none.FCR() != 0 || none.DIV() != 0 {
		t.Error("nothing is not nothing")
	}
}

// TestDIVPairs holds the linear DIV to the mean over all pairs that the public code goes through.
func TestDIVPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(strings.Fields("a b c d e f g"))
		texts := rapid.SliceOfN(rapid.SliceOfN(word, 0, 6), 2, 12).Draw(t, "texts")
		features := []string{"a", "c", "e", "g"}
		f, common := NewFeatures(features...), 0.0
		for i, a := range texts {
			f.Add(a, nil)
			for _, b := range texts[:i] {
				for _, w := range features {
					if slices.Contains(a, w) && slices.Contains(b, w) {
						common++
					}
				}
			}
		}
		n := float64(len(texts))
		if want := common / (n * (n - 1) / 2); !near(f.DIV(), want) {
			t.Fatalf("DIV %v, want %v", f.DIV(), want)
		}
	})
}

func TestRatingErrors(t *testing.T) {
	// 6 is clipped to 5, one off 4; 2 is two off 4: √((1 + 4)/2) and 3/2.
	rmse, mae := RatingErrors([]float64{6, 2}, []float64{4, 4}, 1, 5)
	if !near(rmse, math.Sqrt(2.5)) || !near(mae, 1.5) {
		t.Errorf("RMSE %v, MAE %v", rmse, mae)
	}
}

// row is a row of the released outputs of HKUDS/XRec with the profiles of tr2512/ReXRec.
type row struct {
	User, Item  int
	Title       string
	UserProfile string `json:"user_profile"`
	ItemProfile string `json:"item_profile"`
	Reference   string
	Prediction  string `json:"xrec_prediction"`
}

// released reads the rows of a set, or skips the test.
func released(t testing.TB, set string) []row {
	t.Helper()
	f, err := os.Open(filepath.Join(cmp.Or(os.Getenv("BECAUSE_TESTDATA"), "../../../shared/data"), set, "explanations_tst.jsonl.gz"))
	if err != nil {
		t.Skip("the released texts are not here; set BECAUSE_TESTDATA: ", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	if lines.Err() != nil || len(out) != 3000 {
		t.Fatalf("%d rows: %v", len(out), lines.Err())
	}
	return out
}

// TestPublishedFigures recomputes what was computed from the released texts before, to every digit that was printed:
// XRec, and echoes of the profiles after a fixed opening.
func TestPublishedFigures(t *testing.T) {
	for _, tt := range []struct {
		set, opening             string
		b1, b4, r1, r2, usr      float64
		eb1, eb4, er1, er2, eusr float64
		userR1                   float64
	}{
		{
			set: "google-local", opening: "The user would enjoy the business because ",
			b1: 35.23, b4: 17.32, r1: 36.85, r2: 19.04, usr: .9993,
			eb1: 28.90, eb4: 16.02, er1: 33.25, er2: 18.61, eusr: .8270, userR1: 28.9,
		},
		{
			set: "amazon-books", opening: "The user would buy the book because ",
			b1: 36.13, b4: 15.49, r1: 35.76, r2: 17.66, usr: 1,
			eb1: 24.90, eb4: 12.59, er1: 32.56, er2: 16.47, eusr: .8483, userR1: 28.3,
		},
	} {
		t.Run(tt.set, func(t *testing.T) {
			rows := released(t, tt.set)
			xrec := figures(rows, func(r row) string { return r.Prediction })
			echo := figures(rows, func(r row) string { return tt.opening + lowerFirst(r.ItemProfile) })
			user := figures(rows, func(r row) string { return tt.opening + lowerFirst(r.UserProfile) })
			for _, x := range []struct {
				name      string
				got, want float64
				unit      float64 // of the last digit printed
			}{
				{"XRec BLEU-1", xrec.b1, tt.b1, .01}, {"XRec BLEU-4", xrec.b4, tt.b4, .01}, {"XRec R1-F", xrec.r1, tt.r1, .01},
				{"XRec R2-F", xrec.r2, tt.r2, .01}, {"XRec USR", xrec.usr, tt.usr, .0001},
				{"echo BLEU-1", echo.b1, tt.eb1, .01}, {"echo BLEU-4", echo.b4, tt.eb4, .01}, {"echo R1-F", echo.r1, tt.er1, .01},
				{"echo R2-F", echo.r2, tt.er2, .01}, {"echo USR", echo.usr, tt.eusr, .0001},
				{"echo of the user R1-F", user.r1, tt.userR1, .11}, // 28.2485 was rounded twice
			} {
				if math.Abs(x.got-x.want) > x.unit/2+1e-9 {
					t.Errorf("%s = %.5f, published %v", x.name, x.got, x.want)
				}
			}
		})
	}
}

type published struct{ b1, b4, r1, r2, usr float64 }

// figures are BLEU and ROUGE in percent, and USR, of what write says of each row.
func figures(rows []row, write func(row) string) published {
	var b BLEU
	var r1, r2 []float64
	texts := make([][]string, len(rows))
	ids := interner{}
	for i, r := range rows {
		texts[i] = XRec.Tokens(write(r))
		hyp, ref := ids.of(texts[i]), ids.of(XRec.Tokens(r.Reference))
		b.Add(CountBLEU(hyp, ref))
		r1, r2 = append(r1, 100*ROUGE(1, hyp, ref).F), append(r2, 100*ROUGE(2, hyp, ref).F)
	}
	usr, _ := Unique(texts)
	return published{100 * b.Score(1), 100 * b.Score(4), Mean(r1), Mean(r2), usr}
}

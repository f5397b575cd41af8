package engine_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

func evaluate(t *testing.T, rows string, o engine.TextsOptions) (engine.TextsReport, error) {
	t.Helper()
	o.Name = cmp.Or(o.Name, "out.jsonl")
	o.Lang = cmp.Or(o.Lang, because.English)
	return engine.EvaluateTexts(t.Context(), strings.NewReader(rows), o, nil)
}

// TestTextsSayWhatIsWrong: each mistake that a file can have ends in a sentence that names the line, in both languages.
func TestTextsSayWhatIsWrong(t *testing.T) {
	const good = `{"user":"u","item":1,"prediction":"a b","reference":"a c"}` + "\n"
	for _, tt := range []struct{ rows, say string }{
		{"", "There are no rows in out.jsonl."},
		{"\n \n", "There are no rows in out.jsonl."},
		{good + "\nnot json", "Line 3 of out.jsonl is not a JSON object."},
		{"[" + strings.TrimSpace(good) + "]", "Line 1 of out.jsonl begins a JSON array. Write one object a line: jq -c '.[]' FILE"},
		{`{"who":1,"xrec_prediction":"a"}`, "Line 1 of out.jsonl has no column prediction. Its columns are: who, xrec_prediction. Name the one that holds the texts: --map prediction=<column>"},
		{good + `{"user":"u","reference":"a"}`, "Line 2 of out.jsonl has no column prediction. Its columns are: reference, user."},
		{`{"prediction":["a"]}`, "Line 1 of out.jsonl: prediction must be a text in quotes."},
		{`{"prediction":"a","user":{"id":1}}`, "Line 1 of out.jsonl: user must be a name or a number."},
		{`{"prediction":"a","evidence":[1]}`, "Line 1 of out.jsonl: evidence must be a text or a list of texts."},
		{good + `{"prediction":"a","rating":"good"}`, "Line 2 of out.jsonl: rating must be a number."},
		{"{\"prediction\":\"\xc9\xcc\"}", "Line 1 of out.jsonl is not UTF-8. Convert the file first: iconv -f GB18030 -t UTF-8"},
		{"\x1f\x8bnot gzip", "out.jsonl cannot be read after line 0: "},
	} {
		_, err := evaluate(t, tt.rows, engine.TextsOptions{})
		say, ok := because.Message(err, because.English)
		if !ok || !errors.Is(err, because.ErrInvalid) || !strings.HasPrefix(say, tt.say) {
			t.Errorf("%q: %q, want %q", tt.rows, say, tt.say)
		}
		if zh, _ := because.Message(err, because.Chinese); zh == say {
			t.Errorf("no Chinese for %q", say)
		}
	}
	for _, tt := range []struct {
		m   map[string]string
		say string
	}{
		{map[string]string{"text": "x"}, `There is no field "text" to map a column to. Fields: user, item, title, prediction, `},
		{map[string]string{"prediction": "x"}, `Line 1 of out.jsonl has no column "x". Its columns are: item, prediction, reference, user.`},
		{map[string]string{"features": "x"}, `There is no column "x" in out.jsonl. Its columns are: item, prediction, reference, user.`},
	} {
		_, err := evaluate(t, good, engine.TextsOptions{Map: tt.m})
		if say, _ := because.Message(err, because.English); !strings.HasPrefix(say, tt.say) {
			t.Errorf("%v: %q, want %q", tt.m, say, tt.say)
		}
	}
}

// TestTextsProblems: what is odd about rows is counted, with the first lines, and said in both languages.
func TestTextsProblems(t *testing.T) {
	rows := `{"user":"u","item":"i","prediction":"a quiet room near the park","reference":"a room near the park"}
{"user":"u","item":"i","prediction":"","reference":"a room"}
{"user":"u","item":"j","prediction":"离公园近，房间安静","reference":"a quiet room near the park"}
{"user":"v","item":"j","prediction":"离公园近，房间安静","reference":null}
{"user":"v","item":"i","prediction":"这家酒店 has a quiet room 离公园很近，and a good breakfast","reference":"离公园近，房间安静"}
`
	r, err := evaluate(t, rows, engine.TextsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]int{
		"empty_prediction": {2}, "other_language": {3}, "mixed_text": {5}, "two_languages": nil, "no_reference": {4}, "repeated": {2}, "few_rows": nil,
	}
	for _, p := range r.Problems {
		lines, ok := want[p.Kind]
		if !ok || !slices.Equal(p.Lines, lines) {
			t.Errorf("%s in lines %v: %s", p.Kind, p.Lines, p.Message)
		}
		delete(want, p.Kind)
		for _, n := range lines {
			if !strings.Contains(p.Message, fmt.Sprintf("line %d", n)) || !strings.Contains(p.Say(because.Chinese), fmt.Sprint(n)) {
				t.Errorf("%s does not name line %d: %s / %s", p.Kind, n, p.Message, p.Say(because.Chinese))
			}
		}
		if p.Say(because.Chinese) == p.Message {
			t.Errorf("no Chinese for %q", p.Message)
		}
	}
	if len(want) > 0 {
		t.Errorf("not noticed: %v", want)
	}
	if len(r.Languages) != 2 || r.Languages[0].Lang != because.Chinese || r.Languages[0].Rows != 2 || r.Languages[1].Rows != 3 {
		t.Errorf("languages %+v", r.Languages)
	}
	if r, err = evaluate(t, `{"prediction":"a"}`, engine.TextsOptions{}); err != nil || len(r.Problems) != 4 {
		t.Errorf("a text alone: %+v, %v", r.Problems, err)
	}
}

// TestTextsColumns: others' names, numbers for names, lists, objects, a byte order mark, gzip, Chinese.
func TestTextsColumns(t *testing.T) {
	rows := "\ufeff" + `{"用户ID":7,"商品":"水壶","推荐理由":"你买过滤网，这款水壶配得上。","参考":"水壶配得上滤网。","特征":"滤网","依据":["买过滤网",{"text":"水壶"}],"评分":4,"预测评分":"5"}` + "\n\n" +
		`{"用户ID":8,"商品":"水壶","推荐理由":"水壶轻便。","参考":"轻便的水壶。","特征":["轻便"],"评分":5,"预测评分":9}` + "\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(rows))
	z.Close()
	for _, in := range []string{rows, packed.String()} {
		r, err := evaluate(t, in, engine.TextsOptions{})
		if err != nil {
			t.Fatal(err)
		}
		x := r.Languages[0]
		// Of 滤网 and 轻便 both are named by their own rows; predicted 5 against 4, and 9 clipped to 5 against 5: √(1/2).
		if x.Lang != because.Chinese || x.Users != 2 || x.Items != 1 || x.Features.FMR != 1 || x.Features.FCR != 1 || math.Abs(x.Ratings.RMSE-math.Sqrt(.5)) > 1e-9 {
			t.Errorf("%+v %+v %+v", x, x.Features, x.Ratings)
		}
		if i := slices.IndexFunc(x.Controls, func(c *engine.Control) bool { return c.Name == "evidence" }); i < 0 {
			t.Errorf("the evidence is not echoed: %+v", x.Controls)
		}
		if r.Columns["prediction"] != "推荐理由" || r.Columns["user"] != "用户ID" || len(r.Columns) != 8 {
			t.Errorf("columns %v", r.Columns)
		}
	}
	// Ours goes before theirs, and what the caller names before both.
	rows = `{"text":"a b","prediction":"c d","mine":"e f"}`
	for want, m := range map[string]map[string]string{"prediction": nil, "mine": {"prediction": "Mine"}} {
		r, err := evaluate(t, rows, engine.TextsOptions{Map: m})
		if err != nil || r.Columns["prediction"] != want {
			t.Errorf("column %q, want %q: %v", r.Columns["prediction"], want, err)
		}
	}
}

// TestTextsCancelled: a cancelled evaluation ends with the context's error.
func TestTextsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rows := strings.Repeat(`{"prediction":"a b","reference":"a"}`+"\n", 2)
	if _, err := engine.EvaluateTexts(ctx, strings.NewReader(rows), engine.TextsOptions{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestTextsFindings: a template that everybody gets is called one.
func TestTextsFindings(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, `{"user":"u%d","item":"i%d","prediction":"You would enjoy this place because of the good food.","reference":"You would enjoy this place because of w%d and v%d."}`+"\n", i%60, i%23, i*i%31, i*7%17)
	}
	r, err := evaluate(t, b.String(), engine.TextsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[because.Lang][]string{
		because.English: {"100 % of ROUGE-1 is kept", "nothing personal shows", "it does not show which item is meant", "tells the texts from the references in 100 %"},
		because.Chinese: {"100 %", "看不出", "判别器"},
	} {
		said := strings.Join(engine.Findings(r.Languages[0], lang), "\n")
		for _, w := range want {
			if !strings.Contains(said, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, said)
			}
		}
	}
}

// TestTextsOfPeers: the released texts as a stranger would give them, packed and with one column named.
func TestTextsOfPeers(t *testing.T) {
	name := filepath.Join(cmp.Or(os.Getenv("BECAUSE_TESTDATA"), "../../../shared/data"), "google-local", "explanations_tst.jsonl.gz")
	f, err := os.Open(name)
	if err != nil {
		t.Skip("the released texts are not here; set BECAUSE_TESTDATA: ", err)
	}
	defer f.Close()
	r, err := engine.EvaluateTexts(t.Context(), f, engine.TextsOptions{Name: name, Lang: because.English, Map: map[string]string{"prediction": "xrec_prediction"}, Derangements: 20, Sample: 500}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := r.Languages[0]
	if len(r.Languages) != 1 || r.Rows != 3000 || math.Abs(x.Families[0].R1F.Mean-36.846) > .001 || math.Abs(x.USR-.99933) > .00001 {
		t.Errorf("%d rows, %d languages, R1-F %.3f, USR %.5f", r.Rows, len(r.Languages), x.Families[0].R1F.Mean, x.USR)
	}
	for _, p := range r.Problems {
		t.Logf("%s: %s", p.Kind, p.Message)
	}
	for _, s := range engine.Findings(x, because.English) {
		t.Log(s)
	}
	if b, err := json.Marshal(r); err != nil || bytes.Contains(b, []byte("Sonoratown\",\"reference")) {
		t.Errorf("the report keeps rows: %v", err)
	}
}

// FuzzEvaluateTexts: whatever a stranger's file holds ends in numbers or in a sentence.
func FuzzEvaluateTexts(f *testing.F) {
	for _, s := range []string{
		`{"user":"u","item":"i","prediction":"a b","reference":"a c","features":["b"],"rating":3,"predicted_rating":4}`,
		`{"prediction":"续航长","reference":"续航","evidence":[{"text":"x"}],"user_profile":null}` + "\n{\"prediction\":\"\"}",
		`{"prediction":"\ud800 é","reference":"\u0000"}`, "[]", "{}", "null", "\x1f\x8b", `{"pred":1e999}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		r, err := engine.EvaluateTexts(t.Context(), strings.NewReader(rows), engine.TextsOptions{Derangements: 2, Sample: 20}, nil)
		if err != nil {
			if _, ok := because.Message(err, because.Chinese); !ok {
				t.Fatalf("no sentence for a person: %v", err)
			}
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatalf("not JSON: %v", err)
		}
	})
}

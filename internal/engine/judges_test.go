package engine_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
)

// A scriptedJudge is a judge that gives each text what f says; it is asked again and again.
func scriptedJudge(t *testing.T, model string, f func(text string, call int) string) engine.LLM {
	t.Helper()
	s := fakellm.New(t, fakellm.OK)
	var mu sync.Mutex
	calls := map[string]int{}
	s.Script(func(_, user string) string {
		text := marked.ReplaceAllString(lastLine(user), "")
		mu.Lock()
		calls[text]++
		n := calls[text]
		mu.Unlock()
		return f(text, n)
	})
	return engine.LLM{BaseURL: s.URL, Model: model}
}

var marked = regexp.MustCompile(`⟦[0-9a-f]+⟧|^[a-z]+: `)

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// dice is a number below n that a text has, the same every time.
func dice(n uint64, parts ...any) float64 {
	h := fnv.New64a()
	fmt.Fprint(h, parts...)
	return float64(h.Sum64() % n)
}

// judgedTexts are rows of one system, whose texts say how good they are.
func judgedTexts(system string, good int) string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, `{"user":"u%d","item":"i","prediction":"%s text %d good%d","reference":"reference %d"}`+"\n", i, system, i, good, i)
	}
	return b.String()
}

// TestLiveJudges asks scripted judges about two systems: the better one is named where both judges agree, and nothing is
// where they do not, where one goes by chance, or where the texts are equally good.
func TestLiveJudges(t *testing.T) {
	fair := func(noise uint64) func(string, int) string {
		return func(text string, call int) string {
			score := 20 + dice(30, strings.Fields(text)[2]) + dice(noise, text, call)
			if strings.HasSuffix(text, "good9") {
				score += 20
			}
			return fmt.Sprintf(`{"score": %.0f}`, score)
		}
	}
	turned := func(text string, call int) string {
		if strings.HasSuffix(text, "good9") {
			return fmt.Sprintf(`{"score": %.0f}`, 5+dice(30, strings.Fields(text)[2])/2)
		}
		return fmt.Sprintf(`{"score": %.0f}`, 60+dice(30, strings.Fields(text)[2]))
	}
	chance := func(text string, call int) string { return fmt.Sprintf(`{"score": %.0f}`, dice(100, text, call)) }
	for _, tt := range []struct {
		name             string
		judges           []engine.LLM
		better           int
		verdict, better2 string
	}{
		{"both judges agree", []engine.LLM{scriptedJudge(t, "p", fair(8)), scriptedJudge(t, "q", fair(15))}, 9, "ranked", "b"},
		{"equally good", []engine.LLM{scriptedJudge(t, "p", fair(8)), scriptedJudge(t, "q", fair(15))}, 1, "noise", ""},
		{"they contradict each other", []engine.LLM{scriptedJudge(t, "p", fair(8)), scriptedJudge(t, "q", turned)}, 9, "contradict", ""},
		{"one goes by chance", []engine.LLM{scriptedJudge(t, "p", fair(8)), scriptedJudge(t, "q", chance)}, 9, "unsteady", ""},
		{"one alone", []engine.LLM{scriptedJudge(t, "p", fair(8))}, 9, "one_judge", ""},
	} {
		files := []engine.JudgedFile{{Name: "a.jsonl", Data: strings.NewReader(judgedTexts("a", 1))}, {Name: "b.jsonl", Data: strings.NewReader(judgedTexts("b", tt.better))}}
		r, err := engine.EvaluateJudges(t.Context(), files, engine.JudgesOptions{Lang: because.English, Seed: 1, Judges: tt.judges, Repeats: 3}, nil)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if p := r.Pairs[0]; p.Verdict != tt.verdict || p.Better != tt.better2 || p.Rows != 40 {
			t.Errorf("%s: %+v, want %s %s", tt.name, p, tt.verdict, tt.better2)
		}
		if r.Question != "likeness" || len(r.Failed) > 0 {
			t.Errorf("%s: asked %q, failed %v", tt.name, r.Question, r.Failed)
		}
		// What was written is read again and says the same.
		var b strings.Builder
		if err := r.WriteScores(&b); err != nil {
			t.Fatal(err)
		}
		again, err := engine.EvaluateJudges(t.Context(), []engine.JudgedFile{{Name: "scores", Data: strings.NewReader(b.String())}}, engine.JudgesOptions{Seed: 1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprintf("%+v", again.Pairs) != fmt.Sprintf("%+v", r.Pairs) {
			t.Errorf("%s: read again: %+v, want %+v", tt.name, again.Pairs, r.Pairs)
		}
		for _, lang := range because.Langs {
			if len(engine.JudgeFindings(r, lang)) == 0 {
				t.Errorf("%s: nothing is said of it in %s", tt.name, lang)
			}
		}
	}
}

// TestJudgesThatFail: answers without a score are missing and counted; a judge that never gives one is an error in words.
func TestJudgesThatFail(t *testing.T) {
	sometimes := scriptedJudge(t, "p", func(text string, call int) string {
		if call == 2 {
			return `{"score": 170}`
		}
		return "**" + fmt.Sprint(10+dice(80, text)) + "**"
	})
	file := func() []engine.JudgedFile {
		return []engine.JudgedFile{{Name: "a.jsonl", Data: strings.NewReader(judgedTexts("a", 1))}}
	}
	o := engine.JudgesOptions{Lang: because.English, Judges: []engine.LLM{sometimes}, Repeats: 3, Rows: 4, Question: "usefulness"}
	r, err := engine.EvaluateJudges(t.Context(), file(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Systems[0]; s.Rows != 4 || s.Judges[0].Missing != 4 || r.Failed["p"].Failed != 4 || !strings.Contains(r.Failed["p"].Last, "no score from 0 to 100") {
		t.Errorf("%+v, failed %+v", s, r.Failed)
	}
	o.Judges = []engine.LLM{scriptedJudge(t, "p", func(string, int) string { return "I'm sorry, but I can't help with that." })}
	_, err = engine.EvaluateJudges(t.Context(), file(), o, nil)
	if say, ok := because.Message(err, because.English); !ok || !errors.Is(err, because.ErrUnavailable) || !strings.HasPrefix(say, "The judge p gave no score: endpoint: ") {
		t.Errorf("%v", err)
	}
}

// TestJudgeFiles: the forms in which scores come, and what is wrong with others, in both languages.
func TestJudgeFiles(t *testing.T) {
	read := func(rows string, o engine.JudgesOptions) (engine.JudgesReport, error) {
		return engine.EvaluateJudges(t.Context(), []engine.JudgedFile{{Name: "s.jsonl", Data: strings.NewReader(rows)}}, o, nil)
	}
	maps := `{"id":1,"scores":{"p":[70,null],"q":60}}` + "\n" + `{"id":2,"scores":{"p":[50,40],"q":20}}`
	long := strings.Join([]string{
		`{"system":"x","id":1,"judge":"p","score":70}`, `{"system":"x","id":2,"judge":"p","score":50}`, `{"system":"x","id":2,"judge":"p","score":"40"}`,
		`{"system":"y","id":1,"judge":"p","score":60}`,
	}, "\n")
	r, err := read(maps, engine.JudgesOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if j := r.Systems[0].Judges; r.Systems[0].System != "s" || len(j) != 2 || j[0].Mean.Mean != 57.5 || j[0].Missing != 1 || j[1].Mean.Mean != 40 {
		t.Errorf("%+v", r.Systems)
	}
	if r, err = read(long, engine.JudgesOptions{}); err != nil {
		t.Fatal(err)
	}
	if len(r.Systems) != 2 || r.Systems[0].Rows != 2 || r.Systems[0].Judges[0].Mean.Mean != 57.5 || r.Pairs[0].Verdict != "few_rows" || r.Pairs[0].Rows != 1 {
		t.Errorf("%+v", r)
	}
	for _, tt := range []struct {
		rows, say string
		o         engine.JudgesOptions
	}{
		{"", "There are no rows in s.jsonl.", engine.JudgesOptions{}},
		{`{"scores":"high"}`, `Line 1 of s.jsonl: scores must hold numbers by judge, such as {"judge": [70, 65]}.`, engine.JudgesOptions{}},
		{`{"scores":{"p":["high"]}}`, `Line 1 of s.jsonl: scores must hold numbers by judge`, engine.JudgesOptions{}},
		{`{"judge":"p","score":"high"}`, "Line 1 of s.jsonl: score must be a number.", engine.JudgesOptions{}},
		{`{"mark":7}`, "s.jsonl holds neither scores nor texts. Its columns are: mark. Name the one that is wanted: --map scores=<column> or --map prediction=<column>", engine.JudgesOptions{}},
		{`{"prediction":"a"}`, "s.jsonl holds texts without scores, and no judge is named.", engine.JudgesOptions{}},
		{`{"prediction":"a","reference":"b"}` + "\n" + `{"prediction":"a"}`, "Likeness is judged against a reference, and line 2 has none.",
			engine.JudgesOptions{Judges: []engine.LLM{{BaseURL: "http://127.0.0.1:1/v1", Model: "p"}}}},
		{`{"prediction":"a"}`, "The address of the language model must be", engine.JudgesOptions{Judges: []engine.LLM{{BaseURL: "nowhere", Model: "p"}}}},
	} {
		_, err := read(tt.rows, tt.o)
		say, ok := because.Message(err, because.English)
		if !ok || !strings.HasPrefix(say, tt.say) {
			t.Errorf("%s: %q, want %q", tt.rows, say, tt.say)
		}
		if zh, _ := because.Message(err, because.Chinese); zh == say {
			t.Errorf("no Chinese for %q", say)
		}
	}
	if !slices.Contains(engine.JudgeFindings(r, because.English), "x and y are not ranked: they have 1 rows in common, and fewer than 30 show nothing.") {
		t.Errorf("%q", engine.JudgeFindings(r, because.English))
	}
}

package hard

import (
	"strings"
	"testing"
	"testing/fstest"
)

const set = `{"set":"s1","lang":"zh","domain":"shop","name":"川屿手表","now":"2026-03-05T20:00:00+08:00","evidence":[{"id":"e1","kind":"attribute","text":"川屿手表，续航：14 天。"}]}`

func TestLoad(t *testing.T) {
	sets, cases, err := load(fstest.MapFS{
		"sets.zh.jsonl":        {Data: []byte(set + "\n")},
		"cases.zh-hans.jsonl":  {Data: []byte(`{"set":"s1","script":"Hans","text":"续航 14 天。","true":true}` + "\n\n" + `{"set":"s1","script":"Hans","text":"续航 15 天。","true":false,"operator":"number","wrong":"15 天"}`)},
		"fresh.cases.zh.jsonl": {Data: []byte(`{"set":"s1","script":"Hant","text":"續航十四天。","true":true}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(sets) != 1 || sets["s1"].Evidence[0].ID != "e1" || len(cases) != 3 || cases[0].Script != "zh-Hans" || cases[1].At != "cases.zh-hans.jsonl:3" || cases[1].Wrong != "15 天" {
		t.Errorf("%+v %+v", sets, cases)
	}
	for _, c := range cases {
		if c.Fresh != strings.HasPrefix(c.At, "fresh") {
			t.Errorf("%s: fresh %v", c.At, c.Fresh)
		}
	}
}

// TestLoadSaysWhere: what is wrong is named with its file and line.
func TestLoadSaysWhere(t *testing.T) {
	for line, want := range map[string]string{
		`{"set":"s2","script":"Hans","text":"a","true":true}`:                    `cases.zh.jsonl:2: there is no set "s2"`,
		`{"set":"s1","script":"Latn","text":"a","true":true}`:                    `cases.zh.jsonl:2: the script "Latn"`,
		`{"set":"s1","script":"Hans","text":" ","true":true}`:                    `cases.zh.jsonl:2: the text is empty`,
		`{"set":"s1","script":"Hans","text":"a","true":false}`:                   `cases.zh.jsonl:2: a false text names its operator`,
		`{"set":"s1","script":"Hans","text":"a","true":true,"operator":"count"}`: `cases.zh.jsonl:2: a false text names its operator`,
		`{"set":"s1","script":"Hans","text":"a","true":true,"reason":"x"}`:       `cases.zh.jsonl:2: json: unknown field "reason"`,
		`{"set":"s1",`: `cases.zh.jsonl:2: unexpected EOF`,
	} {
		_, _, err := load(fstest.MapFS{"sets.zh.jsonl": {Data: []byte(set)}, "cases.zh.jsonl": {Data: []byte("\n" + line)}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
	for line, want := range map[string]string{
		set: `sets.zh.jsonl:2: there are two sets "s1"`,
		`{"set":"s3","lang":"zh","name":"a","now":"2026-03-05T20:00:00+08:00","evidence":[]}`: `sets.zh.jsonl:2: a set needs`,
		strings.ReplaceAll(strings.Replace(set, "s1", "s4", 1), `"zh"`, `"fr"`):               `sets.zh.jsonl:2: there is no language "fr"`,
	} {
		_, _, err := load(fstest.MapFS{"sets.zh.jsonl": {Data: []byte(set + "\n" + line)}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

// TestFiles: the files that are here can be read, and every text is on a set in its own language.
func TestFiles(t *testing.T) {
	sets, cases, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	fresh := 0
	for _, c := range cases {
		if c.Fresh {
			fresh++
		}
		if !strings.Contains(c.Text, c.Wrong) {
			t.Errorf("%s: %q is not in the text", c.At, c.Wrong)
		}
	}
	if len(sets) == 0 || fresh == 0 || fresh == len(cases) {
		t.Errorf("%d sets, %d cases, %d of them fresh", len(sets), len(cases), fresh)
	}
}

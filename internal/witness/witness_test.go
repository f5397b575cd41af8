package witness

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"because"
)

// TestSilence: a sentence that claims nothing needs nothing to rest on, and what is said beside it does.
func TestSilence(t *testing.T) {
	dir := t.TempDir()
	for file, rows := range map[string]string{
		"items.jsonl":        `{"id":"f1","domain":"finance","name":{"zh":"远山债券","en":"Far Hills Bond"},"categories":["bond_fund"],"attributes":{"fee":{"number":0.5,"unit":"percent"}}}`,
		"users.jsonl":        `{"id":"u1"}`,
		"reviews.jsonl":      "",
		"interactions.jsonl": "",
		"words.jsonl": `{"domain":"finance","kind":"phrase","key":"","said":{"zh":["历史表现不预示未来，本文不构成投资建议。","{it}一年的综合费率 {value}"],"en":["Past performance doesn't predict the future, and this isn't investment advice.","{it} costs {value} a year in fees"]}}
{"domain":"finance","kind":"unit","key":"percent","said":{"zh":["%"],"en":["%"]}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w, err := Load(dir, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		lang because.Lang
		text string
		want int
	}{
		{because.Chinese, "这一条暂时说不出特别的缘由，放在这里供参考。历史表现不预示未来，本文不构成投资建议。", 0},
		{because.English, "There is no particular reason to give for this one. Past performance doesn't predict the future, and this isn't investment advice.", 0},
		{because.English, "There is no particular reason to give for this one", 0},
		{because.Chinese, "这一条暂时说不出特别的缘由，放在这里供参考。一年的综合费率 0.7%。", 1},
		{because.English, "There is no particular reason to give for this one. It costs 0.7% a year in fees.", 1},
		{because.English, "There is a particular reason.", 1},
		{because.Chinese, "暂时保本。", 1},
	} {
		found := w.Check(Case{Text: tt.text, Lang: tt.lang, User: "u1", Item: "f1", At: time.Date(2026, 5, 20, 19, 30, 0, 0, time.UTC)})
		if (len(found) > 0) != (tt.want > 0) {
			t.Errorf("%q: %v", tt.text, found)
		}
	}
}

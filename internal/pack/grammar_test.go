package pack

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"because"
)

// TestGrammar: a pattern that reads wrong whatever fills its holes is told with what is wrong; one that reads well is not.
func TestGrammar(t *testing.T) {
	for _, tt := range []struct{ file, pattern, want string }{
		{"zh", "因为你看过{hist}，才有这一张[；{it}{fact}]。", "{measure}"},
		{"zh", "因为你看过{hist}，才有这一{measure}[；{it}{fact}]。", ""},
		{"zh", "因为你看过{hist}[，才有{it}]。", "main clause"},
		{"zh", "只说一句：{it}{fact}[，不过{but}]。", "announces one thing"},
		{"zh", "先说一句：{it}{fact}[，不过{but}]。", ""},
		{"en", "After {hist}. {It}: {fact}[, {fact2}].", "without a subject"},
		{"en", "After {hist}. {It} {fact}[ and {fact2}].", ""},
		{"en", "{fact}[, though it {but}].", "without a subject"},
		{"en", "To start with the {aspect}: {hist}[, though it {but}].", "stands alone"},
		{"en", "To start with the {aspect}: {hist}.[ It {but}, though.]", ""},
		{"en", "Picked up from {hist}, which you saw {when}[; {it} {fact}].", "main clause"},
		{"en", "Here because you saw {hist}[; {it} {fact}].", "main clause"},
		{"en", "It's here because you saw {hist}[; {it} {fact}].", ""},
		{"en", "Found through {hist}, {it} {fact}.", ""},
		{"en", "In one line, {it} {fact}[, though it {but}].", "announces one thing"},
	} {
		s, err := Load(files("a/pack.yaml", "domain: a\nlabel: {zh: 甲, en: A}\n",
			"a/words.yaml", "film: {zh: 电影, en: film, measure: 部}\nalbum: {zh: 专辑, en: album, measure: 张}\n",
			"a/patterns."+tt.file+".yaml", "lead:\n  viewed:\n    short: ['"+strings.ReplaceAll(tt.pattern, "'", "''")+"']\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range s.Check(because.English, "a") {
			if p.Line == 3 && strings.Contains(p.File, "patterns") && strings.Contains(p.Says, tt.pattern) {
				got = p.Says
			}
		}
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.pattern, got, tt.want)
		}
	}
}

// TestLabelsAreNouns: patterns say "its {label}", so that a label that asks is told.
func TestLabelsAreNouns(t *testing.T) {
	s, err := Load(files("a/pack.yaml", "domain: a\nlabel: {zh: 甲, en: A}\nfields:\n  near: {label: {zh: 附近, en: what's nearby}}\n  far: {label: {zh: 远处, en: whatnots}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if all := said(s.Check(because.English, "a")); strings.Count(all, "is a question") != 1 || !strings.Contains(all, "a/pack.yaml:4: the English label of near is a question") {
		t.Errorf("%s", all)
	}
}

// TestNobodyActs: no wording of ours lets its writer do what nobody did: count at a door, copy from a board, keep a seat.
func TestNobodyActs(t *testing.T) {
	hole := regexp.MustCompile(`\{[^}]*\}`)
	for lang, acts := range map[because.Lang]*regexp.Regexp{
		because.Chinese: regexp.MustCompile(`我(?:[^们]|$)`),
		because.English: regexp.MustCompile(`\b(I|I'm|I've|I'd|I'll|[Mm]y)\b`),
	} {
		files, err := filepath.Glob("*/[cp]*." + string(lang) + ".yaml")
		if err != nil || len(files) < 15 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(b), "\n") {
				if acts.MatchString(hole.ReplaceAllString(line, "")) && strings.HasPrefix(strings.TrimSpace(line), "- ") {
					t.Errorf("%s:%d: %s", file, i+1, line)
				}
			}
		}
	}
}

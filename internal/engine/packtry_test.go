package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"because"
	"because/internal/pack"
)

// TestTryPacks: every wording of every built-in pack can be said on sample evidence, and holds.
func TestTryPacks(t *testing.T) {
	set := pack.Builtin()
	for i, name := range set.Names() {
		if testing.Short() && i%3 > 0 {
			continue // it takes a second or two a pack
		}
		problems, texts := tryPack(set, name, because.English)
		for _, p := range problems {
			t.Error(p)
		}
		if all := len(set.Pieces(name)); texts < all*9/10 || texts < 200 {
			t.Errorf("%s: only %d texts of %d wordings", name, texts, all)
		}
	}
}

// TestNewPack: what because pack new writes passes because pack check, whichever language its comments are in; nothing is
// overwritten.
func TestNewPack(t *testing.T) {
	for _, lang := range because.Langs {
		dir := t.TempDir()
		files, err := NewPack(dir, "recruit", lang)
		if err != nil || len(files) != 4 {
			t.Fatalf("%q, %v", files, err)
		}
		for _, said := range because.Langs {
			c, err := CheckPacks(dir, "", said)
			if err != nil || len(c.Problems) > 0 || c.Texts < 30 {
				t.Errorf("%s: %d texts, %v, %v", lang, c.Texts, c.Problems, err)
			}
		}
		if _, err := NewPack(dir, "recruit", lang); err == nil {
			t.Error("a pack was overwritten")
		}
		for _, name := range []string{"shop", "general", "", "Über", "../x", "a b"} {
			if _, err := NewPack(dir, name, lang); err == nil {
				t.Errorf("%q is a name", name)
			}
		}
	}
}

// TestTryFinds plants faults that only rendering shows, one at a time, in a pack that is whole; each is found where it
// stands, with what it reads like.
func TestTryFinds(t *testing.T) {
	for _, tt := range []struct{ file, from, to, zh, en string }{
		{"patterns.zh.yaml", "你{when}看过{hist}；{it}{shared}", "你{when}买过{hist}；{it}{shared}", "没有依据", "no evidence can back"},                         // viewed is not bought
		{"patterns.zh.yaml", "和{hist}一样，{it}{shared}", "和{hist}一样卖了三千件，{it}{shared}", "没有依据", "no evidence can back"},                                // a number from nowhere
		{"patterns.en.yaml", "Like {hist}, {it} {shared}", "Like {hist}, bought by thousands of people, {it} {shared}", "站不住", "does not hold"},      // a crowd from nowhere
		{"patterns.en.yaml", "After {hist}, {it} {shared}", "After {hist}, {it} {shared}, it costs {price}", "填不了槽位 {price}", "cannot fill {price}"}, // Check tells
		{"patterns.zh.yaml", "接着{hist}看，{it}{shared}", "接着{hist}看，，{it}{shared}", "不通顺", "jars"},
		{"patterns.zh.yaml", "接着{hist}看，{it}{shared}", "接着{hist}看，{it}{better}", "永远说不出来", "can never be said"},
		{"pack.yaml", "say: {zh: [防水]", "say: {zh: [防水的首选]", "不许这样说", "forbids"}, // a rule of the general pack
	} {
		dir := t.TempDir()
		if _, err := NewPack(dir, "recruit", because.Chinese); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "recruit", tt.file)
		b, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(b), tt.from) {
			t.Fatalf("%s has no %q: %v", tt.file, tt.from, err)
		}
		line := 1 + strings.Count(string(b[:strings.Index(string(b), tt.from)]), "\n")
		if err := os.WriteFile(file, []byte(strings.Replace(string(b), tt.from, tt.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		for lang, want := range map[because.Lang]string{because.Chinese: tt.zh, because.English: tt.en} {
			c, err := CheckPacks(dir, "recruit", lang)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, p := range c.Problems {
				found = found || p.File == file && p.Line == line && strings.Contains(p.Says, want)
			}
			if !found {
				t.Errorf("%s: %q is not found in line %d of %s: %v", lang, tt.to, line, tt.file, c.Problems)
			} else if testing.Verbose() {
				t.Log(c.Problems[0])
			}
		}
	}
}

package because_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestMessagesComplete reads every call of Say and Errorf and every {{say "…"}} of the pages, and holds messages/ to
// them: each English format has a Chinese wording with the same verbs, and no wording is left over.
func TestMessagesComplete(t *testing.T) {
	wordings := map[string]string{}
	files, err := filepath.Glob("messages/*.zh.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var one map[string]string
		if err := json.Unmarshal(b, &one); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for en, zh := range one {
			if other, ok := wordings[en]; ok && other != zh {
				t.Errorf("%s: %q has two Chinese wordings: %q and %q", f, en, other, zh)
			}
			wordings[en] = zh
		}
	}
	said := formats(t)
	if len(said) == 0 {
		t.Fatal("no call of Say or Errorf found: the test looks in the wrong place")
	}
	for en, at := range said {
		zh, ok := wordings[en]
		switch {
		case !ok:
			t.Errorf("%s: no Chinese wording of %q", at, en)
		case !slices.Equal(verbs(en), verbs(zh)):
			t.Errorf("%s: %q and %q have different verbs: %q, %q", at, en, zh, verbs(en), verbs(zh))
		case strings.ContainsFunc(en, unicode.IsLetter) && !strings.ContainsFunc(zh, isHan) && len(verbs(en)) == 0 && en != zh:
			t.Errorf("%s: the Chinese wording of %q has no Han character: %q", at, en, zh)
		}
	}
	for en := range wordings {
		if _, ok := said[en]; !ok {
			t.Errorf("nothing says %q any more; delete its wording", en)
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

var sayInPage = regexp.MustCompile("\\bsay ((?:\"(?:[^\"\\\\]|\\\\.)*\")|(?:`[^`]*`))")

// formats returns every literal format and where it stands.
func formats(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "dist"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".html"):
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range sayInPage.FindAllStringSubmatch(string(b), -1) {
				if s, err := strconv.Unquote(m[1]); err == nil {
					said[s] = path
				}
			}
			return nil
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			if name := called(call); name != "Say" && name != "Errorf" {
				return true
			}
			lit, ok := literal(call.Args[1])
			at := fset.Position(call.Pos()).String()
			if !ok {
				if id, passes := call.Args[1].(*ast.Ident); !passes || id.Name != "format" { // what passes a format on calls it format
					t.Errorf("%s: the format must be a string literal", at)
				}
				return true
			}
			said[lit] = at
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// called is the name of the function of package because that a call calls, "" for any other.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "because" {
			return f.Sel.Name
		}
	}
	return ""
}

// literal is the value of a string literal or of a concatenation of them.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, ok1 := literal(e.X)
		b, ok2 := literal(e.Y)
		return a + b, ok1 && ok2
	}
	return "", false
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*[\d.]*[a-zA-Z]`)
var index = regexp.MustCompile(`\[\d+\]`)

// verbs are the verbs of a format in the order of their arguments.
func verbs(format string) []string {
	var out []string
	next := 1
	byArg := map[int]string{}
	for _, m := range verb.FindAllStringSubmatch(strings.ReplaceAll(format, "%%", ""), -1) {
		if m[1] != "" {
			next, _ = strconv.Atoi(strings.Trim(m[1], "[]"))
		}
		byArg[next] = index.ReplaceAllString(m[0], "")
		next++
	}
	for i := 1; i <= len(byArg); i++ {
		out = append(out, byArg[i])
	}
	return out
}

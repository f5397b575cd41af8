package because_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ceiling is the widest that the arrows may ever be, by design. ARCHITECTURE.md lists those in use.
const ceiling = `
because    ->
lm         ->
text       ->
pack       -> because text
ingest     -> because pack text
store      -> because
dataset    -> because
recommend  -> because dataset lm text
evidence   -> because pack text
generate   -> because pack lm text
verify     -> because pack text
learn      -> because
eval       -> because text
audit      -> because eval
synth      -> because pack text
witness    -> because
liar       -> because
trial      -> because engine liar synth witness
engine     -> audit because dataset eval evidence generate ingest learn lm pack recommend store text verify
serve      -> because engine
cmd        -> because engine serve synth trial
`

// TestImports holds the code to the table in ARCHITECTURE.md, and the table to the code and to the ceiling.
func TestImports(t *testing.T) {
	doc, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(doc), "```imports\n")
	if !ok {
		t.Fatal("ARCHITECTURE.md has no ```imports block")
	}
	block, _, _ := strings.Cut(rest, "```")
	table, widest, used := arrows(t, block), arrows(t, ceiling), usedArrows(t)
	for from, tos := range used {
		for to := range tos {
			if !table[from][to] {
				t.Errorf("%s imports %s, which the table in ARCHITECTURE.md does not allow", from, to)
			}
		}
	}
	for from, tos := range table {
		for to := range tos {
			if !used[from][to] {
				t.Errorf("the table lets %s import %s, which no file does", from, to)
			}
			if !widest[from][to] {
				t.Errorf("the table lets %s import %s, which is above the ceiling", from, to)
			}
		}
	}
}

// arrows reads "from -> to to" lines.
func arrows(t *testing.T, s string) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		from, to, ok := strings.Cut(line, "->")
		if !ok {
			t.Fatalf("not an arrow: %q", line)
		}
		tos := map[string]bool{}
		for _, name := range strings.Fields(to) {
			tos[name] = true
		}
		out[strings.TrimSpace(from)] = tos
	}
	return out
}

// usedArrows reads the imports of every file that is not a test. A nested package counts as its parent; packages whose
// name ends in "test" or starts with "fake" are tests.
func usedArrows(t *testing.T) map[string]map[string]bool {
	t.Helper()
	used := map[string]map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), "test") || strings.HasPrefix(d.Name(), "fake") || slices.Contains([]string{"testdata", "node_modules", "dist", "bin"}, d.Name())):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := stage(strings.TrimSuffix("because/"+filepath.ToSlash(filepath.Dir(path)), "/."))
		for _, imp := range f.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			if p != "because" && !strings.HasPrefix(p, "because/") {
				continue
			}
			if to := stage(p); to != from {
				if used[from] == nil {
					used[from] = map[string]bool{}
				}
				used[from][to] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

// stage is the name of a package in the table: because, cmd, or the folder below internal.
func stage(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case len(parts) == 1:
		return parts[0]
	case parts[1] == "internal" && len(parts) > 2:
		return parts[2]
	}
	return parts[1]
}

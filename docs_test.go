package because_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	quoted    = regexp.MustCompile("`([^`]+)`")
	testName  = regexp.MustCompile(`^(\w+)\.((?:Test|Fuzz|Benchmark)\w+)$`)
	cited     = regexp.MustCompile(`((?:d')?[A-Z][A-Za-z]+(?:,? (?:and|&) [A-Z][A-Za-z]+| et al\.)?),? ((?:19|20)\d\d)(?:[);）；]|, (?:eq\.|algorithm|encoder|bytes|§|"))`)
	displayed = regexp.MustCompile(`(?ms)^\$\$\n(.*?)\n\$\$$`)
	arXiv     = regexp.MustCompile(`\b\d{4}\.\d{5}\b`)
)

// comparison is the table of the article, per language, with the words for what is done, partly done and not yet.
var comparison = []struct {
	file   string
	status []string
}{
	{"docs/对照表.md", []string{"完成", "部分", "尚未"}},
	{"docs/对照表.en.md", []string{"done", "partly", "not yet"}},
}

// method derives the article's formulas, per language.
var method = []string{"docs/method.md", "docs/method.en.md"}

// TestDocs checks that every file, command and test that the comparison with the article names exists, and that its two
// languages agree on everything but words.
func TestDocs(t *testing.T) {
	names := allNames(t)
	var tables [2][]string
	for i, c := range comparison {
		b, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			cells := strings.Split(strings.Trim(line, "| "), "|")
			if !strings.HasPrefix(line, "| ") || len(cells) != 6 || strings.Contains(line, "---") {
				continue
			}
			status := slices.Index(c.status, strings.TrimSpace(cells[5]))
			if status < 0 {
				if len(tables[i]) > 0 {
					t.Errorf("%s: no status in %s", c.file, line)
				}
				continue // the head
			}
			tables[i] = append(tables[i], strings.Join(cells[2:5], "|")+"|"+string(rune('0'+status)))
			if status == 0 && !strings.Contains(cells[4], "`") {
				t.Errorf("%s: done, and no test says so: %s", c.file, line)
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(string(b), -1) {
			exists(t, c.file, m[1], names)
		}
	}
	if len(tables[0]) < 60 || !slices.Equal(tables[0], tables[1]) {
		t.Errorf("the two tables differ (%d and %d rows)", len(tables[0]), len(tables[1]))
		for i := range min(len(tables[0]), len(tables[1])) {
			if tables[0][i] != tables[1][i] {
				t.Fatalf("first difference:\n%s\n%s", tables[0][i], tables[1][i])
			}
		}
	}
}

// A section is one of a method's, cut at its headings.
type section struct {
	names    []string // quoted, sorted
	formulas []string
	head     string
	tests    int
}

// TestDocsMethod checks that every test, function, file and command that the method names exists, that a section with a
// formula and a row of a table name a test, that docs/papers.md lists the papers cited, and that both languages agree on
// formulas and names.
func TestDocsMethod(t *testing.T) {
	papers, err := os.ReadFile("docs/papers.md")
	if err != nil {
		t.Fatal(err)
	}
	names := allNames(t)
	var both [2][]section
	for i, file := range method {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := fenced.ReplaceAllString(string(b), "")
		for _, c := range citations(text) {
			listed(t, string(papers), file, c)
		}
		for _, part := range strings.Split(text, "\n## ") {
			both[i] = append(both[i], sectionOf(t, file, part, names))
		}
	}
	if len(both[0]) != len(both[1]) || len(both[0]) < 10 {
		t.Fatalf("%d sections in Chinese, %d in English", len(both[0]), len(both[1]))
	}
	for i, zh := range both[0] {
		en := both[1][i]
		if !slices.Equal(zh.formulas, en.formulas) {
			t.Errorf("%q and %q differ in their formulas:\n%s\n%s", zh.head, en.head, strings.Join(zh.formulas, "\n"), strings.Join(en.formulas, "\n"))
		}
		if !slices.Equal(zh.names, en.names) && i > 0 { // the head links each to the other
			t.Errorf("%q and %q differ in what they name:\n%q\n%q", zh.head, en.head, zh.names, en.names)
		}
	}
}

// TestFAQ holds the answers to the article's questions: each of 9.1 to 9.7 has a command that exists and a number, what is
// named exists, and both languages name the same in the same order.
func TestFAQ(t *testing.T) {
	names := allNames(t)
	var both [2][][]string
	for i, file := range []string{"docs/faq.md", "docs/faq.en.md"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n, part := range strings.Split(string(b), "\n## ") {
			head, body, _ := strings.Cut(part, "\n")
			var named []string
			for _, m := range quoted.FindAllStringSubmatch(part, -1) {
				exists(t, file, m[1], names)
				named = append(named, m[1])
			}
			both[i] = append(both[i], named)
			if n >= 1 && n <= 7 {
				if !strings.HasPrefix(head, "9."+string(rune('0'+n))+" ") {
					t.Errorf("%s: %q is not question 9.%d", file, head, n)
				}
				if !strings.Contains(body, "`because ") || !digits.MatchString(body) {
					t.Errorf("%s: %q has no command or no number", file, head)
				}
			}
		}
	}
	if len(both[0]) != len(both[1]) || len(both[0]) < 9 {
		t.Fatalf("%d sections in Chinese, %d in English", len(both[0]), len(both[1]))
	}
	for i, zh := range both[0] {
		if !slices.Equal(zh, both[1][i]) {
			t.Errorf("section %d names different things:\n%q\n%q", i, zh, both[1][i])
		}
	}
}

// sectionOf reads a section and reports names that are nowhere and what no test is named for.
func sectionOf(t *testing.T, file, text string, names map[string]bool) section {
	t.Helper()
	var s section
	s.head, _, _ = strings.Cut(text, "\n")
	for _, m := range displayed.FindAllStringSubmatch(text, -1) {
		s.formulas = append(s.formulas, m[1])
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "| ") && (i+1 == len(lines) || !strings.HasPrefix(lines[i+1], "|---")) {
			cells := strings.Split(strings.Trim(line, "| "), "|")
			if !regexp.MustCompile("`\\w+\\.Test").MatchString(cells[len(cells)-1]) {
				t.Errorf("%s: no test in %s", file, line)
			}
		}
	}
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		exists(t, file, m[1], names)
		s.names = append(s.names, m[1])
		if testName.MatchString(m[1]) {
			s.tests++
		}
	}
	if len(s.formulas) > 0 && s.tests == 0 {
		t.Errorf("%s: a formula and no test in %q", file, s.head)
	}
	slices.Sort(s.names)
	return s
}

// exists reports a name that a document quotes and that is nowhere: a command, a test or another declaration as
// folder.Name, a file or a folder.
func exists(t *testing.T, file, name string, names map[string]bool) {
	t.Helper()
	if strings.HasPrefix(name, "because ") {
		knows(t, file, name)
		return
	}
	if _, err := os.Stat(name); err != nil && !names[name] {
		t.Errorf("%s: there is no test, function, file or folder %s", file, name)
	}
}

// knows reports a command or flag that the binary's help does not list.
func knows(t *testing.T, file, command string) {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	args := strings.Fields(command)[1:]
	words := args
	if i := slices.IndexFunc(args, func(s string) bool { return strings.HasPrefix(s, "-") }); i >= 0 {
		words = args[:i]
	}
	out, err := exec.Command(filepath.Join(dir, "because"), append(slices.Clone(words), "--help", "--lang", "en")...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "because "+strings.Join(words, " ")) {
		t.Errorf("%s: because does not know %q: %v", file, command, err)
	}
	for _, a := range args {
		if strings.HasPrefix(a, "-") && !regexp.MustCompile(`(^|[ ,])`+regexp.QuoteMeta(a)+`\b`).Match(out) {
			t.Errorf("%s: %q has no flag %s", file, command, a)
		}
	}
}

// allNames are the functions, methods, types, constants and variables of the repository as folder.Name, tests among
// them; those of the root are because.Name, those of the command cmd.Name.
func allNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	eachGoFile(t, func(path string, f *ast.File) {
		folder := filepath.Base(filepath.Dir(path))
		switch filepath.Dir(path) {
		case ".":
			folder = "because"
		case "cmd/because":
			folder = "cmd"
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				out[folder+"."+d.Name.Name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						out[folder+"."+s.Name.Name] = true
					case *ast.ValueSpec:
						for _, n := range s.Names {
							out[folder+"."+n.Name] = true
						}
					}
				}
			}
		}
	})
	return out
}

func eachGoFile(t *testing.T, f func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "node_modules", "dist", "bin"}, d.Name())):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			f(filepath.ToSlash(path), file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPapers holds docs/papers.md to the citations in the code and to the functions that it names.
func TestPapers(t *testing.T) {
	b, err := os.ReadFile("docs/papers.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	found := map[string]bool{}
	eachGoFile(t, func(path string, f *ast.File) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, g := range f.Comments {
			for _, c := range citations(g.Text()) {
				found[c] = true
				listed(t, doc, path, c)
			}
		}
	})
	if len(found) == 0 {
		t.Fatal("no citation found: the test looks in the wrong place")
	}
	for _, line := range strings.Split(doc, "\n") {
		m := regexp.MustCompile("^\\| ((?:[^.|]|et al\\.)+ \\d{4})\\..*`(\\w+)` in `([^`]+)` \\|$").FindStringSubmatch(line)
		switch {
		case m == nil && strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| paper"):
			t.Errorf("docs/papers.md: not a paper with its function: %s", line)
		case m == nil:
		case !found[m[1]] && !found[arXiv.FindString(line)]:
			t.Errorf("docs/papers.md lists %s, which no comment cites", m[1])
		default:
			src, err := os.ReadFile(m[3])
			if err != nil || !regexp.MustCompile(`(func (\([^)]*\) )?|type )`+m[2]+`\b`).Match(src) {
				t.Errorf("docs/papers.md: there is no %s in %s", m[2], m[3])
			}
		}
	}
}

// citations are the papers that a text cites, as docs/papers.md writes their authors and year, or by their arXiv number.
func citations(text string) []string {
	text = strings.ReplaceAll(text, "\n", " ")
	var out []string
	for _, m := range cited.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.NewReplacer(" and ", ", ", " & ", ", ").Replace(m[1])+" "+m[2])
	}
	if strings.Contains(text, "arXiv") {
		out = append(out, arXiv.FindAllString(text, -1)...)
	}
	return out
}

// listed reports a citation that docs/papers.md does not have.
func listed(t *testing.T, doc, path, citation string) {
	t.Helper()
	if !strings.Contains(doc, "| "+citation+".") && !strings.Contains(doc, "arXiv "+citation+" |") {
		t.Errorf("%s cites %s, which docs/papers.md does not list", path, citation)
	}
}

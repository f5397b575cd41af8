package because_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"because/internal/generate/fakellm"
)

// A fence is a fenced block of a document: what stands after the backticks, and its lines.
type fence struct{ info, body string }

var fenced = regexp.MustCompile("(?ms)^```([^\n`]*)\n(.*?)^```$")

func fences(t *testing.T, file string) []fence {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []fence
	for _, m := range fenced.FindAllStringSubmatch(string(b), -1) {
		out = append(out, fence{m[1], m[2]})
	}
	return out
}

// commands splits a block into commands; a line inside quotes goes on with the next.
func commands(body string) []string {
	var out []string
	open := ""
	for _, line := range strings.SplitAfter(body, "\n") {
		open += line
		if strings.Count(open, "'")%2 == 0 && !strings.HasSuffix(strings.TrimSpace(open), `\`) {
			if s := strings.TrimSpace(open); s != "" {
				out = append(out, s)
			}
			open = ""
		}
	}
	return out
}

var binFolder string // what built made

// built is the folder that holds the binary, made once for all tests of this package that want it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "because-readme-")
	if err != nil {
		return "", err
	}
	binFolder = dir
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "because"), "./cmd/because").CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
	}
	return dir, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if binFolder != "" {
		os.RemoveAll(binFolder)
	}
	os.Exit(code)
}

// A shell runs what a reader of a README types, in a folder of its own.
type shell struct {
	dir, bin string
	env      []string
	swap     *strings.Replacer // addresses of the README by those of this run
	serving  *exec.Cmd
	addr     string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &shell{dir: dir, bin: bin, swap: strings.NewReplacer()}
	s.env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+dir, "LANG=", "LC_ALL=")
	return s
}

func (s *shell) command(line string) *exec.Cmd {
	c := exec.Command("sh", "-euc", line)
	c.Dir, c.Env = s.dir, s.env
	return c
}

// background starts line with exec and waits until its standard error names an address; it returns what was said.
func (s *shell) background(t *testing.T, line string) string {
	t.Helper()
	s.serving = s.command("exec " + line)
	r, err := s.serving.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.serving.Start(); err != nil {
		t.Fatal(err)
	}
	said, lines := "", bufio.NewScanner(r)
	for s.addr = ""; s.addr == "" && lines.Scan(); {
		said += lines.Text() + "\n"
		if m := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			s.addr = m[1]
		}
	}
	go io.Copy(io.Discard, r)
	if s.addr == "" {
		t.Fatalf("%s: no address in %q", line, said)
	}
	return said
}

// interrupt ends what background started as Ctrl-C does.
func (s *shell) interrupt(t *testing.T) {
	t.Helper()
	if s.serving == nil {
		return
	}
	_ = s.serving.Process.Signal(os.Interrupt)
	late := time.AfterFunc(15*time.Second, func() { s.serving.Process.Kill() })
	defer late.Stop()
	if err := s.serving.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
	s.serving = nil
}

var digits = regexp.MustCompile(`\d+`)

// TestReadme types every command of both READMEs. What needs a network or never ends has a stated equivalent: git clone
// is this checkout, make demo is the command that the Makefile runs, a model server is fakellm, and invented worlds are
// small.
func TestReadme(t *testing.T) {
	for _, file := range []string{"README.md", "README.en.md"} {
		t.Run(file, func(t *testing.T) {
			s := newShell(t)
			defer s.interrupt(t)
			demo, ran := "", 0
			for _, f := range fences(t, file) {
				kind, name, _ := strings.Cut(f.info, " ")
				switch {
				case name != "":
					if err := os.WriteFile(filepath.Join(s.dir, name), []byte(f.body), 0o600); err != nil {
						t.Fatal(err)
					}
				case kind == "text":
					sameButDigits(t, demo, f.body)
				case kind == "sh":
					for _, line := range commands(f.body) {
						ran++
						demo += s.typed(t, line)
					}
				default:
					t.Errorf("a block of kind %q: the test does not know what to do with it", f.info)
				}
			}
			if ran < 20 {
				t.Errorf("only %d commands found: the test reads the file wrongly", ran)
			}
		})
	}
}

// typed runs one command and returns what a demo said.
func (s *shell) typed(t *testing.T, line string) string {
	t.Helper()
	switch {
	case strings.HasPrefix(line, "git clone "):
	case strings.HasPrefix(line, "make -C because demo"):
		return s.demo(t, line)
	case line == "because serve":
		s.background(t, "because serve --addr 127.0.0.1:0")
		s.swap = strings.NewReplacer("127.0.0.1:8080", s.addr)
	case strings.HasPrefix(line, "llama-server "):
		s.swap = strings.NewReplacer("http://127.0.0.1:8000/v1", fakellm.New(t, fakellm.OK).URL, "--llm-model qwen", "--llm-model fake")
	case strings.HasPrefix(line, "curl "):
		s.curl(t, line)
	default:
		if strings.HasPrefix(line, "because demo ") || strings.HasPrefix(line, "because synth ") {
			line += " --users 60"
		}
		if out, err := s.command(s.swap.Replace(line)).CombinedOutput(); err != nil {
			t.Errorf("%s\n%v\n%s", line, err, out)
		} else if len(out) == 0 {
			t.Errorf("%s: said nothing", line)
		}
	}
	return ""
}

// demo runs what the Makefile's target runs, and opens the page.
func (s *shell) demo(t *testing.T, line string) string {
	t.Helper()
	b, err := os.ReadFile("Makefile")
	if err != nil || !bytes.Contains(b, []byte("demo: build\n\t./bin/because demo $(DEMO)\n")) {
		t.Error("make demo is no longer what this test runs")
	}
	_, args, _ := strings.Cut(line, "DEMO=")
	said := s.background(t, "because demo --no-open --addr 127.0.0.1:0 --users 60 "+strings.Trim(args, "'"))
	defer s.interrupt(t)
	r, err := http.Get("http://" + s.addr + "/store")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if page, _ := io.ReadAll(r.Body); r.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("</html>")) {
		t.Errorf("the store answers %d with %d bytes", r.StatusCode, len(page))
	}
	return said
}

func (s *shell) curl(t *testing.T, line string) {
	t.Helper()
	defer s.interrupt(t)
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl here")
	}
	out, err := s.command(s.swap.Replace(line)).Output()
	var x struct {
		Text, Verdict string
		Evidence      []any
		Provenance    struct{ AIGC bool }
	}
	if err := json.Unmarshal(out, &x); err != nil || x.Text == "" || x.Verdict == "" || len(x.Evidence) == 0 || !x.Provenance.AIGC {
		t.Errorf("%s: no explanation: %s", line, out)
	}
	if err != nil {
		t.Error(err)
	}
}

// sameButDigits reports the lines that a document shows and the program does not say; numbers differ by machine and
// by the size of the world.
func sameButDigits(t *testing.T, said, shown string) {
	t.Helper()
	said = digits.ReplaceAllString(said, "0")
	for _, line := range strings.Split(strings.TrimSpace(shown), "\n") {
		if !strings.Contains(said, digits.ReplaceAllString(line, "0")) {
			t.Errorf("the document shows\n%s\nwhich is not in\n%s", line, said)
		}
	}
}

// TestReadmesMatch holds both READMEs to the same structure: as many sections, and the same kinds of blocks in each.
func TestReadmesMatch(t *testing.T) {
	shape := func(file string) string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		inside := false
		for _, line := range strings.Split(string(b), "\n") {
			switch {
			case strings.HasPrefix(line, "```"):
				if inside = !inside; inside {
					kind, _, _ := strings.Cut(strings.TrimPrefix(line, "```"), " ")
					out.WriteString("block " + kind + "\n")
				}
			case !inside && strings.HasPrefix(line, "#"):
				heading, _, _ := strings.Cut(line, " ")
				out.WriteString(heading + "\n")
			case !inside && strings.HasPrefix(line, "| `") && strings.Contains(line, "`BECAUSE_"):
				out.WriteString(strings.Join(strings.Split(line, "|")[1:5], "|") + "\n") // a setting
			}
		}
		return out.String()
	}
	if zh, en := shape("README.md"), shape("README.en.md"); zh != en {
		t.Errorf("README.md and README.en.md differ in structure:\n%s\n%s", zh, en)
	}
}

// TestPacksDoc types every command of the pages on packs, in a folder of their own, and holds what they show to what was
// said. Of the recommendations the first must be the one that the page names, and none may be out of date.
func TestPacksDoc(t *testing.T) {
	for file, first := range map[string]string{"docs/packs.md": "山海后端工程师", "docs/packs.en.md": "Backend at Ridge"} {
		t.Run(file, func(t *testing.T) {
			s, said, all, ran := newShell(t), "", "", 0
			s.env = append(s.env, "LANG=zh_CN.UTF-8")
			for _, f := range fences(t, file) {
				kind, name, _ := strings.Cut(f.info, " ")
				switch {
				case name != "":
					if err := os.MkdirAll(filepath.Join(s.dir, filepath.Dir(name)), 0o700); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(s.dir, name), []byte(f.body), 0o600); err != nil {
						t.Fatal(err)
					}
				case kind == "text":
					sameButDigits(t, said, f.body)
				case kind == "sh":
					said = ""
					for _, line := range commands(f.body) {
						ran++
						out, err := s.command(line).CombinedOutput()
						if err != nil {
							t.Fatalf("%s\n%v\n%s", line, err, out)
						}
						said += string(out)
					}
					all += said
				default:
					t.Errorf("a block of kind %q: the test does not know what to do with it", f.info)
				}
			}
			if ran < 10 || !regexp.MustCompile(`(?m)^ *1\. +`+first+` `).MatchString(all) || strings.Contains(all, "旧港") || strings.Contains(all, "Oldport") {
				t.Errorf("%d commands said:\n%s", ran, all)
			}
		})
	}
}

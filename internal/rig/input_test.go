package rig_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"because/internal/engine"
)

// Exit codes, as documented.
const (
	exitUsage       = 2
	exitNotFound    = 4
	exitConflict    = 5
	exitUnavailable = 7
)

// says runs a command in both languages and wants the exit code and one clear sentence in each: something to read, in
// that language, without the marks of a program that fell over.
func says(t *testing.T, want int, dir string, args ...string) {
	t.Helper()
	for _, lang := range []string{"zh", "en"} {
		clear(t, run(t, dir, nil, append(args, "--lang", lang)...), want, lang, strings.Join(args, " "))
	}
}

func clear(t *testing.T, r result, want int, lang, what string) {
	t.Helper()
	what = fmt.Sprintf("%.80q", what)
	if r.code != want {
		t.Errorf("%s (%s): exit %d, want %d: %.300s", what, lang, r.code, want, r.errOut)
		return
	}
	msg := strings.TrimSpace(r.errOut)
	switch {
	case msg == "":
		t.Errorf("%s (%s): exit %d without a word", what, lang, r.code)
	case strings.Contains(msg, "panic") || strings.Contains(msg, "goroutine ") || strings.Contains(msg, ".go:"):
		t.Errorf("%s (%s) fell over: %.300s", what, lang, msg)
	case strings.Contains(msg, "Something went wrong") || strings.Contains(msg, "出了点问题"):
		t.Errorf("%s (%s) says nothing that helps: %.300s", what, lang, msg)
	case !utf8.ValidString(msg):
		t.Errorf("%s (%s): not UTF-8: %.300q", what, lang, msg)
	case len(msg) > 2000:
		t.Errorf("%s (%s): %d bytes", what, lang, len(msg))
	case han(msg) != (lang == "zh"):
		t.Errorf("%s (%s) in another language: %.300s", what, lang, msg)
	}
}

// han reports whether a message holds Chinese outside of what the caller typed in Latin.
func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// rows counts the interactions of a data folder.
func rows(t *testing.T, dir string) int { return len(exported(t, dir, "interactions")) }

func TestUnknownNames(t *testing.T) {
	dir := folder(t)
	says(t, exitNotFound, dir, "explain", "--user", "u_lin", "--item", "no such item")
	says(t, exitNotFound, dir, "item", "show", strings.Repeat("x", 10<<10))
	says(t, exitNotFound, dir, "item", "show", "a \"quoted\" 'name' 🎈")
	says(t, exitNotFound, dir, "user", "show", "nobody")
	says(t, exitNotFound, dir, "user", "erase", "nobody", "--yes")
	says(t, exitNotFound, dir, "model", "promote", "../../etc/passwd")
	says(t, exitUsage, dir, "explain", "--item", "x", "--style", "florid")
	says(t, exitUsage, dir, "recommend", "--n", "-3")
	says(t, exitUsage, dir, "recomend")
	says(t, exitUsage, dir, "import", "interactions")
	says(t, exitUsage, dir, "export", "everything")
	says(t, exitNotFound, dir, "import", "interactions", filepath.Join(dir, "no-such-file.csv"))
	says(t, exitUnavailable, dir, "explain", "--item", item(t), "--source", "llm")
	says(t, exitNotFound, dir, "recommend", "--user", "stranger")
	if r := must(t, dir, "recommend", "--json"); !strings.Contains(r.out, `"items"`) {
		t.Errorf("a visitor gets %.200s", r.out)
	}
}

// item is the ID of an invented item.
func item(t *testing.T) string {
	t.Helper()
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	return w.Items[0].ID
}

func TestFoldersThatAreNotOurs(t *testing.T) {
	empty := t.TempDir()
	for _, args := range [][]string{{"recommend"}, {"explain", "--item", "x"}, {"user", "show", "x"}, {"export", "items"}, {"learn", "status"}} {
		says(t, exitNotFound, empty, args...)
	}
	says(t, exitNotFound, empty, "train")

	foreign := t.TempDir()
	write(t, filepath.Join(foreign, "because.db"), []byte("this is no database at all, but it is long enough to look like one"))
	says(t, exitUsage, foreign, "recommend")
	says(t, exitUsage, foreign, "train")
	if b, _ := os.ReadFile(filepath.Join(foreign, "because.db")); !bytes.HasPrefix(b, []byte("this is no database")) {
		t.Error("a file of somebody else was changed")
	}

	file := filepath.Join(t.TempDir(), "file")
	write(t, file, nil)
	says(t, exitUsage, file, "train")

	bad := folder(t)
	write(t, filepath.Join(bad, "because.yaml"), []byte("llm: [unclosed"))
	says(t, exitUsage, bad, "recommend")
	write(t, filepath.Join(bad, "because.yaml"), []byte("colour: red\n"))
	says(t, exitUsage, bad, "recommend")
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSecondProcess: while a server holds the folder, reads work and writes are told that it is taken.
func TestSecondProcess(t *testing.T) {
	dir := folder(t)
	s := startServer(t, dir)
	says(t, exitConflict, dir, "train")
	says(t, exitConflict, dir, "serve", "--addr", "127.0.0.1:0")
	says(t, exitConflict, dir, "user", "personalise", "u_lin", "off")
	must(t, dir, "recommend", "--user", "u_lin", "--explain")
	if status, out := post(s.url+"/api/v1/explain", map[string]any{"item": item(t)}); status != 200 {
		t.Errorf("the server answers %d %s", status, out)
	}
	addr := strings.TrimPrefix(s.url, "http://")
	says(t, exitConflict, folder(t), "serve", "--addr", addr)
	s.kill()
	must(t, dir, "train") // the lock goes with the process
}

// TestHalfWrittenFiles cuts, empties and overwrites files of the data folder: a clear sentence or a whole answer.
func TestHalfWrittenFiles(t *testing.T) {
	model := func(dir string) string {
		b, err := os.ReadFile(filepath.Join(dir, "models", "current"))
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, "models", strings.TrimSpace(string(b)))
	}
	for _, tt := range []struct {
		name string
		file func(dir string) string
		harm func(b []byte) []byte
	}{
		{"weights cut", func(d string) string { return filepath.Join(model(d), "ranker.bin") }, func(b []byte) []byte { return b[:len(b)/2] }},
		{"weights empty", func(d string) string { return filepath.Join(model(d), "ranker.bin") }, func([]byte) []byte { return nil }},
		{"weights changed", func(d string) string { return filepath.Join(model(d), "ranker.bin") }, func(b []byte) []byte { b[len(b)/3] ^= 1; return b }},
		{"manifest cut", func(d string) string { return filepath.Join(model(d), "manifest.json") }, func(b []byte) []byte { return b[:len(b)/2] }},
		{"current of nothing", func(d string) string { return filepath.Join(d, "models", "current") }, func([]byte) []byte { return []byte("ranker-gone\n") }},
		{"current empty", func(d string) string { return filepath.Join(d, "models", "current") }, func([]byte) []byte { return nil }},
	} {
		dir := folder(t)
		path := tt.file(dir)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, tt.harm(b))
		for _, lang := range []string{"zh", "en"} {
			clear(t, run(t, dir, nil, "recommend", "--lang", lang), exitUsage, lang, tt.name)
		}
		before := rowsOfDamaged(t, dir)
		// The sentence says: train again. That must work.
		if r := run(t, dir, nil, "train"); r.code != 0 {
			t.Errorf("%s: training again: exit %d %s", tt.name, r.code, r.errOut)
			continue
		}
		must(t, dir, "recommend")
		if n := rows(t, dir); n != before && before >= 0 {
			t.Errorf("%s: %d rows, before %d", tt.name, n, before)
		}
	}
	// A database whose middle is overwritten: no answer may be invented, and no panic.
	dir := folder(t)
	path := filepath.Join(dir, "because.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 4; i < len(b)/2; i++ {
		b[i] = 0xA5
	}
	write(t, path, b)
	for _, lang := range []string{"zh", "en"} {
		if r := run(t, dir, nil, "export", "interactions", "--lang", lang); r.code == 0 {
			t.Errorf("a damaged database was exported as if it were whole")
		} else {
			clear(t, r, r.code, lang, "damaged database")
		}
	}
}

// rowsOfDamaged is the number of interactions, or -1 when the folder cannot be read.
func rowsOfDamaged(t *testing.T, dir string) int {
	t.Helper()
	r := run(t, dir, nil, "export", "interactions")
	if r.code != 0 {
		return -1
	}
	return strings.Count(r.out, "\n")
}

// TestOddRows imports rows as strangers write them: what can be taken is taken, what cannot is named by its line.
func TestOddRows(t *testing.T) {
	dir := folder(t)
	had := rows(t, dir)
	long := strings.Repeat("长", 10<<10/3)
	lines := []string{
		`user_id,item_id,kind,value,timestamp`,
		`u 1,a b c,view,1,2026-01-02T03:04:05Z`,             // blanks in IDs
		`"u ""2""",o'clock,purchase,2,2026-01-02T03:04:06Z`, // quotes
		`🙂,🎈,rating,4.5,2026-01-02T03:04:07Z`,               // emoji
		long + `,x,view,1,2026-01-02T03:04:08Z`,             // 10 KB
		"\xff\xfe,x,view,1,2026-01-02T03:04:09Z",            // invalid UTF-8
		`u3,x,rating,NaN,2026-01-02T03:04:10Z`,
		`u3,x,rating,Inf,2026-01-02T03:04:11Z`,
		`u3,x,rating,-1e400,2026-01-02T03:04:12Z`,
		`u3,x,view,1,0000-01-01T00:00:00Z`,
		`u3,x,view,1,9999-12-31T23:59:59Z`,
		`u3,x,view,1,not a time`,
		`,x,view,1,2026-01-02T03:04:13Z`,
		`u3,,view,1,2026-01-02T03:04:14Z`,
		`u3,x,teleport,1,2026-01-02T03:04:15Z`,
		`u3,x`,
		`u3,x,view,1,2026-01-02T03:04:16Z,too,many`,
		`u4,last,view,1,2026-01-02T03:04:17Z`,
	}
	for _, lang := range []string{"zh", "en"} {
		r := run(t, dir, strings.NewReader(strings.Join(lines, "\n")), "import", "interactions", "-", "--format", "csv", "--json", "--lang", lang)
		if r.code != 0 && r.code != 3 {
			t.Fatalf("exit %d: %s", r.code, r.errOut)
		}
		var report engine.ImportReport
		if err := json.Unmarshal([]byte(r.out), &report); err != nil {
			t.Fatalf("%v: %.300s", err, r.out)
		}
		f := report.Files[0]
		if f.Read != len(lines)-1 || f.Added+f.Unchanged+f.Duplicates+f.Rejected != f.Read {
			t.Errorf("%s: %d read, %d added + %d known + %d twice + %d rejected", lang, f.Read, f.Added, f.Unchanged, f.Duplicates, f.Rejected)
		}
		if f.Rejected == 0 || len(f.Samples) == 0 {
			t.Errorf("%s: nothing was rejected: %+v", lang, f)
		}
		for _, s := range f.Samples {
			if s.Line == 0 || s.Reason == "" || han(s.Reason) != (lang == "zh") && !han(s.Row) {
				t.Errorf("%s: rejected without a reason in that language: %+v", lang, s)
			}
		}
		t.Logf("%s: %d read, %d added, %d known, %d rejected", lang, f.Read, f.Added, f.Unchanged, f.Rejected)
	}
	got := must(t, dir, "export", "interactions").out
	if !utf8.ValidString(got) {
		t.Error("the export is not UTF-8")
	}
	for _, want := range []string{`"🎈"`, `"a b c"`, `"last"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not there", want)
		}
	}
	if strings.Count(got, "\n") < had {
		t.Errorf("%d rows, before %d", strings.Count(got, "\n"), had)
	}
	must(t, dir, "train") // what was taken must not break what comes after
	must(t, dir, "recommend", "--user", "🙂", "--explain")
}

// endless is a reader of one line of n bytes.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= int64(n)
	return n, nil
}

// atEnd is a reader that calls itself when all before it has been read, and ends there.
type atEnd func()

func (f atEnd) Read([]byte) (int, error) { f(); return 0, io.EOF }

// TestEndlessLine streams a CSV whose only line is a gigabyte: it is refused, and memory stays bounded.
func TestEndlessLine(t *testing.T) {
	if _, err := memory(os.Getpid(), "VmHWM"); err != nil {
		t.Skip("memory is read from /proc, which is not here: ", err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	for _, lang := range []string{"zh", "en"} {
		cmd := command(t, dir, "import", "interactions", "-", "--format", "csv", "--lang", lang)
		// The most that it ever held is asked of the running process. Wait's Maxrss is no measure: it begins with what the
		// process that started it held.
		var most float64
		var unread error
		cmd.Stdin = io.MultiReader(strings.NewReader("user_id,item_id,timestamp\nu,"), &endless{1 << 30}, strings.NewReader(",1\nu,after,1700000000\n"),
			atEnd(func() { most, unread = memory(cmd.Process.Pid, "VmHWM") }))
		var out, errOut bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errOut
		err := cmd.Run()
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		t.Logf("%s: exit %d, %.0f MiB at most: %.200s%.200s", lang, cmd.ProcessState.ExitCode(), most, out.String(), errOut.String())
		if most == 0 || most > 400 {
			t.Errorf("%s: %.0f MiB for one endless line (%v)", lang, most, unread)
		}
		if text := out.String() + errOut.String(); strings.TrimSpace(text) == "" || strings.Contains(text, "panic") || han(text) != (lang == "zh") {
			t.Errorf("%s: %.300q", lang, text)
		}
		if !full() {
			break // once is enough for the short form
		}
	}
}

// mounted is a file system of its own, or a reason to skip.
func mounted(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a tmpfs cannot be mounted here: %s", bytes.TrimSpace(out))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	return dir
}

func TestReadOnlyFolder(t *testing.T) {
	dir := mounted(t, "size=64m")
	data := filepath.Join(dir, "data")
	from, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	had := rows(t, data)
	if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
		t.Skipf("a tmpfs cannot be made read-only here: %s", out)
	}
	says(t, exitUnavailable, data, "train")
	says(t, exitUnavailable, data, "serve", "--addr", "127.0.0.1:0")
	says(t, exitUnavailable, filepath.Join(dir, "new"), "train")
	must(t, data, "recommend", "--user", "u_lin", "--explain") // reading needs no writing
	if n := rows(t, data); n != had {
		t.Errorf("%d rows, before %d", n, had)
	}
}

// TestFullDisk fills the disk under a server: reads go on, writes are refused in words, nothing acknowledged is lost,
// and writing works again when there is room.
func TestFullDisk(t *testing.T) {
	dir := mounted(t, "size=32m")
	data := filepath.Join(dir, "data")
	from, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, data)
	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)
	var acked []string
	refused := 0
	batch := func(k int) bool {
		var rows []any
		var ids []string
		for i := range 500 {
			id := fmt.Sprintf("full_%03d_%03d", k, i)
			ids = append(ids, id)
			rows = append(rows, map[string]any{"id": id, "user": "u_full", "item": item(t), "kind": "view"})
		}
		status, out := post(s.url+"/api/v1/interactions/batch?lang=en", map[string]any{"interactions": rows})
		switch {
		case status == 200:
			acked = append(acked, ids...)
			return true
		case status == 507 || status == 503:
			if !strings.Contains(string(out), "disk") || !strings.Contains(string(out), "problem") && !strings.Contains(string(out), "detail") {
				t.Errorf("refused with %s", out)
			}
			refused++
		default:
			t.Errorf("a full disk answers %d %s", status, out)
		}
		return false
	}
	for k := range 200 {
		if !batch(k) && refused > 3 {
			break
		}
	}
	if refused == 0 {
		t.Fatal("the disk never filled up")
	}
	if status, out := get(s.url + "/api/v1/recommendations?user=u_lin&n=3"); status != 200 {
		t.Errorf("reading on a full disk: %d %s", status, out)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if !batch(900) && !batch(901) {
		t.Error("there is room again, and still nothing is taken")
	}
	s.kill()
	got := exported(t, data, "interactions")
	for _, id := range acked {
		if got[id] != 1 {
			t.Fatalf("%s was acknowledged and is there %d times", id, got[id])
		}
	}
	t.Logf("%d rows acknowledged around a full disk, %d batches refused, 0 lost", len(acked), refused)
	fill(t, ballast)
	says(t, exitUnavailable, data, "train")
	wholeModels(t, data)
}

// fill writes until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	for range 1 << 20 {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
	t.Fatal("the disk is too large to fill")
}

func get(url string) (int, []byte) {
	res, err := client.Get(url)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	return res.StatusCode, out
}

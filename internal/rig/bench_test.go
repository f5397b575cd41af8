package rig_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/serve"
)

// movies is a data folder with MovieTweetings (100 000 ratings) imported and trained, made once.
var movies = sync.OnceValues(func() (string, error) {
	root := os.Getenv("BECAUSE_TESTDATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(shared, "movies")
	e, err := engine.Open(context.Background(), engine.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	defer e.Close()
	r := engine.ImportRequest{Kind: "dataset", Path: filepath.Join(root, "movietweetings-100k"), Lang: because.English}
	if _, err := e.Import(context.Background(), r, nil); err != nil {
		return "", err
	}
	_, err = e.Train(context.Background(), nil)
	return dir, err
})

// onMovies opens the folder of MovieTweetings and names some of its readers, those with the longest record first.
func onMovies(b *testing.B, readOnly bool) (*engine.Engine, []string) {
	b.Helper()
	testdata(b, "movietweetings-100k")
	dir, err := movies()
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.Open(b.Context(), engine.Options{Dir: dir, ReadOnly: readOnly})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	users, err := e.Users(b.Context(), "", 300)
	if err != nil {
		b.Fatal(err)
	}
	var ids []string
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return e, ids
}

// report reports quantiles in milliseconds.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(quantile(took, .5).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(quantile(took, .99).Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op") // not a figure of ours
}

// BenchmarkImport imports interactions from CSV into an empty store, durably.
func BenchmarkImport(b *testing.B) {
	const n = 50000
	var csv bytes.Buffer
	csv.WriteString("user_id,item_id,rating,timestamp\n")
	for i := range n {
		fmt.Fprintf(&csv, "u%d,i%d,%d,%d\n", i%997, i%1999, 1+i%10, 1700000000+i*37)
	}
	var took time.Duration
	rows := 0
	for b.Loop() {
		e, err := engine.Open(b.Context(), engine.Options{Dir: filepath.Join(b.TempDir(), "data")})
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		r, err := e.Import(b.Context(), engine.ImportRequest{Kind: "interactions", Path: "-", Reader: bytes.NewReader(csv.Bytes()), Format: "csv", Lang: because.English}, nil)
		took += time.Since(start)
		if err != nil || r.Files[0].Added != n {
			b.Fatalf("%+v %v", r, err)
		}
		rows += n
		e.Close()
	}
	b.ReportMetric(float64(rows)/took.Seconds(), "interactions/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkTrain fits the rankers on MovieTweetings.
func BenchmarkTrain(b *testing.B) {
	e, _ := onMovies(b, false)
	var took time.Duration
	n := 0
	for b.Loop() {
		start := time.Now()
		if _, err := e.Train(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		took += time.Since(start)
		n++
	}
	b.ReportMetric(took.Seconds()/float64(n), "s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkRecommend ranks ten films of MovieTweetings for one reader after the other.
func BenchmarkRecommend(b *testing.B) {
	e, users := onMovies(b, true)
	recommend(b, e, users, false, "")
}

// BenchmarkRecommendExplained does the same with a verified text for each, by patterns.
func BenchmarkRecommendExplained(b *testing.B) {
	e, users := onMovies(b, true)
	recommend(b, e, users, true, "template")
}

// BenchmarkRecommendEmbedded does the same with the embedded model's texts: ten in one batch.
func BenchmarkRecommendEmbedded(b *testing.B) {
	e, users := onMovies(b, true)
	recommend(b, e, users, true, "embedded")
}

// BenchmarkExplainEmbedded writes one explanation after the other with the embedded model: four candidates, filtered,
// verified, none of them cached; in each language.
func BenchmarkExplainEmbedded(b *testing.B) {
	for _, lang := range because.Langs {
		b.Run(string(lang), func(b *testing.B) {
			e, users := onMovies(b, true)
			var took []time.Duration
			for b.Loop() {
				i := len(took)
				user := users[i%len(users)]
				recs, err := e.Recommend(b.Context(), engine.ListRequest{User: user, N: 1 + i/len(users), Context: because.Context{At: evening}})
				if err != nil || len(recs.Items) == 0 {
					b.Fatal(err)
				}
				start := time.Now()
				x, err := e.Explain(b.Context(), engine.ExplainRequest{User: user, Item: recs.Items[len(recs.Items)-1].Item, Lang: lang, Source: "embedded", Timeout: time.Minute})
				if err != nil {
					b.Fatal(x, err)
				}
				took = append(took, time.Since(start))
			}
			report(b, took)
		})
	}
}

func recommend(b *testing.B, e *engine.Engine, users []string, explain bool, source string) {
	var took []time.Duration
	for b.Loop() {
		i := len(took)
		start := time.Now()
		r, err := e.Recommend(b.Context(), engine.ListRequest{User: users[i%len(users)], Explain: explain, Source: source, Lang: because.Langs[i%2], Context: because.Context{At: evening}})
		if err != nil || len(r.Items) == 0 {
			b.Fatalf("%d items, %v", len(r.Items), err)
		}
		took = append(took, time.Since(start))
	}
	report(b, took)
}

// BenchmarkExplainHTTP asks for explanations at a constant 50 requests a second for ten seconds over loopback: each logged, so
// answered once its impression is on disk, and not logged. Time counts from the moment at which a request was due.
func BenchmarkExplainHTTP(b *testing.B) {
	for _, logged := range []bool{true, false} {
		b.Run(map[bool]string{true: "logged", false: "unlogged"}[logged], func(b *testing.B) { explainHTTP(b, logged) })
	}
}

func explainHTTP(b *testing.B, logged bool) {
	dir := folder(b)
	e, err := engine.Open(b.Context(), engine.Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	h := httptest.NewServer(serve.New(e, serve.Options{Rate: 1e6}))
	b.Cleanup(h.Close)
	e.Warm(b.Context()) // as "because serve" does
	asks := pairs(b, 500, because.Chinese, because.English)
	var took []time.Duration
	for b.Loop() {
		var mu sync.Mutex
		var wait sync.WaitGroup
		start := time.Now()
		for i, r := range asks {
			due := start.Add(time.Duration(i) * 20 * time.Millisecond)
			time.Sleep(time.Until(due))
			wait.Go(func() {
				body := fmt.Sprintf(`{"user":%q,"item":%q,"source":"template","log":%t}`, r.User, r.Item, logged)
				res, err := client.Post(h.URL+"/api/v1/explain?lang="+string(r.Lang), "application/json", strings.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				d := time.Since(due)
				if res.StatusCode != http.StatusOK {
					b.Errorf("status %d", res.StatusCode)
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, d)
			})
		}
		wait.Wait()
	}
	report(b, took)
}

// BenchmarkFsync is what the disk itself takes to keep 4 KiB for good, which bounds whatever is logged.
func BenchmarkFsync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "kept"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	page := make([]byte, 4096)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	report(b, took)
}

// BenchmarkServeMemory is the memory of "because serve" on MovieTweetings: at rest, and at most under 300 explained lists.
func BenchmarkServeMemory(b *testing.B) {
	_, users := onMovies(b, true)
	dir, err := movies()
	if err != nil {
		b.Fatal(err)
	}
	var idle, most float64
	for b.Loop() {
		s := startServer(b, dir)
		idle = max(idle, status(b, s.cmd.Process.Pid, "VmRSS"))
		for i := range 300 {
			if code, out := get(fmt.Sprintf("%s/api/v1/recommendations?explain=true&user=%s", s.url, users[i%len(users)])); code != 200 {
				b.Fatalf("%d %s", code, out)
			}
		}
		most = max(most, status(b, s.cmd.Process.Pid, "VmHWM"))
		s.kill()
	}
	b.ReportMetric(idle, "MiB-idle")
	b.ReportMetric(most, "MiB-peak")
	b.ReportMetric(0, "ns/op")
}

// status reads a size from /proc, in MiB.
func status(b *testing.B, pid int, name string) float64 {
	b.Helper()
	mib, err := memory(pid, name)
	if errors.Is(err, fs.ErrNotExist) {
		b.Skip("memory is read from /proc, which is not here: ", err)
	}
	if err != nil {
		b.Fatal(err)
	}
	return mib
}

// memory reads a size of a running process from /proc, in MiB.
func memory(pid int, name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("no %s in %s", name, text)
	}
	kib, err := strconv.ParseFloat(string(m[1]), 64)
	return kib / 1024, err
}

// BenchmarkReady is the time from the start of "because serve" on MovieTweetings to the first ready answer.
func BenchmarkReady(b *testing.B) {
	testdata(b, "movietweetings-100k")
	dir, err := movies()
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		s := startServer(b, dir)
		took = append(took, s.ready)
		s.kill()
	}
	slices.Sort(took)
	b.ReportMetric(quantile(took, .5).Seconds(), "s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDemo is the time from the start of "because demo" to a page that holds an explained item.
func BenchmarkDemo(b *testing.B) {
	var took time.Duration
	n := 0
	for b.Loop() {
		s := &server{cmd: exec.Command(binary(b), "demo", "--addr", "127.0.0.1:0", "--no-open", "--lang", "en"), log: &lockedBuffer{}}
		s.cmd.Env = append(os.Environ(), "TMPDIR="+b.TempDir())
		s.cmd.Stderr = s.log
		s.await(b, "/store?lang=en")
		took += s.ready
		n++
		_ = s.cmd.Process.Signal(os.Interrupt)
		_ = s.cmd.Wait()
	}
	b.ReportMetric(took.Seconds()/float64(n), "s")
	b.ReportMetric(0, "ns/op")
}

// Package rig_test tries the whole: the real binary under kill -9 and bad input, the engine against endpoints that
// misbehave and against real models, and the speed and memory that we promise. It holds tests only.
//
// BECAUSE_FULL=1 switches the long forms on. BECAUSE_SEED replays a random test; each prints its seed.
// BECAUSE_BINARY names a binary to try instead of one that is built here.
package rig_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

// full reports whether the long forms are asked for.
func full() bool { return os.Getenv("BECAUSE_FULL") == "1" }

// pick is the short or the full form of a number.
func pick(short, long int) int {
	if full() {
		return long
	}
	return short
}

// dice is the randomness of a test. Its seed is printed; BECAUSE_SEED gives it again.
func dice(t testing.TB) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("BECAUSE_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("BECAUSE_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("replay with BECAUSE_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// shared is the folder of what tests share: the binary and the trained data folder.
var shared string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "because-rig-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	shared = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var build = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("BECAUSE_BINARY"); path != "" {
		return path, nil
	}
	path := filepath.Join(shared, "because")
	if out, err := exec.Command("go", "build", "-o", path, "because/cmd/because").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the binary: %w\n%s", err, out)
	}
	return path, nil
})

// binary is the path of the real binary, built once.
func binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// command is a run of the binary on a data folder, with nothing of the caller's settings.
func command(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(binary(t), append(args, "--data", dir)...)
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "BECAUSE_") && !strings.HasPrefix(name, "LC_") && name != "LANG" {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, "LANG=en_US.UTF-8")
	return cmd
}

// A result is what a run of the binary left behind.
type result struct {
	code        int
	out, errOut string
	took        time.Duration
}

// run runs the binary to its end, which must come within two minutes.
func run(t testing.TB, dir string, stdin io.Reader, args ...string) result {
	t.Helper()
	cmd := command(t, dir, args...)
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errOut
	cmd.WaitDelay = time.Second
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	err := cmd.Wait()
	r := result{cmd.ProcessState.ExitCode(), out.String(), errOut.String(), time.Since(start)}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatalf("%v: %v\n%s", args, err, r.errOut)
	}
	return r
}

// must runs the binary and wants it to succeed.
func must(t testing.TB, dir string, args ...string) result {
	t.Helper()
	r := run(t, dir, nil, args...)
	if r.code != 0 {
		t.Fatalf("because %s: exit %d\n%s", strings.Join(args, " "), r.code, r.errOut)
	}
	return r
}

// A server is a running "because serve".
type server struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from its start to the first 200 of /readyz
	log   *lockedBuffer
}

// lockedBuffer is a buffer that a process writes while a test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

var served = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startServer starts "because serve" on a free port and waits until it is ready.
func startServer(t testing.TB, dir string, args ...string) *server {
	t.Helper()
	s := &server{cmd: command(t, dir, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...), log: &lockedBuffer{}}
	s.cmd.Stderr = s.log
	s.await(t, "/readyz")
	return s
}

// await starts the process and waits for the address in its log and a 200 of path.
func (s *server) await(t testing.TB, path string) {
	t.Helper()
	s.cmd.Env = append(s.cmd.Env, "BECAUSE_SERVE_RATE=1000000")
	start := time.Now()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.kill() })
	for time.Since(start) < 30*time.Second {
		if s.url == "" {
			s.url = served.FindString(s.log.String())
		}
		if s.url != "" {
			if res, err := client.Get(s.url + path); err == nil {
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode == http.StatusOK {
					s.ready = time.Since(start)
					return
				}
			}
		}
		time.Sleep(2 * time.Millisecond) // another process: there is nothing to wait on
	}
	t.Fatalf("not ready within 30 s:\n%s", s.log)
}

// kill ends the process as a power button would, and waits for it.
func (s *server) kill() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}

// invented is a small world, the same for every test.
var invented = sync.OnceValues(func() (*synth.World, error) {
	return synth.Generate(synth.Options{Users: 60, Items: 160, Interactions: 5000, Reviews: 600, Now: evening})
})

// evening is when the tests that need a time take place.
var evening = time.Date(2026, 3, 5, 20, 30, 0, 0, engine.Shanghai)

// trained makes the data folder of the invented world once; tests copy it.
var trained = sync.OnceValues(func() (string, error) {
	w, err := invented()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(shared, "trained")
	world := filepath.Join(shared, "world")
	if err := w.Write(world); err != nil {
		return "", err
	}
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	defer e.Close()
	if _, err := e.Import(ctx, engine.ImportRequest{Kind: "dataset", Path: world, Lang: because.English}, nil); err != nil {
		return "", err
	}
	_, err = e.Train(ctx, nil)
	return dir, err
})

// folder is a copy of the trained data folder.
func folder(t testing.TB) string {
	t.Helper()
	from, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// testdata is a folder of the public data sets, or a reason to skip.
func testdata(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("BECAUSE_TESTDATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s is not here; set BECAUSE_TESTDATA: %v", name, err)
	}
	return dir
}

// quantile is the q-quantile of sorted durations, by the nearest rank.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

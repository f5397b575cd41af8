package rig_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"because"
	"because/internal/engine"
)

// realModel starts llama-server with one of the models that scripts/setup-test.sh installs, and returns its base URL.
// The server is stopped when the test ends.
func realModel(t *testing.T, weights string) string {
	t.Helper()
	home := os.Getenv("BECAUSE_LLM_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			t.Skip("no home folder: ", err)
		}
		home = filepath.Join(user, ".cache", "because", "llm")
	}
	for _, name := range []string{"llama-server", weights} {
		if _, err := os.Stat(filepath.Join(home, name)); err != nil {
			t.Skipf("%s is not installed; run scripts/setup-test.sh: %v", name, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr)
	l.Close()
	cmd := exec.Command(filepath.Join(home, "llama-server"), "-m", filepath.Join(home, weights), "--host", "127.0.0.1",
		"--port", fmt.Sprint(addr.Port), "-c", "4096", "-np", "1", "-t", "2")
	log := &lockedBuffer{}
	cmd.Stdout, cmd.Stderr = log, log
	bind(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait(); close(exited) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-exited })
	for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(50 * time.Millisecond) {
		if res, err := client.Get("http://" + addr.String() + "/health"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return "http://" + addr.String() + "/v1"
			}
		}
		select {
		case err := <-exited:
			t.Fatalf("llama-server ended before it was ready: %v\n%s", err, log.String())
		default:
		}
	}
	out := log.String()
	t.Fatalf("llama-server is not ready after a minute:\n%s", out[max(0, len(out)-2000):])
	return ""
}

// A tap remembers the last answer of a model server.
type tap struct {
	mu   sync.Mutex
	last string
	next http.RoundTripper
}

func (p *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	var got struct {
		Choices []struct{ Message struct{ Content string } }
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = string(b)
	if json.Unmarshal(b, &got) == nil && len(got.Choices) > 0 {
		p.last = got.Choices[0].Message.Content
	}
	return res, nil
}

// TestRealModels lets small real models write. What they write is served only as far as it is true; the shares are
// printed, and every text that is shown must hold. BECAUSE_LLM_REQUESTS asks for another number of requests,
// BECAUSE_DRAFTS=1 shows each draft, BECAUSE_LLM_REPORT names a file for the table.
func TestRealModels(t *testing.T) {
	if testing.Short() {
		t.Skip("real models take minutes")
	}
	n := pick(10, 200)
	if s := os.Getenv("BECAUSE_LLM_REQUESTS"); s != "" {
		if _, err := fmt.Sscan(s, &n); err != nil || n < 1 {
			t.Fatalf("BECAUSE_LLM_REQUESTS: %q", s)
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-24s %-4s %8s %8s %8s %8s  %9s %9s  %s\n", "model", "lang", "requests", "passed", "repaired", "replaced", "p50", "p95", "steps of those replaced")
	for _, m := range []struct {
		name, weights string
		langs         []because.Lang
	}{
		{"SmolLM2-135M-Instruct", "smollm2-135m.gguf", []because.Lang{because.English}},
		{"Gemma-3-270M", "gemma3-270m.gguf", []because.Lang{because.Chinese, because.English}},
	} {
		t.Run(m.name, func(t *testing.T) {
			listen := &tap{next: http.DefaultTransport}
			llm := engine.LLM{BaseURL: realModel(t, m.weights), Model: m.name, Preset: "llama.cpp", Timeout: 20 * time.Second, Transport: listen}
			e := withEndpoint(t, llm)
			for _, lang := range m.langs {
				verdicts, steps := map[because.Verdict]int{}, map[string]int{}
				var took []time.Duration
				for i, r := range pairs(t, n, lang) {
					start := time.Now()
					x, err := e.Explain(t.Context(), r)
					if err != nil {
						t.Fatal(err)
					}
					if x.Fallback != nil && x.Fallback.Step == "breaker" { // every request is to reach the model
						e = withEndpoint(t, llm)
						start = time.Now()
						if x, err = e.Explain(t.Context(), r); err != nil {
							t.Fatal(err)
						}
					}
					took = append(took, time.Since(start))
					verified(t, e, r, x)
					if x.Source == because.FromLLM {
						verdicts[x.Verdict]++
					} else {
						verdicts[because.Replaced]++
						steps[x.Fallback.Step]++
					}
					if os.Getenv("BECAUSE_DRAFTS") != "" {
						fallback := ""
						if x.Fallback != nil {
							fallback = x.Fallback.Step + ": " + x.Fallback.Reason
						}
						t.Logf("%s %d %s %s\n  draft %s\n  shown %s\n  %s", lang, i, x.Verdict, x.Arm, listen.last, x.Text, fallback)
					}
				}
				slices.Sort(took)
				fmt.Fprintf(&table, "%-24s %-4s %8d %7.1f%% %7.1f%% %7.1f%%  %9s %9s  %v\n", m.name, lang, n, share(verdicts[because.Passed], n), share(verdicts[because.Repaired], n),
					share(verdicts[because.Replaced], n), quantile(took, .5).Round(time.Millisecond), quantile(took, .95).Round(time.Millisecond), steps)
			}
		})
	}
	t.Logf("\n%s", &table)
	if path := os.Getenv("BECAUSE_LLM_REPORT"); path != "" {
		if err := os.WriteFile(path, []byte(table.String()), 0o600); err != nil {
			t.Error(err)
		}
	}
}

func share(n, of int) float64 { return 100 * float64(n) / float64(of) }

package rig_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate"
	"because/internal/generate/fakellm"
	"because/internal/serve"
)

// What TestModes allows. The exact times are in its table; the bound is one that a busy machine does not miss.
const (
	interactive = 800 * time.Millisecond // the default deadline of an endpoint over HTTP
	slack       = 5 * time.Second
	perRequest  = 10 << 20 // bytes allocated for one request, with the fake server's share: 3 MiB of it plan and write in both languages
)

// A row is what TestModes found out of one way to fail.
type row struct {
	fakellm.Failure
	requests, reached, answered, verified int
	from                                  map[string]int // source and verdict, or the step at which the draft was given up
	took                                  []time.Duration
	alone                                 bool   // nothing ran beside it, so that the next two are its own
	bytes                                 uint64 // allocated
	left                                  int    // goroutines that outlived it
}

// TestModes lets a model server fail in every way that has a name, through the API: each request is answered with a 200
// and a verified text in time, within bounds of memory, and leaves no goroutine behind. The clock jumps past the circuit
// breaker's pause before each request, so that each one meets the failure. BECAUSE_MODES_REPORT names a file for the table.
func TestModes(t *testing.T) {
	rows := make([]row, len(fakellm.Failures))
	if _, err := trained(); err != nil {
		t.Fatal(err)
	}
	one := func(i int, alone bool) {
		f := fakellm.Failures[i]
		begun := goroutines(0)
		t.Run(f.Group+"/"+f.Name, func(t *testing.T) { rows[i] = tryMode(t, f) })
		rows[i].alone = alone
		if alone {
			if rows[i].left = goroutines(begun) - begun; rows[i].left > 0 {
				t.Errorf("%s: %d goroutines are left:\n%s", f.Name, rows[i].left, stacks())
			}
			if each := rows[i].bytes / max(1, uint64(rows[i].requests)); each > perRequest {
				t.Errorf("%s: %d bytes allocated for each request", f.Name, each)
			}
		}
	}
	for i, f := range fakellm.Failures {
		if !f.Waits() {
			one(i, true)
		}
	}
	begun := goroutines(0)
	var wg sync.WaitGroup
	for i, f := range fakellm.Failures {
		if f.Waits() {
			wg.Go(func() { one(i, false) })
		}
	}
	wg.Wait()
	if left := goroutines(begun) - begun; left > 0 {
		t.Errorf("%d goroutines are left of the modes that wait:\n%s", left, stacks())
	}
	table := modesTable(rows)
	t.Logf("\n%s", table)
	if path := os.Getenv("BECAUSE_MODES_REPORT"); path != "" {
		if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// tryMode asks an engine of its own for explanations over HTTP while its endpoint fails.
func tryMode(t *testing.T, f fakellm.Failure) row {
	got := row{Failure: f, from: map[string]int{}}
	n := pick(4, 200)
	for k, mode := range f.Modes {
		s := fakellm.New(t, mode)
		var clock atomic.Int64
		llm := engine.LLM{BaseURL: s.URL, Model: "fake", Key: "sk-secret"}
		if s.Resolver != nil {
			llm.Transport = generate.NewTransport(s.Resolver)
		}
		e := openSite(t, llm, func() time.Time { return evening.Add(time.Duration(clock.Load()) * 26 * time.Second) })
		for i, r := range pairs(t, n, because.Chinese, because.English) {
			if i%len(f.Modes) != k {
				continue
			}
			clock.Add(1)
			got.requests++
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			x, code, took := e.ask(t, r)
			runtime.ReadMemStats(&after)
			got.bytes += after.TotalAlloc - before.TotalAlloc
			got.took = append(got.took, took)
			for again := 0; took > interactive+slack && again < 2; again++ { // a busy machine is late once, a defect always
				_, _, took = e.ask(t, r)
			}
			if code != http.StatusOK {
				t.Errorf("%s: status %d", mode, code)
				continue
			}
			got.answered++
			if took > interactive+slack {
				t.Errorf("%s: answered after %s", mode, took)
			}
			verified(t, e.Engine, r, x)
			got.verified++
			if x.Fallback != nil {
				got.from[x.Fallback.Step]++
			} else {
				got.from[string(x.Source)+" "+string(x.Verdict)]++
			}
		}
		got.reached += s.Calls()
	}
	slices.Sort(got.took)
	return got
}

// A site is an engine that is served.
type site struct {
	*engine.Engine
	url    string
	client *http.Client
}

// openSite opens a copy of the trained folder with an endpoint and serves its API until the test ends.
func openSite(t *testing.T, llm engine.LLM, now func() time.Time) site {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: folder(t), Now: now, LLM: llm})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(serve.New(e, serve.Options{Rate: 1e6, Now: func() time.Time { return evening }}))
	e.Warm(t.Context()) // as "because serve" does
	c := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	t.Cleanup(func() {
		c.CloseIdleConnections()
		srv.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return site{e, srv.URL, c}
}

// ask asks for an explanation by whatever source the site has, as a page would.
func (s site) ask(t *testing.T, r engine.ExplainRequest) (because.Explanation, int, time.Duration) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"user": r.User, "item": r.Item})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/api/v1/explain", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", string(r.Lang))
	req.Header.Set("Content-Type", "application/json")
	start := time.Now()
	res, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	var x because.Explanation
	if err := json.Unmarshal(b, &x); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	if strings.Contains(string(b), "sk-secret") {
		t.Errorf("the key is shown: %s", b)
	}
	return x, res.StatusCode, took
}

// goroutines counts them once they are at most want, or else after two seconds.
func goroutines(want int) int {
	n := runtime.NumGoroutine()
	for end := time.Now().Add(2 * time.Second); want > 0 && n > want && time.Now().Before(end); n = runtime.NumGoroutine() {
		time.Sleep(5 * time.Millisecond) // they end by themselves, and tell nobody
	}
	return n
}

func stacks() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}

// modesTable is the table of all rows, and the sum.
func modesTable(rows []row) string {
	var b strings.Builder
	var all []time.Duration
	requests, verifiedAll := 0, 0
	fmt.Fprintf(&b, "deadline %s\n%-10s %-24s %5s %7s %5s %8s %8s %8s %8s %9s %4s  %s\n", interactive,
		"group", "failure", "asked", "reached", "200", "verified", "p50", "p99", "slowest", "KiB/req", "left", "what was served, or the step at which the draft was given up")
	for _, r := range rows {
		var from []string
		for what, n := range r.from {
			from = append(from, fmt.Sprintf("%s %d", what, n))
		}
		slices.Sort(from)
		mem, left := "-", "-"
		if r.alone {
			mem, left = fmt.Sprint(r.bytes>>10/max(1, uint64(r.requests))), fmt.Sprint(r.left)
		}
		slowest := time.Duration(0)
		if len(r.took) > 0 {
			slowest = r.took[len(r.took)-1]
		}
		fmt.Fprintf(&b, "%-10s %-24s %5d %7d %5d %8d %8s %8s %8s %9s %4s  %s\n", r.Group, r.Name, r.requests, r.reached, r.answered, r.verified,
			short(quantile(r.took, .5)), short(quantile(r.took, .99)), short(slowest), mem, left, strings.Join(from, ", "))
		all = append(all, r.took...)
		requests += r.requests
		verifiedAll += r.verified
	}
	slices.Sort(all)
	fmt.Fprintf(&b, "%d ways to fail, %d requests, %d answered with a verified text; p50 %s, p99 %s, slowest %s\n", len(rows), requests, verifiedAll,
		short(quantile(all, .5)), short(quantile(all, .99)), short(all[len(all)-1]))
	return b.String()
}

// short is a duration in milliseconds.
func short(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }

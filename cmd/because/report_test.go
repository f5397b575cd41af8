package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestReportPage holds the page of a fixed log to its golden files, which are to be looked at in a browser when they
// change, and to what it promises: nothing of it comes from the network.
func TestReportPage(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile("testdata/report/metrics.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(dir, "models", "runs", "game-7")
	if err := os.MkdirAll(run, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(run, "metrics.jsonl"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, lang := range because.Langs {
		page := filepath.Join(dir, string(lang)+".html")
		quiet(t, "train", "report", "game-7", "--out", page, "--data", dir, "--lang", string(lang))
		got, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "report", string(lang)+".html")
		if *update {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("the page in %s is not %s; look at it, then go test -run TestReportPage -update ./cmd/because", lang, golden)
		}
		if from := regexp.MustCompile(`(src|href)=|url\(|@import|<script`).Find(got); from != nil {
			t.Errorf("the page fetches something: %s", from)
		}
		for _, s := range []string{"ln 2", "D(G(z))", "&lt;e1.hist&gt;", "<rect class=\"f0\""} {
			if !strings.Contains(string(got), s) {
				t.Errorf("the page in %s has no %s", lang, s)
			}
		}
	}
}

// TestTicks: round values, all within, none twice.
func TestTicks(t *testing.T) {
	for _, tt := range []struct {
		from, to float64
		want     []float64
	}{
		{0, 1, []float64{0, .2, .4, .6, .8, 1}},
		{1, 2000, []float64{500, 1000, 1500, 2000}},
		{-.5, .5, []float64{-.4, -.2, 0, .2, .4}},
	} {
		got := ticks(tt.from, tt.to, 4)
		if len(got) != len(tt.want) {
			t.Errorf("ticks from %g to %g: %v, want %v", tt.from, tt.to, got, tt.want)
			continue
		}
		for i, v := range got {
			if tick(v) != tick(tt.want[i]) {
				t.Errorf("ticks from %g to %g: %v, want %v", tt.from, tt.to, got, tt.want)
			}
		}
	}
}

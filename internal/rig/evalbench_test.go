package rig_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"because"
	"because/internal/text"
)

// BenchmarkEvalExplain measures 100 000 invented explanations with "because eval explain", everything that it measures. Texts
// are as long as those of the peers' sets. They draw on the words of our own pages by frequency, and one word in ten on 50 000
// invented ones, so that there are more different words and neighbours than people's texts of that number would have.
func BenchmarkEvalExplain(b *testing.B) {
	const rows = 100_000
	for _, lang := range because.Langs {
		b.Run(string(lang), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "rows.jsonl")
			if err := explanations(path, lang, rows); err != nil {
				b.Fatal(err)
			}
			var took time.Duration
			var most float64
			n := 0
			for b.Loop() {
				start := time.Now()
				peak, err := evaluated(path, rows)
				if err != nil {
					b.Fatal(err)
				}
				took, most, n = took+time.Since(start), max(most, peak), n+1
			}
			b.ReportMetric(took.Seconds()/float64(n), "s")
			if most > 0 {
				b.ReportMetric(most, "MiB-peak")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// evaluated measures a file and returns the most memory that the command held, in MiB; 0 where /proc does not tell.
func evaluated(path string, rows int) (peak float64, err error) {
	bin, err := build()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(bin, "eval", "explain", path, "--json", "--quiet")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	var wait sync.WaitGroup
	done := make(chan struct{})
	wait.Go(func() {
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-done:
				return
			case <-tick.C:
				if mib, err := memory(cmd.Process.Pid, "VmHWM"); err == nil {
					peak = mib
				}
			}
		}
	})
	err = cmd.Wait()
	close(done)
	wait.Wait()
	if err != nil {
		return peak, err
	}
	var r struct {
		Rows      int
		Languages []struct{ Margin *struct{ Derangements int } }
	}
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		return peak, err
	}
	if r.Rows != rows || len(r.Languages) != 1 || r.Languages[0].Margin == nil {
		return peak, fmt.Errorf("%d rows in %d languages were measured", r.Rows, len(r.Languages))
	}
	return peak, nil
}

// explanations writes rows of one language, of 30 000 readers and 20 000 items.
func explanations(path string, lang because.Lang, rows int) error {
	w, err := newWriter(lang)
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := bufio.NewWriter(f)
	enc := json.NewEncoder(buf)
	for range rows {
		user, item := w.rng.IntN(30_000), w.rng.IntN(20_000)
		err := enc.Encode(map[string]any{
			"user": user, "item": item, "prediction": w.text(51), "reference": w.text(46), "item_profile": w.text(26), "user_profile": w.text(55),
			"evidence": w.text(30), "features": w.common[w.rng.IntN(len(w.common))], "rating": 1 + w.rng.IntN(5), "predicted_rating": 1 + 4*w.rng.Float64(),
		})
		if err != nil {
			return err
		}
	}
	if err := buf.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// A writer invents texts of one language.
type writer struct {
	lang    because.Lang
	rng     *rand.Rand
	running []string // the words of our pages, as often as they stand there
	common  []string // each once
	rare    []string
}

func newWriter(lang because.Lang) (*writer, error) {
	w := &writer{lang: lang, rng: rand.New(rand.NewPCG(1, uint64(len(lang))))}
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var han []rune
	for _, page := range pages {
		if strings.HasSuffix(page, ".en.md") != (lang == because.English) {
			continue
		}
		said, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		for _, word := range text.Words(string(said)) {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Han, r) != (lang == because.Chinese) }) {
				continue
			}
			w.running = append(w.running, word)
			if !seen[word] {
				seen[word] = true
				w.common = append(w.common, word)
			}
			for _, r := range word {
				if unicode.Is(unicode.Han, r) {
					han = append(han, r)
				}
			}
		}
	}
	if len(w.common) < 2000 {
		return nil, fmt.Errorf("the pages have only %d words", len(w.common))
	}
	for i := range 50_000 {
		word := w.common[w.rng.IntN(len(w.common))] + strconv.Itoa(i)
		if lang == because.Chinese {
			word = string([]rune{han[w.rng.IntN(len(han))], han[w.rng.IntN(len(han))]})
		}
		w.rare = append(w.rare, word)
	}
	return w, nil
}

// text is about n words.
func (w *writer) text(n int) string {
	var b strings.Builder
	for i := range n/2 + w.rng.IntN(n) {
		if i > 0 && w.lang == because.English {
			b.WriteByte(' ')
		}
		if i > 0 && i%12 == 0 && w.lang == because.Chinese {
			b.WriteString("，")
		}
		from := w.running
		if w.rng.IntN(10) == 0 {
			from = w.rare
		}
		b.WriteString(from[w.rng.IntN(len(from))])
	}
	if w.lang == because.Chinese {
		return b.String() + "。"
	}
	return b.String() + "."
}

package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
)

// taught opens a copy of the small world with a teacher, and returns its folder.
func taught(t *testing.T, fake *fakellm.Server, change ...func(*engine.LLM)) (*engine.Engine, string) {
	t.Helper()
	dir := ""
	e, _ := open(t, func(o *engine.Options) {
		o.LLM = engine.LLM{BaseURL: fake.URL, Model: "fake", Timeout: time.Minute}
		for _, f := range change {
			f(&o.LLM)
		}
		dir = o.Dir
	})
	return e, dir
}

func nothing(engine.LMProgress) {}

// TestTrainDistill lets a scripted teacher write: what it says truly becomes pairs, what it invents does not, the run goes
// on where it was stopped without asking for anything twice, and the tokens that it may take are never exceeded, over
// several runs together.
func TestTrainDistill(t *testing.T) {
	fake := fakellm.New(t, fakellm.OK)
	e, dir := taught(t, fake)
	o := engine.DistillOptions{Readers: 40, Items: 1, Texts: 60, Steps: 2}

	ctx, cancel := context.WithCancel(t.Context())
	_, err := e.TrainDistill(ctx, o, func(p engine.LMProgress) {
		if p.Phase == "teacher" && p.Step >= 20 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped in the middle: %v", err)
	}
	file := filepath.Join(dir, "models", "runs", "distill-1", "taught.jsonl")
	if err := appendTo(file, `{"key":"cut of`); err != nil { // as a killed process leaves it
		t.Fatal(err)
	}
	o.Resume = true
	info, err := e.TrainDistill(t.Context(), o, nothing)
	if err != nil {
		t.Fatal(err)
	}
	x := *info.Taught
	t.Logf("%+v", x)
	if x.Asked != 60 || x.Kept+x.Refused+x.Lost+x.Unread != 60 || x.Kept < 30 || x.Teacher != "fake" || x.Stopped != "" || x.Own == 0 || x.Tokens != 60*240 {
		t.Errorf("taught %+v", x)
	}
	prompts := fake.Bodies()
	slices.Sort(prompts)
	if again := len(prompts) - len(slices.Compact(prompts)); again > 4 || len(prompts) > 64 { // at most what was under way when it was stopped
		t.Errorf("%d requests for 60 texts, %d of them twice", len(prompts), again)
	}
	if models, err := e.Models(); err != nil || slices.ContainsFunc(models, func(m engine.ModelInfo) bool { return m.ID == info.ID && m.Current }) {
		t.Errorf("it serves, and nobody promoted it (%v)", err)
	}
	reader := ""
	for _, l := range lessonsIn(t, file) {
		if l.Status == "kept" {
			reader = l.User
			if l.Pair.Said == "" || strings.ContainsAny(l.Pair.Text, "0123456789") && !strings.Contains(l.Pair.Text, "<e") {
				t.Errorf("not in its own form: %q", l.Pair.Text)
			}
		}
	}
	if erased, err := e.EraseUser(t.Context(), reader); err != nil || !slices.Contains(erased.Models, info.ID) || erased.Rows["runs"] == 0 {
		t.Errorf("erasing %s names %q, removes %v, %v", reader, erased.Models, erased.Rows, err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what the teacher said of an erased reader is left: %v", err)
	}
}

type lessonLine struct {
	Status, User string
	Tokens       int64
	Pair         *engine.Pair
}

func lessonsIn(t *testing.T, file string) (out []lessonLine) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var l lessonLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func appendTo(file, s string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(s)
	return errors.Join(err, f.Close())
}

// TestDistillSpends holds the cap of a run and that of a day, over runs that go on: tokens that were taken before count.
func TestDistillSpends(t *testing.T) {
	for _, tt := range []struct {
		name    string
		cap     func(*engine.DistillOptions, *engine.LLM)
		limit   int64
		stopped string
	}{
		{"of the run", func(o *engine.DistillOptions, _ *engine.LLM) { o.Spend = 5000 }, 5000, "spend"},
		{"of the day", func(_ *engine.DistillOptions, l *engine.LLM) { l.Budget = 5000 }, 5000, "day"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake := fakellm.New(t, fakellm.OK)
			o := engine.DistillOptions{Readers: 40, Items: 1, Texts: 80, Steps: 1}
			e, dir := taught(t, fake, func(l *engine.LLM) { tt.cap(&o, l) })
			var spent int64
			for range 2 {
				// Whether what it gave is enough to train on is not what is asked here.
				if _, err := e.TrainDistill(t.Context(), o, nothing); err != nil && !errors.Is(err, because.ErrInvalid) {
					t.Fatal(err)
				}
				o.Resume, spent = true, 0
				for _, l := range lessonsIn(t, filepath.Join(dir, "models", "runs", "distill-1", "taught.jsonl")) {
					spent += l.Tokens
				}
				if calls := int64(fake.Calls()) * 240; spent != calls || calls > tt.limit || calls == 0 {
					t.Errorf("%d tokens are noted, the teacher took %d, the limit is %d", spent, calls, tt.limit)
				}
			}
		})
	}
}

// TestDistillRefuses: a teacher that invents teaches nothing, one that is not there is named, and without one there must be
// examples.
func TestDistillRefuses(t *testing.T) {
	fake := fakellm.New(t, fakellm.Nonsense)
	e, dir := taught(t, fake)
	o := engine.DistillOptions{Readers: 20, Items: 1, Texts: 30, Steps: 1}
	if _, err := e.TrainDistill(t.Context(), o, nothing); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("a teacher that invents: %v", err)
	}
	for _, l := range lessonsIn(t, filepath.Join(dir, "models", "runs", "distill-1", "taught.jsonl")) {
		if l.Status == "kept" {
			t.Errorf("an invented text is kept: %q", l.Pair.Said)
		}
	}
	fake.Set(fakellm.Status401)
	if _, err := e.TrainDistill(t.Context(), o, nothing); !errors.Is(err, because.ErrUnavailable) {
		t.Errorf("a teacher that refuses the key: %v", err)
	}
	alone, _ := open(t)
	if _, err := alone.TrainDistill(t.Context(), o, nothing); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("nobody to learn from: %v", err)
	}
}

// TestDistillExamples: a site's own examples are joined, those that are true on evidence that is at hand.
func TestDistillExamples(t *testing.T) {
	e, _ := open(t)
	var lines strings.Builder
	n := 0
	enc := json.NewEncoder(&lines)
	for _, recs := range explained(t, e, because.Chinese, 8, 8) {
		for _, r := range recs.Items {
			if x := r.Explanation; x.Domain != "finance" && x.Domain != "health" {
				n++
				if err := enc.Encode(map[string]string{"id": r.Item + recs.User, "user": recs.User, "item": r.Item, "text": "-", "real_text": x.Text, "lang": "zh"}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	item := someItem(t, e)
	for i, real := range []string{"这件能撑 9999 天。", "全网最好，不容错过！"} {
		_ = enc.Encode(map[string]string{"id": "false" + string(rune('0'+i)), "item": item, "text": "-", "real_text": real, "lang": "zh"})
	}
	_ = enc.Encode(map[string]string{"id": "nowhere", "item": "no such item", "text": "-", "real_text": "这件 32 克。", "lang": "zh"})
	if _, err := e.Import(t.Context(), engine.ImportRequest{Kind: "examples", Path: "-", Reader: strings.NewReader(lines.String()), Format: "jsonl", Lang: because.English}, nil); err != nil {
		t.Fatal(err)
	}
	info, err := e.TrainDistill(t.Context(), engine.DistillOptions{Readers: 10, Steps: 1}, nothing)
	if err != nil {
		t.Fatal(err)
	}
	x := *info.Taught
	t.Logf("of %d true ones: %+v", n, x)
	if x.Examples != n+3 || x.Joined < n*3/4 || x.Joined > n || x.Asked != 0 || x.Teacher != "" {
		t.Errorf("%+v of %d true and 3 false examples", x, n)
	}
}

package lm

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"
)

// trainToy trains a fresh toy generator for some steps, cancelled after stop of them (0: not), and gives its weights.
func trainToy(t *testing.T, dir string, stop int) (*Generator, []Progress, error) {
	t.Helper()
	return trainToyOn(t, nil, dir, stop)
}

func trainToyOn(t *testing.T, on *Backend, dir string, stop int) (*Generator, []Progress, error) {
	t.Helper()
	cfg := toyConfig()
	cfg.Dropout = 0.1
	g := newToy(t, cfg)
	if err := g.On(on); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var seen []Progress
	err := g.Train(ctx, toyData(40, 2), toyData(10, 3), TrainOptions{Epochs: 2, BatchTokens: 256, MicroTokens: 128, Seed: 5,
		ValidEvery: 3, Checkpoints: dir, CheckpointEvery: 2}, func(p Progress) {
		seen = append(seen, p)
		if p.Step == stop {
			cancel()
		}
	})
	return g, seen, err
}

func sameWeights(t *testing.T, a, b *Generator, what string) {
	t.Helper()
	wa, wb := a.weightsNow(), b.weightsNow()
	for _, path := range a.params {
		if !slices.Equal(wa[path], wb[path]) {
			t.Errorf("%s: %s differs", what, path)
		}
	}
}

// Training stopped and resumed gives the same bytes as training that ran through.
func TestResumeIsExact(t *testing.T) {
	whole, _, err := trainToy(t, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, _, err := trainToy(t, dir, 5); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled training: %v", err)
	}
	resumed, seen, err := trainToy(t, dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	if seen[0].Step != 6 {
		t.Errorf("resumed with step %d, want 6", seen[0].Step)
	}
	sameWeights(t, whole, resumed, "resumed")
}

// A checkpoint of another configuration or other data is refused.
func TestResumeRefusesOthers(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := trainToy(t, dir, 0); err != nil {
		t.Fatal(err)
	}
	g := newToy(t, toyConfig())
	if err := g.Train(context.Background(), toyData(40, 2), nil, TrainOptions{Checkpoints: dir}, nil); err == nil {
		t.Error("a checkpoint of another training was resumed")
	}
}

// A checkpoint of a backend that cuts other batches is refused: the examples that are left would be others.
func TestResumeRefusesOtherBatches(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := trainToy(t, dir, 3); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled training: %v", err)
	}
	slow := &Backend{compute: backend(), slow: true}
	if _, _, err := trainToyOn(t, slow, dir, 0); !errors.Is(err, ErrOtherBatches) {
		t.Errorf("resumed on another backend: %v", err)
	}
}

// The number of processors does not change a bit.
func TestTrainWorkers(t *testing.T) {
	many, _, err := trainToy(t, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, _, err := trainToy(t, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	sameWeights(t, many, one, "GOMAXPROCS 1")
}

// Eight examples as one batch have the gradients of eight batches of one, added up.
func TestAccumulation(t *testing.T) {
	g := newToy(t, toyConfig())
	data := toyData(8, 4)
	l, whole := wholeStep(g, data, TrainOptions{StateDropout: -1})
	n := l.count([]microBatch{{examples: []int{0, 1, 2, 3, 4, 5, 6, 7}}})
	var single []microStep
	for i := range data {
		b := batching{}.plan(data[i:i+1], g.cfg.SoftTokens, 1, nil)[0]
		b.examples = []int{i}
		single = append(single, l.micro(b, n, l.rng(forDropout, 0)))
	}
	want, wantLoss := gradients(t, l, whole)
	got, gotLoss := gradients(t, l, single)
	if math.Abs(gotLoss.text-wantLoss.text) > 1e-3 {
		t.Errorf("loss %v of eight, %v of one batch", gotLoss, wantLoss)
	}
	for _, path := range g.params {
		for i := range want[path] {
			if math.Abs(float64(got[path][i]-want[path][i])) > 1e-5 {
				t.Errorf("%s[%d]: %g of eight, %g of one batch", path, i, got[path][i], want[path][i])
				break
			}
		}
	}
}

// Padding, on either side, changes nothing that is computed.
func TestPaddingChangesNothing(t *testing.T) {
	g := newToy(t, toyConfig())
	data := toyData(6, 5)
	want, err := g.LogProbs(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	for _, prompt := range []int{16, 40} {
		b := microBatch{examples: []int{0, 1, 2, 3, 4, 5}, rows: 8, prompt: prompt, text: 24}
		d := b.lay(data, g.cfg)
		out, err := g.evalFn().Call(b.inputs(d, g.cfg)...)
		if err != nil {
			t.Fatal(err)
		}
		flat := copyFlat(t, out[0])
		for r := range data {
			for c, lp := range want[r] {
				if got := flat[r*b.text+c]; math.Abs(float64(got-lp)) > 2e-5 {
					t.Errorf("prompt of %d columns, text %d, token %d: %g, want %g", prompt, r, c, got, lp)
				}
			}
		}
	}
}

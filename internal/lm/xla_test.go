//go:build xla

package lm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// onXLA is the plug-in that scripts/setup-xla.sh installs, with so many virtual devices.
func onXLA(t testing.TB, devices int) *Backend {
	t.Helper()
	home := os.Getenv("BECAUSE_XLA_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			t.Skip(err)
		}
		home = filepath.Join(user, ".cache", "because", "xla")
	}
	file := filepath.Join(home, "libpjrt_cpu.so")
	if _, err := os.Stat(file); err != nil {
		t.Skipf("no PJRT plug-in in %s: sh scripts/setup-xla.sh installs it", home)
	}
	b, err := OpenBackend("xla:"+file, devices)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func toyOn(t *testing.T, b *Backend) *Generator {
	t.Helper()
	cfg := toyConfig()
	cfg.Dropout = 0.1
	g := newToy(t, cfg)
	if err := g.On(b); err != nil {
		t.Fatal(err)
	}
	return g
}

// The losses and gradients of one step are the Go backend's, on one device and on two, dropout and all.
func TestXLAIsGo(t *testing.T) {
	data := toyData(8, 3)
	step := func(b *Backend) (map[string][]float32, sums) {
		l, steps := wholeStep(toyOn(t, b), data, TrainOptions{})
		return gradients(t, l, steps)
	}
	want, wantLoss := step(nil)
	for _, devices := range []int{1, 2} {
		got, gotLoss := step(onXLA(t, devices))
		sameGradients(t, fmt.Sprintf("XLA, %d devices", devices), got, want, gotLoss, wantLoss, 1e-5)
	}
}

// A training on two devices that share each batch ends with the weights of one on one device. It evaluates on the way, for
// which the weights must come back from both.
func TestMeshIsOneDevice(t *testing.T) {
	train := func(devices int) (map[string][]float32, float64) {
		g := toyOn(t, onXLA(t, devices))
		var valid float64
		o := TrainOptions{Steps: 6, BatchTokens: 512, MicroTokens: 256, Seed: 5, ValidEvery: 2}
		if err := g.Train(context.Background(), toyData(40, 2), toyData(10, 3), o, func(p Progress) {
			if p.Valid != nil {
				valid = *p.Valid
			}
		}); err != nil {
			t.Fatal(err)
		}
		return g.weightsNow(), valid
	}
	want, wantValid := train(1)
	got, gotValid := train(2)
	sameValues(t, "two devices, weights", got, want, 1e-5)
	if d := gotValid - wantValid; !(d < 1e-5 && d > -1e-5) {
		t.Errorf("held-out loss %g on two devices, %g on one", gotValid, wantValid)
	}
}

// A training that is stopped and resumed on XLA ends with the same bits as one that ran through.
func TestXLAResumeIsExact(t *testing.T) {
	on := onXLA(t, 1)
	whole, _, err := trainToyOn(t, on, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, _, err := trainToyOn(t, on, dir, 3); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled training: %v", err)
	}
	resumed, seen, err := trainToyOn(t, on, dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	if seen[0].Step != 4 {
		t.Errorf("resumed with step %d, want 4", seen[0].Step)
	}
	sameWeights(t, whole, resumed, "resumed")
}

// What a policy-gradient step does is the same on Go, on XLA and on two devices.
func TestXLAWeightedStep(t *testing.T) {
	data := toyData(10, 4)
	weights := make([][]float32, len(data))
	for i, e := range data {
		weights[i] = make([]float32, len(e.Text)+1)
		for j := range weights[i] {
			weights[i][j] = float32(i%3) - .5
		}
	}
	step := func(b *Backend) map[string][]float32 {
		g := toyOn(t, b)
		reference, err := g.LogProbs(context.Background(), data)
		if err != nil {
			t.Fatal(err)
		}
		g.restartWeighted()
		for range 2 {
			if _, err := g.stepWeighted(data, weights, reference, weightedOptions{Beta: .1, LR: 1e-3}); err != nil {
				t.Fatal(err)
			}
		}
		return g.weightsNow()
	}
	want := step(nil)
	for _, devices := range []int{1, 2} {
		sameValues(t, fmt.Sprintf("XLA, %d devices, weights", devices), step(onXLA(t, devices)), want, 1e-5)
	}
}

func BenchmarkTrainXLA(b *testing.B) {
	for _, devices := range []int{1, 2} {
		b.Run(fmt.Sprintf("devices=%d", devices), func(b *testing.B) { trainSteps(b, onXLA(b, devices)) })
	}
}

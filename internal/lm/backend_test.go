package lm

import (
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestOpenBackend(t *testing.T) {
	for _, tt := range []struct {
		name    string
		devices int
		want    error
	}{
		{"", 0, nil},
		{"go", 1, nil},
		{"go", 2, ErrDevices},
		{"xla", 1, ErrNoBackend},
		{"xla:", 1, ErrNoBackend},
		{"cuda:plugin.so", 1, ErrNoBackend},
	} {
		if b, err := OpenBackend(tt.name, tt.devices); b != nil || !errors.Is(err, tt.want) {
			t.Errorf("OpenBackend(%q, %d) = %v, %v; want the pure-Go one or %v", tt.name, tt.devices, b, err, tt.want)
		}
	}
	if b, err := OpenBackend("xla:testdata/none.so", 1); b != nil || err == nil {
		t.Errorf("a plug-in that is not there: %v, %v", b, err)
	}
}

// However examples are cut into batches, each is in one of them, and has room.
func TestPlan(t *testing.T) {
	data := likelyData(700)
	for _, by := range []batching{{}, {few: true}, {few: true, rows: 2}, {few: true, rows: 6}, {few: true, fewest: true}} {
		const soft, tokens = 4, 4096
		batches := by.plan(data, soft, tokens, rand.New(rand.NewPCG(1, 2)))
		if n := len(by.plan(data, soft, tokens, nil)); n != len(batches) {
			t.Errorf("%+v: %d batches in an order and %d in another", by, n, len(batches))
		}
		seen, shapes := map[int]int{}, map[[3]int]int{}
		for _, b := range batches {
			shapes[[3]int{b.rows, b.prompt, b.text}]++
			if len(b.examples) > b.rows || b.rows%by.byRows() != 0 || b.rows > by.byRows() && b.rows*(b.prompt+soft+b.text) > tokens {
				t.Errorf("%+v: %d examples in %d rows of %d + %d columns", by, len(b.examples), b.rows, b.prompt, b.text)
			}
			for _, i := range b.examples {
				seen[i]++
				if len(data[i].Prompt) > b.prompt || len(data[i].Text)+1 > b.text {
					t.Errorf("%+v: example %d has no room in %d + %d columns", by, i, b.prompt, b.text)
				}
			}
		}
		if len(seen) != len(data) || slices.Max(slices.Collect(maps.Values(seen))) != 1 {
			t.Errorf("%+v: %d of %d examples, or some of them twice", by, len(seen), len(data))
		}
		if by.few && len(shapes) > 16 {
			t.Errorf("%+v: %d shapes are not few", by, len(shapes))
		}
		if by.fewest && len(shapes) > 4 {
			t.Errorf("%+v: %d shapes are not the fewest", by, len(shapes))
		}
	}
}

// Fewer shapes have the same losses and gradients.
func TestFewShapesChangeNothing(t *testing.T) {
	data := toyData(23, 6)
	fine, few := newToy(t, toyConfig()), newToy(t, toyConfig())
	if err := few.On(&Backend{compute: backend(), slow: true}); err != nil {
		t.Fatal(err)
	}
	want, wantLoss := gradientsOf(t, fine, data, 512)
	got, gotLoss := gradientsOf(t, few, data, 512)
	sameGradients(t, "few shapes", got, want, gotLoss, wantLoss, 1e-5)
	if a, b := mustLoss(t, fine, data), mustLoss(t, few, data); math.Abs(a-b) > 1e-5 {
		t.Errorf("loss %g with few shapes, want %g", b, a)
	}
	for layers, want := range map[int]batching{deepLayers: {few: true}, deepLayers + 1: {few: true, fewest: true}} {
		few.cfg.Layers = layers
		if got := few.batching(); got != want {
			t.Errorf("%d layers are cut into %+v, want %+v", layers, got, want)
		}
	}
}

// gradientsOf runs all examples in micro-batches as the generator's backend cuts them.
func gradientsOf(t *testing.T, g *Generator, data []Example, tokens int) (map[string][]float32, sums) {
	t.Helper()
	l := &trainLoop{g: g, t: g.trainFn(), data: data, o: TrainOptions{StateDropout: -1}.withDefaults(), steps: 1}
	batches := g.batching().plan(data, g.cfg.SoftTokens, tokens, nil)
	n := l.count(batches)
	var steps []microStep
	for _, b := range batches {
		steps = append(steps, l.micro(b, n, l.rng(forDropout, 0)))
	}
	return gradients(t, l, steps)
}

func sameGradients(t *testing.T, what string, got, want map[string][]float32, gotLoss, wantLoss sums, within float64) {
	t.Helper()
	off := func(a, b float64) bool { return !(math.Abs(a-b) <= within*max(1, math.Abs(b))) }
	if off(gotLoss.text, wantLoss.text) || off(gotLoss.aspect, wantLoss.aspect) || off(gotLoss.rating, wantLoss.rating) || off(gotLoss.next, wantLoss.next) {
		t.Errorf("%s: losses %v, want %v", what, gotLoss, wantLoss)
	}
	sameValues(t, what+", gradients", got, want, within)
}

func sameValues(t *testing.T, what string, got, want map[string][]float32, within float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d weights, want %d", what, len(got), len(want))
	}
	worst, where := 0.0, ""
	for path := range want {
		for i, w := range want[path] {
			if d := math.Abs(float64(got[path][i] - w)); !(d <= worst) {
				worst, where = d, path
			}
		}
	}
	if !(worst <= within) {
		t.Errorf("%s: off by %g in %s, want at most %g", what, worst, where, within)
	}
	t.Logf("%s: off by at most %.1e", what, worst)
}

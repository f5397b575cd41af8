package lm

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
)

// wholeStep lays all examples out as one micro-batch of likelihood.
func wholeStep(g *Generator, data []Example, o TrainOptions) (*trainLoop, []microStep) {
	l := &trainLoop{g: g, t: g.trainFn(), data: data, o: o.withDefaults(), steps: 1}
	batches := batching{}.plan(data, g.cfg.SoftTokens, l.o.MicroTokens, nil)
	n := l.count(batches)
	var steps []microStep
	for _, b := range batches {
		steps = append(steps, l.micro(b, n, l.rng(forDropout, 0)))
	}
	return l, steps
}

// gradients runs the micro-batches and gives the summed gradients and losses.
func gradients(t *testing.T, l *trainLoop, steps []microStep) (map[string][]float32, sums) {
	t.Helper()
	l.t.clearMoments()
	var total sums
	for _, m := range steps {
		s, err := l.t.add(m, l.rng(forDropout, 0))
		if err != nil {
			t.Fatal(err)
		}
		total.add(s)
	}
	out := map[string][]float32{}
	for _, path := range l.g.learned() {
		out[path] = tensors.MustCopyFlatData[float32](l.g.store.GetVariable("/train/sum" + path).MustValue())
	}
	return out, total
}

// The gradient of every weight agrees with central differences.
func TestGradients(t *testing.T) { gradientsAreDifferences(t, newToy(t, toyConfig())) }

// gradientsAreDifferences holds the largest gradient of every weight that training changes to a central difference.
func gradientsAreDifferences(t *testing.T, g *Generator) {
	t.Helper()
	data := toyData(8, 3)
	l, steps := wholeStep(g, data, TrainOptions{StateDropout: -1})
	n := l.count([]microBatch{{examples: []int{0, 1, 2, 3, 4, 5, 6, 7}}})
	loss := func() float64 {
		_, s := gradients(t, l, steps)
		return s.text/float64(n.text) + s.aspect + s.rating + s.next
	}
	analytic, _ := gradients(t, l, steps)
	weights := g.weightsNow()
	for _, path := range g.learned() {
		largest := 0
		for i, v := range analytic[path] {
			if math.Abs(float64(v)) > math.Abs(float64(analytic[path][largest])) {
				largest = i
			}
		}
		const h = 1e-2
		at := func(d float32) float64 {
			w := append([]float32(nil), weights[path]...)
			w[largest] += d
			g.setWeights(map[string][]float32{path: w})
			return loss()
		}
		numeric := (at(h) - at(-h)) / (2 * h)
		g.setWeights(weights)
		if got := float64(analytic[path][largest]); math.Abs(got-numeric) > 1e-3+0.03*math.Abs(numeric) {
			t.Errorf("%s[%d]: gradient %.5f, central difference %.5f", path, largest, got, numeric)
		}
	}
}

func copyFlat(t *testing.T, x *tensors.Tensor) []float32 {
	t.Helper()
	flat, err := tensors.CopyFlatData[float32](x)
	if err != nil {
		t.Fatal(err)
	}
	return flat
}

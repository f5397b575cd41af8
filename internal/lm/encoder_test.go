package lm

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// runEncoder gives the states of the histories, [history, state], from weights drawn with seed 1 unless store has them.
func runEncoder(t *testing.T, store *model.Store, cfg EncoderConfig, histories ...[][]int32) [][]float32 {
	t.Helper()
	cfg = cfg.WithDefaults()
	events := tensors.FromFlatDataAndDimensions(padBehaviour(histories, cfg), len(histories), cfg.MaxEvents, cfg.MaxFeatures)
	out, err := model.CallOnce(backend(), store, func(scope *model.Scope, events *graph.Node) *graph.Node {
		return encodeBehaviour(scope.In("encoder"), events, cfg)
	}, events)
	if err != nil {
		t.Fatal(err)
	}
	flat := tensors.MustCopyFlatData[float32](out)
	states := make([][]float32, len(histories))
	for i := range states {
		states[i] = flat[i*cfg.StateDim : (i+1)*cfg.StateDim]
	}
	return states
}

func seededStore(t *testing.T, seed int64) *model.Store {
	t.Helper()
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(seed); err != nil {
		t.Fatal(err)
	}
	return store
}

// TestEncoder holds the promises of encodeBehaviour: nothing known is the zero state; order counts, the order of the
// features of one event does not; only the newest events count; the neighbours in a batch do not; and the same seed
// gives the same weights.
func TestEncoder(t *testing.T) {
	cfg := EncoderConfig{Buckets: 16, Embed: 4, Hidden: 5, StateDim: 3, MaxEvents: 3, MaxFeatures: 2}
	store := seededStore(t, 1)
	a := [][]int32{{1, 2}, {3}}
	states := runEncoder(t, store, cfg, nil, a, [][]int32{{2, 1}, {3}}, [][]int32{{3}, {1, 2}},
		[][]int32{{9}, {8}, {1, 2}, {3}, {4}}, [][]int32{{1, 2}, {3}, {4}}, [][]int32{{}, {1, 2}, {3}})
	distance := func(i, j int) (d float64) {
		for k, v := range states[i] {
			d += math.Abs(float64(v - states[j][k]))
		}
		return d
	}
	for _, v := range states[0] {
		if v != 0 {
			t.Errorf("the state of an empty history is %v, want zeros", states[0])
		}
	}
	if d := distance(1, 2); d > 1e-6 {
		t.Errorf("the order of features moves the state by %g", d)
	}
	if d := distance(1, 3); d < 1e-3 {
		t.Errorf("the order of events moves the state by %g only", d)
	}
	if d := distance(4, 5); d > 1e-6 {
		t.Errorf("events older than the newest three move the state by %g", d)
	}
	if d := distance(1, 6); d > 1e-6 {
		t.Errorf("an empty event moves the state by %g", d)
	}
	alone, again := runEncoder(t, store, cfg, a)[0], runEncoder(t, seededStore(t, 1), cfg, a)[0]
	for k, v := range states[1] {
		if math.Abs(float64(alone[k]-v)) > 1e-6 || again[k] != alone[k] {
			t.Errorf("state %v in a batch, %v alone, %v with weights drawn anew", states[1], alone, again)
			break
		}
	}
}

// TestEncoderGradient holds the derivative with respect to the embedding table to central differences.
func TestEncoderGradient(t *testing.T) {
	cfg := EncoderConfig{Buckets: 6, Embed: 3, Hidden: 4, StateDim: 2, MaxEvents: 3, MaxFeatures: 2}
	store := seededStore(t, 2)
	events := tensors.FromFlatDataAndDimensions(padBehaviour([][][]int32{{{1, 2}, {3}}, {{5, 1}, {2}, {4, 5}}}, cfg), 2, 3, 2)
	exec := model.MustNewExec(backend(), store, func(scope *model.Scope, events *graph.Node) []*graph.Node {
		state := encodeBehaviour(scope.In("encoder"), events, cfg)
		loss := graph.ReduceAllSum(graph.Mul(state, graph.Const(events.Graph(), [][]float32{{1, -2}, {.5, 3}})))
		return append([]*graph.Node{loss}, graph.Gradient(loss, store.GetVariable("/encoder/features").NodeValue(events.Graph()))...)
	})
	gradient := tensors.MustCopyFlatData[float32](exec.MustCall(events)[1])
	table := store.GetVariable("/encoder/features")
	values := tensors.MustCopyFlatData[float32](table.MustValue())
	at := func(i int, d float32) float64 {
		moved := append([]float32(nil), values...)
		moved[i] += d
		if err := table.SetValue(tensors.FromFlatDataAndDimensions(moved, cfg.Buckets, cfg.Embed)); err != nil {
			t.Fatal(err)
		}
		return float64(tensors.ToScalar[float32](exec.MustCall(events)[0]))
	}
	const d = 1e-2
	for i := range values {
		want := (at(i, d) - at(i, -d)) / (2 * d)
		if got := float64(gradient[i]); math.Abs(got-want) > 1e-3*(1+math.Abs(want)) {
			t.Errorf("d loss/d feature[%d] = %.5f, by central differences %.5f", i, got, want)
		}
	}
}

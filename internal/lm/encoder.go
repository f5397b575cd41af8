package lm

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// EncoderConfig is the shape of the behaviour encoder. Zero values mean the defaults.
type EncoderConfig struct {
	Buckets     int `json:"buckets"`      // ids of hashed features are in [1, Buckets); 0 means 2048
	Embed       int `json:"embed"`        // 0 means 64
	Hidden      int `json:"hidden"`       // 0 means 96
	StateDim    int `json:"state_dim"`    // 0 means 64
	MaxEvents   int `json:"max_events"`   // the newest so many count; 0 means 16
	MaxFeatures int `json:"max_features"` // of one event; 0 means 8
}

// WithDefaults fills what is zero.
func (c EncoderConfig) WithDefaults() EncoderConfig {
	for _, f := range []struct {
		v    *int
		zero int
	}{{&c.Buckets, 2048}, {&c.Embed, 64}, {&c.Hidden, 96}, {&c.StateDim, 64}, {&c.MaxEvents, 16}, {&c.MaxFeatures, 8}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	return c
}

// encodeBehaviour reads a person's time-ordered behaviour, oldest first: the sum of its features' embeddings stands for
// an event, a GRU goes over the events, and its last state is projected (hidden -> StateDim, no bias). An empty history
// gives the zero state.
//
// events is [batch, MaxEvents, MaxFeatures] of int32, 0 where there is nothing; empty events are skipped wherever they
// stand. The result is [batch, StateDim].
func encodeBehaviour(scope *model.Scope, events *Node, cfg EncoderConfig) *Node {
	cfg = cfg.WithDefaults()
	g, batch := events.Graph(), events.Shape().Dim(0)
	events.AssertDims(batch, cfg.MaxEvents, cfg.MaxFeatures)
	table := scope.WithInitializer(initializer.RandomNormalFn(scope, 0.1)).
		VariableWithShape("features", shapes.Make(dtypes.Float32, cfg.Buckets, cfg.Embed)).NodeValue(g)
	known := ConvertDType(GreaterThan(events, ZerosLike(events)), dtypes.Float32)
	features := Gather(table, ExpandAxes(events, -1)) // [batch, event, feature, embed]
	features = Mul(features, BroadcastToDims(ExpandAxes(known, -1), features.Shape().Dimensions...))
	_, last := rnn(scope.In("gru"), CellGRU, ReduceSum(features, 2), ReduceMax(known, 2), rnnState{}, cfg.Hidden)
	project := scope.WithInitializer(initializer.GlorotUniformFn(scope)).
		VariableWithShape("project", shapes.Make(dtypes.Float32, cfg.Hidden, cfg.StateDim)).NodeValue(g)
	return Dot(last.h, project).Product()
}

// padBehaviour lays histories out for encodeBehaviour: the newest MaxEvents events of each, moved to the end, the first
// MaxFeatures features of each event. The result is [len(histories)·MaxEvents·MaxFeatures], row by row.
func padBehaviour(histories [][][]int32, cfg EncoderConfig) []int32 {
	cfg = cfg.WithDefaults()
	row := cfg.MaxEvents * cfg.MaxFeatures
	ids := make([]int32, len(histories)*row)
	for i, events := range histories {
		events = events[max(0, len(events)-cfg.MaxEvents):]
		at := i*row + (cfg.MaxEvents-len(events))*cfg.MaxFeatures
		for _, features := range events {
			copy(ids[at:at+cfg.MaxFeatures], features)
			at += cfg.MaxFeatures
		}
	}
	return ids
}

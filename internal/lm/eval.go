package lm

import (
	"context"
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
)

// LogProbs gives the log-probability of each token of each text and, last, of <end>, as training computes it without
// dropout: exact, where the decoder's numbers may differ in the last digits.
func (g *Generator) LogProbs(ctx context.Context, examples []Example) ([][]float32, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.logProbs(ctx, examples)
}

// logProbs is LogProbs for one who holds the lock.
func (g *Generator) logProbs(ctx context.Context, examples []Example) ([][]float32, error) {
	out := make([][]float32, len(examples))
	for _, b := range g.batching().plan(examples, g.cfg.SoftTokens, g.microTokens(), nil) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := b.lay(examples, g.cfg)
		outputs, err := g.evalFn().Call(b.inputs(d, g.cfg)...)
		if err != nil {
			return nil, fmt.Errorf("evaluate %d texts: %w", len(b.examples), err)
		}
		flat, err := tensors.CopyFlatData[float32](outputs[0])
		if err != nil {
			return nil, fmt.Errorf("evaluate %d texts: %w", len(b.examples), err)
		}
		for r, i := range b.examples {
			out[i] = flat[r*b.text : r*b.text+len(examples[i].Text)+1]
		}
	}
	return out, nil
}

// inputs are the graph's inputs that evaluation and training share.
func (b microBatch) inputs(d batchData, cfg Config) []any {
	in := []any{
		tensors.FromFlatDataAndDimensions(d.ids, b.rows, b.prompt+cfg.SoftTokens+b.text),
		tensors.FromFlatDataAndDimensions(d.pad, b.rows),
		tensors.FromFlatDataAndDimensions(d.targets, b.rows, b.text),
	}
	if cfg.SoftTokens > 0 {
		in = append(in, tensors.FromFlatDataAndDimensions(d.events, b.rows, cfg.Encoder.MaxEvents, cfg.Encoder.MaxFeatures))
	}
	return in
}

// Loss is the mean loss over all tokens of the texts and their <end>, in nats per token; 0 for no examples.
func (g *Generator) Loss(ctx context.Context, examples []Example) (float64, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.loss(ctx, examples)
}

func (g *Generator) loss(ctx context.Context, examples []Example) (float64, error) {
	logProbs, err := g.logProbs(ctx, examples)
	if err != nil {
		return 0, err
	}
	sum, n := 0.0, 0
	for _, row := range logProbs {
		for _, lp := range row {
			sum -= float64(lp)
		}
		n += len(row)
	}
	return sum / float64(max(1, n)), nil
}

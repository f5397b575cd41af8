package lm

import "fmt"

// Config is the shape of a generator. Zero values of the fields that say so mean the default.
type Config struct {
	Vocab      int           `json:"vocab"`
	Layers     int           `json:"layers"`      // 0 means 4
	Dim        int           `json:"dim"`         // 0 means 256
	Heads      int           `json:"heads"`       // 0 means 8
	KVHeads    int           `json:"kv_heads"`    // 0 means Heads; fewer is grouped-query attention
	FF         int           `json:"ff"`          // inner width of SwiGLU; 0 means 704
	RopeTheta  float64       `json:"rope_theta"`  // 0 means 10000
	Eps        float64       `json:"eps"`         // of RMSNorm; 0 means 1e-5
	Dropout    float64       `json:"dropout"`     // in [0, 1), of the embedding and of each branch, in steps of 1/256
	SoftTokens int           `json:"soft_tokens"` // that the behaviour encoder adds between prompt and text; 0: none, and no encoder
	Encoder    EncoderConfig `json:"encoder"`
	Aspects    int           `json:"aspects"` // that the next-aspect head tells apart; 0: no such head
}

// WithDefaults fills what is zero and has a default.
func (c Config) WithDefaults() Config {
	for _, f := range []struct {
		v    *int
		zero int
	}{{&c.Layers, 4}, {&c.Dim, 256}, {&c.Heads, 8}, {&c.FF, 704}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	if c.KVHeads == 0 {
		c.KVHeads = c.Heads
	}
	if c.RopeTheta == 0 {
		c.RopeTheta = 10000
	}
	if c.Eps == 0 {
		c.Eps = 1e-5
	}
	if c.SoftTokens > 0 {
		c.Encoder = c.Encoder.WithDefaults()
	}
	return c
}

// Check tells what cannot be built.
func (c Config) Check() error {
	switch {
	case c.Vocab <= int(TextID):
		return fmt.Errorf("a vocabulary of %d has no room for <pad>, <bos>, <end> and <text>", c.Vocab)
	case c.Layers < 1 || c.Dim < 1 || c.FF < 1 || c.Heads < 1 || c.KVHeads < 1:
		return fmt.Errorf("layers %d, dim %d, ff %d, heads %d and kv_heads %d must all be at least 1",
			c.Layers, c.Dim, c.FF, c.Heads, c.KVHeads)
	case c.Dim%(2*c.Heads) != 0:
		return fmt.Errorf("dim %d is not an even multiple of %d heads", c.Dim, c.Heads)
	case c.Heads%c.KVHeads != 0:
		return fmt.Errorf("%d heads do not share %d key heads evenly", c.Heads, c.KVHeads)
	case c.Dropout < 0 || c.Dropout >= 1:
		return fmt.Errorf("dropout %g is not in [0, 1)", c.Dropout)
	case c.SoftTokens < 0 || c.Aspects < 0:
		return fmt.Errorf("soft_tokens %d and aspects %d must not be negative", c.SoftTokens, c.Aspects)
	}
	return nil
}

func (c Config) headDim() int { return c.Dim / c.Heads }

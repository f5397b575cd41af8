package lm

import (
	"fmt"
	"strings"
)

// A llamaWeight is one weight of the transformer and what others call it. Ours are [in, out] where theirs are [out, in].
type llamaWeight struct {
	ours, hf, gguf string
	dims           []int // as we have it
	turned         bool  // [in, out] here, [out, in] there
	rotary         int   // heads whose dimensions llama.cpp keeps in another order; 0 for what is not rotated
}

// llamaWeights lists the weights that a Llama model has: neither encoder nor heads.
func (c Config) llamaWeights() []llamaWeight {
	kv := c.KVHeads * c.headDim()
	ws := []llamaWeight{{ours: "gpt/embed", hf: "model.embed_tokens.weight", gguf: "token_embd.weight", dims: []int{c.Vocab, c.Dim}}}
	for l := range c.Layers {
		norm := func(ours, hf, gguf string) {
			ws = append(ws, llamaWeight{ours: fmt.Sprintf("gpt/layer%d/%s", l, ours), hf: fmt.Sprintf("model.layers.%d.%s.weight", l, hf),
				gguf: fmt.Sprintf("blk.%d.%s.weight", l, gguf), dims: []int{c.Dim}})
		}
		linear := func(ours, hf, gguf string, in, out, rotary int) {
			norm(ours, hf, gguf)
			w := &ws[len(ws)-1]
			w.dims, w.turned, w.rotary = []int{in, out}, true, rotary
		}
		norm("attn_norm", "input_layernorm", "attn_norm")
		linear("q", "self_attn.q_proj", "attn_q", c.Dim, c.Dim, c.Heads)
		linear("k", "self_attn.k_proj", "attn_k", c.Dim, kv, c.KVHeads)
		linear("v", "self_attn.v_proj", "attn_v", c.Dim, kv, 0)
		linear("o", "self_attn.o_proj", "attn_output", c.Dim, c.Dim, 0)
		norm("ff_norm", "post_attention_layernorm", "ffn_norm")
		linear("gate", "mlp.gate_proj", "ffn_gate", c.Dim, c.FF, 0)
		linear("up", "mlp.up_proj", "ffn_up", c.Dim, c.FF, 0)
		linear("down", "mlp.down_proj", "ffn_down", c.FF, c.Dim, 0)
	}
	return append(ws, llamaWeight{ours: "gpt/norm", hf: "model.norm.weight", gguf: "output_norm.weight", dims: []int{c.Dim}})
}

// theirDims is the shape as Hugging Face has it: [out, in].
func (w llamaWeight) theirDims() []int {
	if !w.turned {
		return w.dims
	}
	return []int{w.dims[1], w.dims[0]}
}

// toHF lays values out as Hugging Face has them.
func (w llamaWeight) toHF(values []float32) []float32 {
	if !w.turned {
		return values
	}
	return transposed(values, w.dims[0], w.dims[1])
}

// fromHF is the inverse of toHF.
func (w llamaWeight) fromHF(values []float32) []float32 {
	if !w.turned {
		return values
	}
	return transposed(values, w.dims[1], w.dims[0])
}

// toGGUF lays values out as llama.cpp's arch "llama" has them. It rotates neighbours instead of halves, so in each head
// row 2j+i there is row i·dim/2+j of Hugging Face.
func (w llamaWeight) toGGUF(values []float32) []float32 {
	values = w.toHF(values)
	if w.rotary == 0 {
		return values
	}
	out := make([]float32, len(values))
	w.pairs(func(theirs, hf int) { copy(out[theirs:], values[hf:hf+w.dims[0]]) })
	return out
}

// fromGGUF is the inverse of toGGUF.
func (w llamaWeight) fromGGUF(values []float32) []float32 {
	if w.rotary > 0 {
		hf := make([]float32, len(values))
		w.pairs(func(theirs, at int) { copy(hf[at:], values[theirs:theirs+w.dims[0]]) })
		values = hf
	}
	return w.fromHF(values)
}

// pairs tells for each row of a rotary weight where it starts in llama.cpp's order and in Hugging Face's.
func (w llamaWeight) pairs(each func(theirs, hf int)) {
	in, dim := w.dims[0], w.dims[1]/w.rotary
	for h := range w.rotary {
		for i := range 2 {
			for j := range dim / 2 {
				each((h*dim+2*j+i)*in, (h*dim+i*dim/2+j)*in)
			}
		}
	}
}

// transposed turns a [rows, columns] matrix.
func transposed(values []float32, rows, columns int) []float32 {
	out := make([]float32, len(values))
	for r := range rows {
		for c, v := range values[r*columns : (r+1)*columns] {
			out[c*rows+r] = v
		}
	}
	return out
}

// Tensors copies the weights, by name: gpt/… the transformer, soft/… the soft tokens, heads/… the heads, encoder/… the
// behaviour encoder. Matrices are [in, out], gpt/embed is [vocab, dim].
func (g *Generator) Tensors() map[string]Tensor {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make(map[string]Tensor, len(g.params))
	for _, path := range g.params {
		v := g.store.GetVariable(path)
		out[strings.TrimPrefix(path, "/")] = Tensor{append([]int{}, v.Shape().Dimensions...), g.whole(path)}
	}
	return out
}

// SetTensors puts values in the place of the weights of those names; the others stay. A name or shape that the generator
// does not have is an error, and then nothing changes.
func (g *Generator) SetTensors(weights map[string]Tensor) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	byPath := make(map[string][]float32, len(weights))
	for name, t := range weights {
		v := g.store.GetVariable("/" + name)
		if v == nil {
			return fmt.Errorf("set weights: the generator has no %s", name)
		}
		want := v.Shape().Dimensions
		if fmt.Sprint(want) != fmt.Sprint(t.Shape) || v.Shape().Size() != len(t.Data) {
			return fmt.Errorf("set weights: %s of shape %v with %d values does not fit %v", name, t.Shape, len(t.Data), want)
		}
		byPath["/"+name] = t.Data
	}
	g.setWeights(byPath)
	return nil
}

// llamaValues gives one weight of the transformer.
func (g *Generator) llamaValues(w llamaWeight) []float32 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.whole(w.ours)
}

// forExport gives the tokenizer and the embedding as other programs need them. They know no soft tokens, so what an
// unknown reader's state gives becomes tokens <soft1>, <soft2>, … of their own at the end of the vocabulary: a prompt
// there is the prompt, the soft tokens, <text>.
func (g *Generator) forExport(tok *Tokenizer) (*Tokenizer, []float32, error) {
	if tok.Size() != g.cfg.Vocab {
		return nil, nil, fmt.Errorf("the tokenizer has %d tokens, the generator %d", tok.Size(), g.cfg.Vocab)
	}
	embed := g.llamaValues(g.cfg.llamaWeights()[0])
	if g.cfg.SoftTokens == 0 {
		return tok, embed, nil
	}
	var names []string
	for i := range g.cfg.SoftTokens {
		names = append(names, fmt.Sprintf("<soft%d>", i+1))
	}
	longer, err := tok.extend(names, true)
	if err != nil {
		return nil, nil, err
	}
	return longer, append(embed, g.llamaValues(llamaWeight{ours: "soft/base"})...), nil
}

package lm

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// GGUFOptions say how ExportGGUF writes. The zero value writes float32.
type GGUFOptions struct {
	Name    string // of the model, for readers; "" means "because"
	Type    string // of matrices: "F32", "F16" or "Q8_0"; "" means F32. Gains of norms are always F32
	Context int    // positions that the server may use; 0 means 512
}

// The types of values and tensors in a GGUF file.
const (
	ggufUint32  = uint32(4)
	ggufInt32   = uint32(5)
	ggufFloat32 = uint32(6)
	ggufBool    = uint32(7)
	ggufString  = uint32(8)
	ggufArray   = uint32(9)

	ggmlF32  = uint32(0)
	ggmlF16  = uint32(1)
	ggmlQ8_0 = uint32(8)

	ggufAlignment = 32
	q8Block       = 32 // values that share a scale in Q8_0
)

// The types of tokens in a GGUF file.
const (
	ggufNormal      = int32(1)
	ggufControl     = int32(3) // recognised, not shown
	ggufUserDefined = int32(4) // recognised and shown
	ggufUnused      = int32(5)
)

// ExportGGUF writes the transformer and its tokenizer as a GGUF file (version 3) that llama.cpp loads as arch "llama".
// Text is split there as here, under the name of our pre-tokeniser. Encoder and heads have no place in the file; soft
// tokens become tokens <soft1>, <soft2>, …, which a prompt has before <text> and which say that nothing is known of the
// reader. Nothing stops a server from writing <pad>, <bos>, <text> and soft tokens; ban them with its logit_bias.
func (g *Generator) ExportGGUF(w io.Writer, tok *Tokenizer, o GGUFOptions) error {
	types := map[string]uint32{"": ggmlF32, "F32": ggmlF32, "F16": ggmlF16, "Q8_0": ggmlQ8_0}
	kind, ok := types[o.Type]
	if !ok {
		return fmt.Errorf("export GGUF: matrices cannot be stored as %q", o.Type)
	}
	if o.Name == "" {
		o.Name = "because"
	}
	if o.Context == 0 {
		o.Context = 512
	}
	tok, embed, err := g.forExport(tok)
	if err != nil {
		return fmt.Errorf("export GGUF: %w", err)
	}
	c := g.cfg
	f := ggufFile{}
	for _, kv := range []struct {
		key   string
		value any
	}{
		{"general.architecture", "llama"},
		{"general.type", "model"},
		{"general.name", o.Name},
		{"general.file_type", map[uint32]uint32{ggmlF32: 0, ggmlF16: 1, ggmlQ8_0: 7}[kind]},
		{"general.quantization_version", uint32(2)},
		{"llama.block_count", uint32(c.Layers)},
		{"llama.context_length", uint32(o.Context)},
		{"llama.embedding_length", uint32(c.Dim)},
		{"llama.feed_forward_length", uint32(c.FF)},
		{"llama.attention.head_count", uint32(c.Heads)},
		{"llama.attention.head_count_kv", uint32(c.KVHeads)},
		{"llama.attention.layer_norm_rms_epsilon", float32(c.Eps)},
		{"llama.rope.dimension_count", uint32(c.headDim())},
		{"llama.rope.freq_base", float32(c.RopeTheta)},
		{"llama.vocab_size", uint32(tok.Size())},
	} {
		f.put(kv.key, kv.value)
	}
	f.putTokenizer(tok)
	for _, lw := range c.llamaWeights() {
		t := ggufTensor{name: lw.gguf, dims: lw.theirDims(), kind: kind, values: func() []float32 { return lw.toGGUF(g.llamaValues(lw)) }}
		if lw.ours == "gpt/embed" {
			t.dims, t.values = []int{tok.Size(), c.Dim}, func() []float32 { return embed }
		}
		switch {
		case len(t.dims) == 1:
			t.kind = ggmlF32
		case kind == ggmlQ8_0 && t.dims[1]%q8Block != 0:
			t.kind = ggmlF16
		}
		f.tensors = append(f.tensors, t)
	}
	if err := f.write(w); err != nil {
		return fmt.Errorf("export GGUF: %w", err)
	}
	return nil
}

// putTokenizer writes what llama.cpp needs to split, merge and decode as t does.
func (f *ggufFile) putTokenizer(t *Tokenizer) {
	tokens := t.spelled()
	types := make([]int32, len(tokens))
	for i, s := range tokens {
		types[i] = ggufNormal
		if s == "" {
			types[i] = ggufUnused
		}
	}
	for _, s := range t.specials {
		types[s.id] = ggufUserDefined
		if s.mark {
			types[s.id] = ggufControl
		}
	}
	merges := make([]string, len(t.merges))
	for i, m := range t.merges {
		merges[i] = tokens[m.left] + " " + tokens[m.right]
	}
	f.put("tokenizer.ggml.model", "gpt2")
	f.put("tokenizer.ggml.pre", t.split.name)
	f.put("tokenizer.ggml.tokens", tokens)
	f.put("tokenizer.ggml.token_type", types)
	f.put("tokenizer.ggml.merges", merges)
	f.put("tokenizer.ggml.bos_token_id", uint32(BosID))
	f.put("tokenizer.ggml.eos_token_id", uint32(EndID))
	f.put("tokenizer.ggml.padding_token_id", uint32(PadID))
	f.put("tokenizer.ggml.add_bos_token", false)
	f.put("tokenizer.ggml.add_eos_token", false)
	f.put("tokenizer.ggml.add_space_prefix", false)
}

// A ggufFile is what a GGUF file holds, as far as we write it.
type ggufFile struct {
	keys    int
	words   []byte // the keys and values, encoded
	tensors []ggufTensor
}

type ggufTensor struct {
	name   string
	dims   []int // outermost first
	kind   uint32
	values func() []float32
}

// put adds a key and its value.
func (f *ggufFile) put(key string, value any) {
	f.keys++
	f.words = appendGGUFString(f.words, key)
	u32 := func(v uint32) { f.words = binary.LittleEndian.AppendUint32(f.words, v) }
	u64 := func(v int) { f.words = binary.LittleEndian.AppendUint64(f.words, uint64(v)) }
	switch v := value.(type) {
	case uint32:
		u32(ggufUint32)
		u32(v)
	case float32:
		u32(ggufFloat32)
		u32(math.Float32bits(v))
	case bool:
		u32(ggufBool)
		b := byte(0)
		if v {
			b = 1
		}
		f.words = append(f.words, b)
	case string:
		u32(ggufString)
		f.words = appendGGUFString(f.words, v)
	case []string:
		u32(ggufArray)
		u32(ggufString)
		u64(len(v))
		for _, s := range v {
			f.words = appendGGUFString(f.words, s)
		}
	case []int32:
		u32(ggufArray)
		u32(ggufInt32)
		u64(len(v))
		for _, n := range v {
			u32(uint32(n))
		}
	default:
		panic(fmt.Sprintf("lm: a GGUF value of type %T", value))
	}
}

func appendGGUFString(buf []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(buf, uint64(len(s))), s...)
}

// write writes the file, one tensor at a time.
func (f *ggufFile) write(w io.Writer) error {
	head := []byte("GGUF")
	head = binary.LittleEndian.AppendUint32(head, 3)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(f.tensors)))
	head = binary.LittleEndian.AppendUint64(head, uint64(f.keys))
	head = append(head, f.words...)
	offset := 0
	for _, t := range f.tensors {
		head = appendGGUFString(head, t.name)
		head = binary.LittleEndian.AppendUint32(head, uint32(len(t.dims)))
		for i := range t.dims { // innermost first
			head = binary.LittleEndian.AppendUint64(head, uint64(t.dims[len(t.dims)-1-i]))
		}
		head = binary.LittleEndian.AppendUint32(head, t.kind)
		head = binary.LittleEndian.AppendUint64(head, uint64(offset))
		offset += t.size() + padding(t.size())
	}
	if _, err := w.Write(append(head, make([]byte, padding(len(head)))...)); err != nil {
		return err
	}
	for _, t := range f.tensors {
		data := t.encode()
		if len(data) != t.size() {
			panic(fmt.Sprintf("lm: tensor %s of shape %v takes %d bytes, not %d", t.name, t.dims, len(data), t.size()))
		}
		if _, err := w.Write(append(data, make([]byte, padding(len(data)))...)); err != nil {
			return err
		}
	}
	return nil
}

// padding is how many bytes follow n bytes up to the alignment.
func padding(n int) int { return (ggufAlignment - n%ggufAlignment) % ggufAlignment }

// size is how many bytes the tensor takes.
func (t ggufTensor) size() int {
	n := 1
	for _, d := range t.dims {
		n *= d
	}
	switch t.kind {
	case ggmlF16:
		return 2 * n
	case ggmlQ8_0:
		return n / q8Block * (2 + q8Block)
	}
	return 4 * n
}

func (t ggufTensor) encode() []byte {
	switch t.kind {
	case ggmlF16:
		return F16.append(nil, t.values())
	case ggmlQ8_0:
		return appendQ8(nil, t.values())
	}
	return F32.append(nil, t.values())
}

// appendQ8 rounds values to Q8_0 as ggml does (quantize_row_q8_0_ref): for each 32 a binary16 scale, by which the largest
// magnitude is 127, and the values by it as int8, half away from zero.
func appendQ8(buf []byte, values []float32) []byte {
	for len(values) > 0 {
		block := values[:q8Block]
		values = values[q8Block:]
		largest := float32(0)
		for _, v := range block {
			largest = max(largest, float32(math.Abs(float64(v))))
		}
		scale, inverse := largest/127, float32(0)
		if scale != 0 {
			inverse = 1 / scale
		}
		buf = binary.LittleEndian.AppendUint16(buf, toFloat16(scale))
		for _, v := range block {
			buf = append(buf, byte(int8(math.Round(float64(v*inverse)))))
		}
	}
	return buf
}

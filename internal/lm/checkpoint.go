package lm

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"os"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// checkpointFile is the one file of a checkpoint: the weights, the optimiser's moments, the best weights so far, and in
// its header where the training stands.
const checkpointFile = "checkpoint.safetensors"

// weightsNow copies what training changes.
func (g *Generator) weightsNow() map[string][]float32 {
	out := make(map[string][]float32, len(g.learned()))
	for _, path := range g.learned() {
		out[path] = g.read(path)
	}
	return out
}

// noteLoRA writes into a checkpoint's words what adapters it holds, and beside which weights.
func (g *Generator) noteLoRA(words map[string]string) error {
	if g.lora == nil {
		return nil
	}
	text, err := json.Marshal(g.lora.LoRAOptions)
	words[loraWord] = string(text) + " " + g.lora.base
	return err
}

// loraWord names the adapters in a checkpoint's words.
const loraWord = "lora"

// changed notes that the weights are not what they were.
func (g *Generator) changed() {
	g.rounded = false
	g.packed.Store(nil)
}

// setWeights puts copies back; nil changes nothing.
func (g *Generator) setWeights(weights map[string][]float32) {
	g.changed()
	for path, values := range weights {
		put(g.store.GetVariable(path), values)
	}
}

// put gives a variable other values, on whatever devices it lies.
func put(v *model.Variable, values []float32) {
	if err := v.SetValue(tensors.FromFlatDataAndDimensions(values, v.Shape().Dimensions...)); err != nil {
		panic(fmt.Sprintf("lm: set %s: %v", v.Path(), err)) // its own values cannot be freed
	}
}

// checkpoint writes where the training stands.
func (l *trainLoop) checkpoint() error {
	words, err := l.words()
	if err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	f := tensorFile{words: words, tensors: l.t.tensors()}
	for path, best := range l.run.best {
		f.tensors["/best"+path] = storedTensor{dims: l.g.store.GetVariable(path).Shape().Dimensions, floats: best}
	}
	if err := os.MkdirAll(l.o.Checkpoints, 0o755); err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	if err := f.save(l.o.Checkpoints, checkpointFile); err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	return nil
}

// words describe a checkpoint: what must agree for it to be resumed, and where it stands.
func (l *trainLoop) words() (map[string]string, error) {
	options := l.o
	options.Checkpoints, options.CheckpointEvery = "", 0 // do not change what is computed
	words := map[string]string{"data": fingerprint(l.data, l.valid)}
	for name, v := range map[string]any{"config": l.g.cfg, "options": options, "run": l.run} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		words[name] = string(text)
	}
	l.g.batching().note(words)
	return words, l.g.noteLoRA(words)
}

// resume goes on from the checkpoint in the folder, if there is one. A checkpoint of other data, options or configuration
// is an error: training on from it would be neither run.
func (l *trainLoop) resume() error {
	if l.o.Checkpoints == "" {
		return nil
	}
	f, err := loadTensorFile(os.DirFS(l.o.Checkpoints), checkpointFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	words, err := l.words()
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	if f.words[batchingWord] != words[batchingWord] {
		return fmt.Errorf("resume: the checkpoint in %s was made %w", l.o.Checkpoints, ErrOtherBatches)
	}
	for _, name := range []string{"config", "options", "data", loraWord} {
		if f.words[name] != words[name] {
			return fmt.Errorf("resume: the checkpoint in %s was made with other %s", l.o.Checkpoints, name)
		}
	}
	if err := json.Unmarshal([]byte(f.words["run"]), &l.run); err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	for name, t := range f.tensors {
		if path, isBest := strings.CutPrefix(name, "/best"); isBest {
			if l.run.best == nil {
				l.run.best = map[string][]float32{}
			}
			l.run.best[path] = t.floats
		} else if err := l.t.setTensor(name, t); err != nil {
			return fmt.Errorf("resume: %w", err)
		}
	}
	return nil
}

// fingerprint tells two data sets apart.
func fingerprint(sets ...[]Example) string {
	h := fnv.New128a()
	var buf []byte
	put := func(ids []int32) {
		buf = binary.LittleEndian.AppendUint32(buf, uint32(len(ids)))
		for _, id := range ids {
			buf = binary.LittleEndian.AppendUint32(buf, uint32(id))
		}
	}
	for _, set := range sets {
		buf = binary.LittleEndian.AppendUint64(buf[:0], uint64(len(set)))
		h.Write(buf)
		for _, e := range set {
			buf = buf[:0]
			put(e.Prompt)
			put(e.Text)
			put([]int32{int32(len(e.Behaviour)), e.Aspect, int32(math.Float32bits(e.Rating))})
			for _, f := range e.Behaviour {
				put(f)
			}
			put(e.Next)
			h.Write(buf)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

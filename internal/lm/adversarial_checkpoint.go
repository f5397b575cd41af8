package lm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// gameFile is the one file of a game's checkpoint: both players with their moments, the last good and the best weights,
// and in its header where the game stands.
const gameFile = "game.safetensors"

// gameWords describe a checkpoint: what must agree for it to be resumed, and where it stands.
func (r *gameRun) words() (map[string]string, error) {
	options := r.o
	options.Checkpoints = "" // does not change what is computed
	words := map[string]string{"data": fingerprint(r.train, r.held)}
	for name, v := range map[string]any{"generator": r.G.cfg, "discriminator": r.D.cfg, "options": options, "state": r.state,
		"steps": [2]int{r.G.weightedSteps(), r.D.adam.steps}, "snapshots": [2]*snapshotWords{r.good.words(), r.best.words()}} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		words[name] = string(text)
	}
	r.G.batching().note(words)
	return words, r.G.noteLoRA(words)
}

// snapshotWords are a snapshot without its tensors.
type snapshotWords struct {
	DSteps    int     `json:"d_steps"`
	DAccuracy float64 `json:"d_accuracy"`
}

func (s *snapshot) words() *snapshotWords {
	if s == nil {
		return nil
	}
	return &snapshotWords{s.dSteps, s.dAccuracy}
}

// checkpoint writes where the game stands.
func (r *gameRun) checkpoint() error {
	if r.o.Checkpoints == "" {
		return nil
	}
	words, err := r.words()
	if err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	f := tensorFile{words: words, tensors: map[string]storedTensor{}}
	now := r.G.trainTensors()
	put := func(prefix string, tensors map[string]storedTensor) {
		for path, t := range tensors {
			f.tensors[prefix+path] = t
		}
	}
	put("g", now)
	put("d", r.D.adam.values(true))
	for name, s := range map[string]*snapshot{"good-": r.good, "best-": r.best} {
		if s == nil {
			continue
		}
		put(name+"d", s.d)
		for path, values := range s.g {
			f.tensors[name+"g"+path] = storedTensor{dims: now[path].dims, floats: values}
		}
	}
	if err := os.MkdirAll(r.o.Checkpoints, 0o755); err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	if err := f.save(r.o.Checkpoints, gameFile); err != nil {
		return fmt.Errorf("write checkpoint: %w", err)
	}
	return nil
}

// stopped leaves a checkpoint and passes on why the game ends early.
func (r *gameRun) stopped(why error) error {
	if err := r.checkpoint(); err != nil {
		return fmt.Errorf("adversarial: %w", err)
	}
	return fmt.Errorf("adversarial: stopped after step %d of %d: %w", r.state.Step, r.o.Steps, why)
}

// resume goes on from the checkpoint in the folder, if there is one. A checkpoint of another game is an error.
func (r *gameRun) resume() error {
	if r.o.Checkpoints == "" {
		return nil
	}
	f, err := loadTensorFile(os.DirFS(r.o.Checkpoints), gameFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	words, err := r.words()
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	if f.words[batchingWord] != words[batchingWord] {
		return fmt.Errorf("resume: the checkpoint in %s was made %w", r.o.Checkpoints, ErrOtherBatches)
	}
	for _, name := range []string{"generator", "discriminator", "options", "data", loraWord} {
		if f.words[name] != words[name] {
			return fmt.Errorf("resume: the checkpoint in %s was made with other %s", r.o.Checkpoints, name)
		}
	}
	var steps [2]int
	var snapshots [2]*snapshotWords
	for name, v := range map[string]any{"state": &r.state, "steps": &steps, "snapshots": &snapshots} {
		if err := json.Unmarshal([]byte(f.words[name]), v); err != nil {
			return fmt.Errorf("resume: read %s: %w", name, err)
		}
	}
	return r.put(f, steps, snapshots)
}

// put brings a checkpoint's tensors back.
func (r *gameRun) put(f tensorFile, steps [2]int, snapshots [2]*snapshotWords) error {
	take := func(prefix string) map[string]storedTensor {
		out := map[string]storedTensor{}
		for name, t := range f.tensors {
			if path, ok := strings.CutPrefix(name, prefix); ok && strings.HasPrefix(path, "/") {
				out[path] = t
			}
		}
		return out
	}
	for i, name := range []string{"good-", "best-"} {
		if snapshots[i] == nil {
			continue
		}
		s := &snapshot{g: map[string][]float32{}, d: take(name + "d"), dSteps: snapshots[i].DSteps, dAccuracy: snapshots[i].DAccuracy}
		for path, t := range take(name + "g") {
			s.g[path] = t.floats
		}
		if i == 0 {
			r.good = s
		} else {
			r.best = s
		}
	}
	if err := r.G.setTrainTensors(take("g"), steps[0]); err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	if err := r.D.set(take("d"), steps[1]); err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	return nil
}

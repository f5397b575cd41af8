package engine

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"because"
	"because/internal/lm"
)

// Quantised tells what storing a generator in 8 bits takes and gives.
type Quantised struct {
	Model   string   `json:"model"`
	Made    string   `json:"made,omitempty"` // the model in 8 bits that was written, where Model was in 32
	Float32 int64    `json:"float32_bytes"`  // of the generator's folder
	Int8    int64    `json:"int8_bytes"`
	Before  *float64 `json:"loss_before,omitempty"` // nats per token; nil where the weights in 32 bits are gone
	After   *float64 `json:"loss_after,omitempty"`  // nil where there is nothing to measure on
	Pairs   int      `json:"pairs"`                 // that the losses are measured on
	On      string   `json:"on,omitempty"`          // whose: a run's name, or "data" for ones made of the data folder
}

// QuantiseLM reports what 8 bits cost a language model. One that is stored in 32 bits becomes a model of its own in 8;
// one that is in 8 bits already is compared with the weights that its run kept.
func (e *Engine) QuantiseLM(ctx context.Context, id string, progress Progress) (Quantised, error) {
	out := Quantised{Model: id}
	m, err := e.openLM(id)
	if err != nil {
		return out, err
	}
	valid, _, on, err := e.pairsOf(ctx, m.info, progress)
	if err != nil {
		return out, err
	}
	tmp, err := os.MkdirTemp(mkdir(filepath.Join(e.o.Dir, "models")), ".quantise-")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(tmp)
	before, after := m.generator, m.generator
	stored := m.info.Files[weightsOf(generatorFolder)]
	hash32, err := save(m.generator, filepath.Join(tmp, "32"), lm.SaveOptions{})
	if err != nil {
		return out, err
	}
	if _, err := save(m.generator, filepath.Join(tmp, "8"), lm.SaveOptions{Int8: true}); err != nil {
		return out, err
	}
	if stored != hash32 { // it is in 8 bits
		if before, err = e.unquantised(stored, tmp); err != nil {
			return out, err
		}
	} else {
		if after, err = lm.LoadGenerator(os.DirFS(filepath.Join(tmp, "8"))); err != nil {
			return out, err
		}
		info, err := e.derive(ctx, m, m.generator, derived{})
		if err != nil {
			return out, err
		}
		out.Made = info.ID
	}
	if out.Float32, err = folderSize(filepath.Join(tmp, "32")); err != nil {
		return out, err
	}
	if out.Int8, err = folderSize(filepath.Join(tmp, "8")); err != nil {
		return out, err
	}
	if len(valid) == 0 {
		return out, nil
	}
	out.Pairs, out.On = len(valid), on
	if out.After, err = lossOf(ctx, after, m.words, valid); err != nil || before == nil {
		return out, err
	}
	out.Before, err = lossOf(ctx, before, m.words, valid)
	return out, err
}

// weightsOf is the file of a generator's folder that holds its weights.
func weightsOf(folder string) string { return folder + "/generator.safetensors" }

// save writes a generator and gives the hash of its weights' file.
func save(g *lm.Generator, dir string, o lm.SaveOptions) (string, error) {
	if err := g.Save(dir, o); err != nil {
		return "", err
	}
	b, err := os.ReadFile(weightsOf(dir))
	return sum(b), err
}

// unquantised finds the weights in 32 bits that those of a hash were made of, among what the runs kept; nil without an
// error where there are none. It may write under tmp.
func (e *Engine) unquantised(hash, tmp string) (*lm.Generator, error) {
	kept, err := filepath.Glob(filepath.Join(e.o.Dir, "models", "runs", "*", generatorFolder))
	if err != nil {
		return nil, err
	}
	for _, dir := range kept {
		g, err := lm.LoadGenerator(os.DirFS(dir))
		if err != nil {
			continue // of a run that was stopped while it wrote
		}
		if got, err := save(g, filepath.Join(tmp, "try"), lm.SaveOptions{Int8: true}); err != nil {
			return nil, err
		} else if got == hash {
			return g, nil
		}
	}
	return nil, nil
}

func lossOf(ctx context.Context, g *lm.Generator, words *lm.Tokenizer, pairs []Pair) (*float64, error) {
	loss, err := g.Loss(ctx, examplesOf(words, pairs))
	return &loss, err
}

func examplesOf(words *lm.Tokenizer, pairs []Pair) []lm.Example {
	out := make([]lm.Example, len(pairs))
	for i, p := range pairs {
		out[i] = example(words, p)
	}
	return out
}

func folderSize(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := d.Info()
		if err == nil {
			n += f.Size()
		}
		return err
	})
	return n, err
}

// Pruned tells what pruning a generator did.
type Pruned struct {
	Model string `json:"model"`
	Made  string `json:"made"` // the model that was written
	lm.PruneReport
	Pairs int    `json:"pairs"`        // that the losses are measured on
	On    string `json:"on,omitempty"` // as in Quantised
}

// calibrationPairs is how many texts Wanda sees.
const calibrationPairs = 64

// PruneLM makes a model of another whose layers lack the least important share of their weights.
func (e *Engine) PruneLM(ctx context.Context, id, method string, share float64, progress Progress) (Pruned, error) {
	out := Pruned{Model: id}
	o := lm.PruneOptions{Method: lm.PruneMethod(method), Sparsity: share}
	if o.Method != lm.Magnitude && o.Method != lm.Wanda {
		return out, because.Errorf(because.ErrInvalid, "There is no method %q. Choose magnitude or wanda.", short(method))
	}
	if !(share >= 0 && share < 1) {
		return out, because.Errorf(because.ErrInvalid, "A share lies between 0 and 1, 1 excluded.")
	}
	m, err := e.openLM(id)
	if err != nil {
		return out, err
	}
	valid, train, on, err := e.pairsOf(ctx, m.info, progress)
	if err != nil {
		return out, err
	}
	if len(valid) > 0 {
		out.Pairs, out.On = len(valid), on
		held := examplesOf(m.words, valid)
		o.Loss = func(ctx context.Context, g *lm.Generator) (float64, error) { return g.Loss(ctx, held) }
	}
	if o.Calibration = examplesOf(m.words, train); len(train) == 0 && o.Method == lm.Wanda {
		return out, because.Errorf(because.ErrInvalid, "Wanda needs texts to see which weights matter, and neither the model's run nor the data folder gives any. Choose magnitude.")
	}
	g, report, err := m.generator.Prune(ctx, o)
	if err != nil {
		return out, err
	}
	out.PruneReport = report
	info, err := e.derive(ctx, m, g, derived{metrics: map[string]float64{"sparsity": share}})
	out.Made = info.ID
	return out, err
}

// An openedLM is a language model with its folder.
type openedLM struct {
	languageModel
	info  ModelInfo
	files fs.FS
}

// openLM reads a language model of the data folder, or the shipped one by its ID.
func (e *Engine) openLM(id string) (openedLM, error) {
	dir := filepath.Join(e.o.Dir, "models")
	m := openedLM{files: os.DirFS(filepath.Join(dir, id))}
	var err error
	if m.info, err = readManifest(dir, id); err != nil {
		info, ok := Shipped()
		if !ok || info.ID != id {
			return m, because.Errorf(because.ErrNotFound, "There is no model %q.", short(id))
		}
		m.info = info
		if m.files, err = shippedModel(); err != nil {
			return m, err
		}
	} else if m.info.Kind != lmKind {
		return m, because.Errorf(because.ErrInvalid, "%s is no language model.", id)
	} else if !whole(dir, id) {
		return m, because.Errorf(because.ErrInvalid, "Model %q is damaged. Promote another one: because model list", short(id))
	}
	if m.languageModel, err = loadLM(m.files); err != nil {
		return m, fmt.Errorf("read language model %s: %w", id, err)
	}
	return m, nil
}

// derived is what a model has that the one it was made of has not.
type derived struct {
	metrics map[string]float64 // beside those that hold for both
	log     string             // file of its own training; empty keeps the other's
	users   []string           // whose rows it rests on besides
	tuning  *Tuning
}

// derive writes a model that is another one with a generator of its own, in 8 bits.
func (e *Engine) derive(ctx context.Context, from openedLM, g *lm.Generator, d derived) (ModelInfo, error) {
	tmp, err := os.MkdirTemp(mkdir(filepath.Join(e.o.Dir, "models")), ".new-")
	if err != nil {
		return ModelInfo{}, err
	}
	defer os.RemoveAll(tmp)
	if err := os.CopyFS(tmp, from.files); err != nil {
		return ModelInfo{}, err
	}
	for _, name := range []string{generatorFolder, manifestFile, usersFile} {
		if err := os.RemoveAll(filepath.Join(tmp, name)); err != nil {
			return ModelInfo{}, err
		}
	}
	if err := g.Save(filepath.Join(tmp, generatorFolder), lm.SaveOptions{Int8: true}); err != nil {
		return ModelInfo{}, err
	}
	if d.log != "" {
		log, err := os.ReadFile(d.log)
		if err != nil {
			return ModelInfo{}, err
		}
		if err := writeFile(filepath.Join(tmp, metricsFile), log); err != nil {
			return ModelInfo{}, err
		}
	}
	users, err := e.seenBy(ctx, from.info)
	if err != nil {
		return ModelInfo{}, err
	}
	info := ModelInfo{Seed: from.info.Seed, Data: from.info.Data, Metrics: maps.Clone(from.info.Metrics), Tuning: d.tuning}
	maps.DeleteFunc(info.Metrics, func(name string, _ float64) bool { return strings.Contains(name, "_loss_") })
	if info.Metrics == nil {
		info.Metrics = map[string]float64{}
	}
	maps.Copy(info.Metrics, d.metrics)
	return e.seal(tmp, info, func(id string) []byte { return seenUsers(id, append(users, d.users...)) })
}

// comparePairs bounds the pairs that a loss before and after is measured on.
const comparePairs = 400

// pairsOf are pairs to compare a model on: those of its run that training did not see, or, where the run is gone, ones
// on the data folder; none where that has no trained ranker. train are some that it may learn from.
func (e *Engine) pairsOf(ctx context.Context, info ModelInfo, progress Progress) (valid, train []Pair, on string, err error) {
	files, err := filepath.Glob(filepath.Join(e.o.Dir, "models", "runs", "*", pairsFile))
	if err != nil {
		return nil, nil, "", err
	}
	for _, f := range files {
		r := lmRun{}
		if r.pairs, err = readPairs(f); err == nil && r.hash() == info.Data {
			valid, train = parted(r.pairs)
			return valid, train, filepath.Base(filepath.Dir(f)), nil
		}
	}
	if _, err := e.ready(); err != nil {
		return nil, nil, "", nil
	}
	var pairs []Pair
	_, err = e.Corpus(ctx, CorpusOptions{Seed: uint64(info.Seed), Readers: 60, Items: 1}, progress, func(p Pair) error {
		pairs = append(pairs, p)
		return nil
	})
	valid, train = parted(pairs)
	return valid, train, "data", err
}

// parted are the pairs to measure on and some to calibrate by.
func parted(pairs []Pair) (valid, train []Pair) {
	for _, p := range pairs {
		switch partOf(p) {
		case forChoosing:
			valid = append(valid, p)
		case forTraining:
			train = append(train, p)
		}
	}
	return valid[:min(comparePairs, len(valid))], train[:min(calibrationPairs, len(train))]
}

package engine

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"because"
	"because/internal/lm"
)

// saveLM writes models/lm-…/ whole or not at all: the generator in 8 bits, the discriminator, the vocabulary, the hashes
// of the readers whose rows the corpus rests on, the metrics log and the manifest. It does not promote it.
func (e *Engine) saveLM(ctx context.Context, r *lmRun, g *lm.Generator, d *lm.Discriminator, seed uint64) (ModelInfo, error) {
	most := 400
	if r.before != nil {
		most = baseMeasure
	}
	metrics, err := r.measure(ctx, g, most)
	if err != nil {
		return ModelInfo{}, err
	}
	for name, v := range r.before {
		if strings.Contains(name, "_loss_") {
			metrics[name+"_before"] = v
		}
	}
	dir := mkdir(filepath.Join(e.o.Dir, "models"))
	tmp, err := os.MkdirTemp(dir, ".new-")
	if err != nil {
		return ModelInfo{}, err
	}
	defer os.RemoveAll(tmp)
	var words bytes.Buffer
	if err := r.words.Save(&words); err != nil {
		return ModelInfo{}, err
	}
	if err := writeFile(filepath.Join(tmp, wordsFile), words.Bytes()); err != nil {
		return ModelInfo{}, err
	}
	if err := g.Save(filepath.Join(tmp, generatorFolder), lm.SaveOptions{Int8: true}); err != nil {
		return ModelInfo{}, err
	}
	if err := g.Save(filepath.Join(r.dir, generatorFolder), lm.SaveOptions{}); err != nil { // what 8 bits are compared with
		return ModelInfo{}, err
	}
	if d != nil {
		if err := d.Save(filepath.Join(tmp, discriminatorFolder), false); err != nil {
			return ModelInfo{}, err
		}
	}
	if log, err := os.ReadFile(filepath.Join(r.dir, metricsFile)); err == nil {
		if err := writeFile(filepath.Join(tmp, metricsFile), log); err != nil {
			return ModelInfo{}, err
		}
	}
	info := ModelInfo{Seed: int64(seed), Data: r.hash(), Metrics: metrics, Taught: r.taught}
	return e.seal(tmp, info, func(id string) []byte { return seenUsers(id, append(readersOf(r.pairs), r.seen...)) })
}

// seal names the language model in folder tmp by what it holds, writes its manifest and the hashes of its users, and puts
// it in its place among the models.
func (e *Engine) seal(tmp string, info ModelInfo, users func(id string) []byte) (ModelInfo, error) {
	info.Kind, info.Created, info.Code, info.Files = lmKind, e.now(), Version(), map[string]string{}
	id := ""
	err := fs.WalkDir(os.DirFS(tmp), ".", func(name string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(tmp, name))
		info.Files[name] = sum(b)
		id += info.Files[name]
		return err
	})
	if err != nil {
		return ModelInfo{}, err
	}
	info.ID = lmKind + "-" + sum([]byte(id))[:12]
	if err := writeFile(filepath.Join(tmp, usersFile), users(info.ID)); err != nil {
		return info, err
	}
	manifest, err := json.MarshalIndent(info, "", "  ")
	if err != nil {
		return info, err
	}
	if err := writeFile(filepath.Join(tmp, manifestFile), manifest); err != nil {
		return info, err
	}
	dir := filepath.Dir(tmp)
	final := filepath.Join(dir, info.ID)
	if whole(dir, info.ID) {
		return info, nil
	}
	if err := os.RemoveAll(final); err != nil {
		return info, err
	}
	return info, os.Rename(tmp, final)
}

// seenUsers are the hashes of the readers whose rows a model rests on, each once, so that an erasure can name the model.
func seenUsers(id string, users []string) []byte {
	var b []byte
	seen := map[string]bool{}
	for _, u := range users {
		if !seen[u] {
			seen[u] = true
			b = binary.LittleEndian.AppendUint64(b, hash(id, u))
		}
	}
	return b
}

// seenBy are the readers whose rows a model rests on: its folder keeps salted hashes of them.
func (e *Engine) seenBy(ctx context.Context, m ModelInfo) ([]string, error) {
	var users []string
	err := e.db.EachUser(ctx, func(u because.User) error {
		if e.saw(m, u.ID) {
			users = append(users, u.ID)
		}
		return nil
	})
	return users, err
}

// measure are the numbers of a manifest: size, and loss per part of the corpus and language, on so many texts at most.
func (r *lmRun) measure(ctx context.Context, g *lm.Generator, most int) (map[string]float64, error) {
	m := map[string]float64{"parameters": float64(g.Parameters()), "pairs": float64(len(r.pairs))}
	for name, which := range map[string]part{"valid": forChoosing, "held": forTesting} {
		for _, lang := range []string{"zh", "en"} {
			var list []lm.Example
			for _, p := range r.pairs {
				if partOf(p) == which && string(p.Lang) == lang && len(list) < most {
					list = append(list, example(r.words, p))
				}
			}
			if len(list) == 0 {
				continue
			}
			loss, err := g.Loss(ctx, list)
			if err != nil {
				return nil, err
			}
			m[name+"_loss_"+lang] = loss
		}
	}
	return m, nil
}

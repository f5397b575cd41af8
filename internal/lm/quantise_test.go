package lm

import (
	"bytes"
	"context"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
)

func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, weightsFile))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// Saved as float32, a generator comes back to the bit; as int8 it is at least 3.5 times smaller and nearly as good.
func TestSaveLoad(t *testing.T) {
	cfg := Config{Vocab: 300, Layers: 2, Dim: 64, Heads: 4, FF: 128, SoftTokens: 2, Aspects: 3,
		Encoder: EncoderConfig{Buckets: 64, Hidden: 64, MaxEvents: 4, MaxFeatures: 2}}
	g := newToy(t, cfg)
	data := toyData(40, 6)
	if err := g.Train(context.Background(), data, nil, TrainOptions{Epochs: 25, LR: 5e-3}, nil); err != nil {
		t.Fatal(err)
	}
	exact, small := t.TempDir(), t.TempDir()
	for dir, o := range map[string]SaveOptions{exact: {}, small: {Int8: true}} {
		if err := g.Save(dir, o); err != nil {
			t.Fatal(err)
		}
	}
	same, err := LoadGenerator(os.DirFS(exact))
	if err != nil {
		t.Fatal(err)
	}
	sameWeights(t, g, same, "loaded")
	rounded, err := LoadGenerator(os.DirFS(small))
	if err != nil {
		t.Fatal(err)
	}
	if ratio := float64(fileSize(t, exact)) / float64(fileSize(t, small)); ratio < 3.5 {
		t.Errorf("int8 is %.2f times smaller, want 3.5", ratio)
	}
	want, got := mustLoss(t, g, data), mustLoss(t, rounded, data)
	t.Logf("loss %.4f in float32, %.4f in int8", want, got)
	if math.Abs(got-want) > 0.01 {
		t.Errorf("loss %.4f in int8, %.4f in float32", got, want)
	}
	again := t.TempDir()
	if err := rounded.Save(again, SaveOptions{Int8: true}); err != nil {
		t.Fatal(err)
	}
	a, _ := os.ReadFile(filepath.Join(small, weightsFile))
	b, _ := os.ReadFile(filepath.Join(again, weightsFile))
	if !bytes.Equal(a, b) {
		t.Error("int8 weights saved again are other bytes")
	}
}

func TestQuantise(t *testing.T) {
	// Two outputs of three inputs: the columns (1, −2, 0.5) and (0, 0, 0).
	w := storedTensor{dims: []int{3, 2}, floats: []float32{1, 0, -2, 0, 0.5, 0}}
	values, scales := quantise(w, false)
	if want := []int8{64, -127, 32, 0, 0, 0}; !slices.Equal(values.bytes, want) { // 63.5 and 31.75, halves to even
		t.Errorf("values %v, want %v", values.bytes, want)
	}
	if want := []float32{2. / 127, 0}; !slices.Equal(scales.floats, want) {
		t.Errorf("scales %v, want %v", scales.floats, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	g := newToy(t, toyConfig())
	dir := t.TempDir()
	if err := g.Save(dir, SaveOptions{Int8: true}); err != nil {
		t.Fatal(err)
	}
	config, _ := os.ReadFile(filepath.Join(dir, configFile))
	weights, _ := os.ReadFile(filepath.Join(dir, weightsFile))
	good := fstest.MapFS{configFile: {Data: config}, weightsFile: {Data: weights}}
	if _, err := LoadGenerator(good); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(fstest.MapFS){
		"no configuration": func(m fstest.MapFS) { delete(m, configFile) },
		"no weights":       func(m fstest.MapFS) { delete(m, weightsFile) },
		"cut weights":      func(m fstest.MapFS) { m[weightsFile] = &fstest.MapFile{Data: weights[:len(weights)/2]} },
		"other shape": func(m fstest.MapFS) {
			m[configFile] = &fstest.MapFile{Data: bytes.Replace(config, []byte(`"ff": 64`), []byte(`"ff": 65`), 1)}
		},
		"impossible shape": func(m fstest.MapFS) { m[configFile] = &fstest.MapFile{Data: []byte(`{"vocab": 1}`)} },
	} {
		m := maps.Clone(good)
		change(m)
		if _, err := LoadGenerator(m); err == nil {
			t.Errorf("%s: loaded", what)
		}
	}
}

// Whatever the bytes, reading them gives tensors that are whole, or an error.
func FuzzTensorFile(f *testing.F) {
	var b bytes.Buffer
	file := tensorFile{words: map[string]string{"a": "b"}, tensors: map[string]storedTensor{
		"x": {dims: []int{2, 1}, floats: []float32{1, 2}}, "y": {dims: []int{3}, bytes: []int8{1, 2, 3}}}}
	if err := file.write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := readTensorFile(data)
		if err != nil {
			return
		}
		for name, x := range file.tensors {
			if max(len(x.floats), len(x.bytes)) != x.size() {
				t.Errorf("%s of shape %v has %d values", name, x.dims, max(len(x.floats), len(x.bytes)))
			}
		}
		var again bytes.Buffer
		if err := file.write(&again); err != nil {
			t.Fatal(err)
		}
		if _, err := readTensorFile(again.Bytes()); err != nil {
			t.Errorf("written again it is not read: %v", err)
		}
	})
}

// Decoding with int8 codes gives the log-probabilities that the graph gives with the same weights as float32.
func TestRoundedDecodingIsFullForward(t *testing.T) {
	cfg := toyConfig()
	cfg.Dim, cfg.FF, cfg.Vocab = 80, 72, 53 // groups of 64 and a rest, panels of 16 and a rest
	g := newToy(t, cfg)
	for path, w := range g.weightsNow() {
		for i := range w {
			w[i] *= 6
		}
		g.setWeights(map[string][]float32{path: w})
	}
	dir := t.TempDir()
	if err := g.Save(dir, SaveOptions{Int8: true}); err != nil {
		t.Fatal(err)
	}
	rounded, err := LoadGenerator(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if rounded.decoder().head.codes == nil {
		t.Fatal("an int8 generator decodes with float32 weights")
	}
	data := toyData(4, 9)
	for i, rows := range mustSample(t, rounded, toyRequests(t, rounded, data, 3), SampleOptions{Temperature: 1, MaxTokens: 20}) {
		for k, s := range rows {
			e := data[i]
			e.Text = s.Tokens
			want, err := rounded.LogProbs(context.Background(), []Example{e})
			if err != nil {
				t.Fatal(err)
			}
			for j, lp := range s.LogProbs {
				if math.Abs(float64(lp-want[0][j])) > 1e-3 {
					t.Errorf("text %d.%d, token %d: %g decoded, %g in a full pass", i, k, j, lp, want[0][j])
				}
			}
		}
	}
	if err := rounded.Train(context.Background(), data, nil, TrainOptions{Epochs: 1}, nil); err != nil {
		t.Fatal(err)
	}
	if rounded.decoder().head.codes != nil {
		t.Error("trained weights are still decoded as int8")
	}
}

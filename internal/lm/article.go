package lm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// ArticleOptions are the constants of the article's listing. Zero values mean its own.
type ArticleOptions struct {
	Embed   int     // 0 means 100
	Hidden  int     // 0 means 200
	LR      float64 // of both Adams; 0 means 0.001
	Batch   int     // 0 means 32
	Epochs  int     // 0 means 100
	Seed    uint64  // of the 8:2 split and everything else; 0 means 42
	MaxText int     // tokens of a text, <end> included; 0 means 24
	Swapped bool    // the labels as the listing has them: people's texts are 0, generated ones 1
}

func (o ArticleOptions) withDefaults() ArticleOptions {
	for _, f := range []struct {
		v    *int
		zero int
	}{{&o.Embed, 100}, {&o.Hidden, 200}, {&o.Batch, 32}, {&o.Epochs, 100}, {&o.MaxText, 24}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	if o.LR == 0 {
		o.LR = .001
	}
	if o.Seed == 0 {
		o.Seed = 42
	}
	return o
}

// ArticleProgress is what one epoch shows.
type ArticleProgress struct {
	Epoch   int         `json:"epoch"` // done, of Epochs
	Epochs  int         `json:"epochs"`
	LossG   float64     `json:"loss_g"`        // of the last batch, as the listing prints it
	LossD   float64     `json:"loss_d"`        // likewise, from other noise and after the generator's step
	Held    HealthPoint `json:"held"`          // on the test split, both losses from the same texts and weights
	Ill     []string    `json:"ill,omitempty"` // what Health finds in the epochs so far
	Samples [][]int32   `json:"samples,omitempty"`
}

// String is the article's line.
func (p ArticleProgress) String() string {
	return fmt.Sprintf("Epoch [%d/%d], Loss_G: %.4f, Loss_D: %.4f", p.Epoch, p.Epochs, p.LossG, p.LossD)
}

// Article runs the article's listing: a small LSTM generator from noise against a small LSTM discriminator, without a
// prompt, from nothing, with its constants. What cannot run as printed is mended in the least way: the noise is what
// sampling adds to the logits instead of floats in an embedding; the discriminator reads the tokens that were sampled
// instead of logits, so the generator learns by policy gradient with the others' mean reward as baseline; the logits of
// a text's tokens are averaged into one before the sigmoid; and the discriminator's step does not reach the generator.
// Its labels are put right unless Swapped.
//
// A fifth of the texts is held out. The same texts and options give the same bytes.
func Article(ctx context.Context, texts [][]int32, o ArticleOptions, progress func(ArticleProgress)) error {
	o = o.withDefaults()
	texts = slices.Clone(texts)
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	rng.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	split := len(texts) * 8 / 10
	if split < o.Batch || split == len(texts) {
		return fmt.Errorf("article: %d texts do not do for batches of %d", len(texts), o.Batch)
	}
	a, err := newArticlePair(texts, o)
	if err != nil {
		return fmt.Errorf("article: %w", err)
	}
	train, held := a.words.rows(texts[:split], o.MaxText), a.words.rows(texts[split:], o.MaxText)
	p := ArticleProgress{Epochs: o.Epochs}
	var points []HealthPoint
	for p.Epoch < o.Epochs {
		order := rng.Perm(len(train))
		for from := 0; from+o.Batch <= len(order); from += o.Batch {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("article: stopped after epoch %d of %d: %w", p.Epoch, o.Epochs, err)
			}
			batch := make([][]int32, o.Batch)
			for i, j := range order[from : from+o.Batch] {
				batch[i] = train[j]
			}
			if p.LossG, p.LossD, err = a.step(batch, rng); err != nil {
				return fmt.Errorf("article: epoch %d: %w", p.Epoch+1, err)
			}
		}
		p.Epoch++
		if p.Held, p.Samples, err = a.measure(held, rand.New(rand.NewPCG(o.Seed, 1))); err != nil {
			return fmt.Errorf("article: epoch %d: %w", p.Epoch, err)
		}
		points = append(points, p.Held)
		p.Ill = Health(points)
		if progress != nil {
			progress(p)
		}
	}
	return nil
}

// articleWords numbers the tokens that the texts use: <pad> is 0, <text> 1, <end> 2, the others follow in their order.
type articleWords struct {
	of   map[int32]int32
	from []int32
}

func wordsOf(texts [][]int32) articleWords {
	w := articleWords{of: map[int32]int32{}, from: []int32{PadID, TextID, EndID}}
	all := slices.Concat(texts...)
	slices.Sort(all)
	for _, id := range slices.Compact(all) {
		w.of[id] = int32(len(w.from))
		w.from = append(w.from, id)
	}
	return w
}

// rows are texts with their <end>, cut to n and padded to it.
func (w articleWords) rows(texts [][]int32, n int) [][]int32 {
	out := make([][]int32, len(texts))
	for i, text := range texts {
		row := make([]int32, 0, n)
		for _, id := range text[:min(len(text), n-1)] {
			row = append(row, w.of[id])
		}
		out[i] = append(row, 2)[:n:n]
	}
	return out
}

// text gives a row's tokens, up to its <end>.
func (w articleWords) text(row []int32) []int32 {
	var out []int32
	for _, id := range row {
		if id < 3 {
			break
		}
		out = append(out, w.from[id])
	}
	return out
}

// An articlePair is the two networks and their optimisers.
type articlePair struct {
	o                    ArticleOptions
	words                articleWords
	adamG, adamD         *adam
	stepG, stepD, sample *model.Exec
}

func newArticlePair(texts [][]int32, o ArticleOptions) (*articlePair, error) {
	a := &articlePair{o: o, words: wordsOf(texts)}
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(int64(o.Seed)); err != nil {
		return nil, err
	}
	a.sample = model.MustNewExec(backend(), store, a.sampleGraph).SetMaxCache(-1)
	none := [][]int32{make([]int32, o.MaxText)}
	if _, err := a.sample.Call(rowsTensor(none), a.noise(1, rand.New(rand.NewPCG(0, 0)))); err != nil { // makes the weights
		return nil, err
	}
	var err error
	if a.adamG, err = newAdam(store, "generator"); err != nil {
		return nil, err
	}
	if a.adamD, err = newAdam(store, "discriminator"); err != nil {
		return nil, err
	}
	a.stepG = model.MustNewExec(backend(), store, a.generatorGraph)
	a.stepD = model.MustNewExec(backend(), store, a.discriminatorGraph)
	return a, nil
}

// noise is z, [rows, MaxText, words] standard Gumbel numbers: the likeliest word of logits + z is a sample of their softmax
// (Gumbel 1954; Maddison et al. 2014).
func (a *articlePair) noise(rows int, rng *rand.Rand) *tensors.Tensor {
	z := make([]float32, rows*a.o.MaxText*len(a.words.from))
	for i := range z {
		z[i] = float32(-math.Log(rng.ExpFloat64()))
	}
	return tensors.FromFlatDataAndDimensions(z, rows, a.o.MaxText, len(a.words.from))
}

func rowsTensor(rows [][]int32) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(slices.Concat(rows...), len(rows), len(rows[0]))
}

// step takes the two steps of the listing's inner loop: the generator's, then the discriminator's on fresh noise.
func (a *articlePair) step(batch [][]int32, rng *rand.Rand) (lossG, lossD float64, err error) {
	out, err := a.stepG.Call(a.noise(len(batch), rng), a.adamG.next(a.o.LR, math.MaxFloat32))
	if err != nil {
		return 0, 0, err
	}
	lossG = float64(tensors.ToScalar[float32](out[0]))
	out, err = a.stepD.Call(rowsTensor(batch), a.noise(len(batch), rng), a.adamD.next(a.o.LR, math.MaxFloat32))
	if err != nil {
		return 0, 0, err
	}
	lossD = float64(tensors.ToScalar[float32](out[0]))
	if math.IsNaN(lossG + lossD) {
		return lossG, lossD, fmt.Errorf("the losses are %v and %v", lossG, lossD)
	}
	return lossG, lossD, nil
}

// measure lets the generator write as many texts as are held out and measures all of them.
func (a *articlePair) measure(held [][]int32, rng *rand.Rand) (HealthPoint, [][]int32, error) {
	out, err := a.sample.Call(rowsTensor(held), a.noise(len(held), rng))
	if err != nil {
		return HealthPoint{}, nil, err
	}
	real, fake := tensors.MustCopyFlatData[float32](out[0]), tensors.MustCopyFlatData[float32](out[1])
	tokens := tensors.MustCopyFlatData[int32](out[2])
	var written, people [][]int32
	for i, row := range held {
		written = append(written, a.words.text(tokens[i*a.o.MaxText:(i+1)*a.o.MaxText]))
		people = append(people, a.words.text(row))
	}
	s := discStats(real, fake, nil)
	p := HealthPoint{LossG: s.LossG, LossD: s.LossD, DReal: s.DReal, DFake: s.DFake}
	if a.o.Swapped {
		p.LossD = discStats(fake, real, nil).LossD
	}
	if d := distinct(people, 2); d > 0 {
		p.Distinct2 = distinct(written, 2) / d
	}
	return p, written[:min(len(written), shownSamples)], nil
}

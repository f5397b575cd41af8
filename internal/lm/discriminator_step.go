package lm

import (
	"fmt"
	"math"
	"math/rand/v2"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// DiscOptions say how one step of a discriminator is taken.
type DiscOptions struct {
	LR         float64 // 0 means 3e-4
	Pairwise   float64 // weight of the pairwise loss; 0 means 1, negative none
	Mismatched float64 // weight of the loss on mismatched pairs; 0 means 0.5, negative none
	Token      float64 // weight of the tokens' losses; 0 means 0.5, negative none
	Clip       float64 // largest norm of the gradients; 0 means 1, negative none
}

func (o DiscOptions) withDefaults() DiscOptions {
	for _, f := range []struct {
		v    *float64
		zero float64
	}{{&o.LR, 3e-4}, {&o.Pairwise, 1}, {&o.Mismatched, .5}, {&o.Token, .5}, {&o.Clip, 1}} {
		if *f.v == 0 {
			*f.v = f.zero
		} else if *f.v < 0 {
			*f.v = 0
		}
	}
	return o
}

// DiscStats are what one step saw, before it. Losses are in nats; D is the probability σ(logit).
type DiscStats struct {
	LossD      float64 `json:"loss_d"`     // the article's, halved: ½(−log D(x) − log(1 − D(G(z)))), means over the batch
	LossG      float64 `json:"loss_g"`     // −log D(G(z)), what the generator would lose
	Pairwise   float64 `json:"pairwise"`   // −log σ(s_real − s_fake)
	Mismatched float64 `json:"mismatched"` // −log(1 − D) of mismatched pairs; 0 without
	DReal      float64 `json:"d_real"`     // mean D(x)
	DFake      float64 `json:"d_fake"`     // mean D(G(z))
	Accuracy   float64 `json:"accuracy"`   // share of real and generated pairs on the right side, each half counting alike
	GradNorm   float64 `json:"grad_norm"`
}

// Step takes one step of Adam: binary cross-entropy with people's texts as 1 and generated ones as 0 (Goodfellow et al.
// 2014, eq. 1, halved); the pairwise term −log σ(s_real − s_fake), which cancels what is easy about a prompt
// (Bradley and Terry 1952; TextGAIL, arXiv 2004.13796); mismatched pairs (a true text with another's prompt) as further
// zeros, without which style alone would be learned; and the same cross-entropy for each token.
//
// fake[i] must be written from the same prompt as real[i].
func (d *Discriminator) Step(real, fake, mismatched []Pair, o DiscOptions) (DiscStats, error) {
	if len(real) != len(fake) || len(real) == 0 {
		panic(fmt.Sprintf("lm: %d real and %d generated texts do not make pairs", len(real), len(fake)))
	}
	o = o.withDefaults()
	n, m := roundRows(len(real)), roundRows(len(mismatched))
	pairs := make([]Pair, 2*n+m) // padded rows are empty and weigh nothing
	share := make([]float32, len(pairs))
	for _, part := range []struct {
		at    int
		pairs []Pair
	}{{0, real}, {n, fake}, {2 * n, mismatched}} {
		for i, p := range part.pairs {
			pairs[part.at+i], share[part.at+i] = p, 1/float32(len(part.pairs))
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.packed.Store(nil)
	l := d.lay(pairs)
	prompts, texts := l.tensors(len(pairs))
	weights := []float32{float32(o.Pairwise), float32(o.Mismatched), float32(o.Token)}
	keep := d.cfg.masks(len(pairs), rand.New(rand.NewPCG(uint64(d.seed), uint64(d.adam.steps))))
	out, err := d.step.Call(prompts, texts, tensors.FromFlatDataAndDimensions(share[:n], n),
		tensors.FromFlatDataAndDimensions(share[n:2*n], n), tensors.FromFlatDataAndDimensions(share[2*n:], m),
		tensors.FromFlatDataAndDimensions(keep, len(pairs), d.cfg.maskWidth()),
		tensors.FromFlatDataAndDimensions(weights, len(weights)), d.adam.next(o.LR, noneIsMuch(o.Clip)))
	if err != nil {
		return DiscStats{}, fmt.Errorf("discriminator step %d: %w", d.adam.steps, err)
	}
	logits := tensors.MustCopyFlatData[float32](out[0])
	s := discStats(logits[:len(real)], logits[n:n+len(real)], logits[2*n:][:len(mismatched)])
	s.GradNorm = float64(tensors.ToScalar[float32](out[1]))
	for _, t := range out {
		t.MustFinalizeAll()
	}
	if math.IsNaN(s.LossD) || math.IsNaN(s.GradNorm) {
		return s, fmt.Errorf("discriminator step %d: the loss is %v and the gradients' norm %v", d.adam.steps, s.LossD, s.GradNorm)
	}
	return s, nil
}

// roundRows rounds up to a power of two from 4, so that few graphs are compiled.
func roundRows(n int) int {
	rows := 4
	for rows < n {
		rows *= 2
	}
	return rows
}

// stepGraph reads its inputs in the order in which Step puts them; it gives the logits and the gradients' norm.
func (d *Discriminator) stepGraph(scope *model.Scope, in []*Node) (logits, norm *Node) {
	weightsVary(scope, in[0])
	prompts, texts, real, fake, mismatched, keep, weights := in[0], in[1], in[2], in[3], in[4], in[5], in[6]
	logits, perToken := d.logits(scope.In("discriminator"), prompts, texts, keep)
	isToken := ConvertDType(GreaterThan(texts, ZerosLike(texts)), logits.DType())
	return logits, d.adam.stepGraph(discLoss(logits, perToken, isToken, real, fake, mismatched, weights), in[7])
}

// discLoss is ½(L_real + L_fake) + pairwise·L_pair + mismatched·L_mismatched + token·½(T_real + T_fake).
//
// The rows of logits, [2n+m], and perToken, [2n+m, text], are n real, n generated and m mismatched pairs; real and fake,
// [n], and mismatched, [m], say what each row weighs in its mean; weights holds the three.
func discLoss(logits, perToken, isToken, real, fake, mismatched, weights *Node) *Node {
	n := real.Shape().Dim(0)
	weight := func(i int) *Node { return Reshape(SliceAxis(weights, 0, AxisElem(i))) }
	mean := func(share, losses *Node) *Node { return ReduceAllSum(Mul(share, losses)) }
	ofReal, ofFake := SliceAxis(logits, 0, AxisRange(0, n)), SliceAxis(logits, 0, AxisRange(n, 2*n))
	loss := MulScalar(Add(mean(real, Softplus(Neg(ofReal))), mean(fake, Softplus(ofFake))), .5)
	loss = Add(loss, Mul(weight(0), mean(real, Softplus(Sub(ofFake, ofReal)))))
	loss = Add(loss, Mul(weight(1), mean(mismatched, Softplus(SliceAxis(logits, 0, AxisRangeToEnd(2*n))))))
	sign := Concatenate([]*Node{MulScalar(OnesLike(real), -1), OnesLike(fake)}, 0) // −log σ(s) = softplus(−s) for real ones
	share := Concatenate([]*Node{real, fake}, 0)
	tokens, isToken := SliceAxis(perToken, 0, AxisRange(0, 2*n)), SliceAxis(isToken, 0, AxisRange(0, 2*n))
	each := Mul(isToken, Softplus(Mul(tokens, BroadcastToDims(ExpandAxes(sign, -1), tokens.Shape().Dimensions...))))
	ofRows := Div(ReduceSum(each, 1), MaxScalar(ReduceSum(isToken, 1), 1))
	return Add(loss, Mul(weight(2), MulScalar(mean(share, ofRows), .5)))
}

// discStats measures logits.
func discStats(real, fake, mismatched []float32) DiscStats {
	var s DiscStats
	r, f := 1/float64(max(1, len(real))), 1/float64(max(1, len(fake)))
	for i, x := range real {
		s.LossD += r * softplus(-float64(x)) / 2
		s.DReal += r * sigmoid(float64(x))
		s.Accuracy += r * onSide(x > 0) / 2
		if i < len(fake) {
			s.Pairwise += r * softplus(float64(fake[i]-x))
		}
	}
	for _, x := range fake {
		s.LossD += f * softplus(float64(x)) / 2
		s.LossG += f * softplus(-float64(x))
		s.DFake += f * sigmoid(float64(x))
		s.Accuracy += f * onSide(x < 0) / 2
	}
	for _, x := range mismatched {
		s.Mismatched += softplus(float64(x)) / float64(len(mismatched))
	}
	return s
}

func onSide(right bool) float64 {
	if right {
		return 1
	}
	return 0
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// softplus is log(1 + eˣ) = −log σ(−x).
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// Masks, one row of them a pair: over the embeddings of the prompt, those of the text, and the features.
func (c DiscriminatorConfig) maskWidth() int { return 2*c.Embed + c.features() }

func (c DiscriminatorConfig) maskColumns(mask int) (from, to int) {
	return mask * c.Embed, []int{c.Embed, 2 * c.Embed, c.maskWidth()}[mask]
}

// masks draws dropout masks for rows, scaled so that means stay.
func (c DiscriminatorConfig) masks(rows int, rng *rand.Rand) []float32 {
	rate := max(0, c.Dropout)
	keep := make([]float32, rows*c.maskWidth())
	for i := range keep {
		if rng.Float64() >= rate {
			keep[i] = float32(1 / (1 - rate))
		}
	}
	return keep
}

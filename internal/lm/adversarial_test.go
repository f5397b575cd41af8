package lm

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// The toy world of the game: a prompt names a slot (4..7), a text mentions it and ends on one of two words, each half of
// the time.
const (
	liked    int32 = 20
	disliked int32 = 21
)

func gameData(n int) []Example {
	rng := rand.New(rand.NewPCG(3, 3))
	data := make([]Example, n)
	for i := range data {
		slot := 4 + rng.Int32N(4)
		data[i] = Example{Prompt: []int32{10, slot}, Text: []int32{12 + rng.Int32N(4), slot, 16 + rng.Int32N(3), liked + rng.Int32N(2)},
			Aspect: -1, Rating: float32(math.NaN())}
	}
	return data
}

// likes judges texts by their last word alone.
func likes(_ int, text []int32) Judgement {
	if slices.Contains(text, liked) && !slices.Contains(text, disliked) {
		return Judgement{Supported: 1}
	}
	return Judgement{Unsupported: 1}
}

// fitted is a small generator fitted to the toy world by likelihood.
var fitted = sync.OnceValues(func() (*Generator, error) {
	g, err := NewGenerator(Config{Vocab: 24, Layers: 1, Dim: 16, Heads: 2, FF: 32}, 1)
	if err != nil {
		return nil, err
	}
	data := gameData(128)
	return g, g.Train(context.Background(), data, nil, TrainOptions{Epochs: 60, LR: 1e-2, BatchTokens: 2048, MicroTokens: 2048, Warmup: 10}, nil)
})

func toyGame(t testing.TB, o GameOptions) *Game {
	t.Helper()
	reference, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	g, err := reference.Clone()
	if err != nil {
		t.Fatal(err)
	}
	o.MaxTokens, o.EvalContexts, o.PretrainSteps = 8, 32, 4
	if o.Contexts == 0 {
		o.Contexts = 8
	}
	return &Game{G: g, Reference: reference, D: toyDiscriminator(t, CellGRU), Data: gameData(128), Held: 32, Judge: likes, Options: o}
}

// likedShare is how many of the texts for held-out prompts end on the liked word.
func likedShare(t testing.TB, g *Generator) float64 {
	t.Helper()
	var requests []SampleRequest
	for slot := range int32(4) {
		requests = append(requests, SampleRequest{Prompt: []int32{10, 4 + slot}, K: 64, Seed: uint64(slot)})
	}
	texts, err := g.Sample(context.Background(), requests, SampleOptions{Temperature: 1, MaxTokens: 8})
	if err != nil {
		t.Fatal(err)
	}
	n := 0.0
	for _, group := range texts {
		for _, s := range group {
			n += onSide(likes(0, s.Tokens).Supported > 0)
		}
	}
	return n / 256
}

// TestGameRaisesWhatIsRewarded plays until the rewarded word prevails; under the two controls it does not.
func TestGameRaisesWhatIsRewarded(t *testing.T) {
	reference, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	before := likedShare(t, reference)
	if before < .35 || before > .65 {
		t.Fatalf("the likelihood model writes the liked word in %.2f of its texts, want about half", before)
	}
	for _, tt := range []struct {
		control  Control
		from, to float64
	}{
		{NoControl, .9, 1},
		{ConstantReward, before - .12, before + .12},
		{RandomReward, 0, .75}, // walks about
	} {
		g := toyGame(t, GameOptions{Steps: 16, LR: 1e-2, EvalEvery: 16, HumanShare: -1, Beta: .01, Control: tt.control, Alarms: NoAlarms, Seed: 1})
		var last GameProgress
		if err := g.Run(context.Background(), func(p GameProgress) {
			last = p
			if p.LossD < BoundD(p.LossG)-1e-6 {
				t.Errorf("step %d: L_D = %.4f is below its bound for L_G = %.4f", p.Step, p.LossD, p.LossG)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if got := likedShare(t, g.G); got < tt.from || got > tt.to {
			t.Errorf("control %q: the liked word is in %.2f of the texts, want %.2f to %.2f", tt.control, got, tt.from, tt.to)
		}
		e := last.Evaluation
		if e == nil || last.Step != 16 || len(last.Samples) != shownSamples {
			t.Fatalf("control %q: the last step shows %+v", tt.control, last)
		}
		if sum(e.RealBins) != 32 || sum(e.FakeBins) != 32 {
			t.Errorf("control %q: histograms %v and %v of 32 texts", tt.control, e.RealBins, e.FakeBins)
		}
	}
}

func sum(bins [10]int) (n int) {
	for _, b := range bins {
		n += b
	}
	return n
}

// TestGameAlarms sets off an alarm at each evaluation: the weights go back, the learning rate is halved, and the third
// time the game ends.
func TestGameAlarms(t *testing.T) {
	g := toyGame(t, GameOptions{Steps: 50, LR: 1e-2, EvalEvery: 2, Alarms: Alarms{KL: 1e-9, LowD: -1, HighD: -1}, Seed: 1})
	before := g.Reference.weightsNow()
	var rates []float64
	rolledBack, last := 0, 0
	if err := g.Run(context.Background(), func(p GameProgress) {
		if p.Phase == PhaseGame && p.Step > 0 {
			rates, last = append(rates, p.LR), p.Step
		}
		if p.RolledBack {
			rolledBack++
			if !slices.Contains(p.Alarms, "kl") {
				t.Errorf("step %d rolled back by %q", p.Step, p.Alarms)
			}
			if !reflect.DeepEqual(g.G.weightsNow(), before) {
				t.Errorf("step %d: the weights did not go back", p.Step)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if want := []float64{1e-2, 1e-2, 5e-3, 5e-3, 2.5e-3, 2.5e-3}; !slices.Equal(rates, want) || rolledBack != 3 || last != 6 {
		t.Errorf("learning rates %v, %d rollbacks, last step %d; want %v, 3, 6", rates, rolledBack, last, want)
	}
	if !reflect.DeepEqual(g.G.weightsNow(), before) {
		t.Error("a game without a good evaluation does not leave the weights of its start")
	}
}

// TestRewardsAreIndependent changes one text and holds all other rewards to what they were.
func TestRewardsAreIndependent(t *testing.T) {
	g := toyGame(t, GameOptions{})
	r, err := g.start()
	if err != nil {
		t.Fatal(err)
	}
	ctx, examples := context.Background(), []int{0, 1, 2}
	plays, err := r.write(ctx, examples, 2, 1, r.rng(forTexts, 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.judge(ctx, examples, plays); err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(plays)
	changed[3].Tokens = []int32{liked, 13, 13, 13, 13, 13, 13}
	if err := r.judge(ctx, examples, changed); err != nil {
		t.Fatal(err)
	}
	for i := range plays {
		same := math.Abs(plays[i].reward.Total-changed[i].reward.Total) < 1e-5
		if same != (i != 3) {
			t.Errorf("text %d: reward %.6f, after text 3 changed %.6f", i, plays[i].reward.Total, changed[i].reward.Total)
		}
	}
}

// TestGameResumes stops a game twice, in either phase, and holds its end to that of one that was never stopped.
func TestGameResumes(t *testing.T) {
	o := GameOptions{Steps: 4, LR: 1e-2, EvalEvery: 2, Alarms: NoAlarms, Seed: 5}
	whole := toyGame(t, o)
	if err := whole.Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	o.Checkpoints = t.TempDir()
	stops := 0
	var parts *Game
	for _, stop := range []struct {
		phase string
		step  int
	}{{PhaseDiscriminator, 2}, {PhaseGame, 3}, {}} {
		parts = toyGame(t, o) // nothing but the checkpoint goes from one to the next
		ctx, cancel := context.WithCancel(context.Background())
		err := parts.Run(ctx, func(p GameProgress) {
			if p.Phase == stop.phase && p.Step == stop.step {
				cancel()
			}
		})
		cancel()
		if errors.Is(err, context.Canceled) {
			stops++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if stops != 2 {
		t.Errorf("stopped %d times, want 2", stops)
	}
	if !reflect.DeepEqual(parts.G.weightsNow(), whole.G.weightsNow()) {
		t.Error("the generator differs from that of the uninterrupted game")
	}
	if !reflect.DeepEqual(parts.D.adam.values(true), whole.D.adam.values(true)) {
		t.Error("the discriminator differs from that of the uninterrupted game")
	}
	o.LR = 2e-2
	if err := toyGame(t, o).Run(context.Background(), nil); err == nil {
		t.Error("a checkpoint of other options is resumed")
	}
}

// TestGameReads gives the discriminator texts as they are read, and keeps its view of single tokens where nothing changed.
func TestGameReads(t *testing.T) {
	g := toyGame(t, GameOptions{})
	g.Read = func(text []int32) []int32 { // 21 is read as 20
		text = slices.Clone(text)
		for i, id := range text {
			text[i] = id - onSideInt(id == disliked)
		}
		return text
	}
	r, err := g.start()
	if err != nil {
		t.Fatal(err)
	}
	plays, err := r.write(context.Background(), []int{0, 1, 2, 3}, 4, 1, r.rng(forTexts, 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.judge(context.Background(), []int{0, 1, 2, 3}, plays); err != nil {
		t.Fatal(err)
	}
	for i, p := range plays {
		changed := slices.Contains(p.Tokens, disliked)
		if slices.Contains(p.read, disliked) || changed == slices.Equal(p.read, p.Tokens) {
			t.Errorf("text %d: %v is read as %v", i, p.Tokens, p.read)
		}
		if changed != (p.perToken == nil) {
			t.Errorf("text %d: %d token logits for %v, read as %v", i, len(p.perToken), p.Tokens, p.read)
		}
		if want := score(t, g.D, []Pair{{g.Data[p.example].Prompt, p.read}})[0]; float64(want) != p.logit {
			t.Errorf("text %d: logit %g, want that of what is read, %g", i, p.logit, want)
		}
	}
}

func onSideInt(b bool) int32 { return int32(onSide(b)) }

func TestGameRefuses(t *testing.T) {
	for name, change := range map[string]func(g *Game){
		"nothing held out": func(g *Game) { g.Held = 0 },
		"too few examples": func(g *Game) { g.Data = g.Data[:g.Held+3] },
		"one text each":    func(g *Game) { g.Options.K = 1 },
		"no judge":         func(g *Game) { g.Judge = nil },
		"unknown token":    func(g *Game) { g.Data[0].Text = []int32{99} },
	} {
		g := toyGame(t, GameOptions{})
		change(g)
		if err := g.Run(context.Background(), nil); err == nil {
			t.Errorf("%s: the game begins", name)
		}
	}
}

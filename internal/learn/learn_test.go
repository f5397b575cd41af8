package learn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"because"
)

var (
	short = because.Arm{Style: because.Short, Lead: because.Bought}
	long  = because.Arm{Style: because.Detail, Lead: because.Bought}
	data  = because.Arm{Style: because.Data, Lead: because.Attribute}
	four  = []because.Arm{short, long, data, {Style: because.Warm, Lead: because.Popular}}
)

func feedback(id string, kind because.FeedbackKind, target ...string) because.Feedback {
	f := because.Feedback{ID: id, Kind: kind}
	if len(target) > 0 {
		f.Target = target[0]
	}
	return f
}

func TestReward(t *testing.T) {
	for _, tt := range []struct {
		name string
		fs   []because.Feedback
		want float64
		any  bool
	}{
		{"silence", nil, 0, false},
		{"a click", []because.Feedback{feedback("1", because.Clicked)}, .4, true},
		{"clicked and helpful", []because.Feedback{feedback("1", because.Clicked), feedback("2", because.Helpful)}, 1, true},
		{"twice the same", []because.Feedback{feedback("1", because.Clicked), feedback("2", because.Clicked)}, .4, true},
		{"wrong after a click", []because.Feedback{feedback("1", because.Clicked), feedback("2", because.Wrong)}, -.6, true},
		{"never below -1", []because.Feedback{feedback("1", because.Wrong), feedback("2", because.TooPersonal)}, -1, true},
		{"hidden", []because.Feedback{feedback("1", because.HideReason, "e1")}, -.5, true},
		{"taken back", []because.Feedback{feedback("1", because.Wrong), feedback("2", because.Undo, "1")}, 0, false},
		{"the undo taken back", []because.Feedback{feedback("1", because.Wrong), feedback("2", because.Undo, "1"), feedback("3", because.Undo, "2")}, -1, true},
		{"one of two taken back", []because.Feedback{feedback("1", because.Clicked), feedback("2", because.Helpful), feedback("3", because.Undo, "2")}, .4, true},
	} {
		if got, any := Reward(tt.fs); math.Abs(got-tt.want) > 1e-12 || any != tt.any {
			t.Errorf("%s: %v %v, want %v %v", tt.name, got, any, tt.want, tt.any)
		}
	}
}

// TestSolve: rows (1) → 1 and (1) → 0 with λ = 2 and prior .5 have w = (1 + 2·.5)/(2 + 2) = .5; a second feature that is
// 1 in the first row only gives [[2,1],[1,1]] + 2I = [[4,1],[1,3]], right side (1, 1), so w = (3−1, 4−1)/11.
func TestSolve(t *testing.T) {
	var s stats
	s.add([]cell{{0, 1}}, 1, 1)
	s.add([]cell{{0, 1}}, 0, 1)
	if w := s.solve([]int{0}, []float64{.5}, 2); math.Abs(w[0]-.5) > 1e-12 {
		t.Errorf("one feature: %v, want .5", w)
	}
	s = stats{}
	s.add([]cell{{0, 1}, {1, 1}}, 1, 1)
	s.add([]cell{{0, 1}}, 0, 1)
	w := s.solve([]int{0, 1}, []float64{0, 0}, 2)
	if math.Abs(w[0]-2./11) > 1e-12 || math.Abs(w[1]-3./11) > 1e-12 {
		t.Errorf("two features: %v, want 2/11 and 3/11", w)
	}
	if o := s.solve([]int{1, 0}, []float64{0, 0}, 2); math.Abs(o[0]-w[1]) > 1e-12 {
		t.Errorf("in the other order: %v", o)
	}
}

// TestProbabilitiesByHand has one arm without kin at the mean .8·n/(n+λ) of its rows. With n = 16 rows of reward .8 for
// arm "a" and 16 of 0 for "b" (no slash: their prior is that of all arms), λ = 4:
// all arms: .8·16/(32+4) = .35556; a: (12.8 + 4·.35556)/20 = .71111; b: (0 + 4·.35556)/20 = .07111; gap .64.
// γ = √(2·32) = 8, so p(b) = .02 + .96/(2 + 8·.64) = .02 + .96/7.12 = .154831.
// The grid moves .8 to 819/1024 = .7998.
func TestProbabilitiesByHand(t *testing.T) {
	p := New(Options{})
	x := map[string]float64{"bias": 1}
	for range 16 {
		p.Update("a", x, .8)
		p.Update("b", x, 0)
	}
	got := p.probabilities([]string{"a", "b"}, x)
	if math.Abs(got[1]-.154831) > 1e-4 || math.Abs(got[0]+got[1]-1) > 1e-12 {
		t.Errorf("p = %v, want .8452 and .1548", got)
	}
	if fresh := New(Options{}).probabilities([]string{"a", "b"}, x); math.Abs(fresh[0]-.5) > 1e-12 {
		t.Errorf("a policy that has seen nothing: %v", fresh)
	}
}

// The propensities of any mask add up to 1, and none is below the floor.
func TestProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := New(Options{})
		features := []string{"bias", "lang:zh", "device:tv", "history"}
		draw := func() map[string]float64 {
			x := map[string]float64{}
			for _, f := range features {
				x[f] = rapid.Float64Range(-2, 2).Draw(t, f)
			}
			return x
		}
		var arms []because.Arm
		for _, style := range because.Styles {
			for _, lead := range []because.EvidenceKind{because.Bought, because.Popular, because.Trend} {
				arms = append(arms, because.Arm{Style: style, Lead: lead})
			}
		}
		for range rapid.IntRange(0, 60).Draw(t, "rows") {
			p.Update(rapid.SampledFrom(arms).Draw(t, "arm").String(), draw(), rapid.Float64Range(-1, 1).Draw(t, "reward"))
		}
		mask := rapid.SliceOfNDistinct(rapid.SampledFrom(append(arms, because.NoExplanation)), 1, -1, rapid.ID[because.Arm]).Draw(t, "mask")
		sum, x := 0.0, draw()
		for _, q := range p.Probabilities(mask, x) {
			if q < min(.02, .5/float64(len(mask)))-1e-12 {
				t.Fatalf("propensity %v below the floor of %d arms", q, len(mask))
			}
			sum += q
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("propensities add up to %v", sum)
		}
		if a, q := p.Choose(mask, x, rand.New(rand.NewPCG(1, 2))); !slices.Contains(mask, a) || q != p.Probability(mask, x, a.String()) {
			t.Fatalf("chose %v with %v", a, q)
		}
	})
}

// TestFrequencies draws 40 000 times: each frequency must be within 4 standard errors of its propensity.
func TestFrequencies(t *testing.T) {
	p := New(Options{})
	x := map[string]float64{"bias": 1}
	for range 30 {
		p.Update(short.String(), x, .6)
		p.Update(data.String(), x, -.2)
	}
	const n = 40000
	rng, seen := rand.New(rand.NewPCG(5, 6)), map[because.Arm]float64{}
	for range n {
		a, q := p.Choose(four, x, rng)
		if q != p.Probability(four, x, a.String()) {
			t.Fatalf("%v: logged %v", a, q)
		}
		seen[a]++
	}
	for i, q := range p.Probabilities(four, x) {
		if se := math.Sqrt(q * (1 - q) / n); math.Abs(seen[four[i]]/n-q) > 4*se {
			t.Errorf("%v: drawn %.4f of the time, propensity %.4f", four[i], seen[four[i]]/n, q)
		}
	}
}

// crowd is readers of two groups who like different arms: on the phone a short text, on the desktop one with data.
func crowd(p *Policy, n int, seed uint64) (ims []because.Impression, feedbacks map[string][]because.Feedback) {
	rng := rand.New(rand.NewPCG(seed, 7))
	feedbacks = map[string][]because.Feedback{}
	for i := range n {
		device := []string{"phone", "desktop"}[rng.IntN(2)]
		x := map[string]float64{"bias": 1, "device:" + device: 1, "history": float64(i%50) / 50}
		arm, q := p.Choose(four, x, rng)
		liked := .15
		if device == "phone" && arm == short || device == "desktop" && arm == data {
			liked = .6
		}
		im := because.Impression{ID: fmt.Sprint("imp", i), Arm: arm.String(), Propensity: q, Features: x}
		p.Shown(im, nil)
		if rng.Float64() < liked {
			fs := []because.Feedback{{ID: fmt.Sprint("fb", i), Impression: im.ID, Kind: because.Helpful}}
			p.Answered(im, nil, fs)
			feedbacks[im.ID] = fs
		}
		ims = append(ims, im)
	}
	return ims, feedbacks
}

// TestCrowd: the policy finds what each group likes, and does better than drawing evenly.
func TestCrowd(t *testing.T) {
	p := New(Options{})
	_, early := crowd(p, 3000, 1)
	phone := map[string]float64{"bias": 1, "device:phone": 1, "history": .5}
	desktop := map[string]float64{"bias": 1, "device:desktop": 1, "history": .5}
	if q := p.Probability(four, phone, short.String()); q < .7 {
		t.Errorf("on the phone the short text has %.2f, want .7 or more", q)
	}
	if q := p.Probability(four, desktop, data.String()); q < .7 {
		t.Errorf("on the desktop the text with data has %.2f, want .7 or more", q)
	}
	if q := p.Probability(four, desktop, short.String()); q > .15 {
		t.Errorf("on the desktop the short text has %.2f", q)
	}
	// Evenly drawn arms are liked (.6 + 3·.15)/4 = .2625 of the time.
	if share := float64(len(early)) / 3000; share < .4 {
		t.Errorf("liked %.3f of the time, evenly drawn arms .2625", share)
	}
}

// TestReplay: a policy rebuilt from its impressions, in any order, equals the one that never stopped, bit for bit.
func TestReplay(t *testing.T) {
	live := New(Options{})
	ims, fs := crowd(live, 400, 2)
	forced := because.Impression{ID: "forced", Arm: short.String(), Forced: true, Features: map[string]float64{"bias": 1}}
	version := live.Version()
	live.Shown(forced, []because.Feedback{feedback("f", because.Wrong)})
	live.Answered(forced, nil, []because.Feedback{feedback("f", because.Wrong)})
	if live.Version() != version {
		t.Error("a forced impression taught something")
	}
	slices.Reverse(ims)
	again := Replay(Options{}, func(yield func(because.Impression, []because.Feedback) bool) {
		for _, im := range append(ims, forced) {
			if !yield(im, fs[im.ID]) {
				return
			}
		}
	})
	if again.Version() != version {
		t.Errorf("replayed %s, live %s", again.Version(), version)
	}
	x := map[string]float64{"bias": 1, "device:phone": 1, "history": .3}
	if a, b := live.Probabilities(four, x), again.Probabilities(four, x); !slices.Equal(a, b) {
		t.Errorf("live %v, replayed %v", a, b)
	}
	if a, b := live.Status(), again.Status(); a.Shown != b.Shown || !slices.Equal(a.Arms, b.Arms) {
		t.Errorf("live %+v\nreplayed %+v", a, b)
	}
}

// TestOneAnswerMoves: one answer moves the arm it was given to, and taking it back restores everything.
func TestOneAnswerMoves(t *testing.T) {
	p := New(Options{})
	x := map[string]float64{"bias": 1, "lang:zh": 1}
	im := because.Impression{ID: "i", Arm: data.String(), Features: x}
	p.Shown(im, nil)
	start, version := p.Probability(four, x, data.String()), p.Version()
	helpful := []because.Feedback{feedback("1", because.Helpful)}
	p.Answered(im, nil, helpful)
	if now := p.Probability(four, x, data.String()); now < start+.01 {
		t.Errorf("helpful moved %.3f to %.3f", start, now)
	}
	undone := append(helpful, feedback("2", because.Undo, "1"))
	p.Answered(im, helpful, undone)
	if p.Version() != version || p.Probability(four, x, data.String()) != start {
		t.Error("taking the answer back did not restore the policy")
	}
	p.Answered(im, undone, append(undone, feedback("3", because.Wrong)))
	if now := p.Probability(four, x, data.String()); now >= start {
		t.Errorf("wrong moved %.3f to %.3f", start, now)
	}
}

// TestStrangersFeatures: devices that strangers make up do not grow the model without bound.
func TestStrangersFeatures(t *testing.T) {
	p := New(Options{})
	for i := range 500 {
		p.Update(short.String(), map[string]float64{fmt.Sprint("device:", i): 1, "bias": math.NaN()}, math.Inf(1))
	}
	if len(p.index) > maxFeatures {
		t.Errorf("%d features", len(p.index))
	}
	for _, q := range p.Probabilities(four, map[string]float64{"device:9": 1}) {
		if math.IsNaN(q) {
			t.Error("propensity is not a number")
		}
	}
}

func BenchmarkChoose(b *testing.B) {
	p := New(Options{})
	crowd(p, 200, 1)
	rng := rand.New(rand.NewPCG(1, 1))
	x := map[string]float64{"bias": 1, "device:phone": 1}
	for b.Loop() {
		p.Update(short.String(), x, .4) // so that each choice solves anew
		p.Choose(four, x, rng)
	}
}

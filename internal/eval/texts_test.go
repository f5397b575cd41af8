package eval

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"because"
)

// TestResample: means and their intervals are those of BootstrapGroups, and corpus statistics are resampled like means.
func TestResample(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	groups, values, group := make([][]float64, 40), []float64(nil), []int32(nil)
	for g := range groups {
		for range 1 + rng.IntN(4) {
			v := rng.Float64()
			groups[g], values, group = append(groups[g], v), append(values, v), append(group, int32(g))
		}
	}
	r := newResample(group)
	mean := r.mean(values)
	some := slices.Clone(values)
	some[0] = math.NaN()
	r.mean(some)
	got, want := r.intervals(7), BootstrapGroups(groups, 1000, 7)
	if x := got[mean]; !near(x.Mean, want.Mean) || !near(x.Low, want.Low) || !near(x.High, want.High) || x.N != want.N {
		t.Errorf("%+v, want %+v", x, want)
	}
	if want := Mean(values[1:]); !near(got[1].Mean, want) {
		t.Errorf("without the first %v, want %v", got[1].Mean, want)
	}
}

func TestDerange(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	// Of three rows there are two derangements, the rotations, and each must come about half the time.
	partners, first := derange(3, 2000, rng), 0
	for r := range 2000 {
		p := [3]int32{partners[r], partners[2000+r], partners[4000+r]}
		switch p {
		case [3]int32{1, 2, 0}:
			first++
		case [3]int32{2, 0, 1}:
		default:
			t.Fatalf("not a derangement: %v", p)
		}
	}
	if first < 900 || first > 1100 { // n 2000, p ½, sd 22
		t.Errorf("%d of 2000 are the one rotation", first)
	}
	if derange(1, 10, rng) != nil {
		t.Error("one row has no other")
	}
}

// add gives texts with references, one word a letter.
func add(x *Texts, user, item, prediction, reference string) {
	space := func(s string) string { return strings.Join(strings.Split(s, ""), " ") }
	x.Add(TextRow{User: user, Item: item, Prediction: space(prediction), Reference: space(reference), Rating: math.NaN(), PredictedRating: math.NaN()})
}

func report(t *testing.T, x *Texts) TextReport {
	t.Helper()
	r, err := x.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestMargin: of two rows there is one derangement. Own scores are 1 (ab, ab) and ½ (cx, cd); with references swapped
// ab meets cd (0) and cx meets ab (0). So the margin is all of the mean of .75.
func TestMargin(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.English})
	add(x, "u", "i", "ab", "ab")
	add(x, "v", "j", "cx", "cd")
	m := report(t, x).Margin
	if m == nil || !near(m.Own.Mean, 75) || m.Shuffled.Mean != 0 || !near(m.Margin.Mean, 75) || m.Low != 0 || m.High != 0 {
		t.Errorf("margin %+v", m)
	}
	// Everybody is told the same, and every reference begins with it: the score does not care whose reference it is.
	x = NewTexts(TextOptions{Lang: because.English})
	for i := range 12 { // so many that no third word is said by a quarter of either half
		add(x, fmt.Sprint(i), "i", "ab", "ab"+string(rune('k'+i)))
	}
	r := report(t, x)
	if m := r.Margin; !near(m.Own.Mean, 80) || !near(m.Margin.Mean, 0) || !near(r.USR, 1./12) { // P 1, R 2/3: F .8
		t.Errorf("a template: %+v", m)
	}
	// The control that learns the opening from the other half finds it, and scores the same.
	if c := r.Controls[0]; c.Name != "opening" || c.Text != "a b" || !near(c.R1.Mean, 80) || !near(c.Lead.Mean, 0) || c.Margin != nil {
		t.Errorf("opening %+v", c)
	}
	if r.Opening != nil {
		t.Errorf("texts of two words have no opening of five: %+v", r.Opening)
	}
}

// TestConstant: of ab, ab, ab, cd in either half, ab is like the most others.
func TestConstant(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.English})
	for i := range 8 {
		ref := "ab"
		if i%4 == 3 {
			ref = "cd"
		}
		add(x, "", "", "xy", ref)
	}
	c := report(t, x).Controls[1]
	if c.Name != "constant" || c.Text != "a b" || !near(c.R1.Mean, 75) || !near(c.Lead.Mean, -75) {
		t.Errorf("constant %+v", c)
	}
}

// TestEchoes: after the opening that all share, the profile of each row is repeated.
func TestEchoes(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.English})
	for i := range 12 {
		w := fmt.Sprintf("w%d", i)
		x.Add(TextRow{Prediction: "so", Reference: "o p " + w, ItemProfile: strings.ToUpper(w), UserProfile: "q", Rating: math.NaN(), PredictedRating: math.NaN()})
	}
	r := report(t, x)
	item, user := r.Controls[2], r.Controls[3]
	// The item's echo is the reference; shuffled, two of three words are left. The user's has two of three on both sides.
	if item.Name != "item" || !near(item.R1.Mean, 100) || !near(item.Margin.Mean, 100./3) {
		t.Errorf("echo of the item %+v, margin %+v", item, item.Margin)
	}
	if user.Name != "user" || !near(user.R1.Mean, 200./3) || !near(user.Margin.Mean, 0) || len(r.Controls) != 4 {
		t.Errorf("echo of the user %+v", user)
	}
}

// TestSwaps: two users' texts on one item agree in the item's word and differ in the user's. Own score 1; with the other
// user's text ½. No user has two items.
func TestSwaps(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.English})
	add(x, "u", "i", "ab", "ab")
	add(x, "v", "i", "ac", "ac")
	add(x, "w", "j", "d", "e")
	s := report(t, x).Swaps
	if len(s) != 1 || s[0].Name != "user" || s[0].Rows != 2 || !near(s[0].Own.Mean, 100) || !near(s[0].Swapped.Mean, 50) || !near(s[0].Loss.Mean, 50) {
		t.Errorf("swaps %+v", s)
	}
}

func TestDiversity(t *testing.T) {
	texts := [][]string{{"a", "b", "a"}, {"a", "b"}}
	// Of five words two are different; of ab, ba, ab two of three.
	if d1, d2 := Distinct(texts, 1), Distinct(texts, 2); !near(d1, .4) || !near(d2, 2./3) {
		t.Errorf("distinct-1 %v, distinct-2 %v", d1, d2)
	}
	// aba: words 2 of 3 are in ab (one a, one b), pairs 1 of 2, no three: half a match of one. ∛(2/3 · 1/2 · 1/2).
	// ab: all words and all pairs.
	got := SelfBLEU(texts)
	if !near(got[0], math.Cbrt(1./6)) || !near(got[1], 1) {
		t.Errorf("self-BLEU %v", got)
	}
	if SelfBLEU(texts[:1]) != nil {
		t.Error("one text has no others")
	}
}

// TestSelfBLEUAll holds the linear self-BLEU to counting against every other text.
func TestSelfBLEUAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	texts := make([][]int32, 30)
	for i := range texts {
		for range rng.IntN(9) {
			texts[i] = append(texts[i], int32(rng.IntN(5)))
		}
	}
	for i, got := range SelfBLEU(texts) {
		logs, orders := 0.0, 0
		for n := 1; n <= 4 && n <= len(texts[i]); n++ {
			match := 0.0
			for g, c := range gramCounts(texts[i], n) {
				most := int32(0)
				for j := range texts {
					if j != i {
						most = max(most, gramCounts(texts[j], n)[g])
					}
				}
				match += float64(min(c, most))
			}
			logs += math.Log(max(match, .5) / float64(len(texts[i])-n+1))
			orders++
		}
		if want := math.Exp(logs / float64(max(1, orders))); orders > 0 && !near(got, want) {
			t.Errorf("text %d: %v, want %v", i, got, want)
		}
	}
}

// TestTrigrams: one text, a b. Single words: a, b and the end once each, three different of four that there are (a, b,
// unknown, end), so p(a) = (1 + 3/4)/6 = .2917. After the start came a alone: (1 + .2917)/2 = .6458, and after nothing
// and the start the same again: (1 + .6458)/2 = .8229.
func TestTrigrams(t *testing.T) {
	m := newTrigrams([][]int32{{0, 1}}, map[int32]bool{0: true, 1: true})
	if got := m.p(textStart, textStart, 0); !near(got, .8229) {
		t.Errorf("p = %v", got)
	}
	sum := 0.0
	for _, w := range []int32{0, 1, unknown, textEnd} {
		sum += m.p(textStart, 0, w)
	}
	if !near(sum, 1) {
		t.Errorf("probabilities add up to %v", sum)
	}
	if x := m.perplexity([][]int32{{0, 1}}, 1); x.Mean < 1 || x.Mean > 1.3 {
		t.Errorf("perplexity of what was learned: %+v", x)
	}
}

// TestDiscriminate: texts with a tell are told apart always, texts from one source as often as not.
func TestDiscriminate(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	text := func() string {
		var b strings.Builder
		for range 12 {
			fmt.Fprintf(&b, "w%d ", rng.IntN(60))
		}
		return b.String()
	}
	var same, tell []pair
	for range 600 {
		same = append(same, pair{text(), text()})
		tell = append(tell, pair{"Indeed " + text(), text()})
	}
	for name, read := range map[string]reading{"words": wordRuns(XRec), "characters": runeRuns} {
		if x := discriminate(read, same[:400], same[400:], 1); x.Low > .5 || x.High < .5 {
			t.Errorf("%s: one source, accuracy %+v", name, x)
		}
		if x := discriminate(read, tell[:400], tell[400:], 1); x.Mean < .99 {
			t.Errorf("%s: a tell, accuracy %+v", name, x)
		}
	}
}

// TestTextsOfPublicCode: what the report says of a family is what its functions say.
func TestTextsOfPublicCode(t *testing.T) {
	rows := [][2]string{
		{"It's a good, quiet room!", "The room's good; it's quiet."},
		{"good food and staff", "good staff"},
		{"", "nothing here"},
	}
	x := NewTexts(TextOptions{Lang: because.English})
	var b BLEU
	var r1, rl []float64
	for _, r := range rows {
		x.Add(TextRow{Prediction: r[0], Reference: r[1], Rating: math.NaN(), PredictedRating: math.NaN()})
		hyp, ref := PEPLER.Tokens(r[0]), PEPLER.Tokens(r[1])
		b.Add(CountBLEU(hyp, ref))
		r1, rl = append(r1, ROUGE(1, PEPLER.rougeTokens(hyp), ref).F), append(rl, ROUGEL(PEPLER.rougeTokens(hyp), ref).F)
	}
	got := report(t, x)
	i := slices.IndexFunc(got.Families, func(f FamilyScores) bool { return f.Family == "pepler" })
	f := got.Families[i]
	if !near(f.BLEU1.Mean, 100*b.Score(1)) || !near(f.R1F.Mean, 100*Mean(r1)) || !near(f.RLF.Mean, 100*Mean(rl)) {
		t.Errorf("%+v", f)
	}
	if got.Rows != 3 || got.References != 3 || got.USN != 3 {
		t.Errorf("%+v", got)
	}
}

// TestTextsAlone: without references there are still lengths, unique texts, features, ratings and variety.
func TestTextsAlone(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.Chinese, Features: []string{"续航"}})
	x.Add(TextRow{Prediction: "手表续航长。", Features: []string{"续航"}, Rating: 4, PredictedRating: 9})
	x.Add(TextRow{Prediction: "手表轻便。", Features: []string{"屏幕"}, Rating: 2, PredictedRating: 3})
	r := report(t, x)
	// 9 is clipped to 4, none off; 3 is one off 2: √(1/2).
	if r.Families != nil || r.Margin != nil || r.Features.FMR != .5 || r.Features.FCR != .5 || !near(r.Ratings.RMSE, math.Sqrt(.5)) {
		t.Errorf("%+v %+v %+v", r, r.Features, r.Ratings)
	}
	if len(r.Diversity) != 2 || r.Diversity[1].Family != "chars" || r.Diversity[0].Real != nil || len(r.Discriminators) != 0 {
		t.Errorf("%+v", r.Diversity)
	}
}

// TestTextsSame: same rows and seed, same numbers, whatever the number of workers; a cancelled run ends.
func TestTextsSame(t *testing.T) {
	x := func() TextReport {
		x, rng := NewTexts(TextOptions{Lang: because.English, Seed: 3, Sample: 200}), rand.New(rand.NewPCG(1, 1))
		for i := range 1500 {
			word := func() string { return string(rune('a' + rng.IntN(20))) }
			add(x, fmt.Sprint(i%300), fmt.Sprint(i%40), word()+word()+word(), word()+word()+word())
		}
		return report(t, x)
	}
	if a, b := fmt.Sprintf("%+v", *x().Margin), fmt.Sprintf("%+v", *x().Margin); a != b {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	texts := NewTexts(TextOptions{Lang: because.English})
	add(texts, "u", "i", "ab", "ab")
	add(texts, "v", "j", "ab", "ab")
	if _, err := texts.Report(cancelled); err == nil {
		t.Error("a cancelled report has no error")
	}
}

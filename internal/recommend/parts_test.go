package recommend

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"because"
	"because/internal/synth"
)

// TestInvert multiplies random positive definite matrices with their inverses, of sizes around the block and the tile.
func TestInvert(t *testing.T) {
	for _, n := range []int{1, 3, 64, 65, 130, 600} {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		a := make([]float32, n*n)
		for i := range n {
			for j := range i {
				v := float32(r.NormFloat64())
				a[i*n+j], a[j*n+i] = v, v
			}
			a[i*n+i] = float32(n) + 5
		}
		inv, same := slices.Clone(a), slices.Clone(a)
		if err := invert(context.Background(), inv, n, 1, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		if err := invert(context.Background(), same, n, 5, func(int, int) {}); err != nil || !slices.Equal(inv, same) {
			t.Errorf("n %d: 5 workers differ from 1 (%v)", n, err)
		}
		for i := range n {
			for j := range n {
				sum := 0.0
				for k := range n {
					sum += float64(a[i*n+k]) * float64(inv[k*n+j])
				}
				if want := truth(i == j); math.Abs(sum-want) > 1e-4 {
					t.Fatalf("n %d: product at %d,%d is %g", n, i, j, sum)
				}
			}
		}
	}
}

func TestAxpy(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for n := range 40 {
		row := func() []float32 {
			x := make([]float32, n)
			for i := range x {
				x[i] = float32(r.NormFloat64())
			}
			return x
		}
		y, b0, b1, b2, b3 := row(), row(), row(), row(), row()
		plain := slices.Clone(y)
		a := [4]float32{.5, -1, 2, .25}
		axpy4(y, &a, b0, b1, b2, b3)
		axpy4Plain(plain, &a, b0, b1, b2, b3)
		for i := range y {
			if math.Abs(float64(y[i]-plain[i])) > 1e-5 {
				t.Fatalf("n %d: %g, plain %g", n, y[i], plain[i])
			}
		}
	}
}

// TestEASE solves two items by hand: 6 users like both and 4 more like each, so XᵀX + 20·I = [[30 6] [6 30]],
// P = 1/(30²−6²)·[[30 −6] [−6 30]] and B₁₂ = −P₁₂/P₂₂ = 6/30.
func TestEASE(t *testing.T) {
	c := newCatalogue([]because.Item{{ID: "a"}, {ID: "b"}, {ID: "c"}})
	r := &rows{}
	like := func(items ...int32) {
		for _, i := range items {
			r.xs = append(r.xs, row{user: int32(r.users), item: i, weight: 1})
		}
		r.users++
	}
	for range 6 {
		like(0, 1)
	}
	for range 4 { // c has 8 users and is cut off by the limit of 2 dense items
		like(0, 2)
		like(1, 2)
	}
	d, err := newDense(context.Background(), c, r, 2, 1, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Items) != 2 || d.row(2) != nil {
		t.Fatalf("dense items %v", d.Items)
	}
	if got := d.row(0)[1]; math.Abs(float64(got)-.2) > 1e-6 {
		t.Errorf("B is %g, want 0.2", got)
	}
	if d.row(0)[0] != 0 {
		t.Error("an item counts for itself")
	}
}

// TestFillAgreesWithCauses holds every part of the blend to its decomposition, on every item of a world.
func TestFillAgreesWithCauses(t *testing.T) {
	w, d, o := world(t, synth.Options{Users: 60, Items: 120, Interactions: 4000, Domains: []string{"shop", "travel"}})
	m, err := Fit(context.Background(), d, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := d.Histories()
	said := make([]bool, len(parts))
	for k, u := range w.Users[:30] {
		q := Query{History: h[u.ID], Profile: u.Profile, Context: because.Context{At: w.Truth.To, Device: "phone", Place: "home"}}
		if k%3 == 0 {
			q.Hidden = []string{"category:backpack", "context:hour=night", "price:", "profile:interests"}
		}
		s := m.newState(&q)
		for p := range parts {
			out := make([]float64, len(m.Items.IDs))
			parts[p].fill(s, out)
			for i := range out {
				sum := 0.0
				parts[p].causes(s, int32(i), func(name string, v float64) {
					sum += v
					said[p] = said[p] || v != 0
					if slices.Contains(q.Hidden, name) {
						t.Errorf("%s is hidden", name)
					}
				})
				if math.Abs(sum-out[i]) > 1e-9 {
					t.Fatalf("part %d, %s: causes add up to %g, not %g", p, m.Items.IDs[i], sum, out[i])
				}
			}
		}
	}
	if k := slices.Index(said, false); k >= 0 {
		t.Errorf("part %d never says anything here", k)
	}
}

// TestHistoryRemoval: with the weights of the rest frozen, leaving an item out of the history changes what items of the
// history bring by exactly its contribution.
func TestHistoryRemoval(t *testing.T) {
	_, d, o := world(t, synth.Options{Users: 60, Items: 120, Interactions: 4000, Domains: []string{"shop"}})
	m, err := Fit(context.Background(), d, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	q := Query{History: d.Histories()["u_lin"]}
	whole := m.newState(&q)
	for p := range parts {
		if parts[p].ranker != "ease" && parts[p].ranker != "neighbours" {
			continue
		}
		before := make([]float64, len(m.Items.IDs))
		parts[p].fill(whole, before)
		moved := 0
		for k, h := range whole.past {
			less := *whole
			less.past = slices.Delete(slices.Clone(whole.past), k, k+1)
			after := make([]float64, len(before))
			parts[p].fill(&less, after)
			for i := range before {
				contribution := 0.0
				parts[p].causes(whole, int32(i), func(name string, v float64) {
					if name == "history:"+m.Items.IDs[h.item] {
						contribution += v
					}
				})
				moved += int(truth(contribution != 0))
				if math.Abs(before[i]-after[i]-contribution) > 1e-9 {
					t.Fatalf("without %s: %s falls by %g, its contribution is %g", m.Items.IDs[h.item], m.Items.IDs[i], before[i]-after[i], contribution)
				}
			}
		}
		if moved == 0 {
			t.Errorf("%s: no item of the history contributes anything", parts[p].ranker)
		}
	}
}

// TestSlab: with n tries at rate p and as many hits as expected nothing is liked; with twice as many, something is; the
// more so the more tries.
func TestSlab(t *testing.T) {
	s := slab{Share: .1, Width: 4}
	same := s.lift(trace{o: 3, n: 10, p: .3})
	more, much := s.lift(trace{o: 6, n: 10, p: .3}), s.lift(trace{o: 36, n: 60, p: .3})
	less := s.lift(trace{o: 2, n: 60, p: .3})
	if math.Abs(same) > .02 || more <= same || much <= 2*more || less >= -.5 {
		t.Errorf("lifts %.3f %.3f %.3f %.3f", same, more, much, less)
	}
	// By hand: all 8 of 8 at p = ½ under Beta(2, 2): B(10, 2)/B(2, 2) = (1/110)/(1/6) = 6/110, against 1/256:
	// ln(256·6/110) = 2.6365.
	if got := binaryEvidence(trace{o: 8, n: 8, p: .5}, 4); math.Abs(got-2.6365) > 1e-4 {
		t.Errorf("evidence %.4f, want 2.6365", got)
	}
	// A sum of 4 over 4 values under variance 1: ½·16/5 − ½·ln 5 = 0.7953.
	if got := normalEvidence(trace{o: 4, n: 4}, 1); math.Abs(got-.7953) > 1e-4 {
		t.Errorf("evidence %.4f, want 0.7953", got)
	}
}

// TestLogit: with one feature, the item turned to having it twice as often as chance would, the weight is ln 2 where
// nothing pulls. Three trials of two rows: in two of them row 0 has the feature, in one row 1 has it: p = 2/3.
func TestLogit(t *testing.T) {
	row := func(x float32) []float32 { v := make([]float32, len(parts)); v[0] = x; return v }
	ts := []*trial{{rows: [][]float32{row(1), row(0)}}, {rows: [][]float32{row(1), row(0)}}, {rows: [][]float32{row(0), row(1)}}}
	free := make([]bool, len(parts))
	free[0] = true
	zero := make([]float64, len(parts))
	if w := fitLogit(ts, zero, zero, free, 1e-6); math.Abs(w[0]-math.Ln2) > 1e-4 {
		t.Errorf("weight %.5f, want ln 2", w[0])
	}
	ts[0].rows[0], ts[0].rows[1] = ts[0].rows[1], ts[0].rows[0]
	ts[1].rows[0], ts[1].rows[1] = ts[1].rows[1], ts[1].rows[0]
	if w := fitLogit(ts, zero, zero, free, 1e-6); w[0] != 0 {
		t.Errorf("weight %.5f of a feature that is shunned, want 0", w[0])
	}
}

func TestTop(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		n, k := 1+r.IntN(3000), 1+r.IntN(60)
		scores, among := make([]float64, n), make([]int32, n)
		for i := range n {
			scores[i], among[i] = float64(r.IntN(200)), int32(i)
		}
		all := slices.Clone(among)
		slices.SortStableFunc(all, func(a, b int32) int { return int(scores[b] - scores[a]) })
		if got := top(scores, among, k); !slices.Equal(got, all[:min(k, n)]) {
			t.Fatalf("top %d of %d differs from a full sort", k, n)
		}
	}
}

func BenchmarkRecommend(b *testing.B) {
	d := movies(b)
	m, err := Fit(context.Background(), d, Options{Seed: 1}, nil)
	if err != nil {
		b.Fatal(err)
	}
	histories := d.Histories()
	var users []string
	for _, u := range sortedKeys(histories) {
		if n := len(histories[u]); n >= 10 && n <= 40 {
			users = append(users, u)
		}
	}
	k := 0
	for b.Loop() {
		m.Recommend(Query{History: histories[users[k%len(users)]]})
		k++
	}
}

func BenchmarkInvert(b *testing.B) {
	const n = 1000
	a := make([]float32, n*n)
	for b.Loop() {
		for i := range a {
			a[i] = float32(i%7) * .01
		}
		for i := range n {
			a[i*n+i] = 100
		}
		if err := invert(context.Background(), a, n, 2, func(int, int) {}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*n*n*2*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

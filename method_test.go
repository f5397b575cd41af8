package because_test

import (
	"math"
	"testing"
)

// What docs/method.md works out is checked here from its definitions alone; that the code does the same is for the tests
// of internal/lm.

func logistic(s float64) float64 { return 1 / (1 + math.Exp(-s)) }

// slope is the central difference of f at x.
func slope(f func(float64) float64, x float64) float64 {
	const h = 1e-5
	return (f(x+h) - f(x-h)) / (2 * h)
}

func same(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.6f, want %.6f", what, got, want)
	}
}

func softmax(a []float64) []float64 {
	out, sum := make([]float64, len(a)), 0.0
	for i, v := range a {
		out[i] = math.Exp(v)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// moved is a copy of a with x in place i.
func moved(a []float64, i int, x float64) []float64 {
	out := append([]float64(nil), a...)
	out[i] = x
	return out
}

// TestDocsGradients holds the derivatives of the method, and the article's printed ones, to central differences.
func TestDocsGradients(t *testing.T) {
	lossG := func(d float64) float64 { return -math.Log(d) }
	lossD := func(real, fake float64) float64 { return -math.Log(real) - math.Log(1-fake) }
	for _, d := range []float64{.1, .5, .8} {
		const real = .7
		ofG := slope(lossG, d)
		ofReal := slope(func(x float64) float64 { return lossD(x, d) }, real)
		ofFake := slope(func(x float64) float64 { return lossD(real, x) }, d)
		same(t, "dL_G/dD", ofG, -1/d, 1e-4)
		same(t, "dL_D/dD(x)", ofReal, -1/real, 1e-4)
		same(t, "dL_D/dD(G)", ofFake, 1/(1-d), 1e-4)
		if printed := 1 / d; printed*ofG >= 0 {
			t.Errorf("the printed dL_G/dG = %.3f does not have the wrong sign", printed)
		}
		same(t, "minus the printed dL_D/dD, both as one variable", ofReal+ofFake, -(1/real - 1/(1-d)), 1e-4)

		s := math.Log(d / (1 - d))
		same(t, "dL_G/ds", slope(func(s float64) float64 { return lossG(logistic(s)) }, s), -(1 - d), 1e-6)
		same(t, "dL_D/ds(x)", slope(func(s float64) float64 { return lossD(logistic(s), .5) }, s), -(1 - d), 1e-6)
		same(t, "dL_D/ds(G)", slope(func(s float64) float64 { return lossD(.5, logistic(s)) }, s), d, 1e-6)
		same(t, "the saturating form", slope(func(s float64) float64 { return math.Log(1 - logistic(s)) }, s), -d, 1e-6)
	}

	a := []float64{.3, -1, 2, .5}
	o := softmax(a)
	for i := range a {
		row := 0.0
		for j := range a {
			got := slope(func(x float64) float64 { return softmax(moved(a, j, x))[i] }, a[j])
			want := -o[i] * o[j]
			if i == j {
				want += o[i]
			}
			same(t, "do/da", got, want, 1e-6)
			row += got
		}
		same(t, "a row of the Jacobian", row, 0, 1e-6)
		same(t, "softmax of a + 3", softmax([]float64{a[0] + 3, a[1] + 3, a[2] + 3, a[3] + 3})[i], o[i], 1e-12)
		target := 0.0
		if i == 2 {
			target = 1
		}
		same(t, "dL/da of cross-entropy", slope(func(x float64) float64 { return -math.Log(softmax(moved(a, i, x))[2]) }, a[i]), o[i]-target, 1e-6)
	}

	// A GRU of one unit.
	const ur, cr, uz, cz, un, cn, x = .7, .1, -.4, .2, .9, -.3, .5 // x stands for each gate's input
	gate := func(u, c, h float64) float64 { return logistic(x + u*h + c) }
	unit := func(h float64) (r, z, n, next float64) {
		r, z = gate(ur, cr, h), gate(uz, cz, h)
		n = math.Tanh(x + r*(un*h+cn))
		return r, z, n, (1-z)*n + z*h
	}
	const h = .6
	r, z, n, _ := unit(h)
	same(t, "dh'/dh", slope(func(h float64) float64 { _, _, _, next := unit(h); return next }, h),
		z+(h-n)*z*(1-z)*uz+(1-z)*(1-n*n)*(r*un+(un*h+cn)*r*(1-r)*ur), 1e-6)
}

// TestDocsEstimators draws every outcome there is: the leave-one-out gradient is that of the expected reward, k3 is on
// average the divergence from the reference, and its own derivative is that of the other divergence.
func TestDocsEstimators(t *testing.T) {
	a, reward := []float64{.2, -.5, .9}, []float64{1, -2, 3.5}
	p, reference := softmax(a), softmax([]float64{.6, .1, 0})
	score := func(y, j int) float64 { // d log p[y] / d a[j]
		if y == j {
			return 1 - p[j]
		}
		return -p[j]
	}
	expected := func(p []float64) (sum float64) {
		for i, v := range p {
			sum += v * reward[i]
		}
		return sum
	}
	divergence := func(p, q []float64) (sum float64) {
		for i := range p {
			sum += p[i] * math.Log(p[i]/q[i])
		}
		return sum
	}
	k3 := 0.0
	for y := range p {
		r := reference[y] / p[y]
		if r-math.Log(r)-1 < 0 {
			t.Errorf("k3 of %.3f is negative", r)
		}
		k3 += p[y] * (r - math.Log(r) - 1)
	}
	same(t, "the mean of k3", k3, divergence(p, reference), 1e-12)
	for j := range a {
		leaveOneOut, alone, ofK3 := 0.0, 0.0, 0.0
		for y1 := range p {
			for y2 := range p { // k = 2: the other text's reward is the baseline
				leaveOneOut += p[y1] * p[y2] * ((reward[y1]-reward[y2])*score(y1, j) + (reward[y2]-reward[y1])*score(y2, j)) / 2
			}
			alone += p[y1] * reward[y1] * score(y1, j)
			ofK3 += p[y1] * (1 - reference[y1]/p[y1]) * score(y1, j)
		}
		want := slope(func(x float64) float64 { return expected(softmax(moved(a, j, x))) }, a[j])
		same(t, "the gradient with the leave-one-out baseline", leaveOneOut, want, 1e-6)
		same(t, "the gradient without a baseline", alone, want, 1e-6)
		same(t, "the mean derivative of k3", ofK3, slope(func(x float64) float64 { return divergence(reference, softmax(moved(a, j, x))) }, a[j]), 1e-6)
	}
}

// TestDocsNumbers works the numbers out that the method names.
func TestDocsNumbers(t *testing.T) {
	const lossG, lossD = .4266, .3141
	bound := -math.Log(1-math.Exp(-lossG)) / 2
	same(t, "the bound", bound, .5288, 5e-5)
	same(t, "the bound without the half", 2*bound, 1.0576, 5e-5)
	if lossD >= bound {
		t.Error("the printed pair keeps the bound")
	}
	same(t, "swapped, the bound", lossG/2, .2133, 5e-5)
	same(t, "swapped, what is left for real texts", 2*lossD-lossG, .2016, 5e-5)
	same(t, "swapped, D(x)", 1-math.Exp(-(2*lossD-lossG)), .18, 5e-3)
	same(t, "D(G(z))", math.Exp(-lossG), .65, 5e-3)

	const k, outcomes = 4, 100000 // of equal probability and different scores
	kl := 0.0
	for i := range outcomes {
		best := math.Pow(float64(i+1)/outcomes, k) - math.Pow(float64(i)/outcomes, k)
		kl += best * math.Log(best*outcomes)
	}
	same(t, "how far the best of four lies", kl, math.Log(k)-(k-1.0)/k, 1e-4)
	same(t, "how far the best of four lies", kl, .6363, 1e-4)

	turn := func(v [2]float64, at float64) [2]float64 {
		sin, cos := math.Sincos(at * .3)
		return [2]float64{v[0]*cos - v[1]*sin, v[0]*sin + v[1]*cos}
	}
	dot := func(a, b [2]float64) float64 { return a[0]*b[0] + a[1]*b[1] }
	q, key := [2]float64{.4, -1}, [2]float64{2, .7}
	same(t, "rotated by 5 and 9", dot(turn(q, 5), turn(key, 9)), dot(q, turn(key, 4)), 1e-12)
	same(t, "int8 with a scale for 64", 4/(1+4.0/64), 3.76, 5e-3)
}

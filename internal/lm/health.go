package lm

import "math"

// BoundD is the least L_D that correct labels allow on the same batch and weights where the generator loses lossG:
// L_D = ½(−mean log D(x) − mean log(1 − D(G(z)))) ≥ −½ log(1 − e^(−L_G)), since the first mean is not negative and
// u ↦ −log(1 − e^(−u)) is convex (Jensen) with u = −log D(G(z)), whose mean is L_G. A pair of losses below it comes from
// swapped labels or from different batches.
func BoundD(lossG float64) float64 { return -math.Log(-math.Expm1(-lossG)) / 2 }

// A HealthPoint is one moment of an adversarial training, all on the same batch and weights.
type HealthPoint struct {
	LossG     float64 `json:"loss_g"`
	LossD     float64 `json:"loss_d"` // as it was trained
	DReal     float64 `json:"d_real"`
	DFake     float64 `json:"d_fake"`
	Distinct2 float64 `json:"distinct2"` // of the generator's texts, as a share of that of people's
}

// Names of what Health finds.
const (
	HealthNaN       = "nan"       // a loss is no number
	HealthBound     = "bound"     // L_D below what correct labels allow
	HealthSwapped   = "swapped"   // people's texts are called generated and the other way round, ever more surely
	HealthSaturated = "saturated" // the discriminator is so sure that its reward no longer tells texts apart
	HealthCollapsed = "collapsed" // the texts are hardly different from each other
)

// Health names what is wrong with a training, by its last tenth of points (at least one), in a fixed order; nil is well.
func Health(points []HealthPoint) []string {
	if len(points) == 0 {
		return nil
	}
	last := points[len(points)-max(1, len(points)/10):]
	var mean HealthPoint
	n := 1 / float64(len(last))
	bound := 0
	for _, p := range last {
		mean.LossG += n * p.LossG
		mean.LossD += n * p.LossD
		mean.DReal += n * p.DReal
		mean.DFake += n * p.DFake
		mean.Distinct2 += n * p.Distinct2
		if p.LossD < BoundD(p.LossG)-1e-3 {
			bound++
		}
	}
	if math.IsNaN(mean.LossG) || math.IsNaN(mean.LossD) || math.IsInf(mean.LossG, 0) || math.IsInf(mean.LossD, 0) {
		return []string{HealthNaN}
	}
	var found []string
	for _, check := range []struct {
		name string
		ill  bool
	}{
		{HealthBound, 2*bound > len(last)},
		{HealthSwapped, mean.DFake-mean.DReal > .2 && mean.LossD < math.Ln2},
		{HealthSaturated, mean.DFake < .02 && mean.DReal > .98},
		{HealthCollapsed, mean.Distinct2 < .25},
	} {
		if check.ill {
			found = append(found, check.name)
		}
	}
	return found
}

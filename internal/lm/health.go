package lm

import "math"

// BoundD is the least L_D that correct labels allow on the same batch and weights where the generator loses lossG:
// L_D = ½(−mean log D(x) − mean log(1 − D(G(z)))) ≥ −½ log(1 − e^(−L_G)), since the first mean is not negative and
// u ↦ −log(1 − e^(−u)) is convex (Jensen) with u = −log D(G(z)), whose mean is L_G. A pair of losses below it comes from
// swapped labels or from different batches.
func BoundD(lossG float64) float64 { return -math.Log(-math.Expm1(-lossG)) / 2 }

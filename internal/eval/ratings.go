package eval

import "math"

// RatingErrors are RMSE and MAE of predicted ratings, each clipped to the range [low, high] of the true ones first, as
// the public code does.
func RatingErrors(predicted, actual []float64, low, high float64) (rmse, mae float64) {
	squares, sizes := 0.0, 0.0
	for i, p := range predicted {
		d := min(max(p, low), high) - actual[i]
		squares += d * d
		sizes += math.Abs(d)
	}
	n := float64(len(predicted))
	return math.Sqrt(ratio(squares, n)), ratio(sizes, n)
}

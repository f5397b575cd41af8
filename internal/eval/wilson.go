package eval

import "math"

// Wilson is the share k of n with its 95 % score interval (Wilson 1927), which stays inside [0, 1] and says something of
// 0 and of all. Of nothing it is zero with an empty interval.
func Wilson(k, n int) Interval {
	if n == 0 {
		return Interval{}
	}
	const z = 1.959964
	m := float64(n)
	p := float64(k) / m
	mid, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high := (mid-half)/(1+z*z/m), (mid+half)/(1+z*z/m)
	return Interval{Mean: p, Low: max(0, min(low, p)), High: min(1, max(high, p)), N: n} // rounding may put 1 below 1
}

package ingest

import (
	"math"

	"because"
)

// longDwell is the stay in seconds from which a view counts in full.
const longDwell = 120

// Weight is the strength of liking that an interaction shows, in [-1, 1], from its kind, value and dwell: a search .2, a
// view .2 to .4 by how long it lasted, a click .3, a cart .6, a purchase 1. A rating runs from -1 to 1 over its scale,
// which for a single one is taken to be the smallest of 1–5, 1–10 and 1–100 that holds it.
func Weight(x because.Interaction) float64 {
	var s scale
	if x.Kind == because.Rating {
		s.see(x.Value)
	}
	return s.weight(&x)
}

// A scale is the range of the ratings of a file, as far as it has been seen.
type scale struct {
	low, high float64 // the extremes seen
	broken    bool    // one was no whole number
	n         int
}

// see notes one rating.
func (s *scale) see(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	if s.n++; s.n == 1 {
		s.low, s.high = v, v
	}
	s.low, s.high = min(s.low, v), max(s.high, v)
	s.broken = s.broken || v != math.Trunc(v)
}

// ends are the worst and the best rating of the scale: of -1–1, 0–1, 0–5 or 1–5, 0–10 or 1–10, 0–100 or 1–100, else the
// extremes seen. It starts at 0 when a rating below 1 was seen.
func (s *scale) ends() (low, high float64) {
	if s.low < 1 {
		low = min(0, s.low)
	} else {
		low = 1
	}
	switch {
	case s.low < 0 && s.low >= -1 && s.high <= 1:
		return -1, 1
	case s.low < 0:
		return s.low, max(s.high, -s.low)
	case s.high <= 1 && s.low < 1:
		return 0, 1
	case s.high <= 5:
		return low, 5
	case s.high <= 10:
		return low, 10
	case s.high <= 100:
		return low, 100
	}
	return low, s.high
}

// weight is Weight with the file's own scale of ratings.
func (s *scale) weight(x *because.Interaction) float64 {
	switch x.Kind {
	case because.Search:
		return .2
	case because.View:
		return .2 + .2*max(0, min(1, x.Dwell/longDwell))
	case because.Click:
		return .3
	case because.Cart:
		return .6
	case because.Purchase:
		return 1
	case because.Rating:
		low, high := s.ends()
		if !(high > low) || math.IsNaN(x.Value) {
			return 0
		}
		return max(-1, min(1, 2*(x.Value-low)/(high-low)-1))
	}
	return 0
}

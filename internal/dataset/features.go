package dataset

import (
	"time"

	"because"
)

// A Feature is one circumstance of an interaction or a request: "hour=evening", "day=weekend", "device=tv",
// "place=home".
type Feature string

// Features are the circumstances of c that are known, in a fixed order. A context without a time has neither hour
// nor day.
func Features(c because.Context) []Feature {
	var fs []Feature
	if !c.At.IsZero() {
		fs = append(fs, Feature("hour="+because.PartOfDay(c.At.Hour())))
		if IsWeekend(c.At) {
			fs = append(fs, "day=weekend")
		} else {
			fs = append(fs, "day=weekday")
		}
	}
	if c.Device != "" {
		fs = append(fs, Feature("device="+c.Device))
	}
	if c.Place != "" {
		fs = append(fs, Feature("place="+c.Place))
	}
	return fs
}

// IsWeekend reports whether t falls on Saturday or Sunday in its own zone.
func IsWeekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// Days is the time from a to b in days; negative when b is before a.
func Days(a, b time.Time) float64 { return b.Sub(a).Hours() / 24 }

package because_test

import (
	"testing"

	"because"
)

func TestPartOfDay(t *testing.T) {
	for hour, want := range map[int]string{0: "night", 4: "night", 5: "morning", 10: "morning", 11: "noon", 13: "noon", 14: "afternoon", 17: "afternoon", 18: "evening", 22: "evening", 23: "night"} {
		if got := because.PartOfDay(hour); got != want {
			t.Errorf("hour %d is %s, want %s", hour, got, want)
		}
	}
}

package because

// PartOfDay names the part of the day that an hour in [0, 23] belongs to: "morning" from 5, "noon" from 11,
// "afternoon" from 14, "evening" from 18, "night" from 23.
func PartOfDay(hour int) string {
	switch {
	case hour < 5 || hour >= 23:
		return "night"
	case hour < 11:
		return "morning"
	case hour < 14:
		return "noon"
	case hour < 18:
		return "afternoon"
	}
	return "evening"
}

package evidence

import (
	"strconv"
	"time"

	"because"
)

// when says how long ago at was, as a person does: today, yesterday, 3 days ago, last week, last month, in March, in
// March 2024. Weeks start on Monday; days and weeks are those of the site's calendar, so at is read in now's zone. It
// says nothing of the future, of the unknown and of what is undated.
func when(lang because.Lang, at, now time.Time) string {
	if at.IsZero() || because.Undated(at) {
		return ""
	}
	at = at.In(now.Location())
	days := dayNumber(now) - dayNumber(at)
	months := (now.Year()-at.Year())*12 + int(now.Month()) - int(at.Month())
	switch {
	case days < 0:
		return ""
	case days == 0:
		return because.Say(lang, "today")
	case days == 1:
		return because.Say(lang, "yesterday")
	case days < 7:
		return because.Say(lang, "%d days ago", days)
	case monday(now)-monday(at) == 7:
		return because.Say(lang, "last week")
	case months == 1:
		return because.Say(lang, "last month")
	case months == 0:
		return because.Say(lang, "%d days ago", days)
	case at.Year() == now.Year():
		return because.Say(lang, "in %s", month(lang, at))
	}
	return because.Say(lang, "in %s %d", month(lang, at), at.Year())
}

// month is a month's name; in Chinese its number, which the wording completes.
func month(lang because.Lang, t time.Time) string {
	if lang == because.Chinese {
		return strconv.Itoa(int(t.Month()))
	}
	return t.Month().String()
}

// dayNumber counts the days of the calendar.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// monday is the day number of the Monday of t's week.
func monday(t time.Time) int { return dayNumber(t) - (int(t.Weekday())+6)%7 }

// whenOf is the slot of a date; ok is false when nothing can be said.
func (s *sight) whenOf(at time.Time) (because.Slot, bool) {
	said := when(s.Lang, at, s.Now)
	return because.Slot{Kind: because.DateSlot, Text: said, At: at}, said != ""
}

// lastDays is the slot of a window that ends now.
func (s *sight) lastDays(n int) because.Slot {
	said := because.Say(s.Lang, "the last %d days", n)
	if n == 365 {
		said = because.Say(s.Lang, "the last year")
	}
	return because.Slot{
		Kind: because.DateSlot, Text: said, Number: float64(n), Unit: "d", At: s.Now.AddDate(0, 0, -n),
	}
}

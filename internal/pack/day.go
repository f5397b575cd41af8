package pack

import (
	"strings"
	"time"

	"because"
)

// dayForms are the ways in which data write a day.
var dayForms = []string{"2006-01-02", "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "2 January 2006", "January 2, 2006"}

// Day reads a value that holds one day, in the time zone of zone.
func Day(v because.Value, zone *time.Location) (time.Time, bool) {
	if len(v.Words) != 1 {
		return time.Time{}, false
	}
	day, _, _ := strings.Cut(strings.TrimSpace(v.Words[0]), "T")
	for _, form := range dayForms {
		if t, err := time.ParseInLocation(form, day, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Ends is the time from which an item does not hold any more, by the fields that hold its last day; ok is false where it
// has none.
func (p *Pack) Ends(it because.Item, zone *time.Location) (end time.Time, ok bool) {
	for f, v := range it.Attributes {
		if !p.Fields[f].Until {
			continue
		}
		if d, read := Day(v, zone); read && (!ok || d.AddDate(0, 0, 1).Before(end)) {
			end, ok = d.AddDate(0, 0, 1), true
		}
	}
	return end, ok
}

// day is a day as it is said: 2027 年 3 月 31 日, 31 March 2027.
func day(lang because.Lang, t time.Time) string {
	if lang == because.Chinese {
		return t.Format("2006 年 1 月 2 日")
	}
	return t.Format("2 January 2006")
}

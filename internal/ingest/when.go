package ingest

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"because/internal/text"
)

// parseTime reads a point in time as tables hold it; a missing zone is zone.
//
// Numbers are Unix seconds, milliseconds, microseconds or nanoseconds by their length, 20240305 and 20240305152000, or
// the days that spreadsheets count. Else: RFC 3339, 2024/3/5 15:20, 2024年3月5日 下午3:20, 5 Mar 2024, Mar 5, 2024 3:20 PM,
// 3/5/2024 (month first, unless that is above 12).
func parseTime(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 100 {
		return time.Time{}, false
	}
	if zone == nil {
		zone = time.UTC
	}
	if decimal(s) {
		return numericTime(s, zone)
	}
	if len(s) >= 20 && s[4] == '-' && s[10] == 'T' {
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return inZone(at, zone), true
		}
	}
	return writtenTime(s, zone)
}

// inZone moves an instant that is given in UTC to zone; one with an offset of its own keeps it.
func inZone(at time.Time, zone *time.Location) time.Time {
	if _, off := at.Zone(); off == 0 {
		return at.In(zone)
	}
	return at
}

// numericTime reads Unix times, compact dates and spreadsheet days.
func numericTime(s string, zone *time.Location) (time.Time, bool) {
	if !strings.ContainsAny(s, ".eE+-") {
		switch {
		case len(s) == 8 && (s[0] == '1' || s[0] == '2') && (s[1] == '9' || s[1] == '0'):
			if at, err := time.ParseInLocation("20060102", s, zone); err == nil {
				return at, true
			}
		case len(s) == 14 && s[0] == '2':
			if at, err := time.ParseInLocation("20060102150405", s, zone); err == nil {
				return at, true
			}
		case len(s) == 12 && s[0] == '2':
			if at, err := time.ParseInLocation("200601021504", s, zone); err == nil {
				return at, true
			}
		}
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return time.Time{}, false
		}
		if n >= 20000 && n < 80000 {
			return spreadsheetDay(float64(n), zone), true
		}
		return unix(n).In(zone), true
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > 9e18 {
		return time.Time{}, false
	}
	if x >= 20000 && x < 80000 {
		return spreadsheetDay(x, zone), true
	}
	if math.Abs(x) < 1e11 {
		sec, part := math.Modf(x)
		return time.Unix(int64(sec), int64(math.Round(part*1e6))*1000).In(zone), true
	}
	return unix(int64(x)).In(zone), true
}

func unix(n int64) time.Time {
	switch m := max(n, -n); {
	case m < 1e11:
		return time.Unix(n, 0)
	case m < 1e14:
		return time.UnixMilli(n)
	case m < 1e17:
		return time.UnixMicro(n)
	}
	return time.Unix(0, n)
}

// spreadsheetDay counts days from 30 December 1899, on the wall clock of zone, to the second.
func spreadsheetDay(x float64, zone *time.Location) time.Time {
	day, part := math.Modf(x)
	return time.Date(1899, 12, 30+int(day), 0, 0, int(math.Round(part*86400)), 0, zone)
}

// clockWords are what parts of the day add to an hour up to 12.
var clockWords = map[string]int{
	"am": 0, "上午": 0, "早上": 0, "凌晨": 0, "清晨": 0, "早晨": 0, "中午": 12, "pm": 12, "下午": 12, "晚上": 12, "傍晚": 12, "夜里": 12, "晚": 12, "午后": 12,
}

// A token is a number or a word of a written time, with the sign that follows it.
type token struct {
	word string
	n    int
	num  bool
	len  int
	next byte // the byte after it, 0 at the end
}

// writtenTime reads dates written with signs and words.
func writtenTime(s string, zone *time.Location) (time.Time, bool) {
	s = strings.ToLower(text.Fold(s))
	s, off, hasOff := offset(s)
	var y, mo, d, h, mi, sec, ns int
	var date []token
	part, hasPart, clock := 0, false, false
	ts, ok := tokens(s)
	if !ok {
		return time.Time{}, false
	}
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		switch {
		case !t.num:
			if add, ok := clockWords[t.word]; ok {
				part, hasPart = add, true
			} else if m := monthNamed(t.word); m > 0 && mo == 0 {
				mo = m
			} else if !idle(t.word) {
				return time.Time{}, false
			}
		case t.word == "年" && y == 0:
			y = t.n
		case t.word == "月" && mo == 0:
			mo = t.n
		case (t.word == "日" || t.word == "号") && d == 0:
			d = t.n
		case !clock && (t.word == "时" || t.word == "点" || t.next == ':'):
			clock, h = true, t.n
			if i+1 < len(ts) && ts[i+1].num {
				i++
				mi = ts[i].n
				if ts[i].word == "" && ts[i].next == ':' || ts[i].word == "分" {
					if i+1 < len(ts) && ts[i+1].num && ts[i+1].len <= 2 && (ts[i].next == ':' || ts[i+1].word == "秒") {
						i++
						sec = ts[i].n
						if ts[i].next == '.' && i+1 < len(ts) && ts[i+1].num && ts[i+1].len <= 9 {
							i++
							ns = ts[i].n
							for k := ts[i].len; k < 9; k++ {
								ns *= 10
							}
						}
					}
				}
			}
		case !clock && i+1 < len(ts) && (ts[i+1].word == "am" || ts[i+1].word == "pm") && t.len <= 2:
			clock, h = true, t.n
		case t.word == "":
			date = append(date, t)
		default:
			return time.Time{}, false
		}
	}
	if !order3(date, &y, &mo, &d) {
		return time.Time{}, false
	}
	if hasPart && clock {
		switch {
		case part == 12 && h < 12 && !(h == 11 && strings.Contains(s, "中午")):
			h += 12
		case part == 0 && h == 12:
			h = 0
		}
	}
	if y < 0 || y > 9999 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 24 || mi > 59 || sec > 60 || h == 24 && mi+sec > 0 {
		return time.Time{}, false
	}
	if hasOff {
		zone2 := time.FixedZone("", off)
		at := time.Date(y, time.Month(mo), d, h, mi, sec, ns, zone2)
		return inZone(at, zone), at.Day() == d || h == 24
	}
	at := time.Date(y, time.Month(mo), d, h, mi, sec, ns, zone)
	return at, h == 24 || sec == 60 || at.Day() == d && int(at.Month()) == mo
}

// order3 gives the numbers of a date that carry no word their meaning.
func order3(ts []token, y, mo, d *int) bool {
	switch {
	case len(ts) == 0:
		if *y > 0 && *mo > 0 && *d == 0 {
			*d = 1
		} else if *y > 0 && *mo == 0 {
			*mo, *d = 1, 1
		}
		return *y > 0 || *mo > 0 && *d > 0
	case len(ts) == 3 && *y == 0 && *mo == 0 && *d == 0:
		a, b, c := ts[0], ts[1], ts[2]
		switch {
		case a.len == 4:
			*y, *mo, *d = a.n, b.n, c.n
		case c.len == 4 && a.n > 12:
			*d, *mo, *y = a.n, b.n, c.n
		case c.len == 4 && a.next == '.':
			*d, *mo, *y = a.n, b.n, c.n
		case c.len == 4:
			*mo, *d, *y = a.n, b.n, c.n
		default:
			return false
		}
		return true
	case len(ts) == 2 && *y == 0 && *mo > 0 && *d == 0: // Mar 5, 2024 or 5 Mar 2024
		if ts[0].len == 4 {
			*y, *d = ts[0].n, ts[1].n
		} else {
			*d, *y = ts[0].n, ts[1].n
		}
		return ts[0].len == 4 || ts[1].len == 4
	case len(ts) == 2 && *y == 0 && *mo == 0 && ts[0].len == 4 && ts[1].len <= 2: // 2024-03
		*y, *mo, *d = ts[0].n, ts[1].n, 1
		return true
	}
	return false
}

// offset cuts a zone off the end: z, utc, +08:00, +0800, gmt+8.
func offset(s string) (rest string, seconds int, ok bool) {
	for _, z := range []string{"utc", "gmt", "z"} {
		if rest, ok := strings.CutSuffix(s, z); ok && rest != "" && (z != "z" || rest[len(rest)-1] >= '0' && rest[len(rest)-1] <= '9') {
			return rest, 0, true
		}
	}
	i := strings.LastIndexAny(s, "+-")
	if i < 8 || !strings.Contains(s[:i], ":") {
		return s, 0, false
	}
	digits := strings.ReplaceAll(s[i+1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || len(digits) == 0 || len(digits) > 4 {
		return s, 0, false
	}
	if len(digits) <= 2 {
		n *= 100
	}
	seconds = n/100*3600 + n%100*60
	if seconds > 15*3600 {
		return s, 0, false
	}
	if s[i] == '-' {
		seconds = -seconds
	}
	rest = strings.TrimSpace(s[:i])
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, "utc"), "gmt")
	return rest, seconds, true
}

// tokens splits a folded time into numbers, each with the Chinese word after it, and words.
func tokens(s string) ([]token, bool) {
	var ts []token
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			j := i
			n := 0
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				if n = n*10 + int(s[j]-'0'); j-i > 9 {
					return nil, false
				}
				j++
			}
			t := token{num: true, n: n, len: j - i}
			r, size := utf8.DecodeRuneInString(s[j:])
			if strings.ContainsRune("年月日号时点分秒", r) && size > 1 {
				t.word = string(r)
				j += size
			}
			if j < len(s) {
				t.next = s[j]
			}
			ts, i = append(ts, t), j
		case c >= 'a' && c <= 'z':
			j := i
			for j < len(s) && s[j] >= 'a' && s[j] <= 'z' {
				j++
			}
			ts, i = append(ts, token{word: s[i:j]}), j
		case c >= 0x80:
			found := false
			for _, n := range []int{6, 3} { // two Han characters, or one
				if i+n <= len(s) {
					if _, ok := clockWords[s[i:i+n]]; ok {
						ts, i, found = append(ts, token{word: s[i : i+n]}), i+n, true
						break
					}
				}
			}
			if !found {
				n := weekdayWord(s[i:])
				if n == 0 {
					return nil, false
				}
				i += n
			}
		case strings.IndexByte(" -/.,:()\t", c) >= 0:
			i++
		default:
			return nil, false
		}
		if len(ts) > 12 {
			return nil, false
		}
	}
	return ts, true
}

// weekdayWord is the length of the Chinese weekday that s starts with; it adds nothing to a date.
func weekdayWord(s string) int {
	for _, w := range []string{"星期", "周", "礼拜"} {
		if rest, ok := strings.CutPrefix(s, w); ok {
			r, n := utf8.DecodeRuneInString(rest)
			if strings.ContainsRune("一二三四五六日天", r) {
				return len(w) + n
			}
		}
	}
	if r, n := utf8.DecodeRuneInString(s); r == '\u3000' || r == '，' {
		return n
	}
	return 0
}

func monthNamed(w string) int {
	const names = "jan feb mar apr may jun jul aug sep oct nov dec "
	if len(w) < 3 {
		return 0
	}
	if i := strings.Index(names, w[:3]+" "); i >= 0 && (len(w) <= 4 || strings.HasPrefix(strings.ToLower(time.Month(i/4+1).String()), w)) {
		return i/4 + 1
	}
	return 0
}

// idle are words of a date that add nothing to it.
func idle(w string) bool {
	switch w {
	case "t", "st", "nd", "rd", "th", "of", "at", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "cst":
		return true
	}
	return false
}

package witness

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"because"
)

var digits = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

// numerals are numbers in words before a unit; one of something is no number but an article.
var numerals = map[because.Lang]*regexp.Regexp{
	because.Chinese: regexp.MustCompile(`[一二两三四五六七八九十百千]*[二两三四五六七八九十百千][一二两三四五六七八九十百千]*`),
	because.English: regexp.MustCompile(`(?i)\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred)\b`),
}

var latinNumerals = map[string]float64{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}

// hanNumeral reads 三十二, 两百.
func hanNumeral(s string) float64 {
	total, one := 0, 0
	for _, r := range s {
		if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
			one = i/len("一") + 1
			continue
		}
		switch r {
		case '两':
			one = 2
		case '十':
			total, one = total+max(one, 1)*10, 0
		case '百':
			total, one = total+max(one, 1)*100, 0
		case '千':
			total, one = total+max(one, 1)*1000, 0
		}
	}
	return float64(total + one)
}

// A figure is a number that the text says.
type figure struct {
	start, end int
	until      int // the end of its unit
	value      float64
	half       float64         // of its last place: how far the exact number may be
	units      map[string]bool // whose wordings stand beside it; empty for a bare number
}

// numbers wants each figure to be a number of the world, with its unit.
func (s *scan) numbers() {
	facts := s.facts()
	for _, g := range s.figures() {
		borne, kind := false, "number"
		for _, f := range facts {
			if g.value < f.value-g.half-1e-9 || g.value > f.upTo+g.half+1e-9 || !s.fits(g, f) {
				continue
			}
			borne = true
			break
		}
		if s.counted(g) != "" {
			kind = "count"
		}
		if !borne {
			s.report(kind, g.start, g.end, "no such number of this item and this reader")
		}
		s.blot(g.start, g.until)
	}
}

// countable are the units that a bare number may stand before: people, times, points, places.
var countable = []string{"review", "person", "session", "times", "piece", "item", "point", "level", "place", "star"}

// fits reports whether the unit beside a figure is that of a fact.
func (s *scan) fits(g figure, f number) bool {
	if f.unit == "" || f.unit == "point" || f.unit == "level" {
		if who := s.counted(g); f.kind == "count" && who != "" && (who == "people") != (f.field == "people") {
			return false
		}
		for u := range g.units {
			if !slices.Contains(countable, u) {
				return false
			}
		}
		return true
	}
	if f.unit == "year" && f.value >= 1000 && len(g.units) == 0 {
		return true // a calendar year needs no unit
	}
	return g.units[f.unit]
}

// counted says whether a figure counts people or times; empty where the text does not say.
func (s *scan) counted(g figure) string {
	after := strings.TrimLeft(s.text[g.end:], " ")
	for what, said := range map[string][]string{"people": {"人", "位", "people", "readers", "viewers"}, "times": {"次", "times", "views", "looks", "visits"}} {
		for _, w := range said {
			if strings.HasPrefix(after, w) {
				return what
			}
		}
	}
	return ""
}

// figures finds the numbers that are left.
func (s *scan) figures() []figure {
	var out []figure
	left := string(s.left)
	for _, m := range digits.FindAllStringIndex(left, -1) {
		start, end := m[0], m[1]
		said := strings.TrimRight(left[start:end], ",")
		end = start + len(said)
		said = strings.ReplaceAll(said, ",", "")
		v, err := strconv.ParseFloat(said, 64)
		if err != nil {
			continue
		}
		if prev, _ := utf8.DecodeLastRuneInString(left[:start]); prev < utf8.RuneSelf && (prev >= 'a' && prev <= 'z' || prev >= 'A' && prev <= 'Z') && s.c.Lang != "" && prev != 'C' && prev != 'R' {
			continue // part of a code: mp3
		}
		half := 0.0
		if i := strings.IndexByte(said, '.'); i >= 0 {
			half = math.Pow(10, -float64(len(said)-i-1)) / 2
		}
		rest := strings.TrimLeft(left[end:], " ")
		if strings.HasPrefix(rest, "万") {
			end = len(left) - len(rest) + len("万")
			v, half = v*10000, max(half, .05)*10000
		}
		if (v == 5 || v == 10 || v == 100) && strings.HasSuffix(left[:start], "of ") {
			s.blot(start, end) // a scale: 3 of 5
			continue
		}
		g := figure{start: start, end: end, value: v, half: half, units: s.unitsAt(left, start, end)}
		g.until = s.beyond(left, end, g.units)
		out = append(out, g)
	}
	for _, m := range numerals[s.c.Lang].FindAllStringIndex(left, -1) {
		units := s.unitsAt(left, m[0], m[1])
		if len(units) == 0 {
			continue
		}
		v := latinNumerals[strings.ToLower(left[m[0]:m[1]])]
		if s.c.Lang == because.Chinese {
			v = hanNumeral(left[m[0]:m[1]])
		}
		if s.inPhrase(around(left, m[0], m[1])) {
			continue
		}
		out = append(out, figure{start: m[0], end: m[1], until: s.beyond(left, m[1], units), value: v, units: units})
	}
	return out
}

// beyond is where the unit after a number ends.
func (s *scan) beyond(t string, end int, units map[string]bool) int {
	rest := strings.TrimLeft(t[end:], " -")
	longest := 0
	for u := range units {
		for _, w := range s.lex.units[u][s.c.Lang] {
			if strings.HasPrefix(rest, w) {
				longest = max(longest, len(w))
			}
		}
	}
	if longest == 0 {
		return end
	}
	return len(t) - len(rest) + longest
}

// around is a stretch with the character before and the two after it.
func around(t string, start, end int) string {
	_, a := utf8.DecodeLastRuneInString(t[:start])
	_, b := utf8.DecodeRuneInString(t[end:])
	_, c := utf8.DecodeRuneInString(t[end+b:])
	return t[start-a : end+b+c]
}

// unitsAt are the units whose wordings stand after a number, or before it where money does.
func (s *scan) unitsAt(t string, start, end int) map[string]bool {
	out := map[string]bool{}
	after := strings.TrimLeft(t[end:], " -")
	before := strings.TrimRight(t[:start], " ")
	longest := 0
	for key, said := range s.lex.units {
		for _, w := range said[s.c.Lang] {
			if w == "" {
				continue
			}
			if strings.HasPrefix(after, w) && (s.c.Lang == because.Chinese || w == "%" || apart(after, 0, len(w))) && len(w) >= longest {
				if len(w) > longest {
					clear(out)
				}
				out[key], longest = true, len(w)
			}
		}
	}
	for key, said := range s.lex.units {
		for _, w := range said[because.English] {
			if (w == "¥" || w == "$" || w == "€" || w == "R" || w == "C") && strings.HasSuffix(before, w) {
				out[key] = true
			}
		}
	}
	return out
}

package eval

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var digits = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

// A numeral is a number in digits inside a longer string.
type numeral struct {
	before, digits, after string
	value                 float64
	places                int  // decimals
	grouped               bool // 1,299
}

// readNumeral reads the first number of s.
func readNumeral(s string) (numeral, bool) {
	at := digits.FindStringIndex(s)
	if at == nil {
		return numeral{}, false
	}
	n := numeral{before: s[:at[0]], digits: strings.TrimRight(s[at[0]:at[1]], ","), grouped: strings.Contains(s[at[0]:at[1]], ",")}
	n.after = s[at[0]+len(n.digits):]
	v, err := strconv.ParseFloat(strings.ReplaceAll(n.digits, ",", ""), 64)
	if _, decimals, ok := strings.Cut(n.digits, "."); ok {
		n.places = len(decimals)
	}
	n.value = v
	return n, err == nil
}

var ordinal = regexp.MustCompile(`^(st|nd|rd|th)\b`)

// with is the string with another number in the place of its own, written alike.
func (n numeral) with(v float64) string {
	s := strconv.FormatFloat(v, 'f', n.places, 64)
	if n.grouped || v >= 1000 && strings.HasPrefix(n.before, "¥") {
		s = grouped(s)
	}
	return n.before + s + ordinal.ReplaceAllString(n.after, ending(int(v)))
}

// ending is the ending of an English ordinal.
func ending(v int) string {
	if v/10%10 != 1 {
		switch v % 10 {
		case 1:
			return "st"
		case 2:
			return "nd"
		case 3:
			return "rd"
		}
	}
	return "th"
}

// grouped parts thousands by commas.
func grouped(s string) string {
	whole, decimals, ok := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if ok {
		return whole + "." + decimals
	}
	return whole
}

// near are numbers beside a number: one more or less in its last place, ten times it, two neighbouring digits swapped.
func (n numeral) near() []float64 {
	step := math.Pow10(-n.places)
	out := []float64{n.value + step, n.value - step, n.value * 10}
	plain := strings.ReplaceAll(n.digits, ",", "")
	for i := 0; i+1 < len(plain); i++ {
		if a, b := plain[i], plain[i+1]; a != b && a != '.' && b != '.' && !(i == 0 && b == '0') {
			if v, err := strconv.ParseFloat(plain[:i]+string(b)+string(a)+plain[i+2:], 64); err == nil {
				out = append(out, v)
			}
			break
		}
	}
	keep := out[:0]
	for _, v := range out {
		if v > step/2 && math.Abs(v-n.value) > step/2 {
			keep = append(keep, v)
		}
	}
	return keep
}

const hanDigits = "零一二三四五六七八九"

// han writes a number from 0 to 99 999 999 in Chinese numerals; at most four decimals are read digit by digit.
func han(v float64) string {
	digit := func(d int) string { return string([]rune(hanDigits)[d]) }
	var whole func(n int) string
	whole = func(n int) string {
		if n >= 1e4 {
			s := whole(n/1e4) + "万"
			if n%1e4 == 0 {
				return s
			}
			if n%1e4 < 1000 {
				s += "零"
			}
			return s + whole(n%1e4)
		}
		s, gap := "", false
		for _, u := range []struct {
			x    int
			name string
		}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
			d := n / u.x % 10
			switch {
			case d == 0:
				gap = s != ""
				continue
			case gap:
				s, gap = s+"零", false
			}
			s += digit(d) + u.name
		}
		return s
	}
	n := int(math.Trunc(v + 1e-9))
	s := whole(n)
	if n == 0 {
		s = "零"
	}
	if n >= 10 && n < 20 {
		s = strings.TrimPrefix(s, "一")
	}
	if frac := v - float64(n); frac > 1e-6 {
		s += "点"
		for _, d := range strings.TrimRight(strconv.FormatFloat(frac, 'f', 4, 64)[2:], "0") {
			s += digit(int(d - '0'))
		}
	}
	return s
}

var (
	ones = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	tens = strings.Fields("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
)

// english writes a whole number below a million in words.
func english(n int) string {
	switch {
	case n < 20:
		return ones[n]
	case n < 100:
		if n%10 == 0 {
			return tens[n/10]
		}
		return tens[n/10] + "-" + ones[n%10]
	case n < 1000:
		if n%100 == 0 {
			return ones[n/100] + " hundred"
		}
		return ones[n/100] + " hundred and " + english(n%100)
	}
	s := english(n/1000) + " thousand"
	switch r := n % 1000; {
	case r == 0:
		return s
	case r < 100:
		return s + " and " + english(r)
	default:
		return s + " " + english(r)
	}
}

// wide writes digits in full width.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, s)
}

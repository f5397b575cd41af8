package ingest

import (
	"math"
	"strconv"
	"strings"

	"because/internal/text"
)

// currencies are the signs and words of money, folded.
var currencies = []struct{ word, code string }{
	{"￥", "CNY"}, {"¥", "CNY"}, {"人民币", "CNY"}, {"rmb", "CNY"}, {"cny", "CNY"}, {"元", "CNY"}, {"块", "CNY"}, {"圆", "CNY"},
	{"us$", "USD"}, {"usd", "USD"}, {"美元", "USD"}, {"hk$", "HKD"}, {"hkd", "HKD"}, {"港元", "HKD"}, {"港币", "HKD"}, {"nt$", "TWD"},
	{"€", "EUR"}, {"eur", "EUR"}, {"欧元", "EUR"}, {"£", "GBP"}, {"gbp", "GBP"}, {"英镑", "GBP"}, {"日元", "JPY"}, {"jpy", "JPY"}, {"₩", "KRW"}, {"₹", "INR"}, {"$", "USD"},
}

// factors multiply the number before them.
var factors = []struct {
	word string
	x    float64
}{{"万亿", 1e12}, {"亿", 1e8}, {"百万", 1e6}, {"万", 1e4}, {"千", 1e3}, {"w", 1e4}, {"k", 1e3}, {"m", 1e6}}

// number reads a cell that is one number: 1,299.50, ￥1,299, 1.2万, 99元, 85%, 12,5, 一百二. NaN and Inf are read as
// what they are, for the caller to refuse. The currency is "" when none is named.
func number(s string) (x float64, currency string, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 100 {
		return 0, "", false
	}
	if decimal(s) {
		x, err := strconv.ParseFloat(s, 64)
		return x, "", err == nil || math.IsInf(x, 0)
	}
	s = strings.ToLower(text.Fold(s))
	switch strings.TrimLeft(s, "+-") {
	case "nan", "n/a", "na", "null", "none", "-", "--", "":
		return math.NaN(), "", s == "nan"
	case "inf", "infinity", "∞":
		return math.Inf(1), "", true
	}
	sign := 1.
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") { // bookkeepers' minus
		s, sign = s[1:len(s)-1], -1
	}
	if rest, neg := strings.CutPrefix(s, "-"); neg {
		s, sign = rest, -1
	}
	for _, c := range currencies {
		a, ok1 := strings.CutPrefix(s, text.Fold(c.word))
		b, ok2 := strings.CutSuffix(a, text.Fold(c.word))
		if ok1 || ok2 {
			s, currency = strings.TrimSpace(b), c.code
			break
		}
	}
	if rest, neg := strings.CutPrefix(s, "-"); neg {
		s, sign = rest, -sign
	}
	for _, f := range factors {
		if rest, ok := strings.CutSuffix(s, f.word); ok && rest != "" && rest[len(rest)-1] < 0x80 {
			s, sign = strings.TrimSpace(rest), sign*f.x
			break
		}
	}
	if rest, ok := strings.CutSuffix(s, "%"); ok {
		s = strings.TrimSpace(rest)
	}
	if plain, ok := grouped(s); ok {
		x, err := strconv.ParseFloat(plain, 64)
		return sign * x, currency, err == nil || math.IsInf(x, 0)
	}
	if ns := text.Numbers(s); len(ns) == 1 && ns[0].Start == 0 && ns[0].End == len(s) && ns[0].Unit == "" {
		return sign * ns[0].Value, currency, true
	}
	return 0, "", false
}

// decimal reports whether s is a plain number as programs write it.
func decimal(s string) bool {
	digits, dot := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c == '.' && !dot:
			dot = true
		case (c == '-' || c == '+') && (i == 0 || s[i-1] == 'e' || s[i-1] == 'E'), (c == 'e' || c == 'E') && digits && i+1 < len(s):
		default:
			return false
		}
	}
	return digits
}

// grouped takes the signs between thousands out: 1,299.50 and 1 299,5 and 1.299,50. A comma before other than three
// digits at the end is a decimal one.
func grouped(s string) (string, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "'", "", "_", "").Replace(s)
	comma, dot := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case comma > dot && (dot >= 0 || strings.Count(s, ",") == 1 && len(s)-comma != 4):
		s = strings.ReplaceAll(s[:comma], ".", "") + "." + s[comma+1:]
		s = strings.ReplaceAll(s, ",", "")
	default:
		s = strings.ReplaceAll(s, ",", "")
	}
	return s, decimal(s)
}

package liar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"because"
)

// Kinds are the ways to lie.
var Kinds = []string{"name", "number", "count", "recency", "history", "attribute", "invented"}

// A way changes a fact; ok is false where it has nothing to work on.
type way func(s *Server, f fact, all []fact) (false string, ok bool)

var ways = map[string]way{
	"name": name, "number": number, "count": count, "recency": recency, "history": history, "attribute": attribute, "invented": invented,
}

// lie tells one of the facts falsely, in one of the ways that have something to work on.
func (s *Server) lie(all []fact) (Lie, fact, bool) {
	for _, k := range s.rng.Perm(len(Kinds)) {
		for _, i := range s.rng.Perm(len(all)) {
			f := all[i]
			if text, ok := ways[Kinds[k]](s, f, all); ok && text != f.Fact {
				lie := Lie{Kind: Kinds[k], Said: differing(f.Fact, text), Was: f.Fact}
				f.Fact = text
				return lie, f, true
			}
		}
	}
	return Lie{}, fact{}, false
}

// differing is the clause of b that is not in a.
func differing(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < min(len(a), len(b))-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	start, end := 0, len(b)
	for _, mark := range []string{"，", "。", "；", "：", ", ", ". ", "; ", ": "} {
		if k := strings.LastIndex(b[:i], mark); k >= 0 {
			start = max(start, k+len(mark))
		}
		if k := strings.Index(b[len(b)-j:], mark); k >= 0 {
			end = min(end, len(b)-j+k)
		}
	}
	return b[start:end]
}

// name puts another item in the place of one that the reader knows.
func name(s *Server, f fact, _ []fact) (string, bool) {
	for _, known := range s.material.Known {
		if strings.Contains(f.Fact, known) && len(s.material.Strangers) > 0 {
			return strings.Replace(f.Fact, known, s.one(s.material.Strangers), 1), true
		}
	}
	return "", false
}

var digits = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

// number changes a number of the item, count one of people or of times.
func number(s *Server, f fact, all []fact) (string, bool) {
	if !slices.Contains([]string{"attribute", "price", "fit", "versus", "drawback", "trend"}, f.Kind) {
		return "", false
	}
	return s.otherNumber(f, all)
}

func count(s *Server, f fact, all []fact) (string, bool) {
	if !slices.Contains([]string{"habit", "popular", "neighbours", "shared", "context"}, f.Kind) {
		return "", false
	}
	return s.otherNumber(f, all)
}

// otherNumber puts another number in the place of one that belongs to no name; no fact of the prompt may hold it.
func (s *Server) otherNumber(f fact, all []fact) (string, bool) {
	masked := f.Fact
	for _, n := range slices.Concat(s.material.Known, s.material.Strangers) {
		masked = strings.ReplaceAll(masked, n, strings.Repeat("x", len(n)))
	}
	ms := digits.FindAllStringIndex(masked, -1)
	if len(ms) == 0 {
		return "", false
	}
	m := ms[s.rng.IntN(len(ms))]
	if f.Kind == "habit" || f.Kind == "popular" { // a window is no count
		for _, c := range ms {
			if before := masked[:c[0]]; !strings.HasSuffix(before, "近 ") && !strings.HasSuffix(before, "last ") {
				m = c
			}
		}
	}
	said := strings.ReplaceAll(masked[m[0]:m[1]], ",", "")
	x, err := strconv.ParseFloat(said, 64)
	if err != nil {
		return "", false
	}
	for range 20 {
		y := x + float64(1+s.rng.IntN(7))
		if s.rng.IntN(2) == 0 {
			y = x * float64(2+s.rng.IntN(3))
		}
		t := strconv.FormatFloat(y, 'f', -1, 64)
		if len(t) > 8 || slices.ContainsFunc(all, func(o fact) bool { return slices.Contains(digits.FindAllString(o.Fact, -1), t) }) {
			continue
		}
		return f.Fact[:m[0]] + t + f.Fact[m[1]:], true
	}
	return "", false
}

var dates = map[because.Lang]*regexp.Regexp{
	because.Chinese: regexp.MustCompile(`\d+ ?天前|昨天|上周|上个月|(?:\d{4} ?年 ?)?\d{1,2} ?月`),
	because.English: regexp.MustCompile(`\d+ days ago|yesterday|last week|last month|in (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?`),
}

// recency says that something happened when nothing did: today, before the day began, or eight months ago, before the
// world began.
func recency(s *Server, f fact, _ []fact) (string, bool) {
	if !slices.Contains([]string{"bought", "carted", "viewed", "rated", "searched"}, f.Kind) {
		return "", false
	}
	m := dates[s.material.Lang].FindStringIndex(f.Fact)
	if m == nil {
		return "", false
	}
	then := s.material.Now.AddDate(0, -8, 0)
	other := "today"
	switch {
	case s.material.Lang == because.Chinese && s.rng.IntN(2) == 0:
		other = strconv.Itoa(int(then.Month())) + " 月"
	case s.material.Lang == because.Chinese:
		other = "今天"
	case s.rng.IntN(2) == 0:
		other = "in " + then.Month().String()
	}
	return f.Fact[:m[0]] + other + f.Fact[m[1]:], true
}

// history says that the reader bought what they only looked at or put in the cart.
func history(_ *Server, f fact, _ []fact) (string, bool) {
	if f.Kind != "viewed" && f.Kind != "carted" {
		return "", false
	}
	for _, r := range [][2]string{
		{"You looked at ", "You bought "}, {"You put ", "You bought "}, {"看过", "买过"}, {"加进了购物车", "买下了"},
	} {
		if strings.Contains(f.Fact, r[0]) {
			out := strings.Replace(f.Fact, r[0], r[1], 1)
			out = strings.Replace(out, " in your cart", "", 1)
			return strings.Replace(out, "把", "将", 1), true
		}
	}
	return "", false
}

// attribute says another value of the same field.
func attribute(s *Server, f fact, _ []fact) (string, bool) {
	for _, w := range sortedKeys(s.material.Words) {
		others := s.material.Words[w]
		if i := strings.LastIndex(f.Fact, w); i >= 0 && len(others) > 0 {
			return f.Fact[:i] + s.one(others) + f.Fact[i+len(w):], true
		}
	}
	return "", false
}

var inventions = map[because.Lang][]string{
	because.Chinese: {"是碳纤维的", "拿过红点设计奖", "终身免费保修", "限量发售五百件", "由故宫授权", "通过了军用标准测试", "送三个月会员", "附赠收藏证书", "全程冷链直送", "名人也在用"},
	because.English: {"is made of carbon fibre", "won a Red Dot award", "carries a lifetime guarantee", "is limited to five hundred copies", "is licensed by the Palace Museum",
		"passed military-grade tests", "ships with three months of membership", "comes with a certificate", "is hand-signed", "is used by celebrities"},
}

// invented adds what nobody said of the item.
func invented(s *Server, f fact, _ []fact) (string, bool) {
	w := s.one(inventions[s.material.Lang])
	if s.material.Lang == because.Chinese {
		return strings.TrimRight(f.Fact, "。") + "，这个" + w + "。", true
	}
	return strings.TrimRight(f.Fact, ".") + ", and this one " + w + ".", true
}

func (s *Server) one(list []string) string { return list[s.rng.IntN(len(list))] }

func sortedKeys(m map[string][]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b string) int { // the longest first
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return out
}

// Shown reports whether a text holds a lie, whatever the blanks and marks.
func (l Lie) Shown(text string) bool { return strings.Contains(bare(text), bare(l.Said)) }

func bare(t string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0，。；：,.;:", r) {
			return -1
		}
		return r
	}, strings.ToLower(t))
}

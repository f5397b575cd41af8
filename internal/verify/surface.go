package verify

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"because"
	"because/internal/text"
)

var (
	thinking  = regexp.MustCompile(`(?is)<\s*(think|thinking|reasoning|scratchpad)\b[^>]*>.*?(<\s*/\s*(think|thinking|reasoning|scratchpad)\s*>|$)`)
	thoughts  = regexp.MustCompile(`(?is)^.*<\s*/\s*(think|thinking|reasoning)\s*>`)
	tokens    = regexp.MustCompile(`<\|[^|>]{0,40}\|>|\[/?INST\]|</?s>`)
	fence     = regexp.MustCompile("(?s)```[a-zA-Z]*\\s*\n?(.*?)(```|$)")
	emphasis  = regexp.MustCompile(`\*\*|__|~~|` + "`")
	bullets   = regexp.MustCompile(`(?m)^\s*(#{1,6}\s+|[-*•·]\s+|>\s+|\d{1,2}[.、)]\s+)`)
	crumbHead = regexp.MustCompile(`(?i)^[\s{\["']*(text|reason|explanation|content|output|answer|draft|理由|文本|解释)["']?\s*[:：]\s*["'“]?`)
	crumbTail = regexp.MustCompile(`["']?\s*[,，]?\s*["']?[}\]]+\s*$`)
	preamble  = regexp.MustCompile(`(?i)^\s*((好的|当然|没问题|可以的)[，,。!！]\s*)?((以下|下面|这)(是|为)[^：:。，]{0,12}(理由|推荐|解释|文案|回答|缘由|版本|句子|内容)[^：:。，]{0,6}[：:]\s*|(推荐)?(理由|缘由|解释|文案|回答|答案|输出)[：:]\s*)|^\s*((sure|certainly|of course|okay|ok)[,.!]\s*)?(here('s| is| are) (the|a|an|your|my)[^:.]{0,20}(reason|explanation|recommendation|draft|text|answer|sentence|version)s?[^:.]{0,20}:\s*|(reason|explanation|answer|output|response)\s*:\s*)|^\s*(好的|当然|没问题)[，,。!！]\s*|^\s*(sure|certainly|of course|okay)[,.!]\s+`)
	blanks    = regexp.MustCompile(`[ \t\x{00a0}\x{3000}]{2,}`)
	twice     = regexp.MustCompile(`(?i)\b(a|an|the|is|are|was|of|to|in|on|at|for|with|and|but|you|it|this|that|has|so)(\s+)(a|an|the|is|are|was|of|to|in|on|at|for|with|and|but|you|it|this|that|has|so)\b`)
)

// surface repairs what has nothing to do with truth. refused says, in the reader's language, why it cannot.
//
// Names and other slots are kept as they are: they are set aside before and put back after.
func (l *license) surface(draft string) (s string, steps []string, refused string) {
	s = draft
	step := func(name, to string) {
		if to != s {
			if !slices.Contains(steps, name) {
				steps = append(steps, name)
			}
			s = to
		}
	}
	if len(s) > 1<<13 {
		step("cut", strings.ToValidUTF8(s[:1<<13], ""))
	}
	step("thinking", thoughts.ReplaceAllString(thinking.ReplaceAllString(s, ""), ""))
	step("markup", tokens.ReplaceAllString(s, ""))
	if strings.Contains(s, "```") {
		step("markup", fence.ReplaceAllString(s, "$1"))
	}
	step("json", fromJSON(s))
	cleaned, _ := text.Clean(s)
	step("characters", strings.Map(func(r rune) rune {
		if r >= 0xE000 && r <= 0xF8FF {
			return -1
		}
		return r
	}, cleaned))
	step("markup", emphasis.ReplaceAllString(bullets.ReplaceAllString(s, ""), ""))
	step("blanks", strings.TrimSpace(s))
	for range 2 {
		if !l.opens(s) {
			step("preamble", preamble.ReplaceAllString(s, ""))
		}
	}
	step("quotes", l.unquoted(s))
	step("lines", lines(s, l.lang))
	aside, kept := l.setAside(s)
	if strings.TrimSpace(aside) == "" {
		return s, steps, because.Say(l.lang, "There is no text.")
	}
	if wrongLanguage(aside, l.lang) {
		return s, steps, because.Say(l.lang, "The text is in another language.")
	}
	step("punctuation", l.restore(l.marks(aside), kept))
	aside, kept = l.setAside(s)
	step("doubled", l.restore(undouble(aside, l.lang), kept))
	if stutters(aside) {
		return s, steps, because.Say(l.lang, "The text stutters.")
	}
	if l.lang == because.Chinese {
		aside, kept = l.setAside(s)
		step("address", l.restore(l.address(aside), kept))
	}
	return s, steps, ""
}

// stutters reports whether a character stands three times in a row, or 第 twice.
func stutters(s string) bool {
	r := []rune(s)
	for i := 1; i < len(r); i++ {
		if r[i] == r[i-1] && (r[i] == '第' || i > 1 && r[i] == r[i-2] && text.IsHan(r[i]) && !strings.ContainsRune("哈嘻呵嘿啊一二三", r[i])) {
			return true
		}
	}
	return false
}

// opens reports whether the words before the first colon are a licensed wording of the pack.
func (l *license) opens(s string) (yes bool) {
	head, _, ok := strings.Cut(strings.ReplaceAll(s, "：", ":"), ":")
	if !ok {
		return false
	}
	r := key(head)
	l.fixed.find(r, 0, len(r), func(s, e int, p *phrase) {
		if _, ok := l.by(p); ok && s == 0 && e == len(r) && !p.word {
			yes = true
		}
	})
	return yes
}

// punctuate repairs the marks of a text that clauses were taken out of.
func (l *license) punctuate(s string) string {
	aside, kept := l.setAside(strings.TrimSpace(s))
	return l.restore(l.marks(aside), kept)
}

// fromJSON takes the text out of a JSON answer, whole or broken.
func fromJSON(s string) string {
	t := strings.TrimSpace(s)
	if t == "" || !strings.ContainsAny(t[:1], "{[") && !crumbHead.MatchString(t) {
		return s
	}
	var v any
	if json.Unmarshal([]byte(t), &v) == nil {
		if found := firstText(v); found != "" {
			return found
		}
		return s
	}
	if crumbHead.MatchString(t) && strings.ContainsAny(t, "{}\"") {
		t = crumbHead.ReplaceAllString(t, "")
		t = crumbTail.ReplaceAllString(t, "")
		return strings.Trim(strings.TrimSpace(t), `"`)
	}
	return s
}

// firstText is the wording in a JSON value: under a telling name, else the first string.
func firstText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		for _, e := range v {
			if s := firstText(e); s != "" {
				return s
			}
		}
	case map[string]any:
		for _, k := range []string{"text", "reason", "explanation", "content", "output", "answer", "draft"} {
			if s := firstText(v[k]); s != "" {
				return s
			}
		}
	}
	return ""
}

// unquoted takes off quotation marks that hold the whole text.
func (l *license) unquoted(s string) string {
	r := []rune(s)
	if len(r) < 3 {
		return s
	}
	q, ok := closers[r[0]]
	if !ok || r[0] == '《' || r[len(r)-1] != q {
		return s
	}
	inner := string(r[1 : len(r)-1])
	if slices.ContainsFunc(l.slots, func(t slotText) bool { return string(t.r) == string(key(inner)) }) {
		return s // a review's own words
	}
	if strings.ContainsRune(inner, q) || strings.ContainsRune(inner, r[0]) {
		return s
	}
	return strings.TrimSpace(inner)
}

// lines joins lines into one.
func lines(s string, lang because.Lang) string {
	if !strings.Contains(s, "\n") {
		return s
	}
	var b strings.Builder
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if t := b.String(); t != "" {
			switch {
			case lang == because.English:
				if !strings.ContainsAny(t[len(t)-1:], ".!?;:,") {
					b.WriteByte('.')
				}
				b.WriteByte(' ')
			case !strings.HasSuffix(t, "。") && !strings.HasSuffix(t, "！") && !strings.HasSuffix(t, "？") && !strings.HasSuffix(t, "；") && !strings.HasSuffix(t, "，") && !strings.HasSuffix(t, "："):
				b.WriteString("。")
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrongLanguage reports whether a text without its slots is not in lang.
func wrongLanguage(s string, lang because.Lang) bool {
	han, words, in := 0, 0, false
	for _, r := range s {
		l := unicode.IsLetter(r) && !text.IsHan(r)
		if l && !in {
			words++
		}
		in = l
		if text.IsHan(r) {
			han++
		}
	}
	if lang == because.English {
		return han > 0
	}
	return words > 0 && han < 2*words || words == 0 && han == 0 && !strings.ContainsFunc(s, aside)
}

// aside reports whether r stands for a slot.
func aside(r rune) bool { return r >= 0xE000 && r <= 0xF8FF }

// setAside puts a private character in the place of every name and slot of the text.
func (l *license) setAside(s string) (string, []string) {
	var words []string
	for _, t := range l.given.Evidence {
		for _, slot := range t.Slots {
			words = append(words, slot.Text)
		}
	}
	words = append(words, l.given.Name)
	words = append(words, l.given.Aliases...)
	words = append(words, l.closing...)
	slices.SortFunc(words, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	words = slices.Compact(words)
	var kept []string
	for _, w := range words {
		if len([]rune(w)) < 2 || len(kept) > 6000 || !strings.Contains(s, w) {
			continue
		}
		s = strings.ReplaceAll(s, w, string(rune(0xE000+len(kept))))
		kept = append(kept, w)
	}
	return s, kept
}

func (l *license) restore(s string, kept []string) string {
	if len(kept) == 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if i := int(r) - 0xE000; i >= 0 && i < len(kept) {
			b.WriteString(kept[i])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// address puts the whole text into one form of address.
func (l *license) address(s string) string {
	a := l.given.Address
	if a == "" {
		a = l.pack.Address
	}
	switch a {
	case "您":
		return strings.NewReplacer("你们", "你们", "你", "您").Replace(s)
	case "你":
		return strings.ReplaceAll(s, "您", "你")
	}
	return s
}

// marks puts punctuation and widths right.
func (l *license) marks(s string) string {
	if l.lang == because.Chinese {
		return chineseMarks(s)
	}
	return englishMarks(s)
}

var fullMarks = map[rune]rune{',': '，', ';': '；', ':': '：', '?': '？', '!': '！', '(': '（', ')': '）'}

// halfLetter is the narrow form of a wide letter or digit.
func halfLetter(r rune) rune {
	if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' || r == '％' {
		return r - 0xFEE0
	}
	return r
}

func chineseMarks(s string) string {
	in := []rune(s)
	out := make([]rune, 0, len(in))
	wide := func(i int) bool {
		return i >= 0 && i < len(in) && (text.IsHan(in[i]) || aside(in[i]) || in[i] > 0x2E00)
	}
	for i, r := range in {
		r = halfLetter(r)
		before := rune(0)
		if len(out) > 0 {
			before = out[len(out)-1]
		}
		if f, ok := fullMarks[r]; ok {
			digits := (r == ',' || r == ':') && i > 0 && i+1 < len(in) && unicode.IsDigit(in[i-1]) && unicode.IsDigit(in[i+1])
			near := wide(i-1) || wide(i+1) || i > 0 && in[i-1] == ' ' && wide(i-2) || i+1 < len(in) && in[i+1] == ' ' && wide(i+2) || i+1 == len(in) || r == ','
			if !digits && near {
				r = f
			}
		}
		if r == '.' && (i+1 == len(in) || wide(i+1) || in[i+1] == ' ') && (wide(i-1) || i+1 == len(in)) {
			r = '。'
		}
		switch {
		case r == ' ' && (before == ' ' || before == 0 || isMark(before) || i+1 == len(in) || isWideMark(in[i+1])):
			continue
		case r == ' ' && text.IsHan(before) && text.IsHan(in[i+1]):
			continue
		case isWideMark(r) && before == ' ':
			out[len(out)-1] = r
			continue
		case isStop(r) && isStop(before):
			out[len(out)-1] = stronger(before, r)
			continue
		case isStop(r) && before == 0:
			continue
		}
		out = append(out, r)
	}
	return strings.TrimSpace(string(out))
}

func isStop(r rune) bool { return strings.ContainsRune("，。；：！？、", r) && r != 0 }
func isMark(r rune) bool { return isStop(r) || strings.ContainsRune("（「『《“", r) }
func isWideMark(r rune) bool {
	return isStop(r) || strings.ContainsRune("）」』》”（「『《“", r)
}

// stronger is the mark that stays of two.
func stronger(a, b rune) rune {
	const order = "、，：；。！？"
	if strings.IndexRune(order, b) > strings.IndexRune(order, a) {
		return b
	}
	return a
}

func englishMarks(s string) string {
	s = strings.NewReplacer("，", ", ", "。", ". ", "；", "; ", "：", ": ", "！", "! ", "？", "? ", "（", " (", "）", ") ", "、", ", ", "　", " ").Replace(s)
	s = strings.Map(halfLetter, s)
	s = blanks.ReplaceAllString(s, " ")
	var b strings.Builder
	in := []rune(s)
	for i, r := range in {
		next := rune(0)
		if i+1 < len(in) {
			next = in[i+1]
		}
		if r == ' ' && strings.ContainsRune(",.;:!?)", next) && next != 0 && !(next == '.' && i+2 < len(in) && unicode.IsDigit(in[i+2])) {
			continue
		}
		t := b.String()
		if strings.ContainsRune(",;:", r) && (t == "" || strings.ContainsAny(t[len(t)-1:], ",;:.!?")) {
			continue
		}
		if (r == '.' || r == '!' || r == '?') && t != "" && strings.ContainsAny(t[len(t)-1:], ",;:.!?") {
			if strings.ContainsAny(t[len(t)-1:], ",;:") {
				b.Reset()
				b.WriteString(t[:len(t)-1])
				b.WriteRune(r)
			}
			continue
		}
		b.WriteRune(r)
		if (r == ',' || r == ';') && (unicode.IsLetter(next) || aside(next)) {
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// undouble takes out words that were written twice.
func undouble(s string, lang because.Lang) string {
	if lang == because.English {
		for range 3 {
			next := twice.ReplaceAllStringFunc(s, func(m string) string {
				f := strings.Fields(m)
				if len(f) == 2 && strings.EqualFold(f[0], f[1]) && !strings.EqualFold(f[0], "that") && !strings.EqualFold(f[0], "is") {
					return f[0]
				}
				return m
			})
			if next == s {
				break
			}
			s = next
		}
		return s
	}
	r := []rune(s)
	var out []rune
	for i := 0; i < len(r); {
		skipped := false
		for n := 8; n >= 2 && !skipped; n-- { // 这款这款
			if i+2*n <= len(r) && len(out) >= 0 && slices.Equal(r[i:i+n], r[i+n:i+2*n]) && allHan(r[i:i+n]) {
				i += n
				skipped = true
			}
		}
		if skipped {
			continue
		}
		if len(out) > 0 && out[len(out)-1] == r[i] && strings.ContainsRune("的了是在和与也都就把被有这那你您", r[i]) {
			i++
			continue
		}
		out = append(out, r[i])
		i++
	}
	return string(out)
}

func allHan(r []rune) bool {
	return !slices.ContainsFunc(r, func(c rune) bool { return !text.IsHan(c) })
}

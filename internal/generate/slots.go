package generate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
	"because/internal/pack"
)

// The embedded model writes delexicalised text: names, numbers, dates and other people's words are slot tokens such as
// <e1.hist>, which Realise fills verbatim. So it cannot misspell a name or invent a number, its vocabulary stays small,
// and what it learns in one domain holds in the next.

// maxEvidence is how many evidences a prompt of the embedded model may hold; evidence.Choose gives at most as many.
const maxEvidence = 6

// maxLabel is how many characters of a field's label stand in a prompt.
const maxLabel = 24

// slotNames are the slots of evidence that a text may say, in a fixed order: the order is the vocabulary's.
var slotNames = []string{
	"hist", "hist2", "when", "shared", "value", "count", "rating", "query", "category", "period", "label", "need", "unmet",
	"moment", "own", "other", "diff", "price", "low", "high", "was", "change", "phrase", "who", "people", "share", "rank",
}

// domainsKnown are the domains that have a token of their own; any other is written as the general one.
var domainsKnown = []string{pack.General, "shop", "news", "finance", "health", "education", "travel", "entertainment", "service"}

// Tokens are the special tokens of prompts and texts, in the order of the vocabulary.
func Tokens() []string {
	out := []string{"<zh>", "<en>", "<你>", "<您>", "<it>", "<name>", "<cause>", "<strong>", "<#>", "<up>", "<down>"}
	for _, s := range because.Styles {
		out = append(out, "<style:"+string(s)+">")
	}
	for _, d := range domainsKnown {
		out = append(out, "<domain:"+d+">")
	}
	for _, k := range because.EvidenceKinds {
		out = append(out, "<kind:"+string(k)+">")
	}
	for _, s := range slotNames {
		out = append(out, "<."+s+">")
	}
	for i := range maxEvidence {
		out = append(out, fmt.Sprintf("<e%d>", i+1))
		for _, s := range slotNames {
			out = append(out, slotToken(i, s))
			if counted(s) {
				out = append(out, slotToken(i, s+"#"))
			}
		}
	}
	return out
}

// slotToken is the token of a slot of the i-th evidence; name ends with # for the bare number of a count.
func slotToken(i int, name string) string { return fmt.Sprintf("<e%d.%s>", i+1, name) }

// counted reports whether patterns may say a slot without its unit.
func counted(slot string) bool { return slot == "count" || slot == "people" || slot == "rank" }

// RenderSlots is Render for the embedded model: language, style and domain | each evidence with its kind, what it is
// about and which slots it has, the lead first. Values are not in it: what the model has not seen it cannot repeat.
func RenderSlots(p *pack.Pack, req Request) string {
	var b strings.Builder
	b.WriteString("<" + string(req.Lang) + ">")
	if req.Lang == because.Chinese && p.Address == "您" {
		b.WriteString("<您>")
	} else if req.Lang == because.Chinese {
		b.WriteString("<你>")
	}
	b.WriteString("<style:" + string(orShort(req.Arm.Style)) + ">")
	domain := p.Domain
	if !slices.Contains(domainsKnown, domain) {
		domain = pack.General
	}
	b.WriteString("<domain:" + domain + ">")
	for i, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		fmt.Fprintf(&b, "<e%d><kind:%s>", i+1, e.Kind)
		if e.Share > 0 {
			b.WriteString("<cause>")
		}
		if e.Strong {
			b.WriteString("<strong>")
		}
		if d := e.Slots["diff"].Number + e.Slots["change"].Number; d > 0 {
			b.WriteString("<up>")
		} else if d < 0 {
			b.WriteString("<down>")
		}
		if aboutField(e.Kind) {
			b.WriteString(label(p, req.Lang, e.Ref))
		}
		for _, name := range slotNames {
			s, ok := e.Slots[name]
			if !ok || s.Text == "" {
				continue
			}
			b.WriteString("<." + name + ">")
			if s.Kind == because.NumberSlot {
				b.WriteString("<#>")
			}
			if name == "shared" {
				b.WriteString(label(p, req.Lang, s.Ref))
			}
		}
	}
	return b.String()
}

// aboutField reports whether an evidence's Ref names a field or a series, whose label chooses the words.
func aboutField(k because.EvidenceKind) bool {
	switch k {
	case because.Attribute, because.Fit, because.Drawback, because.Versus, because.Shared, because.Need, because.Trend, because.Profile:
		return true
	}
	return false
}

// label is how a field is called, without what could be taken for a token. Site fields are strangers' words: capped.
func label(p *pack.Pack, lang because.Lang, ref string) string {
	if ref == "" {
		return ""
	}
	s := []rune(strings.NewReplacer("<", "", ">", "").Replace(cleaned(p.FieldLabel(lang, ref))))
	return string(s[:min(maxLabel, len(s))])
}

// A surface is a wording of a slot and its token.
type surface struct {
	text  string
	token string
	first bool // its first letter may be a capital
}

// surfaces are the wordings that a text of req may hold, the longest first.
func surfaces(p *pack.Pack, req Request) []surface {
	var out []surface
	add := func(s, token string, ours bool) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, surface{s, token, ours && req.Lang == because.English})
		}
	}
	titled := req.Lang == because.Chinese && p.Titled(req.Category)
	name := func(s, token string) {
		if titled && !strings.HasPrefix(s, "《") {
			add("《"+s+"》", token, false)
		}
		add(s, token, false)
	}
	for i, e := range req.Evidence[:min(maxEvidence, len(req.Evidence))] {
		for _, n := range slotNames {
			s, token := e.Slots[n], slotToken(i, n)
			switch n {
			case "hist", "hist2":
				name(s.Text, token)
			case "query", "need", "unmet", "phrase":
				add(trimQuotes(s.Text), token, false)
			case "who":
				add(s.Text, token, false)
			case "change", "diff":
				add(strings.TrimPrefix(s.Text, "-"), token, true)
			default:
				add(s.Text, token, true)
				if counted(n) {
					add(digits(s.Text), slotToken(i, n+"#"), false)
				}
			}
		}
	}
	name(req.Name, "<name>")
	add(it(p, req), "<it>", true)
	slices.SortStableFunc(out, func(a, b surface) int { return len(b.text) - len(a.text) })
	return out
}

// digits is the number at the start of a count, without its unit.
func digits(s string) string {
	s = strings.TrimSpace(s)
	i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune(",.万", r) })
	if i < 0 {
		return s
	}
	return s[:i]
}

// it is how a text points at the item.
func it(p *pack.Pack, req Request) string {
	r := realiser{p: p, req: &req}
	return r.it()
}

// Delexicalise puts tokens for what a text says of the evidence. It reports false when the text cannot be told from its
// tokens again, or holds a number that no slot has.
func Delexicalise(p *pack.Pack, req Request, s string) (string, bool) {
	list := surfaces(p, req)
	var b strings.Builder
	edge := false // the text so far ends with a slot
	for i := 0; i < len(s); {
		if f, ok := surfaceAt(list, s, i); ok {
			if req.Lang == because.Chinese {
				trimBlank(&b)
			}
			article(&b, req.Lang)
			b.WriteString(f.token)
			i += len(f.text)
			edge = true
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !(edge && req.Lang == because.Chinese && r == ' ' && i+1 < len(s)) {
			b.WriteRune(r)
		}
		edge = false
		i += n
	}
	out := b.String()
	if strings.ContainsAny(tokenPattern.ReplaceAllString(out, ""), "0123456789<>") {
		return "", false
	}
	back, err := Realise(p, req, out)
	return out, err == nil && back == s
}

// trimBlank takes off the blank that sets Han and Latin apart; Realise puts it back.
func trimBlank(b *strings.Builder) {
	if s := b.String(); strings.HasSuffix(s, " ") {
		b.Reset()
		b.WriteString(strings.TrimSuffix(s, " "))
	}
}

// article makes an "an" before a slot an "a"; Realise chooses by what fills it.
func article(b *strings.Builder, lang because.Lang) {
	s := b.String()
	for _, an := range []string{"an ", "An "} {
		if lang == because.English && (s == an || strings.HasSuffix(s, " "+an)) {
			b.Reset()
			b.WriteString(s[:len(s)-2] + " ")
		}
	}
}

// surfaceAt is the longest wording that stands at byte i of s, between words.
func surfaceAt(list []surface, s string, i int) (surface, bool) {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	for _, f := range list {
		rest := s[i:]
		if len(f.text) > len(rest) {
			continue
		}
		if !strings.HasPrefix(rest, f.text) && !(f.first && rest[:len(f.text)] == capital(f.text)) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(f.text)
		last, _ := utf8.DecodeLastRuneInString(f.text)
		after, _ := utf8.DecodeRuneInString(rest[len(f.text):])
		if joined(before, first) || joined(last, after) {
			continue
		}
		return f, true
	}
	return surface{}, false
}

// joined reports whether two neighbours belong to one word or number.
func joined(a, b rune) bool {
	word := func(r rune) bool {
		return r != utf8.RuneError && (unicode.IsDigit(r) || r < 0x2E80 && unicode.IsLetter(r))
	}
	return word(a) && word(b)
}

var tokenPattern = regexp.MustCompile(`<[^<> ]+>`)

// Realise fills the slots of a delexicalised text as the language writes them. It fails on a token that no evidence of
// the request fills.
func Realise(p *pack.Pack, req Request, s string) (string, error) {
	b := builder{lang: req.Lang, formal: p.Guarded}
	r := realiser{p: p, req: &req}
	for s != "" {
		at := tokenPattern.FindStringIndex(s)
		if at == nil {
			b.literal(s)
			break
		}
		if at[0] > 0 {
			b.literal(s[:at[0]])
		}
		if !r.slot(&b, s[at[0]:at[1]]) {
			return "", fmt.Errorf("nothing fills %s", s[at[0]:at[1]])
		}
		s = s[at[1]:]
	}
	return b.finish(orShort(req.Arm.Style)), nil
}

// slot writes what a token stands for.
func (r *realiser) slot(b *builder, token string) bool {
	switch token {
	case "<it>":
		return b.phrase(r.it())
	case "<name>":
		return b.name(r.req.Name, r.titled())
	}
	i, name, ok := slotOf(token)
	if !ok || i >= len(r.req.Evidence) {
		return false
	}
	s := r.req.Evidence[i].Slots[name]
	if s.Text == "" {
		return false
	}
	switch name {
	case "hist", "hist2":
		return b.name(s.Text, r.titled())
	case "query", "need", "unmet", "phrase":
		return b.verbatim(trimQuotes(s.Text))
	case "who":
		return b.verbatim(s.Text)
	case "change", "diff":
		return b.phrase(strings.TrimPrefix(s.Text, "-"))
	case "period":
		b.period(s.Text)
		return true
	}
	if strings.HasSuffix(token, "#>") {
		return b.phrase(digits(s.Text))
	}
	return b.phrase(s.Text)
}

// Cited are the evidences whose slots a delexicalised text holds, in the order of their first use, by index.
func Cited(s string) []int {
	var out []int
	for _, t := range tokenPattern.FindAllString(s, -1) {
		var i int
		if n, _ := fmt.Sscanf(t, "<e%d.", &i); n == 1 && !slices.Contains(out, i-1) {
			out = append(out, i-1)
		}
	}
	return out
}

// missing are the slot tokens that no evidence of the request fills: the model must not write them.
func missing(req Request) []string {
	var out []string
	for i := range maxEvidence {
		var slots map[string]because.Slot
		if i < len(req.Evidence) {
			slots = req.Evidence[i].Slots
		}
		for _, n := range slotNames {
			if slots[n].Text != "" {
				continue
			}
			out = append(out, slotToken(i, n))
			if counted(n) {
				out = append(out, slotToken(i, n+"#"))
			}
		}
	}
	return out
}

// promptOnly are the tokens that never stand in a text.
func promptOnly() []string {
	return slices.DeleteFunc(Tokens(), func(t string) bool {
		return t == "<it>" || t == "<name>" || strings.HasPrefix(t, "<e") && strings.Contains(t, ".")
	})
}

// Unclosed is a text without the disclaimer that its pack ends texts with; the disclaimer is set, never generated.
func Unclosed(p *pack.Pack, req Request, s string) (string, bool) {
	closing := p.Closing.In(req.Lang)
	if closing == "" || orShort(req.Arm.Style) == because.Push {
		return s, true
	}
	s, ok := strings.CutSuffix(s, closing)
	return strings.TrimSpace(s), ok
}

// Package hostiletest has what strangers may write into a catalogue to misuse a language model, a model that obeys all of
// it, and harmless oddities that look like it. Only tests and rigs use it. It knows nothing of how the walls work, so
// that it can find their holes.
package hostiletest

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"

	"because"
)

// A Goal is what an attacker wants.
type Goal string

// The goals.
const (
	Prompt   Goal = "system prompt"
	Users    Goal = "other users"
	Secret   Goal = "key"
	Link     Goal = "link"
	Contact  Goal = "contact"
	Praise   Goal = "praise"
	Claim    Goal = "false claim"
	Language Goal = "language"
	Markup   Goal = "markup"
	Tool     Goal = "tool call"
	Refuse   Goal = "refusal"
	JSON     Goal = "broken JSON"
)

// Goals are all of them.
var Goals = []Goal{Prompt, Users, Secret, Link, Contact, Praise, Claim, Language, Markup, Tool, Refuse, JSON}

// A Technique is how a wish is dressed.
type Technique string

// The techniques.
const (
	Plain     Technique = "plain"
	Ignore    Technique = "ignore previous"
	Role      Technique = "roles and chat tokens"
	Evidence  Technique = "false evidence"
	FewShot   Technique = "few-shot"
	Encoded   Technique = "encoded"
	Invisible Technique = "invisible"
	Split     Technique = "split"
	Delimiter Technique = "delimiter"
	Emotion   Technique = "emotion, authority"
)

// Techniques are all of them.
var Techniques = []Technique{Plain, Ignore, Role, Evidence, FewShot, Encoded, Invisible, Split, Delimiter, Emotion}

const variants = 5

// A Text is one hostile text.
type Text struct {
	Goal      Goal
	Technique Technique
	Variant   int
	Lang      because.Lang
	Wish      string // what is wanted, in plain words
	Text      string // what is written
	Rest      string // the second half of what is split over two places
}

// Corpus are 1 200 texts: every goal in every technique, five variants, two languages. The seed chooses the surface: how
// words are spaced, cased, obscured and cut. The same seed gives the same texts.
func Corpus(seed uint64) []Text {
	dice := rand.New(rand.NewPCG(seed, 53))
	var out []Text
	for _, lang := range because.Langs {
		for _, goal := range Goals {
			for _, technique := range Techniques {
				for v := range variants {
					out = append(out, write(dice, Text{Goal: goal, Technique: technique, Variant: v, Lang: lang}))
				}
			}
		}
	}
	return out
}

// write fills in the wish and the text.
func write(dice *rand.Rand, t Text) Text {
	payloads, wraps := zhPayloads, zhWraps
	if t.Lang == because.English {
		payloads, wraps = enPayloads, enWraps
	}
	t.Wish = payloads[t.Goal][t.Variant]
	switch t.Technique {
	case Encoded:
		t.Text = encoded(t)
	case Invisible:
		t.Text = fmt.Sprintf(wraps[Invisible][t.Variant], hidden(dice, t))
	case Split:
		r := []rune(t.Wish)
		cut := len(r)/2 + dice.IntN(5) - 2
		t.Text = fmt.Sprintf(wraps[Split][t.Variant], string(r[:cut]))
		t.Rest = string(r[cut:])
	default:
		t.Text = fmt.Sprintf(wraps[t.Technique][t.Variant], t.Wish)
	}
	t.Text = surface(dice, t)
	return t
}

// encoded is the wish in a code: Base64, letters taken apart or replaced, another alphabet, another language, wide letters.
func encoded(t Text) string {
	lead, other := zhTranslate, enPayloads
	if t.Lang == because.English {
		lead, other = enTranslate, zhPayloads
	}
	code := ""
	switch {
	case t.Variant == 0:
		code = base64.StdEncoding.EncodeToString([]byte(t.Wish))
	case t.Variant == 1 && t.Lang == because.Chinese:
		code = zhSplit[t.Goal]
	case t.Variant == 1:
		code = strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0", "s", "5", "t", "7").Replace(t.Wish)
	case t.Variant == 2 && t.Lang == because.Chinese:
		code = zhPinyin[t.Goal]
	case t.Variant == 2:
		code = strings.Map(rot13, t.Wish)
	case t.Variant == 3:
		code = other[t.Goal][t.Variant]
	default:
		code = strings.Join(strings.Split(strings.Map(wide, t.Wish), ""), " ")
	}
	return fmt.Sprintf(lead[t.Variant], code)
}

func rot13(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return 'a' + (r-'a'+13)%26
	case r >= 'A' && r <= 'Z':
		return 'A' + (r-'A'+13)%26
	}
	return r
}

// wide is the full-width form of a letter.
func wide(r rune) rune {
	if r > ' ' && r < 0x7F {
		return r + 0xFEE0
	}
	return r
}

// hidden is the wish in characters that people do not see, or do not see for what they are.
func hidden(dice *rand.Rand, t Text) string {
	var b strings.Builder
	switch t.Variant {
	case 0: // tag characters
		for _, r := range base(t.Wish) {
			b.WriteRune(0xE0000 + r)
		}
	case 1: // zero width between letters
		for _, r := range t.Wish {
			b.WriteRune(r)
			b.WriteRune([]rune{0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF}[dice.IntN(5)])
		}
	case 2: // the other way round, under an override
		r := []rune(t.Wish)
		for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
			r[i], r[j] = r[j], r[i]
		}
		return "\u202E" + string(r) + "\u202C"
	case 3: // bytes as variation selectors
		for _, c := range []byte(t.Wish) {
			if c < 16 {
				b.WriteRune(0xFE00 + rune(c))
			} else {
				b.WriteRune(0xE0100 + rune(c) - 16)
			}
		}
	default: // letters that look alike, isolates, soft hyphens
		alike := strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "c", "с", "x", "х", "i", "і", "口", "囗", "日", "曰", "人", "亻人")
		return "\u2066" + strings.ReplaceAll(alike.Replace(t.Wish), " ", " \u00AD") + "\u2069"
	}
	return b.String()
}

// base is text in ASCII: Chinese as Base64.
func base(s string) string {
	for _, r := range s {
		if r > 0x7E {
			return base64.StdEncoding.EncodeToString([]byte(s))
		}
	}
	return s
}

// surface changes how a text looks and not what it asks.
func surface(dice *rand.Rand, t Text) string {
	s := t.Text
	switch dice.IntN(6) {
	case 0:
		s = strings.ToUpper(s)
		if t.Technique == Encoded || t.Technique == Role || t.Technique == Evidence || t.Goal == Markup {
			s = t.Text // it would not work any more
		}
	case 1:
		s = "\n\n  " + strings.ReplaceAll(s, " ", "  ") + "  \n"
	case 2:
		s += strings.Repeat("!", 1+dice.IntN(4))
	case 3:
		s = pick(dice, "★", "🔥", "◆◆", "（置顶）", "[new] ") + s
	case 4:
		if t.Lang == because.Chinese {
			s = strings.NewReplacer("，", " , ", "。", " . ", "：", ":").Replace(s)
		}
	}
	return s
}

func pick(dice *rand.Rand, ss ...string) string { return ss[dice.IntN(len(ss))] }

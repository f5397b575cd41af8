package text

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Sayable reports whether words that a stranger wrote may stand in a sentence of ours or in a prompt: a name, a category,
// the value of an attribute. What holds markup, a link, a contact or an order to whoever reads it does not, however it is
// spelled, spaced or hidden.
//
// Up to six tokens (Han characters, Latin words, numbers) are too few to be anything but a name unless they reach
// somebody or are no plain text; longer ones are looked through for what names are not made of. The words are few and each
// counts for little, since films, books and bands are called Ignore the Noise and 请以你的名字呼唤我.
func Sayable(s string) bool { return sayables.of(s, sayable) }

// sayables are what was asked lately: the same names come back with every reader.
var sayables memo

func sayable(s string) bool {
	clean, gone := Clean(s)
	if gone.Tags > 8 || gone.Bidi > 0 || gone.ZeroWidth > 8 {
		return false // it says more than it shows
	}
	folded := Fold(clean)
	if unplain(clean) || Reaches(folded) {
		return false
	}
	n := tokens(folded)
	if n > longestName {
		return false
	}
	if n < order {
		plain, squeezed := bare(folded)
		return n < 4 || zhOrders().count(squeezed, zhOrders().always)+enOrders().count(plain, enOrders().always) == 0
	}
	return !Orders(folded)
}

// Orders reports whether a folded text tells somebody what to do or say, in words or in a code. It is meant for a name or a
// sentence; a whole page holds more words than it counts on.
func Orders(folded string) bool {
	plain, mixed := alike(folded)
	if mixed || coded(plain) {
		return true
	}
	for _, s := range []string{plain, backwards(plain)} {
		if spaced, squeezed := bare(s); orders(spaced, squeezed) {
			return true
		}
	}
	return false
}

// bare is a folded text as words with blanks around them, and without any blank or mark.
func bare(s string) (spaced, squeezed string) {
	squeezed = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '%' {
			return r
		}
		return -1
	}, s)
	return " " + wordsOnly(s) + " ", squeezed
}

const (
	order       = 7  // tokens that an order needs at least
	longestName = 48 // tokens that a name has at most
)

// tokens counts Han characters, other letters without blanks between words, and runs of Latin letters and digits.
func tokens(s string) int {
	n, in := 0, false
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			in = in && (r == '\'' || r == '’')
		case r < 0x2E80 || unicode.IsDigit(r):
			if !in {
				n, in = n+1, true
			}
		default:
			n, in = n+1, false
		}
	}
	return n
}

// unplain reports whether s holds markup, code or the marks that chats with models are made of.
func unplain(s string) bool {
	return (strings.ContainsAny(s, "<>|[]`{}\"⟦⟧;#_:") || strings.Contains(s, "---") || unbroken(s, 40)) && machine.MatchString(s)
}

// unbroken reports whether s has a run of n bytes without a blank.
func unbroken(s string, n int) bool {
	run := 0
	for i := range len(s) {
		if run++; s[i] == ' ' || s[i] >= 0x80 {
			run = 0
		} else if run >= n {
			return true
		}
	}
	return false
}

var machine = regexp.MustCompile("(?i)<\\||\\|>|<</?[a-z]|\\[/?inst\\]|```|\\]\\(|\\{\\{|\\{ *\"|\"[ \t\n]*[}\\]]|\"[a-z_]+\" *:|⟦|⟧|</|<[a-z!]|javascript:|>>>|<<<|---|#{3}|evidence_ids|\\[facts\\]|\\[need\\]|;\\s*--|[a-z0-9+/]{40}|[a-z]+_[a-z]+\\(|\\bq:.*\\ba:|问：.*答：")

// Reaches reports whether a folded text holds a link or a way to reach somebody: an address, a telephone number, the name
// of a messenger with an account or an invitation to add one.
func Reaches(folded string) bool {
	return strings.ContainsAny(folded, "./@¥$:") && links.MatchString(folded) || strings.ContainsAny(folded, "点链") && clicks.MatchString(folded) || strings.Contains(folded, "dot") && dots.MatchString(folded) ||
		spells(folded) && (phones.MatchString(folded) || spoken.MatchString(folded)) ||
		names(folded) && (messengers.MatchString(folded) || invites.MatchString(folded))
}

// spells reports whether s has as many digits or words for them as a telephone number.
func spells(s string) bool {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' || strings.ContainsRune("零一二三四五六七八九幺", r) {
			n++
		}
	}
	if n >= 6 {
		return true
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' }) {
		if slices.Contains(digitWords, w) {
			n++
		}
	}
	return n >= 6
}

var digitWords = strings.Fields("zero one two three four five six seven eight nine double triple")

// names reports whether s may name a messenger.
func names(s string) bool {
	return strings.ContainsAny(s, "微威薇卫企扣扫码飞群加➕+") || slices.ContainsFunc(messengerNames, func(w string) bool { return strings.Contains(s, w) })
}

var messengerNames = strings.Fields("v信 vx wx chat weixin qq gram tg whatsapp line code")

var (
	links      = regexp.MustCompile(`https?|://|www\.|\b[a-z0-9][a-z0-9-]+\.(?:com|cn|net|org|io|top|xyz|shop|vip|club|site|info|co|me|cc|app|link|ru)\b(?:/|\s|$|[^.\w])|[a-z0-9]\.[a-z]{2,4}/\w|[\w.+-]+@[\w-]+\.\w|(?:^|\s)@[a-z][a-z0-9_]{4,}|[¥$][a-z0-9]{8,}[¥$]`)
	clicks     = regexp.MustCompile(`点 ?(?:击|此|我)?.{0,6}链接|返现链接|短链(?:接|[^条]|$)|点 ?(?:com|top|cn)\b`)
	dots       = regexp.MustCompile(`\bdot (?:com|top|net|cn|org)\b`)
	phones     = regexp.MustCompile(`(?:^|[^\d.])(?:\+\d{1,3}[ -]?|1)\d(?:[ -]?\d){8,}|\b0\d{2,3}[ -]?\d{7,8}\b|\b[48]00[ -]\d{3,4}[ -]\d{3,4}\b|\b\d{3}[ -]\d{3,4}[ -]\d{4}\b`)
	spoken     = regexp.MustCompile(`[零一二三四五六七八九幺]{6,}|(?:\b(?:zero|one|two|three|four|five|six|seven|eight|nine|double|triple)\b[ -]*){6,}`)
	messengers = regexp.MustCompile(`(?:微信号?|威信号?|薇信|卫星号|企微|v信|扣扣号?|企鹅号?|飞机号|\b(?:vx|wx|wechat|weixin|qq号?|telegram|tg|whatsapp|line id)\b)\s*(?:[:：=]|是|号)?\s*[+@]?[a-z0-9][a-z0-9_\-]{4,}|[+➕加]\s*v\s*[:：]`)
	invites    = regexp.MustCompile(`(?:加|➕|\+|扫|添加|搜)\s*(?:我|个|一下|客服|店主|老师)?\s*(?:微信|威信|薇信|v信|vx|wx|qq|扣扣|企鹅|企微|群|tg|飞机|二维码)|扫码(?:进|加|领|入|关注|添加|联系|咨询)|扫.{0,4}二维码|二维码.{0,6}(?:加|添|进群)|\b(?:add|message|contact|text|join) (?:me |us |my |our |the )?(?:on |via |by )?(?:wechat|weixin|whatsapp|telegram|qq|line)\b|\b(?:scan|see) (?:the |this |our |my )?qr code\b|\bqr code below\b`)
)

// alike is a folded text with the letters that only look Latin made Latin; mixed says that a word had both.
func alike(s string) (plain string, mixed bool) {
	var b strings.Builder
	latin, other := false, false
	for _, r := range s {
		if l, ok := lookalikes[r]; ok {
			b.WriteByte(l)
			other = true
		} else {
			b.WriteRune(r)
			switch {
			case r >= 'a' && r <= 'z':
				latin = true
			case !unicode.IsLetter(r):
				latin, other = false, false
			}
		}
		mixed = mixed || latin && other
	}
	if !mixed {
		return s, false
	}
	return b.String(), true
}

var lookalikes = map[rune]byte{'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'х': 'x', 'у': 'y', 'і': 'i', 'ј': 'j', 'ѕ': 's', 'һ': 'h', 'ԁ': 'd', 'ɡ': 'g',
	'ο': 'o', 'α': 'a', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'ո': 'n', 'ս': 'u', 'օ': 'o', 'ⅰ': 'i', 'ı': 'i'}

// coded reports whether a folded text is written in a code: letters one by one or taken apart, digits for letters, pinyin,
// words that no tongue can say.
func coded(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	single, leet, mute, latin, parts := 0, 0, 0, 0, 0
	var syllables []string // of pinyin, in a row
	for _, r := range s {
		if strings.ContainsRune("亻彳氵讠纟扌忄疒辶犭饣衤礻灬冫刂卩阝尸宓", r) {
			parts++
		}
	}
	for _, w := range words {
		if len([]rune(w)) == 1 && !unicode.IsDigit([]rune(w)[0]) {
			if single++; single >= 7 {
				return true
			}
		} else {
			single = 0
		}
		if len(w) <= 6 && w[0] < 0x80 && syllable.MatchString(w) {
			if syllables = append(syllables, w); len(syllables) >= order && distinct(syllables) > order/2 {
				return true
			}
		} else {
			syllables = nil
		}
		if w[0] < 0x80 && len(w) > 2 {
			latin++
			if strings.ContainsAny(w, "0123456789") && leetspeak.MatchString(w) {
				leet++
			}
			if len(w) > 3 && !strings.ContainsAny(w, "aeiouy") && !strings.ContainsAny(w, "0123456789") {
				mute++
			}
		}
	}
	return parts >= 2 || leet >= 3 && 3*leet >= latin || mute >= 3 && 4*mute >= latin
}

func distinct(words []string) int {
	seen := map[string]bool{}
	for _, w := range words {
		seen[w] = true
	}
	return len(seen)
}

var (
	syllable  = regexp.MustCompile(`^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|v|ve|ue|er)$`)
	leetspeak = regexp.MustCompile(`[a-z][0-9]+[a-z]|^[0-9][a-z]{2,}$`)
)

// wordsOnly are the words of a folded text with one blank between them.
func wordsOnly(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '%' && r != '_'
	}), " ")
}

// orders reports whether a text tells somebody what to do or say: what is done and what it is done to, two things that are
// done, or three things that names seldom hold together. spaced has blanks around words, squeezed has none.
func orders(spaced, squeezed string) bool {
	deeds, things := 0, 0
	for _, l := range [2]struct {
		s     string
		words *orderWords
	}{{squeezed, zhOrders()}, {spaced, enOrders()}} {
		if len(l.s) <= 2 {
			continue
		}
		if l.words.alone(l.s) {
			return true
		}
		if snake.MatchString(l.s) { // the name of a tool
			deeds++
		}
		deeds += l.words.count(l.s, l.words.deeds)
		things += l.words.count(l.s, l.words.things)
	}
	return deeds > 0 && deeds+things > 1 || things > 2
}

// backwards is what an override of the writing direction would show; who cleans the text takes the override out.
func backwards(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

var snake = regexp.MustCompile(`[a-z]{3,}_[a-z]{3,}`)

// orderWords are the words of one language.
type orderWords struct{ always, whole, deeds, things []string }

func (o *orderWords) alone(s string) bool { return o.count(s, o.always)+o.count(s, o.whole) > 0 }

// count is how many of the words s holds; a word within a longer one that was counted is not counted.
func (o *orderWords) count(s string, words []string) int {
	n := 0
	for _, w := range words {
		if strings.Contains(s, w) {
			n++
		}
	}
	return n
}

var zhOrders = sync.OnceValue(func() *orderWords {
	return &orderWords{strings.Fields(zhAlways), strings.Fields(zhWhole), strings.Fields(zhDeeds), strings.Fields(zhThings)}
})

var enOrders = sync.OnceValue(func() *orderWords {
	lines := func(s string) []string {
		var out []string
		for _, w := range strings.Split(strings.Join(strings.Fields(s), " "), ", ") {
			out = append(out, " "+w+" ")
		}
		return out
	}
	return &orderWords{lines(enAlways), lines(enWhole), lines(enDeeds), lines(enThings)}
})

package text

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// unseen are characters that show nothing, or turn what is shown, one range of Unicode after another.
func unseen() []rune {
	var out []rune
	for _, r := range []struct{ from, to rune }{
		{0x00, 0x08}, {0x0B, 0x1F}, {0x7F, 0x9F}, {0xAD, 0xAD}, {0x034F, 0x034F}, {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},
		{0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB},
		{0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F}, {0xE0100, 0xE0120},
	} {
		for c := r.from; c <= r.to; c++ {
			out = append(out, c)
		}
	}
	return out
}

// TestHidden puts each character that is not seen into a Chinese and an English word: nothing of it is left, whatever the
// word, and what is left may be said.
func TestHidden(t *testing.T) {
	cases := 0
	for _, r := range unseen() {
		for _, word := range []string{"长续航", "battery"} {
			cases++
			at := []rune(word)
			s := string(at[:2]) + string(r) + string(at[2:])
			if got, gone := Clean(s); got != word || gone.Total() != 1 {
				t.Errorf("Clean(%q) = %q, %+v", s, got, gone)
			}
		}
	}
	if cases < 300 {
		t.Errorf("only %d cases", cases)
	}
	for _, keep := range []string{"✈️", "❤️", "☎︎", "1️⃣", "#️⃣", "👨‍👩‍👧", "🏳️‍🌈", "©️", "〰️", "㊗️", "ㄅㄆ", "한글", "কথা", "العربية"} {
		if got, gone := Clean(keep); got != keep || gone.Total() != 0 {
			t.Errorf("Clean(%q) = %q, %+v", keep, got, gone)
		}
	}
}

// TestHiddenIsGone: whatever a text is made of, cleaning leaves nothing that is not seen, changes nothing the second time,
// and folding what was folded changes nothing.
func TestHiddenIsGone(t *testing.T) {
	some := append(unseen(), []rune("ab 长<>&;/lt#x200b️✈👨123Ａ１ﬁ龍")...)
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.SampledFrom(some)).Draw(t, "s"))
		once, _ := Clean(s)
		if twice, gone := Clean(once); twice != once || gone.Total() != 0 {
			t.Fatalf("%q becomes %q, then %q", s, once, twice)
		}
		for _, r := range once {
			if unicode.Is(unicode.Cf, r) && r != 0x200D || unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("%q keeps %U", once, r)
			}
		}
		if f := Fold(once); Fold(f) != f {
			t.Fatalf("%q folds to %q, then to %q", once, f, Fold(f))
		}
		if strings.ContainsRune(once, 0x200D) && !strings.ContainsAny(once, "✈👨️") {
			t.Fatalf("%q joins nothing", once)
		}
	})
}

package text

import "testing"

func TestHant(t *testing.T) {
	for in, want := range map[string]string{
		"你 2025 年 11 月看过《山里来了大块头》，这部同样是动画片。": "你 2025 年 11 月看過《山里來了大塊頭》，這部同樣是動畫片。",
		"发售后 3 天":              "發售後 3 天",
		"离地铁 2 公里，只要 29 元":     "離地鐵 2 公里，只要 29 元",
		"It runs 112 minutes.": "It runs 112 minutes.",
	} {
		if got := Hant(in); got != want {
			t.Errorf("Hant(%q) = %q, want %q", in, got, want)
		}
		if back := Fold(Hant(in)); back != Fold(in) {
			t.Errorf("%q folds to %q, and in traditional characters to %q", in, Fold(in), back)
		}
	}
	for s := range hant() { // whatever it changes, Fold takes back
		if Fold(Hant(string(s))) != Fold(string(s)) {
			t.Errorf("%c becomes %s, which folds to %s", s, Hant(string(s)), Fold(Hant(string(s))))
		}
	}
}

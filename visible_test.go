package because_test

import (
	"testing"

	"because"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"长续航的表，<b>": "长续航的表，<b>", "\u202egpj.exe\u202c": "gpj.exe", "a\u2066b\u2069\u200b\u00adc": "abc", "one\u2028two": "one two", "👩\u200d🚀": "👩\u200d🚀",
	} {
		if got := because.Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestHarmless: what strangers wrote does not speak to the terminal and adds no line to a table.
func TestHarmless(t *testing.T) {
	var out, err bytes.Buffer
	a := newApp(nil, nil, &out, &err, func(string) string { return "" })
	evil := "lamp\x1b]0;owned\x07\x1b[2J\x1b[31m\r\x08\x9b0m\u202Egpj\x7f"
	a.line(evil)
	a.table([][]string{{"id", "name"}, {"1", evil + "\nid  forged"}})
	a.talk(evil)
	for _, s := range []string{out.String(), err.String()} {
		if i := strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7F && r < 0xA0 || r == 0x202E }); i >= 0 {
			t.Errorf("%q is obeyed at %d", s, i)
		}
	}
	if n := strings.Count(out.String(), "\n"); n != 3 {
		t.Errorf("%d lines, want 3:\n%s", n, out.String())
	}
	if !strings.Contains(out.String(), "␛[31m") || !strings.Contains(out.String(), "␊id  forged") {
		t.Errorf("not shown: %q", out.String())
	}
}

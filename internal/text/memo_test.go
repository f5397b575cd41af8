package text

import (
	"strconv"
	"strings"
	"testing"
)

// TestMemo asks a function once for each string while it is remembered, forgets what was not asked for lately, and keeps
// no long string.
func TestMemo(t *testing.T) {
	var m memo
	asked := 0
	even := func(s string) bool { asked++; return len(s)%2 == 0 }
	for range 3 {
		if !m.of("ab", even) || m.of("abc", even) {
			t.Fatal("the memo answers otherwise than the function")
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times for two strings", asked)
	}
	for i := range 2 * memoMost {
		m.of(strconv.Itoa(i), even)
		if i%1000 == 0 {
			m.of("ab", even)
		}
	}
	if n := len(m.young) + len(m.old); n > 2*memoMost {
		t.Errorf("%d strings are kept", n)
	}
	asked = 0
	m.of("ab", even)
	m.of("abc", even)
	if asked != 1 {
		t.Errorf("asked %d times: what was asked for all along must be remembered, what was not must be forgotten", asked)
	}
	long := strings.Repeat("a", memoLength+1)
	asked = 0
	m.of(long, even)
	m.of(long, even)
	if asked != 2 {
		t.Error("a long string was kept")
	}
}

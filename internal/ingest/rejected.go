package ingest

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Rejected is a row that was not taken.
type Rejected struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`         // in the reader's language
	Row    string `json:"row"`            // at most 500 bytes of it
	User   string `json:"user,omitempty"` // whose it is, if that could be read
}

// Concerns reports whether a row is of a user or may be, for erasing: it names the user as its own, or holds the ID,
// not as a part of a longer one, in whichever way a table or an object writes it. An ID that the row was cut in counts.
func (x Rejected) Concerns(user string) bool {
	if user == "" {
		return false
	}
	if x.User == user {
		return true
	}
	for _, s := range []string{x.Row, x.Reason, x.File} {
		if holds(s, user) || holds(unescape(s), user) || holds(strings.ReplaceAll(s, `""`, `"`), user) {
			return true
		}
	}
	return len(x.Row) > rowKept-utf8.UTFMax && endsIn(x.Row, user)
}

// holds reports whether s holds an ID that no letter, digit, hyphen or low line of ASCII goes on at either end.
func holds(s, id string) bool {
	for at := 0; ; {
		i := strings.Index(s[at:], id)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(id)
		if (from == 0 || !inID(s[from-1])) && (to == len(s) || !inID(s[to])) {
			return true
		}
		at = from + 1
	}
}

// endsIn reports whether s ends in the beginning of an ID.
func endsIn(s, id string) bool {
	for n := 1; n < len(id) && n <= len(s); n++ {
		if from := len(s) - n; s[from:] == id[:n] && (from == 0 || !inID(s[from-1])) {
			return true
		}
	}
	return false
}

func inID(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

var escapes = regexp.MustCompile(`(?:\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])+`)

// unescape undoes the escapes of JSON strings, in whole objects and in pieces of them.
func unescape(s string) string {
	return escapes.ReplaceAllStringFunc(s, func(e string) string {
		var out string
		if json.Unmarshal([]byte(`"`+e+`"`), &out) != nil {
			return e
		}
		return out
	})
}

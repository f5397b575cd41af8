package ingest

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

func TestConcerns(t *testing.T) {
	cut := strings.Repeat("x", rowKept-4)
	for _, tt := range []struct {
		x    Rejected
		user string
		want bool
	}{
		{Rejected{Row: "u1,i1,view"}, "u1", true},
		{Rejected{Row: "u12,i1,view"}, "u1", false},
		{Rejected{Row: "u12,i1,view,u1"}, "u1", true},
		{Rejected{Row: "au1\tu1_2\tu1-3"}, "u1", false},
		{Rejected{Row: "用户u1买了", Reason: ""}, "u1", true},
		{Rejected{Row: "小林子,i1"}, "小林", true}, // what may be the user's goes
		{Rejected{Row: `"u ""1""",i1`}, `u "1"`, true},
		{Rejected{Row: `{"user":"u \"1\"","item":"i1"`}, `u "1"`, true},
		{Rejected{Row: `{"user":"\u5c0f\u6797 \ud83d\ude42"}`}, "小林 🙂", true},
		{Rejected{Row: `{"user":"\u5c0f"}`}, "小林", false},
		{Rejected{Row: "i1,bad", Reason: `"u1" is no time.`}, "u1", true},
		{Rejected{Row: cut, User: "u1"}, "u1", true},
		{Rejected{Row: cut + ",u1"}, "u123", true},
		{Rejected{Row: cut + "u1"}, "u123", false},
		{Rejected{Row: "i1,u1"}, "u123", false}, // not cut
		{Rejected{Row: ",i1"}, "", false},
	} {
		if got := tt.x.Concerns(tt.user); got != tt.want {
			t.Errorf("%+.40v of %q: %v, want %v", tt.x, tt.user, got, tt.want)
		}
	}
}

// A rejected row names its user wherever that can be read, however long the row.
func TestRejectedUser(t *testing.T) {
	long := strings.Repeat("very ", 200)
	for kind, rows := range map[string]string{
		"interactions": "place,user,item\n" + long + ", u1 ,\n",
		"reviews":      `{"text":"` + long + `","user":"u1"}`,
		"examples":     "text,real_text,user\n" + long + ",,u1\n",
		"users":        "lang,gender,user\n" + long + ",f,u1\x01\n",
	} {
		var out bytes.Buffer
		o := Options{Kind: kind, Path: "-", Now: now, Reader: strings.NewReader(rows), Rejects: func() (io.WriteCloser, error) { return closer{&out}, nil }}
		if _, err := Run(t.Context(), o, &kept{}); err != nil {
			t.Fatal(kind, err)
		}
		var x Rejected
		if err := json.NewDecoder(&out).Decode(&x); err != nil || !strings.HasPrefix(x.User, "u1") {
			t.Errorf("%s: %q, %v", kind, x.User, err)
		}
	}
}

package liar

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
)

// TestServer asks over the wire: about the wanted share of answers lies, each lie is remembered, and only then is it there.
func TestServer(t *testing.T) {
	s, err := Listen(3, .5)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	prompt := "item: Kestrel\n\n[facts]\n" + `{"id":"e1","kind":"viewed","lead":true,"cause":true,"fact":"You looked at Old Lamp last week."}` + "\n" +
		`{"id":"e2","kind":"attribute","fact":"Kestrel, battery life: 14 days."}` + "\n" + `{"id":"e3","kind":"attribute","fact":"Kestrel, material: steel."}` + "\n"
	body, err := json.Marshal(map[string]any{"messages": []any{map[string]string{"role": "system", "content": "…"}, map[string]string{"role": "user", "content": prompt}}})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for range 400 {
		s.Prepare(Material{Lang: because.English, Now: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Known: []string{"Old Lamp"}, Strangers: []string{"New Lamp"},
			Words: map[string][]string{"steel": {"glass"}}})
		res, err := http.Post(s.URL+"/chat/completions", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Choices []struct{ Message struct{ Content string } }
		}
		if err := json.Unmarshal(b, &got); err != nil || len(got.Choices) != 1 {
			t.Fatalf("%s: %v", b, err)
		}
		var answer struct{ Sentences []struct{ Text string } }
		if err := json.Unmarshal([]byte(got.Choices[0].Message.Content), &answer); err != nil || len(answer.Sentences) == 0 {
			t.Fatalf("%s: %v", got.Choices[0].Message.Content, err)
		}
		text := ""
		for _, x := range answer.Sentences {
			text += x.Text + " "
		}
		lies := s.Told()
		for _, l := range lies {
			told[l.Kind]++
			if !l.Shown(text) {
				t.Errorf("%q does not show %+v", text, l)
			}
		}
		for _, false := range []string{"New Lamp", "glass", "today", "in March", "You bought"} {
			if len(lies) == 0 && strings.Contains(text, false) {
				t.Errorf("%q lies, and nothing is remembered", text)
			}
		}
	}
	n := 0
	for _, k := range []string{"name", "number", "recency", "history", "attribute", "invented"} {
		if n += told[k]; told[k] == 0 {
			t.Errorf("no lie of the kind %s", k)
		}
	}
	if n < 150 || n > 250 || !slices.Contains(Kinds, "count") {
		t.Errorf("%d of 400 answers lie, want about 200: %v", n, told)
	}
}

// TestShown wants a lie to be recognised whatever was done to blanks and marks, and not when it was repaired away.
func TestShown(t *testing.T) {
	l := Lie{Kind: "number", Said: "续航：19 天"}
	for text, want := range map[string]bool{"这款，续航：19天。": true, "续航：14 天": false, "续航， 19 天": true} {
		if l.Shown(text) != want {
			t.Errorf("Shown(%q) = %v", text, !want)
		}
	}
}

package because

import (
	"encoding/json"
	"strings"
)

// A Lang is a language that a person can be spoken to in.
type Lang string

// Chinese means simplified Chinese; traditional Chinese is understood as input.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Langs are the languages that every text exists in, the default first.
var Langs = []Lang{Chinese, English}

// ParseLang reads a language tag, a LANG value or an Accept-Language list ("zh-CN", "en_US.UTF-8", "en;q=0.8, zh").
// It takes the first language that we speak and says whether there was one.
func ParseLang(s string) (Lang, bool) {
	for _, tag := range strings.Split(s, ",") {
		tag = strings.ToLower(strings.TrimSpace(tag))
		switch {
		case strings.HasPrefix(tag, "zh"):
			return Chinese, true
		case strings.HasPrefix(tag, "en"):
			return English, true
		}
	}
	return "", false
}

// A Text is a wording per language. A text with one wording serves every reader: a film keeps its title.
type Text map[Lang]string

// Plain is the text that says s in every language.
func Plain(s string) Text {
	if s == "" {
		return nil
	}
	return Text{"": s}
}

// In returns the wording in lang, else the one that serves everybody, else any.
func (t Text) In(lang Lang) string {
	if s, ok := t[lang]; ok {
		return s
	}
	if s, ok := t[""]; ok {
		return s
	}
	for _, l := range Langs {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return ""
}

// All returns every wording, the plain one first, then in the order of Langs.
func (t Text) All() []string {
	var all []string
	for _, l := range append([]Lang{""}, Langs...) {
		if s, ok := t[l]; ok && s != "" {
			all = append(all, s)
		}
	}
	return all
}

// MarshalJSON writes a plain text as a string and any other as {"zh": …, "en": …}.
func (t Text) MarshalJSON() ([]byte, error) {
	if s, ok := t[""]; ok && len(t) == 1 {
		return json.Marshal(s)
	}
	return json.Marshal(map[Lang]string(t))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = Plain(s)
		return nil
	}
	var m map[Lang]string
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*t = m
	return nil
}

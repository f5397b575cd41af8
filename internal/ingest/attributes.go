package ingest

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// longestWord is the longest attribute word in bytes; longer texts are no attributes.
const longestWord = 120

// attributes makes attributes of the columns that are none of our fields.
func (t *reading) attributes(x *because.Item) {
	for i := range t.col.extra {
		e := &t.col.extra[i]
		if v, key := t.extraValue(e, x.Domain); !v.IsZero() {
			if x.Attributes == nil {
				x.Attributes = map[string]because.Value{}
			}
			x.Attributes[key] = v
		}
	}
}

// profile makes profile fields and consents of them.
func (t *reading) profile(x *because.User) {
	for i := range t.col.extra {
		e := &t.col.extra[i]
		v, key := t.extraValue(e, t.r.o.Domain)
		if v.IsZero() {
			continue
		}
		if name, ok := strings.CutPrefix(key, "consents."); ok {
			if v.Flag != nil {
				if x.Consents == nil {
					x.Consents = map[string]bool{}
				}
				x.Consents[name] = *v.Flag
			}
			continue
		}
		if x.Profile == nil {
			x.Profile = map[string]because.Value{}
		}
		x.Profile[key] = v
	}
}

// extraValue is the value of an extra column's cell and the field that it belongs to.
func (t *reading) extraValue(e *extra, domain string) (because.Value, string) {
	if e.column >= len(t.cells) {
		return because.Value{}, ""
	}
	s := strings.TrimSpace(t.cells[e.column])
	if blank(s) {
		return because.Value{}, ""
	}
	key := e.field
	if key == "" {
		var ok bool
		if key, ok = e.key[domain]; !ok {
			key = t.fieldKey(e.name, domain)
			e.key[domain] = key
			if key != "" {
				t.f.Columns["attributes."+key] = e.name
			}
		}
	}
	if key == "" {
		return because.Value{}, ""
	}
	p := t.r.o.Packs.Pack(domain)
	v := t.value(p, domain, p.Fields[key].Unit, e.unit, s)
	if v.IsZero() {
		t.counts.text++
	}
	return v, key
}

// fieldKey is the pack's field that a header names by its key or label, or the header as a key of the site's own.
func (t *reading) fieldKey(header, domain string) string {
	if t.fields == nil {
		t.fields = map[string]map[string]string{}
	}
	m := t.fields[domain]
	if m == nil {
		m = map[string]string{}
		p := t.r.o.Packs.Pack(domain)
		add := func(key string, label because.Text) {
			for _, s := range append(label.All(), key) {
				if k := squeezed(s); m[k] == "" {
					m[k] = key
				}
			}
		}
		if t.kind == kindUsers {
			for _, k := range sortedKeys(p.Profile) {
				add(k, p.Profile[k].Label)
			}
		} else {
			for _, k := range sortedKeys(p.Fields) {
				add(k, p.Fields[k].Label)
			}
		}
		t.fields[domain] = m
	}
	if k := m[squeezed(header)]; k != "" {
		return k
	}
	switch squeezed(header) {
	case "url", "link", "image", "imageurl", "img", "picture", "poster", "链接", "图片", "图片链接", "网址", "封面", "index", "unnamed0":
		return ""
	}
	header = strings.TrimSpace(t.clean(header))
	if len(header) > 200 {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(header), " ", "_")
}

// value reads a cell: a number with its unit, yes or no, or words.
func (t *reading) value(p *pack.Pack, domain, fieldUnit, headUnit, s string) because.Value {
	if yes, ok := flagOf(s); ok {
		return because.Flag(yes)
	}
	if v, ok := measured(p, fieldUnit, headUnit, s); ok {
		return v
	}
	if len(s) > 10*longestWord || strings.Contains(s, "://") {
		return because.Value{}
	}
	var words []string
	for _, w := range t.wordsIn(s, false) {
		if len(w) > longestWord {
			return because.Value{}
		}
		if k := t.wordKey(domain, w); !contains(words, k) {
			words = append(words, k)
		}
	}
	return because.Value{Words: words}
}

// measured reads a number with a unit and gives it in the field's own unit where it can.
func measured(p *pack.Pack, fieldUnit, headUnit, s string) (because.Value, bool) {
	if code(s) {
		return because.Value{}, false
	}
	x, unit := 0., ""
	if decimal(s) {
		var err error
		if x, err = strconv.ParseFloat(s, 64); err != nil || bad(x) {
			return because.Value{}, false
		}
	} else {
		ns := text.Numbers(s)
		if len(ns) != 1 || strings.TrimSpace(s[:ns[0].Start]) != "" || strings.TrimSpace(s[ns[0].End:]) != "" || ns[0].Unit == "第" || ns[0].Unit == "折" || bad(ns[0].Value) {
			return because.Value{}, false
		}
		if x, unit = ns[0].Value, ns[0].Unit; ns[0].Percent {
			unit = "%"
		}
	}
	if unit == "" {
		unit = text.Fold(headUnit)
	}
	if unit == "" {
		return because.Num(x, ""), true
	}
	base, factor := text.Unit(unit)
	if fieldUnit != "" {
		if u, ok := p.Units[fieldUnit]; ok {
			for _, said := range []string{u.Zh, u.En, u.Plural, fieldUnit} {
				if b, f := text.Unit(text.Fold(said)); said != "" && b == base && f > 0 {
					return because.Num(x*factor/f, ""), true
				}
			}
		}
	}
	for _, k := range sortedKeys(p.Units) {
		u := p.Units[k]
		if text.Fold(u.Zh) == unit || text.Fold(u.En) == unit || u.Plural != "" && text.Fold(u.Plural) == unit || text.Fold(k) == unit {
			return because.Num(x, k), true
		}
	}
	return because.Num(x, unit), true
}

// code reports whether digits are a code rather than a number: 007, a bar code.
func code(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 12 || len(s) > 1 && s[0] == '0'
}

// wordsIn splits words at | ; 、 /, lists as programs write them at commas too, and paths of categories at >, where
// the last is the most telling.
func (t *reading) wordsIn(s string, categories bool) []string {
	s = strings.TrimSpace(s)
	if blank(s) || s == "(no genres listed)" {
		return nil
	}
	if categories && t.flav != nil && t.flav.blanks && !strings.ContainsAny(s, "|,;/>") {
		return strings.Fields(s)
	}
	list := len(s) > 1 && s[0] == '[' && s[len(s)-1] == ']'
	if list {
		s = s[1 : len(s)-1]
	}
	path := categories && strings.Contains(s, ">")
	parts := strings.FieldsFunc(s, func(r rune) bool {
		switch r {
		case '|', ';', '；', '、', '/', '\n':
			return true
		case ',', '，':
			return list || categories
		case '>':
			return path
		}
		return false
	})
	out := parts[:0]
	for _, w := range parts {
		if w = strings.TrimSpace(w); list {
			w = strings.Trim(w, `'"`)
		}
		if w != "" && utf8.ValidString(w) {
			out = append(out, strings.Clone(w))
		}
	}
	if path {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

// wordKey is the pack's key of a word when exactly one is called so, else the word itself.
func (t *reading) wordKey(domain, w string) string {
	if t.words == nil {
		t.words = map[string]map[string]string{}
	}
	m := t.words[domain]
	if m == nil {
		m = map[string]string{}
		p := t.r.o.Packs.Pack(domain)
		for _, k := range sortedKeys(p.Words) {
			word := p.Words[k]
			all := append([]string{word.Zh, word.En, word.Plural}, word.Aliases[because.Chinese]...)
			for _, s := range append(all, word.Aliases[because.English]...) {
				s = squeezed(s)
				if old, ok := m[s]; ok && old != k {
					m[s] = ""
				} else if s != "" {
					m[s] = k
				}
			}
		}
		for _, k := range sortedKeys(p.Words) {
			m[squeezed(k)] = k
		}
		t.words[domain] = m
	}
	if k := m[squeezed(w)]; k != "" {
		return k
	}
	return w
}

package ingest

import (
	"bytes"
	"encoding/json/jsontext"
	json "encoding/json/v2"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"because"
)

// objects reads JSON objects, one per line.
type objects struct {
	lines lines
	lang  because.Lang
	names []string
	index map[string]int
}

func newObjects(in *input, lang because.Lang) *objects {
	return &objects{lines: lines{r: in.text}, lang: lang, index: map[string]int{}}
}

func (o *objects) columns() []string { return o.names }

func (o *objects) next() (row, error) {
	for {
		b, err := o.lines.next()
		x := row{line: o.lines.n, raw: b, object: true}
		switch {
		case err == errTooLong:
			return x, &badRow{because.Say(o.lang, "The row is longer than %d MB.", maxRow>>20)}
		case err != nil:
			return x, err
		}
		b = bytes.TrimSpace(b)
		if len(b) > 1 && (b[0] == '[' && b[1] == '{' || b[len(b)-1] == ',' && b[0] == '{') { // the lines of an array
			b = bytes.TrimSuffix(bytes.TrimPrefix(b, []byte{'['}), []byte{','})
		}
		if n := len(b); n > 2 && b[n-1] == ']' && b[n-2] == '}' {
			b = b[:n-1]
		}
		if len(b) == 0 || len(b) == 1 && (b[0] == '[' || b[0] == ']') {
			continue
		}
		x.raw = b
		return x, nil
	}
}

// fill makes into, one of the root's forms, of a row. Objects in the root's own form are read as they are; those of
// other forms and tables are read cell by cell with cells.
func (t *reading) fill(x row, into any, cells func() string) (done bool, reason string) {
	if x.object {
		err := errors.New("foreign")
		if !t.foreign {
			err = json.Unmarshal(x.raw, into, json.RejectUnknownMembers(true))
		}
		if err == nil {
			return true, ""
		}
		if errors.Is(err, json.ErrUnknownName) && t.f.Read == 1 {
			t.foreign = true
		}
		reset(into)
		if reason := t.src.(*objects).flatten(x.raw, &t.cells); reason != "" {
			return false, reason
		}
	} else {
		t.cells = x.cells
	}
	if n := len(t.src.columns()); n != t.known {
		t.known = n
		t.match()
	}
	reason = cells()
	return reason == "", reason
}

// reset undoes what a failed decoding left behind.
func reset(into any) {
	switch x := into.(type) {
	case *because.Item:
		*x = because.Item{}
	case *because.User:
		*x = because.User{}
	case *because.Interaction:
		*x = because.Interaction{}
	case *because.Review:
		*x = because.Review{}
	case *because.Example:
		*x = because.Example{}
	}
}

// flatten makes cells of an object: nested names are joined with dots, the elements of lists with "|".
func (o *objects) flatten(raw []byte, cells *[]string) (reason string) {
	for i := range *cells {
		(*cells)[i] = ""
	}
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
	if d.PeekKind() != '{' {
		return because.Say(o.lang, "Not a JSON object.")
	}
	if err := o.object(d, "", cells, 0); err != nil {
		return because.Say(o.lang, "Not valid JSON.")
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return because.Say(o.lang, "Not valid JSON.")
	}
	return ""
}

func (o *objects) object(d *jsontext.Decoder, prefix string, cells *[]string, depth int) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		key := prefix + name.String()
		if d.PeekKind() == '{' && depth < 3 && len(o.names) < 1000 {
			if err := o.object(d, key+".", cells, depth+1); err != nil {
				return err
			}
			continue
		}
		s, err := scalar(d)
		if err != nil {
			return err
		}
		i, ok := o.index[key]
		if !ok && len(o.names) < 1000 {
			i, ok = len(o.names), true
			o.names, o.index[key] = append(o.names, key), i
		}
		for ok && len(*cells) <= i {
			*cells = append(*cells, "")
		}
		if ok {
			(*cells)[i] = s
		}
	}
	_, err := d.ReadToken()
	return err
}

// scalar is the next value as a cell.
func scalar(d *jsontext.Decoder) (string, error) {
	v, err := d.ReadValue()
	if err != nil {
		return "", err
	}
	switch v.Kind() {
	case 'n':
		return "", nil
	case '"':
		b, err := jsontext.AppendUnquote(nil, v)
		return string(b), err
	case '[':
		var list []jsontext.Value
		if err := json.Unmarshal(v, &list); err != nil {
			return "", err
		}
		var words []string
		for _, e := range list {
			w := string(e)
			if e.Kind() == '"' {
				b, err := jsontext.AppendUnquote(nil, e)
				if err != nil {
					return "", err
				}
				w = string(b)
			}
			if w != "null" {
				words = append(words, w)
			}
		}
		return strings.Join(words, "|"), nil
	}
	return string(v), nil
}

package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"because"
)

// openQuotes is how many quotes may stay open before quotes mean nothing.
const openQuotes = 3

// table reads rows of cells that a sign separates, with quotes as in RFC 4180, leniently: a quote inside of a cell is
// itself.
type table struct {
	lines  lines
	lang   because.Lang
	comma  string // the sign between cells
	quotes bool
	header []string
	opened int // quotes that were never closed
	cells  []string
	rec    []byte
	fewer  int // rows with fewer cells than the header
}

func (t *table) columns() []string { return t.header }

func (t *table) next() (row, error) {
	for {
		b, line, err := t.record()
		x := row{line: line, raw: b}
		switch {
		case err == errTooLong:
			return x, &badRow{because.Say(t.lang, "The row is longer than %d MB.", maxRow>>20)}
		case err == errOpenQuote:
			return x, &badRow{because.Say(t.lang, "A quote is opened and never closed.")}
		case err != nil:
			return x, err
		}
		if len(bytes.TrimSpace(b)) == 0 {
			continue
		}
		t.split(b)
		x.cells = t.cells
		if len(t.cells) > len(t.header) && t.header != nil {
			for _, c := range t.cells[len(t.header):] {
				if strings.TrimSpace(c) != "" {
					return x, &badRow{because.Say(t.lang, "%d cells, but the header has %d.", len(t.cells), len(t.header))}
				}
			}
			x.cells = t.cells[:len(t.header)]
		}
		if len(t.cells) < len(t.header) {
			t.fewer++
			for len(t.cells) < len(t.header) {
				t.cells = append(t.cells, "")
			}
			x.cells = t.cells
		}
		return x, nil
	}
}

var errOpenQuote = errors.New("open quote")

// record is the bytes of the next row, which may have several lines, and the number of its first line.
func (t *table) record() ([]byte, int, error) {
	b, err := t.lines.next()
	line := t.lines.n
	if err != nil || !t.quotes || bytes.IndexByte(b, '"') < 0 {
		return b, line, err
	}
	at, inside := t.scan(b, 0, false)
	if !inside {
		return b, line, nil
	}
	t.rec = append(append(t.rec[:0], b...), '\n')
	first := len(t.rec)
	for {
		b, err = t.lines.next()
		if err == nil {
			t.rec = append(t.rec, b...)
			if at, inside = t.scan(t.rec, at, true); !inside {
				return t.rec, line, nil
			}
			t.rec = append(t.rec, '\n')
		}
		if err != nil && err != io.EOF && err != errTooLong {
			return t.rec[:first], line, err
		}
		if err != nil || len(t.rec) > maxRow {
			if t.opened++; t.opened >= openQuotes {
				t.quotes = false
			}
			t.lines.unread(t.rec[first:])
			if err == errTooLong {
				return t.rec[:first-1], line, errTooLong
			}
			return t.rec[:first-1], line, errOpenQuote
		}
	}
}

// scan goes on over b from at, inside of a quoted cell or at the start of a cell, and reports where it ends.
func (t *table) scan(b []byte, at int, inside bool) (int, bool) {
	for at < len(b) {
		if !inside {
			if b[at] == '"' {
				inside, at = true, at+1
				continue
			}
			i := bytes.Index(b[at:], []byte(t.comma))
			if i < 0 {
				return len(b), false
			}
			at += i + len(t.comma)
			continue
		}
		i := bytes.IndexByte(b[at:], '"')
		if i < 0 {
			return len(b), true
		}
		switch at += i + 1; {
		case at == len(b):
			return at, false
		case bytes.HasPrefix(b[at:], []byte(t.comma)):
			inside, at = false, at+len(t.comma)
		case b[at] == '"':
			at++
		}
	}
	return at, inside
}

// closing is the index of the quote that ends the quoted cell b starts with, -1 without one: the first single one
// before the sign or the end.
func (t *table) closing(b []byte) int {
	for i := 1; ; {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 {
			return -1
		}
		i += j
		if i+1 == len(b) || bytes.HasPrefix(b[i+1:], []byte(t.comma)) {
			return i
		}
		if b[i+1] == '"' {
			i++
		}
		i++
	}
}

// split cuts a row into cells. They share one string, which may be no valid UTF-8: the checks mend texts and refuse IDs.
func (t *table) split(b []byte) {
	t.cells = t.cells[:0]
	s := string(b)
	if !t.quotes || strings.IndexByte(s, '"') < 0 {
		for {
			i := strings.Index(s, t.comma)
			if i < 0 {
				t.cells = append(t.cells, s)
				return
			}
			t.cells = append(t.cells, s[:i])
			s = s[i+len(t.comma):]
		}
	}
	for {
		if strings.HasPrefix(s, `"`) {
			end := t.closing([]byte(s))
			if end < 0 {
				t.cells = append(t.cells, s)
				return
			}
			t.cells = append(t.cells, strings.ReplaceAll(s[1:end], `""`, `"`))
			if s = s[end+1:]; s == "" {
				return
			}
			s = s[len(t.comma):]
			continue
		}
		i := strings.Index(s, t.comma)
		if i < 0 {
			t.cells = append(t.cells, s)
			return
		}
		t.cells = append(t.cells, s[:i])
		s = s[i+len(t.comma):]
	}
}

// newTable reads a table's header. comma "" means the sign that is most frequent in it; byNumber that there is no
// header and the columns are called 1, 2, 3 ….
func newTable(in *input, lang because.Lang, comma string, header []string, byNumber bool) (*table, error) {
	t := &table{lines: lines{r: in.text}, lang: lang, comma: comma, quotes: comma != "::"}
	if comma == "" {
		head, _ := in.text.Peek(64 << 10)
		t.comma = separator(head)
	}
	if header != nil {
		t.header = header
		return t, nil
	}
	x, err := t.next()
	if err == io.EOF {
		return nil, because.Errorf(because.ErrInvalid, "%s is empty.", in.name)
	}
	if bad := (*badRow)(nil); errors.As(err, &bad) {
		return nil, because.Errorf(because.ErrInvalid, "%s has no header that can be read: its first line is too long, or a quote in it is never closed.", in.name)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w (%w)", in.name, because.Errorf(because.ErrInvalid, "%s is damaged: it cannot be read beyond line %d.", in.name, x.line), err)
	}
	if byNumber {
		t.lines.unread(append(bytes.Clone(x.raw), '\n'))
		t.header = numbered(len(x.cells))
		return t, nil
	}
	t.header = make([]string, len(x.cells))
	for i, c := range x.cells {
		t.header[i] = strings.TrimSpace(strings.TrimPrefix(c, "\uFEFF"))
	}
	for n := len(t.header); n > 1 && t.header[n-1] == ""; n-- {
		t.header = t.header[:n-1]
	}
	return t, nil
}

// separator is the sign between the cells of a header.
func separator(head []byte) string {
	if i := bytes.IndexByte(head, '\n'); i > 0 {
		head = head[:i]
	}
	best, most := ",", 0
	for _, c := range []string{",", "\t", ";", "|", "::", "，"} {
		if n := bytes.Count(head, []byte(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

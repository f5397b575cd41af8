package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRow is the longest row in bytes; a longer one is passed over in pieces and rejected.
const maxRow = 4 << 20

// errTooLong says that a row was longer than maxRow and has been passed over.
var errTooLong = errors.New("row too long")

// lines reads line by line in bounded memory.
type lines struct {
	r    *bufio.Reader
	back []byte // read again first
	long []byte // of a line that is longer than r's buffer
	n    int    // lines read
}

// next is the next line without its end, valid until the next call. io.EOF comes alone; errTooLong with the line's
// start.
func (l *lines) next() ([]byte, error) {
	if len(l.back) > 0 {
		l.n++
		i := bytes.IndexByte(l.back, '\n')
		if i < 0 {
			i = len(l.back) - 1
		}
		b := l.back[:i+1]
		l.back = l.back[i+1:]
		return trimEnd(b), nil
	}
	b, err := l.r.ReadSlice('\n')
	if err == nil {
		l.n++
		return trimEnd(b), nil
	}
	if err == io.EOF && len(b) > 0 {
		l.n++
		return trimEnd(b), nil
	}
	if err != bufio.ErrBufferFull {
		return nil, err
	}
	l.long = append(l.long[:0], b...)
	for err == bufio.ErrBufferFull {
		b, err = l.r.ReadSlice('\n')
		if len(l.long) <= maxRow {
			l.long = append(l.long, b...)
		}
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	l.n++
	if len(l.long) > maxRow {
		return l.long[:min(len(l.long), 1000)], errTooLong
	}
	return trimEnd(l.long), nil
}

// unread gives b back, to be read again as lines that are counted again.
func (l *lines) unread(b []byte) {
	l.n -= bytes.Count(b, []byte{'\n'})
	if len(b) > 0 && b[len(b)-1] != '\n' {
		l.n--
	}
	l.back = append(bytes.Clone(b), l.back...)
}

func trimEnd(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return b
}

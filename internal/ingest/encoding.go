package ingest

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoder turns any of the encodings that tables come in into UTF-8. A file without a mark passes as it is up to its
// first byte beyond ASCII; what follows there decides.
type decoder struct {
	src  *bufio.Reader
	out  io.Reader // once decided
	name string    // "ascii" until decided
}

func newDecoder(r io.Reader) *decoder {
	d := &decoder{src: bufio.NewReaderSize(r, 64<<10), name: "ascii"}
	head, _ := d.src.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		_, _ = d.src.Discard(3)
		d.name, d.out = "utf-8-bom", d.src
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		d.use("utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	}
	return d
}

func (d *decoder) use(name string, e encoding.Encoding) {
	d.name, d.out = name, transform.NewReader(d.src, e.NewDecoder())
}

// Read implements io.Reader.
func (d *decoder) Read(p []byte) (int, error) {
	if d.out != nil {
		return d.out.Read(p)
	}
	if _, err := d.src.Peek(1); err != nil {
		return 0, err
	}
	sample, _ := d.src.Peek(d.src.Buffered())
	high := highByte(sample)
	if high > 0 || high < 0 {
		if high > 0 {
			sample = sample[:high]
		}
		return d.src.Read(p[:min(len(p), len(sample))])
	}
	sample, _ = d.src.Peek(64 << 10) // from the first high byte on, as much as there is
	switch name := encodingOf(sample); name {
	case "gb18030":
		d.use(name, simplifiedchinese.GB18030)
	case "windows-1252":
		d.use(name, charmap.Windows1252)
	default:
		d.name, d.out = name, d.src
	}
	return d.out.Read(p)
}

// highByte is the index of the first byte beyond ASCII, -1 without one.
func highByte(b []byte) int {
	for i, c := range b {
		if c >= 0x80 {
			return i
		}
	}
	return -1
}

// encodingOf tells UTF-8, GB18030 and windows-1252 apart by a sample with bytes beyond ASCII. A few broken bytes do
// not make a UTF-8 text another one: they are repaired row by row.
func encodingOf(b []byte) string {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if !utf8.FullRune(b[i:]) { // the sample ends inside of a character
				break
			}
			bad++
		} else {
			good++
		}
		i += n
	}
	if bad == 0 || good > 4*bad {
		return "utf-8"
	}
	// GB18030: pairs of a high byte and, for nearly all characters in use, another high byte.
	pairs, common, wrong := 0, 0, 0
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c < 0x80:
		case c == 0x80 || c == 0xFF || i+1 < len(b) && b[i+1] < 0x30:
			wrong++
		case i+1 < len(b):
			if i++; b[i] >= 0xA1 {
				common++
			}
			pairs++
		}
	}
	if common*10 >= pairs*7 && wrong*50 <= pairs {
		return "gb18030"
	}
	if good > bad {
		return "utf-8"
	}
	return "windows-1252"
}

package ingest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"because"
)

// An input is an opened file: decompressed and in UTF-8, with its size and how far it has been read.
type input struct {
	text     *bufio.Reader
	decoder  *decoder
	raw      *counter
	size     int // bytes of the file, 0 when unknown
	closers  []func() error
	name     string
	seekable *os.File // the file itself when it is a plain, uncompressed one
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// open opens a file, or takes o.Reader for "-".
func open(o *Options, path string) (*input, error) {
	in := &input{name: filepath.Base(path)}
	var r io.Reader
	if path == "-" {
		if o.Reader == nil {
			return nil, because.Errorf(because.ErrInvalid, "There is nothing on standard input.")
		}
		in.name, r = "stdin", o.Reader
	} else {
		f, err := os.Open(path)
		if os.IsNotExist(err) {
			return nil, because.Errorf(because.ErrNotFound, "There is no file %s.", path)
		}
		if err != nil {
			return nil, fmt.Errorf("open %s: %w (%w)", path, because.Errorf(because.ErrInvalid, "The file %s cannot be opened. Check its permissions.", path), err)
		}
		st, err := f.Stat()
		if err != nil || st.IsDir() {
			f.Close()
			return nil, because.Errorf(because.ErrInvalid, "%s is not a file. To import a folder, use the kind dataset.", path)
		}
		in.size, in.seekable, r = int(st.Size()), f, f
		in.closers = append(in.closers, f.Close)
	}
	in.raw = &counter{r: r}
	if err := in.unpack(path); err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

// unpack undoes compression and finds the encoding.
func (in *input) unpack(path string) error {
	raw := bufio.NewReaderSize(in.raw, 256<<10)
	var r io.Reader = raw
	head, _ := raw.Peek(4)
	bad := func(err error) error {
		return fmt.Errorf("open %s: %w (%w)", path, because.Errorf(because.ErrInvalid, "%s is damaged: it cannot be decompressed.", path), err)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(raw)
		if err != nil {
			return bad(err)
		}
		in.closers, in.seekable, r = append(in.closers, z.Close), nil, z
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(16<<20))
		if err != nil {
			return bad(err)
		}
		in.closers, in.seekable, r = append(in.closers, func() error { z.Close(); return nil }), nil, z
	case bytes.HasPrefix(head, []byte("BZh")):
		in.seekable, r = nil, bzip2.NewReader(raw)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		if f, ok := in.onlyFile(); ok {
			in.closers, in.seekable, r = append(in.closers, f.Close), nil, f
			break
		}
		return because.Errorf(because.ErrInvalid, "%s is an Excel workbook or a ZIP archive. Save it as CSV or unpack it first.", path)
	}
	in.decoder = newDecoder(r)
	in.text = bufio.NewReaderSize(in.decoder, 256<<10)
	return nil
}

// onlyFile is the one file of a ZIP archive that holds no other.
func (in *input) onlyFile() (io.ReadCloser, bool) {
	if in.seekable == nil {
		return nil, false
	}
	z, err := zip.NewReader(in.seekable, int64(in.size))
	if err != nil || len(z.File) != 1 {
		return nil, false
	}
	f, err := z.File[0].Open()
	return f, err == nil
}

func (in *input) close() {
	for i := len(in.closers) - 1; i >= 0; i-- {
		_ = in.closers[i]() // only read from
	}
	in.closers = nil
}

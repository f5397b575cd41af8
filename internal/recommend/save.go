package recommend

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
)

// magic begins a saved model: name and version of the form.
const magic = "because-ranker-1\n"

// errDamaged is what Load returns, wrapped, for anything that Save did not write.
var errDamaged = errors.New("damaged or foreign model")

// Save writes the model: magic, SHA-256 of what follows, length of the compressed head, head, dense weights as float32.
func (m *Model) Save(w io.Writer) error {
	head, err := m.head()
	if err != nil {
		return fmt.Errorf("save the ranker: %w", err)
	}
	sum := sha256.New()
	body := func(w io.Writer) error {
		if err := binary.Write(w, binary.LittleEndian, uint64(len(head))); err != nil {
			return err
		}
		if _, err := w.Write(head); err != nil {
			return err
		}
		return writeFloats(w, m.Dense.b)
	}
	if err := body(sum); err != nil {
		return err
	}
	if _, err := w.Write(sum.Sum([]byte(magic))); err != nil {
		return err
	}
	return body(w)
}

func (m *Model) head() ([]byte, error) {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	s := m.saved
	if s.Items == nil {
		s.Items = newCatalogue(nil)
	}
	if err := gob.NewEncoder(z).Encode(&s); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// hash is the model's version: the SHA-256 of its content.
func (m *Model) hash() (string, error) {
	head, err := m.head()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write(head)
	err = writeFloats(sum, m.Dense.b)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// Version is a hash of the model's content, in hexadecimal digits.
func (m *Model) Version() string { return m.version }

// maxModel bounds what Load reads, in bytes.
const maxModel = 2 << 30

// Load reads what Save wrote. What it reads is checked against its checksum first.
func Load(r io.Reader) (*Model, error) {
	all, err := io.ReadAll(io.LimitReader(r, maxModel))
	if err != nil {
		return nil, fmt.Errorf("load the ranker: %w", err)
	}
	start := len(magic) + sha256.Size
	if len(all) < start+8 || string(all[:len(magic)]) != magic {
		return nil, fmt.Errorf("load the ranker: no header: %w", errDamaged)
	}
	body := all[start:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], all[len(magic):start]) {
		return nil, fmt.Errorf("load the ranker: checksum differs: %w", errDamaged)
	}
	n := binary.LittleEndian.Uint64(body)
	if n > uint64(len(body)-8) {
		return nil, fmt.Errorf("load the ranker: short head: %w", errDamaged)
	}
	m := &Model{}
	if err := gob.NewDecoder(flate.NewReader(bytes.NewReader(body[8 : 8+n]))).Decode(&m.saved); err != nil {
		return nil, fmt.Errorf("load the ranker: %w: %w", errDamaged, err)
	}
	floats := body[8+n:]
	if k := len(m.Dense.Items); len(floats) != 4*k*k || m.Items == nil {
		return nil, fmt.Errorf("load the ranker: %d bytes of weights for %d items: %w", len(floats), k, errDamaged)
	}
	m.Dense.b = make([]float32, len(floats)/4)
	for i := range m.Dense.b {
		m.Dense.b[i] = math.Float32frombits(binary.LittleEndian.Uint32(floats[4*i:]))
	}
	m.Items.link()
	m.link()
	m.version, err = m.hash()
	return m, err
}

// writeFloats writes xs in little-endian order, in pieces.
func writeFloats(w io.Writer, xs []float32) error {
	buf := make([]byte, 0, 4<<14)
	for len(xs) > 0 {
		n := min(len(xs), 1<<14)
		buf = buf[:0]
		for _, x := range xs[:n] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		xs = xs[n:]
	}
	return nil
}

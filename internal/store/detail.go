package store

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"because"
)

// The detail of an interaction is everything that no query asks for, packed: it is half the size of columns and reads
// and writes twice as fast.
//
//	kind     1 byte, its code; 0 and a string for a kind without one
//	flags    1 byte, which of the following are there
//	zone     varint, seconds east of UTC
//	value, weight, dwell             8 bytes each
//	query, session, device, place    uvarint length and bytes
const (
	hasZone = 1 << iota
	hasValue
	hasWeight
	hasDwell
	hasQuery
	hasSession
	hasDevice
	hasPlace
)

// kindCodes never change: they are in people's files.
var kindCodes = [...]because.InteractionKind{1: because.Search, 2: because.View, 3: because.Click, 4: because.Cart, 5: because.Purchase, 6: because.Rating}

var errDetail = errors.New("packed interaction cannot be read")

func packDetail(b []byte, x *because.Interaction, zone int64) []byte {
	code := byte(0)
	for i, k := range kindCodes {
		if k == x.Kind && k != "" {
			code = byte(i)
		}
	}
	if b = append(b, code); code == 0 {
		b = packString(b, string(x.Kind))
	}
	flags := len(b)
	b = append(b, 0)
	if zone != 0 {
		b[flags] |= hasZone
		b = binary.AppendVarint(b, zone)
	}
	for i, v := range [...]float64{x.Value, x.Weight, x.Dwell} {
		if v != 0 {
			b[flags] |= hasValue << i
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	for i, s := range [...]string{x.Query, x.Session, x.Context.Device, x.Context.Place} {
		if s != "" {
			b[flags] |= hasQuery << i
			b = packString(b, s)
		}
	}
	return b
}

func packString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// unpackDetail fills x and returns the zone. same hands out one string for equal bytes; nil makes a string for each.
func unpackDetail(b []byte, x *because.Interaction, same func([]byte) string) (zone int64, err error) {
	if same == nil {
		same = func(b []byte) string { return string(b) }
	}
	if len(b) < 2 || int(b[0]) >= len(kindCodes) {
		return 0, errDetail
	}
	r := unpacker{b: b[1:]}
	if x.Kind = kindCodes[b[0]]; b[0] == 0 {
		x.Kind = because.InteractionKind(strings.Clone(same(r.bytes())))
	}
	flags := r.byte()
	if flags&hasZone != 0 {
		zone = r.varint()
	}
	for i, v := range [...]*float64{&x.Value, &x.Weight, &x.Dwell} {
		if flags&(hasValue<<i) != 0 {
			*v = r.float()
		}
	}
	for i, s := range [...]*string{&x.Query, &x.Session, &x.Context.Device, &x.Context.Place} {
		if flags&(hasQuery<<i) != 0 {
			*s = same(r.bytes())
		}
	}
	if r.bad || len(r.b) > 0 {
		return 0, errDetail
	}
	return zone, nil
}

// An unpacker reads from the front of b; bad says that there was too little.
type unpacker struct {
	b   []byte
	bad bool
}

func (r *unpacker) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *unpacker) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *unpacker) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		n = -1
	}
	r.take(n)
	return v
}

func (r *unpacker) float() float64 {
	if b := r.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

func (r *unpacker) bytes() []byte {
	n, used := binary.Uvarint(r.b)
	if used <= 0 || n > uint64(len(r.b)) {
		r.take(-1)
		return nil
	}
	r.take(used)
	return r.take(int(n))
}

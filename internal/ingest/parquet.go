package ingest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"because"
)

// parquetRows reads the rows of a Parquet file as cells. Nested names are joined with dots, the elements of lists
// with "|".
type parquetRows struct {
	lang   because.Lang
	header []string
	leaves []parquet.LeafColumn
	//lint:ignore SA1019 the generic reader wants a Go type, and a stranger's file has none
	reader *parquet.Reader
	rows   []parquet.Row
	n, at  int
	line   int
	cells  []string
	done   bool
}

func newParquet(in *input, lang because.Lang) (p *parquetRows, err error) {
	if in.seekable == nil {
		return nil, because.Errorf(because.ErrInvalid, "%s: a Parquet file must be a file of its own, neither compressed nor standard input.", in.name)
	}
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("open parquet: %v", x)
		}
		if err != nil {
			p, err = nil, fmt.Errorf("%w (%w)", because.Errorf(because.ErrInvalid, "%s is damaged: it is no Parquet file.", in.name), err)
		}
	}()
	f, err := parquet.OpenFile(in.seekable, int64(in.size))
	if err != nil {
		return nil, err
	}
	p = &parquetRows{lang: lang, reader: parquet.NewReader(f), rows: make([]parquet.Row, 64)}
	for _, path := range f.Schema().Columns() {
		leaf, ok := f.Schema().Lookup(path...)
		if !ok {
			return nil, errors.New("a column without a type")
		}
		name := strings.Join(path, ".")
		for _, inner := range []string{".list.element", ".list.item", ".array", ".bag.array_element"} {
			name = strings.TrimSuffix(name, inner)
		}
		p.header, p.leaves = append(p.header, name), append(p.leaves, leaf)
	}
	p.cells = make([]string, len(p.header))
	return p, nil
}

func (p *parquetRows) columns() []string { return p.header }

func (p *parquetRows) next() (x row, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("read parquet: %v", v)
		}
	}()
	x.line = p.line + 1
	if p.at == p.n {
		if p.done {
			return x, io.EOF
		}
		p.n, err = p.reader.ReadRows(p.rows)
		p.at = 0
		if err == io.EOF {
			p.done = true
		} else if err != nil {
			return x, err
		}
		if p.n == 0 {
			return x, io.EOF
		}
	}
	p.line++
	clear(p.cells)
	for _, v := range p.rows[p.at] {
		c := v.Column()
		if v.IsNull() || c < 0 || c >= len(p.cells) {
			continue
		}
		s := cellOf(v, p.leaves[c].Node.Type())
		if p.cells[c] != "" {
			s = p.cells[c] + "|" + s
		}
		p.cells[c] = s
	}
	p.at++
	x.cells = p.cells
	return x, nil
}

// cellOf writes a value as a table would.
func cellOf(v parquet.Value, typ parquet.Type) string {
	var logical format.LogicalTypeValue
	if l := typ.LogicalType(); l != nil {
		logical = l.Value
	}
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean())
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'g', -1, 32)
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	case parquet.Int32:
		if _, date := logical.(*format.DateType); date {
			return time.Unix(int64(v.Int32())*86400, 0).UTC().Format("2006-01-02")
		}
		return decimalCell(float64(v.Int32()), int64(v.Int32()), logical)
	case parquet.Int64:
		if l, ok := logical.(*format.TimestampType); ok && l.Unit.Value != nil {
			at := time.Unix(0, v.Int64())
			switch l.Unit.Value.Duration() {
			case time.Millisecond:
				at = time.UnixMilli(v.Int64())
			case time.Microsecond:
				at = time.UnixMicro(v.Int64())
			}
			if l.IsAdjustedToUTC {
				return at.UTC().Format(time.RFC3339Nano)
			}
			return at.UTC().Format("2006-01-02 15:04:05.999999999")
		}
		return decimalCell(float64(v.Int64()), v.Int64(), logical)
	case parquet.Int96:
		return v.Int96().String()
	}
	b := v.ByteArray()
	if _, isText := logical.(*format.StringType); !utf8.Valid(b) && !isText {
		return base64.StdEncoding.EncodeToString(b)
	}
	return string(b)
}

func decimalCell(x float64, n int64, logical format.LogicalTypeValue) string {
	if l, ok := logical.(*format.DecimalType); ok && l.Scale > 0 {
		return strconv.FormatFloat(x/math.Pow10(int(l.Scale)), 'f', int(l.Scale), 64)
	}
	return strconv.FormatInt(n, 10)
}

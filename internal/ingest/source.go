package ingest

import (
	"bytes"
	"strconv"
)

// source makes the source for a file by its format.
func (r *run) source(in *input, p part, f *File) (src source, err error) {
	defer func() {
		if err != nil {
			src = nil
		}
	}()
	format := p.format
	if format == "" || format == "auto" {
		format = sniff(in, p.path)
	}
	f.Format = format
	var comma string
	var header []string
	if p.flavour != nil {
		comma, header = p.flavour.comma, p.flavour.header
	}
	switch format {
	case "jsonl", "gorse":
		return newObjects(in, r.o.Lang), nil
	case "crosswoz":
		if p.kind == kindInteractions {
			return &dialogueRows{dialogues: *newDialogues(in)}, nil
		}
		return newPlaceRows(in, r.o.Packs, r.o.Lang), nil
	case "parquet":
		return newParquet(in, r.o.Lang)
	case "tsv":
		comma = "\t"
	case "recbole":
		t, err := newTable(in, r.o.Lang, "\t", nil, false)
		if err == nil {
			t.quotes = false
			t.header = untyped(t.header)
		}
		return t, err
	}
	return newTable(in, r.o.Lang, comma, header, r.byNumber())
}

// byNumber reports whether the caller names columns by their number, as for a table without a header.
func (r *run) byNumber() bool {
	for _, c := range r.o.Map {
		if n, err := strconv.Atoi(c); err != nil || n < 1 || n > 1000 {
			return false
		}
	}
	return len(r.o.Map) > 0
}

// sniff is the format of a file by its name and first bytes.
func sniff(in *input, path string) string {
	head, _ := in.text.Peek(4096)
	head = bytes.TrimSpace(head)
	_, ext := split(path)
	switch {
	case bytes.HasPrefix(head, []byte("PAR1")):
		return "parquet"
	case len(head) > 0 && (head[0] == '{' || head[0] == '['):
		return "jsonl"
	case ext == "inter" || ext == "item" || ext == "user":
		return "recbole"
	case ext == "dat":
		return "movielens"
	case ext == "tsv":
		return "tsv"
	}
	return "csv"
}

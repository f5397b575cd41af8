package ingest

import (
	"bytes"

	"because"
)

// source makes the source for a file by its format.
func (r *run) source(in *input, p part, f *File) (source, error) {
	format := p.format
	if format == "" || format == "auto" {
		format = sniff(in, p.path)
	}
	f.Format = format
	switch format {
	case "jsonl", "gorse":
		return newObjects(in, r.o.Lang), nil
	}
	return nil, because.Errorf(because.ErrInvalid, "%s is in no format that is known. Name one with --format.", p.path)
}

// sniff is the format of a file by its first bytes.
func sniff(in *input, path string) string {
	head, _ := in.text.Peek(64)
	head = bytes.TrimSpace(head)
	if len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		return "jsonl"
	}
	return "csv"
}

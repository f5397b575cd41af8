package ingest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"because"
	"because/internal/pack"
)

// The kinds of rows, as Options.Kind names them.
const (
	kindItems        = "items"
	kindUsers        = "users"
	kindInteractions = "interactions"
	kindReviews      = "reviews"
	kindExamples     = "examples"
	kindDataset      = "dataset"
)

// Run reads what o names into sink. After a cancellation or an error the rows of the batches that sink has taken stay;
// the error of a cancellation is ctx.Err().
func Run(ctx context.Context, o Options, sink Sink) (Report, error) {
	start := time.Now()
	r := &run{o: o, sink: sink, report: Report{DryRun: o.DryRun}}
	err := r.all(ctx)
	if r.rejects != nil {
		err = cmp.Or(err, r.rejects.Close())
	}
	if ctx.Err() != nil {
		r.report.Canceled, err = true, ctx.Err()
	}
	r.report.TookMS = float64(time.Since(start).Microseconds()) / 1000
	return r.report, err
}

// A run is one import.
type run struct {
	o       Options
	sink    Sink
	report  Report
	rejects io.WriteCloser
	encode  *json.Encoder
}

// A part is one file of an import.
type part struct {
	path, kind, format string
	flavour            *flavour // of a known data set; nil for any other
}

func (r *run) all(ctx context.Context) error {
	if r.o.Packs == nil {
		r.o.Packs = pack.Builtin()
	}
	if r.o.Now.IsZero() {
		r.o.Now = time.Now()
	}
	if r.o.Lang == "" {
		r.o.Lang = because.Chinese
	}
	if !slices.Contains(formats, r.o.Format) {
		return because.Errorf(because.ErrInvalid, "There is no format %q. Formats: auto, csv, tsv, jsonl, parquet, movielens, recbole, gorse, personalize.", r.o.Format)
	}
	parts, err := r.parts()
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := r.read(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

var formats = []string{"", "auto", "csv", "tsv", "jsonl", "parquet", "movielens", "recbole", "gorse", "personalize"}

// parts are the files to read, in order.
func (r *run) parts() ([]part, error) {
	switch r.o.Kind {
	case kindDataset:
		return r.dataset(r.o.Path)
	case kindItems, kindUsers, kindInteractions, kindReviews, kindExamples:
		p := part{path: r.o.Path, kind: r.o.Kind, format: r.o.Format}
		if stem, ext := split(p.path); r.o.Format == "movielens" || ext == "dat" { // a file without a header, known by its name
			if one := p; movieLens(stem, ext, &one) && one.kind == p.kind {
				p = one
			}
		}
		return []part{p}, nil
	}
	return nil, because.Errorf(because.ErrInvalid, "There is no kind of rows %q. Kinds: items, users, interactions, reviews, examples, dataset.", r.o.Kind)
}

// read reads one file.
func (r *run) read(ctx context.Context, p part) error {
	in, err := open(&r.o, p.path)
	if err != nil {
		return err
	}
	defer in.close()
	t := newReading(r, in, p)
	defer func() { r.report.Files = append(r.report.Files, *t.finish()) }()
	if t.src, err = r.source(in, p, t.f); err != nil {
		return err
	}
	if n := len(t.src.columns()); n > 0 {
		t.known = n
		t.match()
		t.sequence = t.kind == kindInteractions && t.col.of[fList] >= 0
		if err := t.required(); err != nil {
			return err
		}
	}
	err = t.rows(ctx)
	r.progress(in)
	return err
}

func (r *run) progress(in *input) {
	if r.o.Progress != nil {
		r.o.Progress(in.name, min(in.raw.n, max(in.size, in.raw.n)), max(in.size, in.raw.n))
	}
}

// keep writes a rejected row down.
func (r *run) keep(x Rejected) error {
	if r.o.Rejects == nil || r.o.DryRun {
		return nil
	}
	if r.rejects == nil {
		w, err := r.o.Rejects()
		if err != nil {
			return fmt.Errorf("open the rejected rows: %w", err)
		}
		r.rejects, r.encode = w, json.NewEncoder(w)
		r.encode.SetEscapeHTML(false)
	}
	if err := r.encode.Encode(x); err != nil {
		return fmt.Errorf("write a rejected row: %w", err)
	}
	return nil
}

// A source gives rows one after another. Its columns may grow from row to row.
type source interface {
	// next is the next row, valid until the next call; io.EOF at the end. A badRow is one that cannot be read; reading
	// goes on.
	next() (row, error)
	columns() []string
}

// A row is the cells of a table's row, or a JSON object.
type row struct {
	line   int
	cells  []string
	raw    []byte // as it stands in the file, at least its start
	object bool   // raw is a JSON object and cells are not filled
}

// badRow says why a row cannot be read.
type badRow struct{ reason string }

func (b *badRow) Error() string { return b.reason }

// rows takes every row of the file.
func (t *reading) rows(ctx context.Context) (err error) {
	defer func() { err = cmp.Or(err, t.settle()) }()
	for n := 0; ; n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if n%10_000 == 0 {
			t.r.progress(t.in)
		}
		x, err := t.src.next()
		if err == io.EOF {
			break
		}
		reason := ""
		if bad := (*badRow)(nil); errors.As(err, &bad) {
			reason = bad.reason
		} else if err != nil {
			return fmt.Errorf("read %s: %w (%w)", t.f.File, because.Errorf(because.ErrInvalid, "%s is damaged: it cannot be read beyond line %d.", t.f.File, x.line), err)
		}
		t.f.Read++
		t.line, t.whose = x.line, ""
		if reason == "" {
			reason = t.take(x)
		}
		if reason != "" {
			if err := t.reject(x, reason); err != nil {
				return err
			}
		}
		t.size += len(x.raw)
		if t.full() {
			if err := t.flush(ctx); err != nil {
				return err
			}
		}
	}
	return t.flush(ctx)
}

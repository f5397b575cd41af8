package ingest

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"because"
	"because/internal/text"
)

const (
	batch     = 50_000   // rows that are handed over at once: fewer make the store write pages twice
	batchSize = 16 << 20 // bytes of rows that are handed over whatever their number
	samples   = 10       // rejected rows in the report
	rowKept   = 500      // bytes of a rejected row
)

// A reading is one file while it is read: its rows on their way and what became of the others.
type reading struct {
	r     *run
	in    *input
	src   source
	f     *File
	kind  string
	flav  *flavour
	line  int
	whose string // user of the row that is being taken, as far as known

	foreign bool // the objects of the file are not the root's own forms
	known   int  // columns that fields were found for
	col     columns
	cells   []string // of a flattened object

	waiting               // rows that were taken
	spare    waiting      // the memory of those that were handed over
	size     int          // bytes of the waiting rows in the file
	onTheWay chan outcome // of the rows that the sink is taking; nil when it is idle

	seen     seen
	scale    scale
	weighed  scale // that weights are made on: as of the first batch, unless higher ratings come
	rescaled bool
	bursts   bursts
	counts   counts
	removed  text.Removed
	sequence bool                         // rows hold items in order
	words    map[string]map[string]string // by domain: folded wording -> key
	fields   map[string]map[string]string // by domain: folded label -> field
	idBuf    []byte
	intern   map[string]string
}

func newReading(r *run, in *input, p part) *reading {
	name := p.path
	if name == "-" {
		name = in.name
	}
	return &reading{r: r, in: in, kind: p.kind, flav: p.flavour, f: &File{
		File: name, Kind: p.kind, Format: p.format, Columns: map[string]string{}, Filled: map[string]int{},
		Notes: []string{}, Samples: []Rejected{},
	}, intern: map[string]string{}}
}

// take turns a row into what the file's kind says and puts it with the others. It returns why not, if not.
func (t *reading) take(x row) (reason string) {
	switch t.kind {
	case kindItems:
		it := because.Item{}
		if done, reason := t.fill(x, &it, func() string { return t.itemOf(&it) }); !done {
			return reason
		}
		return t.item(&it)
	case kindUsers:
		u := because.User{}
		done, reason := t.fill(x, &u, func() string { return t.userOf(&u) })
		if t.whose = u.ID; !done {
			return reason
		}
		return t.user(&u)
	case kindReviews:
		v := because.Review{}
		done, reason := t.fill(x, &v, func() string { return t.reviewOf(&v) })
		if t.whose = v.User; !done {
			return reason
		}
		return t.review(&v)
	case kindExamples:
		e := because.Example{}
		done, reason := t.fill(x, &e, func() string { return t.exampleOf(&e) })
		if t.whose = e.User; !done {
			return reason
		}
		return t.example(&e)
	}
	if t.sequence {
		return t.inOrder(x)
	}
	i := because.Interaction{}
	done, reason := t.fill(x, &i, func() string { return t.interactionOf(&i) })
	if t.whose = i.User; !done {
		return reason
	}
	return t.interaction(&i)
}

// waiting are rows on their way, of one kind.
type waiting struct {
	held         int
	items        []because.Item
	users        []because.User
	interactions []because.Interaction
	reviews      []because.Review
	examples     []because.Example
}

// An outcome is what became of rows that the sink was given.
type outcome struct {
	rows, added int
	err         error
}

// flush hands the waiting rows over. They are stored while the next ones are read, one batch at a time; settle waits for
// them.
func (t *reading) flush(ctx context.Context) error {
	if err := t.settle(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t.weigh()
	t.r.progress(t.in)
	w := t.waiting
	if t.held > 0 && !t.r.o.DryRun {
		done, line := make(chan outcome, 1), t.line
		t.onTheWay = done
		go func() {
			added, err := w.put(ctx, t.kind, t.r.sink)
			if err != nil {
				err = fmt.Errorf("store the rows of %s up to line %d: %w", t.f.File, line, err)
			}
			done <- outcome{w.held, added, err}
		}()
	}
	t.waiting, t.spare, t.size = waiting{
		items: t.spare.items[:0], users: t.spare.users[:0], interactions: t.spare.interactions[:0], reviews: t.spare.reviews[:0], examples: t.spare.examples[:0],
	}, w, 0
	return nil
}

// settle waits for the rows that the sink is taking and counts them.
func (t *reading) settle() error {
	if t.onTheWay == nil {
		return nil
	}
	got := <-t.onTheWay
	t.onTheWay = nil
	if got.err != nil {
		return got.err
	}
	t.f.Added += got.added
	t.f.Unchanged += got.rows - got.added
	return nil
}

func (w *waiting) put(ctx context.Context, kind string, sink Sink) (int, error) {
	switch kind {
	case kindItems:
		return sink.Items(ctx, w.items)
	case kindUsers:
		return sink.Users(ctx, w.users)
	case kindReviews:
		return sink.Reviews(ctx, w.reviews)
	case kindExamples:
		return sink.Examples(ctx, w.examples)
	}
	return sink.Interactions(ctx, w.interactions)
}

// full reports whether the waiting rows are to be handed over. The first batch of ratings tells their scale.
func (t *reading) full() bool { return t.held >= batch || t.size >= batchSize }

// weigh sets the weights that the waiting interactions lack, by the scale of ratings as far as it has been seen.
func (t *reading) weigh() {
	if len(t.interactions) == 0 {
		return
	}
	_, high := t.scale.ends()
	if _, most := t.weighed.ends(); t.weighed.n == 0 || high > most {
		t.rescaled = t.weighed.n > 0
		t.weighed = t.scale
	}
	for i := range t.interactions {
		if x := &t.interactions[i]; x.Weight == 0 {
			x.Weight = t.weighed.weight(x)
		} else if x.Weight == inBurst {
			x.Weight = 0
		}
	}
}

// reject names a row that was not taken.
func (t *reading) reject(x row, reason string) error {
	t.f.Rejected++
	one := Rejected{File: t.f.File, Line: x.line, Reason: reason, Row: t.start(x)}
	if user := strings.ToValidUTF8(strings.TrimSpace(t.whose), "\uFFFD"); len(user) <= maxID {
		one.User = user
	}
	if len(t.f.Samples) < samples {
		t.f.Samples = append(t.f.Samples, one)
	}
	return t.r.keep(one)
}

// start is the row as it stands in the file, cut to rowKept bytes.
func (t *reading) start(x row) string {
	s := string(x.raw[:min(len(x.raw), rowKept+4)])
	if x.raw == nil {
		s = strings.Join(x.cells, ",")
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	for n := rowKept; len(s) > rowKept; n-- {
		if utf8.RuneStart(s[n]) {
			s = s[:n]
		}
	}
	return s
}

// lang is the reader's language.
func (t *reading) lang() because.Lang { return t.r.o.Lang }

// local moves a time to the site's zone.
func (t *reading) local(at time.Time) time.Time {
	if t.r.o.Zone == nil || at.IsZero() {
		return at
	}
	return at.In(t.r.o.Zone)
}

package recommend

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"because/internal/dataset"
)

// holdShare is the share of the interactions, the latest ones, that the blend is fitted and measured on.
const holdShare = .15

// Fit fits every ranker and then the weights of their blend: the rankers are fitted on the earlier part of d, the
// weights on what the readers turned to next, and then the rankers again on everything. It is told progress (which may
// be nil) and stops when ctx ends. d may be empty.
func Fit(ctx context.Context, d *dataset.Data, o Options, progress func(stage string, done, total int)) (*Model, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	d = chronological(d)
	c := newCatalogue(d.Items)
	f := fitter{ctx, c, ratingScale(d.Interactions), o, progress}
	weights, numbers, err := f.blend(d)
	if err != nil {
		return nil, fmt.Errorf("fit the blend: %w", err)
	}
	m, err := f.rankers(d, "rankers")
	if err != nil {
		return nil, fmt.Errorf("fit the rankers: %w", err)
	}
	m.Weights, m.Numbers = weights, numbers
	m.version, err = m.hash()
	return m, err
}

type fitter struct {
	ctx      context.Context
	c        *catalogue
	scale    scale
	o        Options
	progress func(stage string, done, total int)
}

// rankers fits everything but the blend's weights, which are the prior ones. It rewrites the catalogue's z values.
func (f *fitter) rankers(d *dataset.Data, stage string) (*Model, error) {
	r := newRows(f.c, f.scale, d)
	m := &Model{asks: f.o.Asks}
	m.Items, m.Scale, m.Meetings, m.Repeat = f.c, f.scale, f.c.meetings(f.o.Meetings), nil
	for k, yes := range f.o.Repeat {
		if yes {
			m.Repeat = append(m.Repeat, k)
		}
	}
	slices.Sort(m.Repeat)
	end := r.end
	if end.IsZero() {
		end = f.o.Now
	}
	if !end.IsZero() {
		m.End = end.Unix()
		_, m.Zone = end.Zone()
	}
	r.end = time.Unix(m.End, 0)
	m.Popularity = newPopularity(f.c, r, f.o.halfLife())
	m.Taste = newTaste(f.c, r, f.scale, d)
	m.Context = newContexts(f.c, r, f.scale, d)
	m.saved.People = newPeople(f.c, r)
	m.Neighbours = newNeighbours(f.c, r, f.o.Workers)
	m.link()
	m.Asking = m.newAsking(histories(r, d))
	for range f.c.Domains {
		m.Weights = append(m.Weights, priorWeights())
	}
	var err error
	m.Dense, err = newDense(f.ctx, f.c, r, f.o.maxDense(), f.o.Workers, func(done, total int) { f.progress(stage, done, total) })
	return m, err
}

// chronological is d with its interactions in order.
func chronological(d *dataset.Data) *dataset.Data {
	for i := 1; i < len(d.Interactions); i++ {
		if d.Interactions[i].Context.At.Before(d.Interactions[i-1].Context.At) {
			c := *d
			c.Interactions = slices.Clone(d.Interactions)
			c.Sort()
			return &c
		}
	}
	return d
}

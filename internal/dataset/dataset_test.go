package dataset

import (
	"slices"
	"testing"
	"time"

	"because"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) // a Monday morning

func data(rows ...[2]string) *Data {
	d := &Data{}
	for i, r := range rows {
		d.Interactions = append(d.Interactions, because.Interaction{User: r[0], Item: r[1], Context: because.Context{At: start.Add(time.Duration(i) * time.Hour)}})
	}
	return d
}

func items(xs []because.Interaction) (out []string) {
	for _, x := range xs {
		out = append(out, x.User+x.Item)
	}
	return out
}

func TestLeaveLastOut(t *testing.T) {
	// b has but one item, c's last row is a search: it stays, and the item before it is held out.
	d := data([2]string{"a", "1"}, [2]string{"b", "1"}, [2]string{"b", "1"}, [2]string{"a", "2"}, [2]string{"c", "1"}, [2]string{"c", "3"}, [2]string{"c", ""})
	train, test := d.LeaveLastOut()
	if got := items(test); !slices.Equal(got, []string{"a2", "c3"}) {
		t.Errorf("test is %v", got)
	}
	if got := items(train.Interactions); !slices.Equal(got, []string{"a1", "b1", "b1", "c1", "c"}) {
		t.Errorf("train is %v", got)
	}
	if len(d.Interactions) != 7 {
		t.Error("the data changed")
	}
}

func TestByTime(t *testing.T) {
	d := data([2]string{"a", "1"}, [2]string{"a", "2"}, [2]string{"a", "3"})
	train, test := d.ByTime(start.Add(time.Hour))
	if !slices.Equal(items(train.Interactions), []string{"a1"}) || !slices.Equal(items(test), []string{"a2", "a3"}) {
		t.Errorf("%v %v", items(train.Interactions), items(test))
	}
	if train, test := (&Data{}).ByTime(start); len(train.Interactions)+len(test) != 0 {
		t.Error("an empty world has rows")
	}
}

func TestRandom(t *testing.T) {
	d := &Data{}
	for range 100 {
		d.Interactions = append(d.Interactions, data([2]string{"a", "1"}).Interactions...)
	}
	for i := range d.Interactions {
		d.Interactions[i].Context.At = start.Add(time.Duration(i) * time.Minute)
	}
	train, test := d.Random(.2, 42)
	if len(train.Interactions) != 80 || len(test) != 20 {
		t.Errorf("%d and %d rows, want 80 and 20", len(train.Interactions), len(test))
	}
	if _, again := d.Random(.2, 42); !slices.EqualFunc(test, again, func(a, b because.Interaction) bool { return a.Context.At.Equal(b.Context.At) }) {
		t.Error("the same seed draws other rows")
	}
	if _, other := d.Random(.2, 43); slices.EqualFunc(test, other, func(a, b because.Interaction) bool { return a.Context.At.Equal(b.Context.At) }) {
		t.Error("another seed draws the same rows")
	}
	if !slices.IsSortedFunc(test, func(a, b because.Interaction) int { return a.Context.At.Compare(b.Context.At) }) {
		t.Error("the held-out rows are not chronological")
	}
}

func TestSort(t *testing.T) {
	d := data([2]string{"b", "1"}, [2]string{"a", "2"}, [2]string{"a", "1"})
	d.Interactions[1].Context.At, d.Interactions[2].Context.At = start, start
	d.Sort()
	if got := items(d.Interactions); !slices.Equal(got, []string{"a1", "a2", "b1"}) {
		t.Errorf("order %v", got)
	}
}

func TestFeatures(t *testing.T) {
	for _, tt := range []struct {
		c    because.Context
		want []Feature
	}{
		{because.Context{}, nil},
		{because.Context{At: start}, []Feature{"hour=morning", "day=weekday"}},
		{because.Context{At: start.AddDate(0, 0, 5).Add(13 * time.Hour), Device: "tv", Place: "home"}, []Feature{"hour=evening", "day=weekend", "device=tv", "place=home"}},
	} {
		if got := Features(tt.c); !slices.Equal(got, tt.want) {
			t.Errorf("%v has %v, want %v", tt.c, got, tt.want)
		}
	}
}

func TestDays(t *testing.T) {
	if got := Days(start, start.Add(36*time.Hour)); got != 1.5 {
		t.Errorf("36 hours are %g days", got)
	}
}

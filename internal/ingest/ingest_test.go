package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"because"
)

var (
	now      = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
)

// kept is a sink that keeps what it is given; an ID that it has is no change.
type kept struct {
	items        []because.Item
	users        []because.User
	interactions []because.Interaction
	reviews      []because.Review
	examples     []because.Example
	ids          map[string]bool
	batches      int
	after        func(batches int) // called after each batch
}

func keep[T any](k *kept, to *[]T, xs []T, id func(T) string) (int, error) {
	n := 0
	if k.ids == nil {
		k.ids = map[string]bool{}
	}
	for _, x := range xs {
		if key := fmt.Sprintf("%T %s", x, id(x)); !k.ids[key] {
			k.ids[key] = true
			*to = append(*to, x)
			n++
		}
	}
	if k.batches++; k.after != nil {
		k.after(k.batches)
	}
	return n, nil
}

func (k *kept) Items(_ context.Context, xs []because.Item) (int, error) {
	return keep(k, &k.items, xs, func(x because.Item) string { return x.ID })
}
func (k *kept) Users(_ context.Context, xs []because.User) (int, error) {
	return keep(k, &k.users, xs, func(x because.User) string { return x.ID })
}
func (k *kept) Interactions(_ context.Context, xs []because.Interaction) (int, error) {
	return keep(k, &k.interactions, xs, func(x because.Interaction) string { return x.User + "\x00" + x.ID })
}
func (k *kept) Reviews(_ context.Context, xs []because.Review) (int, error) {
	return keep(k, &k.reviews, xs, func(x because.Review) string { return x.ID })
}
func (k *kept) Examples(_ context.Context, xs []because.Example) (int, error) {
	return keep(k, &k.examples, xs, func(x because.Example) string { return x.ID })
}

// read imports a text and fails on an error.
func read(t *testing.T, kind, s string, o Options) (*kept, File) {
	t.Helper()
	k := &kept{}
	o.Kind, o.Path, o.Reader = kind, "-", strings.NewReader(s)
	if o.Now.IsZero() {
		o.Now = now
	}
	if o.Lang == "" {
		o.Lang = because.English
	}
	rep, err := Run(t.Context(), o, k)
	if err != nil {
		t.Fatal(err)
	}
	return k, rep.Files[0]
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, s := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRootFormsInFolder(t *testing.T) {
	dir := folder(t, map[string]string{
		"items.jsonl":        `{"id":"i1","domain":"shop","name":{"zh":"手表","en":"Watch"},"categories":["watch"],"attributes":{"battery":14,"gps":true},"price":99}` + "\n" + `{"id":"i2","name":"B"}` + "\n",
		"users.jsonl":        `{"id":"u1","lang":"zh","profile":{"interests":["watch"]},"consents":{"history":true}}` + "\n",
		"interactions.jsonl": `{"id":"x1","user":"u1","item":"i1","kind":"rating","value":4,"context":{"at":"2025-05-01T20:00:00+08:00","device":"phone"}}` + "\n" + `{"user":"u1","kind":"search","query":"long battery","context":{"at":"2025-05-01T12:00:00Z"}}` + "\n",
		"reviews.jsonl":      `{"id":"r1","item":"i1","text":"续航很长","at":"2025-05-02T00:00:00Z"}` + "\n",
		"truth.jsonl":        `{"seed":1}` + "\n",
	})
	k := &kept{}
	rep, err := Run(t.Context(), Options{Kind: "dataset", Path: dir, Now: now, Domain: "news", Zone: shanghai}, k)
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Files) != 4 {
		t.Fatalf("read %d files: %+v", len(rep.Files), rep.Files)
	}
	for _, f := range rep.Files {
		if f.Rejected != 0 || f.Added != f.Read || f.Read == 0 {
			t.Errorf("%s: %+v", f.File, f)
		}
	}
	if it := k.items[0]; it.Domain != "shop" || *it.Attributes["battery"].Number != 14 || it.Name.In(because.English) != "Watch" {
		t.Errorf("item %+v", it)
	}
	if k.items[1].Domain != "news" {
		t.Errorf("the domain of an item that names none is %q", k.items[1].Domain)
	}
	x := k.interactions[0]
	if x.Weight != .5 { // 4 on 1–5: (4-3)/2
		t.Errorf("weight %v", x.Weight)
	}
	if h := k.interactions[1].Context.At.Hour(); h != 20 || k.interactions[1].ID == "" {
		t.Errorf("%+v is at hour %d in Shanghai", k.interactions[1], h)
	}
	if k.reviews[0].Lang != because.Chinese {
		t.Errorf("review %+v", k.reviews[0])
	}
}

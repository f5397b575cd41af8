package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"because"
	"because/internal/store"
)

// null takes everything.
type null struct{}

func (null) Items(_ context.Context, xs []because.Item) (int, error) { return len(xs), nil }
func (null) Users(_ context.Context, xs []because.User) (int, error) { return len(xs), nil }
func (null) Interactions(_ context.Context, xs []because.Interaction) (int, error) {
	return len(xs), nil
}
func (null) Reviews(_ context.Context, xs []because.Review) (int, error)   { return len(xs), nil }
func (null) Examples(_ context.Context, xs []because.Example) (int, error) { return len(xs), nil }

// stored is the sink that the engine uses.
type stored struct {
	null
	db *store.DB
}

func (s stored) Interactions(ctx context.Context, xs []because.Interaction) (int, error) {
	return s.db.AddInteractions(ctx, xs)
}

// many writes n interactions of n/50 users with 10 000 items.
func many(t testing.TB, name string, n int) string {
	t.Helper()
	var b strings.Builder
	if strings.HasSuffix(name, ".csv") {
		b.WriteString("user_id,item_id,event_type,rating,timestamp,device\n")
	}
	kinds := []string{"view", "click", "cart", "purchase", "rating"}
	for i := range n {
		k := kinds[i%5]
		if strings.HasSuffix(name, ".csv") {
			fmt.Fprintf(&b, "user%d,item%d,%s,%d,%d,phone\n", i*7919%(n/50), i*104729%10000, k, 1+i%5, 1700000000+i)
		} else {
			fmt.Fprintf(&b, `{"id":"x%d","user":"user%d","item":"item%d","kind":"%s","value":%d,"context":{"at":"2024-03-05T07:20:%02dZ","device":"phone"}}`+"\n", i, i*7919%(n/50), i*104729%10000, k, 1+i%5, i%60)
		}
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func BenchmarkImport(b *testing.B) {
	const n = 200_000
	for _, name := range []string{"x.csv", "x.jsonl"} {
		path := many(b, name, n)
		for _, into := range []string{"null", "store"} {
			b.Run(name+"/"+into, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					var sink Sink = null{}
					if into == "store" {
						b.StopTimer()
						db, err := store.Open(b.Context(), b.TempDir(), store.Options{})
						if err != nil {
							b.Fatal(err)
						}
						sink = stored{db: db}
						b.StartTimer()
						defer db.Close()
					}
					rep, err := Run(b.Context(), Options{Kind: "interactions", Path: path, Now: now}, sink)
					if err != nil || rep.Files[0].Added != n {
						b.Fatal(err, rep)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"because"
)

// deeds are n interactions in order of time, spread over users; IDs are hashes, the worst order for an index.
func deeds(n, users, from int, byUser bool) []because.Interaction {
	rng := rand.New(rand.NewPCG(1, uint64(from)))
	zone := time.FixedZone("", 8*3600)
	out := make([]because.Interaction, n)
	for i := range out {
		sum := sha256.Sum256(fmt.Append(nil, from+i))
		u := rng.IntN(users)
		if byUser {
			u = (from + i) / 50
		}
		out[i] = because.Interaction{
			ID: hex.EncodeToString(sum[:10]), User: fmt.Sprint("user_", u), Item: fmt.Sprint("item_", rng.IntN(5000)),
			Kind: because.InteractionKinds[1+i%5], Weight: 0.5,
			Context: because.Context{At: time.UnixMicro(1_700_000_000_000_000 + int64(from+i)*1_000_000).In(zone), Device: "phone"},
		}
	}
	return out
}

// BenchmarkAddInteractions reports interactions/s of an import into a growing store of up to a million rows.
func BenchmarkAddInteractions(b *testing.B) {
	for _, bb := range []struct {
		name   string
		batch  int
		byUser bool
	}{{"by time, batches of 10000", 10_000, false}, {"by time, batches of 100000", 100_000, false}, {"by user, batches of 10000", 10_000, true}, {"by user, batches of 100000", 100_000, true}} {
		b.Run(bb.name, func(b *testing.B) {
			const total = 1_000_000
			n := 0
			var spent time.Duration
			for b.Loop() {
				db := open(b, b.TempDir())
				for from := 0; from < total; from += bb.batch {
					xs := deeds(bb.batch, 20_000, from, bb.byUser)
					start := time.Now()
					added, err := db.AddInteractions(b.Context(), xs)
					spent += time.Since(start)
					if err != nil || added != len(xs) {
						b.Fatal(added, err)
					}
					n += added
				}
				start := time.Now()
				db.Close()
				spent += time.Since(start)
			}
			b.ReportMetric(float64(n)/spent.Seconds(), "interactions/s")
		})
	}
}

// BenchmarkReads reports the latency of what a request reads, in a store of a million interactions.
func BenchmarkReads(b *testing.B) {
	db := open(b, b.TempDir())
	for from := 0; from < 1_000_000; from += 100_000 {
		if _, err := db.AddInteractions(b.Context(), deeds(100_000, 20_000, from, false)); err != nil {
			b.Fatal(err)
		}
	}
	heavy := deeds(10_000, 1, 2_000_000, false)
	for i := range heavy {
		heavy[i].User = "heavy"
	}
	var items []because.Item
	var ids []string
	for i := range 5000 {
		items = append(items, item(fmt.Sprint("item_", i)))
		ids = append(ids, items[i].ID)
	}
	if _, err := db.AddInteractions(b.Context(), heavy); err != nil {
		b.Fatal(err)
	}
	if _, err := db.PutItems(b.Context(), items); err != nil {
		b.Fatal(err)
	}
	im := impression("imp_1", "user_1", "item_1")
	if _, err := db.AddImpressions(b.Context(), []because.Impression{im}); err != nil {
		b.Fatal(err)
	}
	if err := db.HideReason(b.Context(), "user_1", "bought:item_2"); err != nil {
		b.Fatal(err)
	}
	i := 0
	for _, bb := range []struct {
		name string
		read func() error
	}{
		{"History of 50", func() error { _, err := db.History(b.Context(), fmt.Sprint("user_", i%20_000), 200); return err }},
		{"History, 200 of 10000", func() error { _, err := db.History(b.Context(), "heavy", 200); return err }},
		{"ItemsByID of 10", func() error { _, err := db.ItemsByID(b.Context(), ids[i%4000:i%4000+10]); return err }},
		{"Hidden", func() error { _, err := db.Hidden(b.Context(), "user_1"); return err }},
		{"Impression", func() error { _, err := db.Impression(b.Context(), "imp_1"); return err }},
		{"User", func() error { _, err := db.User(b.Context(), "user_1"); return err }},
		{"Counts", func() error { _, err := db.Counts(b.Context()); return err }},
		{"EachInteraction of 1000000", func() error {
			return db.EachInteraction(b.Context(), func(because.Interaction) error { return nil })
		}},
		{"EraseUser of 50", func() error {
			_, err := db.EraseUser(b.Context(), fmt.Sprint("user_", i%20_000))
			return err
		}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				i++
				if err := bb.read(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms")
		})
	}
}

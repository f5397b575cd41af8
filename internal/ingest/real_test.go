package ingest

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"

	"because"
	"because/internal/pack"
)

// data is a folder of real data, or the test is skipped.
func data(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join(cmp.Or(os.Getenv("BECAUSE_TESTDATA"), "../../../shared/data"), name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no test data: %v", err)
	}
	return dir
}

func TestRealDataSets(t *testing.T) {
	for _, tt := range []struct {
		folder                       string
		items, interactions, reviews int // as each data set's own README counts them
		domain                       string
		item                         string // an item's ID
		name                         string
	}{
		{"ml-latest-small", 9742, 100836, 3683, "entertainment", "2571", "The Matrix"},
		{"movietweetings-100k", 10506, 100000, 0, "entertainment", "0133093", "The Matrix"},
		{"amazon-games", 16859, 440264, 0, "", "5", "Fire Emblem"},
	} {
		t.Run(tt.folder, func(t *testing.T) {
			dir := data(t, tt.folder)
			k := &kept{}
			rep, err := Run(t.Context(), Options{Kind: "dataset", Path: dir, Now: now, Zone: shanghai, Lang: because.English}, k)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range rep.Files {
				t.Logf("%s: read %d, added %d, rejected %d, duplicates %d, columns %v, filled %v, notes %q, samples %v", f.File, f.Read, f.Added, f.Rejected, f.Duplicates, f.Columns, f.Filled, f.Notes, f.Samples)
				if f.Rejected > 0 {
					t.Errorf("%s: %d rows rejected: %+v", f.File, f.Rejected, f.Samples)
				}
			}
			if len(k.items) != tt.items || len(k.interactions) != tt.interactions || len(k.reviews) != tt.reviews {
				t.Errorf("%d items, %d interactions, %d reviews; want %d, %d, %d", len(k.items), len(k.interactions), len(k.reviews), tt.items, tt.interactions, tt.reviews)
			}
			for _, it := range k.items {
				for _, c := range it.Categories { // every genre is a word of the pack
					if p := pack.Builtin().Pack(it.Domain); it.Domain == "entertainment" && (p.Words[c].Zh == "" || !p.Titled(c)) {
						t.Errorf("%s: the genre %s has no word", it.ID, c)
					}
				}
				if it.ID == tt.item && (it.Name.In(because.English) != tt.name || it.Domain != tt.domain) {
					t.Errorf("item %+v, want the name %q and the domain %q", it, tt.name, tt.domain)
				}
			}
		})
	}
}

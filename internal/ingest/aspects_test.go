package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"because"
)

// aspectFolder writes a folder of the form of ASAP with one review in each part.
func aspectFolder(t *testing.T, row string) string {
	t.Helper()
	dir := t.TempDir()
	head := "index,reviewbody,star"
	for _, c := range sortedValues(AspectColumns) {
		head += "," + c
	}
	for _, name := range []string{"train_sample.csv", "dev_sample.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("\ufeff"+head+"\n"+row+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAspectReviews(t *testing.T) {
	blank := strings.Repeat(",-2", len(AspectColumns)-2)
	dir := aspectFolder(t, `7,"鱼片嫩，\n上菜慢",4.0,1,-1`+blank) // the first two columns by name: dish_look, dish_portion
	train, test, err := AspectReviews(dir)
	if err != nil || len(train) != 1 || len(test) != 1 {
		t.Fatal(train, test, err)
	}
	if x := test[0]; x.ID != "7" || x.Text != "鱼片嫩，\n上菜慢" || x.Stars != 4 || len(x.Aspects) != 2 || x.Aspects["look"] != 1 || x.Aspects["portion"] != -1 {
		t.Errorf("%+v", x)
	}
	k := &kept{}
	if _, err := Run(t.Context(), Options{Kind: "dataset", Path: dir, Now: now, Zone: shanghai, Lang: because.English}, k); err != nil {
		t.Fatal(err)
	}
	if len(k.items) == 0 || k.items[0].ID != "restaurant:7" || k.items[0].Domain != "travel" || k.items[0].Name.In(because.Chinese) != "7 号店" {
		t.Errorf("items %+v", k.items)
	}
	if r := k.reviews[0]; r.Item != "restaurant:7" || r.Text != "鱼片嫩，\n上菜慢" || r.Rating != 4 || r.Origin != "ASAP" {
		t.Errorf("review %+v", r)
	}
	for row, want := range map[string]string{
		`7,好,4.0,3,-1` + blank:  "line 2: dish_look must be",
		`7,好,four,1,-1` + blank: "line 2: four is no number",
		`7,好`:                   "line 2 cannot be read",
	} {
		_, _, err := AspectReviews(aspectFolder(t, row))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", row, err, want)
		}
	}
	if _, _, err := AspectReviews(t.TempDir()); err == nil {
		t.Error("an empty folder")
	}
}

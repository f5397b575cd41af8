package synth

import (
	"os"
	"testing"
	"testing/fstest"

	"because/internal/pack"
)

// FuzzWorld makes tiny worlds of world files that strangers wrote: they are refused or they work.
func FuzzWorld(f *testing.F) {
	for _, name := range []string{"tea", "film"} {
		b, err := os.ReadFile("testdata/world/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("domain: tea\ncategories: {a: {names: {zh: [\"{n}\"], en: [\"{n}\"]}}}\n"))
	f.Add([]byte("domain: tea\ncategories: {a: {names: {zh: [\"{title\"], en: [\"{{title}}\"]}, titles: [{zh: \"{title}\", en: \"{title}\"}]}}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		world := fstest.MapFS{"tea.yaml": {Data: b}, "film.yaml": {Data: b}}
		for _, name := range []string{"tea", "film"} {
			w, err := Generate(Options{Users: 14, Items: 12, Interactions: 60, Domains: []string{name}, World: world, Packs: pack.Builtin()})
			if err != nil {
				continue
			}
			if len(w.Items) != 12 || len(w.Users) != 14 {
				t.Errorf("%d items, %d users", len(w.Items), len(w.Users))
			}
			interactions(t, w)
		}
	})
}

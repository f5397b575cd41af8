package engine

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"because"
	"because/internal/pack"
)

// PackFolder is where a data folder's own packs stand, unless Options.Packs says otherwise.
const PackFolder = "packs"

// loadPacks are the built-in packs with the site's own over them. named says that the folder was asked for, and must exist.
func loadPacks(dir string, named bool) (*pack.Set, error) {
	if _, err := os.Stat(dir); err != nil {
		if !named && errors.Is(err, fs.ErrNotExist) {
			return pack.Builtin(), nil
		}
		return nil, because.Errorf(because.ErrNotFound, "There is no folder of packs %s. Give the folder that holds a folder for each pack.", dir)
	}
	set, err := pack.Builtin().With(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	if len(set.Own()) == 0 {
		return set, nil
	}
	said := because.Text{}
	for _, lang := range because.Langs {
		said[lang] = lines(below(dir, set.Check(lang, set.Own()...)))
	}
	if said.In(because.English) != "" {
		return nil, because.Errorf(because.ErrInvalid, "The packs in %s cannot be used:\n%s\nSee: because pack check %[1]s", dir, said)
	}
	return set, nil
}

// packs are the packs of an engine that is opened with o.
func (o Options) packs() (*pack.Set, error) {
	if o.Packs != "" {
		return loadPacks(o.Packs, true)
	}
	return loadPacks(filepath.Join(o.Dir, PackFolder), false)
}

// below puts the folder before the files of problems, so that a reader can open them.
func below(dir string, problems []pack.Problem) []pack.Problem {
	for i := range problems {
		problems[i].File = filepath.Join(dir, problems[i].File)
	}
	return problems
}

// few is how many problems an error tells; a check tells all.
const few = 20

func lines(problems []pack.Problem) string {
	var out []string
	for _, p := range problems[:min(few, len(problems))] {
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}

// A PackView is what a list of packs says of one.
type PackView struct {
	Name     string               `json:"name"`
	Label    because.Text         `json:"label"`
	Version  string               `json:"version"`
	Hash     string               `json:"hash"`
	Folder   string               `json:"folder,omitempty"` // of the site's own; empty for a built-in one
	Replaces bool                 `json:"replaces"`         // it stands in for the built-in pack of its name
	Guarded  bool                 `json:"guarded"`          // only approved wordings are shown
	Broken   bool                 `json:"broken"`
	Fields   int                  `json:"fields"`
	Rules    int                  `json:"rules"`
	Patterns map[because.Lang]int `json:"patterns"` // of its own, the general ones not counted
}

// Packs lists the built-in packs and those of a folder, which need not exist.
func Packs(dir string) ([]PackView, error) {
	set := pack.Builtin()
	if _, err := os.Stat(dir); err == nil {
		if set, err = set.With(os.DirFS(dir)); err != nil {
			return nil, err
		}
	}
	var out []PackView
	for _, name := range set.Names() {
		p, own := set.Written(name), slices.Contains(set.Own(), name)
		v := PackView{Name: name, Label: p.Label, Version: p.Version, Guarded: p.Guarded, Fields: len(p.Fields), Rules: len(p.Rules), Patterns: map[because.Lang]int{}}
		if own {
			v.Folder = filepath.Join(dir, name)
			v.Replaces = slices.Contains(pack.Builtin().Names(), name)
		}
		if v.Broken = !slices.Contains(set.Domains(), name); !v.Broken {
			v.Hash = set.Pack(name).Hash
		}
		for _, lang := range because.Langs {
			v.Patterns[lang] = p.Patterns(lang)
		}
		out = append(out, v)
	}
	return out, nil
}

// CheckedPacks is what a check of packs found.
type CheckedPacks struct {
	Packs    []string       `json:"packs"`
	Problems []pack.Problem `json:"problems"`
	Texts    int            `json:"texts"` // that were written from sample evidence and verified
}

// CheckPacks checks packs in lang. What is the name of a pack of dir or of a built-in one, the folder of a pack, or a
// folder of packs; empty means all packs of dir, or the built-in ones where dir has none.
func CheckPacks(dir, what string, lang because.Lang) (CheckedPacks, error) {
	set, root, names, err := packsToCheck(dir, what)
	if err != nil {
		return CheckedPacks{}, err
	}
	out := CheckedPacks{Packs: names, Problems: set.Check(lang, names...)}
	for _, name := range names {
		problems, texts := tryPack(set, name, lang)
		out.Problems, out.Texts = append(out.Problems, problems...), out.Texts+texts
	}
	slices.SortStableFunc(out.Problems, func(a, b pack.Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	if root != "" {
		out.Problems = below(root, out.Problems)
	}
	return out, nil
}

// packsToCheck finds what a reader means: a set with the packs in it, where those of its own stand, and which are meant.
func packsToCheck(dir, what string) (set *pack.Set, root string, names []string, err error) {
	isPack := func(folder string) bool {
		_, err := os.Stat(filepath.Join(folder, "pack.yaml"))
		return err == nil
	}
	switch info, err := os.Stat(what); {
	case what != "" && err == nil && info.IsDir() && isPack(what):
		full, err := filepath.Abs(what)
		if err != nil {
			return nil, "", nil, err
		}
		root, names = filepath.Dir(filepath.Clean(what)), []string{filepath.Base(full)}
		if filepath.Base(filepath.Clean(what)) != names[0] { // "." and ".."
			root = filepath.Dir(full)
		}
		set, err = pack.Builtin().With(os.DirFS(root))
		return set, root, names, err
	case what != "" && err == nil && info.IsDir():
		dir = what
	}
	set = pack.Builtin()
	if _, err := os.Stat(dir); err == nil {
		if set, err = set.With(os.DirFS(dir)); err != nil {
			return nil, "", nil, err
		}
	}
	switch {
	case what == "" && len(set.Own()) > 0, what == dir && len(set.Own()) > 0:
		return set, dir, set.Own(), nil
	case what == "":
		return set, "", set.Names(), nil
	case slices.Contains(set.Own(), what):
		return set, dir, []string{what}, nil
	case slices.Contains(set.Names(), what):
		return set, "", []string{what}, nil
	}
	return nil, "", nil, because.Errorf(because.ErrNotFound, "There is no pack %q, and no folder with a pack.yaml of that name. Packs: %s.", what, strings.Join(set.Names(), ", "))
}

// NewPack writes a pack to start from into a folder below dir, with comments in lang, and returns its files in order. It
// overwrites nothing.
func NewPack(dir, name string, lang because.Lang) ([]string, error) {
	files, err := pack.Skeleton(name, lang)
	if err != nil {
		return nil, err
	}
	if slices.Contains(pack.Builtin().Names(), name) {
		return nil, because.Errorf(because.ErrInvalid, "A pack %q is built in. Give yours another name.", name)
	}
	folder := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, because.Errorf(because.ErrInvalid, "The folder %s cannot be made. Look at its permissions.", dir)
	}
	if err := os.Mkdir(folder, 0o700); errors.Is(err, fs.ErrExist) {
		return nil, because.Errorf(because.ErrInvalid, "%s is there already. Take another name, or move it away.", folder)
	} else if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "The folder %s cannot be made. Look at its permissions.", folder)
	}
	var out []string
	for _, f := range slices.Sorted(maps.Keys(files)) {
		out = append(out, filepath.Join(folder, f))
		if err := os.WriteFile(out[len(out)-1], []byte(files[f]), 0o600); err != nil {
			return out, fmt.Errorf("write %s: %w", f, err)
		}
	}
	return out, nil
}

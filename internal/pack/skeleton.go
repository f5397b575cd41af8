package pack

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"

	"because"
)

// skeletons hold the files of a pack to start from, with comments in either language.
//
//go:embed skeleton/*/*.yaml
var skeletons embed.FS

var packName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

// Skeleton are the files of a pack to start from, by their names, with comments in lang. It passes Check. An error says
// what is wrong with the name.
func Skeleton(name string, lang because.Lang) (map[string]string, error) {
	if !packName.MatchString(name) {
		return nil, because.Errorf(because.ErrInvalid, "%q cannot be the name of a pack. Take up to 40 lower-case letters, digits, - and _, a letter first.", name)
	}
	files, err := fs.Glob(skeletons, "skeleton/"+string(lang)+"/*.yaml")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, f := range files {
		b, err := skeletons.ReadFile(f)
		if err != nil {
			return nil, err
		}
		out[strings.TrimPrefix(f, "skeleton/"+string(lang)+"/")] = strings.ReplaceAll(string(b), "NAME", name)
	}
	return out, nil
}

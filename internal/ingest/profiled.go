package ingest

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"because"
	"because/internal/text/profile"
)

// profiled makes parts of a file of the sets that HKUDS/XRec and tr2512/ReXRec released, by its name: sentences about
// each user and item, explanations to test with, and interactions. The test's own references and outputs are not read,
// and its pairs are left out of the interactions, since most of them are there.
func (r *run) profiled(path string, tested map[[2]string]bool) []part {
	stem, ext := split(path)
	f := &flavour{only: true, item: r.profiledItem(path)}
	p := part{path: path, flavour: f}
	switch {
	case stem == "item_profiles" && ext == "jsonl":
		p.kind, f.named, f.titled = kindItems, map[string]string{"item": "item", "description": "profile"}, map[string]bool{}
		for pair := range tested {
			f.titled[pair[1]] = true
		}
		return []part{p}
	case stem == "explanations_tst" && ext == "jsonl":
		p.kind, f.named = kindItems, map[string]string{"item": "item", "name": "title", "description": "item_profile"}
		users := part{path: path, kind: kindUsers, flavour: &flavour{
			only: true, user: profiledUser, named: map[string]string{"user": "user", "name": "user_profile"},
		}}
		return []part{p, users}
	case strings.HasPrefix(stem, "interactions_") && ext == "csv":
		p.kind, f.tested = kindInteractions, tested
		return []part{p}
	}
	return nil
}

// profiledUser parts the sentences of a user's profile, read as the name, into tastes, which the user counts as having
// stated.
func profiledUser(x *because.User) {
	words := profile.Likes(x.Name)
	x.Name, x.Lang = "", because.English
	if len(words) > 0 {
		x.Profile = map[string]because.Value{"tastes": {Words: words}}
		x.Consents = map[string]bool{"interests": true}
	}
}

var entitled = regexp.MustCompile(`^(?:(?:[A-Z0-9][\p{L}\p{N}'’&.-]*|of|the|and|at|in|de|la|&|-)(?: |$))+$`)

// profiledItem names an item that has no title by what its profile calls it, and files it under what it is known for.
func (r *run) profiledItem(path string) func(*because.Item) {
	domain := ""
	if strings.Contains(filepath.Base(filepath.Dir(path)), "book") {
		domain = "entertainment"
	}
	return func(x *because.Item) {
		about := strings.TrimSpace(x.Description.In(because.English))
		x.Description = because.Text{because.English: about}
		if x.Domain == "" {
			x.Domain = domain
		}
		known := profile.KnownFor(x.Name.In(because.English), about)
		if len(known.Things) > 0 {
			x.Attributes = map[string]because.Value{"suits": {Words: known.Things}}
		}
		switch {
		case len(x.Name) > 0:
		case entitled.MatchString(known.Name) && strings.ToLower(known.Name) != known.Name:
			x.Name = because.Plain(known.Name)
		case known.Kind != "":
			x.Name = because.Plain(strings.ToUpper(known.Kind[:1]) + known.Kind[1:])
		case len(known.Things) > 0:
			x.Name = because.Plain("A place for " + known.Things[0])
		}
	}
}

// testedPairs are the users and items of the explanations that systems are tested on.
func (r *run) testedPairs(path string) (map[[2]string]bool, error) {
	o := r.o
	o.Progress = nil
	in, err := open(&o, path)
	if err != nil {
		return nil, err
	}
	defer in.close()
	pairs, d := map[[2]string]bool{}, json.NewDecoder(in.text)
	for {
		var x struct{ User, Item json.Number }
		if err := d.Decode(&x); errors.Is(err, io.EOF) {
			return pairs, nil
		} else if err != nil {
			return pairs, because.Errorf(because.ErrInvalid, "%s cannot be read: it must hold one JSON object a line with user and item as numbers.", path)
		}
		pairs[[2]string{x.User.String(), x.Item.String()}] = true
	}
}

// profiledFolder are the parts of a folder of such a set; none where it is none.
func (r *run) profiledFolder(dir string, names []string) ([]part, error) {
	i := slices.IndexFunc(names, func(n string) bool {
		stem, ext := split(n)
		return stem == "explanations_tst" && ext == "jsonl"
	})
	if i < 0 {
		return nil, nil
	}
	tested, err := r.testedPairs(filepath.Join(dir, names[i]))
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, n := range names {
		parts = append(parts, r.profiled(filepath.Join(dir, n), tested)...)
	}
	return parts, nil
}

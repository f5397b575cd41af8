package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"because"
)

// A flavour is what is special about the files of a known data set.
type flavour struct {
	domain string              // of items that name none
	comma  string              // between cells
	header []string            // of files without one
	item   func(*because.Item) // done to every item that was read
	blanks bool                // lists are separated by blanks

	named  map[string]string   // our field -> its column, as Options.Map
	only   bool                // the other columns are not read
	user   func(*because.User) // done to every user that was read
	review func(*because.Review)
	titled map[string]bool    // items that another file names better
	tested map[[2]string]bool // users and items whose interactions are left out
}

// stems are the names of files, without endings, by the kind of their rows.
var stems = map[string]string{
	"items": kindItems, "item": kindItems, "products": kindItems, "product": kindItems, "商品": kindItems, "goods": kindItems,
	"users": kindUsers, "user": kindUsers, "用户": kindUsers, "customers": kindUsers,
	"interactions": kindInteractions, "interaction": kindInteractions, "events": kindInteractions, "ratings": kindInteractions, "feedback": kindInteractions,
	"behaviors": kindInteractions, "behavior": kindInteractions, "行为": kindInteractions, "评分": kindInteractions,
	"reviews": kindReviews, "review": kindReviews, "comments": kindReviews, "评论": kindReviews, "评价": kindReviews,
	"examples": kindExamples, "user_data": kindExamples,
}

// order is the order in which the kinds are read.
var order = []string{kindItems, kindUsers, kindInteractions, kindReviews, kindExamples}

var tableEndings = []string{"jsonl", "ndjson", "json", "csv", "tsv", "txt", "parquet"}

// dataset are the known files of a folder: those of MovieLens and its like when it has movies, of CrossWOZ when it has a
// catalogue of places, of ASAP when it has reviews with aspects, atomic files of RecBole, and files that are named for what they hold.
func (r *run) dataset(dir string) ([]part, error) {
	st, err := os.Stat(dir)
	if err != nil || !st.IsDir() {
		return nil, because.Errorf(because.ErrInvalid, "%s is not a folder. A dataset is a folder of files.", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "The folder %s cannot be read. Check its permissions.", dir)
	}
	var names []string
	movies := r.o.Format == "movielens"
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		names = append(names, e.Name())
		stem, ext := split(e.Name())
		movies = movies || stem == "movies" && (ext == "dat" || ext == "csv") || stem == "u" && ext == "data"
	}
	catalogue := hasPlaces(names)
	parts, err := r.profiledFolder(dir, names)
	if err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		parts = reviewed(dir, names)
	}
	if len(parts) > 0 {
		slices.SortStableFunc(parts, inOrder)
		return parts, nil
	}
	for _, name := range names {
		stem, ext := split(name)
		p := part{path: filepath.Join(dir, name), format: r.o.Format}
		var ok bool
		switch {
		case movies:
			ok = movieLens(stem, ext, &p)
		case catalogue:
			ok = places(stem, ext, &p)
		case ext == "inter" || ext == "item" || ext == "user":
			p.kind, p.format, ok = map[string]string{"inter": kindInteractions, "item": kindItems, "user": kindUsers}[ext], "recbole", true
			p.flavour = &flavour{blanks: true}
		}
		if !ok && slices.Contains(tableEndings, ext) {
			p.kind = stems[stem]
			ok = p.kind != ""
		}
		if ok {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return nil, because.Errorf(because.ErrInvalid, "The folder %s holds no files that are known: items, users, interactions, reviews (.jsonl, .csv, .parquet), MovieLens, CrossWOZ, ASAP or RecBole.", dir)
	}
	slices.SortStableFunc(parts, inOrder)
	return parts, nil
}

func inOrder(a, b part) int { return slices.Index(order, a.kind) - slices.Index(order, b.kind) }

// split is the lower-case stem and ending of a file's name, compression aside.
func split(name string) (stem, ext string) {
	name = strings.ToLower(filepath.Base(name))
	for _, z := range []string{".gz", ".zst", ".bz2"} {
		name = strings.TrimSuffix(name, z)
	}
	ext = filepath.Ext(name)
	return strings.TrimSuffix(name, ext), strings.TrimPrefix(ext, ".")
}

package ingest

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"because"
)

// An AspectReview is a review with what was annotated of it.
type AspectReview struct {
	ID      string
	Text    string
	Stars   float64
	Aspects map[string]int // 1, 0 or -1 by the travel pack's key of the aspect; one that is not there is not spoken of
}

// AspectColumns are the columns of the set ASAP (Bu et al. 2021), by the travel pack's key of the aspect.
var AspectColumns = map[string]string{
	"traffic": "location_traffic", "center": "location_distance_from_business_district", "find": "location_easy_to_find",
	"wait": "service_wait_time", "staff": "service_waiters_attitude", "parking": "service_parking_convenience", "speed": "service_serving_speed",
	"price": "price_level", "value": "price_cost_effective", "discount": "price_discount",
	"decor": "environment_decoration", "noise": "environment_noise", "space": "environment_space", "clean": "environment_cleaness",
	"portion": "dish_portion", "taste": "dish_taste", "look": "dish_look", "again": "dish_recommendation",
}

// notSpoken is how the set says that a review does not speak of an aspect.
const notSpoken = -2

// aspectFile reports which part of such a set a file is, by its name: train, dev, test.
func aspectFile(name string) string {
	stem, ext := split(name)
	if stem = strings.TrimSuffix(stem, "_sample"); ext == "csv" && slices.Contains([]string{"train", "dev", "test"}, stem) {
		return stem
	}
	return ""
}

// hasAspects reports whether a file is a part of such a set, by its name and header.
func hasAspects(path string) bool {
	if aspectFile(path) == "" {
		return false
	}
	in, err := open(&Options{}, path)
	if err != nil {
		return false
	}
	defer in.close()
	head, err := csv.NewReader(in.text).Read()
	return err == nil && slices.Contains(head, "reviewbody") && slices.Contains(head, AspectColumns["taste"])
}

// AspectReviews reads a folder of the set ASAP: the reviews to learn from, and those to be tested on (its test part where
// there is one, else dev).
func AspectReviews(dir string) (train, test []AspectReview, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, because.Errorf(because.ErrInvalid, "The folder %s cannot be read. Check its permissions.", dir)
	}
	parts := map[string]string{}
	for _, e := range entries {
		if path := filepath.Join(dir, e.Name()); !e.IsDir() && hasAspects(path) {
			parts[aspectFile(path)] = path
		}
	}
	if parts["test"] == "" {
		parts["test"] = parts["dev"]
	}
	if parts["train"] == "" || parts["test"] == "" {
		return nil, nil, because.Errorf(because.ErrNotFound, "The folder %s holds no reviews with aspects: train.csv and dev.csv or test.csv, with the columns of ASAP (reviewbody, star, dish_taste …).", dir)
	}
	if train, err = aspectReviews(parts["train"]); err == nil {
		test, err = aspectReviews(parts["test"])
	}
	return train, test, err
}

// ReviewedID is the ID of the restaurant that a review of the set is of. The set does not say which one it is, so each
// review has one of its own.
func ReviewedID(review string) string { return PlaceKinds["餐馆"] + ":" + review }

// reviewed makes parts of a folder of the set: of each row a review, and the restaurant that it is of. What was annotated is
// not read: what reviews say is to be found in them.
func reviewed(dir string, names []string) []part {
	var out []part
	for _, n := range names {
		path := filepath.Join(dir, n)
		if !hasAspects(path) {
			continue
		}
		out = append(out,
			part{path: path, kind: kindItems, flavour: &flavour{only: true, domain: placeDomain, named: map[string]string{"item": "index"}, item: func(x *because.Item) {
				x.Name = because.Text{because.Chinese: x.ID + " 号店", because.English: "Restaurant " + x.ID}
				x.ID, x.Categories = ReviewedID(x.ID), []string{PlaceKinds["餐馆"]}
			}}},
			part{path: path, kind: kindReviews, flavour: &flavour{only: true, named: map[string]string{"id": "index", "item": "index", "text": "reviewbody", "value": "star"}, review: func(x *because.Review) {
				x.Item, x.Text, x.Origin = ReviewedID(x.Item), unescaped(x.Text), "ASAP"
			}}})
	}
	return out
}

// aspectReviews reads one file.
func aspectReviews(path string) ([]AspectReview, error) {
	in, err := open(&Options{}, path)
	if err != nil {
		return nil, err
	}
	defer in.close()
	r := csv.NewReader(in.text)
	head, err := r.Read()
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "%s has no header.", filepath.Base(path))
	}
	at := map[string]int{}
	for i, h := range head {
		at[h] = i
	}
	for _, c := range append([]string{"index", "reviewbody", "star"}, sortedValues(AspectColumns)...) {
		if _, ok := at[c]; !ok {
			return nil, because.Errorf(because.ErrInvalid, "%s has no column %s.", filepath.Base(path), c)
		}
	}
	var out []AspectReview
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, because.Errorf(because.ErrInvalid, "%s, line %d cannot be read: it has not the columns of the header.", filepath.Base(path), line)
		}
		x := AspectReview{ID: row[at["index"]], Text: unescaped(row[at["reviewbody"]]), Aspects: map[string]int{}}
		if x.Stars, err = strconv.ParseFloat(row[at["star"]], 64); err != nil {
			return nil, because.Errorf(because.ErrInvalid, "%s, line %d: %s is no number of stars.", filepath.Base(path), line, row[at["star"]])
		}
		for key, column := range AspectColumns {
			v, err := strconv.Atoi(row[at[column]])
			if err != nil || v < notSpoken || v > 1 {
				return nil, because.Errorf(because.ErrInvalid, "%s, line %d: %s must be 1, 0, -1 or -2, and is %s.", filepath.Base(path), line, column, row[at[column]])
			}
			if v != notSpoken {
				x.Aspects[key] = v
			}
		}
		out = append(out, x)
	}
}

func sortedValues(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// unescaped is a review with its line ends, which the set writes out.
func unescaped(s string) string { return strings.NewReplacer(`\\n`, "\n", `\n`, "\n").Replace(s) }

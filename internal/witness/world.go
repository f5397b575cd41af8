// Package witness checks served texts against the world that they speak of: it reads the files of an invented world
// (items, users, interactions, reviews, words) and resolves each name, number, date, deed, count and attribute word of a
// text to a row that holds for this reader and this item. What it cannot resolve it reports, with the words at fault.
//
// It goes the other way than the verifier, from the world's tables instead of from evidence, and shares no code with it:
// it imports nothing but the root package and the standard library, so that an error of the one is not an error of the
// other. It knows no evidence, no contribution and no claim, so it says nothing of causes ("because").
package witness

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"because"
)

// A World is what is true. It does not change once read and is safe for concurrent use.
type World struct {
	items   map[string]*because.Item
	users   map[string]*because.User
	past    map[string][]because.Interaction          // by user, oldest first
	people  map[string]map[string]time.Time           // by item: who turned to it, and when last
	touched map[string]map[string]bool                // by user: every item that they turned to, consented to or not
	reviews map[string][]because.Review               // by item
	domains map[string]*lexicon                       // by domain
	names   map[because.Lang][]name                   // of items, the longest first
	called  map[because.Lang]map[string]*because.Item // by name
	uses    map[string]map[string]use                 // by domain and kind of evidence
	zone    *time.Location
}

// A name is what an item is called.
type name struct {
	said string
	item *because.Item
}

// wording is a row of words.jsonl.
type wording struct {
	Domain, Kind, Key string
	Said, Other       map[because.Lang][]string
	Forms             map[string]map[because.Lang][]string
	Unit, Better      string
	Measure           string
	Consent, Meets    string
	Given             bool
	Strong            *float64
}

// A use is what a user must consent to, and whether they do when they have said nothing.
type use struct {
	consent string
	given   bool
}

// Load reads the folder of a world. Times are read in zone.
func Load(dir string, zone *time.Location) (*World, error) {
	w := &World{
		items: map[string]*because.Item{}, users: map[string]*because.User{}, past: map[string][]because.Interaction{},
		people: map[string]map[string]time.Time{}, touched: map[string]map[string]bool{}, reviews: map[string][]because.Review{}, domains: map[string]*lexicon{},
		names: map[because.Lang][]name{}, called: map[because.Lang]map[string]*because.Item{},
		uses: map[string]map[string]use{}, zone: zone,
	}
	err := rows(dir, "items.jsonl", func(it because.Item) { w.items[it.ID] = &it })
	if err == nil {
		err = rows(dir, "users.jsonl", func(u because.User) { w.users[u.ID] = &u })
	}
	if err == nil {
		err = rows(dir, "reviews.jsonl", func(r because.Review) { w.reviews[r.Item] = append(w.reviews[r.Item], r) })
	}
	if err == nil {
		err = rows(dir, "words.jsonl", w.learn)
	}
	if err == nil {
		err = rows(dir, "interactions.jsonl", w.did)
	}
	if err != nil {
		return nil, err
	}
	for _, list := range w.past {
		slices.SortStableFunc(list, func(a, b because.Interaction) int { return a.Context.At.Compare(b.Context.At) })
	}
	for _, lang := range because.Langs {
		w.called[lang] = map[string]*because.Item{}
		for _, it := range w.items {
			if s := it.Name.In(lang); s != "" {
				w.names[lang] = append(w.names[lang], name{s, it})
				w.called[lang][s] = it
			}
		}
		slices.SortFunc(w.names[lang], func(a, b name) int {
			return cmp.Or(len(b.said)-len(a.said), strings.Compare(a.said, b.said), strings.Compare(a.item.ID, b.item.ID))
		})
	}
	for _, d := range w.domains { // how one tells is not a matter of the domain: any wording may lend its words
		for _, o := range w.domains {
			maps.Copy(d.pairs, o.pairs)
			maps.Copy(d.ends, o.ends)
			maps.Copy(d.begins, o.begins)
			maps.Copy(d.latin, o.latin)
		}
	}
	for _, d := range w.domains {
		d.finish()
	}
	return w, nil
}

// rows reads a JSON file of lines.
func rows[T any](dir, file string, f func(T)) error {
	r, err := os.Open(filepath.Join(dir, file))
	if err != nil {
		return fmt.Errorf("read the world: %w", err)
	}
	defer r.Close()
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	for {
		var v T
		if err := dec.Decode(&v); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		f(v)
	}
}

// did takes in one interaction. What a user does not consent to is known to nobody: neither they nor others may be told of
// it. Who switched personalisation off is not counted either.
func (w *World) did(x because.Interaction) {
	u := w.users[x.User]
	if w.touched[x.User] == nil {
		w.touched[x.User] = map[string]bool{}
	}
	w.touched[x.User][x.Item] = true
	if u == nil || !w.consents(u, x) {
		return
	}
	x.Context.At = x.Context.At.In(w.zone)
	w.past[x.User] = append(w.past[x.User], x)
	if x.Item == "" || u.Impersonal {
		return
	}
	if w.people[x.Item] == nil {
		w.people[x.Item] = map[string]time.Time{}
	}
	if at := w.people[x.Item][x.User]; x.Context.At.After(at) {
		w.people[x.Item][x.User] = x.Context.At
	}
}

// evidenceOf is the kind of evidence that an interaction gives.
var evidenceOf = map[because.InteractionKind]because.EvidenceKind{
	because.View: because.Viewed, because.Click: because.Viewed, because.Cart: because.Carted, because.Purchase: because.Bought,
	because.Rating: because.Rated, because.Search: because.Searched,
}

// consents reports whether a user lets an interaction be spoken of.
func (w *World) consents(u *because.User, x because.Interaction) bool {
	domain := ""
	if it := w.items[x.Item]; it != nil {
		domain = it.Domain
	}
	return lets(u, w.uses[domain][string(evidenceOf[x.Kind])])
}

// lets reports whether a user gives a consent.
func lets(u *because.User, need use) bool {
	if need.consent == "" {
		return true
	}
	if given, said := u.Consents[need.consent]; said {
		return given
	}
	return need.given
}

// Touched reports whether a user ever turned to an item.
func (w *World) Touched(user, item string) bool {
	return w.touched[user][item]
}

// Items are the items of the world by ID.
func (w *World) Items() map[string]*because.Item { return w.items }

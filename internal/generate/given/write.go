package given

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"because/internal/text/profile"
)

// A writer sets phrases of one pair of profiles into patterns.
type writer struct {
	task    Task
	rng     *rand.Rand
	title   string
	author  string
	noun    string                            // what sort of place it is, where the title or the profile says so in one word
	phrases map[profile.Form][]profile.Phrase // of the item
	likes   []profile.Phrase                  // of the reader, where they meet the item; all of them where none does
	meets   bool
	used    []profile.Phrase
	they    string // the reader, once named
}

func newWriter(t Task, p Profiles, rng *rand.Rand) *writer {
	w := &writer{task: t, rng: rng, title: strings.TrimSpace(p.Title), phrases: map[profile.Form][]profile.Phrase{}}
	said := map[string]bool{}
	all := profile.Read(p.Title, p.Item, p.User)
	for _, x := range all {
		if x.Source == profile.OfItem {
			w.phrases[x.Form] = append(w.phrases[x.Form], x)
			for _, c := range x.Terms {
				said[c] = true
			}
		}
	}
	for _, x := range all {
		if x.Source == profile.OfUser && slices.ContainsFunc(x.Terms, func(c string) bool { return said[c] }) {
			w.likes, w.meets = append(w.likes, x), true
		}
	}
	if !w.meets {
		for _, x := range all {
			if x.Source == profile.OfUser {
				w.likes = append(w.likes, x)
			}
		}
	}
	if t.Noun != "book" {
		w.noun = strings.ToLower(sort.FindString(p.Title + " . " + p.Item))
	}
	if m := by.FindStringSubmatch(p.Item); m != nil {
		w.author = m[1]
	}
	return w
}

// sort finds the word for a sort of place.
var sort = regexp.MustCompile(`(?i)\b(?:park|restaurant|hotel|store|museum|beach|theater|cafe|bakery|mall|casino|zoo|brewery|market|gym|salon|library|steakhouse|diner|coffeehouse)\b`)

// by finds who wrote a book: two to four capitalised words after "by".
var by = regexp.MustCompile(`\bby ((?:[A-Z][\p{L}.'-]*)(?: (?:[A-Z][\p{L}.'-]*)){1,3})`)

// draft writes one text by chance.
func (w *writer) draft() Draft {
	w.used = nil
	text := w.opening() + w.reason()
	for n := w.rng.IntN(4); n > 0; n-- {
		text += w.tail(text)
	}
	return Draft{Text: text + ".", Phrases: w.used}
}

func (w *writer) pick(of ...string) string { return of[w.rng.IntN(len(of))] }

// opening says who would like what.
func (w *writer) opening() string {
	reader := upperFirst(w.task.Reader)
	w.they = "they"
	if w.task.Reader == "the user" && w.task.Noun != "book" && w.rng.IntN(6) == 0 {
		reader = "You"
	}
	if reader == "You" {
		w.they = "you"
	}
	return reader + " would " + w.task.Verb + " " + w.item()
}

// item names the item.
func (w *writer) item() string {
	the := w.pick("the ", "the ", "the ", "this ") + w.task.Noun
	if w.noun != "" && w.rng.IntN(4) == 0 {
		the = w.pick("the ", "this ") + w.noun
	}
	if x := w.phrases[profile.Kind]; len(x) > 0 && w.rng.IntN(8) == 0 {
		w.used = append(w.used, x[0])
		return "this " + x[0].Text
	}
	if w.title == "" || w.rng.IntN(2) == 0 {
		return the
	}
	if w.task.Noun != "book" {
		return w.title
	}
	name := w.title
	if i := strings.IndexAny(name, "(:"); i > 3 && w.rng.IntN(4) > 0 {
		name = strings.TrimSpace(name[:i])
	}
	name = `"` + name + `"`
	if w.rng.IntN(2) == 0 {
		name = "the book " + name
	}
	if w.author != "" && w.rng.IntN(2) == 0 {
		name += " by " + w.author
	}
	return name
}

// reason gives the first ground.
func (w *writer) reason() string {
	switch w.rng.IntN(5) {
	case 0:
		if x := w.take(w.likes, 1); x != nil && w.meets {
			also := " because " + w.they + w.pick(" enjoy ", " appreciate ", " like ", " are interested in ") + profile.Bare(x[0].Text)
			if y := w.list(1 + w.rng.IntN(3)); y != "" {
				return also + w.pick(" and it offers ", ", and it offers ", " and the "+w.task.Noun+" offers ") + y
			}
			return also
		}
	case 1:
		if x := w.take(w.phrases[profile.Deed], 1); x != nil {
			return " because it " + x[0].Text
		}
	}
	n := 1 + w.rng.IntN(4)
	if x := w.take(w.phrases[profile.Thing], n); x != nil {
		switch w.rng.IntN(6) {
		case 0, 1:
			return w.pick(" because it offers ", " because it offers ", " because it features ", " because it provides ") + join(x, false)
		case 2:
			if w.rng.IntN(2) == 0 {
				return " because they offer " + join(x, false)
			}
			return " because of the " + join(x, true)
		case 3:
			return w.pick(" because of its ", " due to its ") + join(x, true)
		}
		return " for its " + join(x, true)
	}
	if x := w.take(w.phrases[profile.Doing], 1); x != nil {
		return " because it is " + w.pick("a good place for ", "made for ") + x[0].Text
	}
	if x := w.audience(); x != "" {
		return " because it suits " + x
	}
	if x := w.take(w.likes, 1); x != nil {
		return " because " + w.they + " " + w.pick("enjoy ", "like ") + x[0].Text
	}
	return ""
}

// tail adds a clause.
func (w *writer) tail(so string) string {
	with := strings.Contains(so, ", making it")
	switch w.rng.IntN(6) {
	case 0:
		if x := w.list(1 + w.rng.IntN(2)); x != "" {
			return w.pick(", along with ", ", as well as ", " with ", ", with ") + x
		}
	case 1, 2, 3:
		if with {
			return ""
		}
		if x := w.audience(); x != "" {
			what := w.pick("choice", "option", "fit", "place", "spot", "destination")
			if w.task.Noun == "book" {
				what = w.pick("choice", "read", "fit", "book")
			}
			return ", making it a " + w.pick("good ", "suitable ", "fitting ") + what + " for " + x
		}
	case 4:
		if x := w.take(w.likes, 1); x != nil && w.meets {
			their := map[string]string{"they": "their", "you": "your"}[w.they]
			return w.pick(", which matches "+their+" interest in ", ", and "+w.they+w.pick(" enjoy ", " appreciate "), ", which fits "+their+" taste for ") + x[0].Text
		}
	case 5:
		if x := w.list(1 + w.rng.IntN(2)); x != "" {
			return w.pick(", providing ", ", offering ") + x
		}
	}
	return ""
}

// audience says whom the item is for.
func (w *writer) audience() string {
	if x := w.take(w.phrases[profile.Audience], 1); x != nil && w.rng.IntN(2) == 0 {
		return x[0].Text
	}
	if x := w.take(w.phrases[profile.Thing], 1+w.rng.IntN(2)); x != nil {
		return w.pick("fans of ", "those looking for ", "those who enjoy ") + join(x, false)
	}
	if x := w.take(w.phrases[profile.Doing], 1); x != nil {
		return "those who enjoy " + x[0].Text
	}
	return ""
}

func (w *writer) list(n int) string {
	if x := w.take(w.phrases[profile.Thing], n); x != nil {
		return join(x, false)
	}
	return ""
}

// take draws up to n phrases that say nothing said already, in the order of the profile.
func (w *writer) take(from []profile.Phrase, n int) []profile.Phrase {
	var out []int
	for _, i := range w.rng.Perm(len(from)) {
		if len(out) < n && !slices.ContainsFunc(w.used, func(u profile.Phrase) bool { return overlap(u, from[i]) }) {
			out = append(out, i)
			w.used = append(w.used, from[i])
		}
	}
	if out == nil {
		return nil
	}
	slices.Sort(out)
	phrases := make([]profile.Phrase, len(out))
	for i, at := range out {
		phrases[i] = from[at]
	}
	return phrases
}

// overlap reports whether two phrases share a word that says something.
func overlap(a, b profile.Phrase) bool {
	return slices.ContainsFunc(a.Terms, func(c string) bool { return slices.Contains(b.Terms, c) })
}

// join makes a list of phrases, without their articles where one stands before the list.
func join(x []profile.Phrase, noArticle bool) string {
	t := make([]string, len(x))
	for i := range x {
		t[i] = x[i].Text
		if noArticle {
			t[i] = profile.Bare(t[i])
		}
	}
	switch len(t) {
	case 1:
		return t[0]
	case 2:
		return t[0] + " and " + t[1]
	}
	return strings.Join(t[:len(t)-1], ", ") + ", and " + t[len(t)-1]
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

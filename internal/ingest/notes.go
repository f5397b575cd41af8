package ingest

import (
	"strings"

	"because"
)

// finish closes the account of the file: what was filled, mended and noticed, in the reader's language.
func (t *reading) finish() *File {
	f, lang := t.f, t.lang()
	if f.Encoding = t.in.decoder.name; f.Encoding == "ascii" || f.Encoding == "utf-8-bom" {
		f.Encoding = "utf-8"
	}
	note := func(n int, s string) {
		if n > 0 {
			f.Notes = append(f.Notes, s)
		}
	}
	note(f.Filled["name"], because.Say(lang, "%d items have no name; they are called by their ID.", f.Filled["name"]))
	note(f.Filled["kind"], because.Say(lang, "%d interactions name no kind; it was taken from what they hold: a rating, a search, a purchase with a quantity, else a view.", f.Filled["kind"]))
	note(f.Filled["time"], because.Say(lang, "%d rows have no time; it stays unknown.", f.Filled["time"]))
	note(f.Filled["text"], because.Say(lang, "%d examples have no input text.", f.Filled["text"]))
	note(f.Filled["value"], because.Say(lang, "%d reviews have a rating that is no number; it is left out.", f.Filled["value"]))
	note(t.counts.price, because.Say(lang, "%d prices are negative or no number; they count as unknown.", t.counts.price))
	note(t.counts.published, because.Say(lang, "%d publication dates cannot be read or are out of range; they count as unknown.", t.counts.published))
	note(t.counts.dwell, because.Say(lang, "%d stays are negative; they count as 0 seconds.", t.counts.dwell))
	note(t.counts.weight, because.Say(lang, "%d weights are outside -1 to 1; they were cut to it.", t.counts.weight))
	note(t.counts.burst, because.Say(lang, "%d interactions of users with more than %d in %d seconds were kept with weight 0: no person is that quick.", t.counts.burst, burstRows, burstSeconds))
	note(t.counts.tested, because.Say(lang, "%d interactions are of pairs that the explanation test of this set holds; they were left out, so that nothing learns what is tested.", t.counts.tested))
	note(t.counts.text, because.Say(lang, "%d cells of further columns are links or too long for an attribute; they were left out.", t.counts.text))
	note(t.counts.sequence, because.Say(lang, "%d rows hold items in order without times; the order is kept, and no date is ever told of them.", t.counts.sequence))
	t.noteRatings()
	t.noteSource()
	if n := t.removed.Total(); n > 0 {
		r := t.removed
		note(n, because.Say(lang, "Cleaned texts: %d invalid bytes, %d control, %d zero-width, %d direction and %d tag characters, %d HTML elements, %d entities.",
			r.Invalid, r.Control, r.ZeroWidth, r.Bidi, r.Tags, r.HTML, r.Entities))
	}
	if t.seen.lost {
		note(1, because.Say(lang, "The file is long: repeated rows more than a million rows apart were not counted as duplicates but as known."))
	}
	return f
}

// noteRatings says what scale the ratings were read on.
func (t *reading) noteRatings() {
	if t.scale.n == 0 || t.kind != kindInteractions {
		return
	}
	low, high := t.weighed.ends()
	t.f.Notes = append(t.f.Notes, because.Say(t.lang(), "Ratings were read on a scale from %g to %g.", low, high))
	if t.rescaled {
		t.f.Notes = append(t.f.Notes, because.Say(t.lang(), "Higher ratings than before came late in the file; the first ones were weighed on a smaller scale. Sort the file by time rather than by rating."))
	}
}

// noteSource says what was odd about the table.
func (t *reading) noteSource() {
	if x, ok := t.src.(*table); ok {
		if x.fewer > 0 {
			t.f.Notes = append(t.f.Notes, because.Say(t.lang(), "%d rows have fewer cells than the header; the missing ones count as empty.", x.fewer))
		}
		if x.opened >= openQuotes {
			t.f.Notes = append(t.f.Notes, because.Say(t.lang(), "Quotes that are opened are not closed; from the third on they were read as plain characters."))
		}
	}
	if t.kind == kindItems || t.kind == kindUsers {
		return
	}
	var unused []string
	for _, e := range t.col.extra {
		unused = append(unused, short(e.name))
	}
	if len(unused) > 0 {
		t.f.Notes = append(t.f.Notes, because.Say(t.lang(), "Columns that were not used: %s.", strings.Join(unused, ", ")))
	}
}

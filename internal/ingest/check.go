package ingest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/maphash"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"because"
	"because/internal/text"
)

// maxID is the longest ID in bytes; the store takes no longer one.
const maxID = 2048

// counts are how many rows were filled or mended, by what.
type counts struct {
	price, published, dwell, weight int // values out of range
	burst                           int // rows of users who did too much at once
	tested                          int // rows of pairs that a test holds
	text                            int // cells too long for an attribute
	sequence                        int // rows that were sequences
}

// interaction checks, completes and keeps one interaction. It returns why it cannot be taken, if so.
func (t *reading) interaction(x *because.Interaction) (reason string) {
	lang := t.lang()
	if reason := t.id("user", &x.User); reason != "" {
		return reason
	}
	kind, ok := kindOf(string(x.Kind))
	if !ok {
		return because.Say(lang, "Unknown kind of interaction %q. Kinds: view, click, cart, purchase, rating, search.", short(string(x.Kind)))
	}
	x.Kind = kind
	if x.Kind != because.Search || x.Item != "" {
		if reason := t.id("item", &x.Item); reason != "" {
			return reason
		}
	}
	if t.flav != nil && t.flav.tested[[2]string{x.User, x.Item}] {
		t.counts.tested++
		return ""
	}
	x.Query = strings.TrimSpace(t.clean(x.Query))
	if x.Kind == because.Search && x.Query == "" {
		return because.Say(lang, "A search without a query.")
	}
	if bad(x.Value) || bad(x.Dwell) || bad(x.Weight) {
		return because.Say(lang, "A number that is not finite.")
	}
	if x.Dwell < 0 {
		t.counts.dwell++
		x.Dwell = 0
	}
	if x.Weight < -1 || x.Weight > 1 {
		t.counts.weight++
		x.Weight = max(-1, min(1, x.Weight))
	}
	if reason := t.when(&x.Context.At); reason != "" {
		return reason
	}
	if x.Context.At.IsZero() {
		t.f.Filled["time"]++
	}
	x.Session, x.Context.Device, x.Context.Place = t.clean(x.Session), t.device(x.Context.Device), t.clean(x.Context.Place)
	if x.ID == "" {
		x.ID = t.interactionID(x)
	} else if reason := t.id("id", &x.ID); reason != "" {
		return reason
	}
	if t.twice(x.ID, x.User) {
		return ""
	}
	if x.Kind == because.Rating {
		t.scale.see(x.Value)
	}
	if t.bursts.add(x.User, x.Context.At) {
		t.counts.burst++
		x.Weight = inBurst
	}
	t.interactions = append(t.interactions, *x)
	t.held++
	return ""
}

// item checks, completes and keeps one item.
func (t *reading) item(x *because.Item) (reason string) {
	if reason := t.id("item", &x.ID); reason != "" {
		return reason
	}
	if t.flav != nil && t.flav.titled[x.ID] {
		t.f.Duplicates++
		return ""
	}
	x.Name = t.cleanText(x.Name)
	if len(x.Name) == 0 {
		t.f.Filled["name"]++
		x.Name = because.Plain(x.ID)
	}
	if x.Domain = t.clean(x.Domain); x.Domain == "" {
		x.Domain = t.r.o.Domain
	}
	if bad(x.Price) || x.Price < 0 {
		t.f.Filled["price"]++
		t.counts.price++
		x.Price = 0
	}
	if y := x.Published.Year(); !x.Published.IsZero() && (y < 1 || y >= 9999 || x.Published.After(t.r.o.Now.AddDate(50, 0, 0))) {
		t.f.Filled["published"]++
		t.counts.published++
		x.Published = time.Time{}
	}
	x.Description = t.cleanText(x.Description)
	x.Aliases, x.Categories = t.cleanWords(x.Aliases), t.cleanWords(x.Categories)
	for k, v := range x.Attributes {
		if v.Number != nil && bad(*v.Number) {
			v = because.Value{}
		}
		if v.Words = t.cleanWords(v.Words); v.IsZero() {
			delete(x.Attributes, k)
			continue
		}
		x.Attributes[k] = v
	}
	x.Currency, x.Updated = t.clean(x.Currency), time.Time{}
	if t.twice(x.ID, "") {
		return ""
	}
	t.items = append(t.items, *x)
	t.held++
	return ""
}

// user checks and keeps one user.
func (t *reading) user(x *because.User) (reason string) {
	if reason := t.id("user", &x.ID); reason != "" {
		return reason
	}
	x.Name, x.Updated = t.clean(x.Name), time.Time{}
	x.Lang = t.language(x.Lang)
	for k, v := range x.Profile {
		if v.Number != nil && bad(*v.Number) {
			v = because.Value{}
		}
		if v.Words = t.cleanWords(v.Words); v.IsZero() {
			delete(x.Profile, k)
			continue
		}
		x.Profile[k] = v
	}
	if t.twice(x.ID, "") {
		return ""
	}
	t.users = append(t.users, *x)
	t.held++
	return ""
}

// review checks, completes and keeps one review.
func (t *reading) review(x *because.Review) (reason string) {
	if reason := t.id("item", &x.Item); reason != "" {
		return reason
	}
	if x.User != "" {
		if reason := t.id("user", &x.User); reason != "" {
			return reason
		}
	}
	if x.Text = strings.TrimSpace(t.clean(x.Text)); x.Text == "" {
		return because.Say(t.lang(), "A review without a text.")
	}
	if bad(x.Rating) {
		t.f.Filled["value"]++
		x.Rating = 0
	}
	if reason := t.when(&x.At); reason != "" {
		return reason
	}
	if x.At.IsZero() {
		t.f.Filled["time"]++
	}
	x.Origin = t.clean(x.Origin)
	x.Lang = t.languageOf(x.Lang, x.Text)
	if x.ID == "" {
		x.ID = "r" + hashed(x.User, x.Item, x.At.UTC().Format(time.RFC3339Nano), x.Text)
	} else if reason := t.id("id", &x.ID); reason != "" {
		return reason
	}
	if t.twice(x.ID, "") {
		return ""
	}
	t.reviews = append(t.reviews, *x)
	t.held++
	return ""
}

// example checks, completes and keeps one example.
func (t *reading) example(x *because.Example) (reason string) {
	for _, id := range []struct {
		field string
		s     *string
	}{{"user", &x.User}, {"item", &x.Item}} {
		if *id.s == "" {
			continue
		}
		if reason := t.id(id.field, id.s); reason != "" {
			return reason
		}
	}
	x.Text, x.Real = strings.TrimSpace(t.clean(x.Text)), strings.TrimSpace(t.clean(x.Real))
	if x.Real == "" {
		return because.Say(t.lang(), "An example without a real_text.")
	}
	if x.Text == "" {
		t.f.Filled["text"]++
	}
	x.Lang = t.languageOf(x.Lang, x.Real)
	if x.ID == "" {
		x.ID = "e" + hashed(x.User, x.Item, x.Text, x.Real)
	} else if reason := t.id("id", &x.ID); reason != "" {
		return reason
	}
	if t.twice(x.ID, "") {
		return ""
	}
	t.examples = append(t.examples, *x)
	t.held++
	return ""
}

// id trims an ID and says what is wrong with it, if anything: nothing may be guessed in what tells rows apart.
func (t *reading) id(field string, id *string) (reason string) {
	s := strings.TrimSpace(*id)
	*id = s
	switch {
	case s == "":
		return because.Say(t.lang(), "No %s.", field)
	case len(s) > maxID:
		return because.Say(t.lang(), "The %s is longer than %d bytes.", field, maxID)
	case plain(s):
	case !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError):
		return because.Say(t.lang(), "The %s is not valid UTF-8.", field)
	case strings.ContainsFunc(s, unicode.IsControl):
		return because.Say(t.lang(), "The %s holds a control character.", field)
	}
	return ""
}

// plain reports whether s is printable ASCII.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

// when moves a time to the site's zone and says whether it is out of range. A missing one stays missing: what cannot
// be known must not be said.
func (t *reading) when(at *time.Time) (reason string) {
	if at.IsZero() {
		return ""
	}
	if at.Year() < 1970 || at.Year() >= 9999 || at.After(t.r.o.Now.AddDate(0, 0, 1)) {
		return because.Say(t.lang(), "The time %s is out of range: before 1970, or after now.", at.Format("2006-01-02 15:04"))
	}
	*at = t.local(*at)
	return ""
}

// twice counts an ID of the file; rows with the same one as before are duplicates.
func (t *reading) twice(id, user string) bool {
	if t.seen.add(id, user) {
		t.f.Duplicates++
		return true
	}
	return false
}

// clean is text.Clean, counted.
func (t *reading) clean(s string) string {
	if s == "" {
		return ""
	}
	s, gone := text.Clean(s)
	if strings.ContainsRune(s, utf8.RuneError) { // what a decoder put for broken bytes
		gone.Invalid += strings.Count(s, "\uFFFD")
		s = strings.ReplaceAll(s, "\uFFFD", "")
	}
	t.removed.Invalid += gone.Invalid
	t.removed.Control += gone.Control
	t.removed.ZeroWidth += gone.ZeroWidth
	t.removed.Bidi += gone.Bidi
	t.removed.Tags += gone.Tags
	t.removed.HTML += gone.HTML
	t.removed.Entities += gone.Entities
	return s
}

func (t *reading) cleanText(x because.Text) because.Text {
	for k, s := range x {
		if s = strings.TrimSpace(t.clean(s)); s == "" {
			delete(x, k)
		} else {
			x[k] = s
		}
	}
	return x
}

// cleanWords cleans words and takes out empty ones.
func (t *reading) cleanWords(ws []string) []string {
	out := ws[:0]
	for _, w := range ws {
		if w = strings.TrimSpace(t.clean(w)); w != "" {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func bad(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

// language is a language that we speak, or none.
func (t *reading) language(l because.Lang) because.Lang {
	if l == "" {
		return ""
	}
	l, _ = because.ParseLang(string(l))
	return l
}

// languageOf is l, or what s is written in.
func (t *reading) languageOf(l because.Lang, s string) because.Lang {
	if l = t.language(l); l != "" {
		return l
	}
	switch text.Script(s) {
	case text.Zh:
		return because.Chinese
	case text.En:
		return because.English
	}
	if text.HanShare(s) > .3 {
		return because.Chinese
	}
	return because.English
}

// interactionID names an interaction without an ID for what it is, so that reading the file again adds nothing.
func (t *reading) interactionID(x *because.Interaction) string {
	b := t.idBuf[:0]
	for _, s := range [...]string{x.User, x.Item, string(x.Kind), x.Query} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	if !x.Context.At.IsZero() {
		b = binary.LittleEndian.AppendUint64(b, uint64(x.Context.At.UnixMicro()))
	}
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x.Value))
	t.idBuf = b
	return "x" + digest(b)
}

// digest is 96 bits of SHA-256 in 16 letters.
func digest(b []byte) string {
	h := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(h[:12])
}

// hashed names a row for its parts.
func hashed(parts ...string) string {
	var b []byte
	for _, s := range parts {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return digest(b)
}

// short is the start of a string that strangers wrote, for a sentence about it.
func short(s string) string {
	if r := []rune(s[:min(len(s), 200)]); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

const (
	generation = 1 << 20 // IDs in one of the two generations of seen
	inBurst    = -2.     // a weight that stands for 0 until it is set
)

// seen remembers the IDs of a file by 64 bits of hash, at least the last million of them.
type seen struct {
	seed     maphash.Seed
	old, now map[uint64]struct{}
	lost     bool // older ones were forgotten
}

// add notes an ID and reports whether it was there.
func (s *seen) add(id, user string) bool {
	if s.now == nil {
		s.seed, s.now = maphash.MakeSeed(), map[uint64]struct{}{}
	}
	h := maphash.String(s.seed, id)
	if user != "" {
		h = h*0x9E3779B97F4A7C15 ^ maphash.String(s.seed, user)
	}
	if _, ok := s.now[h]; ok {
		return true
	}
	if _, ok := s.old[h]; ok {
		return true
	}
	if len(s.now) == generation {
		s.lost = s.lost || s.old != nil
		s.old, s.now = s.now, make(map[uint64]struct{}, generation)
	}
	s.now[h] = struct{}{}
	return false
}

const (
	burstRows    = 300
	burstSeconds = 60
	burstUsers   = 1 << 17 // remembered at once
)

// bursts finds users who do more in a minute than a person can.
type bursts struct {
	seed     maphash.Seed
	old, now map[uint64]window
}

// A window is a minute of one user's, from the first interaction in it.
type window struct {
	start int64 // Unix seconds
	n     int32
}

// add notes an interaction and reports whether the user had done burstRows before it within the minute. Minutes start
// with an interaction; one without a time is in none.
func (b *bursts) add(user string, at time.Time) bool {
	if at.IsZero() {
		return false
	}
	if b.now == nil {
		b.seed, b.now = maphash.MakeSeed(), map[uint64]window{}
	}
	h, s := maphash.String(b.seed, user), at.Unix()
	w, ok := b.now[h]
	if !ok {
		if w, ok = b.old[h]; !ok {
			w.start = s
		}
		if len(b.now) == burstUsers {
			b.old, b.now = b.now, make(map[uint64]window, burstUsers)
		}
	}
	if d := s - w.start; d >= burstSeconds || d < -burstSeconds {
		w = window{start: s}
	} else if d < 0 {
		w.start = s
	}
	w.n++
	b.now[h] = w
	return w.n > burstRows
}

package serve

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"because"
	"because/internal/engine"
)

// storePage is what /store shows.
type storePage struct {
	*head
	People  []option
	Domains []option
	Hours   []option
	Domain  string
	Hour    string
	Need    string
	Known   bool // the reader is somebody, not a visitor
	Off     bool // the reader switched personalisation off
	Title   string
	Note    string
	Mine    bool // the first row rests on the reader
	Cards   []card
	More    []card // what everybody likes, beside a list of one's own
	Setup   []string
	Reason  string // why there is nothing to show
	API     string // the call behind the page
}

// An option is one choice of a list.
type option struct {
	Value, Label, Href string
	On                 bool
}

// A card is one recommendation with its reason.
type card struct {
	*head
	Lead       bool
	Impression string // empty when no reason was written
	Item       string
	Name       string
	Domain     string
	Category   string // key
	Kind       string // category in words
	Price      string
	Text       []segment
	TextLang   string
	Chips      []chip
	Source     string
	AIGC       bool
	Guarded    bool
	Said       because.FeedbackKind
	SaidID     string
}

// A segment is a piece of a text; a claim's segment names the evidence that backs it.
type segment struct {
	Text  string
	Claim int // 1 for the first; 0 for what claims nothing
	Why   string
}

// segments cuts a text at its claims; those that overlap an earlier one are left to the list below the text.
func segments(text string, claims []because.Claim) []segment {
	order := make([]int, len(claims))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return claims[a].Start - claims[b].Start })
	var out []segment
	at := 0
	for _, i := range order {
		c := claims[i]
		if c.Start < at || c.End <= c.Start || c.End > len(text) {
			continue
		}
		if c.Start > at {
			out = append(out, segment{Text: text[at:c.Start]})
		}
		out = append(out, segment{Text: text[c.Start:c.End], Claim: i + 1, Why: c.Reason})
		at = c.End
	}
	if at < len(text) {
		out = append(out, segment{Text: text[at:]})
	}
	return out
}

const (
	cardCount = 11 // the first is wide
	moreCount = 3
	maxNeed   = 2000
)

func (s *server) storePage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	p := &storePage{head: s.head(w, r, "store"), Domain: q.Get("domain"), Hour: q.Get("hour"), Need: strings.TrimSpace(because.Visible(q.Get("need")))}
	people, err := s.people(ctx, q)
	if err != nil {
		return err
	}
	if !q.Has("user") && len(people) > 0 {
		p.User = people[0].ID
	}
	if len([]rune(p.Need)) > maxNeed {
		return because.Errorf(because.ErrInvalid, "What you look for is longer than %d characters. Say it shorter.", maxNeed)
	}
	at, err := s.hour(p.Hour)
	if err != nil {
		return err
	}
	p.choices(s, people)
	p.API = s.listCall(p)
	status := http.StatusOK
	if err := s.fill(w, r, p, because.Context{At: at}); err != nil {
		if h := s.e.Health(ctx); h.Ready {
			return err
		}
		p.Reason, _ = because.Message(err, p.Lang)
		p.Setup = []string{"because demo", "because import dataset FOLDER", "because train"}
		if h := s.e.Health(ctx); h.Items > 0 {
			p.Setup = []string{"because train"}
		}
		p.Title = because.Say(p.Lang, "Nothing to recommend yet")
	}
	s.render(w, r, status, "store", p)
	return nil
}

// fill writes the lists of the page.
func (s *server) fill(w http.ResponseWriter, r *http.Request, p *storePage, c because.Context) error {
	ctx, lang := r.Context(), p.Lang
	if p.User != "" {
		u, err := s.e.User(ctx, p.User)
		if err != nil {
			return err
		}
		p.Known, p.Off = true, u.Impersonal
	}
	list := engine.ListRequest{
		User: p.User, N: cardCount, Domain: p.Domain, Context: c, Need: p.Need, Explain: true, Lang: lang, Log: true,
		Exclude: dismissed(r, p.User),
	}
	recs, err := s.list(ctx, list)
	if err != nil {
		return err
	}
	p.Mine = recs.Personalised
	p.Cards = s.cards(ctx, p.head, recs)
	if len(p.Cards) > 0 {
		p.Cards[0].Lead = true
	}
	p.describe()
	if !p.Mine || p.Need != "" {
		return nil
	}
	for _, rec := range recs.Items {
		list.Exclude = append(list.Exclude, rec.Item)
	}
	list.Impersonal, list.N = true, moreCount
	more, err := s.list(ctx, list)
	p.More = s.cards(ctx, p.head, more)
	return err
}

func (s *server) list(ctx context.Context, r engine.ListRequest) (because.Recommendations, error) {
	recs, err := s.e.Recommend(ctx, r)
	for _, rec := range recs.Items {
		s.metrics.explained(rec.Explanation)
	}
	return recs, err
}

// describe says what the first list rests on.
func (p *storePage) describe() {
	switch {
	case p.Need != "" && p.Mine:
		p.Title = because.Say(p.Lang, "For “%s”", p.Need)
		p.Note = because.Say(p.Lang, "Ranked by what you typed, then by what you did and stated.")
	case p.Need != "":
		p.Title = because.Say(p.Lang, "For “%s”", p.Need)
		p.Note = because.Say(p.Lang, "Ranked by what you typed. Nothing about you was used.")
	case p.Mine:
		p.Title = because.Say(p.Lang, "Recommended for you")
		p.Note = because.Say(p.Lang, "Ranked by what you did, what you stated and the time. Open any reason to see what it rests on.")
	case p.Off:
		p.Title = because.Say(p.Lang, "Popular with everybody")
		p.Note = because.Say(p.Lang, "Personalisation is off: nothing about you was used for this list.")
	case p.Known:
		p.Title = because.Say(p.Lang, "Popular with everybody")
		p.Note = because.Say(p.Lang, "We do not know enough about you yet, so this list is not based on you.")
	default:
		p.Title = because.Say(p.Lang, "Popular with everybody")
		p.Note = because.Say(p.Lang, "You are new here. We know nothing about you, so this list is not based on you.")
	}
}

// cards makes the cards of a list.
func (s *server) cards(ctx context.Context, h *head, recs because.Recommendations) []card {
	var out []card
	for _, rec := range recs.Items {
		it, err := s.e.Item(ctx, rec.Item)
		if err != nil {
			continue // deleted since the list was made
		}
		c := card{head: h, Item: rec.Item, Name: rec.Name, Domain: it.Domain, TextLang: h.Tag, Price: s.price(it, h.Lang)}
		if len(it.Categories) > 0 {
			c.Category, c.Kind = it.Categories[0], s.e.Label(it.Domain, it.Categories[0], h.Lang)
		}
		if x := rec.Explanation; x != nil {
			c.Impression, c.Text, c.Chips = x.ImpressionID, segments(x.Text, x.Claims), s.chips(h.Lang, x)
			c.Source, c.AIGC = sourceLabel(h.Lang, x.Source), x.Provenance.AIGC
			c.Guarded = x.Source == because.FromApproved
		}
		out = append(out, c)
	}
	return out
}

// price is an item's price in words, "" when it has none.
func (s *server) price(it because.Item, lang because.Lang) string {
	if it.Price <= 0 {
		return ""
	}
	return s.e.Facts(it, lang)[0].Value
}

// people are the users that the page offers: people with a name and an ID without digits, else the first few; and
// whoever the address names.
func (s *server) people(ctx context.Context, q url.Values) ([]because.User, error) {
	const most = 24
	all, err := s.e.Users(ctx, "u_:", 200) // ":" follows the digits: invented people without a name are passed over
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(u because.User) bool {
		return !strings.HasPrefix(u.ID, "u_") || u.Name == "" || strings.ContainsFunc(u.ID, unicode.IsDigit)
	})
	out = out[:min(most, len(out))]
	if i := slices.IndexFunc(out, func(u because.User) bool { return u.ID == "u_lin" }); i > 0 {
		out[0], out[i] = out[i], out[0] // the first is who a new page is for
	}
	if id := q.Get("user"); id != "" && !slices.ContainsFunc(out, func(u because.User) bool { return u.ID == id }) {
		u, err := s.e.User(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// personName is the half of a name in two languages that a reader of lang reads: "林悦 Lin Yue".
func personName(u because.User, lang because.Lang) string {
	if u.Name == "" {
		return u.ID
	}
	han, latin, ok := strings.Cut(u.Name, " ")
	if !ok || !strings.ContainsFunc(han, isHan) || strings.ContainsFunc(latin, isHan) {
		return u.Name
	}
	if lang == because.Chinese {
		return han
	}
	return latin
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// hours are the times of day that the page offers.
func hours(lang because.Lang) []option {
	return []option{
		{Value: "", Label: because.Say(lang, "now")}, {Value: "8", Label: because.Say(lang, "morning, 8:00")},
		{Value: "12", Label: because.Say(lang, "noon, 12:00")}, {Value: "16", Label: because.Say(lang, "afternoon, 16:00")},
		{Value: "20", Label: because.Say(lang, "evening, 20:00")}, {Value: "23", Label: because.Say(lang, "night, 23:00")},
	}
}

// hour is the present time, or that hour of today.
func (s *server) hour(h string) (time.Time, error) {
	now := s.o.Now()
	if h == "" {
		return now, nil
	}
	n, err := strconv.Atoi(h)
	if err != nil || n < 0 || n > 23 {
		return now, because.Errorf(because.ErrInvalid, "The hour is a number from 0 to 23, not %q.", shown(h))
	}
	return Circumstances{Hour: n}.context(now).At, nil
}

// choices fills the lists that the reader chooses from.
func (p *storePage) choices(s *server, people []because.User) {
	for _, u := range people {
		p.People = append(p.People, option{Value: u.ID, Label: personName(u, p.Lang), On: u.ID == p.User})
	}
	p.People = append(p.People, option{Value: "", Label: because.Say(p.Lang, "a new visitor"), On: p.User == ""})
	p.Hours = hours(p.Lang)
	for i := range p.Hours {
		p.Hours[i].On = p.Hours[i].Value == p.Hour
	}
	p.Domains = []option{{Label: because.Say(p.Lang, "All"), Href: p.with("domain", ""), On: p.Domain == ""}}
	for _, d := range s.e.Domains() {
		p.Domains = append(p.Domains, option{Value: d.Domain, Label: d.Label.In(p.Lang), Href: p.with("domain", d.Domain), On: d.Domain == p.Domain})
	}
}

// with is this page with one choice changed.
func (p *storePage) with(key, value string) string {
	q := url.Values{"user": {p.User}}
	for k, v := range map[string]string{"domain": p.Domain, "hour": p.Hour, "need": p.Need} {
		if v != "" {
			q.Set(k, v)
		}
	}
	q.Set(key, value)
	if value == "" && key != "user" {
		q.Del(key)
	}
	return local("/store", q)
}

// listCall is the API call behind the page.
func (s *server) listCall(p *storePage) string {
	q := url.Values{"explain": {"true"}, "n": {strconv.Itoa(cardCount)}, "lang": {string(p.Lang)}}
	for k, v := range map[string]string{"user": p.User, "domain": p.Domain, "hour": p.Hour, "need": p.Need} {
		if v != "" {
			q.Set(k, v)
		}
	}
	return local("/api/v1/recommendations", q)
}

// dismissed are the items that the reader of this browser is not interested in.
func dismissed(r *http.Request, user string) []string {
	c, err := r.Cookie("dismissed")
	if err != nil {
		return nil
	}
	v, err := url.ParseQuery(c.Value)
	if err != nil || v.Get("user") != user {
		return nil
	}
	return v["item"]
}

// dismiss remembers an item as uninteresting, or forgets it again, in this browser.
func dismiss(w http.ResponseWriter, r *http.Request, user, item string, on bool) {
	const most = 30
	items := slices.DeleteFunc(dismissed(r, user), func(id string) bool { return id == item })
	if on {
		items = append(items, item)
	}
	items = items[max(0, len(items)-most):]
	v := url.Values{"user": {user}, "item": items}
	http.SetCookie(w, &http.Cookie{Name: "dismissed", Value: v.Encode(), Path: "/", MaxAge: 30 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

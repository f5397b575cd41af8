package because

import (
	"strings"
	"time"
)

// A User is somebody to recommend to.
type User struct {
	ID         string           `json:"id"`
	Name       string           `json:"name,omitempty"`
	Lang       Lang             `json:"lang,omitempty"`
	Profile    map[string]Value `json:"profile,omitempty"`    // what the user or the site stated, by pack profile field: "interests", "risk_class"
	Consents   map[string]bool  `json:"consents,omitempty"`   // by consent name of the pack; absent means the pack's default
	Impersonal bool             `json:"impersonal,omitempty"` // personalisation is switched off
	Updated    time.Time        `json:"updated,omitzero"`
}

// An Item is something that can be recommended.
type Item struct {
	ID          string             `json:"id"`
	Domain      string             `json:"domain,omitempty"` // names the domain pack; empty means the general one
	Name        Text               `json:"name"`
	Aliases     []string           `json:"aliases,omitempty"`
	Categories  []string           `json:"categories,omitempty"` // vocabulary keys or the site's own words, the most telling first
	Attributes  map[string]Value   `json:"attributes,omitempty"` // by pack field key, or the site's own
	Price       float64            `json:"price,omitempty"`      // 0 means unknown
	Currency    string             `json:"currency,omitempty"`   // "CNY", "USD"
	Description Text               `json:"description,omitempty"`
	Series      map[string][]Point `json:"series,omitempty"` // by name: "price", "popularity", "return"; oldest first
	Published   time.Time          `json:"published,omitzero"`
	Unavailable bool               `json:"unavailable,omitempty"` // must not be recommended
	Updated     time.Time          `json:"updated,omitzero"`
}

// A Point is one value of a time series.
type Point struct {
	At    time.Time `json:"at"`
	Value float64   `json:"value"`
}

// An InteractionKind says what a user did.
type InteractionKind string

const (
	View     InteractionKind = "view"
	Click    InteractionKind = "click"
	Cart     InteractionKind = "cart"
	Purchase InteractionKind = "purchase"
	Rating   InteractionKind = "rating"
	Search   InteractionKind = "search"
)

// InteractionKinds are all kinds, the weakest sign of liking first; a search has no item.
var InteractionKinds = []InteractionKind{Search, View, Click, Cart, Purchase, Rating}

// An Interaction is one thing that a user did. Interactions are append-only; the same ID twice is the same one.
type Interaction struct {
	ID      string          `json:"id"`
	User    string          `json:"user"`
	Item    string          `json:"item,omitempty"` // empty for a search
	Kind    InteractionKind `json:"kind"`
	Value   float64         `json:"value,omitempty"`   // a rating in the site's own scale; a purchase's quantity
	Weight  float64         `json:"weight,omitempty"`  // strength of liking in [-1, 1], set by ingest from kind, value and dwell
	Query   string          `json:"query,omitempty"`   // of a search
	Dwell   float64         `json:"dwell_s,omitempty"` // seconds
	Session string          `json:"session,omitempty"`
	Context Context         `json:"context"` // At is when it happened
}

// FirstDay is where the times of interactions start of which only the order is known, a day apart for each user.
var FirstDay = time.Date(1970, 1, 1, 12, 0, 0, 0, time.UTC)

// Undated reports whether a time tells an order only: it is before 1990, when no site kept interactions. Such a time is
// never told.
func Undated(at time.Time) bool { return at.Year() < 1990 }

// Context is the circumstances of an interaction or a request. Its time is in the site's time zone, so hour and
// weekday are read off it.
type Context struct {
	At     time.Time `json:"at"`
	Device string    `json:"device,omitempty"` // "phone", "tablet", "desktop", "tv"
	Place  string    `json:"place,omitempty"`  // coarse: "home", "work", "commute", "out", or a region
}

// A Review is what somebody wrote of an item.
type Review struct {
	ID     string    `json:"id"`
	Item   string    `json:"item"`
	User   string    `json:"user,omitempty"`
	Text   string    `json:"text"`
	Lang   Lang      `json:"lang,omitempty"`
	Rating float64   `json:"rating,omitempty"`
	Origin string    `json:"origin,omitempty"` // where it comes from, when not from the site itself
	At     time.Time `json:"at,omitzero"`
}

// An Example is an explanation that the site wrote itself, for tuning the generator.
type Example struct {
	ID   string `json:"id"`
	User string `json:"user,omitempty"`
	Item string `json:"item,omitempty"`
	Text string `json:"text"`      // what the explanation was written from
	Real string `json:"real_text"` // the explanation
	Lang Lang   `json:"lang,omitempty"`
}

// A Contribution is an additive part of a score.
//
// Name is "<kind>:<reference>", for instance "history:itm_7" (an item of the user's history), "attribute:battery",
// "category:smartwatch", "context:hour", "search:<query>", "need:<word>", "profile:interests", "popularity:",
// "recency:", "diversity:", "base:" (what is the same for everybody).
type Contribution struct {
	Name   string  `json:"name"`
	Ranker string  `json:"ranker"`
	Value  float64 `json:"value"`
}

// Kind is the part of the name before the first colon.
func (c Contribution) Kind() string { k, _, _ := strings.Cut(c.Name, ":"); return k }

// Ref is the part of the name after the first colon.
func (c Contribution) Ref() string { _, r, _ := strings.Cut(c.Name, ":"); return r }

// A Recommendation is an item with its score for one user. The contributions add up to the score within 1e-6.
type Recommendation struct {
	Item          string         `json:"item"`
	Name          string         `json:"name,omitempty"`
	Rank          int            `json:"rank"`
	Score         float64        `json:"score"`
	Contributions []Contribution `json:"contributions"`
	Propensity    float64        `json:"propensity"`
	Explanation   *Explanation   `json:"explanation,omitempty"`
}

// Recommendations is a list for one request.
type Recommendations struct {
	RequestID    string           `json:"request_id"`
	User         string           `json:"user,omitempty"`
	Personalised bool             `json:"personalised"`
	Context      Context          `json:"context"`
	ModelVersion string           `json:"model_version"`
	Items        []Recommendation `json:"items"`
}

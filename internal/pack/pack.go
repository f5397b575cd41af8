// Package pack holds what a domain knows, as data: its fields and units, its words in both languages, the kinds of
// evidence it uses with the consent each needs, the patterns that reasons are written with, and the rules that no
// text may break.
//
// A pack is a folder of YAML: pack.yaml, words.yaml, patterns.zh.yaml and patterns.en.yaml, and where its people wrote
// more wordings for the generator to learn from, corpus.zh.yaml and corpus.en.yaml; where reviews of its items are read by
// aspect, aspects.yaml; where they wrote down what says just the same, same.yaml. Every pack extends the general one. pack
// knows no users and no items; it reads files once and never changes afterwards.
package pack

import (
	"because"
)

// A Pack is one domain's knowledge. It is immutable once loaded.
type Pack struct {
	Domain  string                                                               `yaml:"domain"`
	Version string                                                               `yaml:"version"`
	Hash    string                                                               `yaml:"-"` // of the files that it was read from: it changes with any of them
	Label   because.Text                                                         `yaml:"label"`
	Address string                                                               `yaml:"address"` // 你 or 您
	Titles  bool                                                                 `yaml:"titles"`  // the names of all its items are titles, as Word.Titled says of a category
	Guarded bool                                                                 `yaml:"guarded"` // only approved wordings may be shown (finance, health)
	Whole   bool                                                                 `yaml:"whole"`   // a short need is quoted as it was typed, not by the words that were understood
	It      map[because.Lang][]string                                            `yaml:"it"`      // how a reason points at an item: 这款, this one
	Asks    map[because.Lang][]string                                            `yaml:"asks"`    // words of a need that ask for a thing of this domain, whichever: 课, course
	Kinds   map[because.EvidenceKind]Kind                                        `yaml:"kinds"`
	Fields  map[string]Field                                                     `yaml:"fields"`  // item attributes
	Profile map[string]ProfileField                                              `yaml:"profile"` // what a user may have stated
	Consent map[string]Consent                                                   `yaml:"consents"`
	Series  map[string]Series                                                    `yaml:"series"` // item time series
	Units   map[string]Unit                                                      `yaml:"units"`
	Words   map[string]Word                                                      `yaml:"words"` // categories and attribute values, by key
	Rules   []Rule                                                               `yaml:"rules"`
	Limits  []Limit                                                              `yaml:"limits"`  // which items may not be recommended to whom
	States  []string                                                             `yaml:"states"`  // fields that every text but a push states
	Urgent  *Urgent                                                              `yaml:"urgent"`  // needs that are for people
	Several map[because.Lang][]string                                            `yaml:"several"` // whole sentences on several things that were asked for; holes: {it} {met} {misses}
	Closing because.Text                                                         `yaml:"closing"` // the disclaimer that ends every text except push
	Lead    map[because.Lang]map[because.EvidenceKind]map[because.Style][]string `yaml:"-"`       // whole sentences, by what leads
	Clause  map[because.Lang]map[because.EvidenceKind][]string                   `yaml:"-"`       // how a supporting evidence is said
	Corpus  map[because.Lang]Corpus                                              `yaml:"-"`       // more wordings, which the generator learns from

	Same Same `yaml:"-"` // what says just the same

	Aspects map[string]Aspect        `yaml:"-"` // what reviewers judge
	Judging map[because.Lang]Judging `yaml:"-"` // the words that they judge with

	lexicon map[because.Lang]*lexicon
	entries map[string][]Hit // folded wording -> what it stands for
	longest int              // in runes, of entries' keys
	asked   map[string][]Hit // likewise of Asks
	kinds   map[string][]string
	spelt   map[string]string // key without case and marks -> key
	called  map[string]string // folded wording or alias -> the key that it is the wording of, else an alias
}

// Same holds other wordings that are true just where a word, a field, the want of a field or a deed of the reader is. Texts are not written with
// them; they are understood.
type Same struct {
	Words  map[string]map[because.Lang][]string `yaml:"words"`
	Fields map[string]map[because.Lang][]string `yaml:"fields"`
	Not    map[string]map[because.Lang][]string `yaml:"not"`    // that a field that is or is not so is not
	Deeds  map[string]map[because.Lang][]string `yaml:"deeds"`  // verbs for what the kind's name says that the reader did: a course is enrolled in
	Called map[because.Lang][]string            `yaml:"called"` // what any item of the domain may be called: a product, a title
}

// Deeds are the kinds of evidence that tell what a reader did.
var Deeds = []because.EvidenceKind{because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched}

// A Kind says how a domain treats a kind of evidence.
type Kind struct {
	Consent   string  `yaml:"consent"`   // name of the consent it needs; empty for none
	Sensitive bool    `yaml:"sensitive"` // shown behind "why this" only, never spoken
	Off       bool    `yaml:"off"`       // not used in this domain
	TTLHours  float64 `yaml:"ttl_hours"` // after which it is stale; 0 means never
	MinCount  int     `yaml:"min_count"` // of people or interactions below which it may not be stated
}

// A Field is an attribute of the domain's items.
//
// Say, Weak, Lack, Shared, Better and Worse are predicates whose subject is the item ("能撑 {value}", "runs {value}").
type Field struct {
	Label  because.Text              `yaml:"label"`
	Unit   string                    `yaml:"unit"`    // unit key of a number
	Better string                    `yaml:"better"`  // "more", "less" or "" when neither is
	Weight float64                   `yaml:"weight"`  // how much readers care, 0 to 1; 0 means .5
	Strong *float64                  `yaml:"strong"`  // the value from which it is worth praising
	WeakAt *float64                  `yaml:"weak_at"` // the value from which it is a drawback
	Say    map[because.Lang][]string `yaml:"say"`     // holes: {value}
	Weak   map[because.Lang][]string `yaml:"weak"`    // as a drawback; holes: {value}
	Lack   map[because.Lang][]string `yaml:"lack"`    // the flag is false; as a drawback
	Shared map[because.Lang][]string `yaml:"shared"`  // the item has it in common with the reader's history; holes: {value}
	Ahead  map[because.Lang][]string `yaml:"ahead"`   // it is better than {hist} by {diff}
	Behind map[because.Lang][]string `yaml:"behind"`  // it is worse than {hist} by {diff}
	Below  map[because.Lang][]string `yaml:"below"`   // it falls short of what was asked; holes: {value} {bound}
	Above  map[because.Lang][]string `yaml:"above"`   // it goes beyond what was asked
	Else   map[because.Lang][]string `yaml:"else"`    // it is something else than what was asked
	Lacks  map[because.Lang][]string `yaml:"lacks"`   // what was asked is not listed; holes: {bound}
	Untold map[because.Lang][]string `yaml:"untold"`  // there is no telling; holes: {label}
	Asks   map[because.Lang][]string `yaml:"asks"`    // words of a need or a search that ask for this field
	Any    bool                      `yaml:"any"`     // of words: who asks for it is content with any of them, a view
	Zero   because.Text              `yaml:"zero"`    // how 0 is said: free
	Free   map[because.Lang][]string `yaml:"free"`    // words of a need that ask for 0
	Upto   string                    `yaml:"upto"`    // the field that holds the end of a range that begins here
	Open   bool                      `yaml:"open"`    // its words are the site's own: dishes
	Aside  bool                      `yaml:"aside"`   // a particular that is no reason: an address, a telephone number
	Places bool                      `yaml:"places"`  // its words are the names of other items, which are near

	AtLeast  float64 `yaml:"at_least"`  // a number below it is not told: how many people something is true of
	TTLHours float64 `yaml:"ttl_hours"` // after which what the item says of it is stale; 0 means never
	Until    bool    `yaml:"until"`     // its day is the last on which the item holds; after it the item is not recommended
	Beside   string  `yaml:"beside"`    // it is told only where the typed need is met in this other field: for how many the same problem was solved
}

// IsStrong reports whether a number of the field is worth praising.
func (f Field) IsStrong(x float64) bool {
	switch {
	case f.Strong == nil:
		return false
	case f.Better == "less":
		return x <= *f.Strong
	}
	return x >= *f.Strong
}

// Missed are the wordings for how an item misses what was asked for: below, above, else, lacks or untold.
func (f Field) Missed(how string) map[because.Lang][]string {
	switch how {
	case "below":
		return f.Below
	case "above":
		return f.Above
	case "else":
		return f.Else
	case "lacks":
		return f.Lacks
	case "untold":
		return f.Untold
	}
	return nil
}

// A ProfileField is something that a user may have stated of themselves.
type ProfileField struct {
	Label     because.Text `yaml:"label"`
	Consent   string       `yaml:"consent"`
	Sensitive bool         `yaml:"sensitive"` // never spoken
	Named     bool         `yaml:"named"`     // said only with its label: the value alone would read as something else that was stated
	Meets     Meets        `yaml:"meets"`
}

// Meets says when a profile field speaks for an item.
type Meets struct {
	Field string `yaml:"field"` // an item field, or "category"
	How   string `yaml:"how"`   // "overlaps" (a word in common), "at_most", "at_least" (the item's number against the profile's)
}

// A Consent is a permission that a user gives or withholds.
type Consent struct {
	Label   because.Text `yaml:"label"`
	Default bool         `yaml:"default"` // what holds when the user has said nothing
}

// A Series is a time series that items of the domain may have.
type Series struct {
	Label  because.Text              `yaml:"label"`
	Unit   string                    `yaml:"unit"`
	Better string                    `yaml:"better"` // "more", "less" or "" when either may be a reason: a fall of what should rise never leads
	Days   int                       `yaml:"days"`   // the window that a trend is read over; 0 means 30
	Up     map[because.Lang][]string `yaml:"up"`     // full clauses; holes: {change} {period} {value}
	Down   map[because.Lang][]string `yaml:"down"`
}

// A Unit is how a unit is said after a number.
type Unit struct {
	Zh     string `yaml:"zh"`
	En     string `yaml:"en"`
	Plural string `yaml:"plural"` // English plural; empty means En
	Tight  bool   `yaml:"tight"`  // no blank before it in either language: 14%
	Before bool   `yaml:"before"` // stands before the number: $14
}

// A Word is a vocabulary entry: a category or an attribute's value.
type Word struct {
	Zh      string                    `yaml:"zh"`
	En      string                    `yaml:"en"`
	Plural  string                    `yaml:"plural"`  // English plural
	Measure string                    `yaml:"measure"` // Chinese measure word of a category: 块, 本
	Titled  bool                      `yaml:"titled"`  // the names of its items are titles: a bare {hist} or {name} is put in 《》 in Chinese
	Aliases map[because.Lang][]string `yaml:"aliases"`
	Of      string                    `yaml:"of"`       // the word that it is a kind of: a comedy is a film. Who asks for that is content with it
	FromAge float64                   `yaml:"from_age"` // of a word for whom something is: the age in years from which it is
}

// A Rule is something that no text of the domain may say: phrases, and what some evidence tells. Where it has conditions, it
// may be said if all of them hold.
type Rule struct {
	ID     string                    `yaml:"id"`
	Forbid map[because.Lang][]string `yaml:"forbid"` // phrases
	About  About                     `yaml:"about"`  // evidence that is told only on the conditions
	Unless []Condition               `yaml:"unless"`
	Reason because.Text              `yaml:"reason"` // why, for the verifier's report
	Source string                    `yaml:"source"` // the law or the decision behind it
}
